//! What a store contained when its code trapped, to be looked at by other tools.
//!
//! The format is that of the tool conventions of WebAssembly ("Coredump"): a module with custom sections for modules,
//! instances and the stack, and memories, globals and data as they were.

use crate::api::context::{AsContextMut, StoreContextMut};
use crate::api::global::Global;
use crate::api::instance::Instance;
use crate::api::memory::Memory;
use crate::types::{GlobalType, HeapType, ValType};
use crate::vm::backtrace::{FrameInfo, WasmBacktrace};
use crate::vm::global::GlobalData;
use crate::vm::instance::UNKNOWN_GLOBAL;
use crate::vm::store::StoreOpaque;
use crate::{Config, Error, Module, Result, Trap, Val, printable};
use std::fmt;
use wasm_encoder::{
    ConstExpr, CoreDumpInstancesSection, CoreDumpModulesSection, CoreDumpSection, CoreDumpStackSection, DataSection,
    GlobalSection, MemorySection,
};

/// The pieces in which contents of memories are looked at: zeros are left out.
const PIECE: usize = 4096;

/// What a store contained when its code trapped ([`Config::coredump_on_trap`]): handles of all its instances, memories
/// and globals, and the stack. Their contents are those of now, until [`WasmCoreDump::serialize`] writes them down.
///
/// ```
/// use headwater::{Config, Engine, Instance, Module, Store, Trap, WasmCoreDump};
/// let engine = Engine::new(Config::new().coredump_on_trap(true))?;
/// let module = Module::new(&engine, wat::parse_str(r#"(module (memory 1) (func (export "f")
///     (i32.store (i32.const 16) (i32.const 42)) unreachable))"#)?)?;
/// let mut store = Store::new(&engine, ());
/// let instance = Instance::new(&mut store, &module, &[])?;
/// let error = instance.get_typed_func::<(), ()>(&mut store, "f")?.call(&mut store, ()).unwrap_err();
/// assert!(error.is::<Trap>());
/// let dump = error.downcast_ref::<WasmCoreDump>().expect("it trapped");
/// assert_eq!(dump.memories()[0].data(&store)[16], 42);
/// let bytes = dump.serialize(&mut store, "program"); // for a debugger
/// # Module::new(&engine, &bytes)?;
/// # Ok::<(), headwater::Error>(())
/// ```
pub struct WasmCoreDump {
    frames: Vec<FrameInfo>,
    modules: Vec<Module>,
    instances: Vec<Instance>,
    memories: Vec<Memory>,
    globals: Vec<Global>,
}

impl WasmCoreDump {
    fn of(store: &mut StoreOpaque, frames: &[FrameInfo]) -> WasmCoreDump {
        // Without memory for their handles, the globals that nobody else sees are left out.
        let _ = name_globals(store);
        let store = &*store;
        let instances: Vec<Instance> =
            store.instances.slots().numbered().map(|(i, _)| Instance::at(store, i)).collect();
        let mut modules: Vec<Module> = Vec::new();
        for module in instances.iter().map(|instance| instance.data(store).module()) {
            if !modules.iter().any(|known| Module::same(known, module)) {
                modules.push(module.clone());
            }
        }
        // What is shared may change at any moment, and is not the store's.
        let own = store.memory_numbers().filter(|&i| store.shared_memory_at(i).is_none());
        WasmCoreDump {
            frames: frames.to_vec(),
            modules,
            instances,
            memories: own.map(|i| Memory::at(store, i)).collect(),
            globals: store.global_numbers().map(|i| Global::at(store, i)).collect(),
        }
    }

    /// The stack, innermost first.
    pub fn frames(&self) -> &[FrameInfo] {
        &self.frames
    }

    /// The modules of all instances.
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// All instances in the store.
    pub fn instances(&self) -> &[Instance] {
        &self.instances
    }

    /// All globals in the store.
    pub fn globals(&self) -> &[Global] {
        &self.globals
    }

