//! The addresses of a store's objects: one reservation, with two large spaces and a small one.
//!
//! ```text
//!     base ──► ┌─────────────────────────────┐     (before it: the cards, `gc::CARDS`)
//!              │ NULL_GUARD, never accessible│
//!              ├─────────────────────────────┤ ◄─ the nursery
//!              │ objects │ room │ (faults)   │     only in a heap with old objects
//!     32 MiB   ├─────────────────────────────┤ ◄─ start of the first space
//!              │ objects │ room │ (faults)   │     limit, capacity
//!              ├─────────────────────────────┤ ◄─ start of the second space
//!              │ empty                       │
//!     4 GiB    ├─────────────────────────────┤
//!              │ TAIL, never accessible      │
//!              └─────────────────────────────┘
//! ```
//!
//! Whatever 32 bits a reference has, and whichever field of a struct is accessed, the access is to the reservation.
//!
//! The objects of a small heap are in one space, one after another from its start to the store's
//! [`GC_NEXT`](headwater_codegen::vmctx::store). Those of a large one are *old*: they stay where they are, and new ones
//! are made in the nursery ([`old`](super::old)). The other space is there for a collection that moves everything, and just as
//! large, so that it never lacks memory.

use crate::os::{self, Access, host_page};
use crate::vm::gc::old::{self, Old};
use anyhow::{Context, Result, bail};
use headwater_codegen::vmctx::gc::{CARDS, FIELDS, NULL_GUARD};
use std::ops::Range;

/// Where the large spaces begin.
const SPACES: u64 = 32 << 20;

/// What each of the two takes in the reservation.
const SPACE: u64 = (1 << 31) - SPACES / 2;

/// So much follows the last address that a reference can have: more than any field's offset.
const TAIL: u64 = 1 << 20;

const _: () = assert!(TAIL > NULL_GUARD as u64 + 16);

/// So many bytes of a space that is not in use keep their memory: a small heap is collected without the system.
const KEPT: u64 = 8 << 20;

/// The length of the reservation from the base on.
const LEN: u64 = (1 << 32) + TAIL;

/// What is before the base.
const BEFORE: usize = CARDS as usize;

/// So many bytes of memory go back at a collection of the nursery.
const AT_ONCE: u64 = 2 << 20;

/// A reservation for objects.
#[derive(Debug)]
pub(crate) struct Heap {
    base: *mut u8,
    /// How many bytes of each space are accessible; whole pages.
    capacity: u64,
    /// Which of the spaces has the objects.
    second: bool,
    /// Up to where objects may be made before the next collection.
    limit: u64,
    /// How many bytes of the nursery are accessible.
    nursery: u64,
    /// Up to where the space may have memory though old objects end before, from its start.
    touched: u64,
    /// In a large heap, what is known of the objects in the space.
    old: Option<Box<Old>>,
}

// SAFETY: a heap owns its memory.
unsafe impl Send for Heap {}
// SAFETY: nothing is written through a shared reference.
unsafe impl Sync for Heap {}

impl Heap {
    /// The most bytes that a space can have.
    pub const MOST: u64 = SPACE;

    /// The most bytes that the nursery can have.
    pub const MOST_YOUNG: u64 = SPACES - NULL_GUARD as u64;

    /// A heap without room.
    ///
    /// # Errors
    /// If the system has no addresses.
    pub fn new() -> Result<Heap> {
        let at = os::reserve(BEFORE + LEN as usize).context("no addresses for a heap")?;
        let base = at.wrapping_add(BEFORE);
        let heap = Heap { base, capacity: 0, second: false, limit: start(false), nursery: 0, touched: 0, old: None };
        // SAFETY: the cards are in the reservation.
        unsafe { os::protect(at, BEFORE, Access::ReadWrite) }.context("no memory for a heap")?;
        Ok(heap)
    }

    /// Where a reference of 0 would lead.
    pub fn base(&self) -> *mut u8 {
        self.base
    }

    /// Whether an access to `address` is one to a field of null.
    pub fn is_null_guard(&self, address: usize) -> bool {
        address.wrapping_sub(self.base.addr()) < NULL_GUARD as usize
    }

    /// What is known of old objects, if there are any.
    pub fn old(&self) -> Option<&Old> {
        self.old.as_deref()
    }

    /// The same, to be changed.
    pub fn old_mut(&mut self) -> Option<&mut Old> {
        self.old.as_deref_mut()
    }

    /// Where the nursery begins, as a reference.
    pub fn young_start(&self) -> u64 {
        NULL_GUARD.into()
    }

    /// Where new objects are made from: in the nursery, if there are old ones.
    pub fn first(&self) -> u64 {
        if self.old.is_some() { self.young_start() } else { self.start() }
    }

