//! Values as the host handles them without static types.

use crate::Result;
use crate::api::context::AsContext;
use crate::api::exception::ExnRef;
use crate::api::func::Func;
use crate::api::gc::{AnyRef, ArrayRef, EqRef, ExternRef, Kind as _, StructRef, type_of};
use crate::api::rooted::Rooted;
use crate::types::{HeapType, RefType, ValType};
use crate::vm::context::{VMFuncRef, ValRaw};
use crate::vm::store::StoreOpaque;
use anyhow::bail;
use std::fmt;
use std::ptr::NonNull;

/// A reference, possibly null.
#[derive(Copy, Clone, Debug)]
pub enum Ref {
    /// To a function.
    Func(Option<Func>),
    /// To a value of the host.
    Extern(Option<Rooted<ExternRef>>),
    /// To what the collector has: an object, a small integer, or a value of the host that was made an `anyref`.
    Any(Option<Rooted<AnyRef>>),
    /// To an exception.
    Exn(Option<Rooted<ExnRef>>),
}

impl Ref {
    /// The null reference of type `heap_type`.
    pub fn null(heap_type: &HeapType) -> Ref {
        match heap_type.top() {
            HeapType::Func => Ref::Func(None),
            HeapType::Extern => Ref::Extern(None),
            HeapType::Exn => Ref::Exn(None),
            _ => Ref::Any(None),
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Ref::Func(None) | Ref::Extern(None) | Ref::Any(None) | Ref::Exn(None))
    }

    /// The function referred to; `None` if this is no function reference.
    pub fn as_func(&self) -> Option<Option<&Func>> {
        match self {
            Ref::Func(f) => Some(f.as_ref()),
            _ => None,
        }
    }

    /// The function referred to.
    ///
    /// # Panics
    /// If this is no function reference.
    pub fn unwrap_func(&self) -> Option<&Func> {
        self.as_func().expect("expected a function reference")
    }

    /// The external reference; `None` if this is none.
    pub fn as_extern(&self) -> Option<Option<&Rooted<ExternRef>>> {
        match self {
            Ref::Extern(e) => Some(e.as_ref()),
            _ => None,
        }
    }

    /// The external reference.
    ///
    /// # Panics
    /// If this is none.
    pub fn unwrap_extern(&self) -> Option<&Rooted<ExternRef>> {
        self.as_extern().expect("expected an external reference")
    }

    /// The reference to what the collector has; `None` if this is none.
    pub fn as_any(&self) -> Option<Option<&Rooted<AnyRef>>> {
        match self {
            Ref::Any(a) => Some(a.as_ref()),
            _ => None,
        }
    }

    /// The reference to what the collector has.
    ///
    /// # Panics
    /// If this is none.
    pub fn unwrap_any(&self) -> Option<&Rooted<AnyRef>> {
        self.as_any().expect("expected an anyref")
    }

    /// The reference to an exception; `None` if this is none.
    pub fn as_exn(&self) -> Option<Option<&Rooted<ExnRef>>> {
        match self {
            Ref::Exn(e) => Some(e.as_ref()),
            _ => None,
        }
    }

    /// The reference to an exception.
    ///
    /// # Panics
    /// If this is none.
    pub fn unwrap_exn(&self) -> Option<&Rooted<ExnRef>> {
        self.as_exn().expect("expected a reference to an exception")
    }

    /// Whether it is not null.
    pub fn is_non_null(&self) -> bool {
        !self.is_null()
    }

    /// Whether it is a function reference, null included.
    pub fn is_func(&self) -> bool {
        matches!(self, Ref::Func(_))
    }

    /// Whether it is an external reference, null included.
    pub fn is_extern(&self) -> bool {
        matches!(self, Ref::Extern(_))
    }

    /// Whether it is a reference to what the collector has, null included.
    pub fn is_any(&self) -> bool {
        matches!(self, Ref::Any(_))
    }

    /// Whether it is a reference to an exception, null included.
    pub fn is_exn(&self) -> bool {
        matches!(self, Ref::Exn(_))
    }

    /// Whether it is a value of type `ty`.
    ///
    /// # Errors
    /// If the reference is of another store.
    pub fn matches_ty(&self, store: impl AsContext, ty: &RefType) -> Result<bool> {
        let store = &store.as_context().0.opaque;
        self.check_store(store)?;
        Ok(self.is_a(store, ty))
    }

