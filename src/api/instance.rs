//! Instances as the host handles them.

use crate::api::context::{AsContextMut, StoreContext, StoreContextMut};
use crate::api::exception::Tag;
use crate::api::externals::{Export, Extern};
use crate::api::func::Func;
use crate::api::global::Global;
use crate::api::instantiate;
use crate::api::memory::Memory;
use crate::api::shared_memory::SharedMemory;
use crate::api::table::Table;
use crate::api::typed::{TypedFunc, WasmParams, WasmResults};
use crate::engine::Demand;
use crate::module::info::EntityIndex;
use crate::vm::arena::Place;
use crate::vm::context::entry_fn;
use crate::vm::instance::InstanceData;
use crate::vm::store::{StoreOpaque, Stored};
use crate::{Error, Module, Result, printable};

/// An instance of a module, in a store. A handle.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Instance(Stored);

fn has(store: &StoreOpaque, place: Place) -> bool {
    store.instances.slots().has(place)
}

impl Instance {
    /// Makes an instance of `module`, whose imports are given in the order in which it declares them, and runs
    /// its start function.
    ///
    /// # Errors
    /// If the imports do not match, there is not enough memory, a segment is out of bounds (a [`Trap`](crate::Trap)),
    /// or the start function traps or calls a host function that fails.
    pub fn new(mut store: impl AsContextMut, module: &Module, imports: &[Extern]) -> Result<Instance> {
        let mut store = store.as_context_mut();
        // SAFETY: the store is borrowed for writing.
        let index = unsafe { instantiate::instantiate(store.as_ptr(), module, imports) }?;
        let instance = Instance::at(&store.0.opaque, index);
        if let Some(start) = module.info().start {
            instance.run_start(&mut store, start)?;
        }
        Ok(instance)
    }

    fn run_start<T>(&self, store: &mut StoreContextMut<'_, T>, start: u32) -> Result<()> {
        let data = self.data(&store.0.opaque);
        let module = data.module();
        if start < module.env().imported_funcs {
            let func = Func::from_func_ref(&store.0.opaque, data.func_ref(start));
            return func.call(store, &[], &mut []);
        }
        let canonical = module.canonical_type(start);
        let (vmctx, code) = (data.vmctx(), module.func_entry(start));
        let entry = entry_fn(store.engine().trampolines(canonical, Demand::Bounded)?);
        // SAFETY: validation allows start functions of type [] → [] only; the trampoline is that of the type.
        unsafe { crate::api::func::enter(store, entry, vmctx.as_ptr(), code, std::ptr::dangling_mut()) }
    }

    pub(crate) fn at(store: &StoreOpaque, index: u32) -> Instance {
        Instance(Stored { store: store.id(), place: store.instances.slots().place(index) })
    }

    /// The instance of `store` that `data` is of.
    #[inline]
    pub(crate) fn of(store: &StoreOpaque, data: &InstanceData) -> Instance {
        Instance(Stored { store: store.id(), place: data.place })
    }

    /// Whether it is in `store`.
    pub(crate) fn is_in(&self, store: &StoreOpaque) -> bool {
        store.owns(self.0, has)
    }

    pub(crate) fn index(&self) -> u32 {
        self.0.place.index
    }

    pub(crate) fn data<'a>(&self, store: &'a StoreOpaque) -> &'a InstanceData {
        store.check_stored(self.0, has);
        // SAFETY: the instance lives as long as the store; while the store is borrowed nobody else uses it.
        unsafe { store.instances.get(self.0.place.index).as_ref() }
    }

    /// The module that this is an instance of.
    ///
    /// # Panics
    /// If it does not belong to `store`; the same goes for all methods here.
    pub fn module<'a, T: 'a>(&self, store: impl Into<StoreContext<'a, T>>) -> &'a Module {
        self.data(store.into().0).module()
    }

    pub(crate) fn get(&self, store: &StoreOpaque, index: EntityIndex) -> Extern {
        let data = self.data(store);
        match index {
            EntityIndex::Func(i) => Func::from_func_ref(store, data.func_ref(i)).into(),
            EntityIndex::Memory(i) => match store.shared_memory_at(data.memories[i as usize]) {
                Some(memory) => SharedMemory::of(store.engine(), memory).into(),
                None => Memory::at(store, data.memories[i as usize]).into(),
            },
            EntityIndex::Table(i) => Table::at(store, data.tables[i as usize]).into(),
            EntityIndex::Global(i) => Global::at(store, data.globals[i as usize]).into(),
            // SAFETY: instantiation fills the slot; tags live as long as the store.
            EntityIndex::Tag(i) => Tag::at(store, unsafe { (*data.tag_slot(i)).as_ref() }.index).into(),
        }
    }

    /// The exports, in the order in which the module declares them.
    pub fn exports<'a, T: 'a>(
        &'a self,
        store: impl Into<StoreContextMut<'a, T>>,
    ) -> impl ExactSizeIterator<Item = Export<'a>> + 'a {
        let store: &'a StoreOpaque = &store.into().0.opaque;
        let exports = &self.data(store).module().info().exports;
        exports.iter().map(move |(name, index)| Export::new(name, self.get(store, index)))
    }

    /// The export called `name`.
    pub fn get_export(&self, mut store: impl AsContextMut, name: &str) -> Option<Extern> {
        let store = &store.as_context_mut().0.opaque;
        let index = self.data(store).export(name)?;
        Some(self.get(store, index))
    }

    /// The exported function called `name`.
    pub fn get_func(&self, store: impl AsContextMut, name: &str) -> Option<Func> {
        self.get_export(store, name)?.into_func()
    }

    /// The exported function called `name`, of the static type given.
    ///
    /// # Errors
    /// If there is no such function, or its type differs.
    pub fn get_typed_func<Params, Results>(
        &self,
        mut store: impl AsContextMut,
        name: &str,
    ) -> Result<TypedFunc<Params, Results>>
    where
        Params: WasmParams,
        Results: WasmResults,
    {
        let func = self
            .get_func(store.as_context_mut(), name)
            .ok_or_else(|| Error::msg(format!("failed to find function export `{}`", printable::name(name))))?;
        func.typed(store.as_context())
            .map_err(|e| e.context(format!("failed to convert function `{}` to given type", printable::name(name))))
    }

    /// The exported memory called `name`.
    pub fn get_memory(&self, store: impl AsContextMut, name: &str) -> Option<Memory> {
        self.get_export(store, name)?.into_memory()
    }

    /// The exported shared memory called `name`.
    pub fn get_shared_memory(&self, store: impl AsContextMut, name: &str) -> Option<SharedMemory> {
        self.get_export(store, name)?.into_shared_memory()
    }

    /// The exported table called `name`.
    pub fn get_table(&self, store: impl AsContextMut, name: &str) -> Option<Table> {
        self.get_export(store, name)?.into_table()
    }

    /// The exported global called `name`.
    pub fn get_global(&self, store: impl AsContextMut, name: &str) -> Option<Global> {
        self.get_export(store, name)?.into_global()
    }

    /// The exported tag called `name`.
    pub fn get_tag(&self, store: impl AsContextMut, name: &str) -> Option<Tag> {
        self.get_export(store, name)?.into_tag()
    }
}
