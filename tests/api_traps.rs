//! Traps: their kinds, their backtraces, and that stores survive them.

mod api_common;

use api_common::{engine, frames, instance, module, trap};
use headwater::{Caller, Config, Engine, Func, Instance, Linker, Module, Store, Trap, Val, WasmBacktrace};

#[test]
fn each_kind_of_trap_is_told_apart() {
    let (mut store, instance) = instance(
        (),
        r#"(module
            (memory 1)
            (table 3 funcref)
            (type $v (func))
            (elem (i32.const 0) $f)
            (func $f (param i32))
            (func (export "unreachable") (unreachable))
            (func (export "load") (drop (i32.load (i32.const 65533))))
            (func (export "load_far") (drop (i64.load offset=0xffffffff (i32.const -1))))
            (func (export "store") (i64.store (i32.const -8) (i64.const 1)))
            (func (export "fill") (memory.fill (i32.const 65530) (i32.const 0) (i32.const 7)))
            (func (export "copy") (memory.copy (i32.const 0) (i32.const -1) (i32.const 2)))
            (func (export "table") (drop (table.get (i32.const 3))))
            (func (export "indirect") (call_indirect (type $v) (i32.const 3)))
            (func (export "null") (call_indirect (type $v) (i32.const 1)))
            (func (export "signature") (call_indirect (type $v) (i32.const 0)))
            (func (export "div0") (drop (i32.div_u (i32.const 1) (i32.const 0))))
            (func (export "rem0") (drop (i64.rem_s (i64.const 1) (i64.const 0))))
            (func (export "overflow") (drop (i32.div_s (i32.const 0x80000000) (i32.const -1))))
            (func (export "trunc") (drop (i32.trunc_f32_s (f32.const nan))))
            (func (export "trunc_big") (drop (i64.trunc_f64_u (f64.const 1e30))))
            (func (export "fine") (result i32) (i32.const 7)))"#,
        |_| {},
    );
    for (name, kind) in [
        ("unreachable", Trap::UnreachableCodeReached),
        ("load", Trap::MemoryOutOfBounds),
        ("load_far", Trap::MemoryOutOfBounds),
        ("store", Trap::MemoryOutOfBounds),
        ("fill", Trap::MemoryOutOfBounds),
        ("copy", Trap::MemoryOutOfBounds),
        ("table", Trap::TableOutOfBounds),
        ("indirect", Trap::TableOutOfBounds),
        ("null", Trap::IndirectCallToNull),
        ("signature", Trap::BadSignature),
        ("div0", Trap::IntegerDivisionByZero),
        ("rem0", Trap::IntegerDivisionByZero),
        ("overflow", Trap::IntegerOverflow),
        ("trunc", Trap::BadConversionToInteger),
        ("trunc_big", Trap::IntegerOverflow),
    ] {
        let f = instance.get_typed_func::<(), ()>(&mut store, name).unwrap();
        let error = f.call(&mut store, ()).unwrap_err();
        assert_eq!(trap(&error), kind, "{name}");
        assert_eq!(error.downcast_ref::<WasmBacktrace>().unwrap().frames().len(), 1, "{name}");
        // The store keeps working after each.
        let fine = instance.get_typed_func::<(), i32>(&mut store, "fine").unwrap();
        assert_eq!(fine.call(&mut store, ()).unwrap(), 7);
    }
}

