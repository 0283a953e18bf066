//! Vectors: instructions, registers, addresses and constants, with two operands and with three, as an independent
//! decoder reads them. What operators give is in `tests/vectors.rs`.

use super::super::tests::{DISPS, addr, addrs, disp, emitted, hex};
use super::X64;
use super::table::{BINARY, NOT, UNARY};
use crate::masm::*;
use crate::op::{self, Imm, Op, simd};
use crate::reg::{Fpr, Gpr};
use crate::target::Target;
use crate::ty::Ty;
use iced_x86::{CpuidFeature, Decoder, DecoderOptions, EncodingKind, InstructionInfoFactory, OpAccess, Register};

/// Registers that values are in: temporaries and pins.
const VECTORS: [u8; 6] = [0, 1, 4, 7, 8, 13];
const LEGACY: Target = Target::X64_BASELINE;
const SSE42: Target = Target { sse42: true, ..LEGACY };
const AVX: Target = Target { avx: true, ..SSE42 };
const AVX2: Target = Target { avx2: true, ..AVX };
const TARGETS: [Target; 5] = [LEGACY, SSE42, AVX, AVX2, Target::X64_ALL];

/// How an operator that is one instruction is written without AVX: its mnemonic, whether the operands are swapped,
/// and what follows them.
fn single(name: &str) -> Option<(String, bool, &'static str)> {
    const ANY: &str = "v128.and pand|v128.andnot pandn swap|v128.or por|v128.xor pxor|\
        i8x16.narrow_i16x8_s packsswb|i8x16.narrow_i16x8_u packuswb|\
        i16x8.narrow_i32x4_s packssdw|i16x8.narrow_i32x4_u packusdw|\
        i16x8.mul pmullw|i32x4.mul pmulld|i32x4.dot_i16x8_s pmaddwd|\
        i8x16.relaxed_swizzle pshufb|i16x8.relaxed_q15mulr_s pmulhrsw|\
        i16x8.relaxed_dot_i8x16_i7x16_s pmaddubsw swap|\
        i16x8.extend_low_i8x16_s pmovsxbw|i16x8.extend_low_i8x16_u pmovzxbw|\
        i32x4.extend_low_i16x8_s pmovsxwd|i32x4.extend_low_i16x8_u pmovzxwd|\
        i64x2.extend_low_i32x4_s pmovsxdq|i64x2.extend_low_i32x4_u pmovzxdq|\
        f32x4.convert_i32x4_s cvtdq2ps|f64x2.convert_low_i32x4_s cvtdq2pd|\
        f32x4.demote_f64x2_zero cvtpd2ps|f64x2.promote_low_f32x4 cvtps2pd|\
        i32x4.relaxed_trunc_f32x4_s cvttps2dq|i32x4.relaxed_trunc_f64x2_s_zero cvttpd2dq";
    const INTS: &str = "eq pcmpeq|gt_s pcmpgt|lt_s pcmpgt swap|add padd|sub psub|add_sat_s padds|add_sat_u paddus|\
        sub_sat_s psubs|sub_sat_u psubus|min_s pmins|min_u pminu|max_s pmaxs|max_u pmaxu|avgr_u pavg|abs pabs";
    const FLOATS: &str = "eq cmpeq|ne cmpneq|lt cmplt|le cmple|gt cmplt swap|ge cmple swap|add add|sub sub|mul mul|\
        div div|sqrt sqrt|pmin min swap|pmax max swap|relaxed_min min|relaxed_max max|\
        ceil round|floor round|trunc round|nearest round";
    let find = |rows: &'static str, name: &str| {
        let row = rows.split('|').find_map(|row| row.split_once(' ').filter(|row| row.0 == name))?.1;
        Some(row.strip_suffix(" swap").map_or((row, false), |row| (row, true)))
    };
    if let Some((mnemonic, swap)) = find(ANY, name) {
        return Some((mnemonic.to_owned(), swap, ""));
    }
    let (shape, rest) = name.split_once('.')?;
    let (rows, suffix) = match shape {
        "i8x16" => (INTS, "b"),
        "i16x8" => (INTS, "w"),
        "i32x4" => (INTS, "d"),
        "i64x2" if ["eq", "add", "sub"].contains(&rest) => (INTS, "q"),
        "f32x4" => (FLOATS, "ps"),
        "f64x2" => (FLOATS, "pd"),
        _ => return None,
    };
    let (mnemonic, swap) = find(rows, rest)?;
    let tail = match rest {
        "ceil" => ", 0xA",
        "floor" => ", 9",
        "trunc" => ", 0xB",
        "nearest" => ", 8",
        _ => "",
    };
    Some((format!("{mnemonic}{suffix}"), swap, tail))
}

