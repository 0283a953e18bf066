//! Sections against wasmparser: modules in which bytes outside of bodies were changed must get wasmparser's verdict, its
//! message and its offset. What is accepted is also shown to wasmparser as it was taken in, which debug builds check.
//!
//! `HEADWATER_ORACLE_MUTANTS` and `HEADWATER_ORACLE_SEED` make a run longer, or different.

mod support;

use headwater::{CompileErrorKind, Config, Engine, Module};
use support::{FEATURES, Rng, hex, setting, wasmparser_says};
use wasmparser::{Parser, WasmFeatures};

/// Modules with sections of all forms.
const SOURCES: &[&str] = &[
    // Types: groups, subtypes, the same types twice.
    r#"(module
         (type $plain (func (param i32 i64 f32 f64 v128 funcref externref) (result i32)))
         (type $again (func (param i32 i64 f32 f64 v128 funcref externref) (result i32)))
         (rec (type $s (sub (struct (field i8) (field (mut (ref null $a))) (field (ref null any)))))
              (type $a (array (mut (ref null $s)))) (type $f (func (param (ref $a)) (result (ref null $s) i31ref))))
         (rec (type $s2 (sub (struct (field i8) (field (mut (ref null $a2))) (field (ref null any)))))
              (type $a2 (array (mut (ref null $s2)))) (type $f2 (func (param (ref $a2)) (result (ref null $s2) i31ref))))
         (type $t (sub $s (struct (field i8) (field (mut (ref null $a2))) (field (ref eq)) (field i16) (field (mut f64)))))
         (type $u (sub final $t (struct (field i8) (field (mut (ref null $a))) (field (ref i31)) (field i16)
           (field (mut f64)) (field exnref) (field nullexnref) (field nullexternref) (field nullfuncref))))
         (type $g (sub (func (param (ref $t)) (result anyref)))) (type $h (sub $g (func (param (ref $s)) (result (ref $u)))))
         (type $arr (sub (array (ref null $s)))) (type $arr2 (sub final $arr (array (ref $t))))
         (rec (type (func (param i32)))) (type (sub (func))) (type (sub final (func))) (type (func)) (type $bytes (array i8))
         (func (param (ref $arr2)) (result (ref $arr)) (local.get 0)))"#,
    // Groups without types, and a first type that has no fields.
    r#"(module (rec) (rec (type (struct)) (type (func))) (rec) (rec) (type (sub (array i8))) (rec) (type (struct)) (rec)
         (func (param (ref 0) (ref null 2)) (result (ref null 3)) (local.get 0)))"#,
    // Imports and exports of all kinds.
    r#"(module
         (type $f (func (param i32) (result i32 i64))) (type $e (func (param f32)))
         (import "a" "func" (func (type $f))) (import "a" "table" (table 1 2 funcref))
         (import "a" "table64" (table i64 1 externref)) (import "a" "memory" (memory 1 3))
         (import "b" "shared" (memory 1 3 shared)) (import "b" "memory64" (memory i64 1 0x10000))
         (import "b" "global" (global i32)) (import "b" "variable" (global (mut (ref null $f))))
         (import "c" "tag" (tag (type $e))) (import "" "" (func (type $e))) (import "\c3\a9" "\f0\9f\8e\88" (global v128))
         (func $own (type $e)) (start $start) (func $start)
         (export "f" (func 0)) (export "own" (func $own)) (export "t" (table 1)) (export "m" (memory 2))
         (export "g" (global 1)) (export "tag" (tag 0)) (export "" (func 1)))"#,
    // Tables, globals and constant expressions.
    r#"(module
         (type $f (func)) (type $s (struct (field i8) (field (mut i64)) (field (ref null $f)) (field externref)))
         (type $v (array (mut i16))) (type $r (array (ref null $s))) (type $n (array (ref $f)))
         (import "m" "g" (global $g i32)) (import "m" "h" (global $h i64)) (import "m" "x" (global $x externref))
         (table $t 2 4 (ref $f) (ref.func $one)) (table $u 3 (ref null $s)) (table $w i64 1 funcref)
         (global i32 (i32.const -1)) (global i64 (i64.const 0x123456789abcdef0)) (global f32 (f32.const 1.5))
         (global f64 (f64.const -0)) (global v128 (v128.const i64x2 1 2)) (global (mut i32) (i32.const 0x7fffffff))
         (global i32 (i32.add (global.get $g) (i32.mul (i32.const 3) (i32.sub (i32.const 4) (global.get 3)))))
         (global i64 (i64.mul (i64.add (i64.const 1) (global.get $h)) (i64.sub (i64.const 2) (i64.const 3))))
         (global $ref (ref $f) (ref.func $one)) (global funcref (ref.func $two)) (global funcref (global.get $ref))
         (global (ref null $f) (ref.null nofunc)) (global externref (ref.null extern)) (global exnref (ref.null exn))
         (global $obj (ref $s) (struct.new $s (i32.const 1) (i64.const 2) (ref.func $one) (global.get $x)))
         (global anyref (struct.new_default $s)) (global (ref null $r) (array.new_fixed $r 2 (global.get $obj) (ref.null none)))
         (global (ref $v) (array.new $v (i32.const 7) (i32.const 3))) (global eqref (array.new_default $v (i32.const 5)))
         (global i31ref (ref.i31 (i32.const 5))) (global externref (extern.convert_any (ref.i31 (i32.const 1))))
         (global anyref (any.convert_extern (global.get $x))) (global (ref $n) (array.new_fixed $n 1 (ref.func $two)))
         (func $one (export "one") (type $f)) (func $two (type $f)))"#,
    // Segments of all forms.
    r#"(module
         (type $f (func)) (type $a (array i8))
         (import "m" "g" (global $g i32))
         (table $t 10 funcref) (table $r 10 (ref null $f)) (table $w i64 5 externref) (table $x 3 anyref)
         (memory 1) (memory $m i64 1) (tag (param i32)) (tag (type $f))
         (elem (i32.const 0) $one $two) (elem (global.get $g) func $one) (elem func $two $two) (elem declare func $one)
         (elem (table $t) (i32.add (i32.const 1) (global.get $g)) func $one)
         (elem (i32.const 1) funcref (ref.func $one) (ref.null func)) (elem (ref $f) (ref.func $two))
         (elem (table $r) (i32.const 0) (ref null $f) (ref.func $one) (ref.null nofunc))
         (elem (table $w) (i64.const 0) externref (ref.null extern)) (elem declare (ref null $f) (ref.func $two))
         (elem (table $x) (i32.const 0) anyref (ref.i31 (i32.const 3)) (array.new_default $a (i32.const 2)))
         (elem funcref) (elem func)
         (func $one (type $f) (memory.init $p (i32.const 0) (i32.const 0) (i32.const 0))) (func $two (type $f))
         (data (i32.const 0) "abc") (data $p "passive") (data (memory $m) (i64.const 70000) "far") (data (global.get $g) "")
         (data (i32.add (i32.const 4) (i32.mul (global.get $g) (i32.const 2))) "sum"))"#,
    // Pages of other sizes, and no bodies at all.
    r#"(module (import "m" "m" (memory 0 (pagesize 1))) (memory 1 2 (pagesize 1)) (memory i64 3 (pagesize 65536))
         (global (export "g") i32 (i32.const 1)) (export "m" (memory 0)) (data (i32.const 0) "x"))"#,
    // As compilers of C make them.
    r#"(module
         (type (func (param i32 i32) (result i32))) (type (func (param i32))) (type (func))
         (import "env" "f" (func (type 0))) (import "env" "memory" (memory 2))
         (func (type 1)) (func (type 2)) (table 3 3 funcref)
         (global (mut i32) (i32.const 66560)) (global i32 (i32.const 1024))
         (export "_start" (func 2)) (export "__heap_base" (global 1)) (export "table" (table 0))
         (elem (i32.const 1) 1 2) (data (i32.const 1024) "text"))"#,
];

