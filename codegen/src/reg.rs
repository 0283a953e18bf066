//! Registers of the machine. Newtypes without cost: what takes an integer register cannot be given a float register.

/// An integer register, 0 to 31.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Gpr(pub u8);

/// A float and vector register, 0 to 31.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Fpr(pub u8);
