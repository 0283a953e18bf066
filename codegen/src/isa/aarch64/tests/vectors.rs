//! Vectors: instructions and their registers, constants, shuffles. What operators give is in `tests/vectors.rs`.
//!
//! The decoder writes `dup` of a lane as `mov`.

use super::{A64, check, code, decode, emitted};
use crate::masm::*;
use crate::op::{self, Op, simd};
use crate::reg::{Fpr, Gpr};
use crate::target::Target;
use crate::ty::Ty;

/// Registers that values are in: temporaries and pins.
const VECTORS: [u8; 9] = [0, 1, 7, 8, 15, 16, 23, 27, 29];

/// The only instruction of operator `name`, with the result in `d` and operands in `a` and `b`.
fn single(name: &str, d: u8, a: u8, b: u8) -> Option<String> {
    const SAME: [(&str, &str); 48] = [
        ("eq", "cmeq"),
        ("gt_s", "cmgt"),
        ("gt_u", "cmhi"),
        ("ge_s", "cmge"),
        ("ge_u", "cmhs"),
        ("lt_s", "cmgt swap"),
        ("lt_u", "cmhi swap"),
        ("le_s", "cmge swap"),
        ("le_u", "cmhs swap"),
        ("add", "add"),
        ("sub", "sub"),
        ("mul", "mul"),
        ("add_sat_s", "sqadd"),
        ("add_sat_u", "uqadd"),
        ("sub_sat_s", "sqsub"),
        ("sub_sat_u", "uqsub"),
        ("min_s", "smin"),
        ("min_u", "umin"),
        ("max_s", "smax"),
        ("max_u", "umax"),
        ("avgr_u", "urhadd"),
        ("q15mulr_sat_s", "sqrdmulh"),
        ("relaxed_q15mulr_s", "sqrdmulh"),
        ("abs", "abs"),
        ("neg", "neg"),
        ("popcnt", "cnt"),
        ("not", "mvn"),
        ("and", "and"),
        ("andnot", "bic"),
        ("or", "orr"),
        ("xor", "eor"),
        ("gt", "cmgt"),
        ("ge", "cmge"),
        ("lt", "cmgt swap"),
        ("le", "cmge swap"),
        ("div", "div"),
        ("min", "min"),
        ("max", "max"),
        ("relaxed_min", "min"),
        ("relaxed_max", "max"),
        ("sqrt", "sqrt"),
        ("ceil", "rintp"),
        ("floor", "rintm"),
        ("trunc", "rintz"),
        ("nearest", "rintn"),
        ("convert_i32x4_s", "scvtf"),
        ("convert_i32x4_u", "ucvtf"),
        ("", ""),
    ];
    let (shape, rest) = name.split_once('.')?;
    let of = |shape: &str| match shape {
        "i16x8" => "8h",
        "i32x4" | "f32x4" => "4s",
        "i64x2" | "f64x2" => "2d",
        _ => "16b",
    };
    let all = of(shape);
    match rest {
        "mul" if all == "2d" && shape == "i64x2" => return None,
        "swizzle" | "relaxed_swizzle" => return Some(format!("tbl v{d}.16b, {{v{a}.16b}}, v{b}.16b")),
        "demote_f64x2_zero" => return Some(format!("fcvtn v{d}.2s, v{a}.2d")),
        "promote_low_f32x4" => return Some(format!("fcvtl v{d}.2d, v{a}.2s")),
        "trunc_sat_f32x4_s" | "relaxed_trunc_f32x4_s" => return Some(format!("fcvtzs v{d}.4s, v{a}.4s")),
        "trunc_sat_f32x4_u" | "relaxed_trunc_f32x4_u" => return Some(format!("fcvtzu v{d}.4s, v{a}.4s")),
        _ => {}
    }
    for (prefix, mnemonic) in [("extend_", "shll"), ("extmul_", "mull"), ("extadd_", "addlp")] {
        let Some(rest) = rest.strip_prefix(prefix) else { continue };
        let parts: Vec<&str> = rest.split('_').collect();
        let (sign, from) = (parts[2], of(parts[1]));
        let low = match from {
            "16b" => "8b",
            "8h" => "4h",
            _ => "2s",
        };
        let (two, from) = match parts[0] {
            "high" => ("2", from),
            "low" => ("", low),
            _ => ("", from),
        };
        let last = match prefix {
            "extend_" => ", #0x0".to_string(),
            "extmul_" => format!(", v{b}.{from}"),
            _ => String::new(),
        };
        return Some(format!("{}{mnemonic}{two} v{d}.{all}, v{a}.{from}{last}", sign));
    }
    let (_, mnemonic) = SAME.iter().find(|same| same.0 == rest)?;
    let (mnemonic, a, b) = match mnemonic.strip_suffix(" swap") {
        Some(mnemonic) => (mnemonic, b, a),
        None => (*mnemonic, a, b),
    };
    let float = if shape.starts_with('f') && !rest.starts_with("convert") { "f" } else { "" };
    let op = op::all().find(|op| op.name == name)?;
    Some(match op.sig.operands().count() {
        _ if rest == "or" && a == b => format!("mov v{d}.16b, v{a}.16b"),
        1 => format!("{float}{mnemonic} v{d}.{all}, v{a}.{all}"),
        _ => format!("{float}{mnemonic} v{d}.{all}, v{a}.{all}, v{b}.{all}"),
    })
}

