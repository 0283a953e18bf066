//! References as static types.

use super::{AnyRef, ArrayRef, EqRef, ExternRef, I31, Kind, StructRef};
use crate::api::rooted::Rooted;
use crate::api::typed::{Opaque, WasmTy};
use crate::types::{HeapType, RefType, ValType};
use crate::vm::context::ValRaw;

macro_rules! references {
    ($($ty:ident)*) => {$(
        // SAFETY: null is 0, and other words are those of handles.
        unsafe impl WasmTy for Option<Rooted<$ty>> {
            fn valtype() -> ValType {
                ValType::Ref(RefType::new(true, $ty::HEAP))
            }

            fn compatible_with_store(&self, store: &Opaque<'_>) -> bool {
                self.is_none_or(|r| r.handle().store() == store.0.id() && r.handle().word(store.0).is_ok())
            }

            unsafe fn write(self, at: *mut ValRaw, store: &Opaque<'_>) {
                let word = self.and_then(|r| r.handle().word(store.0).ok()).unwrap_or(0);
                // SAFETY: as the caller says.
                unsafe { (*at).lo = word.into() };
            }

            unsafe fn read(at: *const ValRaw, store: &Opaque<'_>) -> Self {
                // SAFETY: as the caller says.
                $ty::from_word(unsafe { (*at).lo }, store.0)
            }
        }

        // SAFETY: the word is that of the type with null, which is not null.
        unsafe impl WasmTy for Rooted<$ty> {
            fn valtype() -> ValType {
                ValType::Ref(RefType::new(false, $ty::HEAP))
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
                let value = unsafe { <Option<Rooted<$ty>>>::read(at, store) };
                value.expect("compiled code has no null of this type")
            }
        }
    )*};
}
references! { AnyRef EqRef StructRef ArrayRef ExternRef }

// SAFETY: null is 0, and other words are odd.
unsafe impl WasmTy for Option<I31> {
    fn valtype() -> ValType {
        ValType::Ref(RefType::new(true, HeapType::I31))
    }

    fn compatible_with_store(&self, _: &Opaque<'_>) -> bool {
        true
    }

    unsafe fn write(self, at: *mut ValRaw, _: &Opaque<'_>) {
        // SAFETY: as the caller says.
        unsafe { (*at).lo = self.map_or(0, I31::to_word).into() };
    }

    unsafe fn read(at: *const ValRaw, _: &Opaque<'_>) -> Self {
        // SAFETY: as the caller says.
        I31::from_word(unsafe { (*at).lo } as u32)
    }
}

// SAFETY: the word is that of the type with null, which is not null.
unsafe impl WasmTy for I31 {
    fn valtype() -> ValType {
        ValType::Ref(RefType::new(false, HeapType::I31))
    }

    fn compatible_with_store(&self, _: &Opaque<'_>) -> bool {
        true
    }

    unsafe fn write(self, at: *mut ValRaw, store: &Opaque<'_>) {
        // SAFETY: as the caller says.
        unsafe { Some(self).write(at, store) };
    }

    unsafe fn read(at: *const ValRaw, store: &Opaque<'_>) -> Self {
        // SAFETY: as the caller says.
        unsafe { <Option<I31>>::read(at, store) }.expect("compiled code has no null of this type")
    }
}
