//! Integers: arithmetic, comparisons, and what uses their outcome.

use super::*;

/// Two-operand integer operations that set nothing but their result.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Alu {
    /// Addition
    Add,
    /// Subtraction
    Sub,
    /// Bitwise and
    And,
    /// Bitwise or
    Or,
    /// Bitwise exclusive or
    Xor,
    /// Multiplication
    Mul,
}

impl Alu {
    /// All of them, by discriminant.
    pub const ALL: [Alu; 6] = [Alu::Add, Alu::Sub, Alu::And, Alu::Or, Alu::Xor, Alu::Mul];

    /// Whether the operands may be swapped.
    #[inline(always)]
    pub fn commutes(self) -> bool {
        !matches!(self, Alu::Sub)
    }
}

/// Shifts and rotates; counts are taken modulo the width.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Shift {
    /// Left
    Shl,
    /// Right, sign-filled
    ShrS,
    /// Right, zero-filled
    ShrU,
    /// Rotate left
    Rotl,
    /// Rotate right
    Rotr,
}

/// Divisions.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Div {
    /// Signed quotient
    DivS,
    /// Unsigned quotient
    DivU,
    /// Signed remainder
    RemS,
    /// Unsigned remainder
    RemU,
}

/// One-operand integer operations.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Unary {
    /// Leading zeros
    Clz,
    /// Trailing zeros
    Ctz,
    /// Ones
    Popcnt,
    /// Sign-extend the lowest 8 bits
    Extend8,
    /// Sign-extend the lowest 16 bits
    Extend16,
    /// Sign-extend the lowest 32 bits (only 64 bits wide)
    Extend32,
}

/// Conditions after an integer or float comparison.
///
/// The `F…` ones follow [`Floats::fcmp`]; all but `FNe` are false when an operand is a NaN, and the inverse of each is
/// its exact negation.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Cond {
    /// Equal
    Eq,
    /// Different
    Ne,
    /// Less, signed
    LtS,
    /// Not less, signed
    GeS,
    /// Less, unsigned
    LtU,
    /// Not less, unsigned
    GeU,
    /// Greater, signed
    GtS,
    /// Not greater, signed
    LeS,
    /// Greater, unsigned
    GtU,
    /// Not greater, unsigned
    LeU,
    /// Equal
    FEq,
    /// Different or unordered
    FNe,
    /// Less
    FLt,
    /// Not less, or unordered
    FNotLt,
    /// Greater
    FGt,
    /// Not greater, or unordered
    FNotGt,
    /// Less or equal
    FLe,
    /// Neither less nor equal, or unordered
    FNotLe,
    /// Greater or equal
    FGe,
    /// Neither greater nor equal, or unordered
    FNotGe,
}

impl Cond {
    /// The negation.
    #[inline(always)]
    pub fn negate(self) -> Cond {
        const ALL: [Cond; 20] = [
            Cond::Eq,
            Cond::Ne,
            Cond::LtS,
            Cond::GeS,
            Cond::LtU,
            Cond::GeU,
            Cond::GtS,
            Cond::LeS,
            Cond::GtU,
            Cond::LeU,
            Cond::FEq,
            Cond::FNe,
            Cond::FLt,
            Cond::FNotLt,
            Cond::FGt,
            Cond::FNotGt,
            Cond::FLe,
            Cond::FNotLe,
            Cond::FGe,
            Cond::FNotGe,
        ];
        ALL[self as usize ^ 1]
    }

    /// The condition that holds for (b, a) when this holds for (a, b).
    #[inline(always)]
    pub fn swap(self) -> Cond {
        match self {
            Cond::LtS => Cond::GtS,
            Cond::GtS => Cond::LtS,
            Cond::LeS => Cond::GeS,
            Cond::GeS => Cond::LeS,
            Cond::LtU => Cond::GtU,
            Cond::GtU => Cond::LtU,
            Cond::LeU => Cond::GeU,
            Cond::GeU => Cond::LeU,
            other => other,
        }
    }
}

/// Registers that an integer division wants: quotient and dividend in `quotient`, the remainder in `remainder`;
/// both are overwritten.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct DivRegs {
    /// Of the dividend, then the quotient
    pub quotient: Gpr,
    /// Of the remainder
    pub remainder: Gpr,
}

/// Integers: arithmetic, comparisons, and what uses their outcome.
pub trait Ints: Sized {
    /// `dst = a op b`. `dst` is not `b` unless it also is `a` ([`Masm::THREE_ADDRESS`]).
    fn alu(&mut self, op: Alu, w: Width, dst: Gpr, a: Loc, b: Loc);
    /// `dst = a op imm` (sign-extended).
    fn alu_imm(&mut self, op: Alu, w: Width, dst: Gpr, a: Loc, imm: i32);
    /// `dst = a shift count`, count in the [`Masm::SHIFT_COUNT`] register if there is one. `dst` is not `count`
    /// ([`Masm::THREE_ADDRESS`]).
    fn shift(&mut self, op: Shift, w: Width, dst: Gpr, a: Loc, count: Gpr);
    /// `dst = a shift count`, 0 ≤ count < width.
    fn shift_imm(&mut self, op: Shift, w: Width, dst: Gpr, a: Loc, count: u8);
    /// Divides; with [`Masm::DIV`] the dividend is in its register and so will be quotient or remainder, `dst` and
    /// `a` are that register; `b` is none of the two.
    fn div(&mut self, op: Div, w: Width, dst: Gpr, a: Gpr, b: Loc);
    /// `high:low += b_high:b_low`, or `-=`; `low` is neither `high` nor `b_high`.
    fn add128(&mut self, sub: bool, low: Gpr, high: Gpr, b_low: Gpr, b_high: Gpr);
    /// `high:low = a · b`. With [`Masm::DIV`], `low` and `a` are the register of quotients and `high` that of remainders,
    /// and `b` is none of the two; else both are neither `a` nor `b`.
    fn mul_wide(&mut self, signed: bool, low: Gpr, high: Gpr, a: Gpr, b: Loc);
    /// `dst` = the upper half of `a · b`. With [`Masm::DIV`], `a` is the register of quotients, which is overwritten, and
    /// `dst` that of remainders, and `b` is none of the two.
    fn mul_high(&mut self, signed: bool, dst: Gpr, a: Gpr, b: Gpr);
    /// `dst = op a`.
    fn unary(&mut self, op: Unary, w: Width, dst: Gpr, a: Loc);
    /// Compares integers.
    fn cmp(&mut self, w: Width, a: Gpr, b: Loc);
    /// Compares with a constant (sign-extended).
    fn cmp_imm(&mut self, w: Width, a: Loc, imm: i32);
    /// `dst = cond ? 1 : 0`, all 64 bits.
    fn set_cond(&mut self, cond: Cond, dst: Gpr);
    /// `dst = cond ? a : b`, all 64 bits; 32 bits wide it establishes `ZEXT`. `dst` is `a`, unless
    /// [`Masm::THREE_ADDRESS`].
    fn select(&mut self, cond: Cond, w: Width, dst: Gpr, a: Gpr, b: Loc);
}
