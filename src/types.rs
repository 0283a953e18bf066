//! Types of values and of what modules import and export (specification section 2.3), as embedders see them.
//!
//! All of them are plain values, cheap to clone and independent of any store.

mod composite;
pub(crate) mod defined;
mod external;
mod func;
mod heap;
mod memory;
pub(crate) mod object;
mod stored;

pub use composite::{ArrayType, FieldType, Finality, StorageType, StructType};
pub use external::{ExportType, ExternType, ImportType};
pub use func::FuncType;
pub use heap::HeapType;
pub use memory::{MemoryType, MemoryTypeBuilder};

use crate::Val;
use headwater_codegen::Ty;
use serde::{Deserialize, Serialize};
use std::fmt;

pub(crate) use composite::CompositeType;
pub(crate) use stored::{StoredTypes, forget_stored_types};

/// Bytes in a page of linear memory.
pub(crate) const PAGE: u64 = 65536;

/// The type of a reference.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RefType {
    nullable: bool,
    heap: HeapType,
}

impl RefType {
    /// Whether it can be a reference to an object.
    pub(crate) fn leads_to_objects(&self) -> bool {
        self.heap.top().is_any()
    }

    /// Whether it is an external reference.
    pub(crate) fn is_external(&self) -> bool {
        self.heap.top().is_extern()
    }

    /// `funcref`, a nullable reference to a function.
    pub const FUNCREF: RefType = RefType { nullable: true, heap: HeapType::Func };
    /// `externref`, a nullable reference to a value of the host.
    pub const EXTERNREF: RefType = RefType { nullable: true, heap: HeapType::Extern };
    /// `exnref`, a nullable reference to an exception.
    pub const EXNREF: RefType = RefType { nullable: true, heap: HeapType::Exn };
    /// `anyref`, a nullable reference to anything but functions and exceptions.
    pub const ANYREF: RefType = RefType { nullable: true, heap: HeapType::Any };
    /// `eqref`, a nullable reference that can be compared.
    pub const EQREF: RefType = RefType { nullable: true, heap: HeapType::Eq };
    /// `i31ref`, a nullable reference that is an integer of 31 bits.
    pub const I31REF: RefType = RefType { nullable: true, heap: HeapType::I31 };
    /// `structref`, a nullable reference to a struct.
    pub const STRUCTREF: RefType = RefType { nullable: true, heap: HeapType::Struct };
    /// `arrayref`, a nullable reference to an array.
    pub const ARRAYREF: RefType = RefType { nullable: true, heap: HeapType::Array };
    /// `nullref`, the null of `anyref`.
    pub const NULLREF: RefType = RefType { nullable: true, heap: HeapType::None };
    /// `nullfuncref`, the null of `funcref`.
    pub const NULLFUNCREF: RefType = RefType { nullable: true, heap: HeapType::NoFunc };
    /// `nullexternref`, the null of `externref`.
    pub const NULLEXTERNREF: RefType = RefType { nullable: true, heap: HeapType::NoExtern };
    /// `nullexnref`, the null of `exnref`.
    pub const NULLEXNREF: RefType = RefType { nullable: true, heap: HeapType::NoExn };

    /// A reference type.
    pub fn new(is_nullable: bool, heap_type: HeapType) -> RefType {
        RefType { nullable: is_nullable, heap: heap_type }
    }

    /// Whether null is a value of this type.
    pub fn is_nullable(&self) -> bool {
        self.nullable
    }

    /// What is referred to.
    pub fn heap_type(&self) -> &HeapType {
        &self.heap
    }

    /// Whether every value of this type is one of `other`.
    pub fn matches(&self, other: &RefType) -> bool {
        (other.nullable || !self.nullable) && self.heap.matches(&other.heap)
    }
}

impl fmt::Display for RefType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.nullable, &self.heap) {
            (true, HeapType::None) => f.write_str("nullref"),
            (true, HeapType::NoFunc) => f.write_str("nullfuncref"),
            (true, HeapType::NoExtern) => f.write_str("nullexternref"),
            (true, HeapType::NoExn) => f.write_str("nullexnref"),
            (true, heap) if heap.is_abstract() => write!(f, "{heap}ref"),
            (nullable, heap) => {
                f.write_str(if nullable { "(ref null " } else { "(ref " })?;
                fmt::Display::fmt(heap, f)?;
                f.write_str(")")
            }
        }
    }
}

