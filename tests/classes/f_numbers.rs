//! Class F: operand order, signedness, size, edge constants.
//!
//! Every numeric operator with each side in a register, a framed local, memory, computed, spilled or constant, over a
//! table of boundary values, compared with Rust's own operators. The comparison with wasmi for more contexts (after
//! `local.tee`, before `if`, `select` and branches) is in fuzz/tests/differential.rs; whole programs (SHA-256, SipHash,
//! ChaCha, CRCs, LZ and twenty more) are in tests/kernels.rs, compiled C programs in cli/tests; both run on both
//! instruction sets.

use crate::harness::{Ours, Outcome, V, chosen, engine, percent, wasm};
use headwater::Val;
use std::fmt::Write as _;

type Model = fn(u64, u64) -> Result<u64, &'static str>;

/// Name, type of operands, whether there are two, type of the result, what it computes on bits.
struct Operator {
    name: String,
    ty: &'static str,
    binary: bool,
    result: &'static str,
    model: Model,
}

const ZERO: &str = "division by zero";
const OVERFLOW: &str = "integer overflow";
const NAN: &str = "bad conversion";

/// The integer operators of one size.
macro_rules! integers {
    ($out:ident, $ty:literal, $u:ty, $s:ty) => {{
        let mut binary = |name: &str, result: &'static str, model: Model| {
            $out.push(Operator { name: format!(concat!($ty, ".{}"), name), ty: $ty, binary: true, result, model });
        };
        binary("add", $ty, |a, b| Ok((a as $u).wrapping_add(b as $u) as u64));
        binary("sub", $ty, |a, b| Ok((a as $u).wrapping_sub(b as $u) as u64));
        binary("mul", $ty, |a, b| Ok((a as $u).wrapping_mul(b as $u) as u64));
        binary("and", $ty, |a, b| Ok((a & b) as $u as u64));
        binary("or", $ty, |a, b| Ok((a | b) as $u as u64));
        binary("xor", $ty, |a, b| Ok((a ^ b) as $u as u64));
        binary("shl", $ty, |a, b| Ok((a as $u).wrapping_shl(b as u32) as u64));
        binary("shr_u", $ty, |a, b| Ok((a as $u).wrapping_shr(b as u32) as u64));
        binary("shr_s", $ty, |a, b| Ok((a as $s).wrapping_shr(b as u32) as $u as u64));
        binary("rotl", $ty, |a, b| Ok((a as $u).rotate_left(b as u32 % <$u>::BITS) as u64));
        binary("rotr", $ty, |a, b| Ok((a as $u).rotate_right(b as u32 % <$u>::BITS) as u64));
        binary("div_u", $ty, |a, b| (a as $u).checked_div(b as $u).map(|v| v as u64).ok_or(ZERO));
        binary("rem_u", $ty, |a, b| (a as $u).checked_rem(b as $u).map(|v| v as u64).ok_or(ZERO));
        binary("div_s", $ty, |a, b| match b as $s {
            0 => Err(ZERO),
            b => (a as $s).checked_div(b).map(|v| v as $u as u64).ok_or(OVERFLOW),
        });
        binary("rem_s", $ty, |a, b| match b as $s {
            0 => Err(ZERO),
            b => Ok((a as $s).wrapping_rem(b) as $u as u64),
        });
        binary("eq", "i32", |a, b| Ok((a as $u == b as $u).into()));
        binary("ne", "i32", |a, b| Ok((a as $u != b as $u).into()));
        binary("lt_s", "i32", |a, b| Ok(((a as $s) < b as $s).into()));
        binary("lt_u", "i32", |a, b| Ok(((a as $u) < b as $u).into()));
        binary("gt_s", "i32", |a, b| Ok((a as $s > b as $s).into()));
        binary("gt_u", "i32", |a, b| Ok((a as $u > b as $u).into()));
        binary("le_s", "i32", |a, b| Ok((a as $s <= b as $s).into()));
        binary("le_u", "i32", |a, b| Ok((a as $u <= b as $u).into()));
        binary("ge_s", "i32", |a, b| Ok((a as $s >= b as $s).into()));
        binary("ge_u", "i32", |a, b| Ok((a as $u >= b as $u).into()));
        let mut unary = |name: &str, result: &'static str, model: Model| {
            $out.push(Operator { name: name.to_string(), ty: $ty, binary: false, result, model });
        };
        unary(concat!($ty, ".clz"), $ty, |a, _| Ok((a as $u).leading_zeros().into()));
        unary(concat!($ty, ".ctz"), $ty, |a, _| Ok((a as $u).trailing_zeros().into()));
        unary(concat!($ty, ".popcnt"), $ty, |a, _| Ok((a as $u).count_ones().into()));
        unary(concat!($ty, ".eqz"), "i32", |a, _| Ok((a as $u == 0).into()));
        unary(concat!($ty, ".extend8_s"), $ty, |a, _| Ok(a as i8 as $u as u64));
        unary(concat!($ty, ".extend16_s"), $ty, |a, _| Ok(a as i16 as $u as u64));
        unary(concat!("f32.convert_", $ty, "_s"), "f32", |a, _| Ok((a as $s as f32).to_bits().into()));
        unary(concat!("f32.convert_", $ty, "_u"), "f32", |a, _| Ok((a as $u as f32).to_bits().into()));
        unary(concat!("f64.convert_", $ty, "_s"), "f64", |a, _| Ok((a as $s as f64).to_bits()));
        unary(concat!("f64.convert_", $ty, "_u"), "f64", |a, _| Ok((a as $u as f64).to_bits()));
    }};
}

