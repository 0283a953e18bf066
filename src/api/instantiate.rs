//! Instantiation (specification section 4.5.4): imports are checked, the instance is made, segments are applied.
//!
//! What an active segment wrote before a later one failed stays written, and the instance stays in the store because
//! references to its functions may have been written to a table: only the embedder does not get a handle.

use crate::api::externals::Extern;
use crate::engine::Engine;
use crate::module::Module;
use crate::module::constants::{ConstExpr, ConstOp};
use crate::module::info::{ElemItems, EntityIndex, SegmentMode};
use crate::printable;
use crate::trap::Trap;
use crate::types::{ExternType, FuncType, GlobalType, MemoryType, Mutability, TableType};
use crate::vm::alloc;
use crate::vm::constant;
use crate::vm::context::{VMContext, VMFuncImport, VMFuncRef};
use crate::vm::exception::VMTag;
use crate::vm::global::GlobalData;
use crate::vm::held::Kind;
use crate::vm::instance::{InstanceData, UNKNOWN_GLOBAL};
use crate::vm::limits::{adopt_memory, new_memory, new_table};
use crate::vm::store::StoreOpaque;
use crate::vm::table::Table;
use crate::vm::thunks;
use crate::{Error, Result};
use anyhow::bail;
use std::ptr::NonNull;

/// Makes an instance of `module`, up to but without its start function. Returns its number in the store.
///
/// # Errors
/// If `imports` are not what the module requires, if memory runs out, or if a segment is out of bounds (a [`Trap`]).
///
/// # Safety
/// `whole` must reach all of its store, which nobody else uses.
pub(crate) unsafe fn instantiate(whole: *mut StoreOpaque, module: &Module, imports: &[Extern]) -> Result<u32> {
    // SAFETY: guaranteed by the caller; what follows uses it in turns.
    let store = unsafe { &mut *whole };
    if !Engine::same(store.engine(), module.engine()) {
        bail!("module and store belong to different engines");
    }
    if !module.engine().runs_here() {
        bail!("the module was compiled for another machine than this");
    }
    if !(imports.is_empty() && module.info().imports.is_empty()) {
        check_imports(store, module, imports)?;
    }
    // SAFETY: guaranteed by the caller.
    let instance = unsafe { allocate(whole, module, imports) }?;
    let info = module.info();
    let globals = info.globals.len() + info.tables.len() + info.elems.len() > 0;
    if globals || !info.data.is_empty() {
        // SAFETY: the instance is new and its store is borrowed: nobody else uses it.
        unsafe { initialise(whole, instance.as_ptr(), globals) }?;
    }
    // SAFETY: as above.
    Ok(unsafe { instance.as_ref() }.place.index)
}

/// What was provided for an import does not have the type that the module requires. Found in the error that
/// instantiation returns, with [`Error::downcast_ref`](crate::Error::downcast_ref).
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("incompatible import type for `{}::{}`: {why}", printable::name(module), printable::name(name))]
#[non_exhaustive]
pub struct IncompatibleImport {
    /// The module name of the import.
    pub module: Box<str>,
    /// The field name of the import.
    pub name: Box<str>,
    /// Both types, in words.
    pub why: String,
}

/// Compares each import with what is provided for it.
#[inline(never)]
fn check_imports(store: &StoreOpaque, module: &Module, imports: &[Extern]) -> Result<()> {
    let wanted = module.imports();
    if wanted.len() != imports.len() {
        bail!("expected {} imports, found {}", wanted.len(), imports.len());
    }
    for ((i, given), index) in imports.iter().enumerate().zip(module.info().imports.indices()) {
        let import = || module.import(i);
        if !given.comes_from_same_store(store) {
            let import = import();
            let (module, name) = (printable::name(import.module()), printable::name(import.name()));
            bail!("the import given for `{module}::{name}` belongs to another store, or was freed");
        }
        // Most imports are functions of exactly the required type, as its number tells.
        if let (EntityIndex::Func(func), Extern::Func(given)) = (index, given)
            // SAFETY: a function reference lives as long as its store, which was just checked to be this one.
            && module.canonical_type(func) == unsafe { given.func_ref().as_ref() }.sig
        {
            continue;
        }
        let import = import();
        check_import(&import.ty(), &given.current_type(store)).map_err(|why| {
            Error::new(IncompatibleImport { module: import.module().into(), name: import.name().into(), why })
        })?;
    }
    Ok(())
}

