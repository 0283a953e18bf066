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
    fn fcmp(&mut self, cond: Cond, w: Width, a: Fpr, b: Fpr) -> Cond;
    /// The same for floats.
    fn fselect(&mut self, cond: Cond, dst: Fpr, a: Fpr, b: Fpr);
    /// `dst = a op b`. `dst` is not `b` unless it also is `a` ([`Masm::THREE_ADDRESS`]).
    fn falu(&mut self, op: FAlu, w: Width, dst: Fpr, a: Fpr, b: Loc);
    /// `dst = op a`.
    fn funary(&mut self, op: FUnary, w: Width, dst: Fpr, a: Fpr);
    /// `dst = min(a, b)` or max, as the specification has it. `dst` is `a` and not `b`, unless [`Masm::THREE_ADDRESS`].
    fn fminmax(&mut self, max: bool, w: Width, dst: Fpr, a: Fpr, b: Fpr);
    /// `dst = copysign(a, b)`. `dst` is `a`, unless [`Masm::THREE_ADDRESS`].
    fn fcopysign(&mut self, w: Width, dst: Fpr, a: Fpr, b: Fpr);
    /// Float of width `from` to the other width.
    fn fconvert(&mut self, from: Width, dst: Fpr, src: Fpr);
    /// Integer to float.
    fn int_to_float(&mut self, int: Width, signed: bool, float: Width, dst: Fpr, src: Gpr);
    /// Float to integer, traps if it does not fit.
    fn float_to_int(&mut self, float: Width, int: Width, signed: bool, dst: Gpr, src: Fpr);
    /// Float to integer, saturates.
    fn float_to_int_sat(&mut self, float: Width, int: Width, signed: bool, dst: Gpr, src: Fpr);
    /// Bits of a float register to an integer register.
    fn float_bits(&mut self, w: Width, dst: Gpr, src: Fpr);
    /// Bits of an integer register to a float register.
    fn float_from_bits(&mut self, w: Width, dst: Fpr, src: Gpr);
}
