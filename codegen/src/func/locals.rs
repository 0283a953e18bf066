//! Locals: which are pinned to registers, where the others are, and how results get straight into them.
//!
//! Integer locals are pinned to [`Masm::GPR_PINS`] for the whole function, float locals to [`Masm::FPR_PINS`], so that
//! loops and merges cost nothing for them. Where there are more locals than pins, the first ones are pinned, but in a
//! body with loops those that are named most ([`super::pins`]). All others, references among them (`REFS_STORED_AT_CALLS`),
//! have a frame slot; parameters that arrive on the stack stay where they are.
//!
//! A reference without null has no default: it is `UNSET` at first, and again after the frame in which it was set.
//!
//! A body of a few bytes may declare 50,000 locals. `Scratch::locals` has ready-made values for only as many as the
//! body could name one after another; the rest is found by their runs of declarations.

use super::abi::{Assign, Place};
use super::frame::Layout;
use super::pins::{self, Choice, Pins};
use super::read::{self, Ip};
use super::value::Val;
use super::{Func, Scratch, Vectors, imm, tri};
use crate::env::{Disabled, FuncSig, ModuleEnv};
use crate::masm::{Loc, Masm, Width};
use crate::op;
use crate::reg::{Fpr, Gpr, Reg};
use crate::ty::{Class, Ty};

/// Locals of one declaration that are in the frame, in slots that go down from `disp`.
#[derive(Copy, Clone, Debug)]
pub(super) struct Run {
    /// The first local.
    first: u32,
    /// One past the last.
    end: u32,
    pub(super) ty: Ty,
    /// Displacement of the first local's slot.
    pub(super) disp: i32,
}

impl Run {
    /// How many locals there are.
    pub(super) fn count(&self) -> u32 {
        self.end - self.first
    }

    /// Displacement of the slot of local `index`.
    #[inline(always)]
    fn disp_of(&self, index: u32) -> i32 {
        self.disp - Layout::local_bytes(self.ty) * (index - self.first) as i32
    }
}

/// Most locals of a function, parameters included (the limit of the JS API).
const MAX_LOCALS: u64 = 50_000;

/// Where a result goes: to a temporary that is pushed, or straight into a pinned local.
#[derive(Copy, Clone)]
pub(super) struct Dest {
    pub(super) reg: Reg,
    /// What to push afterwards.
    val: Val,
    push: bool,
}

impl Dest {
    /// The register, of a result that is an integer or a reference.
    #[inline(always)]
    pub(super) fn gpr(self) -> Gpr {
        debug_assert_eq!(self.val.ty().class(), Class::Int);
        self.reg.gpr()
    }

    /// The register, of a result that is a float or a vector.
    #[inline(always)]
    pub(super) fn fpr(self) -> Fpr {
        debug_assert_eq!(self.val.ty().class(), Class::Float);
        self.reg.fpr()
    }
}

impl<'a, M: Masm> Func<'a, M> {
    /// Reads the declarations of locals and places all locals. Parameters are not moved yet.
    pub(super) fn declare_locals(&mut self, sig: &FuncSig, start: Ip) -> Option<Ip> {
        // Pins first: how many are used decides where the slots begin.
        let (mut ip, mut pins) = self.pin_locals(sig, start, None)?;
        if pins.missed
            && let Some(choice) = Choice::by_use::<M>(&self.s.locals, self.code_from(ip), pins.vectors == Some(true))
        {
            (ip, pins) = self.pin_chosen_locals(sig, start, &choice)?;
        }
        let env = self.env;
        let params = env.params(sig);
        let Scratch { locals: places, runs, .. } = &mut *self.s;
        self.frame.param_pins = pins.params;
        self.frame.begin_locals(pins.used);
        let param_pins = self.frame.param_pins;
        if param_pins[Class::Int] + param_pins[Class::Float] < params.len() {
            for val in &mut places[..params.len()] {
                if val.is_local() && val.disp() == 0 {
                    *val = Val::local(val.ty(), self.frame.add_locals(val.ty(), 1));
                }
            }
        }
        for run in runs {
            run.disp = self.frame.add_locals(run.ty, run.end - run.first);
            let mut disp = run.disp;
            for i in run.first..run.end.min(places.len() as u32) {
                places[i as usize] = Val::local(run.ty.with_unset(run.ty.is_non_null()), disp);
                disp -= Layout::local_bytes(run.ty);
            }
        }
        self.frame.end_locals();
        self.s.vec_pins.clear();
        if self.frame.has_vectors() {
            self.place_vector_pins();
        }
        let places = &mut self.s.locals;
        self.locals = places.as_mut_ptr();
        self.locals_len = places.len();
        self.fast_locals = if self.each { 0 } else { places.len().min(self.first_unset as usize) };
        self.slow_ends = self.first_unset != u32::MAX || env.checks.fuel;
        Some(ip)
    }

