//! Names for imports: what modules import is looked up here.

use crate::api::caller::Caller;
use crate::api::closure::IntoFunc;
use crate::api::context::{AsContext, AsContextMut};
use crate::api::externals::Extern;
use crate::api::func::Func;
use crate::api::host::check_engine;
use crate::api::instance::Instance;
use crate::api::instantiate::{IncompatibleImport, check_import};
use crate::api::value::Val;
use crate::engine::Demand;
use crate::hash::IntMap;
use crate::module::info::EntityIndex;
use crate::types::{ExternType, FuncType, ImportType};
use crate::vm::alloc;
use crate::vm::host::HostFunc;
use crate::vm::store::StoreOpaque;
use crate::{Engine, Error, Module, Result, printable};
use anyhow::{Context, bail};
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Defines what modules may import, by the module name and field name of an import, and instantiates them.
///
/// Host functions defined here do not belong to a store: one linker serves any number of stores with data `T`.
///
/// ```
/// use headwater::{Engine, Linker, Store};
/// let engine = Engine::default();
/// let mut linker: Linker<()> = Linker::new(&engine);
/// linker.func_wrap("host", "double", |n: i32| n * 2)?;
///
/// let mut store = Store::new(&engine, ());
/// let double = linker.get(&mut store, "host", "double")?.into_func().unwrap();
/// assert_eq!(double.typed::<i32, i32>(&store)?.call(&mut store, 21)?, 42);
/// # Ok::<(), headwater::Error>(())
/// ```
pub struct Linker<T> {
    engine: Engine,
    /// Each name once, as its number.
    strings: HashMap<Arc<str>, usize>,
    by_number: Vec<Arc<str>>,
    definitions: IntMap<(usize, usize), Definition>,
    allow_shadowing: bool,
    data: PhantomData<fn(T) -> T>,
}

#[derive(Clone)]
enum Definition {
    Extern(Extern),
    Host(Arc<HostFunc>),
}

impl Definition {
    /// What it is in `store`. The store must belong to the linker's engine.
    fn in_store(&self, store: &mut StoreOpaque) -> Extern {
        match self {
            Definition::Extern(e) => e.clone(),
            Definition::Host(func) => {
                let func_ref = store.host_func(func);
                Func::from_func_ref(store, func_ref).into()
            }
        }
    }
}

/// What fails if a reactor's `_initialize` does.
pub(crate) const REACTOR: &str = "calling the reactor's initialization function";

/// An import for which a [`Linker`] has no definition.
#[derive(Clone, Debug, thiserror::Error)]
#[error("unknown import: `{}::{}` has not been defined", printable::name(module), printable::name(name))]
pub struct UnknownImportError {
    module: String,
    name: String,
    ty: ExternType,
}

impl UnknownImportError {
    fn new(import: &ImportType<'_>) -> UnknownImportError {
        UnknownImportError { module: import.module().to_string(), name: import.name().to_string(), ty: import.ty() }
    }

    /// The import's module name.
    pub fn module(&self) -> &str {
        &self.module
    }

    /// The import's field name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What was expected.
    pub fn ty(&self) -> ExternType {
        self.ty.clone()
    }
}

impl<T> Linker<T> {
    /// A linker without definitions.
    pub fn new(engine: &Engine) -> Linker<T> {
        Linker {
            engine: engine.clone(),
            strings: HashMap::new(),
            by_number: Vec::new(),
            definitions: IntMap::default(),
            allow_shadowing: false,
            data: PhantomData,
        }
    }

    /// The engine whose modules this is for.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Whether a definition may replace one with the same names; if not, which is the default, it is an error.
    pub fn allow_shadowing(&mut self, allow: bool) -> &mut Linker<T> {
        self.allow_shadowing = allow;
        self
    }

    /// Whether [`Linker::module`] accepts commands that export something else than functions. It does in any case, and
    /// leaves it out.
    pub fn allow_unknown_exports(&mut self, _allow: bool) -> &mut Linker<T> {
        self
    }

    fn intern(&mut self, name: &str) -> usize {
        if let Some(&n) = self.strings.get(name) {
            return n;
        }
        let name: Arc<str> = name.into();
        let n = self.by_number.len();
        self.by_number.push(name.clone());
        self.strings.insert(name, n);
        n
    }

    fn insert(&mut self, module: &str, name: &str, definition: Definition) -> Result<&mut Linker<T>> {
        let key = (self.intern(module), self.intern(name));
        if !self.allow_shadowing && self.definitions.contains_key(&key) {
            bail!("import of `{}::{}` defined twice", printable::name(module), printable::name(name));
        }
        self.definitions.insert(key, definition);
        Ok(self)
    }

