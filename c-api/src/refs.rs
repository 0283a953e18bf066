//! References: handles of objects, conversions between them, and what the embedder attaches to objects.

use crate::module::ModuleData;
use crate::store::{Sent, StoreCell, StoreHandle, answer};
use crate::trap::TrapData;
use headwater::{
    AsContextMut, Extern, ExternRef, Func, Global, Instance, Memory, OwnedRooted, Result, Rooted, SharedMemory, Table,
    Tag,
};
use std::cell::RefCell;
use std::ffi::c_void;
use std::hash::{Hash, Hasher};
use std::ptr;
use std::sync::Arc;

/// `wasm_ref_t`, and `wasm_func_t` and its like: an object and a share of its store.
#[derive(Clone)]
pub struct Reference {
    pub store: Arc<StoreCell>,
    pub object: Object,
}

/// What a reference is to. Equal if it is the same object.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Object {
    Func(Func),
    Global(Global),
    Table(Table),
    Memory(Memory),
    SharedMemory(Shared),
    Tag(Tag),
    Instance(Instance),
    Foreign(Foreign),
    Module(ById<ModuleData>),
    Trap(ById<TrapData>),
}

/// Shared memories are the same if their contents are.
#[derive(Clone)]
pub struct Shared(pub SharedMemory);

impl PartialEq for Shared {
    fn eq(&self, other: &Shared) -> bool {
        ptr::eq(self.0.data().as_ptr(), other.0.data().as_ptr())
    }
}

impl Eq for Shared {}

impl Hash for Shared {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.data().as_ptr().hash(state);
    }
}

/// A reference that stands for nothing else: one of C's own, or one that WebAssembly code has made of an object.
#[derive(Clone)]
pub struct Foreign {
    /// The external reference that it is in WebAssembly. It lives as long as either side has it.
    external: OwnedRooted<ExternRef>,
    /// What tells it apart as long as it lives.
    word: u32,
    /// What C attached to its own, which ends with it.
    info: Option<Arc<Sent<RefCell<HostInfo>>>>,
}

impl Foreign {
    /// # Errors
    /// If `external` is no longer valid.
    pub fn new(
        mut store: impl AsContextMut,
        external: Rooted<ExternRef>,
        info: Option<Arc<Sent<RefCell<HostInfo>>>>,
    ) -> Result<Foreign> {
        let word = external.to_raw(&mut store)?;
        Ok(Foreign { external: external.to_owned_rooted(store)?, word, info })
    }

    pub fn to_rooted(&self, store: impl AsContextMut) -> Rooted<ExternRef> {
        self.external.to_rooted(store)
    }
}

impl PartialEq for Foreign {
    fn eq(&self, other: &Foreign) -> bool {
        self.word == other.word
    }
}

impl Eq for Foreign {}

impl Hash for Foreign {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.word.hash(state);
    }
}

/// Something that is the same only as itself.
pub struct ById<T>(pub Arc<T>);

impl<T> Clone for ById<T> {
    fn clone(&self) -> ById<T> {
        ById(self.0.clone())
    }
}

impl<T> PartialEq for ById<T> {
    fn eq(&self, other: &ById<T>) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Eq for ById<T> {}

impl<T> Hash for ById<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

impl Object {
    pub fn of_extern(item: Extern) -> Object {
        match item {
            Extern::Func(func) => Object::Func(func),
            Extern::Global(global) => Object::Global(global),
            Extern::Table(table) => Object::Table(table),
            Extern::Memory(memory) => Object::Memory(memory),
            Extern::SharedMemory(memory) => Object::SharedMemory(Shared(memory)),
            Extern::Tag(tag) => Object::Tag(tag),
        }
    }

    /// What instances import and export, if it is that.
    pub fn as_extern(&self) -> Option<Extern> {
        Some(match self {
            Object::Func(func) => Extern::Func(*func),
            Object::Global(global) => Extern::Global(*global),
            Object::Table(table) => Extern::Table(*table),
            Object::Memory(memory) => Extern::Memory(*memory),
            Object::SharedMemory(memory) => Extern::SharedMemory(memory.0.clone()),
            Object::Tag(tag) => Extern::Tag(*tag),
            Object::Instance(_) | Object::Foreign(_) | Object::Module(_) | Object::Trap(_) => return None,
        })
    }
}

impl Reference {
    pub fn new(store: &Arc<StoreCell>, object: Object) -> Box<Reference> {
        Box::new(Reference { store: store.clone(), object })
    }