/// What a section is and where it begins: the place of its number, of its contents and of its end.
struct Section {
    id: u8,
    start: usize,
    contents: usize,
    end: usize,
}

fn sections(wasm: &[u8]) -> Vec<Section> {
    let mut at = 8;
    let mut sections = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Some((id, range)) = payload.expect("the sources are well-formed").as_section() else { continue };
        let (contents, end) = (range.start as usize, range.end as usize);
        sections.push(Section { id, start: at, contents, end });
        at = end;
    }
    sections
}

/// The module with other contents in this section.
fn with(wasm: &[u8], section: &Section, contents: &[u8]) -> Vec<u8> {
    let mut out = wasm[..=section.start].to_vec();
    let mut rest = contents.len();
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
    out.extend_from_slice(contents);
    out.extend_from_slice(&wasm[section.end..]);
    out
}

fn change(rng: &mut Rng, contents: &mut Vec<u8>) {
    const BYTES: [u8; 24] = [
        0, 1, 2, 3, 4, 5, 7, 0x0b, 0x20, 0x23, 0x41, 0x5e, 0x5f, 0x60, 0x63, 0x64, 0x6e, 0x70, 0x7e, 0x7f, 0x80, 0xd0,
        0xfb, 0xff,
    ];
    let at = rng.below(contents.len());
    let byte = if rng.below(3) == 0 { rng.below(256) as u8 } else { BYTES[rng.below(BYTES.len())] };
    match rng.below(8) {
        0 => contents.insert(at, byte),
        1 => drop(contents.remove(at)),
        2 => contents[at] = contents[at].wrapping_add(1),
        3 => contents[at] = contents[at].wrapping_sub(1),
        4 => {
            // A piece once more.
            let end = (at + 1 + rng.below(8)).min(contents.len());
            let piece = contents[at..end].to_vec();
            contents.splice(at..at, piece);
        }
        _ => contents[at] = byte,
    }
}