    fn definition(&self, module: &str, name: &str) -> Option<&Definition> {
        let key = (*self.strings.get(module)?, *self.strings.get(name)?);
        self.definitions.get(&key)
    }

    /// Defines something that exists in a store. From then on, only that store can be used with the linker.
    ///
    /// # Errors
    /// If the names are already defined.
    pub fn define(
        &mut self,
        store: impl AsContext<Data = T>,
        module: &str,
        name: &str,
        item: impl Into<Extern>,
    ) -> Result<&mut Linker<T>> {
        let item = item.into();
        if !item.comes_from_same_store(&store.as_context().0.opaque) {
            let (module, name) = (printable::name(module), printable::name(name));
            bail!("the definition of `{module}::{name}` belongs to another store");
        }
        self.insert(module, name, Definition::Extern(item))
    }

    /// [`Linker::define`] for the names "" and `name`.
    ///
    /// # Errors
    /// If the names are already defined.
    pub fn define_name(
        &mut self,
        store: impl AsContext<Data = T>,
        name: &str,
        item: impl Into<Extern>,
    ) -> Result<&mut Linker<T>> {
        self.define(store, "", name, item)
    }

    /// Defines a host function as [`Func::new`] makes it.
    ///
    /// # Errors
    /// If the names are already defined, and as for [`Func::try_new`].
    pub fn func_new(
        &mut self,
        module: &str,
        name: &str,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<()> + Send + Sync + 'static,
    ) -> Result<&mut Linker<T>> {
        let func = HostFunc::new(&self.engine, ty, Demand::Bounded, func)?;
        self.define_host(module, name, func)
    }

    /// Defines a host function.
    ///
    /// # Errors
    /// If the names are already defined.
    pub(crate) fn define_host(&mut self, module: &str, name: &str, func: HostFunc) -> Result<&mut Linker<T>> {
        self.insert(module, name, Definition::Host(Arc::new(func)))
    }

    /// Defines a host function as [`Func::wrap`] makes it.
    ///
    /// # Errors
    /// If the names are already defined, and as for [`Func::try_new`].
    pub fn func_wrap<Params, Args>(
        &mut self,
        module: &str,
        name: &str,
        func: impl IntoFunc<T, Params, Args>,
    ) -> Result<&mut Linker<T>> {
        let func = func.into_func(&self.engine, Demand::Bounded)?;
        self.define_host(module, name, func)
    }

    /// Defines all exports of `instance` under the module name `module_name`.
    ///
    /// # Errors
    /// If any of the names are already defined.
    pub fn instance(
        &mut self,
        mut store: impl AsContextMut<Data = T>,
        module_name: &str,
        instance: Instance,
    ) -> Result<&mut Linker<T>> {
        let mut store = store.as_context_mut();
        let exports: Vec<(String, Extern)> =
            instance.exports(&mut store).map(|e| (e.name().to_string(), e.into_extern())).collect();
        for (name, item) in exports {
            self.insert(module_name, &name, Definition::Extern(item))?;
        }
        Ok(self)
    }

