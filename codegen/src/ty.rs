//! Value types as the compiler carries them: one small integer, ready to be compared.

use crate::masm::{Load, Store};
use std::ops::{Index, IndexMut};

/// A class of registers.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Class {
    /// Integers and references.
    Int = 0,
    /// Floats and vectors.
    Float = 1,
}

/// One of something for each class.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug)]
pub struct PerClass<T>(pub [T; 2]);

impl<T> Index<Class> for PerClass<T> {
    type Output = T;

    #[inline(always)]
    fn index(&self, class: Class) -> &T {
        &self.0[class as usize]
    }
}

impl<T> IndexMut<Class> for PerClass<T> {
    #[inline(always)]
    fn index_mut(&mut self, class: Class) -> &mut T {
        &mut self.0[class as usize]
    }
}

/// A value type (specification section 2.3).
///
/// The 24 bits that a value on the operand stack has for its type leave room for indexed reference
/// types; codes up to [`Ty::EXTERNREF`] are fixed.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[repr(transparent)]
pub struct Ty(pub u32);

impl Ty {
    /// The bottom type: what an operand popped from a polymorphic stack has. Never a declared type.
    pub const UNKNOWN: Ty = Ty(0);
    /// `i32`
    pub const I32: Ty = Ty(1);
    /// `i64`
    pub const I64: Ty = Ty(2);
    /// `f32`
    pub const F32: Ty = Ty(3);
    /// `f64`
    pub const F64: Ty = Ty(4);
    /// `v128`
    pub const V128: Ty = Ty(5);
    /// `funcref`, that is `(ref null func)`
    pub const FUNCREF: Ty = Ty(6);
    /// `externref`, that is `(ref null extern)`
    pub const EXTERNREF: Ty = Ty(7);

    /// `exnref`, that is `(ref null exn)`
    pub const EXNREF: Ty = Ty(8);

    /// Whether values of this type are references.
    #[inline(always)]
    pub const fn is_ref(self) -> bool {
        self.0 >= Self::FUNCREF.0
    }

    /// Which registers values of this type live in.
    #[inline(always)]
    pub const fn class(self) -> Class {
        if self.0.wrapping_sub(Self::F32.0) <= Self::V128.0 - Self::F32.0 { Class::Float } else { Class::Int }
    }

    /// How many slots of 8 bytes a value of this type takes in a frame or among stack arguments.
    #[inline(always)]
    pub const fn slots(self) -> u32 {
        if self.0 == Self::V128.0 { 2 } else { 1 }
    }

    /// What loads a value of this type from memory.
    #[inline(always)]
    pub const fn load(self) -> Load {
        match self {
            Ty::I32 => Load::I32,
            Ty::F32 => Load::F32,
            Ty::F64 => Load::F64,
            Ty::V128 => Load::V128,
            _ => Load::I64,
        }
    }

    /// What stores a value of this type to memory.
    #[inline(always)]
    pub const fn store(self) -> Store {
        match self {
            Ty::I32 => Store::B32,
            Ty::F32 => Store::F32,
            Ty::F64 => Store::F64,
            Ty::V128 => Store::V128,
            _ => Store::B64,
        }
    }

    /// The type that the byte `byte` encodes in a body, if it is one of the single-byte types.
    #[inline]
    pub const fn from_byte(byte: u8) -> Option<Ty> {
        Some(match byte {
            0x7f => Ty::I32,
            0x7e => Ty::I64,
            0x7d => Ty::F32,
            0x7c => Ty::F64,
            0x7b => Ty::V128,
            0x70 => Ty::FUNCREF,
            0x6f => Ty::EXTERNREF,
            0x69 => Ty::EXNREF,
            _ => return None,
        })
    }

    /// The byte that encodes one of the single-byte types.
    #[cfg(test)]
    pub(crate) fn byte(self) -> u8 {
        (0x40..0x80).find(|&byte| Ty::from_byte(byte) == Some(self)).expect("a single-byte type")
    }

    /// Whether two lists of types are the same, compared as memory: lists may be a thousand types long, for two bytes
    /// of a body.
    #[inline]
    pub fn same(a: &[Ty], b: &[Ty]) -> bool {
        std::ptr::eq(a, b) || Ty::codes(a) == Ty::codes(b)
    }

    /// Whether as many types are the same but for those of `have` that are unknown. Compared many at a time, too.
    pub(crate) fn same_where_known(have: &[Ty], tys: &[Ty]) -> bool {
        // Without a way out in between.
        have.len() == tys.len()
            && have.iter().zip(tys).fold(0, |differences, (have, ty)| {
                let known = u32::from(have.0 != Ty::UNKNOWN.0).wrapping_neg();
                differences | (have.0 ^ ty.0) & known
            }) == 0
    }

    #[inline]
    fn codes(tys: &[Ty]) -> &[u32] {
        // SAFETY: a `Ty` is a `u32` and nothing else.
        unsafe { std::slice::from_raw_parts(tys.as_ptr().cast(), tys.len()) }
    }
}
