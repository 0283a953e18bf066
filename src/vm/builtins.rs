//! The functions of the runtime that compiled code calls, in the order of [`headwater_codegen::vmctx::Builtin`].
//!
//! Each is passed the caller's context, whose instance owns the index spaces that the operands refer to. Builtins never
//! call compiled code. The embedder is called by those that grow something
//! ([`ResourceLimiter`](crate::ResourceLimiter)) and, where the epoch's deadline was reached, in [`check`] and between
//! the pieces of a bulk operation; nothing of the store is borrowed then.

mod gc;
mod throwing;

pub(super) use gc::*;
pub(super) use throwing::*;

use crate::Result;
use crate::vm::context::VMContext;
use crate::vm::deadline::UpdateDeadline;
use crate::vm::fiber;
use crate::vm::frames::RawBacktrace;
use crate::vm::gc::is_collected;
use crate::vm::held::Kind;
use crate::vm::instance::InstanceData;
use crate::vm::limits;
use crate::vm::memory::LinearMemory;
use crate::vm::store::StoreOpaque;
use crate::vm::table::Table;
use crate::vm::thread;
use crate::vm::unwind::{RawTrap, Unwind};
use crate::vm::waits;
use headwater_codegen::TrapCode;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// What growing returns when it fails.
const FAILED: u64 = u64::MAX;

/// How many bytes or elements a bulk operation handles before it checks for an interruption: a few milliseconds' worth,
/// if every page is touched for the first time.
const BYTES_AT_ONCE: u64 = 4 << 20;
const ELEMENTS_AT_ONCE: u64 = BYTES_AT_ONCE / 8;

/// How long a thread waits before it checks for an interruption.
const WAIT_AT_ONCE: Duration = Duration::from_millis(5);

/// How many bytes or elements one unit of fuel pays for, as a logarithm.
const BYTES_PER_FUEL: u32 = 6;
const ELEMENTS_PER_FUEL: u32 = BYTES_PER_FUEL - 3;

/// What a thunk does next. Two registers in C's convention.
#[repr(C)]
pub(super) struct Outcome {
    /// The result for compiled code.
    value: u64,
    /// Not 0: what to unwind with is parked in the store.
    unwind: u64,
}

impl Outcome {
    const DONE: Outcome = Outcome::value(0);
    const UNWIND: Outcome = Outcome { value: 0, unwind: 1 };

    const fn value(value: u64) -> Outcome {
        Outcome { value, unwind: 0 }
    }
}

/// The instance whose code calls.
///
/// # Safety
/// `vmctx` must be an instance's context. Nothing else may be using the instance.
unsafe fn instance<'a>(vmctx: *mut VMContext) -> &'a mut InstanceData {
    // SAFETY: guaranteed by the caller; a context outlives the calls of its code.
    unsafe { &mut *(*vmctx).instance() }
}

/// The store whose code calls, through a pointer that reaches all of it.
///
/// # Safety
/// `vmctx` must be the context of compiled code that waits for a builtin.
unsafe fn store(vmctx: *mut VMContext) -> *mut StoreOpaque {
    // SAFETY: guaranteed by the caller.
    unsafe { (*(*vmctx).store).store() }
}

/// The frames of compiled code, which waits for a builtin.
///
/// # Safety
/// As for [`store`].
unsafe fn frames(vmctx: *mut VMContext) -> RawBacktrace {
    // SAFETY: the thunk noted where compiled code left, as a host-call trampoline does.
    unsafe { RawBacktrace::capture((*vmctx).store, thread::innermost(), None) }
}

/// Traps.
///
/// # Safety
/// As for [`store`].
#[cold]
unsafe fn raise(vmctx: *mut VMContext, code: TrapCode) -> Outcome {
    // SAFETY: guaranteed by the caller.
    unsafe {
        let frames = frames(vmctx);
        (*store(vmctx)).park(Unwind::Trap(RawTrap { code, frames }));
    }
    Outcome::UNWIND
}

/// Continues with `done`, or traps.
///
/// # Safety
/// As for [`store`].
unsafe fn finish(vmctx: *mut VMContext, done: Result<(), TrapCode>) -> Outcome {
    match done {
        Ok(()) => Outcome::DONE,
        // SAFETY: guaranteed by the caller.
        Err(code) => unsafe { raise(vmctx, code) },
    }
}

/// Calls a function that may call the embedder; an error or a panic of the embedder unwinds compiled code.
///
/// # Safety
/// As for [`store`].
unsafe fn ask<R>(vmctx: *mut VMContext, question: impl FnOnce(*mut StoreOpaque) -> Result<R>) -> Result<R, Outcome> {
    // SAFETY: guaranteed by the caller; nothing else uses the store meanwhile.
    unsafe {
        let store = store(vmctx);
        let unwind = match panic::catch_unwind(AssertUnwindSafe(|| question(store))) {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => Unwind::error(error, || frames(vmctx)),
            Err(payload) => Unwind::Panic(payload),
        };
        (*store).park(unwind);
        Err(Outcome::UNWIND)
    }
}

