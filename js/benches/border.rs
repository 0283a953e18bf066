//! What passing the border between JavaScript and WebAssembly code costs, as a ratio to QuickJS's own call of a C function
//! in the same run; how long an instance with 1,000 exports and a module with 500,000 types take.
//!
//! ```sh
//! cargo bench -p headwater-js --no-default-features --bench border
//! HEADWATER_NODE=node cargo bench -p headwater-js --no-default-features --bench border -- types  # beside V8
//! ```

use headwater::{Config, Engine};
use rquickjs::{CatchResultExt, Context, Runtime};
use std::fs;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

/// Calls in each measurement, and how many of these there are: the fastest counts.
const CALLS: u32 = 1_000_000;
const ROUNDS: usize = 7;

const CALLEE: &str = r#"(module
    (import "m" "js" (func $js (param i32 i32) (result i32)))
    (import "m" "c" (func $c (param i32 i32) (result i32)))
    (func (export "wasm") (param i32 i32) (result i32) (i32.mul (local.get 0) (local.get 1)))
    (func (export "callJs") (param $n i32) (result i32) (local $r i32)
        (loop (local.set $r (call $js (local.get $r) (local.get $n)))
            (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $r))
    (func (export "callC") (param $n i32) (result i32) (local $r i32)
        (loop (local.set $r (call $c (local.get $r) (local.get $n)))
            (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $r)))"#;

/// Everything that is timed, by name; each takes how often it is to be done.
const SCRIPT: &str = r#"
    const js = (a, b) => a;
    const { wasm, callJs, callC } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(callee)),
        { m: { js, c: Math.imul } }).exports;
    const { imul } = Math;
    const manyModule = new WebAssembly.Module(new Uint8Array(many));
    globalThis.timed = {
        empty(n) { let r = 0; for (let i = 0; i < n; i++) r = i; return r; },
        imul(n) { let r = 1; for (let i = 0; i < n; i++) r = imul(r, i); return r; },
        js(n) { let r = 1; for (let i = 0; i < n; i++) r = js(r, i); return r; },
        wasm(n) { let r = 1; for (let i = 0; i < n; i++) r = wasm(r, i); return r; },
        callJs, callC,
        instances(n) { for (let i = 0; i < n; i++) new WebAssembly.Instance(manyModule); return 0; },
    };
"#;

fn fastest(mut run: impl FnMut()) -> Duration {
    run();
    let once = || {
        let begin = Instant::now();
        run();
        begin.elapsed()
    };
    std::iter::repeat_with(once).take(ROUNDS).min().expect("there are rounds")
}

fn leb(mut n: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while n > 0x7f {
        bytes.push(n as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
    bytes
}

/// A module of `count` types: all different, or all the same.
fn types(count: u32, different: bool) -> Vec<u8> {
    let mut section = leb(count);
    for i in 0..count {
        let digits = (0..if different { 10 } else { 2 }).map(|d| 0x7f - (i >> (2 * d) & 3) as u8);
        let params: Vec<u8> = if different { digits.collect() } else { vec![0x7f, 0x7f] };
        section.extend([0x60, params.len() as u8]);
        section.extend(params);
        section.push(0);
    }
    let mut wasm = b"\0asm\x01\0\0\0\x01".to_vec();
    wasm.extend(leb(section.len() as u32));
    wasm.extend(section);
    wasm
}

fn main() {
    let engine = Engine::new(&Config::new()).expect("supported here");
    if !std::env::args().any(|arg| arg == "types") {
        calls(&engine);
    }
    types_of_modules(&engine);
}

fn calls(engine: &Engine) {
    let runtime = Runtime::new().expect("there is memory");
    let context = Context::full(&runtime).expect("there is memory");
    context.with(|ctx| {
        headwater_js::install(&ctx, engine).expect("this QuickJS is known");
        let many: String = (0..1000).map(|i| format!("(func (export \"f{i}\") (result i32) i32.const {i})")).collect();
        for (name, text) in [("callee", CALLEE.to_string()), ("many", format!("(module {many})"))] {
            let wasm = wat::parse_str(text).expect("it is valid");
            ctx.globals().set(name, wasm).expect("there is memory");
        }
        ctx.eval::<(), _>(SCRIPT).catch(&ctx).expect("it runs");
        let timed: rquickjs::Object<'_> = ctx.globals().get("timed").expect("the script sets it");
        let time = |name: &str, count: u32| {
            let run: rquickjs::Function<'_> = timed.get(name).expect("the script has it");
            let fastest = fastest(|| {
                let result: i32 = run.call((count,)).expect("it throws nothing");
                black_box(result);
            });
            fastest.as_nanos() as f64 / f64::from(count)
        };
        let names = ["empty", "imul", "js", "wasm", "callC", "callJs"];
        let [empty, imul, js, wasm, call_c, call_js] = names.map(|name| time(name, CALLS));
        let line = |what: &str, ns: f64, base: f64| {
            println!("{what:<48} {ns:6.1} ns {:+7.1} ns  {:5.2}×", ns - base, ns / base);
        };
        println!("an iteration of a loop: {empty:.1} ns");
        line("JavaScript calls a C function (Math.imul)", imul, imul);
        line("JavaScript calls WebAssembly", wasm, imul);
        line("WebAssembly calls a C function (Math.imul)", call_c, imul);
        line("JavaScript calls JavaScript", js, imul);
        line("WebAssembly calls JavaScript", call_js, js);
        println!("an instance with 1,000 exports: {:.3} ms", time("instances", 20) / 1e6);
    });
}

fn types_of_modules(engine: &Engine) {
    for (what, different) in [("different", true), ("equal", false)] {
        let wasm = types(500_000, different);
        let once = || {
            let begin = Instant::now();
            let module = headwater::Module::from_binary(engine, &wasm).expect("it is valid");
            let compiled = begin.elapsed();
            drop(module);
            (compiled, begin.elapsed() - compiled)
        };
        let (compile, free) = std::iter::repeat_with(once).take(ROUNDS).min().expect("there are rounds");
        let [compile, free] = [compile, free].map(|time| time.as_secs_f64() * 1e3);
        println!("a module with 500,000 {what} types: {compile:.1} ms, and {free:.1} ms until it is freed");
        if let Some(node) = std::env::var_os("HEADWATER_NODE") {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("types.wasm");
            fs::write(&path, wasm).expect("it can be written");
            let script = "const b = require('fs').readFileSync(process.argv[1]); let best = Infinity;
                for (let i = 0; i < 8; i++) { const t = performance.now(); new WebAssembly.Module(b);
                best = Math.min(best, performance.now() - t); } console.log(best.toFixed(1))";
            let output = Command::new(node).args(["-e", script]).arg(path).output().expect("node runs");
            println!("  V8: {} ms", String::from_utf8_lossy(&output.stdout).trim());
        }
    }
}
