//! Streams, class 9: the contents of messages and modules. Offsets refer to the whole stream, names that arrive last
//! apply to what arrived first, sections that are not needed change nothing.
//!
//! URLs in messages are in tests/web.rs (`n108_…`, `n109_…`); `customSections` of sections before and after the code,
//! in js/tests. Parts of this are in tests/streaming.rs (`a_fault_in_a_body_names_its_function`,
//! `names_come_from_the_name_section`).

use crate::streams::{compile, describe, engine, large, less, of_sections, reference, section, sections, splits};
use crate::support::{Rng, leb};
use headwater::{Instance, Module, Store, StreamingCompiler, WasmBacktrace};

#[test]
fn s9_offsets_refer_to_the_whole_stream() {
    let bytes = large(400);
    for threads in [0, 2] {
        let engine = engine(threads);
        let mut rng = Rng(9);
        for i in 0..less(30) {
            let mut bad = bytes.clone();
            let at = bad.len() / 2 + rng.below(bad.len() / 2 - 8);
            bad[at] ^= 1 << (i % 8);
            let Err((message, offset)) = reference(&bad) else { continue };
            for chunk in [1000 + i, bad.len()] {
                let ends: Vec<usize> = (0..bad.len()).step_by(chunk).skip(1).chain([bad.len()]).collect();
                let error = compile(&engine, &bad, &ends).expect_err("wasmparser says so");
                assert_eq!((error.message(), error.offset()), (&*message, Some(offset)));
                assert!(error.to_string().ends_with(&format!("(at offset {offset:#x})")), "{error}");
            }
        }
    }
}

/// A module with functions that call each other and trap, whose name section is the last or the first of its sections,
/// or in between.
fn named(place: usize) -> Vec<u8> {
    let text = r#"(module
        (func (export "run") (param i32) (call 1 (local.get 0)))
        (func (param i32) (drop (call 2 (i32.const 7) (local.get 0))))
        (func (param i32 i32) (result i32) (i32.div_u (local.get 0) (local.get 1)))
        (memory 1) (data (i32.const 0) "data"))"#;
    let mut names = b"\x04name".to_vec();
    names.extend(section(0, b"\x04late"));
    let mut functions = vec![3];
    for (i, name) in ["первая", "second", "third one"].iter().enumerate() {
        functions.push(i as u8);
        leb(&mut functions, name.len() as u64);
        functions.extend(name.as_bytes());
    }
    names.extend(section(1, &functions));
    let mut all: Vec<Vec<u8>> = sections(&wat::parse_str(text).expect("the text is well-formed"))
        .iter()
        .map(|(id, c)| section(*id, c))
        .collect();
    all.insert(place.min(all.len()), section(0, &names));
    of_sections(&all)
}

#[test]
fn s9_a_name_section_that_comes_last_names_frames_of_functions_that_came_first() {
    let mut rng = Rng(10);
    for threads in [0, 2] {
        let engine = engine(threads);
        for place in [0, 3, 99] {
            let bytes = named(place);
            assert_eq!(reference(&bytes), Ok(()));
            for (how, ends) in splits(bytes.len(), &mut rng) {
                let module = compile(&engine, &bytes, &ends).expect("it is valid");
                assert_eq!(module.name(), Some("late"), "{how}");
                let mut store = Store::new(&engine, ());
                let instance = Instance::new(&mut store, &module, &[]).expect("nothing is imported");
                let run = instance.get_typed_func::<i32, ()>(&mut store, "run").expect("it is exported");
                run.call(&mut store, 1).expect("no trap");
                let error = run.call(&mut store, 0).expect_err("division by zero");
                let frames = error.downcast_ref::<WasmBacktrace>().expect("a trap has a backtrace").frames();
                let names: Vec<_> = frames.iter().map(|f| f.func_name().expect("it has a name").to_string()).collect();
                assert_eq!(names, ["third one", "second", "первая"], "{how}");
                // Offsets in the module are those of its bytes, wherever the names are.
                let division = frames[0].module_offset().expect("it is known");
                assert_eq!(bytes[division], 0x6e, "i32.div_u");
                assert_eq!(bytes[frames[1].module_offset().expect("it is known")], 0x10, "call");
            }
        }
    }
}

#[test]
fn s9_custom_sections_anywhere_change_nothing_but_offsets() {
    let bytes = large(60);
    let plain = sections(&bytes);
    let engine = engine(0);
    let without = compile(&engine, &bytes, &[bytes.len()]).expect("it is valid");
    let code = |module: &Module| {
        module.functions().map(|f| (f.index, module.machine_code()[f.code].to_vec())).collect::<Vec<_>>()
    };
    // Then the order of registers depends on offsets.
    let shuffled = std::env::var("HEADWATER_TEST_MODES").is_ok_and(|modes| modes.contains("shuffle"));
    let mut rng = Rng(11);
    for place in 0..=plain.len() {
        for contents in [
            &b"\x00"[..],
            b"\x05dwarf and so on",
            b"\x04name",
            b"\x04name\x01\xff",
            b"\x04name\x00\x02\x01",
            b"\x09sourceMap\xff\xfe",
            &[3, b'b', b'i', b'g'].into_iter().chain([0; 70_000]).collect::<Vec<_>>(),
        ] {
            let mut all: Vec<Vec<u8>> = plain.iter().map(|(id, c)| section(*id, c)).collect();
            all.insert(place, section(0, contents));
            let with = of_sections(&all);
            for (how, ends) in splits(with.len(), &mut rng).into_iter().filter(|(_, ends)| ends.len() < 20_000) {
                let module = compile(&engine, &with, &ends).unwrap_or_else(|e| panic!("{contents:x?} at {place}: {e}"));
                assert!(shuffled || code(&module) == code(&without), "{how}, section {place}");
                assert_eq!(module.compile_stats().wasm_bytes, with.len() as u64);
            }
        }
    }
    // Several, and what names sections say twice: the outcome does not depend on the splits.
    let mut all: Vec<Vec<u8>> = plain.iter().map(|(id, c)| section(*id, c)).collect();
    all.insert(0, section(0, b"\x04name\x00\x06\x05first"));
    all.push(section(0, b"\x04name\x00\x07\x06second"));
    let twice = of_sections(&all);
    let expected = describe(&compile(&engine, &twice, &[twice.len()]), true);
    for (how, ends) in splits(twice.len(), &mut rng) {
        assert!(describe(&compile(&engine, &twice, &ends), true) == expected, "{how}");
    }
}

/// A chunk belongs to its caller again when `push` returns.
#[test]
fn s9_chunks_may_change_once_they_are_pushed() {
    let bytes = large(300);
    for threads in [0, 1, 2] {
        let engine = engine(threads);
        let expected = describe(&compile(&engine, &bytes, &[bytes.len()]), false);
        let mut compiler = StreamingCompiler::new(&engine);
        let mut buffer = vec![0; 7000];
        for chunk in bytes.chunks(buffer.len()) {
            buffer[..chunk.len()].copy_from_slice(chunk);
            compiler.push(&buffer[..chunk.len()]).expect("nothing is wrong");
            buffer.fill(0xff);
        }
        assert!(describe(&compiler.finish(), false) == expected, "{threads} threads");
    }
}
