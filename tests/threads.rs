//! Shared memories between stores and threads: growth, waits and how they end, imports and exports, limits.

mod api_common;

use api_common::{config, engine, module, trap};
use headwater::{
    Caller, Config, Engine, Extern, Instance, Linker, Memory, MemoryType, Module, SharedMemory, Store,
    StoreLimitsBuilder, Trap, TypedFunc, UpdateDeadline, WaitResult,
};
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const MODES: [&str; 4] = ["", "checked", "offsets", "masks checked"];

fn engine_with(modes: &str) -> Engine {
    Engine::new(config().test_modes(modes)).expect("the modes are known")
}

fn shared(engine: &Engine, min: u32, max: u32) -> SharedMemory {
    SharedMemory::new(engine, MemoryType::shared(min, max)).expect("there is room for it")
}

/// An instance of `module` in a store of its own, with `memory` for its only import.
fn instance(engine: &Engine, module: &Module, memory: &SharedMemory) -> (Store<()>, Instance) {
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, module, &[memory.clone().into()]).expect("it fits");
    (store, instance)
}

const WAITS: &str = r#"(module
    (import "" "" (memory 1 4 shared))
    (func (export "wait") (param $at i32) (param $expected i32) (param $time i64) (result i32)
      (memory.atomic.wait32 (local.get $at) (local.get $expected) (local.get $time)))
    (func (export "notify") (param $at i32) (param $count i32) (result i32)
      (memory.atomic.notify (local.get $at) (local.get $count)))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "size") (result i32) (memory.size))
    (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
    (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
    (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
    (func (export "init") (memory.init $data (i32.const 9) (i32.const 1) (i32.const 3)))
    (data $data "abcde"))"#;

type Wait = TypedFunc<(i32, i32, i64), i32>;

fn wait_of(store: &mut Store<()>, instance: Instance) -> Wait {
    instance.get_typed_func(store, "wait").expect("it is exported")
}

#[test]
fn growth_is_seen_by_all_at_once_and_nothing_moves() {
    for modes in MODES {
        let engine = engine_with(modes);
        let module = module(&engine, WAITS);
        let memory = shared(&engine, 1, 4);
        let (mut a, in_a) = instance(&engine, &module, &memory);
        let (mut b, in_b) = instance(&engine, &module, &memory);
        let base = memory.data().as_ptr();
        let size = in_b.get_typed_func::<(), i32>(&mut b, "size").unwrap();
        let load = in_b.get_typed_func::<i32, i32>(&mut b, "load").unwrap();
        let grow = in_a.get_typed_func::<i32, i32>(&mut a, "grow").unwrap();
        assert_eq!(trap(&load.call(&mut b, 1 << 16).unwrap_err()), Trap::MemoryOutOfBounds);
        assert_eq!(grow.call(&mut a, 1).unwrap(), 1);
        assert_eq!((size.call(&mut b, ()).unwrap(), load.call(&mut b, 1 << 16).unwrap()), (2, 0));
        assert_eq!(memory.grow(1).unwrap(), 2);
        assert_eq!((size.call(&mut b, ()).unwrap(), grow.call(&mut a, 0).unwrap()), (3, 3));
        assert_eq!(grow.call(&mut a, 2).unwrap(), -1, "4 pages are the maximum");
        assert!(memory.grow(2).is_err());
        assert_eq!((memory.size(), memory.data_size()), (3, 3 << 16));
        assert_eq!(memory.data().as_ptr(), base);
        assert_eq!(trap(&load.call(&mut b, 3 << 16).unwrap_err()), Trap::MemoryOutOfBounds);
    }
}

#[test]
fn growth_races_with_accesses_and_other_growth() {
    const PAGES: u32 = 200;
    for modes in MODES {
        let engine = engine_with(modes);
        let text = format!(
            r#"(module (import "" "" (memory 1 {PAGES} shared))
                (func (export "grow") (result i32) (local $grown i32)
                  (loop $again
                    (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1))
                      (then (local.set $grown (i32.add (local.get $grown) (i32.const 1))) (br $again))))
                  (local.get $grown))
                (func (export "touch") (result i32) (local $size i32) (local $count i32)
                  (loop $again
                    (local.set $size (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)))
                    (drop (i32.atomic.rmw.add (local.get $size) (i32.const 1)))
                    (i32.store (i32.sub (local.get $size) (i32.const 4)) (i32.const 1))
                    (memory.fill (i32.sub (local.get $size) (i32.const 8)) (i32.const 1) (i32.const 2))
                    (local.set $count (i32.add (local.get $count) (i32.const 1)))
                    (br_if $again (i32.lt_u (memory.size) (i32.const {PAGES}))))
                  (local.get $count)))"#
        );
        let module = module(&engine, &text);
        let memory = shared(&engine, 1, PAGES);
        let run = |name: &'static str| {
            let (mut store, instance) = instance(&engine, &module, &memory);
            let f = instance.get_typed_func::<(), i32>(&mut store, name).unwrap();
            f.call(&mut store, ()).unwrap_or_else(|e| panic!("{name} {modes:?}: {e:?}"))
        };
        let grown: i32 = thread::scope(|scope| {
            let growing: Vec<_> = (0..2).map(|_| scope.spawn(|| run("grow"))).collect();
            let touching: Vec<_> = (0..2).map(|_| scope.spawn(|| run("touch"))).collect();
            assert!(touching.into_iter().all(|t| t.join().unwrap() > 0));
            growing.into_iter().map(|t| t.join().unwrap()).sum()
        });
        assert_eq!(grown, PAGES as i32 - 1, "each page was grown once");
    }
}

