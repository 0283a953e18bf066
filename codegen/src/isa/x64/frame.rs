//! The frame: prologue and epilogue, and its slots.

use super::enc::Ext;
use super::float::scalar;
use super::{R11, RBP, X64, asm};
use crate::masm::*;
use crate::trap::TrapCode;
use crate::ty::Ty;
use crate::vmctx;
use dynasmrt::DynasmApi;

use Width::{W32, W64};

/// As many slots are zeroed by one store for each two of them. `rep stosq` is shorter from five slots on, but takes dozens
/// of cycles before it stores anything.
const MOST_STORED_SLOTS: u32 = 24;

/// The largest frame whose size has one byte, in multiples of 8.
const SMALL_FRAME: u32 = 120;
/// Bytes of temporaries and outgoing arguments that most functions need no more of.
const USUAL_TEMPORARIES: u32 = 16;

impl Frame for X64 {
    const ENTRY_ALIGNMENT: u32 = 16;

    #[inline(always)]
    fn prologue(&mut self, gpr_pins: usize, fpr_pins: usize, locals: u32) -> u32 {
        self.landing_pad();
        // push rbp; mov rbp, rsp; push r14
        self.w.put(0x5641_e589_4855, 6);
        // push rbx; push rsi; push r15; push r13; push r12
        self.w.put(0x5441_5541_5741_5653, gpr_pins + gpr_pins.saturating_sub(2));
        let patch = self.pos();
        if locals + 8 * fpr_pins as u32 + USUAL_TEMPORARIES <= SMALL_FRAME {
            // sub rsp, imm8
            self.w.put(0xec_8348, 4);
        } else {
            // sub rsp, imm32
            self.w.put(0xec_8148, 7);
        }
        // mov r11, [r14 + STORE]; cmp rsp, [r11 + STACK_LIMIT]
        const { assert!(vmctx::STORE == 0 && vmctx::store::STACK_LIMIT == 0) }
        self.w.put(0x233b_491e_8b4d, 6);
        self.trap_if(Cond::LtU, TrapCode::StackOverflow);
        for (i, &pin) in Self::FPR_PINS[..fpr_pins].iter().enumerate() {
            self.fstore_frame(pin, saved_fpr(gpr_pins, i));
        }
        patch
    }

    fn patch_frame(&mut self, prologue: u32, gpr_pins: usize, fpr_pins: usize, size: u32) {
        let pushed = 8 * (1 + gpr_pins as u32);
        let size = size + 8 * fpr_pins as u32;
        let size = (pushed + size).next_multiple_of(16) - pushed;
        if self.overflowed() {
            return;
        }
        if self.w.read32(prologue) & 0xff00 == 0x8100 {
            self.w.patch32(prologue + 3, size);
        } else if size <= SMALL_FRAME {
            self.w.patch8(prologue + 3, size as u8);
        } else {
            // The frame is set up after the code, by what comes there instead of two instructions: jmp …; xchg ax, ax;
            // and there sub rsp, imm32; mov r11, [r14 + STORE]; jmp back
            let jump = 0x0090_6600_0000_00e9 | u64::from(self.pos() - prologue - 5) << 8;
            self.w.patch32(prologue, jump as u32);
            self.w.patch32(prologue + 3, (jump >> 24) as u32);
            self.w.put(0xec_8148 | u64::from(size) << 24, 7);
            self.w.put(0x1e_8b4d, 3);
            self.jump_back(prologue + 7);
        }
    }

    fn frame_address(&mut self, dst: Gpr, disp: i32) {
        self.lea(W64, dst, RBP, disp);
    }

    fn landing(&mut self) {
        self.landing_pad();
    }

    fn epilogue(&mut self, gpr_pins: usize, fpr_pins: usize) {
        for (i, &pin) in Self::FPR_PINS[..fpr_pins].iter().enumerate() {
            self.fload_frame(W64, pin, saved_fpr(gpr_pins, i));
        }
        match gpr_pins {
            0 => {}
            // mov rbx, [rbp - 16]
            1 => self.w.put(0xf05d_8b48, 4),
            n => {
                // lea rsp, [rbp - 8 - 8 * n]; pop r12; pop r13; pop r15; pop rsi; pop rbx
                let disp = (-8 - 8 * n as i32) as u8;
                self.w.put(0x65_8d48 | u64::from(disp) << 24, 4);
                self.w.put(0x5b5e_5f41_5d41_5c41 >> (16 * (5 - n)), 2 * n - 2);
            }
        }
        // leave; ret
        self.w.put(0xc3c9, 2);
    }

    fn zero_slots(&mut self, disp: i32, count: u32) {
        match count {
            0 => {}
            1 => {
                asm!(self; xor r11d, r11d);
                self.store_frame(R11, disp);
            }
            2..=MOST_STORED_SLOTS => {
                asm!(self; xorps xmm15, xmm15);
                let end = disp + 8 * count as i32;
                for pair in (disp..end).step_by(16) {
                    // The last one of an odd number is stored with the one before.
                    self.op0f_loc(W32, 0x11, Self::FPR_SCRATCH, Loc::frame(pair.min(end - 16)));
                }
            }
            _ => asm!(self
                ; mov r11, rdi
                ; lea rdi, [rbp + disp]
                ; mov ecx, count as i32
                ; xor eax, eax
                ; rep stosq
                ; mov rdi, r11),
        }
    }

    fn align_entry(&mut self) {
        let n = self.pos().next_multiple_of(Self::ENTRY_ALIGNMENT) - self.pos();
        self.w.put(u64::from_ne_bytes([0xcc; 8]), n.min(8) as usize);
        self.w.put(u64::from_ne_bytes([0xcc; 8]), n.saturating_sub(8) as usize);
    }

    #[inline(always)]
    fn load_frame(&mut self, ty: Ty, dst: Gpr, disp: i32) {
        let w = if ty == Ty::I32 { W32 } else { W64 };
        self.mov_loc(w, dst, Loc::frame(disp));
    }

    #[inline(always)]
    fn store_frame(&mut self, src: Gpr, disp: i32) {
        self.op_loc(W64, 0x89, src, Loc::frame(disp));
    }

    #[inline(always)]
    fn store_frame_imm(&mut self, value: i32, disp: i32) {
        self.op_loc(W64, 0xc7, Ext(0), Loc::frame(disp));
        self.w.put32(value as u32);
    }

    #[inline(always)]
    fn fload_frame(&mut self, w: Width, dst: Fpr, disp: i32) {
        self.sse_loc(scalar(w), 0x10, dst, Loc::frame(disp));
    }

    #[inline(always)]
    fn fstore_frame(&mut self, src: Fpr, disp: i32) {
        self.sse_loc(0xf2, 0x11, src, Loc::frame(disp));
    }
}

impl X64 {
    /// Where indirect calls and jumps may go to.
    #[inline(always)]
    pub(super) fn landing_pad(&mut self) {
        if self.pads {
            // endbr64
            self.w.put(0xfa1e_0ff3, 4);
        }
    }
}

/// Where the prologue saves the `i`th pinned float register, from rbp.
pub(super) fn saved_fpr(gpr_pins: usize, i: usize) -> i32 {
    -8 * (2 + gpr_pins + i) as i32
}
