//! Function types.

use super::composite::{alone, check_supertype};
use super::defined::{Code, Composite, DefinedType, Member};
use super::{Finality, ValType};
use crate::Result;
use anyhow::ensure;
use std::fmt;
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

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// Alone in its group, without a supertype, naming no type: parameters, then results.
    Plain { codes: Arc<[Code]>, num_params: u32 },
    /// Any other.
    Defined(DefinedType),
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
        if let Some(codes) = tys.iter().map(Code::new).collect::<Option<Arc<[Code]>>>() {
            return FuncType(Repr::Plain { codes, num_params });
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
        match &self.0 {
            Repr::Plain { codes, num_params } => {
                let tys = codes.iter().map(|&code| Member::Plain(code)).collect();
                Composite::Func { tys, num_params: *num_params }
            }
            Repr::Defined(ty) => ty.sub_type().composite.clone(),
        }
    }

    /// Whether it may have subtypes.
    pub fn finality(&self) -> Finality {
        self.as_defined().map_or(Finality::Final, DefinedType::finality)
    }

    /// The type that this one was declared to be a subtype of.
    pub fn supertype(&self) -> Option<FuncType> {
        self.as_defined()?.supertype()?.composite_type().as_func().cloned()
    }

    /// Of a type that names none.
    pub(crate) fn plain(codes: Arc<[Code]>, num_params: u32) -> FuncType {
        FuncType(Repr::Plain { codes, num_params })
    }

    /// Of a type that cannot be written otherwise ([`DefinedType::composite_type`]).
    pub(super) fn defined(ty: DefinedType) -> FuncType {
        FuncType(Repr::Defined(ty))
    }

    /// Its codes, if it is one that has them.
    pub(super) fn codes(&self) -> Option<(&[Code], u32)> {
        match &self.0 {
            Repr::Plain { codes, num_params } => Some((codes, *num_params)),
            Repr::Defined(_) => None,
        }
    }

    /// As other types name it.
    pub(crate) fn to_defined(&self) -> DefinedType {
        match &self.0 {
            Repr::Plain { .. } => alone(Finality::Final, None, self.composite()),
            Repr::Defined(ty) => ty.clone(),
        }
    }

    /// The same without one being made for a type that can be written otherwise.
    pub(crate) fn as_defined(&self) -> Option<&DefinedType> {
        match &self.0 {
            Repr::Plain { .. } => None,
            Repr::Defined(ty) => Some(ty),
        }
    }

    fn len(&self) -> usize {
        match &self.0 {
            Repr::Plain { codes, .. } => codes.len(),
            Repr::Defined(ty) => ty.signature().0.len(),
        }
    }

    /// How many parameters there are.
    pub(crate) fn num_params(&self) -> usize {
        match &self.0 {
            Repr::Plain { num_params, .. } => *num_params as usize,
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
            Repr::Plain { codes, .. } => codes[i].val_type(),
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
