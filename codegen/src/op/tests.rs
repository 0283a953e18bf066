//! The table against wasmparser: that it has every operator, that codes, names, immediates and numbers of operands
//! and results are right, and that operands, results and alignments have the types that the table says and no others.

use super::*;
use std::collections::BTreeSet;
use wasmparser::{BinaryReader, OperatorsReader, Validator, WasmFeatures};

/// An operator as wasmparser lists it.
struct Known {
    proposal: &'static str,
    variant: &'static str,
    visit: &'static str,
    arity: &'static str,
}

/// Those of the features that the table has.
fn known() -> Vec<Known> {
    const ABSENT: [&str; 5] = [
        "shared_everything_threads",
        "stack_switching",
        "custom_descriptors",
        "memory_control",
        "acquire_release_atomics",
    ];
    let mut all = Vec::new();
    macro_rules! list {
        ($(@$proposal:ident $variant:ident $({ $($fields:tt)* })? => $visit:ident ($($arity:tt)*))*) => {
            $(all.push(Known {
                proposal: stringify!($proposal),
                variant: stringify!($variant),
                visit: stringify!($visit),
                arity: stringify!($($arity)*),
            });)*
        };
    }
    wasmparser::for_each_operator!(list);
    // A select of several values: there are bytes for it, but no module may have it.
    all.retain(|op| !ABSENT.contains(&op.proposal) && op.variant != "TypedSelectMulti");
    all
}

fn proposal(feature: Feature) -> &'static str {
    match feature {
        Feature::Mvp => "mvp",
        Feature::SignExtension => "sign_extension",
        Feature::SaturatingFloatToInt => "saturating_float_to_int",
        Feature::BulkMemory => "bulk_memory",
        Feature::ReferenceTypes => "reference_types",
        Feature::TailCall => "tail_call",
        Feature::FunctionReferences => "function_references",
        Feature::Exceptions => "exceptions",
        Feature::LegacyExceptions => "legacy_exceptions",
        Feature::Gc => "gc",
        Feature::WideArithmetic => "wide_arithmetic",
        Feature::Simd => "simd",
        Feature::RelaxedSimd => "relaxed_simd",
        Feature::Threads => "threads",
    }
}

/// Immediates that are valid in [`module`], or at least well-formed.
fn immediates(imm: Imm) -> Vec<u8> {
    match imm {
        Imm::Nothing => vec![],
        Imm::Block => vec![0x40],
        Imm::TryTable => vec![0x40, 0],
        Imm::MemArg(exponent) => vec![exponent, 0],
        Imm::MemArgLane(exponent) => vec![exponent, 0, 0],
        Imm::Cast => vec![0, 0, 0x70, 0x70],
        Imm::Lanes | Imm::V128 => vec![0; 16],
        Imm::F32 => vec![0; 4],
        Imm::F64 => vec![0; 8],
        Imm::HeapType => vec![0x70],
        Imm::ValTypes => vec![1, 0x7f],
        Imm::Labels
        | Imm::TypeTable
        | Imm::TypeField
        | Imm::TypeSize
        | Imm::TypeData
        | Imm::TypeElem
        | Imm::Types
        | Imm::Tables
        | Imm::ElemTable
        | Imm::Memories
        | Imm::DataMemory => vec![0, 0],
        Imm::Zero
        | Imm::Label
        | Imm::Func
        | Imm::Type
        | Imm::Tag
        | Imm::Local
        | Imm::Global
        | Imm::Table
        | Imm::Elem
        | Imm::Memory
        | Imm::Data
        | Imm::Lane
        | Imm::I32
        | Imm::I64 => vec![0],
    }
}

fn encoded(op: &Op) -> Vec<u8> {
    [op.bytes(), immediates(op.imm)].concat()
}

