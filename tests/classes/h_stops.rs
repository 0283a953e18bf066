//! Class H: traps and interruptions at any point, and the state that they leave.
//!
//! tests/interruption.rs shows that everything endless stops, by epochs and by fuel, and that limits hold;
//! tests/api_traps.rs that each kind of trap is distinguished, has its backtrace, and leaves other stores and threads
//! alone. Here programs are stopped at *every* possible point; what they did until then must be a prefix of what they
//! do, and the store is used again after each stop.

use crate::api_common;
use crate::harness::{MODES, chosen, percent, trap_name, wasm};
use headwater::{Config, Engine, Instance, Module, Store, Trap, UpdateDeadline, WasmBacktrace};
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use wasmparser::{Parser, Payload};

/// Programs that log what they do: `run` writes words one after the other, at and from `$at` on. `reset` clears
/// everything.
const PROGRAMS: [(&str, &str); 5] = [
    (
        "loops",
        "(func (export \"run\") (local $i i32) (local $j i32)
            (loop $outer
                (local.set $j (i32.const 0))
                (loop $inner
                    (call $log (i32.add (i32.mul (local.get $i) (i32.const 100)) (local.get $j)))
                    (br_if $inner (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (i32.const 4))))
                (br_if $outer (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5)))))",
    ),
    (
        "calls",
        "(type $t (func (param i32) (result i32))) (table 2 funcref) (elem (i32.const 0) $fib $log1)
         (func $log1 (type $t) (call $log (local.get 0)) (local.get 0))
         (func $fib (type $t)
            (drop (call_indirect (type $t) (local.get 0) (i32.const 1)))
            (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
                (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                    (call_indirect (type $t) (i32.sub (local.get 0) (i32.const 2)) (i32.const 0))))))
         (func (export \"run\") (call $log (call $fib (i32.const 5))))",
    ),
    (
        "host functions",
        "(import \"host\" \"id\" (func $host (param i32) (result i32)))
         (func (export \"run\") (local $i i32)
            (loop (call $log (call $host (local.get $i)))
                (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 20)))))",
    ),
    (
        "bulk operators",
        "(func (export \"run\") (local $i i32)
            (loop
                (memory.fill (i32.const 16384) (local.get $i) (i32.const 1000))
                (memory.copy (i32.const 20000) (i32.const 16384) (i32.const 900))
                (call $log (i32.load8_u (i32.const 20005)))
                (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 6)))))",
    ),
    (
        "values in registers and in the frame",
        "(func (export \"run\") (local $i i32) (local $a i64) (local $x f64) (local i64 i64 i64 i64 i64 i64 i64) \
            (local $z i64) (local $f f32)
            (local.set $z (i64.const 5)) (local.set $f (f32.const 1.5)) (local.set $x (f64.const 2.5)) \
            (local.set $a (i64.const 3))
            (i64.add (local.get $z) (i64.const 7))
            (loop (param i64) (result i64)
                (local.set $a (i64.add (local.get $a) (i64.mul (local.get $z) (i64.const 3))))
                (local.set $x (f64.mul (local.get $x) (f64.promote_f32 (local.get $f))))
                (local.set $z (i64.xor (local.get $z) (local.get $a)))
                (call $log (i32.wrap_i64 (i64.xor (local.get $z) (i64.reinterpret_f64 (local.get $x)))))
                (i64.add (local.get $a))
                (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 20))))
            (call $log (i32.wrap_i64)))",
    ),
];