/// How a trap's operator is found does not depend on what is around it: calls before and after it have places of their
/// own in the code, and several checks of one operator have one together.
#[test]
fn each_trap_names_its_operator() {
    let nan = "(f64.reinterpret_i64 (i64.const 0x7ff8000000000000))";
    let cases: &[(&str, u8, Trap)] = &[
        ("(unreachable)", 0x00, Trap::UnreachableCodeReached),
        ("(drop (i32.load offset=4 (local.get $big)))", 0x28, Trap::MemoryOutOfBounds),
        ("(i64.store8 offset=4 (local.get $big) (i64.const 1))", 0x3c, Trap::MemoryOutOfBounds),
        ("(drop (i32.load $far (i64.extend_i32_s (local.get $big))))", 0x28, Trap::MemoryOutOfBounds),
        ("(drop (i32.load $far offset=0xffffffffff (i64.const 1)))", 0x28, Trap::MemoryOutOfBounds),
        (
            "(drop (i32.load $far offset=0xffffffffff (i64.extend_i32_s (local.get $big))))",
            0x28,
            Trap::MemoryOutOfBounds,
        ),
        ("(f64.store $far (i64.extend_i32_s (local.get $big)) (f64.const 1))", 0x39, Trap::MemoryOutOfBounds),
        ("(drop (i32.atomic.load (local.get $odd)))", 0xfe, Trap::HeapMisaligned),
        (
            "(drop (i32.atomic.rmw.add (i32.shl (local.get $big) (i32.const 2)) (i32.const 1)))",
            0xfe,
            Trap::MemoryOutOfBounds,
        ),
        ("(drop (table.get $t (local.get $big)))", 0x25, Trap::TableOutOfBounds),
        ("(table.set $t (local.get $big) (ref.null func))", 0x26, Trap::TableOutOfBounds),
        ("(call_indirect $t (type $v) (local.get $big))", 0x11, Trap::TableOutOfBounds),
        ("(call_indirect $t (type $v) (local.get $odd))", 0x11, Trap::IndirectCallToNull),
        ("(call_indirect $t (type $v) (local.get $zero))", 0x11, Trap::BadSignature),
        ("(call_indirect $t (type $open) (local.get $zero))", 0x11, Trap::BadSignature),
        ("(return_call_indirect $t (type $v) (local.get $big))", 0x13, Trap::TableOutOfBounds),
        ("(return_call_indirect $t (type $v) (local.get $zero))", 0x13, Trap::BadSignature),
        ("(call_ref $v (ref.null $v))", 0x14, Trap::NullReference),
        ("(return_call_ref $v (ref.null $v))", 0x15, Trap::NullReference),
        ("(drop (ref.as_non_null (ref.null func)))", 0xd4, Trap::NullReference),
        ("(drop (i32.div_u (local.get $odd) (local.get $zero)))", 0x6e, Trap::IntegerDivisionByZero),
        ("(drop (i64.rem_s (i64.const 5) (i64.extend_i32_s (local.get $zero))))", 0x81, Trap::IntegerDivisionByZero),
        ("(drop (i32.div_s (local.get $least) (local.get $big)))", 0x6d, Trap::IntegerOverflow),
        ("(drop (i32.trunc_f32_s (f32.const nan)))", 0xa8, Trap::BadConversionToInteger),
        ("(drop (i32.trunc_f32_s (f32.const 0x1p31)))", 0xa8, Trap::IntegerOverflow),
        ("(drop (i32.trunc_f32_s (f32.const -0x1.1p31)))", 0xa8, Trap::IntegerOverflow),
        ("(drop (i32.trunc_f64_s (f64.const -2147483649)))", 0xaa, Trap::IntegerOverflow),
        ("(drop (i32.trunc_f64_u (f64.const -1)))", 0xab, Trap::IntegerOverflow),
        ("(drop (i32.trunc_f64_u (f64.const 0x1p32)))", 0xab, Trap::IntegerOverflow),
        ("(drop (i64.trunc_f64_s (f64.const 0x1p63)))", 0xb0, Trap::IntegerOverflow),
        ("(drop (i64.trunc_f64_u (f64.const -1)))", 0xb1, Trap::IntegerOverflow),
        ("(drop (i64.trunc_f64_u (f64.const 0x1p64)))", 0xb1, Trap::IntegerOverflow),
        (&format!("(drop (i64.trunc_f64_u {nan}))"), 0xb1, Trap::BadConversionToInteger),
        (
            "(drop (array.get $a (array.new_default $a (local.get $odd)) (local.get $big)))",
            0xfb,
            Trap::ArrayOutOfBounds,
        ),
        (
            "(array.set $a (array.new_default $a (local.get $odd)) (local.get $odd) (i32.const 1))",
            0xfb,
            Trap::ArrayOutOfBounds,
        ),
        ("(drop (array.get $a (ref.null $a) (local.get $zero)))", 0xfb, Trap::NullReference),
        ("(drop (array.len (ref.null $a)))", 0xfb, Trap::NullReference),
        ("(drop (struct.get $s 0 (ref.null $s)))", 0xfb, Trap::NullReference),
        ("(drop (i31.get_s (ref.null i31)))", 0xfb, Trap::NullReference),
        ("(drop (ref.cast (ref $s) (local.get $i31)))", 0xfb, Trap::CastFailure),
        ("(drop (ref.cast (ref $a) (local.get $i31)))", 0xfb, Trap::CastFailure),
        ("(drop (ref.cast (ref struct) (local.get $any)))", 0xfb, Trap::CastFailure),
        ("(drop (ref.cast (ref $s) (local.get $any)))", 0xfb, Trap::CastFailure),
        ("(drop (ref.cast (ref $a) (ref.null array)))", 0xfb, Trap::CastFailure),
        ("(drop (ref.cast (ref $base) (ref.null struct)))", 0xfb, Trap::CastFailure),
        ("(drop (ref.cast (ref $base) (ref.null $base)))", 0xfb, Trap::CastFailure),
        ("(drop (ref.cast (ref i31) (local.get $any)))", 0xfb, Trap::CastFailure),
        ("(drop (ref.cast (ref array) (struct.new $s (i32.const 1))))", 0xfb, Trap::CastFailure),
        ("(drop (ref.cast (ref any) (local.get $any)))", 0xfb, Trap::CastFailure),
        ("(drop (ref.cast (ref null none) (local.get $i31)))", 0xfb, Trap::CastFailure),
        ("(call $deep)", 0x00, Trap::StackOverflow),
    ];
    let mut text = String::from(
        r#"(module
            (rec (type $s (struct (field i32)))) (type $a (array (mut i32))) (type $v (func)) (type $open (sub (func)))
            (type $base (sub (struct)))
            (memory 1) (memory $far i64 1)
            (table $t 3 funcref) (elem (i32.const 0) $param)
            (func $param (param i32))
            (func $nothing)
            (func $deep (local i64 i64) (call $deep))"#,
    );
    for (i, (operators, ..)) in cases.iter().enumerate() {
        text += &format!(
            "(func (export \"{i}\") (param $big i32) (param $zero i32) (param $odd i32) (param $least i32)
                (local $i31 anyref) (local $any anyref)
                (local.set $i31 (ref.i31 (local.get $odd)))
                (call $nothing) {operators} (call $nothing))"
        );
    }
    text += ")";
    let bytes = wat::parse_str(&text).unwrap();
    for (reservation, guard) in [(None, None), (Some(0), Some(0))] {
        let mut config = Config::new();
        config.compile_threads(0);
        if let (Some(reservation), Some(guard)) = (reservation, guard) {
            config.memory_reservation(reservation).memory_guard_size(guard);
        }
        let engine = Engine::new(&config).unwrap();
        let module = Module::new(&engine, &bytes).unwrap();
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        for (i, &(operators, opcode, kind)) in cases.iter().enumerate() {
            let f = instance.get_typed_func::<(i32, i32, i32, i32), ()>(&mut store, &i.to_string()).unwrap();
            let error = f.call(&mut store, (-1, 0, 1, i32::MIN)).unwrap_err();
            assert_eq!(trap(&error), kind, "{operators}");
            let frame = &error.downcast_ref::<WasmBacktrace>().unwrap().frames()[0];
            let offset = frame.module_offset().unwrap_or_else(|| panic!("no operator for {operators}"));
            if kind == Trap::StackOverflow {
                assert_eq!(frame.func_offset(), Some(0), "the function is entered");
            } else {
                assert_eq!(bytes[offset], opcode, "{operators}, with {reservation:?}");
            }
        }
    }
}

