//! Integer instructions that take more than one: division, counting bits, multiplication by a constant.

use super::enc::Ext;
use super::{R10, R11, RAX, RCX, RDX, X64, asm, cc, cc_of};
use crate::masm::*;
use crate::trap::TrapCode;
use dynasmrt::DynasmApi;

use Width::{W32, W64};

impl Ints for X64 {
    #[inline(always)]
    fn alu(&mut self, op: Alu, w: Width, dst: Gpr, a: Loc, b: Loc) {
        if !a.is_reg(dst) {
            if op == Alu::Add && !a.is_frame() && !b.is_frame() {
                return self.lea_sum(w, dst, a.gpr(), b.gpr());
            }
            debug_assert!(!b.is_reg(dst));
            self.mov_loc(w, dst, a);
        }
        match op {
            Alu::Mul => self.op0f_loc(w, 0xaf, dst, b),
            _ => self.op_loc(w, alu_opcode(op), dst, b),
        }
    }

    #[inline(always)]
    fn alu_imm(&mut self, op: Alu, w: Width, dst: Gpr, a: Loc, imm: i32) {
        if op == Alu::Mul {
            return self.mul_imm(w, dst, a, imm);
        }
        if !a.is_reg(dst) {
            if !a.is_frame() {
                let disp = match op {
                    Alu::Add => Some(imm),
                    Alu::Sub => imm.checked_neg(),
                    _ => None,
                };
                if let Some(disp) = disp {
                    return self.lea(w, dst, a.gpr(), disp);
                }
            }
            self.mov_loc(w, dst, a);
        }
        self.group1(w, Ext(alu_opcode(op) >> 3), Loc::reg(dst), imm);
    }

    fn shift(&mut self, op: Shift, w: Width, dst: Gpr, a: Loc, count: Gpr) {
        debug_assert!(count == RCX && dst != RCX);
        if !a.is_reg(dst) {
            self.mov_loc(w, dst, a);
        }
        self.op_loc(w, 0xd3, shift_ext(op), Loc::reg(dst));
    }

    fn shift_imm(&mut self, op: Shift, w: Width, dst: Gpr, a: Loc, count: u8) {
        if !a.is_reg(dst) {
            self.mov_loc(w, dst, a);
        }
        if count == 1 {
            self.op_loc(w, 0xd1, shift_ext(op), Loc::reg(dst));
        } else {
            self.op_loc(w, 0xc1, shift_ext(op), Loc::reg(dst));
            self.w.put(u64::from(count), 1);
        }
    }

    fn add128(&mut self, sub: bool, low: Gpr, high: Gpr, b_low: Gpr, b_high: Gpr) {
        // add, adc; sub, sbb
        let (first, second) = if sub { (0x2b, 0x1b) } else { (0x03, 0x13) };
        self.op_loc(W64, first, low, Loc::reg(b_low));
        self.op_loc(W64, second, high, Loc::reg(b_high));
    }

    fn mul_wide(&mut self, signed: bool, _low: Gpr, _high: Gpr, _a: Gpr, b: Loc) {
        // mul, imul: rdx:rax = rax · b
        self.op_loc(W64, 0xf7, Ext(if signed { 5 } else { 4 }), b);
    }

    fn mul_high(&mut self, signed: bool, dst: Gpr, a: Gpr, b: Gpr) {
        debug_assert!(dst == RDX && a == RAX && b != RAX && b != RDX);
        self.mul_wide(signed, RAX, RDX, RAX, Loc::reg(b));
    }

    fn div(&mut self, op: Div, w: Width, dst: Gpr, a: Gpr, b: Loc) {
        debug_assert!(a == RAX && !b.is_reg(RAX) && !b.is_reg(RDX));
        debug_assert_eq!(dst, if matches!(op, Div::RemS | Div::RemU) { RDX } else { RAX });
        self.divide(op, w, b);
    }

    fn unary(&mut self, op: Unary, w: Width, dst: Gpr, a: Loc) {
        self.count_or_extend(op, w, dst, a);
    }

    #[inline(always)]
    fn cmp(&mut self, w: Width, a: Gpr, b: Loc) {
        self.op_loc(w, 0x3b, a, b);
    }

    #[inline(always)]
    fn cmp_imm(&mut self, w: Width, a: Loc, imm: i32) {
        if imm == 0 && !a.is_frame() {
            self.op_loc(w, 0x85, a.gpr(), a);
        } else {
            self.group1(w, Ext(7), a, imm);
        }
    }

