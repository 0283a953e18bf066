//! What can be done with references that are wrapped, and what the `wasmtime` crate has for its garbage collector.

use crate::Result;
use crate::api::caller::Caller;
use crate::api::context::{AsContext, StoreContextMut};
use crate::api::exception::ExnRef;
use crate::api::rooted::Rooted;
use crate::api::store::Store;
use crate::api::typed::Opaque;
use crate::api::value::ExternRef;
use std::fmt;

impl<T> Rooted<T> {
    /// Whether both refer to the same thing.
    ///
    /// # Errors
    /// If one of them is no longer valid.
    ///
    /// # Panics
    /// If one of them does not belong to `store`.
    pub fn ref_eq(store: impl AsContext, a: &Rooted<T>, b: &Rooted<T>) -> Result<bool>
    where
        T: Reference,
    {
        let store = &Opaque(&store.as_context().0.opaque);
        Ok(a.0.identity(store)? == b.0.identity(store)?)
    }

    /// Whether both are the same handle. Two that differ may refer to the same thing; see [`Rooted::ref_eq`].
    pub fn rooted_eq(a: Rooted<T>, b: Rooted<T>) -> bool
    where
        T: PartialEq,
    {
        a.0 == b.0
    }
}

/// What a [`Rooted`] can be of.
pub trait Reference: sealed::Reference {}
impl<T: sealed::Reference> Reference for T {}

mod sealed {
    use super::{ExnRef, ExternRef, Opaque, Result};

    pub trait Reference {
        /// Equal for references to the same thing.
        fn identity(&self, store: &Opaque<'_>) -> Result<u64>;
    }

    impl Reference for ExternRef {
        fn identity(&self, store: &Opaque<'_>) -> Result<u64> {
            store.0.check(self.store());
            Ok(self.to_word())
        }
    }

    impl Reference for ExnRef {
        fn identity(&self, store: &Opaque<'_>) -> Result<u64> {
            Ok(self.get(store.0)?.as_ptr() as u64)
        }
    }
}

/// There is no room in the collector's heap for a `T`. Never an error here, where what is referred to has no heap of
/// its own; programs for the `wasmtime` crate look for it.
#[derive(Debug)]
pub struct GcHeapOutOfMemory<T>(T);

impl<T> GcHeapOutOfMemory<T> {
    /// What there was no room for.
    pub fn take_inner(self) -> (T, GcHeapOutOfMemory<()>) {
        (self.0, GcHeapOutOfMemory(()))
    }
}

impl<T> fmt::Display for GcHeapOutOfMemory<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no room for more references")
    }
}

impl<T: fmt::Debug> std::error::Error for GcHeapOutOfMemory<T> {}

impl<T> Store<T> {
    /// Frees what nobody refers to. At present there is nothing to do at this point: exceptions are freed as new ones
    /// are made, and values of [`ExternRef`]s with the store.
    ///
    /// # Errors
    /// None at present.
    pub fn gc(&mut self, _why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        Ok(())
    }
}

impl<T> StoreContextMut<'_, T> {
    /// See [`Store::gc`].
    ///
    /// # Errors
    /// As described there.
    pub fn gc(&mut self, _why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        Ok(())
    }
}

impl<T> Caller<'_, T> {
    /// See [`Store::gc`].
    ///
    /// # Errors
    /// As described there.
    pub fn gc(&mut self, _why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        Ok(())
    }
}
