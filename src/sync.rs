//! Locks, atomics and threads of what hands work from thread to thread: streams, the pool, readers of bodies, and
//! threads that wait at addresses of shared memories. They are the standard library's, but for `model/`, where shuttle's
//! take their places and threads run in interleavings of its choice.

#[cfg(headwater_model)]
pub(crate) use model::{Instant, wait_timeout};
#[cfg(headwater_model)]
pub(crate) use shuttle::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, atomic},
    thread,
};
#[cfg(not(headwater_model))]
pub(crate) use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, atomic},
    thread,
    time::Instant,
};

#[cfg(not(headwater_model))]
pub(crate) use crate::os_thread::{JoinHandle, spawn};
#[cfg(headwater_model)]
pub(crate) use model::{JoinHandle, spawn};

/// Waits on `condvar` at most for `time`, with the guard of `mutex`, which is not poisoned.
#[cfg(not(headwater_model))]
pub(crate) fn wait_timeout<'a, T>(
    condvar: &Condvar,
    guard: MutexGuard<'a, T>,
    _mutex: &'a Mutex<T>,
    time: std::time::Duration,
) -> MutexGuard<'a, T> {
    condvar.wait_timeout(guard, time).unwrap_or_else(PoisonError::into_inner).0
}

/// shuttle's condition variables never time out.
#[cfg(headwater_model)]
mod model {
    use super::{Condvar, Mutex, MutexGuard, PoisonError, thread};
    use shuttle::rand::{Rng, thread_rng};
    use std::cell::Cell;
    use std::ffi::CStr;
    use std::io;
    use std::time::Duration;

    thread_local! {
        /// How much time has passed: as much as those who waited let pass. All threads of an execution are on one thread
        /// of the system.
        static NOW: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    }

    /// A thread that was started.
    pub(crate) struct JoinHandle(thread::JoinHandle<()>);

    impl JoinHandle {
        pub fn join(self) {
            let _ = self.0.join();
        }

        pub fn is_current(&self) -> bool {
            self.0.thread().id() == thread::current().id()
        }
    }

    pub(crate) fn spawn(name: &CStr, body: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle> {
        thread::Builder::new().name(name.to_string_lossy().into_owned()).spawn(body).map(JoinHandle)
    }

    /// A moment of that time.
    #[derive(Copy, Clone)]
    pub(crate) struct Instant(Duration);

    impl Instant {
        pub fn now() -> Instant {
            Instant(NOW.get())
        }

        pub fn checked_add(self, time: Duration) -> Option<Instant> {
            self.0.checked_add(time).map(Instant)
        }

        pub fn saturating_duration_since(self, earlier: Instant) -> Duration {
            self.0.saturating_sub(earlier.0)
        }
    }

    /// Others run, and then the time is up, or it is not: whoever waits must look what has happened in any case.
    pub(crate) fn wait_timeout<'a, T>(
        _condvar: &Condvar,
        guard: MutexGuard<'a, T>,
        mutex: &'a Mutex<T>,
        time: Duration,
    ) -> MutexGuard<'a, T> {
        drop(guard);
        thread::yield_now();
        if thread_rng().gen_range(0..2) == 0 {
            NOW.set(NOW.get() + time);
        }
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
