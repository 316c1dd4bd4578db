//! The parser: one pass, no recursion, and a way on from every fault.
//!
//! [`Parser::member`] and [`Parser::item`] read one step of the innermost open container each; the
//! loop in [`Parser::run`] is all the control there is. A well-formed text never leaves the first
//! arms of the matches; what faults look like, and where to go on, is in `recover`.

mod recover;
mod scalar;

use fearless_simd::{Level, Simd, dispatch};

use crate::json::document::{Arena, Document, Flags, Kind, Node};
use crate::json::placeholder::placeholder_at;
use crate::json::scan;
use crate::json::{Fault, FaultKind};
use crate::text::Span;

impl Arena {
    /// Reads a text. The tree lives in this arena until the next parse.
    ///
    /// Any text yields a tree, if only of what could be read of it; `text` must be shorter than
    /// 4 GiB, as offsets are 32 bits.
    pub fn parse<'a>(&'a mut self, text: &'a str) -> Document<'a> {
        self.nodes.clear();
        self.faults.clear();
        self.open.clear();
        Parser::new(text, &mut *self).run();
        self.tidy_faults();
        Document::new(text, &self.nodes, &self.faults)
    }

    /// Puts faults in the order of the text, and keeps one of those met twice: a guess may be made
    /// after what follows was read, and what follows be read again.
    fn tidy_faults(&mut self) {
        let place = |fault: &Fault| (fault.span.start, fault.span.end);
        if !self.faults.is_sorted_by_key(place) {
            self.faults.sort_by_key(place);
        }
        self.faults.dedup_by_key(|fault| (fault.span, fault.kind));
    }
}

struct Parser<'t, 'a> {
    text: &'t str,
    bytes: &'t [u8],
    /// Offset of the next byte to read.
    at: usize,
    /// Whether the last fault left the parser guessing: then no further fault is believed until a
    /// whole member or item has been read.
    lost: bool,
    /// Faults met, those not believed included.
    met: usize,
    /// Where the last container that was closed ends.
    closed: usize,
    /// How many of the outermost open containers are known to be of one kind.
    alike: usize,
    /// How often the rest of the text was looked through.
    weighings: u8,
    /// Offset of the next quote or line end, as of when it was last looked for.
    mark: usize,
    arena: &'a mut Arena,
}

impl<'t, 'a> Parser<'t, 'a> {
    const fn new(text: &'t str, arena: &'a mut Arena) -> Self {
        let bytes = text.as_bytes();
        Self { text, bytes, at: 0, lost: false, met: 0, closed: 0, alike: 0, weighings: 0, mark: 0, arena }
    }
}

impl Parser<'_, '_> {
    fn run(mut self) {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        self.space();
        if self.at == self.bytes.len() {
            // After a comment, on its line.
            let end = if self.met == 0 { self.at } else { self.end_before(self.at) };
            self.fault(FaultKind::Empty, end, end);
            return;
        }
        if !matches!(self.bytes[self.at], b'{' | b'[') {
            self.odd_start();
        }
        if self.at < self.bytes.len() && !(self.bytes[self.at] == b'"' && self.unopened_root()) {
            self.value();
        }
        loop {
            self.containers();
            self.space();
            if self.at == self.bytes.len() {
                return;
            }
            if !self.extra_bracket() {
                break;
            }
        }
        if self.at < self.bytes.len() {
            let end = self.line_end(self.at);
            self.guess(FaultKind::TextAfterEnd, self.at, end);
        }
    }

    /// Reads until no container is open.
    fn containers(&mut self) {
        while let Some(&top) = self.arena.open.last() {
            if self.arena.nodes[top as usize].kind == Kind::Object {
                self.member(top);
            } else {
                self.item(top);
            }
        }
    }

    /// One member of the object `top`, or its end; with all before it that are plain.
    #[inline]
    fn member(&mut self, top: u32) {
        let met = self.met;
        if self.plain_members(top) {
            self.space();
            self.value();
            self.lost &= self.met != met;
            return;
        }
        self.space();
        if !self.separator(top, b'}') {
            return;
        }
        match self.bytes.get(self.at) {
            Some(b'"') => self.key(),
            _ => {
                if !self.odd_key(top) {
                    return;
                }
            }
        }
        self.space();
        if self.bytes.get(self.at) == Some(&b':') {
            self.at += 1;
        } else if !self.odd_colon() {
            return;
        }
        self.space();
        self.value();
        self.lost &= self.met != met;
    }

    /// Reads members of the object `top` as long as they are strings without a fault, as almost all
    /// are. True if a key and its colon were read besides, and its value is what follows.
    ///
    /// Whatever is not plain is left to [`Parser::member`], from where it begins: this loop may only
    /// do what that would.
    fn plain_members(&mut self, top: u32) -> bool {
        dispatch!(Level::new(), simd => self.plain_members_with(simd, top))
    }

