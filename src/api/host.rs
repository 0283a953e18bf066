//! Host functions: closures of the embedder, and the boundary that compiled code calls them through.
//!
//! A closure never unwinds into compiled code: an error or a panic is parked in the store, and the trampoline unwinds
//! to the entry, where [`activation`](crate::vm::activation) picks it up.

use crate::api::call_hook::CallHook;
use crate::api::caller::Caller;
use crate::api::context::StoreContextMut;
use crate::api::instance::Instance;
use crate::api::resumable::Suspend;
use crate::api::store::StoreInner;
use crate::api::value::Val;
use crate::engine::{Demand, Engine};
use crate::types::FuncType;
use crate::vm::alloc;
use crate::vm::context::{HostFn, VMContext, ValRaw};
use crate::vm::exception::ThrownException;
use crate::vm::fiber::{self, CANNOT_WAIT, FiberContext};
use crate::vm::frames::RawBacktrace;
use crate::vm::host::HostFunc;
use crate::vm::host::VMHostFuncContext;
use crate::vm::resumable::{self, HostCall, SUSPENDED};
use crate::vm::store::StoreOpaque;
use crate::vm::thread;
use crate::vm::unwind::Unwind;
use crate::{Error, Result};
use anyhow::{Context, bail};
use std::future::Future;
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;

/// What a host function returns that can wait: a future in a box, as `Box::new(async move { … })` makes it.
pub type HostFuture<'a, R> = Box<dyn Future<Output = R> + Send + 'a>;

impl HostFunc {
    /// A function of a type that no WebAssembly function can have, all calls of which fail with `why`.
    pub(crate) fn uncallable<T>(engine: &Engine, ty: FuncType, why: String) -> HostFunc {
        let fails = move |_: Caller<'_, T>, _: &[Val], _: &mut [Val]| Err(Error::msg(why.clone()));
        let data = Untyped { ty: ty.clone(), closure: fails };
        // SAFETY: `call_untyped` interprets its data as what is passed here.
        unsafe { HostFunc::unreachable(engine, ty, untyped::<T, _>(&data), data) }
    }

    /// A function of type `ty` whose arguments and results have no static types.
    ///
    /// # Errors
    /// As [`HostFunc::from_raw`].
    pub(crate) fn new<T, F>(engine: &Engine, ty: FuncType, demand: Demand, closure: F) -> Result<HostFunc>
    where
        F: Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<()> + Send + Sync + 'static,
    {
        let data = Untyped { ty: ty.clone(), closure };
        // SAFETY: `call_untyped` interprets its data as what is passed here.
        unsafe { HostFunc::from_raw(engine, ty, demand, untyped::<T, F>(&data), data) }
    }

    /// The same of a closure that returns a future.
    ///
    /// # Errors
    /// As [`HostFunc::from_raw`].
    pub(crate) fn new_async<T, F>(engine: &Engine, ty: FuncType, demand: Demand, closure: F) -> Result<HostFunc>
    where
        F: for<'a> Fn(Caller<'a, T>, &'a [Val], &'a mut [Val]) -> HostFuture<'a, Result<()>> + Send + Sync + 'static,
    {
        let data = Untyped { ty: ty.clone(), closure };
        // SAFETY: `call_untyped_async` interprets its data as what is passed here.
        unsafe { HostFunc::from_raw(engine, ty, demand, call_untyped_async::<T, F>, data) }
    }
}

/// The data of [`call_untyped`].
struct Untyped<F> {
    ty: FuncType,
    closure: F,
}

/// How functions with such data are called.
fn untyped<T, F>(_: &Untyped<F>) -> HostFn
where
    F: Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<()> + Send + Sync + 'static,
{
    call_untyped::<T, F>
}

unsafe extern "C" fn call_untyped<T, F>(host: *mut VMContext, caller: *mut VMContext, args: *mut ValRaw) -> u32
where
    F: Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<()> + Send + Sync + 'static,
{
    // SAFETY: compiled code and `Func::call` pass what the boundary requires; the data is what `new` passed, and `args`
    // holds that many values.
    unsafe {
        call_closure(host, caller, args, |data: &Untyped<F>, caller: Caller<'_, T>| {
            with_values(&data.ty, caller, args, |caller, given, wanted| (data.closure)(caller, given, wanted))
        })
    }
}

unsafe extern "C" fn call_untyped_async<T, F>(host: *mut VMContext, caller: *mut VMContext, args: *mut ValRaw) -> u32
where
    F: for<'a> Fn(Caller<'a, T>, &'a [Val], &'a mut [Val]) -> HostFuture<'a, Result<()>> + Send + Sync + 'static,
{
    // SAFETY: as for `call_untyped`; the fiber is the one that runs.
    unsafe {
        call_waiting(host, caller, args, |data: &Untyped<F>, caller: Caller<'_, T>, fiber| {
            let fiber = fiber.context(CANNOT_WAIT)?;
            with_values(&data.ty, caller, args, |caller, given, wanted| {
                fiber.wait(Pin::from((data.closure)(caller, given, wanted)))?
            })
        })
    }
}

