//! Calls that can be awaited, and host functions that are futures: the methods whose names end in `_async`.
//!
//! A call runs on a fiber ([`fiber`](crate::vm::fiber)), that is, a stack of its own from a pool of the engine's, so
//! that it can give the thread back in the middle of WebAssembly code.

use crate::api::caller::Caller;
use crate::api::closure::{GRANTED, WasmRet};
use crate::api::context::{AsContextMut, StoreContextMut};
use crate::api::externals::Extern;
use crate::api::func::Func;
use crate::api::host::{self, HostFuture};
use crate::api::instance::Instance;
use crate::api::limits::ResourceLimiterAsync;
use crate::api::linker::{InstancePre, Linker, REACTOR};
use crate::api::memory::Memory;
use crate::api::store::{Store, StoreInner};
use crate::api::table::Table;
use crate::api::typed::{Opaque, TypedFunc, WasmParams, WasmResults, WasmTyList};
use crate::api::value::{Ref, Val};
use crate::engine::Demand;
use crate::types::{ExternType, FuncType, MemoryType, TableType};
use crate::vm::context::{VMContext, ValRaw};
use crate::vm::deadline::UpdateDeadline;
use crate::vm::fiber::{CANNOT_WAIT, Fiber};
use crate::vm::host::{HostFunc, check_width};
use crate::vm::store::StoreOpaque;
use crate::{Engine, Module, Result};
use anyhow::Context as _;
use corosensei::stack::DefaultStack;
use std::future::Future;
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll};

/// A pointer that is used by whoever runs the fiber that it was given to.
struct SendPtr<T>(*mut T);

// SAFETY: what it points to belongs to one future, and is sent with it.
unsafe impl<T: Send> Send for SendPtr<T> {}

impl<T> SendPtr<T> {
    /// A method, so that closures capture the whole.
    fn get(&self) -> *mut T {
        self.0
    }
}

/// A fiber until its end. Gives its stack.
struct Running(Fiber);

impl Future for Running {
    type Output = Result<DefaultStack>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        match self.0.resume(task) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(stack)) => Poll::Ready(Ok(stack)),
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

/// Runs `body`, which uses the store, on a fiber, where it may wait.
///
/// # Errors
/// Those of `body`, or if there is no memory for a stack.
///
/// # Panics
/// If `body` does.
pub(crate) async fn on_fiber<T: Send, R: Send>(
    store: &mut StoreContextMut<'_, T>,
    body: impl FnOnce(&mut StoreContextMut<'_, T>) -> Result<R> + Send,
) -> Result<R> {
    let mut outcome: Option<std::thread::Result<Result<R>>> = None;
    let running = {
        let stack = store.engine().take_stack()?;
        let opaque = store.as_ptr();
        let (outcome, store) = (SendPtr(&raw mut outcome), SendPtr::<StoreInner<T>>(opaque.cast()));
        let run = move || {
            // SAFETY: the store is borrowed as long as the future, which drops the fiber, and `outcome` after it.
            // Nothing else uses either until the fiber has ended.
            unsafe {
                let mut store = StoreContextMut(&mut *store.get());
                *outcome.get() = Some(panic::catch_unwind(AssertUnwindSafe(|| body(&mut store))));
            }
        };
        // SAFETY: as above.
        Running(unsafe { Fiber::new(StoreOpaque::home(opaque), stack, None, run) })
    };
    let stack = running.await?;
    store.engine().put_stack(stack);
    match outcome.expect("the fiber has ended") {
        Ok(result) => result,
        Err(payload) => panic::resume_unwind(payload),
    }
}

impl Func {
    /// Calls it, like [`Func::call`], and lets it wait: for host functions that are futures ([`Func::wrap_async`],
    /// [`Func::new_async`], those of a [`Linker`]), and where [`Store::epoch_deadline_async_yield_and_update`],
    /// [`Store::fuel_async_yield_interval`] or an asynchronous limiter ask for it. While it waits, the thread is free for
    /// other tasks, and the call may go on on another one.
    ///
    /// If the future is dropped before its end, the futures that the call waits for are dropped, and the call ends as if
    /// they had failed: WebAssembly code runs no further.
    ///
    /// ```
    /// use headwater::{Engine, Func, FuncType, Store, Val, ValType};
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    /// # runtime.block_on(async {
    /// let mut store = Store::new(&Engine::default(), ());
    /// let later = Func::wrap_async(&mut store, |_caller, (n,): (i32,)| {
    ///     Box::new(async move {
    ///         tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    ///         n + 1
    ///     })
    /// });
    /// let mut results = [Val::I32(0)];
    /// later.call_async(&mut store, &[Val::I32(41)], &mut results).await?;
    /// assert_eq!(results[0].unwrap_i32(), 42);
    /// # Ok::<(), headwater::Error>(())
    /// # })?;
    /// # Ok::<(), headwater::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Func::call`], and if there is no memory for a stack.
    ///
    /// # Panics
    /// As [`Func::call`], when the future is polled.
    pub async fn call_async(
        &self,
        mut store: impl AsContextMut<Data: Send>,
        params: &[Val],
        results: &mut [Val],
    ) -> Result<()> {
        on_fiber(&mut store.as_context_mut(), |store| self.call(store, params, results)).await
    }

    /// A host function of type `ty` whose calls are futures. Otherwise like [`Func::new`].
    ///
    /// # Panics
    /// As [`Func::new`].
    pub fn new_async<T>(
        mut store: impl AsContextMut<Data = T>,
        ty: FuncType,
        func: impl for<'a> Fn(Caller<'a, T>, &'a [Val], &'a mut [Val]) -> HostFuture<'a, Result<()>> + Send + Sync + 'static,
    ) -> Func {
        let store = &mut store.as_context_mut().0.opaque;
        let func = match check_width(&ty) {
            Ok(()) => HostFunc::new_async(store.engine(), ty, Demand::Insisting, func).expect(GRANTED),
            Err(why) => HostFunc::uncallable::<T>(store.engine(), ty, why.to_string()),
        };
        Func::from_host(store, func)
    }

    /// A host function whose calls are futures, with static types: the parameters are a tuple, and the result of the
    /// future is a [`WasmRet`]. Otherwise like [`Func::wrap`].
    ///
    /// # Panics
    /// As [`Func::new`].
    pub fn wrap_async<T, Params, Ret>(
        mut store: impl AsContextMut<Data = T>,
        func: impl for<'a> Fn(Caller<'a, T>, Params) -> HostFuture<'a, Ret> + Send + Sync + 'static,
    ) -> Func
    where
        Params: WasmTyList,
        Ret: WasmRet,
    {
        let store = &mut store.as_context_mut().0.opaque;
        let func = wrap(store.engine(), Demand::Insisting, func).expect(GRANTED);
        Func::from_host(store, func)
    }
}

