//! Fibers: stacks of their own for calls that can wait, between threads if need be.
//!
//! A call that the embedder awaits runs on a fiber. Where a host function's future is pending, or the epoch's deadline
//! asks for it, the fiber is *suspended*: the thread goes back to whoever polled the call's future, and the fiber goes
//! on when that is polled again, on whatever thread.
//!
//! `MAY_WAIT`: a store's [`Slot`] is set only while compiled code or the runtime runs on it, never while code of the
//! embedder does: not in a host function, a callback or the poll of a future. So a fiber that is suspended has no
//! frames of the embedder but those of the future that it waits for, which is `Send`.
//!
//! The activations on a fiber end in its *base*. They are part of the chain of the thread that the fiber runs on.
//!
//! `SWITCHED`: while a fiber does not run, its activations are in no thread's chain, and the store's context holds
//! nothing of its calls: both are kept with the fiber ([`FiberContext::within`]).
//!
//! A fiber that is dropped before its end goes on once more, and every wait fails at once: compiled code is unwound as
//! by an error of a host function, which no WebAssembly code can catch.
//!
//! Fibers of resumable calls ([`resumable`](crate::vm::resumable)) never wait for futures.

use crate::engine::HOST_RESERVE;
use crate::vm::context::{Activation, AnyStore, Border, VMCallState, VMStoreContext};
use crate::vm::resumable::Resumable;
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
    pub(super) base: Border,
    /// Of the store whose code runs on it.
    pub(super) slot: Slot,
    /// The innermost activation while it is suspended.
    innermost: Cell<*const Activation>,
    /// What the store's context holds while it runs, while it does not.
    pub(super) call: Cell<VMCallState>,
    pub(super) store: Cell<*mut AnyStore>,
    /// If its call is resumable.
    pub(super) resumable: Option<Resumable>,
    yielder: Cell<*const Yielder<(), ()>>,
    /// That of the poll in progress.
    task: Cell<*mut Context<'static>>,
    cancelled: Cell<bool>,
}

/// What a fiber knows of its store.
#[derive(Copy, Clone)]
pub(crate) struct Home {
    /// Reaches all of it.
    pub store: *mut AnyStore,
    pub vm: *mut VMStoreContext,
    pub slot: Slot,
    pub max_wasm_stack: usize,
}

/// A stack with a call on it.
pub(crate) struct Fiber {
    /// `None` at the end only.
    pub(super) coroutine: Option<Coroutine<(), (), (), DefaultStack>>,
    pub(super) context: Box<FiberContext>,
}

// SAFETY: a suspended fiber's stack has frames of the runtime, and a future that is `Send` (`MAY_WAIT`). What else is
// on it came with the body, which is `Send`.
unsafe impl Send for Fiber {}

