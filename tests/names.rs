//! Names of modules: which are found, and how messages show them.

use headwater::{CompileErrorKind, Engine, Func, Instance, Linker, Module, Store, WasmBacktrace};

const NAME: &str = r"\1b[2J\0aforged\e2\80\ae";
const RAW: &str = "\u{1b}[2J\nforged\u{202e}";
const SHOWN: &str = r"\u{1b}[2J\nforged\u{202e}";

fn module(engine: &Engine, text: &str) -> Module {
    Module::new(engine, wat::parse_str(text).expect("the text of a test parses")).expect("it is valid")
}

#[track_caller]
fn shows(message: impl ToString, part: &str) {
    let message = message.to_string();
    assert!(message.contains(part), "no `{part}` in {message:?}");
    assert!(!message.contains(['\u{1b}', '\u{202e}']) && !message.contains("\nforged"), "{message:?}");
}

#[test]
fn link_errors_show_names_without_what_terminals_obey() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let module = module(&engine, &format!(r#"(module (import "{NAME}" "{NAME}" (func)) (func (export "{NAME}")))"#));
    let names = format!("`{SHOWN}::{SHOWN}`");

    let mut linker = Linker::new(&engine);
    shows(linker.instantiate(&mut store, &module).expect_err("nothing is defined"), &names);
    linker.func_wrap(RAW, RAW, |x: i32| x).expect("the name is free");
    shows(linker.instantiate(&mut store, &module).expect_err("it is of another type"), &names);
    shows(linker.func_wrap(RAW, RAW, || {}).map(drop).expect_err("the name is taken"), &names);
    shows(linker.alias(RAW, "none", "a", "b").map(drop).expect_err("there is no such thing"), SHOWN);

    let wrong = Func::wrap(&mut store, |x: i32| x);
    shows(Instance::new(&mut store, &module, &[wrong.into()]).expect_err("it is of another type"), &names);
    let mut other = Store::new(&engine, ());
    let foreign = Func::wrap(&mut other, || {});
    shows(Instance::new(&mut store, &module, &[foreign.into()]).expect_err("it belongs to another store"), &names);

    let mut linker = Linker::new(&engine);
    linker.define_unknown_imports_as_traps(&module).expect("all can be defined");
    let instance = linker.instantiate(&mut store, &module).expect("all is defined");
    shows(instance.get_typed_func::<i32, ()>(&mut store, RAW).expect_err("it takes nothing"), SHOWN);
    shows(instance.get_typed_func::<(), ()>(&mut store, &format!("{RAW}2")).expect_err("it is not there"), SHOWN);
}

#[test]
fn backtraces_and_compile_errors_show_names_without_what_terminals_obey() {
    let engine = Engine::default();
    let text = format!(r#"(module (@name "{NAME}") (func (@name "{NAME}") (export "f") unreachable))"#);
    let module = module(&engine, &text);
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).expect("it imports nothing");
    let f = instance.get_typed_func::<(), ()>(&mut store, "f").expect("it exports this");
    let error = f.call(&mut store, ()).expect_err("it traps");
    shows(error.downcast_ref::<WasmBacktrace>().expect("it was running"), &format!("{SHOWN}!{SHOWN}"));
    shows(headwater::web::function_name(&module, 0), &format!("{SHOWN}.{SHOWN}"));
    // The name itself is returned unchanged.
    assert_eq!((module.name(), module.func_name(0)), (Some(RAW), Some(RAW)));

    let twice = format!(r#"(module (func (export "{NAME}")) (func (export "{NAME}")))"#);
    let error = Module::new(&engine, wat::parse_str(twice).expect("it parses")).expect_err("a name is there twice");
    assert_eq!(error.kind(), CompileErrorKind::Invalid);
    shows(error.message(), SHOWN);
}

#[test]
fn one_bad_entry_of_the_name_section_costs_no_other() {
    let engine = Engine::default();
    let mut bytes = wat::parse_str("(module $m (func $a) (func $bad) (func $c))").expect("the text of a test parses");
    let at = bytes.windows(3).position(|bytes| bytes == b"bad").expect("the name is there");
    bytes[at] = 0xff;
    let module = Module::new(&engine, &bytes).expect("names are not part of what is valid");
    let names = [0, 1, 2, 3].map(|func| module.func_name(func));
    assert_eq!((module.name(), names), (Some("m"), [Some("a"), None, Some("c"), None]));
}
