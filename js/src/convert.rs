//! ToWebAssemblyValue and ToJSValue (JS API, section 5.7 "WebAssembly JavaScript values").

use crate::exception::is_exnref;
use crate::exported::exported_of;
use crate::objects::{self, Seen};
use crate::realm::Realm;
use crate::values::Kept;
use headwater::{AnyRef, ExternRef, HeapType, I31, Ref, RefType, Val, ValType};
use rquickjs::{Ctx, Error, Exception, Result, Value, qjs};

/// Whether values of this type cannot pass to or from JavaScript.
pub(crate) fn is_exposed(ty: &ValType) -> bool {
    !matches!(ty, ValType::V128) && !is_exnref(ty)
}

/// The value as WebAssembly has it. May run JavaScript.
///
/// # Errors
/// A `TypeError` if it cannot be one of type `ty`, and whatever a conversion throws.
pub(crate) fn to_wasm<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, value: &Value<'js>, ty: &ValType) -> Result<Kept> {
    let (raw_ctx, raw) = (ctx.as_raw().as_ptr(), value.as_raw());
    // SAFETY, for the calls in here: context and value are alive, and the result is a local.
    let check = |status: i32| if status < 0 { Err(Error::Exception) } else { Ok(()) };
    Ok(Kept::Plain(match ty {
        ValType::I32 => {
            let mut v = 0;
            // SAFETY: see above.
            check(unsafe { qjs::JS_ToInt32(raw_ctx, &mut v, raw) })?;
            Val::I32(v)
        }
        ValType::I64 => {
            let mut v = 0;
            // SAFETY: see above.
            check(unsafe { qjs::JS_ToBigInt64(raw_ctx, &mut v, raw) })?;
            Val::I64(v)
        }
        ValType::F32 => Val::F32((to_number(ctx, value)? as f32).to_bits()),
        ValType::F64 => Val::F64(to_number(ctx, value)?.to_bits()),
        ValType::V128 => return Err(Exception::throw_type(ctx, NOT_EXPOSED)),
        ValType::Ref(ty) => return to_ref(ctx, realm, value, ty),
    }))
}

/// ToNumber. May run JavaScript.
fn to_number<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<f64> {
    let mut v = 0.0;
    // SAFETY: context and value are alive, and the result is a local.
    match unsafe { qjs::JS_ToFloat64(ctx.as_raw().as_ptr(), &mut v, value.as_raw()) } {
        status if status < 0 => Err(Error::Exception),
        _ => Ok(v),
    }
}

/// For values of types that are not exposed.
pub(crate) const NOT_EXPOSED: &str = "a v128 or exnref cannot be passed to or from JavaScript";

/// The reference as WebAssembly has it.
///
/// # Errors
/// A `TypeError` if it cannot be one of type `ty`.
pub(crate) fn to_ref<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, value: &Value<'js>, ty: &RefType) -> Result<Kept> {
    let top = ty.heap_type().top();
    if matches!(top, HeapType::Exn) {
        return Err(Exception::throw_type(ctx, NOT_EXPOSED));
    }
    if value.is_null() {
        return match ty.is_nullable() {
            true => Ok(Kept::Plain(Ref::null(ty.heap_type()).into())),
            false => Err(Exception::throw_type(ctx, "null is not allowed here")),
        };
    }
    match top {
        HeapType::Func => to_func(ctx, realm, value, ty),
        // The other hierarchy: what is external there is the value of the host here.
        HeapType::Extern => match ty.heap_type() {
            HeapType::Extern => to_external(ctx, realm, value),
            other => Err(Exception::throw_type(ctx, &format!("a reference to {other} is null"))),
        },
        _ => to_any(ctx, realm, value, ty),
    }
}

fn to_func<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, value: &Value<'js>, ty: &RefType) -> Result<Kept> {
    match exported_of(realm.core(), value).map(|exported| exported.func) {
        Some(func) if realm.core().with(|store| Ref::Func(Some(func)).matches_ty(store, ty)).unwrap_or(false) => {
            Ok(Kept::Plain(Val::FuncRef(Some(func))))
        }
        Some(_) => Err(Exception::throw_type(ctx, &format!("the function is not of type {ty}"))),
        None => Err(Exception::throw_type(ctx, "a function reference is null or an exported WebAssembly function")),
    }
}