/// `d = a op rm`, as text.
fn three(target: Target, mnemonic: &str, d: u8, a: u8, rm: &str) -> Vec<String> {
    if target.avx {
        vec![format!("v{mnemonic} xmm{d}, xmm{a}, {rm}")]
    } else if rm.split(',').next() == Some(&format!("xmm{d}")) && d != a {
        let moves = [format!("movaps xmm15, xmm{a}"), format!("movaps xmm{d}, xmm15")];
        vec![moves[0].clone(), format!("{mnemonic} xmm15, {rm}"), moves[1].clone()]
    } else if d != a {
        vec![format!("movaps xmm{d}, xmm{a}"), format!("{mnemonic} xmm{d}, {rm}")]
    } else {
        vec![format!("{mnemonic} xmm{d}, {rm}")]
    }
}

/// One instruction with two operands, as text.
fn two(target: Target, text: String) -> Vec<String> {
    vec![if target.avx { format!("v{text}") } else { text }]
}

/// Operators that have vectors only, with the number of their operands.
fn operators() -> impl Iterator<Item = (&'static Op, usize)> {
    op::all().filter(|op| op.prefix == Some(op::PREFIX_FD) && op.imm == Imm::Nothing).filter_map(|op| {
        let vector = |operand: op::Operand| operand.fixed() == Some(Ty::V128);
        (op.sig.operands().all(vector) && op.sig.results().all(vector)).then(|| (op, op.sig.operands().count()))
    })
}

fn emit(m: &mut X64, op: u32, operands: usize, [d, a, b, c]: [u8; 4]) {
    match operands {
        1 => m.vunary(op, Fpr(d), Fpr(a)),
        2 => m.vbinary(op, Fpr(d), Fpr(a), VecOperand::Reg(Fpr(b))),
        _ => m.vternary(op, Fpr(d), Fpr(a), Fpr(b), Fpr(c)),
    }
}

#[test]
fn operators_of_one_instruction() {
    for (op, operands) in operators() {
        let row = UNARY[op.code as usize] | BINARY[op.code as usize];
        let expected = single(op.name);
        assert_eq!(expected.is_some(), row & !NOT == row && row != 0, "{}", op.name);
        let Some((mnemonic, swap, tail)) = expected else { continue };
        for d in VECTORS {
            for a in VECTORS {
                for b in VECTORS {
                    for target in TARGETS {
                        let (first, second) = if swap { (b, a) } else { (a, b) };
                        let expected = match operands {
                            1 => two(target, format!("{mnemonic} xmm{d}, xmm{a}{tail}")),
                            _ => three(target, &mnemonic, d, first, &format!("xmm{second}{tail}")),
                        };
                        let lines = emitted(target, |m| emit(m, op.code, operands, [d, a, b, 0]));
                        assert_eq!(lines, expected, "{}", op.name);
                    }
                }
            }
        }
    }
}

/// The code that `emit` emits, and where it ends and constants begin.
fn code(target: Target, emit: impl FnOnce(&mut X64)) -> (Vec<u8>, usize) {
    let mut code = vec![0u8; 4096];
    // SAFETY: `code` outlives the emitter.
    let mut m = unsafe { X64::new(&mut code, target, (), Box::default()) }.expect("there is room");
    emit(&mut m);
    let end = m.pos() as usize;
    m.finish_pool();
    assert!(!m.overflowed());
    (code, end)
}

