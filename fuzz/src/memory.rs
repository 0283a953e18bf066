//! How much memory of the heap is in use, and how much was at most: an allocator that counts. A binary has it with
//! `#[global_allocator]`; without it nothing is counted and nothing is checked.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The system's allocator, counting.
pub struct Counting;

static USED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn add(n: usize) {
    let used = USED.fetch_add(n, Relaxed) + n;
    PEAK.fetch_max(used, Relaxed);
}

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: as the caller says.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: as the caller says.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as the caller says.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Where it moves both are there for a while.
        add(size);
        // SAFETY: as the caller says.
        let new = unsafe { System.realloc(at, layout, size) };
        USED.fetch_sub(layout.size(), Relaxed);
        new
    }
}

/// Bytes in use; 0 if nobody counts.
pub fn used() -> usize {
    USED.load(Relaxed)
}

/// Runs `f`; also gives by how many bytes the heap grew in the meantime, at most.
pub fn peak_of<T>(f: impl FnOnce() -> T) -> (T, usize) {
    let before = used();
    PEAK.store(before, Relaxed);
    let result = f();
    (result, PEAK.load(Relaxed).saturating_sub(before))
}
