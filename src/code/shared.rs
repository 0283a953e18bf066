//! Code of small modules, and trampolines: whole pages out of chunks that an engine's small modules share.
//!
//! A page is writable while it is free and while it is being filled, executable from then on until its owner drops it.
//! A chunk is as large as the slots of [`super::registry`] and aligned like them. A chunk that is created for more than
//! a few pages gets a huge page, which is later mapped in parts.
//!
//! memmap2 owns the mapping that a chunk lies in; [`os::protect`] changes the protection of single pages.
//!
//! Pages that are freed keep their memory for the next owner, up to a limit: fresh memory would otherwise be most of
//! the cost of a small module.

use super::budget::{Budget, Share};
use super::{ALIGN, PAGE, make_executable, registry};
use crate::os::{self, Access};
use memmap2::{Advice, MmapOptions, MmapRaw, UncheckedAdvice};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

const CHUNK: usize = ALIGN;
const PAGES: usize = CHUNK / PAGE;

/// More code than this should have a region of its own.
pub(crate) const MAX: usize = CHUNK / 4;

/// A chunk that is created for at least this many bytes gets a huge page.
const HUGE_FROM: usize = 96 << 10;

/// How many free pages of an engine keep their memory, at most.
const KEEP: usize = PAGES;

/// The chunks of one engine.
#[derive(Debug)]
pub(crate) struct SharedCode {
    chunks: Mutex<Chunks>,
    budget: Arc<Budget>,
    /// Whether all code here has landing pads.
    landing_pads: bool,
}

#[derive(Debug, Default)]
struct Chunks {
    chunks: Vec<Chunk>,
    /// How many free pages were used before and still have memory.
    kept: usize,
}

/// A bit for each page of a chunk.
type PageSet = [u64; PAGES.div_ceil(64)];

#[derive(Debug)]
struct Chunk {
    /// Twice as large as the chunk, so that it can be aligned. The rest is never touched and only costs addresses.
    mapping: MmapRaw,
    base: usize,
    used: PageSet,
    /// Free pages that were used before and still have memory.
    kept: PageSet,
    free: usize,
}

fn contains(set: &PageSet, page: usize) -> bool {
    set[page / 64] >> (page % 64) & 1 != 0
}

/// Inserts or removes `page`. Returns whether that changed anything.
fn put(set: &mut PageSet, page: usize, in_set: bool) -> bool {
    let changes = contains(set, page) != in_set;
    set[page / 64] ^= u64::from(changes) << (page % 64);
    changes
}

impl Chunk {
    /// A new one, all of it free and writable. `huge`: with a huge page, where there is one.
    fn map(huge: bool) -> io::Result<Chunk> {
        let mapping = MmapRaw::from(MmapOptions::new().len(CHUNK + ALIGN).no_reserve_swap().map_anon()?);
        let start = mapping.as_ptr().align_offset(ALIGN);
        if huge {
            // A system without huge pages is not an error.
            let _ = mapping.advise_range(Advice::HugePage, start, CHUNK);
        }
        let base = mapping.as_ptr() as usize + start;
        registry::add_chunk(base);
        Ok(Chunk { mapping, base, used: PageSet::default(), kept: PageSet::default(), free: PAGES })
    }

    /// Returns the memory of `n` pages from `first` on, which are free, to the system.
    fn discard(&self, first: usize, n: usize) {
        let start = self.base - self.mapping.as_ptr() as usize;
        // SAFETY: nothing relies on the contents of free pages. If the memory stays, so much the better for the next
        // owner.
        let _ =
            unsafe { self.mapping.unchecked_advise_range(UncheckedAdvice::DontNeed, start + first * PAGE, n * PAGE) };
    }

    /// Marks `n` pages from `first` on as used or free.
    fn set(&mut self, first: usize, n: usize, used: bool) {
        for page in first..first + n {
            let changed = put(&mut self.used, page, used);
            debug_assert!(changed);
        }
        if used {
            self.free -= n;
        } else {
            self.free += n;
        }
    }

