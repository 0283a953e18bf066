//! Address space for linear memories: reserved, made accessible from the start on, and reused.
//!
//! Creating and freeing a reservation costs more than everything else in an instantiation, so some are [`kept`] when
//! memories are freed. Invariant: the first `accessible` bytes of a mapping are readable and writable, the rest faults;
//! in a mapping that [`Mapping::reserve`] returns, all bytes are those of its image, or zero where it has none. That is
//! so where the system made it, and `AS_NEW` where it was kept: the contents of pages never depend on who had them
//! before.

use crate::os::{self, Access, host_page};
use crate::vm::image::MemoryImage;
use crate::vm::kept::{self, Kept, guard_before};
use crate::vm::reset::{Contents, KEEP_RESIDENT};
use anyhow::{Result, bail};
use std::ops::Range;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A range of addresses of our own, and a guard before it.
pub(crate) struct Mapping {
    base: *mut u8,
    len: usize,
    accessible: usize,
    /// Mapped privately over its range.
    image: Option<Arc<MemoryImage>>,
    /// Ascending offsets at which the system may see two mappings: what was moved there and what was mapped behind it.
    /// Older systems (Linux before 6.17) move one of their mappings at a time.
    seams: Vec<usize>,
    /// How many bytes may stay in memory when this is kept.
    keep_resident: usize,
    /// How many bytes at most have been in memory since it was kept, all of them accessible then.
    resident: usize,
}

// SAFETY: a mapping is owned memory that any thread may use.
unsafe impl Send for Mapping {}

impl Mapping {
    /// No addresses at all.
    pub fn none() -> Mapping {
        Mapping {
            base: ptr::without_provenance_mut(host_page()),
            len: 0,
            accessible: 0,
            image: None,
            seams: Vec::new(),
            keep_resident: 0,
            resident: 0,
        }
    }

    /// Lets so many bytes stay in memory when this is freed and kept for the next memory.
    pub fn set_keep_resident(&mut self, keep_resident: usize) {
        self.keep_resident = keep_resident;
    }

    /// `len` bytes of address space, in whole pages, of which the first `accessible` are accessible and zero.
    pub fn reserve(len: usize, accessible: usize) -> Result<Mapping> {
        // The system refuses empty mappings.
        let len = len.max(host_page());
        let mapping = match Mapping::take(len, accessible, None) {
            Some(kept) => kept,
            None => Mapping::map(len)?,
        };
        mapping.resized(accessible)
    }

    /// The same with the contents of `image` at its place.
    pub fn reserve_with(len: usize, accessible: usize, image: &Arc<MemoryImage>) -> Result<Mapping> {
        let mapping = match Mapping::take(len, accessible, Some(image)) {
            Some(kept) => kept,
            None => {
                let mut plain = Mapping::reserve(len, accessible)?;
                plain.attach(image)?;
                plain
            }
        };
        mapping.resized(accessible)
    }

    /// With exactly the first `accessible` bytes accessible.
    fn resized(mut self, accessible: usize) -> Result<Mapping> {
        let mapping = &mut self;
        let end = accessible.next_multiple_of(host_page());
        if end < mapping.accessible {
            let rest = end..mapping.accessible;
            if mapping.resident > 0 {
                // What is not accessible is as new, whether this works or not, but would stay in memory for good.
                // SAFETY: nothing relies on these bytes.
                let _ = unsafe { os::discard(mapping.base.add(end), rest.len()) };
            }
            mapping.protect(rest, Access::None)?;
            mapping.accessible = end;
        }
        mapping.allow(accessible)?;
        Ok(self)
    }

    /// A kept mapping of that length and with that image; `accessible`: what it will be.
    fn take(len: usize, accessible: usize, image: Option<&Arc<MemoryImage>>) -> Option<Mapping> {
        let wanted = image.map_or(ptr::null(), Arc::as_ptr);
        let kept = kept::take(len, wanted, accessible.next_multiple_of(host_page()))?;
        let Kept { base, len, accessible, resident, .. } = kept;
        let image = image.cloned();
        Some(Mapping { base, len, accessible, image, seams: Vec::new(), keep_resident: KEEP_RESIDENT, resident })
    }

