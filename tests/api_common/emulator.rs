//! Support for running tests under an emulator, on a machine with another instruction set.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::ffi::OsString;
use std::process::Command;

/// The emulator that runs the tests, if any: the system cannot start a program for another machine by itself.
pub fn name() -> Option<OsString> {
    std::env::var_os("HEADWATER_TEST_RUNNER")
}

/// Whether only a part of the cases is to be run: under an emulator, which takes ten times as long, unless
/// `HEADWATER_TEST_LONG` is set.
pub fn in_part() -> bool {
    name().is_some() && std::env::var_os("HEADWATER_TEST_LONG").is_none()
}

/// All of them, or every third.
pub fn some<T: Copy>(all: &[T]) -> impl Iterator<Item = T> {
    all.iter().copied().step_by(if in_part() { 3 } else { 1 })
}

/// A command that runs this test binary again.
pub fn this_binary() -> Command {
    let exe = std::env::current_exe().expect("a running test has an executable");
    match name() {
        Some(emulator) => {
            let mut command = Command::new(emulator);
            command.arg(exe);
            command
        }
        None => Command::new(exe),
    }
}
