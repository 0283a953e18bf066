//! `headwater demo`: serves an embedded program on the loopback interface at a bounded rate, compiles it from
//! the response while it arrives, and runs it.

use crate::args::DemoArgs;
use crate::feed::Observer;
use crate::serve::LoopbackServer;
use crate::source::Source;
use crate::style::{COMPILED, GOOD, RECEIVED, paint};
use crate::{Outcome, feed, host, run, style, units};
use anstream::println;
use anstyle::Style;
use flate2::bufread::MultiGzDecoder;
use headwater::Progress;
use std::io::{IsTerminal, Read, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use wasmparser::{Parser, Payload};

/// Built from the C files in `cli/demo` by the script `build` there, and compressed by `build.rs`.
static DEMO: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/demo.wasm.gz"));

pub fn run(args: &DemoArgs) -> Outcome {
    let engine = feed::engine(None, |_| {})?;
    let mut demo = Vec::new();
    MultiGzDecoder::new(DEMO).read_to_end(&mut demo)?;
    let (size, code) = (demo.len() as u64, code_bytes(&demo));
    let server = LoopbackServer::start("demo.wasm", demo, args.rate)?;
    println!(
        "serving {} ({}, of which {} code) at {}/s",
        server.url(),
        units::bytes(size),
        units::bytes(code),
        units::bytes(args.rate),
    );

    let source = Source::open(server.url())?;
    let compiled = feed::compile(&engine, source, feed::CHUNK, bars(size, code))?;
    let stats = compiled.module.compile_stats();

    println!(
        "ready     {} after the last byte: {} functions, {} of machine code\n          \
         (the download took {}, of which compiling {})\n",
        paint(GOOD, units::duration(compiled.tail)),
        stats.functions,
        units::bytes(stats.machine_code_bytes),
        units::duration(compiled.wall - compiled.tail),
        units::duration(Duration::from_nanos(stats.compile_ns)),
    );
    std::io::stdout().flush()?;
    let program = host::context(&["demo".into(), args.size.to_string()], &[], &host::Environment::default())?;
    run::start(&engine, &compiled.module, program, run::Bounds::default(), &[])
}

/// The size of all function bodies in a module.
fn code_bytes(module: &[u8]) -> u64 {
    let payloads = Parser::new(0).parse_all(module).flatten();
    let bodies = payloads.filter_map(|payload| match payload {
        Payload::CodeSectionEntry(body) => Some(body.as_bytes().len() as u64),
        _ => None,
    });
    bodies.sum()
}

/// Shows the progress of a module of `size` bytes with `code` bytes of function bodies.
fn bars(size: u64, code: u64) -> impl Observer {
    let bars = Mutex::new(Bars::new(size, code));
    move |progress| bars.lock().unwrap_or_else(PoisonError::into_inner).update(progress)
}

/// The two progress bars. On a terminal they are redrawn; elsewhere a line is printed for each tenth.
struct Bars {
    size: u64,
    code: u64,
    live: bool,
    drawn: Option<Instant>,
    tenth: u64,
}

impl Bars {
    const WIDTH: u64 = 40;
    const INTERVAL: Duration = Duration::from_millis(33);

    fn new(size: u64, code: u64) -> Bars {
        Bars { size, code, live: std::io::stdout().is_terminal(), drawn: None, tenth: 0 }
    }

    fn update(&mut self, progress: Progress) {
        if !self.live {
            let tenth = progress.received * 10 / self.size;
            if tenth > self.tenth {
                self.tenth = tenth;
                println!(
                    "received {:>9} of {}   compiled {:>9} of {}",
                    units::bytes(progress.received),
                    units::bytes(self.size),
                    units::bytes(progress.compiled),
                    units::bytes(self.code),
                );
            }
        } else if progress.received == self.size || self.drawn.is_none_or(|at| at.elapsed() >= Bars::INTERVAL) {
            self.draw(progress);
        }
    }

    fn draw(&mut self, progress: Progress) {
        let back = if self.drawn.is_some() { "\x1b[2A" } else { "" };
        self.drawn = Some(Instant::now());
        let received = Bars::bar(progress.received, self.size, RECEIVED);
        let compiled = Bars::bar(progress.compiled, self.code, COMPILED);
        let mut out = std::io::stdout().lock();
        let (received, compiled) = (style::on(&out, &received), style::on(&out, &compiled));
        // A closed terminal is no reason to stop.
        let _ = write!(out, "{back}\r\x1b[Kreceived  {received}\n\x1b[Kcompiled  {compiled}\n");
        let _ = out.flush();
    }

    fn bar(done: u64, all: u64, style: Style) -> String {
        let filled = (done.min(all) * Bars::WIDTH / all.max(1)) as usize;
        let empty = Bars::WIDTH as usize - filled;
        let bar = format!("{}{}", "█".repeat(filled), "░".repeat(empty));
        format!("{} {:>9} of {}", paint(style, bar), units::bytes(done), units::bytes(all))
    }
}
