//! Freeing parts of a store before its end, for embedders whose own collector says what they still have.
//!
//! A part is what is freed as a whole: an instance with its functions and globals, a host function, a table, a memory, a
//! global that the host made, a tag. What parts refer to can be asked, directly or through objects of the heap
//! ([`StoreOpaque::each_part_of`]), and what is referred to from elsewhere ([`StoreOpaque::each_root_part`]): by frames,
//! suspended calls, exceptions, and the host's handles of objects. [`StoreOpaque::reclaim`] believes nobody who says that
//! something is garbage: it marks what is reachable from there and from what the embedder has, and frees the rest.
//! Handles of that are stale: using one panics, or is an error.
//!
//! Where frames have objects is not looked for: while code runs or is suspended, all objects of the heap count as needed.
//!
//! Frames are looked through conservatively: each has its context (`FIXED_FRAME`) and its references in slots
//! (`REFS_STORED_AT_CALLS`). What the runtime itself works on while it calls the host is in frames, too, but for an
//! instance that is being made: nothing may be reclaimed while a start function runs.

use crate::engine::TypeUse;
use crate::types::ValType;
use crate::types::object::FieldKind;
use crate::vm::context::VMFuncRef;
use crate::vm::fiber;
use crate::vm::frames;
use crate::vm::gc::objects::is_object;
use crate::vm::gc::{is_collected, is_collected_value};
use crate::vm::held::Kind;
use crate::vm::host::{HostFunc, VMHostFuncContext};
use crate::vm::instance::InstanceData;
use crate::vm::store::StoreOpaque;
use crate::vm::table::Table;
use crate::vm::thread;
use headwater_codegen::Ty;
use std::collections::HashSet;
use std::ptr::NonNull;
use std::sync::Arc;

/// A part of a store, by its number among those of its kind.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Part {
    Instance(u32),
    Host(u32),
    Table(u32),
    Memory(u32),
    Global(u32),
    Tag(u32),
}

/// Whether values of this type may refer to functions.
fn is_funcref(ty: &ValType) -> bool {
    ty.as_ref().is_some_and(|r| r.heap_type().top().is_func())
}

/// The part that the function belongs to that `word` refers to, if that is not null.
///
/// # Safety
/// `word` must be a reference to a function that is alive, or null.
unsafe fn owner(word: u64) -> Option<Part> {
    let func_ref = NonNull::new(word as *mut VMFuncRef)?;
    // SAFETY: guaranteed by the caller; what a function belongs to lives as long.
    Some(unsafe {
        match func_ref.as_ref().host() {
            Some(host) => Part::Host((*host.as_ptr()).place.index),
            None => Part::Instance((*(*func_ref.as_ref().vmctx).instance()).place.index),
        }
    })
}

/// What parts refer to.
#[derive(Default)]
pub(crate) struct Graph {
    pub edges: Vec<(Part, Vec<Part>)>,
    /// What is referred to from elsewhere.
    pub roots: Vec<Part>,
}

/// Objects that were looked at.
struct Objects {
    seen: HashSet<u32>,
    found: Vec<u32>,
    /// Bytes that were looked at, and how many may be.
    spent: u64,
    most: u64,
}

impl Default for Objects {
    fn default() -> Objects {
        Objects { seen: HashSet::new(), found: Vec::new(), spent: 0, most: u64::MAX }
    }
}

impl Objects {
    fn is_over(&self) -> bool {
        self.spent > self.most
    }
}

/// Where parts are that functions belong to, in order: start, end, part.
struct Addresses(Vec<(usize, usize, Part)>);

impl Addresses {
    /// The part that is there, if one is.
    fn part_at(&self, word: u64) -> Option<Part> {
        let next = self.0.partition_point(|&(start, ..)| start <= word as usize);
        let &(_, end, part) = self.0.get(next.checked_sub(1)?)?;
        ((word as usize) < end).then_some(part)
    }
}

/// What was freed and is the embedder's, to be dropped when nothing uses the store.
#[derive(Default)]
pub(crate) struct Garbage {
    hosts: Vec<Arc<HostFunc>>,
}

impl StoreOpaque {
    /// The part that a function belongs to.
    ///
    /// # Safety
    /// It must be one of the store's, and alive.
    pub unsafe fn part_of_func(func: NonNull<VMFuncRef>) -> Part {
        // SAFETY: guaranteed by the caller.
        unsafe { owner(func.as_ptr() as u64) }.expect("it is not null")
    }

    /// The part that global `index` belongs to: an instance, or itself.
    pub fn part_of_global(&self, index: u32) -> Part {
        self.globals[index].instance.map_or(Part::Global(index), Part::Instance)
    }