    /// [`Func::pin_locals`] where there are more locals than pins, and some were chosen.
    #[inline(never)]
    fn pin_chosen_locals(&mut self, sig: &FuncSig, ip: Ip, choice: &Choice) -> Option<(Ip, Pins)> {
        self.pin_locals(sig, ip, Some(choice))
    }

    /// Reads the declarations of locals, pins those of `choice`, or the first ones, and notes which others are to have
    /// slots.
    #[inline(always)]
    fn pin_locals(&mut self, sig: &FuncSig, mut ip: Ip, choice: Option<&Choice>) -> Option<(Ip, Pins)> {
        // Known already where there is a choice.
        let mut pins = Pins { vectors: choice.map(|choice| choice.vectors), ..Pins::default() };
        let code = self.code_from(ip);
        let wanted = |index| choice.is_none_or(|choice| choice.has(index));
        let env = self.env;
        let params = env.params(sig);
        let Scratch { locals: places, runs, vectors, .. } = &mut *self.s;
        places.clear();
        runs.clear();
        // As many as the body could name one after another, and the parameters.
        let ready = (self.end as usize - ip as usize).max(params.len());
        if sig.int_params && params.len() <= M::GPR_PINS.len() && !sig.ref_params && choice.is_none() {
            for (i, (&ty, &reg)) in params.iter().zip(M::GPR_PINS).enumerate() {
                places.push(Val::pin(ty, reg, i as u32));
            }
            pins.used[Class::Int] = params.len();
        } else {
            let mut assign = Assign::<M>::new();
            for (i, &ty) in params.iter().enumerate() {
                if ty == Ty::V128 {
                    self.frame.allow_vectors();
                    *vectors = Vectors { wide: true, met: true };
                    pins.vectors.get_or_insert_with(|| pins::vectors_gain(code));
                }
                places.push(match (pins.next::<M>(ty, wanted(i as u32)), assign.next(ty)) {
                    (Some(reg), _) => Val::pin(ty, reg, i as u32),
                    (None, Place::Stack(slot)) => Val::local(ty, Layout::stack_arg(slot)),
                    (None, _) => Val::local(ty, 0),
                });
            }
        }
        pins.params = pins.used;
        let mut total = params.len() as u64;
        // SAFETY: `ip` is in the body; see `PADDING` for what follows it.
        let (groups, next) = unsafe { read::leb_u32(ip) }?;
        ip = next;
        for _ in 0..groups {
            if ip >= self.end {
                return None;
            }
            // SAFETY: `ip` is in the body.
            let (count, next) = unsafe { read::leb_u32(ip) }?;
            let (ty, next) = value_type(env, next)?;
            ip = next;
            if ty == Ty::V128 {
                self.frame.allow_vectors();
                *vectors = Vectors { wide: true, met: true };
                pins.vectors.get_or_insert_with(|| pins::vectors_gain(code));
            }
            let first = total;
            total += u64::from(count);
            if total > MAX_LOCALS {
                return None;
            }
            if ty.is_non_null() && count != 0 {
                self.first_unset = self.first_unset.min(first as u32);
            }
            let (mut i, end) = (first as u32, total as u32);
            // A pinned local must be a ready-made one.
            while i < end && places.len() == i as usize {
                if let Some(reg) = pins.next::<M>(ty, wanted(i)) {
                    places.push(Val::pin(ty, reg, i));
                } else if choice.is_some_and(|choice| i < choice.last) {
                    match runs.last_mut() {
                        Some(run) if run.end == i && run.first >= first as u32 => run.end += 1,
                        _ => runs.push(Run { first: i, end: i + 1, ty, disp: 0 }),
                    }
                    places.push(Val::local(ty, 0));
                } else {
                    break;
                }
                i += 1;
            }
            if i < end {
                runs.push(Run { first: i, end, ty, disp: 0 });
                let ready_end = (ready as u32).max(i).min(end);
                if places.len() == i as usize {
                    places.resize(ready_end as usize, Val::local(ty, 0));
                }
            }
        }
        Some((ip, pins))
    }

