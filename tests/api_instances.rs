//! Linking and instantiation: what is checked, what is shared, and in which order things happen.

mod api_common;

use api_common::{engine, module, trap};
use headwater::{
    Extern, Func, Global, GlobalType, Instance, Linker, Memory, MemoryType, Mutability, Ref, RefType, Store, Table,
    TableType, Trap, UnknownImportError, Val, ValType,
};

#[test]
fn link_errors_name_import_expected_and_found() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let func: Extern = Func::wrap(&mut store, |_: i32| {}).into();
    let memory: Extern = Memory::new(&mut store, MemoryType::new(1, Some(3))).unwrap().into();
    let table_type = TableType::new(RefType::FUNCREF, 2, None);
    let table: Extern = Table::new(&mut store, table_type, Ref::Func(None)).unwrap().into();
    let global_type = GlobalType::new(ValType::I32, Mutability::Const);
    let global: Extern = Global::new(&mut store, global_type, Val::I32(1)).unwrap().into();
    for (import, item, found) in [
        ("(func (param i32))", &func, None),
        ("(func)", &func, Some(("(func)", "(func (param i32))"))),
        ("(func (param i32) (result i32))", &func, Some(("(func (param i32) (result i32))", "(func (param i32))"))),
        ("(func)", &memory, Some(("(func)", "(memory 1 3)"))),
        ("(memory 1)", &memory, None),
        ("(memory 1 3)", &memory, None),
        ("(memory 2)", &memory, Some(("(memory 2)", "(memory 1 3)"))),
        ("(memory 1 2)", &memory, Some(("(memory 1 2)", "(memory 1 3)"))),
        ("(table 2 funcref)", &table, None),
        ("(table 2 3 funcref)", &table, Some(("(table 2 3 funcref)", "(table 2 funcref)"))),
        ("(table 2 externref)", &table, Some(("(table 2 externref)", "(table 2 funcref)"))),
        ("(global i32)", &global, None),
        ("(global (mut i32))", &global, Some(("(global (mut i32))", "(global i32)"))),
        ("(global i64)", &global, Some(("(global i64)", "(global i32)"))),
    ] {
        let module = module(&engine, &format!(r#"(module (import "m" "n" {import}))"#));
        let result = Instance::new(&mut store, &module, std::slice::from_ref(item));
        let mut linker = Linker::new(&engine);
        linker.define(&store, "m", "n", item.clone()).unwrap();
        let linked = linker.instantiate(&mut store, &module);
        match found {
            None => assert!(result.is_ok() && linked.is_ok(), "{import}"),
            Some((expected, found)) => {
                let text = format!("incompatible import type for `m::n`: expected {expected}, found {found}");
                assert_eq!(result.unwrap_err().to_string(), text);
                assert_eq!(linked.unwrap_err().to_string(), text);
            }
        }
    }
}

#[test]
fn the_current_size_counts_when_something_is_imported() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let memory = Memory::new(&mut store, MemoryType::new(1, None)).unwrap();
    let module = module(&engine, r#"(module (import "" "" (memory 2)))"#);
    assert!(Instance::new(&mut store, &module, &[memory.into()]).is_err());
    memory.grow(&mut store, 1).unwrap();
    assert!(Instance::new(&mut store, &module, &[memory.into()]).is_ok());
}

#[test]
fn unknown_imports_are_named() {
    let engine = engine();
    let module = module(&engine, r#"(module (import "m" "n" (func (result i64))))"#);
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    let error = linker.instantiate(&mut store, &module).unwrap_err();
    assert_eq!(error.to_string(), "unknown import: `m::n` has not been defined");
    let unknown = error.downcast_ref::<UnknownImportError>().unwrap();
    assert_eq!((unknown.module(), unknown.name()), ("m", "n"));
    assert_eq!(unknown.ty().to_string(), "(func (result i64))");
    let error = Instance::new(&mut store, &module, &[]).unwrap_err();
    assert_eq!(error.to_string(), "expected 1 imports, found 0");

    linker.func_wrap("m", "n", || 1i32).unwrap();
    let error = linker.instantiate(&mut store, &module).unwrap_err();
    let text = "incompatible import type for `m::n`: expected (func (result i64)), found (func (result i32))";
    assert_eq!(error.to_string(), text);
}

#[test]
fn definitions_are_not_replaced_unless_that_is_allowed() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    linker.func_wrap("a", "f", || 1).unwrap();
    let error = linker.func_wrap("a", "f", || 2).unwrap_err();
    assert_eq!(error.to_string(), "import of `a::f` defined twice");
    linker.allow_shadowing(true);
    linker.func_wrap("a", "f", || 2).unwrap();
    linker.alias("a", "f", "b", "g").unwrap();
    linker.alias_module("b", "c").unwrap();
    let f = linker.get(&mut store, "a", "f").unwrap().into_func().unwrap();
    let g = linker.get(&mut store, "c", "g").unwrap().into_func().unwrap();
    assert_eq!(f, g, "one definition is one function in a store");
    assert_eq!(f.typed::<(), i32>(&store).unwrap().call(&mut store, ()).unwrap(), 2);
    let missing = linker.get(&mut store, "a", "g").unwrap_err();
    assert_eq!(missing.to_string(), "missing definition for `a::g`");
    assert_eq!(linker.iter(&mut store).count(), 3);
    assert!(linker.alias("a", "nothing", "b", "h").is_err());
}

#[test]
fn unknown_imports_can_trap_when_called() {
    let engine = engine();
    let module = module(
        &engine,
        r#"(module (import "m" "n" (func $n (param i32))) (func (export "f") (call $n (i32.const 1)))
            (func (export "g")))"#,
    );
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    linker.define_unknown_imports_as_traps(&module).unwrap();
    let instance = linker.instantiate(&mut store, &module).unwrap();
    instance.get_typed_func::<(), ()>(&mut store, "g").unwrap().call(&mut store, ()).unwrap();
    let error = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap().call(&mut store, ()).unwrap_err();
    assert!(error.downcast_ref::<UnknownImportError>().is_some());
}

