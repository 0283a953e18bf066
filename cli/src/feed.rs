//! Compiles a module while it arrives, keeping the times that matter.

use crate::source::Source;
use anyhow::{Context, Result};
use headwater::{CompileError, Config, Engine, Module, Progress, StreamingCompiler};
use std::io::{ErrorKind, Read};
use std::time::{Duration, Instant};

/// A module and how it came about.
pub struct Compiled {
    /// The module.
    pub module: Module,
    /// From the first byte being there to the module being ready.
    pub wall: Duration,
    /// From handing over the last bytes to the module being ready.
    pub tail: Duration,
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

/// Hears how far a module is.
pub trait Observer: Fn(Progress) + Send + 'static {}
impl<F: Fn(Progress) + Send + 'static> Observer for F {}

/// Reads and compiles a module, in pieces of at most `chunk` bytes.
///
/// What needs no waiting is read before the clock starts, so that the times are about compiling.
pub fn compile(engine: &Engine, mut source: Source, chunk: usize, observer: impl Observer) -> Result<Compiled> {
    let name = source.name.clone();
    let compiler = StreamingCompiler::new(engine).with_observer(observer);
    if source.slow {
        return compile_reader(compiler, &mut source, chunk).with_context(|| name);
    }
    let mut bytes = Vec::with_capacity(source.size.unwrap_or(0) as usize);
    source.read_to_end(&mut bytes).with_context(|| name.clone())?;
    let chunk = chunk.min(bytes.len()).max(1);
    compile_reader(compiler, &mut &bytes[..], chunk).with_context(|| name)
}

fn compile_reader(mut compiler: StreamingCompiler, reader: &mut dyn Read, chunk: usize) -> Result<Compiled> {
    let mut buffer = vec![0; chunk];
    let mut first = None;
    let mut last = Instant::now();
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                last = Instant::now();
                first.get_or_insert(last);
                compiler.push(&buffer[..n]).map_err(explain)?;
            }
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e.into()),
        }
    }
    let module = compiler.finish().map_err(explain)?;
    let ready = Instant::now();
    Ok(Compiled { module, wall: ready - first.unwrap_or(last), tail: ready - last })
}

/// A compile error, with the function it is in.
pub fn explain(error: CompileError) -> anyhow::Error {
    match error.func_index() {
        Some(func) => anyhow::anyhow!("{error}, in function {func}"),
        None => error.into(),
    }
}
