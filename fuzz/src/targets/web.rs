//! The same over [`headwater::web`]: bodies that are pending, fail, stall or are left alone at any point.

use super::stream::{describe, engines, fault};
use super::{Done, Failure, note};
use crate::choices::Choices;
use crate::mutate::{mutate, source, splits};
use headwater::web::{Body, BoxError, Chunk, Error, LimitExceeded, Mime, Options, Response, compile_streaming_with};
use headwater::{Module, StreamingCompiler};
use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

/// What the bodies fail with.
const BODY_FAILS: &str = "the body fails";

/// What the signals abort with.
const SIGNAL: &str = "the signal";

/// Nothing takes so long unless a wake-up was lost.
const LONG: Duration = Duration::from_secs(20);

enum Event {
    Chunk(Vec<u8>),
    /// Pending, with a wake-up at once.
    Pending,
    /// Pending, with a wake-up from another thread.
    Later,
    /// Pending for ever.
    Stall,
    Error,
}

/// What becomes of a body.
#[derive(Default)]
struct Fate {
    drops: AtomicUsize,
    stalls: AtomicUsize,
    polls_after_end: AtomicUsize,
}

struct Scripted {
    events: VecDeque<Event>,
    over: bool,
    fate: Arc<Fate>,
}

impl Body for Scripted {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk, BoxError>>> {
        if self.over {
            self.fate.polls_after_end.fetch_add(1, SeqCst);
        }
        match self.events.pop_front() {
            None => {
                self.over = true;
                Poll::Ready(None)
            }
            Some(Event::Chunk(bytes)) => Poll::Ready(Some(Ok(bytes.into()))),
            Some(Event::Error) => {
                self.over = true;
                Poll::Ready(Some(Err(BODY_FAILS.into())))
            }
            Some(Event::Pending) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Event::Later) => {
                let waker = cx.waker().clone();
                std::thread::spawn(move || waker.wake());
                Poll::Pending
            }
            Some(Event::Stall) => {
                self.events.push_front(Event::Stall);
                self.fate.stalls.fetch_add(1, SeqCst);
                Poll::Pending
            }
        }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.fate.drops.fetch_add(1, SeqCst);
    }
}

/// Unparks the thread that polls, and counts.
struct Alarm {
    thread: Thread,
    rings: AtomicUsize,
}

impl Wake for Alarm {
    fn wake(self: Arc<Alarm>) {
        self.rings.fetch_add(1, SeqCst);
        self.thread.unpark();
    }
}

/// How a future was left.
enum End {
    Result(Result<Module, Error>),
    /// After so many polls as were allowed.
    Left,
    /// No wake-up came, and none is due.
    Stalled,
    /// No wake-up came, but one is due.
    Lost,
}

/// Polls whenever it is woken, at most `polls` times. With `ends` there must be a result, even if the body stalls.
fn drive(future: impl Future<Output = Result<Module, Error>>, polls: usize, ends: bool, fate: &Fate) -> End {
    let alarm = Arc::new(Alarm { thread: std::thread::current(), rings: AtomicUsize::new(0) });
    let waker = Waker::from(alarm.clone());
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    for _ in 0..polls {
        let before = alarm.rings.load(SeqCst);
        if let Poll::Ready(result) = future.as_mut().poll(&mut cx) {
            return End::Result(result);
        }
        let start = Instant::now();
        while alarm.rings.load(SeqCst) == before {
            std::thread::park_timeout(Duration::from_millis(20));
            if !ends && fate.stalls.load(SeqCst) > 0 && start.elapsed() > Duration::from_millis(15) {
                return End::Stalled;
            }
            if start.elapsed() > LONG {
                return End::Lost;
            }
        }
    }
    End::Left
}

