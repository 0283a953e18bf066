//! What a store may use: asked before memories and tables are created and grow.

use crate::vm::held::DEFAULT_TABLES;
use crate::vm::limits::{DEFAULT_COUNT, Question};
use crate::vm::table::Table;
use crate::{Error, Result};
use anyhow::bail;

/// What tables and instances may always take together where [`StoreLimitsBuilder::memory_size`] bounds them.
const SMALL_TABLES: usize = 1 << 20;

/// Decides how much memory a store's instances may use ([`Store::limiter`](crate::Store::limiter)).
///
/// It is asked before a memory or table is created and before one grows, whether WebAssembly code or the embedder does
/// it, and about the heap of structs and arrays as about a memory. It is never asked for what the declared maximum or the engine's [`Limits`](crate::Limits) rule out anyway.
pub trait ResourceLimiter: Send + Sync {
    /// Whether a memory of `current` bytes (0: it is about to be created) may have `desired` bytes. `maximum` is what
    /// its type allows, in bytes.
    ///
    /// `Ok(false)` makes `memory.grow` return −1, and the creation of a memory fail. Where it is about the heap, less is
    /// asked for then, and what does not fit ends the execution
    /// ([`GcHeapOutOfMemory`](crate::GcHeapOutOfMemory)).
    ///
    /// # Errors
    /// The execution ends with the error, as it does with that of a host function.
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool>;

    /// Growth failed because the system does not have enough memory or addresses, or because of one of this limiter's
    /// totals.
    ///
    /// # Errors
    /// The execution ends with the error; without one `memory.grow` returns −1.
    fn memory_grow_failed(&mut self, error: Error) -> Result<()> {
        let _ = error;
        Ok(())
    }

    /// Whether a table of `current` elements may have `desired`; otherwise as [`ResourceLimiter::memory_growing`].
    ///
    /// # Errors
    /// As described there.
    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool>;

    /// As [`ResourceLimiter::memory_grow_failed`], for tables.
    ///
    /// # Errors
    /// As described there.
    fn table_grow_failed(&mut self, error: Error) -> Result<()> {
        let _ = error;
        Ok(())
    }

    /// How many instances the store may have; read once, when the limiter is set. 10,000 by default, like the other
    /// two.
    fn instances(&self) -> usize {
        DEFAULT_COUNT
    }

    /// How many tables the store may have, read once.
    fn tables(&self) -> usize {
        DEFAULT_COUNT
    }

    /// How many memories the store may have, read once.
    fn memories(&self) -> usize {
        DEFAULT_COUNT
    }

    /// How many resumable calls of the store's functions there may be at once, running or suspended
    /// ([`Func::call_resumable`](crate::Func::call_resumable)), read once. Each has a stack of its own. 10,000 by default.
    fn resumable_calls(&self) -> usize {
        DEFAULT_COUNT
    }

    /// The most bytes that the memories of the store and its heap may have together, read once. No limit by default.
    ///
    /// A module may have a hundred memories, a store thousands: a limit on each of them separately bounds little.
    fn total_memory_size(&self) -> usize {
        usize::MAX
    }

    /// The most bytes that everything else that a module makes a store hold may take: its tables, at 8 bytes per
    /// element, its instances, and exceptions and external references that are referred to. Read once; 1 GiB by default.
    fn total_table_size(&self) -> usize {
        DEFAULT_TABLES
    }

    /// The most bytes that all of it may take together, read once. No limit by default.
    fn total_size(&self) -> usize {
        usize::MAX
    }
}

/// A [`ResourceLimiter`] that can wait before it decides ([`Store::limiter_async`](crate::Store::limiter_async)). To be
/// implemented with the attribute `async_trait` of the crate of that name.
#[async_trait::async_trait]
pub trait ResourceLimiterAsync: Send {
    /// As [`ResourceLimiter::memory_growing`].
    async fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool>;

    /// As [`ResourceLimiter::memory_grow_failed`].
    fn memory_grow_failed(&mut self, error: Error) -> Result<()> {
        let _ = error;
        Ok(())
    }

    /// As [`ResourceLimiter::table_growing`].
    async fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool>;

    /// As [`ResourceLimiter::table_grow_failed`].
    fn table_grow_failed(&mut self, error: Error) -> Result<()> {
        let _ = error;
        Ok(())
    }

