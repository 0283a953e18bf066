//! Array buffers over linear memories: no copies.
//!
//! QuickJS makes array buffers over foreign bytes, but lets scripts transfer and detach them, and needs its own stack
//! and heap when a resizable one changes its length. Neither is acceptable: a script that is out of stack must not be
//! left with a buffer that no longer matches the memory. Both depend on fields of QuickJS's objects, which only this
//! file knows: the version is pinned in Cargo.toml, and [`Layout::check`] fails if the fields are not as expected.
//!
//! Invariants:
//! - The memories of a realm never move (`Store::keep_memories_in_place`), and each stays mapped as long as there is a
//!   buffer over it, whose `opaque` is a [`Keeper`]: `data` is the memory's base, and never changes. A length that
//!   QuickJS read before the memory grew is at worst too short.
//! - `byte_length`, and the lengths of views derived from it, match the memory's size whenever JavaScript runs
//!   ([`refresh`]): they are written to existing fields, which cannot fail.
//! - `shared` is set, which keeps scripts from detaching, transferring and resizing a buffer: the spec's detach key.
//!   Scripts cannot see that flag: `wasm.js` implements `detached`.

use crate::core::Core;
use crate::handles::Keeper;
use headwater::{Memory, SharedMemory};
use rquickjs::{Ctx, Error, Exception, Result, Value, qjs};
use std::cell::UnsafeCell;
use std::ffi::{c_int, c_void};
use std::ptr;
use std::rc::Rc;

/// QuickJS-ng 0.16's `list_head`.
#[repr(C)]
struct ListHead {
    prev: *mut ListHead,
    next: *mut ListHead,
}

/// Its `JSArrayBuffer`.
#[repr(C)]
pub(crate) struct JsArrayBuffer {
    byte_length: c_int,
    max_byte_length: c_int,
    detached: u8,
    immutable: u8,
    shared: u8,
    data: *mut u8,
    /// Of `JsTypedArray`s.
    array_list: ListHead,
    opaque: *mut c_void,
    realloc_func: qjs::JSReallocArrayBufferDataFunc,
}

/// Its `JSTypedArray`, which a `DataView` has, too.
#[repr(C)]
struct JsTypedArray {
    link: ListHead,
    obj: *mut JsObject,
    buffer: *mut JsObject,
    offset: u32,
    length: u32,
    track_rab: bool,
}

/// Its `JSObject`, of which this is the part for typed arrays.
#[repr(C)]
struct JsObject {
    link: ListHead,
    flags: [u8; 2],
    class_id: u16,
    shape: *mut c_void,
    prop: *mut c_void,
    first_weak_ref: *mut c_void,
    typed_array: *mut JsTypedArray,
    ptr: *mut u8,
    count: u32,
}

/// The fields of `value`, if it is an `ArrayBuffer`.
fn fields(value: &Value<'_>) -> Option<*mut JsArrayBuffer> {
    let mut class = 0;
    // SAFETY: the value is alive.
    unsafe { qjs::JS_IsArrayBuffer(value.as_raw()).then(|| qjs::JS_GetAnyOpaque(value.as_raw(), &mut class).cast()) }
}

/// The element size of a view, as a shift; `None` for a `DataView`.
///
/// # Safety
/// The view must be alive.
unsafe fn element_shift(obj: *mut JsObject) -> Option<u32> {
    // SAFETY: guaranteed by the caller; only the kind is looked up.
    let kind = unsafe { qjs::JS_GetTypedArrayType(qjs::JS_MKPTR(qjs::JS_TAG_OBJECT, obj.cast())) };
    Some(match u32::try_from(kind).ok()? {
        qjs::JSTypedArrayEnum_JS_TYPED_ARRAY_UINT8C
        | qjs::JSTypedArrayEnum_JS_TYPED_ARRAY_INT8
        | qjs::JSTypedArrayEnum_JS_TYPED_ARRAY_UINT8 => 0,
        qjs::JSTypedArrayEnum_JS_TYPED_ARRAY_INT16
        | qjs::JSTypedArrayEnum_JS_TYPED_ARRAY_UINT16
        | qjs::JSTypedArrayEnum_JS_TYPED_ARRAY_FLOAT16 => 1,
        qjs::JSTypedArrayEnum_JS_TYPED_ARRAY_INT32
        | qjs::JSTypedArrayEnum_JS_TYPED_ARRAY_UINT32
        | qjs::JSTypedArrayEnum_JS_TYPED_ARRAY_FLOAT32 => 2,
        _ => 3,
    })
}