    /// How many bytes the nursery has, if there are old objects.
    pub fn young_capacity(&self) -> u64 {
        self.nursery
    }

    /// Lets the nursery have this many bytes.
    ///
    /// # Errors
    /// If the system has no memory; nothing has changed then.
    pub fn set_young_capacity(&mut self, bytes: u64) -> Result<()> {
        let new = bytes.min(Self::MOST_YOUNG).next_multiple_of(host_page() as u64);
        let at = self.base.wrapping_add(self.young_start() as usize);
        if new > self.nursery {
            // SAFETY: the range is in the reservation, and nothing relies on what is beyond the objects.
            unsafe { os::protect(at, new as usize, Access::ReadWrite) }.context("no memory for new objects")?;
            self.nursery = new;
        }
        Ok(())
    }

    /// The objects of the space are old ones from now on, of which `old` is known, and new ones are made in the nursery.
    pub fn make_old(&mut self, old: Old) {
        debug_assert!(self.old.is_none());
        self.old = Some(Box::new(old));
        self.limit = self.young_start();
    }

    /// Lets `bytes` of the nursery be used before the next collection, at most all that are accessible. There are old
    /// objects.
    pub fn set_young_limit(&mut self, bytes: u64) {
        debug_assert!(self.old.is_some());
        self.limit = self.young_start() + bytes.min(self.nursery);
    }

    /// References were, or may be, stored to `bytes` of an object, from `offset` on (`CARDS`).
    pub fn dirty(&self, object: u32, offset: u64, bytes: u64) {
        if self.old.is_none() || bytes == 0 {
            return;
        }
        let first = u64::from(object) + offset - u64::from(FIELDS);
        let (from, to) = (old::card(self.base, first), old::card(self.base, first + bytes - 1));
        // SAFETY: the cards of the object.
        unsafe {
            *old::card(self.base, object.into()) = 0;
            from.write_bytes(0, to.addr() - from.addr() + 1);
        }
    }

    /// The objects of the space are no longer known one by one, if they were.
    pub fn forget_old(&mut self) -> Option<Box<Old>> {
        self.old.take()
    }

    /// Where the space with the objects begins, as a reference.
    pub fn start(&self) -> u64 {
        start(self.second)
    }

    /// Where the other one does.
    pub fn other_start(&self) -> u64 {
        start(!self.second)
    }

    /// How many bytes of each space are accessible.
    pub fn capacity(&self) -> u64 {
        self.capacity
    }

    /// Up to where objects may be made.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Lets `bytes` of the space be used before the next collection, at most all that are accessible. There are no old
    /// objects.
    pub fn set_limit(&mut self, bytes: u64) {
        debug_assert!(self.old.is_none());
        self.limit = self.start() + bytes.min(self.capacity);
    }

    /// Makes this many bytes of each space accessible, in whole pages. Those that no longer are lose their memory.
    ///
    /// # Errors
    /// If the system has no memory; nothing has changed then.
    pub fn set_capacity(&mut self, bytes: u64) -> Result<()> {
        let new = bytes.next_multiple_of(host_page() as u64);
        assert!(new <= Self::MOST, "a space has a size");
        let old = self.capacity;
        if let Some(objects) = &mut self.old {
            objects.set_capacity(new)?;
        }
        if new > old {
            for second in [false, true] {
                if let Err(error) = self.protect(second, old..new, Access::ReadWrite) {
                    if second {
                        let _ = self.protect(false, old..new, Access::None);
                    }
                    bail!("no memory for a heap: {error}");
                }
            }
        } else if new < old {
            for second in [false, true] {
                self.discard(second, new..old);
                // If it stays accessible, nothing is there.
                let _ = self.protect(second, new..old, Access::None);
            }
        }
        self.capacity = new;
        if self.old.is_none() {
            self.limit = self.limit.min(self.start() + new);
        }
        Ok(())
    }

    fn at(&self, second: bool, range: &Range<u64>) -> (*mut u8, usize) {
        (self.base.wrapping_add((start(second) + range.start) as usize), (range.end - range.start) as usize)
    }

    fn protect(&self, second: bool, range: Range<u64>, access: Access) -> std::io::Result<()> {
        let (at, len) = self.at(second, &range);
        // SAFETY: the range is in the reservation, and nothing relies on what is beyond the objects.
        unsafe { os::protect(at, len, access) }
    }

