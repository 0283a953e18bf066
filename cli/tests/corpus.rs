//! Real modules, when `benches/fetch-corpus` has fetched them.

mod support;

use support::{corpus, headwater, root, serve_once};

const RUBY: [&str; 2] = ["-e", "puts (1..20).reduce(:*)"];

#[test]
fn ruby_runs_from_disk() {
    let Some(ruby) = corpus("ruby.wasm") else { return };
    let run = headwater(["run", &ruby.to_string_lossy(), RUBY[0], RUBY[1]]);
    assert_eq!(run.success(), "2432902008176640000\n");
}

#[test]
fn ruby_runs_from_a_throttled_server() {
    let Some(ruby) = corpus("ruby.wasm") else { return };
    let url = serve_once(std::fs::read(ruby).expect("it is there"), 10_000_000);
    let run = headwater(["run", &url, RUBY[0], RUBY[1]]);
    assert_eq!(run.success(), "2432902008176640000\n");
}

#[test]
fn argon2_computes_the_published_hashes_with_vectors() {
    let Some(module) = corpus("argon2-simd.wasm") else { return };
    let script = root().join("cli/tests/support/argon2.js");
    let (base, script) = (module.with_file_name("").to_string_lossy().into_owned(), script.to_string_lossy());
    // Those of the reference implementation's tests; the package's module without vectors gives them, too.
    for (kind, hash) in [
        ("1", "89e9029f4637b295beb027056a7336c414fadd43f6b208645281cb214a56452f"),
        ("2", "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
    ] {
        let run = headwater(["js", "--base", &base, &script, "--", "argon2-simd.wasm", kind, "2", "256"]);
        assert_eq!(run.success(), format!("{hash}\n"));
    }
}

#[test]
fn every_module_compiles() {
    let list = std::fs::read_to_string(root().join("benches/corpus.tsv")).expect("the list is in the repository");
    for name in list.lines().skip(1).filter_map(|line| line.split('\t').next()) {
        let Some(path) = corpus(name) else { continue };
        let run = headwater(["validate", &path.to_string_lossy()]);
        assert_eq!(run.status, 0, "{name}: {}", run.stderr);
    }
}
