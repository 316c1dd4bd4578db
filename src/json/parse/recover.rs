//! What faults look like, and where reading goes on after each.
//!
//! Here: what stands between keys and values. The files below have the rest: [`strings`] whose
//! quotes are missing or not JSON's, [`words`] and numbers that JSON does not know, [`brackets`]
//! that do not match.
//!
//! Every look ahead is bounded, or ends where reading then goes on: a text of nothing but faults is
//! read in linear time.

mod brackets;
mod strings;
mod words;

use super::{Parser, narrow};
use crate::json::FaultKind;
use crate::json::document::{Flags, Kind, Node};
use crate::json::placeholder::placeholder_at;
use crate::json::scan;
use crate::json::string::is_quote;
use crate::text::Span;

/// The most bytes that a guess looks at or takes back.
const REACH: usize = 1024;

/// The colon that a keyboard for Chinese or Japanese writes.
const WIDE_COLON: char = '\u{ff1a}';

impl Parser<'_, '_> {
    /// What stands before the outermost value and is none: `const body = {`, a stray bracket.
    pub(super) fn odd_start(&mut self) {
        let start = self.at;
        let Some(character) = self.character() else { return };
        if let Some(fence) = fence_of(&self.text[start..]) {
            self.at = self.line_end(start);
            let closing = closing_fence(self.text, self.at, fence);
            self.fault_at(FaultKind::Fence, Span::from_usize(start, self.at), closing, false);
            // What closes it is no part of what it holds, nor is what follows that.
            if let Some(closing) = closing {
                self.text = &self.text[..closing.range().start];
                self.bytes = self.text.as_bytes();
            }
            self.space();
            return;
        }
        if matches!(character, '}' | ']' | ',' | ':') {
            self.at += 1;
            self.guess(FaultKind::UnexpectedCharacter, start, self.at);
            self.space();
            return;
        }
        if is_quote(character) || character.is_ascii_digit() || self.placeholder_here() {
            return;
        }
        let rest = &self.text[start..];
        let Some(len) = rest.find(['{', '[', '"']).filter(|len| !rest[*len..].starts_with('"')) else {
            return;
        };
        self.guess(FaultKind::BareWord, start, start + rest[..len].trim_end().len());
        self.at = start + len;
    }

    /// A member's place holds a comma: says so once, however many there are. `first` is a comma
    /// that was read before them, and had its place.
    pub(super) fn extra_commas(&mut self, first: Option<usize>) {
        let start = self.at;
        let mut end = start;
        while self.bytes.get(self.at) == Some(&b',') {
            self.at += 1;
            end = self.at;
            self.space();
        }
        let ends = matches!(self.bytes.get(self.at), Some(b'}' | b']'));
        match first {
            Some(comma) if ends => self.fault(FaultKind::TrailingComma, comma, end),
            _ => self.fault(FaultKind::ExtraComma, start, end),
        }
        // A comma that was read is taken back, so that what follows needs none.
        if first.is_some() && !ends && self.at < self.bytes.len() {
            self.at = end - 1;
        }
    }

    /// A member or item follows another without a comma. True when it can be read as if there
    /// were one.
    pub(super) fn missing_comma(&mut self, top: u32) -> bool {
        let Some(&last) = self.arena.nodes.last() else { return false };
        let is_sibling = last.end as usize >= self.closed;
        if is_sibling && last.kind == Kind::Invalid && last.span().is_empty() {
            // The missing value was told.
            return true;
        }
        let byte = self.bytes[self.at];
        // What is filled in may bring more of them, and the comma before.
        if byte == b'$'
            && let Some(len) = placeholder_at(self.text, self.at)
        {
            self.at += len;
            self.space();
            return false;
        }
        if self.mend_string(top, last, byte) {
            return false;
        }
        let for_comma = byte == b':'
            && is_sibling
            && self.is_object(top)
            && self.is_member(scan::skip_space(self.bytes, self.at + 1));
        if is_sibling && byte == b':' && !for_comma && self.key_read_as_value(top) {
            return false;
        }
        if byte == b';' || for_comma {
            self.fault(FaultKind::MissingComma, self.at, self.at + 1);
            self.at += 1;
            self.space();
            // Read as the comma it was meant for.
            return !matches!(self.bytes.get(self.at), Some(b',' | b'}' | b']') | None);
        }
        let fits = if self.is_object(top) { byte == b'"' || self.starts_key() } else { self.starts_value() };
        if !fits {
            self.skip_unexpected();
            return false;
        }
        let end = self.last_end();
        self.fault(FaultKind::MissingComma, end, end);
        true
    }

