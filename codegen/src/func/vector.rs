//! Vectors of 128 bits: relaxed operators, too.
//!
//! An operator's shape, what it takes and gives, follows from its row in the table of operators, and says which of the
//! handlers here it has. What it computes is the emitter's matter ([`crate::masm::Vectors`]).

use super::read::{self, Ip};
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::Disabled;
use crate::masm::{Fpr, Masm, VecOperand, VecPool};
use crate::op::simd::*;
use crate::op::{Imm, Op};
use crate::ty::{Class, Ty};

/// What an operator takes and gives.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Shape {
    /// There is no such operator.
    Missing,
    Load,
    Store,
    LoadLane,
    StoreLane,
    Const,
    Shuffle,
    Unary,
    Binary,
    Ternary,
    Shift,
    Splat,
    Extract,
    Replace,
    Test,
    Bitmask,
}

/// An operator as the handlers need it.
#[derive(Copy, Clone, Debug)]
struct Row {
    shape: Shape,
    /// What switches it off.
    disabled: Disabled,
    /// The exponent of the size of an access.
    size: u8,
    /// How many lanes a lane's number may name.
    lanes: u8,
    /// The scalar that it takes or gives, if any.
    scalar: Ty,
}

const CODES: usize = 0x114;

static ROWS: [Row; CODES] = {
    let missing = Row { shape: Shape::Missing, disabled: Disabled(u32::MAX), size: 0, lanes: 0, scalar: Ty::UNKNOWN };
    let mut rows = [missing; CODES];
    let ops = crate::op::simd_rows();
    let mut i = 0;
    while i < ops.len() {
        rows[ops[i].code as usize] = row(&ops[i]);
        i += 1;
    }
    rows
};

const fn row(op: &Op) -> Row {
    let shape = match (op.imm, op.sig.counts()) {
        (Imm::MemArg(_), (1, 1)) => Shape::Load,
        (Imm::MemArg(_), _) => Shape::Store,
        (Imm::MemArgLane(_), (_, 1)) => Shape::LoadLane,
        (Imm::MemArgLane(_), _) => Shape::StoreLane,
        (Imm::V128, _) => Shape::Const,
        (Imm::Lanes, _) => Shape::Shuffle,
        (Imm::Lane, (1, _)) => Shape::Extract,
        (Imm::Lane, _) => Shape::Replace,
        (_, (3, _)) => Shape::Ternary,
        (_, (2, _)) if op.sig.scalar().0 == Ty::UNKNOWN.0 => Shape::Binary,
        (_, (2, _)) => Shape::Shift,
        _ if op.sig.scalar().0 == Ty::UNKNOWN.0 => Shape::Unary,
        _ if op.sig.value().0 == Ty::V128.0 => Shape::Splat,
        _ => match op.code {
            I8X16_BITMASK | I16X8_BITMASK | I32X4_BITMASK | I64X2_BITMASK => Shape::Bitmask,
            _ => Shape::Test,
        },
    };
    let Some(disabled) = op.feature.switch() else { panic!("the compiler has vectors") };
    let size = match op.alignment() {
        Some(exponent) => exponent,
        None => 0,
    };
    Row { shape, disabled, size, lanes: op.lanes(), scalar: op.sig.scalar() }
}

