//! What instances are made of, whatever the embedder's data: the part of a store that the runtime works with.

#[cfg(feature = "coredump")]
use crate::Error;
use crate::engine::epoch::{self, Deadline};
use crate::engine::{Demand, TypeUse};
use crate::hash::IntMap;
use crate::module::Module;
use crate::sync::{self, atomic::AtomicBool};
use crate::types::{FuncType, HeapType};
use crate::vm::arena::{Arena, Place, Slots};
use crate::vm::context::{EntryFn, VMCallState, VMContext, VMFuncRef, VMStoreContext, ValRaw, entry_fn};
use crate::vm::deadline::UpdateDeadline;
use crate::vm::exception::{Exceptions, Landing, VMException, VMTag, is_exnref};
use crate::vm::fiber::{FiberContext, Home};
use crate::vm::frames;
use crate::vm::gc::Gc;
use crate::vm::global::GlobalData;
use crate::vm::held::{Held, Kind};
use crate::vm::host::HostFunc;
use crate::vm::host::VMHostFuncContext;
use crate::vm::instance::InstanceData;
use crate::vm::limits::{DEFAULT_COUNT, Question};
use crate::vm::memories::Memories;
use crate::vm::memory::LinearMemory;
use crate::vm::resumable::SuspendedStacks;
use crate::vm::table::Table;
use crate::vm::thread;
use crate::vm::thunks;
use crate::vm::unwind::Unwind;
use crate::{Engine, Result};
use anyhow::{Context, bail};
use headwater_codegen::TrapCode;
use headwater_codegen::vmctx::{func_ref, gc};
use std::cell::RefCell;
use std::num::NonZeroU64;
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Distinguishes stores, so that handles are only used with their own.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct StoreId(NonZeroU64);

impl StoreId {
    fn fresh() -> StoreId {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        StoreId(NonZeroU64::new(n).expect("2⁶⁴ stores are not made in a lifetime"))
    }
}

/// A handle's reference to something in a store.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Stored {
    pub store: StoreId,
    pub place: Place,
}

/// The numbers of a store's handles that end with their scope.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Handles {
    exceptions: usize,
    references: usize,
}

/// The part of a store that does not depend on the embedder's data.
pub(crate) struct StoreOpaque {
    id: StoreId,
    pub(super) engine: Engine,
    /// Separate, because compiled code and the signal handler read and write it no matter who borrows the store.
    pub(super) vm: NonNull<VMStoreContext>,
    pub max_wasm_stack: usize,
    pub instances: Arena<InstanceData>,
    pub memories: Memories,
    pub tables: Arena<Table>,
    pub globals: Slots<GlobalData>,
    pub host_funcs: Arena<VMHostFuncContext>,
    /// Host functions that were defined outside of a store, by address, so that each is only one function here.
    pub(super) known_host_funcs: IntMap<usize, NonNull<VMFuncRef>>,
    /// Entry trampolines by canonical number. All are for types of functions in the store, which keep the number and
    /// the trampolines alive.
    entries: IntMap<u32, EntryFn>,
    pub(super) gc: Gc,
    /// Known by their addresses.
    pub tags: Arena<VMTag>,
    pub(super) exceptions: RefCell<Exceptions>,
    unwind: Option<Unwind>,
    /// If the engine interrupts at all.
    pub(super) deadline: Option<Deadline>,
    pub(super) hooks: &'static Hooks,
    pub max_instances: usize,
    pub max_memories: usize,
    pub max_tables: usize,
    pub max_resumable_calls: usize,
    /// What memories, tables and instances take up.
    pub held: Held,
    /// See [`Store::keep_memories_in_place`].
    pub memories_in_place: bool,
    /// Whether waits are to end ([`Store::wait_stopper`](crate::Store::wait_stopper)), if somebody can say so.
    pub stops_waits: Option<sync::Arc<AtomicBool>>,
    /// The fiber that the store's code or the runtime runs on, if it may wait; null if not (`MAY_WAIT`, [`fiber`]).
    pub fiber: *const FiberContext,
    /// Once there was a resumable call.
    pub(super) suspended: Option<Arc<SuspendedStacks>>,
    /// Whether anything was freed that handles may be of ([`reclaim`](crate::vm::reclaim)).
    pub reclaimed: bool,
    /// The types of what was freed, by number: what numbers mean is known as long as the store lives.
    pub(super) retained: IntMap<u32, TypeUse>,
    /// Fuel that code gets when what it has is used up; beforehand, other tasks run.
    pub(super) fuel_later: u64,
    /// How much of it at once.
    pub(super) fuel_interval: Option<NonZeroU64>,
}

