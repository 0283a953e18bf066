//! Structs, arrays and small integers: the same modules, the same calls, with collections whenever there could be some
//! in half of the cases.

use super::{Done, Failure, differential};
use crate::choices::Choices;
use crate::{settings, smith};

/// Draws settings, a module and its calls.
pub fn run(c: &mut Choices<'_>) -> Result<Done, Failure> {
    let mut config = settings::draw(c);
    if c.one_in(2) {
        config.test_modes("collect");
    }
    let swarm = smith::objects(c);
    let calls = c.word();
    let Some(wasm) = smith::module(c, swarm, Some(2000)) else { return Ok(Done::default()) };
    differential::compare(&config, &wasm, &mut Choices::Seed(calls))
}