/// Operators that have vectors only.
fn operators() -> impl Iterator<Item = (&'static Op, usize)> {
    op::all().filter(|op| op.prefix == Some(op::PREFIX_FD) && op.imm == op::Imm::Nothing).filter_map(|op| {
        let vectors = |mut operands: Box<dyn Iterator<Item = op::Operand>>| {
            operands.all(|operand| operand.fixed() == Some(Ty::V128))
        };
        let all = vectors(Box::new(op.sig.operands())) && vectors(Box::new(op.sig.results()));
        all.then_some((op, op.sig.operands().count()))
    })
}

fn emit(m: &mut A64, op: u32, operands: usize, d: u8, [a, b, c]: [u8; 3]) {
    match operands {
        1 => m.vunary(op, Fpr(d), Fpr(a)),
        2 => m.vbinary(op, Fpr(d), Fpr(a), VecOperand::Reg(Fpr(b))),
        _ => m.vternary(op, Fpr(d), Fpr(a), Fpr(b), Fpr(c)),
    }
}

#[test]
fn operators_of_one_instruction() {
    let mut count = 0;
    for (op, operands) in operators() {
        count += usize::from(single(op.name, 0, 1, 7).is_some());
        for d in VECTORS {
            for a in VECTORS {
                for b in VECTORS {
                    if let Some(expected) = single(op.name, d, a, b) {
                        check(&[expected], |m| emit(m, op.code, operands, d, [a, b, 0]));
                    }
                }
            }
        }
    }
    assert_eq!(count, 158);
}

/// A sequence leaves all registers as they are but its result's and the scratch registers, and has no operand
/// overwritten that it reads later: `tests/vectors.rs` sees the latter in what it gives.
#[test]
fn sequences_write_their_result_and_scratch_registers() {
    for (op, operands) in operators() {
        for d in [0, 16, 29] {
            let lines = emitted(|m| emit(m, op.code, operands, d, [1, 17, 28]));
            assert!(lines.len() <= 7, "{}: {lines:?}", op.name);
            for (i, line) in lines.iter().enumerate() {
                let written = line.split_once(' ').and_then(|(_, rest)| rest.split_once('.')).expect("operands").0;
                let last = i + 1 == lines.len();
                assert!(written == format!("v{d}") || !last && ["v30", "v31"].contains(&written), "{lines:?}");
            }
        }
    }
}

