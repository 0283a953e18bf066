//! WASI preview 1 for programs that [Headwater](headwater) runs: arguments, variables, standard streams, directories,
//! clocks and random numbers.
//!
//! ```
//! use headwater::{Engine, Linker, Module, Store};
//! use headwater_wasi::p1::{self, WasiP1Ctx};
//! use headwater_wasi::{WasiCtxBuilder, pipe::MemoryOutputPipe};
//!
//! let engine = Engine::default();
//! let mut linker: Linker<WasiP1Ctx> = Linker::new(&engine);
//! p1::add_to_linker_sync(&mut linker, |ctx| ctx)?;
//!
//! # let wasm = wat::parse_str(r#"(module
//! #     (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
//! #     (memory (export "memory") 1) (data (i32.const 0) "\08\00\00\00\06\00\00\00Hello\0a")
//! #     (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))))"#)?;
//! let module = Module::new(&engine, &wasm)?; // a program that writes "Hello"
//! let stdout = MemoryOutputPipe::new(4096);
//! let ctx = WasiCtxBuilder::new().arg("hello").env("LANG", "C").stdout(stdout.clone()).build_p1();
//! let mut store = Store::new(&engine, ctx);
//! let instance = linker.instantiate(&mut store, &module)?;
//! instance.get_typed_func::<(), ()>(&mut store, "_start")?.call(&mut store, ())?;
//! assert_eq!(stdout.contents(), b"Hello\n");
//! # Ok::<(), headwater::Error>(())
//! ```
//!
//! Names are those of the crate `wasmtime-wasi` wherever it has them. A program that calls `exit` ends with the error
//! [`I32Exit`].
//!
//! # Waiting
//!
//! If the engine has epochs ([`Config::epoch_interruption`](headwater::Config::epoch_interruption)), a program that
//! waits for input, for a reader, for the other end of a FIFO or for time to pass is interrupted at its deadline like
//! one that computes, within some milliseconds: it traps, or goes on waiting if the store's callback says so.
//! [`Store::wait_stopper`](headwater::Store::wait_stopper) ends these waits as well. What cannot be interrupted is a
//! disk that does not answer, and a reader or writer of yours ([`pipe::ReadPipe`], [`pipe::WritePipe`]).
//!
//! Calls that are awaited ([`p1::add_to_linker_async`]) leave their thread to others meanwhile.
//!
//! The functions are those of the crate `wasi-common`, with some of its errors mended; that it is used is a detail.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod clocks;
mod dir;
mod errno;
mod file;
mod interrupt;
pub mod p1;
pub mod pipe;
mod random;
mod sched;
pub mod threads;

pub use builder::{WasiCtx, WasiCtxBuilder};
pub use cap_rand::RngCore;
pub use clocks::{HostMonotonicClock, HostWallClock};
pub use dir::{DirPerms, FilePerms};
pub use pipe::{StdinStream, StdoutStream};
pub use random::Deterministic;

/// The program called `proc_exit` with this status, whatever it is. Get it from the error that a call returns with
/// [`Error::downcast_ref`](headwater::Error::downcast_ref).
///
/// ```
/// use headwater::{Engine, Linker, Module, Store};
/// use headwater_wasi::{I32Exit, WasiCtxBuilder, p1};
/// let engine = Engine::default();
/// let mut linker = Linker::new(&engine);
/// p1::add_to_linker_sync(&mut linker, |ctx| ctx)?;
/// let module = Module::new(&engine, wat::parse_str(r#"(module
///     (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
///     (func (export "_start") (call $exit (i32.const 3))))"#)?)?;
/// let mut store = Store::new(&engine, WasiCtxBuilder::new().build_p1());
/// let instance = linker.instantiate(&mut store, &module)?;
/// let error = instance.get_typed_func::<(), ()>(&mut store, "_start")?.call(&mut store, ()).unwrap_err();
/// assert_eq!(error.downcast_ref::<I32Exit>().unwrap().0, 3);
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct I32Exit(pub i32);

impl std::fmt::Display for I32Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the program exited with status {}", self.0)
    }
}

impl std::error::Error for I32Exit {}

/// Keeps the example in the README working.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
