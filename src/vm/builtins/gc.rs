//! Builtins for garbage collection: what makes objects, and bulk operations on arrays.
//!
//! Operands of those that may collect are in slots of the caller's frame, where the collector finds and changes them: they
//! are read again after everything that may have collected. What is being made and is in no slot yet is among the store's
//! temporaries.

use super::{BYTES_AT_ONCE, BYTES_PER_FUEL, Outcome, Pieces, ask, charge, go_on, instance, raise, store};
use crate::Result;
use crate::types::object::FieldKind;
use crate::vm::context::{VMContext, ValRaw};
use crate::vm::gc::objects::{self, is_object};
use crate::vm::gc::shapes::Shapes;
use crate::vm::gc::{Gc, heap::Heap, too_large};
use crate::vm::store::StoreOpaque;
use headwater_codegen::TrapCode;
use headwater_codegen::vmctx::{self, gc};
use std::ptr;

// SAFETY, for all of the following: compiled code passes its own context and valid indices, and slots of its frame; it is
// the only user of its store while the builtin runs.

/// Operands in home slots.
#[derive(Copy, Clone)]
struct Slots {
    first: usize,
    distance: usize,
}

impl Slots {
    fn new(first: u64, distance: u64) -> Slots {
        Slots { first: first as usize, distance: distance as usize }
    }

    fn at(self, i: usize) -> *const u8 {
        (self.first - i * self.distance) as *const u8
    }

    /// Operand `i`, which has 32 bits.
    ///
    /// # Safety
    /// There must be such an operand; the same goes for the others.
    unsafe fn word(self, i: usize) -> u64 {
        // SAFETY: guaranteed by the caller.
        unsafe { u64::from(self.at(i).cast::<u32>().read()) }
    }

    /// Operand `i`, an array.
    unsafe fn array(self, i: usize) -> Result<u32, TrapCode> {
        // SAFETY: guaranteed by the caller.
        let word = unsafe { self.word(i) } as u32;
        if is_object(word) { Ok(word) } else { Err(TrapCode::NullReference) }
    }

    /// Operand `i`, to be put into a field.
    unsafe fn value(self, i: usize, kind: FieldKind) -> ValRaw {
        // SAFETY: guaranteed by the caller.
        unsafe {
            match kind {
                FieldKind::Number(16) => self.at(i).cast::<ValRaw>().read_unaligned(),
                FieldKind::Number(1 | 2 | 4) | FieldKind::Ref => ValRaw::new(self.word(i)),
                _ => ValRaw::new(self.at(i).cast::<u64>().read()),
            }
        }
    }
}

/// The canonical number of the module's type `ty`.
unsafe fn number(vmctx: *mut VMContext, ty: u64) -> u32 {
    // SAFETY: see above.
    unsafe {
        let types = vmctx.byte_offset(vmctx::TYPES as isize).cast::<*const u32>().read();
        types.add(ty as usize).read()
    }
}

unsafe fn heap<'a>(vmctx: *mut VMContext) -> &'a mut Gc {
    // SAFETY: see above.
    unsafe { (*store(vmctx)).gc_mut() }
}

#[derive(Copy, Clone)]
struct Elements {
    /// The module's number of the array type.
    ty: u64,
    kind: FieldKind,
    /// The offset of the first one.
    first: u64,
    /// Of one, in bytes.
    size: u64,
    /// The logarithm of that.
    log2: u32,
}

/// What the elements of arrays are by the first operand.
fn elements(ty: u64) -> Elements {
    let (kind, log2) = match (ty >> gc::ELEMENTS) as u32 {
        gc::REF_ELEMENTS => (FieldKind::Ref, 2),
        // Or to an exception, which is as large and moves no more.
        gc::POINTER_ELEMENTS => (FieldKind::Func, 3),
        log2 => (FieldKind::Number(1 << log2), log2),
    };
    Elements { ty: ty & ((1 << gc::ELEMENTS) - 1), kind, first: gc::FIELDS.into(), size: 1 << log2, log2 }
}

