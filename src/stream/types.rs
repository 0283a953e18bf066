//! The type section, and types as other sections have them.

use super::sections::{Sections, check, check_limit, invalid, unsupported};
use super::verdict;
use crate::engine::Limits;
use crate::error::CompileError;
use crate::types::defined::{Code, Composite, DefinedType, FieldMember, Member, Name, RecGroup, SubType};
use crate::types::{FuncType, GlobalType, HeapType, MemoryType, Mutability, RefType, TableType, ValType};
use headwater_codegen::ModuleEnv;
use headwater_codegen::env::{Field, FuncSig, Storage, TypeDef, TypeKind, place_fields};
use headwater_codegen::ty::{Class, Ty};
use headwater_codegen::vmctx::gc;
use std::collections::HashMap;
use wasmparser::{AbstractHeapType, CompositeInnerType, StorageType, UnpackedIndex};

type Result<T, E = CompileError> = std::result::Result<T, E>;

/// Groups that types of the section name, each found once.
type Named = HashMap<u32, DefinedType>;

/// What the compiler calls the type. References to types of the module have its own index until
/// [`Sections::finish_env`].
pub(super) fn ty_of(ty: wasmparser::ValType) -> Ty {
    let wasmparser::ValType::Ref(r) = ty else {
        return match ty {
            wasmparser::ValType::I32 => Ty::I32,
            wasmparser::ValType::I64 => Ty::I64,
            wasmparser::ValType::F32 => Ty::F32,
            wasmparser::ValType::F64 => Ty::F64,
            _ => Ty::V128,
        };
    };
    let ty = match r.heap_type() {
        wasmparser::HeapType::Concrete(UnpackedIndex::Module(index)) => Ty::defined(index),
        wasmparser::HeapType::Abstract { ty, .. } => match ty {
            AbstractHeapType::Extern => Ty::EXTERNREF,
            AbstractHeapType::NoExtern => Ty::NULLEXTERNREF,
            AbstractHeapType::NoFunc => Ty::NULLFUNCREF,
            AbstractHeapType::Any => Ty::ANYREF,
            AbstractHeapType::Eq => Ty::EQREF,
            AbstractHeapType::I31 => Ty::I31REF,
            AbstractHeapType::Struct => Ty::STRUCTREF,
            AbstractHeapType::Array => Ty::ARRAYREF,
            AbstractHeapType::None => Ty::NULLREF,
            AbstractHeapType::Exn => Ty::EXNREF,
            AbstractHeapType::NoExn => Ty::NULLEXNREF,
            // Others are errors of `Sections::ref_type`.
            _ => Ty::FUNCREF,
        },
        _ => Ty::FUNCREF,
    };
    if r.is_nullable() { ty } else { ty.non_null() }
}

pub(super) fn memory_type(ty: wasmparser::MemoryType) -> Result<MemoryType> {
    let page_log2 = ty.page_size_log2.map_or(16, |log2| log2 as u8);
    let memory = MemoryType::from_parts(ty.initial, ty.maximum, ty.memory64, page_log2);
    Ok(if ty.shared { memory.into_shared() } else { memory })
}

impl Sections {
    pub(super) fn ref_type(&self, ty: wasmparser::RefType) -> Result<RefType> {
        if let Some(feature) = verdict::later_feature(self.features, ty) {
            return Err(verdict::needs_later(feature, None, None));
        }
        let other = || Err(unsupported("a reference type"));
        let heap = match ty.heap_type() {
            wasmparser::HeapType::Concrete(UnpackedIndex::Module(index)) => match self.info.types.get(index as usize) {
                Some(ty) => ty.heap_type(),
                None => return other(),
            },
            wasmparser::HeapType::Abstract { shared: false, ty } => match ty {
                AbstractHeapType::Func => HeapType::Func,
                AbstractHeapType::Extern => HeapType::Extern,
                AbstractHeapType::Any => HeapType::Any,
                AbstractHeapType::None => HeapType::None,
                AbstractHeapType::NoExtern => HeapType::NoExtern,
                AbstractHeapType::NoFunc => HeapType::NoFunc,
                AbstractHeapType::Eq => HeapType::Eq,
                AbstractHeapType::Struct => HeapType::Struct,
                AbstractHeapType::Array => HeapType::Array,
                AbstractHeapType::I31 => HeapType::I31,
                AbstractHeapType::Exn => HeapType::Exn,
                AbstractHeapType::NoExn => HeapType::NoExn,
                AbstractHeapType::Cont | AbstractHeapType::NoCont => return other(),
            },
            _ => return other(),
        };
        Ok(RefType::new(ty.is_nullable(), heap))
    }

