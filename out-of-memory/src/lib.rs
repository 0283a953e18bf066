//! An allocator that fails on demand, for the tests here.
//!
//! A Rust program ends when an allocation fails, unless the embedder makes it panic instead. That requires a hook that
//! only unstable Rust has, so all of this is built only with `--cfg headwater_allocation_failures`
//! (`scripts/test-out-of-memory`).
#![cfg_attr(headwater_allocation_failures, feature(alloc_error_hook))]
#![cfg(headwater_allocation_failures)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

/// The system's allocator, which counts and fails on demand, on any thread.
struct Failing;

/// After how many allocations from now on one fails; negative: none does.
pub static COUNTDOWN: AtomicI64 = AtomicI64::new(-1);
/// How many allocations there are now.
pub static LIVE: AtomicI64 = AtomicI64::new(0);
/// How many have failed.
pub static FAILED: AtomicU64 = AtomicU64::new(0);

impl Failing {
    fn fails(&self) -> bool {
        let fails = COUNTDOWN.load(Relaxed) >= 0 && COUNTDOWN.fetch_sub(1, Relaxed) == 0;
        if fails {
            FAILED.fetch_add(1, Relaxed);
        }
        fails
    }
}

// SAFETY: the system's allocator does the work.
unsafe impl GlobalAlloc for Failing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.fails() {
            return std::ptr::null_mut();
        }
        LIVE.fetch_add(1, Relaxed);
        // SAFETY: guaranteed by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if self.fails() {
            return std::ptr::null_mut();
        }
        LIVE.fetch_add(1, Relaxed);
        // SAFETY: guaranteed by the caller.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if self.fails() {
            return std::ptr::null_mut();
        }
        // SAFETY: guaranteed by the caller.
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        LIVE.fetch_sub(1, Relaxed);
        // SAFETY: guaranteed by the caller.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Failing = Failing;

/// The beginning of a panic's message after [`panic_if_out_of_memory`]. The requested size follows.
pub const MESSAGE: &str = "memory allocation of ";

/// Makes failing allocations panic, silently, instead of ending the process.
pub fn panic_if_out_of_memory() {
    std::alloc::set_alloc_error_hook(|layout| panic!("{MESSAGE}{} bytes failed", layout.size()));
    let loud = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !info.payload_as_str().is_some_and(|text| text.starts_with(MESSAGE)) {
            COUNTDOWN.store(-1, Relaxed);
            loud(info);
        }
    }));
}
