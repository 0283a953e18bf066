//! What is known of a module besides its machine code: the decoded sections, as instantiation and
//! reflection need them. Index spaces begin with the imports. Filled by [`crate::stream`], read by the rest.

use crate::api::types::{FuncType, GlobalType, MemoryType, TableType};
use std::ops::Range;
use std::sync::Arc;

/// An entity in one of the module's index spaces.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum EntityIndex {
    Func(u32),
    Table(u32),
    Memory(u32),
    Global(u32),
}

/// An import; its place in its index space follows from the order of the imports.
#[derive(Clone, Debug)]
pub(crate) struct ImportInfo {
    pub module: Box<str>,
    pub name: Box<str>,
    pub index: EntityIndex,
}

#[derive(Clone, Debug)]
pub(crate) struct ExportInfo {
    pub name: Box<str>,
    pub index: EntityIndex,
}

/// One instruction of a constant expression (specification section 3.4, "constant expressions"),
/// a small stack machine.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) enum ConstOp {
    I32Const(i32),
    I64Const(i64),
    F32Const(u32),
    F64Const(u64),
    GlobalGet(u32),
    RefNull,
    RefFunc(u32),
    I32Add,
    I32Sub,
    I32Mul,
    I64Add,
    I64Sub,
    I64Mul,
}

/// A constant expression in order of evaluation, without its `end`.
pub(crate) type ConstExpr = Box<[ConstOp]>;

#[derive(Clone, Debug)]
pub(crate) enum ElemItems {
    Funcs(Box<[u32]>),
    Exprs(Box<[ConstExpr]>),
}

#[derive(Clone, Debug)]
pub(crate) enum SegmentMode {
    /// Applied at instantiation to the table or memory, at the offset.
    Active {
        index: u32,
        offset: ConstExpr,
    },
    Passive,
    Declared,
}

#[derive(Clone, Debug)]
pub(crate) struct ElemInfo {
    pub mode: SegmentMode,
    pub items: ElemItems,
}

/// A data segment; `bytes` is a range of [`ModuleInfo::data_bytes`].
#[derive(Clone, Debug)]
pub(crate) struct DataInfo {
    pub mode: SegmentMode,
    pub bytes: Range<usize>,
}

#[derive(Default, Debug)]
pub(crate) struct ModuleInfo {
    /// Function types by type index.
    pub types: Vec<FuncType>,
    pub imports: Vec<ImportInfo>,
    pub exports: Vec<ExportInfo>,
    /// Type of each table, and for defined ones the initialiser of its elements, if it has one.
    pub tables: Vec<(TableType, Option<ConstExpr>)>,
    pub memories: Vec<MemoryType>,
    /// Type of each global, and the initialiser of defined ones.
    pub globals: Vec<(GlobalType, Option<ConstExpr>)>,
    pub elems: Vec<ElemInfo>,
    pub data: Vec<DataInfo>,
    /// The data section's payload, shared by all instances.
    pub data_bytes: Arc<[u8]>,
    pub start: Option<u32>,
    /// Functions a reference to which can come into being: exported, in element segments, in constant
    /// expressions, or named by `ref.func`; sorted, without repetition.
    pub escaped_funcs: Vec<u32>,
    /// Payload of the `name` custom section (after its name), undecoded.
    pub name_section: Option<Box<[u8]>>,
    /// Size of the whole module in bytes.
    pub wasm_bytes: u64,
    /// Size of the code section's payload in bytes.
    pub code_section_bytes: u64,
}
