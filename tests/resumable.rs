//! Resumable calls: suspended by host functions, several in one store, resumed in any order, on any thread, or never.

mod api_common;

use api_common::{config, engine, frames, instance, module, trap};
use headwater::{
    AsContextMut, CallHook, Caller, Engine, Error, ExnRef, ExnRefPre, ExnType, Func, FuncType, Instance, Linker,
    ResumableCall, Store, StoreLimitsBuilder, Suspend, SuspendedCall, Tag, TagType, Trap, Val, ValType, WasmBacktrace,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// `host.ask` suspends, with its argument as the last question in the data.
const ASKS: &str = r#"(module
    (import "host" "ask" (func $ask (param i32) (result i32)))
    (import "host" "call" (func $call (param i32) (result i32)))
    (memory 1)
    (table 1 funcref)
    (elem declare func $ask)
    (global $progress (export "progress") (mut i32) (i32.const 0))
    (func (export "ask") (param i32) (result i32) (call $ask (local.get 0)))
    (func $sum (export "sum") (param $n i32) (result i32)
      (global.set $progress (i32.add (global.get $progress) (i32.const 1)))
      (if (result i32) (i32.eqz (local.get $n))
        (then (i32.const 0))
        (else (i32.add (call $ask (local.get $n)) (call $sum (i32.sub (local.get $n) (i32.const 1)))))))
    (func (export "call") (param i32) (result i32) (i32.add (call $call (local.get 0)) (i32.const 100)))
    (func (export "plain") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func (export "divides") (param i32) (result i32) (i32.div_s (i32.const 1) (call $ask (local.get 0))))
    (func (export "reads") (param i32) (result i32) (i32.load (call $ask (local.get 0))))
    (func $deep (export "deep") (param i32) (result i32) (i32.add (call $deep (local.get 0)) (i32.const 1)))
    (func (export "deeper") (param i32) (result i32) (call $deep (call $ask (local.get 0)))))"#;

