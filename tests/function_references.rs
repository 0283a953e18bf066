//! Typed references to functions: what may be where, who says so, and that null is never called.

mod api_common;

use api_common::{engine, instance, module, trap};
use headwater::{
    Caller, Engine, ExternRef, Func, FuncType, Global, GlobalType, HeapType, Instance, Linker, Module, Mutability, Ref,
    RefType, Rooted, Store, Table, TableType, Trap, Val, ValType,
};

/// `(func (param i32) (result i32))`
fn unary(engine: &Engine) -> FuncType {
    FuncType::new(engine, [ValType::I32], [ValType::I32])
}

fn to(ty: FuncType, nullable: bool) -> RefType {
    RefType::new(nullable, HeapType::ConcreteFunc(ty))
}

const CALLER: &str = r#"(module
    (type $unary (func (param i32) (result i32)))
    (table $t (export "table") 2 (ref null $unary))
    (table $full (export "full") 3 3 (ref $unary) (ref.func $twice))
    (global $g (export "global") (mut (ref $unary)) (ref.func $twice))
    (elem declare func $twice)
    (func $twice (export "twice") (type $unary) (i32.mul (local.get 0) (i32.const 2)))
    (func (export "other") (param i64))
    (func (export "call") (param (ref null $unary) i32) (result i32) (call_ref $unary (local.get 1) (local.get 0)))
    (func (export "tail") (param (ref null $unary) i32) (result i32)
      (return_call_ref $unary (local.get 1) (local.get 0)))
    (func (export "in table") (param i32 i32) (result i32) (call_ref $unary (local.get 1) (table.get $t (local.get 0))))
    (func (export "in full") (param i32 i32) (result i32)
      (call_ref $unary (local.get 1) (table.get $full (local.get 0))))
    (func (export "in global") (param i32) (result i32) (call_ref $unary (local.get 0) (global.get $g)))
    (func (export "give") (result (ref $unary)) (ref.func $twice))
    (func (export "as non-null") (param (ref null func)) (result (ref func)) (ref.as_non_null (local.get 0))))"#;

fn call(store: &mut Store<()>, instance: Instance, name: &str, args: &[Val]) -> headwater::Result<i32> {
    let mut results = [Val::I32(0)];
    instance.get_func(&mut *store, name).expect(name).call(store, args, &mut results)?;
    Ok(results[0].unwrap_i32())
}

#[test]
fn calls_go_where_the_reference_says_and_null_is_a_trap() {
    let (mut store, instance) = instance((), CALLER, |_| ());
    let twice = instance.get_func(&mut store, "twice").unwrap();
    let host = Func::wrap(&mut store, |n: i32| n + 100);
    for (func, expected) in [(twice, 42), (host, 121)] {
        for name in ["call", "tail"] {
            assert_eq!(call(&mut store, instance, name, &[func.into(), Val::I32(21)]).unwrap(), expected, "{name}");
        }
    }
    for name in ["call", "tail"] {
        let error = call(&mut store, instance, name, &[Val::FuncRef(None), Val::I32(21)]).unwrap_err();
        assert_eq!(trap(&error), Trap::NullReference, "{name}");
    }
    let table = instance.get_table(&mut store, "table").unwrap();
    let args = [Val::I32(1), Val::I32(7)];
    assert_eq!(trap(&call(&mut store, instance, "in table", &args).unwrap_err()), Trap::NullReference);
    table.set(&mut store, 1, host.into()).unwrap();
    assert_eq!(call(&mut store, instance, "in table", &args).unwrap(), 107);
    assert_eq!(call(&mut store, instance, "in full", &args).unwrap(), 14, "its initial value");
    assert_eq!(call(&mut store, instance, "in global", &args[1..]).unwrap(), 14);
}

