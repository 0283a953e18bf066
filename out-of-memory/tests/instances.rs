//! Allocations of instantiation and of running code that fail, each in turn: an error, or, for allocations that are
//! small whatever the module, the panic that the embedder chose; nothing leaks, and the store can still be used and
//! dropped.
//!
//! Built only with `--cfg headwater_allocation_failures` (`scripts/test-out-of-memory`).
#![cfg(headwater_allocation_failures)]

use headwater::{Caller, Engine, Error, FuncType, Instance, Linker, Module, Result, Store, Val, ValType};
use headwater_out_of_memory::{COUNTDOWN, FAILED, LIVE, MESSAGE, panic_if_out_of_memory};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering::Relaxed;

/// The largest allocation that may panic: a larger one would have a size that a module determines.
const SMALL: usize = 4 << 10;

/// A module with many of everything whose number it determines, and functions that make the runtime allocate.
fn module(engine: &Engine) -> Module {
    let mut text = String::from("(module (import \"host\" \"wide\" (func $wide (param");
    text += &" i64".repeat(900);
    text += ") (result";
    text += &" f64".repeat(900);
    text += "))) (import \"host\" \"fails\" (func $fails))";
    for i in 0..900 {
        text += &format!("(import \"host\" \"many{i}\" (func))");
    }
    text += "(memory (export \"memory\") 1) (memory 1) (table $t 3000 funcref) (table $u 10 externref)";
    for i in 0..900 {
        text += &format!("(global (export \"g{i}\") (mut i64) (i64.add (i64.const {i}) (i64.const 1)))");
        text += &format!("(func $f{i} (export \"f{i}\")) (elem (table $t) (i32.const {i}) func $f{i})");
        text += &format!("(data (i32.const {}) \"some bytes of segment {i}\")", 64 * i);
    }
    text += "(data $passive \"0123456789\") (elem $e func $f1 $f2)
        (func (export \"grow\") (param i32) (result i32)
            (drop (table.grow $t (ref.null func) (local.get 0)))
            (drop (table.grow $u (ref.null extern) (local.get 0)))
            (drop (memory.grow 0 (i32.const 1)))
            (memory.init $passive (i32.const 0) (i32.const 0) (i32.const 10))
            (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 2))
            (table.size $t))
        (func (export \"call\") (param i32)";
    text += &"(i64.const 7)".repeat(900);
    text += "(call $wide)";
    text += &"drop ".repeat(900);
    text += ") (func (export \"trap\") unreachable) (func (export \"fail\") (call $fails)))";
    Module::new(engine, wat::parse_str(text).expect("it is well-formed")).expect("it is valid")
}

fn linker(engine: &Engine) -> Linker<()> {
    let mut linker = Linker::new(engine);
    let wide = FuncType::new(engine, vec![ValType::I64; 900], vec![ValType::F64; 900]);
    let host = |_: Caller<'_, ()>, params: &[Val], _: &mut [Val]| {
        assert_eq!(params[899].unwrap_i64(), 7);
        Ok(())
    };
    linker.func_new("host", "wide", wide, host).expect("the name is free");
    let fails = || -> Result<()> { Err(Error::msg("on purpose")) };
    linker.func_wrap("host", "fails", fails).expect("the name is free");
    for i in 0..900 {
        linker.func_wrap("host", &format!("many{i}"), || ()).expect("the name is free");
    }
    linker
}

/// Everything that is done with a module; `Err` for the outcome of the first failure.
fn use_everything(linker: &Linker<()>, module: &Module, store: &mut Store<()>) -> Result<()> {
    let instance = linker.instantiate(&mut *store, module)?;
    for round in 0..3 {
        let grow = instance.get_typed_func::<i32, i32>(&mut *store, "grow")?;
        let size = grow.call(&mut *store, 5000)?;
        assert!((3000..=18_000).contains(&size), "round {round}: {size}");
        instance.get_typed_func::<i32, ()>(&mut *store, "call")?.call(&mut *store, 0)?;
        instance.get_typed_func::<(), ()>(&mut *store, "trap")?.call(&mut *store, ()).expect_err("it traps");
        instance.get_typed_func::<(), ()>(&mut *store, "fail")?.call(&mut *store, ()).expect_err("it fails");
    }
    assert_eq!(instance.exports(&mut *store).count(), 1 + 2 * 900 + 4);
    Ok(())
}

#[test]
fn every_allocation_of_an_instance_may_fail() {
    panic_if_out_of_memory();
    let engine = Engine::default();
    let (module, linker) = (module(&engine), linker(&engine));
    let (mut all, mut live) = (0, None);
    for n in -1.. {
        let mut store = Store::new(&engine, ());
        // The first round counts.
        COUNTDOWN.store(if n < 0 { i64::MAX } else { n }, Relaxed);
        let failed = FAILED.load(Relaxed);
        let outcome = catch_unwind(AssertUnwindSafe(|| use_everything(&linker, &module, &mut store)));
        let counted = COUNTDOWN.swap(-1, Relaxed);
        let failed = FAILED.load(Relaxed) != failed;
        if n < 0 {
            all = i64::MAX - counted;
        }
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(error)) => assert!(failed, "{n}: {error:#}"),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map_or("", String::as_str);
                let bytes = text.strip_prefix(MESSAGE).and_then(|rest| rest.split(' ').next()?.parse().ok());
                let bytes: usize = bytes.unwrap_or_else(|| panic!("{n}: {text}"));
                assert!(
                    bytes <= SMALL,
                    "{n}: an allocation of {bytes} bytes, which a module decides on, is not fallible"
                );
            }
        }
        // The store can still be used.
        Instance::new(&mut store, &Module::new(&engine, b"\0asm\x01\0\0\0").expect("it is valid"), &[])
            .expect("it fits");
        use_everything(&linker, &module, &mut store).unwrap_or_else(|error| panic!("{n}: {error:#}"));
        drop(store);
        // What an engine keeps for later is there from the first round on, but not how large it is.
        let now = LIVE.load(Relaxed);
        let before = *live.get_or_insert(now);
        assert!(now <= before + 64, "{n}: {before} allocations lived, now {now}");
        if n >= 0 && !failed {
            assert!(n > 100, "hardly anything is allocated");
            println!("{n} of {all} allocations failed in turn");
            break;
        }
    }
}
