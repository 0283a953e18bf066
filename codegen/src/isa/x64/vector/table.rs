//! The operators that are one instruction, or nearly so.

use super::enc::*;
use crate::op::simd::*;

/// How many codes there are.
pub(super) const CODES: usize = 0x114;

/// The second operand comes first.
pub(super) const SWAP: Enc = 1 << 16;
/// The result is inverted.
pub(super) const NOT: Enc = 1 << 17;
/// An immediate follows, from bit 24 on.
pub(super) const IMM: Enc = 1 << 18;
/// Operands can be swapped.
pub(super) const COMM: Enc = 1 << 19;

const fn imm(value: u32) -> Enc {
    IMM | value << 24
}

const fn table<const N: usize>(rows: [(u32, Enc); N]) -> [Enc; CODES] {
    let mut table = [0; CODES];
    let mut i = 0;
    while i < N {
        assert!(table[rows[i].0 as usize] == 0);
        table[rows[i].0 as usize] = rows[i].1;
        i += 1;
    }
    table
}

/// Operators with two operands: `dst = a op b`.
pub(super) static BINARY: [Enc; CODES] = table([
    (I8X16_EQ, INT | 0x74 | COMM),
    (I8X16_NE, INT | 0x74 | NOT | COMM),
    (I8X16_LT_S, INT | 0x64 | SWAP),
    (I8X16_GT_S, INT | 0x64),
    (I16X8_EQ, INT | 0x75 | COMM),
    (I16X8_NE, INT | 0x75 | NOT | COMM),
    (I16X8_LT_S, INT | 0x65 | SWAP),
    (I16X8_GT_S, INT | 0x65),
    (I32X4_EQ, INT | 0x76 | COMM),
    (I32X4_NE, INT | 0x76 | NOT | COMM),
    (I32X4_LT_S, INT | 0x66 | SWAP),
    (I32X4_GT_S, INT | 0x66),
    (I64X2_EQ, M38 | 0x29 | COMM),
    (I64X2_NE, M38 | 0x29 | NOT | COMM),
    (F32X4_EQ, M0F | 0xc2 | imm(0) | COMM),
    (F32X4_NE, M0F | 0xc2 | imm(4) | COMM),
    (F32X4_LT, M0F | 0xc2 | imm(1)),
    (F32X4_LE, M0F | 0xc2 | imm(2)),
    (F32X4_GT, M0F | 0xc2 | imm(1) | SWAP),
    (F32X4_GE, M0F | 0xc2 | imm(2) | SWAP),
    (F64X2_EQ, INT | 0xc2 | imm(0) | COMM),
    (F64X2_NE, INT | 0xc2 | imm(4) | COMM),
    (F64X2_LT, INT | 0xc2 | imm(1)),
    (F64X2_LE, INT | 0xc2 | imm(2)),
    (F64X2_GT, INT | 0xc2 | imm(1) | SWAP),
    (F64X2_GE, INT | 0xc2 | imm(2) | SWAP),
    (V128_AND, INT | 0xdb | COMM),
    (V128_ANDNOT, INT | 0xdf | SWAP),
    (V128_OR, INT | 0xeb | COMM),
    (V128_XOR, INT | 0xef | COMM),
    (I8X16_NARROW_I16X8_S, INT | 0x63),
    (I8X16_NARROW_I16X8_U, INT | 0x67),
    (I16X8_NARROW_I32X4_S, INT | 0x6b),
    (I16X8_NARROW_I32X4_U, M38 | 0x2b),
    (I8X16_ADD, INT | 0xfc | COMM),
    (I8X16_ADD_SAT_S, INT | 0xec | COMM),
    (I8X16_ADD_SAT_U, INT | 0xdc | COMM),
    (I8X16_SUB, INT | 0xf8),
    (I8X16_SUB_SAT_S, INT | 0xe8),
    (I8X16_SUB_SAT_U, INT | 0xd8),
    (I8X16_MIN_S, M38 | 0x38 | COMM),
    (I8X16_MIN_U, INT | 0xda | COMM),
    (I8X16_MAX_S, M38 | 0x3c | COMM),
    (I8X16_MAX_U, INT | 0xde | COMM),
    (I8X16_AVGR_U, INT | 0xe0 | COMM),
    (I16X8_ADD, INT | 0xfd | COMM),
    (I16X8_ADD_SAT_S, INT | 0xed | COMM),
    (I16X8_ADD_SAT_U, INT | 0xdd | COMM),
    (I16X8_SUB, INT | 0xf9),
    (I16X8_SUB_SAT_S, INT | 0xe9),
    (I16X8_SUB_SAT_U, INT | 0xd9),
    (I16X8_MUL, INT | 0xd5 | COMM),
    (I16X8_MIN_S, INT | 0xea | COMM),
    (I16X8_MIN_U, M38 | 0x3a | COMM),
    (I16X8_MAX_S, INT | 0xee | COMM),
    (I16X8_MAX_U, M38 | 0x3e | COMM),
    (I16X8_AVGR_U, INT | 0xe3 | COMM),
    (I32X4_ADD, INT | 0xfe | COMM),
    (I32X4_SUB, INT | 0xfa),
    (I32X4_MUL, M38 | 0x40 | COMM),
    (I32X4_MIN_S, M38 | 0x39 | COMM),
    (I32X4_MIN_U, M38 | 0x3b | COMM),
    (I32X4_MAX_S, M38 | 0x3d | COMM),
    (I32X4_MAX_U, M38 | 0x3f | COMM),
    (I32X4_DOT_I16X8_S, INT | 0xf5 | COMM),
    (I64X2_ADD, INT | 0xd4 | COMM),
    (I64X2_SUB, INT | 0xfb),
    // Additions and products of floats are not swapped: which operand's NaN comes out may be seen.
    (F32X4_ADD, M0F | 0x58),
    (F32X4_SUB, M0F | 0x5c),
    (F32X4_MUL, M0F | 0x59),
    (F32X4_DIV, M0F | 0x5e),
    (F32X4_PMIN, M0F | 0x5d | SWAP),
    (F32X4_PMAX, M0F | 0x5f | SWAP),
    (F64X2_ADD, INT | 0x58),
    (F64X2_SUB, INT | 0x5c),
    (F64X2_MUL, INT | 0x59),
    (F64X2_DIV, INT | 0x5e),
    (F64X2_PMIN, INT | 0x5d | SWAP),
    (F64X2_PMAX, INT | 0x5f | SWAP),
    (I8X16_RELAXED_SWIZZLE, M38),
    (F32X4_RELAXED_MIN, M0F | 0x5d),
    (F32X4_RELAXED_MAX, M0F | 0x5f),
    (F64X2_RELAXED_MIN, INT | 0x5d),
    (F64X2_RELAXED_MAX, INT | 0x5f),
    (I16X8_RELAXED_Q15MULR_S, M38 | 0x0b | COMM),
    // The first operand of the instruction is unsigned: that is the one whose lanes are below 128.
    (I16X8_RELAXED_DOT_I8X16_I7X16_S, M38 | 0x04 | SWAP),
]);

