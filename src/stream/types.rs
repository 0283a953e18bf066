//! The type section, validated and taken in in one pass, and types as other sections have them.

use super::group::{Group, ReadType, form};
use super::leb;
use super::reader::{Invalid, Reader, Refused};
use super::sections::{Sections, check, check_limit};
use crate::engine::Limits;
use crate::hash::{IntMap, KeyedMap};
use crate::types::defined::{Code, Composite, DefinedType, FieldMember, Member, Name, RecGroup, SubType};
use crate::types::{FuncType, RefType};
use headwater_codegen::ModuleEnv;
use headwater_codegen::env::{Field, FuncSig, Storage, TypeDef, TypeKind, place_fields};
use headwater_codegen::ty::{Class, Ty};
use headwater_codegen::vmctx::gc;
use std::sync::Arc;
use wasmparser::{AbstractHeapType, UnpackedIndex, WasmFeatures};

type Result<T, E = Refused> = std::result::Result<T, E>;

/// How deep wasmparser allows supertypes to go.
const MAX_DEPTH: u32 = 63;

/// What is known of the types so far.
#[derive(Default)]
struct Known {
    /// Where each plain function type comes first.
    plain: KeyedMap<FuncType, u32>,
    /// Where the first type of each other group comes first. Groups are the same if they are at the same address, and
    /// the module's types keep them there.
    groups: IntMap<usize, u32>,
    /// Types that others name, each found once.
    named: IntMap<u32, DefinedType>,
}

/// What the compiler calls the type. References to types of the module have its own index.
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
            // Others are of proposals that no module may use.
            _ => Ty::FUNCREF,
        },
        _ => Ty::FUNCREF,
    };
    if r.is_nullable() { ty } else { ty.non_null() }
}

impl Sections {
    /// The type of references that the compiler calls `ty`.
    pub(super) fn reference(&self, ty: Ty) -> Result<RefType, Invalid> {
        self.info.types.reference(ty).ok_or(Invalid)
    }

    /// Takes in the type section, whose contents begin at offset `at`.
    pub(super) fn types(&mut self, reader: &mut Reader<'_>, limits: &Limits, at: u64) -> Result<()> {
        let count = self.room_for(reader, 2, 0, Limits::DEFAULT.types)?;
        self.info.types.reserve(count as usize);
        self.env.types.reserve(count as usize);
        let has_shortcut = self.features.contains(PLAIN_FEATURES);
        let mut known = Known::default();
        let mut group = Group::default();
        let mut codes = Vec::new();
        for _ in 0..count {
            let first = self.info.types.len();
            if has_shortcut
                && first < Limits::DEFAULT.types
                && let Some(func) = PlainFunc::read(reader.rest())
            {
                reader.skip(func.len)?;
                check_counts(func.params.len(), func.results.len(), limits, at)?;
                codes.clear();
                codes.extend(func.codes());
                self.plain(&codes, func.params.len() as u32, &mut known);
                continue;
            }
            group.read(reader, first, self.features)?;
            for ty in group.types.iter().filter(|ty| ty.kind == TypeKind::Func) {
                let params = ty.num_params as usize;
                check_counts(params, ty.members.len() - params, limits, at)?;
            }
            if group.is_plain() {
                codes.clear();
                codes.extend(group.members.iter().map(|member| code_of(member.storage)));
                self.plain(&codes, group.types[0].num_params, &mut known);
            } else {
                self.group(&group, first, &mut known)?;
            }
        }
        self.finish_types();
        Ok(())
    }

    /// Takes in a function type of these parameters and results that is alone in its group, and names no type.
    fn plain(&mut self, codes: &[Code], num_params: u32, known: &mut Known) {
        let (env, index) = (&mut self.env, self.info.types.len());
        let start = env.tys.len() as u32;
        if !env.defs.is_empty() {
            env.defs.push(func_def(env.fields.len() as u32));
        }
        let ty = FuncType::plain(codes, num_params);
        match known.plain.get(&ty) {
            Some(&same) => {
                env.types.push(env.types[same as usize].clone());
                self.info.types.push_same(self.info.types.which()[same as usize]);
            }
            None => {
                env.tys.extend(codes.iter().map(|&code| ty_of_code(code)));
                let sig = sig(&env.tys, start, start + num_params, index);
                env.types.push(sig);
                self.info.types.push(ty.clone().into());
                known.plain.insert(ty, index);
            }
        }
    }