type Host = fn(Caller<'_, Data>, i32) -> headwater::Result<i32>;

/// What was asked, and what `host.call` does.
struct Data {
    asked: Vec<i32>,
    call: Host,
}

fn asks(call: Host) -> (Store<Data>, Instance) {
    asks_in(&engine(), call)
}

fn asks_in(engine: &Engine, call: Host) -> (Store<Data>, Instance) {
    let mut linker = Linker::new(engine);
    linker
        .func_wrap("host", "ask", |mut caller: Caller<'_, Data>, n: i32| {
            caller.data_mut().asked.push(n);
            Err::<i32, Error>(Suspend.into())
        })
        .unwrap()
        .func_wrap("host", "call", |caller: Caller<'_, Data>, n: i32| (caller.data().call)(caller, n))
        .unwrap();
    let mut store = Store::new(engine, Data { asked: Vec::new(), call });
    let instance = linker.instantiate(&mut store, &module(engine, ASKS)).unwrap();
    (store, instance)
}

fn nothing(_: Caller<'_, Data>, _: i32) -> headwater::Result<i32> {
    Ok(0)
}

fn func<T>(store: &mut Store<T>, instance: Instance, name: &str) -> Func {
    instance.get_func(store, name).unwrap()
}

/// Begins a call of type `(i32) -> i32`.
fn begin<T>(store: &mut Store<T>, instance: Instance, name: &str, n: i32) -> headwater::Result<ResumableCall> {
    let func = func(store, instance, name);
    func.call_resumable(store, &[Val::I32(n)], &mut [Val::I32(0)])
}

fn suspended(call: headwater::Result<ResumableCall>) -> SuspendedCall {
    match call.unwrap() {
        ResumableCall::Suspended(call) => call,
        ResumableCall::Finished => panic!("the call has returned"),
    }
}

/// Resumes a call with an answer, to its end: its result. `None` if it was suspended again.
fn resume<T>(store: &mut Store<T>, call: SuspendedCall, n: i32) -> headwater::Result<Result<i32, SuspendedCall>> {
    let mut results = [Val::I32(0)];
    Ok(match call.resume(store, Ok(&[Val::I32(n)]), &mut results)? {
        ResumableCall::Finished => Ok(results[0].unwrap_i32()),
        ResumableCall::Suspended(call) => Err(call),
    })
}

fn finished<T>(store: &mut Store<T>, call: SuspendedCall, n: i32) -> i32 {
    resume(store, call, n).unwrap().unwrap_or_else(|_| panic!("the call was suspended again"))
}

fn plain<T>(store: &mut Store<T>, instance: Instance, name: &str, n: i32) -> headwater::Result<i32> {
    instance.get_typed_func::<i32, i32>(&mut *store, name)?.call(store, n)
}

#[test]
fn a_call_is_suspended_as_often_as_host_functions_ask_for_it() {
    let (mut store, instance) = asks(nothing);
    let mut call = suspended(begin(&mut store, instance, "sum", 10));
    for n in (2..=10).rev() {
        assert_eq!(store.data().asked.last(), Some(&n));
        assert_eq!(call.host_func().ty(&store).results().count(), 1);
        call = resume(&mut store, call, n).unwrap().unwrap_err();
    }
    assert_eq!(finished(&mut store, call, 1), 55);
    // A call that is never suspended, and one of a host function.
    let mut results = [Val::I32(0)];
    let plain = func(&mut store, instance, "plain");
    assert!(matches!(plain.call_resumable(&mut store, &[Val::I32(6)], &mut results), Ok(ResumableCall::Finished)));
    assert_eq!(results[0].unwrap_i32(), 7);
    let ask = Func::wrap(&mut store, |n: i32| if n == 0 { Err(Error::from(Suspend)) } else { Ok(n) });
    assert!(matches!(ask.call_resumable(&mut store, &[Val::I32(8)], &mut results), Ok(ResumableCall::Finished)));
    assert_eq!(results[0].unwrap_i32(), 8);
    let call = suspended(ask.call_resumable(&mut store, &[Val::I32(0)], &mut results));
    assert_eq!(call.host_func(), ask);
    assert_eq!(finished(&mut store, call, 9), 9);
}

#[test]
fn many_calls_of_a_store_are_suspended_and_resumed_in_any_order() {
    let (mut store, instance) = asks(nothing);
    let mut calls: Vec<(i32, i32, SuspendedCall)> = Vec::new();
    let (mut state, mut done, mut begun) = (12345u32, 0, 0);
    while done < 300 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let at = (state >> 8) as usize;
        match at % 4 {
            0 if begun < 300 => {
                let n = 1 + begun % 7;
                calls.push((n, 0, suspended(begin(&mut store, instance, "sum", n))));
                assert_eq!(store.data().asked.last(), Some(&n));
                begun += 1;
            }
            1 => assert_eq!(plain(&mut store, instance, "plain", at as i32).unwrap(), (at as i32).wrapping_add(1)),
            2 => assert_eq!(trap(&plain(&mut store, instance, "deep", 1).unwrap_err()), Trap::StackOverflow),
            _ if !calls.is_empty() => {
                let at = at / 4 % calls.len();
                let (n, sum, call) = calls.swap_remove(at);
                let answer = 10 * begun + n;
                match resume(&mut store, call, answer).unwrap() {
                    Ok(result) => {
                        assert_eq!((n, result), (1, sum + answer));
                        done += 1;
                    }
                    Err(call) => {
                        assert_eq!(store.data().asked.last(), Some(&(n - 1)));
                        calls.push((n - 1, sum + answer, call));
                    }
                }
            }
            _ => {}
        }
    }
    assert!(WasmBacktrace::capture(&store).frames().is_empty());
}

