//! Modules of small functions, run in Headwater and in the others, and everything compared.

use crate::engines::{Instance, Ours, Wasmi};
use crate::interface::Interface;
use crate::module::{Case, Frame, module};
use crate::support::hex;

/// What differs between the engines, and how many calls were compared.
#[derive(Debug, Default)]
pub struct Comparison {
    /// For people; nothing if all is well.
    pub differences: Vec<String>,
    /// Calls of both engines.
    pub calls: u64,
}

/// Runs the cases in both engines. Without `exact` all NaNs are the same.
pub fn compare(
    engine: &headwater::Engine,
    other: &wasmi::Engine,
    frame: &Frame,
    cases: &[Case],
    exact: bool,
) -> Comparison {
    let mut comparison = Comparison::default();
    let wasm = module(frame, cases);
    let interface = Interface::of(&wasm).expect("it has the simplest types");
    let mut ours =
        Ours::new(engine, &wasm, &interface).unwrap_or_else(|e| panic!("{e:?}: {}, {}", cases[0].name, hex(&wasm)));
    let mut theirs = Wasmi::new(other, &wasm, &interface, None)
        .unwrap_or_else(|e| panic!("wasmi: {e:?}: {}, {}", cases[0].name, hex(&wasm)));
    for (i, case) in cases.iter().enumerate() {
        let name = i.to_string();
        for args in &case.calls {
            let (mut found, mut expected) = (ours.call(&name, args), theirs.call(&name, args));
            comparison.calls += 1;
            if !exact {
                (found, expected) = (found.canonical(), expected.canonical());
            }
            if found != expected {
                // Programs call those before them.
                let first = if case.name.starts_with("program") { 0 } else { i };
                let alone = module(frame, &cases[first..=i]);
                comparison.differences.push(format!(
                    "{}\n  with {args:?}\n  Headwater: {found:?}\n  wasmi:     {expected:?}\n  module: {}",
                    case.name,
                    hex(&alone)
                ));
                break;
            }
        }
        if comparison.differences.len() >= 10 {
            break;
        }
    }
    for name in ["m", "n"] {
        if comparison.differences.is_empty() && ours.memory(name) != theirs.memory(name) {
            comparison.differences.push(format!("memory {name} differs after {}", cases[0].name));
        }
    }
    comparison
}
