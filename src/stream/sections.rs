//! What the sections say: filled in section by section, from payloads that wasmparser has already validated.

use super::Stopper;
use super::types::{memory_type, ty_of};
use crate::engine::{Config, Engine, Limits, ModuleTypes};
use crate::error::CompileError;
use crate::module::constants::ConstExpr;
use crate::module::info::{ElemInfo, ElemItems, EntityIndex, ExportInfo, FuncSet, ImportInfo, ModuleInfo, SegmentMode};
use headwater_codegen::ModuleEnv;
use headwater_codegen::Ty;
use headwater_codegen::env::{GlobalDesc, MemoryDesc, TableDesc};
use headwater_codegen::vmctx::VmLayout;
use std::sync::Arc;
use wasmparser::{
    BinaryReader, ElementItems, ElementKind, ExternalKind, Payload, SectionLimited, TableInit, TypeRef, Validator,
    WasmFeatures,
};

type Result<T, E = CompileError> = std::result::Result<T, E>;

/// The module as far as it is known.
#[derive(Default, Debug)]
pub(super) struct Sections {
    pub info: ModuleInfo,
    pub env: ModuleEnv,
    /// Those that wasmparser accepts.
    pub features: WasmFeatures,
}

pub(super) fn invalid(error: wasmparser::Error) -> CompileError {
    CompileError::invalid(&error, None)
}

