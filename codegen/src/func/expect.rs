//! What the topmost values must be: their types are compared, and replaced where the specification says so.

use super::Func;
use super::value::Val;
use crate::masm::Masm;
use crate::ty::Ty;

/// Longer lists of values are looked at several values at a time: two bytes of a body are enough for a thousand.
pub(super) const MANY: usize = 16;

impl<M: Masm> Func<'_, M> {
    /// Checks that the topmost values have the types `tys` and are above the base.
    #[inline(always)]
    pub(super) fn check_top(&self, tys: &[Ty]) -> bool {
        if tys.is_empty() {
            return true;
        }
        let Some(top) = self.topmost(tys.len()) else { return false };
        tys.len() > MANY && Val::all_have(top, tys) || top.iter().zip(tys).all(|(v, &ty)| self.env.fits(v.ty(), ty))
    }

    /// The topmost `n` values, if as many are above the base.
    #[inline(always)]
    pub(super) fn topmost(&self, n: usize) -> Option<&[Val]> {
        if (self.sp as usize) < self.base as usize + 8 * n {
            return None;
        }
        // SAFETY: `n` values are above the base.
        Some(unsafe { std::slice::from_raw_parts(self.sp.sub(n), n) })
    }

    /// The same, and gives them these types.
    #[inline(always)]
    pub(super) fn take_types(&mut self, tys: &[Ty]) -> bool {
        if tys.is_empty() {
            return true;
        }
        let Some(top) = self.topmost(tys.len()) else { return false };
        let same = match tys.len() > MANY {
            true => Val::all_have(top, tys),
            false => top.iter().zip(tys).all(|(v, &ty)| v.ty() == ty),
        };
        same || self.retype(tys)
    }

    /// The same of values, so many above the base, of which some have other types.
    #[cold]
    #[inline(never)]
    fn retype(&mut self, tys: &[Ty]) -> bool {
        if !self.check_top(tys) {
            return false;
        }
        for (i, &ty) in tys.iter().enumerate() {
            // SAFETY: so many values are above the base.
            let p = unsafe { self.sp.sub(tys.len() - i) };
            // SAFETY: as above.
            let v = unsafe { *p };
            if v.ty() != ty {
                // A read of a local with another type would no longer be the `Val` that stands for the local, which is
                // how pending reads are found.
                if v.is_local() {
                    self.m.room();
                    self.force_home(p);
                }
                // SAFETY: as above.
                unsafe { *p = (*p).retype(ty) };
            }
        }
        true
    }
}
