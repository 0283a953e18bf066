//! What the collector knows of the types of a store's objects, by their canonical numbers.
//!
//! A number is known from the instantiation of a module that has the type, or from the first object that the host makes
//! of it, for as long as the store lives, which keeps the type in use.

use crate::Result;
use crate::types::object::{FieldKind, ObjectLayout};
use crate::vm::alloc;
use headwater_codegen::vmctx::gc;
use std::sync::Arc;

/// A type of objects.
#[derive(Debug)]
pub(crate) struct Shape {
    pub layout: Arc<ObjectLayout>,
    /// Of a struct, where it has references that move.
    refs: Box<[u32]>,
    /// Likewise references to exceptions.
    exns: Box<[u32]>,
}

impl Shape {
    fn new(layout: Arc<ObjectLayout>) -> Shape {
        let of = |kind| {
            let fields = layout.fields.iter().filter(|field| field.kind == kind);
            if layout.is_array { Box::default() } else { fields.map(|field| field.offset).collect() }
        };
        Shape { refs: of(FieldKind::Ref), exns: of(FieldKind::Exn), layout }
    }

    /// What the elements of an array are, and the offset of the first one.
    pub fn elements(&self) -> Option<(FieldKind, u32)> {
        self.layout.is_array.then(|| (self.layout.fields[0].kind, self.layout.fields[0].offset))
    }

    /// How many bytes an object takes, an array with `len` elements.
    #[inline]
    pub fn size(&self, len: u32) -> u64 {
        let elements = match self.elements() {
            Some((kind, _)) => u64::from(len) * u64::from(kind.size()),
            None => 0,
        };
        (u64::from(self.layout.size) + elements).next_multiple_of(gc::ALIGN.into())
    }

    /// Passes on the offsets of the references that move in an object with `len` elements.
    #[inline]
    pub fn each_ref(&self, len: u32, mut each: impl FnMut(u64)) {
        match self.elements() {
            None => self.refs.iter().for_each(|&offset| each(offset.into())),
            Some((FieldKind::Ref, first)) => (0..u64::from(len)).for_each(|i| each(u64::from(first) + 4 * i)),
            Some(_) => {}
        }
    }

    /// The same of references to exceptions.
    pub fn each_exn(&self, len: u32, mut each: impl FnMut(u64)) {
        match self.elements() {
            None => self.exns.iter().for_each(|&offset| each(offset.into())),
            Some((FieldKind::Exn, first)) => (0..u64::from(len)).for_each(|i| each(u64::from(first) + 8 * i)),
            Some(_) => {}
        }
    }

    fn has_exns(&self) -> bool {
        !self.exns.is_empty() || matches!(self.elements(), Some((FieldKind::Exn, _)))
    }
}

/// The same as a collection wants it: what most objects are, at hand.
#[derive(Copy, Clone, Default, Debug)]
pub(crate) struct Outline {
    /// Of a struct, the size in bytes; 0: it is none, or not known.
    size: u32,
    /// Of an array, the logarithm of the size of an element, plus one; 0: it is none, or not known.
    element: u8,
    /// Of a struct, which of the words of 32 bits after the first two are references that move, if all of them are among
    /// the first 64.
    refs: u64,
    /// There are others, or it is an array with some: [`Shape::each_ref`] has them.
    more: bool,
}

impl Outline {
    fn new(shape: &Shape) -> Outline {
        match shape.elements() {
            Some((kind, first)) => {
                debug_assert_eq!(first, gc::FIELDS);
                let element = kind.size().trailing_zeros() as u8 + 1;
                Outline { element, more: kind == FieldKind::Ref, ..Outline::default() }
            }
            None => {
                let words = shape.refs.iter().map(|&offset| (offset - gc::FIELDS) / 4);
                let more = words.clone().any(|word| word >= 64);
                let refs = if more { 0 } else { words.fold(0, |refs, word| refs | 1 << word) };
                Outline { size: shape.size(0) as u32, refs, more, ..Outline::default() }
            }
        }
    }

    /// Which words after the first two are references, one bit each; `None` if [`Shape::each_ref`] is to be asked.
    #[inline]
    pub fn refs(self) -> Option<u64> {
        (!self.more).then_some(self.refs)
    }
}

/// The types of a store's objects.
#[derive(Default, Debug)]
pub(crate) struct Shapes {
    /// By number, without [`gc::ARRAY`].
    all: Vec<Option<Box<Shape>>>,
    outlines: Vec<Outline>,
    /// Whether some have references to exceptions.
    pub have_exns: bool,
}

impl Shapes {
    /// In place of the number of a type: the object is an array of so many words that mean nothing yet.
    pub const FILLER: u32 = gc::ARRAY | 0x7fff_ffff;
    /// In place of the number of a type: the object has moved, to where the length would be.
    pub const MOVED: u32 = gc::ARRAY | 0x7fff_fffe;

    /// The type with this number, if it is known.
    #[inline]
    pub fn get(&self, number: u32) -> Option<&Shape> {
        self.all.get((number & !gc::ARRAY) as usize)?.as_deref()
    }

    /// The type with this number becomes known.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn add(&mut self, number: u32, layout: Arc<ObjectLayout>) -> Result<()> {
        let index = (number & !gc::ARRAY) as usize;
        if index >= self.all.len() {
            let more = index + 1 - self.all.len();
            alloc::reserve("the types of a store's objects", &mut self.all, more)?;
            alloc::reserve("the types of a store's objects", &mut self.outlines, more)?;
            self.all.resize_with(index + 1, || None);
            self.outlines.resize(index + 1, Outline::default());
        }
        let shape = Shape::new(layout);
        self.have_exns |= shape.has_exns();
        self.outlines[index] = Outline::new(&shape);
        self.all[index] = Some(Box::new(shape));
        Ok(())
    }

    /// The outline of a type; an empty one if it is not known.
    #[inline]
    pub fn outline(&self, number: u32) -> Outline {
        self.outlines.get((number & !gc::ARRAY) as usize).copied().unwrap_or_default()
    }

    /// How many bytes an object takes, from its first two words.
    ///
    /// # Panics
    /// If there is no such type: that is no object.
    #[inline]
    pub fn size(&self, number: u32, len: u32) -> u64 {
        let outline = self.outline(number);
        if outline.size != 0 {
            u64::from(outline.size)
        } else if outline.element != 0 {
            let elements = u64::from(len) << (outline.element - 1);
            (u64::from(gc::FIELDS) + elements).next_multiple_of(gc::ALIGN.into())
        } else {
            Self::size_of_filler(number, len)
        }
    }

    #[cold]
    fn size_of_filler(number: u32, len: u32) -> u64 {
        assert!(number == Self::FILLER, "an object has a type that its store knows: {number:#x}");
        u64::from(gc::FIELDS) + 8 * u64::from(len)
    }
}
