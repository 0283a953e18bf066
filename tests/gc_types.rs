//! Types of structs and arrays, and subtypes: when two are the same, which may be where another is wanted, and that
//! modules, artifacts, linking and the host agree.

use headwater::{
    ArrayType, Config, Engine, ExternType, FieldType, Finality, FuncType, Global, HeapType, Instance, Module,
    Mutability, RefType, StorageType, Store, StructType, ValType,
};
use std::sync::Barrier;
use wasmparser::Validator;

fn engine() -> Engine {
    Engine::new(Config::new().compile_threads(0).wasm_gc(true)).expect("it is implemented")
}

fn module(engine: &Engine, text: &str) -> Module {
    Module::new(engine, wat::parse_str(text).expect("it is well-formed")).expect("it is valid")
}

/// The types of what the module exports, in order.
fn exports(module: &Module) -> Vec<ExternType> {
    module.exports().map(|export| export.ty()).collect()
}

fn field(mutability: Mutability, storage: impl Into<StorageType>) -> FieldType {
    FieldType::new(mutability, storage.into())
}

/// Types that differ in one thing each, or in none.
const TYPES: &str = "
    (type $func (func (param i32)))
    (type $open (sub (func (param i32))))
    (type $below (sub final $open (func (param i32))))
    (type $array (array i8))
    (type $mutable (array (mut i8)))
    (type $same (array i8))
    (type $refs (sub (array (ref null $array))))
    (type $null (sub $refs (array nullref)))
    (type $struct (sub (struct (field i32))))
    (type $wide (sub $struct (struct (field i32) (field (mut i16)))))
    (type $wider (sub $wide (struct (field i32) (field (mut i16)) (field (ref $func)))))
    (type $twin (sub $struct (struct (field i32) (field (mut i16)))))
    (type $sibling (sub $struct (struct (field i32) (field i16))))
    (rec (type $list (sub (struct (field (ref null $list))))) (type $in_group (array i8)))
    (type $longer (sub final $list (struct (field (ref null $longer)) (field f64))))";

const NAMES: [&str; 28] = [
    "func",
    "extern",
    "exn",
    "any",
    "eq",
    "i31",
    "struct",
    "array",
    "none",
    "nofunc",
    "noextern",
    "noexn",
    "$func",
    "$open",
    "$below",
    "$array",
    "$mutable",
    "$same",
    "$refs",
    "$null",
    "$struct",
    "$wide",
    "$wider",
    "$twin",
    "$sibling",
    "$list",
    "$in_group",
    "$longer",
];

/// The heap types, as the host sees them.
fn heap_types(engine: &Engine) -> Vec<HeapType> {
    let globals = NAMES.map(|name| format!("(global (export \"{name}\") (ref null {name}) (ref.null {name}))"));
    let module = module(engine, &format!("(module {TYPES} {})", globals.concat()));
    let heap_type = |ty: ExternType| ty.global().unwrap().content().unwrap_ref().heap_type().clone();
    exports(&module).into_iter().map(heap_type).collect()
}

#[test]
fn what_may_be_where_is_what_wasmparser_says() {
    let engine = engine();
    let heap_types = heap_types(&engine);
    let features = Config::supported_features();
    let mut held = 0;
    for (a, sub) in heap_types.iter().zip(NAMES) {
        for (b, sup) in heap_types.iter().zip(NAMES) {
            for (nullable_a, nullable_b) in [(true, true), (false, true), (true, false), (false, false)] {
                let null = |nullable| if nullable { "null " } else { "" };
                let text = format!(
                    "(module {TYPES} (func (param (ref {}{sub})) (result (ref {}{sup})) (local.get 0)))",
                    null(nullable_a),
                    null(nullable_b)
                );
                let wasm = wat::parse_str(&text).unwrap();
                let expected = Validator::new_with_features(features).validate_all(&wasm).is_ok();
                let (a, b) = (RefType::new(nullable_a, a.clone()), RefType::new(nullable_b, b.clone()));
                assert_eq!(a.matches(&b), expected, "{sub} {sup}");
                assert_eq!(a == b, expected && b.matches(&a), "{sub} {sup}");
                assert_eq!(Module::validate(&engine, &wasm).is_ok(), expected, "{text}");
                held += usize::from(expected);
            }
        }
    }
    assert!(held > 300, "{held}");
}

