//! Class A: the upper half of a register that holds an i32, where that is used as an address or compared with a bound.
//!
//! Every way to produce an i32 is combined with every operator that relies on one. `fuzz/` does the same at random,
//! with nested operators (`fuzz/src/borders.rs`); tests/pinned_locals.rs shows that pinned locals survive poisoned
//! boundaries.

use crate::harness::{Call, HOST, MODES, V, call, chosen, compare, percent, wasm};
use std::fmt::Write as _;

/// How an i32 is computed from the parameter `$x`: a name and code that leaves it on the stack.
fn producers() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, code: &str| all.push((name.to_string(), code.to_string()));
    const X: &str = "local.get $x";
    add("parameter", X);
    for local in ["$p", "$f"] {
        add(&format!("local {local}"), &format!("{X} local.set {local} local.get {local}"));
        add(&format!("tee of {local}"), &format!("{X} local.tee {local}"));
        add(
            &format!("local {local} of a load"),
            &format!("i32.const 32 {X} i32.store i32.const 32 i32.load8_s local.set {local} local.get {local}"),
        );
    }
    for load in ["i32.load8_s", "i32.load8_u", "i32.load16_s", "i32.load16_u", "i32.load"] {
        for memory in ["$imported", "$defined"] {
            add(
                &format!("{load} {memory}"),
                &format!("i32.const 32 {X} i32.store {memory} i32.const 31 {load} {memory} offset=1"),
            );
        }
    }
    for load in ["i64.load8_s", "i64.load16_s", "i64.load32_s", "i64.load32_u", "i64.load"] {
        add(
            &format!("wrapped {load}"),
            &format!("i32.const 32 {X} i32.store i32.const 36 i32.const -1 i32.store i32.const 32 {load} i32.wrap_i64"),
        );
    }
    for op in ["extend8_s", "extend16_s", "popcnt", "clz", "ctz", "eqz"] {
        add(op, &format!("{X} i32.{op}"));
    }
    // 64 bits, all of the upper half set.
    let high = format!("{X} i64.extend_i32_u i64.const 0xdeadbeef00000000 i64.or");
    add("wrap", &format!("{high} i32.wrap_i64"));
    add("wrap of a pinned local", &format!("{high} local.set $a local.get $a i32.wrap_i64"));
    add("wrap of a framed local", &format!("{high} local.set $z local.get $z i32.wrap_i64"));
    add("wrap into a pinned local", &format!("{high} i32.wrap_i64 local.set $p local.get $p"));
    add("wrap into a framed local", &format!("{high} i32.wrap_i64 local.set $f local.get $f"));
    add("wrap of a spilled value", &format!("{high} call $nothing i32.wrap_i64"));
    add("wrap of a call", &format!("{high} call $id64 i32.wrap_i64"));
    add("wrap of a host function's result", &format!("{high} call $host_id64 i32.wrap_i64"));
    add("wrap of a global", &format!("{high} global.set $wide global.get $wide i32.wrap_i64"));
    add("wrap of a product", &format!("{X} i64.extend_i32_s i64.const 0x100000001 i64.mul i32.wrap_i64"));
    add("wrap of a shift", &format!("{high} i64.const 33 i64.rotl i64.const 31 i64.rotl i32.wrap_i64"));
    add("wrap of a selection", &format!("{high} {high} {X} select i32.wrap_i64"));
    add("wrap and extension", &format!("{high} i32.wrap_i64 i64.extend_i32_s i32.wrap_i64"));
    for op in ["add", "sub", "mul", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "rotr"] {
        for constant in ["i32.const -1", "i32.const 0x80000001", "i32.const 1", X] {
            add(&format!("{op} with {constant}"), &format!("{X} {constant} i32.{op}"));
        }
        add(&format!("{op} of a wrap"), &format!("{high} i32.wrap_i64 {high} i32.wrap_i64 i32.{op}"));
    }
    add("sum that overflows", &format!("{X} i32.const 0x80000000 i32.add i32.const 0x80000000 i32.add"));
    add("difference from zero", &format!("i32.const 0 {X} i32.sub"));
    add("quotient", &format!("{X} i32.const -2 i32.div_s"));
    add("unsigned quotient", &format!("{X} i32.const 3 i32.div_u"));
    add("remainder", &format!("{X} i32.const -2147483648 i32.rem_u"));
    add("signed remainder", &format!("{X} i32.const 2147483647 i32.rem_s"));
    add("selection", &format!("{X} i32.const 7 {X} select"));
    add("typed selection", &format!("i32.const 7 {X} {X} i32.const 3 i32.lt_u select (result i32)"));
    for (name, func) in [("call", "$id"), ("host call", "$host_id")] {
        add(name, &format!("{X} call {func}"));
        add(&format!("{name} into a pinned local"), &format!("{X} call {func} local.set $p local.get $p"));
        add(&format!("{name} into a framed local"), &format!("{X} call {func} local.set $f local.get $f"));
    }
    add("call_indirect", &format!("{X} i32.const 4 call_indirect $defined_table (type $i_i)"));
    add("first of two results", &format!("{X} call $two drop"));
    add("second of two results", &format!("{X} call $two local.set $p drop local.get $p"));
    add("table.grow", &format!("ref.null func {X} table.grow $defined_table"));
    add("table.grow of an import", &format!("ref.null func {X} table.grow $imported_table"));
    add("table.grow that fails", "ref.null extern i32.const -1 table.grow $extern_table");
    add("table.size", "table.size $defined_table");
    add("table.size less ten thousand", "table.size $imported_table i32.const 10000 i32.sub");
    add("memory.grow", &format!("{X} memory.grow $defined"));
    add("memory.grow that fails", "i32.const -1 memory.grow $imported");
    add("memory.size", "memory.size $defined");
    add("memory.size less ten thousand", "memory.size $imported i32.const 10000 i32.sub");
    add("spilled at a call", &format!("{X} i32.const 1 i32.sub call $nothing i32.const 1 i32.add"));
    add("spilled as it is", &format!("{X} i32.const 0 i32.or call $nothing"));
    add(
        "spilled at memory.grow",
        &format!("i32.const 32 {X} i32.store i32.const 32 i32.load8_s i32.const 0 memory.grow $defined drop"),
    );
    add(
        "spilled for want of registers",
        &format!(
            "{X} i32.const 1 i32.sub {} {} i32.const 1 i32.add",
            format!("{X} i32.const 3 i32.mul ").repeat(20),
            "drop ".repeat(20)
        ),
    );
    add("sign-extended load, spilled", &format!("i32.const 32 {X} i32.store i32.const 32 i32.load16_s call $nothing"));
    for (name, before, after) in [
        ("block", "block (result i32)", "end"),
        ("block left by br", "block (result i32)", "br 0 end"),
        ("block left by br_if", "block (result i32)", "i32.const 1 br_if 0 drop i32.const 99 end"),
        ("block not left by br_if", "block (result i32)", "i32.const 0 br_if 0 end"),
        (
            "block left by br_table",
            "block (result i32) block (result i32)",
            "i32.const 5 br_table 0 0 1 end i32.const 1 i32.add end",
        ),
        (
            "one of two results of a block",
            "block (result i32 i32) i32.const 77",
            "br 0 end local.set $p drop local.get $p",
        ),
        ("loop", "loop (result i32)", "end"),
        ("if", "i32.const 1 if (result i32)", "else i32.const 9 end"),
        ("else", "i32.const 0 if (result i32) i32.const 9 else", "end"),
    ] {
        add(name, &format!("{before} {X} {after}"));
        add(&format!("{name}, of a wrap"), &format!("{before} {high} i32.wrap_i64 {after}"));
    }
    add(
        "parameter of a loop",
        &format!("{X} i32.const 1 i32.sub loop (param i32) (result i32) i32.const 1 i32.add end"),
    );
    add("parameter of a block", &format!("{high} i32.wrap_i64 block (param i32) (result i32) end"));
    add("global", &format!("{X} global.set $g global.get $g"));
    add("imported global", &format!("{X} global.set $imported_global global.get $imported_global"));
    for comparison in ["lt_s", "lt_u", "gt_s", "gt_u", "eq", "ne", "ge_u", "le_s"] {
        add(&format!("i32.{comparison}"), &format!("{X} i32.const 24 i32.{comparison}"));
        add(&format!("i64.{comparison}"), &format!("{high} i64.const 24 i64.{comparison}"));
    }
    add("i64.eqz", &format!("{high} i64.eqz"));
    add("f64.lt", &format!("{X} f64.convert_i32_s f64.const 24 f64.lt"));
    add("f32.ne", &format!("{X} f32.reinterpret_i32 local.tee $r local.get $r f32.ne"));
    add("ref.is_null", &format!("{X} i32.const 7 i32.and table.get $defined_table ref.is_null"));
    add("ref.is_null of a constant", "ref.null extern ref.is_null");
    for (from, to) in [
        ("f64.convert_i32_s", "i32.trunc_f64_s"),
        ("f64.convert_i32_u", "i32.trunc_f64_u"),
        ("f64.convert_i32_s", "i32.trunc_sat_f64_s"),
        ("f64.convert_i32_u", "i32.trunc_sat_f64_u"),
        ("f32.convert_i32_s", "i32.trunc_sat_f32_s"),
        ("f32.convert_i32_u", "i32.trunc_sat_f32_u"),
        ("f32.reinterpret_i32", "i32.reinterpret_f32"),
    ] {
        add(to, &format!("{X} {from} {to}"));
    }
    for constant in [0u32, 24, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff] {
        add(&format!("constant {constant:#x}"), &format!("i32.const {constant}"));
    }
    all
}

