//! Bodies that an `AsyncRead` of the `futures` crates reads.

use super::READ;
use crate::web::Response;
use crate::web::body::{Body, Chunk};
use crate::web::error::BoxError;
use futures_io::AsyncRead;
use std::io::ErrorKind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

struct AsyncReadBody<R> {
    reader: Pin<Box<R>>,
    /// Allocated when the body is first read.
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Send> Body for AsyncReadBody<R> {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk, BoxError>>> {
        self.buffer.resize(READ, 0);
        loop {
            return Poll::Ready(match ready!(self.reader.as_mut().poll_read(cx, &mut self.buffer)) {
                Ok(0) => None,
                Ok(n) => Some(Ok(Chunk::from(self.buffer[..n].to_vec()))),
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) => Some(Err(e.into())),
            });
        }
    }
}

impl Response {
    /// With a body that `reader` reads. Otherwise like [`Response::new`].
    pub fn from_async_read(reader: impl AsyncRead + Send + 'static) -> Response {
        Response::new(AsyncReadBody { reader: Box::pin(reader), buffer: Vec::new() })
    }
}
