//! The same modules, the same calls: the same results, traps, memories, globals and tables in Headwater and in the
//! others.

use super::{Done, Failure, note};
use crate::choices::Choices;
use crate::engines::{Instance, Ours, Outcome, Value};
use crate::interface::Interface;
use crate::operators::number;
use crate::values::table;
use crate::{observed, references, settings, smith};

/// Draws settings, a module and its calls.
pub fn run(c: &mut Choices<'_>) -> Result<Done, Failure> {
    let mut config = settings::draw(c);
    let swarm = smith::swarm(c);
    if c.one_in(3) {
        settings::without_what_is_unused(&mut config, &swarm);
    }
    let calls = c.word();
    let Some(wasm) = smith::module(c, swarm, Some(2000)) else { return Ok(Done::default()) };
    compare(&config, &wasm, &mut Choices::Seed(calls))
}

/// Compares the engines on one module, called as `calls` says.
pub fn compare(config: &headwater::Config, wasm: &[u8], calls: &mut Choices<'_>) -> Result<Done, Failure> {
    note(wasm);
    let Some(interface) = Interface::of(wasm) else { return Ok(Done::default()) };
    let ours = Ours::new(&settings::engine(config), wasm, &interface);
    let others = references::instances(wasm, &interface, true);
    let mut done = Done { modules: 1, checks: 1 };
    let mut ours = match ours {
        Ok(ours) => ours,
        Err(found) => {
            observed::outcome(&found);
            // A module that cannot be instantiated cannot be so anywhere, and for the same reason.
            for (engine, other) in others {
                match other.err() {
                    Some(expected) if expected == found => {}
                    Some(Outcome::Exhausted) => {}
                    _ if found == Outcome::Exhausted => {}
                    expected => {
                        let what = format!("{config:?}\n  Headwater: {found:?}\n  {engine}: {expected:?}");
                        return Err(Failure::new("instantiation differs", what));
                    }
                }
            }
            return Ok(done);
        }
    };
    let mut peers = Vec::new();
    for (engine, other) in others {
        match other {
            Ok(other) => peers.push(other),
            Err(Outcome::Exhausted) => {}
            Err(e) => {
                let what = format!("{config:?}\n  Headwater: an instance\n  {engine}: {e:?}");
                return Err(Failure::new("instantiation differs", what));
            }
        }
    }
    compare_state(config, &interface, &mut ours, &mut peers, &"at first")?;
    observed::state(&mut ours, &interface);
    for round in 0..3 {
        for (name, signature) in &interface.funcs {
            let args: Vec<Value> = signature.params.iter().map(|&ty| number(&table(ty), calls)).collect();
            let found = ours.call(name, &args).canonical();
            observed::outcome(&found);
            if found == Outcome::Exhausted {
                // What was done before it came to that is not the same.
                return Ok(done);
            }
            for peer in &mut peers {
                let expected = peer.call(name, &args).canonical();
                if expected == Outcome::Exhausted {
                    return Ok(done);
                }
                done.checks += 1;
                if found != expected {
                    let what = format!(
                        "{config:?}\n  {name:?} {args:?} in round {round}\n  Headwater: {found:?}\n  {}: {expected:?}",
                        peer.engine()
                    );
                    return Err(Failure::new("results differ", what));
                }
            }
            compare_state(config, &interface, &mut ours, &mut peers, &(name, &args, round))?;
        }
        observed::state(&mut ours, &interface);
    }
    Ok(done)
}

/// Compares what is left in memories, globals and tables.
fn compare_state(
    config: &headwater::Config,
    interface: &Interface,
    ours: &mut Ours,
    peers: &mut [Box<dyn Instance>],
    after: &dyn std::fmt::Debug,
) -> Result<(), Failure> {
    for peer in peers {
        for name in &interface.globals {
            let (found, expected) = (ours.global(name).canonical(), peer.global(name).canonical());
            if found != expected {
                let what = format!("{config:?}\n  {name:?} after {after:?}: {found:?}, {} {expected:?}", peer.engine());
                return Err(Failure::new("globals differ", what));
            }
        }
        for name in &interface.memories {
            let (found, expected) = (ours.memory(name), peer.memory(name));
            if found != expected {
                let at = found.iter().zip(expected).position(|(a, b)| a != b);
                let sizes = (found.len(), expected.len());
                let engine = peer.engine();
                let what =
                    format!("{config:?}\n  {name:?} after {after:?}, first at {at:?}, sizes {sizes:?}, {engine}");
                return Err(Failure::new("memories differ", what));
            }
        }
        for name in &interface.tables {
            let (found, expected) = (ours.table(name), peer.table(name));
            if found != expected {
                let engine = peer.engine();
                let what = format!("{config:?}\n  {name:?} after {after:?}:\n  {found:?}\n  {engine} {expected:?}");
                return Err(Failure::new("tables differ", what));
            }
        }
    }
    Ok(())
}
