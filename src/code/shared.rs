//! Code of small modules, and trampolines: whole pages out of chunks that an engine's small modules share.
//!
//! A page is inaccessible while it is free, writable while it is being filled, executable from then on until
//! its owner drops it. A chunk is as large as the slots of [`super::registry`] and aligned like them.

use super::os::{self, PAGE};
use super::registry;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

const CHUNK: usize = os::ALIGN;
const PAGES: usize = CHUNK / PAGE;

/// More code than this should have a region of its own.
pub(crate) const MAX: usize = CHUNK / 4;

/// The chunks of one engine.
#[derive(Debug, Default)]
pub(crate) struct SharedCode {
    chunks: Mutex<Vec<Chunk>>,
}

#[derive(Debug)]
struct Chunk {
    base: usize,
    /// A bit for each page in use.
    used: [u64; PAGES / 64],
    free: usize,
}

impl Chunk {
    fn is_used(&self, page: usize) -> bool {
        self.used[page / 64] >> (page % 64) & 1 != 0
    }

    fn set(&mut self, first: usize, n: usize, used: bool) {
        for page in first..first + n {
            debug_assert_ne!(self.is_used(page), used);
            self.used[page / 64] ^= 1 << (page % 64);
        }
        if used {
            self.free -= n;
        } else {
            self.free += n;
        }
    }

    /// The first of `n` adjacent free pages.
    fn find(&self, n: usize) -> Option<usize> {
        if self.free < n {
            return None;
        }
        let mut run = 0;
        for page in 0..PAGES {
            run = if self.is_used(page) { 0 } else { run + 1 };
            if run == n {
                return Some(page + 1 - n);
            }
        }
        None
    }
}

impl SharedCode {
    /// Takes `n` adjacent pages, inaccessible.
    fn take(&self, n: usize) -> io::Result<usize> {
        let mut chunks = self.chunks.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in chunks.iter_mut() {
            if let Some(first) = chunk.find(n) {
                chunk.set(first, n, true);
                return Ok(chunk.base + first * PAGE);
            }
        }
        let base = os::reserve(CHUNK)? as usize;
        registry::add_chunk(base);
        let mut chunk = Chunk { base, used: [0; PAGES / 64], free: PAGES };
        chunk.set(0, n, true);
        chunks.push(chunk);
        Ok(base)
    }

    /// Takes back `n` pages at `at`, inaccessible again. Keeps one empty chunk for the next to come.
    fn give_back(&self, at: usize, n: usize) {
        let mut chunks = self.chunks.lock().unwrap_or_else(PoisonError::into_inner);
        let base = at & !(CHUNK - 1);
        let i = chunks
            .iter()
            .position(|c| c.base == base)
            .expect("pages come from a chunk that is kept as long as it has used pages");
        chunks[i].set((at - base) / PAGE, n, false);
        if chunks[i].free == PAGES && chunks.iter().filter(|c| c.free == PAGES).count() > 1 {
            let chunk = chunks.swap_remove(i);
            chunk.unmap();
        }
    }

    #[cfg(test)]
    fn used_pages(&self) -> usize {
        self.chunks.lock().unwrap().iter().map(|c| PAGES - c.free).sum()
    }
}

impl Chunk {
    fn unmap(&self) {
        registry::remove_chunk(self.base);
        // SAFETY: the chunk was reserved with this size, and nobody uses any of its pages.
        unsafe { os::release(self.base as *mut u8, CHUNK) };
    }
}

impl Drop for SharedCode {
    fn drop(&mut self) {
        for chunk in self.chunks.get_mut().unwrap_or_else(PoisonError::into_inner) {
            // Pages keep what they come from alive: only lost ones are still marked as used.
            chunk.unmap();
        }
    }
}

/// Sealed pages with somebody's code.
#[derive(Debug)]
pub(crate) struct SharedPages {
    owner: Arc<SharedCode>,
    base: usize,
    pages: usize,
}

impl SharedPages {
    /// Copies `code`, at most [`MAX`] bytes, into fresh pages and makes them executable. Entering them in
    /// [`registry`] is left to the caller.
    pub fn place(owner: &Arc<SharedCode>, code: &[u8]) -> io::Result<SharedPages> {
        let pages = code.len().div_ceil(PAGE).max(1);
        debug_assert!(pages <= PAGES);
        let base = owner.take(pages)?;
        let this = SharedPages { owner: owner.clone(), base, pages };
        let at = base as *mut u8;
        // SAFETY: the pages are ours alone and nothing runs in them until they are handed out.
        unsafe {
            os::make_writable(at, pages * PAGE)?;
            at.copy_from_nonoverlapping(code.as_ptr(), code.len());
            os::make_executable(at, pages * PAGE)?;
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
        // SAFETY: nobody runs in the code of an owner that is gone.
        let decommitted = unsafe { os::decommit(self.base as *mut u8, len) };
        // Failing that (the kernel can refuse to split a mapping), the pages are lost rather than reused with
        // unknown protection.
        if decommitted.is_ok() {
            self.owner.give_back(self.base, self.pages);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_reused_and_chunks_given_back() {
        let owner = Arc::new(SharedCode::default());
        let code = vec![0xc3; 3 * PAGE - 1];
        let first = SharedPages::place(&owner, &code).unwrap();
        let second = SharedPages::place(&owner, &code[..1]).unwrap();
        assert_eq!(second.base, first.base + 3 * PAGE);
        assert_eq!(owner.used_pages(), 4);
        let base = first.base;
        drop(first);
        assert_eq!(SharedPages::place(&owner, &code[..1]).unwrap().base, base, "the hole is filled first");
        let many: Vec<_> = (0..600).map(|_| SharedPages::place(&owner, &code).unwrap()).collect();
        assert_eq!(owner.used_pages(), 1 + 1800);
        drop((many, second));
        assert_eq!(owner.used_pages(), 0);
        assert_eq!(owner.chunks.lock().unwrap().len(), 1);
    }

    #[test]
    fn trampolines_are_ours_but_no_module_code() {
        let owner = Arc::new(SharedCode::default());
        let pages = SharedPages::place(&owner, &[0xc3; PAGE + 1]).unwrap();
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
