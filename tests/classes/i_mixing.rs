//! Class I: objects of different stores and engines, and what several threads do to one engine.
//!
//! tests/api_host.rs and tests/api_instances.rs show single cases. Here every call of the API is passed arguments from
//! another store, of the same engine and of another, and must report that, by an error or a panic with a clear message;
//! both stores keep working. Threads race for the types, the modules and the linkers of one engine.

use crate::api_common::{self, module};
use crate::harness::engine;
use headwater::{
    Engine, Extern, ExternRef, ExternType, Func, FuncType, Global, GlobalType, Instance, Linker, Memory, MemoryType,
    Module, Mutability, Ref, RefType, Rooted, Store, Table, TableType, Val, ValType,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::thread;

const TEXT: &str = r#"(module
    (import "host" "f" (func (param i32) (result i32)))
    (memory (export "memory") 1 4) (table (export "table") 3 9 funcref) (table (export "externs") 3 9 externref)
    (global (export "global") (mut i32) (i32.const 5)) (global (export "gf") (mut funcref) (ref.null func))
    (global (export "ge") (mut externref) (ref.null extern))
    (func (export "inc") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func (export "take") (param funcref externref) (result i32) (i32.add (ref.is_null (local.get 0))
    (ref.is_null (local.get 1)))))"#;

/// A store and all that it has.
struct World {
    store: Store<u32>,
    module: Module,
    instance: Instance,
    linker: Linker<u32>,
    func: Func,
    take: Func,
    host: Func,
    memory: Memory,
    table: Table,
    externs: Table,
    global: Global,
    gf: Global,
    ge: Global,
    reference: Rooted<ExternRef>,
}

impl World {
    fn new(engine: &Engine) -> World {
        let mut store = Store::new(engine, 1);
        let module = module(engine, TEXT);
        let host = Func::wrap(&mut store, |n: i32| n * 2);
        let instance = Instance::new(&mut store, &module, &[host.into()]).expect("the import fits");
        let mut linker = Linker::new(engine);
        linker.define(&store, "host", "f", host).expect("the name is free");
        let func = instance.get_func(&mut store, "inc").expect("it is exported");
        let take = instance.get_func(&mut store, "take").expect("it is exported");
        let memory = instance.get_memory(&mut store, "memory").expect("it is exported");
        let table = instance.get_table(&mut store, "table").expect("it is exported");
        let externs = instance.get_table(&mut store, "externs").expect("it is exported");
        let mut global = |name| instance.get_global(&mut store, name).expect("it is exported");
        let (g, gf, ge) = (global("global"), global("gf"), global("ge"));
        let reference = ExternRef::new(&mut store, 7u32).expect("there is room");
        World {
            store,
            module,
            instance,
            linker,
            func,
            take,
            host,
            memory,
            table,
            externs,
            global: g,
            gf,
            ge,
            reference,
        }
    }

    /// Everything is unchanged and still works.
    fn check(&mut self) {
        let World { store, func, take, host, memory, table, externs, global, gf, ge, reference, .. } = self;
        assert_eq!(func.typed::<i32, i32>(&*store).expect("the type").call(&mut *store, 41).expect("no trap"), 42);
        assert_eq!(host.typed::<i32, i32>(&*store).expect("the type").call(&mut *store, 21).expect("no trap"), 42);
        let mut out = [Val::I32(0)];
        take.call(&mut *store, &[(*func).into(), (*reference).into()], &mut out).expect("no trap");
        assert_eq!(out[0].unwrap_i32(), 0);
        assert_eq!(
            (memory.size(&*store), memory.growths(&*store), table.size(&*store), externs.size(&*store)),
            (1, 0, 3, 3)
        );
        assert!(memory.data(&*store).iter().all(|&b| b == 0));
        for i in 0..3 {
            assert!(table.get(&mut *store, i).expect("in bounds").is_null());
            assert!(externs.get(&mut *store, i).expect("in bounds").is_null());
        }
        assert_eq!(global.get(&mut *store).unwrap_i32(), 5);
        assert!(gf.get(&mut *store).unwrap_funcref().is_none() && ge.get(&mut *store).unwrap_externref().is_none());
        let data = reference.data(&*store).expect("it is kept").expect("it is kept");
        assert_eq!(data.downcast_ref(), Some(&7u32));
        assert_eq!(*store.data(), 1);
    }
}