    /// Whether a key in quotes stands at an offset, with its colon.
    fn is_member(&self, start: usize) -> bool {
        let Some(key) = self.window(start.min(self.bytes.len())).as_bytes().strip_prefix(b"\"") else {
            return false;
        };
        let mut at = 0;
        loop {
            at = scan::string_end(key, at);
            match key.get(at) {
                Some(b'"') => return self.is_colon(start + 1 + at + 1),
                Some(b'\\') => at = (at + 2).min(key.len()),
                _ => return false,
            }
        }
    }

    /// A colon after what was read as a value or item, and is a key: `"a": "b": 1`, where a value
    /// is missing; `[1, "b": 2`, where an array was not closed; `["b": 2]`, which is no array.
    fn key_read_as_value(&mut self, top: u32) -> bool {
        let Some(&last) = self.arena.nodes.last() else { return false };
        if last.kind != Kind::String {
            return false;
        }
        let index = self.arena.nodes.len() - 1;
        if self.is_object(top) {
            self.arena.nodes.truncate(index);
            self.value_before(last);
            return true;
        }
        if self.unopened_item(last) {
            return true;
        }
        let opening = self.arena.nodes[top as usize].start;
        if index == top as usize + 1 {
            self.fault_at(FaultKind::UnexpectedCharacter, Span::new(opening, opening + 1), None, false);
            self.arena.nodes.truncate(index);
            self.arena.nodes[top as usize].kind = Kind::Object;
            self.at = last.start as usize;
            return true;
        }
        let within_object = self.arena.open.iter().rev().nth(1).is_some_and(|outer| self.is_object(*outer));
        if !within_object {
            return false;
        }
        self.fault_at(FaultKind::Unclosed, Span::new(opening, opening + 1), None, true);
        self.arena.nodes.truncate(index);
        self.pop(self.last_end());
        self.back_to_comma(last.start as usize);
        true
    }

    /// The value of the last key is missing; `next` is the key after it, to be read again.
    fn value_before(&mut self, next: Node) {
        let key_end = self.last_end();
        let between = &self.text[key_end..next.start as usize];
        let at = between.find(':').map_or(key_end, |colon| key_end + colon + 1);
        if at == key_end {
            self.take_back(|fault| fault.kind == FaultKind::MissingColon, key_end);
        }
        self.at = next.start as usize;
        let opened = self.open_before(self.at);
        if !opened {
            self.push_invalid(at, at);
        }
        // Without a comma, it may be a bracket that is missing: the members may be of another object.
        // What is read of them is not in doubt.
        let lost = self.lost;
        self.fault_at(FaultKind::MissingValue, Span::from_usize(at, at), None, !opened);
        self.lost = lost;
    }

    /// A key that is no string in double quotes. False when no key could be read.
    #[cold]
    pub(super) fn odd_key(&mut self, top: u32) -> bool {
        let start = self.at;
        let Some(character) = self.character() else {
            self.end_of_text();
            return false;
        };
        if self.placeholder(Kind::Key) {
            return true;
        }
        match character {
            _ if is_quote(character) => {
                self.other_quotes(Kind::Key);
                true
            }
            ':' => {
                self.guess(FaultKind::MissingKey, start, start + 1);
                self.push(Kind::Key, start, start, Flags::BARE);
                true
            }
            '{' | '[' => {
                self.bracket_for_key(top);
                false
            }
            _ => {
                let words = self.key_words();
                if let Some((end, kind)) = words {
                    self.fault(kind, start, end);
                    self.at = end;
                    self.push(Kind::Key, start, end, Flags::BARE);
                } else {
                    self.skip_unexpected();
                }
                words.is_some()
            }
        }
    }

