//! `FLAGS`, the pass's part of it: between a comparison and what uses its outcome nothing is emitted but moves,
//! loads and stores of the frame.
//!
//! Debug builds remember the position up to which the outcome stands. A comparison sets it, the two functions that
//! everything in between comes down to ([`Func::load_into`], [`Func::store_slot`]) advance it, and each use of the
//! outcome asserts that nothing else was emitted. That the emitters' moves do keep the flags is what their tests show.

use super::Func;
use crate::masm::Masm;

impl<M: Masm> Func<'_, M> {
    /// A comparison was just emitted.
    #[inline(always)]
    pub(super) fn flags_set(&mut self) {
        self.keep_flags(true);
    }

    /// Whether the outcome of a comparison stands here; false in release builds.
    #[inline(always)]
    pub(super) fn flags_stand(&self) -> bool {
        cfg!(debug_assertions) && self.flags == self.m.pos()
    }

    /// What was emitted since [`Func::flags_stand`] gave `stood` keeps FLAGS.
    #[inline(always)]
    pub(super) fn keep_flags(&mut self, stood: bool) {
        if cfg!(debug_assertions) && stood {
            self.flags = self.m.pos();
        }
    }

    /// `FLAGS`
    #[inline(always)]
    pub(super) fn debug_assert_flags(&self) {
        // After an overflow, positions begin anew.
        debug_assert!(self.flags_stand() || self.m.overflowed(), "FLAGS: something stands between comparison and use");
    }
}
