//! Modules and instances.

use crate::store::wrapper;
use crate::{Engine, Func, Global, Memory, Table, convert};
use anyhow::{Context, Result, anyhow};
use headwater::printable;
use std::collections::HashMap;
use std::sync::Arc;
use wasm_runtime_layer::backend::{AsContext, AsContextMut, Export, Extern, Imports, WasmInstance, WasmModule};
use wasm_runtime_layer::{ExportType, ExternType, ImportType};

wrapper! { #[derive(Clone)] Module(headwater::Module) }

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module").field("name", &self.0.name()).finish_non_exhaustive()
    }
}

/// [`headwater::Instance`] with its exports, which the interface looks up without the right to change the store.
#[derive(Clone, Debug)]
pub struct Instance {
    instance: headwater::Instance,
    /// In order.
    exports: Arc<[(String, Item)]>,
    by_name: Arc<HashMap<String, usize>>,
}

/// An export that the interface has words for.
#[derive(Clone, Debug)]
enum Item {
    Func(Func),
    Global(Global),
    Memory(Memory),
    Table(Table),
}

impl Item {
    fn new(item: headwater::Extern) -> Option<Item> {
        match item {
            headwater::Extern::Func(func) => Some(Item::Func(Func(func))),
            headwater::Extern::Global(global) => Some(Item::Global(Global(global))),
            headwater::Extern::Memory(memory) => Some(Item::Memory(Memory(memory))),
            headwater::Extern::Table(table) => Some(Item::Table(Table(table))),
            _ => None,
        }
    }

    fn to_extern(&self) -> Extern<Engine> {
        match self.clone() {
            Item::Func(func) => Extern::Func(func),
            Item::Global(global) => Extern::Global(global),
            Item::Memory(memory) => Extern::Memory(memory),
            Item::Table(table) => Extern::Table(table),
        }
    }
}

impl Instance {
    /// The instance itself.
    pub fn inner(&self) -> headwater::Instance {
        self.instance
    }
}

impl WasmInstance<Engine> for Instance {
    fn new(mut store: impl AsContextMut<Engine>, module: &Module, imports: &Imports<Engine>) -> Result<Self> {
        let mut given = Vec::new();
        for import in module.0.imports() {
            let (from, name) = (import.module(), import.name());
            convert::to_extern_type(&import.ty())
                .with_context(|| format!("the import `{}::{}`", printable::name(from), printable::name(name)))?;
            let item = imports.get_export(from, name).ok_or_else(|| {
                anyhow!("nothing is given for the import `{}::{}`", printable::name(from), printable::name(name))
            })?;
            given.push(match item {
                Extern::Func(func) => headwater::Extern::Func(func.0),
                Extern::Global(global) => global.0.into(),
                Extern::Memory(memory) => memory.0.into(),
                Extern::Table(table) => table.0.into(),
            });
        }
        let mut context = store.as_context_mut().0;
        let instance = headwater::Instance::new(&mut context, &module.0, &given)?;
        let known = |export: &headwater::ExportType<'_>| convert::to_extern_type(&export.ty()).is_ok();
        let names: Vec<String> = module.0.exports().filter(known).map(|export| export.name().to_string()).collect();
        let mut exports = Vec::new();
        for name in names {
            if let Some(item) = instance.get_export(&mut context, &name).and_then(Item::new) {
                exports.push((name, item));
            }
        }
        let by_name = exports.iter().enumerate().map(|(i, (name, _))| (name.clone(), i)).collect();
        Ok(Instance { instance, exports: exports.into(), by_name: Arc::new(by_name) })
    }

    fn exports(&self, _: impl AsContext<Engine>) -> Box<dyn Iterator<Item = Export<Engine>>> {
        let exports = self.exports.clone();
        Box::new((0..exports.len()).map(move |i| {
            let (name, item) = &exports[i];
            Export { name: name.clone(), value: item.to_extern() }
        }))
    }

    fn get_export(&self, _: impl AsContext<Engine>, name: &str) -> Option<Extern<Engine>> {
        self.by_name.get(name).map(|&i| self.exports[i].1.to_extern())
    }
}

impl WasmModule<Engine> for Module {
    fn new(engine: &Engine, bytes: &[u8]) -> Result<Self> {
        Ok(Module(headwater::Module::from_binary(&engine.0, bytes)?))
    }

    fn exports(&self) -> Box<dyn '_ + Iterator<Item = ExportType<'_>>> {
        Box::new(self.0.exports().filter_map(|export| {
            Some(ExportType { name: export.name(), ty: convert::to_extern_type(&export.ty()).ok()? })
        }))
    }

    fn get_export(&self, name: &str) -> Option<ExternType> {
        convert::to_extern_type(&self.0.get_export(name)?).ok()
    }

    /// Those that the interface has no words for are left out here, and an error when an instance is made.
    fn imports(&self) -> Box<dyn '_ + Iterator<Item = ImportType<'_>>> {
        Box::new(self.0.imports().filter_map(|import| {
            let ty = convert::to_extern_type(&import.ty()).ok()?;
            Some(ImportType { module: import.module(), name: import.name(), ty })
        }))
    }
}
