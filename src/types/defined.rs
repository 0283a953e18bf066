//! Types that modules define and other types name.
//!
//! Types that may name each other form a *recursion group* (specification section 2.3.11). Two types are the same if
//! their groups are, and they are at the same place in them, so groups are canonical: of those with the same contents
//! there is one in the process, shared by engines and threads, and freed with its last user. Within a group names are
//! places in it; those that go outwards are references to groups that were there before, so there are no cycles.
//!
//! Most types name none, and are no more than a list of codes ([`FuncType`]); they get a group when they are named.

use super::{
    ArrayType, CompositeType, FieldType, Finality, FuncType, HeapType, Mutability, RefType, StorageType, StructType,
    ValType,
};
use crate::hash::Keyed;
use hashbrown::HashTable;
use std::cell::RefCell;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

/// A type of a group.
#[derive(Clone)]
pub(crate) struct DefinedType {
    group: Arc<RecGroup>,
    index: u32,
}

impl PartialEq for DefinedType {
    fn eq(&self, other: &DefinedType) -> bool {
        Arc::ptr_eq(&self.group, &other.group) && self.index == other.index
    }
}

impl Eq for DefinedType {}

impl Hash for DefinedType {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (Arc::as_ptr(&self.group) as usize, self.index).hash(state);
    }
}

/// A recursion group, the only one with these contents.
pub(crate) struct RecGroup {
    types: Arc<[SubType]>,
    /// What [`Groups`] find it by.
    hash: u64,
    /// The type, if it is alone and names none.
    plain: Option<FuncType>,
}

/// A type of a group as it is defined.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct SubType {
    pub is_final: bool,
    pub supertype: Option<Name>,
    pub composite: Composite,
}

/// What a type consists of.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Composite {
    /// Parameters, then results.
    Func { tys: Box<[Member]>, num_params: u32 },
    /// Fields.
    Struct(Box<[FieldMember]>),
    /// Elements.
    Array(FieldMember),
}

/// A field of a struct, or the elements of an array.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct FieldMember {
    pub storage: Member,
    pub mutable: bool,
}

/// How a type of a group names a type.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Name {
    /// One of its group.
    Inner(u32),
    /// One of a group that was there before.
    Outer(DefinedType),
}

/// A type that a type of a group consists of.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Member {
    /// One that names none.
    Plain(Code),
    /// A reference to a type.
    Ref { nullable: bool, to: Name },
}

/// A value type that names none, or the type of packed bits in a field, in a byte.
#[derive(Copy, Clone, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct Code(pub u8);

/// Lists are hashed by words, not code by code.
impl Hash for Code {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u8(self.0);
    }

    fn hash_slice<H: Hasher>(codes: &[Code], state: &mut H) {
        // SAFETY: a code is a byte.
        state.write(unsafe { std::slice::from_raw_parts(codes.as_ptr().cast(), codes.len()) });
    }
}

/// In the code of a reference type: null is one of its values.
const NULLABLE: u8 = 1;

/// See [`Code::FIRST_REF`].
const FIRST: u8 = Code::FIRST_REF;

/// The heap types that name none, in the order of their codes.
const ABSTRACT: [HeapType; 12] = [
    HeapType::Func,
    HeapType::Extern,
    HeapType::Exn,
    HeapType::Any,
    HeapType::Eq,
    HeapType::I31,
    HeapType::Struct,
    HeapType::Array,
    HeapType::None,
    HeapType::NoFunc,
    HeapType::NoExtern,
    HeapType::NoExn,
];

impl Code {
    /// The code of the first of the heap types that name none, in the order in which the compiler has them: each has two,
    /// without null and with it.
    pub const FIRST_REF: u8 = 8;
    /// `i32`.
    pub const I32: Code = Code(0);
    /// `i64`.
    pub const I64: Code = Code(1);
    /// `f32`.
    pub const F32: Code = Code(2);
    /// `f64`.
    pub const F64: Code = Code(3);
    /// `v128`.
    pub const V128: Code = Code(4);
    /// 8 bits in a field.
    pub const I8: Code = Code(5);
    /// 16 bits in a field.
    pub const I16: Code = Code(6);
    /// Where there is none.
    pub const NONE: Code = Code(7);
    /// `(ref null func)`.
    pub const FUNCREF: Code = Code(FIRST | NULLABLE);
    /// `(ref null extern)`.
    pub const EXTERNREF: Code = Code((FIRST + 2) | NULLABLE);

