//! Switches for the features of WebAssembly, by the names that wasmtime has for them.

use super::Config;
use super::config::SUPPORTED;
use wasmparser::WasmFeatures;

impl Config {
    /// Everything that is implemented, and on at first. Tests take it from here.
    #[doc(hidden)]
    pub const fn supported_features() -> WasmFeatures {
        SUPPORTED
    }

    /// Turns WebAssembly features on or off. [`Engine::new`](crate::Engine::new) refuses features that are not
    /// implemented.
    pub fn wasm_features(&mut self, features: WasmFeatures, enable: bool) -> &mut Config {
        self.features.set(features, enable);
        self
    }

    /// Whether `memory.copy`, `table.init` and their like are accepted. On by default.
    pub fn wasm_bulk_memory(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::BULK_MEMORY, enable)
    }

    /// Whether functions and blocks may have several results and blocks parameters. On by default.
    pub fn wasm_multi_value(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::MULTI_VALUE, enable)
    }

    /// Whether a module may have several memories. On by default.
    pub fn wasm_multi_memory(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::MULTI_MEMORY, enable)
    }

    /// Whether references are values, and there may be several tables. On by default.
    pub fn wasm_reference_types(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::REFERENCE_TYPES, enable)
    }

    /// Whether constant expressions may add, subtract and multiply. On by default.
    pub fn wasm_extended_const(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::EXTENDED_CONST, enable)
    }

    /// Whether there are vectors of 128 bits. On by default.
    pub fn wasm_simd(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::SIMD, enable)
    }

    /// Whether there are vector operators whose results may differ from machine to machine. On by default; without
    /// [`Config::wasm_simd`] nothing.
    pub fn wasm_relaxed_simd(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::RELAXED_SIMD, enable)
    }

    /// Whether relaxed vector operators give the same results on all machines, those of the specification's
    /// deterministic profile, at some cost. Off by default: the results then depend on the instruction set and, on
    /// x86-64, on whether the processor multiplies and adds in one step.
    pub fn relaxed_simd_deterministic(&mut self, enable: bool) -> &mut Config {
        self.checks.deterministic_vectors = enable;
        self
    }

    /// Whether tail calls are accepted, which need no stack however many follow one another. On by default.
    pub fn wasm_tail_call(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::TAIL_CALL, enable)
    }

    /// Whether tags, `throw`, `try_table` and references to exceptions are accepted. On by default; code that uses none
    /// pays nothing.
    pub fn wasm_exceptions(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::EXCEPTIONS, enable)
    }

    /// Whether `try`, `catch`, `rethrow` and `delegate` are accepted, an older form of exceptions that Emscripten still
    /// emits. Both forms may be mixed. On by default; without [`Config::wasm_exceptions`] there are no tags.
    pub fn wasm_legacy_exceptions(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::LEGACY_EXCEPTIONS, enable)
    }

    /// Whether references to functions may have their types, and references may exclude null: `call_ref`, `br_on_null`
    /// and so on. On by default; nothing without [`Config::wasm_reference_types`].
    pub fn wasm_function_references(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::FUNCTION_REFERENCES, enable)
    }

    /// Whether structs, arrays and integers of 31 bits are accepted, casts, and types that are declared to be subtypes.
    /// On by default; nothing without [`Config::wasm_function_references`].
    pub fn wasm_gc(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::GC, enable)
    }

    /// Whether memories and tables with 64-bit addresses are accepted. On by default.
    pub fn wasm_memory64(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::MEMORY64, enable)
    }

    /// Whether shared memories and atomic instructions are accepted. On by default.
    pub fn wasm_threads(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::THREADS, enable)
    }

    /// Whether functions, tables and globals may be shared by threads. Off: [`Engine::new`](crate::Engine::new) refuses
    /// this, which is not implemented.
    pub fn wasm_shared_everything_threads(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::SHARED_EVERYTHING_THREADS, enable)
    }

    /// Whether memories may have pages of another size. Off by default.
    pub fn wasm_custom_page_sizes(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::CUSTOM_PAGE_SIZES, enable)
    }

    /// Whether arithmetic on 128 bits is accepted. Off by default.
    pub fn wasm_wide_arithmetic(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::WIDE_ARITHMETIC, enable)
    }

    /// Whether continuations are accepted. Off: [`Engine::new`](crate::Engine::new) refuses this, which is not
    /// implemented.
    pub fn wasm_stack_switching(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::STACK_SWITCHING, enable)
    }

    /// Whether components are accepted. Off: [`Engine::new`](crate::Engine::new) refuses this, which is not
    /// implemented.
    pub fn wasm_component_model(&mut self, enable: bool) -> &mut Config {
        self.wasm_features(WasmFeatures::COMPONENT_MODEL, enable)
    }
}
