//! The outcome of a stream depends on its bytes, not on how they are split or which thread compiles them; and nothing
//! is left of a stream that is over.

#[path = "api_common/emulator.rs"]
mod emulator;
mod support;

use headwater::{CompileError, CompileErrorKind, Config, Engine, Instance, Limits, Module, Store, StreamingCompiler};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use support::{FEATURES, wasmparser_says};

/// Small modules that together have every section.
const MODULES: &[&str] = &[
    "(module)",
    r#"(module $named
         (import "env" "print" (func $print (param i32)))
         (import "env" "mem" (memory 1 2))
         (import "env" "g" (global $g i32))
         (table $t 4 funcref)
         (global $m (mut i64) (i64.const 7))
         (global $e i32 (i32.add (global.get $g) (i32.const 4)))
         (export "run" (func $run))
         (export "mem" (memory 0))
         (export "t" (table $t))
         (elem (i32.const 1) func $run $even $odd)
         (elem declare func $even)
         (func $run (param i32) (result i32)
           (call $print (local.get 0))
           (call $even (local.get 0)))
         (func $even (param $n i32) (result i32)
           (if (result i32) (i32.eqz (local.get $n))
             (then (i32.const 1))
             (else (call $odd (i32.sub (local.get $n) (i32.const 1))))))
         (func $odd (param $n i32) (result i32)
           (if (result i32) (i32.eqz (local.get $n))
             (then (i32.const 0))
             (else (call $even (i32.sub (local.get $n) (i32.const 1))))))
         (data (i32.const 8) "hello, world")
         (data "passive"))"#,
    r#"(module
         (type $f (func (param i32 i32) (result i32)))
         (memory 1)
         (table 2 2 funcref)
         (elem (i32.const 0) $add $sub)
         (start $init)
         (func $init (i32.store (i32.const 0) (call_indirect (type $f) (i32.const 3) (i32.const 4) (i32.const 1))))
         (func $add (type $f) (i32.add (local.get 0) (local.get 1)))
         (func $sub (type $f) (i32.sub (local.get 0) (local.get 1)))
         (func (export "sum") (param $n i32) (result i32) (local $s i32)
           (loop $again
             (local.set $s (i32.add (local.get $s) (i32.load (i32.shl (local.get $n) (i32.const 2)))))
             (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
           (local.get $s))
         (func (export "copy") (memory.copy (i32.const 0) (i32.const 100) (i32.const 10)))
         (@custom "after" "some bytes"))"#,
    r#"(module
         (memory $a 1) (memory $b 1)
         (func (export "f") (param f64 f32 i64) (result f64 i64)
           (f64.store $b (i32.const 8) (f64.add (local.get 0) (f64.promote_f32 (local.get 1))))
           (local.set 2 (block $out (result i64)
             (br_table $out $out $out (local.get 2) (i32.wrap_i64 (local.get 2)))))
           (i64.store $a (i32.const 0) (local.get 2))
           (f64.load $b (i32.const 8))
           (i64.load $a (i32.const 0)))
         (data $d "bytes")
         (func (export "init") (memory.init $b $d (i32.const 0) (i32.const 0) (i32.const 5)) (data.drop $d)))"#,
    r#"(module
         (import "env" "t" (tag $imported (param i32 f64)))
         (import "env" "f" (func $f (param i32)))
         (tag $own (param i64))
         (export "own" (tag $own))
         (func $many (export "many") (param i32 i32 i64 f64) (result i32 f64)
           (block $e (result i32 f64)
             (block $o (result i64 exnref)
               (try_table (catch $imported $e) (catch_ref $own $o)
                 (call $f (local.get 0))
                 (throw $own (local.get 2)))
               (return_call $many (local.get 1) (local.get 0) (i64.const 1) (local.get 3)))
             (throw_ref)))
         (func (export "old") (param i32) (result i32)
           try $l (result i32)
             try (call $f (local.get 0)) (throw $own (i64.const 3)) delegate $l
             i32.const 1
           catch $own
             i32.wrap_i64
           catch $imported
             drop
           catch_all
             rethrow $l
           end))"#,
];

/// Data sections of many kinds of segments, one behind the other, and custom sections around them.
fn data_modules() -> Vec<Vec<u8>> {
    let mut many = "(module (import \"a\" \"g\" (global $g i32)) (memory 1) (memory 1)".to_string();
    for i in 0..40 {
        match i % 8 {
            0 => write!(many, "(data \"passive {i}\")"),
            1 => write!(many, "(data (memory 1) (i32.const {i}) \"second memory\")"),
            2 => write!(many, "(data (global.get $g) \"from an import\")"),
            3 => write!(many, "(data (i32.add (i32.const {i}) (i32.mul (global.get $g) (i32.const 4))) \"sum\")"),
            4 => write!(many, "(data (i32.const -1))"),
            5 => write!(many, "(data (i32.const {}) \"{}\")", 1 << (i % 31), "long ".repeat(60)),
            _ => write!(many, "(data (i32.const {}) \"x\")", i * 100),
        }
        .unwrap();
    }
    many.push_str("(func) (@custom \"name\" (after data) \"\\00\\03\\02me\") (@custom \"other\" \"bytes\"))");
    let with_code = wasm(&many);
    let without_code = wasm(&many.replace("(func)", ""));
    let empty = b"\0asm\x01\0\0\0\x0b\x01\0\0\x04\x03abc".to_vec();
    vec![with_code, without_code, empty]
}