    /// `None` for a type that names one.
    pub fn new(ty: &ValType) -> Option<Code> {
        Some(match ty {
            ValType::I32 => Code::I32,
            ValType::I64 => Code::I64,
            ValType::F32 => Code::F32,
            ValType::F64 => Code::F64,
            ValType::V128 => Code::V128,
            ValType::Ref(r) => {
                let number = match r.heap_type() {
                    HeapType::Func => 0,
                    HeapType::Extern => 1,
                    HeapType::Exn => 2,
                    HeapType::Any => 3,
                    HeapType::Eq => 4,
                    HeapType::I31 => 5,
                    HeapType::Struct => 6,
                    HeapType::Array => 7,
                    HeapType::None => 8,
                    HeapType::NoFunc => 9,
                    HeapType::NoExtern => 10,
                    HeapType::NoExn => 11,
                    HeapType::ConcreteFunc(_) | HeapType::ConcreteStruct(_) | HeapType::ConcreteArray(_) => {
                        return None;
                    }
                };
                Code(FIRST + 2 * number + if r.is_nullable() { NULLABLE } else { 0 })
            }
        })
    }

    /// The type of the value; of packed bits, the one that they are read as.
    pub fn val_type(self) -> ValType {
        match self {
            Code::I64 => ValType::I64,
            Code::F32 => ValType::F32,
            Code::F64 => ValType::F64,
            Code::V128 => ValType::V128,
            Code(code) if code >= FIRST => {
                let heap = &ABSTRACT[usize::from((code - FIRST) / 2)];
                ValType::Ref(RefType::new(code & NULLABLE != 0, heap.clone()))
            }
            _ => ValType::I32,
        }
    }

    /// Whether a byte is the code of a value type.
    pub fn is_valid(byte: u8) -> bool {
        matches!(byte, 0..=4) || (FIRST..FIRST + 2 * ABSTRACT.len() as u8).contains(&byte)
    }

    /// Whether a byte is the code of what is stored in a field.
    pub fn is_storage(byte: u8) -> bool {
        Code::is_valid(byte) || matches!(Code(byte), Code::I8 | Code::I16)
    }
}

static GROUPS: LazyLock<Mutex<Groups>> = LazyLock::new(Mutex::default);

/// The groups there are, by their contents, which are hashed once.
#[derive(Default)]
struct Groups {
    table: HashTable<Known>,
    keyed: Keyed,
}

struct Known {
    hash: u64,
    types: Arc<[SubType]>,
    group: Weak<RecGroup>,
}

impl Groups {
    fn hash(&self, types: &[SubType]) -> u64 {
        self.keyed.hash_one(types)
    }

    fn find(&mut self, types: &[SubType], hash: u64) -> Option<&mut Known> {
        self.table.find_mut(hash, |known| known.hash == hash && *known.types == *types)
    }

    fn insert(&mut self, known: Known) {
        self.table.insert_unique(known.hash, known, |known| known.hash);
    }

    fn remove(&mut self, types: &[SubType], hash: u64) -> Option<Known> {
        let found = self.table.find_entry(hash, |known| known.hash == hash && *known.types == *types);
        found.ok().map(|found| found.remove().0)
    }
}

fn groups() -> MutexGuard<'static, Groups> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl RecGroup {
    /// The group with these contents.
    pub fn of(types: Vec<SubType>) -> Arc<RecGroup> {
        let mut groups = groups();
        let hash = groups.hash(&types);
        if let Some(group) = groups.find(&types, hash).and_then(|known| known.group.upgrade()) {
            // What it is made of may be the last use of other groups.
            drop(groups);
            return group;
        }
        let types: Arc<[SubType]> = types.into();
        let made = Arc::new(RecGroup { plain: plain(&types), types: types.clone(), hash });
        let group = Arc::downgrade(&made);
        match groups.find(&types, hash) {
            // One that is just being dropped.
            Some(gone) => gone.group = group,
            None => groups.insert(Known { hash, types, group }),
        }
        made
    }
}

/// The function type of a group that is only that.
fn plain(types: &[SubType]) -> Option<FuncType> {
    let [SubType { is_final: true, supertype: None, composite: Composite::Func { tys, num_params } }] = types else {
        return None;
    };
    let code = |member: &Member| match member {
        Member::Plain(code) => Some(*code),
        Member::Ref { .. } => None,
    };
    Some(FuncType::plain(&tys.iter().map(code).collect::<Option<Vec<_>>>()?, *num_params))
}

thread_local! {
    /// Contents of groups that are being dropped: a group may be the last use of another, and so on for as many as
    /// modules can have, so they are dropped one after another.
    static DROPPED: RefCell<Option<Vec<Arc<[SubType]>>>> = const { RefCell::new(None) };
}

impl Drop for RecGroup {
    fn drop(&mut self) {
        let types = std::mem::replace(&mut self.types, Arc::new([]));
        let mut known = groups();
        let mine = known.find(&types, self.hash).is_some_and(|known| known.group.strong_count() == 0);
        let gone = if mine { known.remove(&types, self.hash) } else { None };
        drop(known);
        drop(gone);
        let outermost = DROPPED.with_borrow_mut(|dropped| match dropped {
            Some(dropped) => {
                dropped.push(types);
                false
            }
            None => {
                *dropped = Some(vec![types]);
                true
            }
        });
        if outermost {
            while let Some(types) = DROPPED.with_borrow_mut(|dropped| dropped.as_mut().and_then(Vec::pop)) {
                drop(types);
            }
            DROPPED.set(None);
        }
    }
}

