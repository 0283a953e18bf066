//! Which module's code is at an address: a map that a signal handler can read, and that does not know what modules are.
//!
//! Addresses are cut into *slots* of 2 MiB, found through a table of two levels. A large module's region begins at a
//! slot's start, so a slot belongs either to one module, or to a chunk of pages that small modules share, which has an
//! owner for each page.
//!
//! ```text
//! address bits  47 ─ 34        33 ─ 21        20 ─ 12        11 ─ 0
//!               ROOT[16384] ─► Slot[8192] ─┬► Pages[512] ──► owner
//!                                          └► owner, start, end
//! ```
//!
//! # Why a signal handler may read it
//!
//! Readers take no lock, allocate nothing and write nothing: they load three or four atomics. Tables are never freed (a
//! chunk's table of pages is recycled for another chunk), so a reader may follow whatever it loads. An owner is a
//! pointer to a module; it is only followed by [`module::lookup`](crate::module::lookup), for addresses that some
//! thread is executing or will return to, and a module outlives that. It is registered before the first call into the
//! module can happen, and removed before its memory is unmapped.

use std::ops::Range;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

const SLOT_BITS: u32 = super::ALIGN.trailing_zeros();
const PAGE_BITS: u32 = super::PAGE.trailing_zeros();
const LEAF_BITS: u32 = 13;
const ADDRESS_BITS: u32 = 48;
const ROOT_LEN: usize = 1 << (ADDRESS_BITS - SLOT_BITS - LEAF_BITS);
const LEAF_LEN: usize = 1 << LEAF_BITS;
const PAGES_LEN: usize = 1 << (SLOT_BITS - PAGE_BITS);

/// An owner that is not a module: trampolines. Modules have larger addresses.
const TRAMPOLINES: usize = 1;

/// If `pages` is not null the slot is a chunk, else `owner` has code at `start..end` in it.
#[derive(Default)]
struct Slot {
    pages: AtomicPtr<Pages>,
    owner: AtomicUsize,
    start: AtomicUsize,
    end: AtomicUsize,
}

struct Leaf([Slot; LEAF_LEN]);
struct Pages([AtomicUsize; PAGES_LEN]);

static ROOT: [AtomicPtr<Leaf>; ROOT_LEN] = [const { AtomicPtr::new(ptr::null_mut()) }; ROOT_LEN];

/// Serialises writers; holds the page tables that no chunk uses.
static WRITER: Mutex<Vec<&'static Pages>> = Mutex::new(Vec::new());

fn split(address: usize) -> Option<(usize, usize, usize)> {
    let root = address >> (SLOT_BITS + LEAF_BITS);
    let leaf = address >> SLOT_BITS & (LEAF_LEN - 1);
    let page = address >> PAGE_BITS & (PAGES_LEN - 1);
    (root < ROOT_LEN).then_some((root, leaf, page))
}

/// Allocates a zeroed `T` that is never freed.
///
/// # Safety
/// All zeros must be a valid `T`.
unsafe fn leak_zeroed<T>() -> &'static T {
    let layout = std::alloc::Layout::new::<T>();
    // SAFETY: the tables are not zero-sized types, and the caller guarantees that zeros are valid.
    unsafe {
        let at = std::alloc::alloc_zeroed(layout).cast::<T>();
        if at.is_null() {
            std::alloc::handle_alloc_error(layout);
        }
        &*at
    }
}

fn slot(address: usize) -> Option<&'static Slot> {
    let (root, leaf, _) = split(address)?;
    // SAFETY: entries are null or point to tables that are never freed.
    let table = unsafe { ROOT[root].load(Ordering::Acquire).as_ref() }?;
    Some(&table.0[leaf])
}

/// The slot of `address`, whose table is allocated if it is missing. Only for writers.
fn slot_or_new(address: usize) -> &'static Slot {
    let (root, leaf, _) = split(address).expect("user addresses have 48 bits at most");
    let mut table = ROOT[root].load(Ordering::Acquire).cast_const();
    if table.is_null() {
        // SAFETY: null pointers and zeros make a valid table.
        table = unsafe { leak_zeroed::<Leaf>() };
        ROOT[root].store(table.cast_mut(), Ordering::Release);
    }
    // SAFETY: not null, and tables are never freed.
    unsafe { &(*table).0[leaf] }
}

