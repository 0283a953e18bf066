//! Code beyond the reach of an instruction's fields: bodies up to the limit of 7,654,321 bytes, frames of up to a
//! mebibyte and more, a thousand arguments and results, contexts of tens of thousands of bytes, jump tables with a
//! hundred thousand entries. Each module runs, and must compute what a few lines of Rust do; and each is compiled for
//! AArch64 on any machine, where every branch must end up inside its function.

mod support;

use headwater::{Config, Engine, Instance, Module, Store, Target, Trap, Val};
use support::{Parts, leb, sleb};

/// What is instantiated here.
struct Run {
    store: Store<()>,
    instance: Instance,
    /// How many bytes of code there are for AArch64.
    aarch64: usize,
}

impl Run {
    fn new(wasm: &[u8]) -> Run {
        let aarch64 = check_aarch64(wasm);
        let mut config = support::config();
        config.max_wasm_stack(6 << 20);
        let engine = Engine::new(&config).expect("the settings work here");
        let module = Module::new(&engine, wasm).expect("the module is valid");
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).expect("the module has no imports");
        Run { store, instance, aarch64 }
    }

    fn call(&mut self, name: &str, params: &[Val], results: usize) -> Result<Vec<Val>, Trap> {
        let func = self.instance.get_func(&mut self.store, name).expect("it is exported");
        let mut out = vec![Val::I32(0); results];
        match func.call(&mut self.store, params, &mut out) {
            Ok(()) => Ok(out),
            Err(e) => Err(*e.downcast_ref::<Trap>().expect("only traps are expected")),
        }
    }

    fn i32(&mut self, name: &str, params: &[i32]) -> Result<i32, Trap> {
        let params: Vec<Val> = params.iter().map(|&p| Val::I32(p)).collect();
        self.call(name, &params, 1).map(|out| out[0].unwrap_i32())
    }
}

/// Compiles for AArch64 and checks every branch, literal load and address: its target must be in the same function,
/// behind which its constants are. A call must go to the start of a function. Returns the number of bytes of code.
fn check_aarch64(wasm: &[u8]) -> usize {
    let engine =
        Engine::new(Config::new().compile_threads(0).compile_for(Target::AARCH64)).expect("any target can be chosen");
    let module = Module::new(&engine, wasm).expect("the module is valid");
    let code = module.machine_code();
    let starts: std::collections::HashSet<usize> = module.functions().map(|f| f.code.start).collect();
    for function in module.functions() {
        let constants = function.code.end..code.len();
        for at in function.code.clone().step_by(4) {
            let word = u32::from_le_bytes(code[at..at + 4].try_into().expect("four bytes"));
            let field = |low: u32, bits: u32| ((word << (32 - low - bits)) as i32 >> (32 - bits)) as isize * 4;
            let target = |distance: isize| at.wrapping_add_signed(distance);
            let (to, place) = match word {
                // b
                w if w >> 26 == 0x05 => (target(field(0, 26)), &function.code),
                // b.cond, cbz, cbnz
                w if w >> 25 == 0x2a || w >> 25 & 0x3f == 0x1a => (target(field(5, 19)), &function.code),
                // ldr of a constant
                w if w >> 24 & 0x3b == 0x18 => (target(field(5, 19)), &constants),
                // bl
                w if w >> 26 == 0x25 => {
                    assert!(starts.contains(&target(field(0, 26))), "{word:08x} at {at:#x} calls no function");
                    continue;
                }
                _ => continue,
            };
            assert!(place.contains(&to), "{word:08x} at {at:#x} goes to {to:#x}, which is not in {place:x?}");
        }
    }
    code.len()
}

/// The module `wat` with the last function's body replaced.
fn with_body(wat: &str, body: Vec<u8>) -> Vec<u8> {
    let mut parts = Parts::of(&wat::parse_str(wat).expect("the text is right")).expect("it has code");
    *parts.bodies.last_mut().expect("it has a body") = body;
    parts.wasm()
}

const GET: u8 = 0x20;
const SET: u8 = 0x21;
const CONST: u8 = 0x41;

/// The longest body that is allowed.
const MAX_BODY: usize = 7_654_321;

