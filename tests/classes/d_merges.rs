//! Class D: the virtual stack: what is spilled, what branches carry, and what a local on the stack refers to after a
//! `local.set`.
//!
//! `fuzz/` makes large functions under register pressure at random (target `pressure`); a thousand arguments and
//! results in each of three registers' classes are in tests/ranges.rs (`a_thousand_arguments_and_results`), their cost
//! in tests/growth.rs. Here every distinct number of parameters, results, carried and live values is tried, one after
//! the other.

use crate::harness::{Call, HOST, MODES, Ours, V, call, chosen, compare, engine, percent, wasm};
use headwater::{FuncType, Instance, Linker, Module, Store, Val, ValType};
use std::fmt::Write as _;

const TYPES: [&str; 4] = ["i32", "i64", "f32", "f64"];

/// The type of value number `i`, in runs and in turns.
fn ty(i: usize, salt: usize) -> usize {
    match salt {
        0 => i % 4,
        1 => 0,
        2 => 3,
        _ => (i * 7 + i / 5 + salt) % 4,
    }
}

/// Value number `i` of type `ty`; the integers use all their bits.
fn value(ty: usize, i: usize) -> V {
    let i = i as u64;
    match ty {
        0 => V::I32((i as u32).wrapping_mul(0x9e37_79b9) | 0x8000_0000),
        1 => V::I64(i.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 << 63),
        2 => V::F32((i as f32 + 0.5).to_bits()),
        _ => V::F64((i as f64 + 0.25).to_bits()),
    }
}

fn names(types: &[usize]) -> String {
    types.iter().map(|&t| TYPES[t]).collect::<Vec<_>>().join(" ")
}

fn gets(range: impl Iterator<Item = usize>) -> String {
    range.map(|i| format!("local.get {i} ")).collect()
}

/// Numbers of parameters and results: all small ones, and those around powers of two up to the limit.
fn counts() -> Vec<usize> {
    let mut all: Vec<usize> = (0..=20).collect();
    all.extend([31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 257, 511, 512, 999, 1000]);
    all
}

#[test]
fn d_any_number_of_parameters_and_results_of_any_types() {
    for mode in &MODES[..5] {
        let engine = engine(mode);
        for (case, n) in counts().into_iter().enumerate().flat_map(|(i, n)| (0..4).map(move |s| (i * 4 + s, (n, s)))) {
            let (n, salt) = n;
            if n > 64 && !chosen(case, percent() / 2) {
                continue;
            }
            let params: Vec<usize> = (0..n).map(|i| ty(i, salt)).collect();
            let results: Vec<usize> = params.iter().rev().copied().collect();
            let sig = format!("(func (param {}) (result {}))", names(&params), names(&results));
            // Backwards, through a call, an indirect call, another module's function, the host and a block.
            let text = format!(
                r#"(module (type $t {sig}) (type $b (func (result {r})))
                (import "host" "back" (func $host (type $t)))
                (table 1 funcref) (elem (i32.const 0) func $back)
                (func $back (export "back") (type $t) {backwards})
                (func (export "call") (type $t) {forwards} call $back)
                (func (export "indirect") (type $t) {forwards} i32.const 0 call_indirect (type $t))
                (func (export "host") (type $t) {forwards} call $host)
                (func (export "block") (type $t) (block (type $b) {backwards} br 0))
                (func (export "return") (type $t) (loop {backwards} return) unreachable)
                (func (export "twice") (type $t) {backwards} call $back_again call $back)
                (func $back_again (param {r}) (result {p}) {backwards}))"#,
                p = names(&params),
                r = names(&results),
                forwards = gets(0..n),
                backwards = gets((0..n).rev()),
            );
            let mut linker = Linker::new(&engine);
            let types = |types: &[usize]| {
                types
                    .iter()
                    .map(|&t| [ValType::I32, ValType::I64, ValType::F32, ValType::F64][t].clone())
                    .collect::<Vec<_>>()
            };
            linker
                .func_new(
                    "host",
                    "back",
                    FuncType::new(&engine, types(&params), types(&results)),
                    |_, params: &[Val], results: &mut [Val]| {
                        results.copy_from_slice(params);
                        results.reverse();
                        Ok(())
                    },
                )
                .expect("the name is free");
            let module = Module::new(&engine, wasm(&text)).expect("the module is valid");
            let mut store = Store::new(&engine, ());
            let instance: Instance = linker.instantiate(&mut store, &module).expect("everything is defined");
            let args: Vec<V> = params.iter().enumerate().map(|(i, &t)| value(t, i)).collect();
            let expected: Vec<V> = args.iter().rev().copied().collect();
            let mut ours = Ours { store, instance };
            for name in ["back", "call", "indirect", "host", "block", "return", "twice"] {
                assert_eq!(
                    ours.call(&call(name, &args)).as_ref(),
                    Ok(&expected),
                    "{name}, {n} values, salt {salt}, `{mode}`"
                );
            }
        }
    }
}

