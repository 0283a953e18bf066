//! What the sections say: validated and filled in section by section, in one pass. What is refused goes to wasmparser
//! ([`super::judge`]), which has the words for it; a section is accepted here if and only if it is accepted there.

use super::Stopper;
use super::constants::ConstReader;
use super::reader::{Invalid, Reader, Refused, check_ref};
use crate::engine::{Config, Engine, Limits, ModuleTypes};
use crate::error::CompileError;
use crate::hash::KeyedSet;
use crate::module::constants::ConstExpr;
use crate::module::imports::ImportInfo;
use crate::module::info::{ElemInfo, ElemItems, EntityIndex, FuncSet, GlobalInfo, ModuleInfo, SegmentMode};
use crate::types::{MemoryType, TableType};
use headwater_codegen::ModuleEnv;
use headwater_codegen::Ty;
use headwater_codegen::env::{FuncSig, GlobalDesc, MemoryDesc, TableDesc};
use headwater_codegen::vmctx::VmLayout;
use std::sync::Arc;
use wasmparser::{Payload, SectionLimited, WasmFeatures};

type Result<T, E = CompileError> = std::result::Result<T, E>;

/// The module as far as it is known.
#[derive(Default, Debug)]
pub(super) struct Sections {
    pub info: ModuleInfo,
    pub env: ModuleEnv,
    /// Those that wasmparser accepts.
    pub features: WasmFeatures,
    consts: ConstReader,
    /// Functions that a constant expression has named.
    declared: Vec<u32>,
}

/// What begins a table that has an initialiser.
const WITH_INIT: u8 = 0x40;

/// How many tags wasmparser accepts, and how many elements in a segment.
const MAX_TAGS: usize = 1_000_000;
const MAX_ITEMS: u32 = 10_000_000;

/// How wide wasmparser takes an import or export of a function or tag of this type to be.
fn width_of(ty: &FuncSig) -> u64 {
    2 + u64::from(ty.results.end - ty.params.start)
}

pub(super) fn check(count: usize, limit: u32, default: u32, what: &str, offset: u64) -> Result<()> {
    // wasmparser knows the default limits itself, and where exactly to report them.
    if limit < default && count > limit as usize {
        return Err(CompileError::limit(format!("{what} count exceeds limit of {limit}"), offset as usize));
    }
    Ok(())
}

macro_rules! check_limit {
    ($limits:expr, $field:ident, $count:expr, $what:literal, $offset:expr) => {
        check($count, $limits.$field, Limits::DEFAULT.$field, $what, $offset)?
    };
}
pub(super) use check_limit;

impl Sections {
    /// Of a module that may use these features.
    pub fn new(features: WasmFeatures) -> Sections {
        Sections { features, ..Sections::default() }
    }

