//! Integer division and remainder.
//!
//! A division takes ten times as long as a multiplication. So one by a constant is made of shifts, where that is a power
//! of two, and else of a multiplication by its scaled reciprocal (Granlund and Montgomery, "Division by Invariant
//! Integers using Multiplication", 1994); a remainder is what the quotient's multiple leaves. What traps, or may, is
//! divided: by 0, and by the signed −1. Constants of 64 bits have 32 here, sign-extended; larger ones are no constants to
//! the pass.

use super::numeric::int_ty;
use super::read::Ip;
use super::value::Val;
use super::{Func, tri};
use crate::masm::{Alu, Div, Loc, Masm, Shift, Unary, Width};
use crate::reg::Gpr;
use crate::ty::{Class, Ty};

use Width::{W32, W64};

/// How to divide by a constant.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
struct Divisor {
    /// As it stands in the module.
    value: i32,
    /// Without its sign.
    magnitude: u64,
    /// A remainder is asked for.
    remainder: bool,
    signed: bool,
}

/// A divisor's scaled reciprocal.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
struct Reciprocal {
    /// The factor, of 32 or 64 bits.
    factor: u64,
    /// The bits of the product that are below the quotient; of 64-bit integers, those of its upper half.
    shift: u8,
    /// It is not exact enough. Of 32 bits, unsigned: the dividend plus 1 is multiplied. Of 64 bits: the factor has one
    /// more bit, which is set; of signed ones that makes it positive.
    carry: bool,
}

impl Divisor {
    fn new(op: Div, w: Width, value: i32) -> Option<Divisor> {
        let signed = matches!(op, Div::DivS | Div::RemS);
        if value == 0 || signed && value == -1 {
            return None;
        }
        let magnitude = match (signed, w) {
            (true, _) => value.unsigned_abs().into(),
            (false, W32) => (value as u32).into(),
            (false, W64) => value as i64 as u64,
        };
        Some(Divisor { value, magnitude, remainder: matches!(op, Div::RemS | Div::RemU), signed })
    }

    /// Of one that is no power of two.
    fn reciprocal(self, w: Width) -> Reciprocal {
        let (d, log2) = (self.magnitude, self.magnitude.ilog2());
        // 2^k / d with its rest. A product with the quotient rounded up is exact enough if what that adds, d less the
        // rest, is at most a power of two.
        let (bits, k) = if w == W32 { (32, 31 + log2) } else { (64, 63 + log2) };
        let (quotient, rest) = match 1u64.checked_shl(k) {
            Some(power) => (power / d, power % d),
            None => {
                let quotient = (1u128 << k) / u128::from(d);
                // Less than d.
                (quotient as u64, 0u64.wrapping_sub((quotient as u64).wrapping_mul(d)))
            }
        };
        // Where one bit less than all is enough, the factor is an immediate, and positive.
        let most = if self.signed { 1 << log2 } else { 1 << (log2 - 1) };
        if d - rest <= most && (self.signed || w == W32) {
            let shift = k - if w == W64 { 64 } else { 0 };
            return Reciprocal { factor: quotient + 1, shift: shift as u8, carry: false };
        }
        // With one more bit.
        let shift = if w == W32 { bits + log2 } else { log2 } as u8;
        let above = rest >= d - rest;
        let (quotient, rest) =
            (2 * quotient + u64::from(above), rest.wrapping_mul(2).wrapping_sub(if above { d } else { 0 }));
        match (self.signed, w) {
            (true, _) => Reciprocal { factor: quotient + 1, shift, carry: w == W64 },
            (false, _) if d - rest <= 1 << log2 => Reciprocal { factor: quotient + 1, shift, carry: false },
            (false, W32) => Reciprocal { factor: quotient, shift, carry: true },
            // With one more still, which is 2^64.
            (false, W64) => {
                let factor = quotient.wrapping_mul(2).wrapping_add(u64::from(rest >= d - rest) + 1);
                Reciprocal { factor, shift, carry: true }
            }
        }
    }
}