#[test]
fn data_arrives_in_memory_whatever_the_split() {
    let engine = engine(0);
    let bytes = wasm(
        r#"(module (memory (export "m") 1) (data (i32.const 3) "three") (data (i32.const 64000) "far")
             (data (i32.add (i32.const 20) (i32.const 1)) "sum") (data (i32.const 5) "RE") (data "passive")
             (@custom "after" "data"))"#,
    );
    let mut expected = vec![0; 65536];
    for (at, text) in [(3, "three"), (64000, "far"), (21, "sum"), (5, "RE")] {
        expected[at..at + text.len()].copy_from_slice(text.as_bytes());
    }
    for chunk in 1..=bytes.len() {
        let module = compile(&engine, bytes.chunks(chunk)).unwrap();
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let memory = instance.get_memory(&mut store, "m").unwrap();
        assert!(memory.data(&store) == expected, "chunks of {chunk}");
    }
}

#[test]
fn faulty_data_sections_fail_as_in_wasmparser_for_any_split() {
    let engine = engine(0);
    for original in data_modules() {
        for at in 8..original.len() {
            for change in [0x01, 0x02, 0x40, 0x80, 0xff] {
                let mut bytes = original.clone();
                bytes[at] ^= change;
                let whole = compile(&engine, [&bytes[..]]);
                let (found, expected) = (verdict(&whole), reference(&bytes));
                // A section of unknown kind is refused without waiting for its end.
                let early = found.as_ref().is_err_and(|e| e.0.starts_with("malformed section id"))
                    && expected.as_ref().is_err_and(|e| e.0 == "unexpected end-of-file");
                assert!(found == expected || early, "byte {at} ^ {change:#x}: {found:?}, not {expected:?}");
                let whole = describe(&whole);
                let middle = bytes.len() / 2;
                for split in [at, at + 1, middle] {
                    let (a, b) = bytes.split_at(split);
                    assert_eq!(describe(&compile(&engine, [a, b])), whole, "byte {at} ^ {change:#x}, split at {split}");
                }
                if change == 1 {
                    assert_eq!(describe(&compile(&engine, bytes.chunks(1))), whole, "byte {at} ^ {change:#x}, bytes");
                }
            }
        }
        for len in 8..original.len() {
            let cut = &original[..len];
            let expected = reference(cut);
            assert_eq!(verdict(&compile(&engine, [cut])), expected, "{len} bytes");
            assert_eq!(verdict(&compile(&engine, cut.chunks(3))), expected, "{len} bytes by threes");
        }
    }
}

#[test]
fn what_follows_a_section_taken_in_as_it_arrives_is_judged_as_by_wasmparser() {
    let engine = engine(0);
    let custom = b"\0\x04\x01axx";
    let data = b"\x0b\x01\0";
    let ends: [&[u8]; 8] =
        [b"\x01\x01\0", b"\x0a\x01\0", data, b"\x0c\x01\x01", custom, b"\0\x02\x05a", b"\0asm", b"\x0e\0"];
    let starts: [&[u8]; 4] = [b"", b"\x01\x04\x01\x60\0\0\x03\x02\x01\0", b"\x0c\x01\x01", b"\x05\x03\x01\0\x01"];
    for start in starts {
        for middle in [&custom[..], data, &[&custom[..], data].concat(), &[&data[..], custom].concat()] {
            for end in ends.iter().chain([&&b""[..]]) {
                let bytes = [b"\0asm\x01\0\0\0", start, middle, *end].concat();
                let expected = reference(&bytes);
                assert_eq!(verdict(&compile(&engine, [&bytes[..]])), expected, "{bytes:x?}");
                assert_eq!(verdict(&compile(&engine, bytes.chunks(1))), expected, "{bytes:x?} in single bytes");
            }
        }
    }
}

/// Modules that wasmparser rejects, each at another place.
const INVALID: &[&str] = &[
    r#"(module (func (result i32) (i64.const 1)))"#,
    r#"(module (func) (func (local.get 7) drop) (func (i32.add)))"#,
    r#"(module (func (call 9)))"#,
    r#"(module (func (drop)) (export "f" (func 3)))"#,
    r#"(module (memory 1) (func (i32.load align=8 (i32.const 0)) drop) (data (i64.const 0) "x"))"#,
    r#"(module (func (nop)) (data 1 (i32.const 0) "x"))"#,
    r#"(module (global i32 (i64.const 0)))"#,
    r#"(module (memory 70000))"#,
    r#"(module (func (param v128) (result i32) (i32.add (local.get 0) (i32.const 1))))"#,
    r#"(module (func (param v128) (result f32) (f64x2.extract_lane 1 (local.get 0))))"#,
    r#"(module (func (param contref)))"#,
];

fn engine(threads: usize) -> Engine {
    Engine::new(Config::new().compile_threads(threads)).unwrap()
}

fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

fn compile<'a>(engine: &Engine, chunks: impl IntoIterator<Item = &'a [u8]>) -> Result<Module, CompileError> {
    let mut compiler = StreamingCompiler::new(engine);
    for chunk in chunks {
        compiler.push(chunk)?;
    }
    compiler.finish()
}

/// Everything of an outcome that must not depend on the splits.
fn describe(outcome: &Result<Module, CompileError>) -> String {
    match outcome {
        Err(e) => format!("{:?} {e} {:?} {:?}", e.kind(), e.offset(), e.func_index()),
        Ok(module) => {
            let mut text = String::new();
            for import in module.imports() {
                writeln!(text, "{} {} {}", import.module(), import.name(), import.ty()).unwrap();
            }
            for export in module.exports() {
                writeln!(text, "{} {}", export.name(), export.ty()).unwrap();
            }
            let stats = module.compile_stats();
            writeln!(text, "{:?} {} {}", module.name(), stats.wasm_bytes, stats.functions).unwrap();
            for f in module.functions() {
                writeln!(text, "{} {} {:x?}", f.index, f.wasm_offset, &module.machine_code()[f.code.clone()]).unwrap();
                for (at, tried) in module.handled_calls().filter(|(at, _)| f.code.contains(at)) {
                    let tried = tried.iter().map(|(landing, tag)| (landing - f.code.start, tag));
                    writeln!(text, "{} {:?}", at - f.code.start, tried.collect::<Vec<_>>()).unwrap();
                }
            }
            text
        }
    }
}

/// wasmparser's verdict on a module whose faults are reported in byte order.
fn reference(bytes: &[u8]) -> Result<(), (String, usize)> {
    wasmparser_says(FEATURES, bytes)
}

/// As a result that compares with [`reference`].
fn verdict(outcome: &Result<Module, CompileError>) -> Result<(), (String, usize)> {
    match outcome {
        Ok(_) => Ok(()),
        Err(e) => Err((e.message().to_string(), e.offset().expect("faults in bytes have an offset"))),
    }
}

#[test]
fn every_split_has_the_outcome_of_one_chunk() {
    let engine = engine(0);
    for text in MODULES.iter().chain(INVALID) {
        let bytes = wasm(text);
        let whole = describe(&compile(&engine, [&bytes[..]]));
        assert_eq!(describe(&compile(&engine, bytes.chunks(1))), whole, "bytes of {text}");
        assert_eq!(describe(&compile(&engine, bytes.chunks(7))), whole, "sevens of {text}");
        for at in 0..=bytes.len() {
            let (a, b) = bytes.split_at(at);
            assert_eq!(describe(&compile(&engine, [a, b])), whole, "split at {at} of {text}");
        }
    }
}

#[test]
fn valid_modules_compile_and_invalid_ones_fail_as_in_wasmparser() {
    let engine = engine(0);
    for text in MODULES {
        assert_eq!(verdict(&Module::new(&engine, wasm(text))), Ok(()), "{text}");
    }
    for text in INVALID {
        let bytes = wasm(text);
        let expected = reference(&bytes);
        assert!(expected.is_err());
        assert_eq!(verdict(&Module::new(&engine, &bytes)), expected, "{text}");
    }
}

#[test]
fn a_fault_in_a_body_names_its_function() {
    let bytes = wasm(INVALID[1]);
    let error = Module::new(&engine(0), &bytes).unwrap_err();
    assert_eq!(error.kind(), CompileErrorKind::Invalid);
    assert_eq!(error.func_index(), Some(1));
    assert!(error.to_string().ends_with(&format!("(at offset 0x{:x})", error.offset().unwrap())), "{error}");
}

#[test]
fn a_module_that_is_cut_off_fails_as_in_wasmparser() {
    let engine = engine(0);
    for text in MODULES {
        let bytes = wasm(text);
        for len in 0..bytes.len() {
            let cut = &bytes[..len];
            let expected = reference(cut);
            assert_eq!(verdict(&compile(&engine, [cut])), expected, "{len} bytes of {text}");
            assert_eq!(verdict(&compile(&engine, cut.chunks(1))), expected, "{len} single bytes of {text}");
        }
    }
}

#[test]
fn any_changed_byte_is_judged_as_by_wasmparser_and_alike_for_any_split() {
    let engine = engine(0);
    for text in MODULES {
        let original = wasm(text);
        for at in 0..original.len() {
            for change in [0x01, 0x02, 0x10, 0x40, 0x80, 0xff] {
                let mut bytes = original.clone();
                bytes[at] ^= change;
                let whole = compile(&engine, [&bytes[..]]);
                let mut expected = reference(&bytes);
                let mut found = verdict(&whole);
                if let (Err(e), Err(f)) = (&mut expected, &mut found)
                    && e.0 == "unexpected end-of-file"
                {
                    // A body that reaches beyond its section is reported without waiting for its end.
                    (e.1, f.1) = (0, 0);
                    // So is a section of unknown kind.
                    if f.0.starts_with("malformed section id") {
                        f.0.clone_from(&e.0);
                    }
                }
                assert_eq!(found, expected, "byte {at} ^ {change:#x} of {text}");
                let middle = bytes.len() / 2;
                for split in [at, at + 1, middle] {
                    let (a, b) = bytes.split_at(split);
                    assert_eq!(
                        describe(&compile(&engine, [a, b])),
                        describe(&whole),
                        "byte {at} ^ {change:#x}, split at {split}, of {text}"
                    );
                }
            }
        }
    }
}

