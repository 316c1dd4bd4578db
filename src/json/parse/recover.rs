//! What faults look like, and where reading goes on after each.

use super::{Parser, continues_word, narrow};
use crate::json::FaultKind;
use crate::json::document::{Flags, Kind};
use crate::json::string::is_quote;
use crate::text::Span;

impl Parser<'_, '_> {
    /// The text ends inside the innermost container: one finding for all that are open.
    pub(super) fn end_of_text(&mut self) {
        if let Some(&top) = self.arena.open.last() {
            let bracket = self.arena.nodes[top as usize].start;
            let outer = self.arena.open.first().map(|index| self.arena.nodes[*index as usize].start);
            let related = outer.filter(|outer| *outer != bracket).map(|at| Span::new(at, at + 1));
            self.fault_at(FaultKind::Unclosed, Span::new(bracket, bracket + 1), related, true);
        }
        let end = self.bytes.len();
        while !self.arena.open.is_empty() {
            self.pop(end);
        }
    }

    /// A member's place holds a comma: says so once, however many there are.
    pub(super) fn extra_commas(&mut self) {
        let start = self.at;
        let mut end = start;
        while self.bytes.get(self.at) == Some(&b',') {
            self.at += 1;
            end = self.at;
            self.space();
        }
        self.fault(FaultKind::ExtraComma, start, end);
        // A comma that was read is taken back, so that what follows needs none.
        if !matches!(self.bytes.get(self.at), Some(b'}' | b']') | None) && self.has_members() {
            self.at = end - 1;
        }
    }

    fn has_members(&self) -> bool {
        self.arena.open.last().is_some_and(|top| self.arena.nodes.len() > *top as usize + 1)
    }

    /// A member or item follows another without a comma. True when it can be read as if there
    /// were one.
    pub(super) fn missing_comma(&mut self, top: u32) -> bool {
        if self.reopen_swallowed_comma() {
            return false;
        }
        let in_object = self.arena.nodes[top as usize].kind == Kind::Object;
        let byte = self.bytes[self.at];
        if byte == b';' {
            self.fault(FaultKind::MissingComma, self.at, self.at + 1);
            self.at += 1;
            self.space();
            // Read as the comma it was meant for.
            return !matches!(self.bytes.get(self.at), Some(b'}' | b']') | None);
        }
        if in_object && byte != b'"' && !self.starts_key() {
            self.skip_unexpected();
            return false;
        }
        let end = self.arena.nodes.last().map_or(0, |node| node.end as usize);
        self.fault(FaultKind::MissingComma, end, end);
        true
    }

    /// `"value, "key": …`: a value that lost its closing quote took in the comma after it.
    fn reopen_swallowed_comma(&mut self) -> bool {
        let Some(&node) = self.arena.nodes.last() else { return false };
        if node.kind != Kind::String || node.flags.has(Flags::BARE) || node.end as usize != self.at {
            return false;
        }
        let inner = Span::new(node.start + 1, node.end - 1).slice(self.text);
        let Some(kept) = inner.trim_end().strip_suffix(',') else { return false };
        if !continues_word(self.bytes[self.at]) {
            return false;
        }
        let end = node.start + 1 + narrow(kept.len());
        self.fault(FaultKind::UnclosedString, node.start as usize, end as usize);
        if let Some(last) = self.arena.nodes.last_mut() {
            last.end = end;
            last.flags = last.flags.with(Flags::BARE);
        }
        self.at = end as usize;
        true
    }

    /// A bracket of the other kind. True when it may be read as the end of the container `top`.
    pub(super) fn wrong_bracket(&mut self, top: u32) -> bool {
        let opening = self.arena.nodes[top as usize].start;
        let related = Some(Span::new(opening, opening + 1));
        let here = Span::from_usize(self.at, self.at + 1);
        let wanted = if self.bytes[self.at] == b'}' { Kind::Object } else { Kind::Array };
        let outer = self
            .arena
            .open
            .iter()
            .rev()
            .skip(1)
            .any(|index| self.arena.nodes[*index as usize].kind == wanted);
        if outer {
            // The bracket belongs to a container further out: this one was never closed.
            self.fault_at(FaultKind::Unclosed, Span::new(opening, opening + 1), Some(here), true);
            let end = self.at;
            while let Some(&inner) = self.arena.open.last() {
                if self.arena.nodes[inner as usize].kind == wanted {
                    return true;
                }
                self.pop(end);
            }
            return false;
        }
        self.fault_at(FaultKind::WrongBracket, here, related, true);
        true
    }

    /// A key that is no string in double quotes. False when no key could be read.
    pub(super) fn odd_key(&mut self) -> bool {
        let start = self.at;
        let Some(character) = self.text[start..].chars().next() else {
            self.end_of_text();
            return false;
        };
        if is_quote(character) {
            self.other_quotes(Kind::Key);
            return true;
        }
        if matches!(character, '$' | '{' | '<' | '%') && self.placeholder(Kind::Key) {
            return true;
        }
        if character == ':' {
            self.guess(FaultKind::MissingKey, start, start + 1);
            self.push(Kind::Key, start, start, Flags::BARE);
            return true;
        }
        if !self.starts_key() {
            self.skip_unexpected();
            return false;
        }
        self.at = self.word_end(start);
        if self.bytes.get(self.at) == Some(&b'"') {
            self.at += 1;
            self.fault(FaultKind::UnopenedString, start, self.at);
        } else {
            self.fault(FaultKind::UnquotedKey, start, self.at);
        }
        self.push(Kind::Key, start, self.at, Flags::BARE);
        true
    }

