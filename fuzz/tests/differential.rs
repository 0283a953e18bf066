//! Headwater against an independent engine, all of it and in order: each numeric operator, load and store with every
//! form of operand, and every pair of boundary values. NaNs of arithmetic are compared as one value.
//!
//! `HEADWATER_DIFFERENTIAL_SEED` makes another run, `HEADWATER_DIFFERENTIAL_SAMPLES` a longer one.

#[path = "../../tests/api_common/emulator.rs"]
mod emulator;

use headwater::{Config, Engine};
use headwater_fuzz::addresses::{Memory, USUAL};
use headwater_fuzz::cases::compare;
use headwater_fuzz::choices::Choices;
use headwater_fuzz::engines::Nans;
use headwater_fuzz::{accesses, operators, vectors};

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |v| v.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

fn check(differences: &[String]) {
    let shown = differences.len().min(40);
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences[..shown].join("\n"));
}

fn samples() -> usize {
    setting("HEADWATER_DIFFERENTIAL_SAMPLES", 5) as usize
}

fn choices() -> Choices<'static> {
    Choices::Seed(setting("HEADWATER_DIFFERENTIAL_SEED", 1))
}

/// An engine that compiles on the calling thread; where `HEADWATER_TEST_POISON` is set, with garbage in all that nobody
/// may rely on.
fn engine() -> Engine {
    let mut config = Config::new();
    config.compile_threads(0).poison_borders(std::env::var_os("HEADWATER_TEST_POISON").is_some());
    Engine::new(&config).expect("these settings work everywhere")
}

#[test]
fn numeric_operators_agree_for_all_operand_forms_and_contexts() {
    let (engine, mut choices) = (engine(), choices());
    let mut differences = Vec::new();
    for op in operators::all() {
        let cases = operators::cases(&op, samples(), &mut choices);
        differences.extend(compare(&engine, &operators::frame(&op), &cases, op.nans()).differences);
    }
    check(&differences);
}

#[test]
fn numeric_operators_agree_for_all_pairs_of_boundary_values() {
    let engine = engine();
    let mut differences = Vec::new();
    for op in operators::all() {
        let cases = operators::all_values(&op);
        differences.extend(compare(&engine, &operators::frame(&op), &cases, op.nans()).differences);
    }
    check(&differences);
}

#[test]
fn vector_operators_agree_for_all_operand_forms_and_contexts() {
    let mut choices = choices();
    let mut differences = Vec::new();
    // Where the processor has more instructions for vectors than the baseline, those are of interest, too.
    for mode in ["", "baseline"] {
        let mut config = Config::new();
        config.compile_threads(0).relaxed_simd_deterministic(true).test_modes(mode);
        let engine = Engine::new(&config).expect("these settings work everywhere");
        for (group, ops) in vectors::groups() {
            let n = ops.len() * setting("HEADWATER_DIFFERENTIAL_VECTORS", 150) as usize;
            for arguments in [false, true] {
                // Modules of a moderate size.
                for _ in 0..n.div_ceil(1000) {
                    let (frame, cases) = vectors::cases(&group, &ops, n.min(1000), samples(), arguments, &mut choices);
                    differences.extend(compare(&engine, &frame, &cases, group.nans).differences);
                }
            }
        }
    }
    check(&differences);
}

/// Each load and store with all forms of address and value, in memories of so many bytes reserved and so large a guard.
/// Under an emulator every second, from number `first` on.
fn loads_and_stores(first: usize, reservation: u64, guard: u64, memories: [Memory; 2]) {
    let mut config = Config::new();
    config.compile_threads(0).memory_reservation(reservation).memory_guard_size(guard);
    let engine = Engine::new(&config).expect("these layouts are supported");
    let (mut choices, mut differences) = (choices(), Vec::new());
    // Where guard pages catch vector stores on AArch64, some bytes may be written (`settings::without_torn_stores`).
    let vectors = accesses::vectors().into_iter().filter(|_| reservation == 0 || !cfg!(target_arch = "aarch64"));
    let (first, step) = if emulator::in_part() { (first, 2) } else { (0, 1) };
    for access in accesses::all().into_iter().chain(vectors).skip(first).step_by(step) {
        let (frame, cases) = accesses::cases(&access, memories, samples(), &mut choices);
        differences.extend(compare(&engine, &frame, &cases, Nans::Exact).differences);
    }
    check(&differences);
}

#[test]
fn loads_and_stores_agree_where_guards_catch_everything() {
    loads_and_stores(0, 1 << 32, (1 << 32) + (1 << 16), USUAL);
}

#[test]
fn loads_and_stores_agree_where_guards_are_small() {
    loads_and_stores(1, 1 << 32, 1 << 16, USUAL);
}

#[test]
fn loads_and_stores_agree_without_guards() {
    loads_and_stores(0, 0, 0, USUAL);
}

#[test]
fn loads_and_stores_agree_with_indices_of_64_bits() {
    loads_and_stores(1, 1 << 32, 1 << 16, [Memory { is_64: true, ..Memory::default() }; 2]);
}
