//! The memory of one large module's code: reserved once, made writable as far as it is needed, sealed at the end.
//!
//! A huge page costs as much as fifty small ones, including the time to clear it. So a writer of half a megabyte or
//! more requests them; see [`Pages`].

use super::budget::{Budget, Share};
use super::{ALIGN, PAGE, make_executable};
use crate::os::{self, Access};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

/// If at least this many bytes are going to be written, huge pages are cheaper than small ones.
pub(crate) const HUGE_WORTH: usize = 512 << 10;

/// How memory is to be provided.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Pages {
    /// Small pages, each when it is first written to.
    Small,
    /// Huge pages, where the system has some.
    Huge,
}

/// A range of addresses for code, aligned to 2 MiB. Freed when dropped; code that may run keeps it alive.
#[derive(Debug)]
pub(crate) struct Region {
    base: usize,
    /// What is mapped; a multiple of the page size.
    len: usize,
    /// Counts what is writable or executable.
    share: Share,
}

impl Region {
    /// Reserves at least `len` bytes, inaccessible. What is used of them counts towards `budget`.
    pub fn reserve(len: usize, budget: &Arc<Budget>) -> io::Result<Region> {
        let len = len.max(1).next_multiple_of(ALIGN);
        let base = os::reserve_aligned(len, ALIGN)?;
        Ok(Region { base: base as usize, len, share: Share::new(budget) })
    }

    /// The `len` bytes of `file` from `at` on, whole pages of it, executable. `landing_pads`: whether the code has some.
    ///
    /// # Errors
    /// If that is impossible, or over the budget.
    ///
    /// # Safety
    /// Nobody may change the file as long as the region lives.
    pub unsafe fn map(
        file: &File,
        at: u64,
        len: usize,
        budget: &Arc<Budget>,
        landing_pads: bool,
    ) -> io::Result<Region> {
        let mut region = Region::reserve(len, budget)?;
        let keep = len.next_multiple_of(PAGE);
        region.share.take(keep)?;
        // SAFETY: the addresses are reserved for this, and the rest of them is not used.
        unsafe {
            os::map_code_over(region.base_mut(), keep, file, at)?;
            os::release(region.base_mut().add(keep), region.len - keep);
            region.len = keep;
            // The kernel sees to it that what it reads from a file is fetched as instructions.
            os::protect(region.base_mut(), keep, Access::ReadExecute { landing_pads })?;
        }
        Ok(region)
    }

    /// A copy of `code`, executable.
    ///
    /// # Errors
    /// If there is no memory for it, or it is over the budget.
    pub fn copy(code: &[u8], budget: &Arc<Budget>, landing_pads: bool) -> io::Result<Region> {
        let mut region = Region::reserve(code.len(), budget)?;
        let pages = if code.len() >= HUGE_WORTH { Pages::Huge } else { Pages::Small };
        region.make_writable(0..code.len().next_multiple_of(PAGE), pages)?;
        // SAFETY: the pages were made writable.
        unsafe { region.base_mut().copy_from_nonoverlapping(code.as_ptr(), code.len()) };
        region.seal(code.len(), landing_pads)?;
        Ok(region)
    }

    pub fn base(&self) -> *const u8 {
        self.base as *const u8
    }

    /// Like [`Region::base`], for writing to what was made writable.
    pub fn base_mut(&self) -> *mut u8 {
        self.base as *mut u8
    }

    /// Bytes reserved.
    pub fn len(&self) -> usize {
        self.len
    }

    fn check(&self, range: &Range<usize>) {
        assert!(range.start.is_multiple_of(PAGE) && range.end.is_multiple_of(PAGE) && range.end <= self.len);
    }

    /// Makes `range`, whole pages that are not writable yet, writable. Not after [`Region::seal`].
    pub fn make_writable(&mut self, range: Range<usize>, pages: Pages) -> io::Result<()> {
        self.check(&range);
        self.share.take(range.len())?;
        // SAFETY: the range lies in the region, and nothing runs in it before it is sealed.
        unsafe {
            let at = self.base_mut().add(range.start);
            if pages == Pages::Huge {
                os::prefer_huge_pages(at, range.len());
            }
            os::protect(at, range.len(), Access::ReadWrite)
        }
    }

    /// Provides memory for `range`, whole pages that are writable and about to be written to.
    pub fn populate(&self, range: Range<usize>) {
        self.check(&range);
        // SAFETY: the range lies in the region.
        unsafe { os::populate(self.base_mut().add(range.start), range.len()) };
    }

    /// Makes the first `used` bytes executable and frees the rest. They must have been made writable. `landing_pads`:
    /// whether the code has some.
    pub fn seal(&mut self, used: usize, landing_pads: bool) -> io::Result<()> {
        let keep = used.max(1).next_multiple_of(PAGE).min(self.len);
        // SAFETY: the rest is not used any more; `self` is borrowed exclusively, so nothing writes.
        unsafe {
            os::release(self.base_mut().add(keep), self.len - keep);
            self.len = keep;
            self.share.keep(keep);
            make_executable(self.base_mut(), keep, landing_pads)
        }
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: the owner is gone, and with it everything that writes or runs here.
        unsafe { os::release(self.base_mut(), self.len) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_written_to_a_region_runs_once_sealed_and_its_tail_is_given_back() {
        let mut region = Region::reserve(10 << 20, &Budget::new(PAGE)).unwrap();
        assert_eq!(region.base % ALIGN, 0);
        region.make_writable(0..PAGE, Pages::Small).unwrap();
        assert!(region.make_writable(PAGE..2 * PAGE, Pages::Small).is_err(), "over the budget");
        region.populate(0..PAGE);
        let code = crate::code::tests::RETURN_42;
        // SAFETY: the page was made writable.
        unsafe { region.base_mut().copy_from_nonoverlapping(code.as_ptr(), code.len()) };
        region.seal(code.len(), false).unwrap();
        assert_eq!(region.len(), PAGE);
        // SAFETY: the bytes are a function of this type.
        let f: extern "C" fn() -> i32 = unsafe { std::mem::transmute(region.base()) };
        assert_eq!(f(), 42);
    }
}
