//! How a store is made: with what the runtime asks the embedder's part of it.

#[cfg(feature = "coredump")]
use crate::api::coredump;
use crate::api::store::{Store, StoreInner};
use crate::engine::Engine;
use crate::vm::store::Hooks;

impl<T> StoreInner<T> {
    const HOOKS: Hooks = Hooks {
        limiter: Self::ask_limiter,
        #[cfg(feature = "coredump")]
        explain: coredump::attach,
        deadline: Self::ask_at_deadline,
    };
}

impl<T> Store<T> {
    /// An empty store for modules of `engine`.
    pub fn new(engine: &Engine, data: T) -> Store<T> {
        Store::with_hooks(engine, data, const { &StoreInner::<T>::HOOKS })
    }
}