    /// Takes in a group, whose first type is `first`.
    fn group(&mut self, group: &Group, first: u32, known: &mut Known) -> Result<()> {
        if group.types.is_empty() {
            // No type would keep it.
            return Ok(());
        }
        let sub_type = |ty| self.sub_type(group, ty, first, &mut known.named);
        let interned = RecGroup::of(group.types.iter().map(sub_type).collect::<Result<_, _>>()?);
        let count = group.types.len();
        // Until there is one that is no plain function type, the compiler needs no definitions.
        let tells = |ty: &ReadType| ty.kind != TypeKind::Func || !ty.is_final || ty.supertype.is_some();
        let env = &mut self.env;
        let defines = !env.defs.is_empty() || group.types.iter().any(tells);
        if defines && env.defs.is_empty() {
            env.defs.resize(first as usize, func_def(0));
        }
        let address = Arc::as_ptr(&interned) as usize;
        if let Some(&same) = known.groups.get(&address) {
            for same in same as usize..same as usize + count {
                env.types.push(env.types[same].clone());
                if defines {
                    env.defs.push(env.defs[same].clone());
                }
                self.info.types.push_same(self.info.types.which()[same]);
            }
            return Ok(());
        }
        known.groups.insert(address, first);
        for (i, ty) in (0..).zip(&group.types) {
            self.info.types.push(DefinedType::new(&interned, i).composite_type());
            self.define(group, ty, first, defines)?;
        }
        for (index, ty) in (first..).zip(&group.types) {
            if let Some(supertype) = ty.supertype {
                self.check_supertype(index, supertype)?;
            }
        }
        Ok(())
    }

    /// A type of the group whose first type is `first`, as it is defined.
    fn sub_type(
        &self,
        group: &Group,
        ty: &ReadType,
        first: u32,
        named: &mut IntMap<u32, DefinedType>,
    ) -> Result<SubType, Invalid> {
        let supertype = ty.supertype.map(|supertype| self.name(supertype, first, named)).transpose()?;
        let members = group.members(ty);
        let mut field = |field: &Field| {
            Ok(FieldMember { storage: self.member(field.storage, first, named)?, mutable: field.mutable })
        };
        let composite = match ty.kind {
            TypeKind::Func => {
                let tys = members.iter().map(|member| self.member(member.storage, first, named));
                Composite::Func { tys: tys.collect::<Result<_, _>>()?, num_params: ty.num_params }
            }
            TypeKind::Struct => Composite::Struct(members.iter().map(field).collect::<Result<_, _>>()?),
            TypeKind::Array => Composite::Array(field(&members[0])?),
        };
        Ok(SubType { is_final: ty.is_final, supertype, composite })
    }

    /// How a type of the group whose first type is `first` names type `index`.
    fn name(&self, index: u32, first: u32, named: &mut IntMap<u32, DefinedType>) -> Result<Name, Invalid> {
        if let Some(inner) = index.checked_sub(first) {
            return Ok(Name::Inner(inner));
        }
        if let Some(ty) = named.get(&index) {
            return Ok(Name::Outer(ty.clone()));
        }
        let ty = self.info.types.get(index).ok_or(Invalid)?.to_defined();
        named.insert(index, ty.clone());
        Ok(Name::Outer(ty))
    }

    /// What a type of that group consists of.
    fn member(&self, storage: Storage, first: u32, named: &mut IntMap<u32, DefinedType>) -> Result<Member, Invalid> {
        match storage.unpacked() {
            ty if let Some(index) = ty.index() => {
                Ok(Member::Ref { nullable: !ty.is_non_null(), to: self.name(index, first, named)? })
            }
            _ => Ok(Member::Plain(code_of(storage))),
        }
    }

