//! Wasmtime's pool of instances, of which the limits count here, and what memories keep that are gone.

use super::Config;
use crate::os_pages;
use crate::vm::reset::KEEP_RESIDENT;

/// How many addresses a process has, on processors with four levels of page tables.
const ADDRESS_SPACE: u64 = 1 << 47;

/// How wasmtime allocates what instances need. Here memories and tables come from the system. The address space of
/// memories that are gone is used again, and so are the first pages that they wrote to, once these are what they were:
/// see [`PoolingAllocationConfig::linear_memory_keep_resident`].
#[derive(Clone, Default, Debug)]
#[non_exhaustive]
pub enum InstanceAllocationStrategy {
    /// As they are needed.
    #[default]
    OnDemand,
    /// From a pool, whose limits on single memories and tables become those of the engine.
    Pooling(PoolingAllocationConfig),
}

impl InstanceAllocationStrategy {
    /// A pool without limits of its own.
    pub fn pooling() -> InstanceAllocationStrategy {
        InstanceAllocationStrategy::Pooling(PoolingAllocationConfig::new())
    }

    /// How many bytes of a memory that is gone may stay in memory.
    pub(super) fn keep_resident(&self) -> usize {
        match self {
            InstanceAllocationStrategy::OnDemand => KEEP_RESIDENT,
            InstanceAllocationStrategy::Pooling(pool) if pool.pagemap_scan == Some(Enabled::No) => 0,
            InstanceAllocationStrategy::Pooling(pool) => pool.keep_resident.unwrap_or(KEEP_RESIDENT),
        }
    }
}

impl From<PoolingAllocationConfig> for InstanceAllocationStrategy {
    fn from(pool: PoolingAllocationConfig) -> InstanceAllocationStrategy {
        InstanceAllocationStrategy::Pooling(pool)
    }
}

/// Whether a feature of the system is used.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Enabled {
    /// If it is there.
    Auto,
    /// It is, or the settings are refused.
    Yes,
    /// It is not.
    No,
}

/// The settings of wasmtime's pool. Those that limit single modules, memories and tables become
/// [`Limits`](crate::Limits) of the engine, two say what becomes of the pages of memories that are gone; the others have
/// no effect: there is nothing to be used up but memory, for which see [`Store::limiter`](crate::Store::limiter).
#[derive(Clone, Default, Debug)]
pub struct PoolingAllocationConfig {
    max_memory_size: Option<usize>,
    table_elements: Option<usize>,
    memories: Option<u32>,
    tables: Option<u32>,
    total_memories: Option<u32>,
    protection_keys: bool,
    keep_resident: Option<usize>,
    pagemap_scan: Option<Enabled>,
}

macro_rules! neutral {
    ($($name:ident($ty:ty))*) => {$(
        /// Has no effect.
        pub fn $name(&mut self, _: $ty) -> &mut PoolingAllocationConfig {
            self
        }
    )*};
}

impl PoolingAllocationConfig {
    /// No limits.
    pub fn new() -> PoolingAllocationConfig {
        PoolingAllocationConfig::default()
    }

    /// How many bytes a memory may have: [`Limits::memory_pages`](crate::Limits::memory_pages).
    pub fn max_memory_size(&mut self, bytes: usize) -> &mut PoolingAllocationConfig {
        self.max_memory_size = Some(bytes);
        self
    }

    /// How many elements a table may have: [`Limits::table_elements`](crate::Limits::table_elements).
    pub fn table_elements(&mut self, elements: usize) -> &mut PoolingAllocationConfig {
        self.table_elements = Some(elements);
        self
    }

    /// How many memories a module may have: [`Limits::memories`](crate::Limits::memories).
    pub fn max_memories_per_module(&mut self, memories: u32) -> &mut PoolingAllocationConfig {
        self.memories = Some(memories);
        self
    }

    /// How many tables a module may have: [`Limits::tables`](crate::Limits::tables).
    pub fn max_tables_per_module(&mut self, tables: u32) -> &mut PoolingAllocationConfig {
        self.tables = Some(tables);
        self
    }

    /// How many memories there can be at once. [`Engine::new`](crate::Engine::new) refuses more than the address space
    /// has room for, by [`Config::memory_reservation`] and [`Config::memory_guard_size`]; otherwise it has no effect.
    pub fn total_memories(&mut self, memories: u32) -> &mut PoolingAllocationConfig {
        self.total_memories = Some(memories);
        self
    }

    /// Whether memories are told apart by protection keys. [`Engine::new`](crate::Engine::new) refuses
    /// [`Enabled::Yes`], which is not implemented.
    pub fn memory_protection_keys(&mut self, enable: Enabled) -> &mut PoolingAllocationConfig {
        self.protection_keys = enable == Enabled::Yes;
        self
    }

