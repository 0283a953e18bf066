//! Host functions: closures of all shapes, errors, panics, calls back into the store.

mod api_common;

use api_common::{engine, frames, instance, module, trap};
use headwater::{
    AsContext, AsContextMut, Caller, Error, ExternRef, Func, FuncType, Instance, Linker, Result, Rooted, Store, Trap,
    Val, ValType,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Debug, thiserror::Error, PartialEq)]
#[error("exit with {0}")]
struct Exit(i32);

const CALLS_HOST: &str = r#"(module
    (import "host" "f" (func $f (param i32) (result i32)))
    (memory (export "memory") 1)
    (func $inner (param i32) (result i32) (i32.add (call $f (local.get 0)) (i32.const 1)))
    (func (export "run") (param i32) (result i32) (call $inner (local.get 0))))"#;

#[test]
fn an_error_passes_through_compiled_code_unchanged() {
    let (mut store, instance) = instance((), CALLS_HOST, |linker| {
        linker
            .func_wrap("host", "f", |n: i32| -> Result<i32> {
                if n == 0 { Err(Exit(3).into()) } else { Ok(n) }
            })
            .unwrap();
    });
    let run = instance.get_typed_func::<i32, i32>(&mut store, "run").unwrap();
    for _ in 0..3 {
        let error = run.call(&mut store, 0).unwrap_err();
        assert_eq!(error.downcast_ref::<Exit>(), Some(&Exit(3)));
        assert_eq!(frames(&error), ["inner", "#2"]);
        assert_eq!(run.call(&mut store, 5).unwrap(), 6);
    }
}

#[test]
fn a_trap_returned_by_a_host_function_is_a_trap() {
    let (mut store, instance) = instance((), CALLS_HOST, |linker| {
        linker.func_wrap("host", "f", |_: i32| -> Result<i32> { Err(Trap::IntegerOverflow.into()) }).unwrap();
    });
    let run = instance.get_typed_func::<i32, i32>(&mut store, "run").unwrap();
    assert_eq!(trap(&run.call(&mut store, 0).unwrap_err()), Trap::IntegerOverflow);
}

#[test]
fn a_panic_goes_on_in_the_host_and_leaves_the_store_usable() {
    let (mut store, instance) = instance((), CALLS_HOST, |linker| {
        linker
            .func_wrap("host", "f", |n: i32| {
                if n == 0 {
                    std::panic::panic_any("out of tea");
                }
                n
            })
            .unwrap();
    });
    let run = instance.get_typed_func::<i32, i32>(&mut store, "run").unwrap();
    for _ in 0..3 {
        let payload = catch_unwind(AssertUnwindSafe(|| run.call(&mut store, 0))).unwrap_err();
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"out of tea"));
        assert_eq!(run.call(&mut store, 5).unwrap(), 6);
    }
}

#[test]
fn errors_and_panics_pass_through_several_layers() {
    let (mut store, instance) = instance(
        (),
        r#"(module
            (import "host" "down" (func $down (param i32)))
            (func $go (export "go") (param i32) (call $down (local.get 0))))"#,
        |linker| {
            linker
                .func_wrap("host", "down", |mut caller: Caller<'_, ()>, n: i32| -> Result<()> {
                    match n {
                        0 => Err(Exit(1).into()),
                        1 => panic!("at the bottom"),
                        _ => {
                            let go = caller.get_export("go").unwrap().into_func().unwrap();
                            let result = go.call(&mut caller, &[Val::I32(n - 2)], &mut []);
                            // What an inner call left behind does not confuse this one.
                            result.map_err(|e| e.context(format!("at {n}")))
                        }
                    }
                })
                .unwrap();
        },
    );
    let go = instance.get_typed_func::<i32, ()>(&mut store, "go").unwrap();
    let error = go.call(&mut store, 6).unwrap_err();
    assert_eq!(error.downcast_ref::<Exit>(), Some(&Exit(1)));
    assert_eq!(frames(&error), ["go"; 4]);
    let payload = catch_unwind(AssertUnwindSafe(|| go.call(&mut store, 7))).unwrap_err();
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"at the bottom"));
    assert_eq!(go.call(&mut store, 2).unwrap_err().downcast_ref::<Exit>(), Some(&Exit(1)));
}

#[test]
fn an_error_after_a_call_back_has_the_frames_around_it() {
    let (mut store, instance) = instance(
        (),
        r#"(module (import "" "f" (func $f)) (func (export "nothing"))
            (func $inner (call $f)) (func $outer (export "outer") (call $inner)))"#,
        |linker| {
            linker
                .func_wrap("", "f", |mut caller: Caller<'_, ()>| -> Result<()> {
                    let nothing = caller.get_export("nothing").unwrap().into_func().unwrap();
                    nothing.call(&mut caller, &[], &mut [])?;
                    Err(Exit(2).into())
                })
                .unwrap();
        },
    );
    let outer = instance.get_typed_func::<(), ()>(&mut store, "outer").unwrap();
    let error = outer.call(&mut store, ()).unwrap_err();
    assert_eq!(error.downcast_ref::<Exit>(), Some(&Exit(2)));
    assert_eq!(frames(&error), ["inner", "outer"]);
}

