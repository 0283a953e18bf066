//! `headwater wast`.

use crate::Outcome;
use crate::args::WastArgs;
use crate::report;
use crate::style::{ERROR, GOOD, paint};
use anstyle::Style;
use headwater::printable;
use headwater_spec_tests::{Options, run_script};
use std::io::Write;

pub fn run(args: &WastArgs) -> Outcome {
    let options = Options::default();
    let (mut passed, mut failed) = (0, 0);
    let mut out = anstream::stdout().lock();
    for file in &args.files {
        let name = file.display().to_string();
        let outcome = std::fs::read_to_string(file)
            .map_err(|error| (anyhow::Error::from(error).to_string(), None))
            .and_then(|text| run_script(&name, &text, &options).map_err(|error| report::in_text(&error)));
        match outcome {
            Ok(report) => {
                passed += report.passed;
                failed += report.failures.len();
                for failure in report.failures {
                    writeln!(out, "{}", shown(&failure.to_string()))?;
                }
            }
            // The whole script counts as one assertion.
            Err((message, place)) => {
                failed += 1;
                let place = place.map(|place| format!(":{place}")).unwrap_or_default();
                writeln!(out, "{}", shown(&format!("{name}{place}: {message}")))?;
            }
        }
    }
    let some = |n, style| paint(if n > 0 { style } else { Style::new() }, n).to_string();
    writeln!(out, "{} passed, {} failed", some(passed, GOOD), some(failed, ERROR))?;
    Ok(u8::from(failed > 0))
}

/// A failure, `file:line: what`, with the place in colour.
fn shown(failure: &str) -> String {
    let failure = printable::message(failure).to_string();
    match failure.split_once(": ") {
        Some((place, what)) => format!("{} {what}", paint(ERROR, format_args!("{place}:"))),
        None => failure,
    }
}
