//! The addresses of a store's objects: one reservation, and two spaces in it.
//!
//! ```text
//!     base ──► ┌─────────────────────────────┐
//!              │ NULL_GUARD, never accessible│
//!              ├─────────────────────────────┤ ◄─ start of the first space
//!              │ objects │ room │ (faults)   │     limit, capacity
//!     2 GiB    ├─────────────────────────────┤
//!              │ NULL_GUARD, likewise        │
//!              ├─────────────────────────────┤ ◄─ start of the second space
//!              │ empty                       │
//!     4 GiB    ├─────────────────────────────┤
//!              │ TAIL, never accessible      │
//!              └─────────────────────────────┘
//! ```
//!
//! Whatever 32 bits a reference has, and whichever field of a struct is accessed, the access is to the reservation.
//! Objects are in one space, one after another from its start to the store's [`GC_NEXT`](headwater_codegen::vmctx::store);
//! the other one is there for the next collection, and just as large, so that a collection never lacks memory.

use crate::os::{self, Access, host_page};
use anyhow::{Result, bail};
use headwater_codegen::vmctx::gc::NULL_GUARD;
use std::ops::Range;

/// What each of the two spaces takes in the reservation.
const SPACE: u64 = 1 << 31;

/// So much follows the last address that a reference can have: more than any field's offset.
const TAIL: u64 = 1 << 20;

const _: () = assert!(TAIL > NULL_GUARD as u64 + 16);

/// So many bytes of a space that is not in use keep their memory: a small heap is collected without the system.
const KEPT: u64 = 8 << 20;

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
}

// SAFETY: a heap owns its memory.
unsafe impl Send for Heap {}
// SAFETY: nothing is written through a shared reference.
unsafe impl Sync for Heap {}

impl Heap {
    /// The most bytes that a space can have.
    pub const MOST: u64 = SPACE - NULL_GUARD as u64;

    /// A heap without room.
    ///
    /// # Errors
    /// If the system has no addresses.
    pub fn new() -> Result<Heap> {
        match os::reserve((2 * SPACE + TAIL) as usize) {
            Ok(base) => Ok(Heap { base, capacity: 0, second: false, limit: start(false) }),
            Err(error) => bail!("no addresses for a heap: {error}"),
        }
    }

    /// Where a reference of 0 would lead.
    pub fn base(&self) -> *mut u8 {
        self.base
    }

    /// Whether an access to `address` is one to a field of null.
    pub fn is_null_guard(&self, address: usize) -> bool {
        address.wrapping_sub(self.base.addr()) < NULL_GUARD as usize
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

    /// Lets `bytes` of the space be used before the next collection, at most all that are accessible.
    pub fn set_limit(&mut self, bytes: u64) {
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
        self.limit = self.limit.min(self.start() + new);
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
        self.discard(old, KEPT.max(kept.next_multiple_of(page))..used.next_multiple_of(page).min(self.capacity));
    }
}

fn start(second: bool) -> u64 {
    u64::from(second) * SPACE + u64::from(NULL_GUARD)
}

impl Drop for Heap {
    fn drop(&mut self) {
        // SAFETY: reserved by `new`, and no object is used any more.
        unsafe { os::release(self.base, (2 * SPACE + TAIL) as usize) };
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
