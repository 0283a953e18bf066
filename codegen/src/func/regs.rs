//! Temporaries: allocating and spilling them, settling values in their home slots, bringing values into registers.

use super::Func;
use super::address::ALL_KNOWN;
use super::value::Val;
use crate::masm::{Masm, Width};
use crate::reg::{Fpr, Reg};
use crate::ty::{Class, PerClass, Ty};

/// How many unsettled values are looked at one by one before the lower ones are settled for good, so that no
/// operator looks at more (time stays linear in the body).
const MAX_SCAN: usize = 32;

/// The width of a float type.
#[inline(always)]
pub(super) fn fwidth(ty: Ty) -> Width {
    if ty == Ty::F32 { Width::W32 } else { Width::W64 }
}

/// The temporaries, as masks of registers for each class.
///
/// By mask first and class second: `locked` is emptied before each operator and `cached` is asked for both classes at
/// once, which so take one instruction each.
#[derive(Copy, Clone, Debug)]
pub(super) struct Banks {
    /// Not owned by any value (`OWNED`).
    pub(super) free: PerClass<u32>,
    /// Free, but still holding a framed local (`CACHED`); and what is known of locals (`ADDRESS`).
    pub(super) cached: PerClass<u32>,
    /// Those of them that the running operator reads.
    pub(super) locked: PerClass<u32>,
}

impl Banks {
    /// All temporaries are free.
    pub(super) fn new<M: Masm>() -> Banks {
        Banks { free: PerClass([M::GPR_TEMPS, M::FPR_TEMPS]), cached: PerClass([0; 2]), locked: PerClass([0; 2]) }
    }

    /// Free, and holding nothing.
    #[inline(always)]
    fn plain(&self, class: Class) -> u32 {
        self.free[class] & !self.cached[class]
    }

    /// Free, and not read by the running operator.
    #[inline(always)]
    fn idle(&self, class: Class) -> u32 {
        self.free[class] & !self.locked[class]
    }
}