#[test]
fn what_is_destroyed_is_moved_first_where_it_must() {
    let select = |d| move |m: &mut A64| emit(m, simd::V128_BITSELECT, 3, d, [1, 2, 3]);
    check(&["bif v1.16b, v2.16b, v3.16b"], select(1));
    check(&["bit v2.16b, v1.16b, v3.16b"], select(2));
    check(&["bsl v3.16b, v1.16b, v2.16b"], select(3));
    check(&["mov v9.16b, v3.16b", "bsl v9.16b, v1.16b, v2.16b"], select(9));
    let madd = |d| move |m: &mut A64| emit(m, simd::F32X4_RELAXED_MADD, 3, d, [1, 2, 3]);
    check(&["fmla v3.4s, v1.4s, v2.4s"], madd(3));
    check(&["mov v9.16b, v3.16b", "fmla v9.4s, v1.4s, v2.4s"], madd(9));
    let through = ["mov v31.16b, v3.16b", "fmla v31.4s, v1.4s, v2.4s", "mov v2.16b, v31.16b"];
    check(&through, madd(2));
    let dot = |d| {
        move |m: &mut A64| {
            m.dotprod = true;
            emit(m, simd::I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S, 3, d, [1, 2, 3]);
        }
    };
    check(&["sdot v3.4s, v1.16b, v2.16b"], dot(3));
    check(&["mov v9.16b, v3.16b", "sdot v9.4s, v1.16b, v2.16b"], dot(9));
    check(&["mov v31.16b, v3.16b", "sdot v31.4s, v1.16b, v2.16b", "mov v2.16b, v31.16b"], dot(2));
    let pmin = |d| move |m: &mut A64| emit(m, simd::F64X2_PMIN, 2, d, [1, 2, 0]);
    check(&["fcmgt v9.2d, v1.2d, v2.2d", "bsl v9.16b, v2.16b, v1.16b"], pmin(9));
    check(&["fcmgt v31.2d, v1.2d, v2.2d", "bit v1.16b, v2.16b, v31.16b"], pmin(1));
    check(&["fcmgt v31.2d, v1.2d, v2.2d", "bif v2.16b, v1.16b, v31.16b"], pmin(2));
    let narrow = |d| move |m: &mut A64| emit(m, simd::I16X8_NARROW_I32X4_U, 2, d, [1, 2, 0]);
    check(&["sqxtun v1.4h, v1.4s", "sqxtun2 v1.8h, v2.4s"], narrow(1));
    check(&["sqxtun v31.4h, v1.4s", "sqxtun2 v31.8h, v2.4s", "mov v2.16b, v31.16b"], narrow(2));
}

#[test]
fn shifts() {
    let shl = simd::I16X8_SHL;
    check(&["and w16, w9, #0xf", "dup v31.8h, w16", "ushl v20.8h, v29.8h, v31.8h"], |m| {
        m.vshift(shl, Fpr(20), Fpr(29), Gpr(9));
    });
    for (op, shape, count, shift) in [
        (simd::I8X16_SHR_S, "16b, w16", "#0x7", "sshl v1.16b, v2.16b, v31.16b"),
        (simd::I32X4_SHR_U, "4s, w16", "#0x1f", "ushl v1.4s, v2.4s, v31.4s"),
        (simd::I64X2_SHR_S, "2d, x16", "#0x3f", "sshl v1.2d, v2.2d, v31.2d"),
    ] {
        let expected =
            [format!("and w16, w3, {count}"), "neg w16, w16".into(), format!("dup v31.{shape}"), shift.into()];
        check(&expected, |m| m.vshift(op, Fpr(1), Fpr(2), Gpr(3)));
    }
    for (op, count, text) in [
        (simd::I8X16_SHL, 7, "shl v16.16b, v29.16b, #0x7"),
        (simd::I8X16_SHR_S, 1, "sshr v16.16b, v29.16b, #0x1"),
        (simd::I16X8_SHR_U, 15, "ushr v16.8h, v29.8h, #0xf"),
        (simd::I32X4_SHL, 31, "shl v16.4s, v29.4s, #0x1f"),
        (simd::I64X2_SHR_U, 63, "ushr v16.2d, v29.2d, #0x3f"),
        (simd::I64X2_SHL, 1, "shl v16.2d, v29.2d, #0x1"),
    ] {
        check(&[text], |m| m.vshift_imm(op, Fpr(16), Fpr(29), count));
    }
    check(&["mov v1.16b, v2.16b"], |m| m.vshift_imm(simd::I8X16_SHL, Fpr(1), Fpr(2), 0));
    check::<&str>(&[], |m| m.vshift_imm(simd::I8X16_SHR_U, Fpr(1), Fpr(1), 0));
}

