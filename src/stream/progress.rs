//! How far a stream has got, and the observer that is told.

pub(super) type Observer = Box<dyn Fn(Progress) + Send>;

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

/// The observer, if there is one, and what it was told last.
#[derive(Default)]
pub(super) struct Reports {
    pub observer: Option<Observer>,
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
