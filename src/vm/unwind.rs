//! Why compiled code is unwound: what is parked in the store until its frames are gone.

use crate::Error;
use crate::vm::backtrace::WasmBacktrace;
use crate::vm::frames::RawBacktrace;
use headwater_codegen::TrapCode;
use std::any::Any;

/// Why the entry trampoline returned 1.
pub(crate) enum Unwind {
    /// A host function returned an error; with the frames of compiled code at that time, unless the error already has a
    /// backtrace.
    Error(Error, RawBacktrace),
    /// A host function panicked.
    Panic(Box<dyn Any + Send>),
    /// Compiled code trapped.
    Trap(RawTrap),
}

/// A trap as the signal handler saw it.
pub(crate) struct RawTrap {
    pub code: TrapCode,
    pub frames: RawBacktrace,
}

impl Unwind {
    /// For an error of a host function. Everything else, which may fail, waits until compiled code is unwound.
    pub fn error(error: Error, frames: impl FnOnce() -> RawBacktrace) -> Unwind {
        let frames = if has_backtrace(&error) { RawBacktrace::default() } else { frames() };
        Unwind::Error(error, frames)
    }
}

pub(super) fn has_backtrace(error: &Error) -> bool {
    error.downcast_ref::<WasmBacktrace>().is_some()
}