#[test]
fn calls_begin_within_calls_and_outlive_them() {
    // Each level begins another call in a host function of the one before, and leaves it suspended.
    fn within(mut caller: Caller<'_, Data>, n: i32) -> headwater::Result<i32> {
        if n == 0 {
            return Err(Suspend.into());
        }
        assert!(caller.may_suspend());
        let func = caller.get_export("call").unwrap().into_func().unwrap();
        let call = suspended(func.call_resumable(&mut caller, &[Val::I32(n - 1)], &mut [Val::I32(0)]));
        LEFT.with(|left| left.borrow_mut().push(call));
        assert_eq!(WasmBacktrace::capture(&caller).frames().len(), DEPTH + 1 - n as usize);
        assert!(caller.may_suspend());
        Err(Suspend.into())
    }
    const DEPTH: usize = 20;
    thread_local! {
        static LEFT: std::cell::RefCell<Vec<SuspendedCall>> = const { std::cell::RefCell::new(Vec::new()) };
    }
    let (mut store, instance) = asks(within);
    let outermost = suspended(begin(&mut store, instance, "call", DEPTH as i32));
    let mut left = LEFT.take();
    assert_eq!(left.len(), DEPTH);
    left.push(outermost);
    for (i, call) in left.into_iter().enumerate() {
        assert_eq!(finished(&mut store, call, i as i32), i as i32 + 100);
        assert_eq!(plain(&mut store, instance, "plain", 3).unwrap(), 4);
    }
}

#[test]
fn a_resumed_call_resumes_others() {
    fn resumes(mut caller: Caller<'_, Data>, n: i32) -> headwater::Result<i32> {
        let call = LEFT.take().expect("there is one");
        let mut results = [Val::I32(0)];
        match call.resume(&mut caller, Ok(&[Val::I32(n)]), &mut results)? {
            ResumableCall::Finished => Ok(results[0].unwrap_i32()),
            ResumableCall::Suspended(_) => panic!("it asks once"),
        }
    }
    thread_local! {
        static LEFT: std::cell::RefCell<Option<SuspendedCall>> = const { std::cell::RefCell::new(None) };
    }
    let (mut store, instance) = asks(resumes);
    for name in ["ask", "divides"] {
        LEFT.set(Some(suspended(begin(&mut store, instance, name, 1))));
        assert!(matches!(begin(&mut store, instance, "call", 1), Ok(ResumableCall::Finished)));
        LEFT.set(Some(suspended(begin(&mut store, instance, name, 1))));
        let result = plain(&mut store, instance, "call", 0);
        match name {
            "ask" => assert_eq!(result.unwrap(), 100),
            _ => {
                let error = result.unwrap_err();
                assert_eq!(trap(&error), Trap::IntegerDivisionByZero);
                assert_eq!(frames(&error), ["#6", "#4"], "the frames that it was resumed from are seen as well");
            }
        }
    }
}

#[test]
fn only_what_webassembly_code_called_directly_can_suspend() {
    fn check(mut caller: Caller<'_, Data>, n: i32) -> headwater::Result<i32> {
        match n {
            // WebAssembly code that a host function calls.
            0 => {
                let func = caller.get_export("ask").unwrap().into_func().unwrap();
                func.typed::<i32, i32>(&caller)?.call(&mut caller, 1)
            }
            // A host function that a host function calls.
            1 => {
                let may = Func::wrap(&mut caller, |caller: Caller<'_, Data>| {
                    assert!(!caller.may_suspend());
                    Err::<i32, Error>(Suspend.into())
                });
                let result = may.typed::<(), i32>(&caller)?.call(&mut caller, ());
                assert!(caller.may_suspend());
                result
            }
            _ => {
                assert_eq!(caller.may_suspend(), n == 2);
                Ok(5)
            }
        }
    }
    let (mut store, instance) = asks(check);
    for n in [0, 1] {
        let error = begin(&mut store, instance, "call", n).unwrap_err();
        assert!(format!("{error:#}").contains("cannot suspend here"), "{error:?}");
        assert!(error.downcast_ref::<Suspend>().is_none(), "which would suspend a call further out");
    }
    assert!(matches!(begin(&mut store, instance, "call", 2), Ok(ResumableCall::Finished)));
    assert_eq!(plain(&mut store, instance, "call", 3).unwrap(), 105);
    let error = plain(&mut store, instance, "ask", 3).unwrap_err();
    assert!(format!("{error:#}").contains("cannot suspend here"), "{error:?}");
    assert_eq!(frames(&error), ["#2"]);
    // A suspended call is not awaited, and one that is awaited is not suspended in this way.
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let ask = func(&mut store, instance, "ask");
    let awaited = runtime.block_on(ask.call_async(&mut store, &[Val::I32(1)], &mut [Val::I32(0)]));
    assert!(format!("{:#}", awaited.unwrap_err()).contains("cannot suspend here"));
    let later = Func::wrap_async(&mut store, |_, ()| Box::new(async { 1 }));
    let error = later.call_resumable(&mut store, &[], &mut [Val::I32(0)]).unwrap_err();
    assert!(format!("{error:#}").contains("cannot wait here"), "{error:#}");
}

