//! The command line's grammar and its help.

use crate::style::Color;
use crate::target::{CPU_HELP, Cpu, TargetArg};
use crate::units::{Amount, parse_bytes, parse_rate, parse_stack};
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// Compiles WebAssembly modules to machine code while they arrive, and runs them.
///
/// Options come before the module or script: everything after the program that `run` or `js` is given belongs to that
/// program.
#[derive(Debug, Parser)]
#[command(name = "headwater", version, after_help = EXAMPLES)]
pub struct Args {
    /// Colours in what the command says: auto is where a terminal shows them, and the environment (NO_COLOR, CLICOLOR,
    /// CLICOLOR_FORCE) does not say otherwise
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_default_value = true, hide_possible_values = true)]
    pub color: Color,
    #[command(subcommand)]
    pub command: Command,
}

impl Args {
    /// Reads the command line. `headwater FILE …` is short for `headwater run FILE …` if FILE cannot be a subcommand.
    pub fn read() -> Args {
        Args::parse_from(with_run(std::env::args_os().collect()))
    }
}

fn with_run(mut args: Vec<OsString>) -> Vec<OsString> {
    let is_module = |arg: &OsString| {
        let arg = arg.to_string_lossy();
        !arg.starts_with('-') && (arg.contains('/') || arg.ends_with(".wasm") || arg.ends_with(".wat"))
    };
    if args.get(1).is_some_and(is_module) {
        args.insert(1, "run".into());
    }
    args
}

const EXAMPLES: &str = "\
Examples:
  headwater demo
  headwater run program.wasm first second
  headwater run --dir . --env LANG=C http://127.0.0.1:8000/program.wasm
  headwater run --invoke fib library.wasm 30
  headwater compile --threads 0 --json program.wasm
  headwater compile --cpu avx,popcnt program.wasm

`headwater help COMMAND` has more for each command.";

#[derive(Debug, Subcommand)]
pub enum Command {
    Run(RunArgs),
    Compile(CompileArgs),
    #[cfg(feature = "wast")]
    Wast(WastArgs),
    Validate(ValidateArgs),
    Disas(DisasArgs),
    Explore(ExploreArgs),
    Demo(DemoArgs),
    Completions(CompletionsArgs),
    #[cfg(feature = "js")]
    Js(JsArgs),
}

fn parse_preload(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, file)) if !file.is_empty() => Ok((name.to_owned(), file.to_owned())),
        _ => Err("write NAME=FILE".to_owned()),
    }
}

/// Print a script with which a shell completes this command's options
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  headwater completions bash > ~/.local/share/bash-completion/completions/headwater")]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

const MODULE_HELP: &str =
    "The module, as binary or as text: a file, an http:// or https:// address, or - for standard input";

/// Run a WASI program, or one exported function
///
/// Without --invoke, the program's `_start` is called with WASI preview 1, and the exit status is the
/// program's own. A trap prints a backtrace and exits with 134.
///
/// Everything after the module goes to the program, even if it looks like an option; options of this command come
/// before the module.
#[derive(Debug, clap::Args)]
#[command(override_usage = "headwater run [OPTIONS] <FILE|URL|-> [ARGS]...")]
#[command(after_help = "\
Examples:
  headwater run program.wasm --its-own-option
  headwater run --dir data::/data --env MODE=fast program.wasm
  headwater run http://127.0.0.1:8000/program.wasm
  headwater run https://example.com/program.wasm
  zstd -dc program.wasm.zst | headwater run -
  headwater run --timeout 5s --max-memory 64M untrusted.wasm
  headwater run --invoke add library.wasm 1 2")]
