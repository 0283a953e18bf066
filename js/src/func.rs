//! JavaScript functions as WebAssembly calls them (JS API, "run a host function"), and what calls in either direction
//! throw. Exported functions are in `exported.rs`.
//!
//! An exception that JavaScript code throws inside WebAssembly code becomes one of the engine's (`exception.rs`) where
//! it can be caught. Elsewhere it is parked in the realm while the engine unwinds, and thrown again, the same value,
//! where JavaScript called.

use crate::convert::{NOT_EXPOSED, is_exposed, to_js, to_wasm};
use crate::core::{Core, StoreData};
use crate::exception;
use crate::numeric::{MAX_PARAMS, Numeric};
use crate::realm::Realm;
use crate::values::Kept;
use headwater::reclaim::Part;
use headwater::{AsContextMut, Caller, Func, FuncType, Suspend, Trap, ValRaw, ValType, WasmBacktrace, printable};
use rquickjs::{Ctx, Error, Exception, Result, Value, qjs};
use std::ffi::c_int;
use std::fmt::Write;
use std::mem::MaybeUninit;

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

/// # Errors
/// A `TypeError` if a type of the signature cannot pass to or from JavaScript.
pub(crate) fn check_signature(ctx: &Ctx<'_>, ty: &FuncType) -> Result<()> {
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

/// A function of type `ty` that calls `callee`, a JavaScript function; `import` is its index if it is an import. With it
/// comes its node, which the caller holds as long as nothing else has the function.
///
/// # Errors
/// A `RangeError` if the engine's budget for machine code is exhausted, or there is no memory.
pub(crate) fn new_host<'js>(
    ctx: &Ctx<'js>,
    realm: &Realm<'js>,
    ty: FuncType,
    callee: Value<'js>,
    import: u32,
    kind: Kind,
) -> Result<(Func, Value<'js>)> {
    let core = realm.core();
    let number = core.callees.borrow_mut().number();
    let made = match Numeric::of(&ty).filter(|_| kind == Kind::Ordinary) {
        Some(numeric) => new_numeric(core, ty, numeric, number),
        None => new_any(core, ty, number, kind),
    };
    let func = made.map_err(|error| {
        core.callees.borrow_mut().forget(number);
        Exception::throw_range(ctx, &format!("{error:#}"))
    })?;
    core.host_names.borrow_mut().insert(func, import);
    let node = realm.node_of_host(ctx, Part::Host(func), number, callee)?;
    Ok((func, node))
}

/// One that only numbers pass.
fn new_numeric(core: &Core, ty: FuncType, numeric: Numeric, number: u32) -> headwater::Result<Func> {
    core.with(|store| {
        let call = move |mut caller: Caller<'_, StoreData>, values: &mut [MaybeUninit<ValRaw>]| {
            // SAFETY: the store is in use, and so is what owns it.
            let core = unsafe { caller.data().core.get() };
            // SAFETY: compiled code passes values of the parameters' types; the core is in its realm's context.
            core.in_host_call(&mut caller, || unsafe { run_numeric(core, number, &numeric, values) })
        };
        // SAFETY: the closure leaves a result of the type, if there is one.
        unsafe { Func::try_new_unchecked(store, ty, call) }
    })
}

