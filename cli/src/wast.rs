//! `headwater wast`.

use crate::Outcome;
use crate::args::WastArgs;
use crate::report;
use headwater::printable;
use headwater_spec_tests::{Options, run_script};
use std::io::Write;

pub fn run(args: &WastArgs) -> Outcome {
    let options = Options::default();
    let (mut passed, mut failed) = (0, 0);
    let mut out = std::io::stdout().lock();
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
                    writeln!(out, "{}", printable::message(&failure.to_string()))?;
                }
            }
            // The whole script counts as one assertion.
            Err((message, place)) => {
                failed += 1;
                let place = place.map(|place| format!(":{place}")).unwrap_or_default();
                writeln!(out, "{}", printable::message(&format!("{name}{place}: {message}")))?;
            }
        }
    }
    writeln!(out, "{passed} passed, {failed} failed")?;
    Ok(u8::from(failed > 0))
}
