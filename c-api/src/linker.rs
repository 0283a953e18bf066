//! Linkers: imports by name, of WASI and of the embedder.

use crate::instance::{TrapOut, external, outcome};
use crate::module;
use crate::refs::{Object, Reference};
use crate::store::{Data, StoreCell, StoreHandle, answer, guarded};
use anyhow::Context;
use headwater::{Linker, Result, bail};
use headwater_wasi::{DirPerms, FilePerms, WasiCtxBuilder, p1};
use std::ffi::{CStr, c_char};
use std::sync::Arc;

/// `headwater_wasi_config_t`.
pub struct WasiConfig(WasiCtxBuilder);

/// `headwater_linker_t`.
pub struct LinkerHandle {
    linker: Linker<Data>,
    cell: Arc<StoreCell>,
}

/// A string of C.
///
/// # Errors
/// If it is null or no UTF-8.
fn text<'a>(string: *const c_char) -> Result<&'a str> {
    if string.is_null() {
        bail!("a string is null");
    }
    // SAFETY: C passes a string, which ends with a null and lives as long as the call.
    unsafe { CStr::from_ptr(string) }.to_str().context("a string is no UTF-8")
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_wasi_config_new() -> Box<WasiConfig> {
    Box::new(WasiConfig(WasiCtxBuilder::new()))
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_wasi_config_delete(_: Option<Box<WasiConfig>>) {}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_wasi_config_arg(config: &mut WasiConfig, arg: *const c_char) -> bool {
    let arg = answer(text(arg));
    arg.map(|arg| config.0.arg(arg)).is_some()
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_wasi_config_env(
    config: &mut WasiConfig,
    name: *const c_char,
    value: *const c_char,
) -> bool {
    let variable = answer(text(name).and_then(|name| Ok((name, text(value)?))));
    variable.map(|(name, value)| config.0.env(name, value)).is_some()
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_wasi_config_inherit_env(config: &mut WasiConfig) {
    config.0.inherit_env();
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_wasi_config_inherit_stdio(config: &mut WasiConfig) {
    config.0.inherit_stdio();
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_wasi_config_preopened_dir(
    config: &mut WasiConfig,
    host_path: *const c_char,
    guest_path: *const c_char,
    writable: bool,
) -> bool {
    let (dirs, files) = match writable {
        true => (DirPerms::all(), FilePerms::all()),
        false => (DirPerms::READ, FilePerms::READ),
    };
    let opened = || config.0.preopened_dir(text(host_path)?, text(guest_path)?, dirs, files).map(drop);
    answer(guarded(opened)).is_some()
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_store_set_wasi(store: &StoreHandle, config: Option<Box<WasiConfig>>) -> bool {
    let set = || {
        let mut config = config.context("the configuration is null")?;
        store.0.idle(|store| store.data_mut().wasi = Some(config.0.build_p1()))
    };
    answer(guarded(set)).is_some()
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_linker_new(store: &StoreHandle) -> Box<LinkerHandle> {
    Box::new(LinkerHandle { linker: Linker::new(&store.0.engine), cell: store.0.clone() })
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_linker_delete(_: Option<Box<LinkerHandle>>) {}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_linker_define_wasi(linker: &mut LinkerHandle) -> bool {
    let define = || {
        if linker.cell.with(|store| store.data().wasi.is_none()) {
            bail!("the store has no WASI: headwater_store_set_wasi() comes first");
        }
        p1::add_to_linker_sync(&mut linker.linker, |data: &mut Data| {
            data.wasi.as_mut().expect("it was there when the linker was told, and nothing takes it away")
        })
    };
    answer(guarded(define)).is_some()
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_linker_define(
    linker: &mut LinkerHandle,
    module: *const c_char,
    name: *const c_char,
    item: &Reference,
) -> bool {
    let LinkerHandle { linker, cell } = linker;
    let define = || {
        let (module, name) = (text(module)?, text(name)?);
        let item = external(cell, item)?;
        cell.with(|store| linker.define(store, module, name, item).map(drop))
    };
    answer(guarded(define)).is_some()
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_linker_define_instance(
    linker: &mut LinkerHandle,
    module: *const c_char,
    instance: &Reference,
) -> bool {
    let LinkerHandle { linker, cell } = linker;
    let define = || {
        let module = text(module)?;
        let Object::Instance(instance) = instance.object else { bail!("this is no instance") };
        cell.with(|store| linker.instance(store, module, instance).map(drop))
    };
    answer(guarded(define)).is_some()
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_linker_instantiate(
    linker: &LinkerHandle,
    module: &Reference,
    trap: TrapOut<'_>,
) -> Option<Box<Reference>> {
    // The start function may call C, which may delete these handles meanwhile.
    let (linker, cell, module) = (linker.linker.clone(), linker.cell.clone(), module.clone());
    let made = guarded(|| {
        let module = module::of(&module)?;
        cell.with(|store| linker.instantiate(store, module))
    });
    outcome(&cell, made, trap)
}
