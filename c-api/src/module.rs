//! Modules.

use crate::refs::{ById, HostInfo, Object, Reference};
use crate::store::{StoreCell, StoreHandle, answer, guarded};
use crate::types::{ExportTy, ExternTy, ImportTy};
use crate::vecs::{ByteVec, VecOf};
use headwater::{Error, Module, Result, bail};
use std::cell::RefCell;
use std::mem::MaybeUninit;
use std::sync::Arc;

/// A module of a store, and what C attached to it.
pub struct ModuleData {
    pub module: Module,
    pub info: RefCell<HostInfo>,
}

/// A module, as an object of a store.
pub fn in_store(store: &Arc<StoreCell>, module: Module) -> Box<Reference> {
    #[expect(clippy::arc_with_non_send_sync)] // Used by one thread at a time, as its store is.
    let data = Arc::new(ModuleData { module, info: RefCell::default() });
    Reference::new(store, Object::Module(ById(data)))
}

/// The module, if it is one.
///
/// # Errors
/// If it is none.
pub fn of(reference: &Reference) -> Result<&Module> {
    if let Object::Module(module) = &reference.object { Ok(&module.0.module) } else { bail!("this is no module") }
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_module_new(store: &StoreHandle, binary: &ByteVec) -> Option<Box<Reference>> {
    let made = guarded(|| Module::from_binary(&store.0.engine, binary.as_slice()).map_err(Error::new));
    answer(made).map(|module| in_store(&store.0, module))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_module_validate(store: &StoreHandle, binary: &ByteVec) -> bool {
    answer(guarded(|| Module::validate(&store.0.engine, binary.as_slice()).map_err(Error::new))).is_some()
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_module_imports(module: &Reference, out: &mut MaybeUninit<VecOf<Option<Box<ImportTy>>>>) {
    let imports = answer(of(module)).map(|module| {
        VecOf::of(module.imports().map(|import| {
            Some(Box::new(ImportTy {
                module: ByteVec::of_bytes(import.module().as_bytes()),
                name: ByteVec::of_bytes(import.name().as_bytes()),
                ty: Box::new(ExternTy::of_engine(&import.ty())),
            }))
        }))
    });
    out.write(imports.unwrap_or_else(VecOf::empty));
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_module_exports(module: &Reference, out: &mut MaybeUninit<VecOf<Option<Box<ExportTy>>>>) {
    let exports = answer(of(module)).map(|module| {
        VecOf::of(module.exports().map(|export| {
            Some(Box::new(ExportTy {
                name: ByteVec::of_bytes(export.name().as_bytes()),
                ty: Box::new(ExternTy::of_engine(&export.ty())),
            }))
        }))
    });
    out.write(exports.unwrap_or_else(VecOf::empty));
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_module_serialize(module: &Reference, out: &mut MaybeUninit<ByteVec>) {
    let bytes = answer(guarded(|| of(module)?.serialize()));
    out.write(bytes.map_or_else(ByteVec::empty, |bytes| ByteVec::of_bytes(&bytes)));
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_module_deserialize(store: &StoreHandle, bytes: &ByteVec) -> Option<Box<Reference>> {
    // SAFETY: the header says that the bytes must be trusted as the program itself is.
    let module = guarded(|| unsafe { Module::deserialize(&store.0.engine, bytes.as_slice()) });
    answer(module).map(|module| in_store(&store.0, module))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_module_share(module: &Reference) -> Option<Box<Module>> {
    answer(of(module)).map(|module| Box::new(module.clone()))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_module_obtain(store: &StoreHandle, module: &Module) -> Box<Reference> {
    in_store(&store.0, module.clone())
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_shared_module_delete(_: Option<Box<Module>>) {}
