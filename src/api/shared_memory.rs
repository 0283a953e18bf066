//! Linear memories that several stores, and so several threads, have at once.

use crate::api::context::AsContextMut;
use crate::engine::Engine;
use crate::types::MemoryType;
use crate::vm::limits;
use crate::vm::memory::{Growth, LinearMemory};
use crate::vm::racy;
use crate::vm::waits::{WaitResult, aligned, is_32, is_64};
use crate::{Error, MemoryAccessError, Result, Trap};
use std::cell::UnsafeCell;
use std::convert::Infallible;
use std::fmt;
use std::slice;
use std::sync::Arc;
use std::time::Duration;
use wasmparser::WasmFeatures;

/// A linear memory that can be imported into instances of several stores, on as many threads. It belongs to its engine,
/// and lives as long as a store or a clone of this has it. Its contents never move.
///
/// ```
/// use headwater::{Engine, MemoryType, Module, Instance, SharedMemory, Store};
/// let engine = Engine::default();
/// let memory = SharedMemory::new(&engine, MemoryType::shared(1, 2))?;
/// let module = Module::new(&engine, wat::parse_str(r#"(module
///     (import "" "" (memory 1 2 shared))
///     (func (export "add") (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))))"#)?)?;
/// std::thread::scope(|scope| {
///     for _ in 0..2 {
///         scope.spawn(|| {
///             let mut store = Store::new(&engine, ());
///             let instance = Instance::new(&mut store, &module, &[memory.clone().into()])?;
///             instance.get_typed_func::<(), ()>(&mut store, "add")?.call(&mut store, ())
///         });
///     }
/// });
/// let mut count = [0];
/// memory.read(8, &mut count)?;
/// assert_eq!(count, [2]);
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Clone)]
pub struct SharedMemory {
    engine: Engine,
    memory: Arc<LinearMemory>,
}

impl SharedMemory {
    /// A new memory of a shared type, all zeros.
    ///
    /// # Errors
    /// If the type is not shared, the engine does not have the feature, the system does not have enough addresses or
    /// memory, or the engine's limits do not allow its size.
    pub fn new(engine: &Engine, ty: MemoryType) -> Result<SharedMemory> {
        let config = engine.config();
        check(config.features(), &ty)?;
        let limit = config.get_limits().memory_pages;
        let plan = config.memory_plan(&ty).in_place(LinearMemory::most_pages(&ty, limit));
        let memory = LinearMemory::new(ty, plan, limit, None)?;
        Ok(SharedMemory { engine: engine.clone(), memory: Arc::new(memory) })
    }

    /// The same for a store, as a memory of its own would be made: its limiter is asked, and its limits count it, until
    /// [`SharedMemory::release`].
    ///
    /// # Errors
    /// As for [`SharedMemory::new`], and if the store's limiter or limits do not allow it.
    pub fn new_in(mut store: impl AsContextMut, ty: MemoryType) -> Result<SharedMemory> {
        let mut store = store.as_context_mut();
        let config = store.engine().config();
        check(config.features(), &ty)?;
        let plan = config.memory_plan(&ty);
        // SAFETY: the store is borrowed for writing.
        let index = unsafe { limits::new_memory(store.as_ptr(), ty, plan, None) }?;
        let opaque = &store.0.opaque;
        let memory = opaque.shared_memory_at(index).expect("a memory of a shared type is shared");
        Ok(SharedMemory::of(opaque.engine(), memory))
    }

    /// Ends what [`SharedMemory::new_in`] began, unless an instance of the store has the memory, or ever had: it is not
    /// among the store's any more. Returns whether that was done. For embedders that know that nobody in the store needs
    /// it, as a JavaScript host's collector does.
    ///
    /// ```
    /// use headwater::{Engine, MemoryType, SharedMemory, Store};
    /// let mut store = Store::new(&Engine::default(), ());
    /// for _ in 0..9000 {
    ///     let memory = SharedMemory::new_in(&mut store, MemoryType::shared(1, 65536))?; // 4 GiB of addresses
    ///     assert!(memory.release(&mut store));
    /// }
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn release(&self, mut store: impl AsContextMut) -> bool {
        store.as_context_mut().0.opaque.release_memory(&self.memory)
    }

