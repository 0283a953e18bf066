//! Garbage collection: the objects of a store, and its references to values of the host.
//!
//! * [`heap`] is the memory of objects, [`objects`] how the runtime reads and writes them, [`shapes`] what is known of
//!   their types.
//! * [`collect`] moves all that is needed and forgets the rest. In a heap that is not small, [`young`] does so with new
//!   objects only, and [`old`] finds out step by step which of the others are needed. [`reach`] finds where all of them
//!   begin, [`room`] decides when.
//! * [`externs`] is the table of external references, [`roots`] are the host's handles.
//!
//! What a reference is says [`headwater_codegen::vmctx::gc`]. Here it is a `u32`, a *word*; functions and exceptions are
//! no concern of the collector's but as fields of objects. A word is good until the next allocation or collection;
//! whoever needs it longer has a handle of it, or keeps it where roots are found.

pub(crate) mod collect;
pub(crate) mod externs;
pub(crate) mod heap;
pub(crate) mod objects;
pub(crate) mod old;
pub(crate) mod reach;
pub(crate) mod room;
pub(crate) mod roots;
pub(crate) mod shapes;
#[cfg(test)]
mod tests;
pub(crate) mod young;

use crate::engine::{Engine, TypeUse};
use crate::types::{HeapType, ValType};
use crate::vm::gc::externs::Externs;
use crate::vm::gc::heap::Heap;
use crate::vm::gc::roots::{OwnedRoot, Roots};
use crate::vm::gc::shapes::Shapes;
use crate::{Result, trap::Trap};
use anyhow::Context;
use std::cell::RefCell;
use std::fmt;

/// Whether the collector follows references to this heap type: those in the hierarchies of `any` and `extern`.
pub(crate) fn is_collected(ty: &HeapType) -> bool {
    // There are none but null in `nofunc` and `noexn`.
    !matches!(ty, HeapType::Func | HeapType::ConcreteFunc(_) | HeapType::Exn)
}

/// Whether values of this type are such references.
pub(crate) fn is_collected_value(ty: &ValType) -> bool {
    ty.as_ref().is_some_and(|r| is_collected(r.heap_type()))
}

/// What a store has for garbage collection.
#[derive(Default)]
pub(crate) struct Gc {
    /// Once there is a module with types of objects, or an object.
    pub(super) heap: Option<Heap>,
    pub(super) shapes: Shapes,
    pub(super) externs: Externs,
    roots: RefCell<Roots<u32>>,
    /// Objects that are being made, by whoever may be interrupted: the last one first.
    pub(super) temporaries: Vec<u32>,
    /// Room for what a collection of the nursery has moved and not looked through yet.
    moved: Vec<u32>,
    /// How many bytes of objects were made among the old ones since the last collection.
    large: u64,
    /// The heap is to be collected as a whole next, small or not.
    whole: bool,
    /// Keeps the types that the host makes objects of.
    uses: Vec<TypeUse>,
    subtypes: Subtypes,
    /// How often the store was collected.
    pub(super) collections: u64,
    /// How many words outside of the heap the last collection looked at.
    pub(super) root_words: u64,
    /// While somebody has references where no root is looked for, who cannot be told that they move: nothing is
    /// collected.
    pub(super) paused: u32,
}

impl Gc {
    /// A handle of `word` that ends with the scope: its number and generation.
    pub fn root(&self, word: u32) -> (u32, u32) {
        self.roots.borrow_mut().root(word)
    }

    /// What a handle is of now, if it is still valid.
    pub fn get(&self, index: u32, generation: u32) -> Option<u32> {
        self.roots.borrow().get(index, generation)
    }

    /// A handle of `word` that is valid as long as it lives.
    pub fn own(&self, word: u32) -> OwnedRoot {
        self.roots.borrow_mut().own(word)
    }

    /// What an owned handle is of now; `None` if it is another store's.
    pub fn owned(&self, root: &OwnedRoot) -> Option<u32> {
        self.roots.borrow().owned(root)
    }

    /// Passes on what the host has handles of, and objects that are being made.
    pub fn each_handle(&self, mut each: impl FnMut(u32)) {
        let mut roots = self.roots.borrow_mut();
        roots.trim();
        roots.iter_mut().for_each(|word| each(*word));
        self.temporaries.iter().for_each(|word| each(*word));
    }

    /// How many handles there are that end with their scope.
    #[inline]
    pub fn handles(&mut self) -> usize {
        self.roots.get_mut().len()
    }

    /// Ends all of these but the first `n`.
    #[inline]
    pub fn end_handles(&mut self, n: usize) {
        self.roots.get_mut().end(n);
    }

