//! `--timeout`: ends the program wherever it is.
//!
//! - Compiled code checks the engine's epoch.
//! - A host call that waits in the system (for input, for a reader of a full pipe, for the other end of a FIFO, for
//!   time to pass) is interrupted by a signal, again and again until it returns.
//! - Whatever has not ended within [`GRACE`] (because a disk does not answer, or a terminal does not accept our own
//!   messages) ends with the process.
//!
//! Ctrl-C needs none of this: its signal has its default action, which ends the process at any time.
//!
//! A process runs one program, so there is one deadline.

use anyhow::Result;
use headwater::{Engine, Trap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// How long the program, and the report about it, may take to end after the deadline.
const GRACE: Duration = Duration::from_secs(1);

/// A signal can arrive right before the wait that it should interrupt, so it is repeated.
const INTERVAL: Duration = Duration::from_millis(5);

/// Nothing else here uses this signal, and the system ignores it where it has no handler.
const SIGNAL: libc::c_int = libc::SIGURG;

static OVER: AtomicBool = AtomicBool::new(false);
static WATCHED: Mutex<Watched> = Mutex::new(Watched { armed: false, calling: Vec::new() });
static CHANGED: Condvar = Condvar::new();

struct Watched {
    /// A deadline is set, and the program has not ended.
    armed: bool,
    /// The threads that are in host calls; each takes the lock again before it leaves the call.
    calling: Vec<libc::pthread_t>,
}

fn watched() -> MutexGuard<'static, Watched> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the program's time is over.
pub fn is_over() -> bool {
    OVER.load(Ordering::SeqCst)
}

/// Ends the program after `time`. Stores of `engine` must have an epoch deadline of one.
pub fn arm(time: Duration, engine: &Engine, last_resort: fn() -> u8) -> Result<()> {
    handle_signal()?;
    watched().armed = true;
    let engine = engine.clone();
    std::thread::Builder::new().name("timeout".into()).spawn(move || {
        // A time that no clock can represent never comes.
        let Some(end) = Instant::now().checked_add(time) else { return };
        if !wait_until(end) {
            return;
        }
        OVER.store(true, Ordering::SeqCst);
        engine.increment_epoch();
        if interrupt_until(Instant::now() + GRACE) {
            end_process(last_resort);
        }
    })?;
    Ok(())
}

/// The program has ended in time: cancels the deadline. Must not be called for a program that was interrupted, whose
/// report may take too long as well.
pub fn disarm() {
    watched().armed = false;
    CHANGED.notify_all();
}

/// Makes a host call for the program, and ends the program if the time is over then.
///
/// # Errors
/// [`Trap::Interrupt`].
pub fn interruptible<T>(call: impl FnOnce() -> T) -> Result<T, Trap> {
    /// Leaves the call even if it panics.
    struct Calling;
    impl Drop for Calling {
        fn drop(&mut self) {
            // SAFETY: it has no preconditions.
            let me = unsafe { libc::pthread_self() };
            watched().calling.retain(|&thread| thread != me);
        }
    }

    {
        let mut watched = watched();
        if !watched.armed {
            drop(watched);
            return Ok(call());
        }
        // SAFETY: it has no preconditions.
        watched.calling.push(unsafe { libc::pthread_self() });
    }
    let calling = Calling;
    let result = call();
    drop(calling);
    if is_over() { Err(Trap::Interrupt) } else { Ok(result) }
}

/// Waits for `end`, or until the program has ended, in which case it returns false.
fn wait_until(end: Instant) -> bool {
    let mut state = watched();
    while state.armed {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        state = CHANGED.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
    }
    false
}

/// Interrupts host calls until `end`, or until the program has ended, in which case it returns false.
fn interrupt_until(end: Instant) -> bool {
    let mut state = watched();
    while state.armed {
        if Instant::now() >= end {
            return true;
        }
        for &thread in &state.calling {
            // SAFETY: the thread exists: it takes the lock, which is held here, before it returns from its call.
            unsafe { libc::pthread_kill(thread, SIGNAL) };
        }
        state = CHANGED.wait_timeout(state, INTERVAL).unwrap_or_else(PoisonError::into_inner).0;
    }
    false
}

/// Ends the process with the status that `last_resort` returns, which may report the reason if that is possible without
/// waiting.
fn end_process(last_resort: fn() -> u8) -> ! {
    /// Standard error may be what the program waits for.
    const PATIENCE: Duration = Duration::from_millis(100);
    let (done, reported) = mpsc::channel();
    std::thread::spawn(move || done.send(last_resort()));
    let status = reported.recv_timeout(PATIENCE).unwrap_or(crate::run::TRAPPED);
    std::process::exit(status.into())
}

/// Makes [`SIGNAL`] interrupt waits, and do nothing else.
fn handle_signal() -> Result<()> {
    extern "C" fn nothing(_: libc::c_int) {}
    // SAFETY: all zeros is a valid value, without flags, in particular SA_RESTART, which would restart waits.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = nothing as extern "C" fn(libc::c_int) as libc::sighandler_t;
    // SAFETY: the handler does nothing, which is safe at any time; there is no other user of the signal.
    match unsafe { libc::sigaction(SIGNAL, &action, std::ptr::null_mut()) } {
        0 => Ok(()),
        _ => Err(std::io::Error::last_os_error().into()),
    }
}
