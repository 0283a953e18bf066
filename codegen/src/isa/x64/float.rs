//! Float operations on x86-64 that take more than one instruction.

use super::enc::Ext;
use super::{R11, X64, XMM14, XMM15, asm, cc, cc_of};
use crate::masm::*;
use crate::trap::TrapCode;
use dynasmrt::DynasmApi;

use Width::{W32, W64};

impl Floats for X64 {
    fn fcmp(&mut self, cond: Cond, w: Width, a: Fpr, b: Fpr) -> Cond {
        let (first, second) = if matches!(cond, Cond::FLt | Cond::FLe) { (b, a) } else { (a, b) };
        self.ucomis(w, first, second);
        cond
    }

    fn fselect(&mut self, cond: Cond, dst: Fpr, a: Fpr, b: Fpr) {
        debug_assert_eq!(dst, a);
        match cond {
            Cond::FEq => {
                let unordered = self.jcc8(cc::P);
                let keep = self.jcc8(cc::E);
                self.here8(unordered);
                self.fmov(dst, b);
                self.here8(keep);
            }
            Cond::FNe => {
                let unordered = self.jcc8(cc::P);
                let keep = self.jcc8(cc::NE);
                self.fmov(dst, b);
                self.here8(unordered);
                self.here8(keep);
            }
            _ => {
                let keep = self.jcc8(cc_of(cond));
                self.fmov(dst, b);
                self.here8(keep);
            }
        }
    }

    #[inline(always)]
    fn falu(&mut self, op: FAlu, w: Width, dst: Fpr, a: Fpr, b: Loc) {
        debug_assert!(dst == a || !b.is_reg(dst));
        self.fmov(dst, a);
        let opcode = match op {
            FAlu::Add => 0x58,
            FAlu::Mul => 0x59,
            FAlu::Sub => 0x5c,
            FAlu::Div => 0x5e,
        };
        self.sse_loc(scalar(w), opcode, dst, b);
    }

    fn funary(&mut self, op: FUnary, w: Width, dst: Fpr, a: Fpr) {
        match op {
            FUnary::Sqrt => self.sse_loc(scalar(w), 0x51, dst, Loc::reg(a)),
            FUnary::Abs | FUnary::Neg => self.float_sign(op == FUnary::Neg, w, dst, a),
            FUnary::Nearest => self.round(w, dst, a, 0),
            FUnary::Floor => self.round(w, dst, a, 1),
            FUnary::Ceil => self.round(w, dst, a, 2),
            FUnary::Trunc => self.round(w, dst, a, 3),
        }
    }

    fn fminmax(&mut self, max: bool, w: Width, dst: Fpr, a: Fpr, b: Fpr) {
        debug_assert_eq!(dst, a);
        self.float_minmax(max, w, dst, b);
    }

    fn fcopysign(&mut self, w: Width, dst: Fpr, a: Fpr, b: Fpr) {
        debug_assert_eq!(dst, a);
        self.float_copysign(w, dst, b);
    }

    fn fconvert(&mut self, from: Width, dst: Fpr, src: Fpr) {
        self.sse_loc(scalar(from), 0x5a, dst, Loc::reg(src));
    }

    fn int_to_float(&mut self, int: Width, signed: bool, float: Width, dst: Fpr, src: Gpr) {
        self.convert_int(int, signed, float, dst, src);
    }

    fn float_to_int(&mut self, float: Width, int: Width, signed: bool, dst: Gpr, src: Fpr) {
        if signed {
            self.trunc_signed(float, int, dst, src);
        } else {
            self.trunc_unsigned(float, int, dst, src);
        }
    }

    fn float_to_int_sat(&mut self, float: Width, int: Width, signed: bool, dst: Gpr, src: Fpr) {
        if signed {
            self.trunc_sat_signed(float, int, dst, src);
        } else {
            self.trunc_sat_unsigned(float, int, dst, src);
        }
    }

    fn float_bits(&mut self, w: Width, dst: Gpr, src: Fpr) {
        self.w.put(0x66, 1);
        self.op0f_loc(w, 0x7e, src, Loc::reg(dst));
    }

    fn float_from_bits(&mut self, w: Width, dst: Fpr, src: Gpr) {
        self.w.put(0x66, 1);
        self.op0f_loc(w, 0x6e, dst, Loc::reg(src));
    }
}

/// The mandatory prefix of scalar SSE instructions.
#[inline(always)]
pub(super) fn scalar(w: Width) -> u8 {
    if w == W32 { 0xf3 } else { 0xf2 }
}

impl X64 {
    /// Compares two float registers; unordered sets the parity flag (and carry and zero).
    #[inline(always)]
    pub(super) fn ucomis(&mut self, w: Width, a: Fpr, b: Fpr) {
        if w == W64 {
            self.w.put(0x66, 1);
        }
        self.op0f_loc(W32, 0x2e, a, Loc::reg(b));
    }

