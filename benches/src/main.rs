//! Headwater beside other engines, on one machine, in one run: `cargo run --release -p headwater-benches -- compile`.
//!
//! Every comparison takes turns between the engines, so that whatever else the machine does hits all of them
//! alike, and what counts is ratios of medians. [`engines`] says how each engine is driven, [`corpus`] which
//! modules there are, and each subcommand has a file.

mod clock;
mod compile;
mod corpus;
mod engines;
mod report;
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
}

fn main() -> Result<()> {
    engines::keep_to_one_thread();
    match Args::parse().command {
        Command::Compile(args) => compile::run(&args),
    }
}
