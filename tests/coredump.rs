//! Core dumps of programs that trap: they hold what the store contained, and are modules that other tools can read.

use headwater::{
    Caller, Config, Engine, Error, Instance, Linker, Memory, Module, Result, Store, Trap, Val, WasmCoreDump,
};
use wasmparser::{DataKind, Parser, Payload};

const PROGRAM: &str = r#"(module $program
    (import "host" "call" (func $call))
    (memory (export "memory") 3)
    (global (export "count") (mut i64) (i64.const 7))
    (global $external externref (ref.null extern))
    (func (export "trap") (call $inner))
    (func $inner
        (i32.store8 (i32.const 5) (i32.const 0xab))
        (i32.store8 (i32.const 0x2ffff) (i32.const 0xcd))
        (global.set 0 (i64.const -3))
        unreachable)
    (func (export "nested") (call $call)))"#;

fn engine() -> Engine {
    Engine::new(Config::new().coredump_on_trap(true)).expect("a supported setting")
}

fn error_of(engine: &Engine, export: &str) -> (Store<()>, Instance, Error) {
    let module = Module::new(engine, wat::parse_str(PROGRAM).expect("valid text")).expect("a valid module");
    let mut linker = Linker::new(engine);
    let call = |mut caller: Caller<'_, ()>| -> Result<()> {
        let trap = caller.get_export("trap").and_then(|export| export.into_func()).expect("it is there");
        trap.call(&mut caller, &[], &mut [])
    };
    linker.func_wrap("host", "call", call).expect("the name is free");
    let mut store = Store::new(engine, ());
    let instance = linker.instantiate(&mut store, &module).expect("it has its import");
    let func = instance.get_func(&mut store, export).expect("it is there");
    let error = func.call(&mut store, &[], &mut []).expect_err("it traps");
    (store, instance, error)
}

#[test]
fn a_dump_holds_what_the_store_contained() {
    let (mut store, instance, error) = error_of(&engine(), "trap");
    assert_eq!(error.downcast_ref(), Some(&Trap::UnreachableCodeReached));
    let dump = error.downcast_ref::<WasmCoreDump>().expect("it trapped");
    let names: Vec<u32> = dump.frames().iter().map(|frame| frame.func_index()).collect();
    assert_eq!(names, [2, 1]);
    assert_eq!(dump.instances(), [instance]);
    assert_eq!(dump.modules()[0].name(), Some("program"));
    assert_eq!(dump.memories()[0].data(&store)[5], 0xab);
    assert!(matches!(dump.globals()[0].get(&mut store), Val::I64(-3)));

    let bytes = dump.serialize(&mut store, "the program");
    Module::new(&engine(), &bytes).expect("a dump is a module");
    let (mut customs, mut data) = (Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(&bytes) {
        match payload.expect("a valid module") {
            Payload::CustomSection(section) => customs.push((section.name().to_string(), section.data().to_vec())),
            Payload::DataSection(segments) => {
                data = segments.into_iter().collect::<Result<Vec<_>, _>>().expect("valid")
            }
            _ => {}
        }
    }
    let names: Vec<&str> = customs.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["core", "coremodules", "coreinstances", "corestack"]);
    assert!(customs[0].1.ends_with(b"the program"), "{:?}", customs[0]);
    // One instance of module 0, with one memory and two globals.
    assert_eq!(customs[2].1, [1, 0, 0, 1, 0, 2, 0, 1]);
    let pieces: Vec<(i64, usize, u8)> = data
        .iter()
        .map(|segment| {
            let DataKind::Active { offset_expr, .. } = &segment.kind else { panic!("not active") };
            let offset = match offset_expr.get_operators_reader().read().expect("an offset") {
                wasmparser::Operator::I32Const { value } => value.into(),
                other => panic!("{other:?}"),
            };
            let byte = segment.data.iter().find(|&&byte| byte != 0).copied();
            (offset, segment.data.len(), byte.expect("zeros are left out"))
        })
        .collect();
    assert_eq!(pieces, [(0, 4096, 0xab), (0x2f000, 4096, 0xcd)]);
}

#[test]
fn a_dump_is_made_once_where_the_trap_is() {
    let (_, _, error) = error_of(&engine(), "nested");
    assert_eq!(error.chain().filter(|cause| cause.to_string().contains("core dump of")).count(), 1, "{error:#}");
    assert_eq!(error.downcast_ref::<WasmCoreDump>().expect("it trapped").frames()[0].func_index(), 2);
}

#[test]
fn there_is_no_dump_unless_asked_for_nor_for_errors_of_the_host() {
    let (_, _, error) = error_of(&Engine::default(), "trap");
    assert!(error.is::<Trap>() && !error.is::<WasmCoreDump>());
    let engine = engine();
    let mut linker = Linker::new(&engine);
    linker.func_wrap("host", "call", || -> Result<()> { Err(Error::msg("no trap")) }).expect("the name is free");
    let mut store = Store::new(&engine, ());
    Memory::new(&mut store, headwater::MemoryType::new(1, None)).expect("there is room");
    let module = Module::new(&engine, wat::parse_str(PROGRAM).expect("valid text")).expect("a valid module");
    let instance = linker.instantiate(&mut store, &module).expect("it has its import");
    let nested = instance.get_typed_func::<(), ()>(&mut store, "nested").expect("its type");
    assert!(!nested.call(&mut store, ()).expect_err("the host fails").is::<WasmCoreDump>());
}