/// Questions to the embedder, which need the store's data, whose type only the whole store knows.
///
/// # Safety
/// The functions are to be called with a pointer that reaches all of the store that they were found in.
pub(crate) struct Hooks {
    /// See [`StoreOpaque::ask`].
    pub limiter: unsafe fn(*mut StoreOpaque, Question) -> Result<bool>,
    /// Adds to the error of a call what the store contained.
    #[cfg(feature = "coredump")]
    pub explain: fn(&mut StoreOpaque, Error) -> Error,
    /// The epoch's deadline was reached. `None`: no callback is set.
    pub deadline: unsafe fn(*mut StoreOpaque) -> Option<Result<UpdateDeadline>>,
}

impl StoreOpaque {
    pub fn new(engine: Engine, hooks: &'static Hooks) -> StoreOpaque {
        let vm = Box::new(VMStoreContext {
            call: VMCallState::default(),
            interrupt: AtomicUsize::new(epoch::UNDISTURBED),
            fuel: if engine.config().checks().fuel && !engine.config().is_boundless() { 0 } else { i64::MAX },
            gc_next: 0,
            gc_limit: 0,
            gc_base: ptr::null_mut(),
            float_pins: 0,
            store: ptr::null_mut(),
        });
        let mut store = StoreOpaque {
            id: StoreId::fresh(),
            max_wasm_stack: engine.config().stack_size(),
            memories_in_place: engine.config().keeps_memories_in_place(),
            engine,
            vm: NonNull::from(Box::leak(vm)),
            instances: Arena::default(),
            memories: Memories::default(),
            tables: Arena::default(),
            globals: Slots::default(),
            host_funcs: Arena::default(),
            known_host_funcs: IntMap::default(),
            entries: IntMap::default(),
            gc: Gc::default(),
            tags: Arena::default(),
            exceptions: RefCell::default(),
            unwind: None,
            deadline: None,
            hooks,
            max_instances: DEFAULT_COUNT,
            max_memories: DEFAULT_COUNT,
            max_tables: DEFAULT_COUNT,
            max_resumable_calls: DEFAULT_COUNT,
            held: Held::default(),
            stops_waits: None,
            fiber: ptr::null(),
            suspended: None,
            reclaimed: false,
            retained: IntMap::default(),
            fuel_later: 0,
            fuel_interval: None,
        };
        store.set_deadline(if store.engine.config().is_boundless() { u64::MAX } else { 0 });
        store
    }

    pub(super) fn interrupt_word(&self) -> *const AtomicUsize {
        // SAFETY: the context lives as long as the store.
        unsafe { &raw const (*self.vm.as_ptr()).interrupt }
    }

    /// The limiter's numbers: of instances, memories, tables and resumable calls; bytes of memories, of tables and the
    /// like, of all.
    pub fn set_totals(&mut self, counts: (usize, usize, usize, usize), totals: (usize, usize, usize)) {
        (self.held.most_memories, self.held.most_tables, self.held.most) = totals;
        (self.max_instances, self.max_memories, self.max_tables, self.max_resumable_calls) = counts;
    }

    /// Where the stack of another resumable call is to be noted.
    ///
    /// # Errors
    /// If there are as many as there may be.
    pub fn another_resumable_call(&mut self) -> Result<Arc<SuspendedStacks>> {
        let stacks = self.suspended.get_or_insert_default().clone();
        self.check_count("resumable call", stacks.len(), self.max_resumable_calls)?;
        Ok(stacks)
    }

    /// The error of a call, with what the store contained if that was asked for.
    #[cfg(feature = "coredump")]
    pub fn explain(&mut self, error: Error) -> Error {
        (self.hooks.explain)(self, error)
    }

    /// Puts a question to the limiter; everything is allowed if none is set.
    ///
    /// # Errors
    /// What the limiter returns.
    ///
    /// # Safety
    /// `store` must reach all of its store, which nothing else may be using.
    pub unsafe fn ask(store: *mut StoreOpaque, question: Question) -> Result<bool> {
        // SAFETY: guaranteed by the caller.
        unsafe { ((*store).hooks.limiter)(store, question) }
    }

    /// Checks that one more than `count` is allowed.
    pub fn check_count(&self, what: &str, count: usize, limit: usize) -> Result<()> {
        if count >= limit {
            bail!("resource limit exceeded: {what} count too high at {}", count + 1);
        }
        Ok(())
    }

