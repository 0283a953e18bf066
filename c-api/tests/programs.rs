//! Programs in C and C++, built against the headers and the static library, under AddressSanitizer: no byte is used
//! after it was freed, freed twice or leaked. For AArch64 under emulation they are built without it, by the cross
//! compiler. Without a compiler (`scripts/test` installs clang where it can) they say so and do nothing.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");

/// The directory of the library that was built with this test.
fn libraries() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    test.parent().expect("it is in a directory").to_path_buf()
}

/// What builds and runs programs for the machine of the library.
#[derive(Clone)]
struct Tools {
    c: &'static str,
    cpp: &'static str,
    sanitizer: &'static [&'static str],
    /// The emulator, if it is another machine.
    runner: Option<String>,
}

impl Tools {
    /// clang if it has AddressSanitizer, or else gcc; for AArch64 under emulation a cross compiler. Without one that
    /// can build a program from such a source, why is printed.
    fn find(source: &Path) -> Option<Tools> {
        let runner = std::env::var("HEADWATER_TEST_RUNNER").ok();
        let candidates: &[(&str, &str, &[&str])] = match &runner {
            Some(_) => &[("aarch64-linux-gnu-gcc", "aarch64-linux-gnu-g++", &[])],
            None => &[("clang", "clang++", &["-fsanitize=address"]), ("gcc", "g++", &["-fsanitize=address"])],
        };
        let tools = candidates.iter().map(|&(c, cpp, sanitizer)| Tools { c, cpp, sanitizer, runner: runner.clone() });
        let found = tools.into_iter().find(|tools| tools.can_build(source));
        if found.is_none() {
            let names: Vec<_> = candidates.iter().map(|(c, ..)| *c).collect();
            let why = format!("{} cannot build them", names.join(" and "));
            // The packages for emulation have no compiler for C++.
            assert!(runner.is_some() || std::env::var_os("CI").is_none(), "{why}");
            // Not by a macro, whose output is shown for failures only.
            let _ = writeln!(io::stderr(), "note: a test of programs in C or C++ was skipped: {why}");
        }
        found
    }

    fn compiler(&self, source: &Path) -> Command {
        let is_cpp = source.extension().is_some_and(|extension| extension == "cc");
        let mut compiler = Command::new(if is_cpp { self.cpp } else { self.c });
        compiler.arg(if is_cpp { "-std=c++20" } else { "-std=c11" }).arg("-D_GNU_SOURCE").args(self.sanitizer);
        compiler
    }

    /// Whether a program in the language of `source` can be built.
    fn can_build(&self, source: &Path) -> bool {
        let dir = tempfile::tempdir().expect("a directory can be made");
        let mut empty = dir.path().join("empty");
        empty.set_extension(source.extension().expect("sources have one"));
        fs::write(&empty, "int main(void) { return 0; }\n").expect("it can be written");
        let mut build = self.compiler(&empty);
        build.arg(&empty).arg("-o").arg(dir.path().join("program"));
        build.output().is_ok_and(|output| output.status.success())
    }

    /// Builds a program in `dir`, and says how to run it.
    fn build(&self, dir: &Path, source: &Path) -> Command {
        let program = dir.join("program");
        let mut compiler = self.compiler(source);
        compiler.args(["-Wall", "-Wextra", "-Werror", "-g", "-I"]).arg(Path::new(PACKAGE).join("include"));
        compiler.arg(source).arg("-o").arg(&program);
        compiler.arg(libraries().join("libheadwater_c.a")).args(["-lpthread", "-ldl", "-lm"]);
        succeeds(&mut compiler);
        match &self.runner {
            Some(runner) => {
                let mut run = Command::new(runner);
                run.arg(program);
                run
            }
            None => Command::new(program),
        }
    }
}

fn succeeds(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}{err}", output.status);
    output
}

/// What a program prints that is given a module in the text format and further arguments.
fn run(source: &str, module: &str, further: &[&Path]) -> Option<String> {
    let source = Path::new(PACKAGE).join(source);
    let tools = Tools::find(&source)?;
    let dir = tempfile::tempdir().expect("a directory can be made");
    let mut program = tools.build(dir.path(), &source);
    let wasm = dir.path().join("module.wasm");
    fs::write(&wasm, wat::parse_file(Path::new(PACKAGE).join(module)).expect("it is a module"))
        .expect("it can be written");
    let output = succeeds(program.arg(wasm).args(further));
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
    let dir = tempfile::tempdir().expect("a directory can be made");
    let source = dir.path().join("all.c");
    let Some(tools) = Tools::find(&source) else { return };
    let standard = declared(tools.c, "wasm.h");
    let mut names = fs::read_to_string(Path::new(PACKAGE).join("tests/standard.txt")).expect("the list is there");
    let listed: Vec<_> = names.lines().collect();
    let mut sorted = standard.clone();
    sorted.sort();
    assert_eq!(sorted, listed, "wasm.h declares what the standard header does");
    let all = declared(tools.c, "headwater.h");
    assert!(all.len() > standard.len() + 20);

    names = "#include <headwater.h>\n#include <stdio.h>\nint main(void) {\n    void (*all[])(void) = {\n".to_string();
    for name in &all {
        writeln!(names, "        (void (*)(void)){name},").expect("a string can be written to");
    }
    names += "    };\n    size_t n = 0;\n    for (; n < sizeof all / sizeof *all && all[n]; n++) {}\n";
    names += "    printf(\"%zu\", n);\n}\n";
    fs::write(&source, names).expect("it can be written");
    let output = succeeds(&mut tools.build(dir.path(), &source));
    assert_eq!(String::from_utf8_lossy(&output.stdout), all.len().to_string());

    // What programs that link dynamically get.
    let library = libraries().join("libheadwater_c.so");
    let symbols = succeeds(Command::new("nm").args(["-D", "--defined-only", "--format=just-symbols"]).arg(library));
    let symbols = String::from_utf8_lossy(&symbols.stdout).into_owned();
    let exported: std::collections::HashSet<_> = symbols.lines().collect();
    let missing: Vec<_> = all.iter().filter(|name| !exported.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
