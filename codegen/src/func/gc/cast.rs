//! Tests and casts of references (specification section 4.4.5, "ref.test").
//!
//! A reference is compared with null and with the bits of an `i31` where its static type allows them; of an object the
//! word of its type is loaded, which is a fault where a cast takes no null. Most are of exactly the type that is asked for. Where there may be subtypes, each type of
//! objects has a display of its supertypes, at its number, and in it a fixed place for the one that is asked for. Deeper
//! hierarchies, and those of functions, are left to the runtime, by a builtin that preserves all registers.

use super::super::read::Ip;
use super::super::value::Val;
use super::super::{Func, tri};
use super::Decoded;
use crate::env::TypeKind;
use crate::masm::{Addr, Alu, Chain, Cond, Load, Loc, Masm, Shift, Width};
use crate::op::fb;
use crate::reg::Gpr;
use crate::trap::TrapCode;
use crate::ty::{Class, Ty};
use crate::vmctx::{self, Builtin, displays, func_ref, gc};

use Width::{W32, W64};

/// What becomes of the outcome of a test.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Outcome {
    /// The code traps if the reference is not of the type.
    Trap,
    /// It is in FLAGS.
    Flags,
}

impl<M: Masm> Func<'_, M> {
    /// `ref.test`, `ref.cast`
    pub(super) fn cast(&mut self, code: u32, op: Decoded, ip: Ip) -> Ip {
        let to = Ty(op.a);
        let v = tri!(self, self.pop_any());
        let v = self.resolve(v);
        if matches!(code, fb::REF_CAST_NON_NULL | fb::REF_CAST_NULLABLE) {
            let v = self.in_temp(v);
            self.emit_test(v, to, Outcome::Trap);
            self.push(v.retype(to));
            return ip;
        }
        let v = self.in_reg(v);
        let cond = self.emit_test(v, to, Outcome::Flags);
        self.release(v);
        self.use_flags(cond, ip)
    }

    /// `br_on_cast`, `br_on_cast_fail`
    #[inline(never)]
    pub(super) fn br_on_cast(&mut self, fail: bool, mut ip: Ip) -> Ip {
        let cast = tri!(self, self.decode_cast(fail, &mut ip));
        let target = tri!(self, self.label(cast.label));
        let v = tri!(self, self.pop(cast.from));
        let v = self.in_temp(v);
        let cond = self.emit_test(v, cast.to, Outcome::Flags);
        let (cond, carried, stays) = match fail {
            false => (cond, cast.to, cast.rest()),
            true => (cond.negate(), cast.rest(), cast.to),
        };
        self.push(v.retype(carried));
        tri!(self, self.branch_if(cond, target));
        let v = tri!(self, self.pop_any());
        let v = self.in_temp(v);
        self.push(v.retype(stays));
        ip
    }

    /// Tests whether the reference, in a register that is kept, is of type `to`. Uses both scratch registers. In FLAGS,
    /// the condition that is returned holds if it is; all ways meet at the end.
    ///
    /// A comparison that ends the test with a jump leaves FLAGS as the last one does: equal if the reference is of the
    /// type, else different; or the other way round, if the last one does so. Jumps are not taken for equality with 0,
    /// which some machines have without FLAGS.
    fn emit_test(&mut self, v: Val, to: Ty, outcome: Outcome) -> Cond {
        let env = self.env;
        let (from, target) = (v.ty(), to.nullable());
        let may_be_null = !from.is_non_null();
        let fits = env.fits(from.nullable(), target);
        let mut end = Chain(0);
        // Whether nothing but types of objects is left, and there may be subtypes.
        let object = |ty: Ty| env.fits(ty, Ty::STRUCTREF) || env.fits(ty, Ty::ARRAYREF);
        let display = target.index().and_then(|index| self.display_of(index)).filter(|_| !fits);
        let base = display.map(|_| self.alloc(Class::Int).gpr());
        self.m.room();
        if fits {
            if may_be_null && to.is_non_null() {
                self.m.cmp_imm(W64, v.loc(), 0);
                return self.end_test(Cond::Ne, end, outcome);
            }
            if outcome == Outcome::Flags {
                self.m.cmp(W64, v.gpr(), v.loc());
                self.flags_set();
            }
            return Cond::Eq;
        }
        if target.is_bottom() {
            // Null is all that there is. A comparison with what it never is, where that is excluded.
            let never = i32::from(to.is_non_null()) * i32::MIN;
            self.m.cmp_imm(W64, v.loc(), never);
            return self.end_test(Cond::Eq, end, outcome);
        }
        let last = if target == Ty::EQREF { Cond::Ne } else { Cond::Eq };
        // Whether the word of the type is going to be read. That of null is a fault, which nothing else reads
        // ([`gc::TYPE`]); but there may be no heap where the module does not need one.
        let reads_type = env.top(target) == Ty::ANYREF && !matches!(target, Ty::I31REF | Ty::EQREF);
        let mut faults = false;
        if may_be_null {
            let fits = !to.is_non_null();
            match outcome {
                Outcome::Trap if !fits && reads_type && env.owns_objects => faults = true,
                Outcome::Trap if !fits => {
                    self.m.cmp_imm(W64, v.loc(), 0);
                    self.m.trap_if(Cond::Eq, TrapCode::CastFailure);
                }
                // Equal.
                _ if fits == (last == Cond::Eq) => {
                    self.m.cmp_imm(W64, v.loc(), 0);
                    self.m.jump_if(Cond::LeU, &mut end);
                }
                // Different.
                _ => {
                    self.m.cmp_imm(W64, v.loc(), 1);
                    self.m.jump_if(Cond::LtU, &mut end);
                }
            }
        }
        if let Ty::I31REF | Ty::EQREF = target {
            let (mask, value) = if target == Ty::EQREF { (3, gc::HOST) } else { (gc::I31, gc::I31) };
            self.m.alu_imm(Alu::And, W32, M::SCRATCH, v.loc(), mask as i32);
            self.m.cmp_imm(W32, Loc::reg(M::SCRATCH), value as i32);
            return self.end_test(last, end, outcome);
        }
        if !reads_type {
            let at = Addr { base: v.gpr(), index: None, disp: func_ref::SIG };
            self.m.load(Load::U32, M::SCRATCH2.into(), at);
        } else {
            if !object(from.nullable()) {
                // An object's lowest two bits are 0; else what is left is not 1, and so differs.
                self.m.shift_imm(Shift::Shl, W32, M::SCRATCH, v.loc(), 30);
                match outcome {
                    Outcome::Trap => {
                        self.m.cmp_imm(W32, Loc::reg(M::SCRATCH), 0);
                        self.m.trap_if(Cond::Ne, TrapCode::CastFailure);
                    }
                    Outcome::Flags => {
                        self.m.cmp_imm(W32, Loc::reg(M::SCRATCH), 1);
                        self.m.jump_if(Cond::GeU, &mut end);
                    }
                }
            }
            self.m.room();
            let heap = self.heap_base();
            let word = Addr { base: heap, index: Some(v.gpr()), disp: gc::TYPE };
            if faults {
                self.site();
            }
            self.m.load(Load::U32, M::SCRATCH2.into(), word);
        }
        match target.index() {
            Some(index) => self.compare_type(index, base, &mut end),
            None => {
                const { assert!(gc::ARRAY == 1 << 31) }
                self.m.shift_imm(Shift::ShrU, W32, M::SCRATCH2, Loc::reg(M::SCRATCH2), 31);
                self.m.cmp_imm(W32, Loc::reg(M::SCRATCH2), i32::from(target == Ty::ARRAYREF));
            }
        }
        if let Some(base) = base {
            self.release_reg(Ty::I64, base.into());
        }
        self.end_test(Cond::Eq, end, outcome)
    }

    /// The last comparison of a test was made: `cond` holds if the reference is of the type.
    fn end_test(&mut self, cond: Cond, end: Chain, outcome: Outcome) -> Cond {
        self.m.room();
        if outcome == Outcome::Trap {
            self.m.trap_if(cond.negate(), TrapCode::CastFailure);
            self.trap_site();
        }
        if end.0 != 0 {
            self.m.bind(end);
        }
        self.flags_set();
        cond
    }

    /// How deep below the root of its hierarchy the module's type `index` is, if it is a type of objects with subtypes
    /// whose place is in each display ([`displays`](crate::vmctx::displays)).
    fn display_of(&self, index: u32) -> Option<u32> {
        let def = self.env.defs.get(index as usize).filter(|def| def.kind != TypeKind::Func && !def.is_final)?;
        (def.depth < displays::LEN).then_some(def.depth)
    }

    /// Compares, so that `Eq` holds if the type with the canonical number in `SCRATCH2` is the module's type `index` or a
    /// subtype. Where that is known earlier, jumps to `end`. `base` is a register for types with a display.
    fn compare_type(&mut self, index: u32, base: Option<Gpr>, end: &mut Chain) {
        self.m.room();
        if self.env.defs.get(index as usize).is_none_or(|def| def.is_final) {
            let number = self.type_number(index);
            return self.m.cmp_memory(W32, M::SCRATCH2, number);
        }
        self.load_type(index);
        self.m.cmp(W32, M::SCRATCH2, Loc::reg(M::SCRATCH));
        self.m.jump_if(Cond::Eq, end);
        let (Some(base), Some(depth)) = (base, self.display_of(index)) else { return self.ask_for_subtype() };
        let offset = self.env.layout.displays().expect("a module with types of objects has displays");
        let at = self.m.global(offset, false);
        self.m.load(Load::I64, base.into(), at);
        self.m.room();
        // Of 32 bits: without the one of arrays.
        self.m.shift_imm(Shift::Shl, W32, M::SCRATCH2, Loc::reg(M::SCRATCH2), displays::LOG2);
        self.m.alu(Alu::Add, W64, M::SCRATCH2, Loc::reg(M::SCRATCH2), Loc::reg(base));
        let entry = Addr { base: M::SCRATCH2, index: None, disp: 4 * depth as i32 };
        self.m.load(Load::U32, M::SCRATCH2.into(), entry);
        self.m.cmp(W32, M::SCRATCH2, Loc::reg(M::SCRATCH));
    }

    /// Compares, so that `Eq` holds if the type with the canonical number in `SCRATCH2` is a subtype of the one in
    /// `SCRATCH`.
    fn ask_for_subtype(&mut self) {
        self.m.shift_imm(Shift::Shl, W64, M::SCRATCH, Loc::reg(M::SCRATCH), 32);
        self.m.alu(Alu::Or, W64, M::SCRATCH2, Loc::reg(M::SCRATCH2), Loc::reg(M::SCRATCH));
        self.m.call_builtin(Builtin::IsSubtype as u32);
        self.m.cmp_imm(W32, Loc::reg(M::SCRATCH2), 1);
    }

    /// `SCRATCH` = the canonical number of the module's type `index`.
    pub(in super::super) fn load_type(&mut self, index: u32) {
        let number = self.type_number(index);
        self.m.load(Load::U32, M::SCRATCH.into(), number);
    }

    /// Where that is; uses `SCRATCH`.
    fn type_number(&mut self, index: u32) -> Addr {
        if let Some(offset) = self.env.layout.type_number(index) {
            return self.m.global(offset, false);
        }
        let types = self.m.global(vmctx::TYPES, false);
        self.m.load(Load::I64, M::SCRATCH.into(), types);
        // As far as one instruction reaches everywhere. There are 1,000,000 types at most.
        match 4 * index as i32 {
            disp @ 0..0x4000 => Addr { base: M::SCRATCH, index: None, disp },
            _ => {
                let pointer = Loc::reg(M::SCRATCH);
                self.m.alu_imm(Alu::Add, W64, M::SCRATCH, pointer, 4 * index as i32);
                Addr { base: M::SCRATCH, index: None, disp: 0 }
            }
        }
    }

    /// A register with the base of the heap: MEMBASE where the module has types of objects, or else SCRATCH2.
    pub(super) fn heap_base(&mut self) -> Gpr {
        if self.env.heap_in_membase() {
            return M::MEMBASE;
        }
        if let Some(offset) = self.env.layout.heap_base() {
            let base = self.m.global(offset, false);
            self.m.load(Load::I64, M::SCRATCH2.into(), base);
        } else {
            // An object comes by `any.convert_extern` only.
            let context = self.m.global(vmctx::STORE, false);
            self.m.load(Load::I64, M::SCRATCH2.into(), context);
            let base = Addr { base: M::SCRATCH2, index: None, disp: vmctx::store::GC_BASE };
            self.m.load(Load::I64, M::SCRATCH2.into(), base);
        }
        M::SCRATCH2
    }

    /// Puts the function that a table has at a popped index in `SCRATCH2`, if it is of the module's type `ty`, which may
    /// have subtypes.
    pub(in super::super) fn load_callee_of(&mut self, index: Val, table: i32, ty: u32) {
        let callee = self.in_temp(index);
        let reg: Gpr = callee.gpr();
        let at = self.m.table_element(reg, table);
        self.m.load(Load::I64, reg.into(), at);
        self.m.room();
        // `NULL_FUNC`
        self.site();
        self.m.load(Load::U32, M::SCRATCH2.into(), Addr { base: reg, index: None, disp: func_ref::SIG });
        self.load_type(ty);
        self.m.cmp(W32, M::SCRATCH2, Loc::reg(M::SCRATCH));
        let mut same = Chain(0);
        self.m.jump_if(Cond::Eq, &mut same);
        self.ask_for_subtype();
        self.m.trap_if(Cond::Ne, TrapCode::BadSignature);
        self.trap_site();
        self.m.bind(same);
        self.m.room();
        self.m.mov(M::SCRATCH2, reg);
        self.release(callee);
    }

    /// Whether functions of other types may be called as ones of the module's type `ty`.
    pub(in super::super) fn has_subtypes(&self, ty: u32) -> bool {
        self.env.defs.get(ty as usize).is_some_and(|def| def.kind == TypeKind::Func && !def.is_final)
    }
}
