//! Imports and exports whose types are large in sum.
//!
//! wasmparser, because of components, adds up how wide the types of all imports and exports are, and rejects a module
//! when the sum reaches a million. No specification has such a limit: some thousand imports of functions with a hundred
//! parameters are enough. Where a section would exceed it, wasmparser is shown less:
//!
//! * Of imports, functions and tags are shown as the module's own, which come first in the index space as they do, and
//!   are not added up; so are, where they alone are too many, the last globals, with some constant as their value.
//! * Of exports, the first ones are shown, as many as fit; the others are judged here, where there is little to judge.
//!
//! Its errors have the right offsets, which are mapped back from what it is shown.

use super::leb;
use super::shown::{Shown, reader_of, section_of};
use crate::error::{CompileError, CompileErrorKind};
use crate::hash::KeyedSet;
use crate::module::info::ModuleInfo;
use crate::types::CompositeType;
use headwater_codegen::ModuleEnv;
use wasmparser::{
    Export, ExternalKind, ImportSectionReader, Imports, Payload, SectionLimited, TypeRef, ValType, Validator,
    WasmFeatures,
};

/// The sum that wasmparser refuses, and the most entries that it accepts in each of these sections.
const TOO_WIDE: u64 = 1_000_000;
const MOST: u32 = 1_000_000;

/// What wasmparser has added up so far.
#[derive(Debug)]
pub(super) struct Widths {
    sum: u64,
    /// How many imported functions it believes to be the module's own.
    pub moved_funcs: u32,
    /// Whether it has not seen all exports, and so does not know all functions that `ref.func` may name.
    pub hidden_exports: bool,
}

impl Default for Widths {
    fn default() -> Widths {
        Widths { sum: 1, moved_funcs: 0, hidden_exports: false }
    }
}

/// What is known of the module when the section comes.
pub(super) struct Known<'a> {
    pub info: &'a ModuleInfo,
    pub env: &'a ModuleEnv,
    pub features: WasmFeatures,
}

type Result<T, E = CompileError> = std::result::Result<T, E>;

fn invalid(error: wasmparser::Error) -> CompileError {
    CompileError::invalid(&error, None)
}

/// See [`Known::width`].
fn width(ty: &CompositeType) -> u64 {
    ty.as_func().map_or(0, |ty| 2 + (ty.num_params() + ty.num_results()) as u64)
}

impl Known<'_> {
    /// How wide wasmparser takes type `ty` to be.
    fn width(&self, ty: u32) -> u64 {
        self.info.types.get(ty).map_or(0, width)
    }

    fn widest(&self) -> u64 {
        self.info.types.distinct().iter().map(width).max().unwrap_or(0).max(1)
    }

    fn export_width(&self, export: &Export<'_>) -> u64 {
        match export.kind {
            ExternalKind::Func => self.env.funcs.get(export.index as usize).map_or(0, |&ty| self.width(ty)),
            ExternalKind::Tag => self.env.tags.get(export.index as usize).map_or(0, |&ty| self.width(ty)),
            _ => 1,
        }
    }

    /// Whether wasmparser accepts tags of type `ty`.
    fn may_be_tag(&self, ty: u32) -> bool {
        self.features.contains(WasmFeatures::EXCEPTIONS)
            && self.info.types.get(ty).and_then(CompositeType::as_func).is_some_and(|ty| ty.num_results() == 0)
    }
}

impl Widths {
    /// Adds up this much, if it is not too much.
    pub fn take(&mut self, width: u64) -> bool {
        let fits = self.sum + width < TOO_WIDE;
        if fits {
            self.sum += width;
        }
        fits
    }

    /// Has `validator` judge `payload`, a section with these contents, if it is one that it must not see as it is.
    /// Returns whether it is. `width` is what it adds up for the section, if that is known.
    pub fn judge(
        &mut self,
        validator: &mut Validator,
        payload: &Payload<'_>,
        contents: &[u8],
        known: &Known<'_>,
        width: Option<u64>,
    ) -> Result<bool> {
        let count = match payload {
            Payload::ImportSection(section) => section.count(),
            Payload::ExportSection(section) => section.count(),
            _ => return Ok(false),
        };
        if count > MOST {
            return Ok(false);
        }
        if self.take(width.unwrap_or_else(|| u64::from(count) * known.widest())) {
            return Ok(false);
        }
        match payload {
            Payload::ImportSection(section) => self.imports(validator, section, contents, known),
            Payload::ExportSection(section) => self.exports(validator, section, contents, known),
            _ => Ok(false),
        }
    }

