//! The contract's checklist, in JavaScript: one test for each number in `tests/web/*.js`.

mod serve;

use headwater::{Config, Engine};
use headwater_js::shell::{self, Program};
use rquickjs::{Context, Function, Runtime, TypedArray};
use serve::serve;
use std::path::{Path, PathBuf};

fn passes(file: &str, threads: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web");
    let (server, base) = serve();
    let files: Vec<PathBuf> = ["harness.js", file].iter().map(|f| folder.join(f)).collect();
    let mut config = Config::new();
    config.compile_threads(threads).max_wasm_stack(64 << 20);
    let engine = Engine::new(&config).expect("supported here");
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

/// Each feature in `LATER` has a module here that needs it, which is rejected; so the list has neither features that
/// are supported nor gaps.
#[test]
fn what_is_for_later_is_refused() {
    let modules = |feature: &str| -> &[&str] {
        match feature {
            "garbage-collected objects" => {
                &["(module (type (struct)))", "(module (type (array (mut i16))))", "(module (func (param anyref)))"]
            }
            "string builtins of arrays" => &[],
            other => panic!("no module for {other}"),
        }
    };
    let runtime = Runtime::new().expect("there is memory");
    let context = Context::full(&runtime).expect("there is memory");
    context.with(|ctx| {
        headwater_js::install(&ctx, &Engine::default()).expect("this QuickJS is known");
        let code = "(bytes) => { try { new WebAssembly.Module(bytes) } catch (e) { return e.constructor.name } }";
        let refuse: Function<'_> = ctx.eval(code).expect("a function");
        let outcome = |text: &str| -> Option<String> {
            let bytes = wat::parse_str(text).expect("valid in the text format");
            refuse
                .call((TypedArray::new(ctx.clone(), bytes).expect("there is memory"),))
                .expect("nothing else is thrown")
        };
        assert_eq!(outcome("(module (func))"), None);
        for (feature, _) in headwater_js::LATER {
            for text in modules(feature) {
                assert_eq!(outcome(text).as_deref(), Some("CompileError"), "{feature}: {text}");
            }
        }
        assert_eq!(headwater_js::LATER.len(), 2, "a feature has gone from the list: so should its modules here");
    });
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
    write("nul.mjs", b"export const text = '\0';");
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
        same((await fails("./nul.mjs")).includes("byte 21 is a NUL"), true);
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
