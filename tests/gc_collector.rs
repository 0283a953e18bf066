//! What the collector promises to programs: objects stay what they are, wherever they are referred to from, also where
//! everything is moved at each allocation; limits end the execution with an error; values of the host are freed.

use headwater::{
    Caller, Config, Engine, ExternRef, Func, FuncType, GcHeapOutOfMemory, Instance, Linker, Module, ResumableCall,
    Store, StoreLimitsBuilder, Suspend, Trap, Val, ValType,
};

fn engine(modes: &str) -> Engine {
    Engine::new(Config::new().wasm_gc(true).test_modes(modes)).unwrap()
}

fn modes() -> Vec<String> {
    let given = std::env::var("HEADWATER_TEST_MODES").unwrap_or_default();
    ["", "collect", "collect,poison,spill", "collect,interrupts,fuel,inline"].map(|m| format!("{m},{given}")).into()
}

/// An instance of a module without imports.
fn instance(engine: &Engine, text: &str) -> (Store<()>, Instance) {
    let module = Module::new(engine, wat::parse_str(text).unwrap()).unwrap();
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    (store, instance)
}

#[test]
fn programs_do_the_same_however_often_they_are_collected() {
    let programs = [
        ("trees", include_str!("../benches/kernels/gc/trees.wat"), 6),
        ("lists", include_str!("../benches/kernels/gc/lists.wat"), 4),
        ("casts", include_str!("../benches/kernels/gc/casts.wat"), 2),
        ("strings", include_str!("../benches/kernels/gc/strings.wat"), 1),
        ("bodies", include_str!("../benches/kernels/gc/bodies.wat"), 20),
    ];
    for (name, text, n) in programs {
        let run = |modes: &str| {
            let (mut store, instance) = instance(&engine(modes), text);
            let mut results = [Val::I32(0)];
            let run = instance.get_func(&mut store, "run").unwrap();
            run.call(&mut store, &[Val::I32(n)], &mut results).unwrap();
            format!("{:?}", results[0])
        };
        let expected = run("");
        for modes in modes() {
            assert_eq!(run(&modes), expected, "{name} with {modes:?}");
        }
    }
}

