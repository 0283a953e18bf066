//! wasmparser's judgement of a function body: errors have its message and offset, and in debug builds it checks every
//! verdict of the compiler's own validation.
//!
//! wasmparser handles operands one by one. Two bytes of a body can push or pop a thousand, a thousand times: the work
//! is bounded here, while the compiler, which handles such a list as one, reaches its verdict anyway.

use super::resources::Resources;
use crate::error::CompileError;
use headwater_codegen::func::MAX_DEPTH;
use headwater_codegen::{Body, ModuleEnv};
use std::sync::atomic::Ordering;
use wasmparser::{BinaryReader, FuncToValidate, FuncValidator, FuncValidatorAllocations, Operator, WasmFeatures};

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
