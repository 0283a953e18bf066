//! Fibers: stacks of their own for calls that can wait, between threads if need be.
//!
//! A call that the embedder awaits runs on a fiber. Where a host function's future is pending, or the epoch's deadline
//! asks for it, the fiber is *suspended*: the thread goes back to whoever polled the call's future, and the fiber goes on
//! when that is polled again, on whatever thread.
//!
//! `MAY_WAIT`: a store's [`Slot`] is set only while compiled code or the runtime runs on it, never while code of the
//! embedder does: not in a host function, a callback or the poll of a future. So a fiber that is suspended has no frames
//! of the embedder but those of the future that it waits for, which is `Send`.
//!
//! The activations on a fiber end in its *base*. They are part of the chain of the thread that the fiber runs on, and
//! are taken out of it while the fiber is suspended.
//!
//! A fiber that is dropped before its end goes on once more, and every wait fails at once: compiled code is unwound as
//! by an error of a host function, which no WebAssembly code can catch.

use crate::engine::HOST_RESERVE;
use crate::vm::context::{Activation, FiberBase};
use crate::vm::thread::{self, ThreadState};
use crate::{Error, Result};
use anyhow::Context as _;
use corosensei::stack::{DefaultStack, Stack};
use corosensei::{Coroutine, CoroutineResult, Yielder};
use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::ptr;
use std::task::{Context, Poll};

/// Where a store has the fiber that its code may wait on; null if it may not.
pub(crate) type Slot = *mut *const FiberContext;

/// What a fiber's waits need.
pub(crate) struct FiberContext {
    base: FiberBase,
    /// Of the store whose code runs on it.
    slot: Slot,
    /// The innermost activation while it is suspended.
    innermost: Cell<*const Activation>,
    yielder: Cell<*const Yielder<(), ()>>,
    /// That of the poll in progress.
    task: Cell<*mut Context<'static>>,
    cancelled: Cell<bool>,
}

/// A stack with a call on it.
pub(crate) struct Fiber {
    /// `None` at the end only.
    coroutine: Option<Coroutine<(), (), (), DefaultStack>>,
    context: Box<FiberContext>,
}

// SAFETY: a suspended fiber's stack has frames of the runtime, and a future that is `Send` (`MAY_WAIT`). What else is on
// it came with the body, which is `Send`.
unsafe impl Send for Fiber {}

impl Fiber {
    /// A fiber that runs `body`, which does not panic, when it is resumed.
    ///
    /// # Safety
    /// `slot` must be that of the store that `body` uses. The store and what `body` borrows must live until the fiber is
    /// dropped, unless it is forgotten.
    pub unsafe fn new<'a>(
        slot: Slot,
        stack: DefaultStack,
        max_wasm_stack: usize,
        body: impl FnOnce() + Send + 'a,
    ) -> Fiber {
        let (low, top) = (stack.limit().get(), stack.base().get());
        let context = Box::new(FiberContext {
            base: FiberBase {
                activation: Activation {
                    vm: ptr::null_mut(),
                    prev: Cell::new(ptr::null()),
                    outer: ptr::null(),
                    stack_limit: top.saturating_sub(max_wasm_stack).max(low + HOST_RESERVE),
                    current: Cell::new(ptr::null()),
                },
                top,
                outer_sp: Cell::new(0),
            },
            slot,
            innermost: Cell::new(ptr::null()),
            yielder: Cell::new(ptr::null()),
            task: Cell::new(ptr::null_mut()),
            cancelled: Cell::new(false),
        });
        context.innermost.set(&context.base.activation);
        let at: *const FiberContext = &*context;
        let run = move |yielder: &Yielder<(), ()>, ()| {
            // SAFETY: the context lives as long as the fiber.
            unsafe { (*at).yielder.set(yielder) };
            body();
        };
        // SAFETY: guaranteed by the caller. The fiber runs to its end before it is dropped.
        let coroutine = unsafe { Coroutine::with_stack_unchecked(stack, run) };
        Fiber { coroutine: Some(coroutine), context }
    }

    /// Lets it run until it waits or ends, for a task that polls it. Returns its stack if it ended.
    ///
    /// # Errors
    /// If the thread cannot be prepared for compiled code; the fiber has not run then.
    pub fn resume(&mut self, task: &mut Context<'_>) -> Result<Poll<DefaultStack>> {
        let context = &*self.context;
        // SAFETY: the thread lives until this function returns.
        let thread: &ThreadState = unsafe { &*thread::state() };
        thread.make_ready()?;
        let outer = thread.current.get();
        context.each_activation(|activation| activation.current.set(&thread.current));
        context.base.activation.prev.set(outer);
        thread.current.set(context.innermost.get());
        context.task.set(ptr::from_mut(task).cast());
        let here = 0u8;
        context.base.outer_sp.set((&raw const here as usize) & !7);
        let coroutine = self.coroutine.as_mut().expect("a fiber is not resumed after its end");
        // SAFETY: the store lives as long as the fiber, and nothing uses it while the fiber runs.
        let was = unsafe { ptr::replace(context.slot, context) };
        let result = coroutine.resume(());
        // SAFETY: as above.
        let left = unsafe { ptr::replace(context.slot, was) };
        context.task.set(ptr::null_mut());
        context.innermost.set(thread.current.get());
        thread.current.set(outer);
        Ok(match result {
            CoroutineResult::Yield(()) => {
                debug_assert_may_wait(left);
                Poll::Pending
            }
            CoroutineResult::Return(()) => {
                let coroutine = self.coroutine.take().expect("it was just resumed");
                Poll::Ready(coroutine.into_stack())
            }
        })
    }

    /// Whether it has run and not ended.
    fn is_suspended(&self) -> bool {
        self.coroutine.as_ref().is_some_and(Coroutine::started)
    }
}

