//! What instances import and export, as handles.

use crate::api::context::AsContext;
use crate::api::exception::Tag;
use crate::api::func::Func;
use crate::api::global::Global;
use crate::api::memory::Memory;
use crate::api::shared_memory::SharedMemory;
use crate::api::table::Table;
use crate::engine::Engine;
use crate::types::{ExternType, MemoryType, TableType, TagType};
use crate::vm::store::StoreOpaque;

/// Something that instances import and export.
#[derive(Clone, Debug)]
pub enum Extern {
    /// A function.
    Func(Func),
    /// A global.
    Global(Global),
    /// A table.
    Table(Table),
    /// A linear memory.
    Memory(Memory),
    /// A linear memory that several threads may have.
    SharedMemory(SharedMemory),
    /// A tag.
    Tag(Tag),
}

impl Extern {
    /// The function, if it is one.
    pub fn into_func(self) -> Option<Func> {
        if let Extern::Func(f) = self { Some(f) } else { None }
    }

    /// The global, if it is one.
    pub fn into_global(self) -> Option<Global> {
        if let Extern::Global(g) = self { Some(g) } else { None }
    }

    /// The table, if it is one.
    pub fn into_table(self) -> Option<Table> {
        if let Extern::Table(t) = self { Some(t) } else { None }
    }

    /// The memory, if it is one.
    pub fn into_memory(self) -> Option<Memory> {
        if let Extern::Memory(m) = self { Some(m) } else { None }
    }

    /// The shared memory, if it is one.
    pub fn into_shared_memory(self) -> Option<SharedMemory> {
        if let Extern::SharedMemory(m) = self { Some(m) } else { None }
    }

    /// The tag, if it is one.
    pub fn into_tag(self) -> Option<Tag> {
        if let Extern::Tag(t) = self { Some(t) } else { None }
    }

    /// Its type.
    ///
    /// # Panics
    /// If it does not belong to `store`.
    pub fn ty(&self, store: impl AsContext) -> ExternType {
        match self {
            Extern::Func(f) => f.ty(store).into(),
            Extern::Global(g) => g.ty(store).into(),
            Extern::Table(t) => t.ty(store).into(),
            Extern::Memory(m) => m.ty(store).into(),
            Extern::SharedMemory(m) => m.ty().into(),
            Extern::Tag(t) => t.ty(store).into(),
        }
    }

    /// Whether it is in `store`, and was not freed.
    pub(crate) fn comes_from_same_store(&self, store: &StoreOpaque) -> bool {
        match self {
            Extern::Func(f) => f.is_in(store),
            Extern::Global(g) => g.is_in(store),
            Extern::Table(t) => t.is_in(store),
            Extern::Memory(m) => m.is_in(store),
            Extern::Tag(t) => t.is_in(store),
            // It belongs to all stores of its engine.
            Extern::SharedMemory(m) => Engine::same(store.engine(), m.engine()),
        }
    }

    /// Its type, where the minimum of a memory or table is its current size: what matters when it is imported.
    pub(crate) fn current_type(&self, store: &StoreOpaque) -> ExternType {
        match self {
            Extern::Func(f) => f.type_in(store).clone().into(),
            Extern::Global(g) => store.global_at(g.index()).ty.clone().into(),
            Extern::Tag(t) => TagType::new(t.data(store).ty.clone()).into(),
            Extern::Table(t) => {
                // SAFETY: the store is borrowed, so nobody writes to the table.
                let table = unsafe { store.table_at(t.index()).as_ref() };
                let (ty, len) = (table.ty(), table.len());
                match ty.is_64() {
                    true => TableType::new64(ty.element().clone(), len, ty.maximum()),
                    false => TableType::new(ty.element().clone(), len as u32, ty.maximum().map(|m| m as u32)),
                }
                .into()
            }
            Extern::SharedMemory(m) => m.current_type().into(),
            Extern::Memory(m) => {
                // SAFETY: the store is borrowed, so nobody grows the memory.
                let memory = unsafe { store.memory_at(m.index()).as_ref() };
                let (ty, pages) = (memory.ty(), memory.pages());
                MemoryType::from_parts(pages, ty.maximum(), ty.is_64(), ty.page_size_log2()).into()
            }
        }
    }
}

impl From<Func> for Extern {
    fn from(f: Func) -> Extern {
        Extern::Func(f)
    }
}

impl From<Global> for Extern {
    fn from(g: Global) -> Extern {
        Extern::Global(g)
    }
}

impl From<Table> for Extern {
    fn from(t: Table) -> Extern {
        Extern::Table(t)
    }
}

impl From<Tag> for Extern {
    fn from(t: Tag) -> Extern {
        Extern::Tag(t)
    }
}

impl From<SharedMemory> for Extern {
    fn from(m: SharedMemory) -> Extern {
        Extern::SharedMemory(m)
    }
}

impl From<Memory> for Extern {
    fn from(m: Memory) -> Extern {
        Extern::Memory(m)
    }
}

/// An export of an instance: a name and what it refers to.
#[derive(Clone, Debug)]
pub struct Export<'instance> {
    name: &'instance str,
    definition: Extern,
}

impl<'instance> Export<'instance> {
    pub(crate) fn new(name: &'instance str, definition: Extern) -> Export<'instance> {
        Export { name, definition }
    }

    /// The name.
    pub fn name(&self) -> &'instance str {
        self.name
    }

    /// The type.
    ///
    /// # Panics
    /// If it does not belong to `store`.
    pub fn ty(&self, store: impl AsContext) -> ExternType {
        self.definition.ty(store)
    }

    /// What it refers to.
    pub fn into_extern(self) -> Extern {
        self.definition
    }

    /// The function, if it is one.
    pub fn into_func(self) -> Option<Func> {
        self.definition.into_func()
    }

    /// The global, if it is one.
    pub fn into_global(self) -> Option<Global> {
        self.definition.into_global()
    }

    /// The table, if it is one.
    pub fn into_table(self) -> Option<Table> {
        self.definition.into_table()
    }

    /// The memory, if it is one.
    pub fn into_memory(self) -> Option<Memory> {
        self.definition.into_memory()
    }
}
