//! Builtins that throw: they do not return, but go on at a landing or leave compiled code.

use super::{frames, instance, raise, store};
use crate::types::ValType;
use crate::vm::context::{VMContext, ValRaw};
use crate::vm::exception::{Landing, ThrownException, VMException};
use crate::vm::unwind::Unwind;
use headwater_codegen::TrapCode;
use std::ptr::NonNull;

/// Throws: `tag` with the arguments that are in home slots from `first` on, each `distance` bytes below the one before.
/// Whether compiled code goes on at a landing.
pub(in crate::vm) unsafe extern "C" fn throw(
    vmctx: *mut VMContext,
    tag: u64,
    first: *const u8,
    distance: u64,
    landing: *mut Landing,
) -> u32 {
    // SAFETY: compiled code passes its own context, a tag that there is, and slots in its frame.
    unsafe {
        let tag = *instance(vmctx).tag_slot(tag as u32);
        let types = tag.as_ref().ty.params();
        let payload = types.enumerate().map(|(i, ty)| {
            let slot = first.sub(i * distance as usize);
            match ty {
                ValType::V128 => slot.cast::<ValRaw>().read_unaligned(),
                _ => ValRaw::new(slot.cast::<u64>().read()),
            }
        });
        // What was caught here before is not held any longer.
        (*landing).clear();
        match (*store(vmctx)).new_exception(tag, payload, NonNull::new(landing)) {
            Ok(thrown) => unwind(vmctx, thrown, landing),
            Err(error) => {
                let unwind = Unwind::error(error, || frames(vmctx));
                (*store(vmctx)).park(unwind);
                0
            }
        }
    }
}

/// Throws again what a reference refers to.
pub(in crate::vm) unsafe extern "C" fn throw_ref(
    vmctx: *mut VMContext,
    exception: *mut VMException,
    _: u64,
    _: u64,
    landing: *mut Landing,
) -> u32 {
    // SAFETY: compiled code passes its own context, and a reference in its store.
    unsafe {
        match NonNull::new(exception) {
            Some(thrown) => unwind(vmctx, thrown, landing),
            None => {
                raise(vmctx, TrapCode::NullReference);
                0
            }
        }
    }
}

/// Throws what is pending in the store: a host function let it through.
pub(in crate::vm) unsafe extern "C" fn throw_pending(
    vmctx: *mut VMContext,
    _: u64,
    _: u64,
    _: u64,
    landing: *mut Landing,
) -> u32 {
    // SAFETY: the trampoline passes the context of who called the host function.
    unsafe {
        let pending = (*store(vmctx)).exceptions().borrow_mut().pending.take();
        let thrown = pending.expect("the trampoline only comes here for a pending exception");
        // It is no host function's any more.
        let _reason = (*store(vmctx)).take_unwind();
        unwind(vmctx, thrown, landing)
    }
}

/// Finds who catches, or leaves compiled code with the exception pending.
///
/// # Safety
/// As for [`store`]; `landing` has the pinned registers.
unsafe fn unwind(vmctx: *mut VMContext, thrown: NonNull<VMException>, landing: *mut Landing) -> u32 {
    // SAFETY: guaranteed by the caller.
    unsafe {
        let store = store(vmctx);
        let found = (*landing).find((*vmctx).store, &mut (*store).exceptions().borrow_mut(), thrown);
        if !found {
            let frames = frames(vmctx);
            let exceptions = (*store).exceptions();
            exceptions.borrow_mut().escape(thrown);
            exceptions.borrow_mut().pending = Some(thrown);
            (*store).park(Unwind::error(ThrownException.into(), || frames));
        }
        u32::from(found)
    }
}
