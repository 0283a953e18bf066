//! What stands at a function's end, out of line of the code that jumps there: traps, and calls that return to the
//! code.
//!
//! Code that needs such a stub emits a jump without a target and adds it here. The list lives in the emitter, as does
//! the operator that is being compiled, so that methods need not be handed either.

use crate::trap::TrapCode;

/// What a stub does.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum StubKind {
    /// Traps.
    Trap(TrapCode),
    /// Calls [`crate::vmctx::Builtin::Check`] and continues after the jump.
    Check,
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

/// The stubs of a function.
#[derive(Debug)]
pub struct Stubs {
    list: Vec<Stub>,
    operator: *const u8,
}

impl Stubs {
    /// None yet. `list` is an empty vector to use.
    pub fn new(list: Vec<Stub>) -> Stubs {
        Stubs { list, operator: std::ptr::null() }
    }

    /// What is emitted from now on belongs to the operator at this place of the body.
    #[inline(always)]
    pub fn set_operator(&mut self, operator: *const u8) {
        self.operator = operator;
    }

    /// The operator that is being compiled.
    #[inline(always)]
    pub fn operator(&self) -> *const u8 {
        self.operator
    }

    /// The jump at `site` goes to a stub of this kind.
    #[inline(always)]
    pub fn add(&mut self, site: u32, kind: StubKind) {
        self.list.push(Stub { site, operator: self.operator as usize as u32, kind });
    }

    /// The stubs, in the order in which they were added.
    pub fn take(&mut self) -> Vec<Stub> {
        std::mem::take(&mut self.list)
    }
}
