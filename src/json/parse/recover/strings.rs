//! Strings and keys with a quote missing, one too many, or the wrong ones.

use super::{REACH, is_space};
use crate::json::FaultKind;
use crate::json::document::{Flags, Kind, Node};
use crate::json::parse::{Parser, narrow};
use crate::json::scan;
use crate::text::Span;

/// How many quotes a string may hold unescaped and still be recognised.
const MOST_QUOTES: usize = 8;

impl Parser<'_, '_> {
    /// Whether what follows the last node, `byte`, shows that a quote of it is missing or one is
    /// too many; then it is mended.
    pub(super) fn mend_string(&mut self, top: u32, last: Node, byte: u8) -> bool {
        if last.end as usize != self.at || last.flags.has(Flags::BARE) {
            return false;
        }
        match last.kind {
            Kind::String if byte == b'"' => self.extra_quote_after(),
            Kind::String => {
                self.take_in_json(last)
                    || self.give_back_comma(top, last)
                    || self.extra_quote_before(last)
                    || self.take_in_quotes(last)
            }
            Kind::Number | Kind::Boolean | Kind::Null if byte == b'"' => self.take_in_quote(last),
            _ => false,
        }
    }

    /// `"value,"key":…`: a value that lost its closing quote took in the comma after it.
    fn give_back_comma(&mut self, top: u32, node: Node) -> bool {
        let inner = Span::new(node.start + 1, node.end - 1).slice(self.text);
        let Some(kept) = inner.trim_end().strip_suffix(',') else { return false };
        let next = self.window(self.at).find(['"', '\n']).map(|len| self.at + len);
        let key_follows = next.is_some_and(|quote| self.bytes[quote] == b'"' && self.is_colon(quote + 1));
        if self.is_object(top) && !key_follows {
            return false;
        }
        let (brackets, _) = self.trailing_brackets(kept);
        let start = node.start as usize;
        let end = start + 1 + kept[..kept.len() - brackets].trim_end().len();
        self.take_back(|_| true, end);
        self.fault(FaultKind::UnclosedString, start, end);
        self.cut_last(end);
        true
    }

    /// `"value"",`: a quote too many after a string.
    fn extra_quote_after(&mut self) -> bool {
        if !self.closes_value(self.at + 1) {
            return false;
        }
        // It may be the first of a string of its own, before which a comma is missing.
        let after = self.at + 1;
        let line = self.window(after);
        let is_string = line
            .find(['"', '\n'])
            .map(|len| after + len)
            .filter(|end| self.bytes[*end] == b'"')
            .is_some_and(|end| self.closes_value(end + 1) || self.is_colon(end + 1));
        if !is_string {
            self.fault(FaultKind::ExtraQuote, self.at, after);
            self.at = after;
        }
        !is_string
    }

    /// `""value",`: a quote too many before a string.
    fn extra_quote_before(&mut self, node: Node) -> bool {
        let is_extra = self.end_of_doubled(node).is_some_and(|end| self.closes_value(end));
        if is_extra {
            self.read_without_first(node);
        }
        is_extra
    }

    /// Where a string ends that was read as an empty one, if a quote too many stands before it.
    fn end_of_doubled(&self, node: Node) -> Option<usize> {
        let inner = Span::new(node.start + 1, node.end - 1).slice(self.text);
        let is_empty = inner.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
        if !is_empty || self.bytes.get(self.at).is_none_or(|byte| is_space(*byte)) {
            return None;
        }
        let line = self.window(self.at);
        let len = line.find(['"', '\n', '\r'])?;
        let ends =
            line[len..].starts_with('"') && !matches!(line[..len].chars().next_back(), None | Some('\\'));
        ends.then_some(self.at + len + 1)
    }

    /// Reads the last node, an empty string, again from its second quote on.
    fn read_without_first(&mut self, node: Node) {
        self.arena.nodes.pop();
        let start = node.end as usize - 1;
        self.fault(FaultKind::ExtraQuote, node.start as usize, node.start as usize + 1);
        self.at = start;
        let flags = self.string();
        self.scalar(node.kind, start, flags);
    }

    /// `"says "hi" to"`: quotes inside a string that are not escaped.
    fn take_in_quotes(&mut self, node: Node) -> bool {
        let window = self.window(self.at).as_bytes();
        for quote in memchr::memchr2_iter(b'"', b'\n', window).map(|len| self.at + len).take(MOST_QUOTES) {
            let before = self.bytes[self.end_before(quote) - 1];
            if self.bytes[quote] == b'\n' || matches!(before, b',' | b':' | b'{' | b'[') {
                return false;
            }
            if self.closes_value(quote + 1) {
                let escaped = self.bytes[self.at..quote].contains(&b'\\');
                self.fault(FaultKind::UnexpectedCharacter, node.end as usize - 1, node.end as usize);
                self.at = quote + 1;
                let end = narrow(self.at);
                if let Some(last) = self.arena.nodes.last_mut() {
                    last.end = end;
                    last.flags = if escaped { last.flags.with(Flags::ESCAPED) } else { last.flags };
                }
                return true;
            }
        }
        false
    }