    /// Whether a word that could be a key, followed by a colon or what stands for one, is here.
    fn starts_key(&self) -> bool {
        let Some(character) = self.text[self.at..].chars().next() else { return false };
        if is_quote(character) || matches!(character, '$' | '{' | '<') {
            return true;
        }
        if !(character.is_alphanumeric() || character == '_') {
            return false;
        }
        let end = self.word_end(self.at);
        let rest = self.text[end..].strip_prefix('"').unwrap_or(&self.text[end..]);
        rest.trim_start().starts_with([':', '='])
    }

    fn word_end(&self, from: usize) -> usize {
        let word =
            |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '$');
        self.text[from..].find(|character| !word(character)).map_or(self.bytes.len(), |len| from + len)
    }

    /// After a key that is not followed by its colon: `"name: "value"` lost its closing quote.
    pub(super) fn check_key(&mut self, start: usize) {
        let Some(&key) = self.arena.nodes.last() else { return };
        if key.flags.has(Flags::BARE) || !self.bytes.get(self.at).is_some_and(|byte| !is_space(*byte)) {
            return;
        }
        let inner = Span::new(key.start + 1, key.end - 1).slice(self.text);
        let Some(kept) = inner.trim_end().strip_suffix(':') else { return };
        let end = start + 1 + kept.trim_end().len();
        self.fault(FaultKind::UnclosedString, start, end);
        if let Some(last) = self.arena.nodes.last_mut() {
            last.end = narrow(end);
            last.flags = last.flags.with(Flags::BARE);
        }
        self.at = end;
    }

    /// No colon after a key. False when there can be no value either.
    pub(super) fn odd_colon(&mut self) -> bool {
        let key_end = self.arena.nodes.last().map_or(self.at, |key| key.end as usize);
        let rest = &self.bytes[self.at..];
        match rest.first() {
            Some(b'=') => {
                let len = if rest.get(1) == Some(&b'>') { 2 } else { 1 };
                self.fault(FaultKind::EqualsSign, self.at, self.at + len);
                self.at += len;
                true
            }
            Some(b',' | b'}' | b']') => {
                self.fault(FaultKind::MissingValue, key_end, key_end);
                self.missing_value();
                false
            }
            Some(_) => {
                self.fault(FaultKind::MissingColon, key_end, key_end);
                true
            }
            None => {
                self.missing_value();
                false
            }
        }
    }

    fn missing_value(&mut self) {
        self.scalar(Kind::Invalid, self.at, Flags::BARE);
    }

    /// A value that JSON does not know.
    pub(super) fn odd_value(&mut self) {
        let start = self.at;
        let Some(character) = self.text[start..].chars().next() else {
            // The end of the text is told once, for the container.
            self.missing_value();
            return;
        };
        match character {
            ',' | '}' | ']' => {
                let at = self.bytes[..start]
                    .iter()
                    .rposition(|byte| !is_space(*byte))
                    .map_or(start, |last| last + 1);
                self.fault(FaultKind::MissingValue, at, at);
                self.missing_value();
            }
            '$' | '<' | '%' if self.placeholder(Kind::Placeholder) => {}
            _ if is_quote(character) => self.other_quotes(Kind::String),
            '+' | '.' if self.bytes.get(start + 1).is_some_and(u8::is_ascii_digit) => self.odd_number(),
            _ if character.is_alphanumeric() || character == '_' || character == '+' => self.bare_words(),
            _ => self.skip_unexpected(),
        }
    }

    /// A number with something wrong in it.
    pub(super) fn odd_number(&mut self) {
        let start = self.at;
        let end = start
            + self.bytes[start..]
                .iter()
                .position(|byte| !continues_word(*byte))
                .unwrap_or(self.bytes.len() - start);
        self.at = end;
        if end == self.bytes.len() && !self.arena.open.is_empty() {
            self.scalar(Kind::Invalid, start, Flags::BARE);
            return;
        }
        if self.bytes.get(end) == Some(&b'"') {
            self.at = start;
            self.bare_words();
            return;
        }
        let is_number = self.text[start..end]
            .trim_start_matches(['+', '-'])
            .starts_with(|c: char| c.is_ascii_digit() || c == '.');
        let kind = if is_number { Kind::Number } else { Kind::Invalid };
        self.fault(
            if self.text[start..end].chars().any(|c| c.is_ascii_digit()) {
                FaultKind::BadNumber
            } else {
                FaultKind::BareWord
            },
            start,
            end,
        );
        self.scalar(kind, start, Flags::MALFORMED);
    }

    /// Words without quotes, up to what ends a value.
    fn bare_words(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let ends =
            |character: char| matches!(character, ',' | '}' | ']' | '{' | '[' | ':' | '\n' | '\r' | '"');
        let len = rest.find(ends).unwrap_or(rest.len());
        // A semicolon after it was meant for a comma.
        let end = start + rest[..len].trim_end_matches([';', ' ', '\t']).len();
        if start + len == self.bytes.len() && !self.arena.open.is_empty() {
            self.at = end;
            self.scalar(Kind::Invalid, start, Flags::BARE);
            return;
        }
        if rest[len..].starts_with('"') && closes_value(&rest[len + 1..]) {
            self.at = start + len + 1;
            self.fault(FaultKind::UnopenedString, start, self.at);
            self.scalar(Kind::String, start, Flags::BARE);
            return;
        }
        self.at = end;
        self.fault(FaultKind::BareWord, start, end);
        self.scalar(Kind::Invalid, start, Flags::BARE);
    }

    /// A string in quotes of another kind, closed by one of its own kind on the same line.
    fn other_quotes(&mut self, kind: Kind) {
        let start = self.at;
        let rest = &self.text[start..];
        let open = rest.chars().next().unwrap_or('\'');
        let close = match open {
            '\u{2018}' => '\u{2019}',
            '\u{201c}' => '\u{201d}',
            other => other,
        };
        let mut escaped = false;
        let mut flags = Flags::BARE;
        let mut end = None;
        for (at, character) in rest.char_indices().skip(1) {
            if character == '\n' {
                break;
            }
            if escaped {
                escaped = false;
            } else if character == '\\' {
                escaped = true;
                flags = flags.with(Flags::ESCAPED);
            } else if character == close || (character == '"' && open.len_utf8() > 1) {
                end = Some(at + character.len_utf8());
                break;
            }
        }
        let Some(len) = end else {
            let end = self.line_end(start);
            self.guess(FaultKind::UnclosedString, start, end);
            self.at = end;
            self.scalar(Kind::Invalid, start, Flags::BARE);
            if kind == Kind::Key
                && let Some(last) = self.arena.nodes.last_mut()
            {
                last.kind = Kind::Key;
            }
            return;
        };
        self.at = start + len;
        self.fault(FaultKind::WrongQuotes, start, self.at);
        self.scalar(kind, start, flags);
    }

    /// Whether a string that has met a line break was meant to end on its line.
    pub(super) fn string_ends_with_line(&self, start: usize, at: usize) -> bool {
        let rest = self.text[at..].trim_start();
        let line = self.text[start + 1..at].trim_end();
        if rest.is_empty() || rest.starts_with(['}', ']']) {
            return true;
        }
        match rest.strip_prefix('"') {
            // A quote that could end a value ends this one, which holds a line break.
            Some(after) => !closes_value(after) || line.ends_with(','),
            None => false,
        }
    }

    /// A string that ends with its line, or with the text.
    pub(super) fn unclosed_string(&mut self, start: usize, line_end: usize) -> Flags {
        let line = self.text[start..line_end].trim_end();
        let value = line.strip_suffix(',').filter(|kept| kept.len() > 1).unwrap_or(line);
        self.at = start + value.len();
        let at_end = line_end == self.bytes.len();
        self.fault_at(FaultKind::UnclosedString, Span::from_usize(start, self.at), None, at_end);
        if at_end {
            self.at = line_end;
        }
        Flags::BARE
    }

    /// Something that fits nowhere: skips to where a member may end.
    fn skip_unexpected(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let len =
            rest[first..].find([',', '}', ']', '\n', '"', '{', '[']).map_or(rest.len(), |len| first + len);
        let shown = if rest.starts_with(|c: char| c.is_alphanumeric()) {
            rest[..len].trim_end().len()
        } else {
            first
        };
        self.guess(FaultKind::UnexpectedCharacter, start, start + shown);
        self.at = start + len;
        if self.arena.nodes.last().is_some_and(|node| node.kind == Kind::Key) || self.arena.nodes.is_empty() {
            self.scalar(Kind::Invalid, start, Flags::BARE);
        }
    }

    /// Reads a comment, if one stands here.
    pub(super) fn comment(&mut self) -> bool {
        let start = self.at;
        let rest = &self.bytes[start..];
        if rest.starts_with(b"/*") {
            self.at = memchr::memmem::find(&rest[2..], b"*/").map_or(self.bytes.len(), |len| start + len + 4);
        } else if rest.starts_with(b"//") || rest.starts_with(b"#") {
            self.at = self.line_end(start);
        } else {
            return false;
        }
        self.fault(FaultKind::Comment, start, self.at);
        true
    }

    /// The end of the line that holds an offset, its trailing white space left out.
    pub(super) fn line_end(&self, from: usize) -> usize {
        let rest = &self.text[from..];
        let line = rest.find(['\n', '\r']).map_or(rest, |len| &rest[..len]);
        from + line.trim_end().len().max(usize::from(!line.is_empty()))
    }
}

/// Whether what follows a quote is what follows a value.
fn closes_value(after: &str) -> bool {
    let rest = after.trim_start_matches([' ', '\t', '\r', '\n']);
    rest.is_empty() || rest.starts_with([',', '}', ']'])
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}
