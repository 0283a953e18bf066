//! Numbers, supertypes, layouts and trampolines of types.

use super::{Demand, GROUP, IDLE, IDLE_WIDTH};
use crate::code::registry;
use crate::engine::{Engine, ModuleTypes};
use crate::types::CompositeType;
use crate::{ArrayType, Config, FieldType, Finality, FuncType, Module, Mutability, StructType, ValType};
use headwater_codegen::vmctx::gc;
use std::collections::HashSet;

/// Uses of these, taken to be a module's types that differ.
fn module_types(engine: &Engine, types: impl IntoIterator<Item = CompositeType>) -> ModuleTypes {
    engine.module_types(&types.into_iter().collect())
}

fn ty(params: usize) -> FuncType {
    FuncType::of(vec![ValType::I32; params], [ValType::I64])
}

#[test]
fn equal_types_have_one_number_as_long_as_somebody_uses_them() {
    let engine = Engine::default();
    let a = module_types(&engine, [ty(0), ty(1), ty(0)].map(Into::into));
    assert_eq!(a.numbers(), [0, 1, 0]);
    let b = module_types(&engine, [ty(2), ty(1)].map(Into::into));
    assert_eq!(b.numbers(), [2, 1]);
    drop(a);
    assert_eq!(module_types(&engine, [ty(1), ty(3)].map(Into::into)).numbers(), [1, 0], "0 is free again, 1 is not");
}

#[test]
fn a_module_uses_what_it_repeats_once() {
    let engine = Engine::default();
    let wasm = |types: &str| wat::parse_str(format!("(module {types})")).unwrap();
    let long = format!("(type (func (param{})))", " i64".repeat(30));
    let text = format!("(type (func)) {long} (type (func (result f32))) (type (func)) {long} (type (func (param)))");
    let module = Module::new(&engine, wasm(&text)).unwrap();
    assert_eq!(module.canonical_types(), [0, 1, 2, 0, 1, 0]);
    assert_eq!((module.distinct_types(), module.info().types.distinct().len()), (&[0, 1, 2][..], 3));
    let uses = |n: usize| engine.inner.types.table.read().entries[n].uses;
    assert_eq!([0, 1, 2].map(uses), [1; 3]);
    let other = Module::new(&engine, wasm("(type (func (param i32))) (type (func))")).unwrap();
    assert_eq!(other.canonical_types(), [3, 0]);
    drop(module);
    assert_eq!([0, 1, 2, 3].map(uses), [1, 0, 0, 1]);
    drop(other);
    assert!(engine.inner.types.table.read().numbers.is_empty(), "entries go with their last user");
}

#[test]
fn groups_that_a_module_repeats_are_kept_and_written_once() {
    let engine = Engine::new(Config::new().wasm_gc(true)).unwrap();
    let text = r#"(module
        (type (func (result anyref)))
        (rec (type $a (struct (field (ref null $b)))) (type $b (func (param (ref $a)))))
        (type (func (result anyref)))
        (rec (type $c (struct (field (ref null $d)))) (type $d (func (param (ref $c)))))
        (type (array (ref $c)))
        (type (array (ref $a)))
        (func (export "f") (type $d)))"#;
    let module = Module::new(&engine, wat::parse_str(text).unwrap()).unwrap();
    let numbers = [0, 1, 2, 0, 1, 2, 3 | gc::ARRAY, 3 | gc::ARRAY];
    assert_eq!(module.canonical_types(), numbers);
    assert_eq!(
        crate::stream::compiled_in().types.iter().map(|ty| ty.first).collect::<Vec<_>>(),
        [0, 1, 2, 0, 1, 2, 6, 6]
    );
    assert_eq!(module.distinct_types().len(), 4);
    let bytes = module.serialize().unwrap();
    // SAFETY: the module was serialised here.
    let again = unsafe { Module::deserialize(&engine, bytes) }.unwrap();
    assert_eq!((again.canonical_types(), again.distinct_types()), (&numbers[..], module.distinct_types()));
    assert_eq!(again.get_export("f"), module.get_export("f"));
    assert_eq!(again.info().types, module.info().types);
}

#[test]
fn types_that_differ_little_hardly_ever_have_the_same_hash() {
    let engine = Engine::default();
    let table = engine.inner.types.table.read();
    let numbers = [ValType::I32, ValType::I64, ValType::F32, ValType::F64];
    let ty = |i: u32| FuncType::of((0..8).map(|p| numbers[(i >> (2 * p) & 3) as usize].clone()), []);
    let hashes: HashSet<u32> = (0..1 << 16).map(|i| table.hash(&ty(i).into())).collect();
    // One in two tables of so many has two that are the same.
    assert!(hashes.len() > (1 << 16) - 16, "{}", hashes.len());
    let other = Engine::default();
    assert_ne!(other.inner.types.table.read().hash(&ty(0).into()), table.hash(&ty(0).into()), "it is secret");
}