    fn set_cond(&mut self, cond: Cond, dst: Gpr) {
        match cond {
            Cond::FEq => asm!(self; setnp r11b; sete Rb(dst.0); and Rb(dst.0), r11b),
            Cond::FNe => asm!(self; setp r11b; setne Rb(dst.0); or Rb(dst.0), r11b),
            _ => {
                // setcc dst8
                let rex = 0x40 | u64::from(dst.0 >> 3);
                let bits = rex | 0x0f00 | (0x90 | u64::from(cc_of(cond))) << 16 | (0xc0 | u64::from(dst.0 & 7)) << 24;
                let skip = usize::from(dst.0 < 4);
                self.w.put(bits >> (8 * skip), 4 - skip);
            }
        }
        // movzx dst32, dst8
        let rex = 0x40 | (u64::from(dst.0 >> 3) * 5);
        let bits = rex | 0xb60f << 8 | (0xc0 | (u64::from(dst.0 & 7) * 9)) << 24;
        let skip = usize::from(dst.0 < 4);
        self.w.put(bits >> (8 * skip), 4 - skip);
    }

    fn select(&mut self, cond: Cond, w: Width, dst: Gpr, a: Gpr, b: Loc) {
        debug_assert_eq!(dst, a);
        match cond {
            Cond::FEq => {
                self.op0f_loc(w, 0x40 | cc::P, dst, b);
                self.op0f_loc(w, 0x40 | cc::NE, dst, b);
            }
            Cond::FNe => {
                let unordered = self.jcc8(cc::P);
                self.op0f_loc(w, 0x40 | cc::E, dst, b);
                self.here8(unordered);
            }
            _ => self.op0f_loc(w, 0x40 | cc_of(cond.negate()), dst, b),
        }
    }
}

#[inline(always)]
fn alu_opcode(op: Alu) -> u8 {
    // By discriminant: add, sub, and, or, xor. Multiplication has opcodes of its own.
    const OPCODES: u64 = 0x33_0b_23_2b_03;
    debug_assert!(op != Alu::Mul);
    (OPCODES >> (8 * op as u32)) as u8
}

fn shift_ext(op: Shift) -> Ext {
    Ext(match op {
        Shift::Rotl => 0,
        Shift::Rotr => 1,
        Shift::Shl => 4,
        Shift::ShrU => 5,
        Shift::ShrS => 7,
    })
}

impl X64 {
    /// rax = rdx:rax / b, rdx = the remainder, with traps.
    pub(super) fn divide(&mut self, op: Div, w: Width, b: Loc) {
        self.cmp_imm(w, b, 0);
        self.trap_if(Cond::Eq, TrapCode::IntegerDivisionByZero);
        match op {
            Div::DivU | Div::RemU => {
                asm!(self; xor edx, edx);
                self.op_loc(w, 0xf7, Ext(6), b);
            }
            Div::DivS => {
                self.cmp_imm(w, b, -1);
                let fine = self.jcc8(cc::NE);
                // The dividend overflows when negated only if it is the smallest integer.
                self.mov_loc(w, R11, Loc::reg(RAX));
                self.op_loc(w, 0xf7, Ext(3), Loc::reg(R11));
                self.trap_cc(cc::O, TrapCode::IntegerOverflow);
                self.here8(fine);
                self.sign_into_rdx(w);
                self.op_loc(w, 0xf7, Ext(7), b);
            }
            Div::RemS => {
                asm!(self; xor edx, edx);
                self.cmp_imm(w, b, -1);
                let minus_one = self.jcc8(cc::E);
                self.sign_into_rdx(w);
                self.op_loc(w, 0xf7, Ext(7), b);
                self.here8(minus_one);
            }
        }
    }

