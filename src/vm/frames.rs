//! Reading the stack: from a place in compiled code outwards along the frame pointers (`FIXED_FRAME`).

use crate::vm::context::{Activation, VMCallState, VMStoreContext};
use std::ptr;

/// How many frames a backtrace keeps: the innermost ones. Deep recursion would cost megabytes otherwise.
pub(crate) const MAX_FRAMES: usize = 256;

/// Where frames are in their code, innermost first: at a place that faulted, or at the last byte of a call.
#[derive(Clone, Default, Debug)]
pub(crate) struct RawBacktrace {
    pub pcs: Vec<usize>,
    /// Whether there were more frames.
    pub cut: bool,
}

/// A return address without the signature that code with landing pads gives it
/// ([`Config::branch_protection`](crate::Config::branch_protection)).
#[cfg(target_arch = "aarch64")]
pub(super) fn unsigned(mut pc: usize) -> usize {
    // SAFETY: xpaclri works on x30 alone, and is a hint to processors that do not know it.
    unsafe { std::arch::asm!("hint #7", inout("x30") pc, options(pure, nomem, nostack, preserves_flags)) };
    pc
}

#[cfg(not(target_arch = "aarch64"))]
pub(super) fn unsigned(pc: usize) -> usize {
    pc
}

impl RawBacktrace {
    /// The frames on the stack of compiled code of the store with context `vm`: `inner` first, a place (pc and frame
    /// pointer) in the innermost activation in it, or where that last called the host; then those of outer ones.
    ///
    /// # Safety
    /// `innermost` must be the thread's innermost activation, or null; `inner` as described, or `None` if the host runs
    /// now.
    pub unsafe fn capture(
        vm: *mut VMStoreContext,
        innermost: *const Activation,
        inner: Option<(usize, usize)>,
    ) -> RawBacktrace {
        let mut trace = RawBacktrace::default();
        let mut faulted = inner.is_some();
        let mut add = |pc, _| {
            let pc = if std::mem::take(&mut faulted) { pc } else { pc - 1 };
            // A trap remains one, with fewer frames.
            trace.cut = trace.pcs.len() == MAX_FRAMES || trace.pcs.try_reserve(1).is_err();
            if !trace.cut {
                trace.pcs.push(pc);
            }
            !trace.cut
        };
        // SAFETY: guaranteed by the caller.
        unsafe { each_frame(vm, innermost, inner, &mut add) };
        trace
    }
}

/// Passes on a run of frames: `pc` in the frame `fp`, then its callers up to the entry trampoline's frame `entry_fp`.
/// Ends when `each` says so; whether it did not.
///
/// # Safety
/// `fp` must be the frame pointer of compiled code called, however deep, from that trampoline, and still on the stack.
pub(super) unsafe fn walk(
    mut pc: usize,
    mut fp: usize,
    entry_fp: usize,
    each: &mut impl FnMut(usize, usize) -> bool,
) -> bool {
    loop {
        if !each(pc, fp) {
            return false;
        }
        // SAFETY: `FIXED_FRAME`: the caller's frame pointer is at fp, the return address above it.
        let (caller_fp, return_pc) = unsafe { (*(fp as *const usize), *((fp + 8) as *const usize)) };
        // Frames lie at ascending addresses; anything else is not our stack, and ends the walk.
        if caller_fp == entry_fp || caller_fp <= fp {
            return true;
        }
        (pc, fp) = (unsigned(return_pc), caller_fp);
    }
}

/// Passes on the frames that [`RawBacktrace::capture`] describes: where each goes on, or faulted, and its frame pointer.
/// Ends when `each` says so.
///
/// # Safety
/// As there.
pub(super) unsafe fn each_frame(
    vm: *mut VMStoreContext,
    innermost: *const Activation,
    mut inner: Option<(usize, usize)>,
    each: &mut impl FnMut(usize, usize) -> bool,
) {
    // SAFETY: the chain of activations is on the stacks that this thread runs on, and lives at least as long as
    // this call; each store's context outlives the activations in it.
    unsafe {
        let mut call: *const VMCallState = &raw const (*vm).call;
        let mut at = innermost;
        while !at.is_null() {
            if (*at).vm == vm {
                let (pc, fp) = inner.take().unwrap_or((unsigned((*call).exit_pc), (*call).exit_fp));
                if fp != 0 && !walk(pc, fp, (*call).entry_fp, each) {
                    return;
                }
                call = (*at).outer;
            } else if let Some(outer) = outer_call(&*at, vm) {
                call = outer;
            }
            at = (*at).prev.get();
        }
    }
}

/// What the store with context `vm` held further out, if `activation` is the base of a fiber that runs its code.
fn outer_call(activation: &Activation, vm: *mut VMStoreContext) -> Option<*const VMCallState> {
    let border = activation.border().filter(|border| ptr::eq(border.store, vm))?;
    Some(border.outer_call.get()).filter(|outer| !outer.is_null())
}

/// Passes on every word of the stack from `start` to the entry of the outermost activation in the store with context
/// `vm`, with the fibers in between as a whole: whatever compiled code of the store has in its frames is among them.
/// Without `start`, from here: frames of the host may have saved the registers of compiled code.
///
/// # Safety
/// The thread that calls must be the one that runs the store's activations, if there are any, `innermost` its innermost
/// activation; `start` is on the stack that it runs on, and what compiled code has in registers is there or above.
pub(super) unsafe fn each_word_of_stack(
    vm: *mut VMStoreContext,
    innermost: *const Activation,
    start: Option<usize>,
    mut each: impl FnMut(u64),
) {
    let here = std::hint::black_box(0u64);
    let mut from = start.unwrap_or((&raw const here) as usize) & !7;
    // Where the store was entered, on the stack that is looked at, and by which state that is known further out.
    let mut entry = 0;
    // SAFETY: the chain of activations is on the stacks that this thread runs on, as all that lies between here and
    // their entries; a store's context outlives them.
    unsafe {
        let mut call: *const VMCallState = &raw const (*vm).call;
        let mut activation = innermost;
        while !activation.is_null() {
            if let Some(border) = (*activation).border() {
                // Further out, the store may be in no call.
                words(from, border.top, &mut each);
                (from, entry) = (border.outer_sp.get(), 0);
                call = outer_call(&*activation, vm).unwrap_or(call);
            } else if (*activation).vm == vm {
                entry = (*call).entry_fp;
                call = (*activation).outer;
            }
            activation = (*activation).prev.get();
        }
        words(from, entry, &mut each);
    }
}

/// Passes on the words from `from` up to `end`, if that is above.
///
/// # Safety
/// They must be on a stack that this thread runs on, or that is suspended.
pub(super) unsafe fn words(from: usize, end: usize, each: &mut impl FnMut(u64)) {
    let mut at = from;
    while at < end {
        let word: u64;
        // SAFETY: guaranteed by the caller. Read past what checkers of memory know of the frames in between.
        unsafe {
            #[cfg(target_arch = "x86_64")]
            std::arch::asm!("mov {}, [{}]", out(reg) word, in(reg) at, options(nostack, readonly, preserves_flags));
            #[cfg(target_arch = "aarch64")]
            std::arch::asm!("ldr {}, [{}]", out(reg) word, in(reg) at, options(nostack, readonly, preserves_flags));
        }
        each(word);
        at += 8;
    }
}
