//! Operators that take more than one instruction.

use super::words::*;
use super::{A64, Fpr, Gpr, V30, V31, lanes, op};
use crate::masm::Vectors;

impl A64 {
    #[inline(never)]
    pub(super) fn unary_sequence(&mut self, op: u32, dst: Fpr, a: Fpr) {
        let (first, second) = match op {
            // Through lanes of 64 bits, which changes neither what is saturated nor what is rounded.
            op::I32X4_TRUNC_SAT_F64X2_S_ZERO | op::I32X4_RELAXED_TRUNC_F64X2_S_ZERO => (fcvtz(0, D), qxtn(0, S)),
            op::I32X4_TRUNC_SAT_F64X2_U_ZERO | op::I32X4_RELAXED_TRUNC_F64X2_U_ZERO => (fcvtz(U, D), qxtn(U, S)),
            op::F64X2_CONVERT_LOW_I32X4_S => (extend(0, S), cvtf(0, D)),
            op::F64X2_CONVERT_LOW_I32X4_U => (extend(U, S), cvtf(U, D)),
            _ => unreachable!("{op:#x} is no operator with one operand"),
        };
        self.vv(first, dst, a);
        self.vv(second, dst, dst);
    }

    #[inline(never)]
    pub(super) fn binary_sequence(&mut self, op: u32, dst: Fpr, a: Fpr, b: Fpr) {
        match op {
            op::I8X16_NE => self.not_equal(equal(B), dst, a, b),
            op::I16X8_NE => self.not_equal(equal(H), dst, a, b),
            op::I32X4_NE => self.not_equal(equal(S), dst, a, b),
            op::I64X2_NE => self.not_equal(equal(D), dst, a, b),
            op::F32X4_NE => self.not_equal(fequal(S), dst, a, b),
            op::F64X2_NE => self.not_equal(fequal(D), dst, a, b),
            op::I8X16_NARROW_I16X8_S => self.narrow(qxtn(0, B), dst, a, b),
            op::I8X16_NARROW_I16X8_U => self.narrow(sqxtun(B), dst, a, b),
            op::I16X8_NARROW_I32X4_S => self.narrow(qxtn(0, H), dst, a, b),
            op::I16X8_NARROW_I32X4_U => self.narrow(sqxtun(H), dst, a, b),
            // b < a ? b : a
            op::F32X4_PMIN => self.compare_and_select(fgreater(S), dst, a, b, (a, b)),
            op::F64X2_PMIN => self.compare_and_select(fgreater(D), dst, a, b, (a, b)),
            // a < b ? b : a
            op::F32X4_PMAX => self.compare_and_select(fgreater(S), dst, a, b, (b, a)),
            op::F64X2_PMAX => self.compare_and_select(fgreater(D), dst, a, b, (b, a)),
            op::I32X4_DOT_I16X8_S => self.dot(H, dst, a, b),
            op::I16X8_RELAXED_DOT_I8X16_I7X16_S => self.dot(B, dst, a, b),
            op::I64X2_MUL => self.multiply_64(dst, a, b),
            _ => unreachable!("{op:#x} is no operator with two operands"),
        }
    }

    fn not_equal(&mut self, equal: u32, dst: Fpr, a: Fpr, b: Fpr) {
        self.vvv(equal, dst, a, b);
        self.vv(NOT, dst, dst);
    }

    fn narrow(&mut self, word: u32, dst: Fpr, a: Fpr, b: Fpr) {
        let low = if dst == b { V31 } else { dst };
        self.vv(word, low, a);
        self.vv(word | Q, low, b);
        self.vmov(dst, low);
    }

    /// `dst = x > y ? b : a`
    fn compare_and_select(&mut self, greater: u32, dst: Fpr, a: Fpr, b: Fpr, (x, y): (Fpr, Fpr)) {
        let mask = if dst == a || dst == b { V31 } else { dst };
        self.vvv(greater, mask, x, y);
        self.bitselect(dst, b, a, mask);
    }

    /// Sums of two neighbouring products of lanes of `size`, twice as wide.
    fn dot(&mut self, size: u32, dst: Fpr, a: Fpr, b: Fpr) {
        self.vvv(mull(0, size), V31, a, b);
        self.vvv(mull(0, size) | Q, V30, a, b);
        self.vvv(addp(size + 1), dst, V31, V30);
    }

