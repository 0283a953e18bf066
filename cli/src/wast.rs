//! `headwater wast`.

use crate::Outcome;
use crate::args::WastArgs;
use headwater_spec_tests::{Options, run_script};
use std::io::Write;

pub fn run(args: &WastArgs) -> Outcome {
    let options = Options::default();
    let (mut passed, mut failed) = (0, 0);
    let mut out = std::io::stdout().lock();
    for file in &args.files {
        let name = file.display().to_string();
        let outcome = std::fs::read_to_string(file)
            .map_err(|e| anyhow::anyhow!("{name}: {e}"))
            .and_then(|text| run_script(&name, &text, &options));
        match outcome {
            Ok(report) => {
                passed += report.passed;
                failed += report.failures.len();
                for failure in report.failures {
                    writeln!(out, "{failure}")?;
                }
            }
            // The whole script counts as one assertion.
            Err(error) => {
                failed += 1;
                writeln!(out, "{name}: {error:#}")?;
            }
        }
    }
    writeln!(out, "{passed} passed, {failed} failed")?;
    Ok(u8::from(failed > 0))
}
