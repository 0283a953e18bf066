//! Globals, tables, memories, and what they have in common with functions.

use crate::refs::{Object, Reference, Shared};
use crate::store::{StoreHandle, answer, guarded};
use crate::types::{self, ExternTy};
use crate::values::{Value, of_ref, to_ref};
use headwater::{AsContextMut, Global, Memory, Result, SharedMemory, Table, bail};
use std::mem::MaybeUninit;
use std::ptr;

/// The type of what instances import and export.
fn type_of(of: &Reference) -> Option<Box<ExternTy>> {
    let item = of.object.as_extern()?;
    let ty = of.store.with(|store| item.ty(store));
    Some(Box::new(ExternTy::of_engine(&ty)))
}

macro_rules! types {
    ($($name:ident($pattern:pat))*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C" fn $name(of: &Reference) -> Option<Box<ExternTy>> {
            if matches!(of.object, $pattern) { type_of(of) } else { None }
        }
    )*};
}

types! {
    wasm_global_type(Object::Global(_))
    wasm_table_type(Object::Table(_))
    wasm_memory_type(Object::Memory(_) | Object::SharedMemory(_))
    wasm_extern_type(_)
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_extern_kind(of: &Reference) -> u8 {
    match of.object {
        Object::Global(_) => types::GLOBAL,
        Object::Table(_) => types::TABLE,
        Object::Memory(_) | Object::SharedMemory(_) => types::MEMORY,
        Object::Tag(_) => types::TAG,
        // Nothing else becomes a `wasm_extern_t`.
        _ => types::FUNC,
    }
}

fn global(of: &Reference) -> Result<Global> {
    if let Object::Global(global) = of.object { Ok(global) } else { bail!("this is no global") }
}

fn table(of: &Reference) -> Result<Table> {
    if let Object::Table(table) = of.object { Ok(table) } else { bail!("this is no table") }
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_global_new(store: &StoreHandle, ty: &ExternTy, val: &Value) -> Option<Box<Reference>> {
    let cell = &store.0;
    let made = guarded(|| {
        let ty = ty.engine_global()?;
        cell.with(|mut store| {
            let val = val.engine(cell, store.as_context_mut(), ty.content())?;
            Global::new(store, ty, val)
        })
    });
    answer(made).map(|global| Reference::new(cell, Object::Global(global)))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_global_get(of: &Reference, out: &mut MaybeUninit<Value>) {
    let got = global(of).and_then(|global| {
        of.store.with(|mut store| {
            let val = global.get(&mut store);
            Value::of_engine(&of.store, store, val)
        })
    });
    // A null reference stands for what C cannot have.
    out.write(answer(got).unwrap_or_else(Value::null));
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_global_set(of: &Reference, val: &Value) {
    let _ = answer(global(of).and_then(|global| {
        of.store.with(|mut store| {
            let ty = global.ty(&store);
            let val = val.engine(&of.store, store.as_context_mut(), ty.content())?;
            global.set(store, val)
        })
    }));
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_table_new(
    store: &StoreHandle,
    ty: &ExternTy,
    init: Option<&Reference>,
) -> Option<Box<Reference>> {
    let cell = &store.0;
    let made = guarded(|| {
        let ty = ty.engine_table()?;
        cell.with(|mut store| {
            let init = to_ref(cell, store.as_context_mut(), init, ty.element())?;
            Table::new(store, ty, init)
        })
    });
    answer(made).map(|table| Reference::new(cell, Object::Table(table)))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_table_get(of: &Reference, index: u32) -> Option<Box<Reference>> {
    let got = table(of).and_then(|table| {
        of.store.with(|mut store| match table.get(&mut store, index.into()) {
            Some(element) => of_ref(&of.store, store, element),
            None => Ok(None),
        })
    });
    answer(got).flatten()
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_table_set(of: &Reference, index: u32, element: Option<&Reference>) -> bool {
    let set = table(of).and_then(|table| {
        of.store.with(|mut store| {
            let ty = table.ty(&store);
            let element = to_ref(&of.store, store.as_context_mut(), element, ty.element())?;
            table.set(store, index.into(), element)
        })
    });
    answer(set).is_some()
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_table_size(of: &Reference) -> u32 {
    let size = table(of).map(|table| of.store.with(|store| table.size(store)));
    answer(size).map_or(0, |size| u32::try_from(size).unwrap_or(u32::MAX))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_table_grow(of: &Reference, delta: u32, init: Option<&Reference>) -> bool {
    let grown = table(of).and_then(|table| {
        of.store.with(|mut store| {
            let ty = table.ty(&store);
            let init = to_ref(&of.store, store.as_context_mut(), init, ty.element())?;
            table.grow(store, delta.into(), init)
        })
    });
    answer(grown).is_some()
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_memory_new(store: &StoreHandle, ty: &ExternTy) -> Option<Box<Reference>> {
    let made = guarded(|| {
        let ty = ty.engine_memory()?;
        store.0.with(|store| Memory::new(store, ty))
    });
    answer(made).map(|memory| Reference::new(&store.0, Object::Memory(memory)))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_memory_data(of: &Reference) -> *mut u8 {
    match &of.object {
        Object::Memory(memory) => of.store.with(|store| memory.data_ptr(store)),
        Object::SharedMemory(memory) => memory.0.data().as_ptr().cast_mut().cast(),
        _ => ptr::null_mut(),
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_memory_data_size(of: &Reference) -> usize {
    match &of.object {
        Object::Memory(memory) => of.store.with(|store| memory.data_size(store)),
        Object::SharedMemory(memory) => memory.0.data_size(),
        _ => 0,
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_memory_size(of: &Reference) -> u32 {
    let pages = match &of.object {
        Object::Memory(memory) => of.store.with(|store| memory.size(store)),
        Object::SharedMemory(memory) => memory.0.size(),
        _ => 0,
    };
    u32::try_from(pages).unwrap_or(u32::MAX)
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_memory_grow(of: &Reference, delta: u32) -> bool {
    let grown = match &of.object {
        Object::Memory(memory) => of.store.with(|store| memory.grow(store, delta.into())),
        Object::SharedMemory(memory) => of.store.with(|store| memory.0.grow_in(store, delta.into())),
        _ => Ok(0),
    };
    answer(grown).is_some()
}

/// Shares a memory that is shared by its type; any other belongs to its store alone.
#[unsafe(no_mangle)]
pub extern "C" fn wasm_memory_share(of: &Reference) -> Option<Box<SharedMemory>> {
    if let Object::SharedMemory(memory) = &of.object { Some(Box::new(memory.0.clone())) } else { None }
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_memory_obtain(store: &StoreHandle, memory: &SharedMemory) -> Box<Reference> {
    Reference::new(&store.0, Object::SharedMemory(Shared(memory.clone())))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_shared_memory_delete(_: Option<Box<SharedMemory>>) {}
