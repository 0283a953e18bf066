//! Types of structs and arrays, and what a module's types are.

use super::defined::{Composite, DefinedType, FieldMember, Member, Name, RecGroup, SubType};
use super::{FuncType, HeapType, Mutability, RefType, ValType};
use crate::Result;
use anyhow::ensure;
use headwater_codegen::vmctx::gc;
use std::fmt;

/// Whether a type may have subtypes.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Finality {
    /// It may not.
    Final,
    /// It may.
    NonFinal,
}

impl Finality {
    /// Whether it may have no subtypes.
    pub fn is_final(&self) -> bool {
        matches!(self, Finality::Final)
    }

    /// Whether it may have subtypes.
    pub fn is_non_final(&self) -> bool {
        matches!(self, Finality::NonFinal)
    }
}

/// What is stored in a field: a value, or the low bits of an `i32`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum StorageType {
    /// 8 bits.
    I8,
    /// 16 bits.
    I16,
    /// A value.
    ValType(ValType),
}

impl StorageType {
    /// Whether this is `i8`.
    pub fn is_i8(&self) -> bool {
        matches!(self, StorageType::I8)
    }

    /// Whether this is `i16`.
    pub fn is_i16(&self) -> bool {
        matches!(self, StorageType::I16)
    }

    /// Whether this is the type of a value.
    pub fn is_val_type(&self) -> bool {
        matches!(self, StorageType::ValType(_))
    }

    /// Whether only the low bits of a value are stored.
    pub fn is_packed(&self) -> bool {
        !self.is_val_type()
    }

    /// The type of the value, if it is stored as it is.
    pub fn as_val_type(&self) -> Option<&ValType> {
        match self {
            StorageType::ValType(ty) => Some(ty),
            _ => None,
        }
    }

    /// The type of the value.
    ///
    /// # Panics
    /// If only its low bits are stored.
    pub fn unwrap_val_type(&self) -> &ValType {
        self.as_val_type().expect("expected a value type")
    }

    /// The type of the value that is put in and got out.
    pub fn unpack(&self) -> &ValType {
        self.as_val_type().unwrap_or(&ValType::I32)
    }

    /// Whether everything that is stored so can be read as `other` says.
    pub fn matches(&self, other: &StorageType) -> bool {
        match (self, other) {
            (StorageType::ValType(a), StorageType::ValType(b)) => a.matches(b),
            _ => self == other,
        }
    }
}

impl From<ValType> for StorageType {
    fn from(ty: ValType) -> StorageType {
        StorageType::ValType(ty)
    }
}

impl From<RefType> for StorageType {
    fn from(ty: RefType) -> StorageType {
        StorageType::ValType(ty.into())
    }
}

impl fmt::Display for StorageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StorageType::I8 => f.write_str("i8"),
            StorageType::I16 => f.write_str("i16"),
            StorageType::ValType(ty) => fmt::Display::fmt(ty, f),
        }
    }
}

/// The type of a field of structs, or of the elements of arrays.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FieldType {
    mutability: Mutability,
    element_type: StorageType,
}

impl FieldType {
    /// A field in which `element_type` is stored.
    pub fn new(mutability: Mutability, element_type: StorageType) -> FieldType {
        FieldType { mutability, element_type }
    }

    /// Whether it can be written to.
    pub fn mutability(&self) -> Mutability {
        self.mutability
    }

    /// What is stored.
    pub fn element_type(&self) -> &StorageType {
        &self.element_type
    }

    /// Whether a subtype may have this field where `other` is expected (specification section 3.3.7, "field types").
    pub fn matches(&self, other: &FieldType) -> bool {
        match (self.mutability, other.mutability) {
            (Mutability::Const, Mutability::Const) => self.element_type.matches(&other.element_type),
            (Mutability::Var, Mutability::Var) => self.element_type == other.element_type,
            _ => false,
        }
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mutability {
            Mutability::Const => fmt::Display::fmt(&self.element_type, f),
            Mutability::Var => {
                f.write_str("(mut ")?;
                fmt::Display::fmt(&self.element_type, f)?;
                f.write_str(")")
            }
        }
    }
}

/// The most fields that a struct has, as in the JavaScript interface.
const MAX_FIELDS: usize = 10_000;
/// The most supertypes that a type has, as there.
const MAX_DEPTH: usize = 63;