/// Checks that instructions are such as the target has, change no vector register but `d` and scratch, read none but
/// `sources` and what they wrote, and that those of vectors have the VEX form if and only if there is one.
fn check_instructions(target: Target, what: &str, code: &[u8], d: Option<u8>, sources: &[u8]) {
    use CpuidFeature::*;
    let vector = |n: u8| Register::XMM0 + u32::from(n);
    let mut readable: Vec<Register> = sources.iter().map(|&n| vector(n)).collect();
    let writable = [d.map_or(Register::XMM15, vector), Register::XMM14, Register::XMM15];
    let mut factory = InstructionInfoFactory::new();
    for instruction in Decoder::with_ip(64, code, 0, DecoderOptions::NONE).iter() {
        assert!(!instruction.is_invalid(), "{what}");
        for feature in instruction.cpuid_features() {
            let has = match feature {
                INTEL8086 | INTEL186 | INTEL386 | INTEL486 | X64 | CMOV | SSE | SSE2 | SSE3 | SSSE3 | SSE4_1 => true,
                SSE4_2 => target.sse42,
                CpuidFeature::AVX => target.avx,
                CpuidFeature::AVX2 => target.avx2,
                FMA => target.fma,
                _ => false,
            };
            assert!(has, "{what}: {feature:?} of {instruction}");
        }
        let info = factory.info(&instruction);
        let vectors = info.used_registers().iter().filter(|used| used.register().is_vector_register());
        if vectors.clone().next().is_some() {
            let encoding = if target.avx { EncodingKind::VEX } else { EncodingKind::Legacy };
            assert_eq!(instruction.encoding(), encoding, "{what}: {instruction}");
        }
        for used in vectors.clone() {
            let register = Register::XMM0 + used.register().number() as u32;
            let cleared = instruction.op_count() > 1 && instruction.op0_register() == instruction.op1_register();
            let reads = !matches!(used.access(), OpAccess::Write | OpAccess::CondWrite | OpAccess::None);
            assert!(!reads || readable.contains(&register) || cleared, "{what}: {instruction} reads {register:?}");
        }
        for used in vectors {
            let register = Register::XMM0 + used.register().number() as u32;
            if !matches!(used.access(), OpAccess::Read | OpAccess::CondRead | OpAccess::None) {
                assert!(writable.contains(&register), "{what}: {instruction} writes {register:?}");
                readable.push(register);
            }
        }
    }
}

/// Operators of several instructions too: whatever the registers are, the code is the same but for their names.
#[test]
fn operators_keep_their_operands_and_use_what_the_target_has() {
    for (op, operands) in operators() {
        for target in TARGETS {
            for n in 0..VECTORS.len().pow(1 + operands as u32) {
                let register = |i: u32| VECTORS[n / VECTORS.len().pow(i) % VECTORS.len()];
                let registers = [register(0), register(1), register(2), register(3)];
                let [d, a, b, c] = registers;
                let later = operands > 1 && d == b || operands > 2 && d == c;
                if later && d != a && !target.avx {
                    continue;
                }
                let (code, end) = code(target, |m| emit(m, op.code, operands, registers));
                let what = format!("{} {registers:?}", op.name);
                check_instructions(target, &what, &code[..end], Some(d), &[a, b, c][..operands]);
                // The first of the registers with the same aliases.
                let first = |r: u8| registers[..=operands].iter().position(|&other| other == r);
                let renamed = registers.map(|r| VECTORS[first(r).unwrap_or(5)]);
                let lines = emitted(target, |m| emit(m, op.code, operands, registers));
                let others = emitted(target, |m| emit(m, op.code, operands, renamed));
                assert_eq!(roles(&lines, &registers[..=operands]), roles(&others, &renamed[..=operands]), "{what}");
            }
        }
    }
}

