//! When a store is collected, and how much memory its objects get.
//!
//! A small heap is collected as a whole where objects no longer fit, so that afterwards there is room for as much as was
//! kept, or more. As soon as more than [`SMALL`] is kept, or a large object is made, objects are old, and the nursery is
//! collected where it is full; what is needed of the old ones is found out in steps. Only where there is no room for
//! more, or the host asks, is everything moved together, which takes time in proportion to all that is needed.
//!
//! External references are looked for where there are twice as many as were kept. All of that happens later if there are
//! many roots. So all collections together take time in proportion to what is made, unless limits leave little room: a
//! heap that is nearly full counts as full.

use crate::vm::fiber;
use crate::vm::gc::externs::{self, Value};
use crate::vm::gc::heap::Heap;
use crate::vm::gc::old::{LINE, Old};
use crate::vm::gc::{Gc, GcHeapOutOfMemory, too_large};
use crate::vm::held::Kind;
use crate::vm::limits;
use crate::vm::store::StoreOpaque;
use crate::{Error, Result};
use headwater_codegen::vmctx::gc;

/// So many bytes of objects are made before the first collection.
const AT_LEAST: u64 = 1 << 20;

/// A heap that is not large may take four times as much as what is kept, up to so many bytes more than twice as much:
/// what takes long is to move what is kept, again and again.
const MORE: u64 = 32 << 20;

/// A heap whose objects leave less than this part of what they take is full.
const NEARLY: u64 = 32;

/// The bytes of a heap that is collected as a whole, if limits allow more.
const SMALL: u64 = 512 << 10;

/// The bytes of the nursery.
const YOUNG: u64 = 1 << 20;

/// Objects that are larger are made among the old ones.
const LARGE: u64 = 32 << 10;