/// Whether compiled code may continue: what [`check`] does.
///
/// # Safety
/// As for [`store`].
unsafe fn go_on(vmctx: *mut VMContext) -> Result<(), Outcome> {
    // SAFETY: guaranteed by the caller.
    unsafe {
        let vm = (*vmctx).store;
        if (*vm).fuel < 0 {
            if !(*store(vmctx)).refuel() {
                (*vm).fuel = 0;
                return Err(raise(vmctx, TrapCode::OutOfFuel));
            }
            ask(vmctx, |store| fiber::yield_now(&raw mut (*store).fiber))?;
        }
        if (*vm).interrupt.load(Ordering::Acquire) != 0 {
            return Ok(());
        }
        let answer = ask(vmctx, |store| StoreOpaque::deadline_reached(store).transpose())?;
        match answer {
            Some(UpdateDeadline::Continue(delta)) => {
                (*store(vmctx)).set_deadline(delta);
                Ok(())
            }
            _ => Err(raise(vmctx, TrapCode::Interrupt)),
        }
    }
}

/// Pays for `units` of fuel, if fuel is counted.
///
/// # Safety
/// As for [`store`].
unsafe fn charge(vmctx: *mut VMContext, units: u64) -> Result<(), Outcome> {
    // SAFETY: guaranteed by the caller.
    unsafe {
        if !(*store(vmctx)).engine().config().checks().fuel {
            return Ok(());
        }
        let fuel = &raw mut (*(*vmctx).store).fuel;
        *fuel = (*fuel).saturating_sub(i64::try_from(units).unwrap_or(i64::MAX));
        if *fuel < 0 { go_on(vmctx) } else { Ok(()) }
    }
}

/// How a bulk operation is cut into pieces.
struct Pieces {
    len: u64,
    at_once: u64,
    /// How many one unit of fuel pays for, as a logarithm.
    per_fuel: u32,
    /// The last piece first.
    backwards: bool,
}

impl Pieces {
    fn of_bytes(len: u64) -> Pieces {
        Pieces { len, at_once: BYTES_AT_ONCE, per_fuel: BYTES_PER_FUEL, backwards: false }
    }

    fn of_elements(len: u64) -> Pieces {
        Pieces { len, at_once: ELEMENTS_AT_ONCE, per_fuel: ELEMENTS_PER_FUEL, backwards: false }
    }

    /// A copy within one memory or table, whose pieces must not be overwritten before they are read.
    fn moving(mut self, same: bool, dst: u64, src: u64) -> Pieces {
        self.backwards = same && dst > src;
        self
    }

    /// Calls `piece(from, n)` for the pieces of a bulk operation, whose bounds were checked as a whole, checking for
    /// interruptions in between.
    ///
    /// # Safety
    /// As for [`store`].
    #[inline]
    unsafe fn each(
        self,
        vmctx: *mut VMContext,
        bounds: Result<(), TrapCode>,
        mut piece: impl FnMut(u64, u64) -> Result<(), TrapCode>,
    ) -> Outcome {
        let mut run = || {
            // SAFETY: guaranteed by the caller.
            unsafe {
                bounds.map_err(|code| raise(vmctx, code))?;
                charge(vmctx, self.len >> self.per_fuel)?;
                let mut done = 0;
                loop {
                    let n = (self.len - done).min(self.at_once);
                    let from = if self.backwards { self.len - done - n } else { done };
                    piece(from, n).map_err(|code| raise(vmctx, code))?;
                    done += n;
                    if done == self.len {
                        return Ok(());
                    }
                    go_on(vmctx)?;
                }
            }
        };
        match run() {
            Ok(()) => Outcome::DONE,
            Err(outcome) => outcome,
        }
    }
}

// SAFETY, for all of the following: compiled code passes its own context and valid indices, and it is the
// only user of its store while the builtin runs.

pub(super) unsafe extern "C" fn memory_grow(
    vmctx: *mut VMContext,
    memory: u64,
    delta: u64,
    _: u64,
    _: u64,
    _: u64,
) -> Outcome {
    // SAFETY: see above.
    let grown = unsafe {
        let memory = instance(vmctx).memory(memory as u32);
        ask(vmctx, |store| limits::grow_memory(store, memory, delta))
    };
    match grown {
        Ok(old) => Outcome::value(old.unwrap_or(FAILED)),
        Err(outcome) => outcome,
    }
}