    /// Marks `n` pages from `first` on as kept or not; returns how many were not so before.
    fn keep(&mut self, first: usize, n: usize, keep: bool) -> usize {
        (first..first + n).filter(|&page| put(&mut self.kept, page, keep)).count()
    }

    /// The first of `n` adjacent free pages.
    fn find(&self, n: usize) -> Option<usize> {
        if self.free < n {
            return None;
        }
        let mut run = 0;
        for page in 0..PAGES {
            run = if contains(&self.used, page) { 0 } else { run + 1 };
            if run == n {
                return Some(page + 1 - n);
            }
        }
        None
    }
}

impl SharedCode {
    /// No chunks yet. Pages that have an owner count towards `budget`; `landing_pads`: all code has some.
    pub fn new(budget: &Arc<Budget>, landing_pads: bool) -> SharedCode {
        SharedCode { chunks: Mutex::default(), budget: budget.clone(), landing_pads }
    }

    /// Takes `n` adjacent pages, writable.
    fn take(&self, n: usize) -> io::Result<usize> {
        let mut guard = self.chunks.lock().unwrap_or_else(PoisonError::into_inner);
        let Chunks { chunks, kept } = &mut *guard;
        for chunk in chunks.iter_mut() {
            if let Some(first) = chunk.find(n) {
                chunk.set(first, n, true);
                *kept -= chunk.keep(first, n, false);
                return Ok(chunk.base + first * PAGE);
            }
        }
        let mut chunk = Chunk::map(n * PAGE >= HUGE_FROM)?;
        let base = chunk.base;
        chunk.set(0, n, true);
        chunks.push(chunk);
        Ok(base)
    }

    /// Takes back `n` pages at `at`, writable again. Keeps one empty chunk for later.
    fn give_back(&self, at: usize, n: usize) {
        let mut guard = self.chunks.lock().unwrap_or_else(PoisonError::into_inner);
        let Chunks { chunks, kept } = &mut *guard;
        let base = at & !(CHUNK - 1);
        let i = chunks
            .iter()
            .position(|c| c.base == base)
            .expect("pages come from a chunk that is kept as long as it has used pages");
        let first = (at - base) / PAGE;
        let empty = |c: &Chunk| c.free == PAGES;
        if chunks[i].free + n == PAGES && chunks.iter().any(empty) {
            let mut chunk = chunks.swap_remove(i);
            *kept -= chunk.keep(0, PAGES, false);
            return;
        }
        if *kept + n <= KEEP {
            *kept += chunks[i].keep(first, n, true);
        } else {
            chunks[i].discard(first, n);
        }
        chunks[i].set(first, n, false);
    }

    #[cfg(test)]
    fn used_pages(&self) -> usize {
        self.chunks.lock().unwrap().chunks.iter().map(|c| PAGES - c.free).sum()
    }
}

/// Pages keep their chunk alive: only lost ones are still marked as used. The field with the mapping is dropped after
/// this has run.
impl Drop for Chunk {
    fn drop(&mut self) {
        registry::remove_chunk(self.base);
    }
}

/// Sealed pages with an owner's code.
#[derive(Debug)]
pub(crate) struct SharedPages {
    owner: Arc<SharedCode>,
    base: usize,
    pages: usize,
    _share: Share,
}

impl SharedPages {
    /// Copies `code`, at most [`MAX`] bytes, into fresh pages and makes them executable. Registering them in
    /// [`registry`] is left to the caller. `counted`: whether they count towards the budget.
    pub fn place(owner: &Arc<SharedCode>, code: &[u8], counted: bool) -> io::Result<SharedPages> {
        let pages = code.len().div_ceil(PAGE).max(1);
        debug_assert!(pages <= PAGES);
        let mut share = Share::new(&owner.budget);
        if counted {
            share.take(pages * PAGE)?;
        }
        let base = owner.take(pages)?;
        let this = SharedPages { owner: owner.clone(), base, pages, _share: share };
        let at = base as *mut u8;
        // SAFETY: the pages are exclusively ours, writable, and nothing runs in them until they are handed out. What a
        // previous owner left behind the code is overwritten.
        unsafe {
            at.copy_from_nonoverlapping(code.as_ptr(), code.len());
            at.add(code.len()).write_bytes(0, pages * PAGE - code.len());
            make_executable(at, pages * PAGE, owner.landing_pads)?;
        }
        Ok(this)
    }