#[test]
fn traps_errors_and_panics_arrive_at_whoever_resumed_the_call() {
    fn fails(mut caller: Caller<'_, Data>, n: i32) -> headwater::Result<i32> {
        match n {
            0 => Err(Error::msg("the host's")),
            1 => panic!("the host's panic"),
            _ => {
                let func = caller.get_export("deep").unwrap().into_func().unwrap();
                func.typed::<i32, i32>(&caller)?.call(&mut caller, 1)
            }
        }
    }
    let (mut store, instance) = asks(fails);
    let call = suspended(begin(&mut store, instance, "divides", 1));
    let error = resume(&mut store, call, 0).unwrap_err();
    assert_eq!((trap(&error), frames(&error)), (Trap::IntegerDivisionByZero, vec!["#6".to_string()]));
    let call = suspended(begin(&mut store, instance, "reads", 1));
    assert_eq!(trap(&resume(&mut store, call, -4).unwrap_err()), Trap::MemoryOutOfBounds);
    let call = suspended(begin(&mut store, instance, "deeper", 1));
    assert_eq!(trap(&resume(&mut store, call, 1).unwrap_err()), Trap::StackOverflow);
    // An answer that is an error, or of another type.
    let fail = |store: &mut Store<Data>, answer: headwater::Result<&[Val]>| {
        let call = suspended(begin(store, instance, "sum", 2));
        call.resume(store, answer, &mut [Val::I32(0)]).unwrap_err()
    };
    let error = fail(&mut store, Err(Error::msg("no answer")));
    assert!(format!("{error:#}").contains("no answer"));
    assert_eq!(frames(&error), ["sum"]);
    assert!(format!("{:#}", fail(&mut store, Err(Suspend.into()))).contains("cannot suspend here"));
    assert!(format!("{:#}", fail(&mut store, Ok(&[Val::I64(1)]))).contains("incompatible value"));
    assert!(format!("{:#}", fail(&mut store, Ok(&[]))).contains("expected 1 results, got 0"));
    let call = suspended(begin(&mut store, instance, "ask", 2));
    assert!(call.resume(&mut store, Ok(&[Val::I32(0)]), &mut []).is_err());
    // In host functions that it calls.
    assert!(format!("{:#}", begin(&mut store, instance, "call", 0).unwrap_err()).contains("the host's"));
    let panicked = catch_unwind(AssertUnwindSafe(|| begin(&mut store, instance, "call", 1))).unwrap_err();
    assert_eq!(panicked.downcast_ref(), Some(&"the host's panic"));
    let error = begin(&mut store, instance, "call", 2).unwrap_err();
    assert_eq!(trap(&error), Trap::StackOverflow);
    // The store is as good as before.
    let call = suspended(begin(&mut store, instance, "ask", 1));
    assert_eq!(finished(&mut store, call, 7), 7);
    assert!(begin(&mut store, instance, "sum", 0).is_ok());
    assert!(func(&mut store, instance, "sum").call_resumable(&mut store, &[], &mut [Val::I32(0)]).is_err());
    assert!(func(&mut store, instance, "sum").call_resumable(&mut store, &[Val::I32(0)], &mut []).is_err());
}

