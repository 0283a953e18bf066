//! Calls that wait: on fibers, between threads, dropped halfway, and among many others.

mod api_common;

use api_common::module;
use headwater::{
    AsContext, AsContextMut, Caller, Config, Engine, Error, Func, FuncType, Instance, Linker, Memory, MemoryType,
    ResourceLimiterAsync, Result, Store, Trap, TypedFunc, UpdateDeadline, Val, ValType, WasmBacktrace,
};
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::time::sleep;

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// Polls once, for nobody.
fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Pending so many times.
fn pending(mut times: u32) -> impl Future<Output = ()> + Send {
    std::future::poll_fn(move |task| {
        if times == 0 {
            return Poll::Ready(());
        }
        times -= 1;
        task.waker().wake_by_ref();
        Poll::Pending
    })
}

/// An engine, and a linker with `host.wait`, which is pending as often as its argument says and returns it.
fn setup<T: Send + 'static>() -> (Engine, Linker<T>) {
    let engine = Engine::default();
    let mut linker = Linker::new(&engine);
    linker
        .func_wrap_async("host", "wait", |_: Caller<'_, T>, (n,): (i32,)| {
            Box::new(async move {
                pending(n as u32).await;
                n
            })
        })
        .unwrap();
    (engine, linker)
}

const SUMS: &str = r#"(module
    (import "host" "wait" (func $wait (param i32) (result i32)))
    (memory 1)
    (global $progress (export "progress") (mut i32) (i32.const 0))
    (func $sum (export "sum") (param $n i32) (result i32)
      (global.set $progress (i32.add (global.get $progress) (i32.const 1)))
      (if (result i32) (i32.eqz (local.get $n))
        (then (i32.const 0))
        (else (i32.add (call $wait (local.get $n)) (call $sum (i32.sub (local.get $n) (i32.const 1)))))))
    (func (export "plain") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func (export "divides") (param i32) (result i32) (i32.div_s (i32.const 1) (i32.sub (call $wait (local.get 0)) (local.get 0))))
    (func (export "reads") (param i32) (result i32) (i32.load (i32.shl (call $wait (local.get 0)) (i32.const 24))))
    (func $deep (export "deep") (param i32) (result i32) (i32.add (call $deep (call $wait (local.get 0))) (i32.const 1))))"#;

fn sums<T: Send>(engine: &Engine, linker: &Linker<T>, data: T) -> (Store<T>, Instance) {
    let mut store = Store::new(engine, data);
    let instance = linker.instantiate(&mut store, &module(engine, SUMS)).unwrap();
    (store, instance)
}

type Unary = TypedFunc<i32, i32>;

fn unary<T>(store: &mut Store<T>, instance: Instance, name: &str) -> Unary {
    instance.get_typed_func(store, name).unwrap()
}

#[test]
fn a_call_waits_as_often_as_its_host_functions_do() {
    let (engine, linker) = setup();
    let (mut store, instance) = sums(&engine, &linker, ());
    let sum = unary(&mut store, instance, "sum");
    let mut polls = 1;
    {
        let mut call = pin!(sum.call_async(&mut store, 4));
        loop {
            match poll(call.as_mut()) {
                Poll::Pending => polls += 1,
                Poll::Ready(result) => break assert_eq!(result.unwrap(), 10),
            }
        }
    }
    assert_eq!(polls, 1 + 4 + 3 + 2 + 1);
    // Without static types, and where nothing waits.
    let mut results = [Val::I32(0)];
    let func = instance.get_func(&mut store, "sum").unwrap();
    block_on(func.call_async(&mut store, &[Val::I32(3)], &mut results)).unwrap();
    assert_eq!(results[0].unwrap_i32(), 6);
    let plain = unary(&mut store, instance, "plain");
    let mut call = pin!(plain.call_async(&mut store, 4));
    assert!(matches!(poll(call.as_mut()), Poll::Ready(Ok(5))));
}