    /// All memories in the store that are not shared.
    pub fn memories(&self) -> &[Memory] {
        &self.memories
    }

    /// The dump as a file; `name` is that of the program. Locals and operands are missing: a single pass keeps no
    /// record of where they are.
    ///
    /// # Panics
    /// If it is not of `store`.
    pub fn serialize(&self, mut store: impl AsContextMut, name: &str) -> Vec<u8> {
        let mut store = store.as_context_mut();
        let mut dump = wasm_encoder::Module::new();
        dump.section(&CoreDumpSection::new(name));
        let mut modules = CoreDumpModulesSection::new();
        for module in &self.modules {
            modules.module(module.name().unwrap_or_default());
        }
        dump.section(&modules);
        dump.section(&self.made_of(&store.0.opaque));
        let (memories, data) = self.contents(&mut store);
        dump.section(&memories);
        dump.section(&self.values(&mut store));
        dump.section(&self.stack(&store.0.opaque));
        dump.section(&data);
        dump.finish()
    }

    fn contents<T>(&self, store: &mut StoreContextMut<'_, T>) -> (MemorySection, DataSection) {
        let (mut memories, mut data) = (MemorySection::new(), DataSection::new());
        for (index, memory) in (0..).zip(&self.memories) {
            let ty = memory.ty(&mut *store);
            memories.memory(wasm_encoder::MemoryType {
                minimum: memory.size(&mut *store),
                maximum: ty.maximum(),
                memory64: ty.is_64(),
                shared: false,
                page_size_log2: (ty.page_size_log2() != 16).then(|| ty.page_size_log2().into()),
            });
            let bytes = memory.data(&*store);
            let is_zero = |piece: &&[u8]| piece.iter().all(|&byte| byte == 0);
            let mut at = 0;
            for run in bytes.chunks(PIECE).collect::<Vec<_>>().chunk_by(|a, b| is_zero(a) == is_zero(b)) {
                let end = at + run.iter().map(|piece| piece.len()).sum::<usize>();
                if !is_zero(&run[0]) {
                    let offset = match ty.is_64() {
                        true => ConstExpr::i64_const(at as i64),
                        false => ConstExpr::i32_const(at as u32 as i32),
                    };
                    data.active(index, &offset, bytes[at..end].iter().copied());
                }
                at = end;
            }
        }
        (memories, data)
    }

    /// The globals; references, which mean nothing elsewhere, are null.
    fn values<T>(&self, store: &mut StoreContextMut<'_, T>) -> GlobalSection {
        let mut globals = GlobalSection::new();
        for global in &self.globals {
            let ty = global.ty(&mut *store);
            let value = match global.get(&mut *store) {
                Val::I32(v) => ConstExpr::i32_const(v),
                Val::I64(v) => ConstExpr::i64_const(v),
                Val::F32(bits) => ConstExpr::f32_const(wasm_encoder::Ieee32::new(bits)),
                Val::F64(bits) => ConstExpr::f64_const(wasm_encoder::Ieee64::new(bits)),
                Val::V128(v) => ConstExpr::v128_const(v.as_u128().cast_signed()),
                _ => ConstExpr::ref_null(heap_type(&ty)),
            };
            globals.global(global_type(&ty), &value);
        }
        globals
    }

    /// What instances are made of.
    fn made_of(&self, store: &StoreOpaque) -> CoreDumpInstancesSection {
        let mut instances = CoreDumpInstancesSection::new();
        for instance in &self.instances {
            let data = instance.data(store);
            let place = |module: &Module| self.modules.iter().position(|m| Module::same(m, module));
            let memories = data.memories.iter().filter_map(|&i| {
                let memory = store.shared_memory_at(i).is_none().then(|| Memory::at(store, i))?;
                self.memories.iter().position(|&m| m == memory)
            });
            let memories: Vec<u32> = memories.map(|i| i as u32).collect();
            let globals: Vec<u32> = data.globals.iter().copied().filter(|&i| i != UNKNOWN_GLOBAL).collect();
            instances.instance(place(data.module()).unwrap_or_default() as u32, memories, globals);
        }
        instances
    }