#[test]
fn lanes() {
    let shapes = [("b", "16b", "w"), ("h", "8h", "w"), ("s", "4s", "w"), ("d", "2d", "x")];
    let splats = [simd::I8X16_SPLAT, simd::I16X8_SPLAT, simd::I32X4_SPLAT, simd::I64X2_SPLAT];
    let extracts =
        [simd::I8X16_EXTRACT_LANE_U, simd::I16X8_EXTRACT_LANE_U, simd::I32X4_EXTRACT_LANE, simd::I64X2_EXTRACT_LANE];
    let replaces =
        [simd::I8X16_REPLACE_LANE, simd::I16X8_REPLACE_LANE, simd::I32X4_REPLACE_LANE, simd::I64X2_REPLACE_LANE];
    for v in VECTORS {
        for (i, (lane, all, r)) in shapes.into_iter().enumerate() {
            check(&[format!("dup v{v}.{all}, {r}13")], |m| m.vsplat_int(splats[i], Fpr(v), Gpr(13)));
            for n in 0..16 >> i {
                // The architecture prefers another name for whole registers.
                let umov = if i < 2 { "umov" } else { "mov" };
                check(&[format!("{umov} {r}26, v{v}.{lane}[{n}]")], |m| {
                    m.vextract_int(extracts[i], n, Gpr(26), Fpr(v))
                });
                check(&[format!("mov v{v}.{lane}[{n}], {r}26")], |m| {
                    m.vreplace_int(replaces[i], n, Fpr(v), Fpr(v), Gpr(26));
                });
            }
        }
        check(&[format!("smov w26, v{v}.b[15]")], |m| {
            m.vextract_int(simd::I8X16_EXTRACT_LANE_S, 15, Gpr(26), Fpr(v));
        });
        check(&[format!("smov w26, v{v}.h[6]")], |m| m.vextract_int(simd::I16X8_EXTRACT_LANE_S, 6, Gpr(26), Fpr(v)));
        check(&[format!("mov v{v}.4s, v9.s[0]")], |m| m.vsplat_float(simd::F32X4_SPLAT, Fpr(v), Fpr(9)));
        check(&[format!("mov v{v}.2d, v9.d[0]")], |m| m.vsplat_float(simd::F64X2_SPLAT, Fpr(v), Fpr(9)));
        check(&[format!("mov s9, v{v}.s[3]")], |m| m.vextract_float(simd::F32X4_EXTRACT_LANE, 3, Fpr(9), Fpr(v)));
        check(&[format!("fmov d9, d{v}")], |m| m.vextract_float(simd::F32X4_EXTRACT_LANE, 0, Fpr(9), Fpr(v)));
    }
    check::<&str>(&[], |m| m.vextract_float(simd::F64X2_EXTRACT_LANE, 0, Fpr(9), Fpr(9)));
    let replace =
        |d, a, value| move |m: &mut A64| m.vreplace_float(simd::F64X2_REPLACE_LANE, 1, Fpr(d), Fpr(a), Fpr(value));
    check(&["mov v1.d[1], v2.d[0]"], replace(1, 1, 2));
    check(&["mov v1.d[1], v1.d[0]"], replace(1, 1, 1));
    check(&["mov v3.16b, v1.16b", "mov v3.d[1], v2.d[0]"], replace(3, 1, 2));
    check(&["mov v31.16b, v1.16b", "mov v31.d[1], v2.d[0]", "mov v2.16b, v31.16b"], replace(2, 1, 2));
}

