//! Strings that need a second look, numbers, and words.

use super::{Parser, continues_word, is_short_escape};
use crate::json::FaultKind;
use crate::json::document::{Flags, Kind};
use crate::json::placeholder::placeholder_at;
use crate::json::scan;

impl Parser<'_, '_> {
    /// Reads the string that starts at `start` from its first byte that is not plain text.
    pub(super) fn rest_of_string(&mut self, start: usize, mut at: usize) -> Flags {
        let mut flags = Flags::default();
        let mut control = false;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return flags;
                }
                Some(b'\\') => {
                    flags = flags.with(Flags::ESCAPED);
                    at = self.escape(start, at);
                }
                Some(b'\n' | b'\r') if self.string_ends_with_line(start, at) => {
                    return self.unclosed_string(start, at).with(flags);
                }
                Some(_) => {
                    let end = if self.bytes[at..].starts_with(b"\r\n") { at + 2 } else { at + 1 };
                    if !control {
                        self.fault(FaultKind::ControlCharacter, at, end);
                        control = true;
                    }
                    // What was said of the first of several line breaks holds of all.
                    at = scan::skip_space(self.bytes, end);
                }
                None => return self.unclosed_string(start, at).with(flags),
            }
            at = scan::string_end(self.bytes, at);
        }
    }

    /// Reads an escape of the string that starts at `start`; returns the offset after it.
    fn escape(&mut self, start: usize, at: usize) -> usize {
        match self.bytes.get(at + 1) {
            Some(byte) if is_short_escape(*byte) => at + 2,
            Some(b'u') => {
                let digits =
                    self.bytes[at + 2..].iter().take(4).take_while(|byte| byte.is_ascii_hexdigit()).count();
                // Where the text ends, it is the string that is not closed.
                if digits < 4 && at + 2 + digits < self.bytes.len() {
                    self.fault(FaultKind::BadEscape, at, at + 2 + digits);
                }
                at + 2 + digits
            }
            Some(byte) if *byte >= 0x20 => {
                let len = self.text[at + 1..].chars().next().map_or(1, char::len_utf8);
                self.fault(FaultKind::BadEscape, at, at + 1 + len);
                at + 1 + len
            }
            Some(b'\n' | b'\r') if !self.string_ends_with_line(start, at + 1) => {
                let end = if self.bytes[at + 1..].starts_with(b"\r\n") { at + 3 } else { at + 2 };
                self.fault(FaultKind::BadEscape, at, end);
                end
            }
            Some(_) => {
                self.fault(FaultKind::BadEscape, at, at + 1);
                at + 1
            }
            None => at + 1,
        }
    }

    pub(super) fn number(&mut self) {
        let start = self.at;
        let bytes = self.bytes;
        let digits = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let whole = start + usize::from(bytes[start] == b'-');
        let mut at = digits(whole);
        let mut good = at > whole;
        let zero = at > whole + 1 && bytes[whole] == b'0';
        if bytes.get(at) == Some(&b'.') {
            let end = digits(at + 1);
            good &= end > at + 1;
            at = end;
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            let end = digits(at + 1 + sign);
            good &= end > at + 1 + sign;
            at = end;
        }
        if !good || bytes.get(at).is_some_and(|byte| self.goes_on(*byte, at) || self.is_glued(*byte, at)) {
            self.odd_number();
            return;
        }
        self.at = at;
        let mut flags = Flags::default();
        if zero {
            let zeros = bytes[whole..at].iter().take_while(|byte| **byte == b'0').count();
            let keep = usize::from(!bytes.get(whole + zeros).is_some_and(u8::is_ascii_digit));
            self.fault(FaultKind::LeadingZero, whole, whole + zeros - keep);
            flags = Flags::MALFORMED;
        }
        self.scalar(Kind::Number, start, flags);
    }

    /// Whether what follows a number makes it something else that people write: `10%`, `10:30`.
    #[inline]
    fn is_glued(&self, byte: u8, at: usize) -> bool {
        match byte {
            b'%' => placeholder_at(self.text, at).is_none(),
            b':' => self.bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
            _ => false,
        }
    }

    /// Reads a word if it stands here whole.
    #[inline]
    pub(super) fn word(&mut self, word: &str) -> bool {
        let end = self.at + word.len();
        let here = self.bytes[self.at..].starts_with(word.as_bytes())
            && !self.bytes.get(end).is_some_and(|byte| self.goes_on(*byte, end));
        if here {
            self.at = end;
        }
        here
    }

    /// Whether the byte after a number or literal makes it another word.
    #[inline]
    fn goes_on(&self, byte: u8, at: usize) -> bool {
        continues_word(byte) && (byte < 0x80 || !self.odd_space_at(at))
    }
}