#[test]
fn what_is_stored_to_old_objects_is_kept() {
    // Objects of a heap that is not small are old once they have survived; each way to store a new one to them.
    let text = r#"(module
        (type $box (struct (field i32)))
        (type $pair (struct (field (mut (ref null $box))) (field (mut externref)) (field (mut anyref))))
        (type $array (array (mut (ref null $box))))
        (type $bytes (array (mut i8)))
        (global $ballast (mut (ref null $bytes)) (ref.null $bytes))
        (global $pair (export "pair") (mut (ref null $pair)) (ref.null $pair))
        (global $array (export "array") (mut (ref null $array)) (ref.null $array))
        (elem $elem (ref null $box) (struct.new $box (i32.const 5)) (struct.new $box (i32.const 6)))
        (func (export "make") (param $n i32)
            (global.set $ballast (array.new_default $bytes (i32.const 2000000)))
            (global.set $pair (struct.new_default $pair))
            (global.set $array (array.new_default $array (i32.const 5000)))
            (call $garbage (local.get $n)))
        (func $garbage (export "garbage") (param $n i32)
            (loop $more
                (drop (array.new $bytes (i32.const -1) (i32.and (local.get $n) (i32.const 63))))
                (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
        (func (export "box") (param i32) (result (ref $box)) (struct.new $box (local.get 0)))
        (func (export "store")
            (struct.set $pair 0 (global.get $pair) (struct.new $box (i32.const 1)))
            (struct.set $pair 1 (global.get $pair) (extern.convert_any (struct.new $box (i32.const 2))))
            (struct.set $pair 2 (global.get $pair)
                (struct.new $pair (struct.new $box (i32.const 3)) (ref.null extern) (ref.i31 (i32.const 4))))
            (array.set $array (global.get $array) (i32.const 100) (struct.new $box (i32.const 10)))
            (array.set $array (global.get $array) (i32.const 4999) (struct.new $box (i32.const 11)))
            (array.fill $array (global.get $array) (i32.const 200) (struct.new $box (i32.const 12)) (i32.const 1000))
            (array.copy $array $array (global.get $array) (i32.const 2000)
                (array.new $array (struct.new $box (i32.const 13)) (i32.const 700)) (i32.const 0) (i32.const 700))
            (array.init_elem $array $elem (global.get $array) (i32.const 3000) (i32.const 0) (i32.const 2)))
        (func $expect (param $n i32) (param $box (ref null $box))
            (if (i32.ne (local.get $n) (struct.get $box 0 (local.get $box))) (then (unreachable))))
        (func $element (param $n i32) (param $i i32)
            (call $expect (local.get $n) (array.get $array (global.get $array) (local.get $i))))
        (func (export "check") (local $other (ref null $pair))
            (call $expect (i32.const 1) (struct.get $pair 0 (global.get $pair)))
            (call $expect (i32.const 2)
                (ref.cast (ref $box) (any.convert_extern (struct.get $pair 1 (global.get $pair)))))
            (local.set $other (ref.cast (ref $pair) (struct.get $pair 2 (global.get $pair))))
            (call $expect (i32.const 3) (struct.get $pair 0 (local.get $other)))
            (call $element (i32.const 10) (i32.const 100))
            (call $element (i32.const 11) (i32.const 4999))
            (call $element (i32.const 12) (i32.const 200))
            (call $element (i32.const 12) (i32.const 1199))
            (call $element (i32.const 13) (i32.const 2000))
            (call $element (i32.const 13) (i32.const 2699))
            (call $element (i32.const 5) (i32.const 3000))
            (call $element (i32.const 6) (i32.const 3001)))
        (func (export "check by host")
            (call $expect (i32.const 20) (struct.get $pair 0 (global.get $pair)))
            (call $element (i32.const 21) (i32.const 3500))))"#;
    for modes in modes() {
        let few = if modes.contains("collect") { 50 } else { 100_000 };
        let (mut store, instance) = instance(&engine(&modes), text);
        let mut call = |name: &str, args: &[Val], results: &mut [Val]| {
            let func = instance.get_func(&mut store, name).unwrap();
            func.call(&mut store, args, results).unwrap_or_else(|e| panic!("{name} with {modes:?}: {e:?}"));
        };
        call("make", &[Val::I32(few)], &mut []);
        for _ in 0..3 {
            call("store", &[], &mut []);
            for _ in 0..4 {
                call("garbage", &[Val::I32(few)], &mut []);
                call("check", &[], &mut []);
            }
        }
        let mut scope = headwater::RootScope::new(&mut store);
        let boxed = |scope: &mut headwater::RootScope<&mut Store<()>>, n| {
            let mut results = [Val::I32(0)];
            let new = instance.get_func(&mut *scope, "box").unwrap();
            new.call(&mut *scope, &[Val::I32(n)], &mut results).unwrap();
            results[0]
        };
        let object = |scope: &mut headwater::RootScope<&mut Store<()>>, name| {
            let Val::AnyRef(Some(object)) = instance.get_global(&mut *scope, name).unwrap().get(&mut *scope) else {
                panic!("{name} is an object")
            };
            object
        };
        let new = boxed(&mut scope, 20);
        let pair = object(&mut scope, "pair").unwrap_struct(&mut scope).unwrap();
        pair.set_field(&mut scope, 0, new).unwrap();
        let new = boxed(&mut scope, 21);
        let array = object(&mut scope, "array").unwrap_array(&mut scope).unwrap();
        array.set(&mut scope, 3500, new).unwrap();
        drop(scope);
        for _ in 0..4 {
            let mut call = |name: &str, args: &[Val]| {
                instance.get_func(&mut store, name).unwrap().call(&mut store, args, &mut []).unwrap();
            };
            call("garbage", &[Val::I32(few)]);
            call("check by host", &[]);
        }
    }
}

#[test]
fn roots_are_wherever_a_reference_can_be() {
    let text = r#"(module
        (type $box (struct (field i32)))
        (type $pair (struct (field (mut anyref)) (field externref) (field (mut (ref null $box)))))
        (type $array (array (mut (ref null $box))))
        (tag $tag (param (ref $box) externref))
        (global $global (mut (ref null $box)) (struct.new $box (i32.const 1)))
        (global $fixed (ref $box) (struct.new $box (i32.const 1)))
        (global $immutable (ref $pair) (struct.new $pair
            (struct.new $box (i32.const 2)) (extern.convert_any (struct.new $box (i32.const 3))) (ref.null $box)))
        (table $table 10 (ref null $box) (struct.new $box (i32.const 4)))
        (elem $elem (ref null $box) (item (struct.new $box (i32.const 5))) (item (ref.null $box))
            (item (global.get $fixed)) (item (struct.new $box (i32.const 6))))
        (elem (table $table) (i32.const 8) (ref null $box) (item (struct.new $box (i32.const 7))))
        (func $noise (param $n i32)
            (loop $l
                (drop (array.new_default $array (i32.const 10)))
                (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
        (func $value (param anyref) (result i32) (struct.get $box 0 (ref.cast (ref $box) (local.get 0))))
        (func $throws (param i32)
            (throw $tag (struct.new $box (local.get 0)) (extern.convert_any (struct.new $box (i32.const 9)))))
        (func $many (param (ref $box) i32 (ref $box) f64 (ref null $box) (ref $box) (ref $box) (ref $box) (ref $box) (ref $box))
            (result i32 (ref $box) (ref $box))
            (call $noise (i32.const 3))
            (i32.add (call $value (local.get 0)) (call $value (local.get 9)))
            (local.get 5)
            (local.get 2))
        (func $box (param i32) (result (ref $box)) (struct.new $box (local.get 0)))
        (func (export "run") (result i32)
            (local $sum i32) (local $pair (ref $pair)) (local $array (ref $array)) (local $e externref)
            (local $a (ref null $box)) (local $b (ref null $box))
            (local.set $pair (struct.new $pair (ref.i31 (i32.const 7)) (ref.null extern) (call $box (i32.const 10))))
            (local.set $array (array.new $array (call $box (i32.const 11)) (i32.const 20)))
            (array.init_elem $array $elem (local.get $array) (i32.const 1) (i32.const 0) (i32.const 4))
            (call $noise (i32.const 50))
            (block $caught (result (ref $box) externref)
                (try_table (catch $tag $caught) (call $throws (i32.const 12)))
                (unreachable))
            (local.set $e)
            (local.set $a)
            (call $noise (i32.const 5))
            (local.set $sum (call $value (local.get $a)))
            (local.set $sum (i32.add (local.get $sum) (call $value (any.convert_extern (local.get $e)))))
            (call $many (call $box (i32.const 1)) (i32.const 0) (call $box (i32.const 2)) (f64.const 0) (ref.null $box)
                (call $box (i32.const 4)) (call $box (i32.const 5)) (call $box (i32.const 6)) (call $box (i32.const 7))
                (call $box (i32.const 8)))
            (local.set $b)
            (local.set $a)
            (call $noise (i32.const 5))
            (local.set $sum (i32.add (local.get $sum)))
            (local.set $sum (i32.add (local.get $sum) (i32.mul (call $value (local.get $a)) (i32.const 100))))
            (local.set $sum (i32.add (local.get $sum) (i32.mul (call $value (local.get $b)) (i32.const 1000))))
            (local.set $sum (i32.add (local.get $sum) (call $value (global.get $global))))
            (local.set $sum (i32.add (local.get $sum) (call $value (struct.get $pair 0 (global.get $immutable)))))
            (local.set $sum (i32.add (local.get $sum)
                (call $value (any.convert_extern (struct.get $pair 1 (global.get $immutable))))))
            (local.set $sum (i32.add (local.get $sum) (call $value (table.get $table (i32.const 3)))))
            (local.set $sum (i32.add (local.get $sum) (call $value (table.get $table (i32.const 8)))))
            (local.set $sum (i32.add (local.get $sum) (call $value (array.get $array (local.get $array) (i32.const 1)))))
            (local.set $sum (i32.add (local.get $sum) (call $value (array.get $array (local.get $array) (i32.const 3)))))
            (local.set $sum (i32.add (local.get $sum) (call $value (array.get $array (local.get $array) (i32.const 4)))))
            (local.set $sum (i32.add (local.get $sum) (call $value (array.get $array (local.get $array) (i32.const 19)))))
            (i32.add (local.get $sum) (call $value (struct.get $pair 2 (local.get $pair))))))"#;
    let expected = 12 + 9 + (1 + 8) + 400 + 2000 + 1 + 2 + 3 + 4 + 7 + 5 + 1 + 6 + 11 + 10;
    for modes in modes() {
        let engine = engine(&modes);
        let (mut store, first) = instance(&engine, text);
        let run = first.get_typed_func::<(), i32>(&mut store, "run").unwrap();
        assert_eq!(run.call(&mut store, ()).unwrap(), expected, "{modes:?}");
        store.gc(None).unwrap();
        assert_eq!(run.call(&mut store, ()).unwrap(), expected, "{modes:?}");
        // As an artifact it knows its roots as well.
        let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
        // SAFETY: the bytes are what `serialize` gave.
        let module = unsafe { Module::deserialize(&engine, module.serialize().unwrap()) }.unwrap();
        let again = Instance::new(&mut store, &module, &[]).unwrap();
        let run = again.get_typed_func::<(), i32>(&mut store, "run").unwrap();
        assert_eq!(run.call(&mut store, ()).unwrap(), expected, "{modes:?}, serialised");
    }
}

/// Bulk operators in pieces, between which everything moves.
#[test]
fn large_arrays_are_filled_and_copied_while_the_host_collects() {
    let text = r#"(module
        (type $box (struct (field i32)))
        (type $refs (array (mut (ref null $box))))
        (type $bytes (array (mut i8)))
        (type $longs (array (mut i64)))
        (data $data "0123456789")
        (func (export "run") (param $n i32) (result i64)
            (local $refs (ref $refs)) (local $more (ref $refs)) (local $longs (ref $longs)) (local $sum i64) (local $i i32)
            (local.set $refs (array.new $refs (struct.new $box (i32.const 3)) (local.get $n)))
            (local.set $more (array.new_default $refs (local.get $n)))
            (local.set $longs (array.new $longs (i64.const 5) (local.get $n)))
            (array.copy $refs $refs (local.get $more) (i32.const 1) (local.get $refs) (i32.const 0)
                (i32.sub (local.get $n) (i32.const 1)))
            (array.copy $longs $longs (local.get $longs) (i32.const 7) (local.get $longs) (i32.const 0)
                (i32.sub (local.get $n) (i32.const 7)))
            (array.fill $refs (local.get $refs) (i32.const 0) (struct.new $box (i32.const 4)) (local.get $n))
            (loop $l
                (if (i32.eqz (local.get $i)) (then) (else
                    (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u
                        (struct.get $box 0 (array.get $refs (local.get $more) (local.get $i))))))))
                (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u
                    (struct.get $box 0 (array.get $refs (local.get $refs) (local.get $i))))))
                (local.set $sum (i64.add (local.get $sum) (array.get $longs (local.get $longs) (local.get $i))))
                (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
            (local.get $sum)))"#;
    const N: i64 = 2_500_000;
    let engine = Engine::new(Config::new().wasm_gc(true).epoch_interruption(true)).unwrap();
    let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
    let mut store = Store::new(&engine, 0);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut store| {
        *store.data_mut() += 1;
        store.gc(None)?;
        // Again at the next piece, for a while.
        Ok(headwater::UpdateDeadline::Continue(u64::from(*store.data() > 30) * 1000))
    });
    engine.increment_epoch();
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let run = instance.get_typed_func::<i32, i64>(&mut store, "run").unwrap();
    assert_eq!(run.call(&mut store, N as i32).unwrap(), 3 * (N - 1) + 4 * N + 5 * N);
    assert!(*store.data() > 10, "{}", store.data());
}

