//! Globals as the host handles them.

use crate::Result;
use crate::api::context::{AsContext, AsContextMut};
use crate::api::value::Val;
use crate::types::{GlobalType, Mutability};
use crate::vm::arena::Place;
use crate::vm::global::GlobalData;
use crate::vm::store::{StoreOpaque, Stored};
use anyhow::bail;

/// A global of a store. A handle.
///
/// ```
/// use headwater::{Engine, Global, GlobalType, Mutability, Store, Val, ValType};
/// let mut store = Store::new(&Engine::default(), ());
/// let ty = GlobalType::new(ValType::I64, Mutability::Var);
/// let global = Global::new(&mut store, ty, Val::I64(1))?;
/// global.set(&mut store, Val::I64(2))?;
/// assert_eq!(global.get(&mut store).unwrap_i64(), 2);
/// assert!(global.set(&mut store, Val::I32(3)).is_err());
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Global(Stored);

fn has(store: &StoreOpaque, place: Place) -> bool {
    store.globals.has(place)
}

impl Global {
    /// A new global.
    ///
    /// # Errors
    /// If `val` is of another type or belongs to another store.
    pub fn new(mut store: impl AsContextMut, ty: GlobalType, val: Val) -> Result<Global> {
        let store = &mut store.as_context_mut().0.opaque;
        let raw = val.raw_of(store, ty.content())?;
        let index = store.add_global(GlobalData::new(raw, ty));
        Ok(Global::at(store, index))
    }

    pub(crate) fn at(store: &StoreOpaque, index: u32) -> Global {
        Global(Stored { store: store.id(), place: store.globals.place(index) })
    }

    /// Whether it is in `store`.
    pub(crate) fn is_in(&self, store: &StoreOpaque) -> bool {
        store.owns(self.0, has)
    }

    pub(crate) fn index(&self) -> u32 {
        self.0.place.index
    }

    fn data<'a>(&self, store: &'a StoreOpaque) -> &'a GlobalData {
        store.check_stored(self.0, has);
        store.global_at(self.0.place.index)
    }

    /// The type.
    ///
    /// # Panics
    /// If it does not belong to `store`; the same goes for all methods here.
    pub fn ty(&self, store: impl AsContext) -> GlobalType {
        self.data(store.as_context().0).ty.clone()
    }

    /// The value.
    pub fn get(&self, mut store: impl AsContextMut) -> Val {
        let store = &store.as_context_mut().0.opaque;
        let global = self.data(store);
        // SAFETY: the value lives as long as the store, which is borrowed.
        Val::of_raw(unsafe { *global.at }, global.ty.content(), store)
    }

    /// Changes the value.
    ///
    /// # Errors
    /// If the global is immutable, or `val` of another type or from another store.
    pub fn set(&self, mut store: impl AsContextMut, val: Val) -> Result<()> {
        let store = &store.as_context_mut().0.opaque;
        let global = self.data(store);
        if global.ty.mutability() != Mutability::Var {
            bail!("immutable global cannot be set");
        }
        let raw = val.raw_of(store, global.ty.content())?;
        // SAFETY: the value lives as long as the store, which is borrowed for writing.
        unsafe { *global.at = raw };
        Ok(())
    }
}
