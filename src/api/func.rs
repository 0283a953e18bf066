//! Functions as the host handles them.

use crate::Result;
use crate::api::call_hook::CallHook;
use crate::api::context::{AsContext, AsContextMut, StoreContextMut};
use crate::api::typed::{TypedFunc, WasmParams, WasmResults, Way};
use crate::api::value::Val;
use crate::engine::Demand;
use crate::types::FuncType;
use crate::vm::activation;
use crate::vm::alloc;
use crate::vm::arena::Place;
use crate::vm::context::{EntryFn, VMContext, VMFuncRef, ValRaw, entry_fn};
use crate::vm::host::HostFunc;
use crate::vm::host::VMHostFuncContext;
use crate::vm::resumable;
use crate::vm::store::{StoreId, StoreOpaque, freed};
use anyhow::{Context, bail};
use std::fmt;
use std::ptr::{self, NonNull};
use std::sync::Arc;

/// A function of a store: an instance's, or the host's. A handle; handles are equal if they refer to the same function.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
pub struct Func {
    store: StoreId,
    func_ref: NonNull<VMFuncRef>,
    /// Whose function it is: the place of the instance or, with [`HOST`] in its number, of the host function.
    owner: Place,
}

/// In [`Func::owner`]. There are never as many of either.
const HOST: u32 = 1 << 31;

/// Whose function `func_ref` refers to.
///
/// # Safety
/// It must be alive.
unsafe fn owner(func_ref: NonNull<VMFuncRef>) -> Place {
    // SAFETY: guaranteed by the caller; what a function belongs to lives as long.
    unsafe {
        match func_ref.as_ref().host() {
            Some(host) => {
                let place = (*host.as_ptr()).place;
                Place { index: place.index | HOST, ..place }
            }
            None => (*(*func_ref.as_ref().vmctx).instance()).place,
        }
    }
}

// SAFETY: the pointer is followed only by those who have the store it belongs to.
unsafe impl Send for Func {}
// SAFETY: as above.
unsafe impl Sync for Func {}

impl fmt::Debug for Func {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Func").field(&self.func_ref).finish()
    }
}

/// Calls through an entry trampoline, where the store's own context is available.
///
/// # Safety
/// As for [`activation::enter`]; `vmctx` belongs to `store`.
#[inline(always)]
pub(crate) unsafe fn enter<T>(
    store: &mut StoreContextMut<'_, T>,
    entry: EntryFn,
    vmctx: *mut VMContext,
    code: *const u8,
    args: *mut ValRaw,
) -> Result<()> {
    // No closure, which would have all of these in memory.
    let outcome = match store.0.call_hook {
        // SAFETY: `store` is borrowed for as long as the call takes; the rest is up to the caller.
        None => unsafe { activation::enter(store.as_ptr(), entry, vmctx, code, args) },
        // SAFETY: as above.
        Some(_) => unsafe { enter_hooked(StoreContextMut(&mut *store.0), entry, vmctx, code, args) },
    };
    #[cfg(feature = "coredump")]
    let outcome = outcome.map_err(|error| store.0.opaque.explain(error));
    outcome
}

/// The same where a hook is called. It takes the borrow by value, so that nobody needs the address of one.
///
/// # Safety
/// As for [`enter`].
#[cold]
#[inline(never)]
unsafe fn enter_hooked<T>(
    mut store: StoreContextMut<'_, T>,
    entry: EntryFn,
    vmctx: *mut VMContext,
    code: *const u8,
    args: *mut ValRaw,
) -> Result<()> {
    within_wasm(&mut store, |store| {
        // SAFETY: `store` is borrowed for as long as the call takes; the rest is up to the caller.
        unsafe { activation::enter(store.as_ptr(), entry, vmctx, code, args) }
    })
}

