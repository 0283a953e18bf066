//! Integer operations on AArch64 that need more than their operands' fields: constants without a form, and operations that take
//! over the shift or the product before them.

use super::enc::{self, logical_imm, regs, rrr};
use super::{A64, Last, X15, ZR};
use crate::masm::{Alu, Loc, Masm, Shift, Width};

use Width::{W32, W64};

/// By [`Alu`].
pub(super) static ALU: [u32; 6] = [rrr::ADD, rrr::SUB, rrr::AND, rrr::ORR, rrr::EOR, rrr::MUL];

impl A64 {
    /// A constant that does not fit 16 bits.
    #[inline(never)]
    pub(super) fn mov_wide(&mut self, dst: u8, value: u64) {
        const MOVN: u32 = 0x1280_0000;
        const MOVZ: u32 = 0x5280_0000;
        const MOVK: u32 = 0x7280_0000;
        // ZEXT: a form of 32 bits clears the upper half.
        let (w, halves) = if value >> 32 == 0 { (W32, 2) } else { (W64, 4) };
        let half = |i: u32| (value >> (16 * i)) as u32 & 0xffff;
        let (mut zeros, mut ones) = (0, 0);
        for i in 0..halves {
            zeros += u32::from(half(i) == 0);
            ones += u32::from(half(i) == 0xffff);
        }
        let fill = if ones > zeros { 0xffff } else { 0 };
        if halves - zeros.max(ones) > 1 {
            let field = if w == W32 { logical_imm(value | value << 32) } else { logical_imm(value) };
            if let Some(field) = field {
                // orr dst, zr, #value
                return self.rri(0x3200_0000, w, dst, ZR, field);
            }
        }
        let mut first = true;
        for i in 0..halves {
            let bits = half(i);
            if bits == fill && !(first && i + 1 == halves) {
                continue;
            }
            let word = match (first, fill) {
                (false, _) => MOVK | bits << 5,
                (true, 0) => MOVZ | bits << 5,
                (true, _) => MOVN | (bits ^ 0xffff) << 5,
            };
            first = false;
            self.put(word | enc::sf(w) | i << 21 | u32::from(dst));
        }
    }

    /// `dst = a op imm` where the immediate has no form.
    #[inline(never)]
    pub(super) fn alu_constant(&mut self, op: Alu, w: Width, dst: u8, a: u8, imm: i32) {
        self.mov_imm(X15, if w == W32 { i64::from(imm as u32) } else { i64::from(imm) });
        self.alu(op, w, dst, Loc::reg(a), Loc::reg(X15));
    }

    pub(super) fn mul_imm(&mut self, w: Width, dst: u8, a: u8, imm: i32) {
        if imm > 0 && imm & (imm - 1) == 0 {
            self.shift_imm(Shift::Shl, w, dst, Loc::reg(a), imm.trailing_zeros() as u8);
        } else if imm > 2 && (imm - 1) & (imm - 2) == 0 {
            // 2^n + 1: add dst, a, a, lsl #n
            self.rrr(rrr::ADD | (imm - 1).trailing_zeros() << 10, w, dst, a, a);
        } else {
            self.alu_constant(Alu::Mul, w, dst, a, imm);
        }
    }

    /// Notes that the shift or product just emitted went to `dst`.
    #[inline(always)]
    pub(super) fn set_last(&mut self, w: Width, dst: u8, bits: u32) {
        if Self::GPR_TEMPS >> dst & 1 != 0 {
            self.last = Last { end: self.pos(), reg: dst, w: w as u8, bits };
        }
    }

    /// `dst = a op b` where one of the two is the result of the last instruction, in its place: operands in temporaries are used
    /// up. False if there is no such instruction.
    #[inline(never)]
    pub(super) fn alu_with_last(&mut self, op: Alu, w: Width, dst: u8, a: u8, b: u8) -> bool {
        let last = self.last;
        let other = match (a == last.reg, b == last.reg) {
            (false, true) => a,
            (true, false) if op != Alu::Sub => b,
            _ => return false,
        };
        let product = last.bits >> 24 != 0;
        if last.w != w as u8 || last.end == 0 || op == Alu::Mul || product && !matches!(op, Alu::Add | Alu::Sub) {
            return false;
        }
        let word = if product {
            // madd or msub
            last.bits | u32::from(op == Alu::Sub) << 15 | u32::from(other) << 10 | u32::from(dst)
        } else {
            ALU[op as usize] | last.bits | regs(dst, other, 0)
        };
        self.last.end = 0;
        self.w.rewind(last.end - 4);
        self.put(word | enc::sf(w));
        true
    }

    pub(super) fn rotate(&mut self, w: Width, dst: u8, a: u8, n: u32) {
        self.rrr(rrr::EXTR | enc::ftype(w) | n << 10, w, dst, a, a);
    }
}