    /// Instantiates `module` and defines its exports under the module name `module_name`.
    ///
    /// A module with a function `_start` is a *command*: each call of one of its functions goes to a new instance. Any
    /// other module, a *reactor*, has one instance, whose function `_initialize`, if any, is called first.
    ///
    /// # Errors
    /// If any of the names are already defined, or instantiation or `_initialize` fails.
    pub fn module(
        &mut self,
        mut store: impl AsContextMut<Data = T>,
        module_name: &str,
        module: &Module,
    ) -> Result<&mut Linker<T>>
    where
        T: 'static,
    {
        if !matches!(module.get_export("_start"), Some(ExternType::Func(_))) {
            let instance = self.instantiate(&mut store, module)?;
            if let Some(initialize) = instance.get_func(&mut store, "_initialize") {
                initialize.typed::<(), ()>(&store).and_then(|f| f.call(&mut store, ())).context(REACTOR)?;
            }
            return self.instance(store, module_name, instance);
        }
        let pre = self.instantiate_pre(module)?;
        for export in module.exports() {
            let ExternType::Func(ty) = export.ty() else { continue };
            let (pre, name) = (pre.clone(), export.name().to_string());
            let func =
                HostFunc::new(&self.engine, ty, Demand::Bounded, move |mut caller: Caller<'_, T>, params, results| {
                    let instance = pre.instantiate(&mut caller)?;
                    let func = instance.get_func(&mut caller, &name).expect("the module exports this function");
                    func.call(&mut caller, params, results)
                })?;
            self.insert(module_name, export.name(), Definition::Host(Arc::new(func)))?;
        }
        Ok(self)
    }

    /// Defines `as_module` and `as_name` as what `module` and `name` refer to.
    ///
    /// # Errors
    /// If that does not exist, or the new names are already defined.
    pub fn alias(&mut self, module: &str, name: &str, as_module: &str, as_name: &str) -> Result<&mut Linker<T>> {
        let definition = self.definition(module, name).cloned();
        let definition = definition.ok_or_else(|| {
            Error::msg(format!("no item named `{}::{}` defined", printable::name(module), printable::name(name)))
        })?;
        self.insert(as_module, as_name, definition)
    }

    /// Defines everything under the module name `module` under the module name `as_module` as well.
    ///
    /// # Errors
    /// If any of the names are already defined.
    pub fn alias_module(&mut self, module: &str, as_module: &str) -> Result<()> {
        let Some(&number) = self.strings.get(module) else { return Ok(()) };
        let found: Vec<(Arc<str>, Definition)> = self
            .definitions
            .iter()
            .filter(|((m, _), _)| *m == number)
            .map(|((_, n), definition)| (self.by_number[*n].clone(), definition.clone()))
            .collect();
        for (name, definition) in found {
            self.insert(as_module, &name, definition)?;
        }
        Ok(())
    }

    /// Defines each function that `module` imports and that is not defined as one that fails with an
    /// [`UnknownImportError`] when it is called.
    ///
    /// # Errors
    /// None at present.
    pub fn define_unknown_imports_as_traps(&mut self, module: &Module) -> Result<()> {
        for import in module.imports() {
            if self.definition(import.module(), import.name()).is_some() {
                continue;
            }
            if let ExternType::Func(ty) = import.ty() {
                let error = UnknownImportError::new(&import);
                self.func_new(import.module(), import.name(), ty, move |_, _, _| Err(error.clone().into()))?;
            }
        }
        Ok(())
    }

    /// Defines what `module` imports and is not defined: functions that return zeros and nulls, new memories,
    /// tables and globals with zeros and nulls.
    ///
    /// # Errors
    /// If there is not enough memory.
    pub fn define_unknown_imports_as_default_values(
        &mut self,
        mut store: impl AsContextMut<Data = T>,
        module: &Module,
    ) -> Result<()> {
        for import in module.imports() {
            if self.definition(import.module(), import.name()).is_some() {
                continue;
            }
            let definition = match import.ty() {
                // Of no store: the linker may serve others.
                ExternType::Func(ty) => Definition::Host(Arc::new(ty.default_host_func::<T>(&self.engine)?)),
                ty => Definition::Extern(ty.default_value(&mut store)?),
            };
            self.insert(import.module(), import.name(), definition)?;
        }
        Ok(())
    }

    fn assert_engine(&self, store: &StoreOpaque) {
        assert!(Engine::same(&self.engine, store.engine()), "linker and store belong to different engines");
    }

    /// What is defined with these names.
    ///
    /// # Errors
    /// If nothing is defined.
    ///
    /// # Panics
    /// If the store belongs to another engine.
    pub fn get(&self, store: impl AsContextMut<Data = T>, module: &str, name: &str) -> Result<Extern> {
        self.find(store, module, name).with_context(|| format!("missing definition for `{module}::{name}`"))
    }

    fn find(&self, mut store: impl AsContextMut<Data = T>, module: &str, name: &str) -> Option<Extern> {
        let definition = self.definition(module, name)?;
        let store = &mut store.as_context_mut().0.opaque;
        self.assert_engine(store);
        Some(definition.in_store(store))
    }

    /// What is defined for `import`. Whether it has the right type is not checked.
    ///
    /// # Panics
    /// If the store belongs to another engine.
    pub fn get_by_import(&self, store: impl AsContextMut<Data = T>, import: &ImportType<'_>) -> Option<Extern> {
        self.find(store, import.module(), import.name())
    }

    /// [`Linker::get_by_import`] for programs that want to see errors of memory.
    ///
    /// # Errors
    /// None at present.
    ///
    /// # Panics
    /// If the store belongs to another engine.
    pub fn try_get_by_import(
        &self,
        store: impl AsContextMut<Data = T>,
        import: &ImportType<'_>,
    ) -> Result<Option<Extern>> {
        Ok(self.get_by_import(store, import))
    }

    /// The default function of what is defined under the module name `module`: the one with an empty field name, or
    /// `_start`, or one that does nothing.
    ///
    /// # Errors
    /// If what is defined under that name is not a function.
    pub fn get_default(&self, mut store: impl AsContextMut<Data = T>, module: &str) -> Result<Func> {
        for name in ["", "_start"] {
            if let Some(item) = self.find(&mut store, module, name) {
                return item.into_func().ok_or_else(|| {
                    Error::msg(format!("`{name}` in module `{}` is not a function", printable::name(module)))
                });
            }
        }
        Ok(Func::wrap(store, || {}))
    }

    /// All definitions, in no particular order: module name, field name, and what they refer to.
    ///
    /// # Panics
    /// If the store belongs to another engine.
    pub fn iter<'a: 'p, 'p>(
        &'a self,
        mut store: impl AsContextMut<Data = T> + 'p,
    ) -> impl Iterator<Item = (&'a str, &'a str, Extern)> + 'p
    where
        T: 'p,
    {
        self.assert_engine(&store.as_context_mut().0.opaque);
        self.definitions.iter().map(move |(&(module, name), definition)| {
            let item = definition.in_store(&mut store.as_context_mut().0.opaque);
            (&*self.by_number[module], &*self.by_number[name], item)
        })
    }

    /// Instantiates `module` with the definitions for its imports.
    ///
    /// # Errors
    /// An [`UnknownImportError`] if there is no definition for an import, and as [`Instance::new`].
    pub fn instantiate(&self, store: impl AsContextMut<Data = T>, module: &Module) -> Result<Instance> {
        self.instantiate_pre(module)?.instantiate(store)
    }

    /// Looks up the imports of `module`, once for any number of instances.
    ///
    /// # Errors
    /// An [`UnknownImportError`] if there is no definition for an import, and if a host function does not have the type
    /// that the module expects.
    pub fn instantiate_pre(&self, module: &Module) -> Result<InstancePre<T>> {
        check_engine(&self.engine, module.engine())?;
        let mut imports = alloc::with_room("a module's imports", module.info().imports.len())?;
        for (import, index) in module.imports().zip(module.info().imports.indices()) {
            let definition = self
                .definition(import.module(), import.name())
                .ok_or_else(|| Error::new(UnknownImportError::new(&import)))?;
            if let Definition::Host(func) = definition
                && !matches!(index, EntityIndex::Func(i) if module.canonical_type(i) == func.canonical())
            {
                check_import(&import.ty(), &func.ty.clone().into()).map_err(|e| {
                    let (module, name) = (import.module(), import.name());
                    Error::new(IncompatibleImport { module: module.into(), name: name.into(), why: e })
                })?;
            }
            imports.push(definition.clone());
        }
        let imports = Arc::new(imports);
        Ok(InstancePre { module: module.clone(), imports, data: PhantomData })
    }
}

