//! Waits in the system, which end when the program is to be interrupted.
//!
//! A host call that may wait is the [`Call`] of its thread while it runs. Whoever waits within it does so through
//! [`poll`], which looks for an interruption every [`INTERVAL`]. If there is one, the wait fails, the call fails
//! without having done anything that cannot be kept for the next time, and [`p1`](crate::p1) asks the store what to do;
//! it may make the same call again.
//!
//! A call that may not keep its thread is interrupted by every wait, and made again when some time has passed.
//!
//! The calls that are to come after a wait cannot wait themselves: they ask the system not to.

use headwater::Interruption;
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fd::BorrowedFd;
use rustix::io::Errno;
use std::any::Any;
use std::cell::RefCell;
use std::io;
use std::time::{Duration, Instant};

/// How long a wait lasts before it looks for an interruption.
const INTERVAL: Duration = Duration::from_millis(5);

/// How long a call is left alone that waits for nothing but time; a timer cannot be set to any time.
const LONGEST: Duration = Duration::from_secs(3600);

thread_local! {
    /// The innermost host call of this thread.
    static CURRENT: RefCell<Option<Call>> = const { RefCell::new(None) };
}

/// A host call that may wait.
pub struct Call {
    interruption: Option<Interruption>,
    interrupted: bool,
    /// When it began to wait for time to pass, if that is what it does.
    started: Option<Instant>,
    /// What the embedder's monotonic clock said then.
    clock: Option<u64>,
    /// What it needs if it is entered again.
    kept: Option<Box<dyn Any + Send>>,
    /// Whether it leaves its thread to others while it waits.
    yields: bool,
    /// How long it is to wait then.
    nap: Duration,
}

impl Call {
    pub fn new(interruption: Option<Interruption>, waits_for_time: bool, yields: bool) -> Call {
        let started = waits_for_time.then(Instant::now);
        Call { interruption, interrupted: false, started, clock: None, kept: None, yields, nap: Duration::ZERO }
    }

    /// Whether there is anything that [`Call::enter`] has to say.
    fn matters(&self) -> bool {
        self.started.is_some() || self.is_restless()
    }

    fn is_restless(&self) -> bool {
        self.yields || self.interruption.is_some()
    }

    /// Runs `call` as this, which it gives back.
    pub fn enter<T>(self, call: impl FnOnce() -> T) -> (Call, T) {
        /// Leaves the call even if it panics.
        struct Leave(Option<Call>);
        impl Drop for Leave {
            fn drop(&mut self) {
                CURRENT.set(self.0.take());
            }
        }

        if !self.matters() {
            return (self, call());
        }
        let leave = Leave(CURRENT.replace(Some(self)));
        let result = call();
        let this = CURRENT.take().expect("it was put there, and nested calls leave");
        drop(leave);
        (this, result)
    }

    /// Whether the call was interrupted, and has done nothing; it may then be entered again.
    pub fn was_interrupted(&self) -> bool {
        self.interrupted
    }

    /// The call is to be entered again.
    pub fn again(&mut self, interruption: Option<Interruption>) {
        self.interruption = interruption;
        self.interrupted = false;
    }

    /// How long the call, which was interrupted, is to wait before it is entered again.
    pub fn nap(&self) -> Duration {
        self.nap
    }

    /// Whether somebody wants the program to be interrupted.
    pub fn is_due(&self) -> bool {
        self.interruption.as_ref().is_some_and(Interruption::is_due)
    }

    fn interrupt<T>(&mut self) -> io::Result<T> {
        self.interrupted = true;
        Err(Errno::INTR.into())
    }
}

/// Passes the host call of this thread to `f`, if there is one that matters.
fn with<T>(f: impl FnOnce(&mut Call) -> T) -> Option<T> {
    CURRENT.with_borrow_mut(|call| call.as_mut().map(f))
}

