//! What a host function gets besides its arguments.

use crate::api::context::{AsContext, AsContextMut, StoreContext, StoreContextMut};
use crate::api::externals::Extern;
use crate::api::instance::Instance;
use crate::{Engine, Result};
use std::fmt;

/// The store as a host function sees it, and who called the function.
pub struct Caller<'a, T> {
    pub(crate) store: StoreContextMut<'a, T>,
    /// `None` when the host itself calls.
    pub(crate) caller: Option<Instance>,
}

impl<T> Caller<'_, T> {
    /// An export of the calling instance, whatever module the function was linked to. `None` if there is no such
    /// export, or when the host function was called by the host.
    pub fn get_export(&mut self, name: &str) -> Option<Extern> {
        self.caller?.get_export(&mut self.store, name)
    }

    /// The embedder's data.
    pub fn data(&self) -> &T {
        self.store.data()
    }

    /// The embedder's data.
    pub fn data_mut(&mut self) -> &mut T {
        self.store.data_mut()
    }

    /// The engine of the store.
    pub fn engine(&self) -> &Engine {
        self.store.engine()
    }

    /// See [`Store::set_fuel`](crate::Store::set_fuel).
    ///
    /// # Errors
    /// As described there.
    pub fn set_fuel(&mut self, fuel: u64) -> Result<()> {
        self.store.set_fuel(fuel)
    }

    /// See [`Store::get_fuel`](crate::Store::get_fuel).
    ///
    /// # Errors
    /// As described there.
    pub fn get_fuel(&self) -> Result<u64> {
        self.store.get_fuel()
    }
}

impl<T> AsContext for Caller<'_, T> {
    type Data = T;

    fn as_context(&self) -> StoreContext<'_, T> {
        self.store.as_context()
    }
}

impl<T> AsContextMut for Caller<'_, T> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        self.store.as_context_mut()
    }
}

impl<T> fmt::Debug for Caller<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").field("instance", &self.caller).finish_non_exhaustive()
    }
}