/// Where nothing is in between, a branch tests the register itself.
#[test]
fn tests_are_part_of_branches() {
    let cases = [
        (simd::V128_ANY_TRUE, vec!["umaxp v31.4s, v20.4s, v20.4s", "fmov x16, d31", "cmp x16, #0x0"]),
        (simd::I8X16_ALL_TRUE, vec!["uminv b31, v20.16b", "fmov w16, s31", "cmp w16, #0x0"]),
        (simd::I16X8_ALL_TRUE, vec!["uminv h31, v20.8h", "fmov w16, s31", "cmp w16, #0x0"]),
        (simd::I32X4_ALL_TRUE, vec!["uminv s31, v20.4s", "fmov w16, s31", "cmp w16, #0x0"]),
        (simd::I64X2_ALL_TRUE, vec!["cmeq v31.2d, v20.2d, #0x0", "addp d31, v31.2d", "fmov x16, d31", "cmp x16, #0x0"]),
    ];
    for (op, expected) in cases {
        let true_cond = if op == simd::I64X2_ALL_TRUE { Cond::Eq } else { Cond::Ne };
        check(&expected, |m| assert_eq!(m.vtest(op, Fpr(20)), true_cond));
        let (compare, rest) = expected.split_last().expect("a comparison");
        let register = &compare[4..7];
        let branch = format!("{} {register}, $+0x4", if true_cond == Cond::Eq { "cbz" } else { "cbnz" });
        let jump = |m: &mut A64, between: bool| {
            let cond = m.vtest(op, Fpr(20));
            if between {
                m.vconst(Fpr(1), VecPool::ONES);
            }
            let mut chain = Chain::default();
            m.jump_if(cond, &mut chain);
            m.bind(chain);
        };
        let fused: Vec<String> = rest.iter().map(|line| line.to_string()).chain([branch]).collect();
        check(&fused, |m| jump(m, false));
        let branch = format!("b.{} $+0x4", if true_cond == Cond::Eq { "eq" } else { "ne" });
        let apart: Vec<String> = expected
            .iter()
            .map(|line| line.to_string())
            .chain(["movi v1.2d, #0xffffffffffffffff".into(), branch])
            .collect();
        check(&apart, |m| jump(m, true));
    }
}

#[test]
fn bitmasks_and_selects() {
    for (op, after) in [
        (
            simd::I8X16_BITMASK,
            vec![
                "cmlt v31.16b, v20.16b, #0x0",
                "and v31.16b, v31.16b, v30.16b",
                "addp v31.16b, v31.16b, v31.16b",
                "addp v31.16b, v31.16b, v31.16b",
                "addp v31.16b, v31.16b, v31.16b",
                "umov w9, v31.h[0]",
            ],
        ),
        (
            simd::I16X8_BITMASK,
            vec!["cmlt v31.8h, v20.8h, #0x0", "and v31.16b, v31.16b, v30.16b", "addv h31, v31.8h", "fmov w9, s31"],
        ),
        (
            simd::I32X4_BITMASK,
            vec!["cmlt v31.4s, v20.4s, #0x0", "and v31.16b, v31.16b, v30.16b", "addv s31, v31.4s", "fmov w9, s31"],
        ),
    ] {
        let lines = emitted(|m| m.vbitmask(op, Gpr(9), Fpr(20)));
        assert_eq!(
            (lines[0].as_str(), &lines[1..]),
            ("ldr q30, $+0x0", &after.iter().map(|s| s.to_string()).collect::<Vec<_>>()[..])
        );
    }
    let expected = [
        "mov x16, v20.d[1]",
        "fmov x17, d20",
        "lsr x16, x16, #0x3f",
        "lsr x17, x17, #0x3f",
        "add x9, x17, x16, lsl #1",
    ];
    check(&expected, |m| m.vbitmask(simd::I64X2_BITMASK, Gpr(9), Fpr(20)));
    let select = |cond, d| move |m: &mut A64| m.vselect(cond, Fpr(d), Fpr(1), Fpr(2));
    check(&["csetm x16, eq", "dup v9.2d, x16", "bsl v9.16b, v1.16b, v2.16b"], select(Cond::Eq, 9));
    check(&["csetm x16, mi", "dup v31.2d, x16", "bif v1.16b, v2.16b, v31.16b"], select(Cond::FLt, 1));
    check(&["csetm x16, hi", "dup v31.2d, x16", "bit v2.16b, v1.16b, v31.16b"], select(Cond::GtU, 2));
}