#[test]
fn who_does_not_await_cannot_wait() {
    let (engine, linker) = setup();
    let (mut store, instance) = sums(&engine, &linker, ());
    let sum = unary(&mut store, instance, "sum");
    assert_eq!(sum.call(&mut store, 0).unwrap(), 0);
    let error = sum.call(&mut store, 2).unwrap_err();
    assert!(format!("{error:?}").contains("cannot wait here: call WebAssembly code with `call_async`"), "{error:?}");
    // Nor does it matter that an outer call could: the host function in between cannot.
    let mut linker = linker;
    linker
        .func_wrap("host", "sync", move |mut caller: Caller<'_, ()>, n: i32| -> Result<i32> {
            let sum = caller.get_export("sum").and_then(|e| e.into_func()).unwrap();
            sum.typed::<i32, i32>(&caller)?.call(&mut caller, n)
        })
        .unwrap();
    let module = module(
        &engine,
        r#"(module (import "host" "wait" (func $wait (param i32) (result i32)))
            (import "host" "sync" (func $sync (param i32) (result i32)))
            (func (export "sum") (param i32) (result i32) (call $wait (local.get 0)))
            (func (export "run") (param i32) (result i32)
              (i32.add (call $wait (i32.const 1)) (call $sync (local.get 0)))))"#,
    );
    let instance = block_on(linker.instantiate_async(&mut store, &module)).unwrap();
    let run = unary(&mut store, instance, "run");
    let error = block_on(run.call_async(&mut store, 1)).unwrap_err();
    assert!(format!("{error:?}").contains("cannot wait here"), "{error:?}");
    // The store goes on working.
    let sum = unary(&mut store, instance, "sum");
    assert_eq!(block_on(sum.call_async(&mut store, 7)).unwrap(), 7);
    // A hook is the embedder's, too.
    store.call_hook(move |mut store, _| sum.call(&mut store, 1).map(drop));
    let error = block_on(sum.call_async(&mut store, 7)).unwrap_err();
    assert!(format!("{error:?}").contains("cannot wait here"), "{error:?}");
}

#[test]
fn a_future_that_is_dropped_runs_no_further_and_drops_what_it_waits_for() {
    struct OnDrop(Arc<AtomicU32>);
    impl Drop for OnDrop {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let (engine, mut linker) = setup::<()>();
    let dropped = Arc::new(AtomicU32::new(0));
    let inside = dropped.clone();
    linker
        .func_wrap_async("host", "never", move |_, ()| {
            let guard = OnDrop(inside.clone());
            Box::new(async move {
                let _guard = guard;
                std::future::pending::<()>().await
            })
        })
        .unwrap();
    let module = module(
        &engine,
        r#"(module (import "host" "never" (func $never))
            (tag $tag) (global $after (export "after") (mut i32) (i32.const 0))
            (func (export "run")
              (block $caught
                (try_table (catch_all $caught) (call $never)))
              (global.set $after (i32.const 1)))
            (func (export "go") (result i32) (i32.const 7)))"#,
    );
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &module).unwrap();
    let run = instance.get_typed_func::<(), ()>(&mut store, "run").unwrap();
    for round in 1..=3 {
        {
            let mut call = Box::pin(run.call_async(&mut store, ()));
            assert!(poll(call.as_mut()).is_pending() && poll(call.as_mut()).is_pending());
            assert_eq!(dropped.load(Ordering::Relaxed), round - 1);
        }
        assert_eq!(dropped.load(Ordering::Relaxed), round);
        let after = instance.get_global(&mut store, "after").unwrap();
        assert_eq!(after.get(&mut store).unwrap_i32(), 0);
        let go = instance.get_typed_func::<(), i32>(&mut store, "go").unwrap();
        assert_eq!(go.call(&mut store, ()).unwrap(), 7);
    }
    // One that never began does not even begin.
    drop(run.call_async(&mut store, ()));
    assert_eq!(dropped.load(Ordering::Relaxed), 3);
    // One that is forgotten is left as it is, and the store can be used.
    let mut call = Box::pin(run.call_async(&mut store, ()));
    assert!(poll(call.as_mut()).is_pending());
    std::mem::forget(call);
    let go = instance.get_typed_func::<(), i32>(&mut store, "go").unwrap();
    assert_eq!(go.call(&mut store, ()).unwrap(), 7);
    assert_eq!(block_on(go.call_async(&mut store, ())).unwrap(), 7);
}

