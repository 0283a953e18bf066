//! Each crate that is published has in its package what it needs, says what it is, and leaves out what nobody needs.
//! `scripts/test-packages` builds the packages, too.

use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The published crates, with where they are.
const PUBLISHED: [(&str, &str); 4] = [
    ("headwater", "."),
    ("headwater-codegen", "codegen"),
    ("headwater-wasi", "wasi"),
    ("headwater-runtime-layer", "runtime-layer"),
];

fn cargo(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(args).current_dir(ROOT).output().expect("cargo runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {}: {stderr}", args.join(" "));
    String::from_utf8(output.stdout).expect("names are text")
}

#[test]
fn packages_hold_what_they_need_and_no_more() {
    for (name, _) in PUBLISHED {
        let list = cargo(&["package", "--list", "--allow-dirty", "--offline", "--package", name]);
        let files: Vec<&str> = list.lines().collect();
        for needed in ["Cargo.toml", "README.md", "LICENSE-MIT", "LICENSE-APACHE", "src/lib.rs"] {
            assert!(files.contains(&needed), "{name}: no {needed} in {list}");
        }
        let known = |file: &&str| {
            let (top, deeper) = file.split_once('/').unwrap_or((file, ""));
            let text = Path::new(file).extension().is_some_and(|ext| ext == "md" || ext == "rs");
            match top {
                "src" | "examples" | "docs" => text,
                _ => {
                    deeper.is_empty()
                        && (text
                            || top.starts_with("LICENSE-")
                            || top.starts_with("Cargo.")
                            || top == ".cargo_vcs_info.json")
                }
            }
        };
        let unknown: Vec<&str> = files.iter().filter(|file| !known(file)).copied().collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
    }
    let list = cargo(&["package", "--list", "--allow-dirty", "--offline", "--package", "headwater"]);
    for needed in ["CHANGELOG.md", "SECURITY.md", "docs/coming-from-wasmtime.md", "examples/streaming.rs"] {
        assert!(list.lines().any(|file| file == needed), "no {needed} in {list}");
    }
}

#[test]
fn packages_say_what_they_are() {
    for (name, folder) in PUBLISHED {
        let manifest = cargo(&["read-manifest", "--offline", "--manifest-path", &format!("{folder}/Cargo.toml")]);
        for missing in
            ["\"description\":null", "\"keywords\":[]", "\"categories\":[]", "\"license\":null", "\"readme\":null"]
        {
            assert!(!manifest.contains(missing), "{name}: {missing}");
        }
    }
}

/// A published crate can only depend on published versions.
#[test]
fn dependencies_on_each_other_have_versions_and_the_others_are_not_published() {
    let metadata = cargo(&["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let version = env!("CARGO_PKG_VERSION");
    for (name, folder) in PUBLISHED {
        let manifest = cargo(&["read-manifest", "--offline", "--manifest-path", &format!("{folder}/Cargo.toml")]);
        assert!(manifest.contains(&format!("\"version\":\"{version}\"")), "{name}: another version");
        for dependency in manifest.split("{\"name\":\"headwater").skip(1) {
            let dependency = dependency.split("\"path\":").next().expect("there is always one");
            let development = dependency.contains("\"kind\":\"dev\"");
            assert!(development || !dependency.contains("\"req\":\"*\""), "{name}: headwater{dependency}");
        }
    }
    let unpublished = metadata.matches("\"publish\":[]").count();
    let all = metadata.matches("\"default_run\":").count();
    assert_eq!(all, PUBLISHED.len() + unpublished, "a crate is neither in the list nor marked as not published");
}
