//! AArch64, little-endian, AAPCS64.
//!
//! | register | role |
//! | --- | --- |
//! | x0–x7 | temporaries; arguments and results in this order |
//! | x8–x12 | temporaries |
//! | x13 x14 | addresses of what locals point to; x14 in trampolines: the array of values |
//! | x15 | addresses and constants within one method |
//! | x16 x17 | scratch: never hold a value between operators |
//! | x18 | never touched: some systems use it |
//! | x19–x26 | pinned locals, saved by the callee |
//! | x27 | base of memory 0 |
//! | x28 | vmctx |
//! | x29 x30 sp | frame pointer, return address, stack pointer; sp is a multiple of 16 |
//! | v0–v7 | temporaries; arguments and results in this order |
//! | v16–v23 | temporaries |
//! | d8–d15, d24–d27 | pinned locals, saved by the callee |
//! | v30 v31 | scratch |
//!
//! C functions save less: whatever compiled code calls that is not compiled code preserves d24–d27 too. The host-call
//! trampolines do, and so must the builtins: they are called with vmctx in x28 and arguments in x1–x5, and return in
//! x0.
//!
//! # Ranges
//!
//! Conditional branches reach 1 MiB, unconditional ones and calls 128 MiB. Which form is used is decided once, for each
//! function and for each module, and there are no islands:
//!
//! * A function is compiled with *near* branches to at most `NEAR_CODE` bytes, so that every branch reaches. If that
//!   is too little, or its body is so long that it would be, it is compiled with *far* branches: inverted conditions
//!   over unconditional branches; to at most `FAR_CODE` bytes.
//! * Direct calls are `bl`, unless [`crate::ModuleEnv::far_calls`] says that the module's code may be too long; then
//!   they are `adrp`, `add`, `blr`.

// dynasm converts the register numbers and immediates that it is given, whatever their type.
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
use crate::masm::{Cond, Lists, Width};
use crate::reg::{Fpr, Gpr};

/// Emits one dynasm statement list for AArch64 into `$self.w`.
macro_rules! asm {
    ($self:expr ; $($t:tt)*) => { dynasm::dynasm!($self.w ; .arch aarch64 ; $($t)*) };
}
pub(crate) use asm;

/// The most code, in bytes, that a function with near branches has.
const NEAR_CODE: usize = 1 << 20;
/// The most code, in bytes, that any function has.
const FAR_CODE: usize = 127 << 20;
/// Longer bodies, in bytes, are compiled with far branches at once.
const NEAR_BODY: usize = 400_000;

/// Bodies of at most so many bytes are expected to have so little code that the shortest branches reach all of it.
const SMALL_BODY: usize = 4096;

/// The emitter.
#[derive(Debug)]
pub struct A64 {
    w: CodeWriter,
    lists: Box<Lists>,
    /// The operator that is being compiled.
    operator: *const u8,
    /// Far branches.
    far: bool,
    /// The shortest branches.
    small: bool,
    /// Far calls.
    far_calls: bool,
    /// [`crate::Target`]'s `lse`
    lse: bool,
    /// [`crate::Target`]'s `dotprod`
    dotprod: bool,
    /// The position after a comparison of a register with zero: if nothing was emitted since, a branch can do the
    /// comparison itself.
    zero_test: u32,
    /// … the register.
    tested: Gpr,
    /// … and the width.
    tested_width: Width,
    last: Last,
    /// Whether the table that was begun last consists of jumps.
    table_in_code: bool,
    /// [`crate::env::Checks::mask_indices`]
    mask: bool,
    /// [`crate::env::Checks::landing_pads`]
    pads: bool,
}

/// A shift or product that was emitted to a temporary: if nothing was emitted since, and no jump lands here, the
/// operation that consumes it can absorb it.
#[derive(Copy, Clone, Debug)]
struct Last {
    /// The position after it; 0: there is none.
    end: u32,
    /// The temporary.
    reg: Gpr,
    w: u8,
    /// Of a shift, the fields of a shifted register: register, kind, amount. Of a product, the word of `madd` with
    /// its factors.
    bits: u32,
}

impl Last {
    /// There is none.
    const NONE: Last = Last { end: 0, reg: ZR, w: 0, bits: 0 };
}

/// Which forms branches and calls have.
#[derive(Copy, Clone, Debug)]
pub struct Forms {
    /// The shortest branches: forwards, too, a sign is tested by one that reaches 32 KiB.
    small: bool,
    /// Far branches.
    far: bool,
    /// Far calls.
    far_calls: bool,
}

/// Pinned registers that C functions do not preserve, in the order in which thunks and trampolines save them: the
/// lower halves of d8 to d15 they do.
pub const LOST_FPRS: [Fpr; 4] = Fpr::list([24, 25, 26, 27]);

const X15: Gpr = Gpr(15);
const X16: Gpr = Gpr(16);
const X17: Gpr = Gpr(17);
const MEMBASE: Gpr = Gpr(27);
const VMCTX: Gpr = Gpr(28);
const FP: Gpr = Gpr(29);
/// The zero register, or the stack pointer where an instruction takes that.
const ZR: Gpr = Gpr(31);
const SP: Gpr = Gpr(31);
const V30: Fpr = Fpr(30);
const V31: Fpr = Fpr(31);

/// Condition codes of the machine; the negation differs in the lowest bit.
mod cc {
    pub(super) const NE: u8 = 1;
    pub(super) const HS: u8 = 2;
    pub(super) const LO: u8 = 3;
    pub(super) const MI: u8 = 4;
    pub(super) const VS: u8 = 6;
    pub(super) const HI: u8 = 8;
    pub(super) const LS: u8 = 9;
    pub(super) const GE: u8 = 10;
    pub(super) const LT: u8 = 11;
}

/// The condition code for `cond`. After a float comparison, unordered is V and C without N and Z.
#[inline(always)]
fn cc_of(cond: Cond) -> u8 {
    const CC: [u8; 20] = [0, 1, 11, 10, 3, 2, 12, 13, 8, 9, 0, 1, 4, 5, 12, 13, 9, 8, 10, 11];
    CC[cond as usize]
}
