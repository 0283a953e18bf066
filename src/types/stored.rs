//! Types in serialised modules: a type that names others cannot be written alone, so it is the index of one of the
//! module's types there, which come first. Those that are the same are written once.

use super::defined::{Code, Composite, DefinedType, FieldMember, Member, Name, RecGroup, SubType};
use super::{ArrayType, CompositeType, FuncType, HeapType, RefType, StructType, ValType};
use headwater_codegen::Ty;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Index;

/// The types of a module, by index. Types that are the same are kept once, so that a module may repeat one at no cost.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct StoredTypes {
    /// Those that differ, each where it comes first.
    distinct: Vec<CompositeType>,
    /// Which of these each type of the module is.
    which: Vec<u32>,
    /// The codes in all function types that have codes, one bit each.
    codes: u32,
}

impl Index<u32> for StoredTypes {
    type Output = CompositeType;

    fn index(&self, index: u32) -> &CompositeType {
        &self.distinct[self.which[index as usize] as usize]
    }
}

impl FromIterator<CompositeType> for StoredTypes {
    /// They are taken to differ.
    fn from_iter<T: IntoIterator<Item = CompositeType>>(types: T) -> StoredTypes {
        let mut stored = StoredTypes::default();
        types.into_iter().for_each(|ty| stored.push(ty));
        stored
    }
}

impl StoredTypes {
    /// The next type, which is none of those before.
    pub fn push(&mut self, ty: CompositeType) {
        if let Some((codes, _)) = ty.as_func().and_then(FuncType::codes) {
            self.codes |= codes.iter().fold(0, |set, code| set | 1 << code.0);
        }
        self.which.push(self.distinct.len() as u32);
        self.distinct.push(ty);
    }

    /// The next type, which is the same as this one of [`StoredTypes::distinct`].
    pub fn push_same(&mut self, distinct: u32) {
        self.which.push(distinct);
    }

    /// There will be so many more.
    pub fn reserve(&mut self, types: usize) {
        self.which.reserve(types);
    }

    /// How many types the module has.
    pub fn len(&self) -> u32 {
        self.which.len() as u32
    }

    /// Type `index`, if there is one.
    pub fn get(&self, index: u32) -> Option<&CompositeType> {
        self.which.get(index as usize).map(|&distinct| &self.distinct[distinct as usize])
    }

    /// The type of references that the compiler calls `ty`, if it is one.
    pub fn reference(&self, ty: Ty) -> Option<RefType> {
        let heap = match (ty.index(), ty.nullable()) {
            (Some(index), _) => self.get(index)?.heap_type(),
            (None, Ty::FUNCREF) => HeapType::Func,
            (None, Ty::EXTERNREF) => HeapType::Extern,
            (None, Ty::EXNREF) => HeapType::Exn,
            (None, Ty::ANYREF) => HeapType::Any,
            (None, Ty::EQREF) => HeapType::Eq,
            (None, Ty::I31REF) => HeapType::I31,
            (None, Ty::STRUCTREF) => HeapType::Struct,
            (None, Ty::ARRAYREF) => HeapType::Array,
            (None, Ty::NULLREF) => HeapType::None,
            (None, Ty::NULLFUNCREF) => HeapType::NoFunc,
            (None, Ty::NULLEXTERNREF) => HeapType::NoExtern,
            (None, Ty::NULLEXNREF) => HeapType::NoExn,
            _ => return None,
        };
        Some(RefType::new(!ty.is_non_null(), heap))
    }

    /// The type of values that the compiler calls `ty`, if it is one.
    pub fn value_type(&self, ty: Ty) -> Option<ValType> {
        Some(match ty {
            Ty::I32 => ValType::I32,
            Ty::I64 => ValType::I64,
            Ty::F32 => ValType::F32,
            Ty::F64 => ValType::F64,
            Ty::V128 => ValType::V128,
            ty => ValType::Ref(self.reference(ty)?),
        })
    }

