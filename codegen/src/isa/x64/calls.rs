//! Calls, and what is passed on the stack.

use super::enc::{OP_0F, OP_F2};
use super::{RSP, X64, asm};
use crate::masm::*;
use crate::trap::TrapCode;
use crate::vmctx;
use dynasmrt::DynasmApi;

use Width::{W32, W64};

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
        asm!(self
            ; mov r11, [r14 + code]
            ; mov r14, [r14 + context]
            ; mov r15, [BYTE r14 + vmctx::MEM0_BASE as i8]
            ; call r11);
    }

    fn load_callee(&mut self, index: Gpr, table: i32, sig: u32) {
        self.checked_table(index, table);
        asm!(self
            ; mov r10, [r11 + Rq(index.0) * 8]
            ; test r10, r10);
        self.trap_if(Cond::Eq, TrapCode::IndirectCallToNull);
        asm!(self; cmp DWORD [BYTE r10 + vmctx::func_ref::SIG as i8], sig as i32);
        self.trap_if(Cond::Ne, TrapCode::BadSignature);
    }

    fn call_funcref(&mut self) {
        asm!(self
            ; mov r14, [BYTE r10 + vmctx::func_ref::VMCTX as i8]
            ; mov r15, [BYTE r14 + vmctx::MEM0_BASE as i8]
            ; call QWORD [BYTE r10 + vmctx::func_ref::CODE as i8]);
    }

    fn restore_context(&mut self) {
        asm!(self
            ; mov r14, [rbp - 8]
            ; mov r15, [BYTE r14 + vmctx::MEM0_BASE as i8]);
    }

    fn call_builtin(&mut self, builtin: u32) {
        asm!(self
            ; mov r11, [BYTE r14 + vmctx::BUILTINS as i8]
            ; call QWORD [r11 + builtin as i32 * 8]);
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
