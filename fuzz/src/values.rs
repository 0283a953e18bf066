//! Values at which operators tend to go wrong.

use crate::engines::{Any, Ty, Value};

const I32: &[u32] = &[
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    9,
    15,
    16,
    24,
    31,
    32,
    33,
    63,
    64,
    65,
    100,
    127,
    128,
    129,
    255,
    256,
    0x7fff,
    0x8000,
    0xffff,
    0x1_0000,
    0x0102_0304,
    0x5555_5555,
    0x7fff_fffe,
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0001,
    0xdead_beef,
    0xffff_7fff,
    0xffff_8000,
    0xffff_ff7f,
    0xffff_ff80,
    0xffff_fffe,
    0xffff_ffff,
];

const I64: &[u64] = &[
    0,
    1,
    2,
    3,
    5,
    7,
    8,
    16,
    31,
    32,
    33,
    63,
    64,
    65,
    127,
    128,
    255,
    256,
    0x7fff,
    0x8000,
    0xffff,
    0x7fff_fffe,
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0001,
    0xffff_ffff,
    0x1_0000_0000,
    0x1_0000_0001,
    0x0102_0304_0506_0708,
    0x5555_5555_5555_5555,
    0x7fff_ffff_ffff_fffe,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0x8000_0000_0000_0001,
    0xdead_beef_0bad_f00d,
    0xffff_ffff_0000_0000,
    0xffff_ffff_7fff_ffff,
    0xffff_ffff_8000_0000,
    0xffff_ffff_ffff_7fff,
    0xffff_ffff_ffff_ff80,
    0xffff_ffff_ffff_fffe,
    u64::MAX,
];

const F32: &[f32] = &[
    0.0,
    0.25,
    0.5,
    0.499_999_97,
    0.999_999_94,
    1.0,
    1.5,
    2.0,
    2.5,
    3.7,
    1e-45,
    1.175_494_2e-38,
    1.175_494_4e-38,
    4_194_304.5,
    8_388_607.5,
    8_388_608.0,
    16_777_215.0,
    2_147_483_520.0,
    2_147_483_648.0,
    4_294_967_040.0,
    4_294_967_296.0,
    9.223_371_5e18,
    9.223_372e18,
    1.844_674_3e19,
    1.844_674_4e19,
    1e20,
    f32::MAX,
    f32::INFINITY,
];

const F64: &[f64] = &[
    0.0,
    0.25,
    0.5,
    0.499_999_999_999_999_94,
    0.999_999_999_999_999_9,
    1.0,
    1.5,
    2.0,
    2.5,
    3.7,
    5e-324,
    2.225_073_858_507_201e-308,
    2.225_073_858_507_201_4e-308,
    1e-40,
    4_194_304.5,
    2_147_483_647.0,
    2_147_483_647.999_999_8,
    2_147_483_648.0,
    2_147_483_648.999_999_5,
    2_147_483_649.0,
    4_294_967_295.0,
    4_294_967_295.999_999,
    4_294_967_296.0,
    4_503_599_627_370_495.5,
    9_007_199_254_740_991.0,
    9_223_372_036_854_774_784.0,
    9_223_372_036_854_775_808.0,
    18_446_744_073_709_549_568.0,
    18_446_744_073_709_551_616.0,
    1e20,
    3.402_823_669_209_385e38,
    f64::MAX,
    f64::INFINITY,
];

/// NaNs: canonical, negative, signalling, with payload.
const F32_NANS: &[u32] = &[0x7fc0_0000, 0xffc0_0000, 0x7fa0_0000, 0x7fc1_2345];
const F64_NANS: &[u64] = &[0x7ff8 << 48, 0xfff8 << 48, 0x7ff4 << 48, 0x7ff8_0000_0001_2345];

/// The table of a type.
pub fn table(ty: Ty) -> Vec<Value> {
    let bits: Vec<u64> = match ty {
        Ty::I32 => I32.iter().map(|&v| u64::from(v)).collect(),
        Ty::I64 => I64.to_vec(),
        Ty::F32 => {
            let signed = F32.iter().flat_map(|v| [v.to_bits(), (-v).to_bits()]);
            signed.chain(F32_NANS.iter().copied()).map(u64::from).collect()
        }
        Ty::Func => return vec![Value::Func(None), Value::Func(Some(0)), Value::Func(Some(1)), Value::Func(Some(4))],
        Ty::Extern => return vec![Value::Extern(None), Value::Extern(Some(7)), Value::Extern(Some(u32::MAX))],
        Ty::Any => {
            let small = [0, 1, -1, (1 << 30) - 1, -(1 << 30)].map(|n| Value::Any(Any::Small(n)));
            return [ty.zero()].into_iter().chain(small).collect();
        }
        Ty::Heap => return vec![ty.zero()],
        Ty::V128 => return VECTORS.with(Clone::clone),
        Ty::F64 => {
            let signed = F64.iter().flat_map(|v| [v.to_bits(), (-v).to_bits()]);
            signed.chain(F64_NANS.iter().copied()).collect()
        }
    };
    bits.into_iter().map(|bits| Value::Bits(ty, bits)).collect()
}

/// The vector whose lanes are numbers of so many bits.
fn lanes(width: u32, lane: impl Fn(usize) -> u64) -> Value {
    let mask = u128::MAX >> (128 - width);
    Value::Vector((0..128 / width).fold(0, |all, i| all | (u128::from(lane(i as usize)) & mask) << (i * width)))
}

thread_local! {
    /// Vectors of edge values of each kind of lane: one in all lanes, and different ones.
    static VECTORS: Vec<Value> = {
        let bits = |ty| -> Vec<u64> {
            let number = |v| if let Value::Bits(_, bits) = v { bits } else { unreachable!("it is a number") };
            table(ty).into_iter().map(number).collect()
        };
        let bytes = vec![0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 64, 100, 126, 127, 128, 129, 200, 240, 254, 255];
        let words =
            vec![0, 1, 2, 127, 128, 255, 256, 0x3fff, 0x7ffe, 0x7fff, 0x8000, 0x8001, 0xff7f, 0xff80, 0xfffe, 0xffff];
        let kinds = [
            (8, bytes),
            (16, words),
            (32, bits(Ty::I32)),
            (64, bits(Ty::I64)),
            (32, bits(Ty::F32)),
            (64, bits(Ty::F64)),
        ];
        let mut all = vec![Value::Vector(0), Value::Vector(u128::MAX)];
        for (width, numbers) in kinds {
            // Strides of all kinds, so that numbers meet many others.
            for (start, stride) in (0..numbers.len()).step_by(3).zip([0, 1, 5, 7, 11, 13].into_iter().cycle()) {
                all.push(lanes(width, |i| numbers[(start + i * stride) % numbers.len()]));
            }
        }
        all
    };
}

/// Vectors of floats whose products and sums are exact, or no numbers.
pub fn exact_products(ty: Ty) -> Vec<Value> {
    let numbers = [0.0, -0.0, 1.0, -1.0, 1.5, -2.0, 3.0, 0.25, 100.0, -1023.5, f32::INFINITY, -f32::INFINITY, f32::NAN];
    let rows = (0..numbers.len()).flat_map(|start| [1, 5].map(|stride| (start, stride)));
    rows.map(|(start, stride)| {
        let number = |i: usize| numbers[(start + i * stride) % numbers.len()];
        match ty {
            Ty::F32 => lanes(32, |i| number(i).to_bits().into()),
            _ => lanes(64, |i| f64::from(number(i)).to_bits()),
        }
    })
    .collect()
}