    /// Whether the compiler may call a type of values so.
    pub fn knows(&self, ty: Ty) -> bool {
        ty.index().map_or_else(|| self.value_type(ty).is_some(), |index| index < self.len())
    }

    /// The nullable reference to the greatest type of the hierarchy that the references belong to which the compiler
    /// calls `ty`; `None` if it has no references.
    pub fn top(&self, ty: Ty) -> Option<Ty> {
        ty.is_ref().then(|| match ty.index().map(|index| self[index].as_func()) {
            Some(Some(_)) => Ty::FUNCREF,
            Some(None) => Ty::ANYREF,
            None => ty.top(),
        })
    }

    /// Type `index`, which is known to be a function type.
    pub fn func(&self, index: u32) -> &FuncType {
        self[index].as_func().expect("functions and tags have function types")
    }

    /// Those that differ, in the order in which they come first.
    pub fn distinct(&self) -> &[CompositeType] {
        &self.distinct
    }

    /// Which of these each type of the module is.
    pub fn which(&self) -> &[u32] {
        &self.which
    }

    /// Whether there are types of structs or arrays.
    pub fn have_objects(&self) -> bool {
        self.distinct.iter().any(|ty| ty.as_func().is_none())
    }

    /// Whether values of these types may be objects: those of the module, or of others.
    pub fn lead_to_objects(&self) -> bool {
        self.have_objects() || self.have(|ty| ty.leads_to_objects())
    }

    /// Whether functions have parameters or results that `is` says yes to.
    pub fn have(&self, is: impl Fn(ValType) -> bool) -> bool {
        let mut codes = (0..u32::BITS as u8).filter(|code| self.codes >> code & 1 != 0);
        let has = |ty: &FuncType| ty.as_defined().is_some() && ty.params().chain(ty.results()).any(&is);
        codes.any(|code| is(Code(code).val_type())) || self.distinct.iter().any(|ty| ty.as_func().is_some_and(has))
    }

    /// Gives memory back that is not needed.
    pub fn shrink_to_fit(&mut self) {
        self.distinct.shrink_to_fit();
        self.which.shrink_to_fit();
    }

    /// Bytes of memory behind it, without those of types that take memory of their own.
    pub fn heap_size(&self) -> usize {
        self.distinct.capacity() * size_of::<CompositeType>() + self.which.capacity() * size_of::<u32>()
    }
}

thread_local! {
    /// Those types of the module that this thread is writing or reading that differ, and where each is among them that
    /// names others.
    static MODULE: RefCell<(Vec<CompositeType>, HashMap<DefinedType, u32>)> = RefCell::default();
}

/// To be called when the module has been written or read.
pub(crate) fn forget_stored_types() {
    drop(MODULE.take());
}

#[derive(Serialize, Deserialize)]
enum StoredGroup {
    Plain(Vec<u8>, u32),
    Group(Vec<StoredSubType>),
}

#[derive(Serialize, Deserialize)]
struct StoredSubType {
    is_final: bool,
    supertype: Option<StoredName>,
    composite: StoredComposite,
}

#[derive(Serialize, Deserialize)]
enum StoredComposite {
    Func(Vec<StoredMember>, u32),
    Struct(Vec<StoredField>),
    Array(StoredField),
}

#[derive(Serialize, Deserialize)]
struct StoredField {
    storage: StoredMember,
    mutable: bool,
}

#[derive(Serialize, Deserialize)]
enum StoredName {
    Inner(u32),
    /// A type of the module, among those that differ.
    Outer(u32),
}

#[derive(Serialize, Deserialize)]
enum StoredMember {
    Plain(u8),
    Ref(bool, StoredName),
}

/// Where a type is in the module.
fn index_of(ty: &DefinedType) -> Option<u32> {
    MODULE.with_borrow(|(_, indices)| indices.get(ty).copied())
}

fn at(index: u32) -> Option<CompositeType> {
    MODULE.with_borrow(|(types, _)| types.get(index as usize).cloned())
}

