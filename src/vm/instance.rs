//! The state of an instance that compiled code does not see, and the operations on it.
//!
//! An instance owns its context (the layout of which its module decided) and the function references to its
//! own functions. Memories and tables, its own and imported ones alike, belong to the store.

use crate::module::Module;
use crate::module::constants::ConstOp;
use crate::module::info::{ElemItems, EntityIndex};
use crate::vm::alloc;
use crate::vm::arena::Place;
use crate::vm::context::{VMContext, VMFuncImport, VMFuncRef, ValRaw};
use crate::vm::exception::VMTag;
use crate::vm::memory::LinearMemory;
use crate::vm::table::Table;
use anyhow::{Result, bail};
use headwater_codegen::vmctx::{self, VmLayout};
use headwater_codegen::{TrapCode, Ty};
use std::alloc::Layout;
use std::cell::UnsafeCell;
use std::ops::Range;
use std::ptr::NonNull;

/// An instance. The context points to it, so it never moves.
pub(crate) struct InstanceData {
    module: Module,
    /// In the store.
    pub place: Place,
    vmctx: NonNull<VMContext>,
    layout: Layout,
    /// The functions that were provided for the imports, as references.
    imported_funcs: Box<[NonNull<VMFuncRef>]>,
    /// References to those of the module's own functions that can have any, by position in `ModuleInfo::escaped_funcs`;
    /// all zeros where none was needed yet.
    func_refs: Box<[UnsafeCell<VMFuncRef>]>,
    /// Numbers in the store of memories, tables and globals, by index space.
    pub memories: Box<[u32]>,
    /// How many of the memories are imported.
    pub imported_memories: u32,
    pub tables: Box<[u32]>,
    pub globals: Box<[u32]>,
    /// Segments that were dropped (specification section 4.2.9 and 4.2.10): they behave as if empty.
    pub dropped_data: Box<[bool]>,
    pub dropped_elems: Box<[bool]>,
    /// The elements of segments that make objects, by segment; empty if there are none. What others have is computed
    /// where it is used.
    made_elems: Box<[Box<[u64]>]>,
}

/// The layout of the context of an instance of `module`.
fn context_layout(module: &Module) -> Layout {
    let size = module.env().layout.size().max(size_of::<VMContext>() as u32) as usize;
    Layout::from_size_align(size, 16).expect("a context is less than 4 GiB long")
}

/// In [`InstanceData::globals`]: the store does not know this global yet.
pub(crate) const UNKNOWN_GLOBAL: u32 = u32::MAX;