    /// Whether protection keys can be used: they cannot.
    pub fn are_memory_protection_keys_available() -> bool {
        false
    }

    /// How many bytes of a memory that is gone may stay in memory for the next memory of the same kind, in whole pages
    /// of the system; 256 KiB if this is not set, and without a pool. They are overwritten with what they were when the
    /// memory was new. What was written to beyond goes back to the system, and costs a page fault per page when it is
    /// used again. No more than 128 MiB are kept in the process.
    ///
    /// Where the system cannot tell what was written to ([`PoolingAllocationConfig::pagemap_scan`]), nothing is kept.
    pub fn linear_memory_keep_resident(&mut self, bytes: usize) -> &mut PoolingAllocationConfig {
        self.keep_resident = Some(bytes);
        self
    }

    /// Whether the system is asked which pages of a memory were written to (`PAGEMAP_SCAN`, Linux since 6.7): with
    /// [`Enabled::Auto`], the default, if it can tell; with [`Enabled::No`] all pages of memories that are gone go back
    /// to the system, and it is not asked, as a process needs that must not make other system calls than before.
    /// [`Engine::new`](crate::Engine::new) refuses [`Enabled::Yes`] where the system cannot tell.
    pub fn pagemap_scan(&mut self, enable: Enabled) -> &mut PoolingAllocationConfig {
        self.pagemap_scan = Some(enable);
        self
    }

    /// Whether the system can tell which pages of a memory were written to, in this process.
    pub fn is_pagemap_scan_available() -> bool {
        os_pages::can_tell_written()
    }

    neutral! {
        max_unused_warm_slots(u32)
        decommit_batch_size(usize)
        async_stack_keep_resident(usize)
        table_keep_resident(usize)
        total_component_instances(u32)
        max_component_instance_size(usize)
        max_core_instances_per_component(u32)
        max_memories_per_component(u32)
        max_tables_per_component(u32)
        total_tables(u32)
        total_stacks(u32)
        total_core_instances(u32)
        max_core_instance_size(usize)
        max_memory_protection_keys(usize)
        total_gc_heaps(u32)
    }

    /// Why the settings cannot be used.
    pub(super) fn check(&self, bytes_per_memory: u64) -> Result<(), String> {
        if self.protection_keys {
            return Err("memory protection keys are not implemented".into());
        }
        if self.pagemap_scan == Some(Enabled::Yes) && !os_pages::can_tell_written() {
            return Err("the system cannot tell which pages were written to: no PAGEMAP_SCAN".into());
        }
        let wanted = bytes_per_memory.saturating_mul(self.total_memories.unwrap_or(0).into());
        if wanted > ADDRESS_SPACE {
            return Err(format!(
                "the pool's memories would take {wanted} bytes, and there are {ADDRESS_SPACE} addresses"
            ));
        }
        Ok(())
    }
}

impl Config {
    /// How wasmtime allocates what instances need: see [`PoolingAllocationConfig`] for what it means here.
    ///
    /// ```
    /// use headwater::{Config, Engine, Memory, MemoryType, PoolingAllocationConfig, Store};
    /// let mut pool = PoolingAllocationConfig::new();
    /// pool.total_core_instances(100).max_memory_size(1 << 20);
    /// let engine = Engine::new(Config::new().allocation_strategy(pool))?;
    /// let mut store = Store::new(&engine, ());
    /// assert!(Memory::new(&mut store, MemoryType::new(16, None)).is_ok());
    /// assert!(Memory::new(&mut store, MemoryType::new(17, None)).is_err());
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn allocation_strategy(&mut self, strategy: impl Into<InstanceAllocationStrategy>) -> &mut Config {
        let strategy = strategy.into();
        if let InstanceAllocationStrategy::Pooling(pool) = &strategy {
            let limits = &mut self.limits;
            if let Some(bytes) = pool.max_memory_size {
                let pages = bytes as u64 >> 16;
                limits.memory_pages = limits.memory_pages.min(pages);
                limits.memory64_pages = limits.memory64_pages.min(pages);
            }
            let elements = pool.table_elements.map_or(u64::MAX, |elements| elements as u64);
            limits.table_elements = limits.table_elements.min(elements);
            limits.memories = limits.memories.min(pool.memories.unwrap_or(u32::MAX));
            limits.tables = limits.tables.min(pool.tables.unwrap_or(u32::MAX));
        }
        self.strategy = strategy;
        self
    }

    /// Why the strategy cannot be used.
    pub(super) fn check_strategy(&self) -> Result<(), String> {
        match &self.strategy {
            InstanceAllocationStrategy::OnDemand => Ok(()),
            InstanceAllocationStrategy::Pooling(pool) => pool.check(self.memory_addresses()),
        }
    }
}