#[test]
fn memories_that_may_move_trap_alike() {
    let mut config = Config::new();
    config.compile_threads(0).memory_reservation(0).memory_guard_size(0);
    let engine = Engine::new(&config).unwrap();
    let module = module(
        &engine,
        r#"(module (memory (export "m") 1)
            (func (export "load") (param i32) (result i32) (i32.load offset=4 (local.get 0)))
            (func (export "grow") (result i32) (memory.grow (i32.const 1))))"#,
    );
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let load = instance.get_typed_func::<i32, i32>(&mut store, "load").unwrap();
    let grow = instance.get_typed_func::<(), i32>(&mut store, "grow").unwrap();
    assert_eq!(load.call(&mut store, 65528).unwrap(), 0);
    assert_eq!(trap(&load.call(&mut store, 65529).unwrap_err()), Trap::MemoryOutOfBounds);
    assert_eq!(trap(&load.call(&mut store, -1).unwrap_err()), Trap::MemoryOutOfBounds);
    let memory = instance.get_memory(&mut store, "m").unwrap();
    memory.write(&mut store, 8, &[5]).unwrap();
    for pages in 1..20 {
        assert_eq!(grow.call(&mut store, ()).unwrap(), pages);
        assert_eq!(load.call(&mut store, 4).unwrap(), 5);
        assert_eq!(load.call(&mut store, (pages + 1) * 65536 - 8).unwrap(), 0);
        assert!(load.call(&mut store, (pages + 1) * 65536 - 7).is_err());
    }
}

