//! Garbage collection where there is much of something: frames, locals, values, fields, elements, objects, instances,
//! and hosts that keep what they should not.

mod support;

use headwater::{
    AnyRef, ArrayRef, Caller, Engine, Error, Func, FuncType, GcHeapOutOfMemory, Instance, Linker, Module, OwnedRooted,
    RootScope, Rooted, Store, StoreLimits, StoreLimitsBuilder, Trap, Val, ValType,
};
use std::fmt::Write as _;

fn engine(modes: &str) -> Engine {
    let mut config = support::config();
    Engine::new(config.max_wasm_stack(64 << 20).test_modes(modes)).unwrap()
}

fn module(engine: &Engine, text: &str) -> Module {
    Module::new(engine, wat::parse_str(text).unwrap()).unwrap()
}

fn instance(engine: &Engine, text: &str) -> (Store<()>, Instance) {
    let module = module(engine, text);
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    (store, instance)
}

/// A thread whose stack has room for the deepest calls.
fn with_large_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(128 << 20).spawn(test).unwrap().join().unwrap();
}

/// Each frame has two objects; the innermost one collects.
const DEEP: &str = r#"(module
    (type $box (struct (field i32)))
    (type $list (array (mut (ref null $box))))
    (func $noise (drop (array.new_default $list (i32.const 1000))))
    (func $deep (export "deep") (param $n i32) (param $b (ref $box)) (result i32) (local $own (ref $box))
        (local.set $own (struct.new $box (local.get $n)))
        (if (i32.eqz (local.get $n)) (then
            (loop $l (call $noise) (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1000))))
            (return (struct.get $box 0 (local.get $b)))))
        (i32.xor
            (i32.mul (call $deep (i32.sub (local.get $n) (i32.const 1)) (local.get $own)) (i32.const 31))
            (i32.add (struct.get $box 0 (local.get $own)) (struct.get $box 0 (local.get $b)))))
    (func (export "run") (param $n i32) (result i32)
        (call $deep (local.get $n) (struct.new $box (i32.const -5))))
    (func $fills (export "fills") (param $n i32) (result i32) (local $own (ref $list))
        (local.set $own (array.new_default $list (i32.const 1000)))
        (i32.add (call $fills (local.get $n)) (array.len (local.get $own)))))"#;

#[test]
fn tens_of_thousands_of_frames_keep_what_they_have() {
    with_large_stack(|| {
        const N: i32 = 60_000;
        let (mut store, instance) = instance(&engine(""), DEEP);
        let run = instance.get_typed_func::<i32, i32>(&mut store, "run").unwrap();
        // Innermost first.
        let mut expected = 1;
        for n in 1..=N {
            let outer = if n == N { -5 } else { n + 1 };
            expected = i32::wrapping_mul(expected, 31) ^ (n + outer);
        }
        assert_eq!(run.call(&mut store, N).unwrap(), expected);
    });
}

/// The error comes out of the innermost frame; the store goes on.
#[test]
fn a_heap_that_is_full_far_down_is_an_error_and_no_more() {
    with_large_stack(|| {
        let engine = engine("");
        let module = module(&engine, DEEP);
        let mut store = Store::new(&engine, StoreLimitsBuilder::new().memory_size(8 << 20).build());
        store.limiter(|limits: &mut StoreLimits| limits);
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let [fills, run] = ["fills", "run"].map(|name| instance.get_typed_func::<i32, i32>(&mut store, name).unwrap());
        let before = run.call(&mut store, 100).unwrap();
        for _ in 0..3 {
            let error = fills.call(&mut store, 1).unwrap_err();
            assert!(error.is::<GcHeapOutOfMemory<()>>(), "{error:?}");
            assert_eq!(run.call(&mut store, 100).unwrap(), before);
        }
    });
}

