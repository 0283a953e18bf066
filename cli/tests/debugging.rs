//! `headwater run -g` and `--profile`.
#![cfg(feature = "debug")]

mod support;

use support::{headwater, root};

fn lines() -> String {
    root().join("tests/debugging/lines.wasm").to_str().expect("it is Unicode").to_owned()
}

#[test]
fn backtraces_have_lines_if_that_is_asked_for() {
    let plain = headwater(["run", "--invoke", "outer", &lines(), "0"]);
    assert_eq!(plain.status, 134, "{}", plain.stderr);
    assert!(plain.stderr.contains("inner") && !plain.stderr.contains("lines.c"), "{}", plain.stderr);
    let detailed = headwater(["run", "-g", "--invoke", "outer", &lines(), "0"]);
    assert_eq!(detailed.status, 134);
    for part in ["./lines.c:4:16", "./lines.c:8:", "./lines.c:13:", "./lines.c:18:"] {
        assert!(detailed.stderr.contains(part), "{part} is missing: {}", detailed.stderr);
    }
}

#[test]
fn a_profile_is_written_for_perf() {
    assert_eq!(headwater(["run", "--profile", "perf-map", "--invoke", "outer", &lines(), "5"]).success(), "41\n");
    let message = headwater(["run", "--profile", "gprof", &lines()]);
    assert!(message.status == 2 && message.stderr.contains("perf-map"), "{}", message.stderr);
}
