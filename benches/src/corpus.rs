//! The modules to measure with: those of `benches/corpus.tsv` that `benches/fetch-corpus` has fetched.

use crate::visitor::{self, CodeSection};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// A module of the corpus.
pub struct Subject {
    /// The file's name without `.wasm`.
    pub name: String,
    pub path: PathBuf,
    pub wasm: Vec<u8>,
    pub code: CodeSection,
}

impl Subject {
    /// An empty module.
    pub fn nothing() -> Subject {
        let wasm = b"\0asm\x01\0\0\0".to_vec();
        Subject { name: String::new(), path: PathBuf::new(), wasm, code: CodeSection::default() }
    }
}

/// The modules whose names match `only` ([`matches()`]), the smallest first.
pub fn load(only: Option<&str>) -> Result<Vec<Subject>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let hint = "benches/fetch-corpus fetches the modules";
    let mut subjects = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("no {}; {hint}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_module = path.extension().is_some_and(|e| e == "wasm");
        if !is_module || !only.is_none_or(|pattern| matches(pattern, &name)) {
            continue;
        }
        let wasm = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let code = visitor::decode(&wasm).with_context(|| format!("{} cannot be decoded", path.display()))?;
        subjects.push(Subject { name, path, wasm, code });
    }
    if subjects.is_empty() {
        bail!("no module of {} is meant; {hint}", folder.display());
    }
    subjects.sort_by_key(|s| s.code.bytes);
    Ok(subjects)
}

/// Whether `name` matches `pattern`: alternatives separated by commas, of which each is a part of the name or, if it
/// has a `*`, a pattern for all of it.
pub fn matches(pattern: &str, name: &str) -> bool {
    pattern.split(',').any(|p| if p.contains('*') { glob(p, name) } else { name.contains(p) })
}

fn glob(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|tail| {
            tail.char_indices().map(|(at, _)| at).chain([tail.len()]).any(|at| glob(rest, &tail[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_are_parts_of_names_or_globs() {
        assert!(matches("uby", "ruby"));
        assert!(matches("lua,ruby", "ruby"));
        assert!(matches("r*y", "ruby"));
        assert!(matches("*", "ruby"));
        assert!(!matches("r*b", "ruby"));
        assert!(!matches("lua", "ruby"));
    }
}
