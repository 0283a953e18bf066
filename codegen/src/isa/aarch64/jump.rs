//! Jumps: to labels, to what is out of line, through tables.

use super::enc::{self, add_imm, imm, imm19, imm26, rrr};
use super::frame::BTI_J;
use super::{A64, NEAR_CODE, X16, X17, ZR, asm, cc, cc_of};
use crate::masm::*;
use crate::trap::TrapCode;
use crate::vmctx;
use dynasmrt::DynasmApi;

use Width::{W32, W64};

impl Jumps for A64 {
    const TRAPS_IN_PLACE: bool = false;

    fn trap(&mut self, code: TrapCode) {
        // udf #code
        self.put(code as u32);
    }

    #[inline(always)]
    fn jump(&mut self, to: &mut Chain) {
        self.put(enc::B | to.0 >> 2);
        to.0 = self.pos();
    }

    #[inline(always)]
    fn jump_if(&mut self, cond: Cond, to: &mut Chain) {
        if self.small
            && to.0 >> 2 <= TEST_REACH
            && let Some(word) = self.sign_branch(cond)
        {
            self.put(word | (to.0 >> 2) << 5);
            to.0 = self.pos();
            return;
        }
        let word = self.branch(cond);
        if self.far {
            self.skip_next_unless(word);
            self.jump(to);
        } else {
            self.put(word | (to.0 >> 2) << 5);
            to.0 = self.pos();
        }
    }

    fn jump_back(&mut self, to: u32) {
        self.put(enc::B | imm26(to.wrapping_sub(self.pos())));
    }

    fn jump_back_if(&mut self, cond: Cond, to: u32) {
        if self.pos().wrapping_sub(to) <= 1 << 15
            && let Some(word) = self.sign_branch(cond)
        {
            let distance = to.wrapping_sub(self.pos());
            return self.put(word | (distance >> 2 & TEST_REACH) << 5);
        }
        let word = self.branch(cond);
        let distance = self.pos().wrapping_sub(to);
        if distance <= 1 << 20 {
            self.put(word | imm19(distance.wrapping_neg()));
        } else {
            self.skip_next_unless(word);
            self.jump_back(to);
        }
    }

    #[inline(always)]
    fn bind(&mut self, chain: Chain) {
        let mut link = chain.0;
        if link != 0 {
            // Control that arrives by a jump has not executed the last instruction, a comparison perhaps.
            self.come_here();
        }
        while link != 0 && !self.w.overflowed() {
            if link & TABLE != 0 && !self.far {
                link = self.lists.tables.bind::<TABLE, 2>(link, self.pos());
                continue;
            }
            let site = link - 4;
            let word = self.w.read32(site);
            link = if word >> 26 == enc::B >> 26 {
                word << 2 & 0xfff_fffc
            } else if is_test(word) {
                word >> 3 & TEST_REACH << 2
            } else {
                word >> 3 & 0x1f_fffc
            };
            self.branch_here(site, word);
        }
    }

    #[inline(always)]
    fn stub_if(&mut self, cond: Cond, kind: StubKind) {
        let word = self.branch(cond);
        self.stub_branch(word, kind);
    }

    #[inline(always)]
    fn trap_if(&mut self, cond: Cond, code: TrapCode) {
        self.stub_if(cond, StubKind::Trap(code));
    }

    fn come_here(&mut self) {
        self.last.end = 0;
        self.zero_test = 0;
    }

    fn bind_stub(&mut self, site: u32) {
        if !self.w.overflowed() {
            let word = self.w.read32(site);
            self.branch_here(site, word);
        }
    }

    fn after_stub_jump(&self, site: u32) -> u32 {
        site + 4
    }

    fn check_interrupt(&mut self) {
        asm!(self
            ; ldr x16, [x28, vmctx::STORE as u32]
            ; ldr x16, [x16, vmctx::store::INTERRUPT as u32]
            ; cmp sp, x16);
        self.stub_branch(enc::B_COND | u32::from(cc::HI), StubKind::Check);
    }

    fn charge_fuel(&mut self) -> u32 {
        asm!(self
            ; ldr x16, [x28, vmctx::STORE as u32]
            ; ldr x17, [x16, vmctx::store::FUEL as u32]
            ; movz w15, 0
            ; movk w15, 0, lsl 16
            ; subs x17, x17, x15
            ; str x17, [x16, vmctx::store::FUEL as u32]);
        let patch = self.pos().wrapping_sub(16);
        self.stub_branch(enc::B_COND | u32::from(cc::LT), StubKind::Check);
        patch
    }

    fn patch_fuel(&mut self, at: u32, amount: u32) {
        // movz w15, #low; movk w15, #high, lsl #16
        self.w.patch32(at, 0x5280_000f | (amount & 0xffff) << 5);
        self.w.patch32(at.wrapping_add(4), 0x72a0_000f | (amount >> 16) << 5);
    }

    fn table_jump(&mut self, index: Gpr, last: u32) {
        match add_imm(u64::from(last)) {
            Some(field) => {
                self.rri(imm::SUBS, W32, ZR, index, field);
                self.mov_imm(X16, i64::from(last));
            }
            None => {
                self.mov_imm(X16, i64::from(last));
                self.rrr(rrr::SUBS, W32, ZR, index, X16);
            }
        }
        self.rrr(rrr::CSEL | u32::from(cc::LS) << 12, W32, index, index, X16);
        self.table_in_code = self.far || self.pads || self.lists.tables.len() + last as usize >= MAX_ENTRIES;
        if self.table_in_code {
            // adr x17, .+12; add x17, x17, index, lsl #2 (or 3)
            self.put(0x1000_0071);
            self.rrr(rrr::ADD | (2 + u32::from(self.pads)) << 10, W64, X17, X17, index);
        } else {
            self.lists.tables.begin(self.pos());
            // adr x17, …; ldrh w16, [x17, index, lsl #1]; sub x17, x17, x16, lsl #2
            self.put(0x1000_0011);
            self.put(0x7860_7a30 | u32::from(index.0) << 16);
            self.put(0xcb10_0a31);
        }
        // br x17
        self.put(0xd61f_0220);
    }

