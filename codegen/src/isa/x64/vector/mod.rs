//! Vectors on x86-64: SSE4.1, and where the processor has it AVX, whose forms have three operands.
//!
//! xmm14 and xmm15 are scratch. Sequences keep to this rule: operands are read for the last time before, or by the
//! instruction that writes `dst`, which may be any of them where AVX is used.

mod convert;
pub(super) mod enc;
mod lanes;
mod shift;
mod shuffle;
mod table;
#[cfg(test)]
mod tests;

use super::X64;
use crate::masm::{Addr, Cond, Floats, VecOperand, VecPool, Vectors};
use crate::op::simd::*;
use crate::reg::{Fpr, Gpr};
use enc::*;
use table::*;

impl Vectors for X64 {
    #[inline(always)]
    fn vector_memory_operand(&self, op: u32) -> bool {
        BINARY[op as usize] != 0 && BINARY[op as usize] & (SWAP | IMM) == 0
    }

    #[inline(always)]
    fn three_address_vectors(&self) -> bool {
        self.target.avx
    }

    #[inline(always)]
    fn vec_pool(&mut self) -> &mut VecPool {
        &mut self.lists.vectors
    }

    #[inline(always)]
    fn vmov(&mut self, dst: Fpr, src: Fpr) {
        self.movaps(dst.0, src.0);
    }

    #[inline(always)]
    fn vload_frame(&mut self, dst: Fpr, disp: i32) {
        self.op2(M0F | 0x10, dst.0, frame(disp));
    }

    #[inline(always)]
    fn vstore_frame(&mut self, src: Fpr, disp: i32) {
        self.op2(M0F | 0x11, src.0, frame(disp));
    }

    fn vstore_arg(&mut self, src: Fpr, i: u32) {
        self.op2(M0F | 0x11, src.0, stack(i));
    }

    fn vload_result(&mut self, dst: Fpr, i: u32) {
        self.op2(M0F | 0x10, dst.0, stack(i));
    }

    fn vconst(&mut self, dst: Fpr, number: u32) {
        match number {
            VecPool::ZERO => self.zero(dst.0),
            VecPool::ONES => self.ones(dst.0),
            _ => self.op2(M0F | 0x28, dst.0, Rm::Pool(number)),
        }
    }

    fn vselect(&mut self, cond: Cond, dst: Fpr, a: Fpr, b: Fpr) {
        self.fselect(cond, dst, a, b);
    }

    fn vunary(&mut self, op: u32, dst: Fpr, a: Fpr) {
        let enc = UNARY[op as usize];
        if enc == 0 {
            self.unary_sequence(op, dst.0, a.0);
        } else if enc & IMM != 0 {
            self.op2_imm(enc, dst.0, Rm::Reg(a.0), (enc >> 24) as u8);
        } else {
            self.op2(enc, dst.0, Rm::Reg(a.0));
        }
    }

    fn vbinary(&mut self, op: u32, dst: Fpr, a: Fpr, b: VecOperand) {
        let enc = BINARY[op as usize];
        let b = rm(b);
        if enc & (SWAP | NOT | IMM) == 0 && enc != 0 {
            return self.op3(enc, dst.0, a.0, b);
        }
        let Rm::Reg(b) = b else {
            if enc == 0 || enc & (SWAP | IMM) != 0 {
                unreachable!("an operand in memory where none is taken");
            }
            self.op3(enc, dst.0, a.0, b);
            return self.invert(dst.0);
        };
        if enc == 0 {
            return self.binary_sequence(op, dst.0, a.0, b);
        }
        let (a, b) = if enc & SWAP != 0 { (b, a.0) } else { (a.0, b) };
        if enc & IMM != 0 {
            self.op3_imm(enc, dst.0, a, Rm::Reg(b), (enc >> 24) as u8);
        } else {
            self.op3(enc, dst.0, a, Rm::Reg(b));
        }
        if enc & NOT != 0 {
            self.invert(dst.0);
        }
    }

