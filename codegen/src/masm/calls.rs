//! Calls, and what is passed on the stack.

use super::*;

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
    /// SCRATCH2 = the funcref at element `index` of the table, checked for bounds, null and type.
    fn load_callee(&mut self, index: Gpr, table: i32, sig: u32);
    /// Calls the funcref in SCRATCH2. The caller restores the context afterwards.
    fn call_funcref(&mut self);
    /// Brings vmctx and membase back after a call that may have gone to another instance.
    fn restore_context(&mut self);
    /// Calls a builtin; arguments are in [`Masm::BUILTIN_ARGS`], the result will be in the first of [`Masm::GPR_ARGS`].
    fn call_builtin(&mut self, builtin: u32);
}
