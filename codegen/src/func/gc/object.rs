//! Structs, arrays and `i31`.
//!
//! A reference to an object is its distance from the base of the store's heap ([`crate::vmctx::gc`]), which is at hand in
//! the context. The heap's first bytes are never there: a field of null is a fault, and no test is emitted.
//!
//! A new struct is made where the last one ends, unless the space is used up, which a stub handles; its operands are in
//! their home slots then, where the collector finds those that are references.

use super::super::Func;
use super::super::read::Ip;
use super::super::value::Val;
use super::{Decoded, Many};
use crate::env::{Field, Storage};
use crate::masm::{Addr, Alu, Cond, Load, Loc, Masm, Shift, Store, StubKind, Width};
use crate::op::fb;
use crate::reg::{Gpr, Reg};
use crate::trap::TrapCode;
use crate::ty::{Class, Ty};
use crate::vmctx::{self, Builtin, gc, store};

use Width::{W32, W64};

/// Structs that are not larger than this are filled with zeros in place.
const ZEROED_IN_PLACE: u32 = 64;

/// A call of the runtime out of line, which makes an object. `refs`: the references that the frame holds
/// ([`super::sites`]).
#[derive(Copy, Clone, Debug)]
pub(in super::super) enum Allocation {
    /// Of [`Builtin::GcAllocate`].
    Bytes { ty: u32, size: u32, refs: u32 },
    /// Of [`Builtin::ArrayNewDefault`], with the length in a slot; code goes on at `done`.
    Array { operand: u32, slot: i32, refs: u32, done: u32 },
}

impl Storage {
    /// What loads it; packed ones as `signed` says.
    fn load(self, signed: bool) -> Load {
        match self {
            Storage::I8 if signed => Load::S8To32,
            Storage::I16 if signed => Load::S16To32,
            Storage::I8 => Load::U8,
            Storage::I16 => Load::U16,
            Storage::Ref(_) => Load::U32,
            Storage::Val(ty) => ty.load(),
        }
    }

    /// What stores it.
    pub(super) fn store(self) -> Store {
        match self {
            Storage::I8 => Store::B8,
            Storage::I16 => Store::B16,
            Storage::Ref(_) => Store::B32,
            Storage::Val(ty) => ty.store(),
        }
    }
}

/// An integer or reference in a register.
fn at(reg: Gpr) -> Loc {
    Loc::reg(reg)
}

