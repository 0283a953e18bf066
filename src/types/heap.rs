//! What can be asked about heap types, under the names of the `wasmtime` crate.

use super::{FuncType, HeapType, Mutability, RefType, ValType};
use crate::Val;

impl HeapType {
    /// Whether this is `func`.
    pub fn is_func(&self) -> bool {
        matches!(self, HeapType::Func)
    }

    /// Whether this is `extern`.
    pub fn is_extern(&self) -> bool {
        matches!(self, HeapType::Extern)
    }

    /// Whether this is `exn`.
    pub fn is_exn(&self) -> bool {
        matches!(self, HeapType::Exn)
    }

    /// Whether this is none that a module defines.
    pub fn is_abstract(&self) -> bool {
        !self.is_concrete()
    }

    /// Whether this is one that a module defines.
    pub fn is_concrete(&self) -> bool {
        matches!(self, HeapType::ConcreteFunc(_))
    }

    /// The function type, if this is one that a module defines.
    pub fn as_concrete_func(&self) -> Option<&FuncType> {
        match self {
            HeapType::ConcreteFunc(ty) => Some(ty),
            _ => None,
        }
    }

    /// The function type.
    ///
    /// # Panics
    /// If this is none that a module defines.
    pub fn unwrap_concrete_func(&self) -> &FuncType {
        self.as_concrete_func().expect("expected a concrete function type")
    }

    /// The type of which all are that have anything in common with this one.
    pub fn top(&self) -> HeapType {
        match self {
            HeapType::Func | HeapType::ConcreteFunc(_) => HeapType::Func,
            HeapType::Extern => HeapType::Extern,
            HeapType::Exn => HeapType::Exn,
        }
    }

    /// Whether this is such a type.
    pub fn is_top(&self) -> bool {
        *self == self.top()
    }

    /// Whether every value of this type is one of `other`.
    pub fn matches(&self, other: &HeapType) -> bool {
        match (self, other) {
            (HeapType::ConcreteFunc(a), HeapType::ConcreteFunc(b)) => a.matches(b),
            (HeapType::ConcreteFunc(_), HeapType::Func) => true,
            _ => self == other,
        }
    }
}

impl From<FuncType> for HeapType {
    fn from(ty: FuncType) -> HeapType {
        HeapType::ConcreteFunc(ty)
    }
}

impl ValType {
    /// Whether this is `v128`.
    pub fn is_v128(&self) -> bool {
        matches!(self, ValType::V128)
    }

    /// Whether this is `exnref`.
    pub fn is_exnref(&self) -> bool {
        *self == ValType::EXNREF
    }

    /// The reference type.
    ///
    /// # Panics
    /// If this is none.
    pub fn unwrap_ref(&self) -> &RefType {
        self.as_ref().expect("expected a reference type")
    }

    /// The value that is zero or null; `None` for types that have none.
    pub fn default_value(&self) -> Option<Val> {
        Val::default_for_ty(self)
    }
}

impl Mutability {
    /// Whether it cannot be written to.
    pub fn is_const(&self) -> bool {
        matches!(self, Mutability::Const)
    }

    /// Whether it can be written to.
    pub fn is_var(&self) -> bool {
        matches!(self, Mutability::Var)
    }
}
