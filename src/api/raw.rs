//! Values without types, and calls without checks: for embedders who know the types and generate what calls.

use crate::Result;
use crate::api::caller::Caller;
use crate::api::context::{AsContext, AsContextMut};
use crate::api::func::{Func, call_raw};
use crate::api::host::call_closure;
use crate::api::linker::Linker;
use crate::api::typed::{TypedFunc, WasmParams, WasmResults};
use crate::api::value::{self, Val};
use crate::engine::{Demand, Engine};
use crate::types::{FuncType, ValType};
use crate::vm::context::{HostFn, VMContext, ValRaw};
use crate::vm::host::HostFunc;
use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::slice;

/// Values as compiled code has them: see [`Func::call_unchecked`].
impl ValRaw {
    /// The null reference of any type.
    pub const fn null() -> ValRaw {
        ValRaw::new(0)
    }

    /// An `i32`.
    pub const fn i32(v: i32) -> ValRaw {
        ValRaw::new(v.cast_unsigned() as u64)
    }

    /// An `i64`.
    pub const fn i64(v: i64) -> ValRaw {
        ValRaw::new(v.cast_unsigned())
    }

    /// An `i32`.
    pub const fn u32(v: u32) -> ValRaw {
        ValRaw::new(v as u64)
    }

    /// An `i64`.
    pub const fn u64(v: u64) -> ValRaw {
        ValRaw::new(v)
    }

    /// An `f32`, by its bits.
    pub const fn f32(bits: u32) -> ValRaw {
        ValRaw::new(bits as u64)
    }

    /// An `f64`, by its bits.
    pub const fn f64(bits: u64) -> ValRaw {
        ValRaw::new(bits)
    }

    /// A `v128`.
    pub const fn v128(bits: u128) -> ValRaw {
        ValRaw { lo: bits as u64, hi: (bits >> 64) as u64 }
    }

    /// A function reference, of [`Func::to_raw`].
    pub fn funcref(raw: *mut c_void) -> ValRaw {
        ValRaw::new(raw as u64)
    }

    /// An external reference, of [`ExternRef::to_raw`](crate::ExternRef::to_raw).
    pub const fn externref(raw: u32) -> ValRaw {
        ValRaw::new(raw as u64)
    }

    /// As an `i32`.
    pub const fn get_i32(&self) -> i32 {
        self.lo as i32
    }

    /// As an `i64`.
    pub const fn get_i64(&self) -> i64 {
        self.lo.cast_signed()
    }

    /// As an `i32`.
    pub const fn get_u32(&self) -> u32 {
        self.lo as u32
    }

    /// As an `i64`.
    pub const fn get_u64(&self) -> u64 {
        self.lo
    }

    /// As the bits of an `f32`.
    pub const fn get_f32(&self) -> u32 {
        self.lo as u32
    }

    /// As the bits of an `f64`.
    pub const fn get_f64(&self) -> u64 {
        self.lo
    }

    /// As a `v128`.
    pub const fn get_v128(&self) -> u128 {
        self.lo as u128 | (self.hi as u128) << 64
    }

    /// As a function reference.
    pub fn get_funcref(&self) -> *mut c_void {
        self.lo as *mut c_void
    }

    /// A reference to what the collector has, of [`AnyRef::to_raw`](crate::AnyRef::to_raw).
    pub const fn anyref(raw: u32) -> ValRaw {
        ValRaw::new(raw as u64)
    }

    /// As a reference to what the collector has.
    pub const fn get_anyref(&self) -> u32 {
        self.lo as u32
    }

    /// As an external reference.
    pub const fn get_externref(&self) -> u32 {
        self.lo as u32
    }
}

impl Val {
    /// The value as compiled code has it.
    ///
    /// # Errors
    /// If it is a reference of another store.
    pub fn to_raw(&self, store: impl AsContextMut) -> Result<ValRaw> {
        let ty = self.ty(&store)?;
        self.raw_of(&store.as_context().0.opaque, &ty)
    }

    /// The value of type `ty` that `raw` is.
    ///
    /// # Safety
    /// `raw` must be a value of that type, of this store, that is still alive.
    pub unsafe fn from_raw(mut store: impl AsContextMut, raw: ValRaw, ty: ValType) -> Val {
        Val::of_raw(raw, &ty, &store.as_context_mut().0.opaque)
    }
}

impl Func {
    /// The function as compiled code has it; never null.
    ///
    /// # Panics
    /// If it does not belong to `store`.
    pub fn to_raw(&self, mut store: impl AsContextMut) -> *mut c_void {
        self.check(&store.as_context_mut().0.opaque);
        self.func_ref().as_ptr().cast()
    }

    /// The function that compiled code has as `raw`; `None` for null.
    ///
    /// # Safety
    /// `raw` must be null or of this store.
    pub unsafe fn from_raw(mut store: impl AsContextMut, raw: *mut c_void) -> Option<Func> {
        value::func_from_word(raw as u64, &store.as_context_mut().0.opaque)
    }

