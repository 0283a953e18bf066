//! The cost of single steps: `cargo bench -p headwater-benches --no-default-features`. Criterion compares with the
//! previous run. The commands of this crate compare with other engines.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use headwater::{Config, Engine, Instance, Linker, Module, Store, StreamingCompiler, Trap};
use std::hint::black_box;
use std::time::{Duration, Instant};
use wasmparser::{Validator, WasmFeatures};

/// Modules of this repository, by path.
const MODULES: [&str; 4] =
    ["benches/kernels/fib.wasm", "benches/kernels/sha256.wasm", "tests/programs/sort.wasm", "cli/demo/demo.wasm"];

const CALLS: &str = r#"(module
    (import "host" "add" (func $host (param i32 i32) (result i32)))
    (func $add (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "outward") (param $n i32) (result i32) (local $sum i32)
        (loop $again
            (local.set $sum (call $host (local.get $sum) (local.get $n)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n)))
        (local.get $sum))
    (func (export "trap") unreachable)
    (tag $t)
    (func $deep (param $depth i32) (param i64 f64)
        (if (i32.eqz (local.get $depth)) (then (throw $t)))
        (call $deep (i32.sub (local.get $depth) (i32.const 1)) (local.get 1) (local.get 2)))
    (func (export "throws") (param $depth i32) (param $n i32)
        (loop $again
            (block $caught
                (try_table (catch $t $caught) (call $deep (local.get $depth) (i64.const 1) (f64.const 2))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))"#;

/// How many calls of a host function, made by a loop that does little else, are timed at once.
const OUTWARD: i32 = 1000;

fn engine() -> Engine {
    Engine::new(Config::new().compile_threads(0)).expect("the settings are implemented here")
}

fn module(engine: &Engine, text: &str) -> Module {
    Module::new(engine, wat::parse_str(text).expect("it is well-formed")).expect("it is valid")
}

fn compile(c: &mut Criterion) {
    let engine = engine();
    let mut group = c.benchmark_group("compile");
    for file in MODULES {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
        let wasm = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let name = path.file_stem().expect("it has a name").to_string_lossy();
        group.throughput(Throughput::Bytes(wasm.len() as u64));
        group.bench_function(BenchmarkId::new("at once", &name), |b| {
            b.iter_with_large_drop(|| Module::from_binary(&engine, black_box(&wasm)).expect("it is valid"));
        });
        group.bench_function(BenchmarkId::new("in chunks of 1 KiB", &name), |b| {
            b.iter_with_large_drop(|| {
                let mut compiler = StreamingCompiler::new(&engine);
                for chunk in black_box(&wasm).chunks(1 << 10) {
                    compiler.push(chunk).expect("it is valid");
                }
                compiler.finish().expect("it is valid")
            });
        });
    }
}

/// How many types a module has that has nothing else.
const TYPES: u32 = 500_000;

/// Beside wasmparser's validation, which is part of it.
fn types(c: &mut Criterion) {
    let engine = engine();
    let mut group = c.benchmark_group("500000 types");
    group.sample_size(10).throughput(Throughput::Elements(TYPES.into()));
    let modules = [("equal", module_of_types(|_| Vec::new())), ("different", module_of_types(numbers))];
    for (name, wasm) in &modules {
        group.bench_function(BenchmarkId::new("compiled and dropped", name), |b| {
            b.iter(|| Module::from_binary(&engine, black_box(wasm)).expect("it is valid"));
        });
        group.bench_function(BenchmarkId::new("validated by wasmparser", name), |b| {
            b.iter(|| {
                let mut validator = Validator::new_with_features(WasmFeatures::WASM3);
                validator.validate_all(black_box(wasm)).expect("it is valid")
            });
        });
    }
}

/// The module of function types with these parameters, encoded, and no results.
fn module_of_types(params: impl Fn(u32) -> Vec<u8>) -> Vec<u8> {
    // Numbers of five bytes: LEB128 may be longer than it must.
    let leb = |n: usize| [0, 7, 14, 21, 28].map(|shift| (n >> shift & 0x7f) as u8 | if shift < 28 { 0x80 } else { 0 });
    let mut types = leb(TYPES as usize).to_vec();
    for i in 0..TYPES {
        let params = params(i);
        types.extend([0x60, params.len() as u8]);
        types.extend(params);
        types.push(0);
    }
    [b"\0asm\x01\0\0\0\x01", &leb(types.len())[..], &types].concat()
}

/// The digits of `i` in base 4 as four types of numbers, shorter lists first.
fn numbers(i: u32) -> Vec<u8> {
    let digits = std::iter::successors(Some(i + 1), |&rest| Some((rest - 1) / 4));
    digits.take_while(|&rest| rest > 0).map(|rest| 0x7f - ((rest - 1) % 4) as u8).collect()
}

fn instantiate(c: &mut Criterion) {
    let engine = engine();
    let data = "x".repeat(1 << 20);
    let modules = [
        ("empty", module(&engine, "(module)")),
        ("memory", module(&engine, "(module (memory 1))")),
        ("1 MiB of data", module(&engine, &format!(r#"(module (memory 32) (data (i32.const 4096) "{data}"))"#))),
    ];
    let mut group = c.benchmark_group("instantiate");
    for (name, module) in &modules {
        group.bench_function(*name, |b| {
            b.iter_batched_ref(
                || Store::new(&engine, ()),
                |store| Instance::new(store, module, &[]).expect("nothing can fail here"),
                BatchSize::PerIteration,
            );
        });
    }
    group.bench_function("1 MiB of data, with its store, and free both", |b| {
        b.iter(|| Instance::new(&mut Store::new(&engine, ()), &modules[2].1, &[]).expect("nothing can fail here"));
    });
}

fn call(c: &mut Criterion) {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    linker.func_wrap("host", "add", |a: i32, b: i32| a.wrapping_add(b)).expect("the name is free");
    let instance = linker.instantiate(&mut store, &module(&engine, CALLS)).expect("everything is imported");
    let mut group = c.benchmark_group("call");

    let add = instance.get_typed_func::<(i32, i32), i32>(&mut store, "add").expect("it is exported");
    group.bench_function("into WebAssembly", |b| {
        b.iter(|| add.call(&mut store, black_box((1, 2))).expect("it does not trap"));
    });
    let trap = instance.get_typed_func::<(), ()>(&mut store, "trap").expect("it is exported");
    group.bench_function("into WebAssembly, which traps", |b| {
        b.iter(|| {
            let error = trap.call(&mut store, ()).expect_err("it always traps");
            assert!(error.downcast_ref::<Trap>().is_some());
        });
    });
    let throws = instance.get_typed_func::<(i32, i32), ()>(&mut store, "throws").expect("it is exported");
    for depth in [1, 10, 100] {
        group.bench_function(BenchmarkId::new("throw and catch, frames", depth), |b| {
            b.iter_custom(|times| {
                let start = Instant::now();
                throws.call(&mut store, (depth, times as i32)).expect("all is caught");
                start.elapsed()
            });
        });
    }
    let outward = instance.get_typed_func::<i32, i32>(&mut store, "outward").expect("it is exported");
    group.throughput(Throughput::Elements(OUTWARD as u64));
    group.bench_function("1000 out to the host", |b| {
        b.iter(|| outward.call(&mut store, black_box(OUTWARD)).expect("it does not trap"));
    });
}

criterion_group! {
    name = micro;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = compile, types, instantiate, call
}
criterion_main!(micro);