/// Engines with all features, and with some off that sections depend on.
fn engines() -> Vec<(WasmFeatures, Engine)> {
    let gc = WasmFeatures::GC;
    let off = [
        WasmFeatures::empty(),
        WasmFeatures::MUTABLE_GLOBAL,
        WasmFeatures::MULTI_VALUE,
        WasmFeatures::MULTI_MEMORY,
        WasmFeatures::MEMORY64,
        WasmFeatures::THREADS,
        WasmFeatures::EXTENDED_CONST,
        WasmFeatures::CUSTOM_PAGE_SIZES,
        WasmFeatures::EXCEPTIONS.union(WasmFeatures::LEGACY_EXCEPTIONS),
        WasmFeatures::SIMD.union(WasmFeatures::RELAXED_SIMD),
        gc,
        gc.union(WasmFeatures::FUNCTION_REFERENCES),
        gc.union(WasmFeatures::BULK_MEMORY).union(WasmFeatures::REFERENCE_TYPES).union(WasmFeatures::GC_TYPES),
        gc.union(WasmFeatures::REFERENCE_TYPES).union(WasmFeatures::GC_TYPES),
    ];
    let engine =
        |off| Engine::new(Config::new().compile_threads(0).wasm_features(FEATURES, true).wasm_features(off, false));
    off.into_iter().map(|off| (FEATURES.difference(off), engine(off).expect("features can be turned off"))).collect()
}

/// What is wrong with Headwater's verdict of a module, if something is.
fn fault(features: WasmFeatures, engine: &Engine, wasm: &[u8]) -> Option<String> {
    let expected = wasmparser_says(features, wasm);
    let found = std::panic::catch_unwind(|| Module::new(engine, wasm)).map_err(|panic| {
        panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "a panic without a message".to_string())
    });
    let found = match found {
        Ok(found) => found,
        Err(panic) => return Some(format!("wasmparser: {expected:?}\nHeadwater panics: {panic}")),
    };
    let agree = match (&expected, &found) {
        (Ok(()), Ok(_)) => true,
        // Types of later features, which wasmparser has with exceptions; memories that are too large for this engine.
        (Ok(()), Err(error)) => matches!(error.kind(), CompileErrorKind::Unsupported { .. } | CompileErrorKind::Limit),
        // wasmparser takes less element segments.
        (Err((message, _)), Err(_)) if message.starts_with("element segments count exceeds") => true,
        (Err((message, offset)), Err(error)) => {
            // Names in messages are printable here.
            let is_printable = !message.chars().any(char::is_control);
            (message == error.message() || !is_printable) && Some(*offset) == error.offset()
        }
        (Err(_), Ok(_)) => false,
    };
    (!agree).then(|| format!("wasmparser: {expected:?}\nHeadwater: {:?}", found.map(drop)))
}

/// What a section must not be there for without a feature is refused, even if it has no entries.
#[test]
fn empty_sections_are_judged_as_by_wasmparser() {
    let mut modules: Vec<Vec<u8>> = (1..=13).map(|id| [b"\0asm\x01\0\0\0".as_slice(), &[id, 1, 0]].concat()).collect();
    for text in SOURCES {
        let wasm = wat::parse_str(text).expect("the sources are well-formed");
        modules.extend(sections(&wasm).iter().filter(|s| s.id != 0 && s.id != 10).map(|s| with(&wasm, s, &[0])));
    }
    for (features, engine) in engines() {
        for wasm in &modules {
            let fault = fault(features, &engine, wasm);
            assert_eq!(fault, None, "features off: {:?}\n{}", FEATURES.difference(features), hex(wasm));
        }
    }
}

#[test]
fn changed_sections_are_judged_as_by_wasmparser() {
    let mut rng = Rng(setting("HEADWATER_ORACLE_SEED", 1));
    let mutants = setting("HEADWATER_ORACLE_MUTANTS", 60_000);
    let engines = engines();
    let sources: Vec<Vec<u8>> =
        SOURCES.iter().map(|text| wat::parse_str(text).expect("the sources are well-formed")).collect();
    for wasm in &sources {
        assert_eq!(fault(FEATURES, &engines[0].1, wasm), None);
    }
    let (mut valid, mut failures) = (0, Vec::new());
    for _ in 0..mutants {
        let wasm = rng.pick(&sources);
        let sections = sections(wasm);
        let section = &sections[rng.below(sections.len())];
        // Bodies are another test's; custom sections have no faults.
        if section.id == 10 || section.id == 0 {
            continue;
        }
        let mut contents = wasm[section.contents..section.end].to_vec();
        for _ in 0..1 + rng.below(2) {
            if !contents.is_empty() {
                change(&mut rng, &mut contents);
            }
        }
        let mutant = with(wasm, section, &contents);
        let (features, engine) = if rng.below(3) == 0 { rng.pick(&engines) } else { &engines[0] };
        valid += u64::from(wasmparser_says(*features, &mutant).is_ok());
        if let Some(fault) = fault(*features, engine, &mutant) {
            let off = FEATURES.difference(*features);
            failures.push(format!("{fault}\nfeatures off: {off:?}, section {}\n{}", section.id, hex(&mutant)));
            if failures.len() == 5 {
                break;
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(valid * 20 > mutants, "of {mutants} mutants only {valid} are valid: the changes are too wild");
}