#[test]
fn what_does_not_fit_ends_the_execution_with_an_error() {
    let text = r#"(module
        (type $list (struct (field (ref null $list)) (field i64)))
        (type $array (array (mut i64)))
        (global $kept (mut (ref null $list)) (ref.null $list))
        (func (export "list")
            (loop $l
                (global.set $kept (struct.new $list (global.get $kept) (i64.const 1)))
                (br $l)))
        (func (export "array") (param i32) (result i32) (array.len (array.new_default $array (local.get 0))))
        (func (export "forget") (global.set $kept (ref.null $list))))"#;
    let engine = engine("");
    let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
    let limits = StoreLimitsBuilder::new().memory_size(20 << 20).build();
    let mut store = Store::new(&engine, limits);
    store.limiter(|limits| limits);
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let list = instance.get_typed_func::<(), ()>(&mut store, "list").unwrap();
    let array = instance.get_typed_func::<i32, i32>(&mut store, "array").unwrap();
    for _ in 0..3 {
        let error = list.call(&mut store, ()).unwrap_err();
        assert!(error.downcast_ref::<GcHeapOutOfMemory<()>>().is_some(), "{error:?}");
        assert!(store.gc_heap_capacity() <= 20 << 20);
        let error = array.call(&mut store, 1_000_000).unwrap_err();
        assert!(error.downcast_ref::<GcHeapOutOfMemory<()>>().is_some(), "{error:?}");
        instance.get_typed_func::<(), ()>(&mut store, "forget").unwrap().call(&mut store, ()).unwrap();
        assert_eq!(array.call(&mut store, 1_000_000).unwrap(), 1_000_000);
    }
    for n in [i32::MAX, -1, 1 << 28] {
        let error = array.call(&mut store, n).unwrap_err();
        assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::AllocationTooLarge), "{n}");
    }
}