    /// The type; of a reference that is not null, the one that excludes null.
    ///
    /// # Errors
    /// If the reference is of another store.
    pub fn ty(&self, store: impl AsContext) -> Result<RefType> {
        let store = &store.as_context().0.opaque;
        self.check_store(store)?;
        Ok(self.ref_type(store))
    }

    fn check_store(&self, store: &StoreOpaque) -> Result<()> {
        if !self.is_in(store) {
            bail!("a reference cannot be used in another store than its own");
        }
        Ok(())
    }

    fn ref_type(&self, store: &StoreOpaque) -> RefType {
        match self {
            Ref::Func(Some(f)) if f.is_in(store) => {
                RefType::new(false, HeapType::ConcreteFunc(f.type_in(store).clone()))
            }
            Ref::Func(f) => RefType::new(f.is_none(), HeapType::Func),
            Ref::Extern(e) => RefType::new(e.is_none(), HeapType::Extern),
            Ref::Any(None) => RefType::NULLREF,
            Ref::Any(Some(a)) => {
                let ty = a.handle().word(store).map_or(HeapType::Any, |word| type_of(store, word));
                RefType::new(false, ty)
            }
            Ref::Exn(e) => RefType::new(e.is_none(), HeapType::Exn),
        }
    }

    /// Whether it is a value of type `ty`. It is not of another store.
    fn is_a(&self, store: &StoreOpaque, ty: &RefType) -> bool {
        match (self, ty.heap_type()) {
            (Ref::Func(None), heap) => ty.is_nullable() && heap.top().is_func(),
            (Ref::Extern(None), heap) => ty.is_nullable() && heap.top().is_extern(),
            (Ref::Any(None), heap) => ty.is_nullable() && heap.top().is_any(),
            (Ref::Exn(None), heap) => ty.is_nullable() && heap.top().is_exn(),
            (Ref::Any(Some(_)), HeapType::Any) => true,
            (Ref::Any(Some(a)), heap) => a.handle().word(store).is_ok_and(|word| type_of(store, word).matches(heap)),
            (Ref::Func(_), HeapType::Func) | (Ref::Extern(_), HeapType::Extern) | (Ref::Exn(_), HeapType::Exn) => true,
            (Ref::Func(Some(f)), HeapType::ConcreteFunc(ty)) => f.type_in(store).matches(ty),
            _ => false,
        }
    }

    fn is_in(&self, store: &StoreOpaque) -> bool {
        match self {
            Ref::Func(f) => f.is_none_or(|f| f.is_in(store)),
            Ref::Extern(e) => e.is_none_or(|e| e.handle().store() == store.id()),
            Ref::Any(a) => a.is_none_or(|a| a.handle().store() == store.id()),
            Ref::Exn(e) => e.is_none_or(|e| e.store() == store.id()),
        }
    }

    /// The word that compiled code and tables have for it.
    ///
    /// # Errors
    /// If it is not of type `ty` or not of `store`.
    pub(crate) fn to_word(self, store: &StoreOpaque, ty: &RefType) -> Result<u64> {
        self.check_store(store)?;
        if !self.is_a(store, ty) {
            bail!("type mismatch: expected {ty}, found {}", self.ref_type(store));
        }
        self.word(store)
    }

    fn word(self, store: &StoreOpaque) -> Result<u64> {
        Ok(match self {
            Ref::Func(f) => f.map_or(0, |f| f.func_ref().as_ptr() as u64),
            Ref::Extern(None) | Ref::Any(None) => 0,
            Ref::Extern(Some(e)) => e.handle().word(store)?.into(),
            Ref::Any(Some(a)) => a.handle().word(store)?.into(),
            Ref::Exn(None) => 0,
            Ref::Exn(Some(e)) => e.get(store)?.as_ptr() as u64,
        })
    }

    /// What `word`, which is of type `ty`, refers to in `store`.
    pub(crate) fn from_word(word: u64, ty: &RefType, store: &StoreOpaque) -> Ref {
        match ty.heap_type().top() {
            HeapType::Func => Ref::Func(func_from_word(word, store)),
            HeapType::Extern => Ref::Extern(ExternRef::from_word(word, store)),
            HeapType::Exn => Ref::Exn(ExnRef::from_word(word, store)),
            _ => Ref::Any(AnyRef::from_word(word, store)),
        }
    }
}

