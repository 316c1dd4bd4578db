//! The inner loops: sixteen or eight bytes at a time, without `unsafe`.

use crate::text::vector;

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

const fn splat(byte: u8) -> u64 {
    LOW * byte as u64
}

/// The little-endian word at an offset, if eight bytes are left.
#[inline]
pub fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let chunk = bytes.get(at..)?.first_chunk::<8>()?;
    Some(u64::from_le_bytes(*chunk))
}

/// The offset, from `at` on, of the first byte that a string's text may not simply hold: a quote,
/// a backslash or a control character. The length where there is none.
#[inline]
pub fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(block) = vector::block(bytes, at) {
        let found = block.string_ends();
        if found != 0 {
            return at + found.trailing_zeros() as usize;
        }
        at += 16;
    }
    while let Some(word) = word(bytes, at) {
        // The quote and the backslash are ASCII, so that one look at the word's high bits is enough
        // to leave out the bytes that are not.
        let control = word.wrapping_sub(splat(0x20));
        let quote = (word ^ splat(b'"')).wrapping_sub(LOW);
        let backslash = (word ^ splat(b'\\')).wrapping_sub(LOW);
        let found = (control | quote | backslash) & !word & HIGH;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(&byte) = bytes.get(at) {
        if byte == b'"' || byte == b'\\' || byte < 0x20 {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// The offset of the first byte from `at` on that is not JSON white space.
#[inline]
pub fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\n' | b'\r' | b'\t') => at += 1,
            _ => return at,
        }
        // Indentation is spaces, mostly.
        while let Some(word) = word(bytes, at) {
            let other = word ^ splat(b' ');
            if other != 0 {
                at += (other.trailing_zeros() / 8) as usize;
                break;
            }
            at += 8;
        }
    }
}
