//! Streams, class 8: executable memory. Code is published when its module is complete, to all cores at once, and code
//! of a module that failed never is. That no page is ever writable and executable, and that freed code is unmapped or
//! reused safely, is tested in tests/isolation.rs.

use crate::api_common::emulator;
use crate::streams::{engine, large, no_code_is_left};
use headwater::{Engine, Instance, Module, Store, StreamingCompiler};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// A module whose function returns `n`, with this many bytes of code before it.
fn constant(n: i32, padding: usize) -> Vec<u8> {
    let nops = "(local.set 0 (i32.add (local.get 0) (i32.const 1)))".repeat(padding);
    let text = format!("(module (func (param i32) {nops}) (func (export \"f\") (result i32) (i32.const {n})))");
    wat::parse_str(&text).expect("the text is well-formed")
}

/// New code is placed where another core has just run other code: all cores must see the new code.
#[test]
fn s8_code_at_used_addresses_is_seen_by_all_cores() {
    let rounds = if emulator::name().is_some() { 60 } else { 400 };
    for padding in [0, 300] {
        for threads in [0, 2] {
            let engine = engine(threads);
            let (done, results) = mpsc::channel();
            let workers: Vec<_> = (0..3)
                .map(|_| {
                    let (sender, receiver) = mpsc::channel::<(i32, Module)>();
                    let (done, engine) = (done.clone(), engine.clone());
                    thread::spawn(move || {
                        for (n, module) in receiver {
                            let mut store = Store::new(&engine, ());
                            let instance = Instance::new(&mut store, &module, &[]).expect("nothing is imported");
                            let f = instance.get_typed_func::<(), i32>(&mut store, "f").expect("it is exported");
                            let found = f.call(&mut store, ()).expect("no trap");
                            drop((store, module));
                            done.send((n, found)).expect("somebody waits");
                        }
                    });
                    sender
                })
                .collect();
            let mut places = std::collections::HashSet::new();
            for n in 0..rounds {
                let module = Module::new(&engine, constant(n, padding)).expect("the module is valid");
                places.insert(module.machine_code().as_ptr() as usize);
                for worker in &workers {
                    worker.send((n, module.clone())).expect("somebody works");
                }
                drop(module);
                for _ in &workers {
                    let (sent, found) = results.recv().expect("somebody works");
                    assert_eq!((sent, found), (n, n), "stale code");
                }
            }
            assert!(places.len() < rounds as usize / 2, "addresses are used again: {}", places.len());
        }
    }
}

/// Waits until some of the bodies that were pushed are compiled.
fn code_is_made(engine: &Engine) {
    let end = Instant::now() + Duration::from_secs(20);
    while engine.code_memory() == 0 {
        assert!(Instant::now() < end, "nothing is compiled before the end");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Until its last byte has arrived and been judged there is no module, so nothing of it can be called; then everything
/// can, from any thread, whichever thread compiled it.
#[test]
fn s8_functions_compiled_by_anyone_run_on_any_thread_once_there_is_a_module() {
    let bytes = large(800);
    for threads in [0, 1, 2] {
        let engine = engine(threads);
        let mut compiler = StreamingCompiler::new(&engine);
        bytes[..bytes.len() - 1].chunks(30_000).for_each(|chunk| compiler.push(chunk).expect("nothing is wrong"));
        code_is_made(&engine);
        compiler.push(&bytes[bytes.len() - 1..]).expect("nothing is wrong");
        let module = compiler.finish().expect("it is complete");
        thread::scope(|scope| {
            for t in 0..4u64 {
                let (engine, module) = (&engine, &module);
                scope.spawn(move || {
                    let mut store = Store::new(engine, ());
                    let instance = Instance::new(&mut store, module, &[]).expect("nothing is imported");
                    for i in (t as usize..800).step_by(37) {
                        let f = instance
                            .get_typed_func::<(i32, i64), i32>(&mut store, &format!("f{i}"))
                            .expect("it is exported");
                        // Each ends at once for an argument that is larger than all constants.
                        f.call(&mut store, (i32::MAX, 0)).expect("no trap");
                    }
                });
            }
        });
        drop(module);
        // The same with a fault at the very end: nothing is left.
        let mut compiler = StreamingCompiler::new(&engine);
        compiler.push(&bytes).expect("nothing is wrong");
        code_is_made(&engine);
        assert!(compiler.push(b"\x0e\x01\0").is_err());
        no_code_is_left(&engine);
    }
}
