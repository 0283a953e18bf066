//! The interface, upon this backend: everything that it has is used, and what it has no words for is an error.

use anyhow::{Result, bail};
use wasm_runtime_layer::{
    AsContext, AsContextMut, Engine, Extern, ExternRef, ExternType, Func, FuncType, Global, Imports, Instance, Memory,
    MemoryType, Module, Ref, RefType, Store, StoreContextMut, Table, TableType, Val, ValType,
};

type Backend = headwater_runtime_layer::Engine;

fn engine() -> Engine<Backend> {
    Engine::new(Backend::default())
}

fn module(engine: &Engine<Backend>, text: &str) -> Module {
    Module::new(engine, &wat::parse_str(text).expect("valid text")).expect("a valid module")
}

fn instance<T>(store: &mut Store<T, Backend>, text: &str, imports: &Imports) -> Result<Instance> {
    let module = module(&store.engine().clone(), text);
    Instance::new(store, &module, imports)
}

fn func(store: &Store<impl Sized, Backend>, instance: &Instance, name: &str) -> Func {
    instance.get_export(store, name).and_then(Extern::into_func).expect("it is exported")
}

#[test]
fn functions_take_and_give_values_of_all_types() {
    let mut store = Store::new(&engine(), ());
    let types =
        [ValType::I32, ValType::I64, ValType::F32, ValType::F64, ValType::V128, ValType::FuncRef, ValType::ExternRef];
    let names: Vec<String> = types.iter().map(ToString::to_string).collect();
    let gets: String = (0..types.len()).map(|i| format!("(local.get {i})")).collect();
    let text = format!("(module (func (export \"f\") (param {0}) (result {0}) {gets}))", names.join(" "));
    let instance = instance(&mut store, &text, &Imports::new()).expect("it imports nothing");
    let pass = func(&store, &instance, "f");
    assert_eq!(pass.ty(&store), FuncType::new(types, types));
    let reference = ExternRef::new(&mut store, "kept".to_string());
    let args = [
        Val::I32(-1),
        Val::I64(i64::MIN),
        Val::F32(1.5),
        Val::F64(-0.25),
        Val::V128(1 << 100),
        Val::FuncRef(Some(pass.clone())),
        Val::ExternRef(Some(reference)),
    ];
    let mut results = vec![Val::I32(0); args.len()];
    pass.call(&mut store, &args, &mut results).expect("no trap");
    assert_eq!(results[..5], args[..5]);
    let Val::ExternRef(Some(back)) = &results[6] else { panic!("{:?}", results[6]) };
    let kept: &String = back.downcast::<String, (), Backend>(store.as_context()).expect("it is a string");
    assert_eq!(kept, "kept");
    assert!(back.downcast::<u8, (), Backend>(store.as_context()).is_err(), "it is a string");
    let Val::FuncRef(Some(same)) = results.swap_remove(5) else { panic!("no function") };
    assert_eq!(same.ty(&store), pass.ty(&store));
}

#[test]
fn host_functions_see_the_stores_data_and_fail_with_their_own_errors() {
    let mut store = Store::new(&engine(), 40);
    let ty = FuncType::new([ValType::I32], [ValType::I32, ValType::F64]);
    let add = Func::new(&mut store, ty, |mut context: StoreContextMut<'_, i32, Backend>, args, results| {
        let [Val::I32(n)] = args else { bail!("one number, not {args:?}") };
        if *n < 0 {
            bail!("negative: {n}");
        }
        assert_eq!(results, [Val::I32(0), Val::F64(0.0)]);
        *context.data_mut() += n;
        results[0] = Val::I32(*context.as_context().data());
        results[1] = Val::F64(f64::from(*n));
        Ok(())
    });
    let mut imports = Imports::new();
    imports.define("host", "add", Extern::Func(add));
    let text = r#"(module (import "host" "add" (func $f (param i32) (result i32 f64)))
        (func (export "f") (param i32) (result i32 f64) (call $f (local.get 0))))"#;
    let instance = instance(&mut store, text, &imports).expect("it has its import");
    let f = func(&store, &instance, "f");
    let mut results = [Val::I32(0), Val::I32(0)];
    f.call(&mut store, &[Val::I32(2)], &mut results).expect("not negative");
    assert_eq!(results, [Val::I32(42), Val::F64(2.0)]);
    assert_eq!(*store.data(), 42);
    let error = f.call(&mut store, &[Val::I32(-7)], &mut results).expect_err("negative");
    assert!(format!("{error:#}").contains("negative: -7"), "{error:#}");
    assert!(f.call(&mut store, &[Val::I64(1)], &mut results).is_err(), "another type");
    assert_eq!(store.into_data(), 42);
}