impl Elements {
    /// A bulk operation on `len` of them.
    fn pieces(&self, len: u64) -> Pieces {
        Pieces { len, at_once: BYTES_AT_ONCE >> self.log2, per_fuel: BYTES_PER_FUEL - self.log2, backwards: false }
    }

    /// The address of element `i` of `array`.
    unsafe fn at(&self, vmctx: *mut VMContext, array: u32, i: u64) -> *mut u8 {
        // SAFETY: see above.
        unsafe { heap(vmctx) }.at(array, self.first + (i << self.log2))
    }

    /// `n` elements of `array` were written, from `i` on.
    unsafe fn dirty(&self, vmctx: *mut VMContext, array: u32, i: u64, n: u64) {
        // SAFETY: see above.
        unsafe { heap(vmctx) }.dirty(array, self.first + i * self.size, n, self.kind);
    }

    /// Whether `len` elements from `index` on are in an array.
    unsafe fn check(&self, vmctx: *mut VMContext, array: u32, index: u64, len: u64) -> Result<(), TrapCode> {
        // SAFETY: see above.
        let (_, has) = unsafe { heap(vmctx) }.header(array);
        // Neither has more than 32 bits.
        if index + len <= u64::from(has) { Ok(()) } else { Err(TrapCode::ArrayOutOfBounds) }
    }
}

/// Makes an array of `len` elements, which `fill` writes: so many, from one on, at an address.
unsafe fn new_array(
    vmctx: *mut VMContext,
    ty: u64,
    len: u64,
    fill: impl FnMut(*mut u8, u64, u64) -> Result<(), TrapCode>,
) -> Outcome {
    // SAFETY: see above.
    match unsafe { try_new_array(vmctx, ty, len, fill) } {
        Ok(array) => Outcome::value(array.into()),
        Err(outcome) => outcome,
    }
}

unsafe fn try_new_array(
    vmctx: *mut VMContext,
    ty: u64,
    len: u64,
    mut fill: impl FnMut(*mut u8, u64, u64) -> Result<(), TrapCode>,
) -> Result<u32, Outcome> {
    // SAFETY: see above.
    unsafe {
        let elements = elements(ty);
        let number = number(vmctx, elements.ty);
        let bytes = (elements.first + len * elements.size).next_multiple_of(gc::ALIGN.into());
        if bytes > Heap::MOST {
            return ask(vmctx, |_| Err(too_large()));
        }
        charge(vmctx, bytes >> BYTES_PER_FUEL)?;
        let array = ask(vmctx, |store| StoreOpaque::allocate(store, bytes))?;
        if bytes <= BYTES_AT_ONCE {
            heap(vmctx).set_header(array, number, len as u32);
            match fill(elements.at(vmctx, array, 0), 0, len) {
                Ok(()) => return Ok(array),
                Err(code) => {
                    heap(vmctx).clear(array, bytes, number, len as u32);
                    return Err(raise(vmctx, code));
                }
            }
        }
        // Until it is one, it is something in which there are no references.
        let words = bytes / 8 - 1;
        heap(vmctx).set_header(array, Shapes::FILLER, words as u32);
        heap(vmctx).temporaries.push(array);
        let done = fill_in_pieces(vmctx, elements, len, bytes, &mut fill);
        let array = heap(vmctx).temporaries.pop().expect("what was pushed");
        done.map(|()| array)
    }
}