#[test]
fn traps_and_backtraces_are_the_same_on_a_fiber() {
    let (engine, linker) = setup();
    let (mut store, instance) = sums(&engine, &linker, ());
    for (name, trap) in [("divides", Trap::IntegerDivisionByZero), ("reads", Trap::MemoryOutOfBounds)] {
        for waits in [0, 1, 2] {
            let func = unary(&mut store, instance, name);
            let outcome = block_on(func.call_async(&mut store, waits));
            if waits == 0 && name == "reads" {
                assert_eq!(outcome.unwrap(), 0);
                continue;
            }
            let error = outcome.unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&trap), "{name}");
            let frames = error.downcast_ref::<WasmBacktrace>().unwrap().frames();
            assert_eq!(frames.len(), 1, "{name}");
        }
    }
    // The stack is bounded, with and without waits.
    let deep = unary(&mut store, instance, "deep");
    for waits in [0, 1] {
        let error = block_on(deep.call_async(&mut store, waits)).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::StackOverflow));
    }
    let sum = unary(&mut store, instance, "sum");
    assert_eq!(block_on(sum.call_async(&mut store, 3)).unwrap(), 6);
}

#[test]
fn the_stack_is_as_large_as_the_settings_say() {
    let depth = |config: &mut Config| {
        let engine = Engine::new(config).unwrap();
        let module = module(
            &engine,
            r#"(module (global $n (export "n") (mut i32) (i32.const 0))
                (func $f (export "f") (global.set $n (i32.add (global.get $n) (i32.const 1))) (call $f)))"#,
        );
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        let error = block_on(f.call_async(&mut store, ())).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::StackOverflow));
        instance.get_global(&mut store, "n").unwrap().get(&mut store).unwrap_i32()
    };
    let small = depth(Config::new().max_wasm_stack(64 << 10));
    let usual = depth(&mut Config::new());
    let large = depth(Config::new().max_wasm_stack(8 << 20));
    let huge = depth(Config::new().max_wasm_stack(1 << 50).async_stack_size(4 << 20));
    assert!(small * 8 < usual && usual * 7 < large && usual * 100 < huge, "{small} {usual} {large} {huge}");
}

#[test]
fn host_functions_that_wait_can_call_again_and_see_all_frames() {
    let engine = Engine::default();
    let mut linker: Linker<Vec<usize>> = Linker::new(&engine);
    linker
        .func_wrap_async("host", "again", |mut caller: Caller<'_, Vec<usize>>, (n,): (i32,)| {
            Box::new(async move {
                pending(1).await;
                let frames = WasmBacktrace::capture(&caller).frames().len();
                caller.data_mut().push(frames);
                if n == 0 {
                    return Err(Error::msg("the end"));
                }
                let run = caller.get_export("run").and_then(|e| e.into_func()).unwrap();
                let run = run.typed::<i32, i32>(&caller)?;
                let result = run.call_async(&mut caller, n - 1).await;
                pending(2).await;
                result
            })
        })
        .unwrap();
    let module = module(
        &engine,
        r#"(module (import "host" "again" (func $again (param i32) (result i32)))
            (func (export "run") (param i32) (result i32) (i32.add (call $again (local.get 0)) (i32.const 1))))"#,
    );
    let mut store = Store::new(&engine, Vec::new());
    let instance = linker.instantiate(&mut store, &module).unwrap();
    let run = unary(&mut store, instance, "run");
    let error = block_on(run.call_async(&mut store, 5)).unwrap_err();
    assert!(format!("{error:?}").contains("the end"));
    assert_eq!(error.downcast_ref::<WasmBacktrace>().unwrap().frames().len(), 6);
    assert_eq!(*store.data(), [1, 2, 3, 4, 5, 6]);
    // Dropped in the depth, all of it ends.
    store.data_mut().clear();
    {
        let mut call = Box::pin(run.call_async(&mut store, 50));
        for _ in 0..10 {
            assert!(poll(call.as_mut()).is_pending());
        }
    }
    assert_eq!(store.data().len(), 9);
    assert!(WasmBacktrace::capture(&store).frames().is_empty());
    assert!(block_on(run.call_async(&mut store, 1)).is_err());
}

