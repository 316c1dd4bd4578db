//! The inner loops: many bytes at a time, without `unsafe`.

use fearless_simd::{Level, Simd, dispatch};

use crate::text::vector::{self, BLOCK};

/// The little-endian word at an offset, if eight bytes are left.
#[inline]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let chunk = bytes.get(at..)?.first_chunk::<8>()?;
    Some(u64::from_le_bytes(*chunk))
}

/// The offset, from `at` on, of the first byte that a string's text may not simply hold: a quote,
/// a backslash or a control character. The length where there is none.
pub fn string_end(bytes: &[u8], at: usize) -> usize {
    dispatch!(Level::new(), simd => string_end_with(simd, bytes, at))
}

/// The same, to be inlined into what is compiled for a processor.
#[inline(always)]
pub fn string_end_with<S: Simd>(simd: S, bytes: &[u8], at: usize) -> usize {
    let mut here = at;
    while let Some(block) = bytes.get(here..here + BLOCK).and_then(<[u8]>::first_chunk) {
        let found = vector::string_ends(simd, block);
        if found != 0 {
            return here + found.trailing_zeros() as usize;
        }
        here += BLOCK;
    }
    // Where less than a block is left, the text's last block is looked at, but for what was before.
    let rest = bytes.get(here..).unwrap_or_default();
    if let Some(block) = bytes.last_chunk() {
        let found = vector::string_ends(simd, block) >> (BLOCK - rest.len());
        return if found == 0 { bytes.len() } else { here + found.trailing_zeros() as usize };
    }
    let is_end = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    here + rest.iter().position(is_end).unwrap_or(rest.len())
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
            let other = word ^ u64::from_le_bytes([b' '; 8]);
            if other != 0 {
                at += (other.trailing_zeros() / 8) as usize;
                break;
            }
            at += 8;
        }
    }
}