/// Comparisons by way of the smaller or greater operand: which instruction gives that, and whether the result is
/// inverted. `a ≤ b` is `min(a, b) = a`.
pub(super) static EXTREME: [Enc; CODES] = table([
    (I8X16_LE_S, M38 | 0x38),
    (I8X16_GE_S, M38 | 0x3c),
    (I8X16_LE_U, INT | 0xda),
    (I8X16_GE_U, INT | 0xde),
    (I8X16_GT_U, INT | 0xda | NOT),
    (I8X16_LT_U, INT | 0xde | NOT),
    (I16X8_LE_S, INT | 0xea),
    (I16X8_GE_S, INT | 0xee),
    (I16X8_LE_U, M38 | 0x3a),
    (I16X8_GE_U, M38 | 0x3e),
    (I16X8_GT_U, M38 | 0x3a | NOT),
    (I16X8_LT_U, M38 | 0x3e | NOT),
    (I32X4_LE_S, M38 | 0x39),
    (I32X4_GE_S, M38 | 0x3d),
    (I32X4_LE_U, M38 | 0x3b),
    (I32X4_GE_U, M38 | 0x3f),
    (I32X4_GT_U, M38 | 0x3b | NOT),
    (I32X4_LT_U, M38 | 0x3f | NOT),
]);

/// The comparison for equality that belongs to a row of [`EXTREME`].
pub(super) const fn equal(op: u32) -> Enc {
    match op {
        I8X16_LT_S..=I8X16_GE_U => INT | 0x74,
        I16X8_LT_S..=I16X8_GE_U => INT | 0x75,
        _ => INT | 0x76,
    }
}

