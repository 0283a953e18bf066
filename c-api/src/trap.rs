//! Traps and their frames: what became of errors of the engine, and errors that C made.

use crate::refs::{ById, HostInfo, Object, Reference};
use crate::store::{Sent, StoreCell, StoreHandle};
use crate::vecs::{ByteVec, VecOf};
use headwater::{Error, Module, ThrownException, WasmBacktrace};
use headwater_wasi::I32Exit;
use std::cell::{OnceCell, RefCell};
use std::fmt;
use std::mem::MaybeUninit;
use std::sync::Arc;

/// What a trap knows.
pub struct TrapData {
    /// Without the null that C wants at the end.
    message: Vec<u8>,
    exit_status: Option<i32>,
    /// Innermost first. Filled when an error that carries the trap has left the code.
    frames: OnceCell<Vec<FrameData>>,
    pub info: RefCell<HostInfo>,
}

#[derive(Clone)]
struct FrameData {
    module: Module,
    func_index: u32,
    func_offset: usize,
    module_offset: usize,
}

/// The error that a function of C returns as a trap: it comes out of the call as that trap.
#[derive(Debug)]
pub struct Carried(Sent<CarriedTrap>);

#[derive(Clone)]
struct CarriedTrap(Arc<TrapData>);

impl fmt::Debug for CarriedTrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        String::from_utf8_lossy(&self.0.message).fmt(f)
    }
}

impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0.get().0.message))
    }
}

impl std::error::Error for Carried {}

/// The error for a trap that C returns.
pub fn to_error(trap: &Reference) -> Error {
    match &trap.object {
        Object::Trap(trap) => Error::new(Carried(Sent::new(CarriedTrap(trap.0.clone())))),
        _ => Error::msg("the function returned something else than a trap"),
    }
}

/// The trap for an error of the engine.
pub fn of_error(store: &Arc<StoreCell>, error: &Error) -> Box<Reference> {
    if error.downcast_ref::<ThrownException>().is_some() {
        // It is over: code that C returns the trap to gets a trap, too.
        store.with(|mut store| store.take_pending_exception());
    }
    let backtrace = error.downcast_ref::<WasmBacktrace>();
    let frames = backtrace.map(|backtrace| {
        let frames = backtrace.frames().iter().map(|frame| FrameData {
            module: frame.module().clone(),
            func_index: frame.func_index(),
            func_offset: frame.func_offset().unwrap_or(0),
            module_offset: frame.module_offset().unwrap_or(0),
        });
        frames.collect::<Vec<_>>()
    });
    let data = match error.downcast_ref::<Carried>() {
        Some(carried) => carried.0.get().0.clone(),
        None => data(message(error, backtrace).into_bytes(), error.downcast_ref::<I32Exit>().map(|exit| exit.0)),
    };
    if let Some(frames) = frames {
        // A trap that C passes on keeps the frames where it happened.
        let _ = data.frames.set(frames);
    }
    Reference::new(store, Object::Trap(ById(data)))
}

/// What the error says, without the lines of the frames, which C asks for.
fn message(error: &Error, backtrace: Option<&WasmBacktrace>) -> String {
    let backtrace = backtrace.map(ToString::to_string);
    let parts = error.chain().map(ToString::to_string).filter(|part| Some(part) != backtrace.as_ref());
    parts.collect::<Vec<_>>().join(": ")
}

#[expect(clippy::arc_with_non_send_sync)] // Used by one thread at a time, as its store is; see `Sent`.
fn data(message: Vec<u8>, exit_status: Option<i32>) -> Arc<TrapData> {
    Arc::new(TrapData { message, exit_status, frames: OnceCell::new(), info: RefCell::default() })
}

/// `wasm_frame_t`.
#[derive(Clone)]
pub struct Frame {
    store: Arc<StoreCell>,
    data: FrameData,
    /// What [`wasm_frame_instance`] lends, once it was asked for.
    instance: OnceCell<Option<Box<Reference>>>,
}

impl Frame {
    /// The instance, if the store has only one of its module: frames know modules only.
    fn find_instance(&self) -> Option<Box<Reference>> {
        self.store.with(|mut store| {
            let instances = self.store.instances.borrow();
            let mut of_module = instances.iter().filter(|i| Module::same(i.module(&mut store), &self.data.module));
            let instance = of_module.next()?;
            of_module.next().is_none().then(|| Reference::new(&self.store, Object::Instance(*instance)))
        })
    }
}

fn frames(trap: &Reference) -> impl ExactSizeIterator<Item = Box<Frame>> + '_ {
    let frames = match &trap.object {
        Object::Trap(data) => data.0.frames.get().map_or(&[][..], Vec::as_slice),
        _ => &[],
    };
    frames
        .iter()
        .map(|data| Box::new(Frame { store: trap.store.clone(), data: data.clone(), instance: OnceCell::new() }))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_trap_new(store: &StoreHandle, message: &ByteVec) -> Box<Reference> {
    let message = message.as_slice();
    let message = message.strip_suffix(b"\0").unwrap_or(message);
    Reference::new(&store.0, Object::Trap(ById(data(message.to_vec(), None))))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_trap_message(trap: &Reference, out: &mut MaybeUninit<ByteVec>) {
    let mut message = match &trap.object {
        Object::Trap(data) => data.0.message.clone(),
        _ => Vec::new(),
    };
    message.push(0);
    out.write(ByteVec::of_bytes(&message));
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_trap_exit_status(trap: &Reference, out: &mut MaybeUninit<i32>) -> bool {
    let Object::Trap(data) = &trap.object else { return false };
    data.0.exit_status.map(|status| out.write(status)).is_some()
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_trap_origin(trap: &Reference) -> Option<Box<Frame>> {
    frames(trap).next()
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_trap_trace(trap: &Reference, out: &mut MaybeUninit<VecOf<Option<Box<Frame>>>>) {
    out.write(VecOf::of(frames(trap).map(Some)));
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_frame_delete(_: Option<Box<Frame>>) {}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_frame_copy(frame: &Frame) -> Box<Frame> {
    Box::new(frame.clone())
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_frame_instance(frame: &Frame) -> Option<&Reference> {
    frame.instance.get_or_init(|| frame.find_instance()).as_deref()
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_frame_func_index(frame: &Frame) -> u32 {
    frame.data.func_index
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_frame_func_offset(frame: &Frame) -> usize {
    frame.data.func_offset
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_frame_module_offset(frame: &Frame) -> usize {
    frame.data.module_offset
}
