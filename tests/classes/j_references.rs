//! Class J: references in baseline code. There is no garbage collector yet; references are kept as long as their store.
//! What can go wrong without one is that a reference turns into another, or into a number, in registers, spills,
//! frames, results and calls, while the host creates more of them. tests/api_host.rs shows how they pass between the
//! host and code.

use crate::harness::{HOST, MODES, V, call, chosen, compare, percent, wasm};
use std::fmt::Write as _;

/// How reference number `i` gets onto the stack; all are for the number `base + i`, or null.
const PLACES: [&str; 8] = ["call", "local", "framed", "table", "global", "selected", "null", "block"];

fn push(place: &str, i: usize, func: bool) -> String {
    let (table, ty, null) =
        if func { ("$tf", "funcref", "ref.null func") } else { ("$te", "externref", "ref.null extern") };
    let make = if func {
        format!("local.get $base i32.const {i} i32.add call $func")
    } else {
        format!("local.get $base i32.const {i} i32.add call $ref")
    };
    let kind = if func { "f" } else { "e" };
    match place {
        "call" => format!("{make} "),
        "local" => format!("{make} local.set ${kind}0 local.get ${kind}0 "),
        "framed" => format!("{make} local.tee ${kind}9 "),
        "table" => format!("i32.const {i} {make} table.set {table} i32.const {i} table.get {table} "),
        "global" => format!("{make} global.set $g{kind} global.get $g{kind} "),
        "selected" => format!("{make} {null} local.get $base i32.eqz select (result {ty}) "),
        "block" => format!("block (result {ty}) {make} local.get $base br_if 0 drop {null} end "),
        _ => format!("{null} "),
    }
}

/// Code that takes a reference and adds what it is to the digest.
fn note(func: bool) -> &'static str {
    if func { "call $note_func " } else { "call $mark call $note " }
}

const LOCALS: &str = "(param $base i32) (result i64) (local $e0 externref) (local $f0 funcref) \
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64) (local $e9 externref) \
    (local $f9 funcref) i64.const 3 global.set $digest ";

fn start() -> String {
    let mut text = format!(
        r#"(module {HOST} (memory 1 3) (table $te 64 200 externref) (table $tf 64 200 funcref)
            (table $scratch 1 1 funcref) (table $all funcref (elem"#
    );
    for i in 0..64 {
        write!(text, " $n{i}").expect("strings take everything");
    }
    text += r#")) (global $ge (mut externref) (ref.null extern)) (global $gf (mut funcref) (ref.null func))
        (global $digest (mut i64) (i64.const 3))
        (type $number (func (result i32)))
        (func $note (param i32) (global.set $digest (i64.add (i64.mul (global.get $digest) (i64.const 31))
        (i64.extend_i32_s (local.get 0)))))
        (func $func (param i32) (result funcref) (table.get $all (i32.and (local.get 0) (i32.const 63))))
        (func $note_func (param funcref) (if (ref.is_null (local.get 0)) (then (call $note (i32.const -1)))
            (else (table.set $scratch (i32.const 0) (local.get 0)) (call $note (call_indirect $scratch (type $number)
            (i32.const 0))))))
        (func $pass (param externref funcref i64 funcref externref) (result externref i32 funcref funcref externref)
            (call $busy) (local.get 4) (i32.const 5) (local.get 1) (local.get 3) (local.get 0))
        (func $busy (local i32) (loop (drop (call $ref (i32.const 12345)))
        (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 3)))))
        (func (export "digest") (result i64) (global.get $digest))"#;
    for i in 0..64 {
        write!(text, "(func $n{i} (type $number) (i32.const {}))", 500 + i).expect("strings take everything");
    }
    text
}

fn check(functions: &[String]) {
    for (c, chunk) in functions.chunks(500).enumerate() {
        let mut text = start();
        for (i, function) in chunk.iter().enumerate() {
            writeln!(text, "(func (export \"{}\") {LOCALS} {function} global.get $digest)", c * 500 + i)
                .expect("strings take everything");
        }
        text.push(')');
        let calls: Vec<_> = (0..chunk.len())
            .flat_map(|i| [0, 20, 1000].map(|base| call((c * 500 + i).to_string(), &[V::I32(base)])))
            .collect();
        compare(&[("main", wasm(&text))], &calls, &[], &MODES);
    }
}

#[test]
fn j_references_live_across_everything_that_could_collect() {
    let crossings = [
        "call $busy",
        "i32.const 7 call $host_id drop",
        "i32.const 1 memory.grow drop",
        "ref.null extern i32.const 1 table.grow $te drop",
        "i32.const 50 ref.null func i32.const 3 table.fill $tf",
        "loop i32.const 0 br_if 0 call $busy end",
        "i32.const 1 if call $busy else call $nothing end",
        "i32.const 3 call $ref drop",
        "i64.const 70 i64.const 3 i64.div_s drop call $busy",
    ];
    let mut functions = Vec::new();
    let mut case = 0;
    for n in [1, 2, 3, 4, 7, 12, 20, 33] {
        for crossing in crossings {
            for place in 0..=PLACES.len() {
                for kind in 0..3 {
                    case += 1;
                    if !chosen(case, percent() * 70 / 100) {
                        continue;
                    }
                    let func = |i: usize| [true, false, i % 3 == 1][kind];
                    let at =
                        |i: usize| PLACES[if place == PLACES.len() { (i * 3 + kind) % PLACES.len() } else { place }];
                    let pushed: String = (0..n)
                        .map(|i| {
                            // Numbers among the references.
                            let number =
                                if i % 4 == 3 { "local.get $base i64.extend_i32_u i64.const 3 i64.mul " } else { "" };
                            push(at(i), i, func(i)) + number
                        })
                        .collect();
                    let noted: String = (0..n)
                        .rev()
                        .map(|i| {
                            format!("{}{}", if i % 4 == 3 { "i32.wrap_i64 call $note " } else { "" }, note(func(i)))
                        })
                        .collect();
                    functions.push(format!("{pushed} {crossing} {noted}"));
                }
            }
        }
    }
    check(&functions);
}

#[test]
fn j_references_in_arguments_and_results() {
    let mut functions = Vec::new();
    for a in PLACES {
        for b in PLACES {
            // In and out of a function that returns five values, three of them references; and again.
            let args = format!(
                "{}{}i64.const 9 {}{}",
                push(a, 1, false),
                push(b, 2, true),
                push(a, 3, true),
                push(b, 4, false)
            );
            functions.push(format!(
                "{args} call $pass {}{}{}{}{}",
                note(false),
                note(true),
                note(true),
                "call $note ",
                note(false)
            ));
            functions.push(format!(
                "{args} call $pass block (param externref i32 funcref funcref externref) \
                    (result externref i32 funcref funcref externref) call $busy end {}{}{}{}{}",
                note(false),
                note(true),
                note(true),
                "call $note ",
                note(false)
            ));
        }
    }
    check(&functions);
}
