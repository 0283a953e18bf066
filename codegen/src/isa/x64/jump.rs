//! Jumps, and the checks that jump to traps.

use super::{R11, X64, asm, cc, cc_of};
use crate::masm::*;
use crate::trap::{TrapCode, trap_jump};
use crate::vmctx;
use dynasmrt::DynasmApi;

impl Jumps for X64 {
    const TRAPS_IN_PLACE: bool = true;

    fn trap(&mut self, code: TrapCode) {
        self.w.put(0x0b0f | (code as u64) << 16, 3);
    }

    #[inline(always)]
    fn jump(&mut self, to: &mut Chain) {
        self.w.put(0xe9, 1);
        self.link(to);
    }

    #[inline(always)]
    fn jump_if(&mut self, cond: Cond, to: &mut Chain) {
        match cond {
            Cond::FEq => {
                let unordered = self.jcc8(cc::P);
                self.jcc(cc::E, to);
                self.here8(unordered);
            }
            Cond::FNe => {
                self.jcc(cc::P, to);
                self.jcc(cc::NE, to);
            }
            _ => self.jcc(cc_of(cond), to),
        }
    }

    fn jump_back(&mut self, to: u32) {
        let rel = to.wrapping_sub(self.pos()).wrapping_sub(2) as i32;
        if rel >= -128 {
            self.w.put(0xeb | u64::from(rel as u8) << 8, 2);
        } else {
            self.w.put(0xe9 | u64::from((rel - 3) as u32) << 8, 5);
        }
    }

    fn jump_back_if(&mut self, cond: Cond, to: u32) {
        match cond {
            Cond::FEq => {
                let unordered = self.jcc8(cc::P);
                self.jcc_back(cc::E, to);
                self.here8(unordered);
            }
            Cond::FNe => {
                self.jcc_back(cc::P, to);
                self.jcc_back(cc::NE, to);
            }
            _ => self.jcc_back(cc_of(cond), to),
        }
    }

    #[inline(always)]
    fn bind(&mut self, chain: Chain) {
        let here = self.pos();
        let mut site = chain.0;
        while site != 0 && !self.w.overflowed() {
            if site & TABLE != 0 {
                return self.bind_entries(site);
            }
            let next = self.w.read32(site);
            self.w.patch32(site, here.wrapping_sub(site).wrapping_sub(4));
            site = next;
        }
    }

    #[inline(always)]
    fn stub_if(&mut self, cond: Cond, kind: StubKind) {
        self.w.put(0x800f | u64::from(cc_of(cond)) << 8, 6);
        self.lists.add_stub(self.w.pos().wrapping_sub(4), self.operator, kind);
    }

    #[inline(always)]
    fn trap_if(&mut self, cond: Cond, code: TrapCode) {
        self.trap_cc(cc_of(cond), code);
    }

    fn bind_stub(&mut self, site: u32) {
        let here = self.pos();
        self.w.patch32(site, here.wrapping_sub(site).wrapping_sub(4));
    }

    fn after_stub_jump(&self, site: u32) -> u32 {
        site + 4
    }

    fn check_interrupt(&mut self) {
        asm!(self
            ; mov r11, [r14 + vmctx::STORE]
            ; cmp rsp, [BYTE r11 + vmctx::store::INTERRUPT as i8]);
        self.stub_if(Cond::GtU, StubKind::Check);
    }

    fn charge_fuel(&mut self) -> u32 {
        asm!(self
            ; mov r11, [r14 + vmctx::STORE]
            ; sub QWORD [BYTE r11 + vmctx::store::FUEL as i8], DWORD i32::MAX);
        let patch = self.pos().wrapping_sub(4);
        self.stub_if(Cond::LtS, StubKind::Check);
        patch
    }

    fn patch_fuel(&mut self, at: u32, amount: u32) {
        self.w.patch32(at, amount);
    }

    fn table_jump(&mut self, index: Gpr, last: u32) {
        asm!(self
            ; mov r11d, last as i32
            ; cmp Rd(index.0), r11d
            ; cmova Rd(index.0), r11d
            ; lea r11, [rip + 0]);
        let site = self.pos();
        self.lists.tables.begin(site);
        // movzx r10d, word [r11 + index * 2]
        let (low, high) = (u64::from(index.0 & 7), u64::from(index.0 >> 3));
        self.w.put(0x43_14b7_0f45 | high << 1 | low << 35, 5);
        asm!(self; sub r11, r10);
        if self.pads {
            // notrack: labels are not landing pads.
            self.w.put(0x3e, 1);
        }
        asm!(self; jmp r11);
    }