    fn val_type(&self, ty: wasmparser::ValType) -> Result<ValType> {
        Ok(match ty {
            wasmparser::ValType::I32 => ValType::I32,
            wasmparser::ValType::I64 => ValType::I64,
            wasmparser::ValType::F32 => ValType::F32,
            wasmparser::ValType::F64 => ValType::F64,
            wasmparser::ValType::V128 => ValType::V128,
            wasmparser::ValType::Ref(ty) => ValType::Ref(self.ref_type(ty)?),
        })
    }

    pub(super) fn table_type(&self, ty: wasmparser::TableType) -> Result<TableType> {
        let element = self.ref_type(ty.element_type)?;
        if ty.table64 {
            return Ok(TableType::new64(element, ty.initial, ty.maximum));
        }
        let narrow = |n: u64| u32::try_from(n).map_err(|_| unsupported("a table size"));
        Ok(TableType::new(element, narrow(ty.initial)?, ty.maximum.map(narrow).transpose()?))
    }

    pub(super) fn global_type(&self, ty: wasmparser::GlobalType) -> Result<GlobalType> {
        if ty.shared {
            return Err(unsupported("a shared global"));
        }
        let mutability = if ty.mutable { Mutability::Var } else { Mutability::Const };
        Ok(GlobalType::new(self.val_type(ty.content_type)?, mutability))
    }

    pub(super) fn types(&mut self, section: wasmparser::TypeSectionReader<'_>, limits: &Limits) -> Result<()> {
        let at = section.range().start;
        let mut named = Named::new();
        let mut codes = Vec::new();
        for group in section {
            let first = self.info.types.len() as u32;
            let group = group.map_err(invalid)?;
            let alone = group.types().len() == 1;
            let mut sub_types = Vec::new();
            for (index, ty) in (first..).zip(group.types()) {
                self.define(index, ty)?;
                if let CompositeInnerType::Func(func) = &ty.composite_type.inner {
                    check_limit!(limits, params, func.params().len(), "function params", at);
                    check_limit!(limits, results, func.results().len(), "function returns", at);
                    let plain = alone && ty.is_final && ty.supertype_idxs.is_empty();
                    let all = || func.params().iter().chain(func.results());
                    self.env.tys.extend(all().map(|&ty| ty_of(ty)));
                    if plain && !all().any(|&ty| ty_of(ty).index().is_some()) {
                        codes.clear();
                        for &ty in all() {
                            codes.push(Code::new(&self.val_type(ty)?).ok_or_else(|| unsupported("a type"))?);
                        }
                        let ty = FuncType::plain(codes.as_slice().into(), func.params().len() as u32);
                        self.info.types.0.push(ty.into());
                        continue;
                    }
                }
                sub_types.push(self.sub_type(ty, first, &mut named)?);
            }
            if !sub_types.is_empty() {
                let group = RecGroup::of(sub_types);
                let types = (0..group.types().len() as u32).map(|i| DefinedType::new(&group, i).composite_type());
                self.info.types.0.extend(types);
            }
        }
        Ok(())
    }

