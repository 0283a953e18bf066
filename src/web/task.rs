//! A stream's compiler on the engine's threads: a queue of chunks between the future that reads and whichever thread is
//! free.
//!
//! One thread at a time pushes ([`State::compiler`] is `None` meanwhile), for a bounded time; no thread is held when
//! there is nothing to push. The queue is bounded by the reader, which asks [`Task::is_full`] before it reads on.

use super::body::Chunk;
use crate::engine::{Engine, Work};
use crate::error::CompileError;
use crate::stream::BodyCompiler;
use crate::sync::{Arc, Mutex, MutexGuard, PoisonError};
use crate::{Module, Stopper, StreamingCompiler};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Poll, Waker};

/// How much may wait in the queue before the body is not read any further. The compiler itself has a queue of function
/// bodies, which is bounded, too.
const FULL: usize = 256 << 10;

/// How much is pushed at once: how long it takes until a cancellation is noticed. Less than what makes the compiler
/// work on the pushed bytes in place.
const PIECE: usize = 256 << 10;

/// How much is pushed before others get their turn.
const TURN: usize = 1 << 20;

/// What a chunk costs besides its bytes.
const CHUNK_COST: usize = 64;

pub(super) type Outcome = Result<Module, CompileError>;

struct State {
    /// `None` while a thread works with it, and when the stream is over.
    compiler: Option<StreamingCompiler>,
    queue: VecDeque<Chunk>,
    /// How much of the first chunk is pushed.
    pushed: usize,
    /// What the queue costs.
    cost: usize,
    /// A thread works, or will.
    scheduled: bool,
    /// No more chunks come.
    ended: bool,
    /// Everything pushed is to be compiled and judged, though more may follow.
    judge: bool,
    cancelled: bool,
    outcome: Option<Outcome>,
    waker: Option<Waker>,
}

/// What is to be done next.
enum Step {
    Push(Chunk),
    Judge,
    Finish,
}

struct Shared(Mutex<State>);

/// The reader's side. Dropping it cancels.
pub(super) struct Task {
    engine: Engine,
    shared: Arc<Shared>,
    stopper: Stopper,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One step; returns how many bytes were pushed, or `None` if there is nothing to do for now.
    fn step(&self) -> Option<usize> {
        let mut state = self.lock();
        let step = state.next()?;
        let at = state.pushed;
        let mut compiler = state.compiler.take()?;
        drop(state);

        let mut len = 0;
        let result = catch_unwind(AssertUnwindSafe(|| match &step {
            Step::Push(chunk) => {
                let rest = chunk.as_ref().get(at..).unwrap_or_default();
                len = rest.len().min(PIECE);
                compiler.push(&rest[..len]).map(|()| (Some(compiler), None))
            }
            Step::Judge => compiler.judge().map(|()| (Some(compiler), None)),
            Step::Finish => compiler.finish().map(|module| (None, Some(module))),
        }));
        let result = result.unwrap_or_else(|_| Err(CompileError::internal("the compiler panicked")));

        let mut state = self.lock();
        if state.cancelled {
            drop(state);
            // The engine's last handle may be dropped here, with the compiler or the module.
            drop(result);
            return None;
        }
        match result {
            Ok((compiler, module)) => {
                state.compiler = compiler;
                state.outcome = module.map(Ok);
            }
            Err(e) => {
                state.outcome = Some(Err(e));
                state.clear();
            }
        }
        if let Step::Push(chunk) = step {
            state.put_back(chunk, at + len);
        }
        let waker = if state.wants_attention() { state.waker.take() } else { None };
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
        Some(len)
    }
}

impl State {
    fn next(&mut self) -> Option<Step> {
        if self.cancelled || self.compiler.is_none() {
            return None;
        }
        match self.queue.pop_front() {
            Some(chunk) => Some(Step::Push(chunk)),
            None if self.ended => Some(Step::Finish),
            None if std::mem::take(&mut self.judge) => Some(Step::Judge),
            None => None,
        }
    }

