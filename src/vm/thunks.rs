//! Calls from compiled code to the builtins: from its calling convention to C's and back.
//!
//! Compiled code keeps locals in registers that C functions do not preserve, and expects them unchanged after the call
//! of a builtin. Each builtin has a *thunk*, a few instructions that save those registers and move the arguments. It
//! also notes where compiled code left, as host-call trampolines do, so that a builtin may ask the embedder and that
//! there are backtraces, and unwinds to the entry when the builtin failed ([`builtins::Outcome`]).
//! See `headwater_codegen::isa` for the convention of each instruction set.
//!
//! They are machine code and yet not in `headwater_codegen::isa`: a thunk calls its builtin by symbol, which the
//! compiler, below the runtime, cannot name, and so is linked with this crate instead of being emitted. The asserts
//! below tie the registers that they save to the lists of `isa`.

#[cfg(doc)]
use crate::vm::builtins;
use crate::vm::context::Thunk;
use headwater_codegen::trampoline::GARBAGE;
use headwater_codegen::vmctx::{self, Builtin, store};

/// Notes in the store's context where compiled code left.
#[cfg(target_arch = "x86_64")]
macro_rules! note_exit {
    () => {
        "endbr64
        mov r10, [r14]
        mov r11, [rsp]
        mov [r10 + {exit_fp}], rbp
        mov [r10 + {exit_pc}], r11"
    };
}

/// Notes in the store's context where compiled code left.
#[cfg(target_arch = "aarch64")]
macro_rules! note_exit {
    () => {
        "hint #34 // bti c
        ldr x16, [x28]
        stp x29, x30, [x16, {exit_fp}]"
    };
}

const _: () =
    assert!(vmctx::STORE == 0 && store::EXIT_PC == store::EXIT_FP + 8 && store::ENTRY_FP == store::ENTRY_SP + 8);

// The registers that the thunks below save, by name.
#[cfg(target_arch = "x86_64")]
const _: () = {
    use headwater_codegen::isa::x64::{LOST_FPRS, LOST_GPRS};
    use headwater_codegen::reg::{Fpr, Gpr};
    const GPRS: [Gpr; 2] = Gpr::list([8, 9]);
    const FPRS: [Fpr; 9] = Fpr::list([5, 6, 7, 8, 9, 10, 11, 12, 13]);
    assert!(matches!((LOST_GPRS, LOST_FPRS), (GPRS, FPRS)));
};
#[cfg(target_arch = "aarch64")]
const _: () = {
    use headwater_codegen::reg::Fpr;
    assert!(matches!(headwater_codegen::isa::aarch64::LOST_FPRS, [Fpr(24), Fpr(25), Fpr(26), Fpr(27)]));
};

