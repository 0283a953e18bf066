//! When a store is collected, and what its objects and external references are reached from.
//!
//! Roots are the host's handles, globals, tables, element segments, arguments of exceptions, and slots of frames of
//! compiled code, on all stacks that the store's calls are on; where frames have references say the records of their
//! modules ([`RefSite`](headwater_codegen::record::RefSite)). Objects move, so these must be all. External references do
//! not: modules without types of objects have no such records, and whatever looks like one on a stack keeps its entry.
//!
//! A store is collected where objects no longer fit, so that afterwards there is room for as much as was kept, or more, and where
//! there are twice as many external references as were kept; in both cases later if there are many roots. So all
//! collections together take time in proportion to what is made, unless limits leave little room: a heap that is nearly
//! full counts as full.

use crate::module::lookup;
use crate::vm::context::VMStoreContext;
use crate::vm::fiber;
use crate::vm::frames;
use crate::vm::gc::collect::Collection;
use crate::vm::gc::externs::{self, Value};
use crate::vm::gc::heap::Heap;
use crate::vm::gc::{Gc, GcHeapOutOfMemory, is_collected, is_collected_value, too_large};
use crate::vm::held::Kind;
use crate::vm::limits;
use crate::vm::resumable::SuspendedStacks;
use crate::vm::store::StoreOpaque;
use crate::vm::thread;
use crate::{Error, Result};
use headwater_codegen::vmctx::gc;

/// So many bytes of objects are made before the first collection.
const AT_LEAST: u64 = 1 << 20;

/// A heap that is not large may take four times as much as what is kept, up to so many bytes more than twice as much:
/// what takes long is to move what is kept, again and again.
const MORE: u64 = 32 << 20;

/// A heap whose objects leave less than this part of what they take is full.
const NEARLY: u64 = 32;

/// Looking for the references of a frame takes as long as looking at so many words.
const FRAME: u64 = 16;

/// How many bytes objects may take before the next collection, if `used` bytes were kept by the last one, which looked at
/// `roots` words elsewhere.
fn wanted(used: u64, roots: u64) -> u64 {
    (2 * used + (2 * used).min(MORE)).max(used + roots).max(AT_LEAST)
}

impl StoreOpaque {
    /// What there is for garbage collection.
    #[inline]
    pub fn gc(&self) -> &Gc {
        &self.gc
    }

    /// The same, to be changed.
    #[inline]
    pub fn gc_mut(&mut self) -> &mut Gc {
        &mut self.gc
    }

    /// Whether the type with number `sub`, of an object or a function in the store, is that with number `sup` or a
    /// subtype.
    pub fn is_subtype(&mut self, sub: u32, sup: u32) -> bool {
        self.gc.is_subtype(&self.engine, sub, sup)
    }

    /// Makes the heap, if there is none. Returns its base.
    ///
    /// # Errors
    /// If the system has no addresses.
    pub fn ensure_heap(&mut self) -> Result<*mut u8> {
        if self.gc.heap.is_none() {
            let heap = Heap::new()?;
            let base = heap.base();
            self.gc.heap = Some(heap);
            // SAFETY: the context lives as long as the store.
            unsafe { (*self.vm()).gc_base = base };
            self.publish(None);
            // To instances of modules without types of objects, which only get objects of others.
            for instance in self.instances.iter() {
                // SAFETY: the instance lives as long as the store, which is borrowed.
                unsafe { instance.as_ref() }.set_heap_base(base);
            }
        }
        Ok(self.heap_base().unwrap_or(std::ptr::null_mut()))
    }

    /// The heap's base, if there is a heap.
    pub fn heap_base(&self) -> Option<*mut u8> {
        self.gc.heap.as_ref().map(Heap::base)
    }

