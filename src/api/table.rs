//! Tables as the host handles them.

use crate::api::context::{AsContext, AsContextMut};
use crate::api::value::Ref;
use crate::trap::Trap;
use crate::types::TableType;
use crate::vm::arena::Place;
use crate::vm::held::Kind;
use crate::vm::limits;
use crate::vm::store::{StoreOpaque, Stored};
use crate::vm::table::Table as VmTable;
use crate::{Error, Result};
use anyhow::bail;

/// A table of a store. A handle.
///
/// ```
/// use headwater::{Engine, Ref, RefType, Store, Table, TableType};
/// let mut store = Store::new(&Engine::default(), ());
/// let ty = TableType::new(RefType::FUNCREF, 2, Some(3));
/// let table = Table::new(&mut store, ty, Ref::Func(None))?;
/// assert!(table.get(&mut store, 1).unwrap().is_null());
/// assert!(table.get(&mut store, 2).is_none());
/// assert_eq!(table.grow(&mut store, 1, Ref::Func(None))?, 2);
/// assert!(table.grow(&mut store, 1, Ref::Func(None)).is_err());
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Table(Stored);

fn has(store: &StoreOpaque, place: Place) -> bool {
    store.tables.slots().has(place)
}

impl Table {
    /// A new table, filled with `init`.
    ///
    /// # Errors
    /// If `init` is of another type or belongs to another store, or the engine's limits or the store's limiter do not
    /// allow its size.
    pub fn new(mut store: impl AsContextMut, ty: TableType, init: Ref) -> Result<Table> {
        let mut store = store.as_context_mut();
        let init = init.to_word(&store.0.opaque, ty.element())?;
        // SAFETY: the store is borrowed for writing.
        let index = unsafe { limits::new_table(store.as_ptr(), ty, init) }?;
        Ok(Table::at(&store.0.opaque, index))
    }

    pub(crate) fn at(store: &StoreOpaque, index: u32) -> Table {
        Table(Stored { store: store.id(), place: store.tables.slots().place(index) })
    }

    /// Whether it is in `store`.
    pub(crate) fn is_in(&self, store: &StoreOpaque) -> bool {
        store.owns(self.0, has)
    }

    pub(crate) fn index(&self) -> u32 {
        self.0.place.index
    }

    /// The table; the borrow of the store decides what may be done with it.
    fn get_in(&self, store: &StoreOpaque) -> *mut VmTable {
        store.check_stored(self.0, has);
        store.table_at(self.0.place.index).as_ptr()
    }

    /// The type that it was created with.
    ///
    /// # Panics
    /// If it does not belong to `store`; the same goes for all methods here.
    pub fn ty(&self, store: impl AsContext) -> TableType {
        // SAFETY: the store is borrowed for reading.
        unsafe { (*self.get_in(store.as_context().0)).ty().clone() }
    }

    /// The number of elements.
    pub fn size(&self, store: impl AsContext) -> u64 {
        // SAFETY: the store is borrowed for reading.
        unsafe { (*self.get_in(store.as_context().0)).len() }
    }

    /// Element `index`, or `None` if there is none.
    pub fn get(&self, mut store: impl AsContextMut, index: u64) -> Option<Ref> {
        let store = &store.as_context_mut().0.opaque;
        // SAFETY: the store is borrowed for writing.
        let table = unsafe { &*self.get_in(store) };
        Some(Ref::from_word(table.get(index)?, table.ty().element(), store))
    }

    /// Sets element `index` to `value`.
    ///
    /// # Errors
    /// If there is no such element, or `value` is of another type or belongs to another store.
    pub fn set(&self, mut store: impl AsContextMut, index: u64, value: Ref) -> Result<()> {
        let store = &store.as_context_mut().0.opaque;
        // SAFETY: the store is borrowed for writing.
        let table = unsafe { &mut *self.get_in(store) };
        let word = value.to_word(store, table.ty().element())?;
        table.set(index, word).map_err(|_| Error::msg("table element index out of bounds"))
    }

    /// Adds `delta` elements, all `init`, and returns the number before.
    ///
    /// # Errors
    /// If that is more than the table's maximum, the engine's limit or the store's limiter allows, or `init` is of
    /// another type or belongs to another store; and any error of the limiter.
    pub fn grow(&self, mut store: impl AsContextMut, delta: u64, init: Ref) -> Result<u64> {
        let mut store = store.as_context_mut();
        let table = self.get_in(&store.0.opaque);
        // SAFETY: the store is borrowed for writing.
        let word = init.to_word(&store.0.opaque, unsafe { (*table).ty() }.element())?;
        // SAFETY: as above.
        let grown = unsafe { limits::grow_table(store.as_ptr(), table, delta, word) }?;
        grown.ok_or_else(|| Error::msg(format!("failed to grow table by `{delta}`")))
    }

    /// Like [`Memory::release`](crate::Memory::release), for a table's elements.
    pub fn release(&self, mut store: impl AsContextMut) -> bool {
        let store = &mut store.as_context_mut().0.opaque;
        let table = self.get_in(store);
        // SAFETY: the store is borrowed for writing.
        let (len, released) = unsafe { ((*table).len(), (*table).release()) };
        if released {
            store.held.subtract(Kind::Tables, VmTable::bytes(len));
        }
        released
    }

    /// Sets `len` elements from `dst` on to `value`.
    ///
    /// # Errors
    /// [`Trap::TableOutOfBounds`] if there are not that many, and if `value` is of another type or belongs to another
    /// store.
    pub fn fill(&self, mut store: impl AsContextMut, dst: u64, value: Ref, len: u64) -> Result<()> {
        let store = &store.as_context_mut().0.opaque;
        // SAFETY: the store is borrowed for writing.
        let table = unsafe { &mut *self.get_in(store) };
        let word = value.to_word(store, table.ty().element())?;
        Ok(table.fill(dst, word, len).map_err(Trap::from_code)?)
    }

    /// Copies `len` elements from `src_index` in `src_table` to `dst_index` in `dst_table`.
    ///
    /// # Errors
    /// [`Trap::TableOutOfBounds`] if there are not that many, and if the tables' types differ.
    pub fn copy(
        mut store: impl AsContextMut,
        dst_table: &Table,
        dst_index: u64,
        src_table: &Table,
        src_index: u64,
        len: u64,
    ) -> Result<()> {
        let store = &store.as_context_mut().0.opaque;
        let (dst, src) = (dst_table.get_in(store), src_table.get_in(store));
        // SAFETY: the store is borrowed for writing; both are only read here.
        let (to, from) = unsafe { ((*dst).ty().element(), (*src).ty().element()) };
        if !from.matches(to) {
            bail!("type mismatch: source table holds {from}, destination table {to}");
        }
        // SAFETY: the store is borrowed for writing.
        Ok(unsafe { VmTable::copy(dst, src, dst_index, src_index, len) }.map_err(Trap::from_code)?)
    }
}
