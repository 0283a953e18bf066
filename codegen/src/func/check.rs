//! The state checker of debug builds: after each operator, the invariants of the pass hold.

use super::Func;
use super::value::Val;
use crate::masm::Masm;
use crate::ty::{Class, PerClass};

impl<M: Masm> Func<'_, M> {
    /// Checks `TRAP_SITE`, `SETTLED`, `HOME_SLOT`, `OWNED`, `CACHED` and `ADDRESS`.
    pub(super) fn check_state(&mut self) {
        self.debug_assert_trap_site();
        if self.s.ctls.is_empty() || self.m.overflowed() {
            return;
        }
        self.debug_assert_settled();
        // One pass for all, since thousands of values may stay above the floor.
        let mut owned = PerClass([0u32; 2]);
        for (depth, v) in self.unsettled() {
            if v.is_slot() {
                self.debug_assert_home_slot(depth, v);
            } else if v.is_reg() {
                Self::debug_assert_one_owner(v, &mut owned[v.ty().class()]);
            } else {
                assert!(!v.is_cached(), "CACHED: an operand that was pushed");
            }
        }
        self.debug_assert_owned(&owned);
        self.debug_assert_cached();
        self.debug_assert_address();
    }

    /// `TRAP_SITE`
    fn debug_assert_trap_site(&mut self) {
        let operator = self.here();
        assert!(!self.m.lists().trap_without_site, "TRAP_SITE: the trap of the operator at {operator:#x} has no site");
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
    fn debug_assert_home_slot(&self, depth: u32, v: Val) {
        assert_eq!(v.disp(), self.frame.slot(depth), "HOME_SLOT: depth {depth}");
        assert!(depth < self.frame.slots(), "HOME_SLOT: depth {depth} was never counted");
    }

    /// `OWNED`, of a value in a register, after those that have the registers of `owned`.
    fn debug_assert_one_owner(v: Val, owned: &mut u32) {
        assert!(*owned & v.register().bit() == 0, "OWNED: {:?} has two owners", v.register());
        *owned |= v.register().bit();
    }

    /// `OWNED`, of all registers, where values have those of `owned`.
    fn debug_assert_owned(&self, owned: &PerClass<u32>) {
        for class in [Class::Int, Class::Float] {
            let (owned, free) = (owned[class], self.regs.free[class]);
            assert_eq!(owned ^ free, M::temps(class), "OWNED: {class:?}, owned {owned:b}, free {free:b}");
        }
    }

    /// `CACHED`, of the registers.
    fn debug_assert_cached(&self) {
        for class in [Class::Int, Class::Float] {
            assert_eq!(
                self.regs.cached[class] & M::temps(class) & !self.regs.free[class],
                0,
                "CACHED: a register that is not free"
            );
        }
    }

    /// `REFS_STORED_AT_CALLS`, for the values that stay on the stack during the call.
    pub(super) fn debug_assert_refs_stored_at_calls(&self) {
        let in_register = |v: Val| v.ty().is_ref() && v.in_reg();
        assert!(!self.unsettled().any(|(_, v)| in_register(v)), "REFS_STORED_AT_CALLS");
    }
}
