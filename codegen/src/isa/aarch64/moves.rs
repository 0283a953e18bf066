//! Moves between registers, and constants. All keep FLAGS but [`Moves::set_imm`].

use super::enc::{fff, imm19, rrr};
use super::{A64, ZR};
use crate::masm::*;

use Width::{W32, W64};

impl Moves for A64 {
    fn finish_pool(&mut self) {
        if !self.lists.tables.is_empty() {
            self.finish_tables();
        }
        let mut pool = std::mem::take(&mut self.lists.pool);
        if !pool.is_empty() && !self.pos().is_multiple_of(8) {
            self.put(0);
        }
        // The same constant tends to recur soon.
        let mut recent = [(0u64, 0u32); 8];
        for (i, constant) in pool.drain(..).enumerate() {
            self.w.room();
            let known = recent.iter().find(|r| r.1 != 0 && r.0 == constant.bits).map(|r| r.1);
            let at = known.unwrap_or_else(|| {
                let at = self.pos();
                self.w.put(constant.bits, 8);
                recent[i % 8] = (constant.bits, at);
                at
            });
            if !self.overflowed() {
                let word = self.w.read32(constant.site);
                self.w.patch32(constant.site, word | imm19(at - constant.site));
            }
        }
        if !self.lists.vectors.is_unused() {
            self.finish_vec_pool();
        }
        self.lists.vectors.clear();
        // An empty vector is replaced.
        std::mem::forget(std::mem::replace(&mut self.lists.pool, pool));
    }

    #[inline(always)]
    fn mov(&mut self, dst: Gpr, src: Gpr) {
        if dst != src {
            self.rrr(rrr::ORR, W64, dst, ZR, src);
        }
    }

    #[inline(always)]
    fn mov32(&mut self, dst: Gpr, src: Gpr) {
        self.rrr(rrr::ORR, W32, dst, ZR, src);
    }

    #[inline(always)]
    fn mov_imm(&mut self, dst: Gpr, value: i64) {
        if value as u64 >> 16 == 0 {
            // movz
            self.put(0x5280_0000 | (value as u32) << 5 | u32::from(dst.0));
        } else {
            self.mov_wide(dst, value as u64);
        }
    }

    #[inline(always)]
    fn set_imm(&mut self, dst: Gpr, value: i64) {
        self.mov_imm(dst, value);
    }

    #[inline(always)]
    fn fmov(&mut self, dst: Fpr, src: Fpr) {
        if dst != src {
            self.ff(fff::MOV, W64, dst, src);
        }
    }

    fn fmov_imm(&mut self, w: Width, dst: Fpr, bits: u64) {
        self.float_constant(w, dst, bits);
    }
}
