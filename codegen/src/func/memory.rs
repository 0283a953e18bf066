//! Linear memories: addresses, loads and stores.
//!
//! An access to a memory whose guard covers every address that a 32-bit index can form is not checked: it faults in the
//! guard. `ZEXT` lets the index be used as it is. All other accesses compare with the memory's length first.

use super::read::{self, Ip};
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::{Disabled, GlobalDesc, ModuleEnv};
use crate::masm::{Addr, Load, Masm, Store};
use crate::op;
use crate::ty::{Class, Ty};
use crate::vmctx::Builtin;

/// The immediates of a load or store, but for the alignment.
#[derive(Copy, Clone)]
pub(super) struct MemArg {
    pub(super) memory: u32,
    pub(super) offset: u64,
}

/// The largest index plus one.
const INDEX_END: u64 = 1 << 32;

/// The longest access, in bytes.
const MAX_ACCESS: u64 = 16;

/// What a load or store does, the type of the value, and the greatest exponent of its alignment, which is that of its
/// size.
#[derive(Copy, Clone)]
struct Access<K> {
    kind: K,
    ty: Ty,
    align: u8,
}

/// `ZEXT`: what loads an i32 does not fill the upper half with its sign.
const fn load_access(code: u8, kind: Load) -> Access<Load> {
    let access = access(code, kind);
    assert!(access.ty.0 != Ty::I32.0 || kind.clears_upper_half(), "ZEXT");
    access
}

const fn access<K: Copy>(code: u8, kind: K) -> Access<K> {
    let op = op::row(code);
    Access { kind, ty: op.sig.value(), align: op.alignment().expect("a load or store") }
}

/// From [`op::I32_LOAD`] on, and then [`VECTOR_LOAD`].
static LOADS: [Access<Load>; 15] = [
    load_access(op::I32_LOAD, Load::I32),
    load_access(op::I64_LOAD, Load::I64),
    load_access(op::F32_LOAD, Load::F32),
    load_access(op::F64_LOAD, Load::F64),
    load_access(op::I32_LOAD8_S, Load::S8To32),
    load_access(op::I32_LOAD8_U, Load::U8),
    load_access(op::I32_LOAD16_S, Load::S16To32),
    load_access(op::I32_LOAD16_U, Load::U16),
    load_access(op::I64_LOAD8_S, Load::S8To64),
    load_access(op::I64_LOAD8_U, Load::U8),
    load_access(op::I64_LOAD16_S, Load::S16To64),
    load_access(op::I64_LOAD16_U, Load::U16),
    load_access(op::I64_LOAD32_S, Load::S32To64),
    load_access(op::I64_LOAD32_U, Load::U32),
    Access { kind: Load::V128, ty: Ty::V128, align: 4 },
];

/// What `v128.load` has for a code here.
const VECTOR_LOAD: u8 = op::I64_LOAD32_U + 1;

/// From [`op::I32_STORE`] on, and then [`VECTOR_STORE`].
static STORES: [Access<Store>; 10] = [
    access(op::I32_STORE, Store::B32),
    access(op::I64_STORE, Store::B64),
    access(op::F32_STORE, Store::F32),
    access(op::F64_STORE, Store::F64),
    access(op::I32_STORE8, Store::B8),
    access(op::I32_STORE16, Store::B16),
    access(op::I64_STORE8, Store::B8),
    access(op::I64_STORE16, Store::B16),
    access(op::I64_STORE32, Store::B32),
    Access { kind: Store::V128, ty: Ty::V128, align: 4 },
];

/// What `v128.store` has for a code here.
const VECTOR_STORE: u8 = op::I64_STORE32 + 1;

/// See `Func::fast_offsets`.
pub(super) fn fast_offsets(env: &ModuleEnv) -> u32 {
    match env.memories.first() {
        Some(memory) if env.memory_in_membase() && !memory.is_64 => {
            let offsets = (memory.guarded + 1).saturating_sub(INDEX_END - 1 + MAX_ACCESS);
            offsets.min(1 << 31) as u32
        }
        _ => 0,
    }
}

/// See `Func::wide_offsets`.
pub(super) fn wide_offsets(env: &ModuleEnv) -> u32 {
    match env.memories.first() {
        Some(memory) if env.memory_in_membase() && memory.is_64 && !env.checks.mask_indices => {
            (memory.guarded + 1).saturating_sub(MAX_ACCESS).min(1 << 31) as u32
        }
        _ => 0,
    }
}

