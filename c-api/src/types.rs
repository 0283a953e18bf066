//! Types of values, of what modules import and export, and of imports and exports.
//!
//! They are what C builds and reads; `engine_*` and `of_*` convert to and from the types of the engine. What wasm.h has
//! no number for has one of ours, by the names of headwater.h: vectors, references to exceptions, tags.

use crate::vecs::{ByteVec, VecOf};
use headwater::{
    Engine, ExternType, FuncType, GlobalType, HeapType, MemoryType, Mutability, RefType, Result, TableType, ValType,
    bail,
};

/// `wasm_valkind_t`.
pub type Kind = u8;
pub const I32: Kind = 0;
pub const I64: Kind = 1;
pub const F32: Kind = 2;
pub const F64: Kind = 3;
/// `HEADWATER_V128`.
pub const V128: Kind = 4;
pub const EXTERNREF: Kind = 128;
pub const FUNCREF: Kind = 129;
/// `HEADWATER_EXNREF`.
pub const EXNREF: Kind = 130;
/// `HEADWATER_OTHER`: what a later engine may have.
pub const OTHER: Kind = 255;

pub const FUNC: u8 = 0;
pub const GLOBAL: u8 = 1;
pub const TABLE: u8 = 2;
pub const MEMORY: u8 = 3;
/// `HEADWATER_EXTERN_TAG`.
pub const TAG: u8 = 4;

/// `wasm_limits_max_default`: no maximum.
const UNLIMITED: u32 = u32::MAX;

/// `wasm_valtype_t`.
#[derive(Clone)]
pub struct ValTy(pub Kind);

impl ValTy {
    pub fn engine(&self) -> Result<ValType> {
        Ok(match self.0 {
            I32 => ValType::I32,
            I64 => ValType::I64,
            F32 => ValType::F32,
            F64 => ValType::F64,
            EXTERNREF => ValType::EXTERNREF,
            FUNCREF => ValType::FUNCREF,
            V128 | EXNREF | OTHER => bail!("values of type {} have no place in wasm_val_t", name(self.0)),
            kind => bail!("{kind} is no kind of value"),
        })
    }

    pub fn of_engine(ty: &ValType) -> ValTy {
        ValTy(match ty {
            ValType::I32 => I32,
            ValType::I64 => I64,
            ValType::F32 => F32,
            ValType::F64 => F64,
            ValType::V128 => V128,
            ValType::Ref(r) => match r.heap_type() {
                HeapType::Func | HeapType::ConcreteFunc(_) => FUNCREF,
                HeapType::Extern => EXTERNREF,
                HeapType::Exn => EXNREF,
                _ => OTHER,
            },
        })
    }
}

/// What a kind is called in errors.
pub fn name(kind: Kind) -> &'static str {
    match kind {
        I32 => "i32",
        I64 => "i64",
        F32 => "f32",
        F64 => "f64",
        V128 => "v128",
        EXTERNREF => "externref",
        FUNCREF => "funcref",
        EXNREF => "exnref",
        OTHER => "other",
        _ => "unknown",
    }
}

type ValTys = VecOf<Option<Box<ValTy>>>;

/// `wasm_limits_t`.
#[repr(C)]
#[derive(Copy, Clone)]
pub struct Limits {
    min: u32,
    max: u32,
}

impl Limits {
    /// What does not fit, of memories and tables with 64-bit addresses, is the highest number.
    fn of(min: u64, max: Option<u64>) -> Limits {
        let clamp = |n: u64| u32::try_from(n).unwrap_or(UNLIMITED);
        Limits { min: clamp(min), max: max.map_or(UNLIMITED, clamp) }
    }

    fn maximum(&self) -> Option<u32> {
        (self.max != UNLIMITED).then_some(self.max)
    }
}

/// `wasm_externtype_t`, and `wasm_functype_t` and its like.
#[derive(Clone)]
pub enum ExternTy {
    Func { params: ValTys, results: ValTys },
    Global { content: Box<ValTy>, mutability: u8 },
    Table { element: Box<ValTy>, limits: Limits },
    Memory { limits: Limits },
    Tag,
}

