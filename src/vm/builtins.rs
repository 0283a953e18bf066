//! The functions of the runtime that compiled code calls, in the order of [`headwater_codegen::vmctx::Builtin`].
//!
//! Each gets the caller's context, whose instance owns the index spaces that the operands refer to. They never
//! call compiled code nor the embedder, so what they hold a reference to is not touched by anyone else meanwhile.

use crate::vm::context::VMContext;
use crate::vm::instance::InstanceData;
use crate::vm::memory::LinearMemory;
use crate::vm::table::Table;
use headwater_codegen::TrapCode;

/// What growing returns when it is not possible.
const FAILED: u64 = u64::MAX;

/// The result of a fallible builtin.
fn code(result: Result<(), TrapCode>) -> u64 {
    match result {
        Ok(()) => 0,
        Err(trap) => trap as u8 as u64,
    }
}

/// The instance whose code calls.
///
/// # Safety
/// `vmctx` must be an instance's context. The instance must not be in use otherwise.
unsafe fn instance<'a>(vmctx: *mut VMContext) -> &'a mut InstanceData {
    // SAFETY: as the caller says; a context outlives the calls of its code.
    unsafe { &mut *(*vmctx).instance }
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
) -> u64 {
    // SAFETY: see above.
    let grown = unsafe { (*instance(vmctx).memory(memory as u32)).grow(delta) };
    grown.unwrap_or(FAILED)
}

pub(super) unsafe extern "C" fn memory_fill(
    vmctx: *mut VMContext,
    memory: u64,
    dst: u64,
    value: u64,
    len: u64,
    _: u64,
) -> u64 {
    // SAFETY: see above.
    code(unsafe { (*instance(vmctx).memory(memory as u32)).fill(dst, value as u8, len) })
}

pub(super) unsafe extern "C" fn memory_copy(
    vmctx: *mut VMContext,
    dst_memory: u64,
    src_memory: u64,
    dst: u64,
    src: u64,
    len: u64,
) -> u64 {
    // SAFETY: see above.
    unsafe {
        let i = instance(vmctx);
        let (to, from) = (i.memory(dst_memory as u32), i.memory(src_memory as u32));
        code(LinearMemory::copy(to, from, dst, src, len))
    }
}

pub(super) unsafe extern "C" fn memory_init(
    vmctx: *mut VMContext,
    memory: u64,
    data: u64,
    dst: u64,
    src: u64,
    len: u64,
) -> u64 {
    // SAFETY: see above.
    code(unsafe { instance(vmctx) }.memory_init(memory as u32, data as u32, dst, src, len))
}

pub(super) unsafe extern "C" fn data_drop(vmctx: *mut VMContext, data: u64, _: u64, _: u64, _: u64, _: u64) -> u64 {
    // SAFETY: see above.
    unsafe { instance(vmctx) }.dropped_data[data as usize] = true;
    0
}

pub(super) unsafe extern "C" fn table_grow(
    vmctx: *mut VMContext,
    table: u64,
    init: u64,
    delta: u64,
    _: u64,
    _: u64,
) -> u64 {
    // SAFETY: see above.
    let grown = unsafe { (*instance(vmctx).table(table as u32)).grow(delta, init) };
    grown.unwrap_or(FAILED)
}

pub(super) unsafe extern "C" fn table_fill(
    vmctx: *mut VMContext,
    table: u64,
    dst: u64,
    value: u64,
    len: u64,
    _: u64,
) -> u64 {
    // SAFETY: see above.
    code(unsafe { (*instance(vmctx).table(table as u32)).fill(dst, value, len) })
}

pub(super) unsafe extern "C" fn table_copy(
    vmctx: *mut VMContext,
    dst_table: u64,
    src_table: u64,
    dst: u64,
    src: u64,
    len: u64,
) -> u64 {
    // SAFETY: see above.
    unsafe {
        let i = instance(vmctx);
        code(Table::copy(i.table(dst_table as u32), i.table(src_table as u32), dst, src, len))
    }
}

pub(super) unsafe extern "C" fn table_init(
    vmctx: *mut VMContext,
    table: u64,
    elem: u64,
    dst: u64,
    src: u64,
    len: u64,
) -> u64 {
    // SAFETY: see above.
    code(unsafe { instance(vmctx) }.table_init(table as u32, elem as u32, dst, src, len))
}

pub(super) unsafe extern "C" fn elem_drop(vmctx: *mut VMContext, elem: u64, _: u64, _: u64, _: u64, _: u64) -> u64 {
    // SAFETY: see above.
    unsafe { instance(vmctx) }.dropped_elems[elem as usize] = true;
    0
}

pub(super) unsafe extern "C" fn ref_func(vmctx: *mut VMContext, func: u64, _: u64, _: u64, _: u64, _: u64) -> u64 {
    // SAFETY: see above.
    unsafe { instance(vmctx) }.func_ref(func as u32).as_ptr() as u64
}
