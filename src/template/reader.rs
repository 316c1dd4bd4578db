//! Reads Velocity.
//!
//! Reading is one pass, with a second look at what stands between brackets; it does not recurse, and
//! gives up after a few brackets that are never closed.

mod slips;

use std::collections::HashSet;

use crate::template::reading::{Fault, FaultKind, Form, Piece, PieceKind, Place, Reading, Reference};
use crate::text::Span;

/// Brackets without an end that are looked for; each may take a look at all that is left.
const SEARCHES: u8 = 8;

/// What a block is that waits for its `#end`.
#[derive(Clone, Copy)]
struct Open {
    span: Span,
    takes_else: bool,
    is_loop: bool,
}

pub(super) struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    reading: Reading,
    open: Vec<Open>,
    macros: HashSet<&'t str>,
    searches: u8,
    /// The first `#if` or `#foreach` without brackets: a word that Velocity prints, unless an `#end` shows
    /// that it was to be more.
    bare: Option<(Span, &'static str)>,
    /// Whether blocks can no longer be told.
    lost: bool,
}

/// The names of a reference, as far as they go.
struct Head {
    silent: bool,
    formal: bool,
    root: Span,
    path: Vec<Span>,
    end: usize,
    form: Form,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            reading: Reading::default(),
            open: Vec::new(),
            macros: HashSet::new(),
            searches: SEARCHES,
            bare: None,
            lost: false,
        }
    }

    pub(super) fn run(mut self) -> Reading {
        let mut text_from = 0;
        while let Some(len) = memchr::memchr2(b'$', b'#', &self.bytes[self.at..]) {
            let start = self.at + len;
            self.at = start;
            let before = &self.bytes[text_from..start];
            let slashes = before.iter().rev().take_while(|byte| **byte == b'\\').count();
            if slashes % 2 == 1 && self.begins_something(start) {
                self.piece(PieceKind::Escape, start - 1, start + 1);
                self.at = start + 1;
            } else if self.bytes[start] == b'$' {
                self.reference(start);
            } else {
                self.hash(start);
            }
            text_from = self.at;
        }
        if let Some(open) = self.open.first().filter(|_| !self.lost) {
            self.reading.faults.push(Fault { span: open.span, kind: FaultKind::UnclosedBlock });
        }
        self.reading.faults.sort_by_key(|fault| fault.span.start);
        self.reading
    }

    /// Whether a dollar or hash begins what a backslash before it would escape.
    fn begins_something(&self, at: usize) -> bool {
        match self.bytes.get(at + 1) {
            _ if self.bytes[at] == b'$' => head(self.bytes, at).is_some(),
            Some(b'{') => self.bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic),
            Some(byte) => byte.is_ascii_alphabetic() || *byte == b'#',
            None => false,
        }
    }

    fn piece(&mut self, kind: PieceKind, start: usize, end: usize) {
        self.reading.pieces.push(Piece { span: Span::from_usize(start, end), kind });
    }

    fn fault(&mut self, kind: FaultKind, start: usize, end: usize) {
        self.reading.faults.push(Fault { span: Span::from_usize(start, end), kind });
    }

    fn reference(&mut self, start: usize) {
        let Some(head) = head(self.bytes, start) else {
            self.at = start + 1;
            return;
        };
        let names_end = head.end;
        let end = if head.formal { self.closing_brace(names_end) } else { self.calls(start, names_end) };
        let end = match end {
            Some(end) => end,
            None if head.formal => {
                if self.searches > 0 {
                    self.searches -= 1;
                    self.fault(FaultKind::UnclosedReference, start, names_end);
                }
                names_end
            }
            None => names_end,
        };
        self.at = end;
        let index = self.reading.references.len();
        let plain = end == names_end + usize::from(head.formal);
        let escaping = is_esc(self.text, head.root);
        self.reading.references.push(Reference {
            span: Span::from_usize(start, end),
            silent: head.silent,
            root: head.root,
            path: head.path,
            form: if plain { head.form } else { Form::Called },
            place: Place::Text,
            escaped: false,
        });
        self.piece(PieceKind::Reference(index), start, end);
        if !plain {
            self.inside(names_end, end, Place::Argument, escaping);
        }
        if escaping && !plain {
            self.without_dollar(names_end, end);
        }
    }

    /// The offset after the brace that closes a formal reference, from after its names.
    fn closing_brace(&self, from: usize) -> Option<usize> {
        let bytes = self.bytes;
        if bytes.get(from) == Some(&b'}') {
            return Some(from + 1);
        }
        if self.searches == 0 {
            return None;
        }
        let (mut braces, mut brackets, mut alternative) = (0usize, 0usize, false);
        let mut at = from;
        loop {
            match bytes.get(at)? {
                b'}' if braces == 0 => return Some(at + 1),
                b'}' => braces -= 1,
                b'{' => braces += 1,
                b'(' | b'[' => brackets += 1,
                b')' | b']' => brackets = brackets.checked_sub(1)?,
                b'|' => alternative = true,
                quote @ (b'"' | b'\'') => {
                    if brackets == 0 && !alternative {
                        return None;
                    }
                    at = self.after_quote(at, *quote)? - 1;
                }
                b'\n' if brackets == 0 => return None,
                _ => {}
            }
            at += 1;
        }
    }

    /// The offset after the calls and indices that follow the names of a reference.
    fn calls(&mut self, start: usize, from: usize) -> Option<usize> {
        let mut end = from;
        loop {
            let open = match self.bytes.get(end) {
                Some(b'.') => {
                    let Some(name) = name_end(self.bytes, end + 1, false) else { return Some(end) };
                    if self.bytes.get(name) != Some(&b'(') {
                        // A property of what a call gives back.
                        if end == from {
                            return Some(end);
                        }
                        end = name;
                        continue;
                    }
                    name
                }
                Some(b'[')
                    if self.bytes.get(end + 1).is_some_and(|byte| {
                        byte.is_ascii_digit() || matches!(byte, b'$' | b'"' | b'\'' | b'-')
                    }) =>
                {
                    end
                }
                _ => return Some(end),
            };
            match self.balanced(open) {
                Some(close) => end = close,
                None if self.bytes[open] == b'[' => return Some(end),
                None => {
                    self.fault(FaultKind::UnclosedArguments, start, open + 1);
                    return Some(end);
                }
            }
        }
    }

    /// The offset after the bracket that closes the one at `open`; strings in between may hold any.
    fn balanced(&mut self, open: usize) -> Option<usize> {
        if self.searches == 0 {
            return None;
        }
        let mut depth = 0usize;
        let mut at = open;
        let end = loop {
            match self.bytes.get(at) {
                Some(b'(' | b'[') => depth += 1,
                Some(b')' | b']') => {
                    depth -= 1;
                    if depth == 0 {
                        break Some(at + 1);
                    }
                }
                Some(quote @ (b'"' | b'\'')) => match self.after_quote(at, *quote) {
                    Some(after) => at = after - 1,
                    None => break None,
                },
                Some(_) => {}
                None => break None,
            }
            at += 1;
        };
        if end.is_none() {
            self.searches -= 1;
        }
        end
    }

    /// The offset after the string that begins at `at`.
    fn after_quote(&self, at: usize, quote: u8) -> Option<usize> {
        memchr::memchr(quote, &self.bytes[at + 1..]).map(|len| at + len + 2)
    }

    /// Reads the references between two offsets; `escaping` says whether what is called first is
    /// `$esc`.
    fn inside(&mut self, from: usize, end: usize, place: Place, escaping: bool) {
        let mut escaping = escaping;
        // For each open bracket, whether what is in it is escaped, and who is called after it.
        let mut around: Vec<(bool, bool)> = Vec::new();
        let mut quoted = None;
        let mut at = from;
        while at < end {
            let escaped = around.last().is_some_and(|(escaped, _)| *escaped);
            match self.bytes[at] {
                b'$' => {
                    let Some(head) = head(self.bytes, at) else {
                        at += 1;
                        continue;
                    };
                    let closed = head.formal && self.bytes.get(head.end) == Some(&b'}');
                    let start = at;
                    at = head.end + usize::from(closed);
                    // In a string, it may be text.
                    let called = if head.formal && !closed { self.after_plain_calls(at) } else { at };
                    let ends = matches!(self.bytes.get(called), Some(b')' | b','));
                    if head.formal && !closed && ends && quoted.is_none() {
                        self.fault(FaultKind::UnclosedReference, start, called);
                    }
                    escaping = is_esc(self.text, head.root);
                    let goes_on = matches!(self.bytes.get(at), Some(b'[' | b'.'))
                        && self.bytes.get(at + 1).is_some_and(|next| *next != b' ');
                    self.reading.references.push(Reference {
                        span: Span::from_usize(start, at),
                        silent: head.silent,
                        root: head.root,
                        path: head.path,
                        form: if closed == head.formal && !goes_on { head.form } else { Form::Called },
                        place,
                        escaped,
                    });
                    continue;
                }
                b'.' => {
                    if let Some(name) = name_end(self.bytes, at + 1, false)
                        && self.bytes.get(name) == Some(&b'(')
                    {
                        around.push((escaped || escaping, escaping));
                        at = name;
                    }
                }
                quote @ (b'"' | b'\'') => {
                    quoted = match quoted {
                        None => Some(quote),
                        Some(open) => Some(open).filter(|open| *open != quote),
                    };
                }
                b'(' => around.push((escaped, false)),
                b')' => escaping = around.pop().is_some_and(|(_, caller)| caller),
                _ => {}
            }
            at += 1;
        }
    }

    /// The offset after the calls that stand at an offset, as far as there is nothing in them that would have to
    /// be read: `.trim()`, `.substring(0, 5)`.
    fn after_plain_calls(&self, from: usize) -> usize {
        let mut end = from;
        while self.bytes.get(end) == Some(&b'.')
            && let Some(open) = name_end(self.bytes, end + 1, false)
            && self.bytes.get(open) == Some(&b'(')
        {
            let is_plain = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b',' | b'-');
            let close = open + 1 + self.bytes[open + 1..].iter().take_while(is_plain).count();
            if self.bytes.get(close) != Some(&b')') {
                return from;
            }
            end = close + 1;
        }
        end
    }

    fn hash(&mut self, start: usize) {
        let rest = &self.bytes[start..];
        let until = |end: &[u8]| memchr::memmem::find(&rest[2..], end).map(|len| start + 2 + len + end.len());
        if rest.starts_with(b"##") {
            let len = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            self.at = start + len;
            self.piece(PieceKind::Comment, start, self.at);
        } else if rest.starts_with(b"#*") {
            let end = until(b"*#");
            self.bracketed(PieceKind::Comment, start, end);
        } else if rest.starts_with(b"#[[") {
            let end = until(b"]]#");
            let inner =
                Span::from_usize(start + 3, end.map_or(self.bytes.len(), |end| end.max(start + 6) - 3));
            self.bracketed(PieceKind::Verbatim(inner), start, end);
        } else {
            self.directive(start);
        }
    }

    fn bracketed(&mut self, kind: PieceKind, start: usize, end: Option<usize>) {
        if end.is_none() {
            self.fault(FaultKind::UnclosedComment, start, start + 2);
            self.lost = true;
        }
        self.at = end.unwrap_or(self.bytes.len());
        self.piece(kind, start, self.at);
    }

    fn directive(&mut self, start: usize) {
        self.at = start + 1;
        let braced = self.bytes.get(start + 1) == Some(&b'{');
        let from = start + 1 + usize::from(braced);
        let from = from + usize::from(self.bytes.get(from) == Some(&b'@'));
        let Some(name_end) = name_end(self.bytes, from, false) else { return };
        if braced && self.bytes.get(name_end) != Some(&b'}') {
            return;
        }
        let name = &self.text[from..name_end];
        let after = name_end + usize::from(braced);
        match name {
            "else" | "end" => {
                self.at = after;
                if name == "end" {
                    self.end(start, after);
                } else {
                    self.branch(PieceKind::Else, start, after);
                }
            }
            "stop" | "break" | "return" => {
                self.at = after;
                self.piece(PieceKind::Unknown, start, after);
            }
            "if" | "elseif" | "set" | "foreach" | "macro" | "define" | "literal" | "include" | "parse"
            | "evaluate" => self.with_arguments(name, start, after),
            _ if self.macros.contains(name) => self.with_arguments(name, start, after),
            _ => self.misspelled(name, start, after),
        }
    }

    fn with_arguments(&mut self, name: &'t str, start: usize, after: usize) {
        let blanks = self.bytes[after..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let open = after + blanks;
        // A word with a hash before it, which Velocity prints.
        if self.bytes.get(open) != Some(&b'(') {
            self.without_arguments(name, start, after);
            return;
        }
        let Some(end) = self.balanced(open) else {
            if !self.lost {
                self.fault(FaultKind::UnclosedArguments, start, open + 1);
            }
            self.lost = true;
            self.at = after;
            return;
        };
        self.at = end;
        let inner = Span::from_usize(open + 1, end - 1);
        let first = self.reading.references.len();
        self.inside(open + 1, end - 1, Place::Directive, false);
        match name {
            "if" => self.block(PieceKind::If(inner), start, end),
            "elseif" => self.branch(PieceKind::ElseIf(inner), start, end),
            "set" => {
                let kind = self.assignment(inner, first);
                self.piece(kind, start, end);
            }
            "foreach" => {
                self.give_value(first);
                self.block(PieceKind::Foreach, start, end);
            }
            "macro" => {
                let parameters = self.reading.references.split_off(first);
                for parameter in parameters {
                    self.reading.add_local(parameter.root.slice(self.text));
                }
                let named = inner.slice(self.text).split_whitespace().next().unwrap_or_default();
                self.macros.insert(named);
                self.block(PieceKind::Definition, start, end);
            }
            "define" => {
                self.give_value(first);
                self.block(PieceKind::Definition, start, end);
            }
            "literal" => self.block(PieceKind::Literal, start, end),
            _ if self.bytes[start + 1] == b'@' => self.block(PieceKind::Definition, start, end),
            _ => self.piece(PieceKind::Unknown, start, end),
        }
    }

    /// Takes a reference out of the list: what it names is given a value by the template.
    fn give_value(&mut self, index: usize) -> Option<Reference> {
        if index >= self.reading.references.len() {
            return None;
        }
        let reference = self.reading.references.remove(index);
        self.reading.add_local(reference.root.slice(self.text));
        Some(reference)
    }

    fn assignment(&mut self, inner: Span, first: usize) -> PieceKind {
        let said = inner.slice(self.text);
        let Some(target) = self.give_value(first) else { return PieceKind::Unknown };
        let equals = said.find('=').map_or(said.len(), |at| at + 1);
        let value = said[equals..].trim();
        let start = inner.start as usize + said.len() - said[equals..].trim_start().len();
        PieceKind::Set {
            name: (target.form == Form::Names && target.path.is_empty()).then_some(target.root),
            value: Span::from_usize(start, start + value.len()),
        }
    }

    fn block(&mut self, kind: PieceKind, start: usize, end: usize) {
        let is_loop = kind == PieceKind::Foreach;
        let takes_else = is_loop || matches!(kind, PieceKind::If(_));
        self.open.push(Open { span: Span::from_usize(start, end), takes_else, is_loop });
        self.piece(kind, start, end);
    }

    fn branch(&mut self, kind: PieceKind, start: usize, end: usize) {
        if self.open.last().is_some_and(|open| open.takes_else) {
            self.piece(kind, start, end);
        } else {
            self.stray(FaultKind::StrayElse, start, end);
        }
    }

    fn end(&mut self, start: usize, end: usize) {
        if let Some(open) = self.open.pop() {
            self.piece(PieceKind::End, start, end);
            if open.is_loop {
                self.comma_of_loop(open.span.end as usize, start, end);
            }
        } else {
            self.stray(FaultKind::StrayEnd, start, end);
        }
    }
}