const LIBRARY: &str = r#"(module
    (memory (export "memory") 1 4)
    (table (export "table") 4 funcref)
    (global $n (export "n") (mut i32) (i32.const 10))
    (global (export "k") i64 (i64.const 77))
    (func $bump (export "bump") (result i32)
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (global.get $n))
    (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get 0)))
    (elem (i32.const 1) $bump))"#;

const USER: &str = r#"(module
    (import "lib" "memory" (memory 1))
    (import "lib" "table" (table 1 funcref))
    (import "lib" "n" (global $n (mut i32)))
    (import "lib" "k" (global $k i64))
    (import "lib" "bump" (func $bump (result i32)))
    (type $r (func (result i32)))
    (export "memory" (memory 0))
    (export "table" (table 0))
    (export "n" (global $n))
    (export "bump" (func $bump))
    (global (export "copy") i64 (global.get $k))
    (func $own (result i32) (i32.const 500))
    (elem (i32.const 2) $own)
    (data (i32.const 100) "hello")
    (func (export "twice") (result i32) (drop (call $bump)) (call $bump))
    (func (export "indirect") (param i32) (result i32) (call_indirect (type $r) (local.get 0)))
    (func (export "poke") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
    (func (export "set") (param i32) (global.set $n (local.get 0)))
    (func (export "grow") (result i32) (memory.grow (i32.const 1))))"#;