#[test]
fn calls_that_are_dropped_leave_nothing() {
    // Told from other mappings by its size, which the other tests do not have.
    const STACK: usize = (9 << 20) + (5 << 12);
    let mappings = || {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let ranges = maps.lines().filter_map(|line| line.split_once(' ')?.0.split_once('-'));
        let size = |(from, to)| at(to) - at(from);
        ranges.map(size).filter(|&size| size == STACK).count()
    };
    fn at(hex: &str) -> usize {
        usize::from_str_radix(hex, 16).unwrap()
    }
    let engine = Engine::new(config().async_stack_size(STACK)).unwrap();
    let (mut store, instance) = asks_in(&engine, nothing);
    let round = |store: &mut Store<Data>| {
        let calls: Vec<_> = (0..50).map(|n| suspended(begin(store, instance, "sum", 1 + n))).collect();
        assert_eq!(plain(store, instance, "plain", 1).unwrap(), 2);
        std::thread::spawn(|| drop(calls)).join().unwrap();
    };
    round(&mut store);
    let before = mappings();
    for _ in 0..20 {
        round(&mut store);
    }
    let after = mappings();
    assert!(before >= 50 && after == before, "{before} stacks, later {after}");
    // After the store, too.
    let call = suspended(begin(&mut store, instance, "sum", 3));
    let progress = instance.get_global(&mut store, "progress").unwrap().get(&mut store).unwrap_i32();
    assert_eq!(progress, 21 * 50 + 1, "what was dropped has run no further");
    drop(store);
    drop(call);
}

#[test]
fn a_call_goes_on_with_its_own_store_only() {
    let (mut store, instance) = asks(nothing);
    let (mut other, _) = asks(nothing);
    let call = suspended(begin(&mut store, instance, "ask", 1));
    assert!(catch_unwind(AssertUnwindSafe(|| finished(&mut other, call, 1))).is_err());
    assert_eq!(plain(&mut store, instance, "plain", 1).unwrap(), 2);
}

#[test]
fn a_call_goes_on_on_other_threads() {
    let (mut store, instance) = asks(nothing);
    let mut call = suspended(begin(&mut store, instance, "sum", 20));
    for n in (2..=20).rev() {
        (store, call) = std::thread::spawn(move || {
            let call = resume(&mut store, call, n).unwrap().unwrap_err();
            assert_eq!(trap(&plain(&mut store, instance, "deep", 1).unwrap_err()), Trap::StackOverflow);
            (store, call)
        })
        .join()
        .unwrap();
    }
    assert_eq!(finished(&mut store, call, 1), 210);
}

#[test]
fn host_functions_have_the_stack_of_whoever_began_or_resumed_the_call() {
    fn address(_: Caller<'_, Data>, _: i32) -> headwater::Result<i32> {
        // More than a fiber has for host functions.
        let large = [1u8; 512 << 10];
        let here = std::hint::black_box(&large).as_ptr().addr();
        AT.set(AT.get().min(here));
        Ok(0)
    }
    thread_local! {
        static AT: std::cell::Cell<usize> = const { std::cell::Cell::new(usize::MAX) };
    }
    let (mut store, instance) = asks(address);
    let here = 0u8;
    assert!(matches!(begin(&mut store, instance, "call", 0), Ok(ResumableCall::Finished)));
    let distance = (&raw const here).addr().checked_sub(AT.get()).expect("it is further down");
    assert!(distance < 1 << 20, "{distance}");
}

#[test]
fn the_store_says_how_many_calls_there_may_be() {
    let (mut store, instance) = asks(nothing);
    let mut calls: Vec<_> = (0..10_000).map(|n| suspended(begin(&mut store, instance, "ask", n))).collect();
    let error = begin(&mut store, instance, "ask", 1).unwrap_err();
    assert_eq!(error.to_string(), "resource limit exceeded: resumable call count too high at 10001");
    assert_eq!(finished(&mut store, calls.swap_remove(500), 77), 77);
    drop(calls.pop());
    calls.extend((0..2).map(|n| suspended(begin(&mut store, instance, "ask", n))));
    assert!(begin(&mut store, instance, "ask", 1).is_err());
    for (n, call) in calls.into_iter().enumerate() {
        assert_eq!(finished(&mut store, call, n as i32), n as i32);
    }

    let limits = StoreLimitsBuilder::new().resumable_calls(1).build();
    let engine = engine();
    let mut store = Store::new(&engine, limits);
    store.limiter(|limits| limits);
    let func = Func::wrap(&mut store, || Err::<(), Error>(Suspend.into()));
    let first = suspended(func.call_resumable(&mut store, &[], &mut []));
    assert!(func.call_resumable(&mut store, &[], &mut []).is_err());
    assert!(matches!(first.resume(&mut store, Ok(&[]), &mut []), Ok(ResumableCall::Finished)));
    drop(suspended(func.call_resumable(&mut store, &[], &mut [])));
}

