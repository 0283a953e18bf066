//! The interface by which debuggers learn of code that is made at run time: a list that they know by its symbol, and a
//! function in which they have a breakpoint. It is GDB's ("JIT Compilation Interface" in its manual).

use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// `struct jit_code_entry`
#[repr(C)]
struct Entry {
    next: *mut Entry,
    prev: *mut Entry,
    image: *const u8,
    size: u64,
}

/// `struct jit_descriptor`
#[repr(C)]
struct Descriptor {
    version: u32,
    action: u32,
    relevant: *mut Entry,
    first: *mut Entry,
}

const REGISTER: u32 = 1;
const UNREGISTER: u32 = 2;

/// The list. Changed under [`LOCK`]; read by debuggers while the process does not run.
#[unsafe(no_mangle)]
static mut __jit_debug_descriptor: Descriptor =
    Descriptor { version: 1, action: 0, relevant: ptr::null_mut(), first: ptr::null_mut() };

/// Called whenever the list has changed.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn __jit_debug_register_code() {
    // Not empty, so that no other function is taken for it.
    std::hint::black_box(&raw const __jit_debug_descriptor);
}

static LOCK: Mutex<()> = Mutex::new(());

fn lock() -> MutexGuard<'static, ()> {
    LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An image that debuggers know of.
pub(crate) struct Registration {
    entry: *mut Entry,
    _image: Box<[u8]>,
}

// SAFETY: the entry is only touched with the lock held.
unsafe impl Send for Registration {}
// SAFETY: as above.
unsafe impl Sync for Registration {}

impl Registration {
    pub fn new(image: Vec<u8>) -> Registration {
        let image: Box<[u8]> = image.into();
        let _lock = lock();
        // SAFETY: the lock is held; entries in the list are valid until they are taken out.
        unsafe {
            let first = __jit_debug_descriptor.first;
            let entry = Entry { next: first, prev: ptr::null_mut(), image: image.as_ptr(), size: image.len() as u64 };
            let entry = Box::into_raw(Box::new(entry));
            if !first.is_null() {
                (*first).prev = entry;
            }
            __jit_debug_descriptor.first = entry;
            notify(REGISTER, entry);
            Registration { entry, _image: image }
        }
    }
}

/// # Safety
/// The lock must be held.
unsafe fn notify(action: u32, entry: *mut Entry) {
    // SAFETY: guaranteed by the caller.
    unsafe {
        __jit_debug_descriptor.action = action;
        __jit_debug_descriptor.relevant = entry;
        __jit_debug_register_code();
        __jit_debug_descriptor.action = 0;
        __jit_debug_descriptor.relevant = ptr::null_mut();
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let _lock = lock();
        // SAFETY: the lock is held, and the entry is in the list.
        unsafe {
            let Entry { next, prev, .. } = *self.entry;
            match prev.is_null() {
                true => __jit_debug_descriptor.first = next,
                false => (*prev).next = next,
            }
            if !next.is_null() {
                (*next).prev = prev;
            }
            notify(UNREGISTER, self.entry);
            drop(Box::from_raw(self.entry));
        }
    }
}
