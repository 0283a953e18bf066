//! One module in several engines, side by side: Headwater, and independent ones to compare with.

mod ours;
mod wasmi;
#[cfg(feature = "wasmtime")]
mod wasmtime;

pub use self::ours::Ours;
pub use self::wasmi::Wasmi;
#[cfg(feature = "wasmtime")]
pub use self::wasmtime::Wasmtime;

use std::fmt;

/// A type of values that all engines have.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "named as the specification names them")]
pub enum Ty {
    I32,
    I64,
    F32,
    F64,
    V128,
    Func,
    Extern,
    /// References that small integers are among: `anyref`, `eqref`, `i31ref`.
    Any,
    /// Other references to what is collected, of any type.
    Heap,
}

impl Ty {
    /// The types of numbers.
    pub const NUMBERS: [Ty; 4] = [Ty::I32, Ty::I64, Ty::F32, Ty::F64];

    /// As it is encoded.
    pub fn byte(self) -> u8 {
        match self {
            Ty::I32 => 0x7f,
            Ty::I64 => 0x7e,
            Ty::F32 => 0x7d,
            Ty::F64 => 0x7c,
            Ty::V128 => 0x7b,
            Ty::Func => 0x70,
            Ty::Extern => 0x6f,
            Ty::Any => 0x6e,
            Ty::Heap => 0x6b,
        }
    }

    /// Zero or null.
    pub fn zero(self) -> Value {
        match self {
            Ty::Func => Value::Func(None),
            Ty::Extern => Value::Extern(None),
            Ty::Any | Ty::Heap => Value::Any(Any::Null),
            Ty::V128 => Value::Vector(0),
            ty => Value::Bits(ty, 0),
        }
    }
}

/// A value as it can be compared between engines.
#[derive(Copy, Clone, PartialEq, Eq)]
pub enum Value {
    /// A number's bits.
    Bits(Ty, u64),
    /// A vector's bits, the lowest lane lowest.
    Vector(u128),
    /// A function, by the first of the instance's exported functions that it is; `u32::MAX` if it is none of them.
    Func(Option<u32>),
    /// A value of the host's, which are numbers.
    Extern(Option<u32>),
    /// A reference to what is collected.
    Any(Any),
}

/// What a reference to what is collected is to.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Any {
    /// Nothing.
    Null,
    /// A small integer, as it is signed.
    Small(i32),
    /// A value of the host's.
    Host(u32),
    /// A struct, by a hash of what is in it.
    Struct(u64),
    /// An array, by a hash of what is in it.
    Array(u64),
}

impl Any {
    /// What tells kinds apart, and the rest.
    pub fn words(self) -> [u64; 2] {
        match self {
            Any::Null => [0, 0],
            Any::Small(n) => [1, n as u64],
            Any::Host(n) => [2, n.into()],
            Any::Struct(hash) => [3, hash],
            Any::Array(hash) => [4, hash],
        }
    }
}

/// How deep objects are looked into, and how far: cycles are told apart by no more than that.
const DEPTH: u32 = 4;
const LENGTH: usize = 64;

/// A hash of what is in an object; `len` is how many fields or elements there are.
fn contents(len: usize, values: impl Iterator<Item = Value>) -> u64 {
    let mut state = len as u64;
    for value in values {
        for word in value.canonical().words() {
            state = crate::choices::split_mix(&mut (state.rotate_left(23) ^ word));
        }
    }
    state
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Value::Bits(Ty::I32, v) => write!(f, "i32 {:#x}", v as u32),
            Value::Bits(Ty::F32, v) => write!(f, "f32 {v:#x} = {:?}", f32::from_bits(v as u32)),
            Value::Bits(Ty::F64, v) => write!(f, "f64 {v:#x} = {:?}", f64::from_bits(v)),
            Value::Bits(_, v) => write!(f, "i64 {v:#x}"),
            Value::Vector(v) => write!(f, "v128 {v:#034x}"),
            Value::Func(Some(n)) => write!(f, "func {n}"),
            Value::Extern(Some(n)) => write!(f, "extern {n}"),
            Value::Func(None) => write!(f, "null func"),
            Value::Extern(None) => write!(f, "null extern"),
            Value::Any(any) => write!(f, "{any:x?}"),
        }
    }
}

impl Value {
    /// What tells values apart: their kinds, and the rest.
    pub fn words(self) -> [u64; 3] {
        match self {
            Value::Bits(ty, bits) => [ty.byte().into(), bits, 0],
            Value::Vector(bits) => [Ty::V128.byte().into(), bits as u64, (bits >> 64) as u64],
            Value::Func(f) => [1, f.map_or(u64::MAX, u64::from), 0],
            Value::Extern(e) => [2, e.map_or(u64::MAX, u64::from), 0],
            Value::Any(any) => {
                let [kind, bits] = any.words();
                [3, kind, bits]
            }
        }
    }

