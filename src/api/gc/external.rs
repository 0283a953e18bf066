//! References to values of the host.

use super::{AnyRef, Handle, Kind, kind};
use crate::Result;
use crate::api::context::{AsContextMut, StoreContext, StoreContextMut};
use crate::api::rooted::Rooted;
use crate::vm::gc::externs;
use crate::vm::store::StoreOpaque;
use headwater_codegen::vmctx::gc;
use std::any::Any;

/// A reference to a value of the host, kept by a store as long as anything refers to it. WebAssembly code can pass it
/// around but not look into it.
///
/// ```
/// use headwater::{Engine, ExternRef, Store};
/// let mut store = Store::new(&Engine::default(), ());
/// let r = ExternRef::new(&mut store, "hello".to_string())?;
/// let data = r.data(&store)?.expect("it was not made from something else");
/// assert_eq!(data.downcast_ref::<String>().unwrap(), "hello");
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct ExternRef(pub(super) Handle);

kind! { ExternRef Extern }

impl ExternRef {
    /// Gives `value` to the store, and refers to it.
    ///
    /// # Errors
    /// If there are too many in the store, or there is no memory.
    pub fn new<T>(mut store: impl AsContextMut, value: T) -> Result<Rooted<ExternRef>>
    where
        T: Any + Send + Sync + 'static,
    {
        let mut store = store.as_context_mut();
        let store = store.as_ptr();
        // SAFETY: the pointer reaches all of the store, which is borrowed, and no word of it is held here.
        let word = unsafe { StoreOpaque::new_extern(store, Box::new(value)) }?;
        // SAFETY: as above.
        Ok(Rooted(ExternRef(Handle::new(unsafe { &*store }, word))))
    }

    /// `any` as a reference that code without types of objects may have, as `extern.convert_any` gives it.
    ///
    /// # Errors
    /// If the handle is no longer valid, there are too many references in the store, or there is no memory.
    pub fn convert_any(mut store: impl AsContextMut, any: Rooted<AnyRef>) -> Result<Rooted<ExternRef>> {
        let store = &mut store.as_context_mut().0.opaque;
        let word = any.handle().word(store)?;
        let word = store.extern_of_any(word)?;
        Ok(Rooted(ExternRef(Handle::new(store, word))))
    }

    /// The value referred to; `None` if the reference was made from one to something that the host has no value of, as
    /// `extern.convert_any` does.
    ///
    /// # Errors
    /// If the handle is no longer valid.
    ///
    /// # Panics
    /// If `store` is not the store of this reference.
    pub fn data<'a, T: 'a>(
        &self,
        store: impl Into<StoreContext<'a, T>>,
    ) -> Result<Option<&'a (dyn Any + Send + Sync)>> {
        let store = &store.into().0.opaque;
        Ok(store.gc().externs().value(self.0.word(store)?))
    }

    /// The same, to be changed.
    ///
    /// # Errors
    /// As [`ExternRef::data`].
    ///
    /// # Panics
    /// As [`ExternRef::data`].
    pub fn data_mut<'a, T: 'a>(
        &self,
        store: impl Into<StoreContextMut<'a, T>>,
    ) -> Result<Option<&'a mut (dyn Any + Send + Sync)>> {
        let store = &mut store.into().0.opaque;
        let word = self.0.word(store)?;
        Ok(store.gc_mut().externs_mut().value_mut(word))
    }

    /// The reference as compiled code has it; never 0.
    ///
    /// # Errors
    /// If the handle is no longer valid.
    ///
    /// # Panics
    /// If it does not belong to `store`.
    pub fn to_raw(&self, mut store: impl AsContextMut) -> Result<u32> {
        self.0.word(&store.as_context_mut().0.opaque)
    }

    /// The reference that compiled code has as `raw`; `None` for 0, the null reference, and for what is no reference.
    /// What is none of the store's references has no value.
    pub fn from_raw(mut store: impl AsContextMut, raw: u32) -> Option<Rooted<ExternRef>> {
        // No object is one: whatever the number is, it leads to no memory.
        let is_one = raw & gc::I31 != 0 || externs::index(raw).is_some();
        if is_one { ExternRef::from_word(raw.into(), &store.as_context_mut().0.opaque) } else { None }
    }
}
