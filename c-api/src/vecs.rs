//! Vectors: a size and elements that the vector owns, in memory of `malloc`.
//!
//! All vectors of the header are [`VecOf`] something. Elements are plain or `Option<Box<_>>`, for which zeros mean
//! null, so that a vector that C has not filled yet can be deleted.

use crate::refs::Reference;
use crate::trap::Frame;
use crate::types::{ExportTy, ExternTy, ImportTy, ValTy};
use crate::values::Value;
use std::mem::{self, MaybeUninit};
use std::ptr;
use std::slice;

/// What a vector can have: bytes of zeros must be a value.
///
/// # Safety
/// As said.
pub unsafe trait Element: Clone {}

// SAFETY: zero is a byte.
unsafe impl Element for u8 {}
// SAFETY: a box is never null, so null is `None`.
unsafe impl<T: Clone> Element for Option<Box<T>> {}

/// `wasm_…_vec_t`.
#[repr(C)]
pub struct VecOf<T: Element> {
    size: usize,
    data: *mut T,
}

/// `wasm_byte_vec_t`, `wasm_name_t` and `wasm_message_t`.
pub type ByteVec = VecOf<u8>;

impl<T: Element> VecOf<T> {
    pub fn empty() -> VecOf<T> {
        VecOf { size: 0, data: ptr::null_mut() }
    }

    /// So many zeros; empty if there is no memory.
    pub fn zeros(size: usize) -> VecOf<T> {
        if size == 0 {
            return VecOf::empty();
        }
        // SAFETY: `calloc` checks the product.
        let data: *mut T = unsafe { libc::calloc(size, mem::size_of::<T>()) }.cast();
        if data.is_null() { VecOf::empty() } else { VecOf { size, data } }
    }

    pub fn of(elements: impl ExactSizeIterator<Item = T>) -> VecOf<T> {
        let mut vec = VecOf::zeros(elements.len());
        for (slot, element) in vec.as_mut_slice().iter_mut().zip(elements) {
            *slot = element;
        }
        vec
    }

    /// Leaves the vector empty.
    pub fn take(&mut self) -> VecOf<T> {
        mem::replace(self, VecOf::empty())
    }

    pub fn as_slice(&self) -> &[T] {
        if self.data.is_null() {
            return &[];
        }
        // SAFETY: so many elements are there, by the header's contract or by how they were made here.
        unsafe { slice::from_raw_parts(self.data, self.size) }
    }

    pub fn as_mut_slice(&mut self) -> &mut [T] {
        if self.data.is_null() {
            return &mut [];
        }
        // SAFETY: as above.
        unsafe { slice::from_raw_parts_mut(self.data, self.size) }
    }
}

impl ByteVec {
    pub fn of_bytes(bytes: &[u8]) -> ByteVec {
        VecOf::of(bytes.iter().copied())
    }
}

impl<T: Element> Clone for VecOf<T> {
    fn clone(&self) -> VecOf<T> {
        VecOf::of(self.as_slice().iter().cloned())
    }
}

impl<T: Element> Drop for VecOf<T> {
    fn drop(&mut self) {
        // SAFETY: the elements are the vector's own, and nobody has them afterwards; the memory is from `malloc` or
        // null.
        unsafe {
            ptr::drop_in_place(self.as_mut_slice());
            libc::free(self.data.cast());
        }
    }
}

/// The five functions of each vector.
macro_rules! vector {
    ($element:ty: $empty:ident $uninitialized:ident $new:ident $copy:ident $delete:ident) => {
        #[unsafe(no_mangle)]
        pub extern "C" fn $empty(out: &mut MaybeUninit<VecOf<$element>>) {
            out.write(VecOf::empty());
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $uninitialized(out: &mut MaybeUninit<VecOf<$element>>, size: usize) {
            out.write(VecOf::zeros(size));
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $new(out: &mut MaybeUninit<VecOf<$element>>, size: usize, data: *const $element) {
            let vec = VecOf::zeros(size);
            // SAFETY: C passes as many elements, which are the vector's from now on; there is room for `vec.size`.
            unsafe {
                if vec.size > 0 {
                    ptr::copy_nonoverlapping(data, vec.data, vec.size);
                }
            }
            out.write(vec);
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $copy(out: &mut MaybeUninit<VecOf<$element>>, from: &VecOf<$element>) {
            out.write(from.clone());
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $delete(vec: &mut VecOf<$element>) {
            drop(vec.take());
        }
    };
}

vector!(u8: wasm_byte_vec_new_empty wasm_byte_vec_new_uninitialized wasm_byte_vec_new wasm_byte_vec_copy
    wasm_byte_vec_delete);
vector!(Option<Box<ValTy>>: wasm_valtype_vec_new_empty wasm_valtype_vec_new_uninitialized wasm_valtype_vec_new
    wasm_valtype_vec_copy wasm_valtype_vec_delete);
vector!(Option<Box<ExternTy>>: wasm_functype_vec_new_empty wasm_functype_vec_new_uninitialized wasm_functype_vec_new
    wasm_functype_vec_copy wasm_functype_vec_delete);
vector!(Option<Box<ExternTy>>: wasm_globaltype_vec_new_empty wasm_globaltype_vec_new_uninitialized
    wasm_globaltype_vec_new wasm_globaltype_vec_copy wasm_globaltype_vec_delete);
vector!(Option<Box<ExternTy>>: wasm_tabletype_vec_new_empty wasm_tabletype_vec_new_uninitialized wasm_tabletype_vec_new
    wasm_tabletype_vec_copy wasm_tabletype_vec_delete);
vector!(Option<Box<ExternTy>>: wasm_memorytype_vec_new_empty wasm_memorytype_vec_new_uninitialized
    wasm_memorytype_vec_new wasm_memorytype_vec_copy wasm_memorytype_vec_delete);
vector!(Option<Box<ExternTy>>: wasm_externtype_vec_new_empty wasm_externtype_vec_new_uninitialized
    wasm_externtype_vec_new wasm_externtype_vec_copy wasm_externtype_vec_delete);
vector!(Option<Box<ImportTy>>: wasm_importtype_vec_new_empty wasm_importtype_vec_new_uninitialized
    wasm_importtype_vec_new wasm_importtype_vec_copy wasm_importtype_vec_delete);
vector!(Option<Box<ExportTy>>: wasm_exporttype_vec_new_empty wasm_exporttype_vec_new_uninitialized
    wasm_exporttype_vec_new wasm_exporttype_vec_copy wasm_exporttype_vec_delete);
vector!(Value: wasm_val_vec_new_empty wasm_val_vec_new_uninitialized wasm_val_vec_new wasm_val_vec_copy
    wasm_val_vec_delete);
vector!(Option<Box<Frame>>: wasm_frame_vec_new_empty wasm_frame_vec_new_uninitialized wasm_frame_vec_new
    wasm_frame_vec_copy wasm_frame_vec_delete);
vector!(Option<Box<Reference>>: wasm_extern_vec_new_empty wasm_extern_vec_new_uninitialized wasm_extern_vec_new
    wasm_extern_vec_copy wasm_extern_vec_delete);
