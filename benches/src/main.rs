//! Headwater beside other engines, on one machine, in one run: `cargo run --release -p headwater-benches -- compile`.
//!
//! Every comparison takes turns between the engines, so that other load on the machine affects all of them alike, and
//! results are ratios of medians. [`engines`] says how each engine is driven, [`corpus`] which modules there are, and
//! each subcommand has a file.

mod clock;
mod compile;
mod corpus;
mod engines;
mod memory;
mod pauses;
mod report;
mod requests;
mod run;
mod start;
mod tail;
mod threads;
mod visitor;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "headwater-benches", about = "Headwater beside other engines, in one run")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Time from bytes to module over the corpus, on one thread.
    Compile(compile::Args),
    /// Time from the last byte to the module when the bytes arrive at a bounded rate.
    Tail(tail::Args),
    /// The gain from a second thread.
    Threads(threads::Args),
    /// Instantiation, and calls between host and WebAssembly.
    Start(start::Args),
    /// Run time of the kernels of `benches/kernels`.
    Run(run::Args),
    /// The longest calls of a program with garbage.
    Pauses(pauses::Args),
    /// Peak growth of a process that compiles.
    Memory(memory::Args),
    #[command(hide = true)]
    MemoryChild(memory::ChildArgs),
}

fn main() -> Result<()> {
    engines::keep_to_one_thread();
    match Args::parse().command {
        Command::Compile(args) => compile::run(&args),
        Command::Tail(args) => tail::run(&args),
        Command::Threads(args) => threads::run(&args),
        Command::Start(args) => start::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Pauses(args) => pauses::run(&args),
        Command::Memory(args) => memory::run(&args),
        Command::MemoryChild(args) => memory::child(&args),
    }
}
