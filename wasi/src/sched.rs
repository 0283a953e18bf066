//! Waiting: `poll_oneoff` and sleeps.
//!
//! Replaces `wasi-common`'s, which ends the program if it cannot determine how many bytes are ready (standard input
//! from `/dev/null` or a directory; no version up to 46.0.3 handles this correctly), which continues to wait whatever
//! interrupts it, and which cannot wait for memory.

use crate::interrupt;
use cap_std::time::Duration;
use rustix::event::{PollFd, PollFlags};
use wasi_common::sched::{RwEventFlags, Subscription};
use wasi_common::{Error, ErrorExt, Poll, WasiFile, WasiSched};

pub struct Scheduler;

#[wiggle::async_trait]
impl WasiSched for Scheduler {
    async fn poll_oneoff<'a>(&self, poll: &mut Poll<'a>) -> Result<(), Error> {
        wait(poll)
    }

    async fn sched_yield(&self) -> Result<(), Error> {
        std::thread::yield_now();
        Ok(())
    }

    async fn sleep(&self, duration: Duration) -> Result<(), Error> {
        interrupt::poll(&mut [], Some(duration))?;
        Ok(())
    }
}

/// Waits until one of the subscriptions has an event, and notes the events of all of them.
fn wait(poll: &mut Poll<'_>) -> Result<(), Error> {
    let files: Vec<&dyn WasiFile> =
        poll.rw_subscriptions().map(|s| file_of(s)).collect::<Option<_>>().ok_or_else(Error::io)?;
    let wanted = poll.rw_subscriptions().map(|s| match s {
        Subscription::Write(_) => PollFlags::OUT,
        _ => PollFlags::IN,
    });
    // What is no file of the system (memory, a reader or writer of the embedder's) is always ready.
    let mut fds: Vec<PollFd<'_>> = Vec::new();
    let mut places = Vec::new();
    for (file, flags) in files.iter().zip(wanted) {
        places.push(file.pollable().map(|fd| {
            fds.push(PollFd::from_borrowed_fd(fd, flags));
            fds.len() - 1
        }));
    }
    let always = fds.len() < files.len();
    loop {
        let left = match poll.earliest_clock_deadline() {
            _ if always => Some(Duration::ZERO),
            Some(clock) => Some(clock.duration_until().unwrap_or(Duration::ZERO)),
            None => None,
        };
        let ready = interrupt::poll(&mut fds, left)? > 0;
        for ((subscription, file), place) in poll.rw_subscriptions().zip(&files).zip(&places) {
            report(subscription, *file, place.map_or(PollFlags::IN | PollFlags::OUT, |place| fds[place].revents()));
        }
        let passed = poll.earliest_clock_deadline().is_some_and(|clock| clock.result().is_some());
        if ready || always || passed {
            return Ok(());
        }
    }
}

fn file_of<'a>(subscription: &Subscription<'a>) -> Option<&'a dyn WasiFile> {
    match subscription {
        Subscription::Read(s) | Subscription::Write(s) => Some(s.file),
        Subscription::MonotonicClock(_) => None,
    }
}

/// Notes the event of a subscription, if the system reports one.
fn report(subscription: &mut Subscription<'_>, file: &dyn WasiFile, flags: PollFlags) {
    if flags.is_empty() {
        return;
    }
    if flags.contains(PollFlags::NVAL) {
        return fail(subscription, Error::badf());
    }
    if flags.contains(PollFlags::ERR) {
        return fail(subscription, Error::io());
    }
    let hangup = if flags.contains(PollFlags::HUP) { RwEventFlags::HANGUP } else { RwEventFlags::empty() };
    match subscription {
        // At the end of a file there are no bytes, and reading does not wait. Not everything that can be read can be
        // counted.
        Subscription::Read(s) => s.complete(file.num_ready_bytes().unwrap_or(0).max(1), hangup),
        Subscription::Write(s) => s.complete(0, hangup),
        Subscription::MonotonicClock(_) => {}
    }
}

fn fail(subscription: &mut Subscription<'_>, error: Error) {
    match subscription {
        Subscription::Read(s) | Subscription::Write(s) => s.error(error),
        Subscription::MonotonicClock(_) => {}
    }
}
