//! Entering compiled code and leaving it.
//!
//! Each call from the host into compiled code is an *activation*. The activations of a thread form a chain through the
//! host's stack, innermost first, whose head is in [`ThreadState::current`](thread::ThreadState::current). An
//! activation within another one of the same store saves the [`VMCallState`], which the entry trampoline and host calls
//! overwrite, and restores it. When a store is in no call, `exit_fp` is 0 and the other fields mean nothing.
//!
//! Compiled code ends in one of three ways: it returns; a fault in it is turned into a trap by the signal handler;
//! or a host function fails. The latter two park an [`Unwind`] in the store and make the entry trampoline return 1.

use crate::trap::Trap;
use crate::vm::backtrace::WasmBacktrace;
use crate::vm::context::{Activation, EntryFn, VMCallState, VMContext, VMStoreContext, ValRaw};
use crate::vm::frames::RawBacktrace;
use crate::vm::store::StoreOpaque;
use crate::vm::thread::{self, ThreadState};
use crate::vm::unwind::{Unwind, has_backtrace};
use crate::{Error, Result};
use headwater_codegen::TrapCode;
use std::cell::Cell;
use std::mem::MaybeUninit;
use std::ptr;

/// Calls `callee` with context `vmctx` through the entry trampoline `entry`; `args` is the argument array.
///
/// A panic of a host function that was called is resumed here, after the compiled frames are gone.
///
/// # Errors
/// A trap or the error of a host function, with a backtrace attached.
///
/// # Safety
/// `store` is the store that `vmctx` belongs to, through a pointer that reaches all of it and that nothing else uses
/// meanwhile; `entry` is for the type of `callee`, and `args` has room for its parameters and results and holds its
/// parameters.
#[inline(always)]
pub(crate) unsafe fn enter(
    store: *mut StoreOpaque,
    entry: EntryFn,
    vmctx: *mut VMContext,
    callee: *const u8,
    args: *mut ValRaw,
) -> Result<()> {
    // SAFETY: `store` is valid; its context lives as long as it, and is only used by this thread meanwhile.
    unsafe {
        let vm = (*store).vm();
        // A host function that was called by compiled code of this store runs if `exit_fp` is set: only that can get
        // here from within a call into the store.
        if (*vm).call.exit_fp != 0 {
            return enter_nested(store, entry, vmctx, callee, args);
        }
        let rc = activate(store, entry, vmctx, callee, args, ptr::null())?;
        (*vm).call.exit_fp = 0;
        if rc == 0 { Ok(()) } else { Err(failure(store)) }
    }
}

/// [`enter`] from within a call into the same store.
///
/// # Safety
/// As for [`enter`].
#[inline(never)]
unsafe fn enter_nested(
    store: *mut StoreOpaque,
    entry: EntryFn,
    vmctx: *mut VMContext,
    callee: *const u8,
    args: *mut ValRaw,
) -> Result<()> {
    // SAFETY: as for `enter`.
    unsafe {
        let vm = (*store).vm();
        let (outer, outer_store) = ((*vm).call, (*vm).store);
        let rc = activate(store, entry, vmctx, callee, args, &outer)?;
        ((*vm).call, (*vm).store) = (outer, outer_store);
        if rc == 0 { Ok(()) } else { Err(failure(store)) }
    }
}

/// Makes the call with an activation around it, and returns what the entry trampoline does. The caller restores what
/// the store's context held before, `outer`.
///
/// # Errors
/// If there is no space on the stack; nothing has changed then.
///
/// # Safety
/// As for [`enter`].
#[inline(always)]
unsafe fn activate(
    store: *mut StoreOpaque,
    entry: EntryFn,
    vmctx: *mut VMContext,
    callee: *const u8,
    args: *mut ValRaw,
    outer: *const VMCallState,
) -> Result<u32> {
    // SAFETY: this thread lives at least until the call begins.
    let thread = unsafe { &*thread::state() };
    let here = MaybeUninit::<u8>::uninit();
    let sp = here.as_ptr() as usize;
    let prev = thread.current.get();
    let usual = if prev.is_null() && outer.is_null() {
        // SAFETY: `store` is valid.
        thread.usual_stack_limit(sp, unsafe { (*store).max_wasm_stack })
    } else {
        None
    };
    let stack_limit = match usual {
        Some(limit) => limit,
        // SAFETY: `store` is valid, and `prev` is the thread's innermost activation.
        None => unsafe { unusual_stack_limit(store, thread, sp) }?,
    };
    // SAFETY: `vm` is valid and only used by this thread meanwhile. The caller vouches for code, context and arguments.
    // The trampoline does not unwind: it always returns.
    unsafe {
        let vm = (*store).vm();
        (*vm).call.stack_limit = stack_limit;
        // Where there is nothing outer, it is.
        if !outer.is_null() {
            (*vm).call.exit_fp = 0;
        }
        (*vm).store = store.cast();
        let activation =
            Activation { vm, prev: Cell::new(prev), outer, stack_limit, current: Cell::new(&raw const thread.current) };
        thread.current.set(&activation);
        let rc = entry.call(vmctx, callee, args, vm);
        // It may have waited, and be on another thread now.
        (*activation.current.get()).set(activation.prev.get());
        Ok(rc)
    }
}

/// The limit of a call within another one, and where the thread or the stack is not as usual.
///
/// # Errors
/// If there is no space on the stack, or the thread cannot be prepared.
///
/// # Safety
/// `store` must be valid, and `thread` the calling thread's state.
#[inline(never)]
unsafe fn unusual_stack_limit(store: *mut StoreOpaque, thread: &ThreadState, sp: usize) -> Result<usize> {
    let prev = thread.current.get();
    // SAFETY: `store` is valid; activations in the chain are further out on this stack.
    unsafe {
        let limit = match prev.as_ref() {
            Some(prev) => prev.stack_limit,
            None => thread.stack_limit(sp, (*store).max_wasm_stack)?,
        };
        if sp < limit { Err(overflow((*store).vm(), prev)) } else { Ok(limit) }
    }
}

/// There is no space on the stack for another call.
#[cold]
fn overflow(vm: *mut VMStoreContext, prev: *const Activation) -> Error {
    // SAFETY: `prev` is the innermost activation, and the host is running.
    trap_error(TrapCode::StackOverflow, || unsafe { RawBacktrace::capture(vm, prev, None) })
}

/// Why the activation, which is over, did not return.
///
/// # Safety
/// `store` must be valid and not in use.
#[cold]
unsafe fn failure(store: *mut StoreOpaque) -> Error {
    // SAFETY: the caller guarantees that the store is not in use.
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
        Unwind::Error(error, frames) => attach_backtrace(error, || frames),
        Unwind::Panic(payload) => std::panic::resume_unwind(payload),
        Unwind::Trap(trap) => trap_error(trap.code, || trap.frames),
    }
}

fn trap_error(code: TrapCode, frames: impl FnOnce() -> RawBacktrace) -> Error {
    attach_backtrace(Error::new(Trap::from_code(code)), frames)
}

/// Adds a backtrace to `error`, unless it has one or there are no frames.
fn attach_backtrace(error: Error, frames: impl FnOnce() -> RawBacktrace) -> Error {
    if has_backtrace(&error) {
        return error;
    }
    let frames = frames();
    if frames.pcs.is_empty() { error } else { error.context(WasmBacktrace::from_raw(&frames)) }
}