#[test]
fn an_error_is_reported_by_the_push_that_proves_it_and_ever_after() {
    let engine = engine(0);
    let bytes = wasm(INVALID[1]);
    let mut compiler = StreamingCompiler::new(&engine);
    let proven =
        (1..=bytes.len()).find(|&len| compiler.push(&bytes[len - 1..len]).is_err()).expect("the module is not valid");
    // The second of three bodies is wrong: the third need not arrive.
    assert!(proven <= bytes.len() - 4, "{proven} of {}", bytes.len());
    let again = compiler.push(b"more").unwrap_err().to_string();
    assert_eq!(again, Module::new(&engine, &bytes).unwrap_err().to_string());
    assert_eq!(compiler.finish().unwrap_err().to_string(), again);
}

#[test]
fn what_cannot_become_valid_is_refused_before_it_is_complete() {
    let engine = engine(0);
    let header = b"\0asm\x01\0\0\0";
    let refuse = |bytes: &[u8]| {
        let mut compiler = StreamingCompiler::new(&engine);
        compiler.push(header).unwrap();
        compiler.push(bytes).expect_err("the header of something invalid")
    };
    // A section of unknown kind, of 1 GiB.
    assert_eq!(refuse(b"\x0e\x80\x80\x80\x80\x04").offset(), Some(14));
    // A body larger than its section.
    let one_func = b"\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x04\x01";
    let error = refuse(&[&one_func[..], b"\x7f"].concat());
    assert_eq!((error.message(), error.offset()), ("unexpected end-of-file", Some(8 + 13)));
    // A body larger than the limit.
    let big = b"\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\xff\xff\xff\x7f\x01\xb2\x97\xd3\x03";
    let error = refuse(big);
    assert_eq!(error.kind(), CompileErrorKind::Limit);
    assert_eq!(error.message(), "function body size count exceeds limit of 7654321");
    assert_eq!(error.func_index(), Some(0));
}

#[test]
fn garbage_is_refused() {
    let engine = engine(0);
    let mut state = 1u64;
    for len in 0..200 {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        for _ in 0..len {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            bytes.push((state >> 33) as u8 & 0x0f);
        }
        let whole = compile(&engine, [&bytes[..]]);
        assert_eq!(describe(&compile(&engine, bytes.chunks(1))), describe(&whole));
        assert_eq!(whole.is_ok(), reference(&bytes).is_ok());
    }
}

/// A module of `funcs` functions that call each other, larger than what counts as small.
fn large(funcs: usize, bad: &[usize]) -> Vec<u8> {
    let mut text = "(module (memory 1) (table 1 funcref)\n".to_string();
    for i in 0..funcs {
        let (a, b) = ((i * 7 + 3) % funcs, (i * 31 + 11) % funcs);
        writeln!(text, "(func (export \"f{i}\") (param i32 i64) (result i32) (local i32 i32)").unwrap();
        for j in 0..12 {
            writeln!(
                text,
                "(local.set 2 (i32.add (local.get 0) (i32.mul (i32.const {}) (i32.load offset={j} (local.get 3)))))
                 (if (i32.lt_s (local.get 2) (i32.const {i})) (then (local.set 3 (call {a} (local.get 2) \
                 (local.get 1)))))",
                i * 1000 + j
            )
            .unwrap();
        }
        if bad.contains(&i) {
            writeln!(text, "(i64.const {i}))").unwrap();
        } else {
            writeln!(text, "(call {b} (local.get 3) (i64.const {i})))").unwrap();
        }
    }
    text.push(')');
    wasm(&text)
}

#[test]
fn any_number_of_threads_gives_the_same_functions() {
    let bytes = large(1500, &[]);
    let inline = compile(&engine(0), [&bytes[..]]).unwrap();
    assert!(inline.compile_stats().code_section_bytes > 256 << 10);
    for threads in [0, 1, 2, 4] {
        let engine = engine(threads);
        for chunk in [bytes.len(), 100_000, 1000] {
            let module = compile(&engine, bytes.chunks(chunk)).unwrap();
            let lens = |m: &Module| {
                let mut lens: Vec<_> = m.functions().map(|f| (f.index, f.code.len(), f.wasm_offset)).collect();
                lens.sort();
                lens
            };
            assert_eq!(lens(&module), lens(&inline), "{threads} threads, chunks of {chunk}");
            if threads == 0 {
                assert_eq!(module.machine_code(), inline.machine_code());
            }
            assert_eq!(module.compile_stats().machine_code_bytes, inline.compile_stats().machine_code_bytes);
        }
    }
}

