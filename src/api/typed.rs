//! Functions with static types: values cross the boundary without checks or allocation.

use crate::Result;
use crate::api::context::{AsContextMut, StoreContextMut};
use crate::api::exception::ExnRef;
use crate::api::func::{self, Func};
use crate::api::rooted::Rooted;
use crate::api::value::{self, V128};
use crate::types::{HeapType, RefType, ValType};
use crate::vm::context::{EntryFn, ValRaw};
use crate::vm::store::StoreOpaque;
use anyhow::bail;
use std::fmt;
use std::marker::PhantomData;
use std::mem::MaybeUninit;

/// A Rust type that corresponds to one WebAssembly value type.
///
/// # Safety
/// May only be implemented here: compiled code relies on the words.
pub unsafe trait WasmTy: Sized + Send + Sync {
    #[doc(hidden)]
    fn valtype() -> ValType;

    /// Whether reading a value never makes a handle.
    #[doc(hidden)]
    const IS_NUMBER: bool = false;

    /// Whether the value is not a reference into another store.
    #[doc(hidden)]
    fn compatible_with_store(&self, store: &Opaque<'_>) -> bool;

    /// Writes the value as compiled code has it.
    ///
    /// # Safety
    /// `at` must be valid for writing.
    #[doc(hidden)]
    unsafe fn write(self, at: *mut ValRaw, store: &Opaque<'_>);

    /// Reads a value back.
    ///
    /// # Safety
    /// `at` must hold a value of the type, in `store`.
    #[doc(hidden)]
    unsafe fn read(at: *const ValRaw, store: &Opaque<'_>) -> Self;
}

/// A store as [`WasmTy`] sees it; opaque to everyone else.
#[derive(Copy, Clone)]
pub struct Opaque<'a>(pub(crate) &'a StoreOpaque);

impl fmt::Debug for Opaque<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opaque").finish_non_exhaustive()
    }
}

/// Which way values go.
#[doc(hidden)]
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Way {
    /// From Rust to WebAssembly.
    In,
    /// From WebAssembly to Rust.
    Out,
}

macro_rules! number {
    ($($ty:ty => $val:ident, |$v:ident| $to:expr, |$w:ident| $from:expr;)*) => {$(
        // SAFETY: the words are as the value type's.
        unsafe impl WasmTy for $ty {
            const IS_NUMBER: bool = true;

            #[inline]
            fn valtype() -> ValType {
                ValType::$val
            }
            #[inline]
            fn compatible_with_store(&self, _: &Opaque<'_>) -> bool {
                true
            }
            #[inline]
            unsafe fn write(self, at: *mut ValRaw, _: &Opaque<'_>) {
                let $v = self;
                // SAFETY: as the caller says.
                unsafe { (*at).lo = $to };
            }
            #[inline]
            unsafe fn read(at: *const ValRaw, _: &Opaque<'_>) -> Self {
                // SAFETY: as the caller says.
                let $w = unsafe { (*at).lo };
                $from
            }
        }
    )*};
}

number! {
    i32 => I32, |v| v as u32 as u64, |w| w as u32 as i32;
    u32 => I32, |v| v as u64, |w| w as u32;
    i64 => I64, |v| v as u64, |w| w as i64;
    u64 => I64, |v| v, |w| w;
    f32 => F32, |v| v.to_bits() as u64, |w| f32::from_bits(w as u32);
    f64 => F64, |v| v.to_bits(), |w| f64::from_bits(w);
}

// SAFETY: the bytes are those of the value.
unsafe impl WasmTy for V128 {
    const IS_NUMBER: bool = true;

    #[inline]
    fn valtype() -> ValType {
        ValType::V128
    }

    #[inline]
    fn compatible_with_store(&self, _: &Opaque<'_>) -> bool {
        true
    }

    #[inline]
    unsafe fn write(self, at: *mut ValRaw, _: &Opaque<'_>) {
        // SAFETY: as the caller says.
        unsafe { at.write(self.to_raw()) };
    }

    #[inline]
    unsafe fn read(at: *const ValRaw, _: &Opaque<'_>) -> Self {
        // SAFETY: as the caller says.
        V128::from_raw(unsafe { at.read() })
    }
}

// SAFETY: null is 0, and other words are pointers to function references.
unsafe impl WasmTy for Option<Func> {
    fn valtype() -> ValType {
        ValType::FUNCREF
    }

    fn compatible_with_store(&self, store: &Opaque<'_>) -> bool {
        self.is_none_or(|f| f.is_in(store.0))
    }

    unsafe fn write(self, at: *mut ValRaw, _: &Opaque<'_>) {
        // SAFETY: as the caller says.
        unsafe { (*at).lo = self.map_or(0, |f| f.func_ref().as_ptr() as u64) };
    }