impl<M: Masm> Func<'_, M> {
    #[inline(never)]
    pub(super) fn div(&mut self, op: Div, w: Width, ip: Ip) -> Ip {
        let ty = int_ty(w);
        let (a, b) = tri!(self, self.pop2(ty));
        if b.is_const()
            && let Some(divisor) = Divisor::new(op, w, b.bits())
        {
            return self.div_const(divisor, w, a, ip);
        }
        let Some(fixed) = M::DIV else {
            return self.div_free(op, w, a, b, ip);
        };
        let b = self.claim_pair([fixed.quotient, fixed.remainder], a, b);
        let result = if matches!(op, Div::RemS | Div::RemU) { fixed.remainder } else { fixed.quotient };
        self.m.div(op, w, result, fixed.quotient, b.loc());
        self.trap_site();
        self.release(b);
        self.regs.free[Class::Int] |= (fixed.quotient.bit() | fixed.remainder.bit()) & !result.bit();
        self.push(Val::reg(ty, result));
        ip
    }

    fn div_free(&mut self, op: Div, w: Width, a: Val, b: Val, ip: Ip) -> Ip {
        let a = self.in_reg(a);
        let b = self.in_reg(b);
        let (dest, ip) = self.dest(ip, int_ty(w), a);
        self.m.div(op, w, dest.gpr(), a.gpr(), b.loc());
        self.trap_site();
        self.release_unless(a, dest.reg);
        self.release(b);
        self.finish_dest(dest);
        ip
    }

    fn div_const(&mut self, by: Divisor, w: Width, a: Val, ip: Ip) -> Ip {
        let power = by.magnitude.is_power_of_two();
        if w == W64 && !power {
            return self.div_by_product(by, a, ip);
        }
        let a = if by.signed || !power { self.in_reg(a) } else { self.not_const(a) };
        let (dest, ip) = self.dest(ip, int_ty(w), a);
        let dst = dest.gpr();
        match (by.magnitude, by.signed) {
            (1, _) if by.remainder => self.m.mov_imm(dst, 0),
            (1, _) => self.load_into(dest.reg, a),
            (_, false) if power => self.shift_unsigned(by, w, dst, a.loc()),
            (_, true) if power => self.shift_signed(by, w, dst, a.gpr()),
            _ => self.multiply32(by, dst, a.gpr()),
        }
        self.release_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }

    /// By a power of two.
    fn shift_unsigned(&mut self, by: Divisor, w: Width, dst: Gpr, n: Loc) {
        if by.remainder {
            self.m.alu_imm(Alu::And, w, dst, n, (by.magnitude - 1) as i32);
        } else {
            self.m.shift_imm(Shift::ShrU, w, dst, n, by.magnitude.trailing_zeros() as u8);
        }
    }

    /// By a power of two or its negation, rounded towards 0: what is negative is raised by the divisor less one first.
    fn shift_signed(&mut self, by: Divisor, w: Width, dst: Gpr, n: Gpr) {
        let (bits, log2) = (if w == W32 { 32 } else { 64 }, by.magnitude.trailing_zeros() as u8);
        let raised = if dst == n || by.remainder { M::SCRATCH } else { dst };
        if log2 == 1 {
            self.m.shift_imm(Shift::ShrU, w, raised, Loc::reg(n), bits - 1);
        } else {
            self.m.shift_imm(Shift::ShrS, w, raised, Loc::reg(n), bits - 1);
            self.m.shift_imm(Shift::ShrU, w, raised, Loc::reg(raised), bits - log2);
        }
        self.m.alu(Alu::Add, w, raised, Loc::reg(raised), Loc::reg(n));
        if by.remainder {
            self.m.alu_imm(Alu::And, w, raised, Loc::reg(raised), (by.magnitude as i32).wrapping_neg());
            self.m.alu(Alu::Sub, w, dst, Loc::reg(n), Loc::reg(raised));
        } else {
            self.m.shift_imm(Shift::ShrS, w, dst, Loc::reg(raised), log2);
            self.negate_if_negative(by, w, dst);
        }
    }

    fn negate_if_negative(&mut self, by: Divisor, w: Width, quotient: Gpr) {
        if by.signed && by.value < 0 {
            self.m.alu_imm(Alu::Mul, w, quotient, Loc::reg(quotient), -1);
        }
    }

    /// 32 bits, by a product of 64.
    fn multiply32(&mut self, by: Divisor, dst: Gpr, n: Gpr) {
        let Reciprocal { factor, shift, carry } = by.reciprocal(W32);
        // The dividend is needed again for a remainder.
        let quotient = if by.remainder { M::SCRATCH } else { dst };
        let mut from = n;
        if by.signed {
            from = quotient;
            self.m.unary(Unary::Extend32, W64, from, Loc::reg(n));
        } else if carry {
            // ZEXT: 2³² at most.
            from = M::SCRATCH2;
            self.m.alu_imm(Alu::Add, W64, from, Loc::reg(n), 1);
        }
        if let Ok(factor) = i32::try_from(factor) {
            self.m.alu_imm(Alu::Mul, W64, quotient, Loc::reg(from), factor);
        } else {
            // One of the two is where the quotient will be.
            let place = if from == quotient { M::SCRATCH2 } else { quotient };
            let other = if from == quotient { place } else { from };
            self.m.mov_imm(place, factor as i64);
            self.m.alu(Alu::Mul, W64, quotient, Loc::reg(quotient), Loc::reg(other));
        }
        if by.signed {
            // What is negative was rounded down.
            self.m.shift_imm(Shift::ShrU, W64, M::SCRATCH2, Loc::reg(quotient), 63);
            self.m.shift_imm(Shift::ShrS, W64, quotient, Loc::reg(quotient), shift);
            self.m.alu(Alu::Add, W32, quotient, Loc::reg(quotient), Loc::reg(M::SCRATCH2));
        } else {
            self.m.shift_imm(Shift::ShrU, W64, quotient, Loc::reg(quotient), shift);
        }
        if by.remainder {
            self.m.alu_imm(Alu::Mul, W32, quotient, Loc::reg(quotient), by.magnitude as i32);
            self.m.alu(Alu::Sub, W32, dst, Loc::reg(n), Loc::reg(quotient));
        } else {
            self.negate_if_negative(by, W32, dst);
        }
    }

    /// 64 bits, by the upper half of a product of 128.
    fn div_by_product(&mut self, by: Divisor, a: Val, ip: Ip) -> Ip {
        let reciprocal = by.reciprocal(W64);
        let Some(fixed) = M::DIV else {
            let a = self.in_reg(a);
            let (dest, ip) = self.dest(ip, Ty::I64, a);
            self.multiply64(by, reciprocal, dest.gpr(), [a.gpr(), M::SCRATCH2], a.loc());
            self.release_unless(a, dest.reg);
            self.finish_dest(dest);
            return ip;
        };
        let pair = [fixed.quotient, fixed.remainder];
        let a = self.not_const(a);
        // The dividend is overwritten, but needed again.
        let mut n = a.loc();
        if a.in_reg() && pair.contains(&a.gpr()) && (by.remainder || reciprocal.carry) {
            self.m.mov(M::SCRATCH2, a.gpr());
            n = Loc::reg(M::SCRATCH2);
        }
        self.claim_pair(pair, a, Val::cached(Ty::I64, M::SCRATCH.into()));
        let [result, other] = if by.remainder { pair } else { [pair[1], pair[0]] };
        self.multiply64(by, reciprocal, result, pair, n);
        self.regs.free[Class::Int] |= other.bit();
        self.push(Val::reg(Ty::I64, result));
        ip
    }

    /// `factors[0]` has the dividend, as `n` does, which is not overwritten before `dst` is; `factors[1]` is for the upper
    /// half.
    fn multiply64(&mut self, by: Divisor, with: Reciprocal, dst: Gpr, factors: [Gpr; 2], n: Loc) {
        let Reciprocal { factor, shift, carry } = with;
        let high = factors[1];
        let quotient = if by.remainder { high } else { dst };
        self.m.mov_imm(M::SCRATCH, factor as i64);
        self.m.mul_high(by.signed, high, factors[0], M::SCRATCH);
        let (scratch, upper) = (Loc::reg(M::SCRATCH), Loc::reg(high));
        if by.signed {
            if carry {
                self.m.alu(Alu::Add, W64, high, upper, n);
            }
            // What is negative was rounded down.
            self.m.shift_imm(Shift::ShrU, W64, M::SCRATCH, upper, 63);
            if shift != 0 {
                self.m.shift_imm(Shift::ShrS, W64, high, upper, shift);
            }
            self.m.alu(Alu::Add, W64, quotient, upper, scratch);
        } else {
            if carry {
                // (n + upper) / 2, which may not wrap.
                self.m.alu(Alu::Sub, W64, M::SCRATCH, n, upper);
                self.m.shift_imm(Shift::ShrU, W64, M::SCRATCH, scratch, 1);
                self.m.alu(Alu::Add, W64, high, upper, scratch);
            }
            self.m.shift_imm(Shift::ShrU, W64, quotient, upper, shift);
        }
        if by.remainder {
            // A large one is that which sign extension makes of its lower half.
            self.m.alu_imm(Alu::Mul, W64, high, upper, by.magnitude as i32);
            self.m.alu(Alu::Sub, W64, dst, n, upper);
        } else {
            self.negate_if_negative(by, W64, dst);
        }
    }
}
