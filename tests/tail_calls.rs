//! Tail calls: any number of them in one frame's worth of stack, whoever is called and whatever the arguments.

mod common {
    pub fn config() -> headwater::Config {
        let mut config = headwater::Config::new();
        config.test_modes(&std::env::var("HEADWATER_TEST_MODES").unwrap_or_default());
        config
    }
}

use headwater::{Caller, Config, Engine, Func, Instance, Linker, Module, Store, Trap, Val, WasmBacktrace};
use std::fmt::Write;

fn engine(stack: usize) -> Engine {
    Engine::new(common::config().max_wasm_stack(stack)).expect("these settings are supported")
}

fn instance(store: &mut Store<()>, text: &str) -> Instance {
    let wasm = wat::parse_str(text).expect("it is well-formed");
    let module = Module::new(store.engine(), &wasm).expect("it is valid");
    Instance::new(store, &module, &[]).expect("it has no imports")
}

/// What a stack of functions with few locals needs, twice: far too little for a thousand frames.
const STACK: usize = 64 << 10;

/// `count` types, of all kinds in turn.
fn types(count: usize, shift: usize) -> Vec<&'static str> {
    (0..count).map(|i| ["i32", "f64", "i64", "v128", "f32"][(i + shift) % 5]).collect()
}

/// A constant of type `ty` that depends on `n`.
fn constant(ty: &str, n: usize) -> String {
    if ty == "v128" { format!("(v128.const i64x2 {n} {})", n * 7) } else { format!("({ty}.const {n})") }
}

/// A check that local `i` is [`constant`]`(ty, n)`: traps if not.
fn check(ty: &str, i: usize, n: usize) -> String {
    match ty {
        "v128" => {
            format!("(if (i32.eqz (i8x16.all_true (i8x16.eq (local.get {i}) {}))) (then unreachable))", constant(ty, n))
        }
        _ => format!("(if ({ty}.ne (local.get {i}) {}) (then unreachable))", constant(ty, n)),
    }
}

