//! Dispatch of all operators, and integer arithmetic.

use super::read::{self, Ip};
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::Disabled;
use crate::masm::{Alu, Cond, Div, FAlu, FUnary, Load, Masm, Shift, Store, Unary, Width};
use crate::ty::Ty;

use Width::{W32, W64};

/// The integer type of a width.
#[inline(always)]
pub(super) fn int_ty(w: Width) -> Ty {
    if w == W32 { Ty::I32 } else { Ty::I64 }
}

impl<M: Masm> Func<'_, M> {
    /// Compiles the operator at `ip`.
    ///
    /// # Safety
    /// `ip` is in the body.
    #[inline(always)]
    pub(super) unsafe fn operator(&mut self, ip: Ip) -> Ip {
        // SAFETY: the caller's promise.
        let (op, mut ip) = unsafe { read::byte(ip) };
        match op {
            0x00 => self.unreachable(ip),
            0x01 => ip,
            0x02 => self.block(ip),
            0x03 => self.loop_(ip),
            0x04 => self.if_(ip),
            0x05 => self.else_(ip),
            0x0b => self.end(ip),
            0x0c => self.br(ip),
            0x0d => self.br_if(ip),
            0x0e => self.br_table(ip),
            0x0f => self.return_(ip),
            0x10 => self.call(ip),
            0x11 => self.call_indirect(ip),
            0x1a => {
                let v = tri!(self, self.pop_any());
                self.release(v);
                ip
            }
            0x1b => self.select(ip),
            0x1c => self.select_typed(ip),
            0x20 => self.local_get(ip),
            0x21 => self.local_set(ip),
            0x22 => self.local_tee(ip),
            0x23 => self.global_get(ip),
            0x24 => self.global_set(ip),
            0x25 => self.table_get(ip),
            0x26 => self.table_set(ip),
            0x28 => self.load(Load::I32, Ty::I32, 2, ip),
            0x29 => self.load(Load::I64, Ty::I64, 3, ip),
            0x2a => self.load(Load::F32, Ty::F32, 2, ip),
            0x2b => self.load(Load::F64, Ty::F64, 3, ip),
            0x2c => self.load(Load::S8To32, Ty::I32, 0, ip),
            0x2d => self.load(Load::U8, Ty::I32, 0, ip),
            0x2e => self.load(Load::S16To32, Ty::I32, 1, ip),
            0x2f => self.load(Load::U16, Ty::I32, 1, ip),
            0x30 => self.load(Load::S8To64, Ty::I64, 0, ip),
            0x31 => self.load(Load::U8, Ty::I64, 0, ip),
            0x32 => self.load(Load::S16To64, Ty::I64, 1, ip),
            0x33 => self.load(Load::U16, Ty::I64, 1, ip),
            0x34 => self.load(Load::S32To64, Ty::I64, 2, ip),
            0x35 => self.load(Load::U32, Ty::I64, 2, ip),
            0x36 => self.store(Store::B32, Ty::I32, 2, ip),
            0x37 => self.store(Store::B64, Ty::I64, 3, ip),
            0x38 => self.store(Store::F32, Ty::F32, 2, ip),
            0x39 => self.store(Store::F64, Ty::F64, 3, ip),
            0x3a => self.store(Store::B8, Ty::I32, 0, ip),
            0x3b => self.store(Store::B16, Ty::I32, 1, ip),
            0x3c => self.store(Store::B8, Ty::I64, 0, ip),
            0x3d => self.store(Store::B16, Ty::I64, 1, ip),
            0x3e => self.store(Store::B32, Ty::I64, 2, ip),
            0x3f => self.memory_size(ip),
            0x40 => self.memory_grow(ip),
            0x41 => {
                let bits = imm!(self, leb_i32, ip);
                self.push(Val::constant(Ty::I32, bits as u32));
                ip
            }
            0x42 => self.i64_const(ip),
            0x43 => {
                // SAFETY: four bytes behind an opcode are in the body or its padding.
                let bits = unsafe { ip.cast::<u32>().read_unaligned() };
                ip = ip.wrapping_add(4);
                self.push(Val::constant(Ty::F32, bits));
                ip
            }
            0x44 => self.f64_const(ip),
            0x45 => self.eqz(W32, ip),
            0x46 => self.compare(Cond::Eq, W32, ip),
            0x47 => self.compare(Cond::Ne, W32, ip),
            0x48 => self.compare(Cond::LtS, W32, ip),
            0x49 => self.compare(Cond::LtU, W32, ip),
            0x4a => self.compare(Cond::GtS, W32, ip),
            0x4b => self.compare(Cond::GtU, W32, ip),
            0x4c => self.compare(Cond::LeS, W32, ip),
            0x4d => self.compare(Cond::LeU, W32, ip),
            0x4e => self.compare(Cond::GeS, W32, ip),
            0x4f => self.compare(Cond::GeU, W32, ip),
            0x50 => self.eqz(W64, ip),
            0x51 => self.compare(Cond::Eq, W64, ip),
            0x52 => self.compare(Cond::Ne, W64, ip),
            0x53 => self.compare(Cond::LtS, W64, ip),
            0x54 => self.compare(Cond::LtU, W64, ip),
            0x55 => self.compare(Cond::GtS, W64, ip),
            0x56 => self.compare(Cond::GtU, W64, ip),
            0x57 => self.compare(Cond::LeS, W64, ip),
            0x58 => self.compare(Cond::LeU, W64, ip),
            0x59 => self.compare(Cond::GeS, W64, ip),
            0x5a => self.compare(Cond::GeU, W64, ip),
            0x5b => self.fcompare(Cond::FEq, W32, ip),
            0x5c => self.fcompare(Cond::FNe, W32, ip),
            0x5d => self.fcompare(Cond::FLt, W32, ip),
            0x5e => self.fcompare(Cond::FGt, W32, ip),
            0x5f => self.fcompare(Cond::FLe, W32, ip),
            0x60 => self.fcompare(Cond::FGe, W32, ip),
            0x61 => self.fcompare(Cond::FEq, W64, ip),
            0x62 => self.fcompare(Cond::FNe, W64, ip),
            0x63 => self.fcompare(Cond::FLt, W64, ip),
            0x64 => self.fcompare(Cond::FGt, W64, ip),
            0x65 => self.fcompare(Cond::FLe, W64, ip),
            0x66 => self.fcompare(Cond::FGe, W64, ip),
            0x67 => self.unary(Unary::Clz, W32, ip),
            0x68 => self.unary(Unary::Ctz, W32, ip),
            0x69 => self.unary(Unary::Popcnt, W32, ip),
            0x6a => self.alu(Alu::Add, W32, ip),
            0x6b => self.alu(Alu::Sub, W32, ip),
            0x6c => self.mul(W32, ip),
            0x6d => self.div(Div::DivS, W32, ip),
            0x6e => self.div(Div::DivU, W32, ip),
            0x6f => self.div(Div::RemS, W32, ip),
            0x70 => self.div(Div::RemU, W32, ip),
            0x71 => self.alu(Alu::And, W32, ip),
            0x72 => self.alu(Alu::Or, W32, ip),
            0x73 => self.alu(Alu::Xor, W32, ip),
            0x74 => self.shift(Shift::Shl, W32, ip),
            0x75 => self.shift(Shift::ShrS, W32, ip),
            0x76 => self.shift(Shift::ShrU, W32, ip),
            0x77 => self.shift(Shift::Rotl, W32, ip),
            0x78 => self.shift(Shift::Rotr, W32, ip),
            0x79 => self.unary(Unary::Clz, W64, ip),
            0x7a => self.unary(Unary::Ctz, W64, ip),
            0x7b => self.unary(Unary::Popcnt, W64, ip),
            0x7c => self.alu(Alu::Add, W64, ip),
            0x7d => self.alu(Alu::Sub, W64, ip),
            0x7e => self.mul(W64, ip),
            0x7f => self.div(Div::DivS, W64, ip),
            0x80 => self.div(Div::DivU, W64, ip),
            0x81 => self.div(Div::RemS, W64, ip),
            0x82 => self.div(Div::RemU, W64, ip),
            0x83 => self.alu(Alu::And, W64, ip),
            0x84 => self.alu(Alu::Or, W64, ip),
            0x85 => self.alu(Alu::Xor, W64, ip),
            0x86 => self.shift(Shift::Shl, W64, ip),
            0x87 => self.shift(Shift::ShrS, W64, ip),
            0x88 => self.shift(Shift::ShrU, W64, ip),
            0x89 => self.shift(Shift::Rotl, W64, ip),
            0x8a => self.shift(Shift::Rotr, W64, ip),
            0x8b => self.funary(FUnary::Abs, W32, ip),
            0x8c => self.funary(FUnary::Neg, W32, ip),
            0x8d => self.funary(FUnary::Ceil, W32, ip),
            0x8e => self.funary(FUnary::Floor, W32, ip),
            0x8f => self.funary(FUnary::Trunc, W32, ip),
            0x90 => self.funary(FUnary::Nearest, W32, ip),
            0x91 => self.funary(FUnary::Sqrt, W32, ip),
            0x92 => self.falu(FAlu::Add, W32, ip),
            0x93 => self.falu(FAlu::Sub, W32, ip),
            0x94 => self.falu(FAlu::Mul, W32, ip),
            0x95 => self.falu(FAlu::Div, W32, ip),
            0x96 => self.fminmax(false, W32, ip),
            0x97 => self.fminmax(true, W32, ip),
            0x98 => self.fcopysign(W32, ip),
            0x99 => self.funary(FUnary::Abs, W64, ip),
            0x9a => self.funary(FUnary::Neg, W64, ip),
            0x9b => self.funary(FUnary::Ceil, W64, ip),
            0x9c => self.funary(FUnary::Floor, W64, ip),
            0x9d => self.funary(FUnary::Trunc, W64, ip),
            0x9e => self.funary(FUnary::Nearest, W64, ip),
            0x9f => self.funary(FUnary::Sqrt, W64, ip),
            0xa0 => self.falu(FAlu::Add, W64, ip),
            0xa1 => self.falu(FAlu::Sub, W64, ip),
            0xa2 => self.falu(FAlu::Mul, W64, ip),
            0xa3 => self.falu(FAlu::Div, W64, ip),
            0xa4 => self.fminmax(false, W64, ip),
            0xa5 => self.fminmax(true, W64, ip),
            0xa6 => self.fcopysign(W64, ip),
            0xa7 => self.wrap(ip),
            0xa8 => self.trunc(W32, W32, true, ip),
            0xa9 => self.trunc(W32, W32, false, ip),
            0xaa => self.trunc(W64, W32, true, ip),
            0xab => self.trunc(W64, W32, false, ip),
            0xac => self.extend_signed(ip),
            0xad => self.extend_unsigned(ip),
            0xae => self.trunc(W32, W64, true, ip),
            0xaf => self.trunc(W32, W64, false, ip),
            0xb0 => self.trunc(W64, W64, true, ip),
            0xb1 => self.trunc(W64, W64, false, ip),
            0xb2 => self.convert(W32, true, W32, ip),
            0xb3 => self.convert(W32, false, W32, ip),
            0xb4 => self.convert(W64, true, W32, ip),
            0xb5 => self.convert(W64, false, W32, ip),
            0xb6 => self.fconvert(W64, ip),
            0xb7 => self.convert(W32, true, W64, ip),
            0xb8 => self.convert(W32, false, W64, ip),
            0xb9 => self.convert(W64, true, W64, ip),
            0xba => self.convert(W64, false, W64, ip),
            0xbb => self.fconvert(W32, ip),
            0xbc => self.bits_of_float(W32, ip),
            0xbd => self.bits_of_float(W64, ip),
            0xbe => self.float_of_bits(W32, ip),
            0xbf => self.float_of_bits(W64, ip),
            0xc0 => self.sign_extend(Unary::Extend8, W32, ip),
            0xc1 => self.sign_extend(Unary::Extend16, W32, ip),
            0xc2 => self.sign_extend(Unary::Extend8, W64, ip),
            0xc3 => self.sign_extend(Unary::Extend16, W64, ip),
            0xc4 => self.sign_extend(Unary::Extend32, W64, ip),
            0xd0 => {
                let (ty, next) = tri!(self, self.heap_type(ip));
                self.push(Val::constant(ty, 0));
                next
            }
            0xd1 => self.ref_is_null(ip),
            0xd2 => self.ref_func(ip),
            0xfc => self.prefixed(ip),
            _ => self.fail(),
        }
    }

    fn prefixed(&mut self, mut ip: Ip) -> Ip {
        let op = imm!(self, leb_u32, ip);
        match op {
            0..8 => {
                if self.env.disabled.has(Disabled::SATURATING) {
                    return self.fail();
                }
                let float = if op & 2 == 0 { W32 } else { W64 };
                let int = if op < 4 { W32 } else { W64 };
                self.trunc_sat(float, int, op & 1 == 0, ip)
            }
            _ => self.bulk(op, ip),
        }
    }

    fn i64_const(&mut self, mut ip: Ip) -> Ip {
        let value = imm!(self, leb_i64, ip);
        if value as i32 as i64 == value {
            self.push(Val::constant(Ty::I64, value as u32));
            return ip;
        }
        let (dest, ip) = self.dest_new(ip, Ty::I64);
        self.m.mov_imm(dest.reg, value);
        self.finish_dest(dest);
        ip
    }

    fn eqz(&mut self, w: Width, ip: Ip) -> Ip {
        let a = tri!(self, self.pop(int_ty(w)));
        let a = self.not_const(a);
        self.m.cmp_imm(w, a.loc(), 0);
        self.release(a);
        self.use_flags(Cond::Eq, ip)
    }

    fn compare(&mut self, mut cond: Cond, w: Width, ip: Ip) -> Ip {
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
            self.m.cmp(w, a.num(), b.loc());
            self.release(b);
        }
        self.release(a);
        self.use_flags(cond, ip)
    }

    /// One copy for all operations and widths: what is executed for one of them is in the instruction cache for the next.
    #[inline(never)]
    fn alu(&mut self, op: Alu, w: Width, ip: Ip) -> Ip {
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
        let (dest, ip) = self.dest(ip, ty, a);
        if b.is_const() {
            self.m.alu_imm(op, w, dest.reg, a.loc(), b.bits());
        } else if !M::THREE_ADDRESS && b.loc().is_reg(dest.reg) && !a.loc().is_reg(dest.reg) {
            self.alu_onto_right(op, w, dest.reg, a, b);
        } else {
            self.m.alu(op, w, dest.reg, a.loc(), b.loc());
            self.release_int_unless(b, dest.reg);
        }
        self.release_int_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }

    /// `dst = a op dst`
    #[cold]
    fn alu_onto_right(&mut self, op: Alu, w: Width, dst: u8, a: Val, b: Val) {
        if op.commutes() {
            self.m.alu(op, w, dst, b.loc(), a.loc());
        } else {
            let temp = self.alloc();
            self.m.alu(op, w, temp, a.loc(), b.loc());
            self.m.mov(dst, temp);
            self.release_reg(Ty::I64, temp);
        }
    }

    fn unary(&mut self, op: Unary, w: Width, ip: Ip) -> Ip {
        let a = tri!(self, self.pop(int_ty(w)));
        let a = self.not_const(a);
        let (dest, ip) = self.dest(ip, int_ty(w), a);
        self.m.unary(op, w, dest.reg, a.loc());
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
            self.m.mov32(dest.reg, a.num());
        } else {
            self.m.load_frame(Ty::I32, dest.reg, a.disp());
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
        self.m.unary(Unary::Extend32, W64, dest.reg, a.loc());
        self.release_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }

    fn shift(&mut self, op: Shift, w: Width, ip: Ip) -> Ip {
        let ty = int_ty(w);
        let (a, count) = tri!(self, self.pop2(ty));
        if count.is_const() {
            let a = self.not_const(a);
            let bits = if w == W32 { 31 } else { 63 };
            let (dest, ip) = self.dest(ip, ty, a);
            let n = count.bits() as u8 & bits;
            if n != 0 {
                self.m.shift_imm(op, w, dest.reg, a.loc(), n);
            } else {
                self.load_into(dest.reg, a);
            }
            self.release_unless(a, dest.reg);
            self.finish_dest(dest);
            return ip;
        }
        self.shift_variable(op, w, a, count, ip)
    }

    fn shift_variable(&mut self, op: Shift, w: Width, mut a: Val, mut count: Val, ip: Ip) -> Ip {
        if let Some(reg) = M::SHIFT_COUNT {
            a = self.move_out_of(a, 1 << reg);
            count = self.move_to(count, reg);
        } else {
            count = self.in_reg(count);
        }
        a = self.not_const(a);
        let (dest, ip) = self.dest(ip, int_ty(w), a);
        if !M::THREE_ADDRESS && count.num() == dest.reg {
            // Only a pinned local that is its own count gets here, on machines without a fixed count register.
            let temp = self.alloc();
            self.m.shift(op, w, temp, a.loc(), count.num());
            self.m.mov(dest.reg, temp);
            self.release_reg(Ty::I64, temp);
        } else {
            self.m.shift(op, w, dest.reg, a.loc(), count.num());
        }
        self.release(count);
        self.release_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }

    fn div(&mut self, op: Div, w: Width, ip: Ip) -> Ip {
        let ty = int_ty(w);
        let (a, b) = tri!(self, self.pop2(ty));
        if b.is_const() {
            let divisor = if w == W32 { b.bits() as u32 as u64 } else { b.bits() as i64 as u64 };
            if divisor.is_power_of_two() && matches!(op, Div::DivU | Div::RemU) && b.bits() > 0 {
                return self.div_power_of_two(op, w, a, divisor, ip);
            }
        }
        let checked = b.is_const() && b.bits() != 0 && b.bits() != -1;
        let Some(fixed) = M::DIV else {
            return self.div_free(op, w, a, b, checked, ip);
        };
        let mask = 1u32 << fixed.quotient | 1 << fixed.remainder;
        let held = |v: Val, reg: u8| v.is_reg() && v.num() == reg;
        for reg in [fixed.quotient, fixed.remainder] {
            if !held(a, reg) && !held(b, reg) {
                self.take(false, reg);
            }
        }
        // Both registers belong to this operator now, through `a`, through `b` or as they are.
        let b = self.not_const_outside(b, mask);
        self.load_into(fixed.quotient, a);
        self.release(a);
        self.free &= !mask;
        let result = if matches!(op, Div::RemS | Div::RemU) { fixed.remainder } else { fixed.quotient };
        let at = self.here();
        self.m.div(op, w, result, fixed.quotient, b.loc(), checked, &mut self.s.traps, at);
        self.release(b);
        self.free |= mask & !(1 << result);
        self.push(Val::reg(ty, result));
        ip
    }

    /// `b` as something that is neither a constant nor in a register of `mask`; all of `mask` is off the stack.
    fn not_const_outside(&mut self, b: Val, mask: u32) -> Val {
        let hidden = self.free & mask;
        self.free &= !mask;
        let b = if b.is_const() { self.not_const(b) } else { self.move_out_of(b, mask) };
        self.free |= hidden;
        b
    }

    fn div_free(&mut self, op: Div, w: Width, a: Val, b: Val, checked: bool, ip: Ip) -> Ip {
        let a = self.in_reg(a);
        let b = self.in_reg(b);
        let (dest, ip) = self.dest(ip, int_ty(w), a);
        let at = self.here();
        self.m.div(op, w, dest.reg, a.num(), b.loc(), checked, &mut self.s.traps, at);
        self.release_unless(a, dest.reg);
        self.release(b);
        self.finish_dest(dest);
        ip
    }

    fn div_power_of_two(&mut self, op: Div, w: Width, a: Val, divisor: u64, ip: Ip) -> Ip {
        let a = self.not_const(a);
        let (dest, ip) = self.dest(ip, int_ty(w), a);
        if op == Div::RemU {
            self.m.alu_imm(Alu::And, w, dest.reg, a.loc(), (divisor - 1) as i32);
        } else if divisor == 1 {
            self.load_into(dest.reg, a);
        } else {
            self.m.shift_imm(Shift::ShrU, w, dest.reg, a.loc(), divisor.trailing_zeros() as u8);
        }
        self.release_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }
}
