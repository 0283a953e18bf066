//! The part of a realm that does not depend on JavaScript: the store, and numbers for what is in it.
//!
//! Memories, tables, globals and tags have a number here as long as they live, the same one however they were reached, so
//! that each has one object (JS API, "object caches"). The store lives as long as the realm or any buffer over one of
//! its memories; how long what is in it lives says `nodes.rs`.
//!
//! Invariant: the store is borrowed at most once at any time. While WebAssembly code runs, the store is reached through
//! the [`Caller`] of the innermost host call; [`Core::with`] chooses the right one.

use crate::buffer::{self, Lent, LentGrowable};
use crate::exception::Released;
use crate::nodes::Callees;
use crate::realm::Realm;
use headwater::reclaim::{self, Part};
use headwater::{AsContextMut, Caller, Engine, Extern, Func, Global, RootScope, Store, StoreContextMut, Tag};
use headwater::{ResourceLimiter, StoreLimitsBuilder, UpdateDeadline};
use rquickjs::{Ctx, qjs};
use std::cell::{Cell, RefCell, UnsafeCell};
use std::collections::HashMap;
use std::ptr::{self, NonNull};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the store knows about its realm.
pub(crate) struct StoreData {
    pub core: CoreRef,
    limiter: Box<dyn ResourceLimiter>,
    /// What decides at an epoch's deadline; without one, execution ends.
    pub on_deadline: Option<OnDeadline>,
}

type OnDeadline = Box<dyn FnMut() -> headwater::Result<UpdateDeadline> + Send + Sync>;

/// The core that a store belongs to.
#[derive(Copy, Clone)]
pub(crate) struct CoreRef(*const Core);

// SAFETY: a core and its store never leave the thread of their JavaScript context: they are behind an `Rc`.
unsafe impl Send for CoreRef {}
// SAFETY: as above.
unsafe impl Sync for CoreRef {}

impl CoreRef {
    /// The core that owns the store.
    ///
    /// # Safety
    /// The store must be in use, so that its owner is alive.
    pub unsafe fn get<'a>(self) -> &'a Core {
        // SAFETY: guaranteed by the caller.
        unsafe { &*self.0 }
    }
}

/// What has one object of JavaScript.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Item {
    Part(Part),
    /// It may be an instance's.
    Global(Global),
    /// A memory by its address, which no other has as long as JavaScript has it.
    Shared(usize),
}

impl Item {
    /// Whether the store still has it.
    pub fn is_there(&self, store: &StoreContextMut<'_, StoreData>) -> bool {
        match self {
            Item::Part(part) => reclaim::is_there(store, *part),
            // It stands for the part that it belongs to.
            Item::Global(global) => reclaim::is_there(store, Part::Global(*global)),
            Item::Shared(_) => true,
        }
    }
}

/// No limits, not even on counts: scripts create and drop many objects, and what instances need is limited by what they
/// are given.
fn unlimited() -> impl ResourceLimiter {
    StoreLimitsBuilder::new().instances(usize::MAX).memories(usize::MAX).tables(usize::MAX).build()
}

struct Borrowed<'a>(&'a Cell<bool>);

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// Restores the previous caller.
struct Restore<'a>(&'a Core, *mut Caller<'static, StoreData>);

impl Drop for Restore<'_> {
    fn drop(&mut self) {
        self.0.caller.set(self.1);
    }
}