/// An operator that relies on an i32: a name, the code before and after it, and what is left on the stack.
fn consumers() -> Vec<(String, String, String, &'static str)> {
    let mut all: Vec<(String, String, String, &'static str)> = Vec::new();
    let mut add =
        |name: String, before: &str, after: String, result| all.push((name, before.to_string(), after, result));
    let places = [
        ("$imported", 1u32),
        ("$imported", 0xffff_fff0),
        ("$defined", 0),
        ("$defined", 0x1_0000),
        ("$defined", 0x7fff_fff8),
    ];
    for (ty, ops) in [
        ("i32", &["load8_s", "load8_u", "load16_s", "load16_u", "load"][..]),
        ("i64", &["load8_s", "load8_u", "load16_s", "load16_u", "load32_s", "load32_u", "load"]),
        ("f32", &["load"]),
        ("f64", &["load"]),
    ] {
        for op in ops {
            for (memory, offset) in places {
                add(format!("{ty}.{op} {memory}+{offset:#x}"), "", format!("{ty}.{op} {memory} offset={offset}"), ty);
            }
        }
    }
    for (ty, ops) in [
        ("i32", &["store8", "store16", "store"][..]),
        ("i64", &["store8", "store16", "store32", "store"]),
        ("f32", &["store"]),
        ("f64", &["store"]),
    ] {
        for op in ops {
            for (memory, offset) in places {
                add(
                    format!("{ty}.{op} {memory}+{offset:#x}"),
                    "",
                    format!("{ty}.const 5 {ty}.{op} {memory} offset={offset}"),
                    "",
                );
            }
        }
    }
    for op in ["store8", "store16", "store"] {
        add(format!("value of i32.{op}"), "i32.const 40", format!("i32.{op}"), "");
    }
    for what in [
        "i64.extend_i32_u",
        "i64.extend_i32_s",
        "i64.extend_i32_u i64.const 7 i64.shl",
        "f64.convert_i32_u",
        "f32.convert_i32_s",
        "f32.reinterpret_i32",
        "call $host_id",
        "call $id",
        "i32.eqz",
        "i32.const 24 i32.lt_u",
        "i32.const 3 i32.shr_u",
    ] {
        let result = match what {
            w if w.contains("i64.extend") => "i64",
            w if w.starts_with("f64") => "f64",
            w if w.starts_with("f32") => "f32",
            _ => "i32",
        };
        add(what.to_string(), "", what.to_string(), result);
    }
    add("result".to_string(), "", String::new(), "i32");
    add("if".to_string(), "", "if (result i32) i32.const 1 else i32.const 2 end".to_string(), "i32");
    add("br_if".to_string(), "block (result i32) i32.const 5", "br_if 0 drop i32.const 6 end".to_string(), "i32");
    add("select".to_string(), "i64.const 5 i64.const 6", "select".to_string(), "i64");
    add(
        "br_table".to_string(),
        "block block block",
        "br_table 0 1 2 1 end i32.const 1 return end i32.const 2 return end i32.const 3".to_string(),
        "i32",
    );
    for table in ["$imported_table", "$defined_table", "$extern_table"] {
        let null = if table == "$extern_table" { "ref.null extern" } else { "ref.null func" };
        add(format!("table.get {table}"), "", format!("table.get {table} ref.is_null"), "i32");
        add(format!("table.set {table}"), "", format!("{null} table.set {table}"), "");
        add(format!("table.grow {table}"), null, format!("table.grow {table}"), "i32");
        add(format!("table.fill {table}, place"), "", format!("{null} i32.const 1 table.fill {table}"), "");
        add(format!("table.fill {table}, number"), &format!("i32.const 6 {null}"), format!("table.fill {table}"), "");
        add(format!("table.copy {table}, to"), "", format!("i32.const 3 i32.const 2 table.copy {table} {table}"), "");
        add(format!("table.copy {table}, from"), "i32.const 3", format!("i32.const 2 table.copy {table} {table}"), "");
        add(
            format!("table.copy {table}, number"),
            "i32.const 3 i32.const 4",
            format!("table.copy {table} {table}"),
            "",
        );
        if table != "$extern_table" {
            add(format!("call_indirect {table}"), "i32.const 11", format!("call_indirect {table} (type $i_i)"), "i32");
            add(
                format!("table.init {table}, to"),
                "",
                format!("i32.const 1 i32.const 2 table.init {table} $funcs"),
                "",
            );
            add(
                format!("table.init {table}, from"),
                "i32.const 1",
                format!("i32.const 2 table.init {table} $funcs"),
                "",
            );
            add(
                format!("table.init {table}, number"),
                "i32.const 2 i32.const 1",
                format!("table.init {table} $funcs"),
                "",
            );
        }
    }
    for memory in ["$imported", "$defined"] {
        let other = if memory == "$defined" { "$imported" } else { "$defined" };
        add(format!("memory.grow {memory}"), "", format!("memory.grow {memory}"), "i32");
        add(format!("memory.fill {memory}, place"), "", format!("i32.const 7 i32.const 9 memory.fill {memory}"), "");
        add(format!("memory.fill {memory}, value"), "i32.const 100", format!("i32.const 9 memory.fill {memory}"), "");
        add(format!("memory.fill {memory}, number"), "i32.const 100 i32.const 3", format!("memory.fill {memory}"), "");
        add(
            format!("memory.copy {memory}, to"),
            "",
            format!("i32.const 3 i32.const 20 memory.copy {memory} {other}"),
            "",
        );
        add(
            format!("memory.copy {memory}, from"),
            "i32.const 3",
            format!("i32.const 20 memory.copy {memory} {other}"),
            "",
        );
        add(
            format!("memory.copy {memory}, number"),
            "i32.const 3 i32.const 4",
            format!("memory.copy {memory} {memory}"),
            "",
        );
        add(
            format!("memory.init {memory}, to"),
            "",
            format!("i32.const 1 i32.const 2 memory.init {memory} $bytes"),
            "",
        );
        add(
            format!("memory.init {memory}, from"),
            "i32.const 1",
            format!("i32.const 2 memory.init {memory} $bytes"),
            "",
        );
        add(
            format!("memory.init {memory}, number"),
            "i32.const 2 i32.const 1",
            format!("memory.init {memory} $bytes"),
            "",
        );
    }
    all
}

const WORLD: &str = r#"(module
    (memory (export "memory") 1 2)
    (table (export "table") 8 16 funcref)
    (global (export "global") (mut i32) (i32.const 0)))"#;

