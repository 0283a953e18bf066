//! Typed function references: calls through them, and branches on null.

use super::call::Callee;
use super::read::{self, Ip};
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::Disabled;
use crate::masm::{Cond, Masm, Width};
use crate::trap::TrapCode;
use crate::ty::Ty;

impl<M: Masm> Func<'_, M> {
    /// Reads the index of a function type, and gives it with the nullable reference to it.
    pub(super) fn called_type(&self, ip: &mut Ip) -> Option<(u32, Ty)> {
        let (index, ty) = self.referred_type(ip)?;
        self.env.func_type(index)?;
        Some((index, ty))
    }

    /// Reads the index of a type, and gives it with the nullable reference to it.
    pub(super) fn referred_type(&self, ip: &mut Ip) -> Option<(u32, Ty)> {
        if self.env.disabled.has(Disabled::FUNCTION_REFERENCES) {
            return None;
        }
        // SAFETY: `ip` is in the body or its padding.
        let (index, next) = unsafe { read::leb_u32(*ip) }?;
        *ip = next;
        Some((index, self.env.defined(index)?))
    }

    /// Sets FLAGS by a reference, so that `Eq` holds if it is null.
    fn compare_with_null(&mut self, v: Val) -> Val {
        let v = self.not_const(v);
        self.m.cmp_imm(Width::W64, v.loc(), 0);
        self.flags_set();
        v
    }

    /// Pops a reference to a function and puts it in [`SCRATCH2`](Masm::SCRATCH2). Gives its type.
    fn pop_callee(&mut self, ty: Ty) -> Option<Ty> {
        let v = self.pop(ty)?;
        self.load_into(M::SCRATCH2.into(), v);
        self.release(v);
        Some(v.ty())
    }

    #[inline(never)]
    pub(super) fn call_ref(&mut self, mut ip: Ip) -> Ip {
        let (index, ty) = tri!(self, self.called_type(&mut ip));
        let callee = match tri!(self, self.pop_callee(ty)).is_non_null() {
            true => Callee::Funcref,
            false => Callee::NullableFuncref,
        };
        self.emit_call(&self.env.types[index as usize], callee, ip)
    }

    #[inline(never)]
    pub(super) fn return_call_ref(&mut self, mut ip: Ip) -> Ip {
        let (index, ty) = tri!(self, self.called_type(&mut ip));
        let ty = tri!(self, self.pop_callee(ty));
        if !ty.is_non_null() {
            // Not by a fault, which would come when the frame is gone.
            self.compare_with_null(Val::reg(ty, M::SCRATCH2));
            self.m.trap_if(Cond::Eq, TrapCode::NullReference);
            self.trap_site();
        }
        self.emit_tail_call(index, Callee::Funcref, ip)
    }

    /// Pops a reference, of whatever type.
    fn pop_ref(&mut self) -> Option<Val> {
        let v = self.pop_any().filter(|v| v.ty().is_ref())?;
        (!self.env.disabled.has(Disabled::FUNCTION_REFERENCES)).then(|| self.resolve(v))
    }

    #[inline(never)]
    pub(super) fn ref_as_non_null(&mut self, ip: Ip) -> Ip {
        let v = tri!(self, self.pop_ref());
        let v = self.in_temp(v);
        if !v.ty().is_non_null() {
            self.compare_with_null(v);
            self.m.trap_if(Cond::Eq, TrapCode::NullReference);
            self.trap_site();
        }
        self.push(v.retype(v.ty().non_null()));
        ip
    }

    /// Branches if the reference is null, without it.
    #[inline(never)]
    pub(super) fn br_on_null(&mut self, mut ip: Ip) -> Ip {
        let v = tri!(self, self.pop_ref());
        let depth = imm!(self, leb_u32, ip);
        let target = tri!(self, self.label(depth));
        let ty = v.ty().non_null();
        if self.carries(target).is_empty() {
            let v = self.in_temp(v);
            self.compare_with_null(v);
            tri!(self, self.branch_if(Cond::Eq, target));
            self.push(v.retype(ty));
            return ip;
        }
        // The value stays after the branch, whose own moves may need any register: it waits in its home slot, above
        // those that the label takes.
        self.push(v);
        self.force_top(1);
        // SAFETY: just pushed.
        let slot = unsafe { *self.sp.sub(1) };
        self.sp = self.sp.wrapping_sub(1);
        self.floor = self.floor.min(self.sp);
        let compared = self.compare_with_null(slot);
        self.release(compared);
        tri!(self, self.branch_if(Cond::Eq, target));
        self.push(slot.retype(ty));
        ip
    }

    /// The types that a branch to frame `target` carries.
    pub(super) fn carries(&self, target: usize) -> &[Ty] {
        let ctl = &self.s.ctls[target];
        ctl.ty.label_types(ctl.kind, self.env)
    }

    /// Branches with the reference if it is not null, else drops it.
    #[inline(never)]
    pub(super) fn br_on_non_null(&mut self, mut ip: Ip) -> Ip {
        let v = tri!(self, self.pop_ref());
        let depth = imm!(self, leb_u32, ip);
        let target = tri!(self, self.label(depth));
        if self.carries(target).is_empty() {
            return self.fail();
        }
        let v = self.in_temp(v);
        self.compare_with_null(v);
        self.push(v.retype(v.ty().non_null()));
        tri!(self, self.branch_if(Cond::Ne, target));
        let v = tri!(self, self.pop_any());
        self.release(v);
        ip
    }
}
