//! Headwater against an independent engine: the same modules, the same calls, the same results, traps, memories and
//! globals. NaNs of arithmetic are compared as one value.
//!
//! `HEADWATER_DIFFERENTIAL_SEED` makes another run, `HEADWATER_DIFFERENTIAL_SAMPLES` a longer one.

#[path = "../support/mod.rs"]
mod support;

mod accesses;
mod both;
mod module;
mod operators;
mod programs;
mod random;
mod values;

use both::{Ours, Theirs};
use headwater::{Config, Engine};
use module::{Case, Frame, module};
use support::{Rng, engine, hex, setting};

/// Runs the cases in both engines; what differs is returned.
fn run(engine: &Engine, other: &wasmi::Engine, frame: &Frame, cases: &[Case], exact: bool) -> Vec<String> {
    let wasm = module(frame, cases, |case| &case.code);
    let mut ours = Ours::new(engine, &wasm).unwrap_or_else(|e| panic!("{e:?}: {}", cases[0].name));
    let wasm = module(frame, cases, |case| &case.reference);
    let mut theirs = Theirs::new(other, &wasm, None).unwrap_or_else(|e| panic!("{e:?}: {}", cases[0].name));
    let mut differences = Vec::new();
    for (i, case) in cases.iter().enumerate() {
        let name = i.to_string();
        for args in &case.calls {
            let (mut found, mut expected) = (ours.call(&name, args), theirs.call(&name, args));
            if !exact {
                (found, expected) = (found.canonical(), expected.canonical());
            }
            if found != expected {
                // Programs call those before them.
                let first = if case.name.starts_with("program") { 0 } else { i };
                let alone = module(frame, &cases[first..=i], |case| &case.code);
                differences.push(format!(
                    "{}\n  with {args:?}\n  Headwater: {found:?}\n  wasmi:     {expected:?}\n  module: {}",
                    case.name,
                    hex(&alone)
                ));
                break;
            }
        }
        if differences.len() >= 10 {
            break;
        }
    }
    for name in ["m", "n"] {
        if differences.is_empty() && ours.memory(name) != theirs.memory(name) {
            differences.push(format!("memory {name} differs after {}", cases[0].name));
        }
    }
    differences
}

fn check(differences: &[String]) {
    let shown = differences.len().min(40);
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences[..shown].join("\n"));
}

fn samples() -> usize {
    setting("HEADWATER_DIFFERENTIAL_SAMPLES", 5) as usize
}

fn rng() -> Rng {
    Rng(setting("HEADWATER_DIFFERENTIAL_SEED", 1))
}

#[test]
fn numeric_operators_agree_for_all_operand_forms_and_contexts() {
    let (engine, other, mut rng) = (engine(), wasmi::Engine::default(), rng());
    let mut differences = Vec::new();
    for op in operators::all() {
        let cases = operators::cases(&op, samples(), &mut rng);
        differences.extend(run(&engine, &other, &operators::frame(&op), &cases, !op.any_nan()));
    }
    check(&differences);
}

#[test]
fn numeric_operators_agree_for_all_pairs_of_boundary_values() {
    let (engine, other) = (engine(), wasmi::Engine::default());
    let mut differences = Vec::new();
    for op in operators::all() {
        differences.extend(run(&engine, &other, &operators::frame(&op), &operators::all_values(&op), !op.any_nan()));
    }
    check(&differences);
}

#[test]
fn loads_and_stores_agree_for_all_forms_of_address_and_value() {
    let other = wasmi::Engine::default();
    let mut differences = Vec::new();
    for (reservation, guard) in [(1 << 32, (1 << 32) + (1 << 16)), (1 << 32, 1 << 16), (0, 0)] {
        let mut config = Config::new();
        config.compile_threads(0).memory_reservation(reservation).memory_guard_size(guard);
        let engine = Engine::new(&config).expect("these layouts are supported");
        let mut rng = rng();
        for access in accesses::all() {
            let (frame, cases) = accesses::cases(&access, samples(), &mut rng);
            differences.extend(run(&engine, &other, &frame, &cases, true));
        }
    }
    check(&differences);
}

#[test]
fn modules_made_at_random_agree() {
    let mut config = wasmi::Config::default();
    config.consume_fuel(true);
    let (engine, other) = (engine(), wasmi::Engine::new(&config));
    let first = 1_000_000 * setting("HEADWATER_DIFFERENTIAL_SEED", 1);
    let (mut differences, mut calls) = (Vec::new(), 0);
    for seed in first..first + setting("HEADWATER_DIFFERENTIAL_MODULES", 3000) {
        match random::compare(&engine, &other, seed) {
            Ok(n) => calls += n,
            Err(difference) => differences.push(difference),
        }
    }
    check(&differences);
    assert!(calls > 2000, "only {calls} calls returned: the modules are too poor");
}

#[test]
fn functions_made_at_random_agree() {
    let (engine, other, mut rng) = (engine(), wasmi::Engine::default(), rng());
    let mut differences = Vec::new();
    for _ in 0..setting("HEADWATER_DIFFERENTIAL_PROGRAMS", 1500) {
        let (frame, cases) = programs::cases(20, &mut rng);
        differences.extend(run(&engine, &other, &frame, &cases, false));
        if differences.len() > 10 {
            break;
        }
    }
    check(&differences);
}
