//! Configurations, engines, stores, and the text of the last failure.
//!
//! A [`StoreCell`] is shared by all handles of what is in the store. It hands the engine's store out for one operation
//! at a time ([`StoreCell::with`]): while the embedder's function runs, that is what the function was lent, so there
//! are never two exclusive references to one store in use.

use crate::limits;
use crate::refs::{HostInfo, Object};
use crate::vecs::ByteVec;
use anyhow::anyhow;
use headwater::{
    AsContextMut, Caller, Config, Engine, Error, ExternRef, Instance, OwnedRooted, Result, RootScope, Store,
    StoreContextMut, StoreLimits,
};
use headwater_wasi::p1::WasiP1Ctx;
use std::any::Any;
use std::cell::{Cell, RefCell, UnsafeCell};
use std::collections::HashMap;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;
use std::sync::{Arc, Weak};

/// Something that the engine wants to be `Send` and `Sync`, and that is used only with its store.
#[derive(Clone, Debug)]
pub struct Sent<T>(T);

// SAFETY: one thread at a time uses a store and what was made from it, in an order that the embedder sees to.
unsafe impl<T> Send for Sent<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Sent<T> {}

impl<T> Sent<T> {
    pub fn new(value: T) -> Sent<T> {
        Sent(value)
    }

    pub fn get(&self) -> &T {
        &self.0
    }
}

/// The data of the engine's store.
pub struct Data {
    pub cell: Sent<Weak<StoreCell>>,
    pub limits: StoreLimits,
    pub wasi: Option<WasiP1Ctx>,
}

/// A store and what is known about the objects in it.
pub struct StoreCell {
    /// Dropped first: finalizers may look at what C keeps beside the store.
    pub host_info: RefCell<HashMap<Object, HostInfo>>,
    /// The external references that stand for objects, so that each object takes one at most.
    pub wrapped: RefCell<HashMap<Object, OwnedRooted<ExternRef>>>,
    pub instances: RefCell<Vec<Instance>>,
    pub engine: Engine,
    store: UnsafeCell<Store<Data>>,
    user: Cell<Use>,
}

/// Who has a store.
#[derive(Copy, Clone)]
enum Use {
    /// Nobody.
    Idle,
    /// [`StoreCell::with`], until it is done or a function of the embedder is called.
    Busy,
    /// The embedder's function, which was lent this.
    Lent(NonNull<Caller<'static, Data>>),
}

/// Gives a store back to who had it.
struct Restore<'a>(&'a Cell<Use>, Use);

impl Drop for Restore<'_> {
    fn drop(&mut self) {
        self.0.set(self.1);
    }
}

impl StoreCell {
    fn new(engine: &Engine) -> Arc<StoreCell> {
        Arc::new_cyclic(|cell| {
            let data = Data { cell: Sent::new(cell.clone()), limits: limits::unlimited().build(), wasi: None };
            let mut store = Store::new(engine, data);
            store.limiter(|data| &mut data.limits);
            StoreCell {
                host_info: RefCell::default(),
                wrapped: RefCell::default(),
                instances: RefCell::default(),
                engine: engine.clone(),
                store: UnsafeCell::new(store),
                user: Cell::new(Use::Idle),
            }
        })
    }