pub(super) unsafe extern "C" fn memory_fill(
    vmctx: *mut VMContext,
    memory: u64,
    dst: u64,
    value: u64,
    len: u64,
    _: u64,
) -> Outcome {
    // SAFETY: see above.
    unsafe {
        let memory = instance(vmctx).memory(memory as u32);
        let bounds = (*memory).range(dst, len).map(|_| ());
        Pieces::of_bytes(len).each(vmctx, bounds, |from, n| (*memory).fill(dst + from, value as u8, n))
    }
}

pub(super) unsafe extern "C" fn memory_copy(
    vmctx: *mut VMContext,
    dst_memory: u64,
    src_memory: u64,
    dst: u64,
    src: u64,
    len: u64,
) -> Outcome {
    // SAFETY: see above.
    unsafe {
        let i = instance(vmctx);
        let (to, from) = (i.memory(dst_memory as u32), i.memory(src_memory as u32));
        let bounds = (*to).range(dst, len).and((*from).range(src, len)).map(|_| ());
        Pieces::of_bytes(len)
            .moving(to == from, dst, src)
            .each(vmctx, bounds, |at, n| LinearMemory::copy(to, from, dst + at, src + at, n))
    }
}

pub(super) unsafe extern "C" fn memory_init(
    vmctx: *mut VMContext,
    memory: u64,
    data: u64,
    dst: u64,
    src: u64,
    len: u64,
) -> Outcome {
    // SAFETY: see above.
    unsafe {
        let bounds = instance(vmctx).check_memory_init(memory as u32, data as u32, dst, src, len);
        Pieces::of_bytes(len)
            .each(vmctx, bounds, |at, n| instance(vmctx).memory_init(memory as u32, data as u32, dst + at, src + at, n))
    }
}

pub(super) unsafe extern "C" fn data_drop(vmctx: *mut VMContext, data: u64, _: u64, _: u64, _: u64, _: u64) -> Outcome {
    // SAFETY: see above.
    unsafe { instance(vmctx) }.dropped_data[data as usize] = true;
    Outcome::DONE
}

pub(super) unsafe extern "C" fn table_grow(
    vmctx: *mut VMContext,
    table: u64,
    init: u64,
    delta: u64,
    _: u64,
    _: u64,
) -> Outcome {
    // SAFETY: see above.
    let grown = unsafe {
        let table = instance(vmctx).table(table as u32);
        ask(vmctx, |store| limits::grow_table(store, table, delta, init))
    };
    match grown {
        Ok(old) => Outcome::value(old.unwrap_or(FAILED)),
        Err(outcome) => outcome,
    }
}

pub(super) unsafe extern "C" fn table_fill(
    vmctx: *mut VMContext,
    table: u64,
    dst: u64,
    value: u64,
    len: u64,
    _: u64,
) -> Outcome {
    // SAFETY: see above.
    unsafe {
        let table = instance(vmctx).table(table as u32);
        let bounds = (*table).range(dst, len).map(|_| ());
        let pieces = Pieces::of_elements(len);
        if !is_collected((*table).ty().element().heap_type()) {
            return pieces.each(vmctx, bounds, |from, n| (*table).fill(dst + from, value, n));
        }
        // What it refers to may move in between.
        (*store(vmctx)).gc_mut().temporaries.push(value as u32);
        let outcome = pieces.each(vmctx, bounds, |from, n| {
            let value = (*store(vmctx)).gc().temporaries.last().copied();
            (*table).fill(dst + from, value.expect("it was just pushed").into(), n)
        });
        (*store(vmctx)).gc_mut().temporaries.pop();
        outcome
    }
}

pub(super) unsafe extern "C" fn table_copy(
    vmctx: *mut VMContext,
    dst_table: u64,
    src_table: u64,
    dst: u64,
    src: u64,
    len: u64,
) -> Outcome {
    // SAFETY: see above.
    unsafe {
        let i = instance(vmctx);
        let (to, from) = (i.table(dst_table as u32), i.table(src_table as u32));
        let bounds = (*to).range(dst, len).and((*from).range(src, len)).map(|_| ());
        Pieces::of_elements(len)
            .moving(to == from, dst, src)
            .each(vmctx, bounds, |at, n| Table::copy(to, from, dst + at, src + at, n))
    }
}

pub(super) unsafe extern "C" fn table_init(
    vmctx: *mut VMContext,
    table: u64,
    elem: u64,
    dst: u64,
    src: u64,
    len: u64,
) -> Outcome {
    // SAFETY: see above. A segment has at most 10,000,000 elements, so one piece is enough.
    unsafe {
        if let Err(outcome) = charge(vmctx, len >> ELEMENTS_PER_FUEL) {
            return outcome;
        }
        finish(vmctx, instance(vmctx).table_init(table as u32, elem as u32, dst, src, len))
    }
}