/// What wasmparser reads of an operator and its immediates, as its name there.
fn read_by_wasmparser(op: &Op) -> String {
    let before: &[u8] = match op.name {
        "else" => &[IF, 0x40],
        "catch" | "catch_all" | "delegate" => &[TRY, 0x40],
        _ => &[],
    };
    let bytes = [before, &encoded(op)].concat();
    let mut reader = OperatorsReader::new(BinaryReader::new_features(&bytes, 0, WasmFeatures::all()));
    if !before.is_empty() {
        reader.read().expect("a block begins");
    }
    let text = format!("{:?}", reader.read().unwrap_or_else(|e| panic!("{}: {e}", op.name)));
    assert!(reader.eof(), "{} has shorter immediates", op.name);
    text[..text.find([' ', '{', '(']).unwrap_or(text.len())].to_string()
}

#[test]
fn the_table_is_complete() {
    let known = known();
    let mut missing: BTreeSet<&str> = known.iter().map(|op| op.variant).collect();
    for op in all() {
        let variant = read_by_wasmparser(op);
        assert!(missing.remove(variant.as_str()), "{} ({variant}) is there twice, or is not to be there", op.name);
        let theirs = known.iter().find(|known| known.variant == variant).expect("it was among them");
        assert_eq!(proposal(op.feature), theirs.proposal, "{}", op.name);
        let name = theirs.visit.trim_start_matches("visit_");
        let name = name.trim_start_matches("typed_").trim_end_matches("_nullable");
        let name = if op.name.starts_with("ref.as_") { name } else { name.trim_end_matches("_non_null") };
        let ours = op.name.replace('.', "_");
        let ours = if op.name == "br_on_non_null" { "br_on" } else { &ours };
        assert_eq!(ours, name, "{}", op.name);
        assert_eq!(decode(&op.bytes()), Some(op));
    }
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(all().count(), known.len());
}

/// How many operands and results wasmparser says an operator has, if that is a matter of the operator alone.
fn arity(known: &Known) -> Option<(usize, usize)> {
    let (takes, gives) = known.arity.trim_start_matches("arity").trim_start_matches(" memarg").split_once("->")?;
    Some((takes.trim().parse().ok()?, gives.trim().parse().ok()?))
}

#[test]
fn operators_have_as_many_operands_and_results_as_for_wasmparser() {
    let known = known();
    let mut varying = BTreeSet::new();
    for op in all() {
        let variant = read_by_wasmparser(op);
        let theirs = known.iter().find(|known| known.variant == variant).expect("the table is complete");
        if op.sig.is_known() {
            assert_eq!(Some((op.sig.operands().count(), op.sig.results().count())), arity(theirs), "{}", op.name);
        } else {
            varying.insert(op.name);
        }
    }
    let expected = [
        "array.new_fixed",
        "block",
        "br",
        "br_if",
        "br_on_cast",
        "br_on_cast_fail",
        "br_on_non_null",
        "br_on_null",
        "br_table",
        "call",
        "call_indirect",
        "call_ref",
        "catch",
        "catch_all",
        "delegate",
        "else",
        "end",
        "if",
        "loop",
        "rethrow",
        "return",
        "return_call",
        "return_call_indirect",
        "return_call_ref",
        "select",
        "struct.new",
        "throw",
        "throw_ref",
        "try",
        "try_table",
        "unreachable",
    ];
    assert_eq!(varying, BTreeSet::from(expected));
}

fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    assert!(contents.len() < 0x4000, "two bytes are enough");
    let (low, high) = (contents.len() as u8 | 0x80, (contents.len() >> 7) as u8);
    [&[id, low, high], contents].concat()
}

/// A module whose only function has these results and this code, a table, a memory and segments.
fn module(results: &[Ty], code: &[u8]) -> Vec<u8> {
    let results: Vec<u8> = results.iter().map(|ty| ty.byte()).collect();
    let ty = [&[1, 0x60, 0, results.len() as u8], &results[..]].concat();
    let body = [&[0], code, &[END]].concat();
    let len = [body.len() as u8 | 0x80, (body.len() >> 7) as u8];
    [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, &ty),
        section(3, &[1, 0]),
        section(4, &[1, 0x70, 0, 1]),
        section(5, &[1, 0, 1]),
        section(9, &[1, 1, 0, 1, 0]),
        section(12, &[1]),
        section(10, &[&[1], &len[..], &body].concat()),
        section(11, &[1, 1, 0]),
    ]
    .concat()
}