/// The function that `word`, a funcref in `store`, refers to.
pub(crate) fn func_from_word(word: u64, store: &StoreOpaque) -> Option<Func> {
    NonNull::new(word as *mut VMFuncRef).map(|f| Func::from_func_ref(store, f))
}

impl From<Func> for Ref {
    fn from(f: Func) -> Ref {
        Ref::Func(Some(f))
    }
}

impl From<Option<Func>> for Ref {
    fn from(f: Option<Func>) -> Ref {
        Ref::Func(f)
    }
}

impl From<Rooted<ExternRef>> for Ref {
    fn from(e: Rooted<ExternRef>) -> Ref {
        Ref::Extern(Some(e))
    }
}

impl From<Option<Rooted<ExternRef>>> for Ref {
    fn from(e: Option<Rooted<ExternRef>>) -> Ref {
        Ref::Extern(e)
    }
}

macro_rules! any_from {
    ($($ty:ty => |$r:ident| $e:expr;)*) => {$(
        impl From<$ty> for Ref {
            fn from($r: $ty) -> Ref {
                Ref::Any($e)
            }
        }

        impl From<$ty> for Val {
            fn from($r: $ty) -> Val {
                Val::AnyRef($e)
            }
        }
    )*};
}
any_from! {
    Rooted<AnyRef> => |r| Some(r);
    Option<Rooted<AnyRef>> => |r| r;
    Rooted<EqRef> => |r| Some(r.to_anyref());
    Option<Rooted<EqRef>> => |r| r.map(Rooted::<EqRef>::to_anyref);
    Rooted<StructRef> => |r| Some(r.to_anyref());
    Option<Rooted<StructRef>> => |r| r.map(Rooted::<StructRef>::to_anyref);
    Rooted<ArrayRef> => |r| Some(r.to_anyref());
    Option<Rooted<ArrayRef>> => |r| r.map(Rooted::<ArrayRef>::to_anyref);
}

impl From<Rooted<ExnRef>> for Ref {
    fn from(e: Rooted<ExnRef>) -> Ref {
        Ref::Exn(Some(e))
    }
}

impl From<Option<Rooted<ExnRef>>> for Ref {
    fn from(e: Option<Rooted<ExnRef>>) -> Ref {
        Ref::Exn(e)
    }
}

/// A vector of 128 bits.
///
/// Its 16 bytes are those that a store to memory writes: the lowest lane first, each lane little-endian.
///
/// ```
/// use headwater::{Engine, Instance, Module, Store, V128};
/// let engine = Engine::default();
/// // (module (func (export "double") (param v128) (result v128) (i8x16.add (local.get 0) (local.get 0))))
/// let module = Module::new(&engine, b"\0asm\x01\0\0\0\x01\x06\x01\x60\x01\x7b\x01\x7b\x03\x02\x01\0\
///     \x07\x0a\x01\x06double\0\0\x0a\x0a\x01\x08\0\x20\0\x20\0\xfd\x6e\x0b")?;
/// let mut store = Store::new(&engine, ());
/// let instance = Instance::new(&mut store, &module, &[])?;
/// let double = instance.get_typed_func::<V128, V128>(&mut store, "double")?;
/// assert_eq!(double.call(&mut store, V128::from(0x0201))?, V128::from(0x0402));
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct V128([u8; 16]);

impl V128 {
    /// As a number: the lowest lane has the lowest bits.
    pub fn as_u128(&self) -> u128 {
        u128::from_le_bytes(self.0)
    }

    /// The bytes, in order of memory.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0
    }

    pub(crate) fn to_raw(self) -> ValRaw {
        let bits = self.as_u128();
        ValRaw { lo: bits as u64, hi: (bits >> 64) as u64 }
    }

    pub(crate) fn from_raw(raw: ValRaw) -> V128 {
        V128::from(u128::from(raw.lo) | u128::from(raw.hi) << 64)
    }
}

impl fmt::Debug for V128 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#034x}", self.as_u128())
    }
}

impl From<u128> for V128 {
    fn from(bits: u128) -> V128 {
        V128(bits.to_le_bytes())
    }
}

impl From<V128> for u128 {
    fn from(v: V128) -> u128 {
        v.as_u128()
    }
}

impl From<[u8; 16]> for V128 {
    fn from(bytes: [u8; 16]) -> V128 {
        V128(bytes)
    }
}

