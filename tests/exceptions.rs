//! What a handler finds: locals wherever they live, what waits on the operand stack, the exception's arguments; however
//! it was thrown, and whatever label it goes to.

mod api_common;

use api_common::{engine, instance, module, trap};
use headwater::{
    AsContextMut, Caller, Engine, ExnRef, ExnRefPre, ExnType, Func, FuncType, Instance, Linker, Store, Tag, TagType,
    Trap, V128, Val, ValType,
};
use std::fmt::Write;

/// The types of the exception's arguments.
const PAYLOAD: [&str; 5] = ["i32", "f64", "v128", "i64", "f32"];

/// A constant of type `ty` that depends on `n`.
fn constant(ty: &str, n: usize) -> String {
    if ty == "v128" { format!("(v128.const i64x2 {n} {})", n * 7) } else { format!("({ty}.const {n})") }
}

/// A trap if the operand is not [`constant`]`(ty, n)`; it is in local `temp` of its type.
fn check(operand: &str, ty: &str, n: usize) -> String {
    let expected = constant(ty, n);
    match ty {
        "v128" => format!("(if (i32.eqz (i8x16.all_true (i8x16.eq {operand} {expected}))) (then unreachable))"),
        _ => format!("(if ({ty}.ne {operand} {expected}) (then unreachable))"),
    }
}

/// The arguments of the exception, as constants.
fn payload() -> String {
    PAYLOAD.iter().enumerate().map(|(i, ty)| constant(ty, 40 + i)).collect()
}

/// Locals of all types, more than there are registers for.
fn local_types() -> Vec<&'static str> {
    (0..60).map(|i| ["i32", "f64", "i64", "v128", "f32"][i % 5]).collect()
}

/// All ways to throw the exception.
const HOWS: [&str; 9] = ["inline", "direct", "deep", "imported", "indirect", "host", "ref", "tail", "adapted"];

fn throw(how: &str) -> String {
    match how {
        "inline" => format!("(throw $e {})", payload()),
        "direct" => "(call $throw)".into(),
        "deep" => "(call $deep (i32.const 10) (f64.const 1) (i64.const 2))".into(),
        "imported" => "(call $imported)".into(),
        "indirect" => "(call_indirect (i32.const 0))".into(),
        "host" => "(call $host)".into(),
        "ref" => "(throw_ref (call $caught))".into(),
        "tail" => "(call $tail)".into(),
        "adapted" => "(call $adapted (i32.const 3))".into(),
        _ => unreachable!("one of the list"),
    }
}

/// What throws, and functions on the way that use all registers.
fn throwers() -> String {
    let locals = local_types();
    let list: String = locals.iter().map(|ty| format!(" {ty}")).collect();
    let sets: String =
        locals.iter().enumerate().map(|(i, ty)| format!("(local.set {} {})", i + 3, constant(ty, 1000 + i))).collect();
    let many = vec!["i64"; 30].join(" ");
    let thirty: String = (0..30).map(|i| format!("(i64.const {i})")).collect();
    format!(
        "(func $throw (throw $e {payload}))
         (func $deep (param i32 f64 i64) (local{list})
           {sets}
           (if (local.get 0)
             (then (call $deep (i32.sub (local.get 0) (i32.const 1)) (local.get 1) (local.get 2)))
             (else (call $throw))))
         (func $caught (result exnref)
           (block $l (result exnref) (try_table (catch_all_ref $l) (call $throw)) (unreachable)))
         (func $tail (local i64 f64) (return_call $deep (i32.const 2) (f64.const 1) (i64.const 2)))
         (func $wide (param {many}) (local i64) (call $deep (i32.const 1) (f64.const 1) (i64.const 2)))
         (func $adapted (param i32) (local i64 f64)
           (if (local.get 0) (then (return_call $adapted (i32.sub (local.get 0) (i32.const 1)))))
           (return_call $wide {thirty}))
         (table funcref (elem $deeper))
         (func $deeper (call $deep (i32.const 4) (f64.const 1) (i64.const 2)))",
        payload = payload(),
    )
}

/// All clauses, and whether the payload and the exception arrive.
const CLAUSES: [(&str, bool, bool); 8] = [
    ("catch", true, false),
    ("catch_ref", true, true),
    ("catch_all", false, false),
    ("catch_all_ref", false, true),
    ("legacy catch", true, false),
    ("legacy catch_all", false, false),
    ("legacy delegate", true, false),
    ("legacy rethrow", true, false),
];

