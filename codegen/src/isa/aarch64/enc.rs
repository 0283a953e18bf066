//! The instruction forms of AArch64 as 32-bit words: a base word with the fields put in. What has fixed registers and
//! is not hot is dynasm's.

use super::A64;
use crate::masm::Width;
use crate::reg::{Fpr, Gpr, Reg};

/// Base words of three-register forms, 32 bits wide ([`A64::rrr`]).
pub(super) mod rrr {
    pub(in super::super) const ADD: u32 = 0x0b00_0000;
    pub(in super::super) const SUB: u32 = 0x4b00_0000;
    pub(in super::super) const SUBS: u32 = 0x6b00_0000;
    pub(in super::super) const AND: u32 = 0x0a00_0000;
    pub(in super::super) const ORR: u32 = 0x2a00_0000;
    pub(in super::super) const EOR: u32 = 0x4a00_0000;
    pub(in super::super) const MUL: u32 = 0x1b00_7c00;
    /// With the minuend in bits 10–14.
    pub(in super::super) const MSUB: u32 = 0x1b00_8000;
    pub(in super::super) const UDIV: u32 = 0x1ac0_0800;
    pub(in super::super) const SDIV: u32 = 0x1ac0_0c00;
    pub(in super::super) const LSLV: u32 = 0x1ac0_2000;
    pub(in super::super) const LSRV: u32 = 0x1ac0_2400;
    pub(in super::super) const ASRV: u32 = 0x1ac0_2800;
    pub(in super::super) const RORV: u32 = 0x1ac0_2c00;
    pub(in super::super) const EXTR: u32 = 0x1380_0000;
    pub(in super::super) const CSEL: u32 = 0x1a80_0000;
    pub(in super::super) const CSINC: u32 = 0x1a80_0400;
    pub(in super::super) const RBIT: u32 = 0x5ac0_0000;
    pub(in super::super) const CLZ: u32 = 0x5ac0_1000;
}

/// Base words of the add-immediate forms, 32 bits wide ([`add_imm`]).
pub(super) mod imm {
    pub(in super::super) const ADD: u32 = 0x1100_0000;
    pub(in super::super) const SUB: u32 = 0x5100_0000;
    pub(in super::super) const ADDS: u32 = 0x3100_0000;
    pub(in super::super) const SUBS: u32 = 0x7100_0000;
}

/// Base words of float instructions, 32 bits wide ([`A64::fff`]).
pub(super) mod fff {
    pub(in super::super) const MUL: u32 = 0x1e20_0800;
    pub(in super::super) const DIV: u32 = 0x1e20_1800;
    pub(in super::super) const ADD: u32 = 0x1e20_2800;
    pub(in super::super) const SUB: u32 = 0x1e20_3800;
    pub(in super::super) const MAX: u32 = 0x1e20_4800;
    pub(in super::super) const MIN: u32 = 0x1e20_5800;
    pub(in super::super) const MOV: u32 = 0x1e20_4000;
    pub(in super::super) const ABS: u32 = 0x1e20_c000;
    pub(in super::super) const NEG: u32 = 0x1e21_4000;
    pub(in super::super) const SQRT: u32 = 0x1e21_c000;
    pub(in super::super) const RINTN: u32 = 0x1e24_4000;
    pub(in super::super) const RINTP: u32 = 0x1e24_c000;
    pub(in super::super) const RINTM: u32 = 0x1e25_4000;
    pub(in super::super) const RINTZ: u32 = 0x1e25_c000;
    pub(in super::super) const CMP: u32 = 0x1e20_2000;
    pub(in super::super) const CSEL: u32 = 0x1e20_0c00;
    /// From or to integers: [`super::A64::convert`](super::super::A64).
    pub(in super::super) const SCVTF: u32 = 0x1e22_0000;
    pub(in super::super) const UCVTF: u32 = 0x1e23_0000;
    pub(in super::super) const CVTZS: u32 = 0x1e38_0000;
    pub(in super::super) const CVTZU: u32 = 0x1e39_0000;
}

/// Bit 31 of a 64-bit integer form.
#[inline(always)]
pub(super) fn sf(w: Width) -> u32 {
    (w as u32) << 31
}

/// Bit 22 of a 64-bit float form.
#[inline(always)]
pub(super) fn ftype(w: Width) -> u32 {
    (w as u32) << 22
}

/// In place of a register that the instruction does not have, or that other fields are for.
pub(super) const NONE: Reg = Reg(0);

/// Registers in the fields Rd or Rt, Rn and Rm.
#[inline(always)]
pub(super) fn regs(d: impl Into<Reg>, n: impl Into<Reg>, m: impl Into<Reg>) -> u32 {
    let (d, n, m) = (d.into().0, n.into().0, m.into().0);
    debug_assert!(d < 32 && n < 32 && m < 32);
    u32::from(d) | u32::from(n) << 5 | u32::from(m) << 16
}

/// The immediate field of an addition or subtraction: 12 bits, or 12 bits shifted left by 12.
#[inline(always)]
pub(super) fn add_imm(value: u64) -> Option<u32> {
    if value < 1 << 12 {
        Some((value as u32) << 10)
    } else if value < 1 << 24 && value & 0xfff == 0 {
        Some((value as u32 >> 12) << 10 | 1 << 22)
    } else {
        None
    }
}

