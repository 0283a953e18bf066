//! A hook for each transition between the host and WebAssembly code.

use crate::Result;
use crate::api::caller::Caller;
use crate::api::context::StoreContextMut;
use crate::api::host;
use crate::api::store::{Store, StoreInner};
use crate::vm::fiber;

/// Where control passes between the host and WebAssembly code; see [`Store::call_hook`].
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum CallHook {
    /// The host calls a WebAssembly function.
    CallingWasm,
    /// A WebAssembly function returns to the host, or traps.
    ReturningFromWasm,
    /// A host function is called.
    CallingHost,
    /// A host function returns, or fails.
    ReturningFromHost,
}

impl CallHook {
    /// Whether the host runs from here on.
    pub fn entering_host(&self) -> bool {
        matches!(self, CallHook::ReturningFromWasm | CallHook::CallingHost)
    }

    /// Whether WebAssembly code runs from here on.
    pub fn exiting_host(&self) -> bool {
        !self.entering_host()
    }
}

pub(crate) type Hook<T> = Box<dyn FnMut(StoreContextMut<'_, T>, CallHook) -> Result<()> + Send + Sync>;

impl<T> Store<T> {
    /// Calls `hook` wherever control passes between the host and WebAssembly code in this store, until it is replaced.
    /// An error of it ends the call: where a function is called, in its place. While the hook runs, there is none.
    ///
    /// ```
    /// use headwater::{CallHook, Engine, Instance, Module, Store};
    /// let engine = Engine::default();
    /// let module = Module::new(&engine, wat::parse_str(r#"(module (func (export "f")))"#)?)?;
    /// let mut store = Store::new(&engine, Vec::new());
    /// store.call_hook(|mut store, hook| {
    ///     store.data_mut().push(hook);
    ///     Ok(())
    /// });
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// instance.get_typed_func::<(), ()>(&mut store, "f")?.call(&mut store, ())?;
    /// assert_eq!(store.data()[..], [CallHook::CallingWasm, CallHook::ReturningFromWasm]);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn call_hook(
        &mut self,
        hook: impl FnMut(StoreContextMut<'_, T>, CallHook) -> Result<()> + Send + Sync + 'static,
    ) {
        self.inner_mut().call_hook = Some(Box::new(hook));
    }
}

fn run<T>(store: &mut StoreContextMut<'_, T>, at: CallHook) -> Result<()> {
    // Taken out while it has the store.
    let Some(mut hook) = store.0.call_hook.take() else { return Ok(()) };
    let inner: *mut StoreInner<T> = store.0;
    // SAFETY: the hook has the store as long as it runs, and nobody else.
    let outcome = unsafe { fiber::without(inner.cast(), |_| hook(StoreContextMut(&mut *inner), at)) };
    store.0.call_hook.get_or_insert(hook);
    outcome
}

/// Calls into WebAssembly code by `call`.
#[inline(always)]
pub(crate) fn within_wasm<T>(
    store: &mut StoreContextMut<'_, T>,
    call: impl FnOnce(&mut StoreContextMut<'_, T>) -> Result<()>,
) -> Result<()> {
    if store.0.call_hook.is_none() {
        return call(store);
    }
    hooked(store, (CallHook::CallingWasm, CallHook::ReturningFromWasm), call)
}

/// Calls a host function by `call`.
#[inline(always)]
pub(crate) fn within_host<T>(mut caller: Caller<'_, T>, call: impl FnOnce(Caller<'_, T>) -> Result<()>) -> Result<()> {
    if caller.store.0.call_hook.is_none() {
        return call(caller);
    }
    run(&mut caller.store, CallHook::CallingHost)?;
    let outcome = call(host::reborrow(&mut caller));
    run(&mut caller.store, CallHook::ReturningFromHost)?;
    outcome
}

#[cold]
fn hooked<T>(
    store: &mut StoreContextMut<'_, T>,
    (before, after): (CallHook, CallHook),
    call: impl FnOnce(&mut StoreContextMut<'_, T>) -> Result<()>,
) -> Result<()> {
    run(store, before)?;
    let outcome = call(store);
    run(store, after)?;
    outcome
}
