//! Errors: those of compilation, and what the `wasmtime` crate has for the others, which are those of the crate
//! `anyhow`.

pub use anyhow::{Chain, Context, Error, Result, bail, ensure, format_err};

/// Turns results of the crate `anyhow` into those of this one, which are the same; for programs that come from the
/// `wasmtime` crate, where they differ.
pub trait ToWasmtimeResult<T> {
    /// The same result.
    ///
    /// # Errors
    /// The same error.
    fn to_wasmtime_result(self) -> Result<T>;
}

impl<T> ToWasmtimeResult<T> for Result<T> {
    fn to_wasmtime_result(self) -> Result<T> {
        self
    }
}

use crate::features;
use crate::printable;
use std::any::Any;
use std::sync::Arc;

/// The kinds of [`CompileError`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum CompileErrorKind {
    /// The bytes are not a valid module.
    Invalid,
    /// The module needs a feature of WebAssembly that this engine does not have, or that is disabled
    /// ([`Config::wasm_features`](crate::Config::wasm_features)). Whether it is otherwise valid is not known.
    Unsupported {
        /// The feature's name: that of the constant in [`WasmFeatures`](crate::WasmFeatures), in lower case and with
        /// hyphens, such as `simd` or `tail-call`; `component-model` for a component.
        feature: &'static str,
    },
    /// The module exceeds one of the [`Limits`](crate::Limits), or its machine code exceeds what can be addressed or
    /// what the engine is allowed ([`Config::max_code_memory`](crate::Config::max_code_memory)).
    Limit,
    /// The bytes could not be read, or memory for the machine code could not be allocated.
    Io,
    /// The compilation was stopped by a [`Stopper`](crate::Stopper).
    Stopped,
    /// A bug in this library.
    Internal,
}

/// Why a module could not be compiled.
///
/// Displays as the message followed by the offset: `type mismatch: … (at offset 0x2f)`. Where wasmparser reports the
/// same error, message and offset are its own. A missing feature is named first.
///
/// ```
/// use headwater::{CompileErrorKind, Engine, Module};
/// let error = Module::new(&Engine::default(), b"\0asm\x01\0\0\0\x0e").unwrap_err();
/// assert_eq!(error.kind(), CompileErrorKind::Invalid);
/// assert_eq!(error.offset(), Some(9));
///
/// let wasm = wat::parse_str("(module (memory 1 (pagesize 1)))").unwrap();
/// let error = Module::new(&Engine::default(), wasm).unwrap_err();
/// assert_eq!(error.kind(), CompileErrorKind::Unsupported { feature: "custom-page-sizes" });
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", Shown(.0))]
pub struct CompileError(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    kind: CompileErrorKind,
    message: Box<str>,
    offset: Option<usize>,
    func: Option<u32>,
}

struct Shown<'a>(&'a Inner);

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.kind {
            CompileErrorKind::Unsupported { feature } if feature != COMPONENT_MODEL => {
                write!(f, "the module needs the feature `{feature}`, which is not enabled: {}", self.0.message)?;
            }
            _ => f.write_str(&self.0.message)?,
        }
        match self.0.offset {
            Some(offset) => write!(f, " (at offset 0x{offset:x})"),
            None => Ok(()),
        }
    }
}

/// The feature without which there are no components.
const COMPONENT_MODEL: &str = "component-model";
const NO_COMPONENTS: &str = "this is a component, not a module; only core modules can be compiled";

/// The message of a panic, if it has one.
fn words(panic: &(dyn Any + Send)) -> Option<&str> {
    panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied())
}

/// Whether `panic` is that of an allocation that failed, recognised by the standard library's message.
pub(crate) fn is_out_of_memory(panic: &(dyn Any + Send)) -> bool {
    words(panic).is_some_and(|what| what.starts_with("memory allocation of"))
}

impl CompileError {
    pub(crate) fn new(
        kind: CompileErrorKind,
        message: impl Into<Box<str>>,
        offset: Option<usize>,
        func: Option<u32>,
    ) -> CompileError {
        // The message may quote names from the module.
        let message = printable::message(&message.into()).to_string().into();
        CompileError::raw(kind, message, offset, func)
    }

