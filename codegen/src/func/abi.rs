//! The compiled convention: where arguments and results are, for both sides of every call.
//!
//! Integers and references take the registers of [`Masm::GPR_ARGS`] in order, floats those of [`Masm::FPR_ARGS`], the
//! rest takes 8-byte stack slots in order: the caller's outgoing area, which the callee finds at fp + 16. Results
//! are assigned by the same rule; those on the stack overwrite the stack arguments.

use crate::masm::Masm;
use crate::reg::Reg;
use crate::ty::{PerClass, Ty};
use std::marker::PhantomData;

/// Where one argument or result is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// A register of the class of its type.
    Reg(Reg),
    /// Index of the 8-byte stack slot.
    Stack(u32),
}

/// Assigns places to a sequence of types.
pub(crate) struct Assign<M> {
    used: PerClass<usize>,
    stack: u32,
    isa: PhantomData<M>,
}

impl<M: Masm> Assign<M> {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Assign { used: PerClass([0; 2]), stack: 0, isa: PhantomData }
    }

    /// The place of the next value.
    #[inline(always)]
    pub(crate) fn next(&mut self, ty: Ty) -> Place {
        let class = ty.class();
        match M::arg(class, self.used[class]) {
            Some(reg) => {
                self.used[class] += 1;
                Place::Reg(reg)
            }
            None => {
                let place = Place::Stack(self.stack);
                self.stack += ty.slots();
                place
            }
        }
    }

    /// Stack slots taken so far.
    #[inline(always)]
    pub(crate) fn stack_slots(&self) -> u32 {
        self.stack
    }

    /// How many stack slots values of these types take.
    pub(crate) fn slots_of(tys: &[Ty]) -> u32 {
        let mut assign = Self::new();
        for &ty in tys {
            assign.next(ty);
        }
        assign.stack_slots()
    }
}