    /// Where its host information is: objects that can end before their store have it themselves.
    fn own_info(&self) -> Option<&RefCell<HostInfo>> {
        match &self.object {
            Object::Module(module) => Some(&module.0.info),
            Object::Trap(trap) => Some(&trap.0.info),
            Object::Foreign(foreign) => foreign.info.as_deref().map(Sent::get),
            _ => None,
        }
    }

    fn host_info(&self) -> *mut c_void {
        match self.own_info() {
            Some(info) => info.borrow().data,
            None => self.store.host_info.borrow().get(&self.object).map_or(ptr::null_mut(), |info| info.data),
        }
    }

    fn set_host_info(&self, info: HostInfo) {
        let old = match self.own_info() {
            Some(own) => Some(own.replace(info)),
            None => self.store.host_info.borrow_mut().insert(self.object.clone(), info),
        };
        // Its finalizer is C code, which may come here again.
        drop(old);
    }
}

/// What C attached to an object, and what it wants to be called when that is replaced or the object ends.
pub struct HostInfo {
    data: *mut c_void,
    finalizer: Option<Finalizer>,
}

pub type Finalizer = extern "C" fn(*mut c_void);

impl Default for HostInfo {
    fn default() -> HostInfo {
        HostInfo { data: ptr::null_mut(), finalizer: None }
    }
}

impl Drop for HostInfo {
    fn drop(&mut self) {
        if let Some(finalizer) = self.finalizer {
            finalizer(self.data);
        }
    }
}

/// What the values of external references are in the engine's store.
pub type Referent = Sent<Stands>;

pub enum Stands {
    Object(Object),
    /// A foreign one, with what C attached to it.
    Foreign(Arc<Sent<RefCell<HostInfo>>>),
}

/// The functions that every sort of reference has.
macro_rules! reference {
    ($delete:ident $copy:ident $same:ident $get:ident $set:ident $set_with_finalizer:ident) => {
        #[unsafe(no_mangle)]
        pub extern "C" fn $delete(_: Option<Box<Reference>>) {}

        #[unsafe(no_mangle)]
        pub extern "C" fn $copy(of: Option<&Reference>) -> Option<Box<Reference>> {
            of.map(|of| Box::new(of.clone()))
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $same(a: Option<&Reference>, b: Option<&Reference>) -> bool {
            a.map(|a| &a.object) == b.map(|b| &b.object)
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $get(of: &Reference) -> *mut c_void {
            of.host_info()
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $set(of: &Reference, data: *mut c_void) {
            of.set_host_info(HostInfo { data, finalizer: None });
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $set_with_finalizer(of: &Reference, data: *mut c_void, finalizer: Option<Finalizer>) {
            of.set_host_info(HostInfo { data, finalizer });
        }
    };
}

/// Conversions from a sort of references to a wider one, and back where it is one.
macro_rules! conversions {
    ($($pattern:pat => $up:ident $down:ident $up_const:ident $down_const:ident;)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C" fn $up(of: Option<&Reference>) -> Option<&Reference> {
            of
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $up_const(of: Option<&Reference>) -> Option<&Reference> {
            of
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $down(of: Option<&Reference>) -> Option<&Reference> {
            of.filter(|of| matches!(of.object, $pattern))
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $down_const(of: Option<&Reference>) -> Option<&Reference> {
            $down(of)
        }
    )*};
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_foreign_new(store: &StoreHandle) -> Option<Box<Reference>> {
    let info = Arc::new(Sent::new(RefCell::default()));
    let made = store.0.with(|mut store| {
        let external = ExternRef::new(&mut store, Sent::new(Stands::Foreign(info.clone())))?;
        Foreign::new(store, external, Some(info))
    });
    answer(made).map(|foreign| Reference::new(&store.0, Object::Foreign(foreign)))
}

reference!(wasm_ref_delete wasm_ref_copy wasm_ref_same wasm_ref_get_host_info wasm_ref_set_host_info
    wasm_ref_set_host_info_with_finalizer);
reference!(wasm_trap_delete wasm_trap_copy wasm_trap_same wasm_trap_get_host_info wasm_trap_set_host_info
    wasm_trap_set_host_info_with_finalizer);
reference!(wasm_foreign_delete wasm_foreign_copy wasm_foreign_same wasm_foreign_get_host_info wasm_foreign_set_host_info
    wasm_foreign_set_host_info_with_finalizer);
reference!(wasm_module_delete wasm_module_copy wasm_module_same wasm_module_get_host_info wasm_module_set_host_info
    wasm_module_set_host_info_with_finalizer);
reference!(wasm_func_delete wasm_func_copy wasm_func_same wasm_func_get_host_info wasm_func_set_host_info
    wasm_func_set_host_info_with_finalizer);
reference!(wasm_global_delete wasm_global_copy wasm_global_same wasm_global_get_host_info wasm_global_set_host_info
    wasm_global_set_host_info_with_finalizer);
reference!(wasm_table_delete wasm_table_copy wasm_table_same wasm_table_get_host_info wasm_table_set_host_info
    wasm_table_set_host_info_with_finalizer);
reference!(wasm_memory_delete wasm_memory_copy wasm_memory_same wasm_memory_get_host_info wasm_memory_set_host_info
    wasm_memory_set_host_info_with_finalizer);
reference!(wasm_extern_delete wasm_extern_copy wasm_extern_same wasm_extern_get_host_info wasm_extern_set_host_info
    wasm_extern_set_host_info_with_finalizer);
reference!(wasm_instance_delete wasm_instance_copy wasm_instance_same wasm_instance_get_host_info
    wasm_instance_set_host_info wasm_instance_set_host_info_with_finalizer);

conversions! {
    Object::Trap(_) => wasm_trap_as_ref wasm_ref_as_trap wasm_trap_as_ref_const wasm_ref_as_trap_const;
    Object::Foreign(_) => wasm_foreign_as_ref wasm_ref_as_foreign wasm_foreign_as_ref_const wasm_ref_as_foreign_const;
    Object::Module(_) => wasm_module_as_ref wasm_ref_as_module wasm_module_as_ref_const wasm_ref_as_module_const;
    Object::Func(_) => wasm_func_as_ref wasm_ref_as_func wasm_func_as_ref_const wasm_ref_as_func_const;
    Object::Global(_) => wasm_global_as_ref wasm_ref_as_global wasm_global_as_ref_const wasm_ref_as_global_const;
    Object::Table(_) => wasm_table_as_ref wasm_ref_as_table wasm_table_as_ref_const wasm_ref_as_table_const;
    Object::Memory(_) | Object::SharedMemory(_) => wasm_memory_as_ref wasm_ref_as_memory wasm_memory_as_ref_const
        wasm_ref_as_memory_const;
    Object::Instance(_) => wasm_instance_as_ref wasm_ref_as_instance wasm_instance_as_ref_const
        wasm_ref_as_instance_const;
    Object::Func(_) | Object::Global(_) | Object::Table(_) | Object::Memory(_) | Object::SharedMemory(_) |
        Object::Tag(_) => wasm_extern_as_ref wasm_ref_as_extern wasm_extern_as_ref_const wasm_ref_as_extern_const;
    Object::Func(_) => wasm_func_as_extern wasm_extern_as_func wasm_func_as_extern_const wasm_extern_as_func_const;
    Object::Global(_) => wasm_global_as_extern wasm_extern_as_global wasm_global_as_extern_const
        wasm_extern_as_global_const;
    Object::Table(_) => wasm_table_as_extern wasm_extern_as_table wasm_table_as_extern_const wasm_extern_as_table_const;
    Object::Memory(_) | Object::SharedMemory(_) => wasm_memory_as_extern wasm_extern_as_memory
        wasm_memory_as_extern_const wasm_extern_as_memory_const;
}
