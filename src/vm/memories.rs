//! The memories of a store: its own, and those that it shares with others.

use crate::vm::arena::{Place, Slots};
use crate::vm::memory::LinearMemory;
use anyhow::Result;
use std::ptr::NonNull;
use std::sync::Arc;

/// A memory of the list.
enum Item {
    /// Made from a box; freed with the list.
    Own(NonNull<LinearMemory>),
    /// Never written to but by what all threads may use.
    Shared(Shared),
}

/// A memory that other stores may have, too.
struct Shared {
    memory: Arc<LinearMemory>,
    /// How many bytes count as held by this store.
    held: usize,
    /// Whether an instance of this store has it.
    linked: bool,
}

impl Item {
    fn at(&self) -> NonNull<LinearMemory> {
        match self {
            Item::Own(at) => *at,
            Item::Shared(shared) => NonNull::from(&*shared.memory),
        }
    }

    fn is(&self, memory: *const LinearMemory) -> bool {
        matches!(self, Item::Shared(shared) if Arc::as_ptr(&shared.memory) == memory)
    }
}

/// What the list is called where there is no memory for it.
const LIST: &str = "a list of a store's memories";

/// Memories by number, at fixed addresses.
#[derive(Default)]
pub(crate) struct Memories(Slots<Item>);

impl Memories {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a memory; one that is shared goes behind a pointer that others can have, too.
    ///
    /// # Errors
    /// If there is no memory for the list.
    pub fn add(&mut self, memory: LinearMemory) -> Result<u32> {
        self.0.reserve(LIST, 1)?;
        let place = self.0.push(match memory.is_shared() {
            true => Item::Shared(Shared { held: memory.len(), memory: Arc::new(memory), linked: false }),
            false => Item::Own(NonNull::from(Box::leak(Box::new(memory)))),
        });
        Ok(place.index)
    }

    /// The number of a memory that is shared with others, if it is here.
    pub fn find(&self, memory: &Arc<LinearMemory>) -> Option<u32> {
        self.0.numbered().find(|(_, item)| item.is(Arc::as_ptr(memory))).map(|(index, _)| index)
    }

    /// Adds a memory that is shared with others, and is not here yet.
    ///
    /// # Errors
    /// If there is no memory for the list.
    pub fn adopt(&mut self, memory: &Arc<LinearMemory>, held: usize) -> Result<u32> {
        self.0.reserve(LIST, 1)?;
        Ok(self.0.push(Item::Shared(Shared { memory: memory.clone(), held, linked: false })).index)
    }

    /// An instance has memory `index` from now on.
    pub fn link(&mut self, index: u32) {
        match self.0.get_mut(index) {
            // SAFETY: the list owns it, and is borrowed for writing.
            Some(Item::Own(at)) => unsafe { at.as_mut() }.link(),
            Some(Item::Shared(shared)) => shared.linked = true,
            None => {}
        }
    }

    /// So many more bytes of `memory` count as held by this store, if it is a shared one.
    pub fn hold(&mut self, memory: *const LinearMemory, more: usize) {
        for item in self.0.iter_mut() {
            if item.is(memory)
                && let Item::Shared(shared) = item
            {
                shared.held = shared.held.saturating_add(more);
            }
        }
    }

    /// Forgets a shared memory that no instance here ever had. Returns how many bytes counted as held.
    pub fn release(&mut self, memory: &Arc<LinearMemory>) -> Option<usize> {
        let index = self.find(memory)?;
        let Item::Shared(Shared { held, linked: false, .. }) = self.0[index] else { return None };
        self.0.remove(index);
        Some(held)
    }

    /// Frees memory `index`. No instance here has it any more; one that is shared stays among those of the store if
    /// somebody else has it, too. Returns how many bytes counted as held.
    ///
    /// # Safety
    /// Nothing may use it, if it is not shared.
    pub unsafe fn remove(&mut self, index: u32) -> usize {
        if let Some(Item::Shared(shared)) = self.0.get_mut(index)
            && Arc::strong_count(&shared.memory) > 1
        {
            shared.linked = false;
            return 0;
        }
        match self.0.remove(index) {
            Some(Item::Shared(shared)) => shared.held,
            // SAFETY: `add` made the pointer from a leaked box, and it is not in the list any more.
            Some(Item::Own(at)) => unsafe { Box::from_raw(at.as_ptr()) }.len(),
            None => 0,
        }
    }

    /// The place of memory `index`.
    pub fn place(&self, index: u32) -> Place {
        self.0.place(index)
    }

    /// Whether the memory that had this place still has it.
    pub fn has(&self, place: Place) -> bool {
        self.0.has(place)
    }

    /// The numbers of all memories.
    pub fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.numbered().map(|(index, _)| index)
    }

    /// Memory number `index`.
    ///
    /// # Panics
    /// If there is no such memory.
    pub fn get(&self, index: u32) -> NonNull<LinearMemory> {
        self.0[index].at()
    }

    /// The same, if it is a shared one.
    pub fn shared(&self, index: u32) -> Option<&Arc<LinearMemory>> {
        match &self.0[index] {
            Item::Shared(shared) => Some(&shared.memory),
            _ => None,
        }
    }

    /// All memories.
    pub fn iter(&self) -> impl Iterator<Item = NonNull<LinearMemory>> + '_ {
        self.0.iter().map(Item::at)
    }
}

impl Drop for Memories {
    fn drop(&mut self) {
        for item in self.0.iter() {
            if let Item::Own(at) = item {
                // SAFETY: `add` made the pointer from a leaked box, and nothing else frees it.
                drop(unsafe { Box::from_raw(at.as_ptr()) });
            }
        }
    }
}

// SAFETY: it owns its memories as boxes and shared pointers do, and memories can be sent.
unsafe impl Send for Memories {}
// SAFETY: as above.
unsafe impl Sync for Memories {}
