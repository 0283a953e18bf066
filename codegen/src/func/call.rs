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
use crate::masm::{Cond, Loc, Masm, Width};
use crate::trap::TrapCode;
use crate::ty::Ty;
use crate::vmctx::Builtin;

/// Register arguments, to be moved all at once.
struct Moves {
    /// For each destination in `pending`, where it comes from.
    source: [u8; 32],
    /// For each source in `sources`, where it goes.
    target: [u8; 32],
    /// Destinations of moves from other registers.
    pending: u32,
    /// Sources of those moves.
    sources: u32,
    /// Destinations of what is not in a temporary: these follow last, when all sources are read.
    late: [(u8, Val); 16],
    late_count: usize,
}

impl Moves {
    fn new() -> Moves {
        Moves { source: [0; 32], target: [0; 32], pending: 0, sources: 0, late: [(0, Val(0)); 16], late_count: 0 }
    }

    #[inline(always)]
    fn add(&mut self, dst: u8, v: Val) {
        if !v.is_reg() {
            self.late[self.late_count] = (dst, v);
            self.late_count += 1;
        } else if v.num() != dst {
            self.source[usize::from(dst)] = v.num();
            self.target[usize::from(v.num())] = dst;
            self.pending |= 1 << dst;
            self.sources |= 1 << v.num();
        }
    }
}

enum Callee {
    Direct(u32),
    Import(u32),
    /// The funcref in [`Masm::SCRATCH2`].
    Funcref,
}