#[test]
fn a_wait_ends_by_a_notification_of_another_store_or_the_host() {
    let engine = engine();
    let module = module(&engine, WAITS);
    let memory = shared(&engine, 1, 4);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let (mut store, instance) = instance(&engine, &module, &memory);
            let wait = wait_of(&mut store, instance);
            [8, 8].map(|at| wait.call(&mut store, (at, 0, -1)).unwrap())
        });
        let (mut store, instance) = instance(&engine, &module, &memory);
        let notify = instance.get_typed_func::<(i32, i32), i32>(&mut store, "notify").unwrap();
        while notify.call(&mut store, (8, 1)).unwrap() == 0 {
            thread::yield_now();
        }
        while memory.atomic_notify(8, 5).unwrap() == 0 {
            thread::yield_now();
        }
        assert_eq!(waiting.join().unwrap(), [0, 0]);
        assert_eq!(notify.call(&mut store, (8, -1)).unwrap(), 0);
    });
}

#[test]
fn the_host_waits_and_is_notified() {
    let engine = engine();
    let memory = shared(&engine, 1, 1);
    let time = Some(Duration::from_millis(5));
    assert_eq!(memory.atomic_wait32(0, 1, None), Ok(WaitResult::Mismatch));
    assert_eq!(memory.atomic_wait64(0, 1, None), Ok(WaitResult::Mismatch));
    assert_eq!(memory.atomic_wait32(0, 0, time), Ok(WaitResult::TimedOut));
    assert_eq!(memory.atomic_wait64(8, 0, time), Ok(WaitResult::TimedOut));
    assert_eq!(memory.atomic_wait32(2, 0, time), Err(Trap::HeapMisaligned));
    assert_eq!(memory.atomic_wait64(4, 0, time), Err(Trap::HeapMisaligned));
    assert_eq!(memory.atomic_wait32(1 << 16, 0, time), Err(Trap::MemoryOutOfBounds));
    assert_eq!(memory.atomic_wait64(u64::MAX - 7, 0, time), Err(Trap::MemoryOutOfBounds));
    assert_eq!(memory.atomic_notify(1 << 16, 0), Err(Trap::MemoryOutOfBounds));
    assert_eq!(memory.atomic_notify(1, 0), Err(Trap::HeapMisaligned));
    thread::scope(|scope| {
        let waiting = scope.spawn(|| memory.atomic_wait64(16, 0, None));
        while memory.atomic_notify(16, 1).unwrap() == 0 {
            thread::yield_now();
        }
        assert_eq!(waiting.join().unwrap(), Ok(WaitResult::Ok));
    });
}

