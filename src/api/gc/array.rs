//! Arrays as the host handles them.

use super::{Handle, Kind, Place, check_mutable, kind, object_type, prepare};
use crate::api::context::{AsContext, AsContextMut};
use crate::api::rooted::Rooted;
use crate::types::{ArrayType, CompositeType};
use crate::vm::store::{StoreId, StoreOpaque};
use crate::{Result, Val};
use anyhow::{Context, bail, ensure};

/// A reference to an array.
///
/// ```
/// use headwater::{ArrayRef, ArrayRefPre, ArrayType, Engine, FieldType, Mutability, StorageType, Store, Val};
/// let engine = Engine::default();
/// let mut store = Store::new(&engine, ());
/// let ty = ArrayType::new(&engine, FieldType::new(Mutability::Var, StorageType::I8));
/// let pre = ArrayRefPre::new(&mut store, ty);
/// let a = ArrayRef::new(&mut store, &pre, &Val::I32(0x141), 10)?;
/// assert_eq!((a.len(&store)?, a.get(&mut store, 9)?.unwrap_i32()), (10, 0x41));
/// assert!(a.get(&mut store, 10).is_err());
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct ArrayRef(pub(super) Handle);

kind! { ArrayRef Array }

/// What is prepared once for arrays of a type that the host makes.
#[derive(Debug)]
pub struct ArrayRefPre {
    store: StoreId,
    ty: ArrayType,
    /// The type's number, if there is memory for it.
    number: Option<u32>,
}

impl ArrayRefPre {
    /// For arrays of this type in this store.
    pub fn new(mut store: impl AsContextMut, ty: ArrayType) -> ArrayRefPre {
        let store = &mut store.as_context_mut().0.opaque;
        let number = prepare(store, &ty).ok();
        ArrayRefPre { store: store.id(), ty, number }
    }
}

impl ArrayRef {
    /// A new array of `len` elements that are all `elem`.
    ///
    /// # Errors
    /// If the element is not of the type that the array's type has, or there is no room
    /// ([`GcHeapOutOfMemory`](crate::GcHeapOutOfMemory)).
    ///
    /// # Panics
    /// If `allocator` does not belong to `store`.
    pub fn new(store: impl AsContextMut, allocator: &ArrayRefPre, elem: &Val, len: u32) -> Result<Rooted<ArrayRef>> {
        ArrayRef::of(store, allocator, len, std::slice::from_ref(elem), std::iter::repeat_n(elem, len as usize))
    }

    /// A new array of these elements.
    ///
    /// # Errors
    /// As [`ArrayRef::new`].
    ///
    /// # Panics
    /// As [`ArrayRef::new`].
    pub fn new_fixed(store: impl AsContextMut, allocator: &ArrayRefPre, elems: &[Val]) -> Result<Rooted<ArrayRef>> {
        let Ok(len) = u32::try_from(elems.len()) else { bail!("an array has less than 2³² elements") };
        ArrayRef::of(store, allocator, len, elems, elems.iter())
    }

    /// Of these elements, all of which are among `different`.
    fn of<'a>(
        mut store: impl AsContextMut,
        allocator: &ArrayRefPre,
        len: u32,
        different: &[Val],
        elems: impl Iterator<Item = &'a Val>,
    ) -> Result<Rooted<ArrayRef>> {
        let mut store = store.as_context_mut();
        let whole = store.as_ptr();
        let store = &store.0.opaque;
        store.check(allocator.store);
        let number = allocator.number.context("no memory for the type of an array")?;
        let storage = allocator.ty.element_type();
        for elem in different {
            storage.raw_of(store, elem)?;
        }
        // SAFETY: the pointer reaches all of the store, which is borrowed, and no word of it is held here.
        let object = unsafe { StoreOpaque::new_object(whole, number, len) }?;
        // SAFETY: as above.
        let store = unsafe { &*whole };
        let field = store.gc().shape(object).layout.fields[0];
        for (i, elem) in (0..).zip(elems) {
            Place::new(object, field, i, storage.clone()).set(store, elem)?;
        }
        Ok(Rooted(ArrayRef(Handle::new(store, object))))
    }

    /// Its type.
    ///
    /// # Errors
    /// If the handle is no longer valid; the same goes for all methods here.
    ///
    /// # Panics
    /// If it does not belong to `store`; likewise.
    pub fn ty(&self, store: impl AsContext) -> Result<ArrayType> {
        let store = &store.as_context().0.opaque;
        Ok(array_type(store, self.0.word(store)?))
    }

    /// Whether it is a value of type `ty`.
    pub fn matches_ty(&self, store: impl AsContext, ty: &ArrayType) -> Result<bool> {
        Ok(self.ty(store)?.matches(ty))
    }

    /// How many elements there are.
    pub fn len(&self, store: impl AsContext) -> Result<u32> {
        let store = &store.as_context().0.opaque;
        Ok(store.gc().header(self.0.word(store)?).1)
    }

    /// Element `i`: a packed one as an `i32` with zeros above.
    pub fn get(&self, mut store: impl AsContextMut, i: u32) -> Result<Val> {
        let store = &store.as_context_mut().0.opaque;
        Ok(self.place(store, i)?.0.get(store))
    }

    /// All elements.
    pub fn elems<'a, T: 'static>(
        &'a self,
        store: impl Into<crate::StoreContextMut<'a, T>>,
    ) -> Result<impl ExactSizeIterator<Item = Val> + 'a> {
        let store = &store.into().0.opaque;
        let object = self.0.word(store)?;
        let storage = array_type(store, object).element_type();
        let field = store.gc().shape(object).layout.fields[0];
        let elem = |i| Place::new(object, field, i, storage.clone()).get(store);
        Ok((0..store.gc().header(object).1).map(elem).collect::<Vec<Val>>().into_iter())
    }

    /// Sets element `i`, of a packed one the low bits.
    ///
    /// # Errors
    /// Also if there is no such element, it is immutable, or the value is of another type.
    pub fn set(&self, mut store: impl AsContextMut, i: u32, value: Val) -> Result<()> {
        let store = &store.as_context_mut().0.opaque;
        let (place, ty) = self.place(store, i)?;
        check_mutable(ty.mutability(), "element")?;
        place.set(store, &value)
    }

    fn place(&self, store: &StoreOpaque, i: u32) -> Result<(Place, ArrayType)> {
        let object = self.handle().word(store)?;
        let ty = array_type(store, object);
        let len = store.gc().header(object).1;
        ensure!(i < len, "index {i} is out of bounds: there are {len} elements");
        let field = store.gc().shape(object).layout.fields[0];
        Ok((Place::new(object, field, i, ty.element_type()), ty))
    }

    /// The reference as compiled code has it; never 0. Good until the next allocation in the store.
    pub fn to_raw(&self, mut store: impl AsContextMut) -> Result<u32> {
        self.0.word(&store.as_context_mut().0.opaque)
    }
}

fn array_type(store: &StoreOpaque, object: u32) -> ArrayType {
    match object_type(store, object) {
        CompositeType::Array(ty) => ty,
        other => unreachable!("a reference to an array refers to {}", other.heap_type()),
    }
}
