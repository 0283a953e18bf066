//! Parts of a store that are freed before it: what is reachable stays, whatever the embedder says, and handles of the
//! rest are stale.

use headwater::reclaim::{Part, graph, held_bytes, is_there, part_of_func, part_of_global, reclaim};
use headwater::{
    Engine, Extern, Func, FuncType, Global, GlobalType, Instance, Memory, MemoryType, Module, Mutability, Ref, RefType,
    Store, StoreLimits, StoreLimitsBuilder, Table, TableType, Tag, TagType, Val, ValType,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

const CALLS: &str = r#"(module (import "m" "f" (func $f (result i32))) (func (export "g") (result i32) call $f)
    (memory (export "m") 3) (table (export "t") 5 funcref) (global (export "c") i32 (i32.const 1)) (tag (export "e")))"#;

fn module(engine: &Engine, text: &str) -> Module {
    Module::new(engine, wat::parse_str(text).unwrap()).unwrap()
}

/// # Safety
/// As for [`reclaim`].
fn free<T>(store: &mut Store<T>, alive: &[Part]) -> usize {
    // SAFETY: nothing of the store runs in these tests.
    unsafe { reclaim(store, alive) }
}

#[test]
fn handles_of_what_was_freed_are_stale() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let held = held_bytes(&store);
    let witness = Arc::new(());
    let in_closure = witness.clone();
    let f = Func::wrap(&mut store, move || Arc::strong_count(&in_closure) as i32);
    let instance = Instance::new(&mut store, &module(&engine, CALLS), &[f.into()]).unwrap();
    let g = instance.get_func(&mut store, "g").unwrap();
    let typed = g.typed::<(), i32>(&store).unwrap();
    let memory = instance.get_memory(&mut store, "m").unwrap();
    let table = instance.get_table(&mut store, "t").unwrap();
    let global = instance.get_global(&mut store, "c").unwrap();
    let tag = instance.get_export(&mut store, "e").unwrap().into_tag().unwrap();
    assert_eq!(part_of_func(&store, g), Part::Instance(instance));
    assert_eq!(part_of_global(&store, global), Part::Instance(instance));
    assert_eq!(free(&mut store, &[Part::Instance(instance)]), 0);
    assert_eq!(typed.call(&mut store, ()).unwrap(), 2);
    // Instance, function, memory, table, tag, and the number of the global.
    assert_eq!(free(&mut store, &[]), 6);
    assert_eq!((Arc::strong_count(&witness), held_bytes(&store)), (1, held));
    // What comes next takes their places, and is something else.
    let five = Func::wrap(&mut store, || 5);
    let again = Instance::new(&mut store, &module(&engine, CALLS), &[five.into()]).unwrap();
    assert!(instance != again && !is_there(&store, Part::Instance(instance)));
    type Use<'a> = &'a dyn Fn(&mut Store<()>);
    let stale: [(&str, Use<'_>); 8] = [
        ("call", &|store| drop(g.call(store, &[], &mut [Val::I32(0)]))),
        ("typed call", &|store| drop(typed.call(store, ()))),
        ("type", &|store| drop(f.ty(store))),
        ("exports", &|store| assert!(instance.get_func(store, "g").is_some())),
        ("memory", &|store| drop(memory.grow(store, 1))),
        ("table", &|store| assert_eq!(table.size(store), 5)),
        ("global", &|store| assert_eq!(global.get(store).unwrap_i32(), 1)),
        ("tag", &|store| drop(tag.ty(store))),
    ];
    for (what, used) in stale {
        let panicked = catch_unwind(AssertUnwindSafe(|| used(&mut store))).unwrap_err();
        assert_eq!(panicked.downcast_ref::<&str>(), Some(&"object used after it was freed"), "{what}");
    }
    let imports: [Extern; 1] = [f.into()];
    let error = Instance::new(&mut store, &module(&engine, CALLS), &imports).unwrap_err().to_string();
    assert_eq!(error, "the import given for `m::f` belongs to another store, or was freed");
    let ty = TableType::new(RefType::FUNCREF, 1, None);
    assert!(Table::new(&mut store, ty, Ref::Func(Some(g))).is_err());
    let g = again.get_typed_func::<(), i32>(&mut store, "g").unwrap();
    assert_eq!(g.call(&mut store, ()).unwrap(), 5);
}