    /// Tells compiled code up to where it may make objects, and where the next one is, if that has changed.
    fn publish(&mut self, next: Option<u64>) {
        let Some(heap) = &self.gc.heap else { return };
        let stress = self.engine.config().stresses_gc();
        let vm = self.vm.as_ptr();
        // SAFETY: the context lives as long as the store, which is borrowed.
        unsafe {
            (*vm).gc_next = next.unwrap_or_else(|| (*vm).gc_next.max(heap.start()));
            // Without room, each object is made by the runtime.
            (*vm).gc_limit = if stress { 0 } else { heap.limit() };
        }
    }

    /// Up to where the heap has objects.
    fn next(&self) -> u64 {
        // SAFETY: as above.
        unsafe { (*self.vm.as_ptr()).gc_next }
    }

    /// Bytes of objects, needed or not.
    fn used(&self) -> u64 {
        self.gc.heap.as_ref().map_or(0, |heap| self.next() - heap.start())
    }

    /// Moves the objects that are needed together and forgets the others, and external references that nobody has.
    /// Returns the values that these referred to, to be dropped when nothing uses the store.
    #[must_use]
    #[inline(never)]
    pub fn collect(&mut self) -> Vec<Value> {
        if self.gc.paused > 0 {
            return Vec::new();
        }
        let (vm, next, externs) = (self.vm.as_ptr(), self.next(), self.gc.externs.len());
        let stress = self.engine.config().stresses_gc();
        let mut garbage = Vec::new();
        let roots = self.gc.roots.get_mut();
        roots.trim();
        let (has_objects, has_externs) = (self.gc.heap.is_some(), externs > 0);
        let mut collection = Collection::new(self.gc.heap.as_mut(), next, &self.gc.shapes, &mut self.gc.externs);
        for word in roots.iter_mut().chain(&mut self.gc.temporaries) {
            *word = collection.visit(*word);
        }
        for global in self.globals.iter().filter(|global| is_collected_value(global.ty.content())) {
            // SAFETY: globals, instances and tables live as long as the store, which is borrowed.
            unsafe { collection.visit_word(&raw mut (*global.at).lo) };
        }
        for instance in self.instances.iter() {
            // SAFETY: as above.
            unsafe { (*instance.as_ptr()).each_collected(|at| collection.visit_word(at)) };
        }
        for table in self.tables.iter() {
            // SAFETY: as above.
            unsafe {
                let table = table.as_ptr();
                if is_collected((*table).ty().element().heap_type()) {
                    (*table).each_word(|at| collection.visit_word(at));
                }
            }
        }
        self.exceptions.get_mut().each_argument(|at, ty| {
            if is_collected_value(ty) {
                // SAFETY: an argument of an exception of this store.
                unsafe { collection.visit_word(at) };
            }
        });
        if has_objects {
            let each = |pc, fp| {
                collection.spent(FRAME);
                // SAFETY: the frame is on a stack of the store's, and waits.
                unsafe { each_slot(pc, fp, |at| collection.visit_word(at)) };
            };
            // SAFETY: this thread runs whatever activations the store has.
            unsafe { each_frame(vm, self.suspended.as_deref(), each) };
        }
        if has_externs {
            let mut mark = |word| collection.visit_stack(word);
            // SAFETY: as above.
            unsafe { frames::each_word_of_stack(vm, thread::innermost(), None, &mut mark) };
            if let Some(suspended) = &self.suspended {
                suspended.each_word(&mut mark);
            }
        }
        let (next, root_words) = collection.finish(stress, &mut garbage);
        self.held.subtract(Kind::Tables, (externs - self.gc.externs.len()) * externs::BYTES);
        self.gc.root_words = root_words;
        self.gc.collections += 1;
        self.settle(next);
        garbage
    }

    /// Decides when the next collection is, after one that left objects up to `next`.
    fn settle(&mut self, next: u64) {
        let Some(heap) = &mut self.gc.heap else { return };
        let room = wanted(next - heap.start(), self.gc.root_words);
        let before = heap.capacity();
        if before > 2 * room {
            // Less is always possible.
            let _ = heap.set_capacity(room);
        }
        heap.set_limit(room);
        let freed = before - heap.capacity();
        self.held.subtract(Kind::Memories, 2 * freed as usize);
        self.publish(Some(next));
    }

