//! Calls: the one place where they are emitted.
//!
//! At a call, in this order: temporaries below the arguments go to their home slots, stack arguments go to the
//! outgoing area, register arguments go to their registers all at once, the call is made, its return address recorded,
//! the context restored if another instance may have run, the results pushed. No temporary survives a call;
//! pinned locals do.

use super::abi::{Assign, Place};
use super::read::Ip;
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::{Disabled, FuncSig};
use crate::masm::Masm;
use crate::reg::Reg;
use crate::ty::{Class, Ty};
use crate::vmctx::Builtin;
use std::mem::MaybeUninit;

/// Arguments that could not go to their registers at once, because other arguments are still there.
struct Waiting {
    /// The register and the argument's index.
    args: [MaybeUninit<(Reg, u32)>; 16],
    len: usize,
}

impl Waiting {
    #[inline(always)]
    fn new() -> Waiting {
        Waiting { args: [const { MaybeUninit::uninit() }; 16], len: 0 }
    }

    #[inline(always)]
    fn add(&mut self, reg: Reg, arg: u32) {
        self.args[self.len].write((reg, arg));
        self.len += 1;
    }

    fn get(&self, i: usize) -> (Reg, u32) {
        assert!(i < self.len);
        // SAFETY: the first `len` are written.
        unsafe { self.args[i].assume_init() }
    }

    fn remove(&mut self, i: usize) {
        self.args[i] = self.args[self.len - 1];
        self.len -= 1;
    }
}

pub(super) enum Callee {
    /// A function of this module.
    Direct(u32),
    /// An imported function.
    Import(u32),
    /// The funcref in [`Masm::SCRATCH2`], which is not null.
    Funcref,
    /// The same, unless it is null.
    NullableFuncref,
}