    /// A type of the group whose first type is `first`, as it is defined.
    fn sub_type(&self, ty: &wasmparser::SubType, first: u32, named: &mut Named) -> Result<SubType> {
        let supertype = ty.supertype_idxs.first().map(|index| match index.unpack() {
            UnpackedIndex::Module(index) => Ok(self.name(index, first, named)),
            _ => Err(unsupported("a supertype")),
        });
        let supertype = supertype.transpose()?;
        let mut field = |ty: &wasmparser::FieldType| {
            let storage = match ty.element_type {
                StorageType::I8 => Member::Plain(Code::I8),
                StorageType::I16 => Member::Plain(Code::I16),
                StorageType::Val(ty) => self.member(ty, first, named)?,
            };
            Ok(FieldMember { storage, mutable: ty.mutable })
        };
        let composite = match &ty.composite_type.inner {
            CompositeInnerType::Func(func) => {
                let all = func.params().iter().chain(func.results());
                let tys = all.map(|&ty| self.member(ty, first, named)).collect::<Result<_>>()?;
                Composite::Func { tys, num_params: func.params().len() as u32 }
            }
            CompositeInnerType::Struct(ty) => Composite::Struct(ty.fields.iter().map(field).collect::<Result<_>>()?),
            CompositeInnerType::Array(ty) => Composite::Array(field(&ty.0)?),
            CompositeInnerType::Cont(_) => return Err(unsupported("a type")),
        };
        Ok(SubType { is_final: ty.is_final, supertype, composite })
    }

    /// How a type of the group whose first type is `first` names type `index`.
    fn name(&self, index: u32, first: u32, named: &mut Named) -> Name {
        match index.checked_sub(first) {
            Some(inner) => Name::Inner(inner),
            None => {
                let ty = named.entry(index).or_insert_with(|| self.info.types[index as usize].to_defined());
                Name::Outer(ty.clone())
            }
        }
    }

    /// A type that a type of that group consists of.
    fn member(&self, ty: wasmparser::ValType, first: u32, named: &mut Named) -> Result<Member> {
        match (ty, ty_of(ty).index()) {
            (wasmparser::ValType::Ref(r), Some(index)) => {
                Ok(Member::Ref { nullable: r.is_nullable(), to: self.name(index, first, named) })
            }
            _ => Ok(Member::new(&self.val_type(ty)?)),
        }
    }

    /// Tells the compiler of type `index`, the next one. Until there is one that is no final function type without a
    /// supertype, there is nothing to tell.
    fn define(&mut self, index: u32, ty: &wasmparser::SubType) -> Result<()> {
        let defs = &mut self.env.defs;
        let start = self.env.fields.len() as u32;
        let func = TypeDef {
            kind: TypeKind::Func,
            is_final: true,
            supertype: TypeDef::NONE,
            depth: 0,
            fields: start..start,
            size: 0,
        };
        // Where fields are is known once all types are.
        let field = |ty: &wasmparser::FieldType| {
            let storage = match ty.element_type {
                StorageType::I8 => Storage::I8,
                StorageType::I16 => Storage::I16,
                StorageType::Val(ty) => Storage::Val(ty_of(ty)),
            };
            Field { storage, mutable: ty.mutable, offset: 0 }
        };
        let kind = match &ty.composite_type.inner {
            CompositeInnerType::Func(_) => TypeKind::Func,
            CompositeInnerType::Struct(ty) => {
                self.env.fields.extend(ty.fields.iter().map(field));
                TypeKind::Struct
            }
            CompositeInnerType::Array(ty) => {
                self.env.fields.push(field(&ty.0));
                TypeKind::Array
            }
            CompositeInnerType::Cont(_) => return Err(unsupported("a type")),
        };
        let supertype = ty.supertype_idxs.first().and_then(|index| index.unpack().as_module_index());
        let tells = kind != TypeKind::Func || !ty.is_final || supertype.is_some();
        if defs.is_empty() && tells {
            defs.resize(index as usize, func.clone());
        }
        if !defs.is_empty() || tells {
            let depth = supertype.map_or(0, |supertype| defs[supertype as usize].depth + 1);
            let fields = start..self.env.fields.len() as u32;
            let supertype = supertype.unwrap_or(TypeDef::NONE);
            defs.push(TypeDef { kind, is_final: ty.is_final, supertype, depth, fields, ..func });
        }
        Ok(())
    }

