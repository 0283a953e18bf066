//! Modules that are complete, or can be read: each is a stream of one chunk, or of a few.

use super::StreamingCompiler;
use crate::engine::Engine;
use crate::error::CompileError;
use crate::module::Module;
use crate::vm::mapped_file::MappedFile;
use std::io::Read;

/// A file in one of the two formats, told apart by the first bytes.
#[cfg(feature = "wat")]
enum Source<R> {
    Binary(std::io::Chain<std::io::Cursor<Vec<u8>>, R>),
    Text(Vec<u8>),
}

/// Reads all of `reader` if it is text.
#[cfg(feature = "wat")]
fn text_of<R: Read>(mut reader: R) -> std::io::Result<Source<R>> {
    const MAGIC: &[u8] = b"\0asm";
    let mut start = Vec::new();
    reader.by_ref().take(MAGIC.len() as u64).read_to_end(&mut start)?;
    if MAGIC.starts_with(&start) && !start.is_empty() {
        return Ok(Source::Binary(std::io::Cursor::new(start).chain(reader)));
    }
    reader.read_to_end(&mut start)?;
    Ok(Source::Text(start))
}

impl Module {
    /// Compiles a complete module, in the binary format or, if the cargo feature `wat` is on, in the text format.
    ///
    /// # Errors
    /// If the bytes are not a valid module, need a feature that is not enabled, or exceed a limit.
    pub fn new(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Module, CompileError> {
        #[cfg(feature = "wat")]
        let bytes = wat::parse_bytes(bytes.as_ref()).map_err(|e| CompileError::text(&e.to_string()))?;
        Module::from_binary(engine, bytes.as_ref())
    }

    /// [`Module::new`] for the binary format only.
    ///
    /// # Errors
    /// As for [`Module::new`].
    pub fn from_binary(engine: &Engine, binary: &[u8]) -> Result<Module, CompileError> {
        let mut compiler = StreamingCompiler::new(engine);
        compiler.push(binary)?;
        compiler.finish()
    }

    /// Compiles a module while it is read.
    ///
    /// # Errors
    /// As for [`Module::new`], and when reading fails.
    pub fn from_reader(engine: &Engine, mut reader: impl Read) -> Result<Module, CompileError> {
        let mut compiler = StreamingCompiler::new(engine);
        let mut buffer = vec![0; 64 << 10];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return compiler.finish(),
                Ok(n) => compiler.push(&buffer[..n])?,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(CompileError::io("the module could not be read", &e)),
            }
        }
    }

    /// Compiles the module in a file while it is read, from a mapping of it ([`MappedFile`]). If the cargo feature `wat` is on, the file may be in the text
    /// format, as for [`Module::new`].
    ///
    /// # Errors
    /// As for [`Module::from_reader`], when the file cannot be opened, and when it shrinks meanwhile.
    pub fn from_file(engine: &Engine, file: impl AsRef<std::path::Path>) -> Result<Module, CompileError> {
        let file = file.as_ref();
        let opened = MappedFile::open(file)
            .map_err(|e| CompileError::io(&format!("{} could not be opened", file.display()), &e))?;
        #[cfg(feature = "wat")]
        let opened = match text_of(opened) {
            Ok(Source::Binary(reader)) => reader,
            Ok(Source::Text(text)) => {
                let wasm = wat::parse_bytes(&text).map_err(|mut e| {
                    e.set_path(file);
                    CompileError::text(&e.to_string())
                })?;
                return Module::from_binary(engine, &wasm);
            }
            Err(e) => return Err(CompileError::io(&format!("{} could not be read", file.display()), &e)),
        };
        Module::from_reader(engine, opened)
    }

    /// Checks that `binary` is a module that can be compiled, and discards the result.
    ///
    /// # Errors
    /// As for [`Module::new`].
    pub fn validate(engine: &Engine, binary: &[u8]) -> Result<(), CompileError> {
        Module::from_binary(engine, binary).map(drop)
    }
}
