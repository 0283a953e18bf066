//! Features of WebAssembly by name, and which of them an error is about.

use wasmparser::{
    BinaryReader, FromReader, Import, Imports, MemoryType, Payload, SectionLimited, Table, TypeRef, WasmFeatures,
};

macro_rules! features {
    ($($constant:ident $name:literal,)*) => {
        /// Every feature that wasmparser knows, and its name in this library's interfaces.
        const NAMES: &[(WasmFeatures, &str)] = &[$((WasmFeatures::$constant, $name)),*];
    };
}

features! {
    MUTABLE_GLOBAL "mutable-global",
    SATURATING_FLOAT_TO_INT "saturating-float-to-int",
    SIGN_EXTENSION "sign-extension",
    REFERENCE_TYPES "reference-types",
    MULTI_VALUE "multi-value",
    BULK_MEMORY "bulk-memory",
    SIMD "simd",
    RELAXED_SIMD "relaxed-simd",
    THREADS "threads",
    SHARED_EVERYTHING_THREADS "shared-everything-threads",
    TAIL_CALL "tail-call",
    FLOATS "floats",
    MULTI_MEMORY "multi-memory",
    EXCEPTIONS "exceptions",
    MEMORY64 "memory64",
    EXTENDED_CONST "extended-const",
    COMPONENT_MODEL "component-model",
    FUNCTION_REFERENCES "function-references",
    MEMORY_CONTROL "memory-control",
    GC "gc",
    CUSTOM_PAGE_SIZES "custom-page-sizes",
    LEGACY_EXCEPTIONS "legacy-exceptions",
    GC_TYPES "gc-types",
    STACK_SWITCHING "stack-switching",
    WIDE_ARITHMETIC "wide-arithmetic",
    CALL_INDIRECT_OVERLONG "call-indirect-overlong",
    BULK_MEMORY_OPT "bulk-memory-opt",
    CUSTOM_DESCRIPTORS "custom-descriptors",
    COMPACT_IMPORTS "compact-imports",
    ACQUIRE_RELEASE_ATOMICS "acquire-release-atomics",
    MULTIBYTE_ARRAY_ACCESS "multibyte-array-access",
}

/// The names of `features`. Those of the component model have one together.
pub(crate) fn names(features: WasmFeatures) -> impl Iterator<Item = &'static str> {
    NAMES.iter().filter(move |(feature, _)| features.contains(*feature)).map(|(_, name)| *name)
}

/// Messages that wasmparser has only where a feature is off, and that do not say so in another way, with the feature.
const TELLTALES: &[(&str, &str)] = &[
    ("multiple memories", "multi-memory"),
    ("multiple tables", "reference-types"),
    ("data count section requires the bulk-memory proposal", "bulk-memory"),
    ("gc proposal must be enabled to use subtypes", "gc"),
    ("because the GC proposal is disabled", "gc"),
    ("when gc types are disabled", "gc"),
];

/// The name of the feature whose absence causes this error, if one does.
pub(crate) fn missing(error: &wasmparser::Error) -> Option<&'static str> {
    if let Some(features) = error.missing_wasm_feature() {
        let exact = NAMES.iter().find(|(feature, _)| *feature == features).map(|(_, name)| *name);
        return exact.or_else(|| names(features).next()).or(Some("component-model"));
    }
    TELLTALES.iter().find(|(words, _)| error.message().contains(words)).map(|(_, name)| *name)
}

/// Whether `error` in the section `payload`, which has these contents, is about a limit of 64 bits of a memory or table
/// with 64-bit addresses: wasmparser does not read such a number where they are off.
pub(crate) fn is_about_memory64(error: &wasmparser::Error, payload: &Payload<'_>, contents: &[u8]) -> bool {
    /// The last entry that begins before `at`, read with 64-bit limits.
    fn entry<'a, T: FromReader<'a>>(contents: &'a [u8], start: u64, at: u64) -> Option<T> {
        let reader = BinaryReader::new_features(contents, start, WasmFeatures::all());
        let entries = SectionLimited::<T>::new(reader).ok()?.into_iter_with_offsets();
        entries.map_while(Result::ok).take_while(|(offset, _)| *offset <= at).last().map(|(_, entry)| entry)
    }
    let at = error.offset();
    match payload {
        Payload::MemorySection(s) => {
            entry::<MemoryType>(contents, s.range().start, at).is_some_and(|memory| memory.memory64)
        }
        Payload::TableSection(s) => entry::<Table<'_>>(contents, s.range().start, at).is_some_and(|t| t.ty.table64),
        Payload::ImportSection(s) => match entry::<Imports<'_>>(contents, s.range().start, at) {
            Some(Imports::Single(_, Import { ty: TypeRef::Memory(memory), .. })) => memory.memory64,
            Some(Imports::Single(_, Import { ty: TypeRef::Table(table), .. })) => table.table64,
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_of_core_modules_has_its_name() {
        for (constant, feature) in WasmFeatures::all().iter_names() {
            let component_model = constant.starts_with("CM") || constant.starts_with("COMPONENT");
            let name = NAMES.iter().find(|(f, _)| *f == feature).map(|(_, name)| *name);
            let expected = constant.to_lowercase().replace('_', "-");
            match name {
                Some(name) => assert_eq!(name, expected),
                None => assert!(component_model, "{constant}"),
            }
        }
    }
}
