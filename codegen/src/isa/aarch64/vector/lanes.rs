//! Single lanes, and what is true of all or any.

use super::words::*;
use super::{A64, Fpr, Gpr, V31, op};
use crate::masm::{Cond, Ints, Loc, Vectors, Width};

/// The size of the lanes of a splat, of an operator for one lane, or of a shift.
pub(super) fn size(op: u32) -> u32 {
    match op {
        op::I8X16_SPLAT
        | op::I8X16_EXTRACT_LANE_S
        | op::I8X16_EXTRACT_LANE_U
        | op::I8X16_REPLACE_LANE
        | op::I8X16_SHL
        | op::I8X16_SHR_S
        | op::I8X16_SHR_U => B,
        op::I16X8_SPLAT
        | op::I16X8_EXTRACT_LANE_S
        | op::I16X8_EXTRACT_LANE_U
        | op::I16X8_REPLACE_LANE
        | op::I16X8_SHL
        | op::I16X8_SHR_S
        | op::I16X8_SHR_U => H,
        op::I32X4_SPLAT
        | op::F32X4_SPLAT
        | op::I32X4_EXTRACT_LANE
        | op::F32X4_EXTRACT_LANE
        | op::I32X4_REPLACE_LANE
        | op::F32X4_REPLACE_LANE
        | op::I32X4_SHL
        | op::I32X4_SHR_S
        | op::I32X4_SHR_U => S,
        _ => D,
    }
}

impl A64 {
    /// `dst` = `a` with lane `from` of `value` in lane `to`.
    pub(super) fn insert(&mut self, size: u32, dst: Fpr, a: Fpr, to: u32, value: Fpr, from: u32) {
        let result = if dst == value && dst != a { V31 } else { dst };
        self.vmov(result, a);
        self.vv(INS | lane(size, to) | from << size << 11, result, value);
        self.vmov(dst, result);
    }

    pub(super) fn test(&mut self, op: u32, a: Fpr) -> Cond {
        let (width, cond) = match op {
            op::V128_ANY_TRUE => {
                // umaxp v31.4s: the lower half is not zero if any lane is not.
                self.vvv(same(U, S, 0b10100), V31, a, a);
                (Width::W64, Cond::Ne)
            }
            op::I64X2_ALL_TRUE => {
                // The sum of what is −1 where a lane is zero.
                self.vv(is_zero(D), V31, a);
                self.vv(0x5ef1_b800, V31, V31);
                (Width::W64, Cond::Eq)
            }
            _ => {
                let size = match op {
                    op::I8X16_ALL_TRUE => B,
                    op::I16X8_ALL_TRUE => H,
                    _ => S,
                };
                // uminv: the least lane
                self.vv(across(U, size, 0b11010), V31, a);
                (Width::W32, Cond::Ne)
            }
        };
        self.fmov_int(width, Gpr(16), V31);
        self.cmp_imm(width, Loc::reg(super::super::X16), 0);
        cond
    }

    /// The lowest bits to an integer register.
    fn fmov_int(&mut self, width: Width, dst: Gpr, src: Fpr) {
        self.int_of_v(if width == Width::W32 { 0x1e26_0000 } else { 0x9e66_0000 }, dst, src);
    }

    pub(super) fn bitmask(&mut self, op: u32, dst: Gpr, a: Fpr) {
        // Each lane that is negative becomes the power of two that is its bit; then these are added.
        let (size, powers) = match op {
            op::I8X16_BITMASK => (B, 0x8040_2010_0804_0201_8040_2010_0804_0201),
            op::I16X8_BITMASK => (H, 0x0080_0040_0020_0010_0008_0004_0002_0001),
            op::I32X4_BITMASK => (S, 0x0000_0008_0000_0004_0000_0002_0000_0001),
            _ => {
                // mov x16, a.d[1]; fmov x17, a; lsr x16, x16, #63; lsr x17, x17, #63; add dst, x17, x16, lsl #1
                self.int_of_v(Q | UMOV | lane(D, 1), Gpr(16), a);
                self.fmov_int(Width::W64, Gpr(17), a);
                self.put(0xd37f_fe10);
                self.put(0xd37f_fe31);
                return self.put(0x8b10_0620 | u32::from(dst.0));
            }
        };
        self.vector_bits(super::V30, powers);
        self.vv(is_negative(size), V31, a);
        self.vvv(AND, V31, V31, super::V30);
        if size == B {
            // The sums of neighbours, of those and of those again: one byte for each half.
            for _ in 0..3 {
                self.vvv(addp(B), V31, V31, V31);
            }
            return self.int_of_v(UMOV | lane(H, 0), dst, V31);
        }
        self.vv(across(0, size, 0b11011), V31, V31);
        self.fmov_int(Width::W32, dst, V31);
    }
}
