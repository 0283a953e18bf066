//! How far a stream has got, who worked on it and when, and the observers that are told.

// Not modelled: observers are the embedder's.
use std::sync::Arc;
use std::time::Instant;

pub(super) type Observer = Box<dyn Fn(Progress) + Send>;

/// Is called on whatever thread has worked.
pub(super) type WorkObserver = Arc<dyn Fn(WorkSpan) + Send + Sync>;

/// The most bytes of bodies that are compiled inline between two reports to the observer.
const INTERVAL: u64 = 64 << 10;

/// How far a [`StreamingCompiler`](crate::StreamingCompiler) has got.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes of the module received.
    pub received: u64,
    /// Bytes of function bodies compiled.
    pub compiled: u64,
    /// Functions compiled.
    pub functions: u32,
}

/// A time in which one thread compiled bodies: a batch of them where several threads compile, at most what a push
/// contained where only the pushing thread does.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct WorkSpan {
    /// When it began.
    pub start: Instant,
    /// When it ended.
    pub end: Instant,
    /// Bytes of function bodies compiled in it.
    pub compiled: u64,
    /// Functions compiled in it.
    pub functions: u32,
}

/// The observers, if there are any, and what the one of progress was told last.
#[derive(Default)]
pub(super) struct Reports {
    pub observer: Option<Observer>,
    pub work_observer: Option<WorkObserver>,
    reported: Progress,
}

impl Reports {
    /// Tells the observer, unless nothing has changed.
    pub fn report(&mut self, now: Progress) {
        if let Some(observer) = &self.observer
            && now != self.reported
        {
            self.reported = now;
            observer(now);
        }
    }

    /// Tells the observer if enough was compiled since the last report. `now` is called only if there is an observer.
    pub fn report_if_due(&mut self, now: impl FnOnce() -> Progress) {
        if self.observer.is_some() {
            let now = now();
            if now.compiled - self.reported.compiled >= INTERVAL {
                self.report(now);
            }
        }
    }
}