/// Calls `visit` with each view of a buffer.
///
/// # Safety
/// `buffer` must be alive, and its list of views must not change.
unsafe fn each_view(buffer: *mut JsArrayBuffer, mut visit: impl FnMut(*mut JsTypedArray)) {
    // SAFETY: guaranteed by the caller; links are the first fields.
    unsafe {
        let end = &raw mut (*buffer).array_list;
        let mut link = (*end).next;
        while link != end {
            visit(link.cast());
            link = (*link).next;
        }
    }
}

/// Proof that array buffers have the layout that this file assumes.
#[derive(Copy, Clone)]
pub(crate) struct Layout(());

impl Layout {
    /// # Errors
    /// If array buffers or views are not laid out as expected.
    pub fn check(ctx: &Ctx<'_>) -> Result<Layout> {
        let made: Vec<Value<'_>> = ctx.eval(
            "{ const b = new ArrayBuffer(12, { maxByteLength: 77 });
               [b, new Uint16Array(b, 2), new BigInt64Array(b, 0, 1), new DataView(b, 1), new Int8Array(b, 4, 5)] }",
        )?;
        match made.as_slice() {
            // SAFETY: all are alive.
            [buffer, views @ ..] if unsafe { is_as_expected(buffer, views) } => Ok(Layout(())),
            _ => Err(Exception::throw_internal(ctx, "headwater-js does not know this version of QuickJS")),
        }
    }
}

/// Whether the fields of the objects that [`Layout::check`] creates are where they should be.
///
/// # Safety
/// The values must be alive.
unsafe fn is_as_expected(buffer: &Value<'_>, views: &[Value<'_>]) -> bool {
    let Some(at) = fields(buffer).filter(|at| !at.is_null()) else { return false };
    // SAFETY: QuickJS allocates at least as many bytes for a `JSArrayBuffer` as ours has.
    let b = unsafe { &*at };
    if (b.byte_length, b.max_byte_length, b.detached, b.immutable, b.shared) != (12, 77, 0, 0, 0)
        || b.data.is_null()
        || !b.opaque.is_null()
        || b.realloc_func.is_none()
    {
        return false;
    }
    let expected =
        [(2, 10, true, Some(1), 5), (0, 8, false, Some(3), 1), (1, 11, true, None, 0), (4, 5, false, Some(0), 5)];
    let mut seen = 0;
    let mut right = true;
    // SAFETY: the list ends where it begins, or what follows fails before it is treated as a view.
    unsafe {
        each_view(at, |view| {
            let Some((&(offset, length, tracks, shift, count), value)) = expected.get(seen).zip(views.get(seen)) else {
                right = false;
                return;
            };
            seen += 1;
            let object = qjs::JS_VALUE_GET_PTR(value.as_raw()).cast::<JsObject>();
            right &= (*view).obj == object
                && (*view).buffer.cast() == qjs::JS_VALUE_GET_PTR(buffer.as_raw())
                && ((*view).offset, (*view).length, (*view).track_rab) == (offset, length, tracks)
                && (*object).typed_array == view
                && u32::from((*object).class_id) == qjs::JS_GetClassID(value.as_raw())
                && element_shift(object) == shift
                && (shift.is_none() || ((*object).ptr, (*object).count) == (b.data.add(offset as usize), count));
        });
    }
    right && seen == expected.len()
}