#[test]
fn every_type_has_a_top_and_a_bottom() {
    for ty in heap_types(&engine()) {
        let (top, bottom) = (ty.top(), ty.bottom());
        assert!(ty.matches(&top) && bottom.matches(&ty) && bottom.matches(&top), "{ty}");
        assert!(top.is_top() && bottom.is_bottom() && !top.is_bottom() && !bottom.is_top(), "{ty}");
        assert_eq!((ty == top, ty == bottom), (ty.is_top(), ty.is_bottom()));
        assert_eq!(bottom.top(), top);
        assert_eq!(
            ty.is_abstract(),
            ty.as_concrete_func().is_none() && !ty.is_concrete_array() && !ty.is_concrete_struct()
        );
    }
}

#[test]
fn imports_take_what_is_of_a_subtype() {
    let engine = engine();
    let heap_types = heap_types(&engine);
    let given = |mutability: &str| {
        let global = |name: &str| match mutability {
            "mut" => format!("(global (export \"{name}\") (mut (ref null {name})) (ref.null {name}))"),
            _ => format!("(global (export \"{name}\") (ref null {name}) (ref.null {name}))"),
        };
        module(&engine, &format!("(module {TYPES} {})", NAMES.map(global).concat()))
    };
    for mutability in ["", "mut"] {
        let mut store = Store::new(&engine, ());
        let giver = Instance::new(&mut store, &given(mutability), &[]).unwrap();
        let globals = NAMES.map(|name| giver.get_global(&mut store, name).unwrap());
        for (wanted, name) in heap_types.iter().zip(NAMES) {
            let ty = format!("(ref null {name})");
            let ty = if mutability.is_empty() { ty } else { format!("(mut {ty})") };
            let taker = module(&engine, &format!("(module {TYPES} (import \"\" \"\" (global {ty})))"));
            for (global, given) in globals.iter().zip(&heap_types) {
                let linked = Instance::new(&mut store, &taker, &[(*global).into()]);
                let fits = if mutability.is_empty() { given.matches(wanted) } else { given == wanted };
                assert_eq!(linked.is_ok(), fits, "{given} for {wanted}");
                if let Err(error) = linked {
                    let error = format!("{error:?}");
                    let found = Global::ty(global, &store);
                    assert!(error.contains("expected (global") && error.contains(&found.to_string()), "{error}");
                }
            }
        }
    }
}

