//! Features that are disabled or not supported: how errors report them, and by what name.

use headwater::{CompileErrorKind, Config, Engine, Module, WasmFeatures};

/// A setter, the feature's name, and a module that needs the feature.
type Case = (fn(&mut Config, bool) -> &mut Config, &'static str, &'static str);

/// The features that this engine does not have.
const MISSING: [Case; 4] = [
    (
        |c, on| c.wasm_features(WasmFeatures::CUSTOM_DESCRIPTORS, on),
        "custom-descriptors",
        "(module (rec (type $a (descriptor $b) (struct)) (type $b (describes $a) (struct))))",
    ),
    (Config::wasm_shared_everything_threads, "shared-everything-threads", "(module (table shared 1 funcref))"),
    (Config::wasm_stack_switching, "stack-switching", ""),
    (Config::wasm_component_model, "component-model", "(component)"),
];

/// The features that may be turned off.
const SWITCHES: [Case; 44] = [
    (Config::wasm_gc, "gc", "(module (type (array i8)))"),
    (Config::wasm_gc, "gc", "(module (type (struct (field i32) (field (mut i16)))))"),
    (Config::wasm_gc, "gc", "(module (type (sub (func))))"),
    (Config::wasm_gc, "gc", "(module (type $a (sub (func))) (type (sub $a (func))))"),
    (Config::wasm_gc, "gc", "(module (rec (type (func)) (type (func (param i32)))))"),
    (Config::wasm_gc, "gc", "(module (func (param anyref)))"),
    (Config::wasm_gc, "gc", "(module (table 1 nullfuncref))"),
    (Config::wasm_gc, "gc", "(module (global i31ref (ref.null none)))"),
    (
        Config::wasm_function_references,
        "function-references",
        "(module (type $t (func)) (func (param (ref $t)) (call_ref $t (local.get 0))))",
    ),
    (
        Config::wasm_function_references,
        "function-references",
        "(module (global (ref null 0) (ref.null 0)) (type (func)))",
    ),
    (Config::wasm_function_references, "function-references", "(module (func (param (ref extern))))"),
    (Config::wasm_function_references, "function-references", "(module (func (param (ref exn))))"),
    (Config::wasm_function_references, "function-references", "(module (func (local (ref exn))))"),
    (
        Config::wasm_function_references,
        "function-references",
        "(module (func (drop (block (result (ref exn)) (unreachable)))))",
    ),
    (
        Config::wasm_function_references,
        "function-references",
        "(module (func (drop (block (result (ref exn)) (try_table (catch_all_ref 0)) unreachable))))",
    ),
    (Config::wasm_function_references, "function-references", "(module (func (unreachable) (ref.as_non_null) (drop)))"),
    (
        Config::wasm_wide_arithmetic,
        "wide-arithmetic",
        "(module (func (param i64) (result i64 i64) (i64.mul_wide_u (local.get 0) (local.get 0))))",
    ),
    (Config::wasm_custom_page_sizes, "custom-page-sizes", "(module (memory 1 (pagesize 1)))"),
    (Config::wasm_memory64, "memory64", "(module (memory i64 1))"),
    (Config::wasm_memory64, "memory64", "(module (table i64 1 funcref))"),
    (Config::wasm_threads, "threads", "(module (memory 1 1 shared))"),
    (Config::wasm_threads, "threads", "(module (memory 1) (func (drop (i32.atomic.load (i32.const 0)))))"),
    (Config::wasm_threads, "threads", "(module (func (unreachable) (atomic.fence)))"),
    (Config::wasm_simd, "simd", "(module (func (result i32) (v128.any_true (v128.const i64x2 0 0))))"),
    (Config::wasm_simd, "simd", "(module (func (param v128)))"),
    (Config::wasm_simd, "simd", "(module (func (local v128)))"),
    (Config::wasm_simd, "simd", "(module (memory 1) (func (v128.store (i32.const 0) (v128.load (i32.const 0)))))"),
    (
        Config::wasm_relaxed_simd,
        "relaxed-simd",
        "(module (func (param v128 v128) (result v128) (i8x16.relaxed_swizzle (local.get 0) (local.get 1))))",
    ),
    (Config::wasm_bulk_memory, "bulk-memory", "(module (memory 1) (data \"\") (func (data.drop 0)))"),
    (Config::wasm_multi_value, "multi-value", "(module (func (result i32 i32) i32.const 0 i32.const 0))"),
    (Config::wasm_multi_memory, "multi-memory", "(module (memory 1) (memory 1))"),
    (Config::wasm_reference_types, "reference-types", "(module (table 1 funcref) (table 1 funcref))"),
    (Config::wasm_reference_types, "reference-types", "(module (func (param externref)))"),
    (Config::wasm_extended_const, "extended-const", "(module (global i32 (i32.add (i32.const 1) (i32.const 2))))"),
    (Config::wasm_tail_call, "tail-call", "(module (func $f (return_call $f)))"),
    (Config::wasm_tail_call, "tail-call", "(module (table 1 funcref) (func (return_call_indirect (i32.const 0))))"),
    (Config::wasm_exceptions, "exceptions", "(module (tag))"),
    (Config::wasm_exceptions, "exceptions", "(module (import \"\" \"\" (tag)))"),
    (Config::wasm_exceptions, "exceptions", "(module (func (local exnref)))"),
    (Config::wasm_exceptions, "exceptions", "(module (func (block (try_table (catch_all 0)))))"),
    (Config::wasm_legacy_exceptions, "legacy-exceptions", "(module (func try catch_all end))"),
    (Config::wasm_legacy_exceptions, "legacy-exceptions", "(module (func try catch_all rethrow 0 end))"),
    (
        |c, on| c.wasm_features(WasmFeatures::SIGN_EXTENSION, on),
        "sign-extension",
        "(module (func (result i32) i32.const 0 i32.extend8_s))",
    ),
    (
        |c, on| c.wasm_features(WasmFeatures::SATURATING_FLOAT_TO_INT, on),
        "saturating-float-to-int",
        "(module (func (result i32) f32.const 0 i32.trunc_sat_f32_s))",
    ),
];

