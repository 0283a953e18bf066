//! Instances.

use crate::module;
use crate::refs::{Object, Reference};
use crate::store::{StoreCell, StoreHandle, answer, failed, guarded};
use crate::trap;
use crate::vecs::VecOf;
use anyhow::Context;
use headwater::{Error, Extern, Instance, Result, bail};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::Arc;

/// `wasm_extern_vec_t`.
pub type Externs = VecOf<Option<Box<Reference>>>;

/// Where a function leaves the trap that it failed with, if C wants it.
pub type TrapOut<'a> = Option<&'a mut MaybeUninit<Option<Box<Reference>>>>;

/// What instances import and export.
///
/// # Errors
/// If it is something else, or of another store.
pub fn external(cell: &StoreCell, reference: &Reference) -> Result<Extern> {
    // Shared memories belong to all stores of their engine.
    if !ptr::eq(&*reference.store, cell) && !matches!(reference.object, Object::SharedMemory(_)) {
        bail!("an external cannot be used in another store than its own");
    }
    reference.object.as_extern().context("this is nothing that can be imported")
}

/// The handle of a new instance; or the trap, for C and as the last error.
pub fn outcome(cell: &Arc<StoreCell>, made: Result<Instance>, out: TrapOut<'_>) -> Option<Box<Reference>> {
    let (instance, trap) = match made {
        Ok(instance) => {
            cell.instances.borrow_mut().push(instance);
            (Some(Reference::new(cell, Object::Instance(instance))), None)
        }
        Err(error) => (failed(&error), Some(error)),
    };
    if let Some(out) = out {
        out.write(trap.map(|error: Error| trap::of_error(cell, &error)));
    }
    instance
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_instance_new(
    store: &StoreHandle,
    module: &Reference,
    imports: Option<&Externs>,
    trap: TrapOut<'_>,
) -> Option<Box<Reference>> {
    // The start function may call C, which may delete these handles meanwhile.
    let (cell, module) = (&store.0.clone(), module.clone());
    let made = guarded(|| {
        let module = module::of(&module)?;
        let imports = imports.map_or(&[][..], Externs::as_slice);
        let imports = imports.iter().enumerate().map(|(i, import)| {
            let import = import.as_deref().with_context(|| format!("import {i} is null"))?;
            external(cell, import).with_context(|| format!("import {i}"))
        });
        let imports = imports.collect::<Result<Vec<_>>>()?;
        cell.with(|store| Instance::new(store, module, &imports))
    });
    outcome(cell, made, trap)
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_instance_exports(of: &Reference, out: &mut MaybeUninit<Externs>) {
    let Object::Instance(instance) = of.object else {
        out.write(VecOf::empty());
        let _ = answer::<()>(Err(Error::msg("this is no instance")));
        return;
    };
    let exports = of.store.with(|mut store| {
        let exports = instance.exports(&mut store);
        Externs::of(exports.map(|export| Some(Reference::new(&of.store, Object::of_extern(export.into_extern())))))
    });
    out.write(exports);
}
