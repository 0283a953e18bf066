//! Hundreds of thousands of stores and instances are created and dropped without the process growing; and what may move
//! between threads. In a separate binary, because it measures the whole process.

mod api_common;

use headwater::{
    Caller, Engine, ExternRef, Func, Global, Instance, InstancePre, Linker, Memory, Module, Store, StreamingCompiler,
    Table, TypedFunc, Val,
};

fn resident_pages() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse().unwrap()
}

fn mappings() -> usize {
    std::fs::read_to_string("/proc/self/maps").unwrap().lines().count()
}

#[test]
fn a_hundred_thousand_instances_leave_nothing_behind() {
    let engine = api_common::engine();
    let module = api_common::module(
        &engine,
        r#"(module
            (import "host" "f" (func $f (param i32) (result i32)))
            (memory (export "memory") 1)
            (table (export "table") 10 funcref)
            (global (export "g") (mut i32) (i32.const 1))
            (elem (i32.const 0) $run)
            (data (i32.const 0) "hello")
            (func $run (export "run") (param i32) (result i32)
                (i32.store (i32.const 16) (local.get 0))
                (call $f (i32.load (i32.const 16)))))"#,
    );
    let mut linker = Linker::new(&engine);
    linker.func_wrap("host", "f", |caller: Caller<'_, i32>, n: i32| n + caller.data()).unwrap();
    let pre = linker.instantiate_pre(&module).unwrap();
    let round = |n: i32| {
        for i in 0..n {
            let mut store = Store::new(&engine, i);
            for _ in 0..2 {
                let instance = pre.instantiate(&mut store).unwrap();
                let run = instance.get_typed_func::<i32, i32>(&mut store, "run").unwrap();
                assert_eq!(run.call(&mut store, 1).unwrap(), i + 1);
            }
            ExternRef::new(&mut store, vec![0u8; 100]).unwrap();
        }
    };
    round(1_000);
    let (pages, maps) = (resident_pages(), mappings());
    round(50_000);
    let (more_pages, more_maps) = (resident_pages(), mappings());
    // An emulator remembers all addresses that were ever mapped.
    if api_common::emulator::name().is_none() {
        assert!(more_pages < pages + 256, "{pages} pages became {more_pages}");
    }
    assert!(more_maps < maps + 100, "{maps} mappings became {more_maps}");
}

#[test]
fn threads_that_ran_code_leave_nothing_behind() {
    let engine = api_common::engine();
    let module =
        api_common::module(&engine, r#"(module (memory 1) (func (export "f") (drop (i32.load (i32.const -1)))))"#);
    let round = |n: i32| {
        for _ in 0..n {
            let run = || {
                let mut store = Store::new(&engine, ());
                let instance = Instance::new(&mut store, &module, &[]).unwrap();
                let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
                assert!(f.call(&mut store, ()).is_err());
            };
            std::thread::scope(|scope| scope.spawn(run).join().unwrap());
        }
    };
    round(100);
    let maps = mappings();
    round(2_000);
    // Other tests of this binary come and go meanwhile.
    assert!(mappings() < maps + 100, "{maps} mappings became {}", mappings());
}

#[test]
fn what_may_move_between_threads_can() {
    fn send<T: Send>() {}
    fn sync<T: Sync>() {}
    send::<Store<i32>>();
    sync::<Store<i32>>();
    send::<Linker<*mut u8>>();
    sync::<Linker<*mut u8>>();
    send::<InstancePre<i32>>();
    sync::<InstancePre<i32>>();
    send::<Module>();
    sync::<Module>();
    send::<Engine>();
    sync::<Engine>();
    send::<StreamingCompiler>();
    send::<Func>();
    sync::<Func>();
    send::<TypedFunc<i32, i32>>();
    sync::<TypedFunc<i32, i32>>();
    send::<(Instance, Memory, Table, Global, Val, ExternRef)>();
    sync::<(Instance, Memory, Table, Global, Val, ExternRef)>();
}

#[test]
fn a_store_moves_between_threads_between_calls() {
    let (mut store, instance) = api_common::instance(
        0,
        r#"(module (import "" "f" (func $f)) (func (export "go") (call $f))
            (func (export "trap") (unreachable)))"#,
        |linker| {
            linker.func_wrap("", "f", |mut caller: Caller<'_, i32>| *caller.data_mut() += 1).unwrap();
        },
    );
    for n in 1..10 {
        store = std::thread::spawn(move || {
            let go = instance.get_typed_func::<(), ()>(&mut store, "go").unwrap();
            go.call(&mut store, ()).unwrap();
            let trap = instance.get_typed_func::<(), ()>(&mut store, "trap").unwrap();
            assert!(trap.call(&mut store, ()).is_err());
            store
        })
        .join()
        .unwrap();
        assert_eq!(*store.data(), n);
    }
}
