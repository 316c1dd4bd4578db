//! Words and numbers that JSON does not know.

use super::{is_odd_space, is_space};
use crate::json::FaultKind;
use crate::json::document::{Flags, Kind};
use crate::json::parse::{Parser, continues_word};
use crate::json::placeholder::balanced;

impl Parser<'_, '_> {
    /// A number with something wrong in it.
    #[cold]
    pub(in crate::json::parse) fn odd_number(&mut self) {
        let start = self.at;
        let ends = |character: char| match u8::try_from(character) {
            Ok(byte) if byte.is_ascii() => !continues_word(byte),
            _ => is_odd_space(character),
        };
        let len = self.text[start..].find(ends);
        let end = len.map_or(self.bytes.len(), |len| start + len);
        if end == self.bytes.len() && !self.arena.open.is_empty() {
            self.at = end;
            self.scalar(Kind::Invalid, start, Flags::BARE);
            return;
        }
        let number = &self.text[start..end];
        if self.bytes.get(end) == Some(&b'"') || self.goes_on_as_words(end) {
            self.bare_words();
            return;
        }
        self.at = end;
        if !number.contains(|character: char| character.is_ascii_digit()) {
            self.fault(FaultKind::BareWord, start, end);
            self.scalar(Kind::Invalid, start, Flags::MALFORMED);
            return;
        }
        let starts = number.trim_start_matches(['+', '-']);
        let is_number = starts.starts_with(|first: char| first.is_ascii_digit() || first == '.');
        self.fault(FaultKind::BadNumber, start, end);
        self.scalar(if is_number { Kind::Number } else { Kind::Invalid }, start, Flags::MALFORMED);
    }

    /// Whether what follows a number belongs to it: `2026-01-01T10:00`, `+49 30 1234`.
    fn goes_on_as_words(&self, end: usize) -> bool {
        let in_array = self.arena.open.last().is_some_and(|top| !self.is_object(*top));
        let rest = &self.text[end..];
        let next = if in_array { rest } else { rest.trim_start_matches([' ', '\t']) };
        next.starts_with(|c: char| {
            c.is_alphanumeric() || matches!(c, ':' | '(' | '*' | '+' | '-' | '/' | '%')
        }) && !next.starts_with("//")
            && !next.starts_with("/*")
    }

    /// Words without quotes, up to what ends a value; or all up to a quote that can only be the
    /// closing one.
    pub(super) fn bare_words(&mut self) {
        let start = self.at;
        let stop = self.words_end(start);
        // A semicolon after them was meant for a comma.
        let end = start + self.text[start..stop].trim_end_matches([';', ' ', '\t']).len();
        let has_word = self.text[start..end].contains(char::is_alphanumeric);
        let quote = self.quote_on_line(start);
        if let Some(quote) = quote
            && (has_word || quote > end)
            && self.closes_value(quote + 1)
            && (quote + 1 < self.bytes.len() || quote == stop)
        {
            self.at = quote + 1;
            self.fault(FaultKind::UnopenedString, start, self.at);
            self.scalar(Kind::String, start, Flags::BARE);
            return;
        }
        if !has_word {
            self.skip_unexpected();
            return;
        }
        self.at = end;
        if stop < self.bytes.len() || self.arena.open.is_empty() {
            let at_root = self.arena.open.is_empty();
            self.fault_at(FaultKind::BareWord, super::Span::from_usize(start, end), None, at_root);
        }
        self.scalar(Kind::Invalid, start, Flags::BARE);
    }

    /// Where words end: before a bracket, comma, quote or comment. A colon ends them unless it is
    /// inside a word, as in a time or an address; what is in parentheses does not.
    fn words_end(&self, start: usize) -> usize {
        let mut at = start;
        while let Some(&byte) = self.bytes.get(at) {
            let next = self.bytes.get(at + 1).copied().unwrap_or(b' ');
            match byte {
                b'"' if at > start && self.bytes[at - 1] == b'\\' => at += 1,
                b',' | b'{' | b'}' | b'[' | b']' | b'"' | b'\n' | b'\r' => return at,
                b':' if is_space(next) || next == b'"' => return at,
                b'#' if at > start && is_space(self.bytes[at - 1]) => return at,
                b'/' if matches!(next, b'/' | b'*') && at > start && is_space(self.bytes[at - 1]) => {
                    return at;
                }
                b'(' => at = balanced(self.bytes, at, b'(', b')').unwrap_or(at + 1),
                _ => at += 1,
            }
        }
        at
    }

    /// The first quote from an offset on, if it is on the same line.
    fn quote_on_line(&mut self, from: usize) -> Option<usize> {
        if self.mark < from {
            // One that is escaped is part of the text.
            let is_escaped = |at: usize| at > from && self.bytes[at] == b'"' && self.bytes[at - 1] == b'\\';
            let mut ends =
                memchr::memchr3_iter(b'"', b'\n', b'\r', &self.bytes[from..]).map(|len| from + len);
            self.mark = ends.find(|at| !is_escaped(*at)).unwrap_or(self.bytes.len());
        }
        Some(self.mark).filter(|mark| self.bytes.get(*mark) == Some(&b'"'))
    }
}
