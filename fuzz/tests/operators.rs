//! What is tried at all: every operator that the engine takes occurs in the programs of the runner.

use headwater_codegen::op;
use headwater_fuzz::{case_bytes, noted, run, target};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use wasmparser::{Parser, Payload};

#[global_allocator]
static ALLOCATOR: headwater_fuzz::memory::Counting = headwater_fuzz::memory::Counting;

/// Operators that the compiler has, by the name of the specification and the code: there are two of the name `select`.
fn expected() -> BTreeSet<(&'static str, u32)> {
    // A fence has no effect that one thread could see: tests/litmus.rs. Arrays hardly ever meet segments whose elements
    // fit: tests/gc_programs.rs.
    op::all()
        .filter(|op| !matches!(op.name, "atomic.fence" | "array.init_data" | "array.init_elem"))
        .filter(|op| op.feature.switch().is_some())
        .map(|op| (op.name, op.code))
        .collect()
}

/// How often each operator occurs in the functions of `wasm`.
fn count(wasm: &[u8], counts: &mut BTreeMap<(&'static str, u32), u64>) {
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CodeSectionEntry(body) = payload.expect("the module was run") else { continue };
        let mut reader = body.get_operators_reader().expect("the module was run");
        while !reader.eof() {
            let op = op::decode(&wasm[reader.original_position() as usize..]).expect("the module was run");
            *counts.entry((op.name, op.code)).or_default() += 1;
            reader.read().expect("the module was run");
        }
    }
}

#[test]
fn every_operator_occurs_in_programs() {
    let cases = [
        ("differential", 1000),
        ("operators", 3000),
        ("vectors", 1500),
        ("borders", 50),
        ("objects", 3000),
        ("pressure", 50),
        ("handlers", 500),
    ];
    let counts = Mutex::new(BTreeMap::new());
    // A thread for each, which remembers what it noted.
    std::thread::scope(|scope| {
        for (name, cases) in cases {
            let counts = &counts;
            scope.spawn(move || {
                let target = target(name).expect("the target exists");
                for number in 0..cases {
                    run(target, &case_bytes(target, 1, number)).expect("this is tested for its own sake");
                    if let Some(wasm) = noted() {
                        count(&wasm, &mut counts.lock().expect("nobody panics here"));
                    }
                }
            });
        }
    });
    let counts = counts.into_inner().expect("nobody panics here");
    let expected = expected();
    let rare: Vec<_> = expected.iter().filter(|name| counts.get(*name).is_none_or(|&n| n < 5)).collect();
    assert!(rare.is_empty(), "of {} operators these occur less than five times: {rare:?}", expected.len());
    assert!(expected.len() > 200, "the list is complete");
}