/// `vconst` of these bits.
fn constant(bits: u128) -> impl FnOnce(&mut A64) {
    move |m| {
        let number = m.vec_pool().intern(bits);
        m.vconst(Fpr(17), number);
    }
}

fn twice(half: u64) -> u128 {
    u128::from(half) << 64 | u128::from(half)
}

#[test]
fn constants_that_instructions_have_in_them() {
    for (bits, text) in [
        (0, "movi v17.2d, #0x0"),
        (u128::MAX, "movi v17.2d, #0xffffffffffffffff"),
        (twice(0xff00_ffff_0000_00ff), "movi v17.2d, #0xff00ffff000000ff"),
        (0xff00_ff00_0000_00ff, "movi d17, #0xff00ff00000000ff"),
        (twice(0x5a5a_5a5a_5a5a_5a5a), "movi v17.16b, #0x5a"),
        (0x5a5a_5a5a_5a5a_5a5a, "movi v17.8b, #0x5a"),
        (twice(0x005a_005a_005a_005a), "movi v17.8h, #0x5a"),
        (twice(0x5a00_5a00_5a00_5a00), "movi v17.8h, #0x5a, lsl #8"),
        (twice(0xffa5_ffa5_ffa5_ffa5), "mvni v17.8h, #0x5a"),
        (twice(0xa5ff_a5ff_a5ff_a5ff), "mvni v17.8h, #0x5a, lsl #8"),
        (twice(0x5a_0000_005a), "movi v17.4s, #0x5a"),
        (twice(0x5a00_0000_5a00), "movi v17.4s, #0x5a, lsl #8"),
        (twice(0x005a_0000_005a_0000), "movi v17.4s, #0x5a, lsl #16"),
        (twice(0x8000_0000_8000_0000), "movi v17.4s, #0x80, lsl #24"),
        (0x8000_0000_8000_0000, "movi v17.2s, #0x80, lsl #24"),
        (twice(0x7fff_ffff_7fff_ffff), "mvni v17.4s, #0x80, lsl #24"),
        (twice(0x5aff_0000_5aff), "movi v17.4s, #0x5a, msl #8"),
        (twice(0x005a_ffff_005a_ffff), "movi v17.4s, #0x5a, msl #16"),
        (twice(0xffff_a500_ffff_a500), "mvni v17.4s, #0x5a, msl #8"),
        (twice(0xffa5_0000_ffa5_0000), "mvni v17.4s, #0x5a, msl #16"),
        (twice(0x3f80_0000_3f80_0000), "fmov v17.4s, #1.0"),
        (twice((-2.5f64).to_bits()), "fmov v17.2d, #-2.5"),
        ((-2.5f64).to_bits().into(), "fmov d17, #-2.5"),
        (0x3f80_0000, "fmov s17, #1.0"),
    ] {
        assert_eq!(emitted(constant(bits)), [text], "{bits:#x}");
    }
}

#[test]
fn other_constants_are_behind_the_code_once() {
    let odd = 0x0123_4567_89ab_cdef_0011_2233_4455_6677;
    for bits in [odd, 1, 2 << 64, twice(0x1234), twice(0x5a5a_5a5a_5a5a_5a5b), twice(0x015a_ffff_015a_ffff)] {
        let bytes = code(false, 4096, |m| {
            constant(bits)(m);
            constant(0x1111_2222)(m);
            constant(bits)(m);
            // Alignment is not lost to the other constants.
            m.fmov_imm(Width::W64, Fpr(3), 0.1f64.to_bits());
            m.finish_pool();
        });
        let expected = ["ldr q17, $+0x20", "ldr q17, $+0x2c", "ldr q17, $+0x18", "ldr d3, $+0x4"];
        assert_eq!(decode(&bytes[..16]), expected);
        assert_eq!(
            bytes[16..],
            [&0.1f64.to_bits().to_le_bytes()[..], &[0; 8], &bits.to_le_bytes(), &0x1111_2222u128.to_le_bytes()]
                .concat()
        );
    }
    let far = |bits| decode(&code(true, 4096, constant(bits)));
    assert_eq!(far(1 << 16), ["mov x15, #0x10000", "fmov d17, x15"].map(|s| s.replace("x15, #", "w15, #")));
    assert_eq!(far(twice(0x1234)), ["mov w15, #0x1234", "dup v17.2d, x15"]);
    let both = ["mov w15, #0x1234", "fmov d17, x15", "mov w15, #0x5678", "mov v17.d[1], x15"];
    assert_eq!(far(0x5678 << 64 | 0x1234), both);
}

