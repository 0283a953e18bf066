//! Small integers.

use crate::Result;
use headwater_codegen::vmctx::gc;
use std::fmt;

/// An integer of 31 bits, signed or not: what an `i31ref` that is not null is. A value, without a store.
///
/// ```
/// use headwater::I31;
/// assert_eq!(I31::wrapping_i32(-1).get_u32(), 0x7fff_ffff);
/// assert_eq!(I31::new_i32(-5).unwrap().get_i32(), -5);
/// assert_eq!(I31::new_u32(0x8000_0000), None);
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Hash, Default)]
pub struct I31(u32);

const MASK: u32 = u32::MAX >> 1;

impl I31 {
    /// The number `value`, if it has 31 bits at most.
    pub fn new_u32(value: u32) -> Option<I31> {
        (value <= MASK).then_some(I31(value))
    }

    /// The number `value`, if it has 31 bits at most, the sign included.
    pub fn new_i32(value: i32) -> Option<I31> {
        let wrapped = I31::wrapping_i32(value);
        (wrapped.get_i32() == value).then_some(wrapped)
    }

    /// The lowest 31 bits of `value`.
    pub fn wrapping_u32(value: u32) -> I31 {
        I31(value & MASK)
    }

    /// The lowest 31 bits of `value`.
    pub fn wrapping_i32(value: i32) -> I31 {
        I31::wrapping_u32(value.cast_unsigned())
    }

    /// As a number without a sign.
    pub fn get_u32(&self) -> u32 {
        self.0
    }

    /// As a number with a sign.
    pub fn get_i32(&self) -> i32 {
        (self.0 << 1).cast_signed() >> 1
    }

    pub(crate) fn to_word(self) -> u32 {
        self.0 << 1 | gc::I31
    }

    pub(crate) fn from_word(word: u32) -> Option<I31> {
        (word & gc::I31 != 0).then_some(I31(word >> 1))
    }
}

impl fmt::Debug for I31 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("I31").field(&self.get_i32()).finish()
    }
}

impl TryFrom<u32> for I31 {
    type Error = crate::Error;

    fn try_from(value: u32) -> Result<I31> {
        I31::new_u32(value).ok_or_else(|| crate::Error::msg("the number has more than 31 bits"))
    }
}

impl TryFrom<i32> for I31 {
    type Error = crate::Error;

    fn try_from(value: i32) -> Result<I31> {
        I31::new_i32(value).ok_or_else(|| crate::Error::msg("the number has more than 31 bits"))
    }
}
