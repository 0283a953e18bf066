//! Code that is never reached: validated to the letter (specification section 3.3, "polymorphic" stacks), not emitted.
//!
//! The loop here runs from the operator after an unconditional branch to the `else` or `end` where code is reached
//! again, so that the main loop never meets a polymorphic stack. What dead code pushes are types, on a stack of their
//! own ([`super::types`]). Below them may be values that were pushed while code was reached: those of a frame in
//! which all is dead because a block in it was left for good. A frame that begins in dead code has no values, and its
//! height is one of that stack.

use super::control::{BlockTy, Ctl, Kind};
use super::exception::tag_params;
use super::locals::heap_type;
use super::read::{self, Ip};
use super::table::{Named, ty_of};
use super::{Func, imm, tri};
use crate::env::Disabled;
use crate::masm::Masm;
use crate::op::{self, Feature, Imm, Op, Operand, fc};
use crate::ty::Ty;

impl<M: Masm> Func<'_, M> {
    /// Continues after an operator that does not return: drops the operands and validates until code is reached again.
    #[inline(never)]
    pub(super) fn dead_code(&mut self, mut ip: Ip) -> Ip {
        let ctl = self.s.ctls.last_mut().expect("the function's frame is left at its end");
        ctl.polymorphic = true;
        let height = ctl.height;
        self.reset_to(height);
        self.s.types.clear();
        while ip < self.until || self.go_on(ip) {
            self.m.set_operator(ip);
            // SAFETY: `ip` is in the body.
            let (code, next) = unsafe { read::byte(ip) };
            ip = match code {
                op::ELSE => match self.dead_else(next) {
                    (ip, true) => return ip,
                    (ip, false) => ip,
                },
                op::CATCH | op::CATCH_ALL => match self.dead_catch(code == op::CATCH_ALL, next) {
                    (ip, true) => return ip,
                    (ip, false) => ip,
                },
                op::DELEGATE => match self.dead_delegate(next) {
                    (ip, true) => return ip,
                    (ip, false) => ip,
                },
                op::END => match self.dead_end(next) {
                    (ip, true) => return ip,
                    (ip, false) => ip,
                },
                _ => self.dead_operator(code, next),
            };
        }
        // The body is over without its `end`.
        self.fail()
    }

    pub(super) fn push_ty(&mut self, ty: Ty) {
        self.s.types.push(ty);
    }

    fn push_tys(&mut self, tys: &[Ty]) {
        self.s.types.push_list(self.env, tys);
    }

    /// The topmost frame.
    fn frame(&self) -> &Ctl {
        self.s.ctls.last().expect("the function's frame is left at its end")
    }

    /// Pops an operand of type `expected` (any type, if that is unknown) and returns the type it had.
    pub(super) fn pop_ty(&mut self, expected: Ty) -> Option<Ty> {
        let ty = match self.s.types.pop(self.env) {
            Some(ty) => ty,
            None => match self.pop_any() {
                Some(v) => v.ty(),
                None => return self.frame().polymorphic.then_some(expected),
            },
        };
        (ty == Ty::UNKNOWN || expected == Ty::UNKNOWN || self.env.fits(ty, expected)).then_some(ty)
    }

    #[inline(always)]
    fn pop_tys(&mut self, tys: &[Ty]) -> Option<()> {
        if tys.is_empty() { Some(()) } else { self.pop_list(tys) }
    }

    #[inline(never)]
    fn pop_list(&mut self, tys: &[Ty]) -> Option<()> {
        let rest = self.s.types.pop_list(self.env, tys)?;
        for &ty in rest.iter().rev() {
            match self.pop_any() {
                Some(v) if self.env.fits(v.ty(), ty) => {}
                Some(_) => return None,
                None => return self.frame().polymorphic.then_some(()),
            }
        }
        Some(())
    }

    /// Checks that exactly the results of the topmost frame are on its stack.
    fn dead_leaves(&mut self, ctl: Ctl) -> bool {
        let ty = ctl.ty;
        self.pop_tys(ty.results(self.env)).is_some() && self.s.types.is_empty() && self.sp == self.base
    }

    /// `else`: true if code is reached again.
    fn dead_else(&mut self, ip: Ip) -> (Ip, bool) {
        let ctl = *self.frame();
        if ctl.kind != Kind::If || !self.dead_leaves(ctl) {
            return (self.fail(), true);
        }
        self.m.room();
        if !ctl.dead {
            self.start_else();
            return (ip, true);
        }
        self.forget_set();
        let top = self.s.ctls.last_mut().expect("as above");
        top.kind = Kind::Else;
        top.polymorphic = false;
        self.push_tys(ctl.ty.params(self.env));
        (ip, false)
    }

    /// `catch` or `catch_all`: true if code is reached again, as it is by what is thrown in a `try` that was reached.
    #[cold]
    #[inline(never)]
    fn dead_catch(&mut self, all: bool, mut ip: Ip) -> (Ip, bool) {
        let Some(tag) = self.catch_tag(all, &mut ip) else { return (self.fail(), true) };
        let ctl = *self.frame();
        let feature = self.env.disabled.has(Disabled::LEGACY_EXCEPTIONS);
        if feature || !self.dead_leaves(ctl) {
            return (self.fail(), true);
        }
        self.m.room();
        if !ctl.dead {
            return (self.begin_catch(tag, ip), true);
        }
        self.forget_set();
        let top = self.s.ctls.last_mut().expect("as above");
        top.kind = if all { Kind::CatchAll } else { Kind::Catch };
        top.polymorphic = false;
        self.push_tys(tag_params(self.env, tag));
        (ip, false)
    }

    /// `delegate`: true if code is reached again.
    #[cold]
    #[inline(never)]
    fn dead_delegate(&mut self, mut ip: Ip) -> (Ip, bool) {
        if self.env.disabled.has(Disabled::LEGACY_EXCEPTIONS) || self.delegate_to(&mut ip).is_none() {
            return (self.fail(), true);
        }
        self.dead_end(ip)
    }

    /// `end`: true if code is reached again or the body is over.
    #[inline(always)]
    fn dead_end(&mut self, ip: Ip) -> (Ip, bool) {
        let ctl = *self.frame();
        if !self.dead_leaves(ctl) {
            return (self.fail(), true);
        }
        let ty = ctl.ty;
        let (params, results) = (ty.params(self.env), ty.results(self.env));
        if ctl.kind == Kind::If && !self.env.all_fit(params, results) {
            return (self.fail(), true);
        }
        self.m.room();
        if ctl.dead {
            self.leave_dead();
            self.push_tys(results);
            return (ip, false);
        }
        if ctl.kind == Kind::Function {
            return (self.end_function(ctl, false, ip), true);
        }
        if ctl.kind == Kind::If && !results.is_empty() {
            return (self.pass_params_on(ip), true);
        }
        if ctl.is_jumped_to() {
            self.join_label_outlined(ctl);
            return (ip, true);
        }
        if ctl.kind.catches() {
            // What it caught goes with it.
            self.reset_to(ctl.label_height());
        }
        // Control never gets here: the outer frame continues with the types it knows.
        self.leave();
        self.push_tys(results);
        (ip, false)
    }

    fn dead_block(&mut self, kind: Kind, ip: Ip) -> Ip {
        let (ty, ip) = tri!(self, self.block_type(ip));
        self.dead_block_of(kind, ty, ip)
    }

    fn dead_block_of(&mut self, kind: Kind, ty: BlockTy, ip: Ip) -> Ip {
        let params = ty.params(self.env);
        tri!(self, self.pop_tys(params));
        let height = self.s.types.enter();
        let mut ctl = Ctl::new(kind, ty, height);
        ctl.dead = true;
        self.s.ctls.push(ctl);
        self.base = self.sp;
        self.push_tys(params);
        ip
    }

    fn dead_try_table(&mut self, ip: Ip) -> Ip {
        let (ty, mut ip) = tri!(self, self.block_type(ip));
        tri!(self, self.catches(&mut ip, |_, _| {}));
        self.dead_block_of(Kind::TryTable, ty, ip)
    }

    /// Leaves the topmost frame, which began in dead code.
    fn leave_dead(&mut self) {
        self.forget_set();
        self.s.ctls.pop();
        let outer = *self.frame();
        if outer.dead {
            self.s.types.resume(outer.height);
        } else {
            self.s.types.resume(0);
            self.base = self.at_depth(outer.height);
        }
    }

    fn dead_again(&mut self, ip: Ip) -> Ip {
        self.sp = self.base;
        self.floor = self.floor.min(self.sp);
        self.s.types.drop_all();
        self.s.ctls.last_mut().expect("the function's frame is left at its end").polymorphic = true;
        ip
    }

    fn dead_label(&mut self, ip: &mut Ip) -> Option<usize> {
        // SAFETY: `ip` is in the body or its padding.
        let (depth, next) = unsafe { read::leb_u32(*ip) }?;
        *ip = next;
        self.label(depth)
    }

    /// A branch that may not be taken: the operands stay, with the label's types. Gives how many these are.
    fn dead_br_if(&mut self, ip: &mut Ip) -> Option<usize> {
        let target = self.dead_label(ip)?;
        self.dead_branch_to_if(target)
    }

    /// The same to the label at this depth.
    pub(super) fn dead_branch_if(&mut self, depth: u32) -> Option<usize> {
        let target = self.label(depth)?;
        self.dead_branch_to_if(target)
    }

    fn dead_branch_to_if(&mut self, target: usize) -> Option<usize> {
        let Ctl { kind, ty, .. } = self.s.ctls[target];
        let types = ty.label_types(kind, self.env);
        self.pop_tys(types)?;
        self.push_tys(types);
        Some(types.len())
    }

    /// Pops a reference of any type, and gives it without null.
    fn pop_any_ref(&mut self) -> Option<Ty> {
        Some(self.pop_any_ref_as_is()?.non_null())
    }

    /// Pops a reference of any type, and gives that.
    pub(super) fn pop_any_ref_as_is(&mut self) -> Option<Ty> {
        match self.pop_ty(Ty::UNKNOWN)? {
            Ty::UNKNOWN => Some(Ty::UNKNOWN_REF),
            ty => ty.is_ref().then_some(ty),
        }
    }

    /// Whether the frame has no operands of its own, and any that one may ask for.
    pub(super) fn is_polymorphic_and_empty(&self) -> bool {
        self.frame().polymorphic && self.s.types.is_empty() && self.sp == self.base
    }

    fn dead_br_table(&mut self, mut ip: Ip) -> Ip {
        tri!(self, self.pop_ty(Ty::I32));
        let last = imm!(self, leb_u32, ip);
        let mut checked: Option<(Kind, BlockTy)> = None;
        let mut top = std::mem::take(&mut self.s.top);
        let mut fits = true;
        for i in 0..=last {
            if ip >= self.end || self.is_stopped_at(i) {
                fits = false;
                break;
            }
            let Some(target) = self.dead_label(&mut ip) else {
                fits = false;
                break;
            };
            let Ctl { kind, ty, .. } = self.s.ctls[target];
            let types = ty.label_types(kind, self.env);
            match checked.as_ref().map(|(kind, ty)| ty.label_types(*kind, self.env)) {
                Some(same) if std::ptr::eq(same, types) => continue,
                Some(other) => fits = other.len() == types.len(),
                None => fits = self.dead_top(types.len(), &mut top),
            }
            checked = Some((kind, ty));
            fits = fits && self.env.all_could_fit(&top, types);
            if !fits {
                break;
            }
        }
        self.s.top = top;
        if !fits {
            return self.fail();
        }
        self.dead_again(ip)
    }

    /// Puts the types of the `n` topmost operands in `top`, which stay; false if the frame has fewer.
    fn dead_top(&self, n: usize, top: &mut Vec<Ty>) -> bool {
        top.clear();
        self.s.types.top(self.env, n, top);
        let mut p = self.sp;
        while top.len() < n && p > self.base {
            // SAFETY: above the base.
            p = unsafe { p.sub(1) };
            // SAFETY: as above.
            top.push(unsafe { *p }.ty());
        }
        if top.len() < n && !self.frame().polymorphic {
            return false;
        }
        top.resize(n, Ty::UNKNOWN);
        top.reverse();
        true
    }

    fn dead_call(&mut self, ty: u32, ip: Ip) -> Ip {
        let sig = tri!(self, self.env.types.get(ty as usize));
        let (params, results) = (self.env.params(sig), self.env.results(sig));
        tri!(self, self.pop_tys(params));
        self.push_tys(results);
        ip
    }

    fn dead_return_call(&mut self, ty: u32, ip: Ip) -> Ip {
        let sig = tri!(self, self.env.types.get(ty as usize));
        tri!(self, self.pop_tys(self.env.params(sig)));
        if !self.returns_what(sig) {
            return self.fail();
        }
        self.dead_again(ip)
    }

    /// Reads the rest of an operator's code, and looks it up.
    fn dead_decode(&mut self, code: u8, ip: &mut Ip) -> Option<&'static Op> {
        let op = if op::is_prefix(code) {
            // SAFETY: `ip` is in the body or its padding.
            let (rest, next) = unsafe { read::leb_u32(*ip) }?;
            *ip = next;
            op::prefixed(code, rest)?
        } else {
            op::single(code)?
        };
        (!self.env.disabled.has(op.feature.switch()?)).then_some(op)
    }

    /// An operator that is neither `else` nor `end`: its operands and results are in the table, except for the control
    /// operators handled here.
    fn dead_operator(&mut self, code: u8, mut ip: Ip) -> Ip {
        let op = tri!(self, self.dead_decode(code, &mut ip));
        match code {
            op::UNREACHABLE => self.dead_again(ip),
            op::BLOCK => self.dead_block(Kind::Block, ip),
            op::LOOP => self.dead_block(Kind::Loop, ip),
            op::IF => {
                tri!(self, self.pop_ty(Ty::I32));
                self.dead_block(Kind::If, ip)
            }
            op::BR | op::RETURN => {
                let target = if code == op::BR { tri!(self, self.dead_label(&mut ip)) } else { 0 };
                let Ctl { kind, ty, .. } = self.s.ctls[target];
                tri!(self, self.pop_tys(ty.label_types(kind, self.env)));
                self.dead_again(ip)
            }
            op::BR_IF => {
                tri!(self, self.pop_ty(Ty::I32));
                tri!(self, self.dead_br_if(&mut ip));
                ip
            }
            op::BR_TABLE => self.dead_br_table(ip),
            op::CALL => {
                let func = imm!(self, leb_u32, ip);
                let ty = *tri!(self, self.env.funcs.get(func as usize));
                self.dead_call(ty, ip)
            }
            op::CALL_INDIRECT => {
                let (ty, table, next) = tri!(self, self.indirect_target(ip));
                tri!(self, self.pop_ty(self.env.tables[table as usize].index_ty()));
                self.dead_call(ty, next)
            }
            op::RETURN_CALL => {
                let func = imm!(self, leb_u32, ip);
                let ty = *tri!(self, self.env.funcs.get(func as usize));
                self.dead_return_call(ty, ip)
            }
            op::RETURN_CALL_INDIRECT => {
                let (ty, table, next) = tri!(self, self.indirect_target(ip));
                tri!(self, self.pop_ty(self.env.tables[table as usize].index_ty()));
                self.dead_return_call(ty, next)
            }
            op::THROW => {
                let tag = imm!(self, leb_u32, ip);
                let params = tri!(self, self.throwable(tag));
                tri!(self, self.pop_tys(params));
                self.dead_again(ip)
            }
            op::THROW_REF => {
                tri!(self, self.pop_ty(Ty::EXNREF));
                self.dead_again(ip)
            }
            op::RETHROW => {
                let target = tri!(self, self.dead_label(&mut ip));
                if !self.s.ctls[target].kind.catches() {
                    return self.fail();
                }
                self.dead_again(ip)
            }
            op::TRY => self.dead_block(Kind::Try, ip),
            op::TRY_TABLE => self.dead_try_table(ip),
            op::SELECT => self.dead_select(ip),
            op::CALL_REF | op::RETURN_CALL_REF => {
                let (index, ty) = tri!(self, self.called_type(&mut ip));
                tri!(self, self.pop_ty(ty));
                if code == op::CALL_REF { self.dead_call(index, ip) } else { self.dead_return_call(index, ip) }
            }
            op::REF_AS_NON_NULL => {
                let ty = tri!(self, self.pop_any_ref());
                self.push_ty(ty);
                ip
            }
            op::PREFIX_FB => {
                tri!(self, self.dead_gc(op.code, &mut ip));
                ip
            }
            op::REF_EQ => {
                tri!(self, self.pop_ty(Ty::EQREF));
                tri!(self, self.pop_ty(Ty::EQREF));
                self.push_ty(Ty::I32);
                ip
            }
            op::BR_ON_NULL => {
                let ty = tri!(self, self.pop_any_ref());
                tri!(self, self.dead_br_if(&mut ip));
                self.push_ty(ty);
                ip
            }
            op::BR_ON_NON_NULL => {
                let ty = tri!(self, self.pop_any_ref());
                self.push_ty(ty);
                let carries = tri!(self, self.dead_br_if(&mut ip));
                if carries == 0 {
                    return self.fail();
                }
                // The reference that went with the branch.
                tri!(self, self.pop_any_ref());
                ip
            }
            _ => {
                let named = tri!(self, self.dead_immediates(op, &mut ip));
                tri!(self, self.apply(op, named));
                ip
            }
        }
    }

    /// Reads and checks the immediates of an operator; gives what they name.
    fn dead_immediates(&mut self, op: &Op, ip: &mut Ip) -> Option<Named> {
        // SAFETY: `ip` is in the body or its padding, which has room for what an operator's immediates are at most.
        unsafe {
            match op.imm {
                Imm::Nothing => {}
                Imm::Zero => *ip = self.fence_immediate(*ip)?,
                Imm::MemArg(exponent) => {
                    let (arg, next) = match op.feature {
                        Feature::Threads => self.atomic_memarg(*ip, exponent)?,
                        _ => self.memarg(*ip, exponent)?,
                    };
                    *ip = next;
                    return Some(Named::memory(self.address_ty(arg)));
                }
                Imm::I32 => *ip = read::leb_i32(*ip)?.1,
                Imm::I64 => *ip = read::leb_i64(*ip)?.1,
                Imm::F32 => *ip = ip.add(4),
                Imm::F64 => *ip = ip.add(8),
                Imm::Local | Imm::Global | Imm::Func => {
                    let (index, next) = read::leb_u32(*ip)?;
                    *ip = next;
                    return match op.imm {
                        Imm::Local => {
                            let ty = self.local(index)?.ty();
                            if op.code != u32::from(op::LOCAL_GET) {
                                self.local_is_set(index, ty);
                            } else if ty.is_unset() {
                                return None;
                            }
                            Some(Named::ty(ty.with_unset(false)))
                        }
                        Imm::Func => self.ref_func_allowed(index).then(|| Named::ty(self.env.func_ref(index))),
                        _ => {
                            let global = self.env.globals.get(index as usize)?;
                            let allowed = global.mutable || op.code != u32::from(op::GLOBAL_SET);
                            allowed.then_some(Named::ty(global.ty))
                        }
                    };
                }
                Imm::Memory if op.prefix.is_none() => {
                    let memory = self.memory_index(ip)?;
                    return Some(Named::memory(self.env.memories[memory as usize].address_ty()));
                }
                Imm::MemArgLane(exponent) => {
                    let (arg, next) = self.memarg(*ip, exponent)?;
                    *ip = next;
                    self.vector_immediates(op, ip)?;
                    return Some(Named::memory(self.address_ty(arg)));
                }
                Imm::V128 | Imm::Lanes | Imm::Lane => self.vector_immediates(op, ip)?,
                Imm::Table if op.prefix.is_none() || op.code == fc::TABLE_SIZE => {
                    return Some(Named::table(self.table_index(ip)?.1));
                }
                Imm::HeapType | Imm::ValTypes => {
                    if op.imm == Imm::ValTypes {
                        let (count, next) = read::leb_u32(*ip)?;
                        *ip = next;
                        (count == 1).then_some(())?;
                    }
                    let read = if op.imm == Imm::ValTypes { self.value_type(*ip) } else { heap_type(self.env, *ip) };
                    let (ty, next) = read?;
                    *ip = next;
                    return Some(Named::ty(ty));
                }
                _ => return Some(self.decode_bulk(op, ip)?.named),
            }
        }
        Some(Named::NOTHING)
    }

    /// Pops and pushes what the table says. `named` is what the immediates name.
    fn apply(&mut self, op: &Op, named: Named) -> Option<()> {
        for (i, operand) in op.sig.operands().enumerate() {
            let ty = self.pop_ty(ty_of(operand, i, named))?;
            if operand == Operand::REF && !(ty.is_ref() || ty == Ty::UNKNOWN) {
                return None;
            }
        }
        for result in op.sig.results() {
            self.push_ty(ty_of(result, 0, named));
        }
        Some(())
    }

    fn dead_select(&mut self, ip: Ip) -> Ip {
        tri!(self, self.pop_ty(Ty::I32));
        let a = tri!(self, self.pop_ty(Ty::UNKNOWN));
        let b = tri!(self, self.pop_ty(Ty::UNKNOWN));
        if a.is_ref() || b.is_ref() || a != b && a != Ty::UNKNOWN && b != Ty::UNKNOWN {
            return self.fail();
        }
        self.push_ty(if a == Ty::UNKNOWN { b } else { a });
        ip
    }
}
