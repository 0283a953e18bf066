//! A collection of everything: moves all objects that are needed to the other space of the heap (Cheney's algorithm).
//!
//! Whoever collects passes each root to [`Visit::visit`] and stores what it returns, then calls
//! [`Collection::finish`]. What has moved and was not looked through yet is a queue that lies in the new space itself:
//! there is neither recursion nor a list that could grow. A collection takes time in proportion to the roots and to the
//! objects that are needed, which the store's heap bounds, and cannot be interrupted. That is how small heaps are
//! collected, and what the host asks for; large ones have [`old`](super::old) objects and a nursery otherwise.

use crate::vm::gc::externs::{self, Externs};
use crate::vm::gc::heap::Heap;
use crate::vm::gc::shapes::Shapes;
use headwater_codegen::vmctx::gc;
use std::ops::Range;
use std::ptr;

/// What roots are passed to.
pub(crate) trait Visit {
    /// A root, or a field of an object that is needed: what it is from now on.
    fn visit(&mut self, word: u32) -> u32;

    /// A word that may be an external reference, and keeps it if it is one. It keeps nothing else.
    fn mark(&mut self, word: u32);

    /// Finding what follows took as long as looking at so many words.
    fn spent(&mut self, words: u64);

    /// The same of a word of 64 bits, as slots of frames, globals, tables and arguments have them.
    ///
    /// # Safety
    /// `at` must be valid, and nothing else use it.
    #[inline]
    unsafe fn visit_word(&mut self, at: *mut u64) {
        // SAFETY: guaranteed by the caller.
        unsafe {
            self.spent(1);
            let word = *at;
            if let Ok(word) = u32::try_from(word) {
                *at = self.visit(word).into();
            }
        }
    }

    /// A word of a stack.
    #[inline]
    fn visit_stack(&mut self, word: u64) {
        self.spent(1);
        if let Ok(word) = u32::try_from(word) {
            self.mark(word);
        }
    }
}

/// A collection in progress. Without a heap it only finds which external references are needed.
pub(crate) struct Collection<'a> {
    heap: Option<&'a mut Heap>,
    base: *mut u8,
    /// Where the objects are that are moved: in the space, and in the nursery.
    from: Range<u64>,
    young: Range<u64>,
    /// Where the first one is moved to, and the next one.
    to: u64,
    next: u64,
    shapes: &'a Shapes,
    externs: &'a mut Externs,
    /// How many words were looked at outside of the heap.
    roots: u64,
}

impl<'a> Collection<'a> {
    /// Begins. Objects are up to `next` of the heap's space, or of the nursery if there are old ones, which are not known
    /// one by one from now on.
    pub fn new(
        mut heap: Option<&'a mut Heap>,
        next: u64,
        shapes: &'a Shapes,
        externs: &'a mut Externs,
    ) -> Collection<'a> {
        externs.unmark();
        let (base, to) = heap.as_ref().map_or((ptr::null_mut(), 0), |heap| (heap.base(), heap.other_start()));
        let (from, young) = match &mut heap {
            Some(heap) => match heap.forget_old() {
                Some(old) => (heap.start()..heap.start() + old.top(), heap.young_start()..next),
                None => (heap.start()..next, 0..0),
            },
            None => (0..0, 0..0),
        };
        Collection { heap, base, from, young, to, next: to, shapes, externs, roots: 0 }
    }

    /// Whether an object is still to be moved.
    #[inline]
    fn is_left(&self, word: u32) -> bool {
        self.from.contains(&word.into()) || self.young.contains(&word.into())
    }

    fn at(&self, word: u64) -> *mut u32 {
        self.base.wrapping_add(word as usize).cast()
    }

    /// Moves an object, unless that has happened. Returns where it is.
    fn keep(&mut self, word: u32) -> u32 {
        let end = if u64::from(word) < self.young.end { self.young.end } else { self.from.end };
        let next = &mut self.next;
        let place = |size| {
            let new = *next as u32;
            *next += size;
            new
        };
        // SAFETY: objects are accessible, and the other space is as large as those that they are in, of which each is moved
        // once.
        unsafe { relocate(self.base, word, end, self.shapes, place) }.0
    }

    /// Looks through what was moved and not looked through yet.
    fn drain(&mut self) {
        let mut scan = self.to;
        // Where there are more objects than caches hold, what fields refer to is asked for some objects ahead.
        let far = self.from.end - self.from.start > CACHED;
        let mut ahead = if far { scan } else { u64::MAX };
        while scan < self.next {
            while ahead < self.next.min(scan + AHEAD) {
                // SAFETY: within what was moved. Most words are references; what others lead to is only asked for.
                prefetch(self.at(unsafe { *self.at(ahead) }.into()));
                ahead += 4;
            }
            let at = self.at(scan);
            // SAFETY: an object that was moved there.
            let (number, len) = unsafe { (*at, *at.add(1)) };
            let shapes = self.shapes;
            if let Some(mut refs) = shapes.outline(number).refs() {
                while refs != 0 {
                    let field = at.wrapping_add(2 + refs.trailing_zeros() as usize);
                    refs &= refs - 1;
                    // SAFETY: the object has a reference there.
                    unsafe { *field = self.visit(*field) };
                }
            } else if let Some(shape) = shapes.get(number) {
                shape.each_ref(len, |offset| {
                    let field = at.wrapping_byte_add(offset as usize);
                    // SAFETY: the object has a reference there.
                    unsafe { *field = self.visit(*field) };
                });
            }
            scan += shapes.size(number, len);
        }
    }

    /// Ends, once all roots were visited: the heap's space is the other one. Returns up to where it has objects, and how
    /// many words were looked at elsewhere. Values of the host that nobody refers to are added to `garbage`.
    pub fn finish(mut self, fill: bool, garbage: &mut Vec<externs::Value>) -> (u64, u64) {
        self.drain();
        let work = self.roots + (self.next - self.to) / 8;
        self.externs.sweep(work, garbage);
        if let Some(heap) = self.heap {
            if fill {
                // SAFETY: whatever is needed of the nursery was moved.
                unsafe { heap.poison(self.young) };
            }
            heap.flip(self.from.end - self.from.start, self.next - self.to, fill);
        }
        (self.next, self.roots)
    }
}

