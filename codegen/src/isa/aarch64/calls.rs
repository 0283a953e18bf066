//! Calls, and what is passed on the stack.

use super::enc::{self, imm26};
use super::frame::{AUTIASP, BTI_C};
use super::memory::{LDR_X, STR_D, STR_X};
use super::{A64, VMCTX, X15, X16, X17, asm, cc};
use crate::masm::*;
use crate::trap::TrapCode;
use crate::ty::PerClass;
use crate::vmctx::{self, Builtin};
use dynasmrt::DynasmApi;

impl Calls for A64 {
    fn store_arg(&mut self, src: Gpr, i: u32) {
        self.outgoing(STR_X, src, i);
    }

    fn fstore_arg(&mut self, src: Fpr, i: u32) {
        self.outgoing(STR_D, src, i);
    }

    fn load_result(&mut self, dst: Gpr, i: u32) {
        self.outgoing(LDR_X, dst, i);
    }

    fn call_direct(&mut self) -> u32 {
        let site = self.pos();
        if self.far_calls {
            // adrp x16, callee; add x16, x16, #callee; blr x16
            self.w.put(0x9100_0210_9000_0010, 8);
            self.put(0xd63f_0200);
        } else {
            self.put(enc::BL);
        }
        site
    }

    fn call_import(&mut self, offset: i32) {
        const { assert!(vmctx::func_import::CODE == 0 && vmctx::func_import::VMCTX == 8) }
        if (0..=504).contains(&offset) {
            asm!(self; ldp x16, x28, [x28, offset]);
        } else {
            self.add_disp(X17, VMCTX, i64::from(offset));
            asm!(self; ldp x16, x28, [x17]);
        }
        asm!(self
            ; ldr x27, [x28, vmctx::MEMBASE as u32]
            ; blr x16);
    }

    fn load_callee(&mut self, index: Gpr, table: i32) {
        self.checked_table(index, table);
        asm!(self; ldr x17, [x16, X(index.0), lsl 3]);
    }

    fn check_callee(&mut self) {
        asm!(self
            ; ldr w15, [x17, vmctx::func_ref::SIG as u32]
            ; cmp w16, w15);
        self.trap_cc(cc::NE, TrapCode::BadSignature);
    }

    fn call_funcref(&mut self) {
        const { assert!(vmctx::func_ref::CODE == 0 && vmctx::func_ref::VMCTX == 8) }
        asm!(self
            ; ldp x16, x28, [x17]
            ; ldr x27, [x28, vmctx::MEMBASE as u32]
            ; blr x16);
    }

    fn restore_context(&mut self) {
        asm!(self
            ; ldur x28, [x29, -8]
            ; ldr x27, [x28, vmctx::MEMBASE as u32]);
    }

    fn call_builtin(&mut self, builtin: u32) {
        asm!(self
            ; ldr x16, [x28, vmctx::BUILTINS as u32]
            ; ldr x16, [x16, builtin * 8]
            ; blr x16);
    }

    fn tail_call(&mut self, pins: PerClass<usize>, slots: u32) -> u32 {
        self.leave_frame(pins, slots);
        let site = self.pos();
        if self.far_calls {
            // adrp x16, callee; add x16, x16, #callee; br x16
            self.w.put(0x9100_0210_9000_0010, 8);
            self.put(BR_X16);
        } else {
            self.put(enc::B);
        }
        site
    }

    fn tail_call_funcref(&mut self, pins: PerClass<usize>, slots: u32) {
        asm!(self; ldr x17, [x17, vmctx::func_ref::CODE as u32]);
        self.leave_frame(pins, slots);
        asm!(self
            ; mov x16, x17
            ; br x16);
    }

    fn compare_context(&mut self, differs: &mut Chain) {
        asm!(self
            ; ldr x16, [x17, vmctx::func_ref::VMCTX as u32]
            ; cmp x16, x28);
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
        match callee {
            // The instruction behind this sequence: bl is no jump, and the address of another function may be out of
            // an instruction's reach.
            TailCallee::Direct => {}
            TailCallee::Import(offset) => {
                self.add_disp(X17, VMCTX, i64::from(offset));
                asm!(self; ldp x16, x17, [x17]);
            }
            TailCallee::Funcref => asm!(self; ldp x16, x17, [x17]),
        }
        self.mov_imm(X15, i64::from(pack_slots(slots, results)));
        asm!(self
            ; ldr x9, [x28, vmctx::BUILTINS as u32]
            ; ldr x9, [x9, Builtin::TailCall as u32 * 8]);
        if callee != TailCallee::Direct {
            asm!(self; br x9);
            return None;
        }
        // adr x16, behind the jump
        asm!(self
            ; adr x16, 12
            ; mov x17, x28
            ; br x9);
        if self.pads {
            self.put(BTI_C);
        }
        let site = self.pos();
        if self.far_calls {
            self.w.put(0x9100_0210_9000_0010, 8);
            self.put(BR_X16);
        } else {
            self.put(enc::B);
        }
        Some(site)
    }
}

const BR_X16: u32 = 0xd61f_0200;

impl A64 {
    /// Restores the pinned registers, moves stack arguments up, and frees the frame. Keeps x17.
    fn leave_frame(&mut self, pins: PerClass<usize>, slots: u32) {
        self.restore_pins(pins);
        // The last first: the destination is above the source.
        if slots <= 8 {
            for i in (0..slots).rev() {
                self.outgoing(LDR_X, X16, i);
                self.frame(STR_X, X16, 16 + 8 * i as i32);
            }
        } else {
            // x15 = how many are left; x9, x10 = where they are and go; temporaries, no arguments
            self.mov_imm(X15, i64::from(slots));
            asm!(self
                ; mov x9, sp
                ; add x10, x29, 16
                ; sub x15, x15, 1
                ; ldr x16, [x9, x15, lsl 3]
                ; str x16, [x10, x15, lsl 3]
                ; cbnz x15, -12);
        }
        // mov sp, x29; ldp x29, x30, [sp], #16
        self.w.put(0xa8c1_7bfd_9100_03bf, 8);
        if self.pads {
            self.put(AUTIASP);
        }
    }
}

/// Makes the call at `site`, in whichever form, go to `dest`; see [`crate::Target::patch_call`].
///
/// # Safety
/// As there.
#[inline(always)]
pub(crate) unsafe fn patch_call(code: *mut u8, site: u32, dest: u32) {
    // SAFETY: the caller says that there is a call at `site`.
    let at = unsafe { code.add(site as usize) }.cast::<u32>();
    let pages = (code as usize).wrapping_add(dest as usize) as u64 >> 12;
    let pages = pages.wrapping_sub((code as usize).wrapping_add(site as usize) as u64 >> 12) as u32;
    // SAFETY: as above; one instruction, or three.
    unsafe {
        let word = at.read_unaligned();
        // Of `b` and `bl`, which differ in the highest bit.
        if word >> 26 & 0x1f == enc::B >> 26 {
            at.write_unaligned(word & 0xfc00_0000 | imm26(dest.wrapping_sub(site)));
        } else {
            // adrp x16, …; add x16, x16, #…
            at.write_unaligned(0x9000_0010 | (pages & 3) << 29 | (pages >> 2 & 0x7_ffff) << 5);
            let low = (code as usize).wrapping_add(dest as usize) as u32 & 0xfff;
            at.add(1).write_unaligned(0x9100_0210 | low << 10);
        }
    }
}