    /// `"{"a": "b"}"`: JSON in a string, of which no quote is escaped.
    fn take_in_json(&mut self, node: Node) -> bool {
        let inner = Span::new(node.start + 1, node.end - 1).slice(self.text);
        let is_opening =
            inner.contains(['{', '[']) && inner.bytes().all(|byte| matches!(byte, b'{' | b'[' | b' '));
        let Some(end) =
            Some(node.start as usize + 1).filter(|_| is_opening).and_then(|at| self.end_of_json(at))
        else {
            return false;
        };
        let has_escapes = self.bytes[node.start as usize..end].contains(&b'\\');
        self.fault(FaultKind::BareQuotes, node.end as usize - 1, node.end as usize);
        self.at = end;
        if let Some(last) = self.arena.nodes.last_mut() {
            last.end = narrow(end);
            last.flags = Flags::MALFORMED;
            // Whether those are the string's or the JSON's is not known.
            last.kind = if has_escapes { Kind::Invalid } else { Kind::String };
        }
        true
    }

    /// Where a string ends that is JSON from an offset on to its end, after its quote.
    fn end_of_json(&self, start: usize) -> Option<usize> {
        const FAR: usize = 4 * REACH;
        let bytes = &self.bytes[..self.bytes.len().min(start + FAR)];
        let (mut depth, mut quoted, mut at) = (0usize, false, start);
        loop {
            match bytes.get(at)? {
                b'\n' | b'\r' => return None,
                b'\\' if quoted => at += 1,
                b'"' if !quoted && depth == 0 => break,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => depth += 1,
                b'}' | b']' if !quoted => depth = depth.checked_sub(1)?,
                byte if depth == 0 && !is_space(*byte) => return None,
                _ => {}
            }
            at += 1;
        }
        self.closes_value(at + 1).then_some(at + 1)
    }

    /// `123"`: a string whose opening quote is missing, and that would be a value without the other.
    fn take_in_quote(&mut self, node: Node) -> bool {
        if !self.closes_value(self.at + 1) {
            return false;
        }
        self.at += 1;
        self.take_back(|_| true, node.start as usize);
        self.fault(FaultKind::UnopenedString, node.start as usize, self.at);
        self.cut_last(self.at);
        if let Some(last) = self.arena.nodes.last_mut() {
            last.kind = Kind::String;
        }
        true
    }

    /// After a key that is not followed by its colon: one that took in its colon has lost its
    /// closing quote, as `"name: "value"` and `"count:1,"name":…` have.
    #[cold]
    pub(in crate::json::parse) fn check_key(&mut self, start: usize) {
        let Some(&key) = self.arena.nodes.last() else { return };
        let next = self.bytes.get(self.at).copied();
        if key.flags.has(Flags::BARE)
            || self.at - start > REACH
            || next.is_none_or(|next| is_space(next) || matches!(next, b',' | b'}' | b']' | b'='))
            || self.mend_doubled_key(key, next)
            || self.take_in_quote_of_key(key)
        {
            return;
        }
        let inner = Span::new(key.start + 1, key.end - 1).slice(self.text);
        // What begins a comment begins a path, too: `"url: "/api/…"`.
        if matches!(next, Some(b'"' | b'/' | b'#')) && !inner.trim_end().ends_with(':') {
            return;
        }
        let Some(end) = key_before_colon(inner) else { return };
        let end = start + 1 + end;
        self.take_back(|_| true, end);
        self.fault(FaultKind::UnclosedString, start, end);
        self.cut_last(end);
    }

    /// `""key":` and `"key"":`, which have a quote too many.
    fn mend_doubled_key(&mut self, key: Node, next: Option<u8>) -> bool {
        if next == Some(b'"') {
            let after = self.at + 1;
            let colon = scan::skip_space(self.bytes, after);
            // The colon may be a string's: `"key"":",`.
            let is_string = self.bytes.get(colon + 1) == Some(&b'"') && self.closes_value(colon + 2);
            let is_extra = self.is_colon(after) && !is_string;
            if is_extra {
                self.fault(FaultKind::ExtraQuote, self.at, after);
                self.at = after;
            }
            return is_extra;
        }
        let is_extra = self.end_of_doubled(key).is_some_and(|end| self.is_colon(end));
        if is_extra {
            self.read_without_first(key);
        }
        is_extra
    }

