//! The operating system's memory calls that memmap2 does not offer.
//!
//! Everything else goes through memmap2, which owns its mappings and unmaps them on drop: the chunks that small modules
//! share for their code, the contents of large sections, signal stacks. What is here, and why:
//!
//! * [`reserve`], [`reserve_aligned`]: memmap2's anonymous mappings are readable and writable from the start. A guard
//!   has to fault, and gigabytes of writable addresses count as memory on a system that does not overcommit. Nor can it
//!   align a mapping without keeping the rest around it.
//! * [`release`]: memmap2 unmaps all of a mapping or cuts off its end. A reservation is also cut at its start, to align
//!   it, and in the middle, where pages could not be moved.
//! * [`protect`]: memmap2 changes the protection of a whole mapping, and knows neither `PROT_NONE` nor `PROT_BTI`. A
//!   memory grows, code is written, and pages of a chunk are sealed part by part.
//! * [`discard`], [`populate`], [`prefer_huge_pages`]: memmap2 gives this advice, but only for mappings of its own,
//!   which a reservation cannot be.
//! * [`map_over`], [`map_code_over`]: memmap2 has no `MAP_FIXED`. An image has its place inside a memory's reservation,
//!   and machine code begins where the registry can tell it from others.
//! * [`move_pages`]: memmap2's `remap` neither takes the new address nor keeps the old one.
//! * [`unnamed_file`], [`seal_file`]: memmap2 maps files, it does not create them.
//!
//! memmap2 maps no files here but images once they are sealed. Input is read, because truncating a file that is mapped
//! causes a hardware fault instead of an error; an image is written with `pwrite`, because running out of memory would
//! do the same.
//!
//! Ranges are whole pages. Nothing is ever writable and executable at once: [`Access`] cannot express it.

use std::fs::File;
use std::io::{self, Error};
use std::os::fd::{AsRawFd, FromRawFd};
use std::ptr;

fn check(result: libc::c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(Error::last_os_error()) }
}

/// Bytes in a page of the operating system.
pub(crate) fn host_page() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static SIZE: AtomicUsize = AtomicUsize::new(0);
    match SIZE.load(Ordering::Relaxed) {
        0 => {
            // SAFETY: asks for a constant of the system.
            let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as usize;
            SIZE.store(size, Ordering::Relaxed);
            size
        }
        size => size,
    }
}

/// Reserves `len` bytes of addresses, inaccessible and without memory.
pub(crate) fn reserve(len: usize) -> io::Result<*mut u8> {
    // SAFETY: a new anonymous mapping at an address of the system's choice affects nothing that exists.
    let at = unsafe {
        libc::mmap(
            ptr::null_mut(),
            len,
            libc::PROT_NONE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
            -1,
            0,
        )
    };
    if at == libc::MAP_FAILED { Err(Error::last_os_error()) } else { Ok(at.cast()) }
}

/// The same at a multiple of `align`, a power of two of which `len` is a multiple, too.
pub(crate) fn reserve_aligned(len: usize, align: usize) -> io::Result<*mut u8> {
    debug_assert!(len > 0 && len.is_multiple_of(align) && align.is_multiple_of(host_page()));
    let at = reserve(len + align)?;
    let before = at.align_offset(align);
    let base = at.wrapping_add(before);
    // SAFETY: both ends lie in the reservation just made and outside of what is handed out.
    unsafe {
        release(at, before);
        release(base.wrapping_add(len), align - before);
    }
    Ok(base)
}

/// Returns `len` bytes at `at` to the system, addresses and memory. Splitting a mapping takes one more mapping; if the
/// process may not have it, the range is leaked.
///
/// # Safety
/// The range must lie in what [`reserve`] returned, and must not be used any more.
pub(crate) unsafe fn release(at: *mut u8, len: usize) {
    if len > 0 {
        // SAFETY: guaranteed by the caller.
        let result = check(unsafe { libc::munmap(at.cast(), len) });
        debug_assert!(
            result.as_ref().err().is_none_or(|e| e.raw_os_error() == Some(libc::ENOMEM)),
            "munmap of a range that was mapped: {result:?}"
        );
    }
}

/// How memory may be accessed.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    None,
    ReadWrite,
    /// `landing_pads`: whether the code has some, so that the system should refuse jumps to anything else.
    ReadExecute {
        landing_pads: bool,
    },
}

