//! Float arithmetic, comparisons and conversions.

use super::numeric::{int_ty, width};
use super::read::Ip;
use super::value::Val;
use super::{Func, tri};
use crate::env::Disabled;
use crate::masm::{Cond, FAlu, FUnary, Masm, Width};
use crate::op;
use crate::ty::{Class, Ty};

/// The float type of a width.
#[inline(always)]
fn float_ty(w: Width) -> Ty {
    if w == Width::W32 { Ty::F32 } else { Ty::F64 }
}

impl<M: Masm> Func<'_, M> {
    pub(super) fn f64_const(&mut self, ip: Ip) -> Ip {
        // SAFETY: eight bytes after an opcode are in the body or its padding.
        let bits = unsafe { ip.cast::<u64>().read_unaligned() };
        let ip = ip.wrapping_add(8);
        if bits as u32 == 0 {
            self.push(Val::constant(Ty::F64, (bits >> 32) as u32));
            return ip;
        }
        if ip >= self.end {
            return self.fail();
        }
        let (dest, ip) = self.dest_new(ip, Ty::F64);
        self.m.fmov_imm(Width::W64, dest.fpr(), bits);
        self.finish_dest(dest);
        ip
    }

    pub(super) fn falu(&mut self, code: u8, ip: Ip) -> Ip {
        static OPS: [FAlu; 4] = [FAlu::Add, FAlu::Sub, FAlu::Mul, FAlu::Div];
        let w = width(code >= op::F64_ADD);
        let op = OPS[usize::from(code - if w == Width::W32 { op::F32_ADD } else { op::F64_ADD })];
        let ty = float_ty(w);
        let (mut a, mut b) = tri!(self, self.pop2(ty));
        if matches!(op, FAlu::Add | FAlu::Mul) && b.is_reg() && !a.is_reg() {
            (a, b) = (b, a);
        }
        a = self.in_reg(a);
        b = self.not_const(b);
        let (dest, ip) = self.dest(ip, ty, a);
        if !M::THREE_ADDRESS && b.loc().is_reg(dest.reg) && a.register() != dest.reg {
            let temp = self.alloc(Class::Float).fpr();
            self.m.falu(op, w, temp, a.fpr(), b.loc());
            self.m.fmov(dest.fpr(), temp);
            self.release_reg(ty, temp.into());
        } else {
            self.m.falu(op, w, dest.fpr(), a.fpr(), b.loc());
        }
        self.release_unless(a, dest.reg);
        self.release_unless(b, dest.reg);
        self.finish_dest(dest);
        ip
    }

    pub(super) fn funary(&mut self, code: u8, ip: Ip) -> Ip {
        use FUnary::{Abs, Ceil, Floor, Nearest, Neg, Sqrt, Trunc};
        static OPS: [FUnary; 7] = [Abs, Neg, Ceil, Floor, Trunc, Nearest, Sqrt];
        let w = width(code >= op::F64_ABS);
        let op = OPS[usize::from(code - if w == Width::W32 { op::F32_ABS } else { op::F64_ABS })];
        let a = tri!(self, self.pop(float_ty(w)));
        let a = self.in_reg(a);
        let (dest, ip) = self.dest(ip, float_ty(w), a);
        self.m.funary(op, w, dest.fpr(), a.fpr());
        self.release_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }

    pub(super) fn fminmax(&mut self, max: bool, w: Width, ip: Ip) -> Ip {
        let (a, b) = tri!(self, self.pop2(float_ty(w)));
        let a = self.in_place(a);
        let b = self.in_reg(b);
        let dst = if a.is_reg() { a.fpr() } else { self.alloc(Class::Float).fpr() };
        self.m.fminmax(max, w, dst, a.fpr(), b.fpr());
        self.release(b);
        self.push(Val::reg(float_ty(w), dst));
        ip
    }

    pub(super) fn fcopysign(&mut self, w: Width, ip: Ip) -> Ip {
        let (a, b) = tri!(self, self.pop2(float_ty(w)));
        let a = self.in_place(a);
        let b = self.in_reg(b);
        let dst = if a.is_reg() { a.fpr() } else { self.alloc(Class::Float).fpr() };
        self.m.fcopysign(w, dst, a.fpr(), b.fpr());
        self.release(b);
        self.push(Val::reg(float_ty(w), dst));
        ip
    }

    pub(super) fn fcompare(&mut self, code: u8, ip: Ip) -> Ip {
        static CONDS: [Cond; 6] = [Cond::FEq, Cond::FNe, Cond::FLt, Cond::FGt, Cond::FLe, Cond::FGe];
        let w = width(code >= op::F64_EQ);
        let cond = CONDS[usize::from(code - if w == Width::W32 { op::F32_EQ } else { op::F64_EQ })];
        let (a, b) = tri!(self, self.pop2(float_ty(w)));
        let a = self.in_reg(a);
        let b = self.in_reg(b);
        let cond = self.m.fcmp(cond, w, a.fpr(), b.fpr());
        self.flags_set();
        self.release(a);
        self.release(b);
        self.use_flags_outlined(cond, ip)
    }

    pub(super) fn fconvert(&mut self, from: Width, ip: Ip) -> Ip {
        let to = if from == Width::W32 { Ty::F64 } else { Ty::F32 };
        let a = tri!(self, self.pop(float_ty(from)));
        let a = self.in_reg(a);
        let (dest, ip) = self.dest(ip, to, a);
        self.m.fconvert(from, dest.fpr(), a.fpr());
        self.release_unless(a, dest.reg);
        self.finish_dest(dest);
        ip
    }

    pub(super) fn convert(&mut self, int: Width, signed: bool, float: Width, ip: Ip) -> Ip {
        let a = tri!(self, self.pop(int_ty(int)));
        let a = self.in_reg(a);
        let (dest, ip) = self.dest_new(ip, float_ty(float));
        self.m.int_to_float(int, signed, float, dest.fpr(), a.gpr());
        self.release(a);
        self.finish_dest(dest);
        ip
    }

    pub(super) fn trunc(&mut self, float: Width, int: Width, signed: bool, ip: Ip) -> Ip {
        let a = tri!(self, self.pop(float_ty(float)));
        let a = self.in_reg(a);
        let (dest, ip) = self.dest_new(ip, int_ty(int));
        self.m.float_to_int(float, int, signed, dest.gpr(), a.fpr());
        self.trap_site();
        self.release(a);
        self.finish_dest(dest);
        ip
    }

    pub(super) fn trunc_sat(&mut self, float: Width, int: Width, signed: bool, ip: Ip) -> Ip {
        if self.env.disabled.has(Disabled::SATURATING) {
            return self.fail();
        }
        let a = tri!(self, self.pop(float_ty(float)));
        let a = self.in_reg(a);
        let (dest, ip) = self.dest_new(ip, int_ty(int));
        self.m.float_to_int_sat(float, int, signed, dest.gpr(), a.fpr());
        self.release(a);
        self.finish_dest(dest);
        ip
    }

    pub(super) fn bits_of_float(&mut self, w: Width, ip: Ip) -> Ip {
        let a = tri!(self, self.pop(float_ty(w)));
        let a = self.in_reg(a);
        let (dest, ip) = self.dest_new(ip, int_ty(w));
        self.m.float_bits(w, dest.gpr(), a.fpr());
        self.release(a);
        self.finish_dest(dest);
        ip
    }

    pub(super) fn float_of_bits(&mut self, w: Width, ip: Ip) -> Ip {
        let a = tri!(self, self.pop(int_ty(w)));
        let a = self.in_reg(a);
        let (dest, ip) = self.dest_new(ip, float_ty(w));
        self.m.float_from_bits(w, dest.fpr(), a.gpr());
        self.release(a);
        self.finish_dest(dest);
        ip
    }
}
