//! Single vector operators: each with operands in registers, in pinned and framed locals, in stack arguments, constant,
//! computed and spilled, and loads and stores, before everything that they may be fused with.

use super::{Done, Failure, note};
use crate::cases::compare;
use crate::choices::Choices;
use crate::engines::Nans;
use crate::{accesses, module, settings, vectors};

/// Draws settings, a group of operators and some dozens of functions around them.
pub fn run(c: &mut Choices<'_>) -> Result<Done, Failure> {
    let mut config = settings::draw(c);
    settings::without_torn_stores(&mut config);
    let engine = settings::engine(&config);
    let (frame, cases, nans) = if c.below(4) == 3 {
        let all = accesses::vectors();
        let (frame, cases) = accesses::some_cases(c.pick(&all), 40, 4, c);
        (frame, cases, Nans::Exact)
    } else {
        let groups = vectors::groups();
        // Each operator as often as another.
        let all: Vec<usize> = groups.iter().enumerate().flat_map(|(i, (_, ops))| vec![i; ops.len()]).collect();
        let (group, ops) = &groups[*c.pick(&all)];
        let arguments = c.one_in(3);
        let (frame, cases) = vectors::cases(group, ops, 40, 4, arguments, c);
        (frame, cases, group.nans)
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
