//! Encodings of vector instructions: one description, from which the legacy form (two operands) and the VEX form
//! (three, where the processor has AVX) are made.

use super::super::X64;
use crate::masm::Addr;
use crate::reg::Gpr;

/// An instruction: opcode in the lowest byte, then map, prefix, and W.
pub(in crate::isa::x64) type Enc = u32;

/// Opcodes after 0F.
pub(super) const M0F: Enc = 1 << 8;
/// Opcodes after 0F 38.
pub(super) const M38: Enc = 2 << 8 | P66;
/// Opcodes after 0F 3A.
pub(super) const M3A: Enc = 3 << 8 | P66;
/// Prefix 66.
pub(super) const P66: Enc = 1 << 10;
/// Prefix F3.
pub(super) const PF3: Enc = 2 << 10;
/// Prefix F2.
pub(super) const PF2: Enc = 3 << 10;
/// W is 1.
pub(super) const W1: Enc = 1 << 12;
/// What most integer instructions have.
pub(super) const INT: Enc = M0F | P66;

/// Scratch.
pub(super) const T0: u8 = 15;
/// Scratch, too.
pub(super) const T1: u8 = 14;

/// The operand that may be in memory.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Rm {
    /// A vector register.
    Reg(u8),
    /// An integer register.
    Int(u8),
    /// Memory.
    Mem(Addr),
    /// A constant of the pool, for instructions without an immediate.
    Pool(u32),
}

/// Frame slot.
pub(super) fn frame(disp: i32) -> Rm {
    Rm::Mem(Addr { base: Gpr(5), index: None, disp })
}

/// The last bytes of an instruction.
struct Tail {
    /// ModRM and SIB.
    bits: u64,
    len: usize,
    disp: i32,
    disp_len: usize,
    /// The bits of the index and base registers' numbers that go to the prefix: X and B.
    x: u64,
    b: u64,
}

fn tail(reg: u8, rm: Rm) -> Tail {
    let field = u64::from(reg & 7) << 3;
    match rm {
        Rm::Reg(rm) | Rm::Int(rm) => {
            Tail { bits: 0xc0 | field | u64::from(rm & 7), len: 1, disp: 0, disp_len: 0, x: 0, b: u64::from(rm >> 3) }
        }
        Rm::Pool(_) => Tail { bits: field | 5, len: 1, disp: 0, disp_len: 4, x: 0, b: 0 },
        Rm::Mem(Addr { base, index, disp }) => {
            let (mode, disp_len) = if disp == 0 && base.0 & 7 != 5 {
                (0, 0)
            } else if disp as i8 as i32 == disp {
                (0x40, 1)
            } else {
                (0x80, 4)
            };
            let low = u64::from(base.0 & 7);
            let (bits, len) = match index {
                Some(index) => (mode | field | 4 | u64::from(index.0 & 7) << 11 | low << 8, 2),
                None if low == 4 => (mode | field | 4 | 0x2400, 2),
                None => (mode | field | low, 1),
            };
            debug_assert!(index != Some(Gpr(4)), "rsp is no index");
            let x = index.map_or(0, |index| u64::from(index.0 >> 3));
            Tail { bits, len, disp, disp_len, x, b: u64::from(base.0 >> 3) }
        }
    }
}

impl X64 {
    /// Two operands, in the form that the processor has.
    pub(super) fn op2(&mut self, enc: Enc, reg: u8, rm: Rm) {
        if self.target.avx {
            self.vex(enc, reg, 0, rm);
        } else {
            self.legacy(enc, reg, rm);
        }
    }

    /// Two operands and an immediate.
    pub(super) fn op2_imm(&mut self, enc: Enc, reg: u8, rm: Rm, imm: u8) {
        debug_assert!(!matches!(rm, Rm::Pool(_)));
        self.op2(enc, reg, rm);
        self.w.put(u64::from(imm), 1);
    }

    /// `dst = a op rm`, whatever registers these are. If `rm` is `dst` alone and there are two operands only, it takes
    /// the way through the scratch register [`T0`].
    pub(super) fn op3(&mut self, enc: Enc, dst: u8, a: u8, rm: Rm) {
        self.op3_then(enc, dst, a, rm, None);
    }

