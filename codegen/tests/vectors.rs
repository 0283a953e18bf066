//! Vector operators: what their instructions give, lane by lane is what plain Rust gives.

#[path = "../../tests/api_common/emulator.rs"]
mod emulator;
#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
mod vector_machine;
mod vector_reference;

use headwater_codegen::Ty;
use headwater_codegen::op::{self, Feature, simd};

/// All vector operators but those that access memory.
fn operators() -> impl Iterator<Item = &'static op::Op> {
    op::all()
        .filter(|op| matches!(op.feature, Feature::Simd | Feature::RelaxedSimd))
        .filter(|op| op.alignment().is_none())
}

#[test]
fn the_reference_knows_all_operators() {
    let operators: Vec<_> = operators().collect();
    assert_eq!(operators.len(), 256 - 22);
    for op in operators {
        let operands = vec![0x0102; op.sig.operands().count()];
        let result = vector_reference::eval(op.code, [0; 16], &operands);
        assert!(result.is_some(), "{}", op.name);
        let narrow = op.sig.results().next().and_then(|ty| ty.fixed()) == Some(Ty::I32);
        assert!(!narrow || result <= Some(u32::MAX.into()), "{}", op.name);
        let result = result.unwrap_or(0);
        assert!(vector_reference::equal(op.code, result, result), "{}", op.name);
        assert!(vector_reference::permitted(op.code, [0; 16], &operands, result), "{}", op.name);
    }
    for (code, operands, result) in [
        (simd::I8X16_ADD_SAT_S, [0x7f80, 0x01ff], 0x7f80),
        (simd::I16X8_NARROW_I32X4_U, [0x1_0000_ffff_ffff, 5], 5 << 64 | 0xffff_0000),
        (simd::F32X4_PMIN, [0x8000_0000, 0], 0x8000_0000),
        (simd::F32X4_MIN, [0x7fa0_0000, 0], 0x7fc0_0000),
        (simd::I32X4_DOT_I16X8_S, [0x8000_8000, 0x8000_8000], 0x8000_0000),
    ] {
        assert_eq!(vector_reference::eval(code, [0; 16], &operands), Some(result), "{code:#x}");
    }
}

/// Of relaxed operators, by what x86-64 gives.
#[test]
fn the_reference_permits_what_machines_give() {
    let permitted = |op, operands: &[u128], result| vector_reference::permitted(op, [0; 16], operands, result);
    let swizzle = simd::I8X16_RELAXED_SWIZZLE;
    assert!(permitted(swizzle, &[0x7a, 0x10], 0x7a7a_7a7a_7a7a_7a7a_7a7a_7a7a_7a7a_7a7a));
    assert!(!permitted(swizzle, &[0x7a, 0x80], 0x7a7a_7a7a_7a7a_7a7a_7a7a_7a7a_7a7a_7a7a));
    let trunc = simd::I32X4_RELAXED_TRUNC_F32X4_S;
    assert!(permitted(trunc, &[1.0e10f32.to_bits().into()], 0x8000_0000));
    assert!(!permitted(trunc, &[1.0e9f32.to_bits().into()], 0x8000_0000));
    let dot = simd::I16X8_RELAXED_DOT_I8X16_I7X16_S;
    assert!(permitted(dot, &[0x7f7f, 0xffff], 0x7fff));
    assert!(!permitted(dot, &[0x7f7f, 0x7f7f], 0x7fff));
    assert!(permitted(simd::F64X2_RELAXED_MIN, &[1 << 63, 0], 0) && !permitted(simd::F64X2_MIN, &[1 << 63, 0], 0));
}

#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
mod run {
    //! Whatever the registers are, with the processor's features and without them, and with near and far forms.

    use super::vector_machine::{Code, Emitter, FPRS, GPRS, IN, OUT};
    use super::{operators, vector_reference};
    use headwater_codegen::Ty;
    use headwater_codegen::masm::{Addr, Cond, Ints, Load, Loc, Masm, Memory, Store, VecOperand, Vectors, Width};
    use headwater_codegen::op::{self, Feature, Op, simd};
    use headwater_codegen::reg::{Fpr, Gpr};