/// A closure with static types that returns a future as a host function.
///
/// # Errors
/// As [`HostFunc::from_raw`].
fn wrap<T, F, Params, Ret>(engine: &Engine, demand: Demand, func: F) -> Result<HostFunc>
where
    F: for<'a> Fn(Caller<'a, T>, Params) -> HostFuture<'a, Ret> + Send + Sync + 'static,
    Params: WasmTyList,
    Ret: WasmRet,
{
    unsafe extern "C" fn call<T, F, Params, Ret>(host: *mut VMContext, caller: *mut VMContext, args: *mut ValRaw) -> u32
    where
        F: for<'a> Fn(Caller<'a, T>, Params) -> HostFuture<'a, Ret> + Send + Sync + 'static,
        Params: WasmTyList,
        Ret: WasmRet,
    {
        // SAFETY: compiled code and `Func::call` pass what the boundary requires; the data is what `from_raw` was given,
        // and `args` holds values of these types and has room for the results. The fiber is the one that runs.
        unsafe {
            host::call_waiting(host, caller, args, |closure: &F, mut caller: Caller<'_, T>, fiber| {
                let fiber = fiber.context(CANNOT_WAIT)?;
                let params = Params::load(&Opaque(&caller.store.0.opaque), args);
                let ret = fiber.wait(Pin::from(closure(host::reborrow(&mut caller), params)))?;
                ret.put(&Opaque(&caller.store.0.opaque), args)
            })
        }
    }

    let ty = FuncType::of(Params::valtypes(), Ret::valtypes());
    // SAFETY: `call` interprets its data as the closure, and the type is made of the same types.
    unsafe { HostFunc::from_raw(engine, ty, demand, call::<T, F, Params, Ret>, func) }
}

impl<Params, Results> TypedFunc<Params, Results>
where
    Params: WasmParams,
    Results: WasmResults,
{
    /// Calls it, and lets it wait: see [`Func::call_async`].
    ///
    /// # Errors
    /// As [`TypedFunc::call`], and if there is no memory for a stack.
    ///
    /// # Panics
    /// As [`TypedFunc::call`], when the future is polled.
    pub async fn call_async(&self, mut store: impl AsContextMut<Data: Send>, params: Params) -> Result<Results> {
        on_fiber(&mut store.as_context_mut(), |store| self.call(store, params)).await
    }
}