/// An attached buffer over a memory. It is alive: [`manage`] removes it from the list.
pub(crate) struct Lent {
    memory: Memory,
    /// [`Memory::growths`] when it was created or last checked.
    growths: u64,
    resizable: bool,
    /// The object, without a reference.
    object: qjs::JSValue,
    /// As QuickJS has it.
    opaque: *mut c_void,
}

/// What QuickJS calls, with size 0, when a buffer is detached or freed; a buffer over a memory is never reallocated.
unsafe extern "C" fn manage(
    _: *mut qjs::JSRuntime,
    opaque: *mut c_void,
    _: *mut c_void,
    size: qjs::size_t,
) -> *mut c_void {
    if size == 0 {
        // SAFETY: from `Box::into_raw`, and freed once: QuickJS forgets it when the buffer is detached.
        let keeper = unsafe { Box::from_raw(opaque.cast::<Rc<Keeper>>()) };
        keeper.core().lent.borrow_mut().retain(|lent| lent.opaque != opaque);
        keeper.core().lent_growable.borrow_mut().retain(|lent| lent.opaque != opaque);
    }
    ptr::null_mut()
}

/// A growable buffer over a shared memory. It is alive, as above.
pub(crate) struct LentGrowable {
    memory: SharedMemory,
    object: qjs::JSValue,
    opaque: *mut c_void,
}

/// The most bytes in a buffer over a memory: whole pages, and less than 2 GiB, which QuickJS's lengths cannot
/// represent.
pub(crate) const MAX_LEN: usize = i32::MAX as usize & !0xffff;

/// The `RangeError` for more than [`MAX_LEN`].
fn too_large(ctx: &Ctx<'_>) -> Error {
    Exception::throw_range(ctx, "a memory of 2 GiB or more is too large for an ArrayBuffer")
}

/// A new buffer over the `len` bytes at `base`.
fn make<'js>(
    ctx: &Ctx<'js>,
    keeper: &Rc<Keeper>,
    base: *mut u8,
    len: usize,
    shared: bool,
) -> Result<(Value<'js>, *mut c_void)> {
    if len > MAX_LEN {
        return Err(too_large(ctx));
    }
    let opaque = Box::into_raw(Box::new(keeper.clone())).cast();
    // SAFETY: the bytes stay mapped as long as their keeper; ownership of the new value is passed on.
    unsafe {
        let raw = qjs::JS_NewArrayBuffer(ctx.as_raw().as_ptr(), base, len as _, 0, Some(manage), opaque, shared);
        if qjs::JS_IsException(raw) {
            drop(Box::from_raw(opaque.cast::<Rc<Keeper>>()));
            return Err(Error::Exception);
        }
        Ok((Value::from_raw(ctx.clone(), raw), opaque))
    }
}

/// A buffer over a memory, which has none; of at most `max` bytes if it is to be resizable.
///
/// # Errors
/// A `RangeError` if the memory is too large for QuickJS, and what QuickJS throws.
pub(crate) fn lend<'js>(
    ctx: &Ctx<'js>,
    _: Layout,
    keeper: &Rc<Keeper>,
    memory: Memory,
    max: Option<u64>,
) -> Result<Value<'js>> {
    let core = keeper.core();
    let (base, len, growths) =
        core.with(|store| (memory.data_ptr(&store), memory.data_size(&store), memory.growths(&store)));
    let (buffer, opaque) = make(ctx, keeper, base, len, false)?;
    if let Some(at) = fields(&buffer) {
        // SAFETY: the buffer is new and alive. QuickJS itself only makes buffers resizable that it may reallocate.
        unsafe {
            if let Some(max) = max {
                (*at).max_byte_length = max.min(MAX_LEN as u64).max(len as u64) as c_int;
            }
            (*at).shared = 1;
        }
    }
    let lent = Lent { memory, growths, resizable: max.is_some(), object: buffer.as_raw(), opaque };
    core.lent.borrow_mut().push(lent);
    Ok(buffer)
}