impl<M: Masm> Func<'_, M> {
    /// An operator behind the prefix 0xfd.
    #[inline(never)]
    pub(super) fn vector(&mut self, mut ip: Ip) -> Ip {
        let code = imm!(self, leb_u32, ip);
        self.vectors_are_met();
        let row = *tri!(self, ROWS.get(code as usize));
        if self.env.disabled.has(row.disabled) {
            return self.fail();
        }
        match row.shape {
            Shape::Load if code == V128_LOAD => self.vector_load(ip),
            Shape::Store => self.vector_store(ip),
            Shape::Load => self.load_special(code, row, ip),
            Shape::LoadLane | Shape::StoreLane => self.access_lane(code, row, ip),
            Shape::Const => self.vector_const(ip),
            Shape::Shuffle => self.shuffle(ip),
            Shape::Unary => self.vector_unary(self.machine_op(code), ip),
            Shape::Binary => self.vector_binary(self.machine_op(code), ip),
            Shape::Ternary => self.vector_ternary(code, ip),
            Shape::Shift => self.vector_shift(code, row, ip),
            Shape::Splat => self.splat(code, row, ip),
            Shape::Extract => self.extract_lane(code, row, ip),
            Shape::Replace => self.replace_lane(code, row, ip),
            Shape::Test => {
                let a = tri!(self, self.pop(Ty::V128));
                let a = self.in_reg(a);
                let cond = self.m.vtest(code, a.fpr());
                self.flags_set();
                self.release(a);
                self.use_flags_outlined(cond, ip)
            }
            Shape::Bitmask => {
                let a = tri!(self, self.pop(Ty::V128));
                let a = self.in_reg(a);
                let (dest, ip) = self.dest_new(ip, Ty::I32);
                self.m.vbitmask(code, dest.gpr(), a.fpr());
                self.release(a);
                self.finish_dest(dest);
                ip
            }
            Shape::Missing => self.fail(),
        }
    }

    /// The operator to compile in place of `code`: for a relaxed one, where results are to be the same on all machines,
    /// the one whose result the specification's deterministic profile has.
    #[inline(always)]
    fn machine_op(&self, code: u32) -> u32 {
        if code >= I8X16_RELAXED_SWIZZLE && self.env.checks.deterministic_vectors { deterministic(code) } else { code }
    }

    fn vector_const(&mut self, ip: Ip) -> Ip {
        // SAFETY: sixteen bytes behind an operator's code are in the body or its padding.
        let bits = u128::from_le_bytes(unsafe { ip.cast::<[u8; 16]>().read_unaligned() });
        let ip = ip.wrapping_add(16);
        if ip >= self.end {
            return self.fail();
        }
        let number = self.m.vec_pool().intern(bits);
        self.push(Val::constant(Ty::V128, number));
        ip
    }

    fn vector_unary(&mut self, code: u32, ip: Ip) -> Ip {
        let a = tri!(self, self.pop(Ty::V128));
        let a = self.in_reg(a);
        let (dest, ip) = self.dest(ip, Ty::V128, a);
        self.m.vunary(code, dest.fpr(), a.fpr());
        self.release_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }

    fn vector_binary(&mut self, code: u32, ip: Ip) -> Ip {
        if code == I16X8_RELAXED_DOT_I8X16_I7X16_S && self.env.checks.deterministic_vectors {
            return self.exact_dot(ip);
        }
        let (mut a, mut b) = tri!(self, self.pop2(Ty::V128));
        if commutes(code) && (a.is_const() || b.is_reg() && !a.is_reg()) {
            (a, b) = (b, a);
        }
        a = self.in_reg(a);
        let b = self.vector_operand(code, b);
        let (dest, ip) = self.dest(ip, Ty::V128, a);
        let operand = self.as_operand(b);
        let taken = if b.in_reg() { Some(b.fpr()) } else { None };
        self.with_dest(dest.fpr(), a.fpr(), [taken, None], |m, dst| m.vbinary(code, dst, a.fpr(), operand));
        self.release_unless(a, dest.reg);
        self.release_unless(b, dest.reg);
        self.finish_dest(dest);
        ip
    }

    /// A popped second operand of `code` where the instruction may read it.
    #[inline(always)]
    fn vector_operand(&mut self, code: u32, b: Val) -> Val {
        let from_memory = !b.in_reg()
            && self.m.vector_memory_operand(code)
            && match b.is_const() {
                // These two are made without memory.
                true => !matches!(b.bits() as u32, VecPool::ZERO | VecPool::ONES),
                false => b.disp() & 15 == 0,
            };
        if from_memory { b } else { self.in_reg(b) }
    }

    #[inline(always)]
    fn as_operand(&self, b: Val) -> VecOperand {
        if b.in_reg() {
            VecOperand::Reg(b.fpr())
        } else if b.is_const() {
            VecOperand::Const(b.bits() as u32)
        } else {
            VecOperand::Frame(b.disp())
        }
    }

    /// Emits what has a result in `dst`: if that is the register of a later operand, which on some machines it must not
    /// be, by way of another register.
    #[inline(always)]
    fn with_dest(&mut self, dst: Fpr, a: Fpr, others: [Option<Fpr>; 2], emit: impl FnOnce(&mut M, Fpr)) {
        if dst == a || !others.contains(&Some(dst)) || self.m.three_address_vectors() {
            return emit(&mut self.m, dst);
        }
        let temp = self.alloc(Class::Float);
        emit(&mut self.m, temp.fpr());
        self.m.vmov(dst, temp.fpr());
        self.release_reg(Ty::V128, temp);
    }

    fn vector_ternary(&mut self, code: u32, ip: Ip) -> Ip {
        let deterministic = self.env.checks.deterministic_vectors;
        if deterministic && code == I32X4_RELAXED_DOT_I8X16_I7X16_ADD_S {
            return self.exact_dot_add(ip);
        }
        let c = tri!(self, self.pop(Ty::V128));
        let (a, b) = tri!(self, self.pop2(Ty::V128));
        let (a, b, c) = (self.in_reg(a), self.in_reg(b), self.in_reg(c));
        let (dest, ip) = self.dest(ip, Ty::V128, a);
        let (x, y, z) = (a.fpr(), b.fpr(), c.fpr());
        if deterministic && let Some((mul, add)) = unfused(code) {
            // Rounded twice, as the deterministic profile has it.
            let product = self.alloc(Class::Float).fpr();
            self.m.vbinary(mul, product, x, VecOperand::Reg(y));
            let (first, second) = if is_sub(add) { (z, product) } else { (product, z) };
            self.with_dest(dest.fpr(), first, [Some(second), None], |m, dst| {
                m.vbinary(add, dst, first, VecOperand::Reg(second));
            });
            self.release_reg(Ty::V128, product.into());
        } else {
            self.with_dest(dest.fpr(), x, [Some(y), Some(z)], |m, dst| m.vternary(code, dst, x, y, z));
        }
        for v in [a, b, c] {
            self.release_unless(v, dest.reg);
        }
        self.finish_dest(dest);
        ip
    }

    /// `i16x8.relaxed_dot_i8x16_i7x16_s` with both operands signed and sums that wrap.
    fn exact_dot(&mut self, ip: Ip) -> Ip {
        let (a, b) = tri!(self, self.pop2(Ty::V128));
        let (a, b) = (self.in_reg(a), self.in_reg(b));
        let dst = self.alloc(Class::Float).fpr();
        self.emit_exact_dot(dst, a.fpr(), b.fpr());
        self.release(a);
        self.release(b);
        self.push(Val::reg(Ty::V128, dst));
        ip
    }

    fn exact_dot_add(&mut self, ip: Ip) -> Ip {
        let c = tri!(self, self.pop(Ty::V128));
        let (a, b) = tri!(self, self.pop2(Ty::V128));
        let (a, b) = (self.in_reg(a), self.in_reg(b));
        let dst = self.alloc(Class::Float).fpr();
        self.emit_exact_dot(dst, a.fpr(), b.fpr());
        self.release(a);
        self.release(b);
        self.m.vunary(I32X4_EXTADD_PAIRWISE_I16X8_S, dst, dst);
        let c = self.in_reg(c);
        self.m.vbinary(I32X4_ADD, dst, dst, VecOperand::Reg(c.fpr()));
        self.release(c);
        self.push(Val::reg(Ty::V128, dst));
        ip
    }

    /// Sums of pairs of products, in a register that is no operand's.
    fn emit_exact_dot(&mut self, dst: Fpr, a: Fpr, b: Fpr) {
        // A sum is at most 2 · 128 · 128, which as an i16 wraps; in 32 bits it fits, and the lower halves are kept.
        const EVEN: [u8; 16] = [0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29];
        let high = self.alloc(Class::Float).fpr();
        self.m.vbinary(I16X8_EXTMUL_LOW_I8X16_S, dst, a, VecOperand::Reg(b));
        self.m.vbinary(I16X8_EXTMUL_HIGH_I8X16_S, high, a, VecOperand::Reg(b));
        self.m.vunary(I32X4_EXTADD_PAIRWISE_I16X8_S, dst, dst);
        self.m.vunary(I32X4_EXTADD_PAIRWISE_I16X8_S, high, high);
        self.m.vshuffle(dst, dst, high, EVEN);
        self.release_reg(Ty::V128, high.into());
    }

    fn vector_shift(&mut self, code: u32, row: Row, ip: Ip) -> Ip {
        let count = tri!(self, self.pop(Ty::I32));
        let a = tri!(self, self.pop(Ty::V128));
        let a = self.in_reg(a);
        let count = if count.is_const() { count } else { self.in_reg(count) };
        let (dest, ip) = self.dest(ip, Ty::V128, a);
        if count.is_const() {
            let width = 128 / u32::from(row.lanes);
            self.m.vshift_imm(code, dest.fpr(), a.fpr(), count.bits() as u32 & (width - 1));
        } else {
            self.m.vshift(code, dest.fpr(), a.fpr(), count.gpr());
        }
        self.release(count);
        self.release_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }

    fn shuffle(&mut self, ip: Ip) -> Ip {
        // SAFETY: sixteen bytes behind an operator's code are in the body or its padding.
        let lanes = unsafe { ip.cast::<[u8; 16]>().read_unaligned() };
        let ip = ip.wrapping_add(16);
        if ip >= self.end || lanes.iter().any(|&lane| lane >= 32) {
            return self.fail();
        }
        let (a, b) = tri!(self, self.pop2(Ty::V128));
        let (a, b) = (self.in_reg(a), self.in_reg(b));
        let (dest, ip) = self.dest(ip, Ty::V128, a);
        self.m.vshuffle(dest.fpr(), a.fpr(), b.fpr(), lanes);
        self.release_unless(a, dest.reg);
        self.release_unless(b, dest.reg);
        self.finish_dest(dest);
        ip
    }

    fn splat(&mut self, code: u32, row: Row, ip: Ip) -> Ip {
        let a = tri!(self, self.pop(row.scalar));
        let a = self.in_reg(a);
        if row.scalar.class() == Class::Float {
            // The register of a float can become that of the vector.
            let (dest, ip) = self.dest(ip, Ty::V128, a);
            self.m.vsplat_float(code, dest.fpr(), a.fpr());
            self.release_unless(a, dest.reg);
            self.finish_dest(dest);
            return ip;
        }
        let (dest, ip) = self.dest_new(ip, Ty::V128);
        self.m.vsplat_int(code, dest.fpr(), a.gpr());
        self.release(a);
        self.finish_dest(dest);
        ip
    }

    /// Reads a lane's number.
    #[inline(always)]
    fn lane(&mut self, row: Row, ip: Ip) -> Option<(u8, Ip)> {
        // SAFETY: a byte behind an operator's code is in the body or its padding.
        let (lane, next) = unsafe { read::byte(ip) };
        (lane < row.lanes).then_some((lane, next))
    }

    fn extract_lane(&mut self, code: u32, row: Row, ip: Ip) -> Ip {
        let (lane, ip) = tri!(self, self.lane(row, ip));
        if ip >= self.end {
            return self.fail();
        }
        let a = tri!(self, self.pop(Ty::V128));
        let a = self.in_reg(a);
        if row.scalar.class() == Class::Float {
            let (dest, ip) = self.dest(ip, row.scalar, a);
            self.m.vextract_float(code, lane, dest.fpr(), a.fpr());
            self.release_unless(a, dest.reg);
            self.finish_dest(dest);
            return ip;
        }
        let (dest, ip) = self.dest_new(ip, row.scalar);
        self.m.vextract_int(code, lane, dest.gpr(), a.fpr());
        self.release(a);
        self.finish_dest(dest);
        ip
    }

    fn replace_lane(&mut self, code: u32, row: Row, ip: Ip) -> Ip {
        let (lane, ip) = tri!(self, self.lane(row, ip));
        if ip >= self.end {
            return self.fail();
        }
        let value = tri!(self, self.pop(row.scalar));
        let a = tri!(self, self.pop(Ty::V128));
        let (a, value) = (self.in_reg(a), self.in_reg(value));
        let (dest, ip) = self.dest(ip, Ty::V128, a);
        if row.scalar.class() == Class::Float {
            let scalar = value.fpr();
            self.with_dest(dest.fpr(), a.fpr(), [Some(scalar), None], |m, dst| {
                m.vreplace_float(code, lane, dst, a.fpr(), scalar);
            });
            self.release_unless(value, dest.reg);
        } else {
            self.m.vreplace_int(code, lane, dest.fpr(), a.fpr(), value.gpr());
            self.release(value);
        }
        self.release_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }

    /// Loads that splat, extend, or leave lanes 0.
    fn load_special(&mut self, code: u32, row: Row, ip: Ip) -> Ip {
        let (arg, ip) = tri!(self, self.memarg(ip, row.size));
        let size = 1 << row.size;
        let index = tri!(self, self.pop(self.address_ty(arg)));
        let index = self.index(index, arg, size);
        // The destination first: spilling may need the scratch registers.
        let (dest, ip) = self.dest_new(ip, Ty::V128);
        let addr = self.unprepared_address(arg, index, size);
        let addr = self.m.vprepare(code, addr);
        self.site();
        self.m.vload(code, dest.fpr(), addr);
        self.release(index);
        self.finish_dest(dest);
        ip
    }

    /// Loads to and stores from one lane.
    fn access_lane(&mut self, code: u32, row: Row, ip: Ip) -> Ip {
        let (arg, ip) = tri!(self, self.memarg(ip, row.size));
        let (lane, ip) = tri!(self, self.lane(row, ip));
        if ip >= self.end {
            return self.fail();
        }
        let size = 1 << row.size;
        let v = tri!(self, self.pop(Ty::V128));
        let index = tri!(self, self.pop(self.address_ty(arg)));
        let index = self.index(index, arg, size);
        let v = if row.shape == Shape::LoadLane { self.in_temp(v) } else { self.in_reg(v) };
        let addr = self.unprepared_address(arg, index, size);
        let addr = self.m.vprepare(code, addr);
        if row.shape == Shape::LoadLane {
            self.site();
            self.m.vload_lane(code, lane, v.fpr(), addr);
            self.release(index);
            self.push(v);
        } else {
            let at = self.m.vstore_lane(code, lane, v.fpr(), addr);
            self.site_at(at);
            self.release(v);
            self.release(index);
        }
        ip
    }

    /// Reads and checks the immediates of a vector operator but for those of a memory, for dead code.
    pub(super) fn vector_immediates(&mut self, op: &Op, ip: &mut Ip) -> Option<()> {
        // SAFETY: an operator's code is followed by the rest of the body and its padding, which has room for its
        // immediates.
        unsafe {
            match op.imm {
                Imm::V128 => *ip = ip.add(16),
                Imm::Lanes => {
                    let lanes = ip.cast::<[u8; 16]>().read_unaligned();
                    *ip = ip.add(16);
                    lanes.iter().all(|&lane| lane < 32).then_some(())?;
                }
                _ => {
                    let (lane, next) = read::byte(*ip);
                    *ip = next;
                    (lane < op.lanes()).then_some(())?;
                }
            }
        }
        Some(())
    }
}

