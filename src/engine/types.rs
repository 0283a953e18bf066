//! Types, numbered across all modules of an engine, and the trampolines of each function type.
//!
//! A number identifies its type as long as the type is in use. Modules count their uses through [`ModuleTypes`], host
//! functions through [`TypeUse`], and a type is a use of its supertype. Every function that a store can call belongs to one of them, so the trampolines of
//! its type live as long as it does. They are freed with the type's last user, except for those of the few types used
//! most recently, since an embedder that creates a store for each request creates the same host functions again and
//! again.
//!
//! Trampolines are generated when first needed, together with those of the next few numbers: types of one module are
//! numbered consecutively, code lives in whole pages, and a page holds a dozen pairs. Those of types in use count
//! towards the engine's budget for machine code.

use super::Config;
use crate::code::budget::{Budget, Share};
#[cfg(feature = "debug")]
use crate::code::debugger::{self, Code};
use crate::code::registry;
use crate::code::shared::{SharedCode, SharedPages};
use crate::engine::displays::Displays;
use crate::hash::Keyed;
use crate::types::object::ObjectLayout;
use crate::types::{CompositeType, FuncType, StoredTypes};
use hashbrown::HashTable;
use headwater_codegen::vmctx::gc;
use headwater_codegen::{Target, Ty, trampoline};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::hash::BuildHasher;
use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The boundary of one function type: its two trampolines
/// ([`headwater_codegen::trampoline`]), in executable memory that lives as long as the type is in use.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Trampolines {
    /// `(vmctx, callee, args: *mut ValRaw, store: *mut VMStoreContext) -> 0 or 1`
    pub entry: unsafe extern "C" fn(*mut u8, *const u8, *mut u8, *mut u8) -> u32,
    pub host_call: *const u8,
}

// SAFETY: `host_call` points to immutable code.
unsafe impl Send for Trampolines {}
// SAFETY: as above.
unsafe impl Sync for Trampolines {}

/// How many types keep their trampolines after their last use, and how many parameters and results these may have.
const IDLE: usize = 64;
const IDLE_WIDTH: usize = 16;

struct Table {
    /// The numbers of the types that are in use or idle, to be found by the types, which are in the entries.
    numbers: HashTable<Number>,
    /// The secret that they are hashed with: modules choose types, and must not know which collide.
    keyed: Keyed,
    entries: Vec<Entry>,
    /// The smallest is reused first, so that numbers, which are part of machine code, depend on little.
    free: BinaryHeap<Reverse<u32>>,
    /// Numbers of types with trampolines that were released by their last user, latest last; some may be in use again.
    idle: VecDeque<u32>,
    budget: Arc<Budget>,
    displays: Displays,
}

/// A number by the hash of its type. Both halves of a hash say as much, and half of it is enough to look hardly ever at
/// a type that is another.
struct Number {
    hash: u32,
    number: u32,
}