#[test]
fn fields_of_null_are_traps_and_nothing_else_of_the_heap_is_touched() {
    let text = r#"(module
        (type $s (struct (field i64) (field (mut v128))))
        (type $a (array (mut i32)))
        (func (export "get") (result i64) (struct.get $s 0 (ref.null $s)))
        (func (export "set") (struct.set $s 1 (ref.null $s) (v128.const i64x2 0 0)))
        (func (export "len") (result i32) (array.len (ref.null $a)))
        (func (export "element") (result i32) (array.get $a (ref.null $a) (i32.const -1)))
        (func (export "fill") (array.fill $a (ref.null $a) (i32.const 0) (i32.const 0) (i32.const 0)))
        (func (export "beyond") (result i32) (array.get $a (array.new_default $a (i32.const 3)) (i32.const 3)))
        (func (export "over") (array.fill $a (array.new_default $a (i32.const 3)) (i32.const -1) (i32.const 0) (i32.const 2))))"#;
    for modes in modes() {
        let (mut store, instance) = instance(&engine(&modes), text);
        let cases = [
            ("get", Trap::NullReference),
            ("set", Trap::NullReference),
            ("len", Trap::NullReference),
            ("element", Trap::NullReference),
            ("fill", Trap::NullReference),
            ("beyond", Trap::ArrayOutOfBounds),
            ("over", Trap::ArrayOutOfBounds),
        ];
        for (name, trap) in cases {
            let func = instance.get_func(&mut store, name).unwrap();
            let mut results = vec![Val::I32(0); func.ty(&store).results().len()];
            let error = func.call(&mut store, &[], &mut results).unwrap_err();
            assert_eq!(error.downcast_ref::<Trap>(), Some(&trap), "{name} with {modes:?}");
        }
    }
}

