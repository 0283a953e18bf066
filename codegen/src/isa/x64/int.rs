//! Integer instructions that take more than one: division, counting bits, multiplication by a constant.

use super::{R10, R11, RAX, X64, asm, cc};
use crate::masm::*;
use crate::trap::TrapCode;
use dynasmrt::DynasmApi;

use Width::{W32, W64};

impl X64 {
    /// rax = rdx:rax / b, rdx = the remainder, with the traps that are needed unless `checked`.
    pub(super) fn divide(&mut self, op: Div, w: Width, b: Loc, checked: bool, traps: &mut Vec<TrapJump>, wasm: u32) {
        if !checked {
            self.cmp_imm(w, b, 0);
            self.trap_if(Cond::Eq, TrapCode::IntegerDivisionByZero as u8, traps, wasm);
        }
        match op {
            Div::DivU | Div::RemU => {
                asm!(self; xor edx, edx);
                self.op_loc(w, 0xf7, 6, b);
            }
            Div::DivS => {
                if !checked {
                    self.cmp_imm(w, b, -1);
                    let fine = self.jcc8(cc::NE);
                    // The dividend overflows when negated only if it is the smallest integer.
                    self.mov_loc(w, R11, Loc::reg(RAX));
                    self.op_loc(w, 0xf7, 3, Loc::reg(R11));
                    self.trap_cc(cc::O, TrapCode::IntegerOverflow as u8, traps, wasm);
                    self.here8(fine);
                }
                self.sign_into_rdx(w);
                self.op_loc(w, 0xf7, 7, b);
            }
            Div::RemS => {
                if checked {
                    self.sign_into_rdx(w);
                    self.op_loc(w, 0xf7, 7, b);
                    return;
                }
                asm!(self; xor edx, edx);
                self.cmp_imm(w, b, -1);
                let minus_one = self.jcc8(cc::E);
                self.sign_into_rdx(w);
                self.op_loc(w, 0xf7, 7, b);
                self.here8(minus_one);
            }
        }
    }

    /// The operations with one operand.
    pub(super) fn count_or_extend(&mut self, op: Unary, w: Width, dst: u8, a: Loc) {
        match op {
            Unary::Extend8 => {
                // An 8-bit source register above rbx needs a REX byte: go through the destination.
                if a.is_frame() {
                    self.op0f_loc(w, 0xbe, dst, a);
                } else {
                    let src = a.num();
                    match w {
                        W32 => asm!(self; movsx Rd(dst), Rb(src)),
                        W64 => asm!(self; movsx Rq(dst), Rb(src)),
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
                self.group1(w, 6, Loc::reg(R10), bits);
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

    pub(super) fn mul_imm(&mut self, w: Width, dst: u8, a: Loc, imm: i32) {
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
    fn popcnt_by_hand(&mut self, w: Width, dst: u8, a: Loc) {
        let rep = |byte: u64| {
            if w == W32 { i64::from((byte * 0x0101_0101) as u32) } else { (byte * 0x0101_0101_0101_0101) as i64 }
        };
        let (r10, r11) = (Loc::reg(R10), Loc::reg(R11));
        let and = |s: &mut Self, dst: u8, b: Loc| s.op_loc(w, 0x23, dst, b);
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
