//! Integer operations on AArch64 that need more than their operands' fields: constants without a form, and operations
//! that absorb the shift or the product before them.

use super::enc::{self, NONE, add_imm, imm, logical_imm, logical_imm_of, regs, rrr};
use super::{A64, Last, X15, X16, X17, ZR, asm, cc, cc_of};
use crate::masm::*;
use crate::trap::TrapCode;
use dynasmrt::DynasmApi;

use Width::{W32, W64};

impl Ints for A64 {
    #[inline(always)]
    fn alu(&mut self, op: Alu, w: Width, dst: Gpr, a: Loc, b: Loc) {
        let a = self.in_reg(w, a, X16);
        let b = self.in_reg(w, b, X17);
        if self.last.end == self.pos() && self.alu_with_last(op, w, dst, a, b) {
            return;
        }
        self.rrr(ALU[op as usize], w, dst, a, b);
        if op == Alu::Mul {
            self.set_last(w, dst, 0x1b00_0000 | regs(NONE, a, b));
        }
    }

    #[inline(always)]
    fn alu_imm(&mut self, op: Alu, w: Width, dst: Gpr, a: Loc, imm: i32) {
        let a = self.in_reg(w, a, X16);
        let value = i64::from(imm);
        let (word, field) = match op {
            Alu::Add | Alu::Sub => {
                let add = (op == Alu::Add) == (imm >= 0);
                (if add { imm::ADD } else { imm::SUB }, add_imm(value.unsigned_abs()))
            }
            Alu::And => (0x1200_0000, logical_imm_of(w, value)),
            Alu::Or => (0x3200_0000, logical_imm_of(w, value)),
            Alu::Xor => (0x5200_0000, logical_imm_of(w, value)),
            Alu::Mul => return self.mul_imm(w, dst, a, imm),
        };
        match field {
            Some(field) => self.rri(word, w, dst, a, field),
            None => self.alu_constant(op, w, dst, a, imm),
        }
    }

    fn shift(&mut self, op: Shift, w: Width, dst: Gpr, a: Loc, count: Gpr) {
        let a = self.in_reg(w, a, X16);
        let word = match op {
            Shift::Shl => rrr::LSLV,
            Shift::ShrS => rrr::ASRV,
            Shift::ShrU => rrr::LSRV,
            Shift::Rotr => rrr::RORV,
            Shift::Rotl => {
                // To the left by n is to the right by −n.
                self.rrr(rrr::SUB, W32, X15, ZR, count);
                return self.rrr(rrr::RORV, w, dst, a, X15);
            }
        };
        self.rrr(word, w, dst, a, count);
    }

    fn shift_imm(&mut self, op: Shift, w: Width, dst: Gpr, a: Loc, count: u8) {
        let a = self.in_reg(w, a, X16);
        let (n, bits) = (u32::from(count), if w == W32 { 32 } else { 64 });
        let kind = match op {
            Shift::Shl => 0,
            Shift::ShrU => 1,
            Shift::ShrS => 2,
            Shift::Rotl => return self.rotate(w, dst, a, (bits - n) % bits),
            Shift::Rotr => return self.rotate(w, dst, a, n),
        };
        match op {
            Shift::Shl => self.bitfield(false, w, dst, a, (bits - n) % bits, bits - 1 - n),
            Shift::ShrS => self.bitfield(true, w, dst, a, n, bits - 1),
            _ => self.bitfield(false, w, dst, a, n, bits - 1),
        }
        self.set_last(w, dst, regs(NONE, NONE, a) | kind << 22 | n << 10);
    }

    fn add128(&mut self, sub: bool, low: Gpr, high: Gpr, b_low: Gpr, b_high: Gpr) {
        if sub {
            asm!(self
                ; subs X(low.0), X(low.0), X(b_low.0)
                ; sbc X(high.0), X(high.0), X(b_high.0));
        } else {
            asm!(self
                ; adds X(low.0), X(low.0), X(b_low.0)
                ; adc X(high.0), X(high.0), X(b_high.0));
        }
    }

    fn mul_wide(&mut self, signed: bool, low: Gpr, high: Gpr, a: Gpr, b: Loc) {
        let b = b.gpr();
        asm!(self; mul X(low.0), X(a.0), X(b.0));
        if signed {
            asm!(self; smulh X(high.0), X(a.0), X(b.0));
        } else {
            asm!(self; umulh X(high.0), X(a.0), X(b.0));
        }
    }

    fn mul_high(&mut self, signed: bool, dst: Gpr, a: Gpr, b: Gpr) {
        if signed {
            asm!(self; smulh X(dst.0), X(a.0), X(b.0));
        } else {
            asm!(self; umulh X(dst.0), X(a.0), X(b.0));
        }
    }