    /// `"or"der":`: a quote inside a key that is not escaped. What the key is called is a guess.
    fn take_in_quote_of_key(&mut self, key: Node) -> bool {
        let line = self.window(self.at);
        let stop = line.find(['"', ':', ',', '{', '}', '[', ']', '\n', '\r']).map(|len| self.at + len);
        let Some(quote) = stop.filter(|stop| self.bytes[*stop] == b'"' && self.is_colon(stop + 1)) else {
            return false;
        };
        let inner = Span::new(key.start + 1, key.end - 1).slice(self.text);
        if quote == self.at || inner.contains(':') {
            return false;
        }
        self.guess(FaultKind::UnexpectedCharacter, key.end as usize - 1, key.end as usize);
        self.at = quote + 1;
        let end = narrow(self.at);
        if let Some(last) = self.arena.nodes.last_mut() {
            last.end = end;
        }
        true
    }

    /// A string in quotes of another kind, closed by such a one on the same line.
    pub(super) fn other_quotes(&mut self, kind: Kind) {
        let start = self.at;
        let rest = &self.text[start..];
        let double = rest.starts_with(is_double);
        let mut flags = Flags::BARE;
        let mut end = None;
        let mut escaped = false;
        for (at, character) in rest.char_indices().skip(1) {
            if matches!(character, '\n' | '\r') {
                break;
            }
            if escaped {
                escaped = false;
            } else if character == '\\' {
                escaped = true;
                flags = flags.with(Flags::ESCAPED);
            } else if if double { is_double(character) } else { is_single(character) } {
                let after = at + character.len_utf8();
                end = Some(after);
                // Not an apostrophe.
                if !rest[after..].starts_with(char::is_alphanumeric) {
                    break;
                }
            }
        }
        if let Some(len) = end {
            self.at = start + len;
            self.fault(FaultKind::WrongQuotes, start, self.at);
        } else {
            let ends: &[char] =
                if kind == Kind::Key { &[':', '=', '\n', '\r'] } else { &[',', '}', ']', '\n', '\r'] };
            let len = rest.find(ends).unwrap_or(rest.len());
            self.at = start + rest[..len].trim_end().len();
            self.guess(FaultKind::UnclosedString, start, self.at);
        }
        self.scalar(kind, start, flags);
    }

    /// Whether a string that has met a line break was meant to end on its line.
    pub(in crate::json::parse) fn string_ends_with_line(&self, start: usize, at: usize) -> bool {
        let next = scan::skip_space(self.bytes, at);
        let comma =
            self.end_before(at).checked_sub(1).is_some_and(|last| last > start && self.bytes[last] == b',');
        match self.bytes.get(next) {
            None | Some(b'}' | b']') => true,
            // A quote that could end a value ends this one, which holds a line break.
            Some(b'"') => comma || !self.closes_value(next + 1),
            Some(b'{' | b'[' | b'/') => comma,
            Some(_) => false,
        }
    }

    /// A string that ends with its line, or with the text.
    #[cold]
    pub(in crate::json::parse) fn unclosed_string(&mut self, start: usize, line_end: usize) -> Flags {
        let line = self.text[start..line_end].trim_ascii_end();
        let at_end = self.text[line_end..].trim_ascii_start().is_empty();
        if self.reads_key() {
            let end = Some(&line[1..]).filter(|inner| inner.len() < REACH).and_then(key_before_colon);
            if let Some(end) = end {
                self.end_string(start, start + 1 + end, false);
                return Flags::BARE;
            }
        }
        let value = line.strip_suffix(',').unwrap_or(line);
        let (brackets, closed) = self.trailing_brackets(&value[1..]);
        let at_root = self.arena.open.is_empty();
        if at_end && (at_root || closed < self.arena.open.len()) {
            self.end_string(start, start + line.len(), true);
        } else {
            self.end_string(start, start + value[..value.len() - brackets].trim_ascii_end().len(), false);
        }
        Flags::BARE
    }

    fn end_string(&mut self, start: usize, end: usize, lost: bool) {
        self.take_back(|_| true, end);
        self.at = end;
        self.fault_at(FaultKind::UnclosedString, Span::from_usize(start, end), None, lost);
    }

    /// Whether the string being read is a key.
    fn reads_key(&self) -> bool {
        self.arena.open.last().is_some_and(|top| self.is_object(*top))
            && self.arena.nodes.last().is_some_and(|last| last.kind != Kind::Key)
    }
}

/// Where a key ends that took in its colon and more.
fn key_before_colon(inner: &str) -> Option<usize> {
    let colon = inner.find(':')?;
    Some(inner[..colon].trim_end().len()).filter(|len| *len > 0)
}

const fn is_double(character: char) -> bool {
    matches!(character, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}')
}

const fn is_single(character: char) -> bool {
    matches!(character, '\'' | '`' | '\u{b4}' | '\u{2018}' | '\u{2019}' | '\u{201a}')
}
