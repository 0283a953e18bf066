//! What the `wasmtime` crate wraps references in.

use std::fmt;
use std::ops::Deref;

/// A reference that is safe to keep: what it refers to lives as long as the type of the reference says
/// ([`ExternRef`](crate::ExternRef), [`ExnRef`](crate::ExnRef)).
///
/// ```
/// use headwater::{Engine, ExternRef, Rooted, Store};
/// let mut store = Store::new(&Engine::default(), ());
/// let (a, b) = (ExternRef::new(&mut store, 1)?, ExternRef::new(&mut store, 1)?);
/// assert!(Rooted::ref_eq(&store, &a, &a)?);
/// assert!(!Rooted::ref_eq(&store, &a, &b)?);
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
pub struct Rooted<T>(pub(crate) T);

impl<T> Deref for Rooted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for Rooted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
