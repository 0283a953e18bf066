//! rquickjs 0.14 under the name and with the interface of 0.11, as far as the `llrt_*` crates use it.
//!
//! The newest of those crates (0.8.1-beta) ask for rquickjs 0.11, whose QuickJS-ng 0.11.0 plain scripts can crash:
//! typed arrays over buffers that are detached during construction, `Atomics` and `sort` on buffers that shrink
//! meanwhile, growable shared buffers. Values do not pass between two versions of rquickjs, so the workspace puts this
//! crate in 0.11's place (`[patch.crates-io]` in the root's Cargo.toml). It can be removed when those crates have moved
//! on.
//!
//! What changed from 0.11 to 0.14 and matters here: reading the bytes of buffers is `unsafe`, and raw buffers are
//! slices. The types in `buffers` have the old methods.

mod buffers;

pub use buffers::{ArrayBuffer, Item, RawArrayBuffer, TypedArray};
pub use real::*;
