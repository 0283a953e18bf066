//! From chunks of bytes to a module: sections decoded as they are complete, function bodies compiled as they
//! arrive. Knows no sockets and no files.
//!
//! ```text
//! push ─► decoder ─┬─► sections ─────────────────────────► ModuleInfo, ModuleEnv
//!                  └─► inline | pooled ─► body ─► codegen ─► code::link
//! ```
//!
//! * [`decoder`] cuts the stream into sections and bodies and keeps what is not complete;
//! * [`sections`] validates sections and turns them into what instantiation and compilation need, with [`types`],
//!   [`group`] and [`constants`], from the bytes that [`reader`] reads;
//! * [`judge`] shows wasmparser's validator what was refused, and first what it has not seen;
//! * [`data`] and [`custom`] take in, byte by byte, sections that can be large and come last; [`replay`] makes
//!   wasmparser's parser continue behind them;
//! * [`counts`] refuses sections that announce more entries than they have bytes, before memory is allocated for them;
//! * [`widths`] and [`elements`] judge what wasmparser would refuse for limits that no browser has, by [`shown`];
//! * [`code_section`] delimits bodies, which [`inline`] and [`pooled`] compile, on the pushing thread or on several,
//!   into the memory of [`space`];
//! * [`body`] compiles one body; [`verdict`] has wasmparser judge it and word its errors.

mod body;
mod code_section;
mod constants;
mod counts;
mod custom;
mod data;
mod decoder;
mod elements;
mod group;
mod inline;
mod judge;
mod leb;
mod pooled;
mod progress;
mod reader;
mod replay;
mod resources;
mod sections;
mod shown;
mod space;
mod types;
mod verdict;
mod whole;
mod widths;

pub(crate) use body::BodyCompiler;
#[cfg(test)]
pub(crate) use decoder::compiled_in;
pub use progress::{Progress, WorkSpan};

use crate::engine::Engine;
use crate::error::{CompileError, CompileErrorKind, is_out_of_memory};
use crate::module::Module;
use decoder::Decoder;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
// Not modelled: this flag says nothing about other memory.
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Stops a [`StreamingCompiler`] from another thread, even in the middle of a long function body.
///
/// ```
/// use headwater::{CompileErrorKind, Engine, StreamingCompiler};
/// let mut compiler = StreamingCompiler::new(&Engine::default());
/// let stopper = compiler.stopper();
/// std::thread::spawn(move || stopper.stop()).join().unwrap();
/// let error = compiler.push(b"\0asm\x01\0\0\0").unwrap_err();
/// assert_eq!(error.kind(), CompileErrorKind::Stopped);
/// ```
#[derive(Clone, Default, Debug)]
pub struct Stopper(pub(crate) Arc<AtomicBool>);

impl Stopper {
    /// Makes the call that is running, or the next one, fail with [`CompileErrorKind::Stopped`] soon: within some
    /// thousand bytes of a body, whatever they contain. A module that is complete is not affected.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was stopped.
    pub(crate) fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Compiles a module while its bytes arrive.
///
/// The bytes may be split in any way: the outcome is that of one push. An error is reported by the first push that
/// proves that no module that begins with these bytes is valid, and by every call after that. Dropping the compiler
/// aborts and frees everything.
///
/// ```
/// use headwater::{Engine, StreamingCompiler};
/// let mut compiler = StreamingCompiler::new(&Engine::default());
/// for byte in b"\0asm\x01\0\0\0" {
///     compiler.push(&[*byte])?;
/// }
/// let module = compiler.finish()?;
/// # Ok::<(), headwater::CompileError>(())
/// ```
pub struct StreamingCompiler {
    state: Result<Box<Decoder>, CompileError>,
    /// `None` only if it could not be allocated, in which case there is nothing to stop.
    stopper: Option<Stopper>,
}

impl StreamingCompiler {
    /// A compiler that expects the first byte of a module.
    pub fn new(engine: &Engine) -> StreamingCompiler {
        let mut panic = None;
        let mut stopper = None;
        let make = || Ok(Box::new(Decoder::new(engine, stopper.insert(Stopper::default()).clone())));
        let state = guarded(make, &mut panic);
        if let Some(panic) = panic {
            resume_unwind(panic);
        }
        StreamingCompiler { state, stopper }
    }

    /// What stops this compilation from another thread.
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone().unwrap_or_default()
    }

