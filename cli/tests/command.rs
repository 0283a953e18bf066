//! The command's grammar, reports and errors.

mod support;

use support::{assemble, headwater, headwater_with_input, program, root, serve_once};
use tempfile::tempdir;

#[test]
fn help_has_examples_for_every_command() {
    for command in ["run", "compile", "wast", "validate", "disas", "explore", "demo"] {
        let help = headwater([command, "--help"]).success();
        assert!(help.contains("Example") && help.contains(&format!("headwater {command}")), "{help}");
    }
    let help = headwater(["--help"]).success();
    assert!(help.contains("Examples:"), "{help}");
}

#[test]
fn an_export_is_called_with_arguments_parsed_by_its_type() {
    let library = program("library");
    let invoke =
        |name: &str, args: &[&str]| headwater(["run", "--invoke", name, &library].iter().chain(args)).success();
    assert_eq!(invoke("add", &["2", "-5"]), "-3\n");
    assert_eq!(invoke("add", &["4294967295", "0x10"]), "15\n");
    assert_eq!(invoke("sum64", &["9223372036854775807", "1"]), "-9223372036854775808\n");
    assert_eq!(invoke("half", &["5"]), "2.5\n");
    assert_eq!(invoke("half", &["-inf"]), "-inf\n");
    assert_eq!(invoke("third", &["1"]), "0.33333334\n");
    assert_eq!(invoke("nothing", &[]), "");
    assert_eq!(invoke("fib", &["20"]), "6765\n");
}

#[test]
fn several_results_are_printed_one_per_line() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(
        &dir,
        r#"(module (func (export "f") (param i64) (result i64 f32 externref funcref)
            local.get 0 f32.const 1.5 ref.null extern ref.null func))"#,
    );
    assert_eq!(headwater(["run", "--invoke", "f", &module, "7"]).success(), "7\n1.5\nnull\nnull\n");
}

const HEAP: &str = r#"(module
    (type $list (struct (field $head i32) (field $tail (ref null $list))))
    (func $fill (export "fill") (param $n i32) (result i32)
        (local $l (ref null $list))
        (loop $again
            (local.set $l (struct.new $list (local.get $n) (local.get $l)))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (struct.get $list $head (local.get $l)))
    (func (export "all") (param anyref) (result anyref externref eqref arrayref structref)
        (local.get 0) (extern.convert_any (local.get 0)) (ref.i31 (i32.const -7))
        (array.new_fixed 1 0) (struct.new_default $list))
    (type (array i8)))"#;

#[test]
fn references_to_what_is_collected_are_read_and_printed() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(&dir, HEAP);
    let all = |arg: &str| headwater(["run", "--invoke", "all", &module, arg]);
    assert_eq!(all("(i31 5)").success(), "(i31 5)\nexternref\n(i31 -7)\narray\nstruct\n");
    assert_eq!(all("null").success(), "null\nnull\n(i31 -7)\narray\nstruct\n");
    assert!(all("5").failure().contains("`5` is no anyref that can be given here; `(i31 5)` is one"));
}

#[test]
fn a_heap_has_no_more_memory_than_it_is_given() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(&dir, HEAP);
    for limit in ["--max-heap", "--max-memory"] {
        let fill = |objects: &str| headwater(["run", limit, "1M", "--invoke", "fill", &module, objects]);
        assert_eq!(fill("10000").success(), "1\n");
        let error = fill("100000").failure();
        assert!(error.contains("no room for 16 more bytes in the heap"), "{error}");
    }
    assert_eq!(headwater(["run", "--invoke", "fill", &module, "100000"]).success(), "1\n");
}

#[test]
fn disas_names_types_and_fields() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(&dir, HEAP);
    for target in ["x86-64", "aarch64"] {
        let shown = headwater(["disas", "--target", target, "--func", "fill", &module]).success();
        for part in ["struct.new $list", "struct.get $list $head", "br_if $again"] {
            assert!(shown.contains(part), "no `{part}` in\n{shown}");
        }
    }
}

