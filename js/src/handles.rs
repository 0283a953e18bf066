//! How `wasm.js` refers to memories, tables, globals, tags and an instantiation in progress: objects of native classes,
//! which scripts never get and could not create. No number or kind that comes from JavaScript code is trusted.

use crate::core::Core;
use crate::module::NativeModule;
use crate::realm::Realm;
use headwater::reclaim::{self, Part};
use headwater::{Extern, ExternType, Global, Memory, SharedMemory, Table, Tag};
use rquickjs::class::{Trace, Tracer};
use rquickjs::{Class, Ctx, Exception, JsLifetime, Result, Value};
use std::cell::RefCell;
use std::rc::Rc;

/// What JavaScript has and no node stands for: a memory or tag, as an object, by a buffer over it or by an exception; and
/// a global that keeps an exception.
pub(crate) struct Keeper {
    core: Rc<Core>,
    item: Extern,
}

/// The part of the store that `item` is, if it has no node.
fn part_of(item: &Extern) -> Option<Part> {
    Some(match item {
        Extern::Memory(memory) => Part::Memory(*memory),
        Extern::Tag(tag) => Part::Tag(*tag),
        Extern::Global(global) => Part::Global(*global),
        Extern::SharedMemory(_) | Extern::Table(_) | Extern::Func(_) => return None,
    })
}

impl Keeper {
    pub fn new(core: &Rc<Core>, item: Extern) -> Rc<Keeper> {
        if let Some(part) = part_of(&item) {
            *core.kept.borrow_mut().entry(part).or_default() += 1;
        }
        Rc::new(Keeper { core: core.clone(), item })
    }

    pub fn core(&self) -> &Rc<Core> {
        &self.core
    }
}

/// Only noted: QuickJS may free objects while the store is in use.
impl Drop for Keeper {
    fn drop(&mut self) {
        if let Some(part) = part_of(&self.item) {
            let mut kept = self.core.kept.borrow_mut();
            if let Some(count) = kept.get_mut(&part) {
                *count -= 1;
                if *count == 0 {
                    kept.remove(&part);
                }
            }
        }
        if matches!(self.item, Extern::Memory(_) | Extern::SharedMemory(_)) {
            self.core.garbage.borrow_mut().push(self.item.clone());
        }
    }
}

/// A memory, table, global or tag.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(frozen)]
pub(crate) struct Handle<'js> {
    #[qjs(skip_trace)]
    inner: HandleInner,
    /// Of a table or global.
    node: Option<Value<'js>>,
}

enum HandleInner {
    Kept(Rc<Keeper>),
    /// With a node.
    Of(Rc<Core>, Extern),
}

// SAFETY: there are no JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for HandleInner {
    type Changed<'to> = HandleInner;
}

impl<'js> Handle<'js> {
    pub fn make(ctx: &Ctx<'js>, realm: &Realm<'js>, item: Extern) -> Result<Class<'js, Handle<'js>>> {
        let core = realm.core();
        let node = match &item {
            Extern::Table(table) => Some(realm.node(ctx, Part::Table(*table))?),
            Extern::Global(global) => {
                Some(realm.node(ctx, core.with(|store| reclaim::part_of_global(&store, *global)))?)
            }
            _ => None,
        };
        let inner = match node {
            Some(_) => HandleInner::Of(core.clone(), item),
            None => HandleInner::Kept(Keeper::new(core, item)),
        };
        Class::instance(ctx.clone(), Handle { inner, node })
    }

    /// Of a memory or tag.
    pub fn keeper(&self) -> Option<&Rc<Keeper>> {
        match &self.inner {
            HandleInner::Kept(keeper) => Some(keeper),
            HandleInner::Of(..) => None,
        }
    }

    /// What it is, for the realm of `core`.
    ///
    /// # Errors
    /// A `TypeError` if it belongs to another realm.
    pub fn item(&self, ctx: &Ctx<'_>, core: &Rc<Core>) -> Result<Extern> {
        let (its, item) = match &self.inner {
            HandleInner::Kept(keeper) => (&keeper.core, &keeper.item),
            HandleInner::Of(core, item) => (core, item),
        };
        match Rc::ptr_eq(core, its) {
            true => Ok(item.clone()),
            false => Err(Exception::throw_type(ctx, "this belongs to another realm")),
        }
    }

