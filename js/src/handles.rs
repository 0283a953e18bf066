//! How `wasm.js` refers to memories, tables, globals, tags and an instantiation in progress: objects of native classes,
//! which scripts never get and could not create. No number or kind that comes from JavaScript code is trusted.

use crate::core::Core;
use crate::module::NativeModule;
use headwater::{Extern, ExternType, Global, Memory, SharedMemory, Table, Tag};
use rquickjs::class::Trace;
use rquickjs::{Class, Ctx, Exception, JsLifetime, Result};
use std::cell::RefCell;
use std::rc::Rc;

/// Reports when JavaScript no longer has a memory or table, neither its object nor a buffer over it.
pub(crate) struct Keeper {
    core: Rc<Core>,
    item: Extern,
}

impl Keeper {
    pub fn new(core: &Rc<Core>, item: Extern) -> Rc<Keeper> {
        Rc::new(Keeper { core: core.clone(), item })
    }

    pub fn core(&self) -> &Rc<Core> {
        &self.core
    }
}

/// Only noted: QuickJS may free objects while the store is in use.
impl Drop for Keeper {
    fn drop(&mut self) {
        if matches!(self.item, Extern::Memory(_) | Extern::SharedMemory(_) | Extern::Table(_)) {
            self.core.garbage.borrow_mut().push(self.item.clone());
        }
    }
}

/// A memory, table, global or tag.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(frozen)]
pub(crate) struct Handle {
    #[qjs(skip_trace)]
    inner: HandleInner,
}

struct HandleInner(Rc<Keeper>);

// SAFETY: there are no JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for HandleInner {
    type Changed<'to> = HandleInner;
}

impl Handle {
    pub fn make<'js>(ctx: &Ctx<'js>, core: &Rc<Core>, item: Extern) -> Result<Class<'js, Handle>> {
        Class::instance(ctx.clone(), Handle { inner: HandleInner(Keeper::new(core, item)) })
    }

    pub fn keeper(&self) -> &Rc<Keeper> {
        &self.inner.0
    }

    /// What it is, for the realm of `core`.
    ///
    /// # Errors
    /// A `TypeError` if it belongs to another realm.
    pub fn item(&self, ctx: &Ctx<'_>, core: &Rc<Core>) -> Result<Extern> {
        match Rc::ptr_eq(core, &self.inner.0.core) {
            true => Ok(self.inner.0.item.clone()),
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
}

struct ImportsInner(RefCell<Vec<(Extern, Option<Rc<Keeper>>)>>);

// SAFETY: there are no JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for ImportsInner {
    type Changed<'to> = ImportsInner;
}

impl<'js> Imports<'js> {
    pub fn new(module: Class<'js, NativeModule>) -> Imports<'js> {
        Imports { module, inner: ImportsInner(RefCell::default()) }
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

    /// Provides `item` for the next import, with its `keeper`, if any.
    pub fn push(&self, item: Extern, keeper: Option<Rc<Keeper>>) {
        self.inner.0.borrow_mut().push((item, keeper));
    }

    /// Provides for the next import what was provided for import number `index`.
    ///
    /// # Errors
    /// A `TypeError` if that was not provided.
    pub fn repeat(&self, ctx: &Ctx<'js>, index: usize) -> Result<()> {
        let item = self.inner.0.borrow().get(index).map(|(item, _)| item.clone());
        self.push(item.ok_or_else(|| Exception::throw_type(ctx, "there is no such import yet"))?, None);
        Ok(())
    }

    pub fn items(&self) -> Vec<Extern> {
        self.inner.0.borrow().iter().map(|(item, _)| item.clone()).collect()
    }
}

/// What an instance exports.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(frozen)]
pub(crate) struct Exports {
    #[qjs(skip_trace)]
    inner: ExportsInner,
}

struct ExportsInner {
    core: Rc<Core>,
    items: Vec<(String, Extern)>,
}

// SAFETY: there are no JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for ExportsInner {
    type Changed<'to> = ExportsInner;
}

impl Exports {
    pub fn new(core: &Rc<Core>, items: Vec<(String, Extern)>) -> Exports {
        Exports { inner: ExportsInner { core: core.clone(), items } }
    }

    /// Export number `index`, for the realm of `core`.
    ///
    /// # Errors
    /// A `TypeError` if there is none, or it belongs to another realm.
    pub fn item(&self, ctx: &Ctx<'_>, core: &Rc<Core>, index: usize) -> Result<Extern> {
        let item = self.inner.items.get(index).filter(|_| Rc::ptr_eq(core, &self.inner.core));
        item.map(|(_, item)| item.clone()).ok_or_else(|| Exception::throw_type(ctx, "there is no such export"))
    }
}

#[rquickjs::methods(rename_all = "camelCase")]
impl Exports {
    fn count(&self) -> usize {
        self.inner.items.len()
    }

    fn name(&self, index: usize) -> Option<String> {
        self.inner.items.get(index).map(|(name, _)| name.clone())
    }

    fn kind(&self, index: usize) -> Option<&'static str> {
        self.inner.items.get(index).map(|(_, item)| match item {
            Extern::Func(_) => "function",
            Extern::Memory(_) | Extern::SharedMemory(_) => "memory",
            Extern::Table(_) => "table",
            Extern::Global(_) => "global",
            Extern::Tag(_) => "tag",
        })
    }
}
