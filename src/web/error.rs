//! Errors, divided like the error classes of the web, so that a host language can map each variant to a class of its
//! own. Foreign errors (the source's, the body's, the reason of an abort, a host function's) are never wrapped in text:
//! they are returned as the values that they are.

use super::location::Location;
use super::response::ResponseType;
use crate::{CompileError, WasmBacktrace};
use std::any::Any;
use std::error::Error as StdError;
use std::fmt;

/// An error of any type.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// Why there is no module, or no instance.
///
/// | variant | the web's class |
/// | --- | --- |
/// | [`Source`](Error::Source) | what the promise was rejected with |
/// | [`Type`](Error::Type) | `TypeError` |
/// | [`Body`](Error::Body) | what the stream failed with |
/// | [`Aborted`](Error::Aborted) | the signal's reason, or an `AbortError` |
/// | [`Compile`](Error::Compile) | `WebAssembly.CompileError` |
/// | [`Link`](Error::Link) | `WebAssembly.LinkError` |
/// | [`Runtime`](Error::Runtime) | `WebAssembly.RuntimeError`, or what the start function threw |
///
/// ```
/// use headwater::web::{self, Error};
/// # async fn f(engine: &headwater::Engine, response: web::Response) {
/// match web::compile_streaming(engine, response).await {
///     Ok(module) => println!("{} exports", module.exports().len()),
///     Err(Error::Compile(error)) => println!("offset {:?}: {error}", error.error().offset()),
///     Err(Error::Body(error)) => println!("the connection: {error}"),
///     Err(error) => println!("{error}"),
/// }
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The future of the response failed with this.
    #[error(transparent)]
    Source(BoxError),
    /// The response cannot be that of a module. Its body was not touched.
    #[error(transparent)]
    Type(#[from] TypeError),
    /// The body failed with this.
    #[error(transparent)]
    Body(BoxError),
    /// The caller's signal was raised ([`Options::abort_when`](super::Options::abort_when)), or a limit of
    /// [`Options`](super::Options) was exceeded, in which case this is a [`LimitExceeded`].
    #[error(transparent)]
    Aborted(BoxError),
    /// The bytes are not a valid module.
    #[error(transparent)]
    Compile(CompileFault),
    /// The module's imports do not match the linker's definitions.
    #[error(transparent)]
    Link(LinkFault),
    /// Instantiation failed: a segment is out of bounds, memory ran out, or the start function trapped or called a host
    /// function that failed.
    #[error(transparent)]
    Runtime(RuntimeFault),
}

/// Why a response cannot be that of a module, in the order in which it is checked.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TypeError {
    /// The linker and the store belong to different engines.
    #[error("store and linker belong to different engines")]
    DifferentEngines,
    /// There is no `Content-Type` header.
    #[error("the response has no MIME type; expected 'application/wasm'")]
    NoMimeType,
    /// The `Content-Type` is this instead.
    #[error("the response has the MIME type '{}'; expected 'application/wasm'", crate::printable::name(.0))]
    MimeType(String),
    /// The response is not CORS-same-origin.
    #[error("the response is {0}, so its body may not be read")]
    Origin(ResponseType),
    /// The status is not one of 200 to 299.
    #[error("the response has the status {0}; expected one of 200 to 299")]
    Status(u16),
    /// The body has already been read, at least in part.
    #[error("the body of the response was used before")]
    BodyUsed,
    /// The body is being read by another reader.
    #[error("the body of the response is locked to a reader")]
    BodyLocked,
}

/// Which of the limits in [`Options`](super::Options) was exceeded.
#[derive(Copy, Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LimitExceeded {
    /// The body has more bytes than this.
    #[error("the body has more than {0} bytes")]
    Size(u64),
    /// It takes longer than this.
    #[cfg(feature = "timer")]
    #[error("the module was not ready after {0:?}")]
    Deadline(std::time::Duration),
    /// Too few bytes arrived within the given time.
    #[cfg(feature = "timer")]
    #[error("only {bytes} bytes arrived in {time:?}")]
    Rate {
        /// The bytes that arrived.
        bytes: u64,
        /// The time in which they arrived.
        time: std::time::Duration,
    },
}

