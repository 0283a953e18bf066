//! Words of the instructions with vector registers, by their groups in the architecture. Registers are 0.

/// Widths of lanes, as the field `size` has them: 8 bits,
pub(super) const B: u32 = 0;
/// 16,
pub(super) const H: u32 = 1;
/// 32,
pub(super) const S: u32 = 2;
/// 64.
pub(super) const D: u32 = 3;

/// Bit 29, which tells apart what is signed and unsigned, and much else.
pub(super) const U: u32 = 1 << 29;
/// Bit 30: 128 bits, or the upper half of what is narrower.
pub(super) const Q: u32 = 1 << 30;

/// “Three same”, 128 bits.
pub(super) const fn same(u: u32, size: u32, opcode: u32) -> u32 {
    0x4e20_0400 | u | size << 22 | opcode << 11
}

/// “Two registers, miscellaneous”, 128 bits.
pub(super) const fn misc(u: u32, size: u32, opcode: u32) -> u32 {
    0x4e20_0800 | u | size << 22 | opcode << 12
}

/// “Three different”, from lower halves; the upper with [`Q`].
pub(super) const fn long(u: u32, size: u32, opcode: u32) -> u32 {
    0x0e20_0000 | u | size << 22 | opcode << 12
}

/// “Across lanes”, 128 bits, to a scalar.
pub(super) const fn across(u: u32, size: u32, opcode: u32) -> u32 {
    0x4e30_0800 | u | size << 22 | opcode << 12
}

/// `zip`, `uzp` or `trn`.
pub(super) const fn permute(size: u32, opcode: u32) -> u32 {
    0x4e00_0800 | size << 22 | opcode << 12
}

/// `sshll`, or with [`U`] `ushll`, by 0 from lanes of `size`: extends the lower half; the upper with [`Q`].
pub(super) const fn extend(u: u32, size: u32) -> u32 {
    0x0f00_a400 | u | 8 << size << 16
}

/// The field of a lane in copies from and to lanes.
pub(super) const fn lane(size: u32, lane: u32) -> u32 {
    (lane << 1 | 1) << size << 16
}

/// The size of the operators whose names begin with a float's.
pub(super) const fn float(size: u32) -> u32 {
    size - S
}

pub(super) const AND: u32 = same(0, 0, 0b00011);
pub(super) const BIC: u32 = same(0, 1, 0b00011);
pub(super) const ORR: u32 = same(0, 2, 0b00011);
pub(super) const EOR: u32 = same(U, 0, 0b00011);
/// `d = d ? n : m`
pub(super) const BSL: u32 = same(U, 1, 0b00011);
/// `d = m ? n : d`
pub(super) const BIT: u32 = same(U, 2, 0b00011);
/// `d = m ? d : n`
pub(super) const BIF: u32 = same(U, 3, 0b00011);
pub(super) const NOT: u32 = misc(U, 0, 0b00101);
pub(super) const CNT: u32 = misc(0, B, 0b00101);

/// By one register that a table is looked up in; with more, their number less one in bits 13 and 14.
pub(super) const TBL: u32 = 0x4e00_0000;
pub(super) const EXT: u32 = 0x6e00_0000;

/// Copies: lane to all lanes,
pub(super) const DUP: u32 = 0x4e00_0400;
/// lane to scalar,
pub(super) const DUP_SCALAR: u32 = 0x5e00_0400;
/// integer register to all lanes,
pub(super) const DUP_INT: u32 = 0x4e00_0c00;
/// lane to integer register, to 64 bits with [`Q`],
pub(super) const UMOV: u32 = 0x0e00_3c00;
/// the same with the lane's sign,
pub(super) const SMOV: u32 = 0x0e00_2c00;
/// integer register to lane,
pub(super) const INS_INT: u32 = 0x4e00_1c00;
/// lane to lane; the second one's number in bytes in bits 11 to 14.
pub(super) const INS: u32 = 0x6e00_0400;

/// `cmeq …, #0`
pub(super) const fn is_zero(size: u32) -> u32 {
    misc(0, size, 0b01001)
}
/// `cmlt …, #0`
pub(super) const fn is_negative(size: u32) -> u32 {
    misc(0, size, 0b01010)
}
pub(super) const fn add(size: u32) -> u32 {
    same(0, size, 0b10000)
}
pub(super) const fn addp(size: u32) -> u32 {
    same(0, size, 0b10111)
}
pub(super) const fn mul(size: u32) -> u32 {
    same(0, size, 0b10011)
}
pub(super) const fn equal(size: u32) -> u32 {
    same(U, size, 0b10001)
}
pub(super) const fn shift_by(u: u32, size: u32) -> u32 {
    same(u, size, 0b01000)
}
pub(super) const fn mull(u: u32, size: u32) -> u32 {
    long(u, size, 0b1100)
}
/// `saddlp`, `uaddlp`
pub(super) const fn addlp(u: u32, size: u32) -> u32 {
    misc(u, size, 0b00010)
}
pub(super) const fn fequal(size: u32) -> u32 {
    same(0, float(size), 0b11100)
}
pub(super) const fn fgreater(size: u32) -> u32 {
    same(U, 2 | float(size), 0b11100)
}
pub(super) const fn fmla(size: u32) -> u32 {
    same(0, float(size), 0b11001)
}
pub(super) const fn fmls(size: u32) -> u32 {
    same(0, 2 | float(size), 0b11001)
}
/// Floats to integers, saturated.
pub(super) const fn fcvtz(u: u32, size: u32) -> u32 {
    misc(u, 2 | float(size), 0b11011)
}
/// Integers to floats.
pub(super) const fn cvtf(u: u32, size: u32) -> u32 {
    misc(u, float(size), 0b11101)
}
/// Narrowing to lanes of `size`, to the lower half; the upper with [`Q`]: not saturated,
pub(super) const fn xtn(size: u32) -> u32 {
    misc(0, size, 0b10010) ^ Q
}
/// signed, or unsigned with [`U`],
pub(super) const fn qxtn(u: u32, size: u32) -> u32 {
    misc(u, size, 0b10100) ^ Q
}
/// signed to unsigned.
pub(super) const fn sqxtun(size: u32) -> u32 {
    misc(U, size, 0b10010) ^ Q
}
