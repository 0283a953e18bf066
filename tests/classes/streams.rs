//! Shared by the classes of streams: modules, ways to split them, and outcomes that must not depend on either splits or
//! threads.

use crate::api_common;
use crate::harness::percent;
use crate::support::{FEATURES, Rng, leb, wasmparser_says};
use headwater::{CompileError, Engine, Module, StreamingCompiler};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// An engine with this many compile threads.
pub fn engine(threads: usize) -> Engine {
    let mut config = api_common::config();
    config.compile_threads(threads);
    Engine::new(&config).expect("the settings work everywhere")
}

/// `n`, scaled by `HEADWATER_CLASSES_SCALE`, but at least one.
pub fn less(n: usize) -> usize {
    (n * percent().min(100) as usize / 100).max(1)
}

/// Numbers of compile threads that differ.
pub fn thread_counts() -> &'static [usize] {
    if percent() < 100 { &[0, 2] } else { &[0, 1, 2, 4] }
}

/// A section.
pub fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = vec![id];
    leb(&mut out, contents.len() as u64);
    out.extend_from_slice(contents);
    out
}

/// A module of these sections.
pub fn of_sections(sections: &[Vec<u8>]) -> Vec<u8> {
    [&b"\0asm\x01\0\0\0"[..], &sections.concat()].concat()
}

/// A number in LEB128 of five bytes.
fn leb5(out: &mut Vec<u8>, n: u32) {
    out.extend((0..4).map(|i| (n >> (7 * i)) as u8 & 0x7f | 0x80));
    out.push((n >> 28) as u8);
}

fn read_leb(bytes: &[u8], at: &mut usize) -> u32 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = bytes[*at];
        *at += 1;
        value |= u32::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return value;
        }
    }
}

/// The sections of a valid module: number and contents.
pub fn sections(wasm: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let (mut at, mut all) = (8, Vec::new());
    while at < wasm.len() {
        let id = wasm[at];
        at += 1;
        let len = read_leb(wasm, &mut at) as usize;
        all.push((id, wasm[at..at + len].to_vec()));
        at += len;
    }
    all
}

/// The same module with all sizes of sections and bodies in five bytes.
pub fn padded(wasm: &[u8]) -> Vec<u8> {
    let mut out = wasm[..8].to_vec();
    for (id, contents) in sections(wasm) {
        let contents = if id == 10 {
            let (mut at, mut code) = (0, Vec::new());
            let count = read_leb(&contents, &mut at);
            leb5(&mut code, count);
            for _ in 0..count {
                let len = read_leb(&contents, &mut at) as usize;
                leb5(&mut code, len as u32);
                code.extend_from_slice(&contents[at..at + len]);
                at += len;
            }
            code
        } else {
            contents
        };
        out.push(id);
        leb5(&mut out, contents.len() as u32);
        out.extend(contents);
    }
    out
}

/// A module with every section, names in several alphabets, bodies with long immediates, and custom sections
/// everywhere.
pub fn rich() -> Vec<u8> {
    let text = r#"(module $"имя"
        (type $t (func (param i32 i64) (result i64))) (type (func))
        (import "môdule" "функция 🦀" (func $f (type $t))) (import "m" "记忆" (memory 1 3))
        (import "m" "g" (global $g i32))
        (table $a 4 9 funcref) (table $b 2 externref)
        (memory $second 1)
        (global $h (mut i64) (i64.const 0x7766554433221100)) (global f64 (f64.const 0x1.8p+7))
        (export "一" (func $g1)) (export "two" (memory $second)) (export "" (table $b))
        (start $init)
        (elem (i32.const 1) func $f $g1) (elem $e externref (ref.null extern)) (elem declare func $init)
        (func $init (local i32 i64 f32) (global.set $h (i64.const -0x7fffffffffffffff))
        (memory.fill $second (i32.const 0) (i32.const 1) (i32.const 300)))
        (func $g1 (type $t) (local $x f64) (local $y i64)
            (local.set $x (f64.const 1.2345678901234567))
            (block $out (loop $in (br_table $in $out $in $out (i32.const 128)) ))
            (drop (call_indirect $a (type $t) (local.get 0) (local.get 1) (i32.const 1)))
            (i64.add (i64.load offset=0xfffffff (local.get 0)) (i64.trunc_sat_f64_s (local.get $x))))
        (func (result f32) (f32.const nan:0x200000))
        (data $d "passive \00\ff") (data (i32.const 10) "active") (data (memory $second) (i32.add (i32.const 5)
        (i32.const 7)) "sum")
        (func (memory.init $d (i32.const 0) (i32.const 0) (i32.const 3)) (data.drop $d)
        (table.init $b $e (i32.const 0) (i32.const 0) (i32.const 1)))
        (@custom "producers" (before first) "\00") (@custom "ünïcode" (after type) "some bytes")
        (@custom "c" (after import) "") (@custom "d" (before code) "dd")
        (@custom "e" (after code) "eee") (@custom "f" (after data) "ffff"))"#;
    wat::parse_str(text).expect("the text is well-formed")
}

