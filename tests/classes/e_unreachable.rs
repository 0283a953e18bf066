//! Class E: code that cannot be reached.
//!
//! After everything that ends control, each operator, on a stack that is polymorphic and on one with real values, in
//! every kind of block, with and without fuel and epochs. The verdict on thousands of such bodies is compared with
//! wasmparser's in tests/oracle.rs; the core suite has `unreached-valid` and `unreached-invalid`; the cost is in
//! tests/growth.rs (`dead_code`).

use crate::harness::{Call, MODES, V, call, chosen, compare, engine, percent, wasm};
use headwater::Module;
use std::fmt::Write as _;

/// Each operator with its operands and results: `(code, operands, results)`.
fn operators() -> Vec<(String, Vec<&'static str>, Vec<&'static str>)> {
    let mut all: Vec<(String, Vec<&'static str>, Vec<&'static str>)> = Vec::new();
    let mut add = |code: &str, takes: &[&'static str], gives: &[&'static str]| {
        all.push((code.to_string(), takes.to_vec(), gives.to_vec()));
    };
    for ty in ["i32", "i64"] {
        for op in [
            "add", "sub", "mul", "div_s", "div_u", "rem_s", "rem_u", "and", "or", "xor", "shl", "shr_s", "shr_u",
            "rotl", "rotr",
        ] {
            add(&format!("{ty}.{op}"), &[ty, ty], &[ty]);
        }
        for op in ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"] {
            add(&format!("{ty}.{op}"), &[ty, ty], &["i32"]);
        }
        for op in ["clz", "ctz", "popcnt", "extend8_s", "extend16_s"] {
            add(&format!("{ty}.{op}"), &[ty], &[ty]);
        }
        add(&format!("{ty}.eqz"), &[ty], &["i32"]);
        for from in ["f32", "f64"] {
            for op in ["trunc_", "trunc_sat_"] {
                for sign in ["s", "u"] {
                    add(&format!("{ty}.{op}{from}_{sign}"), &[from], &[ty]);
                }
            }
        }
    }
    for ty in ["f32", "f64"] {
        for op in ["add", "sub", "mul", "div", "min", "max", "copysign"] {
            add(&format!("{ty}.{op}"), &[ty, ty], &[ty]);
        }
        for op in ["eq", "ne", "lt", "gt", "le", "ge"] {
            add(&format!("{ty}.{op}"), &[ty, ty], &["i32"]);
        }
        for op in ["abs", "neg", "ceil", "floor", "trunc", "nearest", "sqrt"] {
            add(&format!("{ty}.{op}"), &[ty], &[ty]);
        }
        for from in ["i32", "i64"] {
            for sign in ["s", "u"] {
                add(&format!("{ty}.convert_{from}_{sign}"), &[from], &[ty]);
            }
        }
    }
    for (op, from, to) in [
        ("i32.wrap_i64", "i64", "i32"),
        ("i64.extend_i32_s", "i32", "i64"),
        ("i64.extend_i32_u", "i32", "i64"),
        ("i64.extend32_s", "i64", "i64"),
        ("f32.demote_f64", "f64", "f32"),
        ("f64.promote_f32", "f32", "f64"),
        ("i32.reinterpret_f32", "f32", "i32"),
        ("i64.reinterpret_f64", "f64", "i64"),
        ("f32.reinterpret_i32", "i32", "f32"),
        ("f64.reinterpret_i64", "i64", "f64"),
    ] {
        add(op, &[from], &[to]);
    }
    for (ty, loads, stores) in [
        ("i32", &["load", "load8_s", "load8_u", "load16_s", "load16_u"][..], &["store", "store8", "store16"][..]),
        (
            "i64",
            &["load", "load8_s", "load8_u", "load16_s", "load16_u", "load32_s", "load32_u"],
            &["store", "store8", "store16", "store32"],
        ),
        ("f32", &["load"], &["store"]),
        ("f64", &["load"], &["store"]),
    ] {
        for op in loads {
            add(&format!("{ty}.{op} offset=65535"), &["i32"], &[ty]);
            add(&format!("{ty}.{op} 1"), &["i32"], &[ty]);
        }
        for op in stores {
            add(&format!("{ty}.{op} 1 offset=4294967295"), &["i32", ty], &[]);
            add(&format!("{ty}.{op}"), &["i32", ty], &[]);
        }
        add(&format!("{ty}.const 7"), &[], &[ty]);
        add(&format!("global.get ${ty}"), &[], &[ty]);
        add(&format!("global.set ${ty}"), &[ty], &[]);
        add(&format!("local.get ${ty}"), &[], &[ty]);
        add(&format!("local.set ${ty}"), &[ty], &[]);
        add(&format!("local.tee ${ty}"), &[ty], &[ty]);
        add("drop", &[ty], &[]);
        add("select", &[ty, ty, "i32"], &[ty]);
        add(&format!("select (result {ty})"), &[ty, ty, "i32"], &[ty]);
        add(&format!("block (param {ty}) (result {ty}) end"), &[ty], &[ty]);
        add(&format!("loop (param {ty}) (result {ty}) end"), &[ty], &[ty]);
        add(&format!("if (param {ty}) (result {ty}) else end"), &[ty, "i32"], &[ty]);
        add(&format!("if (result {ty}) {ty}.const 1 else unreachable end"), &["i32"], &[ty]);
        add(&format!("block (result {ty}) unreachable br 0 end"), &[], &[ty]);
        add(&format!("block (result {ty}) {ty}.const 1 br 0 {ty}.add end"), &[], &[ty]);
        add(&format!("loop (result {ty}) br 0 end"), &[], &[ty]);
    }
    for (ty, table, null) in [("funcref", "$tf", "ref.null func"), ("externref", "$te", "ref.null extern")] {
        add(&format!("table.get {table}"), &["i32"], &[ty]);
        add(&format!("table.set {table}"), &["i32", ty], &[]);
        add(&format!("table.size {table}"), &[], &["i32"]);
        add(&format!("table.grow {table}"), &[ty, "i32"], &["i32"]);
        add(&format!("table.fill {table}"), &["i32", ty, "i32"], &[]);
        add(&format!("table.copy {table} {table}"), &["i32", "i32", "i32"], &[]);
        add(null, &[], &[ty]);
        add("ref.is_null", &[ty], &["i32"]);
        add(&format!("select (result {ty})"), &[ty, ty, "i32"], &[ty]);
    }
    add("ref.func $callee", &[], &["funcref"]);
    add("table.init $tf $elem", &["i32", "i32", "i32"], &[]);
    add("elem.drop $elem", &[], &[]);
    for memory in [0, 1] {
        add(&format!("memory.size {memory}"), &[], &["i32"]);
        add(&format!("memory.grow {memory}"), &["i32"], &["i32"]);
        add(&format!("memory.fill {memory}"), &["i32", "i32", "i32"], &[]);
        add(&format!("memory.copy {memory} 0"), &["i32", "i32", "i32"], &[]);
        add(&format!("memory.init {memory} $data"), &["i32", "i32", "i32"], &[]);
    }
    add("data.drop $data", &[], &[]);
    add("nop", &[], &[]);
    add("call $callee", &["i32", "f64"], &["i64"]);
    add("call $pair", &[], &["i32", "f64"]);
    add("call_indirect $tf (type $callee)", &["i32", "f64", "i32"], &["i64"]);
    add("unreachable", &[], &[]);
    add("br 0", &[], &[]);
    add("br_if 0", &["i32"], &[]);
    add("br_table 0 0 0", &["i32"], &[]);
    add("br_table 0 1 0 1", &["i32"], &[]);
    add("return", &["i32"], &[]);
    add("block end", &[], &[]);
    add("loop end", &[], &[]);
    add("loop br 0 end", &[], &[]);
    add("if end", &["i32"], &[]);
    add("if else end", &["i32"], &[]);
    add("if unreachable else br 1 end", &["i32"], &[]);
    add("block block br 1 end br 1 end", &[], &[]);
    add("block loop block local.get $x br_table 0 1 2 end end end", &[], &[]);
    all
}