#[test]
fn what_is_referred_to_stays() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let calls = module(&engine, CALLS);
    let made = |store: &mut Store<()>, n: i32| {
        let f = Func::wrap(&mut *store, move || n);
        Instance::new(&mut *store, &calls, &[f.into()]).unwrap().get_func(store, "g").unwrap()
    };
    let result = |store: &mut Store<()>, f: Func| f.typed::<(), i32>(&store).unwrap().call(store, ()).unwrap();
    let func = made(&mut store, 1);
    let ty = TableType::new(RefType::FUNCREF, 1, None);
    let table = Table::new(&mut store, ty, Ref::Func(Some(func))).unwrap();
    let func = made(&mut store, 2);
    let ty = GlobalType::new(ValType::FUNCREF, Mutability::Var);
    let global = Global::new(&mut store, ty, Val::FuncRef(Some(func))).unwrap();
    let text = r#"(module (import "m" "g" (func $g (result i32))) (import "m" "t" (table 1 funcref))
        (export "g" (func $g)) (func (export "h") (result i32) call $g) (type $f (func (result i32)))
        (type $s (struct (field (ref $f)))) (global $o (mut anyref) (ref.null any))
        (func (export "put") (param (ref $f)) (global.set $o (struct.new $s (local.get 0))))
        (func (export "take") (result i32) (call_ref $f (struct.get $s 0 (ref.cast (ref $s) (global.get $o))))))"#;
    let user = module(&engine, text);
    let func = made(&mut store, 3);
    let instance = Instance::new(&mut store, &user, &[func.into(), table.into()]).unwrap();
    let func = made(&mut store, 4);
    instance.get_func(&mut store, "put").unwrap().call(&mut store, &[func.into()], &mut []).unwrap();
    made(&mut store, 5);
    let alive = [Part::Instance(instance), Part::Global(global)];
    // The last one, its function, memory, table, tag and global.
    assert_eq!(free(&mut store, &alive), 6);
    let referred = graph(&store);
    assert!(referred.edges[&Part::Instance(instance)].contains(&Part::Table(table)));
    assert!(referred.roots.is_empty(), "{:?}", referred.roots);
    let func = table.get(&mut store, 0).unwrap().as_func().unwrap().copied().unwrap();
    assert_eq!(result(&mut store, func), 1);
    let func = *global.get(&mut store).unwrap_funcref().unwrap();
    assert_eq!(result(&mut store, func), 2);
    for (name, expected) in [("g", 3), ("h", 3), ("take", 4)] {
        let func = instance.get_func(&mut store, name).unwrap();
        assert_eq!(result(&mut store, func), expected, "{name}");
    }
    // An object that refers to the instance that it belongs to keeps nothing.
    let own = instance.get_func(&mut store, "take").unwrap();
    instance.get_func(&mut store, "put").unwrap().call(&mut store, &[own.into()], &mut []).unwrap();
    free(&mut store, &[]);
    assert_eq!(graph(&store).edges.len(), 0);
}

#[test]
fn limits_count_what_is_there() {
    let engine = Engine::default();
    let mut store: Store<StoreLimits> =
        Store::new(&engine, StoreLimitsBuilder::new().instances(1).memories(1).tables(1).build());
    store.limiter(|limits| limits);
    let calls = module(&engine, CALLS);
    for n in 0..20 {
        let f = Func::wrap(&mut store, move || n);
        let instance = Instance::new(&mut store, &calls, &[f.into()]).unwrap();
        assert!(Instance::new(&mut store, &calls, &[f.into()]).is_err());
        assert!(Memory::new(&mut store, MemoryType::new(1, None)).is_err());
        let g = instance.get_typed_func::<(), i32>(&mut store, "g").unwrap();
        assert_eq!(g.call(&mut store, ()).unwrap(), n);
        free(&mut store, &[]);
    }
}

/// The type of a freed function keeps its number: that of a later type is another.
#[test]
fn types_of_what_was_freed_are_not_taken_for_others() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let caller = module(
        &engine,
        r#"(module (type $t (func (param i64 i64) (result i64))) (table (export "t") 1 funcref)
        (func (export "call") (result i64) (call_indirect (type $t) (i64.const 1) (i64.const 2) (i32.const 0))))"#,
    );
    let caller = Instance::new(&mut store, &caller, &[]).unwrap();
    let table = caller.get_table(&mut store, "t").unwrap();
    let call = caller.get_typed_func::<(), i64>(&mut store, "call").unwrap();
    for n in 0..50 {
        let params = (0..n % 7).map(|_| ValType::I64);
        let ty = FuncType::new(&engine, params, [ValType::I64]);
        let func = Func::new(&mut store, ty, |_, params, results| {
            results[0] = Val::I64(params.iter().map(|param| param.unwrap_i64()).sum());
            Ok(())
        });
        table.set(&mut store, 0, func.into()).unwrap();
        assert_eq!(call.call(&mut store, ()).ok(), (n % 7 == 2).then_some(3));
        let tag = Tag::new(&mut store, &TagType::new(FuncType::new(&engine, [ValType::F32], []))).unwrap();
        free(&mut store, &[Part::Instance(caller)]);
        assert!(is_there(&store, Part::Host(func)) && !is_there(&store, Part::Tag(tag)));
    }
}

/// Code that runs keeps its instance, and what its locals refer to.
#[test]
fn what_runs_stays() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let f = Func::wrap(&mut store, |mut caller: headwater::Caller<'_, ()>| {
        let parts = graph(&caller).edges.len();
        // SAFETY: this function is an import of the instance whose code runs.
        let freed = unsafe { reclaim(&mut caller, &[]) };
        (parts - freed) as i32
    });
    let text = r#"(module (import "m" "f" (func $f (result i32))) (memory 1) (type $t (func (result i32)))
        (func (export "g") (param funcref) (result i32) (local $l (ref null $t))
            (local.set $l (ref.cast (ref $t) (local.get 0))) (local.set 0 (ref.null func))
            (i32.add (call $f) (i32.mul (i32.const 100) (call_ref $t (local.get $l))))))"#;
    let instance = Instance::new(&mut store, &module(&engine, text), &[f.into()]).unwrap();
    let seven = module(&engine, r#"(module (func (export "f") (result i32) i32.const 7))"#);
    let seven = Instance::new(&mut store, &seven, &[]).unwrap().get_func(&mut store, "f").unwrap();
    Memory::new(&mut store, MemoryType::new(1, None)).unwrap();
    let g = instance.get_func(&mut store, "g").unwrap();
    let mut results = [Val::I32(0)];
    g.call(&mut store, &[seven.into()], &mut results).unwrap();
    // Two instances, a function and a memory are left.
    assert_eq!(results[0].unwrap_i32(), 704);
    free(&mut store, &[]);
    assert!(!is_there(&store, Part::Instance(instance)));
}
