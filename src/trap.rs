//! Why WebAssembly code stopped.

use headwater_codegen::TrapCode;

/// A trap (specification section 4.4, "trap"). Get it from the error that a call returns with
/// [`Error::downcast_ref`](crate::Error::downcast_ref).
///
/// ```
/// use headwater::{Engine, Error, Trap};
/// let error = Error::from(Trap::IntegerDivisionByZero);
/// assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::IntegerDivisionByZero));
/// assert_eq!(error.to_string(), "wasm trap: integer divide by zero");
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Trap {
    /// The stack is exhausted.
    #[error("wasm trap: call stack exhausted")]
    StackOverflow,
    /// A linear memory was accessed out of its bounds.
    #[error("wasm trap: out of bounds memory access")]
    MemoryOutOfBounds,
    /// A table was accessed out of its bounds.
    #[error("wasm trap: undefined element: out of bounds table access")]
    TableOutOfBounds,
    /// An indirect call reached a null reference.
    #[error("wasm trap: uninitialized element")]
    IndirectCallToNull,
    /// An indirect call reached a function of another type.
    #[error("wasm trap: indirect call type mismatch")]
    BadSignature,
    /// An integer division overflowed.
    #[error("wasm trap: integer overflow")]
    IntegerOverflow,
    /// An integer was divided by zero.
    #[error("wasm trap: integer divide by zero")]
    IntegerDivisionByZero,
    /// A float was converted to an integer type that cannot hold it.
    #[error("wasm trap: invalid conversion to integer")]
    BadConversionToInteger,
    /// `unreachable` was executed.
    #[error("wasm trap: wasm `unreachable` instruction executed")]
    UnreachableCodeReached,
    /// The epoch's deadline was reached ([`Engine::increment_epoch`](crate::Engine::increment_epoch)).
    #[error("wasm trap: interrupt")]
    Interrupt,
    /// A null reference was used where it must not be null.
    #[error("wasm trap: null reference")]
    NullReference,
    /// The store has no fuel left ([`Store::set_fuel`](crate::Store::set_fuel)).
    #[error("wasm trap: all fuel consumed by WebAssembly")]
    OutOfFuel,
    /// The address of an atomic access is not a multiple of its size.
    #[error("wasm trap: unaligned atomic")]
    HeapMisaligned,
    /// `memory.atomic.wait32` or `memory.atomic.wait64` at a memory that is not shared.
    #[error("wasm trap: atomic wait on non-shared memory")]
    AtomicWaitNonSharedMemory,
    /// An array was accessed out of its bounds.
    #[error("wasm trap: out of bounds array access")]
    ArrayOutOfBounds,
    /// A reference is not of the type that it was cast to.
    #[error("wasm trap: cast failure")]
    CastFailure,
    /// An array is larger than arrays can be.
    #[error("wasm trap: allocation size too large")]
    AllocationTooLarge,
}

impl Trap {
    pub(crate) fn from_code(code: TrapCode) -> Trap {
        match code {
            TrapCode::Unreachable => Trap::UnreachableCodeReached,
            TrapCode::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
            TrapCode::TableOutOfBounds => Trap::TableOutOfBounds,
            TrapCode::IndirectCallToNull => Trap::IndirectCallToNull,
            TrapCode::BadSignature => Trap::BadSignature,
            TrapCode::IntegerOverflow => Trap::IntegerOverflow,
            TrapCode::IntegerDivisionByZero => Trap::IntegerDivisionByZero,
            TrapCode::BadConversionToInteger => Trap::BadConversionToInteger,
            TrapCode::StackOverflow => Trap::StackOverflow,
            TrapCode::Interrupt => Trap::Interrupt,
            TrapCode::NullReference => Trap::NullReference,
            TrapCode::OutOfFuel => Trap::OutOfFuel,
            TrapCode::UnalignedAtomic => Trap::HeapMisaligned,
            TrapCode::WaitNotShared => Trap::AtomicWaitNonSharedMemory,
            TrapCode::ArrayOutOfBounds => Trap::ArrayOutOfBounds,
            TrapCode::CastFailure => Trap::CastFailure,
        }
    }
}
