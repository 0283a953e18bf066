//! The memories of a store: its own, and those that it shares with others.

use crate::vm::alloc;
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
    /// It was a shared one.
    Released,
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
            Item::Released => unreachable!("nothing refers to a memory that was released"),
        }
    }

    fn is(&self, memory: *const LinearMemory) -> bool {
        matches!(self, Item::Shared(shared) if Arc::as_ptr(&shared.memory) == memory)
    }
}

/// Memories by number, at fixed addresses.
#[derive(Default)]
pub(crate) struct Memories(Vec<Item>);

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
        alloc::reserve("a list of a store's memories", &mut self.0, 1)?;
        self.0.push(match memory.is_shared() {
            true => Item::Shared(Shared { held: memory.len(), memory: Arc::new(memory), linked: false }),
            false => Item::Own(NonNull::from(Box::leak(Box::new(memory)))),
        });
        Ok(self.0.len() as u32 - 1)
    }

    /// The number of a memory that is shared with others, if it is here.
    pub fn find(&self, memory: &Arc<LinearMemory>) -> Option<u32> {
        self.0.iter().position(|item| item.is(Arc::as_ptr(memory))).map(|index| index as u32)
    }

    /// Adds a memory that is shared with others, and is not here yet.
    ///
    /// # Errors
    /// If there is no memory for the list.
    pub fn adopt(&mut self, memory: &Arc<LinearMemory>, held: usize) -> Result<u32> {
        alloc::reserve("a list of a store's memories", &mut self.0, 1)?;
        self.0.push(Item::Shared(Shared { memory: memory.clone(), held, linked: false }));
        Ok(self.0.len() as u32 - 1)
    }

    /// An instance has memory `index` from now on.
    pub fn link(&mut self, index: u32) {
        match &mut self.0[index as usize] {
            // SAFETY: the list owns it, and is borrowed for writing.
            Item::Own(at) => unsafe { at.as_mut() }.link(),
            Item::Shared(shared) => shared.linked = true,
            Item::Released => {}
        }
    }

    /// So many more bytes of `memory` count as held by this store, if it is a shared one.
    pub fn hold(&mut self, memory: *const LinearMemory, more: usize) {
        for item in &mut self.0 {
            if item.is(memory)
                && let Item::Shared(shared) = item
            {
                shared.held = shared.held.saturating_add(more);
            }
        }
    }

    /// Forgets a shared memory that no instance here ever had. Returns how many bytes counted as held.
    pub fn release(&mut self, memory: &Arc<LinearMemory>) -> Option<usize> {
        let item = self.0.iter_mut().find(|item| item.is(Arc::as_ptr(memory)))?;
        let Item::Shared(Shared { held, linked: false, .. }) = *item else { return None };
        *item = Item::Released;
        Some(held)
    }

    /// Memory number `index`.
    ///
    /// # Panics
    /// If there is no such memory.
    pub fn get(&self, index: u32) -> NonNull<LinearMemory> {
        self.0[index as usize].at()
    }

    /// The same, if it is a shared one.
    pub fn shared(&self, index: u32) -> Option<&Arc<LinearMemory>> {
        match &self.0[index as usize] {
            Item::Shared(shared) => Some(&shared.memory),
            _ => None,
        }
    }

    /// All memories, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = NonNull<LinearMemory>> + '_ {
        self.0.iter().filter(|item| !matches!(item, Item::Released)).map(Item::at)
    }
}

impl Drop for Memories {
    fn drop(&mut self) {
        for item in self.0.drain(..) {
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
