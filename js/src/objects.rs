//! Structs and arrays as JavaScript has them (JS API, section "Exported GC Objects"): objects that show nothing, the same
//! one for the same struct or array as long as JavaScript has it.
//!
//! Such an object is a proxy that `objects.js` makes, with a [`HeapObject`] as its target. That owns an external
//! reference, which keeps the struct or array alive and tells it apart: unlike the object, it never moves.
//!
//! The two collectors know nothing of each other: what either heap has of the other is a root there. So a cycle through
//! both, such as a JavaScript object in a field of a struct that it has itself, lives as long as the realm.

use crate::core::{Core, StoreData};
use crate::exception::Released;
use crate::realm::Realm;
use headwater::{AnyRef, ExternRef, OwnedRooted, Rooted, StoreContextMut};
use rquickjs::class::Trace;
use rquickjs::{Class, Ctx, JsLifetime, Result, Value, qjs};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};

/// A value of JavaScript, as the store has it: its number in the realm, which is told when the store has it no more.
pub(crate) struct HostValue {
    number: u32,
    released: Released,
    count: Arc<AtomicUsize>,
}

impl HostValue {
    pub fn new(number: u32, core: &Core) -> HostValue {
        HostValue { number, released: core.released_externs.clone(), count: core.released_count.clone() }
    }
}

/// Only noted: the store is in use when it frees values.
impl Drop for HostValue {
    fn drop(&mut self) {
        self.released.lock().unwrap_or_else(PoisonError::into_inner).push(self.number);
        self.count.fetch_add(1, Ordering::Relaxed);
    }
}

/// What a reference is to.
pub(crate) enum Seen {
    /// A value of JavaScript, by its number.
    Host(u32),
    Small(i32),
    /// A struct or array, by an external reference to it, which has this number.
    Object(OwnedRooted<ExternRef>, u32),
}

impl Seen {
    /// # Errors
    /// If there are too many references in the store.
    pub fn of_extern(mut store: StoreContextMut<'_, StoreData>, r: &OwnedRooted<ExternRef>) -> headwater::Result<Seen> {
        if let Some(number) = Seen::host(&store, r) {
            return Ok(number);
        }
        let external = r.to_rooted(&mut store);
        let any = AnyRef::convert_extern(&mut store, external)?;
        match any.as_i31(&store)? {
            Some(small) => Ok(Seen::Small(small.get_i32())),
            None => Ok(Seen::Object(r.clone(), external.to_raw(store)?)),
        }
    }

    /// # Errors
    /// As [`Seen::of_extern`].
    pub fn of_any(mut store: StoreContextMut<'_, StoreData>, r: &OwnedRooted<AnyRef>) -> headwater::Result<Seen> {
        let any = r.to_rooted(&mut store);
        if let Some(small) = any.as_i31(&store)? {
            return Ok(Seen::Small(small.get_i32()));
        }
        let external: Rooted<ExternRef> = ExternRef::convert_any(&mut store, any)?;
        let owned = external.to_owned_rooted(&mut store)?;
        match Seen::host(&store, &owned) {
            Some(number) => Ok(number),
            None => Ok(Seen::Object(owned, external.to_raw(store)?)),
        }
    }

    fn host(store: &StoreContextMut<'_, StoreData>, r: &OwnedRooted<ExternRef>) -> Option<Seen> {
        let value: Option<&HostValue> = r.data(store).and_then(|data| data.downcast_ref());
        value.map(|value| Seen::Host(value.number))
    }
}

/// The target of the object for a struct or array.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(frozen)]
pub(crate) struct HeapObject {
    #[qjs(skip_trace)]
    inner: Inner,
}

struct Inner {
    core: Rc<Core>,
    external: OwnedRooted<ExternRef>,
}

// SAFETY: there are no JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for Inner {
    type Changed<'to> = Inner;
}

/// The object for a struct or array, by an external reference to it and the number of that.
pub(crate) fn object_of<'js>(
    ctx: &Ctx<'js>,
    realm: &Realm<'js>,
    external: OwnedRooted<ExternRef>,
    number: u32,
) -> Result<Value<'js>> {
    if let Some(known) = realm.heap_object(number)? {
        return Ok(known);
    }
    let inner = Inner { core: realm.core().clone(), external };
    realm.new_heap_object(number, Class::instance(ctx.clone(), HeapObject { inner })?)
}

/// The external reference to the struct or array that `value` stands for; `None` if it is anything else, like an object
/// of another realm.
pub(crate) fn external_of<'js>(
    ctx: &Ctx<'js>,
    realm: &Realm<'js>,
    value: &Value<'js>,
) -> Option<OwnedRooted<ExternRef>> {
    // SAFETY: the value is alive.
    if !value.is_object() || !unsafe { qjs::JS_IsProxy(value.as_raw()) } {
        return None;
    }
    // SAFETY: context and value are alive, and ownership of the target is passed on.
    let target = unsafe {
        let raw = qjs::JS_GetProxyTarget(ctx.as_raw().as_ptr(), value.as_raw());
        if qjs::JS_IsException(raw) {
            // It was revoked.
            ctx.catch();
            return None;
        }
        Value::from_raw(ctx.clone(), raw)
    };
    let object = Class::<HeapObject>::from_value(&target).ok()?;
    let object = object.borrow();
    Rc::ptr_eq(realm.core(), &object.inner.core).then(|| object.inner.external.clone())
}