    /// The operations with one operand.
    pub(super) fn count_or_extend(&mut self, op: Unary, w: Width, dst: Gpr, a: Loc) {
        match op {
            Unary::Extend8 => {
                // An 8-bit source register above rbx needs a REX byte: go through the destination.
                if a.is_frame() {
                    self.op0f_loc(w, 0xbe, dst, a);
                } else {
                    let src = a.gpr();
                    match w {
                        W32 => asm!(self; movsx Rd(dst.0), Rb(src.0)),
                        W64 => asm!(self; movsx Rq(dst.0), Rb(src.0)),
                    }
                }
            }
            Unary::Extend16 => self.op0f_loc(w, 0xbf, dst, a),
            Unary::Extend32 => self.op_loc(W64, 0x63, dst, a),
            Unary::Popcnt if self.target.popcnt => {
                self.w.put(0xf3, 1);
                self.op0f_loc(w, 0xb8, dst, a);
            }
            Unary::Popcnt => self.popcnt_by_hand(w, dst, a),
            Unary::Clz if self.target.lzcnt => {
                self.w.put(0xf3, 1);
                self.op0f_loc(w, 0xbd, dst, a);
            }
            Unary::Ctz if self.target.lzcnt => {
                self.w.put(0xf3, 1);
                self.op0f_loc(w, 0xbc, dst, a);
            }
            Unary::Clz => {
                // bsr leaves the destination alone for 0; 2·bits − 1 becomes bits below.
                let (bits, none) = if w == W32 { (31, 63) } else { (63, 127) };
                self.op0f_loc(w, 0xbd, R10, a);
                self.mov_imm(R11, none);
                self.op0f_loc(w, 0x44, R10, Loc::reg(R11));
                self.group1(w, Ext(6), Loc::reg(R10), bits);
                self.mov_loc(w, dst, Loc::reg(R10));
            }
            Unary::Ctz => {
                let bits = if w == W32 { 32 } else { 64 };
                self.op0f_loc(w, 0xbc, R10, a);
                self.mov_imm(R11, bits);
                self.op0f_loc(w, 0x44, R10, Loc::reg(R11));
                self.mov_loc(w, dst, Loc::reg(R10));
            }
        }
    }

    pub(super) fn mul_imm(&mut self, w: Width, dst: Gpr, a: Loc, imm: i32) {
        if imm as i8 as i32 == imm {
            self.op_loc(w, 0x6b, dst, a);
            self.w.put(u64::from(imm as u8), 1);
        } else {
            self.op_loc(w, 0x69, dst, a);
            self.w.put32(imm as u32);
        }
    }

    fn sign_into_rdx(&mut self, w: Width) {
        match w {
            W32 => asm!(self; cdq),
            W64 => asm!(self; cqo),
        }
    }

    /// Counts ones without the instruction: sums of pairs, nibbles, then bytes by a multiplication.
    fn popcnt_by_hand(&mut self, w: Width, dst: Gpr, a: Loc) {
        let rep = |byte: u64| {
            if w == W32 { i64::from((byte * 0x0101_0101) as u32) } else { (byte * 0x0101_0101_0101_0101) as i64 }
        };
        let (r10, r11) = (Loc::reg(R10), Loc::reg(R11));
        let and = |s: &mut Self, dst: Gpr, b: Loc| s.op_loc(w, 0x23, dst, b);
        // r10 = x; r11 = (x >> 1) & 0x55…; r10 -= r11
        self.mov_loc(w, R10, a);
        self.mov_imm(R11, rep(0x55));
        if !a.is_reg(dst) {
            self.mov_loc(w, dst, r10);
        }
        self.shift_imm(Shift::ShrU, w, dst, Loc::reg(dst), 1);
        and(self, dst, r11);
        self.op_loc(w, 0x2b, R10, Loc::reg(dst));
        // dst = r10 & 0x33…; r10 = (r10 >> 2) & 0x33…; r10 += dst
        self.mov_imm(R11, rep(0x33));
        self.mov_loc(w, dst, r10);
        and(self, dst, r11);
        self.shift_imm(Shift::ShrU, w, R10, r10, 2);
        and(self, R10, r11);
        self.op_loc(w, 0x03, R10, Loc::reg(dst));
        // dst = (r10 + (r10 >> 4)) & 0x0f…
        self.mov_loc(w, dst, r10);
        self.shift_imm(Shift::ShrU, w, dst, Loc::reg(dst), 4);
        self.op_loc(w, 0x03, dst, r10);
        self.mov_imm(R11, rep(0x0f));
        and(self, dst, r11);
        // The top byte of dst · 0x01… is the sum.
        self.mov_imm(R11, rep(0x01));
        self.op0f_loc(w, 0xaf, dst, r11);
        self.shift_imm(Shift::ShrU, w, dst, Loc::reg(dst), if w == W32 { 24 } else { 56 });
    }
}
