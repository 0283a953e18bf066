//! Addresses on AArch64: which ones a load or store reaches by itself, and how the others are made reachable.
//!
//! A load or store takes a base register and either a multiple of its size up to 4,095 times that, or −256 to 255, or a
//! register. There is no form with both.

use super::enc::{NONE, add_imm, imm, regs, rrr};
use super::frame::CSDB;
use super::{A64, FP, MEMBASE, SP, VMCTX, X15, X16, X17, ZR, asm, cc};
use crate::masm::*;
use crate::trap::TrapCode;
use crate::vmctx;
use dynasmrt::DynasmApi;

use Width::{W32, W64};

impl Memory for A64 {
    #[inline(always)]
    fn stores_imm(value: i32) -> bool {
        value == 0
    }

    #[inline(always)]
    fn reaches(disp: i32, exponent: u8) -> bool {
        displacement(exponent.into(), disp).is_some()
    }

    fn prepare(&mut self, addr: Addr, size: u32) -> Addr {
        self.prepare_addr(addr, size)
    }

    #[inline(always)]
    fn prepare_indexed(&mut self, index: Gpr, disp: i32) -> (Gpr, i32) {
        if disp == 0 {
            return (index, 0);
        }
        self.add_disp(X16, index, i64::from(disp));
        (X16, 0)
    }

    #[inline(always)]
    fn load(&mut self, kind: Load, dst: Reg, addr: Addr) {
        self.access_addr(LOADS[kind as usize], dst, addr);
    }

    #[inline(always)]
    fn store(&mut self, kind: Store, src: Reg, addr: Addr) {
        self.access_addr(STORES[kind as usize], src, addr);
    }

    #[inline(always)]
    fn load_indexed(&mut self, kind: Load, dst: Reg, index: Gpr, disp: i32) {
        debug_assert_eq!(disp, 0, "prepared");
        self.load_at_index(kind, dst, MEMBASE, index);
    }

    #[inline(always)]
    fn store_indexed(&mut self, kind: Store, src: Reg, index: Gpr, disp: i32) {
        debug_assert_eq!(disp, 0, "prepared");
        self.store_at_index(kind, src, MEMBASE, index);
    }

    fn cmp_memory(&mut self, w: Width, a: Gpr, addr: Addr) {
        self.load(if w == W32 { Load::U32 } else { Load::I64 }, X16.into(), addr);
        self.cmp(w, a, Loc::reg(X16));
    }

    fn store_imm(&mut self, kind: Store, value: i32, addr: Addr) {
        debug_assert_eq!(value, 0, "no other constant can be stored");
        let kind = match kind {
            Store::F32 => Store::B32,
            Store::F64 => Store::B64,
            kind => kind,
        };
        self.store(kind, ZR.into(), addr);
    }

    fn memory_base(&mut self, memory: i32) {
        self.access(LDR_X, X17, VMCTX, memory);
        asm!(self; ldr x17, [x17, vmctx::memory::BASE as u32]);
    }

    fn add_offset(&mut self, index: Gpr, offset: u64) {
        self.add_disp(X16, index, offset as i64);
    }

    fn check_bounds(&mut self, index: Gpr, end: u64, memory: i32) {
        self.add_offset(index, end);
        self.access(LDR_X, X17, VMCTX, memory);
        asm!(self
            ; ldr x17, [x17, vmctx::memory::LEN as u32]
            ; cmp x16, x17);
        self.trap_cc(cc::HI, TrapCode::MemoryOutOfBounds);
    }

    fn masked_address(&mut self, index: Gpr, end: u64, size: u32, memory: i32) -> Addr {
        const { assert!(vmctx::memory::BASE == 0 && vmctx::memory::LEN == 8) }
        self.add_offset(index, end);
        self.access(LDR_X, X17, VMCTX, memory);
        asm!(self
            ; ldp x17, x15, [x17]
            ; cmp x16, x15);
        self.trap_cc(cc::HI, TrapCode::MemoryOutOfBounds);
        asm!(self
            ; add x17, x17, x16
            ; sub x17, x17, size
            ; csel x17, x17, xzr, ls);
        self.put(CSDB);
        Addr { base: X17, index: None, disp: 0 }
    }

