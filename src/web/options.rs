//! What a caller chooses before anything is read.

use super::cache::{Keyed, ModuleCache};
use super::error::{BoxError, boxed};
use super::response::Response;
use crate::Progress;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
#[cfg(feature = "timer")]
use std::time::Duration;

/// Which `Content-Type` headers are accepted.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Mime {
    /// `application/wasm` in any case, with tabs and spaces around it, and nothing else: what the specification
    /// requires.
    #[default]
    Exact,
    /// The same, or followed by parameters: `application/wasm; charset=utf-8`.
    Essence,
    /// Any type, or none.
    Any,
}

pub(super) type Signal = Pin<Box<dyn Future<Output = BoxError> + Send>>;
pub(super) type Observer = Box<dyn Fn(Progress) + Send>;

/// How [`compile_streaming_with`](super::compile_streaming_with) and
/// [`instantiate_streaming_with`](super::instantiate_streaming_with) work. The defaults are those of the specification:
/// the exact MIME type, and no limits but the engine's.
///
/// ```
/// use headwater::web::{Mime, Options};
/// let options = Options::new().mime(Mime::Essence).max_size(10 << 20);
/// ```
#[derive(Default)]
pub struct Options {
    pub(super) mime: Mime,
    pub(super) max_size: Option<u64>,
    pub(super) signal: Option<Signal>,
    pub(super) observer: Option<Observer>,
    pub(super) cache: Option<Keyed>,
    #[cfg(feature = "timer")]
    pub(super) deadline: Option<Duration>,
    #[cfg(feature = "timer")]
    pub(super) rate: Option<(u64, Duration)>,
}

impl Options {
    /// The defaults.
    pub fn new() -> Options {
        Options::default()
    }

    /// Which `Content-Type` headers are accepted.
    #[must_use]
    pub fn mime(mut self, mime: Mime) -> Options {
        self.mime = mime;
        self
    }

    /// How many bytes the body may have, as delivered by the HTTP layer, that is, decoded. Exactly that many are
    /// accepted. What a header declares is ignored, since it may lie and counts encoded bytes.
    ///
    /// This is separate from the engine's [`Limits::module_size`](crate::Limits::module_size), which makes a module
    /// invalid: beyond this the error is [`Error::Aborted`](super::Error::Aborted).
    #[must_use]
    pub fn max_size(mut self, bytes: u64) -> Options {
        self.max_size = Some(bytes);
        self
    }

    /// Gives up when `signal` is ready, with its output as the reason: [`Error::Aborted`](super::Error::Aborted). It is
    /// polled before everything else whenever the future is; if the result is ready at the same time, the signal wins.
    ///
    /// ```
    /// # use headwater::web::Options;
    /// let options = Options::new().abort_when(async { "the user has left" });
    /// ```
    #[must_use]
    pub fn abort_when<F>(mut self, signal: F) -> Options
    where
        F: Future + Send + 'static,
        F::Output: Into<BoxError> + 'static,
    {
        self.signal = Some(Box::pin(async { boxed(signal.await) }));
        self
    }

    /// Reports progress to `observer`
    /// ([`StreamingCompiler::with_observer`](crate::StreamingCompiler::with_observer)), on whatever thread pushes bytes
    /// at the time.
    #[must_use]
    pub fn on_progress(mut self, observer: impl Fn(Progress) + Send + 'static) -> Options {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Looks for the module in `cache` before it is compiled, and keeps it there afterwards, under the key that `key`
    /// gives for the response; where it gives none, there is no cache. The response has passed all checks by then. If the
    /// module is found, the body is not read at all.
    ///
    /// ```
    /// use headwater::web::{self, DirectoryCache, Options};
    /// use std::sync::Arc;
    /// # let place = std::env::temp_dir().join("headwater-doc-cache");
    /// let cache = Arc::new(DirectoryCache::new(place)?);
    /// let options = Options::new().cache(cache, web::url_and_etag);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn cache(
        mut self,
        cache: Arc<dyn ModuleCache>,
        key: impl FnOnce(&Response) -> Option<String> + Send + 'static,
    ) -> Options {
        self.cache = Some(Keyed { cache, key: Box::new(key) });
        self
    }

    /// How long it may take until the module is ready, from the first poll on, including the wait for the response.
    /// Instantiation does not count.
    #[cfg(feature = "timer")]
    #[must_use]
    pub fn deadline(mut self, time: Duration) -> Options {
        self.deadline = Some(time);
        self
    }

    /// The minimum rate at which the body must arrive: `bytes` in each span of `time` that was spent waiting for it.
    /// Time in which nobody asked for bytes, because the compiler is behind, does not count. `min_rate(1, time)` is a
    /// limit on silence.
    #[cfg(feature = "timer")]
    #[must_use]
    pub fn min_rate(mut self, bytes: u64, time: Duration) -> Options {
        self.rate = Some((bytes, time));
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("mime", &self.mime).field("max_size", &self.max_size).finish_non_exhaustive()
    }
}