/// Shuffles of v1 and v2 to v20.
#[test]
fn shuffles_of_one_instruction() {
    let lanes = |bytes: u8, f: &dyn Fn(u8) -> u8| std::array::from_fn(|i| f(i as u8 / bytes) * bytes + i as u8 % bytes);
    let shuffled = |lanes: [u8; 16]| emitted(|m| m.vshuffle(Fpr(20), Fpr(1), Fpr(3), lanes));
    for (size, (lane, all)) in [("b", "16b"), ("h", "8h"), ("s", "4s"), ("d", "2d")].into_iter().enumerate() {
        let bytes = 1 << size;
        let count = 16 / bytes;
        for n in 0..count {
            assert_eq!(shuffled(lanes(bytes, &|_| n)), [format!("mov v20.{all}, v1.{lane}[{n}]")]);
            assert_eq!(shuffled(lanes(bytes, &|_| n + count)), [format!("mov v20.{all}, v3.{lane}[{n}]")]);
            if n != 0 {
                let ext = shuffled(lanes(bytes, &|i| i + n));
                assert!(ext == [format!("ext v20.16b, v1.16b, v3.16b, #0x{:x}", n * bytes)], "{ext:?}");
            }
        }
        for (upper, number) in [(0, "1"), (1, "2")] {
            let zip = |i| i / 2 + upper * count / 2 + i % 2 * count;
            let uzp = |i| 2 * i + upper;
            let trn = |i| i - i % 2 + upper + i % 2 * count;
            let all_of: [(&str, &dyn Fn(u8) -> u8); 3] = [("zip", &zip), ("uzp", &uzp), ("trn", &trn)];
            for (name, f) in all_of {
                // With two lanes, all three are one.
                let name = if bytes == 8 { "zip" } else { name };
                let text = |a, b| [format!("{name}{number} v20.{all}, v{a}.{all}, v{b}.{all}")];
                assert_eq!(shuffled(lanes(bytes, f)), text(1, 3));
                assert_eq!(shuffled(lanes(bytes, &|i| f(i) ^ count)), text(3, 1));
                if bytes < 8 {
                    assert_eq!(shuffled(lanes(bytes, &|i| f(i) & (count - 1))), text(1, 1));
                }
            }
        }
    }
    for (text, bytes, within) in [
        ("rev64 v20.16b, v1.16b", 1, 7),
        ("rev64 v20.8h, v1.8h", 2, 3),
        ("rev64 v20.4s, v1.4s", 4, 1),
        ("rev32 v20.16b, v1.16b", 1, 3),
        ("rev32 v20.8h, v1.8h", 2, 1),
        ("rev16 v20.16b, v1.16b", 1, 1),
    ] {
        assert_eq!(shuffled(lanes(bytes, &|i| i ^ within)), [text]);
    }
    assert_eq!(shuffled(lanes(1, &|i| i)), ["mov v20.16b, v1.16b"]);
    assert_eq!(shuffled(lanes(1, &|i| i + 16)), ["mov v20.16b, v3.16b"]);
    check::<&str>(&[], |m| m.vshuffle(Fpr(1), Fpr(1), Fpr(3), lanes(1, &|i| i)));
}