    /// `roundss`/`roundsd` with the rounding mode of the immediate, exceptions masked.
    pub(super) fn round(&mut self, w: Width, dst: Fpr, a: Fpr, mode: u8) {
        match w {
            W32 => asm!(self; roundss Rx(dst.0), Rx(a.0), (mode | 8) as i8),
            W64 => asm!(self; roundsd Rx(dst.0), Rx(a.0), (mode | 8) as i8),
        }
    }

    /// xmm15 = the sign bit, or all but the sign bit.
    fn sign_mask(&mut self, w: Width, inverted: bool) {
        asm!(self; pcmpeqd xmm15, xmm15);
        match (w, inverted) {
            (W32, false) => asm!(self; pslld xmm15, 31),
            (W64, false) => asm!(self; psllq xmm15, 63),
            (W32, true) => asm!(self; psrld xmm15, 1),
            (W64, true) => asm!(self; psrlq xmm15, 1),
        }
    }

    pub(super) fn float_sign(&mut self, negate: bool, w: Width, dst: Fpr, a: Fpr) {
        self.sign_mask(w, !negate);
        self.fmov(dst, a);
        if negate {
            asm!(self; xorps Rx(dst.0), xmm15);
        } else {
            asm!(self; andps Rx(dst.0), xmm15);
        }
    }

    pub(super) fn float_copysign(&mut self, w: Width, dst: Fpr, b: Fpr) {
        self.sign_mask(w, false);
        asm!(self
            ; movaps xmm14, Rx(b.0)
            ; andps xmm14, xmm15
            ; andnps xmm15, Rx(dst.0)
            ; orps xmm15, xmm14
            ; movaps Rx(dst.0), xmm15);
    }

    /// `minss` and `maxss` give the second operand for NaNs and for zeros of either sign: those two cases go
    /// separately.
    pub(super) fn float_minmax(&mut self, max: bool, w: Width, dst: Fpr, b: Fpr) {
        self.ucomis(w, dst, b);
        let differ = self.jcc8(cc::NE);
        let nan = self.jcc8(cc::P);
        // Equal: only the signs of zeros can differ.
        if max {
            asm!(self; andps Rx(dst.0), Rx(b.0));
        } else {
            asm!(self; orps Rx(dst.0), Rx(b.0));
        }
        let done = self.jmp8();
        self.here8(nan);
        self.sse_loc(scalar(w), 0x58, dst, Loc::reg(b));
        let done_nan = self.jmp8();
        self.here8(differ);
        self.sse_loc(scalar(w), if max { 0x5f } else { 0x5d }, dst, Loc::reg(b));
        self.here8(done);
        self.here8(done_nan);
    }

    /// `cvtsi2ss`/`cvtsi2sd` from an integer register of width `int`, breaking the dependency on the old value.
    fn cvtsi2s(&mut self, int: Width, float: Width, dst: Fpr, src: Gpr) {
        asm!(self; xorps Rx(dst.0), Rx(dst.0));
        self.w.put(u64::from(scalar(float)), 1);
        self.op0f_loc(int, 0x2a, dst, Loc::reg(src));
    }

    /// `cvttss2si`/`cvttsd2si`.
    fn cvtts2si(&mut self, float: Width, int: Width, dst: Gpr, src: Fpr) {
        self.w.put(u64::from(scalar(float)), 1);
        self.op0f_loc(int, 0x2c, dst, Loc::reg(src));
    }

    pub(super) fn convert_int(&mut self, int: Width, signed: bool, float: Width, dst: Fpr, src: Gpr) {
        match (int, signed) {
            (W32, true) => self.cvtsi2s(W32, float, dst, src),
            // ZEXT: an unsigned 32-bit integer is a non-negative 64-bit one.
            (W32, false) => self.cvtsi2s(W64, float, dst, src),
            (W64, true) => self.cvtsi2s(W64, float, dst, src),
            (W64, false) => {
                self.cmp_imm(W64, Loc::reg(src), 0);
                let big = self.jcc8(cc::S);
                self.cvtsi2s(W64, float, dst, src);
                let done = self.jmp8();
                self.here8(big);
                // Halve, keeping the lowest bit as a sticky one for rounding, convert, double.
                asm!(self
                    ; mov r11, Rq(src.0)
                    ; mov r10, r11
                    ; shr r11, 1
                    ; and r10d, 1
                    ; or r11, r10);
                self.cvtsi2s(W64, float, dst, R11);
                self.sse_loc(scalar(float), 0x58, dst, Loc::reg(dst));
                self.here8(done);
            }
        }
    }

    /// xmm15 = 2^`exp`, or its negative.
    fn power_of_two(&mut self, w: Width, exp: u32, negative: bool) {
        let bits = match w {
            W32 => u64::from((127 + exp) << 23 | u32::from(negative) << 31),
            W64 => u64::from(1023 + exp) << 52 | u64::from(negative) << 63,
        };
        self.fmov_imm(w, XMM15, bits);
    }

