//! Linear memories, globals and tables.

use super::enc::{Ext, Indexed, OP_0F, OP_66, OP_BYTE, OP_F2, OP_F3};
use super::{R10, R11, R14, X64, asm};
use crate::masm::*;
use crate::trap::TrapCode;
use crate::ty::Ty;
use crate::vmctx;
use dynasmrt::DynasmApi;

use Width::{W32, W64};

// What is written as an access without displacement.
const _: () = assert!(vmctx::memory::BASE == 0);

impl Memory for X64 {
    #[inline(always)]
    fn stores_imm(_value: i32) -> bool {
        true
    }

    #[inline(always)]
    fn reaches(_disp: i32, _exponent: u8) -> bool {
        true
    }

    #[inline(always)]
    fn prepare(&mut self, addr: Addr, _size: u32) -> Addr {
        addr
    }

    #[inline(always)]
    fn prepare_indexed(&mut self, index: Gpr, disp: i32) -> (Gpr, i32) {
        (index, disp)
    }

    #[inline(always)]
    fn load(&mut self, kind: Load, dst: Reg, addr: Addr) {
        let (w, op) = LOADS[kind as usize];
        self.op_addr(w, op, dst, addr);
    }

    #[inline(always)]
    fn store(&mut self, kind: Store, src: Reg, addr: Addr) {
        let (w, op) = STORES[kind as usize];
        self.op_addr(w, op, src, addr);
    }

    #[inline(always)]
    fn load_indexed(&mut self, kind: Load, dst: Reg, index: Gpr, disp: i32) {
        static FORMS: [Indexed; LOADS.len()] = indexed(&LOADS);
        self.op_indexed(&FORMS[kind as usize], dst, index, disp);
    }

    #[inline(always)]
    fn store_indexed(&mut self, kind: Store, src: Reg, index: Gpr, disp: i32) {
        static FORMS: [Indexed; STORES.len()] = indexed(&STORES);
        self.op_indexed(&FORMS[kind as usize], src, index, disp);
    }

    fn cmp_memory(&mut self, w: Width, a: Gpr, addr: Addr) {
        self.op_addr(w, 0x3b, a, addr);
    }

    fn store_imm(&mut self, kind: Store, value: i32, addr: Addr) {
        match kind {
            Store::B8 => {
                self.op_addr(W32, 0xc6, Ext(0), addr);
                self.w.put(u64::from(value as u8), 1);
            }
            Store::B16 => {
                self.op_addr(W32, 0xc7 | OP_66, Ext(0), addr);
                self.w.put(u64::from(value as u16), 2);
            }
            Store::B32 | Store::F32 => {
                self.op_addr(W32, 0xc7, Ext(0), addr);
                self.w.put32(value as u32);
            }
            Store::B64 | Store::F64 => {
                self.op_addr(W64, 0xc7, Ext(0), addr);
                self.w.put32(value as u32);
            }
            Store::V128 => unreachable!("a vector is no immediate"),
        }
    }

    fn memory_base(&mut self, memory: i32) {
        self.load_context(W64, R10, memory);
        asm!(self; mov r10, [r10]);
    }

    fn add_offset(&mut self, index: Gpr, offset: u64) {
        self.mov_imm(R11, offset as i64);
        self.op_loc(W64, 0x03, R11, Loc::reg(index));
    }

    fn check_bounds(&mut self, index: Gpr, end: u64, memory: i32) {
        self.add_offset(index, end);
        self.load_context(W64, R10, memory);
        asm!(self; cmp r11, [BYTE r10 + vmctx::memory::LEN as i8]);
        self.trap_if(Cond::GtU, TrapCode::MemoryOutOfBounds);
    }

    fn masked_address(&mut self, index: Gpr, end: u64, size: u32, memory: i32) -> Addr {
        self.check_bounds(index, end, memory);
        self.masked_checked_address(size, memory)
    }

    #[inline(always)]
    fn check_index(&mut self, index: Gpr, memory: i32) {
        // mov r10, [r14 + memory]; cmp index, [r10 + LEN]
        self.load_context(W64, R10, memory);
        let index = u64::from(index.0);
        self.w.put(0x42_3b49 | (index >> 3) << 2 | (index & 7) << 19 | (vmctx::memory::LEN as u64) << 24, 4);
        self.trap_if(Cond::GtU, TrapCode::MemoryOutOfBounds);
    }

