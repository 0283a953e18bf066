//! Linear memories as the host handles them.

use crate::api::context::{AsContext, AsContextMut, StoreContext, StoreContextMut};
use crate::types::MemoryType;
use crate::vm::arena::Place;
use crate::vm::held::Kind;
use crate::vm::limits;
use crate::vm::memory::LinearMemory;
use crate::vm::store::{StoreOpaque, Stored};
use crate::{Error, Result};
use std::slice;

/// A linear memory of a store. A handle.
///
/// ```
/// use headwater::{Engine, Memory, MemoryType, Store};
/// let mut store = Store::new(&Engine::default(), ());
/// let memory = Memory::new(&mut store, MemoryType::new(1, None))?;
/// memory.write(&mut store, 10, b"abc")?;
/// assert_eq!(&memory.data(&store)[9..14], b"\0abc\0");
/// assert_eq!(memory.grow(&mut store, 2)?, 1);
/// assert_eq!(memory.data_size(&store), 3 << 16);
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Memory(Stored);

/// An access to a memory beyond its size.
#[derive(Copy, Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("out of bounds memory access")]
#[non_exhaustive]
pub struct MemoryAccessError;

fn has(store: &StoreOpaque, place: Place) -> bool {
    store.memories.has(place)
}

impl Memory {
    /// A new memory, all zeros.
    ///
    /// # Errors
    /// If the system does not have enough memory or addresses, or the engine's limits or the store's limiter do not
    /// allow its size.
    pub fn new(mut store: impl AsContextMut, ty: MemoryType) -> Result<Memory> {
        let mut store = store.as_context_mut();
        if ty.is_shared() {
            return Err(Error::msg("shared memories must be created through `SharedMemory`"));
        }
        let plan = store.engine().config().memory_plan(&ty);
        // SAFETY: the store is borrowed for writing.
        let index = unsafe { limits::new_memory(store.as_ptr(), ty, plan, None) }?;
        Ok(Memory::at(&store.0.opaque, index))
    }

    pub(crate) fn at(store: &StoreOpaque, index: u32) -> Memory {
        Memory(Stored { store: store.id(), place: store.memories.place(index) })
    }

    /// Whether it is in `store`.
    pub(crate) fn is_in(&self, store: &StoreOpaque) -> bool {
        store.owns(self.0, has)
    }

    pub(crate) fn index(&self) -> u32 {
        self.0.place.index
    }

    /// The memory, of which the store's borrow decides what may be done with it.
    fn get(&self, store: &StoreOpaque) -> *mut LinearMemory {
        store.check_stored(self.0, has);
        store.memory_at(self.0.place.index).as_ptr()
    }

