//! Function types.

use super::composite::{alone, check_supertype};
use super::defined::{Code, Composite, DefinedType, Member};
use super::{Finality, ValType};
use crate::Result;
use anyhow::ensure;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The type of a function: parameters and results.
///
/// ```
/// use headwater::{Engine, FuncType, ValType};
/// let engine = Engine::default();
/// let ty = FuncType::new(&engine, [ValType::I32, ValType::I64], [ValType::F32]);
/// assert_eq!(ty.params().len(), 2);
/// assert_eq!(ty.to_string(), "(func (param i32 i64) (result f32))");
/// ```
///
/// Types that modules define in one recursion group with others, or with a supertype, differ from such that look alike
/// (specification section 3.1.2).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FuncType(Repr);

/// A type can be written in one way only, so that equality is that of what is written.
#[derive(Clone, PartialEq, Eq)]
enum Repr {
    /// Alone in its group, without a supertype, naming no type: parameters, then results, then [`Code::NONE`]. A module
    /// may have a million types, and nearly all are of this kind: they have no memory of their own.
    Short { len: u8, num_params: u8, codes: [Code; SHORT] },
    /// The same with more than [`SHORT`] parameters and results.
    Long { codes: Arc<[Code]>, num_params: u32 },
    /// Any other.
    Defined(DefinedType),
}

/// How many parameters and results fit beside their numbers, where the others have pointers.
const SHORT: usize = 21;

const _: () = assert!(size_of::<FuncType>() == 24);

impl Hash for Repr {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Repr::Short { len, num_params, codes } => {
                let mut bytes = [0; SHORT + 3];
                (bytes[0], bytes[1]) = (*len, *num_params);
                for (byte, code) in bytes[2..].iter_mut().zip(codes) {
                    *byte = code.0;
                }
                // The words that say all. The first one says how many there are.
                let (words, _) = bytes.as_chunks::<8>();
                let all = (2 + usize::from(*len)).div_ceil(8);
                words[..all].iter().for_each(|word| state.write_u64(u64::from_ne_bytes(*word)));
            }
            Repr::Long { codes, num_params } => (codes, num_params).hash(state),
            Repr::Defined(ty) => ty.hash(state),
        }
    }
}

impl FuncType {
    /// [`FuncType::new`] for callers that have no engine at hand.
    pub(crate) fn of(
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> FuncType {
        let mut tys: Vec<ValType> = params.into_iter().collect();
        let num_params = tys.len() as u32;
        tys.extend(results);
        if let Some(codes) = tys.iter().map(Code::new).collect::<Option<Vec<Code>>>() {
            return FuncType::plain(&codes, num_params);
        }
        let tys = tys.iter().map(Member::new).collect();
        FuncType(Repr::Defined(alone(Finality::Final, None, Composite::Func { tys, num_params })))
    }

    /// [`FuncType::with_finality_and_supertype`] for callers that have no engine at hand.
    pub(crate) fn of_subtype(
        finality: Finality,
        supertype: Option<&FuncType>,
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> Result<FuncType> {
        let like = FuncType::of(params, results);
        let Some(supertype) = supertype else {
            return Ok(match finality {
                Finality::Final => like,
                Finality::NonFinal => FuncType(Repr::Defined(alone(finality, None, like.composite()))),
            });
        };
        let supertype_as_named = supertype.to_defined();
        check_supertype(supertype.finality(), &supertype_as_named)?;
        ensure!(
            like.num_params() == supertype.num_params()
                && like.num_results() == supertype.num_results()
                && supertype.params().zip(like.params()).all(|(theirs, ours)| theirs.matches(&ours))
                && like.results().zip(supertype.results()).all(|(ours, theirs)| ours.matches(&theirs)),
            "function type must match its supertype: found {like}, expected {supertype}"
        );
        Ok(FuncType(Repr::Defined(alone(finality, Some(supertype_as_named), like.composite()))))
    }

    /// What it consists of.
    fn composite(&self) -> Composite {
        if let Repr::Defined(ty) = &self.0 {
            return ty.sub_type().composite.clone();
        }
        let (codes, num_params) = self.codes().expect("any other has codes");
        Composite::Func { tys: codes.iter().map(|&code| Member::Plain(code)).collect(), num_params }
    }

    /// Whether it may have subtypes.
    pub fn finality(&self) -> Finality {
        self.as_defined().map_or(Finality::Final, DefinedType::finality)
    }

    /// The type that this one was declared to be a subtype of.
    pub fn supertype(&self) -> Option<FuncType> {
        self.as_defined()?.supertype()?.composite_type().as_func().cloned()
    }

    /// Of a type that names none: parameters, then results.
    pub(crate) fn plain(codes: &[Code], num_params: u32) -> FuncType {
        if codes.len() > SHORT {
            return FuncType(Repr::Long { codes: codes.into(), num_params });
        }
        let mut short = [Code::NONE; SHORT];
        short[..codes.len()].copy_from_slice(codes);
        FuncType(Repr::Short { len: codes.len() as u8, num_params: num_params as u8, codes: short })
    }

    /// Of a type that cannot be written otherwise ([`DefinedType::composite_type`]).
    pub(super) fn defined(ty: DefinedType) -> FuncType {
        FuncType(Repr::Defined(ty))
    }

    /// Its codes, if it is one that has them, and how many are parameters.
    pub(crate) fn codes(&self) -> Option<(&[Code], u32)> {
        match &self.0 {
            Repr::Short { len, num_params, codes } => Some((&codes[..usize::from(*len)], u32::from(*num_params))),
            Repr::Long { codes, num_params } => Some((codes, *num_params)),
            Repr::Defined(_) => None,
        }
    }

    /// As other types name it.
    pub(crate) fn to_defined(&self) -> DefinedType {
        self.as_defined().cloned().unwrap_or_else(|| alone(Finality::Final, None, self.composite()))
    }

    /// The same without one being made for a type that can be written otherwise.
    pub(crate) fn as_defined(&self) -> Option<&DefinedType> {
        match &self.0 {
            Repr::Short { .. } | Repr::Long { .. } => None,
            Repr::Defined(ty) => Some(ty),
        }
    }

    fn len(&self) -> usize {
        match &self.0 {
            Repr::Short { len, .. } => usize::from(*len),
            Repr::Long { codes, .. } => codes.len(),
            Repr::Defined(ty) => ty.signature().0.len(),
        }
    }

    /// How many parameters there are.
    pub(crate) fn num_params(&self) -> usize {
        match &self.0 {
            Repr::Short { num_params, .. } => usize::from(*num_params),
            Repr::Long { num_params, .. } => *num_params as usize,
            Repr::Defined(ty) => ty.signature().1 as usize,
        }
    }

    /// How many results there are.
    pub(crate) fn num_results(&self) -> usize {
        self.len() - self.num_params()
    }

    /// Parameter `i`, or result `i` less the number of parameters.
    fn at(&self, i: usize) -> ValType {
        match &self.0 {
            Repr::Short { codes, .. } => codes[i].val_type(),
            Repr::Long { codes, .. } => codes[i].val_type(),
            Repr::Defined(ty) => ty.val_type(i),
        }
    }

    /// The parameters, in order.
    pub fn params(&self) -> impl ExactSizeIterator<Item = ValType> + '_ {
        (0..self.num_params()).map(|i| self.at(i))
    }

    /// The results, in order.
    pub fn results(&self) -> impl ExactSizeIterator<Item = ValType> + '_ {
        (self.num_params()..self.len()).map(|i| self.at(i))
    }