    /// Tells the compiler of `ty`, the next type, which is none of those before, of the group whose first type is
    /// `first`; with its definition if the compiler has definitions.
    fn define(&mut self, group: &Group, ty: &ReadType, first: u32, defines: bool) -> Result<(), Invalid> {
        let env = &mut self.env;
        let index = env.types.len() as u32;
        // Types have the name of the first of those that are the same; those of this group come first here.
        let first_same = |index: u32| match env.types.get(index as usize) {
            Some(sig) if index < first => sig.first,
            _ => index,
        };
        let named = |ty: Ty| match ty.index() {
            Some(index) if ty.is_non_null() => Ty::defined(first_same(index)).non_null(),
            Some(index) => Ty::defined(first_same(index)),
            None => ty,
        };
        let members = group.members(ty).iter().map(|member| match member.storage {
            Storage::Val(ty) => Field { storage: Storage::Val(named(ty)), ..*member },
            _ => *member,
        });
        let supertype = ty.supertype.map(first_same);
        let (start, fields_start) = (env.tys.len() as u32, env.fields.len() as u32);
        match ty.kind {
            TypeKind::Func => env.tys.extend(members.map(|member| member.storage.unpacked())),
            TypeKind::Struct | TypeKind::Array => env.fields.extend(members),
        }
        let sig = sig(&env.tys, start, start + ty.num_params, index);
        env.types.push(sig);
        if !defines {
            return Ok(());
        }
        let depth = match supertype {
            Some(supertype) => env.defs.get(supertype as usize).ok_or(Invalid)?.depth + 1,
            None => 0,
        };
        // Before any are compared, which takes as many steps as a type has supertypes.
        if depth > MAX_DEPTH {
            return Err(Invalid);
        }
        let (is_final, supertype) = (ty.is_final, supertype.unwrap_or(TypeDef::NONE));
        let fields = fields_start..env.fields.len() as u32;
        env.defs.push(TypeDef { kind: ty.kind, is_final, supertype, depth, fields, size: 0 });
        Ok(())
    }

    /// Whether type `index`, which is known now, may have this supertype (specification section 3.2, "sub types").
    fn check_supertype(&self, index: u32, supertype: u32) -> Result<(), Invalid> {
        let env = &self.env;
        let (def, above) = (&env.defs[index as usize], &env.defs[supertype as usize]);
        let stored = |have, want| match (have, want) {
            (Storage::Val(have), Storage::Val(want)) => env.fits(have, want),
            (have, want) => have == want,
        };
        let field_fits = |(have, want): (&Field, &Field)| {
            have.mutable == want.mutable
                && stored(have.storage, want.storage)
                && (!have.mutable || stored(want.storage, have.storage))
        };
        let fits = match (def.kind, above.kind) {
            (TypeKind::Func, TypeKind::Func) => {
                let (sig, above) = (&env.types[index as usize], &env.types[supertype as usize]);
                env.all_fit(env.params(above), env.params(sig)) && env.all_fit(env.results(sig), env.results(above))
            }
            (TypeKind::Struct, TypeKind::Struct) | (TypeKind::Array, TypeKind::Array) => {
                let fields = |def: &TypeDef| def.fields.start as usize..def.fields.end as usize;
                let (have, want) = (&env.fields[fields(def)], &env.fields[fields(above)]);
                have.len() >= want.len() && have.iter().zip(want).all(field_fits)
            }
            _ => false,
        };
        if fits && !above.is_final { Ok(()) } else { Err(Invalid) }
    }

    /// Gives fields their places, now that all types are known.
    fn finish_types(&mut self) {
        let env = &mut self.env;
        let mut fields = std::mem::take(&mut env.fields);
        for field in &mut fields {
            if let Storage::Val(ty) = field.storage {
                field.storage = storage_of(env, ty);
            }
        }
        for def in env.defs.iter_mut().filter(|def| def.kind != TypeKind::Func) {
            let size = place_fields(&mut fields[def.fields.start as usize..def.fields.end as usize]);
            def.size = if def.kind == TypeKind::Array { gc::FIELDS } else { size };
        }
        env.fields = fields;
    }
}

/// The definition of a plain function type, behind so many fields.
fn func_def(fields: u32) -> TypeDef {
    let (is_final, fields) = (true, fields..fields);
    TypeDef { kind: TypeKind::Func, is_final, supertype: TypeDef::NONE, depth: 0, fields, size: 0 }
}

/// The signature whose parameters, from `start` to `middle`, and results are the last of `tys`; the first that is the
/// same is type `first`.
fn sig(tys: &[Ty], start: u32, middle: u32, first: u32) -> FuncSig {
    let params = &tys[start as usize..middle as usize];
    FuncSig {
        params: start..middle,
        results: middle..tys.len() as u32,
        int_params: params.iter().all(|ty| ty.class() == Class::Int),
        ref_params: params.iter().any(|ty| ty.is_ref()),
        first,
    }
}

