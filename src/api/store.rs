//! Stores: what instances are made of, and the embedder's data.
//!
//! [`StoreInner<T>`] begins with its [`StoreOpaque`], so that a pointer to the whole serves as a pointer to
//! that part; the runtime below the API works with the part.

use crate::api::call_hook::CallHook;
use crate::api::context::{AsContext, AsContextMut, StoreContext, StoreContextMut};
use crate::api::limits::{self, ResourceLimiter, ResourceLimiterAsync};
use crate::sync::Arc;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::vm::deadline::UpdateDeadline;
use crate::vm::fiber;
use crate::vm::limits::Question;
use crate::vm::store::{Hooks, StoreOpaque};
use crate::{Engine, Result};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

/// A whole store.
#[repr(C)]
pub(crate) struct StoreInner<T> {
    pub opaque: StoreOpaque,
    pub data: T,
    limiter: Limiter<T>,
    on_deadline: Option<OnDeadline<T>>,
    pub call_hook: Option<Hook<T>>,
}

/// Nothing of the store is collected as long as this lives.
struct Pause(*mut StoreOpaque);

impl Pause {
    /// Of a store that lives longer.
    fn new(store: *mut StoreOpaque) -> Pause {
        // SAFETY: the pointer comes from a reference to the whole.
        unsafe { (*store).gc_mut().pause(true) };
        Pause(store)
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        // SAFETY: the store lives longer, and whoever used it meanwhile is done.
        unsafe { (*self.0).gc_mut().pause(false) };
    }
}

/// Where a limiter is in the embedder's data.
enum Limiter<T> {
    None,
    Sync(Box<dyn (FnMut(&mut T) -> &mut dyn ResourceLimiter) + Send + Sync>),
    Async(AsyncLimiter<T>),
}

