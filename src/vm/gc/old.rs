//! Old objects, those of a heap that is not small: they stay where they are.
//!
//! What survives a collection of the nursery ([`young`](super::young)) is old from then on. Old objects take *lines* of
//! 128 bytes, and are found by a bit for each place where one can start. Which of them are needed is found out in steps,
//! one at each collection of the nursery: an object is *marked* once a reference to it was found, and *grey* until its
//! own references were looked through. Lines without marked objects are free afterwards; objects that are promoted go
//! into these *holes*, or behind all others.
//!
//! What is stored meanwhile is found by the cards: at each collection of the nursery, what was stored to since the last
//! one is looked through, where young objects are found, and whatever else was stored into an object that is marked. So
//! when nothing is grey after such a collection, which looks at all roots as well, all that is needed is marked.
//!
//! **`CARDS`**: a card is dirty if a reference to a young object was stored to an old one there, or to a marked one a
//! reference to one that is not, since the last collection of the nursery. Compiled code dirties cards after each store
//! of a reference to a field or element, the runtime by [`Heap::dirty`](super::heap::Heap::dirty). It is checked by
//! `debug_assert_cards`.

use crate::Result;
use crate::vm::alloc;
use crate::vm::gc::externs::Externs;
use crate::vm::gc::heap::Heap;
use crate::vm::gc::objects::is_object;
use crate::vm::gc::shapes::Shapes;
use headwater_codegen::vmctx::gc;
use std::ops::Range;

/// What is freed as a whole.
pub(crate) const LINE: u64 = 128;

/// What has one card, and one word of bits, one for each eight bytes.
pub(crate) const CARD: u64 = 1 << gc::CARD_SHIFT;

const _: () = assert!(CARD == 64 * gc::ALIGN as u64 && CARD.is_multiple_of(LINE));

/// A card where nothing was stored.
pub(crate) const CLEAN: u8 = 0xff;

/// So many bytes are taken for small objects behind all others at once.
const CHUNK: u64 = 32 << 10;

/// Objects of up to so many bytes share what is taken.
const MEDIUM: u64 = 4 << 10;

/// So many holes are tried for an object that is larger than a line.
const TRIES: usize = 16;

/// So many elements of an array are looked through at once.
const PART: u32 = 4 << 10;

/// What is known of the objects of a space.
#[derive(Debug)]
pub(crate) struct Old {
    base: *mut u8,
    /// Where the space begins, as a reference. All that follows is relative to that.
    start: u64,
    /// The bytes of the space, and up to where there are objects; whole lines.
    capacity: u64,
    top: u64,
    /// Where objects start, a bit for each [`gc::ALIGN`].
    starts: Vec<u64>,
    /// Which of them are marked.
    marks: Vec<u64>,
    /// For each line 0, if it is free, or the `epoch` when it was taken or an object in it marked.
    lines: Vec<u8>,
    /// 1 or 2 in turns; another one with each round of marking.
    epoch: u8,
    /// What was taken for objects that are no larger than a line, and is free.
    small: Range<u64>,
    /// The same for larger ones.
    medium: Range<u64>,
    /// The line from where on holes are sought, for both.
    holes: [usize; 2],
    /// How many bytes of lines are taken, and how many were after the last round.
    used: u64,
    kept: u64,
    marking: bool,
    /// There was no memory for the list of what is grey: this round comes to nothing.
    overflown: bool,
    grey: Vec<u32>,
    /// Arrays that were looked through in part, and from which element on they were not.
    parts: Vec<(u32, u32)>,
}

// SAFETY: it only points to the heap that has it.
unsafe impl Send for Old {}
// SAFETY: nothing is written through a shared reference.
unsafe impl Sync for Old {}

