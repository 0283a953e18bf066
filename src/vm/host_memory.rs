//! Memories that the embedder allocates.
//!
//! Compiled code compares each access with the length, and reads the base again after whatever may have moved it:
//! nothing is asked of the embedder but the bytes.

use crate::types::MemoryType;
use crate::{Config, Result};
use anyhow::{bail, ensure};
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

/// A linear memory that the embedder allocates.
///
/// # Safety
/// [`LinearMemory::byte_size`] bytes from [`LinearMemory::as_ptr`] on must be readable and writable by any thread, be
/// used by nobody else, and be zero at first; where they are may only change in [`LinearMemory::grow_to`], which keeps
/// the contents.
pub unsafe trait LinearMemory: Send + Sync + 'static {
    /// How many bytes there are.
    fn byte_size(&self) -> usize;

    /// How many there can be without a move.
    fn byte_capacity(&self) -> usize;

    /// Makes it larger: `new_size` bytes.
    ///
    /// # Errors
    /// If that is not possible; the memory is as before then.
    fn grow_to(&mut self, new_size: usize) -> Result<()>;

    /// Where the bytes are.
    fn as_ptr(&self) -> *mut u8;
}

/// Allocates the memories of an engine's modules: [`Config::with_host_memory`].
///
/// # Safety
/// As for [`LinearMemory`].
pub unsafe trait MemoryCreator: Send + Sync {
    /// A memory of type `ty`, which has `minimum` bytes at first and never more than `maximum`. It must not move before
    /// it has `reserved_size_in_bytes`, which there are in a store whose memories must not move
    /// ([`Store::keep_memories_in_place`](crate::Store::keep_memories_in_place)), and only there; `guard_size_in_bytes`
    /// is 0.
    ///
    /// # Errors
    /// Why there is none.
    fn new_memory(
        &self,
        ty: MemoryType,
        minimum: usize,
        maximum: Option<usize>,
        reserved_size_in_bytes: Option<usize>,
        guard_size_in_bytes: usize,
    ) -> Result<Box<dyn LinearMemory>, String>;
}

/// What creates memories, if not this library.
#[derive(Clone, Default)]
pub(crate) struct Creator(pub Option<Arc<dyn MemoryCreator>>);

// What a creator is like after a panic is its own affair, so engines can be used across one.
impl UnwindSafe for Creator {}
impl RefUnwindSafe for Creator {}

impl fmt::Debug for Creator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Some" } else { "None" })
    }
}

impl Config {
    /// Lets `creator` allocate all memories but shared ones. They may move, and every access to them is checked, as
    /// with [`Config::memory_reservation`] of 0; they start from no images.
    ///
    /// ```
    /// use headwater::{Config, Engine, LinearMemory, Memory, MemoryCreator, MemoryType, Result, Store};
    /// use std::sync::Arc;
    ///
    /// struct Boxed(Vec<u64>);
    ///
    /// // SAFETY: a vector is one range of memory, which only `grow_to` moves.
    /// unsafe impl LinearMemory for Boxed {
    ///     fn byte_size(&self) -> usize { self.0.len() * 8 }
    ///     fn byte_capacity(&self) -> usize { self.0.capacity() * 8 }
    ///     fn grow_to(&mut self, new_size: usize) -> Result<()> {
    ///         self.0.resize(new_size / 8, 0);
    ///         Ok(())
    ///     }
    ///     fn as_ptr(&self) -> *mut u8 { self.0.as_ptr() as *mut u8 }
    /// }
    ///
    /// struct Boxes;
    /// // SAFETY: as above.
    /// unsafe impl MemoryCreator for Boxes {
    ///     fn new_memory(
    ///         &self, _: MemoryType, minimum: usize, _: Option<usize>, _: Option<usize>, _: usize,
    ///     ) -> Result<Box<dyn LinearMemory>, String> {
    ///         Ok(Box::new(Boxed(vec![0; minimum / 8])))
    ///     }
    /// }
    ///
    /// let engine = Engine::new(Config::new().with_host_memory(Arc::new(Boxes)))?;
    /// let mut store = Store::new(&engine, ());
    /// let memory = Memory::new(&mut store, MemoryType::new(1, None))?;
    /// memory.grow(&mut store, 1)?;
    /// memory.write(&mut store, 65_536, b"in the second page")?;
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn with_host_memory(&mut self, creator: Arc<dyn MemoryCreator>) -> &mut Config {
        self.memory_creator = Creator(Some(creator));
        self
    }
}

/// A memory of `len` bytes that `creator` allocates.
///
/// # Errors
/// If it does not.
pub(super) fn create(
    creator: &dyn MemoryCreator,
    ty: &MemoryType,
    len: usize,
    most: u64,
    in_place: bool,
) -> Result<Box<dyn LinearMemory>> {
    let most = usize::try_from(most.saturating_mul(ty.page_size())).ok();
    match creator.new_memory(ty.clone(), len, most, most.filter(|_| in_place), 0) {
        Ok(memory) => {
            check(&*memory, len)?;
            Ok(memory)
        }
        Err(why) => bail!("the embedder has no memory of {len} bytes: {why}"),
    }
}

/// Whether the embedder has kept its promise, as far as that can be seen.
pub(super) fn check(memory: &dyn LinearMemory, len: usize) -> Result<()> {
    let size = memory.byte_size();
    ensure!(size >= len, "the embedder's memory has {size} bytes instead of {len}");
    ensure!(!memory.as_ptr().is_null(), "the embedder's memory is nowhere");
    Ok(())
}