/// Makes the last one of the temporaries an array, a piece at a time.
unsafe fn fill_in_pieces(
    vmctx: *mut VMContext,
    elements: Elements,
    len: u64,
    bytes: u64,
    fill: &mut impl FnMut(*mut u8, u64, u64) -> Result<(), TrapCode>,
) -> Result<(), Outcome> {
    // SAFETY: see above.
    unsafe {
        let array = || *heap(vmctx).temporaries.last().expect("what is being made");
        let become_array = || heap(vmctx).set_header(array(), number(vmctx, elements.ty), len as u32);
        let follows = !matches!(elements.kind, FieldKind::Number(_));
        if follows {
            let mut at = u64::from(gc::FIELDS);
            while at < bytes {
                let n = (bytes - at).min(BYTES_AT_ONCE);
                heap(vmctx).at(array(), at).write_bytes(0, n as usize);
                at += n;
                go_on(vmctx)?;
            }
            become_array();
        }
        let mut from = 0;
        while from < len {
            let n = (len - from).min(BYTES_AT_ONCE / elements.size);
            fill(elements.at(vmctx, array(), from), from, n).map_err(|code| raise(vmctx, code))?;
            elements.dirty(vmctx, array(), from, n);
            from += n;
            go_on(vmctx)?;
        }
        if !follows {
            become_array();
        }
        Ok(())
    }
}

pub(in crate::vm) unsafe extern "C" fn gc_allocate(
    vmctx: *mut VMContext,
    _ty: u64,
    bytes: u64,
    _: u64,
    _: u64,
    _: u64,
) -> Outcome {
    // SAFETY: see above.
    match unsafe { ask(vmctx, |store| StoreOpaque::allocate(store, bytes)) } {
        Ok(object) => Outcome::value(object.into()),
        Err(outcome) => outcome,
    }
}

pub(in crate::vm) unsafe extern "C" fn struct_new_default(
    vmctx: *mut VMContext,
    ty: u64,
    _: u64,
    _: u64,
    _: u64,
    _: u64,
) -> Outcome {
    // SAFETY: see above.
    unsafe {
        let number = number(vmctx, ty);
        match ask(vmctx, |store| StoreOpaque::new_object(store, number, 0)) {
            Ok(object) => Outcome::value(object.into()),
            Err(outcome) => outcome,
        }
    }
}

pub(in crate::vm) unsafe extern "C" fn array_new(
    vmctx: *mut VMContext,
    ty: u64,
    _: u64,
    first: u64,
    distance: u64,
    _: u64,
) -> Outcome {
    let slots = Slots::new(first, distance);
    // SAFETY: see above.
    unsafe {
        let kind = elements(ty).kind;
        new_array(vmctx, ty, slots.word(1), |at, _, n| {
            objects::fill(at, kind, slots.value(0, kind), n as usize);
            Ok(())
        })
    }
}

pub(in crate::vm) unsafe extern "C" fn array_new_default(
    vmctx: *mut VMContext,
    ty: u64,
    _: u64,
    first: u64,
    distance: u64,
    _: u64,
) -> Outcome {
    let slots = Slots::new(first, distance);
    // SAFETY: see above.
    unsafe {
        let kind = elements(ty).kind;
        new_array(vmctx, ty, slots.word(0), |at, _, n| {
            objects::fill(at, kind, ValRaw::default(), n as usize);
            Ok(())
        })
    }
}

pub(in crate::vm) unsafe extern "C" fn array_new_fixed(
    vmctx: *mut VMContext,
    ty: u64,
    len: u64,
    first: u64,
    distance: u64,
    _: u64,
) -> Outcome {
    let slots = Slots::new(first, distance);
    // SAFETY: see above.
    unsafe {
        let Elements { kind, size, .. } = elements(ty);
        new_array(vmctx, ty, len, |at, from, n| {
            for i in 0..n as usize {
                objects::write(at.add(i * size as usize), kind, slots.value(from as usize + i, kind));
            }
            Ok(())
        })
    }
}

pub(in crate::vm) unsafe extern "C" fn array_new_data(
    vmctx: *mut VMContext,
    ty: u64,
    data: u64,
    first: u64,
    distance: u64,
    _: u64,
) -> Outcome {
    let slots = Slots::new(first, distance);
    // SAFETY: see above.
    unsafe {
        let size = elements(ty).size;
        let (offset, len) = (slots.word(0), slots.word(1));
        if let Err(code) = instance(vmctx).data_bytes(data as u32, offset, len * size) {
            return raise(vmctx, code);
        }
        new_array(vmctx, ty, len, |at, from, n| copy_data(vmctx, at, data, offset + from * size, n * size))
    }
}