/// A module of `funcs` functions that call each other, with bodies of a few hundred bytes.
pub fn large(funcs: usize) -> Vec<u8> {
    let mut text = "(module (memory 1) (table 1 funcref)\n".to_string();
    for i in 0..funcs {
        write!(text, "(func $f{i} (export \"f{i}\") (param i32 i64) (result i32) (local i32 i32)")
            .expect("strings take everything");
        for j in 0..20 {
            write!(
                text,
                "(local.set 2 (i32.add (local.get 0) (i32.mul (i32.const {}) (i32.load offset={j} (local.get 3)))))
                 (if (i32.lt_s (local.get 2) (i32.const {i})) (then (local.set 3 (call {} (local.get 2) \
                 (local.get 1)))))",
                i * 1000 + j,
                (i * 7 + 3 + j) % funcs
            )
            .expect("strings take everything");
        }
        text += "(i32.xor (local.get 2) (local.get 3)))\n";
    }
    wat::parse_str(&(text + ")")).expect("the text is well-formed")
}

/// Ways to cut `len` bytes into chunks, each as the ends of the chunks: one chunk, single bytes, with empty ones
/// everywhere, random ones, the last byte alone.
pub fn splits(len: usize, rng: &mut Rng) -> Vec<(String, Vec<usize>)> {
    let mut all = vec![
        ("one chunk".to_string(), vec![len]),
        ("one chunk among empty ones".to_string(), vec![0, 0, len, len, len]),
        ("the last byte alone".to_string(), vec![len.saturating_sub(1), len]),
        ("the first byte alone".to_string(), vec![len.min(1), len]),
    ];
    if len < 50_000 {
        all.push(("single bytes".to_string(), (1..=len).collect()));
        all.push(("single bytes and empty chunks".to_string(), (1..=len).flat_map(|i| [i, i]).collect()));
    }
    for most in [3, 17, 200, 5000, 70_000] {
        if len / most < 20_000 {
            let (mut at, mut ends) = (0, Vec::new());
            while at < len {
                at = len.min(at + rng.below(most + 1));
                ends.push(at);
            }
            all.push((format!("random chunks of up to {most} bytes"), ends));
        }
    }
    all
}

/// Compiles the bytes in chunks that end at `ends`.
pub fn compile(engine: &Engine, bytes: &[u8], ends: &[usize]) -> Result<Module, CompileError> {
    let (mut compiler, mut start) = (StreamingCompiler::new(engine), 0);
    for &end in ends {
        compiler.push(&bytes[start..end])?;
        start = end;
    }
    compiler.finish()
}

/// Everything of an outcome that depends on the bytes alone. `exact`: the machine code too.
pub fn describe(outcome: &Result<Module, CompileError>, exact: bool) -> String {
    let module = match outcome {
        Err(e) => return format!("{:?} {e} {:?} {:?}", e.kind(), e.offset(), e.func_index()),
        Ok(module) => module,
    };
    let mut text = format!("{:?} {} ", module.name(), module.compile_stats().wasm_bytes);
    for import in module.imports() {
        write!(text, "{} {} {}, ", import.module(), import.name(), import.ty()).expect("strings take everything");
    }
    for export in module.exports() {
        write!(text, "{} {}, ", export.name(), export.ty()).expect("strings take everything");
    }
    let mut functions: Vec<_> = module.functions().collect();
    functions.sort_by_key(|f| f.index);
    for f in functions {
        let code = if exact { &module.machine_code()[f.code.clone()] } else { &[] };
        let name = module.func_name(f.index);
        write!(text, "{} {name:?} {} {} {code:x?}, ", f.index, f.wasm_offset, f.code.len())
            .expect("strings take everything");
    }
    text
}

/// Compiles the bytes in all kinds of chunks. Returns the outcome, which must be the same each time.
#[track_caller]
pub fn outcome(engine: &Engine, bytes: &[u8], rng: &mut Rng, exact: bool) -> Result<(), CompileError> {
    let whole = compile(engine, bytes, &[bytes.len()]);
    let expected = describe(&whole, exact);
    for (name, ends) in splits(bytes.len(), rng) {
        let found = describe(&compile(engine, bytes, &ends), exact);
        assert!(found == expected, "{name}: {found}\nbut {expected}");
    }
    whole.map(drop)
}

/// Message and offset of the first fault, as wasmparser has it.
pub fn reference(bytes: &[u8]) -> Result<(), (String, usize)> {
    wasmparser_says(FEATURES, bytes)
}

/// The verdict on the bytes, which must be wasmparser's; a fault may be known before the bytes that wasmparser would
/// wait for.
#[track_caller]
pub fn judged_as_by_wasmparser(engine: &Engine, bytes: &[u8], rng: &mut Rng, what: &str) -> Result<(), CompileError> {
    let found = outcome(engine, bytes, rng, true);
    let verdict = found.as_ref().map_err(|e| (e.message().to_string(), e.offset().unwrap_or(usize::MAX))).copied();
    match (verdict, reference(bytes)) {
        (Err((found, _)), Err((expected, _))) if expected == "unexpected end-of-file" => {
            let early = found == expected || found.starts_with("malformed section id") || found.contains("limit");
            assert!(early, "{what}: {found}, wasmparser: {expected}");
        }
        (found, expected) => assert_eq!(found, expected, "{what}"),
    }
    found
}

/// Waits until the engine has no memory for code any more; threads may take a moment to release the bodies that they
/// compile.
#[track_caller]
pub fn no_code_is_left(engine: &Engine) {
    let end = Instant::now() + Duration::from_secs(20);
    while engine.code_memory() != 0 {
        assert!(Instant::now() < end, "{} bytes are left", engine.code_memory());
        std::thread::sleep(Duration::from_millis(1));
    }
}
