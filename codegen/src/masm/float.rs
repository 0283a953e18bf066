//! Floats: arithmetic, comparisons, conversions.

use super::*;

/// Two-operand float arithmetic.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum FAlu {
    /// Addition
    Add,
    /// Subtraction
    Sub,
    /// Multiplication
    Mul,
    /// Division
    Div,
}

/// One-operand float operations.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum FUnary {
    /// Absolute value
    Abs,
    /// Negation
    Neg,
    /// Square root
    Sqrt,
    /// Rounded up
    Ceil,
    /// Rounded down
    Floor,
    /// Rounded towards zero
    Trunc,
    /// Rounded to the nearest integer, ties to even
    Nearest,
}

/// Floats: arithmetic, comparisons, conversions.
pub trait Floats: Sized {
    /// Compares floats for `cond` (one of the `F…` conditions, not negated) and returns the condition to use.
    fn fcmp(&mut self, cond: Cond, w: Width, a: u8, b: u8) -> Cond;
    /// The same for floats.
    fn fselect(&mut self, cond: Cond, dst: u8, a: u8, b: u8);
    /// `dst = a op b`. `dst` is not `b` unless it also is `a` ([`THREE_ADDRESS`](crate::masm::Masm::THREE_ADDRESS)).
    fn falu(&mut self, op: FAlu, w: Width, dst: u8, a: u8, b: Loc);
    /// `dst = op a`.
    fn funary(&mut self, op: FUnary, w: Width, dst: u8, a: u8);
    /// `dst = min(a, b)` or max, as the specification has it. `dst` is `a` and not `b`, unless [`THREE_ADDRESS`](crate::masm::Masm::THREE_ADDRESS).
    fn fminmax(&mut self, max: bool, w: Width, dst: u8, a: u8, b: u8);
    /// `dst = copysign(a, b)`. `dst` is `a`, unless [`THREE_ADDRESS`](crate::masm::Masm::THREE_ADDRESS).
    fn fcopysign(&mut self, w: Width, dst: u8, a: u8, b: u8);
    /// Float of width `from` to the other width.
    fn fconvert(&mut self, from: Width, dst: u8, src: u8);
    /// Integer to float.
    fn int_to_float(&mut self, int: Width, signed: bool, float: Width, dst: u8, src: u8);
    /// Float to integer, traps if it does not fit.
    fn float_to_int(&mut self, float: Width, int: Width, signed: bool, dst: u8, src: u8);
    /// Float to integer, saturates.
    fn float_to_int_sat(&mut self, float: Width, int: Width, signed: bool, dst: u8, src: u8);
    /// Bits of a float register to an integer register.
    fn float_bits(&mut self, w: Width, dst: u8, src: u8);
    /// Bits of an integer register to a float register.
    fn float_from_bits(&mut self, w: Width, dst: u8, src: u8);
}
