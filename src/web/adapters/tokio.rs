//! Bodies that an `AsyncRead` of tokio reads.

use super::READ;
use crate::web::Response;
use crate::web::body::{Body, Chunk};
use crate::web::error::BoxError;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, ReadBuf};

struct TokioBody<R> {
    reader: Pin<Box<R>>,
    /// Allocated when the body is first read.
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Send> Body for TokioBody<R> {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk, BoxError>>> {
        self.buffer.resize(READ, 0);
        let mut buffer = ReadBuf::new(&mut self.buffer);
        Poll::Ready(match ready!(self.reader.as_mut().poll_read(cx, &mut buffer)) {
            Ok(()) if buffer.filled().is_empty() => None,
            Ok(()) => Some(Ok(Chunk::from(buffer.filled().to_vec()))),
            Err(e) => Some(Err(e.into())),
        })
    }
}

impl Response {
    /// With a body that `reader` reads. Otherwise like [`Response::new`].
    pub fn from_tokio(reader: impl AsyncRead + Send + 'static) -> Response {
        Response::new(TokioBody { reader: Box::pin(reader), buffer: Vec::new() })
    }
}