#[test]
fn fifty_thousand_locals_are_all_found() {
    let locals = 50_000 - 1;
    let text = format!(
        r#"(module
            (type $box (struct (field i32)))
            (func (export "run") (param $n i32) (result i32) (local {})
                (local.set 1 (struct.new $box (i32.const 1)))
                (local.set 25000 (struct.new $box (i32.const 2)))
                (local.set {locals} (struct.new $box (i32.const 4)))
                (loop $l
                    (drop (struct.new $box (i32.const 8)))
                    (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (if (i32.eqz (ref.is_null (local.get 49000))) (then (unreachable)))
                (i32.add (struct.get $box 0 (local.get 1))
                    (i32.add (struct.get $box 0 (local.get 25000)) (struct.get $box 0 (local.get {locals}))))))"#,
        "(ref null $box) ".repeat(locals)
    );
    for modes in ["", "collect"] {
        let (mut store, instance) = instance(&engine(modes), &text);
        let run = instance.get_typed_func::<i32, i32>(&mut store, "run").unwrap();
        assert_eq!(run.call(&mut store, 20).unwrap(), 7, "{modes:?}");
    }
}

#[test]
fn a_struct_of_ten_thousand_fields_has_them_all() {
    let fields = 10_000;
    let text = format!(
        r#"(module
            (type $box (struct (field i32)))
            (type $large (struct {}))
            (func (export "run") (result i32) (local $s (ref $large)) (local $i i32)
                (local.set $s (struct.new_default $large))
                (struct.set $large 0 (local.get $s) (struct.new $box (i32.const 1)))
                (struct.set $large 5000 (local.get $s) (struct.new $box (i32.const 2)))
                (struct.set $large 9999 (local.get $s) (struct.new $box (i32.const 4)))
                (loop $l
                    (drop (struct.new_default $large))
                    (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 20))))
                (i32.add (struct.get $box 0 (struct.get $large 0 (local.get $s)))
                    (i32.add (struct.get $box 0 (struct.get $large 5000 (local.get $s)))
                        (struct.get $box 0 (struct.get $large 9999 (local.get $s))))))
            (func (export "null") (drop (struct.get $large 9999 (ref.null $large)))))"#,
        "(field (mut (ref null $box))) ".repeat(fields)
    );
    for modes in ["", "collect"] {
        let (mut store, instance) = instance(&engine(modes), &text);
        let run = instance.get_typed_func::<(), i32>(&mut store, "run").unwrap();
        assert_eq!(run.call(&mut store, ()).unwrap(), 7, "{modes:?}");
        let null = instance.get_typed_func::<(), ()>(&mut store, "null").unwrap();
        assert_eq!(null.call(&mut store, ()).unwrap_err().downcast_ref(), Some(&Trap::NullReference));
    }
}

