//! Lists of a store's objects, by number: what is freed leaves a place for another, under the same number but of another
//! *generation*, so that a handle of the one is never taken for a handle of the other.
//!
//! Compiled code holds plain pointers to tables, instances and function references, so these live behind pointers that
//! are never turned into owning boxes before the end.

use crate::vm::alloc;
use anyhow::Result;
use std::ops::Index;
use std::ptr::NonNull;

/// A number, and which of those that had it one after the other.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Place {
    pub index: u32,
    pub generation: u32,
}

enum State<T> {
    Used(T),
    /// The next free place, or [`NONE`].
    Free(u32),
}

/// No place.
const NONE: u32 = u32::MAX;

struct Slot<T> {
    /// Of what is there, or of what comes next.
    generation: u32,
    state: State<T>,
}

/// Items by number.
pub(crate) struct Slots<T> {
    slots: Vec<Slot<T>>,
    free: u32,
    used: usize,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Slots { slots: Vec::new(), free: NONE, used: 0 }
    }
}

impl<T> Slots<T> {
    /// How many items there are.
    pub fn len(&self) -> usize {
        self.used
    }

    /// The largest number that an item ever had, and one more.
    #[cfg(any(test, feature = "coredump"))]
    pub fn end(&self) -> usize {
        self.slots.len()
    }

    /// Makes room for `more` items of `what`.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn reserve(&mut self, what: &str, more: usize) -> Result<()> {
        alloc::reserve(what, &mut self.slots, more)
    }

    /// Where the next item goes.
    pub fn next(&self) -> Place {
        match self.slots.get(self.free as usize) {
            Some(slot) => Place { index: self.free, generation: slot.generation },
            None => Place { index: self.slots.len() as u32, generation: 0 },
        }
    }

    /// Adds `item`, at [`Slots::next`].
    pub fn push(&mut self, item: T) -> Place {
        let at = self.next();
        match self.slots.get_mut(at.index as usize) {
            Some(slot) => {
                if let State::Free(next) = std::mem::replace(&mut slot.state, State::Used(item)) {
                    self.free = next;
                }
            }
            None => self.slots.push(Slot { generation: 0, state: State::Used(item) }),
        }
        self.used += 1;
        at
    }

    /// Item number `index`, if there is one.
    #[inline]
    pub fn get(&self, index: u32) -> Option<&T> {
        match self.slots.get(index as usize) {
            Some(Slot { state: State::Used(item), .. }) => Some(item),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, index: u32) -> Option<&mut T> {
        match self.slots.get_mut(index as usize) {
            Some(Slot { state: State::Used(item), .. }) => Some(item),
            _ => None,
        }
    }

    /// The place of item number `index`.
    pub fn place(&self, index: u32) -> Place {
        Place { index, generation: self.slots.get(index as usize).map_or(0, |slot| slot.generation) }
    }

    /// Whether what was put at `place` is still there.
    #[inline]
    pub fn has(&self, place: Place) -> bool {
        match self.slots.get(place.index as usize) {
            Some(Slot { generation, state: State::Used(_) }) => *generation == place.generation,
            _ => false,
        }
    }

    /// Takes item number `index` out, if there is one. A place whose generations are used up is not used again.
    pub fn remove(&mut self, index: u32) -> Option<T> {
        let slot = self.slots.get_mut(index as usize)?;
        if matches!(slot.state, State::Free(_)) {
            return None;
        }
        self.used -= 1;
        let next = match slot.generation.checked_add(1) {
            Some(generation) => {
                slot.generation = generation;
                std::mem::replace(&mut self.free, index)
            }
            None => NONE,
        };
        match std::mem::replace(&mut slot.state, State::Free(next)) {
            State::Used(item) => Some(item),
            State::Free(_) => None,
        }
    }

    /// All items.
    pub fn iter(&self) -> impl Iterator<Item = &T> + '_ {
        self.numbered().map(|(_, item)| item)
    }

    /// All items, with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (u32, &T)> + '_ {
        (0..).zip(&self.slots).filter_map(|(index, slot)| match &slot.state {
            State::Used(item) => Some((index, item)),
            State::Free(_) => None,
        })
    }

    /// All items, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> + '_ {
        self.slots.iter_mut().filter_map(|slot| match &mut slot.state {
            State::Used(item) => Some(item),
            State::Free(_) => None,
        })
    }
}