impl Old {
    /// What is known of the objects from `start` to `next`, one after another, in a space of `capacity` bytes.
    ///
    /// # Errors
    /// If there is no memory for it.
    ///
    /// # Safety
    /// They must be there, at `base`, with the cards before it, as long as this is used.
    pub unsafe fn new(base: *mut u8, start: u64, next: u64, capacity: u64, shapes: &Shapes) -> Result<Old> {
        let mut old = Old {
            base,
            start,
            capacity: 0,
            top: 0,
            starts: Vec::new(),
            marks: Vec::new(),
            lines: Vec::new(),
            epoch: 1,
            small: 0..0,
            medium: 0..0,
            holes: [0; 2],
            used: 0,
            kept: 0,
            marking: false,
            overflown: false,
            grey: Vec::new(),
            parts: Vec::new(),
        };
        old.set_capacity(capacity)?;
        let end = next - start;
        old.raise((end.next_multiple_of(LINE)).min(capacity));
        old.take(0..old.top);
        let mut at = 0;
        while at < end {
            set(&mut old.starts, at);
            let (number, len) = old.header(at);
            at += shapes.size(number, len);
        }
        old.kept = old.used;
        Ok(old)
    }

    /// The space has `bytes` now, at least those with objects.
    ///
    /// # Errors
    /// If there is no memory for what is to be known of objects there.
    pub fn set_capacity(&mut self, bytes: u64) -> Result<()> {
        debug_assert!(bytes >= self.top);
        if bytes.div_ceil(LINE) as usize > self.lines.len() {
            // What is not used costs nothing, and copying the rest takes time: that happens seldom.
            let room = if self.lines.is_empty() { bytes } else { (4 * bytes).min(Heap::MOST) };
            let (cards, lines) = (room.div_ceil(CARD) as usize, room.div_ceil(LINE) as usize);
            let what = "what is known of old objects";
            let [mut starts, mut marks] = [alloc::zeroed(what, cards)?, alloc::zeroed(what, cards)?];
            let mut known = alloc::zeroed(what, lines)?;
            starts[..self.starts.len()].copy_from_slice(&self.starts);
            marks[..self.marks.len()].copy_from_slice(&self.marks);
            known[..self.lines.len()].copy_from_slice(&self.lines);
            (self.starts, self.marks, self.lines) = (starts, marks, known);
        }
        self.capacity = bytes;
        Ok(())
    }

    /// Up to where there are objects, from the start of the space.
    pub fn top(&self) -> u64 {
        self.top
    }

    /// How many bytes are taken.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// How many of them were after the last round of marking.
    pub fn kept(&self) -> u64 {
        self.kept
    }

    /// Whether it is being found out what is needed.
    pub fn marks(&self) -> bool {
        self.marking
    }

    /// The most bytes behind the last object that `bytes` of young ones need.
    pub fn reserve_for(bytes: u64) -> u64 {
        bytes + bytes / 4 + 4 * CHUNK
    }

    /// How many bytes of young ones `left` bytes behind the last object are enough for.
    pub fn most_young(left: u64) -> u64 {
        (left.saturating_sub(4 * CHUNK) / 5 * 4) & !(u64::from(gc::ALIGN) - 1)
    }

    /// The most bytes behind the last object that are taken for one of `bytes`.
    pub fn most_taken(bytes: u64) -> u64 {
        bytes.next_multiple_of(LINE) + CHUNK
    }

    fn at(&self, offset: u64) -> *mut u32 {
        self.base.wrapping_add((self.start + offset) as usize).cast()
    }

    fn header(&self, offset: u64) -> (u32, u32) {
        let at = self.at(offset);
        // SAFETY: whoever asks knows that an object is there, which has two words at least.
        unsafe { (*at, *at.add(1)) }
    }

    /// The card of the byte at `offset`.
    fn card(&self, offset: u64) -> *mut u8 {
        card(self.base, self.start + offset)
    }

    /// There may be objects up to `top` now.
    fn raise(&mut self, top: u64) {
        let (first, end) = (self.top.next_multiple_of(CARD), top.next_multiple_of(CARD));
        // SAFETY: these are cards of the space.
        unsafe { self.card(first).write_bytes(CLEAN, (end.saturating_sub(first) / CARD) as usize) };
        self.top = top;
    }

