//! Making the contents of a mapping what they were when it was new.
//!
//! The system could do that for all of it at once: it takes the pages away, and gives others to the next user, one page
//! fault at a time; other threads of the process are interrupted, since they must not use the old ones. Instead it is
//! asked which pages were written to. If they are few, they are overwritten where they are: with the image's contents or
//! zeros, which is what everything else still has. How many bytes are few is a *budget*; if there are more, all go back
//! to the system.
//!
//! What was overwritten is found again the next time, and overwritten even if the last user did not touch it. So users
//! that write to different pages fill the budget, until all go back and the pages of the next ones are collected.

use crate::os::{self, host_page};
use crate::os_pages::{self, Run, Runs};
use crate::vm::alloc;
use crate::vm::image::MemoryImage;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::ptr;

/// How many bytes a memory that is gone keeps if nothing else was asked for. To overwrite as many costs about as much as
/// a few page faults and taking the pages away.
pub(crate) const KEEP_RESIDENT: usize = 256 << 10;

/// Up to here pages are looked for. Where large memories were read, the system has much to look through, which it
/// forgets if it takes the pages away.
const LOOKED_THROUGH: usize = 32 << 20;

/// The accessible part of a mapping, which nobody uses, and the image that it began with.
pub(super) struct Contents<'a> {
    base: *mut u8,
    len: usize,
    image: Option<&'a MemoryImage>,
}

