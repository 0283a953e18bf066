//! Calls that host functions suspend and the host resumes, as the crate `wasmi` has them: several may be suspended in
//! one store, and go on in any order. How they run is described in [`resumable`].

use crate::api::caller::Caller;
use crate::api::context::{AsContextMut, StoreContextMut};
use crate::api::func::{Func, call_host, check_count, read_results, within_wasm, write_params};
use crate::api::host::{park, write_results};
use crate::api::value::Val;
use crate::types::FuncType;
use crate::vm::activation;
use crate::vm::alloc;
use crate::vm::context::{EntryFn, VMFuncRef, ValRaw};
use crate::vm::fiber::Fiber;
use crate::vm::resumable::{self, HostCall, Resumable};
use crate::vm::store::{StoreId, StoreOpaque};
use crate::{Engine, Result};
use corosensei::stack::Stack;
use std::cell::Cell;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::ptr::NonNull;
use std::task::Poll;

/// The error of a host function that suspends the call it is in: see [`Func::call_resumable`]. Where
/// [`Caller::may_suspend`] says that it cannot, the host function fails with an error that says so.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Suspend;

impl fmt::Display for Suspend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the call is suspended")
    }
}

impl Suspend {
    /// What it becomes where the host function cannot suspend.
    pub(crate) const IMPOSSIBLE: &str = "cannot suspend here: WebAssembly code must call the host function, and be called \
        with `call_resumable`";
}

impl std::error::Error for Suspend {}

/// How far a resumable call has come.
#[derive(Debug)]
#[must_use = "a call that is suspended ends when it is dropped"]
pub enum ResumableCall {
    /// It has returned; its results are written.
    Finished,
    /// A host function has suspended it.
    Suspended(SuspendedCall),
}

/// A call that a host function has suspended. It has its own stack, and does not keep its store: other code may run
/// meanwhile. Dropped, it ends where it is; WebAssembly code does not notice.
#[must_use = "a call that is suspended ends when it is dropped"]
pub struct SuspendedCall {
    fiber: Fiber,
    shared: Box<Shared>,
    store: StoreId,
    ty: FuncType,
    engine: Engine,
}

/// What the fiber has of the call, at a fixed address.
struct Shared {
    /// How it ended.
    outcome: Cell<Option<std::thread::Result<Result<()>>>>,
    /// Arguments, then results.
    args: Vec<ValRaw>,
}

/// What the fiber is passed.
#[derive(Copy, Clone)]
struct Body {
    store: *mut StoreOpaque,
    callee: NonNull<VMFuncRef>,
    entry: Option<EntryFn>,
    args: *mut ValRaw,
    outcome: *const Cell<Option<std::thread::Result<Result<()>>>>,
}

// SAFETY: what it points to belongs to the call or to its store, which whoever runs the fiber has borrowed.
unsafe impl Send for Body {}

impl Body {
    /// # Safety
    /// To be called on the fiber. All is as `call_raw` requires.
    unsafe fn run(self) {
        // SAFETY: guaranteed by the caller. What the call is suspended in owns nothing.
        unsafe {
            let callee = self.callee.as_ref();
            let outcome = panic::catch_unwind(AssertUnwindSafe(|| match (callee.host(), self.entry) {
                (None, Some(entry)) => activation::enter(self.store, entry, callee.vmctx, callee.code, self.args),
                (host, _) => call_host(self.store, host.expect("it is known which it is"), self.args),
            }));
            (*self.outcome).set(Some(outcome));
        }
    }
}

impl Func {
    /// Calls it, like [`Func::call`], on a stack of its own, so that a host function can suspend it: by returning the
    /// error [`Suspend`]. The results of that host function are what [`SuspendedCall::resume`] is passed later.
    ///
    /// Host functions are called on the stack of the caller, and of whoever resumes the call. They cannot be futures.
    ///
    /// ```
    /// use headwater::{Caller, Engine, Instance, Func, FuncType, Module, ResumableCall, Store, Suspend, Val, ValType};
    /// let engine = Engine::default();
    /// let mut store = Store::new(&engine, ());
    /// let ty = FuncType::new(&engine, [], [ValType::I32]);
    /// let ask = Func::new(&mut store, ty, |_: Caller<'_, ()>, _, _| Err(Suspend.into()));
    /// let module = Module::new(&engine, wat::parse_str(r#"(module
    ///     (import "host" "ask" (func $ask (result i32)))
    ///     (func (export "sum") (result i32) (i32.add (call $ask) (call $ask))))"#)?)?;
    /// let instance = Instance::new(&mut store, &module, &[ask.into()])?;
    /// let sum = instance.get_func(&mut store, "sum").expect("it is exported");
    /// let mut results = [Val::I32(0)];
    /// let mut call = sum.call_resumable(&mut store, &[], &mut results)?;
    /// let mut answers = [30, 12].map(Val::I32).into_iter();
    /// while let ResumableCall::Suspended(suspended) = call {
    ///     // Whatever else there is to do, with the store or without.
    ///     let answer = answers.next().expect("it asks twice");
    ///     call = suspended.resume(&mut store, Ok(&[answer]), &mut results)?;
    /// }
    /// assert_eq!(results[0].unwrap_i32(), 42);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Func::call`]; if there is no memory for a stack, or there are as many calls as
    /// [`ResourceLimiter::resumable_calls`](crate::ResourceLimiter::resumable_calls) allows.
    ///
    /// # Panics
    /// As [`Func::call`].
    pub fn call_resumable(
        &self,
        mut store: impl AsContextMut,
        params: &[Val],
        results: &mut [Val],
    ) -> Result<ResumableCall> {
        let mut store = store.as_context_mut();
        let opaque = &mut store.0.opaque;
        let ty = self.type_in(opaque).clone();
        check_count("arguments", ty.num_params(), params)?;
        check_count("results", ty.num_results(), results)?;
        let needed = ty.num_params().max(ty.num_results());
        let mut args = alloc::with_room("arguments and results", needed)?;
        args.resize(needed, ValRaw::default());
        write_params(opaque, &ty, params, &mut args)?;
        let callee = self.func_ref();
        // SAFETY: the function was just checked to belong to the store.
        let (is_host, canonical) = unsafe { (callee.as_ref().host().is_some(), callee.as_ref().sig) };
        let entry = if is_host { None } else { Some(opaque.entry(canonical)?) };
        let stacks = opaque.another_resumable_call()?;
        let engine = opaque.engine().clone();
        let stack = engine.take_stack()?;
        stacks.begin(stack.base().get())?;
        let mut shared = Box::new(Shared { outcome: Cell::new(None), args });
        let resumable = Resumable::new(&stacks, opaque.max_wasm_stack);
        let (args, outcome) = (shared.args.as_mut_ptr(), &raw const shared.outcome);
        let body = Body { store: store.as_ptr(), callee, entry, args, outcome };
        // SAFETY: the function belongs to the store, the arguments are of its type. The call has what the fiber uses.
        let fiber = unsafe { Fiber::new(StoreOpaque::home(body.store), stack, Some(resumable), move || body.run()) };
        let store_id = store.0.opaque.id();
        let call = SuspendedCall { fiber, shared, store: store_id, ty, engine };
        call.proceed(&mut store, |_, _| 0, results)
    }
}