// The base of a heap is guarded for as long as a struct can be.
const _: () = assert!(MAX_FIELDS * 16 + gc::FIELDS as usize <= gc::NULL_GUARD as usize);

/// Whether a type may be declared to be a subtype of one that is `finality` and defined as `supertype`, apart from what
/// both consist of.
///
/// # Errors
/// If not.
pub(super) fn check_supertype(finality: Finality, supertype: &DefinedType) -> Result<()> {
    ensure!(finality.is_non_final(), "cannot create a subtype of a final supertype");
    ensure!(supertype.supertypes().count() < MAX_DEPTH, "a type has at most {MAX_DEPTH} supertypes");
    Ok(())
}

/// The type of structs: their fields.
///
/// ```
/// use headwater::{Engine, FieldType, Finality, Mutability, StorageType, StructType, ValType};
/// let engine = Engine::default();
/// let byte = FieldType::new(Mutability::Const, StorageType::I8);
/// let count = FieldType::new(Mutability::Var, ValType::I64.into());
/// let base = StructType::with_finality_and_supertype(&engine, Finality::NonFinal, None, [byte.clone()])?;
/// let ty = StructType::with_finality_and_supertype(&engine, Finality::Final, Some(&base), [byte, count])?;
/// assert_eq!(ty.to_string(), "(struct (field i8) (field (mut i64)))");
/// assert!(ty.matches(&base) && !base.matches(&ty));
/// # Ok::<(), headwater::Error>(())
/// ```
///
/// Types that modules define in one recursion group with others, or with a supertype, differ from such that look alike
/// (specification section 3.1.2).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StructType(DefinedType);

/// The type of arrays: what their elements are.
///
/// ```
/// use headwater::{ArrayType, Engine, FieldType, Mutability, StorageType};
/// let ty = ArrayType::new(&Engine::default(), FieldType::new(Mutability::Var, StorageType::I16));
/// assert_eq!(ty.to_string(), "(array (mut i16))");
/// assert!(ty.element_type().is_packed() && ty.element_type().unpack().is_i32());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ArrayType(DefinedType);

macro_rules! object_type {
    ($ty:ident) => {
        impl $ty {
            /// Of a type that is one.
            pub(super) fn defined(ty: DefinedType) -> $ty {
                $ty(ty)
            }

            /// As other types name it.
            pub(crate) fn to_defined(&self) -> DefinedType {
                self.0.clone()
            }

            /// Whether it may have subtypes.
            pub fn finality(&self) -> Finality {
                self.0.finality()
            }

            /// The type that this one was declared to be a subtype of.
            pub fn supertype(&self) -> Option<$ty> {
                self.0.supertype().map($ty)
            }

            /// Whether everything of this type can be used where `other` is expected: they are the same, or this one was
            /// declared to be a subtype.
            pub fn matches(&self, other: &$ty) -> bool {
                self.0.matches(&other.0)
            }
        }

        impl fmt::Debug for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}
object_type!(StructType);
object_type!(ArrayType);

fn field_member(ty: &FieldType) -> FieldMember {
    FieldMember { storage: Member::of_storage(&ty.element_type), mutable: ty.mutability.is_var() }
}

/// A type alone in its group.
pub(super) fn alone(finality: Finality, supertype: Option<DefinedType>, composite: Composite) -> DefinedType {
    let supertype = supertype.map(Name::Outer);
    DefinedType::new(&RecGroup::of(vec![SubType { is_final: finality.is_final(), supertype, composite }]), 0)
}

impl StructType {
    /// [`StructType::with_finality_and_supertype`] for callers that have no engine at hand.
    pub(crate) fn of(
        finality: Finality,
        supertype: Option<&StructType>,
        fields: impl IntoIterator<Item = FieldType>,
    ) -> Result<StructType> {
        let fields: Vec<FieldType> = fields.into_iter().take(MAX_FIELDS + 1).collect();
        ensure!(fields.len() <= MAX_FIELDS, "a struct type has at most {MAX_FIELDS} fields");
        if let Some(supertype) = supertype {
            check_supertype(supertype.finality(), &supertype.0)?;
            let expected = supertype.fields();
            ensure!(
                fields.len() >= expected.len() && fields.iter().zip(expected).all(|(a, b)| a.matches(&b)),
                "struct fields must match their supertype's fields"
            );
        }
        let fields = Composite::Struct(fields.iter().map(field_member).collect());
        Ok(StructType(alone(finality, supertype.map(StructType::to_defined), fields)))
    }

    /// Field `i`.
    pub fn field(&self, i: usize) -> Option<FieldType> {
        (i < self.0.fields().len()).then(|| self.0.field(i))
    }

    /// The fields, in order.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = FieldType> + '_ {
        (0..self.0.fields().len()).map(|i| self.0.field(i))
    }
}