/// The operators of one type of floats, of which the conversions to integers.
macro_rules! floats {
    ($out:ident, $ty:literal, $f:ty, $u:ty) => {{
        let mut binary = |name: &str, result: &'static str, model: Model| {
            $out.push(Operator { name: format!(concat!($ty, ".{}"), name), ty: $ty, binary: true, result, model });
        };
        fn f(bits: u64) -> $f {
            <$f>::from_bits(bits as $u)
        }
        fn ok(v: $f) -> Result<u64, &'static str> {
            Ok(v.to_bits().into())
        }
        binary("add", $ty, |a, b| ok(f(a) + f(b)));
        binary("sub", $ty, |a, b| ok(f(a) - f(b)));
        binary("mul", $ty, |a, b| ok(f(a) * f(b)));
        binary("div", $ty, |a, b| ok(f(a) / f(b)));
        binary("min", $ty, |a, b| {
            let (x, y) = (f(a), f(b));
            if x.is_nan() || y.is_nan() {
                ok(<$f>::NAN)
            } else if x == y {
                // Of zeros, the negative one.
                Ok(a | b)
            } else {
                ok(if x < y { x } else { y })
            }
        });
        binary("max", $ty, |a, b| {
            let (x, y) = (f(a), f(b));
            if x.is_nan() || y.is_nan() {
                ok(<$f>::NAN)
            } else if x == y {
                Ok(a & b)
            } else {
                ok(if x > y { x } else { y })
            }
        });
        binary("copysign", $ty, |a, b| ok(f(a).copysign(f(b))));
        binary("eq", "i32", |a, b| Ok((f(a) == f(b)).into()));
        binary("ne", "i32", |a, b| Ok((f(a) != f(b)).into()));
        binary("lt", "i32", |a, b| Ok((f(a) < f(b)).into()));
        binary("gt", "i32", |a, b| Ok((f(a) > f(b)).into()));
        binary("le", "i32", |a, b| Ok((f(a) <= f(b)).into()));
        binary("ge", "i32", |a, b| Ok((f(a) >= f(b)).into()));
        let mut unary = |name: &str, result: &'static str, model: Model| {
            $out.push(Operator { name: name.to_string(), ty: $ty, binary: false, result, model });
        };
        unary(concat!($ty, ".abs"), $ty, |a, _| ok(f(a).abs()));
        unary(concat!($ty, ".neg"), $ty, |a, _| ok(-f(a)));
        unary(concat!($ty, ".ceil"), $ty, |a, _| ok(f(a).ceil()));
        unary(concat!($ty, ".floor"), $ty, |a, _| ok(f(a).floor()));
        unary(concat!($ty, ".trunc"), $ty, |a, _| ok(f(a).trunc()));
        unary(concat!($ty, ".nearest"), $ty, |a, _| ok(f(a).round_ties_even()));
        unary(concat!($ty, ".sqrt"), $ty, |a, _| ok(f(a).sqrt()));
        // Values that are in range once their fraction is truncated.
        fn truncated(bits: u64, below: f64, above: f64, convert: fn($f) -> u64) -> Result<u64, &'static str> {
            let v = f(bits);
            match f64::from(v.trunc()) {
                t if t.is_nan() => Err(NAN),
                t if t > below && t < above => Ok(convert(v)),
                _ => Err(OVERFLOW),
            }
        }
        const TWO_31: f64 = 2147483648.0;
        const TWO_63: f64 = 9223372036854775808.0;
        unary(concat!("i32.trunc_", $ty, "_s"), "i32", |a, _| {
            truncated(a, -TWO_31 - 1.0, TWO_31, |v| v as i32 as u32 as u64)
        });
        unary(concat!("i32.trunc_", $ty, "_u"), "i32", |a, _| truncated(a, -1.0, 2.0 * TWO_31, |v| v as u32 as u64));
        // The next float below −2⁶³ is out of range.
        unary(concat!("i64.trunc_", $ty, "_s"), "i64", |a, _| {
            truncated(a, (-TWO_63).next_down(), TWO_63, |v| v as i64 as u64)
        });
        unary(concat!("i64.trunc_", $ty, "_u"), "i64", |a, _| truncated(a, -1.0, 2.0 * TWO_63, |v| v as u64));
        unary(concat!("i32.trunc_sat_", $ty, "_s"), "i32", |a, _| Ok((f(a) as i32 as u32).into()));
        unary(concat!("i32.trunc_sat_", $ty, "_u"), "i32", |a, _| Ok((f(a) as u32).into()));
        unary(concat!("i64.trunc_sat_", $ty, "_s"), "i64", |a, _| Ok(f(a) as i64 as u64));
        unary(concat!("i64.trunc_sat_", $ty, "_u"), "i64", |a, _| Ok(f(a) as u64));
    }};
}

