//! Indices at the edges of fields that they could be narrowed to: 255 and 256, 65,535 to 65,537. Each module has more
//! items of one kind than 16 bits can count, and uses those at the edges in every way that a module and an embedder
//! can.

mod support;

use headwater::{Engine, Extern, Func, Instance, Module, Ref, Store, StoreLimits, StoreLimitsBuilder, Val};
use std::fmt::Write;

/// The indices that are tested.
const EDGES: [u32; 9] = [0, 127, 128, 255, 256, 32_768, 65_535, 65_536, 65_537];
/// How many items there are.
const COUNT: u32 = 65_539;

fn instance(text: &str) -> (Store<StoreLimits>, Instance) {
    let engine: Engine = support::engine();
    let wasm = wat::parse_str(text).expect("the text is right");
    let module = Module::new(&engine, &wasm).expect("the module is valid");
    let mut store = Store::new(&engine, StoreLimitsBuilder::new().tables(100_000).build());
    store.limiter(|limits| limits);
    let instance = Instance::new(&mut store, &module, &[]).expect("the module has no imports");
    (store, instance)
}

fn call<T>(store: &mut Store<T>, instance: &Instance, name: &str, args: &[Val]) -> i32 {
    let func = instance.get_func(&mut *store, name).unwrap_or_else(|| panic!("{name} is exported"));
    result(store, func, args)
}

fn result<T>(store: &mut Store<T>, func: Func, args: &[Val]) -> i32 {
    let mut results = [Val::I32(0)];
    func.call(store, args, &mut results).expect("nothing traps");
    results[0].unwrap_i32()
}

fn text(make: impl FnOnce(&mut String) -> std::fmt::Result) -> String {
    let mut text = String::from("(module ");
    make(&mut text).expect("strings take everything");
    text + ")"
}

#[test]
fn functions() {
    let text = text(|t| {
        write!(t, "(type $f (func (result i32))) (table {COUNT} funcref) (elem (i32.const 0) func")?;
        (0..COUNT).try_for_each(|i| write!(t, " {i}"))?;
        write!(t, ")")?;
        for i in 0..COUNT {
            write!(t, "(func (export \"f{i}\") (type $f) i32.const {i})")?;
        }
        for i in EDGES {
            write!(t, "(func (export \"call {i}\") (type $f) call {i})")?;
            write!(t, "(func (export \"ref {i}\") (result funcref) ref.func {i})")?;
        }
        write!(t, "(func (export \"indirect\") (param i32) (result i32) local.get 0 call_indirect (type $f))")?;
        write!(t, "(func (export \"get\") (param i32) (result funcref) local.get 0 table.get 0)")
    });
    let (mut store, instance) = instance(&text);
    for i in EDGES {
        let expected = i as i32;
        assert_eq!(call(&mut store, &instance, &format!("f{i}"), &[]), expected, "export of {i}");
        assert_eq!(call(&mut store, &instance, &format!("call {i}"), &[]), expected, "call of {i}");
        assert_eq!(call(&mut store, &instance, "indirect", &[Val::I32(expected)]), expected, "indirect call of {i}");
        for (name, args) in [(format!("ref {i}"), vec![]), ("get".to_string(), vec![Val::I32(expected)])] {
            let func = instance.get_func(&mut store, &name).expect("it is exported");
            let mut results = [Val::I32(0)];
            func.call(&mut store, &args, &mut results).expect("nothing traps");
            let Val::FuncRef(Some(func)) = results[0] else { panic!("{name} of {i} gives {:?}", results[0]) };
            assert_eq!(result(&mut store, func, &[]), expected, "{name} of {i}");
        }
    }
}

