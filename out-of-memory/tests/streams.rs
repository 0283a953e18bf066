//! Allocations of a stream that fail, each in turn: a clean error, nothing leaks, and the next stream works.
//!
//! Built only with `--cfg headwater_allocation_failures` (`scripts/test-out-of-memory`).
#![cfg(headwater_allocation_failures)]

use headwater::{CompileErrorKind, Config, Engine, Instance, Module, Store, StreamingCompiler};
use headwater_out_of_memory::{COUNTDOWN, FAILED, LIVE, panic_if_out_of_memory};
use std::sync::atomic::Ordering::Relaxed;

/// Everything that a module can have, in little space.
const SMALL: &str = r#"(module $name
    (type (func)) (import "a" "b" (func $imported (param i32) (result i64 f64)))
    (memory (export "memory") 1 2) (table $t 3 funcref) (global $g (mut i64) (i64.const 5))
    (export "f") (func $f (param i32) (result i32) (local i64 f32)
        (block (result i32) (br_table 0 0 (local.get 0) (local.get 0))))
    (func (export "g") (call_indirect (type 0) (i32.const 1)) (drop (ref.func $f)))
    (elem (i32.const 0) $f $f) (elem declare func $f) (data (i32.const 8) "hello") (data "passive")
    (@custom "mine" "bytes"))"#;

fn large() -> Vec<u8> {
    let mut text = String::from("(module (memory 1) (data \"");
    text += &"x".repeat(20_000);
    text += "\")";
    for i in 0..1500 {
        text += &format!(
            "(func $f{i} (param i32 f64) (result i32) (local i64 i64) (i32.add (i32.load offset={i} (local.get 0))
                (call $f{} (i32.const {i}) (f64.const {i}.5))))",
            (i * 7 + 1) % 1500
        );
    }
    wat::parse_str(text + ")").expect("a valid module")
}

fn stream(engine: &Engine, bytes: &[u8], chunk: usize) -> Result<Module, headwater::CompileError> {
    let mut compiler = StreamingCompiler::new(engine);
    for chunk in bytes.chunks(chunk) {
        compiler.push(chunk)?;
    }
    compiler.finish()
}

/// Streams `bytes` with the `n`th allocation failing: for every `n`, or for a number of them spread over all.
fn fail_each(what: &str, bytes: &[u8], chunk: usize, threads: usize) {
    const ROUNDS: i64 = 400;
    let engine = Engine::new(Config::new().compile_threads(threads)).expect("the settings are known");
    drop(stream(&engine, bytes, chunk).expect("a valid module"));
    COUNTDOWN.store(i64::MAX, Relaxed);
    drop(stream(&engine, bytes, chunk).expect("a valid module"));
    let all = i64::MAX - COUNTDOWN.swap(-1, Relaxed);
    let step = (all / ROUNDS).max(1);
    let mut live = None;
    for n in 0.. {
        let failed = FAILED.load(Relaxed);
        COUNTDOWN.store(n * step, Relaxed);
        let result = stream(&engine, bytes, chunk);
        COUNTDOWN.store(-1, Relaxed);
        let failed = FAILED.load(Relaxed) != failed;
        match result {
            Ok(module) => {
                assert!(module.functions().count() > 0 || module.exports().count() > 0);
                drop(module);
                if !failed {
                    assert!(n > 5, "{what}: hardly anything is allocated");
                    println!("{what}: {n} of {all} allocations failed in turn");
                    break;
                }
            }
            Err(e) => {
                assert!(failed, "{what} {n}: {e}");
                assert_eq!(e.kind(), CompileErrorKind::Io, "{what} {n}: {e}");
                assert!(e.to_string().contains("memory"), "{what} {n}: {e}");
            }
        }
        drop(stream(&engine, bytes, chunk).expect("the next stream works"));
        assert_eq!(engine.code_memory(), 0, "{what} {n}");
        // What an engine keeps for the next stream is there from the first round on, but not how large it is.
        let now = LIVE.load(Relaxed);
        let before = *live.get_or_insert(now);
        assert!(now <= before + 64, "{what} {n}: {before} allocations lived, now {now}");
    }
}

#[test]
fn every_allocation_of_a_stream_may_fail() {
    panic_if_out_of_memory();
    let small =
        wat::parse_str(SMALL.replace("(export \"f\") (func $f", "(func $f (export \"f\")")).expect("a valid module");
    let large = large();
    for threads in [0, 1, 2] {
        for chunk in [1, 100, usize::MAX] {
            fail_each(&format!("small, {threads} threads, chunks of {chunk}"), &small, chunk, threads);
        }
        for chunk in [1000, usize::MAX] {
            fail_each(&format!("large, {threads} threads, chunks of {chunk}"), &large, chunk, threads);
        }
    }
    let engine = Engine::default();
    let module = Module::new(&engine, &large).expect("a valid module");
    let mut store = Store::new(&engine, ());
    Instance::new(&mut store, &module, &[]).expect("there are no imports");
}
