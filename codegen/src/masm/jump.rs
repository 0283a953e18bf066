//! Jumps: to labels, to what is out of line, through tables.

use super::*;

/// A place in the code that is not known yet, as the last of the jumps to it: the jumps form a chain through
/// their own displacement fields, and through the entries of [`Tables`]. 0: no jump yet.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Chain(pub u32);

/// Jump tables: they stand behind the function's code, when all labels have their places.
#[derive(Default, Debug)]
pub struct Tables {
    /// Where in the code each table is used, and the number of its first entry.
    tables: Vec<(u32, u32)>,
    /// Where each entry goes to or, as long as that is not known, what comes next in the label's chain.
    entries: Vec<u32>,
}

impl Tables {
    /// So many entries are kept room for from one function to the next.
    const KEPT: usize = 1 << 14;

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no table.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Begins the table that the code at `site` uses.
    pub fn begin(&mut self, site: u32) {
        self.tables.push((site, self.entries.len() as u32));
    }

    /// Adds an entry, and returns its number.
    pub fn add(&mut self, entry: u32) -> u32 {
        self.entries.push(entry);
        self.entries.len() as u32 - 1
    }

    /// Makes the entries that a chain begins with go to `here`, and returns the rest of it. Of a link to an entry, `MARK`
    /// is set, and the bits above `SHIFT` are its number.
    #[inline(always)]
    pub fn bind<const MARK: u32, const SHIFT: u32>(&mut self, mut chain: u32, here: u32) -> u32 {
        while chain & MARK != 0 {
            chain = std::mem::replace(&mut self.entries[((chain ^ MARK) >> SHIFT) as usize], here);
        }
        chain
    }

    /// Each table: where it is used, and where its entries go to.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[u32])> {
        let ends = self.tables.iter().skip(1).map(|next| next.1).chain([self.entries.len() as u32]);
        self.tables.iter().zip(ends).map(|(&(site, first), end)| (site, &self.entries[first as usize..end as usize]))
    }

    /// The bytes of an entry of a table at `start`, whose entries are distances divided by 2^`shift`: 2 where that is
    /// enough for all of them, else 4.
    pub fn entry_size(start: u32, entries: &[u32], shift: u32) -> usize {
        let furthest = start - entries.iter().fold(start, |lowest, &to| lowest.min(to));
        if furthest >> shift <= u32::from(u16::MAX) { 2 } else { 4 }
    }

    /// Forgets all tables.
    pub fn clear(&mut self) {
        self.tables.clear();
        self.entries.clear();
        self.entries.shrink_to(Self::KEPT);
    }
}

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
    /// Begins a jump table: jumps to where entry min(`index`, `last`) says; `last + 1` entries must follow at once, each made
    /// by [`Jumps::table_entry`] or [`Jumps::table_entry_back`]. Overwrites `index`.
    fn table_jump(&mut self, index: Gpr, last: u32);
    /// A table entry that goes forward.
    fn table_entry(&mut self, to: &mut Chain);
    /// A table entry that goes back.
    fn table_entry_back(&mut self, to: u32);
}
