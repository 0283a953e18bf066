//! Heap types, and what can be asked about them, under the names of the `wasmtime` crate.

use super::{ArrayType, FuncType, StructType};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a reference may refer to.
///
/// ```text
///            any                     func           extern       exn
///             |                       |                |          |
///            eq                 ConcreteFunc       noextern     noexn
///       /     |    \                  |
///     i31  struct  array            nofunc
///      |      |      |
///      | ConcreteStruct, ConcreteArray
///       \     |     /
///           none
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum HeapType {
    /// Values of the host.
    Extern,
    /// None of the host's values: null only.
    NoExtern,
    /// Functions, host functions included.
    Func,
    /// Functions of a type that modules define.
    ConcreteFunc(FuncType),
    /// No function: null only.
    NoFunc,
    /// Structs, arrays, small integers, and values of the host that were made one of these.
    Any,
    /// What references can be compared of: structs, arrays and small integers.
    Eq,
    /// Integers of 31 bits.
    I31,
    /// Arrays.
    Array,
    /// Arrays of a type that modules define.
    ConcreteArray(ArrayType),
    /// Structs.
    Struct,
    /// Structs of a type that modules define.
    ConcreteStruct(StructType),
    /// Nothing: null only.
    None,
    /// Exceptions.
    Exn,
    /// No exception: null only.
    NoExn,
}

macro_rules! is {
    ($($name:ident $variant:ident $what:literal)*) => {
        impl HeapType {$(
            #[doc = concat!("Whether this is ", $what, ".")]
            pub fn $name(&self) -> bool {
                matches!(self, HeapType::$variant { .. })
            }
        )*}
    };
}
is! {
    is_extern Extern "`extern`"
    is_no_extern NoExtern "`noextern`"
    is_func Func "`func`"
    is_no_func NoFunc "`nofunc`"
    is_any Any "`any`"
    is_eq Eq "`eq`"
    is_i31 I31 "`i31`"
    is_array Array "`array`"
    is_struct Struct "`struct`"
    is_none None "`none`"
    is_exn Exn "`exn`"
    is_no_exn NoExn "`noexn`"
    is_concrete_func ConcreteFunc "a function type that a module defines"
    is_concrete_array ConcreteArray "an array type that a module defines"
    is_concrete_struct ConcreteStruct "a struct type that a module defines"
}

impl HeapType {
    /// Whether this is none that a module defines.
    pub fn is_abstract(&self) -> bool {
        !self.is_concrete()
    }

    /// Whether this is one that a module defines.
    pub fn is_concrete(&self) -> bool {
        matches!(self, HeapType::ConcreteFunc(_) | HeapType::ConcreteArray(_) | HeapType::ConcreteStruct(_))
    }

    /// The function type, if this is one that a module defines.
    pub fn as_concrete_func(&self) -> Option<&FuncType> {
        match self {
            HeapType::ConcreteFunc(ty) => Some(ty),
            _ => None,
        }
    }

    /// The array type, if this is one that a module defines.
    pub fn as_concrete_array(&self) -> Option<&ArrayType> {
        match self {
            HeapType::ConcreteArray(ty) => Some(ty),
            _ => None,
        }
    }

    /// The struct type, if this is one that a module defines.
    pub fn as_concrete_struct(&self) -> Option<&StructType> {
        match self {
            HeapType::ConcreteStruct(ty) => Some(ty),
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

    /// The array type.
    ///
    /// # Panics
    /// If this is none that a module defines.
    pub fn unwrap_concrete_array(&self) -> &ArrayType {
        self.as_concrete_array().expect("expected a concrete array type")
    }

    /// The struct type.
    ///
    /// # Panics
    /// If this is none that a module defines.
    pub fn unwrap_concrete_struct(&self) -> &StructType {
        self.as_concrete_struct().expect("expected a concrete struct type")
    }

    /// The type of which all are that have anything in common with this one.
    pub fn top(&self) -> HeapType {
        match self {
            HeapType::Func | HeapType::ConcreteFunc(_) | HeapType::NoFunc => HeapType::Func,
            HeapType::Extern | HeapType::NoExtern => HeapType::Extern,
            HeapType::Exn | HeapType::NoExn => HeapType::Exn,
            HeapType::Any
            | HeapType::Eq
            | HeapType::I31
            | HeapType::Array
            | HeapType::ConcreteArray(_)
            | HeapType::Struct
            | HeapType::ConcreteStruct(_)
            | HeapType::None => HeapType::Any,
        }
    }

    /// Whether this is such a type.
    pub fn is_top(&self) -> bool {
        *self == self.top()
    }

    /// The type that is a subtype of all that have anything in common with this one: only null is of it.
    pub fn bottom(&self) -> HeapType {
        match self.top() {
            HeapType::Func => HeapType::NoFunc,
            HeapType::Extern => HeapType::NoExtern,
            HeapType::Exn => HeapType::NoExn,
            _ => HeapType::None,
        }
    }

    /// Whether this is such a type.
    pub fn is_bottom(&self) -> bool {
        matches!(self, HeapType::NoFunc | HeapType::NoExtern | HeapType::NoExn | HeapType::None)
    }

    /// Whether every value of this type is one of `other` (specification section 3.3.3, "heap types").
    pub fn matches(&self, other: &HeapType) -> bool {
        use HeapType::*;
        match (self, other) {
            (ConcreteFunc(a), ConcreteFunc(b)) => a.matches(b),
            (ConcreteArray(a), ConcreteArray(b)) => a.matches(b),
            (ConcreteStruct(a), ConcreteStruct(b)) => a.matches(b),
            (ConcreteFunc(_), Func)
            | (ConcreteArray(_), Array | Eq | Any)
            | (ConcreteStruct(_), Struct | Eq | Any)
            | (Array | Struct | I31, Eq | Any)
            | (Eq, Any) => true,
            (NoFunc | NoExtern | NoExn | None, _) => *self == other.bottom(),
            _ => self == other,
        }
    }
}

impl From<FuncType> for HeapType {
    fn from(ty: FuncType) -> HeapType {
        HeapType::ConcreteFunc(ty)
    }
}

impl From<ArrayType> for HeapType {
    fn from(ty: ArrayType) -> HeapType {
        HeapType::ConcreteArray(ty)
    }
}

impl From<StructType> for HeapType {
    fn from(ty: StructType) -> HeapType {
        HeapType::ConcreteStruct(ty)
    }
}

impl fmt::Display for HeapType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HeapType::Extern => "extern",
            HeapType::NoExtern => "noextern",
            HeapType::Func => "func",
            HeapType::NoFunc => "nofunc",
            HeapType::Any => "any",
            HeapType::Eq => "eq",
            HeapType::I31 => "i31",
            HeapType::Array => "array",
            HeapType::Struct => "struct",
            HeapType::None => "none",
            HeapType::Exn => "exn",
            HeapType::NoExn => "noexn",
            // A type may name itself: those that are named are written out, those that these name are not.
            HeapType::ConcreteFunc(_) if f.alternate() => "(func …)",
            HeapType::ConcreteArray(_) if f.alternate() => "(array …)",
            HeapType::ConcreteStruct(_) if f.alternate() => "(struct …)",
            HeapType::ConcreteFunc(ty) => return write!(f, "{ty:#}"),
            HeapType::ConcreteArray(ty) => return write!(f, "{ty:#}"),
            HeapType::ConcreteStruct(ty) => return write!(f, "{ty:#}"),
        })
    }
}

impl fmt::Debug for HeapType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
