//! The engines to compare with: which they are, for the whole process, and how they are set up.

use crate::engines::{Instance, Ours, Outcome, Wasmi};
use crate::interface::Interface;
use crate::settings;
use std::sync::OnceLock;
use wasmparser::{Validator, WasmFeatures};

/// Which engines Headwater is compared with.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug, clap::ValueEnum)]
pub enum Against {
    /// wasmi, an interpreter.
    #[default]
    Wasmi,
    /// wasmtime with Cranelift, a compiler; with exceptions, atomic operators, typed references and garbage
    /// collection.
    #[cfg(feature = "wasmtime")]
    Wasmtime,
    /// wasmi and wasmtime.
    #[cfg(feature = "wasmtime")]
    Both,
    /// No engine: what remains is what Headwater checks itself.
    None,
}

static AGAINST: OnceLock<Against> = OnceLock::new();

/// Decides, once for the process, which engines there are to compare with. Before, and without this, it is wasmi.
///
/// # Panics
/// If that has been decided otherwise, or a case has been run.
pub fn choose(against: Against) {
    assert_eq!(*AGAINST.get_or_init(|| against), against, "the engines are chosen once, before the first case");
}

/// How much wasmi may do in all calls of a case, where that is limited.
const FUEL: u64 = 1 << 24;

/// wasmi, with fuel if it is `limited`. An engine of wasmi keeps the code of all modules it ever had, so that each case
/// has one of its own: else it would take hundreds of megabytes after some hours.
fn wasmi_engine(limited: bool) -> wasmi::Engine {
    let mut config = wasmi::Config::default();
    config.consume_fuel(limited).wasm_wide_arithmetic(true).wasm_custom_page_sizes(true);
    wasmi::Engine::new(&config)
}

#[cfg(feature = "wasmtime")]
thread_local! {
    static WASMTIME: wasmtime::Engine = {
        let mut config = wasmtime::Config::new();
        // Little address space: no module has more than a few pages.
        config.memory_reservation(1 << 20).memory_reservation_for_growth(0);
        config.cranelift_opt_level(wasmtime::OptLevel::None);
        config.wasm_function_references(true).wasm_gc(true);
        config.wasm_exceptions(true).wasm_tail_call(true).wasm_wide_arithmetic(true).wasm_custom_page_sizes(true);
        config.shared_memory(true).collector(wasmtime::Collector::Null).relaxed_simd_deterministic(true);
        wasmtime::Engine::new(&config).expect("these settings work everywhere")
    };
}

/// Headwater with the settings that it has by itself, but for stores that the reference must not tear either.
fn plain_engine() -> headwater::Engine {
    let mut config = headwater::Config::new();
    config.wasm_wide_arithmetic(true).wasm_custom_page_sizes(true);
    config.gc_heap_max_size(settings::HEAP);
    settings::without_torn_stores(&mut config);
    headwater::Engine::new(&config).expect("the default settings work everywhere")
}

/// An engine's name, and the instance it gave or how the attempt ended.
pub type Reference = (&'static str, Result<Box<dyn Instance>, Outcome>);

/// The module `wasm`, whose interface this is, in each of the engines that can run it. With `limited`, wasmi stops
/// after some time.
pub fn instances(wasm: &[u8], interface: &Interface, limited: bool) -> Vec<Reference> {
    let against = *AGAINST.get_or_init(Against::default);
    let mut all: Vec<Reference> = Vec::new();
    // All at once: a reference to a type by its index needs one of the last two, whichever.
    let beyond =
        WasmFeatures::EXCEPTIONS | WasmFeatures::THREADS | WasmFeatures::FUNCTION_REFERENCES | WasmFeatures::GC;
    if needs(wasm, beyond) {
        // wasmi has none of them. Settings that must not matter are at least compared with the usual ones.
        let plain = Ours::new(&plain_engine(), wasm, interface);
        all.push(("Headwater with the default settings", plain.map(|instance| Box::new(instance) as _)));
    } else if with_wasmi(against) {
        let fuel = limited.then_some(FUEL);
        let instance = Wasmi::new(&wasmi_engine(limited), wasm, interface, fuel);
        all.push(("wasmi", instance.map(|instance| Box::new(instance) as _)));
    }
    #[cfg(feature = "wasmtime")]
    if matches!(against, Against::Wasmtime | Against::Both) {
        let instance = WASMTIME.with(|engine| crate::engines::Wasmtime::new(engine, wasm, interface));
        all.push(("wasmtime", instance.map(|instance| Box::new(instance) as _)));
    }
    all
}

/// Whether the module, which is valid, needs any of the features.
fn needs(wasm: &[u8], features: WasmFeatures) -> bool {
    let without = WasmFeatures::all() - WasmFeatures::LEGACY_EXCEPTIONS - features;
    Validator::new_with_features(without).validate_all(wasm).is_err()
}

fn with_wasmi(against: Against) -> bool {
    match against {
        Against::Wasmi => true,
        #[cfg(feature = "wasmtime")]
        Against::Both => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_either_of_two_features_allows_needs_them() {
        let either = WasmFeatures::FUNCTION_REFERENCES | WasmFeatures::GC;
        // A function type, and a table without elements: of references to it, or of any functions.
        let module = |element: &[u8]| {
            let table = [&[4, 3 + element.len() as u8, 1][..], element, &[0, 0]].concat();
            [b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0", &table[..]].concat()
        };
        let (by_index, any) = (module(&[0x63, 0]), module(&[0x70]));
        assert!(needs(&by_index, either) && !needs(&any, either));
        assert!(!needs(&by_index, WasmFeatures::GC), "the other one is enough");
    }
}
