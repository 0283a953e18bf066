//! Which module and function an address belongs to: [`registry`] finds the module, its code the function.

use super::{Module, ModuleInner};
use crate::code::registry;
use std::ptr::NonNull;

/// What is at an address in a module's code.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Hit {
    module: NonNull<ModuleInner>,
    /// The function, in the module's index space.
    pub func: u32,
    /// Offset of the function's body in the module's bytes.
    pub body: u32,
    /// Offset of the operator in the module's bytes, if the address is a place that may fault, or the return address of
    /// a call.
    pub wasm: Option<u32>,
}

impl Hit {
    /// The module. Not for signal handlers, since dropping it may free it.
    ///
    /// # Safety
    /// It must still be alive, as it is while its code is on some stack.
    pub unsafe fn module(&self) -> Module {
        // SAFETY: guaranteed by the caller; registered pointers come from the `Arc` in a `Module`.
        unsafe { Module::from_registered(self.module) }
    }
}

/// What is at `pc`, a place where a thread faulted, or a return address. `None` if it is not in a module's code.
/// May be called from a signal handler.
///
/// # Safety
/// If `pc` is in a module's code then the module must be alive until this returns; being executed or
/// returned to, it is.
pub(crate) unsafe fn lookup(pc: usize) -> Option<Hit> {
    let module = NonNull::new(registry::module_at(pc).cast::<ModuleInner>().cast_mut())?;
    // SAFETY: `Module::assemble` registers its `ModuleInner`, which is valid until it is unregistered; this one is
    // alive.
    let code = unsafe { module.as_ref() }.code();
    let (func, site) = code.lookup((pc - code.range().start) as u32)?;
    Some(Hit { module, func: func.func, body: func.wasm, wasm: site.map(|s| s.wasm) })
}
