//! Function types, numbered across all modules of an engine, and the trampolines of each.
//!
//! A number means its type as long as the type is in use. Modules count their uses through [`ModuleTypes`];
//! a type whose trampolines were made stays for good, since host functions and stores may
//! refer to them without a module. So what modules merely declare goes with them, and what stays is bounded by the
//! types that were called through.
//!
//! Trampolines are made when first asked for, together with those of the next few numbers: types of one module
//! are numbered in a run, code lives in whole pages, and a page holds a dozen pairs.

use crate::api::types::FuncType;
use crate::code::registry;
use crate::code::shared::{SharedCode, SharedPages};
use crate::hash::KeyedMap;
use headwater_codegen::{Target, Ty, trampoline};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

/// The borders of one function type: its canonical number and its two trampolines
/// ([`headwater_codegen::trampoline`]), in executable memory that lives as long as the engine.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Trampolines {
    pub canonical: u32,
    /// `(vmctx, callee, args: *mut ValRaw, store: *mut VMStoreContext) -> 0 or 1`
    pub entry: unsafe extern "C" fn(*mut u8, *const u8, *mut u8, *mut u8) -> u32,
    pub host_call: *const u8,
}

// SAFETY: `host_call` points to immutable code.
unsafe impl Send for Trampolines {}
// SAFETY: as above.
unsafe impl Sync for Trampolines {}

#[derive(Default)]
struct Table {
    numbers: KeyedMap<FuncType, u32>,
    entries: Vec<Entry>,
    /// The smallest is reused first, so that numbers, which are part of machine code, depend on little.
    free: BinaryHeap<Reverse<u32>>,
}

/// `ty` is `None` for a number that is free.
#[derive(Default)]
struct Entry {
    ty: Option<FuncType>,
    uses: usize,
    trampolines: OnceLock<Trampolines>,
}

impl Table {
    /// The number of `ty`, which gets one if it has none. The caller adds a use before it gives up the lock.
    fn number(&mut self, ty: &FuncType) -> u32 {
        if let Some(&n) = self.numbers.get(ty) {
            return n;
        }
        let n = self.free.pop().map(|Reverse(n)| n).unwrap_or_else(|| {
            self.entries.push(Entry::default());
            (self.entries.len() - 1) as u32
        });
        self.entries[n as usize].ty = Some(ty.clone());
        self.numbers.insert(ty.clone(), n);
        n
    }

    fn release(&mut self, n: u32) {
        let entry = &mut self.entries[n as usize];
        entry.uses -= 1;
        if entry.uses == 0 {
            let ty = entry.ty.take().expect("a number with uses has a type");
            self.numbers.remove(&ty);
            self.free.push(Reverse(n));
        }
    }
}

pub(super) struct TypeRegistry {
    target: Target,
    poison: bool,
    table: Arc<RwLock<Table>>,
    code: Arc<SharedCode>,
    /// The pages that trampolines are in. Also serialises their making.
    pages: Mutex<Vec<SharedPages>>,
}

/// How many types at most get their trampolines in one go, and in how much memory.
const GROUP: u32 = 16;
const GROUP_BYTES: usize = 16 << 10;

impl TypeRegistry {
    pub fn new(target: Target, poison: bool, code: Arc<SharedCode>) -> TypeRegistry {
        TypeRegistry { target, poison, table: Arc::default(), code, pages: Mutex::default() }
    }

    /// # Errors
    /// If the system has no memory for them.
    pub fn trampolines(&self, ty: &FuncType) -> io::Result<Trampolines> {
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(&n) = table.numbers.get(ty)
            && let Some(t) = table.entries[n as usize].trampolines.get()
        {
            return Ok(*t);
        }
        drop(table);
        let n = {
            let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
            let n = table.number(ty);
            table.entries[n as usize].uses += 1;
            n
        };
        let trampolines = self.trampolines_of(n);
        // Making them added a use that stays.
        self.table.write().unwrap_or_else(PoisonError::into_inner).release(n);
        trampolines
    }

    /// # Errors
    /// As [`TypeRegistry::trampolines`].
    pub fn trampolines_of(&self, n: u32) -> io::Result<Trampolines> {
        loop {
            let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(t) = table.entries[n as usize].trampolines.get() {
                return Ok(*t);
            }
            drop(table);
            self.make(n)?;
        }
    }