/// After so many bytes of such objects, the nursery is collected though it is not full: finding out what is needed goes
/// on then.
const MOST_LARGE: u64 = 4 << 20;

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
            (*vm).gc_next = next.unwrap_or_else(|| (*vm).gc_next.max(heap.first()));
            // Without room, each object is made by the runtime.
            (*vm).gc_limit = if stress { 0 } else { heap.limit() };
        }
    }

    /// Up to where the heap has objects.
    pub(super) fn next(&self) -> u64 {
        // SAFETY: as above.
        unsafe { (*self.vm.as_ptr()).gc_next }
    }

    /// Bytes of objects, needed or not.
    pub(super) fn used(&self) -> u64 {
        let Some(heap) = &self.gc.heap else { return 0 };
        heap.old().map_or(0, Old::used) + self.next() - heap.first()
    }

    /// Decides when the next collection is, after one that left objects up to `next` and has moved them together.
    pub(super) fn settle(&mut self, next: u64) {
        let Some(heap) = &mut self.gc.heap else { return };
        let kept = next - heap.start();
        let room = wanted(kept, self.gc.root_words);
        let before = heap.capacity();
        if before > 2 * room {
            // Less is always possible.
            let _ = heap.set_capacity(room);
        }
        heap.set_limit(room);
        self.gc.large = 0;
        let freed = before - heap.capacity();
        self.held.subtract(Kind::Memories, 2 * freed as usize);
        self.publish(Some(next));
        if kept > self.small() && !self.gc.whole {
            // If there is not enough room yet, it happens when there is.
            self.make_old();
        }
    }

    /// The same after a collection of the nursery.
    pub(super) fn settle_young(&mut self) {
        let young = self.young();
        let Gc { heap: Some(heap), moved, .. } = &mut self.gc else { return };
        if heap.young_capacity() < young
            && moved.try_reserve((young / u64::from(gc::ALIGN)) as usize - moved.len()).is_ok()
        {
            // If there is no memory, the nursery stays as it is.
            let _ = heap.set_young_capacity(young);
        }
        let left = heap.capacity() - heap.old().map_or(0, Old::top);
        heap.set_young_limit(young.min(Old::most_young(left)));
        let first = heap.young_start();
        self.publish(Some(first));
    }

    /// How many bytes the nursery is to have: the time that a collection takes depends on the roots, too.
    fn young(&self) -> u64 {
        YOUNG.max(4 * self.gc.root_words).min(Heap::MOST_YOUNG)
    }

    /// See [`SMALL`].
    fn small(&self) -> u64 {
        if self.engine.config().stresses_gc() { 0 } else { SMALL }
    }

    /// The objects of the heap are old from now on, if there is room for young ones. Whether they are.
    fn make_old(&mut self) -> bool {
        let (next, young) = (self.next(), self.young());
        let Gc { heap: Some(heap), shapes, moved, .. } = &mut self.gc else { return false };
        if heap.old().is_some() {
            return true;
        }
        if (next - heap.start()).next_multiple_of(LINE) + Old::reserve_for(young) > heap.capacity() {
            return false;
        }
        // Without memory for what is to be known, the heap stays as it is.
        if moved.try_reserve((young / u64::from(gc::ALIGN)) as usize).is_err()
            || heap.set_young_capacity(young).is_err()
        {
            return false;
        }
        // SAFETY: the objects are there as long as the heap, which forgets what is known of them before they move.
        match unsafe { Old::new(heap.base(), heap.start(), next, heap.capacity(), shapes) } {
            Ok(old) => heap.make_old(old),
            Err(_) => return false,
        }
        self.settle_young();
        true
    }

    /// Collects everything, and drops the values that nobody refers to.
    ///
    /// # Safety
    /// `store` must reach all of its store, which nothing else may be using; compiled code of it waits, if there is any.
    pub unsafe fn collect_now(store: *mut StoreOpaque) {
        // SAFETY: guaranteed by the caller.
        unsafe {
            let garbage = (*store).collect();
            Self::drop_values(store, garbage);
        }
    }

    /// Collects what it is time for, which may be young objects only.
    ///
    /// # Safety
    /// As for [`StoreOpaque::collect_now`].
    pub unsafe fn collect_some(store: *mut StoreOpaque, hurry: bool) {
        // SAFETY: guaranteed by the caller.
        unsafe {
            let gc = (*store).gc();
            if gc.paused > 0 {
                return;
            }
            // For tests: everything moves again and again.
            let moves = (*store).engine.config().stresses_gc() && gc.collections.is_multiple_of(3);
            if moves || gc.heap.as_ref().is_none_or(|heap| heap.old().is_none()) {
                return Self::collect_now(store);
            }
            let garbage = (*store).collect_young(hurry);
            Self::drop_values(store, garbage);
        }
    }

    /// # Safety
    /// As for [`StoreOpaque::collect_now`].
    unsafe fn drop_values(store: *mut StoreOpaque, garbage: Vec<Value>) {
        if !garbage.is_empty() {
            // SAFETY: guaranteed by the caller. Values of the embedder are dropped where it cannot wait.
            unsafe { fiber::without(&raw mut (*store).fiber, |_| drop(garbage)) };
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
            (*store).bump(bytes).or_else(|| (*store).bump_old(bytes)).ok_or_else(|| out_of_memory(bytes))
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
            (*store).bump(bytes).or_else(|| (*store).bump_old(bytes)).ok_or_else(|| out_of_memory(bytes))
        }
    }

    #[inline]
    fn bump(&mut self, bytes: u64) -> Option<u32> {
        let heap = self.gc.heap.as_ref()?;
        debug_assert!(bytes.is_multiple_of(gc::ALIGN.into()));
        if bytes > LARGE && heap.old().is_some() {
            return if self.gc.large + bytes <= MOST_LARGE { self.bump_old(bytes) } else { None };
        }
        let at = self.next();
        if bytes > heap.limit() - at {
            return None;
        }
        // SAFETY: the context lives as long as the store, which is borrowed.
        unsafe { (*self.vm.as_ptr()).gc_next = at + bytes };
        u32::try_from(at).ok()
    }

    /// A place for an object among the old ones, if there are any, and room for it.
    fn bump_old(&mut self, bytes: u64) -> Option<u32> {
        let heap = self.gc.heap.as_mut()?;
        let left = heap.capacity() - heap.old()?.top();
        if left < Old::reserve_for(heap.limit() - heap.young_start()) + Old::most_taken(bytes) {
            return None;
        }
        let object = heap.old_mut()?.allocate(bytes)?;
        // It is filled without a word.
        heap.dirty(object, gc::FIELDS.into(), bytes);
        self.gc.large += bytes;
        Some(object)
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
            let may = may && (*store).gc.paused == 0;
            if may && (*store).used() > 0 {
                Self::collect_some(store, false);
            }
            if Self::make_room_among_old(store, bytes, may)? {
                return Ok(());
            }
            if (*store).has_old() {
                if !may {
                    return Err(out_of_memory(bytes));
                }
                // Without a nursery there may be.
                (*store).gc.whole = true;
                Self::collect_now(store);
                (*store).gc.whole = false;
                if Self::make_room_among_old(store, bytes, may)? {
                    return Ok(());
                }
            }
            let used = (*store).used();
            // One that is nearly full would be collected all the time.
            let least = used + bytes + used / NEARLY;
            let most = (*store).most();
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

    fn has_old(&self) -> bool {
        self.gc.heap.as_ref().is_some_and(|heap| heap.old().is_some())
    }

    /// The most bytes of objects.
    fn most(&self) -> u64 {
        self.engine.config().gc_heap_most().min(Heap::MOST)
    }

    /// Sees to it that there is room for new objects, and one of `bytes`, in a heap with old objects; makes one of it if
    /// it is no longer small. Whether it is one and there is room.
    ///
    /// # Errors
    /// If the limiter fails.
    ///
    /// # Safety
    /// As for [`StoreOpaque::collect_now`].
    unsafe fn make_room_among_old(store: *mut StoreOpaque, bytes: u64, may: bool) -> Result<bool> {
        // SAFETY: guaranteed by the caller. Nothing of the store is borrowed while the limiter is asked.
        unsafe {
            let (is_old, most, young) = ((*store).has_old(), (*store).most(), (*store).young());
            let heap = (*store).gc.heap.as_ref().expect("it was made");
            let end = match heap.old() {
                Some(old) => old.top(),
                None => (*store).used().next_multiple_of(LINE),
            };
            if !is_old && end <= (*store).small() && bytes <= (*store).small() {
                return Ok(false);
            }
            // What is in the nursery stays there if nothing moves.
            let young = if is_old && !may { young.max(heap.limit() - heap.young_start()) } else { young };
            let least = end + Old::reserve_for(young) + Old::most_taken(bytes);
            if heap.capacity() < least {
                if least > most {
                    return Ok(false);
                }
                let wanted = wanted(end, 0).max(least).min(most);
                limits::grow_heap(store, least, wanted, most)?;
            }
            let heap = (*store).gc.heap.as_ref().expect("it was made");
            if heap.capacity() < least || !(*store).make_old() {
                return Ok(false);
            }
            if may && is_old {
                (*store).settle_young();
            }
            Ok(true)
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
            let (first, stress) = (heap.first(), (*store).engine.config().stresses_gc());
            if (*store).next() - first > (heap.limit() - first) / 2 || stress {
                Self::collect_some(store, false);
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
                Self::collect_some(store, true);
                // While it is found out which of them are needed, there may be more, but not without end.
                let externs = &mut (*store).gc.externs;
                externs.allow(externs.len() / 32);
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
