//! The realm: the JavaScript values that belong to the engine's objects, above all functions and references. The
//! functions that `wasm.js` calls are in `methods.rs`.
//!
//! Invariant: nothing here is borrowed while JavaScript may run, and it may run whenever an error is created
//! (`Error.prepareStackTrace`).

use crate::buffer::{self, Layout};
use crate::core::Core;
use crate::exception::{NativeException, Released};
use crate::exported;
use crate::func::Thrown;
use crate::nodes::Nodes;
use crate::objects::{HeapObject, HostValue};
use headwater::{Func, RefType, ValType};
use rquickjs::class::{Trace, Tracer};
use rquickjs::function::Constructor;
use rquickjs::{Array, Class, Ctx, Error, Exception, Function, JsLifetime, Object, Result, Value, qjs};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// What `wasm.js` passes to this half.
struct Hooks<'js> {
    compile_error: Constructor<'js>,
    link_error: Constructor<'js>,
    /// Makes a `RuntimeError` of a message and lines to put in front of its stack.
    runtime_error: Function<'js>,
    suspend_error: Constructor<'js>,
    /// Makes an array of what an iterable yields, if it yields this many values.
    iterate: Function<'js>,
    /// The object for a struct or array, if there is one, by its number.
    heap_object: Function<'js>,
    /// Makes one.
    new_heap_object: Function<'js>,
    /// Makes an object of the class `Exception` of what it represents.
    exception: Function<'js>,
    /// The reverse; `undefined` for other values.
    exception_of: Function<'js>,
}

/// Values of JavaScript that the store has, by number.
#[derive(Default)]
struct Externs<'js> {
    values: Vec<Option<Value<'js>>>,
    free: Vec<u32>,
}

/// See the module's documentation.
#[rquickjs::class(frozen)]
pub(crate) struct Realm<'js> {
    core: Rc<Core>,
    pub layout: Layout,
    hooks: OnceCell<Hooks<'js>>,
    /// Called whenever WebAssembly code was left, or a global set, if there are bindings to keep up.
    on_return: OnceCell<Function<'js>>,
    pub nodes: Nodes<'js>,
    /// The prototype of exported functions.
    func_prototype: OnceCell<Value<'js>>,
    externs: RefCell<Externs<'js>>,
    exception: Cell<Option<Value<'js>>>,
    awaited: Cell<Option<Value<'js>>>,
    /// Objects of the class `Exception` that exceptions in the store refer to, and how many there were.
    exception_objects: RefCell<HashMap<u32, Value<'js>>>,
    exception_count: Cell<u32>,
    pub released: Released,
}

// SAFETY: only the lifetime of values changes.
unsafe impl<'js> JsLifetime<'js> for Realm<'js> {
    type Changed<'to> = Realm<'to>;
}

