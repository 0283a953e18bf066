//! Locks, atomics and threads of what hands work from thread to thread: streams, the pool, and readers of bodies. They
//! are the standard library's, but for `model/`, where shuttle's take their places and threads run in interleavings of
//! its choice.

#[cfg(headwater_model)]
pub(crate) use shuttle::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, atomic},
    thread,
};
#[cfg(not(headwater_model))]
pub(crate) use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, atomic},
    thread,
};
