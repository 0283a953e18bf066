//! WASI programs, built from the C files in `tests/programs` with Debian's clang and wasi-libc.

mod support;

use support::{Run, headwater, headwater_with_input, program, serve_once};

fn run(name: &str, args: &[&str]) -> Run {
    let program = program(name);
    headwater(["run", &program].iter().chain(args))
}

#[test]
fn a_program_sees_its_arguments_and_only_the_environment_given() {
    let program = program("hello");
    let args = ["run", "--env", "GREETING=hi there", "--env", "EMPTY=", &program, "--option", "two words"];
    assert_eq!(
        headwater(args).success(),
        "argument 1: --option\nargument 2: two words\nenvironment: GREETING=hi there\nenvironment: EMPTY=\nhello\n"
    );
}

#[test]
fn standard_streams_are_passed_through() {
    let program = program("cat");
    let text = "line one\nline two\n".repeat(5000);
    let run = headwater_with_input(["run", &program], text.as_bytes());
    assert_eq!(run.stderr, "10000 lines\n");
    assert_eq!(run.success(), text);
}

#[test]
fn files_are_seen_in_directories_that_were_opened_and_nowhere_else() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(dir.path().join("input.txt"), "from the host\n").expect("a temporary file");
    let program = program("files");
    let mapping = format!("{}::/data", dir.path().display());
    assert_eq!(
        headwater(["run", "--dir", &mapping, &program, "/data"]).success(),
        "read: from the host\nline 500: 0500\nsize: 5000\nentry: two\noutside: refused\nabove: refused\n"
    );
    let written = std::fs::read_to_string(dir.path().join("output.txt")).expect("the program wrote it");
    assert_eq!(written, "written by a module\n");
}

#[test]
fn without_a_directory_there_are_no_files() {
    let run = run("files", &["/data"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.starts_with("open input.txt: "), "{}", run.stderr);
}

#[test]
fn the_exit_status_is_the_programs_own() {
    for status in [0, 1, 7, 125, 126, 200, 255] {
        let run = run("exit", &[&status.to_string()]);
        assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (status, "leaving", ""));
    }
}

#[test]
fn a_trap_prints_what_happened_and_where_and_exits_with_134() {
    let cases = [
        ("divide", "integer divide by zero", "by_division"),
        ("overflow", "integer overflow", "by_overflow"),
        ("load", "out of bounds memory access", "by_load"),
        ("store", "out of bounds memory access", "by_store"),
        ("unreachable", "unreachable", "by_unreachable"),
        ("convert", "integer overflow", "by_conversion"),
        ("abort", "unreachable", "abort"),
        ("signature", "indirect call type mismatch", "main"),
        ("null", "uninitialized element", "main"),
        ("stack", "call stack exhausted", "recurse"),
    ];
    for (how, message, function) in cases {
        let run = run("trap", &[how]);
        assert_eq!(run.status, 134, "{how}: {}", run.stderr);
        assert_eq!(run.stdout, "before\n", "{how}");
        let first = run.stderr.lines().next().unwrap_or_default();
        assert!(first.contains(message), "{how}: {}", run.stderr);
        assert!(run.stderr.contains(function), "{how}: {}", run.stderr);
    }
}

#[test]
fn programs_compute_what_they_compute_elsewhere() {
    // As node 22 and the native programs print it.
    assert_eq!(run("sort", &[]).success(), "12473480059474994280 aavttuz zygvfol\n");
    assert_eq!(run("heap", &[]).success(), "168504659 bytes, memory grew: yes\n");
    assert_eq!(
        run("arith", &[]).success(),
        "i32       8ecc486bab380f1c\ni64       b20c453629a668fd\n\
         f64       61ff1971806b9e74\nf32       494d9bb651e35734\n"
    );
    assert_eq!(
        run("strings", &[]).success(),
        "Eno Owt Eerht Ruof Evif \n\
         -1    42|42   |00042 beef 010 18446744073709551615 c%\n\
         3.142 1.234568e+04 0.0001       2.50|2.2       | 1e+100 0.333333\n\
         -127 4294967295 0.001 2.5\n\
         299 0 1 in hay\n\
         aabcdefghijklmnopqrstuvwxyzabc /c\n"
    );
}

#[test]
fn published_test_vectors_come_out_and_what_was_packed_is_unpacked() {
    // FIPS 197, appendix C.1; FIPS 180-4's examples.
    assert_eq!(
        run("vectors", &[]).success(),
        "aes-128 69c4e0d86a7b0430d8cdb78070b4c55a\n\
         back 00112233445566778899aabbccddeeff\n\
         again 00112233445566778899aabbccddeeff\n\
         sha-256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n\
         sha-256 248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1\n\
         200000 bytes, less than half when packed, the same\n"
    );
}

#[test]
fn what_is_computed_with_vectors_is_what_plain_c_computes() {
    // As the same source prints it natively, where tests/programs/simd.h has the intrinsics in plain C.
    assert_eq!(
        run("simd", &[]).success(),
        "planes 33849fd2\n\
         coefficients a784b778, 5183 bits\n\
         decoded f5021d6c, at most 50 off\n\
         blurred 81cf519f\n\
         matrix a21a7085 0.832545 0.933319\n"
    );
}

#[test]
fn a_program_runs_the_same_with_any_number_of_compiling_threads() {
    let program = program("sort");
    for threads in ["0", "1", "3"] {
        let output = headwater(["run", "--threads", threads, &program]).success();
        assert_eq!(output, "12473480059474994280 aavttuz zygvfol\n");
    }
}

#[test]
fn a_program_runs_from_standard_input_and_from_a_server() {
    let bytes = std::fs::read(program("strings")).expect("the program is in the repository");
    let expected = run("strings", &[]).success();
    assert_eq!(headwater_with_input(["run", "-"], &bytes).success(), expected);
    assert_eq!(headwater(["run", &serve_once(bytes, 100_000)]).success(), expected);
}