/// The outcome of something that must not work: the message of the error or panic.
fn refusal<R>(what: &str, attempt: impl FnOnce() -> headwater::Result<R>) -> String {
    match catch_unwind(AssertUnwindSafe(attempt)) {
        Ok(Ok(_)) => panic!("{what} worked"),
        Ok(Err(error)) => format!("{error:#}"),
        Err(panic) => match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>()) {
            (Some(text), _) => text.clone(),
            (_, Some(text)) => text.to_string(),
            _ => panic!("{what} panicked without a message"),
        },
    }
}

/// Uses what `a` has with the store of `b` in every call that takes a store or a reference.
fn mix(a: &mut World, b: &mut World) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let World { store, module, linker, .. } = b;
    macro_rules! refused {
        ($($what:literal: $attempt:expr;)*) => {$(
            all.push(($what, refusal($what, || Ok({ #[allow(unused_must_use)] { $attempt } }))));
        )*};
    }
    let mut out = [Val::I32(0)];
    let one = [Val::I32(1)];
    let typed = a.func.typed::<i32, i32>(&a.store).expect("the type");
    let extern_: Extern = a.memory.into();
    refused! {
        "Func::call": a.func.call(&mut *store, &one, &mut out)?;
        "Func::call of a host function": a.host.call(&mut *store, &one, &mut out)?;
        "Func::ty": a.func.ty(&*store);
        "Func::typed": a.func.typed::<i32, i32>(&*store)?;
        "Func::index_in_module": a.func.index_in_module(&*store);
        "TypedFunc::call": typed.call(&mut *store, 1)?;
        "Memory::ty": a.memory.ty(&*store);
        "Memory::data": a.memory.data(&*store);
        "Memory::data_mut": a.memory.data_mut(&mut *store);
        "Memory::data_and_store_mut": a.memory.data_and_store_mut(&mut *store);
        "Memory::read": a.memory.read(&*store, 0, &mut [0])?;
        "Memory::write": a.memory.write(&mut *store, 0, &[1])?;
        "Memory::data_ptr": a.memory.data_ptr(&*store);
        "Memory::data_size": a.memory.data_size(&*store);
        "Memory::size": a.memory.size(&*store);
        "Memory::growths": a.memory.growths(&*store);
        "Memory::page_size": a.memory.page_size(&*store);
        "Memory::grow": a.memory.grow(&mut *store, 1)?;
        "Table::ty": a.table.ty(&*store);
        "Table::size": a.table.size(&*store);
        "Table::get": a.table.get(&mut *store, 0);
        "Table::set": a.table.set(&mut *store, 0, Ref::Func(None))?;
        "Table::grow": a.table.grow(&mut *store, 1, Ref::Func(None))?;
        "Table::fill": a.table.fill(&mut *store, 0, Ref::Func(None), 1)?;
        "Table::copy to": Table::copy(&mut *store, &a.table, 0, &b.table, 0, 1)?;
        "Table::copy from": Table::copy(&mut *store, &b.table, 0, &a.table, 0, 1)?;
        "Global::ty": a.global.ty(&*store);
        "Global::get": a.global.get(&mut *store);
        "Global::set": a.global.set(&mut *store, Val::I32(1))?;
        "Extern::ty": extern_.ty(&*store);
        "ExternRef::data": a.reference.data(&*store)?;
        "ExternRef::data_mut": a.reference.data_mut(&mut *store)?;
        "Instance::module": a.instance.module(&*store);
        "Instance::exports": a.instance.exports(&mut *store).count();
        "Instance::get_export": a.instance.get_export(&mut *store, "memory");
        "Instance::get_func": a.instance.get_func(&mut *store, "inc");
        "Instance::get_typed_func": a.instance.get_typed_func::<i32, i32>(&mut *store, "inc")?;
        "Instance::get_memory": a.instance.get_memory(&mut *store, "memory");
        "Instance::get_table": a.instance.get_table(&mut *store, "table");
        "Instance::get_global": a.instance.get_global(&mut *store, "global");
        "Instance::new with an import": Instance::new(&mut *store, module, &[a.host.into()])?;
        "Instance::new with a module's function": Instance::new(&mut *store, module, &[a.func.into()])?;
        "Linker::define": linker.define(&*store, "a", "func", a.func).map(drop)?;
        "Linker::define_name": linker.define_name(&*store, "memory", a.memory).map(drop)?;
        "Linker::instance": linker.instance(&mut *store, "a", a.instance).map(drop)?;
        "Linker::instantiate": a.linker.instantiate(&mut *store, module)?;
        "InstancePre::instantiate": a.linker.instantiate_pre(&a.module)?.instantiate(&mut *store)?;
        // References as arguments, elements and values.
        "argument, function": b.take.call(&mut *store, &[a.func.into(), Val::null_extern_ref()], &mut out)?;
        "argument, host function": b.take.call(&mut *store, &[a.host.into(), Val::null_extern_ref()], &mut out)?;
        "argument, extern": b.take.call(&mut *store, &[Val::null_func_ref(), a.reference.into()], &mut out)?;
        "typed argument, function": b.take.typed::<(Option<Func>, Option<Rooted<ExternRef>>), i32>(&*store)?
            .call(&mut *store, (Some(a.func), None))?;
        "typed argument, extern": b.take.typed::<(Option<Func>, Option<Rooted<ExternRef>>), i32>(&*store)?
            .call(&mut *store, (None, Some(a.reference)))?;
        "element": b.table.set(&mut *store, 0, a.func.into())?;
        "element, extern": b.externs.set(&mut *store, 0, a.reference.into())?;
        "filler": b.table.fill(&mut *store, 0, a.func.into(), 3)?;
        "filler, extern": b.externs.fill(&mut *store, 0, a.reference.into(), 3)?;
        "growth": b.table.grow(&mut *store, 1, a.func.into())?;
        "growth, extern": b.externs.grow(&mut *store, 1, a.reference.into())?;
        "new table": Table::new(&mut *store, TableType::new(RefType::FUNCREF, 1, None), a.func.into())?;
        "new table, extern": Table::new(&mut *store, TableType::new(RefType::EXTERNREF, 1, None), a.reference.into())?;
        "global": b.gf.set(&mut *store, a.func.into())?;
        "global, extern": b.ge.set(&mut *store, a.reference.into())?;
        "new global": Global::new(&mut *store, GlobalType::new(ValType::FUNCREF, Mutability::Const), a.func.into())?;
        "new global, extern":
            Global::new(&mut *store, GlobalType::new(ValType::EXTERNREF, Mutability::Var), a.reference.into())?;
        "Val::ty": Val::from(a.func).ty(&*store)?;
        "Ref::ty": Ref::from(a.reference).ty(&*store)?;
    }
    // What host functions return.
    let (func, reference) = (a.func, a.reference);
    let give = Func::wrap(&mut *store, move || Some(func));
    all.push(("result", refusal("result", || give.typed::<(), Option<Func>>(&*store)?.call(&mut *store, ()))));
    let give = Func::wrap(&mut *store, move || Some(reference));
    all.push((
        "result, extern",
        refusal("result, extern", || give.typed::<(), Option<Rooted<ExternRef>>>(&*store)?.call(&mut *store, ())),
    ));
    for (what, ty, val) in [
        ("dynamic result", ValType::FUNCREF, Val::from(func)),
        ("dynamic result, extern", ValType::EXTERNREF, reference.into()),
    ] {
        let engine = store.engine().clone();
        let give = Func::new(&mut *store, FuncType::new(&engine, [], [ty]), move |_, _, results| {
            results[0] = val;
            Ok(())
        });
        all.push((what, refusal(what, || give.call(&mut *store, &[], &mut out))));
    }
    all
}

#[test]
fn i_nothing_of_one_store_works_in_another() {
    let first = engine("");
    for second in [first.clone(), engine("")] {
        let (mut a, mut b) = (World::new(&first), World::new(&second));
        // Lower numbers and higher ones exist in the other store.
        let mut c = World::new(&second);
        for (a, b) in [(&mut a, &mut b)] {
            for (what, message) in mix(a, b).into_iter().chain(mix(b, a)) {
                let clear =
                    ["another store", "wrong store", "different engines"].iter().any(|clear| message.contains(clear));
                assert!(clear, "{what}: {message}");
            }
            a.check();
            b.check();
        }
        for (what, message) in mix(&mut b, &mut c) {
            assert!(message.contains("store") || message.contains("engines"), "{what}: {message}");
        }
        b.check();
        c.check();
    }
}

#[test]
fn i_modules_linkers_and_stores_of_different_engines_do_not_meet() {
    let (mut a, mut b) = (World::new(&engine("")), World::new(&engine("")));
    let mut host: Linker<u32> = Linker::new(a.store.engine());
    host.func_wrap("host", "f", |n: i32| n).expect("the name is free");
    let pre = host.instantiate_pre(&a.module).expect("everything is defined");
    for (what, message) in [
        ("Instance::new", refusal("Instance::new", || Instance::new(&mut b.store, &a.module, &[b.host.into()]))),
        ("Linker::instantiate, store", refusal("Linker::instantiate", || host.instantiate(&mut b.store, &a.module))),
        ("Linker::instantiate, module", refusal("Linker::instantiate", || host.instantiate(&mut a.store, &b.module))),
        ("Linker::instantiate, both", refusal("Linker::instantiate", || host.instantiate(&mut b.store, &b.module))),
        ("Linker::instantiate_pre", refusal("Linker::instantiate_pre", || host.instantiate_pre(&b.module))),
        ("InstancePre::instantiate", refusal("InstancePre::instantiate", || pre.instantiate(&mut b.store))),
        ("Linker::get", refusal("Linker::get", || Ok(host.get(&mut b.store, "host", "f")))),
        ("Linker::iter", refusal("Linker::iter", || Ok(host.iter(&mut b.store).count()))),
        ("Linker::module", refusal("Linker::module", || host.clone().module(&mut a.store, "b", &b.module).map(drop))),
    ] {
        assert!(message.contains("different engines"), "{what}: {message}");
    }
    a.check();
    b.check();
}

/// Linkers are cloned, extended and dropped, on many threads, while their functions run.
#[test]
fn i_clones_of_a_linker_share_what_is_defined_and_nothing_else() {
    let engine = engine("");
    let wants = module(
        &engine,
        r#"(module (import "host" "f" (func $f (param i32) (result i32))) (import "host" "g" (func $g (result i32)))
            (func (export "run") (param i32) (result i32) (i32.add (call $f (local.get 0)) (call $g))))"#,
    );
    let mut base: Linker<u32> = Linker::new(&engine);
    // Kept by the closure, so that one that was freed would be noticed.
    let text = "kept by the closure".to_string();
    base.func_wrap("host", "f", move |n: i32| n + text.len() as i32).expect("the name is free");
    thread::scope(|scope| {
        for t in 0..4 {
            let (base, wants, engine) = (&base, &wants, &engine);
            scope.spawn(move || {
                for i in 0..50 {
                    let mut mine = base.clone();
                    assert!(mine.instantiate_pre(wants).is_err(), "`g` is defined in clones only");
                    let number = t * 1000 + i;
                    mine.func_wrap("host", "g", move || number).expect("the name is free in this clone");
                    assert!(mine.func_wrap("host", "f", |n: i32| n).is_err(), "`f` is there already");
                    let pre = mine.instantiate_pre(wants).expect("everything is defined");
                    let clone = mine.clone();
                    drop(mine);
                    let mut store = Store::new(engine, 0);
                    let instance =
                        if i % 2 == 0 { clone.instantiate(&mut store, wants) } else { pre.instantiate(&mut store) };
                    drop((clone, pre));
                    let instance = instance.expect("everything is defined");
                    let run = instance.get_typed_func::<i32, i32>(&mut store, "run").expect("it is exported");
                    assert_eq!(run.call(&mut store, 1).expect("no trap"), 1 + 19 + number);
                }
            });
        }
    });
}

/// Type numbers are reused once a type is no longer in use. Calls through tables must distinguish types however they
/// are numbered and freed meanwhile.
#[test]
fn i_threads_race_for_the_numbers_of_types() {
    const NAMES: [&str; 4] = ["i32", "i64", "f32", "f64"];
    // Type number n: its parameters spell n.
    fn params(n: usize) -> String {
        (0..5).map(|d| NAMES[n >> (2 * d) & 3]).collect::<Vec<_>>().join(" ")
    }
    fn text(first: usize) -> String {
        let mut text = "(module (table (export \"t\") 4 funcref)".to_string();
        for n in first..first + 4 {
            let (p, k) = (params(n), n - first);
            text += &format!("(type $t{k} (func (param {p}) (result i32))) (func $f{k} (type $t{k}) (i32.const {n}))");
        }
        text += "(elem (i32.const 0) func $f0 $f1 $f2 $f3)";
        for n in 0..4 {
            let zeros: String = params(first + n).split(' ').map(|t| format!("({t}.const 0)")).collect();
            text += &format!(
                "(func (export \"c{n}\") (param i32) (result i32) (call_indirect (type $t{n}) {zeros} (local.get 0)))"
            );
        }
        text + ")"
    }
    let engine = {
        let mut config = api_common::config();
        Engine::new(config.compile_threads(2)).expect("the settings work everywhere")
    };
    let rounds = if api_common::emulator::name().is_some() { 10 } else { 60 };
    let barrier = Barrier::new(4);
    thread::scope(|scope| {
        for t in 0..4usize {
            let (engine, barrier) = (&engine, &barrier);
            scope.spawn(move || {
                let mut kept = Vec::new();
                for round in 0..rounds {
                    // All the same new types, or each its own.
                    let first = if round % 2 == 0 { round * 8 % 1000 } else { (round * 16 + t * 4) % 1000 };
                    let bytes = wat::parse_str(text(first)).expect("the text is well-formed");
                    barrier.wait();
                    let module = Module::new(engine, &bytes).expect("the module is valid");
                    let mut store = Store::new(engine, ());
                    let instance = Instance::new(&mut store, &module, &[]).expect("nothing is imported");
                    for n in 0..4usize {
                        let f =
                            instance.get_typed_func::<i32, i32>(&mut store, &format!("c{n}")).expect("it is exported");
                        for i in 0..4usize {
                            let outcome = f.call(&mut store, i as i32);
                            match outcome {
                                Ok(v) => assert!(i == n && v as usize == first + n),
                                Err(e) => assert!(i != n && e.downcast_ref() == Some(&headwater::Trap::BadSignature)),
                            }
                        }
                    }
                    // By the host, which needs trampolines, and with a type that only a host function has.
                    let table = instance.get_table(&mut store, "t").expect("it is exported");
                    for i in 0..4u64 {
                        let f = *table.get(&mut store, i).expect("in bounds").unwrap_func().expect("not null");
                        let ty = f.ty(&store);
                        let args: Vec<Val> =
                            ty.params().map(|ty| Val::default_for_ty(&ty).expect("a number")).collect();
                        let mut out = [Val::I32(0)];
                        if (round + i as usize).is_multiple_of(3) {
                            f.call(&mut store, &args, &mut out).expect("no trap");
                            assert_eq!(out[0].unwrap_i32() as usize, first + i as usize);
                        }
                        let ty = FuncType::new(engine, ty.params(), [ValType::I64, ValType::I32]);
                        let host = Func::new(&mut store, ty, |_, _, _| Ok(()));
                        host.call(&mut store, &args, &mut [Val::I64(1), Val::I32(1)]).expect("no trap");
                    }
                    if round % 5 == 0 {
                        kept.push((module, store, instance));
                    } else if round % 7 == 0 {
                        kept.clear();
                    }
                }
                for (_, store, instance) in &mut kept {
                    let f = instance.get_typed_func::<i32, i32>(&mut *store, "c3").expect("it is exported");
                    assert!(f.call(&mut *store, 3).is_ok() && f.call(&mut *store, 2).is_err());
                }
            });
        }
    });
}

/// The module of one instance calls functions of another through a shared table, when the other's module handle, and
/// its engine's handles, are gone.
#[test]
fn i_functions_in_tables_outlive_every_handle_but_the_store() {
    let mut store;
    let table: Table;
    {
        let engine = engine("");
        store = Store::new(&engine, ());
        table =
            Table::new(&mut store, TableType::new(RefType::FUNCREF, 4, None), Ref::Func(None)).expect("there is room");
        for n in 0..4 {
            let module = module(
                &engine,
                &format!(
                    r#"(module (import "" "t" (table $t 4 funcref)) (type $v (func (result i32)))
                    (elem (i32.const {n}) $f) (func $f (type $v) (i32.const {n})))"#
                ),
            );
            Instance::new(&mut store, &module, &[table.into()]).expect("the table fits");
        }
        let call = module(
            &engine,
            r#"(module (import "" "t" (table 4 funcref)) (func (export "call") (param i32) (result i32)
                (call_indirect (result i32) (local.get 0))))"#,
        );
        let instance = Instance::new(&mut store, &call, &[table.into()]).expect("the table fits");
        let call = instance.get_func(&mut store, "call").expect("it is exported");
        table.grow(&mut store, 1, call.into()).expect("there is no maximum");
    }
    let call = *table.get(&mut store, 4).expect("in bounds").unwrap_func().expect("not null");
    let call = call.typed::<i32, i32>(&store).expect("the type");
    for n in 0..4 {
        assert_eq!(call.call(&mut store, n).expect("no trap"), n);
    }
    assert!(matches!(Extern::from(table).ty(&store), ExternType::Table(_)));
    let memory = Memory::new(&mut store, MemoryType::new(1, None)).expect("there is room");
    assert_eq!(memory.size(&store), 1);
}
