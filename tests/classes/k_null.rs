//! Class K: zero is not null, and null is not zero.
//!
//! The function with index 0 and the first host value in a store are not null; locals, elements and results that were
//! never set are, whatever was in the same place on the stack or the heap before.

use crate::api_common::module;
use crate::harness::{HOST, MODES, Ours, V, call, compare, engine, wasm};
use headwater::{
    ExternRef, Func, Global, GlobalType, Instance, Linker, Mutability, Ref, RefType, Rooted, Store, Table, TableType,
    Trap, Val, ValType,
};
use std::fmt::Write as _;

#[test]
fn k_locals_of_reference_types_begin_as_null() {
    let mut text = format!(
        "(module {HOST} (table $t 1 funcref) (elem declare func $first) (func $first (result i32) (i32.const 1))"
    );
    // Leaves a frame full of references and ones.
    text += "(func $dirt (param funcref externref)";
    text += &"(local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)".repeat(3);
    text += "(local funcref externref)";
    for i in 2..62 {
        write!(text, "(local.set {i} (i64.const -1))").expect("strings take everything");
    }
    text += "(local.set 62 (local.get 0)) (local.set 63 (local.get 1)) (call $nothing))";
    let mut calls = Vec::new();
    for n in [1usize, 2, 3, 5, 8, 9, 10, 16, 17, 33, 100] {
        for (k, kind) in [
            "funcref",
            "externref",
            "funcref externref",
            "i32 funcref f64 externref i64",
            "i64 i64 i64 i64 i64 i64 funcref",
        ]
        .iter()
        .enumerate()
        {
            let types: Vec<&str> = kind.split(' ').cycle().take(n).collect();
            let count: String = types
                .iter()
                .enumerate()
                .map(|(i, ty)| match *ty {
                    "funcref" | "externref" => format!("local.get {i} ref.is_null i32.eqz i32.add "),
                    "i32" => format!("local.get {i} i32.add "),
                    "i64" => format!("local.get {i} i64.eqz i32.eqz i32.add "),
                    ty => format!("local.get {i} {ty}.const 0 {ty}.ne i32.add "),
                })
                .collect();
            let locals = types.join(" ");
            // At first, across a call, and in a function whose frame lies where another's was.
            let dirt = "ref.func $first i32.const 0 call $ref call $dirt";
            writeln!(text, "(func $f{n}_{k} (result i32) (local {locals}) i32.const 0 {count} call $nothing {count})")
                .expect("strings take everything");
            writeln!(
                text,
                "(func (export \"{n} {k}\") (result i32) {dirt} call $f{n}_{k} {dirt} call $f{n}_{k} i32.add)"
            )
            .expect("strings take everything");
            calls.push(call(format!("{n} {k}"), &[]));
        }
    }
    text.push(')');
    let modules = [("main", wasm(&text))];
    for mode in MODES {
        let mut ours = Ours::new(&engine(mode), &modules);
        for call in &calls {
            assert_eq!(ours.call(call), Ok(vec![V::I32(0)]), "{call:?}, `{mode}`");
        }
    }
}

#[test]
fn k_function_zero_and_the_first_reference_are_not_null() {
    for imported in [false, true] {
        let zero = if imported {
            r#"(import "other" "zero" (func $zero (result i32)))"#
        } else {
            "(func $zero (result i32) (i32.const 77))"
        };
        let other = r#"(module (func (export "zero") (result i32) (i32.const 77)))"#;
        let text = format!(
            r#"(module {zero}
            (type $v (func (result i32))) (table $t 3 funcref) (table $e 3 externref) (elem declare func $zero)
            (elem (table $t) (i32.const 1) func $zero)
            (global $g (mut funcref) (ref.null func)) (global $h funcref (ref.func $zero)) (global $x (mut externref)
            (ref.null extern))
            (func (export "ref.func") (result i32) (ref.is_null (ref.func $zero)))
            (func (export "ref.null") (result i32) (ref.is_null (ref.null func)))
            (func (export "ref.null extern") (result i32) (ref.is_null (ref.null extern)))
            (func (export "global") (result i32) (ref.is_null (global.get $g)))
            (func (export "global of zero") (result i32) (ref.is_null (global.get $h)))
            (func (export "extern global") (result i32) (ref.is_null (global.get $x)))
            (func (export "element 0") (result i32) (ref.is_null (table.get $t (i32.const 0))))
            (func (export "element 1") (result i32) (ref.is_null (table.get $t (i32.const 1))))
            (func (export "extern element") (result i32) (ref.is_null (table.get $e (i32.const 0))))
            (func (export "select") (param i32) (result i32) (ref.is_null (select (result funcref) (ref.func $zero)
            (ref.null func) (local.get 0))))
            (func (export "if") (param i32) (result i32) (if (result i32) (ref.is_null (select (result funcref)
            (ref.func $zero) (ref.null func) (local.get 0))) (then (i32.const 5)) (else (i32.const 6))))
            (func (export "call 0") (result i32) (call_indirect $t (type $v) (i32.const 0)))
            (func (export "call 1") (result i32) (call_indirect $t (type $v) (i32.const 1)))
            (func (export "set") (param i32) (result i32) (table.set $t (i32.const 2) (select (result funcref)
            (ref.func $zero) (ref.null func) (local.get 0)))
                (call_indirect $t (type $v) (i32.const 2)))
            (func (export "grow") (param i32) (result i32) (table.grow $t (select (result funcref) (ref.func $zero)
            (ref.null func) (local.get 0)) (i32.const 1))
                (ref.is_null (table.get $t))))"#
        );
        let arg = |v| [V::I32(v)];
        let mut calls: Vec<_> = [
            "ref.func",
            "ref.null",
            "ref.null extern",
            "global",
            "global of zero",
            "extern global",
            "element 0",
            "element 1",
            "extern element",
            "call 0",
            "call 1",
        ]
        .map(|name| call(name, &[]))
        .into();
        for name in ["select", "if", "set", "grow"] {
            calls.extend([0, 1, 0, 2].map(|v| call(name, &arg(v))));
        }
        compare(&[("other", wasm(other)), ("main", wasm(&text))], &calls, &[], &MODES);
    }
}

