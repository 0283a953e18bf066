//! A compiled module: the decoded sections, the machine code, and how to find the one from the other.

pub(crate) mod artifact;
pub(crate) mod bytes;
pub(crate) mod constants;
pub(crate) mod exports;
pub(crate) mod imports;
pub(crate) mod info;
pub(crate) mod lookup;
mod names;

use crate::code::{Code, registry};
#[cfg(feature = "debug")]
use crate::debug::{self, Sources};
use crate::engine::{Engine, ModuleTypes};
use crate::types::{ExportType, ExternType, ImportType, TagType};
use crate::vm::image::{Images, MemoryImage};
use headwater_codegen::ModuleEnv;
use imports::ImportInfo;
use info::{EntityIndex, ModuleInfo};
use names::Names;
use std::ops::Range;
use std::ptr::NonNull;
use std::sync::{Arc, OnceLock};

/// A module in machine code, ready to be instantiated. A handle: clones are cheap and refer to the same module. The
/// code is freed with the last of them and the last store that has an instance.
///
/// ```
/// use headwater::{Engine, Module};
/// let module = Module::new(&Engine::default(), b"\0asm\x01\0\0\0")?;
/// assert_eq!(module.exports().len(), 0);
/// # Ok::<(), headwater::CompileError>(())
/// ```
#[derive(Clone)]
pub struct Module {
    inner: Arc<ModuleInner>,
}

/// What [`registry`] points to.
pub(crate) struct ModuleInner {
    code: Code,
    info: ModuleInfo,
    /// [`ModuleEnv::compiled`]
    env: ModuleEnv,
    /// Keeps the canonical numbers that the code has.
    types: ModuleTypes,
    /// Without what is only added up when it is asked for ([`Module::compile_stats`]).
    stats: CompileStats,
    names: OnceLock<Names>,
    /// Indices of exports, sorted by name.
    exports_by_name: OnceLock<Box<[u32]>>,
    images: Images,
    #[cfg(feature = "debug")]
    sources: OnceLock<Option<Sources>>,
    /// Before the code goes, debuggers forget it.
    #[cfg(feature = "debug")]
    registration: OnceLock<crate::code::debugger::Registration>,
    engine: Engine,
}

impl ModuleInner {
    pub fn code(&self) -> &Code {
        &self.code
    }
}

impl Drop for ModuleInner {
    fn drop(&mut self) {
        // Before the fields go, and with them the memory that the code is in.
        registry::unregister(self.code.range());
    }
}

/// What compiling a module took.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CompileStats {
    /// Size of the module, in bytes.
    pub wasm_bytes: u64,
    /// Size of the code section's contents, in bytes.
    pub code_section_bytes: u64,
    /// Functions defined.
    pub functions: u32,
    /// Size of the machine code, in bytes.
    pub machine_code_bytes: u64,
    /// What the module keeps besides its machine code, in bytes: the contents of data segments and of the name section,
    /// where functions begin, which code may trap and which is a call, imports, exports, and what instances are made
    /// from.
    pub metadata_bytes: u64,
    /// Time spent compiling bodies, in nanoseconds, summed over threads.
    pub compile_ns: u64,
}

/// What an instance of a module is going to need besides its code.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct ResourcesRequired {
    /// How many memories the module defines and imports.
    pub num_memories: u32,
    /// The largest of their minimum sizes, in pages.
    pub max_initial_memory_size: Option<u64>,
    /// How many tables the module defines and imports.
    pub num_tables: u32,
    /// The largest of their minimum sizes, in elements.
    pub max_initial_table_size: Option<u64>,
}

/// A function in a module's machine code.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CompiledFunction {
    /// Index in the module's function index space.
    pub index: u32,
    /// Its range in [`Module::machine_code`].
    pub code: Range<usize>,
    /// Offset of its body in the module's bytes.
    pub wasm_offset: u32,
}