#[test]
fn a_wait_outlives_everybody_else_who_had_the_memory() {
    let engine = engine();
    let module = module(&engine, WAITS);
    let memory = shared(&engine, 1, 4);
    let (mut store, waiter) = instance(&engine, &module, &memory);
    let wait = wait_of(&mut store, waiter);
    let other = {
        let (engine, module) = (engine.clone(), module.clone());
        thread::spawn(move || {
            let (mut store, other) = instance(&engine, &module, &memory);
            let notify = other.get_typed_func::<(i32, i32), i32>(&mut store, "notify").unwrap();
            notify.call(&mut store, (64, 1)).unwrap()
            // Store, instance and memory go.
        })
    };
    assert_eq!(wait.call(&mut store, (8, 0, 30_000_000)).unwrap(), 2);
    assert_eq!(other.join().unwrap(), 0);
    assert_eq!(wait.call(&mut store, (8, 0, 1)).unwrap(), 2);
    // A memory of the store's own, that nobody else can have.
    let own = api_common::module(
        &engine,
        r#"(module (memory 1 1 shared) (func (export "wait") (param i32 i32 i64) (result i32)
            (memory.atomic.wait32 (local.get 0) (local.get 1) (local.get 2))))"#,
    );
    let instance = Instance::new(&mut store, &own, &[]).unwrap();
    let wait = wait_of(&mut store, instance);
    assert_eq!(wait.call(&mut store, (8, 0, 1_000_000)).unwrap(), 2);
    assert_eq!(wait.call(&mut store, (8, 1, -1)).unwrap(), 1);
}

#[test]
fn a_wait_ends_at_the_epochs_deadline() {
    let mut settings: Config = config();
    let engine = Engine::new(settings.epoch_interruption(true)).unwrap();
    let module = module(&engine, WAITS);
    let memory = shared(&engine, 1, 4);
    let (mut store, waiter) = instance(&engine, &module, &memory);
    let wait = wait_of(&mut store, waiter);
    store.set_epoch_deadline(1);
    let ticker = engine.clone();
    let tick = thread::spawn(move || {
        thread::sleep(Duration::from_millis(20));
        ticker.increment_epoch();
    });
    assert_eq!(trap(&wait.call(&mut store, (0, 0, -1)).unwrap_err()), Trap::Interrupt);
    tick.join().unwrap();
    assert_eq!(memory.atomic_notify(0, 1), Ok(0), "it does not wait any more");

    // The embedder may let it go on; its time goes on, too.
    static ASKED: AtomicU32 = AtomicU32::new(0);
    store.epoch_deadline_callback(|_| {
        ASKED.fetch_add(1, Ordering::Relaxed);
        Ok(UpdateDeadline::Continue(1))
    });
    store.set_epoch_deadline(1);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| wait.call(&mut store, (0, 0, -1)).unwrap());
        while ASKED.load(Ordering::Relaxed) < 3 {
            engine.increment_epoch();
            thread::sleep(Duration::from_millis(1));
        }
        while memory.atomic_notify(0, 1) == Ok(0) {
            thread::yield_now();
        }
        assert_eq!(waiting.join().unwrap(), 0);
    });
}

#[test]
fn a_wait_ends_when_the_embedder_asks() {
    let engine = engine();
    let module = module(&engine, WAITS);
    let memory = shared(&engine, 1, 4);
    let (mut store, waiter) = instance(&engine, &module, &memory);
    let wait = wait_of(&mut store, waiter);
    let stopper = store.wait_stopper();
    let start = Instant::now();
    thread::scope(|scope| {
        let stopper = stopper.clone();
        scope.spawn(move || {
            thread::sleep(Duration::from_millis(20));
            stopper.stop();
        });
        assert_eq!(trap(&wait.call(&mut store, (0, 0, -1)).unwrap_err()), Trap::Interrupt);
    });
    assert!(start.elapsed() >= Duration::from_millis(20));
    assert_eq!(trap(&wait.call(&mut store, (0, 1, -1)).unwrap_err()), Trap::Interrupt, "until it may again");
    stopper.resume();
    assert_eq!(wait.call(&mut store, (0, 1, -1)).unwrap(), 1);
    // All stoppers of a store are one.
    store.wait_stopper().stop();
    assert!(wait.call(&mut store, (0, 1, -1)).is_err());
}

