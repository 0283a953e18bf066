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
/// A value on the operand stack has 24 bits for it. Codes from [`Ty::FUNCREF`] on are references: a heap type, abstract
/// or a type of the module, and a bit that says that null is none of the values. A type of the module is named by the
/// first of those that are the same ([`ModuleEnv::defined`](crate::env::ModuleEnv::defined)), so equal types are equal
/// numbers.
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
    /// `anyref`, that is `(ref null any)`
    pub const ANYREF: Ty = Ty(9);
    /// `eqref`, that is `(ref null eq)`
    pub const EQREF: Ty = Ty(10);
    /// `i31ref`, that is `(ref null i31)`
    pub const I31REF: Ty = Ty(11);
    /// `structref`, that is `(ref null struct)`
    pub const STRUCTREF: Ty = Ty(12);
    /// `arrayref`, that is `(ref null array)`
    pub const ARRAYREF: Ty = Ty(13);
    /// `nullref`, that is `(ref null none)`
    pub const NULLREF: Ty = Ty(14);
    /// `nullfuncref`, that is `(ref null nofunc)`
    pub const NULLFUNCREF: Ty = Ty(15);
    /// `nullexternref`, that is `(ref null noextern)`
    pub const NULLEXTERNREF: Ty = Ty(16);
    /// `nullexnref`, that is `(ref null noexn)`
    pub const NULLEXNREF: Ty = Ty(17);
    /// `(ref bot)`: in code that is never reached, a reference of which no more is known. Never a declared type.
    pub const UNKNOWN_REF: Ty = Ty(18 | Self::NON_NULL);

    /// In the code of a reference: it is to a type of the module, whose index are the bits below.
    const DEFINED: u32 = 1 << 20;
    /// In the code of a reference: null is none of its values.
    const NON_NULL: u32 = 1 << 21;
    /// In the type of a local that has no default and was not set: not to be read.
    const UNSET: u32 = 1 << 22;

    /// `(ref null index)`: the nullable reference to the module's type `index`, the first of those that are the same.
    #[inline(always)]
    pub const fn defined(index: u32) -> Ty {
        debug_assert!(index < Self::DEFINED);
        Ty(Self::DEFINED | index)
    }

    /// The reference type without null.
    #[inline(always)]
    pub const fn non_null(self) -> Ty {
        Ty(self.0 | Self::NON_NULL)
    }

    /// The reference type with null.
    #[inline(always)]
    pub const fn nullable(self) -> Ty {
        Ty(self.0 & !Self::NON_NULL)
    }

    /// The least type of the hierarchy to which an abstract heap type belongs, of which null is the only value.
    pub const fn bottom(self) -> Ty {
        match self.nullable() {
            Ty::FUNCREF | Ty::NULLFUNCREF => Ty::NULLFUNCREF,
            Ty::EXTERNREF | Ty::NULLEXTERNREF => Ty::NULLEXTERNREF,
            Ty::EXNREF | Ty::NULLEXNREF => Ty::NULLEXNREF,
            _ => Ty::NULLREF,
        }
    }

    /// The nullable reference to the greatest type of the hierarchy to which an abstract heap type belongs.
    pub const fn top(self) -> Ty {
        match self.bottom() {
            Ty::NULLFUNCREF => Ty::FUNCREF,
            Ty::NULLEXTERNREF => Ty::EXTERNREF,
            Ty::NULLEXNREF => Ty::EXNREF,
            _ => Ty::ANYREF,
        }
    }

    /// Whether null is the only value, of a nullable reference to an abstract heap type.
    pub const fn is_bottom(self) -> bool {
        matches!(self, Ty::NULLREF | Ty::NULLFUNCREF | Ty::NULLEXTERNREF | Ty::NULLEXNREF)
    }

    /// Of nullable references to abstract heap types: whether every value of this type is one of `other`.
    pub const fn is_abstract_subtype(self, other: Ty) -> bool {
        // Bit n: type n is a supertype.
        const fn set(tys: &[Ty]) -> u32 {
            let (mut bits, mut i) = (0, 0);
            while i < tys.len() {
                bits |= 1 << tys[i].0;
                i += 1;
            }
            bits
        }
        const EQ: u32 = set(&[Ty::EQREF, Ty::ANYREF]);
        let supertypes = match self {
            Ty::EQREF => set(&[Ty::ANYREF]),
            Ty::I31REF | Ty::STRUCTREF | Ty::ARRAYREF => EQ,
            Ty::NULLREF => EQ | set(&[Ty::I31REF, Ty::STRUCTREF, Ty::ARRAYREF]),
            Ty::NULLFUNCREF => set(&[Ty::FUNCREF]),
            Ty::NULLEXTERNREF => set(&[Ty::EXTERNREF]),
            Ty::NULLEXNREF => set(&[Ty::EXNREF]),
            _ => 0,
        };
        other.0 < 32 && (supertypes >> other.0 & 1 != 0 || self.0 == other.0)
    }

    /// Whether this is a reference type without null.
    #[inline(always)]
    pub const fn is_non_null(self) -> bool {
        self.0 & Self::NON_NULL != 0
    }

    /// The type of a local that has no default before it is set, and afterwards.
    #[inline(always)]
    pub(crate) const fn with_unset(self, unset: bool) -> Ty {
        Ty(self.0 & !Self::UNSET | if unset { Self::UNSET } else { 0 })
    }

    /// Whether it is that of a local that may not be read.
    #[inline(always)]
    pub(crate) const fn is_unset(self) -> bool {
        self.0 & Self::UNSET != 0
    }

    /// The index of the module's type that values of this type refer to.
    #[inline(always)]
    pub const fn index(self) -> Option<u32> {
        if self.0 & Self::DEFINED != 0 { Some(self.0 & (Self::DEFINED - 1)) } else { None }
    }

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
            0x74 => Ty::NULLEXNREF,
            0x73 => Ty::NULLFUNCREF,
            0x72 => Ty::NULLEXTERNREF,
            0x71 => Ty::NULLREF,
            0x70 => Ty::FUNCREF,
            0x6f => Ty::EXTERNREF,
            0x6e => Ty::ANYREF,
            0x6d => Ty::EQREF,
            0x6c => Ty::I31REF,
            0x6b => Ty::STRUCTREF,
            0x6a => Ty::ARRAYREF,
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