#[test]
fn calls_reach_their_callees_whoever_compiled_them() {
    const FUNCS: usize = 4000;
    let next = |i: usize| (i * 7 + 3) % FUNCS;
    let mut text = "(module (export \"f\" (func 0))\n".to_string();
    for i in 0..FUNCS {
        write!(text, "(func (param i32) (result i64) (local i64) (local.set 1 (i64.const {i}))").unwrap();
        for j in 0..20 {
            write!(text, "(local.set 1 (i64.xor (i64.rotl (local.get 1) (i64.const 5)) (i64.const {j})))").unwrap();
        }
        let next = next(i);
        writeln!(
            text,
            "(if (i32.eqz (local.get 0)) (then (return (local.get 1))))
             (i64.add (local.get 1) (call {next} (i32.sub (local.get 0) (i32.const 1)))))"
        )
        .unwrap();
    }
    text.push(')');
    let bytes = wasm(&text);
    let mut expected = 0i64;
    let mut i = 0;
    for _ in 0..=2000 {
        let value = (0..20).fold(i as i64, |v, j| v.rotate_left(5) ^ j);
        expected = expected.wrapping_add(value);
        i = next(i);
    }
    for threads in [0, 1, 2, 4] {
        let engine = engine(threads);
        for chunk in [bytes.len(), 30_000] {
            let module = compile(&engine, bytes.chunks(chunk)).unwrap();
            let mut store = Store::new(&engine, ());
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let f = instance.get_typed_func::<i32, i64>(&mut store, "f").unwrap();
            assert_eq!(f.call(&mut store, 2000).unwrap(), expected, "{threads} threads, chunks of {chunk}");
        }
    }
}

#[test]
fn the_first_error_by_byte_order_is_reported_whatever_the_timing() {
    let bytes = large(1200, &[300, 301, 700, 1100]);
    let expected = reference(&bytes);
    for threads in [0, 1, 2, 4] {
        let engine = engine(threads);
        for chunk in [bytes.len(), 50_000, 777] {
            for _ in 0..3 {
                let outcome = compile(&engine, bytes.chunks(chunk));
                assert_eq!(verdict(&outcome), expected, "{threads} threads, chunks of {chunk}");
                assert_eq!(outcome.unwrap_err().func_index(), Some(300));
            }
        }
    }
    // A fault in a body takes precedence over one after the code section, or the end of the bytes.
    let mut broken = bytes.clone();
    broken.extend(b"\x0e\x00");
    for bytes in [&broken[..], &bytes[..bytes.len() * 2 / 3]] {
        assert_eq!(verdict(&compile(&engine(2), [bytes])), expected);
    }
}

#[test]
fn compiled_follows_received() {
    let bytes = large(1500, &[]);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    let mut compiler = StreamingCompiler::new(&engine(0)).with_observer(move |p| sink.lock().unwrap().push(p));
    let mut received = 0;
    for chunk in bytes.chunks(10_000) {
        compiler.push(chunk).unwrap();
        received += chunk.len() as u64;
        let last = *seen.lock().unwrap().last().unwrap();
        assert_eq!(last.received, received);
    }
    let module = compiler.finish().unwrap();
    let seen = seen.lock().unwrap();
    for pair in seen.windows(2) {
        assert!(pair[0].received <= pair[1].received && pair[0].compiled <= pair[1].compiled);
    }
    let code = module.compile_stats().code_section_bytes;
    let start = bytes.len() as u64 - code;
    for p in seen.iter().filter(|p| p.received > start + 20_000) {
        // What is left is the body that is not complete, and the sizes of the bodies.
        let due = p.received - start;
        assert!(p.compiled + 2 * u64::from(p.functions) + 4096 > due, "{p:?} {due}");
        assert!(p.compiled <= due);
    }
    let last = seen.last().unwrap();
    assert_eq!((last.received, last.functions), (bytes.len() as u64, 1500));
}

