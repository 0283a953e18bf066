//! Which module and function an address belongs to: [`registry`] finds the module, its code the function.

use super::{Module, ModuleInner};
use crate::code::{Batch, registry};
use std::ptr::NonNull;

/// What is at an address in a module's code.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Hit {
    module: NonNull<ModuleInner>,
    /// The function, in the module's index space.
    pub func: u32,
    /// Offset of the function's body in the module's bytes.
    pub body: u32,
    /// Offset of the operator in the module's bytes, if the address is a place that may fault, or the last byte of a call.
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

/// What is at `pc`, a place where a thread faulted, or the last byte of a call. `None` if it is not in a module's code.
/// May be called from a signal handler.
///
/// # Safety
/// If `pc` is in a module's code then the module must be alive until this returns; being executed or
/// returned to, it is.
pub(crate) unsafe fn lookup(pc: usize) -> Option<Hit> {
    let module = NonNull::new(registry::module_at(pc).cast::<ModuleInner>().cast_mut())?;
    // SAFETY: `Module::assemble` registers its `ModuleInner`, which is valid until it is unregistered; this one is
    // alive.
    let inner = unsafe { module.as_ref() };
    let code = inner.code();
    let (func, site) = code.lookup((pc - code.range().start) as u32)?;
    let number = inner.env.imported_funcs + func.defined;
    Some(Hit { module, func: number, body: func.wasm, wasm: site.map(|s| s.wasm) })
}

/// What unwinding needs to know of a frame.
pub(crate) struct Unwinding<'a> {
    module: &'a ModuleInner,
    /// Where the module's code begins.
    pub code: usize,
    /// What was compiled together with the function.
    pub records: &'a Batch,
    /// The number of the handler around the call that the frame waits for, if there is one.
    pub handler: Option<u32>,
    /// How many integer and float registers its function saved.
    pub pins: (usize, usize),
}

impl Unwinding<'_> {
    /// Where a context of the module has the identity of tag `i`.
    pub fn tag_offset(&self, i: u32) -> i32 {
        self.module.env.layout.tag(i)
    }
}

/// The frame that a call returns to at `pc`; `None` if that is not in a module's code.
///
/// # Safety
/// As for [`lookup`], as long as the result is used.
pub(crate) unsafe fn unwinding<'a>(pc: usize) -> Option<Unwinding<'a>> {
    let module = NonNull::new(registry::module_at(pc).cast::<ModuleInner>().cast_mut())?;
    // SAFETY: as in `lookup`.
    let module = unsafe { module.as_ref() };
    let start = module.code().range().start;
    let (records, handler, pins) = module.code().unwinding((pc - start) as u32)?;
    Some(Unwinding { module, code: start, records, handler, pins })
}

/// What was compiled together with the frame that a call returns to at `pc`, and where that is in the module's code.
/// `None` if it is not in a module's.
///
/// # Safety
/// As for [`lookup`], as long as the result is used.
pub(crate) unsafe fn returning_to<'a>(pc: usize) -> Option<(&'a Batch, u32)> {
    let module = NonNull::new(registry::module_at(pc).cast::<ModuleInner>().cast_mut())?;
    // SAFETY: as in `lookup`.
    let code = unsafe { module.as_ref() }.code();
    let at = (pc - code.range().start) as u32;
    Some((code.returning_to(at)?, at))
}