/// Of each size of elements, in each way to make one.
#[test]
fn arrays_that_cannot_be_are_errors() {
    let elements = [
        ("i8", "i32.const 0"),
        ("i16", "i32.const 0"),
        ("i32", "i32.const 0"),
        ("i64", "i64.const 0"),
        ("f64", "f64.const 0"),
        ("v128", "v128.const i64x2 0 0"),
        ("anyref", "ref.null any"),
        ("funcref", "ref.null func"),
    ];
    for (element, value) in elements {
        let is_ref = element.ends_with("ref");
        let segment = match element {
            "funcref" => "(elem $segment func 0)",
            "anyref" => "(elem $segment anyref (item (ref.null any)))",
            _ => "(data $segment \"12345678901234567890\")",
        };
        let text = format!(
            r#"(module
                (type $a (array (mut {element})))
                {segment}
                (func (export "new") (param i32) (drop (array.new $a ({value}) (local.get 0))))
                (func (export "default") (param i32) (drop (array.new_default $a (local.get 0))))
                (func (export "segment") (param i32) (drop (array.new_{} $a $segment (i32.const 0) (local.get 0))))
                (func (export "offset") (param i32) (drop (array.new_{0} $a $segment (local.get 0) (i32.const 0)))))"#,
            if is_ref { "elem" } else { "data" }
        );
        for modes in ["", "collect"] {
            let (mut store, instance) = instance(&engine(modes), &text);
            let mut call = |name: &str, n: i32| {
                let func = instance.get_typed_func::<i32, ()>(&mut store, name).unwrap();
                func.call(&mut store, n)
            };
            for name in ["new", "default"] {
                for n in [-1, i32::MIN, i32::MAX, -8, -16] {
                    let error = call(name, n).unwrap_err();
                    let full = error.is::<GcHeapOutOfMemory<()>>();
                    assert!(
                        full || error.downcast_ref() == Some(&Trap::AllocationTooLarge),
                        "{element} {name} {n}: {error:?}"
                    );
                }
                call(name, 1000).unwrap();
                call(name, 0).unwrap();
            }
            let beyond = if is_ref { Trap::TableOutOfBounds } else { Trap::MemoryOutOfBounds };
            for n in [-1, i32::MIN, i32::MAX, 1 << 28, 100] {
                for name in ["segment", "offset"] {
                    let error = call(name, n).unwrap_err();
                    assert_eq!(error.downcast_ref(), Some(&beyond), "{element} {name} {n}");
                }
            }
            call("segment", 1).unwrap();
        }
    }
    // The host is told, too.
    let engine = engine("");
    let mut store = Store::new(&engine, StoreLimitsBuilder::new().memory_size(1 << 20).build());
    store.limiter(|limits: &mut StoreLimits| limits);
    let ty =
        headwater::ArrayType::new(&engine, headwater::FieldType::new(headwater::Mutability::Var, ValType::V128.into()));
    let pre = headwater::ArrayRefPre::new(&mut store, ty);
    for len in [u32::MAX, 1 << 31, 1 << 28, 1 << 20] {
        assert!(ArrayRef::new(&mut store, &pre, &Val::V128(0u128.into()), len).is_err(), "{len}");
    }
    ArrayRef::new(&mut store, &pre, &Val::V128(0u128.into()), 1000).unwrap();
}

/// Many values on the stack, and many calls above them: what a call costs may not depend on the others.
#[test]
fn the_cost_of_references_on_the_stack_is_linear() {
    let header = "(module (type $box (struct (field i32))) (func $f) (func (export \"run\") (param (ref null $box)) (result i32)\n";
    type Shape = fn(usize) -> String;
    let shapes: [(&str, Shape); 4] = [
        ("values, then calls", |n| {
            let body = format!("{} {} {}", "local.get 0 ".repeat(n), "call $f ".repeat(n), "drop ".repeat(n));
            format!("{body} i32.const 0")
        }),
        ("calls between values", |n| {
            let body = format!("{} {}", "struct.new_default $box call $f ".repeat(n), "drop ".repeat(n));
            format!("{body} i32.const 0")
        }),
        ("objects on objects", |n| {
            format!("{} {} struct.get $box 0", "i32.const 1 struct.new $box ".repeat(n), "drop ".repeat(n - 1))
        }),
        ("values in blocks", |n| {
            let opened = "struct.new_default $box block call $f ".repeat(n);
            let closed = "call $f end drop ".repeat(n);
            format!("{opened} {closed} i32.const 0")
        }),
    ];
    for (name, shape) in shapes {
        let cost = |n: usize| {
            let wasm = wat::parse_str(format!("{header}{}))", shape(n))).unwrap();
            let engine = Engine::new(support::config().compile_threads(0)).unwrap();
            let before = headwater_codegen::work::scanned();
            let module = Module::new(&engine, &wasm).unwrap();
            let code = module.compile_stats().machine_code_bytes;
            (headwater_codegen::work::scanned() - before, code, module.serialize().unwrap().len() as u64)
        };
        // What an artifact holds is what the tables hold.
        let (small, large) = (cost(1000), cost(4000));
        assert!(large.0 <= 5 * small.0 + 10_000, "{name}: scanned {small:?}, {large:?}");
        assert!(large.1 <= 5 * small.1, "{name}: code {small:?}, {large:?}");
        assert!(large.2 <= 5 * small.2, "{name}: tables {small:?}, {large:?}");
    }
}

