//! What can be done with references that are wrapped, and what the `wasmtime` crate has for its garbage collector.

use crate::Result;
use crate::api::asynchronous::on_fiber;
use crate::api::caller::Caller;
use crate::api::context::{AsContext, AsContextMut, StoreContextMut};
use crate::api::exception::ExnRef;
use crate::api::gc::{AnyRef, ArrayRef, EqRef, ExternRef, Kind, StructRef};
use crate::api::rooted::Rooted;
use crate::api::store::Store;
use crate::api::typed::Opaque;
pub use crate::vm::gc::GcHeapOutOfMemory;
use crate::vm::store::StoreOpaque;

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
    use super::{AnyRef, ArrayRef, EqRef, ExnRef, ExternRef, Kind, Opaque, Result, StructRef};

    pub trait Reference {
        /// Equal for references to the same thing.
        fn identity(&self, store: &Opaque<'_>) -> Result<u64>;
    }

    macro_rules! reference {
        ($($ty:ty)*) => {$(
            impl Reference for $ty {
                fn identity(&self, store: &Opaque<'_>) -> Result<u64> {
                    Ok(self.handle().word(store.0)?.into())
                }
            }
        )*};
    }
    reference! { AnyRef EqRef StructRef ArrayRef ExternRef }

    impl Reference for ExnRef {
        fn identity(&self, store: &Opaque<'_>) -> Result<u64> {
            Ok(self.get(store.0)?.as_ptr() as u64)
        }
    }
}

impl<T> Store<T> {
    /// Frees what nobody refers to: objects, and values of external references. Where that was not enough for what `why`
    /// says, the heap is made larger, if the store may have as much. Nothing needs this: objects are collected as others
    /// are made.
    ///
    /// This collection takes time in proportion to the objects that are kept, of which there are
    /// [`Config::gc_heap_max_size`](crate::Config::gc_heap_max_size) at most, and to the stacks and tables of the store,
    /// and cannot be interrupted. Those that happen as objects are made look at new objects only, if there are many, and
    /// at a few of the others each time; everything is moved at once only where the heap may not become larger.
    ///
    /// # Errors
    /// If there is no room for what `why` says.
    pub fn gc(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        self.as_context_mut().gc(why)
    }

    /// [`Store::gc`] where the store's limiter can wait.
    ///
    /// # Errors
    /// As described there, and if there is no memory for a stack.
    pub async fn gc_async(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()>
    where
        T: Send,
    {
        self.as_context_mut().gc_async(why).await
    }

    /// Bytes of memory that the objects of the store may use at present, with what is there for collections.
    pub fn gc_heap_capacity(&self) -> usize {
        self.inner().opaque.gc_heap_capacity()
    }
}

impl<T> StoreContextMut<'_, T> {
    /// See [`Store::gc`].
    ///
    /// # Errors
    /// As described there.
    pub fn gc(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        let store = self.as_ptr();
        // SAFETY: the pointer reaches all of the store, which is borrowed.
        unsafe {
            match why {
                Some(why) => StoreOpaque::make_room(store, why.bytes_needed(), true),
                None => {
                    StoreOpaque::collect_now(store);
                    Ok(())
                }
            }
        }
    }

    /// See [`Store::gc_async`].
    ///
    /// # Errors
    /// As described there.
    pub async fn gc_async(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()>
    where
        T: Send,
    {
        on_fiber(self, |store| store.gc(why)).await
    }
}

impl<T> Caller<'_, T> {
    /// See [`Store::gc`].
    ///
    /// # Errors
    /// As described there.
    pub fn gc(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()> {
        self.as_context_mut().gc(why)
    }

    /// See [`Store::gc_async`].
    ///
    /// # Errors
    /// As described there.
    pub async fn gc_async(&mut self, why: Option<&GcHeapOutOfMemory<()>>) -> Result<()>
    where
        T: Send,
    {
        self.as_context_mut().gc_async(why).await
    }
}