#[test]
fn a_trap_in_an_export_exits_with_134() {
    let run = headwater(["run", "--invoke", "divide", &program("library"), "1", "0"]);
    assert_eq!(run.status, 134);
    assert!(run.stderr.contains("integer divide by zero") && run.stderr.contains("divide"), "{}", run.stderr);
}

#[test]
fn errors_say_in_one_line_what_to_do() {
    let dir = tempdir().expect("a temporary directory");
    let library = program("library");
    let hello = program("hello");
    let importing = assemble(&dir, r#"(module (import "env" "missing" (func)) (func (export "_start")))"#);
    let cases: &[(&[&str], &[&str])] = &[
        (&["run", "no-such-file.wasm"], &["no-such-file.wasm", "No such file"]),
        (&["run", "/"], &["is a directory"]),
        #[cfg(not(feature = "https"))]
        (&["run", "https://127.0.0.1/x.wasm"], &["only http://"]),
        #[cfg(feature = "https")]
        (&["run", "https://127.0.0.1:1/x.wasm"], &["https://127.0.0.1:1/x.wasm: ", "onnection refused"]),
        (&["run", "http://127.0.0.1:1/x.wasm"], &["http://127.0.0.1:1/x.wasm"]),
        (&["run", &library], &["exports no `_start`", "--invoke", "`add`"]),
        (&["run", "--invoke", "missing", &library], &["no function `missing`", "`add`"]),
        (&["run", "--invoke", "add", &library, "1"], &["takes 2 argument(s) (i32 i32), 1 given"]),
        (&["run", "--invoke", "add", &library, "1", "x"], &["`x` is no i32"]),
        (&["run", "--env", "NAME", &hello], &["--env NAME", "NAME=VALUE"]),
        (&["run", "--dir", "no-such-dir", &hello], &["--dir no-such-dir"]),
        (&["run", &importing], &["env", "missing"]),
        (&["disas", "--func", "99999", &library], &["no function 99999"]),
    ];
    for (args, parts) in cases {
        let message = headwater(*args).failure();
        for part in *parts {
            assert!(message.contains(part), "{args:?}: {message}");
        }
    }
}

#[test]
fn an_invalid_module_is_refused_with_offset_and_function() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(&dir, "(module (func) (func (result i32) i64.const 1))");
    for command in ["run", "compile", "validate", "disas"] {
        let message = headwater([command, &module]).failure();
        assert!(message.contains("type mismatch") && message.contains("at offset 0x"), "{message}");
        assert!(message.contains("function 1"), "{message}");
    }
    assert!(headwater_with_input(["validate", "-"], b"\0asm\x01\0\0").failure().contains("unexpected end"));
    assert!(headwater_with_input(["validate", "-"], b"not wasm").failure().contains("magic header"));
}

#[test]
fn an_invalid_module_is_refused_while_it_still_downloads() {
    let mut bytes = wat::parse_str("(module (func (result i32) i64.const 1))").expect("the text parses");
    // A custom section that would take a minute to arrive.
    bytes.extend([0, 0x80, 0x80, 0x40, 1, b'x']);
    bytes.resize(bytes.len() + (1 << 20), 0);
    let started = std::time::Instant::now();
    let url = serve_once(bytes, 16_000);
    assert!(headwater(["validate", &url]).failure().contains("type mismatch"));
    assert!(started.elapsed().as_secs() < 20, "it took {:?}", started.elapsed());
}

#[test]
fn a_valid_module_is_said_to_be_valid() {
    let hello = program("hello");
    assert_eq!(headwater(["validate", &hello]).success(), format!("{hello}: valid\n"));
}

/// The members of a flat JSON object.
fn members(json: &str) -> Vec<(&str, &str)> {
    let inner = json.trim().strip_prefix('{').and_then(|s| s.strip_suffix('}')).expect("an object");
    let pairs = inner.split(',').map(|pair| pair.split_once(':').expect("a member"));
    pairs.map(|(key, value)| (key.trim_matches('"'), value)).collect()
}