impl Contents<'_> {
    /// # Safety
    /// The `len` bytes from `base` on, whole pages, must be a private mapping that nothing else uses meanwhile: of
    /// `image` in its range, anonymous elsewhere.
    pub unsafe fn new(base: *mut u8, len: usize, image: Option<&MemoryImage>) -> Contents<'_> {
        Contents { base, len, image }
    }

    /// Makes all bytes zero, or the image's contents. Returns how many of them still have memory of their own, no more
    /// than `budget`; or nothing if that failed, in which case the contents are anything.
    pub fn reset(&self, budget: usize) -> Option<usize> {
        // SAFETY: the range is ours; it is zero afterwards where it is anonymous, and else as in the image's file.
        self.reset_by(budget, os_pages::written, |at, len| unsafe { os::discard(at, len) })
    }

    /// The same, given a function that finds what was written, and one that lets the system take pages.
    fn reset_by(
        &self,
        budget: usize,
        mut written: impl FnMut(Range<usize>, &mut Runs) -> io::Result<()>,
        discard: impl FnOnce(*mut u8, usize) -> io::Result<()>,
    ) -> Option<usize> {
        let looked_through = self.len.min(LOOKED_THROUGH);
        let kept = self.overwrite(looked_through, budget, &mut written);
        let rest = if kept.is_some() { looked_through } else { 0 };
        if rest < self.len {
            discard(self.base.wrapping_add(rest), self.len - rest).ok()?;
        }
        self.debug_assert_as_new();
        Some(kept.unwrap_or(0))
    }

    /// Overwrites what was written to in the first `len` bytes, if that is possible and not more than `budget`. Returns
    /// how much it was.
    fn overwrite(
        &self,
        len: usize,
        budget: usize,
        mut written: impl FnMut(Range<usize>, &mut Runs) -> io::Result<()>,
    ) -> Option<usize> {
        if budget == 0 {
            return None;
        }
        let image = match self.image {
            Some(image) => (image.range(), image.bytes()?),
            None => (0..0, &[][..]),
        };
        let start = self.base.addr();
        let (mut done, mut kept) = (0, 0);
        let mut runs = Runs::none();
        while done < len {
            written(start + done..start + len, &mut runs).ok()?;
            let parts = || runs.iter().flat_map(|run| self.parts(run, &image.0));
            kept += parts().map(|part| part.len()).sum::<usize>();
            // Without progress nothing more can be found out.
            if kept > budget || runs.walked <= start + done {
                return None;
            }
            parts().for_each(|part| self.restore(part, &image));
            done = runs.walked - start;
        }
        Some(kept)
    }

    /// The parts of a run by offset, before the image, in it and behind it, that are not what they were.
    fn parts(&self, run: Run, image: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let (start, image) = (self.base.addr(), image.clone());
        let (from, to) = (run.range().start - start, run.range().end - start);
        let parts = [0..image.start, image.clone(), image.end..self.len];
        let parts = parts.into_iter().map(move |part| from.max(part.start)..to.min(part.end));
        // In an image zeros are not what was there, even if the page is the system's.
        parts.filter(move |part| !part.is_empty() && (!run.is_zero_page() || image.contains(&part.start)))
    }

    /// Overwrites a range that is inside of the image or outside.
    fn restore(&self, range: Range<usize>, image: &(Range<usize>, &[u8])) {
        let was = image.0.contains(&range.start).then(|| &image.1[range.start - image.0.start..][..range.len()]);
        assert!(range.end <= self.len, "only what is accessible is found");
        // SAFETY: the range is ours, accessible, and used by nobody else.
        unsafe {
            let at = self.base.add(range.start);
            match was {
                Some(was) => ptr::copy_nonoverlapping(was.as_ptr(), at, was.len()),
                None => ptr::write_bytes(at, 0, range.len()),
            }
        }
    }

    /// Checks `AS_NEW` ([`kept`](super::kept)), of pages that have memory, as the system says in another way: what
    /// others hold could only be seen by making it the process's own.
    fn debug_assert_as_new(&self) {
        if cfg!(debug_assertions) {
            let page = host_page();
            let entries = alloc::zeroed::<u8>("a check", self.len.min(LOOKED_THROUGH) / page * 8);
            let Ok(mut entries) = entries else { return };
            let at = (self.base.addr() / page * 8) as u64;
            let read = File::open("/proc/self/pagemap").and_then(|pagemap| pagemap.read_exact_at(&mut entries, at));
            if read.is_err() {
                return;
            }
            // Present or swapped out (Linux, Documentation/admin-guide/mm/pagemap.rst).
            for (i, _) in entries.chunks_exact(8).enumerate().filter(|(_, entry)| entry[7] >> 6 != 0) {
                // SAFETY: the page is accessible, and nobody else uses it.
                let found = unsafe { std::slice::from_raw_parts(self.base.add(i * page), page) };
                debug_assert!(self.is_as_new(i * page, found), "AS_NEW: page {i} of {} bytes", self.len);
            }
        }
    }

    /// Whether the page at offset `at` contains what it did when the mapping was new.
    fn is_as_new(&self, at: usize, found: &[u8]) -> bool {
        match self.image.filter(|image| image.range().contains(&at)) {
            Some(image) => image.bytes().is_none_or(|bytes| bytes[at - image.range().start..].starts_with(found)),
            None => found.iter().all(|&byte| byte == 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::os::Access;
    use std::sync::Arc;

    const PAGES: usize = 40;
    /// Of the image, and as long as it takes.
    const IMAGE: Range<usize> = 3..13;

    /// A mapping with a guard, with or without an image.
    struct Mapped {
        base: *mut u8,
        image: Option<Arc<MemoryImage>>,
    }

    impl Mapped {
        fn new(with_image: bool) -> Mapped {
            let page = host_page();
            let data: Vec<u8> = (0..IMAGE.len() * page).map(|i| (i / 7) as u8 | 1).collect();
            let image = with_image.then(|| Arc::new(MemoryImage::build(&[(IMAGE.start * page, &data)]).unwrap()));
            let base = os::reserve((PAGES + 1) * page).unwrap();
            // SAFETY: the reservation is this test's alone.
            unsafe {
                os::protect(base, PAGES * page, Access::ReadWrite).unwrap();
                if let Some(image) = &image {
                    os::map_over(base.add(image.range().start), image.range().len(), image.file()).unwrap();
                }
            }
            Mapped { base, image }
        }

        fn contents(&self) -> Contents<'_> {
            // SAFETY: mapped like that by `new`.
            unsafe { Contents::new(self.base, PAGES * host_page(), self.image.as_deref()) }
        }

        fn write(&self, pages: &[usize]) {
            for i in pages {
                // SAFETY: the page is accessible.
                unsafe { self.base.add(i * host_page()).write_bytes(0xee, host_page()) };
            }
        }

        fn is_as_new(&self) -> bool {
            (0..PAGES).all(|i| {
                // SAFETY: the page is accessible.
                let found = unsafe { std::slice::from_raw_parts(self.base.add(i * host_page()), host_page()) };
                self.contents().is_as_new(i * host_page(), found)
            })
        }

        /// As the system would find them, but everywhere.
        fn runs(&self, pages: &[usize]) -> Vec<Run> {
            let page = |i: &usize| self.base.addr() + i * host_page()..self.base.addr() + (i + 1) * host_page();
            pages.iter().map(|i| Run::new(page(i), false)).collect()
        }
    }

    impl Drop for Mapped {
        fn drop(&mut self) {
            // SAFETY: mapped by `new`, and not used any more.
            unsafe { os::release(self.base, (PAGES + 1) * host_page()) };
        }
    }

    fn take_away(at: *mut u8, len: usize) -> io::Result<()> {
        // SAFETY: only called with what is a test's own.
        unsafe { os::discard(at, len) }
    }

    fn never(_: *mut u8, _: usize) -> io::Result<()> {
        panic!("few pages stay")
    }

    #[test]
    fn whatever_was_written_is_as_new_with_and_without_an_image_within_the_budget_and_beyond() {
        for with_image in [false, true] {
            let mapped = Mapped::new(with_image);
            let all: Vec<usize> = (0..PAGES).collect();
            let every_other: Vec<usize> = (0..PAGES).step_by(2).collect();
            let edges = [0, IMAGE.start - 1, IMAGE.start, IMAGE.end - 1, IMAGE.end, PAGES - 1];
            for pages in [&[][..], &[5], &[20], &edges, &every_other, &all] {
                for budget in [0, 1, 4, pages.len(), PAGES, usize::MAX / host_page()] {
                    mapped.write(pages);
                    let kept = mapped.contents().reset(budget * host_page()).expect("nothing fails");
                    assert!(mapped.is_as_new(), "{pages:?}, budget {budget}, image: {with_image}");
                    assert!(kept <= budget * host_page(), "{kept} of {budget} pages");
                }
            }
        }
    }

    #[test]
    fn few_pages_are_overwritten_and_stay() {
        for with_image in [false, true] {
            let mapped = Mapped::new(with_image);
            mapped.write(&[2, 3, 4, 20]);
            // One run over the image's beginning, in two answers.
            let start = mapped.base.addr();
            let mut answers = vec![
                (mapped.runs(&[20]), PAGES),
                (vec![Run::new(start + 2 * host_page()..start + 5 * host_page(), false)], 10),
            ];
            let found = |range: Range<usize>, runs: &mut Runs| {
                let (found, walked) = answers.pop().expect("asked twice");
                assert_eq!(range, start + if walked == 10 { 0 } else { 10 * host_page() }..start + PAGES * host_page());
                runs.set(&found, start + walked * host_page());
                Ok(())
            };
            assert_eq!(mapped.contents().reset_by(4 * host_page(), found, never), Some(4 * host_page()));
            assert!(mapped.is_as_new() && answers.is_empty());
        }
    }

    #[test]
    fn pages_of_zeros_are_left_alone_but_in_an_image() {
        for with_image in [false, true] {
            let mapped = Mapped::new(with_image);
            let page = host_page();
            // SAFETY: the pages are accessible.
            unsafe { mapped.base.add(5 * page).write_bytes(0, page) };
            let all = mapped.base.addr()..mapped.base.addr() + PAGES * page;
            let found = |range: Range<usize>, runs: &mut Runs| {
                runs.set(&[Run::new(all.clone(), true)], range.end);
                Ok(())
            };
            let kept = if with_image { IMAGE.len() * page } else { 0 };
            assert_eq!(mapped.contents().reset_by(usize::MAX, found, never), Some(kept));
            assert!(mapped.is_as_new());
        }
    }

    #[test]
    fn where_the_system_cannot_tell_or_gets_nowhere_all_goes_back() {
        for with_image in [false, true] {
            let mapped = Mapped::new(with_image);
            for answer in 0..3 {
                mapped.write(&[1, 7, 20, 39]);
                let mut asked = 0;
                let found = |range: Range<usize>, runs: &mut Runs| {
                    asked += 1;
                    match (answer, asked) {
                        (0, _) | (1, 2) => return Err(io::ErrorKind::Unsupported.into()),
                        (1, 1) => runs.set(&mapped.runs(&[1]), range.start + 3 * host_page()),
                        _ => runs.set(&[], range.start),
                    }
                    Ok(())
                };
                assert_eq!(mapped.contents().reset_by(usize::MAX, found, take_away), Some(0));
                assert!(mapped.is_as_new(), "image: {with_image}, answer {answer}");
            }
        }
    }

    #[test]
    fn what_cannot_be_made_as_new_is_reported() {
        let mapped = Mapped::new(true);
        mapped.write(&[1, 5]);
        let unsupported = |_: Range<usize>, _: &mut Runs| Err(io::ErrorKind::Unsupported.into());
        let fails = |_: *mut u8, _: usize| Err(io::ErrorKind::InvalidInput.into());
        assert_eq!(mapped.contents().reset_by(usize::MAX, unsupported, fails), None);
        assert_eq!(mapped.contents().reset_by(0, os_pages::written, fails), None);
        assert!(!mapped.is_as_new());
    }

    #[test]
    fn beyond_what_is_looked_through_pages_go_back() {
        let (page, len) = (host_page(), LOOKED_THROUGH + (1 << 20));
        let base = os::reserve(len).unwrap();
        // SAFETY: the reservation is this test's alone.
        unsafe {
            os::protect(base, len, Access::ReadWrite).unwrap();
            let at = [0, LOOKED_THROUGH - page, LOOKED_THROUGH, len - page].map(|at| base.add(at));
            at.iter().for_each(|at| at.write_bytes(1, page));
            assert!(Contents::new(base, len, None).reset(usize::MAX).is_some_and(|kept| kept <= 2 * page));
            assert!(at.iter().all(|at| std::slice::from_raw_parts(*at, page).iter().all(|&byte| byte == 0)));
            os::release(base, len);
        }
    }
}
