//! What can end a stream from outside: the caller's signal and the limits. Polled before anything else, so that
//! it wins over a result that is ready at the same time.

use super::error::{BoxError, Error, LimitExceeded};
use super::options::{Options, Signal};
#[cfg(feature = "timer")]
use futures_timer::Delay;
#[cfg(feature = "timer")]
use std::pin::Pin;
use std::task::{Context, Poll};
#[cfg(feature = "timer")]
use std::time::{Duration, Instant};

pub(super) struct Watch {
    signal: Option<Signal>,
    max_size: u64,
    received: u64,
    #[cfg(feature = "timer")]
    deadline: Option<(Duration, Delay)>,
    #[cfg(feature = "timer")]
    rate: Option<Rate>,
}

impl Watch {
    /// To be created when the future is polled for the first time: the deadline counts from here.
    pub fn new(options: &mut Options) -> Watch {
        Watch {
            signal: options.signal.take(),
            max_size: options.max_size.unwrap_or(u64::MAX),
            received: 0,
            #[cfg(feature = "timer")]
            deadline: options.deadline.map(|time| (time, Delay::new(time))),
            #[cfg(feature = "timer")]
            rate: options.rate.map(|(bytes, time)| Rate::new(bytes, time)),
        }
    }

    /// Whether the time is over. Arranges for a wake-up when it will be.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Result<(), Error> {
        if let Some(signal) = &mut self.signal
            && let Poll::Ready(reason) = signal.as_mut().poll(cx)
        {
            self.signal = None;
            return Err(Error::Aborted(reason));
        }
        #[cfg(feature = "timer")]
        {
            if let Some((time, delay)) = &mut self.deadline
                && Pin::new(delay).poll(cx).is_ready()
            {
                return Err(aborted(LimitExceeded::Deadline(*time)));
            }
            if let Some(rate) = &mut self.rate {
                rate.poll(cx).map_err(aborted)?;
            }
        }
        Ok(())
    }

    /// `future`, unless it is over before.
    pub async fn guard<F: Future>(&mut self, future: F) -> Result<F::Output, Error> {
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(|cx| {
            if let Err(e) = self.poll(cx) {
                return Poll::Ready(Err(e));
            }
            future.as_mut().poll(cx).map(Ok)
        })
        .await
    }

    /// The body has no bytes for now.
    #[cfg_attr(not(feature = "timer"), expect(clippy::unused_self, reason = "there is no rate to watch"))]
    pub fn body_pending(&mut self, cx: &mut Context<'_>) {
        #[cfg(feature = "timer")]
        if let Some(rate) = &mut self.rate {
            rate.wait(cx);
        }
        #[cfg(not(feature = "timer"))]
        let _ = cx;
    }

    /// The body had `n` bytes.
    pub fn body_ready(&mut self, n: usize) -> Result<(), Error> {
        self.received = self.received.saturating_add(n as u64);
        if self.received > self.max_size {
            return Err(aborted(LimitExceeded::Size(self.max_size)));
        }
        #[cfg(feature = "timer")]
        if let Some(rate) = &mut self.rate {
            rate.got(n as u64).map_err(aborted)?;
        }
        Ok(())
    }
}

fn aborted(limit: LimitExceeded) -> Error {
    Error::Aborted(BoxError::from(limit))
}

/// Bytes for each span of time spent waiting.
#[cfg(feature = "timer")]
struct Rate {
    bytes: u64,
    time: Duration,
    /// Of the current span: bytes received, and time spent waiting up to `since`.
    got: u64,
    waited: Duration,
    since: Option<Instant>,
    delay: Delay,
}

#[cfg(feature = "timer")]
impl Rate {
    fn new(bytes: u64, time: Duration) -> Rate {
        Rate { bytes, time, got: 0, waited: Duration::ZERO, since: None, delay: Delay::new(time) }
    }

    /// Takes the time since the last look into account, and judges the span if it is over.
    fn look(&mut self) -> Result<(), LimitExceeded> {
        if let Some(since) = self.since.take() {
            self.waited += since.elapsed();
        }
        if self.waited >= self.time {
            if self.got < self.bytes {
                return Err(LimitExceeded::Rate { bytes: self.got, time: self.waited });
            }
            (self.got, self.waited) = (0, Duration::ZERO);
        }
        Ok(())
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Result<(), LimitExceeded> {
        let waits = self.since.is_some();
        self.look()?;
        if waits {
            self.wait(cx);
        }
        Ok(())
    }

    fn wait(&mut self, cx: &mut Context<'_>) {
        self.since.get_or_insert_with(Instant::now);
        self.delay.reset(self.time - self.waited);
        if Pin::new(&mut self.delay).poll(cx).is_ready() {
            cx.waker().wake_by_ref();
        }
    }

    fn got(&mut self, n: u64) -> Result<(), LimitExceeded> {
        // What arrived counts for the span that it ended.
        self.got = self.got.saturating_add(n);
        self.look()
    }
}