    /// Whether there is such a part.
    fn has_part(&self, part: Part) -> bool {
        match part {
            Part::Instance(i) => self.instances.slots().get(i).is_some(),
            Part::Host(i) => self.host_funcs.slots().get(i).is_some(),
            Part::Table(i) => self.tables.slots().get(i).is_some(),
            Part::Memory(i) => self.memories.has(self.memories.place(i)),
            Part::Global(i) => self.globals.get(i).is_some(),
            Part::Tag(i) => self.tags.slots().get(i).is_some(),
        }
    }

    /// All parts.
    fn each_part(&self, mut each: impl FnMut(Part)) {
        self.instances.slots().numbered().for_each(|(i, _)| each(Part::Instance(i)));
        self.host_funcs.slots().numbered().for_each(|(i, _)| each(Part::Host(i)));
        self.tables.slots().numbered().for_each(|(i, _)| each(Part::Table(i)));
        self.memories.numbers().for_each(|i| each(Part::Memory(i)));
        self.tags.slots().numbered().for_each(|(i, _)| each(Part::Tag(i)));
        // Those of an instance are no parts.
        self.globals
            .numbered()
            .filter(|(_, global)| global.instance.is_none())
            .for_each(|(i, _)| each(Part::Global(i)));
    }

    /// What all parts refer to, and what is referred to from elsewhere. Takes time in proportion to what the store has:
    /// where many parts share objects, all objects count as needed from elsewhere.
    pub fn graph(&self) -> Graph {
        let mut graph = Graph::default();
        let mut objects = Objects { most: 4 * self.gc.capacity(), ..Objects::default() };
        self.each_part(|part| {
            objects.seen.clear();
            let mut parts = Vec::new();
            self.each_part_of(part, &mut objects, |other| parts.push(other));
            graph.edges.push((part, parts));
        });
        self.each_root_part(&mut Objects::default(), |part| graph.roots.push(part));
        if objects.is_over() {
            self.each_func_of_objects(&self.addresses(), &mut |part| graph.roots.push(part));
        }
        graph
    }

    /// Passes on the parts that `part` refers to, some perhaps several times, but for those that objects refer to which
    /// were seen.
    fn each_part_of(&self, part: Part, objects: &mut Objects, mut each: impl FnMut(Part)) {
        match part {
            Part::Instance(i) => {
                // SAFETY: the instance is the store's, which is borrowed.
                self.each_part_of_instance(unsafe { self.instances.get(i).as_mut() }, objects, &mut each)
            }
            Part::Table(i) => {
                // SAFETY: as above.
                let table = unsafe { self.tables.get(i).as_ref() };
                let heap_type = table.ty().element().heap_type();
                if heap_type.top().is_func() {
                    // SAFETY: as above; the functions are alive.
                    table.each_word(|at| unsafe { owner(*at) }.into_iter().for_each(&mut each));
                } else if is_collected(heap_type) {
                    // SAFETY: as above.
                    table.each_word(|at| self.each_part_of_object(unsafe { *at } as u32, objects, &mut each));
                }
            }
            Part::Global(i) => {
                let global = &self.globals[i];
                // SAFETY: the value is there as long as the global.
                let word = unsafe { (*global.at).lo };
                match global.instance {
                    Some(instance) => each(Part::Instance(instance)),
                    // SAFETY: as above; the function is alive.
                    None if is_funcref(global.ty.content()) => unsafe { owner(word) }.into_iter().for_each(each),
                    None if is_collected_value(global.ty.content()) => {
                        self.each_part_of_object(word as u32, objects, &mut each);
                    }
                    None => {}
                }
            }
            Part::Host(_) | Part::Memory(_) | Part::Tag(_) => {}
        }
    }

    fn each_part_of_instance(&self, instance: &mut InstanceData, objects: &mut Objects, each: &mut impl FnMut(Part)) {
        for func in instance.imported_funcs() {
            // SAFETY: imports live as long as the instance.
            each(unsafe { StoreOpaque::part_of_func(*func) });
        }
        instance.memories.iter().for_each(|&i| each(Part::Memory(i)));
        instance.tables.iter().for_each(|&i| each(Part::Table(i)));
        let info = instance.module().info();
        for (i, global) in info.globals.iter().enumerate() {
            // Imported ones have no initialiser.
            if global.init.is_none() {
                each(self.part_of_global(instance.globals[i]));
            } else if info.types.top(global.ty()) == Some(Ty::FUNCREF) {
                // SAFETY: the instance has this global, and the function is alive.
                unsafe { owner((*instance.global(i as u32)).lo) }.into_iter().for_each(&mut *each);
            }
        }
        for i in 0..info.tags.len() as u32 {
            // SAFETY: instantiation filled the slot; a tag lives as long as an instance that has it.
            each(Part::Tag(unsafe { (*instance.tag_slot(i)).as_ref() }.index));
        }
        if self.gc.heap.is_some() {
            // SAFETY: the collector finds references there, too.
            instance.each_collected(|at| self.each_part_of_object(unsafe { *at } as u32, objects, each));
        }
    }