impl DefinedType {
    pub fn new(group: &Arc<RecGroup>, index: u32) -> DefinedType {
        debug_assert!((index as usize) < group.types.len());
        DefinedType { group: group.clone(), index }
    }

    pub fn sub_type(&self) -> &SubType {
        &self.group.types[self.index as usize]
    }

    /// The group, and the type's place in it.
    pub fn place(&self) -> (&Arc<RecGroup>, u32) {
        (&self.group, self.index)
    }

    /// By what it is, of which there is one way to write it.
    pub fn composite_type(&self) -> CompositeType {
        match &self.sub_type().composite {
            Composite::Func { .. } => CompositeType::Func(self.func_type()),
            Composite::Struct(_) => CompositeType::Struct(StructType::defined(self.clone())),
            Composite::Array(_) => CompositeType::Array(ArrayType::defined(self.clone())),
        }
    }

    /// The function type that it is.
    fn func_type(&self) -> FuncType {
        debug_assert!(matches!(self.sub_type().composite, Composite::Func { .. }));
        self.group.plain.clone().unwrap_or_else(|| FuncType::defined(self.clone()))
    }

    /// What `name`, in this type, stands for.
    pub fn resolve(&self, name: &Name) -> DefinedType {
        match name {
            Name::Inner(index) => DefinedType { group: self.group.clone(), index: *index },
            Name::Outer(ty) => ty.clone(),
        }
    }

    fn member(&self, member: &Member) -> ValType {
        match member {
            Member::Plain(code) => code.val_type(),
            Member::Ref { nullable, to } => {
                ValType::Ref(RefType::new(*nullable, self.resolve(to).composite_type().heap_type()))
            }
        }
    }

    /// Parameters, then results, and how many parameters there are; of what is no function type, none.
    pub fn signature(&self) -> (&[Member], u32) {
        match &self.sub_type().composite {
            Composite::Func { tys, num_params } => (tys, *num_params),
            _ => (&[], 0),
        }
    }

    /// Parameter or result `i` of the function type.
    pub fn val_type(&self, i: usize) -> ValType {
        self.member(&self.signature().0[i])
    }

    /// Fields of a struct, or the elements of an array as one; of a function type, none.
    pub fn fields(&self) -> &[FieldMember] {
        match &self.sub_type().composite {
            Composite::Func { .. } => &[],
            Composite::Struct(fields) => fields,
            Composite::Array(elements) => std::slice::from_ref(elements),
        }
    }

    /// Field `i`.
    pub fn field(&self, i: usize) -> FieldType {
        let FieldMember { storage, mutable } = &self.fields()[i];
        let storage = match storage {
            Member::Plain(Code::I8) => StorageType::I8,
            Member::Plain(Code::I16) => StorageType::I16,
            member => StorageType::ValType(self.member(member)),
        };
        FieldType::new(if *mutable { Mutability::Var } else { Mutability::Const }, storage)
    }

    /// Whether it may have subtypes.
    pub fn finality(&self) -> Finality {
        if self.sub_type().is_final { Finality::Final } else { Finality::NonFinal }
    }

    /// The type that this one is declared to be a subtype of.
    pub fn supertype(&self) -> Option<DefinedType> {
        Some(self.resolve(self.sub_type().supertype.as_ref()?))
    }

    /// That type, its supertype, and so on: 63 at most.
    pub fn supertypes(&self) -> impl Iterator<Item = DefinedType> {
        std::iter::successors(self.supertype(), DefinedType::supertype)
    }

    /// Whether it is `other`, or was declared to be a subtype.
    pub fn matches(&self, other: &DefinedType) -> bool {
        self == other || self.supertypes().any(|ty| ty == *other)
    }
}

impl Member {
    pub fn new(ty: &ValType) -> Member {
        match (Code::new(ty), ty) {
            (Some(code), _) => Member::Plain(code),
            (None, ValType::Ref(r)) => {
                let to = match r.heap_type() {
                    HeapType::ConcreteFunc(ty) => ty.to_defined(),
                    HeapType::ConcreteStruct(ty) => ty.to_defined(),
                    HeapType::ConcreteArray(ty) => ty.to_defined(),
                    _ => unreachable!("an abstract heap type has a code"),
                };
                Member::Ref { nullable: r.is_nullable(), to: Name::Outer(to) }
            }
            _ => unreachable!("a number has a code"),
        }
    }