#[test]
fn without_typed_references_what_a_module_repeats_is_known_by_one_number_all_the_same() {
    let mut config = Config::new();
    config.wasm_gc(false).wasm_function_references(false);
    let engine = Engine::new(&config).unwrap();
    let wasm = wat::parse_str("(module (type (func)) (type (func (param i32))) (type (func)))").unwrap();
    let module = Module::new(&engine, wasm).unwrap();
    assert_eq!(module.canonical_types(), [0, 1, 0]);
    drop(module);
    assert!(engine.inner.types.table.read().numbers.is_empty());
}

#[test]
fn where_borders_are_poisoned_what_nobody_may_rely_on_is_garbage() {
    use crate::code::budget::Budget;
    use crate::code::shared::{SharedCode, SharedPages};
    use crate::vm::context::{VMContext, VMStoreContext, ValRaw, entry_fn};
    use headwater_codegen::trampoline::GARBAGE;
    use std::sync::Arc;

    // A function that returns what it finds in a register that locals are pinned to: mov rax, rbx; ret, or mov x0,
    // x19; ret.
    let code: &[u8] = match std::env::consts::ARCH {
        "x86_64" => &[0x48, 0x89, 0xd8, 0xc3],
        _ => &[0xe0, 0x03, 0x13, 0xaa, 0xc0, 0x03, 0x5f, 0xd6],
    };
    let pages = SharedPages::place(&Arc::new(SharedCode::new(&Budget::new(0), false)), code, false).unwrap();
    let run = |poison| {
        let engine = Engine::new(Config::new().poison_borders(poison)).unwrap();
        let used = engine.use_type(ty(1));
        let entry = entry_fn(engine.trampolines(used.number(), Demand::Bounded).unwrap());
        let mut args = [ValRaw::new(5)];
        // SAFETY: both are plain data, of which the trampoline only reads the base of memory 0 and writes where to
        // unwind to.
        let (mut vmctx, mut store): (VMContext, VMStoreContext) = unsafe { (std::mem::zeroed(), std::mem::zeroed()) };
        vmctx.store = &mut store;
        // SAFETY: the callee is code that returns, and there is room for its result.
        let returned = unsafe { entry.call(&mut vmctx, pages.base(), args.as_mut_ptr(), &mut store) };
        assert_eq!(returned, 0);
        args[0].lo
    };
    assert_eq!(run(true), GARBAGE);
    assert_ne!(run(false), GARBAGE);
}

#[test]
fn trampolines_stay_as_long_as_their_type_is_used() {
    let engine = Engine::default();
    let module = module_types(&engine, [ty(0), ty(5), ty(1000)].map(Into::into));
    let used = engine.use_type(ty(5));
    assert_eq!(used.number(), 1);
    let t = engine.trampolines(1, Demand::Bounded).unwrap();
    let again = engine.trampolines(1, Demand::Bounded).unwrap();
    assert_eq!((t.host_call, t.entry as usize), (again.host_call, again.entry as usize));
    drop(module);
    assert_eq!(module_types(&engine, [ty(7), ty(5)].map(Into::into)).numbers()[1], 1);
    let other = engine.use_type(ty(8));
    assert_ne!(engine.trampolines(other.number(), Demand::Bounded).unwrap().host_call, t.host_call);
    assert!(registry::is_executable(t.host_call as usize));
}

#[test]
fn what_nobody_uses_goes_but_for_the_small_ones_of_late() {
    let engine = Engine::default();
    let places = |width: usize, types: usize| {
        let module = module_types(&engine, (0..types).map(|i| FuncType::of(kinds(i, width), []).into()));
        let places: Vec<usize> = module
            .numbers()
            .iter()
            .map(|&n| engine.trampolines(n, Demand::Bounded).unwrap().host_call as usize)
            .collect();
        assert!(engine.code_memory() > 300 * places.len(), "they count");
        drop(module);
        assert_eq!(engine.code_memory(), 0);
        // Pages are shared by the types of a group.
        places.into_iter().filter(|&pc| registry::is_executable(pc)).count()
    };
    // Types that differ in their first ten parameters.
    fn kinds(i: usize, width: usize) -> Vec<ValType> {
        (0..width).map(|p| if p < 10 && i >> p & 1 != 0 { ValType::I64 } else { ValType::I32 }).collect()
    }
    assert_eq!(places(IDLE_WIDTH + 1, 1000), 0);
    let kept = places(IDLE_WIDTH, 1000);
    assert!((IDLE..IDLE + GROUP as usize).contains(&kept), "{kept}");
    // One that is kept is found again, and counts while it is used.
    let used = engine.use_type(FuncType::of(kinds(999, IDLE_WIDTH), []));
    assert!(engine.code_memory() > 0);
    assert!(registry::is_executable(engine.trampolines(used.number(), Demand::Bounded).unwrap().host_call as usize));
}