/// Operators that end control, in a block without results whose label is 0.
const ENDS: [&str; 9] = [
    "unreachable",
    "br 0",
    "i32.const 6 return",
    "i32.const 1 br_table 0 0 0",
    "local.get $i32 br_table 0 1 0",
    "loop br 1 end",
    "block br 1 end",
    "i32.const 1 if br 1 else unreachable end",
    "i32.const 0 if br 1 else i32.const 8 return end",
];

/// The block in which that happens; `@` is the code.
const FRAMES: [&str; 6] = [
    "@",
    "block @ end",
    "local.get $x if @ else nop end",
    "local.get $x if nop else @ end",
    "i64.const 5 i64.const 6 block @ end drop drop",
    "loop @ end",
];

const START: &str = r#"(module (memory 1 3) (memory 1 3) (table $tf 4 9 funcref) (table $te 4 9 externref)
    (type $callee (func (param i32 f64) (result i64)))
    (global $i32 (mut i32) (i32.const 1)) (global $i64 (mut i64) (i64.const 2)) (global $f32 (mut f32) (f32.const 3))
    (global $f64 (mut f64) (f64.const 4))
    (elem $elem func $callee) (elem declare func $callee) (data $data "data")
    (func $callee (type $callee) i64.const 3) (func $pair (result i32 f64) i32.const 3 f64.const 4)
