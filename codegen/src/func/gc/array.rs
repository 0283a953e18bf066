//! New arrays.
//!
//! They are made in place, as structs are, if they are short: of a length that is known, with all their elements; else with
//! zeros, which a loop writes. The runtime makes all others, from operands in their home slots.

use super::super::Func;
use super::super::value::Val;
use super::object::Allocation;
use crate::env::Storage;
use crate::masm::{Addr, Alu, Chain, Cond, Load, Loc, Masm, Shift, Store, StubKind, Width};
use crate::reg::Gpr;
use crate::ty::{Class, Ty};
use crate::vmctx::{self, Builtin, gc, store};

use Width::{W32, W64};

/// Arrays that have no more elements than this get them one by one.
const ONE_BY_ONE: u32 = 16;

/// Arrays whose elements take no more bytes than this are filled with zeros by a loop.
const ZEROED_BY_LOOP: u32 = 256;

/// How many bytes an array takes.
fn size(storage: Storage, len: u32) -> u32 {
    (gc::FIELDS + (len << storage.log2())).next_multiple_of(gc::ALIGN)
}

fn word(base: Gpr, disp: i32) -> Addr {
    Addr { base, index: None, disp }
}

impl<M: Masm> Func<'_, M> {
    /// The first operand of builtins for arrays of type `ty`.
    pub(super) fn array_operand(&self, ty: u32) -> u32 {
        ty | self.element(ty).storage.code() << gc::ELEMENTS
    }

    /// The topmost value, if it is a constant.
    fn const_length(&self) -> Option<u32> {
        // SAFETY: the operands were checked to be on the stack.
        let v = unsafe { *self.sp.sub(1) };
        v.is_const().then(|| v.bits() as u32)
    }

    pub(super) fn array_new_fixed(&mut self, ty: u32, len: u32, result: Option<Ty>) {
        if len > ONE_BY_ONE {
            return self.call_gc(Builtin::ArrayNewFixed, self.array_operand(ty), len, len as usize, result);
        }
        let storage = self.element(ty).storage;
        self.spill_temps(self.sp);
        // SAFETY: the operands were checked to be on the stack.
        let first = unsafe { self.sp.sub(len as usize) };
        let object = self.allocate_array(ty, storage, len);
        for i in 0..len {
            self.m.room();
            // SAFETY: as above.
            let v = unsafe { *first.add(i as usize) };
            self.put(v, storage, gc::FIELDS + (i << storage.log2()));
        }
        self.finish_new(ty, object, first);
    }

    pub(super) fn array_new(&mut self, ty: u32, result: Option<Ty>) {
        let storage = self.element(ty).storage;
        // SAFETY: the operands were checked to be on the stack.
        let v = unsafe { *self.sp.sub(2) };
        let is_zero = v.is_const() && v.ty() != Ty::V128 && v.bits() == 0;
        match self.const_length() {
            _ if is_zero => self.array_of_zeros(ty, 2, result),
            Some(len) if len <= ONE_BY_ONE => {
                self.spill_temps(self.sp);
                let object = self.allocate_array(ty, storage, len);
                for i in 0..len {
                    self.m.room();
                    // SAFETY: as above.
                    let v = unsafe { *self.sp.sub(2) };
                    self.put(v, storage, gc::FIELDS + (i << storage.log2()));
                }
                // SAFETY: as above.
                self.finish_new(ty, object, unsafe { self.sp.sub(2) });
            }
            _ => self.call_gc(Builtin::ArrayNew, self.array_operand(ty), 0, 2, result),
        }
    }

    /// `array.new_default`, or `array.new` of zeros: the topmost of `n` operands is the length.
    pub(super) fn array_of_zeros(&mut self, ty: u32, n: usize, result: Option<Ty>) {
        let storage = self.element(ty).storage;
        let most = ZEROED_BY_LOOP >> storage.log2();
        let len = self.const_length();
        if len.is_some_and(|len| len > most) || self.env.checks.fuel {
            let builtin = if n == 1 { Builtin::ArrayNewDefault } else { Builtin::ArrayNew };
            return self.call_gc(builtin, self.array_operand(ty), 0, n, result);
        }
        // SAFETY: the operands were checked to be on the stack.
        let first = unsafe { self.sp.sub(n) };
        let object = match len {
            Some(len) if len <= ONE_BY_ONE => {
                self.spill_temps(self.sp);
                let object = self.allocate_array(ty, storage, len);
                self.m.mov_imm(M::SCRATCH, 0);
                for disp in (gc::FIELDS..size(storage, len)).step_by(8) {
                    self.m.room();
                    self.m.store(Store::B64, M::SCRATCH.into(), word(M::SCRATCH2, disp as i32));
                }
                object
            }
            _ => self.allocate_zeros(ty, storage, most),
        };
        self.finish_new(ty, object, first);
    }

    /// [`Func::allocate`] of an array: the number of its elements is written, too.
    fn allocate_array(&mut self, ty: u32, storage: Storage, len: u32) -> Gpr {
        let object = self.allocate(ty, size(storage, len));
        if M::stores_imm(len as i32) {
            self.m.store_imm(Store::B32, len as i32, word(M::SCRATCH2, gc::LEN));
        } else {
            self.m.mov_imm(M::SCRATCH, len.into());
            self.m.store(Store::B32, M::SCRATCH.into(), word(M::SCRATCH2, gc::LEN));
        }
        object
    }

    /// [`M::GPR_ARGS`]`[0]` = a new array of zeros, whose length, at most `most`, is the topmost operand. All temporaries
    /// are spilled.
    fn allocate_zeros(&mut self, ty: u32, storage: Storage, most: u32) -> Gpr {
        let (object, end, len) = (M::GPR_ARGS[0], M::GPR_ARGS[1], M::GPR_ARGS[2]);
        let log2 = storage.log2() as u8;
        // SAFETY: the length was checked to be on the stack.
        let length = unsafe { self.sp.sub(1) };
        self.spill_temps(length);
        // No other value is in a register. What is there may be cached, which is forgotten in the end.
        // SAFETY: as above.
        self.load_into(len.into(), unsafe { *length });
        self.force_top(1);
        self.m.room();
        self.m.cmp_imm(W32, Loc::reg(len), most as i32);
        let mut too_long = Chain(0);
        self.m.jump_if(Cond::GtU, &mut too_long);
        let context = self.m.global(vmctx::STORE, false);
        self.m.load(Load::I64, M::SCRATCH2.into(), context);
        self.m.load(Load::I64, object.into(), word(M::SCRATCH2, store::GC_NEXT));
        let mut bytes = len;
        if log2 != 0 {
            self.m.shift_imm(Shift::Shl, W64, end, Loc::reg(len), log2);
            bytes = end;
        }
        let round = gc::ALIGN - 1;
        let fills = u32::from(log2) >= gc::ALIGN.trailing_zeros();
        self.m.alu_imm(Alu::Add, W64, end, Loc::reg(bytes), (gc::FIELDS + if fills { 0 } else { round }) as i32);
        if !fills {
            self.m.alu_imm(Alu::And, W64, end, Loc::reg(end), !(round as i32));
        }
        self.m.alu(Alu::Add, W64, end, Loc::reg(end), Loc::reg(object));
        self.m.cmp_memory(W64, end, word(M::SCRATCH2, store::GC_LIMIT));
        self.m.bind(too_long);
        #[cfg(debug_assertions)]
        self.debug_assert_refs_stored_at_calls();
        let refs = self.refs_here();
        let number = self.s.allocations.len();
        let slot = self.frame.slot(self.depth(length));
        let operand = self.array_operand(ty);
        self.s.allocations.push(Allocation::Array { operand, slot, refs, done: 0 });
        self.m.stub_if(Cond::GtU, StubKind::Allocate(number as u32));
        self.m.store(Store::B64, end.into(), word(M::SCRATCH2, store::GC_NEXT));
        self.m.room();
        // Downwards, so that the address stays.
        let heap = self.heap_base();
        self.m.alu(Alu::Add, W64, end, Loc::reg(end), Loc::reg(heap));
        self.m.alu(Alu::Add, W64, M::SCRATCH2, Loc::reg(heap), Loc::reg(object));
        self.m.mov_imm(M::SCRATCH, 0);
        self.m.come_here();
        let again = self.m.pos();
        self.m.alu_imm(Alu::Sub, W64, end, Loc::reg(end), 8);
        self.m.store(Store::B64, M::SCRATCH.into(), word(end, 0));
        self.m.cmp(W64, end, Loc::reg(M::SCRATCH2));
        self.m.jump_back_if(Cond::GtU, again);
        self.load_type(ty);
        self.m.store(Store::B32, M::SCRATCH.into(), word(M::SCRATCH2, gc::TYPE));
        self.m.store(Store::B32, len.into(), word(M::SCRATCH2, gc::LEN));
        self.m.room();
        self.m.come_here();
        let Allocation::Array { done, .. } = &mut self.s.allocations[number] else { unreachable!("it was pushed") };
        *done = self.m.pos();
        object
    }

    /// Writes an element or field of the new object at `SCRATCH2`; the operands are where they were when its memory was
    /// taken.
    pub(super) fn put(&mut self, v: Val, storage: Storage, offset: u32) {
        let addr = self.m.prepare(word(M::SCRATCH2, offset as i32), 1 << storage.log2());
        if Self::is_stored_imm(v) {
            return self.m.store_imm(storage.store(), v.bits(), addr);
        }
        let through = match v.ty().class() {
            Class::Float => M::FPR_ARGS[0].into(),
            Class::Int => M::GPR_ARGS[1].into(),
        };
        // All that there is of a reference.
        let v = if matches!(storage, Storage::Ref(_)) { v.retype(Ty::I32) } else { v };
        self.load_into(through, v);
        self.m.store(storage.store(), through, addr);
    }
}
