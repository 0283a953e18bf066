//! Packages by their names: the lookup in `node_modules`, as Node.js specifies it ("Modules: Packages"), with the
//! conditions of a host that is neither Node.js nor a browser.
//!
//! Unlike in Node.js, links are not followed, so packages are not found by where they really are.

use serde_json::{Map, Value};
use std::path::{Component, Path, PathBuf};

/// The conditions of `exports` that hold, for `import` and for `require`. `default` always holds.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum By {
    Import,
    Require,
}

impl By {
    fn holds(self, condition: &str) -> bool {
        condition == "default" || condition == if self == By::Import { "import" } else { "require" }
    }
}

/// Where a package's name leads from a file in `folder`; `specifier` is neither a path nor a URL.
///
/// # Errors
/// Why it leads nowhere.
pub(super) fn resolve(folder: &Path, specifier: &str, by: By) -> Result<PathBuf, String> {
    if specifier.starts_with("node:") {
        return Err("the modules of Node.js are not here".to_string());
    }
    if specifier.starts_with('#') {
        let (of, manifest) = own_package(folder).ok_or("no package.json is above")?;
        let imports = manifest.get("imports").and_then(Value::as_object);
        let target = imports.and_then(|imports| match_key(imports, specifier));
        let (target, part) = target.ok_or_else(|| format!("{} does not define it", of.join(MANIFEST).display()))?;
        return match find(target, part, by) {
            Some(path) if path.starts_with("./") => inside(&of, &path),
            Some(other) => resolve(folder, &other, by),
            None => Err(not_exported(&of, specifier)),
        };
    }
    let (name, inner) = split(specifier).ok_or("this is not the name of a package")?;
    // A package can import itself, if it says what it exports.
    if let Some((of, manifest)) = own_package(folder)
        && manifest.get("name").and_then(Value::as_str) == Some(name)
        && manifest.contains_key("exports")
    {
        return in_package(&of, &manifest, inner, by);
    }
    for above in folder.ancestors().filter(|above| !above.ends_with(MODULES)) {
        let of = above.join(MODULES).join(name);
        if of.is_dir() {
            return in_package(&of, &manifest(&of)?.unwrap_or_default(), inner, by);
        }
    }
    Err(format!("no {MODULES} above has {name}"))
}

/// Whether the package of a file says that its scripts are ES modules (`Some(true)`), or that they are not.
pub(super) fn says_module(file: &Path) -> Option<bool> {
    let (_, manifest) = own_package(file.parent()?)?;
    match manifest.get("type")?.as_str()? {
        "module" => Some(true),
        "commonjs" => Some(false),
        _ => None,
    }
}

/// The file that `require` means by a path, which may leave out the end of a name.
pub(super) fn complete(path: &Path) -> Option<PathBuf> {
    let with = |end: &str| {
        let mut name = path.as_os_str().to_os_string();
        name.push(end);
        PathBuf::from(name)
    };
    let file = [path.to_path_buf(), with(".js"), with(".json"), with(".cjs")].into_iter().find(|path| path.is_file());
    file.or_else(|| {
        let manifest = manifest(path).ok().flatten();
        main_of(path, &manifest.unwrap_or_default())
    })
}

const MODULES: &str = "node_modules";
const MANIFEST: &str = "package.json";

/// The object in a folder's `package.json`; none if there is no such file.
fn manifest(folder: &Path) -> Result<Option<Map<String, Value>>, String> {
    let path = folder.join(MANIFEST);
    let Ok(text) = std::fs::read(&path) else { return Ok(None) };
    match serde_json::from_slice(&text) {
        Ok(Value::Object(manifest)) => Ok(Some(manifest)),
        Ok(_) => Err(format!("{}: this is not an object", path.display())),
        Err(e) => Err(format!("{}: {e}", path.display())),
    }
}

/// The nearest folder with a `package.json`, and that.
fn own_package(folder: &Path) -> Option<(PathBuf, Map<String, Value>)> {
    let above = folder.ancestors().take_while(|above| !above.ends_with(MODULES));
    above.filter_map(|above| Some((above.to_path_buf(), manifest(above).ok()??))).next()
}

/// `@scope/name/inner/path` as `@scope/name` and `./inner/path`; what is within is `.` if there is no more.
fn split(specifier: &str) -> Option<(&str, String)> {
    let scope = if specifier.starts_with('@') { specifier.find('/')? + 1 } else { 0 };
    let end = specifier[scope..].find('/').map_or(specifier.len(), |at| scope + at);
    let name = &specifier[..end];
    if end == scope || name.starts_with('.') || name.contains(['\\', '%', ':']) {
        return None;
    }
    Some((name, format!(".{}", &specifier[end..])))
}