/// Functions of 65,539 types, each with parameters that no other has.
#[test]
fn types() {
    let params = |i: u32| (0..17).map(|bit| if i >> bit & 1 == 1 { " i64" } else { " i32" }).collect::<String>();
    let zeros =
        |i: u32| (0..17).map(|bit| if i >> bit & 1 == 1 { "i64.const 0 " } else { "i32.const 0 " }).collect::<String>();
    let text = text(|t| {
        for i in 0..COUNT {
            write!(t, "(type (func (param{}) (result i32)))", params(i))?;
        }
        write!(t, "(table {} funcref) (elem (i32.const 0) func", EDGES.len())?;
        (0..EDGES.len()).try_for_each(|n| write!(t, " {n}"))?;
        write!(t, ")")?;
        for i in EDGES {
            write!(t, "(func (type {i}) i32.const {i})")?;
        }
        for i in EDGES {
            write!(
                t,
                "(func (export \"f{i}\") (param i32) (result i32) {} local.get 0 call_indirect (type {i}))",
                zeros(i)
            )?;
            // A block of such a type, and one that only looks like it.
            write!(t, "(func (export \"b{i}\") (result i32) {}", zeros(i))?;
            write!(t, "(block (type {i}) {} i32.const {i}))", "drop ".repeat(17))?;
        }
        Ok(())
    });
    let (mut store, instance) = instance(&text);
    for (n, i) in EDGES.into_iter().enumerate() {
        assert_eq!(call(&mut store, &instance, &format!("b{i}"), &[]), i as i32, "block of type {i}");
        let func = instance.get_func(&mut store, &format!("f{i}")).expect("it is exported");
        for (m, other) in EDGES.into_iter().enumerate() {
            let outcome = func.call(&mut store, &[Val::I32(m as i32)], &mut [Val::I32(0)]);
            assert_eq!(outcome.is_ok(), m == n, "function of type {other} called with type {i}");
        }
    }
}

#[test]
fn globals() {
    let text = text(|t| {
        for i in 0..COUNT {
            write!(t, "(global (export \"g{i}\") (mut i32) (i32.const {i}))")?;
        }
        for i in EDGES {
            write!(t, "(func (export \"get {i}\") (result i32) global.get {i})")?;
            write!(t, "(func (export \"set {i}\") (result i32) i32.const -{i} global.set {i} global.get {i})")?;
        }
        Ok(())
    });
    let (mut store, instance) = instance(&text);
    for i in EDGES {
        assert_eq!(call(&mut store, &instance, &format!("get {i}"), &[]), i as i32);
        assert_eq!(call(&mut store, &instance, &format!("set {i}"), &[]), -(i as i32));
    }
    for i in 0..COUNT {
        let global = instance.get_global(&mut store, &format!("g{i}")).expect("it is exported");
        let expected = if EDGES.contains(&i) { -(i as i32) } else { i as i32 };
        assert_eq!(global.get(&mut store).unwrap_i32(), expected, "global {i}");
    }
}

#[test]
fn tables() {
    let text = text(|t| {
        for i in 0..COUNT {
            write!(t, "(table {} externref)", i % 7)?;
        }
        for i in EDGES {
            write!(t, "(export \"t{i}\" (table {i}))")?;
            write!(t, "(func (export \"size {i}\") (result i32) table.size {i})")?;
            write!(t, "(func (export \"grow {i}\") (result i32) ref.null extern i32.const 1 table.grow {i})")?;
        }
        Ok(())
    });
    let (mut store, instance) = instance(&text);
    for i in EDGES {
        let size = (i % 7) as i32;
        assert_eq!(call(&mut store, &instance, &format!("size {i}"), &[]), size, "table {i}");
        assert_eq!(call(&mut store, &instance, &format!("grow {i}"), &[]), size, "table {i}");
        let table = instance.get_table(&mut store, &format!("t{i}")).expect("it is exported");
        assert_eq!(table.size(&store), size as u64 + 1, "table {i}");
    }
}

#[test]
fn segments() {
    let text = text(|t| {
        write!(t, "(memory (export \"m\") 1) (table (export \"t\") 1 funcref)")?;
        for i in 0..COUNT {
            write!(t, "(data \"\\{:02x}\\{:02x}\\{:02x}\")", i & 255, i >> 8 & 255, i >> 16)?;
            write!(t, "(elem func {})", i % EDGES.len() as u32)?;
        }
        for (n, i) in EDGES.into_iter().enumerate() {
            write!(t, "(func (export \"f{n}\") (result i32)")?;
            write!(
                t,
                " (memory.init {i} (i32.const 0) (i32.const 0) (i32.const 3)) (data.drop {i}) (i32.load (i32.const 0)))"
            )?;
        }
        for i in EDGES {
            write!(t, "(func (export \"elem {i}\") (table.init {i} (i32.const 0) (i32.const 0) (i32.const 1)))")?;
            write!(t, "(func (export \"again {i}\") (memory.init {i} (i32.const 0) (i32.const 0) (i32.const 1)))")?;
        }
        Ok(())
    });
    let (mut store, instance) = instance(&text);
    let table = instance.get_table(&mut store, "t").expect("it is exported");
    for (n, i) in EDGES.into_iter().enumerate() {
        assert_eq!(call(&mut store, &instance, &format!("f{n}"), &[]), i as i32, "data segment {i}");
        let again = instance.get_func(&mut store, &format!("again {i}")).expect("it is exported");
        assert!(again.call(&mut store, &[], &mut []).is_err(), "data segment {i} is gone");
        let elem = instance.get_func(&mut store, &format!("elem {i}")).expect("it is exported");
        elem.call(&mut store, &[], &mut []).expect("nothing traps");
        let Some(Ref::Func(Some(func))) = table.get(&mut store, 0) else {
            panic!("element segment {i} has a function")
        };
        let expected = EDGES[i as usize % EDGES.len()];
        // Segments of data that were dropped give nothing; a function tells who it is by which of them it drops.
        let same = instance.get_func(&mut store, &format!("f{}", i as usize % EDGES.len())).expect("it is exported");
        let raw = |f: Func| format!("{f:?}");
        assert_eq!(raw(func), raw(same), "element segment {i} has function {expected}");
    }
}

