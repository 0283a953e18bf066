//! Single operators: each numeric operator, load, store and atomic access with operands in registers, in pinned and
//! framed locals, constant, computed and spilled, before everything that it may be fused with; and those that copy, fill
//! and grow memories. Memories have addresses of 32 or 64 bits, pages of either size, and may be shared.

use super::{Done, Failure, note};
use crate::cases::compare;
use crate::choices::Choices;
use crate::engines::Nans;
use crate::{accesses, atomics, bulk, module, operators, settings, wide};

/// Draws settings, an operator and some dozens of functions around it.
pub fn run(c: &mut Choices<'_>) -> Result<Done, Failure> {
    let config = settings::draw(c);
    let engine = settings::engine(&config);
    let (frame, cases, nans) = match c.below(8) {
        3 | 4 => {
            let all = accesses::all();
            let (frame, cases) = accesses::some_cases(c.pick(&all), 40, 4, c);
            (frame, cases, Nans::Exact)
        }
        5 => {
            let all = atomics::all();
            let (frame, cases) = atomics::some_cases(c.pick(&all), 40, 4, c);
            (frame, cases, Nans::Exact)
        }
        6 => {
            let (frame, cases) = bulk::some_cases(40, 4, c);
            (frame, cases, Nans::Exact)
        }
        7 => {
            let all = wide::all();
            let (frame, cases) = wide::some_cases(all[c.below(all.len())], 40, 4, c);
            (frame, cases, Nans::Exact)
        }
        _ => {
            let all = operators::all();
            let op = c.pick(&all).clone();
            (operators::frame(&op), operators::some_cases(&op, 40, 4, c), op.nans())
        }
    };
    if cases.is_empty() {
        return Ok(Done::default());
    }
    note(&module::module(&frame, &cases));
    let comparison = compare(&engine, &frame, &cases, nans);
    match comparison.differences.first() {
        None => Ok(Done { modules: 1, checks: comparison.calls }),
        Some(difference) => Err(Failure::new("results differ", format!("{config:?}\n{difference}"))),
    }
}