/// What catches, leaving what it got on the stack. `label` is where the clause goes.
fn catcher(clause: &str, label: &str, how: &str) -> String {
    let (_, values, reference) = *CLAUSES.iter().find(|c| c.0 == clause).expect("one of the list");
    let mut types = if values { PAYLOAD.join(" ") } else { String::new() };
    // Changed after the handler is in force, and before it is thrown.
    let body =
        format!("(local.set $changed_i (i64.const 71)) (local.set $changed_v {}) {}", constant("v128", 72), throw(how));
    if let Some(legacy) = clause.strip_prefix("legacy ") {
        let tried = match legacy {
            "catch" => format!("try (result {types}) {body} unreachable catch $other unreachable catch $e end"),
            "catch_all" => format!("try {body} unreachable catch $other unreachable catch_all end"),
            "delegate" => format!(
                "try $d (result {types}) try try {body} delegate $d catch_all unreachable end unreachable catch $e end"
            ),
            _ => format!(
                "try (result {types})
                   try {body} catch $other unreachable catch_all rethrow 0 end unreachable catch $e end"
            ),
        };
        return match label {
            "loop" => format!("(loop $l (result {types}) {tried})"),
            _ => tried,
        };
    }
    if reference {
        types += " exnref";
    }
    let tag = if values { "$e" } else { "" };
    let clause = format!("({} $other $never) ({clause} {tag} $l)", "catch");
    match label {
        "block" => format!("(block $l (result {types}) (try_table {clause} {body}) (unreachable))"),
        "nested" => format!(
            "(block $l (result {types})
               (block (try_table (catch $other 0) {body_in}) (unreachable)) (unreachable))",
            body_in = format_args!("(try_table {clause} (try_table (catch $other $never) {body})) (unreachable)")
        ),
        "loop" => {
            // The first time with zeros, the second time with what was caught.
            let zeros: String = match values {
                true => PAYLOAD.iter().map(|ty| constant(ty, 0)).collect(),
                false => String::new(),
            };
            let null = if reference { "(ref.null exn)" } else { "" };
            format!(
                "(local.set $round (i32.const 0)) {zeros} {null}
                 (loop $l (param {types}) (result {types})
                   (if (param {types}) (result {types}) (i32.eqz (local.get $round))
                     (then
                       (local.set $round (i32.const 1))
                       {drops}
                       (try_table (result {types}) {clause} {body} (unreachable)))))",
                drops = "drop ".repeat(types.split_whitespace().count()),
            )
        }
        _ => unreachable!("one of the list"),
    }
}

const LABELS: [&str; 3] = ["block", "nested", "loop"];

/// A function that catches as said, and traps if anything is not as it was.
fn function(name: &str, how: &str, clause: &str, label: &str) -> String {
    let (_, values, reference) = *CLAUSES.iter().find(|c| c.0 == clause).expect("one of the list");
    let locals = local_types();
    let params: String = locals[..24].iter().map(|ty| format!(" {ty}")).collect();
    let others: String = locals[24..].iter().map(|ty| format!(" {ty}")).collect();
    let mut text = format!(
        "(func (export \"{name}\") (param{params}) (result i32) (local{others})
           (local $changed_i i64) (local $changed_v v128) (local $round i32) (local $exn exnref)
           (local $i32 i32) (local $i64 i64) (local $f32 f32) (local $f64 f64) (local $v128 v128) "
    );
    // Parameters are as they are passed; the others are set.
    for (i, ty) in locals.iter().enumerate().skip(24) {
        write!(text, "(local.set {i} {})", constant(ty, i)).expect("a string");
    }
    // A framed local in a register, constants, temporaries, and locals that are changed while they wait.
    text += "(block $never ";
    text += "(drop (i32.add (local.get 45) (local.get 50)))";
    text +=
        "(i32.const 90) (i64.add (local.get 2) (i64.const 89)) (f64.add (local.get 1) (f64.const 91)) (local.get 53)";
    write!(text, "(local.get 5) (local.set 5 {})", constant("i32", 105)).expect("a string");
    text += &catcher(clause, label, how);
    if reference {
        text += "(local.set $exn) (if (ref.is_null (local.get $exn)) (then unreachable))";
    }
    if values {
        for (i, ty) in PAYLOAD.iter().enumerate().rev() {
            write!(text, "(local.set ${ty}) {}", check(&format!("(local.get ${ty})"), ty, 40 + i)).expect("a string");
        }
    }
    if reference {
        // The same exception, thrown again.
        text += &format!(
            "(block $again (result {}) (try_table (catch $e $again) (throw_ref (local.get $exn))) (unreachable))",
            PAYLOAD.join(" ")
        );
        for (i, ty) in PAYLOAD.iter().enumerate().rev() {
            write!(text, "(local.set ${ty}) {}", check(&format!("(local.get ${ty})"), ty, 40 + i)).expect("a string");
        }
    }
    for (ty, n) in [("i32", 5), ("v128", 53), ("f64", 92), ("i64", 91), ("i32", 90)] {
        write!(text, "(local.set ${ty}) {}", check(&format!("(local.get ${ty})"), ty, n)).expect("a string");
    }
    for (i, ty) in locals.iter().enumerate() {
        text += &check(&format!("(local.get {i})"), ty, if i == 5 { 105 } else { i });
    }
    text += &check("(local.get $changed_i)", "i64", 71);
    text += &check("(local.get $changed_v)", "v128", 72);
    text += "(return (i32.const 1))) (i32.const 0))";
    text
}

