//! Objects as the runtime reads and writes them.

use crate::types::object::FieldKind;
use crate::vm::context::ValRaw;
use crate::vm::gc::Gc;
use crate::vm::gc::shapes::Shape;
use headwater_codegen::vmctx::gc;

/// Whether `word` refers to an object, rather than being null, an `i31` or a value of the host.
#[inline]
pub(crate) fn is_object(word: u32) -> bool {
    word != 0 && word.is_multiple_of(gc::ALIGN)
}

impl Gc {
    /// The address of the byte at `offset` of an object.
    ///
    /// # Panics
    /// If there is no heap.
    #[inline]
    pub fn at(&self, object: u32, offset: u64) -> *mut u8 {
        let heap = self.heap.as_ref().expect("there are no objects without a heap");
        debug_assert!(is_object(object), "{object:#x} is no object");
        heap.base().wrapping_add(object as usize + offset as usize)
    }

    /// The number of an object's type, and of its elements.
    #[inline]
    pub fn header(&self, object: u32) -> (u32, u32) {
        let at = self.at(object, 0).cast::<u32>();
        // SAFETY: an object has two words.
        unsafe { (*at, *at.add(1)) }
    }

    /// Writes both.
    ///
    /// # Safety
    /// The object must have as many bytes, and what its references are to be there.
    pub unsafe fn set_header(&self, object: u32, number: u32, len: u32) {
        let at = self.at(object, 0).cast::<u32>();
        // SAFETY: guaranteed by the caller.
        unsafe { (*at, *at.add(1)) = (number, len) };
    }

    /// The type of an object.
    ///
    /// # Panics
    /// If that is no object.
    pub fn shape(&self, object: u32) -> &Shape {
        self.shapes.get(self.header(object).0).expect("an object has a type that its store knows")
    }

    /// The value of a field at `offset`.
    ///
    /// # Safety
    /// The object must have such a field there.
    pub unsafe fn read(&self, object: u32, offset: u64, kind: FieldKind) -> ValRaw {
        // SAFETY: guaranteed by the caller.
        unsafe { read(self.at(object, offset), kind) }
    }

    /// Sets it.
    ///
    /// # Safety
    /// As for [`Gc::read`], and the value must be of the field's type.
    pub unsafe fn write(&self, object: u32, offset: u64, kind: FieldKind, value: ValRaw) {
        // SAFETY: guaranteed by the caller.
        unsafe { write(self.at(object, offset), kind, value) };
        self.dirty(object, offset, 1, kind);
    }

    /// `n` elements or fields of this kind were, or may be, written to an object from `offset` on: references are noted
    /// for the collector.
    #[inline]
    pub fn dirty(&self, object: u32, offset: u64, n: u64, kind: FieldKind) {
        if kind == FieldKind::Ref
            && let Some(heap) = &self.heap
        {
            heap.dirty(object, offset, n * u64::from(kind.size()));
        }
    }

    /// Passes on every word that is in a field for references to exceptions, of objects that are needed and of others.
    pub fn each_exnref(&self, next: u64, mut each: impl FnMut(u64)) {
        let Some(heap) = self.heap.as_ref().filter(|_| self.shapes.have_exns) else { return };
        let mut look_through = |object| {
            let (number, len) = self.header(object);
            if let Some(shape) = self.shapes.get(number) {
                shape.each_exn(len, |offset| {
                    // SAFETY: the object has such a field there.
                    each(unsafe { self.at(object, offset).cast::<u64>().read() });
                });
            }
            self.shapes.size(number, len)
        };
        if let Some(old) = heap.old() {
            old.each(|object| {
                look_through(object);
            });
        }
        let mut at = heap.first();
        while at < next {
            at += look_through(at as u32);
        }
    }
}

/// Reads what a field has at `at`.
///
/// # Safety
/// There must be one.
unsafe fn read(at: *const u8, kind: FieldKind) -> ValRaw {
    // SAFETY: guaranteed by the caller. Vectors are at multiples of 8 only.
    unsafe {
        match kind {
            FieldKind::Number(1) => ValRaw::new(at.read().into()),
            FieldKind::Number(2) => ValRaw::new(at.cast::<u16>().read().into()),
            FieldKind::Number(4) | FieldKind::Ref => ValRaw::new(at.cast::<u32>().read().into()),
            FieldKind::Number(16) => at.cast::<ValRaw>().read_unaligned(),
            FieldKind::Number(_) | FieldKind::Func | FieldKind::Exn => ValRaw::new(at.cast::<u64>().read()),
        }
    }
}

/// Writes it.
///
/// # Safety
/// As for [`read`].
#[inline]
pub(crate) unsafe fn write(at: *mut u8, kind: FieldKind, value: ValRaw) {
    // SAFETY: as above.
    unsafe {
        match kind {
            FieldKind::Number(1) => at.write(value.lo as u8),
            FieldKind::Number(2) => at.cast::<u16>().write(value.lo as u16),
            FieldKind::Number(4) | FieldKind::Ref => at.cast::<u32>().write(value.lo as u32),
            FieldKind::Number(16) => at.cast::<ValRaw>().write_unaligned(value),
            FieldKind::Number(_) | FieldKind::Func | FieldKind::Exn => at.cast::<u64>().write(value.lo),
        }
    }
}

/// Writes `n` elements of an array, all the same.
///
/// # Safety
/// As for [`read`], from `at` on.
pub(crate) unsafe fn fill(at: *mut u8, kind: FieldKind, value: ValRaw, n: usize) {
    // SAFETY: guaranteed by the caller. Slices of each width, which the compiler fills quickly.
    unsafe {
        match kind {
            FieldKind::Number(1) => at.write_bytes(value.lo as u8, n),
            FieldKind::Number(2) => std::slice::from_raw_parts_mut(at.cast::<u16>(), n).fill(value.lo as u16),
            FieldKind::Number(4) | FieldKind::Ref => {
                std::slice::from_raw_parts_mut(at.cast::<u32>(), n).fill(value.lo as u32);
            }
            FieldKind::Number(16) => {
                let halves = std::slice::from_raw_parts_mut(at.cast::<[u64; 2]>(), n);
                halves.fill([value.lo, value.hi]);
            }
            FieldKind::Number(_) | FieldKind::Func | FieldKind::Exn => {
                std::slice::from_raw_parts_mut(at.cast::<u64>(), n).fill(value.lo);
            }
        }
    }
}