impl ExternTy {
    pub fn of_func(ty: &FuncType) -> ExternTy {
        let list = |tys: &mut dyn ExactSizeIterator<Item = ValType>| {
            VecOf::of(tys.map(|ty| Some(Box::new(ValTy::of_engine(&ty)))))
        };
        ExternTy::Func { params: list(&mut ty.params()), results: list(&mut ty.results()) }
    }

    pub fn of_engine(ty: &ExternType) -> ExternTy {
        match ty {
            ExternType::Func(ty) => ExternTy::of_func(ty),
            ExternType::Global(ty) => ExternTy::Global {
                content: Box::new(ValTy::of_engine(ty.content())),
                mutability: (ty.mutability() == Mutability::Var).into(),
            },
            ExternType::Table(ty) => ExternTy::Table {
                element: Box::new(ValTy::of_engine(&ValType::Ref(ty.element().clone()))),
                limits: Limits::of(ty.minimum(), ty.maximum()),
            },
            ExternType::Memory(ty) => ExternTy::Memory { limits: Limits::of(ty.minimum(), ty.maximum()) },
            ExternType::Tag(_) => ExternTy::Tag,
        }
    }

    pub fn engine_func(&self, engine: &Engine) -> Result<FuncType> {
        let ExternTy::Func { params, results } = self else { bail!("this is not the type of a function") };
        let list = |tys: &ValTys| tys.as_slice().iter().flatten().map(|ty| ty.engine()).collect::<Result<Vec<_>>>();
        Ok(FuncType::new(engine, list(params)?, list(results)?))
    }

    pub fn engine_global(&self) -> Result<GlobalType> {
        let ExternTy::Global { content, mutability } = self else { bail!("this is not the type of a global") };
        let mutability = if *mutability == 0 { Mutability::Const } else { Mutability::Var };
        Ok(GlobalType::new(content.engine()?, mutability))
    }

    pub fn engine_table(&self) -> Result<TableType> {
        let ExternTy::Table { element, limits } = self else { bail!("this is not the type of a table") };
        let element: RefType = match element.engine()? {
            ValType::Ref(element) => element,
            other => bail!("tables have references, not {other}"),
        };
        Ok(TableType::new(element, limits.min, limits.maximum()))
    }

    pub fn engine_memory(&self) -> Result<MemoryType> {
        let ExternTy::Memory { limits } = self else { bail!("this is not the type of a memory") };
        Ok(MemoryType::new(limits.min, limits.maximum()))
    }
}

/// `wasm_importtype_t`.
#[derive(Clone)]
pub struct ImportTy {
    pub module: ByteVec,
    pub name: ByteVec,
    pub ty: Box<ExternTy>,
}

/// `wasm_exporttype_t`.
#[derive(Clone)]
pub struct ExportTy {
    pub name: ByteVec,
    pub ty: Box<ExternTy>,
}

macro_rules! deleted_and_copied {
    ($($ty:ty: $delete:ident $copy:ident;)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C" fn $delete(_: Option<Box<$ty>>) {}

        #[unsafe(no_mangle)]
        pub extern "C" fn $copy(ty: &$ty) -> Box<$ty> {
            Box::new(ty.clone())
        }
    )*};
}