    /// The numbers of all globals.
    #[cfg(feature = "coredump")]
    pub fn global_numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.globals.numbered().map(|(index, _)| index)
    }

    /// The numbers of all memories.
    #[cfg(feature = "coredump")]
    pub fn memory_numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.memories.numbers()
    }

    pub fn memory_count(&self) -> usize {
        self.memories.len()
    }

    pub fn table_count(&self) -> usize {
        self.tables.len()
    }

    #[inline]
    pub fn id(&self) -> StoreId {
        self.id
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What a fiber needs of it.
    ///
    /// # Safety
    /// `store` must reach all of a store.
    pub unsafe fn home(store: *mut StoreOpaque) -> Home {
        // SAFETY: guaranteed by the caller.
        unsafe {
            Home {
                store: store.cast(),
                vm: (*store).vm(),
                slot: &raw mut (*store).fiber,
                max_wasm_stack: (*store).max_wasm_stack,
            }
        }
    }

    /// The part that compiled code knows.
    #[inline]
    pub fn vm(&self) -> *mut VMStoreContext {
        self.vm.as_ptr()
    }

    /// An instance of `module` is about to be made: says so where its functions pin floats, before any can run
    /// (`FLOAT_PINS`).
    pub fn expect_float_pins(&mut self, module: &Module) {
        if module.pins_floats() {
            // SAFETY: the context lives as long as the store, and compiled code that runs only reads the field.
            unsafe { (*self.vm.as_ptr()).float_pins = 1 };
        }
    }

    /// Checks `FLOAT_PINS`.
    pub fn debug_assert_float_pins(&self) {
        // SAFETY: the context and the instances live as long as the store.
        unsafe {
            debug_assert!(
                (*self.vm.as_ptr()).float_pins != 0
                    || self.instances.iter().all(|i| !i.as_ref().module().pins_floats()),
                "an instance that pins floats is not announced in its store's context"
            );
        }
    }

    /// Checks that a handle belongs to this store.
    ///
    /// # Panics
    /// If it does not.
    #[inline]
    pub fn check(&self, store: StoreId) {
        if store != self.id {
            wrong_store();
        }
    }

    /// Checks that a handle is of something in this store, which `has` says.
    ///
    /// # Panics
    /// If it is not.
    #[inline]
    pub fn check_stored(&self, stored: Stored, has: impl FnOnce(&StoreOpaque, Place) -> bool) {
        self.check(stored.store);
        if self.reclaimed && !has(self, stored.place) {
            freed();
        }
    }

    /// Whether a handle is of something in this store, which `has` says.
    pub fn owns(&self, stored: Stored, has: impl FnOnce(&StoreOpaque, Place) -> bool) -> bool {
        stored.store == self.id && has(self, stored.place)
    }

    /// Keeps `memory`; returns its number.
    ///
    /// # Errors
    /// If there is no memory for the list.
    pub fn add_memory(&mut self, memory: LinearMemory) -> Result<u32> {
        self.memories.add(memory)
    }

    /// The number of a memory that is shared with other stores, if it is known here.
    pub fn find_memory(&self, memory: &Arc<LinearMemory>) -> Option<u32> {
        self.memories.find(memory)
    }

    /// Keeps such a memory, which is not known yet; returns its number.
    ///
    /// # Errors
    /// If there is no memory for the list.
    pub fn adopt_memory(&mut self, memory: &Arc<LinearMemory>, held: usize) -> Result<u32> {
        self.memories.adopt(memory, held)
    }

    /// An instance has memory `index` from now on.
    pub fn link_memory(&mut self, index: u32) {
        self.memories.link(index);
    }

    /// Counts what a memory was grown by.
    pub fn hold_memory(&mut self, memory: *const LinearMemory, more: usize) {
        self.held.add(Kind::Memories, more);
        self.memories.hold(memory, more);
    }

    /// Forgets a shared memory that no instance here ever had. Returns whether it was one.
    pub fn release_memory(&mut self, memory: &Arc<LinearMemory>) -> bool {
        let held = self.memories.release(memory);
        held.inspect(|&held| self.held.subtract(Kind::Memories, held)).is_some()
    }

    /// Memory `index`, if it is shared.
    pub fn shared_memory_at(&self, index: u32) -> Option<&Arc<LinearMemory>> {
        self.memories.shared(index)
    }

    pub fn memory_at(&self, index: u32) -> NonNull<LinearMemory> {
        self.memories.get(index)
    }

    /// Keeps `table`; returns its number.
    ///
    /// # Errors
    /// If there is no memory for the list.
    pub fn add_table(&mut self, table: Table) -> Result<u32> {
        self.tables.reserve(1)?;
        let place = self.tables.slots().next();
        self.tables.push(table);
        Ok(place.index)
    }

    /// Makes room for `more` globals.
    ///
    /// # Errors
    /// If there is no memory for them.
    pub fn reserve_globals(&mut self, more: usize) -> Result<()> {
        self.globals.reserve("a store's globals", more)
    }

    pub fn table_at(&self, index: u32) -> NonNull<Table> {
        self.tables.get(index)
    }

    pub fn add_global(&mut self, global: GlobalData) -> u32 {
        self.globals.push(global).index
    }

    pub fn global_at(&self, index: u32) -> &GlobalData {
        &self.globals[index]
    }

    /// Makes `func` a function of this store.
    pub fn add_host_func(&mut self, func: Arc<HostFunc>) -> NonNull<VMFuncRef> {
        let place = self.host_funcs.slots().next();
        let at = self.host_funcs.push(VMHostFuncContext {
            place,
            header: VMContext {
                store: self.vm.as_ptr(),
                builtins: thunks::table(self.engine.config().poisons()),
                membase: ptr::null_mut(),
                instance: ptr::null_mut(),
            },
            host_fn: func.host_fn,
            host_data: func.data(),
            func_ref: VMFuncRef {
                code: func.host_call,
                vmctx: ptr::null_mut(),
                sig: func.canonical(),
                func: VMFuncRef::HOST,
            },
            func,
        });
        // SAFETY: just made, and nobody else has the pointer yet.
        unsafe {
            (*at.as_ptr()).func_ref.vmctx = at.as_ptr().cast();
            NonNull::new_unchecked(&raw mut (*at.as_ptr()).func_ref)
        }
    }

    /// Makes `func` a function of this store, unless it already is one.
    pub fn host_func(&mut self, func: &Arc<HostFunc>) -> NonNull<VMFuncRef> {
        // The store keeps `func` alive, so no other gets its address.
        if let Some(known) = self.known_host_funcs.get(&Arc::as_ptr(func).addr()) {
            return *known;
        }
        let at = self.add_host_func(func.clone());
        self.known_host_funcs.insert(Arc::as_ptr(func).addr(), at);
        at
    }

    /// Reserves space for `more` host functions.
    ///
    /// # Errors
    /// If there is no memory for them.
    pub fn reserve_host_funcs(&mut self, more: usize) -> Result<()> {
        self.known_host_funcs.try_reserve(more).context("no memory for a store's host functions")?;
        self.host_funcs.reserve(more)
    }

    /// The entry trampoline of the type with canonical number `canonical`, that of a function in this store.
    ///
    /// # Errors
    /// If the system has no memory for it, or the engine's budget is exhausted.
    pub fn entry(&mut self, canonical: u32) -> Result<EntryFn> {
        if let Some(entry) = self.entries.get(&canonical) {
            return Ok(*entry);
        }
        let entry = entry_fn(self.engine.trampolines(canonical, Demand::Bounded)?);
        self.entries.insert(canonical, entry);
        Ok(entry)
    }

    /// Adds a tag.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn add_tag(&mut self, ty: FuncType) -> Result<NonNull<VMTag>> {
        self.tags.reserve(1)?;
        let index = self.tags.slots().next().index;
        Ok(self.tags.push(VMTag { ty, index }))
    }

    pub fn tag_at(&self, index: u32) -> &VMTag {
        // SAFETY: tags live as long as their store, and nobody changes them.
        unsafe { self.tags.get(index).as_ref() }
    }

    pub fn exceptions(&self) -> &RefCell<Exceptions> {
        &self.exceptions
    }

    /// Which handles there are. Each call of a host function asks: exclusive, so that nothing has to be checked.
    #[inline]
    pub fn handles(&mut self) -> Handles {
        Handles { exceptions: self.exceptions.get_mut().handles(), references: self.gc.handles() }
    }

    /// Ends all handles but those that there were.
    #[inline]
    pub fn end_handles(&mut self, were: Handles) {
        self.exceptions.get_mut().end_handles(were.exceptions);
        self.gc.end_handles(were.references);
    }

    /// A new exception; others that nobody needs may be freed. If compiled code throws it, `saved` is where its registers
    /// are: what is below on the stack may be left over from earlier calls, and must not keep exceptions.
    ///
    /// # Errors
    /// If there is no memory for it, or the store may not hold as much.
    pub fn new_exception(
        &mut self,
        tag: NonNull<VMTag>,
        payload: impl ExactSizeIterator<Item = ValRaw>,
        saved: Option<NonNull<Landing>>,
    ) -> Result<NonNull<VMException>> {
        let before = self.exceptions.get_mut().bytes();
        let more = VMException::bytes(payload.len());
        self.exceptions.get_mut().drop_passing();
        if self.exceptions.get_mut().is_full() || self.held.check(Kind::Tables, more).is_err() {
            self.collect_exceptions(saved.map(|saved| saved.as_ptr() as usize));
        }
        let freed = before - self.exceptions.get_mut().bytes();
        self.held.subtract(Kind::Tables, freed);
        self.held.check(Kind::Tables, more)?;
        // SAFETY: tags live as long as their store.
        let at = self.exceptions.get_mut().add(unsafe { tag.as_ref() }, payload)?;
        self.held.add(Kind::Tables, more);
        Ok(at)
    }

    /// Frees the exceptions that nobody has a reference to. What is on its way into a new one is on the stack, there or
    /// above `stack`, or has handles.
    #[cold]
    fn collect_exceptions(&mut self, stack: Option<usize>) {
        let (mut found, mut words) = (Vec::new(), 0);
        let exceptions = self.exceptions.get_mut();
        let mut mark = |word| {
            words += 1;
            exceptions.mark(word, &mut found);
        };
        // SAFETY: this thread runs whatever activations the store has.
        unsafe { frames::each_word_of_stack(self.vm.as_ptr(), thread::innermost(), stack, &mut mark) };
        if let Some(suspended) = &self.suspended {
            suspended.each_word(&mut mark);
        }
        for global in self.globals.iter() {
            if is_exnref(global.ty.content()) {
                // SAFETY: the value lives as long as the store, which is borrowed.
                mark(unsafe { (*global.at).lo });
            }
        }
        for instance in self.instances.iter() {
            // SAFETY: as above.
            unsafe { instance.as_ref() }.each_exnref_global(&mut mark);
        }
        for table in self.tables.iter() {
            // SAFETY: as above.
            let table = unsafe { table.as_ref() };
            if *table.ty().element().heap_type() == HeapType::Exn {
                table.words().iter().for_each(|&word| mark(word));
            }
        }
        // SAFETY: the context lives as long as the store.
        self.gc.each_exnref(unsafe { (*self.vm.as_ptr()).gc_next }, &mut mark);
        exceptions.sweep(found, words);
    }

    /// Leaves the reason for unwinding to the activation.
    pub fn park(&mut self, unwind: Unwind) {
        self.unwind = Some(unwind);
    }

    pub fn take_unwind(&mut self) -> Option<Unwind> {
        self.unwind.take()
    }

    /// Which trap an access to `address` is, if it lies in the reservation of one of this store's memories, or where
    /// null has fields (`NULL_FUNC`). Called by the signal handler while compiled code is interrupted, so it only reads.
    pub fn trap_at(&self, address: usize) -> Option<TrapCode> {
        // SAFETY: memories are in use by compiled code at most, which does not change reservations.
        if self.memories.iter().any(|m| unsafe { m.as_ref() }.reservation().contains(&address)) {
            return Some(TrapCode::MemoryOutOfBounds);
        }
        // Correct code touches nothing else of a heap that faults.
        if let Some(heap) = self.gc.heap.as_ref().filter(|heap| heap.is_null_guard(address)) {
            let type_of_null = heap.base().wrapping_byte_offset(gc::TYPE as isize).addr();
            return Some(if address == type_of_null { TrapCode::CastFailure } else { TrapCode::NullReference });
        }
        func_ref::null_trap(address)
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn wrong_store() -> ! {
    panic!("object used with the wrong store")
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn freed() -> ! {
    panic!("object used after it was freed")
}

impl VMStoreContext {
    /// The store, through the pointer that the innermost call into it was made with.
    #[inline]
    pub fn store(&self) -> *mut StoreOpaque {
        self.store.cast()
    }
}

impl Drop for StoreOpaque {
    fn drop(&mut self) {
        if let Some(deadline) = self.deadline {
            self.engine.epochs().forget(self.interrupt_word(), deadline);
        }
        // SAFETY: made from a box by `new`; no code of this store runs any more.
        drop(unsafe { Box::from_raw(self.vm.as_ptr()) });
    }
}

// SAFETY: all pointers in a store are into the store itself or into what it keeps alive, and are only followed by the
// owner of a borrow of the store. Everything that comes from outside is required to be `Send`: closures, externrefs,
// parked errors and panics.
unsafe impl Send for StoreOpaque {}
// SAFETY: as above; through a shared reference nothing is written.
unsafe impl Sync for StoreOpaque {}
