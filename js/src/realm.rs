//! The native half of the namespace: what `wasm.js` calls.
//!
//! `wasm.js` does what can be observed: reads arguments, in order, checks classes, keeps one object for each thing. This half has
//! the things, by number ([`Core`]), and converts values. One [`Realm`] object belongs to each context that the namespace
//! was installed in; it is reached by the natives and by all exported functions, never by scripts.

use crate::buffer::{self, Layout};
use crate::convert::{to_js, to_ref, to_wasm};
use crate::core::Core;
use crate::func::{self, new_host, new_object};
use crate::module::{BytesSource, NativeModule};
use headwater::{
    Extern, ExternType, Global, GlobalType, IncompatibleImport, Instance, Memory, MemoryType, Mutability, Ref, RefType,
    Table, TableType, Trap, Val, ValType, printable,
};
use rquickjs::class::{Trace, Tracer};
use rquickjs::function::{Constructor, Opt};
use rquickjs::{Array, Class, Ctx, Error, Exception, Function, JsLifetime, Object, Result, Value, qjs};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ptr::NonNull;
use std::rc::Rc;

/// What `wasm.js` gives to this half.
struct Hooks<'js> {
    compile_error: Constructor<'js>,
    link_error: Constructor<'js>,
    /// Makes a `RuntimeError` of a message and lines to put in front of its stack.
    runtime_error: Function<'js>,
    /// Makes an array of what an iterable gives, if it gives so many.
    iterate: Function<'js>,
    /// Makes an empty resizable buffer with a maximal length.
    new_resizable: Function<'js>,
    /// `ArrayBuffer.prototype.resize` as it was.
    resize: Function<'js>,
}

/// A buffer that scripts have, over a memory.
struct Lent<'js> {
    memory: u32,
    /// [`Memory::growths`] when it was made or last looked at.
    growths: u64,
    resizable: bool,
    buffer: Value<'js>,
}

/// What externrefs are told apart by, where that is possible.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    /// Objects and symbols; the realm keeps them, so that no other gets their address.
    Address(usize),
    Text(String),
    Number(u64),
    Other(i32),
}

/// See the module's documentation.
#[rquickjs::class(frozen)]
pub(crate) struct Realm<'js> {
    core: Rc<Core>,
    layout: Layout,
    hooks: OnceCell<Hooks<'js>>,
    host_funcs: RefCell<Vec<Value<'js>>>,
    /// Exported functions, by the number of the function, and their numbers by address.
    func_objects: RefCell<Vec<Option<Value<'js>>>>,
    func_numbers: RefCell<HashMap<usize, u32>>,
    externs: RefCell<Vec<Value<'js>>>,
    extern_numbers: RefCell<HashMap<Identity, u32>>,
    lent: RefCell<Vec<Lent<'js>>>,
    exception: Cell<Option<Value<'js>>>,
}

// SAFETY: only the lifetime of values changes.
unsafe impl<'js> JsLifetime<'js> for Realm<'js> {
    type Changed<'to> = Realm<'to>;
}

impl<'js> Trace<'js> for Realm<'js> {
    fn trace<'a>(&self, tracer: Tracer<'a, 'js>) {
        if let Some(hooks) = self.hooks.get() {
            for value in [hooks.compile_error.as_value(), hooks.link_error.as_value()] {
                tracer.mark(value);
            }
            for value in [&hooks.runtime_error, &hooks.iterate, &hooks.new_resizable, &hooks.resize] {
                tracer.mark(value.as_value());
            }
        }
        // What is borrowed for writing when the collector comes is not marked, and so is not collected this time.
        if let Ok(values) = self.host_funcs.try_borrow() {
            values.iter().for_each(|value| tracer.mark(value));
        }
        if let Ok(values) = self.func_objects.try_borrow() {
            values.iter().flatten().for_each(|value| tracer.mark(value));
        }
        if let Ok(values) = self.externs.try_borrow() {
            values.iter().for_each(|value| tracer.mark(value));
        }
        if let Ok(values) = self.lent.try_borrow() {
            values.iter().for_each(|lent| tracer.mark(&lent.buffer));
        }
    }
}

impl Drop for Realm<'_> {
    fn drop(&mut self) {
        self.core.home.set(None);
    }
}