/// Some locals are pinned to registers, and there are too many for all.
const LOCALS: &str = "(param $x i32) (local $p i32) (local $r f32) (local $a i64) \
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64) (local $z i64) (local $f i32)";

const VALUES: [u32; 9] = [0, 1, 24, 255, 0xfff8, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

/// A module with a function for each pair whose number is in `pairs`.
fn module(producers: &[(String, String)], pairs: &[(usize, usize)]) -> String {
    let consumers = consumers();
    let mut text = format!(
        r#"(module {HOST}
        (import "world" "memory" (memory $imported 1 2))
        (import "world" "table" (table $imported_table 8 16 funcref))
        (import "world" "global" (global $imported_global (mut i32)))
        (type $i_i (func (param i32) (result i32)))
        (memory $defined 1 3) (export "imported" (memory $imported)) (export "defined" (memory $defined))
        (table $defined_table 8 16 funcref) (table $extern_table 8 16 externref)
        (global $g (mut i32) (i32.const 0)) (global $wide (mut i64) (i64.const 0))
        (elem (table $defined_table) (i32.const 1) func $id $nothing $id $id $two $id)
        (elem (table $imported_table) (i32.const 0) func $id $nothing $id $host_id)
        (elem $funcs func $id $id $two $nothing) (data $bytes "some bytes to copy")
        (data (i32.const 20) "\80\81\82\f3\f4\f5\06\07\a8\a9\aa\7b\cc\dd\ee\ff")
        (data $defined (i32.const 0) "\ff\fe\fd\fc\fb\fa\f9\f8\f7\80\00\80\7f")
        (func $id (type $i_i) local.get 0)
        (func $id64 (param i64) (result i64) local.get 0)
        (func $two (param i32) (result i32 i32) local.get 0 i32.const 1 i32.add local.get 0)
        "#
    );
    for &(p, c) in pairs {
        let (_, before, after, result) = &consumers[c];
        let result = if result.is_empty() { String::new() } else { format!("(result {result})") };
        writeln!(
            text,
            "(func (export \"{p} {c}\") {} {before} {} {after})",
            LOCALS.replacen(") (local", &format!(") {result} (local"), 1),
            producers[p].1
        )
        .expect("strings take everything");
    }
    text.push(')');
    text
}

#[test]
fn a_every_maker_of_an_i32_meets_every_operator_that_trusts_one() {
    let (producers, consumers) = (producers(), consumers());
    let all: Vec<(usize, usize)> =
        (0..producers.len()).flat_map(|p| (0..consumers.len()).map(move |c| (p, c))).collect();
    assert!(all.len() > 15_000, "{} pairs", all.len());
    for (i, mode) in MODES.iter().enumerate() {
        // Each mode takes different ones, so that together they cover all.
        let share = percent() * if *mode == "poison" { 100 } else { 15 } / 100;
        let pairs: Vec<_> = (0..all.len()).filter(|&n| chosen(n + i * all.len(), share)).map(|n| all[n]).collect();
        let mut found = Vec::new();
        // Small modules: a failure is shown alone, and growth in one does not use up the growth of others.
        for pairs in pairs.chunks(400) {
            let modules = [("world", wasm(WORLD)), ("main", wasm(&module(&producers, pairs)))];
            let calls: Vec<Call> =
                pairs.iter().flat_map(|(p, c)| VALUES.map(|v| call(format!("{p} {c}"), &[V::I32(v)]))).collect();
            found.extend(crate::harness::differences(&modules, &calls, &["imported", "defined"], &[mode]));
            if found.len() > 10 {
                break;
            }
        }
        let name = |text: &String| {
            let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<usize>().ok());
            let (Some(p), Some(c)) = (numbers.next(), numbers.next()) else { return text.clone() };
            format!("{} → {}: {text}", producers[p].0, consumers[c].0)
        };
        let found: Vec<_> = found.iter().map(name).collect();
        assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
    }
}