/// Stacks that are not the thread's: of a call that is suspended, and of what the host calls meanwhile.
#[test]
fn suspended_calls_keep_what_they_refer_to() {
    let text = r#"(module
        (import "host" "wait" (func $wait))
        (type $box (struct (field i32)))
        (func $inner (param $b (ref $box)) (result i32)
            (call $wait)
            (struct.get $box 0 (local.get $b)))
        (func (export "run") (param $n i32) (result i32)
            (local $b (ref $box))
            (local.set $b (struct.new $box (i32.mul (local.get $n) (i32.const 10))))
            (i32.add (call $inner (struct.new $box (local.get $n))) (struct.get $box 0 (local.get $b))))
        (func (export "noise") (local $n i32)
            (local.set $n (i32.const 100))
            (loop $l
                (drop (struct.new $box (i32.const 77)))
                (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))"#;
    for modes in modes() {
        let engine = engine(&modes);
        let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
        let mut store = Store::new(&engine, ());
        let ty = FuncType::new(&engine, [], []);
        let wait = Func::new(&mut store, ty, |mut caller: Caller<'_, ()>, _, _| {
            caller.gc(None)?;
            Err(Suspend.into())
        });
        let instance = Instance::new(&mut store, &module, &[wait.into()]).unwrap();
        let run = instance.get_func(&mut store, "run").unwrap();
        let noise = instance.get_typed_func::<(), ()>(&mut store, "noise").unwrap();
        let mut results = [Val::I32(0)];
        let calls: Vec<_> =
            (1..5).map(|n| run.call_resumable(&mut store, &[Val::I32(n)], &mut results).unwrap()).collect();
        noise.call(&mut store, ()).unwrap();
        store.gc(None).unwrap();
        for (n, call) in (1..).zip(calls).collect::<Vec<_>>().into_iter().rev() {
            let ResumableCall::Suspended(call) = call else { panic!("it waits") };
            noise.call(&mut store, ()).unwrap();
            let ended = call.resume(&mut store, Ok(&[]), &mut results).unwrap();
            assert!(matches!(ended, ResumableCall::Finished));
            assert_eq!(results[0].unwrap_i32(), 11 * n, "{modes:?}");
        }
    }
}

