//! Texts that are in UTF-16, which JSON may not be.

use crate::text::Span;

/// The two orders of a UTF-16 text's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Utf16 {
    /// The low byte first, as Windows writes it.
    LittleEndian,
    /// The high byte first.
    BigEndian,
}

impl Utf16 {
    /// Recognises it by its byte-order mark or by the zero byte beside each of its first characters,
    /// which in JSON are ASCII. `invalid` are the bytes of the text that are no UTF-8.
    #[must_use]
    pub fn detect(text: &str, invalid: &[Span]) -> Option<Self> {
        let mark = Self::mark(invalid);
        let rest = text.as_bytes().get(mark.range().end..)?;
        let zeros = |at: usize| rest.get(at).map(|byte| *byte == 0);
        let zeros = [zeros(0), zeros(1), zeros(2), zeros(3)];
        match (zeros, mark.is_empty()) {
            ([Some(false), Some(true), Some(false), Some(true)], _)
            | ([Some(false), Some(true), ..], false) => Some(Self::LittleEndian),
            ([Some(true), Some(false), Some(true), Some(false)], _)
            | ([Some(true), Some(false), ..], false) => Some(Self::BigEndian),
            _ => None,
        }
    }

    /// Its byte-order mark, two bytes that UTF-8 has not; empty where there is none.
    #[must_use]
    pub fn mark(invalid: &[Span]) -> Span {
        let first = invalid.first().filter(|run| run.start == 0 && run.len() >= 2);
        Span::new(0, if first.is_some() { 2 } else { 0 })
    }

    /// What the text says, as far as it can be told: bytes that are no UTF-8 are lost.
    #[must_use]
    pub fn decode(self, text: &str, invalid: &[Span]) -> String {
        let rest = &text.as_bytes()[Self::mark(invalid).range().end..];
        let units = rest.chunks_exact(2).map(|pair| {
            let pair = [pair[0], pair[1]];
            match self {
                Self::LittleEndian => u16::from_le_bytes(pair),
                Self::BigEndian => u16::from_be_bytes(pair),
            }
        });
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }
}