    /// `dst = a op rm` with an immediate.
    pub(super) fn op3_imm(&mut self, enc: Enc, dst: u8, a: u8, rm: Rm, imm: u8) {
        debug_assert!(!matches!(rm, Rm::Pool(_)));
        self.op3_then(enc, dst, a, rm, Some(imm));
    }

    fn op3_then(&mut self, enc: Enc, dst: u8, a: u8, rm: Rm, imm: Option<u8>) {
        let imm = imm.map(|imm| (u64::from(imm), 1)).unwrap_or_default();
        if self.target.avx {
            self.vex(enc, dst, a, rm);
            self.w.put(imm.0, imm.1);
        } else if rm == Rm::Reg(dst) && dst != a {
            self.movaps(T0, a);
            self.legacy(enc, T0, rm);
            self.w.put(imm.0, imm.1);
            self.movaps(dst, T0);
        } else {
            self.movaps(dst, a);
            self.legacy(enc, dst, rm);
            self.w.put(imm.0, imm.1);
        }
    }

    /// `movaps`, or nothing.
    pub(super) fn movaps(&mut self, dst: u8, src: u8) {
        if dst != src {
            self.op2(M0F | 0x28, dst, Rm::Reg(src));
        }
    }

    /// Prefix, REX, escape, opcode, ModRM: `reg` is the first operand as well as the destination.
    fn legacy(&mut self, enc: Enc, reg: u8, rm: Rm) {
        const PREFIX: [u64; 4] = [0, 0x66, 0xf3, 0xf2];
        let tail = tail(reg, rm);
        let pp = (enc >> 10 & 3) as usize;
        let (mut bits, mut n) = (PREFIX[pp], 8 * u64::from(pp != 0));
        let rex = 0x40 | u64::from(enc >> 12 & 1) << 3 | u64::from(reg >> 3) << 2 | tail.x << 1 | tail.b;
        if rex != 0x40 {
            bits |= rex << n;
            n += 8;
        }
        let (escape, len) = match enc >> 8 & 3 {
            1 => (0x0f, 8),
            2 => (0x380f, 16),
            _ => (0x3a0f, 16),
        };
        bits |= escape << n;
        n += len;
        bits |= u64::from(enc as u8) << n;
        n += 8;
        self.finish_op(bits, n, tail, rm);
    }

    /// The VEX form with 128 bits; `second` is 0 where there is no third operand.
    pub(super) fn vex(&mut self, enc: Enc, reg: u8, second: u8, rm: Rm) {
        let tail = tail(reg, rm);
        let w = u64::from(enc >> 12 & 1);
        let map = u64::from(enc >> 8 & 3);
        let r = u64::from(reg >> 3) ^ 1;
        let rest = (u64::from(second) ^ 15) << 3 | u64::from(enc >> 10 & 3);
        let (mut bits, mut n) = if w | tail.x | tail.b == 0 && map == 1 {
            (0xc5 | (r << 7 | rest) << 8, 16)
        } else {
            (0xc4 | (r << 7 | (tail.x ^ 1) << 6 | (tail.b ^ 1) << 5 | map) << 8 | (w << 7 | rest) << 16, 24)
        };
        bits |= u64::from(enc as u8) << n;
        n += 8;
        self.finish_op(bits, n, tail, rm);
    }

    /// Puts the constants that instructions refer to behind the code, on addresses that are multiples of 16.
    #[cold]
    #[inline(never)]
    pub(in crate::isa::x64) fn finish_vec_pool(&mut self) {
        let mut pool = std::mem::take(&mut self.lists.vectors);
        while !self.w.pos().is_multiple_of(16) {
            self.w.put(0xcc, 1);
        }
        pool.finish(
            self,
            |m, bits| {
                m.w.room();
                let at = m.w.pos();
                m.w.put(bits as u64, 8);
                m.w.put((bits >> 64) as u64, 8);
                at
            },
            |m, site, at| m.w.patch32(site, at.wrapping_sub(site).wrapping_sub(4)),
        );
        self.lists.vectors = pool;
    }

    fn finish_op(&mut self, bits: u64, n: u64, tail: Tail, rm: Rm) {
        let len = n as usize / 8 + tail.len;
        self.w.put_disp(bits | tail.bits << n, len, tail.disp, tail.disp_len);
        if let Rm::Pool(number) = rm {
            let site = self.w.pos().wrapping_sub(4);
            self.lists.vectors.refer(site, number);
        }
    }
}