type AsyncLimiter<T> = Box<dyn (FnMut(&mut T) -> &mut dyn ResourceLimiterAsync) + Send + Sync>;
type Hook<T> = Box<dyn FnMut(StoreContextMut<'_, T>, CallHook) -> Result<()> + Send + Sync>;
pub(crate) type OnDeadline<T> = Box<dyn FnMut(StoreContextMut<'_, T>) -> Result<UpdateDeadline> + Send + Sync>;

impl<T> StoreInner<T> {
    pub(super) unsafe fn ask_limiter(store: *mut StoreOpaque, question: Question) -> Result<bool> {
        // SAFETY: the pointer reaches the whole store, which is of this type because it has this hook.
        let inner = unsafe { &mut *store.cast::<StoreInner<T>>() };
        match &mut inner.limiter {
            Limiter::None => Ok(true),
            Limiter::Sync(limiter) => limits::ask(limiter(&mut inner.data), question),
            // SAFETY: the runtime asks, for itself or for code that waits for it.
            Limiter::Async(limiter) => unsafe {
                fiber::wait(&raw mut (*store).fiber, limits::ask_async(limiter(&mut inner.data), question))?
            },
        }
    }

    pub(super) unsafe fn ask_at_deadline(store: *mut StoreOpaque) -> Option<Result<UpdateDeadline>> {
        // SAFETY: as above.
        let inner = unsafe { &mut *store.cast::<StoreInner<T>>() };
        // Taken out while the callback has the store.
        let mut ask = inner.on_deadline.take()?;
        // SAFETY: as above; the callback has the store as long as it runs.
        let answer = unsafe {
            fiber::without(&raw mut (*store).fiber, |_| ask(StoreContextMut(&mut *store.cast::<StoreInner<T>>())))
        };
        // SAFETY: as above.
        unsafe { (*store.cast::<StoreInner<T>>()).on_deadline.get_or_insert(ask) };
        Some(answer)
    }

    /// Tells the hook, if there is one. It has the store as long as it runs.
    ///
    /// # Errors
    /// That of the hook.
    pub fn passes(&mut self, at: CallHook) -> Result<()> {
        // Taken out while it has the store.
        let Some(mut hook) = self.call_hook.take() else { return Ok(()) };
        // Arguments and results are between the host and compiled code, where no root is looked for.
        let inner: *mut StoreInner<T> = self;
        let _pause = Pause::new(inner.cast());
        // SAFETY: the hook has the store as long as it runs, and nobody else.
        let outcome =
            unsafe { fiber::without(&raw mut (*inner).opaque.fiber, |_| hook(StoreContextMut(&mut *inner), at)) };
        self.call_hook.get_or_insert(hook);
        outcome
    }

    /// What happens at the epoch's deadline from now on.
    pub fn set_on_deadline(&mut self, callback: OnDeadline<T>) {
        self.on_deadline = Some(callback);
    }

    /// The limiter from now on.
    pub fn set_limiter_async(&mut self, mut limiter: AsyncLimiter<T>) {
        let found = limiter(&mut self.data);
        let counts = (found.instances(), found.memories(), found.tables(), found.resumable_calls());
        let totals = (found.total_memory_size(), found.total_table_size(), found.total_size());
        self.opaque.set_totals(counts, totals);
        self.limiter = Limiter::Async(limiter);
    }
}

impl<T> StoreInner<T> {
    /// Nobody is asked what happens at the epoch's deadline from now on.
    pub fn trap_at_deadline(&mut self) {
        self.on_deadline = None;
    }
}

impl<T> Deref for StoreInner<T> {
    type Target = StoreOpaque;

    fn deref(&self) -> &StoreOpaque {
        &self.opaque
    }
}

impl<T> DerefMut for StoreInner<T> {
    fn deref_mut(&mut self) -> &mut StoreOpaque {
        &mut self.opaque
    }
}

/// Owns instances and everything they are made of, and the embedder's data, a `T`, which host functions can reach
/// through [`Caller`](crate::Caller).
///
/// Nothing in a store is freed before the store is dropped, so it should not live much longer than the work that it is
/// for.
///
/// ```
/// use headwater::{Engine, Store};
/// let mut store = Store::new(&Engine::default(), vec![1, 2]);
/// store.data_mut().push(3);
/// assert_eq!(store.into_data(), [1, 2, 3]);
/// ```
pub struct Store<T> {
    /// From a box. Kept as a pointer because running code has pointers to it, too.
    inner: NonNull<StoreInner<T>>,
    owns: PhantomData<StoreInner<T>>,
    /// Host functions read and write `T`, so it must not be replaced by a subtype or supertype.
    invariant: PhantomData<fn(T) -> T>,
}

impl<T> Store<T> {
    /// Made by [`Store::new`].
    pub(super) fn with_hooks(engine: &Engine, data: T, hooks: &'static Hooks) -> Store<T> {
        let opaque = StoreOpaque::new(engine.clone(), hooks);
        let inner = StoreInner { opaque, data, limiter: Limiter::None, on_deadline: None, call_hook: None };
        Store { inner: NonNull::from(Box::leak(Box::new(inner))), owns: PhantomData, invariant: PhantomData }
    }

    pub(crate) fn inner(&self) -> &StoreInner<T> {
        // SAFETY: made by `new`, freed by `drop`, and borrowed as `self` is.
        unsafe { self.inner.as_ref() }
    }

    pub(crate) fn inner_mut(&mut self) -> &mut StoreInner<T> {
        // SAFETY: as above.
        unsafe { self.inner.as_mut() }
    }

    /// The embedder's data.
    pub fn data(&self) -> &T {
        &self.inner().data
    }

    /// The embedder's data.
    pub fn data_mut(&mut self) -> &mut T {
        &mut self.inner_mut().data
    }

    /// Drops everything but the embedder's data.
    pub fn into_data(self) -> T {
        let this = std::mem::ManuallyDrop::new(self);
        // SAFETY: made from a box by `new`, and `drop` does not run.
        unsafe { Box::from_raw(this.inner.as_ptr()) }.data
    }

    /// Lets `limiter`, found in the embedder's data, decide how much memory the store may use. It applies to what is
    /// created or grows from now on.
    pub fn limiter(&mut self, limiter: impl (FnMut(&mut T) -> &mut dyn ResourceLimiter) + Send + Sync + 'static) {
        let inner = self.inner_mut();
        let mut limiter = Box::new(limiter);
        let found = limiter(&mut inner.data);
        let counts = (found.instances(), found.memories(), found.tables(), found.resumable_calls());
        let totals = (found.total_memory_size(), found.total_table_size(), found.total_size());
        inner.opaque.set_totals(counts, totals);
        inner.limiter = Limiter::Sync(limiter);
    }

    /// Ensures that memories created in this store from now on never move, whatever [`Config::memory_reservation`]
    /// says: each reserves the address space of its maximum size. For embedders who lend the contents out by address,
    /// as a JavaScript host does to array buffers.
    ///
    /// ```
    /// use headwater::{Config, Engine, Memory, MemoryType, Store};
    /// let mut store = Store::new(&Engine::new(Config::new().memory_reservation(0))?, ());
    /// store.keep_memories_in_place();
    /// let memory = Memory::new(&mut store, MemoryType::new(1, Some(1000)))?;
    /// let base = memory.data_ptr(&store);
    /// memory.grow(&mut store, 999)?;
    /// assert_eq!(memory.data_ptr(&store), base);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    ///
    /// [`Config::memory_reservation`]: crate::Config::memory_reservation
    pub fn keep_memories_in_place(&mut self) {
        self.inner_mut().opaque.memories_in_place = true;
    }

    /// Sets the fuel that WebAssembly code in this store has ([`Config::consume_fuel`](crate::Config::consume_fuel)).
    /// Higher values count as 2⁶³ − 1.
    ///
    /// # Errors
    /// If the engine does not count fuel.
    pub fn set_fuel(&mut self, fuel: u64) -> Result<()> {
        self.inner_mut().opaque.set_fuel(fuel)
    }

    /// The fuel that is left.
    ///
    /// # Errors
    /// If the engine does not count fuel.
    pub fn get_fuel(&self) -> Result<u64> {
        self.inner().opaque.get_fuel()
    }

    /// Interrupts WebAssembly code in this store once the engine's epoch has been incremented `ticks_beyond_current`
    /// times from now ([`Engine::increment_epoch`]); 0 means at once. Until this is called, the deadline is 0 ticks.
    /// Has no effect if epoch interruption is off.
    pub fn set_epoch_deadline(&mut self, ticks_beyond_current: u64) {
        self.inner_mut().opaque.set_deadline(ticks_beyond_current);
    }

    /// What another thread ends waits of this store's code with.
    ///
    /// ```
    /// use headwater::{Engine, Instance, Module, Store, Trap};
    /// let engine = Engine::default();
    /// let module = Module::new(&engine, wat::parse_str(r#"(module (memory 1 1 shared) (func (export "wait")
    ///     (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))"#)?)?;
    /// let mut store = Store::new(&engine, ());
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let wait = instance.get_typed_func::<(), ()>(&mut store, "wait")?;
    /// let stopper = store.wait_stopper();
    /// let other = std::thread::spawn(move || stopper.stop());
    /// let error = wait.call(&mut store, ()).unwrap_err();
    /// assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::Interrupt));
    /// # other.join().unwrap();
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn wait_stopper(&mut self) -> WaitStopper {
        WaitStopper(self.inner_mut().opaque.stops_waits.get_or_insert_default().clone())
    }

    /// Makes code trap with [`Trap::Interrupt`](crate::Trap::Interrupt) when the deadline is reached, which is the
    /// default. The store stays usable; its code traps again until a new deadline is set.
    pub fn epoch_deadline_trap(&mut self) {
        self.inner_mut().trap_at_deadline();
    }

    /// Lets `callback` decide what happens when the deadline is reached. It may use the store and call into it; if it
    /// returns an error, the execution ends with it, as with that of a host function.
    pub fn epoch_deadline_callback(
        &mut self,
        callback: impl FnMut(StoreContextMut<'_, T>) -> Result<UpdateDeadline> + Send + Sync + 'static,
    ) {
        self.inner_mut().set_on_deadline(Box::new(callback));
    }

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

    /// The engine whose modules can be instantiated here.
    pub fn engine(&self) -> &Engine {
        self.inner().engine()
    }
}

/// Ends the waits of a store's code (`memory.atomic.wait32` and `memory.atomic.wait64`): see [`Store::wait_stopper`].
#[derive(Clone, Debug)]
pub struct WaitStopper(Arc<AtomicBool>);

impl WaitStopper {
    /// Ends the wait that code of the store is in, if it is in one, and those that it begins from now on, with
    /// [`Trap::Interrupt`](crate::Trap::Interrupt). A wait that began before the first stopper was asked for goes on.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether waits are to end.
    #[cfg(headwater_model)]
    pub(crate) fn stops(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// Code may wait again.
    pub fn resume(&self) {
        self.0.store(false, Ordering::Release);
    }
}

impl<T> Drop for Store<T> {
    fn drop(&mut self) {
        // SAFETY: made from a box by `new`, and freed only here.
        drop(unsafe { Box::from_raw(self.inner.as_ptr()) });
    }
}

impl<T: Default> Default for Store<T> {
    fn default() -> Store<T> {
        Store::new(&Engine::default(), T::default())
    }
}

impl<T: fmt::Debug> fmt::Debug for Store<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("data", self.data()).finish_non_exhaustive()
    }
}

impl<T> AsContext for Store<T> {
    type Data = T;

    fn as_context(&self) -> StoreContext<'_, T> {
        StoreContext(self.inner())
    }
}

impl<T> AsContextMut for Store<T> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        StoreContextMut(self.inner_mut())
    }
}

// SAFETY: all pointers in a store are into the store itself or into what it keeps alive, and are only followed by the
// owner of a borrow of the store. Everything that comes from outside is required to be `Send`: closures, externrefs,
// parked errors and panics, and `T` by the bound.
unsafe impl<T: Send> Send for Store<T> {}
// SAFETY: as above; through a shared reference nothing is written.
unsafe impl<T: Sync> Sync for Store<T> {}