impl<'js> Trace<'js> for Realm<'js> {
    fn trace<'a>(&self, tracer: Tracer<'a, 'js>) {
        if let Some(hooks) = self.hooks.get() {
            for class in [&hooks.compile_error, &hooks.link_error, &hooks.suspend_error] {
                tracer.mark(class.as_value());
            }
            for value in [&hooks.runtime_error, &hooks.iterate, &hooks.exception, &hooks.exception_of] {
                tracer.mark(value.as_value());
            }
            tracer.mark(hooks.heap_object.as_value());
            tracer.mark(hooks.new_heap_object.as_value());
        }
        if let Some(on_return) = self.on_return.get() {
            tracer.mark(on_return.as_value());
        }
        // What is borrowed for writing when the collector runs is not traversed, and so is not collected this time.
        self.nodes.trace(tracer);
        if let Some(prototype) = self.func_prototype.get() {
            tracer.mark(prototype);
        }
        if let Ok(values) = self.exception_objects.try_borrow() {
            values.values().for_each(|value| tracer.mark(value));
        }
        if let Ok(values) = self.externs.try_borrow() {
            values.values.iter().flatten().for_each(|value| tracer.mark(value));
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
            on_return: OnceCell::new(),
            nodes: Nodes::default(),
            func_prototype: OnceCell::new(),
            externs: RefCell::default(),
            exception: Cell::new(None),
            awaited: Cell::new(None),
            exception_objects: RefCell::default(),
            exception_count: Cell::new(0),
            released: Released::default(),
            core: core.clone(),
        };
        core.exported_class.set(exported::define_class(ctx)?);
        let realm = Class::instance(ctx.clone(), realm)?;
        core.home.set(Some((ctx.as_raw(), realm.as_value().as_raw())));
        Ok(realm)
    }

    pub fn core(&self) -> &Rc<Core> {
        &self.core
    }

    /// The object of this realm.
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

    /// Stores what `wasm.js` passes, before anything else.
    pub fn set_hooks(&self, object: &Object<'js>) -> Result<()> {
        let hooks = Hooks {
            compile_error: object.get("CompileError")?,
            link_error: object.get("LinkError")?,
            runtime_error: object.get("runtimeError")?,
            suspend_error: object.get("SuspendError")?,
            iterate: object.get("iterate")?,
            heap_object: object.get("heapObject")?,
            new_heap_object: object.get("newHeapObject")?,
            exception: object.get("exception")?,
            exception_of: object.get("exceptionOf")?,
        };
        self.func_prototype.set(object.get("functionPrototype")?).map_err(|_| Error::Unknown)?;
        self.hooks.set(hooks).map_err(|_| Error::Unknown)
    }

    fn hooks(&self) -> &Hooks<'js> {
        self.hooks.get().expect("wasm.js sets them before anything else")
    }

    /// Keeps an exception until the engine has unwound: the error that stands for it.
    pub fn park_exception(&self, exception: Value<'js>) -> headwater::Error {
        self.exception.set(Some(exception));
        headwater::Error::new(Thrown)
    }

    /// What an object of the class `Exception` represents; `None` for all other values.
    pub fn native_exception(&self, value: &Value<'js>) -> Result<Option<Class<'js, NativeException<'js>>>> {
        if !value.is_object() {
            return Ok(None);
        }
        self.hooks().exception_of.call((value.clone(),))
    }

    /// A new object of the class `Exception`.
    pub fn exception_object(&self, native: Class<'js, NativeException<'js>>) -> Result<Value<'js>> {
        self.hooks().exception.call((native,))
    }

    /// A number for an object that an exception refers to.
    pub fn next_object(&self) -> u32 {
        let number = self.exception_count.get();
        self.exception_count.set(number.wrapping_add(1));
        number
    }

    /// Keeps an object as long as an exception refers to the number that is returned.
    pub fn keep_object(&self, object: Value<'js>) -> u32 {
        let number = self.next_object();
        self.keep_object_as(number, object);
        number
    }

    /// The same with a number from [`Realm::next_object`]. Objects whose exceptions are gone are let go.
    pub fn keep_object_as(&self, number: u32, object: Value<'js>) {
        let released = std::mem::take(&mut *self.released.lock().unwrap_or_else(PoisonError::into_inner));
        let mut objects = self.exception_objects.borrow_mut();
        let gone: Vec<_> = released.into_iter().filter_map(|number| objects.remove(&number)).collect();
        objects.insert(number, object);
        drop(objects);
        // Whatever else goes with them may find the realm free.
        drop(gone);
    }

    /// The object that was kept.
    pub fn kept_object(&self, number: u32) -> Value<'js> {
        self.exception_objects.borrow()[&number].clone()
    }

    pub fn take_exception(&self) -> Option<Value<'js>> {
        self.exception.take()
    }

    /// Keeps what a function returned that suspends a call, until that is suspended.
    pub fn park_awaited(&self, value: Value<'js>) {
        self.awaited.set(Some(value));
    }

    pub fn take_awaited(&self) -> Option<Value<'js>> {
        self.awaited.take()
    }

    /// What an iterable yields, which must be `count` values.
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

    /// Throws a `RuntimeError` that scripts cannot catch: the embedder wants them to end.
    pub fn throw_uncatchable(&self, ctx: &Ctx<'js>, message: &str, frames: &str) -> Error {
        let made: Result<Value<'js>> = self.hooks().runtime_error.call((message, frames));
        if let Ok(error) = &made {
            // SAFETY: context and value are alive.
            unsafe { qjs::JS_SetUncatchableError(ctx.as_raw().as_ptr(), error.as_raw()) };
        }
        self.throw_made(ctx, made)
    }

    pub fn throw_compile(&self, ctx: &Ctx<'js>, message: &str) -> Error {
        self.throw_made(ctx, self.hooks().compile_error.construct((message,)))
    }

    pub fn throw_suspend(&self, ctx: &Ctx<'js>, message: &str) -> Error {
        self.throw_made(ctx, self.hooks().suspend_error.construct((message,)))
    }

    pub fn throw_link(&self, ctx: &Ctx<'js>, message: &str) -> Error {
        self.throw_made(ctx, self.hooks().link_error.construct((message,)))
    }

    /// The prototype of exported functions.
    pub fn func_prototype(&self) -> &Value<'js> {
        self.func_prototype.get().expect("wasm.js sets it before anything else")
    }

    /// The one object for a function (JS API, "a new Exported Function").
    pub fn func_object(&self, ctx: &Ctx<'js>, func: Func) -> Result<Value<'js>> {
        exported::object_of(ctx, self, func)
    }

    /// Keeps a value as long as the store has what is returned.
    pub fn keep_extern(&self, value: &Value<'js>) -> HostValue {
        self.release_externs();
        let mut externs = self.externs.borrow_mut();
        let number = match externs.free.pop() {
            Some(number) => {
                externs.values[number as usize] = Some(value.clone());
                number
            }
            None => {
                externs.values.push(Some(value.clone()));
                (externs.values.len() - 1) as u32
            }
        };
        HostValue::new(number, &self.core)
    }

    /// Lets go of values that the store has no more.
    pub fn release_externs(&self) {
        if !self.core.has_released() {
            return;
        }
        self.core.released_count.store(0, Ordering::Relaxed);
        let released = std::mem::take(&mut *self.core.released_externs.lock().unwrap_or_else(PoisonError::into_inner));
        let mut externs = self.externs.borrow_mut();
        let gone: Vec<_> = released.iter().map(|number| externs.values[*number as usize].take()).collect();
        externs.free.extend(released);
        drop(externs);
        // Whatever else goes with them may find the realm free.
        drop(gone);
    }

    pub fn extern_value(&self, number: u32) -> Value<'js> {
        self.externs.borrow().values[number as usize].clone().expect("the store has it")
    }

    /// The object for the struct or array with this number, if there is one.
    pub fn heap_object(&self, number: u32) -> Result<Option<Value<'js>>> {
        let known: Value<'js> = self.hooks().heap_object.call((number,))?;
        Ok((!known.is_undefined()).then_some(known))
    }

    /// A new one.
    pub fn new_heap_object(&self, number: u32, native: Class<'js, HeapObject>) -> Result<Value<'js>> {
        self.hooks().new_heap_object.call((number, native))
    }

    /// See [`buffer::refresh`].
    pub fn refresh_buffers(&self, ctx: &Ctx<'js>) {
        buffer::refresh(ctx, &self.core);
        self.returned();
    }

    /// See `wasm.js`: what is called, once this was set, whenever WebAssembly code was left, or a global set.
    pub fn keep_on_return(&self, callback: Function<'js>) {
        let _ = self.on_return.set(callback);
        self.core.watched.set(true);
    }

    /// WebAssembly code was left, or a global set.
    pub fn returned(&self) {
        if let Some(on_return) = self.on_return.get() {
            // It only assigns to bindings, which fails if memory is exhausted, and then changes nothing.
            if on_return.call::<_, ()>(()).is_err() {
                on_return.ctx().catch();
            }
        }
    }

    /// An element type or value type by its name in the JS API.
    pub fn value_type(&self, ctx: &Ctx<'js>, name: &str) -> Result<ValType> {
        Ok(match name {
            "i32" => ValType::I32,
            "i64" => ValType::I64,
            "f32" => ValType::F32,
            "f64" => ValType::F64,
            "v128" => ValType::V128,
            "anyfunc" | "funcref" => ValType::Ref(RefType::FUNCREF),
            "externref" => ValType::Ref(RefType::EXTERNREF),
            _ => return Err(Exception::throw_type(ctx, &format!("`{name}` is not a value type"))),
        })
    }
}
