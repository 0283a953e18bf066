//! Code that is never reached: validated to the letter (specification section 3.3, "polymorphic" stacks), not emitted.
//!
//! The loop here runs from the operator after an unconditional branch to the `else` or `end` where code is reached
//! again, so that the main loop never meets a polymorphic stack. What dead code pushes are types, on a stack of their own
//! ([`super::types`]). Below them may be values that were pushed while code was reached: those of a frame in which all is dead because a
//! block in it was left for good. A frame that begins in dead code has no values, and its height is one of that stack.

use super::control::{Ctl, Kind};
use super::read::{self, Ip};
use super::{Func, imm, tri};
use crate::env::Disabled;
use crate::masm::Masm;
use crate::ty::Ty;

/// What an operator without immediates takes and gives: up to two operands, topmost first, then the result;
/// a [`Ty`] code in four bits each, 0 for none.
const fn sig(pops: [u8; 2], push: u8) -> u16 {
    pops[0] as u16 | (pops[1] as u16) << 4 | (push as u16) << 8
}

const I: u8 = 1;
const L: u8 = 2;
const F: u8 = 3;
const D: u8 = 4;

/// Signatures of the operators 0x45 to 0xc4.
static NUMERIC: [u16; 0x80] = {
    let mut t = [0; 0x80];
    let ranges: [(usize, usize, u16); 32] = [
        (0x45, 0x45, sig([I, 0], I)),
        (0x46, 0x4f, sig([I, I], I)),
        (0x50, 0x50, sig([L, 0], I)),
        (0x51, 0x5a, sig([L, L], I)),
        (0x5b, 0x60, sig([F, F], I)),
        (0x61, 0x66, sig([D, D], I)),
        (0x67, 0x69, sig([I, 0], I)),
        (0x6a, 0x78, sig([I, I], I)),
        (0x79, 0x7b, sig([L, 0], L)),
        (0x7c, 0x8a, sig([L, L], L)),
        (0x8b, 0x91, sig([F, 0], F)),
        (0x92, 0x98, sig([F, F], F)),
        (0x99, 0x9f, sig([D, 0], D)),
        (0xa0, 0xa6, sig([D, D], D)),
        (0xa7, 0xa7, sig([L, 0], I)),
        (0xa8, 0xa9, sig([F, 0], I)),
        (0xaa, 0xab, sig([D, 0], I)),
        (0xac, 0xad, sig([I, 0], L)),
        (0xae, 0xaf, sig([F, 0], L)),
        (0xb0, 0xb1, sig([D, 0], L)),
        (0xb2, 0xb3, sig([I, 0], F)),
        (0xb4, 0xb5, sig([L, 0], F)),
        (0xb6, 0xb6, sig([D, 0], F)),
        (0xb7, 0xb8, sig([I, 0], D)),
        (0xb9, 0xba, sig([L, 0], D)),
        (0xbb, 0xbb, sig([F, 0], D)),
        (0xbc, 0xbc, sig([F, 0], I)),
        (0xbd, 0xbd, sig([D, 0], L)),
        (0xbe, 0xbe, sig([I, 0], F)),
        (0xbf, 0xbf, sig([L, 0], D)),
        (0xc0, 0xc1, sig([I, 0], I)),
        (0xc2, 0xc4, sig([L, 0], L)),
    ];
    let mut r = 0;
    while r < ranges.len() {
        let (from, to, s) = ranges[r];
        let mut op = from;
        while op <= to {
            t[op - 0x45] = s;
            op += 1;
        }
        r += 1;
    }
    t
};

/// Type and largest alignment exponent of the loads 0x28 to 0x35 and the stores 0x36 to 0x3e.
pub(super) static MEMORY: [(u8, u8); 23] = [
    (I, 2),
    (L, 3),
    (F, 2),
    (D, 3),
    (I, 0),
    (I, 0),
    (I, 1),
    (I, 1),
    (L, 0),
    (L, 0),
    (L, 1),
    (L, 1),
    (L, 2),
    (L, 2),
    (I, 2),
    (L, 3),
    (F, 2),
    (D, 3),
    (I, 0),
    (I, 1),
    (L, 0),
    (L, 1),
    (L, 2),
];

