//! Exceptions and the host: those that leave, those that host functions throw, what is no exception, and how long
//! exceptions live.

mod api_common;

use api_common::{config, engine, instance, module, trap};
use headwater::{
    AsContextMut, Caller, Engine, Error, ExnRef, ExnRefPre, ExnType, Extern, Func, FuncType, Global, GlobalType,
    HeapType, Instance, Linker, Mutability, Ref, RefType, Result, Rooted, Store, StoreLimits, StoreLimitsBuilder,
    Table, TableType, Tag, TagType, ThrownException, Trap, Val, ValType, WasmBacktrace,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// An exception with `tag`, whose fields are `fields`.
fn exception(mut store: impl AsContextMut, tag: &Tag, fields: &[Val]) -> Rooted<ExnRef> {
    let ty = ExnType::from_tag_type(&tag.ty(&store)).unwrap();
    let allocator = ExnRefPre::new(&mut store, ty);
    ExnRef::new(store, &allocator, tag, fields).unwrap()
}

fn tag_of<T>(store: &mut Store<T>, params: &[ValType]) -> Tag {
    let ty = FuncType::new(store.engine(), params.iter().cloned(), []);
    Tag::new(store, &TagType::new(ty)).unwrap()
}

#[test]
fn an_exception_that_nobody_catches_leaves_the_entry_as_an_error() {
    let (mut store, instance) = instance(
        (),
        "(module (tag $t (export \"t\") (param i32 f64 externref))
           (func $inner (param i32) (throw $t (local.get 0) (f64.const 2.5) (ref.null extern)))
           (func $outer (export \"f\") (param i32) (call $inner (local.get 0))))",
        |_| {},
    );
    let tag = instance.get_tag(&mut store, "t").unwrap();
    let f = instance.get_typed_func::<i32, ()>(&mut store, "f").unwrap();
    for n in 0..3 {
        let error = f.call(&mut store, n).unwrap_err();
        assert_eq!(error.downcast_ref::<ThrownException>(), Some(&ThrownException));
        assert!(error.downcast_ref::<Trap>().is_none());
        let frames = error.downcast_ref::<WasmBacktrace>().unwrap();
        let names: Vec<_> = frames.frames().iter().map(|f| f.func_name().unwrap()).collect();
        assert_eq!(names, ["inner", "outer"]);
        assert!(store.has_pending_exception());
        let taken = store.take_pending_exception().unwrap();
        assert!(!store.has_pending_exception() && store.take_pending_exception().is_none());
        assert!(Tag::eq(&taken.tag(&mut store).unwrap(), &tag, &store));
        assert_eq!(taken.field(&mut store, 0).unwrap().unwrap_i32(), n);
        assert_eq!(taken.field(&mut store, 1).unwrap().unwrap_f64(), 2.5);
        assert!(taken.field(&mut store, 3).is_err());
        let fields: Vec<Val> = taken.fields(&mut store).unwrap().collect();
        assert!(fields.len() == 3 && matches!(fields[2], Val::ExternRef(None)));
        let types: Vec<String> = taken.ty(&store).unwrap().fields().map(|ty| ty.to_string()).collect();
        assert_eq!(types, ["i32", "f64", "externref"]);
    }
}

#[test]
fn tags_are_those_of_their_instance_and_those_that_are_linked() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let own = module(
        &engine,
        "(module (tag $t (export \"t\") (param i32)) (func (export \"throw\") (param i32) (throw $t (local.get 0))))",
    );
    let a = Instance::new(&mut store, &own, &[]).unwrap();
    let b = Instance::new(&mut store, &own, &[]).unwrap();
    let tags = [a, b].map(|i| i.get_tag(&mut store, "t").unwrap());
    assert!(!Tag::eq(&tags[0], &tags[1], &store));
    assert!(Tag::eq(&tags[0], &a.get_tag(&mut store, "t").unwrap(), &store));
    let catcher = module(
        &engine,
        "(module (import \"\" \"t\" (tag $t (param i32))) (import \"\" \"throw\" (func $throw (param i32)))
           (export \"again\" (tag $t))
           (func (export \"f\") (param i32) (result i32)
             (block $l (result i32)
               (try_table (catch $t $l) (call $throw (local.get 0)))
               (unreachable))))",
    );
    let throws = [a, b].map(|i| i.get_func(&mut store, "throw").unwrap());
    for (t, f, caught) in [(0, 0, true), (1, 1, true), (0, 1, false), (1, 0, false)] {
        let imports = [Extern::Tag(tags[t]), Extern::Func(throws[f])];
        let instance = Instance::new(&mut store, &catcher, &imports).unwrap();
        assert!(Tag::eq(&instance.get_tag(&mut store, "again").unwrap(), &tags[t], &store));
        let func = instance.get_typed_func::<i32, i32>(&mut store, "f").unwrap();
        match func.call(&mut store, 5) {
            Ok(n) => assert!(caught && n == 5),
            Err(error) => assert!(!caught && error.is::<ThrownException>(), "{error:?}"),
        }
    }
    // Types have to match exactly, and a tag is a tag.
    let other = tag_of(&mut store, &[ValType::I64]);
    for wrong in [Extern::Tag(other), Extern::Func(throws[0])] {
        assert!(Instance::new(&mut store, &catcher, &[wrong, throws[0].into()]).is_err());
    }
    let ty = FuncType::new(&engine, [], [ValType::I32]);
    assert!(Tag::new(&mut store, &TagType::new(ty)).unwrap_err().to_string().contains("no results"));
}

/// Calls its import with the argument, and says what came of it.
const CALLS_HOST: &str = "(module
    (import \"host\" \"t\" (tag $t (param i32)))
    (import \"host\" \"f\" (func $f (param i32) (result i32)))
    (func $catches (export \"catches\") (param i32) (result i32) (local $kept i64)
      (local.set $kept (i64.const 1000))
      (block $l (result i32)
        (try_table (catch $t $l) (return (call $f (local.get 0))))
        (unreachable))
      (i32.add (i32.wrap_i64 (local.get $kept))))
    (func (export \"all\") (param i32) (result i32)
      (block $l (try_table (catch_all $l) (return (call $f (local.get 0)))))
      (i32.const -1))
    (func (export \"legacy\") (param i32) (result i32)
      try (result i32) (call $f (local.get 0)) catch_all (i32.const -1) end)
    (func (export \"again\") (param i32) (result i32)
      (block $l (result exnref)
        (try_table (catch_all_ref $l) (return (call $f (local.get 0))))
        (unreachable))
      (throw_ref))
    (func (export \"through\") (param i32) (result i32) (call $f (local.get 0))))";

#[test]
fn host_functions_throw_pass_on_swallow_and_replace() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let tag = tag_of(&mut store, &[ValType::I32]);
    let module = module(&engine, CALLS_HOST);
    let throws = Func::wrap(&mut store, move |mut caller: Caller<'_, ()>, n: i32| -> Result<i32> {
        let exn = exception(&mut caller, &tag, &[Val::I32(n)]);
        Ok(caller.as_context_mut().throw(exn)?)
    });
    let inner = Instance::new(&mut store, &module, &[tag.into(), throws.into()]).unwrap();
    let call = |store: &mut Store<()>, instance: Instance, name: &str, n: i32| -> Result<i32> {
        instance.get_typed_func::<i32, i32>(&mut *store, name).unwrap().call(store, n)
    };
    assert_eq!(call(&mut store, inner, "catches", 7).unwrap(), 1007);
    assert_eq!(call(&mut store, inner, "all", 7).unwrap(), -1);
    assert_eq!(call(&mut store, inner, "legacy", 7).unwrap(), -1);
    assert!(!store.has_pending_exception());
    for name in ["again", "through"] {
        let error = call(&mut store, inner, name, 7).unwrap_err();
        assert!(error.is::<ThrownException>());
        let taken = store.take_pending_exception().unwrap();
        assert_eq!(taken.field(&mut store, 0).unwrap().unwrap_i32(), 7);
    }

    // Host functions between two activations.
    let through = inner.get_typed_func::<i32, i32>(&mut store, "through").unwrap();
    let pass = Func::wrap(&mut store, move |mut caller: Caller<'_, ()>, n: i32| -> Result<i32> {
        through.call(&mut caller, n).map_err(|e| e.context("on the way"))
    });
    let swallow = Func::wrap(&mut store, move |mut caller: Caller<'_, ()>, n: i32| -> Result<i32> {
        let error = through.call(&mut caller, n).unwrap_err();
        assert!(error.is::<ThrownException>());
        let taken = caller.as_context_mut().take_pending_exception().unwrap();
        Ok(taken.field(&mut caller, 0)?.unwrap_i32() + 50)
    });
    let replace = Func::wrap(&mut store, move |mut caller: Caller<'_, ()>, n: i32| -> Result<i32> {
        through.call(&mut caller, n).unwrap_err();
        let exn = exception(&mut caller, &tag, &[Val::I32(n + 100)]);
        Ok(caller.as_context_mut().throw(exn)?)
    });
    let fail = Func::wrap(&mut store, move |mut caller: Caller<'_, ()>, n: i32| -> Result<i32> {
        through.call(&mut caller, n).unwrap_err();
        Err(Error::msg("something else"))
    });
    for (host, expected) in [(pass, Some(1007)), (swallow, Some(57)), (replace, Some(1107)), (fail, None)] {
        let outer = Instance::new(&mut store, &module, &[tag.into(), host.into()]).unwrap();
        let found = call(&mut store, outer, "catches", 7);
        match expected {
            Some(n) => assert_eq!(found.unwrap(), n),
            // An error is no exception.
            None => assert_eq!(found.unwrap_err().root_cause().to_string(), "something else"),
        }
    }
    // Without an exception the error is one as any.
    let alone = Func::wrap(&mut store, |_: i32| -> Result<i32> { Err(ThrownException.into()) });
    store.take_pending_exception();
    let outer = Instance::new(&mut store, &module, &[tag.into(), alone.into()]).unwrap();
    for name in ["catches", "all", "legacy"] {
        assert!(call(&mut store, outer, name, 7).unwrap_err().is::<ThrownException>());
    }
    // Called by the host itself it throws at nobody.
    let error = throws.call(&mut store, &[Val::I32(3)], &mut [Val::I32(0)]).unwrap_err();
    assert!(error.is::<ThrownException>());
    assert_eq!(store.take_pending_exception().unwrap().field(&mut store, 0).unwrap().unwrap_i32(), 3);
}

/// Functions that end other than by an exception, within `catch_all` of both kinds.
const NO_EXCEPTIONS: &str = "(module
    (import \"host\" \"error\" (func $error))
    (import \"host\" \"panic\" (func $panic))
    (memory 1) (table 1 funcref)
    (func $unreachable (unreachable))
    (func $divide (drop (i32.div_u (i32.const 1) (i32.const 0))))
    (func $access (drop (i32.load (i32.const -1))))
    (func $null (call_indirect (i32.const 0)))
    (func $null_ref (throw_ref (ref.null exn)))
    (func $endless (loop $l (br $l)))
    (func $deep (call $deep))
    (table $f funcref (elem $unreachable $divide $access $null $null_ref $deep $error $panic $endless))
    (func (export \"new\") (param i32) (result i32)
      (block $l (try_table (catch_all $l) (call_indirect $f (local.get 0)))) (i32.const 1))
    (func (export \"ref\") (param i32) (result i32)
      (drop (block $l (result exnref)
        (try_table (catch_all_ref $l) (call_indirect $f (local.get 0))) (unreachable))) (i32.const 1))
    (func (export \"old\") (param i32) (result i32)
      try (result i32) (call_indirect $f (local.get 0)) (i32.const 0) catch_all (i32.const 1) end)
    (func (export \"inline\") (param i32) (result i32)
      try (result i32) (drop (i32.load (i32.const -1))) (i32.const 0) catch_all (i32.const 1) end))";

fn no_exceptions(engine: &Engine) -> (Store<()>, Instance) {
    let mut store = Store::new(engine, ());
    let mut linker = Linker::new(engine);
    linker.func_wrap("host", "error", || -> Result<()> { Err(Error::msg("an error")) }).unwrap();
    linker.func_wrap("host", "panic", || -> () { std::panic::panic_any("a panic") }).unwrap();
    let module = module(engine, NO_EXCEPTIONS);
    let instance = linker.instantiate(&mut store, &module).unwrap();
    (store, instance)
}

#[test]
fn traps_errors_and_panics_are_caught_by_nobody() {
    let (mut store, instance) = no_exceptions(&engine());
    for name in ["new", "ref", "old", "inline"] {
        let func = instance.get_typed_func::<i32, i32>(&mut store, name).unwrap();
        let traps = [
            Trap::UnreachableCodeReached,
            Trap::IntegerDivisionByZero,
            Trap::MemoryOutOfBounds,
            Trap::IndirectCallToNull,
            Trap::NullReference,
            Trap::StackOverflow,
        ];
        if name == "inline" {
            assert_eq!(trap(&func.call(&mut store, 0).unwrap_err()), Trap::MemoryOutOfBounds);
            continue;
        }
        for (i, expected) in traps.into_iter().enumerate() {
            assert_eq!(trap(&func.call(&mut store, i as i32).unwrap_err()), expected, "{name}");
        }
        assert_eq!(func.call(&mut store, 6).unwrap_err().root_cause().to_string(), "an error");
        let panic = catch_unwind(AssertUnwindSafe(|| func.call(&mut store, 7))).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"a panic"));
    }
}

#[test]
fn interruption_and_the_end_of_fuel_are_caught_by_nobody() {
    let mut fuel = config();
    let engine = Engine::new(fuel.consume_fuel(true)).unwrap();
    let (mut store, instance) = no_exceptions(&engine);
    for name in ["new", "ref", "old"] {
        store.set_fuel(100_000).unwrap();
        let func = instance.get_typed_func::<i32, i32>(&mut store, name).unwrap();
        assert_eq!(trap(&func.call(&mut store, 8).unwrap_err()), Trap::OutOfFuel);
    }
    let mut epochs = config();
    let engine = Engine::new(epochs.epoch_interruption(true)).unwrap();
    let (mut store, instance) = no_exceptions(&engine);
    if store.get_fuel().is_ok() {
        store.set_fuel(u64::MAX).unwrap();
    }
    for name in ["new", "ref", "old"] {
        store.set_epoch_deadline(1);
        engine.increment_epoch();
        let func = instance.get_typed_func::<i32, i32>(&mut store, name).unwrap();
        assert_eq!(trap(&func.call(&mut store, 8).unwrap_err()), Trap::Interrupt);
    }
}

#[test]
fn references_to_exceptions_pass_through_the_host_both_ways() {
    let engine = engine();
    let mut store = Store::new(&engine, Vec::<i32>::new());
    let exnref = ValType::Ref(RefType::EXNREF);
    let module = module(
        &engine,
        "(module (tag $t (export \"t\") (param i32))
           (import \"host\" \"look\" (func $look (param exnref i64) (result i64 exnref)))
           (import \"host\" \"g\" (global $g (mut exnref)))
           (import \"host\" \"table\" (table $table 2 exnref))
           (global $own (export \"own\") (mut exnref) (ref.null exn))
           (func $make (export \"make\") (param i32) (result exnref)
             (block $l (result exnref) (try_table (catch_all_ref $l) (throw $t (local.get 0))) (unreachable)))
           (func (export \"keep\") (param i32)
             (global.set $g (call $make (local.get 0)))
             (global.set $own (global.get $g))
             (table.set $table (i32.const 1) (call $make (i32.add (local.get 0) (i32.const 1)))))
           (func (export \"read\") (param exnref) (result i32)
             (block $l (result i32) (try_table (catch $t $l) (throw_ref (local.get 0))) (unreachable)))
           (func (export \"through\") (param i32) (result i32) (local $e exnref)
             (call $look (call $make (local.get 0)) (i64.const 5))
             (local.set $e)
             (if (i64.ne (i64.const 6)) (then unreachable))
             (block $l (result i32) (try_table (catch $t $l) (throw_ref (local.get $e))) (unreachable))))",
    );
    let ty = FuncType::new(&engine, [exnref.clone(), ValType::I64], [ValType::I64, exnref.clone()]);
    let look = Func::new(&mut store, ty, |mut caller, args, results| {
        let exn = *args[0].unwrap_exnref().expect("it is not null");
        let n = exn.field(&mut caller, 0)?.unwrap_i32();
        caller.data_mut().push(n);
        results[0] = Val::I64(args[1].unwrap_i64() + 1);
        // Another one with the same tag.
        let tag = exn.tag(&mut caller)?;
        results[1] = Val::ExnRef(Some(exception(&mut caller, &tag, &[Val::I32(n + 1)])));
        Ok(())
    });
    let global = Global::new(&mut store, GlobalType::new(exnref, Mutability::Var), Val::ExnRef(None)).unwrap();
    let table = Table::new(&mut store, TableType::new(RefType::EXNREF, 2, None), Ref::null(&HeapType::Exn)).unwrap();
    let instance = Instance::new(&mut store, &module, &[look.into(), global.into(), table.into()]).unwrap();
    let through = instance.get_typed_func::<i32, i32>(&mut store, "through").unwrap();
    assert_eq!(through.call(&mut store, 8).unwrap(), 9);
    assert_eq!(store.data()[..], [8]);
    let keep = instance.get_typed_func::<i32, ()>(&mut store, "keep").unwrap();
    let make = instance.get_typed_func::<i32, Option<Rooted<ExnRef>>>(&mut store, "make").unwrap();
    let read = instance.get_typed_func::<Option<Rooted<ExnRef>>, i32>(&mut store, "read").unwrap();
    keep.call(&mut store, 20).unwrap();
    // A lot of garbage in between.
    let throws = instance.get_typed_func::<i32, Option<Rooted<ExnRef>>>(&mut store, "make").unwrap();
    for n in 0..2000 {
        throws.call(&mut store, n).unwrap();
    }
    for (held, n) in [
        (*global.get(&mut store).unwrap_exnref().unwrap(), 20),
        (*instance.get_global(&mut store, "own").unwrap().get(&mut store).unwrap_exnref().unwrap(), 20),
        (*Val::from(table.get(&mut store, 1).unwrap()).unwrap_exnref().unwrap(), 21),
        (make.call(&mut store, 33).unwrap().unwrap(), 33),
    ] {
        assert_eq!(held.field(&mut store, 0).unwrap().unwrap_i32(), n);
        assert_eq!(read.call(&mut store, Some(held)).unwrap(), n);
        global.set(&mut store, held.into()).unwrap();
        table.set(&mut store, 0, held.into()).unwrap();
    }
    assert!(table.get(&mut store, 1).is_some());
    assert_eq!(trap(&read.call(&mut store, None).unwrap_err()), Trap::NullReference);
}

#[test]
fn a_handle_that_a_host_function_got_ends_with_it() {
    let engine = engine();
    let mut store = Store::new(&engine, None::<Rooted<ExnRef>>);
    let tag = tag_of(&mut store, &[ValType::I32]);
    let keeps = Func::wrap(&mut store, move |mut caller: Caller<'_, Option<Rooted<ExnRef>>>| {
        let exn = exception(&mut caller, &tag, &[Val::I32(1)]);
        *caller.data_mut() = Some(exn);
    });
    keeps.call(&mut store, &[], &mut []).unwrap();
    let kept = store.data().expect("it was kept");
    for _ in 0..3 {
        assert!(kept.field(&mut store, 0).unwrap_err().to_string().contains("no longer valid"));
        // Nor is it another exception's.
        exception(&mut store, &tag, &[Val::I32(2)]);
    }
}

/// Throws `n` times, in the ways that its functions say.
const MANY: &str = "(module
    (tag $t (param i64)) (tag $nested (param exnref))
    (global $global (mut exnref) (ref.null exn)) (table $table 4 exnref)
    (func $throw (param i64) (throw $t (local.get 0)))
    (func (export \"catch\") (param i32)
      (loop $again
        (block $l (result i64)
          (try_table (catch $t $l) (call $throw (i64.extend_i32_u (local.get 0)))) (unreachable))
        (drop)
        (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func (export \"catch_ref\") (param i32) (local $e exnref)
      (loop $again
        (block $l (result i64 exnref)
          (try_table (catch_ref $t $l) (call $throw (i64.extend_i32_u (local.get 0)))) (unreachable))
        (local.set $e)
        (drop)
        (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func (export \"kept\") (param i32)
      (loop $again
        (block $l (result exnref)
          (try_table (catch_all_ref $l) (call $throw (i64.extend_i32_u (local.get 0)))) (unreachable))
        (global.set $global)
        (table.set $table (i32.and (local.get 0) (i32.const 3)) (global.get $global))
        (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func (export \"rethrown\") (param i32)
      (loop $again
        try
          try (call $throw (i64.extend_i32_u (local.get 0))) catch_all rethrow 0 end
        catch_all
        end
        (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func (export \"nested\") (param i32) (local $e exnref)
      (loop $again
        ;; A chain of sixteen.
        (block $l (result exnref)
          (try_table (catch_all_ref $l)
            (throw $nested (select (result exnref)
              (ref.null exn) (local.get $e) (i32.eqz (i32.and (local.get 0) (i32.const 15))))))
          (unreachable))
        (local.set $e)
        (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func (export \"chain\") (param i32) (local $e exnref)
      (loop $again
        (block $l (result exnref)
          (try_table (catch_all_ref $l) (throw $nested (local.get $e)))
          (unreachable))
        (local.set $e)
        (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
    (func (export \"length\") (param i32) (result i32) (local $e exnref) (local $n i32)
      (local.set $n (local.get 0))
      (loop $again
        (block $l (result exnref)
          (try_table (catch_all_ref $l) (throw $nested (local.get $e)))
          (unreachable))
        (local.set $e)
        (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
      (loop $again
        (block $l (result exnref)
          (try_table (catch $nested $l) (throw_ref (local.get $e)))
          (unreachable))
        (local.set $e)
        (local.set 0 (i32.add (local.get 0) (i32.const 1)))
        (br_if $again (i32.eqz (ref.is_null (local.get $e)))))
      (local.get 0)))";

fn fuel<T>(store: &mut Store<T>) {
    // Some modes of the tests count.
    if store.get_fuel().is_ok() {
        store.set_fuel(u64::MAX).unwrap();
    }
    store.set_epoch_deadline(1 << 40);
}

#[test]
fn exceptions_live_as_long_as_they_are_held_and_no_longer() {
    let throws = std::env::var("HEADWATER_TEST_THROWS").map_or(100_000, |n| n.parse().expect("a number"));
    let (mut store, instance) = instance((), MANY, |_| {});
    fuel(&mut store);
    for name in ["catch", "catch_ref", "kept", "rethrown", "nested"] {
        let func = instance.get_typed_func::<i32, ()>(&mut store, name).unwrap();
        for n in [1000, throws] {
            let start = Instant::now();
            func.call(&mut store, n).unwrap();
            println!("{name}: {:?} each", start.elapsed() / n as u32);
            assert!(store.exceptions_kept() <= 2000, "{name}: {} are kept", store.exceptions_kept());
        }
    }
    // What is held is not freed, however it is held.
    let length = instance.get_typed_func::<i32, i32>(&mut store, "length").unwrap();
    assert_eq!(length.call(&mut store, 10_000).unwrap(), 10_000);
    let chain = instance.get_typed_func::<i32, ()>(&mut store, "chain").unwrap();
    chain.call(&mut store, 20_000).unwrap();
    assert!(store.exceptions_kept() >= 20_000);
    for name in ["catch_ref", "nested"] {
        let func = instance.get_typed_func::<i32, ()>(&mut store, name).unwrap();
        func.call(&mut store, 100_000).unwrap();
    }
    assert!(store.exceptions_kept() <= 2000, "{} are kept", store.exceptions_kept());
}

#[test]
fn exceptions_count_as_what_a_store_holds() {
    let engine = engine();
    let module = module(&engine, MANY);
    let limits = StoreLimitsBuilder::new().total_size(4 << 20).build();
    let mut store: Store<StoreLimits> = Store::new(&engine, limits);
    store.limiter(|limits| limits);
    fuel(&mut store);
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let chain = instance.get_typed_func::<i32, ()>(&mut store, "chain").unwrap();
    for _ in 0..3 {
        let error = chain.call(&mut store, 1_000_000).unwrap_err();
        assert!(format!("{error:#}").contains("resource limit exceeded"), "{error:?}");
        // Which is given back.
        chain.call(&mut store, 10_000).unwrap();
    }
}

/// Throws through `depth` frames, `n` times.
const DEPTH: &str = "(module (tag $t)
    (func $deep (param i32 i64 f64)
      (if (local.get 0)
        (then (call $deep (i32.sub (local.get 0) (i32.const 1)) (local.get 1) (local.get 2)))
        (else (throw $t))))
    (func (export \"f\") (param i32 i32)
      (loop $again
        (block $l
          (try_table (catch $t $l) (call $deep (local.get 0) (i64.const 1) (f64.const 2))))
        (br_if $again (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))))";

#[test]
fn throwing_is_cheap_and_linear_in_the_frames() {
    let (mut store, instance) = instance((), DEPTH, |_| {});
    fuel(&mut store);
    let func = instance.get_typed_func::<(i32, i32), ()>(&mut store, "f").unwrap();
    let mut time = |depth: i32, n: i32| {
        let once = |store: &mut Store<()>| {
            let start = Instant::now();
            func.call(store, (depth, n)).unwrap();
            start.elapsed().as_secs_f64() / f64::from(n)
        };
        (0..5).map(|_| once(&mut store)).fold(f64::MAX, f64::min)
    };
    let (ten, thousand) = (time(10, 10_000), time(1000, 200));
    println!("10 frames: {:.0} ns, 1000 frames: {:.0} ns", ten * 1e9, thousand * 1e9);
    // Generous: machines of tests are slow and busy, and this library is not optimized as a program's is.
    assert!(ten < 100e-6, "{ten}");
    assert!(thousand < 300.0 * ten, "{ten} and {thousand}");
}
