//! Fixed bugs: each `.wast` in `tests/regressions/` shows one, and runs here under every setting that modules must not
//! be able to observe, on each instruction set.

use headwater::Config;
use headwater_spec_tests::{Options, run_script};

/// Settings under which every script must pass: each of `Config::test_modes`, and all hostile ones at once.
const MODES: [&str; 18] = [
    "",
    "poison",
    "spill",
    "shuffle",
    "checked",
    "offsets",
    "interrupts",
    "fuel",
    "masks",
    "pads",
    "slabs",
    "small_pages",
    "far",
    "thread",
    "threads",
    "collect",
    "collect poison spill shuffle",
    "poison spill shuffle checked interrupts fuel masks pads slabs far",
];

#[test]
fn what_was_wrong_once_is_right() {
    let folder =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/regressions")).expect("the folder is there");
    let mut files: Vec<_> = folder.map(|entry| entry.expect("the folder can be read").path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "wast"));
    files.sort();
    assert!(!files.is_empty(), "there are scripts");
    let mut failures = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("scripts are text");
        let name = file.file_name().expect("files have names").to_string_lossy().into_owned();
        for mode in MODES {
            let mut config = Config::new();
            config.compile_threads(0).test_modes(mode);
            let options = Options { config, check_streaming: true };
            let report = run_script(&name, &text, &options).unwrap_or_else(|e| panic!("{name}: {e:#}"));
            assert!(report.passed + report.failures.len() > 0, "{name} says nothing");
            failures.extend(report.failures.iter().map(|failure| format!("{failure}, with `{mode}`")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
