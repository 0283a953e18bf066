//! The hottest instruction forms of x86-64, written as templates: the bytes of an instruction are put together in one
//! integer and stored at once, without the REX byte where it is not needed. Everything else is dynasm's.

use super::X64;
use crate::masm::{Addr, Loc, Width};

const RBP: u8 = 5;

/// Bits of an opcode value above the opcode byte.
pub(super) const OP_0F: u32 = 0x100;
/// Mandatory prefix 66.
pub(super) const OP_66: u32 = 0x200;
/// Mandatory prefix F2.
pub(super) const OP_F2: u32 = 0x400;
/// Mandatory prefix F3.
pub(super) const OP_F3: u32 = 0x600;
/// The operand in the `reg` field is an 8-bit register: numbers 4 to 7 need a REX prefix.
pub(super) const OP_BYTE: u32 = 0x800;

impl X64 {
    /// `op reg, loc` for a one-byte opcode.
    #[inline(always)]
    pub(super) fn op_loc(&mut self, w: Width, op: u8, reg: u8, loc: Loc) {
        let reg64 = u64::from(reg);
        let mut rex = 0x40 | (w as u64) << 3 | (reg64 >> 3) << 2;
        let (rest, len) = self.modrm_loc(reg64, loc, &mut rex);
        let bits = rex | u64::from(op) << 8 | rest << 16;
        let skip = usize::from(rex == 0x40);
        self.w.put(bits >> (8 * skip), 2 + len - skip);
    }

    /// `op reg, loc` for an opcode after 0F.
    #[inline(always)]
    pub(super) fn op0f_loc(&mut self, w: Width, op: u8, reg: u8, loc: Loc) {
        let reg64 = u64::from(reg);
        let mut rex = 0x40 | (w as u64) << 3 | (reg64 >> 3) << 2;
        let (rest, len) = self.modrm_loc(reg64, loc, &mut rex);
        let bits = rex | 0x0f00 | u64::from(op) << 16 | rest << 24;
        let skip = usize::from(rex == 0x40);
        self.w.put(bits >> (8 * skip), 3 + len - skip);
    }

    /// `op reg, loc` for an SSE opcode after `prefix` and 0F.
    #[inline(always)]
    pub(super) fn sse_loc(&mut self, prefix: u8, op: u8, reg: u8, loc: Loc) {
        self.w.put(u64::from(prefix), 1);
        self.op0f_loc(Width::W32, op, reg, loc);
    }

    /// ModRM byte and displacement for `reg` and `loc`; adds to `rex` what the register needs.
    #[inline(always)]
    fn modrm_loc(&self, reg: u64, loc: Loc, rex: &mut u64) -> (u64, usize) {
        let field = (reg & 7) << 3;
        if loc.is_frame() {
            let disp = loc.disp();
            if disp as i8 as i32 == disp {
                (0x40 | field | u64::from(RBP) | u64::from(disp as u8) << 8, 2)
            } else {
                (0x80 | field | u64::from(RBP) | u64::from(disp as u32) << 8, 5)
            }
        } else {
            let rm = u64::from(loc.num());
            *rex |= rm >> 3;
            (0xc0 | field | rm & 7, 1)
        }
    }

    /// `op reg, [addr]`; `op` is an opcode byte with `OP_…` bits.
    #[inline(always)]
    pub(super) fn op_addr(&mut self, w: Width, op: u32, reg: u8, addr: Addr) {
        let prefix = match op & 0x600 {
            OP_66 => 0x66,
            OP_F2 => 0xf2,
            OP_F3 => 0xf3,
            _ => 0,
        };
        if prefix != 0 {
            self.w.put(prefix, 1);
        }
        let index = addr.index.unwrap_or(0);
        let rex =
            0x40 | (w as u64) << 3 | u64::from(reg >> 3) << 2 | u64::from(index >> 3) << 1 | u64::from(addr.base >> 3);
        if rex != 0x40 || op & OP_BYTE != 0 && reg >= 4 {
            self.w.put(rex, 1);
        }
        let (mut bits, mut len) = match op & OP_0F {
            0 => (u64::from(op as u8), 1),
            _ => (0x0f | u64::from(op as u8) << 8, 2),
        };
        let mode: u64 = if addr.disp == 0 && addr.base & 7 != RBP {
            0
        } else if addr.disp as i8 as i32 == addr.disp {
            0x40
        } else {
            0x80
        };
        let field = u64::from(reg & 7) << 3;
        if addr.index.is_some() {
            debug_assert!(index != 4, "rsp is no index");
            bits |= (mode | field | 4) << (8 * len);
            bits |= (u64::from(index & 7) << 3 | u64::from(addr.base & 7)) << (8 * len + 8);
            len += 2;
        } else {
            bits |= (mode | field | u64::from(addr.base & 7)) << (8 * len);
            len += 1;
            if addr.base & 7 == 4 {
                bits |= 0x24 << (8 * len);
                len += 1;
            }
        }
        self.w.put(bits, len);
        match mode {
            0 => {}
            0x40 => self.w.put(u64::from(addr.disp as u8), 1),
            _ => self.w.put32(addr.disp as u32),
        }
    }

    /// Group-1 operation `ext` (0 add, 1 or, 4 and, 5 sub, 6 xor, 7 cmp) with an immediate.
    #[inline(always)]
    pub(super) fn group1(&mut self, w: Width, ext: u8, loc: Loc, imm: i32) {
        if imm as i8 as i32 == imm {
            self.op_loc(w, 0x83, ext, loc);
            self.w.put(u64::from(imm as u8), 1);
        } else {
            self.op_loc(w, 0x81, ext, loc);
            self.w.put32(imm as u32);
        }
    }

    /// `mov reg, loc`, 32 or 64 bits.
    #[inline(always)]
    pub(super) fn mov_loc(&mut self, w: Width, reg: u8, loc: Loc) {
        self.op_loc(w, 0x8b, reg, loc);
    }

    /// A short forward jump with condition code `cc`, to be closed by [`X64::here8`].
    #[inline(always)]
    pub(super) fn jcc8(&mut self, cc: u8) -> u32 {
        self.w.put(0x70 | u64::from(cc), 2);
        self.w.pos()
    }

    /// A short unconditional forward jump.
    #[inline(always)]
    pub(super) fn jmp8(&mut self) -> u32 {
        self.w.put(0xeb, 2);
        self.w.pos()
    }

    /// Makes a short jump go here.
    #[inline(always)]
    pub(super) fn here8(&mut self, jump: u32) {
        let distance = self.w.pos().wrapping_sub(jump);
        debug_assert!(distance < 128 || self.w.overflowed());
        self.w.patch8(jump.wrapping_sub(1), distance as u8);
    }
}