#[test]
fn a_backtrace_names_functions_and_offsets() {
    let engine = engine();
    let text = r#"(module $m
        (func $inner (nop) (nop) (unreachable))
        (func $middle (param i32) (call $inner))
        (func (export "outer") (call $middle (i32.const 1))))"#;
    let bytes = wat::parse_str(text).unwrap();
    let module = Module::new(&engine, &bytes).unwrap();
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let outer = instance.get_func(&mut store, "outer").unwrap();
    let error = outer.call(&mut store, &[], &mut []).unwrap_err();
    assert_eq!(trap(&error), Trap::UnreachableCodeReached);
    let backtrace = error.downcast_ref::<WasmBacktrace>().unwrap();
    let frames = backtrace.frames();
    assert_eq!(frames.iter().map(|f| f.func_index()).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(frames[0].func_name(), Some("inner"));
    assert_eq!(frames[1].func_name(), Some("middle"));
    assert_eq!(frames[2].func_name(), None);
    assert!(frames.iter().all(|f| f.module().name() == Some("m")));
    // The operators: unreachable after the declaration of no locals and two nops, and the calls.
    assert_eq!(bytes[frames[0].module_offset().unwrap()], 0x00);
    assert_eq!(frames[0].func_offset(), Some(3));
    assert_eq!(bytes[frames[1].module_offset().unwrap()], 0x10);
    assert_eq!(frames[1].func_offset(), Some(1));
    assert_eq!(bytes[frames[2].module_offset().unwrap()], 0x10);
    let at = frames.iter().map(|f| f.module_offset().unwrap()).collect::<Vec<_>>();
    assert_eq!(
        error.to_string(),
        format!(
            "error while executing at wasm backtrace:\n    0: {:#6x} - m!inner\n    1: {:#6x} - m!middle\n    \
             2: {:#6x} - m!<wasm function 2>",
            at[0], at[1], at[2]
        )
    );
    assert_eq!(error.root_cause().to_string(), "wasm trap: wasm `unreachable` instruction executed");
}

#[test]
fn a_backtrace_reaches_through_the_host() {
    let (mut store, instance) = instance(
        (),
        r#"(module
            (import "host" "again" (func $again (param i32)))
            (func $inner (unreachable))
            (func $down (export "down") (param i32)
                (if (i32.eqz (local.get 0)) (then (call $inner)))
                (call $again (i32.sub (local.get 0) (i32.const 1)))))"#,
        |linker| {
            linker
                .func_wrap("host", "again", |mut caller: Caller<'_, ()>, n: i32| {
                    let down = caller.get_export("down").unwrap().into_func().unwrap();
                    down.typed::<i32, ()>(&caller)?.call(&mut caller, n)
                })
                .unwrap();
        },
    );
    let down = instance.get_typed_func::<i32, ()>(&mut store, "down").unwrap();
    for _ in 0..2 {
        let error = down.call(&mut store, 2).unwrap_err();
        assert_eq!(trap(&error), Trap::UnreachableCodeReached);
        assert_eq!(frames(&error), ["inner", "down", "down", "down"]);
    }
}

#[test]
fn a_host_function_can_capture_a_backtrace() {
    let (mut store, instance) = instance(
        None::<WasmBacktrace>,
        r#"(module (import "" "" (func $look)) (func $f (call $look)) (func $g (export "g") (call $f)))"#,
        |linker| {
            linker
                .func_wrap("", "", |mut caller: Caller<'_, Option<WasmBacktrace>>| {
                    *caller.data_mut() = Some(WasmBacktrace::capture(&caller));
                })
                .unwrap();
        },
    );
    let g = instance.get_typed_func::<(), ()>(&mut store, "g").unwrap();
    g.call(&mut store, ()).unwrap();
    let names: Vec<_> =
        store.data().as_ref().unwrap().frames().iter().map(|f| f.func_name().unwrap().to_string()).collect();
    assert_eq!(names, ["f", "g"]);
    assert!(WasmBacktrace::capture(&store).frames().is_empty());
}