#[test]
fn thousands_of_values_on_the_stack_stay_what_they_are() {
    let n = 3000;
    let mut text = String::from(
        "(module (type $box (struct (field i32))) (func $add (param i32 (ref $box)) (result i32)
            (i32.add (i32.mul (local.get 0) (i32.const 3)) (struct.get $box 0 (local.get 1))))
        (func (export \"run\") (result i32) (local $sum i32)\n",
    );
    for i in 0..n {
        writeln!(text, "i32.const {i} struct.new $box").unwrap();
    }
    // What is on top goes into the sum.
    text += &"global.set $g local.get $sum global.get $g ref.as_non_null call $add local.set $sum\n".repeat(n as usize);
    let text = text + "local.get $sum) (global $g (mut (ref null $box)) (ref.null $box)))";
    let expected = (0..n).rev().fold(0i32, |sum, i| sum.wrapping_mul(3).wrapping_add(i));
    for modes in ["", "collect", "spill"] {
        let (mut store, instance) = instance(&engine(modes), &text);
        let run = instance.get_typed_func::<(), i32>(&mut store, "run").unwrap();
        assert_eq!(run.call(&mut store, ()).unwrap(), expected, "{modes:?}");
    }
}

/// An object is made in one module, thrown through a second one, whose handler looks at it, and caught in a third.
#[test]
fn exceptions_bring_objects_through_modules() {
    let types = "(rec (type $base (sub (struct (field i32)))) (type $more (sub $base (struct (field i32) (field (mut (ref null $base)))))))";
    let thrower = format!(
        r#"(module {types} (tag $t (export "tag") (param (ref $base) i64))
            (func (export "throw") (param i32)
                (throw $t (struct.new $more (local.get 0) (struct.new $base (i32.const 7))) (i64.const 5))))"#
    );
    let middle = format!(
        r#"(module {types} (import "a" "tag" (tag $t (param (ref $base) i64))) (import "a" "throw" (func $throw (param i32)))
            (func (export "pass") (param i32) (local $own (ref $base)) (local $e exnref)
                (local.set $own (struct.new $base (i32.const 100)))
                (block $h (result exnref)
                    (try_table (catch_all_ref $h) (call $throw (local.get 0)))
                    (return))
                (local.set $e)
                (drop (struct.new $more (struct.get $base 0 (local.get $own)) (local.get $own)))
                (throw_ref (local.get $e))))"#
    );
    let catcher = format!(
        r#"(module {types} (import "a" "tag" (tag $t (param (ref $base) i64))) (import "b" "pass" (func $pass (param i32)))
            (func (export "run") (param i32) (result i32) (local $o (ref $base)) (local $m (ref $more))
                (block $h (result (ref $base) i64)
                    (try_table (catch $t $h) (call $pass (local.get 0)))
                    (unreachable))
                (drop)
                (local.set $o)
                (drop (struct.new $base (i32.const 9)))
                (local.set $m (ref.cast (ref $more) (local.get $o)))
                (i32.add (struct.get $base 0 (local.get $o)) (struct.get $base 0 (struct.get $more 1 (local.get $m))))))"#
    );
    for modes in ["", "collect", "collect,poison,spill", "collect,interrupts,fuel"] {
        let engine = engine(modes);
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        for (name, text) in [("a", &thrower), ("b", &middle), ("c", &catcher)] {
            linker.module(&mut store, name, &module(&engine, text)).unwrap();
        }
        let run = linker.get(&mut store, "c", "run").unwrap().into_func().unwrap();
        let run = run.typed::<i32, i32>(&store).unwrap();
        for n in 0..50 {
            assert_eq!(run.call(&mut store, n).unwrap(), n + 7, "{modes:?}");
        }
    }
}