    /// The bytes of the body from `ip` on.
    #[inline(always)]
    fn code_from(&self, ip: Ip) -> &'a [u8] {
        // SAFETY: from `ip` on to `end`, if that is behind it, is the body.
        unsafe { std::slice::from_raw_parts(ip, (self.end as usize).saturating_sub(ip as usize)) }
    }

    /// Gives pinned vectors a frame slot each, where they are while a call is made.
    fn place_vector_pins(&mut self) {
        for pinned in self.s.locals.iter().filter(|local| local.is_pin() && local.ty() == Ty::V128) {
            self.s.vec_pins.push((pinned.fpr(), self.frame.add_vector_slot()));
        }
    }

    /// Stores pinned vectors before a call: who is called preserves the lower halves of their registers. Keeps FLAGS.
    #[inline(always)]
    pub(super) fn save_vector_pins(&mut self) {
        if self.frame.has_vectors() {
            self.move_vector_pins(|m, reg, disp| m.vstore_frame(reg, disp));
        }
    }

    /// Brings pinned vectors back after a call.
    #[inline(always)]
    pub(super) fn restore_vector_pins(&mut self) {
        if self.frame.has_vectors() {
            self.move_vector_pins(|m, reg, disp| m.vload_frame(reg, disp));
        }
    }

    /// Whether there are any to bring back.
    pub(super) fn has_vector_pins(&self) -> bool {
        self.frame.has_vectors() && !self.s.vec_pins.is_empty()
    }

    #[cold]
    #[inline(never)]
    fn move_vector_pins(&mut self, one: impl Fn(&mut M, Fpr, i32)) {
        for &(reg, disp) in &self.s.vec_pins {
            self.m.room();
            one(&mut self.m, reg, disp);
        }
        self.m.room();
    }

    /// Reads a value type, if it is an allowed one.
    #[inline]
    pub(super) fn value_type(&self, ip: Ip) -> Option<(Ty, Ip)> {
        value_type(self.env, ip)
    }

    /// Moves parameters from where they arrive to where they live and zeroes the other locals.
    pub(super) fn receive_params(&mut self, sig: &FuncSig) {
        let params = self.env.params(sig);
        if sig.int_params && params.len() == self.frame.param_pins[Class::Int] && params.len() <= M::GPR_ARGS.len() {
            for ((&pin, &reg), &ty) in M::GPR_PINS.iter().zip(M::GPR_ARGS).zip(params) {
                self.m.mov_from(ty, pin, Loc::reg(reg));
            }
        } else {
            self.receive_any_params(params);
        }
        for &reg in &M::GPR_PINS[self.frame.param_pins[Class::Int]..self.frame.pins[Class::Int]] {
            self.m.set_imm(reg, 0);
        }
        for &reg in &M::FPR_PINS[self.frame.param_pins[Class::Float]..self.frame.pins[Class::Float]] {
            self.m.fmov_imm(Width::W64, reg, 0);
        }
        if let Some(first) = self.s.runs.first() {
            let (lowest, count) = self.frame.locals_up_to(first.ty, first.disp);
            self.m.zero_slots(lowest, count);
        }
    }

    #[inline(never)]
    fn receive_any_params(&mut self, params: &[Ty]) {
        let mut assign = Assign::<M>::new();
        for (i, &ty) in params.iter().enumerate() {
            self.m.room();
            let local = self.s.locals[i];
            match assign.next(ty) {
                Place::Reg(reg) if local.is_pin() => self.move_reg(ty, local.register(), reg),
                Place::Reg(reg) => self.store_slot(Val::reg(ty, reg), local.disp()),
                Place::Stack(slot) if local.is_pin() => {
                    self.load_into(local.register(), Val::local(ty, Layout::stack_arg(slot)));
                }
                Place::Stack(_) => {}
            }
        }
    }

    /// The value that stands for local `index`.
    #[inline(always)]
    pub(super) fn local(&self, index: u32) -> Option<Val> {
        if (index as usize) < self.locals_len {
            // SAFETY: below the length.
            return Some(unsafe { *self.locals.add(index as usize) });
        }
        self.far_local(index)
    }

    /// Runs of `local.get`, the most frequent operator: pushes as many as there are.
    #[inline(always)]
    pub(super) fn local_gets(&mut self, mut ip: Ip) -> Ip {
        loop {
            // SAFETY: `ip` is in the body, or the byte after it, since the bytes that stand for a `local.get` of a
            // local below 128 do not contain an end of the body; two bytes more are body or padding.
            let (code, index) = unsafe { (*ip, usize::from(*ip.add(1))) };
            // The comparison with a constant keeps the three branches apart.
            if code != op::LOCAL_GET || index >= self.fast_locals.min(128) || ip >= self.end {
                return ip;
            }
            // SAFETY: `index` is below the length.
            self.push(unsafe { *self.locals.add(index) });
            // SAFETY: as above.
            ip = unsafe { ip.add(2) };
        }
    }

    /// The value that stands for local `index`, or one that is not pinned.
    #[inline(always)]
    fn local_or_none(&self, index: u8) -> Val {
        if usize::from(index) < self.locals_len {
            // SAFETY: below the length.
            unsafe { *self.locals.add(usize::from(index)) }
        } else {
            Val::constant(Ty::UNKNOWN, 0)
        }
    }

    #[cold]
    fn far_local(&self, index: u32) -> Option<Val> {
        let i = self.s.runs.partition_point(|run| run.end <= index);
        let run = self.s.runs.get(i).filter(|run| run.first <= index)?;
        let unset = run.ty.is_non_null() && {
            let word = self.s.far_set.get(index as usize / 64).copied().unwrap_or(0);
            word >> (index % 64) & 1 == 0
        };
        Some(Val::local(run.ty.with_unset(unset), run.disp_of(index)))
    }

    pub(super) fn local_get(&mut self, mut ip: Ip) -> Ip {
        let index = imm!(self, leb_u32, ip);
        let local = tri!(self, self.local(index));
        if local.ty().is_unset() {
            return self.fail();
        }
        self.push(local);
        ip
    }

    /// `local.set`, or `local.tee`.
    #[inline(always)]
    pub(super) fn local_set(&mut self, tee: bool, mut ip: Ip) -> Ip {
        let index = imm!(self, leb_u32, ip);
        let local = tri!(self, self.local(index));
        let v = tri!(self, self.pop_any());
        if v.ty() != local.ty() {
            return self.set_other(index, v, tee, ip);
        }
        let v = self.resolve(v);
        self.assign_local(local, v);
        if tee {
            self.push(if v.is_const() { v } else { local });
        }
        ip
    }

    /// `local.set` or `local.tee` where the value is not exactly of the local's type, or the local was not set.
    #[cold]
    #[inline(never)]
    fn set_other(&mut self, index: u32, v: Val, tee: bool, ip: Ip) -> Ip {
        let local = tri!(self, self.local(index));
        let ty = local.ty().with_unset(false);
        if !self.env.fits(v.ty(), ty) {
            return self.fail();
        }
        self.local_is_set(index, local.ty());
        let (local, v) = (local.retype(ty), self.resolve(v));
        self.assign_local(local, v);
        if tee {
            self.push(if v.is_const() { v.retype(ty) } else { local });
        }
        ip
    }

    /// Local `index`, of type `ty`, is set.
    pub(super) fn local_is_set(&mut self, index: u32, ty: Ty) {
        if ty.is_unset() {
            self.s.set.push((index, self.s.ctls.len() as u32));
            self.mark_set(index, true);
        }
    }

    fn mark_set(&mut self, index: u32, set: bool) {
        if (index as usize) < self.locals_len {
            // SAFETY: below the length.
            let local = unsafe { &mut *self.locals.add(index as usize) };
            *local = local.retype(local.ty().with_unset(!set));
            return;
        }
        let word = index as usize / 64;
        if self.s.far_set.len() <= word {
            self.s.far_set.resize(word + 1, 0);
        }
        let bit = 1 << (index % 64);
        self.s.far_set[word] = self.s.far_set[word] & !bit | if set { bit } else { 0 };
    }

    /// What was set in the topmost frame, or in a part of it, is not set after it.
    #[inline(always)]
    pub(super) fn forget_set(&mut self) {
        if self.slow_ends {
            self.forget_set_in_frame();
        }
    }

    #[cold]
    #[inline(never)]
    fn forget_set_in_frame(&mut self) {
        let depth = self.s.ctls.len() as u32;
        while let Some(&(index, at)) = self.s.set.last()
            && at >= depth
        {
            self.s.set.pop();
            self.mark_set(index, false);
        }
    }

    /// Writes a popped value to a local. A register that held it keeps caching the local, if that has a frame slot.
    #[inline(always)]
    fn assign_local(&mut self, local: Val, v: Val) {
        if v == local {
            return;
        }
        self.read_pending(local);
        if local.is_pin() {
            self.load_into(local.register(), v);
            self.release(v);
            return;
        }
        let ty = local.ty();
        self.forget(ty, local.disp());
        self.store_slot(v, local.disp());
        if v.is_reg() {
            self.release(v);
            self.remember(ty, v.register(), local.disp());
        }
    }

    /// Where the result of the current operator goes: if the next one is `local.set` or `local.tee` of a pinned local
    /// of type `ty`, into that local (the returned read pointer is after it); else to the register that the popped
    /// value `reuse` owns; else to a new temporary. Keeps FLAGS.
    ///
    /// The chosen register may be one that another operand is read from, if that is the same local.
    #[inline(always)]
    pub(super) fn dest(&mut self, ip: Ip, ty: Ty, reuse: Val) -> (Dest, Ip) {
        if let Some(dest) = self.dest_local(ip, ty) {
            return dest;
        }
        let reg = if reuse.is_reg() { reuse.register() } else { self.alloc_for(ty) };
        (Dest { reg, val: Val::reg(ty, reg), push: true }, ip)
    }

    /// The pinned local that is set to the result of the operation that follows, whose other operand is the constant at
    /// `ip`; both are of width `w`. Machines whose instructions have two operands need a move less if the first result is
    /// in that register already: nothing reads the local between, and nothing traps.
    #[inline(never)]
    pub(super) fn dest_local_after_next(&mut self, ip: Ip, w: Width) -> Option<Dest> {
        // SAFETY: five bytes after an operator are in the body or its padding.
        let [_, value, code, set, index] = unsafe { ip.cast::<[u8; 5]>().read() };
        let (adds, ands) = match w {
            Width::W32 => (op::I32_ADD..=op::I32_MUL, op::I32_AND..=op::I32_ROTR),
            Width::W64 => (op::I64_ADD..=op::I64_MUL, op::I64_AND..=op::I64_ROTR),
        };
        let sets = matches!(set, op::LOCAL_SET | op::LOCAL_TEE) && (adds.contains(&code) || ands.contains(&code));
        if !sets || value >= 0x80 || index >= 0x80 {
            return None;
        }
        let local = self.local_or_none(index);
        if !local.is_pin() || local.ty() != super::numeric::int_ty(w) {
            return None;
        }
        self.read_pending(local);
        Some(Dest { reg: local.register(), val: local, push: true })
    }

    /// The pinned local that the next operator sets, if it is of type `ty`.
    #[inline(always)]
    fn dest_local(&mut self, ip: Ip, ty: Ty) -> Option<(Dest, Ip)> {
        // SAFETY: two bytes after an operator are in the body or its padding.
        let next = u16::from_le_bytes(unsafe { [*ip, *ip.add(1)] }).wrapping_sub(u16::from(op::LOCAL_SET));
        // The two codes differ by one, and an index of one byte is below 0x80: one comparison for all of it.
        if next & !0x7f01 == 0 {
            let local = self.local_or_none((next >> 8) as u8);
            if local.is_pin() && local.ty() == ty {
                self.read_pending(local);
                let dest = Dest { reg: local.register(), val: local, push: next & 1 != 0 };
                // SAFETY: as above.
                return Some((dest, unsafe { ip.add(2) }));
            }
        }
        None
    }

    /// The same for a result that is an integer or a reference, where no operand can be reused.
    #[inline(always)]
    pub(super) fn dest_int(&mut self, ip: Ip, ty: Ty) -> (Dest, Ip) {
        if let Some(dest) = self.dest_local(ip, ty) {
            return dest;
        }
        let reg = self.alloc(Class::Int);
        (Dest { reg, val: Val::reg(ty, reg), push: true }, ip)
    }

    /// The same where no operand can be reused.
    #[inline(always)]
    pub(super) fn dest_new(&mut self, ip: Ip, ty: Ty) -> (Dest, Ip) {
        self.dest(ip, ty, Val::constant(ty, 0))
    }

    /// Pushes the result, unless it went into a local and nothing more.
    #[inline(always)]
    pub(super) fn finish_dest(&mut self, dest: Dest) {
        if dest.push {
            self.push(dest.val);
        }
    }
}