#[test]
fn calls_go_from_thread_to_thread() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap();
    let (engine, mut linker) = setup::<Vec<std::thread::ThreadId>>();
    linker
        .func_wrap_async("host", "elsewhere", |mut caller: Caller<'_, Vec<_>>, (n,): (i32,)| {
            Box::new(async move {
                // Held by other threads, most of them.
                tokio::task::yield_now().await;
                sleep(Duration::from_micros(200)).await;
                let here = std::thread::current().id();
                if !caller.data().contains(&here) {
                    caller.data_mut().push(here);
                }
                n
            })
        })
        .unwrap();
    let text = SUMS.replace("\"wait\"", "\"elsewhere\"");
    let module = module(&engine, &text);
    let tasks: Vec<_> = (0..64)
        .map(|i| {
            let (engine, module, pre) = (engine.clone(), module.clone(), linker.instantiate_pre(&module).unwrap());
            runtime.spawn(async move {
                let mut store = Store::new(&engine, Vec::new());
                let instance = pre.instantiate_async(&mut store).await.unwrap();
                assert_eq!(instance.module(&store).exports().len(), module.exports().len());
                let sum = unary(&mut store, instance, "sum");
                assert_eq!(sum.call_async(&mut store, 20).await.unwrap(), 210);
                // Traps find their way on whatever thread that is.
                let trap = if i % 2 == 0 {
                    ("divides", Trap::IntegerDivisionByZero)
                } else {
                    ("reads", Trap::MemoryOutOfBounds)
                };
                let func = unary(&mut store, instance, trap.0);
                let error = func.call_async(&mut store, 100).await.unwrap_err();
                assert_eq!(error.downcast_ref(), Some(&trap.1));
                store.data().len()
            })
        })
        .collect();
    let threads = runtime.block_on(async {
        let mut most = 0;
        for task in tasks {
            most = most.max(task.await.unwrap());
        }
        most
    });
    assert!(threads > 1, "no call was ever on another thread");
}

/// Calls that were begun on one thread, and whose outer calls are on another.
#[test]
fn a_suspended_call_goes_on_within_a_call_on_another_thread() {
    let (engine, linker) = setup();
    let (mut store, instance) = sums(&engine, &linker, ());
    let sum = unary(&mut store, instance, "sum");
    let mut call = Box::pin(sum.call_async(&mut store, 3));
    assert!(poll(call.as_mut()).is_pending());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut outer = Store::new(&Engine::default(), ());
            let (mut call, mut polls) = (call, 0);
            loop {
                polls += 1;
                let other = module(outer.engine(), r#"(module (func (export "f") unreachable))"#);
                let instance = Instance::new(&mut outer, &other, &[]).unwrap();
                let result = poll(call.as_mut());
                // The thread's own calls are as before.
                let f = instance.get_typed_func::<(), ()>(&mut outer, "f").unwrap();
                assert_eq!(f.call(&mut outer, ()).unwrap_err().downcast_ref(), Some(&Trap::UnreachableCodeReached));
                if let Poll::Ready(n) = result {
                    break assert_eq!((n.unwrap(), polls), (6, 6));
                }
            }
        });
    });
}

#[test]
fn panics_and_errors_arrive_where_the_call_is_awaited() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let fails = Func::wrap_async(&mut store, |_, (n,): (i32,)| {
        Box::new(async move {
            pending(1).await;
            if n == 0 {
                panic!("a panic of the host")
            }
            Err::<i32, _>(Error::msg("an error of the host"))
        })
    });
    let module = module(
        &engine,
        r#"(module (import "" "" (func $f (param i32) (result i32)))
            (func (export "run") (param i32) (result i32) (call $f (local.get 0))))"#,
    );
    let instance = Instance::new(&mut store, &module, &[fails.into()]).unwrap();
    let run = unary(&mut store, instance, "run");
    // The host function itself can be called, too.
    for func in [run, fails.typed(&store).unwrap()] {
        let error = block_on(func.call_async(&mut store, 1)).unwrap_err();
        assert!(format!("{error:?}").contains("an error of the host"));
        let call = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| block_on(func.call_async(&mut store, 0))));
        assert_eq!(call.unwrap_err().downcast_ref(), Some(&"a panic of the host"));
    }
    let ty = FuncType::new(&engine, [ValType::I32], [ValType::I32, ValType::I64]);
    let both = Func::new_async(&mut store, ty, |_, params, results| {
        Box::new(async move {
            pending(2).await;
            results[0] = params[0];
            results[1] = Val::I64(9);
            Ok(())
        })
    });
    let both = both.typed::<i32, (i32, i64)>(&store).unwrap();
    assert_eq!(block_on(both.call_async(&mut store, 4)).unwrap(), (4, 9));
    let error = both.call(&mut store, 4).unwrap_err();
    assert!(error.to_string().contains("cannot wait here"), "{error:?}");
}

