//! Programs that compute something real, SHA-256, SipHash, ChaCha, compression, sorting and twenty more, give the
//! results that an independent engine gives, on every instruction set and in every mode: those are the kernels of the
//! benches.

mod api_common;

use api_common::emulator;
use headwater::{Config, Engine, Instance, Module, Store};
use std::path::Path;

/// How much less work is done than in the benches; under an emulator, where the other engine takes very long.
const FRACTION: u32 = 8;
const FRACTION_EMULATED: u32 = 40;

/// Garbage in everything that must not be relied on; compile threads; checked accesses.
fn settings() -> Vec<(&'static str, Config)> {
    let mut plain = Config::new();
    plain.compile_threads(0);
    let (mut poisoned, mut checked) = (plain.clone(), plain.clone());
    poisoned.poison_borders(true).force_far_calls(true);
    checked.memory_reservation(0).poison_borders(true);
    vec![("plain", plain), ("poisoned", poisoned), ("checked", checked)]
}

fn ours(config: &Config, wasm: &[u8], n: u32) -> u32 {
    let engine = Engine::new(config).expect("these settings are supported");
    let module = Module::new(&engine, wasm).expect("kernels are valid");
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("kernels import nothing");
    let run = instance.get_typed_func::<u32, u32>(&mut store, "run").expect("kernels export `run`");
    run.call(&mut store, n).expect("kernels do not trap")
}

fn theirs(wasm: &[u8], n: u32) -> u32 {
    let engine = wasmi::Engine::default();
    let module = wasmi::Module::new(&engine, wasm).expect("kernels are valid");
    let mut store = wasmi::Store::new(&engine, ());
    let linker = wasmi::Linker::new(&engine);
    let instance = linker.instantiate_and_start(&mut store, &module).expect("kernels import nothing");
    let run = instance.get_typed_func::<u32, u32>(&store, "run").expect("kernels export `run`");
    run.call(&mut store, n).expect("kernels do not trap")
}

#[test]
fn kernels_compute_what_an_independent_engine_computes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/kernels");
    let table = std::fs::read_to_string(folder.join("kernels.tsv")).expect("the table is in the repository");
    let fraction = if emulator::in_part() { FRACTION_EMULATED } else { FRACTION };
    let mut checked = 0;
    for line in table.lines().skip(1) {
        let (name, n) = line.split_once('\t').expect("a name and a number");
        let n: u32 = n.parse().expect("a number");
        let n = (n / fraction).max(n.min(8));
        let wasm = std::fs::read(folder.join(format!("{name}.wasm"))).expect("kernels are in the repository");
        let expected = theirs(&wasm, n);
        for (how, config) in settings() {
            assert_eq!(ours(&config, &wasm, n), expected, "{name}({n}), {how}");
        }
        checked += 1;
    }
    assert!(checked >= 20);
}

/// Functions that call each other all over a large module: `f_i(x, n)` is `x` if `n` is 0, else `f_j(3·x + i, n − 1)`.
const FUNCTIONS: u32 = 4000;

fn next(i: u32) -> u32 {
    (i * 31 + 7) % FUNCTIONS
}

fn web_of_calls() -> Vec<u8> {
    let mut text = String::from("(module\n");
    for i in 0..FUNCTIONS {
        // A few operators that make the code longer and change nothing.
        let padding = "(local.set 0 (i32.rotl (i32.rotr (local.get 0) (local.get 1)) (local.get 1)))".repeat(12);
        text += &format!(
            "(func $f{i} (param i32 i32) (result i32) {padding}
               (if (result i32) (i32.eqz (local.get 1))
                 (then (local.get 0))
                 (else (call $f{} (i32.add (i32.mul (local.get 0) (i32.const 3)) (i32.const {i}))
                                  (i32.sub (local.get 1) (i32.const 1))))))\n",
            next(i)
        );
    }
    text += "(export \"f\" (func 0)))";
    wat::parse_str(&text).expect("the text is well-formed")
}

#[test]
fn calls_reach_their_callees_in_both_forms_and_from_everywhere() {
    let wasm = web_of_calls();
    let (mut x, mut i) = (1u32, 0u32);
    const STEPS: u32 = 5000;
    for _ in 0..STEPS {
        x = x.wrapping_mul(3).wrapping_add(i);
        i = next(i);
    }
    for far in [false, true] {
        for threads in [0, 1] {
            let engine = Engine::new(Config::new().compile_threads(threads).force_far_calls(far)).expect("supported");
            let module = Module::new(&engine, &wasm).expect("the module is valid");
            let mut store = Store::new(&engine, ());
            let instance = Instance::new(&mut store, &module, &[]).expect("nothing is imported");
            let f = instance.get_typed_func::<(u32, u32), u32>(&mut store, "f").expect("it is exported");
            assert_eq!(f.call(&mut store, (1, STEPS)).expect("no trap"), x, "far calls: {far}, threads: {threads}");
        }
    }
}