impl<T> Clone for Linker<T> {
    fn clone(&self) -> Linker<T> {
        Linker {
            engine: self.engine.clone(),
            strings: self.strings.clone(),
            by_number: self.by_number.clone(),
            definitions: self.definitions.clone(),
            allow_shadowing: self.allow_shadowing,
            data: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Linker<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.definitions.keys().map(|&(m, n)| (&*self.by_number[m], &*self.by_number[n]));
        f.debug_set().entries(names).finish()
    }
}

/// A module together with what it imports.
pub struct InstancePre<T> {
    module: Module,
    imports: Arc<Vec<Definition>>,
    data: PhantomData<fn(T) -> T>,
}

impl<T> InstancePre<T> {
    /// The module.
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// Makes an instance.
    ///
    /// # Errors
    /// As [`Instance::new`].
    pub fn instantiate(&self, mut store: impl AsContextMut<Data = T>) -> Result<Instance> {
        let mut store = store.as_context_mut();
        check_engine(store.engine(), self.module.engine())?;
        store.0.opaque.reserve_host_funcs(self.imports.len())?;
        let imports = self.imports.iter().map(|d| d.in_store(&mut store.0.opaque));
        let imports = alloc::collect("an instance's imports", imports)?;
        Instance::new(&mut store, &self.module, &imports)
    }
}

impl<T> Clone for InstancePre<T> {
    fn clone(&self) -> InstancePre<T> {
        InstancePre { module: self.module.clone(), imports: self.imports.clone(), data: PhantomData }
    }
}

impl<T> fmt::Debug for InstancePre<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstancePre").field("module", &self.module).finish_non_exhaustive()
    }
}