fn operators() -> Vec<Operator> {
    let mut all = Vec::new();
    integers!(all, "i32", u32, i32);
    integers!(all, "i64", u64, i64);
    floats!(all, "f32", f32, u32);
    floats!(all, "f64", f64, u64);
    let mut unary = |name: &str, ty, result, model: Model| {
        all.push(Operator { name: name.to_string(), ty, binary: false, result, model });
    };
    unary("i64.extend32_s", "i64", "i64", |a, _| Ok(a as i32 as u64));
    unary("i32.wrap_i64", "i64", "i32", |a, _| Ok(a as u32 as u64));
    unary("i64.extend_i32_s", "i32", "i64", |a, _| Ok(a as i32 as u64));
    unary("i64.extend_i32_u", "i32", "i64", |a, _| Ok(a as u32 as u64));
    unary("f32.demote_f64", "f64", "f32", |a, _| Ok((f64::from_bits(a) as f32).to_bits().into()));
    unary("f64.promote_f32", "f32", "f64", |a, _| Ok(f64::from(f32::from_bits(a as u32)).to_bits()));
    unary("i32.reinterpret_f32", "f32", "i32", |a, _| Ok(a));
    unary("i64.reinterpret_f64", "f64", "i64", |a, _| Ok(a));
    unary("f32.reinterpret_i32", "i32", "f32", |a, _| Ok(a));
    unary("f64.reinterpret_i64", "i64", "f64", |a, _| Ok(a));
    all
}

fn boundary(ty: &str) -> Vec<u64> {
    match ty {
        "i32" => [
            0,
            1,
            2,
            3,
            7,
            31,
            32,
            33,
            63,
            64,
            255,
            0x7fff,
            0x8000,
            0xffff,
            0x1_0000,
            0x5555_5555,
            0x7fff_ffff,
            0x8000_0000,
            0x8000_0001,
            0xffff_fffe,
            0xffff_ffff,
        ]
        .to_vec(),
        "i64" => {
            let mut all = vec![
                0,
                1,
                2,
                3,
                31,
                32,
                33,
                63,
                64,
                65,
                0x80,
                0x8000,
                0x7fff_ffff,
                0x8000_0000,
                0xffff_ffff,
                0x1_0000_0000,
                0x5555_5555_5555_5555,
            ];
            all.extend([
                i64::MAX as u64,
                i64::MIN as u64,
                i64::MIN as u64 + 1,
                u64::MAX - 1,
                u64::MAX,
                -0x8000_0001i64 as u64,
            ]);
            all
        }
        "f32" => {
            let values = [
                0.0f32,
                -0.0,
                1.0,
                -1.0,
                0.5,
                -0.5,
                1.5,
                2.5,
                -2.5,
                f32::INFINITY,
                f32::NEG_INFINITY,
                f32::MIN_POSITIVE,
                1e-45,
                f32::MAX,
                f32::MIN,
                2147483648.0,
                -2147483648.0,
                4294967296.0,
                2147483520.0,
                9223372036854775808.0,
                -9223372036854775808.0,
                18446744073709551616.0,
                8388607.5,
                -0.99999994,
            ];
            // NaNs: canonical, negative, signalling.
            values.iter().map(|v| u64::from(v.to_bits())).chain([0x7fc0_0000, 0xffc0_0000, 0x7f80_0001]).collect()
        }
        _ => {
            let values = [
                0.0f64,
                -0.0,
                1.0,
                -1.0,
                0.5,
                -0.5,
                1.5,
                2.5,
                -2.5,
                f64::INFINITY,
                f64::NEG_INFINITY,
                f64::MIN_POSITIVE,
                5e-324,
                f64::MAX,
                f64::MIN,
                2147483648.0,
                2147483647.9,
                -2147483648.9,
                -2147483649.0,
                4294967295.9,
                4294967296.0,
                9223372036854774784.0,
                9223372036854775808.0,
                -9223372036854775808.0,
                -9223372036854777856.0,
                18446744073709549568.0,
                18446744073709551616.0,
                4503599627370495.5,
                -0.9999999999999999,
                1e39,
            ];
            values.iter().map(|v| v.to_bits()).chain([0x7ff8 << 48, 0xfff8 << 48, (0x7ff0 << 48) + 1]).collect()
        }
    }
}

