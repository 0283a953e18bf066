//! `FLOAT_PINS`: what functions have in float registers survives host functions that use all of them, whoever calls
//! those, and whenever the functions came to be. Stores without such functions save nothing.

mod api_common;

use api_common::{clobber, engine, module};
use headwater::{
    AsContextMut, Caller, Engine, ExnRef, ExnRefPre, ExnType, Extern, Func, FuncType, Instance, Module, Ref, Result,
    Store, Tag, TagType,
};

/// Has no floats; what calls the host function for others, also through a table.
const PLAIN: &str = r#"(module
    (import "" "host" (func $host (param i32)))
    (table (export "table") 1 funcref)
    (func (export "pass") (param i32) (call $host (local.get 0)))
    (func (export "run") (result f64)
        (call $host (i32.const 0))
        (call_indirect (result f64) (i32.const 0))))"#;

/// More floats than there are registers for, two of them vectors, around a call of a function that has none.
fn floats() -> String {
    let set: String = (0..12).map(|i| format!("(local.set {i} (f64.const {i}.5))")).collect();
    let sum: String = (0..12).map(|i| format!("(local.get {i})")).collect::<String>() + &"(f64.add)".repeat(11);
    format!(
        r#"(module
            (import "" "pass" (func $pass (param i32)))
            (import "" "tag" (tag $tag))
            (func (export "scalars") (result f64)
                (local f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64)
                {set}
                (call $pass (i32.const 1))
                {sum})
            (func (export "vectors") (result f64) (local v128 v128)
                (local.set 0 (f64x2.splat (f64.const 40)))
                (local.set 1 (f64x2.splat (f64.const 2)))
                (call $pass (i32.const 1))
                (f64x2.extract_lane 1 (f64x2.add (local.get 0) (local.get 1))))
            (func (export "caught") (result f64)
                (local f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64)
                {set}
                (block $caught (try_table (catch $tag $caught) (call $pass (i32.const 2)) unreachable))
                {sum}))"#
    )
}

/// The functions of [`floats`] and what they give.
const FUNCS: [(&str, f64); 3] = [("scalars", 72.0), ("vectors", 42.0), ("caught", 72.0)];

/// An instance of `floats` that calls `pass`.
fn instance(store: &mut Store<State>, floats: &Module, pass: Extern) -> Instance {
    let tag = store.data().tag.expect("it was made").into();
    Instance::new(store, floats, &[pass, tag]).expect("everything is imported")
}

/// The embedder's data: what the host function does, called with 0.
#[derive(Default)]
struct State {
    plain: Option<Instance>,
    tag: Option<Tag>,
    arrives: Option<(Module, &'static str)>,
}

/// The host function: 0 makes an instance and puts a function into the table, 1 returns, 2 throws.
fn host(mut caller: Caller<'_, State>, what: i32) -> Result<()> {
    let tag = caller.data().tag.expect("it was made");
    if what == 0
        && let Some((floats, name)) = caller.data_mut().arrives.take()
    {
        let plain = caller.data().plain.expect("it was made");
        let pass = plain.get_export(&mut caller, "pass").expect("it is exported");
        let late = Instance::new(&mut caller, &floats, &[pass, tag.into()])?;
        let func = late.get_func(&mut caller, name).expect("it is exported");
        func.typed::<(), f64>(&caller)?.call(&mut caller, ())?;
        let table = plain.get_table(&mut caller, "table").expect("it is exported");
        table.set(&mut caller, 0, Ref::Func(Some(func)))?;
    }
    clobber();
    if what == 2 {
        let ty = ExnType::from_tag_type(&tag.ty(&caller))?;
        let allocator = ExnRefPre::new(&mut caller, ty);
        let exn = ExnRef::new(&mut caller, &allocator, &tag, &[])?;
        caller.as_context_mut().throw(exn)?;
    }
    Ok(())
}

/// A store with an instance of [`PLAIN`].
fn store(engine: &Engine) -> (Store<State>, Instance) {
    let mut store = Store::new(engine, State::default());
    let tag = Tag::new(&mut store, &TagType::new(FuncType::new(engine, [], []))).unwrap();
    store.data_mut().tag = Some(tag);
    let host = Func::wrap(&mut store, host);
    let plain = Instance::new(&mut store, &module(engine, PLAIN), &[host.into()]).unwrap();
    store.data_mut().plain = Some(plain);
    (store, plain)
}

fn call(store: &mut Store<State>, instance: Instance, name: &str) -> f64 {
    instance.get_typed_func::<(), f64>(&mut *store, name).unwrap().call(store, ()).unwrap()
}

#[test]
fn floats_survive_host_functions_that_functions_without_floats_call() {
    let engine = engine();
    let compiled = module(&engine, &floats());
    // SAFETY: the bytes are what `serialize` gave.
    let loaded = unsafe { Module::deserialize(&engine, compiled.serialize().unwrap()) }.unwrap();
    for floats in [&compiled, &loaded] {
        let (mut store, plain) = store(&engine);
        let pass = plain.get_export(&mut store, "pass").unwrap();
        let floats = instance(&mut store, floats, pass);
        for (name, expected) in FUNCS {
            assert_eq!(call(&mut store, floats, name), expected, "{name}");
        }
    }
}

#[test]
fn they_do_where_the_functions_come_while_a_host_function_runs() {
    let engine = engine();
    let floats = module(&engine, &floats());
    for (name, expected) in FUNCS {
        let (mut store, plain) = store(&engine);
        store.data_mut().arrives = Some((floats.clone(), name));
        assert_eq!(call(&mut store, plain, "run"), expected, "{name}");
    }
}

#[test]
fn they_do_where_another_store_without_any_is_called() {
    let engine = engine();
    let floats = module(&engine, &floats());
    let (mut store, plain) = store(&engine);
    let (mut other, other_plain) = self::store(&engine);
    let other_pass = other_plain.get_typed_func::<i32, ()>(&mut other, "pass").unwrap();
    let other = std::sync::Mutex::new(other);
    let pass = plain.get_typed_func::<i32, ()>(&mut store, "pass").unwrap();
    let through = Func::wrap(&mut store, move |mut caller: Caller<'_, State>, what: i32| -> Result<()> {
        other_pass.call(&mut *other.lock().unwrap(), 1)?;
        pass.call(&mut caller, what)
    });
    let floats = instance(&mut store, &floats, through.into());
    for (name, expected) in FUNCS {
        assert_eq!(call(&mut store, floats, name), expected, "{name}");
    }
}

#[test]
fn they_do_where_the_host_function_takes_nothing_of_its_store() {
    let engine = engine();
    let floats = module(&engine, &floats());
    let (mut store, _) = store(&engine);
    let plain = Func::wrap(&mut store, |_: i32| clobber());
    let floats = instance(&mut store, &floats, plain.into());
    for (name, expected) in &FUNCS[..2] {
        assert_eq!(call(&mut store, floats, name), *expected, "{name}");
    }
}