/// Lines with registers named by the first place they have among `registers`, and without addresses of constants, which
/// depend on the lengths of instructions.
fn roles(lines: &[String], registers: &[u8]) -> Vec<String> {
    let name = |part: &str| match part.strip_prefix("xmm").and_then(|n| n.parse::<u8>().ok()) {
        Some(n @ 0..14) => format!("r{:?}", registers.iter().position(|&r| r == n)),
        _ if part.starts_with('[') => "constant".to_owned(),
        _ => part.to_owned(),
    };
    lines.iter().map(|line| line.replace(',', "").split(' ').map(name).collect::<Vec<_>>().join(" ")).collect()
}

/// Second operands in frame slots, and constants, which are behind the code at a multiple of 16.
#[test]
fn operands_in_memory() {
    for (op, _) in operators().filter(|&(_, operands)| operands == 2) {
        for target in TARGETS {
            let mut code = vec![0u8; 4096];
            // SAFETY: `code` outlives the emitter.
            let m = unsafe { X64::new(&mut code, target, (), Box::default()) }.expect("there is room");
            if !m.vector_memory_operand(op.code) {
                continue;
            }
            for (d, a) in [(0, 0), (1, 13), (13, 1), (8, 13), (13, 13)] {
                for slot in [-16, -128, -144, -4096] {
                    let lines = emitted(target, |m| m.vbinary(op.code, Fpr(d), Fpr(a), VecOperand::Frame(slot)));
                    check_operand(op, target, d, a, &format!("[rbp{}]", disp(slot)), lines);
                }
                check_constant(target, |m| {
                    let number = m.vec_pool().intern(7 << 100 | 5);
                    m.vbinary(op.code, Fpr(d), Fpr(a), VecOperand::Const(number));
                });
            }
        }
    }
}

fn check_operand(op: &Op, target: Target, d: u8, a: u8, text: &str, lines: Vec<String>) {
    let (name, inverted) = match op.name.split_once(".ne") {
        Some((shape, "")) => (format!("{shape}.eq"), true),
        _ => (op.name.to_owned(), false),
    };
    let (mnemonic, swap, tail) = single(&name).expect("one instruction");
    assert!(!swap && tail.is_empty(), "{}", op.name);
    let mut expected = three(target, &mnemonic, d, a, text);
    if inverted {
        expected.extend(three(target, "pcmpeqd", 15, 15, "xmm15"));
        expected.extend(three(target, "pxor", d, d, "xmm15"));
    }
    assert_eq!(lines, expected, "{}", op.name);
}

/// Checks that what `emit` emits reads the constant `7 << 100 | 5` from a multiple of 16.
fn check_constant(target: Target, emit: impl FnOnce(&mut X64)) {
    let (code, end) = code(target, emit);
    let mut reads = 0;
    for instruction in Decoder::with_ip(64, &code[..end], 0, DecoderOptions::NONE).iter() {
        if instruction.is_ip_rel_memory_operand() {
            let at = instruction.ip_rel_memory_address() as usize;
            assert_eq!(at % 16, 0, "{instruction}");
            assert_eq!(code[at..at + 16], (7u128 << 100 | 5).to_le_bytes(), "{instruction}");
            reads += 1;
        }
    }
    assert_eq!(reads, 1);
}

#[test]
fn moves_and_constants() {
    for target in TARGETS {
        for x in 0..14 {
            for y in 0..14 {
                let expected = if x == y { vec![] } else { two(target, format!("movaps xmm{x}, xmm{y}")) };
                assert_eq!(emitted(target, |m| m.vmov(Fpr(x), Fpr(y))), expected);
            }
            for slot in DISPS {
                let at = format!("[rbp{}]", disp(slot));
                let load = two(target, format!("movups xmm{x}, {at}"));
                assert_eq!(emitted(target, |m| m.vload_frame(Fpr(x), slot)), load);
                let store = two(target, format!("movups {at}, xmm{x}"));
                assert_eq!(emitted(target, |m| m.vstore_frame(Fpr(x), slot)), store);
            }
            for i in [0, 1, 15, 16, 1000] {
                let at = format!("[rsp{}]", disp(8 * i as i32));
                let store = two(target, format!("movups {at}, xmm{x}"));
                assert_eq!(emitted(target, |m| m.vstore_arg(Fpr(x), i)), store);
                let load = two(target, format!("movups xmm{x}, {at}"));
                assert_eq!(emitted(target, |m| m.vload_result(Fpr(x), i)), load);
            }
            let zero = three(target, "pxor", x, x, &format!("xmm{x}"));
            assert_eq!(emitted(target, |m| m.vconst(Fpr(x), VecPool::ZERO)), zero);
            let ones = three(target, "pcmpeqd", x, x, &format!("xmm{x}"));
            assert_eq!(emitted(target, |m| m.vconst(Fpr(x), VecPool::ONES)), ones);
            check_constant(target, |m| {
                let number = m.vec_pool().intern(7 << 100 | 5);
                m.vconst(Fpr(x), number);
            });
        }
    }
}

