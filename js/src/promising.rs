//! Promise integration (JS API, section "JavaScript Promise Integration"): calls that functions marked `Suspending`
//! suspend until their promises are settled. `promising.js` awaits the promises; here the calls begin and go on.
//!
//! Such a call is one of the engine's resumable calls, on a stack of its own. JavaScript code never runs there: the
//! engine calls host functions on the stack that the call was begun or resumed from, so QuickJS sees one stack only.
//!
//! A call that is suspended belongs to a [`Turn`], and with that to whatever waits for the promise: it is freed with
//! the promise, if that is never settled.

use crate::exception;
use crate::exported::{arguments, exported_of, returned};
use crate::func::{Thrown, results_of, throw, thrown};
use crate::realm::Realm;
use crate::values::Kept;
use headwater::reclaim::Part;
use headwater::{AsContextMut, FuncType, ResumableCall, SuspendedCall, Trap, Val, ValType, WasmBacktrace};
use rquickjs::class::Trace;
use rquickjs::{Array, Ctx, Exception, JsLifetime, Result, Value};
use std::cell::RefCell;

/// How far a call has come: to its end, or to something that it waits for.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(frozen)]
pub(crate) struct Turn<'js> {
    /// What the call returns, or what the function returned that suspended it.
    value: Value<'js>,
    #[qjs(skip_trace)]
    suspended: Suspended,
    /// The function that was called, and the node of the one that has suspended the call: both are kept.
    func: Value<'js>,
    host: Value<'js>,
}

struct Suspended(RefCell<Option<(SuspendedCall, FuncType)>>);

// SAFETY: there are no JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for Suspended {
    type Changed<'to> = Suspended;
}

#[rquickjs::methods(rename_all = "camelCase")]
impl<'js> Turn<'js> {
    fn is_suspended(&self) -> bool {
        self.suspended.0.borrow().is_some()
    }

    fn value(&self) -> Value<'js> {
        self.value.clone()
    }

    fn is_promise(&self) -> bool {
        self.value.is_promise()
    }
}

impl<'js> Turn<'js> {
    /// Begins a call of an exported function.
    ///
    /// # Errors
    /// What the call throws before it is suspended.
    pub fn begin(ctx: &Ctx<'js>, realm: &Realm<'js>, func: &Value<'js>, args: &Array<'js>) -> Result<Turn<'js>> {
        let exported = exported_of(realm.core(), func);
        let exported = exported.ok_or_else(|| Exception::throw_type(ctx, "this is not an exported function"))?;
        let ty = &exported.ty;
        let params = arguments(ctx, realm, ty, |i| match i < args.len() {
            true => args.get(i),
            false => Ok(Value::new_undefined(ctx.clone())),
        })?;
        let begin = || {
            realm.core().scoped(|mut store| {
                let params = Kept::vals(store.as_context_mut(), &params);
                let mut results = vec![Val::I32(0); ty.results().len()];
                let call = exported.func.call_resumable(&mut store, &params, &mut results)?;
                Ok((call, Kept::all(store, &results)))
            })
        };
        let call = begin().or_else(|error| match ran(&error) {
            true => Err(error),
            // Calls whose promises are unreachable, and were not collected yet, may have all stacks.
            false => {
                realm.collect(ctx);
                begin()
            }
        });
        match call {
            Err(error) if !ran(&error) => Err(Exception::throw_range(ctx, &format!("{error:#}"))),
            call => Turn::new(ctx, realm, func.clone(), ty.clone(), call),
        }
    }

    /// Lets the call go on with what it has waited for, the reason of a rejection if `rejected`.
    ///
    /// # Errors
    /// What the call throws before it is suspended again.
    pub fn proceed(&self, ctx: &Ctx<'js>, realm: &Realm<'js>, value: Value<'js>, rejected: bool) -> Result<Turn<'js>> {
        let suspended = self.suspended.0.borrow_mut().take();
        let (call, ty) = suspended.ok_or_else(|| Exception::throw_type(ctx, "the call is not suspended"))?;
        let core = realm.core();
        let types: Vec<ValType> = core.with(|store| call.host_func().ty(store)).results().collect();
        let answer = match rejected {
            true => Err(exception::from_js(ctx, realm, value)),
            false => results_of(ctx, realm, value, &types)
                .map_err(|error| exception::from_js(ctx, realm, thrown(ctx, &error))),
        };
        let call = core.scoped(|mut store| {
            let vals;
            let answer = match answer {
                Ok(answer) => {
                    vals = Kept::vals(store.as_context_mut(), &answer);
                    Ok(vals.as_slice())
                }
                Err(error) => Err(error),
            };
            let mut results = vec![Val::I32(0); ty.results().len()];
            let call = call.resume(&mut store, answer, &mut results)?;
            Ok((call, Kept::all(store, &results)))
        });
        Turn::new(ctx, realm, self.func.clone(), ty, call)
    }

    fn new(
        ctx: &Ctx<'js>,
        realm: &Realm<'js>,
        func: Value<'js>,
        ty: FuncType,
        call: headwater::Result<(ResumableCall, Vec<Kept>)>,
    ) -> Result<Turn<'js>> {
        realm.refresh_buffers(ctx);
        let (value, suspended, host) = match call.map_err(|error| throw(ctx, realm, &error))? {
            (ResumableCall::Finished, results) => {
                (returned(ctx, realm, &results)?, None, Value::new_undefined(ctx.clone()))
            }
            (ResumableCall::Suspended(call), _) => {
                let awaited = realm.take_awaited().expect("the function that suspended it left this");
                let host = realm.node(ctx, Part::Host(call.host_func()))?;
                (awaited, Some((call, ty)), host)
            }
        };
        Ok(Turn { value, suspended: Suspended(RefCell::new(suspended)), func, host })
    }
}

/// Whether the error comes from code. Otherwise there was no stack for the call, or there are too many.
fn ran(error: &headwater::Error) -> bool {
    error.is::<Trap>() || error.is::<Thrown>() || exception::is_thrown(error) || error.is::<WasmBacktrace>()
}
