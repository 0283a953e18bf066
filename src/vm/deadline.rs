//! What happens when an epoch's deadline is reached.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// What to do when an epoch's deadline was reached
/// ([`Store::epoch_deadline_callback`](crate::Store::epoch_deadline_callback)).
#[non_exhaustive]
pub enum UpdateDeadline {
    /// Continue; the next deadline is this many epochs from now.
    Continue(u64),
    /// Trap with [`Trap::Interrupt`](crate::Trap::Interrupt).
    Interrupt,
    /// Let other tasks run, then continue; the next deadline is this many epochs from then. The code must have been called
    /// asynchronously ([`Func::call_async`](crate::Func::call_async)); if not, it ends with an error.
    Yield(u64),
    /// The same, but wait for this future.
    YieldCustom(u64, Pin<Box<dyn Future<Output = ()> + Send>>),
}

impl fmt::Debug for UpdateDeadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UpdateDeadline::Continue(delta) => f.debug_tuple("Continue").field(delta).finish(),
            UpdateDeadline::Interrupt => f.write_str("Interrupt"),
            UpdateDeadline::Yield(delta) => f.debug_tuple("Yield").field(delta).finish(),
            UpdateDeadline::YieldCustom(delta, _) => f.debug_tuple("YieldCustom").field(delta).finish_non_exhaustive(),
        }
    }
}
