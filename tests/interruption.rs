//! Epochs, fuel and the limits of stores: whatever a program does, it stops, and its store remains usable.

mod api_common;

use api_common::module;
use headwater::{
    Config, Engine, Error, Func, Instance, Memory, MemoryType, Module, Ref, RefType, ResourceLimiter, Result, Store,
    StoreLimits, StoreLimitsBuilder, Table, TableType, Trap, UpdateDeadline, WasmBacktrace,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Increments the epoch every few milliseconds until it is dropped.
struct Ticker(Arc<AtomicBool>, Option<JoinHandle<()>>);

const TICK: Duration = Duration::from_millis(2);

impl Ticker {
    fn start(engine: &Engine) -> Ticker {
        let (done, engine) = (Arc::new(AtomicBool::new(false)), engine.clone());
        let seen = done.clone();
        let thread = thread::spawn(move || {
            while !seen.load(Ordering::Relaxed) {
                thread::sleep(TICK);
                engine.increment_epoch();
            }
        });
        Ticker(done, Some(thread))
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
        self.1.take().expect("dropped once").join().expect("the ticker does not panic");
    }
}

fn engine(change: impl FnOnce(&mut Config) -> &mut Config) -> Engine {
    let mut config = Config::new();
    // Without the modes that give every store unlimited time and fuel: these tests need limits.
    let modes = std::env::var("HEADWATER_TEST_MODES").unwrap_or_default();
    config.test_modes(&modes.replace("interrupts", "").replace("fuel", ""));
    change(&mut config);
    Engine::new(&config).expect("the settings are known")
}

/// Programs that do not end on their own in any time that a test would wait for, but for the traps expected, each as
/// the function `run`. `up` is called to see that the store still works.
const ENDLESS: [(&str, &str, Option<Trap>); 9] = [
    ("loop", "(func (export \"run\") (loop (br 0)))", None),
    ("loop in dead code's neighbourhood", "(func (export \"run\") (loop (block (br 1) (loop (br 0)))))", None),
    ("br_if", "(func (export \"run\") (loop (br_if 0 (i32.const 1))))", None),
    ("br_table", "(func (export \"run\") (loop (br_table 0 0 0 (i32.const 7))))", None),
    (
        "loop with values",
        "(func (export \"run\") (local f64 i64) (drop (loop (result i32) (local.set 0 (f64.add (local.get 0) \
            (f64.const 1)))
            (local.set 1 (i64.add (local.get 1) (i64.const 1))) (br 0 ))))",
        None,
    ),
    (
        "calls without a loop",
        // 2⁶⁰ calls.
        "(func $f (export \"run\") (call $g (i32.const 60)))
         (func $g (param i32) (if (local.get 0) (then
            (call $g (i32.sub (local.get 0) (i32.const 1))) (call $g (i32.sub (local.get 0) (i32.const 1))))))",
        None,
    ),
    ("recursion", "(func $f (export \"run\") (call $f))", Some(Trap::StackOverflow)),
    (
        "memory.fill",
        "(memory 16384) (func (export \"run\") (loop
            (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x40000000)) (br 0)))",
        None,
    ),
    (
        "memory.copy",
        "(memory 8192) (func (export \"run\") (loop
            (memory.copy (i32.const 1) (i32.const 0) (i32.const 0x1fffffff)) (br 0)))",
        None,
    ),
];

const UP: &str = "(global $n (mut i32) (i32.const 0))
    (func (export \"up\") (result i32) (local $i i32)
        (loop (global.set $n (i32.add (global.get $n) (i32.const 1)))
            (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 3))))
        (global.get $n))";

fn instantiate<T>(store: &mut Store<T>, module: &Module) -> Instance {
    Instance::new(store, module, &[]).expect("there are no imports")
}

fn trap_of(error: &Error) -> Option<Trap> {
    error.downcast_ref::<Trap>().copied()
}

