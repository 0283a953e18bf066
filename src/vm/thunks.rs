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
use crate::vm::subtypes;
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
    const GPRS: [Gpr; 1] = Gpr::list([6]);
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
                        "mov [rsp], rsi",
                        "mov [rsp + 8], rdi",
                        "movsd [rsp + 16], xmm5",
                        "movsd [rsp + 24], xmm6",
                        "movsd [rsp + 32], xmm7",
                        "movsd [rsp + 40], xmm8",
                        "movsd [rsp + 48], xmm9",
                        "movsd [rsp + 56], xmm10",
                        "movsd [rsp + 64], xmm11",
                        "movsd [rsp + 72], xmm12",
                        "movsd [rsp + 80], xmm13",
                        "mov rsi, rax",
                        "mov rdi, r14",
                        "call {builtin}",
                        "mov r11, [r14]",
                        "test rdx, rdx",
                        "jne 2f",
                        "mov qword ptr [r11 + {exit_fp}], 0",
                        "mov rsi, [rsp]",
                        "mov rdi, [rsp + 8]",
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
            table[Builtin::TailCall as usize] = Thunk(tail::tail_call);
            table[Builtin::Throw as usize] = Thunk(exceptions::throw);
            table[Builtin::ThrowRef as usize] = Thunk(exceptions::throw_ref);
            table[Builtin::ThrowPending as usize] = Thunk(exceptions::throw_pending);
            table[Builtin::IsSubtype as usize] = Thunk(subtypes::is_subtype);
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
                        "mov r8, r11",
                        "mov r9, r11",
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
            table[Builtin::TailCall as usize] = Thunk(tail::tail_call);
            table[Builtin::Throw as usize] = Thunk(exceptions::throw);
            table[Builtin::ThrowRef as usize] = Thunk(exceptions::throw_ref);
            table[Builtin::ThrowPending as usize] = Thunk(exceptions::throw_pending);
            table[Builtin::IsSubtype as usize] = Thunk(subtypes::is_subtype);
            table
        };
    };
}