#[test]
fn a_panic_passes_through_two_stores() {
    let engine = engine();
    let calls = module(&engine, r#"(module (import "" "f" (func $f)) (func (export "go") (call $f)))"#);
    let call = |store: &mut Store<()>, f: Func| {
        let instance = Instance::new(&mut *store, &calls, &[f.into()]).unwrap();
        instance.get_typed_func::<(), ()>(&mut *store, "go").unwrap()
    };
    let mut inner = Store::new(&engine, ());
    let panics = Func::wrap(&mut inner, || -> () { std::panic::panic_any(5u8) });
    let go = call(&mut inner, panics);
    let inner = std::sync::Mutex::new(inner);
    let mut outer = Store::new(&engine, ());
    let through = Func::wrap(&mut outer, move || {
        let mut inner = inner.lock().unwrap_or_else(|e| e.into_inner());
        go.call(&mut *inner, ())
    });
    let go = call(&mut outer, through);
    for _ in 0..3 {
        let payload = catch_unwind(AssertUnwindSafe(|| go.call(&mut outer, ()))).unwrap_err();
        assert_eq!(payload.downcast_ref::<u8>(), Some(&5));
    }
}

#[test]
fn functions_with_many_parameters_and_results_can_be_called() {
    let engine = engine();
    let n = 200;
    let types = vec![ValType::I64; n];
    let ty = FuncType::new(&engine, types.clone(), types.clone());
    let list = "i64 ".repeat(n);
    let gets: String = (0..n).rev().map(|i| format!("(local.get {i})")).collect();
    let text = format!(
        r#"(module (type $t (func (param {list}) (result {list}))) (import "" "f" (func $f (type $t)))
            (func (export "go") (type $t) (call $f {gets})))"#
    );
    let mut store = Store::new(&engine, ());
    let host = Func::new(&mut store, ty, |_, params, results| {
        for (result, param) in results.iter_mut().zip(params) {
            *result = Val::I64(param.unwrap_i64() * 2);
        }
        Ok(())
    });
    let instance = Instance::new(&mut store, &module(&engine, &text), &[host.into()]).unwrap();
    let go = instance.get_func(&mut store, "go").unwrap();
    let params: Vec<Val> = (0..n as i64).map(Val::I64).collect();
    let mut results = vec![Val::I32(0); n];
    go.call(&mut store, &params, &mut results).unwrap();
    for (i, result) in results.iter().enumerate() {
        assert_eq!(result.unwrap_i64(), 2 * (n - 1 - i) as i64);
    }
}

#[test]
fn the_host_as_caller_has_no_exports() {
    let mut store = Store::new(&engine(), ());
    let f = Func::wrap(&mut store, |mut caller: Caller<'_, ()>| assert!(caller.get_export("memory").is_none()));
    f.call(&mut store, &[], &mut []).unwrap();
}

#[test]
fn an_error_can_be_handled_half_way() {
    let (mut store, instance) = instance(
        0,
        r#"(module
            (import "host" "try" (func $try (param i32) (result i32)))
            (func (export "fail") (param i32) (result i32) (i32.div_u (i32.const 1) (i32.const 0)))
            (func (export "go") (param i32) (result i32) (i32.add (call $try (local.get 0))
            (call $try (local.get 0)))))"#,
        |linker| {
            linker
                .func_wrap("host", "try", |mut caller: Caller<'_, i32>, n: i32| -> Result<i32> {
                    let fail = caller.get_export("fail").unwrap().into_func().unwrap();
                    let error = fail.typed::<i32, i32>(&caller)?.call(&mut caller, n).unwrap_err();
                    assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::IntegerDivisionByZero));
                    *caller.data_mut() += 1;
                    Ok(n)
                })
                .unwrap();
        },
    );
    let go = instance.get_typed_func::<i32, i32>(&mut store, "go").unwrap();
    assert_eq!(go.call(&mut store, 4).unwrap(), 8);
    assert_eq!(*store.data(), 2);
}