    /// As [`ResourceLimiter::instances`].
    fn instances(&self) -> usize {
        DEFAULT_COUNT
    }

    /// As [`ResourceLimiter::tables`].
    fn tables(&self) -> usize {
        DEFAULT_COUNT
    }

    /// As [`ResourceLimiter::memories`].
    fn memories(&self) -> usize {
        DEFAULT_COUNT
    }

    /// As [`ResourceLimiter::resumable_calls`].
    fn resumable_calls(&self) -> usize {
        DEFAULT_COUNT
    }

    /// As [`ResourceLimiter::total_memory_size`].
    fn total_memory_size(&self) -> usize {
        usize::MAX
    }

    /// As [`ResourceLimiter::total_table_size`].
    fn total_table_size(&self) -> usize {
        DEFAULT_TABLES
    }

    /// As [`ResourceLimiter::total_size`].
    fn total_size(&self) -> usize {
        usize::MAX
    }
}

/// A [`ResourceLimiter`] with fixed limits, made by [`StoreLimitsBuilder`].
#[derive(Clone, Debug)]
pub struct StoreLimits {
    memory_size: Option<usize>,
    total_size: Option<usize>,
    table_elements: Option<usize>,
    instances: usize,
    tables: usize,
    memories: usize,
    resumable_calls: usize,
    trap_on_grow_failure: bool,
}

impl Default for StoreLimits {
    fn default() -> StoreLimits {
        StoreLimits {
            memory_size: None,
            total_size: None,
            table_elements: None,
            instances: DEFAULT_COUNT,
            tables: DEFAULT_COUNT,
            memories: DEFAULT_COUNT,
            resumable_calls: DEFAULT_COUNT,
            trap_on_grow_failure: false,
        }
    }
}

impl StoreLimits {
    fn allow(&self, what: &str, desired: usize, limit: Option<usize>, maximum: Option<usize>) -> Result<bool> {
        let allowed = limit.is_none_or(|limit| desired <= limit) && maximum.is_none_or(|maximum| desired <= maximum);
        if !allowed && self.trap_on_grow_failure {
            bail!("forcing trap when growing {what} to {desired}");
        }
        Ok(allowed)
    }
}

impl ResourceLimiter for StoreLimits {
    fn memory_growing(&mut self, _current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        self.allow("memory", desired, self.memory_size, maximum)
    }

    fn memory_grow_failed(&mut self, error: Error) -> Result<()> {
        if self.trap_on_grow_failure {
            Err(error.context("forcing a memory growth failure to be a trap"))
        } else {
            Ok(())
        }
    }

    fn table_growing(&mut self, _current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        self.allow("table", desired, self.table_elements, maximum)
    }

    fn table_grow_failed(&mut self, error: Error) -> Result<()> {
        if self.trap_on_grow_failure {
            Err(error.context("forcing a table growth failure to be a trap"))
        } else {
            Ok(())
        }
    }

    fn instances(&self) -> usize {
        self.instances
    }

    fn tables(&self) -> usize {
        self.tables
    }

    fn memories(&self) -> usize {
        self.memories
    }

    fn resumable_calls(&self) -> usize {
        self.resumable_calls
    }

    fn total_memory_size(&self) -> usize {
        if self.total_size.is_some() { usize::MAX } else { self.memory_size.unwrap_or(usize::MAX) }
    }

    fn total_table_size(&self) -> usize {
        let one_table = self.table_elements.map_or(0, |n| Table::bytes(n as u64));
        match (self.total_size, self.memory_size) {
            (Some(_), _) => usize::MAX,
            (None, Some(memory)) => memory.max(SMALL_TABLES).max(one_table),
            (None, None) => DEFAULT_TABLES.max(one_table),
        }
    }

    fn total_size(&self) -> usize {
        self.total_size.unwrap_or(usize::MAX)
    }
}

/// Makes [`StoreLimits`].
///
/// ```
/// use headwater::{Engine, Memory, MemoryType, Store, StoreLimitsBuilder};
/// let limits = StoreLimitsBuilder::new().memory_size(1 << 20).instances(1).build();
/// let mut store = Store::new(&Engine::default(), limits);
/// store.limiter(|limits| limits);
/// assert!(Memory::new(&mut store, MemoryType::new(17, None)).is_err());
/// let memory = Memory::new(&mut store, MemoryType::new(16, None))?;
/// assert!(memory.grow(&mut store, 1).is_err());
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Clone, Default, Debug)]
pub struct StoreLimitsBuilder(StoreLimits);