impl<'js> Realm<'js> {
    /// The realm of a context.
    pub fn new(ctx: &Ctx<'js>, core: Rc<Core>) -> Result<Class<'js, Realm<'js>>> {
        let realm = Realm {
            layout: Layout::check(ctx)?,
            hooks: OnceCell::new(),
            host_funcs: RefCell::default(),
            func_objects: RefCell::default(),
            func_numbers: RefCell::default(),
            externs: RefCell::default(),
            extern_numbers: RefCell::default(),
            lent: RefCell::default(),
            exception: Cell::new(None),
            core: core.clone(),
        };
        let realm = Class::instance(ctx.clone(), realm)?;
        core.home.set(Some((ctx.as_raw(), realm.as_value().as_raw())));
        Ok(realm)
    }

    pub fn core(&self) -> &Rc<Core> {
        &self.core
    }

    /// The object that this is.
    pub fn this(&self, ctx: &Ctx<'js>) -> Value<'js> {
        let (_, raw) = self.core.home.get().expect("it was set with the object, which is alive");
        // SAFETY: the object is alive, and gets another reference.
        unsafe { Value::from_raw(ctx.clone(), qjs::JS_DupValue(ctx.as_raw().as_ptr(), raw)) }
    }

    /// The context and the realm that `core` belongs to; `None` if they are gone.
    ///
    /// # Safety
    /// The caller must be called from within that context.
    pub unsafe fn context_of(core: &Core) -> Option<(Ctx<'js>, Class<'js, Realm<'js>>)> {
        let (ctx, raw): (NonNull<qjs::JSContext>, _) = core.home.get()?;
        // SAFETY: the realm is alive, as its `home` says, and so is the context, which outlives its objects.
        let (ctx, value) = unsafe {
            let ctx = Ctx::from_raw(ctx);
            let value = Value::from_raw(ctx.clone(), qjs::JS_DupValue(ctx.as_raw().as_ptr(), raw));
            (ctx, value)
        };
        Some((ctx, Class::from_value(&value).ok()?))
    }

    fn hooks(&self) -> &Hooks<'js> {
        self.hooks.get().expect("wasm.js sets them before anything else")
    }

    pub fn park_exception(&self, exception: Value<'js>) {
        self.exception.set(Some(exception));
    }

