//! `--threads-guest`: a program with threads, built from `tests/programs/threads.c`.

mod support;

use std::time::{Duration, Instant};
use support::{Run, assemble, headwater, program};

fn threads(options: &[&str], args: &[&str]) -> Run {
    let program = program("threads");
    headwater(["run", "--threads-guest"].iter().chain(options).chain([&&*program]).chain(args))
}

#[test]
fn threads_of_a_program_run_and_are_joined() {
    assert_eq!(threads(&[], &["count", "4"]).success(), "80000\n80000\n");
    let [one, two, five] = ["1", "2", "5"].map(|n| threads(&[], &["work", n]).success());
    assert_eq!(one, "428343355\n");
    assert_eq!((&one, &one), (&two, &five), "however many share the work");
}

#[test]
fn any_thread_ends_the_program() {
    assert_eq!(threads(&[], &["exit"]).status, 7);
    let run = threads(&[], &["trap"]);
    assert_eq!(run.status, 134);
    assert!(run.stderr.contains("unreachable"), "{}", run.stderr);
}

#[test]
fn there_are_not_arbitrarily_many_threads() {
    assert_eq!(threads(&[], &["many"]).success(), "no more\n");
}

#[test]
fn a_programs_time_ends_for_all_its_threads() {
    for what in [&["wait"][..], &["many"]] {
        let start = Instant::now();
        let run = threads(&["--timeout", "300ms"], what);
        if what == ["wait"] {
            assert_eq!(run.status, 134);
            assert!(run.stderr.contains("the time that --timeout gives is over"), "{}", run.stderr);
        }
        assert!(start.elapsed() < Duration::from_secs(60));
    }
}

#[test]
fn memory_is_limited_for_all_threads_together() {
    assert!(threads(&["--max-memory", "64K"], &["count", "2"]).failure().contains("--max-memory"));
    assert_eq!(threads(&["--max-memory", "1M"], &["count", "2"]).success(), "40000\n40000\n");
}

#[test]
fn what_is_no_such_program_is_refused() {
    let program = program("hello");
    let error = headwater(["run", "--threads-guest", &program]).failure();
    assert!(error.contains("wasi_thread_start"), "{error}");
    let dir = tempfile::tempdir().expect("a temporary directory");
    let other = assemble(&dir, r#"(module (func (export "wasi_thread_start") (param i64)) (func (export "_start")))"#);
    let error = headwater(["run", "--threads-guest", &other]).failure();
    assert!(error.contains("another type than (i32, i32)"), "{error}");
    // Without the option there are no threads.
    assert!(headwater(["run", &support::program("threads"), "wait"]).failure().contains("unknown import"));
    assert_eq!(headwater(["run", "--threads-guest", "--fuel", "5", &program]).status, 2);
}