    /// Passes on the parts that objects refer to which are reachable from `word`, a reference that is collected, and were
    /// not seen yet.
    fn each_part_of_object(&self, word: u32, objects: &mut Objects, each: &mut impl FnMut(Part)) {
        if self.gc.heap.is_none() {
            return;
        }
        objects.found.push(word);
        while let Some(word) = objects.found.pop() {
            let object = self.gc.any_of_extern(word);
            if !is_object(object) || objects.is_over() || !objects.seen.insert(object) {
                continue;
            }
            let (number, len) = self.gc.header(object);
            objects.spent += self.gc.shapes.size(number, len);
            // SAFETY: the function is alive, since the object is needed.
            self.each_func_of_object(object, |word| unsafe { owner(word) }.into_iter().for_each(&mut *each));
            if let Some(shape) = self.gc.shapes.get(number) {
                shape.each_ref(len, |offset| {
                    // SAFETY: the object has a reference there.
                    objects.found.push(unsafe { self.gc.at(object, offset).cast::<u32>().read() })
                });
            }
        }
    }

    /// Whether code of the store may run, or is suspended.
    fn has_frames(&self) -> bool {
        !thread::innermost().is_null() || self.suspended.as_ref().is_some_and(|suspended| suspended.len() > 0)
    }

    /// Passes on the parts that are referred to from where only the store knows of, some perhaps several times.
    fn each_root_part(&self, objects: &mut Objects, mut each: impl FnMut(Part)) {
        if self.has_frames() {
            let known = self.addresses();
            let mut word = |word| known.part_at(word).into_iter().for_each(&mut each);
            // SAFETY: this thread runs whatever activations the store has. No reference is in a register of compiled
            // code while the host runs.
            unsafe { frames::each_word_of_stack(self.vm(), thread::innermost(), None, &mut word) };
            if let Some(suspended) = &self.suspended {
                suspended.each_word(&mut word);
            }
            self.each_func_of_objects(&known, &mut each);
        }
        // Those of linkers are found again by the functions that they stand for.
        for func in self.known_host_funcs.values() {
            // SAFETY: it lives as long as the store.
            each(unsafe { StoreOpaque::part_of_func(*func) });
        }
        self.exceptions().borrow().each_tag(|tag| each(Part::Tag(tag)));
        self.exceptions().borrow().each_value(|value, ty| {
            if is_funcref(ty) {
                // SAFETY: exceptions refer to what is alive.
                unsafe { owner(value.lo) }.into_iter().for_each(&mut each);
            } else if is_collected_value(ty) {
                self.each_part_of_object(value.lo as u32, objects, &mut each);
            }
        });
        self.gc.each_handle(|word| self.each_part_of_object(word, objects, &mut each));
    }

    /// Where instances and host functions are.
    fn addresses(&self) -> Addresses {
        let mut known = Vec::new();
        for (index, at) in self.instances.slots().numbered() {
            // SAFETY: the instance is the store's, which is borrowed.
            for range in unsafe { at.as_ref() }.ranges() {
                known.push((range.start, range.end, Part::Instance(index)));
            }
        }
        for (index, at) in self.host_funcs.slots().numbered() {
            let start = at.as_ptr() as usize;
            known.push((start, start + size_of::<VMHostFuncContext>(), Part::Host(index)));
        }
        known.sort_unstable_by_key(|&(start, ..)| start);
        Addresses(known)
    }

    /// Passes on the parts that fields of objects refer to, of objects that are needed and of others: the functions of
    /// the latter may be gone.
    fn each_func_of_objects(&self, known: &Addresses, each: &mut impl FnMut(Part)) {
        let Some(heap) = &self.gc.heap else { return };
        let mut look_through = |object| {
            self.each_func_of_object(object, |word| known.part_at(word).into_iter().for_each(&mut *each));
        };
        if let Some(old) = heap.old() {
            old.each(&mut look_through);
        }
        // SAFETY: the context lives as long as the store.
        let (mut at, next) = (heap.first(), unsafe { (*self.vm()).gc_next });
        while at < next {
            look_through(at as u32);
            let (number, len) = self.gc.header(at as u32);
            at += self.gc.shapes.size(number, len);
        }
    }