fn program(text: &str) -> Vec<u8> {
    // Imports come first.
    let (imports, rest) = if text.starts_with("(import") {
        text.split_once('\n').expect("an import has a line of its own")
    } else {
        ("", text)
    };
    wasm(&format!(
        "(module {imports} (memory (export \"m\") 1) (global $at (export \"at\") (mut i32) (i32.const 0))
            (func $log (param i32) (i32.store (global.get $at) (local.get 0)) \
            (global.set $at (i32.add (global.get $at) (i32.const 4))))
            (func (export \"reset\") (global.set $at (i32.const 0)) (memory.fill (i32.const 0) (i32.const 0) \
            (i32.const 65536)))
            {rest})"
    ))
}

/// A program's instance in a store of its own.
struct Machine {
    store: Store<()>,
    instance: Instance,
}

impl Machine {
    fn new(engine: &Engine, wasm: &[u8]) -> Machine {
        let module = Module::new(engine, wasm).expect("the program is valid");
        let mut linker = headwater::Linker::new(engine);
        crate::harness::link_host(&mut linker);
        let mut store = Store::new(engine, ());
        let instance = linker.instantiate(&mut store, &module).expect("everything is defined");
        Machine { store, instance }
    }

    fn call(&mut self, name: &str) -> headwater::Result<()> {
        let f = self.instance.get_typed_func::<(), ()>(&mut self.store, name).expect("it is exported");
        f.call(&mut self.store, ())
    }

    /// The words logged.
    fn log(&mut self) -> Vec<u32> {
        let at = self.instance.get_global(&mut self.store, "at").expect("it is exported");
        let at = at.get(&mut self.store).unwrap_i32() as usize;
        let memory = self.instance.get_memory(&mut self.store, "m").expect("it is exported");
        let bytes = &memory.data(&self.store)[..16384];
        let words: Vec<u32> = bytes.chunks(4).map(|b| u32::from_le_bytes(b.try_into().expect("four bytes"))).collect();
        // Only the word at `at` may be written already.
        assert!(words[at / 4 + 1..].iter().all(|&w| w == 0));
        words[..at / 4].to_vec()
    }
}

fn config(mode: &str, set: impl FnOnce(&mut Config) -> &mut Config) -> Engine {
    let mut config = api_common::config();
    config.test_modes(mode);
    set(&mut config);
    Engine::new(&config).expect("the settings work everywhere")
}

const LOTS: u64 = 1 << 40;

#[test]
fn h_with_any_amount_of_fuel_a_program_does_the_beginning_of_what_it_does() {
    for mode in ["", "poison", "spill,shuffle", "checked,masks,pads", "interrupts"] {
        let engine = config(mode, |c| c.consume_fuel(true));
        for (name, text) in PROGRAMS {
            let bytes = program(text);
            let mut machine = Machine::new(&engine, &bytes);
            machine.store.set_epoch_deadline(LOTS);
            machine.store.set_fuel(LOTS).expect("fuel is counted");
            machine.call("run").expect("no trap");
            let needed = LOTS - machine.store.get_fuel().expect("fuel is counted");
            let whole = machine.log();
            assert!(whole.len() >= 6 && needed > 50, "{name}: {needed} units, {} words", whole.len());
            let mut before = 0;
            for fuel in (0..=needed).filter(|&k| k == needed || chosen(k as usize, percent())) {
                machine.store.set_fuel(LOTS).expect("fuel is counted");
                machine.call("reset").expect("no trap");
                machine.store.set_fuel(fuel).expect("fuel is counted");
                let outcome = machine.call("run");
                assert_eq!(outcome.is_ok(), fuel >= needed, "{name} with {fuel} of {needed} units, `{mode}`");
                if let Err(error) = outcome {
                    assert_eq!(error.downcast_ref(), Some(&Trap::OutOfFuel), "{name} with {fuel}, `{mode}`");
                    assert!(
                        !error.downcast_ref::<WasmBacktrace>().expect("a trap has a backtrace").frames().is_empty()
                    );
                }
                assert_eq!(machine.store.get_fuel().expect("fuel is counted"), 0, "{name} with {fuel}, `{mode}`");
                let log = machine.log();
                assert!(whole.starts_with(&log) && log.len() >= before, "{name} with {fuel} units, `{mode}`: {log:?}");
                before = log.len();
            }
            assert_eq!(before, whole.len(), "{name}");
        }
    }
}

#[test]
fn h_interrupted_at_each_check_a_program_did_the_beginning_of_what_it_does() {
    for mode in ["", "poison", "spill,shuffle", "checked,masks,pads", "fuel"] {
        let engine = config(mode, |c| c.epoch_interruption(true));
        for (name, text) in PROGRAMS {
            let bytes = program(text);
            let mut machine = Machine::new(&engine, &bytes);
            // Counts the checks, and stops at the one that is due.
            let (count, due) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(u64::MAX)));
            let (counted, stops) = (count.clone(), due.clone());
            machine.store.epoch_deadline_callback(move |_| {
                let n = counted.fetch_add(1, Ordering::Relaxed);
                Ok(if n == stops.load(Ordering::Relaxed) {
                    UpdateDeadline::Interrupt
                } else {
                    UpdateDeadline::Continue(0)
                })
            });
            let run = |machine: &mut Machine, at: u64| {
                due.store(u64::MAX, Ordering::Relaxed);
                machine.store.set_epoch_deadline(LOTS);
                machine.call("reset").expect("no trap");
                count.store(0, Ordering::Relaxed);
                due.store(at, Ordering::Relaxed);
                machine.store.set_epoch_deadline(0);
                (machine.call("run"), count.load(Ordering::Relaxed))
            };
            let (outcome, checks) = run(&mut machine, u64::MAX);
            outcome.expect("no trap");
            let whole = machine.log();
            assert!(checks as usize >= whole.len(), "{name}: {checks} checks for {} words", whole.len());
            let mut before = 0;
            for at in 0..checks {
                let (outcome, seen) = run(&mut machine, at);
                let error = outcome.expect_err("it is interrupted");
                assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt), "{name} at {at}, `{mode}`");
                assert_eq!(seen, at + 1, "{name}, `{mode}`");
                let log = machine.log();
                assert!(whole.starts_with(&log) && log.len() >= before, "{name} at {at}, `{mode}`: {log:?}");
                before = log.len();
            }
            let (outcome, again) = run(&mut machine, u64::MAX);
            outcome.expect("no trap");
            assert_eq!((again, machine.log()), (checks, whole), "{name}, `{mode}`");
        }
    }
}