"#;

/// The expected results of the module's functions: 7 where control continues behind the block, or wasmi's result.
#[test]
fn e_every_operator_after_everything_that_ends_control() {
    let operators = operators();
    assert!(operators.len() > 250);
    let mut functions = Vec::new();
    let mut case = 0;
    for (code, takes, gives) in &operators {
        for end in ENDS {
            for frame in FRAMES {
                for real in [false, true] {
                    case += 1;
                    // `br 0` in an endless loop does not end anything.
                    if frame.starts_with("loop")
                        && (end.starts_with("br") || end.contains("br_table") || end.contains("br 1"))
                    {
                        continue;
                    }
                    if !chosen(case, percent() * 40 / 100) {
                        continue;
                    }
                    // Behind the end of a block code counts as reachable, whatever happens in it.
                    let real = real || end.ends_with("end");
                    let operands: String = takes
                        .iter()
                        .filter(|_| real)
                        .map(|ty| match *ty {
                            "funcref" => "ref.null func ".to_string(),
                            "externref" => "ref.null extern ".to_string(),
                            ty => format!("local.get ${ty} "),
                        })
                        .collect();
                    let drops = "drop ".repeat(if real { gives.len() } else { gives.len() + case % 3 });
                    // What is unreachable is in a block of its own inside the frame, so that its label takes no values.
                    let dead = frame.replace('@', &format!("{end} {operands} {code} {drops}"));
                    functions.push(format!(
                        "(param $x i32) (result i32) (local $i32 i32) (local $i64 i64) (local $f32 f32) (local $f64 f64)
                         block block {dead} end end i32.const 7 local.get $i32 i32.add"
                    ));
                }
            }
        }
    }
    for (c, chunk) in functions.chunks(2000).enumerate() {
        let mut text = START.to_string();
        for (i, function) in chunk.iter().enumerate() {
            writeln!(text, "(func (export \"{}\") {function})", c * 2000 + i).expect("strings take everything");
        }
        text.push(')');
        let calls: Vec<Call> =
            (0..chunk.len()).flat_map(|i| [0, 1].map(|x| call((c * 2000 + i).to_string(), &[V::I32(x)]))).collect();
        compare(&[("main", wasm(&text))], &calls, &[], &["", "interrupts,fuel", "spill,shuffle", "masks,pads,poison"]);
    }
}

/// Unreachable operators generate no code themselves, whatever they are.
#[test]
fn e_dead_code_leaves_no_trace_in_the_machine_code() {
    let always = std::env::var("HEADWATER_TEST_MODES").unwrap_or_default();
    for mode in MODES {
        let has = |name: &str| mode.contains(name) || always.contains(name);
        let (engine, fuel, shuffle) = (engine(mode), has("fuel"), has("shuffle"));
        let code = |body: &str| {
            let text = format!(
                "{START} (func (export \"f\") (param $x i32) (result i32) (local $i32 i32) (local $i64 i64) \
                    (local $f32 f32) (local $f64 f64) {body}))"
            );
            let module = Module::new(&engine, wasm(&text)).unwrap_or_else(|e| panic!("{e}: {body}"));
            let last = module.functions().max_by_key(|f| f.index).expect("there are functions");
            module.machine_code()[last.code].to_vec()
        };
        let without = code("block local.get $x if i32.const 3 return end end i32.const 4");
        for (op, _, gives) in operators() {
            if op.starts_with("loop") && fuel || op == "return" {
                continue;
            }
            let drops = "drop ".repeat(gives.len());
            let with = code(&format!("block local.get $x if i32.const 3 return {op} {drops} end end i32.const 4"));
            // With fuel a function is charged for its length; in shuffled order registers depend on where operators
            // are.
            if !fuel && !shuffle {
                assert_eq!(with, without, "{op}, `{mode}`");
            } else {
                assert!(with.len() <= without.len() + 8, "{op}, `{mode}`");
            }
        }
    }
}
