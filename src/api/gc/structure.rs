//! Structs as the host handles them.

use super::{Handle, Place, check_mutable, kind, object_type, prepare};
use crate::api::context::{AsContext, AsContextMut};
use crate::api::rooted::Rooted;
use crate::types::{CompositeType, StructType};
use crate::vm::store::{StoreId, StoreOpaque};
use crate::{Result, Val};
use anyhow::{Context, ensure};

/// A reference to a struct.
///
/// ```
/// use headwater::{Engine, FieldType, Mutability, Store, StructRef, StructRefPre, StructType, Val, ValType};
/// let engine = Engine::default();
/// let mut store = Store::new(&engine, ());
/// let field = FieldType::new(Mutability::Var, ValType::I32.into());
/// let pre = StructRefPre::new(&mut store, StructType::new(&engine, [field])?);
/// let s = StructRef::new(&mut store, &pre, &[Val::I32(1)])?;
/// s.set_field(&mut store, 0, Val::I32(2))?;
/// assert_eq!(s.field(&mut store, 0)?.unwrap_i32(), 2);
/// assert!(s.field(&mut store, 1).is_err());
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct StructRef(pub(super) Handle);

kind! { StructRef Struct }

/// What is prepared once for structs of a type that the host makes.
#[derive(Debug)]
pub struct StructRefPre {
    store: StoreId,
    ty: StructType,
    /// The type's number, if there is memory for it.
    number: Option<u32>,
}

impl StructRefPre {
    /// For structs of this type in this store.
    pub fn new(mut store: impl AsContextMut, ty: StructType) -> StructRefPre {
        let store = &mut store.as_context_mut().0.opaque;
        let number = prepare(store, &ty).ok();
        StructRefPre { store: store.id(), ty, number }
    }
}

impl StructRef {
    /// A new struct with these fields.
    ///
    /// # Errors
    /// If they are not of the types that the struct's type has, or there is no room for it
    /// ([`GcHeapOutOfMemory`](crate::GcHeapOutOfMemory)).
    ///
    /// # Panics
    /// If `allocator` does not belong to `store`.
    pub fn new(mut store: impl AsContextMut, allocator: &StructRefPre, fields: &[Val]) -> Result<Rooted<StructRef>> {
        let mut store = store.as_context_mut();
        let whole = store.as_ptr();
        let store = &store.0.opaque;
        store.check(allocator.store);
        let number = allocator.number.context("no memory for the type of a struct")?;
        let ty = &allocator.ty;
        ensure!(ty.fields().len() == fields.len(), "expected {} fields, found {}", ty.fields().len(), fields.len());
        for (field, val) in ty.fields().zip(fields) {
            field.element_type().raw_of(store, val)?;
        }
        // SAFETY: the pointer reaches all of the store, which is borrowed, and no word of it is held here.
        let object = unsafe { StoreOpaque::new_object(whole, number, 0) }?;
        // SAFETY: as above.
        let store = unsafe { &*whole };
        for (i, val) in fields.iter().enumerate() {
            place(store, object, ty, i)?.set(store, val)?;
        }
        Ok(Rooted(StructRef(Handle::new(store, object))))
    }

    /// Its type.
    ///
    /// # Errors
    /// If the handle is no longer valid; the same goes for all methods here.
    ///
    /// # Panics
    /// If it does not belong to `store`; likewise.
    pub fn ty(&self, store: impl AsContext) -> Result<StructType> {
        let store = &store.as_context().0.opaque;
        Ok(struct_type(store, self.0.word(store)?))
    }

    /// Whether it is a value of type `ty`.
    pub fn matches_ty(&self, store: impl AsContext, ty: &StructType) -> Result<bool> {
        Ok(self.ty(store)?.matches(ty))
    }

    /// Field `i`: a packed one as an `i32` with zeros above.
    pub fn field(&self, mut store: impl AsContextMut, i: usize) -> Result<Val> {
        let store = &store.as_context_mut().0.opaque;
        let object = self.0.word(store)?;
        Ok(place(store, object, &struct_type(store, object), i)?.get(store))
    }

    /// All fields.
    pub fn fields<'a, T: 'static>(
        &'a self,
        store: impl Into<crate::StoreContextMut<'a, T>>,
    ) -> Result<impl ExactSizeIterator<Item = Val> + 'a> {
        let store = &store.into().0.opaque;
        let object = self.0.word(store)?;
        let ty = struct_type(store, object);
        let fields: Result<Vec<Val>> =
            (0..ty.fields().len()).map(|i| Ok(place(store, object, &ty, i)?.get(store))).collect();
        Ok(fields?.into_iter())
    }

    /// Sets field `i`, of a packed one the low bits.
    ///
    /// # Errors
    /// Also if there is no such field, it is immutable, or the value is of another type.
    pub fn set_field(&self, mut store: impl AsContextMut, i: usize, value: Val) -> Result<()> {
        let store = &store.as_context_mut().0.opaque;
        let object = self.0.word(store)?;
        let ty = struct_type(store, object);
        let place = place(store, object, &ty, i)?;
        check_mutable(ty.field(i).expect("it has a place").mutability(), "field")?;
        place.set(store, &value)
    }

    /// The reference as compiled code has it; never 0. Good until the next allocation in the store.
    pub fn to_raw(&self, mut store: impl AsContextMut) -> Result<u32> {
        self.0.word(&store.as_context_mut().0.opaque)
    }
}

fn struct_type(store: &StoreOpaque, object: u32) -> StructType {
    match object_type(store, object) {
        CompositeType::Struct(ty) => ty,
        other => unreachable!("a reference to a struct refers to {}", other.heap_type()),
    }
}

fn place(store: &StoreOpaque, object: u32, ty: &StructType, i: usize) -> Result<Place> {
    let field = ty.field(i).with_context(|| format!("there is no field {i} in {ty}"))?;
    let at = store.gc().shape(object).layout.fields[i];
    Ok(Place::new(object, at, 0, field.element_type().clone()))
}