#[test]
fn trampolines_keep_to_the_budget_unless_they_must_be() {
    let engine = Engine::new(Config::new().max_code_memory(5000)).unwrap();
    let (small, large) = (engine.use_type(ty(2)), engine.use_type(ty(999)));
    engine.trampolines(large.number(), Demand::Bounded).expect_err("it is larger than that");
    assert_eq!(engine.code_memory(), 0);
    engine.trampolines(small.number(), Demand::Bounded).expect_err("the group of both is");
    drop(large);
    engine.trampolines(small.number(), Demand::Bounded).unwrap();
    let large = engine.use_type(ty(999));
    engine.trampolines(large.number(), Demand::Insisting).unwrap();
    assert!(engine.code_memory() > 5000);
    drop((small, large));
    assert_eq!(engine.code_memory(), 0);
}

fn fields(n: usize) -> Vec<FieldType> {
    vec![FieldType::new(Mutability::Const, ValType::I32.into()); n]
}

/// As many struct types, each a subtype of the one before.
fn chain(len: usize) -> Vec<StructType> {
    let mut types: Vec<StructType> = Vec::new();
    for i in 0..len {
        types.push(StructType::of(Finality::NonFinal, types.last(), fields(i)).unwrap());
    }
    types
}

#[test]
fn arrays_have_a_bit_in_their_number_that_nobody_needs_to_know_them_by() {
    let engine = Engine::default();
    let (array, fields) = (ArrayType::new(&engine, fields(1).remove(0)), fields(2));
    let types: [CompositeType; 3] =
        [ty(0).into(), array.clone().into(), StructType::new(&engine, fields).unwrap().into()];
    let module = module_types(&engine, types);
    assert_eq!(module.numbers(), [0, 1 | gc::ARRAY, 2]);
    assert_eq!(engine.use_type(&array).number(), 1 | gc::ARRAY);
    for number in [1, 1 | gc::ARRAY] {
        assert!(engine.object_layout(number).is_array);
        assert!(engine.is_subtype(number, 1) && engine.is_subtype(1 | gc::ARRAY, number));
    }
    assert_eq!(engine.object_layout(2).size, 16);
    drop(module);
    assert_eq!(engine.use_type(ty(9)).number(), 0);
}

#[test]
fn subtypes_are_found_at_any_depth() {
    let engine = Engine::default();
    let types = chain(64);
    StructType::of(Finality::Final, types.last(), fields(64)).expect_err("it would have 64 supertypes");
    let other = StructType::of(Finality::NonFinal, Some(&types[20]), fields(30)).unwrap();
    // The one that is used first brings its supertypes.
    let last = engine.use_type(&types[63]).number();
    let uses: Vec<_> = types.iter().map(|ty| engine.use_type(ty)).collect();
    assert_eq!(uses[63].number(), last);
    let other = engine.use_type(&other).number();
    for (i, sub) in uses.iter().enumerate() {
        for (j, sup) in uses.iter().enumerate() {
            assert_eq!(engine.is_subtype(sub.number(), sup.number()), i >= j, "{i} {j}");
        }
    }
    let other_use = engine.use_type(&types[20]);
    assert!(!engine.is_subtype(uses[63].number(), other) && engine.is_subtype(last, other_use.number()));
}

#[test]
fn supertypes_are_in_use_as_long_as_their_subtypes() {
    let engine = Engine::default();
    let types = chain(64);
    let last = engine.use_type(&types[63]);
    let numbers: Vec<u32> = types.iter().map(|ty| engine.use_type(ty).number()).collect();
    assert_eq!(numbers, (0..64).collect::<Vec<u32>>());
    assert_eq!(engine.use_type(ty(0)).number(), 64, "none of them is free");
    for (&sup, depth) in numbers.iter().zip(0..) {
        assert!(engine.is_subtype(last.number(), sup));
        assert_eq!(engine.object_layout(sup).fields.len(), depth);
    }
    drop(last);
    assert_eq!(engine.use_type(ty(0)).number(), 0);
    assert!(engine.inner.types.table.read().numbers.is_empty());
}

#[test]
fn function_types_have_supertypes_and_trampolines() {
    let engine = Engine::default();
    let base = FuncType::of_subtype(Finality::NonFinal, None, [ValType::I32], []).unwrap();
    let sub = FuncType::of_subtype(Finality::Final, Some(&base), [ValType::I32], []).unwrap();
    let plain = FuncType::of([ValType::I32], []);
    let used = [&sub, &base, &plain].map(|ty| engine.use_type(ty));
    let types = (base, sub);
    let [sub, base, plain] = [0, 1, 2].map(|i| used[i].number());
    assert!(engine.is_subtype(sub, base) && !engine.is_subtype(base, sub) && !engine.is_subtype(plain, base));
    engine.trampolines(sub, Demand::Bounded).unwrap();
    engine.trampolines(base, Demand::Bounded).unwrap();
    drop(used);
    assert_eq!(engine.code_memory(), 0, "an idle type does not keep its supertype");
    // Not even one that was idle before it was a supertype.
    let (base, sub) = types;
    let idle = engine.use_type(&base).number();
    let used = engine.use_type(&sub);
    assert!(engine.is_subtype(used.number(), idle));
    drop(used);
    assert_eq!((engine.code_memory(), engine.use_type(&base).number()), (0, idle));
}