/// Draws bytes, a script for their body, and options.
pub fn run(c: &mut Choices<'_>) -> Result<Done, Failure> {
    let bytes = source(c);
    let bytes = mutate(c, bytes);
    note(&bytes);
    let (engines, _) = engines(c);
    let alone = &engines[0];
    let whole = describe(&Module::from_binary(alone, &bytes), false);
    let threads = c.below(3);
    let engine = &engines[threads];

    let ends = splits(c, bytes.len());
    let (mut events, mut at) = (VecDeque::new(), 0);
    for &end in &ends {
        match c.below(12) {
            9 => events.push_back(Event::Pending),
            10 if events.len() < 100 => events.push_back(Event::Later),
            11 => events.push_back(Event::Chunk(Vec::new())),
            _ => {}
        }
        events.push_back(Event::Chunk(bytes[at..end].to_vec()));
        at = end;
    }
    // Rare, and at most one of them, so that it is known what must come of it.
    let interruption = c.below(8);
    let cut = c.below(events.len() + 1);
    match interruption {
        5 => {
            events.truncate(cut);
            events.push_back(Event::Error);
        }
        6 => {
            events.truncate(cut);
            events.push_back(Event::Stall);
        }
        _ => {}
    }
    let prefix: Vec<u8> = events
        .iter()
        .filter_map(|e| if let Event::Chunk(b) = e { Some(&b[..]) } else { None })
        .collect::<Vec<_>>()
        .concat();
    let mut options = Options::new().mime(Mime::Any);
    let max_size = (interruption == 4).then(|| c.below(bytes.len() + 2) as u64);
    if let Some(size) = max_size {
        options = options.max_size(size);
    }
    let aborts = interruption == 7;
    if aborts {
        let mut polls = c.below(20);
        options = options.abort_when(std::future::poll_fn(move |cx| {
            if polls == 0 {
                return Poll::Ready(SIGNAL);
            }
            polls -= 1;
            cx.waker().wake_by_ref();
            Poll::Pending
        }));
    }
    let polls = if c.one_in(6) { c.below(20) } else { usize::MAX };

    // What the bytes that came prove, if they prove something.
    let faulty = StreamingCompiler::new(alone).push(&prefix).err().map(|e| fault(&e));
    let fate = Arc::new(Fate::default());
    let body = Scripted { events, over: false, fate: fate.clone() };
    let response = Response::new(body).with_url("http://a.example/m.wasm");
    let end = drive(compile_streaming_with(engine, response, options), polls, faulty.is_some(), &fate);
    let fail = |kind, what: String| Err(Failure::new(kind, format!("{threads} threads, case {interruption}: {what}")));
    if fate.drops.load(SeqCst) != 1 {
        return fail("body kept", format!("dropped {} times", fate.drops.load(SeqCst)));
    }
    if fate.polls_after_end.load(SeqCst) != 0 {
        return fail("body polled", "after its end or its error".to_string());
    }
    let found = match end {
        End::Left => return Ok(Done { modules: 1, checks: 1 }),
        End::Lost => return fail("wake-up lost", format!("nothing happens for {LONG:?}; proven: {faulty:?}")),
        End::Stalled => {
            return Ok(Done { modules: 1, checks: 1 });
        }
        End::Result(result) => result,
    };
    let text = match &found {
        Ok(module) => describe(&Ok(module.clone()), false),
        Err(Error::Compile(e)) => fault(e.error()),
        Err(e) => format!("{e:?}"),
    };
    let right = match found {
        Err(Error::Body(e)) => interruption == 5 && e.to_string() == BODY_FAILS && faulty.is_none(),
        Err(Error::Aborted(e)) => match e.downcast_ref::<LimitExceeded>() {
            Some(LimitExceeded::Size(size)) => Some(*size) == max_size && bytes.len() as u64 > *size,
            Some(_) => false,
            None => aborts && e.to_string() == SIGNAL,
        },
        Err(Error::Compile(_)) if interruption == 5 || interruption == 6 => faulty == Some(text.clone()),
        // With a limit on the size, what came before it may prove something, too: the first fault, as always.
        Ok(_) | Err(Error::Compile(_)) => text == whole && interruption != 5 && interruption != 6,
        Err(_) => false,
    };
    if right { Ok(Done { modules: 1, checks: 1 }) } else { fail("outcome", format!("{text}, buffered: {whole}")) }
}