/// A body of about `len` bytes that branches and traps across all of itself: with a zero first parameter it jumps from
/// the beginning to the end; it runs twice, by a jump from the end to the beginning; a zero second parameter traps.
fn long_body(len: usize, float: bool) -> (Vec<u8>, usize) {
    // One i32 local, $2, and one f64, $3.
    let mut body = vec![2, 1, 0x7f, 1, 0x7c];
    // (block (br_if 0 (i32.eqz $0)) (loop
    body.extend([0x02, 0x40, GET, 0, 0x45, 0x0d, 0, 0x03, 0x40]);
    let mut units = 0;
    while body.len() + 64 < len {
        // $0 = $0 * 3 + units
        body.extend([GET, 0, CONST, 3, 0x6c, CONST]);
        sleb(&mut body, units as i64);
        body.extend([0x6a, SET, 0]);
        if units % 8 == 0 {
            // $0 = $0 ^ ($0 / $1)
            body.extend([GET, 0, GET, 0, GET, 1, 0x6e, 0x73, SET, 0]);
        }
        if float && units % 64 == 0 {
            // $3 = $3 + 0.1, a constant that is loaded from behind the code where that is in reach
            body.extend([GET, 3, 0x44]);
            body.extend((0.1f64 + (units / 64) as f64).to_le_bytes());
            body.extend([0xa0, SET, 3]);
        }
        units += 1;
    }
    // $2 = $2 + 1; (br_if 0 (i32.lt_u $2 2)) end end; $0 + i32.trunc_sat_f64_s($3)
    body.extend([GET, 2, CONST, 1, 0x6a, 0x22, 2, CONST, 2, 0x49, 0x0d, 0, 0x0b, 0x0b]);
    body.extend([GET, 0, GET, 3, 0xfc, 2, 0x6a, 0x0b]);
    (body, units)
}

fn long_result(units: usize, float: bool, mut x: u32, divisor: u32) -> i32 {
    let mut sum = 0f64;
    for _ in 0..if x == 0 { 0 } else { 2 } {
        for unit in 0..units {
            x = x.wrapping_mul(3).wrapping_add(unit as u32);
            if unit % 8 == 0 {
                x ^= x / divisor;
            }
            if float && unit % 64 == 0 {
                sum += 0.1 + (unit / 64) as f64;
            }
        }
    }
    x.wrapping_add(sum as i32 as u32) as i32
}

#[test]
fn bodies_of_all_lengths() {
    let wat = r#"(module (func (export "f") (param i32 i32) (result i32) unreachable))"#;
    // The lengths around which AArch64's branches change their form are in the middle.
    for (len, float) in [
        (200, true),
        (30_000, true),
        (300_000, true),
        (390_000, false),
        (399_000, true),
        (401_000, true),
        (1 << 20, false),
        (2 << 20, true),
        (MAX_BODY, true),
    ] {
        let (body, units) = long_body(len, float);
        assert!(body.len() <= len && body.len() + 64 >= len);
        let mut run = Run::new(&with_body(wat, body));
        for (x, divisor) in [(1, 3), (0, 5), (-7, 1), (12345, -1)] {
            let expected = long_result(units, float, x as u32, divisor as u32);
            assert_eq!(run.i32("f", &[x, divisor]), Ok(expected), "{len} bytes, {x} {divisor}");
        }
        assert_eq!(run.i32("f", &[1, 0]), Err(Trap::IntegerDivisionByZero), "{len} bytes");
        assert_eq!(run.i32("f", &[0, 0]), Ok(0), "{len} bytes");
    }
}

