//! Types of values and of what modules import and export (specification section 2.3), as embedders see them.
//!
//! All of them are plain values, cheap to clone and independent of any store.

mod external;
mod heap;
mod memory;

pub use external::{ExportType, ExternType, ImportType};
pub use memory::{MemoryType, MemoryTypeBuilder};

use headwater_codegen::Ty;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Bytes in a page of linear memory.
pub(crate) const PAGE: u64 = 65536;

/// What a reference may refer to.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum HeapType {
    /// Functions, host functions included.
    Func,
    /// Values of the host.
    Extern,
    /// Exceptions.
    Exn,
}

impl fmt::Display for HeapType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HeapType::Func => "func",
            HeapType::Extern => "extern",
            HeapType::Exn => "exn",
        })
    }
}

/// The type of a reference.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RefType {
    nullable: bool,
    heap: HeapType,
}

impl RefType {
    /// `funcref`, a nullable reference to a function.
    pub const FUNCREF: RefType = RefType { nullable: true, heap: HeapType::Func };
    /// `externref`, a nullable reference to a value of the host.
    pub const EXTERNREF: RefType = RefType { nullable: true, heap: HeapType::Extern };

    /// `exnref`, a nullable reference to an exception.
    pub const EXNREF: RefType = RefType { nullable: true, heap: HeapType::Exn };

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
        self.heap == other.heap && (other.nullable || !self.nullable)
    }
}

impl fmt::Display for RefType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.nullable {
            true => write!(f, "{}ref", self.heap),
            false => write!(f, "(ref {})", self.heap),
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
    /// `funcref`
    pub const FUNCREF: ValType = ValType::Ref(RefType::FUNCREF);
    /// `externref`
    pub const EXTERNREF: ValType = ValType::Ref(RefType::EXTERNREF);
    /// `exnref`
    pub const EXNREF: ValType = ValType::Ref(RefType::EXNREF);

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

    /// The reference type, if this is one.
    pub fn as_ref(&self) -> Option<&RefType> {
        match self {
            ValType::Ref(r) => Some(r),
            _ => None,
        }
    }

    /// Whether every value of this type is one of `other`.
    pub fn matches(&self, other: &ValType) -> bool {
        match (self, other) {
            (ValType::Ref(a), ValType::Ref(b)) => a.matches(b),
            (a, b) => a == b,
        }
    }

    /// What the compiler calls this type.
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
    /// What the compiler calls this type. Non-nullable types do not occur in the features that are supported.
    pub(crate) fn ty(&self) -> Ty {
        match self.heap {
            HeapType::Func => Ty::FUNCREF,
            HeapType::Extern => Ty::EXTERNREF,
            HeapType::Exn => Ty::EXNREF,
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

/// The type of a function: parameters and results.
///
/// ```
/// use headwater::{Engine, FuncType, ValType};
/// let engine = Engine::default();
/// let ty = FuncType::new(&engine, [ValType::I32, ValType::I64], [ValType::F32]);
/// assert_eq!(ty.params().len(), 2);
/// assert_eq!(ty.to_string(), "(func (param i32 i64) (result f32))");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "(Vec<ValType>, Vec<ValType>)", into = "(Vec<ValType>, Vec<ValType>)")]
pub struct FuncType {
    tys: Arc<[ValType]>,
    num_params: u32,
}

impl From<(Vec<ValType>, Vec<ValType>)> for FuncType {
    fn from((params, results): (Vec<ValType>, Vec<ValType>)) -> FuncType {
        FuncType::of(params, results)
    }
}

impl From<FuncType> for (Vec<ValType>, Vec<ValType>) {
    fn from(ty: FuncType) -> Self {
        (ty.param_slice().to_vec(), ty.result_slice().to_vec())
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
        FuncType { tys: tys.into(), num_params }
    }

    /// The parameters, in order.
    pub fn params(&self) -> impl ExactSizeIterator<Item = ValType> + '_ {
        self.param_slice().iter().cloned()
    }

    /// The results, in order.
    pub fn results(&self) -> impl ExactSizeIterator<Item = ValType> + '_ {
        self.result_slice().iter().cloned()
    }

    /// The `i`-th parameter.
    pub fn param(&self, i: usize) -> Option<ValType> {
        self.param_slice().get(i).cloned()
    }

    /// The `i`-th result.
    pub fn result(&self, i: usize) -> Option<ValType> {
        self.result_slice().get(i).cloned()
    }

    /// Whether a function of this type can be used where `other` is expected.
    pub fn matches(&self, other: &FuncType) -> bool {
        self == other
    }

    pub(crate) fn param_slice(&self) -> &[ValType] {
        &self.tys[..self.num_params as usize]
    }

    pub(crate) fn result_slice(&self) -> &[ValType] {
        &self.tys[self.num_params as usize..]
    }
}

impl fmt::Display for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(func")?;
        for (what, tys) in [("param", self.param_slice()), ("result", self.result_slice())] {
            if !tys.is_empty() {
                write!(f, " ({what}")?;
                for ty in tys {
                    write!(f, " {ty}")?;
                }
                f.write_str(")")?;
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

/// Whether a global can be written to.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Mutability {
    /// It cannot.
    Const,
    /// It can.
    Var,
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
        for (i, ty) in self.0.param_slice().iter().enumerate() {
            write!(f, "{} {ty}", if i == 0 { " (param" } else { "" })?;
        }
        f.write_str(if self.0.param_slice().is_empty() { ")" } else { "))" })
    }
}
