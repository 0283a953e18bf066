//! Mappings of memories that are gone, kept for the next ones.
//!
//! They are kept on several *shelves*, each behind a lock of its own, and a thread begins with the one that is its own:
//! threads that make and free memories all the time do not wait for each other, and get back what is in their
//! processor's cache.
//!
//! Invariant `AS_NEW`: in a mapping on a shelf, all bytes that are accessible are those of its image, or zero where it
//! has none. It is restored before a mapping is put there ([`reset`](super::reset)), and checked there in debug builds.
//! A mapping with an image only becomes one with the same image.

use crate::os;
use crate::vm::image::MemoryImage;
use std::cell::Cell;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// Enough for the threads of a busy machine.
const SHELVES: usize = 8;

/// How many mappings a shelf holds at most.
const KEPT: usize = 16;

/// How many bytes of memory all mappings of a shelf have at most.
const RESIDENT: usize = 16 << 20;

/// A mapping that is not in use.
pub(super) struct Kept {
    /// Before which there is a guard of [`guard_before`] bytes.
    pub base: *mut u8,
    pub len: usize,
    pub accessible: usize,
    /// How many bytes of its own it has in memory, at most.
    pub resident: usize,
    /// Only compared. The image is alive: before it is freed, it removes the mappings kept with it.
    pub image: *const MemoryImage,
}

// SAFETY: a mapping is owned memory that any thread may use.
unsafe impl Send for Kept {}

/// How many inaccessible bytes lie before a mapping of `len` bytes: as many as an index that is mistaken for a negative
/// number could reach from the base of a memory whose accesses are not checked, and a few before the others as well.
pub(super) fn guard_before(len: usize) -> usize {
    if len > u32::MAX as usize { 2 << 30 } else { 64 << 10 }
}

impl Kept {
    pub fn free(self) {
        let before = guard_before(self.len);
        // SAFETY: the mapping and its guard are ours, and nothing that could still use it outlives its owner.
        unsafe { os::release(self.base.sub(before), before + self.len) };
    }
}

/// The oldest first.
struct Shelf(Vec<Kept>);

/// In cache lines of its own.
#[repr(align(128))]
struct Place(Mutex<Shelf>);

static PLACES: [Place; SHELVES] = [const { Place(Mutex::new(Shelf(Vec::new()))) }; SHELVES];

impl Shelf {
    /// Whether `kept` may be added.
    fn has_room(&self, kept: &Kept) -> bool {
        let resident: usize = self.0.iter().map(|kept| kept.resident).sum();
        self.0.len() < KEPT && resident.saturating_add(kept.resident) <= RESIDENT
    }

    /// Takes out the newest one of that length and with that image, one with as much accessible if there is one.
    fn take(&mut self, len: usize, image: *const MemoryImage, accessible: usize) -> Option<Kept> {
        let fits = |kept: &Kept| kept.len == len && kept.image == image;
        let exactly = self.0.iter().rposition(|kept| fits(kept) && kept.accessible == accessible);
        let i = exactly.or_else(|| self.0.iter().rposition(fits))?;
        Some(self.0.remove(i))
    }

    /// Adds `kept`, unless there is no memory for the list.
    fn put(&mut self, kept: Kept) -> Option<Kept> {
        if self.0.try_reserve(1).is_err() {
            return Some(kept);
        }
        self.0.push(kept);
        None
    }
}

/// The shelf of the calling thread.
fn own() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: Cell<usize> = const { Cell::new(SHELVES) };
    }
    OWN.with(|own| {
        if own.get() == SHELVES {
            own.set(NEXT.fetch_add(1, Ordering::Relaxed) % SHELVES);
        }
        own.get()
    })
}

fn lock(i: usize) -> MutexGuard<'static, Shelf> {
    PLACES[i].0.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The shelves other than `own` that nobody is at.
fn others(own: usize) -> impl Iterator<Item = MutexGuard<'static, Shelf>> {
    (1..SHELVES).filter_map(move |i| match PLACES[(own + i) % SHELVES].0.try_lock() {
        Ok(shelf) => Some(shelf),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    })
}

/// A mapping of that length and with that image, if there is one; it may have more accessible, or less.
pub(super) fn take(len: usize, image: *const MemoryImage, accessible: usize) -> Option<Kept> {
    let own = own();
    let found = lock(own).take(len, image, accessible);
    found.or_else(|| others(own).find_map(|mut shelf| shelf.take(len, image, accessible)))
}

