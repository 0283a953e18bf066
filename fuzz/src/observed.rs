//! A hash of everything that Headwater is seen to do in a case, for comparing machines: results, traps, memories,
//! globals, tables and the fuel that is left where it is counted. It depends on the case alone: NaNs that may have any
//! payload are one value, and settings are drawn alike everywhere.
//!
//! One thing does depend on the machine: how many frames fit the stack. A case that runs out of it has no hash.

use crate::engines::{Instance, Ours, Outcome, Value};
use crate::interface::Interface;
use std::cell::Cell;

/// What has been seen.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug)]
pub struct Observed {
    hash: u64,
    /// Calls and instantiations.
    pub outcomes: u64,
    exhausted: bool,
}

thread_local! {
    /// What has been seen of the case that runs, if somebody wants to know.
    static NOW: Cell<Option<Observed>> = const { Cell::new(None) };
}

/// Begins to observe: from now on, on this thread.
pub fn start() {
    // Not zero, which zeros would leave as it is.
    NOW.set(Some(Observed { hash: 1, ..Observed::default() }));
}

/// What has been seen since the start.
///
/// # Panics
/// If there was none.
pub fn finish() -> Observed {
    NOW.take().expect("observing has been started")
}

impl Observed {
    /// The hash, if it can be compared between machines.
    pub fn hash(&self) -> Option<u64> {
        (!self.exhausted).then_some(self.hash)
    }

    fn word(&mut self, word: u64) {
        // The constant is that of SplitMix64; a rotation brings the high bits, which are the good ones, to where they
        // multiply.
        self.hash = ((self.hash ^ word).wrapping_mul(0xbf58_476d_1ce4_e5b9)).rotate_left(29);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.word(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }

    fn value(&mut self, value: Value) {
        value.words().into_iter().for_each(|word| self.word(word));
    }
}

fn observe(see: impl FnOnce(&mut Observed)) {
    if let Some(mut observed) = NOW.get() {
        see(&mut observed);
        NOW.set(Some(observed));
    }
}

/// A call came to this number.
pub fn number(n: i64) {
    observe(|o| {
        o.outcomes += 1;
        o.word(n as u64);
    });
}

/// What was seen, as text.
pub fn text(text: &str) {
    observe(|o| {
        o.outcomes += 1;
        o.bytes(text.as_bytes());
    });
}

/// A call, or an instantiation, has ended so. NaNs that may be any are canonical in it.
pub fn outcome(outcome: &Outcome) {
    observe(|o| {
        o.outcomes += 1;
        match outcome {
            Outcome::Values(values) => {
                o.word(1);
                o.word(values.len() as u64);
                values.iter().for_each(|&v| o.value(v));
            }
            Outcome::Trap(kind) => {
                o.word(2);
                o.bytes(kind.as_bytes());
            }
            Outcome::Error(text) => {
                o.word(3);
                o.bytes(text.as_bytes());
            }
            Outcome::Exhausted => o.exhausted = true,
        }
    });
}

/// This is in memories, globals and tables, and so much fuel is left.
pub fn state(instance: &mut Ours, interface: &Interface) {
    observe(|o| {
        for name in &interface.globals {
            o.value(instance.global(name).canonical());
        }
        for name in &interface.memories {
            o.bytes(instance.memory(name));
        }
        for name in &interface.tables {
            let elements = instance.table(name);
            o.word(elements.len() as u64);
            elements.into_iter().for_each(|v| o.value(v));
        }
        o.word(instance.fuel().unwrap_or(1));
    });
}

#[cfg(test)]
mod tests {
    use super::{finish, outcome, start};
    use crate::engines::Outcome::{Exhausted, Trap, Values};
    use crate::engines::{Outcome, Ty, Value, trap};

    fn seen(outcomes: &[Outcome]) -> Option<u64> {
        start();
        outcomes.iter().for_each(outcome);
        let observed = finish();
        assert_eq!(observed.outcomes, outcomes.len() as u64);
        observed.hash()
    }

    #[test]
    fn whatever_is_seen_makes_another_hash() {
        let one = Values(vec![Value::Bits(Ty::I32, 1)]);
        let cases = [
            vec![],
            vec![one.clone()],
            vec![one.clone(), one.clone()],
            vec![one.clone(), Values(vec![])],
            vec![Values(vec![]), one],
            vec![Values(vec![Value::Bits(Ty::I32, 2)])],
            vec![Values(vec![Value::Bits(Ty::I64, 1)])],
            vec![Values(vec![Value::Func(None)])],
            vec![Values(vec![Value::Func(Some(0))])],
            vec![Values(vec![Value::Extern(Some(0))])],
            vec![Trap(trap::MEMORY)],
            vec![Trap(trap::TABLE)],
            vec![Outcome::Error(String::new())],
        ];
        let hashes: std::collections::HashSet<_> =
            cases.iter().map(|case| seen(case).expect("none is exhausted")).collect();
        assert_eq!(hashes.len(), cases.len());
    }

    #[test]
    fn a_case_that_runs_out_of_stack_has_no_hash() {
        assert_eq!(seen(&[Values(vec![]), Exhausted, Values(vec![])]), None);
    }
}
