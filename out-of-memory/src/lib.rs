//! An allocator that fails on demand, for the tests here.
//!
//! What a Rust program does when an allocation fails is to end, unless the embedder has it panic. That takes a hook
//! that only unstable Rust has, so all of this is built where `--cfg headwater_allocation_failures` is given
//! (`scripts/test-out-of-memory`).
#![cfg_attr(headwater_allocation_failures, feature(alloc_error_hook))]
#![cfg(headwater_allocation_failures)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

/// The system's allocator, that counts and fails on demand, whatever thread asks.
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
        // SAFETY: as the caller says.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if self.fails() {
            return std::ptr::null_mut();
        }
        LIVE.fetch_add(1, Relaxed);
        // SAFETY: as the caller says.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if self.fails() {
            return std::ptr::null_mut();
        }
        // SAFETY: as the caller says.
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        LIVE.fetch_sub(1, Relaxed);
        // SAFETY: as the caller says.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Failing = Failing;

/// How the message of a panic begins that [`panic_if_out_of_memory`] brings about. It goes on with the bytes asked for.
pub const MESSAGE: &str = "memory allocation of ";

/// Has allocations that fail panic instead of ending the process, without a word.
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