    fn vternary(&mut self, op: u32, dst: Fpr, a: Fpr, b: Fpr, c: Fpr) {
        let (dst, a, b, c) = (dst.0, a.0, b.0, c.0);
        match op {
            // ((a ^ b) & c) ^ b
            V128_BITSELECT
            | I8X16_RELAXED_LANESELECT
            | I16X8_RELAXED_LANESELECT
            | I32X4_RELAXED_LANESELECT
            | I64X2_RELAXED_LANESELECT => {
                self.op3(INT | 0xef, T0, a, Rm::Reg(b));
                self.op3(INT | 0xdb, T0, T0, Rm::Reg(c));
                self.op3(INT | 0xef, dst, b, Rm::Reg(T0));
            }
            F32X4_RELAXED_MADD | F32X4_RELAXED_NMADD | F64X2_RELAXED_MADD | F64X2_RELAXED_NMADD => {
                let double = matches!(op, F64X2_RELAXED_MADD | F64X2_RELAXED_NMADD);
                let negative = matches!(op, F32X4_RELAXED_NMADD | F64X2_RELAXED_NMADD);
                if self.target.fma {
                    // vfmadd231p*, vfnmadd231p*
                    self.movaps(T0, c);
                    let opcode = if negative { 0xbc } else { 0xb8 };
                    self.vex(M38 | opcode | if double { W1 } else { 0 }, T0, a, Rm::Reg(b));
                    return self.movaps(dst, T0);
                }
                let p = if double { P66 } else { 0 };
                self.op3(M0F | 0x59 | p, T0, a, Rm::Reg(b));
                if negative {
                    self.movaps(T1, c);
                    self.op3(M0F | 0x5c | p, T1, T1, Rm::Reg(T0));
                    self.movaps(dst, T1);
                } else {
                    self.op3(M0F | 0x58 | p, dst, c, Rm::Reg(T0));
                }
            }
            I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S => {
                let ones = self.lists.vectors.intern(splat16(1));
                self.op3(M38 | 0x04, T0, b, Rm::Reg(a));
                self.op3(INT | 0xf5, T0, T0, Rm::Pool(ones));
                self.op3(INT | 0xfe, dst, c, Rm::Reg(T0));
            }
            _ => unreachable!("no operator with three operands"),
        }
    }

    fn vshift(&mut self, op: u32, dst: Fpr, a: Fpr, count: Gpr) {
        self.shift(op, dst.0, a.0, count.0);
    }

    fn vshift_imm(&mut self, op: u32, dst: Fpr, a: Fpr, count: u32) {
        self.shift_imm(op, dst.0, a.0, count);
    }

    fn vshuffle(&mut self, dst: Fpr, a: Fpr, b: Fpr, lanes: [u8; 16]) {
        self.shuffle(dst.0, a.0, b.0, lanes);
    }

    fn vsplat_int(&mut self, op: u32, dst: Fpr, src: Gpr) {
        self.splat_int(op, dst.0, src.0);
    }

    fn vsplat_float(&mut self, op: u32, dst: Fpr, src: Fpr) {
        if op == F64X2_SPLAT {
            self.op2(M0F | PF2 | 0x12, dst.0, Rm::Reg(src.0));
        } else if self.target.avx2 {
            self.op2(M38 | 0x18, dst.0, Rm::Reg(src.0));
        } else {
            self.pshufd(dst.0, src.0, 0);
        }
    }

    fn vextract_int(&mut self, op: u32, lane: u8, dst: Gpr, src: Fpr) {
        self.extract_int(op, lane, dst.0, src.0);
    }

    fn vextract_float(&mut self, op: u32, lane: u8, dst: Fpr, src: Fpr) {
        match (op, lane) {
            (_, 0) => self.movaps(dst.0, src.0),
            (F32X4_EXTRACT_LANE, lane) => self.pshufd(dst.0, src.0, lane),
            _ => self.pshufd(dst.0, src.0, 0xee),
        }
    }

    fn vreplace_int(&mut self, op: u32, lane: u8, dst: Fpr, a: Fpr, value: Gpr) {
        self.op3_imm(LANES[op as usize], dst.0, a.0, Rm::Int(value.0), lane);
    }

    fn vreplace_float(&mut self, op: u32, lane: u8, dst: Fpr, a: Fpr, value: Fpr) {
        let value = Rm::Reg(value.0);
        match (op, lane) {
            // insertps
            (F32X4_REPLACE_LANE, lane) => self.op3_imm(M3A | 0x21, dst.0, a.0, value, lane << 4),
            // movsd, movlhps
            (_, 0) => self.op3(M0F | PF2 | 0x10, dst.0, a.0, value),
            _ => self.op3(M0F | 0x16, dst.0, a.0, value),
        }
    }

    fn vtest(&mut self, op: u32, a: Fpr) -> Cond {
        if op == V128_ANY_TRUE {
            self.op2(M38 | 0x17, a.0, Rm::Reg(a.0));
            return Cond::Ne;
        }
        let equal = match op {
            I8X16_ALL_TRUE => INT | 0x74,
            I16X8_ALL_TRUE => INT | 0x75,
            I32X4_ALL_TRUE => INT | 0x76,
            _ => M38 | 0x29,
        };
        self.zero(T0);
        self.op3(equal, T0, T0, Rm::Reg(a.0));
        self.op2(M38 | 0x17, T0, Rm::Reg(T0));
        Cond::Eq
    }

    fn vbitmask(&mut self, op: u32, dst: Gpr, a: Fpr) {
        self.bitmask(op, dst.0, a.0);
    }

    #[inline(always)]
    fn vprepare(&mut self, _op: u32, addr: Addr) -> Addr {
        addr
    }

