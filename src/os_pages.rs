//! Finding the pages of a private mapping that were written to: those of which the process has copies of its own, which
//! may differ from the mapped file or from zero.
//!
//! `PAGEMAP_SCAN` (Linux since 6.7) tells, an `ioctl` of `/proc/self/pagemap`. It is not trusted blindly, since what it
//! does not name is taken for unwritten, and may next belong to somebody else: before it is used, it must tell a page
//! that was written to from one that was only read. Nor is it used in a forked child, where the open file still
//! describes the parent's memory.

use crate::os::host_page;
use std::fs::File;
use std::io::{self, Error, ErrorKind};
use std::mem::MaybeUninit;
use std::ops::Range;
use std::os::fd::AsRawFd;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

/// `struct pm_scan_arg` of `linux/fs.h`, which libc does not have.
#[repr(C)]
struct PmScanArg {
    size: u64,
    flags: u64,
    start: u64,
    end: u64,
    walk_end: u64,
    vec: u64,
    vec_len: u64,
    max_pages: u64,
    category_inverted: u64,
    category_mask: u64,
    category_anyof_mask: u64,
    return_mask: u64,
}

const PAGEMAP_SCAN: libc::Ioctl = libc::_IOWR::<PmScanArg>(b'f' as u32, 16);

// Categories of pages.
const PAGE_IS_FILE: u64 = 1 << 2;
const PAGE_IS_PRESENT: u64 = 1 << 3;
const PAGE_IS_SWAPPED: u64 = 1 << 4;
const PAGE_IS_PFNZERO: u64 = 1 << 5;

/// Adjacent pages with copies of their own, by address: `struct page_region` of `linux/fs.h`.
#[repr(C)]
#[derive(Copy, Clone, Debug)]
pub(crate) struct Run {
    start: u64,
    end: u64,
    categories: u64,
}

impl Run {
    /// The addresses.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether it is no copy at all, but the system's page of zeros, which it maps where an anonymous page is read.
    pub fn is_zero_page(&self) -> bool {
        self.categories & PAGE_IS_PFNZERO != 0
    }

    #[cfg(test)]
    pub fn new(range: Range<usize>, is_zero_page: bool) -> Run {
        let categories = if is_zero_page { PAGE_IS_PFNZERO } else { 0 };
        Run { start: range.start as u64, end: range.end as u64, categories }
    }
}

/// How many runs are found at once.
const RUNS: usize = 64;

/// Runs that were found, ascending. Large, so it stays where it is made.
pub(crate) struct Runs {
    runs: [MaybeUninit<Run>; RUNS],
    found: usize,
    /// All of the range up to here was looked through.
    pub walked: usize,
}

impl Runs {
    /// None yet.
    pub fn none() -> Runs {
        Runs { runs: [MaybeUninit::uninit(); RUNS], found: 0, walked: 0 }
    }

    #[cfg(test)]
    pub fn set(&mut self, found: &[Run], walked: usize) {
        (self.found, self.walked) = (found.len(), walked);
        found.iter().zip(&mut self.runs).for_each(|(run, place)| *place = MaybeUninit::new(*run));
    }

    pub fn iter(&self) -> impl Iterator<Item = Run> + '_ {
        // SAFETY: as many were written as were found.
        self.runs[..self.found].iter().map(|run| unsafe { run.assume_init() })
    }
}

/// Finds the pages in a range of addresses that the process has copies of, whether they are in memory or swapped out,
/// the first of them if there are many. Those of the file that is mapped there are none.
///
/// # Errors
/// If the system cannot tell.
pub(crate) fn written(range: Range<usize>, runs: &mut Runs) -> io::Result<()> {
    match scanner() {
        Some(scanner) => scanner.scan(range, runs),
        None => Err(ErrorKind::Unsupported.into()),
    }
}

/// Whether [`written`] works.
pub(crate) fn can_tell_written() -> bool {
    scanner().is_some()
}

fn scanner() -> Option<&'static Scanner> {
    static SCANNER: OnceLock<Option<Scanner>> = OnceLock::new();
    let scanner = SCANNER.get_or_init(|| Scanner::new().ok());
    scanner.as_ref().filter(|scanner| scanner.is_ours())
}

struct Scanner {
    pagemap: File,
    /// A page that is zero in forked children, whatever made them, and not here.
    mark: &'static AtomicU8,
}