/// How an i32 gets onto the stack: constant, local with a register, framed local, memory, computed, spilled.
const PLACES: [&str; 7] = ["constant", "pinned", "framed", "memory", "computed", "spilled", "global"];

/// Code for operand number `i` of type `ty` at `place`. What is spilled is so by a call that follows.
fn operand(place: usize, ty: usize, i: usize) -> String {
    let t = TYPES[ty];
    match PLACES[place] {
        "constant" => format!("{t}.const {} ", 1000 + i),
        "pinned" => format!("local.get ${t}p "),
        "framed" => format!("local.get ${t}f "),
        "memory" => format!("i32.const {} {t}.load ", i * 8),
        "computed" => format!("local.get ${t}p {t}.const {i} {t}.add "),
        "global" => format!("global.get ${t} "),
        _ => format!("local.get ${t}f {t}.const {i} {t}.sub call $nothing "),
    }
}

/// Two locals of each type, the latter of which have no registers.
const LOCALS: &str = "(local $i32p i32) (local $f64p f64) (local $i64p i64) (local $f32p f32) \
    (local i64 i64 i64 i64 i64 i64 i64 i64) (local f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64)
    (local $i32f i32) (local $i64f i64) (local $f32f f32) \
    (local $f64f f64) i32.const 77 local.set $i32p i64.const 88 local.set $i64p f32.const 1.5 local.set $f32p \
    f64.const 2.5 local.set $f64p
    i32.const -7 local.set $i32f i64.const -8 local.set $i64f f32.const -3.5 local.set $f32f f64.const -4.5 local.set \
    $f64f ";

/// The beginning of a module with what [`operand`] needs.
fn start() -> String {
    let data: String = (0..256u32).map(|i| format!("\\{:02x}", (i * 37 + 11) % 127)).collect();
    format!(
        "(module {HOST} (memory 1) (data (i32.const 0) \"{data}\")
         (global $i32 (mut i32) (i32.const 5)) (global $i64 (mut i64) (i64.const 6)) (global $f32 (mut f32) \
         (f32.const 7)) (global $f64 (mut f64) (f64.const 8))"
    )
}

/// Code that takes values of `types` from the stack and leaves an f64 and an i64 that depend on all of them and on
/// their order.
fn digest(types: &[usize]) -> String {
    let mut code = String::new();
    for (i, &t) in types.iter().enumerate().rev() {
        let bits = match t {
            0 => "i64.extend_i32_u",
            1 => "",
            2 => "i32.reinterpret_f32 i64.extend_i32_u",
            _ => "i64.reinterpret_f64",
        };
        write!(
            code,
            "{bits} i64.const {} i64.mul global.get $digest i64.const 5 i64.rotl i64.add global.set $digest ",
            2 * i + 3
        )
        .expect("strings take everything");
    }
    code + "global.get $digest i64.const 17 global.set $digest "
}

