//! Quotients and remainders by constants are what Rust computes, for all small divisors and those at the edges, wherever
//! the dividend is and the result goes; and what traps still does.

mod support;

use headwater::{Engine, Instance, Module, Store, Trap, TypedFunc};
use std::fmt::Write;
use support::Rng;

/// How many dividends a function divides, and how far from them, in bytes, it puts the results.
const COUNT: usize = 64;
const RESULTS: usize = 8 * COUNT;

const OPS: [&str; 4] = ["div_s", "div_u", "rem_s", "rem_u"];

/// Ways to have the dividend and its quotient: `%l` loads a dividend, `%s` begins to store a result, `%d` ends the
/// division that `%b` begins.
const FORMS: [&str; 6] = [
    "%s %b %l %d)",
    "(local.set $x %l) %s %b (local.get $x) %d)",
    "(local.set $x %l) (local.set $x %b (local.get $x) %d) %s (local.get $x))",
    "(local.set $x %l) (local.set $y %b (local.get $x) %d) %s (%t.add (local.get $y) (%t.sub (local.get $x) (local.get $x))))",
    // In the frame, beyond what is pinned.
    "(local.set $far %l) %s %b (local.get $far) %d)",
    // Below it are others in registers.
    "%s (%t.sub %l (%t.sub %l (%t.sub %l (%t.sub %l %b %l %d)))))",
];

fn divisors(rng: &mut Rng) -> Vec<i32> {
    let mut all: Vec<i32> = (-70..=300).collect();
    for log2 in 8..32 {
        let power = 1i32.wrapping_shl(log2);
        for near in [-1, 0, 1] {
            all.extend([power.wrapping_add(near), power.wrapping_neg().wrapping_add(near)]);
        }
    }
    all.extend([641, 1000, 3600, 10_000, 65_537 * 3, 1_000_000_007, -1000, i32::MAX, i32::MIN]);
    all.extend((0..60).map(|i| (rng.next() as i32) >> (i % 24)));
    all.sort_unstable();
    all.dedup();
    all
}

/// Where quotients change, and where words end.
fn dividends(rng: &mut Rng, divisor: i32, wide: bool) -> [i64; COUNT] {
    let (d, max, bits) = match wide {
        true => (i64::from(divisor), i64::MAX, 64),
        false => (i64::from(divisor), i64::from(i32::MAX), 32),
    };
    let unsigned = if wide { d as u64 } else { u64::from(divisor as u32) };
    let last = if unsigned == 0 { 0 } else { u64::MAX >> (64 - bits) };
    let last = last.checked_rem(unsigned).map_or(0, |rest| last - rest) as i64;
    let edge = d.checked_abs().filter(|&d| d != 0).map_or(max, |d| max - max % d);
    let mut all = [0; COUNT];
    let mut rest = all.iter_mut();
    for around in [0, max, d, d.wrapping_neg(), d.wrapping_mul(2), edge, edge.wrapping_neg(), last, d.wrapping_mul(d)] {
        for near in [-1, 0, 1] {
            *rest.next().expect("there is room") = around.wrapping_add(near);
        }
    }
    for (i, n) in rest.enumerate() {
        *n = (rng.next() as i64) >> (i % 3 * 20);
    }
    all
}

fn expected(op: &str, wide: bool, n: i64, d: i32) -> i64 {
    if wide {
        let d = i64::from(d);
        return match op {
            "div_s" => n.wrapping_div(d),
            "div_u" => (n as u64 / d as u64) as i64,
            "rem_s" => n.wrapping_rem(d),
            _ => (n as u64 % d as u64) as i64,
        };
    }
    let n = n as i32;
    i64::from(match op {
        "div_s" => n.wrapping_div(d),
        "div_u" => (n as u32 / d as u32) as i32,
        "rem_s" => n.wrapping_rem(d),
        _ => (n as u32 % d as u32) as i32,
    })
}

fn ty(wide: bool) -> &'static str {
    if wide { "i64" } else { "i32" }
}