/// Writes bytes of a data segment, which may have been dropped meanwhile.
unsafe fn copy_data(vmctx: *mut VMContext, at: *mut u8, data: u64, offset: u64, len: u64) -> Result<(), TrapCode> {
    // SAFETY: see above.
    unsafe {
        let bytes = instance(vmctx).data_bytes(data as u32, offset, len)?;
        ptr::copy_nonoverlapping(bytes.as_ptr(), at, bytes.len());
        Ok(())
    }
}

pub(in crate::vm) unsafe extern "C" fn array_new_elem(
    vmctx: *mut VMContext,
    ty: u64,
    elem: u64,
    first: u64,
    distance: u64,
    _: u64,
) -> Outcome {
    let slots = Slots::new(first, distance);
    // SAFETY: see above.
    unsafe {
        let elements = elements(ty);
        let (offset, len) = (slots.word(0), slots.word(1));
        if let Err(code) = instance(vmctx).check_elem(elem as u32, offset, len) {
            return raise(vmctx, code);
        }
        new_array(vmctx, ty, len, |at, from, n| copy_elem(vmctx, elements, at, elem, offset + from, n))
    }
}

/// Writes elements of a segment, which may have been dropped meanwhile.
unsafe fn copy_elem(
    vmctx: *mut VMContext,
    elements: Elements,
    at: *mut u8,
    elem: u64,
    offset: u64,
    len: u64,
) -> Result<(), TrapCode> {
    // SAFETY: see above.
    unsafe {
        instance(vmctx).check_elem(elem as u32, offset, len)?;
        for i in 0..len {
            let word = instance(vmctx).elem_word(elem as u32, (offset + i) as usize);
            objects::write(at.add((i * elements.size) as usize), elements.kind, ValRaw::new(word));
        }
        Ok(())
    }
}

pub(in crate::vm) unsafe extern "C" fn array_fill(
    vmctx: *mut VMContext,
    ty: u64,
    _: u64,
    first: u64,
    distance: u64,
    _: u64,
) -> Outcome {
    let slots = Slots::new(first, distance);
    // SAFETY: see above.
    unsafe {
        let elements = elements(ty);
        let (index, len) = (slots.word(1), slots.word(3));
        let bounds = slots.array(0).and_then(|array| elements.check(vmctx, array, index, len));
        elements.pieces(len).each(vmctx, bounds, |from, n| {
            let at = elements.at(vmctx, slots.array(0)?, index + from);
            objects::fill(at, elements.kind, slots.value(2, elements.kind), n as usize);
            elements.dirty(vmctx, slots.array(0)?, index + from, n);
            Ok(())
        })
    }
}

pub(in crate::vm) unsafe extern "C" fn array_copy(
    vmctx: *mut VMContext,
    ty: u64,
    _src_ty: u64,
    first: u64,
    distance: u64,
    _: u64,
) -> Outcome {
    let slots = Slots::new(first, distance);
    // SAFETY: see above. Elements of both types are stored alike, or one could not be copied to the other.
    unsafe {
        let elements = elements(ty);
        let (dst, src, len) = (slots.word(1), slots.word(3), slots.word(4));
        if copy_short(vmctx, slots, elements, len) {
            return Outcome::DONE;
        }
        let arrays = || Ok((slots.array(0)?, slots.array(2)?));
        let bounds = arrays().and_then(|(to, from)| {
            elements.check(vmctx, to, dst, len)?;
            elements.check(vmctx, from, src, len)
        });
        let same = slots.word(0) == slots.word(2);
        elements.pieces(len).moving(same, dst, src).each(vmctx, bounds, |at, n| {
            let (array, from) = arrays()?;
            let (to, from) = (elements.at(vmctx, array, dst + at), elements.at(vmctx, from, src + at));
            ptr::copy(from, to, (n << elements.log2) as usize);
            elements.dirty(vmctx, array, dst + at, n);
            Ok(())
        })
    }
}