    /// Takes lines.
    fn take(&mut self, range: Range<u64>) {
        self.stamp(range.clone());
        self.used += range.end - range.start;
    }

    fn stamp(&mut self, range: Range<u64>) {
        self.lines[(range.start / LINE) as usize..range.end.div_ceil(LINE) as usize].fill(self.epoch);
    }

    /// Takes the next hole of at least `bytes` that the search for small or larger ones comes to, if there is one soon.
    fn take_hole(&mut self, bytes: u64, larger: bool) -> Option<Range<u64>> {
        let (need, end) = (bytes.div_ceil(LINE) as usize, (self.top / LINE) as usize);
        for _ in 0..TRIES {
            let from = self.holes[usize::from(larger)];
            let free = self.lines[from.min(end)..end].iter().position(|&line| line == 0);
            let Some(first) = free.map(|i| from + i) else {
                self.holes[usize::from(larger)] = end;
                return None;
            };
            let taken = self.lines[first..end].iter().position(|&line| line != 0);
            let len = taken.unwrap_or(end - first);
            // What is left of a large one may serve again.
            let most = need.max((CHUNK / LINE) as usize);
            self.holes[usize::from(larger)] = first + len.min(most);
            if len >= need {
                let range = first as u64 * LINE..(first + len.min(most)) as u64 * LINE;
                self.take(range.clone());
                return Some(range);
            }
        }
        None
    }

    /// Takes `bytes` behind all objects, if there is as much.
    fn take_top(&mut self, bytes: u64) -> Option<Range<u64>> {
        let range = self.top..self.top + bytes.next_multiple_of(LINE);
        if range.end > self.capacity {
            return None;
        }
        self.raise(range.end);
        self.take(range.clone());
        Some(range)
    }

    /// A place for an object of `bytes`, which starts there from now on, and is marked. `None` if there is none.
    pub fn allocate(&mut self, bytes: u64) -> Option<u32> {
        let offset = if bytes > MEDIUM {
            self.take_hole(bytes, true).or_else(|| self.take_top(bytes))?.start
        } else {
            let larger = bytes > LINE;
            let run = if larger { &self.medium } else { &self.small };
            let mut run = run.clone();
            if bytes > run.end - run.start {
                run =
                    self.take_hole(bytes, larger).or_else(|| self.take_top(CHUNK)).or_else(|| self.take_top(bytes))?;
            }
            let offset = run.start;
            run.start += bytes;
            *(if larger { &mut self.medium } else { &mut self.small }) = run;
            offset
        };
        set(&mut self.starts, offset);
        if self.marking {
            set(&mut self.marks, offset);
        }
        u32::try_from(self.start + offset).ok()
    }

    /// Begins to find out what is needed. There are no young objects.
    pub fn begin(&mut self) {
        debug_assert!(!self.marking && self.grey.is_empty() && self.parts.is_empty());
        self.marking = true;
        self.overflown = false;
        self.epoch = 3 - self.epoch;
        self.marks[..self.top.div_ceil(CARD) as usize].fill(0);
        // What will be made there has marks.
        for run in [self.small.clone(), self.medium.clone()] {
            self.stamp(run);
        }
    }

    /// There is a reference to an old object.
    #[inline]
    pub fn mark(&mut self, word: u32) {
        let offset = u64::from(word) - self.start;
        assert!(offset < self.top, "a reference leads to an object: {word:#x}");
        let (index, bit) = place(offset);
        debug_assert!(self.starts[index] & bit != 0, "{word:#x} is no object");
        let marks = &mut self.marks[index];
        if *marks & bit == 0 {
            *marks |= bit;
            if self.grey.len() == self.grey.capacity() && self.grey.try_reserve(1).is_err() {
                self.overflown = true;
                return;
            }
            super::collect::prefetch(self.at(offset));
            self.grey.push(word);
        }
    }