fn in_package(of: &Path, manifest: &Map<String, Value>, inner: String, by: By) -> Result<PathBuf, String> {
    let Some(exports) = manifest.get("exports").filter(|exports| !exports.is_null()) else {
        return match inner.as_str() {
            "." => main_of(of, manifest).ok_or_else(|| format!("{} has no main file", of.display())),
            inner if by == By::Require => {
                complete(&inside(of, inner)?).ok_or_else(|| format!("{} does not have it", of.display()))
            }
            inner => inside(of, inner),
        };
    };
    let paths = exports.as_object().filter(|object| object.keys().any(|key| key.starts_with('.')));
    let target = match paths {
        Some(paths) => match_key(paths, &inner),
        None if inner == "." => Some((exports, None)),
        None => None,
    };
    let path = target.and_then(|(target, part)| find(target, part, by));
    inside(of, &path.ok_or_else(|| not_exported(of, &inner))?)
}

fn not_exported(of: &Path, inner: &str) -> String {
    format!("{} does not export {inner} under the conditions that hold here", of.join(MANIFEST).display())
}

fn main_of(of: &Path, manifest: &Map<String, Value>) -> Option<PathBuf> {
    let main = manifest.get("main").and_then(Value::as_str);
    let named = main
        .into_iter()
        .flat_map(|main| ["", ".js", ".json", "/index.js", "/index.json"].map(|end| of.join(format!("{main}{end}"))));
    named.chain([of.join("index.js"), of.join("index.json")]).find(|path| path.is_file())
}

/// The target for a path, and what `*` stands for: the key that is it, or else the one with the longest beginning.
fn match_key<'a, 'p>(targets: &'a Map<String, Value>, path: &'p str) -> Option<(&'a Value, Option<&'p str>)> {
    if let Some(target) = targets.get(path).filter(|_| !path.contains('*')) {
        return Some((target, None));
    }
    let matching = targets.iter().filter_map(|(key, target)| {
        let (begin, end) = key.split_once('*')?;
        let part = path.strip_prefix(begin)?.strip_suffix(end)?;
        (!part.is_empty()).then_some((begin.len(), key.len(), target, part))
    });
    let best = matching.max_by_key(|&(begin, length, ..)| (begin, length))?;
    Some((best.2, Some(best.3)))
}

/// The path or name that a target comes to. The order of conditions is that of the file.
fn find(target: &Value, part: Option<&str>, by: By) -> Option<String> {
    match target {
        Value::String(text) => Some(part.map_or(text.clone(), |part| text.replace('*', part))),
        Value::Array(several) => several.iter().find_map(|target| find(target, part, by)),
        Value::Object(conditions) => {
            // A condition that holds and says `null` ends the search.
            let held = conditions.iter().filter(|(condition, _)| by.holds(condition));
            held.map(|(_, target)| (target.is_null(), find(target, part, by)))
                .find(|(ends, found)| *ends || found.is_some())?
                .1
        }
        _ => None,
    }
}