impl Drop for Fiber {
    fn drop(&mut self) {
        while self.is_suspended() {
            self.context.cancelled.set(true);
            // What goes on now looks at no task.
            match self.resume(&mut Context::from_waker(std::task::Waker::noop())) {
                Ok(Poll::Ready(_)) => {}
                Ok(Poll::Pending) => unreachable!("a fiber that is cancelled does not wait"),
                // Its stack, and what is on it, is leaked.
                Err(_) => return std::mem::forget(self.coroutine.take()),
            }
        }
    }
}

impl FiberContext {
    /// Passes on its activations from the innermost to the base.
    fn each_activation(&self, each: impl Fn(&Activation)) {
        let mut at = self.innermost.get();
        loop {
            // SAFETY: the chain on a fiber that does not run ends in its base.
            let activation = unsafe { &*at };
            each(activation);
            if activation.base().is_some() {
                return;
            }
            at = activation.prev.get();
        }
    }

    /// Gives the thread back until the fiber is resumed.
    ///
    /// # Errors
    /// If the fiber is to end.
    fn suspend(&self) -> Result<()> {
        if !self.cancelled.get() {
            // SAFETY: the coroutine set it, which runs now.
            unsafe { (*self.yielder.get()).suspend(()) };
        }
        if self.cancelled.get() { Err(Error::msg("the call's future was dropped before its end")) } else { Ok(()) }
    }

    /// Waits for `future`, of the embedder.
    ///
    /// # Errors
    /// If the fiber is dropped meanwhile.
    ///
    /// # Safety
    /// The fiber must be the one that runs, and be that of its store no longer (see [`without`]).
    pub unsafe fn wait<F: Future>(&self, future: F) -> Result<F::Output> {
        let mut future = pin!(future);
        loop {
            // SAFETY: the task is that of the poll that the fiber runs in.
            if let Poll::Ready(value) = future.as_mut().poll(unsafe { &mut *self.task.get() }) {
                return Ok(value);
            }
            self.suspend()?;
            // SAFETY: the store lives as long as the fiber. Whoever resumed it has made it the store's again.
            unsafe { *self.slot = ptr::null() };
        }
    }
}

/// `MAY_WAIT`: what a store's fiber was when it was suspended. Who waits has taken it away from the store.
fn debug_assert_may_wait(fiber: *const FiberContext) {
    debug_assert!(fiber.is_null(), "a fiber was suspended while its store's code could wait");
}

/// Calls `f`, code of the embedder, so that it cannot wait on the fiber that runs (`MAY_WAIT`), which `f` is passed.
///
/// # Safety
/// `slot` must be that of a store, which is valid before and after the call.
#[inline(always)]
pub(crate) unsafe fn without<R>(slot: Slot, f: impl FnOnce(Option<&FiberContext>) -> R) -> R {
    struct Restore(Slot, *const FiberContext);
    impl Drop for Restore {
        #[inline(always)]
        fn drop(&mut self) {
            // SAFETY: the caller of `without` guarantees that the store is valid.
            unsafe { *self.0 = self.1 };
        }
    }
    // SAFETY: guaranteed by the caller; a fiber that runs outlives this call.
    unsafe {
        let restore = Restore(slot, ptr::replace(slot, ptr::null()));
        f(restore.1.as_ref())
    }
}

/// Lets other tasks run.
///
/// # Errors
/// If the store's code does not run on a fiber, or that is dropped meanwhile.
///
/// # Safety
/// `slot` must be that of a store, whose code waits for the runtime.
pub(crate) unsafe fn yield_now(slot: Slot) -> Result<()> {
    let mut asked = false;
    let turn = std::future::poll_fn(|task| {
        if std::mem::replace(&mut asked, true) {
            return Poll::Ready(());
        }
        task.waker().wake_by_ref();
        Poll::Pending
    });
    // SAFETY: guaranteed by the caller.
    unsafe { wait(slot, turn) }
}

/// Waits for a future of the embedder.
///
/// # Errors
/// As for [`yield_now`].
///
/// # Safety
/// As for [`yield_now`].
pub(crate) unsafe fn wait<F: Future>(slot: Slot, future: F) -> Result<F::Output> {
    // SAFETY: guaranteed by the caller.
    unsafe {
        without(slot, |fiber| {
            let fiber = fiber.context(CANNOT_WAIT)?;
            fiber.wait(future)
        })
    }
}

/// Why something that waits fails.
pub(crate) const CANNOT_WAIT: &str =
    "cannot wait here: call WebAssembly code with `call_async`, and make instances with `instantiate_async`";
