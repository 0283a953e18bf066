//! wasmparser: the time of decoding, and of decoding and validating, without generating anything.

use super::{Engine, Library, Made};
use crate::visitor::{self, CodeSection};
use wasmparser::{Validator, WasmFeatures, types::Types};

// The result is not code.
impl Made for CodeSection {}
impl Made for Types {}

const VERSION: &str = "0.263";

/// Decoding alone, through a visitor that counts.
pub fn decode() -> Box<dyn Engine> {
    Box::new(Library {
        name: "decode",
        version: format!("wasmparser {VERSION}"),
        compile: visitor::decode,
        patience: None,
    })
}

/// `validate_all`, which reuses its allocations from body to body, with all features on.
pub fn validate() -> Box<dyn Engine> {
    Box::new(Library {
        name: "validate",
        version: format!("wasmparser {VERSION}, all features"),
        compile: |wasm: &[u8]| Validator::new_with_features(WasmFeatures::all()).validate_all(wasm),
        patience: None,
    })
}
