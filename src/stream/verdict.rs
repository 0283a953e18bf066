//! wasmparser's judgement of a function body: errors have its message and offset, and in debug builds it checks every
//! verdict of the compiler's own validation.
//!
//! wasmparser handles operands one by one. Two bytes of a body can push or pop a thousand, a thousand times: the work
//! is bounded here, while the compiler, which handles such a list as one, reaches its verdict anyway.

use super::resources::Resources;
use super::types::ty_of;
use crate::error::{CompileError, CompileErrorKind};
use headwater_codegen::func::MAX_DEPTH;
use headwater_codegen::{Body, ModuleEnv, Ty};
use std::sync::atomic::Ordering;
use wasmparser::{
    BinaryReader, BlockType, FuncToValidate, FuncValidator, FuncValidatorAllocations, FunctionBody, Operator, RefType,
    ValType, WasmFeatures,
};

/// How many operands wasmparser may push and pop for each byte of a body, and how many it always may. Code that
/// compilers make has about one for each byte: an operand takes at least a byte somewhere.
const WORK_PER_BYTE: u64 = 16;
const WORK: u64 = 1 << 22;

/// How many operators are judged between two looks at [`ModuleEnv::stop`].
const STOP_INTERVAL: u32 = 1024;

/// What wasmparser says.
pub(super) enum Verdict {
    /// The body is valid, and has this many locals.
    Valid {
        locals: u32,
    },
    Invalid(CompileError),
    /// Validation was given up: it would have been too much work.
    Unknown,
    /// The compilation was stopped.
    Stopped,
}

/// Has wasmparser judge the body of `func`.
pub(super) fn judge(
    env: &ModuleEnv,
    resources: &Resources,
    features: WasmFeatures,
    func: u32,
    body: &Body<'_>,
    allocations: &mut FuncValidatorAllocations,
) -> Verdict {
    let ty = env.funcs[func as usize];
    let to_validate = FuncToValidate { resources: resources.clone(), index: func, ty, features };
    let mut validator = to_validate.into_validator(std::mem::take(allocations));
    let end = run(env, features, body, &mut validator);
    let locals = validator.len_locals();
    *allocations = validator.into_allocations();
    match end {
        Ok(End::Complete) => Verdict::Valid { locals },
        Ok(End::TooMuchWork) => {
            // The stack may have become very large.
            *allocations = FuncValidatorAllocations::default();
            Verdict::Unknown
        }
        Ok(End::Stopped) => Verdict::Stopped,
        Err(e) => Verdict::Invalid(CompileError::invalid(&e, Some(func))),
    }
}

enum End {
    Complete,
    TooMuchWork,
    Stopped,
}

fn run(
    env: &ModuleEnv,
    features: WasmFeatures,
    body: &Body<'_>,
    validator: &mut FuncValidator<Resources>,
) -> wasmparser::Result<End> {
    let bytes = &body.bytes[..body.len];
    let mut reader = BinaryReader::new_features(bytes, body.offset.into(), features);
    validator.read_locals(&mut reader)?;
    let most = WORK + WORK_PER_BYTE * bytes.len() as u64;
    let (mut work, mut until_look) = (0, 0);
    while !reader.eof() {
        if until_look == 0 {
            if env.stop.load(Ordering::Relaxed) {
                return Ok(End::Stopped);
            }
            until_look = STOP_INTERVAL;
        }
        until_look -= 1;
        if handles_lists(bytes[reader.current_position()]) {
            work += work_of(&reader, validator);
            if work > most || validator.operand_stack_height() > MAX_DEPTH {
                return Ok(End::TooMuchWork);
            }
        }
        let at = reader.original_position();
        reader.visit_operator(&mut validator.visitor(at))??;
    }
    reader.finish_expression(&validator.visitor(reader.original_position()))?;
    Ok(End::Complete)
}

/// Whether an operator that begins with this byte may push or pop a list of operands: blocks, branches, calls.
fn handles_lists(code: u8) -> bool {
    matches!(code, 0x02..=0x1f)
}

/// How many operands the next operator pushes and pops; 0 if that cannot be known, since it is not valid.
fn work_of(reader: &BinaryReader<'_>, validator: &mut FuncValidator<Resources>) -> u64 {
    let visitor = validator.visitor(reader.original_position());
    let Ok(operator) = reader.peek_operator(&visitor) else { return 0 };
    let Some((pops, pushes)) = operator.operator_arity(&visitor) else { return 0 };
    let times = match &operator {
        Operator::BrTable { targets } => u64::from(targets.len()) + 1,
        _ => 1,
    };
    (u64::from(pops) + u64::from(pushes)) * times
}

/// wasmparser has references to exceptions that are never null, or always, with exceptions already. They are part of
/// later features: the name of the one that `ty` needs.
pub(super) fn later_feature(features: WasmFeatures, ty: Ty) -> Option<&'static str> {
    if ty.nullable() == Ty::NULLEXNREF && !features.contains(WasmFeatures::GC) {
        Some("gc")
    } else if ty.is_ref() && ty.is_non_null() && !features.contains(WasmFeatures::FUNCTION_REFERENCES) {
        Some("function-references")
    } else {
        None
    }
}

/// The error for a type of a later feature.
pub(super) fn needs_later(feature: &'static str, at: Option<u64>, func: Option<u32>) -> CompileError {
    let message = "references to exceptions other than exnref are not supported";
    CompileError::new(CompileErrorKind::Unsupported { feature }, message, at.map(|at| at as usize), func)
}

/// What a body needs that wasmparser accepts, but not this engine.
#[cold]
pub(super) fn missing(features: WasmFeatures, func: u32, body: &Body<'_>) -> Option<CompileError> {
    let found =
        |ty: ValType, at| later_feature(features, ty_of(ty)).map(|feature| needs_later(feature, Some(at), Some(func)));
    let reader = BinaryReader::new_features(&body.bytes[..body.len], body.offset.into(), features);
    let body = FunctionBody::new(reader);
    let mut locals = body.get_locals_reader().ok()?;
    for _ in 0..locals.get_count() {
        let at = locals.original_position();
        let (_, ty) = locals.read().ok()?;
        if let Some(error) = found(ty, at) {
            return Some(error);
        }
    }
    for operator in body.get_operators_reader().ok()?.into_iter_with_offsets() {
        let (operator, at) = operator.ok()?;
        let ty = match operator {
            Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
                block_result(blockty)
            }
            Operator::Try { blockty } => block_result(blockty),
            Operator::TryTable { try_table } => block_result(try_table.ty),
            Operator::TypedSelect { ty } => Some(ty),
            Operator::RefNull { hty } => RefType::new(true, hty).map(ValType::Ref),
            _ => None,
        };
        if let Some(error) = ty.and_then(|ty| found(ty, at)) {
            return Some(error);
        }
    }
    None
}

fn block_result(ty: BlockType) -> Option<ValType> {
    match ty {
        BlockType::Type(ty) => Some(ty),
        BlockType::Empty | BlockType::FuncType(_) => None,
    }
}
