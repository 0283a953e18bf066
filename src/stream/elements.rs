//! More element segments than wasmparser takes.
//!
//! It refuses more than 100,000, where browsers take 10,000,000, and compilers that give each slot of a table a segment of
//! its own make many. Where there are more, it is not shown those that need no judgement: segments of functions or of
//! plain references that exist, at a constant or an imported global. All others it judges, and words their errors.

use super::leb;
use super::shown::{Shown, reader_of};
use super::widths::Known;
use crate::engine::Limits;
use crate::error::CompileError;
use headwater_codegen::Ty;
use std::ops::Range;
use wasmparser::{ConstExpr, Element, ElementItems, ElementKind, Operator, Payload, RefType, Validator, WasmFeatures};

/// How many segments wasmparser takes, and how many elements in each.
const SHOWN: u32 = 100_000;
const ITEMS: u32 = 10_000_000;

/// Whether `payload` has more element segments than wasmparser takes.
pub(super) fn are_too_many(payload: &Payload<'_>) -> bool {
    matches!(payload, Payload::ElementSection(section) if section.count() > SHOWN)
}

/// Has `validator` judge `payload`, if it is a section of so many element segments, with these contents. Returns whether
/// it is: then it does not know all segments, nor all functions that they name.
pub(super) fn judge(
    validator: &mut Validator,
    payload: &Payload<'_>,
    contents: &[u8],
    known: &Known<'_>,
) -> Result<bool, CompileError> {
    let Payload::ElementSection(section) = payload else { return Ok(false) };
    let (count, start) = (section.count(), section.range().start);
    if !are_too_many(payload) {
        return Ok(false);
    }
    let most = Limits::DEFAULT.element_segments;
    if count > most {
        return Err(CompileError::limit(format!("element segments count exceeds limit of {most}"), start as usize));
    }
    let first = leb::read(contents).map_or(0, |(_, len)| len);
    let mut shown = Shown::new(start, first);
    // How many are shown, how many could be read, and where these end.
    let (mut some, mut read, mut end) = (0, 0, first);
    let mut show = |range: Range<usize>| {
        if some == SHOWN {
            let message = format!("count of element segments that are computed exceeds limit of {SHOWN}");
            return Err(CompileError::limit(message, start as usize + range.start));
        }
        some += 1;
        shown.show(range.start, &contents[range]);
        Ok(())
    };
    for segment in section.clone() {
        let Ok(segment) = segment else { break };
        let range = (segment.range.start - start) as usize..(segment.range.end - start) as usize;
        (end, read) = (range.end, read + 1);
        if !known.needs_no_judgement(&segment) {
            show(range)?;
        }
    }
    if read < count {
        show(end..contents.len())?;
    } else if end < contents.len() {
        // More than the section has segments for.
        shown.show(end, &contents[end..]);
    }
    let (bytes, base) = shown.section(some);
    let section = reader_of(&bytes, base, known.features)?;
    validator.element_section(&section).map_err(|error| shown.told_back(&error, base, bytes.len(), contents.len()))?;
    Ok(true)
}

impl Known<'_> {
    /// Whether the segment is certainly valid (specification section 3.4, "element segments").
    fn needs_no_judgement(&self, segment: &Element<'_>) -> bool {
        if !self.features.contains(WasmFeatures::BULK_MEMORY.union(WasmFeatures::REFERENCE_TYPES)) {
            return false;
        }
        let (ty, sound) = match &segment.items {
            ElementItems::Functions(items) => {
                let exist = items.clone().into_iter().all(|func| func.is_ok_and(|func| self.has_func(func)));
                (Ty::FUNCREF, items.count() <= ITEMS && exist)
            }
            ElementItems::Expressions(ty, items) => {
                let exist = items.clone().into_iter().all(|item| item.is_ok_and(|item| self.is_reference(&item, *ty)));
                let ty = match *ty {
                    RefType::FUNCREF => Ty::FUNCREF,
                    RefType::EXTERNREF => Ty::EXTERNREF,
                    _ => return false,
                };
                (ty, items.count() <= ITEMS && exist)
            }
        };
        sound
            && match &segment.kind {
                ElementKind::Passive | ElementKind::Declared => true,
                ElementKind::Active { table_index, offset_expr } => {
                    let table = self.env.tables.get(table_index.unwrap_or(0) as usize);
                    table.is_some_and(|table| table.elem == ty && self.is_offset(offset_expr, table.is_64))
                }
            }
    }

    fn has_func(&self, func: u32) -> bool {
        (func as usize) < self.env.funcs.len()
    }

    /// Whether it is null or a function, of type `ty`.
    fn is_reference(&self, expr: &ConstExpr<'_>, ty: RefType) -> bool {
        match only(expr) {
            Some(Operator::RefFunc { function_index }) => ty == RefType::FUNCREF && self.has_func(function_index),
            Some(Operator::RefNull { hty }) => RefType::new(true, hty) == Some(ty),
            _ => false,
        }
    }

    /// Whether it is a constant or an imported global, for an index of 64 bits or of 32.
    fn is_offset(&self, expr: &ConstExpr<'_>, is_64: bool) -> bool {
        match only(expr) {
            Some(Operator::I32Const { .. }) => !is_64,
            Some(Operator::I64Const { .. }) => is_64,
            Some(Operator::GlobalGet { global_index }) => {
                let imported = self.env.globals[..self.env.imported_globals as usize].get(global_index as usize);
                imported.is_some_and(|global| !global.mutable && global.ty == if is_64 { Ty::I64 } else { Ty::I32 })
            }
            _ => false,
        }
    }
}

/// The operator of an expression that has no other.
fn only<'a>(expr: &ConstExpr<'a>) -> Option<Operator<'a>> {
    let mut operators = expr.get_operators_reader();
    let operator = operators.read().ok()?;
    (matches!(operators.read(), Ok(Operator::End)) && operators.eof()).then_some(operator)
}
