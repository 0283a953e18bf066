//! The response: what Fetch (section 2.2.6, "Responses", and the `Response` class) says about one, as far as it matters
//! for compiling a module from it.
//!
//! **A handle**, like the web's object: clones are the same response, so that a caller still has the body if the
//! response is rejected. Whoever reads the body holds its lock; a body of which anything has been read stays *used*.

use super::body::{Body, Chunk, Ready};
use super::error::{BoxError, TypeError};
use crate::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};

/// The type of a [`Response`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum ResponseType {
    /// Fetched from the same origin; what Rust's HTTP clients return, since they have no notion of origins.
    Basic,
    /// Fetched from another origin, which allows reading it.
    Cors,
    /// Made by the program.
    #[default]
    Default,
    /// A network error.
    Error,
    /// Fetched from another origin, without asking for its permission.
    Opaque,
    /// A redirect that was not followed.
    OpaqueRedirect,
}

impl ResponseType {
    /// Whether the body may be read: "CORS-same-origin" in HTML's terms, and not a network error.
    pub fn is_readable(self) -> bool {
        matches!(self, ResponseType::Basic | ResponseType::Cors | ResponseType::Default)
    }
}

/// As JavaScript names it: `basic`, `cors`, `default`, `error`, `opaque`, `opaqueredirect`.
impl fmt::Display for ResponseType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ResponseType::Basic => "basic",
            ResponseType::Cors => "cors",
            ResponseType::Default => "default",
            ResponseType::Error => "error",
            ResponseType::Opaque => "opaque",
            ResponseType::OpaqueRedirect => "opaqueredirect",
        })
    }
}

/// An HTTP response. A handle: clones are the same response with the same body.
///
/// ```
/// use headwater::web::Response;
/// let response = Response::from_bytes(b"\0asm\x01\0\0\0")
///     .with_header("Content-Type", "application/wasm")
///     .with_url("http://a.example/empty.wasm");
/// assert_eq!(response.status(), 200);
/// assert!(!response.body_used());
/// ```
#[derive(Clone)]
pub struct Response {
    head: Arc<Head>,
    body: Arc<Mutex<State>>,
}

#[derive(Clone)]
struct Head {
    status: u16,
    kind: ResponseType,
    url: Box<str>,
    headers: Vec<(Box<str>, Box<[u8]>)>,
}

struct State {
    /// `None` if it never had one, or a reader has it.
    body: Option<Box<dyn Body>>,
    used: bool,
    locked: bool,
}

impl Response {
    fn make(body: Option<Box<dyn Body>>) -> Response {
        let head = Head { status: 200, kind: ResponseType::Default, url: "".into(), headers: Vec::new() };
        let state = State { body, used: false, locked: false };
        Response { head: Arc::new(head), body: Arc::new(Mutex::new(state)) }
    }

    /// With status 200, type [`ResponseType::Default`], no headers, no URL and the body `body`.
    pub fn new(body: impl Body + 'static) -> Response {
        Response::make(Some(Box::new(body)))
    }

    /// With a null body, which has no bytes and is never used. Otherwise like [`Response::new`].
    pub fn empty() -> Response {
        Response::make(None)
    }

    /// With a body of one chunk.
    pub fn from_bytes(bytes: impl AsRef<[u8]> + Send + 'static) -> Response {
        Response::from_chunks([Chunk::new(bytes)])
    }

    /// With a body of some chunks.
    pub fn from_chunks(chunks: impl IntoIterator<Item = Chunk>) -> Response {
        Response::new(Ready(chunks.into_iter().collect::<VecDeque<_>>()))
    }

    /// With a body that `reader` reads, on a thread of its own, which begins when the body is first read and ends with
    /// it. At most one chunk of 64 KiB and the next one are read ahead.
    ///
    /// If the body is dropped while `reader` blocks, the thread ends when it returns.
    pub fn from_reader(reader: impl std::io::Read + Send + 'static) -> Response {
        Response::new(super::adapters::reader::ReaderBody::new(reader))
    }

    /// A network error: [`ResponseType::Error`] and status 0.
    pub fn error() -> Response {
        Response::empty().with_status(0).with_type(ResponseType::Error)
    }

    fn head_mut(&mut self) -> &mut Head {
        Arc::make_mut(&mut self.head)
    }

