//! x86-64 with SSE4.1, System V.
//!
//! | register | role |
//! | --- | --- |
//! | rax rcx rdx r8 r9 | temporaries; arguments and results in this order |
//! | r10 r11 | scratch: never hold a value between operators |
//! | rbx rsi r15 r13 r12 | pinned locals, saved by the callee |
//! | r14 | vmctx |
//! | rdi | base of memory 0 |
//! | rbp rsp | frame pointer, stack pointer; rsp is a multiple of 16 between prologue and epilogue |
//! | xmm0–xmm4 | temporaries; arguments and results in this order |
//! | xmm5–xmm13 | pinned locals, saved by the callee |
//! | xmm14 xmm15 | scratch |
//!
//! What stands in most instructions has the registers that need no REX prefix: the first temporaries, the first pinned
//! locals, and the base of memory 0.
//!
//! C functions save less: whatever compiled code calls that is not compiled code preserves rsi and xmm5–xmm13 too.
//! The host-call trampolines do, and so must the builtins, which preserve rdi as well: they are called with vmctx in r14
//! and arguments in rax, rdx, rcx, r8, r9, and return in rax.

// dynasm converts the register numbers that it is given, whatever their type.
#![allow(clippy::useless_conversion)]

mod atomic;
mod calls;
mod enc;
mod float;
mod frame;
mod int;
mod jump;
mod masm;
mod memory;
mod moves;
#[cfg(test)]
mod tests;
pub(crate) mod trampoline;
mod vector;

pub(crate) use calls::patch_call;

use crate::buf::CodeWriter;
use crate::masm::{Cond, Lists};
use crate::reg::{Fpr, Gpr};
use crate::target::Target;

/// Emits one dynasm statement list for x86-64 into `$self.w`.
macro_rules! asm {
    ($self:expr ; $($t:tt)*) => { dynasm::dynasm!($self.w ; .arch x64 ; $($t)*) };
}
pub(crate) use asm;

/// The emitter.
#[derive(Debug)]
pub struct X64 {
    w: CodeWriter,
    target: Target,
    lists: Box<Lists>,
    /// The operator that is being compiled.
    operator: *const u8,
    /// [`crate::env::Checks::mask_indices`]
    mask: bool,
    /// [`crate::env::Checks::landing_pads`]
    pads: bool,
}

const RAX: Gpr = Gpr(0);
const RCX: Gpr = Gpr(1);
const RDX: Gpr = Gpr(2);
const RBX: Gpr = Gpr(3);
const RSP: Gpr = Gpr(4);
const RBP: Gpr = Gpr(5);
const RSI: Gpr = Gpr(6);
const RDI: Gpr = Gpr(7);
const R8: Gpr = Gpr(8);
const R9: Gpr = Gpr(9);
const R10: Gpr = Gpr(10);
const R11: Gpr = Gpr(11);
const R14: Gpr = Gpr(14);
/// Scratch besides [`FPR_SCRATCH`](crate::masm::Masm::FPR_SCRATCH).
const XMM14: Fpr = Fpr(14);
const XMM15: Fpr = Fpr(15);

/// Pinned registers that C functions do not preserve, in the order in which thunks and trampolines save them.
pub const LOST_GPRS: [Gpr; 1] = [RSI];
/// The same for floats.
pub const LOST_FPRS: [Fpr; 9] = Fpr::list([5, 6, 7, 8, 9, 10, 11, 12, 13]);

/// Condition codes of the machine.
mod cc {
    pub(super) const O: u8 = 0;
    pub(super) const NO: u8 = 1;
    pub(super) const B: u8 = 2;
    pub(super) const AE: u8 = 3;
    pub(super) const E: u8 = 4;
    pub(super) const NE: u8 = 5;
    pub(super) const BE: u8 = 6;
    pub(super) const A: u8 = 7;
    pub(super) const S: u8 = 8;
    pub(super) const NS: u8 = 9;
    pub(super) const P: u8 = 10;
}

/// The condition code for `cond`; `FEq` and `FNe` have no code of their own and are handled where they are used.
#[inline(always)]
fn cc_of(cond: Cond) -> u8 {
    const CC: [u8; 20] = [4, 5, 12, 13, 2, 3, 15, 14, 7, 6, 4, 5, 7, 6, 7, 6, 3, 2, 3, 2];
    CC[cond as usize]
}