    /// The same of any reference, when there are no young objects.
    #[inline]
    fn mark_any(&mut self, word: u32, externs: &mut Externs) {
        if is_object(word) {
            self.mark(word);
        } else if let Some(object) = externs.mark(word) {
            self.mark(object);
        }
    }

    /// Looks through what is grey, some `budget` bytes of it. How many it were, if nothing is grey any more.
    pub fn step(&mut self, budget: u64, shapes: &Shapes, externs: &mut Externs) -> Option<u64> {
        let mut left = budget as i64;
        loop {
            if let Some((array, from)) = self.parts.pop() {
                let (number, len) = self.header(u64::from(array) - self.start);
                let Some((_, first)) = shapes.get(number).and_then(|shape| shape.elements()) else { continue };
                let to = len.min(from.saturating_add(PART));
                if to < len {
                    // There was room for one.
                    self.parts.push((array, to));
                }
                let at = self.at(u64::from(array) - self.start + u64::from(first)).wrapping_add(from as usize);
                for i in 0..(to - from) as usize {
                    // SAFETY: an element of the array.
                    self.mark_any(unsafe { *at.add(i) }, externs);
                }
                left -= 4 * i64::from(to - from);
            } else if let Some(object) = self.grey.pop() {
                left -= self.look_through(object, shapes, externs);
            } else {
                return Some(budget - left as u64);
            }
            if left < 0 {
                return None;
            }
        }
    }

    /// Takes the lines of an object, and marks what it refers to; of a large array later. Returns the bytes looked at.
    #[inline]
    fn look_through(&mut self, object: u32, shapes: &Shapes, externs: &mut Externs) -> i64 {
        let offset = u64::from(object) - self.start;
        let (number, len) = self.header(offset);
        let size = shapes.size(number, len);
        let (first, last) = (offset / LINE, (offset + size - 1) / LINE);
        if first == last {
            self.lines[first as usize] = self.epoch;
        } else {
            self.lines[first as usize..=last as usize].fill(self.epoch);
        }
        let at = self.at(offset);
        if let Some(mut refs) = shapes.outline(number).refs() {
            while refs != 0 {
                // SAFETY: the object has a reference there.
                let word = unsafe { *at.wrapping_add(2 + refs.trailing_zeros() as usize) };
                refs &= refs - 1;
                self.mark_any(word, externs);
            }
        } else if let Some(shape) = shapes.get(number) {
            if shape.layout.is_array && len > PART {
                if self.parts.try_reserve(1).is_err() {
                    self.overflown = true;
                } else {
                    self.parts.push((object, 0));
                }
                return PART.into();
            }
            shape.each_ref(len, |offset| {
                // SAFETY: as above.
                self.mark_any(unsafe { *at.wrapping_byte_add(offset as usize) }, externs);
            });
        }
        size.min(PART.into()) as i64
    }

    /// Ends a round in which nothing is grey any more: what is not marked is forgotten. Where this was not to be found
    /// out, nothing is. `fill`: something that is no object is written there. Whether it was found out.
    pub fn sweep(&mut self, fill: bool) -> bool {
        debug_assert!(self.marking && self.grey.is_empty() && self.parts.is_empty());
        self.marking = false;
        if self.overflown {
            self.grey = Vec::new();
            self.parts = Vec::new();
            self.kept = self.used;
            return false;
        }
        let cards = self.top.div_ceil(CARD) as usize;
        for (start, mark) in self.starts[..cards].iter_mut().zip(&self.marks[..cards]) {
            *start &= mark;
        }
        let (epoch, lines) = (self.epoch, (self.top / LINE) as usize);
        if fill {
            for i in 0..lines {
                if ![0, epoch].contains(&self.lines[i]) {
                    // SAFETY: the line has no object.
                    unsafe { self.at(i as u64 * LINE).cast::<u8>().write_bytes(0xcd, LINE as usize) };
                }
            }
        }
        let mut taken = 0;
        for line in &mut self.lines[..lines] {
            let keeps = *line == epoch;
            *line = if keeps { epoch } else { 0 };
            taken += usize::from(keeps);
        }
        self.used = taken as u64 * LINE;
        self.kept = self.used;
        self.top = self.lines[..lines].iter().rposition(|&line| line != 0).map_or(0, |last| last as u64 + 1) * LINE;
        self.holes = [0; 2];
        true
    }

