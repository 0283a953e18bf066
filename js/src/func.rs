//! Functions in both directions: exported functions as JavaScript sees them (JS API, "call an Exported Function"), and
//! JavaScript functions as WebAssembly calls them ("run a host function").
//!
//! An exception that JavaScript code throws inside WebAssembly code becomes one of the engine's (`exception.rs`) where
//! it can be caught. Elsewhere it is parked in the realm while the engine unwinds, and thrown again, the same value,
//! where JavaScript called.

use crate::convert::{NOT_EXPOSED, is_exposed, to_js, to_wasm};
use crate::core::StoreData;
use crate::exception;
use crate::realm::Realm;
use crate::values::Kept;
use headwater::{AsContextMut, Caller, Func, FuncType, Suspend, Trap, Val, ValType, WasmBacktrace, printable};
use rquickjs::{Class, Ctx, Error, Exception, Result, Value, qjs};
use std::ffi::{CString, c_int};
use std::fmt::Write;
use std::panic::{self, AssertUnwindSafe};
use std::ptr::NonNull;

/// Passes through the engine in place of the exception that is parked in the realm.
#[derive(Debug, thiserror::Error)]
#[error("a JavaScript function threw an exception")]
pub(crate) struct Thrown;

/// An array of the values, whatever scripts have made of `Array.prototype`.
pub(crate) fn array_of<'js>(ctx: &Ctx<'js>, values: impl IntoIterator<Item = Value<'js>>) -> Result<Value<'js>> {
    let array = rquickjs::Array::new(ctx.clone())?.into_value();
    let raw = ctx.as_raw().as_ptr();
    for (i, value) in values.into_iter().enumerate() {
        // SAFETY: context and array are alive; the value is passed on with its own reference.
        let defined = unsafe {
            let value = qjs::JS_DupValue(raw, value.as_raw());
            qjs::JS_DefinePropertyValueUint32(raw, array.as_raw(), i as u32, value, qjs::JS_PROP_C_W_E as c_int)
        };
        if defined < 0 {
            return Err(Error::Exception);
        }
    }
    Ok(array)
}

/// The function object for function `number`, if there is one.
pub(crate) fn new_object<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, number: u32) -> Result<Value<'js>> {
    let info = realm.core().func(number).ok_or_else(|| no_function(ctx))?;
    let name = CString::new(realm.core().func_name(info.func)).expect("digits only");
    // Not in QuickJS's `magic`, which has 16 bits.
    let this = realm.this(ctx);
    let mut data = [this.as_raw(), qjs::JS_MKVAL(qjs::JS_TAG_INT, number as i32)];
    // SAFETY: the context is alive, and the values of `data` are copied, with their own references.
    let raw = unsafe {
        qjs::JS_NewCFunctionData2(
            ctx.as_raw().as_ptr(),
            Some(call_exported),
            name.as_ptr(),
            info.ty.params().len() as c_int,
            0,
            data.len() as c_int,
            data.as_mut_ptr(),
        )
    };
    // SAFETY: as above; the new value is given over.
    unsafe {
        if qjs::JS_IsException(raw) {
            return Err(Error::Exception);
        }
        Ok(Value::from_raw(ctx.clone(), raw))
    }
}

/// What QuickJS calls: `data` is the realm and the number of the function.
unsafe extern "C" fn call_exported(
    ctx: *mut qjs::JSContext,
    _this: qjs::JSValue,
    argc: c_int,
    argv: *mut qjs::JSValue,
    _magic: c_int,
    data: *mut qjs::JSValue,
) -> qjs::JSValue {
    // SAFETY: QuickJS calls with a live context.
    let ctx = unsafe { Ctx::from_raw(NonNull::new(ctx).expect("QuickJS passes its context")) };
    // SAFETY: there are this many arguments; each gets its own reference.
    let owned =
        |value: qjs::JSValue| unsafe { Value::from_raw(ctx.clone(), qjs::JS_DupValue(ctx.as_raw().as_ptr(), value)) };
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: as above; `new_object` passed two values, of which the second is an integer.
        let (this, number) = unsafe { (*data, qjs::JS_VALUE_GET_INT(*data.add(1)) as u32) };
        let realm = Class::<Realm<'_>>::from_value(&owned(this))?;
        let realm = realm.borrow();
        let arg = |i: usize| match i < argc as usize {
            // SAFETY: as above.
            true => owned(unsafe { *argv.add(i) }),
            false => Value::new_undefined(ctx.clone()),
        };
        call(&ctx, &realm, number, arg)
    }));
    let outcome = outcome.unwrap_or_else(|_| Err(Exception::throw_internal(&ctx, "a host function panicked")));
    match outcome {
        // SAFETY: the reference is handed to QuickJS, so it gets its own before ours is dropped.
        Ok(value) => unsafe { qjs::JS_DupValue(ctx.as_raw().as_ptr(), value.as_raw()) },
        Err(error) => {
            if !matches!(error, Error::Exception) {
                let _ = Exception::throw_type(&ctx, &error.to_string());
            }
            qjs::JS_EXCEPTION
        }
    }
}