#[test]
fn everything_is_shared_across_instances_and_re_exported_as_itself() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    let library = linker.instantiate(&mut store, &module(&engine, LIBRARY)).unwrap();
    linker.instance(&mut store, "lib", library).unwrap();
    let user = linker.instantiate(&mut store, &module(&engine, USER)).unwrap();

    for name in ["memory", "table", "n", "bump"] {
        let (a, b) = (library.get_export(&mut store, name).unwrap(), user.get_export(&mut store, name).unwrap());
        assert_eq!(format!("{a:?}"), format!("{b:?}"), "{name}");
    }
    let twice = user.get_typed_func::<(), i32>(&mut store, "twice").unwrap();
    assert_eq!(twice.call(&mut store, ()).unwrap(), 12);
    let n = library.get_global(&mut store, "n").unwrap();
    assert_eq!(n.get(&mut store).unwrap_i32(), 12);
    user.get_typed_func::<i32, ()>(&mut store, "set").unwrap().call(&mut store, 30).unwrap();
    let bump = library.get_typed_func::<(), i32>(&mut store, "bump").unwrap();
    assert_eq!(bump.call(&mut store, ()).unwrap(), 31);
    assert_eq!(user.get_global(&mut store, "copy").unwrap().get(&mut store).unwrap_i64(), 77);

    let peek = library.get_typed_func::<i32, i32>(&mut store, "peek").unwrap();
    assert_eq!(peek.call(&mut store, 101).unwrap(), i32::from(b'e'));
    user.get_typed_func::<(i32, i32), ()>(&mut store, "poke").unwrap().call(&mut store, (101, 7)).unwrap();
    assert_eq!(peek.call(&mut store, 101).unwrap(), 7);
    assert_eq!(user.get_typed_func::<(), i32>(&mut store, "grow").unwrap().call(&mut store, ()).unwrap(), 1);
    assert_eq!(peek.call(&mut store, 65536).unwrap(), 0);

    let indirect = user.get_typed_func::<i32, i32>(&mut store, "indirect").unwrap();
    assert_eq!(indirect.call(&mut store, 1).unwrap(), 32);
    assert_eq!(indirect.call(&mut store, 2).unwrap(), 500);
    assert_eq!(trap(&indirect.call(&mut store, 0).unwrap_err()), Trap::IndirectCallToNull);
    let table = library.get_table(&mut store, "table").unwrap();
    let in_table = table.get(&mut store, 1).unwrap();
    assert_eq!(in_table.unwrap_func(), Some(bump.func()), "a reference is to the function itself");
    let host = Func::wrap(&mut store, || 900i32);
    table.set(&mut store, 3, host.into()).unwrap();
    assert_eq!(indirect.call(&mut store, 3).unwrap(), 900);
    assert_eq!(table.get(&mut store, 3).unwrap().unwrap_func(), Some(&host));

    let names: Vec<_> = user.exports(&mut store).map(|e| e.name().to_string()).collect();
    assert_eq!(&names[..4], ["memory", "table", "n", "bump"]);
}

#[test]
fn segments_before_a_failing_one_stay_applied() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let memory = Memory::new(&mut store, MemoryType::new(1, None)).unwrap();
    let table = Table::new(&mut store, TableType::new(RefType::FUNCREF, 2, None), Ref::Func(None)).unwrap();
    let bad_data = module(
        &engine,
        r#"(module (import "" "m" (memory 1)) (import "" "t" (table 2 funcref))
            (func $f (export "f") (result i32) (i32.load8_u (i32.const 0)))
            (elem (i32.const 1) $f)
            (data (i32.const 0) "ab") (data (i32.const 65535) "cd") (data (i32.const 4) "ef"))"#,
    );
    let error = Instance::new(&mut store, &bad_data, &[memory.into(), table.into()]).unwrap_err();
    assert_eq!(trap(&error), Trap::MemoryOutOfBounds);
    assert_eq!(&memory.data(&store)[..6], b"ab\0\0\0\0");
    assert_eq!(memory.data(&store)[65535], 0);
    // The function of the instance that never was can be called.
    let f = *table.get(&mut store, 1).unwrap().unwrap_func().unwrap();
    assert_eq!(f.typed::<(), i32>(&store).unwrap().call(&mut store, ()).unwrap(), i32::from(b'a'));

    let bad_elem = module(
        &engine,
        r#"(module (import "" "m" (memory 1)) (import "" "t" (table 2 funcref)) (func $f)
            (elem (i32.const 0) $f) (elem (i32.const 1) $f $f) (data (i32.const 0) "zz"))"#,
    );
    let error = Instance::new(&mut store, &bad_elem, &[memory.into(), table.into()]).unwrap_err();
    assert_eq!(trap(&error), Trap::TableOutOfBounds);
    assert!(!table.get(&mut store, 0).unwrap().is_null());
    assert_eq!(&memory.data(&store)[..2], b"ab");
}