/// A host function calls WebAssembly code again, which collects: all activations are looked at.
#[test]
fn nested_calls_keep_what_the_outer_ones_refer_to() {
    let text = r#"(module
        (import "host" "again" (func $again (param i32) (result i32)))
        (type $box (struct (field i32)))
        (func (export "run") (param $n i32) (result i32)
            (local $b (ref $box))
            (local.set $b (struct.new $box (local.get $n)))
            (if (result i32) (local.get $n)
                (then (i32.add (call $again (i32.sub (local.get $n) (i32.const 1))) (struct.get $box 0 (local.get $b))))
                (else (i32.const 0)))))"#;
    for modes in modes() {
        let engine = engine(&modes);
        let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        linker
            .func_wrap("host", "again", |mut caller: Caller<'_, ()>, n: i32| -> headwater::Result<i32> {
                let run = caller.get_export("run").and_then(|e| e.into_func()).unwrap();
                let sum = run.typed::<i32, i32>(&caller)?.call(&mut caller, n)?;
                caller.gc(None)?;
                Ok(sum)
            })
            .unwrap();
        let instance = linker.instantiate(&mut store, &module).unwrap();
        let run = instance.get_typed_func::<i32, i32>(&mut store, "run").unwrap();
        assert_eq!(run.call(&mut store, 20).unwrap(), 210, "{modes:?}");
    }
}