/// A store and what was created in it.
pub(crate) struct Core {
    engine: Engine,
    store: UnsafeCell<Store<StoreData>>,
    borrowed: Cell<bool>,
    /// Of the innermost host call that is running; null if there is none, or its store is borrowed.
    caller: Cell<*mut Caller<'static, StoreData>>,
    /// Of exported functions.
    pub exported_class: Cell<qjs::JSClassID>,
    /// The objects for functions, as long as scripts have them.
    pub func_objects: RefCell<HashMap<Func, qjs::JSValue>>,
    pub callees: RefCell<Callees>,
    pub numbers: RefCell<HashMap<Item, u64>>,
    next_number: Cell<u64>,
    /// The parts of nodes that QuickJS has freed.
    pub dead: RefCell<Vec<Part>>,
    /// What has no node and is kept, by so many.
    pub kept: RefCell<HashMap<Part, usize>>,
    /// How many instances are being made.
    pub making: Cell<usize>,
    /// How many parts were made since the last collection.
    pub parts_made: Cell<usize>,
    /// How many may be made before the next one, and how many bytes the store may hold.
    pub collect_at: Cell<(usize, usize)>,
    /// The numbers of JavaScript's values that the store has no more.
    pub released_externs: Released,
    /// How many there are, as far as is known without a lock.
    pub released_count: Arc<AtomicUsize>,
    /// What JavaScript's own exceptions have.
    pub js_tag: Cell<Option<Tag>>,
    /// Whether there are instances that catch exceptions.
    pub catches: Cell<bool>,
    /// Whether somebody wants to know when WebAssembly code was left ([`Realm::returned`]).
    pub watched: Cell<bool>,
    /// The array buffers over its memories.
    pub lent: RefCell<Vec<Lent>>,
    /// Those over shared memories that follow them.
    pub lent_growable: RefCell<Vec<LentGrowable>>,
    /// Memories that JavaScript has dropped; see [`Core::release`].
    pub garbage: RefCell<Vec<Extern>>,
    /// The import index that a host function was created for, which is its name if it is exported again.
    pub host_names: RefCell<HashMap<Func, u32>>,
    /// Where modules come from, by the address of their machine code.
    pub urls: RefCell<HashMap<usize, Rc<str>>>,
    /// The context and the object of the realm, while that is alive; these are not counted references.
    pub home: Cell<Option<(NonNull<qjs::JSContext>, qjs::JSValue)>>,
}

