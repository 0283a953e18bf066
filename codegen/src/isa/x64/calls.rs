//! Calls, and what is passed on the stack.

use super::enc::{OP_0F, OP_F2};
use super::frame::saved_fpr;
use super::{R10, R11, R14, RSP, X64, asm};
use crate::masm::*;
use crate::trap::TrapCode;
use crate::ty::{Class, PerClass, Ty};
use crate::vmctx::{self, Builtin};
use dynasmrt::DynasmApi;

use Width::{W32, W64};

// What is written as an access without displacement.
const _: () = assert!(vmctx::func_ref::CODE == 0);

impl Calls for X64 {
    fn store_arg(&mut self, src: Gpr, i: u32) {
        self.op_addr(W64, 0x89, src, arg(i));
    }

    fn fstore_arg(&mut self, src: Fpr, i: u32) {
        self.op_addr(W32, 0x11 | OP_0F | OP_F2, src, arg(i));
    }

    fn load_result(&mut self, dst: Gpr, i: u32) {
        self.op_addr(W64, 0x8b, dst, arg(i));
    }

    fn call_direct(&mut self) -> u32 {
        self.w.put(0xe8, 5);
        self.pos() - 4
    }

    fn call_import(&mut self, offset: i32) {
        let (code, context) = (offset + vmctx::func_import::CODE, offset + vmctx::func_import::VMCTX);
        self.load_context(W64, R11, code);
        self.load_context(W64, R14, context);
        asm!(self
            ; mov rdi, [BYTE r14 + vmctx::MEMBASE as i8]
            ; call r11);
    }

    fn load_callee(&mut self, index: Gpr, table: i32) {
        self.checked_table(index, table);
        asm!(self; mov r10, [r11 + Rq(index.0) * 8]);
    }

    fn check_callee(&mut self) {
        asm!(self; cmp [BYTE r10 + vmctx::func_ref::SIG as i8], r11d);
        self.trap_if(Cond::Ne, TrapCode::BadSignature);
    }

    fn call_funcref(&mut self) {
        asm!(self
            ; mov r14, [BYTE r10 + vmctx::func_ref::VMCTX as i8]
            ; mov rdi, [BYTE r14 + vmctx::MEMBASE as i8]
            ; call QWORD [r10]);
    }

    fn restore_context(&mut self) {
        asm!(self
            ; mov r14, [rbp - 8]
            ; mov rdi, [BYTE r14 + vmctx::MEMBASE as i8]);
    }

    fn call_builtin(&mut self, builtin: u32) {
        asm!(self
            ; mov r11, [BYTE r14 + vmctx::BUILTINS as i8]);
        if builtin < 16 {
            asm!(self; call QWORD [BYTE r11 + builtin as i8 * 8]);
        } else {
            asm!(self; call QWORD [DWORD r11 + builtin as i32 * 8]);
        }
    }

    fn tail_call(&mut self, pins: PerClass<usize>, slots: u32) -> u32 {
        self.leave_frame(pins, slots);
        self.w.put(0xe9, 5);
        self.pos() - 4
    }

    fn tail_call_funcref(&mut self, pins: PerClass<usize>, slots: u32) {
        self.leave_frame(pins, slots);
        asm!(self; jmp QWORD [r10]);
    }

    fn compare_context(&mut self, differs: &mut Chain) {
        asm!(self; cmp r14, [BYTE r10 + vmctx::func_ref::VMCTX as i8]);
        self.jump_if(Cond::Ne, differs);
    }

    fn tail_call_adapted(
        &mut self,
        pins: PerClass<usize>,
        callee: TailCallee,
        slots: u32,
        results: u32,
    ) -> Option<u32> {
        self.restore_pins(pins);
        let mut site = None;
        match callee {
            TailCallee::Direct => {
                // lea r11, [rip + callee]
                self.w.put(0x1d_8d4c, 7);
                site = Some(self.pos() - 4);
                asm!(self; mov r10, r14);
            }
            TailCallee::Import(offset) => {
                self.load_context(W64, R11, offset + vmctx::func_import::CODE);
                self.load_context(W64, R10, offset + vmctx::func_import::VMCTX);
            }
            TailCallee::Funcref => asm!(self
                ; mov r11, [r10]
                ; mov r10, [BYTE r10 + vmctx::func_ref::VMCTX as i8]),
        }
        asm!(self
            ; mov r14, [BYTE r14 + vmctx::BUILTINS as i8]);
        // push imm32
        self.w.put(0x68 | u64::from(pack_slots(slots, results)) << 8, 5);
        asm!(self; jmp QWORD [r14 + Builtin::TailCall as i32 * 8]);
        site
    }
}

impl X64 {
    /// Loads what the prologue saved.
    fn restore_pins(&mut self, pins: PerClass<usize>) {
        let (gpr_pins, fpr_pins) = (pins[Class::Int], pins[Class::Float]);
        for (i, &pin) in Self::FPR_PINS[..fpr_pins].iter().enumerate() {
            self.fload_frame(W64, pin, saved_fpr(gpr_pins, i));
        }
        for (i, &pin) in Self::GPR_PINS[..gpr_pins].iter().enumerate() {
            self.load_frame(Ty::I64, pin, -16 - 8 * i as i32);
        }
    }

    fn leave_frame(&mut self, pins: PerClass<usize>, slots: u32) {
        self.restore_pins(pins);
        // The last first: the destination is above the source.
        if slots <= 8 {
            for i in (0..slots as i32).rev() {
                asm!(self
                    ; mov r11, [rsp + 8 * i]
                    ; mov [rbp + 16 + 8 * i], r11);
            }
        } else {
            asm!(self; mov r11d, slots as i32);
            let again = self.pos();
            asm!(self
                ; push QWORD [rsp + r11 * 8 - 8]
                ; pop QWORD [rbp + r11 * 8 + 8]
                ; dec r11);
            // jne again
            let distance = again.wrapping_sub(self.pos()).wrapping_sub(2);
            self.w.put(0x75 | u64::from(distance as u8) << 8, 2);
        }
        asm!(self; leave);
    }
}

fn arg(i: u32) -> Addr {
    Addr { base: RSP, index: None, disp: 8 * i as i32 }
}

/// Makes the call whose displacement field is at `site` go to `dest`; see [`crate::Target::patch_call`].
///
/// # Safety
/// As there.
#[inline(always)]
pub(crate) unsafe fn patch_call(code: *mut u8, site: u32, dest: u32) {
    let rel = dest.wrapping_sub(site).wrapping_sub(4);
    // SAFETY: the caller says that the four bytes at `site` are a displacement field.
    unsafe { code.add(site as usize).cast::<u32>().write_unaligned(rel) }
}
