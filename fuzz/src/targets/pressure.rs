//! Large functions of expressions over many locals, with assignments, branches, loops and calls in the midst of them.

use super::{Done, Failure, note};
use crate::cases::compare;
use crate::choices::Choices;
use crate::engines::Nans;
use crate::{module, programs, settings};

/// Draws settings and some functions that call each other.
pub fn run(c: &mut Choices<'_>) -> Result<Done, Failure> {
    let config = settings::draw(c);
    let engine = settings::engine(&config);
    let n = 1 + c.below(20);
    let (frame, cases) = programs::cases(n, c);
    note(&module::module(&frame, &cases));
    let comparison = compare(&engine, &frame, &cases, Nans::Any);
    match comparison.differences.first() {
        None => Ok(Done { modules: 1, checks: comparison.calls }),
        Some(difference) => Err(Failure::new("results differ", format!("{config:?}\n{difference}"))),
    }
}