impl fmt::Display for StructType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(struct")?;
        // One that is named is not written at length.
        let shown = if f.alternate() { 16 } else { usize::MAX };
        for field in self.fields().take(shown) {
            f.write_str(" (field ")?;
            fmt::Display::fmt(&field, f)?;
            f.write_str(")")?;
        }
        f.write_str(if shown < self.fields().len() { " …)" } else { ")" })
    }
}

impl ArrayType {
    /// [`ArrayType::with_finality_and_supertype`] for callers that have no engine at hand.
    pub(crate) fn of(finality: Finality, supertype: Option<&ArrayType>, field_type: FieldType) -> Result<ArrayType> {
        if let Some(supertype) = supertype {
            check_supertype(supertype.finality(), &supertype.0)?;
            ensure!(
                field_type.matches(&supertype.field_type()),
                "array field type must match its supertype's field type"
            );
        }
        Ok(ArrayType::alone(finality, supertype, &field_type))
    }

    /// The same where the supertype is known to be one.
    pub(crate) fn alone(finality: Finality, supertype: Option<&ArrayType>, field_type: &FieldType) -> ArrayType {
        let elements = Composite::Array(field_member(field_type));
        ArrayType(alone(finality, supertype.map(ArrayType::to_defined), elements))
    }

    /// The type of the elements.
    pub fn field_type(&self) -> FieldType {
        self.0.field(0)
    }

    /// Whether elements can be written to.
    pub fn mutability(&self) -> Mutability {
        self.field_type().mutability
    }

    /// What is stored in an element.
    pub fn element_type(&self) -> StorageType {
        self.field_type().element_type
    }
}

impl fmt::Display for ArrayType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(array ")?;
        fmt::Display::fmt(&self.field_type(), f)?;
        f.write_str(")")
    }
}

/// A type that a module defines.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum CompositeType {
    Func(FuncType),
    Struct(StructType),
    Array(ArrayType),
}

impl CompositeType {
    /// The function type, if it is one.
    pub fn as_func(&self) -> Option<&FuncType> {
        match self {
            CompositeType::Func(ty) => Some(ty),
            _ => None,
        }
    }

    /// What a reference to it refers to.
    pub fn heap_type(&self) -> HeapType {
        match self {
            CompositeType::Func(ty) => ty.clone().into(),
            CompositeType::Struct(ty) => ty.clone().into(),
            CompositeType::Array(ty) => ty.clone().into(),
        }
    }

    /// As other types name it.
    pub fn to_defined(&self) -> DefinedType {
        match self {
            CompositeType::Func(ty) => ty.to_defined(),
            CompositeType::Struct(ty) => ty.to_defined(),
            CompositeType::Array(ty) => ty.to_defined(),
        }
    }

    /// The same without one being made for a function type that none names.
    pub fn as_defined(&self) -> Option<&DefinedType> {
        match self {
            CompositeType::Func(ty) => ty.as_defined(),
            CompositeType::Struct(ty) => Some(&ty.0),
            CompositeType::Array(ty) => Some(&ty.0),
        }
    }
}

macro_rules! composite_type_from {
    ($($variant:ident($ty:ty))*) => {$(
        impl From<$ty> for CompositeType {
            fn from(ty: $ty) -> CompositeType {
                CompositeType::$variant(ty)
            }
        }

        impl From<&$ty> for CompositeType {
            fn from(ty: &$ty) -> CompositeType {
                CompositeType::$variant(ty.clone())
            }
        }
    )*};
}
composite_type_from! { Func(FuncType) Struct(StructType) Array(ArrayType) }
