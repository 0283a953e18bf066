//! The table of external references: values of the host, and objects that are known outside of their hierarchy.
//!
//! A reference to an entry has its index and [`gc::HOST`] ([`headwater_codegen::vmctx::gc`]); it never changes. An entry
//! is freed by a collection that finds no reference to it. One that stands for an object keeps it; where an object is
//! converted again it is the same entry, as long as that lives.

use crate::Result;
use crate::hash::IntMap;
use crate::vm::alloc;
use anyhow::{Context, bail};
use headwater_codegen::vmctx::gc;
use std::any::Any;

/// A value of the host.
pub(crate) type Value = Box<dyn Any + Send + Sync>;

/// How many entries there may be.
const MOST: usize = 1 << 29;

/// So many are made before it is looked whether they are needed.
const AT_LEAST: usize = 1024;

/// For so many words that a collection looks at, one more may be made before the next one.
const WORK_EACH: u64 = 32;

/// What an entry takes, in bytes, with what finds it again; a value of the host is the host's.
pub(crate) const BYTES: usize = size_of::<Entry>() + 3 * size_of::<u64>();

/// In every reference to an entry.
const TAG: u32 = 1 << 31 | gc::HOST;

enum What {
    /// Nothing; the next free entry.
    Free(u32),
    Value(Value),
    /// An object, by its reference.
    Object(u32),
}

struct Entry {
    what: What,
    /// A reference was found by the collection that goes on.
    marked: bool,
}

/// All entries of a store.
pub(crate) struct Externs {
    entries: Vec<Entry>,
    /// The first free entry.
    free: u32,
    used: usize,
    /// How many may be used before the next collection.
    threshold: usize,
    /// The entries of objects, by their references.
    of_objects: IntMap<u32, u32>,
    /// Those that were made since the last collection.
    young: Vec<u32>,
}

impl Default for Externs {
    fn default() -> Externs {
        Externs {
            entries: Vec::new(),
            free: NONE,
            used: 0,
            threshold: AT_LEAST,
            of_objects: IntMap::default(),
            young: Vec::new(),
        }
    }
}

/// No entry.
const NONE: u32 = u32::MAX;

/// The reference to entry `index`.
pub(crate) const fn word(index: u32) -> u32 {
    TAG | index << 2
}

/// The entry that `word` may be a reference to.
#[inline]
pub(crate) const fn index(word: u32) -> Option<u32> {
    if word & (1 << 31 | 3) == TAG { Some((word & !TAG) >> 2) } else { None }
}

impl Externs {
    fn add(&mut self, what: What) -> Result<u32> {
        let entry = Entry { what, marked: false };
        let index = match self.entries.get(self.free as usize) {
            Some(Entry { what: What::Free(next), .. }) => {
                let index = std::mem::replace(&mut self.free, *next);
                self.entries[index as usize] = entry;
                index
            }
            _ => {
                if self.entries.len() == MOST {
                    bail!("too many external references in a store");
                }
                alloc::reserve("external references", &mut self.entries, 1)?;
                self.entries.push(entry);
                (self.entries.len() - 1) as u32
            }
        };
        self.used += 1;
        Ok(index)
    }

    /// An entry for `value`; a reference to it.
    ///
    /// # Errors
    /// If there are too many, or there is no memory.
    pub fn add_value(&mut self, value: Value) -> Result<u32> {
        self.add(What::Value(value)).map(word)
    }

    /// The reference in the hierarchy of `extern` to an object.
    ///
    /// # Errors
    /// As for [`Externs::add_value`].
    pub fn of_object(&mut self, object: u32) -> Result<u32> {
        if let Some(&index) = self.of_objects.get(&object) {
            return Ok(word(index));
        }
        self.of_objects.try_reserve(1).context("no memory for external references")?;
        alloc::reserve("external references", &mut self.young, 1)?;
        let index = self.add(What::Object(object))?;
        self.of_objects.insert(object, index);
        self.young.push(index);
        Ok(word(index))
    }