/// Reads a value type, if it is an allowed one.
#[inline(always)]
fn value_type(env: &ModuleEnv, ip: Ip) -> Option<(Ty, Ip)> {
    // SAFETY: `ip` is in the body or its padding.
    let (byte, next) = unsafe { read::byte(ip) };
    // The number types, most often.
    if byte.wrapping_sub(0x7c) < 4 {
        return Some((Ty(u32::from(0x80 - byte)), next));
    }
    other_type(env, byte, next)
}

/// A vector or reference type that begins with `byte` and continues at `ip`.
#[inline(never)]
fn other_type(env: &ModuleEnv, byte: u8, ip: Ip) -> Option<(Ty, Ip)> {
    match byte {
        0x7b => (!env.disabled.has(Disabled::SIMD)).then_some((Ty::V128, ip)),
        0x63 => heap_type(env, ip),
        0x64 if !env.disabled.has(Disabled::FUNCTION_REFERENCES) => {
            let (ty, next) = heap_type(env, ip)?;
            Some((ty.non_null(), next))
        }
        _ => Some((abstract_type(env, byte)?, ip)),
    }
}

/// The nullable reference to the abstract heap type with code `byte`, if it is an allowed one.
fn abstract_type(env: &ModuleEnv, byte: u8) -> Option<Ty> {
    let ty = Ty::from_byte(byte).filter(|ty| ty.is_ref())?;
    let needs = match ty {
        Ty::FUNCREF | Ty::EXTERNREF => Disabled::REFERENCE_TYPES,
        Ty::EXNREF => Disabled::REFERENCE_TYPES.with(Disabled::EXCEPTIONS),
        Ty::NULLEXNREF => Disabled::GC.with(Disabled::EXCEPTIONS),
        _ => Disabled::GC,
    };
    (!env.disabled.has(needs)).then_some(ty)
}

/// Reads a heap type and gives the nullable reference to it, if it is an allowed one.
pub(super) fn heap_type(env: &ModuleEnv, ip: Ip) -> Option<(Ty, Ip)> {
    // SAFETY: `ip` is in the body or its padding.
    let (byte, next) = unsafe { read::byte(ip) };
    // An abstract one is a negative number of one byte.
    if byte & 0xc0 == 0x40 {
        return Some((abstract_type(env, byte)?, next));
    }
    // SAFETY: as above.
    let (index, next) = unsafe { read::leb_i33(ip) }?;
    let ty = env.defined(u32::try_from(index).ok()?)?;
    (!env.disabled.has(Disabled::FUNCTION_REFERENCES)).then_some((ty, next))
}
