//! ToWebAssemblyValue and ToJSValue (JS API, section 5.7 "WebAssembly JavaScript values").

use crate::exception::is_exnref;
use crate::realm::Realm;
use headwater::{ExternRef, HeapType, Ref, RefType, Val, ValType};
use rquickjs::{Ctx, Error, Exception, Result, Value, qjs};

/// Whether values of this type cannot pass to or from JavaScript.
pub(crate) fn is_exposed(ty: &ValType) -> bool {
    !matches!(ty, ValType::V128) && !is_exnref(ty)
}

/// The value as WebAssembly has it. May run JavaScript.
///
/// # Errors
/// A `TypeError` if it cannot be one of type `ty`, and whatever a conversion throws.
pub(crate) fn to_wasm<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, value: &Value<'js>, ty: &ValType) -> Result<Val> {
    let (raw_ctx, raw) = (ctx.as_raw().as_ptr(), value.as_raw());
    // SAFETY, for the calls in here: context and value are alive, and the result is a local.
    let check = |status: i32| if status < 0 { Err(Error::Exception) } else { Ok(()) };
    Ok(match ty {
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
        ValType::Ref(ty) => to_ref(ctx, realm, value, ty)?.into(),
    })
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
pub(crate) fn to_ref<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, value: &Value<'js>, ty: &RefType) -> Result<Ref> {
    if *ty.heap_type() == HeapType::Exn {
        return Err(Exception::throw_type(ctx, NOT_EXPOSED));
    }
    if value.is_null() {
        return match ty.is_nullable() {
            true => Ok(Ref::null(ty.heap_type())),
            false => Err(Exception::throw_type(ctx, "null is not allowed here")),
        };
    }
    match ty.heap_type() {
        HeapType::Func | HeapType::ConcreteFunc(_) => {
            match realm.number_of_func(value).and_then(|number| realm.core().funcs.get(number)) {
                Some(func)
                    if realm.core().with(|store| Ref::Func(Some(func)).matches_ty(store, ty)).unwrap_or(false) =>
                {
                    Ok(Ref::Func(Some(func)))
                }
                Some(_) => Err(Exception::throw_type(ctx, &format!("the function is not of type {ty}"))),
                None => {
                    Err(Exception::throw_type(ctx, "a function reference is null or an exported WebAssembly function"))
                }
            }
        }
        HeapType::Extern => {
            let number = realm.number_of_extern(value);
            let made = realm.core().with(|store| ExternRef::new(store, number));
            made.map(Ref::from).map_err(|e| Exception::throw_range(ctx, &e.to_string()))
        }
        other => Err(Exception::throw_type(ctx, &format!("a reference to {other} cannot be passed from JavaScript"))),
    }
}

/// The value as JavaScript has it.
pub(crate) fn to_js<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, value: &Val) -> Result<Value<'js>> {
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
        Val::FuncRef(None) | Val::ExternRef(None) => Value::new_null(ctx.clone()),
        Val::FuncRef(Some(func)) => realm.func_object(ctx, realm.core().funcs.number(func))?,
        Val::ExternRef(Some(r)) => {
            let number = realm.core().with(|store| {
                let data = r.data(&store).expect("references live as long as their store");
                data.and_then(|d| d.downcast_ref::<u32>()).copied()
            });
            realm.extern_value(number.expect("only this crate makes references in its stores"))
        }
        _ => return Err(Exception::throw_type(ctx, NOT_EXPOSED)),
    })
}
