//! What Headwater promises, as properties of bytes: from any bytes each [`Target`] makes modules, streams or bodies,
//! runs them, and says what is wrong. A runner on the stable toolchain (`src/main.rs`) draws the bytes from a seed;
//! coverage-guided fuzzers find their own (`cargo-fuzz/`); tests run a bounded part.
//!
//! The same bytes make the same case on every machine.

pub mod accesses;
pub mod addresses;
pub mod atomics;
mod borders;
pub mod bulk;
pub mod cases;
pub mod choices;
pub mod engines;
pub mod handlers;
mod interface;
pub mod memory;
pub mod module;
mod mutate;
pub mod observed;
pub mod operators;
mod programs;
pub mod references;
mod settings;
mod shapes;
mod smith;
pub mod targets;
mod values;
pub mod vectors;
mod wide;

#[path = "../../tests/support/mod.rs"]
mod support;

pub use targets::{Done, Failure, TARGETS, Target, case_bytes, noted, target};

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    /// The last panic's message and place.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Has panics remembered for [`run`] and, if `quiet`, not printed.
pub fn remember_panics(quiet: bool) {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let message = info.to_string();
        if !quiet {
            print(info);
        }
        PANIC.with(|panic| *panic.borrow_mut() = message);
    }));
}

/// Runs the case that `target` makes of `bytes`; a panic is a failure.
///
/// # Errors
/// What is wrong.
pub fn run(target: &Target, bytes: &[u8]) -> Result<Done, Failure> {
    let mut choices = choices::Choices::new(bytes);
    catch_unwind(AssertUnwindSafe(|| (target.run)(&mut choices))).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        let text = text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_string()));
        let place = PANIC.with(|panic| panic.take());
        let what = if place.is_empty() { text.unwrap_or_default() } else { place };
        Err(Failure { kind: "panic", what, wasm: targets::noted() })
    })
}

/// Runs the case that the target called `name` makes of `bytes`, for fuzzers that look out for panics.
///
/// # Panics
/// If something is wrong, or there is no such target.
pub fn check(name: &str, bytes: &[u8]) {
    let target = target(name).unwrap_or_else(|| panic!("there is no target {name}"));
    if let Err(failure) = (target.run)(&mut choices::Choices::new(bytes)) {
        panic!("{}: {}", failure.kind, failure.what);
    }
}