/// Pushes a value of a type.
fn value(ty: Ty) -> Vec<u8> {
    match ty {
        Ty::I32 => vec![I32_CONST, 0],
        Ty::I64 => vec![I64_CONST, 0],
        Ty::F32 => [&[F32_CONST][..], &[0; 4]].concat(),
        Ty::F64 => [&[F64_CONST][..], &[0; 8]].concat(),
        Ty::V128 => [&[PREFIX_FD, simd::V128_CONST as u8][..], &[0; 16]].concat(),
        Ty::FUNCREF => vec![REF_NULL, 0x70],
        _ => unreachable!("no operator of the table has operands of another type"),
    }
}

fn is_valid(operands: &[Ty], op: &[u8], results: &[Ty]) -> bool {
    let code = operands.iter().flat_map(|&ty| value(ty)).chain(op.iter().copied()).collect::<Vec<u8>>();
    Validator::new_with_features(WasmFeatures::all()).validate_all(&module(results, &code)).is_ok()
}

/// The types in a module with 32-bit memories and tables, if the immediates do not decide.
fn types(codes: impl Iterator<Item = Operand>) -> Option<Vec<Ty>> {
    codes
        .map(|code| if matches!(code, Operand::ADDRESS | Operand::INDEX) { Some(Ty::I32) } else { code.fixed() })
        .collect()
}

#[test]
fn operands_and_results_have_these_types_and_no_others() {
    const TYPES: [Ty; 6] = [Ty::I32, Ty::I64, Ty::F32, Ty::F64, Ty::V128, Ty::FUNCREF];
    let mut tried = 0;
    for op in all().filter(|op| op.sig.is_known()) {
        let (Some(mut operands), Some(results)) = (types(op.sig.operands()), types(op.sig.results())) else { continue };
        operands.reverse();
        if matches!(op.imm, Imm::Type | Imm::TypeData | Imm::TypeElem | Imm::TypeField) {
            // There is no such type in the module.
            continue;
        }
        let code = encoded(op);
        assert!(is_valid(&operands, &code, &results), "{}", op.name);
        for i in 0..operands.len() {
            for other in TYPES.into_iter().filter(|&ty| ty != operands[i]) {
                let mut operands = operands.clone();
                operands[i] = other;
                assert!(!is_valid(&operands, &code, &results), "{}, operand {i} as {other:?}", op.name);
            }
        }
        for i in 0..results.len() {
            for other in TYPES.into_iter().filter(|&ty| ty != results[i]) {
                let mut results = results.clone();
                results[i] = other;
                assert!(!is_valid(&operands, &code, &results), "{}, result {i} as {other:?}", op.name);
            }
        }
        if let Some(exponent) = op.alignment() {
            let mut code = code.clone();
            code[op.bytes().len()] = exponent + 1;
            assert!(!is_valid(&operands, &code, &results), "{}, aligned to more than its size", op.name);
            let size = super::tests::size(op);
            assert_eq!(1 << exponent, size, "{}", op.name);
        }
        tried += 1;
    }
    assert!(tried > 500, "{tried} operators were tried");
}

/// How many bytes a load, store or atomic operator accesses, by its name.
fn size(op: &Op) -> u32 {
    let (ty, what) = op.name.split_once('.').expect("a type and what is done");
    let digits = |text: &str| text.find(|c: char| c.is_ascii_digit()).map(|at| text[at..].to_string());
    let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>().ok();
    if what.contains('x') && ty == "v128" && !what.contains("xchg") {
        return 8;
    }
    let narrow = digits(what.trim_start_matches("atomic.")).and_then(|text| number(&text));
    narrow
        .or_else(|| if ty == "memory" { Some(32) } else { digits(ty).and_then(|text| number(&text)) })
        .expect("a width")
        / 8
}