#[test]
fn exceptions_pass_through_waits_and_are_kept_for_who_has_a_reference() {
    let engine = Engine::default();
    let mut linker: Linker<()> = Linker::new(&engine);
    linker
        .func_wrap_async("host", "again", |mut caller: Caller<'_, ()>, (n,): (i32,)| {
            Box::new(async move {
                pending(1).await;
                let run = caller.get_export("run").and_then(|e| e.into_func()).unwrap();
                let run = run.typed::<i32, i32>(&caller)?;
                run.call_async(&mut caller, n).await
            })
        })
        .unwrap();
    // Each level holds a reference to its exception while those further in throw many, and looks at it afterwards.
    let module = module(
        &engine,
        r#"(module
            (import "host" "again" (func $again (param i32) (result i32)))
            (tag $t (param i32))
            (func $value (param exnref) (result i32)
              (block $h (result i32) (try_table (catch $t $h) (throw_ref (local.get 0))) unreachable))
            (func $make (param i32) (result exnref) (local exnref)
              (block $h (result i32 exnref) (try_table (catch_ref $t $h) (throw $t (local.get 0))) unreachable)
              (local.set 1) (drop) (local.get 1))
            (func (export "run") (param i32) (result i32) (local $mine exnref) (local $i i32)
              (local.set $mine (call $make (local.get 0)))
              (if (local.get 0) (then (drop (call $again (i32.sub (local.get 0) (i32.const 1))))))
              (loop $more
                (drop (call $make (local.get $i)))
                (br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3000))))
              (call $value (local.get $mine))))"#,
    );
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &module).unwrap();
    let run = unary(&mut store, instance, "run");
    for n in [0, 1, 4] {
        assert_eq!(block_on(run.call_async(&mut store, n)).unwrap(), n);
    }
    assert!(store.exceptions_kept() < 3000);
}

const SPIN: &str = r#"(module (memory 256) (global $n (mut i32) (i32.const 0))
    (func (export "spin") (param i32) (result i32) (local $i i32)
      (loop $l (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get 0))))
      (local.get $i))
    (func (export "fill") (param i32) (result i32)
      (memory.fill (i32.const 0) (i32.const 7) (i32.const 16777216)) (i32.load8_u (i32.const 16777215)))
    (func (export "forever") (loop $l (br $l))))"#;