/// What traps, the operator last: name of the trap, code before it, the operator, how many results to drop.
fn faults() -> Vec<(&'static str, String, String, usize)> {
    let mut all: Vec<(&'static str, String, String, usize)> = Vec::new();
    let mut add = |trap, before: &str, op: &str, drops| all.push((trap, before.to_string(), op.to_string(), drops));
    let memory = "memory out of bounds";
    for address in [
        "i32.const 65536",
        "i32.const -1",
        "local.get $end",
        "global.get $end",
        "i32.const 65530 local.get $six i32.add",
    ] {
        for op in [
            "i32.load",
            "i64.load",
            "f32.load",
            "f64.load",
            "i32.load8_s",
            "i32.load8_u",
            "i32.load16_s",
            "i32.load16_u",
            "i64.load8_s",
            "i64.load8_u",
            "i64.load16_s",
            "i64.load16_u",
            "i64.load32_s",
            "i64.load32_u",
        ] {
            add(memory, address, op, 1);
            add(memory, address, &format!("{op} offset=4294967295"), 1);
            add(memory, address, &format!("{op} 1"), 1);
        }
        for op in [
            "i32.store",
            "i32.store8",
            "i32.store16",
            "i64.store",
            "i64.store8",
            "i64.store16",
            "i64.store32",
            "f32.store",
            "f64.store",
        ] {
            let ty = &op[..3];
            for value in [
                format!("{ty}.const 0"),
                format!("local.get ${ty}"),
                format!("local.get ${ty} local.get ${ty} {ty}.sub"),
            ] {
                add(memory, &format!("{address} {value}"), op, 0);
                add(memory, &format!("{address} {value}"), &format!("{op} 1 offset=7"), 0);
            }
        }
    }
    for ty in ["i32", "i64"] {
        for op in ["div_s", "div_u", "rem_s", "rem_u"] {
            add("division by zero", &format!("local.get ${ty} {ty}.const 0"), &format!("{ty}.{op}"), 1);
            add("division by zero", &format!("{ty}.const 7 local.get $zero_{ty}"), &format!("{ty}.{op}"), 1);
            add("division by zero", &format!("local.get ${ty} global.get $zero_{ty}"), &format!("{ty}.{op}"), 1);
        }
        let min = if ty == "i32" { "0x80000000" } else { "0x8000000000000000" };
        add("integer overflow", &format!("{ty}.const {min} {ty}.const -1"), &format!("{ty}.div_s"), 1);
        add(
            "integer overflow",
            &format!("{ty}.const {min} local.get $zero_{ty} {ty}.const 1 {ty}.sub"),
            &format!("{ty}.div_s"),
            1,
        );
        for from in ["f32", "f64"] {
            for sign in ["s", "u"] {
                let op = format!("{ty}.trunc_{from}_{sign}");
                add("bad conversion", &format!("{from}.const nan"), &op, 1);
                add(
                    "bad conversion",
                    &format!(
                        "local.get ${from} local.get ${from} {from}.sub local.get ${from} local.get ${from} {from}.sub \
                            {from}.div"
                    ),
                    &op,
                    1,
                );
                add("integer overflow", &format!("{from}.const 1e30"), &op, 1);
                add("integer overflow", &format!("local.get ${from} {from}.const -1e30 {from}.mul"), &op, 1);
            }
        }
    }
    add("unreachable", "", "unreachable", 0);
    let table = "table out of bounds";
    for index in ["i32.const 4", "i32.const -1", "local.get $end"] {
        add(table, index, "table.get $t", 1);
        add(table, &format!("{index} ref.null func"), "table.set $t", 0);
        add(table, &format!("{index} ref.null func i32.const 1"), "table.fill $t", 0);
        add(table, &format!("{index} i32.const 0 i32.const 1"), "table.copy $t $u", 0);
        add(table, &format!("i32.const 0 {index} i32.const 2"), "table.copy $u $t", 0);
        add(table, &format!("{index} i32.const 0 i32.const 1"), "table.init $t $e", 0);
        add(table, &format!("i32.const 0 {index} i32.const 1"), "table.init $t $e", 0);
        add(table, index, "call_indirect $t (type $v)", 0);
    }
    add("call of null", "i32.const 1", "call_indirect $t (type $v)", 0);
    add("bad signature", "i32.const 0", "call_indirect $t (type $v)", 0);
    for length in ["i32.const 65536", "i32.const -1", "local.get $end"] {
        add(memory, &format!("i32.const 1 i32.const 7 {length}"), "memory.fill", 0);
        add(memory, &format!("i32.const 0 i32.const 1 {length}"), "memory.copy", 0);
        add(memory, &format!("i32.const 1 i32.const 0 {length}"), "memory.copy 1 0", 0);
        add(memory, &format!("i32.const 0 i32.const 1 {length}"), "memory.init $d", 0);
    }
    all
}

#[test]
fn h_each_instruction_that_faults_traps_at_its_own_offset_and_the_store_goes_on() {
    let faults = faults();
    let mut text = r#"(module (memory (export "m") 1) (memory 1) (table $t 4 funcref) (table $u 9 funcref)
        (type $v (func)) (type $i (func (param i32)))
        (elem (table $t) (i32.const 0) func $wrong) (elem $e func $wrong) (data $d "data")
        (global $end i32 (i32.const 65536)) (global $zero_i32 (mut i32) (i32.const 0)) (global $zero_i64 (mut i64)
        (i64.const 0))
        (func $wrong (type $i))
        (func (export "fine") (param i32) (result i32) (i32.store (i32.const 0) (local.get 0))
        (i32.div_u (i32.load (i32.const 0)) (i32.const 2)))
        "#
    .to_string();
    const LOCALS: &str = "(local $six i32) (local $end i32) (local $i32 i32) (local $i64 i64) (local $f32 f32) \
        (local $f64 f64) (local $zero_i32 i32) (local $zero_i64 i64)
        i32.const 6 local.set $six i32.const 65536 local.set $end i32.const 9 local.set $i32 i64.const 9 local.set \
        $i64 f32.const 9 local.set $f32 f64.const 9 local.set $f64";
    // Alone; with values on the stack that are in registers; and called from another function with values in its frame.
    for (n, (_, before, op, drops)) in faults.iter().enumerate() {
        let drops = "drop ".repeat(*drops);
        writeln!(text, "(func $a{n} (export \"a{n}\") {LOCALS} nop {before} {op} {drops})")
            .expect("strings take everything");
        writeln!(
            text,
            "(func (export \"b{n}\") {LOCALS} local.get $i64 i64.const 3 i64.mul local.get $f64 f64.sqrt {before} {op} \
                {drops} drop drop)"
        )
        .expect("strings take everything");
        writeln!(
            text,
            "(func (export \"c{n}\") {LOCALS} local.get $i64 i64.const 3 i64.mul block loop call $a{n} end end drop)"
        )
        .expect("strings take everything");
    }
    text.push(')');
    let bytes = wasm(&text);
    // Where the operators of each body begin.
    let mut operators = Vec::new();
    for payload in Parser::new(0).parse_all(&bytes) {
        if let Payload::CodeSectionEntry(body) = payload.expect("the module is valid") {
            let mut reader = body.get_operators_reader().expect("the module is valid");
            let mut offsets = Vec::new();
            while !reader.eof() {
                offsets.push(reader.original_position() as usize);
                reader.read().expect("the module is valid");
            }
            operators.push(offsets);
        }
    }
    for mode in MODES {
        let engine = config(mode, |c| c);
        let mut machine = Machine::new(&engine, &bytes);
        let fine = machine.instance.get_typed_func::<i32, i32>(&mut machine.store, "fine").expect("it is exported");
        for (n, (trap, before, op, drops)) in faults.iter().enumerate() {
            for (k, kind) in ["a", "b", "c"].into_iter().enumerate() {
                if !chosen(n * 3 + k, percent()) {
                    continue;
                }
                let error = machine.call(&format!("{kind}{n}")).expect_err("it traps");
                let what = format!("{kind}: {before} {op}, `{mode}`");
                assert_eq!(trap_name(&error), *trap, "{what}");
                let frames = error.downcast_ref::<WasmBacktrace>().expect("a trap has a backtrace").frames();
                // The body's last operators are drops, and the end.
                let offset = |function: usize, last: usize| {
                    let offsets = &operators[function];
                    Some(offsets[offsets.len() - 2 - last])
                };
                let first = 2 + 3 * n;
                let expected = match kind {
                    "a" => vec![offset(first, *drops)],
                    "b" => vec![offset(first + 1, drops + 2)],
                    _ => vec![offset(first, *drops), offset(first + 2, 3)],
                };
                let found: Vec<_> = frames.iter().map(|f| f.module_offset()).collect();
                assert_eq!(found, expected, "{what}");
                assert_eq!(fine.call(&mut machine.store, 2 * n as i32).expect("the store goes on"), n as i32, "{what}");
            }
        }
    }
}

/// Bulk operators that would leave their memory, table or segment do nothing; those that run out of fuel or time in the
/// midst of their work have done a prefix of it, and the next one works.
#[test]
fn h_bulk_operators_do_all_or_nothing_or_are_cut_short_at_the_end() {
    let text = r#"(module (memory (export "m") 16) (table $t (export "t") 1000 funcref)
        (elem $e func $fill $fill $fill) (data $d "some data")
        (func $fill (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
        (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
        (func (export "init") (param i32 i32 i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2)))
        (func (export "tfill") (param i32 i32 i32) (table.fill $t (local.get 0) (ref.func $fill) (local.get 2)))
        (func (export "tcopy") (param i32 i32 i32) (table.copy $t $t (local.get 0) (local.get 1) (local.get 2)))
        (func (export "tinit") (param i32 i32 i32) (table.init $t $e (local.get 0) (local.get 1) (local.get 2))))"#;
    let bytes = wasm(text);
    for mode in ["", "poison", "checked,masks", "interrupts"] {
        let engine = config(mode, |c| c.consume_fuel(true));
        let mut machine = Machine::new(&engine, &bytes);
        machine.store.set_epoch_deadline(LOTS);
        let memory = machine.instance.get_memory(&mut machine.store, "m").expect("it is exported");
        let table = machine.instance.get_table(&mut machine.store, "t").expect("it is exported");
        let size = memory.data_size(&machine.store) as i32;
        let call = |machine: &mut Machine, name: &str, args: (i32, i32, i32), fuel: u64| {
            machine.store.set_fuel(fuel).expect("fuel is counted");
            let f = machine
                .instance
                .get_typed_func::<(i32, i32, i32), ()>(&mut machine.store, name)
                .expect("it is exported");
            f.call(&mut machine.store, args)
        };
        for (name, args) in [
            ("fill", (1, 9, size)),
            ("fill", (size - 1, 9, 2)),
            ("fill", (size + 1, 9, 0)),
            ("fill", (0, 9, -1)),
            ("copy", (1, 0, size)),
            ("copy", (0, 1, size)),
            ("copy", (0, size, 1)),
            ("copy", (size, 0, 1)),
            ("init", (size - 1, 0, 2)),
            ("init", (0, 8, 2)),
            ("init", (0, 9, 1)),
            ("init", (0, 10, 0)),
            ("tfill", (1, 0, 1000)),
            ("tfill", (1000, 0, 1)),
            ("tcopy", (999, 0, 2)),
            ("tinit", (998, 0, 3)),
            ("tinit", (0, 2, 2)),
        ] {
            trap_name(&call(&mut machine, name, args, LOTS).expect_err("it is out of bounds"));
            assert!(memory.data(&machine.store).iter().all(|&b| b == 0), "{name}{args:?}, `{mode}`");
            for i in 0..1000 {
                assert!(table.get(&mut machine.store, i).expect("in bounds").is_null(), "{name}{args:?}, `{mode}`");
            }
        }
        // Fuel for a part of a mebibyte.
        let mut done = 0;
        for fuel in [0, 20, 100, 1000, 4000, 10_000, 16_000, 16_500] {
            let outcome = call(&mut machine, "fill", (0, 1, size), fuel);
            let bytes = memory.data(&machine.store);
            let ones = bytes.iter().take_while(|&&b| b == 1).count();
            assert!(bytes[ones..].iter().all(|&b| b == 0), "{fuel} units, `{mode}`");
            assert_eq!(outcome.is_ok(), ones == bytes.len(), "{fuel} units, `{mode}`");
            assert!(ones >= done && ones as u64 <= fuel * 64, "{fuel} units for {ones} bytes, `{mode}`");
            if let Err(error) = outcome {
                assert_eq!(error.downcast_ref(), Some(&Trap::OutOfFuel));
            }
            done = ones;
            call(&mut machine, "fill", (0, 0, size), LOTS).expect("there is fuel");
        }
        assert_eq!(done, size as usize);
        // Copies that overlap, either way: the contents are those before or those after, never anything else.
        for (to, from) in [(5, 0), (0, 5)] {
            for (i, byte) in memory.data_mut(&mut machine.store).iter_mut().enumerate() {
                *byte = (i % 251) as u8;
            }
            for fuel in [50, 500, 5000, 15_000, 100_000] {
                let before = memory.data(&machine.store).to_vec();
                let len = size - 5;
                let outcome = call(&mut machine, "copy", (to, from, len), fuel);
                let after = memory.data(&machine.store);
                let (to, from) = (to as usize, from as usize);
                let copied = |i: usize| after[to + i] == before[from + i];
                let kept = |i: usize| after[to + i] == before[to + i];
                if outcome.is_ok() {
                    assert!((0..len as usize).all(copied), "{to} from {from}, {fuel} units, `{mode}`");
                } else if to < from {
                    let n = (0..len as usize).take_while(|&i| copied(i)).count();
                    assert!((n..len as usize).all(kept), "{to} from {from}, {fuel} units, `{mode}`");
                } else {
                    let n = (0..len as usize).rev().take_while(|&i| copied(i)).count();
                    assert!((0..len as usize - n).all(kept), "{to} from {from}, {fuel} units, `{mode}`");
                }
                memory.write(&mut machine.store, 0, &before).expect("in bounds");
            }
        }
    }
}
