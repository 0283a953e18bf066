//! The part of a realm that does not depend on JavaScript: the store, and numbers for what is in it.
//!
//! Everything that JavaScript objects represent has a number here, the same one however it was reached, so that each
//! has one object (JS API, "object caches"). What is in a store lives as long as the store, and the store as long as
//! the realm or any buffer over one of its memories; but memories and tables that no instance ever had are released
//! when JavaScript has dropped them.
//!
//! Invariant: the store is borrowed at most once at any time. While WebAssembly code runs, the store is reached through
//! the [`Caller`] of the innermost host call; [`Core::with`] chooses the right one.

use crate::buffer::Lent;
use crate::realm::Realm;
use headwater::{
    AsContextMut, Caller, Engine, Extern, Func, FuncType, Global, Memory, RootScope, Store, StoreContextMut, Table, Tag,
};
use headwater::{ResourceLimiter, StoreLimitsBuilder, UpdateDeadline};
use rquickjs::qjs;
use std::cell::{Cell, RefCell, UnsafeCell};
use std::collections::HashMap;
use std::hash::Hash;
use std::ptr::{self, NonNull};
use std::rc::Rc;

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

/// What tells memories apart.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
pub(crate) enum MemoryId {
    Own(Memory),
    /// By its address, which no other has as long as JavaScript has it.
    Shared(usize),
}

/// Numbers for handles.
pub(crate) struct Numbered<T> {
    items: RefCell<Vec<T>>,
    numbers: RefCell<HashMap<T, u32>>,
}

impl<T: Copy + Eq + Hash> Numbered<T> {
    fn new() -> Numbered<T> {
        Numbered { items: RefCell::default(), numbers: RefCell::default() }
    }

    /// The number of `item`, a new one if it has none.
    pub fn number(&self, item: T) -> u32 {
        *self.numbers.borrow_mut().entry(item).or_insert_with(|| {
            let mut items = self.items.borrow_mut();
            items.push(item);
            (items.len() - 1) as u32
        })
    }

    /// The item with number `number`, if that was assigned.
    pub fn get(&self, number: u32) -> Option<T> {
        self.items.borrow().get(number as usize).copied()
    }
}

/// What calls of a function need to know, determined once.
pub(crate) struct FuncInfo {
    pub func: Func,
    pub ty: FuncType,
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
    pub funcs: Numbered<Func>,
    /// By the number of the function.
    infos: RefCell<Vec<Option<Rc<FuncInfo>>>>,
    pub memories: Numbered<MemoryId>,
    pub tables: Numbered<Table>,
    pub globals: Numbered<Global>,
    pub tags: Numbered<Tag>,
    /// What JavaScript's own exceptions have.
    pub js_tag: Cell<Option<Tag>>,
    /// Whether there are instances that catch exceptions.
    pub catches: Cell<bool>,
    /// The array buffers over its memories.
    pub lent: RefCell<Vec<Lent>>,
    /// Memories and tables that JavaScript has dropped; see [`Core::collect`].
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
            funcs: Numbered::new(),
            infos: RefCell::default(),
            memories: Numbered::new(),
            tables: Numbered::new(),
            globals: Numbered::new(),
            tags: Numbered::new(),
            js_tag: Cell::new(None),
            catches: Cell::new(false),
            lent: RefCell::default(),
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

    /// Releases the memories and tables that JavaScript has dropped. To be called before more are created.
    pub fn collect(&self) {
        // Taken out, because allocations in the meantime may free objects.
        let garbage = self.garbage.take();
        if garbage.is_empty() {
            return;
        }
        self.with(|mut store| {
            for item in garbage {
                // Those that an instance has stay.
                let _ = match item {
                    Extern::Memory(memory) => memory.release(&mut store),
                    Extern::Table(table) => table.release(&mut store),
                    Extern::SharedMemory(memory) => memory.release(&mut store),
                    Extern::Func(_) | Extern::Global(_) | Extern::Tag(_) => false,
                };
            }
        });
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

    /// What function number `func` is, if there is one.
    pub fn func(&self, func: u32) -> Option<Rc<FuncInfo>> {
        let handle = self.funcs.get(func)?;
        let mut infos = self.infos.borrow_mut();
        let i = func as usize;
        if infos.len() <= i {
            infos.resize_with(i + 1, || None);
        }
        let info =
            infos[i].get_or_insert_with(|| Rc::new(FuncInfo { func: handle, ty: self.with(|store| handle.ty(store)) }));
        Some(info.clone())
    }

    /// The name that a function object for `func` has: an index in decimal (JS API, "the name of the WebAssembly
    /// function").
    pub fn func_name(&self, func: Func) -> String {
        let index = self.with(|store| func.index_in_module(store));
        let index = index.or_else(|| self.host_names.borrow().get(&func).copied());
        index.unwrap_or(0).to_string()
    }
}
