//! What is known about a module besides its machine code: the decoded sections, as instantiation and reflection need
//! them. Index spaces begin with the imports. Filled by [`crate::stream`], read by the rest.

use super::bytes::SectionBytes;
use super::constants::{ConstExpr, ConstOp, Constants, Operators};
use super::exports::Exports;
use super::imports::Imports;
use crate::types::{GlobalType, MemoryType, Mutability, StoredTypes, TableType};
use headwater_codegen::Ty;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use wasmparser::BinaryReader;

/// An entity in one of the module's index spaces.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum EntityIndex {
    Func(u32),
    Table(u32),
    Memory(u32),
    Global(u32),
    Tag(u32),
}

/// A global. As small as it can be: there may be a hundred thousand.
#[derive(Copy, Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GlobalInfo {
    /// What the compiler calls the type of its values.
    ty: u32,
    mutable: bool,
    /// What a defined one begins with; `None` if it is imported.
    pub init: Option<ConstExpr>,
}

impl GlobalInfo {
    pub fn new(ty: Ty, mutable: bool, init: Option<ConstExpr>) -> GlobalInfo {
        GlobalInfo { ty: ty.0, mutable, init }
    }

    /// What the compiler calls the type of its values.
    pub fn ty(&self) -> Ty {
        Ty(self.ty)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum ElemItems {
    Funcs(Box<[u32]>),
    Exprs(Box<[ConstExpr]>),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum SegmentMode {
    /// Applied at instantiation to the table or memory, at the offset.
    Active {
        index: u32,
        offset: ConstExpr,
    },
    Passive,
    Declared,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ElemInfo {
    pub mode: SegmentMode,
    pub items: ElemItems,
}

/// The data segments: places in [`ModuleInfo::data_bytes`], which are read again when an instance is made. A module may
/// have a hundred thousand.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub(crate) struct DataSegments {
    /// Where the head of each begins, and its contents; the next head is where they end.
    rows: Vec<(u32, u32)>,
    end: u32,
}

/// What a data segment begins with that is not active, or that names its memory (specification section 5.5.14).
pub(crate) const DATA_PASSIVE: u32 = 1;
/// See [`DATA_PASSIVE`].
pub(crate) const DATA_NAMED: u32 = 2;

impl DataSegments {
    /// Adds a segment, behind those before: its head, and its contents.
    pub fn push(&mut self, head: u32, contents: Range<u32>) {
        debug_assert!(self.end <= head && head < contents.start, "segments do not overlap");
        self.rows.push((head, contents.start));
        self.end = contents.end;
    }

    pub fn shrink_to_fit(&mut self) {
        self.rows.shrink_to_fit();
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Where the contents of segment `i` are.
    pub fn contents(&self, i: usize) -> Range<usize> {
        let end = self.rows.get(i + 1).map_or(self.end, |next| next.0);
        self.rows[i].1 as usize..end as usize
    }

    /// When segment `i` is applied, according to its head in `section`.
    pub fn mode(&self, i: usize, section: &[u8]) -> SegmentMode {
        let (head, start) = self.rows[i];
        Self::active(head, section.get(head as usize..start as usize).unwrap_or_default())
            .map_or(SegmentMode::Passive, |(index, offset)| SegmentMode::Active { index, offset })
    }

    /// Memory and offset of an active segment with this head, which begins at `at`.
    fn active(at: u32, head: &[u8]) -> Option<(u32, ConstExpr)> {
        let mut reader = BinaryReader::new(head, 0);
        let index = match reader.read_var_u32().ok()? {
            DATA_PASSIVE => return None,
            DATA_NAMED => reader.read_var_u32().ok()?,
            _ => 0,
        };
        let start = reader.current_position();
        // Before the size is the offset's `end`: of the size's bytes all but the last have the upper bit set.
        let (_, rest) = head.split_last()?;
        let end = rest.iter().rposition(|byte| byte & 0x80 == 0).filter(|&end| end >= start)?;
        Some((index, ConstExpr::in_data_section(at + start as u32, (end - start) as u32)))
    }

    /// Bytes of memory behind it.
    pub fn heap_size(&self) -> usize {
        self.rows.capacity() * size_of::<(u32, u32)>()
    }
}

/// A set of functions, in which each has a place: how many of the set come before it.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub(crate) struct FuncSet {
    /// For each 64 functions, which are in the set, and how many before the first of these 64 are.
    words: Box<[(u64, u32)]>,
    len: u32,
}

impl FuncSet {
    /// The functions whose bits are set in `words`, 64 to a word, except those before `first`.
    pub fn new(words: &[u64], first: u32) -> FuncSet {
        let mut len = 0;
        let words = words
            .iter()
            .enumerate()
            .map(|(i, &word)| {
                let skipped = first.saturating_sub(i as u32 * 64);
                let word = if skipped < 64 { word & u64::MAX << skipped } else { 0 };
                let before = len;
                len += word.count_ones();
                (word, before)
            })
            .collect();
        FuncSet { words, len }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// The place of `func`, if it is in the set.
    #[inline]
    pub fn place(&self, func: u32) -> Option<usize> {
        let (word, before) = *self.words.get(func as usize / 64)?;
        let bit = 1 << (func % 64);
        (word & bit != 0).then(|| before as usize + (word & (bit - 1)).count_ones() as usize)
    }
}

#[derive(Default, Debug, Serialize, Deserialize)]
pub(crate) struct ModuleInfo {
    /// By type index.
    pub types: StoredTypes,
    /// What the constant expressions here are in.
    pub constants: Constants,
    pub imports: Imports,
    pub exports: Exports,
    /// Type of each table, and for defined ones the initialiser of its elements, if it has one.
    pub tables: Vec<(TableType, Option<ConstExpr>)>,
    pub memories: Vec<MemoryType>,
    /// Type of each global, and the initialiser of defined ones.
    pub globals: Vec<GlobalInfo>,
    /// Type index of each tag; imported ones first.
    pub tags: Box<[u32]>,
    pub imported_tags: u32,
    pub elems: Vec<ElemInfo>,
    pub data: DataSegments,
    /// The data section, shared by all instances.
    #[serde(skip)]
    pub data_bytes: SectionBytes,
    pub start: Option<u32>,
    /// The module's own functions to which there can be references: exported, in element segments, in constant
    /// expressions, or named by `ref.func`.
    pub escaped_funcs: FuncSet,
    /// Payload of the `name` custom section (after its name), undecoded.
    #[serde(skip)]
    pub name_section: Option<SectionBytes>,
    /// Custom sections with debug information, if they are kept: names and contents.
    #[serde(skip)]
    pub debug_sections: Vec<(Box<str>, SectionBytes)>,
    /// Size of the whole module in bytes.
    pub wasm_bytes: u64,
    /// Size of the code section's payload in bytes.
    pub code_section_bytes: u64,
    /// Offset of that payload in the module.
    pub code_section_at: u64,
}

impl ModuleInfo {
    /// The operators of `expr`, in order of evaluation.
    pub fn operators(&self, expr: ConstExpr) -> Operators<'_> {
        self.constants.operators(expr, &self.data_bytes)
    }

    /// The one operator of `expr`; `None` if it has several.
    pub fn only(&self, expr: ConstExpr) -> Option<ConstOp> {
        self.operators(expr).only()
    }

    /// The type of global `i`, which there is.
    pub fn global_type(&self, i: u32) -> GlobalType {
        let global = self.globals[i as usize];
        let content = self.types.value_type(global.ty()).expect("its type was looked at when it was taken in");
        GlobalType::new(content, if global.mutable { Mutability::Var } else { Mutability::Const })
    }

    /// Numbers of the globals with references, and the greatest type of the hierarchy that these belong to.
    pub fn ref_globals(&self) -> impl Iterator<Item = (u32, Ty)> {
        (0..).zip(&self.globals).filter_map(|(i, global)| Some((i, self.types.top(global.ty())?)))
    }

    /// Whether objects may be among the values of the module's functions, because a type of functions, globals or tables
    /// has references to such. Those that `any.convert_extern` makes are not meant, see [`ModuleInfo::has_externs`].
    pub fn has_heap(&self) -> bool {
        self.types.lead_to_objects()
            || self.ref_globals().any(|(_, top)| top == Ty::ANYREF)
            || self.tables.iter().any(|(ty, _)| ty.element().leads_to_objects())
    }

    /// Whether external references may be among the values of the module's functions.
    pub fn has_externs(&self) -> bool {
        self.types.have(|ty| ty.is_external())
            || self.ref_globals().any(|(_, top)| top == Ty::EXTERNREF)
            || self.tables.iter().any(|(ty, _)| ty.element().is_external())
    }

    /// The same without the contents of the data and name sections.
    pub fn without_contents(&self) -> ModuleInfo {
        ModuleInfo {
            types: self.types.clone(),
            constants: self.constants.clone(),
            imports: self.imports.clone(),
            exports: self.exports.clone(),
            tables: self.tables.clone(),
            memories: self.memories.clone(),
            globals: self.globals.clone(),
            tags: self.tags.clone(),
            imported_tags: self.imported_tags,
            elems: self.elems.clone(),
            data: self.data.clone(),
            data_bytes: SectionBytes::default(),
            start: self.start,
            escaped_funcs: self.escaped_funcs.clone(),
            name_section: None,
            debug_sections: Vec::new(),
            wasm_bytes: self.wasm_bytes,
            code_section_bytes: self.code_section_bytes,
            code_section_at: self.code_section_at,
        }
    }

    /// Gives memory back that is not needed.
    pub fn shrink_to_fit(&mut self) {
        self.types.shrink_to_fit();
        self.constants.shrink_to_fit();
        self.imports.shrink_to_fit();
        self.exports.shrink_to_fit();
        self.tables.shrink_to_fit();
        self.globals.shrink_to_fit();
        self.elems.shrink_to_fit();
    }

    /// Bytes of memory behind it, contents of data segments and of the name section included. What the allocator adds
    /// is not counted, nor is what types have of their own, which modules share.
    pub fn heap_size(&self) -> usize {
        fn vec<T>(vec: &Vec<T>) -> usize {
            vec.capacity() * size_of::<T>()
        }
        let items = |elem: &ElemInfo| match &elem.items {
            ElemItems::Funcs(funcs) => size_of_val(&**funcs),
            ElemItems::Exprs(exprs) => size_of_val(&**exprs),
        };
        self.types.heap_size()
            + self.constants.heap_size()
            + self.imports.heap_size()
            + self.exports.heap_size()
            + vec(&self.tables)
            + vec(&self.memories)
            + vec(&self.globals)
            + vec(&self.elems)
            + self.elems.iter().map(items).sum::<usize>()
            + self.data.heap_size()
            + self.data_bytes.len()
            + size_of_val(&*self.escaped_funcs.words)
            + self.name_section.as_ref().map_or(0, |s| s.len())
            + self.debug_sections.iter().map(|(name, s)| name.len() + s.len()).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_codegen::op;

    #[test]
    fn damaged_heads_of_segments_are_read_without_harm() {
        let section = [1, 2, 3, op::I32_CONST, 5, op::END, 0x81, 0x80, 0, b'x'];
        let mut segments = DataSegments::default();
        segments.push(1, 9..10);
        assert_eq!(segments.contents(0), 9..10);
        assert!(matches!(segments.mode(0, &section), SegmentMode::Active { index: 3, .. }));
        for len in 0..9 {
            segments.mode(0, &section[..len]);
            segments.mode(0, &[0x80; 9][..len]);
        }
        assert!(matches!(segments.mode(0, &[0x80; 9]), SegmentMode::Passive));
    }

    #[test]
    fn the_place_of_a_function_is_how_many_come_before_it() {
        let set = FuncSet::new(&[1 << 63 | 0b1011, 0, 0b101], 1);
        assert_eq!(set.len(), 5);
        let members = [1, 3, 63, 128, 130];
        for (place, func) in members.into_iter().enumerate() {
            assert_eq!(set.place(func), Some(place));
        }
        assert!((0..1000).filter(|f| !members.contains(f)).all(|f| set.place(f).is_none()));
        assert_eq!(FuncSet::new(&[u64::MAX; 3], 130).place(130), Some(0));
    }
}