/// References to exceptions in fields keep these, whatever is thrown meanwhile.
#[test]
fn exceptions_in_fields_stay() {
    let text = r#"(module
        (type $s (struct (field (mut exnref))))
        (type $box (struct (field i32)))
        (tag $t (param (ref $box)))
        (global $g (mut (ref null $s)) (ref.null $s))
        (func $catch (param $n i32) (result exnref)
            (block $h (result (ref $box) exnref)
                (try_table (catch_ref $t $h) (throw $t (struct.new $box (local.get $n))))
                (unreachable))
            (return))
        (func (export "run") (result i32) (local $n i32)
            (global.set $g (struct.new $s (call $catch (i32.const 42))))
            (local.set $n (i32.const 2000))
            (loop $l
                (drop (struct.new $s (call $catch (i32.const 1))))
                (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (block $h (result (ref $box))
                (try_table (catch $t $h) (throw_ref (struct.get $s 0 (global.get $g))))
                (unreachable))
            (struct.get $box 0)))"#;
    for modes in modes() {
        let (mut store, instance) = instance(&engine(&modes), text);
        let run = instance.get_typed_func::<(), i32>(&mut store, "run").unwrap();
        assert_eq!(run.call(&mut store, ()).unwrap(), 42, "{modes:?}");
    }
}

/// Values of the host go through fields, and are looked for on the stack where there are no records.
#[test]
fn external_references_stay_valid() {
    let text = r#"(module
        (type $s (struct (field externref) (field anyref)))
        (func (export "run") (param externref) (result externref) (local $s (ref $s))
            (local.set $s (struct.new $s (local.get 0) (any.convert_extern (local.get 0))))
            (if (ref.is_null (struct.get $s 0 (local.get $s))) (then (unreachable)))
            (extern.convert_any (struct.get $s 1 (local.get $s)))))"#;
    for modes in modes() {
        let (mut store, instance) = instance(&engine(&modes), text);
        let run = instance.get_func(&mut store, "run").unwrap();
        let value = ExternRef::new(&mut store, 7i32).unwrap();
        let mut results = [Val::I32(0)];
        run.call(&mut store, &[Val::ExternRef(Some(value))], &mut results).unwrap();
        let Val::ExternRef(Some(back)) = results[0] else { panic!("it is not null") };
        assert_eq!(back.data(&store).unwrap().unwrap().downcast_ref::<i32>(), Some(&7), "{modes:?}");
        assert_eq!(ValType::EXTERNREF, run.ty(&store).results().next().unwrap());
    }
}

/// A call hook runs while arguments and results are where nobody looks for roots.
#[test]
fn hooks_that_collect_do_no_harm() {
    let text = r#"(module
        (import "host" "id" (func $id (param anyref) (result anyref)))
        (type $box (struct (field i32)))
        (func (export "make") (param i32) (result anyref) (call $id (struct.new $box (local.get 0))))
        (func (export "value") (param anyref) (result i32) (struct.get $box 0 (ref.cast (ref $box) (local.get 0)))))"#;
    for modes in modes() {
        let engine = engine(&modes);
        let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
        let mut store = Store::new(&engine, ());
        store.call_hook(|mut store, _| store.gc(None));
        let ty = FuncType::new(&engine, [ValType::ANYREF], [ValType::ANYREF]);
        let id = Func::new(&mut store, ty, |_, params, results| {
            results[0] = params[0];
            Ok(())
        });
        let instance = Instance::new(&mut store, &module, &[id.into()]).unwrap();
        let [make, value] = ["make", "value"].map(|name| instance.get_func(&mut store, name).unwrap());
        let mut boxes = [Val::I32(0); 10];
        for (i, made) in (0..).zip(&mut boxes) {
            make.call(&mut store, &[Val::I32(i)], std::slice::from_mut(made)).unwrap();
        }
        store.gc(None).unwrap();
        for (i, made) in (0..).zip(boxes) {
            let mut results = [Val::I32(0)];
            value.call(&mut store, &[made], &mut results).unwrap();
            assert_eq!(results[0].unwrap_i32(), i, "{modes:?}");
        }
    }
}

/// `table.fill` in pieces, between which what it fills with moves.
#[test]
fn a_table_is_filled_with_what_moves() {
    let text = r#"(module
        (type $box (struct (field i32)))
        (table $t 1500000 (ref null $box))
        (func (export "run") (result i32) (local $i i32) (local $sum i32)
            (drop (struct.new $box (i32.const 5)))
            (table.fill $t (i32.const 0) (struct.new $box (i32.const 1)) (i32.const 1500000))
            (loop $l
                (local.set $sum (i32.add (local.get $sum) (struct.get $box 0 (table.get $t (local.get $i)))))
                (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1000))) (i32.const 1500000))))
            (local.get $sum)))"#;
    let engine = Engine::new(Config::new().wasm_gc(true).epoch_interruption(true)).unwrap();
    let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
    let mut store = Store::new(&engine, 0);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut store| {
        *store.data_mut() += 1;
        store.gc(None)?;
        Ok(headwater::UpdateDeadline::Continue(u64::from(*store.data() > 4) * 1000))
    });
    engine.increment_epoch();
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let run = instance.get_typed_func::<(), i32>(&mut store, "run").unwrap();
    assert_eq!(run.call(&mut store, ()).unwrap(), 1500);
    assert_eq!(*store.data(), 5);
}

