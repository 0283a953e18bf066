//! Closures with static types as host functions.

use crate::api::caller::Caller;
use crate::api::context::AsContextMut;
use crate::api::func::Func;
use crate::api::host;
use crate::api::typed::{Opaque, WasmTy};
use crate::api::value::Val;
use crate::engine::{Demand, Engine};
use crate::types::{FuncType, ValType};
use crate::vm::context::{VMContext, ValRaw};
use crate::vm::host::{HostFunc, check_width};
use crate::vm::store::StoreOpaque;
use crate::{Error, Result};
use anyhow::bail;

/// Why [`Func::new`] does not return an error, as it does not in the `wasmtime` crate; [`Func::try_new`] does.
pub(crate) const GRANTED: &str = "memory for trampolines, as for any other small allocation, is taken for granted";

impl Func {
    /// A host function of type `ty`. The closure is passed the arguments and the right number of results, each zero or
    /// null, to be overwritten.
    ///
    /// ```
    /// use headwater::{Engine, Func, FuncType, Store, Val, ValType};
    /// let mut store = Store::new(&Engine::default(), ());
    /// let ty = FuncType::new(store.engine(), [ValType::I32, ValType::I32], [ValType::I32]);
    /// let add = Func::new(&mut store, ty, |_, params, results| {
    ///     results[0] = Val::I32(params[0].unwrap_i32() + params[1].unwrap_i32());
    ///     Ok(())
    /// });
    /// let mut results = [Val::I32(0)];
    /// add.call(&mut store, &[Val::I32(1), Val::I32(2)], &mut results)?;
    /// assert_eq!(results[0].unwrap_i32(), 3);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    ///
    /// A type with more than 1,000 parameters or results, which no WebAssembly function can have, makes a function
    /// whose calls fail. The trampolines of the type are allocated even if that exceeds
    /// [`Config::max_code_memory`](crate::Config::max_code_memory), and count towards it. [`Func::try_new`] returns an
    /// error in both cases.
    ///
    /// # Panics
    /// If the system has no memory for the trampolines of the type, a few hundred bytes.
    pub fn new<T>(
        mut store: impl AsContextMut<Data = T>,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<()> + Send + Sync + 'static,
    ) -> Func {
        let store = &mut store.as_context_mut().0.opaque;
        let func = match check_width(&ty) {
            Ok(()) => HostFunc::new(store.engine(), ty, Demand::Insisting, func).expect(GRANTED),
            Err(why) => HostFunc::uncallable::<T>(store.engine(), ty, why.to_string()),
        };
        Func::from_host(store, func)
    }

    /// Like [`Func::new`], but reports failure as an error: for use where untrusted code determines the types or how
    /// many there are.
    ///
    /// # Errors
    /// If the type has more than 1,000 parameters or results, if the engine's budget for machine code is exhausted
    /// ([`Config::max_code_memory`](crate::Config::max_code_memory)), or if the system is out of memory.
    pub fn try_new<T>(
        mut store: impl AsContextMut<Data = T>,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<()> + Send + Sync + 'static,
    ) -> Result<Func> {
        let store = &mut store.as_context_mut().0.opaque;
        let func = HostFunc::new(store.engine(), ty, Demand::Bounded, func)?;
        Ok(Func::from_host(store, func))
    }

    /// A host function whose type follows from the closure's. The closure may take a [`Caller`] first.
    ///
    /// ```
    /// use headwater::{Caller, Engine, Func, Store};
    /// let mut store = Store::new(&Engine::default(), 40);
    /// let func = Func::wrap(&mut store, |caller: Caller<'_, i32>, n: i32| caller.data() + n);
    /// assert_eq!(func.typed::<i32, i32>(&store)?.call(&mut store, 2)?, 42);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    ///
    /// # Panics
    /// As [`Func::new`].
    pub fn wrap<T, Params, Results>(
        mut store: impl AsContextMut<Data = T>,
        func: impl IntoFunc<T, Params, Results>,
    ) -> Func {
        let store = &mut store.as_context_mut().0.opaque;
        let func = func.into_func(store.engine(), Demand::Insisting).expect(GRANTED);
        Func::from_host(store, func)
    }

    /// Like [`Func::wrap`], but reports failure as an error.
    ///
    /// # Errors
    /// As [`Func::try_new`].
    pub fn try_wrap<T, Params, Results>(
        mut store: impl AsContextMut<Data = T>,
        func: impl IntoFunc<T, Params, Results>,
    ) -> Result<Func> {
        let store = &mut store.as_context_mut().0.opaque;
        let func = func.into_func(store.engine(), Demand::Bounded)?;
        Ok(Func::from_host(store, func))
    }
}