impl Instance {
    /// Makes an instance, like [`Instance::new`], and lets its start function and the limiter wait: see
    /// [`Func::call_async`].
    ///
    /// # Errors
    /// As [`Instance::new`], and if there is no memory for a stack.
    pub async fn new_async(
        mut store: impl AsContextMut<Data: Send>,
        module: &Module,
        imports: &[Extern],
    ) -> Result<Instance> {
        on_fiber(&mut store.as_context_mut(), |store| Instance::new(store, module, imports)).await
    }
}

impl<T: Send> InstancePre<T> {
    /// Like [`InstancePre::instantiate`], but may wait: see [`Instance::new_async`].
    ///
    /// # Errors
    /// As described there.
    pub async fn instantiate_async(&self, mut store: impl AsContextMut<Data = T>) -> Result<Instance> {
        on_fiber(&mut store.as_context_mut(), |store| self.instantiate(store)).await
    }
}

impl<T> Linker<T> {
    /// Defines a host function whose calls are futures, like [`Func::new_async`].
    ///
    /// # Errors
    /// As [`Linker::func_new`].
    pub fn func_new_async(
        &mut self,
        module: &str,
        name: &str,
        ty: FuncType,
        func: impl for<'a> Fn(Caller<'a, T>, &'a [Val], &'a mut [Val]) -> HostFuture<'a, Result<()>> + Send + Sync + 'static,
    ) -> Result<&mut Linker<T>> {
        let func = HostFunc::new_async(self.engine(), ty, Demand::Bounded, func)?;
        self.define_host(module, name, func)
    }

    /// Defines a host function whose calls are futures, with static types, like [`Func::wrap_async`].
    ///
    /// ```
    /// use headwater::{Engine, Linker, Module, Store};
    /// use std::time::Duration;
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    /// # runtime.block_on(async {
    /// let engine = Engine::default();
    /// let mut linker: Linker<u64> = Linker::new(&engine);
    /// linker.func_wrap_async("host", "sleep", |mut caller, (ms,): (u64,)| {
    ///     Box::new(async move {
    ///         tokio::time::sleep(Duration::from_millis(ms)).await;
    ///         *caller.data_mut() += ms;
    ///     })
    /// })?;
    /// let module = Module::new(&engine, wat::parse_str(r#"(module
    ///     (import "host" "sleep" (func $sleep (param i64)))
    ///     (func (export "nap") (call $sleep (i64.const 2)) (call $sleep (i64.const 3))))"#)?)?;
    /// let mut store = Store::new(&engine, 0);
    /// let instance = linker.instantiate_async(&mut store, &module).await?;
    /// instance.get_typed_func::<(), ()>(&mut store, "nap")?.call_async(&mut store, ()).await?;
    /// assert_eq!(*store.data(), 5);
    /// # Ok::<(), headwater::Error>(())
    /// # })?;
    /// # Ok::<(), headwater::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Linker::func_wrap`].
    pub fn func_wrap_async<Params, Ret>(
        &mut self,
        module: &str,
        name: &str,
        func: impl for<'a> Fn(Caller<'a, T>, Params) -> HostFuture<'a, Ret> + Send + Sync + 'static,
    ) -> Result<&mut Linker<T>>
    where
        Params: WasmTyList,
        Ret: WasmRet,
    {
        let func = wrap(self.engine(), Demand::Bounded, func)?;
        self.define_host(module, name, func)
    }

    /// Like [`Linker::instantiate`], but may wait: see [`Instance::new_async`].
    ///
    /// # Errors
    /// As described there.
    pub async fn instantiate_async(&self, mut store: impl AsContextMut<Data = T>, module: &Module) -> Result<Instance>
    where
        T: Send,
    {
        on_fiber(&mut store.as_context_mut(), |store| self.instantiate(store, module)).await
    }
}