/// What one instance makes, another one with the same types uses; one with other types does not.
#[test]
fn instances_share_types_and_objects() {
    let group =
        "(rec (type $node (sub (struct (field $next (mut (ref null $node))) (field i32)))) (type $other (struct)))";
    let alike = "(type $node (sub (struct (field $next (mut (ref null $node))) (field i32))))";
    let maker = format!(
        r#"(module {group}
            (func (export "push") (param (ref null $node) i32) (result (ref $node))
                (struct.new $node (local.get 0) (local.get 1)))
            (func (export "any") (param i32) (result anyref) (struct.new $node (ref.null $node) (local.get 0))))"#
    );
    let user = |types: &str| {
        format!(
            r#"(module {types}
                (import "maker" "any" (func $any (param i32) (result anyref)))
                (func (export "is") (param i32) (result i32) (ref.test (ref $node) (call $any (local.get 0)))))"#
        )
    };
    let adder = format!(
        r#"(module (type $before (func)) (type (array i8)) {group}
            (import "maker" "push" (func $push (param (ref null $node) i32) (result (ref $node))))
            (func (export "sum") (param $n i32) (result i32) (local $list (ref null $node)) (local $sum i32)
                (loop $l
                    (local.set $list (call $push (local.get $list) (local.get $n)))
                    (drop (struct.new $node (local.get $list) (i32.const 77)))
                    (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (loop $l
                    (local.set $sum (i32.add (local.get $sum) (struct.get $node 1 (local.get $list))))
                    (br_if $l (i32.eqz (ref.is_null (local.tee $list (struct.get $node $next (local.get $list)))))))
                (local.get $sum)))"#
    );
    for modes in ["", "collect"] {
        let engine = engine(modes);
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        linker.module(&mut store, "maker", &module(&engine, &maker)).unwrap();
        let adder = linker.instantiate(&mut store, &module(&engine, &adder)).unwrap();
        let sum = adder.get_typed_func::<i32, i32>(&mut store, "sum").unwrap();
        assert_eq!(sum.call(&mut store, 100).unwrap(), 5050, "{modes:?}");
        for (types, expected) in [(group, 1), (alike, 0)] {
            let user = linker.instantiate(&mut store, &module(&engine, &user(types))).unwrap();
            let is = user.get_typed_func::<i32, i32>(&mut store, "is").unwrap();
            assert_eq!(is.call(&mut store, 1).unwrap(), expected, "{modes:?}: {types}");
        }
    }
}

/// A handle ends with the call or scope that it was made in; one that is kept gives an error, whatever is there now.
#[test]
fn handles_that_are_kept_too_long_are_refused() {
    let text = r#"(module
        (import "host" "keep" (func $keep (param anyref)))
        (type $box (struct (field i32)))
        (func (export "run") (param i32) (call $keep (struct.new $box (local.get 0))))
        (func (export "value") (param anyref) (result i32) (struct.get $box 0 (ref.cast (ref $box) (local.get 0)))))"#;
    #[derive(Default)]
    struct Kept {
        handles: Vec<Rooted<AnyRef>>,
        owned: Vec<OwnedRooted<AnyRef>>,
    }
    for modes in ["", "collect", "poison"] {
        let engine = engine(modes);
        let mut store = Store::new(&engine, Kept::default());
        let keep = Func::wrap(&mut store, |mut caller: Caller<'_, Kept>, any: Option<Rooted<AnyRef>>| {
            let any = any.expect("it is not null");
            let owned = any.to_owned_rooted(&mut caller)?;
            caller.data_mut().handles.push(any);
            caller.data_mut().owned.push(owned);
            caller.gc(None)?;
            Ok::<(), Error>(())
        });
        let instance = Instance::new(&mut store, &module(&engine, text), &[keep.into()]).unwrap();
        let [run, value] = ["run", "value"].map(|name| instance.get_func(&mut store, name).unwrap());
        for n in 0..20 {
            run.call(&mut store, &[Val::I32(n)], &mut []).unwrap();
        }
        store.gc(None).unwrap();
        let mut out = [Val::I32(0)];
        for any in std::mem::take(&mut store.data_mut().handles) {
            assert!(any.is_struct(&store).is_err() && any.to_raw(&mut store).is_err(), "{modes:?}");
            let error = value.call(&mut store, &[Val::AnyRef(Some(any))], &mut out).unwrap_err();
            assert!(!error.is::<Trap>(), "{error:?}");
        }
        for (n, owned) in std::mem::take(&mut store.data_mut().owned).into_iter().enumerate() {
            let any = owned.to_rooted(&mut store);
            value.call(&mut store, &[Val::AnyRef(Some(any))], &mut out).unwrap();
            assert_eq!(out[0].unwrap_i32(), n as i32, "{modes:?}");
        }
        // A scope of the host's own.
        let gone = {
            let mut scope = RootScope::new(&mut store);
            let ty = headwater::StructType::new(&engine, []).unwrap();
            let pre = headwater::StructRefPre::new(&mut scope, ty);
            headwater::StructRef::new(&mut scope, &pre, &[]).unwrap()
        };
        assert!(gone.ty(&store).is_err());
        // Nor is one of another store taken.
        let mut other = Store::new(&engine, ());
        let ty = headwater::StructType::new(&engine, []).unwrap();
        let pre = headwater::StructRefPre::new(&mut other, ty);
        let foreign = headwater::StructRef::new(&mut other, &pre, &[]).unwrap().to_anyref();
        assert!(value.call(&mut store, &[Val::AnyRef(Some(foreign))], &mut out).is_err());
    }
}