    fn read_from<'a>(&self, store: &'a StoreOpaque) -> &'a LinearMemory {
        // SAFETY: the store is borrowed for reading, so nobody changes the memory's size meanwhile.
        unsafe { &*self.get(store) }
    }

    /// The type that it was made with.
    ///
    /// # Panics
    /// If it does not belong to `store`; the same goes for all methods here.
    pub fn ty(&self, store: impl AsContext) -> MemoryType {
        self.read_from(store.as_context().0).ty().clone()
    }

    /// The contents.
    pub fn data<'a, T: 'a>(&self, store: impl Into<StoreContext<'a, T>>) -> &'a [u8] {
        let memory = self.read_from(store.into().0);
        // SAFETY: so many bytes are readable, and stay as they are while the store is borrowed.
        unsafe { slice::from_raw_parts(memory.base(), memory.len()) }
    }

    /// The contents.
    pub fn data_mut<'a, T: 'a>(&self, store: impl Into<StoreContextMut<'a, T>>) -> &'a mut [u8] {
        self.data_and_store_mut(store).0
    }

    /// The contents and the embedder's data, both at once.
    pub fn data_and_store_mut<'a, T: 'a>(&self, store: impl Into<StoreContextMut<'a, T>>) -> (&'a mut [u8], &'a mut T) {
        let inner = store.into().0;
        let memory = self.get(&inner.opaque);
        // SAFETY: the store is borrowed for writing; the bytes are not part of the embedder's data.
        let data = unsafe { slice::from_raw_parts_mut((*memory).base(), (*memory).len()) };
        (data, &mut inner.data)
    }

    /// Copies the bytes at `offset` to `buffer`.
    ///
    /// # Errors
    /// If they are not all inside; `buffer` is as before then.
    pub fn read(&self, store: impl AsContext, offset: usize, buffer: &mut [u8]) -> Result<(), MemoryAccessError> {
        let store = store.as_context();
        let data = self.data(store);
        let end = offset.checked_add(buffer.len()).ok_or(MemoryAccessError)?;
        buffer.copy_from_slice(data.get(offset..end).ok_or(MemoryAccessError)?);
        Ok(())
    }

    /// Copies `buffer` to `offset`.
    ///
    /// # Errors
    /// If part of it is out of bounds; the memory is unchanged then.
    pub fn write(&self, mut store: impl AsContextMut, offset: usize, buffer: &[u8]) -> Result<(), MemoryAccessError> {
        let mut store = store.as_context_mut();
        let data = self.data_mut(&mut store);
        let end = offset.checked_add(buffer.len()).ok_or(MemoryAccessError)?;
        data.get_mut(offset..end).ok_or(MemoryAccessError)?.copy_from_slice(buffer);
        Ok(())
    }

    /// The address of the contents. It may change when the memory grows.
    pub fn data_ptr(&self, store: impl AsContext) -> *mut u8 {
        self.read_from(store.as_context().0).base()
    }

    /// Size in bytes.
    pub fn data_size(&self, store: impl AsContext) -> usize {
        self.read_from(store.as_context().0).len()
    }

    /// Size in pages of 64 KiB.
    pub fn size(&self, store: impl AsContext) -> u64 {
        self.read_from(store.as_context().0).pages()
    }

    /// How often the memory was grown, by the host or by WebAssembly code, including growth by 0 pages. Embedders that
    /// lend the contents out, as a JavaScript host does, can tell from this that the loan is over.
    ///
    /// ```
    /// use headwater::{Engine, Memory, MemoryType, Store};
    /// let mut store = Store::new(&Engine::default(), ());
    /// let memory = Memory::new(&mut store, MemoryType::new(1, Some(2)))?;
    /// memory.grow(&mut store, 0)?;
    /// assert!(memory.grow(&mut store, 2).is_err());
    /// assert_eq!(memory.growths(&store), 1);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn growths(&self, store: impl AsContext) -> u64 {
        self.read_from(store.as_context().0).growths()
    }

    /// Releases pages and addresses before the store is dropped, for embedders that know that there is no other handle,
    /// as a JavaScript host's collector does. Only a memory that no instance has, or ever had, is released; returns
    /// whether it was. It has no pages from then on, and can be neither grown nor imported.
    ///
    /// ```
    /// use headwater::{Engine, Memory, MemoryType, Store};
    /// let mut store = Store::new(&Engine::default(), ());
    /// for _ in 0..9000 {
    ///     let memory = Memory::new(&mut store, MemoryType::new(1, None))?; // 4 GiB of addresses
    ///     assert!(memory.release(&mut store));
    ///     assert_eq!(memory.size(&store), 0);
    /// }
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn release(&self, mut store: impl AsContextMut) -> bool {
        let store = &mut store.as_context_mut().0.opaque;
        let memory = self.get(store);
        // SAFETY: the store is borrowed for writing.
        let (len, released) = unsafe { ((*memory).len(), (*memory).release()) };
        if released {
            store.held.subtract(Kind::Memories, len);
        }
        released
    }

    /// The logarithm of [`Memory::page_size`], to the base 2.
    pub fn page_size_log2(&self, store: impl AsContext) -> u8 {
        self.page_size(store).trailing_zeros() as u8
    }

    /// Bytes in a page.
    pub fn page_size(&self, store: impl AsContext) -> u64 {
        self.ty(store).page_size()
    }

    /// Adds `delta` pages of zeros and returns the size before, in pages.
    ///
    /// # Errors
    /// If that is more than the memory's maximum, the engine's limit or the store's limiter allows, or than the system
    /// has; and any error of the limiter.
    pub fn grow(&self, mut store: impl AsContextMut, delta: u64) -> Result<u64> {
        let mut store = store.as_context_mut();
        let memory = self.get(&store.0.opaque);
        // SAFETY: the store is borrowed for writing.
        let grown = unsafe { limits::grow_memory(store.as_ptr(), memory, delta) }?;
        grown.ok_or_else(|| Error::msg(format!("failed to grow memory by `{delta}`")))
    }
}
