//! What the host refers to: handles that end with their scope, and owned ones.

use std::fmt;
use std::sync::Arc;

/// The handles of a store, of whatever kind. Those that end with their scope form a stack: a host function's end when it
/// returns, a `RootScope`'s with that.
pub(crate) struct Roots<T> {
    /// What each is of, and its generation.
    handles: Vec<(T, u32)>,
    owned: Vec<Owned<T>>,
    /// Owned handles that are free.
    free: Vec<u32>,
    /// How many owned handles there may be before it is looked which of them are gone.
    threshold: usize,
    /// Tells handles from older ones with the same number.
    generation: u32,
}

struct Owned<T> {
    value: T,
    generation: u32,
    /// Somebody else has it, too, as long as the handle is there; `None` if it is free.
    alive: Option<Arc<()>>,
}

/// An owned handle. What it is of is kept as long as it lives, or a copy.
#[derive(Clone)]
pub(crate) struct OwnedRoot {
    index: u32,
    generation: u32,
    _alive: Arc<()>,
}

impl fmt::Debug for OwnedRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OwnedRoot").field(&self.index).finish()
    }
}

impl<T> Default for Roots<T> {
    fn default() -> Roots<T> {
        Roots { handles: Vec::new(), owned: Vec::new(), free: Vec::new(), threshold: 64, generation: 0 }
    }
}

impl<T: Copy> Roots<T> {
    fn next_generation(&mut self) -> u32 {
        self.generation = self.generation.wrapping_add(1);
        self.generation
    }

    /// A handle of `value` that ends with the scope: its number and generation.
    pub fn root(&mut self, value: T) -> (u32, u32) {
        let generation = self.next_generation();
        self.handles.push((value, generation));
        (self.handles.len() as u32 - 1, generation)
    }

    /// What a handle is of, if it is still valid.
    pub fn get(&self, index: u32, generation: u32) -> Option<T> {
        self.handles.get(index as usize).filter(|handle| handle.1 == generation).map(|handle| handle.0)
    }

    /// How many handles there are that end with their scope.
    #[inline]
    pub fn len(&self) -> usize {
        self.handles.len()
    }

    /// Ends all of these but the first `n`.
    #[inline]
    pub fn end(&mut self, n: usize) {
        if self.handles.len() > n {
            self.handles.truncate(n);
        }
    }

    /// A handle that is valid as long as it, or a copy of it, lives.
    pub fn own(&mut self, value: T) -> OwnedRoot {
        if self.free.is_empty() && self.owned.len() >= self.threshold {
            self.trim();
            self.threshold = (2 * (self.owned.len() - self.free.len())).max(64);
        }
        let (generation, alive) = (self.next_generation(), Arc::new(()));
        let root = Owned { value, generation, alive: Some(alive.clone()) };
        let index = match self.free.pop() {
            Some(index) => {
                self.owned[index as usize] = root;
                index
            }
            None => {
                self.owned.push(root);
                self.owned.len() as u32 - 1
            }
        };
        OwnedRoot { index, generation, _alive: alive }
    }

    /// What an owned handle is of; `None` if that is not of this store.
    pub fn owned(&self, root: &OwnedRoot) -> Option<T> {
        let found = self.owned.get(root.index as usize)?;
        (found.generation == root.generation && found.alive.is_some()).then_some(found.value)
    }

    /// Frees owned handles that nobody has any more.
    pub fn trim(&mut self) {
        for (i, owned) in (0..).zip(&mut self.owned) {
            if owned.alive.as_ref().is_some_and(|alive| Arc::strong_count(alive) == 1) {
                owned.alive = None;
                self.free.push(i);
            }
        }
    }

    /// What all handles are of, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let owned = self.owned.iter_mut().filter(|owned| owned.alive.is_some()).map(|owned| &mut owned.value);
        self.handles.iter_mut().map(|handle| &mut handle.0).chain(owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_end_with_their_scope_and_are_never_taken_for_others() {
        let mut roots = Roots::default();
        let outer = roots.root('a');
        let mark = roots.len();
        let inner = roots.root('b');
        assert_eq!((roots.get(outer.0, outer.1), roots.get(inner.0, inner.1)), (Some('a'), Some('b')));
        roots.end(mark);
        assert_eq!(roots.get(inner.0, inner.1), None);
        let other = roots.root('c');
        assert_eq!((other.0, roots.get(inner.0, inner.1)), (inner.0, None));
    }

    #[test]
    fn owned_handles_are_free_once_nobody_has_them() {
        let mut roots = Roots::default();
        let kept = roots.own(0);
        for i in 1..100_000 {
            let one = roots.own(i);
            let copy = one.clone();
            drop(one);
            assert_eq!(roots.owned(&copy), Some(i));
        }
        assert!(roots.owned.len() <= 128, "{}", roots.owned.len());
        assert_eq!(roots.owned(&kept), Some(0));
        roots.trim();
        assert_eq!(roots.iter_mut().map(|value| *value).collect::<Vec<_>>(), [0]);
        drop(kept);
        roots.trim();
        assert_eq!(roots.iter_mut().count(), 0);
    }
}
