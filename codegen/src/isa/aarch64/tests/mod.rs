//! The emitter's words, decoded by an independent decoder. What has one form is compared as text; what has many, such
//! as constants and addresses, is carried out by a little interpreter of that text ([`Machine`]) and must give the
//! right value.

mod atomics;
mod floats;
mod integers;
mod jumps;
mod memory;
mod vector_memory;
mod vectors;

use super::{A64, Forms};
use crate::masm::*;
use crate::target::Target;
use crate::trap::TrapCode;
use Width::{W32, W64};
use yaxpeax_arch::{Decoder, U8Reader};

/// Registers that values are in: temporaries and pins.
const GPRS: [u8; 12] = [0, 1, 5, 7, 8, 13, 19, 20, 23, 25, 26, 16];
const FPRS: [u8; 9] = [0, 1, 7, 8, 15, 16, 23, 27, 31];
const WIDTHS: [Width; 2] = [W32, W64];
/// Edges of all immediate forms: 12 bits, shifted and not, 16 and 32 bits, and some of no form.
const IMMS: [i32; 34] = [
    0,
    1,
    2,
    3,
    5,
    7,
    8,
    9,
    255,
    256,
    1000,
    4094,
    4095,
    4096,
    4097,
    8192,
    0xffff,
    0x10000,
    0x10001,
    0xfff000,
    0xfff001,
    0xff_ffff,
    0x100_0000,
    0x1234_5678,
    0x5555_5555,
    0x7fff_ffff,
    -0x8000_0000,
    -1,
    -2,
    -4095,
    -4096,
    -4097,
    -0xfff000,
    -0x100_0000,
];

/// The code of the trap that a stub is.
fn trap_code(stub: &Stub) -> u8 {
    match stub.kind {
        StubKind::Trap(code) => code as u8,
        StubKind::Check | StubKind::Allocate(_) => panic!("a stub that is no trap"),
    }
}

fn r(w: Width, n: u8) -> String {
    match (w, n) {
        (W32, 31) => "wzr".into(),
        (W64, 31) => "xzr".into(),
        (W32, n) => format!("w{n}"),
        (W64, n) => format!("x{n}"),
    }
}

fn f(w: Width, n: u8) -> String {
    format!("{}{n}", if w == W32 { 's' } else { 'd' })
}

/// A sequence of numbers that looks random and is the same each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        self.0 ^ self.0 >> 29 ^ self.0 << 17
    }

    /// With runs of ones and zeros in it.
    fn value(&mut self) -> u64 {
        let (a, b) = (self.next(), self.next());
        match b % 6 {
            0 => a >> (b >> 8 & 63),
            1 => (a & b) | 0xffff << (b >> 8 & 63),
            2 => u64::MAX << (b >> 8 & 63) & u64::MAX >> (a & 63),
            3 => (a as i32 as i64) as u64,
            4 => !(a >> (b >> 8 & 63)),
            _ => a,
        }
    }
}

fn decode(code: &[u8]) -> Vec<String> {
    let decoder = yaxpeax_arm::armv8::a64::InstDecoder::default();
    code.chunks(4)
        .map(|word| match decoder.decode(&mut U8Reader::new(word)) {
            Ok(instruction) => instruction.to_string(),
            Err(e) => panic!("{word:02x?} is no instruction: {e}"),
        })
        .collect()
}

/// What `emit` emits, with near branches and calls or far ones.
fn code(far: bool, len: usize, emit: impl FnOnce(&mut A64)) -> Vec<u8> {
    code_for(Target::AARCH64, far, len, emit)
}

fn code_for(target: Target, far: bool, len: usize, emit: impl FnOnce(&mut A64)) -> Vec<u8> {
    let mut code = vec![0u8; len];
    // SAFETY: `code` outlives the emitter.
    let mut m = unsafe { A64::new(&mut code, target, Forms { small: false, far, far_calls: far }, Box::default()) }
        .expect("there is room");
    emit(&mut m);
    assert!(!m.overflowed());
    let len = m.pos() as usize;
    code.truncate(len);
    code
}

fn emitted(emit: impl FnOnce(&mut A64)) -> Vec<String> {
    decode(&code(false, 8192, emit))
}

#[track_caller]
fn check<S: AsRef<str>>(expected: &[S], emit: impl FnOnce(&mut A64)) {
    let actual = emitted(emit);
    assert!(
        actual.len() == expected.len() && actual.iter().zip(expected).all(|(a, e)| a == e.as_ref()),
        "expected {:?}, got {actual:?}",
        expected.iter().map(S::as_ref).collect::<Vec<_>>()
    );
}

/// Interprets the few instructions that constants and addresses are made of.
#[derive(Clone)]
struct Machine {
    x: [u64; 31],
    sp: u64,
    /// Loads and stores: what is accessed, and the rest of the text up to the address.
    accesses: Vec<(u64, String)>,
}

