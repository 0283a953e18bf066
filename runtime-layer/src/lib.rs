//! [Headwater](headwater) as a backend of [`wasm_runtime_layer`]: [`Engine`] is what its engines are made from.
//!
//! Each type here is one of `headwater`'s, from and into which it converts.
//!
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod convert;
mod externals;
mod instance;
mod store;

pub use externals::{ExternRef, Func, Global, Memory, Table};
pub use instance::{Instance, Module};
pub use store::{Engine, Store, StoreContext, StoreContextMut};