const DIGEST: &str = "(global $digest (mut i64) (i64.const 17))";

/// `calls` of functions that are the exports `0` to `n − 1` of the module `text`, each without arguments, a chunk at a
/// time.
fn run(start: &str, functions: &[String], args: &[Vec<V>]) {
    for (c, chunk) in functions.chunks(1500).enumerate() {
        let mut text = start.to_string();
        for (i, function) in chunk.iter().enumerate() {
            writeln!(text, "(func (export \"{}\") {function})", c * 1500 + i).expect("strings take everything");
        }
        text.push(')');
        let calls: Vec<Call> = (0..chunk.len())
            .flat_map(|i| args.iter().map(move |args| call((c * 1500 + i).to_string(), args)))
            .collect();
        compare(&[("main", wasm(&text))], &calls, &[], &MODES[..6]);
    }
}

#[test]
fn d_values_of_all_places_live_across_everything_that_spills() {
    let crossings = [
        "call $nothing",
        "call $two drop drop",
        "i32.const 0 memory.grow drop",
        "i32.const 0 call_indirect (type $v)",
        "block call $nothing end",
        "loop end",
        "i32.const 1 if call $two drop drop end",
        "block i32.const 0 br_if 0 call $nothing end",
        "i32.const 3 i32.const 4 i32.const 5 memory.fill",
        "i64.const 9 i64.const 4 i64.div_s drop",
        "i32.const 9 i32.const 4 i32.shl drop",
        "block block block i32.const 1 br_table 0 1 2 end end end",
        "",
    ];
    let mut functions = Vec::new();
    let mut case = 0;
    for n in [1, 2, 3, 5, 8, 13, 16, 24, 40] {
        for crossing in crossings {
            for place in 0..=PLACES.len() {
                for salt in 0..4 {
                    case += 1;
                    if !chosen(case, percent() * 60 / 100) {
                        continue;
                    }
                    let types: Vec<usize> = (0..n).map(|i| ty(i, salt)).collect();
                    // All in one place, or all places in turn.
                    let at = |i: usize| if place == PLACES.len() { (i * 3 + salt) % PLACES.len() } else { place };
                    let pushed: String = types.iter().enumerate().map(|(i, &t)| operand(at(i), t, i)).collect();
                    functions.push(format!("(result i64) {LOCALS} {pushed} {crossing} {}", digest(&types)));
                }
            }
        }
    }
    let start = start()
        + DIGEST
        + "(type $v (func)) (table 1 funcref) (elem (i32.const 0) func $v) (func $v (type $v)) \
            (func $two (result i32 f64) i32.const 1 f64.const 2)";
    run(&start, &functions, &[vec![]]);
}

