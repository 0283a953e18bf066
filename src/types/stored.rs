//! Types in serialised modules: a type that names others cannot be written alone, so it is the index of one of the
//! module's types there, which come first.

use super::FuncType;
use super::defined::{Code, DefinedType, Member, Name, RecGroup, SubType};
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Deref;

/// The types of a module, by index.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct StoredTypes(pub Vec<FuncType>);

impl Deref for StoredTypes {
    type Target = Vec<FuncType>;

    fn deref(&self) -> &Vec<FuncType> {
        &self.0
    }
}

thread_local! {
    /// The types of the module that this thread is writing or reading, and where each is that names others.
    static MODULE: RefCell<(Vec<FuncType>, HashMap<DefinedType, u32>)> = RefCell::default();
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
    tys: Vec<StoredMember>,
    num_params: u32,
}

#[derive(Serialize, Deserialize)]
enum StoredName {
    Inner(u32),
    /// A type of the module.
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

fn at(index: u32) -> Option<FuncType> {
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

impl StoredSubType {
    fn of(ty: &SubType) -> Option<StoredSubType> {
        let member = |member: &Member| {
            Some(match member {
                Member::Plain(code) => StoredMember::Plain(code.0),
                Member::Ref { nullable, to } => StoredMember::Ref(*nullable, StoredName::of(to)?),
            })
        };
        Some(StoredSubType {
            is_final: ty.is_final,
            supertype: ty.supertype.as_ref().map(|name| StoredName::of(name).ok_or(())).transpose().ok()?,
            tys: ty.tys.iter().map(member).collect::<Option<_>>()?,
            num_params: ty.num_params,
        })
    }

    fn sub_type(&self, group: usize) -> Option<SubType> {
        let member = |member: &StoredMember| {
            Some(match member {
                StoredMember::Plain(code) => Member::Plain(Code::is_valid(*code).then_some(Code(*code))?),
                StoredMember::Ref(nullable, to) => Member::Ref { nullable: *nullable, to: to.name(group)? },
            })
        };
        (self.num_params as usize <= self.tys.len()).then_some(())?;
        Some(SubType {
            is_final: self.is_final,
            supertype: self.supertype.as_ref().map(|name| name.name(group).ok_or(())).transpose().ok()?,
            tys: self.tys.iter().map(member).collect::<Option<_>>()?,
            num_params: self.num_params,
        })
    }
}

impl Serialize for StoredTypes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut indices = HashMap::new();
        if self.0.iter().any(|ty| ty.codes().is_none()) {
            for (i, ty) in (0..).zip(&self.0) {
                indices.entry(ty.to_defined()).or_insert(i);
            }
        }
        MODULE.set((self.0.clone(), indices));
        let mut groups = Vec::new();
        let mut rest = self.0.iter();
        while let Some(ty) = rest.next() {
            groups.push(match ty.codes() {
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
        groups.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StoredTypes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<StoredTypes, D::Error> {
        let damaged = || D::Error::custom("a type that is none");
        MODULE.set(Default::default());
        for group in Vec::<StoredGroup>::deserialize(deserializer)? {
            match group {
                StoredGroup::Plain(codes, num_params) => {
                    if !codes.iter().all(|&code| Code::is_valid(code)) || num_params as usize > codes.len() {
                        return Err(damaged());
                    }
                    let ty = FuncType::plain(codes.into_iter().map(Code).collect(), num_params);
                    MODULE.with_borrow_mut(|(types, _)| types.push(ty));
                }
                StoredGroup::Group(types) => {
                    let sub_types = types.iter().map(|ty| ty.sub_type(types.len()));
                    let group = RecGroup::of(sub_types.collect::<Option<_>>().ok_or_else(damaged)?);
                    let types = (0..group.types().len() as u32).map(|i| DefinedType::new(&group, i).func_type());
                    let types: Vec<FuncType> = types.collect();
                    MODULE.with_borrow_mut(|module| module.0.extend(types));
                }
            }
        }
        Ok(StoredTypes(MODULE.with_borrow(|(types, _)| types.clone())))
    }
}

#[derive(Serialize, Deserialize)]
enum StoredFuncType {
    Plain(Vec<u8>, u32),
    /// A type of the module.
    Index(u32),
}

impl Serialize for FuncType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = match self.codes() {
            Some((codes, num_params)) => StoredFuncType::Plain(codes.iter().map(|code| code.0).collect(), num_params),
            None => match index_of(&self.to_defined()) {
                Some(index) => StoredFuncType::Index(index),
                None => return Err(S::Error::custom("a type that names others is written with its module only")),
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
                Ok(FuncType::plain(codes.into_iter().map(Code).collect(), num_params))
            }
            StoredFuncType::Plain(..) => Err(D::Error::custom("a type that is none")),
            StoredFuncType::Index(index) => at(index).ok_or_else(|| D::Error::custom("a type that is not there")),
        }
    }
}