/// A value.
///
/// Floats are their bits, so that NaNs stay what they are.
#[derive(Copy, Clone, Debug)]
#[non_exhaustive]
pub enum Val {
    /// 32-bit integer
    I32(i32),
    /// 64-bit integer
    I64(i64),
    /// 32-bit float
    F32(u32),
    /// 64-bit float
    F64(u64),
    /// 128-bit vector
    V128(V128),
    /// Reference to a function
    FuncRef(Option<Func>),
    /// Reference to a value of the host
    ExternRef(Option<Rooted<ExternRef>>),
    /// Reference to what the collector has: an object, a small integer, or a value of the host that was made an `anyref`
    AnyRef(Option<Rooted<AnyRef>>),
    /// Reference to an exception
    ExnRef(Option<Rooted<ExnRef>>),
}

macro_rules! accessors {
    ($($variant:ident($bind:ident) $ty:ty, $get:ident $unwrap:ident, $what:literal, $expr:expr;)*) => {$(
        #[doc = concat!("The value, if it is ", $what, ".")]
        pub fn $get(&self) -> Option<$ty> {
            if let Val::$variant($bind) = self { Some($expr) } else { None }
        }

        #[doc = concat!("The value, which is ", $what, ".")]
        ///
        /// # Panics
        /// If it is not.
        pub fn $unwrap(&self) -> $ty {
            self.$get().expect(concat!("expected ", $what))
        }
    )*};
}

impl Val {
    /// The null reference of type `heap_type`.
    pub fn null_ref(heap_type: &HeapType) -> Val {
        Ref::null(heap_type).into()
    }

    /// The null function reference.
    pub const fn null_func_ref() -> Val {
        Val::FuncRef(None)
    }

    /// The null external reference.
    pub const fn null_extern_ref() -> Val {
        Val::ExternRef(None)
    }

    /// The null reference to what the collector has.
    pub const fn null_any_ref() -> Val {
        Val::AnyRef(None)
    }

    /// The value that is zero or null; `None` for types that have none.
    pub fn default_for_ty(ty: &ValType) -> Option<Val> {
        Some(match ty {
            ValType::I32 => Val::I32(0),
            ValType::I64 => Val::I64(0),
            ValType::F32 => Val::F32(0),
            ValType::F64 => Val::F64(0),
            ValType::V128 => Val::V128(V128::from(0)),
            ValType::Ref(r) if r.is_nullable() => Val::null_ref(r.heap_type()),
            ValType::Ref(_) => return None,
        })
    }

    /// The type; of a reference that is not null, the one that excludes null.
    ///
    /// # Errors
    /// If the value is a reference of another store.
    pub fn ty(&self, store: impl AsContext) -> Result<ValType> {
        let store = &store.as_context().0.opaque;
        if let Some(r) = self.ref_() {
            r.check_store(store)?;
        }
        Ok(self.val_type(store))
    }

    fn val_type(&self, store: &StoreOpaque) -> ValType {
        match self {
            Val::I32(_) => ValType::I32,
            Val::I64(_) => ValType::I64,
            Val::F32(_) => ValType::F32,
            Val::F64(_) => ValType::F64,
            Val::V128(_) => ValType::V128,
            Val::FuncRef(f) => Ref::Func(*f).ref_type(store).into(),
            Val::ExternRef(e) => Ref::Extern(*e).ref_type(store).into(),
            Val::AnyRef(a) => Ref::Any(*a).ref_type(store).into(),
            Val::ExnRef(e) => Ref::Exn(*e).ref_type(store).into(),
        }
    }

    accessors! {
        I32(v) i32, i32 unwrap_i32, "an i32", *v;
        I64(v) i64, i64 unwrap_i64, "an i64", *v;
        F32(v) f32, f32 unwrap_f32, "an f32", f32::from_bits(*v);
        F64(v) f64, f64 unwrap_f64, "an f64", f64::from_bits(*v);
        V128(v) V128, v128 unwrap_v128, "a v128", *v;
        FuncRef(v) Option<&Func>, funcref unwrap_funcref, "a function reference", v.as_ref();
        FuncRef(v) Option<&Func>, func_ref unwrap_func_ref, "a function reference", v.as_ref();
        ExternRef(v) Option<&Rooted<ExternRef>>, externref unwrap_externref, "an external reference", v.as_ref();
        ExternRef(v) Option<&Rooted<ExternRef>>, extern_ref unwrap_extern_ref, "an external reference", v.as_ref();
        AnyRef(v) Option<&Rooted<AnyRef>>, anyref unwrap_anyref, "a reference to what the collector has", v.as_ref();
        AnyRef(v) Option<&Rooted<AnyRef>>, any_ref unwrap_any_ref, "a reference to what the collector has", v.as_ref();
        ExnRef(v) Option<&Rooted<ExnRef>>, exnref unwrap_exnref, "a reference to an exception", v.as_ref();
        ExnRef(v) Option<&Rooted<ExnRef>>, exn_ref unwrap_exn_ref, "a reference to an exception", v.as_ref();
    }