impl StoredName {
    fn of(name: &Name) -> Option<StoredName> {
        Some(match name {
            Name::Inner(i) => StoredName::Inner(*i),
            Name::Outer(ty) => StoredName::Outer(index_of(ty)?),
        })
    }

    fn name(&self, group: usize) -> Option<Name> {
        Some(match self {
            StoredName::Inner(i) => ((*i as usize) < group).then_some(Name::Inner(*i))?,
            StoredName::Outer(index) => Name::Outer(at(*index)?.to_defined()),
        })
    }
}

impl StoredMember {
    fn of(member: &Member) -> Option<StoredMember> {
        Some(match member {
            Member::Plain(code) => StoredMember::Plain(code.0),
            Member::Ref { nullable, to } => StoredMember::Ref(*nullable, StoredName::of(to)?),
        })
    }

    /// `is_code` says which bytes are codes here.
    fn member(&self, group: usize, is_code: fn(u8) -> bool) -> Option<Member> {
        Some(match self {
            StoredMember::Plain(code) => Member::Plain(is_code(*code).then_some(Code(*code))?),
            StoredMember::Ref(nullable, to) => Member::Ref { nullable: *nullable, to: to.name(group)? },
        })
    }
}

impl StoredField {
    fn of(field: &FieldMember) -> Option<StoredField> {
        Some(StoredField { storage: StoredMember::of(&field.storage)?, mutable: field.mutable })
    }

    fn field(&self, group: usize) -> Option<FieldMember> {
        Some(FieldMember { storage: self.storage.member(group, Code::is_storage)?, mutable: self.mutable })
    }
}

impl StoredComposite {
    fn of(composite: &Composite) -> Option<StoredComposite> {
        Some(match composite {
            Composite::Func { tys, num_params } => {
                StoredComposite::Func(tys.iter().map(StoredMember::of).collect::<Option<_>>()?, *num_params)
            }
            Composite::Struct(fields) => {
                StoredComposite::Struct(fields.iter().map(StoredField::of).collect::<Option<_>>()?)
            }
            Composite::Array(elements) => StoredComposite::Array(StoredField::of(elements)?),
        })
    }

    fn composite(&self, group: usize) -> Option<Composite> {
        Some(match self {
            StoredComposite::Func(tys, num_params) => {
                let tys: Box<[_]> = tys.iter().map(|ty| ty.member(group, Code::is_valid)).collect::<Option<_>>()?;
                (*num_params as usize <= tys.len()).then_some(Composite::Func { tys, num_params: *num_params })?
            }
            StoredComposite::Struct(fields) => {
                Composite::Struct(fields.iter().map(|field| field.field(group)).collect::<Option<_>>()?)
            }
            StoredComposite::Array(elements) => Composite::Array(elements.field(group)?),
        })
    }
}

impl StoredSubType {
    fn of(ty: &SubType) -> Option<StoredSubType> {
        Some(StoredSubType {
            is_final: ty.is_final,
            supertype: ty.supertype.as_ref().map(|name| StoredName::of(name).ok_or(())).transpose().ok()?,
            composite: StoredComposite::of(&ty.composite)?,
        })
    }

    /// The type `index` of a group of so many.
    fn sub_type(&self, index: usize, group: usize) -> Option<SubType> {
        // A supertype comes before its subtypes.
        let name = |name: &StoredName| name.name(index).ok_or(());
        Some(SubType {
            is_final: self.is_final,
            supertype: self.supertype.as_ref().map(name).transpose().ok()?,
            composite: self.composite.composite(group)?,
        })
    }
}

