//! The one list of what Headwater does not do yet, and why each file on it fails.

/// Names of scripts with the reason why they are out of scope; a trailing `*` stands for anything.
const OUT_OF_SCOPE: &[(&str, &str)] = &[
    ("custom-descriptors/*", "custom descriptors"),
    ("custom-page-sizes/*", "custom page sizes"),
    ("exceptions/*", "exceptions"),
    ("function-references/*", "function references"),
    ("gc/*", "garbage collection"),
    ("memory64/*", "memory64"),
    ("relaxed-simd/*", "relaxed SIMD"),
    ("simd/*", "SIMD"),
    ("tail-call/*", "tail calls"),
    ("threads/*", "threads"),
    ("wide-arithmetic/*", "wide arithmetic"),
    ("dir/legacy-exceptions/*", "legacy exceptions"),
    ("dir/memory64/*", "memory64"),
];

/// Why the script `name` is out of scope, if it is.
pub fn reason(name: &str) -> Option<&'static str> {
    let matches = |pattern: &str| match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == pattern,
    };
    OUT_OF_SCOPE.iter().find(|(pattern, _)| matches(pattern)).map(|(_, reason)| *reason)
}