#[test]
fn compile_reports_numbers_in_json() {
    let hello = program("hello");
    let size = std::fs::metadata(&hello).expect("the program is in the repository").len();
    for extra in [&["--chunk", "100"][..], &["--chunk", "1G", "--threads", "0"], &["--throttle", "200K"]] {
        let json = headwater(["compile", "--json", &hello].iter().chain(extra)).success();
        let members = members(&json);
        let keys: Vec<&str> = members.iter().map(|(key, _)| *key).collect();
        assert_eq!(
            keys,
            [
                "wasm_bytes",
                "code_section_bytes",
                "functions",
                "machine_code_bytes",
                "compile_ns",
                "wall_ns",
                "tail_ns",
                "threads",
                "target"
            ]
        );
        let number = |key: &str| -> u64 {
            let value = members.iter().find(|(k, _)| *k == key).expect("the keys were checked").1;
            value.parse().unwrap_or_else(|_| panic!("{key} is no number: {value}"))
        };
        assert_eq!(number("wasm_bytes"), size);
        assert!(number("code_section_bytes") > 1000 && number("code_section_bytes") < size);
        assert!(number("functions") > 10 && number("machine_code_bytes") > 1000 && number("compile_ns") > 0);
        assert!(number("tail_ns") <= number("wall_ns"));
        if extra.contains(&"--throttle") {
            let least = (size * 1_000_000_000 / 200_000).saturating_sub(50_000_000);
            assert!(number("wall_ns") >= least, "{json}");
        }
        if extra.contains(&"0") {
            assert_eq!(number("threads"), 0);
        }
    }
}

#[test]
fn compile_reports_in_words_without_json() {
    let report = headwater(["compile", &program("hello")]).success();
    for word in ["module", "machine code", "compiling", "ready", "after the last"] {
        assert!(report.contains(word), "{report}");
    }
}

#[test]
fn disas_shows_operators_and_their_machine_code() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(
        &dir,
        r#"(module (memory 1)
            (func $zero)
            (func $sum (export "sum") (param i32 i32) (result i32)
                local.get 0 i32.load offset=4 local.get 1 i32.add))"#,
    );
    let all = headwater(["disas", &module]).success();
    assert!(all.contains("func 0 <zero>") && all.contains("func 1 <sum>"), "{all}");
    let one = headwater(["disas", "--func", "1", &module]).success();
    assert!(!one.contains("func 0"), "{one}");
    for part in ["i32.load offset=4", "i32.add", "local.get 1", "ret"] {
        assert!(one.contains(part), "no `{part}` in\n{one}");
    }
    for name in ["sum", "zero"] {
        let number = if name == "sum" { "1" } else { "0" };
        let by_number = headwater(["disas", "--func", number, &module]).success();
        assert_eq!(headwater(["disas", "--func", name, &module]).success(), by_number);
    }
    let bytes = headwater(["disas", "--target", "x86-64", "--func", "zero", "--bytes", &module]).success();
    for line in ["55                  push rbp", "4889e5              mov rbp, rsp", "72ff                jb short "] {
        assert!(bytes.contains(line), "no `{line}` in\n{bytes}");
    }
    let bytes = headwater(["disas", "--target", "aarch64", "--func", "zero", "--bytes", &module]).success();
    assert!(bytes.contains("c0035fd6            ret"), "{bytes}");
    // The same for any instruction set on any machine.
    let parts =
        [("aarch64", ["ldr w0, [x14, #0x4]", "udf #0x9    ; StackOverflow"]), ("x86-64", ["[rdi+", "StackOverflow"])];
    for (target, parts) in parts {
        let one = headwater(["disas", "--target", target, "--func", "1", &module]).success();
        for part in parts {
            assert!(one.contains(part), "no `{part}` for {target} in\n{one}");
        }
    }
}