impl<M: Masm> Func<'_, M> {
    /// Takes a free temporary of a class, spilling one if there is none. Keeps FLAGS.
    #[inline(always)]
    pub(super) fn alloc(&mut self, class: Class) -> Reg {
        let plain = self.regs.plain(class);
        let reg = if plain != 0 { self.pick(plain) } else { self.make_room(class) };
        self.regs.free[class] &= !reg.bit();
        reg
    }

    /// One of the registers in `set`, which is not empty.
    #[inline(always)]
    fn pick(&self, set: u32) -> Reg {
        #[cfg(debug_assertions)]
        if self.env.checks.shuffle_registers {
            return self.pick_any(set);
        }
        Reg::lowest(set)
    }

    /// One that depends on where it is asked for.
    #[cfg(debug_assertions)]
    fn pick_any(&self, mut set: u32) -> Reg {
        let seed = u64::from(self.m.pos()) << 32 | u64::from(self.here());
        let hash = (seed ^ seed >> 29).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        for _ in 0..hash % u64::from(set.count_ones()) {
            set &= set - 1;
        }
        Reg::lowest(set)
    }

    /// A register that is free, at the cost of what is cached or, if need be, of spilling a value.
    #[inline(never)]
    fn make_room(&mut self, class: Class) -> Reg {
        let idle = self.regs.idle(class);
        if idle != 0 {
            let reg = self.pick(idle);
            self.regs.cached[class] &= !reg.bit();
            return reg;
        }
        self.spill_one(class)
    }

    /// All temporaries are free and none caches a local: after calls. What is known of locals without a register
    /// (`ADDRESS`) stays known.
    #[inline(always)]
    pub(super) fn free_at_call(&mut self) {
        let known = if M::ADDRESS_REGS.is_empty() { self.regs.cached[Class::Int] & ALL_KNOWN } else { 0 };
        self.free_all();
        self.regs.cached[Class::Int] = known;
    }

    /// All temporaries are free and nothing is cached: at labels.
    #[inline(always)]
    pub(super) fn free_all(&mut self) {
        self.regs.free = PerClass([M::GPR_TEMPS, M::FPR_TEMPS]);
        self.regs.cached = PerClass([0; 2]);
    }

    /// An operand that reads a framed local as one that reads the register that still holds it, if there is one.
    #[inline(always)]
    pub(super) fn resolve(&mut self, v: Val) -> Val {
        if v.is_local() && self.regs.cached.0 != [0; 2] { self.resolve_local(v) } else { v }
    }

    fn resolve_local(&mut self, v: Val) -> Val {
        let class = v.ty().class();
        let mut cached = self.regs.cached[class] & M::temps(class);
        while cached != 0 {
            let reg = Reg::lowest(cached);
            if self.s.cache[class as usize][reg.index()] == v.disp() {
                self.regs.locked[class] |= reg.bit();
                return Val::cached(v.ty(), reg);
            }
            cached &= cached - 1;
        }
        v
    }

    /// Remembers that the free register `reg` holds the local at `disp` (`CACHED`).
    #[inline(always)]
    pub(super) fn remember(&mut self, ty: Ty, reg: Reg, disp: i32) {
        let class = ty.class();
        self.regs.cached[class] |= reg.bit();
        self.s.cache[class as usize][reg.index()] = disp;
    }

    /// Forgets the registers that cache the local at `disp`, which is about to change.
    #[inline(always)]
    pub(super) fn forget(&mut self, ty: Ty, disp: i32) {
        if self.regs.cached.0 == [0; 2] {
            return;
        }
        let class = ty.class();
        let mut cached = self.regs.cached[class] & M::temps(class);
        while cached != 0 {
            let reg = Reg::lowest(cached);
            if self.s.cache[class as usize][reg.index()] == disp {
                self.regs.cached[class] &= !reg.bit();
            }
            cached &= cached - 1;
        }
    }

    /// Takes a free temporary of the class of `ty`.
    #[inline(always)]
    pub(super) fn alloc_for(&mut self, ty: Ty) -> Reg {
        if ty.class() == Class::Float { self.alloc(Class::Float) } else { self.alloc(Class::Int) }
    }

    /// Takes a free temporary to cache a local of type `ty`: on machines where all are alike, one that no argument will
    /// need soon.
    #[inline(always)]
    fn alloc_cache(&mut self, ty: Ty) -> Reg {
        let class = ty.class();
        let plain = self.regs.plain(class);
        if !M::THREE_ADDRESS || plain == 0 || cfg!(debug_assertions) && self.env.checks.shuffle_registers {
            return self.alloc_for(ty);
        }
        let reg = Reg::highest(plain);
        self.regs.free[class] &= !reg.bit();
        reg
    }

    /// Frees the register of a popped value, if it owns one.
    #[inline(always)]
    pub(super) fn release(&mut self, v: Val) {
        if v.is_reg() {
            self.release_reg(v.ty(), v.register());
        }
    }

    /// Frees a register of the class of `ty`.
    #[inline(always)]
    pub(super) fn release_reg(&mut self, ty: Ty, reg: Reg) {
        self.regs.free[ty.class()] |= reg.bit();
    }

    /// Frees the register of a popped value, unless it is `kept`, which stays in use.
    #[inline(always)]
    pub(super) fn release_unless(&mut self, v: Val, kept: Reg) {
        if v.is_reg() && v.register() != kept {
            self.release_reg(v.ty(), v.register());
        }
    }

    /// [`Func::release_unless`] for integers and references.
    #[inline(always)]
    pub(super) fn release_int_unless(&mut self, v: Val, kept: Reg) {
        debug_assert_eq!(v.ty().class(), Class::Int);
        self.regs.free[Class::Int] |= v.owned() & !kept.bit();
    }

    /// Settles values from the floor up until a register of the class is free, and returns it.
    #[cold]
    fn spill_one(&mut self, class: Class) -> Reg {
        while self.floor < self.sp {
            crate::work::scan();
            let p = self.floor;
            self.settle_at(p);
            if self.tracks_refs {
                self.note_settled(p);
            }
            // SAFETY: `floor` < `sp`.
            self.floor = unsafe { p.add(1) };
            let plain = self.regs.plain(class);
            if plain != 0 {
                return self.pick(plain);
            }
        }
        unreachable!("OWNED: an operator holds every temporary");
    }

    /// Puts the value at `p` in its home slot, unless it is a constant. Keeps FLAGS. The scratch register is used.
    #[inline(always)]
    pub(super) fn settle_at(&mut self, p: *mut Val) {
        // SAFETY: `p` is below `sp`.
        let v = unsafe { *p };
        if !v.is_settled() {
            self.store_home(p, v);
        }
    }

    /// The same for constants too.
    pub(super) fn force_home(&mut self, p: *mut Val) {
        // SAFETY: `p` is below `sp`.
        let v = unsafe { *p };
        if !v.is_slot() {
            self.store_home(p, v);
        }
    }

    fn store_home(&mut self, p: *mut Val, v: Val) {
        self.m.room();
        let depth = self.depth(p);
        let disp = self.frame.slot(depth);
        self.frame.use_slots(depth + 1);
        self.store_slot(v, disp);
        self.release(v);
        // SAFETY: `p` is below `sp`.
        unsafe { *p = Val::slot(v.ty(), disp) };
    }

    /// Stores a value to the frame slot at `disp`, through the scratch register where need be. Keeps FLAGS.
    pub(super) fn store_slot(&mut self, v: Val, disp: i32) {
        self.frame.debug_assert_fixed_frame(disp);
        let flags = self.flags_stand();
        if v.ty() == Ty::V128 {
            self.store_vector(v, disp);
        } else if v.in_reg() {
            if v.ty().class() == Class::Float {
                self.m.fstore_frame(v.fpr(), disp);
            } else {
                self.m.store_frame(v.gpr(), disp);
            }
        } else if v.is_const() {
            if v.ty() == Ty::F64 && v.bits() != 0 {
                self.m.mov_imm(M::SCRATCH, v.float_const() as i64);
                self.m.store_frame(M::SCRATCH, disp);
            } else {
                self.m.store_frame_imm(v.bits(), disp);
            }
        } else if v.disp() != disp {
            self.m.load_frame(Ty::I64, M::SCRATCH, v.disp());
            self.m.store_frame(M::SCRATCH, disp);
        }
        self.keep_flags(flags);
    }

    /// Settles everything below `to`. Keeps FLAGS.
    #[inline(always)]
    pub(super) fn settle(&mut self, to: *mut Val) {
        while self.floor < to {
            crate::work::scan();
            self.settle_at(self.floor);
            if self.tracks_refs {
                self.note_settled(self.floor);
            }
            // SAFETY: `to` is at most `sp`.
            self.floor = unsafe { self.floor.add(1) };
        }
    }

    /// Keeps the number of values that scans look at bounded.
    #[inline(always)]
    fn bound_scan(&mut self, to: *mut Val) {
        if to as usize > self.floor as usize + 8 * MAX_SCAN {
            // SAFETY: `to` is more than MAX_SCAN values above `floor`.
            self.settle(unsafe { to.sub(MAX_SCAN / 2) });
        }
    }

    /// Stores all temporaries below `to` in their home slots; reads of locals stay pending. Keeps FLAGS.
    #[inline(always)]
    pub(super) fn spill_temps(&mut self, to: *mut Val) {
        self.bound_scan(to);
        let mut p = self.floor;
        while p < to {
            crate::work::scan();
            // SAFETY: `p` is below `sp`.
            let v = unsafe { *p };
            if v.is_reg() {
                self.store_home(p, v);
            }
            // SAFETY: as above.
            p = unsafe { p.add(1) };
        }
    }

    /// Reads what still has to read the local `l`, before it is written; what is known of it ends (`ADDRESS`). Keeps
    /// FLAGS.
    #[inline(always)]
    pub(super) fn read_pending(&mut self, l: Val) {
        self.forget_known(l);
        self.bound_scan(self.sp);
        let mut p = self.floor;
        while p < self.sp {
            crate::work::scan();
            // SAFETY: `p` is below `sp`.
            if unsafe { *p } == l {
                self.read_now(p, l);
            }
            // SAFETY: as above.
            p = unsafe { p.add(1) };
        }
    }

    #[cold]
    fn read_now(&mut self, p: *mut Val, l: Val) {
        let reg = self.alloc_for(l.ty());
        // A spill may have settled the value at `p` itself.
        // SAFETY: `p` is below `sp`.
        if unsafe { *p } != l {
            self.release_reg(l.ty(), reg);
            return;
        }
        let l = self.resolve(l);
        self.load_into(reg, l);
        // SAFETY: as above.
        unsafe { *p = Val::reg(l.ty(), reg) };
    }

    /// Copies the value to register `dst` of its class. Keeps FLAGS.
    #[inline(always)]
    pub(super) fn load_into(&mut self, dst: Reg, v: Val) {
        let flags = self.flags_stand();
        let ty = v.ty();
        if ty.class() == Class::Float {
            if ty == Ty::V128 {
                self.load_vector(dst.fpr(), v);
            } else if v.in_reg() {
                self.m.fmov(dst.fpr(), v.fpr());
            } else if v.is_const() {
                self.m.fmov_imm(fwidth(ty), dst.fpr(), v.float_const());
            } else {
                self.m.fload_frame(fwidth(ty), dst.fpr(), v.disp());
            }
        } else if v.in_reg() {
            if ty == Ty::I32 && v.register() != dst {
                self.m.mov32(dst.gpr(), v.gpr());
            } else {
                self.m.mov(dst.gpr(), v.gpr());
            }
        } else if v.is_const() {
            self.m.mov_imm(dst.gpr(), v.int_const());
        } else {
            self.m.load_frame(ty, dst.gpr(), v.disp());
        }
        self.keep_flags(flags);
    }

    #[inline(never)]
    fn store_vector(&mut self, v: Val, disp: i32) {
        if v.in_reg() {
            self.m.vstore_frame(v.fpr(), disp);
        } else if v.is_const() || v.disp() != disp {
            self.load_vector(M::FPR_SCRATCH, v);
            self.m.vstore_frame(M::FPR_SCRATCH, disp);
        }
    }

    #[inline(never)]
    fn load_vector(&mut self, dst: Fpr, v: Val) {
        if v.in_reg() {
            self.m.vmov(dst, v.fpr());
        } else if v.is_const() {
            self.m.vconst(dst, v.bits() as u32);
        } else {
            self.m.vload_frame(dst, v.disp());
        }
    }

    /// A popped value as one in a register to read from: a temporary of its own, or a pinned local.
    #[inline(always)]
    pub(super) fn in_reg(&mut self, v: Val) -> Val {
        if v.in_reg() {
            v
        } else if v.is_local() {
            self.load_local(v)
        } else {
            self.load_temp(v)
        }
    }

    /// Loads a framed local to a register that keeps caching it.
    fn load_local(&mut self, v: Val) -> Val {
        debug_assert!(v.is_local());
        let ty = v.ty();
        let class = ty.class();
        let reg = self.alloc_cache(ty);
        let flags = self.flags_stand();
        if class == Class::Int {
            self.m.load_frame(ty, reg.gpr(), v.disp());
        } else if ty == Ty::V128 {
            self.m.vload_frame(reg.fpr(), v.disp());
        } else {
            self.m.fload_frame(fwidth(ty), reg.fpr(), v.disp());
        }
        self.keep_flags(flags);
        self.release_reg(ty, reg);
        self.remember(ty, reg, v.disp());
        self.regs.locked[class] |= reg.bit();
        Val::cached(ty, reg)
    }

    /// A popped value as one in a temporary of its own, to write to.
    #[inline(always)]
    pub(super) fn in_temp(&mut self, v: Val) -> Val {
        if v.is_reg() { v } else { self.load_temp(v) }
    }

    fn load_temp(&mut self, v: Val) -> Val {
        let reg = self.alloc_for(v.ty());
        self.load_into(reg, v);
        Val::reg(v.ty(), reg)
    }

    /// A popped value as one that is not a constant.
    #[inline(always)]
    pub(super) fn not_const(&mut self, v: Val) -> Val {
        if v.is_const() { self.load_temp(v) } else { self.operand(v) }
    }

    /// A popped value that is not a constant where instructions may read it: in a register, or where it is.
    #[inline(always)]
    pub(super) fn operand(&mut self, v: Val) -> Val {
        if M::FRAME_OPERANDS { v } else { self.in_reg(v) }
    }

    /// A popped value as the first operand of an operation without an immediate form: in a register that the result may
    /// overwrite, or, on machines that have no need of that, in some register.
    #[inline(always)]
    pub(super) fn in_place(&mut self, v: Val) -> Val {
        if M::THREE_ADDRESS { self.in_reg(v) } else { self.in_temp(v) }
    }

    /// Takes the temporary `reg`, moving whatever value on the stack owns it to another. Keeps FLAGS.
    pub(super) fn take(&mut self, class: Class, reg: Reg) {
        self.regs.cached[class] &= !reg.bit();
        let free = &mut self.regs.free[class];
        if *free & reg.bit() != 0 {
            *free &= !reg.bit();
            return;
        }
        let mut p = self.sp;
        while p > self.floor {
            crate::work::scan();
            // SAFETY: between `floor` and `sp`.
            p = unsafe { p.sub(1) };
            // SAFETY: as above.
            let v = unsafe { *p };
            if v.is_reg() && v.register() == reg && v.ty().class() == class {
                let others = self.regs.idle(class);
                if others == 0 {
                    self.store_home(p, v);
                    self.take(class, reg);
                } else {
                    let other = self.alloc_for(v.ty());
                    self.load_into(other, v);
                    // SAFETY: as above.
                    unsafe { *p = Val::reg(v.ty(), other) };
                }
                return;
            }
        }
        unreachable!("OWNED: no value owns the register that is taken");
    }

    /// Moves a popped value to the temporary `reg`, which it will own. No other popped value may own `reg`. Keeps
    /// FLAGS.
    pub(super) fn move_to(&mut self, v: Val, reg: Reg) -> Val {
        if v.is_reg() && v.register() == reg {
            return v;
        }
        self.take(v.ty().class(), reg);
        self.load_into(reg, v);
        self.release(v);
        Val::reg(v.ty(), reg)
    }

    /// Moves a popped value out of the temporaries of `mask`, if it is in one of them. Keeps FLAGS.
    pub(super) fn move_out_of(&mut self, v: Val, mask: u32) -> Val {
        if !v.in_reg() || mask & v.register().bit() == 0 {
            return v;
        }
        let hidden = self.regs.free[Class::Int] & mask;
        self.regs.free[Class::Int] &= !mask;
        let reg = self.alloc(Class::Int);
        self.load_into(reg, v);
        self.regs.free[Class::Int] |= hidden;
        self.release(v);
        Val::reg(v.ty(), reg)
    }
}