#[test]
fn constant_expressions_compute() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let module = module(
        &engine,
        r#"(module
            (import "" "base" (global $base i32))
            (memory (export "m") 1)
            (table (export "t") 8 funcref)
            (func $f)
            (global (export "a") i32 (i32.sub (i32.mul (global.get $base) (i32.const 3)) (i32.const 1)))
            (global (export "b") i64 (i64.add (i64.const -1) (i64.mul (i64.const 1000000) (i64.const 1000000))))
            (global (export "c") f64 (f64.const 0.5))
            (global (export "d") funcref (ref.func $f))
            (global (export "e") externref (ref.null extern))
            (elem (table 0) (offset (i32.add (global.get $base) (i32.const 1))) funcref
                (ref.func $f) (ref.null func))
            (data (i32.add (global.get $base) (i32.const 100)) "x"))"#,
    );
    let ty = GlobalType::new(ValType::I32, Mutability::Const);
    let base = Global::new(&mut store, ty, Val::I32(5)).unwrap();
    let instance = Instance::new(&mut store, &module, &[base.into()]).unwrap();
    let mut get = |name: &str| instance.get_global(&mut store, name).unwrap().get(&mut store);
    assert_eq!(get("a").unwrap_i32(), 14);
    assert_eq!(get("b").unwrap_i64(), 999_999_999_999);
    assert_eq!(get("c").unwrap_f64(), 0.5);
    assert!(get("e").unwrap_externref().is_none());
    let d = *get("d").unwrap_funcref().unwrap();
    let table = instance.get_table(&mut store, "t").unwrap();
    assert_eq!(table.get(&mut store, 6).unwrap().unwrap_func(), Some(&d));
    assert!(table.get(&mut store, 7).unwrap().is_null());
    assert_eq!(instance.get_memory(&mut store, "m").unwrap().data(&store)[105], b'x');
}

#[test]
fn dropped_segments_are_empty() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let module = module(
        &engine,
        r#"(module
            (memory 1) (table $t 4 funcref) (func $f)
            (data $passive "abc") (data $active (i32.const 0) "abc")
            (elem $pe func $f $f) (elem $ae (i32.const 0) func $f) (elem $de declare func $f)
            (func (export "data") (param i32 i32) (memory.init $passive (i32.const 8) (local.get 0) (local.get 1)))
            (func (export "active") (param i32) (memory.init $active (i32.const 8) (i32.const 0) (local.get 0)))
            (func (export "drop") (data.drop $passive) (elem.drop $pe))
            (func (export "elem") (param i32 i32) (table.init $t $pe (i32.const 1) (local.get 0) (local.get 1)))
            (func (export "elem_active") (param i32) (table.init $t $ae (i32.const 1) (i32.const 0) (local.get 0)))
            (func (export "elem_declared") (param i32) (table.init $t $de (i32.const 1) (i32.const 0) (local.get 0)))
            (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get 0)))
            (func (export "is_null") (param i32) (result i32) (ref.is_null (table.get (local.get 0)))))"#,
    );
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let s = &mut store;
    let data = instance.get_typed_func::<(i32, i32), ()>(&mut *s, "data").unwrap();
    let elem = instance.get_typed_func::<(i32, i32), ()>(&mut *s, "elem").unwrap();
    let peek = instance.get_typed_func::<i32, i32>(&mut *s, "peek").unwrap();
    let is_null = instance.get_typed_func::<i32, i32>(&mut *s, "is_null").unwrap();
    data.call(&mut *s, (1, 2)).unwrap();
    assert_eq!(peek.call(&mut *s, 9).unwrap(), i32::from(b'c'));
    assert_eq!(trap(&data.call(&mut *s, (1, 3)).unwrap_err()), Trap::MemoryOutOfBounds);
    elem.call(&mut *s, (1, 1)).unwrap();
    assert_eq!((is_null.call(&mut *s, 1).unwrap(), is_null.call(&mut *s, 2).unwrap()), (0, 1));
    assert_eq!(trap(&elem.call(&mut *s, (0, 3)).unwrap_err()), Trap::TableOutOfBounds);
    for name in ["active", "elem_active", "elem_declared"] {
        let f = instance.get_typed_func::<i32, ()>(&mut *s, name).unwrap();
        f.call(&mut *s, 0).unwrap();
        assert!(f.call(&mut *s, 1).is_err(), "{name}");
    }
    instance.get_typed_func::<(), ()>(&mut *s, "drop").unwrap().call(&mut *s, ()).unwrap();
    data.call(&mut *s, (0, 0)).unwrap();
    elem.call(&mut *s, (0, 0)).unwrap();
    assert!(data.call(&mut *s, (0, 1)).is_err());
    assert!(elem.call(&mut *s, (0, 1)).is_err());
}