    /// The end of the words here, if they are a key without quotes, or without the first.
    fn key_words(&self) -> Option<(usize, FaultKind)> {
        let rest = self.window(self.at);
        if !rest.starts_with(|first: char| {
            first.is_alphanumeric() || matches!(first, '_' | '-' | '@' | '$' | '.')
        }) {
            return None;
        }
        let len = rest.find(['"', ':', '=', ',', '{', '}', '[', ']', '\n', '\r'])?;
        let end = self.at + len;
        match rest[len..].strip_prefix('"') {
            Some(_) if self.is_colon(end + 1) => Some((end + 1, FaultKind::UnopenedString)),
            None if self.is_colon(end) => {
                Some((self.at + rest[..len].trim_end().len(), FaultKind::UnquotedKey))
            }
            _ => None,
        }
    }

    /// Whether a key that is no string in double quotes stands here.
    fn starts_key(&self) -> bool {
        self.character().is_some_and(is_quote) || self.placeholder_here() || self.key_words().is_some()
    }

    /// Whether something that could be meant as a value stands here.
    fn starts_value(&self) -> bool {
        self.character().is_some_and(|character| {
            is_quote(character)
                || character.is_alphanumeric()
                || matches!(character, '{' | '[' | '-' | '+' | '.' | '_')
        }) || self.placeholder_here()
    }

    fn placeholder_here(&self) -> bool {
        placeholder_at(self.text, self.at).is_some()
    }

    /// Whether what was read as a key is a placeholder that may bring members, and what follows is none of its
    /// value: `{${members}}`, `{"a": "b", {{more}}}`, `{${members} "a": "b"}`.
    fn is_handed_over(&self) -> bool {
        let Some(key) = self.arena.nodes.last().filter(|node| node.kind == Kind::Key) else { return false };
        placeholder_at(self.text, key.start as usize) == Some(key.span().len() as usize)
            && match self.bytes.get(self.at) {
                Some(b',' | b'}') => self.bytes.get(scan::skip_space(self.bytes, self.at + 1)) != Some(&b':'),
                Some(b'"') => self.is_member(self.at),
                _ => false,
            }
    }

    /// No colon after a key. False when there can be no value either.
    #[cold]
    pub(super) fn odd_colon(&mut self) -> bool {
        let start = self.at;
        let key_end = self.last_end();
        if self.is_handed_over() {
            self.push_invalid(key_end, key_end);
            return false;
        }
        match self.bytes.get(start) {
            Some(b',' | b'{' | b'}' | b'[' | b']' | b'\'' | b'\\')
                if self.bytes.get(scan::skip_space(self.bytes, start + 1)) == Some(&b':') =>
            {
                self.fault(FaultKind::UnexpectedCharacter, start, start + 1);
                self.at = scan::skip_space(self.bytes, start + 1) + 1;
                true
            }
            Some(b'=' | b'-') if self.bytes[start] == b'=' || self.bytes.get(start + 1) == Some(&b'>') => {
                while matches!(self.bytes.get(self.at), Some(b'=' | b'>' | b'-' | b':')) {
                    self.at += 1;
                }
                self.fault(FaultKind::EqualsSign, start, self.at);
                true
            }
            Some(_) if self.text[start..].starts_with(WIDE_COLON) => {
                self.at += WIDE_COLON.len_utf8();
                self.fault(FaultKind::EqualsSign, start, self.at);
                true
            }
            Some(b';') => {
                self.at += 1;
                self.fault(FaultKind::MissingColon, start, self.at);
                true
            }
            Some(byte @ (b',' | b'}' | b']')) => {
                if *byte != b']' && self.string_for_member() {
                    return false;
                }
                // A bracket that does not belong here is told of itself.
                if *byte != b']' {
                    self.fault(FaultKind::MissingValue, key_end, key_end);
                }
                self.push_invalid(key_end, key_end);
                false
            }
            Some(_) => {
                self.fault(FaultKind::MissingColon, key_end, key_end);
                true
            }
            None => {
                self.push_invalid(key_end, key_end);
                false
            }
        }
    }