    #[inline(always)]
    fn plain_members_with<S: Simd>(&mut self, simd: S, top: u32) -> bool {
        let bytes = self.bytes;
        let nodes = &mut self.arena.nodes;
        let before = nodes.len();
        let mut first = before == top as usize + 1;
        let mut at = self.at;
        let key_read = loop {
            let mut start = space_end(bytes, at);
            if !first {
                match bytes.get(start) {
                    Some(b',') => {}
                    Some(b'}') if before == top as usize + 1 => {
                        nodes[top as usize].flags = Flags::PLAIN;
                        break false;
                    }
                    _ => break false,
                }
                start = space_end(bytes, start + 1);
            }
            let Some((end, flags)) = plain_string(simd, bytes, start) else { break false };
            // A key that took in its colon has lost its quote.
            if bytes.get(end) != Some(&b':') {
                break false;
            }
            let next = nodes.len() + 1;
            let key =
                Node { start: narrow(start), end: narrow(end), next: narrow(next), kind: Kind::Key, flags };
            let start = space_end(bytes, end + 1);
            let Some((end, flags)) = plain_string(simd, bytes, start) else {
                nodes.push(key);
                at = start;
                break true;
            };
            let next = narrow(next + 1);
            let value = Node { start: narrow(start), end: narrow(end), next, kind: Kind::String, flags };
            nodes.extend_from_slice(&[Node { next, ..key }, value]);
            at = end;
            first = false;
        };
        self.lost &= nodes.len() < before + 2;
        self.at = at;
        key_read
    }

    /// One item of the array `top`, or its end.
    fn item(&mut self, top: u32) {
        let met = self.met;
        self.space();
        if self.separator(top, b']') {
            self.value();
            self.lost &= self.met != met;
        }
    }

    /// What stands before a member or item: nothing, or a comma. False when the container ended,
    /// or the step has to be taken anew.
    #[inline]
    fn separator(&mut self, top: u32, close: u8) -> bool {
        let first = self.arena.nodes.len() == top as usize + 1;
        let Some(&byte) = self.bytes.get(self.at) else {
            self.end_of_text();
            return false;
        };
        if byte == b',' && !first {
            let comma = self.at;
            self.at += 1;
            self.space();
            return match self.bytes.get(self.at) {
                Some(b'}' | b']') => {
                    self.fault(FaultKind::TrailingComma, comma, comma + 1);
                    self.close(top, close);
                    false
                }
                Some(b',') => {
                    self.extra_commas(Some(comma));
                    false
                }
                None => {
                    self.end_of_text();
                    false
                }
                Some(_) => true,
            };
        }
        match byte {
            b'}' | b']' => {
                self.close(top, close);
                false
            }
            b',' => {
                self.extra_commas(None);
                false
            }
            _ if first => true,
            _ => self.missing_comma(top),
        }
    }

    /// Reads the bracket that ends the container `top`, which `close` should be.
    #[inline]
    fn close(&mut self, top: u32, close: u8) {
        if self.bytes[self.at] != close && !self.wrong_bracket(top) {
            return;
        }
        self.at += 1;
        self.pop(self.at);
    }

    /// Ends the innermost container at an offset.
    fn pop(&mut self, end: usize) {
        let Some(top) = self.arena.open.pop() else { return };
        self.closed = end;
        self.alike = self.alike.min(self.arena.open.len());
        let next = narrow(self.arena.nodes.len());
        let node = &mut self.arena.nodes[top as usize];
        node.end = narrow(end);
        node.next = next;
        self.finish_key(top, next);
    }

    /// Tells the key of the value at `index`, if it has one, where the next member begins.
    #[inline]
    fn finish_key(&mut self, index: u32, next: u32) {
        if let Some(before) = index.checked_sub(1)
            && let Some(key) = self.arena.nodes.get_mut(before as usize)
            && key.kind == Kind::Key
        {
            key.next = next;
        }
    }

    fn value(&mut self) {
        let start = self.at;
        match self.bytes.get(start) {
            Some(b'"') => {
                let flags = self.string();
                self.scalar(Kind::String, start, flags);
            }
            Some(b'{') => {
                if self.bytes.get(start + 1) == Some(&b'{') && self.placeholder(Kind::Placeholder) {
                    return;
                }
                self.open(Kind::Object);
            }
            Some(b'[') => self.open(Kind::Array),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') if self.word("true") => self.scalar(Kind::Boolean, start, Flags::default()),
            Some(b'f') if self.word("false") => self.scalar(Kind::Boolean, start, Flags::default()),
            Some(b'n') if self.word("null") => self.scalar(Kind::Null, start, Flags::default()),
            _ => self.odd_value(),
        }
    }

    #[inline]
    fn open(&mut self, kind: Kind) {
        let index = narrow(self.arena.nodes.len());
        self.push(kind, self.at, self.at + 1, Flags::default());
        self.arena.open.push(index);
        self.at += 1;
    }