impl<M: Masm> Func<'_, M> {
    pub(super) fn call(&mut self, mut ip: Ip) -> Ip {
        let func = imm!(self, leb_u32, ip);
        let ty = *tri!(self, self.env.funcs.get(func as usize));
        let sig = &self.env.types[ty as usize];
        if !self.has_top(self.env.params(sig)) {
            return self.fail();
        }
        let callee = if func < self.env.imported_funcs { Callee::Import(func) } else { Callee::Direct(func) };
        self.emit_call(sig, callee, ip);
        ip
    }

    /// Reads the immediates of `call_indirect`: type, table, read pointer.
    pub(super) fn indirect_target(&mut self, mut ip: Ip) -> Option<(u32, u32, Ip)> {
        let ty = self.index_below(&mut ip, self.env.types.len())?;
        let table = if self.env.disabled.has(Disabled::REFERENCE_TYPES) {
            // SAFETY: `ip` is in the body or its padding.
            let (byte, next) = unsafe { super::read::byte(ip) };
            ip = next;
            u32::from(byte)
        } else {
            self.index_below(&mut ip, self.env.tables.len())?
        };
        let desc = self.env.tables.get(table as usize)?;
        (desc.elem == Ty::FUNCREF).then_some((ty, table, ip))
    }

    pub(super) fn call_indirect(&mut self, ip: Ip) -> Ip {
        let (ty, table, ip) = tri!(self, self.indirect_target(ip));
        let sig = &self.env.types[ty as usize];
        let index = tri!(self, self.pop(Ty::I32));
        if !self.has_top(self.env.params(sig)) {
            return self.fail();
        }
        let index = self.in_reg(index);
        let at = self.here();
        let table = self.env.layout.table(table);
        self.m.load_callee(index.num(), table, sig.canonical, &mut self.s.traps, at);
        self.release(index);
        self.emit_call(sig, Callee::Funcref, ip);
        ip
    }

    /// Calls; the arguments are on the stack and of the right types.
    fn emit_call(&mut self, sig: &FuncSig, callee: Callee, ip: Ip) {
        let params = self.env.params(sig);
        self.move_args(params);
        match callee {
            Callee::Direct(func) => {
                let site = self.m.call_direct();
                self.call_site(site, func);
                self.site();
            }
            Callee::Import(func) => {
                self.m.call_import(self.env.layout.func_import(func));
                self.site();
                self.m.restore_context();
            }
            Callee::Funcref => {
                self.m.call_funcref();
                self.site();
                self.m.restore_context();
            }
        }
        self.free = M::GPR_TEMPS;
        self.ffree = M::FPR_TEMPS;
        self.push_results(self.env.results(sig), ip);
    }

    fn push_results(&mut self, results: &[Ty], ip: Ip) {
        self.ensure_space(results.len(), ip);
        let mut assign = Assign::<M>::new();
        for &ty in results {
            let v = match assign.next(ty) {
                Place::Gpr(reg) => {
                    self.free &= !(1 << reg);
                    Val::reg(ty, reg)
                }
                Place::Fpr(reg) => {
                    self.ffree &= !(1 << reg);
                    Val::reg(ty, reg)
                }
                Place::Stack(i) => {
                    self.m.room();
                    let depth = self.depth(self.sp);
                    let disp = self.slot(depth);
                    self.slots = self.slots.max(depth + 1);
                    self.m.load_result(M::SCRATCH, i);
                    self.m.store_frame(M::SCRATCH, disp);
                    Val::slot(ty, disp)
                }
            };
            self.push(v);
        }
        self.outgoing = self.outgoing.max(assign.stack_slots());
    }

    /// Moves the topmost values, whose types are `params`, to where the callee expects them, and pops them.
    fn move_args(&mut self, params: &[Ty]) {
        // SAFETY: the arguments are on the stack.
        let first = unsafe { self.sp.sub(params.len()) };
        self.spill_temps(first);
        let mut assign = Assign::<M>::new();
        let (mut ints, mut floats) = (Moves::new(), Moves::new());
        for (i, &ty) in params.iter().enumerate() {
            // SAFETY: as above.
            let v = unsafe { *first.add(i) };
            match assign.next(ty) {
                Place::Gpr(reg) => ints.add(reg, v),
                Place::Fpr(reg) => floats.add(reg, v),
                Place::Stack(slot) => self.store_arg(v, slot),
            }
        }
        self.outgoing = self.outgoing.max(assign.stack_slots());
        self.sp = first;
        self.floor = self.floor.min(self.sp);
        self.move_all(&mut ints, false);
        self.move_all(&mut floats, true);
    }

    fn store_arg(&mut self, v: Val, slot: u32) {
        self.m.room();
        if v.in_reg() {
            if v.ty().is_fp() {
                self.m.fstore_arg(v.num(), slot);
            } else {
                self.m.store_arg(v.num(), slot);
            }
            return;
        }
        if v.is_const() {
            let bits = if v.ty().is_fp() { v.float_const() as i64 } else { v.int_const() };
            self.m.mov_imm(M::SCRATCH, bits);
        } else {
            self.m.load_frame(Ty::I64, M::SCRATCH, v.disp());
        }
        self.m.store_arg(M::SCRATCH, slot);
    }

    /// Makes the moves: first those whose destination nobody waits to read, cycles through the scratch register.
    fn move_all(&mut self, moves: &mut Moves, fp: bool) {
        while moves.pending != 0 {
            let ready = moves.pending & !moves.sources;
            if ready != 0 {
                let dst = ready.trailing_zeros() as u8;
                let src = moves.source[usize::from(dst)];
                self.move_reg(fp, dst, src);
                moves.pending &= !(1 << dst);
                moves.sources &= !(1 << src);
            } else {
                // Every destination is a source too: save one, and read it from the scratch register.
                let saved = moves.pending.trailing_zeros() as u8;
                let scratch = if fp { M::FPR_SCRATCH } else { M::SCRATCH };
                self.move_reg(fp, scratch, saved);
                moves.source[usize::from(moves.target[usize::from(saved)])] = scratch;
                moves.sources &= !(1 << saved);
            }
        }
        for &(dst, v) in &moves.late[..moves.late_count] {
            if v.is_const() && !fp {
                self.m.set_imm(dst, v.int_const());
            } else {
                self.load_into(dst, v);
            }
        }
    }

    #[inline(always)]
    fn move_reg(&mut self, fp: bool, dst: u8, src: u8) {
        if fp {
            self.m.fmov(dst, src);
        } else {
            self.m.mov(dst, src);
        }
    }

    /// Calls a builtin with `indices` and then the `n` topmost values as arguments, pops those, traps if it is
    /// `fallible` and fails, and pushes its result.
    pub(super) fn call_builtin(
        &mut self,
        builtin: Builtin,
        indices: &[u32],
        n: usize,
        result: Option<Ty>,
        fallible: bool,
    ) {
        // SAFETY: the operands were checked to be on the stack.
        let first = unsafe { self.sp.sub(n) };
        self.spill_temps(first);
        let mut moves = Moves::new();
        for i in 0..n {
            // SAFETY: as above.
            moves.add(M::C_ARGS[indices.len() + i], unsafe { *first.add(i) });
        }
        self.sp = first;
        self.floor = self.floor.min(self.sp);
        self.move_all(&mut moves, false);
        for (i, &index) in indices.iter().enumerate() {
            self.m.set_imm(M::C_ARGS[i], i64::from(index));
        }
        self.m.call_builtin(builtin as u32);
        self.site();
        self.free = M::GPR_TEMPS;
        self.ffree = M::FPR_TEMPS;
        let reg = M::GPR_ARGS[0];
        if fallible {
            let at = self.here();
            self.m.cmp_imm(Width::W32, Loc::reg(reg), 0);
            self.m.trap_if(Cond::Ne, TrapCode::FROM_RESULT, &mut self.s.traps, at);
        }
        if let Some(ty) = result {
            if ty == Ty::I32 {
                self.m.mov32(reg, reg);
            }
            self.free &= !(1 << reg);
            self.push(Val::reg(ty, reg));
        }
    }
}
