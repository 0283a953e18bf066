//! Calls, and what is passed on the stack.

use super::{Chain, Fpr, Gpr};
use crate::ty::PerClass;

/// Calls, and what is passed on the stack.
pub trait Calls: Sized {
    /// Stores 64 bits of an integer register to outgoing stack argument `i`.
    fn store_arg(&mut self, src: Gpr, i: u32);
    /// Stores a float register to outgoing stack argument `i`.
    fn fstore_arg(&mut self, src: Fpr, i: u32);
    /// Loads 64 bits of stack result `i` of the call just made.
    fn load_result(&mut self, dst: Gpr, i: u32);
    /// Calls a function of this module; returns the call site to patch.
    fn call_direct(&mut self) -> u32;
    /// Calls the import whose `VMFuncImport` is at `offset` in vmctx. The caller restores the context afterwards.
    fn call_import(&mut self, offset: i32);
    /// SCRATCH2 = the funcref at element `index` of the table, checked for bounds. Uses SCRATCH.
    fn load_callee(&mut self, index: Gpr, table: i32);
    /// Traps unless the funcref in SCRATCH2 is of the type in SCRATCH. The first instruction is an access to
    /// [`func_ref::SIG`](crate::vmctx::func_ref::SIG), which faults if it is null (`NULL_FUNC`).
    fn check_callee(&mut self);
    /// Calls the funcref in SCRATCH2. The caller restores the context afterwards.
    fn call_funcref(&mut self);
    /// Brings vmctx and membase back after a call that may have gone to another instance.
    fn restore_context(&mut self);
    /// Calls a builtin; arguments are in [`BUILTIN_ARGS`](super::Masm::BUILTIN_ARGS), the result will be in the first of
    /// [`GPR_ARGS`](super::Masm::GPR_ARGS).
    fn call_builtin(&mut self, builtin: u32);
    /// Leaves the frame and jumps to a function of this module: restores what the prologue saved, `pins` integer and
    /// float registers, and moves `slots` stack arguments from the outgoing area to where the function's own were.
    /// Returns the site to patch.
    fn tail_call(&mut self, pins: PerClass<usize>, slots: u32) -> u32;
    /// The same for the funcref in SCRATCH2, whose context is known to be that of the function.
    fn tail_call_funcref(&mut self, pins: PerClass<usize>, slots: u32);
    /// Jumps to `differs`, keeping SCRATCH2, if the funcref there has another context than the function.
    fn compare_context(&mut self, differs: &mut Chain);
    /// Jumps to [`Builtin::TailCall`](crate::vmctx::Builtin::TailCall) for a tail call of `callee`, with the pins
    /// restored; `slots` and `results`: stack slots of arguments and results. Returns the site to patch for a function
    /// of this module.
    fn tail_call_adapted(&mut self, pins: PerClass<usize>, callee: TailCallee, slots: u32, results: u32)
    -> Option<u32>;
}

/// Whom a tail call goes to.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum TailCallee {
    /// A function of this module.
    Direct,
    /// The import whose `VMFuncImport` is at an offset in vmctx.
    Import(i32),
    /// The funcref in SCRATCH2.
    Funcref,
}

/// How stack slots of arguments and results are handed to [`Builtin::TailCall`](crate::vmctx::Builtin::TailCall).
pub(crate) fn pack_slots(slots: u32, results: u32) -> u32 {
    debug_assert!(slots < 1 << 15 && results < 1 << 15, "signatures have 1,000 parameters and results at most");
    slots | results << 16
}