/// A SharedArrayBuffer over a shared memory, of its present size. Unless it is growable, it keeps that when the memory
/// grows.
///
/// # Errors
/// As for [`lend`].
pub(crate) fn lend_shared<'js>(
    ctx: &Ctx<'js>,
    _: Layout,
    keeper: &Rc<Keeper>,
    memory: &SharedMemory,
    growable: bool,
) -> Result<Value<'js>> {
    let data = memory.data();
    let (buffer, opaque) = make(ctx, keeper, UnsafeCell::raw_get(data.as_ptr()), data.len(), true)?;
    if growable {
        let mut class = 0;
        // SAFETY: the buffer is new and alive, and has the layout of others. QuickJS itself never makes it longer:
        // `wasm.js` implements `grow`.
        unsafe {
            let at: *mut JsArrayBuffer = qjs::JS_GetAnyOpaque(buffer.as_raw(), &mut class).cast();
            (*at).max_byte_length = most_bytes(memory).min(MAX_LEN as u64).max(data.len() as u64) as c_int;
        }
        let lent = LentGrowable { memory: memory.clone(), object: buffer.as_raw(), opaque };
        keeper.core().lent_growable.borrow_mut().push(lent);
    }
    Ok(buffer)
}

/// The most bytes that a shared memory can have.
pub(crate) fn most_bytes(memory: &SharedMemory) -> u64 {
    memory.ty().maximum().unwrap_or(memory.size()).saturating_mul(memory.page_size())
}

/// The memory that `value`, which may be anything, is a growable buffer over.
pub(crate) fn growable_of(core: &Core, value: &Value<'_>) -> Option<SharedMemory> {
    // SAFETY: only looked at, as what is on the list is: a buffer, which is an object.
    let at = |raw| unsafe { qjs::JS_VALUE_GET_PTR(raw) };
    let known = core.lent_growable.borrow();
    let found = value.is_object().then(|| known.iter().find(|l| at(l.object) == at(value.as_raw())));
    found.flatten().map(|l| l.memory.clone())
}

/// The buffer over a memory, and whether it is resizable.
pub(crate) fn lent<'js>(ctx: &Ctx<'js>, core: &Core, memory: Memory) -> Option<(Value<'js>, bool)> {
    let found = core.lent.borrow().iter().find(|l| l.memory == memory).map(|l| (l.object, l.resizable));
    // SAFETY: what is on the list is alive, and gets another reference.
    found.map(|(raw, resizable)| unsafe {
        (Value::from_raw(ctx.clone(), qjs::JS_DupValue(ctx.as_raw().as_ptr(), raw)), resizable)
    })
}

/// The memory that `value`, which may be anything, is a buffer over, and whether it is resizable.
pub(crate) fn memory_of(core: &Core, value: &Value<'_>) -> Option<(Memory, bool)> {
    // SAFETY: the value is alive, and a buffer.
    let opaque = fields(value).map(|at| unsafe { (*at).opaque })?;
    core.lent.borrow().iter().find(|l| l.opaque == opaque).map(|l| (l.memory, l.resizable))
}

/// How many pages a memory of `size` bytes and `most` at most is grown by where its buffer is to have `len` bytes.
///
/// # Errors
/// A `RangeError` if it cannot have as many.
pub(crate) fn pages_more(ctx: &Ctx<'_>, len: f64, size: usize, most: u64) -> Result<u64> {
    let len = if len.is_nan() { 0.0 } else { len.trunc() };
    if len < 0.0 || len > most as f64 || len > MAX_LEN as f64 {
        return Err(Exception::throw_range(ctx, "invalid array buffer length"));
    }
    match (len as usize).checked_sub(size) {
        Some(delta) if delta % 65536 == 0 => Ok(delta as u64 / 65536),
        _ => Err(Exception::throw_range(ctx, "a memory can only be grown, by whole pages")),
    }
}