/// The mnemonic of a load or store without AVX and what follows the address; `None` if it is several instructions.
fn access(op: u32, lane: u8) -> Option<(&'static str, bool)> {
    Some(match op {
        simd::V128_LOAD | simd::V128_STORE => ("movups", false),
        simd::V128_LOAD8X8_S => ("pmovsxbw", false),
        simd::V128_LOAD8X8_U => ("pmovzxbw", false),
        simd::V128_LOAD16X4_S => ("pmovsxwd", false),
        simd::V128_LOAD16X4_U => ("pmovzxwd", false),
        simd::V128_LOAD32X2_S => ("pmovsxdq", false),
        simd::V128_LOAD32X2_U => ("pmovzxdq", false),
        simd::V128_LOAD64_SPLAT => ("movddup", false),
        simd::V128_LOAD32_ZERO => ("movss", false),
        simd::V128_LOAD64_ZERO => ("movsd", false),
        simd::V128_LOAD8_LANE => ("pinsrb", true),
        simd::V128_LOAD16_LANE => ("pinsrw", true),
        simd::V128_LOAD32_LANE => ("pinsrd", true),
        simd::V128_LOAD64_LANE => ("pinsrq", true),
        simd::V128_STORE8_LANE => ("pextrb", true),
        simd::V128_STORE16_LANE => ("pextrw", true),
        simd::V128_STORE32_LANE if lane == 0 => ("movss", false),
        simd::V128_STORE32_LANE => ("pextrd", true),
        simd::V128_STORE64_LANE if lane == 0 => ("movsd", false),
        simd::V128_STORE64_LANE => ("movhps", false),
        _ => return None,
    })
}

/// The only access is the first instruction, for all addresses, and has the operator's size.
#[test]
fn loads_and_stores() {
    for op in op::all().filter(|op| op.prefix == Some(op::PREFIX_FD) && op.alignment().is_some()) {
        let size = 1usize << op.alignment().expect("an access");
        let is_store = op.sig.results().next().is_none();
        let lanes = if matches!(op.imm, Imm::MemArgLane(_)) { 16 / size as u8 } else { 1 };
        let is_lane = matches!(op.imm, Imm::MemArgLane(_));
        for (n, at) in addrs().into_iter().enumerate() {
            let (x, lane, target) = (VECTORS[n % 6], n as u8 % lanes, TARGETS[n % 5]);
            let emit = |m: &mut X64| {
                assert_eq!(m.vprepare(op.code, at), at);
                match (is_lane, is_store) {
                    (false, false) => m.vload(op.code, Fpr(x), at),
                    (false, true) => m.vstore(Fpr(x), at),
                    (true, false) => m.vload_lane(op.code, lane, Fpr(x), at),
                    (true, true) => assert_eq!(m.vstore_lane(op.code, lane, Fpr(x), at), 0),
                }
            };
            let lines = emitted(target, emit);
            let (code, end) = code(target, emit);
            let what = format!("{} {lane}", op.name);
            let sources: &[u8] = if is_store || is_lane || lines[0].contains("pinsr") { &[x] } else { &[] };
            check_instructions(target, &what, &code[..end], (!is_store).then_some(x), sources);
            let text = addr(at);
            let accesses = lines.iter().filter(|line| line.contains(&text));
            assert_eq!(accesses.count(), 1, "{what}: {lines:?}");
            assert!(lines[0].contains(&text), "{what}: {lines:?}");
            let first = Decoder::with_ip(64, &code[..end], 0, DecoderOptions::NONE).decode();
            assert_eq!(first.memory_size().size(), size, "{what}: {lines:?}");
            let Some((mnemonic, immediate)) = access(op.code, lane) else { continue };
            let tail = if immediate { format!(", {}", hex(lane.into())) } else { String::new() };
            let expected = match is_store {
                true => two(target, format!("{mnemonic} {text}, xmm{x}{tail}")),
                // Lanes of the register itself stay.
                false if is_lane => three(target, mnemonic, x, x, &format!("{text}{tail}")),
                false => two(target, format!("{mnemonic} xmm{x}, {text}")),
            };
            let plain: Vec<String> = lines.iter().map(|line| without_sizes(line)).collect();
            assert_eq!(plain, expected, "{what}");
        }
    }
}

