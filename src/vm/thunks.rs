//! The way from compiled code to the builtins: from its convention to C's and back.
//!
//! Compiled code keeps locals in registers that C functions do not preserve, and expects them unchanged after the call of a
//! builtin. Each builtin has a *thunk*, a few instructions that save those registers and move the arguments.
//! See `headwater_codegen::isa` for the convention of each instruction set.

use crate::vm::builtins;
use headwater_codegen::vmctx::Builtin;

/// An entry of the table that compiled code calls through; not callable from Rust.
#[derive(Copy, Clone)]
#[repr(transparent)]
pub(crate) struct Thunk(unsafe extern "C" fn());

/// Defines a thunk for each builtin and the table of all of them.
macro_rules! thunks {
    ($($builtin:ident => $function:ident,)*) => {
        /// What compiled code finds at [`headwater_codegen::vmctx::BUILTINS`].
        pub(crate) static BUILTINS: [Thunk; Builtin::COUNT] = {
            $(
                /// Saves what locals may be pinned to, calls the builtin with its arguments in C's places.
                #[cfg(target_arch = "x86_64")]
                #[unsafe(naked)]
                unsafe extern "C" fn $function() {
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
                        builtin = sym builtins::$function,
                    )
                }
            )*
            let mut table = [Thunk(ref_func); Builtin::COUNT];
            $(table[Builtin::$builtin as usize] = Thunk($function);)*
            table
        };
    };
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
}