/// References to exceptions in the frames of suspended calls are found, wherever the call began.
#[test]
fn what_suspended_calls_refer_to_is_kept() {
    let (mut store, instance) = instance(
        (),
        r#"(module
            (import "host" "ask" (func $ask (param i32) (result i32)))
            (import "host" "again" (func $again (param i32)))
            (tag $t (param i32))
            (func $value (param exnref) (result i32)
              (block $h (result i32) (try_table (catch $t $h) (throw_ref (local.get 0))) unreachable))
            (func $make (param i32) (result exnref)
              (local exnref)
              (block $h (result i32 exnref) (try_table (catch_ref $t $h) (throw $t (local.get 0))) unreachable)
              (local.set 1) (drop) (local.get 1))
            (func (export "many") (param i32) (result i32) (local $i i32)
              (loop $more
                (drop (call $make (local.get $i)))
                (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3000))))
              (i32.const 0))
            (func (export "run") (param i32) (result i32) (local $mine exnref)
              (local.set $mine (call $make (local.get 0)))
              (if (local.get 0) (then (call $again (i32.sub (local.get 0) (i32.const 1)))))
              (drop (call $ask (local.get 0)))
              (call $value (local.get $mine)))
            (func (export "hold") (param i32) (result i32)
              (call $value (call $make (local.get 0))) (drop)
              (call $make (local.get 0))
              (drop (call $ask (local.get 0)))
              (call $value)))"#,
        |linker| {
            linker.func_wrap("host", "ask", |_: i32| Err::<i32, Error>(Suspend.into())).unwrap();
            linker
                .func_wrap("host", "again", |mut caller: Caller<'_, ()>, n: i32| {
                    let call = |caller: &mut Caller<'_, ()>, name: &str, n| {
                        let func = caller.get_export(name).unwrap().into_func().unwrap();
                        func.call_resumable(caller, &[Val::I32(n)], &mut [Val::I32(0)]).unwrap()
                    };
                    let suspended = call(&mut caller, "run", n);
                    let ResumableCall::Suspended(inner) = suspended else { panic!("it asks") };
                    // From within this call, whose frames hold something, too.
                    let _ = call(&mut caller, "many", 0);
                    LEFT.with(|left| left.borrow_mut().push((n, inner)));
                })
                .unwrap();
        },
    );
    thread_local! {
        static LEFT: std::cell::RefCell<Vec<(i32, SuspendedCall)>> = const { std::cell::RefCell::new(Vec::new()) };
    }
    let outermost = suspended(begin(&mut store, instance, "run", 5));
    let mut left = LEFT.take();
    left.push((5, outermost));
    left.extend((100..140).map(|n| (n, suspended(begin(&mut store, instance, "hold", n)))));
    plain(&mut store, instance, "many", 0).unwrap();
    assert!(store.exceptions_kept() < 3000, "{}", store.exceptions_kept());
    while !left.is_empty() {
        let (n, call) = left.swap_remove(left.len() / 2);
        assert_eq!(finished(&mut store, call, 0), n);
        plain(&mut store, instance, "many", 0).unwrap();
    }
}