    /// `"a": "x" "y"}`: what was taken for a key after a missing comma is none.
    fn string_for_member(&mut self) -> bool {
        let Some(&last) = self.arena.nodes.last() else { return false };
        let end = self.end_before(last.start as usize);
        let is_after = |fault: &super::Fault| {
            fault.kind == FaultKind::MissingComma && fault.span == Span::from_usize(end, end)
        };
        if self.lost || !self.arena.faults.last().is_some_and(is_after) {
            return false;
        }
        self.arena.faults.pop();
        self.arena.nodes.pop();
        self.guess(FaultKind::UnexpectedCharacter, last.start as usize, last.end as usize);
        true
    }

    /// A value that JSON does not know.
    #[cold]
    pub(super) fn odd_value(&mut self) {
        let start = self.at;
        let Some(character) = self.character() else {
            // The end of the text is told once, for the container.
            self.push_invalid(start, start);
            return;
        };
        if self.placeholder(Kind::Placeholder) {
            return;
        }
        match character {
            ',' | '}' | ']' => {
                let at = self.end_before(start);
                self.fault(FaultKind::MissingValue, at, at);
                self.push_invalid(at, at);
            }
            ':' | '=' => self.extra_colons(),
            _ if is_quote(character) => self.other_quotes(Kind::String),
            '+' | '.' if self.bytes.get(start + 1).is_some_and(u8::is_ascii_digit) => self.odd_number(),
            _ => self.bare_words(),
        }
    }

    /// `"a":: 1`: more than one colon.
    fn extra_colons(&mut self) {
        let start = self.at;
        let mut end = start;
        while matches!(self.bytes.get(self.at), Some(b':' | b'=')) {
            self.at += 1;
            end = self.at;
            self.space();
        }
        self.fault(FaultKind::UnexpectedCharacter, start, end);
        self.value();
    }

    /// Something that fits nowhere: skips to where a member may end.
    pub(super) fn skip_unexpected(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let len =
            rest[first..].find([',', '}', ']', '\n', '"', '{', '[']).map_or(rest.len(), |len| first + len);
        let words = rest[..len].trim_end().len();
        let shown = if rest.starts_with(char::is_alphanumeric) { words } else { first };
        self.guess(FaultKind::UnexpectedCharacter, start, start + shown);
        self.at = start + len;
        if self.arena.nodes.last().is_none_or(|node| node.kind == Kind::Key) {
            self.push_invalid(start, start + words.max(first));
        }
    }

    fn push_invalid(&mut self, start: usize, end: usize) {
        let at = std::mem::replace(&mut self.at, end);
        self.scalar(Kind::Invalid, start, Flags::BARE);
        self.at = at;
    }

    /// Reads a comment, or a character that looks like white space and is none, if one is here.
    #[cold]
    pub(super) fn odd_space(&mut self) -> bool {
        let start = self.at;
        let rest = &self.bytes[start..];
        if rest.starts_with(b"/*") {
            let Some(len) = memchr::memmem::find(&rest[2..], b"*/") else {
                self.at = self.bytes.len();
                self.guess(FaultKind::Comment, start, start + self.text[start..].trim_end().len());
                return true;
            };
            self.at = start + len + 4;
            self.fault(FaultKind::Comment, start, self.at);
            return true;
        }
        if rest.starts_with(b"//") || rest.starts_with(b"#") {
            self.at = self.line_end(start);
            self.fault(FaultKind::Comment, start, self.at);
            return true;
        }
        let rest = &self.text[start..];
        let len = rest.find(|character| !is_odd_space(character)).unwrap_or(rest.len());
        if len > 0 {
            self.at += len;
            self.fault(FaultKind::UnexpectedCharacter, start, self.at);
        }
        len > 0
    }