#[test]
fn epochs_let_other_tasks_run() {
    let engine = Engine::new(Config::new().epoch_interruption(true)).unwrap();
    let module = module(&engine, SPIN);
    let ticker = engine.clone();
    let stop = Arc::new(AtomicUsize::new(0));
    let stopped = stop.clone();
    let timer = std::thread::spawn(move || {
        while stopped.load(Ordering::Relaxed) == 0 {
            std::thread::sleep(Duration::from_millis(1));
            ticker.increment_epoch();
        }
    });
    block_on(async {
        let mut stores = [0, 1].map(|_| {
            let mut store = Store::new(&engine, ());
            store.set_epoch_deadline(1);
            store.epoch_deadline_async_yield_and_update(1);
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            (store, instance)
        });
        let [(first, a), (second, b)] = &mut stores;
        let forever = a.get_typed_func::<(), ()>(&mut *first, "forever").unwrap();
        let spin = b.get_typed_func::<i32, i32>(&mut *second, "spin").unwrap();
        let fill = b.get_typed_func::<i32, i32>(&mut *second, "fill").unwrap();
        tokio::select! {
            _ = forever.call_async(first, ()) => unreachable!("it never ends"),
            n = async {
                let n = spin.call_async(&mut *second, 10_000_000).await.unwrap();
                assert_eq!(fill.call_async(&mut *second, 0).await.unwrap(), 7);
                n
            } => assert_eq!(n, 10_000_000),
        }
        // A callback that waits for something, and then ends it.
        let (store, instance) = &mut stores[0];
        let mut count = 0;
        store.epoch_deadline_callback(move |_| {
            count += 1;
            Ok(match count {
                1 => UpdateDeadline::YieldCustom(1, Box::pin(sleep(Duration::from_millis(2)))),
                2 => UpdateDeadline::Yield(1),
                _ => UpdateDeadline::Interrupt,
            })
        });
        store.set_epoch_deadline(0);
        let forever = instance.get_typed_func::<(), ()>(&mut *store, "forever").unwrap();
        let error = forever.call_async(&mut *store, ()).await.unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
        // Who does not await cannot yield.
        store.epoch_deadline_async_yield_and_update(1);
        let error = forever.call(&mut *store, ()).unwrap_err();
        assert!(format!("{error:?}").contains("cannot wait here"), "{error:?}");
    });
    stop.store(1, Ordering::Relaxed);
    timer.join().unwrap();
}

#[test]
fn fuel_lets_other_tasks_run() {
    let engine = Engine::new(Config::new().consume_fuel(true)).unwrap();
    let module = module(&engine, SPIN);
    let mut store = Store::new(&engine, ());
    store.set_fuel(1_000_000).unwrap();
    store.fuel_async_yield_interval(Some(10_000)).unwrap();
    assert_eq!(store.get_fuel().unwrap(), 1_000_000);
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let spin = instance.get_typed_func::<i32, i32>(&mut store, "spin").unwrap();
    let mut polls = 0;
    {
        let mut call = pin!(spin.call_async(&mut store, 20_000));
        while poll(call.as_mut()).is_pending() {
            polls += 1;
        }
    }
    let used = 1_000_000 - store.get_fuel().unwrap();
    let expected = used / 10_000;
    assert!(expected > 10 && (expected - 1..=expected + 1).contains(&polls), "{polls} waits for {used} units");
    // All of it is used before it ends.
    let forever = instance.get_typed_func::<(), ()>(&mut store, "forever").unwrap();
    let error = block_on(forever.call_async(&mut store, ())).unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&Trap::OutOfFuel));
    assert_eq!(store.get_fuel().unwrap(), 0);
    // Without an interval nothing waits.
    store.set_fuel(1_000_000).unwrap();
    store.fuel_async_yield_interval(None).unwrap();
    assert_eq!(store.get_fuel().unwrap(), 1_000_000);
    assert_eq!(spin.call(&mut store, 20_000).unwrap(), 20_000);
    assert!(store.fuel_async_yield_interval(Some(0)).is_err());
    assert!(Store::new(&Engine::default(), ()).fuel_async_yield_interval(Some(1)).is_err());
}

#[derive(Default)]
struct Slow {
    asked: Vec<usize>,
    failed: u32,
}

#[async_trait::async_trait]
impl ResourceLimiterAsync for Slow {
    async fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        pending(2).await;
        self.asked.push(desired >> 16);
        Ok(desired <= 4 << 16)
    }

    fn memory_grow_failed(&mut self, _: Error) -> Result<()> {
        self.failed += 1;
        Ok(())
    }

    async fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        pending(1).await;
        self.asked.push(desired);
        Ok(desired <= 100)
    }

    fn instances(&self) -> usize {
        1
    }
}

