//! Programs in C and C++, built against the headers and the static library, under AddressSanitizer: no byte is used
//! after it was freed, freed twice or leaked. Without a compiler for that (`scripts/test` installs clang where it can),
//! or where the library is for another machine than the compiler's, they say so and do nothing.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");

/// The directory of the library that was built with this test.
fn libraries() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    test.parent().expect("it is in a directory").to_path_buf()
}

/// The compilers for C and C++: clang if it has AddressSanitizer, or else gcc. Without them, why is printed.
fn compilers() -> Option<(&'static str, &'static str)> {
    let why = if std::env::var_os("HEADWATER_TEST_RUNNER").is_some() {
        "the library is for another machine"
    } else {
        let dir = tempfile::tempdir().expect("a directory can be made");
        let source = dir.path().join("empty.cc");
        fs::write(&source, "int main() {}\n").expect("it can be written");
        let works = |cpp: &str| {
            let mut build = Command::new(cpp);
            build.arg("-fsanitize=address").arg(&source).arg("-o").arg(dir.path().join("empty"));
            build.output().is_ok_and(|output| output.status.success())
        };
        let found = [("clang", "clang++"), ("gcc", "g++")].into_iter().find(|(_, cpp)| works(cpp));
        if found.is_some() {
            return found;
        }
        "neither clang nor gcc builds programs with AddressSanitizer"
    };
    eprintln!("note: skipped, since {why}");
    None
}

fn succeeds(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}{err}", output.status);
    output
}

/// Builds a program in `dir`.
fn build((c, cpp): (&str, &str), dir: &Path, source: &Path) -> PathBuf {
    let program = dir.join("program");
    let is_cpp = source.extension().is_some_and(|extension| extension == "cc");
    let mut compiler = Command::new(if is_cpp { cpp } else { c });
    compiler.args(["-Wall", "-Wextra", "-Werror", "-g", "-fsanitize=address"]);
    compiler.arg(if is_cpp { "-std=c++20" } else { "-std=c11" }).arg("-D_GNU_SOURCE");
    compiler.arg("-I").arg(Path::new(PACKAGE).join("include")).arg(source).arg("-o").arg(&program);
    compiler.arg(libraries().join("libheadwater_c.a")).args(["-lpthread", "-ldl", "-lm"]);
    succeeds(&mut compiler);
    program
}

/// What a program prints that is given a module in the text format and further arguments.
fn run(source: &str, module: &str, further: &[&Path]) -> Option<String> {
    let compilers = compilers()?;
    let dir = tempfile::tempdir().expect("a directory can be made");
    let program = build(compilers, dir.path(), &Path::new(PACKAGE).join(source));
    let wasm = dir.path().join("module.wasm");
    fs::write(&wasm, wat::parse_file(Path::new(PACKAGE).join(module)).expect("it is a module"))
        .expect("it can be written");
    let output = succeeds(Command::new(program).arg(wasm).args(further));
    Some(String::from_utf8(output.stdout).expect("they print text"))
}

fn check(source: &str, module: &str, further: &[&Path], expected: &str) {
    if let Some(printed) = run(source, module, further) {
        assert_eq!(printed, expected);
    }
}

#[test]
fn the_api_keeps_its_promises() {
    check("tests/api.c", "tests/api.wat", &[], "ok\n");
}

#[test]
fn webassembly_calls_c() {
    check("examples/hello.c", "examples/hello.wat", &[], "hello from WebAssembly\n22 bytes\n");
}

#[test]
fn webassembly_calls_cpp() {
    check("examples/hello.cc", "examples/hello.wat", &[], "hello from WebAssembly\n22 bytes\n");
}

