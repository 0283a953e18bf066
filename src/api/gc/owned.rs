//! Handles without a scope.

use super::{ExternRef, Kind};
use crate::Result;
use crate::api::context::{AsContext, AsContextMut, StoreContext};
use crate::api::rooted::Rooted;
use crate::vm::gc::roots::OwnedRoot;
use crate::vm::store::{StoreId, StoreOpaque};
use anyhow::Context;
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;

/// A handle that is valid as long as it, or a clone of it, lives, and its store.
///
/// ```
/// use headwater::{Engine, ExternRef, OwnedRooted, RootScope, Store};
/// let mut store = Store::new(&Engine::default(), ());
/// let owned: OwnedRooted<ExternRef> = {
///     let mut scope = RootScope::new(&mut store);
///     ExternRef::new(&mut scope, 5)?.to_owned_rooted(&mut scope)?
/// };
/// let r = owned.to_rooted(&mut store);
/// assert_eq!(r.data(&store)?.unwrap().downcast_ref(), Some(&5));
/// # Ok::<(), headwater::Error>(())
/// ```
pub struct OwnedRooted<T> {
    store: StoreId,
    root: OwnedRoot,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for OwnedRooted<T> {
    fn clone(&self) -> OwnedRooted<T> {
        OwnedRooted { store: self.store, root: self.root.clone(), kind: PhantomData }
    }
}

impl<T> fmt::Debug for OwnedRooted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OwnedRooted").field(&self.root).finish()
    }
}

#[expect(private_bounds, reason = "sealed")]
impl<T: Kind> OwnedRooted<T> {
    /// A handle of the same that ends with the scope.
    ///
    /// # Panics
    /// If it does not belong to `store`.
    pub fn to_rooted(&self, mut store: impl AsContextMut) -> Rooted<T> {
        let store = &store.as_context_mut().0.opaque;
        Rooted(T::from_handle(super::Handle::new(store, self.word(store))))
    }

    fn word(&self, store: &StoreOpaque) -> u32 {
        store.check(self.store);
        store.gc().owned(&self.root).expect("an owned handle is valid as long as it lives")
    }

    /// Whether both refer to the same.
    ///
    /// # Panics
    /// If one of them does not belong to `store`.
    pub fn ref_eq(store: impl AsContext, a: &OwnedRooted<T>, b: &OwnedRooted<T>) -> bool {
        let store = &store.as_context().0.opaque;
        a.word(store) == b.word(store)
    }
}

impl OwnedRooted<ExternRef> {
    /// See [`ExternRef::data`].
    ///
    /// # Panics
    /// If it does not belong to `store`.
    pub fn data<'a, T: 'a>(&self, store: impl Into<StoreContext<'a, T>>) -> Option<&'a (dyn Any + Send + Sync)> {
        let store = &store.into().0.opaque;
        store.gc().externs().value(self.word(store))
    }
}

#[expect(private_bounds, reason = "sealed")]
impl<T: Kind> Rooted<T> {
    /// A handle of the same that is valid as long as it lives.
    ///
    /// # Errors
    /// If this one is no longer valid.
    ///
    /// # Panics
    /// If it does not belong to `store`.
    pub fn to_owned_rooted(&self, mut store: impl AsContextMut) -> Result<OwnedRooted<T>> {
        let store = &store.as_context_mut().0.opaque;
        let word = self.0.handle().word(store).context("it cannot be owned")?;
        Ok(OwnedRooted { store: store.id(), root: store.gc().own(word), kind: PhantomData })
    }
}
