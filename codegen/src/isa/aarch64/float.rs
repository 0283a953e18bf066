//! Float operations on AArch64 that take more than one instruction.
//!
//! `FPCR` is as programs find it: round to nearest, no default NaNs, no flushing to zero. NaNs are then propagated
//! quiet, which is what the specification asks for; `fmin` and `fmax` order zeros and pass NaNs on as it does.

use super::enc::{NONE, fff, float_imm, ftype, regs};
use super::{A64, V30, V31, X15, X16, cc, cc_of};
use crate::masm::*;
use crate::trap::TrapCode;

use Width::{W32, W64};

impl Floats for A64 {
    fn fcmp(&mut self, cond: Cond, w: Width, a: Fpr, b: Fpr) -> Cond {
        self.compare(w, a, b);
        cond
    }

    fn fselect(&mut self, cond: Cond, dst: Fpr, a: Fpr, b: Fpr) {
        self.fff(fff::CSEL | u32::from(cc_of(cond)) << 12, W64, dst, a, b);
    }

    #[inline(always)]
    fn falu(&mut self, op: FAlu, w: Width, dst: Fpr, a: Fpr, b: Loc) {
        let word = match op {
            FAlu::Add => fff::ADD,
            FAlu::Sub => fff::SUB,
            FAlu::Mul => fff::MUL,
            FAlu::Div => fff::DIV,
        };
        let b = if b.is_frame() {
            self.fload_frame(w, V31, b.disp());
            V31
        } else {
            b.fpr()
        };
        self.fff(word, w, dst, a, b);
    }

    fn funary(&mut self, op: FUnary, w: Width, dst: Fpr, a: Fpr) {
        let word = match op {
            FUnary::Abs => fff::ABS,
            FUnary::Neg => fff::NEG,
            FUnary::Sqrt => fff::SQRT,
            FUnary::Ceil => fff::RINTP,
            FUnary::Floor => fff::RINTM,
            FUnary::Trunc => fff::RINTZ,
            FUnary::Nearest => fff::RINTN,
        };
        self.ff(word, w, dst, a);
    }

    fn fminmax(&mut self, max: bool, w: Width, dst: Fpr, a: Fpr, b: Fpr) {
        self.fff(if max { fff::MAX } else { fff::MIN }, w, dst, a, b);
    }

    fn fcopysign(&mut self, w: Width, dst: Fpr, a: Fpr, b: Fpr) {
        self.float_copysign(w, dst, a, b);
    }

    fn fconvert(&mut self, from: Width, dst: Fpr, src: Fpr) {
        // fcvt: the field of the width it comes from, and one of the width it goes to.
        let word = if from == W32 { 0x1e22_c000 } else { 0x1e62_4000 };
        self.put(word | regs(dst, src, NONE));
    }

    fn int_to_float(&mut self, int: Width, signed: bool, float: Width, dst: Fpr, src: Gpr) {
        self.convert(if signed { fff::SCVTF } else { fff::UCVTF }, int, float, dst, src);
    }

    fn float_to_int(&mut self, float: Width, int: Width, signed: bool, dst: Gpr, src: Fpr) {
        self.trunc(float, int, signed, dst, src);
    }

    fn float_to_int_sat(&mut self, float: Width, int: Width, signed: bool, dst: Gpr, src: Fpr) {
        self.convert(if signed { fff::CVTZS } else { fff::CVTZU }, int, float, dst, src);
    }

    fn float_bits(&mut self, w: Width, dst: Gpr, src: Fpr) {
        self.int_of_float_reg(w, dst, src);
    }

    fn float_from_bits(&mut self, w: Width, dst: Fpr, src: Gpr) {
        self.float_of_int_reg(w, dst, src);
    }
}

impl A64 {
    pub(super) fn float_constant(&mut self, w: Width, dst: Fpr, bits: u64) {
        if bits == 0 {
            // movi dst, #0
            self.put(0x2f00_e400 | u32::from(dst.0));
        } else if let Some(field) = float_imm(w, bits) {
            self.put(0x1e20_1000 | ftype(w) | field | u32::from(dst.0));
        } else if w == W32 || self.far || bits << 32 == 0 {
            self.mov_imm(X15, bits as i64);
            self.float_of_int_reg(w, dst, X15);
        } else {
            // ldr dst, =bits
            self.lists.pool.push(Constant { site: self.pos(), bits });
            self.put(0x5c00_0000 | u32::from(dst.0));
        }
    }

