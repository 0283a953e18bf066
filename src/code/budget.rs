//! How much memory for machine code an engine may have ([`Config::max_code_memory`](crate::Config::max_code_memory)).
//!
//! The memory of modules is counted in whole pages from when it becomes writable until it is freed, whatever it is used
//! for; trampolines are counted by their length while their type is in use.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The budget of an engine.
#[derive(Debug)]
pub(crate) struct Budget {
    limit: usize,
    used: AtomicUsize,
}

impl Budget {
    /// At most `limit` bytes.
    pub fn new(limit: usize) -> Arc<Budget> {
        Arc::new(Budget { limit, used: AtomicUsize::new(0) })
    }

    /// Bytes counted now.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }
}

/// A share of the budget, returned when dropped.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Share {
    /// Nothing yet.
    pub fn new(budget: &Arc<Budget>) -> Share {
        Share { budget: budget.clone(), bytes: 0 }
    }

    /// Takes `bytes` more.
    ///
    /// # Errors
    /// [`io::ErrorKind::QuotaExceeded`] if there are not that many.
    pub fn take(&mut self, bytes: usize) -> io::Result<()> {
        let fits = |used: usize| used.checked_add(bytes).filter(|&sum| sum <= self.budget.limit);
        match self.budget.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits) {
            Ok(_) => {
                self.bytes += bytes;
                Ok(())
            }
            Err(_) => Err(io::Error::new(
                io::ErrorKind::QuotaExceeded,
                format!("the engine's limit of {} bytes of machine code is reached", self.budget.limit),
            )),
        }
    }

    /// Takes `bytes` more, even if fewer are left.
    pub fn insist(&mut self, bytes: usize) {
        self.budget.used.fetch_add(bytes, Ordering::Relaxed);
        self.bytes += bytes;
    }

    /// Keeps `bytes`, or all there are if that is less.
    pub fn keep(&mut self, bytes: usize) {
        let back = self.bytes.saturating_sub(bytes);
        self.bytes -= back;
        self.budget.used.fetch_sub(back, Ordering::Relaxed);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.keep(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_never_exceed_the_budget_and_come_back() {
        let budget = Budget::new(100);
        let (mut a, mut b) = (Share::new(&budget), Share::new(&budget));
        a.take(60).unwrap();
        assert_eq!(b.take(41).unwrap_err().kind(), io::ErrorKind::QuotaExceeded);
        assert!(b.take(usize::MAX).is_err());
        b.take(40).unwrap();
        a.keep(10);
        assert_eq!(budget.used(), 50);
        b.take(50).unwrap();
        drop(b);
        a.keep(1000);
        assert_eq!(budget.used(), 10);
        a.insist(95);
        assert_eq!(budget.used(), 105);
        assert!(Share::new(&budget).take(1).is_err());
        a.keep(10);
        drop(a);
        assert_eq!(budget.used(), 0);
    }
}
