//! Control flow of every shape: results, traps and tables as in the other engines.

use super::differential::compare;
use super::{Done, Failure};
use crate::choices::Choices;
use crate::{settings, shapes};

/// Draws settings, a module and its calls.
pub fn run(c: &mut Choices<'_>) -> Result<Done, Failure> {
    let config = settings::draw(c);
    let calls = c.word();
    let wasm = shapes::module(c);
    compare(&config, &wasm, &mut Choices::Seed(calls))
}