impl<M: Masm> Func<'_, M> {
    /// Reads a memarg; the alignment exponent may be at most `align`. The second value tells whether accesses need no
    /// check and the offset fits a displacement.
    #[inline(always)]
    fn access(&mut self, ip: Ip, align: u8) -> Option<(MemArg, bool, Ip)> {
        // SAFETY: both numbers are in the body or its padding.
        let (flags, offset) = unsafe { (*ip, read::leb_u32(ip.add(1))) };
        if flags <= align
            && let Some((offset, ip)) = offset
            && offset < self.fast_offsets
        {
            return Some((MemArg { memory: 0, offset: offset.into() }, true, ip));
        }
        let (arg, ip) = self.memarg(ip, align)?;
        Some((arg, arg.memory == 0 && arg.offset < u64::from(self.fast_offsets), ip))
    }

    /// Reads a memarg; the alignment exponent may be at most `align`.
    #[inline(never)]
    pub(super) fn memarg(&mut self, mut ip: Ip, align: u8) -> Option<(MemArg, Ip)> {
        // SAFETY: `ip` is in the body or its padding, which has room for the three numbers.
        unsafe {
            let offset = *ip.add(1);
            if *ip <= align && offset < 0x80 && !self.env.memories.is_empty() {
                return Some((MemArg { memory: 0, offset: offset.into() }, ip.add(2)));
            }
            let (flags, next) = read::leb_u32(ip)?;
            ip = next;
            let mut memory = 0;
            if flags > u32::from(align) {
                if flags & !0x40 > u32::from(align) || self.env.disabled.has(Disabled::MULTI_MEMORY) {
                    return None;
                }
                (memory, ip) = read::leb_u32(ip)?;
            }
            let is_64 = self.env.memories.get(memory as usize)?.is_64;
            // Where there are 64-bit memories, all offsets may be that long.
            let (offset, ip) = if self.env.disabled.has(Disabled::MEMORY64) {
                let (offset, ip) = read::leb_u32(ip)?;
                (offset.into(), ip)
            } else {
                read::leb_u64(ip)?
            };
            (is_64 || offset < INDEX_END).then_some((MemArg { memory, offset }, ip))
        }
    }

    /// Reads a memory index.
    pub(super) fn memory_index(&mut self, ip: &mut Ip) -> Option<u32> {
        // SAFETY: `ip` is in the body or its padding.
        let (index, next) = unsafe {
            if self.env.disabled.has(Disabled::MULTI_MEMORY) {
                let (byte, next) = read::byte(*ip);
                (u32::from(byte), next)
            } else {
                read::leb_u32(*ip)?
            }
        };
        *ip = next;
        ((index as usize) < self.env.memories.len()).then_some(index)
    }

    /// The type of addresses of the memory that is accessed.
    #[inline(always)]
    pub(super) fn address_ty(&self, arg: MemArg) -> Ty {
        self.env.memories[arg.memory as usize].address_ty()
    }

    /// Whether accesses of `size` bytes with this memarg fault by themselves when they are out of bounds.
    #[inline(always)]
    fn is_guarded(&self, arg: MemArg, size: u32) -> bool {
        let memory = &self.env.memories[arg.memory as usize];
        !memory.is_64 && INDEX_END - 1 + arg.offset + u64::from(size) <= memory.guarded
    }

    /// Whether an access is in bounds whatever the memory's length is, or faults by itself: `index` is a constant.
    #[inline(always)]
    fn needs_no_check(&self, arg: MemArg, index: Val, size: u32) -> bool {
        index.is_const() && (self.is_guarded(arg, size) || self.is_within_minimum(arg, index, size))
    }

    #[cold]
    #[inline(never)]
    fn is_within_minimum(&self, arg: MemArg, index: Val, size: u32) -> bool {
        let memory = &self.env.memories[arg.memory as usize];
        let end = self.const_index(arg, index).checked_add(arg.offset).and_then(|at| at.checked_add(size.into()));
        end.is_some_and(|end| end <= memory.minimum)
    }

    /// A constant index.
    fn const_index(&self, arg: MemArg, index: Val) -> u64 {
        let bits = index.int_const() as u64;
        if self.env.memories[arg.memory as usize].is_64 { bits } else { bits & (INDEX_END - 1) }
    }

    /// The address of an access; `index` is in a register, or a constant that [`Func::needs_no_check`]. Uses both scratch
    /// registers.
    fn address(&mut self, arg: MemArg, index: Val, size: u32) -> Addr {
        let addr = self.unprepared_address(arg, index, size);
        self.m.prepare(addr, size)
    }

    pub(super) fn unprepared_address(&mut self, arg: MemArg, index: Val, size: u32) -> Addr {
        let memory = self.env.memories[arg.memory as usize];
        let pointer = self.env.layout.memory(arg.memory);
        if index.is_const() {
            debug_assert!(self.needs_no_check(arg, index, size));
        } else if memory.is_64 {
            if let Some(addr) = self.check_wide(arg, index, size) {
                return addr;
            }
        } else if !self.is_guarded(arg, size) {
            let end = arg.offset + u64::from(size);
            if self.env.checks.mask_indices {
                return self.m.masked_address(index.gpr(), end, size, pointer);
            }
            self.m.check_bounds(index.gpr(), end, pointer);
        }
        let base = if arg.memory == 0 && self.env.memory_in_membase() {
            M::MEMBASE
        } else {
            self.m.memory_base(pointer);
            M::SCRATCH2
        };
        if index.is_const() {
            let address = self.const_index(arg, index) + arg.offset;
            return match i32::try_from(address) {
                Ok(disp) => Addr { base, index: None, disp },
                Err(_) => {
                    self.m.mov_imm(M::SCRATCH, address as i64);
                    Addr { base, index: Some(M::SCRATCH), disp: 0 }
                }
            };
        }
        match i32::try_from(arg.offset) {
            Ok(disp) => Addr { base, index: Some(index.gpr()), disp },
            Err(_) => {
                self.m.add_offset(index.gpr(), arg.offset);
                Addr { base, index: Some(M::SCRATCH), disp: 0 }
            }
        }
    }

    /// Checks an access with a 64-bit index; gives the address where that is masked.
    fn check_wide(&mut self, arg: MemArg, index: Val, size: u32) -> Option<Addr> {
        let memory = self.env.memories[arg.memory as usize];
        let pointer = self.env.layout.memory(arg.memory);
        // What does not fit 64 bits is out of bounds wherever it begins.
        let end = arg.offset.saturating_add(u64::from(size));
        if self.env.checks.mask_indices {
            self.m.check_bounds_wide(index.gpr(), end, pointer);
            return Some(self.m.masked_checked_address(size, pointer));
        }
        if self.is_wide(arg) {
            self.check_known(index);
        } else if end <= memory.guarded {
            self.m.check_index(index.gpr(), pointer);
        } else {
            self.m.check_bounds_wide(index.gpr(), end, pointer);
        }
        None
    }

    /// A popped index as [`Func::address`] takes it.
    #[inline(always)]
    pub(super) fn index(&mut self, index: Val, arg: MemArg, size: u32) -> Val {
        if self.needs_no_check(arg, index, size) { index } else { self.in_reg(index) }
    }

    #[inline(always)]
    pub(super) fn load(&mut self, code: u8, ip: Ip) -> Ip {
        let Access { kind, ty, align } = LOADS[usize::from(code - op::I32_LOAD)];
        let (arg, fast, ip) = tri!(self, self.access(ip, align));
        let index_ty = if fast { Ty::I32 } else { self.address_ty(arg) };
        let index = tri!(self, self.pop_number(index_ty));
        if fast && !index.is_const() {
            if let Some(base) = self.address_of(index, arg.offset as i32, align) {
                return self.load_based(kind, ty, Addr { base, index: None, disp: arg.offset as i32 }, ip);
            }
            return if ty.class() == Class::Float {
                self.load_fast_float(kind, ty, arg.offset as i32, index, ip)
            } else {
                self.load_fast(kind, ty, arg.offset as i32, index, ip)
            };
        }
        self.load_from(kind, ty, arg, 1 << align, index, ip)
    }

    /// `v128.load`
    #[inline(never)]
    pub(super) fn vector_load(&mut self, ip: Ip) -> Ip {
        self.load(VECTOR_LOAD, ip)
    }

    /// A load of an integer that needs no check, from memory 0.
    #[inline(always)]
    fn load_fast(&mut self, kind: Load, ty: Ty, disp: i32, index: Val, ip: Ip) -> Ip {
        let index = self.in_reg(index);
        let (dest, ip) = self.dest(ip, ty, index);
        let (at, disp) = self.m.prepare_indexed(index.gpr(), disp);
        self.site();
        self.m.load_indexed(kind, dest.reg, at, disp);
        self.release_unless(index, dest.reg);
        self.finish_dest(dest);
        ip
    }

    /// A load of a float that needs no check, from memory 0.
    #[inline(never)]
    fn load_fast_float(&mut self, kind: Load, ty: Ty, disp: i32, index: Val, ip: Ip) -> Ip {
        let index = self.in_reg(index);
        let (dest, ip) = self.dest_new(ip, ty);
        let (at, disp) = self.m.prepare_indexed(index.gpr(), disp);
        self.site();
        self.m.load_indexed(kind, dest.reg, at, disp);
        self.release(index);
        self.finish_dest(dest);
        ip
    }

    /// A load that needs no check, from an address that is known.
    #[inline(always)]
    fn load_based(&mut self, kind: Load, ty: Ty, addr: Addr, ip: Ip) -> Ip {
        let (dest, ip) = self.dest_new(ip, ty);
        self.site();
        self.m.load(kind, dest.reg, addr);
        self.finish_dest(dest);
        ip
    }

    /// Whether an access needs no more than [`Memory::check_index`](crate::masm::Memory::check_index), where it is known
    /// not to be one without a check.
    #[inline(always)]
    fn is_wide(&self, arg: MemArg) -> bool {
        arg.memory == 0 && arg.offset < u64::from(self.wide_offsets)
    }

    /// A load with a 64-bit index from memory 0, of which [`Func::is_wide`] holds.
    #[inline(never)]
    fn load_wide(&mut self, kind: Load, ty: Ty, disp: i32, exponent: u8, index: Val, ip: Ip) -> Ip {
        let index = self.in_reg(index);
        self.check_known(index);
        if let Some(base) = self.address_of(index, disp, exponent) {
            return self.load_based(kind, ty, Addr { base, index: None, disp }, ip);
        }
        let is_float = ty.class() == Class::Float;
        let (dest, ip) = if is_float { self.dest_new(ip, ty) } else { self.dest(ip, ty, index) };
        let (at, disp) = self.m.prepare_indexed(index.gpr(), disp);
        self.site();
        self.m.load_indexed(kind, dest.reg, at, disp);
        if is_float {
            self.release(index);
        } else {
            self.release_unless(index, dest.reg);
        }
        self.finish_dest(dest);
        ip
    }

    #[cold]
    fn load_from(&mut self, kind: Load, ty: Ty, arg: MemArg, size: u32, index: Val, ip: Ip) -> Ip {
        if self.is_wide(arg) && !self.needs_no_check(arg, index, size) {
            return self.load_wide(kind, ty, arg.offset as i32, size.trailing_zeros() as u8, index, ip);
        }
        let index = self.index(index, arg, size);
        // The destination first: spilling may need the scratch registers.
        let (dest, ip) = if ty.class() == Class::Float {
            let (dest, ip) = self.dest_new(ip, ty);
            self.release(index);
            (dest, ip)
        } else {
            let (dest, ip) = self.dest(ip, ty, index);
            self.release_unless(index, dest.reg);
            (dest, ip)
        };
        let addr = self.address(arg, index, size);
        self.site();
        self.m.load(kind, dest.reg, addr);
        self.finish_dest(dest);
        ip
    }

    #[inline(always)]
    pub(super) fn store(&mut self, code: u8, ip: Ip) -> Ip {
        let Access { kind, ty, align } = STORES[usize::from(code - op::I32_STORE)];
        let (arg, fast, ip) = tri!(self, self.access(ip, align));
        let index_ty = if fast { Ty::I32 } else { self.address_ty(arg) };
        let (index, v) = tri!(self, self.pop_numbers(index_ty, ty));
        if fast && !index.is_const() && self.store_based(Access { kind, ty, align }, arg.offset as i32, index, v) {
            return ip;
        }
        if fast && !index.is_const() && !v.is_const() {
            self.store_fast(kind, arg.offset as i32, index, v);
            return ip;
        }
        self.store_to(Access { kind, ty, align }, arg, index, v);
        ip
    }

    /// `v128.store`
    #[inline(never)]
    pub(super) fn vector_store(&mut self, ip: Ip) -> Ip {
        self.store(VECTOR_STORE, ip)
    }

    /// A store of no constant that needs no check, to memory 0.
    #[inline(always)]
    fn store_fast(&mut self, kind: Store, disp: i32, index: Val, v: Val) {
        let index = self.in_reg(index);
        let v = self.in_reg(v);
        let (at, disp) = self.m.prepare_indexed(index.gpr(), disp);
        self.site();
        self.m.store_indexed(kind, v.register(), at, disp);
        self.release(v);
        self.release(index);
    }

    /// A store that needs no check, to an address that is or becomes known; whether it is one.
    #[inline(always)]
    fn store_based(&mut self, access: Access<Store>, disp: i32, index: Val, v: Val) -> bool {
        let Some(base) = self.address_of(index, disp, access.align) else { return false };
        let addr = Addr { base, index: None, disp };
        if Self::is_stored_imm(v) {
            self.site();
            self.m.store_imm(access.kind, v.bits(), addr);
        } else {
            let v = self.in_reg(v);
            self.site();
            self.m.store(access.kind, v.register(), addr);
            self.release(v);
        }
        true
    }

    /// Whether a value is a constant that [`Masm::store_imm`](crate::masm::Memory::store_imm) stores.
    #[inline(always)]
    pub(super) fn is_stored_imm(v: Val) -> bool {
        v.is_const() && v.ty() != Ty::V128 && !(v.ty() == Ty::F64 && v.bits() != 0) && M::stores_imm(v.bits())
    }

    /// A store of no constant with a 64-bit index to memory 0, of which [`Func::is_wide`] holds.
    #[inline(never)]
    fn store_wide(&mut self, access: Access<Store>, disp: i32, index: Val, v: Val) {
        let index = self.in_reg(index);
        let v = self.in_reg(v);
        self.check_known(index);
        if self.store_based(access, disp, index, v) {
            return;
        }
        let (at, disp) = self.m.prepare_indexed(index.gpr(), disp);
        self.site();
        self.m.store_indexed(access.kind, v.register(), at, disp);
        self.release(v);
        self.release(index);
    }

    #[inline(always)]
    fn store_to(&mut self, access: Access<Store>, arg: MemArg, index: Val, v: Val) {
        let Access { kind, align, .. } = access;
        let size = 1 << align;
        if self.is_wide(arg) && !v.is_const() && !self.needs_no_check(arg, index, size) {
            return self.store_wide(access, arg.offset as i32, index, v);
        }
        let index = self.index(index, arg, size);
        if Self::is_stored_imm(v) {
            let addr = self.address(arg, index, size);
            self.site();
            self.m.store_imm(kind, v.bits(), addr);
        } else {
            let v = self.in_reg(v);
            let addr = self.address(arg, index, size);
            self.site();
            self.m.store(kind, v.register(), addr);
            self.release(v);
        }
        self.release(index);
    }

    pub(super) fn memory_size(&mut self, mut ip: Ip) -> Ip {
        let memory = tri!(self, self.memory_index(&mut ip));
        let desc = self.env.memories[memory as usize];
        let (dest, ip) = self.dest_new(ip, desc.address_ty());
        self.m.memory_size(dest.gpr(), self.env.layout.memory(memory), desc.page_log2);
        self.finish_dest(dest);
        ip
    }

    pub(super) fn memory_grow(&mut self, mut ip: Ip) -> Ip {
        let memory = tri!(self, self.memory_index(&mut ip));
        let ty = self.env.memories[memory as usize].address_ty();
        if !self.check_top(&[ty]) {
            return self.fail();
        }
        self.call_builtin(Builtin::MemoryGrow, &[memory], 1, Some(ty));
        ip
    }

    #[inline(always)]
    pub(super) fn global_get(&mut self, mut ip: Ip) -> Ip {
        let index = imm!(self, leb_u32, ip);
        let global = tri!(self, self.env.globals.get(index as usize));
        if global.ty.class() == Class::Float {
            return self.global_get_float(global, ip);
        }
        let (dest, ip) = self.dest_int(ip, global.ty);
        self.m.load_global(global.ty, dest.gpr(), global.offset, global.indirect);
        self.finish_dest(dest);
        ip
    }

    #[inline(never)]
    fn global_get_float(&mut self, global: &GlobalDesc, ip: Ip) -> Ip {
        self.expect_vectors(global.ty);
        let (dest, ip) = self.dest_new(ip, global.ty);
        let addr = self.m.global(global.offset, global.indirect);
        self.m.load(global.ty.load(), dest.reg, addr);
        self.finish_dest(dest);
        ip
    }

    #[inline(always)]
    pub(super) fn global_set(&mut self, mut ip: Ip) -> Ip {
        let index = imm!(self, leb_u32, ip);
        let global = *tri!(self, self.env.globals.get(index as usize));
        if !global.mutable {
            return self.fail();
        }
        let v = tri!(self, self.pop(global.ty));
        let GlobalDesc { offset, indirect, .. } = global;
        let kind = global.ty.store();
        if Self::is_stored_imm(v) {
            let addr = self.m.global(offset, indirect);
            self.m.store_imm(kind, v.bits(), addr);
        } else {
            let v = self.in_reg(v);
            let addr = self.m.global(offset, indirect);
            self.m.store(kind, v.register(), addr);
            self.release(v);
        }
        ip
    }
}