    fn check_index(&mut self, index: Gpr, memory: i32) {
        self.access(LDR_X, X17, VMCTX, memory);
        asm!(self
            ; ldr x17, [x17, vmctx::memory::LEN as u32]
            ; cmp X(index.0), x17);
        self.trap_cc(cc::HI, TrapCode::MemoryOutOfBounds);
    }

    fn check_bounds_wide(&mut self, index: Gpr, end: u64, memory: i32) {
        self.mov_imm(X16, end as i64);
        asm!(self; adds x16, x16, X(index.0));
        self.trap_cc(cc::HS, TrapCode::MemoryOutOfBounds);
        self.access(LDR_X, X17, VMCTX, memory);
        asm!(self
            ; ldr x17, [x17, vmctx::memory::LEN as u32]
            ; cmp x16, x17);
        self.trap_cc(cc::HI, TrapCode::MemoryOutOfBounds);
    }

    fn masked_checked_address(&mut self, size: u32, memory: i32) -> Addr {
        self.access(LDR_X, X17, VMCTX, memory);
        asm!(self
            ; ldr x17, [x17, vmctx::memory::BASE as u32]
            ; add x17, x17, x16
            ; sub x17, x17, size
            ; csel x17, x17, xzr, ls);
        self.put(CSDB);
        Addr { base: X17, index: None, disp: 0 }
    }

    fn memory_size(&mut self, dst: Gpr, memory: i32, page_log2: u8) {
        self.access(LDR_X, X16, VMCTX, memory);
        asm!(self
            ; ldr x16, [x16, vmctx::memory::LEN as u32]
            ; lsr X(dst.0), x16, u32::from(page_log2));
    }

    #[inline(always)]
    fn global(&mut self, offset: i32, indirect: bool) -> Addr {
        if !indirect {
            return Addr { base: VMCTX, index: None, disp: offset };
        }
        self.access(LDR_X, X17, VMCTX, offset);
        Addr { base: X17, index: None, disp: 0 }
    }

    fn table_size(&mut self, dst: Gpr, table: i32) {
        self.access(LDR_X, X16, VMCTX, table);
        asm!(self; ldr X(dst.0), [x16, vmctx::table::LEN as u32]);
    }

    fn table_element(&mut self, index: Gpr, table: i32) -> Addr {
        self.checked_table(index, table);
        asm!(self; add x17, x16, X(index.0), lsl 3);
        Addr { base: X17, index: None, disp: 0 }
    }
}

impl A64 {
    /// x16 = the first element of the table whose pointer is at `table` in vmctx; traps if `index` is beyond its
    /// length.
    pub(super) fn checked_table(&mut self, index: Gpr, table: i32) {
        const { assert!(vmctx::table::BASE == 0 && vmctx::table::LEN == 8) }
        self.access(LDR_X, X16, VMCTX, table);
        asm!(self
            ; ldp x16, x15, [x16]
            ; cmp X(index.0), x15);
        self.trap_cc(cc::HS, TrapCode::TableOutOfBounds);
        if self.mask {
            // x(index) = in bounds ? x(index) : 0, which changes nothing here; csdb
            asm!(self; csel X(index.0), X(index.0), xzr, lo);
            self.put(CSDB);
        }
    }
}

/// An instruction that loads or stores one register: its word with a scaled displacement of 0, and the logarithm of
/// its size.
#[derive(Copy, Clone)]
pub(super) struct Access {
    word: u32,
    scale: u32,
}

const fn access(word: u32) -> Access {
    Access { word, scale: word >> 30 }
}

pub(super) const LDR_X: Access = access(0xf940_0000);
pub(super) const LDR_W: Access = access(0xb940_0000);
pub(super) const STR_X: Access = access(0xf900_0000);
pub(super) const LDR_D: Access = access(0xfd40_0000);
pub(super) const LDR_S: Access = access(0xbd40_0000);
pub(super) const STR_D: Access = access(0xfd00_0000);
pub(super) const LDR_Q: Access = Access { word: 0x3dc0_0000, scale: 4 };
pub(super) const STR_Q: Access = Access { word: 0x3d80_0000, scale: 4 };

/// Of float and vector registers, by the logarithm of the size in bytes.
pub(super) static VECTOR_LOADS: [Access; 5] = [access(0x3d40_0000), access(0x7d40_0000), LDR_S, LDR_D, LDR_Q];

