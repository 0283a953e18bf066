//! The exports object of an instance (JS API, "create an exports object").

use crate::handles::Handle;
use crate::realm::Realm;
use headwater::{Extern, Instance};
use rquickjs::{Ctx, Error, Exception, Function, Object, Result, Value, qjs};
use std::ffi::c_int;

/// The frozen object with the exports of `instance`, in order. `wrap` makes the objects of what is not a function.
///
/// # Errors
/// If QuickJS is out of memory.
pub(crate) fn object_of<'js>(
    ctx: &Ctx<'js>,
    realm: &Realm<'js>,
    instance: Instance,
    wrap: &Function<'js>,
) -> Result<Value<'js>> {
    let items: Vec<(String, Extern)> = realm.core().with(|mut store| {
        let exports = instance.exports(&mut store);
        exports.map(|export| (export.name().to_string(), export.into_extern())).collect()
    });
    let raw = ctx.as_raw().as_ptr();
    let object = Object::new(ctx.clone())?;
    object.set_prototype(None)?;
    for (name, item) in items {
        let value = match item {
            Extern::Func(func) => realm.func_object(ctx, func)?,
            other => {
                let kind = kind(&other);
                wrap.call((kind, Handle::make(ctx, realm, other)?))?
            }
        };
        // SAFETY: context and values are alive; the property gets a reference of its own.
        let defined = unsafe {
            let atom = qjs::JS_NewAtomLen(raw, name.as_ptr().cast(), name.len() as _);
            let value = qjs::JS_DupValue(raw, value.as_raw());
            let flags = qjs::JS_PROP_ENUMERABLE as c_int;
            let defined = qjs::JS_DefinePropertyValue(raw, object.as_raw(), atom, value, flags);
            qjs::JS_FreeAtom(raw, atom);
            defined
        };
        if defined < 0 {
            return Err(Error::Exception);
        }
    }
    // SAFETY: as above. With that it is frozen: no property can be changed.
    match unsafe { qjs::JS_PreventExtensions(raw, object.as_raw()) } {
        1.. => Ok(object.into_value()),
        0 => Err(Exception::throw_type(ctx, "the exports object cannot be frozen")),
        _ => Err(Error::Exception),
    }
}

fn kind(item: &Extern) -> &'static str {
    match item {
        Extern::Func(_) => "function",
        Extern::Memory(_) | Extern::SharedMemory(_) => "memory",
        Extern::Table(_) => "table",
        Extern::Global(_) => "global",
        Extern::Tag(_) => "tag",
    }
}
