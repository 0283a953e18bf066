//! Types and values of the one interface as those of the other.

use crate::{Engine, ExternRef, Func};
use anyhow::{Result, bail};
use headwater::AsContextMut;
use wasm_runtime_layer as layer;
use wasm_runtime_layer::backend;

pub fn val_type(ty: layer::ValType) -> headwater::ValType {
    match ty {
        layer::ValType::I32 => headwater::ValType::I32,
        layer::ValType::I64 => headwater::ValType::I64,
        layer::ValType::F32 => headwater::ValType::F32,
        layer::ValType::F64 => headwater::ValType::F64,
        layer::ValType::V128 => headwater::ValType::V128,
        layer::ValType::FuncRef => headwater::ValType::FUNCREF,
        layer::ValType::ExternRef => headwater::ValType::EXTERNREF,
    }
}

pub fn ref_type(ty: layer::RefType) -> headwater::RefType {
    match ty {
        layer::RefType::FuncRef => headwater::RefType::FUNCREF,
        layer::RefType::ExternRef => headwater::RefType::EXTERNREF,
    }
}

pub fn func_type(engine: &headwater::Engine, ty: &layer::FuncType) -> headwater::FuncType {
    let types = |types: &[layer::ValType]| types.iter().copied().map(val_type).collect::<Vec<_>>();
    headwater::FuncType::new(engine, types(ty.params()), types(ty.results()))
}

pub fn value(store: impl AsContextMut, value: &backend::Val<Engine>) -> headwater::Val {
    match value {
        backend::Val::I32(v) => headwater::Val::I32(*v),
        backend::Val::I64(v) => headwater::Val::I64(*v),
        backend::Val::F32(v) => headwater::Val::F32(v.to_bits()),
        backend::Val::F64(v) => headwater::Val::F64(v.to_bits()),
        backend::Val::V128(v) => headwater::Val::V128((*v).into()),
        backend::Val::FuncRef(f) => headwater::Val::FuncRef(f.as_ref().map(|f| f.0)),
        backend::Val::ExternRef(e) => headwater::Val::ExternRef(e.as_ref().map(|e| e.0.to_rooted(store))),
    }
}

pub fn reference(store: impl AsContextMut, reference: &backend::Ref<Engine>) -> headwater::Ref {
    match reference {
        backend::Ref::FuncRef(f) => headwater::Ref::Func(f.as_ref().map(|f| f.0)),
        backend::Ref::ExternRef(e) => headwater::Ref::Extern(e.as_ref().map(|e| e.0.to_rooted(store))),
    }
}

// And back.

pub fn to_val_type(ty: &headwater::ValType) -> Result<layer::ValType> {
    Ok(match ty {
        headwater::ValType::I32 => layer::ValType::I32,
        headwater::ValType::I64 => layer::ValType::I64,
        headwater::ValType::F32 => layer::ValType::F32,
        headwater::ValType::F64 => layer::ValType::F64,
        headwater::ValType::V128 => layer::ValType::V128,
        headwater::ValType::Ref(r) => to_ref_type(r)?.into(),
    })
}

pub fn to_ref_type(ty: &headwater::RefType) -> Result<layer::RefType> {
    match ty.heap_type() {
        headwater::HeapType::Func if ty.is_nullable() => Ok(layer::RefType::FuncRef),
        headwater::HeapType::Extern if ty.is_nullable() => Ok(layer::RefType::ExternRef),
        _ => bail!("the interface has no references of type {ty}"),
    }
}

pub fn to_func_type(ty: &headwater::FuncType) -> Result<layer::FuncType> {
    let params = ty.params().map(|ty| to_val_type(&ty)).collect::<Result<Vec<_>>>()?;
    let results = ty.results().map(|ty| to_val_type(&ty)).collect::<Result<Vec<_>>>()?;
    Ok(layer::FuncType::new(params, results))
}

pub fn to_global_type(ty: &headwater::GlobalType) -> Result<layer::GlobalType> {
    Ok(layer::GlobalType::new(to_val_type(ty.content())?, ty.mutability().is_var()))
}

pub fn to_table_type(ty: &headwater::TableType) -> Result<layer::TableType> {
    // A maximum beyond what an index can be is none.
    let maximum = ty.maximum().and_then(|maximum| u32::try_from(maximum).ok());
    match u32::try_from(ty.minimum()) {
        Ok(minimum) if !ty.is_64() => Ok(layer::TableType::new(to_ref_type(ty.element())?, minimum, maximum)),
        _ => bail!("the interface has no tables of type {ty}"),
    }
}

pub fn to_memory_type(ty: &headwater::MemoryType) -> Result<layer::MemoryType> {
    let maximum = ty.maximum().and_then(|maximum| u32::try_from(maximum).ok());
    match u32::try_from(ty.minimum()) {
        Ok(minimum) if !ty.is_64() && !ty.is_shared() && ty.page_size_log2() == 16 => {
            Ok(layer::MemoryType::new(minimum, maximum))
        }
        _ => bail!("the interface has no memories of type {ty}"),
    }
}

pub fn to_extern_type(ty: &headwater::ExternType) -> Result<layer::ExternType> {
    Ok(match ty {
        headwater::ExternType::Func(ty) => to_func_type(ty)?.into(),
        headwater::ExternType::Global(ty) => to_global_type(ty)?.into(),
        headwater::ExternType::Table(ty) => to_table_type(ty)?.into(),
        headwater::ExternType::Memory(ty) => to_memory_type(ty)?.into(),
        headwater::ExternType::Tag(ty) => bail!("the interface has no tags, such as {ty}"),
    })
}

pub fn to_value(store: impl AsContextMut, value: headwater::Val) -> Result<backend::Val<Engine>> {
    Ok(match value {
        headwater::Val::I32(v) => backend::Val::I32(v),
        headwater::Val::I64(v) => backend::Val::I64(v),
        headwater::Val::F32(bits) => backend::Val::F32(f32::from_bits(bits)),
        headwater::Val::F64(bits) => backend::Val::F64(f64::from_bits(bits)),
        headwater::Val::V128(v) => backend::Val::V128(v.into()),
        headwater::Val::FuncRef(f) => backend::Val::FuncRef(f.map(Func)),
        headwater::Val::ExternRef(e) => backend::Val::ExternRef(to_external(store, e)?),
        other => bail!("the interface has no values such as {other:?}"),
    })
}

pub fn to_reference(store: impl AsContextMut, reference: headwater::Ref) -> Option<backend::Ref<Engine>> {
    match reference {
        headwater::Ref::Func(f) => Some(backend::Ref::FuncRef(f.map(Func))),
        headwater::Ref::Extern(e) => Some(backend::Ref::ExternRef(to_external(store, e).ok()?)),
        headwater::Ref::Exn(_) | headwater::Ref::Any(_) => None,
    }
}

/// The interface lets its references live as long as their store.
fn to_external(
    store: impl AsContextMut,
    external: Option<headwater::Rooted<headwater::ExternRef>>,
) -> Result<Option<ExternRef>> {
    external.map(|external| external.to_owned_rooted(store).map(ExternRef)).transpose()
}
