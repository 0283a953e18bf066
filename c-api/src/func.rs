//! Functions: of instances, and of C.

use crate::refs::{Finalizer, Object, Reference};
use crate::store::{Data, Sent, StoreCell, StoreHandle, answer, guarded};
use crate::trap;
use crate::types::ExternTy;
use crate::values::{Value, check_types};
use crate::vecs::VecOf;
use anyhow::Context;
use headwater::{AsContextMut, Caller, Func, FuncType, Result, Val, bail};
use std::ffi::c_void;
use std::mem;
use std::ptr::NonNull;
use std::sync::Arc;

type Values = VecOf<Value>;
type Callback = extern "C" fn(&Values, &mut Values) -> Option<Box<Reference>>;
type CallbackWithEnv = extern "C" fn(*mut c_void, &Values, &mut Values) -> Option<Box<Reference>>;

/// What C calls a function's environment. It is finalized when the function ends.
struct Env {
    data: *mut c_void,
    finalizer: Option<Finalizer>,
}

impl Drop for Env {
    fn drop(&mut self) {
        if let Some(finalizer) = self.finalizer {
            finalizer(self.data);
        }
    }
}

/// What to call.
enum Code {
    Plain(Callback),
    WithEnv(CallbackWithEnv, Env),
}

impl Code {
    /// Calls C's function with the arguments that the engine has.
    fn call(&self, mut caller: Caller<'_, Data>, ty: &FuncType, params: &[Val], results: &mut [Val]) -> Result<()> {
        let cell = caller.data().cell.get().upgrade().context("the store has ended")?;
        let mut given = Values::zeros(params.len());
        if given.as_slice().len() < params.len() {
            bail!("no memory for {} arguments", params.len());
        }
        for (slot, param) in given.as_mut_slice().iter_mut().zip(params) {
            *slot = Value::of_engine(&cell, caller.as_context_mut(), *param)?;
        }
        let mut wanted = Values::of(ty.results().map(|ty| Value::zero(&ty)));
        let trapped = cell.lend(&mut caller, || match self {
            Code::Plain(function) => function(&given, &mut wanted),
            Code::WithEnv(function, env) => function(env.data, &given, &mut wanted),
        });
        if let Some(trapped) = trapped {
            return Err(trap::to_error(&trapped));
        }
        let wanted = wanted.as_slice();
        if wanted.len() < results.len() {
            bail!("the function returned {} of {} results", wanted.len(), results.len());
        }
        for ((result, value), ty) in results.iter_mut().zip(wanted).zip(ty.results()) {
            let value = value.engine(&cell, caller.as_context_mut(), &ty);
            *result = value.context("function attempted to return an incompatible value")?;
        }
        Ok(())
    }
}

fn new(store: &StoreHandle, ty: &ExternTy, code: Code) -> Option<Box<Reference>> {
    let cell = &store.0;
    // Kept until the store is free again: the finalizer is code of C.
    let code = Arc::new(Sent::new(code));
    let made = ty.engine_func(&cell.engine).map(|ty| {
        let (code, signature) = (code.clone(), ty.clone());
        cell.with(|store| {
            Func::new(store, ty, move |caller, params, results| code.get().call(caller, &signature, params, results))
        })
    });
    answer(made).map(|func| Reference::new(cell, Object::Func(func)))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_func_new(store: &StoreHandle, ty: &ExternTy, callback: Callback) -> Option<Box<Reference>> {
    new(store, ty, Code::Plain(callback))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_func_new_with_env(
    store: &StoreHandle,
    ty: &ExternTy,
    callback: CallbackWithEnv,
    env: *mut c_void,
    finalizer: Option<Finalizer>,
) -> Option<Box<Reference>> {
    new(store, ty, Code::WithEnv(callback, Env { data: env, finalizer }))
}

/// The type, if it is a function.
fn type_of(func: &Reference) -> Option<FuncType> {
    let Object::Func(func_of_store) = func.object else { return None };
    Some(func.store.with(|store| func_of_store.ty(store)))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_func_type(func: &Reference) -> Option<Box<ExternTy>> {
    type_of(func).map(|ty| Box::new(ExternTy::of_func(&ty)))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_func_param_arity(func: &Reference) -> usize {
    type_of(func).map_or(0, |ty| ty.params().len())
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_func_result_arity(func: &Reference) -> usize {
    type_of(func).map_or(0, |ty| ty.results().len())
}

/// `results` may be the vector that the parameters come from.
fn call(
    cell: &Arc<StoreCell>,
    func: &Reference,
    params: Option<&Values>,
    results: Option<NonNull<Values>>,
) -> Result<()> {
    let params = params.map_or(&[][..], Values::as_slice);
    // SAFETY: C passes a vector or null, and nobody writes to it meanwhile.
    let room = results.map_or(0, |results| unsafe { results.as_ref() }.as_slice().len());
    let Object::Func(func) = func.object else { bail!("this is no function") };
    cell.with(|mut store| {
        let ty = func.ty(&store);
        check_types(ty.params().chain(ty.results()))?;
        if ty.params().len() != params.len() {
            bail!("expected {} arguments, got {}", ty.params().len(), params.len());
        }
        if room < ty.results().len() {
            bail!("expected room for {} results, got room for {room}", ty.results().len());
        }
        let mut given = Vec::with_capacity(params.len());
        for (i, (param, ty)) in params.iter().zip(ty.params()).enumerate() {
            let param = param.engine(cell, store.as_context_mut(), &ty);
            given.push(param.with_context(|| format!("argument {i}"))?);
        }
        let mut wanted = vec![Val::I32(0); ty.results().len()];
        func.call(&mut store, &given, &mut wanted)?;
        // SAFETY: as above; the parameters are not looked at any more.
        let results = results.map_or(&mut [][..], |mut results| unsafe { results.as_mut() }.as_mut_slice());
        for (slot, result) in results.iter_mut().zip(wanted) {
            // What was there was not initialized, by the header: it is not dropped.
            let result = Value::of_engine(cell, store.as_context_mut(), result)?;
            mem::forget(mem::replace(slot, result));
        }
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_func_call(
    func: &Reference,
    params: Option<&Values>,
    results: Option<NonNull<Values>>,
) -> Option<Box<Reference>> {
    // A function of C may delete the handle meanwhile.
    let func = func.clone();
    match guarded(|| call(&func.store, &func, params, results)) {
        Ok(()) => None,
        Err(error) => Some(trap::of_error(&func.store, &error)),
    }
}