    /// Both operands are signed, and sums have 32 bits: what `sdot` gives, so that results are the same without it.
    pub(super) fn dot_add(&mut self, dst: Fpr, a: Fpr, b: Fpr, c: Fpr) {
        if self.dotprod {
            // It adds to what its destination holds.
            let sum = if dst == a || dst == b { V31 } else { dst };
            self.vmov(sum, c);
            self.vvv(SDOT, sum, a, b);
            self.vmov(dst, sum);
        } else {
            self.vvv(mull(0, B), V31, a, b);
            self.vvv(mull(0, B) | Q, V30, a, b);
            self.vv(addlp(0, H), V31, V31);
            self.vv(addlp(0, H), V30, V30);
            self.vvv(addp(S), V31, V31, V30);
            self.vvv(add(S), dst, V31, c);
        }
    }

    /// The product is `ah·bl + al·bh`, shifted left by 32, plus `al·bl`.
    fn multiply_64(&mut self, dst: Fpr, a: Fpr, b: Fpr) {
        // The second operand is read last; it must still be there then.
        let (a, b) = if dst == b { (b, a) } else { (a, b) };
        self.vv(misc(0, S, 0), V30, b);
        self.vvv(mul(S), V30, V30, a);
        self.vvv(addp(S), V30, V30, V30);
        self.vv(xtn(S), V31, a);
        self.vv(SHLL_32, dst, V30);
        // Overwritten already if all three are the same; then it is what v31 has, too.
        let low = if dst == b { V31 } else { V30 };
        if dst != b {
            self.vv(xtn(S), low, b);
        }
        self.vvv(MLAL_32, dst, V31, low);
    }

    /// `dst = mask ? a : b`, bit by bit.
    pub(super) fn bitselect(&mut self, dst: Fpr, a: Fpr, b: Fpr, mask: Fpr) {
        if dst == a {
            self.vvv(BIF, dst, b, mask);
        } else if dst == b {
            self.vvv(BIT, dst, a, mask);
        } else {
            self.vmov(dst, mask);
            self.vvv(BSL, dst, a, b);
        }
    }

    /// `dst = c ± a·b`, rounded once.
    pub(super) fn multiply_add(&mut self, word: u32, dst: Fpr, a: Fpr, b: Fpr, c: Fpr) {
        let sum = if dst != c && (dst == a || dst == b) { V31 } else { dst };
        self.vmov(sum, c);
        self.vvv(word, sum, a, b);
        self.vmov(dst, sum);
    }

    pub(super) fn shift_by_register(&mut self, op: u32, dst: Fpr, a: Fpr, count: Gpr) {
        let size = lanes::size(op);
        // and w16, count, #(width − 1)
        self.put(0x1200_0010 | (2 + size) << 10 | u32::from(count.0) << 5);
        let u = match op {
            op::I8X16_SHL | op::I16X8_SHL | op::I32X4_SHL | op::I64X2_SHL => U,
            _ => {
                // To the right is to the left by less than 0: neg w16, w16
                self.put(0x4b10_03f0);
                shift_signedness(op)
            }
        };
        self.v_of_int(DUP_INT | lane(size, 0), V31, Gpr(16));
        self.vvv(shift_by(u, size), dst, a, V31);
    }

    pub(super) fn shift_by_constant(&mut self, op: u32, dst: Fpr, a: Fpr, count: u32) {
        let width = 8 << lanes::size(op);
        debug_assert!(count < width);
        if count == 0 {
            return self.vmov(dst, a);
        }
        let word = match op {
            op::I8X16_SHL | op::I16X8_SHL | op::I32X4_SHL | op::I64X2_SHL => 0x4f00_5400 | (width + count) << 16,
            _ => 0x4f00_0400 | shift_signedness(op) | (2 * width - count) << 16,
        };
        self.vv(word, dst, a);
    }
}

/// Of a shift to the right.
fn shift_signedness(op: u32) -> u32 {
    match op {
        op::I8X16_SHR_U | op::I16X8_SHR_U | op::I32X4_SHR_U | op::I64X2_SHR_U => U,
        _ => 0,
    }
}

/// `shll d.2d, n.2s, #32`
const SHLL_32: u32 = misc(U, S, 0b10011) ^ Q;
/// `umlal d.2d, n.2s, m.2s`
const MLAL_32: u32 = long(U, S, 0b1000);
/// `sdot` of sixteen bytes
const SDOT: u32 = 0x4e80_9400;
