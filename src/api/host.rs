//! Host functions: closures of the embedder, and the border that compiled code calls them through.
//!
//! A closure never unwinds into compiled code: an error or a panic is parked in the store, and the
//! trampoline unwinds to the entry, where [`activation`](crate::vm::activation) takes it up again.

use crate::api::context::{Caller, StoreContextMut};
use crate::api::instance::Instance;
use crate::api::store::{StoreInner, StoreOpaque};
use crate::api::types::FuncType;
use crate::api::value::Val;
use crate::engine::{Demand, Engine, TypeUse};
use crate::vm::activation::{self, Unwind};
use crate::vm::alloc;
use crate::vm::context::{HostFn, VMContext, VMHostFuncContext, ValRaw};
use crate::vm::frames::RawBacktrace;
use crate::{Error, Result};
use anyhow::{Context, bail};
use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::ptr;
use std::sync::Arc;

/// A host function that belongs to no store yet.
pub struct HostFunc {
    pub(crate) ty: FuncType,
    /// Keeps the trampoline.
    type_use: TypeUse,
    /// Where compiled code calls it; null for a type that no compiled code can have.
    pub(crate) host_call: *const u8,
    pub(crate) host_fn: HostFn,
    /// Of the type that `host_fn` was made for.
    closure: Arc<dyn Any + Send + Sync>,
}

// SAFETY: `host_call` points to immutable code.
unsafe impl Send for HostFunc {}
// SAFETY: as above.
unsafe impl Sync for HostFunc {}

impl HostFunc {
    /// The function of type `ty` that `host_fn` implements with the closure `F`.
    ///
    /// # Errors
    /// If no WebAssembly function can have the type, if the system has no memory for its trampolines, or if they do not fit the
    /// engine's budget and `demand` does not insist.
    ///
    /// # Safety
    /// `host_fn` must take its `HOST_DATA` for an `F`, and parameters and results as `ty` says.
    pub(crate) unsafe fn from_raw<F>(
        engine: &Engine,
        ty: FuncType,
        demand: Demand,
        host_fn: HostFn,
        closure: F,
    ) -> Result<HostFunc>
    where
        F: Send + Sync + 'static,
    {
        check_width(&ty)?;
        let type_use = engine.use_type(&ty);
        let host_call = engine.trampolines(type_use.number(), demand)?.host_call;
        Ok(HostFunc { ty, type_use, host_call, host_fn, closure: Arc::new(closure) })
    }

    /// A function of a type that no WebAssembly function can have, all calls of which fail with `why`.
    pub(crate) fn uncallable<T>(engine: &Engine, ty: FuncType, why: String) -> HostFunc {
        let fails = move |_: Caller<'_, T>, _: &[Val], _: &mut [Val]| Err(Error::msg(why.clone()));
        let type_use = engine.use_type(&ty);
        let (closure, host_call) = (Arc::new(Untyped { ty: ty.clone(), closure: fails }), ptr::null());
        HostFunc { ty, type_use, host_call, host_fn: untyped::<T, _>(&closure), closure }
    }

    /// The canonical number of its type.
    pub(crate) fn canonical(&self) -> u32 {
        self.type_use.number()
    }

    /// A function of type `ty` that takes and gives values without static types.
    ///
    /// # Errors
    /// As [`HostFunc::from_raw`].
    pub(crate) fn new<T, F>(engine: &Engine, ty: FuncType, demand: Demand, closure: F) -> Result<HostFunc>
    where
        F: Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<()> + Send + Sync + 'static,
    {
        let data = Untyped { ty: ty.clone(), closure };
        // SAFETY: `call_untyped` takes its data for what is given here.
        unsafe { HostFunc::from_raw(engine, ty, demand, untyped::<T, F>(&data), data) }
    }

    /// What to put into `HOST_DATA`.
    pub(crate) fn data(&self) -> *const () {
        Arc::as_ptr(&self.closure).cast()
    }
}

/// The most parameters, and the most results, that a WebAssembly function may have (JavaScript interface, "Implementation-defined
/// limits").
const MAX_WIDTH: usize = 1000;

/// Checks that some WebAssembly function can have the type `ty`.
///
/// # Errors
/// If it has too many parameters or results.
pub(crate) fn check_width(ty: &FuncType) -> Result<()> {
    for (what, count) in [("parameters", ty.param_slice().len()), ("results", ty.result_slice().len())] {
        if count > MAX_WIDTH {
            bail!("a function type with {count} {what}: there may be {MAX_WIDTH} at most");
        }
    }
    Ok(())
}

