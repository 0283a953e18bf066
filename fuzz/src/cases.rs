//! Modules of small functions, run in Headwater and in the others, and everything compared.

use crate::engines::{Instance, Nans, Ours};
use crate::interface::Interface;
use crate::module::{Case, Frame, module};
use crate::support::hex;
use crate::{observed, references};

/// What differs between the engines, and how many calls were compared.
#[derive(Debug, Default)]
pub struct Comparison {
    /// For people; nothing if all is well.
    pub differences: Vec<String>,
    /// Calls that were compared, or observed.
    pub calls: u64,
}

/// Runs the cases in all engines. `nans` are those that may differ.
pub fn compare(engine: &headwater::Engine, frame: &Frame, cases: &[Case], nans: Nans) -> Comparison {
    let mut comparison = Comparison::default();
    let wasm = module(frame, cases);
    let interface = Interface::of(&wasm).expect("it has the simplest types");
    let mut ours =
        Ours::new(engine, &wasm, &interface).unwrap_or_else(|e| panic!("{e:?}: {}, {}", cases[0].name, hex(&wasm)));
    let mut peers: Vec<Box<dyn Instance>> = Vec::new();
    for (name, instance) in references::instances(&wasm, &interface, false) {
        peers.push(instance.unwrap_or_else(|e| panic!("{name}: {e:?}: {}, {}", cases[0].name, hex(&wasm))));
    }
    'cases: for (i, case) in cases.iter().enumerate() {
        let name = i.to_string();
        for args in &case.calls {
            let found = ours.call(&name, args).comparable(nans);
            observed::outcome(&found);
            comparison.calls += 1;
            for peer in &mut peers {
                let expected = peer.call(&name, args).comparable(nans);
                if found == expected {
                    continue;
                }
                // Programs call those before them.
                let first = if case.name.starts_with("program") { 0 } else { i };
                let alone = module(frame, &cases[first..=i]);
                comparison.differences.push(format!(
                    "{}\n  with {args:?}\n  Headwater: {found:?}\n  {}: {expected:?}\n  module: {}",
                    case.name,
                    peer.engine(),
                    hex(&alone)
                ));
                if comparison.differences.len() >= 10 {
                    break 'cases;
                }
                continue 'cases;
            }
        }
    }
    observed::state(&mut ours, &interface);
    for name in ["m", "n"] {
        for peer in &mut peers {
            if comparison.differences.is_empty() && ours.memory(name) != peer.memory(name) {
                comparison.differences.push(format!(
                    "memory {name} differs from {} after {}",
                    peer.engine(),
                    cases[0].name
                ));
            }
        }
    }
    comparison
}
