//! What vector operators do, in plain Rust, one lane after the other and by the operators' names: what the emitters'
//! instructions are compared with.
//!
//! Relaxed operators do what the specification's deterministic profile says: swizzle, truncations, minimum, maximum
//! and lane selection are those that are not relaxed, products are fused with sums, and sums of two products of bytes
//! wrap around.

use headwater_codegen::op;

mod float;
mod relaxed;

/// The result of vector operator `op` with the immediate `imm` (a lane comes first): integers and floats are in the
/// lowest bits of operands and results, and NaNs that an operation makes are canonical. `None` for what accesses
/// memory.
pub fn eval(op: u32, imm: [u8; 16], operands: &[u128]) -> Option<u128> {
    let row = op::prefixed(op::PREFIX_FD, op)?;
    if row.alignment().is_some() {
        return None;
    }
    let (shape, name) = row.name.split_once('.')?;
    Some(match shape {
        "v128" => bits(name, imm, operands),
        "f32x4" | "f64x2" => float::eval(shape, name, imm[0], operands),
        "i8x16" => ints(8, name, imm, operands),
        "i16x8" => ints(16, name, imm, operands),
        "i32x4" => ints(32, name, imm, operands),
        "i64x2" => ints(64, name, imm, operands),
        _ => panic!("shape {shape}"),
    })
}

/// Whether two results of operator `op` are the same, where any quiet NaN that arithmetic makes is as good as another.
pub fn equal(op: u32, a: u128, b: u128) -> bool {
    let name = op::prefixed(op::PREFIX_FD, op).expect("an operator").name;
    let Some((shape @ ("f32x4" | "f64x2"), name)) = name.split_once('.') else { return a == b };
    // These give their operands' bits.
    let copies = ["abs", "neg", "pmin", "pmax", "splat", "extract_lane", "replace_lane"].contains(&name);
    if copies || ["eq", "ne", "lt", "gt", "le", "ge"].contains(&name) {
        return a == b;
    }
    let (bits, quiet) = if shape == "f32x4" { (32, 0x7fc0_0000) } else { (64, 0x7ff8 << 48) };
    (0..128 / bits).all(|i| {
        let (a, b) = (lane(a, bits, i), lane(b, bits, i));
        a == b || a & b & quiet == quiet
    })
}

/// Whether the specification allows `result`, which for relaxed operators is what some machine gives.
pub fn permitted(op: u32, imm: [u8; 16], operands: &[u128], result: u128) -> bool {
    let row = op::prefixed(op::PREFIX_FD, op).expect("an operator");
    match row.name.split_once('.') {
        Some((shape, name)) if row.feature == op::Feature::RelaxedSimd => {
            relaxed::permitted(shape, name, operands, result)
        }
        _ => eval(op, imm, operands).is_some_and(|expected| equal(op, expected, result)),
    }
}

/// Lane `i` of lanes of `bits` bits, zero-extended.
fn lane(v: u128, bits: u32, i: u32) -> u64 {
    (v >> (bits * i)) as u64 & (u64::MAX >> (64 - bits))
}

/// The same as a number, signed or not.
fn number(v: u128, bits: u32, i: u32, signed: bool) -> i128 {
    let lane = lane(v, bits, i);
    if signed { i128::from((lane << (64 - bits)) as i64 >> (64 - bits)) } else { i128::from(lane) }
}

/// The vector of these lanes, of which the lowest `bits` bits count.
fn build(bits: u32, f: impl Fn(u32) -> i128) -> u128 {
    (0..128 / bits).fold(0, |v, i| v | (f(i) as u128 & (u128::MAX >> (128 - bits))) << (bits * i))
}