fn call<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, number: u32, arg: impl Fn(usize) -> Value<'js>) -> Result<Value<'js>> {
    let info = realm.core().func(number).ok_or_else(|| no_function(ctx))?;
    let params = arguments(ctx, realm, &info.ty, |i| Ok(arg(i)))?;
    let called = realm.core().scoped(|mut store| {
        let params = Kept::vals(store.as_context_mut(), &params);
        let mut results = vec![Val::I32(0); info.ty.results().len()];
        info.func.call(&mut store, &params, &mut results)?;
        Ok(Kept::all(store, &results))
    });
    drop(params);
    realm.release_externs();
    realm.refresh_buffers(ctx);
    let results = called.map_err(|error| throw(ctx, realm, &error))?;
    returned(ctx, realm, &results)
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

fn no_function(ctx: &Ctx<'_>) -> Error {
    Exception::throw_internal(ctx, "there is no such function")
}

/// # Errors
/// A `TypeError` if a type of the signature cannot pass to or from JavaScript.
fn check_signature(ctx: &Ctx<'_>, ty: &FuncType) -> Result<()> {
    let exposed = |ty: ValType| is_exposed(&ty);
    if ty.params().all(exposed) && ty.results().all(exposed) {
        return Ok(());
    }
    Err(Exception::throw_type(
        ctx,
        "a function with v128 or exnref parameters or results cannot be called from JavaScript",
    ))
}

/// Throws what made WebAssembly code stop.
pub(crate) fn throw<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, error: &headwater::Error) -> Error {
    if error.downcast_ref::<Thrown>().is_some()
        && let Some(exception) = realm.take_exception()
    {
        return ctx.throw(exception);
    }
    if exception::is_thrown(error) {
        match exception::to_be_thrown(ctx, realm) {
            Ok(Some(value)) => return ctx.throw(value),
            Ok(None) => {}
            Err(error) => return error,
        }
    }
    match error.downcast_ref::<Trap>() {
        // The same class as JavaScript's own stack overflow (JS API, section 5.12).
        Some(Trap::StackOverflow) => Exception::throw_range(ctx, "Maximum call stack size exceeded"),
        Some(trap) => {
            let text = trap.to_string();
            let frames = error.downcast_ref::<WasmBacktrace>().map(|b| frames(realm, b));
            let message = text.strip_prefix("wasm trap: ").unwrap_or(&text);
            let frames = frames.as_deref().unwrap_or("");
            match trap {
                Trap::Interrupt | Trap::OutOfFuel => realm.throw_uncatchable(ctx, message, frames),
                _ => realm.throw_runtime(ctx, message, frames),
            }
        }
        // An error of the embedder, from a limiter or a deadline's callback.
        None => {
            let frames = error.downcast_ref::<WasmBacktrace>().map(|b| frames(realm, b));
            realm.throw_runtime(ctx, &error.root_cause().to_string(), frames.as_deref().unwrap_or(""))
        }
    }
}

/// The frames as lines of a stack (Web API, section "Developer-Facing Display Conventions").
fn frames(realm: &Realm<'_>, backtrace: &WasmBacktrace) -> String {
    let mut lines = String::new();
    for frame in backtrace.frames() {
        let (module, index) = (frame.module(), frame.func_index());
        let urls = realm.core().urls.borrow();
        let url = urls.get(&module.machine_code().as_ptr().addr()).map_or("wasm", |url| url);
        let own = match frame.func_name() {
            Some(name) => printable::name(name).to_string(),
            None => format!("wasm-function[{index}]"),
        };
        let name = match module.name() {
            Some(module) => format!("{}.{own}", printable::name(module)),
            None => own,
        };
        let offset = frame.module_offset().unwrap_or(0);
        let _ = writeln!(lines, "    at {name} ({url}:wasm-function[{index}]:0x{offset:x})");
    }
    lines
}

/// How WebAssembly code sees a JavaScript function.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Ordinary,
    /// What it throws cannot be caught: a builtin.
    Traps,
    /// Its result is awaited, by the call it is in ([`promising`](crate::promising)).
    Suspends,
}

