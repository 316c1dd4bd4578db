//! Sixteen bytes at once.

use wide::u8x16;

/// The bits of the bytes of a block that a test holds for; the first byte's is the lowest.
pub type Mask = u32;

/// Sixteen bytes.
#[derive(Clone, Copy)]
pub struct Block(u8x16);

impl Block {
    /// Takes them.
    #[inline]
    #[must_use]
    pub fn new(bytes: &[u8; 16]) -> Self {
        Self(u8x16::new(*bytes))
    }

    #[inline]
    fn is(self, byte: u8) -> u8x16 {
        self.0.simd_eq(u8x16::splat(byte))
    }

    /// Quotes, backslashes and control characters.
    #[inline]
    #[must_use]
    pub fn string_ends(self) -> Mask {
        let control = self.0.min(u8x16::splat(0x1F)).simd_eq(self.0);
        (control | self.is(b'"') | self.is(b'\\')).to_bitmask()
    }

    /// Digits, spaces and hyphens.
    #[inline]
    #[must_use]
    pub fn digits_and_gaps(self) -> Mask {
        let above = (self.0 - u8x16::splat(b'0')).saturating_sub(u8x16::splat(9));
        (above.simd_eq(u8x16::ZERO) | self.is(b' ') | self.is(b'-')).to_bitmask()
    }

    /// Bytes in `0x20..0x40`, where the digits, the space and the hyphen are.
    #[inline]
    #[must_use]
    pub fn low(self) -> Mask {
        (self.0 & u8x16::splat(0xE0)).simd_eq(u8x16::splat(0x20)).to_bitmask()
    }

    /// The bytes that are one of two.
    #[inline]
    #[must_use]
    pub fn either(self, one: u8, other: u8) -> Mask {
        (self.is(one) | self.is(other)).to_bitmask()
    }

    /// The bytes that are equal to another one.
    #[inline]
    #[must_use]
    pub fn equal(self, byte: u8) -> Mask {
        self.is(byte).to_bitmask()
    }
}

/// The block at an offset, if sixteen bytes are left.
#[inline]
#[must_use]
pub fn block(bytes: &[u8], at: usize) -> Option<Block> {
    Some(Block::new(bytes.get(at..)?.first_chunk()?))
}

/// The bits of 64 bytes that tell where JSON's strings and containers begin and end.
pub struct Brackets {
    blocks: [Block; 4],
    /// `"`
    pub quotes: u64,
    /// `\`
    pub backslashes: u64,
}

impl Brackets {
    /// Looks at 64 bytes.
    #[inline]
    #[must_use]
    pub fn of(bytes: &[u8; 64]) -> Self {
        let (chunks, _) = bytes.as_chunks::<16>();
        let blocks = std::array::from_fn(|at| Block::new(&chunks[at]));
        Self {
            quotes: Self::join(&blocks, |block| block.equal(b'"')),
            backslashes: Self::join(&blocks, |block| block.equal(b'\\')),
            blocks,
        }
    }

    /// `{` and `[`
    #[inline]
    #[must_use]
    pub fn opens(&self) -> u64 {
        Self::join(&self.blocks, |block| block.either(b'{', b'['))
    }

    /// `}` and `]`
    #[inline]
    #[must_use]
    pub fn closes(&self) -> u64 {
        Self::join(&self.blocks, |block| block.either(b'}', b']'))
    }

    #[inline]
    fn join(blocks: &[Block; 4], mask: impl Fn(Block) -> Mask) -> u64 {
        blocks.iter().rev().fold(0, |bits, block| bits << 16 | u64::from(mask(*block)))
    }
}