#[test]
fn limiters_can_wait() {
    let engine = Engine::default();
    let module = module(
        &engine,
        r#"(module (memory (export "m") 1) (table (export "t") 10 funcref)
            (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
            (func (export "table") (param i32) (result i32) (table.grow (ref.null func) (local.get 0))))"#,
    );
    let mut store = Store::new(&engine, Slow::default());
    store.limiter_async(|slow| slow);
    let error = Instance::new(&mut store, &module, &[]).unwrap_err();
    assert!(format!("{error:?}").contains("cannot wait here"), "{error:?}");
    block_on(async {
        let instance = Instance::new_async(&mut store, &module, &[]).await.unwrap();
        let (grow, table) = (unary(&mut store, instance, "grow"), unary(&mut store, instance, "table"));
        assert_eq!(grow.call_async(&mut store, 2).await.unwrap(), 1);
        assert_eq!(grow.call_async(&mut store, 2).await.unwrap(), -1);
        assert_eq!(table.call_async(&mut store, 90).await.unwrap(), 10);
        assert_eq!(table.call_async(&mut store, 1).await.unwrap(), -1);
        assert_eq!(store.data().asked, [1, 10, 3, 5, 100, 101]);
        let (m, t) = (instance.get_memory(&mut store, "m").unwrap(), instance.get_table(&mut store, "t").unwrap());
        assert_eq!(m.grow_async(&mut store, 1).await.unwrap(), 3);
        assert!(m.grow_async(&mut store, 1).await.is_err());
        assert!(t.grow_async(&mut store, 1, headwater::Ref::Func(None)).await.is_err());
        assert!(m.grow(&mut store, 1).is_err());
        assert!(Memory::new_async(&mut store, MemoryType::new(4, None)).await.is_ok());
        assert!(Memory::new_async(&mut store, MemoryType::new(5, None)).await.is_err());
        let error = Instance::new_async(&mut store, &module, &[]).await.unwrap_err();
        assert!(error.to_string().contains("instance count too high"), "{error:?}");
    });
}

#[test]
fn ten_thousand_calls_wait_at_once() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
    let engine = Engine::default();
    let (all, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut linker: Linker<()> = Linker::new(&engine);
    let (waiting, highest) = (all.clone(), most.clone());
    linker
        .func_wrap_async("host", "wait", move |_, (n,): (i32,)| {
            let (waiting, highest) = (waiting.clone(), highest.clone());
            Box::new(async move {
                let now = waiting.fetch_add(1, Ordering::Relaxed) + 1;
                highest.fetch_max(now, Ordering::Relaxed);
                // Until all are there, once; afterwards a turn.
                while n == 1 && highest.load(Ordering::Relaxed) < TASKS {
                    sleep(Duration::from_millis(5)).await;
                }
                tokio::task::yield_now().await;
                waiting.fetch_sub(1, Ordering::Relaxed);
                n
            })
        })
        .unwrap();
    const TASKS: usize = 10_000;
    let module = module(
        &engine,
        r#"(module (import "host" "wait" (func $wait (param i32) (result i32)))
            (func (export "run") (result i32)
              (i32.add (call $wait (i32.const 1)) (i32.add (call $wait (i32.const 2)) (call $wait (i32.const 3))))))"#,
    );
    let pre = linker.instantiate_pre(&module).unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let (engine, pre) = (engine.clone(), pre.clone());
                tokio::spawn(async move {
                    let mut store = Store::new(&engine, ());
                    let instance = pre.instantiate_async(&mut store).await?;
                    instance.get_typed_func::<(), i32>(&mut store, "run")?.call_async(&mut store, ()).await
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().unwrap(), 6);
        }
    });
    assert_eq!((all.load(Ordering::Relaxed), most.load(Ordering::Relaxed)), (0, TASKS));
}

/// Whether futures can be sent is part of the interface.
#[test]
fn futures_are_send_if_the_data_is() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    let (engine, linker) = setup();
    let (mut store, instance) = sums(&engine, &linker, vec![1u8]);
    let module = module(&engine, "(module)");
    let func = instance.get_func(&mut store, "plain").unwrap();
    let plain = unary(&mut store, instance, "plain");
    drop(send(plain.call_async(&mut store, 1)));
    drop(send(func.call_async(&mut store, &[Val::I32(1)], &mut [Val::I32(0)])));
    drop(send(linker.instantiate_async(&mut store, &module)));
    drop(send(Instance::new_async(&mut store, &module, &[])));
    assert_eq!(store.as_context().data().len(), store.as_context_mut().data().len());
}
