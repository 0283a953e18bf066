//! The functions that `wasm.js` calls. It has done what can be observed: read arguments, in order, and checked classes.
//! What it passes on is checked again: through `Error.prepareStackTrace` or a bug, scripts could have influenced it.

use crate::buffer;
use crate::convert::{to_js, to_wasm};
use crate::core::Item;
use crate::exception::NativeException;
use crate::exported::exported_of;
use crate::exports;
use crate::func::{self, Kind, array_of, new_host};
use crate::handles::{Handle, Imports};
use crate::making::{is_shortage, keeper_of, memory_type, reference};
use crate::module::{BytesSource, NativeModule};
use crate::promising::Turn;
use crate::realm::Realm;
use crate::strings;
use crate::types;
use crate::values::Kept;
use headwater::reclaim::Part;
use headwater::{
    AsContextMut, Extern, ExternType, FuncType, GlobalType, IncompatibleImport, Instance, Memory, Mutability,
    SharedMemory, Table, TableType, Tag, TagType, printable,
};
use rquickjs::function::Opt;
use rquickjs::{Array, Class, Ctx, Exception, Function, Object, Result, Value};

/// The most pages a memory can be created with.
const MAX_PAGES: u32 = 65536;

#[rquickjs::methods(rename_all = "camelCase")]
impl<'js> Realm<'js> {
    /// Takes the hooks.
    fn setup(&self, hooks: Object<'js>) -> Result<()> {
        self.set_hooks(&hooks)
    }

    /// A name from a module as messages show it.
    fn printable(&self, name: String) -> String {
        printable::name(&name).to_string()
    }

