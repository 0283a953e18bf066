//! Bodies: streams of chunks of bytes. How a chunk is stored is up to its producer, so that none has to be copied.

use super::error::BoxError;
use std::collections::VecDeque;
use std::fmt;
use std::task::{Context, Poll};

/// Bytes of a body, owned, however they are kept.
///
/// ```
/// use headwater::web::Chunk;
/// let chunk = Chunk::from(vec![1, 2, 3]);
/// assert_eq!(chunk.as_ref(), [1, 2, 3]);
/// ```
pub struct Chunk(Box<dyn AsRef<[u8]> + Send>);

impl Chunk {
    /// From anything that holds bytes, which are read once and must not change until then.
    pub fn new(bytes: impl AsRef<[u8]> + Send + 'static) -> Chunk {
        Chunk(Box::new(bytes))
    }
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

impl From<Vec<u8>> for Chunk {
    fn from(bytes: Vec<u8>) -> Chunk {
        Chunk::new(bytes)
    }
}

impl From<&'static [u8]> for Chunk {
    fn from(bytes: &'static [u8]) -> Chunk {
        Chunk::new(bytes)
    }
}

impl fmt::Debug for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chunk({} bytes)", self.as_ref().len())
    }
}

/// A stream of chunks. Dropping it cancels it.
///
/// After an error or the end it is not polled again.
pub trait Body: Send {
    /// The next chunk; `None` at the end. May be empty. Must not block.
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk, BoxError>>>;
}

impl<B: Body + ?Sized> Body for Box<B> {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk, BoxError>>> {
        (**self).poll_chunk(cx)
    }
}

/// Chunks that are all present.
pub(super) struct Ready(pub VecDeque<Chunk>);

impl Body for Ready {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Chunk, BoxError>>> {
        Poll::Ready(self.0.pop_front().map(Ok))
    }
}