/// What is above a result of 32 bits.
const fn upper_garbage(builtin: Builtin) -> u64 {
    match builtin {
        // A pointer, and what has 64 bits where indices have.
        Builtin::RefFunc | Builtin::MemoryGrow | Builtin::TableGrow => 0,
        // References.
        Builtin::GcAllocate
        | Builtin::StructNewDefault
        | Builtin::ArrayNew
        | Builtin::ArrayNewDefault
        | Builtin::ArrayNewFixed
        | Builtin::ArrayNewData
        | Builtin::ArrayNewElem
        | Builtin::ExternConvertAny
        | Builtin::AnyConvertExtern => 0,
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
    AtomicNotify => atomic_notify,
    AtomicWait32 => atomic_wait32,
    AtomicWait64 => atomic_wait64,
    GcAllocate => gc_allocate,
    StructNewDefault => struct_new_default,
    ArrayNew => array_new,
    ArrayNewDefault => array_new_default,
    ArrayNewFixed => array_new_fixed,
    ArrayNewData => array_new_data,
    ArrayNewElem => array_new_elem,
    ArrayFill => array_fill,
    ArrayCopy => array_copy,
    ArrayInitData => array_init_data,
    ArrayInitElem => array_init_elem,
    ExternConvertAny => extern_convert_any,
    AnyConvertExtern => any_convert_extern,
}

/// Throwing: saves all pinned registers for who looks for a handler, and goes on at the landing with those that belong
/// to it, or unwinds to the entry.
mod exceptions {
    use crate::vm::builtins;
    use crate::vm::exception::Landing;
    use headwater_codegen::vmctx::{self, store};

    macro_rules! throwing {
        ($($function:ident)*) => {$(
            #[cfg(target_arch = "x86_64")]
            #[unsafe(naked)]
            pub(super) unsafe extern "C" fn $function() {
                std::arch::naked_asm!(
                    note_exit!(),
                    "lea r11, [rsp + 8]",
                    "sub rsp, 152",
                    "mov [rsp + {sp}], r11",
                    "mov [rsp], rbx",
                    "mov [rsp + 8], rsi",
                    "mov [rsp + 16], r15",
                    "mov [rsp + 24], r13",
                    "mov [rsp + 32], r12",
                    "movsd [rsp + 40], xmm5",
                    "movsd [rsp + 48], xmm6",
                    "movsd [rsp + 56], xmm7",
                    "movsd [rsp + 64], xmm8",
                    "movsd [rsp + 72], xmm9",
                    "movsd [rsp + 80], xmm10",
                    "movsd [rsp + 88], xmm11",
                    "movsd [rsp + 96], xmm12",
                    "movsd [rsp + 104], xmm13",
                    // C has the arguments in rdi, rsi, rdx, rcx, r8.
                    "mov rsi, rax",
                    "mov rdi, r14",
                    "mov r8, rsp",
                    "call {builtin}",
                    "mov r11, [r14]",
                    "test eax, eax",
                    "je 2f",
                    "mov qword ptr [r11 + {exit_fp}], 0",
                    "mov rbx, [rsp]",
                    "mov rsi, [rsp + 8]",
                    "mov r15, [rsp + 16]",
                    "mov r13, [rsp + 24]",
                    "mov r12, [rsp + 32]",
                    "movsd xmm5, [rsp + 40]",
                    "movsd xmm6, [rsp + 48]",
                    "movsd xmm7, [rsp + 56]",
                    "movsd xmm8, [rsp + 64]",
                    "movsd xmm9, [rsp + 72]",
                    "movsd xmm10, [rsp + 80]",
                    "movsd xmm11, [rsp + 88]",
                    "movsd xmm12, [rsp + 96]",
                    "movsd xmm13, [rsp + 104]",
                    "mov rbp, [rsp + {fp}]",
                    "mov r11, [rsp + {pc}]",
                    "mov rax, [rsp + {exception}]",
                    "mov rsp, [rsp + {sp}]",
                    "mov r14, [rbp - 8]",
                    "mov rdi, [r14 + {membase}]",
                    "jmp r11",
                    "2:",
                    "mov rsp, [r11 + {entry_sp}]",
                    "mov rbp, [r11 + {entry_fp}]",
                    "mov eax, 1",
                    "jmp [r11 + {entry_pc}]",
                    builtin = sym builtins::$function,
                    fp = const Landing::FP,
                    pc = const Landing::PC,
                    exception = const Landing::EXCEPTION,
                    sp = const Landing::SP,
                    membase = const vmctx::MEMBASE,
                    exit_fp = const store::EXIT_FP,
                    exit_pc = const store::EXIT_PC,
                    entry_sp = const store::ENTRY_SP,
                    entry_fp = const store::ENTRY_FP,
                    entry_pc = const store::ENTRY_PC,
                )
            }

            #[cfg(target_arch = "aarch64")]
            #[unsafe(naked)]
            pub(super) unsafe extern "C" fn $function() {
                std::arch::naked_asm!(
                    "hint #38", // bti jc
                    "ldr x16, [x28]",
                    "stp x29, x30, [x16, {exit_fp}]",
                    "mov x16, sp",
                    "sub sp, sp, #192",
                    "str x16, [sp, {sp}]",
                    "stp x19, x20, [sp]",
                    "stp x21, x22, [sp, #16]",
                    "stp x23, x24, [sp, #32]",
                    "stp x25, x26, [sp, #48]",
                    "stp d8, d9, [sp, #64]",
                    "stp d10, d11, [sp, #80]",
                    "stp d12, d13, [sp, #96]",
                    "stp d14, d15, [sp, #112]",
                    "stp d24, d25, [sp, #128]",
                    "stp d26, d27, [sp, #144]",
                    // C has the arguments in x0 to x4.
                    "mov x0, x28",
                    "mov x4, sp",
                    "bl {builtin}",
                    "ldr x16, [x28]",
                    "cbz w0, 2f",
                    "str xzr, [x16, {exit_fp}]",
                    "ldp x19, x20, [sp]",
                    "ldp x21, x22, [sp, #16]",
                    "ldp x23, x24, [sp, #32]",
                    "ldp x25, x26, [sp, #48]",
                    "ldp d8, d9, [sp, #64]",
                    "ldp d10, d11, [sp, #80]",
                    "ldp d12, d13, [sp, #96]",
                    "ldp d14, d15, [sp, #112]",
                    "ldp d24, d25, [sp, #128]",
                    "ldp d26, d27, [sp, #144]",
                    "ldr x29, [sp, {fp}]",
                    "ldr x16, [sp, {pc}]",
                    "ldr x0, [sp, {exception}]",
                    "ldr x17, [sp, {sp}]",
                    "mov sp, x17",
                    "ldur x28, [x29, #-8]",
                    "ldr x27, [x28, {membase}]",
                    "br x16",
                    "2:",
                    "ldp x17, x29, [x16, {entry_sp}]",
                    "mov sp, x17",
                    "ldr x16, [x16, {entry_pc}]",
                    "mov w0, 1",
                    "br x16",
                    builtin = sym builtins::$function,
                    fp = const Landing::FP,
                    pc = const Landing::PC,
                    exception = const Landing::EXCEPTION,
                    sp = const Landing::SP,
                    membase = const vmctx::MEMBASE,
                    exit_fp = const store::EXIT_FP,
                    entry_sp = const store::ENTRY_SP,
                    entry_pc = const store::ENTRY_PC,
                )
            }
        )*};
    }
    // What the thunks know of its layout.
    #[cfg(target_arch = "x86_64")]
    const _: () = assert!(Landing::FPRS == 40 && Landing::FP == 112 && Landing::SIZE == 144);
    #[cfg(target_arch = "aarch64")]
    const _: () = assert!(Landing::FPRS == 64 && Landing::FP == 160 && Landing::SIZE == 192);

    throwing! { throw throw_ref throw_pending }
}

/// Tail calls that need an adapter; what that is, and who needs it, says `func/tail.rs` of the compiler.
mod tail {
    use headwater_codegen::vmctx;

    /// Jumped to by a function whose pins are restored, with rbp as in its body, on the stack how many slots arguments
    /// and results take (the lower and the upper half of 32 bits) and above that the stack arguments; callee in r11, its
    /// context in r10, register arguments in their places.
    #[cfg(target_arch = "x86_64")]
    #[unsafe(naked)]
    pub(super) unsafe extern "C" fn tail_call() {
        std::arch::naked_asm!(
            "endbr64",
            "mov r14d, [rsp]",
            "lea rdi, [rip + 2f]",
            "cmp [rbp + 8], rdi",
            "jne 1f",
            // Called through an adapter: that is used once more.
            "mov rbp, [rbp]",
            "1:",
            "mov edi, r14d",
            "shr edi, 16",
            "mov [rbp - 16], rdi",
            "movzx r14d, r14w",
            "cmp rdi, r14",
            "cmovb rdi, r14",
            "neg rdi",
            "lea rdi, [rbp + rdi * 8 - 16]",
            "and rdi, -16",
            // The last argument first: the destination is not below the source.
            "test r14, r14",
            "je 4f",
            "3:",
            "push qword ptr [rsp + r14 * 8]",
            "pop qword ptr [rdi + r14 * 8 - 8]",
            "dec r14",
            "jne 3b",
            "4:",
            "lea rsp, [rdi - 8]",
            "lea r14, [rip + 2f]",
            "mov [rsp], r14",
            "mov r14, r10",
            "mov rdi, [r14 + {membase}]",
            "jmp r11",
            // Where the callee returns to, with rbp the adapter's and rsp at the results.
            "2:",
            "mov r11, [rbp - 16]",
            "test r11, r11",
            "je 6f",
            "5:",
            "mov r10, [rsp + r11 * 8 - 8]",
            "mov [rbp + r11 * 8 + 8], r10",
            "dec r11",
            "jne 5b",
            "6:",
            "leave",
            "mov r14, [rbp - 8]",
            "mov rdi, [r14 + {membase}]",
            "ret",
            membase = const vmctx::MEMBASE,
        )
    }

    /// The same with x29 as in the function's body, the slots in w15, the stack arguments at sp, callee in x16, its
    /// context in x17.
    #[cfg(target_arch = "aarch64")]
    #[unsafe(naked)]
    pub(super) unsafe extern "C" fn tail_call() {
        std::arch::naked_asm!(
            "hint #38", // bti jc
            "and x9, x15, #0xffff",
            "lsr w10, w15, #16",
            "adr x12, 2f",
            "ldr x30, [x29, #8]",
            "hint #7", // xpaclri
            "cmp x30, x12",
            "b.ne 1f",
            // Called through an adapter: that is used once more.
            "ldr x29, [x29]",
            "1:",
            "str x10, [x29, #-16]",
            "cmp x10, x9",
            "csel x13, x10, x9, hs",
            "sub x14, x29, #16",
            "sub x14, x14, x13, lsl #3",
            "and x14, x14, #-16",
            "mov x13, sp",
            // The last argument first: the destination is not below the source.
            "cbz x9, 4f",
            "3:",
            "sub x9, x9, #1",
            "ldr x10, [x13, x9, lsl #3]",
            "str x10, [x14, x9, lsl #3]",
            "cbnz x9, 3b",
            "4:",
            "mov sp, x14",
            "mov x30, x12",
            "mov x28, x17",
            "ldr x27, [x28, {membase}]",
            "br x16",
            // Where the callee returns to, with x29 the adapter's and sp at the results.
            "2:",
            "mov x11, sp",
            "add x10, x29, #16",
            "ldr x9, [x29, #-16]",
            "cbz x9, 6f",
            "5:",
            "sub x9, x9, #1",
            "ldr x12, [x11, x9, lsl #3]",
            "str x12, [x10, x9, lsl #3]",
            "cbnz x9, 5b",
            "6:",
            "mov sp, x29",
            "ldp x29, x30, [sp], #16",
            "ldur x28, [x29, #-8]",
            "ldr x27, [x28, {membase}]",
            // Signed, where code has landing pads: authenticated then.
            "mov x16, x30",
            "hint #7", // xpaclri
            "cmp x16, x30",
            "b.eq 7f",
            "mov x30, x16",
            "hint #29", // autiasp
            "7:",
            "ret",
            membase = const vmctx::MEMBASE,
        )
    }
}