fn check(engine: &Engine, feature: &'static str, text: &str) {
    let wasm = match text {
        // A version of its own; the parser of text may have been built without.
        "(component)" => b"\0asm\x0d\0\x01\0".to_vec(),
        _ => wat::parse_str(text).expect("it is well-formed"),
    };
    let error = Module::validate(engine, &wasm).expect_err("the feature is off");
    assert_eq!(error.kind(), CompileErrorKind::Unsupported { feature }, "{error}");
    assert!(error.offset().is_some(), "{error}");
    let shown = error.to_string();
    assert!(shown.contains(feature) || feature == "component-model" && shown.contains("is a component, not a module"));
}

#[test]
fn what_is_missing_is_named_when_it_is_asked_for_and_when_a_module_needs_it() {
    for (set, feature, text) in MISSING {
        let mut config = Config::new();
        let error = Engine::new(set(&mut config, true)).expect_err("it is not implemented").to_string();
        assert_eq!(error, format!("WebAssembly features not implemented: {feature}"));
        let engine = Engine::new(set(&mut config, false)).expect("nothing is asked for");
        if !text.is_empty() {
            check(&engine, feature, text);
        }
    }
}

#[test]
fn what_is_off_is_no_invalid_module() {
    for (set, feature, text) in SWITCHES {
        let mut config = Config::new();
        check(&Engine::new(set(&mut config, false)).expect("it can be off"), feature, text);
        let wasm = wat::parse_str(text).expect("it is well-formed");
        Module::validate(&Engine::new(set(&mut config, true)).expect("it can be on"), &wasm).expect("it is valid");
    }
}

#[test]
fn what_is_invalid_with_all_features_stays_invalid() {
    let engine = Engine::default();
    for bytes in [&b"\0asm\x02\0\0\0"[..], b"\0asm\x01\0\0\0\x0e\0", b"\0asm\x01\0\0\0\x01\x02\x01\x33"] {
        assert_eq!(Module::validate(&engine, bytes).unwrap_err().kind(), CompileErrorKind::Invalid);
    }
    let wasm = wat::parse_str("(module (func (result i32)))").expect("it is well-formed");
    assert_eq!(Module::validate(&engine, &wasm).unwrap_err().kind(), CompileErrorKind::Invalid);
}

#[test]
fn references_to_exceptions_that_are_not_exnref_belong_to_later_features() {
    let cases = [
        ("gc", "(module (func (param nullexnref)))"),
        ("gc", "(module (func (local i32 i64) (local nullexnref)))"),
        ("gc", "(module (func (drop (ref.null noexn))))"),
        ("gc", "(module (global nullexnref (ref.null noexn)))"),
        ("gc", "(module (table 1 nullexnref))"),
    ];
    for (feature, text) in cases {
        check(&Engine::new(Config::new().wasm_gc(false)).expect("it can be off"), feature, text);
    }
}
