//! Exported functions as JavaScript sees them (JS API, "a new Exported Function" and "call an Exported Function").
//!
//! Each is an object of a class of QuickJS's own kind, one for each realm, so that a call gets to what the function is
//! without a look-up, and any other value is told from it by its class. It refers to the [`Node`](crate::nodes::Node)
//! of the part of the store that it belongs to, and nothing refers to it but scripts: the realm finds it again only as
//! long as they have it.

use crate::convert::{to_js, to_wasm};
use crate::core::Core;
use crate::func::{GONE, array_of, check_signature, throw};
use crate::numeric::{MAX_PARAMS, Numeric};
use crate::realm::Realm;
use crate::values::Kept;
use headwater::{AsContextMut, Func, FuncType, Val, ValRaw};
use rquickjs::{Ctx, Error, Exception, Result, Value, qjs};
use std::ffi::{c_int, c_void};
use std::panic::{self, AssertUnwindSafe};
use std::ptr::{self, NonNull};
use std::rc::Rc;

/// What calls of a function need to know.
pub(crate) struct Exported {
    core: Rc<Core>,
    pub func: Func,
    pub ty: FuncType,
    /// If all its parameters and results are numbers.
    numeric: Option<Numeric>,
    /// The realm, and the node of what the function belongs to: references that the object owns.
    holds: [qjs::JSValue; 2],
}

/// Makes the class in a realm's runtime: its number.
///
/// # Errors
/// If QuickJS is out of memory.
pub(crate) fn define_class(ctx: &Ctx<'_>) -> Result<qjs::JSClassID> {
    let class = qjs::JSClassDef {
        class_name: c"Function".as_ptr(),
        finalizer: Some(finalize),
        gc_mark: Some(mark),
        call: Some(call_exported),
        exotic: ptr::null_mut(),
    };
    let mut id = 0;
    // SAFETY: the context is alive; the functions are what a class requires, and what `class` points to is static or copied.
    unsafe {
        let runtime = qjs::JS_GetRuntime(ctx.as_raw().as_ptr());
        qjs::JS_NewClassID(runtime, &mut id);
        if qjs::JS_NewClass(runtime, id, &class) < 0 {
            return Err(Exception::throw_range(ctx, "out of memory"));
        }
    }
    Ok(id)
}

/// What `object` is, which must be of such a class or anything that is not an object with one's number.
///
/// # Safety
/// The value must be alive, as long as the result is used.
unsafe fn opaque<'a>(object: qjs::JSValue) -> Option<&'a Exported> {
    // SAFETY: guaranteed by the caller; functions and finalizers of the class are only called with its objects.
    unsafe {
        let mut class = 0;
        qjs::JS_GetAnyOpaque(object, &mut class).cast::<Exported>().as_ref()
    }
}

unsafe extern "C" fn finalize(runtime: *mut qjs::JSRuntime, object: qjs::JSValue) {
    let mut class = 0;
    // SAFETY: QuickJS finalizes objects of this class once; what they have is set by `new_object`, or null.
    unsafe {
        let at = qjs::JS_GetAnyOpaque(object, &mut class).cast::<Exported>();
        if !at.is_null() {
            let exported = Box::from_raw(at);
            exported.core.func_objects.borrow_mut().remove(&exported.func);
            exported.holds.iter().for_each(|value| qjs::JS_FreeValueRT(runtime, *value));
        }
    }
}

unsafe extern "C" fn mark(runtime: *mut qjs::JSRuntime, object: qjs::JSValue, mark: qjs::JS_MarkFunc) {
    // SAFETY: as above.
    unsafe {
        if let Some(exported) = opaque(object) {
            exported.holds.iter().for_each(|value| qjs::JS_MarkValue(runtime, *value, mark));
        }
    }
}

/// The function that `value` is, if it is an exported one of this realm.
pub(crate) fn exported_of<'a>(core: &Core, value: &'a Value<'_>) -> Option<&'a Exported> {
    // SAFETY: the value is alive. Objects of the class have what `new_object` gave them, or nothing.
    unsafe { qjs::JS_GetOpaque(value.as_raw(), core.exported_class.get()).cast::<Exported>().as_ref() }
}

