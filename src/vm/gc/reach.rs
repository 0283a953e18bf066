//! What the objects and external references of a store are reached from, and its collections.
//!
//! Roots are the host's handles, globals, tables, element segments, arguments of exceptions, and slots of frames of
//! compiled code, on all stacks that the store's calls are on; where frames have references say the records of their
//! modules ([`RefSite`](headwater_codegen::record::RefSite)). Objects move, so these must be all. External references do
//! not: modules without types of objects have no such records, and whatever looks like one on a stack keeps its entry.

use crate::module::lookup;
use crate::vm::arena::{Arena, Slots};
use crate::vm::context::VMStoreContext;
use crate::vm::exception::Exceptions;
use crate::vm::frames;
use crate::vm::gc::collect::{Collection, Visit};
use crate::vm::gc::externs::{self, Externs, Value};
use crate::vm::gc::heap::Heap;
use crate::vm::gc::old::Old;
use crate::vm::gc::roots::Roots;
use crate::vm::gc::shapes::Shapes;
use crate::vm::gc::young::Young;
use crate::vm::gc::{Gc, is_collected, is_collected_value};
use crate::vm::global::GlobalData;
use crate::vm::held::Kind;
use crate::vm::instance::InstanceData;
use crate::vm::resumable::SuspendedStacks;
use crate::vm::store::StoreOpaque;
use crate::vm::table::Table;
use crate::vm::thread;

/// Looking for the references of a frame takes as long as looking at so many words.
const FRAME: u64 = 16;

/// Where a store has roots.
struct Places<'a> {
    roots: &'a mut Roots<u32>,
    temporaries: &'a mut [u32],
    globals: &'a Slots<GlobalData>,
    instances: &'a Arena<InstanceData>,
    tables: &'a Arena<Table>,
    exceptions: &'a mut Exceptions,
    vm: *mut VMStoreContext,
    suspended: Option<&'a SuspendedStacks>,
}

/// A store, as a collection has it.
struct Parts<'a> {
    places: Places<'a>,
    heap: Option<&'a mut Heap>,
    shapes: &'a Shapes,
    externs: &'a mut Externs,
    moved: &'a mut Vec<u32>,
}

impl Places<'_> {
    fn visit(&mut self, visitor: &mut impl Visit) {
        for word in self.roots.iter_mut().chain(&mut *self.temporaries) {
            *word = visitor.visit(*word);
        }
        for global in self.globals.iter().filter(|global| is_collected_value(global.ty.content())) {
            // SAFETY: globals, instances and tables live as long as the store, which is borrowed.
            unsafe { visitor.visit_word(&raw mut (*global.at).lo) };
        }
        for instance in self.instances.iter() {
            // SAFETY: as above.
            unsafe { (*instance.as_ptr()).each_collected(|at| visitor.visit_word(at)) };
        }
        for table in self.tables.iter() {
            // SAFETY: as above.
            unsafe {
                let table = table.as_ptr();
                if is_collected((*table).ty().element().heap_type()) {
                    (*table).each_word(|at| visitor.visit_word(at));
                }
            }
        }
        self.exceptions.each_argument(|at, ty| {
            if is_collected_value(ty) {
                // SAFETY: an argument of an exception of this store.
                unsafe { visitor.visit_word(at) };
            }
        });
    }

    /// The same of frames.
    fn visit_frames(&self, visitor: &mut impl Visit) {
        let each = |pc, fp| {
            visitor.spent(FRAME);
            // SAFETY: the frame is on a stack of the store's, and waits.
            unsafe { each_slot(pc, fp, |at| visitor.visit_word(at)) };
        };
        // SAFETY: this thread runs whatever activations the store has.
        unsafe { each_frame(self.vm, self.suspended, each) };
    }

    /// Passes on every word of the store's stacks.
    fn each_word_of_stacks(&self, mut each: impl FnMut(u64)) {
        // SAFETY: as above.
        unsafe { frames::each_word_of_stack(self.vm, thread::innermost(), None, &mut each) };
        if let Some(suspended) = self.suspended {
            suspended.each_word(&mut each);
        }
    }
}