    /// Bits of an integer register to a float register.
    pub(super) fn float_of_int_reg(&mut self, w: Width, dst: Fpr, src: Gpr) {
        self.convert(0x1e27_0000, w, w, dst, src);
    }

    /// Bits of a float register to an integer register.
    pub(super) fn int_of_float_reg(&mut self, w: Width, dst: Gpr, src: Fpr) {
        self.convert(0x1e26_0000, w, w, dst, src);
    }

    /// `dst = (a with the sign of b)`.
    pub(super) fn float_copysign(&mut self, w: Width, dst: Fpr, a: Fpr, b: Fpr) {
        match w {
            // movi v31.2s, #0x80, lsl #24
            W32 => self.put(0x0f04_6400 | u32::from(V31.0)),
            W64 => {
                self.put(0x2f00_e400 | u32::from(V31.0));
                self.ff(fff::NEG, W64, V31, V31);
            }
        }
        if dst == b && dst != a {
            // bif dst.8b, a.8b, v31.8b: takes the bits where the mask is 0
            self.put(0x2ee0_1c00 | regs(dst, a, V31));
        } else {
            self.fmov(dst, a);
            // bit dst.8b, b.8b, v31.8b: takes the bits where the mask is 1
            self.put(0x2ea0_1c00 | regs(dst, b, V31));
        }
    }

    /// Ones in the lowest bits of integer register `a`, whose other bits are 0.
    pub(super) fn popcnt(&mut self, w: Width, dst: Gpr, a: Gpr) {
        self.float_of_int_reg(w, V31, a);
        // cnt v31.8b, v31.8b; addv b31, v31.8b
        self.put(0x0e20_5800 | regs(V31, V31, NONE));
        self.put(0x0e31_b800 | regs(V31, V31, NONE));
        self.int_of_float_reg(W32, dst, V31);
    }

    fn compare(&mut self, w: Width, a: Fpr, b: Fpr) {
        self.put(fff::CMP | ftype(w) | regs(NONE, a, b));
    }

    /// v30 = 2^`exp`
    fn power_of_two(&mut self, w: Width, exp: u32) {
        let bits = match w {
            W32 => u64::from((127 + exp) << 23),
            W64 => u64::from(1023 + exp) << 52,
        };
        self.float_constant(w, V30, bits);
    }

    /// The machine saturates, so values that do not fit are detected first, or by converting to 64 bits.
    pub(super) fn trunc(&mut self, float: Width, int: Width, signed: bool, dst: Gpr, src: Fpr) {
        let overflow = TrapCode::IntegerOverflow;
        self.compare(float, src, src);
        self.trap_cc(cc::VS, TrapCode::BadConversionToInteger);
        if int == W32 {
            // It fits if the low half, extended, is all of it.
            self.convert(fff::CVTZS, W64, float, X16, src);
            // cmp x16, w16, sxtw or uxtw
            self.put(0xeb20_001f | if signed { 0xc000 } else { 0x4000 } | regs(NONE, X16, X16));
            self.trap_cc(cc::NE, overflow);
            self.mov32(dst, X16);
            return;
        }
        if signed {
            // −2^63 ≤ src < 2^63
            self.power_of_two(float, 63);
            self.compare(float, src, V30);
            self.trap_cc(cc::GE, overflow);
            self.ff(fff::NEG, float, V30, V30);
            self.compare(float, src, V30);
            self.trap_cc(cc::MI, overflow);
            self.convert(fff::CVTZS, W64, float, dst, src);
        } else {
            // −1 < src < 2^64
            self.power_of_two(float, 64);
            self.compare(float, src, V30);
            self.trap_cc(cc::GE, overflow);
            let minus_one = if float == W32 { u64::from((-1f32).to_bits()) } else { (-1f64).to_bits() };
            self.float_constant(float, V30, minus_one);
            self.compare(float, src, V30);
            self.trap_cc(cc::LS, overflow);
            self.convert(fff::CVTZU, W64, float, dst, src);
        }
    }
}