/// Whether something of type `found` can be given where `expected` is imported (specification section 3.5,
/// "import subtyping"); why not, otherwise. Sizes in `found` are current sizes.
pub(crate) fn check_import(expected: &ExternType, found: &ExternType) -> Result<(), String> {
    let fits = match (expected, found) {
        (ExternType::Func(e), ExternType::Func(f)) => func_fits(e, f),
        (ExternType::Global(e), ExternType::Global(f)) => global_fits(e, f),
        (ExternType::Table(e), ExternType::Table(f)) => table_fits(e, f),
        (ExternType::Memory(e), ExternType::Memory(f)) => memory_fits(e, f),
        (ExternType::Tag(e), ExternType::Tag(f)) => e == f,
        _ => false,
    };
    if fits { Ok(()) } else { Err(format!("expected {expected}, found {found}")) }
}

fn func_fits(expected: &FuncType, found: &FuncType) -> bool {
    found.matches(expected)
}

fn global_fits(expected: &GlobalType, found: &GlobalType) -> bool {
    expected.mutability() == found.mutability()
        && match expected.mutability() {
            Mutability::Const => found.content().matches(expected.content()),
            Mutability::Var => found.content() == expected.content(),
        }
}

fn table_fits(expected: &TableType, found: &TableType) -> bool {
    expected.element() == found.element()
        && expected.is_64() == found.is_64()
        && limits_fit((expected.minimum(), expected.maximum()), (found.minimum(), found.maximum()))
}

fn memory_fits(expected: &MemoryType, found: &MemoryType) -> bool {
    expected.is_64() == found.is_64()
        && expected.page_size() == found.page_size()
        && expected.is_shared() == found.is_shared()
        && limits_fit((expected.minimum(), expected.maximum()), (found.minimum(), found.maximum()))
}

fn limits_fit(expected: (u64, Option<u64>), found: (u64, Option<u64>)) -> bool {
    found.0 >= expected.0
        && match (expected.1, found.1) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(expected), Some(found)) => found <= expected,
        }
}

/// Makes the instance with its memories and tables, and fills in the context, except for the values of globals.
///
/// # Safety
/// As for [`instantiate`].
unsafe fn allocate(whole: *mut StoreOpaque, module: &Module, imports: &[Extern]) -> Result<NonNull<InstanceData>> {
    let info = module.info();
    let bytes = InstanceData::bytes(module);
    // SAFETY: guaranteed by the caller.
    unsafe {
        (*whole).check_count("instance", (*whole).instances.len(), (*whole).max_instances)?;
        (*whole).held.check(Kind::Tables, bytes)?;
    }
    let mut parts = match imports {
        [] => Parts::default(),
        // SAFETY: guaranteed by the caller.
        _ => Parts::sort(unsafe { &mut *whole }, imports)?,
    };
    let imported_memories = parts.memories.len() as u32;
    // What can fail comes first; memories of a failed instantiation go with the store.
    if !info.memories.is_empty() || !info.tables.is_empty() {
        // SAFETY: guaranteed by the caller.
        unsafe { parts.add_memories_and_tables(whole, module) }?;
    }
    // SAFETY: guaranteed by the caller; the limiter is not asked again.
    let store = unsafe { &mut *whole };
    if info.tags.len() > parts.tags.len() {
        parts.add_tags(store, module)?;
    }
    let mut data = InstanceData::new(module, store.instances.slots().next(), parts.funcs.into())?;
    store.instances.reserve(1)?;
    let has_objects = info.types.have_objects();
    if has_objects {
        learn_types(store, module)?;
    }
    if !info.globals.is_empty() {
        store.reserve_globals(info.globals.len())?;
        data.globals[..parts.globals.len()].copy_from_slice(&parts.globals);
    }
    store.held.add(Kind::Tables, bytes);
    data.imported_memories = imported_memories;
    data.memories = parts.memories.into();
    data.tables = parts.tables.into();
    store.expect_float_pins(module);
    let at = store.instances.push_box(data);
    // SAFETY: just made, and its store is borrowed.
    let instance = unsafe { &mut *at.as_ptr() };
    // SAFETY: the slots written are those that the module's layout has; what they point to is in the store's
    // arenas or in other instances of it, which live as long.
    unsafe {
        let parts_outside = [imports.len(), instance.memories.len(), instance.tables.len(), parts.tags.len()];
        if parts_outside != [0; 4] {
            link(store, instance, &parts.tags);
        }
        let heap_base = match has_objects {
            true => Some(store.ensure_heap()?),
            // If there is none yet, it is told when there is.
            false => store.heap_base(),
        };
        let membase = match module.env().heap_in_membase() {
            true => heap_base.expect("it was made"),
            false if instance.memories.is_empty() => std::ptr::null_mut(),
            false => (*instance.memory(0)).fixed_base(),
        };
        instance.vmctx().write(VMContext {
            store: store.vm(),
            builtins: thunks::table(module.engine().config().poisons()),
            membase,
            instance: at.as_ptr().cast(),
        });
        instance.set_types(module.canonical_types());
        if let Some(base) = heap_base {
            instance.set_heap_base(base);
        }
        if has_objects {
            let offset = module.env().layout.displays().expect("where there is a heap");
            instance.field::<*const u32>(offset).write(module.engine().displays()?);
        }
    }
    if !info.globals.is_empty() {
        number_globals(store, instance);
    }
    Ok(at)
}
/// Lets the collector know the types of objects that the module defines.
#[inline(never)]
fn learn_types(store: &mut StoreOpaque, module: &Module) -> Result<()> {
    store.ensure_heap()?;
    for (ty, &number) in module.info().types.distinct().iter().zip(module.distinct_types()) {
        if ty.as_func().is_none() {
            store.gc_mut().learn(module.engine(), number)?;
        }
    }
    Ok(())
}