#[test]
fn whatever_is_endless_stops_at_the_deadline_and_the_store_stays_usable() {
    let engine = engine(|c| c.epoch_interruption(true));
    let ticker = Ticker::start(&engine);
    for (name, text, other) in ENDLESS {
        let mut store = Store::new(&engine, ());
        store.set_epoch_deadline(1_000_000);
        let module = module(&engine, &format!("(module {text} {UP})"));
        let instance = instantiate(&mut store, &module);
        let run = instance.get_typed_func::<(), ()>(&mut store, "run").expect("an export");
        let up = instance.get_typed_func::<(), i32>(&mut store, "up").expect("an export");
        for round in 1..3 {
            // Programs that end by themselves have time to do so, wherever they run.
            store.set_epoch_deadline(if other.is_some() { 1_000_000 } else { 3 });
            let start = Instant::now();
            let error = run.call(&mut store, ()).unwrap_err();
            // A bulk operation does a few milliseconds of work between checks; machines that run tests are busy.
            assert!(start.elapsed() < Duration::from_secs(20), "{name} took {:?}", start.elapsed());
            assert_eq!(trap_of(&error), Some(other.unwrap_or(Trap::Interrupt)), "{name}");
            let trace = error.downcast_ref::<WasmBacktrace>().expect("a trap has a backtrace");
            assert!(!trace.frames().is_empty(), "{name}");
            store.set_epoch_deadline(1_000_000);
            assert_eq!(up.call(&mut store, ()).expect("the store works"), 3 * round, "{name}");
        }
    }
    drop(ticker);
}

#[test]
fn whatever_is_endless_runs_out_of_fuel_and_the_store_stays_usable() {
    let engine = engine(|c| c.consume_fuel(true));
    for (name, text, other) in ENDLESS {
        let mut store = Store::new(&engine, ());
        store.set_fuel(1000).expect("fuel is counted");
        let module = module(&engine, &format!("(module {text} {UP})"));
        let instance = instantiate(&mut store, &module);
        let run = instance.get_typed_func::<(), ()>(&mut store, "run").expect("an export");
        let up = instance.get_typed_func::<(), i32>(&mut store, "up").expect("an export");
        for round in 1..3 {
            // A recursion that overflows the stack uses a few thousand units for that.
            let fuel = if other.is_some() { 100_000_000 } else { 1_000_000 };
            store.set_fuel(fuel).expect("fuel is counted");
            let error = run.call(&mut store, ()).unwrap_err();
            assert_eq!(trap_of(&error), Some(other.unwrap_or(Trap::OutOfFuel)), "{name}");
            if other.is_none() {
                assert_eq!(store.get_fuel().expect("fuel is counted"), 0, "{name}");
            }
            store.set_fuel(1000).expect("fuel is counted");
            assert_eq!(up.call(&mut store, ()).expect("the store works"), 3 * round, "{name}");
        }
    }
}

#[test]
fn an_endless_start_function_stops() {
    let engine = engine(|c| c.epoch_interruption(true).consume_fuel(true));
    let module = module(&engine, "(module (func $f (loop (br 0))) (start $f))");
    let mut store = Store::new(&engine, ());
    let error = Instance::new(&mut store, &module, &[]).unwrap_err();
    assert_eq!(trap_of(&error), Some(Trap::OutOfFuel), "a new store has no fuel");
    store.set_fuel(u64::MAX).expect("fuel is counted");
    let error = Instance::new(&mut store, &module, &[]).unwrap_err();
    assert_eq!(trap_of(&error), Some(Trap::Interrupt), "a new store has no time");
    let _ticker = Ticker::start(&engine);
    store.set_epoch_deadline(2);
    let error = Instance::new(&mut store, &module, &[]).unwrap_err();
    assert_eq!(trap_of(&error), Some(Trap::Interrupt));
    assert!(store.get_fuel().expect("fuel is counted") > 1 << 62);
}