#[test]
fn stack_overflow_is_a_trap() {
    let (mut store, instance) = instance(
        (),
        r#"(module
            (func $f (export "f") (param i32 i64) (result i32)
                (i32.add (call $f (local.get 0) (local.get 1)) (i32.const 1)))
            (func (export "big") (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
                (drop (call $f (i32.const 1) (i64.const 1)))))"#,
        |_| {},
    );
    for _ in 0..3 {
        let f = instance.get_func(&mut store, "f").unwrap();
        let error = f.call(&mut store, &[Val::I32(1), Val::I64(2)], &mut [Val::I32(0)]).unwrap_err();
        assert_eq!(trap(&error), Trap::StackOverflow);
        assert!(frames(&error).len() > 100);
        let big = instance.get_typed_func::<(), ()>(&mut store, "big").unwrap();
        assert_eq!(trap(&big.call(&mut store, ()).unwrap_err()), Trap::StackOverflow);
    }
}

const RECURSION_THROUGH_HOST: &str = r#"(module
    (import "host" "call" (func $call (param i32) (result i32)))
    (func (export "f") (param i32) (result i32)
        (i32.add (call $call (local.get 0)) (i32.const 1))))"#;

/// Calls the caller's export `f` from the host, using some stack.
fn call_back(mut caller: Caller<'_, ()>, n: i32) -> headwater::Result<i32> {
    let f = caller.get_export("f").unwrap().into_func().unwrap();
    let padding = std::hint::black_box([0u8; 1024]);
    let result = f.typed::<i32, i32>(&caller)?.call(&mut caller, n);
    std::hint::black_box(&padding);
    result
}

#[test]
fn deep_recursion_through_the_host_is_a_stack_overflow() {
    let (mut store, instance) = instance((), RECURSION_THROUGH_HOST, |linker| {
        linker.func_wrap("host", "call", call_back).unwrap();
    });
    let f = instance.get_typed_func::<i32, i32>(&mut store, "f").unwrap();
    for _ in 0..2 {
        let error = f.call(&mut store, 1).unwrap_err();
        assert_eq!(trap(&error), Trap::StackOverflow);
        assert!(!frames(&error).is_empty());
    }
}

#[test]
fn recursion_through_two_stores_is_a_stack_overflow_too() {
    let engine = engine();
    let module = module(&engine, RECURSION_THROUGH_HOST);
    fn recurse(engine: Engine, module: Module) -> headwater::Result<i32> {
        let mut linker = Linker::new(&engine);
        let inner = module.clone();
        linker
            .func_wrap("host", "call", move |caller: Caller<'_, ()>, _: i32| {
                recurse(caller.engine().clone(), inner.clone())
            })
            .unwrap();
        let mut store = Store::new(&engine, ());
        let instance = linker.instantiate(&mut store, &module)?;
        instance.get_typed_func::<i32, i32>(&mut store, "f")?.call(&mut store, 0)
    }
    let error = recurse(engine, module).unwrap_err();
    assert_eq!(trap(&error), Trap::StackOverflow);
}

#[test]
fn a_trap_in_one_store_leaves_another_alone() {
    let engine = engine();
    let inner = module(&engine, r#"(module (func $deep (unreachable)) (func (export "f") (call $deep)))"#);
    let (mut store, instance) = instance(
        Vec::<usize>::new(),
        r#"(module (import "" "f" (func $f)) (func $a (export "a") (call $f) (call $b)) (func $b (call $f)
            (unreachable)))"#,
        |linker| {
            linker
                .func_wrap("", "f", move |mut caller: Caller<'_, Vec<usize>>| {
                    let mut other = Store::new(inner.engine(), ());
                    let instance = Instance::new(&mut other, &inner, &[]).unwrap();
                    let f = instance.get_typed_func::<(), ()>(&mut other, "f").unwrap();
                    let error = f.call(&mut other, ()).unwrap_err();
                    // The backtrace is of the store that was called into, not of the one around it.
                    assert_eq!(frames(&error), ["deep", "#1"]);
                    let depth = WasmBacktrace::capture(&caller).frames().len();
                    caller.data_mut().push(depth);
                })
                .unwrap();
        },
    );
    let a = instance.get_typed_func::<(), ()>(&mut store, "a").unwrap();
    let error = a.call(&mut store, ()).unwrap_err();
    assert_eq!(frames(&error), ["b", "a"]);
    assert_eq!(store.into_data(), [1, 2]);
}

