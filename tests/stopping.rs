//! A compilation that is no longer wanted ends soon, wherever it is: before its first byte, in the middle of a long
//! body, while wasmparser words an error, on threads of the engine.

mod support;

use headwater::{CompileErrorKind, Config, Engine, Module, StreamingCompiler};
use std::time::{Duration, Instant};
use support::leb;

/// How long a stop may take: at most thousands of bytes of a body are compiled after it, but the machine may have other
/// load.
const SOON: Duration = Duration::from_millis(if cfg!(debug_assertions) { 1000 } else { 300 });

const JUMP_TABLE: &str = "a jump table in dead code";

/// Debug builds show each body to wasmparser, too, which looks at all of a jump table before anybody can ask whether it
/// should go on.
fn soon(name: &str) -> Duration {
    if cfg!(debug_assertions) && name == JUMP_TABLE { 4 * SOON } else { SOON }
}

/// A module of two functions of type `[] -> []`, the second of which has this code and an `end`.
fn module(code: &[u8]) -> Vec<u8> {
    let mut wasm = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x03\x02\0\0".to_vec();
    let mut bodies = vec![2, 2, 0, 0x0b];
    leb(&mut bodies, code.len() as u64 + 2);
    bodies.push(0);
    bodies.extend_from_slice(code);
    bodies.push(0x0b);
    wasm.push(10);
    leb(&mut wasm, bodies.len() as u64);
    wasm.extend(bodies);
    wasm
}

/// Bodies of the maximum length, each slow in a different way.
fn slow() -> Vec<(&'static str, Vec<u8>)> {
    let many = |before: &[u8], unit: &[u8], after: &[u8]| {
        let unit = unit.repeat(7_500_000 / unit.len());
        module(&[before, &unit, after].concat())
    };
    let mut targets = vec![0x00, 0x0e];
    leb(&mut targets, 7_500_000 - 1);
    vec![
        ("reached", many(&[], &[0x41, 1, 0x41, 2, 0x6a, 0x1a], &[])),
        ("reads of locals and constants", many(&[], &[0x41, 1, 0x1a], &[])),
        ("dead", many(&[0x00], &[0x41, 1, 0x1a], &[])),
        (JUMP_TABLE, many(&targets, &[0], &[])),
        ("invalid at the end", many(&[0x00], &[0x41, 1, 0x1a], &[0x42, 0, 0x45])),
    ]
}

fn engine(threads: usize) -> Engine {
    Engine::new(Config::new().compile_threads(threads)).expect("supported")
}

#[test]
fn a_stopped_compiler_does_nothing_more() {
    let wasm = module(&[0x01]);
    for threads in [0, 1] {
        let mut compiler = StreamingCompiler::new(&engine(threads));
        compiler.push(&wasm[..20]).expect("the module is valid");
        compiler.stopper().stop();
        for _ in 0..2 {
            let error = compiler.push(&wasm[20..]).expect_err("it was stopped");
            assert_eq!(error.kind(), CompileErrorKind::Stopped, "{error}");
        }
        assert!(compiler.finish().is_err_and(|e| e.kind() == CompileErrorKind::Stopped));
        // The engine still works as before.
        assert!(Module::new(&engine(threads), &wasm).is_ok());
    }
}

#[test]
fn a_body_that_is_being_compiled_is_given_up() {
    for (name, wasm) in slow() {
        for threads in [0, 1] {
            let engine = engine(threads);
            let start = Instant::now();
            let whole = Module::new(&engine, &wasm).map(drop);
            let (whole, took) = (whole.map_err(|e| e.kind()), start.elapsed());
            let mut compiler = StreamingCompiler::new(&engine);
            let stopper = compiler.stopper();
            let (error, after) = std::thread::scope(|scope| {
                let compiled = scope.spawn(|| compiler.push(&wasm).and_then(|()| compiler.finish().map(drop)));
                // In the middle of it.
                std::thread::sleep(took / 3);
                let stopped = Instant::now();
                stopper.stop();
                (compiled.join().expect("nothing panics"), stopped.elapsed())
            });
            let error = error.map_err(|e| e.kind());
            // It was faster this time, or it was stopped.
            assert!(error == Err(CompileErrorKind::Stopped) || error == whole, "{name}, {threads} threads: {error:?}");
            assert!(after < soon(name), "{name}, {threads} threads: {after:?} after the stop, {took:?} in all");
        }
    }
}

#[test]
fn threads_do_not_go_on_with_what_is_dropped() {
    let (_, wasm) = slow().swap_remove(0);
    // Without its last bytes, which are those of a custom section to come, so that the compiler is alive and the body
    // complete.
    let wasm = [&wasm[..], &[0, 200, 1]].concat();
    let engine = engine(1);
    let mut compiler = StreamingCompiler::new(&engine);
    for chunk in wasm.chunks(100_000) {
        compiler.push(chunk).expect("the module is valid as far as it goes");
    }
    drop(compiler);
    // The engine waits for its threads.
    let start = Instant::now();
    drop(engine);
    assert!(start.elapsed() < SOON, "{:?} after the drop", start.elapsed());
}