    pub fn base(&self) -> *const u8 {
        self.base as *const u8
    }

    /// The addresses of the pages.
    pub fn range(&self) -> Range<usize> {
        self.base..self.base + self.pages * PAGE
    }
}

impl Drop for SharedPages {
    fn drop(&mut self) {
        let len = self.pages * PAGE;
        registry::unregister(self.range());
        // SAFETY: nothing runs in the code of an owner that is gone.
        let writable = unsafe { os::protect(self.base as *mut u8, len, Access::ReadWrite) };
        // Failing that (the kernel can refuse to split a mapping), the pages are lost rather than reused with
        // unknown protection.
        if writable.is_ok() {
            self.owner.give_back(self.base, self.pages);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_reused_and_chunks_given_back() {
        let owner = Arc::new(SharedCode::new(&Budget::new(usize::MAX), false));
        let code = vec![0xc3; 3 * PAGE - 1];
        let first = SharedPages::place(&owner, &code, true).unwrap();
        let second = SharedPages::place(&owner, &code[..1], true).unwrap();
        assert_eq!(second.base, first.base + 3 * PAGE);
        assert_eq!(owner.used_pages(), 4);
        let base = first.base;
        drop(first);
        assert_eq!(SharedPages::place(&owner, &code[..1], true).unwrap().base, base, "the hole is filled first");
        let many: Vec<_> = (0..600).map(|_| SharedPages::place(&owner, &code, true).unwrap()).collect();
        assert_eq!(owner.used_pages(), 1 + 1800);
        drop((many, second));
        assert_eq!(owner.used_pages(), 0);
        let kept = || {
            let chunks = owner.chunks.lock().unwrap();
            assert_eq!(chunks.chunks.len(), 1);
            assert_eq!(chunks.kept, (0..PAGES).filter(|&p| contains(&chunks.chunks[0].kept, p)).count());
            chunks.kept
        };
        assert!(kept() <= KEEP);
        let before = kept();
        drop(SharedPages::place(&owner, &code, true).unwrap());
        assert!(kept() >= 3 && kept() >= before);
    }

    #[test]
    fn nothing_of_an_owner_before_is_executable() {
        let owner = Arc::new(SharedCode::new(&Budget::new(usize::MAX), false));
        drop(SharedPages::place(&owner, &[0xc3; 2 * PAGE], true).unwrap());
        let pages = SharedPages::place(&owner, &[0x90; PAGE + 1], true).unwrap();
        // SAFETY: the pages are readable as long as they are owned.
        let bytes = unsafe { std::slice::from_raw_parts(pages.base(), 2 * PAGE) };
        assert!(bytes[..=PAGE].iter().all(|&b| b == 0x90) && bytes[PAGE + 1..].iter().all(|&b| b == 0));
    }

    #[test]
    fn trampolines_are_ours_but_no_module_code() {
        let owner = Arc::new(SharedCode::new(&Budget::new(usize::MAX), false));
        let pages = SharedPages::place(&owner, &[0xc3; PAGE + 1], true).unwrap();
        let range = pages.range();
        assert!(!registry::is_executable(range.start));
        registry::register_trampolines(range.clone());
        for pc in [range.start, range.end - 1] {
            assert!(registry::is_executable(pc) && !registry::is_code(pc));
        }
        assert!(!registry::is_executable(range.end));
        drop(pages);
        assert!(!registry::is_executable(range.start));
    }

    #[test]
    fn no_address_is_too_strange_to_look_up() {
        for pc in [0, 1, usize::MAX, 1 << 47, 1 << 48, isize::MAX as usize, main as *const () as usize] {
            assert!(!registry::is_executable(pc));
        }
        fn main() {}
    }
}