/// What the host made the reference for; handles to the same value need not be the same.
fn number(store: &Store<()>, reference: Option<Rooted<ExternRef>>) -> Option<u8> {
    let data = reference?.data(store).expect("it is of this store").expect("it is the host's");
    data.downcast_ref::<u8>().copied()
}

#[test]
fn k_null_and_zero_pass_between_host_and_code() {
    for mode in MODES {
        let engine = engine(mode);
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        linker
            .func_wrap("host", "f", |f: Option<Func>, e: Option<Rooted<ExternRef>>| (f, e))
            .expect("the name is free");
        let module = module(
            &engine,
            r#"(module (import "host" "f" (func $f (param funcref externref) (result funcref externref)))
                (func (export "pass") (param funcref externref) (result funcref externref) (call $f (local.get 0)
                (local.get 1)))
                (func (export "nulls") (result funcref externref i32) (local funcref externref) (local.get 0)
                (local.get 1) (i32.const 0)))"#,
        );
        let instance: Instance = linker.instantiate(&mut store, &module).expect("everything is defined");
        // The first value of the store, and a function whose pointer is whatever it is.
        let first = ExternRef::new(&mut store, 5u8).expect("there is room");
        let func = instance.get_func(&mut store, "pass").expect("it is exported");
        let pass = func
            .typed::<(Option<Func>, Option<Rooted<ExternRef>>), (Option<Func>, Option<Rooted<ExternRef>>)>(&store)
            .expect("the type");
        for (f, e) in [(None, None), (Some(func), None), (None, Some(first)), (Some(func), Some(first))] {
            let (f2, e2) = pass.call(&mut store, (f, e)).expect("no trap");
            assert_eq!((f2.is_none(), number(&store, e2)), (f.is_none(), number(&store, e)), "`{mode}`");
            let mut out = [Val::I32(1), Val::I64(1)];
            func.call(&mut store, &[f.into(), e.into()], &mut out).expect("no trap");
            assert_eq!(
                (out[0].unwrap_funcref().is_none(), number(&store, out[1].unwrap_externref().copied())),
                (f.is_none(), number(&store, e)),
                "`{mode}`"
            );
        }
        let nulls = instance.get_func(&mut store, "nulls").expect("it is exported");
        let mut out = [Val::I32(1), Val::I32(1), Val::I32(1)];
        nulls.call(&mut store, &[], &mut out).expect("no trap");
        assert!(
            out[0].unwrap_funcref().is_none() && out[1].unwrap_externref().is_none() && out[2].unwrap_i32() == 0,
            "`{mode}`"
        );
        // What the host creates without a value, and what it fills with one.
        for (ty, value) in [(RefType::FUNCREF, Ref::Func(Some(func))), (RefType::EXTERNREF, Ref::Extern(Some(first)))] {
            let null = Ref::null(ty.heap_type());
            let table = Table::new(&mut store, TableType::new(ty.clone(), 3, None), null).expect("there is room");
            table.set(&mut store, 1, value).expect("in bounds");
            table.grow(&mut store, 2, null).expect("there is no maximum");
            let found: Vec<bool> = (0..5).map(|i| table.get(&mut store, i).expect("in bounds").is_null()).collect();
            assert_eq!(found, [true, false, true, true, true], "`{mode}`");
            table.fill(&mut store, 0, value, 5).expect("in bounds");
            table.fill(&mut store, 4, null, 1).expect("in bounds");
            let found: Vec<bool> = (0..5).map(|i| table.get(&mut store, i).expect("in bounds").is_null()).collect();
            assert_eq!(found, [false, false, false, false, true], "`{mode}`");
            let global =
                Global::new(&mut store, GlobalType::new(ValType::Ref(ty.clone()), Mutability::Var), null.into())
                    .expect("there is room");
            assert!(global.get(&mut store).ref_().expect("a reference").is_null());
            global.set(&mut store, value.into()).expect("it can be set");
            assert!(!global.get(&mut store).ref_().expect("a reference").is_null());
        }
        // A call of null through a table that the host created.
        let table =
            Table::new(&mut store, TableType::new(RefType::FUNCREF, 2, None), Ref::Func(None)).expect("there is room");
        let module = crate::api_common::module(
            &engine,
            r#"(module (import "" "t" (table 2 funcref)) (func (export "call") (call_indirect (i32.const 0))))"#,
        );
        let instance = Instance::new(&mut store, &module, &[table.into()]).expect("the table fits");
        let call = instance.get_typed_func::<(), ()>(&mut store, "call").expect("it is exported");
        assert_eq!(call.call(&mut store, ()).expect_err("null").downcast_ref(), Some(&Trap::IndirectCallToNull));
    }
}
