//! The list of what Headwater does not support yet, and why each file on it fails.

/// A reason, and the scripts that fail for it; a trailing `*` matches anything.
type Group = (&'static str, &'static [&'static str]);

const OUT_OF_SCOPE: &[Group] = &[
    (
        "garbage collection",
        &[
            "bulk-memory/table_init.wast",
            "gc/array*",
            "gc/br_on_cast*",
            "gc/extern.wast",
            "gc/i31.wast",
            "gc/ref*",
            "gc/struct.wast",
            "gc/type-subtyping.wast",
        ],
    ),
    (
        "custom descriptors",
        &[
            "custom-descriptors/array_new_exact.wast",
            "custom-descriptors/binary-descriptors.wast",
            "custom-descriptors/br*",
            "custom-descriptors/d*",
            "custom-descriptors/e*",
            "custom-descriptors/ref*",
            "custom-descriptors/struct_new_desc.wast",
        ],
    ),
    // Files of version 3 that use one of its missing parts.
    (
        "recursive types and the types of garbage collection (version 3)",
        &["wasm-v3/ref_null.wast", "wasm-v3/type-*", "wasm-latest/ref_null.wast", "wasm-latest/type-*"],
    ),
    (
        "constant expressions with globals of the module itself (version 3)",
        &[
            "wasm-v3/data.wast",
            "wasm-v3/elem.wast",
            "wasm-v3/global.wast",
            "wasm-latest/data.wast",
            "wasm-latest/elem.wast",
            "wasm-latest/global.wast",
        ],
    ),
    ("arrays as segments of elements", &["own/memory64/table_init64.wast"]),
    ("recursive types in types of tags", &["exceptions/tag.wast"]),
    // Scripts of proposals that changed before they were finished.
    (
        "superseded: says that a failing segment undoes the others, and that this is a link error",
        &["mutable-global/linking.wast"],
    ),
    ("superseded: what was a zero byte is the number of a memory now", &["function-references/binary.wast"]),
    (
        "superseded: br_table in dead code may now have targets of different types",
        &["reference-types/unreached-invalid.wast"],
    ),
];

/// Why the script `name` is out of scope, if it is.
pub fn reason(name: &str) -> Option<&'static str> {
    let matches = |pattern: &str| match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == pattern,
    };
    OUT_OF_SCOPE.iter().find(|(_, patterns)| patterns.iter().any(|p| matches(p))).map(|(reason, _)| *reason)
}
