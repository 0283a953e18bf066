//! Function types, numbered across all modules of an engine, and the trampolines of each.
//!
//! A number identifies its type as long as the type is in use. Modules count their uses through [`ModuleTypes`], host
//! functions through [`TypeUse`]. Every function that a store can call belongs to one of them, so the trampolines of
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
use crate::hash::KeyedMap;
use crate::types::{FuncType, ValType};
use headwater_codegen::{Target, Ty, trampoline};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

impl FuncType {
    /// The type of functions from `params` to `results`. Types are equal if their parameters and results
    /// are, whatever the engine.
    pub fn new(
        _engine: &super::Engine,
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> FuncType {
        FuncType::of(params, results)
    }
}

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
    numbers: KeyedMap<FuncType, u32>,
    entries: Vec<Entry>,
    /// The smallest is reused first, so that numbers, which are part of machine code, depend on little.
    free: BinaryHeap<Reverse<u32>>,
    /// Numbers of types with trampolines that were released by their last user, latest last; some may be in use again.
    idle: VecDeque<u32>,
    budget: Arc<Budget>,
    /// How many modules have named their types.
    modules: u64,
}

/// `ty` is `None` for a free number.
#[derive(Default)]
struct Entry {
    ty: Option<FuncType>,
    uses: usize,
    /// Whether it is in `Table::idle`.
    idle: bool,
    trampolines: OnceLock<Made>,
    /// How much the trampolines count for while the type is in use.
    share: Option<Share>,
    /// The module that named it last, and by which index first.
    named: (u64, u32),
}

/// The trampolines, if they exist, and what keeps them.
struct Made {
    trampolines: Trampolines,
    bytes: usize,
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
    /// One more use of `ty`, whose number this returns.
    fn use_type(&mut self, ty: &FuncType) -> u32 {
        let n = self.numbers.get(ty).copied().unwrap_or_else(|| {
            let n = self.free.pop().map(|Reverse(n)| n).unwrap_or_else(|| {
                self.entries.push(Entry::default());
                (self.entries.len() - 1) as u32
            });
            self.entries[n as usize].ty = Some(ty.clone());
            self.numbers.insert(ty.clone(), n);
            n
        });
        let entry = &mut self.entries[n as usize];
        entry.uses += 1;
        if let (1, Some(made)) = (entry.uses, entry.trampolines.get()) {
            let mut share = Share::new(&self.budget);
            share.insist(made.bytes);
            entry.share = Some(share);
        }
        n
    }

    /// One use fewer.
    fn release(&mut self, n: u32) {
        let entry = &mut self.entries[n as usize];
        entry.uses -= 1;
        if entry.uses > 0 {
            return;
        }
        entry.share = None;
        let ty = entry.ty.as_ref().expect("a number with uses has a type");
        let width = ty.num_params() + ty.num_results();
        if entry.trampolines.get().is_none() || width > IDLE_WIDTH {
            self.forget(n);
            return;
        }
        if !std::mem::replace(&mut entry.idle, true) {
            self.idle.push_back(n);
        }
        while self.idle.len() > IDLE
            && let Some(oldest) = self.idle.pop_front()
        {
            let entry = &mut self.entries[oldest as usize];
            entry.idle = false;
            if entry.uses == 0 {
                self.forget(oldest);
            }
        }
    }

