//! Stacks of fibers that nobody uses at present.

use crate::Result;
use anyhow::Context;
use corosensei::stack::DefaultStack;
use std::sync::{Mutex, PoisonError};

/// How much of a stack is kept for host functions, which do not check for its end.
pub(crate) const HOST_RESERVE: usize = 128 << 10;

/// The largest stack of a fiber.
pub(super) const MAX_FIBER: usize = 256 << 20;

/// How many are kept. Each has the memory that calls on it have touched.
const MOST: usize = 1000;

/// Stacks of one size.
#[derive(Default)]
pub(crate) struct Stacks(Mutex<Vec<DefaultStack>>);

impl Stacks {
    /// A stack of `size` bytes, with a guard page below.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn take(&self, size: usize) -> Result<DefaultStack> {
        // Nothing panics while the lock is held.
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            Some(stack) => Ok(stack),
            None => Ok(DefaultStack::new(size).context("no memory for the stack of an asynchronous call")?),
        }
    }

    /// `stack`, which has the size that all others have, is not used any more.
    pub fn put(&self, stack: DefaultStack) {
        let mut stacks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if stacks.len() < MOST && stacks.try_reserve(1).is_ok() {
            stacks.push(stack);
        }
    }
}