impl Number {
    /// The hash for the table, which uses both ends.
    fn spread(hash: u32) -> u64 {
        u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// `ty` is `None` for a free number. There may be millions, nearly all of plain function types that are never called from
/// outside, so that the rest is elsewhere.
#[derive(Default)]
struct Entry {
    ty: Option<CompositeType>,
    uses: usize,
    trampolines: Option<Box<Made>>,
    /// What function types without supertypes and subtypes, which nearly all are, do not have.
    more: Option<Box<More>>,
}

const _: () = assert!(size_of::<Entry>() == 48);

#[derive(Default)]
struct More {
    /// The numbers of its supertypes, the one of which all are subtypes first.
    supertypes: Arc<[u32]>,
    /// The same with its own, for its subtypes, which share it; empty if it had none yet.
    with_own: Arc<[u32]>,
    /// Of struct and array types; made when a store asks for it.
    layout: OnceLock<Arc<ObjectLayout>>,
}

/// The trampolines, if they exist, and what keeps them.
struct Made {
    trampolines: Trampolines,
    bytes: usize,
    /// How much they count for while the type is in use.
    share: Option<Share>,
    /// Whether the type is in `Table::idle`.
    idle: bool,
    _placed: Arc<Placed>,
}

/// Trampolines that were made together.
struct Placed {
    /// Debuggers forget them before they go.
    #[cfg(feature = "debug")]
    _registration: Option<crate::code::debugger::Registration>,
    pages: SharedPages,
}

impl Table {
    /// One more use of `ty`, whose number this returns, without [`gc::ARRAY`].
    fn use_type(&mut self, ty: &CompositeType) -> u32 {
        let hash = self.hash(ty);
        let is_it = |n: &Number| n.hash == hash && self.entries[n.number as usize].ty.as_ref() == Some(ty);
        let found = self.numbers.find(Number::spread(hash), is_it).map(|n| n.number);
        let n = found.unwrap_or_else(|| self.add(ty, hash));
        let entry = &mut self.entries[n as usize];
        entry.uses += 1;
        if let (1, Some(made)) = (entry.uses, &mut entry.trampolines) {
            let mut share = Share::new(&self.budget);
            share.insist(made.bytes);
            made.share = Some(share);
        }
        n
    }

    fn hash(&self, ty: &CompositeType) -> u32 {
        (self.keyed.hash_one(ty) >> 32) as u32
    }

    /// One more use of type number `n`, which is in use.
    fn use_again(&mut self, n: u32) {
        let entry = &mut self.entries[n as usize];
        debug_assert!(entry.uses > 0, "a number says nothing about a type that is not in use");
        entry.uses += 1;
    }

    /// Numbers `ty`, which has no number.
    fn add(&mut self, ty: &CompositeType, hash: u32) -> u32 {
        let more = ty.as_defined().and_then(|defined| {
            // Of supertypes there are 63 at most.
            let supertype = defined.supertype().map(|supertype| self.use_type(&supertype.composite_type()));
            let supertypes = supertype.map(|n| self.with_own(n));
            (supertypes.is_some() || ty.as_func().is_none())
                .then(|| Box::new(More { supertypes: supertypes.unwrap_or_default(), ..More::default() }))
        });
        let n = unused(&mut self.entries, &mut self.free);
        let entry = &mut self.entries[n as usize];
        (entry.ty, entry.more) = (Some(ty.clone()), more);
        if ty.as_func().is_none() {
            let tag = self.entries[n as usize].tag();
            let types = self.entries[n as usize].supertypes().iter().copied().chain([n]);
            self.displays.set(n, types.map(|n| n | tag));
        }
        self.numbers.insert_unique(Number::spread(hash), Number { hash, number: n }, |n| Number::spread(n.hash));
        n
    }

    /// The numbers of the supertypes of `n`, and `n`.
    fn with_own(&mut self, n: u32) -> Arc<[u32]> {
        let more = self.entries[n as usize].more.get_or_insert_default();
        if more.with_own.is_empty() {
            more.with_own = more.supertypes.iter().copied().chain([n]).collect();
        }
        more.with_own.clone()
    }

    /// One use fewer of each of these.
    fn release_all(&mut self, numbers: &[u32]) {
        // One pass over all places of the table costs less than that many searches in it.
        let later = numbers.len() > self.numbers.capacity() / 4;
        numbers.iter().for_each(|n| self.release(n & !gc::ARRAY, later));
        if later {
            let entries = &self.entries;
            self.numbers.retain(|n| entries[n.number as usize].ty.is_some());
        }
    }

    /// One use fewer. `later` says that numbers without a type are going to be removed from `numbers`.
    fn release(&mut self, n: u32, later: bool) {
        let entry = &mut self.entries[n as usize];
        entry.uses -= 1;
        if entry.uses > 0 {
            return;
        }
        let ty = entry.ty.as_ref().expect("a number with uses has a type");
        let width = ty.as_func().map_or(0, |ty| ty.num_params() + ty.num_results());
        // One with a supertype would keep it in use.
        let may_idle = width <= IDLE_WIDTH && entry.supertypes().is_empty();
        match &mut entry.trampolines {
            Some(made) if may_idle => {
                made.share = None;
                if !std::mem::replace(&mut made.idle, true) {
                    self.idle.push_back(n);
                }
            }
            _ => return self.forget(n, later),
        }
        while self.idle.len() > IDLE
            && let Some(oldest) = self.idle.pop_front()
        {
            let entry = &mut self.entries[oldest as usize];
            if let Some(made) = &mut entry.trampolines {
                made.idle = false;
            }
            if entry.uses == 0 {
                self.forget(oldest, later);
            }
        }
    }

    /// Drops the type of number `n`, which is not in use.
    fn forget(&mut self, n: u32, later: bool) {
        let entry = &mut self.entries[n as usize];
        debug_assert!(entry.uses == 0 && !entry.trampolines.as_ref().is_some_and(|made| made.idle));
        let ty = entry.ty.take().expect("a number is given up once");
        entry.trampolines = None;
        let supertype = entry.supertypes().last().copied();
        entry.more = None;
        if !later {
            let found = self.numbers.find_entry(Number::spread(self.hash(&ty)), |found| found.number == n);
            found.ok().expect("a type in use can be found").remove();
        }
        self.free.push(Reverse(n));
        if let Some(supertype) = supertype {
            self.release(supertype, later);
        }
    }
}

/// A number that is not used.
fn unused(entries: &mut Vec<Entry>, free: &mut BinaryHeap<Reverse<u32>>) -> u32 {
    let n = free.pop().map(|Reverse(n)| n).unwrap_or_else(|| {
        entries.push(Entry::default());
        (entries.len() - 1) as u32
    });
    debug_assert!(n < gc::ARRAY);
    n
}

impl Entry {
    fn supertypes(&self) -> &[u32] {
        self.more.as_ref().map_or(&[], |more| &more.supertypes)
    }

    /// What is put where code looks for the number.
    fn tag(&self) -> u32 {
        if matches!(self.ty, Some(CompositeType::Array(_))) { gc::ARRAY } else { 0 }
    }
}

/// The table, shared by everything that uses types.
#[derive(Clone)]
struct SharedTable(Arc<RwLock<Table>>);

impl SharedTable {
    fn read(&self) -> RwLockReadGuard<'_, Table> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Table> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A use of a type: as long as this lives, the type keeps its number and its trampolines.
pub(crate) struct TypeUse {
    table: SharedTable,
    number: u32,
}

impl TypeUse {
    /// The canonical number, with [`gc::ARRAY`] if it is an array type.
    pub fn number(&self) -> u32 {
        self.number
    }
}

impl Drop for TypeUse {
    fn drop(&mut self) {
        self.table.write().release(self.number & !gc::ARRAY, false);
    }
}

/// What happens if trampolines do not fit the engine's budget.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Demand {
    /// An error.
    Bounded,
    /// They are generated in any case, for callers that cannot report failure.
    Insisting,
}

pub(super) struct TypeRegistry {
    target: Target,
    poison: bool,
    /// Whether debuggers are told about trampolines.
    #[cfg(feature = "debug")]
    debug: bool,
    table: SharedTable,
    code: Arc<SharedCode>,
    /// Serialises the generation of trampolines.
    making: Mutex<()>,
}

/// How many types at most get their trampolines at once, and in how much memory.
const GROUP: u32 = 16;
const GROUP_BYTES: usize = 16 << 10;

impl TypeRegistry {
    pub fn new(target: Target, config: &Config, code: Arc<SharedCode>, budget: &Arc<Budget>) -> TypeRegistry {
        let table = Table {
            numbers: HashTable::new(),
            keyed: Keyed::default(),
            entries: Vec::new(),
            free: BinaryHeap::new(),
            idle: VecDeque::new(),
            budget: budget.clone(),
            displays: Displays::default(),
        };
        TypeRegistry {
            target,
            poison: config.poisons(),
            #[cfg(feature = "debug")]
            debug: config.tells_debuggers(),
            table: SharedTable(Arc::new(RwLock::new(table))),
            code,
            making: Mutex::default(),
        }
    }

    /// A use of `ty`.
    pub fn use_type(&self, ty: &CompositeType) -> TypeUse {
        let mut table = self.table.write();
        let n = table.use_type(ty);
        TypeUse { table: self.table.clone(), number: n | table.entries[n as usize].tag() }
    }

    /// Another use of the type with number `number`, which must be in use.
    pub fn use_number(&self, number: u32) -> TypeUse {
        let mut table = self.table.write();
        table.use_again(number & !gc::ARRAY);
        TypeUse { table: self.table.clone(), number }
    }

    /// See [`Engine::displays`](super::Engine::displays).
    pub fn displays(&self) -> crate::Result<*const u32> {
        self.table.read().displays.base()
    }

    /// The type with number `n`, which must be in use.
    pub fn type_numbered(&self, n: u32) -> CompositeType {
        let table = self.table.read();
        table.entries[(n & !gc::ARRAY) as usize].ty.clone().expect("the type is in use")
    }

    /// The layout of objects of the type with number `n`, which must be one of them and in use.
    pub fn object_layout(&self, n: u32) -> Arc<ObjectLayout> {
        let table = self.table.read();
        let Entry { ty, more, .. } = &table.entries[(n & !gc::ARRAY) as usize];
        let (Some(defined), Some(more)) = (ty.as_ref().and_then(CompositeType::as_defined), more) else {
            unreachable!("structs and arrays are defined types with more")
        };
        let make = || Arc::new(ObjectLayout::of(defined).expect("structs and arrays have a layout"));
        more.layout.get_or_init(make).clone()
    }

    /// Whether type `sub` is `sup` or declared to be a subtype of it. Both must be in use.
    pub fn is_subtype(&self, sub: u32, sup: u32) -> bool {
        let (sub, sup) = (sub & !gc::ARRAY, sup & !gc::ARRAY);
        if sub == sup {
            return true;
        }
        let table = self.table.read();
        // A supertype has the same place in the list of each of its subtypes.
        let depth = table.entries[sup as usize].supertypes().len();
        table.entries[sub as usize].supertypes().get(depth) == Some(&sup)
    }

    /// The trampolines of number `n`, which must be in use.
    ///
    /// # Errors
    /// If the system has no memory for them, or the engine's budget is exhausted.
    pub fn trampolines(&self, n: u32, demand: Demand) -> io::Result<Trampolines> {
        loop {
            if let Some(made) = &self.table.read().entries[n as usize].trampolines {
                return Ok(made.trampolines);
            }
            self.make(n, demand)?;
        }
    }

    /// Generates the trampolines of number `n`, and of some that follow it and are in use.
    fn make(&self, n: u32, demand: Demand) -> io::Result<()> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let mut todo: Vec<(u32, FuncType)> = Vec::new();
        {
            let table = self.table.read();
            let end = (table.entries.len() as u32).min(n + GROUP);
            for i in n..end {
                let entry = &table.entries[i as usize];
                if let (Some(CompositeType::Func(ty)), None) = (&entry.ty, &entry.trampolines) {
                    todo.push((i, ty.clone()));
                } else if i == n {
                    return Ok(());
                }
            }
        }
        let mut code = Vec::new();
        let mut made = Vec::new();
        for (i, ty) in todo {
            if i != n && code.len() >= GROUP_BYTES {
                break;
            }
            let params: Vec<Ty> = ty.params().map(|t| t.ty()).collect();
            let results: Vec<Ty> = ty.results().map(|t| t.ty()).collect();
            let entry = code.len();
            let (target, poison) = (self.target, self.poison);
            append(&mut code, &params, &results, |out| trampoline::entry(target, poison, &params, &results, out));
            let host_call = code.len();
            append(&mut code, &params, &results, |out| trampoline::host_call(target, poison, &params, &results, out));
            made.push((i, ty, entry, host_call, code.len() - entry));
        }
        let mut table = self.table.write();
        // Before any code is written: a refusal leaves nothing behind.
        let mut shares = Vec::with_capacity(made.len());
        for &(.., bytes) in &made {
            let mut share = Share::new(&table.budget);
            match demand {
                Demand::Bounded => share.take(bytes)?,
                Demand::Insisting => share.insist(bytes),
            }
            shares.push(share);
        }
        let pages = SharedPages::place(&self.code, &code, false)?;
        registry::register_trampolines(pages.range());
        #[cfg(feature = "debug")]
        let _registration = self.debug.then(|| {
            let both = |(_, ty, entry, host_call, bytes): &(u32, FuncType, usize, usize, usize)| {
                [
                    (*entry, *host_call, format!("call of {ty}")),
                    (*host_call, entry + bytes, format!("host call of {ty}")),
                ]
            };
            let address = pages.base().addr() as u64;
            let named: Vec<_> = made
                .iter()
                .flat_map(both)
                .map(|(start, end, name)| (address + start as u64, (end - start) as u64, name))
                .collect();
            let code = Code { isa: self.target.isa, address, len: code.len() as u64, landing_pads: true };
            debugger::register(&code, &named, Vec::new())
        });
        let placed = Arc::new(Placed {
            #[cfg(feature = "debug")]
            _registration: _registration.flatten(),
            pages,
        });
        for ((i, ty, entry, host_call, bytes), share) in made.into_iter().zip(shares) {
            let slot = &mut table.entries[i as usize];
            // The types that follow may have been freed, or others added, while the table was not locked; and an idle
            // one does not count.
            if slot.uses == 0 || slot.ty.as_ref().and_then(CompositeType::as_func) != Some(&ty) {
                continue;
            }
            let entry = placed.pages.base().wrapping_add(entry);
            let trampolines = Trampolines {
                // SAFETY: there is an entry trampoline, a function of this type, in executable memory that
                // the table's entry keeps as long as the type is in use.
                entry: unsafe {
                    std::mem::transmute::<*const u8, unsafe extern "C" fn(*mut u8, *const u8, *mut u8, *mut u8) -> u32>(
                        entry,
                    )
                },
                host_call: placed.pages.base().wrapping_add(host_call),
            };
            debug_assert!(slot.trampolines.is_none(), "trampolines are made under the lock `making`");
            let made = Made { trampolines, bytes, share: Some(share), idle: false, _placed: placed.clone() };
            slot.trampolines = Some(Box::new(made));
        }
        Ok(())
    }
}

/// Appends what `write` writes, at an address that is a multiple of 16.
fn append(code: &mut Vec<u8>, params: &[Ty], results: &[Ty], write: impl FnOnce(&mut [u8]) -> Option<usize>) {
    let start = code.len();
    code.resize(start + trampoline::max_len(params.len(), results.len()), 0);
    let len = write(&mut code[start..]).expect("`max_len` is enough");
    code.truncate(start + len);
    // 0xcc is a breakpoint: nothing goes there.
    code.resize((start + len).next_multiple_of(16), 0xcc);
}

/// The types of one module, each counted as in use.
pub(crate) struct ModuleTypes {
    table: SharedTable,
    /// Of those that differ.
    distinct: Box<[u32]>,
    /// Of all, by type index.
    numbers: Box<[u32]>,
}

impl ModuleTypes {
    pub(super) fn new(registry: &TypeRegistry, types: &StoredTypes) -> ModuleTypes {
        let mut table = registry.table.write();
        let number = |ty| {
            let n = table.use_type(ty);
            n | table.entries[n as usize].tag()
        };
        let distinct: Box<[u32]> = types.distinct().iter().map(number).collect();
        drop(table);
        let numbers = types.which().iter().map(|&which| distinct[which as usize]).collect();
        ModuleTypes { table: registry.table.clone(), distinct, numbers }
    }

    /// The canonical number of each of [`StoredTypes::distinct`].
    pub fn distinct(&self) -> &[u32] {
        &self.distinct
    }

    /// The canonical number of each type, of array types with [`gc::ARRAY`].
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }
}

impl Drop for ModuleTypes {
    fn drop(&mut self) {
        self.table.write().release_all(&self.distinct);
    }
}

impl std::fmt::Debug for ModuleTypes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ModuleTypes").field(&self.numbers).finish()
    }
}

#[cfg(test)]
mod tests;