/// The one object for `func`, a new one if scripts have none.
///
/// # Errors
/// If QuickJS is out of memory.
pub(crate) fn object_of<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, func: Func) -> Result<Value<'js>> {
    let core = realm.core();
    let raw = ctx.as_raw().as_ptr();
    if let Some(known) = core.func_objects.borrow().get(&func) {
        // SAFETY: it is taken from the list when it is finalized, so it is alive, and gets another reference.
        return Ok(unsafe { Value::from_raw(ctx.clone(), qjs::JS_DupValue(raw, *known)) });
    }
    let (ty, part) = core.with(|store| (func.ty(&store), headwater::reclaim::part_of_func(&store, func)));
    let node = realm.node(ctx, part)?;
    let name = core.func_name(func);
    let length = ty.params().len() as i32;
    // SAFETY: context and values are alive; the object owns the references that are made here.
    unsafe {
        let object = qjs::JS_NewObjectProtoClass(raw, realm.func_prototype().as_raw(), core.exported_class.get());
        if qjs::JS_IsException(object) {
            return Err(Error::Exception);
        }
        let holds = [realm.this(ctx).as_raw(), node.as_raw()].map(|value| qjs::JS_DupValue(raw, value));
        let numeric = Numeric::of(&ty);
        let exported = Exported { core: core.clone(), func, ty, numeric, holds };
        qjs::JS_SetOpaque(object, Box::into_raw(Box::new(exported)).cast::<c_void>());
        let object = Value::from_raw(ctx.clone(), object);
        core.func_objects.borrow_mut().insert(func, object.as_raw());
        let length = qjs::JS_MKVAL(qjs::JS_TAG_INT, length);
        let name = qjs::JS_NewStringLen(raw, name.as_ptr().cast(), name.len() as _);
        for (key, value) in [(c"length", length), (c"name", name)] {
            let flags = qjs::JS_PROP_CONFIGURABLE as c_int;
            if qjs::JS_IsException(value)
                || qjs::JS_DefinePropertyValueStr(raw, object.as_raw(), key.as_ptr(), value, flags) < 0
            {
                return Err(Error::Exception);
            }
        }
        Ok(object)
    }
}

/// What QuickJS calls.
unsafe extern "C" fn call_exported(
    ctx: *mut qjs::JSContext,
    object: qjs::JSValue,
    _this: qjs::JSValue,
    argc: c_int,
    argv: *mut qjs::JSValue,
    _flags: c_int,
) -> qjs::JSValue {
    // SAFETY: the object is of the class, and stays alive as long as it is called.
    let Some(exported) = (unsafe { opaque(object) }) else { return qjs::JS_UNDEFINED };
    // SAFETY: there are this many arguments, which stay alive during the call.
    let args = if argc > 0 { unsafe { std::slice::from_raw_parts(argv, argc as usize) } } else { &[] };
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        if let Some(numeric) = &exported.numeric {
            // SAFETY: the context is alive, and the function has these types.
            return unsafe { call_numeric(ctx, exported, numeric, args) };
        }
        // SAFETY: QuickJS calls with a live context.
        let ctx = unsafe { Ctx::from_raw(NonNull::new(ctx).expect("QuickJS passes its context")) };
        owned(&ctx, call(&ctx, exported, args))
    }));
    outcome.unwrap_or_else(|_| {
        // SAFETY: as above.
        let ctx = unsafe { Ctx::from_raw(NonNull::new(ctx).expect("QuickJS passes its context")) };
        owned(&ctx, Err(Exception::throw_internal(&ctx, "a host function panicked")))
    })
}

/// The value with a reference for QuickJS, or the mark of a thrown exception.
fn owned<'js>(ctx: &Ctx<'js>, outcome: Result<Value<'js>>) -> qjs::JSValue {
    match outcome {
        // SAFETY: the reference is handed to QuickJS, so it gets its own before ours is dropped.
        Ok(value) => unsafe { qjs::JS_DupValue(ctx.as_raw().as_ptr(), value.as_raw()) },
        Err(error) => {
            if !matches!(error, Error::Exception) {
                let _ = Exception::throw_type(ctx, &error.to_string());
            }
            qjs::JS_EXCEPTION
        }
    }
}