#[test]
fn other_shuffles() {
    let shuffle = |[d, a, b]: [u8; 3], lanes| emitted(|m| m.vshuffle(Fpr(d), Fpr(a), Fpr(b), lanes));
    let mut one: [u8; 16] = std::array::from_fn(|i| i as u8);
    one[4..8].copy_from_slice(&[28, 29, 30, 31]);
    assert_eq!(shuffle([1, 1, 3], one), ["mov v1.s[1], v3.s[3]"]);
    assert_eq!(shuffle([3, 1, 3], one), ["mov v31.16b, v1.16b", "mov v31.s[1], v3.s[3]", "mov v3.16b, v31.16b"]);
    one[0] = 16;
    assert_eq!(shuffle([20, 1, 3], one)[2..], ["ldr q20, $+0x0", "tbl v20.16b, {v30.16b, v31.16b}, v20.16b"]);
    let blend = std::array::from_fn(|i| i as u8 + if i % 3 == 0 { 16 } else { 0 });
    assert_eq!(shuffle([1, 1, 3], blend), ["ldr q31, $+0x0", "bif v1.16b, v3.16b, v31.16b"]);
    let any: [u8; 16] = [3, 1, 20, 7, 9, 31, 2, 2, 5, 17, 0, 1, 12, 11, 30, 6];
    let general =
        ["mov v30.16b, v1.16b", "mov v31.16b, v3.16b", "ldr q3, $+0x0", "tbl v3.16b, {v30.16b, v31.16b}, v3.16b"];
    assert_eq!(shuffle([3, 1, 3], any), general);
    assert_eq!(shuffle([2, 1, 2], any), ["ldr q31, $+0x0", "tbl v2.16b, {v1.16b, v2.16b}, v31.16b"]);
    assert_eq!(shuffle([9, 2, 1], any), ["ldr q31, $+0x0", "tbl v9.16b, {v1.16b, v2.16b}, v31.16b"]);
    let of_one = ["ldr q31, $+0x0", "tbl v9.16b, {v1.16b}, v31.16b"];
    assert_eq!(shuffle([9, 1, 3], any.map(|lane| lane & 15)), of_one);
    assert_eq!(shuffle([9, 1, 1], any), of_one);
    assert_eq!(shuffle([9, 3, 1], any.map(|lane| lane | 16)), of_one);
}

#[test]
fn nothing_is_longer_than_its_share_of_room() {
    let mut longest = 0;
    for far in [false, true] {
        let mut measure = |emit: &dyn Fn(&mut A64)| longest = longest.max(code(far, 4096, emit).len());
        for (op, operands) in operators() {
            measure(&|m| emit(m, op.code, operands, 1, [2, 1, 1]));
        }
        for op in [simd::I8X16_BITMASK, simd::I16X8_BITMASK, simd::I32X4_BITMASK, simd::I64X2_BITMASK] {
            measure(&|m| m.vbitmask(op, Gpr(1), Fpr(1)));
        }
        measure(&|m| m.vshuffle(Fpr(1), Fpr(1), Fpr(9), [3, 1, 20, 7, 9, 31, 2, 2, 5, 17, 0, 1, 12, 11, 30, 6]));
        measure(&|m| m.vshift(simd::I8X16_SHR_S, Fpr(1), Fpr(1), Gpr(1)));
        measure(&|m| {
            let addr = m.vprepare(simd::V128_LOAD8_LANE, Addr { base: Gpr(1), index: Some(Gpr(2)), disp: 0x1234_5678 });
            m.vload_lane(simd::V128_LOAD8_LANE, 9, Fpr(1), addr);
        });
    }
    assert!(longest <= 64, "{longest}");
}

#[test]
fn constants_without_room_are_harmless() {
    let mut code = vec![0u8; 2048];
    let (forms, lists) = (A64::first_forms(0, false), Box::default());
    // SAFETY: `code` outlives the emitter.
    let mut m = unsafe { A64::new(&mut code, Target::AARCH64, forms, lists) }.expect("there is room");
    for bits in 0..1000 {
        m.room();
        constant(bits << 70 | 1)(&mut m);
    }
    m.finish_pool();
    assert!(m.overflowed());
}