#[test]
fn nothing_of_another_type_gets_in_from_outside() {
    let (mut store, instance) = instance((), CALLER, |_| ());
    let other = instance.get_func(&mut store, "other").unwrap();
    let wide = Func::wrap(&mut store, |n: i64| n);
    for func in [other, wide] {
        for name in ["call", "tail"] {
            let error = call(&mut store, instance, name, &[func.into(), Val::I32(1)]).unwrap_err();
            let why = format!("{error:#}");
            assert!(why.contains("expected (ref null (func (param i32) (result i32)))"), "{why}");
        }
        let table = instance.get_table(&mut store, "table").unwrap();
        table.set(&mut store, 0, func.into()).expect_err("it is of another type");
        table.grow(&mut store, 1, func.into()).expect_err("likewise");
        table.fill(&mut store, 0, func.into(), 1).expect_err("likewise");
        let global = instance.get_global(&mut store, "global").unwrap();
        global.set(&mut store, func.into()).expect_err("likewise");
    }
    // Null is no value of a type that excludes it.
    let full = instance.get_table(&mut store, "full").unwrap();
    full.set(&mut store, 0, Ref::Func(None)).expect_err("null is none of its values");
    let global = instance.get_global(&mut store, "global").unwrap();
    global.set(&mut store, Val::FuncRef(None)).expect_err("likewise");
    let ty = TableType::new(to(unary(store.engine()), false), 1, None);
    Table::new(&mut store, ty, Ref::Func(None)).expect_err("a table of null");
    let ty = GlobalType::new(to(unary(store.engine()), false).into(), Mutability::Const);
    Global::new(&mut store, ty, Val::FuncRef(None)).expect_err("a global that is null");
}

#[test]
fn values_know_their_types() {
    let (mut store, instance) = instance((), CALLER, |_| ());
    let twice = instance.get_func(&mut store, "twice").unwrap();
    let unary = unary(store.engine());
    let ty = Val::from(twice).ty(&store).unwrap();
    assert_eq!(ty, to(unary.clone(), false).into());
    for wanted in [to(unary.clone(), true), RefType::FUNCREF, RefType::new(false, HeapType::Func)] {
        assert!(Ref::from(twice).matches_ty(&store, &wanted).unwrap(), "{wanted}");
        assert!(to(unary.clone(), false).matches(&wanted), "{wanted}");
    }
    assert!(!RefType::FUNCREF.matches(&to(unary.clone(), true)));
    assert!(!to(unary.clone(), true).matches(&to(unary.clone(), false)));
    assert!(Ref::Func(None).matches_ty(&store, &to(unary.clone(), true)).unwrap());
    assert!(!Ref::Func(None).matches_ty(&store, &to(unary.clone(), false)).unwrap());
    assert!(!Ref::Extern(None).matches_ty(&store, &to(unary.clone(), true)).unwrap());
    // One that takes a function is equal to another that does, and to none else.
    let takes = |ty: FuncType| FuncType::new(store.engine(), [ValType::Ref(to(ty, true))], []);
    assert_eq!(takes(unary.clone()), takes(FuncType::new(store.engine(), [ValType::I32], [ValType::I32])));
    assert_ne!(takes(unary.clone()), takes(FuncType::new(store.engine(), [ValType::I32], [])));
    assert_ne!(takes(takes(unary.clone())), takes(unary));
}

#[test]
fn rust_types_without_null_stand_for_references_without_null() {
    let (mut store, instance) = instance((), CALLER, |_| ());
    let give = instance.get_typed_func::<(), Func>(&mut store, "give").unwrap();
    let twice = give.call(&mut store, ()).unwrap();
    assert_eq!(twice.typed::<i32, i32>(&store).unwrap().call(&mut store, 4).unwrap(), 8);
    instance.get_typed_func::<(), Option<Func>>(&mut store, "give").expect("it gives less than that");
    let checked = instance.get_typed_func::<Option<Func>, Func>(&mut store, "as non-null").unwrap();
    checked.call(&mut store, Some(twice)).unwrap();
    assert_eq!(trap(&checked.call(&mut store, None).unwrap_err()), Trap::NullReference);
    instance.get_typed_func::<Func, Func>(&mut store, "as non-null").expect("null is not needed");
    // Which functions are of the type would have to be found out at each call.
    instance.get_typed_func::<(Option<Func>, i32), i32>(&mut store, "call").expect_err("funcref is wider");

    let engine = engine();
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    let host = |caller: Caller<'_, ()>, e: Rooted<ExternRef>, f: Func| {
        assert_eq!(e.data(&caller).unwrap().unwrap().downcast_ref::<i32>(), Some(&3));
        f
    };
    linker.func_wrap("", "f", host).unwrap();
    let text = r#"(module (import "" "f" (func $f (param (ref extern) (ref func)) (result (ref func))))
        (elem declare func $f)
        (func (export "f") (param (ref extern)) (result i32)
          (ref.is_null (call $f (local.get 0) (ref.func $f)))))"#;
    let instance = linker.instantiate(&mut store, &module(&engine, text)).unwrap();
    let value = ExternRef::new(&mut store, 3).unwrap();
    let f = instance.get_typed_func::<Rooted<ExternRef>, i32>(&mut store, "f").unwrap();
    assert_eq!(f.call(&mut store, value).unwrap(), 0);
}