/// A tag and a host function that throws with it.
fn host(store: &mut Store<()>) -> (Tag, Func) {
    let types = [ValType::I32, ValType::F64, ValType::V128, ValType::I64, ValType::F32];
    let ty = FuncType::new(store.engine(), types.clone(), []);
    let tag = Tag::new(&mut *store, &TagType::new(ty)).unwrap();
    let fields = ExnType::new(store.engine(), types).unwrap();
    let func = Func::wrap(&mut *store, move |mut caller: Caller<'_, ()>| -> headwater::Result<()> {
        let fields_of_this = fields.clone();
        let allocator = ExnRefPre::new(&mut caller, fields_of_this);
        let values = [
            Val::I32(40),
            Val::F64(41f64.to_bits()),
            Val::V128(V128::from(42 | (42 * 7) << 64)),
            Val::I64(43),
            Val::F32(44f32.to_bits()),
        ];
        let exception = ExnRef::new(&mut caller, &allocator, &tag, &values)?;
        Ok(caller.as_context_mut().throw(exception)?)
    });
    (tag, func)
}

fn arguments() -> Vec<Val> {
    let value = |(i, ty): (usize, &&str)| match *ty {
        "i32" => Val::I32(i as i32),
        "i64" => Val::I64(i as i64),
        "f32" => Val::F32((i as f32).to_bits()),
        "f64" => Val::F64((i as f64).to_bits()),
        _ => Val::V128(V128::from(i as u128 | (i as u128 * 7) << 64)),
    };
    local_types()[..24].iter().enumerate().map(value).collect()
}

#[test]
fn everything_is_in_its_place_after_a_catch() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let (tag, host) = host(&mut store);
    let mut linker = Linker::new(&engine);
    linker.define(&store, "host", "tag", tag).unwrap();
    linker.define(&store, "host", "throw", host).unwrap();
    let imports = format!(
        "(import \"host\" \"tag\" (tag $e (param {}))) (import \"host\" \"throw\" (func $host)) (tag $other)",
        PAYLOAD.join(" ")
    );
    // What another instance throws.
    let other = module(&engine, &format!("(module {imports} {} (export \"throw\" (func $deeper)))", throwers()));
    let other = linker.instantiate(&mut store, &other).unwrap();
    linker.instance(&mut store, "other", other).unwrap();
    for (clause, ..) in CLAUSES {
        let mut names = Vec::new();
        let mut functions = String::new();
        for how in HOWS {
            for label in LABELS {
                let name = format!("{how} {clause} {label}");
                functions += &function(&name, how, clause, label);
                names.push(name);
            }
        }
        let text = format!(
            "(module {} (import \"other\" \"throw\" (func $imported)) (tag $other) {} {functions})",
            imports.replace("(tag $other)", ""),
            throwers()
        );
        let module = module(&engine, &text);
        let instance = linker.instantiate(&mut store, &module).unwrap();
        for name in names {
            let func = instance.get_func(&mut store, &name).unwrap();
            for round in 0..2 {
                let mut result = [Val::I32(0)];
                func.call(&mut store, &arguments(), &mut result).unwrap_or_else(|e| panic!("{name}, {round}: {e:?}"));
                assert_eq!(result[0].unwrap_i32(), 1, "{name}");
            }
        }
    }
}