/// Results of builtins that are −1 are 2³² − 1 where they are an address, for every width and offset.
#[test]
fn a_minus_one_of_a_builtin_is_no_small_address() {
    let mut text = r#"(module (memory 1 1) (table $t 1 1 funcref) (table $e 1 1 externref)"#.to_string();
    let mut calls = Vec::new();
    for (name, code) in [
        ("table.grow", "ref.null func i32.const 1 table.grow $t"),
        ("table.grow extern", "ref.null extern i32.const -1 table.grow $e"),
        ("memory.grow", "i32.const 1 memory.grow"),
        ("load8_s", "i32.const 0 i32.load8_s"),
        ("load16_s", "i32.const 0 i32.load16_s"),
        ("extend8_s", "i32.const 0 i32.load i32.extend8_s"),
        ("extend16_s", "i32.const 0 i32.load i32.extend16_s"),
    ] {
        for op in ["i32.load8_u", "i32.load16_u", "i32.load", "i64.load", "f32.load", "f64.load"] {
            for offset in [0u64, 1, 2, 4, 8, 100, 0xffff, 0x1_0000, 0x7fff_ffff, 0xffff_ffff] {
                let n = calls.len();
                write!(text, "(func (export \"{n}\") {code} {op} offset={offset} drop)")
                    .expect("strings take everything");
                calls.push((n, name, op, offset));
            }
        }
    }
    text += r#"(data (i32.const 0) "\ff\ff\ff\ff"))"#;
    let modules = [("main", wasm(&text))];
    for mode in MODES {
        let mut ours = crate::harness::Ours::new(&crate::harness::engine(mode), &modules);
        for (n, name, op, offset) in &calls {
            let outcome = ours.call(&call(n.to_string(), &[]));
            assert_eq!(outcome, Err("memory out of bounds"), "{name} → {op} offset={offset} with `{mode}`");
        }
    }
    let calls: Vec<_> = calls.iter().map(|(n, ..)| call(n.to_string(), &[])).collect();
    compare(&modules, &calls, &[], &[]);
}