    pub(crate) fn of(engine: &Engine, memory: &Arc<LinearMemory>) -> SharedMemory {
        SharedMemory { engine: engine.clone(), memory: memory.clone() }
    }

    pub(crate) fn memory(&self) -> &Arc<LinearMemory> {
        &self.memory
    }

    /// The engine that it belongs to.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The type that it was made with.
    pub fn ty(&self) -> MemoryType {
        self.memory.ty().clone()
    }

    /// The type with the current size as its minimum.
    pub(crate) fn current_type(&self) -> MemoryType {
        let (ty, pages) = (self.memory.ty(), self.memory.pages());
        let current = match ty.is_64() {
            true => MemoryType::new64(pages, ty.maximum()),
            false => MemoryType::new(pages as u32, ty.maximum().map(|m| m as u32)),
        };
        current.into_shared()
    }

    /// Size in pages. It may be larger the next moment, and is never smaller.
    pub fn size(&self) -> u64 {
        self.memory.pages()
    }

    /// Bytes in a page.
    pub fn page_size(&self) -> u64 {
        self.memory.ty().page_size()
    }

    /// Size in bytes.
    pub fn data_size(&self) -> usize {
        self.memory.len()
    }

    /// The contents, which other threads may be writing. Whoever looks at them must do so by atomic accesses of the
    /// cells' addresses; [`SharedMemory::read`] and [`SharedMemory::write`] do.
    pub fn data(&self) -> &[UnsafeCell<u8>] {
        // SAFETY: so many bytes stay readable and writable as long as the memory lives, which never shrinks or moves; a
        // cell says nothing about what is in it.
        unsafe { slice::from_raw_parts(self.memory.base().cast::<UnsafeCell<u8>>(), self.memory.len()) }
    }

    /// Copies the bytes at `offset` to `buffer`. Where other threads write meanwhile, each byte is an old or a new one.
    ///
    /// # Errors
    /// If they are not all inside; `buffer` is as before then.
    pub fn read(&self, offset: usize, buffer: &mut [u8]) -> Result<(), MemoryAccessError> {
        let at = self.memory.range(offset as u64, buffer.len() as u64).map_err(|_| MemoryAccessError)?;
        // SAFETY: the bytes are inside the memory, which others access atomically or as WebAssembly does.
        unsafe { racy::read(at, buffer) };
        Ok(())
    }

    /// Copies `buffer` to `offset`.
    ///
    /// # Errors
    /// If part of it is out of bounds; the memory is unchanged then.
    pub fn write(&self, offset: usize, buffer: &[u8]) -> Result<(), MemoryAccessError> {
        let at = self.memory.range(offset as u64, buffer.len() as u64).map_err(|_| MemoryAccessError)?;
        // SAFETY: as for `read`.
        unsafe { racy::write(at, buffer) };
        Ok(())
    }

    /// Adds `delta` pages of zeros and returns the size before, in pages. Other threads see it at once, and none is
    /// stopped.
    ///
    /// # Errors
    /// If that is more than the memory's maximum or the engine's limit allows, or than the system has.
    pub fn grow(&self, delta: u64) -> Result<u64> {
        // SAFETY: the memory is a shared one.
        match unsafe { LinearMemory::grow_at(Arc::as_ptr(&self.memory).cast_mut(), None, delta) } {
            Growth::Done(old) => Ok(old),
            _ => Err(Error::msg(format!("failed to grow memory by `{delta}`"))),
        }
    }

