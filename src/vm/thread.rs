//! What each thread needs before it runs compiled code: where its stack ends, and a stack for signal handlers.
//!
//! Both are determined or allocated on the thread's first outermost call. [`ThreadState`] has no destructor, so that a
//! signal handler can read it at any time.

use crate::engine::HOST_RESERVE;
use crate::os::{self, Access, host_page};
use crate::vm::context::Activation;
use crate::vm::mapped_file::Copying;
use crate::vm::signals;
use anyhow::{Result, bail};
use memmap2::{MmapMut, MmapRaw};
use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::ptr;

/// Size of the stack for signal handlers, without its guard page.
const SIGNAL_STACK: usize = 64 << 10;

/// One thread's state, read by signal handlers.
pub(crate) struct ThreadState {
    /// The innermost activation; null outside of compiled code and what it calls.
    pub current: Cell<*const Activation>,
    /// The copy from a mapped file that the thread is in; null outside of them.
    pub copying: Cell<*const Copying>,
    ready: Cell<bool>,
    /// Lowest address of the thread's own stack that compiled code may reach.
    lowest: Cell<usize>,
    /// How many bytes of the thread's own stack are above `lowest`; 0 before the thread is ready.
    above: Cell<usize>,
    /// How many bytes of it are below: the host's reserve.
    below: Cell<usize>,
}

thread_local! {
    static THREAD: ThreadState = const {
        ThreadState {
            current: Cell::new(ptr::null()),
            copying: Cell::new(ptr::null()),
            ready: Cell::new(false),
            lowest: Cell::new(0),
            above: Cell::new(0),
            below: Cell::new(0),
        }
    };
    /// Kept apart because it has a destructor.
    static OWN_SIGNAL_STACK: RefCell<Option<SignalStack>> = const { RefCell::new(None) };
}

/// The calling thread's state. It lives as long as the thread, and may only be used on it.
#[inline(always)]
pub(crate) fn state() -> *const ThreadState {
    THREAD.with(ptr::from_ref)
}

/// The calling thread's innermost activation; null outside of compiled code and what it calls.
///
/// Never inlined: who calls it may have run on another thread before, whose state's address the optimiser would be free
/// to use again.
#[inline(never)]
pub(crate) fn innermost() -> *const Activation {
    THREAD.with(|thread| thread.current.get())
}

/// Passes the calling thread's state to `f`.
#[inline]
pub(crate) fn with<R>(f: impl FnOnce(&ThreadState) -> R) -> R {
    THREAD.with(f)
}

impl ThreadState {
    /// The lowest stack address for compiled code entered at stack address `sp`, if it may use `size` bytes; above `sp`
    /// if there is no space at all. Prepares the thread on its first call.
    ///
    /// # Errors
    /// If the thread cannot be prepared.
    pub fn stack_limit(&self, sp: usize, size: usize) -> Result<usize> {
        if let Some(limit) = self.usual_stack_limit(sp, size) {
            return Ok(limit);
        }
        self.make_ready()?;
        let limit = sp.saturating_sub(size);
        let bottom = self.lowest.get() - self.below.get();
        // On a stack that is not the thread's own (a coroutine's, say) the embedder vouches for the space.
        let own = sp.wrapping_sub(bottom) <= self.below.get() + self.above.get();
        Ok(if own { limit.max(self.lowest.get()) } else { limit })
    }

    /// The same if the thread is ready and `sp` is on its own stack, above the host's reserve; not above `sp`.
    #[inline(always)]
    pub fn usual_stack_limit(&self, sp: usize, size: usize) -> Option<usize> {
        let room = sp.wrapping_sub(self.lowest.get());
        (room < self.above.get()).then(|| sp - size.min(room))
    }

    /// Prepares the thread, the first time.
    ///
    /// # Errors
    /// If that is impossible.
    pub fn make_ready(&self) -> Result<()> {
        if self.ready.get() { Ok(()) } else { self.prepare() }
    }

    fn prepare(&self) -> Result<()> {
        signals::install()?;
        ensure_signal_stack()?;
        if let Some((low, high)) = stack_bounds() {
            let reserve = HOST_RESERVE.min((high - low) / 4);
            self.below.set(reserve);
            self.lowest.set(low + reserve);
            self.above.set(high - low - reserve);
        }
        self.ready.set(true);
        Ok(())
    }
}

