//! A process that hands out cases and processes that run them. A worker says on its standard output which case it
//! begins; so its death, or its silence, is a case that failed, and the next worker goes on behind it.

mod keep;
mod supervise;

pub use supervise::{Plan, supervise};

use headwater_fuzz::{Done, Failure, Target, case_bytes, memory, observed, remember_panics, run};
use std::io::Write;
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;

/// Exit code of a case that fails.
const FAILED: u8 = 3;

/// How the process is started again: by itself, or by the emulator that runs this one.
fn this_command() -> std::process::Command {
    let program = std::env::current_exe().expect("the system knows what it runs");
    match std::env::var_os("HEADWATER_TEST_RUNNER") {
        Some(emulator) => {
            let mut command = std::process::Command::new(emulator);
            command.arg(program);
            command
        }
        None => std::process::Command::new(program),
    }
}

/// Runs the case whose bytes are in `file`.
pub fn one(target: &Target, file: &Path) -> ExitCode {
    remember_panics(true);
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(e) => {
            eprintln!("{}: {e}", file.display());
            return ExitCode::from(2);
        }
    };
    match run(target, &bytes) {
        Ok(done) => {
            println!("ok: {} modules, {} checks", done.modules, done.checks);
            ExitCode::SUCCESS
        }
        Err(failure) => {
            println!("{}: {}", failure.kind, failure.what);
            ExitCode::from(FAILED)
        }
    }
}

/// Runs cases `start`, `start` + `stride` and so on, and says so.
pub fn work(target: &Target, seed: u64, start: u64, stride: u64, runs: Option<u64>) -> ExitCode {
    remember_panics(true);
    let mut total = Done::default();
    let mut out = std::io::stdout().lock();
    let mut say = |text: std::fmt::Arguments<'_>| {
        // Whoever started this process may be gone.
        if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
            std::process::exit(1);
        }
    };
    let mut resources = Resources::default();
    let mut number = start;
    for _ in 0..runs.unwrap_or(u64::MAX) {
        say(format_args!("at {number} {} {}", total.modules, total.checks));
        let outcome = run(target, &case_bytes(target, seed, number)).and_then(|done| {
            total.modules += done.modules;
            total.checks += done.checks;
            resources.check()
        });
        if let Err(failure) = outcome {
            say(format_args!("failed {number} {} {:?}", failure.kind.replace(' ', "-"), failure.what));
        }
        number += stride;
    }
    say(format_args!("end {number} {} {}", total.modules, total.checks));
    ExitCode::SUCCESS
}

/// Runs these cases of each target and prints a line for each: the target, the number, and the hash of what was
/// observed, or what became of it.
pub fn digest<'a>(targets: impl Iterator<Item = &'a Target>, seed: u64, numbers: Range<u64>) -> ExitCode {
    remember_panics(true);
    let mut out = std::io::stdout().lock();
    let mut failed = false;
    for target in targets {
        let mut outcomes = 0;
        for number in numbers.clone() {
            observed::start();
            let result = run(target, &case_bytes(target, seed, number));
            let observed = observed::finish();
            outcomes += observed.outcomes;
            let hash = match (&result, observed.hash()) {
                (Err(_), _) => "failed".to_string(),
                (_, None) => "exhausted".to_string(),
                (_, Some(hash)) => format!("{hash:016x}"),
            };
            if writeln!(out, "{} {number} {hash}", target.name).is_err() {
                // Whoever compares has seen enough.
                return ExitCode::FAILURE;
            }
            if let Err(failure) = result {
                failed = true;
                eprintln!("case {number} of {}, seed {seed}: {}: {}", target.name, failure.kind, failure.what);
            }
        }
        eprintln!(
            "{} on {}, seed {seed}: {} cases observed, {outcomes} outcomes",
            target.name,
            std::env::consts::ARCH,
            numbers.end - numbers.start
        );
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// What the process has that cases must give back: mappings, threads, memory of the heap.
#[derive(Default)]
struct Resources {
    cases: u64,
    /// The most of each after any of the first cases.
    usual: [usize; 3],
}

impl Resources {
    /// Looks now and then.
    fn check(&mut self) -> Result<(), Failure> {
        const OFTEN: u64 = 64;
        const FIRST: u64 = 64 * OFTEN;
        // Allocators keep some mappings more over time, and caches grow to their bounds.
        const SLACK: [usize; 3] = [200, 8, 16 << 20];
        self.cases += 1;
        if !self.cases.is_multiple_of(OFTEN) || !cfg!(target_os = "linux") {
            return Ok(());
        }
        let maps = std::fs::read_to_string("/proc/self/maps").map_or(0, |maps| maps.lines().count());
        let threads = std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
        let now = [(maps, "mappings"), (threads, "threads"), (memory::used(), "bytes of the heap")];
        for (i, (now, what)) in now.into_iter().enumerate() {
            if self.cases <= FIRST {
                self.usual[i] = self.usual[i].max(now);
            } else if now > self.usual[i] + SLACK[i] {
                let what = format!("{now} {what} after {} cases, {} at most before", self.cases, self.usual[i]);
                self.usual[i] = now;
                return Err(Failure { kind: "leak", what, wasm: None });
            }
        }
        Ok(())
    }
}