/// Each operator has one line, in the order of the module, around branches too.
#[test]
fn disas_shows_each_operator_once() {
    let dir = tempdir().expect("a temporary directory");
    let adds = "local.get 0 i32.const 7 i32.mul local.set 0 ".repeat(60);
    let text = format!("(module (func (param i32 i32) local.get 1 if {adds} local.get 1 if {adds} end end))");
    let module = assemble(&dir, &text);
    for target in ["x86-64", "aarch64"] {
        let shown = headwater(["disas", "--target", target, &module]).success();
        let places: Vec<_> = shown.lines().filter_map(|line| line.strip_prefix("  0x")?.split(' ').next()).collect();
        assert!(places.len() > 300 && places.is_sorted_by(|a, b| a < b), "for {target}:\n{shown}");
    }
}

#[test]
fn modules_are_compiled_for_other_machines() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(&dir, r#"(module (func (export "f") (param i32) (result i32) local.get 0 i32.popcnt))"#);
    for (target, name) in [("aarch64", "aarch64-"), ("x86-64", "x86_64-")] {
        let report = headwater(["compile", "--json", "--target", target, &module]).success();
        assert!(report.contains(&format!("\"target\":\"{name}")), "{report}");
        let report = headwater(["compile", "--target", target, &module]).success();
        assert!(report.contains(&format!("for {name}")), "{report}");
    }
}