    /// Maps `image` over a part of this mapping that is accessible and zero.
    fn attach(&mut self, image: &Arc<MemoryImage>) -> Result<()> {
        let range = image.range();
        assert!(range.end <= self.accessible && self.image.is_none(), "an image lies inside its memory");
        // SAFETY: the range lies in this mapping, which has no other owner and whose contents nothing has read. The
        // mapping is private and the file sealed: what is written stays here, and nobody else writes.
        let mapped = unsafe { os::map_over(self.base.add(range.start), range.len(), image.file()) };
        if let Err(error) = mapped {
            // The range may be unmapped now, and may be mapped by another thread at any moment: it must not be touched
            // again.
            self.len = 0;
            bail!("cannot map the contents of a memory: {error}");
        }
        self.image = Some(image.clone());
        Ok(())
    }

    /// Moves to a range of `len` bytes, more than here, of which at least the first `accessible`, no fewer than here,
    /// are accessible. Pages are moved, not copied, except those up to the end of the image, which is not mapped there:
    /// a copy of gigabytes could not be interrupted. On failure this mapping is unchanged.
    pub fn relocate(&mut self, len: usize, accessible: usize) -> Result<()> {
        self.relocate_by(len, accessible, move_pages)
    }

    /// The same, given a function that moves this many accessible pages without an image to another place and leaves
    /// zeros; or reports that it could not, in which case the other place may be unmapped.
    fn relocate_by(
        &mut self,
        len: usize,
        accessible: usize,
        move_pages: impl FnMut(*mut u8, *mut u8, usize) -> bool,
    ) -> Result<()> {
        let mut new = Mapping::reserve(len, accessible)?;
        assert!(new.accessible >= self.accessible && new.image.is_none(), "a larger place, and empty");
        let with_image = self.image.as_ref().map_or(0, |image| image.range().end.next_multiple_of(host_page()));
        let moved = self.move_to(&mut new, with_image, move_pages);
        if !moved {
            new = Mapping::reserve(len, accessible)?;
        }
        let copied = if moved { with_image } else { self.accessible };
        // SAFETY: both mappings are ours, distinct, and accessible so far.
        unsafe { ptr::copy_nonoverlapping(self.base, new.base, copied) };
        new.keep_resident = self.keep_resident;
        let old = std::mem::replace(self, new);
        if moved {
            old.free();
        }
        Ok(())
    }

    /// Moves what is accessible from offset `first` on to the same offsets of `new`. On failure this mapping is
    /// unchanged, and nothing is left of `new`.
    fn move_to(
        &mut self,
        new: &mut Mapping,
        first: usize,
        mut move_pages: impl FnMut(*mut u8, *mut u8, usize) -> bool,
    ) -> bool {
        let mut seams = std::mem::take(&mut self.seams);
        seams.push(self.accessible);
        let mut start = first;
        for &end in seams.iter().filter(|&&seam| seam > first) {
            // SAFETY: `start..end` is accessible in both.
            let (from, to) = unsafe { (self.base.add(start), new.base.add(start)) };
            if move_pages(from, to, end - start) {
                start = end;
                continue;
            }
            // The range `start..end` of `new` may belong to anything now: it must not be touched again. The rest is
            // ours.
            let before = guard_before(new.len);
            // SAFETY: this much was moved, and the ends of the mapping are where they were.
            unsafe {
                ptr::copy_nonoverlapping(new.base.add(first), self.base.add(first), start - first);
                os::release(new.base.sub(before), before + start);
                os::release(new.base.add(end), new.len - end);
            }
            new.len = 0;
            seams.pop();
            self.seams = seams;
            return false;
        }
        new.seams = seams;
        true
    }

