//! What a program finds around it: variables, other modules; and what a shell knows of the command.

mod support;

use support::{assemble, command, headwater, root};
use tempfile::tempdir;

/// Says how many bytes its environment takes, by `environ_sizes_get`.
const SIZES: &str = r#"(module
    (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "count") (result i32) (drop (call $sizes (i32.const 0) (i32.const 4))) (i32.load (i32.const 0)))
    (func (export "bytes") (result i32) (drop (call $sizes (i32.const 0) (i32.const 4))) (i32.load (i32.const 4))))"#;

#[test]
fn variables_are_set_or_taken_from_here() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(&dir, SIZES);
    let run = |args: &[&str], name: &str| {
        let mut command = command();
        command.env("HEADWATER_HERE", "12345").arg("run").args(args).args(["--invoke", name, &module]);
        let output = command.output().expect("it starts");
        (
            String::from_utf8_lossy(&output.stdout).trim().to_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    assert_eq!(run(&[], "count").0, "0");
    // Each is `K=V` and a zero.
    assert_eq!(run(&["--env", "A=1", "--env", "HEADWATER_HERE"], "bytes").0, (4 + 21).to_string());
    let all: usize = run(&["--inherit-env"], "count").0.parse().expect("a number");
    assert!(all > 1);
    let more: usize = run(&["--inherit-env", "--env", "HEADWATER_NEW=1"], "count").0.parse().expect("a number");
    assert_eq!(more, all + 1);
    let message = run(&["--env", "HEADWATER_NOT_SET"], "count").1;
    assert!(message.contains("--env HEADWATER_NOT_SET: it is not set here; write --env NAME=VALUE"), "{message}");
}

#[test]
fn a_program_imports_from_modules_that_are_loaded_first() {
    let dir = tempdir().expect("a temporary directory");
    let library = assemble(
        &dir,
        r#"(module (memory (export "memory") 1) (global $n (mut i32) (i32.const 40))
            (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))"#,
    );
    let kept = dir.path().join("library.wasm");
    std::fs::rename(&library, &kept).expect("it is there");
    let kept = kept.to_str().expect("it is Unicode");
    let program = assemble(
        &dir,
        r#"(module (import "lib" "next" (func $next (result i32)))
            (func (export "twice") (result i32) (drop (call $next)) (call $next)))"#,
    );
    let named = format!("lib={kept}");
    assert_eq!(headwater(["run", "--preload", &named, "--invoke", "twice", &program]).success(), "42\n");
    let message = headwater(["run", "--invoke", "twice", &program]).failure();
    assert!(message.contains("lib"), "{message}");
    let run = headwater(["run", "--preload", "lib", &program]);
    assert!(run.status == 2 && run.stderr.contains("NAME=FILE"), "{}", run.stderr);
    let missing = headwater(["run", "--preload", "lib=/does/not/exist", &program]).failure();
    assert!(missing.contains("/does/not/exist"), "{missing}");
}

#[test]
fn shells_are_told_what_there_is() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = headwater(["completions", shell]).success();
        assert!(script.contains("headwater") && script.contains("max-memory"), "{shell}: {script}");
    }
    assert_eq!(headwater(["completions", "cmd"]).status, 2);
    assert!(root().is_dir());
}