#[test]
fn growth_from_code_stops_at_the_maximum() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let module = module(
        &engine,
        r#"(module
            (memory (export "m") 1 3) (table (export "t") 1 3 externref)
            (func (export "mg") (param i32) (result i32) (memory.grow (local.get 0)))
            (func (export "ms") (result i32) (memory.size))
            (func (export "tg") (param i32) (result i32) (table.grow (ref.null extern) (local.get 0)))
            (func (export "ts") (result i32) (table.size)))"#,
    );
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    for (grow, size) in [("mg", "ms"), ("tg", "ts")] {
        let grow = instance.get_typed_func::<i32, i32>(&mut store, grow).unwrap();
        let size = instance.get_typed_func::<(), i32>(&mut store, size).unwrap();
        assert_eq!(grow.call(&mut store, 1).unwrap(), 1);
        assert_eq!(grow.call(&mut store, 0).unwrap(), 2);
        assert_eq!(grow.call(&mut store, 2).unwrap(), -1);
        assert_eq!(grow.call(&mut store, -1).unwrap(), -1);
        assert_eq!(grow.call(&mut store, 1).unwrap(), 2);
        assert_eq!(size.call(&mut store, ()).unwrap(), 3);
    }
    assert_eq!(instance.get_memory(&mut store, "m").unwrap().size(&store), 3);
    assert_eq!(instance.get_table(&mut store, "t").unwrap().size(&store), 3);
}

#[test]
fn commands_and_reactors_are_linked_as_such() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    let counter = |start: &str| {
        format!(
            r#"(module (global $n (mut i32) (i32.const 0))
                (func (export "{start}") (global.set $n (i32.const 10)))
                (func (export "next") (result i32)
                    (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))"#
        )
    };
    linker.module(&mut store, "command", &module(&engine, &counter("_start"))).unwrap();
    linker.module(&mut store, "reactor", &module(&engine, &counter("_initialize"))).unwrap();
    let mut next = |name: &str| {
        let f = linker.get(&mut store, name, "next").unwrap().into_func().unwrap();
        f.typed::<(), i32>(&store).unwrap().call(&mut store, ()).unwrap()
    };
    assert_eq!((next("command"), next("command")), (1, 1));
    assert_eq!((next("reactor"), next("reactor")), (11, 12));
    let start = linker.get_default(&mut store, "command").unwrap();
    start.call(&mut store, &[], &mut []).unwrap();
}

#[test]
fn modules_of_another_engine_are_refused() {
    let module = module(&engine(), "(module)");
    let mut store = Store::new(&engine(), ());
    assert!(Instance::new(&mut store, &module, &[]).is_err());
    assert!(Linker::<()>::new(store.engine()).instantiate(&mut store, &module).is_err());
}