impl<M: Masm> Func<'_, M> {
    /// An operator whose operands were checked.
    pub(super) fn gc_operator(&mut self, code: u32, op: Decoded, ip: Ip) -> Ip {
        let Decoded { a, b, result, .. } = op;
        match code {
            fb::STRUCT_NEW => {
                let Many::Fields(_, n) = op.many else { return self.fail() };
                self.struct_new(a, n as usize)
            }
            fb::STRUCT_NEW_DEFAULT => self.struct_new_default(a, result),
            fb::STRUCT_GET_S | fb::STRUCT_GET_U => {
                let object = self.pop_checked();
                return self.struct_get(object, self.env.fields[a as usize], code == fb::STRUCT_GET_S, ip);
            }
            fb::ARRAY_GET | fb::ARRAY_GET_S | fb::ARRAY_GET_U => {
                return self.array_get(self.element(a), code == fb::ARRAY_GET_S, ip);
            }
            fb::ARRAY_SET => self.array_set(self.element(a)),
            fb::ARRAY_LEN => return self.array_len(ip),
            fb::ARRAY_NEW => self.array_new(a, result),
            fb::ARRAY_NEW_DEFAULT => self.array_of_zeros(a, 1, result),
            fb::ARRAY_NEW_FIXED => self.array_new_fixed(a, b, result),
            fb::ARRAY_NEW_DATA => self.call_gc(Builtin::ArrayNewData, self.array_operand(a), b, 2, result),
            fb::ARRAY_NEW_ELEM => self.call_gc(Builtin::ArrayNewElem, self.array_operand(a), b, 2, result),
            fb::ARRAY_FILL => self.call_gc(Builtin::ArrayFill, self.array_operand(a), 0, 4, None),
            fb::ARRAY_COPY => self.call_gc(Builtin::ArrayCopy, self.array_operand(a), b, 5, None),
            fb::ARRAY_INIT_DATA => self.call_gc(Builtin::ArrayInitData, self.array_operand(a), b, 4, None),
            fb::ARRAY_INIT_ELEM => self.call_gc(Builtin::ArrayInitElem, self.array_operand(a), b, 4, None),
            fb::ANY_CONVERT_EXTERN => self.call_builtin(Builtin::AnyConvertExtern, &[0u32; 0], 1, result),
            fb::EXTERN_CONVERT_ANY => self.call_builtin(Builtin::ExternConvertAny, &[0u32; 0], 1, result),
            fb::REF_I31 => self.ref_i31(),
            fb::I31_GET_S => self.i31_get(Shift::ShrS),
            fb::I31_GET_U => self.i31_get(Shift::ShrU),
            _ => return self.cast(code, op, ip),
        }
        ip
    }

    /// What the elements of array type `index` are.
    pub(super) fn element(&self, index: u32) -> Field {
        self.env.fields[self.env.defs[index as usize].fields.start as usize]
    }

    /// Pops what was checked to be there.
    fn pop_checked(&mut self) -> Val {
        let v = self.pop_any().expect("checked: the operand is on the stack");
        self.resolve(v)
    }

    /// Of a popped reference.
    #[inline(always)]
    pub(super) fn struct_get(&mut self, object: Val, field: Field, signed: bool, ip: Ip) -> Ip {
        let object = self.in_reg(object);
        let ty = field.storage.unpacked();
        self.expect_vectors(ty);
        let (dest, ip) = match ty.class() {
            Class::Float => self.dest_new(ip, ty),
            Class::Int => self.dest(ip, ty, object),
        };
        let heap = self.heap_base();
        let addr = Addr { base: heap, index: Some(object.gpr()), disp: field.offset as i32 };
        let addr = self.m.prepare(addr, 1 << field.storage.log2());
        self.site();
        self.m.load(field.storage.load(signed), dest.reg, addr);
        self.release_unless_same_class(object, ty, dest.reg);
        self.finish_dest(dest);
        ip
    }

    /// Frees the register of a popped reference, unless a result of type `ty` took it over.
    fn release_unless_same_class(&mut self, object: Val, ty: Ty, reg: Reg) {
        match ty.class() {
            Class::Float => self.release(object),
            Class::Int => self.release_unless(object, reg),
        }
    }

    /// Of a popped reference and value.
    #[inline(always)]
    pub(super) fn struct_set(&mut self, object: Val, v: Val, field: Field) {
        let object = self.in_reg(object);
        let v = if Self::is_stored_imm(v) { v } else { self.in_reg(v) };
        let is_noted = Self::is_noted(field.storage, v);
        self.m.room();
        let heap = self.heap_base();
        let addr = Addr { base: heap, index: Some(object.gpr()), disp: field.offset as i32 };
        let addr = self.m.prepare(addr, 1 << field.storage.log2());
        self.site();
        self.store_at(field.storage, v, addr);
        if is_noted {
            self.note_store(heap, object.gpr());
        }
        self.release(object);
    }

    /// Stores a popped value, a constant or in a register, to a place that was prepared.
    fn store_at(&mut self, storage: Storage, v: Val, addr: Addr) {
        if v.is_const() {
            self.m.store_imm(storage.store(), v.bits(), addr);
        } else {
            self.m.store(storage.store(), v.register(), addr);
            self.release(v);
        }
    }

    /// Whether storing a value is to be noted for the collector: it may refer to an object, or a value of the host.
    fn is_noted(storage: Storage, v: Val) -> bool {
        matches!(storage, Storage::Ref(_)) && !v.is_const() && v.ty().non_null() != Ty::I31REF.non_null()
    }

    /// Notes that a reference was stored at distance `at` from the `heap`'s base ([`gc::CARDS`]). What it was stored to
    /// is an object, or that would have been a fault, so there is such a card.
    fn note_store(&mut self, heap: Gpr, at: Gpr) {
        self.m.room();
        self.m.shift_imm(Shift::ShrU, W32, M::SCRATCH, Loc::reg(at), gc::CARD_SHIFT);
        let addr = self.m.prepare(Addr { base: heap, index: Some(M::SCRATCH), disp: -gc::CARDS }, 1);
        self.m.store_imm(Store::B8, 0, addr);
    }

    /// The address of an element: `SCRATCH2` = the array, `SCRATCH` = the distance of the element. Traps if the index is
    /// out of bounds.
    fn element_address(&mut self, storage: Storage, array: Gpr, index: Gpr) -> Addr {
        self.m.room();
        let zero = self.env.checks.mask_indices.then(|| self.alloc(Class::Int).gpr());
        let heap = self.heap_base();
        self.m.alu(Alu::Add, W64, M::SCRATCH2, at(heap), at(array));
        self.site();
        self.m.cmp_memory(W32, index, Addr { base: M::SCRATCH2, index: None, disp: gc::LEN });
        self.m.trap_if(Cond::GeU, TrapCode::ArrayOutOfBounds);
        self.trap_site();
        let mut scaled = index;
        if let Some(zero) = zero {
            // None of these changes the flags.
            self.m.mov_imm(zero, 0);
            self.m.mov(M::SCRATCH, index);
            self.m.select(Cond::LtU, W64, M::SCRATCH, M::SCRATCH, at(zero));
            self.release_reg(Ty::I64, zero.into());
            scaled = M::SCRATCH;
        }
        if storage.log2() != 0 {
            self.m.shift_imm(Shift::Shl, W64, M::SCRATCH, at(scaled), storage.log2() as u8);
            scaled = M::SCRATCH;
        }
        self.m.room();
        Addr { base: M::SCRATCH2, index: Some(scaled), disp: gc::FIELDS as i32 }
    }

    fn array_get(&mut self, field: Field, signed: bool, ip: Ip) -> Ip {
        let index = self.pop_checked();
        let array = self.pop_checked();
        let index = self.in_reg(index);
        let array = self.in_reg(array);
        let ty = field.storage.unpacked();
        self.expect_vectors(ty);
        // Not one of the operands: both are read until the end.
        let (dest, ip) = self.dest_new(ip, ty);
        let addr = self.element_address(field.storage, array.gpr(), index.gpr());
        let addr = self.m.prepare(addr, 1 << field.storage.log2());
        self.m.load(field.storage.load(signed), dest.reg, addr);
        self.release(index);
        self.release(array);
        self.finish_dest(dest);
        ip
    }

    fn array_set(&mut self, field: Field) {
        let v = self.pop_checked();
        let index = self.pop_checked();
        let array = self.pop_checked();
        let index = self.in_reg(index);
        let array = self.in_reg(array);
        let storage = field.storage;
        let size = 1 << storage.log2();
        let v = if Self::is_stored_imm(v) { v } else { self.in_reg(v) };
        let is_noted = Self::is_noted(storage, v);
        let addr = self.element_address(storage, array.gpr(), index.gpr());
        let addr = self.m.prepare(addr, size);
        self.store_at(storage, v, addr);
        if is_noted {
            self.m.room();
            self.m.shift_imm(Shift::Shl, W32, M::SCRATCH, index.loc(), storage.log2() as u8);
            self.m.alu(Alu::Add, W32, M::SCRATCH, at(M::SCRATCH), array.loc());
            let heap = self.heap_base();
            self.note_store(heap, M::SCRATCH);
        }
        self.release(index);
        self.release(array);
    }

    fn array_len(&mut self, ip: Ip) -> Ip {
        let array = self.pop_checked();
        let array = self.in_reg(array);
        if !self.env.owns_objects && !array.ty().is_non_null() {
            // There may be no heap whose null could be read.
            self.m.room();
            self.m.cmp_imm(W64, array.loc(), 0);
            self.m.trap_if(Cond::Eq, TrapCode::NullReference);
            self.trap_site();
        }
        let (dest, ip) = self.dest(ip, Ty::I32, array);
        let heap = self.heap_base();
        let addr = Addr { base: heap, index: Some(array.gpr()), disp: gc::LEN };
        let addr = self.m.prepare(addr, 4);
        self.site();
        self.m.load(Load::I32, dest.reg, addr);
        self.release_unless(array, dest.reg);
        self.finish_dest(dest);
        ip
    }

    fn ref_i31(&mut self) {
        let v = self.pop_checked();
        let v = self.in_temp(v);
        self.m.shift_imm(Shift::Shl, W32, v.gpr(), v.loc(), 1);
        self.m.alu_imm(Alu::Or, W32, v.gpr(), v.loc(), gc::I31 as i32);
        self.push(v.retype(Ty::I31REF.non_null()));
    }

    fn i31_get(&mut self, shift: Shift) {
        let v = self.pop_checked();
        let v = self.in_temp(v);
        if !v.ty().is_non_null() {
            self.m.cmp_imm(W64, v.loc(), 0);
            self.m.trap_if(Cond::Eq, TrapCode::NullReference);
            self.trap_site();
        }
        self.m.shift_imm(shift, W32, v.gpr(), v.loc(), 1);
        self.push(v.retype(Ty::I32));
    }

    /// Calls a builtin with the address of the `n` topmost values, all in their home slots.
    pub(super) fn call_gc(&mut self, builtin: Builtin, a: u32, b: u32, n: usize, result: Option<Ty>) {
        // SAFETY: the operands were checked to be on the stack.
        let first = unsafe { self.sp.sub(n) };
        self.spill_temps(first);
        self.force_top(n);
        self.m.room();
        let slot = self.frame.slot(self.depth(first));
        self.pass_slots(a, b, slot);
        self.call_collecting(builtin);
        self.sp = first;
        self.floor = self.floor.min(first);
        self.free_all();
        if let Some(ty) = result {
            let reg = M::GPR_ARGS[0];
            self.regs.free[Class::Int] &= !reg.bit();
            self.push(Val::reg(ty, reg));
        }
    }

    /// Passes `a`, `b` and where operands are: from `slot` on.
    fn pass_slots(&mut self, a: u32, b: u32, slot: i32) {
        self.m.set_imm(M::BUILTIN_ARGS[0], a.into());
        self.m.set_imm(M::BUILTIN_ARGS[1], b.into());
        self.m.frame_address(M::BUILTIN_ARGS[2], slot);
        self.m.set_imm(M::BUILTIN_ARGS[3], self.frame.slot_distance().into());
    }

    /// Calls a builtin that may collect; the operands are still on the stack.
    fn call_collecting(&mut self, builtin: Builtin) {
        #[cfg(debug_assertions)]
        self.debug_assert_refs_stored_at_calls();
        self.save_vector_pins();
        self.m.call_builtin(builtin as u32);
        self.called();
        self.ref_site();
        self.restore_vector_pins();
    }

    /// [`M::GPR_ARGS`]`[0]` = a new object of `size` bytes, `SCRATCH2` = its address; its header is written. All
    /// temporaries are spilled.
    pub(super) fn allocate(&mut self, ty: u32, size: u32) -> Gpr {
        #[cfg(debug_assertions)]
        self.debug_assert_refs_stored_at_calls();
        let (object, end) = (M::GPR_ARGS[0], M::GPR_ARGS[1]);
        let word = |base, disp| Addr { base, index: None, disp };
        self.m.room();
        let context = self.m.global(vmctx::STORE, false);
        self.m.load(Load::I64, M::SCRATCH2.into(), context);
        self.m.load(Load::I64, object.into(), word(M::SCRATCH2, store::GC_NEXT));
        self.m.alu_imm(Alu::Add, W64, end, at(object), size as i32);
        self.m.cmp_memory(W64, end, word(M::SCRATCH2, store::GC_LIMIT));
        let refs = self.refs_here();
        let number = self.s.allocations.len() as u32;
        self.s.allocations.push(Allocation::Bytes { ty, size, refs });
        self.m.stub_if(Cond::GtU, StubKind::Allocate(number));
        self.m.store(Store::B64, end.into(), word(M::SCRATCH2, store::GC_NEXT));
        self.m.room();
        let heap = self.heap_base();
        self.m.alu(Alu::Add, W64, M::SCRATCH2, at(heap), at(object));
        self.load_type(ty);
        self.m.store(Store::B64, M::SCRATCH.into(), word(M::SCRATCH2, gc::TYPE));
        self.m.room();
        object
    }

    /// The stub of an allocation: gives the object and what its end is as [`Func::allocate`] has them, or an array that is
    /// complete.
    pub(in super::super) fn finish_allocation(&mut self, number: u32, site: u32, wasm: u32) {
        let allocation = self.s.allocations[number as usize];
        self.save_vector_pins();
        let (builtin, refs) = match allocation {
            Allocation::Bytes { ty, size, refs } => {
                self.m.set_imm(M::BUILTIN_ARGS[0], ty.into());
                self.m.set_imm(M::BUILTIN_ARGS[1], size.into());
                (Builtin::GcAllocate, refs)
            }
            Allocation::Array { operand, slot, refs, .. } => {
                self.pass_slots(operand, 0, slot);
                (Builtin::ArrayNewDefault, refs)
            }
        };
        self.m.call_builtin(builtin as u32);
        self.records.sites.push(crate::record::Site { code: self.at + self.m.pos() - 1, wasm });
        self.ref_site_of(refs);
        self.restore_vector_pins();
        self.m.room();
        if let Allocation::Array { done, .. } = allocation {
            return self.m.jump_back(done);
        }
        let context = self.m.global(vmctx::STORE, false);
        self.m.load(Load::I64, M::SCRATCH2.into(), context);
        let next = Addr { base: M::SCRATCH2, index: None, disp: store::GC_NEXT };
        self.m.load(Load::I64, M::GPR_ARGS[1].into(), next);
        self.m.jump_back(self.m.after_stub_jump(site));
    }

    fn struct_new(&mut self, ty: u32, n: usize) {
        // What is read from a local is read from there, after a collection too.
        self.spill_temps(self.sp);
        // SAFETY: the operands were checked to be on the stack.
        let first = unsafe { self.sp.sub(n) };
        let env = self.env;
        let def = &env.defs[ty as usize];
        let object = self.allocate(ty, def.size);
        let fields = &env.fields[def.fields.start as usize..def.fields.end as usize];
        for (i, field) in fields.iter().enumerate() {
            self.m.room();
            // SAFETY: the operands are on the stack.
            let v = unsafe { *first.add(i) };
            self.put(v, field.storage, field.offset);
        }
        self.finish_new(ty, object, first);
    }

    /// The operands from `first` on are replaced by the new object.
    pub(super) fn finish_new(&mut self, ty: u32, object: Gpr, first: *mut Val) {
        self.sp = first;
        self.floor = self.floor.min(first);
        self.free_all();
        self.regs.free[Class::Int] &= !object.bit();
        let ty = self.env.defined(ty).expect("a type of the module").non_null();
        self.push(Val::reg(ty, object));
    }

    fn struct_new_default(&mut self, ty: u32, result: Option<Ty>) {
        let size = self.env.defs[ty as usize].size;
        if size > ZEROED_IN_PLACE {
            self.spill_temps(self.sp);
            self.m.room();
            self.m.set_imm(M::BUILTIN_ARGS[0], ty.into());
            self.call_collecting(Builtin::StructNewDefault);
            self.free_all();
            let reg = M::GPR_ARGS[0];
            self.regs.free[Class::Int] &= !reg.bit();
            let ty = result.expect("a new object is a result");
            return self.push(Val::reg(ty, reg));
        }
        self.spill_temps(self.sp);
        let object = self.allocate(ty, size);
        if size > gc::FIELDS {
            self.m.mov_imm(M::SCRATCH, 0);
        }
        for disp in (gc::FIELDS..size).step_by(8) {
            self.m.room();
            self.m.store(Store::B64, M::SCRATCH.into(), Addr { base: M::SCRATCH2, index: None, disp: disp as i32 });
        }
        self.finish_new(ty, object, self.sp);
    }
}
