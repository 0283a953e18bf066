//! Every way to make an i32 meets every operator that trusts one.

use super::{Done, Failure, differential};
use crate::choices::Choices;
use crate::{borders, settings};

/// Draws settings, a module and its calls.
pub fn run(c: &mut Choices<'_>) -> Result<Done, Failure> {
    let config = settings::draw(c);
    let calls = c.word();
    let mut text = borders::module(c);
    // Those with objects make some of them of values of the host, and no engine that lacks one has the other.
    if calls & 1 == 1 && !text.contains("anyref") {
        // Not all engines have values of the host: half of the modules do without.
        text = text.replace("externref", "funcref").replace("(ref.null extern)", "(ref.null func)");
    }
    let wasm = wat::parse_str(&text).unwrap_or_else(|e| panic!("the generator writes modules: {e}\n{text}"));
    differential::compare(&config, &wasm, &mut Choices::Seed(calls))
}