/// Calls into WebAssembly code by `call`.
pub(crate) fn within_wasm<T>(
    store: &mut StoreContextMut<'_, T>,
    call: impl FnOnce(&mut StoreContextMut<'_, T>) -> Result<()>,
) -> Result<()> {
    if store.0.call_hook.is_none() {
        return call(store);
    }
    hooked(store, (CallHook::CallingWasm, CallHook::ReturningFromWasm), call)
}

#[cold]
fn hooked<T>(
    store: &mut StoreContextMut<'_, T>,
    (before, after): (CallHook, CallHook),
    call: impl FnOnce(&mut StoreContextMut<'_, T>) -> Result<()>,
) -> Result<()> {
    store.0.passes(before)?;
    let outcome = call(store);
    store.0.passes(after)?;
    outcome
}

/// Calls the function `func_ref` of `store`; `entry` provides its entry trampoline if needed.
///
/// # Safety
/// `func_ref` belongs to `store`, and `entry` returns the trampoline of its type. `args` has room for parameters and
/// results and holds the parameters.
#[inline(always)]
pub(crate) unsafe fn call_raw<T>(
    store: &mut StoreContextMut<'_, T>,
    func_ref: NonNull<VMFuncRef>,
    entry: impl FnOnce(&mut StoreContextMut<'_, T>) -> Result<EntryFn>,
    args: *mut ValRaw,
) -> Result<()> {
    // SAFETY: a function reference is not written to once it is given out.
    let callee = unsafe { func_ref.as_ref() };
    match callee.host() {
        None => {
            let entry = entry(store)?;
            // SAFETY: guaranteed by the caller.
            unsafe { enter(store, entry, callee.vmctx, callee.code, args) }
        }
        // SAFETY: guaranteed by the caller.
        Some(host) => unsafe { call_host(store.as_ptr(), host, args) },
    }
}

/// Calls a host function without compiled code in between.
///
/// # Safety
/// As for [`call_raw`]; `store` is the pointer that the host function is passed.
#[inline(never)]
pub(crate) unsafe fn call_host(
    store: *mut StoreOpaque,
    host: NonNull<VMHostFuncContext>,
    args: *mut ValRaw,
) -> Result<()> {
    // SAFETY: the store's context lives as long as the store. Its contents are restored for the host function, if any,
    // that this call comes from.
    unsafe {
        let (vm, host) = ((*store).vm(), host.as_ptr());
        let outer = std::mem::replace(&mut (*vm).store, store.cast());
        let rc = resumable::indirectly(vm, || ((*host).host_fn)(host.cast(), ptr::null_mut(), args));
        (*vm).store = outer;
        if rc == 0 {
            return Ok(());
        }
        let unwind = (*store).take_unwind();
        Err(activation::resume(unwind.expect("a host function that fails says why")))
    }
}

/// # Errors
/// If there are not `count` `values`.
pub(crate) fn check_count(what: &str, count: usize, values: &[Val]) -> Result<()> {
    if count != values.len() {
        bail!("expected {count} {what}, got {}", values.len());
    }
    Ok(())
}

/// Writes `params`, which are as many as functions of type `ty` have, to `args`.
///
/// # Errors
/// If one is not of its type.
pub(crate) fn write_params(store: &StoreOpaque, ty: &FuncType, params: &[Val], args: &mut [ValRaw]) -> Result<()> {
    for ((arg, param), ty) in args.iter_mut().zip(params).zip(ty.params()) {
        *arg = param.raw_of(store, &ty).context("argument type mismatch")?;
    }
    Ok(())
}

/// Reads the results of a function of type `ty` from `args`.
pub(crate) fn read_results(store: &StoreOpaque, ty: &FuncType, args: &[ValRaw], results: &mut [Val]) {
    for ((result, arg), ty) in results.iter_mut().zip(args).zip(ty.results()) {
        *result = Val::of_raw(*arg, &ty, store);
    }
}

impl Func {
    pub(crate) fn from_host(store: &mut StoreOpaque, func: HostFunc) -> Func {
        let func_ref = store.add_host_func(Arc::new(func));
        Func::from_func_ref(store, func_ref)
    }

    pub(crate) fn from_func_ref(store: &StoreOpaque, func_ref: NonNull<VMFuncRef>) -> Func {
        Func::at(store.id(), func_ref)
    }

    /// The function of `store` that `func_ref` refers to.
    pub(crate) fn at(store: StoreId, func_ref: NonNull<VMFuncRef>) -> Func {
        // SAFETY: whoever has a reference to a function has it from where it keeps the function alive.
        Func { store, func_ref, owner: unsafe { owner(func_ref) } }
    }

    /// Whether it is in `store`.
    pub(crate) fn is_in(&self, store: &StoreOpaque) -> bool {
        self.store == store.id() && (!store.reclaimed || self.is_there(store))
    }

    fn is_there(&self, store: &StoreOpaque) -> bool {
        let place = Place { index: self.owner.index & !HOST, ..self.owner };
        match self.owner.index & HOST {
            0 => store.instances.slots().has(place),
            _ => store.host_funcs.slots().has(place),
        }
    }

    /// Checks that it is in `store`.
    ///
    /// # Panics
    /// If it is not.
    #[inline]
    pub(crate) fn check(&self, store: &StoreOpaque) {
        store.check(self.store);
        if store.reclaimed && !self.is_there(store) {
            freed();
        }
    }

    pub(crate) fn func_ref(&self) -> NonNull<VMFuncRef> {
        self.func_ref
    }

    /// The type.
    ///
    /// # Panics
    /// If it does not belong to `store`; the same goes for all methods here.
    pub fn ty(&self, store: impl AsContext) -> FuncType {
        self.type_in(store.as_context().0).clone()
    }

    pub(crate) fn type_in<'a>(&self, store: &'a StoreOpaque) -> &'a FuncType {
        self.check(store);
        // SAFETY: the function lives as long as its store, which was checked to be this one; references are
        // not written to once they are given out.
        unsafe {
            let func = &*self.func_ref.as_ptr();
            match func.host() {
                Some(host) => &host.as_ref().func.ty,
                None => {
                    let module = (*(*func.vmctx).instance()).module();
                    module.info().types.func(module.env().funcs[func.func as usize])
                }
            }
        }
    }

    /// Its index in the function index space of the module that defines it; `None` if it is a host function.
    ///
    /// ```
    /// use headwater::{Engine, Func, Store};
    /// let mut store = Store::new(&Engine::default(), ());
    /// let func = Func::wrap(&mut store, || ());
    /// assert_eq!(func.index_in_module(&store), None);
    /// ```
    pub fn index_in_module(&self, store: impl AsContext) -> Option<u32> {
        self.check(store.as_context().0);
        // SAFETY: the function lives as long as its store; references are not written to once they are given out.
        let func = unsafe { self.func_ref.as_ref() };
        func.host().is_none().then_some(func.func)
    }

    /// The entry trampoline of its type. `store` is known to be its store.
    pub(crate) fn entry(&self, store: &StoreOpaque) -> Result<EntryFn> {
        // SAFETY: the function lives as long as its store; references are not written to once they are given out.
        let canonical = unsafe { self.func_ref.as_ref() }.sig;
        // The type is in use as long as the store: by the function's module, or by the host function.
        Ok(entry_fn(store.engine().trampolines(canonical, Demand::Bounded)?))
    }

    /// Calls it. `results` must have as many values as there are results; they are overwritten.
    ///
    /// # Errors
    /// If the number or types of `params` or the number of `results` do not match, if the code traps (a
    /// [`Trap`](crate::Trap)), or if a host function fails.
    ///
    /// # Panics
    /// If a host function panics.
    pub fn call(&self, mut store: impl AsContextMut, params: &[Val], results: &mut [Val]) -> Result<()> {
        let mut store = store.as_context_mut();
        let ty = self.type_in(&store.0.opaque).clone();
        check_count("arguments", ty.num_params(), params)?;
        check_count("results", ty.num_results(), results)?;
        let needed = ty.num_params().max(ty.num_results());
        let (mut few, mut many) = ([ValRaw::default(); 16], Vec::new());
        let args = if needed <= few.len() {
            &mut few[..]
        } else {
            alloc::reserve("arguments and results", &mut many, needed)?;
            many.resize(needed, ValRaw::default());
            &mut many[..]
        };
        write_params(&store.0.opaque, &ty, params, args)?;
        // SAFETY: the function was checked to belong to this store, the arguments to be of its type.
        unsafe {
            let canonical = self.func_ref.as_ref().sig;
            call_raw(&mut store, self.func_ref, |s| s.0.opaque.entry(canonical), args.as_mut_ptr())?;
        }
        read_results(&store.0.opaque, &ty, args, results);
        Ok(())
    }

    /// The function with static types, to be called without checks.
    ///
    /// # Errors
    /// If the parameters or results do not match the function's type.
    pub fn typed<Params, Results>(&self, store: impl AsContext) -> Result<TypedFunc<Params, Results>>
    where
        Params: WasmParams,
        Results: WasmResults,
    {
        let store = store.as_context();
        let ty = self.type_in(&store.0.opaque);
        Params::typecheck(ty.params(), Way::In).context("type mismatch with parameters")?;
        Results::typecheck(ty.results(), Way::Out).context("type mismatch with results")?;
        Ok(TypedFunc::new(*self, self.entry(&store.0.opaque)?))
    }
}