    /// Unmaps this instead of keeping it: emulators of Linux lose track of a range whose pages were moved away.
    fn free(mut self) {
        let len = std::mem::take(&mut self.len);
        Kept { base: self.base, len, accessible: 0, resident: 0, image: ptr::null() }.free();
    }

    /// Whether an image was mapped.
    pub fn has_image(&self) -> bool {
        self.image.is_some()
    }

    /// Makes the range of the image zero. The mapping is still one with an image.
    pub fn hide_image(&mut self) {
        if let Some(image) = &self.image {
            let range = image.range();
            // SAFETY: the image lies in the accessible part of this mapping.
            unsafe { ptr::write_bytes(self.base.add(range.start), 0, range.len()) };
        }
    }

    fn map(len: usize) -> Result<Mapping> {
        let before = guard_before(len);
        let Some(whole) = len.checked_add(before) else {
            bail!("{len} bytes do not fit into the address space");
        };
        let base = match os::reserve(whole) {
            Ok(base) => base,
            Err(error) => bail!("cannot reserve {len} bytes of address space for a memory: {error}"),
        };
        // SAFETY: the guard is part of the reservation.
        let base = unsafe { base.add(before) };
        let (keep_resident, resident) = (KEEP_RESIDENT, 0);
        Ok(Mapping { base, len, accessible: 0, image: None, seams: Vec::new(), keep_resident, resident })
    }