impl<T> Index<u32> for Slots<T> {
    type Output = T;

    #[inline]
    fn index(&self, index: u32) -> &T {
        self.get(index).expect("numbers are of what is there")
    }
}

/// Owns its items; each stays at the address that [`Arena::push`] returned until it is removed, or the arena dropped.
pub(crate) struct Arena<T>(Slots<NonNull<T>>);

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Arena(Slots::default())
    }
}

impl<T> Arena<T> {
    /// How many items there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Their numbers and places.
    pub fn slots(&self) -> &Slots<NonNull<T>> {
        &self.0
    }

    /// Makes room for `more` items.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn reserve(&mut self, more: usize) -> Result<()> {
        self.0.reserve("a list of a store's objects", more)
    }

    /// Moves `item` to its final place, number [`Slots::next`].
    pub fn push(&mut self, item: T) -> NonNull<T> {
        self.push_box(Box::new(item))
    }

    /// The same of an item that is in its final place.
    pub fn push_box(&mut self, item: Box<T>) -> NonNull<T> {
        let at = NonNull::from(Box::leak(item));
        self.0.push(at);
        at
    }

    /// Item number `index`.
    ///
    /// # Panics
    /// If there is no such item.
    pub fn get(&self, index: u32) -> NonNull<T> {
        self.0[index]
    }

    /// Takes item number `index` out.
    ///
    /// # Safety
    /// Nothing may use it any more.
    pub unsafe fn remove(&mut self, index: u32) -> Option<Box<T>> {
        // SAFETY: `push` made the pointer from a leaked box, and it is not in the list any more.
        self.0.remove(index).map(|at| unsafe { Box::from_raw(at.as_ptr()) })
    }

    /// All items.
    pub fn iter(&self) -> impl Iterator<Item = NonNull<T>> + '_ {
        self.0.iter().copied()
    }
}

impl<T> Drop for Arena<T> {
    fn drop(&mut self) {
        for item in self.0.iter() {
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
        // SAFETY: nothing uses it.
        assert!(unsafe { arena.remove(50) }.is_some() && unsafe { arena.remove(50) }.is_none());
        assert_eq!((arena.len(), std::rc::Rc::strong_count(&counter)), (100, 101));
        drop(arena);
        assert_eq!(std::rc::Rc::strong_count(&counter), 1);
    }

    #[test]
    fn a_place_is_used_again_in_another_generation() {
        let mut slots = Slots::default();
        let places: Vec<Place> = (0..3).map(|i| slots.push(i)).collect();
        assert_eq!(slots.remove(1), Some(1));
        assert_eq!(slots.remove(1), None);
        assert!(!slots.has(places[1]) && slots.has(places[2]) && slots.get(1).is_none());
        let next = slots.next();
        assert_eq!((next, next.generation), (slots.push(7), 1));
        assert!(slots.has(next) && !slots.has(places[1]));
        assert_eq!(slots.numbered().map(|(i, v)| (i, *v)).collect::<Vec<_>>(), [(0, 0), (1, 7), (2, 2)]);
        assert_eq!((slots.len(), slots.end()), (3, 3));
    }

    #[test]
    fn a_place_whose_generations_are_used_up_stays_free() {
        let mut slots = Slots::default();
        slots.push(1);
        slots.slots[0].generation = u32::MAX;
        assert_eq!(slots.remove(0), Some(1));
        assert_eq!(slots.push(2).index, 1);
    }
}
