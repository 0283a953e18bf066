//! Operators with one operand that are several instructions: negations, conversions, extensions; and minimum and
//! maximum of floats.

use super::enc::*;
use super::{X64, splat8, splat16, splat32, splat64};
use crate::op::simd::*;

/// How many bits are set in each number below 16.
const POPULATION: u128 = 0x0403_0302_0302_0201_0302_0201_0201_0100;

impl X64 {
    pub(super) fn unary_sequence(&mut self, op: u32, dst: u8, a: u8) {
        match op {
            V128_NOT => {
                self.ones(T0);
                self.op3(INT | 0xef, dst, a, Rm::Reg(T0));
            }
            I8X16_NEG => self.negate(0xf8, dst, a),
            I16X8_NEG => self.negate(0xf9, dst, a),
            I32X4_NEG => self.negate(0xfa, dst, a),
            I64X2_NEG => self.negate(0xfb, dst, a),
            I64X2_ABS => {
                self.pshufd(T0, a, 0xf5);
                self.op3_shift(0x72, 4, T0, T0, 31);
                self.op3(INT | 0xef, T1, a, Rm::Reg(T0));
                self.op3(INT | 0xfb, dst, T1, Rm::Reg(T0));
            }
            F32X4_ABS => self.with_mask(M0F | 0x54, dst, a, splat32(0x7fff_ffff)),
            F32X4_NEG => self.with_mask(M0F | 0x57, dst, a, splat32(0x8000_0000)),
            F64X2_ABS => self.with_mask(INT | 0x54, dst, a, splat64(i64::MAX as u64)),
            F64X2_NEG => self.with_mask(INT | 0x57, dst, a, splat64(1 << 63)),
            I8X16_POPCNT => {
                let nibbles = self.lists.vectors.intern(splat8(0x0f));
                let population = self.lists.vectors.intern(POPULATION);
                self.op3(INT | 0xdb, T0, a, Rm::Pool(nibbles));
                self.op2(M0F | 0x28, T1, Rm::Pool(population));
                self.op3(M38, T1, T1, Rm::Reg(T0));
                self.op3_shift(0x71, 2, T0, a, 4);
                self.op3(INT | 0xdb, T0, T0, Rm::Pool(nibbles));
                self.op2(M0F | 0x28, dst, Rm::Pool(population));
                self.op3(M38, dst, dst, Rm::Reg(T0));
                self.op3(INT | 0xfc, dst, dst, Rm::Reg(T1));
            }
            // Products with ones, of which two neighbours are added.
            I16X8_EXTADD_PAIRWISE_I8X16_S => {
                let ones = self.lists.vectors.intern(splat8(1));
                self.op2(M0F | 0x28, T0, Rm::Pool(ones));
                self.op3(M38 | 0x04, dst, T0, Rm::Reg(a));
            }
            I16X8_EXTADD_PAIRWISE_I8X16_U => self.with_mask(M38 | 0x04, dst, a, splat8(1)),
            I32X4_EXTADD_PAIRWISE_I16X8_S => self.with_mask(INT | 0xf5, dst, a, splat16(1)),
            I32X4_EXTADD_PAIRWISE_I16X8_U => {
                let low = self.lists.vectors.intern(splat32(0xffff));
                self.op3_shift(0x72, 2, T0, a, 16);
                self.op3(INT | 0xdb, T1, a, Rm::Pool(low));
                self.op3(INT | 0xfe, dst, T0, Rm::Reg(T1));
            }
            I16X8_EXTEND_HIGH_I8X16_S => self.extend_high(M38 | 0x20, dst, a),
            I32X4_EXTEND_HIGH_I16X8_S => self.extend_high(M38 | 0x23, dst, a),
            I64X2_EXTEND_HIGH_I32X4_S => self.extend_high(M38 | 0x25, dst, a),
            I16X8_EXTEND_HIGH_I8X16_U => self.extend_high_zero(0x68, dst, a),
            I32X4_EXTEND_HIGH_I16X8_U => self.extend_high_zero(0x69, dst, a),
            I64X2_EXTEND_HIGH_I32X4_U => self.extend_high_zero(0x6a, dst, a),
            _ => self.convert(op, dst, a),
        }
    }

