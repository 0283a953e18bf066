//! The way into compiled code and out of it.
//!
//! Each call from the host into compiled code is an *activation*. The activations of a thread form a chain
//! through the host's stack, innermost first, whose head is in [`ThreadState::current`](thread::ThreadState::current). An activation within
//! another one of the same store saves the fields of the [`VMStoreContext`] that the entry trampoline and host calls
//! overwrite, and restores them. When a store is in no call, `exit_fp` is 0 and the other fields mean nothing.
//!
//! Compiled code ends in one of three ways: it returns; a fault in it is turned into a trap by the signal handler;
//! or a host function fails. The latter two park an [`Unwind`] in the store and make the entry trampoline return 1.

use crate::api::backtrace::WasmBacktrace;
use crate::api::store::StoreOpaque;
use crate::api::trap::Trap;
use crate::vm::context::{EntryFn, VMContext, VMStoreContext, ValRaw};
use crate::vm::frames::RawBacktrace;
use crate::vm::thread;
use crate::{Error, Result};
use headwater_codegen::TrapCode;
use std::any::Any;
use std::cell::Cell;

/// Why the entry trampoline returned 1.
pub(crate) enum Unwind {
    /// A host function returned an error.
    Error(Error),
    /// A host function panicked.
    Panic(Box<dyn Any + Send>),
    /// Compiled code trapped.
    Trap(RawTrap),
}

/// The fields of a [`VMStoreContext`] that belong to the activation around this one.
pub(crate) struct OuterState {
    stack_limit: usize,
    entry_sp: usize,
    pub entry_fp: usize,
    entry_pc: usize,
    pub exit_fp: usize,
    pub exit_pc: usize,
    store: *mut StoreOpaque,
}

impl OuterState {
    fn save(vm: &VMStoreContext) -> OuterState {
        let VMStoreContext { stack_limit, entry_sp, entry_fp, entry_pc, exit_fp, exit_pc, store } = *vm;
        OuterState { stack_limit, entry_sp, entry_fp, entry_pc, exit_fp, exit_pc, store }
    }

    fn restore(self, vm: &mut VMStoreContext) {
        let OuterState { stack_limit, entry_sp, entry_fp, entry_pc, exit_fp, exit_pc, store } = self;
        *vm = VMStoreContext { stack_limit, entry_sp, entry_fp, entry_pc, exit_fp, exit_pc, store };
    }
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
    /// What `vm` held before, if the store was in a call already, on whatever thread.
    pub outer: Option<OuterState>,
    /// Lowest stack address for compiled code on this thread.
    stack_limit: usize,
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
        // SAFETY: `store` is valid; its context lives as long as it.
        let vm = unsafe { (*store).vm() };
        let here = Cell::new(0u8);
        let sp = here.as_ptr() as usize;
        let prev = thread.current.get();
        let stack_limit = if prev.is_null() {
            // SAFETY: `store` is valid.
            thread.stack_limit(sp, unsafe { (*store).max_wasm_stack })?
        } else {
            // SAFETY: activations in the chain are further out on this stack.
            unsafe { (*prev).stack_limit }
        };
        if sp < stack_limit {
            return Err(overflow(prev));
        }
        // A host function that was called by compiled code of this store runs if `exit_fp` is set: only such a one
        // gets here from within a call into the store.
        // SAFETY: `vm` is valid, see above, and only used by this thread meanwhile.
        let outer = unsafe { ((*vm).exit_fp != 0).then(|| OuterState::save(&*vm)) };
        let mut activation = Activation { vm, prev, outer, stack_limit };
        // SAFETY: as above. The caller vouches for code, context and arguments. The trampoline does not unwind: it
        // returns whatever happens.
        let rc = unsafe {
            (*vm).stack_limit = stack_limit;
            (*vm).exit_fp = 0;
            (*vm).store = store;
            thread.current.set(&activation);
            entry(vmctx, callee, args, vm)
        };
        thread.current.set(prev);
        // SAFETY: as above; compiled code is done with the store.
        unsafe {
            match activation.outer.take() {
                None => (*vm).exit_fp = 0,
                Some(outer) => outer.restore(&mut *vm),
            }
            if rc == 0 { Ok(()) } else { Err(failure(store)) }
        }
    })
}

/// There is no room on the stack for another call.
#[cold]
fn overflow(prev: *const Activation) -> Error {
    // SAFETY: `prev` is the innermost activation, and the host is running.
    trap_error(TrapCode::StackOverflow, || unsafe { RawBacktrace::capture(prev, None) })
}

/// Why the activation, which is over, did not return.
///
/// # Safety
/// `store` must be valid and not in use.
#[cold]
unsafe fn failure(store: *mut StoreOpaque) -> Error {
    // SAFETY: the caller says that the store is not in use.
    match unsafe { (*store).take_unwind() } {
        Some(unwind) => resume(unwind),
        None => {
            debug_assert!(false, "compiled code unwound without a reason");
            Error::msg("internal error: compiled code unwound without a reason")
        }
    }
}

/// The error that made compiled code unwind, or the panic itself.
#[cold]
pub(crate) fn resume(unwind: Unwind) -> Error {
    match unwind {
        Unwind::Error(error) => error,
        Unwind::Panic(payload) => std::panic::resume_unwind(payload),
        Unwind::Trap(trap) => trap_error(trap.code, || trap.frames),
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