/// Does what `array_copy` is most often called for, with as few steps as it takes: copies a few numbers that are there, for
/// which nothing is paid. False if it is something else.
unsafe fn copy_short(vmctx: *mut VMContext, slots: Slots, elements: Elements, len: u64) -> bool {
    // SAFETY: see above.
    unsafe {
        let short = matches!(elements.kind, FieldKind::Number(_)) && len >> elements.pieces(len).per_fuel == 0;
        let (Ok(to), Ok(from)) = (slots.array(0), slots.array(2)) else { return false };
        let base = (*(*vmctx).store).gc_base;
        let (to, from) = (base.add(to as usize), base.add(from as usize));
        let has = |array: *mut u8| u64::from(array.byte_offset(gc::LEN as isize).cast::<u32>().read());
        let (dst, src) = (slots.word(1), slots.word(3));
        if !short || dst + len > has(to) || src + len > has(from) {
            return false;
        }
        let at = |array: *mut u8, i: u64| array.add((elements.first + (i << elements.log2)) as usize);
        ptr::copy(at(from, src), at(to, dst), (len << elements.log2) as usize);
        true
    }
}

pub(in crate::vm) unsafe extern "C" fn array_init_data(
    vmctx: *mut VMContext,
    ty: u64,
    data: u64,
    first: u64,
    distance: u64,
    _: u64,
) -> Outcome {
    let slots = Slots::new(first, distance);
    // SAFETY: see above.
    unsafe {
        let elements = elements(ty);
        let (index, offset, len) = (slots.word(1), slots.word(2), slots.word(3));
        let bounds = slots.array(0).and_then(|array| {
            elements.check(vmctx, array, index, len)?;
            instance(vmctx).data_bytes(data as u32, offset, len * elements.size).map(|_| ())
        });
        elements.pieces(len).each(vmctx, bounds, |from, n| {
            let at = elements.at(vmctx, slots.array(0)?, index + from);
            copy_data(vmctx, at, data, offset + from * elements.size, n * elements.size)
        })
    }
}

pub(in crate::vm) unsafe extern "C" fn array_init_elem(
    vmctx: *mut VMContext,
    ty: u64,
    elem: u64,
    first: u64,
    distance: u64,
    _: u64,
) -> Outcome {
    let slots = Slots::new(first, distance);
    // SAFETY: see above.
    unsafe {
        let elements = elements(ty);
        let (index, offset, len) = (slots.word(1), slots.word(2), slots.word(3));
        let bounds = slots.array(0).and_then(|array| {
            elements.check(vmctx, array, index, len)?;
            instance(vmctx).check_elem(elem as u32, offset, len)
        });
        elements.pieces(len).each(vmctx, bounds, |from, n| {
            let at = elements.at(vmctx, slots.array(0)?, index + from);
            elements.dirty(vmctx, slots.array(0)?, index + from, n);
            copy_elem(vmctx, elements, at, elem, offset + from, n)
        })
    }
}

pub(in crate::vm) unsafe extern "C" fn extern_convert_any(
    vmctx: *mut VMContext,
    word: u64,
    _: u64,
    _: u64,
    _: u64,
    _: u64,
) -> Outcome {
    // SAFETY: see above.
    match unsafe { ask(vmctx, |store| (*store).extern_of_any(word as u32)) } {
        Ok(word) => Outcome::value(word.into()),
        Err(outcome) => outcome,
    }
}

pub(in crate::vm) unsafe extern "C" fn any_convert_extern(
    vmctx: *mut VMContext,
    word: u64,
    _: u64,
    _: u64,
    _: u64,
    _: u64,
) -> Outcome {
    // SAFETY: see above.
    Outcome::value(unsafe { heap(vmctx) }.any_of_extern(word as u32).into())
}