impl<M: Masm> Func<'_, M> {
    /// Goes on after an operator that does not return: drops the operands and validates until code is reached again.
    #[inline(never)]
    pub(super) fn dead_code(&mut self, mut ip: Ip) -> Ip {
        let ctl = self.s.ctls.last_mut().expect("the function's frame is left at its end");
        ctl.polymorphic = true;
        let height = ctl.height;
        self.reset_to(height);
        self.s.types.clear();
        while ip < self.until || self.go_on(ip) {
            self.op = ip;
            // SAFETY: `ip` is in the body.
            let (op, next) = unsafe { read::byte(ip) };
            ip = match op {
                0x05 => match self.dead_else(next) {
                    (ip, true) => return ip,
                    (ip, false) => ip,
                },
                0x0b => match self.dead_end(next) {
                    (ip, true) => return ip,
                    (ip, false) => ip,
                },
                _ => self.dead_operator(op, next),
            };
        }
        // The body is over without its `end`.
        self.fail()
    }

    fn push_ty(&mut self, ty: Ty) {
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
    fn pop_ty(&mut self, expected: Ty) -> Option<Ty> {
        let ty = match self.s.types.pop(self.env) {
            Some(ty) => ty,
            None => match self.pop_any() {
                Some(v) => v.ty(),
                None => return self.frame().polymorphic.then_some(expected),
            },
        };
        (ty == expected || ty == Ty::UNKNOWN || expected == Ty::UNKNOWN).then_some(ty)
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
                Some(v) if v.ty() == ty => {}
                Some(_) => return None,
                None => return self.frame().polymorphic.then_some(()),
            }
        }
        Some(())
    }

    /// Checks that exactly the results of the topmost frame are on its stack.
    fn dead_leaves(&mut self, ctl: Ctl) -> bool {
        self.pop_tys(ctl.ty.results(self.env)).is_some() && self.s.types.is_empty() && self.sp == self.base
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
        let top = self.s.ctls.last_mut().expect("as above");
        top.kind = Kind::Else;
        top.polymorphic = false;
        self.push_tys(ctl.ty.params(self.env));
        (ip, false)
    }

    /// `end`: true if code is reached again or the body is over.
    fn dead_end(&mut self, ip: Ip) -> (Ip, bool) {
        let ctl = *self.frame();
        if !self.dead_leaves(ctl) {
            return (self.fail(), true);
        }
        let (params, results) = (ctl.ty.params(self.env), ctl.ty.results(self.env));
        if ctl.kind == Kind::If && !Ty::same(params, results) {
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
        if ctl.label.0 != 0 || ctl.otherwise.0 != 0 {
            self.join_label(ctl);
            return (ip, true);
        }
        // Nobody gets here: the outer frame goes on with the types it knows.
        self.leave();
        self.push_tys(results);
        (ip, false)
    }

    fn dead_block(&mut self, kind: Kind, ip: Ip) -> Ip {
        let (ty, ip) = tri!(self, self.block_type(ip));
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

    /// Leaves the topmost frame, which began in dead code.
    fn leave_dead(&mut self) {
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

    fn dead_br_table(&mut self, mut ip: Ip) -> Ip {
        tri!(self, self.pop_ty(Ty::I32));
        let last = imm!(self, leb_u32, ip);
        let mut checked: Option<&[Ty]> = None;
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
            let types = self.s.ctls[target].label_types(self.env);
            match checked {
                Some(same) if std::ptr::eq(same, types) => continue,
                Some(other) => fits = other.len() == types.len(),
                None => fits = self.dead_top(types.len(), &mut top),
            }
            checked = Some(types);
            fits = fits && Ty::all_fit(&top, types);
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

    fn dead_operator(&mut self, op: u8, mut ip: Ip) -> Ip {
        match op {
            0x00 => return self.dead_again(ip),
            0x01 => {}
            0x02 => return self.dead_block(Kind::Block, ip),
            0x03 => return self.dead_block(Kind::Loop, ip),
            0x04 => {
                tri!(self, self.pop_ty(Ty::I32));
                return self.dead_block(Kind::If, ip);
            }
            0x0c => {
                let target = tri!(self, self.dead_label(&mut ip));
                tri!(self, self.pop_tys(self.s.ctls[target].label_types(self.env)));
                return self.dead_again(ip);
            }
            0x0d => {
                tri!(self, self.pop_ty(Ty::I32));
                let target = tri!(self, self.dead_label(&mut ip));
                let types = self.s.ctls[target].label_types(self.env);
                tri!(self, self.pop_tys(types));
                self.push_tys(types);
            }
            0x0e => return self.dead_br_table(ip),
            0x0f => {
                tri!(self, self.pop_tys(self.s.ctls[0].label_types(self.env)));
                return self.dead_again(ip);
            }
            0x10 => {
                let func = imm!(self, leb_u32, ip);
                let ty = *tri!(self, self.env.funcs.get(func as usize));
                return self.dead_call(ty, ip);
            }
            0x11 => {
                let (ty, _, next) = tri!(self, self.indirect_target(ip));
                tri!(self, self.pop_ty(Ty::I32));
                return self.dead_call(ty, next);
            }
            0x1a => {
                tri!(self, self.pop_ty(Ty::UNKNOWN));
            }
            0x1b => return self.dead_select(ip),
            0x1c => {
                let count = imm!(self, leb_u32, ip);
                let (ty, next) = tri!(self, self.value_type(ip));
                ip = next;
                if count != 1 || self.env.disabled.has(Disabled::REFERENCE_TYPES) {
                    return self.fail();
                }
                tri!(self, self.pop_tys(&[ty, ty, Ty::I32]));
                self.push_ty(ty);
            }
            0x20..=0x22 => {
                let index = imm!(self, leb_u32, ip);
                let ty = tri!(self, self.local(index)).ty();
                if op != 0x20 {
                    tri!(self, self.pop_ty(ty));
                }
                if op != 0x21 {
                    self.push_ty(ty);
                }
            }
            0x23 | 0x24 => {
                let index = imm!(self, leb_u32, ip);
                let global = *tri!(self, self.env.globals.get(index as usize));
                if op == 0x23 {
                    self.push_ty(global.ty);
                } else if !global.mutable {
                    return self.fail();
                } else {
                    tri!(self, self.pop_ty(global.ty));
                }
            }
            0x25 | 0x26 => {
                let table = tri!(self, self.table_at(&mut ip));
                if op == 0x26 {
                    tri!(self, self.pop_ty(table.elem));
                }
                tri!(self, self.pop_ty(Ty::I32));
                if op == 0x25 {
                    self.push_ty(table.elem);
                }
            }
            0x28..=0x3e => {
                let (ty, align) = MEMORY[usize::from(op - 0x28)];
                let (_, next) = tri!(self, self.memarg(ip, align));
                ip = next;
                if op >= 0x36 {
                    tri!(self, self.pop_ty(Ty(u32::from(ty))));
                }
                tri!(self, self.pop_ty(Ty::I32));
                if op < 0x36 {
                    self.push_ty(Ty(u32::from(ty)));
                }
            }
            0x3f | 0x40 => {
                tri!(self, self.memory_index(&mut ip));
                if op == 0x40 {
                    tri!(self, self.pop_ty(Ty::I32));
                }
                self.push_ty(Ty::I32);
            }
            0x41 => {
                imm!(self, leb_i32, ip);
                self.push_ty(Ty::I32);
            }
            0x42 => {
                imm!(self, leb_i64, ip);
                self.push_ty(Ty::I64);
            }
            0x43 => {
                ip = ip.wrapping_add(4);
                self.push_ty(Ty::F32);
            }
            0x44 => {
                ip = ip.wrapping_add(8);
                self.push_ty(Ty::F64);
            }
            0x45..=0xc4 => {
                if op >= 0xc0 && self.env.disabled.has(Disabled::SIGN_EXTENSION) {
                    return self.fail();
                }
                let sig = NUMERIC[usize::from(op - 0x45)];
                for shift in [0, 4] {
                    if sig >> shift & 15 != 0 {
                        tri!(self, self.pop_ty(Ty(u32::from(sig >> shift & 15))));
                    }
                }
                self.push_ty(Ty(u32::from(sig >> 8 & 15)));
            }
            0xd0 => {
                let (ty, next) = tri!(self, self.heap_type(ip));
                ip = next;
                self.push_ty(ty);
            }
            0xd1 => {
                let ty = tri!(self, self.pop_ty(Ty::UNKNOWN));
                if !(ty.is_ref() || ty == Ty::UNKNOWN) || self.env.disabled.has(Disabled::REFERENCE_TYPES) {
                    return self.fail();
                }
                self.push_ty(Ty::I32);
            }
            0xd2 => {
                let func = imm!(self, leb_u32, ip);
                if !self.ref_func_allowed(func) {
                    return self.fail();
                }
                self.push_ty(Ty::FUNCREF);
            }
            0xfc => return self.dead_prefixed(ip),
            _ => return self.fail(),
        }
        ip
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

    fn dead_prefixed(&mut self, mut ip: Ip) -> Ip {
        let op = imm!(self, leb_u32, ip);
        if op < 8 {
            if self.env.disabled.has(Disabled::SATURATING) {
                return self.fail();
            }
            tri!(self, self.pop_ty(if op & 2 == 0 { Ty::F32 } else { Ty::F64 }));
            self.push_ty(if op < 4 { Ty::I32 } else { Ty::I64 });
            return ip;
        }
        let (takes, gives, next) = tri!(self, self.bulk_operator(op, ip));
        tri!(self, self.pop_tys(&takes.types[..takes.len]));
        if gives {
            self.push_ty(Ty::I32);
        }
        next
    }
}