    pub fn take_exception(&self) -> Option<Value<'js>> {
        self.exception.take()
    }

    pub fn host_func(&self, host: u32) -> Value<'js> {
        self.host_funcs.borrow()[host as usize].clone()
    }

    /// What an iterable gives, which must be `count` values.
    pub fn iterate(&self, iterable: Value<'js>, count: usize) -> Result<Array<'js>> {
        self.hooks().iterate.call((iterable, count))
    }

    fn throw_made(&self, ctx: &Ctx<'js>, made: Result<Value<'js>>) -> Error {
        match made {
            Ok(error) => ctx.throw(error),
            Err(error) => error,
        }
    }

    pub fn throw_runtime(&self, ctx: &Ctx<'js>, message: &str, frames: &str) -> Error {
        self.throw_made(ctx, self.hooks().runtime_error.call((message, frames)))
    }

    pub fn throw_compile(&self, ctx: &Ctx<'js>, message: &str) -> Error {
        self.throw_made(ctx, self.hooks().compile_error.construct((message,)))
    }

    fn throw_link(&self, ctx: &Ctx<'js>, message: &str) -> Error {
        self.throw_made(ctx, self.hooks().link_error.construct((message,)))
    }

    /// The number of an exported function; `None` if `value` is none.
    pub fn number_of_func(&self, value: &Value<'js>) -> Option<u32> {
        let object = value.as_object()?;
        self.func_numbers.borrow().get(&address(object.as_value())).copied()
    }

    /// The one object for function `number` (JS API, "a new Exported Function").
    pub fn func_object(&self, ctx: &Ctx<'js>, number: u32) -> Result<Value<'js>> {
        if let Some(Some(known)) = self.func_objects.borrow().get(number as usize) {
            return Ok(known.clone());
        }
        let object = new_object(ctx, self, number)?;
        let mut objects = self.func_objects.borrow_mut();
        if objects.len() <= number as usize {
            objects.resize(number as usize + 1, None);
        }
        objects[number as usize] = Some(object.clone());
        self.func_numbers.borrow_mut().insert(address(&object), number);
        Ok(object)
    }

    /// The number of a host value, the same for the same value where values can be told apart.
    pub fn number_of_extern(&self, value: &Value<'js>) -> u32 {
        let identity = identity(value);
        if let Some(identity) = &identity
            && let Some(known) = self.extern_numbers.borrow().get(identity)
        {
            return *known;
        }
        let mut externs = self.externs.borrow_mut();
        externs.push(value.clone());
        let number = (externs.len() - 1) as u32;
        if let Some(identity) = identity {
            self.extern_numbers.borrow_mut().insert(identity, number);
        }
        number
    }

    pub fn extern_value(&self, number: u32) -> Value<'js> {
        self.externs.borrow()[number as usize].clone()
    }

    /// Detaches or resizes the buffers of memories that were grown ("refresh the Memory buffer"). To be called whenever
    /// WebAssembly code may have run and JavaScript is about to.
    pub fn refresh_buffers(&self, ctx: &Ctx<'js>) {
        let mut outdated = Vec::new();
        self.core.with(|store| {
            self.lent.borrow_mut().retain_mut(|lent| {
                let memory = self.core.memories.get(lent.memory);
                let growths = memory.growths(&store);
                if growths == lent.growths {
                    return true;
                }
                lent.growths = growths;
                let (base, len) = (memory.data_ptr(&store), memory.data_size(&store));
                // One that QuickJS cannot make longer is given up.
                lent.resizable &= len <= buffer::MAX_LEN;
                outdated.push((lent.buffer.clone(), lent.resizable, base, len));
                lent.resizable
            });
        });
        for (buffer, resizable, base, len) in outdated {
            match resizable {
                true => {
                    let resized = buffer::grow_in_place(self.layout, &buffer, &self.hooks().resize, base, len);
                    debug_assert!(resized.is_ok(), "a memory does not grow beyond its maximum");
                }
                false => buffer::detach(ctx, &buffer),
            }
        }
    }

    fn lend(&self, ctx: &Ctx<'js>, memory: u32, resizable: bool) -> Result<Value<'js>> {
        let handle = self.core.memories.get(memory);
        let (base, len, growths, max) = self.core.with(|store| {
            (handle.data_ptr(&store), handle.data_size(&store), handle.growths(&store), handle.ty(&store).maximum())
        });
        let buffer = match resizable {
            false => buffer::fixed(ctx, &self.core, base, len, false)?,
            true => {
                let max =
                    max.ok_or_else(|| Exception::throw_type(ctx, "a memory without maximum cannot be resizable"))?;
                let max = (max << 16).min(buffer::MAX_LEN as u64);
                if len as u64 > max {
                    return Err(buffer::too_large(ctx));
                }
                let empty: Value<'js> = self.hooks().new_resizable.call((max as f64,))?;
                buffer::adopt(ctx, &empty, &self.core, base, len);
                empty
            }
        };
        self.lent.borrow_mut().push(Lent { memory, growths, resizable, buffer: buffer.clone() });
        Ok(buffer)
    }

    /// An element type or value type by its name in the JS API.
    fn value_type(&self, ctx: &Ctx<'js>, name: &str) -> Result<ValType> {
        Ok(match name {
            "i32" => ValType::I32,
            "i64" => ValType::I64,
            "f32" => ValType::F32,
            "f64" => ValType::F64,
            "v128" => ValType::V128,
            "anyfunc" => ValType::Ref(RefType::FUNCREF),
            "externref" => ValType::Ref(RefType::EXTERNREF),
            _ => return Err(Exception::throw_type(ctx, &format!("`{name}` is not a value type"))),
        })
    }

    fn number_of(&self, item: Extern) -> u32 {
        match item {
            Extern::Func(f) => self.core.funcs.number(f),
            Extern::Memory(m) => self.core.memories.number(m),
            Extern::Table(t) => self.core.tables.number(t),
            Extern::Global(g) => self.core.globals.number(g),
        }
    }
}

/// The address of an object or symbol.
fn address(value: &Value<'_>) -> usize {
    // SAFETY: the value has a pointer, being an object or a symbol.
    unsafe { qjs::JS_VALUE_GET_PTR(value.as_raw()) }.addr()
}

fn identity(value: &Value<'_>) -> Option<Identity> {
    if value.is_object() || value.is_symbol() {
        Some(Identity::Address(address(value)))
    } else if let Some(n) = value.as_number() {
        Some(Identity::Number(n.to_bits()))
    } else if let Some(b) = value.as_bool() {
        Some(Identity::Other(b.into()))
    } else if value.is_undefined() {
        Some(Identity::Other(2))
    } else {
        // A string with lone surrogates has no text, and big integers have no cheap identity: each is a value of its own.
        value.as_string().and_then(|s| s.to_string().ok()).map(Identity::Text)
    }
}

/// The kind of an import or export in the JS API.
fn kind(ty: &ExternType) -> &'static str {
    match ty {
        ExternType::Func(_) => "function",
        ExternType::Global(_) => "global",
        ExternType::Table(_) => "table",
        ExternType::Memory(_) => "memory",
    }
}

