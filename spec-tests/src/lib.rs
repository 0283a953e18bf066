//! An interpreter for the scripts of the WebAssembly core suite (`.wast` files), as the specification's
//! [`interpreter/README.md`](https://github.com/WebAssembly/spec/blob/main/interpreter/README.md#scripts)
//! defines them. The command `headwater wast` and this crate's own test, which runs the whole suite, share it.
//!
//! A script is a list of directives; each is one assertion that passes or fails. A failed directive does not end the
//! script. The error text of an assertion is checked where it is the suite's own (traps and link errors); texts about
//! malformed and invalid modules are wasmparser's and differ.

mod execute;
mod legacy;
mod spectest;
mod values;

pub use execute::run_script;

/// How a script is run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The settings of the engine; features that the script expects to be missing must be off.
    pub config: headwater::Config,
    /// Compile each module a second time in small pieces, and count it as failed if the outcome differs.
    pub check_streaming: bool,
}

/// The outcome of a script.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many directives passed.
    pub passed: usize,
    /// The failed directives, in order.
    pub failures: Vec<Failure>,
}

/// A directive that failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The script's file name, as given.
    pub file: String,
    /// The directive's line, from 1.
    pub line: usize,
    /// What was expected and what happened.
    pub message: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}