impl Serialize for StoredTypes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut indices = HashMap::new();
        if self.distinct.iter().any(|ty| ty.as_defined().is_some()) {
            for (i, ty) in (0..).zip(&self.distinct) {
                indices.entry(ty.to_defined()).or_insert(i);
            }
        }
        MODULE.set((self.distinct.clone(), indices));
        let mut groups = Vec::new();
        let mut rest = self.distinct.iter();
        while let Some(ty) = rest.next() {
            groups.push(match ty.as_func().and_then(FuncType::codes) {
                Some((codes, num_params)) => StoredGroup::Plain(codes.iter().map(|code| code.0).collect(), num_params),
                None => {
                    let ty = ty.to_defined();
                    let types = ty.place().0.types();
                    // The other types of the group come after its first.
                    rest.by_ref().take(types.len() - 1).for_each(drop);
                    let types = types.iter().map(StoredSubType::of).collect::<Option<_>>();
                    StoredGroup::Group(types.ok_or_else(|| S::Error::custom("a type of another module"))?)
                }
            });
        }
        (groups, &self.which).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StoredTypes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<StoredTypes, D::Error> {
        let damaged = || D::Error::custom("a type that is none");
        MODULE.set(Default::default());
        let (groups, which) = <(Vec<StoredGroup>, Vec<u32>)>::deserialize(deserializer)?;
        for group in groups {
            match group {
                StoredGroup::Plain(codes, num_params) => {
                    if !codes.iter().all(|&code| Code::is_valid(code)) || num_params as usize > codes.len() {
                        return Err(damaged());
                    }
                    let codes: Vec<Code> = codes.into_iter().map(Code).collect();
                    let ty = FuncType::plain(&codes, num_params);
                    MODULE.with_borrow_mut(|(types, _)| types.push(ty.into()));
                }
                StoredGroup::Group(types) => {
                    let sub_types = types.iter().enumerate().map(|(i, ty)| ty.sub_type(i, types.len()));
                    let group = RecGroup::of(sub_types.collect::<Option<_>>().ok_or_else(damaged)?);
                    let types = (0..group.types().len() as u32).map(|i| DefinedType::new(&group, i).composite_type());
                    let types: Vec<CompositeType> = types.collect();
                    MODULE.with_borrow_mut(|module| module.0.extend(types));
                }
            }
        }
        let mut stored: StoredTypes = MODULE.with_borrow(|(types, _)| types.iter().cloned().collect());
        if which.iter().any(|&distinct| distinct as usize >= stored.distinct.len()) {
            return Err(damaged());
        }
        stored.which = which;
        Ok(stored)
    }
}

const NOT_THERE: &str = "a type that is not there";
const ALONE: &str = "a type that names others is written with its module only";

#[derive(Serialize, Deserialize)]
enum StoredFuncType {
    Plain(Vec<u8>, u32),
    /// A type of the module, among those that differ.
    Index(u32),
}

impl Serialize for FuncType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = match self.codes() {
            Some((codes, num_params)) => StoredFuncType::Plain(codes.iter().map(|code| code.0).collect(), num_params),
            None => match index_of(&self.to_defined()) {
                Some(index) => StoredFuncType::Index(index),
                None => return Err(S::Error::custom(ALONE)),
            },
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FuncType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<FuncType, D::Error> {
        match StoredFuncType::deserialize(deserializer)? {
            StoredFuncType::Plain(codes, num_params)
                if codes.iter().all(|&code| Code::is_valid(code)) && num_params as usize <= codes.len() =>
            {
                let codes: Vec<Code> = codes.into_iter().map(Code).collect();
                Ok(FuncType::plain(&codes, num_params))
            }
            StoredFuncType::Plain(..) => Err(D::Error::custom("a type that is none")),
            StoredFuncType::Index(index) => match at(index) {
                Some(CompositeType::Func(ty)) => Ok(ty),
                _ => Err(D::Error::custom(NOT_THERE)),
            },
        }
    }
}

macro_rules! stored_object_type {
    ($($ty:ident $variant:ident)*) => {$(
        impl Serialize for $ty {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                index_of(&self.to_defined()).ok_or_else(|| S::Error::custom(ALONE))?.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $ty {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$ty, D::Error> {
                match at(u32::deserialize(deserializer)?) {
                    Some(CompositeType::$variant(ty)) => Ok(ty),
                    _ => Err(D::Error::custom(NOT_THERE)),
                }
            }
        }
    )*};
}
stored_object_type! { StructType Struct ArrayType Array }
