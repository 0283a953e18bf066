//! Compiles a module while it arrives, keeping the times that matter.

use crate::report;
use crate::sniff::{self, Kind};
use crate::source::Source;
use crate::timeline::Timeline;
use anyhow::{Context, Result, anyhow, bail};
use headwater::{CompileError, CompileErrorKind, Config, Engine, Limits, Module, Progress, StreamingCompiler};
use std::io::{ErrorKind, Read};
use std::time::{Duration, Instant};

/// A module and its compile times.
pub struct Compiled {
    /// The module.
    pub module: Module,
    /// From the arrival of the first byte to the module being ready.
    pub wall: Duration,
    /// From pushing the last bytes to the module being ready.
    pub tail: Duration,
    /// When it was ready.
    pub ready: Instant,
}

/// How much is read at a time unless the command line says otherwise.
pub const CHUNK: usize = 64 << 10;

/// The engine that the command line uses unless it says otherwise.
pub fn engine(threads: Option<usize>, change: impl FnOnce(&mut Config)) -> Result<Engine> {
    let mut config = Config::new();
    if let Some(threads) = threads {
        config.compile_threads(threads);
    }
    change(&mut config);
    Engine::new(&config)
}

/// Is told the progress of a module.
pub trait Observer: Fn(Progress) + Send + 'static {}
impl<F: Fn(Progress) + Send + 'static> Observer for F {}

/// Reads and compiles a module, in pieces of at most `chunk` bytes.
///
/// Text is read before the clock starts.
pub fn compile(engine: &Engine, source: Source, chunk: usize, observer: impl Observer) -> Result<Compiled> {
    let name = source.name.clone();
    let compiler = StreamingCompiler::new(engine).with_observer(observer);
    compile_source(compiler, source, chunk, |_, _| {}).context(name)
}

/// As [`compile`], recording what happens when.
pub fn record(
    engine: &Engine,
    source: Source,
    chunk: usize,
    observer: impl Observer,
    timeline: &Timeline,
) -> Result<Compiled> {
    let name = source.name.clone();
    let work = timeline.clone();
    let compiler = StreamingCompiler::new(engine).with_observer(observer);
    let compiler = compiler.with_work_observer(move |span| work.worked(span));
    compile_source(compiler, source, chunk, |at, bytes| timeline.arrived(at, bytes)).context(name)
}

/// `arrived` is told how many bytes had arrived when.
fn compile_source(
    compiler: StreamingCompiler,
    mut source: Source,
    chunk: usize,
    arrived: impl FnMut(Instant, u64),
) -> Result<Compiled> {
    if matches!(sniff::kind(source.start()?), Kind::Module) {
        return compile_reader(compiler, &mut source, chunk, arrived);
    }
    let bytes = binary(source)?;
    let chunk = chunk.min(bytes.len()).max(1);
    compile_reader(compiler, &mut &bytes[..], chunk, arrived)
}

/// All bytes of a module, which may come as text.
pub fn binary(mut source: Source) -> Result<Vec<u8>> {
    let kind = sniff::kind(source.start()?);
    if let Kind::Other(what) = kind {
        bail!("{what}");
    }
    // Anything longer is refused at its first bytes beyond the limit.
    let most = Limits::default().module_size.saturating_add(1);
    let mut bytes = Vec::with_capacity(source.size.unwrap_or(0).min(most) as usize);
    source.take(most).read_to_end(&mut bytes)?;
    if kind == Kind::Text {
        bytes = wat::parse_bytes(&bytes).map_err(|error| misspelt(&error))?.into_owned();
    }
    Ok(bytes)
}

fn misspelt(error: &wat::Error) -> anyhow::Error {
    match report::in_text(error) {
        (message, Some(place)) => anyhow!("{message} (at {place} of the text)"),
        (message, None) => anyhow!("{message}"),
    }
}

fn compile_reader(
    mut compiler: StreamingCompiler,
    reader: &mut dyn Read,
    chunk: usize,
    mut arrived: impl FnMut(Instant, u64),
) -> Result<Compiled> {
    let mut buffer = vec![0; chunk];
    let mut first = None;
    let mut last = Instant::now();
    let mut received = 0;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                last = Instant::now();
                first.get_or_insert(last);
                received += n as u64;
                arrived(last, received);
                compiler.push(&buffer[..n]).map_err(explain)?;
            }
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e.into()),
        }
    }
    let module = compiler.finish().map_err(|error| incomplete(error, received))?;
    let ready = Instant::now();
    Ok(Compiled { module, wall: ready - first.unwrap_or(last), tail: ready - last, ready })
}

/// A compile error, with the function it is in.
fn explain(error: CompileError) -> anyhow::Error {
    match error.func_index() {
        Some(func) => anyhow::anyhow!("{error}, in function {func}"),
        None => error.into(),
    }
}

/// An error that was found at the end of a module of this many bytes.
pub fn incomplete(error: CompileError, received: u64) -> anyhow::Error {
    match error.kind() == CompileErrorKind::Invalid && error.message().contains("unexpected end") {
        true => anyhow!("{}; the module ends there, after {received} bytes: is it cut off?", explain(error)),
        false => explain(error),
    }
}