    /// The object that the entry stands for to which `word` refers; `None` if that is a value of the host, or `word` no
    /// reference to an entry.
    pub fn object(&self, word: u32) -> Option<u32> {
        match self.entries.get(index(word)? as usize)?.what {
            What::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The value that `word` refers to, if it is one.
    pub fn value(&self, word: u32) -> Option<&(dyn Any + Send + Sync)> {
        match &self.entries.get(index(word)? as usize)?.what {
            What::Value(value) => Some(&**value),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub fn value_mut(&mut self, word: u32) -> Option<&mut (dyn Any + Send + Sync)> {
        match &mut self.entries.get_mut(index(word)? as usize)?.what {
            What::Value(value) => Some(&mut **value),
            _ => None,
        }
    }

    /// How many entries are used.
    pub fn len(&self) -> usize {
        self.used
    }

    /// Whether it is time for a collection.
    pub fn is_full(&self) -> bool {
        self.used >= self.threshold
    }

    /// There is a reference `word`, perhaps. The object that its entry stands for, if that was not known before.
    #[inline]
    pub fn mark(&mut self, word: u32) -> Option<u32> {
        let entry = self.entries.get_mut(index(word)? as usize)?;
        if std::mem::replace(&mut entry.marked, true) {
            return None;
        }
        match entry.what {
            What::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The object of the entry that `word` refers to is elsewhere.
    pub fn moved(&mut self, word: u32, object: u32) {
        if let Some(entry) = index(word).and_then(|i| self.entries.get_mut(i as usize)) {
            entry.what = What::Object(object);
        }
    }

    /// Nothing was found yet, whatever was.
    pub fn unmark(&mut self) {
        self.entries.iter_mut().for_each(|entry| entry.marked = false);
    }

    /// There may be so many more entries before the next collection.
    pub fn allow(&mut self, more: usize) {
        self.threshold = self.threshold.max(self.used.saturating_add(more));
    }

    /// One of the entries of objects that were made since the last collection, and its object.
    pub fn next_young(&mut self) -> Option<(u32, u32)> {
        while let Some(index) = self.young.pop() {
            if let What::Object(object) = self.entries[index as usize].what {
                return Some((index, object));
            }
        }
        None
    }

    /// The object of such an entry is there now.
    pub fn promoted(&mut self, index: u32, object: u32) {
        if let What::Object(before) = std::mem::replace(&mut self.entries[index as usize].what, What::Object(object)) {
            self.of_objects.remove(&before);
        }
        // Room for as many was there.
        self.of_objects.insert(object, index);
    }

    /// Frees what is not marked, and unmarks the rest. The values are added to `garbage`; where there is no memory to
    /// list them, they stay for the next time. The more words the collection has looked at, the later that is.
    pub fn sweep(&mut self, words: u64, garbage: &mut Vec<Value>) {
        self.of_objects.clear();
        self.young.clear();
        for i in 0..self.entries.len() {
            let entry = &mut self.entries[i];
            let marked = std::mem::take(&mut entry.marked);
            match entry.what {
                What::Free(_) => continue,
                // There was room for as many.
                What::Object(object) if marked => {
                    self.of_objects.insert(object, i as u32);
                    continue;
                }
                _ if marked || garbage.try_reserve(1).is_err() => continue,
                _ => {}
            }
            if let What::Value(value) = std::mem::replace(&mut entry.what, What::Free(self.free)) {
                garbage.push(value);
            }
            self.free = i as u32;
            self.used -= 1;
        }
        self.threshold = (2 * self.used).max(AT_LEAST).max(self.used.saturating_add((words / WORK_EACH) as usize));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_told_from_everything_else() {
        for i in [0, 1, MOST as u32 - 1] {
            assert_eq!(index(word(i)), Some(i));
            assert_eq!(word(i) & 3, gc::HOST);
        }
        for other in [0, 1, 8, 1 << 31, 1 << 31 | 8, gc::HOST, u32::MAX] {
            assert_eq!(index(other), None, "{other:#x}");
        }
    }

    #[test]
    fn what_is_not_marked_is_freed_and_used_again() {
        let mut externs = Externs::default();
        let words: Vec<u32> = (0..10).map(|i| externs.add_value(Box::new(i)).unwrap()).collect();
        let object = externs.of_object(4096).unwrap();
        assert_eq!(externs.of_object(4096).unwrap(), object);
        assert_eq!(externs.object(object), Some(4096));
        assert_eq!(externs.mark(words[3]), None);
        assert_eq!(externs.mark(object), Some(4096));
        assert_eq!(externs.mark(object), None);
        externs.moved(object, 8192);
        let mut garbage = Vec::new();
        externs.sweep(0, &mut garbage);
        assert_eq!((garbage.len(), externs.len()), (9, 2));
        assert_eq!(externs.value(words[3]).unwrap().downcast_ref::<i32>(), Some(&3));
        assert!(externs.value(words[4]).is_none());
        assert_eq!(externs.of_object(8192).unwrap(), object);
        let again = externs.add_value(Box::new(7)).unwrap();
        assert!(words.contains(&again));
        externs.sweep(0, &mut garbage);
        assert_eq!(externs.len(), 0);
        externs.of_object(8192).unwrap();
        assert_eq!((externs.len(), externs.entries.len()), (1, 11));
    }

    #[test]
    fn ten_million_that_come_and_go_leave_nothing() {
        let mut externs = Externs::default();
        let mut garbage = Vec::new();
        for i in 0..10_000_000u32 {
            if externs.is_full() {
                externs.sweep(0, &mut garbage);
                garbage.clear();
            }
            externs.add_value(Box::new(())).unwrap();
            std::hint::black_box(i);
        }
        assert!(externs.entries.len() <= AT_LEAST);
    }
}
