//! From a body to a module: reads chunks, has them compiled, and stops at the first of: the module, a compile error,
//! the body's error, the watch.
//!
//! **Where it is compiled.** The first bytes, up to [`INLINE`] of them, are compiled by the polling thread: waking
//! another would take longer. The rest goes to the engine's threads ([`Task`]), and so does everything once the
//! compiler has handed bodies to them, since the poller would have to wait for these. If the engine has no threads, the
//! poller compiles all of it, at most [`SLICE`] bytes in a poll, and wakes itself. A slice ends where a push ends, so
//! that one function body or section is never divided; the engine's limits bound these.
//!
//! **What the specification leaves open** is decided as follows:
//! * Bytes that prove that the module is invalid end the stream: the rest of the body is cancelled, without waiting for
//!   its error or its end.
//! * The body's error is reported only if the bytes before it do not prove a compile error, however they were split and
//!   whichever thread compiles them: they are judged first.
//! * When the body pauses, what has arrived is judged as well, so that an error that precedes a long silence is
//!   reported before it.
//! * There is no module before the end of the body.
//! * A limit or a signal takes effect at once, whatever the bytes before it would prove.

use super::body::{Body, Chunk};
use super::error::{BoxError, Error};
use super::response::BodyReader;
use super::task::Task;
use super::watch::Watch;
use crate::error::CompileError;
use crate::{Engine, Module, StreamingCompiler};
use std::task::{Context, Poll};

/// How much of a body the polling thread compiles, if there are others.
const INLINE: usize = 16 << 10;

/// How much is pushed in one poll.
const SLICE: usize = 16 << 10;

/// The least that a chunk counts for, so that a poll of a body of many tiny or empty chunks ends eventually.
const CHUNK_COST: usize = 64;

enum Compiler {
    /// Compiles where it is polled, `chunk` from byte `at` on next.
    Here {
        compiler: StreamingCompiler,
        chunk: Option<(Chunk, usize)>,
    },
    There(Task),
    Over,
}

pub(super) struct Drive {
    engine: Engine,
    /// `None` at its end.
    body: Option<BodyReader>,
    compiler: Compiler,
    /// The error that the body failed with, while what came before it is judged.
    broken: Option<BoxError>,
    received: u64,
    /// Whether the task has to judge what it has got.
    unjudged: bool,
}

/// Why there is no module; the caller adds the location.
pub(super) enum Failure {
    Compile(CompileError),
    Other(Error),
}

impl From<CompileError> for Failure {
    fn from(error: CompileError) -> Failure {
        Failure::Compile(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Other(error)
    }
}

type Step = Poll<Result<Module, Failure>>;

impl Drive {
    pub fn new(engine: &Engine, body: BodyReader, compiler: StreamingCompiler) -> Drive {
        Drive {
            engine: engine.clone(),
            body: Some(body),
            compiler: Compiler::Here { compiler, chunk: None },
            broken: None,
            received: 0,
            unjudged: false,
        }
    }

    /// Must not be polled after it was ready.
    pub fn poll(&mut self, cx: &mut Context<'_>, watch: &mut Watch) -> Step {
        let result = std::task::ready!(self.poll_all(cx, watch));
        // Cancels what is left, at once.
        (self.body, self.compiler) = (None, Compiler::Over);
        Poll::Ready(result)
    }

    fn poll_all(&mut self, cx: &mut Context<'_>, watch: &mut Watch) -> Step {
        watch.poll(cx)?;
        let mut budget = SLICE;
        loop {
            if let Poll::Ready(module) = self.compile(cx, &mut budget)? {
                return Poll::Ready(Ok(module));
            }
            if budget == 0 {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            if let Compiler::There(task) = &self.compiler
                && task.is_full()
            {
                // It wakes us when there is room.
                return Poll::Pending;
            }
            let Some(body) = &mut self.body else { return Poll::Pending };
            match body.poll_chunk(cx) {
                Poll::Pending => {
                    watch.body_pending(cx);
                    if let Compiler::There(task) = &self.compiler
                        && std::mem::take(&mut self.unjudged)
                    {
                        task.judge();
                    }
                    return Poll::Pending;
                }
                Poll::Ready(Some(Ok(chunk))) => {
                    let len = chunk.as_ref().len();
                    watch.body_ready(len)?;
                    budget = budget.saturating_sub(CHUNK_COST);
                    self.take(chunk, len);
                }
                Poll::Ready(end) => self.end(end.and_then(Result::err)),
            }
        }
    }

    /// Compiles what has arrived, within `budget`; `Ready` at the end.
    fn compile(&mut self, cx: &mut Context<'_>, budget: &mut usize) -> Poll<Result<Module, Failure>> {
        match &mut self.compiler {
            Compiler::Here { compiler, chunk } => {
                if let Some((bytes, at)) = chunk {
                    let rest = bytes.as_ref().get(*at..).unwrap_or_default();
                    let n = rest.len().min(*budget);
                    compiler.push(&rest[..n])?;
                    *budget -= n;
                    *at += n;
                    if n < rest.len() {
                        return Poll::Pending;
                    }
                    *chunk = None;
                    if compiler.is_pooled() && self.engine.pool().start() {
                        self.hand_over();
                        return self.compile(cx, budget);
                    }
                }
                if let Some(error) = self.broken.take() {
                    return Poll::Ready(Err(Error::Body(error).into()));
                }
                if self.body.is_some() {
                    return Poll::Pending;
                }
                match std::mem::replace(&mut self.compiler, Compiler::Over) {
                    Compiler::Here { compiler, .. } => Poll::Ready(Ok(compiler.finish()?)),
                    _ => unreachable!("looked at above"),
                }
            }
            Compiler::There(task) => {
                if let Poll::Ready(outcome) = task.poll(cx) {
                    return Poll::Ready(Ok(outcome?));
                }
                if self.broken.is_some() && task.is_idle() {
                    let error = self.broken.take().expect("there is one");
                    return Poll::Ready(Err(Error::Body(error).into()));
                }
                Poll::Pending
            }
            Compiler::Over => unreachable!("polled after it was ready"),
        }
    }

    /// From now on the engine's threads compile.
    fn hand_over(&mut self) {
        match std::mem::replace(&mut self.compiler, Compiler::Over) {
            Compiler::Here { compiler, chunk } => {
                debug_assert!(chunk.is_none());
                self.compiler = Compiler::There(Task::new(&self.engine, compiler));
                self.unjudged = true;
            }
            other => self.compiler = other,
        }
    }

    fn take(&mut self, new: Chunk, len: usize) {
        self.received += len as u64;
        if matches!(self.compiler, Compiler::Here { .. }) && self.received > INLINE as u64 && self.engine.pool().start()
        {
            self.hand_over();
        }
        match &mut self.compiler {
            Compiler::Here { chunk, .. } => *chunk = Some((new, 0)),
            Compiler::There(task) => {
                self.unjudged = true;
                task.push(new);
            }
            Compiler::Over => unreachable!("polled after it was ready"),
        }
    }

    /// The body has ended, with an error if there is one.
    fn end(&mut self, error: Option<BoxError>) {
        self.body = None;
        self.broken = error;
        if let Compiler::There(task) = &self.compiler {
            match self.broken {
                Some(_) => task.judge(),
                None => task.finish(),
            }
        }
    }
}
