//! Between lanes and scalars: splats, extraction, masks; and loads.

use super::super::asm;
use super::X64;
use super::enc::*;
use super::table::{LANES, LOADS};
use crate::op::simd::*;
use dynasmrt::DynasmApi;

impl X64 {
    pub(super) fn splat_int(&mut self, op: u32, dst: u8, src: u8) {
        let wide = if op == I64X2_SPLAT { W1 } else { 0 };
        self.op2(INT | 0x6e | wide, dst, Rm::Int(src));
        self.splat_lowest(op, dst);
    }

    /// Copies the lowest lane to all.
    fn splat_lowest(&mut self, op: u32, dst: u8) {
        match op {
            I8X16_SPLAT if self.target.avx2 => self.op2(M38 | 0x78, dst, Rm::Reg(dst)),
            I8X16_SPLAT => {
                self.zero(T0);
                self.op3(M38, dst, dst, Rm::Reg(T0));
            }
            I16X8_SPLAT if self.target.avx2 => self.op2(M38 | 0x79, dst, Rm::Reg(dst)),
            I16X8_SPLAT => {
                self.op2_imm(M0F | PF2 | 0x70, dst, Rm::Reg(dst), 0);
                self.pshufd(dst, dst, 0);
            }
            I32X4_SPLAT => self.pshufd(dst, dst, 0),
            _ => self.op3(INT | 0x6c, dst, dst, Rm::Reg(dst)),
        }
    }

    pub(super) fn extract_int(&mut self, op: u32, lane: u8, dst: u8, src: u8) {
        match (op, lane) {
            (I32X4_EXTRACT_LANE, 0) => self.op2(INT | 0x7e, src, Rm::Int(dst)),
            (I64X2_EXTRACT_LANE, 0) => self.op2(INT | 0x7e | W1, src, Rm::Int(dst)),
            (I16X8_EXTRACT_LANE_S | I16X8_EXTRACT_LANE_U, lane) => {
                self.op2_imm(INT | 0xc5, dst, Rm::Reg(src), lane);
            }
            (op, lane) => self.op2_imm(LANES[op as usize], src, Rm::Int(dst), lane),
        }
        match op {
            I8X16_EXTRACT_LANE_S => asm!(self; movsx Rd(dst), Rb(dst)),
            I16X8_EXTRACT_LANE_S => asm!(self; movsx Rd(dst), Rw(dst)),
            _ => {}
        }
    }

    pub(super) fn bitmask(&mut self, op: u32, dst: u8, a: u8) {
        match op {
            I8X16_BITMASK => self.op2(INT | 0xd7, dst, Rm::Reg(a)),
            I16X8_BITMASK => {
                self.op3(INT | 0x63, T0, a, Rm::Reg(a));
                self.op2(INT | 0xd7, dst, Rm::Reg(T0));
                asm!(self; movzx Rd(dst), Rb(dst));
            }
            I32X4_BITMASK => self.op2(M0F | 0x50, dst, Rm::Reg(a)),
            _ => self.op2(INT | 0x50, dst, Rm::Reg(a)),
        }
    }

    /// Loads from `at`, which is memory.
    pub(super) fn load_vector(&mut self, op: u32, dst: u8, at: Rm) {
        let enc = LOADS[op as usize];
        if enc != 0 {
            return self.op2(enc, dst, at);
        }
        let (broadcast, insert, lane) = match op {
            V128_LOAD8_SPLAT => (M38 | 0x78, M3A | 0x20, I8X16_SPLAT),
            V128_LOAD16_SPLAT => (M38 | 0x79, INT | 0xc4, I16X8_SPLAT),
            _ if self.target.avx => return self.op2(M38 | 0x18, dst, at),
            _ => {
                self.op2(M0F | PF3 | 0x10, dst, at);
                return self.pshufd(dst, dst, 0);
            }
        };
        if self.target.avx2 {
            self.op2(broadcast, dst, at);
        } else {
            self.op3_imm(insert, dst, dst, at, 0);
            self.splat_lowest(lane, dst);
        }
    }
}
