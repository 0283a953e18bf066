//! `--timeout`: ends the program wherever it is.
//!
//! - Compiled code, and what waits in WASI, checks the engine's epoch.
//! - Whatever has not ended within [`GRACE`] (because a disk does not answer, or a terminal does not accept our own
//!   messages) ends with the process.
//!
//! Ctrl-C needs none of this: its signal has its default action, which ends the process at any time.
//!
//! A process runs one program, so there is one deadline.

use anyhow::Result;
use headwater::Engine;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// How long the program, and the report about it, may take to end after the deadline.
const GRACE: Duration = Duration::from_secs(1);

static OVER: AtomicBool = AtomicBool::new(false);
/// A deadline is set, and the program has not ended.
static ARMED: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

fn armed() -> MutexGuard<'static, bool> {
    ARMED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the program's time is over.
pub fn is_over() -> bool {
    OVER.load(Ordering::SeqCst)
}

/// Ends the program after `time`. Stores of `engine` must have an epoch deadline of one.
pub fn arm(time: Duration, engine: &Engine, last_resort: fn() -> u8) -> Result<()> {
    *armed() = true;
    let engine = engine.clone();
    std::thread::Builder::new().name("timeout".into()).spawn(move || {
        // A time that no clock can represent never comes.
        let Some(end) = Instant::now().checked_add(time) else { return };
        if !wait_until(end) {
            return;
        }
        OVER.store(true, Ordering::SeqCst);
        engine.increment_epoch();
        if wait_until(Instant::now() + GRACE) {
            end_process(last_resort);
        }
    })?;
    Ok(())
}

/// The program has ended in time: cancels the deadline. Must not be called for a program that was interrupted, whose
/// report may take too long as well.
pub fn disarm() {
    *armed() = false;
    CHANGED.notify_all();
}

/// Waits for `end`, or until the program has ended, in which case it returns false.
fn wait_until(end: Instant) -> bool {
    let mut state = armed();
    while *state {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        state = CHANGED.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
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