pub(super) unsafe extern "C" fn elem_drop(vmctx: *mut VMContext, elem: u64, _: u64, _: u64, _: u64, _: u64) -> Outcome {
    // SAFETY: see above.
    unsafe {
        let made = instance(vmctx).drop_elem(elem as u32);
        (*store(vmctx)).held.subtract(Kind::Tables, Table::bytes(made as u64));
    }
    Outcome::DONE
}

pub(super) unsafe extern "C" fn ref_func(vmctx: *mut VMContext, func: u64, _: u64, _: u64, _: u64, _: u64) -> Outcome {
    // SAFETY: see above.
    Outcome::value(unsafe { instance(vmctx) }.func_ref(func as u32).as_ptr() as u64)
}

pub(super) unsafe extern "C" fn check(vmctx: *mut VMContext, _: u64, _: u64, _: u64, _: u64, _: u64) -> Outcome {
    // SAFETY: see above.
    unsafe {
        if (*store(vmctx)).engine().config().stresses_gc()
            && let Err(outcome) = ask(vmctx, |store| {
                StoreOpaque::collect_now(store);
                Ok(())
            })
        {
            return outcome;
        }
    }
    // SAFETY: see above.
    match unsafe { go_on(vmctx) } {
        Ok(()) => Outcome::DONE,
        Err(outcome) => outcome,
    }
}

/// The address of an atomic operator, and where that is.
///
/// # Safety
/// As for [`store`], and the memory must be one of the instance's.
unsafe fn atomic(vmctx: *mut VMContext, memory: u64, offset: u64, address: u64, size: u64) -> Result<Place, Outcome> {
    // SAFETY: guaranteed by the caller; a memory outlives the calls of its store's code.
    unsafe {
        let memory = instance(vmctx).memory(memory as u32).cast_const();
        let address = address.checked_add(offset).ok_or(TrapCode::MemoryOutOfBounds);
        let place = address.and_then(|address| Ok((memory, address, waits::aligned(&*memory, address, size)?)));
        place.map_err(|code| raise(vmctx, code))
    }
}

type Place = (*const LinearMemory, u64, *mut u8);

pub(super) unsafe extern "C" fn atomic_notify(
    vmctx: *mut VMContext,
    memory: u64,
    offset: u64,
    address: u64,
    count: u64,
    _: u64,
) -> Outcome {
    // SAFETY: see above.
    unsafe {
        match atomic(vmctx, memory, offset, address, 4) {
            Ok((memory, address, _)) => {
                Outcome::value((*memory).waits().map_or(0, |waits| waits.notify(address, count as u32)).into())
            }
            Err(outcome) => outcome,
        }
    }
}

/// Waits. If somebody may want to interrupt that, looks for it every now and then.
///
/// # Safety
/// As for [`store`].
unsafe fn wait(vmctx: *mut VMContext, place: Place, timeout: u64, is_expected: impl FnOnce() -> bool) -> Outcome {
    let (memory, address, _) = place;
    // SAFETY: guaranteed by the caller.
    unsafe {
        let Some(waits) = (*memory).waits() else { return raise(vmctx, TrapCode::WaitNotShared) };
        let stops = (*store(vmctx)).stops_waits.clone();
        let go_on = || match &stops {
            Some(stops) if stops.load(Ordering::Acquire) => Err(raise(vmctx, TrapCode::Interrupt)),
            _ => go_on(vmctx),
        };
        let interruptible = stops.is_some() || (*store(vmctx)).engine().config().checks().interrupts;
        // Negative: for ever.
        let timeout = i64::try_from(timeout).ok().map(|n| Duration::from_nanos(n as u64));
        let done = go_on()
            .and_then(|()| waits.wait(address, is_expected, timeout, interruptible.then_some(WAIT_AT_ONCE), go_on));
        match done {
            Ok(result) => Outcome::value(result as u64),
            Err(outcome) => outcome,
        }
    }
}

pub(super) unsafe extern "C" fn atomic_wait32(
    vmctx: *mut VMContext,
    memory: u64,
    offset: u64,
    address: u64,
    expected: u64,
    timeout: u64,
) -> Outcome {
    // SAFETY: see above; the place was checked.
    unsafe {
        match atomic(vmctx, memory, offset, address, 4) {
            Ok(place) => wait(vmctx, place, timeout, || waits::is_32(place.2, expected as u32)),
            Err(outcome) => outcome,
        }
    }
}

pub(super) unsafe extern "C" fn atomic_wait64(
    vmctx: *mut VMContext,
    memory: u64,
    offset: u64,
    address: u64,
    expected: u64,
    timeout: u64,
) -> Outcome {
    // SAFETY: as above.
    unsafe {
        match atomic(vmctx, memory, offset, address, 8) {
            Ok(place) => wait(vmctx, place, timeout, || waits::is_64(place.2, expected)),
            Err(outcome) => outcome,
        }
    }
}