/// Lowest and highest address of the calling thread's stack.
fn stack_bounds() -> Option<(usize, usize)> {
    // SAFETY: `pthread_attr_t` is plain memory that `pthread_getattr_np` initialises, and only if that
    // succeeds it is read and destroyed.
    unsafe {
        let mut attr = std::mem::zeroed();
        if libc::pthread_getattr_np(libc::pthread_self(), &mut attr) != 0 {
            return None;
        }
        let (mut low, mut size) = (ptr::null_mut(), 0);
        let rc = libc::pthread_attr_getstack(&attr, &mut low, &mut size);
        libc::pthread_attr_destroy(&mut attr);
        let low = low as usize;
        (rc == 0 && size > 0).then(|| (low, low.saturating_add(size)))
    }
}

/// Ensures that the thread has a stack for signal handlers that is large enough for ours.
fn ensure_signal_stack() -> Result<()> {
    // SAFETY: with a null first argument the call only reports.
    let old = unsafe {
        let mut old: libc::stack_t = std::mem::zeroed();
        if libc::sigaltstack(ptr::null(), &mut old) != 0 {
            bail!("cannot read the signal stack: {}", std::io::Error::last_os_error());
        }
        old
    };
    if old.ss_flags & libc::SS_DISABLE == 0 && old.ss_size >= SIGNAL_STACK {
        return Ok(());
    }
    let stack = SignalStack::new()?;
    let new = libc::stack_t { ss_sp: stack.usable().cast(), ss_flags: 0, ss_size: SIGNAL_STACK };
    // SAFETY: the new stack is ours and stays mapped until the thread ends, when it is disabled first.
    if unsafe { libc::sigaltstack(&new, ptr::null_mut()) } != 0 {
        bail!("cannot set the signal stack: {}", std::io::Error::last_os_error());
    }
    // A thread whose destructors already ran keeps the stack for good: it is about to end.
    let mut stack = Some(stack);
    let _ = OWN_SIGNAL_STACK.try_with(|own| *own.borrow_mut() = stack.take());
    std::mem::forget(stack);
    Ok(())
}

/// A mapped signal stack with a guard page below.
struct SignalStack {
    mapping: ManuallyDrop<MmapRaw>,
}

impl SignalStack {
    fn len() -> usize {
        SIGNAL_STACK + host_page()
    }

    fn new() -> Result<SignalStack> {
        let mapping = match MmapMut::map_anon(Self::len()) {
            Ok(mapping) => MmapRaw::from(mapping),
            Err(error) => bail!("cannot map a signal stack: {error}"),
        };
        // A process that may not have one more mapping does without the guard: handlers need far less than the stack's
        // size.
        // SAFETY: the page is the mapping's first, which nothing uses.
        let _ = unsafe { os::protect(mapping.as_mut_ptr(), host_page(), Access::None) };
        Ok(SignalStack { mapping: ManuallyDrop::new(mapping) })
    }

    fn usable(&self) -> *mut u8 {
        self.mapping.as_mut_ptr().wrapping_add(host_page())
    }
}

impl Drop for SignalStack {
    fn drop(&mut self) {
        // The stack that was set before ours may be gone by now (Rust's own threads free theirs before this runs), so
        // it is not restored.
        // SAFETY: the stack is only unmapped once it is certain that the thread's signals do not use it.
        unsafe {
            let mut current: libc::stack_t = std::mem::zeroed();
            if libc::sigaltstack(ptr::null(), &mut current) == 0 && current.ss_sp == self.usable().cast() {
                current.ss_flags = libc::SS_DISABLE;
                if libc::sigaltstack(&current, ptr::null_mut()) != 0 {
                    return;
                }
            }
            ManuallyDrop::drop(&mut self.mapping);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_stays_on_the_threads_own_stack() {
        let check = || {
            with(|t| {
                let here = 0u8;
                let sp = &raw const here as usize;
                let (low, high) = stack_bounds().expect("threads have stacks");
                assert!((low..high).contains(&sp));
                assert_eq!(t.stack_limit(sp, 4096).unwrap(), sp - 4096);
                let limit = t.stack_limit(sp, 1 << 40).unwrap();
                assert!(limit > low && limit < sp);
                // Elsewhere the thread's bounds mean nothing.
                assert_eq!(t.stack_limit(high + (1 << 30), 1 << 20).unwrap(), high + (1 << 30) - (1 << 20));
                // The host's reserve offers no space.
                assert!(t.stack_limit(low + 8, 4096).unwrap() > low + 8);
            });
        };
        check();
        std::thread::Builder::new().stack_size(64 << 10).spawn(check).unwrap().join().unwrap();
    }
}