impl Access {
    fn bits(self) -> libc::c_int {
        match self {
            Access::None => libc::PROT_NONE,
            Access::ReadWrite => libc::PROT_READ | libc::PROT_WRITE,
            Access::ReadExecute { landing_pads } => {
                libc::PROT_READ | libc::PROT_EXEC | if landing_pads { landing_pads_flag() } else { 0 }
            }
        }
    }
}

/// The protection that restricts jumps into code to landing pads, if processor and system support it (AArch64 BTI).
#[cfg(target_arch = "aarch64")]
fn landing_pads_flag() -> libc::c_int {
    const HWCAP2_BTI: libc::c_ulong = 1 << 17;
    // SAFETY: only reads what the kernel passed to the process.
    if unsafe { libc::getauxval(libc::AT_HWCAP2) } & HWCAP2_BTI != 0 { libc::PROT_BTI } else { 0 }
}

/// Linux has no such protection for x86-64 processes.
#[cfg(not(target_arch = "aarch64"))]
fn landing_pads_flag() -> libc::c_int {
    0
}

/// Changes the protection of a range.
///
/// # Safety
/// The range must lie in a mapping of the caller, and nothing may rely on an access that it loses.
pub(crate) unsafe fn protect(at: *mut u8, len: usize, access: Access) -> io::Result<()> {
    // SAFETY: guaranteed by the caller.
    check(unsafe { libc::mprotect(at.cast(), len, access.bits()) })
}

/// Frees the memory of a range and keeps the addresses. The range then reads as zeros, or as the contents of the file
/// mapped there.
///
/// # Safety
/// The range must lie in a private mapping of the caller, and nothing may rely on its contents.
pub(crate) unsafe fn discard(at: *mut u8, len: usize) -> io::Result<()> {
    // SAFETY: guaranteed by the caller.
    check(unsafe { libc::madvise(at.cast(), len, libc::MADV_DONTNEED) })
}

/// Provides memory for a writable range at once, instead of page by page as it is first written to. A system that
/// cannot do so (Linux before 5.14) is not an error.
///
/// # Safety
/// The range must lie in a mapping of the caller.
pub(crate) unsafe fn populate(at: *mut u8, len: usize) {
    // SAFETY: the advice changes no contents and no protection.
    unsafe { libc::madvise(at.cast(), len, libc::MADV_POPULATE_WRITE) };
}

/// Requests huge pages for those parts of a range that have no memory yet. A system without huge pages is not an error.
///
/// # Safety
/// The range must lie in a mapping of the caller.
pub(crate) unsafe fn prefer_huge_pages(at: *mut u8, len: usize) {
    // SAFETY: the advice changes no contents and no protection.
    unsafe { libc::madvise(at.cast(), len, libc::MADV_HUGEPAGE) };
}

/// Maps the first `len` bytes of `file` privately over a range, readable and writable.
///
/// # Errors
/// The range may be unmapped then, and may be mapped by another thread at any moment: it must not be touched again.
///
/// # Safety
/// The range must lie in what [`reserve`] returned, nothing may rely on its contents, and nothing may write to the
/// file.
pub(crate) unsafe fn map_over(at: *mut u8, len: usize, file: &File) -> io::Result<()> {
    let access = libc::PROT_READ | libc::PROT_WRITE;
    let flags = libc::MAP_PRIVATE | libc::MAP_FIXED | libc::MAP_NORESERVE;
    // SAFETY: guaranteed by the caller.
    let mapped = unsafe { libc::mmap(at.cast(), len, access, flags, file.as_raw_fd(), 0) };
    if mapped == libc::MAP_FAILED { Err(Error::last_os_error()) } else { Ok(()) }
}

/// Maps `len` bytes of `file` from `offset` on over a range, readable.
///
/// # Errors
/// As for [`map_over`].
///
/// # Safety
/// As for [`map_over`].
pub(crate) unsafe fn map_code_over(at: *mut u8, len: usize, file: &File, offset: u64) -> io::Result<()> {
    let flags = libc::MAP_PRIVATE | libc::MAP_FIXED;
    let offset = libc::off_t::try_from(offset).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    // SAFETY: guaranteed by the caller.
    let mapped = unsafe { libc::mmap(at.cast(), len, libc::PROT_READ, flags, file.as_raw_fd(), offset) };
    if mapped == libc::MAP_FAILED { Err(Error::last_os_error()) } else { Ok(()) }
}

