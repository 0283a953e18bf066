//! Bodies from elsewhere. Each file needs the cargo feature that it is named after; a reader needs none.

#[cfg(feature = "futures")]
mod futures;
#[cfg(feature = "futures-io")]
mod futures_io;
#[cfg(feature = "http")]
mod http;
pub(super) mod reader;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "tokio")]
mod tokio;

/// How much is read at once where the reader decides.
const READ: usize = 64 << 10;