/// What a host function may return: a [`WasmTy`], nothing, a tuple of up to 16, or a [`Result`] of those.
///
/// # Safety
/// May only be implemented in this crate: compiled code relies on the values that are written.
pub unsafe trait WasmRet {
    #[doc(hidden)]
    fn valtypes() -> Vec<ValType>;

    /// Writes the values to `array`, which has room for them.
    ///
    /// # Safety
    /// `array` has room for as many values as [`WasmRet::valtypes`] returns.
    #[doc(hidden)]
    unsafe fn put(self, store: &Opaque<'_>, array: *mut ValRaw) -> Result<()>;
}

// SAFETY: as for the tuple of one.
unsafe impl<A: WasmTy> WasmRet for A {
    fn valtypes() -> Vec<ValType> {
        vec![A::valtype()]
    }

    #[inline]
    unsafe fn put(self, store: &Opaque<'_>, array: *mut ValRaw) -> Result<()> {
        // SAFETY: guaranteed by the caller.
        unsafe { <(A,) as WasmRet>::put((self,), store, array) }
    }
}

// SAFETY: as for the values.
unsafe impl<R: WasmRet> WasmRet for Result<R, Error> {
    fn valtypes() -> Vec<ValType> {
        R::valtypes()
    }

    #[inline]
    unsafe fn put(self, store: &Opaque<'_>, array: *mut ValRaw) -> Result<()> {
        // SAFETY: guaranteed by the caller.
        unsafe { self?.put(store, array) }
    }
}

/// A closure that can be a host function of stores with data `T`: up to 16 parameters that are [`WasmTy`], after a
/// [`Caller`] if it wants one, and a result that is a [`WasmRet`]. `Params` and `Results` are inferred.
pub trait IntoFunc<T, Params, Results>: Send + Sync + 'static {
    #[doc(hidden)]
    fn into_func(self, engine: &Engine, demand: Demand) -> Result<HostFunc>;
}

