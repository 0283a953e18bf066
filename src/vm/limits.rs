//! Creation and growth of memories and tables: here the engine's limits, the store's totals and its limiter are
//! consulted.

use crate::engine::MemoryPlan;
use crate::os::host_page;
use crate::types::{MemoryType, TableType};
use crate::vm::gc::heap::Heap;
use crate::vm::held::Kind;
use crate::vm::image::MemoryImage;
use crate::vm::memory::{Growth, LinearMemory};
use crate::vm::store::StoreOpaque;
use crate::vm::table::Table;
use crate::{Error, Result};
use anyhow::bail;
use std::sync::Arc;

/// How many instances, memories and tables a store may have if its limiter does not say.
pub(crate) const DEFAULT_COUNT: usize = 10_000;

/// What the runtime asks the limiter of a store.
pub(crate) enum Question {
    /// Whether a memory may grow.
    Memory { current: usize, desired: usize, maximum: Option<usize> },
    /// Whether a table may grow.
    Table { current: usize, desired: usize, maximum: Option<usize> },
    /// The system had no memory for the growth of a memory.
    MemoryFailed(Error),
    /// The system had no memory for the growth of a table.
    TableFailed(Error),
}

/// The most bytes of a 64-bit memory that never moves: what the JavaScript interface allows.
const MAX_IN_PLACE: u64 = 16 << 30;

fn bytes(ty: &MemoryType, pages: u64) -> usize {
    usize::try_from(pages.saturating_mul(ty.page_size())).unwrap_or(usize::MAX)
}

/// Creates a memory of the store. Returns its number.
///
/// # Errors
/// If the limiter does not allow it or fails, or the system is out of memory.
///
/// # Safety
/// `store` must reach all of its store, which nothing else may be using.
pub(crate) unsafe fn new_memory(
    store: *mut StoreOpaque,
    ty: MemoryType,
    plan: MemoryPlan,
    image: Option<&Arc<MemoryImage>>,
) -> Result<u32> {
    let (desired, maximum) = (bytes(&ty, ty.minimum()), ty.maximum().map(|max| bytes(&ty, max)));
    // SAFETY: guaranteed by the caller; not borrowed while the limiter is asked.
    let store = unsafe {
        (*store).check_count("memory", (*store).memory_count(), (*store).max_memories)?;
        if !StoreOpaque::ask(store, Question::Memory { current: 0, desired, maximum })? {
            bail!("memory minimum size of {} pages exceeds memory limits", ty.minimum());
        }
        (*store).held.check(Kind::Memories, desired)?;
        &mut *store
    };
    let mut limit = store.engine().config().memory_limit(&ty);
    let mut plan = plan;
    if store.memories_in_place || ty.is_shared() {
        if ty.is_64() {
            limit = limit.min(MAX_IN_PLACE / ty.page_size());
        }
        plan = plan.in_place(LinearMemory::most_pages(&ty, limit).saturating_mul(ty.page_size()));
    }
    let memory = match &store.engine().config().memory_creator.0 {
        Some(creator) if !ty.is_shared() => LinearMemory::created(&**creator, ty, limit, store.memories_in_place)?,
        _ => LinearMemory::new(ty, plan, limit, image)?,
    };
    store.held.add(Kind::Memories, memory.len());
    store.add_memory(memory)
}

/// Makes a memory that other stores may have one of this store. Returns its number. It counts once, with its present size
/// and what code of this store adds to that.
///
/// # Errors
/// If the store's limits do not allow it.
pub(crate) fn adopt_memory(store: &mut StoreOpaque, memory: &Arc<LinearMemory>) -> Result<u32> {
    if let Some(known) = store.find_memory(memory) {
        return Ok(known);
    }
    store.check_count("memory", store.memory_count(), store.max_memories)?;
    let len = memory.len();
    store.held.check(Kind::Memories, len)?;
    let index = store.adopt_memory(memory, len)?;
    store.held.add(Kind::Memories, len);
    Ok(index)
}