    /// Collects, and drops the values that nobody refers to.
    ///
    /// # Safety
    /// `store` must reach all of its store, which nothing else may be using; compiled code of it waits, if there is any.
    pub unsafe fn collect_now(store: *mut StoreOpaque) {
        // SAFETY: guaranteed by the caller. Values of the embedder are dropped where it cannot wait.
        unsafe {
            let garbage = (*store).collect();
            if !garbage.is_empty() {
                fiber::without(&raw mut (*store).fiber, |_| drop(garbage));
            }
        }
    }

    /// Makes an object of `bytes`, which is not initialised: that is to be done before anything else happens in the
    /// store. May collect.
    ///
    /// # Errors
    /// If it is larger than objects can be, if there is no room, or the limiter fails.
    ///
    /// # Safety
    /// As for [`StoreOpaque::collect_now`].
    pub unsafe fn allocate(store: *mut StoreOpaque, bytes: u64) -> Result<u32> {
        // SAFETY: guaranteed by the caller.
        unsafe {
            let stress = (*store).engine.config().stresses_gc();
            if !stress && let Some(object) = (*store).bump(bytes) {
                return Ok(object);
            }
            Self::make_room(store, bytes, true)?;
            (*store).bump(bytes).ok_or_else(|| out_of_memory(bytes))
        }
    }

    /// The same without a collection: what refers to objects need not be where roots are found.
    ///
    /// # Errors
    /// As for [`StoreOpaque::allocate`].
    ///
    /// # Safety
    /// As for [`StoreOpaque::collect_now`].
    pub unsafe fn allocate_in_place(store: *mut StoreOpaque, bytes: u64) -> Result<u32> {
        // SAFETY: guaranteed by the caller.
        unsafe {
            if let Some(object) = (*store).bump(bytes) {
                return Ok(object);
            }
            Self::make_room(store, bytes, false)?;
            (*store).bump(bytes).ok_or_else(|| out_of_memory(bytes))
        }
    }

    #[inline]
    fn bump(&mut self, bytes: u64) -> Option<u32> {
        let heap = self.gc.heap.as_ref()?;
        debug_assert!(bytes.is_multiple_of(gc::ALIGN.into()));
        let at = self.next();
        if bytes > heap.limit() - at {
            return None;
        }
        // SAFETY: the context lives as long as the store, which is borrowed.
        unsafe { (*self.vm.as_ptr()).gc_next = at + bytes };
        u32::try_from(at).ok()
    }

    /// Sees to it that an object of `bytes` can be made, by a collection if there `may` be one, then by more memory.
    ///
    /// # Errors
    /// As for [`StoreOpaque::allocate`].
    ///
    /// # Safety
    /// As for [`StoreOpaque::collect_now`].
    pub unsafe fn make_room(store: *mut StoreOpaque, bytes: u64, may: bool) -> Result<()> {
        if bytes > Heap::MOST {
            return Err(too_large());
        }
        // SAFETY: guaranteed by the caller. Nothing of the store is borrowed while the limiter is asked.
        unsafe {
            (*store).ensure_heap()?;
            if may && (*store).used() > 0 {
                Self::collect_now(store);
            }
            let used = (*store).used();
            // One that is nearly full would be collected all the time.
            let least = used + bytes + used / NEARLY;
            let most = (*store).engine.config().gc_heap_most().min(Heap::MOST);
            if least > most {
                return Err(out_of_memory(bytes));
            }
            let wanted = wanted(used, (*store).gc.root_words).max(least).min(most);
            limits::grow_heap(store, least, wanted, most)?;
            let heap = (*store).gc.heap.as_mut().expect("it was just made");
            if heap.capacity() < least {
                return Err(out_of_memory(bytes));
            }
            heap.set_limit(wanted);
            (*store).publish(None);
            Ok(())
        }
    }