    /// `pushed` bytes of `chunk`, which was the first in the queue, have been pushed.
    fn put_back(&mut self, chunk: Chunk, pushed: usize) {
        let len = chunk.as_ref().len();
        if self.outcome.is_some() {
            return;
        }
        if pushed < len {
            self.queue.push_front(chunk);
            self.pushed = pushed;
        } else {
            self.pushed = 0;
            self.cost = self.cost.saturating_sub(len + CHUNK_COST);
        }
    }

    fn clear(&mut self) {
        self.queue.clear();
        (self.pushed, self.cost) = (0, 0);
    }

    /// Whether there is something that the reader waits for.
    fn wants_attention(&self) -> bool {
        self.outcome.is_some() || self.cost < FULL / 2
    }

    fn has_work(&self) -> bool {
        self.compiler.is_some() && (!self.queue.is_empty() || self.ended || self.judge)
    }
}

impl Work for Shared {
    fn run_one(&self, _: &mut BodyCompiler) -> bool {
        let mut bytes = 0;
        while bytes < TURN {
            match self.step() {
                Some(n) => bytes += n.max(CHUNK_COST),
                None => break,
            }
        }
        let mut state = self.lock();
        state.scheduled = false;
        // The reader schedules the rest, or what arrived in between.
        let waker = if state.has_work() { state.waker.take() } else { None };
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
        true
    }
}

impl Task {
    /// Continues with `compiler` on the threads of `engine`, which must have some.
    pub fn new(engine: &Engine, compiler: StreamingCompiler) -> Task {
        let stopper = compiler.stopper();
        let state = State {
            compiler: Some(compiler),
            queue: VecDeque::new(),
            pushed: 0,
            cost: 0,
            scheduled: false,
            ended: false,
            judge: false,
            cancelled: false,
            outcome: None,
            waker: None,
        };
        Task { engine: engine.clone(), shared: Arc::new(Shared(Mutex::new(state))), stopper }
    }

    /// The outcome, or a wake-up when there is one, when the queue has room, and when what was asked for is done.
    pub fn poll(&self, cx: &mut Context<'_>) -> Poll<Outcome> {
        let mut state = self.shared.lock();
        if let Some(outcome) = state.outcome.take() {
            return Poll::Ready(outcome);
        }
        match &mut state.waker {
            Some(waker) => waker.clone_from(cx.waker()),
            None => state.waker = Some(cx.waker().clone()),
        }
        self.schedule(state);
        Poll::Pending
    }

    fn schedule(&self, mut state: MutexGuard<'_, State>) {
        if state.has_work() && !std::mem::replace(&mut state.scheduled, true) {
            drop(state);
            self.engine.pool().submit(self.shared.clone());
        }
    }

    /// Whether nothing should be read for now.
    pub fn is_full(&self) -> bool {
        self.shared.lock().cost >= FULL
    }

    /// Whether all that was asked for is done.
    pub fn is_idle(&self) -> bool {
        let state = self.shared.lock();
        state.compiler.is_some() && !state.has_work()
    }

    /// Queues a chunk.
    pub fn push(&self, chunk: Chunk) {
        let mut state = self.shared.lock();
        state.cost += chunk.as_ref().len() + CHUNK_COST;
        state.queue.push_back(chunk);
        self.schedule(state);
    }

    /// Requests that all that is queued be compiled and judged.
    pub fn judge(&self) {
        let mut state = self.shared.lock();
        state.judge = true;
        self.schedule(state);
    }

    /// Says that there are no more chunks.
    pub fn finish(&self) {
        let mut state = self.shared.lock();
        state.ended = true;
        self.schedule(state);
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        // For a thread that is compiling right now.
        self.stopper.stop();
        let mut state = self.shared.lock();
        state.cancelled = true;
        state.clear();
        let left = (state.compiler.take(), state.outcome.take(), state.waker.take());
        drop(state);
        drop(left);
        let work: Arc<dyn Work> = self.shared.clone();
        self.engine.pool().forget(&work);
    }
}