/// Fills in the parts of the context that there is one of for each import, memory, table or tag.
///
/// # Safety
/// The instance must be new and in `store`, which has all of its parts; `tags` must be its tags.
#[inline(never)]
unsafe fn link(store: &mut StoreOpaque, instance: &mut InstanceData, tags: &[NonNull<VMTag>]) {
    // SAFETY: the slots written are those that the module's layout has; what they point to is guaranteed by the caller.
    unsafe {
        for (i, func) in instance.imported_funcs().iter().enumerate() {
            let VMFuncRef { code, vmctx, .. } = *func.as_ref();
            instance.func_import(i as u32).write(VMFuncImport { code, vmctx });
        }
        for (i, &memory) in instance.memories.iter().enumerate() {
            store.link_memory(memory);
            instance.memory_slot(i as u32).write(store.memory_at(memory).as_ptr());
        }
        for (i, &table) in instance.tables.iter().enumerate() {
            let table = store.table_at(table).as_ptr();
            (*table).link();
            instance.table_slot(i as u32).write(table);
        }
        for (i, &global) in (0..).zip(&instance.globals).take_while(|(_, global)| **global != UNKNOWN_GLOBAL) {
            instance.global_import(i).write(store.global_at(global).at);
        }
        for (i, &tag) in (0..).zip(tags) {
            instance.tag_slot(i).write(tag);
        }
    }
}

/// Gives numbers in the store, under which handles refer to them, to the globals that are exported.
#[inline(never)]
fn number_globals(store: &mut StoreOpaque, instance: &mut InstanceData) {
    let module = instance.module().clone();
    let info = module.info();
    for index in info.exports.indices() {
        if let EntityIndex::Global(i) = index
            && instance.globals[i as usize] == UNKNOWN_GLOBAL
        {
            let ty = info.global_type(i);
            instance.globals[i as usize] =
                store.add_global(GlobalData::in_instance(instance.place.index, instance.global(i), ty));
        }
    }
}

/// What an instance is made of, by index space: first what is imported. Most have few of these, and the code that adds
/// each kind is apart from what every instance needs, so that little is fetched for small ones.
#[derive(Default)]
struct Parts {
    funcs: Vec<NonNull<VMFuncRef>>,
    memories: Vec<u32>,
    tables: Vec<u32>,
    globals: Vec<u32>,
    tags: Vec<NonNull<VMTag>>,
}

impl Parts {
    /// What is imported.
    ///
    /// # Errors
    /// If there is no memory for the lists.
    #[inline(never)]
    fn sort(store: &mut StoreOpaque, imports: &[Extern]) -> Result<Parts> {
        let (mut funcs, mut memories, mut tables, mut globals, mut tags) = (0, 0, 0, 0, 0);
        for import in imports {
            *match import {
                Extern::Func(_) => &mut funcs,
                Extern::Memory(_) | Extern::SharedMemory(_) => &mut memories,
                Extern::Table(_) => &mut tables,
                Extern::Global(_) => &mut globals,
                Extern::Tag(_) => &mut tags,
            } += 1;
        }
        let mut sorted = Parts {
            funcs: alloc::with_room("imported functions", funcs)?,
            memories: alloc::with_room("imported memories", memories)?,
            tables: alloc::with_room("imported tables", tables)?,
            globals: alloc::with_room("imported globals", globals)?,
            tags: alloc::with_room("imported tags", tags)?,
        };
        for import in imports {
            match import {
                Extern::Func(f) => sorted.funcs.push(f.func_ref()),
                Extern::Memory(m) => sorted.memories.push(m.index()),
                Extern::SharedMemory(m) => sorted.memories.push(adopt_memory(store, m.memory())?),
                Extern::Table(t) => sorted.tables.push(t.index()),
                Extern::Global(g) => sorted.globals.push(g.index()),
                Extern::Tag(t) => sorted.tags.push(NonNull::from(store.tag_at(t.index()))),
            }
        }
        Ok(sorted)
    }