#[test]
fn functions_tables_and_tags_are_linked_by_their_declared_types() {
    let engine = engine();
    let types = "(type $plain (func)) (type $open (sub (func))) (type $below (sub $open (func))) (type $lowest (sub final $below (func)))
        (type $s (struct (field i8)))";
    let giver = format!(
        "(module {types}
          (func (export \"open\") (type $open)) (func (export \"below\") (type $below))
          (func (export \"lowest\") (type $lowest))
          (func (export \"plain\") (type $plain))
          (table (export \"table\") 1 (ref null $s)) (table (export \"any\") 1 anyref)
          (tag (export \"tag\") (type $below)))"
    );
    let mut store = Store::new(&engine, ());
    let giver = Instance::new(&mut store, &module(&engine, &giver), &[]).unwrap();
    let mut fits = |name: &str, import: &str| {
        let taker = module(&engine, &format!("(module {types} (import \"\" \"\" ({import})))"));
        let given = giver.get_export(&mut store, name).unwrap();
        Instance::new(&mut store, &taker, &[given]).is_ok()
    };
    for (i, given) in ["open", "below", "lowest"].into_iter().enumerate() {
        for (j, wanted) in ["open", "below", "lowest"].into_iter().enumerate() {
            assert_eq!(fits(given, &format!("func (type ${wanted})")), i >= j, "{given} for {wanted}");
        }
        assert!(!fits(given, "func (type $plain)") && !fits("plain", &format!("func (type ${given})")));
    }
    assert!(fits("table", "table 1 (ref null $s)") && fits("any", "table 1 anyref"));
    assert!(!fits("table", "table 1 anyref") && !fits("any", "table 1 (ref null $s)"));
    assert!(fits("tag", "tag (type $below)"));
    assert!(!fits("tag", "tag (type $open)") && !fits("tag", "tag (type $lowest)"));
}

#[test]
fn types_are_the_same_in_all_modules_engines_and_in_the_host() {
    let (one, other) = (engine(), engine());
    let text = format!(
        "(module {TYPES} (global (export \"a\") (ref null $wider) (ref.null none))
           (global (export \"b\") (ref null $in_group) (ref.null none)) (func (export \"c\") (param (ref $longer))))"
    );
    // Of the same types, the indices are others.
    let moved = text.replacen("(module", "(module (type (struct)) (type $x (sub (array (mut f32))))", 1);
    let (a, b) = (exports(&module(&one, &text)), exports(&module(&other, &moved)));
    assert_eq!(a, b);
    let content = |ty: &ExternType| ty.global().unwrap().content().unwrap_ref().heap_type().clone();
    let wider = content(&a[0]).unwrap_concrete_struct().clone();
    // What the host makes of the same parts is the same.
    let number = field(Mutability::Const, ValType::I32);
    let packed = field(Mutability::Var, StorageType::I16);
    let func = field(Mutability::Const, RefType::new(false, FuncType::new(&one, [ValType::I32], []).into()));
    let make = |finality, supertype: Option<&StructType>, fields: &[&FieldType]| {
        StructType::with_finality_and_supertype(&other, finality, supertype, fields.iter().copied().cloned())
    };
    let open = Finality::NonFinal;
    let base = make(open, None, &[&number]).unwrap();
    let wide = make(open, Some(&base), &[&number, &packed]).unwrap();
    assert_eq!(make(open, Some(&wide), &[&number, &packed, &func]).unwrap(), wider);
    assert_eq!(wider.supertype(), Some(wide.clone()));
    assert_eq!((wider.finality(), base.supertype()), (open, None));
    assert_eq!(wider.fields().collect::<Vec<_>>(), [number.clone(), packed.clone(), func.clone()]);
    assert_eq!((wider.field(1), wider.field(3)), (Some(packed.clone()), None));
    // One thing less, and it is another.
    assert_ne!(make(Finality::Final, Some(&wide), &[&number, &packed, &func]).unwrap(), wider);
    assert_ne!(make(open, Some(&base), &[&number, &packed, &func]).unwrap(), wider);
    let bytes = ArrayType::new(&one, field(Mutability::Const, StorageType::I8));
    let in_group = content(&a[1]).unwrap_concrete_array().clone();
    assert!(bytes != in_group && bytes.field_type() == in_group.field_type() && !in_group.matches(&bytes));
    assert_eq!(in_group.to_string(), "(array i8)");
    let longer = a[2].func().unwrap().to_string();
    assert_eq!(longer, "(func (param (ref (struct (field (ref null (struct …))) (field f64)))))");
}

#[test]
fn the_host_makes_no_subtypes_that_a_module_could_not() {
    let engine = engine();
    let make = |supertype: &StructType, fields: &[FieldType]| {
        StructType::with_finality_and_supertype(&engine, Finality::NonFinal, Some(supertype), fields.iter().cloned())
            .map_err(|error| error.to_string())
    };
    let field_of = |ty: RefType| field(Mutability::Const, ty);
    let base = [field_of(RefType::EQREF), field(Mutability::Var, ValType::I64)];
    let last = StructType::new(&engine, base.clone()).unwrap();
    assert!(make(&last, &base).unwrap_err().contains("final"));
    let open = StructType::with_finality_and_supertype(&engine, Finality::NonFinal, None, base.clone()).unwrap();
    make(&open, &base).expect("the same");
    make(&open, &[field_of(RefType::I31REF), base[1].clone()]).expect("a field that is never written is narrower");
    for wrong in [
        vec![base[0].clone()],
        vec![base[1].clone(), base[0].clone()],
        vec![field_of(RefType::ANYREF), base[1].clone()],
        vec![field(Mutability::Var, RefType::EQREF), base[1].clone()],
        vec![base[0].clone(), field(Mutability::Const, ValType::I64)],
        vec![base[0].clone(), field(Mutability::Var, ValType::I32)],
    ] {
        assert!(make(&open, &wrong).unwrap_err().contains("must match"), "{wrong:?}");
    }
    let many = std::iter::repeat_n(field(Mutability::Const, StorageType::I8), 10_001);
    assert!(StructType::new(&engine, many.clone().take(10_000)).is_ok() && StructType::new(&engine, many).is_err());
    assert!(StructType::new(&engine, std::iter::repeat(base[1].clone())).is_err(), "it ends");

    let any =
        FuncType::with_finality_and_supertype(&engine, Finality::NonFinal, None, [ValType::I31REF], [ValType::ANYREF]);
    let any = any.unwrap();
    let sub = |params: &[ValType], results: &[ValType]| {
        let (params, results) = (params.iter().cloned(), results.iter().cloned());
        FuncType::with_finality_and_supertype(&engine, Finality::Final, Some(&any), params, results)
    };
    let below = sub(&[ValType::ANYREF], &[ValType::NULLREF]).expect("it takes more and gives less");
    assert!(below.matches(&any) && !any.matches(&below));
    assert_eq!((below.finality(), below.supertype()), (Finality::Final, Some(any.clone())));
    sub(&[ValType::NULLREF], &[ValType::ANYREF]).expect_err("it takes less");
    sub(&[ValType::I31REF], &[ValType::EXTERNREF]).expect_err("it gives another");
    sub(&[], &[ValType::ANYREF]).expect_err("it takes fewer");
    let plain = FuncType::new(&engine, [], []);
    assert_eq!(FuncType::with_finality_and_supertype(&engine, Finality::Final, None, [], []).unwrap(), plain);
    FuncType::with_finality_and_supertype(&engine, Finality::Final, Some(&plain), [], []).expect_err("it is final");

    let elements = |supertype: Option<&ArrayType>, ty: FieldType| {
        ArrayType::with_finality_and_supertype(&engine, Finality::NonFinal, supertype, ty)
    };
    let bytes = elements(None, field(Mutability::Var, StorageType::I8)).unwrap();
    elements(Some(&bytes), field(Mutability::Var, StorageType::I8)).unwrap();
    elements(Some(&bytes), field(Mutability::Var, StorageType::I16)).expect_err("they are wider");
    elements(Some(&bytes), field(Mutability::Const, StorageType::I8)).expect_err("they are not written");
}

#[test]
fn sixty_three_supertypes_are_as_many_as_there_may_be() {
    let engine = engine();
    let chain = |len: usize| {
        let ty = |i: usize| match i {
            0 => "(type $t0 (sub (array i8)))".to_string(),
            _ => format!("(type $t{i} (sub $t{} (array i8)))", i - 1),
        };
        let types: String = (0..len).map(ty).collect();
        let last = len - 1;
        wat::parse_str(format!(
            "(module {types} (func (export \"f\") (param (ref $t{last})) (result (ref $t0)) (local.get 0)))"
        ))
        .unwrap()
    };
    let module = Module::new(&engine, chain(64)).unwrap();
    let ty = exports(&module)[0].func().unwrap().param(0).unwrap();
    let array = ty.unwrap_ref().heap_type().unwrap_concrete_array().clone();
    assert_eq!(std::iter::successors(Some(array.clone()), ArrayType::supertype).count(), 64);
    Module::new(&engine, chain(65)).expect_err("that is one too many");
    let element = array.field_type();
    ArrayType::with_finality_and_supertype(&engine, Finality::Final, Some(&array), element).expect_err("likewise");
}

#[test]
fn chains_as_long_as_modules_can_have_need_no_stack() {
    const LEN: u32 = 200_000;
    let mut types = wasm_encoder::TypeSection::new();
    let mut base = wasm_encoder::StructType { fields: [].into() };
    for i in 0..LEN {
        // Each names the one before, and is a group of its own.
        types.ty().struct_(base.fields.to_vec());
        let to = wasm_encoder::RefType { nullable: true, heap_type: wasm_encoder::HeapType::Concrete(i) };
        let element_type = wasm_encoder::StorageType::Val(wasm_encoder::ValType::Ref(to));
        base.fields = [wasm_encoder::FieldType { element_type, mutable: false }].into();
    }
    let mut wasm = wasm_encoder::Module::new();
    let last = wasm_encoder::RefType { nullable: true, heap_type: wasm_encoder::HeapType::Concrete(LEN - 1) };
    let mut globals = wasm_encoder::GlobalSection::new();
    let ty = wasm_encoder::GlobalType { val_type: wasm_encoder::ValType::Ref(last), mutable: false, shared: false };
    let none = wasm_encoder::HeapType::Abstract { shared: false, ty: wasm_encoder::AbstractHeapType::None };
    globals.global(ty, &wasm_encoder::ConstExpr::ref_null(none));
    let mut exported = wasm_encoder::ExportSection::new();
    exported.export("last", wasm_encoder::ExportKind::Global, 0);
    let wasm = wasm.section(&types).section(&globals).section(&exported).clone().finish();
    // A stack on which a frame for each would not fit.
    let thread = std::thread::Builder::new().stack_size(1 << 20);
    let checked = thread.spawn(move || {
        let engine = engine();
        let module = Module::new(&engine, &wasm).unwrap();
        let ty = exports(&module).remove(0);
        let again = Module::new(&self::engine(), &wasm).unwrap();
        assert_eq!(exports(&again), std::slice::from_ref(&ty));
        let bytes = module.serialize().unwrap();
        drop((module, again));
        // SAFETY: the bytes are what was serialised.
        let loaded = unsafe { Module::deserialize(&engine, bytes) }.unwrap();
        assert_eq!(exports(&loaded), [ty]);
    });
    checked.unwrap().join().unwrap();
}

#[test]
fn artifacts_have_all_types() {
    let engine = engine();
    let globals = NAMES.map(|name| format!("(global (export \"{name}\") (ref null {name}) (ref.null {name}))"));
    let text = format!(
        "(module {TYPES} (import \"a\" \"a\" (global (ref $wider))) (import \"a\" \"b\" (table 1 i31ref))
           (import \"a\" \"c\" (func (param (ref null $longer) (ref eq)))) (import \"a\" \"d\" (tag (type $open))) {})",
        globals.concat()
    );
    let module = module(&engine, &text);
    let bytes = module.serialize().unwrap();
    let imports = |module: &Module| module.imports().map(|import| import.ty()).collect::<Vec<_>>();
    let (exported, imported) = (exports(&module), imports(&module));
    assert_eq!((exported.len(), imported.len()), (NAMES.len(), 4));
    // In the engine that made it, in another one, and after all types are gone.
    for engine in [engine, self::engine()] {
        // SAFETY: the bytes are what was serialised.
        let loaded = unsafe { Module::deserialize(&engine, &bytes) }.unwrap();
        assert_eq!((exports(&loaded), imports(&loaded)), (exported.clone(), imported.clone()));
        assert_eq!(loaded.serialize().unwrap(), bytes);
    }
    let shown = |types: &[ExternType]| types.iter().map(ToString::to_string).collect::<Vec<_>>();
    let before = (shown(&exported), shown(&imported));
    drop((module, exported, imported));
    let engine = self::engine();
    // SAFETY: as above.
    let loaded = unsafe { Module::deserialize(&engine, &bytes) }.unwrap();
    assert_eq!((shown(&exports(&loaded)), shown(&imports(&loaded))), before);
    let off = Engine::new(Config::new().compile_threads(0).wasm_gc(false)).unwrap();
    // SAFETY: as above.
    let error = unsafe { Module::deserialize(&off, &bytes) }.expect_err("it may not have such types");
    assert!(error.to_string().contains("features"), "{error}");
}

#[test]
fn threads_that_make_the_same_types_agree() {
    const THREADS: usize = 4;
    let start = Barrier::new(THREADS);
    let shared = engine();
    let wasm =
        wat::parse_str(format!("(module {TYPES} (func (export \"f\") (param (ref $longer) (ref $wider))))")).unwrap();
    let found: Vec<ExternType> = std::thread::scope(|scope| {
        let make = |own: bool| {
            let (start, shared, wasm) = (&start, &shared, &wasm);
            move || {
                let engine = if own { engine() } else { shared.clone() };
                let mut last = None;
                for _ in 0..50 {
                    start.wait();
                    let ty = exports(&Module::new(&engine, wasm).unwrap()).remove(0);
                    let host = StructType::new(&engine, [field(Mutability::Var, StorageType::I16)]).unwrap();
                    let array =
                        ArrayType::new(&engine, field(Mutability::Var, RefType::new(true, host.clone().into())));
                    assert_eq!(array.element_type().unwrap_val_type().unwrap_ref().heap_type(), &HeapType::from(host));
                    // In some rounds nobody keeps the types from one to the next.
                    last = Some(ty);
                }
                last.unwrap()
            }
        };
        let threads: Vec<_> = (0..THREADS).map(|i| scope.spawn(make(i % 2 == 0))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(found.iter().all(|ty| *ty == found[0]));
}

#[test]
fn types_that_are_not_there_or_too_large_are_errors_with_an_offset() {
    let engine = engine();
    let fields = "(field i8)".repeat(10_001);
    for (text, message) in [
        (format!("(module (type (struct {fields})))"), "size"),
        ("(module (type (struct (field (ref 1)))))".to_string(), "unknown type"),
        ("(module (type (sub 0 (struct))))".to_string(), ""),
        ("(module (type (struct)) (type (sub 0 (struct))))".to_string(), "sub type"),
        ("(module (type (sub (struct))) (type (sub 0 (array i8))))".to_string(), "sub type"),
        ("(module (type (struct)) (func (type 0)))".to_string(), "not a function"),
        ("(module (type (array i8)) (tag (type 0)))".to_string(), "not a function"),
        ("(module (type (array i8)) (import \"\" \"\" (func (type 0))))".to_string(), "not a function"),
        ("(module (type (array i8)) (func (result (ref null 0)) (ref.null 7)))".to_string(), "unknown type"),
    ] {
        let wasm = wat::parse_str(&text).unwrap();
        let expected = Validator::new_with_features(Config::supported_features()).validate_all(&wasm);
        let expected = expected.err().expect("it is not valid");
        let error = Module::validate(&engine, &wasm).expect_err("it is not valid");
        assert_eq!(error.offset(), Some(expected.offset() as usize), "{error}");
        assert!(error.to_string().contains(message), "{error}");
    }
}
