//! Responses of the `http` crate with any `http_body::Body`: what hyper, axum and tower use.

use crate::web::body::{Body, Chunk};
use crate::web::error::{BoxError, boxed};
use crate::web::{Response, ResponseType};
use bytes::Buf;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

struct HttpBody<B>(Pin<Box<B>>);

impl<B> Body for HttpBody<B>
where
    B: http_body::Body + Send,
    B::Error: Into<BoxError> + 'static,
{
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk, BoxError>>> {
        loop {
            return Poll::Ready(match ready!(self.0.as_mut().poll_frame(cx)) {
                None => None,
                Some(Err(e)) => Some(Err(boxed(e))),
                Some(Ok(frame)) => match frame.into_data() {
                    // For `Bytes` this does not copy.
                    Ok(mut data) => Some(Ok(Chunk::new(data.copy_to_bytes(data.remaining())))),
                    // Trailers come last and are ignored.
                    Err(_) => continue,
                },
            });
        }
    }
}

/// Has the type [`ResponseType::Basic`] and no URL, which such a response does not contain: see [`Response::with_url`].
/// If the body is encoded, it must already have been decoded.
impl<B> From<http::Response<B>> for Response
where
    B: http_body::Body + Send + 'static,
    B::Error: Into<BoxError> + 'static,
{
    fn from(response: http::Response<B>) -> Response {
        let (head, body) = response.into_parts();
        let mut response =
            Response::new(HttpBody(Box::pin(body))).with_status(head.status.as_u16()).with_type(ResponseType::Basic);
        for (name, value) in &head.headers {
            response = response.with_header(name.as_str(), value.as_bytes());
        }
        response
    }
}