    /// Makes the trampolines of number `n`, and of some that follow it, and pins them.
    fn make(&self, n: u32) -> io::Result<()> {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let mut todo: Vec<(u32, FuncType)> = Vec::new();
        {
            let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
            let end = (table.entries.len() as u32).min(n + GROUP);
            for i in n..end {
                let entry = &mut table.entries[i as usize];
                if let (Some(ty), None) = (&entry.ty, entry.trampolines.get()) {
                    todo.push((i, ty.clone()));
                    entry.uses += 1;
                } else if i == n {
                    return Ok(());
                }
            }
        }
        let mut code = Vec::new();
        let mut made = Vec::new();
        for (i, ty) in todo {
            if i != n && code.len() >= GROUP_BYTES {
                self.table.write().unwrap_or_else(PoisonError::into_inner).release(i);
                continue;
            }
            let params: Vec<Ty> = ty.param_slice().iter().map(|t| t.ty()).collect();
            let results: Vec<Ty> = ty.result_slice().iter().map(|t| t.ty()).collect();
            let entry = code.len();
            let (target, poison) = (self.target, self.poison);
            append(&mut code, &params, &results, |out| trampoline::entry(target, poison, &params, &results, out));
            let host_call = code.len();
            append(&mut code, &params, &results, |out| trampoline::host_call(target, poison, &params, &results, out));
            made.push((i, entry, host_call));
        }
        let placed = SharedPages::place(&self.code, &code, false).inspect_err(|_| {
            let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
            made.iter().for_each(|&(i, ..)| table.release(i));
        })?;
        registry::register_trampolines(placed.range());
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        for (i, entry, host_call) in made {
            let entry = placed.base().wrapping_add(entry);
            let trampolines = Trampolines {
                canonical: i,
                // SAFETY: there is an entry trampoline, a function of this type, in executable memory that
                // `self.pages` keeps as long as the engine.
                entry: unsafe {
                    std::mem::transmute::<*const u8, unsafe extern "C" fn(*mut u8, *const u8, *mut u8, *mut u8) -> u32>(
                        entry,
                    )
                },
                host_call: placed.base().wrapping_add(host_call),
            };
            let fresh = table.entries[i as usize].trampolines.set(trampolines).is_ok();
            debug_assert!(fresh, "trampolines are made under the lock on `pages`");
        }
        pages.push(placed);
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
    table: Arc<RwLock<Table>>,
    numbers: Vec<u32>,
}

impl ModuleTypes {
    pub(super) fn new(registry: &TypeRegistry, types: &[FuncType]) -> ModuleTypes {
        let mut table = registry.table.write().unwrap_or_else(PoisonError::into_inner);
        let numbers = types
            .iter()
            .map(|ty| {
                let n = table.number(ty);
                table.entries[n as usize].uses += 1;
                n
            })
            .collect();
        ModuleTypes { table: registry.table.clone(), numbers }
    }

    /// The canonical number of each type.
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }
}

impl Drop for ModuleTypes {
    fn drop(&mut self) {
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
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
    use crate::engine::Engine;
    use crate::{Config, FuncType, ValType};

    fn ty(params: usize) -> FuncType {
        FuncType::of(vec![ValType::I32; params], [ValType::I64])
    }

    #[test]
    fn equal_types_have_one_number_as_long_as_somebody_uses_them() {
        let engine = Engine::default();
        let a = engine.module_types(&[ty(0), ty(1), ty(0)]);
        assert_eq!(a.numbers(), [0, 1, 0]);
        let b = engine.module_types(&[ty(2), ty(1)]);
        assert_eq!(b.numbers(), [2, 1]);
        drop(a);
        assert_eq!(engine.module_types(&[ty(1), ty(3)]).numbers(), [1, 0], "0 is free again, 1 is not");
    }

    #[test]
    fn where_borders_are_poisoned_what_nobody_may_rely_on_is_garbage() {
        use crate::code::budget::Budget;
        use crate::code::shared::{SharedCode, SharedPages};
        use crate::vm::context::{VMContext, VMStoreContext, ValRaw, entry_fn};
        use headwater_codegen::trampoline::GARBAGE;
        use std::sync::Arc;

        // A function that returns what it finds in a register that locals are pinned to: mov rax, rbx; ret, or mov x0, x19; ret.
        let code: &[u8] = match std::env::consts::ARCH {
            "x86_64" => &[0x48, 0x89, 0xd8, 0xc3],
            _ => &[0xe0, 0x03, 0x13, 0xaa, 0xc0, 0x03, 0x5f, 0xd6],
        };
        let pages = SharedPages::place(&Arc::new(SharedCode::new(&Budget::new(0), false)), code, false).unwrap();
        let run = |poison| {
            let engine = Engine::new(Config::new().poison_borders(poison)).unwrap();
            let entry = entry_fn(engine.trampolines(&ty(1)).unwrap());
            let mut args = [ValRaw::new(5)];
            // SAFETY: both are plain data, of which the trampoline only reads the base of memory 0 and writes where to unwind to.
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
    fn trampolines_pin_their_type_and_stay_the_same() {
        let engine = Engine::default();
        let module = engine.module_types(&[ty(0), ty(5), ty(1000)]);
        let t = engine.trampolines(&ty(5)).unwrap();
        assert_eq!(t.canonical, 1);
        let again = engine.trampolines_of(1).unwrap();
        assert_eq!((t.host_call, t.entry as usize), (again.host_call, again.entry as usize));
        drop(module);
        assert_eq!(engine.module_types(&[ty(7), ty(5)]).numbers()[1], 1);
        let other = engine.trampolines(&ty(8)).unwrap();
        assert_ne!(other.host_call, t.host_call);
        assert!(crate::code::registry::is_executable(t.host_call as usize));
    }
}
