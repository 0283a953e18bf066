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
    Shared(Arc<LinearMemory>),
}

impl Item {
    fn at(&self) -> NonNull<LinearMemory> {
        match self {
            Item::Own(at) => *at,
            Item::Shared(memory) => NonNull::from(&**memory),
        }
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
            true => Item::Shared(Arc::new(memory)),
            false => Item::Own(NonNull::from(Box::leak(Box::new(memory)))),
        });
        Ok(self.0.len() as u32 - 1)
    }

    /// The number of a memory that is shared with others, if it is here.
    pub fn find(&self, memory: &Arc<LinearMemory>) -> Option<u32> {
        let same = |item: &Item| item.at().as_ptr().cast_const() == Arc::as_ptr(memory);
        self.0.iter().position(same).map(|index| index as u32)
    }

    /// Adds a memory that is shared with others, and is not here yet.
    ///
    /// # Errors
    /// If there is no memory for the list.
    pub fn adopt(&mut self, memory: &Arc<LinearMemory>) -> Result<u32> {
        alloc::reserve("a list of a store's memories", &mut self.0, 1)?;
        self.0.push(Item::Shared(memory.clone()));
        Ok(self.0.len() as u32 - 1)
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
            Item::Own(_) => None,
            Item::Shared(memory) => Some(memory),
        }
    }

    /// All memories, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = NonNull<LinearMemory>> + '_ {
        self.0.iter().map(Item::at)
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
