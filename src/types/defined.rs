//! Types that modules define and other types name.
//!
//! Types that may name each other form a *recursion group* (specification section 2.3.11). Two types are the same if
//! their groups are, and they are at the same place in them, so groups are canonical: of those with the same contents
//! there is one in the process, shared by engines and threads, and freed with its last user. Within a group names are
//! places in it; those that go outwards are references to groups that were there before, so there are no cycles.
//!
//! Most types name none, and are no more than a list of codes ([`FuncType`]); they get a group when they are named.

use super::{FuncType, HeapType, RefType, ValType};
use crate::hash::KeyedMap;
use std::cell::RefCell;
use std::hash::{Hash, Hasher};
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
    /// The type, if it is alone and names none.
    plain: Option<FuncType>,
}

/// A type of a group as it is defined.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct SubType {
    pub is_final: bool,
    pub supertype: Option<Name>,
    /// Parameters, then results.
    pub tys: Box<[Member]>,
    pub num_params: u32,
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

/// A value type that names none, in a byte.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Code(pub u8);

/// In the code of a reference type: null is one of its values.
const NULLABLE: u8 = 1;

impl Code {
    /// `None` for a type that names one.
    pub fn new(ty: &ValType) -> Option<Code> {
        Some(Code(match ty {
            ValType::I32 => 0,
            ValType::I64 => 1,
            ValType::F32 => 2,
            ValType::F64 => 3,
            ValType::V128 => 4,
            ValType::Ref(r) => {
                let heap = match r.heap_type() {
                    HeapType::Func => 8,
                    HeapType::Extern => 10,
                    HeapType::Exn => 12,
                    HeapType::ConcreteFunc(_) => return None,
                };
                heap | if r.is_nullable() { NULLABLE } else { 0 }
            }
        }))
    }

    pub fn val_type(self) -> ValType {
        let heap = match self.0 & !NULLABLE {
            8 => HeapType::Func,
            10 => HeapType::Extern,
            12 => HeapType::Exn,
            _ => {
                return match self.0 {
                    0 => ValType::I32,
                    1 => ValType::I64,
                    2 => ValType::F32,
                    3 => ValType::F64,
                    _ => ValType::V128,
                };
            }
        };
        ValType::Ref(RefType::new(self.0 & NULLABLE != 0, heap))
    }

    /// Whether a byte is a code.
    pub fn is_valid(byte: u8) -> bool {
        matches!(byte, 0..=4 | 8..=13)
    }
}

/// The groups there are, by their contents.
static GROUPS: LazyLock<Mutex<Groups>> = LazyLock::new(Mutex::default);

type Groups = KeyedMap<Arc<[SubType]>, Weak<RecGroup>>;

fn groups() -> MutexGuard<'static, Groups> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl RecGroup {
    /// The group with these contents.
    pub fn of(types: Vec<SubType>) -> Arc<RecGroup> {
        let mut groups = groups();
        if let Some(group) = groups.get(&types[..]).and_then(Weak::upgrade) {
            // What it is made of may be the last use of other groups.
            drop(groups);
            return group;
        }
        let types: Arc<[SubType]> = types.into();
        let group = Arc::new(RecGroup { plain: plain(&types), types: types.clone() });
        let weak = Arc::downgrade(&group);
        match groups.get_mut(&types) {
            // One that is just being dropped.
            Some(gone) => *gone = weak,
            None => {
                groups.insert(types, weak);
            }
        }
        group
    }
}

/// The function type of a group that is only that.
fn plain(types: &[SubType]) -> Option<FuncType> {
    let [SubType { is_final: true, supertype: None, tys, num_params }] = types else { return None };
    let code = |member: &Member| match member {
        Member::Plain(code) => Some(*code),
        Member::Ref { .. } => None,
    };
    Some(FuncType::plain(tys.iter().map(code).collect::<Option<_>>()?, *num_params))
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
        let mine = known.get(&types).is_some_and(|weak| weak.strong_count() == 0);
        let key = if mine { known.remove_entry(&types).map(|(key, _)| key) } else { None };
        drop(known);
        drop(key);
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

    /// As a function type, of which there is one way to write it.
    pub fn func_type(&self) -> FuncType {
        self.group.plain.clone().unwrap_or_else(|| FuncType::defined(self.clone()))
    }

    /// What `name`, in this type, stands for.
    fn resolve(&self, name: &Name) -> DefinedType {
        match name {
            Name::Inner(index) => DefinedType { group: self.group.clone(), index: *index },
            Name::Outer(ty) => ty.clone(),
        }
    }

    /// Parameter or result `i` of the function type.
    pub fn val_type(&self, i: usize) -> ValType {
        match &self.sub_type().tys[i] {
            Member::Plain(code) => code.val_type(),
            Member::Ref { nullable, to } => {
                ValType::Ref(RefType::new(*nullable, HeapType::ConcreteFunc(self.resolve(to).func_type())))
            }
        }
    }

    /// The type that this one is declared to be a subtype of.
    pub fn supertype(&self) -> Option<DefinedType> {
        Some(self.resolve(self.sub_type().supertype.as_ref()?))
    }
}

impl Member {
    pub fn new(ty: &ValType) -> Member {
        match (Code::new(ty), ty) {
            (Some(code), _) => Member::Plain(code),
            (None, ValType::Ref(r)) => match r.heap_type() {
                HeapType::ConcreteFunc(func) => {
                    Member::Ref { nullable: r.is_nullable(), to: Name::Outer(func.to_defined()) }
                }
                _ => unreachable!("an abstract heap type has a code"),
            },
            _ => unreachable!("a number has a code"),
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
        let tys = [Member::Ref { nullable: true, to: name }].into();
        RecGroup::of(vec![SubType { is_final: true, supertype: None, tys, num_params: 1 }])
    }

    fn is_known(types: &[SubType]) -> bool {
        groups().contains_key(types)
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
}