/// Calls `call` with the arguments that are in `args`, and writes its results there.
///
/// # Safety
/// `args` must hold values of the types of `ty`'s parameters, of the caller's store, and have room for its results.
unsafe fn with_values<T>(
    ty: &FuncType,
    mut caller: Caller<'_, T>,
    args: *mut ValRaw,
    call: impl FnOnce(Caller<'_, T>, &[Val], &mut [Val]) -> Result<()>,
) -> Result<()> {
    let (params, results) = (ty.num_params(), ty.num_results());
    let mut values = alloc::with_room("arguments and results", params + results)?;
    for (i, ty) in ty.params().enumerate() {
        // SAFETY: guaranteed by the caller.
        values.push(Val::of_raw(unsafe { *args.add(i) }, &ty, &caller.store.0.opaque));
    }
    values.resize(params + results, Val::I32(0));
    let (given, wanted) = values.split_at_mut(params);
    for (value, ty) in wanted.iter_mut().zip(ty.results()) {
        // A reference without null has no default: what the function does not set is refused.
        *value = Val::default_for_ty(&ty).unwrap_or(Val::I32(0));
    }
    call(reborrow(&mut caller), given, wanted)?;
    // SAFETY: guaranteed by the caller.
    unsafe { write_results(&caller.store.0.opaque, ty, wanted, args) }
}

/// Writes the results of a host function of type `ty`, which are as many as it has, to `args`.
///
/// # Errors
/// If one is not of its type.
///
/// # Safety
/// `args` must have room for them.
pub(crate) unsafe fn write_results(
    store: &StoreOpaque,
    ty: &FuncType,
    results: &[Val],
    args: *mut ValRaw,
) -> Result<()> {
    for (i, (value, ty)) in results.iter().zip(ty.results()).enumerate() {
        let raw = value.raw_of(store, &ty).context("function attempted to return an incompatible value")?;
        // SAFETY: guaranteed by the caller.
        unsafe { *args.add(i) = raw };
    }
    Ok(())
}

/// Runs the closure of the host function whose context is `host`, and parks its error or panic.
///
/// # Safety
/// To be called as a [`HostFn`] is, with its arguments; the function's data must be an `F`, and its store's data
/// a `T`.
#[inline]
pub(crate) unsafe fn call_closure<T, F>(
    host: *mut VMContext,
    caller: *mut VMContext,
    args: *mut ValRaw,
    call: impl FnOnce(&F, Caller<'_, T>) -> Result<()>,
) -> u32 {
    // SAFETY: guaranteed by the caller.
    unsafe { call_waiting(host, caller, args, |data, caller, _| call(data, caller)) }
}

/// The same for a closure that may wait on the fiber that it is passed.
///
/// # Safety
/// As for [`call_closure`].
#[inline]
pub(crate) unsafe fn call_waiting<T, F>(
    host: *mut VMContext,
    caller: *mut VMContext,
    args: *mut ValRaw,
    call: impl FnOnce(&F, Caller<'_, T>, Option<&FiberContext>) -> Result<()>,
) -> u32 {
    // SAFETY: guaranteed by the caller. The store was borrowed by whoever called into it last, and that borrow's
    // pointer is in the store's context; nothing uses it before this function returns.
    let (inner, data) = unsafe {
        let host = host.cast::<VMHostFuncContext>();
        let inner: *mut StoreInner<T> = (*(*host).header.store).store.cast();
        (inner, &*(*host).host_data.cast::<F>())
    };
    // SAFETY: as above.
    unsafe { (*inner).opaque.debug_assert_float_pins() };
    // SAFETY: the store outlives the call.
    let slot = unsafe { &raw mut (*inner).opaque.fiber };
    // SAFETY: a fiber that is the store's is the one that runs. It calls this function again, on another stack, where
    // it is not the store's.
    unsafe {
        if let Some(fiber) = (*slot).as_ref()
            && fiber.is_resumable()
        {
            return fiber.call_host(HostCall { host: host.cast(), caller, args });
        }
    }
    // SAFETY: as above.
    let handles = unsafe { (*inner).opaque.handles() };
    let run = |fiber: Option<&FiberContext>| {
        // SAFETY: see above.
        let store = StoreContextMut(unsafe { &mut *inner });
        // SAFETY: `caller` is null or a context of this store, whose instance, if any, lives as long.
        let instance = unsafe { caller.as_ref().and_then(|c| c.instance().as_ref()) };
        let instance = instance.map(|i| Instance::of(&store.0.opaque, i));
        within_host(Caller { store, caller: instance }, |caller| call(data, caller, fiber))
    };
    // SAFETY: the store outlives the call.
    let result = unsafe { fiber::without(slot, |fiber| panic::catch_unwind(AssertUnwindSafe(|| run(fiber)))) };
    // SAFETY: the closure is done with the store.
    unsafe { (*inner).opaque.end_handles(handles) };
    match result {
        Ok(Ok(())) => 0,
        // SAFETY: the closure is done with the store.
        failed => park(unsafe { &mut (*inner).opaque }, !caller.is_null(), failed),
    }
}

/// [`call_closure`] for closures that get nothing of their store, and so neither make handles nor wait.
///
/// # Safety
/// As for [`call_closure`].
#[inline(always)]
pub(crate) unsafe fn call_detached<T, F>(
    host: *mut VMContext,
    caller: *mut VMContext,
    args: *mut ValRaw,
    call: unsafe fn(&F, &StoreOpaque, *mut ValRaw) -> Result<()>,
) -> u32 {
    // SAFETY: as in `call_waiting`.
    unsafe {
        let context = host.cast::<VMHostFuncContext>();
        let inner: *mut StoreInner<T> = (*(*context).header.store).store.cast();
        // On a fiber, and where hooks are called, there is more to do.
        if !(*inner).opaque.fiber.is_null() || (*inner).call_hook.is_some() {
            return call_attached::<T, F>(host, caller, args, call);
        }
        (*inner).opaque.debug_assert_float_pins();
        let data = &*(*context).host_data.cast::<F>();
        let run = || call(data, &(*inner).opaque, args);
        match panic::catch_unwind(AssertUnwindSafe(run)) {
            Ok(Ok(())) => 0,
            failed => park(&mut (*inner).opaque, !caller.is_null(), failed),
        }
    }
}

/// [`call_detached`] by way of [`call_closure`].
///
/// # Safety
/// As for [`call_closure`].
#[cold]
#[inline(never)]
unsafe fn call_attached<T, F>(
    host: *mut VMContext,
    caller: *mut VMContext,
    args: *mut ValRaw,
    call: unsafe fn(&F, &StoreOpaque, *mut ValRaw) -> Result<()>,
) -> u32 {
    // SAFETY: guaranteed by the caller.
    unsafe { call_closure(host, caller, args, |data, caller: Caller<'_, T>| call(data, &caller.store.0.opaque, args)) }
}

/// Calls a host function by `call`.
#[inline(always)]
fn within_host<T>(mut caller: Caller<'_, T>, call: impl FnOnce(Caller<'_, T>) -> Result<()>) -> Result<()> {
    if caller.store.0.call_hook.is_none() {
        return call(caller);
    }
    caller.store.0.passes(CallHook::CallingHost)?;
    let outcome = call(reborrow(&mut caller));
    caller.store.0.passes(CallHook::ReturningFromHost)?;
    outcome
}

/// Leaves the reason why a host function failed, which compiled code called if `from_code`. Returns what the function
/// does.
#[cold]
pub(crate) fn park(store: &mut StoreOpaque, from_code: bool, failed: std::thread::Result<Result<()>>) -> u32 {
    let unwind = match failed {
        Ok(Ok(())) => return 0,
        Ok(Err(error)) if error.downcast_ref::<Suspend>().is_some() => {
            if resumable::may_suspend(store.vm()) {
                return SUSPENDED;
            }
            // Another error, which does not suspend a call further out.
            return park(store, from_code, Ok(Err(Error::msg(Suspend::IMPOSSIBLE))));
        }
        Ok(Err(error)) if from_code && is_thrown(store, &error) => return THROWN,
        Ok(Err(error)) if from_code => Unwind::error(error, || {
            // SAFETY: compiled code called the host function, which is just about to return.
            unsafe { RawBacktrace::capture(store.vm(), thread::innermost(), None) }
        }),
        Ok(Err(error)) => Unwind::error(error, RawBacktrace::default),
        Err(payload) => Unwind::Panic(payload),
    };
    store.park(unwind);
    1
}

/// What a host function returns for an exception that is pending in the store.
const THROWN: u32 = 2;

/// Whether the error stands for the exception that is pending in the store.
fn is_thrown(store: &StoreOpaque, error: &Error) -> bool {
    error.downcast_ref::<ThrownException>().is_some() && store.exceptions().borrow().pending.is_some()
}

/// The same caller, to be passed to a closure and used again afterwards.
pub(crate) fn reborrow<'a, T>(caller: &'a mut Caller<'_, T>) -> Caller<'a, T> {
    Caller { store: StoreContextMut(&mut *caller.store.0), caller: caller.caller }
}

/// Checks that a function of another engine is not linked by mistake: canonical numbers would not mean the same types.
pub(crate) fn check_engine(a: &Engine, b: &Engine) -> Result<()> {
    if !Engine::same(a, b) {
        bail!("objects of different engines cannot be used together");
    }
    Ok(())
}