/// A [`CompileError`], and the URL of what could not be compiled.
///
/// Displays as `LOCATION: MESSAGE`, where an error in a function body has a [`Location`] as the WebAssembly Web API
/// recommends.
#[derive(Clone, Debug)]
pub struct CompileFault {
    error: CompileError,
    url: Box<str>,
}

impl CompileFault {
    pub(super) fn new(error: CompileError, url: &str) -> CompileFault {
        CompileFault { error, url: url.into() }
    }

    /// What is wrong and where, the same as for a buffered compilation of the same bytes.
    pub fn error(&self) -> &CompileError {
        &self.error
    }

    /// Where the error is; `None` if it is not in the bytes.
    pub fn location(&self) -> Option<Location> {
        Some(Location::new(&self.url, self.error.func_index(), self.error.offset()?))
    }
}

impl fmt::Display for CompileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.location() {
            Some(location) => write!(f, "{location}: {}", self.error.message()),
            None => f.write_str(self.error.message()),
        }
    }
}

impl StdError for CompileFault {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.error)
    }
}

/// Why imports do not match. An unknown import is an [`UnknownImportError`](crate::UnknownImportError) inside.
#[derive(Debug)]
pub struct LinkFault(crate::Error);

impl LinkFault {
    pub(super) fn new(error: crate::Error) -> LinkFault {
        LinkFault(error)
    }

    /// The error, as [`Linker::instantiate`](crate::Linker::instantiate) has it.
    pub fn error(&self) -> &crate::Error {
        &self.0
    }

    /// The same, owned.
    pub fn into_error(self) -> crate::Error {
        self.0
    }
}

impl fmt::Display for LinkFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl StdError for LinkFault {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

/// What happened during instantiation. A [`Trap`](crate::Trap), or a host function's own error, is inside and can be
/// retrieved by downcasting [`RuntimeFault::error`].
///
/// Displays as `LOCATION: MESSAGE` where WebAssembly code was running, otherwise as the message.
#[derive(Debug)]
pub struct RuntimeFault {
    error: crate::Error,
    url: Box<str>,
}

impl RuntimeFault {
    pub(super) fn new(error: crate::Error, url: &str) -> RuntimeFault {
        RuntimeFault { error, url: url.into() }
    }

    /// The error, as [`Linker::instantiate`](crate::Linker::instantiate) has it.
    pub fn error(&self) -> &crate::Error {
        &self.error
    }

    /// The same, owned.
    pub fn into_error(self) -> crate::Error {
        self.error
    }

    /// Where WebAssembly code was running, innermost call first. Frames of modules other than the one being
    /// instantiated have the name of their module in place of a URL.
    pub fn frames(&self) -> Vec<Location> {
        let Some(backtrace) = self.error.downcast_ref::<WasmBacktrace>() else { return Vec::new() };
        // The outermost frame is the start function's, unless that is imported; its module is the one of the URL.
        let own = backtrace.frames().last().map(|f| f.module().clone());
        let frames = backtrace.frames().iter();
        frames.map(|frame| Location::of_frame(frame, own.as_ref().map(|own| (own, &*self.url)))).collect()
    }
}

impl fmt::Display for RuntimeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(frame) = self.frames().first() {
            write!(f, "{frame}: ")?;
        }
        // The backtrace is the outermost message, if there is one; what happened is the innermost.
        write!(f, "{}", self.error.root_cause())
    }
}

impl StdError for RuntimeFault {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.error.root_cause())
    }
}

/// Boxes an error so that downcasting the box returns the same error. Boxing an [`anyhow::Error`] in the usual way
/// would hide what is inside.
pub(super) fn boxed<E: Into<BoxError> + 'static>(error: E) -> BoxError {
    let mut error = Some(error);
    if let Some(anyhow) = (&mut error as &mut dyn Any).downcast_mut::<Option<anyhow::Error>>()
        && let Some(anyhow) = anyhow.take()
    {
        return anyhow.reallocate_into_boxed_dyn_error_without_backtrace();
    }
    error.expect("only taken where this returns").into()
}
