//! The compiled convention: where arguments and results are, for both sides of every call.
//!
//! Integers and references take the registers of [`Masm::GPR_ARGS`] in order, floats those of [`Masm::FPR_ARGS`], the
//! rest takes 8-byte stack slots in order: the caller's outgoing area, which the callee finds at fp + 16. Results
//! are assigned by the same rule; those on the stack overwrite the stack arguments.

use crate::masm::Masm;
use crate::ty::Ty;
use std::marker::PhantomData;

/// Where one argument or result is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    Gpr(u8),
    Fpr(u8),
    /// Index of the 8-byte stack slot.
    Stack(u32),
}

/// Assigns places to a sequence of types.
pub(crate) struct Assign<M> {
    gprs: usize,
    fprs: usize,
    stack: u32,
    isa: PhantomData<M>,
}

impl<M: Masm> Assign<M> {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Assign { gprs: 0, fprs: 0, stack: 0, isa: PhantomData }
    }

    /// The place of the next value.
    #[inline(always)]
    pub(crate) fn next(&mut self, ty: Ty) -> Place {
        let (used, regs) = if ty.is_fp() { (&mut self.fprs, M::FPR_ARGS) } else { (&mut self.gprs, M::GPR_ARGS) };
        match regs.get(*used) {
            Some(&reg) => {
                *used += 1;
                if ty.is_fp() { Place::Fpr(reg) } else { Place::Gpr(reg) }
            }
            None => {
                self.stack += 1;
                Place::Stack(self.stack - 1)
            }
        }
    }

    /// Stack slots taken so far.
    #[inline(always)]
    pub(crate) fn stack_slots(&self) -> u32 {
        self.stack
    }
}
