//! Modules of `wasm-smith` in swarm configurations: which kinds of operators, how many of what and how large is drawn
//! anew for each module, so that rare combinations are not drowned by the usual ones.

use crate::choices::Choices;
use wasm_smith::{Config, InstructionKind, InstructionKinds, MemoryOffsetChoices};

/// A configuration that all engines can run; every memory and table has a maximum, so that growing fails in all alike.
pub fn swarm(c: &mut Choices<'_>) -> Config {
    let kinds = [
        InstructionKind::Numeric,
        InstructionKind::Vector,
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
    let simd = c.below(3) != 2;
    let max_memories = c.below(4);
    let max_funcs = 1 + c.below(20);
    let max_tables = if reference_types { c.below(5) } else { c.below(2) };
    Config {
        allow_start_export: c.below(4) == 3,
        allow_floats: c.below(5) != 4,
        allowed_instructions: InstructionKinds::new(&allowed),
        bulk_memory_enabled: bulk_memory || reference_types,
        canonicalize_nans: true,
        compact_imports_enabled: false,
        disallow_traps: c.below(4) != 0,
        exceptions_enabled: c.below(3) == 2,
        export_everything: true,
        extended_const_enabled: c.below(2) == 1,
        gc_enabled: false,
        max_data_segments: c.below(6),
        max_element_segments: c.below(6),
        max_elements: 1 + c.below(12),
        max_funcs,
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
        max_memory64_bytes: *c.pick(&[1 << 16, 4 << 16, 9 << 16]),
        memory64_enabled: c.below(3) == 2,
        custom_page_sizes_enabled: c.below(4) == 3,
        memory_max_size_required: true,
        memory_offset_choices: match c.below(3) {
            0 => MemoryOffsetChoices(90, 9, 1),
            1 => MemoryOffsetChoices(50, 30, 20),
            _ => MemoryOffsetChoices(100, 0, 0),
        },
        min_funcs: 1 + c.below(max_funcs),
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
        simd_enabled: simd,
        table_max_size_required: true,
        tail_call_enabled: c.below(3) == 2,
        threads_enabled: false,
        wide_arithmetic_enabled: c.below(2) == 1,
        ..Config::default()
    }
}

/// The same with types of structs and arrays, and operators of them.
pub fn objects(c: &mut Choices<'_>) -> Config {
    let mut config = swarm(c);
    config.reference_types_enabled = true;
    config.bulk_memory_enabled = true;
    config.gc_enabled = true;
    // Nearly all operators of arrays can trap.
    config.disallow_traps = c.below(4) == 0;
    config.max_types = 5 + c.below(30);
    config.max_data_segments = 1 + c.below(5);
    config.max_element_segments = 1 + c.below(5);
    // Most of what there is has to do with references.
    let mut kinds = vec![
        InstructionKind::Reference,
        InstructionKind::Aggregate,
        InstructionKind::Parametric,
        InstructionKind::Variable,
    ];
    for kind in [InstructionKind::Numeric, InstructionKind::Control, InstructionKind::Table, InstructionKind::Vector] {
        if c.below(3) != 2 {
            kinds.push(kind);
        }
    }
    config.allowed_instructions = InstructionKinds::new(&kinds);
    config
}

/// A configuration in which everything may be on, what no engine has, too; functions may be invalid.
pub fn any(c: &mut Choices<'_>) -> Config {
    let mut config = swarm(c);
    if c.below(3) == 2 {
        config.allow_invalid_funcs = c.below(2) == 1;
        config.compact_imports_enabled = c.one_in(8);
        config.gc_enabled = c.one_in(8);
        config.memory64_enabled = c.one_in(8);
        config.relaxed_simd_enabled = c.one_in(8);
        config.simd_enabled = c.one_in(8);
        config.threads_enabled = c.one_in(8);
        config.wide_arithmetic_enabled = c.one_in(8);
        config.memory_max_size_required = config.threads_enabled;
        config.table_max_size_required = false;
        config.max_memory32_bytes = 1 << 32;
    }
    config.generate_custom_sections = c.below(3) == 2;
    config
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
