//! Jumps, and the checks that jump to traps.

use super::{X64, asm};
use crate::masm::*;
use crate::trap::TrapCode;
use crate::vmctx;
use dynasmrt::DynasmApi;

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

    #[inline(always)]
    pub(super) fn trap_cc(&mut self, cc: u8, code: u8, traps: &mut Vec<TrapJump>, wasm: u32) {
        self.w.put(0x800f | u64::from(cc) << 8, 6);
        traps.push(TrapJump { site: self.pos().wrapping_sub(4), wasm, code });
    }

    /// r11 = the first element of the table whose pointer is at `table` in vmctx; traps if `index` is beyond its length.
    pub(super) fn checked_table(&mut self, index: u8, table: i32, traps: &mut Vec<TrapJump>, wasm: u32) {
        asm!(self
            ; mov r11, [r14 + table]
            ; cmp Rq(index), [BYTE r11 + vmctx::table::LEN as i8]);
        self.trap_if(Cond::GeU, TrapCode::TableOutOfBounds as u8, traps, wasm);
        if self.mask {
            // Changes nothing here.
            asm!(self; cmovae Rq(index), [BYTE r14 + vmctx::ZERO as i8]);
        }
        asm!(self; mov r11, [BYTE r11 + vmctx::table::BASE as i8]);
    }
}