/// A value that is not null, as an external reference.
fn to_external<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, value: &Value<'js>) -> Result<Kept> {
    if let Some(object) = objects::external_of(ctx, realm, value) {
        return Ok(Kept::Extern(object));
    }
    let small = small_integer(value);
    let made = realm.core().scoped(|mut store| {
        let made = match small {
            Some(small) => {
                let any = AnyRef::from_i31(&mut store, small);
                ExternRef::convert_any(&mut store, any)?
            }
            None => ExternRef::new(&mut store, realm.keep_extern(value))?,
        };
        made.to_owned_rooted(store)
    });
    made.map(Kept::Extern).map_err(|e| Exception::throw_range(ctx, &e.to_string()))
}

/// A value that is not null, as a reference of the hierarchy of `any`.
fn to_any<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, value: &Value<'js>, ty: &RefType) -> Result<Kept> {
    let Kept::Extern(external) = to_external(ctx, realm, value)? else { unreachable!("it is not null") };
    let any = realm.core().scoped(|mut store| -> headwater::Result<_> {
        let external = external.to_rooted(&mut store);
        let any = AnyRef::convert_extern(&mut store, external)?;
        match Ref::Any(Some(any)).matches_ty(&store, ty)? {
            true => any.to_owned_rooted(store).map(Some),
            false => Ok(None),
        }
    });
    match any {
        Ok(Some(any)) => Ok(Kept::Any(any)),
        Ok(None) => Err(Exception::throw_type(ctx, &format!("the value is not of type {ty}"))),
        Err(e) => Err(Exception::throw_range(ctx, &e.to_string())),
    }
}

/// The integer that fits into an `i31`, if the value is one. −0 is none.
fn small_integer(value: &Value<'_>) -> Option<I31> {
    let number = value.as_number()?;
    let integer = number as i32;
    (f64::from(integer).to_bits() == number.to_bits()).then(|| I31::new_i32(integer)).flatten()
}

/// The value as JavaScript has it.
pub(crate) fn to_js<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, value: &Kept) -> Result<Value<'js>> {
    let value = match value {
        Kept::Plain(value) => value,
        Kept::Extern(external) => {
            return seen_to_js(ctx, realm, realm.core().scoped(|store| Seen::of_extern(store, external)));
        }
        Kept::Any(any) => return seen_to_js(ctx, realm, realm.core().scoped(|store| Seen::of_any(store, any))),
    };
    Ok(match *value {
        Val::I32(v) => Value::new_int(ctx.clone(), v),
        // SAFETY: the context is alive, and ownership of the new value is passed on; the check detects an exception.
        Val::I64(v) => unsafe {
            let raw = qjs::JS_NewBigInt64(ctx.as_raw().as_ptr(), v);
            if qjs::JS_IsException(raw) {
                return Err(Error::Exception);
            }
            Value::from_raw(ctx.clone(), raw)
        },
        // `new_number` would make an integer of −0.
        Val::F32(v) => Value::new_float(ctx.clone(), f32::from_bits(v).into()),
        Val::F64(v) => Value::new_float(ctx.clone(), f64::from_bits(v)),
        Val::FuncRef(None) | Val::ExternRef(None) | Val::AnyRef(None) => Value::new_null(ctx.clone()),
        Val::FuncRef(Some(func)) => realm.func_object(ctx, func)?,
        _ => return Err(Exception::throw_type(ctx, NOT_EXPOSED)),
    })
}

fn seen_to_js<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, seen: headwater::Result<Seen>) -> Result<Value<'js>> {
    match seen.map_err(|e| Exception::throw_range(ctx, &e.to_string()))? {
        Seen::Host(number) => Ok(realm.extern_value(number)),
        Seen::Small(integer) => Ok(Value::new_int(ctx.clone(), integer)),
        Seen::Object(external, number) => objects::object_of(ctx, realm, external, number),
    }
}