    /// # Errors
    /// A `TypeError` if it is not one, or belongs to another realm.
    pub fn memory(&self, ctx: &Ctx<'_>, core: &Rc<Core>) -> Result<Memory> {
        let memory = self.item(ctx, core)?.into_memory();
        memory.ok_or_else(|| Exception::throw_type(ctx, "this is not a WebAssembly.Memory"))
    }

    /// # Errors
    /// As for memories.
    pub fn shared_memory(&self, ctx: &Ctx<'_>, core: &Rc<Core>) -> Result<SharedMemory> {
        let memory = self.item(ctx, core)?.into_shared_memory();
        memory.ok_or_else(|| Exception::throw_type(ctx, "this is not a shared WebAssembly.Memory"))
    }

    /// # Errors
    /// As for memories.
    pub fn table(&self, ctx: &Ctx<'_>, core: &Rc<Core>) -> Result<Table> {
        let table = self.item(ctx, core)?.into_table();
        table.ok_or_else(|| Exception::throw_type(ctx, "this is not a WebAssembly.Table"))
    }

    /// # Errors
    /// As for memories.
    pub fn global(&self, ctx: &Ctx<'_>, core: &Rc<Core>) -> Result<Global> {
        let global = self.item(ctx, core)?.into_global();
        global.ok_or_else(|| Exception::throw_type(ctx, "this is not a WebAssembly.Global"))
    }

    /// # Errors
    /// As for memories.
    pub fn tag(&self, ctx: &Ctx<'_>, core: &Rc<Core>) -> Result<Tag> {
        let tag = self.item(ctx, core)?.into_tag();
        tag.ok_or_else(|| Exception::throw_type(ctx, "this is not a WebAssembly.Tag"))
    }
}

/// What was provided for the imports of a module, in order, as far as they were read.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(frozen)]
pub(crate) struct Imports<'js> {
    module: Class<'js, NativeModule>,
    #[qjs(skip_trace)]
    inner: ImportsInner,
    /// What keeps them until there is an instance that does.
    keep: Kept<'js>,
}

/// Values that are kept.
#[derive(Default, JsLifetime)]
struct Kept<'js>(RefCell<Vec<Value<'js>>>);

impl<'js> Trace<'js> for Kept<'js> {
    fn trace<'a>(&self, tracer: Tracer<'a, 'js>) {
        if let Ok(values) = self.0.try_borrow() {
            values.iter().for_each(|value| tracer.mark(value));
        }
    }
}

struct ImportsInner(RefCell<Vec<Extern>>);

// SAFETY: there are no JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for ImportsInner {
    type Changed<'to> = ImportsInner;
}

impl<'js> Imports<'js> {
    pub fn new(module: Class<'js, NativeModule>) -> Imports<'js> {
        Imports { module, inner: ImportsInner(RefCell::default()), keep: Kept::default() }
    }

    pub fn module(&self) -> &Class<'js, NativeModule> {
        &self.module
    }

    /// The type of the next import, and how many imported functions come before it.
    ///
    /// # Errors
    /// A `TypeError` if there is none.
    pub fn next(&self, ctx: &Ctx<'js>) -> Result<(ExternType, u32)> {
        let next = self.inner.0.borrow().len();
        let module = self.module.borrow();
        let import = module.import(next).map(|import| (import.ty.clone(), import.funcs_before));
        import.ok_or_else(|| Exception::throw_type(ctx, "the module has no further imports"))
    }

    /// Provides `item` for the next import; `keep` keeps it, if an earlier one does not.
    pub fn push(&self, item: Extern, keep: Option<Value<'js>>) {
        self.inner.0.borrow_mut().push(item);
        self.keep.0.borrow_mut().extend(keep);
    }

    /// Provides for the next import what was provided for import number `index`.
    ///
    /// # Errors
    /// A `TypeError` if that was not provided.
    pub fn repeat(&self, ctx: &Ctx<'js>, index: usize) -> Result<()> {
        let item = self.inner.0.borrow().get(index).cloned();
        self.push(item.ok_or_else(|| Exception::throw_type(ctx, "there is no such import yet"))?, None);
        Ok(())
    }

    pub fn items(&self) -> Vec<Extern> {
        self.inner.0.borrow().clone()
    }
}