    /// Drops the type of number `n`, which is not in use.
    fn forget(&mut self, n: u32) {
        let entry = &mut self.entries[n as usize];
        debug_assert_eq!((entry.uses, entry.idle), (0, false));
        let ty = entry.ty.take().expect("a number is given up once");
        entry.trampolines = OnceLock::new();
        self.numbers.remove(&ty);
        self.free.push(Reverse(n));
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

/// A use of a function type: as long as this lives, the type keeps its number and its trampolines.
pub(crate) struct TypeUse {
    table: SharedTable,
    number: u32,
}

impl TypeUse {
    /// The canonical number.
    pub fn number(&self) -> u32 {
        self.number
    }
}

impl Drop for TypeUse {
    fn drop(&mut self) {
        self.table.write().release(self.number);
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
            numbers: KeyedMap::default(),
            entries: Vec::new(),
            free: BinaryHeap::new(),
            idle: VecDeque::new(),
            budget: budget.clone(),
            modules: 0,
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
    pub fn use_type(&self, ty: &FuncType) -> TypeUse {
        let number = self.table.write().use_type(ty);
        TypeUse { table: self.table.clone(), number }
    }

    /// The trampolines of number `n`, which must be in use.
    ///
    /// # Errors
    /// If the system has no memory for them, or the engine's budget is exhausted.
    pub fn trampolines(&self, n: u32, demand: Demand) -> io::Result<Trampolines> {
        loop {
            if let Some(made) = self.table.read().entries[n as usize].trampolines.get() {
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
                if let (Some(ty), None) = (&entry.ty, entry.trampolines.get()) {
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
            if slot.uses == 0 || slot.ty.as_ref() != Some(&ty) {
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
            let fresh = slot.trampolines.set(Made { trampolines, bytes, _placed: placed.clone() }).is_ok();
            debug_assert!(fresh, "trampolines are made under the lock `making`");
            slot.share = Some(share);
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

/// The function types of one module, by type index, each counted as in use.
pub(crate) struct ModuleTypes {
    table: SharedTable,
    numbers: Vec<u32>,
}

impl ModuleTypes {
    /// Besides them, for each type the index of the first that is the same.
    pub(super) fn new(registry: &TypeRegistry, types: &[FuncType]) -> (ModuleTypes, Vec<u32>) {
        let mut table = registry.table.write();
        table.modules += 1;
        let module = table.modules;
        let mut first = Vec::with_capacity(types.len());
        let number = |(i, ty)| {
            let n = table.use_type(ty);
            let named = &mut table.entries[n as usize].named;
            if named.0 != module {
                *named = (module, i);
            }
            first.push(named.1);
            n
        };
        let numbers = (0..).zip(types).map(number).collect();
        (ModuleTypes { table: registry.table.clone(), numbers }, first)
    }

    /// The canonical number of each type.
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }
}

impl Drop for ModuleTypes {
    fn drop(&mut self) {
        let mut table = self.table.write();
        for &n in &self.numbers {
            table.release(n);
        }
    }
}

impl std::fmt::Debug for ModuleTypes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ModuleTypes").field(&self.numbers).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Demand, GROUP, IDLE, IDLE_WIDTH};
    use crate::code::registry;
    use crate::engine::Engine;
    use crate::{Config, FuncType, ValType};

    fn ty(params: usize) -> FuncType {
        FuncType::of(vec![ValType::I32; params], [ValType::I64])
    }

    #[test]
    fn equal_types_have_one_number_as_long_as_somebody_uses_them() {
        let engine = Engine::default();
        let a = engine.module_types(&[ty(0), ty(1), ty(0)]).0;
        assert_eq!(a.numbers(), [0, 1, 0]);
        let b = engine.module_types(&[ty(2), ty(1)]).0;
        assert_eq!(b.numbers(), [2, 1]);
        drop(a);
        assert_eq!(engine.module_types(&[ty(1), ty(3)]).0.numbers(), [1, 0], "0 is free again, 1 is not");
    }

    #[test]
    fn where_borders_are_poisoned_what_nobody_may_rely_on_is_garbage() {
        use crate::code::budget::Budget;
        use crate::code::shared::{SharedCode, SharedPages};
        use crate::vm::context::{VMContext, VMStoreContext, ValRaw, entry_fn};
        use headwater_codegen::trampoline::GARBAGE;
        use std::sync::Arc;

        // A function that returns what it finds in a register that locals are pinned to: mov rax, rbx; ret, or mov x0,
        // x19; ret.
        let code: &[u8] = match std::env::consts::ARCH {
            "x86_64" => &[0x48, 0x89, 0xd8, 0xc3],
            _ => &[0xe0, 0x03, 0x13, 0xaa, 0xc0, 0x03, 0x5f, 0xd6],
        };
        let pages = SharedPages::place(&Arc::new(SharedCode::new(&Budget::new(0), false)), code, false).unwrap();
        let run = |poison| {
            let engine = Engine::new(Config::new().poison_borders(poison)).unwrap();
            let used = engine.use_type(&ty(1));
            let entry = entry_fn(engine.trampolines(used.number(), Demand::Bounded).unwrap());
            let mut args = [ValRaw::new(5)];
            // SAFETY: both are plain data, of which the trampoline only reads the base of memory 0 and writes where to
            // unwind to.
            let (mut vmctx, mut store): (VMContext, VMStoreContext) =
                unsafe { (std::mem::zeroed(), std::mem::zeroed()) };
            vmctx.store = &mut store;
            // SAFETY: the callee is code that returns, and there is room for its result.
            let returned = unsafe { entry(&mut vmctx, pages.base(), args.as_mut_ptr(), &mut store) };
            assert_eq!(returned, 0);
            args[0].lo
        };
        assert_eq!(run(true), GARBAGE);
        assert_ne!(run(false), GARBAGE);
    }

    #[test]
    fn trampolines_stay_as_long_as_their_type_is_used() {
        let engine = Engine::default();
        let module = engine.module_types(&[ty(0), ty(5), ty(1000)]).0;
        let used = engine.use_type(&ty(5));
        assert_eq!(used.number(), 1);
        let t = engine.trampolines(1, Demand::Bounded).unwrap();
        let again = engine.trampolines(1, Demand::Bounded).unwrap();
        assert_eq!((t.host_call, t.entry as usize), (again.host_call, again.entry as usize));
        drop(module);
        assert_eq!(engine.module_types(&[ty(7), ty(5)]).0.numbers()[1], 1);
        let other = engine.use_type(&ty(8));
        assert_ne!(engine.trampolines(other.number(), Demand::Bounded).unwrap().host_call, t.host_call);
        assert!(registry::is_executable(t.host_call as usize));
    }

    #[test]
    fn what_nobody_uses_goes_but_for_the_small_ones_of_late() {
        let engine = Engine::default();
        let places = |width: usize, types: usize| {
            let types: Vec<_> = (0..types).map(|i| FuncType::of(kinds(i, width), [])).collect();
            let module = engine.module_types(&types).0;
            let places: Vec<usize> = module
                .numbers()
                .iter()
                .map(|&n| engine.trampolines(n, Demand::Bounded).unwrap().host_call as usize)
                .collect();
            assert!(engine.code_memory() > 300 * places.len(), "they count");
            drop(module);
            assert_eq!(engine.code_memory(), 0);
            // Pages are shared by the types of a group.
            places.into_iter().filter(|&pc| registry::is_executable(pc)).count()
        };
        // Types that differ in their first ten parameters.
        fn kinds(i: usize, width: usize) -> Vec<ValType> {
            (0..width).map(|p| if p < 10 && i >> p & 1 != 0 { ValType::I64 } else { ValType::I32 }).collect()
        }
        assert_eq!(places(IDLE_WIDTH + 1, 1000), 0);
        let kept = places(IDLE_WIDTH, 1000);
        assert!((IDLE..IDLE + GROUP as usize).contains(&kept), "{kept}");
        // One that is kept is found again, and counts while it is used.
        let used = engine.use_type(&FuncType::of(kinds(999, IDLE_WIDTH), []));
        assert!(engine.code_memory() > 0);
        assert!(registry::is_executable(
            engine.trampolines(used.number(), Demand::Bounded).unwrap().host_call as usize
        ));
    }

    #[test]
    fn trampolines_keep_to_the_budget_unless_they_must_be() {
        let engine = Engine::new(Config::new().max_code_memory(5000)).unwrap();
        let (small, large) = (engine.use_type(&ty(2)), engine.use_type(&ty(999)));
        engine.trampolines(large.number(), Demand::Bounded).expect_err("it is larger than that");
        assert_eq!(engine.code_memory(), 0);
        engine.trampolines(small.number(), Demand::Bounded).expect_err("the group of both is");
        drop(large);
        engine.trampolines(small.number(), Demand::Bounded).unwrap();
        let large = engine.use_type(&ty(999));
        engine.trampolines(large.number(), Demand::Insisting).unwrap();
        assert!(engine.code_memory() > 5000);
        drop((small, large));
        assert_eq!(engine.code_memory(), 0);
    }
}