#[test]
fn memories_globals_and_tables_are_shared_with_the_instance() {
    let mut store = Store::new(&engine(), ());
    let memory = Memory::new(&mut store, MemoryType::new(1, Some(3))).expect("there is room");
    let global = Global::new(&mut store, Val::I64(5), true);
    let table = Table::new(&mut store, TableType::new(RefType::FuncRef, 2, Some(4)), Ref::FuncRef(None)).expect("room");
    let mut imports = Imports::new();
    imports.define("host", "memory", Extern::Memory(memory.clone()));
    imports.define("host", "global", Extern::Global(global.clone()));
    imports.define("host", "table", Extern::Table(table.clone()));
    let text = r#"(module (import "host" "memory" (memory 1 3)) (import "host" "global" (global $g (mut i64)))
        (import "host" "table" (table 2 4 funcref)) (elem (i32.const 1) $run) (export "memory" (memory 0))
        (func $run (export "run") (i32.store (i32.const 8) (i32.const 0x01020304)) (global.set $g (i64.const -1))))"#;
    let instance = instance(&mut store, text, &imports).expect("it has its imports");
    func(&store, &instance, "run").call(&mut store, &[], &mut []).expect("no trap");

    let mut bytes = [0; 4];
    memory.read(&store, 8, &mut bytes).expect("in bounds");
    assert_eq!(bytes, [4, 3, 2, 1]);
    memory.write(&mut store, 65_532, &bytes).expect("in bounds");
    assert!(memory.write(&mut store, 65_533, &bytes).is_err());
    assert_eq!((memory.grow(&mut store, 2).expect("three at most"), memory.current_pages(&store)), (1, 3));
    assert!(memory.grow(&mut store, 1).is_err());
    assert_eq!(memory.ty(&store), MemoryType::new(1, Some(3)));

    assert_eq!(global.get(&mut store), Val::I64(-1));
    global.set(&mut store, Val::I64(9)).expect("it is mutable");
    assert!(global.set(&mut store, Val::I32(9)).is_err(), "another type");
    assert!(global.ty(&store).mutable() && global.ty(&store).content() == ValType::I64);

    let Some(Ref::FuncRef(Some(run))) = table.get(&mut store, 1) else { panic!("no function") };
    assert_eq!(run.ty(&store), FuncType::new([], []));
    table.set(&mut store, 0, Ref::FuncRef(Some(run))).expect("in bounds");
    assert!(table.set(&mut store, 2, Ref::FuncRef(None)).is_err());
    assert!(table.set(&mut store, 0, Ref::ExternRef(None)).is_err(), "another type");
    assert_eq!((table.grow(&mut store, 2, Ref::FuncRef(None)).expect("four at most"), table.size(&store)), (2, 4));
    assert!(table.get(&mut store, 4).is_none());
}

#[test]
fn modules_and_instances_list_what_they_have() {
    let engine = engine();
    let text = r#"(module (import "a" "f" (func (param i32))) (import "b" "g" (global i64))
        (memory (export "m") 2) (table (export "t") 1 externref) (func (export "f")) (tag (export "tag")))"#;
    let module = module(&engine, text);
    let imports: Vec<String> = module.imports(&engine).map(|i| format!("{}::{}", i.module, i.name)).collect();
    assert_eq!(imports, ["a::f", "b::g"]);
    let exports: Vec<String> = module.exports(&engine).map(|export| export.name.to_string()).collect();
    assert_eq!(exports, ["m", "t", "f"], "the interface has no tags");
    assert!(matches!(module.get_export(&engine, "m"), Some(ExternType::Memory(ty)) if ty.initial_pages() == 2));
    assert!(module.get_export(&engine, "tag").is_none());

    let mut store = Store::new(&engine, ());
    let mut imports = Imports::new();
    let ty = FuncType::new([ValType::I32], []);
    let nothing = Func::new(&mut store, ty, |_: StoreContextMut<'_, (), Backend>, _, _| Ok(()));
    imports.define("a", "f", Extern::Func(nothing));
    let error = Instance::new(&mut store, &module, &imports).expect_err("one is missing");
    assert!(error.to_string().contains("nothing is given for the import `b::g`"), "{error}");
    imports.define("b", "g", Extern::Global(Global::new(&mut store, Val::I64(1), false)));
    let instance = Instance::new(&mut store, &module, &imports).expect("it has its imports");
    let names: Vec<String> = instance.exports(&store).map(|export| export.name).collect();
    assert_eq!(names, exports);
}

#[test]
fn what_the_interface_has_no_words_for_is_an_error_where_it_is_imported() {
    let mut store = Store::new(&engine(), ());
    for (import, words) in
        [("(memory i64 1)", "no memories"), ("(table i64 1 funcref)", "no tables"), ("(tag)", "no tags")]
    {
        let text = format!("(module (import \"a\" \"b\" {import}))");
        let error = instance(&mut store, &text, &Imports::new()).expect_err(import);
        assert!(format!("{error:#}").contains(words), "{error:#}");
    }
    assert!(Module::new(store.engine(), b"\0asm\x02\0\0\0").is_err());
}

#[test]
fn a_trap_is_an_error_of_the_backend() {
    let mut store = Store::new(&engine(), ());
    let text = r#"(module (func (export "f") unreachable))"#;
    let instance = instance(&mut store, text, &Imports::new()).expect("it imports nothing");
    let error = func(&store, &instance, "f").call(&mut store.as_context_mut(), &[], &mut []).expect_err("it traps");
    assert_eq!(error.downcast_ref(), Some(&headwater::Trap::UnreachableCodeReached));
}