    /// Checks the limits that are lower than wasmparser's, before it sees the payload.
    pub fn check_limits(&self, payload: &Payload<'_>, limits: &Limits) -> Result<()> {
        fn count<T>(section: &SectionLimited<'_, T>) -> (usize, u64) {
            (section.count() as usize, section.range().start)
        }
        match payload {
            Payload::TypeSection(s) => {
                let (n, at) = count(s);
                check_limit!(limits, types, n, "types", at);
            }
            Payload::ImportSection(s) => {
                let (n, at) = count(s);
                check_limit!(limits, imports, n, "imports", at);
            }
            Payload::FunctionSection(s) => {
                let (n, at) = count(s);
                check_limit!(limits, functions, self.env.funcs.len() + n, "functions", at);
            }
            Payload::TableSection(s) => {
                let (n, at) = count(s);
                check_limit!(limits, tables, self.env.tables.len() + n, "tables", at);
            }
            Payload::MemorySection(s) => {
                let (n, at) = count(s);
                check_limit!(limits, memories, self.env.memories.len() + n, "memories", at);
            }
            Payload::GlobalSection(s) => {
                let (n, at) = count(s);
                check_limit!(limits, globals, self.env.globals.len() + n, "globals", at);
            }
            Payload::ExportSection(s) => {
                let (n, at) = count(s);
                check_limit!(limits, exports, n, "exports", at);
            }
            Payload::ElementSection(s) => {
                let (n, at) = count(s);
                check_limit!(limits, element_segments, n, "element segments", at);
            }
            Payload::DataSection(s) => {
                let (n, at) = count(s);
                check_limit!(limits, data_segments, n, "data segments", at);
            }
            Payload::DataCountSection { count, range } => {
                check_limit!(limits, data_segments, *count as usize, "data segments", range.start);
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes in a section that is here as a whole, if it is valid, and returns how wide wasmparser takes it to be
    /// ([`super::widths`]).
    pub fn add(&mut self, payload: &Payload<'_>, contents: &[u8], config: &Config) -> Result<u64, Refused> {
        let Some((_, range)) = payload.as_section() else { return Ok(0) };
        let at = range.start;
        let mut reader = Reader::new(contents);
        let result = self.add_section(payload, &mut reader, config, at);
        result.map_err(|refused| match refused {
            Refused::Because(error) => Refused::Because(Box::new(error.or_at(at as usize))),
            Refused::Invalid => Refused::Invalid,
        })
    }

    fn add_section(
        &mut self,
        payload: &Payload<'_>,
        reader: &mut Reader<'_>,
        config: &Config,
        at: u64,
    ) -> Result<u64, Refused> {
        let limits = config.get_limits();
        let mut width = 0;
        match payload {
            Payload::TypeSection(_) => self.types(reader, limits, at)?,
            Payload::ImportSection(_) => width = self.imports(reader, config, at)?,
            Payload::FunctionSection(_) => self.funcs(reader)?,
            Payload::TableSection(_) => self.tables(reader)?,
            Payload::MemorySection(_) => {
                for _ in 0..reader.u32()? {
                    self.memory(reader, config)?;
                }
            }
            Payload::TagSection(_) => {
                if !self.features.contains(WasmFeatures::EXCEPTIONS) {
                    return Err(Refused::Invalid);
                }
                for _ in 0..reader.u32()? {
                    self.tag(reader)?;
                }
            }
            Payload::GlobalSection(_) => self.globals(reader)?,
            Payload::ExportSection(_) => width = self.exports(reader)?,
            Payload::StartSection { .. } => {
                let func = reader.u32()?;
                let ty = self.func(func)?;
                if !ty.params.is_empty() || !ty.results.is_empty() {
                    return Err(Refused::Invalid);
                }
                self.info.start = Some(func);
            }
            Payload::ElementSection(_) => self.elements(reader)?,
            Payload::DataCountSection { count, .. } => {
                if !self.features.contains(WasmFeatures::BULK_MEMORY) || *count > Limits::DEFAULT.data_segments {
                    return Err(Refused::Invalid);
                }
                self.env.data_count = Some(*count);
                return Ok(0);
            }
            // What follows the header is none of its contents here.
            Payload::CodeSectionStart { .. } => return Ok(0),
            Payload::CustomSection(_) => return Ok(0),
            // Where there is no error, a data section has been taken in segment by segment.
            _ => return Err(Refused::Invalid),
        }
        reader.end()?;
        Ok(width)
    }

    fn imports(&mut self, reader: &mut Reader<'_>, config: &Config, start: u64) -> Result<u64, Refused> {
        let limits = config.get_limits();
        let mut width = 0;
        let count = self.room_for(reader, 4, self.info.imports.len(), Limits::DEFAULT.imports)?;
        // Each takes four bytes or more besides its names.
        self.info.imports.reserve(count as usize, reader.rest().len() - 4 * count as usize);
        for _ in 0..count {
            let at = start + reader.position() as u64;
            let (module, name) = (reader.name()?, reader.name()?);
            width += 1;
            let index = match reader.byte()? {
                0 => {
                    let ty = reader.u32()?;
                    width += width_of(self.func_type(ty)?) - 1;
                    self.env.funcs.push(ty);
                    self.env.imported_funcs += 1;
                    check_limit!(limits, functions, self.env.funcs.len(), "functions", at);
                    EntityIndex::Func(self.env.funcs.len() as u32 - 1)
                }
                1 => {
                    self.table(reader)?;
                    check_limit!(limits, tables, self.env.tables.len(), "tables", at);
                    EntityIndex::Table(self.env.tables.len() as u32 - 1)
                }
                2 => {
                    self.memory(reader, config)?;
                    check_limit!(limits, memories, self.env.memories.len(), "memories", at);
                    EntityIndex::Memory(self.env.memories.len() as u32 - 1)
                }
                3 => {
                    let (ty, mutable) = self.global(reader)?;
                    if mutable && !self.features.contains(WasmFeatures::MUTABLE_GLOBAL) {
                        return Err(Refused::Invalid);
                    }
                    self.add_global(ty, mutable, None)?;
                    self.env.imported_globals += 1;
                    check_limit!(limits, globals, self.env.globals.len(), "globals", at);
                    EntityIndex::Global(self.env.globals.len() as u32 - 1)
                }
                4 => {
                    let ty = self.tag(reader)?;
                    width += width_of(self.func_type(ty)?) - 1;
                    self.info.imported_tags += 1;
                    EntityIndex::Tag(self.env.tags.len() as u32 - 1)
                }
                _ => return Err(Refused::Invalid),
            };
            self.info.imports.push(ImportInfo { module, name, index });
        }
        Ok(width)
    }

    /// How many entries the section has, of which there were `before` and may be `most`; not more than it has room for, if
    /// each takes `least` bytes.
    pub fn room_for(&self, reader: &mut Reader<'_>, least: usize, before: usize, most: u32) -> Result<u32, Invalid> {
        let count = reader.u32()?;
        let fits = before + count as usize <= most as usize && count as usize <= reader.rest().len() / least;
        if fits { Ok(count) } else { Err(Invalid) }
    }

    /// Function type `index`.
    fn func_type(&self, index: u32) -> Result<&FuncSig, Invalid> {
        self.env.func_type(index).ok_or(Invalid)
    }

    /// The type of function `index`.
    fn func(&self, index: u32) -> Result<&FuncSig, Invalid> {
        self.func_type(*self.env.funcs.get(index as usize).ok_or(Invalid)?)
    }

    fn funcs(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        let count = self.room_for(reader, 1, self.env.funcs.len(), Limits::DEFAULT.functions)?;
        self.env.funcs.reserve(count as usize);
        for _ in 0..count {
            let ty = reader.u32()?;
            self.func_type(ty)?;
            self.env.funcs.push(ty);
        }
        Ok(())
    }

    fn tables(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        for _ in 0..reader.u32()? {
            let has_init = reader.peek() == Some(WITH_INIT);
            if has_init {
                reader.skip(1)?;
                if reader.byte()? != 0 || !self.features.contains(WasmFeatures::FUNCTION_REFERENCES) {
                    return Err(Refused::Invalid);
                }
            }
            let elem = self.table(reader)?;
            if has_init {
                let init = self.constant(reader, elem)?;
                self.info.tables.last_mut().expect("it was added").1 = Some(init);
            } else if elem.is_non_null() {
                return Err(Refused::Invalid);
            }
        }
        Ok(())
    }

    /// Takes in a table, without an initialiser. Returns the type of its elements.
    fn table(&mut self, reader: &mut Reader<'_>) -> Result<Ty, Refused> {
        let elem = reader.clone().reference(|index| self.env.defined(index))?;
        // As a whole once more, for the limits.
        let ty: wasmparser::TableType = reader.read(self.features)?;
        if elem != Ty::FUNCREF {
            check_ref(elem, self.features)?;
        }
        let most = if ty.table64 { u64::MAX } else { u32::MAX.into() };
        let fits = ty.initial <= most && ty.maximum.is_none_or(|max| ty.initial <= max && max <= most);
        let allowed = !ty.shared && (!ty.table64 || self.features.contains(WasmFeatures::MEMORY64));
        let several = self.features.contains(WasmFeatures::REFERENCE_TYPES);
        let room = self.env.tables.len() < if several { Limits::DEFAULT.tables as usize } else { 1 };
        if !fits || !allowed || !room {
            return Err(Refused::Invalid);
        }
        self.env.tables.push(TableDesc { elem, is_64: ty.table64 });
        let element = self.reference(elem)?;
        let ty = match ty.table64 {
            true => TableType::new64(element, ty.initial, ty.maximum),
            false => TableType::new(element, ty.initial as u32, ty.maximum.map(|max| max as u32)),
        };
        self.info.tables.push((ty, None));
        Ok(elem)
    }

    fn memory(&mut self, reader: &mut Reader<'_>, config: &Config) -> Result<(), Refused> {
        let ty: wasmparser::MemoryType = reader.read(self.features)?;
        let needed = [
            (ty.memory64, WasmFeatures::MEMORY64),
            (ty.shared, WasmFeatures::THREADS),
            (ty.page_size_log2.is_some(), WasmFeatures::CUSTOM_PAGE_SIZES),
        ];
        let page_log2 = ty.page_size_log2.unwrap_or(16);
        let address_bits = if ty.memory64 { 64 } else { 32 };
        let most = match page_log2 {
            // All bytes but one that an index can reach.
            0 => u64::MAX >> (64 - address_bits),
            16 => 1 << (address_bits - 16),
            _ => return Err(Refused::Invalid),
        };
        let allowed = needed.iter().all(|(needed, feature)| !needed || self.features.contains(*feature));
        let fits = ty.initial <= most && ty.maximum.is_none_or(|max| ty.initial <= max && max <= most);
        let several = self.features.contains(WasmFeatures::MULTI_MEMORY);
        let room = self.env.memories.len() < if several { Limits::DEFAULT.memories as usize } else { 1 };
        if !allowed || !fits || !room || ty.shared && ty.maximum.is_none() {
            return Err(Refused::Invalid);
        }
        let memory = MemoryType::from_parts(ty.initial, ty.maximum, ty.memory64, page_log2 as u8);
        let memory = if ty.shared { memory.into_shared() } else { memory };
        let plan = config.memory_plan(&memory);
        self.env.memories.push(MemoryDesc {
            is_64: memory.is_64(),
            page_log2: memory.page_size_log2(),
            fixed_base: plan.fixed_base,
            guarded: plan.guarded,
            minimum: memory.minimum().saturating_mul(1 << page_log2),
        });
        self.info.memories.push(memory);
        Ok(())
    }

    /// Takes in a tag. Returns its type.
    fn tag(&mut self, reader: &mut Reader<'_>) -> Result<u32, Refused> {
        let exception = reader.byte()? == 0 && self.features.contains(WasmFeatures::EXCEPTIONS);
        let ty = reader.u32()?;
        let room = self.env.tags.len() < MAX_TAGS;
        if !exception || !room || !self.func_type(ty)?.results.is_empty() {
            return Err(Refused::Invalid);
        }
        self.env.tags.push(ty);
        Ok(ty)
    }

    fn globals(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        let count = self.room_for(reader, 4, self.env.globals.len(), Limits::DEFAULT.globals)?;
        self.env.globals.reserve_exact(count as usize);
        self.info.globals.reserve_exact(count as usize);
        for _ in 0..count {
            let (ty, mutable) = self.global(reader)?;
            let init = self.constant(reader, ty)?;
            self.add_global(ty, mutable, Some(init))?;
        }
        Ok(())
    }

    /// The type of a global, and whether it can be written to.
    #[inline]
    fn global(&self, reader: &mut Reader<'_>) -> Result<(Ty, bool), Refused> {
        let ty = reader.val_type(|index| self.env.defined(index), self.features)?;
        match reader.byte()? {
            mutable @ (0 | 1) => Ok((ty, mutable == 1)),
            // Shared, or nothing at all.
            _ => Err(Refused::Invalid),
        }
    }

    fn add_global(&mut self, ty: Ty, mutable: bool, init: Option<ConstExpr>) -> Result<(), Invalid> {
        if self.env.globals.len() >= Limits::DEFAULT.globals as usize {
            return Err(Invalid);
        }
        self.env.globals.push(GlobalDesc { ty, mutable, offset: 0, indirect: false });
        self.info.globals.push(GlobalInfo::new(ty, mutable, init));
        Ok(())
    }

    fn exports(&mut self, reader: &mut Reader<'_>) -> Result<u64, Refused> {
        let count = self.room_for(reader, 3, 0, Limits::DEFAULT.exports)?;
        let mut names = KeyedSet::with_capacity_and_hasher(count as usize, Default::default());
        let mut width = 0;
        // Each takes three bytes or more besides its name.
        self.info.exports.reserve(count as usize, reader.rest().len() - 3 * count as usize);
        for _ in 0..count {
            let name = reader.name()?;
            let (kind, at) = (reader.byte()?, reader.u32()?);
            width += 1;
            let (index, total) = match kind {
                0 => {
                    width += width_of(self.func(at)?) - 1;
                    self.env.declare(at);
                    (EntityIndex::Func(at), self.env.funcs.len())
                }
                1 => (EntityIndex::Table(at), self.env.tables.len()),
                2 => (EntityIndex::Memory(at), self.env.memories.len()),
                3 => {
                    let mutable = self.env.globals.get(at as usize).is_some_and(|global| global.mutable);
                    if mutable && !self.features.contains(WasmFeatures::MUTABLE_GLOBAL) {
                        return Err(Refused::Invalid);
                    }
                    (EntityIndex::Global(at), self.env.globals.len())
                }
                4 => {
                    let ty = *self.env.tags.get(at as usize).ok_or(Invalid)?;
                    width += width_of(self.func_type(ty)?) - 1;
                    (EntityIndex::Tag(at), self.env.tags.len())
                }
                _ => return Err(Refused::Invalid),
            };
            if at as usize >= total || !names.insert(name) {
                return Err(Refused::Invalid);
            }
            self.info.exports.push(name, index);
        }
        Ok(width)
    }

    fn elements(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        let count = self.room_for(reader, 3, 0, Limits::DEFAULT.element_segments)?;
        self.env.elems.reserve_exact(count as usize);
        self.info.elems.reserve_exact(count as usize);
        for _ in 0..count {
            self.element(reader)?;
        }
        Ok(())
    }

    /// Takes in an element segment (specification section 5.5.12).
    fn element(&mut self, reader: &mut Reader<'_>) -> Result<(), Refused> {
        /// Bits of what it begins with: passive or declared, a table or declared, expressions.
        const INACTIVE: u32 = 1;
        const NAMED: u32 = 2;
        const EXPRESSIONS: u32 = 4;
        let flags = reader.u32()?;
        if flags > 7 {
            return Err(Refused::Invalid);
        }
        let mut into = None;
        let mode = if flags & INACTIVE == 0 {
            let index = if flags & NAMED != 0 { reader.u32()? } else { 0 };
            let table = *self.env.tables.get(index as usize).ok_or(Invalid)?;
            into = Some(table.elem);
            SegmentMode::Active { index, offset: self.constant(reader, table.index_ty())? }
        } else if !self.features.contains(WasmFeatures::BULK_MEMORY) {
            return Err(Refused::Invalid);
        } else if flags & NAMED != 0 {
            SegmentMode::Declared
        } else {
            SegmentMode::Passive
        };
        let says_type = flags & (INACTIVE | NAMED) != 0;
        let ty = match (flags & EXPRESSIONS != 0, says_type) {
            (true, true) => reader.ref_type(|index| self.env.defined(index), self.features)?,
            (true, false) => {
                check_ref(Ty::FUNCREF, self.features)?;
                Ty::FUNCREF
            }
            // The one kind of elements that there is.
            (false, true) if reader.byte()? != 0 => return Err(Refused::Invalid),
            (false, _) => Ty::FUNCREF.non_null(),
        };
        if into.is_some_and(|elem| !self.env.fits(ty, elem)) {
            return Err(Refused::Invalid);
        }
        let count = self.room_for(reader, 1, 0, MAX_ITEMS)?;
        let items = if flags & EXPRESSIONS == 0 {
            let mut items = Vec::with_capacity(count as usize);
            for _ in 0..count {
                let func = reader.u32()?;
                if func as usize >= self.env.funcs.len() {
                    return Err(Refused::Invalid);
                }
                self.env.declare(func);
                items.push(func);
            }
            ElemItems::Funcs(items.into())
        } else {
            let mut items = Vec::with_capacity(count as usize);
            for _ in 0..count {
                items.push(self.constant(reader, ty)?);
            }
            ElemItems::Exprs(items.into())
        };
        self.env.elems.push(ty);
        self.info.elems.push(ElemInfo { mode, items });
        Ok(())
    }

    /// Takes in a constant expression whose value is wanted as a `want`; the functions that it names are declared.
    pub fn constant(&mut self, reader: &mut Reader<'_>, want: Ty) -> Result<ConstExpr, Invalid> {
        let (env, declared) = (&self.env, &mut self.declared);
        let range = self.consts.read(reader, env, self.features, want, |func| declared.push(func))?;
        while let Some(func) = self.declared.pop() {
            self.env.declare(func);
        }
        Ok(self.info.constants.add(reader.range(range.start, range.end)))
    }

    /// Reads the offset of a data segment, which comes when function bodies have been compiled in `env`, or without any.
    pub fn offset(&mut self, reader: &mut Reader<'_>, want: Ty, env: Option<&ModuleEnv>) -> Result<(), Invalid> {
        // Functions that it names would be operands of nothing.
        self.consts.read(reader, env.unwrap_or(&self.env), self.features, want, |_| ())?;
        Ok(())
    }

    /// Completes the environment of function bodies: no more sections come that it depends on.
    pub fn finish_env(&mut self, engine: &Engine, far_calls: bool, stop: &Stopper) -> (Arc<ModuleEnv>, ModuleTypes) {
        // Most of what is known of a large module is known now, and bodies need memory, too.
        self.info.shrink_to_fit();
        let types = engine.module_types(&self.info.types);
        let env = &mut self.env;
        env.tys.shrink_to_fit();
        env.types.shrink_to_fit();
        env.defs.shrink_to_fit();
        env.fields.shrink_to_fit();
        env.globals.shrink_to_fit();
        env.disabled = engine.config().disabled();
        env.checks = engine.config().checks();
        env.far_calls = far_calls;
        env.stop = stop.0.clone();
        env.layout = VmLayout::new(
            env.imported_funcs,
            env.memories.len() as u32,
            env.tables.len() as u32,
            env.imported_globals,
            env.globals.len() as u32 - env.imported_globals,
            env.tags.len() as u32,
            self.info.types.len(),
        );
        if self.info.has_heap() {
            env.layout = env.layout.with_heap();
        }
        env.owns_objects = self.info.types.have_objects();
        env.has_externs = self.info.has_externs();
        self.info.tags = env.tags.as_slice().into();
        for (i, global) in env.globals.iter_mut().enumerate() {
            (global.offset, global.indirect) = env.layout.global(i as u32);
        }
        // `ref.func` in a body may only name what is declared outside of bodies.
        self.info.escaped_funcs = FuncSet::new(&env.declared_funcs, env.imported_funcs);
        (Arc::new(std::mem::take(env)), types)
    }
}