#[test]
fn wast_counts_and_locates_failed_assertions() {
    let dir = tempdir().expect("a temporary directory");
    let script = dir.path().join("script.wast");
    let text = r#"(module (func (export "one") (result i32) i32.const 1))
(assert_return (invoke "one") (i32.const 1))
(assert_return (invoke "one") (i32.const 2))
(assert_trap (invoke "one") "unreachable")
(assert_invalid (module (func (result i32))) "type mismatch")
"#;
    std::fs::write(&script, text).expect("a temporary file");
    let script = script.to_string_lossy().into_owned();
    let run = headwater(["wast", &script]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", run.stdout);
    assert!(lines[0].starts_with(&format!("{script}:3: ")), "{}", lines[0]);
    assert!(lines[1].starts_with(&format!("{script}:4: ")), "{}", lines[1]);
    assert_eq!(lines[2], "3 passed, 2 failed");

    let good: String = text.lines().enumerate().filter(|(i, _)| ![2, 3].contains(i)).map(|(_, l)| l).collect();
    std::fs::write(&script, good).expect("a temporary file");
    assert_eq!(headwater(["wast", &script]).success(), "3 passed, 0 failed\n");
}

#[test]
fn the_demo_shows_both_lines_and_what_the_program_printed() {
    let output = headwater(["demo", "--rate", "1M"]).success();
    for part in ["serving http://127.0.0.1:", "received", "compiled", "after the last byte", "197281 positions"] {
        assert!(output.contains(part), "no `{part}` in\n{output}");
    }
    let demo = root().join("cli/demo/demo.wasm");
    let json = headwater(["compile", "--json", &demo.to_string_lossy()]).success();
    let code =
        members(&json).iter().find(|(key, _)| *key == "code_section_bytes").expect("checked above").1.to_string();
    assert!(code.parse::<u64>().expect("a number") >= 100_000, "the demo is a real program: {code}");
}

#[test]
fn a_program_that_does_not_end_is_stopped_by_time_or_by_fuel() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(&dir, r#"(module (func (export "spin") (loop (br 0))) (func (export "quick")))"#);
    for (option, value, trap) in [
        ("--timeout", "50ms", "the time that --timeout gives is over"),
        ("--fuel", "1000000", "the fuel that --fuel gives is used up"),
    ] {
        let run = headwater(["run", option, value, "--invoke", "spin", &module]);
        assert_eq!(run.status, 134);
        assert!(run.stderr.contains(trap) && run.stderr.contains("backtrace"), "{}", run.stderr);
        assert_eq!(headwater(["run", option, value, "--invoke", "quick", &module]).success(), "");
    }
    let run = headwater(["run", "--fuel", "0", "--invoke", "quick", &module]);
    assert_eq!(run.status, 134);
    let run = headwater(["run", "--timeout", "soon", &module]);
    assert!(run.stderr.contains("--timeout"), "{}", run.stderr);
}

#[test]
fn a_program_gets_no_more_memory_than_it_is_given() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(
        &dir,
        r#"(module (memory 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#,
    );
    let grow =
        |pages: &str| headwater(["run", "--max-memory", "1048576", "--invoke", "grow", &module, pages]).success();
    assert_eq!((grow("15").as_str(), grow("16").as_str()), ("1\n", "-1\n"));
    let run = headwater(["run", "--max-memory", "1000", "--invoke", "grow", &module, "0"]);
    assert!(run.status != 0 && run.stderr.contains("limit"), "{}", run.stderr);

    // Several memories count together, and tables, which are memory, too.
    let module = assemble(&dir, r#"(module (memory 10) (memory 7) (func (export "f")))"#);
    let error = headwater(["run", "--max-memory", "1MiB", "--invoke", "f", &module]).failure();
    assert!(error.contains("memories together would take 1114112 bytes of at most 1048576"), "{error}");
    let tables = "(table 100000 funcref)".repeat(2);
    let module = assemble(&dir, &format!(r#"(module {tables} (func (export "f")))"#));
    let error = headwater(["run", "--max-memory", "1M", "--invoke", "f", &module]).failure();
    assert!(error.contains("tables, instances and exceptions together"), "{error}");
    headwater(["run", "--max-memory", "2M", "--invoke", "f", &module]).success();
}

#[test]
fn a_module_in_the_text_format_is_taken_for_one() {
    let dir = tempdir().expect("a temporary directory");
    let text = ";; a library\n(module (func (export \"f\") (result i32) i32.const 42))";
    let file = dir.path().join("f.wat").to_string_lossy().into_owned();
    std::fs::write(&file, text).expect("a temporary file");
    assert_eq!(headwater(["run", "--invoke", "f", &file]).success(), "42\n");
    assert_eq!(headwater_with_input(["run", "--invoke", "f", "-"], text.as_bytes()).success(), "42\n");
    assert_eq!(headwater(["validate", &file]).success(), format!("{file}: valid\n"));
    assert!(headwater(["disas", &file]).success().contains("i32.const 42"));
    std::fs::write(&file, "(module\n  (fun))").expect("a temporary file");
    let error = headwater(["run", &file]).failure();
    assert!(error.contains("(at 2:4 of the text)"), "{error}");
}

#[test]
fn a_file_that_is_no_module_is_called_what_it_is() {
    let dir = tempdir().expect("a temporary directory");
    let module = std::fs::read(program("hello")).expect("the program is in the repository");
    let cases: [(&[u8], &str); 7] = [
        (b"", "is empty"),
        (b"<!doctype html>\n<html><body>404</body></html>", "HTML page"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "gunzip"),
        (b"\0asm\x0d\0\x01\0\0", "component"),
        (b"int main(void) { return 0; }", "is text"),
        (&module[..module.len() / 2], "is it cut off?"),
        (b"\x7fELF\x02\x01\x01", "ELF"),
    ];
    let file = dir.path().join("f.wasm").to_string_lossy().into_owned();
    for (bytes, part) in cases {
        std::fs::write(&file, bytes).expect("a temporary file");
        for command in ["run", "validate", "compile", "disas"] {
            let error = headwater([command, &file]).failure();
            assert!(error.contains(part) && error.contains("f.wasm: "), "{command}: {error}");
            assert!(!error.contains('['), "{command}: a list of bytes: {error}");
        }
        let error = headwater_with_input(["run", "-"], bytes).failure();
        assert!(error.contains(part) && error.contains("standard input: "), "{error}");
    }
}

#[test]
fn an_address_that_cannot_be_fetched_is_no_missing_file() {
    for (address, scheme) in [("ftp://host/a.wasm", "`ftp://`"), ("file:///a", "`file://`")] {
        let error = headwater(["run", address]).failure();
        assert!(error.contains(&format!("{scheme} is not supported")) && error.contains(address), "{error}");
    }
}

#[test]
fn sizes_are_refused_for_what_they_are_in_the_unit_they_were_given_in() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(&dir, r#"(module (memory 2) (func (export "_start")))"#);
    let error = headwater(["run", "--max-memory", "1K", &module]).failure();
    assert!(error.contains("131.08K") && error.contains("limit of 1K"), "{error}");
    let error = headwater(["run", "--max-memory", "64KiB", &module]).failure();
    assert!(error.contains("128KiB") && error.contains("limit of 64KiB"), "{error}");
    let run = headwater(["run", "--stack", "1T", &module]);
    assert!(run.status == 2 && run.stderr.contains("a stack can have 16G at most"), "{}", run.stderr);
}

#[test]
fn missing_files_are_named_once() {
    for command in ["run", "validate", "compile", "disas", "wast", "js"] {
        let run = headwater([command, "missing-file"]);
        let text = format!("{}{}", run.stdout, run.stderr);
        assert_eq!((text.matches("missing-file").count(), text.matches("os error 2").count()), (1, 1), "{text}");
    }
}

#[test]
fn a_host_function_that_fails_is_reported_cause_first_and_then_where() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(
        &dir,
        r#"(module $m (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
            (func $inner (drop (call $close (i32.const 0)))) (func (export "_start") (call $inner)))"#,
    );
    let run = headwater(["run", &module]);
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!((run.status, lines.len()), (1, 4), "{}", run.stderr);
    assert!(lines[0].ends_with("a module that uses WASI must export its memory as `memory`"), "{}", lines[0]);
    assert!(lines[0].starts_with("headwater: ") && !lines[0].contains("backtrace"), "{}", lines[0]);
    assert_eq!(lines[1], "error while executing at wasm backtrace:");
    assert!(lines[2].ends_with("m!inner") && lines[3].contains("m!"), "{}", run.stderr);
}

#[test]
fn a_programs_arguments_are_no_options_of_the_command() {
    let hello = program("hello");
    let smuggled =
        ["--env", "A=1", "--dir=/", "-h", "--help", "--version", "--", "--invoke", "f", "--threads", "abc", "-"];
    let expected: String = smuggled.iter().enumerate().map(|(i, arg)| format!("argument {}: {arg}\n", i + 1)).collect();
    for before in [&["run"][..], &["run", "--"], &[]] {
        let args = before.iter().copied().chain([&*hello]).chain(smuggled);
        assert_eq!(headwater(args).success(), format!("{expected}hello\n"), "{before:?}");
        for first in smuggled {
            let args = before.iter().copied().chain([&*hello, first]);
            assert_eq!(headwater(args).success(), format!("argument 1: {first}\nhello\n"), "{before:?}");
        }
    }
    let bytes = std::fs::read(&hello).expect("the program is in the repository");
    let output = headwater_with_input(["run", "-", "--dir=/"], &bytes).success();
    assert_eq!(output, "argument 1: --dir=/\nhello\n");
    let library = program("library");
    assert_eq!(headwater(["run", "--invoke", "add", &library, "-1", "-2"]).success(), "-3\n");
}

#[test]
fn a_scripts_arguments_are_no_options_of_the_command() {
    let dir = tempdir().expect("a temporary directory");
    let file = dir.path().join("a.js").to_string_lossy().into_owned();
    std::fs::write(&file, "print(JSON.stringify(scriptArgs))").expect("a temporary file");
    for (args, expected) in [
        (&["--base=/", "x"][..], r#"["--base=/","x"]"#),
        (&["-h"], r#"["-h"]"#),
        (&["--", "--module", "x"], r#"["--module","x"]"#),
        (&["--", "x.js"], r#"["x.js"]"#),
        (&[], "[]"),
    ] {
        assert_eq!(headwater(["js", &file].iter().chain(args)).success(), format!("{expected}\n"));
    }
}