    /// The machine gives the smallest integer for what does not fit; `dst − 1` overflows then and only then.
    pub(super) fn trunc_signed(&mut self, float: Width, int: Width, dst: Gpr, src: Fpr) {
        self.cvtts2si(float, int, dst, src);
        self.group1(int, Ext(7), Loc::reg(dst), 1);
        let fits = self.jcc8(cc::NO);
        self.ucomis(float, src, src);
        self.trap_cc(cc::P, TrapCode::BadConversionToInteger);
        // Fine if it really is the smallest integer: −2^n − 1 < src < 0, or −2^n ≤ src where −2^n − 1 is not a float.
        let bits = if int == W32 { 31 } else { 63 };
        if float == W64 && int == W32 {
            self.fmov_imm(W64, XMM15, (-2147483649.0f64).to_bits());
            self.ucomis(float, src, XMM15);
            self.trap_cc(cc::BE, TrapCode::IntegerOverflow);
        } else {
            self.power_of_two(float, bits, true);
            self.ucomis(float, src, XMM15);
            self.trap_cc(cc::B, TrapCode::IntegerOverflow);
        }
        asm!(self; xorps xmm15, xmm15);
        self.ucomis(float, src, XMM15);
        self.trap_cc(cc::AE, TrapCode::IntegerOverflow);
        self.here8(fits);
    }

    pub(super) fn trunc_unsigned(&mut self, float: Width, int: Width, dst: Gpr, src: Fpr) {
        self.ucomis(float, src, src);
        self.trap_cc(cc::P, TrapCode::BadConversionToInteger);
        if int == W32 {
            self.cvtts2si(float, W64, R11, src);
            self.mov32(dst, R11);
            self.cmp(W64, dst, Loc::reg(R11));
            // Without a sign, nothing is less than its lower half.
            self.trap_cc(cc::B, TrapCode::IntegerOverflow);
            return;
        }
        self.power_of_two(float, 63, false);
        self.ucomis(float, src, XMM15);
        let big = self.jcc8(cc::AE);
        self.cvtts2si(float, W64, dst, src);
        self.cmp_imm(W64, Loc::reg(dst), 0);
        self.trap_cc(cc::S, TrapCode::IntegerOverflow);
        let done = self.jmp8();
        self.here8(big);
        self.subtract_limit(float, src);
        self.cvtts2si(float, W64, dst, XMM14);
        self.cmp_imm(W64, Loc::reg(dst), 0);
        self.trap_cc(cc::S, TrapCode::IntegerOverflow);
        asm!(self; btc Rq(dst.0), 63);
        self.here8(done);
    }

    /// xmm14 = src − xmm15
    fn subtract_limit(&mut self, float: Width, src: Fpr) {
        self.fmov(XMM14, src);
        self.sse_loc(scalar(float), 0x5c, XMM14, Loc::reg(XMM15));
    }

    pub(super) fn trunc_sat_signed(&mut self, float: Width, int: Width, dst: Gpr, src: Fpr) {
        self.cvtts2si(float, int, dst, src);
        self.group1(int, Ext(7), Loc::reg(dst), 1);
        let fits = self.jcc8(cc::NO);
        asm!(self; xorps xmm15, xmm15);
        self.ucomis(float, src, XMM15);
        let nan = self.jcc8(cc::P);
        let negative = self.jcc8(cc::B);
        self.mov_imm(dst, if int == W32 { i64::from(i32::MAX) } else { i64::MAX });
        let done = self.jmp8();
        self.here8(nan);
        self.set_imm(dst, 0);
        self.here8(fits);
        self.here8(negative);
        self.here8(done);
    }

    pub(super) fn trunc_sat_unsigned(&mut self, float: Width, int: Width, dst: Gpr, src: Fpr) {
        asm!(self; xorps xmm15, xmm15);
        self.ucomis(float, src, XMM15);
        let positive = self.jcc8(cc::A);
        self.set_imm(dst, 0);
        let zero = self.jmp8();
        self.here8(positive);
        if int == W32 {
            self.cvtts2si(float, W64, dst, src);
            self.mov_imm(R11, 0xffff_ffff);
            self.cmp(W64, dst, Loc::reg(R11));
            self.op0f_loc(W64, 0x40 | cc::A, dst, Loc::reg(R11));
            self.here8(zero);
            return;
        }
        self.power_of_two(float, 63, false);
        self.ucomis(float, src, XMM15);
        let big = self.jcc8(cc::AE);
        self.cvtts2si(float, W64, dst, src);
        let done = self.jmp8();
        self.here8(big);
        self.subtract_limit(float, src);
        self.cvtts2si(float, W64, dst, XMM14);
        self.cmp_imm(W64, Loc::reg(dst), 0);
        let fits = self.jcc8(cc::NS);
        self.mov_imm(dst, -1);
        let done_max = self.jmp8();
        self.here8(fits);
        asm!(self; btc Rq(dst.0), 63);
        self.here8(zero);
        self.here8(done);
        self.here8(done_max);
    }
}