    /// Calls it without any checks. The parameters are at the beginning of the slice, where the results replace them;
    /// it is as long as the longer of the two.
    ///
    /// ```
    /// use headwater::{Engine, Func, Store, ValRaw};
    /// let mut store = Store::new(&Engine::default(), ());
    /// let func = Func::wrap(&mut store, |a: i32, b: i32| a - b);
    /// let mut values = [ValRaw::i32(50), ValRaw::i32(8)];
    /// // SAFETY: the function takes two numbers, and returns one.
    /// unsafe { func.call_unchecked(&mut store, &mut values)? };
    /// assert_eq!(values[0].get_i32(), 42);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Func::call`], but for those of types.
    ///
    /// # Panics
    /// As [`Func::call`].
    ///
    /// # Safety
    /// The slice must be valid, be long enough, and begin with values of the types of the function's parameters, whose
    /// references are of this store and alive.
    pub unsafe fn call_unchecked(&self, mut store: impl AsContextMut, params_and_returns: *mut [ValRaw]) -> Result<()> {
        let mut store = store.as_context_mut();
        self.check(&store.0.opaque);
        // SAFETY: the function was checked to belong to this store; the rest is up to the caller.
        unsafe {
            let canonical = self.func_ref().as_ref().sig;
            call_raw(&mut store, self.func_ref(), |s| s.0.opaque.entry(canonical), params_and_returns.cast())
        }
    }

    /// A host function of type `ty` whose arguments and results are not checked: they are in one slice, as for
    /// [`Func::call_unchecked`].
    ///
    /// # Panics
    /// As [`Func::new`], and if the type has more than 1,000 parameters or results.
    ///
    /// # Safety
    /// The closure must leave values of the types of the results, whose references are of the caller's store and alive.
    pub unsafe fn new_unchecked<T: 'static>(
        mut store: impl AsContextMut<Data = T>,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &mut [MaybeUninit<ValRaw>]) -> Result<()> + Send + Sync + 'static,
    ) -> Func {
        let store = &mut store.as_context_mut().0.opaque;
        // SAFETY: guaranteed by the caller.
        let func = unsafe { unchecked(store.engine(), ty, Demand::Insisting, func) };
        Func::from_host(store, func.expect("the type of a function, and memory for its trampolines"))
    }

    /// The same, where memory may be short.
    ///
    /// # Errors
    /// As [`Func::try_new`].
    ///
    /// # Safety
    /// As for [`Func::new_unchecked`].
    pub unsafe fn try_new_unchecked<T: 'static>(
        mut store: impl AsContextMut<Data = T>,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &mut [MaybeUninit<ValRaw>]) -> Result<()> + Send + Sync + 'static,
    ) -> Result<Func> {
        let store = &mut store.as_context_mut().0.opaque;
        // SAFETY: guaranteed by the caller.
        let func = unsafe { unchecked(store.engine(), ty, Demand::Bounded, func) }?;
        Ok(Func::from_host(store, func))
    }

    /// Whether it is of type `ty`.
    ///
    /// # Panics
    /// If it does not belong to `store`.
    pub fn matches_ty(&self, store: impl AsContext, ty: &FuncType) -> bool {
        self.type_in(store.as_context().0).matches(ty)
    }
}

impl<T: 'static> Linker<T> {
    /// Defines a host function as [`Func::new_unchecked`] makes it.
    ///
    /// # Errors
    /// As [`Linker::func_new`].
    ///
    /// # Safety
    /// As for [`Func::new_unchecked`].
    pub unsafe fn func_new_unchecked(
        &mut self,
        module: &str,
        name: &str,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &mut [MaybeUninit<ValRaw>]) -> Result<()> + Send + Sync + 'static,
    ) -> Result<&mut Linker<T>> {
        // SAFETY: guaranteed by the caller.
        let func = unsafe { unchecked(self.engine(), ty, Demand::Bounded, func) }?;
        self.define_host(module, name, func)
    }
}

impl<Params: WasmParams, Results: WasmResults> TypedFunc<Params, Results> {
    /// The function with static types that are not checked against its own.
    ///
    /// # Panics
    /// If there is no memory for what enters functions of its type.
    ///
    /// # Safety
    /// They must be those of `func`, which must belong to `store`.
    pub unsafe fn new_unchecked(store: impl AsContext, func: Func) -> TypedFunc<Params, Results> {
        let entry = func.entry(&store.as_context().0.opaque);
        TypedFunc::new(func, entry.expect("memory for a trampoline"))
    }
}

/// The data of [`call_unchecked`].
struct Unchecked<F> {
    /// How many values the slice has.
    len: usize,
    closure: F,
}

/// # Safety
/// As for [`Func::new_unchecked`].
unsafe fn unchecked<T, F>(engine: &Engine, ty: FuncType, demand: Demand, closure: F) -> Result<HostFunc>
where
    F: Fn(Caller<'_, T>, &mut [MaybeUninit<ValRaw>]) -> Result<()> + Send + Sync + 'static,
{
    let len = ty.num_params().max(ty.num_results());
    let data = Unchecked { len, closure };
    let host_fn: HostFn = call_unchecked::<T, F>;
    // SAFETY: `call_unchecked` interprets its data as what is passed here; values are up to the caller.
    unsafe { HostFunc::from_raw(engine, ty, demand, host_fn, data) }
}

unsafe extern "C" fn call_unchecked<T, F>(host: *mut VMContext, caller: *mut VMContext, args: *mut ValRaw) -> u32
where
    F: Fn(Caller<'_, T>, &mut [MaybeUninit<ValRaw>]) -> Result<()> + Send + Sync + 'static,
{
    // SAFETY: compiled code and `Func::call` pass what the boundary requires; the data is what `unchecked` passed, and
    // `args` holds that many values.
    unsafe {
        call_closure(host, caller, args, |data: &Unchecked<F>, caller: Caller<'_, T>| {
            (data.closure)(caller, slice::from_raw_parts_mut(args.cast(), data.len))
        })
    }
}