/// The names of the reference that begins at an offset, if one does.
fn head(bytes: &[u8], at: usize) -> Option<Head> {
    let mut from = at + 1;
    let silent = bytes.get(from) == Some(&b'!');
    from += usize::from(silent);
    let formal = bytes.get(from) == Some(&b'{');
    from += usize::from(formal);
    let mut end = name_end(bytes, from, formal)?;
    let root = Span::from_usize(from, end);
    let mut path = Vec::new();
    while bytes.get(end) == Some(&b'.')
        && let Some(next) = name_end(bytes, end + 1, formal)
        && bytes.get(next) != Some(&b'(')
    {
        path.push(Span::from_usize(end + 1, next));
        end = next;
    }
    let blurred =
        !formal && bytes.get(end) == Some(&b'-') && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
    let form = if blurred { Form::Blurred } else { Form::Names };
    Some(Head { silent, formal, root, path, end, form })
}

/// The end of the name that begins at an offset. Between braces, a hyphen may be part of it.
fn name_end(bytes: &[u8], from: usize, hyphens: bool) -> Option<usize> {
    let first = bytes.get(from)?;
    if !first.is_ascii_alphabetic() && *first != b'_' {
        return None;
    }
    // No name of Velocity's has letters beyond ASCII: such a one is kept whole, so that it is told as what
    // its author means.
    let goes_on = |byte: &u8| {
        byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80 || (hyphens && *byte == b'-')
    };
    Some(from + bytes[from..].iter().take_while(|byte| goes_on(byte)).count())
}

fn is_esc(text: &str, root: Span) -> bool {
    root.slice(text) == "esc"
}