/// Whether the host call of this thread must not wait for as long as it likes.
pub fn is_possible() -> bool {
    with(|call| call.is_restless()).unwrap_or(false)
}

/// How long the host call of this thread has waited for time to pass.
pub fn waited() -> Duration {
    with(|call| call.started).flatten().map_or(Duration::ZERO, |started| started.elapsed())
}

/// Whether the host call of this thread was interrupted.
pub fn was_interrupted() -> bool {
    with(|call| call.interrupted).unwrap_or(false)
}

/// The time of the embedder's monotonic clock in a call that waits for time to pass: that at its beginning, which `now`
/// tells, and what has passed since.
pub fn time_of_wait(now: impl FnOnce() -> u64) -> Option<u64> {
    let (started, known) = with(|call| Some((call.started?, call.clock)))??;
    // Not while the call is borrowed: it is the embedder's.
    let start = known.unwrap_or_else(now);
    with(|call| call.clock = Some(start));
    let waited = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
    Some(start.saturating_add(waited))
}

/// Fails if the host call is to be interrupted.
pub fn check() -> io::Result<()> {
    with(|call| if call.is_due() { call.interrupt() } else { Ok(()) }).unwrap_or(Ok(()))
}

/// The host call has done something before a wait of it was interrupted, so it must not be made again.
pub fn complete() {
    with(|call| call.interrupted = false);
}

/// Keeps what an interrupted host call needs if it is made again.
pub fn keep<K: Send + 'static>(kept: K) {
    with(|call| call.kept = Some(Box::new(kept)));
}

/// What the host call kept when it was interrupted.
pub fn take_kept<K: 'static>() -> Option<K> {
    let kept = with(|call| call.kept.take())??;
    kept.downcast().ok().map(|kept| *kept)
}

/// Repeats a system call that a signal interrupted, unless the program is to be interrupted.
pub fn retry<T>(mut call: impl FnMut() -> Result<T, Errno>) -> io::Result<T> {
    loop {
        match call() {
            Err(Errno::INTR) => check()?,
            result => return Ok(result?),
        }
    }
}

/// How many of `fds` are ready within `time`, or ever.
pub fn poll(fds: &mut [PollFd<'_>], time: Option<Duration>) -> io::Result<usize> {
    // A time that no clock reaches means forever.
    let end = time.and_then(|time| Instant::now().checked_add(time));
    let interval = is_possible().then_some(INTERVAL);
    let yields = with(|call| call.yields).unwrap_or(false);
    loop {
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        let nap = [left, interval].into_iter().flatten().min();
        // Longer than the system can wait means forever, too.
        let nap = if yields { Some(Duration::ZERO) } else { nap };
        let ready = retry(|| rustix::event::poll(fds, nap.and_then(|nap| Timespec::try_from(nap).ok()).as_ref()))?;
        if ready > 0 || left == Some(Duration::ZERO) {
            return Ok(ready);
        }
        check()?;
        if yields {
            return leave(left, fds.is_empty());
        }
    }
}

/// Leaves the thread to others, for a wait of `left` or forever.
fn leave<T>(left: Option<Duration>, for_time_alone: bool) -> io::Result<T> {
    let interrupted = with(|call| {
        // Nothing has to be looked at in between.
        let whole = for_time_alone && call.interruption.is_none();
        let most = if whole { LONGEST } else { INTERVAL };
        call.nap = left.unwrap_or(most).min(most);
        call.interrupt()
    });
    interrupted.unwrap_or_else(|| Err(Errno::INTR.into()))
}

/// Waits until `fd` is ready.
pub fn wait_for(fd: BorrowedFd<'_>, what: PollFlags) -> io::Result<()> {
    poll(&mut [PollFd::from_borrowed_fd(fd, what)], None).map(drop)
}

/// Waits for a moment before something is tried again.
pub fn pause() -> io::Result<()> {
    poll(&mut [], Some(INTERVAL))?;
    check()
}