fn check_counts(params: usize, results: usize, limits: &Limits, at: u64) -> Result<()> {
    if params > Limits::DEFAULT.params as usize || results > Limits::DEFAULT.results as usize {
        return Err(Refused::Invalid);
    }
    check_limit!(limits, params, params, "function params", at);
    check_limit!(limits, results, results, "function returns", at);
    Ok(())
}

/// A function type of the section whose parameters and results are numbers, vectors, `funcref` and `externref`, as nearly
/// all are: a byte each.
struct PlainFunc<'a> {
    params: &'a [u8],
    results: &'a [u8],
    /// In bytes.
    len: usize,
}

/// The features with which all of them are valid.
const PLAIN_FEATURES: WasmFeatures = WasmFeatures::FLOATS
    .union(WasmFeatures::SIMD)
    .union(WasmFeatures::REFERENCE_TYPES)
    .union(WasmFeatures::GC_TYPES)
    .union(WasmFeatures::MULTI_VALUE);

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

/// What the compiler calls the value type with this code.
fn ty_of_code(code: Code) -> Ty {
    match code {
        Code::I64 => Ty::I64,
        Code::F32 => Ty::F32,
        Code::F64 => Ty::F64,
        Code::V128 => Ty::V128,
        Code(code) if code >= Code::FIRST_REF => {
            let ty = Ty(Ty::FUNCREF.0 + u32::from(code - Code::FIRST_REF) / 2);
            if code % 2 == 1 { ty } else { ty.non_null() }
        }
        _ => Ty::I32,
    }
}

/// The code of what is stored in a field, or of a value, that names no type.
fn code_of(storage: Storage) -> Code {
    match storage {
        Storage::I8 => Code::I8,
        Storage::I16 => Code::I16,
        Storage::Val(ty) | Storage::Ref(ty) => match ty {
            Ty::I32 => Code::I32,
            Ty::I64 => Code::I64,
            Ty::F32 => Code::F32,
            Ty::F64 => Code::F64,
            Ty::V128 => Code::V128,
            ty => {
                let number = (ty.nullable().0 - Ty::FUNCREF.0) as u8;
                Code(Code::FIRST_REF + 2 * number + u8::from(!ty.is_non_null()))
            }
        },
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
        if *bytes.first()? != form::FUNC {
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
    use crate::stream::compiled_in;
    use crate::types::object::FieldKind;
    use crate::{Config, Engine, Module};
    use headwater_codegen::env::{Storage, TypeDef, TypeKind};
    use headwater_codegen::{ModuleEnv, Ty};
    use std::sync::Arc;

    fn module(text: &str) -> (Engine, Module) {
        let engine = Engine::new(Config::new().wasm_gc(true)).expect("it is implemented");
        let module = Module::new(&engine, wat::parse_str(text).expect("it is well-formed")).expect("it is valid");
        (engine, module)
    }

    /// What the bodies of the module are compiled in.
    fn env_of(text: &str) -> Arc<ModuleEnv> {
        module(text);
        compiled_in()
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
        let env = env_of(TYPES);
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
        let env = compiled_in();
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
        let env = env_of(
            "(module (rec (type $a (func (param (ref $b)))) (type $b (func))) (func (param funcref exnref externref)))",
        );
        assert!(env.defs.is_empty() && env.fields.is_empty() && env.layout.heap_base().is_none());
        // Objects of others may come.
        for text in [
            "(module (func (param anyref)))",
            "(module (type (func (result (ref null i31)))))",
            "(module (table 1 structref))",
            "(module (import \"m\" \"g\" (global eqref)))",
        ] {
            let env = env_of(text);
            assert!(env.layout.heap_base().is_some() && !env.owns_objects, "{text}");
        }
        // They may have a supertype, and still no objects.
        let env = env_of("(module (type (func)) (type $a (sub (func))) (type (sub $a (func))))");
        assert_eq!(env.defs.iter().map(|def| def.supertype).collect::<Vec<_>>(), [TypeDef::NONE, TypeDef::NONE, 1]);
        assert!(env.layout.heap_base().is_none());
        assert!(env_of("(module (type (array i8)))").layout.heap_base().is_some());
    }
}
