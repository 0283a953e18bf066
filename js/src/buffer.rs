//! Array buffers over linear memories: no copies.
//!
//! QuickJS makes array buffers over foreign bytes, but lets scripts transfer them (and then reallocates what is not its own), and
//! cannot make them resizable. Both are a matter of fields of its `JSArrayBuffer`, which this file, and nothing else, knows:
//! the version of QuickJS is pinned in Cargo.toml, and [`Layout::check`] refuses to go on where the fields are not as
//! expected.
//!
//! Invariants: while a buffer is attached, `data` is the memory's base, `byte_length` at most its size, and `opaque`
//! a reference to the core, which keeps the memory mapped. `shared` is set, which keeps scripts from detaching,
//! transferring and resizing it: the spec's detach key. Scripts cannot see that flag: `wasm.js` answers for `detached`.

use crate::core::Core;
use rquickjs::{Ctx, Error, Exception, Function, Result, Value, qjs};
use std::ffi::{c_int, c_void};
use std::rc::Rc;

/// QuickJS-ng 0.11's `JSArrayBuffer`.
#[repr(C)]
struct JsArrayBuffer {
    byte_length: c_int,
    max_byte_length: c_int,
    detached: u8,
    shared: u8,
    data: *mut u8,
    array_list: [*mut c_void; 2],
    opaque: *mut c_void,
    free_func: qjs::JSFreeArrayBufferDataFunc,
}

/// The fields of `buffer`, an array buffer.
fn fields(buffer: &Value<'_>) -> *mut JsArrayBuffer {
    let mut class = 0;
    // SAFETY: the value is alive.
    unsafe { qjs::JS_GetAnyOpaque(buffer.as_raw(), &mut class) }.cast()
}

/// Proof that array buffers are as this file thinks; and what QuickJS frees its own buffers with.
#[derive(Copy, Clone)]
pub(crate) struct Layout {
    own_free: qjs::JSFreeArrayBufferDataFunc,
}

impl Layout {
    /// # Errors
    /// If array buffers are not laid out as expected.
    pub fn check(ctx: &Ctx<'_>) -> Result<Layout> {
        let buffer: Value<'_> = ctx.eval("new ArrayBuffer(3, { maxByteLength: 77 })")?;
        let at = fields(&buffer);
        let expected = !at.is_null() && {
            // SAFETY: QuickJS allocates at least so many bytes for a `JSArrayBuffer`, which ours is not longer than.
            let b = unsafe { &*at };
            let list = (&raw const b.array_list).cast_mut().cast();
            (b.byte_length, b.max_byte_length, b.detached, b.shared) == (3, 77, 0, 0)
                && !b.data.is_null()
                && b.array_list == [list, list]
                && b.opaque.is_null()
                && b.free_func.is_some()
        };
        match expected {
            // SAFETY: as above.
            true => Ok(Layout { own_free: unsafe { (*at).free_func } }),
            false => Err(Exception::throw_internal(ctx, "headwater-js does not know this version of QuickJS")),
        }
    }
}

/// Gives up a buffer's reference to the core. QuickJS calls this when a buffer is detached, and when it is freed, then
/// without data if it was detached before.
unsafe extern "C" fn release(_rt: *mut qjs::JSRuntime, opaque: *mut c_void, data: *mut c_void) {
    if !data.is_null() {
        // SAFETY: from `Rc::into_raw`, and given up once: data is null from then on.
        drop(unsafe { Rc::from_raw(opaque.cast::<Core>()) });
    }
}

/// So many bytes can be in a buffer over a memory: whole pages, and less than the 2 GiB that QuickJS's lengths are short of.
pub(crate) const MAX_LEN: usize = i32::MAX as usize & !0xffff;

/// The `RangeError` for more than [`MAX_LEN`].
pub(crate) fn too_large(ctx: &Ctx<'_>) -> Error {
    Exception::throw_range(ctx, "a memory of 2 GiB or more is too large for an ArrayBuffer")
}

/// A buffer of fixed length over the `len` bytes at `base`, a memory of `core`. A SharedArrayBuffer if `shared`; that cannot be detached,
/// so the memory must never move.
///
/// # Errors
/// A `RangeError` if it is too long for QuickJS.
pub(crate) fn fixed<'js>(
    ctx: &Ctx<'js>,
    core: &Rc<Core>,
    base: *mut u8,
    len: usize,
    shared: bool,
) -> Result<Value<'js>> {
    if len > MAX_LEN {
        return Err(too_large(ctx));
    }
    let opaque = Rc::into_raw(core.clone()).cast_mut().cast::<c_void>();
    // SAFETY: the bytes stay mapped as long as `core`; the new value is given over.
    unsafe {
        let raw = qjs::JS_NewArrayBuffer(ctx.as_raw().as_ptr(), base, len as _, Some(release), opaque, shared);
        if qjs::JS_IsException(raw) {
            drop(Rc::from_raw(opaque.cast::<Core>()));
            return Err(Error::Exception);
        }
        let buffer = Value::from_raw(ctx.clone(), raw);
        (*fields(&buffer)).shared = 1;
        Ok(buffer)
    }
}

/// Makes `empty`, a new resizable buffer of length 0, one over the `len` bytes at `base`, a memory of `core`.
pub(crate) fn adopt(ctx: &Ctx<'_>, empty: &Value<'_>, core: &Rc<Core>, base: *mut u8, len: usize) {
    // SAFETY: the buffer is new, so that no view is on its data, which QuickJS's allocator made.
    unsafe {
        let at = fields(empty);
        debug_assert!((*at).byte_length == 0 && (*at).max_byte_length as usize >= len);
        qjs::js_free(ctx.as_raw().as_ptr(), (*at).data.cast());
        (*at).data = base;
        (*at).byte_length = len as c_int;
        (*at).opaque = Rc::into_raw(core.clone()).cast_mut().cast();
        (*at).free_func = Some(release);
        (*at).shared = 1;
    }
}

/// Tells a resizable buffer, and the views on it, that its memory has `len` bytes at `base` now. `resize` is QuickJS's own
/// `ArrayBuffer.prototype.resize`.
pub(crate) fn grow_in_place<'js>(
    layout: Layout,
    buffer: &Value<'js>,
    resize: &Function<'js>,
    base: *mut u8,
    len: usize,
) -> Result<()> {
    let at = fields(buffer);
    // SAFETY: the buffer is alive and attached. A shared buffer is resized by writing down its new length and updating its views;
    // QuickJS only asks that it be one of those that it frees itself, and does not free it meanwhile.
    unsafe {
        (*at).data = base;
        (*at).free_func = layout.own_free;
        let resized = resize.call((rquickjs::function::This(buffer.clone()), len as f64));
        (*at).free_func = Some(release);
        resized
    }
}

/// Detaches a buffer made here.
pub(crate) fn detach(ctx: &Ctx<'_>, buffer: &Value<'_>) {
    // SAFETY: the buffer is alive. Detaching runs no JavaScript.
    unsafe {
        (*fields(buffer)).shared = 0;
        qjs::JS_DetachArrayBuffer(ctx.as_raw().as_ptr(), buffer.as_raw());
    }
}