    unsafe fn read(at: *const ValRaw, store: &Opaque<'_>) -> Self {
        // SAFETY: as the caller says.
        value::func_from_word(unsafe { (*at).lo }, store.0)
    }
}

// SAFETY: null is 0, and other words are addresses of exceptions.
unsafe impl WasmTy for Option<Rooted<ExnRef>> {
    fn valtype() -> ValType {
        ValType::EXNREF
    }

    fn compatible_with_store(&self, store: &Opaque<'_>) -> bool {
        self.is_none_or(|e| e.store() == store.0.id() && e.get(store.0).is_ok())
    }

    unsafe fn write(self, at: *mut ValRaw, store: &Opaque<'_>) {
        let word = self.and_then(|e| e.get(store.0).ok()).map_or(0, |at| at.as_ptr() as u64);
        // SAFETY: as the caller says.
        unsafe { (*at).lo = word };
    }

    unsafe fn read(at: *const ValRaw, store: &Opaque<'_>) -> Self {
        // SAFETY: as the caller says.
        ExnRef::from_word(unsafe { (*at).lo }, store.0)
    }
}

/// References without null, as the types for those with null have them.
macro_rules! non_null {
    ($($ty:ty => $heap:ident;)*) => {$(
        // SAFETY: the word is that of the type with null, which is not null.
        unsafe impl WasmTy for $ty {
            fn valtype() -> ValType {
                ValType::Ref(RefType::new(false, HeapType::$heap))
            }

            fn compatible_with_store(&self, store: &Opaque<'_>) -> bool {
                Some(*self).compatible_with_store(store)
            }

            unsafe fn write(self, at: *mut ValRaw, store: &Opaque<'_>) {
                // SAFETY: as the caller says.
                unsafe { Some(self).write(at, store) };
            }

            unsafe fn read(at: *const ValRaw, store: &Opaque<'_>) -> Self {
                // SAFETY: as the caller says.
                let value = unsafe { <Option<$ty>>::read(at, store) };
                value.expect("compiled code has no null of this type")
            }
        }
    )*};
}

non_null! {
    Func => Func;
    Rooted<ExnRef> => Exn;
}

/// Parameters of a [`TypedFunc`]: one [`WasmTy`], or a tuple of up to 16.
///
/// # Safety
/// May only be implemented here: compiled code relies on the words.
pub unsafe trait WasmParams: Send {
    /// An array of that many values.
    #[doc(hidden)]
    type Array: Copy;

    #[doc(hidden)]
    fn typecheck(types: impl ExactSizeIterator<Item = ValType>, way: Way) -> Result<()>;

    /// Writes the words of the values to `array`, unless one belongs to another store.
    ///
    /// # Safety
    /// `array` must be valid for writing a [`WasmParams::Array`].
    #[doc(hidden)]
    unsafe fn put(self, store: &Opaque<'_>, array: *mut ValRaw) -> bool;
}

/// Results of a [`TypedFunc`]: one [`WasmTy`], or a tuple of up to 16.
///
/// # Safety
/// May only be implemented here: compiled code relies on the words.
pub unsafe trait WasmResults: WasmParams {
    /// Reads the words of the values.
    ///
    /// # Safety
    /// There must be as many words in `array`, of values of the right types, in `store`.
    #[doc(hidden)]
    unsafe fn load(store: &Opaque<'_>, array: *const ValRaw) -> Self;
}

// SAFETY: as for the tuple of one.
unsafe impl<A: WasmTy> WasmParams for A {
    type Array = [ValRaw; 1];

    fn typecheck(types: impl ExactSizeIterator<Item = ValType>, way: Way) -> Result<()> {
        <(A,)>::typecheck(types, way)
    }