/// A path within a package, which must not lead out of it.
fn inside(of: &Path, path: &str) -> Result<PathBuf, String> {
    let inner = path.strip_prefix("./").filter(|inner| {
        let mut components = Path::new(inner).components();
        components.all(|c| matches!(c, Component::Normal(name) if name != MODULES))
    });
    inner.map(|inner| of.join(inner)).ok_or_else(|| format!("{path} leads out of {}", of.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with an empty file for each name, and packages with these `package.json`s.
    fn folder(packages: &[(&str, &str)], files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let write = |path: PathBuf, text: &str| {
            std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("can be made");
            std::fs::write(path, text).expect("can be written");
        };
        for (package, manifest) in packages {
            write(folder.path().join(package).join(MANIFEST), manifest);
        }
        for file in files {
            write(folder.path().join(file), "");
        }
        folder
    }

    #[test]
    fn exports_are_found_by_path_pattern_and_condition() {
        let manifest = r#"{ "name": "@s/a", "exports": {
            ".": { "node": "./node.js", "import": "./esm.js", "require": "./cjs.js" },
            "./x/*": "./deep/*.js", "./x/hidden/*": null, "./x/y*z": "./special.js",
            "./first": ["./esm.js", "./cjs.js"], "./ends": { "import": null, "default": "./esm.js" },
            "./out": "./../out.js", "./in": "./node_modules/b/x.js", "./nested": { "import": { "node": "./node.js" }, "default": "./esm.js" } } }"#;
        let folder = folder(&[("node_modules/@s/a", manifest)], &[]);
        let of = |specifier, by| {
            let found = resolve(&folder.path().join("src/inner"), specifier, by).ok()?;
            let found = found.strip_prefix(folder.path().join("node_modules/@s/a")).expect("in the package");
            Some(found.to_str().expect("UTF-8").to_string())
        };
        let import = |specifier| of(specifier, By::Import);
        assert_eq!(import("@s/a").as_deref(), Some("esm.js"));
        assert_eq!(of("@s/a", By::Require).as_deref(), Some("cjs.js"));
        assert_eq!(import("@s/a/x/one").as_deref(), Some("deep/one.js"));
        assert_eq!(import("@s/a/x/yz"), Some("deep/yz.js".to_string()), "a star is not empty");
        assert_eq!(import("@s/a/x/y1z").as_deref(), Some("special.js"));
        assert_eq!(import("@s/a/first").as_deref(), Some("esm.js"));
        assert_eq!(import("@s/a/nested").as_deref(), Some("esm.js"));
        assert_eq!(of("@s/a/ends", By::Require).as_deref(), Some("esm.js"));
        for none in [
            "@s/a/ends",
            "@s/a/x/hidden/one",
            "@s/a/out",
            "@s/a/in",
            "@s/a/esm.js",
            "@s/a/x/../../b",
            "@s/b",
            "@s",
            "@s/",
            "",
            ".a",
            "node:fs",
            "a\\b",
        ] {
            assert_eq!(import(none), None, "{none}");
        }
    }

    #[test]
    fn without_exports_the_main_file_and_all_others_are_found() {
        let packages = [
            ("node_modules/a", r#"{ "main": "lib/main" }"#),
            ("node_modules/b", "{}"),
            ("node_modules/bad", "{"),
            ("node_modules/a/node_modules/b", r#"{ "main": "./gone.js" }"#),
        ];
        let files = [
            "node_modules/a/lib/main.js",
            "node_modules/b/index.js",
            "node_modules/a/node_modules/b/index.js",
            "node_modules/b/part/index.js",
        ];
        let folder = folder(&packages, &files);
        let at = |path: &str| folder.path().join("node_modules").join(path);
        let find = |from: &Path, specifier| resolve(from, specifier, By::Import);
        assert_eq!(find(folder.path(), "a"), Ok(at("a/lib/main.js")));
        assert_eq!(find(folder.path(), "b"), Ok(at("b/index.js")));
        assert_eq!(find(&at("a/lib"), "b"), Ok(at("a/node_modules/b/index.js")), "the nearest one counts");
        assert_eq!(find(folder.path(), "a/any.wasm"), Ok(at("a/any.wasm")));
        assert_eq!(resolve(folder.path(), "b/part", By::Require), Ok(at("b/part/index.js")));
        assert!(find(folder.path(), "bad").is_err_and(|e| e.contains("package.json: ")));
        assert!(find(folder.path(), "none").is_err_and(|e| e.contains("no node_modules above has none")));
    }

    #[test]
    fn packages_import_what_is_theirs() {
        let manifest = r##"{ "name": "own", "type": "module", "exports": "./main.js",
            "imports": { "#part": "./part.js", "#other": "other", "#in/*": { "import": "./in/*.mjs" } } }"##;
        let folder = folder(
            &[("", manifest), ("node_modules/other", r#"{ "type": "commonjs" }"#)],
            &["node_modules/other/index.js"],
        );
        let find = |specifier| resolve(&folder.path().join("src"), specifier, By::Import);
        assert_eq!(find("own"), Ok(folder.path().join("main.js")));
        assert_eq!(find("#part"), Ok(folder.path().join("part.js")));
        assert_eq!(find("#in/x"), Ok(folder.path().join("in/x.mjs")));
        assert_eq!(find("#other"), Ok(folder.path().join("node_modules/other/index.js")));
        assert!(find("#none").is_err());
        assert_eq!(says_module(&folder.path().join("src/a.js")), Some(true));
        assert_eq!(says_module(&folder.path().join("node_modules/other/index.js")), Some(false));
        assert_eq!(says_module(&folder.path().join("node_modules/none/index.js")), None);
    }
}
