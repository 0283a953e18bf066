//! Freeing parts of a store before its end: for embedders with a collector of their own, as a JavaScript host has. Not
//! part of the stable interface.
//!
//! What such a collector must know is what refers to what: what it has of a store itself, and what the store's parts
//! have of each other. With [`graph`] it can tell what only garbage refers to, cycles through both heaps included,
//! and then [`reclaim`] frees what is not needed. A handle of what was freed is stale: its use panics or is an error, as
//! that of another store's handle is, whatever has taken its place.

use crate::api::context::{AsContext, AsContextMut};
use crate::api::exception::Tag;
use crate::api::func::Func;
use crate::api::global::Global;
use crate::api::instance::Instance;
use crate::api::memory::Memory;
use crate::api::table::Table;
use crate::vm::reclaim::Part as VmPart;
use crate::vm::store::StoreOpaque;
use std::collections::HashMap;
use std::ptr::NonNull;

/// What is freed as a whole. Shared memories are none: they are freed with their last handle.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    /// An instance, its functions, and those of its globals that it does not import.
    Instance(Instance),
    /// A host function.
    Host(Func),
    /// A table.
    Table(Table),
    /// A memory.
    Memory(Memory),
    /// A global that no instance defines.
    Global(Global),
    /// A tag.
    Tag(Tag),
}

impl Part {
    fn of(store: &StoreOpaque, part: VmPart) -> Option<Part> {
        Some(match part {
            VmPart::Instance(i) => Part::Instance(Instance::at(store, i)),
            VmPart::Host(i) => {
                // SAFETY: the function is the store's, and the field is never written to.
                let func_ref = unsafe { NonNull::from(&(*store.host_funcs.get(i).as_ptr()).func_ref) };
                Part::Host(Func::from_func_ref(store, func_ref))
            }
            VmPart::Table(i) => Part::Table(Table::at(store, i)),
            VmPart::Memory(i) if store.shared_memory_at(i).is_some() => return None,
            VmPart::Memory(i) => Part::Memory(Memory::at(store, i)),
            VmPart::Global(i) => Part::Global(Global::at(store, i)),
            VmPart::Tag(i) => Part::Tag(Tag::at(store, i)),
        })
    }

    /// What it is in `store`, if it is there.
    fn within(&self, store: &StoreOpaque) -> Option<VmPart> {
        match self {
            Part::Instance(instance) => instance.is_in(store).then(|| VmPart::Instance(instance.index())),
            // SAFETY: the function is in the store.
            Part::Host(func) => func.is_in(store).then(|| unsafe { StoreOpaque::part_of_func(func.func_ref()) }),
            Part::Table(table) => table.is_in(store).then(|| VmPart::Table(table.index())),
            Part::Memory(memory) => memory.is_in(store).then(|| VmPart::Memory(memory.index())),
            Part::Global(global) => global.is_in(store).then(|| store.part_of_global(global.index())),
            Part::Tag(tag) => tag.is_in(store).then(|| VmPart::Tag(tag.index())),
        }
    }
}

/// The part that a function belongs to.
///
/// # Panics
/// If it does not belong to `store`; the same goes for all functions here.
pub fn part_of_func(store: impl AsContext, func: Func) -> Part {
    let store = &store.as_context().0.opaque;
    func.check(store);
    // SAFETY: it was just checked.
    let part = unsafe { StoreOpaque::part_of_func(func.func_ref()) };
    Part::of(store, part).expect("it is no memory")
}

/// The part that a global belongs to.
pub fn part_of_global(store: impl AsContext, global: Global) -> Part {
    let store = &store.as_context().0.opaque;
    assert!(global.is_in(store), "the global is not in this store");
    Part::of(store, store.part_of_global(global.index())).expect("it is no memory")
}

/// What the parts of a store refer to.
#[derive(Clone, Default, Debug)]
pub struct Graph {
    /// For each part, the parts that it refers to, some perhaps several times.
    pub edges: HashMap<Part, Vec<Part>>,
    /// The parts that are referred to by what is not a part: by frames, suspended calls, exceptions, and the host's handles
    /// of objects.
    pub roots: Vec<Part>,
}

/// What the parts of `store` refer to now.
pub fn graph(store: impl AsContext) -> Graph {
    let store = &store.as_context().0.opaque;
    let graph = store.graph();
    let list = |parts: Vec<VmPart>| parts.into_iter().filter_map(|part| Part::of(store, part)).collect();
    let edges = graph.edges.into_iter().filter_map(|(part, parts)| Some((Part::of(store, part)?, list(parts))));
    Graph { edges: edges.collect(), roots: list(graph.roots) }
}

/// Whether `part` is still there.
pub fn is_there(store: impl AsContext, part: Part) -> bool {
    part.within(&store.as_context().0.opaque).is_some()
}

/// Bytes that the store's memories, tables, instances and objects take together.
pub fn held_bytes(store: impl AsContext) -> usize {
    store.as_context().0.opaque.held_bytes()
}

/// Frees what is reachable neither from `alive` nor from [`Graph::roots`]. Returns how many parts that was.
///
/// ```
/// use headwater::{reclaim, Engine, Memory, MemoryType, Store};
/// let mut store = Store::new(&Engine::default(), ());
/// let kept = Memory::new(&mut store, MemoryType::new(1, None))?;
/// for _ in 0..20_000 {
///     Memory::new(&mut store, MemoryType::new(1, None))?;
///     // SAFETY: nothing of the store runs.
///     assert_eq!(unsafe { reclaim::reclaim(&mut store, &[reclaim::Part::Memory(kept)]) }, 1);
/// }
/// assert_eq!(kept.size(&store), 1);
/// # Ok::<(), headwater::Error>(())
/// ```
///
/// # Safety
/// No instance is being made, and host functions that run are in `alive`, unless instances that are have them.
pub unsafe fn reclaim(mut store: impl AsContextMut, alive: &[Part]) -> usize {
    let mut store = store.as_context_mut();
    let opaque = &store.0.opaque;
    let alive: Vec<VmPart> = alive.iter().filter_map(|part| part.within(opaque)).collect();
    // SAFETY: the store is borrowed for writing; the rest is up to the caller.
    unsafe { StoreOpaque::reclaim(store.as_ptr(), alive.into_iter()) }
}
