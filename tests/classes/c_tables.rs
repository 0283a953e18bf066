//! Class C: the index spaces and widths of tables, and segments.
//!
//! Every table operator on imported and defined tables, several of both, of functions and of external references, with
//! segments that are passive, applied or dropped; after each round all tables are compared. tests/api_instances.rs
//! shows that tables and their elements are shared across instances and stores' handles.

use crate::harness::{Call, HOST, MODES, V, call, chosen, compare, percent, wasm};
use std::fmt::Write as _;

/// Number, whether of functions, size, maximum. The first four are imported.
const TABLES: [(bool, u32, u32); 9] = [
    (true, 5, 9),
    (false, 3, 7),
    (true, 0, 4),
    (false, 6, 12),
    (true, 7, 11),
    (false, 4, 6),
    (true, 10, 10),
    (false, 0, 5),
    (true, 3, 200),
];
const IMPORTED: usize = 4;

fn ty(func: bool) -> &'static str {
    if func { "funcref" } else { "externref" }
}

/// The modules: one that exports tables, and one with all operators.
fn modules() -> Vec<(&'static str, Vec<u8>)> {
    let mut outside = "(module".to_string();
    let mut text = format!("(module {HOST}");
    for (t, (func, min, max)) in TABLES.into_iter().enumerate().take(IMPORTED) {
        // In an order other than that of the imports, with some in between.
        outside.insert_str(7, &format!(" (table (export \"t{t}\") {min} {max} {0}) (table 1 {0})", ty(func)));
        write!(text, "(import \"outside\" \"t{t}\" (table $t{t} {min} {max} {}))", ty(func))
            .expect("strings take everything");
    }
    outside.push(')');
    for (t, (func, min, max)) in TABLES.into_iter().enumerate().skip(IMPORTED) {
        write!(text, "(table $t{t} {min} {max} {})", ty(func)).expect("strings take everything");
    }
    text += "(type $number (func (result i32)))";
    for f in 0..6 {
        write!(text, "(func $f{f} (type $number) (i32.const {}))", 100 + f).expect("strings take everything");
    }
    text += "(func $other (param i64))
        (elem (table $t0) (i32.const 1) func $f0 $f1) (elem (table $t4) (i32.const 0) func $f2 $f3 $f4)
        (elem $passive func $f5 $f4 $f3 $other $f1)
        (elem $nulls externref (ref.null extern) (ref.null extern))
        (elem $mixed funcref (ref.null func) (ref.func $f2) (ref.null func) (ref.func $f0))
        (elem $dropped func $f0 $f1 $f2)
        (elem declare func $f0 $f1 $f2 $f3 $f4 $f5)
        (func (export \"drop\") (elem.drop $dropped))
        (func (export \"drop passive\") (elem.drop $passive))";
    for (t, (func, ..)) in TABLES.into_iter().enumerate() {
        // A reference made from a number: null, or one that returns the number.
        let make = if func {
            "(local $r funcref) (if (i32.ge_s (local.get $n) (i32.const 0)) (then
                (local.set $r (select (result funcref) (ref.func $f0) (select (result funcref) (ref.func $f3) \
                (ref.func $f5) (i32.and (local.get $n) (i32.const 2)))
                    (i32.and (local.get $n) (i32.const 1))))))"
        } else {
            "(local $r externref) (if (i32.ge_s (local.get $n) (i32.const 0)) \
                (then (local.set $r (call $ref (local.get $n)))))"
        };
        let number = if func {
            format!("(call_indirect $t{t} (type $number) (local.get $i))")
        } else {
            format!("(call $mark (table.get $t{t} (local.get $i)))")
        };
        write!(
            text,
            "(func (export \"size {t}\") (result i32) (table.size $t{t}))
             (func (export \"get {t}\") (param $i i32) (result i32) (if (result i32) \
             (ref.is_null (table.get $t{t} (local.get $i))) (then (i32.const -2)) (else {number})))
             (func (export \"set {t}\") (param $i i32) (param $n i32) {make} (table.set $t{t} (local.get $i) \
             (local.get $r)))
             (func (export \"grow {t}\") (param $i i32) (param $n i32) \
             (result i32) {make} (table.grow $t{t} (local.get $r) (local.get $i)))
             (func (export \"fill {t}\") (param $i i32) (param $n i32) \
             (param $len i32) {make} (table.fill $t{t} (local.get $i) (local.get $r) (local.get $len)))"
        )
        .expect("strings take everything");
        if func {
            write!(
                text,
                "(func (export \"call {t}\") (param $i i32) (result i32) (call_indirect $t{t} (type $number) \
                (local.get $i)))
                 (func (export \"call other {t}\") (param $i i32) (call_indirect $t{t} (param i64) (i64.const 1) \
                 (local.get $i)))"
            )
            .expect("strings take everything");
        }
        for (s, (from, ..)) in TABLES.into_iter().enumerate() {
            if from == func {
                write!(
                    text,
                    "(func (export \"copy {t} {s}\") (param i32 i32 i32) \
                    (table.copy $t{t} $t{s} (local.get 0) (local.get 1) (local.get 2)))"
                )
                .expect("strings take everything");
            }
        }
        for segment in segments(func) {
            write!(
                text,
                "(func (export \"init {t} {segment}\") (param i32 i32 i32) \
                (table.init $t{t} ${segment} (local.get 0) (local.get 1) (local.get 2)))"
            )
            .expect("strings take everything");
        }
    }
    text.push(')');
    vec![("outside", wasm(&outside)), ("main", wasm(&text))]
}

fn segments(func: bool) -> &'static [&'static str] {
    if func { &["passive", "mixed", "dropped"] } else { &["nulls"] }
}

fn i32s(values: &[u32]) -> Vec<V> {
    values.iter().map(|&v| V::I32(v)).collect()
}

/// Calls that read all tables, up to `most` elements each and beyond the end.
fn look(calls: &mut Vec<Call>, most: u32) {
    for t in 0..TABLES.len() {
        calls.push(call(format!("size {t}"), &[]));
        calls.extend((0..most).map(|i| call(format!("get {t}"), &[V::I32(i)])));
    }
}

/// Places and numbers around `size`.
fn around(size: u32) -> Vec<u32> {
    let mut all = vec![0, 1, size.wrapping_sub(1), size, size + 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
    all.sort_unstable();
    all.dedup();
    all
}

#[test]
fn c_every_operator_on_tables_of_every_kind() {
    let modules = modules();
    let mut calls = Vec::new();
    look(&mut calls, 13);
    for (t, (func, size, max)) in TABLES.into_iter().enumerate() {
        for i in around(size) {
            for n in [-1i32, 0, 1, 2] {
                calls.push(call(format!("set {t}"), &i32s(&[i, n as u32])));
                calls.push(call(format!("get {t}"), &i32s(&[i])));
            }
            if func {
                calls.push(call(format!("call {t}"), &i32s(&[i])));
                calls.push(call(format!("call other {t}"), &i32s(&[i])));
            }
            for len in around(size) {
                calls.push(call(format!("fill {t}"), &i32s(&[i, len ^ i, len])));
            }
        }
        look(&mut calls, 13);
        // By nothing, by as much as is allowed, by one too many.
        for (by, n) in [
            (0, 5),
            (max - size + 1, 1),
            (1, 3),
            (max - size, 4),
            ((max - size).saturating_sub(1), 7),
            (1, 1),
            (u32::MAX, 2),
            (0, 1),
        ] {
            calls.push(call(format!("grow {t}"), &i32s(&[by, n])));
        }
        calls.push(call(format!("fill {t}"), &i32s(&[0, 2 + t as u32, max])));
        calls.push(call(format!("fill {t}"), &i32s(&[0, 2 + t as u32, max + 1])));
        look(&mut calls, 13);
    }
    for round in 0..3 {
        match round {
            1 => calls.push(call("drop", &[])),
            2 => calls.push(call("drop passive", &[])),
            _ => {}
        }
        for (t, (func, size, _)) in TABLES.into_iter().enumerate() {
            for segment in segments(func) {
                for to in around(size) {
                    for from in [0, 1, 3, 4, 5, 6, 0xffff_ffff] {
                        for len in [0, 1, 2, 4, 5, 0x8000_0000, 0xffff_ffff] {
                            if chosen(calls.len(), 30) {
                                calls.push(call(format!("init {t} {segment}"), &i32s(&[to, from, len])));
                            }
                        }
                    }
                }
            }
            look(&mut calls, 13);
        }
    }
    compare(&modules, &calls, &[], &MODES);
}

#[test]
fn c_copies_between_all_pairs_of_tables() {
    let modules = modules();
    let mut calls = Vec::new();
    // Different elements everywhere.
    for (t, (_, size, _)) in TABLES.into_iter().enumerate() {
        calls.extend((0..size).map(|i| call(format!("set {t}"), &i32s(&[i, i * 16 + t as u32]))));
    }
    let share = 40 * percent().min(100) / 100;
    for (t, (func, to_size, _)) in TABLES.into_iter().enumerate() {
        for (s, (from, from_size, _)) in TABLES.into_iter().enumerate() {
            if from != func {
                continue;
            }
            for to in around(to_size) {
                for from in around(from_size) {
                    for len in [0, 1, 2, 3, to_size.wrapping_sub(to), from_size.wrapping_sub(from), 0xffff_ffff] {
                        if chosen(calls.len(), share) {
                            calls.push(call(format!("copy {t} {s}"), &i32s(&[to, from, len])));
                        }
                    }
                }
            }
            look(&mut calls, 11);
            for i in 0..to_size {
                calls.push(call(format!("set {t}"), &i32s(&[i, i * 16 + t as u32])));
            }
        }
    }
    compare(&modules, &calls, &[], &MODES[..4]);
}

/// A large table, and one that grows to that size, under every index width: the index of its last element exceeds 16
/// bits.
#[test]
fn c_tables_of_a_hundred_thousand_elements() {
    let text = r#"(module
        (table $a 100000 funcref) (table $b 1 100000 funcref) (type $v (func (result i32)))
        (func $f (type $v) (i32.const 42)) (elem declare func $f)
        (func (export "grow") (result i32) (table.grow $b (ref.func $f) (i32.const 99999)))
        (func (export "set") (param i32) (table.set $a (local.get 0) (ref.func $f)))
        (func (export "a") (param i32) (result i32) (call_indirect $a (type $v) (local.get 0)))
        (func (export "b") (param i32) (result i32) (call_indirect $b (type $v) (local.get 0)))
        (func (export "copy") (param i32 i32 i32) (table.copy $a $b (local.get 0) (local.get 1) (local.get 2))))"#;
    let mut calls = vec![call("grow", &[]), call("grow", &[])];
    for i in [0, 1, 0x7fff, 0x8000, 0xffff, 0x1_0000, 99_998, 99_999, 100_000, 0x8000_0000, 0xffff_ffff, 0x1_0000 - 1] {
        for name in ["a", "b", "set", "a"] {
            calls.push(call(name, &i32s(&[i])));
        }
        calls.push(call("copy", &i32s(&[i, 1, 5])));
        calls.push(call("copy", &i32s(&[1, i, 5])));
        calls.extend((i.saturating_sub(3)..i.saturating_add(7)).map(|i| call("a", &i32s(&[i]))));
    }
    compare(&[("main", wasm(text))], &calls, &[], &MODES);
}