/// Around the length of code up to which AArch64 has near branches, step by step.
/// More machine code than a `bl` reaches across: the first function calls the last and that one the second.
#[test]
fn a_region_beyond_the_reach_of_calls() {
    if std::env::var_os("HEADWATER_TEST_RUNNER").is_some() {
        // Under emulation this takes minutes. The same forms of calls still run there, through
        // `Config::force_far_calls`.
        return;
    }
    let filler = "(func (param i32) (result i32) (local.get 0))".repeat(17);
    let wat = format!(
        r#"(module
            (func (export "f") (param i32) (result i32) (i32.add (call 19 (local.get 0)) (i32.const 1)))
            (func (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
            {filler}
            (func (param i32) (result i32) (i32.add (call 1 (local.get 0)) (i32.const 7))))"#
    );
    let mut parts = Parts::of(&wat::parse_str(wat).expect("the text is right")).expect("it has code");
    // No locals; ones and leading zeros counted half a million times; end.
    let mut body = vec![0, GET, 0];
    body.extend([0x69, 0x67].repeat(500_000));
    body.push(0x0b);
    for filler in &mut parts.bodies[2..19] {
        filler.clone_from(&body);
    }
    let wasm = parts.wasm();
    let mut run = Run::new(&wasm);
    assert!(run.aarch64 > 128 << 20);
    assert_eq!(run.i32("f", &[5]), Ok(5 * 3 + 7 + 1));
}

#[test]
fn bodies_around_a_mebibyte_of_code() {
    let wat = r#"(module (func (export "f") (param i32 i32) (result i32) unreachable))"#;
    let size = |divisions: usize| {
        let mut body = vec![0];
        for _ in 0..divisions {
            body.extend([GET, 0, GET, 1, 0x6d, SET, 0]);
        }
        body.extend([GET, 0, 0x0b]);
        check_aarch64(&with_body(wat, body))
    };
    let mut lengths = (20_000, 57_000);
    while lengths.1 - lengths.0 > 1 {
        let middle = usize::midpoint(lengths.0, lengths.1);
        if size(middle) < (1 << 20) - 1024 { lengths.0 = middle } else { lengths.1 = middle }
    }
    assert!(lengths.1 < 57_000, "the limit was found");
    let mut sizes: Vec<usize> = (0..40).map(|n| size(lengths.0 + n)).collect();
    // With far branches the code is longer all at once.
    assert!(sizes[0] < 1 << 20 && *sizes.last().expect("there are sizes") > 1 << 20, "{sizes:?}");
    sizes.dedup();
    assert!(sizes.is_sorted(), "{sizes:?}");
}

#[test]
fn many_divisions_in_one_function() {
    let wat = r#"(module (func (export "f") (param i32 i32) (result i32) unreachable))"#;
    let mut body = vec![0];
    for _ in 0..25_000 {
        // $0 = ($0 / $1) + $0, signed, both checks
        body.extend([GET, 0, GET, 1, 0x6d, GET, 0, 0x6a, SET, 0]);
    }
    body.extend([GET, 0, 0x0b]);
    let mut run = Run::new(&with_body(wat, body));
    let expected = |mut x: i32, d: i32| {
        for _ in 0..25_000 {
            x = x.checked_div(d)?.wrapping_add(x);
        }
        Some(x)
    };
    for (x, d) in [(1, 3), (100, 7), (-1000, 12), (5, i32::MIN)] {
        assert_eq!(run.i32("f", &[x, d]).ok(), expected(x, d));
    }
    assert_eq!(run.i32("f", &[1, 0]), Err(Trap::IntegerDivisionByZero));
    assert_eq!(run.i32("f", &[i32::MIN, -1]), Err(Trap::IntegerOverflow));
}

/// Locals in frames of 8 bytes to 400 KB: each is written and read again, in another order.
#[test]
fn frames_of_many_locals() {
    let wat = r#"(module (func (export "f") (param i64) (result i64) unreachable))"#;
    for n in [1u64, 30, 40, 60, 500, 520, 4090, 4110, 8190, 8200, 49_999] {
        let mut body = vec![1];
        leb(&mut body, n);
        body.push(0x7e);
        let step = if n > 5000 { 37 } else { 1 };
        for i in (1..=n).step_by(step) {
            // $i = $0 * 5 + i
            body.extend([GET, 0, 0x42, 5, 0x7e, 0x42]);
            sleb(&mut body, i as i64);
            body.extend([0x7c, SET]);
            leb(&mut body, i);
        }
        // $0 = $0 * 31 + $i, downwards
        for i in (1..=n).step_by(step).collect::<Vec<_>>().into_iter().rev() {
            body.extend([GET, 0, 0x42, 31, 0x7e, GET]);
            leb(&mut body, i);
            body.extend([0x7c, SET, 0]);
        }
        // and a local that was never written
        body.extend([GET, 0, GET]);
        leb(&mut body, if step == 1 { 0 } else { 3 });
        body.extend([0x7c, 0x0b]);
        let mut run = Run::new(&with_body(wat, body));
        for x in [0i64, 7, -1 << 40] {
            let mut acc = x;
            for i in (1..=n as i64).step_by(step).collect::<Vec<_>>().into_iter().rev() {
                acc = acc.wrapping_mul(31).wrapping_add(x.wrapping_mul(5).wrapping_add(i));
            }
            if step == 1 {
                acc = acc.wrapping_add(acc);
            }
            let out = run.call("f", &[Val::I64(x)], 1).expect("nothing traps");
            assert_eq!(out[0].unwrap_i64(), acc, "{n} locals, {x}");
        }
    }
}

/// Operand stacks in frames of 40 bytes to 1.3 MB: results of calls, one after another, then added up.
#[test]
fn frames_of_deep_operand_stacks() {
    let wat = r#"(module
        (global $n (mut i32) (i32.const 0))
        (func $next (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
        (func $next_f (result f64) (f64.convert_i32_u (call $next)))
        (func (export "f") (result f64) unreachable))"#;
    for n in [4usize, 30, 32, 40, 510, 520, 4200, 8300, 131_100, 160_000] {
        let mut body = vec![0];
        for i in 0..n {
            // Every third is an integer, converted later: the others stay floats.
            body.extend([0x10, if i % 3 == 2 { 0 } else { 1 }]);
            if i % 3 == 2 {
                body.push(0xb8);
            }
        }
        // a − (b − (c − …))
        body.resize(body.len() + n - 1, 0xa1);
        body.push(0x0b);
        let mut run = Run::new(&with_body(wat, body));
        let expected = (1..=n).rev().fold(0f64, |acc, i| i as f64 - acc);
        let out = run.call("f", &[], 1).expect("nothing traps");
        assert_eq!(out[0].unwrap_f64(), expected, "{n} values");
    }
}

/// A frame that does not fit on the stack is a trap, however large it is.
#[test]
fn a_frame_that_does_not_fit_is_a_stack_overflow() {
    let wat = r#"(module (func $v (result i64) (i64.const 1)) (func (export "f") (result i64) unreachable))"#;
    let sum = move |n: usize| {
        let mut body = vec![0];
        for _ in 0..n {
            body.extend([0x10, 0]);
        }
        body.resize(body.len() + n - 1, 0x7c);
        body.push(0x0b);
        let mut run = Run::new(&with_body(wat, body));
        run.call("f", &[], 1).map(|out| out[0].unwrap_i64())
    };
    // More stack than a test's thread has.
    let thread = std::thread::Builder::new().stack_size(16 << 20);
    let results = thread.spawn(move || [400_000, 1_500_000].map(sum)).expect("a thread can be had").join();
    assert_eq!(results.expect("nothing panics"), [Ok(400_000), Err(Trap::StackOverflow)]);
}

/// The type of argument `i`, and a value of it made of `n`.
fn nth(i: usize, n: i64) -> (&'static str, Val) {
    match i % 4 {
        0 => ("i32", Val::I32(n as i32)),
        1 => ("f64", Val::F64((n as f64).to_bits())),
        2 => ("i64", Val::I64(n << 33)),
        _ => ("f32", Val::F32((n as f32).to_bits())),
    }
}

/// A function that returns its arguments, rotated by one; called by the host, by another function, and indirectly.
#[test]
fn a_thousand_arguments_and_results() {
    for n in [9usize, 40, 999, 1000] {
        let types: Vec<&str> = (0..n).map(|i| nth(i, 0).0).collect();
        let turned: Vec<&str> = (0..n).map(|i| types[(i + 1) % n]).collect();
        let (params, results, back) = (types.join(" "), turned.join(" "), types.join(" "));
        let gets: String = (0..n).map(|i| format!("(local.get {i})")).collect();
        let turn: String = (0..n).map(|i| format!("(local.get {})", (i + 1) % n)).collect();
        let same = format!(
            r#"(func (export "same") (param {params}) (result {back} i32)
                (local $kept i32) (local.set $kept (i32.const 77)) {gets} (local.get $kept))"#
        );
        let same = if n < 1000 { same.as_str() } else { "" };
        let wat = format!(
            r#"(module
                (type $t (func (param {params}) (result {results})))
                (table funcref (elem $turn))
                (func $turn (type $t) {turn})
                (func (export "turn") (type $t) {gets} (call $turn))
                (func (export "indirect") (type $t) {gets} (call_indirect (type $t) (i32.const 0)))
                {same})"#
        );
        let mut run = Run::new(&wat::parse_str(&wat).expect("the text is right"));
        let args: Vec<Val> = (0..n).map(|i| nth(i, i as i64 * 7 - 3000).1).collect();
        let bits = |v: &Val| match v {
            Val::I32(v) => *v as u32 as u64,
            Val::I64(v) => *v as u64,
            Val::F32(v) => u64::from(*v),
            Val::F64(v) => *v,
            _ => panic!("no reference was passed"),
        };
        let expected: Vec<u64> = (0..n).map(|i| bits(&args[(i + 1) % n])).collect();
        for name in ["turn", "indirect"] {
            let out = run.call(name, &args, n).expect("nothing traps");
            assert!(out.iter().map(bits).eq(expected.iter().copied()), "{name} of {n}");
        }
        if n < 1000 {
            let out = run.call("same", &args, n + 1).expect("nothing traps");
            assert!(out[..n].iter().map(bits).eq(args.iter().map(bits)), "{n}");
            assert_eq!(out[n].unwrap_i32(), 77);
        }
    }
}

