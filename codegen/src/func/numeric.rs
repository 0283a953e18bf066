//! Dispatch of all operators, and integer arithmetic.

use super::read::{self, Ip};
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::Disabled;
use crate::masm::{Alu, Cond, Div, Masm, Shift, Unary, Width};
use crate::ty::Ty;

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

impl<M: Masm> Func<'_, M> {
    /// Compiles the operator at `ip`.
    ///
    /// # Safety
    /// `ip` is in the body.
    ///
    /// Operators that differ only in an operation, a condition or a width have one arm: fewer targets for the branch that is
    /// predicted worst, and one copy of their code. The opcodes are listed: a range would be a comparison of its own after the jump.
    #[allow(clippy::manual_range_patterns, reason = "a range would be compared after the jump")]
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
            0x28 | 0x29 | 0x2a | 0x2b | 0x2c | 0x2d | 0x2e | 0x2f | 0x30 | 0x31 | 0x32 | 0x33 | 0x34 | 0x35 => {
                self.load(op, ip)
            }
            0x36 | 0x37 | 0x38 | 0x39 | 0x3a | 0x3b | 0x3c | 0x3d | 0x3e => self.store(op, ip),
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
            0x45 | 0x50 => self.eqz(op, ip),
            0x46 | 0x47 | 0x48 | 0x49 | 0x4a | 0x4b | 0x4c | 0x4d | 0x4e | 0x4f | 0x51 | 0x52 | 0x53 | 0x54 | 0x55
            | 0x56 | 0x57 | 0x58 | 0x59 | 0x5a => self.compare(op, ip),
            0x5b | 0x5c | 0x5d | 0x5e | 0x5f | 0x60 | 0x61 | 0x62 | 0x63 | 0x64 | 0x65 | 0x66 => self.fcompare(op, ip),
            0x67 => self.unary(Unary::Clz, W32, ip),
            0x68 => self.unary(Unary::Ctz, W32, ip),
            0x69 => self.unary(Unary::Popcnt, W32, ip),
            0x6a | 0x6b | 0x71 | 0x72 | 0x73 | 0x7c | 0x7d | 0x83 | 0x84 | 0x85 => self.alu(op, ip),
            0x6c => self.mul(W32, ip),
            0x6d => self.div(Div::DivS, W32, ip),
            0x6e => self.div(Div::DivU, W32, ip),
            0x6f => self.div(Div::RemS, W32, ip),
            0x70 => self.div(Div::RemU, W32, ip),
            0x74 | 0x75 | 0x76 | 0x77 | 0x78 | 0x86 | 0x87 | 0x88 | 0x89 | 0x8a => self.shift(op, ip),
            0x79 => self.unary(Unary::Clz, W64, ip),
            0x7a => self.unary(Unary::Ctz, W64, ip),
            0x7b => self.unary(Unary::Popcnt, W64, ip),
            0x7e => self.mul(W64, ip),
            0x7f => self.div(Div::DivS, W64, ip),
            0x80 => self.div(Div::DivU, W64, ip),
            0x81 => self.div(Div::RemS, W64, ip),
            0x82 => self.div(Div::RemU, W64, ip),
            0x8b | 0x8c | 0x8d | 0x8e | 0x8f | 0x90 | 0x91 | 0x99 | 0x9a | 0x9b | 0x9c | 0x9d | 0x9e | 0x9f => {
                self.funary(op, ip)
            }
            0x92 | 0x93 | 0x94 | 0x95 | 0xa0 | 0xa1 | 0xa2 | 0xa3 => self.falu(op, ip),
            0x96 => self.fminmax(false, W32, ip),
            0x97 => self.fminmax(true, W32, ip),
            0x98 => self.fcopysign(W32, ip),
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

    /// A comparison with 0. `SPACE` has room for that: the operator itself pushes nothing.
    #[inline(always)]
    fn eqz(&mut self, op: u8, ip: Ip) -> Ip {
        self.push(Val::constant(int_ty(width(op >= 0x50)), 0));
        self.compare(op + 1, ip)
    }

    #[inline(never)]
    fn compare(&mut self, op: u8, ip: Ip) -> Ip {
        use Cond::{Eq, GeS, GeU, GtS, GtU, LeS, LeU, LtS, LtU, Ne};
        static CONDS: [Cond; 10] = [Eq, Ne, LtS, LtU, GtS, GtU, LeS, LeU, GeS, GeU];
        let w = width(op >= 0x51);
        let mut cond = CONDS[usize::from(op - if w == W32 { 0x46 } else { 0x51 })];
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
    fn alu(&mut self, op: u8, ip: Ip) -> Ip {
        let w = width(op >= 0x7c);
        static OPS: [Alu; 10] =
            [Alu::Add, Alu::Sub, Alu::Mul, Alu::Mul, Alu::Mul, Alu::Mul, Alu::Mul, Alu::And, Alu::Or, Alu::Xor];
        let op = OPS[usize::from(op - if w == W32 { 0x6a } else { 0x7c })];
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

    fn shift(&mut self, op: u8, ip: Ip) -> Ip {
        static OPS: [Shift; 5] = [Shift::Shl, Shift::ShrS, Shift::ShrU, Shift::Rotl, Shift::Rotr];
        let w = width(op >= 0x86);
        let op = OPS[usize::from(op - if w == W32 { 0x74 } else { 0x86 })];
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
