//! What programs for the `wasmtime` crate ask for besides the basics: hooks, values without types, exports by index,
//! settings that mean something else or nothing here.

use headwater::{
    AsContextMut, CallHook, Caller, Config, Engine, Error, ExternRef, ExternType, Func, FuncType, GlobalType, HeapType,
    Instance, InstanceAllocationStrategy, Linker, Memory, MemoryType, Module, Mutability, PoolingAllocationConfig, Ref,
    RefType, Result, Rooted, Store, TableType, TypedFunc, Val, ValRaw, ValType,
};
use std::mem::MaybeUninit;

fn module(engine: &Engine, text: &str) -> Module {
    Module::new(engine, wat::parse_str(text).expect("valid text")).expect("a valid module")
}

const CALLS: &str = r#"(module (import "host" "f" (func $f)) (func (export "run") (call $f) (call $f))
    (func (export "trap") (call $f) unreachable))"#;

/// A store whose data are the transitions so far, and an instance of [`CALLS`] whose import calls back if it can.
fn hooked(fail_at: Option<usize>) -> (Store<Vec<CallHook>>, Instance) {
    let engine = Engine::default();
    let mut store = Store::new(&engine, Vec::new());
    let mut linker = Linker::new(&engine);
    linker.func_wrap("host", "f", |_: Caller<'_, Vec<CallHook>>| {}).expect("the name is free");
    let instance = linker.instantiate(&mut store, &module(&engine, CALLS)).expect("it has its import");
    store.call_hook(move |mut store, hook| {
        let seen = store.data_mut();
        seen.push(hook);
        match Some(seen.len()) == fail_at {
            true => Err(Error::msg("the hook objects")),
            false => Ok(()),
        }
    });
    (store, instance)
}

#[test]
fn a_hook_sees_each_transition_in_order_even_if_code_traps() {
    use CallHook::{CallingHost, CallingWasm, ReturningFromHost, ReturningFromWasm};
    let (mut store, instance) = hooked(None);
    let run = instance.get_typed_func::<(), ()>(&mut store, "run").expect("its type");
    run.call(&mut store, ()).expect("nobody objects");
    let expected = [CallingWasm, CallingHost, ReturningFromHost, CallingHost, ReturningFromHost, ReturningFromWasm];
    assert_eq!(store.data()[..], expected);
    assert!(expected.iter().all(|hook| hook.entering_host() != hook.exiting_host()));

    store.data_mut().clear();
    let trap = instance.get_func(&mut store, "trap").expect("it is there");
    trap.call(&mut store, &[], &mut []).expect_err("it traps");
    assert_eq!(store.data()[..], [CallingWasm, CallingHost, ReturningFromHost, ReturningFromWasm]);
}

#[test]
fn a_hook_that_fails_ends_the_call_wherever_it_is() {
    for (at, transitions) in [(1, 1), (2, 3), (3, 4), (6, 6)] {
        let (mut store, instance) = hooked(Some(at));
        let run = instance.get_typed_func::<(), ()>(&mut store, "run").expect("its type");
        let error = run.call(&mut store, ()).expect_err("the hook objects");
        assert_eq!(error.root_cause().to_string(), "the hook objects");
        assert_eq!(store.data().len(), transitions, "{:?}", store.data());
        // The store and the hook are as good as before.
        run.call(&mut store, ()).expect("it objects once");
        assert_eq!(store.data().len(), transitions + 6);
    }
}

#[test]
fn values_without_types_are_what_they_were() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let func = Func::wrap(&mut store, || 7);
    let external = ExternRef::new(&mut store, "kept").expect("there is room");
    for value in [
        Val::I32(-5),
        Val::I64(i64::MIN),
        Val::F32(0x7fc0_0001),
        Val::F64(0x7ff8_0000_0000_0001),
        Val::from(1u128 << 127 | 3),
        Val::from(func),
        Val::from(external),
        Val::null_func_ref(),
        Val::null_extern_ref(),
    ] {
        let ty = value.ty(&store).expect("of this store");
        assert!(value.matches_ty(&store, &ty).expect("of this store"));
        let raw = value.to_raw(&mut store).expect("of this store");
        // SAFETY: it was made from a value of this type and store.
        let back = unsafe { Val::from_raw(&mut store, raw, ty) };
        // The handle is another one.
        match (back, value) {
            (Val::ExternRef(Some(back)), Val::ExternRef(Some(value))) => {
                assert!(Rooted::ref_eq(&store, &back, &value).expect("both are valid"));
            }
            _ => assert_eq!(format!("{back:?}"), format!("{value:?}")),
        }
    }
    let other = Engine::default();
    assert!(Val::from(func).to_raw(Store::new(&other, ())).is_err(), "another store");
    let raw = external.to_raw(&mut store).expect("of this store");
    let same = ExternRef::from_raw(&mut store, raw).expect("not null");
    assert!(Rooted::ref_eq(&store, &external, &same).expect("both are valid"));
    assert!(ExternRef::from_raw(&mut store, 0).is_none());
    let raw = func.to_raw(&mut store);
    // SAFETY: it is of this store.
    assert_eq!(unsafe { Func::from_raw(&mut store, raw) }, Some(func));
    assert_eq!(ValRaw::f32(1.5f32.to_bits()).get_f32(), 1.5f32.to_bits());
    assert_eq!(ValRaw::v128(u128::MAX - 1).get_v128(), u128::MAX - 1);
    assert_eq!(ValRaw::i64(-1).get_u64(), u64::MAX);
}