/// Globals, tables, memories and imported functions far into the context.
#[test]
fn a_context_of_many_parts() {
    let n = 9000;
    let mut wat = String::from("(module (memory 1) (memory 2) (memory 3)");
    for i in 0..2000 {
        wat += &format!("(table {} funcref)", i % 5 + 1);
    }
    for i in 0..n {
        wat += match i % 4 {
            0 => "(global (mut i32) (i32.const 0))",
            1 => "(global (mut i64) (i64.const 0))",
            2 => "(global (mut f32) (f32.const 0))",
            _ => "(global (mut f64) (f64.const 0))",
        };
    }
    wat += r#"(func $get (result i32) (i32.const 5)) (elem declare func $get) (type $r (func (result i32)))"#;
    for i in [0, 1, 2, 3, 250, 1023, 2046, 2047, 2048, 4095, 4096, 4097, 4098, 8999] {
        let ty = ["i32", "i64", "f32", "f64"][i % 4];
        wat += &format!(
            r#"(func (export "g{i}") (param {ty}) (result {ty}) (global.set {i} (local.get 0)) (global.get {i}))
               (func (export "z{i}") (result {ty}) (global.set {i} ({ty}.const 0)) (global.get {i}))"#
        );
    }
    for i in [0, 31, 32, 63, 511, 512, 1999] {
        wat += &format!(
            r#"(func (export "t{i}") (result i32)
                (table.set {i} (i32.const 0) (ref.func $get))
                (i32.add (table.size {i}) (call_indirect {i} (type $r) (i32.const 0))))
               (func (export "o{i}") (drop (table.get {i} (table.size {i}))))"#
        );
    }
    wat += ")";
    let mut run = Run::new(&wat::parse_str(&wat).expect("the text is right"));
    for i in [0usize, 1, 2, 3, 250, 1023, 2046, 2047, 2048, 4095, 4096, 4097, 4098, 8999] {
        let value = [Val::I32(-5), Val::I64(-5 << 40), Val::F32(0x4048_f5c3), Val::F64(0x4009_21fb_5444_2d18)][i % 4];
        let out = run.call(&format!("g{i}"), std::slice::from_ref(&value), 1).expect("nothing traps");
        assert_eq!(format!("{:?}", out[0]), format!("{value:?}"), "global {i}");
        let out = run.call(&format!("z{i}"), &[], 1).expect("nothing traps");
        assert!(["I32(0)", "I64(0)", "F32(0)", "F64(0)"].contains(&format!("{:?}", out[0]).as_str()), "{:?}", out[0]);
    }
    for i in [0, 31, 32, 63, 511, 512, 1999] {
        assert_eq!(run.i32(&format!("t{i}"), &[]), Ok(i % 5 + 1 + 5), "table {i}");
        assert_eq!(run.call(&format!("o{i}"), &[], 0).err(), Some(Trap::TableOutOfBounds));
    }
}

