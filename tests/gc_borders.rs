//! Objects in modules that have no types of them: they come as values of general types or external references, and where
//! such a module's frames are, collections must find them.

use headwater::{
    AnyRef, Config, Engine, ExternRef, FieldType, Instance, Module, Mutability, Result, Store, StructRef, StructRefPre,
    StructType, Val, ValType,
};

fn store(stress: bool) -> Result<Store<()>> {
    Ok(Store::new(&Engine::new(Config::new().compile_threads(0).gc_stress(stress))?, ()))
}

/// A struct of the host's, as an external reference.
fn external(store: &mut Store<()>, n: i32) -> Result<Val> {
    let ty = StructType::new(store.engine(), [FieldType::new(Mutability::Var, ValType::I32.into())])?;
    let pre = StructRefPre::new(&mut *store, ty);
    let object = StructRef::new(&mut *store, &pre, &[Val::I32(n)])?;
    Ok(Val::ExternRef(Some(ExternRef::convert_any(store, object.to_anyref())?)))
}

/// An instance may be there before there is a heap, and then gets objects all the same.
#[test]
fn an_instance_from_before_the_first_object_knows_objects() -> Result<()> {
    for memory in ["", "(memory 1)"] {
        let mut store = store(false)?;
        let text = format!(
            r#"(module {memory} (func (export "kind") (param externref) (result i32)
                 (i32.add (ref.test (ref struct) (any.convert_extern (local.get 0)))
                   (i32.shl (ref.test (ref array) (any.convert_extern (local.get 0))) (i32.const 1)))))"#
        );
        let module = Module::new(store.engine(), wat::parse_str(text)?)?;
        // Once more as it is written to a file and read.
        // SAFETY: it comes from the line before.
        let read = unsafe { Module::deserialize(store.engine(), module.serialize()?)? };
        let instances = [Instance::new(&mut store, &module, &[])?, Instance::new(&mut store, &read, &[])?];
        let object = external(&mut store, 5)?;
        let small = AnyRef::from_i31(&mut store, headwater::I31::wrapping_i32(4));
        let small = Val::ExternRef(Some(ExternRef::convert_any(&mut store, small)?));
        let other = Val::ExternRef(Some(ExternRef::new(&mut store, 6)?));
        for instance in instances {
            let kind = instance.get_func(&mut store, "kind").expect("it is exported");
            for (value, expected) in [(object, 1), (small, 0), (other, 0), (Val::ExternRef(None), 0)] {
                let mut results = [Val::I32(9)];
                kind.call(&mut store, &[value], &mut results)?;
                assert_eq!(results[0].unwrap_i32(), expected, "{memory} {value:?}");
            }
        }
    }
    Ok(())
}

/// The frame of such a module has the only reference to an object while the host collects.
#[test]
fn frames_without_types_of_objects_keep_them() -> Result<()> {
    for stress in [false, true] {
        let mut store = store(stress)?;
        let collect = headwater::Func::wrap(&mut store, |mut caller: headwater::Caller<'_, ()>| caller.gc(None));
        let text = r#"(module (import "" "gc" (func $gc))
            (func (export "run") (param externref) (result externref)
              (local $l anyref)
              (local.set $l (any.convert_extern (local.get 0)))
              (any.convert_extern (local.get 0))
              (local.set 0 (ref.null extern))
              (call $gc) (call $gc)
              (if (param anyref) (result anyref) (ref.test (ref struct) (local.get $l))
                (then (call $gc)) (else unreachable))
              (extern.convert_any)))"#;
        let module = Module::new(store.engine(), wat::parse_str(text)?)?;
        let instance = Instance::new(&mut store, &module, &[collect.into()])?;
        let run = instance.get_func(&mut store, "run").expect("it is exported");
        for n in 0..100 {
            let mut scope = headwater::RootScope::new(&mut store);
            let given = {
                let ty = StructType::new(module.engine(), [FieldType::new(Mutability::Var, ValType::I32.into())])?;
                let pre = StructRefPre::new(&mut scope, ty);
                let object = StructRef::new(&mut scope, &pre, &[Val::I32(n)])?;
                Val::ExternRef(Some(ExternRef::convert_any(&mut scope, object.to_anyref())?))
            };
            let mut results = [Val::I32(0)];
            run.call(&mut scope, &[given], &mut results)?;
            let back = results[0].unwrap_externref().expect("it is not null");
            let back = AnyRef::convert_extern(&mut scope, *back)?.unwrap_struct(&scope)?;
            assert_eq!(back.field(&mut scope, 0)?.unwrap_i32(), n);
        }
    }
    Ok(())
}
