//! The hottest instruction forms of x86-64, written as templates: the bytes of an instruction are put together in one
//! integer and stored at once, without the REX byte where it is not needed. Everything else is dynasm's.

use super::{RBP, RDI, RSP, X64};
use crate::masm::{Addr, Loc, Width};
use crate::reg::{Fpr, Gpr, Reg};

/// The number of rbp, and in its lowest three bits that of r13.
const RBP_BITS: u8 = RBP.0;

/// What stands in place of a register in the `reg` field of ModRM where an instruction has but one: three more bits of
/// its opcode.
#[derive(Copy, Clone)]
pub(super) struct Ext(pub(super) u8);

impl From<Ext> for Reg {
    #[inline(always)]
    fn from(ext: Ext) -> Reg {
        Reg(ext.0)
    }
}

/// Bits of an opcode value above the opcode byte: 0F comes before it.
pub(super) const OP_0F: u32 = 0x100;
/// The operand in the `reg` field is an 8-bit register: numbers 4 to 7 need a REX prefix.
pub(super) const OP_BYTE: u32 = 0x200;
/// Mandatory prefix 66.
pub(super) const OP_66: u32 = 0x166_0000;
/// Mandatory prefix F2.
pub(super) const OP_F2: u32 = 0x1f2_0000;
/// Mandatory prefix F3.
pub(super) const OP_F3: u32 = 0x1f3_0000;

/// The bytes of a load or store up to ModRM, for addresses `[rdi + index + disp]`: without REX, and with it.
#[derive(Copy, Clone)]
pub(super) struct Indexed([Form; 2]);

/// One of the two.
#[derive(Copy, Clone)]
struct Form {
    /// Mandatory prefix, REX with W as needed, opcode.
    bits: u64,
    /// At which bit REX begins.
    rex: u8,
    /// At which bit ModRM begins.
    modrm: u8,
    /// 1 if the register to store is an 8-bit one, else 0.
    byte: u8,
}

impl Indexed {
    /// The forms of `op`, an opcode byte with `OP_…` bits.
    pub(super) const fn new(w: Width, op: u32) -> Indexed {
        Indexed([Form::new(w, op, matches!(w, Width::W64)), Form::new(w, op, true)])
    }
}

impl Form {
    const fn new(w: Width, op: u32, has_rex: bool) -> Form {
        let rex = (op >> 24) * 8;
        let mut bits = (op >> 16 & 0xff) as u64;
        let mut n = rex;
        if has_rex {
            bits |= (0x40 | (w as u64) << 3) << n;
            n += 8;
        }
        if op & OP_0F != 0 {
            bits |= 0x0f << n;
            n += 8;
        }
        bits |= ((op & 0xff) as u64) << n;
        Form { bits, rex: rex as u8, modrm: n as u8 + 8, byte: (op & OP_BYTE != 0) as u8 }
    }
}

/// ModRM's mode for a displacement, and its length in bytes: none for 0 unless `some` is 1, one, or four. Without
/// branches, since nothing is as hard to predict.
#[inline(always)]
fn displacement(disp: i32, some: u64) -> (u64, usize) {
    let any = u64::from(disp != 0) | some;
    let long = u64::from(disp as i8 as i32 != disp);
    (any << (6 + long), (any + 3 * long) as usize)
}

impl X64 {
    /// A load or store of `reg` at `[rdi + index + disp]`.
    #[inline(always)]
    pub(super) fn op_indexed(&mut self, op: &Indexed, reg: Reg, index: Gpr, disp: i32) {
        debug_assert!(index != RSP, "rsp is no index");
        // REX for registers from 8 on, 8-bit ones from 4 on.
        let form = &op.0[usize::from(reg.0 << op.0[0].byte | index.0 > 7)];
        let (reg, index) = (u64::from(reg.0), u64::from(index.0));
        let (mode, disp_len) = displacement(disp, 0);
        let rex = (reg >> 3) << 2 | (index >> 3) << 1;
        let rest = mode | (reg & 7) << 3 | 4 | ((index & 7) << 3 | u64::from(RDI.0)) << 8;
        let bits = form.bits | rex << form.rex | rest << form.modrm;
        self.w.put_disp(bits, form.modrm as usize / 8 + 2, disp, disp_len);
    }

    /// `lea dst, [a + b]`
    #[inline(always)]
    pub(super) fn lea_sum(&mut self, w: Width, dst: Gpr, a: Gpr, b: Gpr) {
        debug_assert!(a != RSP && b != RSP, "rsp is no index");
        // A base of rbp or r13 has a displacement in any case.
        let (base, index) = if a.0 & 7 == RBP_BITS { (b, a) } else { (a, b) };
        let (dst, base, index) = (u64::from(dst.0), u64::from(base.0), u64::from(index.0));
        let rex = 0x40 | (w as u64) << 3 | (dst >> 3) << 2 | (index >> 3) << 1 | base >> 3;
        let more = u64::from(base & 7 == u64::from(RBP_BITS));
        let modrm = more << 6 | (dst & 7) << 3 | 4 | ((index & 7) << 3 | base & 7) << 8;
        let bits = rex | 0x8d00 | modrm << 16;
        let skip = usize::from(rex == 0x40);
        self.w.put(bits >> (8 * skip), 4 + more as usize - skip);
    }

    /// `lea dst, [base + disp]`
    #[inline(always)]
    pub(super) fn lea(&mut self, w: Width, dst: Gpr, base: Gpr, disp: i32) {
        let (mode, disp_len) = displacement(disp, 1);
        let (dst, base) = (u64::from(dst.0), u64::from(base.0));
        let rex = 0x40 | (w as u64) << 3 | (dst >> 3) << 2 | base >> 3;
        let bits = rex | 0x8d00 | (mode | (dst & 7) << 3 | base & 7) << 16 | 0x2400_0000;
        let skip = usize::from(rex == 0x40);
        // r12 needs a SIB byte.
        let len = 3 + usize::from(base & 7 == 4) - skip;
        self.w.put_disp(bits >> (8 * skip), len, disp, disp_len);
    }