    /// The value, or the one NaN that stands for all.
    pub fn canonical(self) -> Value {
        match self {
            Value::Bits(Ty::F32, v) if f32::from_bits(v as u32).is_nan() => Value::Bits(Ty::F32, 0x7fc0_0000),
            Value::Bits(Ty::F64, v) if f64::from_bits(v).is_nan() => Value::Bits(Ty::F64, 0x7ff8 << 48),
            v => v,
        }
    }

    /// The value, or if NaNs may be any, the one that stands for all.
    pub fn comparable(self, nans: Nans) -> Value {
        let lane = |ty, bits| match Value::Bits(ty, bits).canonical() {
            Value::Bits(_, bits) => u128::from(bits),
            _ => unreachable!("it is a number"),
        };
        match (self, nans) {
            (v, Nans::Exact) => v,
            (Value::Vector(v), Nans::AnyF32x4) => {
                Value::Vector((0..4).fold(0, |all, i| all | lane(Ty::F32, (v >> (32 * i)) as u32 as u64) << (32 * i)))
            }
            (Value::Vector(v), Nans::AnyF64x2) => {
                Value::Vector((0..2).fold(0, |all, i| all | lane(Ty::F64, (v >> (64 * i)) as u64) << (64 * i)))
            }
            (v, _) => v.canonical(),
        }
    }
}

/// Which NaNs are one value to a comparison.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Nans {
    /// None: bits count.
    Exact,
    /// Those of scalars.
    Any,
    /// Those of scalars, and in lanes of 32 bits.
    AnyF32x4,
    /// Those of scalars, and in lanes of 64 bits.
    AnyF64x2,
}

/// How a call, or an instantiation, ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// With results.
    Values(Vec<Value>),
    /// With a trap of this kind, or a failure of the host.
    Trap(&'static str),
    /// Out of fuel, memory or stack in one engine: nothing to compare.
    Exhausted,
    /// With something else, which should not happen.
    Error(String),
}

impl Outcome {
    /// With all NaNs the same.
    #[must_use]
    pub fn canonical(self) -> Outcome {
        self.comparable(Nans::Any)
    }

    /// With those NaNs the same.
    #[must_use]
    pub fn comparable(self, nans: Nans) -> Outcome {
        match self {
            Outcome::Values(vs) => Outcome::Values(vs.into_iter().map(|v| v.comparable(nans)).collect()),
            other => other,
        }
    }
}

/// An instance in some engine.
pub trait Instance {
    /// How messages name the engine.
    fn engine(&self) -> &'static str;

    /// Calls an exported function.
    fn call(&mut self, name: &str, args: &[Value]) -> Outcome;

    /// What an exported global holds.
    fn global(&mut self, name: &str) -> Value;

    /// What an exported memory holds.
    fn memory(&mut self, name: &str) -> &[u8];

    /// What an exported table holds.
    fn table(&mut self, name: &str) -> Vec<Value>;
}

/// The kinds of traps, as outcomes name them.
#[allow(missing_docs, reason = "the names say it")]
pub mod trap {
    pub const UNREACHABLE: &str = "unreachable";
    pub const MEMORY: &str = "memory out of bounds";
    pub const TABLE: &str = "table out of bounds";
    pub const NULL: &str = "call of null";
    pub const DIVISION: &str = "division by zero";
    pub const OVERFLOW: &str = "integer overflow";
    pub const CONVERSION: &str = "bad conversion";
    pub const SIGNATURE: &str = "bad signature";
    pub const UNALIGNED: &str = "unaligned atomic";
    pub const NOT_SHARED: &str = "wait in a memory that is not shared";
    pub const HOST: &str = "failure of the host";
    pub const EXCEPTION: &str = "uncaught exception";
    pub const NULL_REFERENCE: &str = "null reference";
    pub const ARRAY: &str = "array out of bounds";
    pub const CAST: &str = "failed cast";
}

/// What an imported memory holds at first, at its beginning.
const MEMORY: &[u8] =
    b"\x01\x80\xff\x7fwhat the host has written, and a few more bytes\0\xfe\xff\xff\xff\xff\xff\xff\x7f";

/// The value of an imported global, which comes to no more than the size of a small memory.
fn global(index: usize, ty: Ty) -> Value {
    match ty {
        Ty::I32 | Ty::I64 => Value::Bits(ty, 3 + index as u64),
        Ty::F32 => Value::Bits(ty, u64::from((index as f32 + 0.5).to_bits())),
        Ty::F64 => Value::Bits(ty, (index as f64 - 0.5).to_bits()),
        Ty::V128 => Value::Vector(0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10 * (index as u128 + 1)),
        Ty::Func => Value::Func(None),
        Ty::Extern => Value::Extern(Some(index as u32)),
        Ty::Any => Value::Any(Any::Small(index as i32)),
        Ty::Heap => ty.zero(),
    }
}

/// Element `i` of an imported table; functions are only told to be there.
fn element(i: u32, ty: Ty) -> Value {
    match ty {
        Ty::Func => Value::Func((i % 3 == 1).then_some(0)),
        Ty::Any if i % 3 != 2 => Value::Any(Any::Small(i as i32)),
        Ty::Any | Ty::Heap => ty.zero(),
        _ => Value::Extern((i % 3 != 2).then_some(100 + i)),
    }
}