#[test]
fn d_branches_carry_any_number_of_values_from_any_place() {
    let mut functions = Vec::new();
    let mut case = 0;
    for n in 0..=16 {
        for place in 0..=PLACES.len() {
            for kind in 0..9 {
                for below in [0, 1, 3] {
                    case += 1;
                    if !chosen(case, percent() * 60 / 100) {
                        continue;
                    }
                    let salt = case % 5;
                    let types: Vec<usize> = (0..n).map(|i| ty(i, salt)).collect();
                    let at = |i: usize| if place == PLACES.len() { (i * 5 + salt) % PLACES.len() } else { place };
                    let values = |shift: usize| -> String {
                        types.iter().enumerate().map(|(i, &t)| operand(at(i + shift), t, i + shift)).collect()
                    };
                    // Values that the branch leaves behind.
                    let junk: String = (0..below).map(|i| operand((i + salt) % PLACES.len(), ty(i, 3), i)).collect();
                    let drops = "drop ".repeat(n);
                    let results = names(&types);
                    let code = match kind {
                        0 => format!("block (result {results}) {junk} {} br 0 end", values(0)),
                        1 => format!(
                            "block (result {results}) {junk} {} local.get 0 br_if 0 {drops} {} br 0 end",
                            values(0),
                            values(1)
                        ),
                        2 => format!(
                            "block (result {results}) block (result {results}) {junk} {} local.get 0 br_table 0 1 0 1 \
                                end {drops} {} end",
                            values(0),
                            values(2)
                        ),
                        3 => format!(
                            "local.get 0 if (result {results}) {junk} {} br 0 else {} end",
                            values(0),
                            values(1)
                        ),
                        4 => format!(
                            "{} block (param {results}) (result {results}) {junk} {} br 0 end",
                            values(0),
                            values(1)
                        ),
                        5 => format!(
                            "{} loop (param {results}) \
                                (result {results}) local.get $n i32.const 1 i32.sub local.tee $n i32.const 0 i32.gt_s \
                                if (param {results}) (result {results}) {drops} {} br 1 end end",
                            values(0),
                            values(1)
                        ),
                        6 => format!(
                            "{} local.get 0 if (param {results}) (result {results}) else {drops} {} end",
                            values(0),
                            values(1)
                        ),
                        7 => format!(
                            "block (result {results}) block (result {results}) {junk} {} local.get 0 i32.const 2 \
                                i32.and br_if 1 local.get 0 br_if 0 br 1 end end",
                            values(0)
                        ),
                        _ => format!(
                            "block (result {results}) loop (result {results}) {junk} {} local.get 0 br_table 1 1 1 end \
                                end",
                            values(0)
                        ),
                    };
                    functions.push(format!(
                        "(param i32) (result i64) (local $n i32) {LOCALS} i32.const 3 local.set $n {code} {}",
                        digest(&types)
                    ));
                }
            }
        }
    }
    assert!(functions.len() as u64 > 15 * percent().min(100), "{}", functions.len());
    run(&(start() + DIGEST), &functions, &[0, 1, 2, 3, 0xffff_ffff].map(|v| vec![V::I32(v)]));
}

#[test]
fn d_old_values_of_locals_stay_on_the_stack_when_the_local_is_set() {
    let mut functions = Vec::new();
    for (t, ty) in TYPES.into_iter().enumerate() {
        for local in [format!("${ty}p"), format!("${ty}f")] {
            let other = if local.ends_with('p') { format!("${ty}f") } else { format!("${ty}p") };
            let news = [
                format!("{ty}.const 3"),
                format!("local.get {other}"),
                format!("local.get {local}"),
                format!("local.get {local} {ty}.const 1 {ty}.add"),
                format!("{ty}.const 1 local.get {local} {ty}.sub"),
                format!("i32.const 8 {ty}.load"),
                format!("local.get {local} local.get {other} local.set {local} local.get {local} {ty}.sub"),
                format!("call $nothing global.get ${ty}"),
                format!("block (result {ty}) local.get {local} i32.const 1 br_if 0 drop {ty}.const 9 end"),
                format!("i32.const 0 if (result {ty}) {ty}.const 1 else local.get {local} end"),
                format!("local.get {local} local.get {other} i32.const 0 select"),
            ];
            for new in &news {
                for set in ["local.set", "local.tee"] {
                    for copies in [1, 2, 9, 20] {
                        for (before, after) in [
                            ("", ""),
                            ("call $nothing", ""),
                            ("", "call $nothing"),
                            ("block", "end"),
                            ("loop", "end"),
                            ("i32.const 1 if", "end"),
                        ] {
                            let tee = set == "local.tee"
                                && before != "block"
                                && before != "loop"
                                && before != "i32.const 1 if";
                            if set == "local.tee" && !tee {
                                continue;
                            }
                            let olds = format!("local.get {local} ").repeat(copies);
                            let mut types = vec![t; copies];
                            if tee {
                                types.push(t);
                            }
                            // The local itself last.
                            types.push(t);
                            functions.push(format!(
                                "(result i64) {LOCALS} {olds} {before} {new} {set} {local} {after} local.get {local} \
                                    {}",
                                digest(&types)
                            ));
                        }
                    }
                }
            }
            // Two exchange their values, and three in a ring, on the stack and by parameters of a loop.
            functions.push(format!(
                "(result i64) {LOCALS} local.get {local} local.get {other} local.set {local} local.set {other} \
                    local.get {local} local.get {other} {}",
                digest(&[t, t])
            ));
            functions.push(format!(
                "(result i64) (local $n i32) {LOCALS} local.get {local} local.get {other} loop (param {ty} {ty}) \
                    (result {ty} {ty})
                   local.set {local} local.set {other} local.get {local} local.get {other} local.get $n i32.const 1 \
                   i32.add local.tee $n i32.const 5 i32.lt_u br_if 0 end {}",
                digest(&[t, t])
            ));
        }
    }
    run(&(start() + DIGEST), &functions, &[vec![]]);
}

