//! References of which it is not known, or not said, what they refer to.

use super::{ArrayRef, ExternRef, Handle, I31, Kind, StructRef, kind, type_of};
use crate::Result;
use crate::api::context::{AsContext, AsContextMut};
use crate::api::rooted::Rooted;
use crate::types::HeapType;
use crate::vm::gc::objects::is_object;
use crate::vm::store::StoreOpaque;
use headwater_codegen::vmctx::gc;

/// A reference to a struct, an array, a small integer, or a value of the host that was made an `anyref`.
///
/// ```
/// use headwater::{AnyRef, Engine, I31, Store};
/// let mut store = Store::new(&Engine::default(), ());
/// let any = AnyRef::from_i31(&mut store, I31::wrapping_u32(7));
/// assert!(any.is_i31(&store)? && !any.is_struct(&store)?);
/// assert_eq!(any.unwrap_i31(&store)?.get_u32(), 7);
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct AnyRef(pub(super) Handle);

/// A reference to a struct, an array or a small integer, which can be compared.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct EqRef(pub(super) Handle);

kind! { AnyRef Any EqRef Eq }

macro_rules! downcasts {
    ($ty:ident) => {
        impl $ty {
            /// A reference to a small integer.
            pub fn from_i31(mut store: impl AsContextMut, value: I31) -> Rooted<$ty> {
                Rooted($ty(Handle::new(&store.as_context_mut().0.opaque, value.to_word())))
            }

            /// What is referred to.
            ///
            /// # Errors
            /// If the handle is no longer valid; the same goes for all methods here.
            ///
            /// # Panics
            /// If it does not belong to `store`; likewise.
            pub fn ty(&self, store: impl AsContext) -> Result<HeapType> {
                let store = &store.as_context().0.opaque;
                Ok(type_of(store, self.0.word(store)?))
            }

            /// Whether it is a value of type `ty`.
            pub fn matches_ty(&self, store: impl AsContext, ty: &HeapType) -> Result<bool> {
                Ok(self.ty(store)?.matches(ty))
            }

            /// The reference as compiled code has it; never 0. Good until the next allocation in the store.
            pub fn to_raw(&self, mut store: impl AsContextMut) -> Result<u32> {
                self.0.word(&store.as_context_mut().0.opaque)
            }

            fn cast<T: Kind>(&self, store: &StoreOpaque, is: impl FnOnce(u32) -> bool) -> Result<Option<Rooted<T>>> {
                Ok(is(self.0.word(store)?).then(|| Rooted(T::from_handle(self.0))))
            }

            /// Whether it is a small integer.
            pub fn is_i31(&self, store: impl AsContext) -> Result<bool> {
                Ok(self.as_i31(store)?.is_some())
            }

            /// The small integer, if it is one.
            pub fn as_i31(&self, store: impl AsContext) -> Result<Option<I31>> {
                Ok(I31::from_word(self.0.word(&store.as_context().0.opaque)?))
            }

            /// The small integer.
            ///
            /// # Panics
            /// If it is none.
            pub fn unwrap_i31(&self, store: impl AsContext) -> Result<I31> {
                Ok(self.as_i31(store)?.expect("expected a small integer"))
            }

            /// Whether it refers to a struct.
            pub fn is_struct(&self, store: impl AsContext) -> Result<bool> {
                Ok(self.as_struct(store)?.is_some())
            }

            /// The reference to a struct, if it is one.
            pub fn as_struct(&self, store: impl AsContext) -> Result<Option<Rooted<StructRef>>> {
                let store = &store.as_context().0.opaque;
                self.cast(store, |word| is_object(word) && store.gc().header(word).0 & gc::ARRAY == 0)
            }

            /// The reference to a struct.
            ///
            /// # Panics
            /// If it is none.
            pub fn unwrap_struct(&self, store: impl AsContext) -> Result<Rooted<StructRef>> {
                Ok(self.as_struct(store)?.expect("expected a struct"))
            }

            /// Whether it refers to an array.
            pub fn is_array(&self, store: impl AsContext) -> Result<bool> {
                Ok(self.as_array(store)?.is_some())
            }

            /// The reference to an array, if it is one.
            pub fn as_array(&self, store: impl AsContext) -> Result<Option<Rooted<ArrayRef>>> {
                let store = &store.as_context().0.opaque;
                self.cast(store, |word| is_object(word) && store.gc().header(word).0 & gc::ARRAY != 0)
            }

            /// The reference to an array.
            ///
            /// # Panics
            /// If it is none.
            pub fn unwrap_array(&self, store: impl AsContext) -> Result<Rooted<ArrayRef>> {
                Ok(self.as_array(store)?.expect("expected an array"))
            }
        }
    };
}
downcasts!(AnyRef);
downcasts!(EqRef);

impl AnyRef {
    /// What compiled code has as `raw`; `None` for 0, the null reference.
    ///
    /// # Safety
    /// `raw` must be 0 or a reference of this store, with no allocation since it was got.
    pub unsafe fn from_raw(mut store: impl AsContextMut, raw: u32) -> Option<Rooted<AnyRef>> {
        AnyRef::from_word(raw.into(), &store.as_context_mut().0.opaque)
    }

    /// The value of the host that `external` refers to, or what was made external, as `any.convert_extern` gives it.
    ///
    /// # Errors
    /// If the handle is no longer valid.
    pub fn convert_extern(mut store: impl AsContextMut, external: Rooted<ExternRef>) -> Result<Rooted<AnyRef>> {
        let store = &mut store.as_context_mut().0.opaque;
        let word = external.handle().word(store)?;
        Ok(Rooted(AnyRef(Handle::new(store, store.gc().any_of_extern(word)))))
    }

    /// Whether it is an `eqref`.
    pub fn is_eqref(&self, store: impl AsContext) -> Result<bool> {
        Ok(self.as_eqref(store)?.is_some())
    }

    /// The reference that can be compared, if it is one.
    pub fn as_eqref(&self, store: impl AsContext) -> Result<Option<Rooted<EqRef>>> {
        let store = &store.as_context().0.opaque;
        self.cast(store, |word| word & gc::I31 != 0 || is_object(word))
    }

    /// The reference that can be compared.
    ///
    /// # Panics
    /// If it is none.
    pub fn unwrap_eqref(&self, store: impl AsContext) -> Result<Rooted<EqRef>> {
        Ok(self.as_eqref(store)?.expect("expected an eqref"))
    }
}

macro_rules! upcasts {
    ($($from:ident: $($name:ident -> $to:ident),+;)*) => {$(
        impl Rooted<$from> {$(
            #[doc = concat!("The same as a handle of a more general type, [`", stringify!($to), "`].")]
            pub fn $name(self) -> Rooted<$to> {
                Rooted($to(self.0.0))
            }
        )+}
    )*};
}
upcasts! {
    EqRef: to_anyref -> AnyRef;
    StructRef: to_anyref -> AnyRef, to_eqref -> EqRef;
    ArrayRef: to_anyref -> AnyRef, to_eqref -> EqRef;
}