/// Whether the operands may be swapped: of integers and bits.
#[inline(always)]
fn commutes(code: u32) -> bool {
    matches!(
        code,
        I8X16_EQ
            | I8X16_NE
            | I16X8_EQ
            | I16X8_NE
            | I32X4_EQ
            | I32X4_NE
            | I64X2_EQ
            | I64X2_NE
            | V128_AND
            | V128_OR
            | V128_XOR
            | I8X16_ADD
            | I8X16_MIN_S
            | I8X16_MIN_U
            | I8X16_MAX_S
            | I8X16_MAX_U
            | I16X8_ADD
            | I16X8_MUL
            | I16X8_MIN_S
            | I16X8_MIN_U
            | I16X8_MAX_S
            | I16X8_MAX_U
            | I32X4_ADD
            | I32X4_MUL
            | I32X4_MIN_S
            | I32X4_MIN_U
            | I32X4_MAX_S
            | I32X4_MAX_U
            | I32X4_DOT_I16X8_S
            | I64X2_ADD
            | I64X2_MUL
    )
}

/// The operator with exactly the result of a relaxed one in the deterministic profile, if there is one.
fn deterministic(code: u32) -> u32 {
    match code {
        I8X16_RELAXED_SWIZZLE => I8X16_SWIZZLE,
        I32X4_RELAXED_TRUNC_F32X4_S => I32X4_TRUNC_SAT_F32X4_S,
        I32X4_RELAXED_TRUNC_F32X4_U => I32X4_TRUNC_SAT_F32X4_U,
        I32X4_RELAXED_TRUNC_F64X2_S_ZERO => I32X4_TRUNC_SAT_F64X2_S_ZERO,
        I32X4_RELAXED_TRUNC_F64X2_U_ZERO => I32X4_TRUNC_SAT_F64X2_U_ZERO,
        F32X4_RELAXED_MIN => F32X4_MIN,
        F32X4_RELAXED_MAX => F32X4_MAX,
        F64X2_RELAXED_MIN => F64X2_MIN,
        F64X2_RELAXED_MAX => F64X2_MAX,
        I16X8_RELAXED_Q15MULR_S => I16X8_Q15MULR_SAT_S,
        code => code,
    }
}

/// Product and sum of a fused operator.
fn unfused(code: u32) -> Option<(u32, u32)> {
    Some(match code {
        F32X4_RELAXED_MADD => (F32X4_MUL, F32X4_ADD),
        F32X4_RELAXED_NMADD => (F32X4_MUL, F32X4_SUB),
        F64X2_RELAXED_MADD => (F64X2_MUL, F64X2_ADD),
        F64X2_RELAXED_NMADD => (F64X2_MUL, F64X2_SUB),
        _ => return None,
    })
}

fn is_sub(code: u32) -> bool {
    matches!(code, F32X4_SUB | F64X2_SUB)
}