    /// Passes on all objects, needed or not, by their references.
    pub fn each(&self, mut each: impl FnMut(u32)) {
        for (i, &word) in self.starts[..self.top.div_ceil(CARD) as usize].iter().enumerate() {
            let mut bits = word;
            while bits != 0 {
                each((self.start + i as u64 * CARD + 8 * u64::from(bits.trailing_zeros())) as u32);
                bits &= bits - 1;
            }
        }
    }

    /// How many cards there are.
    pub fn cards(&self) -> usize {
        self.top.div_ceil(CARD) as usize
    }

    /// Makes the next dirty card at or after `from` clean, and returns its number.
    #[inline]
    pub fn next_dirty(&mut self, from: usize, end: usize) -> Option<usize> {
        let cards = self.card(0);
        let mut i = from;
        while i < end {
            // SAFETY: the cards of a space are there, at a multiple of 8, and of as many.
            unsafe {
                if i.is_multiple_of(8) && i + 8 <= end && cards.add(i).cast::<u64>().read() == u64::MAX {
                    i += 8;
                    continue;
                }
                let card = cards.add(i);
                if *card != CLEAN {
                    *card = CLEAN;
                    return Some(i);
                }
            }
            i += 1;
        }
        None
    }

    /// Where objects start that have a card: a bit for each [`gc::ALIGN`] bytes; and the reference to the first byte.
    pub fn starts_of(&self, card: usize) -> (u64, u64) {
        (self.starts[card], self.start + card as u64 * CARD)
    }

    /// The last object that starts before a card, if it is not before `known`.
    pub fn last_before(&self, card: usize, known: usize) -> Option<u32> {
        let i = (known..card).rev().find(|&i| self.starts[i] != 0)?;
        let bit = 63 - self.starts[i].leading_zeros();
        Some((self.start + i as u64 * CARD + 8 * u64::from(bit)) as u32)
    }

    /// Checks `CARDS`, as far as young objects go: those from `young` to `next`.
    #[cfg(debug_assertions)]
    pub fn debug_assert_cards(&self, young: Range<u64>, shapes: &Shapes) {
        self.each(|object| {
            let offset = u64::from(object) - self.start;
            let (number, len) = self.header(offset);
            let Some(shape) = shapes.get(number) else { return };
            shape.each_ref(len, |field| {
                // SAFETY: the object has a reference there.
                let word = unsafe { *self.at(offset + field) };
                let of = if shape.layout.is_array { offset + field - u64::from(gc::FIELDS) } else { offset };
                // SAFETY: a card of the space.
                let dirty = unsafe { *self.card(of) } != CLEAN;
                assert!(
                    dirty || !is_object(word) || !young.contains(&word.into()),
                    "CARDS: {object:#x} refers to {word:#x} at {field}, and nothing says so"
                );
            });
        });
    }
}

/// The card of a reference.
pub(crate) fn card(base: *mut u8, word: u64) -> *mut u8 {
    base.wrapping_sub(gc::CARDS as usize).wrapping_add((word >> gc::CARD_SHIFT) as usize)
}

/// The word of bits for an offset, and which bit.
#[inline]
fn place(offset: u64) -> (usize, u64) {
    ((offset / CARD) as usize, 1 << (offset / u64::from(gc::ALIGN) % 64))
}

#[inline]
fn set(bits: &mut [u64], offset: u64) {
    let (index, bit) = place(offset);
    bits[index] |= bit;
}
