//! Shifts.

use super::super::asm;
use super::enc::*;
use super::{X64, splat8, splat64};
use crate::op::simd::*;
use dynasmrt::DynasmApi;

/// A shift of lanes that the machine has: the opcode by a register, that by a constant, and the extension of the
/// latter.
struct Form {
    by_reg: Enc,
    by_const: u8,
    ext: u8,
    /// Width of a lane minus one.
    mask: u8,
}

fn form(op: u32) -> Form {
    let (by_reg, by_const, ext, mask) = match op {
        I8X16_SHL => (0xf1, 0x71, 6, 7),
        I8X16_SHR_S => (0xe1, 0x71, 4, 7),
        I8X16_SHR_U => (0xd1, 0x71, 2, 7),
        I16X8_SHL => (0xf1, 0x71, 6, 15),
        I16X8_SHR_S => (0xe1, 0x71, 4, 15),
        I16X8_SHR_U => (0xd1, 0x71, 2, 15),
        I32X4_SHL => (0xf2, 0x72, 6, 31),
        I32X4_SHR_S => (0xe2, 0x72, 4, 31),
        I32X4_SHR_U => (0xd2, 0x72, 2, 31),
        I64X2_SHL => (0xf3, 0x73, 6, 63),
        // Of signed shifts of 64 bits the unsigned part.
        _ => (0xd3, 0x73, 2, 63),
    };
    Form { by_reg: INT | by_reg, by_const, ext, mask }
}

impl X64 {
    /// A shift of all lanes of `a` by a constant.
    pub(super) fn op3_shift(&mut self, opcode: u8, ext: u8, dst: u8, a: u8, count: u8) {
        if self.target.avx {
            self.vex(INT | Enc::from(opcode), ext, dst, Rm::Reg(a));
        } else {
            self.movaps(dst, a);
            self.op2(INT | Enc::from(opcode), ext, Rm::Reg(dst));
        }
        self.w.put(u64::from(count), 1);
    }

    pub(super) fn shift(&mut self, op: u32, dst: u8, a: u8, count: u8) {
        let Form { by_reg, mask, .. } = form(op);
        asm!(self
            ; mov r11d, Rd(count)
            ; and r11d, BYTE mask as i8);
        if op == I8X16_SHR_S {
            asm!(self; add r11d, BYTE 8);
        }
        self.op2(INT | 0x6e, T0, Rm::Int(11));
        match op {
            I8X16_SHL | I8X16_SHR_U => {
                // What came from the neighbour goes: all ones, shifted likewise, the right byte of it in all lanes.
                self.ones(T1);
                self.op3(by_reg, T1, T1, Rm::Reg(T0));
                self.op3(by_reg, dst, a, Rm::Reg(T0));
                if op == I8X16_SHR_U {
                    self.op3_shift(0x71, 2, T1, T1, 8);
                }
                self.zero(T0);
                self.op3(M38, T1, T1, Rm::Reg(T0));
                self.op3(INT | 0xdb, dst, dst, Rm::Reg(T1));
            }
            I8X16_SHR_S => {
                self.op3(INT | 0x68, T1, a, Rm::Reg(a));
                self.op3(by_reg, T1, T1, Rm::Reg(T0));
                self.op3(INT | 0x60, dst, a, Rm::Reg(a));
                self.op3(by_reg, dst, dst, Rm::Reg(T0));
                self.op3(INT | 0x63, dst, dst, Rm::Reg(T1));
            }
            I64X2_SHR_S => {
                // The sign bit goes along, and what is above it is filled by a subtraction.
                self.ones(T1);
                self.op3_shift(0x73, 6, T1, T1, 63);
                self.op3(by_reg, T1, T1, Rm::Reg(T0));
                self.op3(by_reg, dst, a, Rm::Reg(T0));
                self.op3(INT | 0xef, dst, dst, Rm::Reg(T1));
                self.op3(INT | 0xfb, dst, dst, Rm::Reg(T1));
            }
            _ => self.op3(by_reg, dst, a, Rm::Reg(T0)),
        }
    }

    pub(super) fn shift_imm(&mut self, op: u32, dst: u8, a: u8, count: u32) {
        let Form { by_const, ext, mask, .. } = form(op);
        debug_assert!(count <= u32::from(mask));
        let shift = count as u8;
        if shift == 0 {
            return self.movaps(dst, a);
        }
        match op {
            I8X16_SHL | I8X16_SHR_U => {
                let kept = if op == I8X16_SHL { 0xff << count } else { 0xff >> count };
                let kept = self.lists.vectors.intern(splat8(kept as u8));
                self.op3_shift(by_const, ext, dst, a, shift);
                self.op3(INT | 0xdb, dst, dst, Rm::Pool(kept));
            }
            I8X16_SHR_S => {
                self.op3(INT | 0x68, T1, a, Rm::Reg(a));
                self.op3_shift(by_const, ext, T1, T1, shift + 8);
                self.op3(INT | 0x60, dst, a, Rm::Reg(a));
                self.op3_shift(by_const, ext, dst, dst, shift + 8);
                self.op3(INT | 0x63, dst, dst, Rm::Reg(T1));
            }
            I64X2_SHR_S if count == 63 => {
                self.pshufd(dst, a, 0xf5);
                self.op3_shift(0x72, 4, dst, dst, 31);
            }
            I64X2_SHR_S => {
                let sign = self.lists.vectors.intern(splat64(1 << 63 >> count));
                self.op3_shift(by_const, ext, dst, a, shift);
                self.op3(INT | 0xef, dst, dst, Rm::Pool(sign));
                self.op3(INT | 0xfb, dst, dst, Rm::Pool(sign));
            }
            _ => self.op3_shift(by_const, ext, dst, a, shift),
        }
    }
}