/// The same for stores.
pub(super) static VECTOR_STORES: [Access; 5] =
    [access(0x3d00_0000), access(0x7d00_0000), access(0xbd00_0000), STR_D, STR_Q];

/// By [`Load`].
pub(super) static LOADS: [Access; 13] = [
    LDR_W,
    LDR_X,
    LDR_S,
    LDR_D,
    access(0x3940_0000),
    access(0x7940_0000),
    LDR_W,
    access(0x39c0_0000),
    access(0x79c0_0000),
    access(0x3980_0000),
    access(0x7980_0000),
    access(0xb980_0000),
    LDR_Q,
];

/// By [`Store`].
pub(super) static STORES: [Access; 7] =
    [access(0x3900_0000), access(0x7900_0000), access(0xb900_0000), STR_X, access(0xbd00_0000), STR_D, STR_Q];

impl Access {
    /// With a register as the offset: 64 bits of it, not shifted.
    #[inline(always)]
    fn indexed(self, reg: Reg, base: Gpr, index: Gpr) -> u32 {
        (self.word ^ 1 << 24) | 0x0020_6800 | regs(reg, base, index)
    }

    /// With a displacement, if there is a form for it.
    #[inline(always)]
    fn displaced(self, reg: Reg, base: Gpr, disp: i32) -> Option<u32> {
        let fields = displacement(self.scale, disp)?;
        Some((self.word ^ fields) | regs(reg, base, NONE))
    }
}

/// The fields of a displacement; bit 24 is to be flipped with the others.
#[inline(always)]
fn displacement(scale: u32, disp: i32) -> Option<u32> {
    let scaled = (disp as u32).rotate_right(scale);
    if scaled < 4096 {
        Some(scaled << 10)
    } else if (-256..256).contains(&disp) {
        Some(1 << 24 | (disp as u32 & 0x1ff) << 12)
    } else {
        None
    }
}

/// For a displacement that takes two instructions to make, and can be part of `add` and of the access: the field of `add`,
/// and those of the access as [`displacement`] gives them.
#[inline(always)]
fn split(scale: u32, disp: i32) -> Option<(u32, u32)> {
    if !(1 << 16..1 << 24).contains(&disp) || disp & 0xffff == 0 {
        return None;
    }
    Some((add_imm(disp as u64 & !0xfff)?, displacement(scale, disp & 0xfff)?))
}

impl A64 {
    /// Loads or stores `reg` at `base + disp`. Uses x15 if it must.
    #[inline(always)]
    pub(super) fn access(&mut self, op: Access, reg: impl Into<Reg>, base: Gpr, disp: i32) {
        let reg = reg.into();
        match op.displaced(reg, base, disp) {
            Some(word) => self.put(word),
            None => self.access_far(op, reg, base, disp),
        }
    }

    #[cold]
    #[inline(never)]
    fn access_far(&mut self, op: Access, reg: Reg, base: Gpr, disp: i32) {
        if let Some((high, fields)) = split(op.scale, disp) {
            self.rri(imm::ADD, W64, X15, base, high);
            return self.put((op.word ^ fields) | regs(reg, X15, NONE));
        }
        self.mov_imm(X15, i64::from(disp));
        self.put(op.indexed(reg, base, X15));
    }

    /// Loads or stores `reg` in the frame. Uses x15 if it must.
    #[inline(always)]
    pub(super) fn frame(&mut self, op: Access, reg: impl Into<Reg>, disp: i32) {
        if (-256..0).contains(&disp) {
            self.put((op.word ^ 1 << 24) | (disp as u32 & 0x1ff) << 12 | regs(reg, FP, NONE));
        } else {
            self.access(op, reg, FP, disp);
        }
    }

    /// Loads or stores `reg` at stack argument `i` of a call.
    pub(super) fn outgoing(&mut self, op: Access, reg: impl Into<Reg>, i: u32) {
        self.access(op, reg, SP, 8 * i as i32);
    }