/// # Safety
/// `values` must begin with the arguments; the core must be in use in its realm's context.
unsafe fn run_numeric(
    core: &Core,
    number: u32,
    numeric: &Numeric,
    values: &mut [MaybeUninit<ValRaw>],
) -> headwater::Result<()> {
    let Some((context, callee)) = core.home.get().zip(core.callees.borrow().get(number)) else {
        return Err(headwater::Error::msg(GONE));
    };
    let raw = context.0.as_ptr();
    // SAFETY: the context is alive, as its realm is.
    unsafe { core.left(context.0) };
    let mut args = [qjs::JS_UNDEFINED; MAX_PARAMS];
    let count = numeric.params().len();
    // SAFETY: the context is alive; arguments are initialised, and freed once. The node keeps the function meanwhile.
    let done = unsafe {
        let mut ok = true;
        for ((arg, value), kind) in args.iter_mut().zip(&*values).zip(numeric.params()) {
            *arg = kind.to_js(raw, value.assume_init_ref());
            ok &= !qjs::JS_IsException(*arg);
        }
        let node = qjs::JS_DupValue(raw, callee.node);
        let result = match ok {
            true => qjs::JS_Call(raw, callee.func, qjs::JS_UNDEFINED, count as c_int, args.as_mut_ptr()),
            false => qjs::JS_EXCEPTION,
        };
        for (arg, _) in args.iter().zip(numeric.params()) {
            qjs::JS_FreeValue(raw, *arg);
        }
        let done = match (qjs::JS_IsException(result), numeric.result()) {
            (true, _) => false,
            (false, None) => true,
            (false, Some(kind)) => kind.to_wasm(raw, result).map(|value| values[0].write(value)).is_some(),
        };
        qjs::JS_FreeValue(raw, result);
        qjs::JS_FreeValue(raw, node);
        done
    };
    if done {
        return Ok(());
    }
    // SAFETY: as above.
    let Some((ctx, realm)) = (unsafe { Realm::context_of(core) }) else {
        return Err(headwater::Error::msg(GONE));
    };
    let realm = realm.borrow();
    Err(exception::from_js(&ctx, &realm, ctx.catch()))
}

/// One that anything passes.
fn new_any(core: &Core, ty: FuncType, number: u32, kind: Kind) -> headwater::Result<Func> {
    let result_types: Vec<ValType> = ty.results().collect();
    let exposed = ty.params().chain(ty.results()).all(|ty| is_exposed(&ty));
    core.with(|store| {
        Func::try_new(store, ty, move |mut caller: Caller<'_, StoreData>, params, results| {
            // SAFETY: the store is in use, and so is what owns it.
            let core = unsafe { caller.data().core.get() };
            // SAFETY: the core is in use by its realm, in the realm's context.
            let context = unsafe { Realm::context_of(core) };
            let may_suspend = kind == Kind::Suspends && caller.may_suspend();
            let params = Kept::all(caller.as_context_mut(), params);
            let returned = core.in_host_call(&mut caller, || {
                let Some((ctx, realm)) = context else {
                    return Err(headwater::Error::msg(GONE));
                };
                let realm = realm.borrow();
                let called = match exposed {
                    true if kind == Kind::Suspends && !may_suspend => Err(realm.throw_suspend(&ctx, CANNOT_SUSPEND)),
                    true => run_host(&ctx, &realm, number, &params),
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
    })
}

/// Of a function whose realm is gone.
pub(crate) const GONE: &str = "the realm of this function is gone";

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

fn run_host<'js>(ctx: &Ctx<'js>, realm: &Realm<'js>, number: u32, params: &[Kept]) -> Result<Value<'js>> {
    realm.refresh_buffers(ctx);
    let callee = realm.core().callees.borrow().get(number);
    let callee = callee.ok_or_else(|| Exception::throw_internal(ctx, GONE))?;
    // SAFETY: the node is alive, and gets another reference; it keeps the function during the call.
    let _node = unsafe { Value::from_raw(ctx.clone(), qjs::JS_DupValue(ctx.as_raw().as_ptr(), callee.node)) };
    let mut args = Vec::with_capacity(params.len());
    for param in params {
        args.push(to_js(ctx, realm, param)?);
    }
    let mut raw: Vec<qjs::JSValue> = args.iter().map(Value::as_raw).collect();
    // SAFETY: all values are alive during the call, and ownership of the result is passed on.
    unsafe {
        let raw =
            qjs::JS_Call(ctx.as_raw().as_ptr(), callee.func, qjs::JS_UNDEFINED, raw.len() as c_int, raw.as_mut_ptr());
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
