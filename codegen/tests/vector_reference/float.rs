//! Lanes that are floats.

use super::{build, lane, mask, number};

/// What the operators need of `f32` and `f64`, whose methods have the same names.
macro_rules! float {
    ($eval:ident, $ty:ident, $int:ident) => {
        fn $eval(name: &str, index: u8, x: &[u128]) -> Option<u128> {
            let bits = $int::BITS;
            let raw = |operand: usize, i: u32| lane(x[operand], bits, i) as $int;
            let at = |operand: usize, i: u32| $ty::from_bits(raw(operand, i));
            // NaN: the canonical one
            let canonical = |value: $ty| {
                let nan = (2 << ($ty::MAX_EXP.ilog2() + 1)) - 1 << ($ty::MANTISSA_DIGITS - 2);
                i128::from(if value.is_nan() { nan } else { value.to_bits() })
            };
            let one = |f: fn($ty) -> $ty| build(bits, |i| canonical(f(at(0, i))));
            let two = |f: fn($ty, $ty) -> $ty| build(bits, |i| canonical(f(at(0, i), at(1, i))));
            let compare = |f: fn(&$ty, &$ty) -> bool| build(bits, |i| mask(f(&at(0, i), &at(1, i))));
            let pick = |second: fn($ty, $ty) -> bool| {
                build(bits, |i| i128::from(raw(usize::from(second(at(0, i), at(1, i))), i)))
            };
            let sign = 1 << (bits - 1);
            Some(match name {
                "splat" => build(bits, |_| i128::from(raw(0, 0))),
                "extract_lane" => u128::from(raw(0, index.into())),
                "replace_lane" => build(bits, |i| i128::from(if i == index.into() { raw(1, 0) } else { raw(0, i) })),
                "eq" => compare($ty::eq),
                "ne" => compare($ty::ne),
                "lt" => compare($ty::lt),
                "gt" => compare($ty::gt),
                "le" => compare($ty::le),
                "ge" => compare($ty::ge),
                "abs" => build(bits, |i| i128::from(raw(0, i) & !sign)),
                "neg" => build(bits, |i| i128::from(raw(0, i) ^ sign)),
                "sqrt" => one($ty::sqrt),
                "ceil" => one($ty::ceil),
                "floor" => one($ty::floor),
                "trunc" => one($ty::trunc),
                "nearest" => one($ty::round_ties_even),
                "add" => two(|a, b| a + b),
                "sub" => two(|a, b| a - b),
                "mul" => two(|a, b| a * b),
                "div" => two(|a, b| a / b),
                "min" | "relaxed_min" => two(|a, b| match a.partial_cmp(&b) {
                    None => $ty::NAN,
                    // −0 has more bits.
                    Some(std::cmp::Ordering::Equal) => $ty::from_bits(a.to_bits() | b.to_bits()),
                    Some(order) => {
                        if order.is_lt() {
                            a
                        } else {
                            b
                        }
                    }
                }),
                "max" | "relaxed_max" => two(|a, b| match a.partial_cmp(&b) {
                    None => $ty::NAN,
                    Some(std::cmp::Ordering::Equal) => $ty::from_bits(a.to_bits() & b.to_bits()),
                    Some(order) => {
                        if order.is_gt() {
                            a
                        } else {
                            b
                        }
                    }
                }),
                "pmin" => pick(|a, b| b < a),
                "pmax" => pick(|a, b| a < b),
                "relaxed_madd" => build(bits, |i| canonical(at(0, i).mul_add(at(1, i), at(2, i)))),
                "relaxed_nmadd" => build(bits, |i| canonical((-at(0, i)).mul_add(at(1, i), at(2, i)))),
                _ => return None,
            })
        }
    };
}

float!(eval_f32, f32, u32);
float!(eval_f64, f64, u64);

pub(super) fn eval(shape: &str, name: &str, index: u8, x: &[u128]) -> u128 {
    let same = if shape == "f32x4" { eval_f32(name, index, x) } else { eval_f64(name, index, x) };
    if let Some(result) = same {
        return result;
    }
    let int = |i, signed| number(x[0], 32, i, signed);
    // No rounding to f32 is double: an i32 is exact as f64, but is not taken through it.
    let single = |value: f32| i128::from(if value.is_nan() { 0x7fc0_0000 } else { value.to_bits() });
    let double = |value: f64| i128::from(if value.is_nan() { 0x7ff8 << 48 } else { value.to_bits() });
    match name {
        "convert_i32x4_s" => build(32, |i| single(int(i, true) as f32)),
        "convert_i32x4_u" => build(32, |i| single(int(i, false) as f32)),
        "convert_low_i32x4_s" => build(64, |i| double(int(i, true) as f64)),
        "convert_low_i32x4_u" => build(64, |i| double(int(i, false) as f64)),
        "demote_f64x2_zero" => build(32, |i| if i < 2 { single(f64::from_bits(lane(x[0], 64, i)) as f32) } else { 0 }),
        "promote_low_f32x4" => build(64, |i| double(f64::from(f32::from_bits(lane(x[0], 32, i) as u32)))),
        _ => panic!("{shape}.{name}"),
    }
}

/// Truncations to i32, which saturate; `as` does.
pub(super) fn trunc(name: &str, x: u128) -> u128 {
    let unsigned = name.contains("_u");
    build(32, |i| {
        let value = match name.contains("f64x2") {
            true if i >= 2 => 0.0,
            true => f64::from_bits(lane(x, 64, i)),
            false => f64::from(f32::from_bits(lane(x, 32, i) as u32)),
        };
        if unsigned { i128::from(value as u32) } else { i128::from(value as i32) }
    })
}
