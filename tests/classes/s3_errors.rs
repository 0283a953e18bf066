//! Streams, class 3: errors early and late. Of several faults the first in byte order is reported, whichever is found
//! first; a module that fails at its last byte leaves none of its code behind.
//!
//! tests/streaming.rs: `the_first_error_by_byte_order_is_reported_whatever_the_timing`,
//! `an_error_is_reported_by_the_push_that_proves_it_and_ever_after`,
//! `what_cannot_become_valid_is_refused_before_it_is_complete`.

use crate::streams::{
    compile, describe, engine, large, less, no_code_is_left, outcome, reference, section, thread_counts,
};
use crate::support::{Parts, Rng};
use headwater::{CompileErrorKind, Config, Engine, Limits, StreamingCompiler};

/// A fault behind the code section.
fn late_faults() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("data for a memory that is not there", section(11, &[1, 2, 7, 0x41, 0, 0x0b, 1, b'x'])),
        ("data at an i64", section(11, &[1, 0, 0x42, 0, 0x0b, 1, b'x'])),
        ("data that is cut off", vec![11, 100, 1, 0, 0x41, 0, 0x0b, 50, b'x']),
        ("data of the wrong size", section(11, &[1, 0, 0x41, 0, 0x0b, 1, b'x', b'y'])),
        ("another code section", section(10, &[0])),
        ("a section out of order", section(1, &[0])),
        ("a section of no kind", section(14, &[])),
        ("a custom section without a name", section(0, &[5, b'a'])),
        ("half a section's header", vec![0]),
        ("garbage", b"\x0e\x03abc".to_vec()),
    ]
}

#[test]
fn s3_a_fault_behind_all_bodies_leaves_no_module_and_no_code() {
    for (bytes, small) in [(large(3), true), (large(700), false)] {
        for &threads in thread_counts() {
            let (engine, mut rng) = (engine(threads), Rng(5));
            for (what, fault) in late_faults() {
                let bad = [&bytes[..], &fault].concat();
                let (message, offset) = reference(&bad).expect_err("the fault is one");
                if small {
                    let error = outcome(&engine, &bad, &mut rng, true).expect_err("the fault is one");
                    assert_eq!((error.message(), error.offset()), (&*message, Some(offset)), "{what}");
                } else {
                    // All bodies are compiled, and then some time passes.
                    let mut compiler = StreamingCompiler::new(&engine);
                    compiler.push(&bytes).expect("the bodies are valid");
                    std::thread::sleep(std::time::Duration::from_millis(2));
                    let error =
                        compiler.push(&fault).and_then(|()| compiler.finish().map(drop)).expect_err("the fault is one");
                    assert_eq!((error.message(), error.offset()), (&*message, Some(offset)), "{what}");
                }
                no_code_is_left(&engine);
            }
            // The engine still works as before.
            assert!(compile(&engine, &bytes, &[bytes.len()]).is_ok());
        }
    }
}

/// An invalid body: the error, and the body.
const BAD: [&[u8]; 4] = [&[0, 0x6a, 0x0b], &[0, 0x42, 1, 0x0b], &[0, 0x20, 99, 0x1a, 0x41, 0, 0x0b], &[1, 0xff, 0x0b]];

#[test]
fn s3_the_first_of_many_faults_wins_whatever_their_kinds_and_whoever_finds_them() {
    let bytes = large(600);
    let parts = Parts::of(&bytes).expect("it has code");
    let mut rng = Rng(6);
    for round in 0..less(12) {
        let mut bad = parts.clone();
        let first = [0, 1, 300, 599, 598, 50][round % 6];
        bad.bodies[first] = BAD[round % 4].to_vec();
        for _ in 0..round {
            let other = first + rng.below(600 - first);
            if other != first {
                bad.bodies[other] = rng.pick(&BAD).to_vec();
            }
        }
        let mut wasm = bad.wasm();
        if round % 3 == 0 {
            wasm.extend(&late_faults()[round % 10].1);
        }
        let (message, offset) = reference(&wasm).expect_err("a body is wrong");
        let mut all = Vec::new();
        for &threads in thread_counts() {
            let engine = engine(threads);
            for chunk in [wasm.len(), 65_536, 1000] {
                let ends: Vec<usize> = (0..wasm.len()).step_by(chunk).skip(1).chain([wasm.len()]).collect();
                let outcome = compile(&engine, &wasm, &ends);
                all.push(describe(&outcome, false));
                let error = outcome.expect_err("a body is wrong");
                assert_eq!((error.message(), error.offset()), (&*message, Some(offset)), "{threads} threads, {first}");
                assert_eq!(error.func_index(), Some(first as u32));
            }
            no_code_is_left(&engine);
        }
        all.dedup();
        assert_eq!(all.len(), 1, "{all:?}");
    }
}

/// A limit that one body exceeds and another body's fault: again the first in the bytes.
#[test]
fn s3_limits_and_faults_are_ordered_by_their_bytes_too() {
    let bytes = large(400);
    let parts = Parts::of(&bytes).expect("it has code");
    let mut limits = Limits::DEFAULT;
    limits.function_size = 20_000;
    for threads in [0, 2] {
        let engine = Engine::new(Config::new().compile_threads(threads).limits(limits)).expect("limits can be lowered");
        for (long, bad) in [(100, 200), (200, 100), (0, 399), (399, 0), (150, 151), (151, 150)] {
            let mut changed = parts.clone();
            changed.bodies[long] = [&[0][..], &vec![1; 20_000], &[0x41, 0, 0x0b]].concat();
            changed.bodies[bad] = BAD[0].to_vec();
            let wasm = changed.wasm();
            for chunk in [wasm.len(), 5000] {
                let ends: Vec<usize> = (0..wasm.len()).step_by(chunk).skip(1).chain([wasm.len()]).collect();
                let error = compile(&engine, &wasm, &ends).expect_err("two bodies are wrong");
                let kind = if long < bad { CompileErrorKind::Limit } else { CompileErrorKind::Invalid };
                assert_eq!(
                    (error.kind(), error.func_index()),
                    (kind, Some(long.min(bad) as u32)),
                    "{long}, {bad}: {error}"
                );
            }
        }
    }
}
