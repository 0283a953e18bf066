//! Moves between registers, and constants. All keep FLAGS but [`Moves::set_imm`].

use super::X64;
use super::enc::Ext;
use super::float::scalar;
use crate::masm::*;
use crate::ty::Ty;

use Width::{W32, W64};

impl Moves for X64 {
    fn finish_pool(&mut self) {
        if !self.lists.tables.is_empty() {
            self.finish_tables();
        }
        let mut pool = std::mem::take(&mut self.lists.pool);
        while !pool.is_empty() && !self.pos().is_multiple_of(8) {
            self.w.put(0xcc, 1);
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
            self.w.patch32(constant.site, at.wrapping_sub(constant.site).wrapping_sub(4));
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
            self.mov_loc(W64, dst, Loc::reg(src));
        }
    }

    #[inline(always)]
    fn mov32(&mut self, dst: Gpr, src: Gpr) {
        self.mov_loc(W32, dst, Loc::reg(src));
    }

    #[inline(always)]
    fn mov_imm(&mut self, dst: Gpr, value: i64) {
        let dst64 = u64::from(dst.0);
        if value as u64 >> 32 == 0 {
            let bits = 0x41 | (0xb8 | dst64 & 7) << 8 | (value as u64) << 16;
            let skip = usize::from(dst.0 < 8);
            self.w.put(bits >> (8 * skip), 6 - skip);
        } else if value as i32 as i64 == value {
            self.op_loc(W64, 0xc7, Ext(0), Loc::reg(dst));
            self.w.put32(value as u32);
        } else {
            self.w.put(0x48 | dst64 >> 3 | (0xb8 | dst64 & 7) << 8, 2);
            self.w.put(value as u64, 8);
        }
    }

    #[inline(always)]
    fn set_imm(&mut self, dst: Gpr, value: i64) {
        if value == 0 {
            self.op_loc(W32, 0x33, dst, Loc::reg(dst));
        } else {
            self.mov_imm(dst, value);
        }
    }

    #[inline(always)]
    fn mov_from(&mut self, ty: Ty, dst: Gpr, src: Loc) {
        self.mov_loc(if ty == Ty::I32 { W32 } else { W64 }, dst, src);
    }

    #[inline(always)]
    fn fmov(&mut self, dst: Fpr, src: Fpr) {
        if dst != src {
            self.op0f_loc(W32, 0x28, dst, Loc::reg(src));
        }
    }

    fn fmov_imm(&mut self, w: Width, dst: Fpr, bits: u64) {
        if bits == 0 {
            self.op0f_loc(W32, 0x57, dst, Loc::reg(dst));
        } else {
            // movss/movsd dst, [rip + …]
            self.w.put(u64::from(scalar(w)), 1);
            let rex = 0x44u64;
            let bytes = rex | 0x100f << 8 | (0x05 | u64::from(dst.0 & 7) << 3) << 24;
            let skip = usize::from(dst.0 < 8);
            self.w.put(bytes >> (8 * skip), 4 - skip);
            self.lists.pool.push(Constant { site: self.pos(), bits });
            self.w.put32(0);
        }
    }
}