/// The decoder names the size of an operand in memory where another operand does not say it.
fn without_sizes(line: &str) -> String {
    ["byte ptr ", "word ptr ", "dword ptr ", "qword ptr "]
        .iter()
        .rev()
        .fold(line.to_owned(), |line, s| line.replace(s, ""))
}

#[test]
fn shifts_by_constants() {
    let shifts = [
        (simd::I16X8_SHL, "psllw", 16),
        (simd::I16X8_SHR_S, "psraw", 16),
        (simd::I16X8_SHR_U, "psrlw", 16),
        (simd::I32X4_SHL, "pslld", 32),
        (simd::I32X4_SHR_S, "psrad", 32),
        (simd::I32X4_SHR_U, "psrld", 32),
        (simd::I64X2_SHL, "psllq", 64),
        (simd::I64X2_SHR_U, "psrlq", 64),
    ];
    for target in TARGETS {
        for d in VECTORS {
            for a in VECTORS {
                for (op, mnemonic, width) in shifts {
                    for count in 0..width {
                        let expected = match count {
                            0 if d == a => vec![],
                            0 => two(target, format!("movaps xmm{d}, xmm{a}")),
                            _ => three(target, mnemonic, d, a, &hex(count.into())),
                        };
                        assert_eq!(emitted(target, |m| m.vshift_imm(op, Fpr(d), Fpr(a), count)), expected);
                    }
                }
                for (op, width) in
                    [(simd::I8X16_SHL, 8), (simd::I8X16_SHR_S, 8), (simd::I8X16_SHR_U, 8), (simd::I64X2_SHR_S, 64)]
                {
                    for count in 0..width {
                        let (code, end) = code(target, |m| m.vshift_imm(op, Fpr(d), Fpr(a), count));
                        check_instructions(target, &format!("{op:#x} by {count}"), &code[..end], Some(d), &[a]);
                    }
                }
                for op in [simd::I8X16_SHL, simd::I16X8_SHR_S, simd::I32X4_SHR_U, simd::I64X2_SHR_S] {
                    for count in [0, 1, 2, 6, 7, 9, 13] {
                        let emit = |m: &mut X64| m.vshift(op, Fpr(d), Fpr(a), Gpr(count));
                        let (code, end) = code(target, emit);
                        check_instructions(target, &format!("{op:#x}"), &code[..end], Some(d), &[a]);
                        let lines = emitted(target, emit);
                        assert!(lines[0].starts_with("mov r11d, "), "{lines:?}");
                    }
                }
            }
        }
    }
}

/// The lanes of a shuffle of units of `bytes` bytes.
fn lanes<const N: usize>(units: [u8; N]) -> [u8; 16] {
    let bytes = 16 / N;
    std::array::from_fn(|i| units[i / bytes] * bytes as u8 + (i % bytes) as u8)
}