#[test]
fn a_wrong_value_would_be_noticed() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let text = format!(
        "(module (tag $e (param {})) (tag $other) (func $host) (func $imported) {} {})",
        PAYLOAD.join(" "),
        throwers(),
        function("f", "deep", "catch", "block")
    );
    let module = module(&engine, &text);
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let func = instance.get_func(&mut store, "f").unwrap();
    let mut result = [Val::I32(0)];
    for i in 0..24 {
        let mut arguments = arguments();
        arguments[i] = match &arguments[i] {
            Val::I32(_) => Val::I32(-1),
            Val::I64(_) => Val::I64(-1),
            Val::F32(_) => Val::F32(1f32.to_bits() ^ 1),
            Val::F64(_) => Val::F64(1f64.to_bits() ^ 1),
            _ => Val::V128(V128::from(1 << 100)),
        };
        let error = func.call(&mut store, &arguments, &mut result).unwrap_err();
        assert_eq!(trap(&error), Trap::UnreachableCodeReached, "{i}");
    }
}

#[test]
fn handlers_are_asked_from_the_innermost_outwards_and_in_order() {
    let (mut store, instance) = instance(
        (),
        "(module (tag $a) (tag $b (param i32)) (tag $c)
           (func $throw (param i32)
             (if (i32.eq (local.get 0) (i32.const 0)) (then (throw $a)))
             (if (i32.eq (local.get 0) (i32.const 1)) (then (throw $b (i32.const 100))))
             (if (i32.eq (local.get 0) (i32.const 2)) (then (throw $c))))
           (func $inner (param i32) (result i32)
             (block $b (result i32)
               (block $a
                 (try_table (catch $a $a) (catch $b $b) (catch $a $a) (call $throw (local.get 0)) (return (i32.const 9)))
                 (unreachable))
               (return (i32.const 1))))
           (func (export \"outer\") (param i32) (result i32)
             (block $all
               (try_table (catch_all $all) (return (call $inner (local.get 0)))))
             (i32.const 7))
           (func (export \"delegated\") (param i32) (result i32)
             try $outer (result i32)
               try $middle (result i32)
                 try $inner
                   (call $throw (local.get 0))
                 delegate $outer
                 (i32.const 9)
               catch_all
                 unreachable
               end
             catch $a
               (i32.const 1)
             catch $b
             catch_all
               (i32.const 7)
             end)
           (func (export \"to caller\") (param i32) (result i32)
             try (result i32)
               try (call $delegates (local.get 0)) catch $c end (i32.const 9)
             catch $a (i32.const 1)
             catch $b
             end)
           (func $delegates (param i32)
             try
               try (call $throw (local.get 0)) delegate 1
             catch_all
               unreachable
             end))",
        |_| {},
    );
    for (name, expected) in [("outer", [1, 100, 7, 9]), ("delegated", [1, 100, 7, 9]), ("to caller", [1, 100, 9, 9])] {
        let func = instance.get_typed_func::<i32, i32>(&mut store, name).unwrap();
        for (i, expected) in expected.into_iter().enumerate() {
            assert_eq!(func.call(&mut store, i as i32).unwrap(), expected, "{name} {i}");
        }
    }
}

#[test]
fn what_a_handler_throws_is_not_caught_by_it() {
    let (mut store, instance) = instance(
        (),
        "(module (tag $a (param i32))
           (func (export \"legacy\") (result i32)
             try (result i32)
               try (result i32)
                 (throw $a (i32.const 1))
               catch $a
                 (i32.add (i32.const 10))
                 throw $a
               catch_all
                 unreachable
               end
             catch $a
               (i32.add (i32.const 100))
             end)
           (func (export \"rethrow\") (result i32) (local $sum i32)
             try $out (result i32)
               try $first
                 (throw $a (i32.const 1))
               catch $a
                 drop
                 try
                   (throw $a (i32.const 2))
                 catch $a
                   local.set $sum
                   rethrow $first
                 end
               end
               unreachable
             catch $a
               (i32.add (i32.mul (local.get $sum) (i32.const 10)))
             end)
           (func (export \"loop\") (result i32) (local $n i32)
             (loop $again (result i32)
               (block $caught (result i32)
                 (try_table (catch $a $caught)
                   (throw $a (local.get $n)))
                 (unreachable))
               (local.tee $n (i32.add (i32.const 1)))
               (i32.lt_u (i32.const 1000))
               (br_if $again)
               (local.get $n))))",
        |_| {},
    );
    for (name, expected) in [("legacy", 111), ("rethrow", 21), ("loop", 1000)] {
        let func = instance.get_typed_func::<(), i32>(&mut store, name).unwrap();
        assert_eq!(func.call(&mut store, ()).unwrap(), expected, "{name}");
    }
}

#[test]
fn a_tail_call_leaves_the_handlers_of_its_function() {
    let (mut store, instance) = instance(
        (),
        "(module (tag $a) (type $f (func (result i32))) (table funcref (elem $throw))
           (func $throw (result i32) (throw $a))
           (func $left (result i32)
             (block $l (try_table (catch_all $l) (return_call $throw))) (i32.const 1))
           (func $left_legacy (result i32)
             try (result i32) (return_call_indirect (type $f) (i32.const 0)) catch_all (i32.const 1) end)
           (func (export \"a\") (result i32)
             (block $l (try_table (catch_all $l) (return (call $left)))) (i32.const 2))
           (func (export \"b\") (result i32)
             try (result i32) (call $left_legacy) catch_all (i32.const 2) end))",
        |_| {},
    );
    for name in ["a", "b"] {
        let func = instance.get_typed_func::<(), i32>(&mut store, name).unwrap();
        assert_eq!(func.call(&mut store, ()).unwrap(), 2, "{name}");
    }
}

/// `AT_LANDINGS`: were the stack pointer another after a catch, the stack would end, or arguments on it be somewhere else;
/// the base of memory is that of who catches.
#[test]
fn the_frame_is_as_it_was_after_any_number_of_catches() {
    let engine = Engine::new(api_common::config().max_wasm_stack(128 << 10)).expect("these settings work here");
    let mut store = Store::new(&engine, ());
    let other = module(
        &engine,
        "(module (tag $t) (memory 1) (data (i32.const 8) \"\\63\")
           (func (export \"throw\") (param i32) (result i32)
             (throw $t)))",
    );
    let other = Instance::new(&mut store, &other, &[]).unwrap().get_func(&mut store, "throw").unwrap();
    let params = "i64 ".repeat(12);
    let constants: String = (1..=12).map(|i| format!("(i64.const {i})")).collect();
    let sum: String = (1..12).map(|i| format!("(i64.add (local.get {i}))")).collect();
    let source = format!(
        "(module (import \"\" \"throw\" (func $other (param i32) (result i32)))
           (tag $a) (memory 1) (data (i32.const 8) \"\\05\")
           (func $deep (param i32)
             (if (i32.eqz (local.get 0)) (then (throw $a)))
             (call $deep (i32.sub (local.get 0) (i32.const 1))))
           (func $args (param {params}) (throw $a))
           (func $tail (param i32) (return_call $args {constants}))
           (func $sum (param {params}) (result i64) (local.get 0) {sum})
           (func (export \"catch\") (param $how i32) (param $n i32) (result i64) (local $sum i64)
             (loop $again
               (block $caught
                 (try_table (catch_all $caught)
                   (block $other
                     (block $tail
                       (block $deep
                         (block $here (br_table $here $deep $tail $other (local.get $how)))
                         (throw $a))
                       (call $deep (i32.const 5)))
                     (call $tail (i32.const 1)))
                   (drop (call $other (i32.const 1))))
                 (unreachable))
               (local.set $sum (i64.add (local.get $sum)
                 (i64.mul (call $sum {constants}) (i64.load8_u offset=8 (i32.const 0)))))
               (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
             (local.get $sum)))"
    );
    let instance = Instance::new(&mut store, &module(&engine, &source), &[other.into()]).unwrap();
    let catch = instance.get_typed_func::<(i32, i32), i64>(&mut store, "catch").unwrap();
    // 16 bytes each time would be more than the stack.
    let times = 10_000;
    for how in 0..4 {
        assert_eq!(catch.call(&mut store, (how, times)).unwrap(), i64::from(times) * 78 * 5, "{how}");
    }
}