/// Each target has its own number of values below; only one value is carried, but the stacks differ in height.
#[test]
fn d_jump_tables_leave_any_number_of_values_behind() {
    let mut functions = Vec::new();
    for depth in 1..12usize {
        for (t, ty) in TYPES.into_iter().enumerate() {
            let mut code = String::new();
            for i in 0..depth {
                // Junk of i values between the blocks.
                write!(
                    code,
                    "block (result {ty}) {} ",
                    (0..i).map(|j| operand(j % PLACES.len(), j % 4, j)).collect::<String>()
                )
                .expect("strings take everything");
            }
            let labels: Vec<String> = (0..depth).map(|i| i.to_string()).collect();
            for place in 0..PLACES.len() {
                let value = operand(place, t, 4);
                let mut all = format!("{code} {value} local.get 0 br_table {} 0", labels.join(" "));
                for i in (0..depth).rev() {
                    // The block ends with the carried value plus its number; its junk is dropped by leaving it.
                    write!(all, " end {ty}.const {} {ty}.add {}", i + 1, if i == 0 { "" } else { "br 0" })
                        .expect("strings take everything");
                }
                functions.push(format!("(param i32) (result i64) {LOCALS} {all} {}", digest(&[t])));
            }
        }
    }
    let args: Vec<Vec<V>> = (0..13).chain([0xffff_ffff]).map(|v| vec![V::I32(v)]).collect();
    run(&(start() + DIGEST), &functions, &args);
}

/// Tables go over any distance, forwards and back to a loop, also where code
/// is longer than 16 bits can say (64 KiB on x86-64, 256 KiB on AArch64), and a branch for a sign reaches (32 KiB).
#[test]
fn d_jump_tables_reach_any_distance() {
    let functions: Vec<String> = [1, 40, 1_500, 1_900, 2_500, 3_500, 15_000]
        .into_iter()
        .map(|n| {
            let filler =
                "i32.const 8 i32.const 8 i32.load i32.const 3 i32.mul i32.const 7 i32.add i32.store ".repeat(n);
            format!(
                "(param $to i32) (result i32) (local $round i32)
                 loop $again
                   block $c block $b block $a
                     local.get $round i32.const 1 i32.add local.tee $round i32.const 5 i32.gt_u if unreachable end
                     local.get $to i32.const 0 i32.lt_s br_if $c
                     local.get $to local.get $round i32.add i32.const 1 i32.sub
                     br_table $a $b $again $c $again $a $b
                   end {filler} i32.const 8 i32.load local.get $round i32.add return
                   end {filler} i32.const 8 i32.load local.get $round i32.sub return
                   end {filler} i32.const 8 i32.load local.get $round i32.xor return
                 end unreachable"
            )
        })
        .collect();
    let args: Vec<Vec<V>> = (0..9).chain([0x8000_0000, 0xffff_ffff]).map(|v| vec![V::I32(v)]).collect();
    run(&start(), &functions, &args);
}