/// A hundred thousand entries, in place and through stubs, forwards and backwards.
#[test]
fn large_jump_tables() {
    let wat = r#"(module (func (export "f") (param i32) (result i32) unreachable))"#;
    for entries in [1u32, 10, 4096, 4097, 70_000, 150_000] {
        // (loop (block (block (block (br_table … $0)) → 10) → 20) …); the label of the loop takes 1 from the index.
        let mut body = vec![0, 0x03, 0x40, 0x02, 0x40, 0x02, 0x40, 0x02, 0x40];
        // $0 = $0 - 1 before each turn; the loop ends because the index wraps to the default.
        body.extend([GET, 0, CONST, 1, 0x6b, 0x22, 0, 0x0e]);
        leb(&mut body, u64::from(entries));
        for i in 0..entries {
            body.push((i % 4) as u8);
        }
        // The default.
        body.push(2);
        body.extend([0x0b, CONST, 10, 0x0f, 0x0b, CONST, 20, 0x0f, 0x0b, CONST, 30, 0x0f, 0x0b, 0x00, 0x0b]);
        let mut run = Run::new(&with_body(wat, body));
        for index in [
            0u32,
            1,
            2,
            3,
            4,
            5,
            9,
            10,
            11,
            4095,
            4096,
            4097,
            4098,
            69_999,
            70_000,
            149_999,
            150_000,
            150_001,
            u32::MAX,
        ] {
            let mut i = index;
            let expected = loop {
                i = i.wrapping_sub(1);
                match if i < entries { i % 4 } else { 2 } {
                    3 => {}
                    label => break 10 * (label as i32 + 1),
                }
            };
            assert_eq!(run.i32("f", &[index as i32]), Ok(expected), "{index} of {entries}");
        }
    }
}

