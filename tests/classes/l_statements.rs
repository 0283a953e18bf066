//! Class L: what the compiler remembers from one statement to the next, and forgets in time: where a local points to
//! and that it was checked (`ADDRESS` in `codegen/src/func/address.rs`).
//!
//! Programs of random statements load and store through a few locals that are set to each other, to what was loaded, and
//! out of bounds, around branches over code of all lengths, calls and growing memories. Branches over code of each length
//! have a test of their own.

use crate::harness::{Call, MODES, V, call, compare, percent, wasm};
use crate::support::Rng;
use std::fmt::Write as _;

/// Writes the statements of one function.
struct Statements {
    rng: Rng,
    text: String,
    /// The type of addresses.
    ty: &'static str,
    /// How many locals point to memory.
    pointers: u64,
    depth: u32,
    loops: u32,
}

const LOADS: [&str; 6] = ["i32.load8_u", "i32.load16_s", "i32.load", "i64.load", "f32.load", "f64.load"];

impl Statements {
    fn one_of(&mut self, n: u64) -> u64 {
        self.rng.next() % n
    }

    fn pointer(&mut self) -> u64 {
        self.one_of(self.pointers)
    }

    /// Mostly small, sometimes too long for an instruction, rarely beyond any memory.
    fn offset(&mut self) -> u64 {
        match self.one_of(20) {
            0 => 4096 + self.one_of(70_000),
            1 => 0xffff_fff0,
            2..6 => 0,
            _ => self.one_of(64) * 4,
        }
    }

    /// An i32 made of a load through `pointer`.
    fn load(&mut self, pointer: u64) -> String {
        let (load, offset) = (LOADS[self.one_of(6) as usize], self.offset());
        let loaded = format!("({load} offset={offset} (local.get $p{pointer}))");
        match &load[..3] {
            "i32" => loaded,
            "i64" => format!("(i32.wrap_i64 {loaded})"),
            "f32" => format!("(i32.reinterpret_f32 {loaded})"),
            _ => format!("(i32.wrap_i64 (i64.reinterpret_f64 {loaded}))"),
        }
    }

    /// An address that is in bounds, as an expression that takes an i32.
    fn address_of(&self, value: &str) -> String {
        let small = format!("(i32.and {value} (i32.const 0x3fff))");
        if self.ty == "i32" { small } else { format!("(i64.extend_i32_u {small})") }
    }

    fn condition(&mut self) -> String {
        let bit = 1u32 << self.one_of(16);
        match self.one_of(5) {
            0 => format!("(f64.ne (f64.convert_i32_u (i32.and (local.get $x) (i32.const {bit}))) (f64.const 0))"),
            1 => format!("(f32.eq (f32.convert_i32_u (i32.and (local.get $x) (i32.const {bit}))) (f32.const {bit}))"),
            2 => format!("(i32.eqz (i32.and (local.get $x) (i32.const {bit})))"),
            _ => format!("(i32.and (local.get $x) (i32.const {bit}))"),
        }
    }

    fn mix(&mut self, value: &str) {
        let n = 1 + self.one_of(31);
        let _ = write!(self.text, "(local.set $a (i32.xor (i32.rotl (local.get $a) (i32.const {n})) {value}))");
    }

    fn several(&mut self, most: u64) {
        for _ in 0..self.one_of(most + 1) {
            self.statement();
        }
    }

    fn statement(&mut self) {
        let (p, q, ty) = (self.pointer(), self.pointer(), self.ty);
        let text = match self.one_of(if self.depth < 5 { 24 } else { 17 }) {
            0..5 => {
                let loaded = self.load(p);
                return self.mix(&loaded);
            }
            5 => format!("(i32.store offset={} (local.get $p{p}) (local.get $a))", self.offset()),
            6 => format!("({ty}.store offset={} (local.get $p{p}) ({ty}.const {}))", self.offset(), self.one_of(2)),
            7 => format!("(f64.store offset={} (local.get $p{p}) (f64.convert_i32_s (local.get $a)))", self.offset()),
            8 => format!("(local.set $p{p} ({ty}.add (local.get $p{q}) ({ty}.const {})))", self.one_of(300)),
            9 => format!("(local.set $p{p} (local.get $p{q}))"),
            10 => {
                let loaded = self.load(p);
                format!("(local.set $p{p} {})", self.address_of(&loaded))
            }
            // Straight into the local that is the address.
            11 => format!("(local.set $p{p} ({ty}.load16_u offset={} (local.get $p{p})))", self.offset()),
            12 => format!(
                "(local.set $a (i32.add (local.get $a) (i32.load offset=4 (local.tee $p{p} (local.get $p{q})))))"
            ),
            // Read before the local is set, and used afterwards.
            13 => format!(
                "(local.get $p{p}) (local.set $p{p} ({ty}.const {})) (i32.load offset=8) (local.set $a)",
                self.one_of(9000)
            ),
            14 => {
                let call = "(call $eight (local.get $a) (i32.const 2) (local.get $x) (i32.const 4) (local.get $a) \
                    (i32.const 6) (i32.const 7) (local.get $x))";
                return self.mix(call);
            }
            15 => format!("(drop (memory.grow ({ty}.const {})))", self.one_of(2)),
            16 if self.one_of(6) == 0 => {
                format!("(local.set $p{p} ({ty}.const {}))", 65_536 * (1 + self.one_of(4)) - 9)
            }
            16 => format!("(local.set $p{p} {})", self.address_of("(local.get $a)")),
            17..20 => return self.branch(true),
            20 | 21 => return self.branch(false),
            22 => return self.table(),
            _ => return self.repeat(),
        };
        self.text += &text;
    }

