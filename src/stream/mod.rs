//! From chunks of bytes to a module: sections decoded as they are complete, function bodies compiled as they
//! arrive. Knows no sockets and no files.

use crate::engine::Engine;
use crate::error::CompileError;
use crate::module::Module;

/// Compiles a module while its bytes arrive. Dropping it aborts.
#[derive(Debug)]
pub struct StreamingCompiler {
    engine: Engine,
}

/// How far a [`StreamingCompiler`] has come.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes of the module received.
    pub received: u64,
    /// Bytes of function bodies compiled.
    pub compiled: u64,
    /// Functions compiled.
    pub functions: u32,
}

impl StreamingCompiler {
    /// A compiler that expects the first byte of a module.
    pub fn new(engine: &Engine) -> StreamingCompiler {
        StreamingCompiler { engine: engine.clone() }
    }

    /// Takes the next bytes of the module.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), CompileError> {
        let _ = bytes;
        Ok(())
    }

    /// Says that there are no more bytes, and returns the module.
    pub fn finish(self) -> Result<Module, CompileError> {
        let _ = self.engine;
        Err(CompileError::internal("not there yet"))
    }
}
