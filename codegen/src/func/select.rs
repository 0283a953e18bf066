//! What the outcome of a comparison is for: the operator that follows, or a value; and `select`.

use super::read::Ip;
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::Disabled;
use crate::masm::{Cond, Loc, Masm, Width};
use crate::op;
use crate::ty::{Class, Ty};

impl<M: Masm> Func<'_, M> {
    /// [`Func::use_flags`] as a call, for less frequent comparisons.
    #[inline(never)]
    pub(super) fn use_flags_outlined(&mut self, cond: Cond, ip: Ip) -> Ip {
        self.use_flags(cond, ip)
    }

    /// What a comparison's FLAGS are for: the next operator if it branches, selects or negates, else a result of 0 or
    /// 1.
    #[inline(always)]
    pub(super) fn use_flags(&mut self, mut cond: Cond, mut ip: Ip) -> Ip {
        loop {
            // SAFETY: a byte after an operator is in the body or its padding; `finish_flags` has not moved past it.
            let next = unsafe { *ip };
            if ip >= self.end {
                return self.fail();
            }
            // SAFETY: as above.
            let after = unsafe { ip.add(1) };
            match next {
                op::I32_EQZ => {
                    cond = cond.negate();
                    ip = after;
                }
                op::BR_IF => return self.br_if_flags(cond, after),
                op::IF => return self.if_flags(cond, after),
                op::SELECT => return self.select_flags(cond, after),
                _ => {
                    let (dest, ip) = self.dest_new(ip, Ty::I32);
                    self.debug_assert_flags();
                    self.m.set_cond(cond, dest.gpr());
                    self.finish_dest(dest);
                    return ip;
                }
            }
        }
    }

    pub(super) fn select(&mut self, ip: Ip) -> Ip {
        let cond = tri!(self, self.pop(Ty::I32));
        self.test(cond);
        self.select_flags(Cond::Ne, ip)
    }

    /// Untyped `select` whose condition is in FLAGS.
    #[inline(never)]
    fn select_flags(&mut self, cond: Cond, ip: Ip) -> Ip {
        let b = tri!(self, self.pop_any());
        let a = tri!(self, self.pop(b.ty()));
        if a.ty().is_ref() {
            return self.fail();
        }
        self.select_values(cond, b.ty(), a, b);
        ip
    }

    pub(super) fn select_typed(&mut self, mut ip: Ip) -> Ip {
        let count = imm!(self, leb_u32, ip);
        let (ty, ip) = tri!(self, self.value_type(ip));
        if count != 1 || self.env.disabled.has(Disabled::REFERENCE_TYPES) {
            return self.fail();
        }
        let cond = tri!(self, self.pop(Ty::I32));
        let (a, b) = tri!(self, self.pop2(ty));
        self.test(cond);
        self.select_values(Cond::Ne, ty, a, b);
        ip
    }

    /// Pushes `a` if `cond` holds, else `b`, as a value of type `ty`.
    fn select_values(&mut self, cond: Cond, ty: Ty, a: Val, b: Val) {
        if M::ZERO.is_some() && ty.class() == Class::Int && (a.is_zero() || b.is_zero()) {
            return self.select_or_zero(cond, ty, a, b);
        }
        let a = self.in_place(a);
        let b = if ty.class() == Class::Float { self.in_reg(b) } else { self.not_const(b) };
        let dst = if a.is_reg() { a.register() } else { self.alloc_for(ty) };
        self.debug_assert_flags();
        if ty == Ty::V128 {
            self.m.vselect(cond, dst.fpr(), a.fpr(), b.fpr());
        } else if ty.class() == Class::Float {
            self.m.fselect(cond, dst.fpr(), a.fpr(), b.fpr());
        } else {
            let w = if ty == Ty::I32 { Width::W32 } else { Width::W64 };
            self.m.select(cond, w, dst.gpr(), a.gpr(), b.loc());
        }
        self.release(b);
        self.push(Val::reg(ty, dst));
    }

    /// The same of integers, where one is the constant 0, and there is a register that is.
    fn select_or_zero(&mut self, cond: Cond, ty: Ty, a: Val, b: Val) {
        let a = if a.is_zero() { a } else { self.in_reg(a) };
        let b = if b.is_zero() { b } else { self.in_reg(b) };
        let reg = |v: Val| M::ZERO.filter(|_| v.is_const()).unwrap_or_else(|| v.gpr());
        let kept = [a, b].into_iter().find(|v| v.is_reg());
        let dst = kept.map_or_else(|| self.alloc_for(ty), Val::register);
        self.debug_assert_flags();
        let w = if ty == Ty::I32 { Width::W32 } else { Width::W64 };
        self.m.select(cond, w, dst.gpr(), reg(a), Loc::reg(reg(b)));
        self.release_unless(a, dst);
        self.release_unless(b, dst);
        self.push(Val::reg(ty, dst));
    }
}
