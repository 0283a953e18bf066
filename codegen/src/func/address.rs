//! Addresses that are known: which locals were the index of an access to memory 0 just before.
//!
//! Programs read several fields of what a local points to. Where an instruction set has no form with base, index and
//! displacement, the sum of base and index is kept in one of [`Masm::ADDRESS_REGS`] for the next field; and an index of
//! 64 bits that was compared with the memory's length is not compared again, since memories only grow.
//!
//! `ADDRESS`: a bit of [`known`] in the mask of cached integer registers says that the local in `Scratch::addresses`
//! has the value that it had at an access to memory 0 that nothing jumped over; that value is at most the memory's
//! length if it has 64 bits; and the register of that number, if the machine has such registers, holds it plus
//! [`Masm::MEMBASE`]. All bits are cleared at labels, a local's where it is written, and all at calls if there are such
//! registers, since nobody preserves them.

use super::Func;
use super::value::Val;
use crate::masm::{Alu, Loc, Masm, Width};
use crate::reg::Gpr;
use crate::ty::Class;

/// Most locals that are known at a time.
pub(super) const MAX_KNOWN: usize = 4;

/// The bits of all locals that are known, in the mask of cached integer registers. None of them is a temporary's.
pub(super) const ALL_KNOWN: u32 = known(MAX_KNOWN) - known(0);

/// The bit of entry `i` of `Scratch::addresses`.
const fn known(i: usize) -> u32 {
    1 << (26 + i)
}

impl<M: Masm> Func<'_, M> {
    /// How many locals are known at a time.
    const KNOWN: usize = if M::ADDRESS_REGS.is_empty() { MAX_KNOWN } else { M::ADDRESS_REGS.len() };

    /// The local whose value a popped index is, if it is one's and not a copy.
    #[inline(always)]
    fn local_of(&self, index: Val) -> Option<Val> {
        if index.is_pin() {
            if !index.is_cached() {
                return Some(index);
            }
            return Some(Val::local(index.ty(), self.s.cache[Class::Int as usize][index.register().index()]));
        }
        index.is_local().then_some(index)
    }

    /// Its number among the locals that are known.
    #[inline(always)]
    fn find_known(&self, local: Val) -> Option<usize> {
        let bits = self.regs.cached[Class::Int];
        (0..Self::KNOWN).find(|&i| bits & known(i) != 0 && self.s.addresses[i] == local)
    }

    /// Notes that the popped `index`, in a register, is the value of `local` and was checked; it becomes the latest.
    #[inline(always)]
    fn note_known(&mut self, local: Val, index: Val) -> usize {
        let bits = self.regs.cached[Class::Int];
        let i = if bits & ALL_KNOWN == 0 { 0 } else { (self.s.latest_address + 1) % Self::KNOWN };
        self.regs.cached[Class::Int] |= known(i);
        self.s.addresses[i] = local;
        self.s.latest_address = i;
        if let Some(&reg) = M::ADDRESS_REGS.get(i) {
            self.m.alu(Alu::Add, Width::W64, reg, Loc::reg(M::MEMBASE), index.loc());
        }
        i
    }

    /// The register that holds the address in memory 0 of a popped index that is not a constant, if an access of
    /// 2^`exponent` bytes reaches `disp` from there and that is no longer than without: nothing else is checked.
    #[inline(always)]
    pub(super) fn address_of(&mut self, index: Val, disp: i32, exponent: u8) -> Option<Gpr> {
        if M::ADDRESS_REGS.is_empty() || !M::reaches(disp, exponent) {
            return None;
        }
        let local = self.local_of(index)?;
        let i = match self.find_known(local) {
            Some(i) => {
                self.s.latest_address = i;
                i
            }
            None if disp == 0 => return None,
            None => {
                let index = self.in_reg(index);
                self.note_known(local, index)
            }
        };
        Some(M::ADDRESS_REGS[i])
    }

    /// Checks a popped 64-bit index, in a register, of an access to memory 0 whose end the guard covers, unless it is
    /// known to have been checked.
    pub(super) fn check_known(&mut self, index: Val) {
        let local = self.local_of(index);
        if let Some(local) = local
            && let Some(i) = self.find_known(local)
        {
            self.s.latest_address = i;
            return;
        }
        self.m.check_index(index.gpr(), self.env.layout.memory(0));
        if let Some(local) = local {
            self.note_known(local, index);
        }
    }

    /// Forgets a local that is about to change.
    #[inline(always)]
    pub(super) fn forget_known(&mut self, local: Val) {
        if self.regs.cached[Class::Int] & ALL_KNOWN != 0
            && let Some(i) = self.find_known(local)
        {
            self.regs.cached[Class::Int] &= !known(i);
        }
    }

    /// `ADDRESS`
    #[cfg(debug_assertions)]
    pub(super) fn debug_assert_address(&self) {
        let bits = self.regs.cached[Class::Int] & ALL_KNOWN;
        assert!(bits < known(Self::KNOWN), "ADDRESS: a local beyond the last");
        for (i, local) in self.s.addresses.iter().enumerate().filter(|&(i, _)| bits & known(i) != 0) {
            assert!(local.is_local() || local.is_pin() && !local.is_cached(), "ADDRESS: {local:?} is no local");
            assert_eq!(self.find_known(*local), Some(i), "ADDRESS: {local:?} is there twice");
        }
    }
}
