//! A growing list of objects that never move, freed together.
//!
//! Compiled code holds plain pointers to memories, tables and function references, so these live behind
//! pointers that are never turned into owning boxes before the end.

use crate::vm::alloc;
use anyhow::Result;
use std::ptr::NonNull;

/// Owns its items; each stays at the address that [`Arena::push`] returned until the arena is dropped.
pub(crate) struct Arena<T> {
    items: Vec<NonNull<T>>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Arena { items: Vec::new() }
    }
}

impl<T> Arena<T> {
    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Makes room for `more` items.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn reserve(&mut self, more: usize) -> Result<()> {
        alloc::reserve("a list of a store's objects", &mut self.items, more)
    }

    /// Moves `item` to its final place.
    pub fn push(&mut self, item: T) -> NonNull<T> {
        let at = NonNull::from(Box::leak(Box::new(item)));
        self.items.push(at);
        at
    }

    /// Item number `index`.
    ///
    /// # Panics
    /// If there is no such item.
    pub fn get(&self, index: u32) -> NonNull<T> {
        self.items[index as usize]
    }

    /// All items, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = NonNull<T>> + '_ {
        self.items.iter().copied()
    }
}

impl<T> Drop for Arena<T> {
    fn drop(&mut self) {
        for item in self.items.drain(..) {
            // SAFETY: `push` made the pointer from a leaked box, and nothing else frees it.
            drop(unsafe { Box::from_raw(item.as_ptr()) });
        }
    }
}

// SAFETY: an arena owns its items as a `Vec<Box<T>>` does.
unsafe impl<T: Send> Send for Arena<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Arena<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stay_where_they_are_and_are_dropped_once() {
        let counter = std::rc::Rc::new(());
        let mut arena = Arena::default();
        let first = arena.push(counter.clone());
        for _ in 0..100 {
            arena.push(counter.clone());
        }
        assert_eq!(arena.get(0), first);
        assert_eq!(arena.iter().count(), arena.len());
        drop(arena);
        assert_eq!(std::rc::Rc::strong_count(&counter), 1);
    }
}
