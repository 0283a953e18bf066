//! What the collector has, as the host handles it: references to structs, arrays, small integers and values of the host.
//!
//! A handle ([`Rooted`]) is an entry in the store's list, which collections keep up to date. It is valid as long as the
//! scope in which it was made: a call of a host function, a [`RootScope`](crate::RootScope), or else the store.
//! Afterwards it is an error to use it. An [`OwnedRooted`] is valid as long as it lives.

mod any;
mod array;
mod external;
mod i31;
mod owned;
mod structure;
mod typed;

pub use any::{AnyRef, EqRef};
pub use array::{ArrayRef, ArrayRefPre};
pub use external::ExternRef;
pub use i31::I31;
pub use owned::OwnedRooted;
pub use structure::{StructRef, StructRefPre};

use crate::api::rooted::Rooted;
use crate::engine::Engine;
use crate::types::object::{FieldKind, ObjectField};
use crate::types::{CompositeType, HeapType, Mutability, StorageType};
use crate::vm::context::ValRaw;
use crate::vm::gc::objects::is_object;
use crate::vm::store::{StoreId, StoreOpaque};
use crate::{Error, Result, Val};
use anyhow::bail;
use headwater_codegen::vmctx::gc;

/// A handle.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Handle {
    store: StoreId,
    index: u32,
    /// Tells handles from older ones with the same number.
    generation: u32,
}

impl Handle {
    /// A handle of `word`, which is not null.
    pub fn new(store: &StoreOpaque, word: u32) -> Handle {
        let (index, generation) = store.gc().root(word);
        Handle { store: store.id(), index, generation }
    }

    pub fn store(&self) -> StoreId {
        self.store
    }

    /// The reference as compiled code has it now. Good until the next allocation.
    ///
    /// # Errors
    /// If the handle is no longer valid.
    ///
    /// # Panics
    /// If it does not belong to `store`.
    pub fn word(&self, store: &StoreOpaque) -> Result<u32> {
        store.check(self.store);
        let word = store.gc().get(self.index, self.generation);
        word.ok_or_else(|| Error::msg("the reference is no longer valid: its scope ended"))
    }
}

/// A kind of reference.
pub(crate) trait Kind: Copy {
    /// Of what type they are; not null.
    const HEAP: HeapType;

    fn from_handle(handle: Handle) -> Self;

    fn handle(&self) -> Handle;

    /// What `word` refers to.
    fn from_word(word: u64, store: &StoreOpaque) -> Option<Rooted<Self>> {
        let word = u32::try_from(word).expect("a reference has 32 bits");
        (word != 0).then(|| Rooted(Self::from_handle(Handle::new(store, word))))
    }
}

macro_rules! kind {
    ($($ty:ident $heap:ident)*) => {$(
        impl crate::api::gc::Kind for $ty {
            const HEAP: crate::types::HeapType = crate::types::HeapType::$heap;

            fn from_handle(handle: crate::api::gc::Handle) -> $ty {
                $ty(handle)
            }

            fn handle(&self) -> crate::api::gc::Handle {
                self.0
            }
        }
    )*};
}
pub(crate) use kind;

/// The type of what `word`, a reference in the hierarchy of `any` that is not null, refers to.
pub(crate) fn type_of(store: &StoreOpaque, word: u32) -> HeapType {
    if word & gc::I31 != 0 {
        HeapType::I31
    } else if is_object(word) {
        object_type(store, word).heap_type()
    } else {
        HeapType::Any
    }
}

/// The type of an object.
fn object_type(store: &StoreOpaque, object: u32) -> CompositeType {
    store.engine().type_numbered(store.gc().header(object).0)
}

/// A field of an object, or an element: what it is, where, and how it is stored.
struct Place {
    object: u32,
    offset: u64,
    kind: FieldKind,
    storage: StorageType,
}

impl Place {
    fn new(object: u32, field: ObjectField, index: u32, storage: StorageType) -> Place {
        let offset = u64::from(field.offset) + u64::from(field.kind.size()) * u64::from(index);
        Place { object, offset, kind: field.kind, storage }
    }

    fn get(&self, store: &StoreOpaque) -> Val {
        // SAFETY: the object has such a field there.
        let raw = unsafe { store.gc().read(self.object, self.offset, self.kind) };
        Val::of_raw(raw, self.storage.unpack(), store)
    }

    /// # Errors
    /// If the value is of another type, or of another store.
    fn set(&self, store: &StoreOpaque, val: &Val) -> Result<()> {
        let raw = self.storage.raw_of(store, val)?;
        // SAFETY: the object has such a field there, and the value is of its type.
        unsafe { store.gc().write(self.object, self.offset, self.kind, raw) };
        Ok(())
    }
}

impl StorageType {
    fn raw_of(&self, store: &StoreOpaque, val: &Val) -> Result<ValRaw> {
        val.raw_of(store, self.unpack())
    }
}

fn check_mutable(mutability: Mutability, what: &str) -> Result<()> {
    if mutability != Mutability::Var {
        bail!("an immutable {what} cannot be set");
    }
    Ok(())
}

/// Prepares `store` for objects of a type; gives the type's number.
fn prepare(store: &mut StoreOpaque, ty: impl Into<CompositeType>) -> Result<u32> {
    let engine: Engine = store.engine().clone();
    let ty = engine.use_type(ty);
    let number = ty.number();
    // It has a display, which compiled code may look at.
    engine.displays()?;
    store.ensure_heap()?;
    store.gc_mut().learn_used(&engine, ty)?;
    Ok(number)
}
