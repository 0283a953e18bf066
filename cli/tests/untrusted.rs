//! Untrusted names never reach the terminal unescaped, wherever they are printed.

mod support;

use support::{Run, assemble, headwater};
use tempfile::{TempDir, tempdir};

/// Colours, a cleared screen, a title, a bell, a line of its own, text from right to left.
const NAME: &str = r"n\1b[31m\1b[2J\1b]0;t\07\0aheadwater: forged\0d\c2\9b\e2\80\ae\e2\80\a8\7f\5c";

/// As it is to be shown.
const SHOWN: &str = r"n\u{1b}[31m\u{1b}[2J\u{1b}]0;t\u{7}\nheadwater: forged\r\u{9b}\u{202e}\u{2028}\u{7f}\\";

fn directory() -> TempDir {
    tempdir().expect("a temporary directory")
}

#[track_caller]
fn check(run: &Run, parts: &[&str]) {
    let text = format!("{}{}", run.stdout, run.stderr);
    let bad = |c: char| (c.is_control() && c != '\n') || ('\u{2028}'..='\u{202e}').contains(&c);
    assert!(!text.contains(bad), "{text:?}");
    assert!(!text.lines().any(|line| line.starts_with("headwater: forged")), "{text}");
    for part in parts {
        assert!(text.contains(part), "no `{part}` in {text}");
    }
    assert!(text.lines().all(|line| line.len() < 8000), "a line is too long");
}

/// Runs the command with a module in the text format, behind other words.
fn with_module(words: &[&str], text: &str) -> Run {
    let dir = directory();
    let module = assemble(&dir, text);
    headwater(words.iter().copied().chain([&*module]))
}

