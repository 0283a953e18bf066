//! Calls, and what is passed on the stack.

use super::enc::{self, imm26};
use super::memory::{LDR_X, STR_D, STR_X};
use super::{A64, VMCTX, X16, X17, asm, cc};
use crate::masm::*;
use crate::trap::TrapCode;
use crate::vmctx;
use dynasmrt::DynasmApi;

use Width::{W32, W64};

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
            ; ldr x27, [x28, vmctx::MEM0_BASE as u32]
            ; blr x16);
    }

    fn load_callee(&mut self, index: Gpr, table: i32, sig: u32) {
        self.checked_table(index, table);
        asm!(self; ldr x17, [x16, X(index.0), lsl 3]);
        // cbz x17
        self.trap_branch(enc::CBZ | enc::sf(W64) | u32::from(X17.0), TrapCode::IndirectCallToNull);
        asm!(self; ldr w16, [x17, vmctx::func_ref::SIG as u32]);
        self.cmp_imm(W32, Loc::reg(X16), sig as i32);
        self.trap_cc(cc::NE, TrapCode::BadSignature);
    }

    fn call_funcref(&mut self) {
        const { assert!(vmctx::func_ref::CODE == 0 && vmctx::func_ref::VMCTX == 8) }
        asm!(self
            ; ldp x16, x28, [x17]
            ; ldr x27, [x28, vmctx::MEM0_BASE as u32]
            ; blr x16);
    }

    fn restore_context(&mut self) {
        asm!(self
            ; ldur x28, [x29, -8]
            ; ldr x27, [x28, vmctx::MEM0_BASE as u32]);
    }

    fn call_builtin(&mut self, builtin: u32) {
        asm!(self
            ; ldr x16, [x28, vmctx::BUILTINS as u32]
            ; ldr x16, [x16, builtin * 8]
            ; blr x16);
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
        if at.read_unaligned() >> 26 == enc::BL >> 26 {
            at.write_unaligned(enc::BL | imm26(dest.wrapping_sub(site)));
        } else {
            // adrp x16, …; add x16, x16, #…
            at.write_unaligned(0x9000_0010 | (pages & 3) << 29 | (pages >> 2 & 0x7_ffff) << 5);
            let low = (code as usize).wrapping_add(dest as usize) as u32 & 0xfff;
            at.add(1).write_unaligned(0x9100_0210 | low << 10);
        }
    }
}