    /// Does something with the store. What `f` calls may come here again only through [`StoreCell::lend`]. Handles that
    /// it makes end with it.
    ///
    /// # Panics
    /// If it does so otherwise: in a finalizer that runs in the middle of an operation.
    pub fn with<R>(&self, f: impl FnOnce(StoreContextMut<'_, Data>) -> R) -> R {
        let before = self.user.replace(Use::Busy);
        let _restore = Restore(&self.user, before);
        match before {
            // SAFETY: nobody has the store, and nobody gets it while it is busy.
            Use::Idle => scoped(unsafe { &mut *self.store.get() }, f),
            // SAFETY: `lend` has it for the embedder's function that runs, and does not use it meanwhile; as above.
            Use::Lent(mut caller) => scoped(unsafe { caller.as_mut() }, f),
            Use::Busy => panic!("a store was used in the middle of an operation on it"),
        }
    }

    /// The store itself, which its settings need.
    ///
    /// # Errors
    /// If the store is running code.
    pub fn idle<R>(&self, f: impl FnOnce(&mut Store<Data>) -> R) -> Result<R> {
        if !matches!(self.user.get(), Use::Idle) {
            return Err(anyhow!("this cannot be changed by a function that the store's code has called"));
        }
        let _restore = Restore(&self.user, self.user.replace(Use::Busy));
        // SAFETY: as in `with`.
        Ok(f(unsafe { &mut *self.store.get() }))
    }

    /// Lets [`StoreCell::with`] use `caller` while `f` runs.
    pub fn lend<R>(&self, caller: &mut Caller<'_, Data>, f: impl FnOnce() -> R) -> R {
        let _restore = Restore(&self.user, self.user.replace(Use::Lent(NonNull::from(caller).cast())));
        f()
    }
}

fn scoped<R>(store: impl AsContextMut<Data = Data>, f: impl FnOnce(StoreContextMut<'_, Data>) -> R) -> R {
    f(RootScope::new(store).as_context_mut())
}

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps the text of the error for [`headwater_last_error`].
pub fn failed<T>(error: &Error) -> Option<T> {
    LAST.with(|last| last.replace(Some(format!("{error:#}"))));
    None
}

/// The value, or `None` with the text of the error kept.
pub fn answer<T>(result: Result<T>) -> Option<T> {
    result.map_or_else(|error| failed(&error), Some)
}

/// Runs `f`; a panic becomes an error.
pub fn guarded<T>(f: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|payload| Err(anyhow!("internal error: {}", text_of(&*payload))))
}

fn text_of(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic without a message")
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_last_error(out: &mut MaybeUninit<ByteVec>) -> bool {
    let last = LAST.with(RefCell::take);
    out.write(last.as_ref().map_or_else(ByteVec::empty, |text| ByteVec::of_bytes(text.as_bytes())));
    last.is_some()
}

/// `wasm_engine_t`.
pub struct EngineHandle(pub Engine);

/// `wasm_store_t`.
pub struct StoreHandle(pub Arc<StoreCell>);

#[unsafe(no_mangle)]
pub extern "C" fn wasm_config_new() -> Box<Config> {
    Box::new(Config::new())
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_config_delete(_: Option<Box<Config>>) {}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_config_epoch_interruption(config: &mut Config, enable: bool) {
    config.epoch_interruption(enable);
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_config_compile_threads(config: &mut Config, threads: usize) {
    config.compile_threads(threads);
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_config_max_wasm_stack(config: &mut Config, bytes: usize) {
    config.max_wasm_stack(bytes);
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_engine_new() -> Option<Box<EngineHandle>> {
    wasm_engine_new_with_config(Some(wasm_config_new()))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_engine_new_with_config(config: Option<Box<Config>>) -> Option<Box<EngineHandle>> {
    let config = config.unwrap_or_else(|| wasm_config_new());
    answer(guarded(|| Engine::new(&config))).map(|engine| Box::new(EngineHandle(engine)))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_engine_delete(_: Option<Box<EngineHandle>>) {}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_store_new(engine: &EngineHandle) -> Box<StoreHandle> {
    Box::new(StoreHandle(StoreCell::new(&engine.0)))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_store_delete(_: Option<Box<StoreHandle>>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        let error = guarded::<()>(|| panic!("number {}", 7)).unwrap_err();
        assert_eq!(error.to_string(), "internal error: number 7");
    }

    #[test]
    fn a_store_that_is_busy_is_given_to_nobody_and_is_free_afterwards() {
        let cell = StoreCell::new(&Engine::default());
        let again = guarded(|| Ok(cell.with(|_| cell.with(|_| 1))));
        assert!(again.unwrap_err().to_string().contains("in the middle of an operation"));
        assert!(cell.with(|_| cell.idle(|_| ())).is_err());
        assert!(cell.idle(|_| ()).is_ok());
    }
}
