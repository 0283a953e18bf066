//! The clocks that a program sees: the system's, or the embedder's.
//!
//! A clock of the embedder's that does not go on (or goes at another speed) says when a wait begins; how long it takes
//! is measured by the system's clock, so that no program waits forever for a time that never comes.

use crate::interrupt;
use cap_std::time::{Instant, SystemTime};
use std::time::{Duration, UNIX_EPOCH};
use wasi_common::clocks::WasiMonotonicOffsetClock;
use wasi_common::{WasiClocks, WasiMonotonicClock, WasiSystemClock};

/// A clock that says what time it is: `CLOCK_REALTIME`.
pub trait HostWallClock: Send + Sync {
    /// The smallest difference between two times of it.
    fn resolution(&self) -> Duration;

    /// The time since 1970-01-01 00:00 UTC.
    fn now(&self) -> Duration;
}

/// A clock that measures durations: `CLOCK_MONOTONIC`.
pub trait HostMonotonicClock: Send + Sync {
    /// The smallest difference between two times of it, in nanoseconds.
    fn resolution(&self) -> u64;

    /// The time since a moment that is always the same, in nanoseconds. Never less than before.
    fn now(&self) -> u64;
}

/// The clocks of a context: the embedder's where there are some.
pub(crate) fn clocks(
    wall: Option<Box<dyn HostWallClock>>,
    monotonic: Option<Box<dyn HostMonotonicClock>>,
) -> WasiClocks {
    let mut clocks = wasi_common::sync::clocks_ctx();
    if let Some(clock) = wall {
        clocks.system = Some(Box::new(Wall(clock)));
    }
    if let Some(clock) = monotonic {
        let base = Instant::from_std(std::time::Instant::now());
        let clock = Box::new(Monotonic { clock, base });
        clocks.monotonic = Some(WasiMonotonicOffsetClock { creation_time: base, abs_clock: clock });
    }
    clocks
}

struct Wall(Box<dyn HostWallClock>);

impl WasiSystemClock for Wall {
    fn resolution(&self) -> Duration {
        self.0.resolution()
    }

    fn now(&self, _: Duration) -> SystemTime {
        SystemTime::from_std(UNIX_EPOCH.checked_add(self.0.now()).unwrap_or(UNIX_EPOCH))
    }
}

struct Monotonic {
    clock: Box<dyn HostMonotonicClock>,
    /// Its zero, as wasi-common counts.
    base: Instant,
}

impl WasiMonotonicClock for Monotonic {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(self.clock.resolution())
    }

    fn now(&self, _: Duration) -> Instant {
        let since = interrupt::time_of_wait(|| self.clock.now()).unwrap_or_else(|| self.clock.now());
        self.base + Duration::from_nanos(since)
    }
}
