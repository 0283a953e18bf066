//! The way into compiled code and out of it.
//!
//! Each call from the host into compiled code is an *activation*. The activations of a thread form a chain
//! through the host's stack, innermost first, whose head is in [`ThreadState::current`]. An activation saves
//! the fields of its store's [`VMStoreContext`] that the entry trampoline and host calls overwrite, and restores them.
//!
//! Compiled code ends in one of three ways: it returns; a fault in it is turned into a trap by the signal handler,
//! which leaves what it knows in [`Activation::trap`]; or a host function fails, which leaves an [`Unwind`] in
//! the store. The latter two make the entry trampoline return 1.

use crate::api::backtrace::WasmBacktrace;
use crate::api::store::StoreOpaque;
use crate::api::trap::Trap;
use crate::vm::context::{EntryFn, VMContext, VMStoreContext, ValRaw};
use crate::vm::frames::RawBacktrace;
use crate::vm::thread::{self, ThreadState};
use crate::{Error, Result};
use headwater_codegen::TrapCode;
use std::any::Any;
use std::cell::{Cell, RefCell};

/// What a host function parked before it made its trampoline unwind.
pub(crate) enum Unwind {
    /// It returned an error.
    Error(Error),
    /// It panicked.
    Panic(Box<dyn Any + Send>),
}

/// The fields of a [`VMStoreContext`] that belong to the activation around this one.
pub(crate) struct OuterState {
    pub stack_limit: usize,
    pub entry_sp: usize,
    pub entry_fp: usize,
    pub entry_pc: usize,
    pub exit_fp: usize,
    pub exit_pc: usize,
    pub store: *mut StoreOpaque,
}

/// A trap as the signal handler saw it.
pub(crate) struct RawTrap {
    pub code: TrapCode,
    pub frames: RawBacktrace,
}

/// A call from the host into compiled code, on the host's stack.
pub(crate) struct Activation {
    /// Of the store that is called into.
    pub vm: *mut VMStoreContext,
    /// The next outer activation on this thread, in whatever store.
    pub prev: *const Activation,
    /// What `vm` held before.
    pub outer: OuterState,
    /// Lowest stack address for compiled code on this thread.
    stack_limit: usize,
    /// Written by the signal handler.
    pub trap: RefCell<Option<RawTrap>>,
}

/// Restores everything when the activation is over.
struct Scope<'a> {
    thread: &'a ThreadState,
    activation: &'a Activation,
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        let OuterState { stack_limit, entry_sp, entry_fp, entry_pc, exit_fp, exit_pc, store } = self.activation.outer;
        // SAFETY: the store's context outlives every call into the store.
        unsafe {
            *self.activation.vm = VMStoreContext { stack_limit, entry_sp, entry_fp, entry_pc, exit_fp, exit_pc, store };
        }
        self.thread.current.set(self.activation.prev);
    }
}

/// Calls `callee` with context `vmctx` through the entry trampoline `entry`; `args` is the argument array.
///
/// A panic of a host function that was called goes on here, after the compiled frames are gone.
///
/// # Errors
/// A trap or the error of a host function, with a backtrace attached.
///
/// # Safety
/// `store` is the store that `vmctx` belongs to, through a pointer that reaches all of it and that nothing
/// else uses meanwhile; `entry` fits the type of `callee`, and `args` has room for its parameters and results
/// and holds its parameters.
#[inline]
pub(crate) unsafe fn enter(
    store: *mut StoreOpaque,
    entry: EntryFn,
    vmctx: *mut VMContext,
    callee: *const u8,
    args: *mut ValRaw,
) -> Result<()> {
    thread::with(|thread| {
        thread.prepare()?;
        // SAFETY: `store` is valid; its context lives as long as it.
        let vm = unsafe { (*store).vm() };
        let here = Cell::new(0u8);
        let sp = here.as_ptr() as usize;
        let prev = thread.current.get();
        let stack_limit = if prev.is_null() {
            // SAFETY: `store` is valid.
            thread.stack_limit(sp, unsafe { (*store).max_wasm_stack })
        } else {
            // SAFETY: activations in the chain are further out on this stack.
            unsafe { (*prev).stack_limit }
        };
        if sp < stack_limit {
            return Err(trap_error(TrapCode::StackOverflow, || {
                // SAFETY: `prev` is the innermost activation, and the host is running.
                unsafe { RawBacktrace::capture(prev, None) }
            }));
        }
        // SAFETY: `vm` is valid, see above, and only used by this thread meanwhile.
        let outer = unsafe {
            OuterState {
                stack_limit: (*vm).stack_limit,
                entry_sp: (*vm).entry_sp,
                entry_fp: (*vm).entry_fp,
                entry_pc: (*vm).entry_pc,
                exit_fp: (*vm).exit_fp,
                exit_pc: (*vm).exit_pc,
                store: (*vm).store,
            }
        };
        let activation = Activation { vm, prev, outer, stack_limit, trap: RefCell::new(None) };
        let scope = Scope { thread, activation: &activation };
        // SAFETY: as above.
        unsafe {
            (*vm).stack_limit = stack_limit;
            (*vm).exit_fp = 0;
            (*vm).store = store;
        }
        thread.current.set(&activation);
        // SAFETY: the caller vouches for code, context and arguments.
        let rc = unsafe { entry(vmctx, callee, args, vm) };
        drop(scope);
        if rc == 0 {
            Ok(())
        } else {
            // SAFETY: compiled code is done with the store.
            Err(unsafe { failure(store, &activation) })
        }
    })
}

/// Why the activation, which is over, did not return.
///
/// # Safety
/// `store` must be valid and not in use.
#[cold]
unsafe fn failure(store: *mut StoreOpaque, activation: &Activation) -> Error {
    if let Some(trap) = activation.trap.take() {
        return trap_error(trap.code, || trap.frames);
    }
    // SAFETY: the caller says that the store is not in use.
    match unsafe { (*store).take_unwind() } {
        Some(unwind) => resume(unwind),
        None => {
            debug_assert!(false, "compiled code unwound without a reason");
            Error::msg("internal error: compiled code unwound without a reason")
        }
    }
}

/// The error of a host function that failed, or the panic itself.
pub(crate) fn resume(unwind: Unwind) -> Error {
    match unwind {
        Unwind::Error(error) => error,
        Unwind::Panic(payload) => std::panic::resume_unwind(payload),
    }
}

fn trap_error(code: TrapCode, frames: impl FnOnce() -> RawBacktrace) -> Error {
    attach_backtrace(Error::new(Trap::from_code(code)), frames)
}

/// Adds a backtrace to `error`, unless it has one or there are no frames.
pub(crate) fn attach_backtrace(error: Error, frames: impl FnOnce() -> RawBacktrace) -> Error {
    if error.downcast_ref::<WasmBacktrace>().is_some() {
        return error;
    }
    let frames = frames();
    if frames.pcs.is_empty() { error } else { error.context(WasmBacktrace::from_raw(&frames)) }
}

/// The calling thread's innermost activation in the store with context `vm`; null if there is none.
pub(crate) fn current_in(vm: *mut VMStoreContext) -> *const Activation {
    let mut at = thread::with(|t| t.current.get());
    // SAFETY: activations in the chain are on this thread's stack, further out.
    while !at.is_null() && unsafe { (*at).vm } != vm {
        at = unsafe { (*at).prev };
    }
    at
}
