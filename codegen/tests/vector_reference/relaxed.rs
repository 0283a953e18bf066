//! What relaxed operators may give, by machine.

use super::{build, clamp, lane, number};
use std::collections::BTreeSet;

/// Whether each lane of the result of relaxed operator `shape.name` is one that the specification allows. The choice
/// may differ from lane to lane here, which the specification does not allow.
pub(super) fn permitted(shape: &str, name: &str, x: &[u128], result: u128) -> bool {
    let bits = match shape {
        "i8x16" => 8,
        "i16x8" => 16,
        "i32x4" | "f32x4" => 32,
        _ => 64,
    };
    (0..128 / bits).all(|i| {
        let all = possible(shape, name, bits, x, i);
        let lane = lane(result, bits, i);
        // Any quiet NaN is one.
        let nan = |value: u64| match shape {
            "f32x4" => value & 0x7fc0_0000 == 0x7fc0_0000,
            "f64x2" => value & 0x7ff8 << 48 == 0x7ff8 << 48,
            _ => false,
        };
        all.contains(&lane) || nan(lane) && all.iter().any(|&value| nan(value))
    })
}

/// The possible values of lane `i`.
fn possible(shape: &str, name: &str, bits: u32, x: &[u128], i: u32) -> BTreeSet<u64> {
    let at = |operand: usize| lane(x[operand], bits, i);
    let values = |values: &[i128]| values.iter().map(|&value| lane(build(bits, |_| value), bits, 0)).collect();
    if name.starts_with("relaxed_trunc") {
        return trunc(name, x[0], i);
    }
    // Sums of two products of bytes: wrapped around or saturated, of a second operand that is signed or not.
    let dots = |i: u32| {
        let sum = |signed| {
            let product = |i| number(x[0], 8, i, true) * number(x[1], 8, i, signed);
            product(2 * i) + product(2 * i + 1)
        };
        [sum(true), sum(false)].into_iter().flat_map(|sum| [i128::from(sum as i16), clamp(sum, 16, true)])
    };
    match name {
        "relaxed_swizzle" => match at(1) {
            from @ 0..16 => [lane(x[0], 8, from as u32)].into(),
            from @ 16..128 => [0, lane(x[0], 8, from as u32 % 16)].into(),
            _ => [0].into(),
        },
        "relaxed_laneselect" => {
            let top = if at(2) >> (bits - 1) == 1 { at(0) } else { at(1) };
            [at(0) & at(2) | at(1) & !at(2), top].into()
        }
        "relaxed_q15mulr_s" => {
            let product = (number(x[0], 16, i, true) * number(x[1], 16, i, true) + 0x4000) >> 15;
            values(&[product, clamp(product, 16, true)])
        }
        "relaxed_dot_i8x16_i7x16_s" => values(&dots(i).collect::<Vec<_>>()),
        "relaxed_dot_i8x16_i7x16_add_s" => {
            let add = number(x[2], 32, i, true);
            // What AArch64 has: all four products are added in 32 bits.
            let whole = |signed| {
                let product = |i| number(x[0], 8, i, true) * number(x[1], 8, i, signed);
                (4 * i..4 * i + 4).map(product).sum::<i128>() + add
            };
            let sums = dots(2 * i).flat_map(|low| dots(2 * i + 1).map(move |high| low + high + add));
            values(&[whole(true), whole(false)].into_iter().chain(sums).collect::<Vec<_>>())
        }
        _ if shape == "f32x4" => {
            let float = |operand| f32::from_bits(at(operand) as u32);
            let (a, b) = (float(0), float(1));
            let either = a.is_nan() || b.is_nan() || a == 0.0 && b == 0.0;
            match name {
                "relaxed_madd" => [a.mul_add(b, float(2)), a * b + float(2)].map(|f| f.to_bits().into()).into(),
                "relaxed_nmadd" => [(-a).mul_add(b, float(2)), float(2) - a * b].map(|f| f.to_bits().into()).into(),
                _ if either => [at(0), at(1), f32::NAN.to_bits().into()].into(),
                "relaxed_min" => [a.min(b).to_bits().into()].into(),
                _ => [a.max(b).to_bits().into()].into(),
            }
        }
        _ => {
            let float = |operand| f64::from_bits(at(operand));
            let (a, b) = (float(0), float(1));
            let either = a.is_nan() || b.is_nan() || a == 0.0 && b == 0.0;
            match name {
                "relaxed_madd" => [a.mul_add(b, float(2)), a * b + float(2)].map(f64::to_bits).into(),
                "relaxed_nmadd" => [(-a).mul_add(b, float(2)), float(2) - a * b].map(f64::to_bits).into(),
                _ if either => [at(0), at(1), f64::NAN.to_bits()].into(),
                "relaxed_min" => [a.min(b).to_bits()].into(),
                _ => [a.max(b).to_bits()].into(),
            }
        }
    }
}

/// Truncations to i32: of what does not fit, the nearest, or what the machine says for all of that.
fn trunc(name: &str, x: u128, i: u32) -> BTreeSet<u64> {
    let value = match name.contains("f64x2") {
        true if i >= 2 => return [0].into(),
        true => f64::from_bits(lane(x, 64, i)),
        false => f64::from(f32::from_bits(lane(x, 32, i) as u32)),
    };
    if name.contains("_u") {
        let fits = value > -1.0 && value < 4_294_967_296.0;
        let saturated = u64::from(value as u32);
        if fits { [saturated].into() } else { [saturated, u32::MAX.into()].into() }
    } else {
        let fits = value > -2_147_483_649.0 && value < 2_147_483_648.0;
        let saturated = u64::from(value as i32 as u32);
        if fits { [saturated].into() } else { [saturated, 0x8000_0000].into() }
    }
}