    /// Adds the memories and tables that the module defines, which the store has from now on.
    ///
    /// # Errors
    /// If they cannot be allocated, or the limiter does not allow them.
    ///
    /// # Safety
    /// As for [`instantiate`].
    #[inline(never)]
    unsafe fn add_memories_and_tables(&mut self, whole: *mut StoreOpaque, module: &Module) -> Result<()> {
        let (info, config) = (module.info(), module.engine().config());
        let (memories, tables) = (&mut self.memories, &mut self.tables);
        // SAFETY: guaranteed by the caller; the memories are the store's, and read for this statement only.
        if memories.iter().any(|&memory| unsafe { (*whole).memory_at(memory).as_ref() }.is_released()) {
            bail!("an imported memory was released");
        }
        alloc::reserve("an instance's memories", memories, info.memories.len() - memories.len())?;
        alloc::reserve("an instance's tables", tables, info.tables.len() - tables.len())?;
        let images = module.next_images();
        for (i, ty) in info.memories[memories.len()..].iter().enumerate() {
            let image = images.get(i).and_then(Option::as_ref).filter(|_| !ty.is_shared());
            // SAFETY: guaranteed by the caller.
            memories.push(unsafe { new_memory(whole, ty.clone(), config.memory_plan(ty), image) }?);
        }
        for (ty, _) in &info.tables[tables.len()..] {
            // SAFETY: guaranteed by the caller.
            tables.push(unsafe { new_table(whole, ty.clone(), 0) }?);
        }
        Ok(())
    }

    /// Adds the tags that the module defines, which the store has from now on.
    ///
    /// # Errors
    /// If there is no memory for them.
    #[inline(never)]
    fn add_tags(&mut self, store: &mut StoreOpaque, module: &Module) -> Result<()> {
        let info = module.info();
        let own = &info.tags[self.tags.len()..];
        alloc::reserve("an instance's tags", &mut self.tags, own.len())?;
        for &ty in own {
            self.tags.push(store.add_tag(info.types.func(ty).clone())?);
        }
        Ok(())
    }
}

/// Evaluates initialisers, of `globals` and the like if there are any, and applies active segments, in the order that the
/// specification gives.
///
/// # Safety
/// As for [`instantiate`]; the instance is new.
#[inline(never)]
unsafe fn initialise(whole: *mut StoreOpaque, at: *mut InstanceData, globals: bool) -> Result<()> {
    let initialised = match globals {
        // SAFETY: guaranteed by the caller.
        true => unsafe { initialise_globals_and_tables(whole, at) },
        false => Ok(()),
    };
    initialised.inspect_err(|_| {
        // SAFETY: as above.
        let instance = unsafe { &*at };
        // Functions of the instance may be in another instance's table, and see its memories as they are before the
        // data segments are applied.
        for i in instance.own_memories() {
            // SAFETY: the instance has this memory, and nothing else uses it now if it has an image: it is not shared.
            unsafe {
                if (*instance.memory(i)).has_image() {
                    (*instance.memory(i)).hide_image();
                }
            }
        }
    })?;
    // SAFETY: as above. Offsets are numbers: no objects are made any more.
    let instance = unsafe { &mut *at };
    let module = instance.module().clone();
    let own_memories = instance.own_memories();
    let info = module.info();
    for i in 0..info.data.len() {
        if let SegmentMode::Active { index, offset } = info.data.mode(i, &info.data_bytes) {
            // SAFETY: the instance has this memory, and nothing else uses it now.
            let in_image = own_memories.contains(&index) && unsafe { (*instance.memory(index)).has_image() };
            if !in_image {
                // SAFETY: guaranteed by the caller.
                let dst = unsafe { constant::eval(whole, instance, offset) }?.lo;
                let len = info.data.contents(i).len() as u64;
                instance.memory_init(index, i as u32, dst, 0, len).map_err(Trap::from_code)?;
            }
            instance.dropped_data[i] = true;
        }
    }
    Ok(())
}