macro_rules! closures {
    ($($ty:ident $i:tt)*) => {
        // SAFETY: each value is written at the place of its number.
        unsafe impl<$($ty: WasmTy),*> WasmRet for ($($ty,)*) {
            fn valtypes() -> Vec<ValType> {
                vec![$($ty::valtype()),*]
            }

            #[inline]
            #[allow(unused_variables, reason = "the tuple of none has no use for them")]
            unsafe fn put(self, store: &Opaque<'_>, array: *mut ValRaw) -> Result<()> {
                $(
                    if !self.$i.compatible_with_store(store) {
                        bail!("a reference cannot be used in another store than its own");
                    }
                    // SAFETY: the caller guarantees that there is room.
                    unsafe { self.$i.write(array.add($i), store) };
                )*
                Ok(())
            }
        }

        impl<T, Closure, $($ty,)* Ret> IntoFunc<T, (Caller<'_, T>, $($ty,)*), Ret> for Closure
        where
            Closure: Fn(Caller<'_, T>, $($ty),*) -> Ret + Send + Sync + 'static,
            $($ty: WasmTy,)*
            Ret: WasmRet,
        {
            fn into_func(self, engine: &Engine, demand: Demand) -> Result<HostFunc> {
                unsafe extern "C" fn call<T, Closure, $($ty,)* Ret>(
                    host: *mut VMContext,
                    caller: *mut VMContext,
                    args: *mut ValRaw,
                ) -> u32
                where
                    Closure: Fn(Caller<'_, T>, $($ty),*) -> Ret + Send + Sync + 'static,
                    $($ty: WasmTy,)*
                    Ret: WasmRet,
                {
                    // SAFETY: compiled code and `Func::call` pass what the boundary requires; the data is what
                    // `from_raw` was given, and `args` holds values of these types and has room for the results.
                    unsafe {
                        host::call_closure(host, caller, args, |closure: &Closure, mut caller: Caller<'_, T>| {
                            #[allow(unused_variables, reason = "not used without parameters")]
                            let store = Opaque(&caller.store.0.opaque);
                            let params = ($($ty::read(args.add($i), &store),)*);
                            #[allow(clippy::let_unit_value, reason = "a closure without parameters has a unit")]
                            let _ = &params;
                            let ret = closure(host::reborrow(&mut caller), $(params.$i),*);
                            ret.put(&Opaque(&caller.store.0.opaque), args)
                        })
                    }
                }

                let ty = FuncType::of([$($ty::valtype()),*], Ret::valtypes());
                // SAFETY: `call` interprets its data as the closure, and the type is made of the same types.
                unsafe { HostFunc::from_raw(engine, ty, demand, call::<T, Closure, $($ty,)* Ret>, self) }
            }
        }

        impl<T, Closure, $($ty,)* Ret> IntoFunc<T, ($($ty,)*), Ret> for Closure
        where
            Closure: Fn($($ty),*) -> Ret + Send + Sync + 'static,
            $($ty: WasmTy,)*
            Ret: WasmRet,
        {
            #[allow(non_snake_case, reason = "parameters are named after their types")]
            fn into_func(self, engine: &Engine, demand: Demand) -> Result<HostFunc> {
                #[inline(always)]
                #[allow(unused_variables, reason = "not used without parameters")]
                unsafe fn run<Closure, $($ty,)* Ret>(
                    closure: &Closure,
                    store: &StoreOpaque,
                    args: *mut ValRaw,
                ) -> Result<()>
                where
                    Closure: Fn($($ty),*) -> Ret,
                    $($ty: WasmTy,)*
                    Ret: WasmRet,
                {
                    let store = Opaque(store);
                    // SAFETY: the caller guarantees that `args` holds values of these types and has room for the results.
                    unsafe {
                        $(let $ty = $ty::read(args.add($i), &store);)*
                        closure($($ty),*).put(&store, args)
                    }
                }

                unsafe extern "C" fn call<T, Closure, $($ty,)* Ret>(
                    host: *mut VMContext,
                    caller: *mut VMContext,
                    args: *mut ValRaw,
                ) -> u32
                where
                    Closure: Fn($($ty),*) -> Ret + Send + Sync + 'static,
                    $($ty: WasmTy,)*
                    Ret: WasmRet,
                {
                    // SAFETY: compiled code and `Func::call` pass what the boundary requires; the data is what
                    // `from_raw` was given, and `args` holds values of these types and has room for the results.
                    unsafe { host::call_detached::<T, Closure>(host, caller, args, run::<Closure, $($ty,)* Ret>) }
                }

                // Parameters that are references have handles, which end with the call.
                if const { $($ty::IS_NUMBER &&)* true } {
                    let ty = FuncType::of([$($ty::valtype()),*], Ret::valtypes());
                    // SAFETY: `call` interprets its data as the closure, and the type is made of the same types.
                    return unsafe { HostFunc::from_raw(engine, ty, demand, call::<T, Closure, $($ty,)* Ret>, self) };
                }
                let with_caller = move |_: Caller<'_, T>, $($ty: $ty),*| self($($ty),*);
                with_caller.into_func(engine, demand)
            }
        }
    };
}

closures!();
closures!(A1 0);
closures!(A1 0 A2 1);
closures!(A1 0 A2 1 A3 2);
closures!(A1 0 A2 1 A3 2 A4 3);
closures!(A1 0 A2 1 A3 2 A4 3 A5 4);
closures!(A1 0 A2 1 A3 2 A4 3 A5 4 A6 5);
closures!(A1 0 A2 1 A3 2 A4 3 A5 4 A6 5 A7 6);
closures!(A1 0 A2 1 A3 2 A4 3 A5 4 A6 5 A7 6 A8 7);
closures!(A1 0 A2 1 A3 2 A4 3 A5 4 A6 5 A7 6 A8 7 A9 8);
closures!(A1 0 A2 1 A3 2 A4 3 A5 4 A6 5 A7 6 A8 7 A9 8 A10 9);
closures!(A1 0 A2 1 A3 2 A4 3 A5 4 A6 5 A7 6 A8 7 A9 8 A10 9 A11 10);
closures!(A1 0 A2 1 A3 2 A4 3 A5 4 A6 5 A7 6 A8 7 A9 8 A10 9 A11 10 A12 11);
closures!(A1 0 A2 1 A3 2 A4 3 A5 4 A6 5 A7 6 A8 7 A9 8 A10 9 A11 10 A12 11 A13 12);
closures!(A1 0 A2 1 A3 2 A4 3 A5 4 A6 5 A7 6 A8 7 A9 8 A10 9 A11 10 A12 11 A13 12 A14 13);
closures!(A1 0 A2 1 A3 2 A4 3 A5 4 A6 5 A7 6 A8 7 A9 8 A10 9 A11 10 A12 11 A13 12 A14 13 A15 14);
closures!(A1 0 A2 1 A3 2 A4 3 A5 4 A6 5 A7 6 A8 7 A9 8 A10 9 A11 10 A12 11 A13 12 A14 13 A15 14 A16 15);
