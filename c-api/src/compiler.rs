//! Compiling while bytes arrive.

use crate::module;
use crate::refs::Reference;
use crate::store::{EngineHandle, Sent, StoreHandle, answer, failed, guarded};
use headwater::{Engine, Error, StreamingCompiler, format_err};
use std::ffi::c_void;
use std::slice;

/// `headwater_compiler_t`.
pub struct Compiler {
    compiler: StreamingCompiler,
    engine: Engine,
}

/// `headwater_progress_t`.
#[repr(C)]
pub struct Progress {
    received: u64,
    compiled: u64,
    functions: u32,
}

type Observer = extern "C" fn(*mut c_void, &Progress);

#[unsafe(no_mangle)]
pub extern "C" fn headwater_compiler_new(
    engine: &EngineHandle,
    observer: Option<Observer>,
    env: *mut c_void,
) -> Option<Box<Compiler>> {
    let env = Sent::new(env);
    let compiler = guarded(|| {
        let compiler = StreamingCompiler::new(&engine.0);
        Ok(match observer {
            Some(observer) => compiler.with_observer(move |p| {
                let progress = Progress { received: p.received, compiled: p.compiled, functions: p.functions };
                observer(*env.get(), &progress);
            }),
            None => compiler,
        })
    });
    answer(compiler).map(|compiler| Box::new(Compiler { compiler, engine: engine.0.clone() }))
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_compiler_push(compiler: &mut Compiler, bytes: *const u8, size: usize) -> bool {
    // SAFETY: C passes as many bytes; where there are none, the pointer may be null.
    let bytes = if size == 0 { &[] } else { unsafe { slice::from_raw_parts(bytes, size) } };
    answer(guarded(|| compiler.compiler.push(bytes).map_err(Error::new))).is_some()
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_compiler_finish(
    compiler: Option<Box<Compiler>>,
    store: &StoreHandle,
) -> Option<Box<Reference>> {
    let Compiler { compiler, engine } = *compiler?;
    if !Engine::same(&engine, &store.0.engine) {
        return failed(&format_err!("the compiler and the store are of different engines"));
    }
    let finished = guarded(|| compiler.finish().map_err(Error::new));
    answer(finished).map(|module| module::in_store(&store.0, module))
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_compiler_delete(_: Option<Box<Compiler>>) {}