    /// The end of the line that holds an offset, its trailing white space left out.
    pub(super) fn line_end(&self, from: usize) -> usize {
        let rest = &self.text[from..];
        let line = rest.find(['\n', '\r']).map_or(rest, |len| &rest[..len]);
        let first = line.chars().next().map_or(0, char::len_utf8);
        from + line.trim_end().len().max(first)
    }

    /// Whether what only looks like white space stands at an offset.
    pub(super) fn odd_space_at(&self, at: usize) -> bool {
        self.text[at..].starts_with(is_odd_space)
    }

    /// The character here.
    fn character(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// The text from an offset on, cut to the reach of a guess.
    fn window(&self, from: usize) -> &str {
        let end = self.text.floor_char_boundary(from.saturating_add(REACH));
        &self.text[from..end]
    }

    fn is_object(&self, index: u32) -> bool {
        self.arena.nodes[index as usize].kind == Kind::Object
    }

    /// Where what was read last ends: a scalar, a container, or the bracket of an empty one.
    fn last_end(&self) -> usize {
        self.arena.nodes.last().map_or(0, |node| node.end as usize).max(self.closed)
    }

    /// Whether what follows a quote is what follows a value.
    fn closes_value(&self, after: usize) -> bool {
        let next = self.bytes.get(scan::skip_space(self.bytes, after));
        next.is_none_or(|next| matches!(next, b',' | b'}' | b']'))
    }

    /// Whether a colon, or what stands for one, follows a key.
    fn is_colon(&self, after: usize) -> bool {
        matches!(self.bytes.get(scan::skip_space(self.bytes, after)), Some(b':' | b'='))
    }

    /// The end of what stands before the white space before an offset.
    pub(super) fn end_before(&self, offset: usize) -> usize {
        self.bytes[..offset].iter().rposition(|byte| !is_space(*byte)).map_or(offset, |last| last + 1)
    }

    /// Goes back to an offset, or to the comma before it.
    fn back_to_comma(&mut self, offset: usize) {
        let before = self.end_before(offset);
        let comma = before.checked_sub(1).filter(|at| self.bytes[*at] == b',');
        self.at = comma.unwrap_or(offset);
    }

    /// Takes back the faults from an offset on that meet a condition: what they were said of is
    /// read again, otherwise.
    fn take_back(&mut self, condition: impl Fn(&super::Fault) -> bool, from: usize) {
        while self.arena.faults.last().is_some_and(|last| last.span.start >= narrow(from) && condition(last))
        {
            self.arena.faults.pop();
        }
    }
}

/// What editors show as white space, or do not show, and JSON does not allow.
fn is_odd_space(character: char) -> bool {
    (character.is_whitespace() && !matches!(character, ' ' | '\n' | '\r' | '\t'))
        || (character.is_control() && !character.is_whitespace())
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// The mark that a line is fenced with as in Markdown, and how often it stands there.
fn fence_of(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let len = line.len() - line.trim_start_matches(mark).len();
    (len >= 3).then_some((mark, len))
}

/// The line that closes a fence, after the offset where the line ends that opens it.
fn closing_fence(text: &str, opened: usize, (mark, len): (char, usize)) -> Option<Span> {
    let mut end = opened;
    text[opened..].split_inclusive('\n').find_map(|line| {
        let start = end;
        end += line.len();
        let line = line.trim_end();
        let closes = start > opened && line.len() >= len && line.chars().all(|other| other == mark);
        closes.then(|| Span::from_usize(start, start + line.len()))
    })
}