    fn convert(&mut self, op: u32, dst: u8, a: u8) {
        match op {
            F32X4_CONVERT_I32X4_U => {
                // Both halves convert exactly; their sum is rounded once.
                let low = self.lists.vectors.intern(splat32(0xffff));
                self.op3(INT | 0xdb, T0, a, Rm::Pool(low));
                self.op3(INT | 0xfa, T1, a, Rm::Reg(T0));
                self.op2(M0F | 0x5b, T0, Rm::Reg(T0));
                self.op3_shift(0x72, 2, T1, T1, 1);
                self.op2(M0F | 0x5b, T1, Rm::Reg(T1));
                self.op3(M0F | 0x58, T1, T1, Rm::Reg(T1));
                self.op3(M0F | 0x58, dst, T0, Rm::Reg(T1));
            }
            F64X2_CONVERT_LOW_I32X4_U => {
                // The bits of 2^52 + x, minus 2^52.
                let upper = self.lists.vectors.intern(splat32(0x4330_0000));
                let bias = self.lists.vectors.intern(splat64(0x4330_0000_0000_0000));
                self.op3(M0F | 0x14, T0, a, Rm::Pool(upper));
                self.op3(INT | 0x5c, dst, T0, Rm::Pool(bias));
            }
            I32X4_TRUNC_SAT_F32X4_S => {
                // NaNs become 0; what is too great becomes the smallest integer, of which all bits are inverted.
                self.op3_imm(M0F | 0xc2, T0, a, Rm::Reg(a), 0);
                self.op3(M0F | 0x54, T1, a, Rm::Reg(T0));
                self.op3(INT | 0xef, T0, T0, Rm::Reg(T1));
                self.op2(M0F | PF3 | 0x5b, T1, Rm::Reg(T1));
                self.op3(INT | 0xdb, T0, T0, Rm::Reg(T1));
                self.op3_shift(0x72, 4, T0, T0, 31);
                self.op3(INT | 0xef, dst, T0, Rm::Reg(T1));
            }
            I32X4_TRUNC_SAT_F32X4_U | I32X4_RELAXED_TRUNC_F32X4_U => {
                // In two parts, below 2^31 and what is beyond; NaNs and negative numbers are 0.
                self.zero(T0);
                self.op3(M0F | 0x5f, dst, a, Rm::Reg(T0));
                self.ones(T0);
                self.op3_shift(0x72, 2, T0, T0, 1);
                self.op2(M0F | 0x5b, T0, Rm::Reg(T0));
                self.op3(M0F | 0x5c, T1, dst, Rm::Reg(T0));
                self.op2(M0F | PF3 | 0x5b, dst, Rm::Reg(dst));
                self.op3_imm(M0F | 0xc2, T0, T0, Rm::Reg(T1), 2);
                self.op2(M0F | PF3 | 0x5b, T1, Rm::Reg(T1));
                self.op3(INT | 0xef, T1, T1, Rm::Reg(T0));
                self.zero(T0);
                self.op3(M38 | 0x3d, T1, T1, Rm::Reg(T0));
                self.op3(INT | 0xfe, dst, dst, Rm::Reg(T1));
            }
            I32X4_TRUNC_SAT_F64X2_S_ZERO => {
                let limit = self.lists.vectors.intern(splat64(2147483647.0f64.to_bits()));
                self.op3_imm(INT | 0xc2, T0, a, Rm::Reg(a), 0);
                self.op3(INT | 0x54, T0, T0, Rm::Pool(limit));
                self.op3(INT | 0x5d, T1, a, Rm::Reg(T0));
                self.op2(INT | 0xe6, dst, Rm::Reg(T1));
            }
            _ => {
                debug_assert!(matches!(op, I32X4_TRUNC_SAT_F64X2_U_ZERO | I32X4_RELAXED_TRUNC_F64X2_U_ZERO));
                let limit = self.lists.vectors.intern(splat64(4294967295.0f64.to_bits()));
                let bias = self.lists.vectors.intern(splat64(0x4330_0000_0000_0000));
                self.zero(T0);
                self.op3(INT | 0x5f, T1, a, Rm::Reg(T0));
                self.op3(INT | 0x5d, T1, T1, Rm::Pool(limit));
                self.op2_imm(M3A | 0x09, T1, Rm::Reg(T1), 11);
                self.op3(INT | 0x58, T1, T1, Rm::Pool(bias));
                self.op3_imm(M0F | 0xc6, dst, T1, Rm::Reg(T0), 0x88);
            }
        }
    }

    fn negate(&mut self, subtract: Enc, dst: u8, a: u8) {
        self.zero(T0);
        self.op3(INT | subtract, dst, T0, Rm::Reg(a));
    }

    fn with_mask(&mut self, enc: Enc, dst: u8, a: u8, mask: u128) {
        let mask = self.lists.vectors.intern(mask);
        self.op3(enc, dst, a, Rm::Pool(mask));
    }

    fn extend_high(&mut self, enc: Enc, dst: u8, a: u8) {
        self.pshufd(T0, a, 0xee);
        self.op2(enc, dst, Rm::Reg(T0));
    }

    fn extend_high_zero(&mut self, unpack: Enc, dst: u8, a: u8) {
        self.zero(T0);
        self.op3(INT | unpack, dst, a, Rm::Reg(T0));
    }

    /// The machine's minimum and maximum give the second operand for NaNs and for zeros of either sign: both orders
    /// are computed and put together, and NaNs made quiet ones.
    pub(super) fn float_extreme(&mut self, max: bool, double: bool, dst: u8, a: u8, b: u8) {
        let p = if double { P66 } else { 0 };
        let (opcode, payload) = if double { (0x73, 13) } else { (0x72, 10) };
        let extreme = M0F | p | if max { 0x5f } else { 0x5d };
        self.op3(extreme, T0, a, Rm::Reg(b));
        self.op3(extreme, T1, b, Rm::Reg(a));
        if max {
            // Where the signs of zeros differ, −0 − −0 is 0.
            self.op3(M0F | p | 0x57, T1, T1, Rm::Reg(T0));
            self.op3(M0F | p | 0x56, T0, T0, Rm::Reg(T1));
            self.op3(M0F | p | 0x5c, T0, T0, Rm::Reg(T1));
            self.op3_imm(M0F | p | 0xc2, T1, T1, Rm::Reg(T0), 3);
        } else {
            self.op3(M0F | p | 0x56, T0, T0, Rm::Reg(T1));
            self.op3_imm(M0F | p | 0xc2, T1, T1, Rm::Reg(T0), 3);
            self.op3(M0F | p | 0x56, T0, T0, Rm::Reg(T1));
        }
        self.op3_shift(opcode, 2, T1, T1, payload);
        self.op3(M0F | p | 0x55, dst, T1, Rm::Reg(T0));
    }
}