impl Visit for Collection<'_> {
    #[inline]
    fn visit(&mut self, word: u32) -> u32 {
        if word.is_multiple_of(gc::ALIGN) {
            if self.is_left(word) {
                return self.keep(word);
            }
            debug_assert!(word == 0 || (self.to..self.next).contains(&word.into()), "{word:#x} is no reference");
        } else {
            self.mark(word);
        }
        word
    }

    #[inline]
    fn mark(&mut self, word: u32) {
        if externs::index(word).is_some()
            && let Some(object) = self.externs.mark(word)
        {
            // It is no other entry: this does not go on.
            let moved = if self.is_left(object) { self.keep(object) } else { object };
            self.externs.moved(word, moved);
        }
    }

    fn spent(&mut self, words: u64) {
        self.roots += words;
    }
}

/// How many bytes of objects the caches of processors hold.
const CACHED: u64 = 2 << 20;

/// How far ahead objects are looked at, in bytes.
const AHEAD: u64 = 256;

/// Asks for the cache line at an address, if there is one.
#[inline]
pub(crate) fn prefetch(at: *const u32) {
    // SAFETY: no address is accessed.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(at.cast());
        #[cfg(target_arch = "aarch64")]
        std::arch::asm!("prfm pldl1keep, [{}]", in(reg) at, options(nostack, readonly, preserves_flags));
    }
}

/// Moves the object at `word`, which ends before `end`, unless that has happened: to where `place` says for its size. Returns
/// where it is, and whether it has just been moved.
///
/// # Safety
/// It must be accessible from `base`, and so must as many bytes where it is moved to, where nothing is.
#[inline]
pub(crate) unsafe fn relocate(
    base: *mut u8,
    word: u32,
    end: u64,
    shapes: &Shapes,
    place: impl FnOnce(u64) -> u32,
) -> (u32, bool) {
    let at = base.wrapping_add(word as usize).cast::<u32>();
    // SAFETY: guaranteed by the caller; an object has two words at least.
    unsafe {
        let (number, len) = (*at, *at.add(1));
        if number == Shapes::MOVED {
            return (len, false);
        }
        let size = shapes.size(number, len);
        // Whatever the words are: nothing but the spaces is touched.
        assert!(u64::from(word) + size <= end, "an object ends where the objects do");
        let new = place(size);
        copy(at.cast(), base.wrapping_add(new as usize).cast(), size as usize);
        (*at, *at.add(1)) = (Shapes::MOVED, new);
        (new, true)
    }
}

/// Copies an object, whose size is a multiple of 8.
///
/// # Safety
/// Both must be valid for as many bytes, and not overlap.
#[inline]
unsafe fn copy(from: *const u64, to: *mut u64, bytes: usize) {
    // SAFETY: guaranteed by the caller.
    unsafe {
        if bytes > 64 {
            return ptr::copy_nonoverlapping(from, to, bytes / 8);
        }
        // Most are so small that a call would take longer.
        let mut i = 0;
        while i < bytes / 8 {
            to.add(i).write(from.add(i).read());
            i += 1;
        }
    }
}