pub struct RunArgs {
    /// Call this export instead of `_start`, with arguments parsed by its type; print its results
    #[arg(long, value_name = "NAME")]
    pub invoke: Option<String>,
    /// Let the program see a directory, under another name if given
    #[arg(long = "dir", value_name = "HOST[::GUEST]")]
    pub dirs: Vec<String>,
    /// Set a variable of the program's environment, which is empty otherwise; without a value, to what it is here
    #[arg(long = "env", value_name = "K[=V]")]
    pub env: Vec<String>,
    /// Let the program have all variables of this command's environment
    #[arg(long)]
    pub inherit_env: bool,
    /// Instantiate another module first, whose exports the program can import from NAME; can be repeated
    #[arg(long, value_name = "NAME=FILE", value_parser = parse_preload, conflicts_with = "threads_guest")]
    pub preload: Vec<(String, String)>,
    /// Compile on this many threads besides the one that reads [default: chosen for this machine]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Let the program begin threads, which have its memory in common (wasi-threads)
    #[arg(long, conflicts_with_all = ["invoke", "fuel"])]
    pub threads_guest: bool,
    /// Show files and lines in backtraces, and tell debuggers about functions and lines, where the module has debug
    /// information
    #[cfg(feature = "debug")]
    #[arg(short = 'g', long)]
    pub debug_info: bool,
    /// Tell perf about machine code: `perf-map` writes /tmp/perf-PID.map, `jit-dump` jit-PID.dump
    #[arg(long, value_name = "KIND")]
    pub profile: Option<Profile>,
    /// Stack for the program's calls, in bytes
    #[arg(long, value_name = "BYTES", value_parser = parse_stack, default_value = "4M")]
    pub stack: u64,
    /// Stop the program after this time, such as 500ms, 5s or 2m, even while it waits; compiling does not count
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub timeout: Option<std::time::Duration>,
    /// Stop the program after this much work: a unit is one byte of executed WebAssembly code
    #[arg(long, value_name = "UNITS")]
    pub fuel: Option<u64>,
    /// Limit the program's memories to this many bytes in total, such as 64M, with the heap of its structs and arrays,
    /// and its tables to as many again
    #[arg(long, value_name = "BYTES", value_parser = Amount::parse)]
    pub max_memory: Option<Amount>,
    /// Limit the heap of structs and arrays, of which objects can use one half at a time, to this many bytes
    #[arg(long, value_name = "BYTES", value_parser = Amount::parse)]
    pub max_heap: Option<Amount>,
    #[arg(long, value_name = "LIST", value_parser = Cpu::parse, help = CPU_HELP)]
    pub cpu: Option<Cpu>,
    /// The module, as binary or as text (a file, an http:// or https:// address, or - for standard input), and the
    /// arguments of the program or of the function
    // One list, and nothing after its first word is parsed as an option: whoever controls an argument must not be able
    // to add a --dir.
    #[arg(value_names = ["FILE|URL|-", "ARGS"], required = true, num_args = 1.., trailing_var_arg = true)]
    pub program: Vec<String>,
}

/// How a profiler is told about machine code.
#[derive(Copy, Clone, Debug, clap::ValueEnum)]
pub enum Profile {
    /// `/tmp/perf-PID.map`, for `perf record` and `perf report`
    PerfMap,
    /// `jit-PID.dump`, for `perf inject --jit`
    JitDump,
}

impl From<Profile> for headwater::ProfilingStrategy {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::PerfMap => headwater::ProfilingStrategy::PerfMap,
            Profile::JitDump => headwater::ProfilingStrategy::JitDump,
        }
    }
}

impl RunArgs {
    /// Where the module is.
    pub fn module(&self) -> &str {
        &self.program[0]
    }

    /// What follows it.
    pub fn args(&self) -> &[String] {
        &self.program[1..]
    }
}

/// Compile a module and report how long it took
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  headwater compile program.wasm
  headwater compile --chunk 1400 --throttle 1M program.wasm
  headwater compile --threads 0 --json program.wasm
  headwater compile -o program.hwm program.wasm && headwater run program.hwm
  headwater compile --timeline out.html http://127.0.0.1:8000/program.wasm