#[test]
fn threads_with_small_stacks_overflow_as_a_trap() {
    for kib in [96, 256, 512, 4096] {
        std::thread::Builder::new()
            .stack_size(kib << 10)
            .spawn(|| {
                let (mut store, instance) = instance(
                    (),
                    r#"(module
                        (func $f (export "f") (param i32) (result i32)
                            (if (result i32) (i32.eqz (local.get 0))
                                (then (i32.const 0))
                                (else (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1))))))))"#,
                    |_| {},
                );
                let f = instance.get_typed_func::<i32, i32>(&mut store, "f").unwrap();
                assert_eq!(f.call(&mut store, 20).unwrap(), 20);
                assert_eq!(trap(&f.call(&mut store, -1).unwrap_err()), Trap::StackOverflow);
                assert_eq!(f.call(&mut store, 20).unwrap(), 20);
            })
            .unwrap()
            .join()
            .unwrap();
    }
}

#[test]
fn recursion_through_the_host_on_a_small_thread_is_a_stack_overflow() {
    std::thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(|| {
            let (mut store, instance) = instance((), RECURSION_THROUGH_HOST, |linker| {
                linker.func_wrap("host", "call", call_back).unwrap();
            });
            let f = instance.get_typed_func::<i32, i32>(&mut store, "f").unwrap();
            assert_eq!(trap(&f.call(&mut store, 1).unwrap_err()), Trap::StackOverflow);
        })
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn calls_through_the_host_share_one_stack_limit() {
    /// Lowest stack address that the host function saw.
    type Lowest = usize;
    std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(|| {
            let (mut store, instance) = instance(usize::MAX as Lowest, RECURSION_THROUGH_HOST, |linker| {
                linker
                    .func_wrap("host", "call", |mut caller: Caller<'_, Lowest>, n: i32| {
                        let here = std::hint::black_box(0u8);
                        *caller.data_mut() = &raw const here as Lowest;
                        let f = caller.get_export("f").unwrap().into_func().unwrap();
                        f.typed::<i32, i32>(&caller)?.call(&mut caller, n)
                    })
                    .unwrap();
            });
            let f = instance.get_typed_func::<i32, i32>(&mut store, "f").unwrap();
            let here = std::hint::black_box(0u8);
            assert_eq!(trap(&f.call(&mut store, 1).unwrap_err()), Trap::StackOverflow);
            let used = &raw const here as usize - store.data();
            assert!((900 << 10..1100 << 10).contains(&used), "{used} bytes instead of about 1 MiB");
        })
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn the_stack_size_is_configurable() {
    let depth = |bytes: usize| {
        let engine = Engine::new(Config::new().compile_threads(0).max_wasm_stack(bytes)).unwrap();
        let module = module(
            &engine,
            r#"(module (global $n (export "n") (mut i32) (i32.const 0))
                (func $f (export "f") (global.set $n (i32.add (global.get $n) (i32.const 1))) (call $f)))"#,
        );
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        assert_eq!(trap(&f.call(&mut store, ()).unwrap_err()), Trap::StackOverflow);
        instance.get_global(&mut store, "n").unwrap().get(&mut store).unwrap_i32()
    };
    let (small, large) = (depth(64 << 10), depth(512 << 10));
    assert!(small > 100, "{small}");
    assert!((7..=9).contains(&(large / small)), "{small} {large}");
}

#[test]
fn a_trap_in_a_start_function_fails_the_instantiation() {
    let engine = engine();
    let module = module(&engine, "(module (func $s (unreachable)) (start $s))");
    let mut store = Store::new(&engine, ());
    let error = Instance::new(&mut store, &module, &[]).unwrap_err();
    assert_eq!(trap(&error), Trap::UnreachableCodeReached);
    assert_eq!(frames(&error), ["s"]);
}

#[test]
fn traps_work_on_many_threads_at_once() {
    let engine = engine();
    let module =
        module(&engine, r#"(module (memory 1) (func (export "f") (param i32) (drop (i32.load (local.get 0)))))"#);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let mut store = Store::new(&engine, ());
                    let instance = Instance::new(&mut store, &module, &[]).unwrap();
                    let f = instance.get_typed_func::<i32, ()>(&mut store, "f").unwrap();
                    f.call(&mut store, 0).unwrap();
                    assert_eq!(trap(&f.call(&mut store, 65536).unwrap_err()), Trap::MemoryOutOfBounds);
                }
            });
        }
    });
}

#[test]
fn a_host_function_called_directly_has_no_backtrace_to_give() {
    let mut store = Store::new(&engine(), ());
    let fails = Func::wrap(&mut store, || -> headwater::Result<()> { Err(Trap::Interrupt.into()) });
    let error = fails.call(&mut store, &[], &mut []).unwrap_err();
    assert_eq!(trap(&error), Trap::Interrupt);
    assert!(error.downcast_ref::<WasmBacktrace>().is_none());
}
