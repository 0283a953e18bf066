//! Silverfir-nano's optimising compiler. It compiles when it instantiates, so a module gets stand-ins for its imports;
//! what the time includes besides compilation is to make the memory and to fill it.

use super::{Engine, Sample};
use crate::clock::timed;
use crate::corpus::Subject;
use anyhow::{Context, Result, anyhow, bail};
use sf_nano_core::value_type::{RefType, ValueType};
use sf_nano_core::{Config, FunctionType, Import, Instance, Tier, Value, WasmError};
use wasmparser::{FuncType, Parser, Payload, TypeRef, ValType};

/// Room for the machine code of the largest modules: 64 MiB, the default, is too little.
const ARENA: usize = 1 << 30;

/// On the calling thread, and otherwise as it is by default: all functions at once, with guard pages.
pub fn config() -> Config {
    Config::new().tier(Tier::Jit).parallel_compilation(false).code_arena_bytes(ARENA)
}

struct SfNano(sf_nano_core::Engine);

/// The engine for `compile`.
pub fn engine() -> Result<Box<dyn Engine>> {
    Ok(Box::new(SfNano(sf_nano_core::Engine::new(config()).map_err(|e| anyhow!("{e}"))?)))
}

impl Engine for SfNano {
    fn name(&self) -> &str {
        "sf-nano"
    }

    fn version(&self) -> String {
        "sf-nano-core 0.6.0".to_string()
    }

    fn compile(&mut self, subject: &Subject) -> Result<Sample> {
        let imports = stand_ins(&subject.wasm)?;
        let (instance, time) = timed(|| Instance::new(&self.0, &subject.wasm, &imports));
        instance.map_err(|e| anyhow!("{e}"))?;
        let machine_code = Some(sf_nano_core::jit_stats_snapshot().bytes_emitted as u64);
        Ok(Sample { time, machine_code, metadata: None })
    }

    // As Cranelift.
    fn patience(&self) -> Option<u64> {
        Some(4 << 20)
    }
}

/// Something of the right type for each import. Functions fail when they are called.
fn stand_ins(wasm: &[u8]) -> Result<Vec<Import>> {
    let mut imports = Vec::new();
    let mut types: Vec<Option<FuncType>> = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::TypeSection(section) => {
                for group in section {
                    types.extend(group?.into_types().map(|ty| match ty.composite_type.inner {
                        wasmparser::CompositeInnerType::Func(ty) => Some(ty),
                        _ => None,
                    }));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    imports.push(stand_in(import.module, import.name, import.ty, &types)?);
                }
                break;
            }
            _ => {}
        }
    }
    Ok(imports)
}

fn stand_in(module: &str, name: &str, ty: TypeRef, types: &[Option<FuncType>]) -> Result<Import> {
    let limit = |n: u64| usize::try_from(n).context("a limit is too large");
    Ok(match ty {
        TypeRef::Func(_) | TypeRef::FuncExact(_) => {
            Import::func(module, name, |_, _, _| Err(WasmError::trap("a function that is not there")))
        }
        TypeRef::Memory(ty) => {
            let (min, max) = (limit(ty.initial)?, ty.maximum.map(limit).transpose()?);
            let new = if ty.memory64 { Import::memory64 } else { Import::memory };
            new(module, name, min, max)
        }
        TypeRef::Table(ty) => {
            let (min, max) = (limit(ty.initial)?, ty.maximum.map(limit).transpose()?);
            let new = if ty.table64 { Import::table64 } else { Import::table };
            new(module, name, min, max)
        }
        TypeRef::Global(ty) => {
            Import::global(module, name, Value::default_for_type(value_type(ty.content_type)?), ty.mutable)
        }
        TypeRef::Tag(ty) => {
            let ty = types.get(ty.func_type_idx as usize).and_then(Option::as_ref).context("not a function's type")?;
            let of = |types: &[ValType]| types.iter().map(|ty| value_type(*ty)).collect::<Result<Vec<_>>>();
            Import::tag_typed(module, name, FunctionType::new(of(ty.params())?, of(ty.results())?))
        }
    })
}

fn value_type(ty: ValType) -> Result<ValueType> {
    Ok(match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 => ValueType::V128,
        ValType::FUNCREF => ValueType::Ref(RefType::funcref()),
        ValType::EXTERNREF => ValueType::Ref(RefType::externref()),
        other => bail!("there is no stand-in for an import of type {other}"),
    })
}