#[test]
fn exceptions_can_be_the_answer() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let tag = Tag::new(&mut store, &TagType::new(FuncType::new(&engine, [ValType::I32], []))).unwrap();
    let text = r#"(module
        (import "host" "ask" (func $ask (param i32) (result i32)))
        (import "host" "tag" (tag $t (param i32)))
        (func (export "catches") (param i32) (result i32)
          (block $h (result i32)
            (try_table (result i32) (catch $t $h) (call $ask (local.get 0)))
            (i32.add (i32.const 1000))))
        (func (export "passes") (param i32) (result i32) (call $ask (local.get 0))))"#;
    let mut linker = Linker::new(&engine);
    linker.func_wrap("host", "ask", |_: i32| Err::<i32, Error>(Suspend.into())).unwrap();
    linker.define(&store, "host", "tag", tag).unwrap();
    let instance = linker.instantiate(&mut store, &module(&engine, text)).unwrap();
    let throw = |store: &mut Store<()>, n: i32| -> Error {
        let ty = ExnType::from_tag_type(&tag.ty(&*store)).unwrap();
        let allocator = ExnRefPre::new(&mut *store, ty);
        let exception = ExnRef::new(&mut *store, &allocator, &tag, &[Val::I32(n)]).unwrap();
        store.throw::<()>(exception).unwrap_err().into()
    };
    let call = suspended(begin(&mut store, instance, "catches", 1));
    assert_eq!(finished(&mut store, call, 5), 1005);
    let call = suspended(begin(&mut store, instance, "catches", 1));
    let mut results = [Val::I32(0)];
    let answer = Err(throw(&mut store, 42));
    assert!(matches!(call.resume(&mut store, answer, &mut results), Ok(ResumableCall::Finished)));
    assert_eq!(results[0].unwrap_i32(), 42);
    let call = suspended(begin(&mut store, instance, "passes", 1));
    let answer = Err(throw(&mut store, 43));
    assert!(call.resume(&mut store, answer, &mut results).is_err());
    let mut context = store.as_context_mut();
    let taken = context.take_pending_exception().expect("nobody has caught it");
    assert_eq!(taken.field(&mut context, 0).unwrap().unwrap_i32(), 43);
}

#[test]
fn epochs_end_resumable_calls_and_cannot_make_them_wait() {
    let engine = Engine::new(config().epoch_interruption(true)).unwrap();
    let text = r#"(module (import "host" "ask" (func $ask)) (func (export "run") (call $ask) (loop (br 0))))"#;
    let mut linker = Linker::new(&engine);
    linker.func_wrap("host", "ask", || Err::<(), Error>(Suspend.into())).unwrap();
    let mut store = Store::new(&engine, ());
    store.set_epoch_deadline(1);
    let instance = linker.instantiate(&mut store, &module(&engine, text)).unwrap();
    let run = func(&mut store, instance, "run");
    let call = suspended(run.call_resumable(&mut store, &[], &mut []));
    let other = suspended(run.call_resumable(&mut store, &[], &mut []));
    engine.increment_epoch();
    assert_eq!(trap(&call.resume(&mut store, Ok(&[]), &mut []).unwrap_err()), Trap::Interrupt);
    store.epoch_deadline_async_yield_and_update(1);
    let error = other.resume(&mut store, Ok(&[]), &mut []).unwrap_err();
    assert!(format!("{error:#}").contains("cannot wait here"), "{error:#}");
}

#[test]
fn hooks_see_calls_leave_and_come_back() {
    let (mut store, instance) = asks(nothing);
    store.call_hook(|mut store, at| {
        store.data_mut().asked.push(match at {
            CallHook::CallingWasm => 1,
            CallHook::ReturningFromWasm => -1,
            CallHook::CallingHost => 2,
            CallHook::ReturningFromHost => -2,
        });
        Ok(())
    });
    let call = suspended(begin(&mut store, instance, "ask", 9));
    let other = suspended(begin(&mut store, instance, "ask", 8));
    for call in [call, other] {
        finished(&mut store, call, 1);
    }
    assert_eq!(store.data().asked, [1, 2, 9, -2, -1, 1, 2, 8, -2, -1, 1, -1, 1, -1]);
}

/// Whether calls can be sent is part of the interface.
#[test]
fn suspended_calls_are_send() {
    fn send<T: Send>(_: &T) {}
    let (mut store, instance) = asks(nothing);
    send(&suspended(begin(&mut store, instance, "ask", 9)));
}