    fn table_entry(&mut self, to: &mut Chain) {
        to.0 = TABLE | self.lists.tables.add(to.0);
    }

    fn table_entry_back(&mut self, to: u32) {
        self.lists.tables.add(to);
    }
}

/// Marks the number of a table's entry in a chain: code has no positions as high.
const TABLE: u32 = 1 << 31;

impl X64 {
    /// A forward jump's displacement field, linked into the chain.
    #[inline(always)]
    pub(super) fn link(&mut self, to: &mut Chain) {
        let site = self.pos();
        self.w.put32(to.0);
        to.0 = site;
    }

    #[inline(always)]
    pub(super) fn jcc(&mut self, cc: u8, to: &mut Chain) {
        self.w.put(0x800f | u64::from(cc) << 8, 2);
        self.link(to);
    }

    pub(super) fn jcc_back(&mut self, cc: u8, to: u32) {
        let rel = to.wrapping_sub(self.pos()).wrapping_sub(2) as i32;
        if rel >= -128 {
            self.w.put(0x70 | u64::from(cc) | u64::from(rel as u8) << 8, 2);
        } else {
            self.w.put(0x800f | u64::from(cc) << 8 | u64::from((rel - 4) as u32) << 16, 6);
        }
    }

    /// Traps if the machine's condition `cc` holds ([`crate::trap::trap_of_jump`]). FLAGS are undefined afterwards, unless
    /// that is because something is out of bounds that is masked as well.
    #[inline(always)]
    pub(super) fn trap_cc(&mut self, cc: u8, code: TrapCode) {
        let (bytes, len) = trap_jump(cc, code, self.mask);
        // It would be no trap.
        assert!(len != 0, "no jump on condition {cc} for {code:?}");
        self.w.put(u64::from(bytes), len);
        #[cfg(debug_assertions)]
        self.lists.note_trap();
    }

    /// r11 = the first element of the table whose pointer is at `table` in vmctx; traps if `index` is beyond its
    /// length.
    pub(super) fn checked_table(&mut self, index: Gpr, table: i32) {
        const { assert!(vmctx::table::BASE == 0) }
        self.load_context(Width::W64, R11, table);
        asm!(self; cmp Rq(index.0), [BYTE r11 + vmctx::table::LEN as i8]);
        self.trap_if(Cond::GeU, TrapCode::TableOutOfBounds);
        if self.mask {
            // Changes nothing here.
            asm!(self; cmovae Rq(index.0), [BYTE r14 + vmctx::ZERO as i8]);
        }
        asm!(self; mov r11, [r11]);
    }

    /// Makes the rest of a chain, which has entries of tables, go here.
    #[cold]
    #[inline(never)]
    fn bind_entries(&mut self, mut site: u32) {
        let here = self.pos();
        while site != 0 && !self.w.overflowed() {
            if site & TABLE != 0 {
                site = self.lists.tables.bind::<TABLE, 0>(site, here);
            } else {
                let next = self.w.read32(site);
                self.w.patch32(site, here.wrapping_sub(site).wrapping_sub(4));
                site = next;
            }
        }
    }

    /// Puts the jump tables here. An entry is the distance from its label to the table, in 16 bits where that is enough
    /// for all of them, else in 32.
    #[cold]
    #[inline(never)]
    pub(super) fn finish_tables(&mut self) {
        let mut tables = std::mem::take(&mut self.lists.tables);
        for (site, entries) in tables.iter() {
            self.w.room();
            if self.overflowed() {
                break;
            }
            if !self.pos().is_multiple_of(2) {
                self.w.put(0xcc, 1);
            }
            let start = self.pos();
            self.w.patch32(site - 4, start - site);
            let size = Tables::entry_size(start, entries, 0);
            if size == 4 {
                // mov r10d, [r11 + index * 4], with a prefix that does nothing, instead of movzx
                let word = self.w.read32(site);
                let scaled = (self.w.read32(site + 1) >> 24 ^ 0xc0) as u8;
                self.w.patch32(site, 0x148b_002e | (word & 0xff) << 8);
                self.w.patch8(site + 4, scaled);
            }
            self.w.put_distances(entries, 0, size);
        }
        tables.clear();
        self.lists.tables = tables;
    }
}
