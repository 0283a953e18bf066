//! The settings of engines: every switch that must not change what a module does. One function draws them all.

use crate::choices::Choices;
use crate::support::FEATURES;
use headwater::{Config, Engine, WasmFeatures};

/// The switches of `Config::test_modes`, and how seldom each is on: once in so many times.
const MODES: [(&str, usize); 16] = [
    ("poison", 2),
    ("spill", 4),
    ("shuffle", 3),
    ("checked", 4),
    ("offsets", 4),
    ("interrupts", 5),
    ("fuel", 5),
    ("masks", 4),
    ("pads", 6),
    ("slabs", 8),
    ("small_pages", 8),
    ("far", 8),
    ("baseline", 4),
    ("thread", 6),
    ("threads", 6),
    ("collect", 8),
];

/// The most bytes of a heap: objects may be large.
pub const HEAP: u64 = 64 << 20;

/// Settings that differ in everything that a module must not notice: layout of memories, threads, forms of calls,
/// hostile modes.
pub fn draw(choices: &mut Choices<'_>) -> Config {
    let mut config = Config::new();
    config.compile_threads(0).wasm_features(FEATURES, true);
    for (mode, seldom) in MODES {
        if choices.one_in(seldom) {
            config.test_modes(mode);
        }
    }
    config.gc_heap_max_size(HEAP);
    config.map_operators(choices.one_in(8));
    // What other engines have of the results that a relaxed operator may give.
    config.relaxed_simd_deterministic(true);
    config.max_wasm_stack(*choices.pick(&[1 << 20, 1 << 17, 1 << 16]));
    config
}

/// Features of which any are switched off.
pub fn features(choices: &mut Choices<'_>) -> WasmFeatures {
    let features = FEATURES.iter().filter(|_| !choices.one_in(4)).fold(WasmFeatures::empty(), WasmFeatures::union);
    // Without these there is none, as `Config::wasm_gc` says.
    let needed = WasmFeatures::REFERENCE_TYPES.union(WasmFeatures::FUNCTION_REFERENCES);
    if features.contains(needed) { features } else { features.difference(WasmFeatures::GC) }
}

/// Switches off what modules of `swarm` do not have, so that nothing may come of it.
pub fn without_what_is_unused(config: &mut Config, swarm: &wasm_smith::Config) {
    let used = [
        (WasmFeatures::BULK_MEMORY, swarm.bulk_memory_enabled),
        (WasmFeatures::REFERENCE_TYPES, swarm.reference_types_enabled),
        (WasmFeatures::MULTI_VALUE, swarm.multi_value_enabled),
        (WasmFeatures::MULTI_MEMORY, swarm.max_memories > 1),
        (WasmFeatures::SATURATING_FLOAT_TO_INT, swarm.saturating_float_to_int_enabled),
        (WasmFeatures::SIGN_EXTENSION, swarm.sign_extension_ops_enabled),
        (WasmFeatures::EXTENDED_CONST, swarm.extended_const_enabled),
        (WasmFeatures::FLOATS, swarm.allow_floats),
        (WasmFeatures::SIMD, swarm.simd_enabled),
        (WasmFeatures::RELAXED_SIMD, swarm.relaxed_simd_enabled),
        (WasmFeatures::TAIL_CALL, swarm.tail_call_enabled),
        (WasmFeatures::WIDE_ARITHMETIC, swarm.wide_arithmetic_enabled),
        (WasmFeatures::EXCEPTIONS, swarm.exceptions_enabled),
        (WasmFeatures::GC, swarm.gc_enabled),
        (WasmFeatures::LEGACY_EXCEPTIONS, false),
        (WasmFeatures::THREADS, false),
        (WasmFeatures::MEMORY64, swarm.memory64_enabled),
        (WasmFeatures::CUSTOM_PAGE_SIZES, swarm.custom_page_sizes_enabled),
    ];
    for (feature, is_used) in used {
        config.wasm_features(feature, is_used);
    }
    if swarm.simd_enabled {
        without_torn_stores(config);
    }
}

/// On AArch64, checks in place of guard pages: a vector store that reaches beyond a memory's end may write what is before
/// it where a guard page catches it, which no other engine here does.
pub fn without_torn_stores(config: &mut Config) {
    if cfg!(target_arch = "aarch64") {
        config.memory_reservation(0);
    }
}

/// An engine with these settings.
pub fn engine(config: &Config) -> Engine {
    Engine::new(config).unwrap_or_else(|e| panic!("these settings are supported: {e}: {config:?}"))
}