    /// Collects if objects take more than half of what they may take before the next collection.
    ///
    /// # Safety
    /// As for [`StoreOpaque::collect_now`].
    pub unsafe fn collect_if_half_full(store: *mut StoreOpaque) {
        // SAFETY: guaranteed by the caller.
        unsafe {
            let Some(heap) = &(*store).gc.heap else { return };
            let room = heap.limit() - heap.start();
            let stress = (*store).engine.config().stresses_gc();
            if (*store).used() > room / 2 || stress {
                Self::collect_now(store);
            }
        }
    }

    /// A reference to `value`. May collect.
    ///
    /// # Errors
    /// If there are too many, there is no memory, or the store may not hold as much.
    ///
    /// # Safety
    /// As for [`StoreOpaque::collect_now`].
    pub unsafe fn new_extern(store: *mut StoreOpaque, value: Value) -> Result<u32> {
        // SAFETY: guaranteed by the caller.
        unsafe {
            if (*store).gc.externs.is_full() || (*store).engine.config().stresses_gc() {
                Self::collect_now(store);
            }
            (*store).held.check(Kind::Tables, externs::BYTES)?;
            let word = (*store).gc.externs.add_value(value)?;
            (*store).held.add(Kind::Tables, externs::BYTES);
            Ok(word)
        }
    }

    /// The reference in the hierarchy of `extern` to what `word`, in that of `any`, refers to. Does not collect.
    ///
    /// # Errors
    /// If there are too many, there is no memory, or the store may not hold as much.
    pub fn extern_of_any(&mut self, word: u32) -> Result<u32> {
        let before = self.gc.externs.len();
        self.held.check(Kind::Tables, externs::BYTES)?;
        let word = self.gc.extern_of_any(word)?;
        self.held.add(Kind::Tables, (self.gc.externs.len() - before) * externs::BYTES);
        Ok(word)
    }

    /// A new object of the type with number `number`, which the store knows, with `len` elements if that is an array
    /// type: all numbers 0, all references null. May collect.
    ///
    /// # Errors
    /// As for [`StoreOpaque::allocate`].
    ///
    /// # Panics
    /// If the store does not know the type.
    ///
    /// # Safety
    /// As for [`StoreOpaque::collect_now`].
    pub unsafe fn new_object(store: *mut StoreOpaque, number: u32, len: u32) -> Result<u32> {
        // SAFETY: guaranteed by the caller; the object is as large as its type says.
        unsafe {
            let (bytes, number) = (*store).gc.plan(number, len);
            let object = Self::allocate(store, bytes)?;
            (*store).gc.clear(object, bytes, number, len);
            Ok(object)
        }
    }

    /// Bytes of memory that objects may use at present, and that collections need.
    pub fn gc_heap_capacity(&self) -> usize {
        self.gc.heap.as_ref().map_or(0, |heap| 2 * heap.capacity() as usize)
    }
}

impl Gc {
    /// The size of an object, and the number of its type as the object has it.
    ///
    /// # Panics
    /// If the type is not known.
    pub fn plan(&self, number: u32, len: u32) -> (u64, u32) {
        let shape = self.shapes.get(number).expect("the type of a new object is known");
        let array = if shape.layout.is_array { gc::ARRAY } else { 0 };
        (shape.size(len), number | array)
    }

    /// Makes `bytes` an object of zeros and nulls.
    ///
    /// # Safety
    /// They must have been allocated, for an object of that type.
    pub unsafe fn clear(&self, object: u32, bytes: u64, number: u32, len: u32) {
        // SAFETY: guaranteed by the caller.
        unsafe {
            self.at(object, 0).write_bytes(0, bytes as usize);
            self.set_header(object, number, len);
        }
    }
}

fn out_of_memory(bytes: u64) -> Error {
    Error::new(GcHeapOutOfMemory::new((), bytes))
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
