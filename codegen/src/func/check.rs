//! The state checker of debug builds: after each operator, the invariants of the pass hold.

use super::Func;
use super::value::Val;
use crate::masm::Masm;
use crate::ty::{Class, PerClass};

impl<M: Masm> Func<'_, M> {
    /// Checks `SETTLED`, `HOME_SLOT`, `OWNED` and `CACHED`.
    pub(super) fn check_state(&self) {
        if self.s.ctls.is_empty() || self.m.overflowed() {
            return;
        }
        self.debug_assert_settled();
        self.debug_assert_home_slots();
        self.debug_assert_owned();
        self.debug_assert_cached();
    }

    /// `SETTLED`
    fn debug_assert_settled(&self) {
        assert!(self.stack <= self.base && self.base <= self.floor, "SETTLED: the floor is below the base");
        assert!(self.floor <= self.sp, "SETTLED: the floor is above the top");
        let base = self.s.ctls.last().map_or(0, |ctl| ctl.height);
        assert_eq!(self.depth(self.base), base, "the base is not that of the current frame");
        // Looking at all values below the floor after each operator would be quadratic: the topmost are enough.
        let mut p = self.floor;
        for _ in 0..16 {
            if p == self.stack {
                break;
            }
            // SAFETY: between the bottom and `sp`.
            p = unsafe { p.sub(1) };
            // SAFETY: as above.
            let v = unsafe { *p };
            assert!(v.is_settled(), "SETTLED: {v:?} is below the floor");
        }
    }

    /// The values above the floor, with their depths.
    fn unsettled(&self) -> impl Iterator<Item = (u32, Val)> {
        // SAFETY: both are in the stack's memory, and everything below `sp` is initialised.
        let vals = unsafe { std::slice::from_raw_parts(self.floor, self.sp.offset_from(self.floor) as usize) };
        (self.depth(self.floor)..).zip(vals.iter().copied())
    }

    /// `HOME_SLOT`
    fn debug_assert_home_slots(&self) {
        for (depth, v) in self.unsettled().filter(|(_, v)| v.is_slot()) {
            assert_eq!(v.disp(), self.frame.slot(depth), "HOME_SLOT: depth {depth}");
            assert!(depth < self.frame.slots(), "HOME_SLOT: depth {depth} was never counted");
        }
    }

    /// `OWNED`
    fn debug_assert_owned(&self) {
        let mut all = PerClass([0u32; 2]);
        for (_, v) in self.unsettled().filter(|(_, v)| v.is_reg()) {
            let owned = &mut all[v.ty().class()];
            assert!(*owned & v.register().bit() == 0, "OWNED: {:?} has two owners", v.register());
            *owned |= v.register().bit();
        }
        for class in [Class::Int, Class::Float] {
            let (owned, free) = (all[class], self.regs.free[class]);
            assert_eq!(owned ^ free, M::temps(class), "OWNED: {class:?}, owned {owned:b}, free {free:b}");
        }
    }

    /// `CACHED`
    fn debug_assert_cached(&self) {
        assert!(!self.unsettled().any(|(_, v)| v.is_cached()), "CACHED: an operand that was pushed");
        for class in [Class::Int, Class::Float] {
            assert_eq!(self.regs.cached[class] & !self.regs.free[class], 0, "CACHED: a register that is not free");
        }
    }

    /// `REFS_STORED_AT_CALLS`, for the values that stay on the stack during the call.
    pub(super) fn debug_assert_refs_stored_at_calls(&self) {
        let in_register = |v: Val| v.ty().is_ref() && v.in_reg();
        assert!(!self.unsettled().any(|(_, v)| in_register(v)), "REFS_STORED_AT_CALLS");
    }
}
