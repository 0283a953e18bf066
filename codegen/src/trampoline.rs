//! The boundary between host and compiled code: one pair of trampolines for each function type.
//!
//! * **Entry** (host → wasm) is an `unsafe extern "C" fn(vmctx: *mut VMContext, callee: *const u8,
//!   args: *mut ValRaw, store: *mut VMStoreContext) -> u32`, except that on x86-64 it has its parameters in
//!   r14, r10, r11 and rcx and preserves only rbx and rbp (`ENTRY_SAVES`): its only caller has saved the rest, and knows.
//!   It sets `ENTRY_SP`, `ENTRY_FP` and `ENTRY_PC` in `store` (the runtime saves and restores the outer values around
//!   it), loads the parameters from `args[0..]`, calls `callee` in compiled convention and stores the results
//!   to `args[0..]`. It returns 0, or 1 when a trap or a failed host call unwound to it. `args` has room for
//!   the larger of parameters and results.
//! * **Host call** (wasm → host) is called in compiled convention with the host function's own vmctx. It
//!   stores the parameters to an array on the stack, sets `EXIT_FP` and `EXIT_PC` in the store's context, calls
//!   `HOST_FN` and loads the results from the array. Pinned registers that C functions do not preserve it saves meanwhile;
//!   the floats among them, on x86-64 nine, need not be (`FLOAT_PINS`, [`crate::vmctx`]). If `HOST_FN` returns anything but 0 it unwinds: it
//!   restores `ENTRY_SP` and `ENTRY_FP` and jumps to `ENTRY_PC` with 1 in the result register.
//!
//! A signal handler unwinds from a trap the same way, by setting those three registers.
//!
//! With *poison* a trampoline fills whatever the other side must not rely on with [`GARBAGE`] before it passes
//! control on: what is above an `i32` or `f32` in the array of values, and every register that holds neither a value
//! nor something that the convention preserves. Correct code is unaffected. For tests.

use crate::masm::Store;
use crate::target::{Target, for_isa};
use crate::ty::Ty;

/// What registers are poisoned with.
pub const GARBAGE: u64 = 0xdead_2bad_c0de_f00d;

/// Writes the entry trampoline for functions of type `params → results` to the start of `out` and returns its
/// length in bytes; `None` if `out` is too short. The code is position-independent.
pub fn entry(target: Target, poison: bool, params: &[Ty], results: &[Ty], out: &mut [u8]) -> Option<usize> {
    for_isa!(
        target.isa,
        x64: crate::isa::x64::trampoline::entry(poison, params, results, out),
        aarch64: crate::isa::aarch64::trampoline::entry(poison, params, results, out),
    )
}

/// Writes the host-call trampoline for functions of type `params → results` to the start of `out` and returns
/// its length in bytes; `None` if `out` is too short. The code is position-independent.
pub fn host_call(target: Target, poison: bool, params: &[Ty], results: &[Ty], out: &mut [u8]) -> Option<usize> {
    for_isa!(
        target.isa,
        x64: crate::isa::x64::trampoline::host_call(poison, params, results, out),
        aarch64: crate::isa::aarch64::trampoline::host_call(poison, params, results, out),
    )
}

/// The number of bytes that suffices for either trampoline of a type with that many parameters and results.
pub const fn max_len(params: usize, results: usize) -> usize {
    2048 + 80 * (params + results)
}

/// What stores a value of type `ty` to the array of values: of an i32 all of its register, whose upper half is zero
/// (`ZEXT`).
pub(crate) fn store_to_array(ty: Ty) -> Store {
    if ty == Ty::I32 { Store::B64 } else { ty.store() }
}