    /// Names each type by the first that is the same, of which `first` has the index, and gives fields their places.
    pub(super) fn finish_types(&mut self, first: &[u32]) {
        let env = &mut self.env;
        let named = |ty: &mut Ty| {
            if let Some(index) = ty.index() {
                let defined = Ty::defined(first[index as usize]);
                *ty = if ty.is_non_null() { defined.non_null() } else { defined };
            }
        };
        env.tys.iter_mut().for_each(named);
        env.elems.iter_mut().for_each(named);
        env.tables.iter_mut().map(|table| &mut table.elem).for_each(named);
        env.globals.iter_mut().map(|global| &mut global.ty).for_each(named);
        let mut fields = std::mem::take(&mut env.fields);
        for field in &mut fields {
            if let Storage::Val(mut ty) = field.storage {
                named(&mut ty);
                field.storage = storage_of(env, ty);
            }
        }
        for def in &mut env.defs {
            if let Some(&first) = first.get(def.supertype as usize) {
                def.supertype = first;
            }
            if def.kind != TypeKind::Func {
                let size = place_fields(&mut fields[def.fields.start as usize..def.fields.end as usize]);
                def.size = if def.kind == TypeKind::Array { gc::FIELDS } else { size };
            }
        }
        env.fields = fields;
        let mut start = 0;
        for (ty, &first) in self.info.types.iter().zip(first) {
            let (params, results) = ty.as_func().map_or((0, 0), |ty| (ty.num_params(), ty.num_results()));
            let middle = start + params as u32;
            let end = middle + results as u32;
            let params = &env.tys[start as usize..middle as usize];
            env.types.push(FuncSig {
                params: start..middle,
                results: middle..end,
                int_params: params.iter().all(|ty| ty.class() == Class::Int),
                ref_params: params.iter().any(|ty| ty.is_ref()),
                first,
            });
            start = end;
        }
    }
}

/// How a value of type `ty` is stored in a field.
fn storage_of(env: &ModuleEnv, ty: Ty) -> Storage {
    if !ty.is_ref() {
        return Storage::Val(ty);
    }
    match ty.index().map_or(ty, |index| env.abstract_supertype(index)).bottom() {
        Ty::NULLREF | Ty::NULLEXTERNREF => Storage::Ref(ty),
        _ => Storage::Val(ty),
    }
}

#[cfg(test)]
mod tests {
    use crate::types::object::FieldKind;
    use crate::{Config, Engine, Module};
    use headwater_codegen::Ty;
    use headwater_codegen::env::{Storage, TypeDef, TypeKind};

    fn module(text: &str) -> (Engine, Module) {
        let engine = Engine::new(Config::new().wasm_gc(true)).expect("it is implemented");
        let module = Module::new(&engine, wat::parse_str(text).expect("it is well-formed")).expect("it is valid");
        (engine, module)
    }

