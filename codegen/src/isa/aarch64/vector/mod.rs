//! Vectors on AArch64.
//!
//! `dst` may be the register of any operand: what destroys an operand, or takes more than one instruction, goes
//! through the scratch registers v30 and v31 or reads its operands before it writes. Lanes of lower numbers are in
//! lower bits, as WebAssembly has them, so that lane numbers are the machine's.

mod arith;
mod constant;
mod lanes;
mod memory;
mod shuffle;
mod table;
mod words;

use super::{A64, cc_of};
use crate::masm::{Addr, Cond, VecOperand, VecPool, Vectors};
use crate::op::simd as op;
use crate::reg::{Fpr, Gpr};

const V30: Fpr = Fpr(30);
const V31: Fpr = Fpr(31);
/// In place of a register that the instruction does not have.
const NONE: Fpr = Fpr(0);

impl Vectors for A64 {
    #[inline(always)]
    fn vector_memory_operand(&self, _op: u32) -> bool {
        false
    }

    #[inline(always)]
    fn three_address_vectors(&self) -> bool {
        true
    }

    #[inline(always)]
    fn vec_pool(&mut self) -> &mut VecPool {
        &mut self.lists.vectors
    }

    #[inline(always)]
    fn vmov(&mut self, dst: Fpr, src: Fpr) {
        if dst != src {
            self.vvv(words::ORR, dst, src, src);
        }
    }

    fn vload_frame(&mut self, dst: Fpr, disp: i32) {
        self.vector_frame(true, dst, disp);
    }

    fn vstore_frame(&mut self, src: Fpr, disp: i32) {
        self.vector_frame(false, src, disp);
    }

    fn vstore_arg(&mut self, src: Fpr, i: u32) {
        self.vector_outgoing(false, src, i);
    }

    fn vload_result(&mut self, dst: Fpr, i: u32) {
        self.vector_outgoing(true, dst, i);
    }

    fn vconst(&mut self, dst: Fpr, number: u32) {
        let bits = self.lists.vectors.bits(number);
        if !self.vector_immediate(dst, bits) {
            self.vector_literal(dst, bits, number);
        }
    }

    fn vselect(&mut self, cond: Cond, dst: Fpr, a: Fpr, b: Fpr) {
        // csetm x16, cond; then its bits in both halves
        self.put(0xda9f_03f0 | u32::from(cc_of(cond) ^ 1) << 12);
        let mask = if dst == a || dst == b { V31 } else { dst };
        self.v_of_int(words::DUP_INT | words::lane(words::D, 0), mask, Gpr(16));
        self.bitselect(dst, a, b, mask);
    }

    #[inline(always)]
    fn vunary(&mut self, op: u32, dst: Fpr, a: Fpr) {
        match table::single(op) {
            Some((word, _)) => self.vv(word, dst, a),
            None => self.unary_sequence(op, dst, a),
        }
    }

    #[inline(always)]
    fn vbinary(&mut self, op: u32, dst: Fpr, a: Fpr, b: VecOperand) {
        let b = match b {
            VecOperand::Reg(b) => b,
            _ => unreachable!("operands are in registers"),
        };
        match table::single(op) {
            Some((word, false)) => self.vvv(word, dst, a, b),
            Some((word, true)) => self.vvv(word, dst, b, a),
            None => self.binary_sequence(op, dst, a, b),
        }
    }

    fn vternary(&mut self, op: u32, dst: Fpr, a: Fpr, b: Fpr, c: Fpr) {
        match op {
            op::F32X4_RELAXED_MADD => self.multiply_add(words::fmla(words::S), dst, a, b, c),
            op::F32X4_RELAXED_NMADD => self.multiply_add(words::fmls(words::S), dst, a, b, c),
            op::F64X2_RELAXED_MADD => self.multiply_add(words::fmla(words::D), dst, a, b, c),
            op::F64X2_RELAXED_NMADD => self.multiply_add(words::fmls(words::D), dst, a, b, c),
            op::I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S => self.dot_add(dst, a, b, c),
            // v128.bitselect; of relaxed ones, each bit's mask counts as well.
            _ => self.bitselect(dst, a, b, c),
        }
    }