impl Scanner {
    fn new() -> io::Result<Scanner> {
        let (page, pagemap) = (host_page(), File::open("/proc/self/pagemap")?);
        let (access, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: a new mapping at an address of the system's choice affects nothing that exists. It is never unmapped
        // once it is in a scanner, and only accessed as atomic bytes.
        unsafe {
            let at = libc::mmap(ptr::null_mut(), 2 * page, access, flags, -1, 0);
            if at == libc::MAP_FAILED {
                return Err(Error::last_os_error());
            }
            let scanner = Scanner { pagemap, mark: &*at.cast() };
            let wiped = libc::madvise(at, 2 * page, libc::MADV_WIPEONFORK) == 0;
            if wiped && scanner.is_right(page) {
                return Ok(scanner);
            }
            libc::munmap(at, 2 * page);
        }
        Err(ErrorKind::Unsupported.into())
    }

    /// Whether this is the process that the file describes.
    fn is_ours(&self) -> bool {
        self.mark.load(Ordering::Relaxed) != 0
    }

    /// Writes the first page of the mark, reads the second, and asks about both.
    fn is_right(&self, page: usize) -> bool {
        let first = ptr::from_ref(self.mark);
        self.mark.store(1, Ordering::Relaxed);
        // SAFETY: the second page belongs to the mark as well.
        let second = unsafe { &*first.byte_add(page) }.load(Ordering::Relaxed);
        let mut runs = Runs::none();
        if self.scan(first.addr()..first.addr() + 2 * page, &mut runs).is_err() {
            return false;
        }
        let mut own = runs.iter().filter(|run| !run.is_zero_page());
        second == 0
            && own.next().is_some_and(|run| run.range() == (first.addr()..first.addr() + page))
            && own.next().is_none()
            && runs.walked == first.addr() + 2 * page
    }

    fn scan(&self, range: Range<usize>, runs: &mut Runs) -> io::Result<()> {
        (runs.found, runs.walked) = (0, range.start);
        let mut arg = PmScanArg {
            size: size_of::<PmScanArg>() as u64,
            flags: 0,
            start: range.start as u64,
            end: range.end as u64,
            walk_end: 0,
            vec: runs.runs.as_mut_ptr().expose_provenance() as u64,
            vec_len: RUNS as u64,
            max_pages: 0,
            // Neither absent nor of a file. A page of the file that is on the move counts as swapped, and as of a file.
            category_inverted: PAGE_IS_FILE,
            category_mask: PAGE_IS_FILE,
            category_anyof_mask: PAGE_IS_PRESENT | PAGE_IS_SWAPPED,
            return_mask: PAGE_IS_PFNZERO,
        };
        // SAFETY: without flags, the system only writes to the argument and as many runs as it is told there is room
        // for.
        let found = unsafe { libc::ioctl(self.pagemap.as_raw_fd(), PAGEMAP_SCAN, &raw mut arg) };
        let Ok(found) = usize::try_from(found) else { return Err(Error::last_os_error()) };
        let walked = arg.walk_end as usize;
        if found > RUNS || !(range.start..=range.end).contains(&walked) {
            return Err(ErrorKind::InvalidData.into());
        }
        (runs.found, runs.walked) = (found, walked);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::os;

    /// Page numbers in `base..` that have copies of their own.
    fn found(base: *mut u8, pages: usize) -> Vec<usize> {
        let (page, base) = (host_page(), base.addr());
        let (mut all, mut runs) = (Vec::new(), Runs::none());
        let mut at = base;
        while at < base + pages * page {
            written(at..base + pages * page, &mut runs).unwrap();
            for run in runs.iter().filter(|run| !run.is_zero_page()) {
                all.extend(run.range().step_by(page).map(|address| (address - base) / page));
            }
            at = runs.walked;
        }
        all
    }

    #[test]
    fn what_was_written_to_is_told_from_what_was_only_read() {
        use std::os::unix::fs::FileExt;
        if !can_tell_written() {
            return;
        }
        let (page, pages) = (host_page(), 400);
        let file = os::unnamed_file().unwrap();
        file.set_len(8 * page as u64).unwrap();
        file.write_all_at(&vec![1; 8 * page], 0).unwrap();
        os::seal_file(&file).unwrap();
        let base = os::reserve(pages * page).unwrap();
        // SAFETY: the reservation is this test's alone, and the file is sealed.
        unsafe {
            os::protect(base, (pages - 1) * page, os::Access::ReadWrite).unwrap();
            os::map_over(base.add(2 * page), 8 * page, &file).unwrap();
            let read = |i: usize| base.add(i * page).read_volatile();
            assert_eq!(found(base, pages), [0_usize; 0]);
            assert_eq!((0..20).map(read).sum::<u8>(), 8, "pages of zeros and of the file are mapped now");
            assert_eq!(found(base, pages), [0_usize; 0]);
            // More runs than are found at once, in all parts.
            let written: Vec<usize> = [0, 3, 4].into_iter().chain((9..399).step_by(2)).collect();
            written.iter().for_each(|&i| base.add(i * page).write(0));
            assert_eq!(found(base, pages), written);
            os::discard(base, pages * page).unwrap();
            assert_eq!(found(base, pages), [0_usize; 0]);
            os::release(base, pages * page);
        }
    }

    #[test]
    fn a_forked_child_cannot_tell() {
        if !can_tell_written() {
            return;
        }
        // SAFETY: the child only reads memory, and ends at once.
        let child = unsafe { libc::fork() };
        if child == 0 {
            // SAFETY: as above.
            unsafe { libc::_exit(can_tell_written().into()) };
        }
        let mut status = -1;
        // SAFETY: waits for the child just made.
        assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
        assert_eq!(status, 0);
        assert!(can_tell_written());
    }
}
