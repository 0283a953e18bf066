//! Modules of `wasm-smith` in swarm configurations: which kinds of operators, how many of what and how large is drawn anew for
//! each module, so that rare combinations are not drowned by the usual ones.

use crate::choices::Choices;
use crate::support::{Parts, leb, operators};
use wasm_smith::{Config, InstructionKind, InstructionKinds, MemoryOffsetChoices};
use wasmparser::{Parser, Payload};

/// A configuration that all engines can run; every memory and table has a maximum, so that growing fails in all alike.
pub fn swarm(c: &mut Choices<'_>) -> Config {
    let kinds = [
        InstructionKind::Numeric,
        InstructionKind::Reference,
        InstructionKind::Parametric,
        InstructionKind::Variable,
        InstructionKind::Table,
        InstructionKind::Memory,
        InstructionKind::Control,
    ];
    let allowed: Vec<InstructionKind> = kinds.into_iter().filter(|_| c.below(6) != 5).collect();
    let reference_types = c.below(6) != 5;
    let bulk_memory = c.below(6) != 5;
    let max_memories = c.below(4);
    let max_tables = if reference_types { c.below(5) } else { c.below(2) };
    Config {
        allow_start_export: c.below(4) == 3,
        allow_floats: c.below(5) != 4,
        allowed_instructions: InstructionKinds::new(&allowed),
        bulk_memory_enabled: bulk_memory || reference_types,
        canonicalize_nans: true,
        compact_imports_enabled: false,
        disallow_traps: c.below(4) != 0,
        exceptions_enabled: false,
        export_everything: true,
        extended_const_enabled: c.below(2) == 1,
        gc_enabled: false,
        max_data_segments: c.below(6),
        max_element_segments: c.below(6),
        max_elements: 1 + c.below(12),
        max_funcs: 1 + c.below(20),
        max_globals: 2 + c.below(12),
        max_imports: *c.pick(&[0, 0, 2, 5, 12]),
        max_instructions: *c.pick(&[60, 20, 150, 400, 1500]),
        max_memories,
        max_memory32_bytes: *c.pick(&[1 << 16, 4 << 16, 9 << 16]),
        max_nesting_depth: *c.pick(&[10, 3, 30]),
        max_table_elements: *c.pick(&[10, 50, 300]),
        max_tables,
        max_types: 1 + c.below(20),
        max_values: *c.pick(&[10, 4, 40]),
        memory64_enabled: false,
        memory_max_size_required: true,
        memory_offset_choices: match c.below(3) {
            0 => MemoryOffsetChoices(90, 9, 1),
            1 => MemoryOffsetChoices(50, 30, 20),
            _ => MemoryOffsetChoices(100, 0, 0),
        },
        min_funcs: 1,
        min_globals: 2,
        min_memories: (max_memories > 0 && c.below(3) != 0) as u32,
        min_tables: (max_tables > 0 && c.below(3) != 0) as u32,
        min_uleb_size: *c.pick(&[1, 1, 1, 2, 5]),
        multi_value_enabled: c.below(6) != 5,
        reference_types_enabled: reference_types,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: c.below(6) != 5,
        shared_everything_threads_enabled: false,
        sign_extension_ops_enabled: c.below(6) != 5,
        simd_enabled: false,
        table_max_size_required: true,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..Config::default()
    }
}

/// A module, if the choices give one. With `fuel` no function of it runs for ever.
pub fn module(c: &mut Choices<'_>, config: Config, fuel: Option<u32>) -> Option<Vec<u8>> {
    let bytes = match c {
        Choices::Bytes(_) => c.bytes(usize::MAX),
        Choices::Seed(_) => {
            let size = 500 + c.below(3500);
            c.bytes(size)
        }
    };
    let mut module = wasm_smith::Module::new(config, &mut arbitrary::Unstructured::new(&bytes)).ok()?;
    if let Some(fuel) = fuel {
        module.ensure_termination(fuel).expect("all functions are made of operators");
    }
    Some(module.to_bytes())
}

/// The module as wasmi gets it: version 2.0 takes the wrong operand of a `select` that it has fused with an `eqz`, so let
/// conditions pass through a global of their own.
pub fn for_wasmi(wasm: &[u8]) -> Vec<u8> {
    let Some(mut parts) = Parts::of(wasm) else { return wasm.to_vec() };
    let (mut globals, mut imported) = (None, 0);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.expect("the module is valid") {
            Payload::ImportSection(section) => {
                let imports = section.into_imports().map(|import| import.expect("the module is valid").ty);
                imported = imports.filter(|ty| matches!(ty, wasmparser::TypeRef::Global(_))).count() as u64;
            }
            Payload::GlobalSection(section) => globals = Some((section.count(), section.range())),
            _ => {}
        }
    }
    // A module without globals of its own is small; it takes its chance.
    let Some((count, range)) = globals else { return wasm.to_vec() };
    let (start, end) = (range.start as usize, range.end as usize);
    let length_at = |before: usize| {
        let mut at = before;
        while wasm[at] & 0x80 != 0 {
            at += 1;
        }
        at + 1
    };
    let mut section = Vec::new();
    leb(&mut section, u64::from(count) + 1);
    section.extend_from_slice(&wasm[length_at(start)..end]);
    section.extend([0x7f, 1, 0x41, 0, 0x0b]);
    // The section's size begins behind its number.
    let size_at = (1..=5).map(|n| start - n).find(|&at| length_at(at) == start && wasm[at - 1] == 6);
    let mut before = parts.before[..size_at.expect("a section begins with its size")].to_vec();
    leb(&mut before, section.len() as u64);
    before.extend(section);
    before.extend_from_slice(&parts.before[end..]);
    parts.before = before;
    let index = imported + u64::from(count);
    let mut barrier = vec![0x24];
    leb(&mut barrier, index);
    barrier.push(0x23);
    leb(&mut barrier, index);
    for body in &mut parts.bodies {
        for op in operators(body).into_iter().skip(1).rev() {
            if matches!(body[op.start], 0x1b | 0x1c) {
                body.splice(op.start..op.start, barrier.iter().copied());
            }
        }
    }
    parts.wasm()
}
