//! Reading the stack: from a place in compiled code outwards along the frame pointers (`FIXED_FRAME`).

use crate::vm::activation::Activation;
use crate::vm::context::VMStoreContext;

/// How many frames a backtrace keeps: the innermost ones. Deep recursion would cost megabytes otherwise.
pub(crate) const MAX_FRAMES: usize = 256;

/// The code addresses of frames, innermost first: a faulting instruction or a return address.
#[derive(Clone, Default, Debug)]
pub(crate) struct RawBacktrace {
    pub pcs: Vec<usize>,
    /// Whether there were more frames.
    pub cut: bool,
}

impl RawBacktrace {
    /// Adds a run of frames: `pc` in the frame `fp`, then its callers up to the entry trampoline's frame
    /// `entry_fp`. Returns whether all found room.
    ///
    /// # Safety
    /// `fp` must be the frame pointer of compiled code called, however deep, from that trampoline.
    unsafe fn walk(&mut self, mut pc: usize, mut fp: usize, entry_fp: usize) -> bool {
        loop {
            if self.pcs.len() == MAX_FRAMES {
                self.cut = true;
                return false;
            }
            self.pcs.push(pc);
            // SAFETY: `FIXED_FRAME`: at fp is the caller's frame pointer, above it the return address.
            let (caller_fp, return_pc) = unsafe { (*(fp as *const usize), *((fp + 8) as *const usize)) };
            // Frames lie at ascending addresses; anything else is no stack of ours, and ends the walk.
            if caller_fp == entry_fp || caller_fp <= fp {
                return true;
            }
            (pc, fp) = (return_pc, caller_fp);
        }
    }

    /// The frames of compiled code on the stack: `inner` first, a place (pc and frame pointer) in the activation
    /// `activation`, or where it last called the host; then those of outer activations in the same store.
    ///
    /// # Safety
    /// `activation` must be null or the thread's innermost one in its store; `inner` as told, or `None` if a host
    /// function runs now, called by compiled code in it.
    pub unsafe fn capture(activation: *const Activation, inner: Option<(usize, usize)>) -> RawBacktrace {
        let mut trace = RawBacktrace::default();
        if activation.is_null() {
            return trace;
        }
        // SAFETY: the chain of activations is on this thread's stack and lives at least as long as this call;
        // each store's context outlives the activations in it.
        unsafe {
            let vm: *mut VMStoreContext = (*activation).vm;
            let (pc, fp) = inner.unwrap_or(((*vm).exit_pc, (*vm).exit_fp));
            if fp != 0 && !trace.walk(pc, fp, (*vm).entry_fp) {
                return trace;
            }
            let mut at = activation;
            while !at.is_null() {
                if (*at).vm == vm
                    && let Some(outer) = (*at).outer.as_ref()
                    && !trace.walk(outer.exit_pc, outer.exit_fp, outer.entry_fp)
                {
                    return trace;
                }
                at = (*at).prev;
            }
        }
        trace
    }
}