impl Machine {
    fn new() -> Machine {
        let mut random = Random(7);
        let mut x = [0; 31];
        x.fill_with(|| random.next());
        Machine { x, sp: 0x7000_0000_0000, accesses: Vec::new() }
    }

    fn read(&self, name: &str) -> u64 {
        match name.split_at(1) {
            ("s", "p") => self.sp,
            (_, "zr") => 0,
            ("x", n) => self.x[n.parse::<usize>().expect("a register")],
            ("w", n) => u64::from(self.x[n.parse::<usize>().expect("a register")] as u32),
            ("#", _) => number(&name[1..]),
            _ => panic!("operand {name}"),
        }
    }

    fn write(&mut self, name: &str, value: u64) {
        match name.split_at(1) {
            ("s", "p") => self.sp = value,
            (_, "zr") => {}
            ("x", n) => self.x[n.parse::<usize>().expect("a register")] = value,
            ("w", n) => self.x[n.parse::<usize>().expect("a register")] = u64::from(value as u32),
            _ => panic!("operand {name}"),
        }
    }

    fn run(&mut self, lines: &[String]) {
        for line in lines {
            self.step(line);
        }
    }

    fn step(&mut self, line: &str) {
        let (op, rest) = line.split_once(' ').expect("an instruction has operands");
        if op.starts_with("ld") || op.starts_with("st") {
            let (before, address) = rest.split_once("[").expect("a load or store has an address");
            let address = address.strip_suffix(']').expect("no write-back");
            let mut parts = address.split(", ");
            let mut at = self.read(parts.next().expect("a base"));
            if let Some(offset) = parts.next() {
                at = at.wrapping_add(self.read(offset));
            }
            assert_eq!(parts.next(), None, "{line}");
            self.accesses.push((at, format!("{op} {}", before.trim_end_matches(", "))));
            return;
        }
        let o: Vec<&str> = rest.split(", ").collect();
        let w64 = o[0].starts_with(['x', 's']);
        let bits = if w64 { 64 } else { 32 };
        let amount = |o: Option<&&str>| o.map_or(0, |s| number(s.trim_start_matches("lsl ").trim_start_matches('#')));
        let b = |m: &Machine| m.read(o[2]).wrapping_shl(amount(o.get(3)) as u32);
        let a = |m: &Machine| m.read(o[1]);
        let mask = if w64 { u64::MAX } else { u64::from(u32::MAX) };
        let value = match op {
            "mov" => a(self),
            "movk" => {
                let shift = amount(o.get(2)) as u32;
                self.read(o[0]) & !(0xffff << shift) | number(&o[1][1..]) << shift
            }
            "add" => a(self).wrapping_add(b(self)),
            "sub" => a(self).wrapping_sub(b(self)),
            "neg" => a(self).wrapping_neg(),
            "and" => a(self) & b(self),
            "orr" => a(self) | b(self),
            "eor" => a(self) ^ b(self),
            "mul" => a(self).wrapping_mul(b(self)),
            "lsl" => a(self) << (b(self) % bits),
            "lsr" => a(self) >> (b(self) % bits),
            "asr" if w64 => (a(self) as i64 >> (b(self) % bits)) as u64,
            "asr" => (a(self) as i32 >> (b(self) % bits)) as u64,
            "ror" if w64 => a(self).rotate_right((b(self) % bits) as u32),
            "ror" => u64::from((a(self) as u32).rotate_right((b(self) % bits) as u32)),
            _ => panic!("{line}"),
        };
        self.write(o[0], value & mask);
    }
}

fn number(text: &str) -> u64 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1i64, digits));
    let value = match digits.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    value.unwrap_or_else(|_| panic!("number {text}")).wrapping_mul(sign as u64)
}

#[test]
fn running_out_of_room_is_noticed_and_harmless() {
    for far in [false, true] {
        let mut code = vec![0u8; 1024];
        // SAFETY: `code` outlives the emitter.
        let mut m = unsafe {
            A64::new(&mut code, Target::AARCH64, Forms { small: false, far, far_calls: far }, Box::default())
        }
        .expect("there is room");
        let mut chain = crate::masm::Chain::default();
        for i in 0..10_000 {
            m.room();
            m.cmp_imm(W32, crate::masm::Loc::reg(Gpr(1)), i % 2);
            m.jump_if(crate::masm::Cond::Ne, &mut chain);
            m.trap_if(crate::masm::Cond::LtU, TrapCode::Unreachable);
            m.fmov_imm(W64, Fpr(0), 0x3ff8_0000_0000_0001 + i as u64);
        }
        m.bind(chain);
        for stub in std::mem::take(&mut m.lists().stubs) {
            m.bind_stub(stub.site);
        }
        m.finish_pool();
        assert!(m.overflowed());
    }
}