    const TYPES: &str = r#"(module
        (type $f (func (param i32 (ref $f)) (result i64)))
        (rec
          (type $s (sub (struct (field i8) (field (mut (ref null $a))) (field (ref $g)) (field (ref null exn)))))
          (type $a (array (mut (ref extern))))
          (type $g (func (result (ref null $s)))))
        (type $t (sub final $s (struct (field i8) (field (mut (ref null $a))) (field (ref $g)) (field nullexnref)
          (field (mut i16)) (field v128) (field (ref none)))))
        (type $same (array (mut (ref extern))))
        (type $again (array (mut (ref extern))))
        (type $h (func (param (ref $again) f32))))"#;

    #[test]
    fn the_compiler_knows_all_types_once_there_is_one_that_needs_it() {
        let (_, module) = module(TYPES);
        let env = module.env();
        let kinds: Vec<TypeKind> = env.defs.iter().map(|def| def.kind).collect();
        use TypeKind::{Array, Func, Struct};
        assert_eq!(kinds, [Func, Struct, Array, Func, Struct, Array, Array, Func]);
        let supers: Vec<(u32, u32, bool)> =
            env.defs.iter().map(|def| (def.supertype, def.depth, def.is_final)).collect();
        let none = (TypeDef::NONE, 0, true);
        assert_eq!(supers, [none, (TypeDef::NONE, 0, false), none, none, (1, 1, true), none, none, none]);
        assert!(env.is_declared_subtype(4, 1) && !env.is_declared_subtype(1, 4) && !env.is_declared_subtype(2, 5));
        // A group is not the same as a type that is alone.
        let first: Vec<u32> = env.types.iter().map(|ty| ty.first).collect();
        assert_eq!(first, [0, 1, 2, 3, 4, 5, 5, 7]);
        let signatures: Vec<_> = env.types.iter().map(|sig| (env.params(sig), env.results(sig))).collect();
        let empty: (&[Ty], &[Ty]) = (&[], &[]);
        assert_eq!(signatures[0], (&[Ty::I32, Ty::defined(0).non_null()][..], &[Ty::I64][..]));
        assert_eq!(signatures[3], (&[][..], &[Ty::defined(1)][..]));
        assert_eq!(signatures[7], (&[Ty::defined(5).non_null(), Ty::F32][..], &[][..]));
        assert_eq!([signatures[1], signatures[2], signatures[5]], [empty; 3]);
    }

    #[test]
    fn compiler_and_collector_agree_where_fields_are() {
        let (engine, module) = module(TYPES);
        let env = module.env();
        let mut objects = 0;
        for (def, &number) in env.defs.iter().zip(module.canonical_types()) {
            if def.kind == TypeKind::Func {
                continue;
            }
            let layout = engine.object_layout(number);
            let fields = &env.fields[def.fields.start as usize..def.fields.end as usize];
            let is_array = def.kind == TypeKind::Array;
            let size = if is_array { headwater_codegen::vmctx::gc::FIELDS } else { def.size };
            assert_eq!((layout.size, layout.is_array), (size, is_array));
            assert_eq!(layout.fields.len(), fields.len());
            for (ours, theirs) in layout.fields.iter().zip(fields) {
                assert_eq!((ours.offset, ours.kind.size()), (theirs.offset, 1 << theirs.storage.log2()));
                assert_eq!(ours.kind == FieldKind::Ref, matches!(theirs.storage, Storage::Ref(_)));
            }
            objects += 1;
        }
        assert_eq!(objects, 5);
        let storage: Vec<Storage> = env.fields[..4].iter().map(|field| field.storage).collect();
        let expected = [
            Storage::I8,
            Storage::Ref(Ty::defined(2)),
            Storage::Val(Ty::defined(3).non_null()),
            Storage::Val(Ty::EXNREF),
        ];
        assert_eq!(storage, expected);
        assert!(env.fields[1].mutable);
    }

    #[test]
    fn modules_of_plain_functions_pay_nothing() {
        let (_, module) = module(
            "(module (rec (type $a (func (param (ref $b)))) (type $b (func))) (func (param funcref exnref externref)))",
        );
        let env = module.env();
        assert!(env.defs.is_empty() && env.fields.is_empty() && env.layout.heap_base().is_none());
        // Objects of others may come.
        for text in [
            "(module (func (param anyref)))",
            "(module (type (func (result (ref null i31)))))",
            "(module (table 1 structref))",
            "(module (import \"m\" \"g\" (global eqref)))",
        ] {
            let (_, module) = self::module(text);
            assert!(module.env().layout.heap_base().is_some() && !module.env().owns_objects, "{text}");
        }
        // They may have a supertype, and still no objects.
        let (_, module) = self::module("(module (type (func)) (type $a (sub (func))) (type (sub $a (func))))");
        let env = module.env();
        assert_eq!(env.defs.iter().map(|def| def.supertype).collect::<Vec<_>>(), [TypeDef::NONE, TypeDef::NONE, 1]);
        assert!(env.layout.heap_base().is_none());
        let (_, module) = self::module("(module (type (array i8)))");
        assert!(module.env().layout.heap_base().is_some());
    }
}
