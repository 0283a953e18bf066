//! Epochs: a counter of the engine, and which stores are to be interrupted at which count.
//!
//! Compiled code looks at one word of its own store
//! ([`VMStoreContext::interrupt`](crate::vm::context::VMStoreContext)), and at nothing that other stores share: 0
//! requests an interruption, all ones is normal. Only this file writes it, with the lock held.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the interrupt word holds while no interruption is requested.
pub(crate) const UNDISTURBED: usize = usize::MAX;
const INTERRUPTED: usize = 0;

/// The interrupt word of a store, which outlives its place in [`State::waiting`].
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Word(*const AtomicUsize);

// SAFETY: the word is atomic, and valid as long as it is among those waiting.
unsafe impl Send for Word {}

#[derive(Default, Debug)]
struct State {
    now: u64,
    /// Deadlines not yet reached, and the stores they belong to.
    waiting: BTreeSet<(u64, Word)>,
}

/// The epoch of an engine.
#[derive(Default, Debug)]
pub(crate) struct Epochs {
    state: Mutex<State>,
}

/// When a store is to be interrupted. To be cancelled with [`Epochs::forget`] before its word is freed.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Deadline(u64);

impl Epochs {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing here panics halfway through.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next epoch begins: interrupts the stores whose deadline it is.
    pub fn increment(&self) {
        let mut state = self.lock();
        state.now = state.now.saturating_add(1);
        while let Some(&(deadline, word)) = state.waiting.first()
            && deadline <= state.now
        {
            state.waiting.pop_first();
            // SAFETY: words are forgotten before they are freed, which takes the lock.
            unsafe { (*word.0).store(INTERRUPTED, Ordering::Release) };
        }
    }

    /// Whether `deadline` is reached.
    pub fn is_reached(&self, deadline: Deadline) -> bool {
        self.lock().now >= deadline.0
    }

    /// The deadline of the store with the interrupt word `word` is `delta` epochs from now; `old` no longer applies.
    ///
    /// # Safety
    /// `word` must be valid until the deadline is forgotten.
    pub unsafe fn set(&self, word: *const AtomicUsize, old: Option<Deadline>, delta: u64) -> Deadline {
        let mut state = self.lock();
        if let Some(old) = old {
            state.waiting.remove(&(old.0, Word(word)));
        }
        let deadline = state.now.saturating_add(delta);
        let waits = delta != 0;
        if waits {
            state.waiting.insert((deadline, Word(word)));
        }
        // SAFETY: the caller guarantees that the word is valid.
        unsafe { (*word).store(if waits { UNDISTURBED } else { INTERRUPTED }, Ordering::Release) };
        Deadline(deadline)
    }

    /// Nothing writes `word` any more, whose store has this deadline.
    pub fn forget(&self, word: *const AtomicUsize, deadline: Deadline) {
        self.lock().waiting.remove(&(deadline.0, Word(word)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_change_at_their_deadline_and_not_after_they_are_forgotten() {
        let epochs = Epochs::default();
        let words: [AtomicUsize; 3] = std::array::from_fn(|_| AtomicUsize::new(7));
        let values = || [0, 1, 2].map(|i: usize| words[i].load(Ordering::Relaxed));
        // SAFETY: the words live as long as `epochs` is used.
        let deadlines =
            unsafe { [epochs.set(&words[0], None, 0), epochs.set(&words[1], None, 1), epochs.set(&words[2], None, 2)] };
        assert_eq!(values(), [INTERRUPTED, UNDISTURBED, UNDISTURBED]);
        epochs.increment();
        assert_eq!(values(), [INTERRUPTED, INTERRUPTED, UNDISTURBED]);
        epochs.forget(&words[2], deadlines[2]);
        // SAFETY: as above.
        let again = unsafe { epochs.set(&words[0], Some(deadlines[0]), 1) };
        assert_eq!(values(), [UNDISTURBED, INTERRUPTED, UNDISTURBED]);
        assert_eq!([again, deadlines[1]].map(|deadline| epochs.is_reached(deadline)), [false, true]);
        epochs.increment();
        assert!(epochs.is_reached(again));
        assert_eq!(values(), [INTERRUPTED, INTERRUPTED, UNDISTURBED]);
        epochs.forget(&words[0], again);
        assert!(epochs.lock().waiting.is_empty());
    }
}