/// Calls that are awaited have stacks of their own, on which objects are found while the store does other things.
#[tokio::test]
async fn calls_that_wait_keep_what_they_refer_to() {
    let text = r#"(module
        (import "host" "wait" (func $wait (param anyref) (result anyref)))
        (type $box (struct (field i32)))
        (func $inner (param $n i32) (param $b (ref $box)) (result i32)
            (if (result i32) (local.get $n)
                (then (i32.add
                    (call $inner (i32.sub (local.get $n) (i32.const 1)) (struct.new $box (local.get $n)))
                    (struct.get $box 0 (local.get $b))))
                (else (struct.get $box 0 (ref.cast (ref $box) (call $wait (local.get $b)))))))
        (func (export "run") (param $n i32) (result i32)
            (i32.add (call $inner (local.get $n) (struct.new $box (i32.const 1000)))
                (call $inner (local.get $n) (struct.new $box (i32.const 1000))))))"#;
    for modes in ["", "collect", "collect,spill,poison", "fibers"] {
        let engine = engine(modes);
        let mut linker = Linker::new(&engine);
        let ty = FuncType::new(&engine, [ValType::ANYREF], [ValType::ANYREF]);
        linker
            .func_new_async("host", "wait", ty, |mut caller, params, results| {
                Box::new(async move {
                    for _ in 0..3 {
                        tokio::task::yield_now().await;
                        caller.gc_async(None).await?;
                    }
                    results[0] = params[0];
                    Ok(())
                })
            })
            .unwrap();
        let mut store: Store<()> = Store::new(&engine, ());
        let instance = linker.instantiate_async(&mut store, &module(&engine, text)).await.unwrap();
        let run = instance.get_typed_func::<i32, i32>(&mut store, "run").unwrap();
        assert_eq!(run.call_async(&mut store, 20).await.unwrap(), 2 * (1000 + 210), "{modes:?}");
    }
    // Nor does one that is dropped while it waits leave anything.
    let engine = engine("collect");
    let mut linker = Linker::new(&engine);
    let ty = FuncType::new(&engine, [ValType::ANYREF], [ValType::ANYREF]);
    linker.func_new_async("host", "wait", ty, |_, _, _| Box::new(std::future::pending())).unwrap();
    let mut store: Store<()> = Store::new(&engine, ());
    let instance = linker.instantiate_async(&mut store, &module(&engine, text)).await.unwrap();
    let run = instance.get_typed_func::<i32, i32>(&mut store, "run").unwrap();
    for _ in 0..5 {
        let waits = tokio::time::timeout(std::time::Duration::from_millis(5), run.call_async(&mut store, 20));
        assert!(waits.await.is_err(), "it waits for ever");
        store.gc_async(None).await.unwrap();
    }
}
