//! What is tried at all: every operator that the engine takes occurs in the programs of the runner.

use headwater_fuzz::{case_bytes, noted, run, target};
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::{Operator, Parser, Payload};

#[global_allocator]
static ALLOCATOR: headwater_fuzz::memory::Counting = headwater_fuzz::memory::Counting;

/// Operators by the proposals that the engine has, under the names that wasmparser gives them.
fn expected() -> BTreeSet<String> {
    const PROPOSALS: [&str; 5] = ["mvp", "sign_extension", "saturating_float_to_int", "bulk_memory", "reference_types"];
    let mut names = BTreeSet::new();
    macro_rules! list {
        ($(@$proposal:ident $op:ident $({ $($fields:tt)* })? => $visit:ident ($($rest:tt)*))*) => {
            $(if PROPOSALS.contains(&stringify!($proposal)) {
                names.insert(stringify!($op).to_string());
            })*
        };
    }
    wasmparser::for_each_operator!(list);
    // A select of several values: there are bytes for it, but no module may have it.
    assert!(names.remove("TypedSelectMulti"));
    names
}

fn name(op: &Operator<'_>) -> String {
    let text = format!("{op:?}");
    text[..text.find([' ', '{', '(']).unwrap_or(text.len())].to_string()
}

/// How often each operator occurs in the functions of `wasm`.
fn count(wasm: &[u8], counts: &mut BTreeMap<String, u64>) {
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CodeSectionEntry(body) = payload.expect("the module was run") else { continue };
        let mut reader = body.get_operators_reader().expect("the module was run");
        while !reader.eof() {
            *counts.entry(name(&reader.read().expect("the module was run"))).or_default() += 1;
        }
    }
}

#[test]
fn every_operator_occurs_in_programs() {
    let mut counts = BTreeMap::new();
    for (name, cases) in [("differential", 1000), ("operators", 50), ("borders", 50), ("pressure", 50)] {
        let target = target(name).expect("the target exists");
        for number in 0..cases {
            run(target, &case_bytes(target, 1, number)).expect("this is tested for its own sake");
            if let Some(wasm) = noted() {
                count(&wasm, &mut counts);
            }
        }
    }
    let expected = expected();
    let rare: Vec<_> = expected.iter().filter(|name| counts.get(*name).is_none_or(|&n| n < 5)).collect();
    assert!(rare.is_empty(), "of {} operators these occur less than five times: {rare:?}", expected.len());
    assert!(expected.len() > 200, "the list is complete");
}