/// Detaches the buffer over a memory, if there is one. Runs no JavaScript and cannot fail.
pub(crate) fn recall(ctx: &Ctx<'_>, core: &Core, memory: Memory) {
    if let Some((buffer, _)) = lent(ctx, core, memory) {
        detach(ctx, &buffer);
    }
}

fn detach(ctx: &Ctx<'_>, buffer: &Value<'_>) {
    if let Some(at) = fields(buffer) {
        // SAFETY: the buffer is alive.
        unsafe {
            (*at).shared = 0;
            qjs::JS_DetachArrayBuffer(ctx.as_raw().as_ptr(), buffer.as_raw());
        }
    }
}

/// Detaches the buffers of memories that were grown, or resizes resizable ones ("refresh the Memory buffer"). To be
/// called whenever WebAssembly code may have run and JavaScript is about to. It neither allocates nor runs JavaScript,
/// and cannot fail.
pub(crate) fn refresh(ctx: &Ctx<'_>, core: &Core) {
    for l in core.lent_growable.borrow().iter() {
        let mut class = 0;
        let len = l.memory.data_size();
        // SAFETY: what is on the list is alive, and a buffer over the memory, which only grows.
        unsafe {
            let at: *mut JsArrayBuffer = qjs::JS_GetAnyOpaque(l.object, &mut class).cast();
            if len <= MAX_LEN && (*at).byte_length as usize != len {
                follow(at, (*at).data, len);
            }
        }
    }
    let mut i = 0;
    loop {
        // The list is not borrowed while a buffer is detached, which removes it.
        let outdated = core.with(|store| {
            let mut lent = core.lent.borrow_mut();
            loop {
                let l = lent.get_mut(i)?;
                let growths = l.memory.growths(&store);
                if growths != l.growths {
                    let len = l.memory.data_size(&store);
                    // One that QuickJS cannot make longer is detached.
                    if !l.resizable || len > MAX_LEN {
                        return Some(l.object);
                    }
                    l.growths = growths;
                    let mut class = 0;
                    // SAFETY: what is on the list is alive, and a buffer.
                    unsafe {
                        follow(qjs::JS_GetAnyOpaque(l.object, &mut class).cast(), l.memory.data_ptr(&store), len)
                    };
                }
                i += 1;
            }
        });
        let Some(raw) = outdated else { return };
        // SAFETY: what was on the list until now is alive, and gets another reference.
        let buffer = unsafe { Value::from_raw(ctx.clone(), qjs::JS_DupValue(ctx.as_raw().as_ptr(), raw)) };
        detach(ctx, &buffer);
    }
}

/// Sets the length of a buffer and its views to `len` bytes, no fewer than before, like QuickJS's
/// `js_array_buffer_update_typed_arrays`.
///
/// # Safety
/// `buffer` must be alive and attached, with this many bytes at `base`.
unsafe fn follow(buffer: *mut JsArrayBuffer, base: *mut u8, len: usize) {
    // SAFETY: guaranteed by the caller; views on the list are alive, and with them their objects.
    unsafe {
        debug_assert_eq!((*buffer).data, base, "the memories of a realm do not move");
        (*buffer).byte_length = len as c_int;
        each_view(buffer, |view| {
            let object = (*view).obj;
            let offset = (*view).offset as usize;
            let room = len.saturating_sub(offset);
            let Some(shift) = element_shift(object) else {
                if (*view).track_rab {
                    (*view).length = room as u32;
                }
                return;
            };
            let bytes = if (*view).track_rab { room } else { (*view).length as usize };
            if bytes <= room && offset <= len {
                (*object).ptr = base.add(offset);
                (*object).count = (bytes >> shift) as u32;
            }
        });
    }
}
