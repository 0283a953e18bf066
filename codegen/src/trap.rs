//! Why compiled code stops: the codes carried by trap instructions.

/// A reason to trap (specification section 4.4, "trap"), as compiled code and builtins encode it.
///
/// On x86-64 a trap is `ud2` followed by the code as one byte, on AArch64 `udf` with the code as its immediate.
/// Builtins that fail do not return to compiled code.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum TrapCode {
    /// `unreachable` was executed.
    Unreachable = 1,
    /// A linear memory was accessed out of its bounds.
    MemoryOutOfBounds = 2,
    /// A table was accessed out of its bounds.
    TableOutOfBounds = 3,
    /// `call_indirect` found a null reference.
    IndirectCallToNull = 4,
    /// `call_indirect` found a function of a different type.
    BadSignature = 5,
    /// An integer division overflowed.
    IntegerOverflow = 6,
    /// An integer was divided by zero.
    IntegerDivisionByZero = 7,
    /// A float was converted to an integer that cannot hold it.
    BadConversionToInteger = 8,
    /// The stack is exhausted.
    StackOverflow = 9,
    /// The embedder interrupted the execution.
    Interrupt = 10,
    /// A null reference was dereferenced.
    NullReference = 11,
    /// The fuel is exhausted.
    OutOfFuel = 12,
    /// The address of an atomic access is not a multiple of its size.
    UnalignedAtomic = 13,
    /// A wait for a notification at a memory that is not shared.
    WaitNotShared = 14,
    /// An array was accessed out of its bounds.
    ArrayOutOfBounds = 15,
    /// A reference is not of the type that it was cast to.
    CastFailure = 16,
}

impl TrapCode {
    /// The trap that `code` stands for, if any.
    pub const fn from_u8(code: u8) -> Option<TrapCode> {
        Some(match code {
            1 => TrapCode::Unreachable,
            2 => TrapCode::MemoryOutOfBounds,
            3 => TrapCode::TableOutOfBounds,
            4 => TrapCode::IndirectCallToNull,
            5 => TrapCode::BadSignature,
            6 => TrapCode::IntegerOverflow,
            7 => TrapCode::IntegerDivisionByZero,
            8 => TrapCode::BadConversionToInteger,
            9 => TrapCode::StackOverflow,
            10 => TrapCode::Interrupt,
            11 => TrapCode::NullReference,
            12 => TrapCode::OutOfFuel,
            13 => TrapCode::UnalignedAtomic,
            14 => TrapCode::WaitNotShared,
            15 => TrapCode::ArrayOutOfBounds,
            16 => TrapCode::CastFailure,
            _ => return None,
        })
    }
}
