//! The part of a realm that knows no JavaScript: the store, and numbers for what is in it.
//!
//! Everything that JavaScript objects stand for has a number here, the same one however it was reached, so that each has one
//! object (JS API, "object caches"). Nothing is given back: what is in a store lives as long as the store, and the store as
//! long as the realm or any buffer over one of its memories.
//!
//! Invariant: the store is borrowed at most once at any time. While WebAssembly code runs, the store is reached
//! through the [`Caller`] of the innermost host call; [`Core::with`] finds the right way.

use headwater::{AsContextMut, Caller, Engine, Func, FuncType, Global, Memory, Store, StoreContextMut, Table};
use rquickjs::qjs;
use std::cell::{Cell, RefCell, UnsafeCell};
use std::collections::HashMap;
use std::hash::Hash;
use std::ptr::{self, NonNull};
use std::rc::Rc;

/// What the store knows of its realm.
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
        // SAFETY: as the caller says.
        unsafe { &*self.0 }
    }
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

    /// What has number `number`, which was given out.
    pub fn get(&self, number: u32) -> T {
        self.items.borrow()[number as usize]
    }
}

/// What calls of a function need to know, found out once.
pub(crate) struct FuncInfo {
    pub func: Func,
    pub ty: FuncType,
}

/// A store and what was made in it.
pub(crate) struct Core {
    engine: Engine,
    store: UnsafeCell<Store<CoreRef>>,
    borrowed: Cell<bool>,
    /// Of the innermost host call that is running; null if there is none.
    caller: Cell<*mut Caller<'static, CoreRef>>,
    pub funcs: Numbered<Func>,
    /// By the number of the function.
    infos: RefCell<Vec<Option<Rc<FuncInfo>>>>,
    pub memories: Numbered<Memory>,
    pub tables: Numbered<Table>,
    pub globals: Numbered<Global>,
    /// The import index that a host function was made for, which is its name if it is exported again.
    pub host_names: RefCell<HashMap<Func, u32>>,
    /// Where modules come from, by the address of their machine code.
    pub urls: RefCell<HashMap<usize, Rc<str>>>,
    /// The context and the object of the realm, as long as that is alive; no references.
    pub home: Cell<Option<(NonNull<qjs::JSContext>, qjs::JSValue)>>,
}

impl Core {
    pub fn new(engine: &Engine) -> Rc<Core> {
        let core = Rc::new(Core {
            engine: engine.clone(),
            store: UnsafeCell::new(Store::new(engine, CoreRef(ptr::null()))),
            borrowed: Cell::new(false),
            caller: Cell::new(ptr::null_mut()),
            funcs: Numbered::new(),
            infos: RefCell::default(),
            memories: Numbered::new(),
            tables: Numbered::new(),
            globals: Numbered::new(),
            host_names: RefCell::default(),
            urls: RefCell::default(),
            home: Cell::new(None),
        });
        let at = Rc::as_ptr(&core);
        core.with(|mut store| *store.data_mut() = CoreRef(at));
        core
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Borrows the store. `f` may run WebAssembly code, and so whatever that calls.
    ///
    /// # Panics
    /// If `f` of another call is running that did not get here through WebAssembly code.
    pub fn with<R>(&self, f: impl FnOnce(StoreContextMut<'_, CoreRef>) -> R) -> R {
        struct Borrowed<'a>(&'a Cell<bool>);
        impl Drop for Borrowed<'_> {
            fn drop(&mut self) {
                self.0.set(false);
            }
        }
        let caller = self.caller.get();
        if !caller.is_null() {
            // SAFETY: it is the innermost host call's, which waits for us, and whose reference nobody else uses: a
            // further host call would have put its own here.
            return f(unsafe { (*caller).as_context_mut() });
        }
        assert!(!self.borrowed.replace(true), "the store is in use");
        let _borrowed = Borrowed(&self.borrowed);
        // SAFETY: nobody else has borrowed it, which was just checked.
        f(unsafe { (*self.store.get()).as_context_mut() })
    }

    /// Runs `f`, in which the store is reached through `caller`.
    pub fn in_host_call<R>(&self, caller: &mut Caller<'_, CoreRef>, f: impl FnOnce() -> R) -> R {
        struct Restore<'a>(&'a Core, *mut Caller<'static, CoreRef>);
        impl Drop for Restore<'_> {
            fn drop(&mut self) {
                self.0.caller.set(self.1);
            }
        }
        let at: *mut Caller<'_, CoreRef> = caller;
        let _restore = Restore(self, self.caller.replace(at.cast()));
        f()
    }

    /// What function number `func` is.
    pub fn func(&self, func: u32) -> Rc<FuncInfo> {
        let mut infos = self.infos.borrow_mut();
        let i = func as usize;
        if infos.len() <= i {
            infos.resize_with(i + 1, || None);
        }
        infos[i]
            .get_or_insert_with(|| {
                let func = self.funcs.get(func);
                Rc::new(FuncInfo { func, ty: self.with(|store| func.ty(store)) })
            })
            .clone()
    }

    /// The name that a function object for `func` has: an index in decimal (JS API, "the name of the WebAssembly function").
    pub fn func_name(&self, func: Func) -> String {
        let index = self.with(|store| func.index_in_module(store));
        let index = index.or_else(|| self.host_names.borrow().get(&func).copied());
        index.unwrap_or(0).to_string()
    }
}