/// For what wasmparser would only accept with features that are not on.
pub(super) fn unsupported(what: &str) -> CompileError {
    CompileError::internal(format!("{what} passed validation without the feature it needs"))
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

    /// Takes in a section that is here as a whole, and that `validator` has seen.
    pub fn add(&mut self, payload: Payload<'_>, contents: &[u8], validator: &Validator, config: &Config) -> Result<()> {
        let start = payload.as_section().map(|(_, range)| range.start);
        self.add_section(payload, contents, validator, config).map_err(|e| match start {
            Some(start) => e.or_at(start as usize),
            None => e,
        })
    }

    fn add_section(
        &mut self,
        payload: Payload<'_>,
        contents: &[u8],
        validator: &Validator,
        config: &Config,
    ) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => self.types(&section, contents, validator, config.get_limits()),
            Payload::ImportSection(section) => self.imports(section, config),
            Payload::FunctionSection(section) => self.funcs(section),
            Payload::TableSection(section) => self.tables(section),
            Payload::MemorySection(section) => {
                section.into_iter().try_for_each(|ty| self.add_memory(ty.map_err(invalid)?, config))
            }
            Payload::TagSection(section) => self.tags(section),
            Payload::GlobalSection(section) => self.globals(&section, contents),
            Payload::ExportSection(section) => self.exports(section),
            Payload::StartSection { func, .. } => {
                self.info.start = Some(func);
                Ok(())
            }
            Payload::ElementSection(section) => self.elements(section),
            Payload::DataCountSection { count, .. } => {
                self.env.data_count = Some(count);
                Ok(())
            }
            // Where there is no error, the section has been taken in segment by segment.
            Payload::DataSection(_) => Err(CompileError::internal("a valid data section was not accepted")),
            _ => Ok(()),
        }
    }

    fn imports(&mut self, section: wasmparser::ImportSectionReader<'_>, config: &Config) -> Result<()> {
        let limits = config.get_limits();
        for import in section.into_imports_with_offsets() {
            let (at, import) = import.map_err(invalid)?;
            let index = match import.ty {
                TypeRef::Func(ty) => {
                    self.env.funcs.push(ty);
                    self.env.imported_funcs += 1;
                    check_limit!(limits, functions, self.env.funcs.len(), "functions", at);
                    EntityIndex::Func(self.env.funcs.len() as u32 - 1)
                }
                TypeRef::Table(ty) => {
                    self.add_table(ty, None)?;
                    check_limit!(limits, tables, self.env.tables.len(), "tables", at);
                    EntityIndex::Table(self.env.tables.len() as u32 - 1)
                }
                TypeRef::Memory(ty) => {
                    self.add_memory(ty, config)?;
                    check_limit!(limits, memories, self.env.memories.len(), "memories", at);
                    EntityIndex::Memory(self.env.memories.len() as u32 - 1)
                }
                TypeRef::Global(ty) => {
                    self.add_global(ty, None)?;
                    self.env.imported_globals += 1;
                    check_limit!(limits, globals, self.env.globals.len(), "globals", at);
                    EntityIndex::Global(self.env.globals.len() as u32 - 1)
                }
                TypeRef::Tag(ty) => {
                    self.env.tags.push(ty.func_type_idx);
                    self.info.imported_tags += 1;
                    EntityIndex::Tag(self.env.tags.len() as u32 - 1)
                }
                TypeRef::FuncExact(_) => return Err(unsupported("an import")),
            };
            self.info.imports.push(ImportInfo { module: import.module.into(), name: import.name.into(), index });
        }
        Ok(())
    }

    fn funcs(&mut self, section: wasmparser::FunctionSectionReader<'_>) -> Result<()> {
        for ty in section {
            self.env.funcs.push(ty.map_err(invalid)?);
        }
        Ok(())
    }

    fn tables(&mut self, section: wasmparser::TableSectionReader<'_>) -> Result<()> {
        for table in section {
            let table = table.map_err(invalid)?;
            let init = match table.init {
                TableInit::RefNull => None,
                TableInit::Expr(expr) => Some(self.const_expr(&expr)?),
            };
            self.add_table(table.ty, init)?;
        }
        Ok(())
    }

    fn add_table(&mut self, ty: wasmparser::TableType, init: Option<ConstExpr>) -> Result<()> {
        self.env.tables.push(TableDesc { elem: ty_of(ty.element_type.into()), is_64: ty.table64 });
        let ty = self.table_type(ty)?;
        self.info.tables.push((ty, init));
        Ok(())
    }

    fn add_memory(&mut self, ty: wasmparser::MemoryType, config: &Config) -> Result<()> {
        let ty = memory_type(ty)?;
        let plan = config.memory_plan(&ty);
        self.env.memories.push(MemoryDesc {
            is_64: ty.is_64(),
            page_log2: ty.page_size_log2(),
            fixed_base: plan.fixed_base,
            guarded: plan.guarded,
        });
        self.info.memories.push(ty);
        Ok(())
    }

    fn tags(&mut self, section: wasmparser::TagSectionReader<'_>) -> Result<()> {
        for tag in section {
            self.env.tags.push(tag.map_err(invalid)?.func_type_idx);
        }
        Ok(())
    }

    fn globals(&mut self, section: &wasmparser::GlobalSectionReader<'_>, contents: &[u8]) -> Result<()> {
        let mut reader = BinaryReader::new(contents, section.range().start);
        let count = reader.read_var_u32().map_err(invalid)?;
        // It is valid, so that there are as many.
        self.env.globals.reserve_exact(count as usize);
        self.info.globals.reserve_exact(count as usize);
        for _ in 0..count {
            let ty = reader.read().map_err(invalid)?;
            let init = self.constant(&mut reader)?;
            self.add_global(ty, Some(init))?;
        }
        Ok(())
    }

    fn add_global(&mut self, ty: wasmparser::GlobalType, init: Option<ConstExpr>) -> Result<()> {
        let desc = GlobalDesc { ty: ty_of(ty.content_type), mutable: ty.mutable, offset: 0, indirect: false };
        self.env.globals.push(desc);
        let ty = self.global_type(ty)?;
        self.info.globals.push((ty, init));
        Ok(())
    }

    fn exports(&mut self, section: wasmparser::ExportSectionReader<'_>) -> Result<()> {
        for export in section {
            let export = export.map_err(invalid)?;
            let index = match export.kind {
                ExternalKind::Func => {
                    self.env.declare(export.index);
                    EntityIndex::Func(export.index)
                }
                ExternalKind::Table => EntityIndex::Table(export.index),
                ExternalKind::Memory => EntityIndex::Memory(export.index),
                ExternalKind::Global => EntityIndex::Global(export.index),
                ExternalKind::Tag => EntityIndex::Tag(export.index),
                ExternalKind::FuncExact => return Err(unsupported("an export")),
            };
            self.info.exports.push(ExportInfo { name: export.name.into(), index });
        }
        Ok(())
    }

    fn elements(&mut self, section: wasmparser::ElementSectionReader<'_>) -> Result<()> {
        // It is valid, so that there are as many.
        self.env.elems.reserve_exact(section.count() as usize);
        self.info.elems.reserve_exact(section.count() as usize);
        for element in section {
            let element = element.map_err(invalid)?;
            let mode = match element.kind {
                ElementKind::Passive => SegmentMode::Passive,
                ElementKind::Declared => SegmentMode::Declared,
                ElementKind::Active { table_index, offset_expr } => {
                    SegmentMode::Active { index: table_index.unwrap_or(0), offset: self.const_expr(&offset_expr)? }
                }
            };
            let (ty, items) = match element.items {
                ElementItems::Functions(funcs) => {
                    let mut items = Vec::new();
                    for func in funcs {
                        let func = func.map_err(invalid)?;
                        self.env.declare(func);
                        items.push(func);
                    }
                    (Ty::FUNCREF.non_null(), ElemItems::Funcs(items.into()))
                }
                ElementItems::Expressions(ty, exprs) => {
                    let mut items = Vec::new();
                    for expr in exprs {
                        items.push(self.const_expr(&expr.map_err(invalid)?)?);
                    }
                    // For its error only.
                    self.ref_type(ty)?;
                    (ty_of(ty.into()), ElemItems::Exprs(items.into()))
                }
            };
            self.env.elems.push(ty);
            self.info.elems.push(ElemInfo { mode, items });
        }
        Ok(())
    }

    /// Takes in a constant expression.
    pub fn const_expr(&mut self, expr: &wasmparser::ConstExpr<'_>) -> Result<ConstExpr> {
        self.constant(&mut expr.get_binary_reader())
    }

    /// Completes the environment of function bodies: no more sections come that it depends on.
    pub fn finish_env(&mut self, engine: &Engine, far_calls: bool, stop: &Stopper) -> (Arc<ModuleEnv>, ModuleTypes) {
        let types = engine.module_types(&self.info.types);
        self.finish_types();
        let env = &mut self.env;
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
