//! Value types as the compiler carries them: one small integer, ready to be compared.

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

    /// Whether values of this type are references.
    #[inline(always)]
    pub const fn is_ref(self) -> bool {
        self.0 >= Self::FUNCREF.0
    }

    /// Whether values of this type live in floating-point registers.
    #[inline(always)]
    pub const fn is_fp(self) -> bool {
        self.0.wrapping_sub(Self::F32.0) <= Self::V128.0 - Self::F32.0
    }

    /// Whether a value of this type fills a whole 64-bit integer register (`i64` and references).
    #[inline(always)]
    pub const fn is_wide_int(self) -> bool {
        self.0 == Self::I64.0 || self.is_ref()
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
            _ => return None,
        })
    }

    /// The byte that encodes one of the single-byte types.
    #[cfg(test)]
    pub(crate) fn byte(self) -> u8 {
        (0x40..0x80).find(|&byte| Ty::from_byte(byte) == Some(self)).expect("a single-byte type")
    }

    /// Whether two lists of types are the same, compared as memory: lists may be a thousand types long, for two bytes of a body.
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