    pub fn base(&self) -> *mut u8 {
        self.base
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// All addresses of this mapping, its guard included.
    pub fn range(&self) -> Range<usize> {
        if self.len == 0 {
            return 0..0;
        }
        let base = self.base as usize;
        base - guard_before(self.len)..base + self.len
    }

    /// Makes at least the first `len` bytes accessible.
    pub fn allow(&mut self, len: usize) -> Result<()> {
        let end = len.next_multiple_of(host_page());
        if end > self.accessible {
            self.protect(self.accessible..end, Access::ReadWrite)?;
            self.accessible = end;
        }
        Ok(())
    }

    fn protect(&self, range: Range<usize>, access: Access) -> Result<()> {
        assert!(range.end <= self.len, "a memory stays inside its mapping");
        // SAFETY: the range was just checked to lie in this mapping, which has no other owner.
        if let Err(error) = unsafe { os::protect(self.base.add(range.start), range.len(), access) } {
            bail!("cannot allocate {} bytes for a memory: {error}", range.len());
        }
        Ok(())
    }
}

/// The function for [`Mapping::relocate_by`], on Linux since 5.7. After a refusal it is not tried again: the attempt
/// may have cost a range of addresses.
fn move_pages(from: *mut u8, to: *mut u8, len: usize) -> bool {
    static REFUSED: AtomicBool = AtomicBool::new(false);
    if REFUSED.load(Ordering::Relaxed) {
        return false;
    }
    // SAFETY: both ranges are anonymous parts of the caller's mappings, and nothing was written to the other one yet.
    let moved = unsafe { os::move_pages(from, to, len) };
    REFUSED.fetch_or(!moved, Ordering::Relaxed);
    moved
}

/// The mapping is kept for the next one that needs its length, or freed.
impl Drop for Mapping {
    fn drop(&mut self) {
        if self.len == 0 {
            return;
        }
        // SAFETY: the accessible part is ours, mapped as it says, and nobody uses it any more.
        let contents = unsafe { Contents::new(self.base, self.accessible, self.image.as_deref()) };
        // Seams would be forgotten.
        let resident = if self.seams.is_empty() { contents.reset(self.keep_resident) } else { None };
        let image = self.image.as_ref().map_or(ptr::null(), Arc::as_ptr);
        let (base, len, accessible) = (self.base, self.len, self.accessible);
        let this = Kept { base, len, accessible, resident: resident.unwrap_or(0), image };
        if resident.is_some() { kept::put(this) } else { this.free() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A length that no other test uses, so that the pool's contents are this test's.
    const LEN: usize = 123 << 12;

    /// Contents, by page.
    fn fill(mapping: &mut Mapping, pages: Range<usize>) {
        for page in pages {
            // SAFETY: the pages are accessible.
            unsafe { ptr::write_bytes(mapping.base.add(page << 12), page as u8 + 1, 1 << 12) };
        }
    }

    fn is_filled(mapping: &Mapping, pages: usize) -> bool {
        // SAFETY: the pages are accessible.
        let bytes = unsafe { std::slice::from_raw_parts(mapping.base, mapping.accessible) };
        bytes.iter().enumerate().all(|(i, &b)| b == if i >> 12 < pages { (i >> 12) as u8 + 1 } else { 0 })
    }

    /// Like [`move_pages`], but works everywhere.
    fn copy_pages(from: *mut u8, to: *mut u8, len: usize) -> bool {
        // SAFETY: both are accessible, and distinct.
        unsafe {
            ptr::copy_nonoverlapping(from, to, len);
            ptr::write_bytes(from, 0, len);
        }
        true
    }

    #[test]
    fn what_moves_keeps_its_contents_wherever_moving_fails() {
        for fails_at in [None, Some(0), Some(1), Some(2)] {
            let mut mapping = Mapping::reserve(LEN / 3, 8 << 12).unwrap();
            fill(&mut mapping, 0..8);
            // Twice for seams.
            for pages in [16, 24] {
                mapping.relocate_by(mapping.len + (64 << 12), pages << 12, copy_pages).unwrap();
                fill(&mut mapping, pages - 8..pages);
            }
            let old = mapping.base;
            let (mut calls, mut foreign) = (0, None);
            let len = mapping.len + (64 << 12);
            let result = mapping.relocate_by(len, 40 << 12, |from, to, len| {
                calls += 1;
                if Some(calls - 1) != fails_at {
                    return copy_pages(from, to, len);
                }
                // What a failure may do, and then another thread that is quick.
                let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
                let access = libc::PROT_READ | libc::PROT_WRITE;
                // SAFETY: the place is the new mapping's, which gives it up.
                unsafe {
                    assert_eq!(libc::mmap(to.cast(), len, access, flags, -1, 0), to.cast());
                    ptr::write_bytes(to, 0xee, len);
                }
                foreign = Some((to, len));
                false
            });
            result.unwrap();
            assert!(mapping.base != old && mapping.accessible == 40 << 12 && mapping.len == len);
            assert!(is_filled(&mapping, 24), "moving fails at {fails_at:?}");
            assert_eq!((calls, foreign.is_some()), (fails_at.map_or(3, |n| n + 1), fails_at.is_some()));
            if let Some((at, len)) = foreign {
                // SAFETY: mapped above, exclusively.
                unsafe {
                    assert!(std::slice::from_raw_parts(at, len).iter().all(|&b| b == 0xee), "it is not ours any more");
                    assert!(!mapping.range().contains(&(at as usize)));
                    libc::munmap(at.cast(), len);
                }
            }
        }
    }

    #[test]
    fn a_mapping_used_again_is_zero_and_as_accessible_as_asked() {
        let mapping = Mapping::reserve(LEN, 10 << 12).unwrap();
        let base = mapping.base();
        // SAFETY: that many bytes are accessible.
        unsafe { ptr::write_bytes(base, 0xff, 10 << 12) };
        drop(mapping);
        let mapping = Mapping::reserve(LEN, 4 << 12).unwrap();
        assert_eq!(mapping.base(), base);
        assert_eq!(mapping.accessible, 4 << 12);
        // SAFETY: as above.
        let bytes = unsafe { std::slice::from_raw_parts(base, 4 << 12) };
        assert!(bytes.iter().all(|&b| b == 0));
        // Reading what is not accessible is an error, which `write` reports instead of faulting.
        let mut pipe = [0; 2];
        // SAFETY: `write` only reads, and reports an unreadable address.
        unsafe {
            assert_eq!(libc::pipe(pipe.as_mut_ptr()), 0);
            assert_eq!(libc::write(pipe[1], base.add((4 << 12) - 1).cast(), 1), 1);
            assert_eq!(libc::write(pipe[1], base.add(4 << 12).cast(), 1), -1);
            libc::close(pipe[0]);
            libc::close(pipe[1]);
        }
    }

    /// How many pages of a range the process has in memory, or swapped out.
    fn populated(range: Range<usize>) -> usize {
        use std::os::unix::fs::FileExt;
        let (page, mut entries) = (host_page(), vec![0; range.len() / host_page() * 8]);
        let pagemap = std::fs::File::open("/proc/self/pagemap").unwrap();
        pagemap.read_exact_at(&mut entries, (range.start / page * 8) as u64).unwrap();
        entries.chunks_exact(8).filter(|entry| entry[7] >> 6 != 0).count()
    }

    #[test]
    fn few_pages_stay_for_the_next_mapping_and_many_go_back() {
        if !crate::os_pages::can_tell_written() {
            return;
        }
        // A length that no other test uses.
        let (page, len) = (host_page(), 125 * host_page());
        let mut last = None;
        for (budget, written, stay) in [(8, 8, 8), (8, 9, 0), (0, 1, 0), (100, 30, 30)] {
            let mut mapping = Mapping::reserve(len, 40 * page).unwrap();
            assert!(is_filled(&mapping, 0));
            // SAFETY: the accessible part is as new.
            unsafe { os::discard(mapping.base, 40 * page) }.unwrap();
            mapping.set_keep_resident(budget * page);
            // SAFETY: that many bytes are accessible.
            (0..written).for_each(|i| unsafe { mapping.base.add(i * page).write_bytes(1, page) });
            let base = mapping.base;
            assert!(last.replace(base).is_none_or(|last| last == base));
            drop(mapping);
            let mapping = Mapping::reserve(len, 40 * page).unwrap();
            assert_eq!(mapping.base, base);
            assert_eq!(populated(base.addr()..base.addr() + 40 * page), stay, "budget {budget}, {written} written");
        }
        // What the next one does not need goes back, too.
        let mapping = Mapping::reserve(len, 10 * page).unwrap();
        assert_eq!(mapping.base, last.unwrap());
        assert_eq!(populated(mapping.base.addr()..mapping.base.addr() + 40 * page), 10);
        assert_eq!(mapping.accessible, 10 * page);
    }

    #[test]
    fn a_mapping_that_cannot_be_made_as_new_is_not_used_again() {
        let page = host_page();
        let mut mapping = Mapping::reserve(127 * page, 4 * page).unwrap();
        mapping.set_keep_resident(0);
        fill(&mut mapping, 0..4);
        // Memory that is locked cannot be taken away.
        // SAFETY: the range is this test's own, and unmapped with the mapping.
        if unsafe { libc::mlock(mapping.base.cast(), page) } != 0 {
            return;
        }
        let base = mapping.base.addr();
        drop(mapping);
        assert_ne!(Mapping::take(127 * page, 4 * page, None).map_or(0, |taken| taken.base.addr()), base);
        // It is overwritten where it is, though.
        if crate::os_pages::can_tell_written() {
            let mut mapping = Mapping::reserve(127 * page, 4 * page).unwrap();
            fill(&mut mapping, 0..4);
            // SAFETY: as above.
            assert_eq!(unsafe { libc::mlock(mapping.base.cast(), page) }, 0);
            let base = mapping.base;
            drop(mapping);
            let mapping = Mapping::reserve(127 * page, 4 * page).unwrap();
            assert!(mapping.base == base && is_filled(&mapping, 0));
            // SAFETY: as above.
            unsafe { libc::munlock(mapping.base.cast(), page) };
        }
    }
}