    fn table_entry(&mut self, to: &mut Chain) {
        if !self.table_in_code {
            to.0 = TABLE | self.lists.tables.add(to.0) << 2;
            return;
        }
        if self.pads {
            self.put(BTI_J);
        }
        self.jump(to);
    }

    fn table_entry_back(&mut self, to: u32) {
        if !self.table_in_code {
            self.lists.tables.add(to);
            return;
        }
        if self.pads {
            self.put(BTI_J);
        }
        self.jump_back(to);
    }
}

/// The field of `tbz` and `tbnz` for a distance, or the last of a chain of jumps, in instructions.
const TEST_REACH: u32 = 0x3fff;

/// Whether `word` is `tbz` or `tbnz`.
#[inline(always)]
fn is_test(word: u32) -> bool {
    word >> 25 & 0x3f == 0x1b
}

/// Marks the number of a table's entry in a chain, shifted as positions are: near code has no positions as high.
const TABLE: u32 = NEAR_CODE as u32;
/// As many entries have numbers that fit into a chain.
const MAX_ENTRIES: usize = NEAR_CODE >> 2;

impl A64 {
    /// The word of a conditional branch without its distance. A comparison with zero that was just emitted becomes
    /// part of it.
    #[inline(always)]
    fn branch(&mut self, cond: Cond) -> u32 {
        if self.zero_test == self.pos() && (cond as u8) < 2 && self.zero_test != 0 {
            self.w.rewind(self.zero_test - 4);
            self.zero_test = 0;
            enc::CBZ | enc::sf(self.tested_width) | (cond as u32) << 24 | u32::from(self.tested.0)
        } else {
            enc::B_COND | u32::from(cc_of(cond))
        }
    }

    /// The word of a branch for the sign of what was just compared with zero, without its distance, which it replaces.
    #[inline(always)]
    fn sign_branch(&mut self, cond: Cond) -> Option<u32> {
        if !matches!(cond, Cond::LtS | Cond::GeS) || self.zero_test != self.pos() || self.zero_test == 0 {
            return None;
        }
        self.w.rewind(self.zero_test - 4);
        self.zero_test = 0;
        // tbnz or tbz of the sign bit
        let op = if cond == Cond::LtS { 0x3700_0000 } else { 0x3600_0000 };
        Some(op | enc::sf(self.tested_width) | 31 << 19 | u32::from(self.tested.0))
    }

    /// Branches over the next instruction unless `word`, a conditional branch without its distance, would.
    fn skip_next_unless(&mut self, word: u32) {
        let invert = if word >> 24 == enc::B_COND >> 24 { 1 } else { 1 << 24 };
        self.put((word ^ invert) | imm19(8));
    }

    /// Makes the branch `word` at `site` go here.
    #[inline(always)]
    fn branch_here(&mut self, site: u32, word: u32) {
        let distance = self.pos() - site;
        let word = if word >> 26 == enc::B >> 26 {
            debug_assert!(distance < 1 << 27);
            enc::B | imm26(distance)
        } else if is_test(word) {
            if distance >= 1 << 15 {
                // There are other forms.
                return self.w.overflow();
            }
            word & !(TEST_REACH << 5) | distance >> 2 << 5
        } else {
            debug_assert!(distance < 1 << 20);
            word & !(0x7_ffff << 5) | imm19(distance)
        };
        self.w.patch32(site, word);
    }

    /// Traps if `word`, a conditional branch without its distance, branches.
    #[inline(always)]
    pub(super) fn trap_branch(&mut self, word: u32, code: TrapCode) {
        self.stub_branch(word, StubKind::Trap(code));
    }

    /// Branches to a stub where `word` would branch.
    #[inline(always)]
    fn stub_branch(&mut self, word: u32, kind: StubKind) {
        if self.far {
            self.skip_next_unless(word);
            self.lists.add_stub(self.w.pos(), self.operator, kind);
            self.put(enc::B);
        } else {
            self.lists.add_stub(self.w.pos(), self.operator, kind);
            self.put(word);
        }
    }

    /// Traps if the machine's condition `cc` holds.
    #[inline(always)]
    pub(super) fn trap_cc(&mut self, cc: u8, code: TrapCode) {
        self.trap_branch(enc::B_COND | u32::from(cc), code);
    }

    /// Puts the jump tables here. An entry is the distance from its label to the table in instructions, in 16 bits where
    /// that is enough for all of them, else in 32.
    #[cold]
    #[inline(never)]
    pub(super) fn finish_tables(&mut self) {
        let mut tables = std::mem::take(&mut self.lists.tables);
        for (site, entries) in tables.iter() {
            self.w.room();
            if self.overflowed() {
                break;
            }
            let start = self.pos();
            self.w.patch32(site, self.w.read32(site) | imm19(start - site));
            let size = Tables::entry_size(start, entries, 2);
            if size == 4 {
                // ldr w16, [x17, index, lsl #2]
                self.w.patch32(site + 4, self.w.read32(site + 4) ^ 0xc000_0000);
            }
            self.w.put_distances(entries, 2, size);
            if !self.pos().is_multiple_of(4) {
                self.w.put(0, 2);
            }
        }
        tables.clear();
        self.lists.tables = tables;
    }
}