deleted_and_copied! {
    ValTy: wasm_valtype_delete wasm_valtype_copy;
    ExternTy: wasm_functype_delete wasm_functype_copy;
    ExternTy: wasm_globaltype_delete wasm_globaltype_copy;
    ExternTy: wasm_tabletype_delete wasm_tabletype_copy;
    ExternTy: wasm_memorytype_delete wasm_memorytype_copy;
    ExternTy: wasm_externtype_delete wasm_externtype_copy;
    ImportTy: wasm_importtype_delete wasm_importtype_copy;
    ExportTy: wasm_exporttype_delete wasm_exporttype_copy;
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_valtype_new(kind: Kind) -> Box<ValTy> {
    Box::new(ValTy(kind))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_valtype_kind(ty: &ValTy) -> Kind {
    ty.0
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_functype_new(params: &mut ValTys, results: &mut ValTys) -> Box<ExternTy> {
    Box::new(ExternTy::Func { params: params.take(), results: results.take() })
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_globaltype_new(content: Option<Box<ValTy>>, mutability: u8) -> Option<Box<ExternTy>> {
    Some(Box::new(ExternTy::Global { content: content?, mutability }))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_tabletype_new(element: Option<Box<ValTy>>, limits: &Limits) -> Option<Box<ExternTy>> {
    Some(Box::new(ExternTy::Table { element: element?, limits: *limits }))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_memorytype_new(limits: &Limits) -> Box<ExternTy> {
    Box::new(ExternTy::Memory { limits: *limits })
}

/// Parts of types that C reads. The header lets these functions take types of one sort only; null answers a mistake.
macro_rules! parts {
    ($($name:ident($pattern:pat) -> $ty:ty { $part:expr })*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C" fn $name(ty: &ExternTy) -> Option<&$ty> {
            if let $pattern = ty { Some($part) } else { None }
        }
    )*};
}

parts! {
    wasm_functype_params(ExternTy::Func { params, .. }) -> ValTys { params }
    wasm_functype_results(ExternTy::Func { results, .. }) -> ValTys { results }
    wasm_globaltype_content(ExternTy::Global { content, .. }) -> ValTy { content }
    wasm_tabletype_element(ExternTy::Table { element, .. }) -> ValTy { element }
    wasm_tabletype_limits(ExternTy::Table { limits, .. }) -> Limits { limits }
    wasm_memorytype_limits(ExternTy::Memory { limits }) -> Limits { limits }
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_globaltype_mutability(ty: &ExternTy) -> u8 {
    if let ExternTy::Global { mutability, .. } = ty { *mutability } else { 0 }
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_externtype_kind(ty: &ExternTy) -> u8 {
    match ty {
        ExternTy::Func { .. } => FUNC,
        ExternTy::Global { .. } => GLOBAL,
        ExternTy::Table { .. } => TABLE,
        ExternTy::Memory { .. } => MEMORY,
        ExternTy::Tag => TAG,
    }
}

macro_rules! conversions {
    ($($pattern:pat => $up:ident $down:ident $up_const:ident $down_const:ident;)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C" fn $up(ty: Option<&ExternTy>) -> Option<&ExternTy> {
            ty
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $up_const(ty: Option<&ExternTy>) -> Option<&ExternTy> {
            ty
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $down(ty: Option<&ExternTy>) -> Option<&ExternTy> {
            ty.filter(|ty| matches!(ty, $pattern))
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $down_const(ty: Option<&ExternTy>) -> Option<&ExternTy> {
            $down(ty)
        }
    )*};
}

conversions! {
    ExternTy::Func { .. } => wasm_functype_as_externtype wasm_externtype_as_functype wasm_functype_as_externtype_const
        wasm_externtype_as_functype_const;
    ExternTy::Global { .. } => wasm_globaltype_as_externtype wasm_externtype_as_globaltype
        wasm_globaltype_as_externtype_const wasm_externtype_as_globaltype_const;
    ExternTy::Table { .. } => wasm_tabletype_as_externtype wasm_externtype_as_tabletype
        wasm_tabletype_as_externtype_const wasm_externtype_as_tabletype_const;
    ExternTy::Memory { .. } => wasm_memorytype_as_externtype wasm_externtype_as_memorytype
        wasm_memorytype_as_externtype_const wasm_externtype_as_memorytype_const;
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_importtype_new(
    module: &mut ByteVec,
    name: &mut ByteVec,
    ty: Option<Box<ExternTy>>,
) -> Option<Box<ImportTy>> {
    Some(Box::new(ImportTy { module: module.take(), name: name.take(), ty: ty? }))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_importtype_module(ty: &ImportTy) -> &ByteVec {
    &ty.module
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_importtype_name(ty: &ImportTy) -> &ByteVec {
    &ty.name
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_importtype_type(ty: &ImportTy) -> &ExternTy {
    &ty.ty
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_exporttype_new(name: &mut ByteVec, ty: Option<Box<ExternTy>>) -> Option<Box<ExportTy>> {
    Some(Box::new(ExportTy { name: name.take(), ty: ty? }))
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_exporttype_name(ty: &ExportTy) -> &ByteVec {
    &ty.name
}

#[unsafe(no_mangle)]
pub extern "C" fn wasm_exporttype_type(ty: &ExportTy) -> &ExternTy {
    &ty.ty
}
