//! 128-bit integer arithmetic: two i64 for each operand and result, the lower half below.

use super::read::Ip;
use super::value::Val;
use super::{Func, tri};
use crate::env::Disabled;
use crate::masm::Masm;
use crate::reg::Gpr;
use crate::ty::{Class, Ty};

impl<M: Masm> Func<'_, M> {
    /// `i64.add128` and `i64.sub128`
    #[inline(never)]
    pub(super) fn add128(&mut self, sub: bool, ip: Ip) -> Ip {
        if self.env.disabled.has(Disabled::WIDE_ARITHMETIC) {
            return self.fail();
        }
        let (b_low, b_high) = tri!(self, self.pop2(Ty::I64));
        let (low, high) = tri!(self, self.pop2(Ty::I64));
        let (low, high) = (self.in_temp(low), self.in_temp(high));
        let (b_low, b_high) = (self.in_reg(b_low), self.in_reg(b_high));
        self.m.add128(sub, low.gpr(), high.gpr(), b_low.gpr(), b_high.gpr());
        self.release(b_low);
        self.release(b_high);
        self.push(low);
        self.push(high);
        ip
    }

    /// `i64.mul_wide_s` and `i64.mul_wide_u`
    #[inline(never)]
    pub(super) fn mul_wide(&mut self, signed: bool, ip: Ip) -> Ip {
        if self.env.disabled.has(Disabled::WIDE_ARITHMETIC) {
            return self.fail();
        }
        let (a, b) = tri!(self, self.pop2(Ty::I64));
        let (low, high) = match M::DIV {
            Some(fixed) => {
                let pair = [fixed.quotient, fixed.remainder];
                let b = self.claim_pair(pair, a, b);
                self.m.mul_wide(signed, pair[0], pair[1], pair[0], b.loc());
                self.release(b);
                (pair[0], pair[1])
            }
            None => {
                let (a, b) = (self.in_reg(a), self.in_reg(b));
                let (low, high) = (self.alloc(Class::Int).gpr(), self.alloc(Class::Int).gpr());
                self.m.mul_wide(signed, low, high, a.gpr(), b.loc());
                self.release(a);
                self.release(b);
                (low, high)
            }
        };
        self.push(Val::reg(Ty::I64, low));
        self.push(Val::reg(Ty::I64, high));
        ip
    }

    /// Takes the two registers that a division or wide product must use, with the popped value `a` in the first; gives
    /// `b` in neither of them, and not as a constant.
    pub(super) fn claim_pair(&mut self, pair: [Gpr; 2], a: Val, b: Val) -> Val {
        let mask = pair[0].bit() | pair[1].bit();
        let held = |v: Val, reg: Gpr| v.is_reg() && v.gpr() == reg;
        for reg in pair {
            if !held(a, reg) && !held(b, reg) {
                self.take(Class::Int, reg.into());
            }
        }
        // Both registers belong to this operator now, through `a`, through `b` or as they are.
        let b = self.not_const_outside(b, mask);
        self.load_into(pair[0].into(), a);
        self.release(a);
        self.regs.free[Class::Int] &= !mask;
        b
    }

    /// `b` as something that is neither a constant nor in a register of `mask`; all of `mask` is off the stack.
    fn not_const_outside(&mut self, b: Val, mask: u32) -> Val {
        let hidden = self.regs.free[Class::Int] & mask;
        self.regs.free[Class::Int] &= !mask;
        let b = if b.is_const() { self.not_const(b) } else { self.move_out_of(b, mask) };
        self.regs.free[Class::Int] |= hidden;
        b
    }
}
