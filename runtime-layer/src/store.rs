//! Engines, stores, and borrows of them.

use ref_cast::RefCast;
use wasm_runtime_layer::backend::{
    AsContext, AsContextMut, WasmEngine, WasmStore, WasmStoreContext, WasmStoreContextMut,
};

/// A type of `headwater`'s as one of this crate.
macro_rules! wrapper {
    ($(#[$attribute:meta])* $name:ident $(<$($lifetime:lifetime,)? $param:ident>)? ($inner:ty)) => {
        $(#[$attribute])*
        #[doc = concat!("[`", stringify!($inner), "`] for this interface.")]
        #[repr(transparent)]
        pub struct $name $(<$($lifetime,)? $param: 'static>)? (pub(crate) $inner);

        impl $(<$($lifetime,)? $param: 'static>)? From<$inner> for $name $(<$($lifetime,)? $param>)? {
            fn from(inner: $inner) -> Self {
                $name(inner)
            }
        }

        impl $(<$($lifetime,)? $param: 'static>)? From<$name $(<$($lifetime,)? $param>)?> for $inner {
            fn from(outer: $name $(<$($lifetime,)? $param>)?) -> Self {
                outer.0
            }
        }

        impl $(<$($lifetime,)? $param: 'static>)? std::ops::Deref for $name $(<$($lifetime,)? $param>)? {
            type Target = $inner;

            fn deref(&self) -> &$inner {
                &self.0
            }
        }

        impl $(<$($lifetime,)? $param: 'static>)? std::ops::DerefMut for $name $(<$($lifetime,)? $param>)? {
            fn deref_mut(&mut self) -> &mut $inner {
                &mut self.0
            }
        }
    };
}
pub(crate) use wrapper;

wrapper! { #[derive(Clone, Default, Debug, RefCast)] Engine(headwater::Engine) }
wrapper! { Store<T>(headwater::Store<T>) }
wrapper! { StoreContext<'a, T>(headwater::StoreContext<'a, T>) }
wrapper! { StoreContextMut<'a, T>(headwater::StoreContextMut<'a, T>) }

impl WasmEngine for Engine {
    type ExternRef = crate::ExternRef;
    type Func = crate::Func;
    type Global = crate::Global;
    type Instance = crate::Instance;
    type Memory = crate::Memory;
    type Module = crate::Module;
    type Store<T: 'static> = Store<T>;
    type StoreContext<'a, T: 'static> = StoreContext<'a, T>;
    type StoreContextMut<'a, T: 'static> = StoreContextMut<'a, T>;
    type Table = crate::Table;
}

impl<T: 'static> WasmStore<T, Engine> for Store<T> {
    fn new(engine: &Engine, data: T) -> Self {
        Store(headwater::Store::new(&engine.0, data))
    }

    fn engine(&self) -> &Engine {
        Engine::ref_cast(self.0.engine())
    }

    fn data(&self) -> &T {
        self.0.data()
    }

    fn data_mut(&mut self) -> &mut T {
        self.0.data_mut()
    }

    fn into_data(self) -> T {
        self.0.into_data()
    }
}

impl<'a, T: 'static> WasmStoreContext<'a, T, Engine> for StoreContext<'a, T> {
    fn engine(&self) -> &Engine {
        Engine::ref_cast(self.0.engine())
    }

    fn data(&self) -> &T {
        self.0.data()
    }
}

impl<'a, T: 'static> WasmStoreContext<'a, T, Engine> for StoreContextMut<'a, T> {
    fn engine(&self) -> &Engine {
        Engine::ref_cast(self.0.engine())
    }

    fn data(&self) -> &T {
        self.0.data()
    }
}

impl<'a, T: 'static> WasmStoreContextMut<'a, T, Engine> for StoreContextMut<'a, T> {
    fn data_mut(&mut self) -> &mut T {
        self.0.data_mut()
    }
}

macro_rules! contexts {
    ($($ty:ty;)*) => {$(
        impl<T: 'static> AsContext<Engine> for $ty {
            type UserState = T;

            fn as_context(&self) -> StoreContext<'_, T> {
                StoreContext(headwater::AsContext::as_context(&self.0))
            }
        }
    )*};
}
contexts! { Store<T>; StoreContext<'_, T>; StoreContextMut<'_, T>; }

impl<T: 'static> AsContextMut<Engine> for Store<T> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        StoreContextMut(headwater::AsContextMut::as_context_mut(&mut self.0))
    }
}

impl<T: 'static> AsContextMut<Engine> for StoreContextMut<'_, T> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        StoreContextMut(headwater::AsContextMut::as_context_mut(&mut self.0))
    }
}