    /// `mov dst, [r14 + disp]`
    #[inline(always)]
    pub(super) fn load_context(&mut self, w: Width, dst: Gpr, disp: i32) {
        let (mode, disp_len) = displacement(disp, 1);
        let dst = u64::from(dst.0);
        let bits = 0x06_8b41 | (w as u64) << 3 | (dst >> 3) << 2 | (dst & 7) << 19 | mode << 16;
        self.w.put_disp(bits, 3, disp, disp_len);
    }

    /// `op reg, loc` for a one-byte opcode.
    #[inline(always)]
    pub(super) fn op_loc(&mut self, w: Width, op: u8, reg: impl Into<Reg>, loc: Loc) {
        let reg64 = u64::from(reg.into().0);
        let mut rex = 0x40 | (w as u64) << 3 | (reg64 >> 3) << 2;
        let (rest, len) = self.modrm_loc(reg64, loc, &mut rex);
        let bits = rex | u64::from(op) << 8 | rest << 16;
        let skip = usize::from(rex == 0x40);
        self.w.put(bits >> (8 * skip), 2 + len - skip);
    }

    /// `op reg, loc` for an opcode after 0F.
    #[inline(always)]
    pub(super) fn op0f_loc(&mut self, w: Width, op: u8, reg: impl Into<Reg>, loc: Loc) {
        let reg64 = u64::from(reg.into().0);
        let mut rex = 0x40 | (w as u64) << 3 | (reg64 >> 3) << 2;
        let (rest, len) = self.modrm_loc(reg64, loc, &mut rex);
        let bits = rex | 0x0f00 | u64::from(op) << 16 | rest << 24;
        let skip = usize::from(rex == 0x40);
        self.w.put(bits >> (8 * skip), 3 + len - skip);
    }

    /// `op reg, loc` for an SSE opcode after `prefix` and 0F.
    #[inline(always)]
    pub(super) fn sse_loc(&mut self, prefix: u8, op: u8, reg: Fpr, loc: Loc) {
        self.w.put(u64::from(prefix), 1);
        self.op0f_loc(Width::W32, op, reg, loc);
    }

    /// ModRM byte and displacement for `reg` and `loc`; adds to `rex` what the register needs.
    #[inline(always)]
    fn modrm_loc(&self, reg: u64, loc: Loc, rex: &mut u64) -> (u64, usize) {
        let field = (reg & 7) << 3;
        if loc.is_frame() {
            let (mode, disp_len) = displacement(loc.disp(), 1);
            (mode | field | u64::from(RBP_BITS) | u64::from(loc.disp() as u32) << 8, 1 + disp_len)
        } else {
            let rm = u64::from(loc.register().0);
            *rex |= rm >> 3;
            (0xc0 | field | rm & 7, 1)
        }
    }

    /// `op reg, [addr]`; `op` is an opcode byte with `OP_…` bits.
    #[inline(always)]
    pub(super) fn op_addr(&mut self, w: Width, op: u32, reg: impl Into<Reg>, addr: Addr) {
        let (reg, base) = (reg.into().0, addr.base.0);
        let index = addr.index.map_or(0, |index| index.0);
        let rex = 0x40 | (w as u64) << 3 | u64::from(reg >> 3) << 2 | u64::from(index >> 3) << 1 | u64::from(base >> 3);
        let has_rex = u64::from(rex != 0x40 || op & OP_BYTE != 0 && reg >= 4);
        // `n` counts bits.
        let (mut bits, mut n) = (u64::from(op >> 16 & 0xff), u64::from(op >> 24) * 8);
        bits |= (rex * has_rex) << n;
        n += 8 * has_rex;
        let escape = u64::from(op >> 8 & 1);
        bits |= (0x0f * escape) << n;
        n += 8 * escape;
        bits |= u64::from(op as u8) << n;
        n += 8;
        let (mode, disp_len) = if addr.disp == 0 && base & 7 != RBP_BITS {
            (0, 0)
        } else if addr.disp as i8 as i32 == addr.disp {
            (0x40, 1)
        } else {
            (0x80, 4)
        };
        let field = mode | u64::from(reg & 7) << 3;
        let base = u64::from(base & 7);
        if addr.index.is_some() {
            debug_assert!(addr.index != Some(RSP), "rsp is no index");
            bits |= (field | 4 | u64::from(index & 7) << 11 | base << 8) << n;
            n += 16;
        } else if base == 4 {
            bits |= (field | 4 | 0x2400) << n;
            n += 16;
        } else {
            bits |= (field | base) << n;
            n += 8;
        }
        self.w.put_disp(bits, n as usize / 8, addr.disp, disp_len);
    }

    /// Group-1 operation `ext` (0 add, 1 or, 4 and, 5 sub, 6 xor, 7 cmp) with an immediate.
    #[inline(always)]
    pub(super) fn group1(&mut self, w: Width, ext: Ext, loc: Loc, imm: i32) {
        let short = imm as i8 as i32 == imm;
        self.op_loc(w, 0x81 | u8::from(short) << 1, ext, loc);
        self.w.put(u64::from(imm as u32), 4 - 3 * usize::from(short));
    }

    /// `mov reg, loc`, 32 or 64 bits.
    #[inline(always)]
    pub(super) fn mov_loc(&mut self, w: Width, reg: Gpr, loc: Loc) {
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