/// Of the patterns that compilers make, each is the one instruction that does it.
#[test]
fn shuffles_of_one_instruction() {
    let alternate = |first: u8| std::array::from_fn::<u8, 16, _>(|i| first + i as u8 / 2 + i as u8 % 2 * 16);
    let rotate = |n: u8, modulus: u8| std::array::from_fn::<u8, 16, _>(|i| (n + i as u8) % modulus);
    let two_operands = [
        (alternate(0), "punpcklbw", false, ""),
        (alternate(8), "punpckhbw", false, ""),
        (alternate(0).map(|lane| lane ^ 16), "punpcklbw", true, ""),
        (lanes([0, 8, 1, 9, 2, 10, 3, 11]), "punpcklwd", false, ""),
        (lanes([4, 12, 5, 13, 6, 14, 7, 15]), "punpckhwd", false, ""),
        (lanes([0, 4, 1, 5]), "punpckldq", false, ""),
        (lanes([2, 6, 3, 7]), "punpckhdq", false, ""),
        (lanes([0, 2]), "punpcklqdq", false, ""),
        (lanes([1, 3]), "punpckhqdq", false, ""),
        (lanes([2, 0]), "punpcklqdq", true, ""),
        (lanes([0, 9, 2, 11, 4, 13, 6, 15]), "pblendw", false, ", 0xAA"),
        (lanes([0, 3]), "pblendw", false, ", 0xF0"),
        (lanes([8, 1, 2, 3, 4, 5, 6, 7]), "pblendw", false, ", 1"),
        (lanes([3, 1, 4, 6]), "shufps", false, ", 0x87"),
        (lanes([7, 5, 0, 2]), "shufps", true, ", 0x87"),
        (rotate(1, 32), "palignr", true, ", 1"),
        (rotate(15, 32), "palignr", true, ", 0xF"),
        (rotate(20, 32), "palignr", false, ", 4"),
    ];
    let one_operand = [
        (lanes([3, 2, 1, 0]), "pshufd", ", 0x1B"),
        (lanes([1, 1]), "pshufd", ", 0xEE"),
        (lanes([1, 0, 3, 2, 4, 5, 6, 7]), "pshuflw", ", 0xB1"),
        (lanes([0, 1, 2, 3, 5, 4, 7, 6]), "pshufhw", ", 0xB1"),
    ];
    for target in TARGETS {
        for d in VECTORS {
            for a in VECTORS {
                for b in VECTORS {
                    for (lanes, mnemonic, swap, tail) in two_operands {
                        let (first, second) = if swap { (b, a) } else { (a, b) };
                        let expected = three(target, mnemonic, d, first, &format!("xmm{second}{tail}"));
                        let lines = emitted(target, |m| m.vshuffle(Fpr(d), Fpr(a), Fpr(b), lanes));
                        if a != b {
                            assert_eq!(lines, expected, "{lanes:?}");
                        }
                    }
                    for (lanes, mnemonic, tail) in one_operand {
                        let lines = emitted(target, |m| m.vshuffle(Fpr(d), Fpr(a), Fpr(b), lanes));
                        assert_eq!(lines, two(target, format!("{mnemonic} xmm{d}, xmm{a}{tail}")), "{lanes:?}");
                        let other = lanes.map(|lane| lane ^ 16);
                        let lines = emitted(target, |m| m.vshuffle(Fpr(d), Fpr(a), Fpr(b), other));
                        assert_eq!(lines, two(target, format!("{mnemonic} xmm{d}, xmm{b}{tail}")), "{lanes:?}");
                    }
                    let (code, end) = code(target, |m| {
                        m.vshuffle(Fpr(d), Fpr(a), Fpr(b), [0, 31, 2, 30, 4, 4, 6, 7, 8, 9, 1, 1, 12, 13, 14, 15]);
                    });
                    check_instructions(target, "any shuffle", &code[..end], Some(d), &[a, b]);
                }
            }
        }
    }
}