    /// The same for a store, as if its code did it: its limiter is asked, and its limits count it.
    ///
    /// # Errors
    /// As for [`SharedMemory::grow`], and if the store's limiter or limits do not allow it.
    pub fn grow_in(&self, mut store: impl AsContextMut, delta: u64) -> Result<u64> {
        let mut store = store.as_context_mut();
        let memory = Arc::as_ptr(&self.memory).cast_mut();
        // SAFETY: the store is borrowed for writing, and the memory is a shared one.
        let grown = unsafe { limits::grow_memory(store.as_ptr(), memory, delta) }?;
        grown.ok_or_else(|| Error::msg(format!("failed to grow memory by `{delta}`")))
    }

    /// Where `size` bytes at `addr` are, which must be a multiple of that.
    fn aligned(&self, addr: u64, size: u64) -> Result<*mut u8, Trap> {
        aligned(&self.memory, addr, size).map_err(Trap::from_code)
    }

    /// Wakes up to `count` threads that wait at address `addr`, and returns how many that were.
    ///
    /// # Errors
    /// If the address is out of bounds or not a multiple of 4.
    pub fn atomic_notify(&self, addr: u64, count: u32) -> Result<u32, Trap> {
        self.aligned(addr, 4)?;
        Ok(self.memory.waits().map_or(0, |waits| waits.notify(addr, count)))
    }

    /// Waits at address `addr` until somebody notifies, if the 32 bits there are `expected`, or until the time is up.
    ///
    /// # Errors
    /// If the address is out of bounds or not a multiple of 4.
    pub fn atomic_wait32(&self, addr: u64, expected: u32, timeout: Option<Duration>) -> Result<WaitResult, Trap> {
        let at = self.aligned(addr, 4)?;
        // SAFETY: the address is inside the memory and aligned.
        self.wait(addr, timeout, || unsafe { is_32(at, expected) })
    }

    /// The same for 64 bits, and an address that is a multiple of 8.
    ///
    /// # Errors
    /// If the address is out of bounds or not a multiple of 8.
    pub fn atomic_wait64(&self, addr: u64, expected: u64, timeout: Option<Duration>) -> Result<WaitResult, Trap> {
        let at = self.aligned(addr, 8)?;
        // SAFETY: the address is inside the memory and aligned.
        self.wait(addr, timeout, || unsafe { is_64(at, expected) })
    }

    /// Waits as code of a store does that `stopper` ends the waits of.
    ///
    /// # Errors
    /// As for [`SharedMemory::atomic_wait32`], and if the wait was ended.
    #[cfg(headwater_model)]
    pub fn stoppable_wait32(
        &self,
        addr: u64,
        expected: u32,
        timeout: Option<Duration>,
        stopper: &crate::WaitStopper,
    ) -> Result<WaitResult, Trap> {
        let at = self.aligned(addr, 4)?;
        let waits = self.memory.waits().expect("it is a shared memory");
        let go_on = || if stopper.stops() { Err(Trap::Interrupt) } else { Ok(()) };
        go_on()?;
        // SAFETY: the address is inside the memory and aligned.
        waits.wait(addr, || unsafe { is_32(at, expected) }, timeout, Some(Duration::from_millis(1)), go_on)
    }

    fn wait(
        &self,
        addr: u64,
        timeout: Option<Duration>,
        is_expected: impl FnOnce() -> bool,
    ) -> Result<WaitResult, Trap> {
        let waits = self.memory.waits().expect("it is a shared memory");
        let result = waits.wait(addr, is_expected, timeout, None, || Ok::<(), Infallible>(()));
        Ok(result.unwrap_or_else(|never| match never {}))
    }
}

/// Whether there can be such memories at all.
fn check(features: WasmFeatures, ty: &MemoryType) -> Result<()> {
    if !ty.is_shared() {
        return Err(Error::msg("shared memory must have the `shared` flag enabled on its memory type"));
    }
    if !features.contains(WasmFeatures::THREADS) {
        return Err(Error::msg("shared memories need the feature `threads`"));
    }
    Ok(())
}

impl fmt::Debug for SharedMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedMemory")
            .field("ty", self.memory.ty())
            .field("pages", &self.size())
            .finish_non_exhaustive()
    }
}