fn function(op: &str, wide: bool, d: i32, form: usize) -> String {
    let t = ty(wide);
    let body = FORMS[form]
        .replace("%l", "(%t.load (local.get $p))")
        .replace("%s", &format!("(%t.store offset={RESULTS} (local.get $p)"))
        .replace("%b", &format!("(%t.{op}"))
        .replace("%d", &format!("(%t.const {d}))"))
        .replace("%t", t);
    let locals =
        format!("(local $p i32) (local $x {t}) (local $y {t}) (local i64 i64 i64 i64 i64 i64) (local $far {t})");
    let next = "(local.tee $p (i32.add (local.get $p) (i32.const 8)))";
    format!(
        r#"(func (export "{t}.{op} {d} {form}") {locals} (loop $l {body} (br_if $l (i32.lt_u {next} (i32.const {RESULTS})))))"#
    )
}

#[test]
fn quotients_and_remainders_are_those_of_rust() {
    let engine: Engine = support::engine();
    let mut rng = Rng(1);
    let divisors = divisors(&mut rng);
    for wide in [false, true] {
        let mut cases = Vec::new();
        for op in OPS {
            for (i, &d) in divisors.iter().enumerate() {
                // What traps is tested below.
                if d != 0 && !(d == -1 && op == "div_s") {
                    cases.push((op, d, i % FORMS.len()));
                    cases.push((op, d, (i / FORMS.len() + 3) % FORMS.len()));
                }
            }
        }
        cases.sort_unstable();
        cases.dedup();
        let mut text = String::from(r#"(module (memory (export "memory") 1) "#);
        for &(op, d, form) in &cases {
            text += &function(op, wide, d, form);
        }
        let module = Module::new(&engine, wat::parse_str(text + ")").expect("the text is right")).expect("it is valid");
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).expect("nothing is imported");
        let memory = instance.get_memory(&mut store, "memory").expect("it is exported");
        for (op, d, form) in cases {
            let name = format!("{}.{op} {d} {form}", ty(wide));
            let dividends = dividends(&mut rng, d, wide);
            let bytes: Vec<u8> = dividends.iter().flat_map(|n| n.to_le_bytes()).collect();
            memory.write(&mut store, 0, &bytes).expect("it is large enough");
            let run: TypedFunc<(), ()> = instance.get_typed_func(&mut store, &name).expect("it is exported");
            run.call(&mut store, ()).expect("nothing traps");
            for (i, n) in dividends.into_iter().enumerate() {
                let mut result = [0; 8];
                memory.read(&store, RESULTS + 8 * i, &mut result).expect("it is large enough");
                let result = i64::from_le_bytes(result);
                let result = if wide { result } else { i64::from(result as i32) };
                assert_eq!(result, expected(op, wide, n, d), "{name} of {n}");
            }
        }
    }
}

#[test]
fn what_cannot_be_divided_traps() {
    let engine: Engine = support::engine();
    let mut text = String::from("(module ");
    for wide in [false, true] {
        let t = ty(wide);
        for op in OPS {
            for d in [0, -1] {
                write!(
                    text,
                    r#"(func (export "{t}.{op} {d}") (param {t}) (result {t}) (local $x {t})
                        (local.set $x (local.get 0)) ({t}.{op} (local.get $x) ({t}.const {d})))"#
                )
                .expect("strings take everything");
            }
        }
    }
    let module = Module::new(&engine, wat::parse_str(text + ")").expect("the text is right")).expect("it is valid");
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("nothing is imported");
    let mut call = |wide: bool, op: &str, n: i64, d: i32| {
        let name = format!("{}.{op} {d}", ty(wide));
        if wide {
            let run: TypedFunc<i64, i64> = instance.get_typed_func(&mut store, &name).expect("it is exported");
            run.call(&mut store, n)
        } else {
            let run: TypedFunc<i32, i32> = instance.get_typed_func(&mut store, &name).expect("it is exported");
            run.call(&mut store, n as i32).map(i64::from)
        }
        .map_err(|error| *error.downcast_ref::<Trap>().expect("it is a trap"))
    };
    for wide in [false, true] {
        let min = if wide { i64::MIN } else { i32::MIN.into() };
        for n in [0, 1, -1, min] {
            for op in OPS {
                assert_eq!(call(wide, op, n, 0), Err(Trap::IntegerDivisionByZero), "{op} {n} by 0");
                let by_minus_one = match (op, n) {
                    ("div_s", n) if n == min => Err(Trap::IntegerOverflow),
                    _ => Ok(expected(op, wide, n, -1)),
                };
                assert_eq!(call(wide, op, n, -1), by_minus_one, "{op} {n} by -1");
            }
        }
    }
}