#[test]
fn calls_without_checks_pass_values_in_one_slice_both_ways() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, 100);
    let ty = FuncType::new(&engine, [ValType::I32, ValType::I64], [ValType::I64, ValType::I32, ValType::F64]);
    let swap = |caller: Caller<'_, i32>, values: &mut [MaybeUninit<ValRaw>]| -> Result<()> {
        assert_eq!(values.len(), 3, "as many as the longer list has");
        // SAFETY: the function has these two parameters.
        let (a, b) = unsafe { (values[0].assume_init().get_i32(), values[1].assume_init().get_i64()) };
        headwater::ensure!(a >= 0, "negative");
        values[0].write(ValRaw::i64(b));
        values[1].write(ValRaw::i32(a + caller.data()));
        values[2].write(ValRaw::f64(0.5f64.to_bits()));
        Ok(())
    };
    // SAFETY: the closure leaves values of the types of the results.
    let func = unsafe { Func::new_unchecked(&mut store, ty.clone(), swap) };
    assert!(func.matches_ty(&store, &ty));
    let mut linker = Linker::new(&engine);
    // SAFETY: as above.
    unsafe { linker.func_new_unchecked("host", "swap", ty, swap) }.expect("the name is free");
    let text = r#"(module (import "host" "swap" (func $f (param i32 i64) (result i64 i32 f64)))
        (func (export "f") (param i32 i64) (result i64 i32 f64) (call $f (local.get 0) (local.get 1))))"#;
    let instance = linker.instantiate(&mut store, &module(&engine, text)).expect("it has its import");
    let guest = instance.get_func(&mut store, "f").expect("it is there");
    for func in [func, guest] {
        let mut values = [ValRaw::i32(1), ValRaw::i64(-2), ValRaw::null()];
        // SAFETY: the slice has room for three values and begins with those of the parameters.
        unsafe { func.call_unchecked(&mut store, &mut values) }.expect("not negative");
        assert_eq!((values[0].get_i64(), values[1].get_i32(), values[2].get_f64()), (-2, 101, 0.5f64.to_bits()));
        let mut values = [ValRaw::i32(-1), ValRaw::i64(0), ValRaw::null()];
        // SAFETY: as above.
        let error = unsafe { func.call_unchecked(&mut store, &mut values) }.expect_err("negative");
        assert_eq!(error.root_cause().to_string(), "negative");
        // SAFETY: these are its types.
        let typed = unsafe { TypedFunc::<(i32, i64), (i64, i32, f64)>::new_unchecked(&store, func) };
        assert_eq!(typed.call(&mut store, (5, 6)).expect("not negative"), (6, 105, 0.5));
    }
}

#[test]
fn an_export_by_index_is_that_of_each_instance_of_its_module_and_of_no_other() {
    let engine = Engine::default();
    let text = r#"(module (import "host" "look" (func $look)) (global (export "g") (mut i32) (i32.const 1))
        (func (export "run") (call $look)))"#;
    let (a, b) = (module(&engine, text), module(&engine, text));
    let export = a.get_export_index("g").expect("it is there");
    assert!(a.get_export_index("h").is_none());
    let mut linker = Linker::new(&engine);
    let looked_for = export.clone();
    let look = move |mut caller: Caller<'_, Option<bool>>| {
        let found = caller.get_module_export(&looked_for).is_some();
        *caller.data_mut() = Some(found);
    };
    linker.func_wrap("host", "look", look).expect("the name is free");
    let mut store = Store::new(&engine, None);
    for (module, expected) in [(&a, true), (&b, false), (&a, true)] {
        let instance = linker.instantiate(&mut store, module).expect("it has its import");
        let global = instance.get_module_export(&mut store, &export).and_then(|export| export.into_global());
        let by_name = instance.get_global(&mut store, "g").expect("it is there");
        assert_eq!(global.is_some_and(|global| global == by_name), expected);
        instance.get_typed_func::<(), ()>(&mut store, "run").expect("its type").call(&mut store, ()).expect("no trap");
        assert_eq!(*store.data(), Some(expected));
    }
}

