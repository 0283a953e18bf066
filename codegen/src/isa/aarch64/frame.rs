//! The frame: prologue and epilogue, and its slots.

use super::enc::{self, add_imm, imm, imm26};
use super::memory::{LDR_D, LDR_S, LDR_W, LDR_X, STR_D, STR_X};
use super::{A64, FP, SP, X16, ZR, cc};
use crate::masm::*;
use crate::trap::TrapCode;
use crate::ty::{Class, PerClass, Ty};
use crate::vmctx;

use Width::{W32, W64};

/// Where the first pinned integer register is saved, from x29; the others follow downwards, then the floats.
const SAVED: i32 = -16;

/// Hints: nothing to processors that do not know them.
const PACIASP: u32 = 0xd503_233f;
pub(super) const AUTIASP: u32 = 0xd503_23bf;
pub(super) const BTI_C: u32 = 0xd503_245f;
pub(super) const BTI_J: u32 = 0xd503_249f;
pub(super) const CSDB: u32 = 0xd503_229f;

impl Frame for A64 {
    const ENTRY_ALIGNMENT: u32 = 8;

    fn prologue(&mut self, gpr_pins: usize, fpr_pins: usize, _locals: u32) -> u32 {
        // Nothing is ever written below sp, where signal handlers may write. x19 is saved whether or not it is
        // pinned: vmctx needs a slot of 16 bytes anyway.
        if self.pads {
            self.put(PACIASP);
        }
        // stp x19, x28, [sp, #-32]!; stp x29, x30, [sp, #16]
        self.w.put(0xa901_7bfd_a9be_73f3, 8);
        // add x29, sp, #16; sub sp, sp, #…
        self.w.put(0xd100_03ff_9100_43fd, 8);
        let patch = self.pos().wrapping_sub(4);
        // ldr x16, [x28, #STORE]; ldr x16, [x16, #STACK_LIMIT]
        const { assert!(vmctx::STORE == 0 && vmctx::store::STACK_LIMIT == 0) }
        self.w.put(0xf940_0210_f940_0390, 8);
        // cmp sp, x16
        self.put(0xeb30_63ff);
        self.trap_cc(cc::LO, TrapCode::StackOverflow);
        self.pins(false, gpr_pins, fpr_pins);
        patch
    }

    fn patch_frame(&mut self, prologue: u32, gpr_pins: usize, fpr_pins: usize, size: u32) {
        // vmctx and x19 are there already.
        let saved = 8 * (1 + gpr_pins as u32 + fpr_pins as u32);
        let frame = (saved + size).next_multiple_of(16).max(16) - 16;
        if let Some(field) = add_imm(u64::from(frame)) {
            self.w.patch32(prologue, 0xd100_03ff | field);
            return;
        }
        // The frame of a large function is set up after its code: b …; mov x16, #frame; sub sp, sp, x16; b back
        self.w.patch32(prologue, enc::B | imm26(self.pos().wrapping_sub(prologue)));
        self.mov_imm(X16, i64::from(frame));
        self.put(0xcb30_63ff);
        let back = prologue.wrapping_add(4).wrapping_sub(self.pos());
        self.put(enc::B | imm26(back));
    }

    fn frame_address(&mut self, dst: Gpr, disp: i32) {
        self.add_disp(dst, FP, i64::from(disp));
    }

    fn landing(&mut self) {
        self.come_here();
        if self.pads {
            self.put(BTI_J);
        }
    }

    fn epilogue(&mut self, gpr_pins: usize, fpr_pins: usize) {
        self.restore_pins(PerClass([gpr_pins, fpr_pins]));
        // mov sp, x29; ldp x29, x30, [sp], #16; ret
        self.w.put(0xa8c1_7bfd_9100_03bf, 8);
        if self.pads {
            self.put(AUTIASP);
        }
        self.put(0xd65f_03c0);
    }

    fn zero_slots(&mut self, disp: i32, count: u32) {
        self.zero_frame(disp, count);
    }

    fn align_entry(&mut self) {
        if !self.pos().is_multiple_of(Self::ENTRY_ALIGNMENT) {
            self.put(0);
        }
    }

    #[inline(always)]
    fn load_frame(&mut self, ty: Ty, dst: Gpr, disp: i32) {
        self.frame(if ty == Ty::I32 { LDR_W } else { LDR_X }, dst, disp);
    }

    #[inline(always)]
    fn store_frame(&mut self, src: Gpr, disp: i32) {
        self.frame(STR_X, src, disp);
    }

    fn store_frame_imm(&mut self, value: i32, disp: i32) {
        if value == 0 {
            self.frame(STR_X, ZR, disp);
        } else {
            self.mov_imm(X16, i64::from(value));
            self.frame(STR_X, X16, disp);
        }
    }

    #[inline(always)]
    fn fload_frame(&mut self, w: Width, dst: Fpr, disp: i32) {
        self.frame(if w == W32 { LDR_S } else { LDR_D }, dst, disp);
    }

    #[inline(always)]
    fn fstore_frame(&mut self, src: Fpr, disp: i32) {
        self.frame(STR_D, src, disp);
    }
}

impl A64 {
    /// Loads what the prologue saved.
    #[inline(always)]
    pub(super) fn restore_pins(&mut self, pins: PerClass<usize>) {
        self.pins(true, pins[Class::Int], pins[Class::Float]);
        if pins[Class::Int] != 0 {
            self.frame(LDR_X, Self::GPR_PINS[0], SAVED);
        }
    }

    /// Saves or loads all pinned registers but the first.
    #[inline(always)]
    fn pins(&mut self, load: bool, gpr_pins: usize, fpr_pins: usize) {
        // stp second, first, [x29, #disp], 64 bits; a float form has bit 26 and no bit 31.
        let pair = 0xa900_0000 | u32::from(load) << 22 | u32::from(FP.0) << 5;
        let (gpr, fpr) = if load { (LDR_X, LDR_D) } else { (STR_X, STR_D) };
        let mut disp = SAVED;
        for pins in Self::GPR_PINS[..gpr_pins].get(1..).unwrap_or_default().chunks(2) {
            if let &[a, b] = pins {
                disp -= 16;
                self.put(pair | (disp as u32 >> 3 & 0x7f) << 15 | u32::from(a.0) << 10 | u32::from(b.0));
            } else {
                disp -= 8;
                self.frame(gpr, pins[0], disp);
            }
        }
        disp = SAVED + 8 - 8 * gpr_pins as i32;
        for pins in Self::FPR_PINS[..fpr_pins].chunks(2) {
            if let &[a, b] = pins {
                disp -= 16;
                let pair = pair ^ 0xc400_0000;
                self.put(pair | (disp as u32 >> 3 & 0x7f) << 15 | u32::from(a.0) << 10 | u32::from(b.0));
            } else {
                disp -= 8;
                self.frame(fpr, pins[0], disp);
            }
        }
    }

    /// `sp = sp − bytes`; overwrites x16.
    pub(super) fn lower_stack(&mut self, bytes: u32) {
        match add_imm(u64::from(bytes)) {
            Some(field) => self.rri(imm::SUB, W64, SP, SP, field),
            None => {
                self.mov_imm(X16, i64::from(bytes));
                // sub sp, sp, x16
                self.put(0xcb30_63ff);
            }
        }
    }
}