    fn vshift(&mut self, op: u32, dst: Fpr, a: Fpr, count: Gpr) {
        self.shift_by_register(op, dst, a, count);
    }

    fn vshift_imm(&mut self, op: u32, dst: Fpr, a: Fpr, count: u32) {
        self.shift_by_constant(op, dst, a, count);
    }

    fn vshuffle(&mut self, dst: Fpr, a: Fpr, b: Fpr, lanes: [u8; 16]) {
        self.shuffle(dst, a, b, lanes);
    }

    fn vsplat_int(&mut self, op: u32, dst: Fpr, src: Gpr) {
        self.v_of_int(words::DUP_INT | words::lane(lanes::size(op), 0), dst, src);
    }

    fn vsplat_float(&mut self, op: u32, dst: Fpr, src: Fpr) {
        self.vv(words::DUP | words::lane(lanes::size(op), 0), dst, src);
    }

    fn vextract_int(&mut self, op: u32, lane: u8, dst: Gpr, src: Fpr) {
        let copy = match op {
            op::I8X16_EXTRACT_LANE_S | op::I16X8_EXTRACT_LANE_S => words::SMOV,
            op::I64X2_EXTRACT_LANE => words::Q | words::UMOV,
            _ => words::UMOV,
        };
        self.int_of_v(copy | words::lane(lanes::size(op), lane.into()), dst, src);
    }

    fn vextract_float(&mut self, op: u32, lane: u8, dst: Fpr, src: Fpr) {
        if lane != 0 {
            self.vv(words::DUP_SCALAR | words::lane(lanes::size(op), lane.into()), dst, src);
        } else if dst != src {
            // fmov dst, src
            self.vv(0x1e60_4000, dst, src);
        }
    }

    fn vreplace_int(&mut self, op: u32, lane: u8, dst: Fpr, a: Fpr, value: Gpr) {
        self.vmov(dst, a);
        self.v_of_int(words::INS_INT | words::lane(lanes::size(op), lane.into()), dst, value);
    }

    fn vreplace_float(&mut self, op: u32, lane: u8, dst: Fpr, a: Fpr, value: Fpr) {
        self.insert(lanes::size(op), dst, a, lane.into(), value, 0);
    }

    fn vtest(&mut self, op: u32, a: Fpr) -> Cond {
        self.test(op, a)
    }

    fn vbitmask(&mut self, op: u32, dst: Gpr, a: Fpr) {
        self.bitmask(op, dst, a);
    }

    fn vprepare(&mut self, op: u32, addr: Addr) -> Addr {
        self.prepare_vector(op, addr)
    }

    fn vload(&mut self, op: u32, dst: Fpr, addr: Addr) {
        self.load_vector(op, dst, addr);
    }

    fn vstore(&mut self, src: Fpr, addr: Addr) {
        self.store_vector(src, addr);
    }

    fn vload_lane(&mut self, op: u32, lane: u8, reg: Fpr, addr: Addr) {
        self.load_lane(op, lane.into(), reg, addr);
    }

    fn vstore_lane(&mut self, op: u32, lane: u8, src: Fpr, addr: Addr) -> u32 {
        self.store_lane(op, lane.into(), src, addr)
    }
}

impl A64 {
    /// An instruction with three vector registers.
    #[inline(always)]
    fn vvv(&mut self, word: u32, d: Fpr, n: Fpr, m: Fpr) {
        debug_assert!(d.0 < 32 && n.0 < 32 && m.0 < 32);
        self.put(word | u32::from(d.0) | u32::from(n.0) << 5 | u32::from(m.0) << 16);
    }

    /// … with two.
    #[inline(always)]
    fn vv(&mut self, word: u32, d: Fpr, n: Fpr) {
        self.vvv(word, d, n, NONE);
    }

    /// … to a vector register from an integer register.
    #[inline(always)]
    fn v_of_int(&mut self, word: u32, d: Fpr, n: Gpr) {
        self.vvv(word, d, Fpr(n.0), NONE);
    }

    /// … to an integer register from a vector register.
    #[inline(always)]
    fn int_of_v(&mut self, word: u32, d: Gpr, n: Fpr) {
        self.vvv(word, Fpr(d.0), n, NONE);
    }
}
