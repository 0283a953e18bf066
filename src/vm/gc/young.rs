//! A collection of the nursery: what is needed of it becomes old.
//!
//! It begins at the roots and at what was stored to old objects since the last one, and looks at nothing else of the old
//! objects. While these are being marked ([`old`](super::old)), it marks whatever it comes to. It takes time in proportion to the roots, to what
//! is needed of the nursery, and to the cards that are dirty, and needs no memory but that of the objects and a list of
//! what was moved and not looked through yet, for which there is room.

use crate::types::object::FieldKind;
use crate::vm::gc::collect::{Visit, relocate};
use crate::vm::gc::externs::{self, Externs};
use crate::vm::gc::objects::is_object;
use crate::vm::gc::old::{CARD, Old};
use crate::vm::gc::shapes::Shapes;
use headwater_codegen::vmctx::gc;
use std::ops::Range;

/// A collection of the nursery in progress.
pub(crate) struct Young<'a> {
    base: *mut u8,
    nursery: Range<u64>,
    old: &'a mut Old,
    shapes: &'a Shapes,
    externs: &'a mut Externs,
    /// What was moved and not looked through yet.
    moved: &'a mut Vec<u32>,
    marks: bool,
    roots: u64,
}

impl<'a> Young<'a> {
    /// Begins. Young objects are in `nursery`; `moved` has room for a reference to each of them.
    ///
    /// # Safety
    /// They must be there, at `base`, and the old ones, which have room for them.
    pub unsafe fn new(
        base: *mut u8,
        nursery: Range<u64>,
        old: &'a mut Old,
        shapes: &'a Shapes,
        externs: &'a mut Externs,
        moved: &'a mut Vec<u32>,
    ) -> Young<'a> {
        debug_assert!(moved.is_empty() && moved.capacity() as u64 >= (nursery.end - nursery.start) / 8);
        let marks = old.marks();
        let mut young = Young { base, nursery, old, shapes, externs, moved, marks, roots: 0 };
        // Entries keep the objects that they were made for until it is known which of them are needed.
        while let Some((entry, object)) = young.externs.next_young() {
            let object = if young.is_young(object) { young.promote(object) } else { object };
            young.externs.promoted(entry, object);
        }
        young
    }

    fn at(&self, word: u64) -> *mut u32 {
        self.base.wrapping_add(word as usize).cast()
    }

    /// Whether an object is one of the nursery.
    #[inline]
    fn is_young(&self, word: u32) -> bool {
        debug_assert!(is_object(word), "{word:#x} is no object");
        self.nursery.contains(&word.into())
    }

    /// Moves a young object, unless that has happened. Returns where it is.
    fn promote(&mut self, word: u32) -> u32 {
        let place = |size| self.old.allocate(size).expect("there is room for what is promoted");
        // SAFETY: young objects are accessible, and so is what the old ones leave.
        let (new, moved) = unsafe { relocate(self.base, word, self.nursery.end, self.shapes, place) };
        if moved {
            self.moved.push(new);
        }
        new
    }

    /// Looks through what was moved and not looked through yet.
    fn drain(&mut self) {
        while let Some(object) = self.moved.pop() {
            self.look_through(object);
        }
    }

    #[inline]
    fn look_through(&mut self, object: u32) {
        let at = self.at(object.into());
        // SAFETY: an old object.
        let (number, len) = unsafe { (*at, *at.add(1)) };
        let shapes = self.shapes;
        if let Some(mut refs) = shapes.outline(number).refs() {
            while refs != 0 {
                let field = at.wrapping_add(2 + refs.trailing_zeros() as usize);
                refs &= refs - 1;
                // SAFETY: the object has a reference there.
                unsafe { self.visit_field(field) };
            }
        } else if let Some(shape) = shapes.get(number) {
            shape.each_ref(len, |offset| {
                // SAFETY: as above.
                unsafe { self.visit_field(at.wrapping_byte_add(offset as usize)) };
            });
        }
    }

    /// # Safety
    /// A reference must be there.
    #[inline]
    unsafe fn visit_field(&mut self, field: *mut u32) {
        // SAFETY: guaranteed by the caller.
        unsafe {
            let word = *field;
            let new = self.visit(word);
            // What is not changed is not written: it may be in no cache.
            if new != word {
                *field = new;
            }
        }
    }

    /// Looks through what was stored to since the last collection, and notes that nothing was since.
    fn visit_cards(&mut self) {
        let cards = self.old.cards();
        let mut from = 0;
        // The last object that starts before a card, and that card.
        let (mut last, mut known) = (None, 0);
        while let Some(card) = self.old.next_dirty(from, cards) {
            from = card + 1;
            self.roots += CARD / 8;
            last = self.old.last_before(card, known).or(last);
            known = card;
            let (mut starts, first) = self.old.starts_of(card);
            let range = first..first + CARD;
            if let Some(array) = last {
                self.visit_elements(array, &range);
            }
            while starts != 0 {
                let object = (first + 8 * u64::from(starts.trailing_zeros())) as u32;
                starts &= starts - 1;
                if !self.visit_elements(object, &range) {
                    self.look_through(object);
                }
            }
        }
    }

    /// Looks through those elements of an array that count as in `range`. Whether it is one.
    fn visit_elements(&mut self, array: u32, range: &Range<u64>) -> bool {
        let at = self.at(array.into());
        // SAFETY: an old object.
        let (number, len) = unsafe { (*at, *at.add(1)) };
        if number & gc::ARRAY == 0 {
            return false;
        }
        let Some((FieldKind::Ref, first)) = self.shapes.get(number).and_then(|shape| shape.elements()) else {
            return true;
        };
        let array = u64::from(array);
        let from = range.start.saturating_sub(array) / 4;
        let to = u64::from(len).min((range.end - array) / 4);
        for i in from..to {
            // SAFETY: it has this element.
            unsafe { self.visit_field(at.wrapping_byte_add(first as usize + 4 * i as usize)) };
        }
        true
    }

    /// Ends, once all roots were visited: there are no young objects. Returns how many words were looked at elsewhere.
    pub fn finish(mut self) -> u64 {
        self.drain();
        self.visit_cards();
        self.drain();
        self.roots
    }
}

impl Visit for Young<'_> {
    #[inline]
    fn visit(&mut self, word: u32) -> u32 {
        // Other references may be any word, one of the nursery's addresses, too.
        if !is_object(word) {
            self.mark(word);
        } else if self.is_young(word) {
            return self.promote(word);
        } else if self.marks {
            self.old.mark(word);
        }
        word
    }

    #[inline]
    fn mark(&mut self, word: u32) {
        if self.marks
            && externs::index(word).is_some()
            && let Some(object) = self.externs.mark(word)
        {
            // Those of young objects are old already.
            self.old.mark(object);
        }
    }

    fn spent(&mut self, words: u64) {
        self.roots += words;
    }
}