impl<T: Send + 'static> Linker<T> {
    /// Like [`Linker::module`], but may wait: see [`Instance::new_async`]. Calls of a command's functions are to be
    /// awaited, too.
    ///
    /// # Errors
    /// As described there.
    pub async fn module_async(
        &mut self,
        mut store: impl AsContextMut<Data = T>,
        module_name: &str,
        module: &Module,
    ) -> Result<&mut Linker<T>> {
        let mut store = store.as_context_mut();
        if !matches!(module.get_export("_start"), Some(ExternType::Func(_))) {
            let instance = self.instantiate_async(&mut store, module).await?;
            if let Some(initialize) = instance.get_func(&mut store, "_initialize") {
                let initialize = initialize.typed::<(), ()>(&store).context(REACTOR)?;
                initialize.call_async(&mut store, ()).await.context(REACTOR)?;
            }
            return self.instance(store, module_name, instance);
        }
        let pre = self.instantiate_pre(module)?;
        for export in module.exports() {
            let ExternType::Func(ty) = export.ty() else { continue };
            let (pre, name) = (pre.clone(), export.name().to_string());
            self.func_new_async(module_name, export.name(), ty, move |mut caller: Caller<'_, T>, params, results| {
                let (pre, name) = (pre.clone(), name.clone());
                Box::new(async move {
                    let instance = pre.instantiate_async(&mut caller).await?;
                    let func = instance.get_func(&mut caller, &name).expect("the module exports this function");
                    func.call_async(&mut caller, params, results).await
                })
            })?;
        }
        Ok(self)
    }
}

impl Memory {
    /// Like [`Memory::new`] for a store with an asynchronous limiter ([`Store::limiter_async`]).
    ///
    /// # Errors
    /// As described there.
    pub async fn new_async(mut store: impl AsContextMut<Data: Send>, ty: MemoryType) -> Result<Memory> {
        on_fiber(&mut store.as_context_mut(), |store| Memory::new(store, ty)).await
    }

    /// Like [`Memory::grow`] for a store with an asynchronous limiter ([`Store::limiter_async`]).
    ///
    /// # Errors
    /// As described there.
    pub async fn grow_async(&self, mut store: impl AsContextMut<Data: Send>, delta: u64) -> Result<u64> {
        on_fiber(&mut store.as_context_mut(), |store| self.grow(store, delta)).await
    }
}

impl Table {
    /// Like [`Table::new`] for a store with an asynchronous limiter ([`Store::limiter_async`]).
    ///
    /// # Errors
    /// As described there.
    pub async fn new_async(mut store: impl AsContextMut<Data: Send>, ty: TableType, init: Ref) -> Result<Table> {
        on_fiber(&mut store.as_context_mut(), |store| Table::new(store, ty, init)).await
    }

    /// Like [`Table::grow`] for a store with an asynchronous limiter ([`Store::limiter_async`]).
    ///
    /// # Errors
    /// As described there.
    pub async fn grow_async(&self, mut store: impl AsContextMut<Data: Send>, delta: u64, init: Ref) -> Result<u64> {
        on_fiber(&mut store.as_context_mut(), |store| self.grow(store, delta, init)).await
    }
}

impl<T> Store<T> {
    /// Lets other tasks run whenever the epoch's deadline is reached; the next deadline is `delta` epochs from then. Code
    /// must be called asynchronously then ([`Func::call_async`]); a call that is not ends with an error at the deadline.
    pub fn epoch_deadline_async_yield_and_update(&mut self, delta: u64) {
        self.as_context_mut().epoch_deadline_async_yield_and_update(delta);
    }

    /// Lets other tasks run whenever `interval` units of fuel were used; with `None` no more. Code must be called
    /// asynchronously then ([`Func::call_async`]); a call that is not ends with an error when it has used that much.
    ///
    /// # Errors
    /// If the engine does not count fuel, or the interval is 0.
    pub fn fuel_async_yield_interval(&mut self, interval: Option<u64>) -> Result<()> {
        self.as_context_mut().fuel_async_yield_interval(interval)
    }

    /// Like [`Store::limiter`], for a limiter that can wait. What it decides about must be created and grow
    /// asynchronously then: with [`Func::call_async`], [`Instance::new_async`], [`Memory::grow_async`] and so on.
    /// Otherwise it fails.
    pub fn limiter_async(
        &mut self,
        limiter: impl (FnMut(&mut T) -> &mut dyn ResourceLimiterAsync) + Send + Sync + 'static,
    ) {
        self.inner_mut().set_limiter_async(Box::new(limiter));
    }
}

impl<T> StoreContextMut<'_, T> {
    /// See [`Store::epoch_deadline_async_yield_and_update`].
    pub fn epoch_deadline_async_yield_and_update(&mut self, delta: u64) {
        self.0.set_on_deadline(Box::new(move |_| Ok(UpdateDeadline::Yield(delta))));
    }

    /// See [`Store::fuel_async_yield_interval`].
    ///
    /// # Errors
    /// As described there.
    pub fn fuel_async_yield_interval(&mut self, interval: Option<u64>) -> Result<()> {
        self.0.opaque.set_fuel_interval(interval)
    }
}