    fn check_bounds_wide(&mut self, index: Gpr, end: u64, memory: i32) {
        self.add_offset(index, end);
        // The carry.
        self.trap_if(Cond::LtU, TrapCode::MemoryOutOfBounds);
        self.load_context(W64, R10, memory);
        asm!(self; cmp r11, [BYTE r10 + vmctx::memory::LEN as i8]);
        self.trap_if(Cond::GtU, TrapCode::MemoryOutOfBounds);
    }

    fn masked_checked_address(&mut self, size: u32, _memory: i32) -> Addr {
        // None of these changes the flags.
        asm!(self
            ; mov r10, [r10]
            ; lea r10, [r10 + r11 - size as i32]
            ; cmova r10, [BYTE r14 + vmctx::ZERO as i8]);
        Addr { base: R10, index: None, disp: 0 }
    }

    fn memory_size(&mut self, dst: Gpr, memory: i32, page_log2: u8) {
        self.load_context(W64, R11, memory);
        asm!(self; mov Rq(dst.0), [BYTE r11 + vmctx::memory::LEN as i8]);
        if page_log2 != 0 {
            asm!(self; shr Rq(dst.0), page_log2 as i8);
        }
    }

    #[inline(always)]
    fn load_global(&mut self, ty: Ty, dst: Gpr, offset: i32, indirect: bool) {
        // mov dst, [r14 + offset]; or mov r10, [r14 + offset]; mov dst, [r10]
        let w = if ty == Ty::I32 { W32 } else { W64 };
        if indirect {
            self.load_context(W64, R10, offset);
            self.w.put(0x02_8b41 | (w as u64) << 3 | u64::from(dst.0 >> 3) << 2 | u64::from(dst.0 & 7) << 19, 3);
        } else {
            self.load_context(w, dst, offset);
        }
    }

    fn global(&mut self, offset: i32, indirect: bool) -> Addr {
        if !indirect {
            return Addr { base: R14, index: None, disp: offset };
        }
        self.op_addr(W64, 0x8b, R10, Addr { base: R14, index: None, disp: offset });
        Addr { base: R10, index: None, disp: 0 }
    }

    fn table_size(&mut self, dst: Gpr, table: i32) {
        self.load_context(W64, R11, table);
        asm!(self; mov Rq(dst.0), [BYTE r11 + vmctx::table::LEN as i8]);
    }

    fn table_element(&mut self, index: Gpr, table: i32) -> Addr {
        self.checked_table(index, table);
        asm!(self
            ; lea r10, [r11 + Rq(index.0) * 8]);
        Addr { base: R10, index: None, disp: 0 }
    }
}

/// Opcodes by [`Load`].
const LOADS: [(Width, u32); 13] = [
    (W32, 0x8b),
    (W64, 0x8b),
    (W32, 0x10 | OP_0F | OP_F3),
    (W32, 0x10 | OP_0F | OP_F2),
    (W32, 0xb6 | OP_0F),
    (W32, 0xb7 | OP_0F),
    (W32, 0x8b),
    (W32, 0xbe | OP_0F),
    (W32, 0xbf | OP_0F),
    (W64, 0xbe | OP_0F),
    (W64, 0xbf | OP_0F),
    (W64, 0x63),
    (W32, 0x10 | OP_0F),
];

/// Opcodes by [`Store`].
const STORES: [(Width, u32); 7] = [
    (W32, 0x88 | OP_BYTE),
    (W32, 0x89 | OP_66),
    (W32, 0x89),
    (W64, 0x89),
    (W32, 0x11 | OP_0F | OP_F3),
    (W32, 0x11 | OP_0F | OP_F2),
    (W32, 0x11 | OP_0F),
];

const fn indexed<const N: usize>(ops: &[(Width, u32); N]) -> [Indexed; N] {
    let mut forms = [Indexed::new(W32, 0); N];
    let mut i = 0;
    while i < N {
        forms[i] = Indexed::new(ops[i].0, ops[i].1);
        i += 1;
    }
    forms
}