    fn stack(&self, store: &StoreOpaque) -> CoreDumpStackSection {
        let mut stack = CoreDumpStackSection::new("main");
        for frame in &self.frames {
            let is_of = |instance: &&Instance| Module::same(instance.data(store).module(), frame.module());
            // Which of several instances of a module it is, frames do not say.
            let instance = self.instances.iter().position(|instance| is_of(&instance)).unwrap_or_default();
            let offset = frame.func_offset().unwrap_or_default();
            stack.frame(instance as u32, frame.func_index(), offset as u32, [], []);
        }
        stack
    }
}

fn heap_type(ty: &GlobalType) -> wasm_encoder::HeapType {
    let heap = match ty.content() {
        ValType::Ref(r) => r.heap_type().top(),
        _ => HeapType::Func,
    };
    match heap {
        HeapType::Func => wasm_encoder::HeapType::FUNC,
        HeapType::Extern => wasm_encoder::HeapType::EXTERN,
        HeapType::Exn => wasm_encoder::HeapType::Abstract { shared: false, ty: wasm_encoder::AbstractHeapType::Exn },
        _ => wasm_encoder::HeapType::ANY,
    }
}

fn global_type(ty: &GlobalType) -> wasm_encoder::GlobalType {
    let val_type = match ty.content() {
        ValType::I32 => wasm_encoder::ValType::I32,
        ValType::I64 => wasm_encoder::ValType::I64,
        ValType::F32 => wasm_encoder::ValType::F32,
        ValType::F64 => wasm_encoder::ValType::F64,
        ValType::V128 => wasm_encoder::ValType::V128,
        ValType::Ref(_) => {
            wasm_encoder::ValType::Ref(wasm_encoder::RefType { nullable: true, heap_type: heap_type(ty) })
        }
    };
    wasm_encoder::GlobalType { val_type, mutable: ty.mutability().is_var(), shared: false }
}

impl fmt::Debug for WasmCoreDump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WasmCoreDump").field("frames", &self.frames).finish_non_exhaustive()
    }
}

impl fmt::Display for WasmCoreDump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wasm core dump of {} instances", self.instances.len())?;
        for module in &self.modules {
            write!(f, ", module {}", printable::name(module.name().unwrap_or("<unknown>")))?;
        }
        Ok(())
    }
}

impl Config {
    /// Whether the error of a trap carries a [`WasmCoreDump`]. Off by default. Needs the cargo feature `coredump`.
    pub fn coredump_on_trap(&mut self, enable: bool) -> &mut Config {
        self.dumps = enable;
        self
    }
}

/// Makes the store know the globals that its instances neither export nor import.
fn name_globals(store: &mut StoreOpaque) -> Result<()> {
    for i in 0..store.instances.slots().end() as u32 {
        let Some(mut at) = store.instances.slots().get(i).copied() else { continue };
        // SAFETY: the instance is the store's, which is borrowed, and nothing else uses it meanwhile.
        let instance = unsafe { at.as_mut() };
        for global in 0..instance.globals.len() {
            if instance.globals[global] == UNKNOWN_GLOBAL {
                store.reserve_globals(1)?;
                let ty = instance.module().info().global_type(global as u32);
                let data = GlobalData::in_instance(i, instance.global(global as u32), ty);
                instance.globals[global] = store.add_global(data);
            }
        }
    }
    Ok(())
}

/// Adds a dump to the error of a trap, if there is to be one and none yet.
#[cold]
pub(crate) fn attach(store: &mut StoreOpaque, error: Error) -> Error {
    if !store.engine().config().dumps || !error.is::<Trap>() || error.is::<WasmCoreDump>() {
        return error;
    }
    let frames = error.downcast_ref::<WasmBacktrace>().map(|trace| trace.frames().to_vec()).unwrap_or_default();
    error.context(WasmCoreDump::of(store, &frames))
}
