//! Hardware faults in compiled code become traps, and those of copies from mapped files errors.
//!
//! The handlers are installed once in a process, for good. A fault is ours only if the thread is in an activation, the
//! program counter is in compiled code, and the fault is one that compiled code uses: a trap instruction, or an access
//! to the reservation of a memory of the running store, or to where its heap would have fields of null; or if the thread copies from a mapped file (`mapped_file.rs`)
//! and the access is to the mapping. Anything else is passed to the previous handler, as if ours did not exist.
//!
//! The handler runs on the thread's signal stack. It may allocate: the fault interrupted compiled code,
//! not an allocator.

use crate::code::registry;
use crate::vm::context::Activation;
use crate::vm::frames::RawBacktrace;
use crate::vm::unwind::{RawTrap, Unwind};
use crate::vm::{machine, thread};
use anyhow::{Result, bail};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::OnceLock;

const SIGNALS: [libc::c_int; 4] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE];

/// The previous handlers, in the order of [`SIGNALS`]. Set before ours can run.
static PREVIOUS: OnceLock<[libc::sigaction; 4]> = OnceLock::new();

/// Installs the handlers, the first time.
pub(crate) fn install() -> Result<()> {
    static INSTALLED: OnceLock<Result<(), String>> = OnceLock::new();
    match INSTALLED.get_or_init(install_now) {
        Ok(()) => Ok(()),
        Err(e) => bail!("cannot install signal handlers: {e}"),
    }
}

fn install_now() -> Result<(), String> {
    let failed = || std::io::Error::last_os_error().to_string();
    // SAFETY: plain data that the system fills in; with a null new action the call only reports.
    let mut previous: [libc::sigaction; 4] = unsafe { std::mem::zeroed() };
    for (signal, old) in SIGNALS.iter().zip(&mut previous) {
        // SAFETY: as above.
        if unsafe { libc::sigaction(*signal, ptr::null(), old) } != 0 {
            return Err(failed());
        }
    }
    // First recorded, then replaced: a handler of ours always finds its predecessor.
    let _ = PREVIOUS.set(previous);
    for signal in SIGNALS {
        // SAFETY: the handler is async-signal-safe to the extent that the module's documentation promises, and has the
        // signature that SA_SIGINFO requires. SA_NODEFER: a fault in a chained handler must not hang.
        let rc = unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = handle as *const () as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER;
            libc::sigemptyset(&mut action.sa_mask);
            libc::sigaction(signal, &action, ptr::null_mut())
        };
        if rc != 0 {
            return Err(failed());
        }
    }
    Ok(())
}

unsafe extern "C" fn handle(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the kernel passes valid structures, and the thread's state has no destructor.
    unsafe {
        let errno = *libc::__errno_location();
        let (current, copying) = thread::with(|t| (t.current.get(), t.copying.get()));
        let ours = match copying.as_ref() {
            Some(copying) => signal == libc::SIGBUS && copying.rescue((*info).si_addr() as usize),
            None => !current.is_null() && handle_trap(signal, info, context.cast(), &*current),
        };
        if !ours {
            chain(signal, info, context);
        }
        *libc::__errno_location() = errno;
    }
}

/// Unwinds to the entry if the fault is a trap of compiled code. Returns whether it was one.
///
/// # Safety
/// To be called by a signal handler with its arguments, on the thread whose innermost activation it is.
unsafe fn handle_trap(
    signal: libc::c_int,
    info: *mut libc::siginfo_t,
    context: *mut libc::ucontext_t,
    activation: &Activation,
) -> bool {
    // SAFETY: the arguments are those of a signal.
    let regs = unsafe { machine::registers(context) };
    if !registry::is_code(regs.pc) {
        return false;
    }
    // SAFETY: the store is in a call, so its context is valid; compiled code is interrupted.
    let trap = unsafe {
        match signal {
            libc::SIGILL => machine::trap_instruction(regs.pc),
            libc::SIGSEGV | libc::SIGBUS => {
                let address = (*info).si_addr() as usize;
                let store = (*activation.vm).store();
                (*store).trap_at(address).map(|code| (code, regs.pc))
            }
            // Compiled code checks divisors before it divides.
            _ => None,
        }
    };
    let Some((code, pc)) = trap else { return false };
    // SAFETY: the fault is in compiled code called through this activation, so the frame pointer is that of one of its
    // frames, and the entry's registers were stored by its trampoline.
    unsafe {
        let frames = RawBacktrace::capture(activation.vm, activation, Some((pc, regs.fp)));
        let vm = activation.vm;
        (*(*vm).store()).park(Unwind::Trap(RawTrap { code, frames }));
        machine::resume_at(context, (*vm).call.entry_pc, (*vm).call.entry_sp, (*vm).call.entry_fp);
        if (*(*vm).store()).engine().config().poisons() {
            machine::poison(context);
        }
    }
    true
}

/// Does what would have happened without our handlers.
///
/// # Safety
/// To be called by a signal handler with its arguments.
unsafe fn chain(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    let previous = SIGNALS.iter().position(|&s| s == signal).zip(PREVIOUS.get()).map(|(i, p)| p[i]);
    let Some(previous) = previous else { return };
    // SAFETY: the previous action is called as the kernel would have called it.
    unsafe {
        let raised = (*info).si_code <= 0;
        match previous.sa_sigaction {
            // Sent by a process, and ignored.
            libc::SIG_IGN if raised => {}
            // A fault cannot be ignored: the kernel ends the process then, as it does by default. The
            // instruction faults again when the handler returns; what was sent must be sent again.
            libc::SIG_DFL | libc::SIG_IGN => {
                libc::sigaction(signal, &previous, ptr::null_mut());
                if raised {
                    libc::raise(signal);
                }
            }
            handler => {
                let mut mask = MaybeUninit::<libc::sigset_t>::uninit();
                let mut block = previous.sa_mask;
                if previous.sa_flags & libc::SA_NODEFER == 0 {
                    libc::sigaddset(&mut block, signal);
                }
                libc::pthread_sigmask(libc::SIG_BLOCK, &block, mask.as_mut_ptr());
                if previous.sa_flags & libc::SA_SIGINFO != 0 {
                    type Action = unsafe extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void);
                    std::mem::transmute::<usize, Action>(handler)(signal, info, context);
                } else {
                    type Handler = unsafe extern "C" fn(libc::c_int);
                    std::mem::transmute::<usize, Handler>(handler)(signal);
                }
                libc::pthread_sigmask(libc::SIG_SETMASK, mask.as_ptr(), ptr::null_mut());
            }
        }
    }
}