impl SuspendedCall {
    /// The host function that suspended it.
    pub fn host_func(&self) -> Func {
        // SAFETY: host functions live as long as their store, and handles are not followed without it.
        let func_ref = unsafe { NonNull::from(&(*self.waits_for().host).func_ref) };
        Func::at(self.store, func_ref)
    }

    fn waits_for(&self) -> HostCall {
        self.fiber.suspended_by().expect("a host function has suspended it")
    }

    /// Lets it go on: as if the host function that suspended it returned `outcome` now. `results` are as for
    /// [`Func::call_resumable`].
    ///
    /// # Errors
    /// As [`Func::call`]. If `outcome` is an error, or not what the function's type says, it is as if the host function
    /// had failed; the error `ThrownException` throws the exception that is pending in the store.
    ///
    /// # Panics
    /// If `store` is not the call's, or a host function panics.
    pub fn resume(
        self,
        mut store: impl AsContextMut,
        outcome: Result<&[Val]>,
        results: &mut [Val],
    ) -> Result<ResumableCall> {
        let mut store = store.as_context_mut();
        store.0.opaque.check(self.store);
        check_count("results", self.ty.num_results(), results)?;
        self.proceed(&mut store, |store, call| answer(store, call, outcome), results)
    }

    fn proceed<T>(
        mut self,
        store: &mut StoreContextMut<'_, T>,
        answer: impl FnOnce(&mut StoreOpaque, HostCall) -> u32,
        results: &mut [Val],
    ) -> Result<ResumableCall> {
        let mut ended = None;
        let outcome = within_wasm(store, |store| {
            let opaque = store.as_ptr();
            // SAFETY: the store is the call's, and borrowed for as long as the fiber runs; `answer` runs before it
            // does.
            let turn = unsafe { self.fiber.proceed(opaque.cast(), |call| answer(&mut *opaque, call))? };
            if let Poll::Ready(stack) = turn {
                self.engine.put_stack(stack);
                ended = self.shared.outcome.take();
                debug_assert!(ended.is_some(), "a fiber that has ended says how");
            }
            Ok(())
        });
        let outcome = match (outcome, ended) {
            (Ok(()), None) => return Ok(ResumableCall::Suspended(self)),
            (Err(error), _) | (Ok(()), Some(Ok(Err(error)))) => Err(error),
            (Ok(()), Some(Ok(Ok(())))) => Ok(()),
            (Ok(()), Some(Err(payload))) => panic::resume_unwind(payload),
        };
        #[cfg(feature = "coredump")]
        let outcome = outcome.map_err(|error| store.0.opaque.explain(error));
        outcome?;
        read_results(&store.0.opaque, &self.ty, &self.shared.args, results);
        Ok(ResumableCall::Finished)
    }
}

/// Ends the host call that suspended a call: with its results, or the reason why it failed.
fn answer(store: &mut StoreOpaque, call: HostCall, outcome: Result<&[Val]>) -> u32 {
    let written = outcome.and_then(|values| {
        // SAFETY: the host function is the store's; `args` has room for its results.
        unsafe {
            let host = &*call.host;
            let ty = &host.func.ty;
            check_count("results", ty.num_results(), values)?;
            write_results(store, ty, values, call.args)
        }
    });
    park(store, !call.caller.is_null(), Ok(written))
}

impl Drop for SuspendedCall {
    fn drop(&mut self) {
        if let Some(stack) = self.fiber.abandon() {
            self.engine.put_stack(stack);
        }
    }
}

impl fmt::Debug for SuspendedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SuspendedCall").field("ty", &self.ty).finish_non_exhaustive()
    }
}

impl<T> Caller<'_, T> {
    /// Whether the host function may return [`Suspend`]: WebAssembly code called it that runs in a resumable call, with
    /// no other host function in between.
    pub fn may_suspend(&self) -> bool {
        resumable::may_suspend(self.store.0.opaque.vm())
    }
}