/// Where an operand is.
const PLACES: [&str; 6] = ["pinned", "framed", "memory", "computed", "spilled", "global"];

/// Code for operand `side` (0 or 1) of type `ty`.
fn operand(place: &str, ty: &str, side: usize) -> String {
    match place {
        "pinned" => format!("local.get {side} "),
        "framed" => format!("local.get $f{side} "),
        "memory" => format!("i32.const {} {ty}.load ", side * 8),
        "computed" => format!(
            "i32.const {} {ty}.load local.get $one if (result {ty}) local.get {side} else {ty}.const 0 end local.get \
                $one select ",
            side * 8
        ),
        "spilled" => format!("i32.const {} {ty}.load call $nothing ", side * 8),
        _ => format!("global.get ${ty}{side} "),
    }
}

fn v(ty: &str, bits: u64) -> V {
    match ty {
        "i32" => V::I32(bits as u32),
        "i64" => V::I64(bits),
        "f32" => V::F32(bits as u32),
        _ => V::F64(bits),
    }
}

fn literal(ty: &str, bits: u64) -> String {
    match ty {
        "i32" => format!("i32.const {}", bits as u32),
        "i64" => format!("i64.const {bits}"),
        // Bits go through the text format as NaNs with payloads and hexadecimal numbers.
        "f32" => float_literal(
            f64::from(f32::from_bits(bits as u32)),
            bits as u32 >> 31 != 0,
            (bits & 0x7f_ffff, 0x7f80_0000 & bits == 0x7f80_0000),
            "f32",
        ),
        _ => float_literal(
            f64::from_bits(bits),
            bits >> 63 != 0,
            (bits & ((1 << 52) - 1), f64::from_bits(bits).is_nan()),
            "f64",
        ),
    }
}

fn float_literal(value: f64, negative: bool, (payload, special): (u64, bool), ty: &str) -> String {
    let sign = if negative { "-" } else { "" };
    if value.is_infinite() {
        format!("{ty}.const {sign}inf")
    } else if special {
        format!("{ty}.const {sign}nan:{payload:#x}")
    } else {
        format!("{ty}.const {sign}{:?}", value.abs())
    }
}

/// NaNs that result from arithmetic count as one value; those that are only moved or change their sign do not.
fn canonical(outcome: Outcome, name: &str) -> Outcome {
    if ["abs", "neg", "copysign", "reinterpret"].iter().any(|op| name.contains(op)) {
        return outcome;
    }
    outcome.map(|vs| {
        vs.into_iter()
            .map(|v| match v {
                V::F32(b) if f32::from_bits(b).is_nan() => V::F32(0x7fc0_0000),
                V::F64(b) if f64::from_bits(b).is_nan() => V::F64(0x7ff8 << 48),
                v => v,
            })
            .collect()
    })
}

/// A function, and its arguments: all values where an operand is not a constant.
struct Case {
    code: String,
    name: String,
    constants: [Option<u64>; 2],
}