impl fmt::Debug for RefType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The type of a value.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ValType {
    /// 32-bit integer
    I32,
    /// 64-bit integer
    I64,
    /// 32-bit float
    F32,
    /// 64-bit float
    F64,
    /// 128-bit vector
    V128,
    /// A reference.
    Ref(RefType),
}

impl ValType {
    /// As [`RefType::is_external`].
    pub(crate) fn is_external(&self) -> bool {
        self.as_ref().is_some_and(RefType::is_external)
    }

    /// As [`RefType::leads_to_objects`].
    pub(crate) fn leads_to_objects(&self) -> bool {
        self.as_ref().is_some_and(RefType::leads_to_objects)
    }

    /// `funcref`
    pub const FUNCREF: ValType = ValType::Ref(RefType::FUNCREF);
    /// `externref`
    pub const EXTERNREF: ValType = ValType::Ref(RefType::EXTERNREF);
    /// `exnref`
    pub const EXNREF: ValType = ValType::Ref(RefType::EXNREF);
    /// `anyref`
    pub const ANYREF: ValType = ValType::Ref(RefType::ANYREF);
    /// `eqref`
    pub const EQREF: ValType = ValType::Ref(RefType::EQREF);
    /// `i31ref`
    pub const I31REF: ValType = ValType::Ref(RefType::I31REF);
    /// `structref`
    pub const STRUCTREF: ValType = ValType::Ref(RefType::STRUCTREF);
    /// `arrayref`
    pub const ARRAYREF: ValType = ValType::Ref(RefType::ARRAYREF);
    /// `nullref`
    pub const NULLREF: ValType = ValType::Ref(RefType::NULLREF);
    /// `nullfuncref`
    pub const NULLFUNCREF: ValType = ValType::Ref(RefType::NULLFUNCREF);
    /// `nullexternref`
    pub const NULLEXTERNREF: ValType = ValType::Ref(RefType::NULLEXTERNREF);
    /// `nullexnref`
    pub const NULLEXNREF: ValType = ValType::Ref(RefType::NULLEXNREF);

    /// Whether this is one of the four number types.
    pub fn is_num(&self) -> bool {
        matches!(self, ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64)
    }

    /// Whether this is `i32`.
    pub fn is_i32(&self) -> bool {
        matches!(self, ValType::I32)
    }

    /// Whether this is `i64`.
    pub fn is_i64(&self) -> bool {
        matches!(self, ValType::I64)
    }

    /// Whether this is `f32`.
    pub fn is_f32(&self) -> bool {
        matches!(self, ValType::F32)
    }

    /// Whether this is `f64`.
    pub fn is_f64(&self) -> bool {
        matches!(self, ValType::F64)
    }

    /// Whether this is `v128`.
    pub fn is_v128(&self) -> bool {
        matches!(self, ValType::V128)
    }

    /// Whether this is a reference type.
    pub fn is_ref(&self) -> bool {
        matches!(self, ValType::Ref(_))
    }

    /// Whether this is `funcref`.
    pub fn is_funcref(&self) -> bool {
        *self == ValType::FUNCREF
    }

    /// Whether this is `externref`.
    pub fn is_externref(&self) -> bool {
        *self == ValType::EXTERNREF
    }

    /// Whether this is `exnref`.
    pub fn is_exnref(&self) -> bool {
        *self == ValType::EXNREF
    }

    /// Whether this is `anyref`.
    pub fn is_anyref(&self) -> bool {
        *self == ValType::ANYREF
    }