    /// The same body with another status. Handles that were cloned before keep theirs; the same goes for the following
    /// methods.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Response {
        self.head_mut().status = status;
        self
    }

    /// The same with another type. Headers stay as they are, including those that a browser would hide.
    #[must_use]
    pub fn with_type(mut self, kind: ResponseType) -> Response {
        self.head_mut().kind = kind;
        self
    }

    /// The same with another URL.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<Box<str>>) -> Response {
        self.head_mut().url = url.into();
        self
    }

    /// The same with one more header. The value is taken as it is, without removing spaces.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<Box<str>>, value: impl AsRef<[u8]>) -> Response {
        self.head_mut().headers.push((name.into(), value.as_ref().into()));
        self
    }

    /// The status; 0 for a network error.
    pub fn status(&self) -> u16 {
        self.head.status
    }

    /// Whether the status is one of 200 to 299.
    pub fn ok(&self) -> bool {
        (200..=299).contains(&self.head.status)
    }

    /// The type.
    pub fn response_type(&self) -> ResponseType {
        self.head.kind
    }

    /// The URL, after redirects; empty if there is none.
    pub fn url(&self) -> &str {
        &self.head.url
    }

    /// The values of the headers called `name` (case-insensitive), joined with ", "; `None` if there is none.
    ///
    /// ```
    /// # use headwater::web::Response;
    /// let response = Response::empty().with_header("Vary", "Accept").with_header("vary", "Origin");
    /// assert_eq!(response.header("VARY").as_deref(), Some(&b"Accept, Origin"[..]));
    /// ```
    pub fn header(&self, name: &str) -> Option<Vec<u8>> {
        let named = self.head.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.to_vec()).reduce(|mut all, value| {
            all.extend_from_slice(b", ");
            all.extend(value);
            all
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.body.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the body has been read from ("disturbed", in the terms of Streams).
    pub fn body_used(&self) -> bool {
        self.state().used
    }

    /// Whether the body has a reader.
    pub fn body_locked(&self) -> bool {
        self.state().locked
    }

    /// A reader of the body, which is locked until the reader is dropped. If nothing was read, dropping the reader
    /// leaves the body as it was.
    ///
    /// # Errors
    /// If the body is used or locked.
    pub fn reader(&self) -> Result<BodyReader, TypeError> {
        let mut state = self.state();
        if state.used {
            return Err(TypeError::BodyUsed);
        }
        if state.locked {
            return Err(TypeError::BodyLocked);
        }
        state.locked = true;
        let body = state.body.take();
        drop(state);
        Ok(BodyReader { response: self.clone(), body })
    }

    /// Reads the whole body.
    ///
    /// # Errors
    /// If the body is used or locked (a [`TypeError`]), and when it fails.
    pub async fn bytes(&self) -> Result<Vec<u8>, BoxError> {
        let mut reader = self.reader()?;
        let mut bytes = Vec::new();
        while let Some(chunk) = poll_fn(|cx| reader.poll_chunk(cx)).await {
            bytes.extend_from_slice(chunk?.as_ref());
        }
        Ok(bytes)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status())
            .field("type", &self.response_type())
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// A response is a future of itself, so that one can be passed where a future of one is expected.
impl IntoFuture for Response {
    type Output = Result<Response, std::convert::Infallible>;
    type IntoFuture = std::future::Ready<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        std::future::ready(Ok(self))
    }
}

/// Reads the body of a [`Response`], and keeps others from it.
pub struct BodyReader {
    response: Response,
    /// Put back if it was not read from.
    body: Option<Box<dyn Body>>,
}

impl BodyReader {
    /// Marks the body as used even if nothing is read, as consuming it does; a null body never is.
    pub(super) fn disturb(&mut self) {
        if self.body.is_some() {
            self.response.state().used = true;
        }
    }
}

impl Body for BodyReader {
    /// The end if the body is null, has ended or has failed.
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk, BoxError>>> {
        self.disturb();
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let chunk = ready!(body.poll_chunk(cx));
        if !matches!(chunk, Some(Ok(_))) {
            self.body = None;
        }
        Poll::Ready(chunk)
    }
}

impl Drop for BodyReader {
    fn drop(&mut self) {
        let body = self.body.take();
        let mut state = self.response.state();
        state.locked = false;
        if !state.used {
            state.body = body;
            return;
        }
        drop(state);
        // Nothing can read the rest any more. Dropped without holding the lock, since this runs foreign code.
        drop(body);
    }
}

impl fmt::Debug for BodyReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyReader").field("response", &self.response).finish_non_exhaustive()
    }
}
