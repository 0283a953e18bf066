//! Threads that wait at addresses of a shared memory (`memory.atomic.wait32` and the like), and how they are woken.
//!
//! The value at the address is compared with the lock held, and who notifies takes the lock, so that a thread that
//! changes the value and notifies then is never missed. Those who wait are woken in the order in which they came.

use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Arc, Condvar, Instant, Mutex, MutexGuard, PoisonError, wait_timeout};
use crate::vm::memory::LinearMemory;
use headwater_codegen::TrapCode;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU32, AtomicU64};
use std::time::Duration;

/// How a wait ended.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum WaitResult {
    /// Somebody notified.
    Ok = 0,
    /// The memory held another value: there was no wait.
    Mismatch = 1,
    /// The time was up first.
    TimedOut = 2,
}

/// A thread that waits.
struct Waiter {
    wake: Condvar,
    /// Written with the lock held.
    woken: AtomicBool,
}

type Queues = HashMap<u64, VecDeque<Arc<Waiter>>>;

/// Who waits, by address.
#[derive(Default)]
pub(crate) struct Waits(Mutex<Queues>);

impl Waits {
    fn lock(&self) -> MutexGuard<'_, Queues> {
        // Nothing panics while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits at address `at`, if the value there is the expected one, at most for `timeout`. Every `interval`, if there
    /// is one, `go_on` is asked, without the lock, whether to go on.
    ///
    /// # Errors
    /// What `go_on` says.
    pub fn wait<E>(
        &self,
        at: u64,
        is_expected: impl FnOnce() -> bool,
        timeout: Option<Duration>,
        interval: Option<Duration>,
        mut go_on: impl FnMut() -> Result<(), E>,
    ) -> Result<WaitResult, E> {
        let end = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut queues = self.lock();
        if !is_expected() {
            return Ok(WaitResult::Mismatch);
        }
        let me = Arc::new(Waiter { wake: Condvar::new(), woken: AtomicBool::new(false) });
        queues.entry(at).or_default().push_back(me.clone());
        loop {
            if me.woken.load(Ordering::Relaxed) {
                return Ok(WaitResult::Ok);
            }
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                leave(&mut queues, at, &me);
                return Ok(WaitResult::TimedOut);
            }
            let nap = [left, interval].into_iter().flatten().min();
            queues = match nap {
                Some(nap) => wait_timeout(&me.wake, queues, &self.0, nap),
                None => me.wake.wait(queues).unwrap_or_else(PoisonError::into_inner),
            };
            if interval.is_some() && !me.woken.load(Ordering::Relaxed) {
                drop(queues);
                let asked = go_on();
                queues = self.lock();
                if let Err(error) = asked {
                    leave(&mut queues, at, &me);
                    return Err(error);
                }
            }
        }
    }

    /// Wakes up to `count` threads that wait at address `at`; returns how many.
    pub fn notify(&self, at: u64, count: u32) -> u32 {
        let mut queues = self.lock();
        let Some(queue) = queues.get_mut(&at) else { return 0 };
        let n = queue.len().min(count as usize);
        for waiter in queue.drain(..n) {
            waiter.woken.store(true, Ordering::Relaxed);
            waiter.wake.notify_one();
        }
        if queue.is_empty() {
            queues.remove(&at);
        }
        n as u32
    }
}

/// `me` no longer waits at `at`.
fn leave(queues: &mut Queues, at: u64, me: &Arc<Waiter>) {
    if let Some(queue) = queues.get_mut(&at) {
        queue.retain(|waiter| !Arc::ptr_eq(waiter, me));
        if queue.is_empty() {
            queues.remove(&at);
        }
    }
}

/// Where the `size` bytes are that an atomic access at `addr` is for.
pub(crate) fn aligned(memory: &LinearMemory, addr: u64, size: u64) -> Result<*mut u8, TrapCode> {
    if !addr.is_multiple_of(size) {
        return Err(TrapCode::UnalignedAtomic);
    }
    memory.range(addr, size)
}

/// Whether the 32 bits at `at` are `expected`.
///
/// # Safety
/// `at` must be valid for atomic accesses, and aligned.
pub(crate) unsafe fn is_32(at: *mut u8, expected: u32) -> bool {
    // SAFETY: guaranteed by the caller.
    u32::from_le(unsafe { AtomicU32::from_ptr(at.cast()) }.load(Ordering::SeqCst)) == expected
}

/// Whether the 64 bits at `at` are `expected`.
///
/// # Safety
/// As for [`is_32`].
pub(crate) unsafe fn is_64(at: *mut u8, expected: u64) -> bool {
    // SAFETY: guaranteed by the caller.
    u64::from_le(unsafe { AtomicU64::from_ptr(at.cast()) }.load(Ordering::SeqCst)) == expected
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::thread;

    fn wait(waits: &Waits, at: u64, timeout: Option<Duration>) -> WaitResult {
        waits.wait(at, || true, timeout, None, || Ok::<(), Infallible>(())).unwrap()
    }

    fn waiting(waits: &Waits, at: u64) -> usize {
        waits.lock().get(&at).map_or(0, VecDeque::len)
    }

    #[test]
    fn as_many_are_woken_as_are_asked_for_and_only_there() {
        let waits = Waits::default();
        thread::scope(|scope| {
            let threads: Vec<_> = (0..3).map(|_| scope.spawn(|| wait(&waits, 8, None))).collect();
            let other = scope.spawn(|| wait(&waits, 16, None));
            while waiting(&waits, 8) < 3 || waiting(&waits, 16) < 1 {
                thread::yield_now();
            }
            assert_eq!(waits.notify(4, 9), 0);
            assert_eq!(waits.notify(8, 0), 0);
            assert_eq!(waits.notify(8, 2), 2);
            assert_eq!(waiting(&waits, 8), 1);
            assert_eq!(waits.notify(8, 2), 1);
            assert_eq!(waits.notify(16, u32::MAX), 1);
            threads.into_iter().chain([other]).for_each(|thread| assert_eq!(thread.join().unwrap(), WaitResult::Ok));
        });
        assert!(waits.lock().is_empty());
    }

    #[test]
    fn a_wait_ends_by_time_by_another_value_or_when_asked() {
        let waits = Waits::default();
        let start = Instant::now();
        assert_eq!(wait(&waits, 0, Some(Duration::from_millis(20))), WaitResult::TimedOut);
        assert!(start.elapsed() >= Duration::from_millis(20));
        assert_eq!(wait(&waits, 0, Some(Duration::ZERO)), WaitResult::TimedOut);
        let mismatch = waits.wait(0, || false, None, None, || Err(()));
        assert_eq!(mismatch, Ok(WaitResult::Mismatch));
        let mut rounds = 0;
        let stopped = waits.wait(
            0,
            || true,
            None,
            Some(Duration::from_millis(1)),
            || {
                rounds += 1;
                if rounds < 3 { Ok(()) } else { Err("enough") }
            },
        );
        assert_eq!(stopped, Err("enough"));
        assert!(waits.lock().is_empty());
    }
}