    /// With a message that quotes nothing, or is printable.
    fn raw(kind: CompileErrorKind, message: Box<str>, offset: Option<usize>, func: Option<u32>) -> CompileError {
        CompileError(Arc::new(Inner { kind, message, offset, func }))
    }

    /// The same at `offset`, if it is not known where already.
    pub(crate) fn or_at(self, offset: usize) -> CompileError {
        match self.0.offset {
            Some(_) => self,
            None => CompileError::raw(self.0.kind, self.0.message.clone(), Some(offset), self.0.func),
        }
    }

    /// What wasmparser reports, about function `func` if it is about a body.
    pub(crate) fn invalid(error: &wasmparser::Error, func: Option<u32>) -> CompileError {
        match features::missing(error) {
            Some(feature) => CompileError::unsupported(feature, error, func),
            None => {
                let (kind, offset) = (CompileErrorKind::Invalid, Some(error.offset() as usize));
                // wasmparser puts what it quotes between these.
                if error.message().contains('`') {
                    CompileError::new(kind, error.message(), offset, func)
                } else {
                    CompileError::raw(kind, error.message().into(), offset, func)
                }
            }
        }
    }

    /// What wasmparser reports when a feature is missing.
    pub(crate) fn unsupported(feature: &'static str, error: &wasmparser::Error, func: Option<u32>) -> CompileError {
        let message = if feature == COMPONENT_MODEL { NO_COMPONENTS } else { error.message() };
        CompileError::new(CompileErrorKind::Unsupported { feature }, message, Some(error.offset() as usize), func)
    }

    /// A limit exceeded at `offset`.
    pub(crate) fn limit(message: impl Into<Box<str>>, offset: usize) -> CompileError {
        CompileError::new(CompileErrorKind::Limit, message, Some(offset), None)
    }

    /// The module is no longer wanted.
    pub(crate) fn stopped() -> CompileError {
        CompileError::new(CompileErrorKind::Stopped, "the compilation was stopped", None, None)
    }

    /// An error in the text format.
    #[cfg(feature = "wat")]
    pub(crate) fn text(message: &str) -> CompileError {
        // The excerpt that the message ends with has lines of its own.
        let message = message.lines().map(|line| printable::message(line).to_string()).collect::<Vec<_>>().join("\n");
        CompileError(Arc::new(Inner {
            kind: CompileErrorKind::Invalid,
            message: message.into(),
            offset: None,
            func: None,
        }))
    }

    /// A bug in this library.
    pub(crate) fn internal(message: impl Into<Box<str>>) -> CompileError {
        CompileError::new(CompileErrorKind::Internal, message, None, None)
    }

    /// A panic during compilation: an allocation failed, if the embedder has the allocator panic instead of ending the
    /// process; otherwise a bug in this library.
    pub(crate) fn panicked(panic: &(dyn Any + Send), offset: Option<usize>, func: Option<u32>) -> CompileError {
        let what = words(panic).unwrap_or("for an unknown reason");
        if is_out_of_memory(panic) {
            return CompileError::new(CompileErrorKind::Io, format!("out of memory: {what}"), offset, func);
        }
        CompileError::new(CompileErrorKind::Internal, format!("the compiler panicked: {what}"), offset, func)
    }

    /// The operating system refused something, or the embedder's limit does.
    pub(crate) fn io(what: &str, error: &std::io::Error) -> CompileError {
        let kind = match error.kind() {
            std::io::ErrorKind::QuotaExceeded => CompileErrorKind::Limit,
            _ => CompileErrorKind::Io,
        };
        CompileError::new(kind, format!("{what}: {error}"), None, None)
    }

    /// What kind of error it is.
    pub fn kind(&self) -> CompileErrorKind {
        self.0.kind
    }

    /// What is wrong, without the offset.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where in the module the error is, in bytes from its start; `None` if the error is not in the bytes.
    pub fn offset(&self) -> Option<usize> {
        self.0.offset
    }

    /// The function whose body has the error, as an index in the module's function index space; `None` if the error is
    /// not inside a body.
    pub fn func_index(&self) -> Option<u32> {
        self.0.func
    }
}