    /// A sequence of numbers that looks random and is the same each time.
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            self.0 ^ self.0 >> 29 ^ self.0 << 17
        }

        fn below(&mut self, n: usize) -> usize {
            (self.next() >> 20) as usize % n
        }

        /// A vector most of whose lanes are at edges.
        fn vector(&mut self) -> u128 {
            let bits = [8, 16, 32, 64][self.below(4)];
            (0..128 / bits).fold(0, |vector, _| {
                let edge = match bits {
                    32 => u64::from(F32[self.below(F32.len())].to_bits()),
                    64 => F64[self.below(F64.len())].to_bits(),
                    _ => 0,
                };
                let shift = self.below(bits as usize) as u32;
                let lane = match self.below(8) {
                    0..3 if edge != 0 => edge ^ (self.next() & 1),
                    0 => 1 << shift,
                    1 => (1 << shift) - 1,
                    2 => u64::MAX << shift,
                    3 => 0,
                    4 => u64::MAX,
                    5 => self.next() % 4,
                    _ => self.next(),
                };
                vector << bits | u128::from(lane & u64::MAX >> (64 - bits))
            })
        }
    }

    const F32: [f32; 20] = [
        0.0,
        -0.0,
        0.5,
        -0.5,
        1.5,
        2.5,
        -1.0,
        f32::MIN_POSITIVE,
        f32::MAX,
        f32::MIN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::NAN,
        8388609.5,
        2147483648.0,
        -2147483648.0,
        4294967296.0,
        2147483520.0,
        1e-45,
        3.7,
    ];

    const F64: [f64; 22] = [
        0.0,
        -0.0,
        0.5,
        -0.5,
        1.5,
        2.5,
        -1.0,
        f64::MIN_POSITIVE,
        f64::MAX,
        f64::MIN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        4503599627370497.5,
        2147483647.5,
        -2147483648.9,
        4294967295.5,
        4294967296.0,
        1e-45,
        3.402823669209385e38,
        1e-320,
        9.3e18,
    ];

    fn at(base: Gpr, slot: usize) -> Addr {
        Addr { base, index: None, disp: 16 * slot as i32 }
    }

    fn load(m: &mut Emitter, ty: Ty, fpr: Fpr, gpr: Gpr, slot: usize) {
        match ty {
            Ty::V128 => m.vload(simd::V128_LOAD, fpr, at(IN, slot)),
            Ty::I32 => m.load(Load::I32, gpr.into(), at(IN, slot)),
            Ty::I64 => m.load(Load::I64, gpr.into(), at(IN, slot)),
            Ty::F32 => m.load(Load::F32, fpr.into(), at(IN, slot)),
            _ => m.load(Load::F64, fpr.into(), at(IN, slot)),
        }
    }

    fn store(m: &mut Emitter, ty: Ty, fpr: Fpr, gpr: Gpr) {
        match ty {
            Ty::V128 => m.vstore(fpr, at(OUT, 0)),
            // All of it: the upper half of an i32 is zero.
            Ty::I32 | Ty::I64 => m.store(Store::B64, gpr.into(), at(OUT, 0)),
            Ty::F32 => m.store(Store::F32, fpr.into(), at(OUT, 0)),
            _ => m.store(Store::F64, fpr.into(), at(OUT, 0)),
        }
    }

    /// Operands' types, the first one first, and the result's.
    fn types(op: &Op) -> (Vec<Ty>, Ty) {
        let ty = |operand: op::Operand| operand.fixed().expect("a type");
        let mut operands: Vec<Ty> = op.sig.operands().map(ty).collect();
        operands.reverse();
        (operands, op.sig.results().map(ty).next().expect("a result"))
    }

    /// `op` with its operands in `fprs` or `gprs` from 1 on, and its result in number 0.
    fn emit(m: &mut Emitter, op: &Op, imm: [u8; 16], fprs: [Fpr; 4], gprs: [Gpr; 2]) {
        let (operands, result) = types(op);
        let ([d, a, b, c], [x, y], lane) = (fprs, gprs, imm[0]);
        let float = |ty| ty == Ty::F32 || ty == Ty::F64;
        match (&operands[..], result) {
            ([], _) => {
                let number = m.vec_pool().intern(u128::from_le_bytes(imm));
                m.vconst(d, number);
            }
            ([Ty::V128], Ty::V128) => m.vunary(op.code, d, a),
            ([Ty::V128, Ty::V128], _) if op.code == simd::I8X16_SHUFFLE => m.vshuffle(d, a, b, imm),
            ([Ty::V128, Ty::V128], _) => m.vbinary(op.code, d, a, VecOperand::Reg(b)),
            ([_, _, _], _) => m.vternary(op.code, d, a, b, c),
            ([Ty::V128, Ty::I32], _) if op.imm == op::Imm::Nothing => m.vshift(op.code, d, a, y),
            ([Ty::V128, ty], _) if float(*ty) => m.vreplace_float(op.code, lane, d, a, b),
            ([Ty::V128, _], _) => m.vreplace_int(op.code, lane, d, a, y),
            ([Ty::V128], ty) if float(ty) => m.vextract_float(op.code, lane, d, a),
            ([Ty::V128], _) if op.imm == op::Imm::Lane => m.vextract_int(op.code, lane, x, a),
            ([Ty::V128], _) if op.name.ends_with("bitmask") => m.vbitmask(op.code, x, a),
            ([Ty::V128], _) => {
                let cond = m.vtest(op.code, a);
                m.set_cond(cond, x);
            }
            ([ty], _) if float(*ty) => m.vsplat_float(op.code, d, a),
            ([_], _) => m.vsplat_int(op.code, d, y),
            _ => panic!("{}", op.name),
        }
    }

    fn mask(ty: Ty) -> u128 {
        match ty {
            Ty::V128 => u128::MAX,
            Ty::I32 | Ty::F32 => u128::MAX >> 96,
            _ => u128::MAX >> 64,
        }
    }

    /// Whether the contract has `dst` and its operands in these registers.
    fn allowed(m: &Emitter, op: &Op, [d, a, b, c]: [Fpr; 4], operands: usize) -> bool {
        let later = operands > 1 && d == b || operands > 2 && d == c;
        m.three_address_vectors() || d == a || !later || op.code == simd::I8X16_SHUFFLE
    }

    /// All cases are run, or every fifth.
    fn part() -> usize {
        if super::emulator::in_part() { 5 } else { 1 }
    }

    /// Emits `op` and calls it with `rounds` random operands.
    fn check(code: &mut Code, random: &mut Random, op: &Op, imm: [u8; 16], plain: bool, fprs: [Fpr; 4], rounds: usize) {
        let (operands, result) = types(op);
        let gprs = [GPRS[random.below(3)], GPRS[random.below(3)]];
        let mut fits = true;
        code.write(plain, |m| {
            fits = allowed(m, op, fprs, operands.len());
            if fits {
                for (i, &ty) in operands.iter().enumerate() {
                    load(m, ty, fprs[i + 1], gprs[1], i);
                }
                emit(m, op, imm, fprs, gprs);
                store(m, result, fprs[0], gprs[0]);
            }
        });
        for _ in 0..if fits { rounds } else { 0 } {
            let mut values = [random.vector(), random.vector(), random.vector()];
            for i in 0..operands.len() {
                values[i] &= mask(operands[i]);
                if operands[i] == Ty::I32 && random.below(2) == 0 {
                    values[i] %= 70;
                }
                // One register has one value.
                for j in 0..i {
                    if fprs[j + 1] == fprs[i + 1] && mask(operands[i]) >> 64 != 0 {
                        values[i] = values[j];
                    }
                }
            }
            let mut results = [0];
            code.call(&values, &mut results);
            let expected = vector_reference::eval(op.code, imm, &values[..operands.len()]).expect("no memory");
            // Relaxed operators have the reference's rule on one instruction set.
            let relaxed = op.feature == Feature::RelaxedSimd && cfg!(not(target_arch = "aarch64"));
            let right = if relaxed {
                vector_reference::permitted(op.code, imm, &values[..operands.len()], results[0])
            } else {
                vector_reference::equal(op.code, expected, results[0])
            };
            assert!(
                right,
                "{} {imm:?} {fprs:?} plain: {plain}\nof {values:#034x?}\nis {:#034x}\nnot {expected:#034x}",
                op.name, results[0]
            );
        }
    }

    #[test]
    fn operators_give_what_the_reference_gives() {
        let (mut code, mut random) = (Code::new(), Random(1));
        for op in operators().filter(|op| op.code != simd::I8X16_SHUFFLE && op.code != simd::V128_CONST) {
            let (operands, _) = types(op);
            let lanes = if op.imm == op::Imm::Lane { lane_count(op.name) } else { 1 };
            // A float that shares its register with a vector is loaded later.
            let scalar = operands.iter().skip(1).any(|&ty| ty == Ty::F32 || ty == Ty::F64);
            for lane in 0..lanes {
                for registers in 0..4usize.pow(1 + operands.len() as u32) {
                    let fprs = [0, 1, 2, 3].map(|i| FPRS[registers >> (2 * i) & 3]);
                    if scalar && fprs[1] == fprs[2] {
                        continue;
                    }
                    let rounds = if registers < 64 { 120 } else { 30 } / part();
                    for plain in [false, true] {
                        check(&mut code, &mut random, op, [lane; 16], plain, fprs, rounds);
                    }
                }
            }
        }
    }

    #[test]
    fn second_operands_may_be_constants() {
        let (mut code, mut random) = (Code::new(), Random(7));
        for op in operators().filter(|op| types(op).0 == [Ty::V128, Ty::V128] && op.imm == op::Imm::Nothing) {
            for (registers, plain) in (0..16).flat_map(|registers| [(registers, false), (registers, true)]) {
                let (d, a, constant) = (FPRS[registers & 3], FPRS[registers >> 2], random.vector());
                let mut taken = false;
                code.write(plain, |m| {
                    taken = m.vector_memory_operand(op.code);
                    if taken {
                        load(m, Ty::V128, a, GPRS[0], 0);
                        let number = m.vec_pool().intern(constant);
                        m.vbinary(op.code, d, a, VecOperand::Const(number));
                        store(m, Ty::V128, d, GPRS[0]);
                    }
                });
                for _ in 0..if taken { 40 } else { 0 } {
                    let operands = [random.vector(), constant];
                    let mut results = [0];
                    code.call(&operands, &mut results);
                    assert!(
                        vector_reference::permitted(op.code, [0; 16], &operands, results[0]),
                        "{} plain: {plain}\nof {operands:#034x?}\nis {:#034x}",
                        op.name,
                        results[0]
                    );
                }
            }
        }
    }

    fn lane_count(name: &str) -> u8 {
        match &name[..5] {
            "i8x16" => 16,
            "i16x8" => 8,
            "i32x4" | "f32x4" => 4,
            _ => 2,
        }
    }

    #[test]
    fn shifts_by_constants() {
        let (mut code, mut random) = (Code::new(), Random(2));
        for op in operators().filter(|op| op.name.contains(".sh") && types(op).0 == [Ty::V128, Ty::I32]) {
            for count in 0..128 / u32::from(lane_count(op.name)) {
                for (d, a, plain) in [(0, 0, false), (0, 0, true), (2, 1, false), (2, 1, true)] {
                    let (d, a) = (FPRS[d], FPRS[a]);
                    code.write(plain, |m| {
                        load(m, Ty::V128, a, GPRS[0], 0);
                        m.vshift_imm(op.code, d, a, count);
                        store(m, Ty::V128, d, GPRS[0]);
                    });
                    for _ in 0..20 {
                        let operands = [random.vector(), count.into()];
                        let mut results = [0];
                        code.call(&operands, &mut results);
                        assert_eq!(
                            Some(results[0]),
                            vector_reference::eval(op.code, [0; 16], &operands),
                            "{}",
                            op.name
                        );
                    }
                }
            }
        }
    }

    /// Shuffles with names, one byte of them changed, and some at random.
    fn shuffles(random: &mut Random) -> Vec<[u8; 16]> {
        let mut shuffles = Vec::new();
        for bytes in [1, 2, 4, 8] {
            let lane = |f: &dyn Fn(u8) -> u8| std::array::from_fn(|i| f(i as u8 / bytes) * bytes + i as u8 % bytes);
            let lanes = 16 / bytes;
            for n in 0..2 * lanes {
                shuffles.push(lane(&|_| n));
                shuffles.push(lane(&|i| (i + n) % (2 * lanes)));
                shuffles.push(lane(&|i| i ^ n));
                for to in 0..lanes {
                    shuffles.push(lane(&|i| if i == to { n } else { i }));
                    shuffles.push(lane(&|i| if i == to { n } else { i + lanes }));
                }
            }
            for upper in 0..2 {
                shuffles.push(lane(&|i| i / 2 + upper * lanes / 2 + i % 2 * lanes));
                shuffles.push(lane(&|i| 2 * i + upper));
                shuffles.push(lane(&|i| i - i % 2 + upper + i % 2 * lanes));
            }
            for _ in 0..50 {
                let bits = random.next();
                shuffles.push(lane(&|i| i + (bits >> i & 1) as u8 * lanes));
            }
        }
        for i in 0..shuffles.len() {
            let mut other = shuffles[i];
            shuffles.push(other.map(|lane| lane & 15));
            shuffles.push(other.map(|lane| lane ^ 16));
            other[random.below(16)] = random.below(32) as u8;
            shuffles.push(other);
        }
        for _ in 0..200 {
            shuffles.push(std::array::from_fn(|_| random.below(32) as u8));
        }
        shuffles
    }

    #[test]
    fn shuffles_have_each_byte_from_where_it_is() {
        let (mut code, mut random) = (Code::new(), Random(3));
        let op = op::prefixed(op::PREFIX_FD, simd::I8X16_SHUFFLE).expect("an operator");
        for lanes in shuffles(&mut random).into_iter().step_by(part()) {
            for registers in 0..64 {
                let fprs = [0, 1, 2, 3].map(|i| FPRS[registers >> (2 * i) & 3]);
                check(&mut code, &mut random, op, lanes, registers % 3 == 0, fprs, 2);
            }
        }
    }

    #[test]
    fn constants_have_their_bits() {
        let (mut code, mut random) = (Code::new(), Random(4));
        let mut halves = vec![0, 1, u64::MAX, 0x3ff0_0000_0000_0000, 0x3f80_0000, 0xff00_00ff_ffff_0000, 0x4008 << 48];
        for (bits, copies) in [(8, 0x0101_0101_0101_0101), (16, 0x1_0001_0001_0001), (32, 0x1_0000_0001), (64, 1)] {
            for shift in (0..bits).step_by(4) {
                for value in [0x5a, 0xff, 1, random.next() & 0xff] {
                    let part: u64 = (value << shift) & (u64::MAX >> (64 - bits));
                    let ones = part | ((1 << shift) - 1);
                    halves.extend([part * copies, !(part * copies), ones * copies, !(ones * copies)]);
                }
            }
        }
        for float in [1.0, -2.5, 31.0, 0.125, 0.1] {
            let single = u64::from((float as f32).to_bits());
            halves.extend([f64::to_bits(float), single, single << 32 | single]);
        }
        let op = op::prefixed(op::PREFIX_FD, simd::V128_CONST).expect("an operator");
        for half in halves {
            for high in [half, 0, !half, random.next()] {
                let bits = u128::from(half) | u128::from(high) << 64;
                for plain in [false, true] {
                    let fprs = [FPRS[random.below(4)]; 4];
                    check(&mut code, &mut random, op, bits.to_le_bytes(), plain, fprs, 1);
                }
            }
        }
    }

    #[test]
    fn selects_take_the_operand_of_the_condition() {
        let (mut code, mut random) = (Code::new(), Random(5));
        for registers in 0..64 {
            let [d, a, b] = [0, 1, 2].map(|i| FPRS[registers >> (2 * i) & 3]);
            for cond in [Cond::Eq, Cond::Ne, Cond::LtS, Cond::GeU] {
                for value in [-3, 0, 7] {
                    let mut fits = true;
                    code.write(value == 0, |m| {
                        fits = d == a || Emitter::THREE_ADDRESS;
                        load(m, Ty::V128, a, GPRS[0], 0);
                        load(m, Ty::V128, b, GPRS[0], 1);
                        load(m, Ty::I32, a, GPRS[0], 2);
                        m.cmp_imm(Width::W32, Loc::reg(GPRS[0]), 0);
                        if fits {
                            m.vselect(cond, d, a, b);
                        }
                        store(m, Ty::V128, d, GPRS[0]);
                    });
                    if !fits {
                        continue;
                    }
                    let (first, second) = (random.vector(), random.vector());
                    let mut results = [0];
                    code.call(&[first, second, u128::from(value as u32)], &mut results);
                    let holds = match cond {
                        Cond::Eq => value == 0,
                        Cond::Ne => value != 0,
                        Cond::LtS => value < 0,
                        _ => true,
                    };
                    assert_eq!(results[0], if holds && a != b { first } else { second }, "{cond:?} {d:?} {a:?} {b:?}");
                }
            }
        }
    }

    /// Loads and stores, by all forms of addresses.
    #[test]
    fn memory_operators_access_what_they_should() {
        let (mut code, mut random) = (Code::new(), Random(6));
        let memory = op::all().filter(|op| op.prefix == Some(op::PREFIX_FD) && op.alignment().is_some());
        for op in memory {
            let size = 1 << op.alignment().expect("an access");
            let lanes = if matches!(op.imm, op::Imm::MemArgLane(_)) { 16 / size } else { 1 };
            for lane in 0..lanes {
                for (indexed, disp) in [(false, 0), (false, 16), (false, 5), (true, 0), (true, -16), (true, 7)] {
                    for plain in [false, true] {
                        access(&mut code, &mut random, op, lane as u8, (indexed, disp), plain);
                    }
                }
            }
        }
    }

    fn access(code: &mut Code, random: &mut Random, op: &Op, lane: u8, (indexed, disp): (bool, i32), plain: bool) {
        let size = 1 << op.alignment().expect("an access");
        let is_store = op.sig.results().next().is_none();
        let (fpr, index) = (FPRS[random.below(4)], GPRS[0]);
        // The operand is first, the memory behind it, where the index is 32.
        let base = if is_store { OUT } else { IN };
        let start = if indexed { 32 } else { 16 } + disp;
        let disp = if indexed { disp } else { start };
        code.write(plain, |m| {
            load(m, Ty::V128, fpr, index, 0);
            load(m, Ty::I64, fpr, index, 3);
            let addr = m.vprepare(op.code, Addr { base, index: indexed.then_some(index), disp });
            let before = m.pos();
            match (op.imm, is_store) {
                (op::Imm::MemArg(_), false) => m.vload(op.code, fpr, addr),
                (op::Imm::MemArg(_), true) => m.vstore(fpr, addr),
                (_, false) => m.vload_lane(op.code, lane, fpr, addr),
                (_, true) => assert!((before..m.pos() + 64).contains(&m.vstore_lane(op.code, lane, fpr, addr))),
            }
            if !is_store {
                store(m, Ty::V128, fpr, index);
            }
        });
        let values = [random.vector(), random.vector(), random.vector(), 32];
        let mut bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let mut results = values;
        code.call(&values, &mut results);
        let start = start as usize;
        let part = |from: usize, bytes: usize| values_bytes(&values)[from..from + bytes].to_vec();
        if is_store {
            bytes[start..start + size].copy_from_slice(&part(usize::from(lane) * size, size));
            assert_eq!(values_bytes(&results), bytes, "{} {lane} {indexed} {disp}", op.name);
            return;
        }
        let read = part(start, size);
        let mut expected = if matches!(op.imm, op::Imm::MemArgLane(_)) { values[0].to_le_bytes() } else { [0; 16] };
        match op.name.strip_prefix("v128.load").expect("a load") {
            "" | "32_zero" | "64_zero" => expected[..size].copy_from_slice(&read),
            name if name.ends_with("splat") => expected.chunks_mut(size).for_each(|part| part.copy_from_slice(&read)),
            name if name.ends_with("lane") => {
                expected[usize::from(lane) * size..][..size].copy_from_slice(&read);
            }
            name => {
                let bytes = name.split_once('x').and_then(|(bits, _)| bits.parse::<usize>().ok()).expect("bits") / 8;
                for (part, wide) in read.chunks(bytes).zip(expected.chunks_mut(2 * bytes)) {
                    let negative = name.ends_with("_s") && part[bytes - 1] >= 0x80;
                    wide.fill(if negative { 0xff } else { 0 });
                    wide[..bytes].copy_from_slice(part);
                }
            }
        }
        assert_eq!(results[0].to_le_bytes(), expected, "{} {lane} {indexed} {disp}", op.name);
    }

    fn values_bytes(values: &[u128]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }
}