/// The type of a function or global as `wasm.js` and `strings.js` write it: `externref i32 -> i32`, `mut i64`.
fn type_text(ty: &ExternType) -> String {
    let list = |types: &mut dyn Iterator<Item = ValType>| types.map(|t| t.to_string()).collect::<Vec<_>>().join(" ");
    match ty {
        ExternType::Func(f) => format!("{} -> {}", list(&mut f.params()), list(&mut f.results())),
        ExternType::Global(g) => match g.mutability() {
            Mutability::Const => g.content().to_string(),
            Mutability::Var => format!("mut {}", g.content()),
        },
        ExternType::Table(_) | ExternType::Memory(_) => String::new(),
    }
}

/// What `wasm.js` calls. Numbers of functions, memories, tables and globals are the core's; arguments are of the right
/// classes already.
#[rquickjs::methods(rename_all = "camelCase")]
impl<'js> Realm<'js> {
    /// Takes the hooks.
    fn setup(&self, hooks: Object<'js>) -> Result<()> {
        let hooks = Hooks {
            compile_error: hooks.get("CompileError")?,
            link_error: hooks.get("LinkError")?,
            runtime_error: hooks.get("runtimeError")?,
            iterate: hooks.get("iterate")?,
            new_resizable: hooks.get("newResizable")?,
            resize: hooks.get("resize")?,
        };
        self.hooks.set(hooks).map_err(|_| Error::Unknown)
    }

