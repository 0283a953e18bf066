//! Waits in the system, which end when the program is to be interrupted.
//!
//! A host call that may wait is a [`Call`] of its thread while it runs. Whoever waits within it does so through
//! [`poll`], which looks for an interruption every [`INTERVAL`]. If there is one, the wait fails, the call fails without
//! having done anything that cannot be kept for the next time, and [`p1`](crate::p1) asks the store what to do; it may
//! make the same call again.
//!
//! The calls that are to come after a wait cannot wait themselves: they ask the system not to.

use headwater::Interruption;
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fd::BorrowedFd;
use rustix::io::Errno;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// How long a wait lasts before it looks for an interruption.
const INTERVAL: Duration = Duration::from_millis(5);

thread_local! {
    /// The innermost host call of this thread.
    static CURRENT: RefCell<Option<Rc<Call>>> = const { RefCell::new(None) };
}

/// A host call that may wait.
pub struct Call {
    interruption: RefCell<Option<Interruption>>,
    interrupted: Cell<bool>,
    /// When it began to wait for time to pass, if that is what it does.
    started: Option<Instant>,
    /// What the embedder's monotonic clock said then.
    clock: Cell<Option<u64>>,
    /// What it needs if it is entered again.
    kept: RefCell<Option<Box<dyn Any>>>,
}

impl Call {
    pub fn new(interruption: Option<Interruption>, waits_for_time: bool) -> Rc<Call> {
        Rc::new(Call {
            interruption: RefCell::new(interruption),
            interrupted: Cell::new(false),
            started: waits_for_time.then(Instant::now),
            clock: Cell::new(None),
            kept: RefCell::new(None),
        })
    }

    /// Whether there is anything that [`Call::enter`] has to say.
    pub fn matters(&self) -> bool {
        self.started.is_some() || self.interruption.borrow().is_some()
    }

    /// Runs `call` as this.
    pub fn enter<T>(self: &Rc<Call>, call: impl FnOnce() -> T) -> T {
        /// Leaves the call even if it panics.
        struct Leave(Option<Rc<Call>>);
        impl Drop for Leave {
            fn drop(&mut self) {
                CURRENT.set(self.0.take());
            }
        }

        if !self.matters() {
            return call();
        }
        let _leave = Leave(CURRENT.replace(Some(self.clone())));
        call()
    }

    /// Whether the call was interrupted, and has done nothing; it may then be entered again.
    pub fn was_interrupted(&self) -> bool {
        self.interrupted.get()
    }

    /// The call is to be entered again.
    pub fn again(&self, interruption: Option<Interruption>) {
        *self.interruption.borrow_mut() = interruption;
        self.interrupted.set(false);
    }

    /// How long it has waited for time to pass.
    pub fn waited(&self) -> Duration {
        self.started.map_or(Duration::ZERO, |started| started.elapsed())
    }

    fn is_due(&self) -> bool {
        self.interruption.borrow().as_ref().is_some_and(Interruption::is_due)
    }
}

fn current() -> Option<Rc<Call>> {
    CURRENT.with_borrow(Option::clone)
}

/// Whether somebody can interrupt the host call of this thread.
pub fn is_possible() -> bool {
    CURRENT.with_borrow(|call| call.as_ref().is_some_and(|call| call.interruption.borrow().is_some()))
}

/// The time of the embedder's monotonic clock in a call that waits for time to pass: that at its beginning, which `now`
/// tells, and what has passed since.
pub fn time_of_wait(now: impl FnOnce() -> u64) -> Option<u64> {
    let call = current()?;
    let waited = u64::try_from(call.started?.elapsed().as_nanos()).unwrap_or(u64::MAX);
    let start = call.clock.get().unwrap_or_else(now);
    call.clock.set(Some(start));
    Some(start.saturating_add(waited))
}

/// Fails if the host call is to be interrupted.
pub fn check() -> io::Result<()> {
    match current() {
        Some(call) if call.is_due() => {
            call.interrupted.set(true);
            Err(Errno::INTR.into())
        }
        _ => Ok(()),
    }
}

/// The host call has done something before a wait of it was interrupted, so it must not be made again.
pub fn complete() {
    if let Some(call) = current() {
        call.interrupted.set(false);
    }
}

/// Keeps what an interrupted host call needs if it is made again.
pub fn keep<K: 'static>(kept: K) {
    if let Some(call) = current() {
        *call.kept.borrow_mut() = Some(Box::new(kept));
    }
}

/// What the host call kept when it was interrupted.
pub fn take_kept<K: 'static>() -> Option<K> {
    let kept = current()?.kept.borrow_mut().take()?;
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
    loop {
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        let nap = [left, interval].into_iter().flatten().min();
        // Longer than the system can wait means forever, too.
        let nap = nap.and_then(|nap| Timespec::try_from(nap).ok());
        let ready = retry(|| rustix::event::poll(fds, nap.as_ref()))?;
        if ready > 0 || left == Some(Duration::ZERO) {
            return Ok(ready);
        }
        check()?;
    }
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