    /// Whether it is a value of type `ty`.
    ///
    /// # Errors
    /// If the value is a reference of another store.
    pub fn matches_ty(&self, store: impl AsContext, ty: &ValType) -> Result<bool> {
        match (self.ref_(), ty) {
            (Some(r), ValType::Ref(ty)) => r.matches_ty(store, ty),
            _ => Ok(self.ty(store)?.matches(ty)),
        }
    }

    /// The reference, if it is one.
    pub fn ref_(&self) -> Option<Ref> {
        match self {
            Val::FuncRef(f) => Some(Ref::Func(*f)),
            Val::ExternRef(e) => Some(Ref::Extern(*e)),
            Val::AnyRef(a) => Some(Ref::Any(*a)),
            Val::ExnRef(e) => Some(Ref::Exn(*e)),
            _ => None,
        }
    }

    /// The value as compiled code has it.
    ///
    /// # Errors
    /// If it is not of type `ty` or not of `store`.
    pub(crate) fn raw_of(self, store: &StoreOpaque, ty: &ValType) -> Result<ValRaw> {
        Ok(match (self, ty) {
            (Val::I32(v), ValType::I32) => ValRaw::new(v as u32 as u64),
            (Val::I64(v), ValType::I64) => ValRaw::new(v as u64),
            (Val::F32(v), ValType::F32) => ValRaw::new(v.into()),
            (Val::F64(v), ValType::F64) => ValRaw::new(v),
            (Val::V128(v), ValType::V128) => v.to_raw(),
            _ => match (self.ref_(), ty) {
                (Some(r), ValType::Ref(ty)) => ValRaw::new(r.to_word(store, ty)?),
                _ => bail!("type mismatch: expected {ty}, found {}", self.val_type(store)),
            },
        })
    }

    /// The value that `raw`, which is of type `ty`, means in `store`.
    pub(crate) fn of_raw(raw: ValRaw, ty: &ValType, store: &StoreOpaque) -> Val {
        match ty {
            ValType::I32 => Val::I32(raw.lo as u32 as i32),
            ValType::I64 => Val::I64(raw.lo as i64),
            ValType::F32 => Val::F32(raw.lo as u32),
            ValType::F64 => Val::F64(raw.lo),
            ValType::V128 => Val::V128(V128::from_raw(raw)),
            ValType::Ref(r) => Ref::from_word(raw.lo, r, store).into(),
        }
    }
}

impl From<Ref> for Val {
    fn from(r: Ref) -> Val {
        match r {
            Ref::Func(f) => Val::FuncRef(f),
            Ref::Extern(e) => Val::ExternRef(e),
            Ref::Any(a) => Val::AnyRef(a),
            Ref::Exn(e) => Val::ExnRef(e),
        }
    }
}

macro_rules! val_from {
    ($($ty:ty => |$v:ident| $e:expr;)*) => {$(
        impl From<$ty> for Val {
            fn from($v: $ty) -> Val {
                $e
            }
        }
    )*};
}
val_from! {
    i32 => |v| Val::I32(v);
    i64 => |v| Val::I64(v);
    f32 => |v| Val::F32(v.to_bits());
    f64 => |v| Val::F64(v.to_bits());
    u128 => |v| Val::V128(v.into());
    V128 => |v| Val::V128(v);
    Func => |v| Val::FuncRef(Some(v));
    Option<Func> => |v| Val::FuncRef(v);
    Rooted<ExternRef> => |v| Val::ExternRef(Some(v));
    Option<Rooted<ExternRef>> => |v| Val::ExternRef(v);
    Rooted<ExnRef> => |v| Val::ExnRef(Some(v));
    Option<Rooted<ExnRef>> => |v| Val::ExnRef(v);
}
