//! Branches: to one label, under a condition, through a table. What they carry is put in place as [`super::control`]
//! says.

use super::control::{BlockTy, Ctl, Kind};
use super::read::{self, Ip};
use super::{Func, imm, tri};
use crate::masm::{Chain, Cond, Masm};
use crate::ty::{Class, Ty};

impl<M: Masm> Func<'_, M> {
    /// `br`, or `return`; what follows is dead.
    #[inline(always)]
    pub(super) fn br(&mut self, is_return: bool, mut ip: Ip) -> Ip {
        let target = if is_return {
            0
        } else {
            let depth = imm!(self, leb_u32, ip);
            tri!(self, self.label(depth))
        };
        let ctl = self.s.ctls[target];
        let ty = ctl.ty;
        let tys = ty.label_types(ctl.kind, self.env);
        if !self.check_top(tys) {
            return self.fail();
        }
        self.merge(tys, ctl.label_height(), ctl.kind);
        self.jump_to(target);
        self.dead_code(ip)
    }

    /// Jumps to the label of frame `target`, whose values are in place.
    #[inline(always)]
    fn jump_to(&mut self, target: usize) {
        let ctl = &mut self.s.ctls[target];
        if ctl.kind == Kind::Loop {
            self.m.jump_back(ctl.start);
        } else {
            self.m.jump(&mut ctl.label);
        }
    }

    /// The same under a condition.
    #[inline(always)]
    fn jump_to_if(&mut self, cond: Cond, target: usize) {
        self.debug_assert_flags();
        let ctl = &mut self.s.ctls[target];
        if ctl.kind == Kind::Loop {
            self.m.jump_back_if(cond, ctl.start);
        } else {
            self.m.jump_if(cond, &mut ctl.label);
        }
    }

    #[inline(never)]
    pub(super) fn br_if(&mut self, ip: Ip) -> Ip {
        let cond = tri!(self, self.pop(Ty::I32));
        self.test(cond);
        self.br_if_flags(Cond::Ne, ip)
    }

    /// `br_if` whose condition is in FLAGS.
    #[inline(always)]
    pub(super) fn br_if_flags(&mut self, cond: Cond, mut ip: Ip) -> Ip {
        let depth = imm!(self, leb_u32, ip);
        let target = tri!(self, self.label(depth));
        tri!(self, self.branch_if(cond, target));
        ip
    }

    /// Branches to frame `target` if the condition in FLAGS holds.
    #[inline(always)]
    pub(super) fn branch_if(&mut self, cond: Cond, target: usize) -> Option<()> {
        let ctl = self.s.ctls[target];
        let ty = ctl.ty;
        let tys = ty.label_types(ctl.kind, self.env);
        if tys.is_empty() {
            self.jump_to_if(cond, target);
            return Some(());
        }
        if !self.take_types(tys) {
            return None;
        }
        if tys.len() == 1 && ctl.kind != Kind::Loop {
            self.merge(tys, ctl.label_height(), ctl.kind);
            self.jump_to_if(cond, target);
            return Some(());
        }
        self.force_top(tys.len());
        if self.depth(self.sp) == ctl.label_height() + tys.len() as u32 {
            self.jump_to_if(cond, target);
            return Some(());
        }
        let mut over = Chain(0);
        self.debug_assert_flags();
        self.m.jump_if(cond.negate(), &mut over);
        self.merge_slots(tys.len() as u32, ctl.label_height());
        self.jump_to(target);
        self.m.bind(over);
        Some(())
    }

    pub(super) fn br_table(&mut self, mut ip: Ip) -> Ip {
        let index = tri!(self, self.pop(Ty::I32));
        let last = imm!(self, leb_u32, ip);
        // Every target is at least a byte.
        if last as usize >= self.end as usize - (ip as usize).min(self.end as usize) {
            return self.fail();
        }
        let (kind, ty) = tri!(self, self.check_targets(ip, last));
        let types = ty.label_types(kind, self.env);
        let mut index = self.in_temp(index);
        if types.len() == 1 {
            let v = self.pop_any().expect("checked: the label's value is on the stack");
            let join = Self::join(types[0]);
            if types[0].class() == Class::Int {
                index = self.move_out_of(index, join.bit());
            }
            let v = self.move_to(v, join);
            self.push(v);
        } else {
            self.force_top(types.len());
        }
        self.m.table_jump(index.gpr(), last);
        self.release(index);
        for _ in 0..=last {
            self.m.room();
            let depth = imm!(self, leb_u32, ip);
            let target = tri!(self, self.label(depth));
            self.table_entry(target, types.len() as u32);
        }
        self.table_stubs(types.len() as u32);
        self.dead_code(ip)
    }

    /// Checks the labels of a `br_table`, and gives kind and type of the first. The stack must have what each of them
    /// takes; one check is enough for those that take the same.
    fn check_targets(&mut self, mut ip: Ip, last: u32) -> Option<(Kind, BlockTy)> {
        // SAFETY: `ip` is in the body, as the caller found: every target is at least a byte.
        let (depth, _) = unsafe { read::leb_u32(ip) }?;
        let Ctl { kind, ty, .. } = self.s.ctls[self.label(depth)?];
        let types = ty.label_types(kind, self.env);
        for i in 0..=last {
            if ip >= self.end || self.is_stopped_at(i) {
                return None;
            }
            // SAFETY: `ip` is in the body.
            let (depth, next) = unsafe { read::leb_u32(ip) }?;
            ip = next;
            let ctl = &self.s.ctls[self.label(depth)?];
            let others = ctl.ty.label_types(ctl.kind, self.env);
            let fits = Ty::same(types, others) || types.len() == others.len() && self.check_top(others);
            if !fits {
                return None;
            }
        }
        self.check_top(types).then_some((kind, ty))
    }

    /// One entry of a jump table: straight to the label if its values are in place already, else to a stub.
    fn table_entry(&mut self, target: usize, arity: u32) {
        let depth = self.depth(self.sp);
        let ctl = &mut self.s.ctls[target];
        let in_place = match arity {
            0 => true,
            1 => ctl.kind != Kind::Loop,
            n => ctl.label_height() + n == depth,
        };
        if !in_place {
            if ctl.stub.0 == 0 {
                self.s.table_targets.push(target as u32);
            }
            self.m.table_entry(&mut ctl.stub);
        } else if ctl.kind == Kind::Loop {
            self.m.table_entry_back(ctl.start);
        } else {
            self.m.table_entry(&mut ctl.label);
        }
    }

    /// The stubs that table entries jump to: one for each label, however often it is named.
    fn table_stubs(&mut self, arity: u32) {
        while let Some(target) = self.s.table_targets.pop() {
            self.m.room();
            let ctl = &mut self.s.ctls[target as usize];
            let stub = std::mem::take(&mut ctl.stub);
            let height = ctl.label_height();
            self.m.bind(stub);
            self.merge_slots(arity, height);
            self.jump_to(target as usize);
        }
    }
}