impl StoreOpaque {
    fn parts(&mut self) -> Parts<'_> {
        let Gc { heap, shapes, externs, moved, roots, temporaries, .. } = &mut self.gc;
        let places = Places {
            roots: roots.get_mut(),
            temporaries,
            globals: &self.globals,
            instances: &self.instances,
            tables: &self.tables,
            exceptions: self.exceptions.get_mut(),
            vm: self.vm.as_ptr(),
            suspended: self.suspended.as_deref(),
        };
        Parts { places, heap: heap.as_mut(), shapes, externs, moved }
    }

    /// Moves the objects that are needed together and forgets the others, and external references that nobody has.
    /// Returns the values that these referred to, to be dropped when nothing uses the store.
    #[must_use]
    #[inline(never)]
    pub fn collect(&mut self) -> Vec<Value> {
        if self.gc.paused > 0 {
            return Vec::new();
        }
        let (next, externs) = (self.next(), self.gc.externs.len());
        let stress = self.engine.config().stresses_gc();
        let mut garbage = Vec::new();
        let Parts { mut places, heap, shapes, externs: entries, .. } = self.parts();
        places.roots.trim();
        let has_objects = heap.is_some();
        let mut collection = Collection::new(heap, next, shapes, entries);
        places.visit(&mut collection);
        if has_objects {
            places.visit_frames(&mut collection);
        }
        if externs > 0 {
            places.each_word_of_stacks(|word| collection.visit_stack(word));
        }
        let (next, root_words) = collection.finish(stress, &mut garbage);
        self.forgot_externs(externs);
        self.gc.root_words = root_words;
        self.gc.collections += 1;
        self.settle(next);
        garbage
    }

    /// There were so many external references before.
    fn forgot_externs(&mut self, before: usize) {
        self.held.subtract(Kind::Tables, (before - self.gc.externs.len()) * externs::BYTES);
    }

    /// Makes those young objects old that are needed, and forgets the others. Goes on with, or begins, finding out which
    /// old ones are needed, if it is time for that or somebody is in a `hurry` about external references. Returns values
    /// as [`StoreOpaque::collect`] does.
    ///
    /// # Panics
    /// If there are no old objects, or no collections at present.
    #[must_use]
    #[inline(never)]
    pub fn collect_young(&mut self, hurry: bool) -> Vec<Value> {
        assert!(self.gc.paused == 0, "nothing moves at present");
        let (next, had_externs) = (self.next(), self.gc.externs.len());
        let stress = self.engine.config().stresses_gc();
        let most = self.engine.config().gc_heap_most().min(Heap::MOST);
        let mut garbage = Vec::new();
        let large = std::mem::take(&mut self.gc.large);
        let Parts { mut places, heap, shapes, externs, moved } = self.parts();
        let heap = heap.expect("there are old objects");
        let (base, nursery) = (heap.base(), heap.young_start()..next);
        let old = heap.old_mut().expect("there are old objects");
        #[cfg(debug_assertions)]
        if stress || old.used() < CHECKED {
            old.debug_assert_cards(nursery.clone(), shapes);
        }
        let (before, top) = (old.used(), old.top());
        places.roots.trim();
        // SAFETY: young and old objects are there, and the store leaves room for those that become old.
        let mut young = unsafe { Young::new(base, nursery.clone(), old, shapes, externs, moved) };
        places.visit(&mut young);
        places.visit_frames(&mut young);
        let root_words = young.finish();
        let promoted = old.used() - before + large;
        if old.marks() {
            let budget = budget(old, promoted, most) + if hurry { old.used() / 32 } else { 0 };
            let budget = if stress { promoted } else { budget };
            // To forget takes time, too: after a long step it waits for the next collection.
            let most_before = if stress || hurry { budget } else { budget / 4 };
            if old.step(budget, shapes, externs).is_some_and(|spent| spent <= most_before) {
                places.each_word_of_stacks(|word| {
                    if let Ok(word) = u32::try_from(word)
                        && let Some(object) = externs.mark(word)
                    {
                        old.mark(object);
                    }
                });
                old.step(u64::MAX >> 1, shapes, externs);
                if old.sweep(stress) {
                    externs.sweep(root_words + old.kept() / 8, &mut garbage);
                } else {
                    externs.unmark();
                }
            }
        } else if stress || hurry || old.used() - old.kept() >= growth(old.kept(), most) {
            old.begin();
        }
        heap.discard_some(top);
        if stress {
            // SAFETY: whatever is needed of the nursery was moved.
            unsafe { heap.poison(nursery) };
        }
        self.forgot_externs(had_externs);
        self.gc.root_words = root_words;
        self.gc.collections += 1;
        self.settle_young();
        garbage
    }
}

/// Where old objects take no more than so many bytes, their cards are checked at each collection.
#[cfg(debug_assertions)]
const CHECKED: u64 = 4 << 20;

/// So many bytes are looked through at each collection of the nursery, at least.
const STEP: u64 = 256 << 10;

/// It is found out what is needed once old objects take so many bytes more than last time, at least.
const GROWTH: u64 = 8 << 20;

/// How many bytes more than the `kept` ones old objects may take before it is found out what is needed; `most` bytes are
/// the limit.
fn growth(kept: u64, most: u64) -> u64 {
    kept.max(GROWTH).min(most.saturating_sub(kept) / 3)
}

/// How many bytes are to be looked through after so many were `promoted`, so that all are before there is no more room.
fn budget(old: &Old, promoted: u64, most: u64) -> u64 {
    let room = most.saturating_sub(old.used()).max(1);
    STEP + promoted * (2 * old.used() / room).clamp(1, 64)
}

/// Passes on the frames of compiled code on all stacks of the store: where each goes on, and its frame pointer.
///
/// # Safety
/// As for [`StoreOpaque::collect_now`]; `vm` is the store's context, `suspended` are
/// its suspended calls.
unsafe fn each_frame(vm: *mut VMStoreContext, suspended: Option<&SuspendedStacks>, mut each: impl FnMut(usize, usize)) {
    // SAFETY: guaranteed by the caller.
    unsafe {
        frames::each_frame(vm, thread::innermost(), None, &mut |pc, fp| {
            each(pc, fp);
            true
        });
    }
    if let Some(suspended) = suspended {
        suspended.each_frame(&mut each);
    }
}

/// Passes on the slots with references of the frame `fp`, which goes on at `pc`.
///
/// # Safety
/// It must be a frame of compiled code that waits for a call.
unsafe fn each_slot(pc: usize, fp: usize, mut each: impl FnMut(*mut u64)) {
    // SAFETY: guaranteed by the caller; code that is returned to is alive.
    let Some((records, code)) = (unsafe { lookup::returning_to(pc) }) else { return };
    for (disp, count) in records.ref_slots(code) {
        let first = fp.wrapping_add_signed(disp as isize);
        for i in 0..count as usize {
            each((first - 8 * i) as *mut u64);
        }
    }
}