#[test]
fn a_module_is_compiled_while_it_arrives() {
    let Some(printed) = run("examples/streaming.c", "examples/hello.wat", &[]) else { return };
    let size = wat::parse_file(Path::new(PACKAGE).join("examples/hello.wat")).expect("it is a module").len();
    let mut lines = printed.lines();
    assert_eq!(lines.next(), Some(format!("{size} bytes received, functions compiled: 1").as_str()));
    assert_eq!(lines.next(), Some("imports host::print"));
    assert!(lines.next().is_some_and(|line| line.starts_with("refused: ")), "{printed}");
    assert_eq!(lines.next(), None);
}

#[test]
fn epochs_and_limits_end_what_goes_too_far() {
    let expected = "spin: wasm trap: interrupt\ngrowing by 9: 1\ngrowing by 1: -1\n";
    let Some(printed) = run("examples/limits.c", "examples/limits.wat", &[]) else { return };
    let rest = printed.strip_prefix(expected).unwrap_or_else(|| panic!("{printed}"));
    assert!(rest.starts_with("a second instance: ") && rest.contains("instance"), "{printed}");
}

#[test]
fn threads_share_a_module() {
    let expected = "thread 0: 0\nthread 1: 16\nthread 2: 32\nthread 3: 48\n";
    check("examples/threads.c", "examples/threads.wat", &[], expected);
}

#[test]
fn wasi_programs_see_what_they_are_given() {
    let dir = tempfile::tempdir().expect("a directory can be made");
    fs::write(dir.path().join("in"), b"*").expect("it can be written");
    check("examples/wasi.c", "examples/wasi.wat", &[dir.path()], "argued!\nexit status 42\n");
}

/// The functions that a header declares, by the preprocessor.
fn declared(c: &str, header: &str) -> Vec<String> {
    let path = Path::new(PACKAGE).join("include").join(header);
    let output = succeeds(Command::new(c).args(["-E", "-P", "-x", "c", "-DWASM_API_EXTERN=EXPORTED"]).arg(path));
    let text = String::from_utf8(output.stdout).expect("headers are text");
    let declarations = text.split("EXPORTED ").skip(1);
    let names = declarations.map(|declaration| {
        let before = declaration.split('(').next().expect("a split has a first part");
        before.rsplit([' ', '*']).next().expect("a split has a last part").to_string()
    });
    names.collect()
}

#[test]
fn every_function_of_the_headers_is_there() {
    let Some(compilers) = compilers() else { return };
    let standard = declared(compilers.0, "wasm.h");
    let mut names = fs::read_to_string(Path::new(PACKAGE).join("tests/standard.txt")).expect("the list is there");
    let listed: Vec<_> = names.lines().collect();
    let mut sorted = standard.clone();
    sorted.sort();
    assert_eq!(sorted, listed, "wasm.h declares what the standard header does");
    let all = declared(compilers.0, "headwater.h");
    assert!(all.len() > standard.len() + 20);

    names = "#include <headwater.h>\n#include <stdio.h>\nint main(void) {\n    void (*all[])(void) = {\n".to_string();
    for name in &all {
        writeln!(names, "        (void (*)(void)){name},").expect("a string can be written to");
    }
    names += "    };\n    size_t n = 0;\n    for (; n < sizeof all / sizeof *all && all[n]; n++) {}\n";
    names += "    printf(\"%zu\", n);\n}\n";
    let dir = tempfile::tempdir().expect("a directory can be made");
    let source = dir.path().join("all.c");
    fs::write(&source, names).expect("it can be written");
    let output = succeeds(&mut Command::new(build(compilers, dir.path(), &source)));
    assert_eq!(String::from_utf8_lossy(&output.stdout), all.len().to_string());

    // What programs that link dynamically get.
    let library = libraries().join("libheadwater_c.so");
    let symbols = succeeds(Command::new("nm").args(["-D", "--defined-only", "--format=just-symbols"]).arg(library));
    let symbols = String::from_utf8_lossy(&symbols.stdout).into_owned();
    let exported: std::collections::HashSet<_> = symbols.lines().collect();
    let missing: Vec<_> = all.iter().filter(|name| !exported.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