/// Keeps a mapping that is as new. Where there is no room, the oldest of the thread's shelf goes, so that what is no
/// longer used does not stay for good.
pub(super) fn put(kept: Kept) {
    let own = own();
    let mut shelf = lock(own);
    if !shelf.has_room(&kept) {
        drop(shelf);
        if let Some(mut other) = others(own).find(|other| other.has_room(&kept)) {
            let rest = other.put(kept);
            drop(other);
            return rest.into_iter().for_each(Kept::free);
        }
        shelf = lock(own);
    }
    let full = !shelf.has_room(&kept) && !shelf.0.is_empty();
    let gone = full.then(|| shelf.0.remove(0));
    let rest = if shelf.has_room(&kept) { shelf.put(kept) } else { Some(kept) };
    drop(shelf);
    gone.into_iter().chain(rest).for_each(Kept::free);
}

/// Frees what is kept with `image`, which is about to be freed: no mapping with it is in use.
pub(crate) fn forget_image(image: &MemoryImage) {
    let next = |i: usize| {
        let mut shelf = lock(i);
        let found = shelf.0.iter().position(|kept| ptr::eq(kept.image, image))?;
        Some(shelf.0.remove(found))
    };
    for i in 0..SHELVES {
        std::iter::from_fn(|| next(i)).for_each(Kept::free);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Lengths that no other test uses.
    fn kept(len: usize, accessible: usize, resident: usize) -> Kept {
        let before = guard_before(len);
        let base = os::reserve(before + len).unwrap().wrapping_add(before);
        Kept { base, len, accessible, resident, image: ptr::null() }
    }

    #[test]
    fn the_newest_fits_but_one_with_as_much_accessible_fits_better() {
        let page = os::host_page();
        let mut shelf = Shelf(Vec::new());
        for accessible in [0, page, 2 * page, 0] {
            assert!(shelf.put(kept(77 * page, accessible, 0)).is_none());
        }
        assert!(shelf.take(78 * page, ptr::null(), 0).is_none());
        assert!(shelf.take(77 * page, ptr::dangling(), 0).is_none());
        let order = [page, 3 * page, 2 * page, 7 * page];
        let taken = order.map(|accessible| shelf.take(77 * page, ptr::null(), accessible).unwrap());
        assert_eq!(taken.each_ref().map(|kept| kept.accessible), [page, 0, 2 * page, 0]);
        assert!(shelf.take(77 * page, ptr::null(), 0).is_none());
        taken.into_iter().for_each(Kept::free);
    }

    #[test]
    fn a_shelf_has_room_for_so_many_mappings_and_so_many_bytes() {
        let page = os::host_page();
        let mut shelf = Shelf(Vec::new());
        for _ in 0..KEPT {
            let next = kept(page, 0, 0);
            assert!(shelf.has_room(&next));
            shelf.put(next);
        }
        let next = kept(page, 0, 0);
        assert!(!shelf.has_room(&next));
        shelf.0.remove(0).free();
        assert!(shelf.has_room(&next));
        next.free();
        for (resident, fits) in [(RESIDENT, true), (RESIDENT + 1, false), (usize::MAX, false)] {
            let next = kept(page, 0, resident);
            assert_eq!(shelf.has_room(&next), fits);
            next.free();
        }
        shelf.0.into_iter().for_each(Kept::free);
    }

    #[test]
    fn no_mapping_is_given_out_twice_or_lost_while_threads_share_the_shelves() {
        let page = os::host_page();
        let len = 79 * page;
        let held = Mutex::new(HashSet::new());
        std::thread::scope(|scope| {
            for _ in 0..2 * SHELVES {
                scope.spawn(|| {
                    for i in 0..200 {
                        let one = take(len, ptr::null(), page).unwrap_or_else(|| kept(len, 0, 0));
                        assert!(held.lock().unwrap().insert(one.base.addr()), "given out twice");
                        if i % 3 == 0 {
                            std::thread::yield_now();
                        }
                        assert!(held.lock().unwrap().remove(&one.base.addr()));
                        put(one);
                    }
                });
            }
        });
        let left: Vec<Kept> = std::iter::from_fn(|| take(len, ptr::null(), page)).collect();
        assert!(!left.is_empty() && left.len() <= KEPT * SHELVES);
        left.into_iter().for_each(Kept::free);
    }
}
