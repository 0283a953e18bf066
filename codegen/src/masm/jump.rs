//! Jumps: to labels, to what is out of line, through tables.

use super::*;

/// A place in the code that is not known yet, as the last of the jumps to it: the jumps form a chain through
/// their own displacement fields. 0: no jump yet.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Chain(pub u32);

/// Jumps: to labels, to what is out of line, through tables.
pub trait Jumps: Sized {
    /// Whether conditional traps need no stubs. The operator's next site tells whose they are (`TRAP_SITE`).
    const TRAPS_IN_PLACE: bool;
    /// Emits the trap instruction.
    fn trap(&mut self, code: TrapCode);
    /// Jumps forward and adds the jump to the chain.
    fn jump(&mut self, to: &mut Chain);
    /// Jumps forward if `cond` holds. FLAGS are consumed.
    fn jump_if(&mut self, cond: Cond, to: &mut Chain);
    /// Jumps back.
    fn jump_back(&mut self, to: u32);
    /// Jumps back if `cond` holds.
    fn jump_back_if(&mut self, cond: Cond, to: u32);
    /// Makes all jumps of the chain go here.
    fn bind(&mut self, chain: Chain);
    /// Jumps from elsewhere will come here.
    fn come_here(&mut self) {}
    /// Jumps to a stub of this kind if `cond` (no `F…`) holds.
    fn stub_if(&mut self, cond: Cond, kind: StubKind);
    /// Traps if `cond` (no `F…`) holds: at a stub or, with [`Jumps::TRAPS_IN_PLACE`], here (`TRAP_SITE`).
    /// FLAGS are undefined afterwards, but for what is out of bounds where indices are masked.
    fn trap_if(&mut self, cond: Cond, code: TrapCode);
    /// Makes the jump to a stub that is at `site` go here.
    fn bind_stub(&mut self, site: u32);
    /// Where control continues if the jump to a stub that is at `site` is not taken.
    fn after_stub_jump(&self, site: u32) -> u32;
    /// Jumps to a check if the execution is to be interrupted. No temporary is in use.
    fn check_interrupt(&mut self);
    /// Takes an amount of fuel that is to be patched and jumps to a check if less than that is left. Returns the
    /// position to patch. No temporary is in use.
    fn charge_fuel(&mut self) -> u32;
    /// Sets the amount, less than 2³¹, that is taken at `at`.
    fn patch_fuel(&mut self, at: u32, amount: u32);
    /// Begins a jump table: jumps to entry min(`index`, `last`); `last + 1` entries must follow at once, each made by
    /// [`Jumps::table_entry`] or [`Jumps::table_entry_back`]. Overwrites `index`.
    fn table_jump(&mut self, index: Gpr, last: u32);
    /// A table entry that goes forward.
    fn table_entry(&mut self, to: &mut Chain);
    /// A table entry that goes back.
    fn table_entry_back(&mut self, to: u32);
}
