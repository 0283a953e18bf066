//! Dispatch of all operators, and integer arithmetic.

use super::locals::heap_type;
use super::read::{self, Ip};
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::Disabled;
use crate::masm::{Alu, Cond, Div, Masm, Shift, Unary, Width};
use crate::op::{self, fc};
use crate::reg::Gpr;
use crate::ty::{Class, Ty};

use Width::{W32, W64};

/// The integer type of a width.
#[inline(always)]
pub(super) fn int_ty(w: Width) -> Ty {
    if w == W32 { Ty::I32 } else { Ty::I64 }
}

/// 64 bits or 32.
#[inline(always)]
pub(super) fn width(wide: bool) -> Width {
    if wide { W64 } else { W32 }
}

/// A table by code of operators that come in both widths, in the same order from two codes on. Other codes are not
/// looked up.
const fn by_code<T: Copy>(rows: [T; 10], narrow: u8, wide: u8) -> [(T, Width); 256] {
    let mut table = [(rows[0], W32); 256];
    let mut i = 0;
    while i < rows.len() {
        table[narrow as usize + i] = (rows[i], W32);
        table[wide as usize + i] = (rows[i], W64);
        i += 1;
    }
    table
}

impl<M: Masm> Func<'_, M> {
    /// Compiles the operator at `ip`.
    ///
    /// # Safety
    /// `ip` is in the body.
    ///
    /// Operators that differ only in an operation, a condition or a width have one arm: fewer targets for the branch
    /// that is predicted worst, and one copy of their code. The opcodes are listed: a range would be a comparison of
    /// its own after the jump. What modules have most of is inlined here, which is its only call: registers are saved
    /// once for a body instead of once for each operator.
    #[allow(clippy::manual_range_patterns, reason = "a range would be compared after the jump")]
    #[inline(always)]
    pub(super) unsafe fn operator(&mut self, ip: Ip) -> Ip {
        // SAFETY: the caller's promise.
        let (code, mut ip) = unsafe { read::byte(ip) };
        match code {
            op::UNREACHABLE => self.unreachable(ip),
            op::NOP => ip,
            op::BLOCK => self.block(ip),
            op::LOOP => self.loop_(ip),
            op::IF => self.if_(ip),
            op::ELSE => self.else_(ip),
            op::END => self.end(ip),
            op::BR | op::RETURN => self.br(code == op::RETURN, ip),
            op::BR_IF => self.br_if(ip),
            op::BR_TABLE => self.br_table(ip),
            op::CALL => self.call(ip),
            op::CALL_INDIRECT => self.call_indirect(ip),
            op::RETURN_CALL => self.return_call(ip),
            op::TRY_TABLE => self.try_table(ip),
            op::THROW => self.throw(ip),
            op::THROW_REF => self.throw_ref(ip),
            op::TRY => self.try_(ip),
            op::CATCH => self.catch(false, ip),
            op::CATCH_ALL => self.catch(true, ip),
            op::DELEGATE => self.delegate(ip),
            op::RETHROW => self.rethrow(ip),
            op::RETURN_CALL_INDIRECT => self.return_call_indirect(ip),
            op::DROP => {
                let v = tri!(self, self.pop_any());
                self.release(v);
                ip
            }
            op::SELECT => self.select(ip),
            op::SELECT_TYPED => self.select_typed(ip),
            op::LOCAL_GET => self.local_get(ip),
            op::LOCAL_SET | op::LOCAL_TEE => self.local_set(code == op::LOCAL_TEE, ip),
            op::GLOBAL_GET => self.global_get(ip),
            op::GLOBAL_SET => self.global_set(ip),
            op::TABLE_GET => self.table_get(ip),
            op::TABLE_SET => self.table_set(ip),
            op::I32_LOAD
            | op::I64_LOAD
            | op::F32_LOAD
            | op::F64_LOAD
            | op::I32_LOAD8_S
            | op::I32_LOAD8_U
            | op::I32_LOAD16_S
            | op::I32_LOAD16_U
            | op::I64_LOAD8_S
            | op::I64_LOAD8_U
            | op::I64_LOAD16_S
            | op::I64_LOAD16_U
            | op::I64_LOAD32_S
            | op::I64_LOAD32_U => self.load(code, ip),
            op::I32_STORE
            | op::I64_STORE
            | op::F32_STORE
            | op::F64_STORE
            | op::I32_STORE8
            | op::I32_STORE16
            | op::I64_STORE8
            | op::I64_STORE16
            | op::I64_STORE32 => self.store(code, ip),
            op::MEMORY_SIZE => self.memory_size(ip),
            op::MEMORY_GROW => self.memory_grow(ip),
            op::I32_CONST => {
                let bits = imm!(self, leb_i32, ip);
                self.push(Val::constant(Ty::I32, bits as u32));
                ip
            }
            op::I64_CONST => self.i64_const(ip),
            op::F32_CONST => {
                // SAFETY: four bytes after an opcode are in the body or its padding.
                let bits = unsafe { ip.cast::<u32>().read_unaligned() };
                ip = ip.wrapping_add(4);
                self.push(Val::constant(Ty::F32, bits));
                ip
            }
            op::F64_CONST => self.f64_const(ip),
            op::I32_EQZ
            | op::I64_EQZ
            | op::I32_EQ
            | op::I32_NE
            | op::I32_LT_S
            | op::I32_LT_U
            | op::I32_GT_S
            | op::I32_GT_U
            | op::I32_LE_S
            | op::I32_LE_U
            | op::I32_GE_S
            | op::I32_GE_U
            | op::I64_EQ
            | op::I64_NE
            | op::I64_LT_S
            | op::I64_LT_U
            | op::I64_GT_S
            | op::I64_GT_U
            | op::I64_LE_S
            | op::I64_LE_U
            | op::I64_GE_S
            | op::I64_GE_U => self.compare(code, ip),
            op::F32_EQ
            | op::F32_NE
            | op::F32_LT
            | op::F32_GT
            | op::F32_LE
            | op::F32_GE
            | op::F64_EQ
            | op::F64_NE
            | op::F64_LT
            | op::F64_GT
            | op::F64_LE
            | op::F64_GE => self.fcompare(code, ip),
            op::I32_CLZ => self.unary(Unary::Clz, W32, ip),
            op::I32_CTZ => self.unary(Unary::Ctz, W32, ip),
            op::I32_POPCNT => self.unary(Unary::Popcnt, W32, ip),
            op::I32_ADD
            | op::I32_SUB
            | op::I32_AND
            | op::I32_OR
            | op::I32_XOR
            | op::I64_ADD
            | op::I64_SUB
            | op::I64_AND
            | op::I64_OR
            | op::I64_XOR => self.alu(code, ip),
            op::I32_MUL => self.mul(W32, ip),
            op::I32_DIV_S => self.div(Div::DivS, W32, ip),
            op::I32_DIV_U => self.div(Div::DivU, W32, ip),
            op::I32_REM_S => self.div(Div::RemS, W32, ip),
            op::I32_REM_U => self.div(Div::RemU, W32, ip),
            op::I32_SHL
            | op::I32_SHR_S
            | op::I32_SHR_U
            | op::I32_ROTL
            | op::I32_ROTR
            | op::I64_SHL
            | op::I64_SHR_S
            | op::I64_SHR_U
            | op::I64_ROTL
            | op::I64_ROTR => self.shift(code, ip),
            op::I64_CLZ => self.unary(Unary::Clz, W64, ip),
            op::I64_CTZ => self.unary(Unary::Ctz, W64, ip),
            op::I64_POPCNT => self.unary(Unary::Popcnt, W64, ip),
            op::I64_MUL => self.mul(W64, ip),
            op::I64_DIV_S => self.div(Div::DivS, W64, ip),
            op::I64_DIV_U => self.div(Div::DivU, W64, ip),
            op::I64_REM_S => self.div(Div::RemS, W64, ip),
            op::I64_REM_U => self.div(Div::RemU, W64, ip),
            op::F32_ABS
            | op::F32_NEG
            | op::F32_CEIL
            | op::F32_FLOOR
            | op::F32_TRUNC
            | op::F32_NEAREST
            | op::F32_SQRT
            | op::F64_ABS
            | op::F64_NEG
            | op::F64_CEIL
            | op::F64_FLOOR
            | op::F64_TRUNC
            | op::F64_NEAREST
            | op::F64_SQRT => self.funary(code, ip),
            op::F32_ADD
            | op::F32_SUB
            | op::F32_MUL
            | op::F32_DIV
            | op::F64_ADD
            | op::F64_SUB
            | op::F64_MUL
            | op::F64_DIV => self.falu(code, ip),
            op::F32_MIN => self.fminmax(false, W32, ip),
            op::F32_MAX => self.fminmax(true, W32, ip),
            op::F32_COPYSIGN => self.fcopysign(W32, ip),
            op::F64_MIN => self.fminmax(false, W64, ip),
            op::F64_MAX => self.fminmax(true, W64, ip),
            op::F64_COPYSIGN => self.fcopysign(W64, ip),
            op::I32_WRAP_I64 => self.wrap(ip),
            op::I32_TRUNC_F32_S => self.trunc(W32, W32, true, ip),
            op::I32_TRUNC_F32_U => self.trunc(W32, W32, false, ip),
            op::I32_TRUNC_F64_S => self.trunc(W64, W32, true, ip),
            op::I32_TRUNC_F64_U => self.trunc(W64, W32, false, ip),
            op::I64_EXTEND_I32_S => self.extend_signed(ip),
            op::I64_EXTEND_I32_U => self.extend_unsigned(ip),
            op::I64_TRUNC_F32_S => self.trunc(W32, W64, true, ip),
            op::I64_TRUNC_F32_U => self.trunc(W32, W64, false, ip),
            op::I64_TRUNC_F64_S => self.trunc(W64, W64, true, ip),
            op::I64_TRUNC_F64_U => self.trunc(W64, W64, false, ip),
            op::F32_CONVERT_I32_S => self.convert(W32, true, W32, ip),
            op::F32_CONVERT_I32_U => self.convert(W32, false, W32, ip),
            op::F32_CONVERT_I64_S => self.convert(W64, true, W32, ip),
            op::F32_CONVERT_I64_U => self.convert(W64, false, W32, ip),
            op::F32_DEMOTE_F64 => self.fconvert(W64, ip),
            op::F64_CONVERT_I32_S => self.convert(W32, true, W64, ip),
            op::F64_CONVERT_I32_U => self.convert(W32, false, W64, ip),
            op::F64_CONVERT_I64_S => self.convert(W64, true, W64, ip),
            op::F64_CONVERT_I64_U => self.convert(W64, false, W64, ip),
            op::F64_PROMOTE_F32 => self.fconvert(W32, ip),
            op::I32_REINTERPRET_F32 => self.bits_of_float(W32, ip),
            op::I64_REINTERPRET_F64 => self.bits_of_float(W64, ip),
            op::F32_REINTERPRET_I32 => self.float_of_bits(W32, ip),
            op::F64_REINTERPRET_I64 => self.float_of_bits(W64, ip),
            op::I32_EXTEND8_S => self.sign_extend(Unary::Extend8, W32, ip),
            op::I32_EXTEND16_S => self.sign_extend(Unary::Extend16, W32, ip),
            op::I64_EXTEND8_S => self.sign_extend(Unary::Extend8, W64, ip),
            op::I64_EXTEND16_S => self.sign_extend(Unary::Extend16, W64, ip),
            op::I64_EXTEND32_S => self.sign_extend(Unary::Extend32, W64, ip),
            op::REF_NULL => {
                let (ty, next) = tri!(self, heap_type(self.env, ip));
                self.push(Val::constant(ty, 0));
                next
            }
            op::REF_IS_NULL => self.ref_is_null(ip),
            op::REF_FUNC => self.ref_func(ip),
            op::PREFIX_FC => self.prefixed(ip),
            op::PREFIX_FD => self.vector(ip),
            op::PREFIX_FE => self.atomic(ip),
            op::CALL_REF => self.call_ref(ip),
            op::RETURN_CALL_REF => self.return_call_ref(ip),
            op::REF_AS_NON_NULL => self.ref_as_non_null(ip),
            op::BR_ON_NULL => self.br_on_null(ip),
            op::BR_ON_NON_NULL => self.br_on_non_null(ip),
            op::REF_EQ => self.ref_eq(ip),
            op::PREFIX_FB => self.gc(ip),
            op::unassigned!() => self.fail(),
        }
    }

    fn prefixed(&mut self, mut ip: Ip) -> Ip {
        let code = imm!(self, leb_u32, ip);
        match code {
            fc::I32_TRUNC_SAT_F32_S => self.trunc_sat(W32, W32, true, ip),
            fc::I32_TRUNC_SAT_F32_U => self.trunc_sat(W32, W32, false, ip),
            fc::I32_TRUNC_SAT_F64_S => self.trunc_sat(W64, W32, true, ip),
            fc::I32_TRUNC_SAT_F64_U => self.trunc_sat(W64, W32, false, ip),
            fc::I64_TRUNC_SAT_F32_S => self.trunc_sat(W32, W64, true, ip),
            fc::I64_TRUNC_SAT_F32_U => self.trunc_sat(W32, W64, false, ip),
            fc::I64_TRUNC_SAT_F64_S => self.trunc_sat(W64, W64, true, ip),
            fc::I64_TRUNC_SAT_F64_U => self.trunc_sat(W64, W64, false, ip),
            fc::I64_ADD128 => self.add128(false, ip),
            fc::I64_SUB128 => self.add128(true, ip),
            fc::I64_MUL_WIDE_S => self.mul_wide(true, ip),
            fc::I64_MUL_WIDE_U => self.mul_wide(false, ip),
            _ => self.bulk(code, ip),
        }
    }

    fn i64_const(&mut self, mut ip: Ip) -> Ip {
        let value = imm!(self, leb_i64, ip);
        if value as i32 as i64 == value {
            self.push(Val::constant(Ty::I64, value as u32));
            return ip;
        }
        let (dest, ip) = self.dest_new(ip, Ty::I64);
        self.m.mov_imm(dest.gpr(), value);
        self.finish_dest(dest);
        ip
    }

    #[inline(always)]
    fn compare(&mut self, mut code: u8, ip: Ip) -> Ip {
        use Cond::{Eq, GeS, GeU, GtS, GtU, LeS, LeU, LtS, LtU, Ne};
        static CONDS: [(Cond, Width); 256] =
            by_code([Eq, Ne, LtS, LtU, GtS, GtU, LeS, LeU, GeS, GeU], op::I32_EQ, op::I64_EQ);
        const { assert!(op::I32_EQZ + 1 == op::I32_EQ && op::I64_EQZ + 1 == op::I64_EQ) }
        if code == op::I32_EQZ || code == op::I64_EQZ {
            // A comparison with 0. `CAPACITY`: the operator itself pushes nothing, so this is its one value.
            self.push(Val::constant(int_ty(width(code == op::I64_EQZ)), 0));
            code += 1;
        }
        let (mut cond, w) = CONDS[usize::from(code)];
        let (mut a, mut b) = tri!(self, self.pop2(int_ty(w)));
        if a.is_const() || !a.in_reg() && b.in_reg() {
            (a, b) = (b, a);
            cond = cond.swap();
        }
        if b.is_const() {
            a = self.not_const(a);
            self.m.cmp_imm(w, a.loc(), b.bits());
        } else {
            a = self.in_reg(a);
            b = self.operand(b);
            self.m.cmp(w, a.gpr(), b.loc());
            self.release(b);
        }
        self.flags_set();
        self.release(a);
        self.use_flags(cond, ip)
    }

    /// One copy for all operations and widths: what is executed for one of them is in the instruction cache for the
    /// next.
    #[inline(always)]
    fn alu(&mut self, code: u8, ip: Ip) -> Ip {
        use Alu::{Add, And, Mul, Or, Sub, Xor};
        static OPS: [(Alu, Width); 256] =
            by_code([Add, Sub, Mul, Mul, Mul, Mul, Mul, And, Or, Xor], op::I32_ADD, op::I64_ADD);
        let (op, w) = OPS[usize::from(code)];
        self.binary(op, w, ip)
    }

    #[inline(never)]
    fn mul(&mut self, w: Width, ip: Ip) -> Ip {
        self.binary(Alu::Mul, w, ip)
    }

    #[inline(always)]
    fn binary(&mut self, op: Alu, w: Width, ip: Ip) -> Ip {
        let ty = int_ty(w);
        let (mut a, mut b) = tri!(self, self.pop2(ty));
        if op.commutes() && (a.is_const() || b.is_reg() && !a.is_reg()) {
            (a, b) = (b, a);
        }
        a = self.not_const(a);
        if !b.is_const() {
            b = self.operand(b);
        }
        const { assert!(op::I32_CONST + 1 == op::I64_CONST) }
        // SAFETY: `ip` is in the body or its padding.
        let before_const = !M::THREE_ADDRESS && !a.is_reg() && unsafe { *ip } == op::I32_CONST + (w as u8);
        let (dest, ip) = match before_const.then(|| self.dest_local_after_next(ip, w)).flatten() {
            Some(dest) => (dest, ip),
            None => self.dest(ip, ty, a),
        };
        if b.is_const() {
            self.m.alu_imm(op, w, dest.gpr(), a.loc(), b.bits());
        } else if !M::THREE_ADDRESS && b.loc().is_reg(dest.reg) && !a.loc().is_reg(dest.reg) {
            self.alu_onto_right(op, w, dest.gpr(), a, b);
        } else {
            self.m.alu(op, w, dest.gpr(), a.loc(), b.loc());
            self.release_int_unless(b, dest.reg);
        }
        self.release_int_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }

    /// `dst = a op dst`
    #[cold]
    fn alu_onto_right(&mut self, op: Alu, w: Width, dst: Gpr, a: Val, b: Val) {
        if op.commutes() {
            self.m.alu(op, w, dst, b.loc(), a.loc());
        } else {
            let temp = self.alloc(Class::Int).gpr();
            self.m.alu(op, w, temp, a.loc(), b.loc());
            self.m.mov(dst, temp);
            self.release_reg(Ty::I64, temp.into());
        }
    }

    fn unary(&mut self, op: Unary, w: Width, ip: Ip) -> Ip {
        let a = tri!(self, self.pop(int_ty(w)));
        let a = self.not_const(a);
        let (dest, ip) = self.dest(ip, int_ty(w), a);
        self.m.unary(op, w, dest.gpr(), a.loc());
        self.release_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }

    fn sign_extend(&mut self, op: Unary, w: Width, ip: Ip) -> Ip {
        if self.env.disabled.has(Disabled::SIGN_EXTENSION) {
            return self.fail();
        }
        self.unary(op, w, ip)
    }

    fn wrap(&mut self, ip: Ip) -> Ip {
        let a = tri!(self, self.pop(Ty::I64));
        if a.is_const() {
            self.push(Val::constant(Ty::I32, a.bits() as u32));
            return ip;
        }
        self.narrow(a, Ty::I32, ip)
    }

    /// The low 32 bits of `a`, zero-extended, as a value of type `ty`.
    fn narrow(&mut self, a: Val, ty: Ty, ip: Ip) -> Ip {
        let (dest, ip) = self.dest(ip, ty, a);
        if a.in_reg() {
            self.m.mov32(dest.gpr(), a.gpr());
        } else {
            self.m.load_frame(Ty::I32, dest.gpr(), a.disp());
        }
        self.release_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }

    fn extend_unsigned(&mut self, ip: Ip) -> Ip {
        let a = tri!(self, self.pop(Ty::I32));
        if a.is_reg() {
            // ZEXT: it already is what it becomes.
            self.push(a.retype(Ty::I64));
            return ip;
        }
        if a.is_const() && a.bits() >= 0 {
            self.push(a.retype(Ty::I64));
            return ip;
        }
        let a = self.not_const(a);
        self.narrow(a, Ty::I64, ip)
    }

    fn extend_signed(&mut self, ip: Ip) -> Ip {
        let a = tri!(self, self.pop(Ty::I32));
        if a.is_const() {
            self.push(a.retype(Ty::I64));
            return ip;
        }
        let (dest, ip) = self.dest(ip, Ty::I64, a);
        self.m.unary(Unary::Extend32, W64, dest.gpr(), a.loc());
        self.release_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }

    #[inline(always)]
    fn shift(&mut self, code: u8, ip: Ip) -> Ip {
        static OPS: [Shift; 5] = [Shift::Shl, Shift::ShrS, Shift::ShrU, Shift::Rotl, Shift::Rotr];
        let w = width(code >= op::I64_SHL);
        let op = OPS[usize::from(code - if w == W32 { op::I32_SHL } else { op::I64_SHL })];
        let ty = int_ty(w);
        let (a, count) = tri!(self, self.pop2(ty));
        if count.is_const() {
            let a = self.not_const(a);
            let bits = if w == W32 { 31 } else { 63 };
            let (dest, ip) = self.dest(ip, ty, a);
            let n = count.bits() as u8 & bits;
            if n != 0 {
                self.m.shift_imm(op, w, dest.gpr(), a.loc(), n);
            } else {
                self.load_into(dest.reg, a);
            }
            self.release_unless(a, dest.reg);
            self.finish_dest(dest);
            return ip;
        }
        self.shift_variable(op, w, a, count, ip)
    }

    #[inline(never)]
    fn shift_variable(&mut self, op: Shift, w: Width, mut a: Val, mut count: Val, ip: Ip) -> Ip {
        if let Some(reg) = M::SHIFT_COUNT {
            a = self.move_out_of(a, reg.bit());
            count = self.move_to(count, reg.into());
        } else {
            count = self.in_reg(count);
        }
        a = self.not_const(a);
        let (dest, ip) = self.dest(ip, int_ty(w), a);
        if !M::THREE_ADDRESS && count.register() == dest.reg {
            // Only a pinned local that is its own count gets here, on machines without a fixed count register.
            let temp = self.alloc(Class::Int).gpr();
            self.m.shift(op, w, temp, a.loc(), count.gpr());
            self.m.mov(dest.gpr(), temp);
            self.release_reg(Ty::I64, temp.into());
        } else {
            self.m.shift(op, w, dest.gpr(), a.loc(), count.gpr());
        }
        self.release(count);
        self.release_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }
}