    fn div(&mut self, op: Div, w: Width, dst: Gpr, a: Gpr, b: Loc) {
        let b = self.in_reg(w, b, X17);
        let signed = matches!(op, Div::DivS | Div::RemS);
        let remainder = matches!(op, Div::RemS | Div::RemU);
        // Nothing faults, so what traps is checked first.
        // cbz b
        self.trap_branch(enc::CBZ | enc::sf(w) | u32::from(b.0), TrapCode::IntegerDivisionByZero);
        if signed && !remainder {
            // cmn b, #1; ccmp a, #1, #0, eq: V if b is −1 and a the smallest integer
            self.rri(imm::ADDS, w, ZR, b, 1 << 10);
            self.put(0x7a40_0800 | enc::sf(w) | 1 << 16 | regs(NONE, a, NONE));
            self.trap_cc(cc::VS, TrapCode::IntegerOverflow);
        }
        let word = if signed { rrr::SDIV } else { rrr::UDIV };
        if remainder {
            // The smallest integer divided by −1 gives itself, and remainder 0.
            self.rrr(word, w, X16, a, b);
            // msub dst, x16, b, a
            self.rrr(rrr::MSUB | u32::from(a.0) << 10, w, dst, X16, b);
        } else {
            self.rrr(word, w, dst, a, b);
        }
    }

    fn unary(&mut self, op: Unary, w: Width, dst: Gpr, a: Loc) {
        // Of an i32 in the frame only the lower half is read; that is enough for an extension too.
        let a = self.in_reg(if op == Unary::Extend32 { W32 } else { w }, a, X16);
        match op {
            Unary::Clz => self.rr(rrr::CLZ, w, dst, a),
            Unary::Ctz => {
                self.rr(rrr::RBIT, w, X15, a);
                self.rr(rrr::CLZ, w, dst, X15);
            }
            Unary::Popcnt => self.popcnt(w, dst, a),
            Unary::Extend8 => self.bitfield(true, w, dst, a, 0, 7),
            Unary::Extend16 => self.bitfield(true, w, dst, a, 0, 15),
            Unary::Extend32 => self.bitfield(true, W64, dst, a, 0, 31),
        }
    }

    #[inline(always)]
    fn cmp(&mut self, w: Width, a: Gpr, b: Loc) {
        let b = self.in_reg(w, b, X17);
        self.rrr(rrr::SUBS, w, ZR, a, b);
    }

    #[inline(always)]
    fn cmp_imm(&mut self, w: Width, a: Loc, imm: i32) {
        let a = self.in_reg(w, a, X16);
        if let Some(field) = add_imm(i64::from(imm).unsigned_abs()) {
            self.rri(if imm >= 0 { imm::SUBS } else { imm::ADDS }, w, ZR, a, field);
            if imm == 0 {
                self.zero_test = self.pos();
                self.tested = a;
                self.tested_width = w;
            }
        } else {
            self.mov_imm(X15, if w == W32 { i64::from(imm as u32) } else { i64::from(imm) });
            self.rrr(rrr::SUBS, w, ZR, a, X15);
        }
    }

    fn set_cond(&mut self, cond: Cond, dst: Gpr) {
        // cset: csinc dst, wzr, wzr, inverse
        self.rrr(rrr::CSINC | u32::from(cc_of(cond) ^ 1) << 12, W32, dst, ZR, ZR);
    }

    fn select(&mut self, cond: Cond, w: Width, dst: Gpr, a: Gpr, b: Loc) {
        let b = self.in_reg(w, b, X17);
        self.rrr(rrr::CSEL | u32::from(cc_of(cond)) << 12, w, dst, a, b);
    }
}

/// By [`Alu`].
pub(super) static ALU: [u32; 6] = [rrr::ADD, rrr::SUB, rrr::AND, rrr::ORR, rrr::EOR, rrr::MUL];

impl A64 {
    /// A constant that does not fit 16 bits.
    #[inline(never)]
    pub(super) fn mov_wide(&mut self, dst: Gpr, value: u64) {
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
            self.put(word | enc::sf(w) | i << 21 | u32::from(dst.0));
        }
    }

    /// `dst = a op imm` where the immediate has no form.
    #[inline(never)]
    pub(super) fn alu_constant(&mut self, op: Alu, w: Width, dst: Gpr, a: Gpr, imm: i32) {
        self.mov_imm(X15, if w == W32 { i64::from(imm as u32) } else { i64::from(imm) });
        self.alu(op, w, dst, Loc::reg(a), Loc::reg(X15));
    }

    pub(super) fn mul_imm(&mut self, w: Width, dst: Gpr, a: Gpr, imm: i32) {
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
    pub(super) fn set_last(&mut self, w: Width, dst: Gpr, bits: u32) {
        if Self::GPR_TEMPS & dst.bit() != 0 {
            self.last = Last { end: self.pos(), reg: dst, w: w as u8, bits };
        }
    }

    /// `dst = a op b` where one of the two is the result of the last instruction, which it replaces: operands in
    /// temporaries are consumed. False if there is no such instruction.
    #[inline(never)]
    pub(super) fn alu_with_last(&mut self, op: Alu, w: Width, dst: Gpr, a: Gpr, b: Gpr) -> bool {
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
            last.bits | u32::from(op == Alu::Sub) << 15 | u32::from(other.0) << 10 | u32::from(dst.0)
        } else {
            ALU[op as usize] | last.bits | regs(dst, other, NONE)
        };
        self.last.end = 0;
        self.w.rewind(last.end - 4);
        self.put(word | enc::sf(w));
        true
    }

    pub(super) fn rotate(&mut self, w: Width, dst: Gpr, a: Gpr, n: u32) {
        self.rrr(rrr::EXTR | enc::ftype(w) | n << 10, w, dst, a, a);
    }
}
