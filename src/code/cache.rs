//! Making freshly written instructions visible to instruction fetch, on every core.
//!
//! x86-64 needs nothing: its caches are coherent, and the jump into new code is enough (Intel SDM volume 3A, "Handling
//! Self- and Cross-Modifying Code").
//!
//! AArch64 leaves it to software (*Arm Architecture Reference Manual for A-profile architecture*, DDI 0487, chapter B2,
//! "Concurrent modification and execution of instructions", B2.2.5 in most issues; the sequence for several processing
//! elements is in the appendix "Barrier Litmus Tests", "Ensuring the visibility of updates to instructions for a
//! multiprocessor"; the bits are in the description of `CTR_EL0`):
//!
//! 1. `DC CVAU` cleans each line of the data cache to the point of unification; needless where `CTR_EL0.IDC` is set;
//! 2. `DSB ISH` waits until that, and the stores themselves, can be seen by all cores of the inner shareable domain;
//! 3. `IC IVAU` invalidates each line of the instruction caches, those of the other cores too; needless where
//!    `CTR_EL0.DIC` is set;
//! 4. `DSB ISH` waits until that is done;
//! 5. `ISB` makes this core fetch anew what it may have fetched before.
//! 6. The other cores have to execute a context synchronization event themselves before they run the code. `membarrier`
//!    with `SYNC_CORE` makes the kernel do this for all threads of the process before it returns.
//!
//! A thread learns an address of the code only after [`publish`] has returned, through a synchronising operation of the
//! language, so no core executes the code before step 6.

use std::io;

/// Makes the instructions that were written to `at..at + len` visible to instruction fetch. To be called when all of
/// them are written and before any can be executed.
///
/// # Errors
/// If the system has no means to synchronise the other cores (AArch64 with Linux before 4.16).
///
/// # Safety
/// The range must be mapped and readable.
#[cfg(target_arch = "x86_64")]
pub(super) unsafe fn publish(_at: *const u8, _len: usize) -> io::Result<()> {
    Ok(())
}

/// Makes the instructions that were written to `at..at + len` visible to instruction fetch. To be called when all of
/// them are written and before any can be executed.
///
/// # Errors
/// If the system has no means to synchronise the other cores (Linux before 4.16).
///
/// # Safety
/// The range must be mapped and readable.
#[cfg(target_arch = "aarch64")]
pub(super) unsafe fn publish(at: *const u8, len: usize) -> io::Result<()> {
    use std::arch::asm;

    let (start, end) = (at as usize, at as usize + len);
    let ctr: u64;
    // SAFETY: Linux lets user space read the register.
    unsafe { asm!("mrs {}, ctr_el0", out(reg) ctr, options(nomem, nostack, preserves_flags)) };
    // The smallest line sizes of all caches, as binary logarithms of the number of four-byte words.
    let data_line = 4usize << (ctr >> 16 & 15);
    let instruction_line = 4usize << (ctr & 15);
    let (idc, dic) = (ctr >> 28 & 1 != 0, ctr >> 29 & 1 != 0);
    // SAFETY: the instructions do not change memory, only what caches hold of it, and the range is mapped, so none of
    // them faults. No `nomem`: earlier writes must happen first.
    unsafe {
        if !idc {
            for line in (start & !(data_line - 1)..end).step_by(data_line) {
                asm!("dc cvau, {}", in(reg) line, options(nostack, preserves_flags));
            }
        }
        asm!("dsb ish", options(nostack, preserves_flags));
        if !dic {
            for line in (start & !(instruction_line - 1)..end).step_by(instruction_line) {
                asm!("ic ivau, {}", in(reg) line, options(nostack, preserves_flags));
            }
            asm!("dsb ish", options(nostack, preserves_flags));
        }
        asm!("isb", options(nostack, preserves_flags));
    }
    synchronise_other_cores()
}

/// Makes all running threads of the process execute a context synchronization event.
#[cfg(target_arch = "aarch64")]
fn synchronise_other_cores() -> io::Result<()> {
    use std::sync::OnceLock;

    fn membarrier(command: libc::c_int) -> io::Result<()> {
        // SAFETY: the call affects no memory.
        let result = unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    /// Whether the process could be registered.
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    let register = || membarrier(libc::MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE).is_ok();
    let synchronise = || membarrier(libc::MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE);
    if *REGISTERED.get_or_init(register) {
        match synchronise() {
            // Not registered: this is a child that was forked after its parent was.
            Err(e) if e.raw_os_error() == Some(libc::EPERM) && register() => synchronise(),
            result => result,
        }
    } else {
        let message = "the system cannot synchronise cores (membarrier with SYNC_CORE, Linux 4.16)";
        Err(io::Error::new(io::ErrorKind::Unsupported, message))
    }
}