/// Blocks in blocks, branches out of them, tables of branches, locals.
#[test]
fn labels_and_locals() {
    let depth = COUNT;
    let text = text(|t| {
        // Each block adds one on its way out.
        write!(t, "(func (export \"out\") (param i32) (result i32) (local i32)")?;
        write!(t, "{}", "(block ".repeat(depth as usize))?;
        write!(t, "local.get 0 br_table")?;
        (0..depth).try_for_each(|i| write!(t, " {i}"))?;
        write!(t, "{}", ") (local.set 1 (i32.add (local.get 1) (i32.const 1)))".repeat(depth as usize))?;
        write!(t, "local.get 1)")?;
        write!(t, "(func (export \"locals\") (result i32) (local")?;
        write!(t, "{}) ", " i32".repeat(50_000))?;
        for i in [0, 255, 256, 32_767, 32_768, 49_999] {
            write!(t, "(local.set {i} (i32.const {i}))")?;
        }
        write!(t, "i32.const 0")?;
        for i in [0, 255, 256, 32_767, 32_768, 49_999] {
            write!(t, " local.get {i} i32.add")?;
        }
        write!(t, ")")
    });
    let (mut store, instance) = instance(&text);
    for i in EDGES.into_iter().chain([depth - 1]) {
        assert_eq!(call(&mut store, &instance, "out", &[Val::I32(i as i32)]), (depth - i) as i32, "label {i}");
    }
    assert_eq!(call(&mut store, &instance, "locals", &[]), 255 + 256 + 32_767 + 32_768 + 49_999);
}

/// Imports, by all the numbers that they have.
#[test]
fn imports() {
    let text = text(|t| {
        for i in 0..COUNT {
            write!(t, "(import \"m\" \"f\" (func (result i32)))")?;
            if i % 2 == 0 {
                write!(t, "(import \"m\" \"g\" (global i32))")?;
            }
        }
        for i in EDGES {
            write!(t, "(func (export \"f{i}\") (result i32) call {i})")?;
        }
        for i in [0, 255, 256, 32_767, 32_768] {
            write!(t, "(func (export \"g{i}\") (result i32) global.get {i})")?;
        }
        Ok(())
    });
    let engine = support::engine();
    let module = Module::new(&engine, wat::parse_str(&text).expect("the text is right")).expect("the module is valid");
    let mut store = Store::new(&engine, ());
    let mut count = 0;
    let mut globals = 0;
    let imports: Vec<Extern> = module
        .imports()
        .map(|import| match import.name() {
            "f" => {
                let number = count;
                count += 1;
                Func::wrap(&mut store, move || number).into()
            }
            _ => {
                let ty = headwater::GlobalType::new(headwater::ValType::I32, headwater::Mutability::Const);
                globals += 1;
                headwater::Global::new(&mut store, ty, Val::I32(globals - 1)).expect("the value has the type").into()
            }
        })
        .collect();
    let instance = Instance::new(&mut store, &module, &imports).expect("the imports are right");
    for i in EDGES {
        assert_eq!(call(&mut store, &instance, &format!("f{i}"), &[]), i as i32, "imported function {i}");
    }
    for i in [0, 255, 256, 32_767, 32_768] {
        assert_eq!(call(&mut store, &instance, &format!("g{i}"), &[]), i, "imported global {i}");
    }
}