    /// Old objects were up to `before`, from the start of the space. Where they no longer are, memory goes back, but for
    /// some; not much at once, for that takes as long as a collection.
    pub fn discard_some(&mut self, before: u64) {
        let page = host_page() as u64;
        let top = self.old.as_ref().map_or(0, |old| old.top());
        let end = self.touched.max(before).next_multiple_of(page).min(self.capacity);
        let from = end.saturating_sub(AT_ONCE).max((top + KEPT).next_multiple_of(page)).min(end);
        self.discard(self.second, from..end);
        self.touched = from;
    }

    /// Fills a range of references with something that is no object.
    ///
    /// # Safety
    /// It must be accessible, and have no objects.
    pub unsafe fn poison(&self, range: Range<u64>) {
        // SAFETY: guaranteed by the caller.
        unsafe { self.base.wrapping_add(range.start as usize).write_bytes(0xcd, (range.end - range.start) as usize) };
    }

    /// Gives the memory of a range of whole pages back.
    fn discard(&self, second: bool, range: Range<u64>) {
        if range.end > range.start {
            let (at, len) = self.at(second, &range);
            // SAFETY: as above. If it fails, the memory is there a while longer.
            let _ = unsafe { os::discard(at, len) };
        }
    }

    /// The objects are in the other space now, `kept` bytes, and nothing of the one that they came from is needed, of
    /// which `used` bytes were. As much as is kept will be needed again. With `fill` it becomes something that is no object.
    pub fn flip(&mut self, used: u64, kept: u64, fill: bool) {
        let old = self.second;
        self.second = !old;
        self.limit = self.start();
        if fill {
            let (at, len) = self.at(old, &(0..used));
            // SAFETY: that much is accessible, and nothing is in it.
            unsafe { at.write_bytes(0xcd, len) };
        }
        let page = host_page() as u64;
        let used = used.max(std::mem::take(&mut self.touched));
        self.discard(old, KEPT.max(kept.next_multiple_of(page))..used.next_multiple_of(page).min(self.capacity));
    }
}

fn start(second: bool) -> u64 {
    SPACES + u64::from(second) * SPACE
}

impl Drop for Heap {
    fn drop(&mut self) {
        // SAFETY: reserved by `new`, and no object is used any more.
        unsafe { os::release(self.base.wrapping_sub(BEFORE), BEFORE + LEN as usize) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsRawFd;

    /// Whether a byte can be read: `write` reports an address that cannot, instead of faulting.
    fn is_readable(at: *const u8) -> bool {
        let (_reader, writer) = std::io::pipe().unwrap();
        // SAFETY: `write` only reads one byte, and checks that it can.
        unsafe { libc::write(writer.as_raw_fd(), at.cast(), 1) == 1 }
    }

    #[test]
    fn only_what_objects_may_have_is_accessible() {
        let mut heap = Heap::new().unwrap();
        let readable = |heap: &Heap, at: u64| is_readable(heap.base().wrapping_add(at as usize));
        let (one, two) = (heap.start(), heap.other_start());
        assert!(!readable(&heap, 0) && !readable(&heap, one) && !readable(&heap, two));
        heap.set_capacity(1).unwrap();
        let page = host_page() as u64;
        assert_eq!(heap.capacity(), page);
        for start in [one, two] {
            assert!(!readable(&heap, start - 1) && readable(&heap, start) && readable(&heap, start + page - 1));
            assert!(!readable(&heap, start + page));
        }
        heap.set_capacity(3 * page).unwrap();
        heap.flip(0, 0, false);
        assert_eq!((heap.start(), heap.other_start()), (two, one));
        heap.set_capacity(page).unwrap();
        assert!(readable(&heap, two) && !readable(&heap, two + page) && !readable(&heap, one + page));
        assert!(!readable(&heap, (1 << 32) + TAIL - 1));
        assert!(heap.is_null_guard(heap.base().addr()) && !heap.is_null_guard(heap.base().addr() - 1));
        assert!(!heap.is_null_guard(heap.base().addr() + NULL_GUARD as usize));
    }

    #[test]
    fn memory_of_a_space_that_is_left_goes_back() {
        let mut heap = Heap::new().unwrap();
        heap.set_capacity(4 * KEPT).unwrap();
        let at = heap.base().wrapping_add(heap.start() as usize);
        // SAFETY: that much is accessible.
        unsafe { at.write_bytes(7, 4 * KEPT as usize) };
        heap.flip(4 * KEPT, 0, false);
        // SAFETY: as above.
        unsafe { assert_eq!((*at, *at.add(KEPT as usize), *at.add(4 * KEPT as usize - 1)), (7, 0, 0)) };
        heap.flip(0, 0, false);
        // SAFETY: as above.
        unsafe { at.write_bytes(7, 8) };
        heap.flip(8, 0, true);
        // SAFETY: as above.
        unsafe { assert_eq!(*at, 0xcd) };
    }
}
