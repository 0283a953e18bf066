//! The type section, and types as other sections have them.

use super::sections::{Sections, check, check_limit, invalid, unsupported};
use super::{leb, verdict};
use crate::engine::Limits;
use crate::error::CompileError;
use crate::types::defined::{Code, Composite, DefinedType, FieldMember, Member, Name, RecGroup, SubType};
use crate::types::{FuncType, GlobalType, HeapType, MemoryType, Mutability, RefType, TableType, ValType};
use headwater_codegen::ModuleEnv;
use headwater_codegen::env::{Field, FuncSig, Storage, TypeDef, TypeKind, place_fields};
use headwater_codegen::ty::{Class, Ty};
use headwater_codegen::vmctx::gc;
use std::collections::HashMap;
use wasmparser::types::CoreTypeId;
use wasmparser::{AbstractHeapType, BinaryReader, CompositeInnerType, StorageType, UnpackedIndex, Validator};

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
            wasmparser::HeapType::Concrete(UnpackedIndex::Module(index)) => match self.info.types.get(index) {
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

    /// Takes in the type section, of which `contents` are the contents and `validator` says which types are the same.
    pub(super) fn types(
        &mut self,
        section: &wasmparser::TypeSectionReader<'_>,
        contents: &[u8],
        validator: &Validator,
        limits: &Limits,
    ) -> Result<()> {
        let at = section.range().start;
        let ids = validator.types(0).ok_or_else(|| CompileError::internal("types without a module"))?;
        let mut seen = Seen::default();
        let mut named = Named::new();
        let mut codes = Vec::new();
        let mut reader = BinaryReader::new_features(contents, at, self.features);
        let count = reader.read_var_u32().map_err(invalid)?;
        self.info.types.reserve(count as usize);
        for _ in 0..count {
            let first = self.info.types.len();
            let rest = &contents[(reader.original_position() - at) as usize..];
            if let Some(func) = PlainFunc::read(rest) {
                reader.read_bytes(func.len).map_err(invalid)?;
                func.check(limits, at)?;
                self.define(first, None)?;
                match seen.find(ids.core_type_at_in_module(first))? {
                    Some(known) => self.info.types.push_same(known),
                    None => {
                        codes.clear();
                        codes.extend(func.codes());
                        self.env.tys.extend(codes.iter().map(|&code| ty_of_code(code)));
                        self.info.types.push(FuncType::plain(&codes, func.params.len() as u32).into());
                    }
                }
                continue;
            }
            let group: wasmparser::RecGroup = reader.read().map_err(invalid)?;
            self.group(&group, first, limits, at, |index| seen.find(ids.core_type_at_in_module(index)), &mut named)?;
        }
        Ok(())
    }

    /// Takes in a group, whose first type is `first`. `find` says which of the types that differ the next one is, if it
    /// was there before, which is so of all types of a group or of none.
    fn group(
        &mut self,
        group: &wasmparser::RecGroup,
        first: u32,
        limits: &Limits,
        at: u64,
        mut find: impl FnMut(u32) -> Result<Option<u32>>,
        named: &mut Named,
    ) -> Result<()> {
        let mut sub_types = Vec::new();
        for (index, ty) in (first..).zip(group.types()) {
            self.define(index, Some(ty))?;
            if let CompositeInnerType::Func(func) = &ty.composite_type.inner {
                check_limit!(limits, params, func.params().len(), "function params", at);
                check_limit!(limits, results, func.results().len(), "function returns", at);
            }
            if let Some(known) = find(index)? {
                self.info.types.push_same(known);
                continue;
            }
            if let CompositeInnerType::Func(func) = &ty.composite_type.inner {
                let all = || func.params().iter().chain(func.results());
                self.env.tys.extend(all().map(|&ty| ty_of(ty)));
                let plain = group.types().len() == 1 && ty.is_final && ty.supertype_idxs.is_empty();
                if plain && !all().any(|&ty| ty_of(ty).index().is_some()) {
                    let code = |&ty| Code::new(&self.val_type(ty)?).ok_or_else(|| unsupported("a type"));
                    let codes = all().map(code).collect::<Result<Vec<_>>>()?;
                    self.info.types.push(FuncType::plain(&codes, func.params().len() as u32).into());
                    continue;
                }
            }
            sub_types.push(self.sub_type(ty, first, named)?);
        }
        if !sub_types.is_empty() {
            let group = RecGroup::of(sub_types);
            for i in 0..group.types().len() as u32 {
                self.info.types.push(DefinedType::new(&group, i).composite_type());
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
                let ty = named.entry(index).or_insert_with(|| self.info.types[index].to_defined());
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

    /// Tells the compiler of type `index`, the next one; `None` for a plain function type. Until there is one that is no
    /// final function type without a supertype, there is nothing to tell.
    fn define(&mut self, index: u32, ty: Option<&wasmparser::SubType>) -> Result<()> {
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
        let Some(ty) = ty else {
            if !defs.is_empty() {
                defs.push(func);
            }
            return Ok(());
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

    /// Names each type by the first that is the same, and gives fields their places.
    pub(super) fn finish_types(&mut self) {
        let env = &mut self.env;
        let types = &self.info.types;
        // Of those that differ, the index where each comes first.
        let mut firsts = Vec::with_capacity(types.distinct().len());
        for (index, &which) in (0..).zip(types.which()) {
            if which as usize == firsts.len() {
                firsts.push(index);
            }
        }
        let first = |index: u32| firsts[types.which()[index as usize] as usize];
        let named = |ty: &mut Ty| {
            if let Some(index) = ty.index() {
                let defined = Ty::defined(first(index));
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
            if def.supertype != TypeDef::NONE {
                def.supertype = first(def.supertype);
            }
            if def.kind != TypeKind::Func {
                let size = place_fields(&mut fields[def.fields.start as usize..def.fields.end as usize]);
                def.size = if def.kind == TypeKind::Array { gc::FIELDS } else { size };
            }
        }
        env.fields = fields;
        let mut start = 0;
        let distinct = types.distinct().iter().zip(&firsts).map(|(ty, &first)| {
            let (params, results) = ty.as_func().map_or((0, 0), |ty| (ty.num_params(), ty.num_results()));
            let middle = start + params as u32;
            let end = middle + results as u32;
            let params = &env.tys[start as usize..middle as usize];
            let sig = FuncSig {
                params: start..middle,
                results: middle..end,
                int_params: params.iter().all(|ty| ty.class() == Class::Int),
                ref_params: params.iter().any(|ty| ty.is_ref()),
                first,
            };
            start = end;
            sig
        });
        let distinct: Vec<FuncSig> = distinct.collect();
        env.types = match distinct.len() == types.which().len() {
            true => distinct,
            false => types.which().iter().map(|&which| distinct[which as usize].clone()).collect(),
        };
    }
}

/// Which types wasmparser has called by which numbers. Types that are the same have the same, and greater ones come as
/// types come that were not there before. Without typed references each type has one of its own.
#[derive(Default)]
struct Seen(Vec<CoreTypeId>);

impl Seen {
    /// The place of `id` among those that differ, if it was there before.
    fn find(&mut self, id: CoreTypeId) -> Result<Option<u32>> {
        match self.0.last() {
            Some(&last) if id <= last => match self.0.binary_search(&id) {
                Ok(place) => Ok(Some(place as u32)),
                Err(_) => Err(CompileError::internal("wasmparser's types are not in order")),
            },
            _ => {
                self.0.push(id);
                Ok(None)
            }
        }
    }
}

/// A function type of the section whose parameters and results are numbers, vectors, `funcref` and `externref`, as nearly
/// all are: a byte each, which wasmparser has accepted.
struct PlainFunc<'a> {
    params: &'a [u8],
    results: &'a [u8],
    /// In bytes.
    len: usize,
}

/// What a function type begins with.
const FUNC: u8 = 0x60;

/// The codes of the types that are these bytes; [`Code::NONE`] of all others.
static CODES: [Code; 256] = {
    let mut codes = [Code::NONE; 256];
    codes[0x7f] = Code::I32;
    codes[0x7e] = Code::I64;
    codes[0x7d] = Code::F32;
    codes[0x7c] = Code::F64;
    codes[0x7b] = Code::V128;
    codes[0x70] = Code::FUNCREF;
    codes[0x6f] = Code::EXTERNREF;
    codes
};

/// What the compiler calls these types.
fn ty_of_code(code: Code) -> Ty {
    match code {
        Code::I64 => Ty::I64,
        Code::F32 => Ty::F32,
        Code::F64 => Ty::F64,
        Code::V128 => Ty::V128,
        Code::FUNCREF => Ty::FUNCREF,
        Code::EXTERNREF => Ty::EXTERNREF,
        _ => Ty::I32,
    }
}

impl<'a> PlainFunc<'a> {
    /// The one that `bytes` begin with, if it is one.
    fn read(bytes: &'a [u8]) -> Option<PlainFunc<'a>> {
        let list = |at: usize| {
            let (count, len) = leb::read(bytes.get(at..)?)?;
            let start = at + len;
            let list = bytes.get(start..start + count as usize)?;
            list.iter().all(|&byte| CODES[usize::from(byte)] != Code::NONE).then_some((list, start + list.len()))
        };
        if *bytes.first()? != FUNC {
            return None;
        }
        let (params, end) = list(1)?;
        let (results, len) = list(end)?;
        Some(PlainFunc { params, results, len })
    }

    /// Of parameters, then results.
    fn codes(&self) -> impl Iterator<Item = Code> {
        self.params.iter().chain(self.results).map(|&byte| CODES[usize::from(byte)])
    }

    fn check(&self, limits: &Limits, at: u64) -> Result<()> {
        check_limit!(limits, params, self.params.len(), "function params", at);
        check_limit!(limits, results, self.results.len(), "function returns", at);
        Ok(())
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