impl Module {
    /// Makes the module and enters its code in [`registry`].
    pub(crate) fn assemble(
        engine: Engine,
        info: ModuleInfo,
        env: ModuleEnv,
        types: ModuleTypes,
        code: Code,
        compile_ns: u64,
    ) -> Module {
        let stats = CompileStats {
            wasm_bytes: info.wasm_bytes,
            code_section_bytes: info.code_section_bytes,
            functions: env.funcs.len() as u32 - env.imported_funcs,
            machine_code_bytes: code.size() as u64,
            metadata_bytes: 0,
            compile_ns,
        };
        let inner = Arc::new(ModuleInner {
            code,
            info,
            env,
            types,
            stats,
            names: OnceLock::new(),
            exports_by_name: OnceLock::new(),
            images: Images::default(),
            #[cfg(feature = "debug")]
            sources: OnceLock::new(),
            #[cfg(feature = "debug")]
            registration: OnceLock::new(),
            engine,
        });
        registry::register(inner.code.range(), Arc::as_ptr(&inner).cast());
        let module = Module { inner };
        if let Some(profiler) = module.engine().profiler() {
            profiler.add(&module);
        }
        #[cfg(feature = "debug")]
        if module.engine().config().tells_debuggers()
            && let Some(registration) = debug::register(&module)
        {
            let _ = module.inner.registration.set(registration);
        }
        module
    }

    /// # Safety
    /// `inner` must be from the registry and the module alive.
    pub(crate) unsafe fn from_registered(inner: NonNull<ModuleInner>) -> Module {
        // SAFETY: `assemble` registers what `Arc::as_ptr` gave; the module is alive, so the count is not 0.
        unsafe {
            Arc::increment_strong_count(inner.as_ptr());
            Module { inner: Arc::from_raw(inner.as_ptr()) }
        }
    }

    /// Whether both are handles of the same module.
    pub fn same(a: &Module, b: &Module) -> bool {
        Arc::ptr_eq(&a.inner, &b.inner)
    }

    /// The engine that compiled it.
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    pub(crate) fn info(&self) -> &ModuleInfo {
        &self.inner.info
    }

    /// Whether any of its functions has a local in a float register (`FLOAT_PINS`).
    pub(crate) fn pins_floats(&self) -> bool {
        self.inner.code.pins_floats()
    }

    pub(crate) fn env(&self) -> &ModuleEnv {
        &self.inner.env
    }

    /// The canonical number of the type of function `func`.
    #[inline]
    pub(crate) fn canonical_type(&self, func: u32) -> u32 {
        self.inner.types.numbers()[self.inner.env.funcs[func as usize] as usize]
    }

    /// Its debug information, if there is some and it is kept.
    #[cfg(feature = "debug")]
    pub(crate) fn sources(&self) -> Option<&Sources> {
        self.inner.sources.get_or_init(|| Sources::of(&self.inner.info)).as_ref()
    }

    /// The canonical number of each of its types, for as long as it lives.
    pub(crate) fn canonical_types(&self) -> &[u32] {
        self.inner.types.numbers()
    }

    /// The same of those types that differ, in the order of [`StoredTypes::distinct`](crate::types::StoredTypes).
    pub(crate) fn distinct_types(&self) -> &[u32] {
        self.inner.types.distinct()
    }

    /// What the memories of the next instance are to begin with, by number among those that the module defines.
    pub(crate) fn next_images(&self) -> &[Option<Arc<MemoryImage>>] {
        self.inner.images.next(&self.inner.info)
    }

    /// The entry of a defined function, in the calling convention of compiled code.
    pub(crate) fn func_entry(&self, func: u32) -> *const u8 {
        self.inner.code.entry((func - self.inner.env.imported_funcs) as usize)
    }

    fn names(&self) -> &Names {
        self.inner.names.get_or_init(|| Names::decode(self.inner.info.name_section.as_deref()))
    }

    /// The name of the module, if its name section has one.
    pub fn name(&self) -> Option<&str> {
        self.names().module(self.inner.info.name_section.as_deref()?)
    }

    /// The name of the function `func` (of the module's function index space), if the module's name section has one.
    pub fn func_name(&self, func: u32) -> Option<&str> {
        self.names().func(self.inner.info.name_section.as_deref()?, func)
    }

