//! The `headwater` command. Each subcommand has a file; what they share is where modules come from
//! ([`source`]), how they are compiled while they arrive ([`feed`]) and how progress is shown ([`progress`]).

mod args;
mod compile;
mod deadline;
mod demo;
mod disas;
mod explore;
mod feed;
mod host;
mod invoke;
#[cfg(feature = "js")]
mod js;
mod listing;
mod picture;
mod progress;
mod report;
mod ruby;
mod run;
mod serve;
mod sniff;
mod source;
mod style;
mod target;
mod threads;
mod timeline;
#[cfg(feature = "https")]
mod tls;
mod units;
#[cfg(feature = "wast")]
mod wast;

use args::{Args, Command, CompletionsArgs};
use clap::CommandFactory;
use std::io::Write;
use std::process::ExitCode;

/// The result of a subcommand, unless it fails: the exit status.
type Outcome = anyhow::Result<u8>;

fn main() -> ExitCode {
    let args = Args::read();
    args.color.choose();
    let outcome = match args.command {
        Command::Run(args) => run::run(&args),
        Command::Compile(args) => compile::run(&args),
        #[cfg(feature = "wast")]
        Command::Wast(args) => wast::run(&args),
        Command::Validate(args) => compile::validate(&args),
        Command::Disas(args) => disas::run(&args),
        Command::Explore(args) => explore::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Completions(args) => completions(&args),
        #[cfg(feature = "js")]
        Command::Js(args) => js::run(&args),
    };
    let flushed = std::io::stdout().flush();
    match outcome {
        Ok(status) => match flushed {
            Err(e) if status == 0 && e.kind() != std::io::ErrorKind::BrokenPipe => {
                fail(&anyhow::Error::new(e).context("standard output"))
            }
            _ => ExitCode::from(status),
        },
        // The reader of our output has closed the pipe.
        Err(e) if is_broken_pipe(&e) => ExitCode::SUCCESS,
        Err(e) => fail(&e),
    }
}

fn completions(args: &CompletionsArgs) -> Outcome {
    // Written at once: who reads it may stop halfway.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "headwater", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(0)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}

fn fail(error: &anyhow::Error) -> ExitCode {
    report::failure(error);
    ExitCode::FAILURE
}