    /// The reference type, if this is one.
    pub fn as_ref(&self) -> Option<&RefType> {
        match self {
            ValType::Ref(r) => Some(r),
            _ => None,
        }
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

    /// Whether every value of this type is one of `other`.
    pub fn matches(&self, other: &ValType) -> bool {
        match (self, other) {
            (ValType::Ref(a), ValType::Ref(b)) => a.matches(b),
            (a, b) => a == b,
        }
    }

    /// What the compiler calls this type where it is outside of a module: types are not told apart.
    pub(crate) fn ty(&self) -> Ty {
        match self {
            ValType::I32 => Ty::I32,
            ValType::I64 => Ty::I64,
            ValType::F32 => Ty::F32,
            ValType::F64 => Ty::F64,
            ValType::V128 => Ty::V128,
            ValType::Ref(r) => r.ty(),
        }
    }
}

impl RefType {
    /// What the compiler calls this type where it is outside of a module: types are not told apart.
    pub(crate) fn ty(&self) -> Ty {
        match self.heap.top() {
            HeapType::Func => Ty::FUNCREF,
            HeapType::Extern => Ty::EXTERNREF,
            HeapType::Exn => Ty::EXNREF,
            _ => Ty::ANYREF,
        }
    }
}

impl From<RefType> for ValType {
    fn from(ty: RefType) -> ValType {
        ValType::Ref(ty)
    }
}

impl fmt::Display for ValType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ValType::I32 => "i32",
            ValType::I64 => "i64",
            ValType::F32 => "f32",
            ValType::F64 => "f64",
            ValType::V128 => "v128",
            ValType::Ref(r) => return fmt::Display::fmt(r, f),
        })
    }
}

impl fmt::Debug for ValType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether a global can be written to.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Mutability {
    /// It cannot.
    Const,
    /// It can.
    Var,
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

/// The type of a global.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct GlobalType {
    content: ValType,
    mutability: Mutability,
}

impl GlobalType {
    /// The type of a global that holds values of type `content`.
    pub fn new(content: ValType, mutability: Mutability) -> GlobalType {
        GlobalType { content, mutability }
    }

    /// The type of the value.
    pub fn content(&self) -> &ValType {
        &self.content
    }

    /// Whether the global can be written to.
    pub fn mutability(&self) -> Mutability {
        self.mutability
    }
}

impl fmt::Display for GlobalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mutability {
            Mutability::Const => write!(f, "(global {})", self.content),
            Mutability::Var => write!(f, "(global (mut {}))", self.content),
        }
    }
}

fn write_limits(f: &mut fmt::Formatter<'_>, is_64: bool, min: u64, max: Option<u64>) -> fmt::Result {
    if is_64 {
        f.write_str(" i64")?;
    }
    write!(f, " {min}")?;
    match max {
        Some(max) => write!(f, " {max}"),
        None => Ok(()),
    }
}

/// The type of a table. Sizes are numbers of elements.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct TableType {
    element: RefType,
    min: u64,
    max: Option<u64>,
    is_64: bool,
}

impl TableType {
    /// A table of `min` elements at first and at most `max`.
    pub fn new(element: RefType, min: u32, max: Option<u32>) -> TableType {
        TableType { element, min: min.into(), max: max.map(Into::into), is_64: false }
    }

    /// The same with 64-bit indices.
    pub fn new64(element: RefType, min: u64, max: Option<u64>) -> TableType {
        TableType { element, min, max, is_64: true }
    }

    /// The type of the elements.
    pub fn element(&self) -> &RefType {
        &self.element
    }

    /// The least number of elements.
    pub fn minimum(&self) -> u64 {
        self.min
    }

    /// The greatest number of elements, if there is a limit.
    pub fn maximum(&self) -> Option<u64> {
        self.max
    }

    /// Whether indices are `i64`.
    pub fn is_64(&self) -> bool {
        self.is_64
    }
}

impl fmt::Display for TableType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(table")?;
        write_limits(f, self.is_64, self.min, self.max)?;
        write!(f, " {})", self.element)
    }
}

/// The type of a tag: what exceptions with it carry.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TagType(FuncType);

impl TagType {
    /// A tag whose exceptions have the parameters of `ty` as arguments; `ty` has no results.
    pub fn new(ty: FuncType) -> TagType {
        TagType(ty)
    }

    /// The function type, whose parameters are the arguments of exceptions.
    pub fn ty(&self) -> &FuncType {
        &self.0
    }
}

impl fmt::Display for TagType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(tag")?;
        for (i, ty) in self.0.params().enumerate() {
            write!(f, "{} {ty}", if i == 0 { " (param" } else { "" })?;
        }
        f.write_str(if self.0.num_params() == 0 { ")" } else { "))" })
    }
}
