//! Whole modules made at random from fixed seeds.

use crate::both::{Ours, Outcome, Theirs, Ty, Value};
use crate::support::{Parts, Rng, hex, leb, operators};
use crate::values::table;
use wasm_smith::{Config, InstructionKind, InstructionKinds, MemoryOffsetChoices};
use wasmparser::{ExternalKind, Parser, Payload, ValType};

/// The module of a seed; `None` if the seed gives none. Every function ends.
fn module(seed: u64) -> Option<Vec<u8>> {
    let mut rng = Rng(seed);
    let size = 500 + rng.below(3500);
    let bytes = rng.bytes(size);
    let config = Config {
        allow_start_export: false,
        allowed_instructions: InstructionKinds::new(&[
            InstructionKind::Numeric,
            InstructionKind::Reference,
            InstructionKind::Parametric,
            InstructionKind::Variable,
            InstructionKind::Table,
            InstructionKind::Memory,
            InstructionKind::Control,
        ]),
        bulk_memory_enabled: true,
        canonicalize_nans: true,
        compact_imports_enabled: false,
        disallow_traps: rng.below(4) != 0,
        exceptions_enabled: false,
        export_everything: true,
        gc_enabled: false,
        max_funcs: 12,
        max_imports: 0,
        max_instructions: 50 + rng.below(400),
        max_memories: 2,
        max_memory32_bytes: 4 << 16,
        max_table_elements: 50,
        max_tables: 3,
        memory64_enabled: false,
        memory_offset_choices: MemoryOffsetChoices(90, 9, 1),
        memory_max_size_required: true,
        min_funcs: 3,
        min_memories: 1,
        min_globals: 2,
        multi_value_enabled: true,
        reference_types_enabled: true,
        relaxed_simd_enabled: false,
        shared_everything_threads_enabled: false,
        simd_enabled: false,
        table_max_size_required: true,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..Config::default()
    };
    let mut module = wasm_smith::Module::new(config, &mut arbitrary::Unstructured::new(&bytes)).ok()?;
    module.ensure_termination(2000).expect("all functions are made of operators");
    Some(module.to_bytes())
}

/// The module as wasmi gets it: version 2.0 takes the wrong operand of a `select` that it has fused with an `eqz`, so let
/// conditions pass through a global of their own.
fn for_wasmi(wasm: &[u8]) -> Vec<u8> {
    let Some(mut parts) = Parts::of(wasm) else { return wasm.to_vec() };
    let globals = Parser::new(0).parse_all(wasm).find_map(|payload| match payload.expect("the module is valid") {
        Payload::GlobalSection(section) => Some((section.count(), section.range())),
        _ => None,
    });
    let (count, range) = globals.expect("the module has globals");
    let (start, end) = (range.start as usize, range.end as usize);
    let mut old_count = Vec::new();
    leb(&mut old_count, u64::from(count));
    let mut section = Vec::new();
    leb(&mut section, u64::from(count) + 1);
    section.extend_from_slice(&wasm[start + old_count.len()..end]);
    section.extend([0x7f, 1, 0x41, 0, 0x0b]);
    let mut old_size = Vec::new();
    leb(&mut old_size, (end - start) as u64);
    let mut before = parts.before[..start - old_size.len()].to_vec();
    leb(&mut before, section.len() as u64);
    before.extend(section);
    before.extend_from_slice(&parts.before[end..]);
    parts.before = before;
    let mut barrier = vec![0x24];
    leb(&mut barrier, u64::from(count));
    barrier.push(0x23);
    leb(&mut barrier, u64::from(count));
    for body in &mut parts.bodies {
        for op in operators(body).into_iter().skip(1).rev() {
            if matches!(body[op.start], 0x1b | 0x1c) {
                body.splice(op.start..op.start, barrier.iter().copied());
            }
        }
    }
    parts.wasm()
}

/// What a module exports: functions with their parameters, if those are numbers; globals; memories.
#[derive(Default)]
struct Exports {
    funcs: Vec<(String, Vec<Ty>)>,
    globals: Vec<String>,
    memories: Vec<String>,
}

fn number(ty: &ValType) -> Option<Ty> {
    Some(match ty {
        ValType::I32 => Ty::I32,
        ValType::I64 => Ty::I64,
        ValType::F32 => Ty::F32,
        ValType::F64 => Ty::F64,
        _ => return None,
    })
}

fn exports(wasm: &[u8]) -> Exports {
    let (mut types, mut funcs, mut exports) = (Vec::new(), Vec::new(), Exports::default());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.expect("the module is valid") {
            Payload::TypeSection(section) => {
                types.extend(section.into_iter_err_on_gc_types().map(|ty| ty.expect("valid")))
            }
            Payload::FunctionSection(section) => {
                funcs.extend(section.into_iter().map(|ty| ty.expect("valid") as usize))
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.expect("valid");
                    let name = export.name.to_string();
                    match export.kind {
                        ExternalKind::Func => {
                            let ty = &types[funcs[export.index as usize]];
                            let params: Option<Vec<Ty>> = ty.params().iter().map(number).collect();
                            exports.funcs.extend(params.map(|params| (name, params)));
                        }
                        ExternalKind::Global => exports.globals.push(name),
                        ExternalKind::Memory => exports.memories.push(name),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    exports
}

/// Runs the module of `seed` in both engines. An error says what differs; else how many calls returned in both.
pub fn compare(engine: &headwater::Engine, other: &wasmi::Engine, seed: u64) -> Result<u64, String> {
    let Some(wasm) = module(seed) else { return Ok(0) };
    let fail = |what: String| Err(format!("seed {seed}: {what}\n  module: {}", hex(&wasm)));
    let (mut ours, mut theirs) = match (Ours::new(engine, &wasm), Theirs::new(other, &for_wasmi(&wasm), Some(1 << 24)))
    {
        (Ok(ours), Ok(theirs)) => (ours, theirs),
        (Err(Outcome::Trap(_)), Err(_)) | (Err(_), Err(Outcome::Trap(_))) => return Ok(0),
        (Err(Outcome::Exhausted), _) | (_, Err(Outcome::Exhausted)) => return Ok(0),
        (ours, theirs) => return fail(format!("instantiation: {:?}, {:?}", ours.err(), theirs.err())),
    };
    let exports = exports(&wasm);
    let mut rng = Rng(seed);
    let mut compared = 0;
    for (name, params) in exports.funcs.iter().chain(&exports.funcs) {
        let args: Vec<Value> = params.iter().map(|&ty| *rng.pick(&table(ty))).collect();
        let (found, expected) = (ours.call(name, &args).canonical(), theirs.call(name, &args).canonical());
        if matches!(found, Outcome::Exhausted) || matches!(expected, Outcome::Exhausted) {
            return Ok(compared);
        }
        if found != expected {
            return fail(format!("{name:?} {args:?}\n  Headwater: {found:?}\n  wasmi:     {expected:?}"));
        }
        compared += u64::from(matches!(found, Outcome::Values(_)));
        for global in &exports.globals {
            let (found, expected) = (ours.global(global).canonical(), theirs.global(global).canonical());
            if found != expected {
                return fail(format!("global {global:?} after {name:?} {args:?}: {found:?}, wasmi {expected:?}"));
            }
        }
        for memory in &exports.memories {
            let (found, expected) = (ours.memory(memory), theirs.memory(memory));
            if found != expected {
                let at = found.iter().zip(expected).position(|(a, b)| a != b);
                return fail(format!("memory {memory:?} after {name:?} {args:?}, first at {at:?}"));
            }
        }
    }
    Ok(compared)
}
