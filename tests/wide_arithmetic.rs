//! 128-bit sums, differences and products are what Rust computes, wherever the operands are and the results go.

mod support;

use headwater::{Engine, Instance, Module, Store};

/// Values around the edges of words, and two of many bits.
const VALUES: [i64; 9] =
    [0, 1, -1, 2, i64::MAX, i64::MIN, i64::MIN + 1, 0x0123_4567_89ab_cdef, 0x7edc_ba98_7654_3210_u64 as i64];

fn engine() -> Engine {
    Engine::new(support::config().wasm_wide_arithmetic(true)).expect("it is implemented")
}

/// Ways to have the operands: `%0` to `%3` are their numbers, of which there are `n`.
fn forms(n: usize) -> Vec<String> {
    let each = |form: &dyn Fn(usize) -> String| (0..n).map(form).collect::<Vec<_>>().join(" ");
    let mut forms = vec![
        each(&|i| format!("(local.get {i})")),
        // Beyond the locals that are pinned.
        each(&|i| format!("(local.get {})", 20 + i)),
        each(&|i| format!("(i64.add (local.get {i}) (i64.const 0))")),
        each(&|i| format!("(call $same (local.get {i}))")),
        each(&|i| format!("(i64.load (i32.const {}))", 8 * i)),
        each(&|i| format!("(i64.const %{i})")),
    ];
    // Each one alone a constant.
    forms.extend((0..n).map(|constant| {
        each(&|i| if i == constant { format!("(i64.const %{i})") } else { format!("(local.get {i})") })
    }));
    forms
}

/// A function of the operands: they are in locals 0 to 3, in locals 20 to 23 and in memory.
fn function(name: &str, op: &str, operands: &str, after: &str) -> String {
    let copies: String = (0..4)
        .map(|i| format!("(local.set {} (local.get {i})) (i64.store (i32.const {}) (local.get {i})) ", 20 + i, 8 * i))
        .collect();
    let locals = "i64 ".repeat(20);
    format!(
        r#"(func (export "{name}") (param i64 i64 i64 i64) (result i64 i64) (local {locals}) {copies} {operands} {op} {after})"#
    )
}

/// What becomes of the results, which must be both in the end.
const AFTER: [&str; 4] = [
    "",
    "(local.set 0) (local.set 1) (local.get 1) (local.get 0)",
    "(local.set 22) (local.set 21) (local.get 21) (local.get 22)",
    "(call $nothing)",
];

fn halves(n: i128) -> (i64, i64) {
    (n as i64, (n >> 64) as i64)
}

#[test]
fn results_are_those_of_128_bits_in_all_forms() {
    let engine = engine();
    type Expected = fn([i64; 4]) -> (i64, i64);
    let ops: [(&str, usize, Expected); 4] = [
        ("i64.add128", 4, |[a, b, c, d]| halves(wide(a, b).wrapping_add(wide(c, d)))),
        ("i64.sub128", 4, |[a, b, c, d]| halves(wide(a, b).wrapping_sub(wide(c, d)))),
        ("i64.mul_wide_s", 2, |[a, b, ..]| halves(i128::from(a) * i128::from(b))),
        ("i64.mul_wide_u", 2, |[a, b, ..]| halves((u128::from(a as u64) * u128::from(b as u64)) as i128)),
    ];
    for (op, n, expected) in ops {
        let mut checked = 0;
        for (i, &first) in VALUES.iter().enumerate() {
            let constants = [first, VALUES[(i * 5 + 2) % 9], VALUES[(i * 7 + 1) % 9], VALUES[(i + 4) % 9]];
            let mut text =
                String::from("(module (memory 1) (func $nothing) (func $same (param i64) (result i64) (local.get 0))");
            let forms = forms(n);
            for (f, form) in forms.iter().enumerate() {
                let form =
                    (0..4).fold(form.clone(), |form, i| form.replace(&format!("%{i}"), &constants[i].to_string()));
                for (a, after) in AFTER.iter().enumerate() {
                    text += &function(&format!("{f} {a}"), op, &form, after);
                }
            }
            let module =
                Module::new(&engine, wat::parse_str(text + ")").expect("it is well-formed")).expect("it is valid");
            let mut store = Store::new(&engine, ());
            let instance = Instance::new(&mut store, &module, &[]).expect("it needs nothing");
            for (f, form) in forms.iter().enumerate() {
                for (a, after) in AFTER.iter().enumerate() {
                    let func = instance
                        .get_typed_func::<(i64, i64, i64, i64), (i64, i64)>(&mut store, &format!("{f} {a}"))
                        .expect("it is there");
                    for others in 0..VALUES.len() {
                        // Operands that are constants in this form are those.
                        let mut args = [0; 4];
                        for (k, arg) in args.iter_mut().enumerate() {
                            let is_constant = form.contains(&format!("%{k}"));
                            *arg = if is_constant { constants[k] } else { VALUES[(others + k * 2) % 9] };
                        }
                        let found = func.call(&mut store, args.into()).expect("it returns");
                        assert_eq!(found, expected(args), "{op} {args:?}: {form}, then {after}");
                        checked += 1;
                    }
                }
            }
        }
        assert!(checked > 2000, "{op}");
    }
}

/// The two words as one number.
fn wide(low: i64, high: i64) -> i128 {
    i128::from(high) << 64 | i128::from(low as u64)
}
