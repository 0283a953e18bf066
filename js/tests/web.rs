//! The contract's checklist, in JavaScript: one test for each number in `tests/web/*.js`.

mod serve;

use headwater::{Config, Engine};
use headwater_js::shell::{self, Program};
use serve::serve;
use std::path::{Path, PathBuf};

fn passes(file: &str, threads: usize) {
    passes_with(file, Config::new().compile_threads(threads));
}

/// Where everything that is not referred to is collected whenever that could happen, and objects always move.
fn passes_collecting(file: &str) {
    passes_with(file, Config::new().compile_threads(0).gc_stress(true));
}

fn passes_with(file: &str, config: &mut Config) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web");
    let (server, base) = serve();
    let files: Vec<PathBuf> = ["harness.js", file].iter().map(|f| folder.join(f)).collect();
    let engine = Engine::new(config.max_wasm_stack(64 << 20)).expect("supported here");
    let program = Program { files, args: Vec::new(), module: false, base, folder: None };
    assert!(shell::run(&engine, &program).expect("the files are there"), "see above");
    server.unblock();
}

#[test]
fn streaming() {
    passes("streaming.js", 0);
}

#[test]
fn streaming_with_compile_threads() {
    passes("streaming.js", 2);
}

#[test]
fn objects() {
    passes("objects.js", 0);
}

#[test]
fn reentrant() {
    passes("reentrant.js", 0);
}

#[test]
fn types() {
    passes("types.js", 0);
}

#[test]
fn calls() {
    passes("calls.js", 0);
}

#[test]
fn limits() {
    passes("limits.js", 0);
}

#[test]
fn coding() {
    passes("coding.js", 0);
}

#[test]
fn clones() {
    passes("clone.js", 0);
}

#[test]
fn bodies() {
    passes("bodies.js", 0);
}

#[test]
fn nothing_that_scripts_replace_reaches_into_the_shell() {
    passes("patched.js", 0);
}

#[test]
fn exceptions() {
    passes("exceptions.js", 0);
}

#[test]
fn recursion() {
    passes("recursion.js", 0);
}

#[test]
fn promising() {
    passes("promising.js", 0);
}

#[test]
fn suspended() {
    passes("suspended.js", 0);
}

#[test]
fn references() {
    passes("references.js", 0);
}

#[test]
fn strings() {
    passes("strings.js", 0);
}

#[test]
fn garbage_collection() {
    passes("gc.js", 0);
}

#[test]
fn references_are_right_when_everything_is_collected_at_each_chance() {
    for file in ["gc.js", "references.js", "exceptions.js", "promising.js", "suspended.js"] {
        passes_collecting(file);
    }
}

/// Each feature in `LATER` would have a module here that needs it, which is rejected; so the list has neither features
/// that are supported nor gaps.
#[test]
fn nothing_is_left_for_later() {
    assert!(headwater_js::LATER.is_empty(), "a feature needs modules here that are refused");
}

/// WebAssembly modules are imported like others, and what is neither is an error.
#[test]
fn webassembly_is_imported_by_es_modules() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("the folder can be written to");
        path
    };
    let wat = |name: &str, text: &str| write(name, &wat::parse_str(text).expect("valid in the text format"));
    write("env.mjs", b"export function f() { return 7; }");
    wat(
        "a.wasm",
        r#"(module (import "./env.mjs" "f" (func $f (result i32)))
            (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
            (import "wasm:js/string-constants" "four" (global $four externref))
            (global (export "g") i32 (i32.const 42)) (memory (export "m") 1)
            (func (export "run") (result i32) call $f)
            (func (export "odd \"name\"") (result i32) (call $length (global.get $four))))"#,
    );
    wat("b.wasm", r#"(module (import "./a.wasm" "g" (global i32)) (global (export "h") i32 (global.get 0)))"#);
    write("bad.wasm", b"\0asm\x01\0\0\0\xff");
    write("nul.mjs", b"export const text = 1 + \0;");
    let source = r#"
        // What scripts replace is not used, although modules are loaded later.
        Array.prototype.push = WebAssembly.Instance = WebAssembly.Module = () => { throw "seen"; };
        const same = (a, b) => { if (a !== b) throw new Error(`${a} instead of ${b}`); };
        const a = await import("./a.wasm");
        const { h } = await import("./b.wasm");
        same(a.run(), 7);
        same(a.g, 42);
        same(h, 42);
        same(a['odd "name"'](), 4);
        same(a.m.buffer.byteLength, 65536);
        same(Object.keys(a).join(), 'g,m,odd "name",run');
        const fails = (name) => import(name).then(() => "nothing", (error) => `${error.name}: ${error.message}`);
        same((await fails("./bad.wasm")).startsWith("CompileError: "), true);
        same((await fails("./nul.mjs")).includes("byte 24 is a NUL"), true);
        same((await fails("./none.wasm")).includes("No such file"), true);
    "#;
    let main = write("main.mjs", source.as_bytes());
    let engine = Engine::new(Config::new().compile_threads(0)).expect("supported here");
    let program = |file: &Path, module| Program {
        files: vec![file.to_path_buf()],
        args: Vec::new(),
        module,
        base: "http://127.0.0.1:1/".to_string(),
        folder: None,
    };
    assert!(shell::run(&engine, &program(&main, true)).expect("the file is there"), "see above");
    // It can be the program itself, but not a classic script.
    let alone = wat("alone.wasm", "(module (func $f) (start $f))");
    assert!(shell::run(&engine, &program(&alone, true)).expect("the file is there"));
    assert!(!shell::run(&engine, &program(&alone, false)).expect("the file is there"));
}

#[test]
fn a_failing_test_fails() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let program = |source: &str| {
        let file = folder.path().join("test.js");
        std::fs::write(&file, source).expect("the folder can be written to");
        let base = "http://127.0.0.1:1/".to_string();
        Program { files: vec![file], args: Vec::new(), module: false, base, folder: None }
    };
    let engine = Engine::new(Config::new().compile_threads(0)).expect("supported here");
    for (source, succeeds) in [
        ("1", true),
        ("throw new Error('uncaught')", false),
        ("syntax error", false),
        ("Promise.reject(new Error('unhandled'))", false),
        ("Promise.reject(1).catch(() => {})", true),
        ("const p = Promise.reject(1); queueMicrotask(() => p.catch(() => {}))", true),
        ("setTimeout(() => { throw 1 }, 1); setTimeout(() => print('still running'), 5)", false),
        ("setTimeout((a) => { if (a === 7) reportError(a) }, 1, 7)", false),
    ] {
        let outcome = shell::run(&engine, &program(source)).expect("the file is there");
        assert_eq!(outcome, succeeds, "{source}");
    }
}
