//! The operating system's memory calls, for code: reserve, make writable, make executable, give back.
//!
//! Ranges are whole pages. No range is ever writable and executable at once: there is no call for it.

use super::cache;
use std::io;
use std::ptr;

/// The grain of protection: a multiple of the page size. AArch64 kernels have pages of up to 64 KiB.
pub(super) const PAGE: usize = if cfg!(target_arch = "aarch64") { 64 << 10 } else { 4 << 10 };

/// Code regions begin at multiples of this, and so does everything that [`super::registry`] tells apart by
/// its upper address bits alone. Also the size of a huge page.
pub(super) const ALIGN: usize = 2 << 20;

fn check(result: libc::c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Reserves `len` bytes of addresses, a multiple of [`ALIGN`] and aligned to it, inaccessible and without memory.
pub(super) fn reserve(len: usize) -> io::Result<*mut u8> {
    debug_assert!(len > 0 && len.is_multiple_of(ALIGN));
    let whole = len + ALIGN;
    // SAFETY: a new anonymous mapping at an address of the kernel's choice affects nothing that exists.
    let at = unsafe {
        libc::mmap(
            ptr::null_mut(),
            whole,
            libc::PROT_NONE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
            -1,
            0,
        )
    };
    if at == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    let at = at.cast::<u8>();
    let before = at.align_offset(ALIGN);
    let base = at.wrapping_add(before);
    // SAFETY: both ends lie in the mapping just made and outside of what is handed out.
    unsafe {
        if before > 0 {
            release(at, before);
        }
        release(base.wrapping_add(len), ALIGN - before);
    }
    Ok(base)
}

/// Gives `len` bytes at `at` back to the system, addresses and memory.
///
/// # Safety
/// The range must lie in what [`reserve`] returned and nobody may use it any more.
pub(super) unsafe fn release(at: *mut u8, len: usize) {
    if len > 0 {
        // SAFETY: as the caller says.
        let result = unsafe { libc::munmap(at.cast(), len) };
        debug_assert_eq!(result, 0, "munmap of a range that was mapped");
    }
}

/// Makes a range readable and writable.
///
/// # Safety
/// The range must lie in what [`reserve`] returned and no code may be running in it.
pub(super) unsafe fn make_writable(at: *mut u8, len: usize) -> io::Result<()> {
    // SAFETY: as the caller says.
    check(unsafe { libc::mprotect(at.cast(), len, libc::PROT_READ | libc::PROT_WRITE) })
}

/// Whether code may only be jumped to where it has landing pads, if processor and system know how (AArch64 BTI).
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

/// Makes a range readable and executable, and its instructions visible to all cores. `landing_pads`: it has some, and the
/// system is to see to it that nothing else is jumped to.
///
/// # Safety
/// The range must lie in what [`reserve`] returned and nobody may write to it any more.
pub(super) unsafe fn make_executable(at: *mut u8, len: usize, landing_pads: bool) -> io::Result<()> {
    if len == 0 {
        return Ok(());
    }
    let flag = if landing_pads { landing_pads_flag() } else { 0 };
    // SAFETY: as the caller says.
    unsafe {
        check(libc::mprotect(at.cast(), len, libc::PROT_READ | libc::PROT_EXEC | flag))?;
        cache::publish(at, len)
    }
}

/// Gives the memory of a range back and keeps the addresses; what is read there next is zeros.
///
/// # Safety
/// The range must lie in what [`reserve`] returned and nobody may use it any more.
pub(super) unsafe fn decommit(at: *mut u8, len: usize) -> io::Result<()> {
    // SAFETY: as the caller says.
    check(unsafe { libc::madvise(at.cast(), len, libc::MADV_DONTNEED) })
}

/// Provides memory for a writable range at once, instead of page by page as it is first written to. That this is not to be had
/// (before Linux 5.14) is no error.
///
/// # Safety
/// The range must lie in what [`reserve`] returned.
pub(super) unsafe fn populate(at: *mut u8, len: usize) {
    // SAFETY: the advice changes no contents and no protection.
    unsafe { libc::madvise(at.cast(), len, libc::MADV_POPULATE_WRITE) };
}

/// Asks for huge pages in a range, for what is not there yet. That they are not to be had is no error.
///
/// # Safety
/// The range must lie in what [`reserve`] returned.
pub(super) unsafe fn prefer_huge_pages(at: *mut u8, len: usize) {
    // SAFETY: the advice changes no contents and no protection.
    unsafe { libc::madvise(at.cast(), len, libc::MADV_HUGEPAGE) };
}