/// Defines a thunk for each builtin, one that poisons, and the tables of all of them.
macro_rules! thunks {
    ($($builtin:ident => $function:ident,)*) => {
        /// What both kinds of thunks have in common: saves what locals may be pinned to, calls the builtin with its
        /// arguments in C's places, and unwinds to the entry if it says so.
        mod calls {
            use crate::vm::builtins;
            use headwater_codegen::vmctx::store;
            $(
                #[cfg(target_arch = "x86_64")]
                #[unsafe(naked)]
                pub(super) unsafe extern "C" fn $function() {
                    std::arch::naked_asm!(
                        // The return address and these leave rsp a multiple of 16.
                        "sub rsp, 88",
                        "mov [rsp], r8",
                        "mov [rsp + 8], r9",
                        "movsd [rsp + 16], xmm5",
                        "movsd [rsp + 24], xmm6",
                        "movsd [rsp + 32], xmm7",
                        "movsd [rsp + 40], xmm8",
                        "movsd [rsp + 48], xmm9",
                        "movsd [rsp + 56], xmm10",
                        "movsd [rsp + 64], xmm11",
                        "movsd [rsp + 72], xmm12",
                        "movsd [rsp + 80], xmm13",
                        "mov r8, rax",
                        "mov r9, rdi",
                        "mov rdi, r14",
                        "call {builtin}",
                        "mov r11, [r14]",
                        "test rdx, rdx",
                        "jne 2f",
                        "mov qword ptr [r11 + {exit_fp}], 0",
                        "mov r8, [rsp]",
                        "mov r9, [rsp + 8]",
                        "movsd xmm5, [rsp + 16]",
                        "movsd xmm6, [rsp + 24]",
                        "movsd xmm7, [rsp + 32]",
                        "movsd xmm8, [rsp + 40]",
                        "movsd xmm9, [rsp + 48]",
                        "movsd xmm10, [rsp + 56]",
                        "movsd xmm11, [rsp + 64]",
                        "movsd xmm12, [rsp + 72]",
                        "movsd xmm13, [rsp + 80]",
                        "add rsp, 88",
                        "ret",
                        "2:",
                        "mov rsp, [r11 + {entry_sp}]",
                        "mov rbp, [r11 + {entry_fp}]",
                        "mov eax, 1",
                        "jmp [r11 + {entry_pc}]",
                        builtin = sym builtins::$function,
                        exit_fp = const store::EXIT_FP,
                        entry_sp = const store::ENTRY_SP,
                        entry_fp = const store::ENTRY_FP,
                        entry_pc = const store::ENTRY_PC,
                    )
                }

                // AAPCS64 preserves most of what locals are pinned to.
                #[cfg(target_arch = "aarch64")]
                #[unsafe(naked)]
                pub(super) unsafe extern "C" fn $function() {
                    std::arch::naked_asm!(
                        "stp x29, x30, [sp, #-48]!",
                        "mov x29, sp",
                        "stp d24, d25, [sp, #16]",
                        "stp d26, d27, [sp, #32]",
                        "mov x0, x28",
                        "bl {builtin}",
                        "ldr x16, [x28]",
                        "cbnz x1, 2f",
                        "str xzr, [x16, {exit_fp}]",
                        "ldp d26, d27, [sp, #32]",
                        "ldp d24, d25, [sp, #16]",
                        "ldp x29, x30, [sp], #48",
                        "ret",
                        "2:",
                        "ldp x17, x29, [x16, {entry_sp}]",
                        "mov sp, x17",
                        "ldr x16, [x16, {entry_pc}]",
                        "mov w0, 1",
                        "br x16",
                        builtin = sym builtins::$function,
                        exit_fp = const store::EXIT_FP,
                        entry_sp = const store::ENTRY_SP,
                        entry_pc = const store::ENTRY_PC,
                    )
                }
            )*
        }

        $(
            #[cfg(target_arch = "x86_64")]
            #[unsafe(naked)]
            unsafe extern "C" fn $function() {
                std::arch::naked_asm!(
                    note_exit!(),
                    "jmp {call}",
                    call = sym calls::$function,
                    exit_fp = const store::EXIT_FP,
                    exit_pc = const store::EXIT_PC,
                )
            }

            #[cfg(target_arch = "aarch64")]
            #[unsafe(naked)]
            unsafe extern "C" fn $function() {
                std::arch::naked_asm!(
                    note_exit!(),
                    "b {call}",
                    call = sym calls::$function,
                    exit_fp = const store::EXIT_FP,
                )
            }
        )*

        static BUILTINS: [Thunk; Builtin::COUNT] = {
            let mut table = [Thunk(ref_func); Builtin::COUNT];
            $(table[Builtin::$builtin as usize] = Thunk($function);)*
            table
        };

        /// Thunks that fill with garbage what compiled code must not rely on, when the builtin returns.
        mod poisoned {
            use headwater_codegen::trampoline::GARBAGE;
            use headwater_codegen::vmctx::{Builtin, store};
            $(
                #[cfg(target_arch = "x86_64")]
                #[unsafe(naked)]
                pub(super) unsafe extern "C" fn $function() {
                    std::arch::naked_asm!(
                        note_exit!(),
                        "sub rsp, 8",
                        "call {call}",
                        "add rsp, 8",
                        "movabs r11, {garbage}",
                        "movabs r10, {upper}",
                        "or rax, r10",
                        "mov rcx, r11",
                        "mov rdx, r11",
                        "mov rsi, r11",
                        "mov rdi, r11",
                        "mov r10, r11",
                        "movq xmm0, r11",
                        "movq xmm1, r11",
                        "movq xmm2, r11",
                        "movq xmm3, r11",
                        "movq xmm4, r11",
                        "movq xmm14, r11",
                        "movq xmm15, r11",
                        "ret",
                        call = sym super::calls::$function,
                        garbage = const GARBAGE,
                        upper = const super::upper_garbage(Builtin::$builtin),
                        exit_fp = const store::EXIT_FP,
                        exit_pc = const store::EXIT_PC,
                    )
                }

                #[cfg(target_arch = "aarch64")]
                #[unsafe(naked)]
                pub(super) unsafe extern "C" fn $function() {
                    std::arch::naked_asm!(
                        note_exit!(),
                        "stp x29, x30, [sp, #-16]!",
                        "mov x29, sp",
                        "bl {call}",
                        "ldp x29, x30, [sp], #16",
                        "movz x16, {upper_low}, lsl #32",
                        "movk x16, {upper_high}, lsl #48",
                        "orr x0, x0, x16",
                        "movz x16, {low}",
                        "movk x16, {middle}, lsl #16",
                        "movk x16, {high}, lsl #48",
                        "mov x1, x16", "mov x2, x16", "mov x3, x16", "mov x4, x16", "mov x5, x16",
                        "mov x6, x16", "mov x7, x16", "mov x8, x16", "mov x9, x16", "mov x10, x16",
                        "mov x11, x16", "mov x12, x16", "mov x13, x16", "mov x14, x16", "mov x15, x16",
                        "mov x17, x16",
                        "dup v0.2d, x16", "dup v1.2d, x16", "dup v2.2d, x16", "dup v3.2d, x16",
                        "dup v4.2d, x16", "dup v5.2d, x16", "dup v6.2d, x16", "dup v7.2d, x16",
                        "dup v16.2d, x16", "dup v17.2d, x16", "dup v18.2d, x16", "dup v19.2d, x16",
                        "dup v20.2d, x16", "dup v21.2d, x16", "dup v22.2d, x16", "dup v23.2d, x16",
                        "dup v28.2d, x16", "dup v29.2d, x16", "dup v30.2d, x16", "dup v31.2d, x16",
                        "ret",
                        call = sym super::calls::$function,
                        upper_low = const super::upper_garbage(Builtin::$builtin) >> 32 & 0xffff,
                        upper_high = const super::upper_garbage(Builtin::$builtin) >> 48,
                        low = const GARBAGE & 0xffff,
                        middle = const GARBAGE >> 16 & 0xffff,
                        high = const GARBAGE >> 48,
                        exit_fp = const store::EXIT_FP,
                    )
                }
            )*
        }

        static POISONED: [Thunk; Builtin::COUNT] = {
            let mut table = [Thunk(poisoned::ref_func); Builtin::COUNT];
            $(table[Builtin::$builtin as usize] = Thunk(poisoned::$function);)*
            table
        };
    };
}

/// What is above a result of 32 bits.
const fn upper_garbage(builtin: Builtin) -> u64 {
    match builtin {
        // A pointer.
        Builtin::RefFunc => 0,
        _ => GARBAGE >> 32 << 32,
    }
}

/// What compiled code finds at [`headwater_codegen::vmctx::BUILTINS`]; `poison`:
/// [`Config::poison_borders`](crate::Config::poison_borders).
pub(crate) fn table(poison: bool) -> *const Thunk {
    if poison { POISONED.as_ptr() } else { BUILTINS.as_ptr() }
}

thunks! {
    MemoryGrow => memory_grow,
    MemoryFill => memory_fill,
    MemoryCopy => memory_copy,
    MemoryInit => memory_init,
    DataDrop => data_drop,
    TableGrow => table_grow,
    TableFill => table_fill,
    TableCopy => table_copy,
    TableInit => table_init,
    ElemDrop => elem_drop,
    RefFunc => ref_func,
    Check => check,
}