/// Moves the pages of a range over another and leaves zeros behind. Returns whether that worked; if not, as on Linux
/// before 5.7, the other range may be unmapped.
///
/// # Safety
/// Both ranges must be anonymous and the caller's, and nothing may rely on what the other one contains.
pub(crate) unsafe fn move_pages(from: *mut u8, to: *mut u8, len: usize) -> bool {
    // Without the last flag the old range would be unmapped, and another thread might get it before it is freed.
    let flags = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED | libc::MREMAP_DONTUNMAP;
    // SAFETY: guaranteed by the caller.
    unsafe { libc::mremap(from.cast(), len, len, flags, to) != libc::MAP_FAILED }
}

/// An empty file in memory, without a name in any directory. `/proc/self/maps` calls it `wasm-memory`.
pub(crate) fn unnamed_file() -> io::Result<File> {
    // SAFETY: the name is a terminated string.
    let fd = unsafe { libc::memfd_create(c"wasm-memory".as_ptr(), libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING) };
    if fd < 0 {
        return Err(Error::last_os_error());
    }
    // SAFETY: just opened, and exclusively ours.
    Ok(unsafe { File::from_raw_fd(fd) })
}

/// Freezes a file made by [`unnamed_file`], its contents and its size.
pub(crate) fn seal_file(file: &File) -> io::Result<()> {
    let seals = libc::F_SEAL_WRITE | libc::F_SEAL_GROW | libc::F_SEAL_SHRINK | libc::F_SEAL_SEAL;
    // SAFETY: takes a descriptor that is open, and a number.
    check(unsafe { libc::fcntl(file.as_raw_fd(), libc::F_ADD_SEALS, seals) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a byte can be read: `write` reports an address that cannot, instead of faulting.
    fn is_readable(at: *const u8) -> bool {
        let (_reader, writer) = io::pipe().unwrap();
        // SAFETY: `write` only reads one byte, and checks that it can.
        unsafe { libc::write(writer.as_raw_fd(), at.cast(), 1) == 1 }
    }

    #[test]
    fn a_reservation_is_aligned_and_accessible_only_where_that_is_asked_for() {
        const ALIGN: usize = 2 << 20;
        let page = host_page();
        let base = reserve_aligned(2 * ALIGN, ALIGN).unwrap();
        assert!(base.addr().is_multiple_of(ALIGN));
        assert!(!is_readable(base) && !is_readable(base.wrapping_add(2 * ALIGN - 1)));
        // SAFETY: the reservation is this test's alone.
        unsafe {
            protect(base.add(page), page, Access::ReadWrite).unwrap();
            base.add(page).write_bytes(1, page);
            assert!(!is_readable(base) && is_readable(base.add(page)) && !is_readable(base.add(2 * page)));
            protect(base.add(page), page, Access::ReadExecute { landing_pads: false }).unwrap();
            assert!(is_readable(base.add(2 * page - 1)));
            protect(base.add(page), page, Access::ReadWrite).unwrap();
            discard(base.add(page), page).unwrap();
            assert_eq!(base.add(page).read(), 0);
            protect(base.add(page), page, Access::None).unwrap();
            assert!(!is_readable(base.add(page)));
            release(base, 2 * ALIGN);
        }
    }

    #[test]
    fn nothing_can_be_writable_and_executable() {
        let executable = [true, false].map(|landing_pads| Access::ReadExecute { landing_pads });
        for access in [Access::None, Access::ReadWrite].into_iter().chain(executable) {
            assert!(access.bits() & libc::PROT_WRITE == 0 || access.bits() & libc::PROT_EXEC == 0, "{access:?}");
        }
    }

    #[test]
    fn a_sealed_file_maps_over_a_reservation_and_cannot_be_changed() {
        use std::os::unix::fs::FileExt;
        let page = host_page();
        let file = unnamed_file().unwrap();
        file.set_len(page as u64).unwrap();
        file.write_all_at(b"contents", 0).unwrap();
        seal_file(&file).unwrap();
        assert!(file.write_all_at(b"x", 0).is_err() && file.set_len(0).is_err());
        let base = reserve(3 * page).unwrap();
        // SAFETY: the reservation is this test's alone, and the file is sealed.
        unsafe {
            map_over(base.add(page), page, &file).unwrap();
            assert!(!is_readable(base) && !is_readable(base.add(2 * page)));
            base.add(page).write(b'C');
            assert_eq!(std::slice::from_raw_parts(base.add(page), 8), b"Contents");
            discard(base.add(page), page).unwrap();
            assert_eq!(std::slice::from_raw_parts(base.add(page), 8), b"contents");
            release(base, 3 * page);
        }
    }
}