Keys of the JSON object, all numbers but `target`: wasm_bytes, code_section_bytes, functions,
machine_code_bytes, compile_ns (time spent compiling, summed over threads), wall_ns (from the first
byte to the module being ready), tail_ns (from handing over the last bytes to the module being
ready), threads (those besides the one that reads), target (instruction set, system, and the
processor's optional features that are used: machine code is comparable where it is the same).")]
pub struct CompileArgs {
    /// Push the module in pieces of this size
    #[arg(long, value_name = "BYTES", value_parser = parse_bytes, default_value = "64K")]
    pub chunk: u64,
    /// Take no more than this many bytes per second, such as 500K or 2M
    #[arg(long, value_name = "RATE", value_parser = parse_rate)]
    pub throttle: Option<u64>,
    /// Compile on this many threads besides the one that reads [default: chosen for this machine]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Report as a JSON object
    #[arg(long)]
    pub json: bool,
    /// Generate code for this instruction set [default: this machine's]
    #[arg(long, value_name = "ISA")]
    pub target: Option<TargetArg>,
    #[arg(long, value_name = "LIST", value_parser = Cpu::parse, help = CPU_HELP)]
    pub cpu: Option<Cpu>,
    /// Write what was compiled to this file, which `run` loads at once where version, settings and processor are the same
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Draw bytes received, bytes compiled and the work of each thread over time: an SVG picture if FILE ends in .svg,
    /// otherwise a page of HTML
    #[arg(long, value_name = "FILE")]
    pub timeline: Option<PathBuf>,
    /// Compile for `run --timeout`
    #[arg(long)]
    pub for_timeout: bool,
    /// Compile for `run --fuel`
    #[arg(long)]
    pub for_fuel: bool,
    #[arg(value_name = "FILE|URL|-", help = MODULE_HELP)]
    pub module: String,
}

/// Run scripts of the WebAssembly core suite
///
/// Prints each failed assertion as `file:line: …`, and finally how many passed and failed. The exit status is 1 if any
/// failed.
#[cfg(feature = "wast")]
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  headwater wast i32.wast call.wast")]
pub struct WastArgs {
    /// Scripts; nothing after the first is parsed as an option
    #[arg(value_name = "FILE", required = true, num_args = 1.., trailing_var_arg = true)]
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
  headwater disas --func main --bytes program.wasm
  headwater disas --target aarch64 program.wasm
  headwater disas --cpu baseline program.wasm")]
pub struct DisasArgs {
    #[command(flatten)]
    pub code: CodeArgs,
    /// Show the bytes of each instruction, too
    #[arg(long)]
    pub bytes: bool,
}

/// Write a page that shows each function's source lines, WebAssembly and machine code side by side
///
/// What belongs together is highlighted where the pointer is. The page needs nothing but itself. Source lines are there
/// if the module has debug information (DWARF), their text if --source finds the files.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  headwater explore program.wasm -o program.html
  headwater explore --func main --source src program.wasm -o main.html
  headwater explore --target aarch64 program.wasm -o program.html")]
pub struct ExploreArgs {
    #[command(flatten)]
    pub code: CodeArgs,
    /// Look here for the files that debug information names; nothing outside is read
    #[arg(long, value_name = "DIR")]
    pub source: Option<PathBuf>,
    /// Leave out functions that would make the page larger than this
    #[arg(long, value_name = "BYTES", value_parser = parse_bytes, default_value = "16M")]
    pub limit: u64,
    /// Where the page is written
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// Whose code is shown, and for which machine.
#[derive(Debug, clap::Args)]
pub struct CodeArgs {
    /// Only the function with this index, or of this name in the name section or among the exports
    #[arg(long, value_name = "N|NAME")]
    pub func: Option<String>,
    /// Show code for this instruction set [default: this machine's]
    #[arg(long, value_name = "ISA")]
    pub target: Option<TargetArg>,
    #[arg(long, value_name = "LIST", value_parser = Cpu::parse, help = CPU_HELP)]
    pub cpu: Option<Cpu>,
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
    /// How much work the program does
    #[arg(value_name = "SIZE", value_parser = clap::value_parser!(u8).range(1..=10), default_value = "1")]
    pub size: u8,
}

/// Run JavaScript with WebAssembly, fetch and timers
///
/// The files run in order in one realm, as classic scripts; then the event loop runs until nothing is left to do.
/// Uncaught errors and unhandled rejections print a stack trace and make the exit status 1.
///
/// Options of this command come before the first file. After it, the first argument that begins with a dash and all
/// that follow are passed to the scripts in the array `scriptArgs`; a lone -- also ends the files.
#[cfg(feature = "js")]
#[derive(Debug, clap::Args)]
#[command(override_usage = "headwater js [OPTIONS] <FILE>... [-- ARGS...]")]
#[command(after_help = "\
Examples:
  headwater js examples/js/compile-streaming.js
  headwater js --module app.mjs
  headwater js --base http://127.0.0.1:8000/ client.js")]
pub struct JsArgs {
    /// Run the files as ES modules, which import files, packages of node_modules, JSON and WebAssembly
    #[arg(long)]
    pub module: bool,
    /// Base of relative URLs: a URL, or a folder, which is then served on the loopback interface [default: the first
    /// file's folder]
    #[arg(long, value_name = "URL|DIR")]
    pub base: Option<String>,
    /// Compile on this many threads besides the one that JavaScript runs on [default: chosen for this machine]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Stack for WebAssembly calls and the JavaScript calls within them, in bytes, up to 256M
    #[arg(long, value_name = "BYTES", value_parser = parse_bytes, default_value = "64M")]
    pub stack: u64,
    /// JavaScript files, and arguments for the scripts
    // Nothing after the first word is parsed as an option; see `RunArgs::program`.
    #[arg(value_names = ["FILE", "ARGS"], required = true, num_args = 1.., trailing_var_arg = true)]
    pub words: Vec<String>,
}

#[cfg(feature = "js")]
impl JsArgs {
    /// The files, and the scripts' arguments.
    pub fn split(&self) -> (Vec<PathBuf>, Vec<String>) {
        let behind = self.words.iter().skip(1).position(|word| word.starts_with('-') && word != "-");
        let end = behind.map_or(self.words.len(), |n| n + 1);
        let args = &self.words[end..];
        let args = args.strip_prefix(&["--".to_string()]).unwrap_or(args);
        (self.words[..end].iter().map(PathBuf::from).collect(), args.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn run(args: &[&str]) -> RunArgs {
        let args = ["headwater"].iter().chain(args).map(OsString::from).collect();
        match Args::try_parse_from(with_run(args)).expect("a good command line").command {
            Command::Run(args) => args,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_grammar_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn everything_behind_the_module_is_the_programs() {
        let smuggled = [
            "--dir=/",
            "--dir",
            "/",
            "-h",
            "--help",
            "--version",
            "--",
            "--invoke",
            "f",
            "--threads",
            "abc",
            "-",
            "",
            "run",
        ];
        for (i, first) in smuggled.iter().enumerate() {
            let rest = &smuggled[i..];
            for before in [
                &["run", "--env", "A=1", "p.wasm"][..],
                &["run", "--env", "A=1", "-"],
                &["p.wasm"],
                &["run", "--", "-x"],
            ] {
                let args = run(&[before, rest].concat());
                assert_eq!(args.args(), rest, "{first} behind {before:?}");
                assert_eq!(Some(&args.module()), before.last());
                assert!(args.dirs.is_empty() && args.invoke.is_none() && args.threads.is_none());
            }
        }
    }

    #[cfg(feature = "js")]
    #[test]
    fn what_looks_like_an_option_behind_a_script_is_the_scripts() {
        let split = |words: &[&str]| {
            let parsed = Args::try_parse_from([&["headwater", "js", "--threads", "1"], words].concat());
            match parsed.expect("a good command line").command {
                Command::Js(args) if !args.module && args.base.is_none() => args.split(),
                other => panic!("{other:?}"),
            }
        };
        for smuggled in ["--module", "--base=/", "-h", "--help", "--threads", "-x"] {
            assert_eq!(
                split(&["a", "b", smuggled, "c"]),
                (["a", "b"].map(PathBuf::from).into(), [smuggled, "c"].map(String::from).into())
            );
        }
        assert_eq!(split(&["a", "--", "--", "b"]), (vec!["a".into()], ["--", "b"].map(String::from).into()));
        assert_eq!(split(&["a", "b"]), (["a", "b"].map(PathBuf::from).into(), vec![]));
    }

    #[cfg(feature = "wast")]
    #[test]
    fn scripts_of_the_core_suite_are_followed_by_such_scripts_only() {
        for smuggled in ["-h", "--help", "--", "--version"] {
            let parsed = Args::try_parse_from(["headwater", "wast", "a", smuggled, "b"]).expect("a good command line");
            let Command::Wast(args) = parsed.command else { panic!("another command") };
            assert_eq!(args.files, ["a", smuggled, "b"].map(PathBuf::from));
        }
    }

    #[test]
    fn commands_without_arguments_for_a_program_take_none() {
        for command in ["compile", "validate", "disas"] {
            for more in [&["b"][..], &["--", "b"], &["--dir=/"], &["-"]] {
                let args = [&["headwater", command, "a"], more].concat();
                assert!(Args::try_parse_from(&args).is_err(), "{args:?}");
            }
            assert!(
                Args::try_parse_from(["headwater", command, "--", "--func"]).is_ok(),
                "a file with a name like an option"
            );
        }
    }

    #[test]
    fn a_module_without_a_command_is_run() {
        for module in ["p.wasm", "./p", "http://host/p", "p.wat"] {
            assert_eq!(run(&[module, "--env"]).program, [module, "--env"]);
        }
        for other in ["p", "rnu", "-", "--dir=/x"] {
            let args = with_run(["headwater", other].map(OsString::from).into());
            assert_eq!(args.len(), 2, "{other}");
        }
    }
}