#[test]
fn fuel_is_an_upper_bound_of_what_is_executed_and_the_same_everywhere() {
    let engine = engine(|c| c.consume_fuel(true));
    let used = |text: &str, arg: i32| {
        let mut store = Store::new(&engine, ());
        let module = module(&engine, text);
        let instance = instantiate(&mut store, &module);
        store.set_fuel(1 << 40).expect("fuel is counted");
        let run = instance.get_typed_func::<i32, ()>(&mut store, "run").expect("an export");
        run.call(&mut store, arg).expect("runs");
        (1 << 40) - store.get_fuel().expect("fuel is counted")
    };
    // The code of a function: its operators and `end`.
    assert_eq!(used("(module (func (export \"run\") (param i32)))", 0), 1);
    assert_eq!(used("(module (func (export \"run\") (param i32) nop nop nop))", 0), 4);
    // The function pays for all of it (15 bytes), each pass for the loop (12 bytes, after its block type).
    let text = "(module (func (export \"run\") (param i32)
        (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))";
    assert_eq!(used(text, 1), used(text, 2) - (used(text, 3) - used(text, 2)));
    let pass = used(text, 101) - used(text, 100);
    assert_eq!((pass, used(text, 1)), (10, 13 + 10));
    // What a call does is paid for by the callee.
    let text = "(module (func $f nop nop) (func (export \"run\") (param i32) (call $f) (call $f)))";
    assert_eq!(used(text, 0), 5 + 2 * 3);
    // A unit for each 64 bytes.
    let text = "(module (memory 1) (func (export \"run\") (param i32)
        (memory.fill (i32.const 0) (i32.const 0) (local.get 0))))";
    assert_eq!(used(text, 65536) - used(text, 0), 1024);
    let text = "(module (table 1000 funcref) (func (export \"run\") (param i32)
        (table.fill (i32.const 0) (ref.null func) (local.get 0))))";
    assert_eq!(used(text, 800) - used(text, 0), 100);
}

#[test]
fn fuel_of_calls_back_into_the_store_is_not_given_back() {
    let engine = engine(|c| c.consume_fuel(true));
    let mut store = Store::new(&engine, ());
    let module = module(
        &engine,
        "(module (import \"\" \"host\" (func $host)) (func (export \"work\") nop nop nop nop)
            (func (export \"run\") (call $host)))",
    );
    let host = Func::wrap(&mut store, |mut caller: headwater::Caller<'_, ()>| -> Result<()> {
        let work = caller.get_export("work").and_then(|e| e.into_func()).expect("an export");
        let before = caller.get_fuel()?;
        work.call(&mut caller, &[], &mut [])?;
        assert_eq!(before - caller.get_fuel()?, 5);
        Ok(())
    });
    let instance = Instance::new(&mut store, &module, &[host.into()]).expect("fits");
    store.set_fuel(100).expect("fuel is counted");
    instance.get_typed_func::<(), ()>(&mut store, "run").expect("an export").call(&mut store, ()).expect("runs");
    assert_eq!(store.get_fuel().expect("fuel is counted"), 100 - 3 - 5);
}

#[test]
fn a_callback_can_go_on_call_into_the_store_fail_or_panic() {
    let engine = engine(|c| c.epoch_interruption(true));
    let module = module(
        &engine,
        &format!(
            "(module {UP} (memory 1) (func (export \"count\") (param f32 f64 i32 i64) (result f64)
                (loop (local.set 1 (f64.add (local.get 1) (f64.const 1)))
                    (br_if 0 (f64.lt (local.get 1) (f64.const 3e7))))
                (f64.add (local.get 1) (f64.add (f64.promote_f32 (local.get 0)) (f64.convert_i64_s (local.get 3))))))"
        ),
    );
    let mut store = Store::new(&engine, 0u32);
    store.set_epoch_deadline(1);
    let instance = instantiate(&mut store, &module);
    let up = instance.get_typed_func::<(), i32>(&mut store, "up").expect("an export");
    let memory = Memory::new(&mut store, MemoryType::new(1, None)).expect("a memory");
    let count = instance.get_typed_func::<(f32, f64, i32, i64), f64>(&mut store, "count").expect("an export");
    store.epoch_deadline_callback(move |mut store| {
        *store.data_mut() += 1;
        memory.grow(&mut store, 0)?;
        // The callback's own calls must not be interrupted by the deadline that it is there for.
        store.set_epoch_deadline(1_000_000);
        up.call(&mut store, ())?;
        Ok(UpdateDeadline::Continue(1))
    });
    let ticker = Ticker::start(&engine);
    while *store.data() < 3 {
        assert_eq!(count.call(&mut store, (0.5, 1.0, 2, 7)).expect("goes on"), 3e7 + 7.5);
    }
    let calls = i32::try_from(*store.data()).expect("few");
    store.set_epoch_deadline(1_000_000);
    assert_eq!(up.call(&mut store, ()).expect("runs"), 3 * (calls + 1));

    store.set_epoch_deadline(0);
    store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Interrupt));
    assert_eq!(trap_of(&up.call(&mut store, ()).unwrap_err()), Some(Trap::Interrupt));
    store.epoch_deadline_callback(|_| Err(Error::msg("no more time")));
    let error = up.call(&mut store, ()).unwrap_err();
    assert_eq!(error.root_cause().to_string(), "no more time");
    assert!(error.downcast_ref::<WasmBacktrace>().is_some_and(|t| t.frames().len() == 1), "{error:?}");
    store.epoch_deadline_callback(|_| panic!("in a callback"));
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| up.call(&mut store, ()))).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"in a callback"));
    store.epoch_deadline_trap();
    assert_eq!(trap_of(&up.call(&mut store, ()).unwrap_err()), Some(Trap::Interrupt));
    store.set_epoch_deadline(1_000_000);
    up.call(&mut store, ()).expect("the store works");
    drop(ticker);
}

