//! What happened when while a module was compiled: bytes that arrived, and times in which each thread compiled. Bounded,
//! however small the pieces are in which the bytes come. [`picture`](crate::picture) draws it.

use headwater::WorkSpan;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

/// More points or spans than this are not distinguished in a picture.
const MOST: usize = 2000;

/// A recording, which several threads write to.
#[derive(Clone, Default)]
pub struct Timeline(Arc<Mutex<Record>>);

/// What was recorded.
#[derive(Default)]
pub struct Record {
    /// How many bytes had arrived when, in order.
    pub arrivals: Vec<(Instant, u64)>,
    /// Which arrivals are kept: those this long after the one before.
    interval: Duration,
    /// One for each thread that compiled, in the order of their first work.
    pub lanes: Vec<Lane>,
}

/// The work of one thread.
pub struct Lane {
    pub thread: ThreadId,
    /// In order; spans that nearly touch are one.
    pub spans: Vec<Span>,
    /// Spans that are this close are one.
    gap: Duration,
    /// The time of all spans, without what lies between.
    pub busy: Duration,
    /// Functions compiled.
    pub functions: u64,
}

/// A time in which a thread compiled so many bytes of bodies.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Span {
    pub start: Instant,
    pub end: Instant,
    pub compiled: u64,
}

impl Timeline {
    fn lock(&self) -> MutexGuard<'_, Record> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So many bytes, all in all, have arrived.
    pub fn arrived(&self, at: Instant, bytes: u64) {
        self.lock().arrived(at, bytes);
    }

    /// This thread has compiled.
    pub fn worked(&self, span: WorkSpan) {
        let thread = std::thread::current().id();
        let new = Span { start: span.start, end: span.end, compiled: span.compiled };
        self.lock().worked(thread, new, span.functions);
    }

    /// What was recorded so far; nothing is left.
    pub fn take(&self) -> Record {
        std::mem::take(&mut self.lock())
    }
}

impl Record {
    fn arrived(&mut self, at: Instant, bytes: u64) {
        // The first stays, and the last is always true.
        if self.arrivals.len() > 2
            && let [.., before, last] = &mut self.arrivals[..]
            && at - before.0 < self.interval
        {
            *last = (at, bytes);
            return;
        }
        self.arrivals.push((at, bytes));
        if self.arrivals.len() > MOST {
            let all = self.arrivals[MOST].0 - self.arrivals[0].0;
            self.interval = (2 * self.interval).max(all / MOST as u32);
            for (at, bytes) in std::mem::take(&mut self.arrivals) {
                self.arrived(at, bytes);
            }
        }
    }

    fn worked(&mut self, thread: ThreadId, span: Span, functions: u32) {
        let known = self.lanes.iter().position(|lane| lane.thread == thread);
        let i = known.unwrap_or_else(|| {
            self.lanes.push(Lane::new(thread));
            self.lanes.len() - 1
        });
        let lane = &mut self.lanes[i];
        lane.busy += span.end - span.start;
        lane.functions += u64::from(functions);
        lane.add(span);
    }
}

impl Lane {
    fn new(thread: ThreadId) -> Lane {
        Lane { thread, spans: Vec::new(), gap: Duration::ZERO, busy: Duration::ZERO, functions: 0 }
    }

    fn add(&mut self, span: Span) {
        if let Some(last) = self.spans.last_mut()
            && span.start.saturating_duration_since(last.end) < self.gap
        {
            last.end = span.end;
            last.compiled += span.compiled;
            return;
        }
        self.spans.push(span);
        if self.spans.len() > MOST {
            let all = span.end - self.spans[0].start;
            self.gap = (2 * self.gap).max(all / (4 * MOST as u32));
            for span in std::mem::take(&mut self.spans) {
                self.add(span);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_bounded_and_its_sums_are_right() {
        let timeline = Timeline::default();
        let start = Instant::now();
        let step = Duration::from_micros(10);
        for i in 0..100_000 {
            let at = start + i * step;
            let mut record = timeline.lock();
            record.arrived(at, u64::from(i) + 1);
            let span = Span { start: at, end: at + step / 2, compiled: 3 };
            record.worked(std::thread::current().id(), span, 1);
        }
        let record = timeline.take();
        assert!((MOST / 4..=MOST).contains(&record.arrivals.len()), "{}", record.arrivals.len());
        assert_eq!(record.arrivals[0], (start, 1));
        assert_eq!(record.arrivals.last(), Some(&(start + 99_999 * step, 100_000)));
        assert!(record.arrivals.is_sorted());
        let [lane] = &record.lanes[..] else { panic!("one thread worked") };
        assert!(lane.spans.len() <= MOST);
        assert_eq!(lane.spans.iter().map(|span| span.compiled).sum::<u64>(), 300_000);
        assert_eq!((lane.busy, lane.functions), (100_000 * step / 2, 100_000));
        assert!(lane.spans.is_sorted_by_key(|span| span.start));
    }

    #[test]
    fn what_is_far_apart_stays_apart() {
        let timeline = Timeline::default();
        let start = Instant::now();
        for i in 0..10u32 {
            let at = start + i * Duration::from_millis(20);
            timeline.lock().arrived(at, u64::from(i));
            let span = Span { start: at, end: at + Duration::from_millis(1), compiled: 1 };
            timeline.lock().worked(std::thread::current().id(), span, 1);
        }
        let record = timeline.take();
        assert_eq!((record.arrivals.len(), record.lanes[0].spans.len()), (10, 10));
    }
}
