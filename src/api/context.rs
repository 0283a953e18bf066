//! How a store is passed around: borrowed, as itself or from inside a host function.

use crate::api::store::StoreInner;
use crate::vm::backtrace::WasmBacktrace;
use crate::vm::frames::RawBacktrace;
use crate::vm::store::StoreOpaque;
use crate::vm::thread;
use crate::{Engine, Result};
use std::fmt;

/// A store, borrowed for reading.
#[repr(transparent)]
pub struct StoreContext<'a, T>(pub(crate) &'a StoreInner<T>);

/// A store, borrowed for reading and writing.
#[repr(transparent)]
pub struct StoreContextMut<'a, T>(pub(crate) &'a mut StoreInner<T>);

/// What a store can be borrowed from for reading: a [`Store`](crate::Store), a [`Caller`](crate::Caller), references to
/// them.
pub trait AsContext {
    /// The embedder's data in the store.
    type Data;

    /// Borrows the store.
    fn as_context(&self) -> StoreContext<'_, Self::Data>;
}

/// What a store can be borrowed from for reading and writing.
pub trait AsContextMut: AsContext {
    /// Borrows the store.
    fn as_context_mut(&mut self) -> StoreContextMut<'_, Self::Data>;
}

impl<'a, T> StoreContext<'a, T> {
    /// The embedder's data.
    pub fn data(&self) -> &'a T {
        &self.0.data
    }

    /// The engine of the store.
    pub fn engine(&self) -> &Engine {
        self.0.engine()
    }
}

impl<T> Clone for StoreContext<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for StoreContext<'_, T> {}

impl<'a, T> StoreContextMut<'a, T> {
    /// The embedder's data.
    pub fn data(&self) -> &T {
        &self.0.data
    }

    /// The embedder's data.
    pub fn data_mut(&mut self) -> &mut T {
        &mut self.0.data
    }

    /// The engine of the store.
    pub fn engine(&self) -> &Engine {
        self.0.engine()
    }

    /// See [`Store::set_fuel`](crate::Store::set_fuel).
    ///
    /// # Errors
    /// As described there.
    pub fn set_fuel(&mut self, fuel: u64) -> Result<()> {
        self.0.opaque.set_fuel(fuel)
    }

    /// See [`Store::get_fuel`](crate::Store::get_fuel).
    ///
    /// # Errors
    /// As described there.
    pub fn get_fuel(&self) -> Result<u64> {
        self.0.opaque.get_fuel()
    }

    /// See [`Store::epoch_deadline_trap`](crate::Store::epoch_deadline_trap).
    pub fn epoch_deadline_trap(&mut self) {
        self.0.trap_at_deadline();
    }

    /// See [`Store::set_epoch_deadline`](crate::Store::set_epoch_deadline).
    pub fn set_epoch_deadline(&mut self, ticks_beyond_current: u64) {
        self.0.opaque.set_deadline(ticks_beyond_current);
    }

    /// The store, through a pointer that reaches all of it.
    pub(crate) fn as_ptr(&mut self) -> *mut StoreOpaque {
        let inner: *mut StoreInner<T> = self.0;
        inner.cast()
    }
}

impl<T> fmt::Debug for StoreContext<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreContext").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for StoreContextMut<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreContextMut").finish_non_exhaustive()
    }
}

impl<T> AsContext for StoreContext<'_, T> {
    type Data = T;

    fn as_context(&self) -> StoreContext<'_, T> {
        StoreContext(self.0)
    }
}

impl<T> AsContext for StoreContextMut<'_, T> {
    type Data = T;

    fn as_context(&self) -> StoreContext<'_, T> {
        StoreContext(self.0)
    }
}

impl<T> AsContextMut for StoreContextMut<'_, T> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        StoreContextMut(self.0)
    }
}

impl<C: AsContext> AsContext for &'_ C {
    type Data = C::Data;

    fn as_context(&self) -> StoreContext<'_, C::Data> {
        C::as_context(self)
    }
}

impl<C: AsContext> AsContext for &'_ mut C {
    type Data = C::Data;

    fn as_context(&self) -> StoreContext<'_, C::Data> {
        C::as_context(self)
    }
}

impl<C: AsContextMut> AsContextMut for &'_ mut C {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, C::Data> {
        C::as_context_mut(self)
    }
}

impl<'a, C: AsContext> From<&'a C> for StoreContext<'a, C::Data> {
    fn from(context: &'a C) -> Self {
        context.as_context()
    }
}

impl<'a, C: AsContext> From<&'a mut C> for StoreContext<'a, C::Data> {
    fn from(context: &'a mut C) -> Self {
        C::as_context(context)
    }
}

impl<'a, C: AsContextMut> From<&'a mut C> for StoreContextMut<'a, C::Data> {
    fn from(context: &'a mut C) -> Self {
        context.as_context_mut()
    }
}

impl WasmBacktrace {
    /// The frames of the calls into `store` that are running now, in a host function. Empty elsewhere.
    pub fn capture(store: impl AsContext) -> WasmBacktrace {
        let vm = store.as_context().0.vm();
        // SAFETY: the host is running.
        WasmBacktrace::from_raw(&unsafe { RawBacktrace::capture(vm, thread::innermost(), None) })
    }

    /// [`WasmBacktrace::capture`]; backtraces cannot be turned off here.
    pub fn force_capture(store: impl AsContext) -> WasmBacktrace {
        WasmBacktrace::capture(store)
    }
}