impl InstanceData {
    /// An instance with a zeroed context, no imports and no dropped segments.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn new(module: &Module, place: Place, imported_funcs: Box<[NonNull<VMFuncRef>]>) -> Result<Box<InstanceData>> {
        let info = module.info();
        let func_refs = alloc::zeroed_box("function references", info.escaped_funcs.len())?;
        let dropped_data = alloc::zeroed_box("an instance's data segments", info.data.len())?;
        let dropped_elems = alloc::zeroed_box("an instance's element segments", info.elems.len())?;
        let globals = alloc::filled("an instance's globals", info.globals.len(), UNKNOWN_GLOBAL)?;
        let layout = context_layout(module);
        // SAFETY: the layout is not empty.
        let Some(vmctx) = NonNull::new(unsafe { alloc::zeroed_bytes(layout) }.cast()) else {
            bail!("no memory for an instance's context: {} bytes", layout.size());
        };
        Ok(Box::new(InstanceData {
            module: module.clone(),
            place,
            vmctx,
            layout,
            imported_funcs,
            func_refs,
            memories: Box::default(),
            imported_memories: 0,
            tables: Box::default(),
            globals,
            dropped_data,
            dropped_elems,
            made_elems: Box::default(),
        }))
    }

    /// Bytes that an instance of `module` takes, not counting memories and tables.
    pub fn bytes(module: &Module) -> usize {
        let info = module.info();
        size_of::<InstanceData>()
            + context_layout(module).size()
            + size_of::<VMFuncRef>() * info.escaped_funcs.len()
            + size_of::<NonNull<VMFuncRef>>() * info.imports.len()
            + size_of::<u32>() * (info.globals.len() + info.memories.len() + info.tables.len())
            + (size_of::<VMTag>() + size_of::<NonNull<VMTag>>()) * (info.tags.len() - info.imported_tags as usize)
            + info.data.len()
            + info.elems.len()
    }

    /// The module that this is an instance of.
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// The functions that were provided for the imports.
    pub fn imported_funcs(&self) -> &[NonNull<VMFuncRef>] {
        &self.imported_funcs
    }

    /// Where its context is, and the references to its functions.
    pub fn ranges(&self) -> [Range<usize>; 2] {
        let context = self.vmctx.as_ptr() as usize;
        let funcs = self.func_refs.as_ptr() as usize;
        [context..context + self.layout.size(), funcs..funcs + size_of_val(&*self.func_refs)]
    }

    /// How many elements it has that were computed.
    pub fn made_elems_len(&self) -> usize {
        self.made_elems.iter().map(|made| made.len()).sum()
    }

    /// The context.
    pub fn vmctx(&self) -> NonNull<VMContext> {
        self.vmctx
    }

    /// The field at `offset` of the context.
    ///
    /// # Safety
    /// The module's layout must have a `T` there.
    pub unsafe fn field<T>(&self, offset: i32) -> *mut T {
        debug_assert!(offset as usize + size_of::<T>() <= self.layout.size());
        // SAFETY: the caller guarantees that the offset is in the context.
        unsafe { self.vmctx.as_ptr().cast::<u8>().add(offset as usize).cast() }
    }

    /// Tells compiled code where objects are, if any may come.
    pub fn set_heap_base(&self, base: *mut u8) {
        if let Some(offset) = self.vm_layout().heap_base() {
            // SAFETY: the layout has it there.
            unsafe { self.field::<*mut u8>(offset).write(base) };
        }
    }

    /// Lets compiled code know the canonical numbers of the module's types, which stay where they are.
    ///
    /// # Safety
    /// They must live as long as the instance.
    pub unsafe fn set_types(&self, numbers: &[u32]) {
        // SAFETY: the layout has a pointer to all of them, and a copy of the first ones.
        unsafe {
            self.field::<*const u32>(vmctx::TYPES).write(numbers.as_ptr());
            let copied = self.vm_layout().num_types() as usize;
            if let Some(offset) = self.vm_layout().type_number(0) {
                self.field::<u32>(offset).copy_from_nonoverlapping(numbers[..copied].as_ptr(), copied);
            }
        }
    }

    fn vm_layout(&self) -> &VmLayout {
        &self.module.env().layout
    }

    /// Where the context keeps imported function `i`.
    pub fn func_import(&self, i: u32) -> *mut VMFuncImport {
        // SAFETY: the layout has such a field for each imported function.
        unsafe { self.field(self.vm_layout().func_import(i)) }
    }

    /// Where the context keeps its pointer to memory `i`.
    pub fn memory_slot(&self, i: u32) -> *mut *mut LinearMemory {
        // SAFETY: the layout has such a field for each memory; the `VMMemory` is the first field.
        unsafe { self.field(self.vm_layout().memory(i)) }
    }

    /// Where the context keeps its pointer to table `i`.
    pub fn table_slot(&self, i: u32) -> *mut *mut Table {
        // SAFETY: the layout has such a field for each table; the `VMTable` is the first field.
        unsafe { self.field(self.vm_layout().table(i)) }
    }

    /// Memory `i`.
    pub fn memory(&self, i: u32) -> *mut LinearMemory {
        // SAFETY: instantiation fills the slot before anything else can read it.
        unsafe { *self.memory_slot(i) }
    }

    /// The memories that the module defines, by index.
    pub fn own_memories(&self) -> Range<u32> {
        self.imported_memories..self.memories.len() as u32
    }

    /// Table `i`.
    pub fn table(&self, i: u32) -> *mut Table {
        // SAFETY: instantiation fills the slot before anything else can read it.
        unsafe { *self.table_slot(i) }
    }

    /// Where the value of global `i` is.
    pub fn global(&self, i: u32) -> *mut ValRaw {
        let (offset, indirect) = self.vm_layout().global(i);
        // SAFETY: the layout has such a field for each global, a pointer for imported ones, which
        // instantiation fills first.
        unsafe { if indirect { *self.field::<*mut ValRaw>(offset) } else { self.field(offset) } }
    }

    /// Passes on what is in the globals that refer to exceptions.
    pub fn each_exnref_global(&self, mut each: impl FnMut(u64)) {
        for (i, top) in self.module.info().ref_globals() {
            if top == Ty::EXNREF {
                // SAFETY: the global exists, and the owner of the store gets here.
                each(unsafe { (*self.global(i)).lo });
            }
        }
    }

    /// Passes on where the references are that the collector follows: in globals and element segments.
    pub fn each_collected(&mut self, mut each: impl FnMut(*mut u64)) {
        for (i, top) in self.module.info().ref_globals() {
            let at = self.global(i);
            // Imported ones are not there yet while the instance is made.
            if matches!(top, Ty::ANYREF | Ty::EXTERNREF) && !at.is_null() {
                // SAFETY: the global exists.
                each(unsafe { &raw mut (*at).lo });
            }
        }
        // What is made of objects, `i31`s and the like has no other references among it.
        for words in &mut self.made_elems {
            words.iter_mut().for_each(|word| each(word));
        }
    }

    /// The slot for the identity of tag `i`.
    pub fn tag_slot(&self, i: u32) -> *mut NonNull<VMTag> {
        // SAFETY: the layout has such a field for each tag.
        unsafe { self.field(self.vm_layout().tag(i)) }
    }

    /// The slot for the pointer to imported global `i`.
    pub fn global_import(&self, i: u32) -> *mut *mut ValRaw {
        let (offset, indirect) = self.vm_layout().global(i);
        debug_assert!(indirect, "global {i} is imported");
        // SAFETY: the layout has a pointer there.
        unsafe { self.field(offset) }
    }

    /// The reference to function `func`, which must be an import or one of the module's escaped functions.
    #[inline]
    pub fn func_ref(&self, func: u32) -> NonNull<VMFuncRef> {
        if let Some(import) = self.imported_funcs.get(func as usize) {
            return *import;
        }
        let place = self.module.info().escaped_funcs.place(func);
        let at = self.func_refs[place.expect("only references to escaped functions come into being")].get();
        // SAFETY: only the owner of the store gets here, and what has been written is not written again, so references
        // that were already handed out do not change.
        unsafe {
            if (*at).code.is_null() {
                *at = VMFuncRef {
                    code: self.module.func_entry(func),
                    vmctx: self.vmctx.as_ptr(),
                    sig: self.module.canonical_type(func),
                    func,
                };
            }
            NonNull::new_unchecked(at)
        }
    }

    /// The value of an operator without operands; `None` if it has operands.
    pub fn eval_leaf(&self, op: ConstOp) -> Option<ValRaw> {
        let word = match op {
            ConstOp::I32Const(v) => v as u32 as u64,
            ConstOp::I64Const(v) => v as u64,
            ConstOp::F32Const(v) => v.into(),
            ConstOp::F64Const(v) => v,
            ConstOp::V128Const(bytes) => {
                let bits = u128::from_le_bytes(bytes);
                return Some(ValRaw { lo: bits as u64, hi: (bits >> 64) as u64 });
            }
            // SAFETY: the global exists, and what it may refer to was initialised before.
            ConstOp::GlobalGet(i) => return Some(unsafe { *self.global(i) }),
            ConstOp::RefNull => 0,
            ConstOp::RefFunc(f) => self.func_ref(f).as_ptr() as u64,
            _ => return None,
        };
        Some(ValRaw::new(word))
    }

    /// How many elements segment `elem` has: none once it is dropped.
    fn elem_len(&self, elem: u32) -> usize {
        match &self.module.info().elems[elem as usize].items {
            _ if self.dropped_elems[elem as usize] => 0,
            ElemItems::Funcs(funcs) => funcs.len(),
            ElemItems::Exprs(exprs) => exprs.len(),
        }
    }

    /// Whether `len` elements from `src` on are in segment `elem`.
    pub fn check_elem(&self, elem: u32, src: u64, len: u64) -> Result<(), TrapCode> {
        let end = src.checked_add(len).filter(|&end| end <= self.elem_len(elem) as u64);
        end.map(|_| ()).ok_or(TrapCode::TableOutOfBounds)
    }

    /// Element `i` of segment `elem`, which has as many.
    pub fn elem_word(&self, elem: u32, i: usize) -> u64 {
        if let Some(made) = self.made_elems.get(elem as usize).filter(|made| !made.is_empty()) {
            return made[i];
        }
        match &self.module.info().elems[elem as usize].items {
            ElemItems::Funcs(funcs) => self.func_ref(funcs[i]).as_ptr() as u64,
            ElemItems::Exprs(exprs) => {
                let value = self.module.info().only(exprs[i]).and_then(|op| self.eval_leaf(op));
                value.expect("elements that are not one operator are made when the instance is").lo
            }
        }
    }

    /// Makes room for the elements of segment `elem`, which are computed when the instance is made: null at first.
    ///
    /// # Errors
    /// If there is no memory for them.
    pub fn prepare_elem(&mut self, elem: u32) -> Result<()> {
        if self.made_elems.is_empty() {
            let mut all = alloc::with_room("element segments", self.module.info().elems.len())?;
            all.resize_with(self.module.info().elems.len(), Box::default);
            self.made_elems = all.into();
        }
        self.made_elems[elem as usize] = alloc::zeroed("an element segment", self.elem_len(elem))?.into();
        Ok(())
    }

    /// Sets element `i` of such a segment.
    pub fn set_elem(&mut self, elem: u32, i: usize, word: u64) {
        self.made_elems[elem as usize][i] = word;
    }

    /// Drops segment `elem`. How many elements it had that were computed.
    pub fn drop_elem(&mut self, elem: u32) -> usize {
        self.dropped_elems[elem as usize] = true;
        self.made_elems.get_mut(elem as usize).map_or(0, |made| std::mem::take(made).len())
    }

    /// `table.init` (specification section 4.4.7).
    pub fn table_init(&self, table: u32, elem: u32, dst: u64, src: u64, len: u64) -> Result<(), TrapCode> {
        // SAFETY: the table exists, and nothing else uses it while the store's owner is here.
        let table = unsafe { &mut *self.table(table) };
        table.init(self.elem_len(elem) as u64, dst, src, len, |i| self.elem_word(elem, i))
    }

    /// What data segment `data` holds: nothing once it is dropped.
    fn data(&self, data: u32) -> &[u8] {
        let info = self.module.info();
        if self.dropped_data[data as usize] {
            return &[];
        }
        &info.data_bytes[info.data.contents(data as usize)]
    }

    /// Whether both sides of a `memory.init` are in bounds.
    pub fn check_memory_init(&self, memory: u32, data: u32, dst: u64, src: u64, len: u64) -> Result<(), TrapCode> {
        // SAFETY: the memory exists, and nothing else uses it while the store's owner is here.
        unsafe { (*self.memory(memory)).range(dst, len) }?;
        self.data_bytes(data, src, len).map(|_| ())
    }

    /// `len` bytes from `src` on of data segment `data`.
    pub fn data_bytes(&self, data: u32, src: u64, len: u64) -> Result<&[u8], TrapCode> {
        let end = src.checked_add(len).ok_or(TrapCode::MemoryOutOfBounds)?;
        self.data(data).get(src as usize..end as usize).ok_or(TrapCode::MemoryOutOfBounds)
    }

    /// `memory.init` (specification section 4.4.7).
    pub fn memory_init(&self, memory: u32, data: u32, dst: u64, src: u64, len: u64) -> Result<(), TrapCode> {
        // SAFETY: the memory exists, and nothing else uses it while the store's owner is here.
        unsafe { &*self.memory(memory) }.init(self.data(data), dst, src, len)
    }

    /// What the module exports as `name`.
    pub fn export(&self, name: &str) -> Option<EntityIndex> {
        self.module.export(name)
    }
}

impl VMContext {
    /// The instance whose context this is; null for that of a host function.
    #[inline]
    pub fn instance(&self) -> *mut InstanceData {
        self.instance.cast()
    }
}

impl Drop for InstanceData {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout by `new`; code that could still use it is gone with the store.
        unsafe { std::alloc::dealloc(self.vmctx.as_ptr().cast(), self.layout) };
    }
}

// SAFETY: the pointers are to this instance's own memory and to other parts of its store, and are only followed by the
// owner of the store.
unsafe impl Send for InstanceData {}
// SAFETY: as above; through a shared reference to the store nothing is written.
unsafe impl Sync for InstanceData {}
