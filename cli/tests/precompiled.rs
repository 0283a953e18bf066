//! `headwater compile -o` and what `run` makes of the file.

mod support;

use support::{assemble, headwater, headwater_with_input};
use tempfile::tempdir;

const PROGRAM: &str = r#"(module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start") (call $exit (i32.const 7)))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "spin") (loop (br 0))))"#;

#[test]
fn a_compiled_file_runs_as_its_module_does() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(&dir, PROGRAM);
    let file = |name: &str| dir.path().join(name).to_str().expect("it is Unicode").to_owned();
    let compiled = file("program.hwm");
    headwater(["compile", "-o", &compiled, &module]).success();
    assert_eq!(headwater(["run", "--invoke", "add", &compiled, "40", "2"]).success(), "42\n");
    let run = headwater(["run", &compiled]);
    assert_eq!(run.status, 7, "{}", run.stderr);
    // With what else was asked for.
    let timed = file("timed.hwm");
    headwater(["compile", "--for-timeout", "-o", &timed, &module]).success();
    let run = headwater(["run", "--timeout", "100ms", "--invoke", "spin", &timed]);
    assert_eq!(run.status, 134, "{}", run.stderr);
    let fuelled = file("fuelled.hwm");
    headwater(["compile", "--for-fuel", "--output", &fuelled, &module]).success();
    let run = headwater(["run", "--fuel", "1000", "--invoke", "spin", &fuelled]);
    assert_eq!(run.status, 134, "{}", run.stderr);
    // The file is replaced as a whole, and nothing is left beside it.
    headwater(["compile", "-o", &compiled, &module]).success();
    assert_eq!(std::fs::read_dir(dir.path()).expect("it is there").count(), 4);
}

#[test]
fn what_does_not_fit_says_why_and_what_to_do() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(&dir, PROGRAM);
    let compiled = dir.path().join("program.hwm").to_str().expect("it is Unicode").to_owned();
    headwater(["compile", "-o", &compiled, &module]).success();
    let message = headwater(["run", "--timeout", "1s", &compiled]).failure();
    for part in
        ["epoch_interruption = false, the engine has true", "headwater compile -o", "--for-timeout", "program.hwm"]
    {
        assert!(message.contains(part), "{message}");
    }
    let foreign = if cfg!(target_arch = "x86_64") { "aarch64" } else { "x86-64" };
    headwater(["compile", "--target", foreign, "-o", &compiled, &module]).success();
    let message = headwater(["run", &compiled]).failure();
    assert!(message.contains("it was compiled for "), "{message}");
    // Only from a file, and only by `run`.
    let bytes = std::fs::read(&compiled).expect("it was written");
    let message = headwater_with_input(["run", "-"], &bytes).failure();
    assert!(message.contains("which `headwater run` takes from a file"), "{message}");
    let message = headwater(["disas", &compiled]).failure();
    assert!(message.contains("is a module that `headwater compile -o` compiled"), "{message}");
    let message = headwater(["compile", "-o", "/does/not/exist/x", &module]).failure();
    assert!(message.contains("/does/not/exist/x"), "{message}");
}