/// Operators with one operand.
pub(super) static UNARY: [Enc; CODES] = table([
    (I8X16_ABS, M38 | 0x1c),
    (I16X8_ABS, M38 | 0x1d),
    (I32X4_ABS, M38 | 0x1e),
    (F32X4_CEIL, M3A | 0x08 | imm(10)),
    (F32X4_FLOOR, M3A | 0x08 | imm(9)),
    (F32X4_TRUNC, M3A | 0x08 | imm(11)),
    (F32X4_NEAREST, M3A | 0x08 | imm(8)),
    (F64X2_CEIL, M3A | 0x09 | imm(10)),
    (F64X2_FLOOR, M3A | 0x09 | imm(9)),
    (F64X2_TRUNC, M3A | 0x09 | imm(11)),
    (F64X2_NEAREST, M3A | 0x09 | imm(8)),
    (F32X4_SQRT, M0F | 0x51),
    (F64X2_SQRT, INT | 0x51),
    (I16X8_EXTEND_LOW_I8X16_S, M38 | 0x20),
    (I16X8_EXTEND_LOW_I8X16_U, M38 | 0x30),
    (I32X4_EXTEND_LOW_I16X8_S, M38 | 0x23),
    (I32X4_EXTEND_LOW_I16X8_U, M38 | 0x33),
    (I64X2_EXTEND_LOW_I32X4_S, M38 | 0x25),
    (I64X2_EXTEND_LOW_I32X4_U, M38 | 0x35),
    (F32X4_CONVERT_I32X4_S, M0F | 0x5b),
    (F64X2_CONVERT_LOW_I32X4_S, M0F | PF3 | 0xe6),
    (F32X4_DEMOTE_F64X2_ZERO, INT | 0x5a),
    (F64X2_PROMOTE_LOW_F32X4, M0F | 0x5a),
    (I32X4_RELAXED_TRUNC_F32X4_S, M0F | PF3 | 0x5b),
    (I32X4_RELAXED_TRUNC_F64X2_S_ZERO, INT | 0xe6),
]);

/// Loads that are one instruction.
pub(super) static LOADS: [Enc; CODES] = table([
    (V128_LOAD, M0F | 0x10),
    (V128_LOAD8X8_S, M38 | 0x20),
    (V128_LOAD8X8_U, M38 | 0x30),
    (V128_LOAD16X4_S, M38 | 0x23),
    (V128_LOAD16X4_U, M38 | 0x33),
    (V128_LOAD32X2_S, M38 | 0x25),
    (V128_LOAD32X2_U, M38 | 0x35),
    (V128_LOAD64_SPLAT, M0F | PF2 | 0x12),
    (V128_LOAD32_ZERO, M0F | PF3 | 0x10),
    (V128_LOAD64_ZERO, M0F | PF2 | 0x10),
]);

/// Loads and stores of lanes; all of them have an immediate.
pub(super) static LANES: [Enc; CODES] = table([
    (V128_LOAD8_LANE, M3A | 0x20),
    (V128_LOAD16_LANE, INT | 0xc4),
    (V128_LOAD32_LANE, M3A | 0x22),
    (V128_LOAD64_LANE, M3A | 0x22 | W1),
    (V128_STORE8_LANE, M3A | 0x14),
    (V128_STORE16_LANE, M3A | 0x15),
    (V128_STORE32_LANE, M3A | 0x16),
    (V128_STORE64_LANE, M3A | 0x16 | W1),
    (I8X16_REPLACE_LANE, M3A | 0x20),
    (I16X8_REPLACE_LANE, INT | 0xc4),
    (I32X4_REPLACE_LANE, M3A | 0x22),
    (I64X2_REPLACE_LANE, M3A | 0x22 | W1),
    (I8X16_EXTRACT_LANE_S, M3A | 0x14),
    (I8X16_EXTRACT_LANE_U, M3A | 0x14),
    (I16X8_EXTRACT_LANE_S, M3A | 0x15),
    (I16X8_EXTRACT_LANE_U, M3A | 0x15),
    (I32X4_EXTRACT_LANE, M3A | 0x16),
    (I64X2_EXTRACT_LANE, M3A | 0x16 | W1),
]);