    /// Passes on what the fields of an object have that refer to functions.
    fn each_func_of_object(&self, object: u32, mut each: impl FnMut(u64)) {
        let (number, len) = self.gc.header(object);
        // SAFETY: the object has such a field there.
        let mut field = |offset: u64| each(unsafe { self.gc.at(object, offset).cast::<u64>().read() });
        let Some(shape) = self.gc.shapes.get(number) else { return };
        match shape.elements() {
            Some((FieldKind::Func, first)) => (0..u64::from(len)).for_each(|i| field(u64::from(first) + 8 * i)),
            Some(_) => {}
            None => {
                let funcs = shape.layout.fields.iter().filter(|field| field.kind == FieldKind::Func);
                funcs.for_each(|func| field(func.offset.into()));
            }
        }
    }

    /// Frees everything that is reachable neither from `alive` nor from frames and the like. How many parts that was.
    ///
    /// # Safety
    /// `store` must reach all of its store, which nothing else may be using, in which no instance is being made, and
    /// whose code waits.
    pub unsafe fn reclaim(store: *mut StoreOpaque, alive: impl Iterator<Item = Part>) -> usize {
        // SAFETY: guaranteed by the caller. Closures of the embedder are dropped where it cannot wait.
        unsafe {
            let mut garbage = Garbage::default();
            let freed = (*store).free_unreachable(alive, &mut garbage);
            if !garbage.hosts.is_empty() {
                fiber::without(&raw mut (*store).fiber, |_| drop(garbage));
            }
            freed
        }
    }

    fn free_unreachable(&mut self, alive: impl Iterator<Item = Part>, garbage: &mut Garbage) -> usize {
        let (mut marked, mut objects) = (HashSet::new(), Objects::default());
        let mut found: Vec<Part> = alive.filter(|part| self.has_part(*part)).collect();
        self.each_root_part(&mut objects, |part| found.push(part));
        while let Some(part) = found.pop() {
            if marked.insert(part) {
                self.each_part_of(part, &mut objects, |next| found.push(next));
            }
        }
        let mut dead = Vec::new();
        self.each_part(|part| dead.push(part));
        // Numbers of an instance's globals go with it.
        dead.extend(self.globals.numbered().map(|(i, _)| Part::Global(i)));
        dead.retain(|part| match part {
            Part::Global(i) => !marked.contains(&self.part_of_global(*i)),
            other => !marked.contains(other),
        });
        // Before the instances that some are of.
        dead.sort_by_key(|part| !matches!(part, Part::Global(_)));
        self.reclaimed |= !dead.is_empty();
        for part in &dead {
            self.free_part(*part, garbage);
        }
        dead.len()
    }

    /// Frees a part that nothing refers to but others that are freed.
    fn free_part(&mut self, part: Part, garbage: &mut Garbage) {
        match part {
            // SAFETY, of these: nothing that is reachable refers to the part.
            Part::Instance(i) => {
                // SAFETY: see above.
                let Some(instance) = (unsafe { self.instances.remove(i) }) else { return };
                let module = instance.module();
                let made = Table::bytes(instance.made_elems_len() as u64);
                self.held.subtract(Kind::Tables, InstanceData::bytes(module) + made);
                for &number in module.distinct_types() {
                    self.retain(number);
                }
            }
            Part::Host(i) => {
                // SAFETY: see above.
                let Some(host) = (unsafe { self.host_funcs.remove(i) }) else { return };
                self.retain(host.func.canonical());
                garbage.hosts.push(host.func);
            }
            Part::Table(i) => {
                // SAFETY: see above.
                let Some(table) = (unsafe { self.tables.remove(i) }) else { return };
                self.held.subtract(Kind::Tables, Table::bytes(table.len()));
            }
            Part::Memory(i) => {
                // SAFETY: see above.
                let bytes = unsafe { self.memories.remove(i) };
                self.held.subtract(Kind::Memories, bytes);
            }
            Part::Global(i) => drop(self.globals.remove(i)),
            Part::Tag(i) => {
                // SAFETY: see above.
                drop(unsafe { self.tags.remove(i) });
            }
        }
    }

    /// Keeps the type with this number in use, which it is.
    fn retain(&mut self, number: u32) {
        if !self.retained.contains_key(&number) {
            let ty: TypeUse = self.engine.use_number(number);
            self.retained.insert(number, ty);
        }
    }

    /// Bytes that memories and everything else take.
    pub fn held_bytes(&self) -> usize {
        self.held.all()
    }
}