#[test]
fn all_value_types_pass_in_both_directions() {
    let (mut store, instance) = instance(
        (),
        r#"(module
            (import "host" "mix" (func $mix (param i32 i64 f32 f64 funcref externref i32 i64 f32 f64 i32 i64 f32 f64
            i32 i64)
                (result i64 i32 f64 f32 externref funcref i64 i32 f64 f32 i64 i32 f64 f32 i64 i32)))
            (func (export "mix") (param i32 i64 f32 f64 funcref externref i32 i64 f32 f64 i32 i64 f32 f64 i32 i64)
                (result i64 i32 f64 f32 externref funcref i64 i32 f64 f32 i64 i32 f64 f32 i64 i32)
                (call $mix (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5)
                    (local.get 6) (local.get 7) (local.get 8) (local.get 9) (local.get 10) (local.get 11)
                    (local.get 12) (local.get 13) (local.get 14) (local.get 15))))"#,
        |linker| {
            #[allow(clippy::too_many_arguments, clippy::type_complexity, reason = "that is the point")]
            fn mix(
                a: i32,
                b: i64,
                c: f32,
                d: f64,
                e: Option<Func>,
                f: Option<Rooted<ExternRef>>,
                g: u32,
                h: u64,
                i: f32,
                j: f64,
                k: i32,
                l: i64,
                m: f32,
                n: f64,
                o: i32,
                p: i64,
            ) -> (
                i64,
                i32,
                f64,
                f32,
                Option<Rooted<ExternRef>>,
                Option<Func>,
                u64,
                u32,
                f64,
                f32,
                i64,
                i32,
                f64,
                f32,
                i64,
                i32,
            ) {
                (b, a, d, c, f, e, h, g, j, i, l, k, n, m, p, o)
            }
            linker.func_wrap("host", "mix", mix).unwrap();
        },
    );
    let func = Func::wrap(&mut store, || {});
    let extern_ref = ExternRef::new(&mut store, 5u8).unwrap();
    let mix = instance.get_func(&mut store, "mix").unwrap();
    let params = [
        Val::I32(-1),
        Val::I64(-2),
        Val::F32(0x7fa0_0001),
        Val::F64(0x7ff4_0000_0000_0001),
        Val::FuncRef(Some(func)),
        Val::ExternRef(Some(extern_ref)),
        Val::I32(7),
        Val::I64(i64::MIN),
        Val::F32(9),
        Val::F64(10),
        Val::I32(11),
        Val::I64(12),
        Val::F32(13),
        Val::F64(14),
        Val::I32(15),
        Val::I64(16),
    ];
    let mut results = [Val::I32(0); 16];
    mix.call(&mut store, &params, &mut results).unwrap();
    for pair in 0..8 {
        for (result, param) in [(2 * pair, 2 * pair + 1), (2 * pair + 1, 2 * pair)] {
            if !params[param].ty(&store).unwrap().is_ref() {
                assert_eq!(format!("{:?}", results[result]), format!("{:?}", params[param]));
            }
        }
    }
    // The reference is to the same function, the data the same value; handles need not be the same.
    let Val::ExternRef(Some(back)) = results[4] else { panic!("{results:?}") };
    assert_eq!(back.data(&store).unwrap().unwrap().downcast_ref::<u8>(), Some(&5));
    assert_eq!(results[5].unwrap_funcref(), Some(&func));
}

#[test]
fn untyped_functions_check_what_they_are_given_and_give() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let ty = FuncType::new(&engine, [ValType::I32, ValType::FUNCREF], [ValType::I64]);
    let func = Func::new(&mut store, ty.clone(), |_, params, results| {
        results[0] = if params[0].unwrap_i32() == 0 { Val::I32(1) } else { Val::I64(2) };
        Ok(())
    });
    assert_eq!(func.ty(&store), ty);
    let mut out = [Val::I32(0)];
    let null = Val::null_func_ref();
    func.call(&mut store, &[Val::I32(1), null], &mut out).unwrap();
    assert_eq!(out[0].unwrap_i64(), 2);
    let text = |e: Error| format!("{e:#}");
    let error = func.call(&mut store, &[Val::I32(0), null], &mut out).unwrap_err();
    assert_eq!(
        text(error),
        "function attempted to return an incompatible value: type mismatch: expected i64, found i32"
    );
    let error = func.call(&mut store, &[Val::I32(1)], &mut out).unwrap_err();
    assert_eq!(text(error), "expected 2 arguments, got 1");
    let error = func.call(&mut store, &[Val::I32(1), null], &mut []).unwrap_err();
    assert_eq!(text(error), "expected 1 results, got 0");
    let error = func.call(&mut store, &[Val::I64(1), null], &mut out).unwrap_err();
    assert_eq!(text(error), "argument type mismatch: type mismatch: expected i32, found i64");
    let mut other = Store::new(&engine, ());
    let foreign = Func::wrap(&mut other, || {});
    let error = func.call(&mut store, &[Val::I32(1), foreign.into()], &mut out).unwrap_err();
    assert_eq!(text(error), "argument type mismatch: a reference cannot be used in another store than its own");
}