    /// The `i`-th parameter.
    pub fn param(&self, i: usize) -> Option<ValType> {
        (i < self.num_params()).then(|| self.at(i))
    }

    /// The `i`-th result.
    pub fn result(&self, i: usize) -> Option<ValType> {
        (i < self.num_results()).then(|| self.at(self.num_params() + i))
    }

    /// Whether a function of this type can be used where `other` is expected: they are the same, or this one was
    /// declared to be a subtype.
    pub fn matches(&self, other: &FuncType) -> bool {
        if self == other {
            return true;
        }
        // What is written otherwise is final, and has no supertype.
        let (Some(ty), Some(other)) = (self.as_defined(), other.as_defined()) else { return false };
        ty.matches(other)
    }
}

impl fmt::Display for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(func")?;
        let lists: [(_, Vec<ValType>); 2] = [("param", self.params().collect()), ("result", self.results().collect())];
        for (what, tys) in lists {
            if !tys.is_empty() {
                write!(f, " ({what}")?;
                // One that is named is not written at length.
                let shown = if f.alternate() { 16.min(tys.len()) } else { tys.len() };
                for ty in &tys[..shown] {
                    f.write_str(" ")?;
                    fmt::Display::fmt(ty, f)?;
                }
                f.write_str(if shown < tys.len() { " …)" } else { ")" })?;
            }
        }
        f.write_str(")")
    }
}

impl fmt::Debug for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn types_are_told_apart_whether_their_codes_are_beside_them_or_elsewhere() {
        let mut types = HashSet::new();
        for len in [0, 1, 2, 5, 6, 7, 14, SHORT - 1, SHORT, SHORT + 1, 300] {
            for num_params in [0, 1, len / 2, len].into_iter().filter(|&n| n <= len) {
                let ty = |last| {
                    let mut all = vec![ValType::I32; len];
                    if let Some(ty) = all.last_mut() {
                        *ty = last;
                    }
                    FuncType::of(all[..num_params].iter().cloned(), all[num_params..].iter().cloned())
                };
                let (a, b) = (ty(ValType::I32), ty(ValType::V128));
                assert_eq!((a.num_params(), a.num_results()), (num_params, len - num_params));
                assert!(a == ty(ValType::I32) && (a == b) == (len == 0));
                assert_eq!(b.params().chain(b.results()).last(), (len > 0).then_some(ValType::V128));
                types.extend([a, b]);
            }
        }
        let strings: HashSet<_> = types.iter().map(FuncType::to_string).collect();
        assert_eq!(strings.len(), types.len());
    }
}
