//! Escapes of JSON's strings.

use fearless_simd::{Level, dispatch};

use crate::text::vector;

/// Resolves the escapes of a string's inner text.
///
/// Never fails: an escape that JSON does not know stands for the character after the backslash,
/// and half of a surrogate pair for U+FFFD.
#[must_use]
pub fn decode(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut read = 0;
    for escape in escapes(inner) {
        text.push_str(&inner[read..escape.start]);
        text.push(escape.character);
        read = escape.end;
    }
    text.push_str(&inner[read..]);
    text
}

/// An escape in a string's inner text.
pub(super) struct Escape {
    /// The offset of its backslash.
    pub start: usize,
    /// The offset after it.
    pub end: usize,
    /// What it stands for, as [`decode`] reads it.
    pub character: char,
}

/// The escapes of a string's inner text, in its order.
pub(super) const fn escapes(inner: &str) -> Escapes<'_> {
    Escapes { inner, next_block: 0, backslashes: 0, read: 0 }
}

/// See [`escapes`].
pub(super) struct Escapes<'t> {
    inner: &'t str,
    /// Where the block begins that was not looked at yet.
    next_block: usize,
    /// Those backslashes of the block before it that were not looked at yet.
    backslashes: u64,
    /// Where the last escape ends.
    read: usize,
}

/// Bytes that are looked at together.
const BLOCK: usize = 64;

impl Iterator for Escapes<'_> {
    type Item = Escape;

    #[inline(always)]
    fn next(&mut self) -> Option<Escape> {
        loop {
            while self.backslashes == 0 {
                let rest = self.inner.as_bytes().get(self.next_block..).filter(|rest| !rest.is_empty())?;
                self.backslashes = backslashes(rest);
                self.next_block += BLOCK;
            }
            let start = self.next_block - BLOCK + self.backslashes.trailing_zeros() as usize;
            self.backslashes &= self.backslashes - 1;
            // The second of two begins no escape.
            if start >= self.read {
                let (character, len) = escape(&self.inner[start..]);
                self.read = start + len;
                return Some(Escape { start, end: self.read, character });
            }
        }
    }
}

/// The backslashes of a text's first block, as bits; the first byte's is the lowest.
fn backslashes(text: &[u8]) -> u64 {
    let mut last = [0; BLOCK];
    let block = text.first_chunk().unwrap_or_else(|| {
        last[..text.len()].copy_from_slice(text);
        &last
    });
    dispatch!(Level::new(), simd => vector::places(simd, block, b'\\'))
}

/// The character that an escape at the start of `text` stands for, and the escape's length.
#[inline]
fn escape(text: &str) -> (char, usize) {
    let simple = match text.as_bytes().get(1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'n') => '\n',
        _ => return rare_escape(text),
    };
    (simple, 2)
}

fn rare_escape(text: &str) -> (char, usize) {
    let Some(kind) = text[1..].chars().next() else { return ('\\', 1) };
    let simple = match kind {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode_escape(text),
        other => other,
    };
    (simple, 1 + kind.len_utf8())
}

fn unicode_escape(text: &str) -> (char, usize) {
    let Some(first) = code_unit(text) else { return ('u', 2) };
    if let Some(character) = char::from_u32(first) {
        return (character, 6);
    }
    if first < 0xDC00
        && let Some(second) = text.get(6..).filter(|rest| rest.starts_with("\\u")).and_then(code_unit)
        && (0xDC00..0xE000).contains(&second)
    {
        let joined = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return (char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
    }
    (char::REPLACEMENT_CHARACTER, 6)
}

/// The code unit of `\uXXXX` at the start of `text`.
fn code_unit(text: &str) -> Option<u32> {
    let digits = text.get(2..6)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}