impl std::fmt::Debug for HostFunc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HostFunc").field("ty", &self.ty).finish_non_exhaustive()
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
    // SAFETY: compiled code and `Func::call` pass what the border asks for; the data is what `new` gave, and
    // `args` holds so many values.
    unsafe {
        call_closure(host, caller, |data: &Untyped<F>, mut caller: Caller<'_, T>| {
            let (params, results) = (data.ty.param_slice(), data.ty.result_slice());
            let store: &StoreOpaque = &caller.store.0.opaque;
            let mut values = alloc::with_room("arguments and results", params.len() + results.len())?;
            for (i, ty) in params.iter().enumerate() {
                values.push(Val::from_raw(*args.add(i), ty, store));
            }
            values.resize(params.len() + results.len(), Val::I32(0));
            let (given, wanted) = values.split_at_mut(params.len());
            for (value, ty) in wanted.iter_mut().zip(results) {
                *value = Val::default_for_ty(ty).unwrap_or(Val::I32(0));
            }
            (data.closure)(reborrow(&mut caller), given, wanted)?;
            let store: &StoreOpaque = &caller.store.0.opaque;
            for (i, (value, ty)) in wanted.iter().zip(results).enumerate() {
                let raw = value.to_raw(store, ty).context("function attempted to return an incompatible value")?;
                *args.add(i) = raw;
            }
            Ok(())
        })
    }
}

/// Runs the closure of the host function whose context is `host`, and parks what goes wrong.
///
/// # Safety
/// To be called as a [`HostFn`] is, with its arguments; the function's data must be an `F`, and its store's data
/// a `T`.
#[inline]
pub(crate) unsafe fn call_closure<T, F>(
    host: *mut VMContext,
    caller: *mut VMContext,
    call: impl FnOnce(&F, Caller<'_, T>) -> Result<()>,
) -> u32 {
    // SAFETY: as the caller says. The store was borrowed by whoever called into it last, and that borrow's pointer
    // is in the store's context; nothing uses it before this function returns.
    let (inner, data) = unsafe {
        let host = host.cast::<VMHostFuncContext>();
        let inner: *mut StoreInner<T> = (*(*host).header.store).store.cast();
        (inner, &*(*host).host_data.cast::<F>())
    };
    let result = panic::catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: see above.
        let store = StoreContextMut(unsafe { &mut *inner });
        // SAFETY: `caller` is null or a context of this store, whose instance, if any, lives as long.
        let instance = unsafe { caller.as_ref().and_then(|c| c.instance.as_ref()) };
        let instance = instance.map(|i| Instance::at(&store.0.opaque, i.index));
        call(data, Caller { store, caller: instance })
    }));
    match result {
        Ok(Ok(())) => 0,
        // SAFETY: the closure is done with the store.
        failed => park(unsafe { &mut (*inner).opaque }, !caller.is_null(), failed),
    }
}

#[cold]
fn park(store: &mut StoreOpaque, from_code: bool, failed: std::thread::Result<Result<()>>) -> u32 {
    let unwind = match failed {
        Ok(Ok(())) => return 0,
        Ok(Err(error)) if from_code => Unwind::error(error, || {
            let activation = activation::current_in(store.vm());
            // SAFETY: compiled code called the host function, which is just about to return, in this activation.
            unsafe { RawBacktrace::capture(activation, None) }
        }),
        Ok(Err(error)) => Unwind::error(error, RawBacktrace::default),
        Err(payload) => Unwind::Panic(payload),
    };
    store.park(unwind);
    1
}

/// The same caller, to be given to a closure and used again afterwards.
pub(crate) fn reborrow<'a, T>(caller: &'a mut Caller<'_, T>) -> Caller<'a, T> {
    Caller { store: StoreContextMut(&mut *caller.store.0), caller: caller.caller }
}

/// Checks that a function of another engine is not linked by mistake: canonical numbers would not mean the same.
pub(crate) fn check_engine(a: &Engine, b: &Engine) -> Result<()> {
    if !Engine::same(a, b) {
        bail!("objects of different engines cannot be used together");
    }
    Ok(())
}