/// The fields N, immr and imms of a logical immediate, if `value` is one: a rotated run of ones, repeated. 32-bit
/// values are given twice, in both halves.
#[inline(always)]
pub(super) fn logical_imm(value: u64) -> Option<u32> {
    if value.wrapping_add(1) <= 1 {
        return None;
    }
    // Rotate so that the run of ones is lowest; its length and that of the zeros above it make the period.
    let rotation = (value & value.wrapping_add(1)).trailing_zeros();
    let normal = value.rotate_right(rotation & 63);
    let ones = normal.trailing_ones();
    let size = normal.leading_zeros() + ones;
    if value.rotate_right(size & 63) != value {
        return None;
    }
    let immr = rotation.wrapping_neg() & (size - 1);
    let imms = (size << 1).wrapping_neg() & 0x3f | (ones - 1);
    Some((size >> 6) << 22 | immr << 16 | imms << 10)
}

/// The fields of a logical immediate of an operation of width `w`.
#[inline(always)]
pub(super) fn logical_imm_of(w: Width, value: i64) -> Option<u32> {
    let bits = match w {
        Width::W32 => u64::from(value as u32) | (value as u64) << 32,
        Width::W64 => value as u64,
    };
    logical_imm(bits)
}

/// The immediate field of `fmov`, if `bits` is a float of few enough: sign, 3 bits of exponent, 4 of fraction.
pub(super) fn float_imm(w: Width, bits: u64) -> Option<u32> {
    let (sign, exp, fraction, lost) = match w {
        Width::W32 => (bits >> 31 & 1, (bits >> 23 & 0xff) as i64 - 127, bits >> 19 & 15, bits & 0x7_ffff),
        Width::W64 => (bits >> 63 & 1, (bits >> 52 & 0x7ff) as i64 - 1023, bits >> 48 & 15, bits & 0xffff_ffff_ffff),
    };
    if lost != 0 || !(-3..=4).contains(&exp) {
        return None;
    }
    // The exponent field is the inverse of its highest bit, then the lowest two of the biased exponent.
    let exp = (exp + 3) as u64 ^ 4;
    Some(((sign << 7 | exp << 4 | fraction) as u32) << 13)
}

/// Distance field of a conditional branch or literal load, in words.
#[inline(always)]
pub(super) fn imm19(distance: u32) -> u32 {
    (distance >> 2 & 0x7_ffff) << 5
}

/// Distance field of an unconditional branch, in words.
#[inline(always)]
pub(super) fn imm26(distance: u32) -> u32 {
    distance >> 2 & 0x3ff_ffff
}

pub(super) const B: u32 = 0x1400_0000;
pub(super) const BL: u32 = 0x9400_0000;
pub(super) const B_COND: u32 = 0x5400_0000;
pub(super) const CBZ: u32 = 0x3400_0000;

impl A64 {
    /// One instruction.
    #[inline(always)]
    pub(super) fn put(&mut self, word: u32) {
        self.w.put32(word);
    }

    /// `op d, n, m` (or with more fields in `op`).
    #[inline(always)]
    pub(super) fn rrr(&mut self, op: u32, w: Width, d: Gpr, n: Gpr, m: Gpr) {
        self.put(op | sf(w) | regs(d, n, m));
    }

    /// The same without the third register.
    #[inline(always)]
    pub(super) fn rr(&mut self, op: u32, w: Width, d: Gpr, n: Gpr) {
        self.put(op | sf(w) | regs(d, n, NONE));
    }

    /// A float instruction of width `w` with three registers.
    #[inline(always)]
    pub(super) fn fff(&mut self, op: u32, w: Width, d: Fpr, n: Fpr, m: Fpr) {
        self.put(op | ftype(w) | regs(d, n, m));
    }

    /// The same without the third register.
    #[inline(always)]
    pub(super) fn ff(&mut self, op: u32, w: Width, d: Fpr, n: Fpr) {
        self.put(op | ftype(w) | regs(d, n, NONE));
    }

    /// A conversion between an integer and a float register.
    #[inline(always)]
    pub(super) fn convert(&mut self, op: u32, int: Width, float: Width, d: impl Into<Reg>, n: impl Into<Reg>) {
        self.put(op | sf(int) | ftype(float) | regs(d, n, NONE));
    }

    /// `op d, n, #imm` for a field of [`add_imm`]; register 31 is the stack pointer.
    #[inline(always)]
    pub(super) fn rri(&mut self, op: u32, w: Width, d: Gpr, n: Gpr, field: u32) {
        self.put(op | sf(w) | field | regs(d, n, NONE));
    }

    /// `ubfm` or `sbfm`.
    #[inline(always)]
    pub(super) fn bitfield(&mut self, signed: bool, w: Width, d: Gpr, n: Gpr, immr: u32, imms: u32) {
        let op = if signed { 0x1300_0000 } else { 0x5300_0000 };
        // Bit 22, N, goes with the width.
        self.put(op | sf(w) | ftype(w) | immr << 16 | imms << 10 | regs(d, n, NONE));
    }
}