    pub fn of_storage(ty: &StorageType) -> Member {
        match ty {
            StorageType::I8 => Member::Plain(Code::I8),
            StorageType::I16 => Member::Plain(Code::I16),
            StorageType::ValType(ty) => Member::new(ty),
        }
    }
}

impl RecGroup {
    pub fn types(&self) -> &[SubType] {
        &self.types
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naming(name: Name) -> Arc<RecGroup> {
        let composite = Composite::Func { tys: [Member::Ref { nullable: true, to: name }].into(), num_params: 1 };
        RecGroup::of(vec![SubType { is_final: true, supertype: None, composite }])
    }

    fn is_known(types: &[SubType]) -> bool {
        let mut groups = groups();
        let hash = groups.hash(types);
        groups.find(types, hash).is_some()
    }

    #[test]
    fn equal_contents_are_one_group_until_its_last_user_goes() {
        let plain = FuncType::of([ValType::F64, ValType::V128], [ValType::EXNREF]);
        let (a, b) = (plain.to_defined(), plain.to_defined());
        assert!(a == b);
        assert_eq!(a.func_type(), plain);
        let group = naming(Name::Outer(a.clone()));
        assert!(Arc::ptr_eq(&group, &naming(Name::Outer(b))));
        let of = FuncType::of([ValType::Ref(RefType::new(true, plain.clone().into()))], []);
        assert_eq!(DefinedType::new(&group, 0).func_type(), of);
        let contents = (a.place().0.types().to_vec(), group.types().to_vec());
        drop((a, group, of));
        assert!(!is_known(&contents.1));
        drop(contents.1);
        assert!(!is_known(&contents.0));
    }

    #[test]
    fn types_that_name_themselves_end_with_their_users() {
        let group = naming(Name::Inner(0));
        let ty = DefinedType::new(&group, 0).func_type();
        assert_eq!(ty.to_string(), "(func (param (ref null (func (param (ref null (func …)))))))");
        assert_eq!(ty.param(0), Some(ValType::Ref(RefType::new(true, ty.clone().into()))));
        let contents = group.types().to_vec();
        drop((group, ty));
        assert!(!is_known(&contents));
    }

    #[test]
    fn chains_as_long_as_modules_can_have_are_dropped_without_recursion() {
        let mut last = FuncType::of([ValType::V128, ValType::V128], []).to_defined().place().0.clone();
        let mut all = vec![];
        for _ in 0..200_000 {
            last = naming(Name::Outer(DefinedType::new(&last, 0)));
            all.push(Arc::downgrade(&last));
        }
        assert!(all[0].upgrade().is_some());
        drop(last);
        assert!(all.iter().all(|group| group.upgrade().is_none()));
    }

    #[test]
    fn threads_that_make_and_drop_the_same_groups_agree() {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..2000 {
                        let ty = FuncType::of([ValType::F32, ValType::F32, ValType::EXNREF], []).to_defined();
                        let (a, b) = (naming(Name::Outer(ty.clone())), naming(Name::Outer(ty)));
                        assert!(Arc::ptr_eq(&a, &b));
                    }
                });
            }
        });
    }

    #[test]
    fn structs_and_arrays_end_with_their_users_supertypes_included() {
        let bytes = ArrayType::alone(Finality::NonFinal, None, &FieldType::new(Mutability::Var, StorageType::I8));
        let field = FieldType::new(Mutability::Const, RefType::new(false, bytes.clone().into()).into());
        let base = StructType::of(Finality::NonFinal, None, [field.clone()]).unwrap();
        let last = StructType::of(Finality::Final, Some(&base), [field.clone(), field]).unwrap();
        let all = [bytes.to_defined(), base.to_defined(), last.to_defined()];
        let contents = all.map(|ty| ty.place().0.types().to_vec());
        drop((bytes, base));
        let [bytes, base, own] = contents;
        assert!(is_known(&bytes) && is_known(&base) && is_known(&own));
        drop(last);
        assert!(!is_known(&own));
        // Until here, contents named what they are made of.
        drop(own);
        assert!(!is_known(&base) && is_known(&bytes));
        drop(base);
        assert!(!is_known(&bytes));
    }

    #[test]
    fn codes_stand_for_all_types_that_name_none() {
        let valid = (0..=u8::MAX).filter(|&byte| Code::is_valid(byte));
        assert_eq!(valid.clone().count(), 5 + 24);
        for byte in valid {
            assert_eq!(Code::new(&Code(byte).val_type()).map(|code| code.0), Some(byte));
            assert!(Code::is_storage(byte));
        }
        for (code, ty) in [(Code::I8, StorageType::I8), (Code::I16, StorageType::I16)] {
            assert!(!Code::is_valid(code.0) && Code::is_storage(code.0) && code.val_type().is_i32());
            assert!(matches!(Member::of_storage(&ty), Member::Plain(stored) if stored == code));
        }
    }
}
