//! What wasmparser knows about a module, for judging its bodies.

use headwater_codegen::{ModuleEnv, Ty};
use std::sync::Arc;
use wasmparser::{
    AbstractHeapType, Error, FuncType, GlobalType, HeapType, MemoryType, RefType, SubType, TableType, UnpackedIndex,
    ValType, ValidatorResources, WasmModuleResources, types::CoreTypeId,
};

/// What its validator gathered, and what was hidden from it.
#[derive(Clone, Debug)]
pub(super) struct Resources {
    seen: ValidatorResources,
    /// If it has not seen all exports ([`super::widths`]) or element segments ([`super::elements`]): the environment,
    /// which knows the segments, and the functions that they name.
    env: Option<Arc<ModuleEnv>>,
}

impl Resources {
    pub fn new(seen: ValidatorResources, env: Option<Arc<ModuleEnv>>) -> Resources {
        Resources { seen, env }
    }
}

impl WasmModuleResources for Resources {
    fn table_at(&self, at: u32) -> Option<TableType> {
        self.seen.table_at(at)
    }

    fn memory_at(&self, at: u32) -> Option<MemoryType> {
        self.seen.memory_at(at)
    }

    fn tag_at(&self, at: u32) -> Option<&FuncType> {
        self.seen.tag_at(at)
    }

    fn global_at(&self, at: u32) -> Option<GlobalType> {
        self.seen.global_at(at)
    }

    fn sub_type_at(&self, at: u32) -> Option<&SubType> {
        self.seen.sub_type_at(at)
    }

    fn sub_type_at_id(&self, at: CoreTypeId) -> &SubType {
        self.seen.sub_type_at_id(at)
    }

    fn type_id_of_function(&self, at: u32) -> Option<CoreTypeId> {
        self.seen.type_id_of_function(at)
    }

    fn type_index_of_function(&self, at: u32) -> Option<u32> {
        self.seen.type_index_of_function(at)
    }

    fn element_type_at(&self, at: u32) -> Option<RefType> {
        let Some(env) = &self.env else { return self.seen.element_type_at(at) };
        let ty = *env.elems.get(at as usize)?;
        let mut heap = match (ty.nullable(), ty.index()) {
            (_, Some(index)) => HeapType::Concrete(UnpackedIndex::Module(index)),
            (ty, _) => HeapType::Abstract { shared: false, ty: abstract_heap_type(ty) },
        };
        // Types of the module go by other names in there.
        self.seen.check_heap_type(&mut heap, 0).ok()?;
        RefType::new(!ty.is_non_null(), heap)
    }

    fn is_subtype(&self, a: ValType, b: ValType) -> bool {
        self.seen.is_subtype(a, b)
    }

    fn is_shared(&self, ty: RefType) -> bool {
        self.seen.is_shared(ty)
    }

    fn check_heap_type(&self, ty: &mut HeapType, offset: u64) -> Result<(), Error> {
        self.seen.check_heap_type(ty, offset)
    }

    fn top_type(&self, ty: &HeapType) -> HeapType {
        self.seen.top_type(ty)
    }

    fn element_count(&self) -> u32 {
        self.env.as_ref().map_or_else(|| self.seen.element_count(), |env| env.elems.len() as u32)
    }

    fn data_count(&self) -> Option<u32> {
        self.seen.data_count()
    }

    fn is_function_referenced(&self, at: u32) -> bool {
        self.seen.is_function_referenced(at) || self.env.as_ref().is_some_and(|env| env.is_declared(at))
    }

    fn has_function_exact_type(&self, at: u32) -> bool {
        self.seen.has_function_exact_type(at)
    }
}

/// Of a nullable reference.
fn abstract_heap_type(ty: Ty) -> AbstractHeapType {
    match ty {
        Ty::FUNCREF => AbstractHeapType::Func,
        Ty::EXTERNREF => AbstractHeapType::Extern,
        Ty::EXNREF => AbstractHeapType::Exn,
        Ty::ANYREF => AbstractHeapType::Any,
        Ty::EQREF => AbstractHeapType::Eq,
        Ty::I31REF => AbstractHeapType::I31,
        Ty::STRUCTREF => AbstractHeapType::Struct,
        Ty::ARRAYREF => AbstractHeapType::Array,
        Ty::NULLREF => AbstractHeapType::None,
        Ty::NULLFUNCREF => AbstractHeapType::NoFunc,
        Ty::NULLEXTERNREF => AbstractHeapType::NoExtern,
        Ty::NULLEXNREF => AbstractHeapType::NoExn,
        _ => unreachable!("{ty:?} is no type of references"),
    }
}
