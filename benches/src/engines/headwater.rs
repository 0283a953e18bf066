//! Headwater itself.

use super::{Engine, Library, Made};
use anyhow::Result;
use headwater::{CompileError, Config, Module, StreamingCompiler};

/// How many bytes are pushed at once where a module is streamed.
const CHUNK: usize = 16 << 10;

impl Made for Module {
    fn machine_code(&self) -> Option<u64> {
        Some(self.compile_stats().machine_code_bytes)
    }

    fn metadata(&self) -> Option<u64> {
        Some(self.compile_stats().metadata_bytes)
    }
}

fn library<F>(name: &'static str, compile: F) -> Box<dyn Engine>
where
    F: FnMut(&[u8]) -> Result<Module, CompileError> + 'static,
{
    Box::new(Library { name, version: env!("CARGO_PKG_VERSION").to_string(), compile, patience: None })
}

/// From bytes to a module that is linked and sealed, on the calling thread.
pub fn inline() -> Result<Box<dyn Engine>> {
    threaded("headwater", 0)
}

/// The same with threads that compile in addition to the calling one.
pub fn threaded(name: &'static str, threads: usize) -> Result<Box<dyn Engine>> {
    let engine = headwater::Engine::new(Config::new().compile_threads(threads))?;
    Ok(library(name, move |wasm| Module::from_binary(&engine, wasm)))
}

/// As modules are compiled when they arrive in pieces, as fast as the compiler takes them.
pub fn streamed(name: &'static str, threads: usize) -> Result<Box<dyn Engine>> {
    let engine = headwater::Engine::new(Config::new().compile_threads(threads))?;
    Ok(library(name, move |wasm| {
        let mut compiler = StreamingCompiler::new(&engine);
        for bytes in wasm.chunks(CHUNK) {
            compiler.push(bytes)?;
        }
        compiler.finish()
    }))
}
