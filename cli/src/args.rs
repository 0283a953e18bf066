//! The command line's grammar and its help.

use crate::units::{parse_bytes, parse_rate};
use clap::{Parser, Subcommand};
use headwater::{Isa, Target};
use std::path::PathBuf;

/// Compiles WebAssembly modules to machine code while they arrive, and runs them.
#[derive(Debug, Parser)]
#[command(name = "headwater", version, after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  headwater demo
  headwater run program.wasm first second
  headwater run --dir . --env LANG=C http://127.0.0.1:8000/program.wasm
  headwater run --invoke fib library.wasm 30
  headwater compile --threads 0 --json program.wasm

`headwater help COMMAND` has more for each command.";

#[derive(Debug, Subcommand)]
pub enum Command {
    Run(RunArgs),
    Compile(CompileArgs),
    Wast(WastArgs),
    Validate(ValidateArgs),
    Disas(DisasArgs),
    Demo(DemoArgs),
    Js(JsArgs),
}

/// An instruction set to make code for.
#[derive(Copy, Clone, Debug, clap::ValueEnum)]
pub enum TargetArg {
    #[value(name = "x86-64", alias = "x86_64")]
    X64,
    #[value(name = "aarch64", alias = "arm64")]
    Aarch64,
}

impl TargetArg {
    /// What code is made for: this machine, where it is of that kind.
    pub fn target(self) -> Target {
        let (isa, plain) = match self {
            TargetArg::X64 => (Isa::X64, Target::X64_BASELINE),
            TargetArg::Aarch64 => (Isa::Aarch64, Target::AARCH64),
        };
        Target::host().filter(|host| host.isa == isa).unwrap_or(plain)
    }
}

const MODULE_HELP: &str = "The module: a file, an http:// address, or - for standard input";

/// Run a WASI program, or one exported function
///
/// Without --invoke, the program's `_start` is called with WASI preview 1, and the exit status is the
/// program's own. A trap prints a backtrace and exits with 134.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  headwater run program.wasm --its-own-option
  headwater run --dir data::/data --env MODE=fast program.wasm
  headwater run http://127.0.0.1:8000/program.wasm
  curl -s https://example.com/program.wasm | headwater run -
  headwater run --timeout 5s --max-memory 64M untrusted.wasm
  headwater run --invoke add library.wasm 1 2")]
pub struct RunArgs {
    /// Call this export instead of `_start`, with arguments parsed by its type; print its results
    #[arg(long, value_name = "NAME")]
    pub invoke: Option<String>,
    /// Let the program see a directory, under another name if given
    #[arg(long = "dir", value_name = "HOST[::GUEST]")]
    pub dirs: Vec<String>,
    /// Set a variable of the program's environment, which is empty otherwise
    #[arg(long = "env", value_name = "K=V")]
    pub env: Vec<String>,
    /// Compile on this many threads besides the one that reads [default: suits the machine]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Stack for the program's calls, in bytes
    #[arg(long, value_name = "BYTES", value_parser = parse_bytes, default_value = "4M")]
    pub stack: u64,
    /// Stop the program after this time, such as 500ms, 5s or 2m; compiling does not count
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub timeout: Option<std::time::Duration>,
    /// Stop the program after so much work: a unit is a byte of WebAssembly code that is passed
    #[arg(long, value_name = "UNITS")]
    pub fuel: Option<u64>,
    /// Let each memory of the program have at most this many bytes, such as 64M
    #[arg(long, value_name = "BYTES", value_parser = parse_bytes)]
    pub max_memory: Option<u64>,
    #[arg(value_name = "FILE|URL|-", help = MODULE_HELP)]
    pub module: String,
    /// The program's arguments, or those of the function
    #[arg(value_name = "ARGS", trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<String>,
}

/// Compile a module and report how long it took
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  headwater compile program.wasm
  headwater compile --chunk 1400 --throttle 1M program.wasm
  headwater compile --threads 0 --json program.wasm

Keys of the JSON object, all numbers but `target`: wasm_bytes, code_section_bytes, functions,
machine_code_bytes, compile_ns (time spent compiling, summed over threads), wall_ns (from the first
byte to the module being ready), tail_ns (from handing over the last bytes to the module being
ready), threads (those besides the one that reads), target.")]
pub struct CompileArgs {
    /// Hand the module over in pieces of this size
    #[arg(long, value_name = "BYTES", value_parser = parse_bytes, default_value = "64K")]
    pub chunk: u64,
    /// Take no more than this many bytes per second, such as 500K or 2M
    #[arg(long, value_name = "RATE", value_parser = parse_rate)]
    pub throttle: Option<u64>,
    /// Compile on this many threads besides the one that reads [default: suits the machine]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Report as a JSON object
    #[arg(long)]
    pub json: bool,
    /// Make code for this instruction set [default: the machine's own]
    #[arg(long, value_name = "ISA")]
    pub target: Option<TargetArg>,
    #[arg(value_name = "FILE|URL|-", help = MODULE_HELP)]
    pub module: String,
}

/// Run scripts of the WebAssembly core suite
///
/// Prints each failed assertion as `file:line: …`, and last how many passed and failed. The exit status is 1
/// if any failed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  headwater wast i32.wast call.wast")]
pub struct WastArgs {
    /// Scripts
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

/// Check that a module is valid
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  headwater validate program.wasm && echo fine")]
pub struct ValidateArgs {
    #[arg(value_name = "FILE|URL|-", help = MODULE_HELP)]
    pub module: String,
}

/// Show the machine code of each WebAssembly operator
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  headwater disas program.wasm | less
  headwater disas --func 12 program.wasm
  headwater disas --target aarch64 program.wasm")]
pub struct DisasArgs {
    /// Only the function with this index
    #[arg(long, value_name = "N")]
    pub func: Option<u32>,
    /// Show code for this instruction set [default: the machine's own]
    #[arg(long, value_name = "ISA")]
    pub target: Option<TargetArg>,
    #[arg(value_name = "FILE|URL|-", help = MODULE_HELP)]
    pub module: String,
}

/// Serve an embedded program over HTTP, compile it while it downloads, and run it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  headwater demo\n  headwater demo --rate 20K 2")]
pub struct DemoArgs {
    /// How many bytes per second the server sends
    #[arg(long, value_name = "RATE", value_parser = parse_rate, default_value = "120K")]
    pub rate: u64,
    /// How much the program has to do
    #[arg(value_name = "SIZE", value_parser = clap::value_parser!(u8).range(1..=10), default_value = "1")]
    pub size: u8,
}

/// Run JavaScript with WebAssembly, fetch and timers
///
/// The files run in order in one realm, as classic scripts; then the event loop, until nothing is left to do. Uncaught errors
/// and unhandled rejections print a stack, and the exit status is 1.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  headwater js examples/js/compile-streaming.js
  headwater js --module app.mjs
  headwater js --base http://127.0.0.1:8000/ client.js")]
pub struct JsArgs {
    /// Run the files as ES modules
    #[arg(long)]
    pub module: bool,
    /// What relative URLs are resolved against: a URL, or a folder, which is then served on the loopback interface
    /// [default: the first file's folder]
    #[arg(long, value_name = "URL|DIR")]
    pub base: Option<String>,
    /// Compile on this many threads besides the one that JavaScript runs on [default: suits the machine]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Stack for WebAssembly calls and the JavaScript calls within them, in bytes, up to 256M
    #[arg(long, value_name = "BYTES", value_parser = parse_bytes, default_value = "64M")]
    pub stack: u64,
    /// JavaScript files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}
