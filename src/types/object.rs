//! What the collector knows of a type.

use super::defined::{Code, Composite, DefinedType, Member};
use headwater_codegen::env::{Field, Storage, place_fields};
use headwater_codegen::{Ty, vmctx::gc};

/// The layout of objects of a struct or array type ([`headwater_codegen::vmctx::gc`]).
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct ObjectLayout {
    pub is_array: bool,
    /// The size of a struct in bytes; of an array, that of the part before the elements.
    pub size: u32,
    /// The fields, or the elements of an array (of which the offset is that of the first one).
    pub fields: Box<[ObjectField]>,
}

impl ObjectLayout {
    /// Of a struct or array type; `None` for a function type.
    pub fn of(ty: &DefinedType) -> Option<ObjectLayout> {
        let is_array = match ty.sub_type().composite {
            Composite::Func { .. } => return None,
            Composite::Struct(_) => false,
            Composite::Array(_) => true,
        };
        let field = |(i, storage): (usize, &Member)| {
            let storage = match *storage {
                Member::Plain(Code::I8) => Storage::I8,
                Member::Plain(Code::I16) => Storage::I16,
                _ => storage_of(ty.field(i).element_type().unpack().ty()),
            };
            Field { storage, mutable: false, offset: 0 }
        };
        let members = ty.fields().iter().map(|field| &field.storage);
        let mut fields: Vec<Field> = members.enumerate().map(field).collect();
        let size = place_fields(&mut fields);
        let fields =
            fields.iter().map(|field| ObjectField { kind: FieldKind::of(field.storage), offset: field.offset });
        Some(ObjectLayout { is_array, size: if is_array { gc::FIELDS } else { size }, fields: fields.collect() })
    }
}

/// What is stored in a field.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum FieldKind {
    /// A number, of so many bytes.
    Number(u8),
    /// A reference in the hierarchy of `any` or `extern`, in 32 bits.
    Ref,
    /// A pointer to a function, in 64 bits.
    Func,
    /// A pointer to an exception, in 64 bits.
    Exn,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct ObjectField {
    pub kind: FieldKind,
    /// In bytes from the start of the object.
    pub offset: u32,
}

impl FieldKind {
    fn of(storage: Storage) -> FieldKind {
        match storage {
            Storage::Ref(_) => FieldKind::Ref,
            Storage::Val(Ty::FUNCREF) => FieldKind::Func,
            Storage::Val(Ty::EXNREF) => FieldKind::Exn,
            Storage::I8 | Storage::I16 | Storage::Val(_) => FieldKind::Number(1 << storage.log2()),
        }
    }

    /// How many bytes it takes.
    pub fn size(self) -> u32 {
        match self {
            FieldKind::Number(bytes) => bytes.into(),
            FieldKind::Ref => 4,
            FieldKind::Func | FieldKind::Exn => 8,
        }
    }
}

/// How a value is stored of which the type is, if it is one of references, that at the top of its hierarchy.
fn storage_of(ty: Ty) -> Storage {
    match ty {
        Ty::ANYREF | Ty::EXTERNREF => Storage::Ref(ty),
        _ => Storage::Val(ty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{
        ArrayType, FieldType, Finality, FuncType, Mutability, RefType, StorageType, StructType, ValType,
    };

    fn field(storage: impl Into<StorageType>) -> FieldType {
        FieldType::new(Mutability::Var, storage.into())
    }

    fn layout(fields: impl IntoIterator<Item = FieldType>) -> ObjectLayout {
        let ty = StructType::of(Finality::Final, None, fields).unwrap();
        ObjectLayout::of(&ty.to_defined()).expect("it is a struct type")
    }

    #[test]
    fn fields_are_in_order_where_their_size_wants_them() {
        let to_func = RefType::new(false, FuncType::of([], []).into());
        let to_struct = RefType::new(true, StructType::of(Finality::Final, None, []).unwrap().into());
        let layout = layout([
            field(StorageType::I8),
            field(StorageType::I16),
            field(StorageType::I8),
            field(ValType::F64),
            field(ValType::I32),
            field(RefType::EXTERNREF),
            field(to_struct),
            field(to_func),
            field(RefType::I31REF),
            field(ValType::V128),
            field(RefType::NULLEXNREF),
            field(ValType::F32),
        ]);
        let expected = [
            (FieldKind::Number(1), 8),
            (FieldKind::Number(2), 10),
            (FieldKind::Number(1), 12),
            (FieldKind::Number(8), 16),
            (FieldKind::Number(4), 24),
            (FieldKind::Ref, 28),
            (FieldKind::Ref, 32),
            (FieldKind::Func, 40),
            (FieldKind::Ref, 48),
            // Objects are at multiples of 8, so more would be of no use.
            (FieldKind::Number(16), 56),
            (FieldKind::Exn, 72),
            (FieldKind::Number(4), 80),
        ];
        assert_eq!(*layout.fields, expected.map(|(kind, offset)| ObjectField { kind, offset }));
        assert_eq!((layout.size, layout.is_array), (88, false));
        let mut end = gc::FIELDS;
        for field in &layout.fields {
            assert!(field.offset >= end, "fields do not overlap");
            end = field.offset + field.kind.size();
        }
    }

    #[test]
    fn a_subtype_has_the_fields_of_its_supertype_where_this_has_them() {
        let base = [field(StorageType::I8), field(RefType::ANYREF), field(StorageType::I16)];
        let own = [field(StorageType::I8), field(ValType::V128)];
        let (above, below) = (layout(base.clone()), layout(base.into_iter().chain(own)));
        assert_eq!(below.fields[..3], *above.fields);
        // Behind the last field of the supertype, not behind its end.
        assert_eq!((above.size, below.fields[3].offset), (24, 18));
    }

    #[test]
    fn the_largest_struct_ends_before_what_is_guarded_does() {
        let layout = layout(vec![field(ValType::V128); 10_000]);
        assert_eq!(layout.size, 160_008);
        assert!(layout.size < gc::NULL_GUARD);
        assert_eq!(self::layout([]).size, 8);
    }

    #[test]
    fn elements_follow_the_length() {
        for (element, kind) in [
            (StorageType::I8, FieldKind::Number(1)),
            (ValType::V128.into(), FieldKind::Number(16)),
            (RefType::NULLREF.into(), FieldKind::Ref),
            (RefType::NULLFUNCREF.into(), FieldKind::Func),
        ] {
            let ty = ArrayType::of(Finality::Final, None, field(element)).unwrap();
            let layout = ObjectLayout::of(&ty.to_defined()).unwrap();
            let fields = [ObjectField { kind, offset: gc::FIELDS }].into();
            assert_eq!(layout, ObjectLayout { is_array: true, size: gc::FIELDS, fields });
        }
        assert!(ObjectLayout::of(&FuncType::of([], []).to_defined()).is_none());
    }
}