/// A function of type `ty` that calls `callee`, a JavaScript function; `import` is its index if it is an import.
///
/// # Errors
/// If the engine's budget for machine code is exhausted, or the system is out of memory.
pub(crate) fn new_host<'js>(
    realm: &Realm<'js>,
    ty: FuncType,
    callee: Value<'js>,
    import: u32,
    kind: Kind,
) -> headwater::Result<Func> {
    let core = realm.core();
    let host = realm.add_host_func(callee);
    let result_types: Vec<ValType> = ty.results().collect();
    let exposed = ty.params().chain(ty.results()).all(|ty| is_exposed(&ty));
    let func = core.with(|store| {
        Func::try_new(store, ty, move |mut caller: Caller<'_, StoreData>, params, results| {
            // SAFETY: the store is in use, and so is what owns it.
            let core = unsafe { caller.data().core.get() };
            // SAFETY: the core is in use by its realm, in the realm's context.
            let context = unsafe { Realm::context_of(core) };
            let may_suspend = kind == Kind::Suspends && caller.may_suspend();
            let params = Kept::all(caller.as_context_mut(), params);
            let returned = core.in_host_call(&mut caller, || {
                let Some((ctx, realm)) = context else {
                    return Err(headwater::Error::msg("the realm of this function is gone"));
                };
                let realm = realm.borrow();
                let called = match exposed {
                    true if kind == Kind::Suspends && !may_suspend => Err(realm.throw_suspend(&ctx, CANNOT_SUSPEND)),
                    true => run_host(&ctx, &realm, host, &params),
                    false => Err(Exception::throw_type(&ctx, NOT_EXPOSED)),
                };
                let done = match called {
                    Ok(value) if may_suspend => {
                        realm.park_awaited(value);
                        return Err(Suspend.into());
                    }
                    Ok(value) => results_of(&ctx, &realm, value, &result_types),
                    Err(error) => Err(error),
                };
                done.map_err(|error| match (kind, thrown(&ctx, &error)) {
                    (Kind::Traps, value) => realm.park_exception(value),
                    (_, value) => exception::from_js(&ctx, &realm, value),
                })
            })?;
            for (result, value) in results.iter_mut().zip(&returned) {
                *result = value.val(caller.as_context_mut());
            }
            Ok(())
        })
    })?;
    core.host_names.borrow_mut().insert(func, import);
    Ok(func)
}

/// Why a function that suspends throws.
const CANNOT_SUSPEND: &str = "only WebAssembly code that was called by a function of WebAssembly.promising(), with no \
    JavaScript code in between, can be suspended";

/// The exception that `error`, of a JavaScript function, stands for.
pub(crate) fn thrown<'js>(ctx: &Ctx<'js>, error: &Error) -> Value<'js> {
    if !matches!(error, Error::Exception) {
        let _ = Exception::throw_type(ctx, &error.to_string());
    }
    ctx.catch()
}

fn run_host<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, host: usize, params: &[Kept]) -> Result<Value<'js>> {
    realm.refresh_buffers(ctx);
    let callee = realm.host_func(host);
    let mut args = Vec::with_capacity(params.len());
    for param in params {
        args.push(to_js(ctx, realm, param)?);
    }
    let mut raw: Vec<qjs::JSValue> = args.iter().map(Value::as_raw).collect();
    // SAFETY: all values are alive during the call, and ownership of the result is passed on.
    unsafe {
        let raw = qjs::JS_Call(
            ctx.as_raw().as_ptr(),
            callee.as_raw(),
            qjs::JS_UNDEFINED,
            raw.len() as c_int,
            raw.as_mut_ptr(),
        );
        if qjs::JS_IsException(raw) {
            return Err(Error::Exception);
        }
        Ok(Value::from_raw(ctx.clone(), raw))
    }
}

/// The results of a function of these result types that returned `value`.
///
/// # Errors
/// What conversions throw, or a `TypeError` if they are not as many.
pub(crate) fn results_of<'js>(
    ctx: &Ctx<'js>,
    realm: &Realm<'js>,
    value: Value<'js>,
    types: &[ValType],
) -> Result<Vec<Kept>> {
    Ok(match types {
        [] => Vec::new(),
        [ty] => vec![to_wasm(ctx, realm, &value, ty)?],
        several => {
            let list = realm.iterate(value, several.len())?;
            let mut results = Vec::with_capacity(several.len());
            for (i, ty) in several.iter().enumerate() {
                results.push(to_wasm(ctx, realm, &list.get::<Value<'js>>(i)?, ty)?);
            }
            results
        }
    })
}