fn clamp(value: i128, bits: u32, signed: bool) -> i128 {
    if signed { value.clamp(-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { value.clamp(0, (1 << bits) - 1) }
}

/// All ones, or all zeros.
fn mask(cond: bool) -> i128 {
    -i128::from(cond)
}

fn bits(name: &str, imm: [u8; 16], x: &[u128]) -> u128 {
    match name {
        "const" => u128::from_le_bytes(imm),
        "not" => !x[0],
        "and" => x[0] & x[1],
        "andnot" => x[0] & !x[1],
        "or" => x[0] | x[1],
        "xor" => x[0] ^ x[1],
        "bitselect" => x[0] & x[2] | x[1] & !x[2],
        "any_true" => u128::from(x[0] != 0),
        _ => panic!("v128.{name}"),
    }
}

fn ints(bits: u32, name: &str, imm: [u8; 16], x: &[u128]) -> u128 {
    if name.contains("trunc") {
        return float::trunc(name, x[0]);
    }
    let (base, signed) = match (name.strip_suffix("_s"), name.strip_suffix("_u")) {
        (Some(base), _) => (base, true),
        (_, Some(base)) => (base, false),
        _ => (name, true),
    };
    let at = |operand: usize, i: u32| number(x[operand], bits, i, signed);
    // Of lanes half as wide, or twice.
    let half = |operand: usize, i: u32| number(x[operand], bits / 2, i, signed);
    let double = |operand: usize, i: u32| number(x[operand], bits * 2, i, true);
    let both = |f: fn(i128, i128) -> i128| build(bits, |i| f(at(0, i), at(1, i)));
    let product = |i| half(0, i) * half(1, i);
    let (lanes, count) = (128 / bits, x.get(1).map_or(0, |x| *x as u32 % bits));
    // Sums of two products of bytes.
    let dot = |i: u32| {
        let product = |i| number(x[0], 8, i, true) * number(x[1], 8, i, true);
        i128::from((product(2 * i) + product(2 * i + 1)) as i16)
    };
    match base {
        "eq" => both(|a, b| mask(a == b)),
        "ne" => both(|a, b| mask(a != b)),
        "lt" => both(|a, b| mask(a < b)),
        "gt" => both(|a, b| mask(a > b)),
        "le" => both(|a, b| mask(a <= b)),
        "ge" => both(|a, b| mask(a >= b)),
        "add" => both(|a, b| a + b),
        "sub" => both(|a, b| a - b),
        "mul" => both(|a, b| a * b),
        "min" => both(i128::min),
        "max" => both(i128::max),
        "avgr" => both(|a, b| (a + b + 1) >> 1),
        "add_sat" => build(bits, |i| clamp(at(0, i) + at(1, i), bits, signed)),
        "sub_sat" => build(bits, |i| clamp(at(0, i) - at(1, i), bits, signed)),
        "q15mulr_sat" | "relaxed_q15mulr" => build(bits, |i| clamp((at(0, i) * at(1, i) + 0x4000) >> 15, bits, signed)),
        "shl" => build(bits, |i| at(0, i) << count),
        "shr" => build(bits, |i| at(0, i) >> count),
        "abs" => build(bits, |i| at(0, i).abs()),
        "neg" => build(bits, |i| -at(0, i)),
        "popcnt" => build(bits, |i| i128::from(lane(x[0], bits, i).count_ones())),
        "all_true" => u128::from((0..lanes).all(|i| at(0, i) != 0)),
        "bitmask" => (0..lanes).map(|i| u128::from(at(0, i) < 0) << i).sum(),
        "splat" => build(bits, |_| x[0] as i128),
        // An i32 or, from the widest lanes, an i64.
        "extract_lane" => at(0, u32::from(imm[0])) as u128 & (u128::MAX >> if bits == 64 { 64 } else { 96 }),
        "replace_lane" => build(bits, |i| if i == u32::from(imm[0]) { x[1] as i128 } else { at(0, i) }),
        "narrow_i16x8" | "narrow_i32x4" => {
            build(bits, |i| clamp(double((i * 2 / lanes) as usize, i % (lanes / 2)), bits, signed))
        }
        "extend_low_i8x16" | "extend_low_i16x8" | "extend_low_i32x4" => build(bits, |i| half(0, i)),
        "extend_high_i8x16" | "extend_high_i16x8" | "extend_high_i32x4" => build(bits, |i| half(0, i + lanes)),
        "extmul_low_i8x16" | "extmul_low_i16x8" | "extmul_low_i32x4" => build(bits, product),
        "extmul_high_i8x16" | "extmul_high_i16x8" | "extmul_high_i32x4" => build(bits, |i| product(i + lanes)),
        "extadd_pairwise_i8x16" | "extadd_pairwise_i16x8" => build(bits, |i| half(0, 2 * i) + half(0, 2 * i + 1)),
        "dot_i16x8" => build(bits, |i| product(2 * i) + product(2 * i + 1)),
        "relaxed_dot_i8x16_i7x16" => build(bits, dot),
        // As AArch64 has it: all four products are added in 32 bits.
        "relaxed_dot_i8x16_i7x16_add" => {
            let product = |i| number(x[0], 8, i, true) * number(x[1], 8, i, true);
            build(bits, |i| (4 * i..4 * i + 4).map(product).sum::<i128>() + at(2, i))
        }
        "shuffle" => build(bits, |i| {
            let from = u32::from(imm[i as usize]);
            at(from as usize / 16, from % 16)
        }),
        "swizzle" | "relaxed_swizzle" => build(bits, |i| match lane(x[1], 8, i) {
            from @ 0..16 => at(0, from as u32),
            _ => 0,
        }),
        "relaxed_laneselect" => self::bits("bitselect", imm, x),
        _ => panic!("{name}"),
    }
}