#[test]
fn bulk_operators_and_data_segments_work_on_shared_memories() {
    for modes in MODES {
        let engine = engine_with(modes);
        let module = module(&engine, WAITS);
        let memory = shared(&engine, 1, 4);
        let (mut store, instance) = instance(&engine, &module, &memory);
        let fill = instance.get_typed_func::<(i32, i32, i32), ()>(&mut store, "fill").unwrap();
        let copy = instance.get_typed_func::<(i32, i32, i32), ()>(&mut store, "copy").unwrap();
        let init = instance.get_typed_func::<(), ()>(&mut store, "init").unwrap();
        init.call(&mut store, ()).unwrap();
        fill.call(&mut store, (12, 0x78, 3)).unwrap();
        copy.call(&mut store, (10, 9, 7)).unwrap();
        let mut bytes = [0; 10];
        memory.read(9, &mut bytes).unwrap();
        assert_eq!(&bytes, b"bbcdxxx\0\0\0");
        assert_eq!(trap(&fill.call(&mut store, (65530, 1, 7)).unwrap_err()), Trap::MemoryOutOfBounds);
        assert_eq!(trap(&copy.call(&mut store, (0, 65530, 7)).unwrap_err()), Trap::MemoryOutOfBounds);

        // Active segments of a module that is instantiated several times.
        let data = "0123456789abcdef".repeat(4096);
        let text = format!(r#"(module (memory (export "m") 2 2 shared) (data (i32.const 100) "{data}"))"#);
        let module = api_common::module(&engine, &text);
        for _ in 0..3 {
            let mut store = Store::new(&engine, ());
            let instance = Instance::new(&mut store, &module, &[]).unwrap();
            let memory = instance.get_shared_memory(&mut store, "m").unwrap();
            let mut bytes = vec![0; data.len()];
            memory.read(100, &mut bytes).unwrap();
            assert!(bytes == data.as_bytes());
            memory.write(100, b"changed").unwrap();
        }
    }
}

#[test]
fn shared_memories_go_where_shared_memories_are_wanted_and_nowhere_else() {
    let engine = engine();
    let want = |ty: &str| module(&engine, &format!(r#"(module (import "" "m" (memory {ty})))"#));
    let mut store = Store::new(&engine, ());
    let memory = shared(&engine, 2, 4);
    let given: Extern = memory.clone().into();
    assert_eq!(given.ty(&store).to_string(), "(memory 2 4 shared)");
    for fits in ["1 4 shared", "2 4 shared", "0 9 shared"] {
        Instance::new(&mut store, &want(fits), std::slice::from_ref(&given)).unwrap_or_else(|e| panic!("{fits}: {e}"));
    }
    for other in ["1 3 shared", "3 4 shared", "2 4", "1"] {
        let error = Instance::new(&mut store, &want(other), std::slice::from_ref(&given)).unwrap_err();
        assert!(error.to_string().contains("incompatible import type"), "{other}: {error}");
    }
    memory.grow(1).unwrap();
    Instance::new(&mut store, &want("3 4 shared"), std::slice::from_ref(&given)).expect("its size is what it is now");
    let plain = Memory::new(&mut store, MemoryType::new(2, Some(4))).unwrap();
    assert!(Instance::new(&mut store, &want("2 4 shared"), &[plain.into()]).is_err());
    assert!(Memory::new(&mut store, MemoryType::shared(1, 1)).is_err());
    assert!(SharedMemory::new(&engine, MemoryType::new(1, Some(1))).is_err());
    assert!(SharedMemory::new(&engine, MemoryType::shared(2, 1)).is_err());
    // Of another engine.
    let foreign = shared(&api_common::engine(), 1, 4);
    let error = Instance::new(&mut store, &want("1 4 shared"), &[foreign.into()]).unwrap_err();
    assert!(error.to_string().contains("belongs to another store"), "{error}");
}

#[test]
fn exports_are_the_same_memory_in_all_stores() {
    let engine = engine();
    let owner = module(&engine, r#"(module (memory (export "m") 1 2 shared))"#);
    let user = module(
        &engine,
        r#"(module (import "" "m" (memory 1 2 shared)) (export "again" (memory 0))
        (func (export "add") (param i32) (result i32) (i32.atomic.rmw.add (i32.const 0) (local.get 0))))"#,
    );
    let mut store = Store::new(&engine, ());
    let exported = Instance::new(&mut store, &owner, &[]).unwrap();
    let memory = exported.get_shared_memory(&mut store, "m").unwrap();
    assert!(exported.get_memory(&mut store, "m").is_none(), "there are no slices of it");
    let mut linker = Linker::new(&engine);
    linker.define(&mut store, "", "m", memory.clone()).unwrap();
    let mut sums = Vec::new();
    for i in 1..4 {
        let mut other = Store::new(&engine, ());
        let instance = linker.instantiate(&mut other, &user).unwrap();
        let add = instance.get_typed_func::<i32, i32>(&mut other, "add").unwrap();
        sums.push(add.call(&mut other, i).unwrap());
        let again = instance.get_shared_memory(&mut other, "again").unwrap();
        assert_eq!(again.data().as_ptr(), memory.data().as_ptr());
    }
    assert_eq!(sums, [0, 1, 3]);
    // A host function finds it, too.
    let mut linker = Linker::new(&engine);
    linker.define(&mut store, "", "m", memory.clone()).unwrap();
    linker
        .func_wrap("", "f", |mut caller: Caller<'_, ()>| {
            let memory = caller.get_export("again").and_then(Extern::into_shared_memory).expect("it is exported");
            let mut sum = [0; 4];
            memory.read(0, &mut sum).expect("it is inside");
            i32::from_le_bytes(sum)
        })
        .unwrap();
    let text = r#"(module (import "" "m" (memory 1 2 shared)) (import "" "f" (func $f (result i32)))
        (export "again" (memory 0)) (func (export "g") (result i32) (call $f)))"#;
    let instance = linker.instantiate(&mut store, &module(&engine, text)).unwrap();
    assert_eq!(instance.get_typed_func::<(), i32>(&mut store, "g").unwrap().call(&mut store, ()).unwrap(), 6);
}

#[test]
fn a_store_counts_a_shared_memory_once() {
    let engine = engine();
    let user = module(
        &engine,
        r#"(module (import "" "m" (memory 1 8 shared))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#,
    );
    let memory = shared(&engine, 2, 8);
    let limits = StoreLimitsBuilder::new().memory_size(4 << 16).memories(1).build();
    let mut store = Store::new(&engine, limits);
    store.limiter(|limits| limits);
    let mut instances = Vec::new();
    for _ in 0..3 {
        instances.push(Instance::new(&mut store, &user, &[memory.clone().into()]).expect("it counts once"));
    }
    let grow = instances[2].get_typed_func::<i32, i32>(&mut store, "grow").unwrap();
    assert_eq!(grow.call(&mut store, 2).unwrap(), 2);
    assert_eq!(grow.call(&mut store, 1).unwrap(), -1, "the store's limit");
    assert_eq!(memory.grow(1).unwrap(), 4, "the host has none but the engine's");
    let second = shared(&engine, 1, 8);
    for _ in 0..2 {
        assert!(Instance::new(&mut store, &user, &[second.clone().into()]).is_err(), "a second memory");
    }
    let limits = StoreLimitsBuilder::new().memory_size(4 << 16).build();
    let mut small = Store::new(&engine, limits);
    small.limiter(|limits| limits);
    assert!(Instance::new(&mut small, &user, &[memory.into()]).is_err(), "5 pages are too many");
}

#[test]
fn the_host_accesses_contents_atomically() {
    let memory = shared(&engine(), 1, 1);
    assert!(memory.write(65530, b"too long").is_err() && memory.read(65533, &mut [0; 4]).is_err());
    assert!(memory.write(usize::MAX, b"a").is_err());
    let cell = &memory.data()[100];
    // SAFETY: the memory lives, and is accessed atomically here.
    let byte = unsafe { AtomicU8::from_ptr(cell.get()) };
    byte.store(7, Ordering::SeqCst);
    let mut bytes = [0; 3];
    memory.read(99, &mut bytes).unwrap();
    assert_eq!(bytes, [0, 7, 0]);
    assert_eq!(memory.data().len(), 1 << 16);
}

#[test]
fn without_the_feature_there_are_neither_memories_nor_operators() {
    let mut settings: Config = config();
    let engine = Engine::new(settings.wasm_threads(false)).unwrap();
    assert!(SharedMemory::new(&engine, MemoryType::shared(1, 1)).is_err());
    for text in
        ["(module (memory 1 1 shared))", "(module (func atomic.fence))", "(module (func unreachable atomic.fence))"]
    {
        let error = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap_err();
        assert!(error.to_string().contains("threads"), "{text}: {error}");
    }
}
