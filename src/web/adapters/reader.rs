//! Bodies that a [`Read`] reads. Since that may block, it has a thread of its own, which is started when the body is
//! first polled and is at most one chunk ahead.

use super::READ;
use crate::sync::{self, Arc, Condvar, Mutex, MutexGuard, PoisonError, thread};
use crate::web::body::{Body, Chunk};
use crate::web::error::BoxError;
use std::io::{self, Read};
use std::task::{Context, Poll, Waker};

#[derive(Default)]
struct State {
    /// What was read: a chunk, an error, or nothing at the end.
    ready: Option<Option<io::Result<Vec<u8>>>>,
    waker: Option<Waker>,
    cancelled: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Notified when what was read is taken, and at the end.
    taken: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands `item` over when there is room. Returns whether more is wanted.
    fn put(&self, item: Option<io::Result<Vec<u8>>>) -> bool {
        let mut state = self.lock();
        while state.ready.is_some() && !state.cancelled {
            state = self.taken.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.cancelled {
            return false;
        }
        let more = matches!(item, Some(Ok(_)));
        state.ready = Some(item);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
        more
    }
}

/// Marks the body as ended in any case, so that nothing waits for a reader that panicked.
struct End<'a>(&'a Shared);

impl Drop for End<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.put(Some(Err(io::Error::other("the reader panicked"))));
        }
    }
}

fn read_all(mut reader: impl Read, shared: &Shared) {
    let _end = End(shared);
    let mut buffer = vec![0; READ];
    loop {
        let item = match reader.read(&mut buffer) {
            Ok(0) => None,
            Ok(n) => Some(Ok(buffer[..n].to_vec())),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => Some(Err(e)),
        };
        if !shared.put(item) {
            return;
        }
    }
}

/// The body that a reader reads.
pub(crate) struct ReaderBody {
    /// Until the thread takes it.
    reader: Option<Box<dyn Read + Send>>,
    shared: Arc<Shared>,
}

impl ReaderBody {
    pub fn new(reader: impl Read + Send + 'static) -> ReaderBody {
        ReaderBody { reader: Some(Box::new(reader)), shared: Arc::default() }
    }
}

impl Body for ReaderBody {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk, BoxError>>> {
        if let Some(reader) = self.reader.take() {
            let shared = self.shared.clone();
            if let Err(e) = sync::spawn(c"headwater-read", move || read_all(reader, &shared)) {
                return Poll::Ready(Some(Err(e.into())));
            }
        }
        let mut state = self.shared.lock();
        let Some(item) = state.ready.take() else {
            state.waker = Some(cx.waker().clone());
            return Poll::Pending;
        };
        drop(state);
        self.shared.taken.notify_one();
        Poll::Ready(item.map(|read| read.map(Chunk::from).map_err(BoxError::from)))
    }
}

impl Drop for ReaderBody {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.cancelled = true;
        let waker = state.waker.take();
        drop(state);
        drop(waker);
        self.shared.taken.notify_one();
    }
}