/// Splats, lanes, tests and masks.
#[test]
fn vectors_and_scalars() {
    for target in TARGETS {
        for (n, x) in VECTORS.into_iter().enumerate() {
            for y in [0, 2, 6, 9, 13] {
                let (gpr, a) = (Gpr(y), VECTORS[(n + usize::from(y)) % 6]);
                for op in [simd::I8X16_SPLAT, simd::I16X8_SPLAT, simd::I32X4_SPLAT, simd::I64X2_SPLAT] {
                    let (code, end) = code(target, |m| m.vsplat_int(op, Fpr(x), gpr));
                    check_instructions(target, &format!("splat {op:#x}"), &code[..end], Some(x), &[]);
                }
                for (op, mnemonic, count) in [
                    (simd::I8X16_REPLACE_LANE, "pinsrb", 16),
                    (simd::I16X8_REPLACE_LANE, "pinsrw", 8),
                    (simd::I32X4_REPLACE_LANE, "pinsrd", 4),
                    (simd::I64X2_REPLACE_LANE, "pinsrq", 2),
                ] {
                    for lane in 0..count {
                        let wide = op == simd::I64X2_REPLACE_LANE;
                        let name = super::super::tests::reg(if wide { Width::W64 } else { Width::W32 }, y);
                        let expected = three(target, mnemonic, x, a, &format!("{name}, {}", hex(lane.into())));
                        assert_eq!(emitted(target, |m| m.vreplace_int(op, lane, Fpr(x), Fpr(a), gpr)), expected);
                    }
                }
                for (op, mnemonic, count, then) in [
                    (simd::I8X16_EXTRACT_LANE_U, "pextrb", 16, None),
                    (simd::I8X16_EXTRACT_LANE_S, "pextrb", 16, Some("movsx")),
                    (simd::I16X8_EXTRACT_LANE_U, "pextrw", 8, None),
                    (simd::I16X8_EXTRACT_LANE_S, "pextrw", 8, Some("movsx")),
                    (simd::I32X4_EXTRACT_LANE, "pextrd", 4, None),
                    (simd::I64X2_EXTRACT_LANE, "pextrq", 2, None),
                ] {
                    for lane in 0..count {
                        let wide = op == simd::I64X2_EXTRACT_LANE;
                        let name = super::super::tests::reg(if wide { Width::W64 } else { Width::W32 }, y);
                        let lines = emitted(target, |m| m.vextract_int(op, lane, gpr, Fpr(a)));
                        let first = match lane {
                            0 if mnemonic == "pextrd" => format!("movd {name}, xmm{a}"),
                            0 if mnemonic == "pextrq" => format!("movq {name}, xmm{a}"),
                            _ => format!("{mnemonic} {name}, xmm{a}, {}", hex(lane.into())),
                        };
                        assert_eq!(lines[..1], two(target, first));
                        assert_eq!(lines.get(1).map(|line| line.starts_with("movsx ")), then.map(|_| true));
                    }
                }
                for (op, mnemonic) in [
                    (simd::I8X16_BITMASK, "pmovmskb"),
                    (simd::I32X4_BITMASK, "movmskps"),
                    (simd::I64X2_BITMASK, "movmskpd"),
                ] {
                    let name = super::super::tests::reg(Width::W32, y);
                    let expected = two(target, format!("{mnemonic} {name}, xmm{a}"));
                    assert_eq!(emitted(target, |m| m.vbitmask(op, gpr, Fpr(a))), expected);
                }
                for lane in 0..4 {
                    let tail = if lane == 0 { "0".to_owned() } else { hex(i64::from(lane) << 4) };
                    let expected = three(target, "insertps", x, a, &format!("xmm13, {tail}"));
                    let emit = |m: &mut X64| {
                        m.vreplace_float(simd::F32X4_REPLACE_LANE, lane, Fpr(x), Fpr(a), Fpr(13));
                    };
                    assert_eq!(emitted(target, emit), expected);
                }
                for op in [simd::V128_ANY_TRUE, simd::I8X16_ALL_TRUE, simd::I64X2_ALL_TRUE] {
                    let (code, end) = code(target, |m| {
                        m.vtest(op, Fpr(a));
                    });
                    check_instructions(target, "a test", &code[..end], None, &[a]);
                }
            }
        }
    }
}