impl<M: Masm> Func<'_, M> {
    #[inline(always)]
    pub(super) fn call(&mut self, mut ip: Ip) -> Ip {
        let func = imm!(self, leb_u32, ip);
        let ty = *tri!(self, self.env.funcs.get(func as usize));
        let sig = &self.env.types[ty as usize];
        let callee = self.callee(func);
        if !self.move_args_of(sig) {
            return self.fail();
        }
        self.emit_moved_call(sig, callee, ip)
    }

    #[inline(always)]
    pub(super) fn callee(&self, func: u32) -> Callee {
        if func < self.env.imported_funcs { Callee::Import(func) } else { Callee::Direct(func) }
    }

    /// Reads the immediates of `call_indirect`: type, table, read pointer.
    pub(super) fn indirect_target(&mut self, mut ip: Ip) -> Option<(u32, u32, Ip)> {
        let ty = self.index_below(&mut ip, self.env.types.len())?;
        self.env.func_type(ty)?;
        let table = if self.env.disabled.has(Disabled::REFERENCE_TYPES) {
            // SAFETY: `ip` is in the body or its padding.
            let (byte, next) = unsafe { super::read::byte(ip) };
            ip = next;
            u32::from(byte)
        } else {
            self.index_below(&mut ip, self.env.tables.len())?
        };
        let desc = self.env.tables.get(table as usize)?;
        self.env.fits(desc.elem, Ty::FUNCREF).then_some((ty, table, ip))
    }

    pub(super) fn call_indirect(&mut self, ip: Ip) -> Ip {
        let (ty, table, ip) = tri!(self, self.indirect_target(ip));
        let sig = &self.env.types[ty as usize];
        tri!(self, self.load_callee(ty, table));
        self.emit_call(sig, Callee::Funcref, ip)
    }

    /// Pops an index and puts the function of type `ty` that a table has there in [`SCRATCH2`](Masm::SCRATCH2).
    pub(super) fn load_callee(&mut self, ty: u32, table: u32) -> Option<()> {
        let index = self.pop(self.env.tables[table as usize].index_ty())?;
        let table = self.env.layout.table(table);
        if self.has_subtypes(ty) {
            self.load_callee_of(index, table, ty);
            return Some(());
        }
        let index = self.in_reg(index);
        self.m.load_callee(index.gpr(), table);
        self.load_type(ty);
        self.release(index);
        self.site();
        self.m.check_callee();
        Some(())
    }

    /// Calls, if the arguments are on the stack and of the right types.
    #[inline(always)]
    pub(super) fn emit_call(&mut self, sig: &FuncSig, callee: Callee, ip: Ip) -> Ip {
        if !self.move_args_outlined(sig) {
            return self.fail();
        }
        self.emit_moved_call(sig, callee, ip)
    }

    /// [`Func::move_args_of`] as a call.
    #[inline(never)]
    pub(super) fn move_args_outlined(&mut self, sig: &FuncSig) -> bool {
        self.move_args_of(sig)
    }

    /// [`Func::move_args`], or [`Func::move_int_args`] where that is enough.
    #[inline(always)]
    fn move_args_of(&mut self, sig: &FuncSig) -> bool {
        let params = self.env.params(sig);
        if sig.int_params && params.len() <= M::GPR_ARGS.len() {
            self.move_int_args(params)
        } else {
            self.move_args(params)
        }
    }

    /// Calls with the arguments that were moved.
    #[inline(always)]
    fn emit_moved_call(&mut self, sig: &FuncSig, callee: Callee, ip: Ip) -> Ip {
        #[cfg(debug_assertions)]
        self.debug_assert_refs_stored_at_calls();
        self.save_vector_pins();
        match callee {
            Callee::Direct(func) => {
                let site = self.m.call_direct();
                self.call_site(site, func);
                self.called();
                self.handled_call();
            }
            Callee::Import(func) => {
                self.m.call_import(self.env.layout.func_import(func));
                self.called();
                self.handled_call();
                self.m.restore_context();
            }
            Callee::Funcref | Callee::NullableFuncref => {
                if matches!(callee, Callee::NullableFuncref) {
                    self.site();
                }
                self.m.call_funcref();
                self.called();
                self.handled_call();
                self.m.restore_context();
            }
        }
        self.free_at_call();
        self.restore_vector_pins();
        match *self.env.results(sig) {
            [] => {}
            [ty] => self.push_result(ty),
            ref results => self.push_results(results, ip),
        }
        ip
    }

    #[inline(always)]
    fn push_result(&mut self, ty: Ty) {
        let reg = M::first_arg(ty.class());
        self.regs.free[ty.class()] &= !reg.bit();
        self.expect_vectors(ty);
        self.push(Val::reg(ty, reg));
    }

    #[cold]
    fn push_results(&mut self, results: &[Ty], ip: Ip) {
        self.ensure_space(results.len(), ip);
        let mut assign = Assign::<M>::new();
        for &ty in results {
            self.expect_vectors(ty);
            let v = match assign.next(ty) {
                Place::Reg(reg) => {
                    self.regs.free[ty.class()] &= !reg.bit();
                    Val::reg(ty, reg)
                }
                Place::Stack(i) => {
                    self.m.room();
                    let depth = self.depth(self.sp);
                    let disp = self.frame.slot(depth);
                    self.frame.use_slots(depth + 1);
                    self.frame.debug_assert_fixed_frame(disp);
                    if ty == Ty::V128 {
                        self.m.vload_result(M::FPR_SCRATCH, i);
                        self.m.vstore_frame(M::FPR_SCRATCH, disp);
                    } else {
                        self.m.load_result(M::SCRATCH, i);
                        self.m.store_frame(M::SCRATCH, disp);
                    }
                    Val::slot(ty, disp)
                }
            };
            self.push(v);
        }
        self.frame.use_outgoing(assign.stack_slots());
    }

    /// Moves the topmost values to where the callee expects them and pops them; false if their types are not `params`.
    #[inline(never)]
    fn move_args(&mut self, params: &[Ty]) -> bool {
        if (self.sp as usize) < self.base as usize + 8 * params.len() {
            return false;
        }
        // SAFETY: so many values are above the base.
        let first = unsafe { self.sp.sub(params.len()) };
        self.spill_temps(first);
        let mut assign = Assign::<M>::new();
        let mut waiting = Waiting::new();
        for (i, &ty) in params.iter().enumerate() {
            // SAFETY: as above.
            let v = unsafe { *first.add(i) };
            if !self.env.fits_or_null(v.ty(), ty) {
                return false;
            }
            match assign.next(ty) {
                Place::Reg(reg) => {
                    if !self.place_arg(v, reg) {
                        waiting.add(reg, i as u32);
                    }
                }
                Place::Stack(slot) => {
                    self.store_arg(v, slot);
                    self.release(v);
                }
            }
        }
        self.frame.use_outgoing(assign.stack_slots());
        if waiting.len != 0 {
            self.place_waiting(first, &mut waiting);
        }
        self.sp = first;
        self.floor = self.floor.min(first);
        true
    }

    /// The same for the most frequent parameter lists: integers and references that all have registers.
    #[inline(always)]
    fn move_int_args(&mut self, params: &[Ty]) -> bool {
        if (self.sp as usize) < self.base as usize + 8 * params.len() {
            return false;
        }
        // SAFETY: so many values are above the base.
        let first = unsafe { self.sp.sub(params.len()) };
        self.spill_temps(first);
        self.sp = first;
        self.floor = self.floor.min(first);
        self.move_ints::<false>(params, 0, self.regs.free[Class::Int], 0)
    }

    /// The same from argument `from` on, where some are not exactly of the parameters' types.
    #[cold]
    #[inline(never)]
    fn move_other_ints(&mut self, params: &[Ty], from: usize, free: u32, waiting: u32) -> bool {
        self.move_ints::<true>(params, from, free, waiting)
    }

    /// Moves the arguments from `from` on, which are behind `sp`. Bit n of `waiting`: argument n has to wait.
    #[inline(always)]
    fn move_ints<const SUBTYPES: bool>(&mut self, params: &[Ty], from: usize, mut free: u32, mut waiting: u32) -> bool {
        let first = self.sp;
        for (i, (&ty, &reg)) in params.iter().zip(M::GPR_ARGS).enumerate().skip(from) {
            // SAFETY: the arguments are still in the stack's memory.
            let v = unsafe { *first.add(i) };
            if v.ty() != ty {
                if !SUBTYPES {
                    return self.move_other_ints(params, i, free, waiting);
                } else if !self.env.fits_or_null(v.ty(), ty) {
                    return false;
                }
            }
            if free & reg.bit() == 0 {
                waiting |= u32::from(v != Val::reg(if SUBTYPES { v.ty() } else { ty }, reg)) << i;
                continue;
            }
            free &= !reg.bit();
            if v.is_const() {
                self.m.set_imm(reg, v.int_const());
                continue;
            }
            if v.is_reg() {
                free |= v.register().bit();
            }
            self.m.mov_from(ty, reg, v.loc());
        }
        self.regs.free[Class::Int] = free;
        if waiting != 0 {
            self.place_waiting_ints(first, waiting);
        }
        true
    }

    #[inline(never)]
    fn place_waiting_ints(&mut self, first: *mut Val, mut args: u32) {
        let mut waiting = Waiting::new();
        while args != 0 {
            let i = args.trailing_zeros();
            waiting.add(M::GPR_ARGS[i as usize].into(), i);
            args &= args - 1;
        }
        self.place_waiting(first, &mut waiting);
    }

    /// Brings an argument to its register, unless another argument is there. Breaks `CACHED`, which the call itself
    /// mends.
    #[inline(always)]
    fn place_arg(&mut self, v: Val, reg: Reg) -> bool {
        let class = v.ty().class();
        let free = &mut self.regs.free[class];
        if *free & reg.bit() == 0 {
            return v.is_reg() && v.register() == reg;
        }
        *free &= !reg.bit();
        if v.is_reg() {
            *free |= v.register().bit();
            self.move_reg(v.ty(), reg, v.register());
        } else if v.is_const() && class == Class::Int {
            self.m.set_imm(reg.gpr(), v.int_const());
        } else {
            self.load_into(reg, v);
        }
        true
    }

    /// Places the arguments that had to wait: each as soon as its register is free. If all wait for one another, one of
    /// them is moved to the scratch register.
    #[cold]
    fn place_waiting(&mut self, first: *mut Val, waiting: &mut Waiting) {
        while waiting.len != 0 {
            let before = waiting.len;
            let mut i = 0;
            while i < waiting.len {
                let (reg, arg) = waiting.get(i);
                // SAFETY: the arguments are still on the stack.
                if self.place_arg(unsafe { *first.add(arg as usize) }, reg) {
                    waiting.remove(i);
                } else {
                    i += 1;
                }
            }
            if waiting.len == before {
                self.break_cycle(first, waiting);
            }
        }
    }

    /// Every waiting argument is in a register that another one waits for: moves one to the scratch register.
    fn break_cycle(&mut self, first: *mut Val, waiting: &Waiting) {
        for i in 0..waiting.len {
            let (_, arg) = waiting.get(i);
            // SAFETY: the arguments are still on the stack.
            let p = unsafe { first.add(arg as usize) };
            // SAFETY: as above.
            let v = unsafe { *p };
            if v.is_reg() {
                let class = v.ty().class();
                let scratch = M::scratch(class);
                self.move_reg(v.ty(), scratch, v.register());
                self.release(v);
                // SAFETY: as above.
                unsafe { *p = Val::reg(v.ty(), scratch) };
                return;
            }
        }
        unreachable!("OWNED: a register that is waited for belongs to an argument that waits");
    }

    /// A vector in the scratch register.
    fn in_vector_scratch(&mut self, v: Val) -> Val {
        self.load_into(M::FPR_SCRATCH.into(), v);
        Val::reg(Ty::V128, M::FPR_SCRATCH)
    }

    fn store_arg(&mut self, v: Val, slot: u32) {
        self.m.room();
        if v.ty() == Ty::V128 {
            let v = if v.in_reg() { v } else { self.in_vector_scratch(v) };
            return self.m.vstore_arg(v.fpr(), slot);
        }
        if v.in_reg() {
            if v.ty().class() == Class::Float {
                self.m.fstore_arg(v.fpr(), slot);
            } else {
                self.m.store_arg(v.gpr(), slot);
            }
            return;
        }
        if v.is_const() {
            let bits = if v.ty().class() == Class::Float { v.float_const() as i64 } else { v.int_const() };
            self.m.mov_imm(M::SCRATCH, bits);
        } else {
            self.m.load_frame(Ty::I64, M::SCRATCH, v.disp());
        }
        self.m.store_arg(M::SCRATCH, slot);
    }

    #[inline(always)]
    pub(super) fn move_reg(&mut self, ty: Ty, dst: Reg, src: Reg) {
        if ty.class() == Class::Float {
            if ty == Ty::V128 {
                self.m.vmov(dst.fpr(), src.fpr());
            } else {
                self.m.fmov(dst.fpr(), src.fpr());
            }
        } else {
            self.m.mov(dst.gpr(), src.gpr());
        }
    }

    /// Calls a builtin with `indices` and then the `n` topmost values as arguments, pops those, and pushes its result.
    pub(super) fn call_builtin(
        &mut self,
        builtin: Builtin,
        indices: &[impl Copy + Into<u64>],
        n: usize,
        result: Option<Ty>,
    ) {
        // SAFETY: the operands were checked to be on the stack.
        let first = unsafe { self.sp.sub(n) };
        self.spill_temps(first);
        let mut waiting = Waiting::new();
        for i in 0..n {
            let reg = M::BUILTIN_ARGS[indices.len() + i].into();
            // SAFETY: as above.
            if !self.place_arg(unsafe { *first.add(i) }, reg) {
                waiting.add(reg, i as u32);
            }
        }
        self.place_waiting(first, &mut waiting);
        self.sp = first;
        self.floor = self.floor.min(first);
        for (i, &index) in indices.iter().enumerate() {
            self.m.set_imm(M::BUILTIN_ARGS[i], index.into() as i64);
        }
        #[cfg(debug_assertions)]
        self.debug_assert_refs_stored_at_calls();
        self.save_vector_pins();
        self.m.call_builtin(builtin as u32);
        self.called();
        self.ref_site();
        self.free_at_call();
        self.restore_vector_pins();
        let reg = M::GPR_ARGS[0];
        if let Some(ty) = result {
            if ty == Ty::I32 {
                self.m.mov32(reg, reg);
            }
            self.regs.free[Class::Int] &= !reg.bit();
            self.push(Val::reg(ty, reg));
        }
    }
}
