//! Streams, class 4: every way to end: cleanly but too early, with an error in the middle, after the last byte or
//! together with it, without any chunk, with bytes after the end, abandoned at any point.
//!
//! `finish` takes the compiler by value, so that nothing can be ended twice or aborted after its end. What futures over
//! bodies do, dropped at each await point, is in tests/web_leaks.rs and tests/web.rs (n27 to n35).

use crate::streams::{compile, describe, engine, large, less, no_code_is_left, reference, rich, thread_counts};
use crate::support::Parts;
use headwater::{CompileErrorKind, Module, StreamingCompiler};

#[test]
fn s4_an_end_without_any_chunk_is_the_end_of_a_module_of_no_bytes() {
    for &threads in thread_counts() {
        let engine = engine(threads);
        let (message, offset) = reference(b"").expect_err("no bytes are no module");
        for pushes in 0..3 {
            let mut compiler = StreamingCompiler::new(&engine);
            for _ in 0..pushes {
                compiler.push(b"").expect("nothing is wrong yet");
            }
            let error = compiler.finish().expect_err("no bytes are no module");
            assert_eq!(
                (error.kind(), error.message(), error.offset()),
                (CompileErrorKind::Invalid, &*message, Some(offset))
            );
        }
    }
}

#[test]
fn s4_a_clean_end_too_early_is_never_a_module_unless_the_bytes_are_one() {
    let bytes = large(600);
    for &threads in thread_counts() {
        let engine = engine(threads);
        for step in (1..40).step_by(40 / less(40)) {
            let len = bytes.len() * step / 40 + step % 3;
            let expected = reference(&bytes[..len]).expect_err("it is not complete");
            let mut compiler = StreamingCompiler::new(&engine);
            for chunk in bytes[..len].chunks(40_000) {
                compiler.push(chunk).expect("nothing is wrong yet");
            }
            let error = compiler.finish().expect_err("it is not complete");
            assert_eq!(
                (error.message().to_string(), error.offset()),
                (expected.0, Some(expected.1)),
                "{len} bytes, {threads} threads"
            );
        }
        no_code_is_left(&engine);
    }
    // Where the bytes are a module at several lengths, all of them are tried.
    let module = rich();
    let engine = engine(0);
    let valid: Vec<usize> = (0..=module.len()).filter(|&len| reference(&module[..len]).is_ok()).collect();
    assert!(valid.contains(&8) && valid.contains(&module.len()) && valid.len() < 12, "{valid:?}");
    for len in valid {
        assert!(compile(&engine, &module[..len], &[len]).is_ok(), "{len} bytes");
    }
}

#[test]
fn s4_what_comes_after_the_end_of_a_module_belongs_to_it() {
    let engine = engine(0);
    for module in [b"\0asm\x01\0\0\0".to_vec(), rich()] {
        for (after, valid) in [
            (&b""[..], true),
            (b"\0", false),
            (b"\0\x01\0", true),
            (b"\0asm\x01\0\0\0", false),
            (b"\x01\x01\0", module.len() == 8),
            (b"\xff", false),
        ] {
            let bytes = [&module[..], after].concat();
            assert_eq!(reference(&bytes).is_ok(), valid, "{after:x?}");
            for ends in [
                vec![bytes.len()],
                vec![module.len(), bytes.len()],
                vec![module.len(), module.len(), bytes.len(), bytes.len()],
            ] {
                assert_eq!(compile(&engine, &bytes, &ends).is_ok(), valid, "{after:x?}");
            }
        }
    }
}

#[test]
fn s4_an_error_together_with_the_last_chunk_is_the_same_as_before_it() {
    let bytes = large(600);
    // The last body of the last section is invalid; there is a byte behind the module.
    let mut parts = Parts::of(&bytes).expect("it has code");
    parts.after.clear();
    let bytes = parts.wasm();
    *parts.bodies.last_mut().expect("it has code") = vec![0, 0x6a, 0x0b];
    let wrong = parts.wasm();
    let behind = [&bytes[..], &[14]].concat();
    for &threads in thread_counts() {
        let engine = engine(threads);
        for bytes in [&wrong, &behind] {
            let mut all = Vec::new();
            for first in [0, 8, 100_000, bytes.len() - 3, bytes.len() - 2, bytes.len() - 1, bytes.len()] {
                let outcome = compile(&engine, bytes, &[first, bytes.len()]);
                assert!(outcome.is_err());
                all.push(describe(&outcome, false));
            }
            all.dedup();
            assert_eq!(all.len(), 1, "{all:?}");
        }
        no_code_is_left(&engine);
    }
}

#[test]
fn s4_errors_are_final_whatever_is_pushed_after_them() {
    let bytes = large(600);
    let mut wrong = bytes.clone();
    let third = wrong.len() / 3;
    wrong[third..third + 8].fill(0xff);
    let expected = reference(&wrong).expect_err("it is damaged");
    for &threads in thread_counts() {
        let engine = engine(threads);
        let mut compiler = StreamingCompiler::new(&engine);
        let mut failed = None;
        for chunk in wrong.chunks(5000) {
            match (compiler.push(chunk), &failed) {
                (Ok(()), None) => {}
                (Ok(()), Some(_)) => panic!("an error was forgotten"),
                (Err(e), None) => failed = Some(e),
                (Err(e), Some(first)) => assert_eq!(e.to_string(), first.to_string()),
            }
        }
        if let Some(e) = &failed {
            // Nothing of the stream is kept with its error.
            no_code_is_left(&engine);
            assert_eq!(compiler.push(&bytes).expect_err("final").to_string(), e.to_string());
            assert_eq!(compiler.push(b"").expect_err("final").to_string(), e.to_string());
        }
        let error = compiler.finish().expect_err("it is damaged");
        assert_eq!((error.message(), error.offset()), (&*expected.0, Some(expected.1)), "{threads} threads");
    }
}

#[test]
fn s4_abandoned_at_any_point_a_stream_leaves_nothing_and_disturbs_nobody() {
    let bytes = large(600);
    let complete = describe(&compile(&engine(0), &bytes, &[bytes.len()]), false);
    for &threads in thread_counts() {
        let engine = engine(threads);
        let mut other = StreamingCompiler::new(&engine);
        let mut sent = 0;
        for i in (0..=60).step_by(60 / less(60)) {
            let mut compiler = StreamingCompiler::new(&engine);
            let at = bytes.len() * i / 60;
            let chunk = [at, 1000, 70_000][i % 3].max(1);
            for chunk in bytes[..at].chunks(chunk) {
                compiler.push(chunk).expect("nothing is wrong");
            }
            // In the middle of the bodies, at the end, and right after it, while threads still compile; on another
            // thread now and then.
            match i % 4 {
                0 => std::thread::spawn(move || drop(compiler)).join().expect("it does not panic"),
                1 => std::mem::drop(std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
                    let _compiler = compiler;
                    std::panic::resume_unwind(Box::new("dropped while unwinding"));
                }))),
                2 if at == bytes.len() => drop(compiler.finish()),
                _ => drop(compiler),
            }
            let end = bytes.len() * i / 60;
            other.push(&bytes[sent..end]).expect("nothing is wrong");
            sent = end;
        }
        let module = other.finish();
        assert!(describe(&module, false) == complete, "{threads} threads");
        let module: Module = module.expect("it is complete");
        assert!(engine.code_memory() >= module.machine_code().len());
        drop(module);
        no_code_is_left(&engine);
    }
}