    /// The external references.
    pub fn externs(&self) -> &Externs {
        &self.externs
    }

    /// The same, to be changed.
    pub fn externs_mut(&mut self) -> &mut Externs {
        &mut self.externs
    }

    /// How many bytes of objects there may be.
    pub fn capacity(&self) -> u64 {
        self.heap.as_ref().map_or(0, Heap::capacity)
    }

    /// Sets that.
    ///
    /// # Errors
    /// If there is no heap, or the system has no memory.
    pub fn set_capacity(&mut self, bytes: u64) -> Result<()> {
        self.heap.as_mut().context("there is no heap")?.set_capacity(bytes)
    }

    /// How often the store was collected.
    #[cfg(test)]
    pub fn collections(&self) -> u64 {
        self.collections
    }

    /// The store has objects of the type with this number from now on, a struct or array type which somebody keeps in use
    /// as long as the store lives.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn learn(&mut self, engine: &Engine, number: u32) -> Result<()> {
        match self.shapes.get(number) {
            Some(_) => Ok(()),
            None => self.shapes.add(number, engine.object_layout(number)),
        }
    }

    /// The same of a type that the store is to keep in use.
    ///
    /// # Errors
    /// As for [`Gc::learn`].
    pub fn learn_used(&mut self, engine: &Engine, ty: TypeUse) -> Result<()> {
        if self.shapes.get(ty.number()).is_none() {
            self.learn(engine, ty.number())?;
            self.uses.push(ty);
        }
        Ok(())
    }

    /// Whether there may be collections. To be called in pairs.
    pub fn pause(&mut self, pause: bool) {
        if pause { self.paused += 1 } else { self.paused -= 1 }
    }

    /// The reference in the hierarchy of `extern` to what `word`, in that of `any`, refers to.
    ///
    /// # Errors
    /// If there are too many, or there is no memory.
    fn extern_of_any(&mut self, word: u32) -> Result<u32> {
        if objects::is_object(word) { self.externs.of_object(word) } else { Ok(word) }
    }

    /// The same the other way.
    pub fn any_of_extern(&self, word: u32) -> u32 {
        self.externs.object(word).unwrap_or(word)
    }

    /// Whether the type with number `sub`, of an object or a function in the store, is that with number `sup` or a
    /// subtype.
    pub fn is_subtype(&mut self, engine: &Engine, sub: u32, sup: u32) -> bool {
        sub == sup || self.subtypes.get(sub, sup, || engine.is_subtype(sub, sup))
    }
}

/// What was asked last about subtypes. Numbers mean the same as long as their types are in use, as those of a store are
/// as long as it lives.
#[derive(Default)]
struct Subtypes(Box<[(u32, u32, bool)]>);

/// How many answers are kept.
const ANSWERS: usize = 256;

impl Subtypes {
    fn get(&mut self, sub: u32, sup: u32, ask: impl FnOnce() -> bool) -> bool {
        if self.0.is_empty() {
            // No type is a subtype of itself here.
            self.0 = vec![(0, 0, false); ANSWERS].into();
        }
        let place = (sub.wrapping_mul(31) ^ sup) as usize % ANSWERS;
        let answer = &mut self.0[place];
        if (answer.0, answer.1) != (sub, sup) {
            *answer = (sub, sup, ask());
        }
        answer.2
    }
}

/// There is no room in a store's heap for what was to be made: because of the store's limits, of
/// [`Config::gc_heap_max_size`](crate::Config::gc_heap_max_size), or because the system has no memory. What was to be put
/// into it is the `T`.
#[derive(Debug)]
pub struct GcHeapOutOfMemory<T> {
    inner: T,
    bytes: u64,
}

impl<T> GcHeapOutOfMemory<T> {
    /// No room for `bytes`.
    pub(crate) fn new(inner: T, bytes: u64) -> GcHeapOutOfMemory<T> {
        GcHeapOutOfMemory { inner, bytes }
    }

    /// What there was no room for.
    pub fn take_inner(self) -> (T, GcHeapOutOfMemory<()>) {
        (self.inner, GcHeapOutOfMemory { inner: (), bytes: self.bytes })
    }

    /// How many bytes there was no room for.
    pub fn bytes_needed(&self) -> u64 {
        self.bytes
    }
}

impl<T> fmt::Display for GcHeapOutOfMemory<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no room for {} more bytes in the heap of garbage-collected objects", self.bytes)
    }
}

impl<T: fmt::Debug> std::error::Error for GcHeapOutOfMemory<T> {}

/// The error for an object of `bytes`, which is larger than objects can be.
pub(crate) fn too_large() -> crate::Error {
    crate::Error::new(Trap::AllocationTooLarge)
}