impl StoreLimitsBuilder {
    /// No limits except 10,000 instances, memories, tables and resumable calls, and 1 GiB for tables, instances and
    /// exceptions together.
    pub fn new() -> StoreLimitsBuilder {
        StoreLimitsBuilder::default()
    }

    /// The most bytes that any one memory may have.
    ///
    /// Unless [`total_size`](Self::total_size) says otherwise, it is also the most that all memories of the store and its
    /// heap may have together, and the most that its tables, instances and exceptions may take together. These may always
    /// take 1 MiB, and as much as one table of [`table_elements`](Self::table_elements) takes, if that is set.
    #[must_use]
    pub fn memory_size(mut self, limit: usize) -> StoreLimitsBuilder {
        self.0.memory_size = Some(limit);
        self
    }

    /// The most bytes for all that a module can make the store hold: memories, tables, instances and
    /// exceptions together.
    ///
    /// ```
    /// use headwater::{Engine, Memory, MemoryType, RefType, Ref, Store, StoreLimitsBuilder, Table, TableType};
    /// let limits = StoreLimitsBuilder::new().total_size(1 << 20).build();
    /// let mut store = Store::new(&Engine::default(), limits);
    /// store.limiter(|limits| limits);
    /// Memory::new(&mut store, MemoryType::new(15, None))?;
    /// // 64 KiB are left; an element of a table takes 8 bytes.
    /// let table = |n| TableType::new(RefType::FUNCREF, n, None);
    /// assert!(Table::new(&mut store, table(10_000), Ref::Func(None)).is_err());
    /// Table::new(&mut store, table(1000), Ref::Func(None))?;
    /// # Ok::<(), headwater::Error>(())
    /// ```
    #[must_use]
    pub fn total_size(mut self, limit: usize) -> StoreLimitsBuilder {
        self.0.total_size = Some(limit);
        self
    }

    /// The most elements that any one table may have.
    #[must_use]
    pub fn table_elements(mut self, limit: usize) -> StoreLimitsBuilder {
        self.0.table_elements = Some(limit);
        self
    }

    /// The most instances in the store.
    #[must_use]
    pub fn instances(mut self, limit: usize) -> StoreLimitsBuilder {
        self.0.instances = limit;
        self
    }

    /// The most tables in the store.
    #[must_use]
    pub fn tables(mut self, limit: usize) -> StoreLimitsBuilder {
        self.0.tables = limit;
        self
    }

    /// The most memories in the store.
    #[must_use]
    pub fn memories(mut self, limit: usize) -> StoreLimitsBuilder {
        self.0.memories = limit;
        self
    }

    /// The most resumable calls at once.
    #[must_use]
    pub fn resumable_calls(mut self, limit: usize) -> StoreLimitsBuilder {
        self.0.resumable_calls = limit;
        self
    }

    /// Whether growth that fails ends the execution instead of returning −1.
    #[must_use]
    pub fn trap_on_grow_failure(mut self, trap: bool) -> StoreLimitsBuilder {
        self.0.trap_on_grow_failure = trap;
        self
    }

    /// The limiter.
    pub fn build(self) -> StoreLimits {
        self.0
    }
}

/// Puts `question` to `limiter`. Returns whether it allows the request.
pub(crate) fn ask(limiter: &mut dyn ResourceLimiter, question: Question) -> Result<bool> {
    match question {
        Question::Memory { current, desired, maximum } => limiter.memory_growing(current, desired, maximum),
        Question::Table { current, desired, maximum } => limiter.table_growing(current, desired, maximum),
        Question::MemoryFailed(error) => limiter.memory_grow_failed(error).map(|()| false),
        Question::TableFailed(error) => limiter.table_grow_failed(error).map(|()| false),
    }
}

/// The same of a limiter that can wait.
pub(crate) async fn ask_async(limiter: &mut dyn ResourceLimiterAsync, question: Question) -> Result<bool> {
    match question {
        Question::Memory { current, desired, maximum } => limiter.memory_growing(current, desired, maximum).await,
        Question::Table { current, desired, maximum } => limiter.table_growing(current, desired, maximum).await,
        Question::MemoryFailed(error) => limiter.memory_grow_failed(error).map(|()| false),
        Question::TableFailed(error) => limiter.table_grow_failed(error).map(|()| false),
    }
}
