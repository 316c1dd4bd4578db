//! Many bytes at once, as wide as the processor can.
//!
//! The functions are for those that [`dispatch!`](fearless_simd::dispatch) made for a processor: inlined
//! there, they are compiled for it.

use fearless_simd::prelude::*;
use fearless_simd::{u8x32, u8x64};

/// Bytes of a string that are looked at together.
pub const BLOCK: usize = 32;

/// The quotes, backslashes and control characters of a block, as bits; the first byte's is the lowest.
#[inline(always)]
#[must_use]
pub fn string_ends<S: Simd>(simd: S, block: &[u8; BLOCK]) -> u64 {
    let bytes = u8x32::load_array_ref(simd, block);
    (bytes.simd_le(0x1F) | bytes.simd_eq(b'"') | bytes.simd_eq(b'\\')).to_bitmask()
}

/// The bytes of a block that are a certain one, as bits; the first byte's is the lowest.
#[inline(always)]
#[must_use]
pub fn places<S: Simd>(simd: S, block: &[u8; 64], byte: u8) -> u64 {
    u8x64::load_array_ref(simd, block).simd_eq(byte).to_bitmask()
}

/// Bytes of any text that are looked at together.
pub const WINDOW: usize = 64;

/// A window, and the two bytes after it.
pub type Window = [u8; WINDOW + 2];

/// What stands in a window.
#[derive(Clone, Copy)]
pub struct Marks {
    /// The digits, as bits.
    pub digits: u64,
    /// The spaces and hyphens, as bits.
    pub gaps: u64,
    /// Where the words begin that were looked for, as bits.
    pub words: u64,
}

/// Looks at a window for digits, what may stand between them, and short words: some of two letters, and
/// one of three.
#[inline(always)]
#[must_use]
pub fn marks<S: Simd>(simd: S, window: &Window, pairs: [[u8; 2]; 3], triple: [u8; 3]) -> Marks {
    let here = u8x64::from_slice(simd, &window[..WINDOW]);
    let after = u8x64::from_slice(simd, &window[1..=WINDOW]);
    let third = u8x64::from_slice(simd, &window[2..]);
    let digits = (here - b'0').simd_le(9);
    let gaps = here.simd_eq(b' ') | here.simd_eq(b'-');
    let [one, two, three] = pairs.map(|[first, second]| here.simd_eq(first) & after.simd_eq(second));
    let triple = here.simd_eq(triple[0]) & after.simd_eq(triple[1]) & third.simd_eq(triple[2]);
    let words = (one | two | three | triple).to_bitmask();
    Marks { digits: digits.to_bitmask(), gaps: gaps.to_bitmask(), words }
}

/// Where JSON's strings and containers begin and end in 64 bytes, as bits.
pub struct Brackets<S: Simd> {
    bytes: u8x64<S>,
    /// `"`
    pub quotes: u64,
    /// `\`
    pub backslashes: u64,
}

impl<S: Simd> Brackets<S> {
    /// Looks at 64 bytes.
    #[inline(always)]
    #[must_use]
    pub fn of(simd: S, bytes: &[u8; 64]) -> Self {
        let bytes = u8x64::load_array_ref(simd, bytes);
        Self {
            quotes: bytes.simd_eq(b'"').to_bitmask(),
            backslashes: bytes.simd_eq(b'\\').to_bitmask(),
            bytes,
        }
    }

    /// `{` and `[`
    #[inline(always)]
    #[must_use]
    pub fn opens(&self) -> u64 {
        (self.bytes.simd_eq(b'{') | self.bytes.simd_eq(b'[')).to_bitmask()
    }

    /// `}` and `]`
    #[inline(always)]
    #[must_use]
    pub fn closes(&self) -> u64 {
        (self.bytes.simd_eq(b'}') | self.bytes.simd_eq(b']')).to_bitmask()
    }
}
