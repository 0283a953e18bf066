//! Each module of the suite that is valid with all features but rejected is rejected as unsupported, not as invalid: an
//! embedder can tell whether another engine might accept it.

#[path = "suite/scripts.rs"]
mod scripts;

use headwater::{CompileErrorKind, Config, Engine, Module};
use std::collections::BTreeMap;
use wasmparser::{Validator, WasmFeatures};
use wast::parser::{self, ParseBuffer};
use wast::{QuoteWat, QuoteWatTest, Wast, WastDirective};

/// Whether the module is valid with all features.
fn is_valid(bytes: &[u8]) -> bool {
    let all = WasmFeatures::all().difference(WasmFeatures::COMPONENT_MODEL);
    Validator::new_with_features(all).validate_all(bytes).is_ok()
}

/// Here the proposal allows what is a type mismatch without it, in operators that are there without it: nothing says that
/// a feature is missing.
const LOOSER: [&str; 2] = ["custom-descriptors/br_on_cast.wast", "custom-descriptors/br_on_cast_fail.wast"];

#[test]
fn modules_that_need_a_feature_are_not_called_invalid() {
    let next_to_nothing = Engine::new(
        Config::new()
            .wasm_features(WasmFeatures::WASM3, false)
            .wasm_features(WasmFeatures::WASM1.difference(WasmFeatures::GC_TYPES), true),
    )
    .expect("the settings are known");
    let (mut wrong, mut found) = (BTreeMap::new(), BTreeMap::new());
    for script in scripts::all() {
        let Ok(buffer) = ParseBuffer::new(&script.text) else { continue };
        let Ok(wast) = parser::parse::<Wast>(&buffer) else { continue };
        let as_script_says = Engine::new(&script.config()).expect("the settings are known");
        for directive in wast.directives {
            let (WastDirective::Module(mut module) | WastDirective::ModuleDefinition(mut module)) = directive else {
                continue;
            };
            let Ok(QuoteWatTest::Binary(bytes)) = module.to_test() else { continue };
            if matches!(module, QuoteWat::QuoteComponent(..)) || !is_valid(&bytes) {
                continue;
            }
            for engine in [&as_script_says, &next_to_nothing] {
                let Err(error) = Module::new(engine, &bytes) else { continue };
                match error.kind() {
                    CompileErrorKind::Unsupported { feature } => *found.entry(feature).or_insert(0) += 1,
                    CompileErrorKind::Invalid if LOOSER.contains(&&*script.name) => {}
                    kind => {
                        let (count, example) =
                            wrong.entry(format!("{kind:?}: {}", error.message())).or_insert((0, script.name.clone()));
                        *count += 1;
                        *example = script.name.clone();
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(found.len() > 10, "hardly any feature is missing: {found:#?}");
}