    /// Loads or stores `reg` at `addr`. Uses x15 if it must.
    #[inline(always)]
    pub(super) fn access_addr(&mut self, op: Access, reg: Reg, addr: Addr) {
        match addr.index {
            Some(index) if addr.disp == 0 => self.put(op.indexed(reg, addr.base, index)),
            Some(index) => {
                self.add_disp(X15, index, i64::from(addr.disp));
                self.put(op.indexed(reg, addr.base, X15));
            }
            None => self.access(op, reg, addr.base, addr.disp),
        }
    }

    /// See [`prepare`](crate::masm::Memory::prepare).
    pub(super) fn prepare_addr(&mut self, addr: Addr, size: u32) -> Addr {
        match addr.index {
            Some(_) if addr.disp == 0 => addr,
            Some(index) => {
                self.add_disp(X16, index, i64::from(addr.disp));
                Addr { base: addr.base, index: Some(X16), disp: 0 }
            }
            None if displacement(size.trailing_zeros(), addr.disp).is_some() => addr,
            None if let Some((high, _)) = split(size.trailing_zeros(), addr.disp) => {
                self.rri(imm::ADD, W64, X16, addr.base, high);
                Addr { base: X16, index: None, disp: addr.disp & 0xfff }
            }
            None => {
                self.mov_imm(X16, i64::from(addr.disp));
                Addr { base: addr.base, index: Some(X16), disp: 0 }
            }
        }
    }

    /// `dst = src + disp`, 64 bits, not for the stack pointer.
    #[inline(always)]
    pub(super) fn add_disp(&mut self, dst: Gpr, src: Gpr, disp: i64) {
        if let Some(field) = add_imm(disp as u64) {
            self.rri(imm::ADD, W64, dst, src, field);
        } else {
            self.add_far(dst, src, disp);
        }
    }

    #[inline(never)]
    fn add_far(&mut self, dst: Gpr, src: Gpr, disp: i64) {
        if let Some(field) = add_imm(disp.wrapping_neg() as u64) {
            self.rri(imm::SUB, W64, dst, src, field);
        } else if (0..1 << 24).contains(&disp) {
            let (low, high) = (disp as u32 & 0xfff, disp as u32 >> 12);
            self.rri(imm::ADD, W64, dst, src, high << 10 | 1 << 22);
            self.rri(imm::ADD, W64, dst, dst, low << 10);
        } else {
            debug_assert!(src != X15);
            self.mov_imm(X15, disp);
            self.rrr(rrr::ADD, W64, dst, src, X15);
        }
    }

    #[inline(always)]
    pub(super) fn load_at_index(&mut self, kind: Load, dst: Reg, base: Gpr, index: Gpr) {
        self.put(LOADS[kind as usize].indexed(dst, base, index));
    }

    #[inline(always)]
    pub(super) fn store_at_index(&mut self, kind: Store, src: Reg, base: Gpr, index: Gpr) {
        self.put(STORES[kind as usize].indexed(src, base, index));
    }

    /// Zeroes frame slots. Uses x15, x16.
    pub(super) fn zero_frame(&mut self, disp: i32, count: u32) {
        let (mut disp, mut count) = (disp, count);
        if count > 16 {
            // x16 = the lowest slot; x15 = how many pairs
            if count % 2 != 0 {
                self.frame(STR_X, ZR, disp);
                disp += 8;
                count -= 1;
            }
            self.add_disp(X16, FP, i64::from(disp));
            self.mov_imm(X15, i64::from(count / 2));
            // stp xzr, xzr, [x16], #16; sub x15, x15, #1; cbnz x15, .-8
            self.put(0xa881_7e1f);
            self.put(0xd100_05ef);
            self.put(0xb5ff_ffcf);
            return;
        }
        while count >= 2 && (-512..=504).contains(&disp) {
            // stp xzr, xzr, [x29, #disp]
            self.put(0xa900_7fbf | (disp as u32 >> 3 & 0x7f) << 15);
            disp += 16;
            count -= 2;
        }
        for _ in 0..count {
            self.frame(STR_X, ZR, disp);
            disp += 8;
        }
    }

    /// The operand in a register: where it is, or loaded from the frame to `temp`.
    #[inline(always)]
    pub(super) fn in_reg(&mut self, w: Width, a: crate::masm::Loc, temp: Gpr) -> Gpr {
        if !a.is_frame() {
            return a.gpr();
        }
        self.frame(if w == W32 { LDR_W } else { LDR_X }, temp, a.disp());
        temp
    }
}
