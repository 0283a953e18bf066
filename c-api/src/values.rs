//! Values, and their conversion from and to those of the engine.

use crate::refs::{Foreign, Object, Reference, Referent, Stands};
use crate::store::{Data, Sent, StoreCell};
use crate::types::{self, Kind};
use crate::vecs::Element;
use headwater::{ExternRef, HeapType, Ref, RefType, Result, Rooted, StoreContextMut, Val, ValType, bail};
use std::mem::{self, MaybeUninit};
use std::ptr;
use std::sync::Arc;

/// `wasm_val_t`. It owns its reference.
#[repr(C)]
pub struct Value {
    kind: Kind,
    of: Payload,
}

#[repr(C)]
#[derive(Copy, Clone)]
union Payload {
    i32: i32,
    i64: i64,
    f32: u32,
    f64: u64,
    reference: *mut Reference,
}

// As in the header.
const _: () = assert!(mem::size_of::<Value>() == 16 && mem::align_of::<Value>() == 8);

// SAFETY: zeros are the number 0 of type i32.
unsafe impl Element for Value {}

impl Value {
    fn number(kind: Kind, of: Payload) -> Value {
        Value { kind, of }
    }

    fn reference(kind: Kind, of: Option<Box<Reference>>) -> Value {
        Value { kind, of: Payload { reference: of.map_or(ptr::null_mut(), Box::into_raw) } }
    }

    /// Zero or null, which is what results are until they are set.
    pub fn zero(ty: &ValType) -> Value {
        Value { kind: types::ValTy::of_engine(ty).0, of: Payload { i64: 0 } }
    }

    pub fn null() -> Value {
        Value::reference(types::EXTERNREF, None)
    }

    fn is_reference(&self) -> bool {
        self.kind >= types::EXTERNREF
    }

    fn as_reference(&self) -> Option<&Reference> {
        // SAFETY: by its kind it is a reference, its own or null.
        if self.is_reference() { unsafe { self.of.reference.as_ref() } } else { None }
    }

    /// The engine's value.
    ///
    /// # Errors
    /// If it is not of type `ty`.
    pub fn engine(&self, cell: &StoreCell, store: StoreContextMut<'_, Data>, ty: &ValType) -> Result<Val> {
        // SAFETY: all bits of a number are a number.
        let (word32, word64) = unsafe { (self.of.i32, self.of.i64) };
        Ok(match (ty, self.kind) {
            (ValType::I32, types::I32) => Val::I32(word32),
            (ValType::I64, types::I64) => Val::I64(word64),
            (ValType::F32, types::F32) => Val::F32(word32.cast_unsigned()),
            (ValType::F64, types::F64) => Val::F64(word64.cast_unsigned()),
            (ValType::Ref(ty), kind) if kind >= types::EXTERNREF => {
                match to_ref(cell, store, self.as_reference(), ty)? {
                    Ref::Func(func) => Val::FuncRef(func),
                    Ref::Extern(external) => Val::ExternRef(external),
                    Ref::Any(any) => Val::AnyRef(any),
                    Ref::Exn(exception) => Val::ExnRef(exception),
                }
            }
            (ValType::V128, _) => bail!("values of type v128 have no place in wasm_val_t"),
            (ty, kind) => bail!("expected a value of type {ty}, got one of type {}", types::name(kind)),
        })
    }

    /// C's value.
    ///
    /// # Errors
    /// If C cannot have such values.
    pub fn of_engine(cell: &Arc<StoreCell>, store: StoreContextMut<'_, Data>, val: Val) -> Result<Value> {
        Ok(match val {
            Val::I32(i32) => Value::number(types::I32, Payload { i32 }),
            Val::I64(i64) => Value::number(types::I64, Payload { i64 }),
            Val::F32(f32) => Value::number(types::F32, Payload { f32 }),
            Val::F64(f64) => Value::number(types::F64, Payload { f64 }),
            Val::FuncRef(func) => Value::reference(types::FUNCREF, of_ref(cell, store, Ref::Func(func))?),
            Val::ExternRef(e) => Value::reference(types::EXTERNREF, of_ref(cell, store, Ref::Extern(e))?),
            Val::V128(_) => bail!("values of type v128 have no place in wasm_val_t"),
            Val::ExnRef(_) => bail!(NO_EXNREF),
            _ => bail!(NO_ANYREF),
        })
    }
}

