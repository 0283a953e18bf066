//! Tests that run under an emulator because the machine is of another kind.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::ffi::OsString;
use std::process::Command;

/// The emulator that runs the tests, if one does: the system would not know how to start a program made for another
/// machine.
pub fn name() -> Option<OsString> {
    std::env::var_os("HEADWATER_TEST_RUNNER")
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