/// Two functions that call one another in their tails, the first with `a` further arguments, the second with `b`; the
/// first argument counts down. Each checks what it is given.
fn ping_pong(a: usize, b: usize, how: &str) -> String {
    let (ping, pong) = (types(a, 0), types(b, 3));
    let function = |name: &str, own: &[&str], other: &str, others: &[&str], index: u32| {
        let mut text = format!("(func ${name} (export \"{name}\") (type ${name}) ");
        for (i, ty) in own.iter().enumerate() {
            text += &check(ty, i + 1, i * 3 + 1);
        }
        text += "(if (i32.eqz (local.get 0)) (then (return (i32.const 42))))";
        text += "(i32.sub (local.get 0) (i32.const 1))";
        for (i, ty) in others.iter().enumerate() {
            text += &constant(ty, i * 3 + 1);
        }
        match how {
            "direct" => write!(text, "(return_call ${other}))"),
            _ => write!(text, "(return_call_indirect (type ${other}) (i32.const {index})))"),
        }
        .expect("a string");
        text
    };
    format!(
        "(module (type $ping (func (param i32 {}) (result i32))) (type $pong (func (param i32 {}) (result i32)))
           (table funcref (elem $ping $pong))
           {}
           {}
           (func (export \"go\") (param i32) (result i32) (call $ping (local.get 0) {})))",
        ping.join(" "),
        pong.join(" "),
        function("ping", &ping, "pong", &pong, 1),
        function("pong", &pong, "ping", &ping, 0),
        ping.iter().enumerate().map(|(i, ty)| constant(ty, i * 3 + 1)).collect::<String>(),
    )
}

#[test]
fn a_million_mutual_tail_calls_need_no_stack() {
    for how in ["direct", "indirect"] {
        for (a, b, calls) in [
            (0, 0, 1_000_000),
            (5, 20, 1_000_000),
            (20, 5, 1_000_000),
            (0, 20, 1_000_000),
            (999, 3, 30_000),
            (999, 999, 10_000),
        ] {
            let engine = engine(if a + b > 100 { STACK + (64 << 10) } else { STACK });
            let mut store = Store::new(&engine, ());
            let instance = instance(&mut store, &ping_pong(a, b, how));
            let go = instance.get_typed_func::<i32, i32>(&mut store, "go").expect("it is exported");
            assert_eq!(go.call(&mut store, calls).expect("no stack is needed"), 42, "{how} {a} {b}");
        }
    }
}

#[test]
fn tail_calls_go_back_and_forth_between_instances() {
    let engine = engine(STACK);
    let mut store = Store::new(&engine, ());
    let text = |other: &str| {
        format!(
            "(module (import \"\" \"set\" (func $set)) (table (export \"table\") 1 funcref)
               (type $f (func (param i32 i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i32 i64 i64 i64 i64 i64 i64 i64 i64 i64)))
               (memory 1) (global $count (export \"count\") (mut i32) (i32.const 0))
               (func $f (export \"f\") (type $f)
                 (global.set $count (i32.add (global.get $count) (i32.const 1)))
                 (i32.store (i32.const 0) (local.get 0))
                 (if (i32.eqz (local.get 0)) (then (return (local.get 0) (local.get 1) (local.get 2) (local.get 3)
                    (local.get 4) (local.get 5) (local.get 6) (local.get 7) (local.get 8) (local.get 9))))
                 (return_call_indirect (type $f) (i32.sub (local.get 0) (i32.const 1)) (local.get 2) (local.get 1)
                    (local.get 4) (local.get 3) (local.get 6) (local.get 5) (local.get 8) (local.get 7) (local.get 9)
                    (i32.const 0)))
               (func (export \"go\") (param i32) (result i64)
                 (local $own i32)
                 (local.set $own (i32.const 77))
                 (call $f (local.get 0) (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6)
                    (i64.const 7) (i64.const 8) (i64.const 9))
                 drop drop drop drop drop drop drop drop drop drop
                 ;; The instance is its own again.
                 (i64.extend_i32_u (i32.add (local.get $own) (i32.load (i32.const 0)))))
               {other})"
        )
    };
    let wasm = wat::parse_str(text("")).expect("it is well-formed");
    let module = Module::new(&engine, &wasm).expect("it is valid");
    let set = Func::wrap(&mut store, || {});
    let a = Instance::new(&mut store, &module, &[set.into()]).expect("the import is there");
    let b = Instance::new(&mut store, &module, &[set.into()]).expect("the import is there");
    for (from, to) in [(a, b), (b, a)] {
        let f = to.get_func(&mut store, "f").expect("it is exported");
        let table = from.get_table(&mut store, "table").expect("it is exported");
        table.set(&mut store, 0, headwater::Ref::Func(Some(f))).expect("there is an element");
    }
    let go = a.get_typed_func::<i32, i64>(&mut store, "go").expect("it is exported");
    // An even number of calls: the last one is the first instance's.
    assert_eq!(go.call(&mut store, 1_000_000).expect("no stack is needed"), 77);
    assert_eq!(go.call(&mut store, 7).expect("no stack is needed"), 77 + 1);
    let count = |store: &mut Store<()>, i: Instance| {
        i.get_global(&mut *store, "count").expect("it is exported").get(store).unwrap_i32()
    };
    assert_eq!((count(&mut store, a), count(&mut store, b)), (500_001 + 4, 500_000 + 4));
}

#[test]
fn host_functions_are_called_in_tails() {
    let engine = engine(STACK);
    let mut store = Store::new(&engine, 0u32);
    let mut linker = Linker::new(&engine);
    linker
        .func_wrap(
            "host",
            "sum",
            |mut caller: Caller<'_, u32>, a: i32, b: f64, c: i64, d: i32, e: i32, f: i32, g: i32| {
                *caller.data_mut() += 1;
                f64::from(a + d + e + f + g) + b + c as f64
            },
        )
        .expect("it is new");
    let wasm = wat::parse_str(
        "(module (import \"host\" \"sum\" (func $sum (param i32 f64 i64 i32 i32 i32 i32) (result f64)))
           (func $f (param i32) (result f64)
             (return_call $sum (local.get 0) (f64.const 0.5) (i64.const 3) (i32.const 4) (i32.const 5) (i32.const 6) (i32.const 7)))
           (func (export \"go\") (param i32) (result f64) (local $sum f64) (local $x f64)
             (local.set $x (f64.const 100))
             (loop $more
               (local.set $sum (f64.add (local.get $sum) (call $f (local.get 0))))
               (br_if $more (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
             (f64.add (local.get $sum) (local.get $x))))",
    )
    .expect("it is well-formed");
    let module = Module::new(&engine, &wasm).expect("it is valid");
    let instance = linker.instantiate(&mut store, &module).expect("the import is there");
    let go = instance.get_typed_func::<i32, f64>(&mut store, "go").expect("it is exported");
    assert_eq!(go.call(&mut store, 2).expect("it returns"), 100.0 + 2.0 * 25.5 + 3.0);
    assert_eq!(*store.data(), 2);
}

#[test]
fn arguments_change_places_in_all_classes_of_registers() {
    let engine = engine(STACK);
    let mut store = Store::new(&engine, ());
    // Each class is rotated by one at each call, registers and stack slots; after a full turn all is as it was.
    for per_class in [2usize, 3, 4, 6, 9, 12, 17] {
        let mut params = String::new();
        let mut rotated = String::new();
        let mut first = String::new();
        let mut checks = String::new();
        for (class, ty) in ["i64", "f64", "v128", "i32", "f32"].into_iter().enumerate() {
            for i in 0..per_class {
                write!(params, " {ty}").expect("a string");
                let base = 1 + class * per_class;
                write!(rotated, "(local.get {})", base + (i + 1) % per_class).expect("a string");
                first += &constant(ty, i + 10 * class);
                checks += &check(ty, base + i, i + 10 * class);
            }
        }
        let text = format!(
            "(module (func $f (param i32{params}) (result i32)
               (if (i32.eqz (local.get 0)) (then {checks} (return (i32.const 1))))
               (return_call $f (i32.sub (local.get 0) (i32.const 1)){rotated}))
               (func (export \"go\") (param i32) (result i32) (call $f (local.get 0){first})))"
        );
        let instance = instance(&mut store, &text);
        let go = instance.get_typed_func::<i32, i32>(&mut store, "go").expect("it is exported");
        assert_eq!(go.call(&mut store, 1000 * per_class as i32).expect("all is in its place"), 1, "{per_class}");
        if per_class > 2 {
            let error = go.call(&mut store, 1000 * per_class as i32 + 1).expect_err("one further is wrong");
            assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::UnreachableCodeReached));
        }
    }
}

#[test]
fn a_trap_names_who_runs_and_not_who_left() {
    let engine = Engine::new(&common::config()).expect("these settings are supported");
    let mut store = Store::new(&engine, ());
    let instance = instance(
        &mut store,
        "(module (table 2 funcref) (type $v (func))
           (func $trap (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) unreachable)
           (func $left (return_call $trap (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0)
              (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0)))
           (func $null (return_call_indirect (type $v) (i32.const 1)))
           (func $outer (export \"outer\") (call $left))
           (func (export \"null\") (call $null)))",
    );
    let names = |store: &mut Store<()>, name: &str| -> Vec<String> {
        let f = instance.get_func(&mut *store, name).expect("it is exported");
        let error = f.call(store, &[], &mut []).expect_err("it traps");
        let trace = error.downcast_ref::<WasmBacktrace>().expect("there are frames");
        trace.frames().iter().map(|f| f.func_name().unwrap_or("?").to_string()).collect()
    };
    assert_eq!(names(&mut store, "outer"), ["trap", "outer"]);
    assert_eq!(names(&mut store, "null"), ["null", "?"]);
}

#[test]
fn endless_tail_calls_can_be_stopped() {
    for text in [
        "(module (func $f (export \"f\") (return_call $f)))",
        "(module (type $t (func (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64))) (table funcref (elem $f $g))
           (func $g (type $t) (return_call_indirect (i32.const 0)))
           (func $f (export \"f\") (return_call_indirect (type $t) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0)
              (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0) (i32.const 1))))",
    ] {
        let mut config: Config = common::config();
        let engine = Engine::new(config.consume_fuel(true)).expect("these settings are supported");
        let mut store = Store::new(&engine, ());
        store.set_fuel(1_000_000).expect("fuel is counted");
        let instance = instance(&mut store, text);
        let f = instance.get_func(&mut store, "f").expect("it is exported");
        let error = f.call(&mut store, &[], &mut []).expect_err("it never returns");
        assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::OutOfFuel));
    }
}

#[test]
fn results_on_the_stack_come_through_an_adapter() {
    let engine = engine(STACK);
    let mut store = Store::new(&engine, ());
    let results = 40;
    let list = vec!["i64"; results].join(" ");
    let many: String = (0..30).map(|i| format!("(i64.const {i})")).collect();
    let values: String = (0..results).map(|i| format!("(i64.add (local.get {}) (i64.const {i}))", i % 30)).collect();
    let text = format!(
        "(module (func $g (param {}) (result {list}) {values})
           (func $f (result {list}) (return_call $g {many}))
           (func (export \"f\") (result {list}) (call $f)))",
        vec!["i64"; 30].join(" ")
    );
    let instance = instance(&mut store, &text);
    let f = instance.get_func(&mut store, "f").expect("it is exported");
    let mut out = vec![Val::I64(0); results];
    f.call(&mut store, &[], &mut out).expect("it returns");
    let out: Vec<i64> = out.iter().map(Val::unwrap_i64).collect();
    assert_eq!(out, (0..results as i64).map(|i| i % 30 + i).collect::<Vec<_>>());
}
