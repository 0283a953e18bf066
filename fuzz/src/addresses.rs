//! The memories of small modules, and addresses and offsets around everything that is an end to somebody: of a memory,
//! of 32 bits, of 64 bits.

use crate::choices::Choices;
use crate::engines::{Ty, Value};

/// What a memory is.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Memory {
    /// Whether addresses have 64 bits.
    pub is_64: bool,
    /// Whether other threads could have it.
    pub shared: bool,
    /// Whether pages have one byte.
    pub small_pages: bool,
}

/// The two memories of a module that are as memories used to be.
pub const USUAL: [Memory; 2] = [Memory { is_64: false, shared: false, small_pages: false }; 2];

impl Memory {
    /// Of addresses.
    pub fn address(self) -> Ty {
        if self.is_64 { Ty::I64 } else { Ty::I32 }
    }

    /// Flags, minimum and maximum, as they are encoded.
    pub(crate) fn limits(self) -> Vec<u8> {
        let flags = 1 | u8::from(self.shared) << 1 | u8::from(self.is_64) << 2 | u8::from(self.small_pages) << 3;
        match self.small_pages {
            false => vec![flags, 1, 2],
            // 0x1_0003 and 0x1_fffb pages of 1 << 0 bytes: not a multiple of anything.
            true => vec![flags, 0x83, 0x80, 0x04, 0xfb, 0xff, 0x07, 0],
        }
    }
}

/// Two memories; those with 64-bit addresses are as frequent as others, and meet them.
pub fn memories(rng: &mut Choices<'_>) -> [Memory; 2] {
    let [first, second] = *rng.pick(&[[false, false], [true, true], [true, false], [false, true]]);
    [first, second].map(|is_64| {
        let shared = rng.one_in(4);
        Memory { is_64, shared, small_pages: !shared && rng.one_in(4) }
    })
}

/// One of the memories, whose addresses are those of all that are accessed, and which these are.
pub(crate) fn accessed(memories: &[Memory; 2], rng: &mut Choices<'_>) -> (Ty, Vec<u8>) {
    let ty = rng.pick(memories).address();
    (ty, (0..2).filter(|&i| memories[usize::from(i)].address() == ty).collect())
}

const ADDRESSES: [u64; 24] = [
    0,
    1,
    2,
    4,
    8,
    0x7ff0,
    0x7ff3,
    0xfff0,
    0xfff1,
    0xfff7,
    0xfff8,
    0xfff9,
    0xfffc,
    0xfffe,
    0xffff,
    0x1_0000,
    0x1_0001,
    0x1_0003,
    0x1_fff8,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fff0,
    0xffff_fff8,
    0xffff_ffff,
];

/// Beside those, where there are 64 bits. Of some the lower half is in bounds.
const FAR_ADDRESSES: [u64; 20] = [
    0x1_0000_0000,
    0x1_0000_0008,
    0x1_0000_7ff0,
    0x1_0000_ffff,
    0x1_0001_0000,
    0x1_ffff_ffff,
    0x2_0000_0000,
    0xff_0000_0010,
    0x7fff_ffff_fff8,
    0x8000_0000_0000,
    0xffff_ffff_0000,
    0x7fff_ffff_ffff_fff8,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0x8000_0000_0000_0008,
    0xffff_ffff_0000_0000,
    0xffff_ffff_8000_0000,
    0xffff_ffff_ffff_fff0,
    0xffff_ffff_ffff_fff8,
    u64::MAX,
];

/// Offsets of accesses.
pub(crate) const OFFSETS: [u64; 11] = [0, 1, 4, 8, 0x7f, 0x80, 0xfff0, 0xffff, 0x7fff_fff8, 0x7fff_ffff, 0xffff_ffff];

/// Beside those, where there are 64 bits.
pub(crate) const FAR_OFFSETS: [u64; 10] = [
    0x1_0000_0000,
    0x1_0000_0008,
    0x8000_0000_0000,
    0x7fff_ffff_ffff_fff0,
    0x8000_0000_0000_0000,
    0xffff_ffff_0000_0000,
    0xffff_ffff_ffff_fff0,
    0xffff_ffff_ffff_fff8,
    0xffff_ffff_ffff_fffe,
    u64::MAX,
];

/// An offset for a memory whose addresses are of type `ty`.
pub(crate) fn offset(ty: Ty, rng: &mut Choices<'_>) -> u64 {
    match (rng.below(4), ty) {
        (3, Ty::I64) => rng.word() >> rng.below(64),
        (3, _) => rng.word() >> 32 >> rng.below(32),
        (2, Ty::I64) => *rng.pick(&FAR_OFFSETS),
        _ => *rng.pick(&OFFSETS),
    }
}

/// An address for an access of `size` bytes at `offset`.
pub(crate) fn address(ty: Ty, offset: u64, size: u64, rng: &mut Choices<'_>) -> Value {
    let near = |at: u64, rng: &mut Choices<'_>| at.wrapping_add(rng.below(17) as u64).wrapping_sub(8);
    let at = match rng.below(8) {
        0..=2 => *rng.pick(&ADDRESSES),
        3 => *rng.pick(if ty == Ty::I64 { &FAR_ADDRESSES } else { &ADDRESSES[..] }),
        // The access ends about where the memory ends, before or after it has grown,
        4 => near(rng.pick(&[0x1_0000u64, 0x1_0003, 0x2_0000]).wrapping_sub(offset.wrapping_add(size)), rng),
        // or the sum of all is about zero, or no more than 32 bits are,
        5 => near(offset.wrapping_neg(), rng),
        6 => near((1u64 << 32).wrapping_sub(offset.wrapping_add(size)), rng),
        _ => rng.word() >> rng.below(64),
    };
    Value::Bits(ty, if ty == Ty::I64 { at } else { at as u32 as u64 })
}
