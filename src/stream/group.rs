//! Groups of types that may name each other, as the type section has them (specification sections 3.2.12 and 5.3): read,
//! not yet compared with others.

use super::reader::{Reader, Refused};
use crate::engine::Limits;
use headwater_codegen::env::{Field, Storage, TypeKind};
use headwater_codegen::ty::Ty;
use std::ops::Range;
use wasmparser::WasmFeatures;

type Result<T> = std::result::Result<T, Refused>;

/// How many fields wasmparser allows a struct to have.
const MAX_FIELDS: u32 = 10_000;

/// Types that may name each other, as they are read: names are indices in the module.
#[derive(Default)]
pub(super) struct Group {
    pub(super) types: Vec<ReadType>,
    /// Fields; of functions parameters, then results.
    pub(super) members: Vec<Field>,
}

pub(super) struct ReadType {
    pub(super) kind: TypeKind,
    pub(super) is_final: bool,
    pub(super) supertype: Option<u32>,
    pub(super) num_params: u32,
    pub(super) members: Range<usize>,
}

/// What types begin with (specification section 5.3).
pub(super) mod form {
    pub const REC: u8 = 0x4e;
    pub const SUB_FINAL: u8 = 0x4f;
    pub const SUB: u8 = 0x50;
    pub const ARRAY: u8 = 0x5e;
    pub const STRUCT: u8 = 0x5f;
    pub(in crate::stream) const FUNC: u8 = 0x60;
    pub const I16: u8 = 0x77;
    pub const I8: u8 = 0x78;
}

impl Group {
    /// Reads the group whose first type is `first`.
    pub(super) fn read(&mut self, reader: &mut Reader<'_>, first: u32, features: WasmFeatures) -> Result<()> {
        self.types.clear();
        self.members.clear();
        let mut count = 1;
        let has_gc = features.contains(WasmFeatures::GC);
        if reader.peek() == Some(form::REC) {
            reader.skip(1)?;
            count = reader.u32()?;
            if !has_gc || count as usize > reader.rest().len() {
                return Err(Refused::Invalid);
            }
        }
        if u64::from(first) + u64::from(count) > Limits::DEFAULT.types.into() {
            return Err(Refused::Invalid);
        }
        // Which types can be named; without garbage collection no type names itself.
        let named = if has_gc { first + count } else { first };
        for index in first..first + count {
            let ty = self.sub_type(reader, index, named, features)?;
            self.types.push(ty);
        }
        Ok(())
    }

    /// Reads type `index`, which may name those before `named`.
    fn sub_type(
        &mut self,
        reader: &mut Reader<'_>,
        index: u32,
        named: u32,
        features: WasmFeatures,
    ) -> Result<ReadType> {
        let has_gc = features.contains(WasmFeatures::GC);
        let mut form = reader.byte()?;
        let (mut is_final, mut supertype) = (true, None);
        if form == form::SUB || form == form::SUB_FINAL {
            is_final = form == form::SUB_FINAL;
            supertype = match reader.u32()? {
                0 => None,
                1 => Some(reader.u32()?),
                _ => return Err(Refused::Invalid),
            };
            if !has_gc || supertype.is_some_and(|supertype| supertype >= index) {
                return Err(Refused::Invalid);
            }
            form = reader.byte()?;
        }
        let start = self.members.len();
        let mut num_params = 0;
        let kind = match form {
            form::FUNC => {
                num_params = self.values(reader, Limits::DEFAULT.params, named, features)?;
                let results = self.values(reader, Limits::DEFAULT.results, named, features)?;
                if results > 1 && !features.contains(WasmFeatures::MULTI_VALUE) {
                    return Err(Refused::Invalid);
                }
                TypeKind::Func
            }
            form::STRUCT | form::ARRAY => {
                if !features.contains(WasmFeatures::GC.union(WasmFeatures::GC_TYPES)) {
                    return Err(Refused::Invalid);
                }
                let fields = if form == form::STRUCT { reader.u32()? } else { 1 };
                if fields > MAX_FIELDS {
                    return Err(Refused::Invalid);
                }
                for _ in 0..fields {
                    let field = field(reader, named, features)?;
                    self.members.push(field);
                }
                if form == form::STRUCT { TypeKind::Struct } else { TypeKind::Array }
            }
            _ => return Err(Refused::Invalid),
        };
        Ok(ReadType { kind, is_final, supertype, num_params, members: start..self.members.len() })
    }

    /// Reads a list of at most this many parameters or results. Returns how many there are.
    fn values(&mut self, reader: &mut Reader<'_>, most: u32, named: u32, features: WasmFeatures) -> Result<u32> {
        let count = reader.u32()?;
        if count > most {
            return Err(Refused::Invalid);
        }
        for _ in 0..count {
            let ty = reader.val_type(|index| nameable(index, named), features)?;
            self.members.push(Field { storage: Storage::Val(ty), mutable: false, offset: 0 });
        }
        Ok(count)
    }

    /// The members of type `ty`.
    pub(super) fn members(&self, ty: &ReadType) -> &[Field] {
        &self.members[ty.members.clone()]
    }

    /// Whether it is a function type that names no type, has no supertype and cannot have subtypes.
    pub(super) fn is_plain(&self) -> bool {
        let [ReadType { kind: TypeKind::Func, is_final: true, supertype: None, .. }] = self.types[..] else {
            return false;
        };
        !self.members.iter().any(|member| member.storage.unpacked().index().is_some())
    }
}

/// Type `index` by its own index, if it is one of those before `named`.
fn nameable(index: u32, named: u32) -> Option<Ty> {
    (index < named).then(|| Ty::defined(index))
}

fn field(reader: &mut Reader<'_>, named: u32, features: WasmFeatures) -> Result<Field> {
    let storage = match reader.peek() {
        Some(form::I8) => Storage::I8,
        Some(form::I16) => Storage::I16,
        _ => Storage::Val(reader.val_type(|index| nameable(index, named), features)?),
    };
    if matches!(storage, Storage::I8 | Storage::I16) {
        reader.skip(1)?;
    }
    match reader.byte()? {
        mutable @ (0 | 1) => Ok(Field { storage, mutable: mutable == 1, offset: 0 }),
        _ => Err(Refused::Invalid),
    }
}