impl Core {
    pub fn new(engine: &Engine) -> Rc<Core> {
        // Set right below, before anything is in the store.
        let core = CoreRef(ptr::null());
        let mut store = Store::new(engine, StoreData { core, limiter: Box::new(unlimited()), on_deadline: None });
        store.keep_memories_in_place();
        store.limiter(|data| &mut *data.limiter);
        // An embedder that interrupts sets a deadline.
        store.set_epoch_deadline(u64::MAX);
        store.epoch_deadline_callback(|mut store| match &mut store.data_mut().on_deadline {
            Some(decide) => decide(),
            None => Ok(UpdateDeadline::Interrupt),
        });
        let core = Rc::new(Core {
            engine: engine.clone(),
            store: UnsafeCell::new(store),
            borrowed: Cell::new(false),
            caller: Cell::new(ptr::null_mut()),
            exported_class: Cell::new(0),
            func_objects: RefCell::default(),
            callees: RefCell::default(),
            numbers: RefCell::default(),
            next_number: Cell::new(0),
            dead: RefCell::default(),
            kept: RefCell::default(),
            making: Cell::new(0),
            parts_made: Cell::new(0),
            collect_at: Cell::new(Core::first_collection()),
            released_externs: Released::default(),
            released_count: Arc::default(),
            js_tag: Cell::new(None),
            catches: Cell::new(false),
            watched: Cell::new(false),
            lent: RefCell::default(),
            lent_growable: RefCell::default(),
            garbage: RefCell::default(),
            host_names: RefCell::default(),
            urls: RefCell::default(),
            home: Cell::new(None),
        });
        let at = Rc::as_ptr(&core);
        core.with(|mut store| store.data_mut().core = CoreRef(at));
        core
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Borrows the store. `f` may run WebAssembly code, and so whatever that calls.
    ///
    /// # Panics
    /// If `f` of another call is running that did not get here through WebAssembly code.
    pub fn with<R>(&self, f: impl FnOnce(StoreContextMut<'_, StoreData>) -> R) -> R {
        // Not available to anything else meanwhile.
        let caller = self.caller.replace(ptr::null_mut());
        if !caller.is_null() {
            let _restore = Restore(self, caller);
            // SAFETY: it belongs to the innermost host call, which waits for us, and whose reference nothing else uses:
            // a further host call would store its own here.
            return f(unsafe { (*caller).as_context_mut() });
        }
        let _borrowed = self.borrow();
        // SAFETY: it was just checked that nothing else has borrowed it.
        f(unsafe { (*self.store.get()).as_context_mut() })
    }

    /// [`Core::with`], where handles that `f` makes end with it.
    pub fn scoped<R>(&self, f: impl FnOnce(StoreContextMut<'_, StoreData>) -> R) -> R {
        self.with(|store| f(RootScope::new(store).as_context_mut()))
    }

    /// Borrows the store as a whole, for what cannot be done while WebAssembly code waits.
    ///
    /// # Panics
    /// If it is in use.
    pub fn with_store<R>(&self, f: impl FnOnce(&mut Store<StoreData>) -> R) -> R {
        let _borrowed = self.borrow();
        // SAFETY: as above.
        f(unsafe { &mut *self.store.get() })
    }

    fn borrow(&self) -> Borrowed<'_> {
        assert!(!self.borrowed.replace(true), "the store is in use");
        Borrowed(&self.borrowed)
    }

    /// Lets `limiter` decide from now on what the store may use.
    ///
    /// # Panics
    /// If the store is in use.
    pub fn limit(&self, limiter: impl ResourceLimiter + 'static) {
        self.with_store(|store| {
            store.data_mut().limiter = Box::new(limiter);
            store.limiter(|data| &mut *data.limiter);
        });
    }

    /// Releases the memories that JavaScript has dropped and no instance ever had, without looking at anything else.
    pub fn release(&self) {
        // Taken out, because allocations in the meantime may free objects.
        let garbage = self.garbage.take();
        if garbage.is_empty() {
            return;
        }
        self.with(|mut store| {
            for item in garbage {
                // Those that an instance has stay.
                let _ = match item {
                    Extern::Memory(memory) if reclaim::is_there(&store, Part::Memory(memory)) => {
                        memory.release(&mut store)
                    }
                    Extern::SharedMemory(memory) => memory.release(&mut store),
                    _ => false,
                };
            }
        });
    }

    /// Frees what is garbage.
    pub fn collect_now(&self) {
        // SAFETY: whoever has the core is in its realm's context.
        if let Some((ctx, realm)) = unsafe { Realm::context_of(self) } {
            realm.borrow().collect(&ctx);
        }
    }

    /// Lets go of values of JavaScript that the store has no more.
    pub fn release_externs(&self) {
        // SAFETY: whoever has the core is in its realm's context.
        if let Some((_, realm)) = unsafe { Realm::context_of(self) } {
            realm.borrow().release_externs();
        }
    }

    /// Runs `f`, in which the store is reached through `caller`.
    pub fn in_host_call<R>(&self, caller: &mut Caller<'_, StoreData>, f: impl FnOnce() -> R) -> R {
        let at: *mut Caller<'_, StoreData> = caller;
        let _restore = Restore(self, self.caller.replace(at.cast()));
        f()
    }

    /// Whether the store has values of JavaScript no more, perhaps.
    #[inline]
    pub fn has_released(&self) -> bool {
        self.released_count.load(Ordering::Relaxed) > 0
    }

    /// WebAssembly code was left: does what [`Realm::refresh_buffers`] does, without the realm where there is nothing to do.
    ///
    /// # Safety
    /// `ctx` must be the realm's context, and alive.
    #[inline]
    pub unsafe fn left(&self, ctx: NonNull<qjs::JSContext>) {
        if !self.lent.borrow().is_empty() || !self.lent_growable.borrow().is_empty() {
            // SAFETY: guaranteed by the caller.
            buffer::refresh(&unsafe { Ctx::from_raw(ctx) }, self);
        }
        if self.watched.get()
            // SAFETY: guaranteed by the caller.
            && let Some((_, realm)) = unsafe { Realm::context_of(self) }
        {
            realm.borrow().returned();
        }
    }

    /// The number of `item`, a new one if it has none.
    pub fn number(&self, item: Item) -> u64 {
        *self.numbers.borrow_mut().entry(item).or_insert_with(|| {
            self.count_part();
            let number = self.next_number.get();
            self.next_number.set(number + 1);
            number
        })
    }

    /// The name that a function object for `func` has: an index in decimal (JS API, "the name of the WebAssembly
    /// function").
    pub fn func_name(&self, func: Func) -> String {
        let index = self.with(|store| func.index_in_module(store));
        let index = index.or_else(|| self.host_names.borrow().get(&func).copied());
        index.unwrap_or(0).to_string()
    }
}
