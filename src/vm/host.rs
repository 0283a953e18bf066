//! Host functions as compiled code calls them: a Rust function, and the closure that it runs.

use crate::Result;
use crate::engine::{Demand, Engine, TypeUse};
use crate::types::FuncType;
use crate::vm::arena::Place;
use crate::vm::context::{HostFn, VMContext, VMFuncRef};
use anyhow::bail;
use headwater_codegen::vmctx;
use std::any::Any;
use std::mem::offset_of;
use std::ptr::{self, NonNull};
use std::sync::Arc;

/// A host function that does not belong to a store yet.
pub struct HostFunc {
    pub(crate) ty: FuncType,
    /// Keeps the trampoline.
    type_use: TypeUse,
    /// Where compiled code calls it; null for a type that no compiled code can have.
    pub(crate) host_call: *const u8,
    pub(crate) host_fn: HostFn,
    /// Of the type that `host_fn` was instantiated for.
    closure: Arc<dyn Any + Send + Sync>,
}

// SAFETY: `host_call` points to immutable code.
unsafe impl Send for HostFunc {}
// SAFETY: as above.
unsafe impl Sync for HostFunc {}

impl HostFunc {
    /// The function of type `ty` that `host_fn` implements with the closure `F`.
    ///
    /// # Errors
    /// If no WebAssembly function can have the type, if the system has no memory for its trampolines, or if they exceed
    /// the engine's budget and `demand` does not allow that.
    ///
    /// # Safety
    /// `host_fn` must interpret its `HOST_DATA` as an `F`, and parameters and results as `ty` says.
    pub(crate) unsafe fn from_raw<F>(
        engine: &Engine,
        ty: FuncType,
        demand: Demand,
        host_fn: HostFn,
        closure: F,
    ) -> Result<HostFunc>
    where
        F: Send + Sync + 'static,
    {
        check_width(&ty)?;
        let type_use = engine.use_type(&ty);
        let host_call = engine.trampolines(type_use.number(), demand)?.host_call;
        Ok(HostFunc { ty, type_use, host_call, host_fn, closure: Arc::new(closure) })
    }

    /// A host function that compiled code never calls, since no WebAssembly function can have its type.
    ///
    /// # Safety
    /// As [`HostFunc::from_raw`].
    pub(crate) unsafe fn unreachable<F>(engine: &Engine, ty: FuncType, host_fn: HostFn, closure: F) -> HostFunc
    where
        F: Send + Sync + 'static,
    {
        let type_use = engine.use_type(&ty);
        HostFunc { ty, type_use, host_call: ptr::null(), host_fn, closure: Arc::new(closure) }
    }

    /// The canonical number of its type.
    pub(crate) fn canonical(&self) -> u32 {
        self.type_use.number()
    }

    /// What to put into `HOST_DATA`.
    pub(crate) fn data(&self) -> *const () {
        Arc::as_ptr(&self.closure).cast()
    }
}

/// The most parameters, and the most results, that a WebAssembly function may have (JavaScript interface,
/// "Implementation-defined limits").
const MAX_WIDTH: usize = 1000;

/// Checks that some WebAssembly function can have the type `ty`.
///
/// # Errors
/// If it has too many parameters or results.
pub(crate) fn check_width(ty: &FuncType) -> Result<()> {
    for (what, count) in [("parameters", ty.num_params()), ("results", ty.num_results())] {
        if count > MAX_WIDTH {
            bail!("a function type with {count} {what}: there may be {MAX_WIDTH} at most");
        }
    }
    Ok(())
}

impl std::fmt::Debug for HostFunc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HostFunc").field("ty", &self.ty).finish_non_exhaustive()
    }
}

/// The context of a host function, and everything else that a store keeps for it.
#[repr(C, align(16))]
pub(crate) struct VMHostFuncContext {
    pub header: VMContext,
    pub host_fn: HostFn,
    pub host_data: *const (),
    pub func_ref: VMFuncRef,
    pub func: Arc<HostFunc>,
    /// In the store.
    pub place: Place,
}

impl VMFuncRef {
    /// The context of the host function that this is, if it is one.
    pub fn host(&self) -> Option<NonNull<VMHostFuncContext>> {
        if self.func == Self::HOST { NonNull::new(self.vmctx.cast()) } else { None }
    }
}

const _: () = {
    assert!(offset_of!(VMHostFuncContext, header) == 0);
    assert!(offset_of!(VMHostFuncContext, host_fn) == vmctx::HOST_FN as usize);
    assert!(offset_of!(VMHostFuncContext, host_data) == vmctx::HOST_DATA as usize);
};
