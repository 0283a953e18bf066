//! Runs streams, and threads that wait for each other at addresses of a shared memory, under shuttle, which replaces
//! locks, atomics and threads (`src/sync.rs`) and runs the threads in a random interleaving for each execution: at every
//! operation on one of these, another thread may run next. What `tests/` claims holds in thousands of interleavings,
//! many of which a real machine would not show in years, and none of them ends in a deadlock.
//!
//! What is not modelled is weak memory: every atomic operation is treated as sequentially consistent. The relaxed ones
//! in question are counters, and the hint that a batch need not be compiled any more; what threads hand to each other
//! goes through locks. Time passes where somebody waits for it, and only there.
#![cfg(headwater_model)]

use shuttle::scheduler::{PctScheduler, RandomScheduler, ReplayScheduler, Scheduler};
use shuttle::{Config, MaxSteps, Runner};

/// How many interleavings of each kind are tried, and with which seed.
const ORDERS: usize = 400;
const SEED: usize = 6;

fn number(variable: &str, default: usize) -> usize {
    std::env::var(variable).map_or(default, |n| n.parse().unwrap_or_else(|e| panic!("{variable}: {e}")))
}

/// Runs `f` in many interleavings of its threads. `HEADWATER_MODEL_ORDERS` says how many, `HEADWATER_MODEL_SEED`
/// chooses others, and `HEADWATER_MODEL_REPLAY` names a file with the one that failed, as it was printed between the
/// quotes: for one test at a time, `HEADWATER_MODEL_REPLAY=FILE scripts/test-model -- NAME`.
///
/// # Panics
/// If `f` panics in one of them, or if one ends in a deadlock.
pub fn explore(f: impl Fn() + Send + Sync + Copy + 'static) {
    if let Some(file) = std::env::var_os("HEADWATER_MODEL_REPLAY") {
        return run(ReplayScheduler::new_from_file(file).expect("an order as it was printed"), f);
    }
    let (orders, seed) = (number("HEADWATER_MODEL_ORDERS", ORDERS), number("HEADWATER_MODEL_SEED", SEED) as u64);
    run(RandomScheduler::new_from_seed(seed, orders), f);
    // These stay with one thread, except for a few switches at points chosen in advance.
    for changes in [2, 4] {
        run(PctScheduler::new_from_seed(seed, changes, orders / 2), f);
    }
}

fn run(scheduler: impl Scheduler + 'static, f: impl Fn() + Send + Sync + 'static) {
    let mut config = Config::new();
    // The compiler's frames, in a build for tests.
    config.stack_size = 1 << 20;
    config.max_steps = MaxSteps::FailAfter(2_000_000);
    // The warning that atomics are sequentially consistent, as stated above.
    config.silence_warnings = true;
    Runner::new(scheduler, config).run(f);
}
