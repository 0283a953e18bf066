//! Exports that are looked up once in a module, for all of its instances.

use crate::Module;
use crate::api::caller::Caller;
use crate::api::context::AsContextMut;
use crate::api::externals::Extern;
use crate::api::instance::Instance;
use crate::module::info::EntityIndex;
use std::fmt;

/// An export of a module, found by its name: [`Module::get_export_index`].
#[derive(Clone)]
pub struct ModuleExport {
    module: Module,
    index: EntityIndex,
}

impl fmt::Debug for ModuleExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModuleExport").field("index", &self.index).finish_non_exhaustive()
    }
}

impl Module {
    /// Finds the export called `name`, so that it need not be looked up in each instance.
    ///
    /// ```
    /// use headwater::{Engine, Instance, Module, Store};
    /// let engine = Engine::default();
    /// let module = Module::new(&engine, wat::parse_str(r#"(module (memory (export "m") 3))"#)?)?;
    /// let export = module.get_export_index("m").expect("it is there");
    /// let mut store = Store::new(&engine, ());
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let memory = instance.get_module_export(&mut store, &export).and_then(|e| e.into_memory()).unwrap();
    /// assert_eq!(memory.size(&store), 3);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn get_export_index(&self, name: &str) -> Option<ModuleExport> {
        Some(ModuleExport { module: self.clone(), index: self.export(name)? })
    }
}

impl Instance {
    /// What the export is in this instance; `None` if it is one of another module.
    ///
    /// # Panics
    /// If the instance does not belong to `store`.
    pub fn get_module_export(&self, mut store: impl AsContextMut, export: &ModuleExport) -> Option<Extern> {
        let store = store.as_context_mut();
        let same = Module::same(self.data(&store.0.opaque).module(), &export.module);
        same.then(|| self.get(&store.0.opaque, export.index))
    }
}

impl<T> Caller<'_, T> {
    /// [`Instance::get_module_export`] of the calling instance; `None` if the host itself calls.
    pub fn get_module_export(&mut self, export: &ModuleExport) -> Option<Extern> {
        self.caller?.get_module_export(&mut self.store, export)
    }
}
