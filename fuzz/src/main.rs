//! The runner: draws cases from a seed, runs them in processes of their own, keeps those that fail, and makes them
//! smaller.

mod runner;

use clap::Parser;
use headwater_fuzz::TARGETS;
use headwater_fuzz::references::{self, Against};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

#[global_allocator]
static ALLOCATOR: headwater_fuzz::memory::Counting = headwater_fuzz::memory::Counting;

/// Tries what Headwater promises with generated modules, streams and bodies.
///
/// Every case follows from the target, the seed and its number. A case that fails is kept with the bytes it was made
/// of, its module, and the command that runs it again.
#[derive(Parser, Debug)]
#[command(version, after_help = targets())]
struct Args {
    /// What to try; `list` lists the targets, `all` takes them in turn.
    target: String,
    /// Another seed is another run.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many cases.
    #[arg(long, conflicts_with = "time")]
    runs: Option<u64>,
    /// How long instead: 90s, 10m, 2h. Without either, until it is interrupted.
    #[arg(long, value_parser = duration)]
    time: Option<Duration>,
    /// The first case's number.
    #[arg(long, default_value_t = 0)]
    start: u64,
    /// How many processes share the work.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=256))]
    jobs: u64,
    /// The engines to compare with, where a target compares. There are more with the cargo feature `wasmtime`.
    #[arg(long, value_enum, default_value_t)]
    against: Against,
    /// Compares with nothing but prints, for each case of a target that runs modules, its number and a hash of all that
    /// could be seen, which is the same on every machine; no hash if the stack was exhausted, whose size in frames is
    /// not. `fuzz/compare-machines` compares.
    #[arg(long, requires = "runs", conflicts_with_all = ["time", "jobs", "against", "input"])]
    digest: bool,
    /// Runs one case: the bytes in this file.
    #[arg(long, conflicts_with_all = ["runs", "time", "start", "jobs"])]
    input: Option<PathBuf>,
    /// Where cases that fail are kept.
    #[arg(long, default_value = "fuzz/failures")]
    out: PathBuf,
    /// Stops after so many failures.
    #[arg(long, default_value_t = 10)]
    failures: u64,
    /// A case that takes longer is a failure.
    #[arg(long, default_value = "60s", value_parser = duration)]
    timeout: Duration,
    /// Runs cases and says what happens, for the process that started this one.
    #[arg(long, hide = true)]
    worker: bool,
}

fn targets() -> String {
    let mut text = String::from("Targets:\n");
    for target in TARGETS {
        text += &format!("  {:<14}{}\n", target.name, target.about);
    }
    text + "\nExamples:\n  headwater-fuzz differential --runs 10000\n  headwater-fuzz all --time 2h --jobs 2 --seed 7\n  \
            headwater-fuzz differential --seed 7 --start 123 --runs 1"
}

fn duration(text: &str) -> Result<Duration, String> {
    let unit = |suffix: &str, seconds: f64| Some(text.strip_suffix(suffix)?.parse::<f64>().ok()? * seconds);
    let seconds = unit("s", 1.0).or_else(|| unit("m", 60.0)).or_else(|| unit("h", 3600.0));
    seconds
        .and_then(|s| Duration::try_from_secs_f64(s).ok())
        .ok_or_else(|| "a number with s, m or h behind it: 90s, 10m, 2h".to_string())
}

fn main() -> ExitCode {
    let args = Args::parse();
    if args.target == "list" {
        print!("{}", targets());
        return ExitCode::SUCCESS;
    }
    let chosen: Vec<_> = TARGETS.iter().filter(|t| args.target == "all" || t.name == args.target).collect();
    if chosen.is_empty() {
        eprint!("there is no target {:?}\n\n{}", args.target, targets());
        return ExitCode::from(2);
    }
    if args.digest {
        references::choose(Against::None);
        let runs = args.runs.unwrap_or_default();
        return runner::digest(chosen.into_iter().filter(|t| t.runs), args.seed, args.start..args.start + runs);
    }
    references::choose(args.against);
    match (&args.input, args.worker) {
        (Some(file), _) => runner::one(chosen[0], file),
        (None, true) => runner::work(chosen[0], args.seed, args.start, args.jobs, args.runs),
        (None, false) => {
            let share = args.time.map(|time| time / chosen.len() as u32);
            let mut failed = 0;
            for target in chosen {
                let plan = runner::Plan {
                    target,
                    seed: args.seed,
                    start: args.start,
                    runs: args.runs,
                    time: share,
                    jobs: args.jobs,
                    against: args.against,
                    out: args.out.clone(),
                    failures: args.failures,
                    timeout: args.timeout,
                };
                failed += runner::supervise(&plan);
            }
            if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
    }
}