    #[inline]
    fn key(&mut self) {
        let start = self.at;
        let flags = self.string();
        self.push(Kind::Key, start, self.at, flags);
        // A key that took in its colon has lost its quote: `"name: "value"`.
        if self.bytes.get(self.at) != Some(&b':') {
            self.check_key(start);
        }
    }

    /// Reads a string from its opening quote to after its closing one.
    #[inline]
    fn string(&mut self) -> Flags {
        let start = self.at;
        let at = scan::string_end(self.bytes, start + 1);
        if self.bytes.get(at) == Some(&b'"') {
            self.at = at + 1;
            return Flags::default();
        }
        self.rest_of_string(start, at)
    }

    /// Reads a template's placeholder as a node of a kind, if one stands here.
    fn placeholder(&mut self, kind: Kind) -> bool {
        let Some(len) = placeholder_at(self.text, self.at) else { return false };
        let start = self.at;
        self.at += len;
        // What follows without a space is part of the same unknown: `{{host}}-{{port}}`.
        loop {
            if let Some(len) = placeholder_at(self.text, self.at) {
                self.at += len;
            } else if self.bytes.get(self.at).is_some_and(|byte| continues_word(*byte)) {
                self.at += 1;
            } else {
                break;
            }
        }
        self.scalar(kind, start, Flags::BARE);
        true
    }

    /// Adds a node that holds no other, from `start` to here.
    #[inline]
    fn scalar(&mut self, kind: Kind, start: usize, flags: Flags) {
        let index = narrow(self.arena.nodes.len());
        self.push(kind, start, self.at, flags);
        if kind != Kind::Key {
            self.finish_key(index, index + 1);
        }
    }

    #[inline]
    fn push(&mut self, kind: Kind, start: usize, end: usize, flags: Flags) {
        let next = narrow(self.arena.nodes.len() + 1);
        self.arena.nodes.push(Node { start: narrow(start), end: narrow(end), next, kind, flags });
    }

    /// Skips white space and comments.
    #[inline]
    fn space(&mut self) {
        if self.bytes.get(self.at).is_some_and(|byte| !may_be_space(*byte)) {
            return;
        }
        self.long_space();
    }

    fn long_space(&mut self) {
        loop {
            self.at = scan::skip_space(self.bytes, self.at);
            if !self.bytes.get(self.at).is_some_and(|byte| may_be_space(*byte)) || !self.odd_space() {
                return;
            }
        }
    }

    fn fault(&mut self, kind: FaultKind, start: usize, end: usize) {
        self.fault_at(kind, Span::from_usize(start, end), None, false);
    }

    /// A fault after which the structure is a guess.
    fn guess(&mut self, kind: FaultKind, start: usize, end: usize) {
        self.fault_at(kind, Span::from_usize(start, end), None, true);
    }

    fn fault_at(&mut self, kind: FaultKind, span: Span, related: Option<Span>, lost: bool) {
        self.met += 1;
        if !self.lost {
            self.arena.faults.push(Fault { kind, span, related, lost });
            self.lost = lost;
        }
    }
}

/// The offset of the first byte from `at` on that is not JSON white space.
#[inline]
fn space_end(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at).is_some_and(|byte| *byte > b' ') { at } else { scan::skip_space(bytes, at) }
}

/// The end of the string that begins at an offset, if one does in which no escape needs a second look.
#[inline(always)]
fn plain_string<S: Simd>(simd: S, bytes: &[u8], start: usize) -> Option<(usize, Flags)> {
    if bytes.get(start) != Some(&b'"') {
        return None;
    }
    let at = scan::string_end_with(simd, bytes, start + 1);
    match bytes.get(at)? {
        b'"' => Some((at + 1, Flags::default())),
        _ => escaped_string(bytes, at),
    }
}

/// The end of a string from its first backslash on.
#[inline(never)]
fn escaped_string(bytes: &[u8], mut at: usize) -> Option<(usize, Flags)> {
    loop {
        match bytes.get(at)? {
            b'"' => return Some((at + 1, Flags::ESCAPED)),
            b'\\' if bytes.get(at + 1).is_some_and(|byte| is_short_escape(*byte)) => {
                at = scan::string_end(bytes, at + 2);
            }
            _ => return None,
        }
    }
}

/// Whether a backslash and this byte are an escape.
const fn is_short_escape(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't')
}

/// Whether a byte is, or may begin, white space, a comment, or what looks like white space.
const fn may_be_space(byte: u8) -> bool {
    !matches!(byte, b'!'..=b'~') || byte == b'/' || byte == b'#'
}

/// Whether a byte may be part of a number or word.
const fn continues_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'+' | b'-') || byte >= 0x80
}

/// An offset or index as nodes have it; texts are shorter than 4 GiB.
#[expect(clippy::cast_possible_truncation, reason = "a longer text is refused before it gets here")]
const fn narrow(offset: usize) -> u32 {
    offset as u32
}
