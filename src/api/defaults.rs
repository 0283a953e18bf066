//! Something of each type: functions that return zeros and nulls, memories, tables and globals with zeros and nulls.

use crate::api::caller::Caller;
use crate::api::context::{AsContextMut, StoreContextMut};
use crate::api::exception::Tag;
use crate::api::externals::Extern;
use crate::api::func::Func;
use crate::api::global::Global;
use crate::api::memory::Memory;
use crate::api::shared_memory::SharedMemory;
use crate::api::table::Table;
use crate::api::value::Ref;
use crate::engine::{Demand, Engine};
use crate::types::{ExternType, FuncType, GlobalType, MemoryType, RefType, TableType, TagType};
use crate::vm::host::HostFunc;
use crate::{Error, Result};
use std::fmt::Display;

fn none(ty: impl Display) -> Error {
    Error::msg(format!("there is no default value of type {ty}"))
}

fn null(ty: &RefType) -> Result<Ref> {
    if ty.is_nullable() { Ok(Ref::null(ty.heap_type())) } else { Err(none(ty)) }
}

impl FuncType {
    /// A function that returns zeros and nulls.
    ///
    /// # Errors
    /// If a result has no default value, and as for [`Func::try_new`].
    pub fn default_value(&self, store: impl AsContextMut) -> Result<Func> {
        fn make<T>(ty: &FuncType, store: StoreContextMut<'_, T>) -> Result<Func> {
            let func = ty.default_host_func::<T>(store.engine())?;
            Ok(Func::from_host(&mut store.0.opaque, func))
        }
        let mut store = store;
        make(self, store.as_context_mut())
    }

    /// The same of no store.
    pub(crate) fn default_host_func<T>(&self, engine: &Engine) -> Result<HostFunc> {
        if let Some(ty) = self.results().find(|ty| ty.default_value().is_none()) {
            return Err(none(ty));
        }
        // The results that the closure is passed are already zero or null.
        HostFunc::new(engine, self.clone(), Demand::Bounded, |_: Caller<'_, T>, _, _| Ok(()))
    }
}

impl GlobalType {
    /// A global that is zero or null.
    ///
    /// # Errors
    /// If its type has no default value.
    pub fn default_value(&self, store: impl AsContextMut) -> Result<Global> {
        let zero = self.content().default_value().ok_or_else(|| none(self.content()))?;
        Global::new(store, self.clone(), zero)
    }
}

impl TableType {
    /// A table of nulls.
    ///
    /// # Errors
    /// If null is no element, and as for [`Table::new`].
    pub fn default_value(&self, store: impl AsContextMut) -> Result<Table> {
        Table::new(store, self.clone(), null(self.element())?)
    }
}

impl MemoryType {
    /// A memory of zeros, shared or not.
    ///
    /// # Errors
    /// As for [`Memory::new`].
    pub fn default_value(&self, mut store: impl AsContextMut) -> Result<Extern> {
        Ok(match self.is_shared() {
            true => SharedMemory::new(store.as_context_mut().engine(), self.clone())?.into(),
            false => Memory::new(store, self.clone())?.into(),
        })
    }
}

impl TagType {
    /// A tag.
    ///
    /// # Errors
    /// As for [`Tag::new`].
    pub fn default_value(&self, store: impl AsContextMut) -> Result<Tag> {
        Tag::new(store, self)
    }
}

impl ExternType {
    /// Something of this type.
    ///
    /// ```
    /// use headwater::{Engine, MemoryType, ExternType, Store};
    /// let mut store = Store::new(&Engine::default(), ());
    /// let ty = ExternType::from(MemoryType::new(1, None));
    /// assert_eq!(ty.default_value(&mut store)?.into_memory().unwrap().size(&store), 1);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no default value, or not enough memory.
    pub fn default_value(&self, store: impl AsContextMut) -> Result<Extern> {
        Ok(match self {
            ExternType::Func(ty) => ty.default_value(store)?.into(),
            ExternType::Global(ty) => ty.default_value(store)?.into(),
            ExternType::Table(ty) => ty.default_value(store)?.into(),
            ExternType::Memory(ty) => ty.default_value(store)?,
            ExternType::Tag(ty) => ty.default_value(store)?.into(),
        })
    }
}
