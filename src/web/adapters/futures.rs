//! Bodies that are streams of the `futures` crates.

use crate::web::Response;
use crate::web::body::{Body, Chunk};
use crate::web::error::{BoxError, boxed};
use futures_core::Stream;
use std::pin::Pin;
use std::task::{Context, Poll};

struct StreamBody<S>(Pin<Box<S>>);

impl<S, C, E> Body for StreamBody<S>
where
    S: Stream<Item = Result<C, E>> + Send,
    C: AsRef<[u8]> + Send + 'static,
    E: Into<BoxError> + 'static,
{
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk, BoxError>>> {
        self.0.as_mut().poll_next(cx).map(|item| item.map(|chunk| chunk.map(Chunk::new).map_err(boxed)))
    }
}

impl Response {
    /// With a body that `stream` yields: `Bytes`, vectors, or anything else that holds bytes. Otherwise like
    /// [`Response::new`].
    pub fn from_stream<C, E>(stream: impl Stream<Item = Result<C, E>> + Send + 'static) -> Response
    where
        C: AsRef<[u8]> + Send + 'static,
        E: Into<BoxError> + 'static,
    {
        Response::new(StreamBody(Box::pin(stream)))
    }
}