fn cases(op: &Operator) -> Vec<Case> {
    let mut cases = Vec::new();
    let name = &op.name;
    if !op.binary {
        for place in PLACES {
            let code = format!("{} {name}", operand(place, op.ty, 0));
            cases.push(Case { code, name: format!("{name} of {place}"), constants: [None, Some(0)] });
        }
        for a in boundary(op.ty) {
            let code = format!("{} {name}", literal(op.ty, a));
            cases.push(Case { code, name: format!("{name} of a constant"), constants: [Some(a), Some(0)] });
        }
        return cases;
    }
    for left in PLACES {
        for right in PLACES {
            let code = format!("{}{}{name}", operand(left, op.ty, 0), operand(right, op.ty, 1));
            cases.push(Case { code, name: format!("{name} of {left}, {right}"), constants: [None, None] });
        }
    }
    for constant in boundary(op.ty) {
        for place in PLACES {
            let code = format!("{} {} {name}", operand(place, op.ty, 0), literal(op.ty, constant));
            cases.push(Case { code, name: format!("{name} of {place}, constant"), constants: [None, Some(constant)] });
            let code = format!("{} {} {name}", literal(op.ty, constant), operand(place, op.ty, 1));
            cases.push(Case { code, name: format!("{name} of constant, {place}"), constants: [Some(constant), None] });
        }
        let code = format!("{} {} {name}", literal(op.ty, constant), literal(op.ty, 1));
        cases.push(Case { code, name: format!("{name} of constants"), constants: [Some(constant), Some(1)] });
    }
    cases
}

#[test]
fn f_every_operator_with_operands_in_all_places() {
    let operators = operators();
    assert_eq!(operators.len(), 2 * (25 + 10) + 2 * (13 + 15) + 10);
    let mut number = 0;
    for op in &operators {
        let Operator { ty, result, .. } = op;
        let mut text = format!(
            r#"(module (import "host" "nothing" (func $nothing)) (memory 1)
            (global ${ty}0 (mut {ty}) ({ty}.const 0)) (global ${ty}1 (mut {ty}) ({ty}.const 0))"#
        );
        let cases: Vec<Case> = cases(op)
            .into_iter()
            .filter(|_| {
                number += 1;
                chosen(number, percent())
            })
            .collect();
        for (i, case) in cases.iter().enumerate() {
            // Parameters go to memory as they are, to framed locals and to globals.
            writeln!(
                text,
                "(func (export \"{i}\") (param {ty} {ty}) (result {result}) (local $one i32) \
                    (local i64 i64 i64 i64 i64 i64 i64 i64 i64) \
                    (local f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64)
                   (local $f0 {ty}) (local $f1 {ty})
                   i32.const 1 local.set $one local.get 0 local.set $f0 local.get 1 local.set $f1 local.get 0 \
                   global.set ${ty}0 local.get 1 global.set ${ty}1
                   i32.const 0 local.get 0 {ty}.store i32.const 8 local.get 1 {ty}.store {})",
                case.code
            )
            .expect("strings take everything");
        }
        text.push(')');
        let modules = [("main", wasm(&text))];
        for mode in ["", "poison", "spill,shuffle"] {
            let mut ours = Ours::new(&engine(mode), &modules);
            for (i, case) in cases.iter().enumerate() {
                let func = ours.instance.get_func(&mut ours.store, &i.to_string()).expect("it is exported");
                let values = |side: usize| case.constants[side].map_or_else(|| boundary(ty), |c| vec![c]);
                // All pairs in registers, a part of them elsewhere.
                let share = if i == 0 || case.constants != [None, None] && mode.is_empty() { 100 } else { 25 };
                for (n, (a, b)) in
                    values(0).into_iter().flat_map(|a| values(1).into_iter().map(move |b| (a, b))).enumerate()
                {
                    if !chosen(n + i, share) {
                        continue;
                    }
                    let mut results = [Val::I32(0)];
                    let found = match func.call(&mut ours.store, &[v(ty, a).val(), v(ty, b).val()], &mut results) {
                        Ok(()) => Ok(vec![match results[0] {
                            Val::I32(v) => V::I32(v as u32),
                            Val::I64(v) => V::I64(v as u64),
                            Val::F32(v) => V::F32(v),
                            Val::F64(v) => V::F64(v),
                            _ => panic!("the results are numbers"),
                        }]),
                        Err(e) => Err(crate::harness::trap_name(&e)),
                    };
                    let expected = (op.model)(a, b).map(|bits| vec![v(result, bits)]);
                    let (found, expected) = (canonical(found, &op.name), canonical(expected, &op.name));
                    assert_eq!(found, expected, "{} with {a:#x}, {b:#x}, `{mode}`", case.name);
                }
            }
        }
    }
}