    /// Copies bytes out of a buffer.
    fn copy_bytes(&self, ctx: Ctx<'js>, buffer: Value<'js>, offset: f64, len: f64) -> Result<Class<'js, BytesSource>> {
        Class::instance(ctx.clone(), BytesSource::copy(&ctx, &buffer, offset as usize, len as usize)?)
    }

    /// Compiles; `keep` is whether the module's custom sections may be queried.
    fn compile(
        &self,
        ctx: Ctx<'js>,
        bytes: Class<'js, BytesSource>,
        url: String,
        keep: bool,
    ) -> Result<Class<'js, NativeModule>> {
        let module = NativeModule::compile(self.core(), bytes.borrow().bytes(), &url, keep);
        let module = module.map_err(|e| self.throw_compile(&ctx, &e.to_string()))?;
        Class::instance(ctx, module)
    }

    /// A compiler that takes bytes as they arrive.
    fn stream(&self, ctx: Ctx<'js>, url: String) -> Result<Class<'js, crate::module::Stream>> {
        Class::instance(ctx, crate::module::Stream::new(self.core(), &url))
    }

    /// Passes the next bytes to a compiler, as far as they are in the view.
    fn push(
        &self,
        ctx: Ctx<'js>,
        stream: Class<'js, crate::module::Stream>,
        buffer: Value<'js>,
        offset: f64,
        len: f64,
    ) -> Result<()> {
        let bytes = BytesSource::borrow_from(&ctx, &buffer, offset as usize, len as usize)?;
        let pushed = stream.borrow().push(bytes);
        pushed.map_err(|e| self.throw_compile(&ctx, &e.to_string()))
    }

    /// Ends a compiler's input.
    fn finish(&self, ctx: Ctx<'js>, stream: Class<'js, crate::module::Stream>) -> Result<Class<'js, NativeModule>> {
        let module = match stream.borrow().finish(self.core()) {
            Some(finished) => finished.map_err(|e| self.throw_compile(&ctx, &e.to_string()))?,
            None => return Err(Exception::throw_type(&ctx, "the stream has ended before")),
        };
        Class::instance(ctx, module)
    }

    /// Frees what a compiler has so far.
    fn abort(&self, stream: Class<'js, crate::module::Stream>) {
        stream.borrow().abort();
    }

    /// Copies of the custom sections called `name`.
    fn custom_sections(&self, ctx: Ctx<'js>, module: Class<'js, NativeModule>, name: Value<'js>) -> Result<Value<'js>> {
        // A name with lone surrogates is not UTF-8, so no section has it.
        let name = name.as_string().and_then(|s| s.to_string().ok());
        let module = module.borrow();
        let payloads = name.iter().flat_map(|name| module.custom_sections(name.as_bytes()));
        let copies = payloads.map(|payload| Ok(rquickjs::ArrayBuffer::new_copy(ctx.clone(), payload)?.into_value()));
        array_of(&ctx, copies.collect::<Result<Vec<_>>>()?)
    }

    /// What is provided for the imports of a module: nothing yet.
    fn imports(&self, ctx: Ctx<'js>, module: Class<'js, NativeModule>) -> Result<Class<'js, Imports<'js>>> {
        Class::instance(ctx, Imports::new(module))
    }

    /// Provides `value`, which is callable, for the next import, a function. `how` is "traps" if what it throws cannot
    /// be caught, "suspends" if what it returns is awaited.
    fn import_func(
        &self,
        ctx: Ctx<'js>,
        imports: Class<'js, Imports<'js>>,
        value: Value<'js>,
        how: Opt<String>,
    ) -> Result<()> {
        let imports = imports.borrow();
        let kind = match how.0.as_deref() {
            Some("traps") => Kind::Traps,
            Some("suspends") => Kind::Suspends,
            _ => Kind::Ordinary,
        };
        // A function that is marked is called as JavaScript would call it, whatever it is.
        let known = if kind == Kind::Suspends { None } else { exported_of(self.core(), &value) };
        let (func, keep) = match (known.map(|known| known.func), imports.next(&ctx)?) {
            (Some(func), _) => (func, value),
            (None, (ExternType::Func(ty), before)) if value.is_function() => {
                new_host(&ctx, self, ty, value, before, kind)?
            }
            _ => return Err(Exception::throw_type(&ctx, "the next import is not a function")),
        };
        imports.push(Extern::Func(func), Some(keep));
        Ok(())
    }

    /// Provides the engine's own function of this name for the next import, which has its type.
    fn import_builtin(&self, ctx: Ctx<'js>, imports: Class<'js, Imports<'js>>, name: String) -> Result<()> {
        let imports = imports.borrow();
        let (ExternType::Func(ty), before) = imports.next(&ctx)? else {
            return Err(Exception::throw_type(&ctx, "the next import is not a function"));
        };
        let made = strings::new_builtin(self, &name, ty, before);
        let func = made.map_err(|error| Exception::throw_range(&ctx, &format!("{error:#}")))?;
        imports.push(Extern::Func(func), Some(self.node(&ctx, Part::Host(func))?));
        Ok(())
    }

    /// Provides for the next import what was provided for import number `index`.
    fn import_again(&self, ctx: Ctx<'js>, imports: Class<'js, Imports<'js>>, index: usize) -> Result<()> {
        imports.borrow().repeat(&ctx, index)
    }

    /// Provides a new immutable global with `value` for the next import, a global.
    fn import_value(&self, ctx: Ctx<'js>, imports: Class<'js, Imports<'js>>, value: Value<'js>) -> Result<()> {
        let imports = imports.borrow();
        let ExternType::Global(ty) = imports.next(&ctx)?.0 else {
            return Err(Exception::throw_type(&ctx, "the next import is not a global"));
        };
        let content = ty.content().clone();
        let value = to_wasm(&ctx, self, &value, &content)?;
        let global = self.make_global(&ctx, GlobalType::new(content, Mutability::Const), value)?;
        imports.push(Extern::Global(global), Some(self.node(&ctx, Part::Global(global))?));
        Ok(())
    }

    /// Provides a memory, table, global or tag for the next import.
    fn import_handle(
        &self,
        ctx: Ctx<'js>,
        imports: Class<'js, Imports<'js>>,
        handle: Class<'js, Handle<'js>>,
    ) -> Result<()> {
        let item = handle.borrow().item(&ctx, self.core())?;
        imports.borrow().push(item, Some(handle.into_value()));
        Ok(())
    }

    /// Instantiates with what was provided for the imports. The result is the exports object; what is exported and is not a
    /// function gets its object from `wrap`, by kind and handle.
    fn instantiate(&self, ctx: Ctx<'js>, imports: Class<'js, Imports<'js>>, wrap: Function<'js>) -> Result<Value<'js>> {
        self.collect_if_due(&ctx);
        let imports = imports.borrow();
        let module = imports.module().borrow();
        if module.module().landings().next().is_some() {
            self.core().catches.set(true);
        }
        let core = self.core();
        let make = || {
            core.making.set(core.making.get() + 1);
            let made = core.with(|store| Instance::new(store, module.module(), &imports.items()));
            core.making.set(core.making.get() - 1);
            core.count_part();
            made
        };
        let made = make().or_else(|error| match is_shortage(&error) {
            // Garbage that was not collected yet may have all memory or addresses. No code of the instance has run.
            true => {
                self.collect(&ctx);
                make()
            }
            false => Err(error),
        });
        self.refresh_buffers(&ctx);
        let instance = made.map_err(|error| {
            if error.downcast_ref::<IncompatibleImport>().is_some() {
                self.throw_link(&ctx, &error.to_string())
            } else if is_shortage(&error) {
                Exception::throw_range(&ctx, &error.to_string())
            } else {
                func::throw(&ctx, self, &error)
            }
        })?;
        // What is made of it belongs to the instance, which lives as long as its node has this reference.
        let _node = self.node(&ctx, Part::Instance(instance))?;
        exports::object_of(&ctx, self, instance, &wrap)
    }

    /// Whether `value` is an exported function.
    fn is_exported(&self, value: Value<'js>) -> bool {
        exported_of(self.core(), &value).is_some()
    }

    /// The type of an exported function; all types are as `types.rs` describes them.
    fn func_type(&self, ctx: Ctx<'js>, func: Value<'js>) -> Result<Value<'js>> {
        match exported_of(self.core(), &func) {
            Some(exported) => types::describe_func(&ctx, &exported.ty),
            None => Err(Exception::throw_type(&ctx, "this is not an exported function")),
        }
    }

    /// A new function of this type that calls `callee`, which is callable.
    fn func_new(
        &self,
        ctx: Ctx<'js>,
        params: Vec<String>,
        results: Vec<String>,
        callee: Value<'js>,
    ) -> Result<Value<'js>> {
        self.collect_if_due(&ctx);
        let types =
            |names: Vec<String>| names.iter().map(|name| self.value_type(&ctx, name)).collect::<Result<Vec<_>>>();
        let ty = FuncType::new(self.core().engine(), types(params)?, types(results)?);
        let (func, _node) = new_host(&ctx, self, ty, callee, 0, Kind::Ordinary)?;
        self.func_object(&ctx, func)
    }

    /// The type of a memory, table, global or tag; the minimum is the present size.
    fn type_of(&self, ctx: Ctx<'js>, handle: Class<'js, Handle<'js>>) -> Result<Value<'js>> {
        let item = handle.borrow().item(&ctx, self.core())?;
        types::describe(&ctx, &self.core().with(|store| types::present(store, &item)))
    }

    /// Begins a call of an exported function that can be suspended.
    fn begin(&self, ctx: Ctx<'js>, func: Value<'js>, args: Array<'js>) -> Result<Class<'js, Turn<'js>>> {
        Class::instance(ctx.clone(), Turn::begin(&ctx, self, &func, &args)?)
    }

    /// Lets a call go on that is suspended, with what it has waited for.
    fn proceed(
        &self,
        ctx: Ctx<'js>,
        turn: Class<'js, Turn<'js>>,
        value: Value<'js>,
        rejected: bool,
    ) -> Result<Class<'js, Turn<'js>>> {
        let next = turn.borrow().proceed(&ctx, self, value, rejected)?;
        Class::instance(ctx, next)
    }

    /// The number that a memory, table, global or tag has, as long as it lives.
    fn number(&self, ctx: Ctx<'js>, handle: Class<'js, Handle<'js>>) -> Result<f64> {
        let core = self.core();
        let item = match handle.borrow().item(&ctx, core)? {
            Extern::Memory(memory) => Item::Part(Part::Memory(memory)),
            Extern::SharedMemory(memory) => Item::Shared(memory.data().as_ptr().addr()),
            Extern::Table(table) => Item::Part(Part::Table(table)),
            Extern::Global(global) => Item::Global(global),
            Extern::Tag(tag) => Item::Part(Part::Tag(tag)),
            Extern::Func(_) => return Err(Exception::throw_type(&ctx, "functions have no numbers")),
        };
        Ok(core.number(item) as f64)
    }

    /// A new memory.
    fn memory_new(&self, ctx: Ctx<'js>, min: u32, max: Value<'js>, is_64: bool) -> Result<Class<'js, Handle<'js>>> {
        self.collect_if_due(&ctx);
        let max = max.as_number().map(|n| n as u64);
        if u64::from(min) > max.unwrap_or(MAX_PAGES.into()).min(MAX_PAGES.into()) {
            return Err(Exception::throw_range(&ctx, "the memory's initial size is over its maximum"));
        }
        let ty = memory_type(&ctx, min, max, is_64, false)?;
        let make = || self.core().with(|store| Memory::new(store, ty.clone()));
        let made = make().or_else(|_| {
            // Unreachable memories that were not collected yet may hold all addresses.
            self.collect(&ctx);
            make()
        });
        let memory = made.map_err(|e| Exception::throw_range(&ctx, &format!("{e:#}")))?;
        Handle::make(&ctx, self, Extern::Memory(memory))
    }

    /// A new memory that several threads could have.
    fn memory_new_shared(&self, ctx: Ctx<'js>, min: u32, max: u32, is_64: bool) -> Result<Class<'js, Handle<'js>>> {
        self.collect_if_due(&ctx);
        let ty = memory_type(&ctx, min, Some(max.into()), is_64, true)?;
        let make = || self.core().with(|store| SharedMemory::new_in(store, ty.clone()));
        let made = make().or_else(|_| {
            // As above.
            self.collect(&ctx);
            make()
        });
        let memory = made.map_err(|e| Exception::throw_range(&ctx, &format!("{e:#}")))?;
        Handle::make(&ctx, self, memory.into())
    }

    /// Whether addresses of the memory are BigInts.
    fn memory_is64(&self, ctx: Ctx<'js>, memory: Class<'js, Handle<'js>>) -> Result<bool> {
        Ok(match memory.borrow().item(&ctx, self.core())? {
            Extern::SharedMemory(memory) => memory.ty().is_64(),
            Extern::Memory(memory) => self.core().with(|store| memory.ty(&store).is_64()),
            _ => false,
        })
    }

    /// Whether indices of the table are BigInts.
    fn table_is64(&self, ctx: Ctx<'js>, table: Class<'js, Handle<'js>>) -> Result<bool> {
        let table = table.borrow().table(&ctx, self.core())?;
        Ok(self.core().with(|store| table.ty(&store).is_64()))
    }

    /// Whether it is such a memory.
    fn memory_is_shared(&self, ctx: Ctx<'js>, memory: Class<'js, Handle<'js>>) -> Result<bool> {
        Ok(matches!(memory.borrow().item(&ctx, self.core())?, Extern::SharedMemory(_)))
    }

    /// The buffer over a memory: the existing one, or a new one of fixed length.
    fn memory_buffer(&self, ctx: Ctx<'js>, memory: Class<'js, Handle<'js>>) -> Result<Value<'js>> {
        self.lend(&ctx, &memory.borrow(), None)
    }

    /// The buffer over a memory that is, or is not, resizable; one of the other kind is detached.
    fn memory_buffer_of_kind(
        &self,
        ctx: Ctx<'js>,
        memory: Class<'js, Handle<'js>>,
        resizable: bool,
    ) -> Result<Value<'js>> {
        self.lend(&ctx, &memory.borrow(), Some(resizable))
    }

    /// The size of a shared memory in bytes.
    fn memory_shared_size(&self, ctx: Ctx<'js>, memory: Class<'js, Handle<'js>>) -> Result<f64> {
        Ok(memory.borrow().shared_memory(&ctx, self.core())?.data_size() as f64)
    }

    /// A new SharedArrayBuffer over a shared memory, of its present size, which grows with it if it is to.
    fn memory_shared_buffer(&self, ctx: Ctx<'js>, of: Class<'js, Handle<'js>>, growable: bool) -> Result<Value<'js>> {
        let memory = of.borrow().shared_memory(&ctx, self.core())?;
        buffer::lend_shared(&ctx, self.layout, keeper_of(&ctx, &of.borrow())?, &memory, growable)
    }

    /// Whether `value` is a growable buffer over a shared memory.
    fn is_lent_growable(&self, value: Value<'js>) -> bool {
        buffer::growable_of(self.core(), &value).is_some()
    }

    /// Grows the memory that such a buffer is over to `len` bytes.
    fn grow_lent(&self, ctx: Ctx<'js>, value: Value<'js>, len: f64) -> Result<()> {
        let Some(memory) = buffer::growable_of(self.core(), &value) else {
            return Err(Exception::throw_type(&ctx, "not a growable buffer over a memory"));
        };
        let delta = buffer::pages_more(&ctx, len, memory.data_size(), buffer::most_bytes(&memory))?;
        let grown = self.core().with(|store| memory.grow_in(store, delta));
        self.refresh_buffers(&ctx);
        grown.map(drop).map_err(|e| Exception::throw_range(&ctx, &e.to_string()))
    }

    /// Grows a memory and returns its previous size, in pages.
    fn memory_grow(&self, ctx: Ctx<'js>, memory: Class<'js, Handle<'js>>, delta: u32) -> Result<u32> {
        if let Extern::SharedMemory(memory) = memory.borrow().item(&ctx, self.core())? {
            let grown = self.core().with(|store| memory.grow_in(store, delta.into()));
            self.refresh_buffers(&ctx);
            return grown.map(|old| old as u32).map_err(|e| Exception::throw_range(&ctx, &e.to_string()));
        }
        let memory = memory.borrow().memory(&ctx, self.core())?;
        self.grow(&ctx, memory, delta.into())
    }

    /// Whether `value` is an array buffer over a memory.
    fn is_lent(&self, value: Value<'js>) -> bool {
        buffer::memory_of(self.core(), &value).is_some()
    }

    /// Whether `value` is a resizable array buffer over a memory.
    fn is_lent_resizable(&self, value: Value<'js>) -> bool {
        buffer::memory_of(self.core(), &value).is_some_and(|(_, resizable)| resizable)
    }

    /// Grows the memory that a resizable array buffer is over to `len` bytes.
    fn resize_lent(&self, ctx: Ctx<'js>, value: Value<'js>, len: f64) -> Result<()> {
        let Some((memory, true)) = buffer::memory_of(self.core(), &value) else {
            return Err(Exception::throw_type(&ctx, "not a resizable buffer over a memory"));
        };
        let (size, max) = self.core().with(|store| (memory.data_size(&store), memory.ty(&store).maximum()));
        let most = max.map_or(u64::MAX, |max| max << 16);
        let delta = buffer::pages_more(&ctx, len, size, most)?;
        self.grow(&ctx, memory, delta).map(drop)
    }

    /// The most bytes that the memory of a resizable array buffer, or a growable one, can have.
    fn max_byte_length(&self, ctx: Ctx<'js>, value: Value<'js>) -> Result<f64> {
        if let Some(memory) = buffer::growable_of(self.core(), &value) {
            return Ok(buffer::most_bytes(&memory) as f64);
        }
        let Some((memory, true)) = buffer::memory_of(self.core(), &value) else {
            return Err(Exception::throw_type(&ctx, "not a resizable buffer over a memory"));
        };
        let max = self.core().with(|store| memory.ty(&store).maximum());
        Ok(max.unwrap_or(MAX_PAGES.into()) as f64 * 65536.0)
    }

    /// A new table; `init` is left out for the default.
    fn table_new(
        &self,
        ctx: Ctx<'js>,
        element: String,
        min: u32,
        max: Value<'js>,
        is_64: bool,
        init: Opt<Value<'js>>,
    ) -> Result<Class<'js, Handle<'js>>> {
        self.collect_if_due(&ctx);
        let ty = self.value_type(&ctx, &element)?;
        let element = ty.as_ref().cloned().ok_or_else(|| Exception::throw_type(&ctx, "not a reference type"))?;
        let init = self.table_value(&ctx, &element, init)?;
        let max = max.as_number().map(|n| n as u64);
        if max.is_some_and(|max| u64::from(min) > max) {
            return Err(Exception::throw_range(&ctx, "the table's initial size is over its maximum"));
        }
        let ty = match is_64 {
            true => TableType::new64(element, min.into(), max),
            false => TableType::new(element, min, max.map(|max| max as u32)),
        };
        let made = self.core().scoped(|mut store| {
            let init = reference(&init, store.as_context_mut())?;
            Table::new(store, ty, init)
        });
        let table = made.map_err(|e| Exception::throw_range(&ctx, &e.to_string()))?;
        Handle::make(&ctx, self, Extern::Table(table))
    }

    fn table_size(&self, ctx: Ctx<'js>, table: Class<'js, Handle<'js>>) -> Result<u32> {
        let table = table.borrow().table(&ctx, self.core())?;
        Ok(self.core().with(|store| table.size(&store) as u32))
    }

    fn table_get(&self, ctx: Ctx<'js>, table: Class<'js, Handle<'js>>, index: u32) -> Result<Value<'js>> {
        let table = table.borrow().table(&ctx, self.core())?;
        let value = self.core().scoped(|mut store| {
            let value = table.get(&mut store, index.into())?;
            Some(Kept::of(store, value.into()))
        });
        match value {
            Some(value) => to_js(&ctx, self, &value),
            None => Err(Exception::throw_range(&ctx, "table index out of bounds")),
        }
    }

    fn table_set(
        &self,
        ctx: Ctx<'js>,
        table: Class<'js, Handle<'js>>,
        index: u32,
        value: Opt<Value<'js>>,
    ) -> Result<()> {
        let table = table.borrow().table(&ctx, self.core())?;
        let element = self.core().with(|store| table.ty(&store).element().clone());
        let value = self.table_value(&ctx, &element, value)?;
        let set = self.core().scoped(|mut store| {
            let value = reference(&value, store.as_context_mut())?;
            table.set(store, index.into(), value)
        });
        set.map_err(|_| Exception::throw_range(&ctx, "table index out of bounds"))
    }

    fn table_grow(
        &self,
        ctx: Ctx<'js>,
        table: Class<'js, Handle<'js>>,
        delta: u32,
        value: Opt<Value<'js>>,
    ) -> Result<u32> {
        let table = table.borrow().table(&ctx, self.core())?;
        let element = self.core().with(|store| table.ty(&store).element().clone());
        let value = self.table_value(&ctx, &element, value)?;
        let grown = self.core().scoped(|mut store| {
            let value = reference(&value, store.as_context_mut())?;
            table.grow(store, delta.into(), value)
        });
        grown.map(|old| old as u32).map_err(|e| Exception::throw_range(&ctx, &e.to_string()))
    }

    /// A new global; `value` is left out for the default.
    fn global_new(
        &self,
        ctx: Ctx<'js>,
        ty: String,
        mutable: bool,
        value: Opt<Value<'js>>,
    ) -> Result<Class<'js, Handle<'js>>> {
        self.collect_if_due(&ctx);
        let ty = self.value_type(&ctx, &ty)?;
        let value = match value.0 {
            Some(value) => to_wasm(&ctx, self, &value, &ty)?,
            None => self.default_value(&ctx, &ty)?,
        };
        let mutability = if mutable { Mutability::Var } else { Mutability::Const };
        let global = self.make_global(&ctx, GlobalType::new(ty, mutability), value)?;
        Handle::make(&ctx, self, Extern::Global(global))
    }

    fn global_get(&self, ctx: Ctx<'js>, global: Class<'js, Handle<'js>>) -> Result<Value<'js>> {
        let global = global.borrow().global(&ctx, self.core())?;
        let value = self.core().scoped(|mut store| {
            let value = global.get(&mut store);
            Kept::of(store, value)
        });
        to_js(&ctx, self, &value)
    }

    fn global_is_mutable(&self, ctx: Ctx<'js>, global: Class<'js, Handle<'js>>) -> Result<bool> {
        let global = global.borrow().global(&ctx, self.core())?;
        Ok(self.core().with(|store| global.ty(&store)).mutability() == Mutability::Var)
    }

    fn global_set(&self, ctx: Ctx<'js>, global: Class<'js, Handle<'js>>, value: Value<'js>) -> Result<()> {
        let global = global.borrow().global(&ctx, self.core())?;
        let ty = self.core().with(|store| global.ty(&store));
        let value = to_wasm(&ctx, self, &value, ty.content())?;
        let set = self.core().scoped(|mut store| {
            let value = value.val(store.as_context_mut());
            global.set(store, value)
        });
        self.returned();
        set.map_err(|e| Exception::throw_type(&ctx, &e.to_string()))
    }

    /// See [`Realm::returned`].
    fn set_on_return(&self, callback: Function<'js>) {
        self.keep_on_return(callback);
    }

    /// A new tag with parameters of these types.
    fn tag_new(&self, ctx: Ctx<'js>, types: Vec<String>) -> Result<Class<'js, Handle<'js>>> {
        self.collect_if_due(&ctx);
        let types = types.iter().map(|name| self.value_type(&ctx, name)).collect::<Result<Vec<_>>>()?;
        let ty = TagType::new(FuncType::new(self.core().engine(), types, []));
        let made = self.core().with(|store| Tag::new(store, &ty));
        let tag = made.map_err(|e| Exception::throw_range(&ctx, &e.to_string()))?;
        Handle::make(&ctx, self, Extern::Tag(tag))
    }

    /// The tag of JavaScript's own exceptions.
    fn set_js_tag(&self, ctx: Ctx<'js>, tag: Class<'js, Handle<'js>>) -> Result<()> {
        self.core().js_tag.set(Some(tag.borrow().tag(&ctx, self.core())?));
        Ok(())
    }

    /// A new exception.
    fn exception_new(
        &self,
        ctx: Ctx<'js>,
        tag: Class<'js, Handle<'js>>,
        payload: Array<'js>,
    ) -> Result<Class<'js, NativeException<'js>>> {
        let tag = tag.borrow().tag(&ctx, self.core())?;
        Class::instance(ctx.clone(), NativeException::new(&ctx, self, tag, &payload)?)
    }

    /// Whether an exception has the tag `tag`.
    fn exception_is(
        &self,
        ctx: Ctx<'js>,
        exception: Class<'js, NativeException<'js>>,
        tag: Class<'js, Handle<'js>>,
    ) -> Result<bool> {
        let tag = tag.borrow().tag(&ctx, self.core())?;
        Ok(exception.borrow().is(self.core(), tag))
    }

    /// Value `index` of an exception's payload.
    fn exception_arg(
        &self,
        ctx: Ctx<'js>,
        exception: Class<'js, NativeException<'js>>,
        index: usize,
    ) -> Result<Value<'js>> {
        exception.borrow().arg(&ctx, self, index)
    }
}