#[test]
fn what_cannot_be_had_is_refused_and_what_is_the_case_anyway_is_not() {
    let refused = |change: &dyn Fn(&mut Config)| {
        let mut config = Config::new();
        change(&mut config);
        Engine::new(&config).err().map(|error| error.to_string())
    };
    let error = refused(&|c| {
        c.cranelift_nan_canonicalization(true);
    })
    .expect("it is not implemented");
    assert!(error.contains("cranelift_nan_canonicalization"), "{error}");
    let error = refused(&|c| {
        c.signals_based_traps(false);
    })
    .expect("there is no other way");
    assert!(error.contains("signals_based_traps"), "{error}");
    let keys = |c: &mut Config| {
        let mut pool = PoolingAllocationConfig::new();
        pool.memory_protection_keys(headwater::Enabled::Yes);
        c.allocation_strategy(pool);
    };
    assert!(refused(&keys).is_some_and(|error| error.contains("protection keys")));
    assert_eq!(
        refused(&|c| {
            c.cranelift_nan_canonicalization(false).signals_based_traps(true);
        }),
        None
    );
    assert_eq!(
        refused(&|c| {
            c.strategy(headwater::Strategy::Winch).debug_info(true).memory_init_cow(false);
        }),
        None
    );
    assert_eq!(
        refused(&|c| {
            c.allocation_strategy(InstanceAllocationStrategy::pooling());
        }),
        None
    );
    assert_eq!(Config::new().parallel_compilation(false).get_compile_threads(), 0);
}

#[test]
fn the_limits_of_a_pool_are_those_of_the_engine() {
    let mut pool = PoolingAllocationConfig::new();
    pool.max_memory_size(2 << 16).table_elements(10).max_memories_per_module(1).max_tables_per_module(1);
    let engine = Engine::new(Config::new().allocation_strategy(pool)).expect("supported");
    let accepts = |text: &str| {
        Module::new(&engine, wat::parse_str(text).expect("valid text"))
            .map_err(Error::from)
            .and_then(|module| Instance::new(Store::new(&engine, ()), &module, &[]))
            .is_ok()
    };
    assert!(accepts("(module (memory 2) (table 10 funcref))"));
    assert!(!accepts("(module (memory 3))"));
    assert!(!accepts("(module (table 11 funcref))"));
    assert!(!accepts("(module (memory 1) (memory 1))"));
    assert!(!accepts("(module (table 1 funcref) (table 1 funcref))"));
    let mut store = Store::new(&engine, ());
    let memory = Memory::new(&mut store, MemoryType::new(2, None)).expect("within the limit");
    assert!(memory.grow(&mut store, 1).is_err());

    let with = |memories: u32| {
        let mut pool = PoolingAllocationConfig::new();
        pool.total_memories(memories);
        Engine::new(Config::new().allocation_strategy(pool))
    };
    assert!(with(10_000).is_ok());
    let error = with(20_000).expect_err("8 GiB of addresses each");
    assert!(error.to_string().contains("the pool's memories would take"), "{error}");
}

#[test]
fn memories_that_must_not_move_do_not() {
    let config = |may_move: bool| {
        let mut config = Config::new();
        config.memory_reservation(0).memory_may_move(may_move);
        config
    };
    let engine = Engine::new(&config(false)).expect("supported");
    let mut store = Store::new(&engine, ());
    let memory = Memory::new(&mut store, MemoryType::new(1, Some(2000))).expect("there is room");
    let base = memory.data_ptr(&store);
    memory.grow(&mut store, 1999).expect("there is room");
    assert_eq!(memory.data_ptr(&store), base);
}

#[test]
fn there_is_something_of_each_type() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let ty = FuncType::new(&engine, [ValType::I32], [ValType::F32, ValType::EXTERNREF]);
    let func = ty.default_value(&mut store).expect("zero and null");
    let mut results = [Val::I32(1), Val::I32(1)];
    func.call(&mut store, &[Val::I32(0)], &mut results).expect("it does nothing");
    assert_eq!(results[0].unwrap_f32(), 0.0);
    assert!(results[1].unwrap_externref().is_none());
    let types: [ExternType; 4] = [
        ty.into(),
        GlobalType::new(ValType::I64, Mutability::Var).into(),
        TableType::new(RefType::FUNCREF, 2, None).into(),
        MemoryType::new(1, Some(2)).into(),
    ];
    for ty in types {
        assert_eq!(ty.default_value(&mut store).expect("it has one").ty(&store), ty);
    }
    let never = RefType::new(false, HeapType::Func);
    assert!(TableType::new(never, 1, None).default_value(&mut store).is_err(), "null is no element");
}

#[test]
fn types_and_references_answer_questions() {
    assert!(HeapType::Func.is_func() && HeapType::Extern.is_extern() && HeapType::Exn.is_exn());
    assert!(HeapType::Func.matches(&HeapType::Func.top()) && !HeapType::Func.matches(&HeapType::Extern));
    assert!(HeapType::Exn.is_abstract() && HeapType::Exn.is_top() && !HeapType::Exn.is_concrete());
    assert!(ValType::V128.is_v128() && Mutability::Var.is_var() && Mutability::Const.is_const());
    let mut store = Store::new(&Engine::default(), ());
    let func = Ref::from(Func::wrap(&mut store, || ()));
    assert!(func.is_func() && func.is_non_null() && !func.is_extern() && Ref::null(&HeapType::Extern).is_extern());
    assert!(func.matches_ty(&store, &RefType::FUNCREF).expect("of this store"));
    assert!(!func.matches_ty(&store, &RefType::EXTERNREF).expect("of this store"));
    store.gc(None).expect("there is nothing to do");
    store.as_context_mut().gc(None).expect("there is nothing to do");
}