/// The limiter may wait before a heap grows; the call's stack is a fiber's then.
#[tokio::test]
async fn a_limiter_that_waits_is_asked_for_heaps() {
    struct Slow(usize);
    #[async_trait::async_trait]
    impl headwater::ResourceLimiterAsync for Slow {
        async fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> headwater::Result<bool> {
            tokio::task::yield_now().await;
            self.0 += 1;
            Ok(desired <= 32 << 20)
        }

        async fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> headwater::Result<bool> {
            Ok(true)
        }
    }
    let text = r#"(module
        (type $list (struct (field (ref null $list)) (field i64)))
        (func (export "run") (param $n i32) (result i32) (local $list (ref null $list)) (local $len i32)
            (loop $l
                (local.set $list (struct.new $list (local.get $list) (i64.const 1)))
                (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (loop $l
                (local.set $len (i32.add (local.get $len) (i32.const 1)))
                (br_if $l (i32.eqz (ref.is_null (local.tee $list (struct.get $list 0 (local.get $list)))))))
            (local.get $len)))"#;
    let engine = engine("");
    let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
    let mut store = Store::new(&engine, Slow(0));
    store.limiter_async(|slow| slow);
    let instance = Instance::new_async(&mut store, &module, &[]).await.unwrap();
    let run = instance.get_typed_func::<i32, i32>(&mut store, "run").unwrap();
    assert_eq!(run.call_async(&mut store, 300_000).await.unwrap(), 300_000);
    assert!(store.data().0 > 2);
    let error = run.call_async(&mut store, 3_000_000).await.unwrap_err();
    let full = error.downcast::<GcHeapOutOfMemory<()>>().unwrap();
    store.gc_async(Some(&full)).await.unwrap();
    // One that waits cannot be asked elsewhere.
    assert!(store.gc(Some(&full)).is_ok(), "there is room");
    assert_eq!(run.call_async(&mut store, 300_000).await.unwrap(), 300_000);
}

/// A store that is dropped gives its addresses back.
#[test]
fn heaps_of_dropped_stores_leave_nothing() {
    let text = r#"(module
        (type $box (struct (field i32)))
        (global (ref $box) (struct.new $box (i32.const 1)))
        (func (export "run") (drop (struct.new $box (i32.const 5)))))"#;
    let engine = engine("");
    let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
    // All of them at once would take more addresses than there are. An emulator keeps tables of what is reserved.
    let emulated = std::env::var_os("HEADWATER_TEST_RUNNER").is_some();
    for _ in 0..if emulated { 20 } else { 50_000 } {
        let mut store = Store::new(&engine, ());
        Instance::new(&mut store, &module, &[]).unwrap();
    }
}

/// What is converted again and again counts, since the collector may not run there.
#[test]
fn objects_that_are_known_outside_are_counted() {
    let text = r#"(module
        (type $box (struct))
        (type $refs (array (mut externref)))
        (func (export "run") (param $n i32) (local $refs (ref $refs))
            (local.set $refs (array.new_default $refs (local.get $n)))
            (loop $l
                (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                (array.set $refs (local.get $refs) (local.get $n) (extern.convert_any (struct.new $box)))
                (br_if $l (local.get $n)))))"#;
    let engine = engine("");
    let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
    let mut store = Store::new(&engine, StoreLimitsBuilder::new().memory_size(32 << 20).build());
    store.limiter(|limits| limits);
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let run = instance.get_typed_func::<i32, ()>(&mut store, "run").unwrap();
    run.call(&mut store, 200_000).unwrap();
    let error = run.call(&mut store, 1_000_000).unwrap_err();
    assert!(format!("{error:?}").contains("resource limit exceeded"), "{error:?}");
    store.gc(None).unwrap();
    run.call(&mut store, 200_000).unwrap();
}