/// Lets the heap of the store have `wanted` bytes for objects if it has less; if that is not allowed, something between
/// that and `least`, or nothing more. It never has more than `most`. Collections need as much again: the limiter is asked
/// about both together, as about a memory.
///
/// # Errors
/// If the limiter fails.
///
/// # Safety
/// `store` must reach all of its store, which has a heap, and which nothing else may be using.
pub(crate) unsafe fn grow_heap(store: *mut StoreOpaque, least: u64, wanted: u64, most: u64) -> Result<()> {
    let page = host_page() as u64;
    let (least, mut wanted) = (least.next_multiple_of(page), wanted.next_multiple_of(page).min(Heap::MOST));
    // SAFETY: guaranteed by the caller.
    while unsafe { (*store).gc().capacity() } < wanted {
        // SAFETY: as above.
        if unsafe { try_to_grow_heap(store, wanted, most) }? || wanted <= least {
            break;
        }
        let excess = wanted - least;
        wanted = if excess > 64 * page { least + (excess / 2).next_multiple_of(page) } else { least };
    }
    Ok(())
}

/// The same for one size, if that is allowed. Whether it is.
///
/// # Safety
/// As for [`grow_heap`].
unsafe fn try_to_grow_heap(store: *mut StoreOpaque, capacity: u64, most: u64) -> Result<bool> {
    // SAFETY: guaranteed by the caller; nothing is borrowed while the limiter is asked.
    unsafe {
        let (current, desired) = ((*store).gc_heap_capacity(), 2 * capacity as usize);
        let maximum = Some(2 * most as usize);
        if !StoreOpaque::ask(store, Question::Memory { current, desired, maximum })? {
            return Ok(false);
        }
        let more = desired - current;
        let grown = (*store).held.check(Kind::Memories, more).and_then(|()| (*store).gc_mut().set_capacity(capacity));
        match grown {
            Ok(()) => (*store).held.add(Kind::Memories, more),
            Err(error) => {
                StoreOpaque::ask(store, Question::MemoryFailed(error))?;
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Creates a table of the store, filled with `init`. Returns its number.
///
/// # Errors
/// As [`new_memory`].
///
/// # Safety
/// As [`new_memory`].
pub(crate) unsafe fn new_table(store: *mut StoreOpaque, ty: TableType, init: u64) -> Result<u32> {
    let desired = usize::try_from(ty.minimum()).unwrap_or(usize::MAX);
    let maximum = ty.maximum().map(|n| usize::try_from(n).unwrap_or(usize::MAX));
    // SAFETY: guaranteed by the caller; not borrowed while the limiter is asked.
    let store = unsafe {
        (*store).check_count("table", (*store).table_count(), (*store).max_tables)?;
        if !StoreOpaque::ask(store, Question::Table { current: 0, desired, maximum })? {
            bail!("table minimum size of {} elements exceeds table limits", ty.minimum());
        }
        (*store).held.check(Kind::Tables, Table::bytes(ty.minimum()))?;
        &mut *store
    };
    let limit = store.engine().config().get_limits().table_elements;
    let table = Table::new(ty, init, limit)?;
    store.held.add(Kind::Tables, Table::bytes(table.len()));
    store.add_table(table)
}

/// Grows a memory by `delta` pages. Returns the size before, in pages, or `None` if that is impossible.
///
/// # Errors
/// If the limiter fails.
///
/// # Safety
/// `store` must reach all of its store, `memory` must be one of its memories or a shared one, and nothing else may be
/// using either, unless the memory is shared.
pub(crate) unsafe fn grow_memory(
    store: *mut StoreOpaque,
    memory: *mut LinearMemory,
    delta: u64,
) -> Result<Option<u64>> {
    loop {
        // SAFETY: guaranteed by the caller.
        match unsafe { try_to_grow_memory(store, memory, delta) }? {
            Growth::Done(old) => return Ok(Some(old)),
            Growth::Failed => return Ok(None),
            // It is another question now.
            Growth::Outdated => {}
        }
    }
}

/// The same once, for the size that the memory has now.
///
/// # Safety
/// As for [`grow_memory`].
unsafe fn try_to_grow_memory(store: *mut StoreOpaque, memory: *mut LinearMemory, delta: u64) -> Result<Growth> {
    // SAFETY: the caller guarantees that the memory is there; it is borrowed for this statement only.
    let (pages, most, ty) = unsafe { ((*memory).pages(), (*memory).maximum(), (*memory).ty().clone()) };
    let Some(new) = pages.checked_add(delta).filter(|&n| n <= most) else { return Ok(Growth::Failed) };
    if delta != 0 {
        let maximum = ty.maximum().map(|max| bytes(&ty, max));
        let question = Question::Memory { current: bytes(&ty, pages), desired: bytes(&ty, new), maximum };
        // SAFETY: guaranteed by the caller.
        if !unsafe { StoreOpaque::ask(store, question) }? {
            return Ok(Growth::Failed);
        }
        // SAFETY: guaranteed by the caller; not borrowed while the limiter is asked.
        if let Err(error) = unsafe { (*store).held.check(Kind::Memories, bytes(&ty, delta)) } {
            // SAFETY: guaranteed by the caller.
            return unsafe { StoreOpaque::ask(store, Question::MemoryFailed(error)) }.map(|_| Growth::Failed);
        }
    }
    // SAFETY: as above.
    let grown = unsafe { LinearMemory::grow_at(memory, Some(pages), delta) };
    match grown {
        // SAFETY: as above.
        Growth::Done(_) => unsafe { (*store).hold_memory(memory, bytes(&ty, delta)) },
        Growth::Failed => {
            let question = Question::MemoryFailed(Error::msg(format!("no memory for {new} pages")));
            // SAFETY: guaranteed by the caller.
            unsafe { StoreOpaque::ask(store, question) }?;
        }
        Growth::Outdated => {}
    }
    Ok(grown)
}

/// Grows a table by `delta` elements, all `init`. Returns the number before, or `None` if that is impossible.
///
/// # Errors
/// If the limiter fails.
///
/// # Safety
/// `store` must reach all of its store, `table` must be one of its tables, and nothing else may be using either.
pub(crate) unsafe fn grow_table(
    store: *mut StoreOpaque,
    table: *mut Table,
    delta: u64,
    init: u64,
) -> Result<Option<u64>> {
    let size = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    // SAFETY: the caller guarantees that the table is there; it is borrowed for this statement only.
    let (len, most, maximum) = unsafe { ((*table).len(), (*table).maximum(), (*table).ty().maximum()) };
    let Some(new) = len.checked_add(delta).filter(|&n| n <= most) else { return Ok(None) };
    if delta != 0 {
        let question = Question::Table { current: size(len), desired: size(new), maximum: maximum.map(size) };
        // SAFETY: guaranteed by the caller.
        if !unsafe { StoreOpaque::ask(store, question) }? {
            return Ok(None);
        }
        // SAFETY: guaranteed by the caller; not borrowed while the limiter is asked.
        if let Err(error) = unsafe { (*store).held.check(Kind::Tables, Table::bytes(delta)) } {
            // SAFETY: guaranteed by the caller.
            return unsafe { StoreOpaque::ask(store, Question::TableFailed(error)) }.map(|_| None);
        }
    }
    // SAFETY: as above.
    match unsafe { (*table).grow(delta, init) } {
        Some(old) => {
            // SAFETY: as above.
            unsafe { (*store).held.add(Kind::Tables, Table::bytes(delta)) };
            Ok(Some(old))
        }
        None => {
            let question = Question::TableFailed(Error::msg(format!("no memory for {new} table elements")));
            // SAFETY: guaranteed by the caller.
            unsafe { StoreOpaque::ask(store, question) }?;
            Ok(None)
        }
    }
}