/// Makes the slot at `base` a chunk with an owner for each page.
pub(super) fn add_chunk(base: usize) {
    let mut spare = WRITER.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: zeros make a valid table of pages.
    let pages = spare.pop().unwrap_or_else(|| unsafe { leak_zeroed::<Pages>() });
    slot_or_new(base).pages.store(ptr::from_ref(pages).cast_mut(), Ordering::Release);
}

/// Undoes [`add_chunk`]; no page has an owner any more.
pub(super) fn remove_chunk(base: usize) {
    let mut spare = WRITER.lock().unwrap_or_else(PoisonError::into_inner);
    let pages = slot_or_new(base).pages.swap(ptr::null_mut(), Ordering::AcqRel);
    // SAFETY: tables are never freed.
    if let Some(pages) = unsafe { pages.as_ref() } {
        debug_assert!(pages.0.iter().all(|p| p.load(Ordering::Relaxed) == 0));
        spare.push(pages);
    }
}

/// Sets the owner of all of `range`: whole pages in a chunk, or what a region has in its slots.
fn set(range: Range<usize>, owner: usize) {
    if range.is_empty() {
        return;
    }
    let _writer = WRITER.lock().unwrap_or_else(PoisonError::into_inner);
    let mut at = range.start;
    while at < range.end {
        let slot_end = (at >> SLOT_BITS << SLOT_BITS) + (1 << SLOT_BITS);
        let slot = slot_or_new(at);
        // SAFETY: null, or a table that is never freed.
        match unsafe { slot.pages.load(Ordering::Acquire).as_ref() } {
            Some(pages) => {
                let (_, _, first) = split(at).expect("checked by `slot_or_new`");
                let n = (range.end.min(slot_end) - at).div_ceil(1 << PAGE_BITS);
                for page in &pages.0[first..first + n] {
                    page.store(owner, Ordering::Release);
                }
            }
            None => {
                slot.start.store(range.start, Ordering::Relaxed);
                slot.end.store(range.end, Ordering::Relaxed);
                slot.owner.store(owner, Ordering::Release);
            }
        }
        at = slot_end;
    }
}

/// Registers a module's code. `module` must not move until [`unregister`].
pub(crate) fn register(range: Range<usize>, module: *const ()) {
    set(range, module as usize);
}

/// Registers pages of trampolines.
pub(crate) fn register_trampolines(range: Range<usize>) {
    set(range, TRAMPOLINES);
}

/// Removes code again.
pub(crate) fn unregister(range: Range<usize>) {
    set(range, 0);
}

fn owner(pc: usize) -> usize {
    let Some(slot) = slot(pc) else { return 0 };
    // SAFETY: null, or a table that is never freed.
    match unsafe { slot.pages.load(Ordering::Acquire).as_ref() } {
        Some(pages) => pages.0[(pc >> PAGE_BITS) & (PAGES_LEN - 1)].load(Ordering::Acquire),
        None => {
            let owner = slot.owner.load(Ordering::Acquire);
            let range = slot.start.load(Ordering::Relaxed)..slot.end.load(Ordering::Relaxed);
            if range.contains(&pc) { owner } else { 0 }
        }
    }
}

/// Whether `pc` is in the code of a module. For any address, from anywhere, even a signal handler.
pub(crate) fn is_code(pc: usize) -> bool {
    owner(pc) > TRAMPOLINES
}

/// Whether `pc` is in code that this library made, trampolines included. As [`is_code`].
#[cfg(test)]
pub(crate) fn is_executable(pc: usize) -> bool {
    owner(pc) != 0
}

/// What [`register`] was given for the module whose code is at `pc`; null if there is none. For any address, from
/// anywhere, even a signal handler.
pub(crate) fn module_at(pc: usize) -> *const () {
    match owner(pc) {
        ..=TRAMPOLINES => ptr::null(),
        owner => owner as *const (),
    }
}
