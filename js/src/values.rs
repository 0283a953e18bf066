//! WebAssembly values between two uses of the store.
//!
//! The engine's handles end with the scope in which they were made ([`Core::scoped`](crate::core::Core::scoped)), and
//! between two scopes JavaScript may run, so that WebAssembly code may collect. Only those of functions and exceptions
//! are the exceptions: functions live as long as the store, and values of exceptions never pass.

use crate::core::StoreData;
use headwater::{AnyRef, AsContextMut, ExternRef, OwnedRooted, Ref, StoreContextMut, Val};

/// A value that stays valid.
#[derive(Clone)]
pub(crate) enum Kept {
    /// Not a reference to what is collected.
    Plain(Val),
    Extern(OwnedRooted<ExternRef>),
    Any(OwnedRooted<AnyRef>),
}

impl Kept {
    pub fn of(mut store: StoreContextMut<'_, StoreData>, val: Val) -> Kept {
        const VALID: &str = "the handle was made in this scope";
        match val {
            Val::ExternRef(Some(r)) => Kept::Extern(r.to_owned_rooted(&mut store).expect(VALID)),
            Val::AnyRef(Some(r)) => Kept::Any(r.to_owned_rooted(&mut store).expect(VALID)),
            plain => Kept::Plain(plain),
        }
    }

    /// All of `vals`.
    pub fn all(mut store: StoreContextMut<'_, StoreData>, vals: &[Val]) -> Vec<Kept> {
        vals.iter().map(|val| Kept::of(store.as_context_mut(), *val)).collect()
    }

    /// The value, valid as long as the scope.
    pub fn val(&self, store: StoreContextMut<'_, StoreData>) -> Val {
        match self {
            Kept::Plain(val) => *val,
            Kept::Extern(r) => Val::ExternRef(Some(r.to_rooted(store))),
            Kept::Any(r) => Val::AnyRef(Some(r.to_rooted(store))),
        }
    }

    /// All values.
    pub fn vals(mut store: StoreContextMut<'_, StoreData>, kept: &[Kept]) -> Vec<Val> {
        kept.iter().map(|kept| kept.val(store.as_context_mut())).collect()
    }

    /// The reference, valid as long as the scope; `None` if it is a number.
    pub fn reference(&self, store: StoreContextMut<'_, StoreData>) -> Option<Ref> {
        self.val(store).ref_()
    }
}