    fn vload(&mut self, op: u32, dst: Fpr, addr: Addr) {
        self.load_vector(op, dst.0, Rm::Mem(addr));
    }

    fn vstore(&mut self, src: Fpr, addr: Addr) {
        self.op2(M0F | 0x11, src.0, Rm::Mem(addr));
    }

    fn vload_lane(&mut self, op: u32, lane: u8, reg: Fpr, addr: Addr) {
        self.op3_imm(LANES[op as usize], reg.0, reg.0, Rm::Mem(addr), lane);
    }

    fn vstore_lane(&mut self, op: u32, lane: u8, src: Fpr, addr: Addr) -> u32 {
        let at = self.w.pos();
        match (op, lane) {
            // movss, movsd, movhps
            (V128_STORE32_LANE, 0) => self.op2(M0F | PF3 | 0x11, src.0, Rm::Mem(addr)),
            (V128_STORE64_LANE, 0) => self.op2(M0F | PF2 | 0x11, src.0, Rm::Mem(addr)),
            (V128_STORE64_LANE, _) => self.op2(M0F | 0x17, src.0, Rm::Mem(addr)),
            _ => self.op2_imm(LANES[op as usize], src.0, Rm::Mem(addr), lane),
        }
        at
    }
}

fn rm(operand: VecOperand) -> Rm {
    match operand {
        VecOperand::Reg(reg) => Rm::Reg(reg.0),
        VecOperand::Frame(disp) => frame(disp),
        VecOperand::Const(number) => Rm::Pool(number),
    }
}

/// Outgoing stack argument, or result, `i`.
fn stack(i: u32) -> Rm {
    Rm::Mem(Addr { base: Gpr(4), index: None, disp: 8 * i as i32 })
}

/// A vector of 16-bit lanes.
const fn splat16(lane: u16) -> u128 {
    lane as u128 * 0x0001_0001_0001_0001_0001_0001_0001_0001
}

/// A vector of bytes.
const fn splat8(lane: u8) -> u128 {
    lane as u128 * 0x0101_0101_0101_0101_0101_0101_0101_0101
}

/// A vector of 32-bit lanes.
const fn splat32(lane: u32) -> u128 {
    lane as u128 * 0x0000_0001_0000_0001_0000_0001_0000_0001
}

/// A vector of 64-bit lanes.
const fn splat64(lane: u64) -> u128 {
    lane as u128 | (lane as u128) << 64
}

impl X64 {
    /// All zeros.
    fn zero(&mut self, dst: u8) {
        self.op3(INT | 0xef, dst, dst, Rm::Reg(dst));
    }

    /// All ones.
    fn ones(&mut self, dst: u8) {
        self.op3(INT | 0x76, dst, dst, Rm::Reg(dst));
    }

    /// Inverts all bits.
    fn invert(&mut self, dst: u8) {
        debug_assert_ne!(dst, T0);
        self.ones(T0);
        self.op3(INT | 0xef, dst, dst, Rm::Reg(T0));
    }

    fn pshufd(&mut self, dst: u8, src: u8, order: u8) {
        self.op2_imm(INT | 0x70, dst, Rm::Reg(src), order);
    }

    /// Operators with two operands that are several instructions.
    fn binary_sequence(&mut self, op: u32, dst: u8, a: u8, b: u8) {
        let extreme = EXTREME[op as usize];
        if extreme != 0 {
            self.op3(extreme, T0, a, Rm::Reg(b));
            self.op3(equal(op), dst, a, Rm::Reg(T0));
            if extreme & NOT != 0 {
                self.invert(dst);
            }
            return;
        }
        match op {
            I64X2_LT_S => self.greater64(dst, b, a),
            I64X2_GT_S => self.greater64(dst, a, b),
            I64X2_LE_S => {
                self.greater64(dst, a, b);
                self.invert(dst);
            }
            I64X2_GE_S => {
                self.greater64(dst, b, a);
                self.invert(dst);
            }
            F32X4_MIN | F32X4_MAX | F64X2_MIN | F64X2_MAX => {
                let double = matches!(op, F64X2_MIN | F64X2_MAX);
                self.float_extreme(matches!(op, F32X4_MAX | F64X2_MAX), double, dst, a, b);
            }
            I64X2_MUL => {
                // The products of unequal halves go to the upper half of a lane.
                self.op3_shift(0x73, 2, T0, a, 32);
                self.op3(INT | 0xf4, T0, T0, Rm::Reg(b));
                self.op3_shift(0x73, 2, T1, b, 32);
                self.op3(INT | 0xf4, T1, T1, Rm::Reg(a));
                self.op3(INT | 0xd4, T0, T0, Rm::Reg(T1));
                self.op3_shift(0x73, 6, T0, T0, 32);
                self.op3(INT | 0xf4, T1, a, Rm::Reg(b));
                self.op3(INT | 0xd4, dst, T0, Rm::Reg(T1));
            }
            I8X16_SWIZZLE => {
                // Indices from 16 on become ones with the highest bit set.
                let limit = self.lists.vectors.intern(splat8(0x70));
                self.movaps(T0, b);
                self.op3(INT | 0xdc, T0, T0, Rm::Pool(limit));
                self.op3(M38, dst, a, Rm::Reg(T0));
            }
            I16X8_Q15MULR_SAT_S => {
                // −1 · −1 is the only product that does not fit.
                let limit = self.lists.vectors.intern(splat16(0x8000));
                self.op3(M38 | 0x0b, T1, a, Rm::Reg(b));
                self.movaps(T0, T1);
                self.op3(INT | 0x75, T0, T0, Rm::Pool(limit));
                self.op3(INT | 0xef, dst, T1, Rm::Reg(T0));
            }
            _ => self.extended_product(op, dst, a, b),
        }
    }

