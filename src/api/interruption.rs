//! Interruptions of host functions: a wait in the host ends when compiled code would be interrupted.

use crate::api::caller::Caller;
use crate::api::context::StoreContextMut;
use crate::engine::Engine;
use crate::engine::epoch::Deadline;
use crate::sync::Arc;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::vm::deadline::UpdateDeadline;
use crate::vm::fiber::CANNOT_WAIT;
use crate::vm::store::StoreOpaque;
use crate::{Error, Result, Trap};

/// What tells a host function that waits whether the store's code is to be interrupted: the epoch's deadline is reached
/// ([`Store::set_epoch_deadline`](crate::Store::set_epoch_deadline)), or somebody ends its waits
/// ([`Store::wait_stopper`](crate::Store::wait_stopper)). Does not borrow the store, and may be asked on any thread.
///
/// A host function that waits asks it every few milliseconds, and once it is due, asks
/// [`StoreContextMut::interruption_point`] what to do:
///
/// ```
/// use headwater::{AsContextMut, Caller, Config, Engine, Func, Store, Trap};
/// use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
/// use std::{sync::Mutex, thread, time::Duration};
///
/// fn receive(caller: &mut Caller<'_, ()>, messages: &Receiver<i32>) -> headwater::Result<i32> {
///     let interruption = caller.interruption();
///     loop {
///         match messages.recv_timeout(Duration::from_millis(5)) {
///             Err(RecvTimeoutError::Timeout) => {}
///             received => return Ok(received?),
///         }
///         if interruption.as_ref().is_some_and(|i| i.is_due()) {
///             caller.as_context_mut().interruption_point()?;
///             return receive(caller, messages); // with the new deadline
///         }
///     }
/// }
///
/// let engine = Engine::new(Config::new().epoch_interruption(true))?;
/// let mut store = Store::new(&engine, ());
/// store.set_epoch_deadline(1);
/// let (_sender, messages) = channel();
/// let messages = Mutex::new(messages);
/// let f = Func::wrap(&mut store, move |mut caller: Caller<'_, ()>| receive(&mut caller, &messages.lock().unwrap()));
/// let timer = thread::spawn(move || engine.increment_epoch());
/// let error = f.typed::<(), i32>(&store)?.call(&mut store, ()).unwrap_err();
/// assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
/// # timer.join().unwrap();
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Interruption {
    engine: Engine,
    deadline: Option<Deadline>,
    stop: Option<Arc<AtomicBool>>,
}

impl Interruption {
    /// Whether the host function should stop waiting. Once it is due it stays so, unless
    /// [`WaitStopper::resume`](crate::WaitStopper::resume) is called.
    pub fn is_due(&self) -> bool {
        self.is_stopped() || self.deadline.is_some_and(|deadline| self.engine.epochs().is_reached(deadline))
    }

    fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Acquire))
    }

    fn of(store: &StoreOpaque) -> Option<Interruption> {
        let (deadline, stop) = (store.deadline(), store.stops_waits.clone());
        let any = deadline.is_some() || stop.is_some();
        any.then(|| Interruption { engine: store.engine().clone(), deadline, stop })
    }
}

impl<T> StoreContextMut<'_, T> {
    /// What tells whether the store's code is to be interrupted, as of its present deadline. `None` if nothing can:
    /// epoch interruption is off, and there is no [`WaitStopper`](crate::WaitStopper).
    pub fn interruption(&self) -> Option<Interruption> {
        Interruption::of(&self.0.opaque)
    }

    /// Does what compiled code does at the start of each function and of each iteration of a loop: if the epoch's
    /// deadline is reached, asks the store's callback, or fails. For host functions that take long; see
    /// [`Interruption`].
    ///
    /// # Errors
    /// [`Trap::Interrupt`], or what the callback returns.
    pub fn interruption_point(&mut self) -> Result<()> {
        let Some(interruption) = self.interruption() else { return Ok(()) };
        if interruption.is_stopped() {
            return Err(Trap::Interrupt.into());
        }
        if !interruption.is_due() {
            return Ok(());
        }
        // SAFETY: the pointer is to all of the store, which is borrowed here.
        match unsafe { StoreOpaque::ask_at_deadline(self.as_ptr()) } {
            // A host function that waits lets others run.
            Some(Ok(UpdateDeadline::Continue(delta) | UpdateDeadline::Yield(delta))) => {
                self.set_epoch_deadline(delta);
                Ok(())
            }
            Some(Ok(UpdateDeadline::YieldCustom(..))) => Err(Error::msg(CANNOT_WAIT)),
            Some(Ok(UpdateDeadline::Interrupt)) | None => Err(Trap::Interrupt.into()),
            Some(Err(error)) => Err(error),
        }
    }
}

impl<T> Caller<'_, T> {
    /// See [`StoreContextMut::interruption`].
    pub fn interruption(&self) -> Option<Interruption> {
        self.store.interruption()
    }

    /// See [`StoreContextMut::interruption_point`].
    ///
    /// # Errors
    /// As described there.
    pub fn interruption_point(&mut self) -> Result<()> {
        self.store.interruption_point()
    }
}