/// A call that only numbers pass: nothing is allocated, and nothing of the realm is needed unless it fails.
///
/// # Safety
/// The context must be alive and the realm's, and `numeric` that of the function's type.
unsafe fn call_numeric(
    ctx: *mut qjs::JSContext,
    exported: &Exported,
    numeric: &Numeric,
    args: &[qjs::JSValue],
) -> qjs::JSValue {
    let mut values = [ValRaw::i32(0); MAX_PARAMS];
    for (i, kind) in numeric.params().iter().enumerate() {
        let arg = args.get(i).copied().unwrap_or(qjs::JS_UNDEFINED);
        // SAFETY: context and argument are alive.
        match unsafe { kind.to_wasm(ctx, arg) } {
            Some(value) => values[i] = value,
            None => return qjs::JS_EXCEPTION,
        }
    }
    let core = &exported.core;
    // SAFETY: there is room for all parameters and results, which are of the function's types.
    let called = core.with(|store| unsafe { exported.func.call_unchecked(store, &mut values[..]) });
    let at = NonNull::new(ctx).expect("QuickJS passes its context");
    if core.has_released() {
        core.release_externs();
    }
    // SAFETY: the context is alive, and the realm's.
    unsafe { core.left(at) };
    match (called, numeric.result()) {
        (Ok(()), None) => qjs::JS_UNDEFINED,
        // SAFETY: the function has left its result there.
        (Ok(()), Some(kind)) => unsafe { kind.to_js(ctx, &values[0]) },
        (Err(error), _) => {
            // SAFETY: as above.
            let ctx = unsafe { Ctx::from_raw(at) };
            // SAFETY: the core is in use, in its realm's context.
            let thrown = match unsafe { Realm::context_of(core) } {
                Some((_, realm)) => throw(&ctx, &realm.borrow(), &error),
                None => Exception::throw_type(&ctx, GONE),
            };
            owned(&ctx, Err(thrown))
        }
    }
}

fn call<'js>(ctx: &Ctx<'js>, exported: &Exported, args: &[qjs::JSValue]) -> Result<Value<'js>> {
    // SAFETY: the core is in use, in its realm's context.
    let Some((_, realm)) = (unsafe { Realm::context_of(&exported.core) }) else {
        return Err(Exception::throw_type(ctx, GONE));
    };
    let realm = realm.borrow();
    let arg = |i: usize| match args.get(i) {
        // SAFETY: the argument is alive, and gets another reference.
        Some(arg) => Ok(unsafe { Value::from_raw(ctx.clone(), qjs::JS_DupValue(ctx.as_raw().as_ptr(), *arg)) }),
        None => Ok(Value::new_undefined(ctx.clone())),
    };
    let params = arguments(ctx, &realm, &exported.ty, arg)?;
    let called = realm.core().scoped(|mut store| {
        let params = Kept::vals(store.as_context_mut(), &params);
        let mut results = vec![Val::I32(0); exported.ty.results().len()];
        exported.func.call(&mut store, &params, &mut results)?;
        Ok(Kept::all(store, &results))
    });
    drop(params);
    realm.release_externs();
    realm.refresh_buffers(ctx);
    let results = called.map_err(|error| throw(ctx, &realm, &error))?;
    returned(ctx, &realm, &results)
}

/// The arguments of a call as WebAssembly code has them, converted in order.
///
/// # Errors
/// A `TypeError` if a type of the signature cannot pass to or from JavaScript, and what conversions throw.
pub(crate) fn arguments<'js>(
    ctx: &Ctx<'js>,
    realm: &Realm<'js>,
    ty: &FuncType,
    arg: impl Fn(usize) -> Result<Value<'js>>,
) -> Result<Vec<Kept>> {
    check_signature(ctx, ty)?;
    let mut params = Vec::with_capacity(ty.params().len());
    for (i, ty) in ty.params().enumerate() {
        params.push(to_wasm(ctx, realm, &arg(i)?, &ty)?);
    }
    Ok(params)
}

/// What a call with these results returns.
pub(crate) fn returned<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, results: &[Kept]) -> Result<Value<'js>> {
    match results {
        [] => Ok(Value::new_undefined(ctx.clone())),
        [one] => to_js(ctx, realm, one),
        several => {
            let mut values = Vec::with_capacity(several.len());
            for value in several {
                values.push(to_js(ctx, realm, value)?);
            }
            array_of(ctx, values)
        }
    }
}