#[test]
fn a_reference_of_another_store_cannot_be_returned() {
    let engine = engine();
    let mut other = Store::new(&engine, ());
    let foreign = Func::wrap(&mut other, || {});
    let mut store = Store::new(&engine, ());
    let give = Func::wrap(&mut store, move || Some(foreign));
    let give = give.typed::<(), Option<Func>>(&store).unwrap();
    assert!(give.call(&mut store, ()).is_err());
    let take = Func::wrap(&mut store, |_: Option<Func>| {});
    let take = take.typed::<Option<Func>, ()>(&store).unwrap();
    assert!(take.call(&mut store, Some(foreign)).is_err());
    take.call(&mut store, None).unwrap();
}

#[test]
fn the_caller_gives_access_to_store_and_instance() {
    let (mut store, instance) = instance(vec![], CALLS_HOST, |linker| {
        linker
            .func_wrap("host", "f", |mut caller: Caller<'_, Vec<u8>>, n: i32| {
                let memory = caller.get_export("memory").unwrap().into_memory().unwrap();
                assert!(caller.get_export("nothing").is_none());
                let (bytes, data) = memory.data_and_store_mut(&mut caller);
                data.extend_from_slice(&bytes[..n as usize]);
                bytes[0] = 9;
                memory.grow(&mut caller, 1).unwrap();
                caller.as_context().data().len() as i32 + caller.as_context_mut().data_mut().len() as i32
            })
            .unwrap();
    });
    let memory = instance.get_memory(&mut store, "memory").unwrap();
    memory.write(&mut store, 0, &[1, 2, 3]).unwrap();
    let run = instance.get_typed_func::<i32, i32>(&mut store, "run").unwrap();
    assert_eq!(run.call(&mut store, 3).unwrap(), 7);
    assert_eq!(memory.data(&store)[0], 9);
    assert_eq!(memory.size(&store), 2);
    assert_eq!(store.into_data(), [1, 2, 3]);
}

#[test]
fn closures_are_dropped_with_their_store_or_linker() {
    let counter = Arc::new(AtomicUsize::new(0));
    let engine = engine();
    let module = module(&engine, CALLS_HOST);
    let mut linker = Linker::new(&engine);
    let held = counter.clone();
    linker
        .func_wrap("host", "f", move |n: i32| {
            held.fetch_add(1, Ordering::Relaxed);
            n
        })
        .unwrap();
    let mut store = Store::new(&engine, ());
    for _ in 0..10 {
        let instance = linker.instantiate(&mut store, &module).unwrap();
        instance.get_typed_func::<i32, i32>(&mut store, "run").unwrap().call(&mut store, 1).unwrap();
    }
    drop(linker);
    assert_eq!(counter.load(Ordering::Relaxed), 10);
    assert_eq!(Arc::strong_count(&counter), 2);
    drop(store);
    assert_eq!(Arc::strong_count(&counter), 1);
}

#[test]
fn a_host_function_may_be_imported_as_start_function_and_exported_again() {
    let engine = engine();
    let module = module(&engine, r#"(module (import "" "f" (func $f)) (start $f) (export "again" (func $f)))"#);
    let mut store = Store::new(&engine, 0);
    let f = Func::wrap(&mut store, |mut caller: Caller<'_, i32>| *caller.data_mut() += 1);
    let instance = Instance::new(&mut store, &module, &[f.into()]).unwrap();
    assert_eq!(*store.data(), 1);
    let again = instance.get_func(&mut store, "again").unwrap();
    assert_eq!(again, f);
    again.call(&mut store, &[], &mut []).unwrap();
    assert_eq!(*store.data(), 2);
}

#[test]
fn a_typed_function_must_have_the_right_type() {
    let mut store = Store::new(&engine(), ());
    let f = Func::wrap(&mut store, |a: i32, _: f64| -> (i64, i32) { (1, a) });
    assert!(f.typed::<(i32, f64), (i64, i32)>(&store).is_ok());
    assert!(f.typed::<(u32, f64), (u64, u32)>(&store).is_ok());
    let text = |e: Error| format!("{e:#}");
    assert_eq!(
        text(f.typed::<(i32, f32), (i64, i32)>(&store).unwrap_err()),
        "type mismatch with parameters: type mismatch: expected f32, found f64"
    );
    assert_eq!(
        text(f.typed::<i32, (i64, i32)>(&store).unwrap_err()),
        "type mismatch with parameters: expected 1 types, found 2"
    );
    assert_eq!(
        text(f.typed::<(i32, f64), ()>(&store).unwrap_err()),
        "type mismatch with results: expected 0 types, found 2"
    );
}

#[test]
#[should_panic(expected = "object used with the wrong store")]
fn a_handle_used_with_another_store_panics() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let mut other = Store::new(&engine, ());
    let f = Func::wrap(&mut store, || {});
    let _ = f.call(&mut other, &[], &mut []);
}