    /// Products of lanes twice as wide.
    fn extended_product(&mut self, op: u32, dst: u8, a: u8, b: u8) {
        match op {
            I16X8_EXTMUL_LOW_I8X16_S | I16X8_EXTMUL_LOW_I8X16_U => {
                let extend = M38 | if op == I16X8_EXTMUL_LOW_I8X16_S { 0x20 } else { 0x30 };
                self.op2(extend, T0, Rm::Reg(a));
                self.op2(extend, T1, Rm::Reg(b));
                self.op3(INT | 0xd5, dst, T0, Rm::Reg(T1));
            }
            I16X8_EXTMUL_HIGH_I8X16_S => {
                // Bytes as the upper halves of 16-bit lanes, shifted down.
                for (to, from) in [(T0, a), (T1, b)] {
                    self.op3(INT | 0x68, to, from, Rm::Reg(from));
                    self.op3_shift(0x71, 4, to, to, 8);
                }
                self.op3(INT | 0xd5, dst, T0, Rm::Reg(T1));
            }
            I16X8_EXTMUL_HIGH_I8X16_U => {
                for (to, from) in [(T0, a), (T1, b)] {
                    self.op3(INT | 0x68, to, from, Rm::Reg(from));
                    self.op3_shift(0x71, 2, to, to, 8);
                }
                self.op3(INT | 0xd5, dst, T0, Rm::Reg(T1));
            }
            I32X4_EXTMUL_LOW_I16X8_S
            | I32X4_EXTMUL_LOW_I16X8_U
            | I32X4_EXTMUL_HIGH_I16X8_S
            | I32X4_EXTMUL_HIGH_I16X8_U => {
                // Lower and upper halves of the products, put together.
                let signed = matches!(op, I32X4_EXTMUL_LOW_I16X8_S | I32X4_EXTMUL_HIGH_I16X8_S);
                let low = matches!(op, I32X4_EXTMUL_LOW_I16X8_S | I32X4_EXTMUL_LOW_I16X8_U);
                self.op3(INT | if signed { 0xe5 } else { 0xe4 }, T1, a, Rm::Reg(b));
                self.op3(INT | 0xd5, T0, a, Rm::Reg(b));
                self.op3(INT | if low { 0x61 } else { 0x69 }, dst, T0, Rm::Reg(T1));
            }
            _ => {
                let signed = matches!(op, I64X2_EXTMUL_LOW_I32X4_S | I64X2_EXTMUL_HIGH_I32X4_S);
                let low = matches!(op, I64X2_EXTMUL_LOW_I32X4_S | I64X2_EXTMUL_LOW_I32X4_U);
                let order = if low { 0x50 } else { 0xfa };
                self.pshufd(T0, a, order);
                self.pshufd(T1, b, order);
                self.op3(if signed { M38 | 0x28 } else { INT | 0xf4 }, dst, T0, Rm::Reg(T1));
            }
        }
    }

    /// `a > b` of signed 64-bit lanes.
    fn greater64(&mut self, dst: u8, a: u8, b: u8) {
        if self.target.sse42 {
            return self.op3(M38 | 0x37, dst, a, Rm::Reg(b));
        }
        // The upper halves decide, or, where they are equal, the borrow of b − a.
        self.movaps(T0, b);
        self.op3(INT | 0xfb, T0, T0, Rm::Reg(a));
        self.movaps(T1, b);
        self.op3(INT | 0x76, T1, T1, Rm::Reg(a));
        self.op3(INT | 0xdb, T0, T0, Rm::Reg(T1));
        self.movaps(T1, a);
        self.op3(INT | 0x66, T1, T1, Rm::Reg(b));
        self.op3(INT | 0xeb, T0, T0, Rm::Reg(T1));
        self.pshufd(dst, T0, 0xf5);
    }
}
