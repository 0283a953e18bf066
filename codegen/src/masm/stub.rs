//! What stands at a function's end, out of line of the code that jumps there: traps, and calls that return to the
//! code.
//!
//! Code that needs such a stub emits a jump without a target and adds it here. The list lives in the emitter, as does
//! the operator that is being compiled, so that methods need not be handed either.

use crate::trap::TrapCode;

/// What a stub does.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum StubKind {
    /// Traps, where that is not done in place.
    Trap(TrapCode),
    /// Calls [`crate::vmctx::Builtin::Check`] and continues after the jump.
    Check,
    /// Makes an object where there is no room for it: the number of the allocation in the function.
    Allocate(u32),
}

/// A jump out of line that is to get a stub.
#[derive(Copy, Clone, Debug)]
pub struct Stub {
    /// Where the jump is (one site, not a chain).
    pub site: u32,
    /// The lower half of the address of the operator that it was emitted for.
    pub operator: u32,
    /// What the stub does.
    pub kind: StubKind,
}