    fn imports(
        &mut self,
        validator: &mut Validator,
        section: &ImportSectionReader<'_>,
        contents: &[u8],
        known: &Known<'_>,
    ) -> Result<bool> {
        let start = section.range().start;
        // Where each entry begins, as far as they can be read here.
        let mut entries = Vec::new();
        let mut readable = true;
        for entry in section.clone().into_iter_with_offsets() {
            let Ok((at, Imports::Single(_, import))) = entry else {
                readable = false;
                break;
            };
            entries.push(((at - start) as usize, import.ty));
        }
        let Some((first, _)) = entries.first() else { return Ok(false) };
        // The last one is shown with what cannot be read behind it.
        let may_hide = entries.len() - usize::from(!readable);
        let moves = |ty: &TypeRef| match ty {
            TypeRef::Func(ty) => known.width(*ty) > 0,
            TypeRef::Tag(ty) => known.may_be_tag(ty.func_type_idx),
            _ => false,
        };
        let others = entries.iter().filter(|(_, ty)| !moves(ty)).count() as u64;
        let excess = others.saturating_sub(TOO_WIDE - 1 - self.sum);
        let globals = hidden_globals(&entries[..may_hide], excess as usize);

        let (mut funcs, mut tags, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let mut moved_tags = 0;
        let mut shown = Shown::new(start, *first);
        for (i, (at, ty)) in entries.iter().enumerate() {
            let end = entries.get(i + 1).map_or(contents.len(), |(at, _)| *at);
            match ty {
                TypeRef::Func(index) if i < may_hide && moves(ty) => {
                    leb::write(*index, &mut funcs);
                    self.moved_funcs += 1;
                }
                TypeRef::Tag(tag) if i < may_hide && moves(ty) => {
                    // Its one kind.
                    tags.push(0);
                    leb::write(tag.func_type_idx, &mut tags);
                    moved_tags += 1;
                }
                TypeRef::Global(ty) if i < may_hide && i >= globals => {
                    // The type ends the entry, and begins a global.
                    values.extend_from_slice(&contents[end - 2..end]);
                    values.extend_from_slice(constant(ty.content_type).unwrap_or_default());
                    values.push(END);
                }
                _ => shown.show(*at, &contents[*at..end]),
            }
        }
        let hidden_globals = entries.iter().skip(globals).take(may_hide.saturating_sub(globals));
        let hidden_globals = hidden_globals.filter(|(_, ty)| matches!(ty, TypeRef::Global(_))).count() as u32;
        let left = section.count() - self.moved_funcs - moved_tags - hidden_globals;
        let (bytes, base) = shown.section(left);
        validator
            .import_section(&reader_of(&bytes, base, known.features)?)
            .map_err(|error| shown.told_back(&error, base, bytes.len(), contents.len()))?;
        self.sum += u64::from(left);
        if self.moved_funcs > 0 {
            let section = section_of(self.moved_funcs, &funcs);
            validator.function_section(&reader_of(&section, start, known.features)?).map_err(invalid)?;
        }
        if moved_tags > 0 {
            let section = section_of(moved_tags, &tags);
            validator.tag_section(&reader_of(&section, start, known.features)?).map_err(invalid)?;
        }
        if hidden_globals > 0 {
            let section = section_of(hidden_globals, &values);
            validator.global_section(&reader_of(&section, start, known.features)?).map_err(invalid)?;
        }
        Ok(true)
    }

    fn exports(
        &mut self,
        validator: &mut Validator,
        section: &SectionLimited<'_, Export<'_>>,
        contents: &[u8],
        known: &Known<'_>,
    ) -> Result<bool> {
        let start = section.range().start;
        let mut entries = section.clone().into_iter_with_offsets().enumerate().peekable();
        let (mut names, mut first, mut shown) = (KeyedSet::default(), None, 0);
        // Those that wasmparser is shown.
        while let Some((i, Ok((at, export)))) = entries.peek() {
            first.get_or_insert((*at - start) as usize);
            let sum = self.sum + known.export_width(export);
            if sum >= TOO_WIDE {
                break;
            }
            self.sum = sum;
            names.insert(export.name);
            shown = *i as u32 + 1;
            entries.next();
        }
        let cut = match entries.peek() {
            Some((_, Ok((at, _)))) => (*at - start) as usize,
            // All fit, or the next one cannot be read, as wasmparser will say.
            _ => return Ok(false),
        };
        let first = first.unwrap_or(cut);
        let mut prefix = Shown::new(start, first);
        prefix.show(first, &contents[first..cut]);
        let (bytes, base) = prefix.section(shown);
        validator.export_section(&reader_of(&bytes, base, known.features)?).map_err(invalid)?;
        self.hidden_exports = true;
        for (_, entry) in entries {
            let (at, export) = entry.map_err(invalid)?;
            known.check_export(&export, at, &mut names)?;
        }
        Ok(true)
    }
}

impl Known<'_> {
    /// Judges an export as wasmparser does (specification section 3.4, "exports").
    fn check_export<'a>(&self, export: &Export<'a>, at: u64, names: &mut KeyedSet<&'a str>) -> Result<()> {
        let fault = |kind, message| Err(CompileError::new(kind, message, Some(at as usize), None));
        let (what, total) = match export.kind {
            ExternalKind::Func => ("function", self.env.funcs.len()),
            ExternalKind::Table => ("table", self.env.tables.len()),
            ExternalKind::Memory => ("memory", self.env.memories.len()),
            ExternalKind::Global => ("global", self.env.globals.len()),
            ExternalKind::Tag => ("tag", self.env.tags.len()),
            ExternalKind::FuncExact => {
                let kind = CompileErrorKind::Unsupported { feature: "custom-descriptors" };
                return fault(kind, "custom descriptors proposal not enabled".to_string());
            }
        };
        let index = export.index;
        if index as usize >= total {
            let message = format!("unknown {what} {index}: exported {what} index out of bounds");
            return fault(CompileErrorKind::Invalid, message);
        }
        let mutable = export.kind == ExternalKind::Global && self.env.globals[index as usize].mutable;
        if mutable && !self.features.contains(WasmFeatures::MUTABLE_GLOBAL) {
            let kind = CompileErrorKind::Unsupported { feature: "mutable-global" };
            return fault(kind, "mutable global support is not enabled".to_string());
        }
        if !names.insert(export.name) {
            return fault(
                CompileErrorKind::Invalid,
                format!("duplicate export name `{}` already defined", export.name),
            );
        }
        Ok(())
    }
}

/// From which entry on globals are hidden, so that `excess` of them are, the last ones; their types need to have some
/// constant. The number of entries if that is impossible.
fn hidden_globals(entries: &[(usize, TypeRef)], excess: usize) -> usize {
    let globals = entries.iter().enumerate().rev().filter_map(|(i, (_, ty))| match ty {
        TypeRef::Global(ty) => Some((i, constant(ty.content_type).is_some())),
        _ => None,
    });
    let last: Vec<(usize, bool)> = globals.take(excess).collect();
    match last.last() {
        Some((first, _)) if last.len() == excess && last.iter().all(|(_, constant)| *constant) => *first,
        _ => usize::MAX,
    }
}

const END: u8 = 0x0b;

/// A constant expression of type `ty`, without its end.
fn constant(ty: ValType) -> Option<&'static [u8]> {
    Some(match ty {
        ValType::I32 => &[0x41, 0],
        ValType::I64 => &[0x42, 0],
        ValType::F32 => &[0x43, 0, 0, 0, 0],
        ValType::F64 => &[0x44, 0, 0, 0, 0, 0, 0, 0, 0],
        _ => return None,
    })
}