/// Loads and stores with offsets at the edges of all address forms; reading the same memory through another offset
/// shows whether it was the right place. With guard pages, and with checks.
#[test]
fn offsets_at_the_edges_of_address_forms() {
    const OFFSETS: [u32; 30] = [
        0, 1, 2, 3, 4, 7, 8, 255, 256, 257, 4088, 4095, 4096, 4097, 4100, 8190, 16_380, 16_384, 32_760, 32_761, 32_768,
        65_535, 65_536, 0x10001, 0xf_f000, 0x10_0000, 0xff_0000, 0xff_f000, 0xff_ffff, 0x100_0000,
    ];
    let kinds = [
        ("i32.load8_u", "i32.store8", "i32", 1u32),
        ("i32.load16_u", "i32.store16", "i32", 2),
        ("i32.load", "i32.store", "i32", 4),
        ("i64.load", "i64.store", "i64", 8),
        ("f32.load", "f32.store", "f32", 4),
        ("f64.load", "f64.store", "f64", 8),
    ];
    let mut wat = String::from("(module (memory 258)");
    for offset in OFFSETS {
        for (load, store, ty, _) in kinds {
            let value = match ty {
                "i32" | "i64" => format!("({ty}.const 99)"),
                _ => format!("({ty}.const 99.5)"),
            };
            // By a variable and by a constant index, with a variable value, a constant one and zero.
            wat += &format!(
                r#"(func (export "{load} {offset}") (param i32) (result i32)
                    (local $v {ty}) (local.set $v {value})
                    ({store} offset={offset} (local.get 0) (local.get $v))
                    (if ({ty}.ne ({load} (i32.add (local.get 0) (i32.const {offset}))) (local.get $v))
                    (then (return (i32.const 1))))
                    ({store} offset={offset} (local.get 0) ({ty}.const 0))
                    (if ({ty}.ne ({load} (i32.add (local.get 0) (i32.const {offset}))) ({ty}.const 0))
                    (then (return (i32.const 2))))
                    ({store} (i32.add (local.get 0) (i32.const {offset})) {value})
                    (if ({ty}.ne ({load} offset={offset} (local.get 0)) (local.get $v)) (then (return (i32.const 3))))
                    ({store} offset={offset} (i32.const 24) {value})
                    (if ({ty}.ne ({load} offset=24 (i32.const {offset})) (local.get $v)) (then (return (i32.const 4))))
                    (i32.const 0))"#
            );
        }
    }
    wat += ")";
    let wasm = wat::parse_str(&wat).expect("the text is right");
    let aarch64 = check_aarch64(&wasm);
    for reserve in [None, Some(0)] {
        let mut config = support::config();
        if let Some(bytes) = reserve {
            config.memory_reservation(bytes);
        }
        let engine = Engine::new(&config).expect("the settings work here");
        let module = Module::new(&engine, &wasm).expect("the module is valid");
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).expect("the module has no imports");
        let mut run = Run { store, instance, aarch64 };
        let end = 258 << 16;
        for offset in OFFSETS {
            for (load, _, _, size) in kinds {
                let name = format!("{load} {offset}");
                let last = end - offset - size;
                for index in [0, 1, 5, 1000, last] {
                    assert_eq!(run.i32(&name, &[index as i32]), Ok(0), "{name} at {index}");
                }
                for index in [last + 1, last + size, u32::MAX - 8, u32::MAX] {
                    assert_eq!(run.i32(&name, &[index as i32]), Err(Trap::MemoryOutOfBounds), "{name} at {index}");
                }
            }
        }
    }
}
