//! Whether a type is a subtype of another, asked by compiled code in the middle of an operator: all registers stay as
//! they are, but for the scratch registers.

use crate::vm::context::VMContext;

/// [`Builtin::IsSubtype`](headwater_codegen::vmctx::Builtin::IsSubtype): in r10 the canonical number of a type, and in its
/// upper half that of another; then 1 in it if the first is a subtype of the second, else 0.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
pub(super) unsafe extern "C" fn is_subtype() {
    std::arch::naked_asm!(
        "push rax",
        "push rcx",
        "push rdx",
        "push rsi",
        "push rdi",
        "push r8",
        "push r9",
        "sub rsp, 256",
        "movups [rsp], xmm0",
        "movups [rsp + 16], xmm1",
        "movups [rsp + 32], xmm2",
        "movups [rsp + 48], xmm3",
        "movups [rsp + 64], xmm4",
        "movups [rsp + 80], xmm5",
        "movups [rsp + 96], xmm6",
        "movups [rsp + 112], xmm7",
        "movups [rsp + 128], xmm8",
        "movups [rsp + 144], xmm9",
        "movups [rsp + 160], xmm10",
        "movups [rsp + 176], xmm11",
        "movups [rsp + 192], xmm12",
        "movups [rsp + 208], xmm13",
        "movups [rsp + 224], xmm14",
        "movups [rsp + 240], xmm15",
        "mov rdi, r14",
        "mov rsi, r10",
        "call {ask}",
        "mov r10d, eax",
        "movups xmm0, [rsp]",
        "movups xmm1, [rsp + 16]",
        "movups xmm2, [rsp + 32]",
        "movups xmm3, [rsp + 48]",
        "movups xmm4, [rsp + 64]",
        "movups xmm5, [rsp + 80]",
        "movups xmm6, [rsp + 96]",
        "movups xmm7, [rsp + 112]",
        "movups xmm8, [rsp + 128]",
        "movups xmm9, [rsp + 144]",
        "movups xmm10, [rsp + 160]",
        "movups xmm11, [rsp + 176]",
        "movups xmm12, [rsp + 192]",
        "movups xmm13, [rsp + 208]",
        "movups xmm14, [rsp + 224]",
        "movups xmm15, [rsp + 240]",
        "add rsp, 256",
        "pop r9",
        "pop r8",
        "pop rdi",
        "pop rsi",
        "pop rdx",
        "pop rcx",
        "pop rax",
        "ret",
        ask = sym ask,
    )
}

/// The same in x17.
#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
pub(super) unsafe extern "C" fn is_subtype() {
    std::arch::naked_asm!(
        "stp x29, x30, [sp, #-16]!",
        "mov x29, sp",
        "sub sp, sp, #640",
        "stp x0, x1, [sp]",
        "stp x2, x3, [sp, #16]",
        "stp x4, x5, [sp, #32]",
        "stp x6, x7, [sp, #48]",
        "stp x8, x9, [sp, #64]",
        "stp x10, x11, [sp, #80]",
        "stp x12, x13, [sp, #96]",
        "stp x14, x15, [sp, #112]",
        "stp q0, q1, [sp, #128]",
        "stp q2, q3, [sp, #160]",
        "stp q4, q5, [sp, #192]",
        "stp q6, q7, [sp, #224]",
        "stp q8, q9, [sp, #256]",
        "stp q10, q11, [sp, #288]",
        "stp q12, q13, [sp, #320]",
        "stp q14, q15, [sp, #352]",
        "stp q16, q17, [sp, #384]",
        "stp q18, q19, [sp, #416]",
        "stp q20, q21, [sp, #448]",
        "stp q22, q23, [sp, #480]",
        "stp q24, q25, [sp, #512]",
        "stp q26, q27, [sp, #544]",
        "stp q28, q29, [sp, #576]",
        "stp q30, q31, [sp, #608]",
        "mov x0, x28",
        "mov x1, x17",
        "bl {ask}",
        "mov w17, w0",
        "ldp x0, x1, [sp]",
        "ldp x2, x3, [sp, #16]",
        "ldp x4, x5, [sp, #32]",
        "ldp x6, x7, [sp, #48]",
        "ldp x8, x9, [sp, #64]",
        "ldp x10, x11, [sp, #80]",
        "ldp x12, x13, [sp, #96]",
        "ldp x14, x15, [sp, #112]",
        "ldp q0, q1, [sp, #128]",
        "ldp q2, q3, [sp, #160]",
        "ldp q4, q5, [sp, #192]",
        "ldp q6, q7, [sp, #224]",
        "ldp q8, q9, [sp, #256]",
        "ldp q10, q11, [sp, #288]",
        "ldp q12, q13, [sp, #320]",
        "ldp q14, q15, [sp, #352]",
        "ldp q16, q17, [sp, #384]",
        "ldp q18, q19, [sp, #416]",
        "ldp q20, q21, [sp, #448]",
        "ldp q22, q23, [sp, #480]",
        "ldp q24, q25, [sp, #512]",
        "ldp q26, q27, [sp, #544]",
        "ldp q28, q29, [sp, #576]",
        "ldp q30, q31, [sp, #608]",
        "mov sp, x29",
        "ldp x29, x30, [sp], #16",
        "ret",
        ask = sym ask,
    )
}

/// See [`is_subtype`].
///
/// # Safety
/// `vmctx` is the context of the running instance, and the numbers are those of types in use.
unsafe extern "C" fn ask(vmctx: *mut VMContext, numbers: u64) -> u32 {
    // SAFETY: guaranteed by the caller; nothing else uses the store meanwhile.
    let store = unsafe { &mut *(*(*vmctx).store).store() };
    store.is_subtype(numbers as u32, (numbers >> 32) as u32).into()
}