#[test]
fn many_stores_on_many_threads_each_stop_at_their_own_deadline() {
    let engine = engine(|c| c.epoch_interruption(true));
    let module = module(&engine, "(module (func (export \"run\") (loop (br 0))))");
    let _ticker = Ticker::start(&engine);
    let stopped = AtomicUsize::new(0);
    thread::scope(|scope| {
        for n in 0..8 {
            let (engine, module, stopped) = (&engine, &module, &stopped);
            scope.spawn(move || {
                for i in 0..5 {
                    let mut store = Store::new(engine, ());
                    let instance = instantiate(&mut store, module);
                    store.set_epoch_deadline(1 + (n + i) % 3);
                    let run = instance.get_typed_func::<(), ()>(&mut store, "run").expect("an export");
                    assert_eq!(trap_of(&run.call(&mut store, ()).unwrap_err()), Some(Trap::Interrupt));
                    stopped.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(stopped.into_inner(), 40);
}

#[test]
fn fuel_is_refused_where_it_is_not_counted() {
    let mut store = Store::new(&Engine::default(), ());
    assert!(store.set_fuel(1).is_err() && store.get_fuel().is_err());
    store.set_epoch_deadline(0);
    let module = module(&store.engine().clone(), &format!("(module {UP})"));
    let instance = instantiate(&mut store, &module);
    let up = instance.get_typed_func::<(), i32>(&mut store, "up").expect("an export");
    assert_eq!(up.call(&mut store, ()).expect("is not interrupted"), 3);
}

/// Records questions and answers as instructed.
#[derive(Default)]
struct Notes {
    asked: Vec<(char, usize, usize, Option<usize>)>,
    failed: Vec<String>,
    answer: Option<Result<bool>>,
}

impl ResourceLimiter for Notes {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        self.asked.push(('m', current, desired, maximum));
        self.answer.take().unwrap_or(Ok(true))
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        self.asked.push(('t', current, desired, maximum));
        self.answer.take().unwrap_or(Ok(true))
    }

    fn memory_grow_failed(&mut self, error: Error) -> Result<()> {
        self.failed.push(error.to_string());
        Ok(())
    }
}

const GROWS: &str = "(module (memory (export \"m\") 1 3) (table (export \"t\") 2 4 funcref)
    (func (export \"grow_m\") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export \"grow_t\") (param i32) (result i32) (table.grow (ref.null func) (local.get 0))))";

#[test]
fn the_limiter_is_asked_before_anything_comes_to_be_or_grows() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, Notes::default());
    store.limiter(|notes| notes);
    let module = module(&engine, GROWS);
    let instance = instantiate(&mut store, &module);
    let page = 1 << 16;
    assert_eq!(store.data_mut().asked.split_off(0), [('m', 0, page, Some(3 * page)), ('t', 0, 2, Some(4))]);
    let grow_m = instance.get_typed_func::<i32, i32>(&mut store, "grow_m").expect("an export");
    let grow_t = instance.get_typed_func::<i32, i32>(&mut store, "grow_t").expect("an export");
    assert_eq!(grow_m.call(&mut store, 1).expect("runs"), 1);
    assert_eq!(grow_t.call(&mut store, 1).expect("runs"), 2);
    assert_eq!(store.data_mut().asked.split_off(0), [('m', page, 2 * page, Some(3 * page)), ('t', 2, 3, Some(4))]);
    // Impossible growth, or growth by 0, is not put to the limiter.
    assert_eq!(grow_m.call(&mut store, 2).expect("runs"), -1);
    assert_eq!(grow_m.call(&mut store, 0).expect("runs"), 2);
    assert_eq!(grow_t.call(&mut store, 2).expect("runs"), -1);
    assert_eq!(store.data().asked, []);
    // Refused: −1. Failed: an error with a backtrace.
    for grow in [grow_m, grow_t] {
        store.data_mut().answer = Some(Ok(false));
        assert_eq!(grow.call(&mut store, 1).expect("runs"), -1);
        store.data_mut().answer = Some(Err(Error::msg("not on my watch")));
        let error = grow.call(&mut store, 1).unwrap_err();
        assert_eq!(error.root_cause().to_string(), "not on my watch");
        assert!(error.downcast_ref::<WasmBacktrace>().is_some_and(|t| t.frames().len() == 1));
    }
    // The embedder asks in the same way.
    let memory = instance.get_memory(&mut store, "m").expect("an export");
    store.data_mut().asked.clear();
    store.data_mut().answer = Some(Ok(false));
    assert!(memory.grow(&mut store, 1).is_err());
    assert_eq!(memory.grow(&mut store, 1).expect("allowed"), 2);
    assert_eq!(store.data_mut().asked.split_off(0).len(), 2);
    store.data_mut().answer = Some(Ok(false));
    assert!(Memory::new(&mut store, MemoryType::new(5, None)).is_err());
    store.data_mut().answer = Some(Ok(false));
    assert!(Table::new(&mut store, TableType::new(RefType::FUNCREF, 7, None), Ref::Func(None)).is_err());
    assert_eq!(store.data_mut().asked.split_off(0), [('m', 0, 5 * page, None), ('t', 0, 7, None)]);
}

#[test]
fn a_limiter_that_panics_does_not_unwind_through_compiled_code() {
    struct Panics;
    impl ResourceLimiter for Panics {
        fn memory_growing(&mut self, current: usize, _: usize, _: Option<usize>) -> Result<bool> {
            assert_eq!(current, 0, "in a limiter");
            Ok(true)
        }
        fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool> {
            Ok(true)
        }
    }
    let mut store = Store::new(&Engine::default(), Panics);
    store.limiter(|data| data);
    let module = module(&store.engine().clone(), GROWS);
    let instance = instantiate(&mut store, &module);
    let grow = instance.get_typed_func::<i32, i32>(&mut store, "grow_m").expect("an export");
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| grow.call(&mut store, 1))).unwrap_err();
    assert!(panic.downcast_ref::<String>().expect("a message").contains("in a limiter"));
    assert_eq!(grow.call(&mut store, 0).expect("the store works"), 1);
}

#[test]
fn store_limits_bound_sizes_and_numbers() {
    let engine = Engine::default();
    let module = module(&engine, GROWS);
    let store = |limits: StoreLimits| {
        let mut store = Store::new(&engine, limits);
        store.limiter(|limits| limits);
        store
    };
    let fails = |limits: StoreLimitsBuilder| {
        let mut store = store(limits.build());
        Instance::new(&mut store, &module, &[]).map(|_| ()).map_err(|e| e.to_string())
    };
    let new = StoreLimitsBuilder::new;
    assert_eq!(fails(new().memory_size(65535)).unwrap_err(), "memory minimum size of 1 pages exceeds memory limits");
    assert_eq!(fails(new().table_elements(1)).unwrap_err(), "table minimum size of 2 elements exceeds table limits");
    for (limits, what) in [(new().instances(0), "instance"), (new().memories(0), "memory"), (new().tables(0), "table")]
    {
        assert_eq!(fails(limits).unwrap_err(), format!("resource limit exceeded: {what} count too high at 1"));
    }
    let exact = new().memory_size(2 << 16).table_elements(3).instances(1).memories(1).tables(1);
    let mut limited = store(exact.clone().build());
    let instance = instantiate(&mut limited, &module);
    assert!(Instance::new(&mut limited, &module, &[]).is_err());
    let grow = instance.get_typed_func::<i32, i32>(&mut limited, "grow_m").expect("an export");
    assert_eq!(grow.call(&mut limited, 2).expect("runs"), -1);
    assert_eq!(grow.call(&mut limited, 1).expect("runs"), 1);
    let mut trapping = store(exact.trap_on_grow_failure(true).build());
    let instance = instantiate(&mut trapping, &module);
    let grow = instance.get_typed_func::<i32, i32>(&mut trapping, "grow_t").expect("an export");
    assert_eq!(grow.call(&mut trapping, 1).expect("runs"), 2);
    let error = grow.call(&mut trapping, 1).unwrap_err();
    assert_eq!(error.root_cause().to_string(), "forcing trap when growing table to 4");
}

#[test]
fn an_engine_keeps_to_its_code_memory_and_gets_it_back() {
    let mut text = String::from("(module (memory 1)");
    for i in 0..3000 {
        text += &format!("(func (export \"f{i}\") (result i64) (i64.load offset={i} (i32.const {i})))");
    }
    let wasm = wat::parse_str(text + ")").expect("a valid module");
    for threads in [0, 2] {
        let engine = engine(|c| c.compile_threads(threads));
        let unlimited = Module::new(&engine, &wasm).expect("fits");
        let needs = engine.code_memory();
        assert!(needs >= unlimited.machine_code().len());
        drop(unlimited);
        assert_eq!(engine.code_memory(), 0);

        let step = 2 << 20;
        let tight = self::engine(|c| c.compile_threads(threads).max_code_memory(needs.max(step) + needs));
        // A module that gets memory in steps may need more than is left, so it is one, or two that fit.
        let mut modules = Vec::new();
        let error = loop {
            match Module::new(&tight, &wasm) {
                Ok(module) => modules.push(module),
                Err(error) => break error,
            }
            assert!(tight.code_memory() <= needs.max(step) + needs);
        };
        assert!(!modules.is_empty());
        assert_eq!(error.kind(), headwater::CompileErrorKind::Limit, "{error}");
        assert!(error.to_string().contains("limit of"), "{error}");
        drop(modules);
        assert_eq!(tight.code_memory(), 0, "nothing is lost");
        drop(Module::new(&tight, &wasm).expect("there is room again"));
    }
}

#[test]
fn host_functions_can_be_interrupted_where_they_wait_and_go_on_where_the_callback_says_so() {
    /// Waits until it is interrupted `rounds` times.
    fn wait(caller: &mut headwater::Caller<'_, usize>) -> Result<()> {
        while *caller.data() > 0 {
            let interruption = caller.interruption().expect("epochs are on");
            while !interruption.is_due() {
                thread::yield_now();
            }
            *caller.data_mut() -= 1;
            caller.interruption_point()?;
        }
        Ok(())
    }
    let engine = engine(|c| c.epoch_interruption(true));
    let _ticker = Ticker::start(&engine);
    let mut store = Store::new(&engine, 3);
    let func = Func::wrap(&mut store, |mut caller: headwater::Caller<'_, usize>| wait(&mut caller));
    let func = func.typed::<(), ()>(&store).expect("its type");

    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Continue(1)));
    func.call(&mut store, ()).expect("the callback lets it go on");
    assert_eq!(*store.data(), 0);

    *store.data_mut() = 3;
    store.epoch_deadline_trap();
    assert_eq!(trap_of(&func.call(&mut store, ()).unwrap_err()), Some(Trap::Interrupt));
    assert_eq!(*store.data(), 2);
}

#[test]
fn whoever_ends_the_waits_of_a_store_interrupts_host_functions_too() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let func = Func::wrap(&mut store, |mut caller: headwater::Caller<'_, ()>| -> Result<()> {
        let Some(interruption) = caller.interruption() else { return Ok(()) };
        while !interruption.is_due() {
            thread::yield_now();
        }
        caller.interruption_point()
    });
    let func = func.typed::<(), ()>(&store).expect("its type");
    func.call(&mut store, ()).expect("nothing can interrupt it");
    let stopper = store.wait_stopper();
    let stopping = thread::spawn(move || stopper.stop());
    assert_eq!(trap_of(&func.call(&mut store, ()).unwrap_err()), Some(Trap::Interrupt));
    stopping.join().expect("it does not panic");
}