    fn branch(&mut self, is_if: bool) {
        let condition = self.condition();
        self.depth += 1;
        let length = [1, 4, 8, 16][self.one_of(4) as usize];
        if is_if {
            let _ = write!(self.text, "(if {condition} (then ");
            self.several(length);
            if self.one_of(2) == 0 {
                self.text += ") (else ";
                self.several(length);
            }
            self.text += "))";
        } else {
            self.text += "(block ";
            self.several(2);
            let _ = write!(self.text, "(br_if 0 {condition})");
            self.several(length);
            let condition = self.condition();
            if self.one_of(2) == 0 {
                let _ = write!(self.text, "(br_if 0 {condition})");
                self.several(3);
            }
            self.text += ")";
        }
        self.depth -= 1;
    }

    fn table(&mut self) {
        self.depth += 1;
        self.text += "(block (block (block ";
        self.several(2);
        let n = self.one_of(40);
        let targets: String = (0..n).map(|i| format!("{} ", i % 3)).collect();
        let _ = write!(self.text, "(br_table {targets} 1 (i32.and (local.get $x) (i32.const 63)))) ");
        self.several(3);
        self.text += ") ";
        self.several(2);
        self.text += ")";
        self.depth -= 1;
    }

    fn repeat(&mut self) {
        if self.loops == 3 {
            return;
        }
        let counter = self.loops;
        self.loops += 1;
        self.depth += 1;
        let times = 1 + self.one_of(3);
        let _ = write!(self.text, "(local.set $n{counter} (i32.const {times})) (loop ");
        self.several(6);
        let _ = write!(self.text, "(br_if 0 (local.tee $n{counter} (i32.sub (local.get $n{counter}) (i32.const 1)))))");
        self.depth -= 1;
    }
}

/// A module with a function of random statements, whose pointers are pinned, or in the frame behind other locals.
fn program(seed: u64, ty: &'static str) -> Vec<u8> {
    let mut statements = Statements { rng: Rng(seed), text: String::new(), ty, pointers: 3, depth: 0, loops: 0 };
    let others = if seed.is_multiple_of(2) { "" } else { "(local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)" };
    statements.pointers += seed % 4;
    let pointers: String = (0..statements.pointers).map(|i| format!("(local $p{i} {ty})")).collect();
    for _ in 0..14 {
        statements.statement();
    }
    let memory = if ty == "i64" { "i64 1 4" } else { "1 4" };
    wasm(&format!(
        r#"(module (memory (export "memory") {memory})
        (func $eight (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
            (i32.add (i32.sub (local.get 0) (local.get 4)) (i32.mul (local.get 2) (local.get 7))))
        (func (export "run") (param $x i32) (param $a i32) (result i32) {others} {pointers}
            (local $n0 i32) (local $n1 i32) (local $n2 i32)
            {} (local.get $a)))"#,
        statements.text
    ))
}

fn calls(seed: u64) -> Vec<Call> {
    let mut rng = Rng(seed);
    (0..8).map(|_| call("run", &[V::I32(rng.next() as u32), V::I32(rng.next() as u32)])).collect()
}

fn statements_of(ty: &'static str) {
    for seed in 0..6 * percent() {
        let modes = [MODES[0], MODES[1 + (seed % 6) as usize]];
        compare(&[("m", program(seed, ty))], &calls(seed), &["memory"], &modes);
    }
}

#[test]
fn l_statements_about_32_bit_memories() {
    statements_of("i32");
}

#[test]
fn l_statements_about_64_bit_memories() {
    statements_of("i64");
}

/// Over up to 69 operations, with and without a long constant behind them, forward to each kind of label.
#[test]
fn l_branches_over_any_number_of_bytes() {
    let step = if percent() < 100 { 7 } else { 1 };
    for more in ["", "(local.set $y (i64.const 0x123456789abcdef))"] {
        for n in (0..70).step_by(step) {
            let pad = "(local.set $a (i32.add (local.get $a) (i32.const 3)))".repeat(n) + more;
            let text = format!(
                r#"(module
                (func (export "if") (param $c i32) (param $a i32) (result i32) (local $y i64)
                    (if (local.get $c) (then {pad})) (local.get $a))
                (func (export "else") (param $c i32) (param $a i32) (result i32) (local $y i64)
                    (if (result i32) (local.get $c) (then {pad} (local.get $a)) (else {pad} {pad} (i32.const 5))))
                (func (export "block") (param $c i32) (param $a i32) (result i32) (local $y i64)
                    (block (br_if 0 (local.get $c)) {pad} (br_if 0 (i32.eqz (local.get $c))) {pad} unreachable)
                    (local.get $a))
                (func (export "float") (param $c i32) (param $a i32) (result i32) (local $y i64)
                    (block (br_if 0 (f32.ne (f32.convert_i32_s (local.get $c)) (f32.const 0))) {pad}
                        (if (f32.eq (f32.reinterpret_i32 (local.get $a)) (f32.const nan)) (then unreachable) (else {pad})))
                    (local.get $a))
                (func (export "nested") (param $c i32) (param $a i32) (result i32) (local $y i64)
                    (if (local.get $c) (then (if (local.get $a) (then (block (br_if 0 (local.get $c)) {pad})) (else {pad}))
                        {pad} (block (br_if 1 (local.get $a)) {pad})) (else {pad}))
                    (local.get $a)))"#
            );
            let names = ["if", "else", "block", "float", "nested"];
            let calls: Vec<Call> = names
                .iter()
                .flat_map(|&name| {
                    [(0, 7), (1, 7), (2, 0), (0, 0x7fc0_0000)].map(|(c, a)| call(name, &[V::I32(c), V::I32(a)]))
                })
                .collect();
            compare(&[("m", wasm(&text))], &calls, &[], &MODES[..2]);
        }
    }
}