    /// Copies bytes out of a buffer.
    fn copy_bytes(&self, ctx: Ctx<'js>, buffer: Value<'js>, offset: f64, len: f64) -> Result<Class<'js, BytesSource>> {
        Class::instance(ctx.clone(), BytesSource::copy(&ctx, &buffer, offset as usize, len as usize)?)
    }

    /// Compiles; `keep` is whether the module's custom sections may be asked for.
    fn compile(
        &self,
        ctx: Ctx<'js>,
        bytes: Class<'js, BytesSource>,
        url: String,
        keep: bool,
    ) -> Result<Class<'js, NativeModule>> {
        let module = NativeModule::compile(&self.core, bytes.borrow().bytes(), &url, keep);
        let module = module.map_err(|e| self.throw_compile(&ctx, &e.to_string()))?;
        Class::instance(ctx, module)
    }

    /// A compiler that takes bytes as they come.
    fn stream(&self, ctx: Ctx<'js>, url: String) -> Result<Class<'js, crate::module::Stream>> {
        Class::instance(ctx, crate::module::Stream::new(&self.core, &url))
    }

    /// Gives the next bytes to a compiler, as far as they are in the view.
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
        let module = stream.borrow().finish(&self.core);
        Class::instance(ctx.clone(), module.map_err(|e| self.throw_compile(&ctx, &e.to_string()))?)
    }

    /// Frees what a compiler has so far.
    fn abort(&self, stream: Class<'js, crate::module::Stream>) {
        stream.borrow().abort();
    }

    /// `[name, kind, …]`
    fn module_exports(&self, ctx: Ctx<'js>, module: Class<'js, NativeModule>) -> Result<Array<'js>> {
        let array = Array::new(ctx)?;
        for (i, export) in module.borrow().module().exports().enumerate() {
            array.set(2 * i, export.name())?;
            array.set(2 * i + 1, kind(&export.ty()))?;
        }
        Ok(array)
    }

    /// A name from a module as messages show it.
    fn printable(&self, name: String) -> String {
        printable::name(&name).to_string()
    }

    /// `[module, name, kind, type, …]`; the type is empty for memories and tables.
    fn module_imports(&self, ctx: Ctx<'js>, module: Class<'js, NativeModule>) -> Result<Array<'js>> {
        let array = Array::new(ctx)?;
        for (i, import) in module.borrow().module().imports().enumerate() {
            let ty = import.ty();
            array.set(4 * i, import.module())?;
            array.set(4 * i + 1, import.name())?;
            array.set(4 * i + 2, kind(&ty))?;
            array.set(4 * i + 3, type_text(&ty))?;
        }
        Ok(array)
    }

    /// Copies of the custom sections called `name`.
    fn custom_sections(&self, ctx: Ctx<'js>, module: Class<'js, NativeModule>, name: Value<'js>) -> Result<Array<'js>> {
        let array = Array::new(ctx.clone())?;
        // A name with lone surrogates is no UTF-8, and so no section has it.
        let Some(name) = name.as_string().and_then(|s| s.to_string().ok()) else { return Ok(array) };
        for (i, payload) in module.borrow().custom_sections(name.as_bytes()).enumerate() {
            array.set(i, rquickjs::ArrayBuffer::new_copy(ctx.clone(), payload)?)?;
        }
        Ok(array)
    }

    /// The number of the function that `value`, which can be called, is for import `index`.
    fn import_func(&self, module: Class<'js, NativeModule>, index: usize, value: Value<'js>) -> u32 {
        if let Some(number) = self.number_of_func(&value) {
            return number;
        }
        let module = module.borrow();
        let import = module.import(index);
        let ty = import.ty.func().expect("wasm.js asks for imported functions").clone();
        let host = {
            let mut funcs = self.host_funcs.borrow_mut();
            funcs.push(value);
            (funcs.len() - 1) as u32
        };
        self.core.funcs.number(new_host(self, ty, host, import.funcs_before))
    }

    /// A new immutable global with `value`, for import `index`.
    fn import_global(
        &self,
        ctx: Ctx<'js>,
        module: Class<'js, NativeModule>,
        index: usize,
        value: Value<'js>,
    ) -> Result<u32> {
        let ty = module.borrow().import(index).ty.global().map(|g| g.content().clone());
        let content = ty.expect("wasm.js asks for imported globals");
        let value = to_wasm(&ctx, self, &value, &content)?;
        self.make_global(&ctx, GlobalType::new(content, Mutability::Const), value)
    }

    /// Instantiates with the things of these numbers. Returns `[name, kind, number, …]` of the exports.
    fn instantiate(&self, ctx: Ctx<'js>, module: Class<'js, NativeModule>, numbers: Vec<u32>) -> Result<Array<'js>> {
        let native = module.borrow();
        let module = native.module();
        let imports = numbers.iter().enumerate().map(|(i, &number)| match native.import(i).ty {
            ExternType::Func(_) => Extern::Func(self.core.funcs.get(number)),
            ExternType::Global(_) => Extern::Global(self.core.globals.get(number)),
            ExternType::Table(_) => Extern::Table(self.core.tables.get(number)),
            ExternType::Memory(_) => Extern::Memory(self.core.memories.get(number)),
        });
        let imports: Vec<Extern> = imports.collect();
        let made = self.core.with(|store| Instance::new(store, module, &imports));
        self.refresh_buffers(&ctx);
        let instance = made.map_err(|error| {
            if error.downcast_ref::<IncompatibleImport>().is_some() {
                self.throw_link(&ctx, &error.to_string())
            } else if error.downcast_ref::<Trap>().is_some() || error.downcast_ref::<func::Thrown>().is_some() {
                func::throw(&ctx, self, &error)
            } else {
                // What is left: memories and tables that cannot be had.
                Exception::throw_range(&ctx, &error.to_string())
            }
        })?;
        let exports: Vec<(String, Extern)> = self.core.with(|mut store| {
            let exports = instance.exports(&mut store);
            exports.map(|export| (export.name().to_string(), export.into_extern())).collect()
        });
        let array = Array::new(ctx)?;
        for (i, (name, item)) in exports.into_iter().enumerate() {
            let kind = match item {
                Extern::Func(_) => "function",
                Extern::Memory(_) => "memory",
                Extern::Table(_) => "table",
                Extern::Global(_) => "global",
            };
            array.set(3 * i, name)?;
            array.set(3 * i + 1, kind)?;
            array.set(3 * i + 2, self.number_of(item))?;
        }
        Ok(array)
    }

    /// The object of an exported function.
    #[qjs(rename = "funcObject")]
    fn func_object_js(&self, ctx: Ctx<'js>, number: u32) -> Result<Value<'js>> {
        self.func_object(&ctx, number)
    }

    /// A new memory.
    fn memory_new(&self, ctx: Ctx<'js>, min: u32, max: Value<'js>) -> Result<u32> {
        let max = max.as_number().map(|n| n as u32);
        let made = self.core.with(|store| Memory::new(store, MemoryType::new(min, max)));
        made.map(|m| self.core.memories.number(m)).map_err(|e| Exception::throw_range(&ctx, &e.to_string()))
    }

    /// A buffer over the memory; the memory must have none.
    fn memory_buffer(&self, ctx: Ctx<'js>, memory: u32, resizable: bool) -> Result<Value<'js>> {
        self.lend(&ctx, memory, resizable)
    }

    /// A SharedArrayBuffer of the first `len` bytes of a memory that never grows.
    fn memory_shared_buffer(&self, ctx: Ctx<'js>, memory: u32, len: f64) -> Result<Value<'js>> {
        let handle = self.core.memories.get(memory);
        let (base, size) = self.core.with(|store| (handle.data_ptr(&store), handle.data_size(&store)));
        buffer::fixed(&ctx, &self.core, base, (len as usize).min(size), true)
    }

    /// The buffer that is lent.
    fn memory_lent(&self, memory: u32) -> Option<Value<'js>> {
        self.lent.borrow().iter().find(|lent| lent.memory == memory).map(|lent| lent.buffer.clone())
    }

    /// Detaches the buffer that is lent, if one is.
    fn memory_recall(&self, ctx: Ctx<'js>, memory: u32) {
        let mut lent = self.lent.borrow_mut();
        if let Some(i) = lent.iter().position(|lent| lent.memory == memory) {
            let recalled = lent.swap_remove(i);
            drop(lent);
            buffer::detach(&ctx, &recalled.buffer);
        }
    }

    /// The maximum in pages, if there is one.
    fn memory_max(&self, memory: u32) -> Option<u64> {
        self.core.with(|store| self.core.memories.get(memory).ty(&store).maximum())
    }

    /// Grows a memory and returns what it had, in pages.
    fn memory_grow(&self, ctx: Ctx<'js>, memory: u32, delta: u32) -> Result<u32> {
        let grown = self.core.with(|store| self.core.memories.get(memory).grow(store, delta.into()));
        self.refresh_buffers(&ctx);
        grown.map(|old| old as u32).map_err(|e| Exception::throw_range(&ctx, &e.to_string()))
    }

    /// A new table; `init` is left out for the default.
    fn table_new(
        &self,
        ctx: Ctx<'js>,
        element: String,
        min: u32,
        max: Value<'js>,
        init: Opt<Value<'js>>,
    ) -> Result<u32> {
        let ty = self.value_type(&ctx, &element)?;
        let element = *ty.as_ref().ok_or_else(|| Exception::throw_type(&ctx, "not a reference type"))?;
        let init = self.table_value(&ctx, &element, init)?;
        let max = max.as_number().map(|n| n as u32);
        let made = self.core.with(|store| Table::new(store, TableType::new(element, min, max), init));
        made.map(|t| self.core.tables.number(t)).map_err(|e| Exception::throw_range(&ctx, &e.to_string()))
    }

    fn table_size(&self, table: u32) -> u32 {
        self.core.with(|store| self.core.tables.get(table).size(&store) as u32)
    }

    fn table_get(&self, ctx: Ctx<'js>, table: u32, index: u32) -> Result<Value<'js>> {
        let value = self.core.with(|store| self.core.tables.get(table).get(store, index.into()));
        match value {
            Some(value) => to_js(&ctx, self, &value.into()),
            None => Err(Exception::throw_range(&ctx, "table index out of bounds")),
        }
    }

    fn table_set(&self, ctx: Ctx<'js>, table: u32, index: u32, value: Opt<Value<'js>>) -> Result<()> {
        let table = self.core.tables.get(table);
        let element = self.core.with(|store| *table.ty(&store).element());
        let value = self.table_value(&ctx, &element, value)?;
        let set = self.core.with(|store| table.set(store, index.into(), value));
        set.map_err(|_| Exception::throw_range(&ctx, "table index out of bounds"))
    }

    fn table_grow(&self, ctx: Ctx<'js>, table: u32, delta: u32, value: Opt<Value<'js>>) -> Result<u32> {
        let table = self.core.tables.get(table);
        let element = self.core.with(|store| *table.ty(&store).element());
        let value = self.table_value(&ctx, &element, value)?;
        let grown = self.core.with(|store| table.grow(store, delta.into(), value));
        grown.map(|old| old as u32).map_err(|e| Exception::throw_range(&ctx, &e.to_string()))
    }

    /// A new global; `value` is left out for the default.
    fn global_new(&self, ctx: Ctx<'js>, ty: String, mutable: bool, value: Opt<Value<'js>>) -> Result<u32> {
        let ty = self.value_type(&ctx, &ty)?;
        let value = match value.0 {
            Some(value) => to_wasm(&ctx, self, &value, &ty)?,
            None => self.default_value(&ctx, &ty)?,
        };
        let mutability = if mutable { Mutability::Var } else { Mutability::Const };
        self.make_global(&ctx, GlobalType::new(ty, mutability), value)
    }

    fn global_get(&self, ctx: Ctx<'js>, global: u32) -> Result<Value<'js>> {
        let value = self.core.with(|store| self.core.globals.get(global).get(store));
        to_js(&ctx, self, &value)
    }

    fn global_is_mutable(&self, global: u32) -> bool {
        let ty = self.core.with(|store| self.core.globals.get(global).ty(&store));
        ty.mutability() == Mutability::Var
    }

    fn global_set(&self, ctx: Ctx<'js>, global: u32, value: Value<'js>) -> Result<()> {
        let global = self.core.globals.get(global);
        let ty = self.core.with(|store| global.ty(&store));
        let value = to_wasm(&ctx, self, &value, ty.content())?;
        self.core.with(|store| global.set(store, value)).map_err(|e| Exception::throw_type(&ctx, &e.to_string()))
    }

    /// The value as it comes back from WebAssembly.
    fn convert(&self, ctx: Ctx<'js>, ty: String, value: Value<'js>) -> Result<Value<'js>> {
        let ty = self.value_type(&ctx, &ty)?;
        to_js(&ctx, self, &to_wasm(&ctx, self, &value, &ty)?)
    }

    /// Whether `value` is an array buffer over a memory.
    fn is_lent(&self, value: Value<'js>) -> bool {
        value.is_object() && {
            let at = address(&value);
            self.lent.borrow().iter().any(|lent| address(&lent.buffer) == at)
        }
    }

    /// The memory that the array buffer `value` is over.
    fn memory_of(&self, value: Value<'js>) -> Option<u32> {
        let at = address(&value);
        self.lent.borrow().iter().find(|lent| address(&lent.buffer) == at).map(|lent| lent.memory)
    }
}

impl<'js> Realm<'js> {
    fn default_value(&self, ctx: &Ctx<'js>, ty: &ValType) -> Result<Val> {
        match ty {
            // DefaultValue of externref is ToWebAssemblyValue(undefined), not null.
            ValType::Ref(r) if r.heap_type() == RefType::EXTERNREF.heap_type() => {
                to_wasm(ctx, self, &Value::new_undefined(ctx.clone()), ty)
            }
            _ => Val::default_for_ty(ty).ok_or_else(|| Exception::throw_type(ctx, "this type has no default value")),
        }
    }

    fn table_value(&self, ctx: &Ctx<'js>, element: &RefType, value: Opt<Value<'js>>) -> Result<Ref> {
        match value.0 {
            Some(value) => to_ref(ctx, self, &value, element),
            None => {
                let value = self.default_value(ctx, &ValType::Ref(*element))?;
                Ok(value.ref_().expect("the default of a reference type is a reference"))
            }
        }
    }

    fn make_global(&self, ctx: &Ctx<'js>, ty: GlobalType, value: Val) -> Result<u32> {
        let made = self.core.with(|store| Global::new(store, ty, value));
        made.map(|g| self.core.globals.number(g)).map_err(|e| Exception::throw_range(ctx, &e.to_string()))
    }
}