/// # Safety
/// As for [`initialise`]. The instance is borrowed for single statements: its objects move as others are made.
unsafe fn initialise_globals_and_tables(whole: *mut StoreOpaque, at: *mut InstanceData) -> Result<()> {
    // SAFETY: guaranteed by the caller.
    let module = unsafe { (*at).module().clone() };
    let info = module.info();
    let makes_objects = |expr| info.operators(expr).any(|op: ConstOp| op.is_of_objects());
    let eval = |expr: ConstExpr| {
        // SAFETY: as above; what was made so far is where roots are found.
        unsafe {
            if makes_objects(expr) {
                StoreOpaque::collect_if_half_full(whole);
            }
            constant::eval(whole, at, expr)
        }
    };
    for (i, global) in info.globals.iter().enumerate() {
        if let Some(init) = global.init {
            let value = eval(init)?;
            // SAFETY: the instance has this global.
            unsafe { (*at).global(i as u32).write(value) };
        }
    }
    for (i, (_, init)) in info.tables.iter().enumerate() {
        if let Some(init) = *init {
            let value = eval(init)?.lo;
            // SAFETY: the instance has this table, and nothing else uses it now.
            let table = unsafe { &mut *(*at).table(i as u32) };
            table.fill(0, value, table.len()).map_err(Trap::from_code)?;
        }
    }
    for (i, elem) in (0..).zip(&info.elems) {
        if let ElemItems::Exprs(exprs) = &elem.items
            && !matches!(elem.mode, SegmentMode::Declared)
            && exprs.iter().any(|&expr| makes_objects(expr))
        {
            let bytes = Table::bytes(exprs.len() as u64);
            // SAFETY: guaranteed by the caller.
            unsafe {
                (*whole).held.check(Kind::Tables, bytes)?;
                (*at).prepare_elem(i)?;
                (*whole).held.add(Kind::Tables, bytes);
            }
            for (place, expr) in exprs.iter().enumerate() {
                let word = eval(*expr)?.lo;
                // SAFETY: as above.
                unsafe { (*at).set_elem(i, place, word) };
            }
        }
    }
    for (i, elem) in (0..).zip(&info.elems) {
        if let SegmentMode::Active { index, offset } = &elem.mode {
            let dst = eval(*offset)?.lo;
            let len = match &elem.items {
                ElemItems::Funcs(funcs) => funcs.len(),
                ElemItems::Exprs(exprs) => exprs.len(),
            };
            // SAFETY: guaranteed by the caller.
            unsafe { (*at).table_init(*index, i, dst, 0, len as u64) }.map_err(Trap::from_code)?;
        }
        if !matches!(elem.mode, SegmentMode::Passive) {
            // SAFETY: as above.
            unsafe {
                let made = (*at).drop_elem(i);
                (*whole).held.subtract(Kind::Tables, Table::bytes(made as u64));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{RefType, ValType};

    #[test]
    fn limits_must_be_at_least_as_tight_as_expected() {
        let memory = |min, max| ExternType::Memory(MemoryType::new(min, max));
        assert!(check_import(&memory(1, None), &memory(1, Some(2))).is_ok());
        assert!(check_import(&memory(1, Some(2)), &memory(2, Some(2))).is_ok());
        assert!(check_import(&memory(2, None), &memory(1, None)).is_err());
        assert!(check_import(&memory(1, Some(2)), &memory(1, None)).is_err());
        assert!(check_import(&memory(1, Some(2)), &memory(1, Some(3))).is_err());
    }

    #[test]
    fn mutable_globals_and_tables_must_match_exactly() {
        let global = |ty, m| ExternType::Global(GlobalType::new(ty, m));
        let (var, con) = (Mutability::Var, Mutability::Const);
        assert!(check_import(&global(ValType::I32, var), &global(ValType::I32, var)).is_ok());
        assert!(check_import(&global(ValType::I32, var), &global(ValType::I32, con)).is_err());
        assert!(check_import(&global(ValType::I64, con), &global(ValType::I32, con)).is_err());
        let table = |ty| ExternType::Table(TableType::new(ty, 0, None));
        assert!(check_import(&table(RefType::FUNCREF), &table(RefType::EXTERNREF)).is_err());
        let error = check_import(&table(RefType::FUNCREF), &global(ValType::I32, con)).unwrap_err();
        assert_eq!(error, "expected (table 0 funcref), found (global i32)");
    }
}