    /// Reports progress to `observer`: at the end of each [`push`](Self::push), during long ones, and when everything
    /// is compiled. It is called on the thread that calls these methods.
    ///
    /// ```
    /// use headwater::{Engine, StreamingCompiler};
    /// let mut compiler = StreamingCompiler::new(&Engine::default())
    ///     .with_observer(|p| println!("{} bytes received, {} compiled", p.received, p.compiled));
    /// ```
    #[must_use]
    pub fn with_observer(mut self, observer: impl Fn(Progress) + Send + 'static) -> StreamingCompiler {
        if let Ok(decoder) = &mut self.state {
            decoder.observe(Box::new(observer));
        }
        self
    }

    /// Reports to `observer` when which thread compiled. It is called on that thread, which is one of the engine's or
    /// the one that calls these methods, at the end of each [`WorkSpan`]; spans whose bodies are invalid are not
    /// reported. If it panics, the module fails to compile.
    ///
    /// ```
    /// use headwater::{Engine, StreamingCompiler};
    /// let mut compiler = StreamingCompiler::new(&Engine::default()).with_work_observer(|span| {
    ///     println!("{:?} worked for {:?}", std::thread::current().id(), span.end - span.start);
    /// });
    /// ```
    #[must_use]
    pub fn with_work_observer(mut self, observer: impl Fn(WorkSpan) + Send + Sync + 'static) -> StreamingCompiler {
        if let Ok(decoder) = &mut self.state {
            decoder.observe_work(Arc::new(observer));
        }
        self
    }

    /// Takes the next bytes of the module. With 0 compile threads, every complete body has been compiled when this
    /// returns.
    ///
    /// # Errors
    /// If the bytes prove that the module is invalid or exceeds a limit; of several errors, the first in byte order.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), CompileError> {
        self.advance(|decoder| decoder.push(bytes))
    }

    fn is_stopped(&self) -> bool {
        self.stopper.as_ref().is_some_and(Stopper::is_stopped)
    }

    /// Runs `step`, unless the stream is over; it is over if `step` fails.
    fn advance(&mut self, step: impl FnOnce(&mut Decoder) -> Result<(), CompileError>) -> Result<(), CompileError> {
        let mut panic = None;
        let stopped = self.is_stopped();
        let decoder = self.state.as_mut().map_err(|e| e.clone())?;
        let step = |decoder: &mut Decoder| if stopped { Err(CompileError::stopped()) } else { step(decoder) };
        if let Err(e) = guarded(|| step(decoder), &mut panic) {
            // Dropping the decoder stops the threads that work for it.
            self.state = Err(e.clone());
            if let Some(panic) = panic {
                resume_unwind(panic);
            }
            return Err(loud(e));
        }
        Ok(())
    }

    /// Waits until all bodies that are complete are compiled, and helps.
    ///
    /// # Errors
    /// As for [`push`](Self::push): after this every error in what was pushed is known.
    pub(crate) fn judge(&mut self) -> Result<(), CompileError> {
        self.advance(Decoder::judge)
    }

    /// Whether other threads compile for this one, so that [`judge`](Self::judge) and [`finish`](Self::finish) may wait
    /// for them.
    pub(crate) fn is_pooled(&self) -> bool {
        self.state.as_ref().is_ok_and(|decoder| decoder.is_pooled())
    }

    /// Ends the stream, and returns the module.
    ///
    /// # Errors
    /// As for [`push`](Self::push), and if the module is not complete.
    pub fn finish(self) -> Result<Module, CompileError> {
        let stopped = self.is_stopped();
        let decoder = self.state?;
        if stopped {
            return Err(CompileError::stopped());
        }
        let mut panic = None;
        let result = guarded(|| decoder.finish(), &mut panic);
        match panic {
            Some(panic) => resume_unwind(panic),
            None => result.map_err(loud),
        }
    }
}

/// What `step` returns, or an error if it panics. Unless memory ran out, the panic is to be resumed: it is the
/// observer's, or a bug.
fn guarded<R>(
    step: impl FnOnce() -> Result<R, CompileError>,
    panic: &mut Option<Box<dyn Any + Send>>,
) -> Result<R, CompileError> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|payload| {
        let error = CompileError::panicked(&*payload, None, None);
        if !is_out_of_memory(&*payload) {
            *panic = Some(payload);
        }
        Err(error)
    })
}

/// Where debug assertions are on, a bug must not be mistaken for an expected error.
fn loud(error: CompileError) -> CompileError {
    debug_assert!(error.kind() != CompileErrorKind::Internal, "{error}");
    error
}

impl std::fmt::Debug for StreamingCompiler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut f = f.debug_struct("StreamingCompiler");
        if let Err(e) = &self.state {
            f.field("error", e);
        }
        f.finish_non_exhaustive()
    }
}
