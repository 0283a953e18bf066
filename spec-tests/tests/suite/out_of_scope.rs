//! The list of what Headwater does not support yet, and why each file on it fails.

/// A reason, and the scripts that fail for it; a trailing `*` matches anything.
type Group = (&'static str, &'static [&'static str]);

const OUT_OF_SCOPE: &[Group] = &[
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