const NO_EXNREF: &str = "values of type exnref have no place in wasm_val_t";
const NO_ANYREF: &str = "values of type anyref have no place in wasm_val_t";

/// Refuses types of which C can have no values.
///
/// # Errors
/// If there is one among them.
pub fn check_types(tys: impl Iterator<Item = ValType>) -> Result<()> {
    tys.into_iter().try_for_each(|ty| types::ValTy::of_engine(&ty).engine().map(drop))
}

/// The engine's reference of type `ty`.
///
/// # Errors
/// If it is of another type or belongs to another store.
pub fn to_ref(
    cell: &StoreCell,
    store: StoreContextMut<'_, Data>,
    reference: Option<&Reference>,
    ty: &RefType,
) -> Result<Ref> {
    let Some(reference) = reference else { return Ok(Ref::null(ty.heap_type())) };
    if !ptr::eq(&*reference.store, cell) {
        bail!("a reference cannot be used in another store than its own");
    }
    Ok(match (ty.heap_type(), &reference.object) {
        (HeapType::Func | HeapType::ConcreteFunc(_), Object::Func(func)) => Ref::Func(Some(*func)),
        (HeapType::Extern, object) => Ref::Extern(Some(wrap(cell, store, object)?)),
        (HeapType::Func | HeapType::ConcreteFunc(_), _) => bail!("expected a reference to a function"),
        (ty, _) => bail!("references of type {ty} have no place in wasm_val_t"),
    })
}

/// The external reference that stands for an object, always the same.
fn wrap(cell: &StoreCell, mut store: StoreContextMut<'_, Data>, object: &Object) -> Result<Rooted<ExternRef>> {
    if let Object::Foreign(foreign) = object {
        return Ok(foreign.to_rooted(store));
    }
    if let Some(wrapped) = cell.wrapped.borrow().get(object) {
        return Ok(wrapped.to_rooted(store));
    }
    let referent: Referent = Sent::new(Stands::Object(object.clone()));
    let wrapped = ExternRef::new(&mut store, referent)?;
    cell.wrapped.borrow_mut().insert(object.clone(), wrapped.to_owned_rooted(store)?);
    Ok(wrapped)
}

/// A handle of what the reference is to.
///
/// # Errors
/// If C cannot have such references.
pub fn of_ref(cell: &Arc<StoreCell>, mut store: StoreContextMut<'_, Data>, of: Ref) -> Result<Option<Box<Reference>>> {
    let object = match of {
        Ref::Func(func) => func.map(Object::Func),
        Ref::Extern(None) => None,
        Ref::Extern(Some(external)) => {
            let data = external.data(&mut store)?;
            let info = match data.and_then(|data| data.downcast_ref::<Referent>()).map(Sent::get) {
                Some(Stands::Object(object)) => return Ok(Some(Reference::new(cell, object.clone()))),
                Some(Stands::Foreign(info)) => Some(info.clone()),
                None => None,
            };
            Some(Object::Foreign(Foreign::new(store, external, info)?))
        }
        Ref::Exn(_) => bail!(NO_EXNREF),
        Ref::Any(_) => bail!(NO_ANYREF),
    };
    Ok(object.map(|object| Reference::new(cell, object)))
}

impl Clone for Value {
    fn clone(&self) -> Value {
        match self.is_reference() {
            true => Value::reference(self.kind, self.as_reference().map(|r| Box::new(r.clone()))),
            false => Value { kind: self.kind, of: self.of },
        }
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        if self.as_reference().is_some() {
            // SAFETY: by its kind it is a reference, and it is its own.
            drop(unsafe { Box::from_raw(self.of.reference) });
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_val_delete(val: &mut Value) {
    drop(mem::replace(val, Value::number(types::I32, Payload { i64: 0 })));
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_val_copy(out: &mut MaybeUninit<Value>, from: &Value) {
    out.write(from.clone());
}