#[test]
fn what_a_host_function_gives_is_checked() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let ty = FuncType::new(&engine, [], [to(unary(&engine), false).into()]);
    let wide = Func::wrap(&mut store, |n: i64| n);
    let nothing = Func::new(&mut store, ty.clone(), |_, _, _| Ok(()));
    let null = Func::new(&mut store, ty.clone(), |_, _, results| {
        results[0] = Val::FuncRef(None);
        Ok(())
    });
    let wrong = Func::new(&mut store, ty, move |_, _, results| {
        results[0] = wide.into();
        Ok(())
    });
    let text = r#"(module (type $unary (func (param i32) (result i32)))
        (import "" "" (func $f (result (ref $unary))))
        (func (export "f") (result i32) (call_ref $unary (i32.const 1) (call $f))))"#;
    let module = module(&engine, text);
    for func in [nothing, null, wrong] {
        let instance = Instance::new(&mut store, &module, &[func.into()]).unwrap();
        let error = call(&mut store, instance, "f", &[]).unwrap_err();
        assert!(format!("{error:#}").contains("incompatible value"), "{error:#}");
    }
}

#[test]
fn links_are_made_between_types_that_fit() {
    let exporter = r#"(module
        (type $a (func (param i32))) (type $b (func (param i64)))
        (elem declare func $f)
        (func $f (type $a))
        (global (export "const") (ref $a) (ref.func $f))
        (global (export "var") (mut (ref null $a)) (ref.func $f))
        (table (export "table") 1 (ref null $a))
        (func (export "takes") (param (ref null $a))))"#;
    let engine = engine();
    let exporter = module(&engine, exporter);
    let cases = [
        // A constant may be less than what is wanted; what can be written to is exactly that.
        (true, r#"(import "" "const" (global (ref $a)))"#),
        (true, r#"(import "" "const" (global (ref null $a)))"#),
        (true, r#"(import "" "const" (global funcref))"#),
        (false, r#"(import "" "const" (global (ref $b)))"#),
        (true, r#"(import "" "var" (global (mut (ref null $a))))"#),
        (false, r#"(import "" "var" (global (mut (ref $a))))"#),
        (false, r#"(import "" "var" (global (mut funcref)))"#),
        (true, r#"(import "" "table" (table 1 (ref null $a)))"#),
        (false, r#"(import "" "table" (table 1 funcref))"#),
        (false, r#"(import "" "table" (table 1 (ref null $b)))"#),
        (true, r#"(import "" "takes" (func (param (ref null $a))))"#),
        (false, r#"(import "" "takes" (func (param (ref $a))))"#),
        (false, r#"(import "" "takes" (func (param (ref null $b))))"#),
    ];
    for (fits, import) in cases {
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        let instance = linker.instantiate(&mut store, &exporter).unwrap();
        linker.instance(&mut store, "", instance).unwrap();
        let text = format!("(module (type $b (func (param i64))) (type $a (func (param i32))) {import})");
        let linked = linker.instantiate(&mut store, &module(&engine, &text));
        assert_eq!(linked.is_ok(), fits, "{import}: {:?}", linked.err());
    }
}

#[test]
fn types_are_the_same_across_modules_and_in_what_was_serialised() {
    let engine = engine();
    let module = module(&engine, CALLER);
    let bytes = module.serialize().unwrap();
    // SAFETY: it was serialised here.
    let loaded = unsafe { Module::deserialize(&engine, bytes) }.unwrap();
    let mut store = Store::new(&engine, ());
    let first = Instance::new(&mut store, &module, &[]).unwrap();
    let second = Instance::new(&mut store, &loaded, &[]).unwrap();
    let twice = first.get_func(&mut store, "twice").unwrap();
    assert_eq!(call(&mut store, second, "call", &[twice.into(), Val::I32(4)]).unwrap(), 8);
    for (a, b) in module.exports().zip(loaded.exports()) {
        assert_eq!((a.name(), a.ty().to_string()), (b.name(), b.ty().to_string()));
    }
    // One that was serialised names its types without the module that it came from.
    drop((store, module));
    let mut store = Store::new(&engine, ());
    let alone = Instance::new(&mut store, &loaded, &[]).unwrap();
    assert_eq!(call(&mut store, alone, "in full", &[Val::I32(2), Val::I32(5)]).unwrap(), 10);
}

#[test]
fn a_million_tail_calls_through_references_need_one_frame() {
    let text = r#"(module (type $f (func (param i32 i64) (result i64)))
        (elem declare func $f)
        (func $f (export "f") (type $f)
          (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
          (return_call_ref $f (i32.sub (local.get 0) (i32.const 1)) (i64.add (local.get 1) (i64.const 3))
            (ref.func $f))))"#;
    let (mut store, instance) = instance((), text, |_| ());
    let f = instance.get_typed_func::<(i32, i64), i64>(&mut store, "f").unwrap();
    assert_eq!(f.call(&mut store, (1_000_000, 1)).unwrap(), 3_000_001);
}

/// Branches on null with values below the reference, wherever these are, to labels of blocks and loops.
#[test]
fn branches_on_null_keep_what_is_below() {
    let text = r#"(module (type $f (func (param i32) (result i32)))
        (elem declare func $inc)
        (func $inc (type $f) (i32.add (local.get 0) (i32.const 1)))
        (func $pick (param i32) (result (ref null $f))
          (if (result (ref null $f)) (local.get 0) (then (ref.func $inc)) (else (ref.null $f))))
        (func (export "null") (param i32) (result i32 f64 i64) (local $r (ref $f))
          (block $b (result i32 f64 i64)
            (br_on_null $b (i32.const 1) (f64.const 2) (i64.extend_i32_s (local.get 0)) (call $pick (local.get 0)))
            (local.set $r) (call_ref $f (i32.const 10) (local.get $r))
            (i64.extend_i32_s) (i64.add)))
        (func (export "non-null") (param i32) (result i32)
          (block $b (result i32 (ref $f))
            (br_on_non_null $b (i32.add (local.get 0) (i32.const 5)) (call $pick (local.get 0)))
            (return (i32.mul (i32.const 100))))
          (call_ref $f))
        (func (export "loop") (param i32) (result i32) (local $n i32)
          (i32.const 7)
          (loop $l (param i32) (result i32)
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (i32.add (local.get $n))
            (br_on_null $l (call $pick (i32.gt_u (local.get $n) (local.get 0))))
            (call_ref $f))))"#;
    let (mut store, instance) = instance((), text, |_| ());
    let null = instance.get_typed_func::<i32, (i32, f64, i64)>(&mut store, "null").unwrap();
    assert_eq!(null.call(&mut store, 0).unwrap(), (1, 2.0, 0));
    assert_eq!(null.call(&mut store, 4).unwrap(), (1, 2.0, 15));
    let non_null = instance.get_typed_func::<i32, i32>(&mut store, "non-null").unwrap();
    assert_eq!(non_null.call(&mut store, 0).unwrap(), 500);
    assert_eq!(non_null.call(&mut store, 4).unwrap(), 10);
    let looped = instance.get_typed_func::<i32, i32>(&mut store, "loop").unwrap();
    assert_eq!(looped.call(&mut store, 3).unwrap(), 7 + 1 + 2 + 3 + 4 + 1);
}

/// A handler's label may be the first that has a vector, which only the exception brings.
#[test]
fn a_vector_that_only_an_exception_brings_has_room() {
    let text = r#"(module (tag $t (param v128 i64 v128))
        (func $throw (throw $t (v128.const i64x2 1 2) (i64.const 3) (v128.const i64x2 4 5)))
        (func (export "f") (param i64) (result i64) (local i64 i64 i64 i64 i64 i64 i64 i64)
          (local.set 8 (i64.const 1000))
          (block $h (result v128 i64 v128) (try_table (catch $t $h) (call $throw)) (unreachable))
          (i64x2.extract_lane 1) (i64.add) (local.set 1) (i64x2.extract_lane 0)
          (i64.add (local.get 1)) (i64.add (local.get 8)) (i64.add (local.get 0))))"#;
    let (mut store, instance) = instance((), text, |_| ());
    let f = instance.get_typed_func::<i64, i64>(&mut store, "f").unwrap();
    assert_eq!(f.call(&mut store, 20_000).unwrap(), 5 + 3 + 1 + 1000 + 20_000);
}

/// The numbers of the first types stand in the context, those of the others elsewhere; where there are many globals, they
/// lie behind.
#[test]
fn the_last_of_many_types_is_told_from_the_first_ones() {
    for (types, globals) in [(10, 0), (10, 300), (4090, 1), (6000, 5), (6000, 3000)] {
        // Twelve of them differ.
        let params: String =
            (0..types).map(|i| format!("(type $t{i} (func (param{})))", " i32".repeat(i % 12))).collect();
        let last = types - 1;
        let wasm = wat::parse_str(format!(
            r#"(module {params}
                (type $odd (func (param f32) (result f64)))
                (type $struct (struct (field i32)))
                (type $other (struct (field f64)))
                {}
                (table funcref (elem $f $g))
                (func $f (type $odd) (f64.promote_f32 (local.get 0)))
                (func $g (type $t{last}))
                (func (export "odd") (param i32) (result f64)
                    (call_indirect (type $odd) (f32.const 1.5) (local.get 0)))
                (func (export "last") (param i32)
                    (call_indirect (type $t{last}) {} (local.get 0)))
                (func (export "cast") (param i32) (result i32)
                    (local $any anyref)
                    (local.set $any (if (result anyref) (local.get 0)
                        (then (struct.new $struct (i32.const 7))) (else (struct.new $other (f64.const 7)))))
                    (i32.add
                        (i32.mul (i32.const 10) (ref.test (ref $other) (local.get $any)))
                        (ref.test (ref $struct) (local.get $any))))
                (func (export "global") (result i32) {}))"#,
            (0..globals).map(|i| format!("(global $g{i} (mut i32) (i32.const {i}))")).collect::<String>(),
            "(i32.const 0)".repeat(last % 12),
            if globals > 0 { format!("(global.get $g{})", globals - 1) } else { "(i32.const -1)".into() },
        ))
        .unwrap();
        let engine = engine();
        let module = Module::new(&engine, wasm).unwrap();
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let odd = instance.get_typed_func::<i32, f64>(&mut store, "odd").unwrap();
        assert_eq!(odd.call(&mut store, 0).unwrap(), 1.5);
        assert_eq!(odd.call(&mut store, 1).unwrap_err().downcast_ref::<Trap>(), Some(&Trap::BadSignature));
        let last = instance.get_typed_func::<i32, ()>(&mut store, "last").unwrap();
        last.call(&mut store, 1).unwrap();
        assert_eq!(last.call(&mut store, 0).unwrap_err().downcast_ref::<Trap>(), Some(&Trap::BadSignature));
        let cast = instance.get_typed_func::<i32, i32>(&mut store, "cast").unwrap();
        assert_eq!([cast.call(&mut store, 1).unwrap(), cast.call(&mut store, 0).unwrap()], [1, 10]);
        let global = instance.get_typed_func::<(), i32>(&mut store, "global").unwrap();
        assert_eq!(global.call(&mut store, ()).unwrap(), globals - 1);
    }
}
