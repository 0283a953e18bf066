//! Time taken by a piece of work: wall-clock time, and processor time of the whole process.

use serde_json::{Value, json};
use std::time::Instant;

/// Time taken by one piece of work, in nanoseconds.
#[derive(Copy, Clone, Debug)]
pub struct Time {
    pub wall: u64,
    /// Of all threads of the process, including the kernel's work for them.
    pub cpu: u64,
}

/// Which of the two counts.
#[derive(Copy, Clone, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Clock {
    /// Elapsed time.
    Wall,
    /// Processor time of all threads of the process: the fairer one where the machine has other work.
    Cpu,
}

impl Time {
    pub fn by(self, clock: Clock) -> u64 {
        match clock {
            Clock::Wall => self.wall,
            Clock::Cpu => self.cpu,
        }
    }
}

fn process_cpu() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is valid for writing the result.
    let status = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    assert_eq!(status, 0, "Linux has this clock");
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Runs `work`. What it returns is dropped by the caller, outside of the measured time.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Time) {
    let cpu = process_cpu();
    let wall = Instant::now();
    let result = work();
    let wall = wall.elapsed().as_nanos() as u64;
    (result, Time { wall, cpu: process_cpu() - cpu })
}

/// The median time of a repeated piece of work; of an even number, the mean of the middle two.
pub fn median(samples: &[Time], clock: Clock) -> f64 {
    let mut times: Vec<u64> = samples.iter().map(|t| t.by(clock)).collect();
    times.sort_unstable();
    let n = times.len();
    assert!(n > 0, "a median needs a sample");
    (times[(n - 1) / 2] + times[n / 2]) as f64 / 2.0
}

/// Both medians, and the number of samples.
pub fn to_json(samples: &[Time]) -> Value {
    json!({
        "wall_ns": median(samples, Clock::Wall),
        "cpu_ns": median(samples, Clock::Cpu),
        "samples": samples.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_in_the_middle() {
        let times = |walls: &[u64]| walls.iter().map(|&wall| Time { wall, cpu: 7 }).collect::<Vec<_>>();
        assert_eq!(median(&times(&[9, 1, 5]), Clock::Wall), 5.0);
        assert_eq!(median(&times(&[9, 1, 5, 6]), Clock::Wall), 5.5);
        assert_eq!(median(&times(&[9]), Clock::Cpu), 7.0);
    }
}