#[test]
fn of_functions_in_backtraces() {
    let text =
        format!(r#"(module (@name "{NAME}") (func (@name "{NAME}") unreachable) (func (export "_start") (call 0)))"#);
    let run = with_module(&["run"], &text);
    assert_eq!(run.status, 134);
    check(&run, &[&format!("{SHOWN}!{SHOWN}")]);
    assert_eq!(run.stderr.lines().count(), 4, "{}", run.stderr);
}

#[test]
fn of_imports_and_exports_in_errors() {
    let import = format!(r#"(module (import "{NAME}" "{NAME}" (func)) (func (export "_start")))"#);
    check(&with_module(&["run"], &import), &[&format!("`{SHOWN}::{SHOWN}`")]);
    let wasi =
        format!(r#"(module (import "wasi_snapshot_preview1" "fd_close" (global i32)) (func (export "{NAME}")))"#);
    check(&with_module(&["run"], &wasi), &["_start", SHOWN]);
    let export = format!(r#"(module (func (export "{NAME}") (param i32)))"#);
    check(&with_module(&["run"], &export), &[&format!("--invoke: `{SHOWN}`")]);
    check(&with_module(&["run", "--invoke", "n\u{1b}[0m"], &export), &[r"no function `n\u{1b}[0m`"]);
    let name = "n\u{1b}[31m\u{1b}[2J\u{1b}]0;t\u{7}\nheadwater: forged\r\u{9b}\u{202e}\u{2028}\u{7f}\\";
    check(&with_module(&["run", "--invoke", name], &export), &[&format!("`{SHOWN}` takes 1 argument")]);
}

#[test]
fn in_compile_errors() {
    let text = format!(r#"(module (func (export "{NAME}")) (func (export "{NAME}")))"#);
    for command in ["validate", "run", "compile", "disas"] {
        check(&with_module(&[command], &text), &["duplicate export name", r"n\u{1b}[31m"]);
    }
}

#[test]
fn in_disassembly() {
    let text = format!(
        r#"(module (func (@name "{NAME}")) (func (local (@name "{NAME}") i32) (drop (local.get 0)) (call 0))
            (global (@name "{NAME}") (mut i32) (i32.const 0)) (func (drop (global.get 0))))"#
    );
    let run = with_module(&["disas"], &text);
    assert_eq!(run.status, 0, "{}", run.stderr);
    check(&run, &[&format!("func 0 <{SHOWN}>")]);
}

#[test]
fn in_scripts_of_the_core_suite() {
    let dir = directory();
    let script = dir.path().join("a.wast");
    let text = format!(
        "(module (import \"{NAME}\" \"{NAME}\" (func)))\n(assert_return (invoke \"{NAME}\"))\n\
         (assert_invalid (module (func (export \"{NAME}\")) (func (export \"{NAME}\"))) \"{NAME}\")\n\
         (assert_trap (module (func $f unreachable) (start $f)) \"{NAME}\")\n"
    );
    std::fs::write(&script, text).expect("a temporary file");
    let run = headwater(["wast".as_ref(), script.as_os_str()]);
    assert_eq!(run.status, 1);
    check(&run, &["a.wast:1: ", "a.wast:2: "]);
}

#[test]
fn in_javascript() {
    let dir = directory();
    let module = wat::parse_str(format!(
        r#"(module (@name "{NAME}") (import "{NAME}" "{NAME}" (func))
            (func (export "f") unreachable) (func (@name "{NAME}") unreachable))"#
    ));
    let bytes = module.expect("the text of a test parses");
    let name = "'n\\u001b[31m\\u001b[2J\\u001b]0;t\\u0007\\nheadwater: forged\\r\\u009b\\u202e\\u2028\\u007f\\\\'";
    let script = format!(
        "const module = new WebAssembly.Module(new Uint8Array({bytes:?}));\n\
         const name = {name};\n\
         for (const imports of [{{}}, {{ [name]: {{}} }}]) {{\n\
           try {{ new WebAssembly.Instance(module, imports) }} catch (e) {{ console.log(e.message) }}\n\
         }}\n\
         const {{ f }} = new WebAssembly.Instance(module, {{ [name]: {{ [name]() {{}} }} }}).exports;\n\
         try {{ f() }} catch (e) {{ console.log(e.stack) }}\n\
         new WebAssembly.Instance(module, {{ [name]: {{}} }});\n"
    );
    let file = dir.path().join("a.js");
    std::fs::write(&file, script).expect("a temporary file");
    let run = headwater(["js".as_ref(), file.as_os_str()]);
    assert_eq!(run.status, 1);
    check(&run, &[&format!("\"{SHOWN}\" \"{SHOWN}\""), "Uncaught LinkError", &format!("{SHOWN}.wasm-function")]);
    let thrown = "throw new Error('a\\u001b[2Jb')";
    std::fs::write(&file, thrown).expect("a temporary file");
    check(&headwater(["js".as_ref(), file.as_os_str()]), &[r"a\u{1b}[2Jb"]);
}

#[test]
fn of_files() {
    let dir = directory();
    let missing = dir.path().join("a\u{1b}[2J\nheadwater: forged");
    for command in ["run", "validate", "compile", "disas", "wast", "js"] {
        let run = headwater([command.as_ref(), missing.as_os_str()]);
        assert_ne!(run.status, 0);
        check(&run, &[r"a\u{1b}[2J", "No such file"]);
        assert_eq!(run.stderr.matches("forged").count() + run.stdout.matches("forged").count(), 1, "{}", run.stderr);
    }
    let module = dir.path().join("a\u{7}.wasm");
    std::fs::write(&module, b"\0asm\x01\0\0\0").expect("a temporary file");
    check(&headwater(["validate".as_ref(), module.as_os_str()]), &[r"a\u{7}.wasm: valid"]);
    check(&headwater(["run".as_ref(), module.as_os_str()]), &[r"a\u{7}.wasm: exports no"]);
}

#[test]
fn however_long_they_are() {
    let long = "x".repeat(100_000);
    let text = format!(
        r#"(module (@name "{long}") (func (@name "{long}") unreachable) (func (export "_start") (call 0))
            (export "{long}" (func 0)))"#
    );
    let run = with_module(&["run"], &text);
    check(&run, &["xxx… (100000 bytes)!xxx", "!xxx"]);
    assert!(run.stderr.len() < 2000, "{} bytes", run.stderr.len());
    let imports = format!(r#"(module (import "{long}" "{long}" (func)) (func (export "_start")))"#);
    assert!(with_module(&["run"], &imports).stderr.len() < 2000);
    let run = with_module(&["run", "--invoke", "none"], &text);
    assert!(run.stderr.len() < 2000, "{} bytes", run.stderr.len());
}