    #[inline]
    unsafe fn put(self, store: &Opaque<'_>, array: *mut ValRaw) -> bool {
        // SAFETY: guaranteed by the caller.
        unsafe { WasmParams::put((self,), store, array) }
    }
}

// SAFETY: as for the tuple of one.
unsafe impl<A: WasmTy> WasmResults for A {
    #[inline]
    unsafe fn load(store: &Opaque<'_>, array: *const ValRaw) -> Self {
        // SAFETY: guaranteed by the caller.
        unsafe { <(A,)>::load(store, array).0 }
    }
}

/// Parameters of a host function that can wait ([`Func::wrap_async`]): a tuple of up to 16 [`WasmTy`].
///
/// # Safety
/// May only be implemented here: compiled code relies on the words.
pub unsafe trait WasmTyList: WasmResults {
    #[doc(hidden)]
    fn valtypes() -> Vec<ValType>;
}

macro_rules! tuples {
    ($n:literal $($ty:ident $i:tt)*) => {
        // SAFETY: each value is at the place of its number, of the type that was checked.
        unsafe impl<$($ty: WasmTy),*> WasmParams for ($($ty,)*) {
            type Array = [ValRaw; $n];

            fn typecheck(types: impl ExactSizeIterator<Item = ValType>, way: Way) -> Result<()> {
                let wanted: [ValType; $n] = [$($ty::valtype()),*];
                if wanted.len() != types.len() {
                    bail!("expected {} types, found {}", wanted.len(), types.len());
                }
                for (wanted, found) in wanted.iter().zip(types) {
                    let fits = match way {
                        Way::In => wanted.matches(&found),
                        Way::Out => found.matches(wanted),
                    };
                    if !fits {
                        bail!("type mismatch: expected {wanted}, found {found}");
                    }
                }
                Ok(())
            }

            #[inline]
            #[allow(unused_variables, reason = "the tuple of none has no use for them")]
            unsafe fn put(self, store: &Opaque<'_>, array: *mut ValRaw) -> bool {
                $(
                    if !self.$i.compatible_with_store(store) {
                        return false;
                    }
                    // SAFETY: the caller guarantees that there is room.
                    unsafe { self.$i.write(array.add($i), store) };
                )*
                true
            }
        }

        // SAFETY: as above.
        unsafe impl<$($ty: WasmTy),*> WasmTyList for ($($ty,)*) {
            fn valtypes() -> Vec<ValType> {
                vec![$($ty::valtype()),*]
            }
        }

        // SAFETY: as above.
        unsafe impl<$($ty: WasmTy),*> WasmResults for ($($ty,)*) {
            #[inline]
            #[allow(unused_variables, clippy::unused_unit, reason = "the tuple of none has no use for them")]
            unsafe fn load(store: &Opaque<'_>, array: *const ValRaw) -> Self {
                // SAFETY: the caller guarantees that there are that many words.
                ($(unsafe { $ty::read(array.add($i), store) },)*)
            }
        }
    };
}

tuples!(0);
tuples!(1 A 0);
tuples!(2 A 0 B 1);
tuples!(3 A 0 B 1 C 2);
tuples!(4 A 0 B 1 C 2 D 3);
tuples!(5 A 0 B 1 C 2 D 3 E 4);
tuples!(6 A 0 B 1 C 2 D 3 E 4 F 5);
tuples!(7 A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuples!(8 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
tuples!(9 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
tuples!(10 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
tuples!(11 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
tuples!(12 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);
tuples!(13 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12);
tuples!(14 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13);
tuples!(15 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13 O 14);
tuples!(16 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13 O 14 P 15);

/// A [`Func`] whose type was checked against Rust types, so that calls are cheap.
pub struct TypedFunc<Params, Results> {
    func: Func,
    entry: EntryFn,
    /// Takes and gives these, but has none.
    types: PhantomData<fn(Params) -> Results>,
}

impl<Params, Results> Clone for TypedFunc<Params, Results> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Params, Results> Copy for TypedFunc<Params, Results> {}

impl<Params, Results> fmt::Debug for TypedFunc<Params, Results> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedFunc").field("func", &self.func).finish_non_exhaustive()
    }
}

/// As large as the larger of the two.
#[repr(C)]
union Args<P: Copy, R: Copy> {
    _params: P,
    _results: R,
    /// Never an empty place.
    _one: ValRaw,
}

impl<Params, Results> TypedFunc<Params, Results>
where
    Params: WasmParams,
    Results: WasmResults,
{
    pub(crate) fn new(func: Func, entry: EntryFn) -> Self {
        TypedFunc { func, entry, types: PhantomData }
    }

    /// The function without static types.
    pub fn func(&self) -> &Func {
        &self.func
    }

    /// Calls it.
    ///
    /// # Errors
    /// If a parameter belongs to another store, if the code traps (a [`Trap`](crate::Trap)), or if a host function
    /// fails.
    ///
    /// # Panics
    /// If the function does not belong to `store`, or a host function panics.
    #[inline]
    pub fn call(&self, mut store: impl AsContextMut, params: Params) -> Result<Results> {
        let mut store: StoreContextMut<'_, _> = store.as_context_mut();
        self.func.check(&store.0.opaque);
        // Room for parameters and, afterwards, results. Only the words that the function's type has are ever
        // written or read.
        let mut array = MaybeUninit::<Args<Params::Array, Results::Array>>::uninit();
        let args: *mut ValRaw = array.as_mut_ptr().cast();
        // SAFETY: the union has room for the parameters.
        if !unsafe { params.put(&Opaque(&store.0.opaque), args) } {
            bail!("a reference cannot be used in another store than its own");
        }
        // SAFETY: the function is of this store, its type was checked by `Func::typed` against those of the values,
        // and the union has room for parameters and results.
        unsafe {
            func::call_raw(&mut store, self.func.func_ref(), |_| Ok(self.entry), args)?;
            Ok(Results::load(&Opaque(&store.0.opaque), args))
        }
    }
}