    fn extern_type(&self, index: EntityIndex) -> ExternType {
        let info = &self.inner.info;
        match index {
            EntityIndex::Func(i) => info.types.func(self.inner.env.funcs[i as usize]).clone().into(),
            EntityIndex::Table(i) => info.tables[i as usize].0.clone().into(),
            EntityIndex::Memory(i) => info.memories[i as usize].clone().into(),
            EntityIndex::Global(i) => info.global_type(i).into(),
            EntityIndex::Tag(i) => TagType::new(info.types.func(info.tags[i as usize]).clone()).into(),
        }
    }

    /// What the module imports, in order.
    pub fn imports(&self) -> impl ExactSizeIterator<Item = ImportType<'_>> + '_ {
        (0..self.inner.info.imports.len()).map(|i| self.import(i))
    }

    /// Import number `i`, which there is, without looking at those before it.
    pub(crate) fn import(&self, i: usize) -> ImportType<'_> {
        let ImportInfo { module, name, index } = self.inner.info.imports.get(i);
        ImportType { module, name, ty: self.extern_type(index) }
    }

    /// What instances of the module offer, in order.
    pub fn exports(&self) -> impl ExactSizeIterator<Item = ExportType<'_>> + '_ {
        self.inner.info.exports.iter().map(|(name, index)| ExportType { name, ty: self.extern_type(index) })
    }

    /// What the export called `name` refers to.
    pub(crate) fn export(&self, name: &str) -> Option<EntityIndex> {
        let exports = &self.inner.info.exports;
        let by_name = self.inner.exports_by_name.get_or_init(|| exports.by_name());
        let i = by_name.binary_search_by_key(&name, |&i| exports.get(i as usize).0).ok()?;
        Some(exports.get(by_name[i] as usize).1)
    }

    /// The type of the export called `name`.
    pub fn get_export(&self, name: &str) -> Option<ExternType> {
        self.export(name).map(|index| self.extern_type(index))
    }

    /// What an instance is going to need.
    pub fn resources_required(&self) -> ResourcesRequired {
        let info = &self.inner.info;
        ResourcesRequired {
            num_memories: info.memories.len() as u32,
            max_initial_memory_size: info.memories.iter().map(|m| m.minimum()).max(),
            num_tables: info.tables.len() as u32,
            max_initial_table_size: info.tables.iter().map(|(t, _)| t.minimum()).max(),
        }
    }

    /// What compiling it took. Adds up what is kept of each import, export and global, of which there may be many.
    pub fn compile_stats(&self) -> CompileStats {
        let ModuleInner { code, info, env, stats, .. } = &*self.inner;
        let metadata = code.metadata_size() + info.heap_size() + size_of_val(&*env.funcs);
        CompileStats { metadata_bytes: metadata as u64, ..*stats }
    }

    /// Where in [`Module::machine_code`] it goes on for caught exceptions, and with which tag's; with any exception, if
    /// there is none. In no order.
    pub fn landings(&self) -> impl Iterator<Item = (usize, Option<u32>)> + '_ {
        let clauses = self.inner.code.batches().iter().flat_map(|b| b.handlers.clauses());
        clauses.map(|c| (c.landing as usize, c.tag))
    }

    /// The return addresses of calls within handlers, with the landings in the order in which they are tried. For
    /// tests.
    #[doc(hidden)]
    pub fn handled_calls(&self) -> impl Iterator<Item = (usize, Vec<(usize, Option<u32>)>)> + '_ {
        self.inner.code.batches().iter().map(|b| &b.handlers).flat_map(|handlers| {
            handlers.calls.iter().map(|call| {
                let tried = handlers.tried(Some(call.wasm)).map(|caught| (caught.landing as usize, caught.tag));
                (call.code as usize, tried.collect())
            })
        })
    }

    /// The return addresses of calls at which frames hold references to objects, with the slots: how far the first is
    /// from the frame pointer, and how many there are from there downwards. For tests.
    #[doc(hidden)]
    pub fn reference_maps(&self) -> impl Iterator<Item = (usize, Vec<(i32, u32)>)> + '_ {
        let batches = self.inner.code.batches().iter();
        batches.flat_map(|b| b.ref_sites.iter().map(move |site| (site.code as usize, b.ref_slots(site.code).collect())))
    }

    /// The machine code as it runs. Functions are found through [`Module::functions`]; what lies between them is
    /// meaningless.
    pub fn machine_code(&self) -> &[u8] {
        self.inner.code.bytes()
    }

    /// The functions in the machine code, by address.
    pub fn functions(&self) -> impl Iterator<Item = CompiledFunction> + '_ {
        self.inner.code.functions().map(|f| CompiledFunction {
            index: self.inner.env.imported_funcs + f.defined,
            code: f.code.start as usize..f.code.end as usize,
            wasm_offset: f.wasm,
        })
    }

    /// Where in [`Module::machine_code`] the code of each operator begins, and the operator's offset in the
    /// module's bytes, by address. Empty unless [`Config::map_operators`](crate::Config::map_operators) was on.
    pub fn operator_map(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        self.inner.code.batches().iter().flat_map(|b| &*b.operators).map(|site| (site.code as usize, site.wasm))
    }

    /// The places in [`Module::machine_code`] that may fault, and the last bytes of calls (on AArch64 their instructions),
    /// with the operators' offsets in the module's bytes, by address: also those that are out of line, behind what
    /// [`Module::operator_map`] knows.
    pub fn sites(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        self.inner.code.batches().iter().flat_map(|b| b.sites.iter()).map(|site| (site.code as usize, site.wasm))
    }

    /// The places in source code that the operator at `offset` in the module's bytes comes from, innermost first: several
    /// where functions were inlined, none where the module's debug information (DWARF) has nothing to say, or was not
    /// kept. [`Config::wasm_backtrace_details`](crate::Config::wasm_backtrace_details) and
    /// [`Config::debug_info`](crate::Config::debug_info) keep it.
    #[cfg(feature = "debug")]
    pub fn source_symbols(&self, offset: u32) -> Vec<debug::FrameSymbol> {
        self.sources().map(|sources| sources.symbols(offset)).unwrap_or_default()
    }
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module").field("name", &self.name()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::lookup::lookup;
    use super::*;
    use crate::Config;

    #[test]
    fn addresses_lead_back_to_functions_and_modules() {
        let engine = Engine::new(Config::new().compile_threads(0)).unwrap();
        let wasm = wat::parse_str(
            r#"(module (import "a" "b" (func)) (memory 1)
                 (func $caller (call $callee (i32.load (i32.const 4))))
                 (func $callee (param i32)))"#,
        )
        .unwrap();
        let module = Module::new(&engine, &wasm).unwrap();
        let functions: Vec<_> = module.functions().collect();
        assert_eq!(functions.len(), 2);
        for f in &functions {
            let entry = module.func_entry(f.index);
            assert_eq!(entry, module.machine_code()[f.code.start..].as_ptr());
            for pc in [entry as usize, entry as usize + f.code.len() - 1] {
                assert!(registry::is_code(pc));
                // SAFETY: the module is alive.
                let hit = unsafe { lookup(pc) }.unwrap();
                assert_eq!((hit.func, hit.body), (f.index, f.wasm_offset));
                // SAFETY: the module is alive.
                assert!(Module::same(&unsafe { hit.module() }, &module));
            }
        }
        assert_eq!(module.func_name(1), Some("caller"));
        assert_eq!(module.func_name(0), None);
        let sites: Vec<_> = module.inner.code.batches().iter().flat_map(|b| b.sites.iter()).collect();
        assert!(!sites.is_empty());
        for site in sites {
            let pc = module.machine_code().as_ptr() as usize + site.code as usize;
            // SAFETY: the module is alive.
            let hit = unsafe { lookup(pc) }.unwrap();
            assert_eq!(hit.wasm, Some(site.wasm));
        }
        let entry = module.func_entry(1) as usize;
        drop(module);
        assert!(!registry::is_code(entry));
    }
}