impl Fiber {
    /// A fiber that runs `body`, which does not panic, when it is resumed.
    ///
    /// # Safety
    /// `home` must be the store that `body` uses. It, and what `body` borrows, must live until the fiber is dropped,
    /// unless that is forgotten or resumable.
    pub unsafe fn new<'a>(
        home: Home,
        stack: DefaultStack,
        resumable: Option<Resumable>,
        body: impl FnOnce() + Send + 'a,
    ) -> Fiber {
        let (low, top) = (stack.limit().get(), stack.base().get());
        let Home { store, vm, slot, max_wasm_stack } = home;
        let context = Box::new(FiberContext {
            base: Border {
                activation: Activation {
                    vm: ptr::null_mut(),
                    prev: Cell::new(ptr::null()),
                    outer: ptr::null(),
                    stack_limit: top.saturating_sub(max_wasm_stack).max(low + HOST_RESERVE),
                    current: Cell::new(ptr::null()),
                },
                store: vm,
                outer_call: Cell::new(ptr::null()),
                top,
                outer_sp: Cell::new(0),
                suspends: Cell::new(false),
            },
            slot,
            innermost: Cell::new(ptr::null()),
            call: Cell::default(),
            store: Cell::new(store),
            resumable,
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
        context.task.set(ptr::from_mut(task).cast());
        let coroutine = self.coroutine.as_mut().expect("a fiber is not resumed after its end");
        let result = context.within(|_| coroutine.resume(()));
        context.task.set(ptr::null_mut());
        Ok(self.outcome(result?))
    }

    /// Its stack, if it ended.
    pub(super) fn outcome(&mut self, result: CoroutineResult<(), ()>) -> Poll<DefaultStack> {
        match result {
            CoroutineResult::Yield(()) => Poll::Pending,
            CoroutineResult::Return(()) => {
                let coroutine = self.coroutine.take().expect("it was just resumed");
                Poll::Ready(coroutine.into_stack())
            }
        }
    }

    /// Whether it has run and not ended.
    fn is_suspended(&self) -> bool {
        self.coroutine.as_ref().is_some_and(Coroutine::started)
    }
}

impl Drop for Fiber {
    fn drop(&mut self) {
        drop(self.abandon());
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
    /// Calls `run`, which lets the fiber run until it is left: with the fiber's activations in the thread's chain, and
    /// what the store's context holds of its calls in there. Afterwards both are as before.
    ///
    /// # Errors
    /// If the thread cannot be prepared for compiled code; `run` is not called then.
    pub(super) fn within(
        &self,
        run: impl FnOnce(&ThreadState) -> CoroutineResult<(), ()>,
    ) -> Result<CoroutineResult<(), ()>> {
        // SAFETY: the thread lives until this function returns.
        let thread: &ThreadState = unsafe { &*thread::state() };
        thread.make_ready()?;
        let outer = thread.current.get();
        self.each_activation(|activation| activation.current.set(&thread.current));
        self.base.activation.prev.set(outer);
        thread.current.set(self.innermost.get());
        let here = 0u8;
        self.base.outer_sp.set((&raw const here as usize) & !7);
        let vm = self.base.store;
        // SAFETY: the store lives as long as the fiber runs, and nothing else uses it meanwhile.
        let (result, left) = unsafe {
            let outer_call = ptr::replace(&raw mut (*vm).call, self.call.get());
            let outer_store = ptr::replace(&raw mut (*vm).store, self.store.get());
            self.base.outer_call.set(&raw const outer_call);
            let was = ptr::replace(self.slot, self);
            let result = run(thread);
            let left = ptr::replace(self.slot, was);
            self.base.outer_call.set(ptr::null());
            self.call.set(ptr::replace(&raw mut (*vm).call, outer_call));
            self.store.set(ptr::replace(&raw mut (*vm).store, outer_store));
            (result, left)
        };
        self.innermost.set(thread.current.get());
        thread.current.set(outer);
        self.debug_assert_switched(thread);
        if let CoroutineResult::Yield(()) = result {
            debug_assert_may_wait(left);
        }
        Ok(result)
    }

    /// `SWITCHED`: what is innermost in the thread's chain is not on the fiber's stack.
    fn debug_assert_switched(&self, thread: &ThreadState) {
        if cfg!(debug_assertions) {
            let stack = self.base.activation.stack_limit..self.base.top;
            let mut at = thread.current.get();
            for _ in 0..16 {
                debug_assert!(!stack.contains(&at.addr()), "a fiber was left with an activation in the thread's chain");
                // SAFETY: activations in the chain are on stacks that this thread runs on, further out.
                let Some(activation) = (unsafe { at.as_ref() }) else { return };
                at = activation.prev.get();
            }
        }
    }

    /// Passes on its activations from the innermost to the base.
    fn each_activation(&self, each: impl Fn(&Activation)) {
        let mut at = self.innermost.get();
        loop {
            // SAFETY: the chain on a fiber that does not run ends in its base.
            let activation = unsafe { &*at };
            each(activation);
            if activation.border().is_some() {
                return;
            }
            at = activation.prev.get();
        }
    }

    /// Whether its call is resumable.
    #[inline]
    pub fn is_resumable(&self) -> bool {
        self.resumable.is_some()
    }

    /// Leaves the fiber until it is resumed.
    ///
    /// # Safety
    /// It must be the one that runs.
    #[inline]
    pub(super) unsafe fn leave(&self) {
        // SAFETY: the coroutine set it, which runs now.
        unsafe { (*self.yielder.get()).suspend(()) };
    }

    /// Gives the thread back until the fiber is resumed.
    ///
    /// # Errors
    /// If the fiber is to end.
    fn suspend(&self) -> Result<()> {
        if !self.cancelled.get() {
            // SAFETY: who waits is on this fiber.
            unsafe { self.leave() };
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

/// `MAY_WAIT`: what a store's fiber was when it was suspended. Who waits, or runs a host function of a resumable call,
/// has taken it away from the store.
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
            if !self.1.is_null() {
                // SAFETY: the caller of `without` guarantees that the store is valid.
                unsafe { *self.0 = self.1 };
            }
        }
    }
    // SAFETY: guaranteed by the caller; a fiber that runs outlives this call.
    unsafe {
        // Most stores have none, and nothing is written for them: whoever gives one to the store takes it back.
        let restore = Restore(slot, *slot);
        if !restore.1.is_null() {
            *slot = ptr::null();
        }
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
            let fiber = fiber.filter(|fiber| !fiber.is_resumable()).context(CANNOT_WAIT)?;
            fiber.wait(future)
        })
    }
}

/// Why something that waits fails.
pub(crate) const CANNOT_WAIT: &str =
    "cannot wait here: call WebAssembly code with `call_async`, and make instances with `instantiate_async`";
