//! New arrays have the length and the elements that they were asked for, whatever was where they are made: of all kinds of
//! elements and of lengths on both sides of those that are made in place. Lengths that no array can have trap.

mod support;

use headwater::{Config, Engine, Instance, Module, Store, Trap, TypedFunc};

const MODES: [&str; 4] = ["", "collect", "spill,shuffle,poison", "fuel"];

/// The type of the elements, a value, zero, and the begin of the condition that an element is what follows.
const KINDS: [(&str, &str, &str, &str); 8] = [
    ("i8", "i32.const 77", "i32.const 0", "i32.eq (array.get_u $t (local.get $a) (local.get $i))"),
    ("i16", "i32.const 7777", "i32.const 0", "i32.eq (array.get_u $t (local.get $a) (local.get $i))"),
    ("i32", "i32.const -7", "i32.const 0", "i32.eq (array.get $t (local.get $a) (local.get $i))"),
    ("i64", "i64.const 0x123456789a", "i64.const 0", "i64.eq (array.get $t (local.get $a) (local.get $i))"),
    ("f32", "f32.const 1.5", "f32.const 0", "f32.eq (array.get $t (local.get $a) (local.get $i))"),
    // Its upper half is that of the constant, which is no zero.
    (
        "f64",
        "f64.const -0.0",
        "f64.const 0",
        "i64.eq (i64.reinterpret_f64 (array.get $t (local.get $a) (local.get $i)))",
    ),
    ("eqref", "ref.i31 (i32.const 5)", "ref.null none", "ref.eq (array.get $t (local.get $a) (local.get $i))"),
    ("v128", "v128.const i64x2 3 4", "v128.const i64x2 0 0", "$same (array.get $t (local.get $a) (local.get $i))"),
];

/// Lengths around those of which the code is another.
fn lengths() -> Vec<u32> {
    let mut all: Vec<u32> = (0..20).collect();
    for edge in [32, 64, 128, 256, 1000] {
        all.extend(edge - 2..edge + 3);
    }
    all
}

/// A module whose functions make arrays of one type, and count the elements that are wrong. What they made is then full of
/// something else.
fn module(kind: (&str, &str, &str, &str), memory: &str) -> String {
    let (ty, value, zero, equal) = kind;
    let (value, zero) = (format!("({value})"), format!("({zero})"));
    let bits = |v: &str| if ty == "f64" { format!("(i64.reinterpret_f64 {v})") } else { v.to_string() };
    let equal_call = if let Some(rest) = equal.strip_prefix('$') { format!("call ${rest}") } else { equal.to_string() };
    let mut text = format!(
        r#"(module {memory}
        (type $t (array (mut {ty})))
        (func $same (param v128 v128) (result i32)
            (i8x16.all_true (i8x16.eq (local.get 0) (local.get 1))))
        (func $wrong (param $a (ref $t)) (param $n i32) (param $value i32) (result i32) (local $i i32) (local $bad i32)
            (local.set $bad (i32.ne (array.len (local.get $a)) (local.get $n)))
            (block $done (loop $l
                (br_if $done (i32.ge_u (local.get $i) (array.len (local.get $a))))
                (local.set $bad (i32.add (local.get $bad) (i32.eqz
                    (if (result i32) (local.get $value)
                        (then ({equal_call} {}))
                        (else ({equal_call} {}))))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br $l)))
            (array.fill $t (local.get $a) (i32.const 0) {value} (array.len (local.get $a)))
            (local.get $bad))
        (func (export "default") (param $n i32) (result i32)
            (call $wrong (array.new_default $t (local.get $n)) (local.get $n) (i32.const 0)))
        (func (export "zeros") (param $n i32) (result i32)
            (call $wrong (array.new $t {zero} (i32.add (local.get $n) (i32.const 0))) (local.get $n) (i32.const 0)))
        (func (export "values") (param $n i32) (result i32)
            (call $wrong (array.new $t {value} (local.get $n)) (local.get $n) (i32.const 1)))"#,
        bits(&value),
        bits(&zero),
    );
    for n in lengths() {
        let fixed = format!("{value} ").repeat(n as usize);
        text += &format!(
            r#"
        (func (export "default {n}") (result i32)
            (call $wrong (array.new_default $t (i32.const {n})) (i32.const {n}) (i32.const 0)))
        (func (export "zeros {n}") (result i32)
            (call $wrong (array.new $t {zero} (i32.const {n})) (i32.const {n}) (i32.const 0)))
        (func (export "values {n}") (result i32)
            (call $wrong (array.new $t {value} (i32.const {n})) (i32.const {n}) (i32.const 1)))
        (func (export "fixed {n}") (result i32)
            (call $wrong (array.new_fixed $t {n} {fixed}) (i32.const {n}) (i32.const 1)))"#
        );
    }
    text + ")"
}

fn store(mode: &str, text: &str) -> (Store<()>, Instance) {
    let mut config: Config = support::config();
    if mode == "fuel" {
        config.consume_fuel(true);
    } else if !mode.is_empty() {
        config.test_modes(mode);
    }
    let engine = Engine::new(&config).expect("it is implemented");
    let module = Module::new(&engine, wat::parse_str(text).expect("the text is right")).expect("it is valid");
    let mut store = Store::new(&engine, ());
    if mode == "fuel" {
        store.set_fuel(u64::MAX).expect("fuel is counted");
    }
    let instance = Instance::new(&mut store, &module, &[]).expect("nothing is imported");
    (store, instance)
}

#[test]
fn they_are_what_was_asked_for() {
    for (i, kind) in KINDS.into_iter().enumerate() {
        for (j, mode) in MODES.into_iter().enumerate() {
            let memory = if (i + j) % 2 == 0 { "" } else { "(memory 1)" };
            let (mut store, instance) = store(mode, &module(kind, memory));
            // The third time where the first one left its values: collections go from one half to the other.
            for round in 0..3 {
                for n in lengths() {
                    for how in ["default", "zeros", "values", "fixed"] {
                        let name = format!("{how} {n}");
                        let run: TypedFunc<(), i32> = instance.get_typed_func(&mut store, &name).expect("it is there");
                        let wrong = run.call(&mut store, ()).expect("nothing traps");
                        assert_eq!(wrong, 0, "{name} of {} in mode {mode:?}, round {round}", kind.0);
                        if how != "fixed" {
                            let run: TypedFunc<i32, i32> =
                                instance.get_typed_func(&mut store, how).expect("it is there");
                            let wrong = run.call(&mut store, n as i32).expect("nothing traps");
                            assert_eq!(wrong, 0, "{how} {n} of {} in mode {mode:?}, round {round}", kind.0);
                        }
                    }
                }
                store.gc(None).expect("a collection");
            }
        }
    }
}

#[test]
fn lengths_beyond_all_memory_trap() {
    for kind in KINDS {
        for mode in MODES {
            let (mut store, instance) = store(mode, &module(kind, ""));
            for n in [-1, -8, i32::MIN, i32::MAX, 1 << 30, (1 << 29) + 1] {
                for how in ["default", "zeros", "values"] {
                    // Of bytes, these may be there.
                    if kind.0 == "i8" && n > 0 || kind.0 == "i16" && n > 0 && n < 1 << 30 {
                        continue;
                    }
                    let run: TypedFunc<i32, i32> = instance.get_typed_func(&mut store, how).expect("it is there");
                    let error = run.call(&mut store, n).expect_err("there is no room");
                    let trap = error.downcast_ref::<Trap>();
                    assert_eq!(trap, Some(&Trap::AllocationTooLarge), "{how} {n} of {}: {error:?}", kind.0);
                }
            }
        }
    }
}
