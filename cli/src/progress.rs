//! Progress on standard error: one line that is redrawn, only on a terminal, and only when the work turns out to take
//! long.

use crate::feed::Observer;
use crate::style::{COMPILED, FAINT, RECEIVED, paint};
use crate::{style, units};
use headwater::Progress;
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Shows the progress of a module of `size` bytes (if that is known). The line disappears when the observer is dropped.
pub fn line(size: Option<u64>) -> impl Observer {
    let line = Mutex::new(Line::new(size));
    move |progress| line.lock().unwrap_or_else(PoisonError::into_inner).update(progress)
}

/// A line that shows the progress of a module.
struct Line {
    size: Option<u64>,
    enabled: bool,
    started: Instant,
    drawn: Option<Instant>,
}

impl Line {
    /// Work shorter than this shows nothing.
    const PATIENCE: Duration = Duration::from_millis(300);
    const INTERVAL: Duration = Duration::from_millis(50);

    fn new(size: Option<u64>) -> Line {
        Line { size, enabled: std::io::stderr().is_terminal(), started: Instant::now(), drawn: None }
    }

    /// Draws the line if it is time.
    fn update(&mut self, progress: Progress) {
        let since = self.drawn.unwrap_or(self.started).elapsed();
        let wait = if self.drawn.is_some() { Line::INTERVAL } else { Line::PATIENCE };
        if !self.enabled || since < wait {
            return;
        }
        self.drawn = Some(Instant::now());
        let rate = progress.received as f64 / self.started.elapsed().as_secs_f64();
        let received = match self.size {
            Some(size) => format!("{} of {}", units::bytes(progress.received), units::bytes(size)),
            None => units::bytes(progress.received),
        };
        let text = format!(
            "received {} {}, compiled {} {}",
            paint(RECEIVED, received),
            paint(FAINT, format_args!("({}/s)", units::bytes(rate as u64))),
            paint(COMPILED, units::bytes(progress.compiled)),
            paint(FAINT, format_args!("({} functions)", progress.functions)),
        );
        let mut err = std::io::stderr().lock();
        // A closed terminal is no reason to stop.
        let _ = write!(err, "\r\x1b[K{}", style::on(&err, &text));
        let _ = err.flush();
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.drawn.is_some() {
            eprint!("\r\x1b[K");
        }
    }
}
