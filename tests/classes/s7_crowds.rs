//! Streams, class 7: many streams on one engine, on many threads, cancelled in large numbers; engines dropped while
//! streams run; one compile thread, none, more than there are cores.
//!
//! tests/web_streams.rs has a thousand streams on one thread (`a_thousand_streams_go_on_at_once`), tests/web.rs the
//! engine that is dropped by its own thread, tests/streaming.rs mappings and threads after streams that were dropped.
//! No input makes a compile thread panic; panics there cannot reach the pool by construction (`Work::run_one`).

use crate::api_common::emulator;
use crate::streams::{compile, describe, engine, large, no_code_is_left, rich};
use crate::support::Rng;
use headwater::{Engine, Module, StreamingCompiler};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How much less is done under an emulator.
fn less(n: usize) -> usize {
    if emulator::name().is_some() { (n / 8).max(2) } else { n }
}

/// A damaged version of the bytes, and its outcome.
fn damaged(bytes: &[u8]) -> (Vec<u8>, String) {
    let mut bad = bytes.to_vec();
    let at = bad.len() * 2 / 3;
    bad[at..at + 6].fill(0xff);
    let outcome = describe(&compile(&engine(0), &bad, &[bad.len()]), false);
    (bad, outcome)
}

#[test]
fn s7_streams_on_many_threads_do_not_disturb_each_other() {
    let modules = [large(250), rich(), large(40)];
    let good: Vec<String> = modules.iter().map(|m| describe(&compile(&engine(0), m, &[m.len()]), false)).collect();
    let bad: Vec<(Vec<u8>, String)> = modules.iter().map(|m| damaged(m)).collect();
    for threads in [0, 1, 8] {
        let engine = engine(threads);
        let counts = [const { AtomicUsize::new(0) }; 3];
        thread::scope(|scope| {
            for t in 0..6u64 {
                let (engine, modules, good, bad, counts) = (&engine, &modules, &good, &bad, &counts);
                scope.spawn(move || {
                    let mut rng = Rng(t + 100 * threads as u64);
                    for _ in 0..less(25) {
                        // A few streams at once on this thread, whose chunks take turns.
                        let mut streams: Vec<_> = (0..3)
                            .map(|_| {
                                let (which, kind) = (rng.below(modules.len()), rng.below(3));
                                let bytes = if kind == 1 { &bad[which].0 } else { &modules[which] };
                                (which, kind, bytes, 0, Some(StreamingCompiler::new(engine)))
                            })
                            .collect();
                        while streams.iter().any(|s| s.4.is_some()) {
                            let (which, kind, bytes, at, slot) = &mut streams[rng.below(3)];
                            let Some(compiler) = slot else { continue };
                            let end = bytes.len().min(*at + 1 + rng.below(30_000));
                            let pushed = compiler.push(&bytes[*at..end]);
                            *at = end;
                            if *kind == 2 && rng.below(6) == 0 {
                                *slot = None;
                                counts[2].fetch_add(1, Ordering::Relaxed);
                            } else if let Err(e) = pushed {
                                assert_eq!(describe(&Err(e), false), bad[*which].1);
                                *slot = None;
                                counts[1].fetch_add(1, Ordering::Relaxed);
                            } else if end == bytes.len() {
                                let outcome = slot.take().expect("it is there").finish();
                                let expected = if *kind == 1 { &bad[*which].1 } else { &good[*which] };
                                assert!(describe(&outcome, false) == *expected);
                                counts[0].fetch_add(1, Ordering::Relaxed);
                            }
                        }
                    }
                });
            }
        });
        assert!(counts.iter().all(|n| n.load(Ordering::Relaxed) > 0), "{counts:?}");
        no_code_is_left(&engine);
    }
}

#[test]
fn s7_storms_of_cancellations_leave_an_engine_that_works() {
    let bytes = large(300);
    let complete = describe(&compile(&engine(0), &bytes, &[bytes.len()]), false);
    for threads in [1, 2] {
        let engine = engine(threads);
        for round in 0..less(16) {
            let mut streams: Vec<StreamingCompiler> = (0..12)
                .map(|i| {
                    let mut compiler = StreamingCompiler::new(&engine);
                    compiler.push(&bytes[..bytes.len() * (i + 1) / 12 - i * 10]).expect("nothing is wrong");
                    compiler
                })
                .collect();
            // From the first on, from the last on, from many threads at once; one survives.
            let survivor = streams.remove(0);
            match round % 3 {
                0 => streams.into_iter().for_each(drop),
                1 => streams.into_iter().rev().for_each(drop),
                _ => thread::scope(|scope| {
                    for stream in streams {
                        scope.spawn(move || drop(stream));
                    }
                }),
            }
            let mut survivor = survivor;
            survivor.push(&bytes[bytes.len() / 12..]).expect("nothing is wrong");
            assert!(describe(&survivor.finish(), false) == complete);
        }
        no_code_is_left(&engine);
    }
}

#[test]
fn s7_streams_and_modules_outlive_the_handles_of_their_engine() {
    let bytes = large(300);
    let complete = describe(&compile(&engine(0), &bytes, &[bytes.len()]), false);
    for threads in [0, 1, 2] {
        for at in [0, 8, bytes.len() / 2, bytes.len() - 1, bytes.len()] {
            let engine: Engine = engine(threads);
            let mut finished = StreamingCompiler::new(&engine);
            let mut dropped = StreamingCompiler::new(&engine);
            finished.push(&bytes[..at]).expect("nothing is wrong");
            dropped.push(&bytes[..at]).expect("nothing is wrong");
            drop(engine);
            drop(dropped);
            // The stream goes on, on another thread.
            let module: Module = thread::scope(|scope| {
                let bytes = &bytes;
                let module = scope.spawn(move || {
                    finished.push(&bytes[at..]).expect("nothing is wrong");
                    finished.finish().expect("it is complete")
                });
                module.join().expect("it does not panic")
            });
            assert!(describe(&Ok(module.clone()), false) == complete, "{threads} threads, {at} bytes");
            let engine = module.engine().clone();
            assert!(engine.code_memory() > 0);
            drop(module);
            no_code_is_left(&engine);
        }
    }
}

/// An observer's panic happens on the pushing thread, and the engine still works as before.
#[test]
fn s7_an_observer_that_panics_harms_only_its_own_stream() {
    let bytes = large(300);
    for threads in [0, 1, 2] {
        let engine = engine(threads);
        for at in [1, 3] {
            let calls = AtomicUsize::new(0);
            let mut compiler = StreamingCompiler::new(&engine).with_observer(move |_| {
                assert!(calls.fetch_add(1, Ordering::Relaxed) < at, "the observer has seen enough");
            });
            let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                bytes.chunks(20_000).for_each(|chunk| compiler.push(chunk).expect("nothing is wrong"));
            }));
            assert!(panic.is_err(), "the observer panicked");
            drop(compiler);
            assert!(compile(&engine, &bytes, &[bytes.len()]).is_ok());
            no_code_is_left(&engine);
        }
    }
}