#[test]
fn with_threads_compilation_overlaps_the_stream() {
    let bytes = large(3000, &[]);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    let mut compiler = StreamingCompiler::new(&engine(2)).with_observer(move |p| sink.lock().unwrap().push(p));
    let (most, rest) = bytes.split_at(bytes.len() - 1000);
    for chunk in most.chunks(most.len() / 20) {
        compiler.push(chunk).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    compiler.push(&rest[..1]).unwrap();
    let p = *seen.lock().unwrap().last().unwrap();
    assert!(p.compiled > 0, "nothing was compiled before the last byte: {p:?}");
    compiler.push(&rest[1..]).unwrap();
    compiler.finish().unwrap();
}

#[test]
fn little_is_left_to_do_after_the_last_byte_however_fast_it_comes() {
    let bytes = large(9000, &[]);
    for threads in [1, 2] {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = seen.clone();
        let mut compiler =
            StreamingCompiler::new(&engine(threads)).with_observer(move |p| sink.lock().unwrap().push(p));
        for chunk in bytes.chunks(16 << 10) {
            compiler.push(chunk).unwrap();
        }
        let compiled = seen.lock().unwrap().last().unwrap().compiled;
        let code = compiler.finish().unwrap().compile_stats().code_section_bytes;
        assert!(code > 1 << 20, "{code}");
        // What is queued, what each thread compiles, what is being collected, and the sizes of the bodies.
        let left = code - compiled;
        assert!(left < (2 + threads as u64) * (64 << 10) + 5 * 9000, "{left} of {code} bytes, {threads} threads");
    }
}

#[test]
fn work_is_reported_by_the_threads_that_do_it() {
    let bytes = large(3000, &[]);
    for threads in [0, 2] {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = seen.clone();
        let before = std::time::Instant::now();
        let mut compiler = StreamingCompiler::new(&engine(threads))
            .with_work_observer(move |span| sink.lock().unwrap().push((std::thread::current().id(), span)));
        let mut pushes = 0;
        for chunk in bytes.chunks(30_000) {
            compiler.push(chunk).unwrap();
            pushes += 1;
        }
        let module = compiler.finish().unwrap();
        let seen = seen.lock().unwrap();
        let sum = |of: fn(&headwater::WorkSpan) -> u64| seen.iter().map(|(_, span)| of(span)).sum::<u64>();
        assert_eq!(sum(|span| u64::from(span.functions)), 3000);
        // All but the sizes of the bodies and their number.
        let sizes = module.compile_stats().code_section_bytes - sum(|span| span.compiled);
        assert!((3000..=5 * 3001).contains(&sizes), "{sizes}");
        let busy: std::time::Duration = seen.iter().map(|(_, span)| span.end - span.start).sum();
        assert!(busy.as_nanos() as u64 <= module.compile_stats().compile_ns && !busy.is_zero());
        let now = std::time::Instant::now();
        assert!(seen.iter().all(|(_, span)| before <= span.start && span.start <= span.end && span.end <= now));
        let own = std::thread::current().id();
        assert!(threads > 0 || seen.iter().all(|(thread, _)| *thread == own));
        // The body that a push completes is a span of its own.
        assert!(threads > 0 || (pushes / 2..=2 * pushes).contains(&seen.len()), "{} of {pushes}", seen.len());
        // A thread does one thing at a time.
        for (i, (thread, a)) in seen.iter().enumerate() {
            assert!(seen[i + 1..].iter().all(|(other, b)| thread != other || a.end <= b.start || b.end <= a.start));
        }
    }
}

#[test]
fn a_panic_of_who_observes_work_fails_the_module_and_hangs_nothing() {
    let bytes = large(3000, &[]);
    for threads in [0, 2] {
        let outcome = std::panic::catch_unwind(|| {
            let mut compiler = StreamingCompiler::new(&engine(threads)).with_work_observer(|_| panic!("observed"));
            compiler.push(&bytes).and_then(|()| compiler.finish()).map(|_| ())
        });
        assert!(!matches!(outcome, Ok(Ok(()))), "with {threads} threads");
    }
}

/// Mappings that may hold code: reserved, or executable and private.
fn mappings() -> usize {
    std::fs::read_to_string("/proc/self/maps")
        .unwrap()
        .lines()
        .filter(|l| (l.contains("---p") || l.contains("r-xp")) && l.split_whitespace().count() < 6)
        .count()
}

fn compile_threads() -> usize {
    std::fs::read_dir("/proc/self/task")
        .unwrap()
        .filter(|t| {
            let comm = t.as_ref().unwrap().path().join("comm");
            std::fs::read_to_string(comm).is_ok_and(|name| name.starts_with("headwater-comp"))
        })
        .count()
}

/// Run alone, in a separate process: it counts the process's resources.
#[test]
fn nothing_is_left_of_what_is_dropped() {
    if std::env::var_os("HEADWATER_TEST_ALONE").is_none() {
        let status = emulator::this_binary()
            .args(["--exact", "nothing_is_left_of_what_is_dropped", "--test-threads", "1", "--nocapture"])
            .env("HEADWATER_TEST_ALONE", "1")
            // glibc would reserve memory for each thread that allocates, and keep it.
            .env("MALLOC_ARENA_MAX", "1")
            .status()
            .unwrap();
        assert!(status.success());
        return;
    }
    let bytes = large(1000, &[]);
    let small = wasm(MODULES[1]);
    let round = || {
        for threads in [0, 1, 2, 4] {
            let engine = engine(threads);
            for at in (0..bytes.len()).step_by(bytes.len() / 23) {
                let mut compiler = StreamingCompiler::new(&engine);
                compiler.push(&bytes[..at]).unwrap();
                drop(compiler);
            }
            let modules: Vec<_> = (0..300).map(|_| Module::new(&engine, &small).unwrap()).collect();
            let large = Module::new(&engine, &bytes).unwrap();
            drop(engine);
            drop(modules);
            drop(large);
            // A thread that was waited for may be listed for a moment longer, most of all under emulation.
            let end = Instant::now() + Duration::from_secs(10);
            while compile_threads() != 0 {
                assert!(Instant::now() < end, "threads are left");
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    };
    round();
    // The C library keeps the stacks of a few threads, as many as there ever were at once. What is left behind would be
    // more after each round.
    let mut left = vec![mappings()];
    while left.len() < 3 || left[left.len() - 1] > left[left.len() - 2] {
        assert!(left.len() < 8, "mappings are left: {left:?}");
        round();
        left.push(mappings());
    }
}

#[test]
fn no_memory_is_writable_and_executable() {
    let engine = engine(1);
    let module = Module::new(&engine, large(800, &[])).unwrap();
    let small = Module::new(&engine, wasm(MODULES[1])).unwrap();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    assert!(!maps.contains("rwx"), "{maps}");
    for code in [module.machine_code(), small.machine_code()] {
        let at = code.as_ptr() as usize;
        let line = maps.lines().find(|l| {
            let (start, end) = l.split_once(' ').unwrap().0.split_once('-').unwrap();
            let parse = |s| usize::from_str_radix(s, 16).unwrap();
            (parse(start)..parse(end)).contains(&at)
        });
        assert!(line.unwrap().contains("r-xp"), "{line:?}");
    }
}

#[test]
fn limits_hold_exactly() {
    let limited = |set: &dyn Fn(&mut Limits), text: &str| {
        let mut limits = Limits::DEFAULT;
        set(&mut limits);
        let engine = Engine::new(Config::new().limits(limits).compile_threads(0)).unwrap();
        Module::new(&engine, wasm(text)).map(drop)
    };
    let two = "(module (type (func (param i32 i32))) (type (func (result i64)))
        (import \"a\" \"b\" (func)) (func (export \"x\") (local i32 i32)) (export \"y\" (memory 0))
        (memory 1) (memory 1) (table 1 funcref) (table 1 funcref)
        (global i32 (i32.const 0)) (global i32 (i32.const 0)) (elem func 0) (elem func 0)
        (data \"x\") (data \"y\"))";
    type Set = fn(&mut Limits, u32);
    let sets: [(&str, u32, Set); 11] = [
        ("types", 3, |l, n| l.types = n),
        ("functions", 2, |l, n| l.functions = n),
        ("imports", 1, |l, n| l.imports = n),
        ("exports", 2, |l, n| l.exports = n),
        ("globals", 2, |l, n| l.globals = n),
        ("element segments", 2, |l, n| l.element_segments = n),
        ("data segments", 2, |l, n| l.data_segments = n),
        ("tables", 2, |l, n| l.tables = n),
        ("memories", 2, |l, n| l.memories = n),
        ("function params", 2, |l, n| l.params = n),
        ("locals", 2, |l, n| l.locals = n),
    ];
    for (what, n, set) in sets {
        limited(&|l| set(l, n), two).unwrap_or_else(|e| panic!("{what} {n}: {e}"));
        let error = limited(&|l| set(l, n - 1), two).expect_err(what);
        assert_eq!(error.kind(), CompileErrorKind::Limit, "{what}: {error}");
        assert_eq!(error.message(), format!("{what} count exceeds limit of {}", n - 1));
        assert!(error.offset().is_some());
    }
    let size = wasm(two).len() as u64;
    limited(&|l| l.module_size = size, two).unwrap();
    let error = limited(&|l| l.module_size = size - 1, two).unwrap_err();
    assert_eq!(error.message(), format!("module size exceeds limit of {} bytes", size - 1));
}

#[test]
fn code_beyond_its_limit_is_a_clean_error() {
    let bytes = large(500, &[]);
    for threads in [0, 2] {
        let limits = limits_with_code(64 << 10);
        let engine = Engine::new(Config::new().limits(limits).compile_threads(threads)).unwrap();
        let error = Module::new(&engine, &bytes).unwrap_err();
        assert_eq!((error.kind(), error.message()), (CompileErrorKind::Limit, "machine code exceeds its limit"));
        assert!(error.func_index().is_some());
    }
}

fn limits_with_code(bytes: u32) -> Limits {
    let mut limits = Limits::DEFAULT;
    limits.machine_code = bytes;
    limits
}

#[test]
fn features_that_are_off_are_refused_in_bodies_too() {
    let engine = Engine::new(Config::new().wasm_bulk_memory(false).compile_threads(0)).unwrap();
    let error = Module::new(
        &engine,
        wasm("(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))"),
    );
    assert!(error.unwrap_err().message().contains("bulk memory"));
    let missing = Engine::new(Config::new().wasm_stack_switching(true)).unwrap_err();
    assert!(missing.to_string().contains("stack-switching"));
}

#[test]
fn each_feature_can_be_turned_off() {
    let bodies = r#"(module
        (memory 1) (table $t 2 funcref) (table $u 2 externref) (global $g (mut i32) (i32.const 0))
        (type $two (func (result i32 i32)))
        (func (export "f"))
        %)"#;
    let uses = [
        "(func (result i32) (i32.extend8_s (i32.const 1)))",
        "(func (result i64) (i64.extend32_s (i64.const 1)))",
        "(func (result i32) (i32.trunc_sat_f32_s (f32.const 1)))",
        "(func (memory.copy (i32.const 0) (i32.const 0) (i32.const 0)))",
        "(func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))",
        "(func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 0))) (data \"x\")",
        "(func (data.drop 0)) (data \"x\")",
        "(func (table.copy $t $t (i32.const 0) (i32.const 0) (i32.const 0)))",
        "(func (elem.drop 0)) (elem func 0)",
        "(func (result i32) (ref.is_null (ref.null func)))",
        "(func (drop (ref.func 0)))",
        "(func (drop (table.get $t (i32.const 0))))",
        "(func (table.set $u (i32.const 0) (ref.null extern)))",
        "(func (drop (table.grow $t (ref.null func) (i32.const 0))))",
        "(func (result i32) (table.size $t))",
        "(func (table.fill $t (i32.const 0) (ref.null func) (i32.const 0)))",
        "(func (local externref) (drop (local.get 0)))",
        "(func (result i32) (select (result i32) (i32.const 1) (i32.const 2) (i32.const 3)))",
        "(func (call_indirect $t (i32.const 0)))",
        "(func (call_indirect $u (i32.const 0)))",
        "(func (result i32) (i32.add (block (type $two) (i32.const 1) (i32.const 2))))",
        "(func (i32.const 1) (block (param i32) (drop)))",
        "(func (result i32) (i32.load 0 (i32.const 0)))",
        "(memory 1) (func (result i32) (i32.load 1 (i32.const 0)))",
        "(func (result f32) (f32.add (f32.const 1) (f32.const 2)))",
        "(func (export \"x\") (param i32) (result i32) (local.get 0))",
        "(export \"m\" (global $g))",
        "(func (param v128))",
        "(func (local v128))",
        "(func (result v128) (v128.const i64x2 1 2))",
        "(func (result i32) (v128.any_true (i32x4.splat (i32.const 1))))",
        "(func (v128.store (i32.const 0) (v128.load8_splat (i32.const 0))))",
        "(func (drop (v128.load32_lane 2 (i32.const 0) (v128.const i64x2 1 2))))",
        "(func (drop (block (result v128) (unreachable))))",
        "(func (unreachable) (i8x16.shuffle 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 31) (drop))",
        "(func (drop (i8x16.relaxed_swizzle (v128.const i64x2 1 2) (v128.const i64x2 3 4))))",
        "(func (unreachable) (f32x4.relaxed_madd) (drop))",
        "(func (return_call 0))",
        "(func (unreachable) (return_call 0))",
        "(func (return_call_indirect $t (i32.const 0)))",
        "(tag)",
        "(import \"m\" \"t\" (tag))",
        "(func (throw 0))",
        "(func (unreachable) (throw 0))",
        "(tag (param i32)) (func (throw 0 (i32.const 1)))",
        "(func (param exnref) (drop (local.get 0)))",
        "(func (throw_ref (ref.null exn)))",
        "(func (unreachable) (throw_ref))",
        "(func (block (try_table (catch_all 0))))",
        "(func (unreachable) (block (try_table (catch_all 0))))",
        "(table 1 exnref)",
        "(global exnref (ref.null exn))",
        "(func try catch_all end)",
        "(func try catch_all rethrow 0 end)",
        "(func try try delegate 0 catch_all end)",
        "(func unreachable try catch_all rethrow 0 end)",
        "(func try unreachable catch_all rethrow 0 end)",
        "(func unreachable try try delegate 0 catch_all end)",
        "(func try unreachable catch 0 end)",
        "(tag) (func try catch 0 end)",
        "(global (mut v128) (v128.const i64x2 1 2))",
        "(global i32 (i32.add (i32.const 1) (i32.const 2)))",
        "(func (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))",
        "(func (unreachable) (i64.atomic.rmw8.cmpxchg_u) (drop))",
        "(func (atomic.fence))",
        "(memory 1 2 shared)",
    ];
    for (name, feature) in FEATURES.iter_names() {
        let mut config = Config::new();
        config.compile_threads(0).wasm_features(FEATURES, true).wasm_features(feature, false);
        let engine = Engine::new(&config).unwrap();
        let features = FEATURES.difference(feature);
        for text in uses {
            for text in [format!("(module (func) (memory 1) {text})"), bodies.replace('%', text)] {
                if let Ok(bytes) = wat::parse_str(&text) {
                    let expected = wasmparser_says(features, &bytes);
                    assert_eq!(verdict(&Module::new(&engine, &bytes)), expected, "without {name}: {text}");
                }
            }
        }
    }
}

#[test]
fn names_come_from_the_name_section() {
    let module = Module::new(&engine(0), wasm(MODULES[1])).unwrap();
    assert_eq!(module.name(), Some("named"));
    assert_eq!(module.get_export("run").unwrap().to_string(), "(func (param i32) (result i32))");
    assert!(module.get_export("ran").is_none());
}

/// With the modules of `benches/fetch-corpus`, where they have been fetched.
#[test]
fn real_modules_are_the_same_for_any_split() {
    for name in ["lodepng", "quickjs", "sqlite", "wasmoon-lua"] {
        let Ok(bytes) = std::fs::read(format!("{}/benches/corpus/{name}.wasm", env!("CARGO_MANIFEST_DIR"))) else {
            eprintln!("{name} has not been fetched");
            continue;
        };
        let engine = engine(0);
        let whole = compile(&engine, [&bytes[..]]).unwrap();
        for chunk in [997, 65_536] {
            let module = compile(&engine, bytes.chunks(chunk)).unwrap();
            assert!(module.machine_code() == whole.machine_code(), "{name} in chunks of {chunk}");
            assert!(module.functions().eq(whole.functions()));
        }
    }
}
