//! The operators: every fact about one is stated here, once.
//!
//! Each row has the code, the name of its constant, the name in the specification, the immediates (of a load or store
//! with the exponent of its natural alignment), the operands, the last one topmost, and the results; rows are grouped
//! by the feature that they belong to. All operators of WebAssembly 3.0, threads, wide arithmetic and legacy
//! exceptions are listed, whether or not the compiler supports them: [`Feature::switch`] tells.
//!
//! The dispatch of reachable code is a match on the constants; everything else, above all the validator of dead code,
//! reads the table. A test compares it with wasmparser.

pub mod atomics;
mod prefixed;
pub mod simd;
mod single;
#[cfg(test)]
mod tests;

pub use prefixed::{fb, fc};

use crate::env::Disabled;
use crate::ty::Ty;

/// What an operator belongs to.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Feature {
    /// The first version of WebAssembly.
    Mvp,
    /// Sign-extension operators.
    SignExtension,
    /// Saturating float-to-int conversions.
    SaturatingFloatToInt,
    /// Bulk memory operators.
    BulkMemory,
    /// Reference types.
    ReferenceTypes,
    /// Tail calls.
    TailCall,
    /// Typed function references.
    FunctionReferences,
    /// Exceptions with `exnref`.
    Exceptions,
    /// Exceptions as first proposed.
    LegacyExceptions,
    /// Garbage collection.
    Gc,
    /// 128-bit integer arithmetic.
    WideArithmetic,
    /// Vectors of 128 bits.
    Simd,
    /// Vector operators whose results differ from machine to machine.
    RelaxedSimd,
    /// Atomic operators.
    Threads,
}

impl Feature {
    /// The switch of a feature that the compiler supports; `None` if it does not.
    #[inline(always)]
    pub const fn switch(self) -> Option<Disabled> {
        match self {
            Feature::Mvp => Some(Disabled(0)),
            Feature::SignExtension => Some(Disabled::SIGN_EXTENSION),
            Feature::SaturatingFloatToInt => Some(Disabled::SATURATING),
            Feature::BulkMemory => Some(Disabled::BULK_MEMORY),
            Feature::ReferenceTypes => Some(Disabled::REFERENCE_TYPES),
            Feature::WideArithmetic => Some(Disabled::WIDE_ARITHMETIC),
            Feature::TailCall => Some(Disabled::TAIL_CALL),
            Feature::FunctionReferences => Some(Disabled::FUNCTION_REFERENCES),
            Feature::Exceptions => Some(Disabled::EXCEPTIONS),
            Feature::LegacyExceptions => Some(Disabled::LEGACY_EXCEPTIONS),
            Feature::Simd => Some(Disabled::SIMD),
            Feature::RelaxedSimd => Some(Disabled::RELAXED_SIMD),
            Feature::Threads => Some(Disabled::THREADS),
            Feature::Gc => Some(Disabled::GC),
        }
    }
}

/// What follows an operator's code.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Imm {
    /// Nothing.
    Nothing,
    /// A byte that is 0.
    Zero,
    /// A block type.
    Block,
    /// A block type and handlers.
    TryTable,
    /// A label.
    Label,
    /// Labels, the default last.
    Labels,
    /// A label and two reference types.
    Cast,
    /// A function.
    Func,
    /// A type.
    Type,
    /// A type and a table.
    TypeTable,
    /// A type and one of its fields.
    TypeField,
    /// A type and a number of elements.
    TypeSize,
    /// A type and a data segment.
    TypeData,
    /// A type and an element segment.
    TypeElem,
    /// Two types, the destination's first.
    Types,
    /// A tag.
    Tag,
    /// A local.
    Local,
    /// A global.
    Global,
    /// A table.
    Table,
    /// Two tables, the destination first.
    Tables,
    /// An element segment.
    Elem,
    /// An element segment and a table.
    ElemTable,
    /// A memory.
    Memory,
    /// Two memories, the destination first.
    Memories,
    /// A data segment.
    Data,
    /// A data segment and a memory.
    DataMemory,
    /// Alignment, memory and offset; with the exponent of the natural alignment, which is that of the size.
    MemArg(u8),
    /// The same and a lane.
    MemArgLane(u8),
    /// A lane.
    Lane,
    /// Sixteen lanes.
    Lanes,
    /// A constant.
    I32,
    /// A constant.
    I64,
    /// A constant.
    F32,
    /// A constant.
    F64,
    /// A constant.
    V128,
    /// A heap type.
    HeapType,
    /// A number of value types, and these.
    ValTypes,
}

/// The type of an operand or a result: one of the first seven types of [`Ty`], or one of what follows.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Operand(u8);

impl Operand {
    /// As the memory in the immediates is addressed: `i32` or `i64`.
    pub const ADDRESS: Operand = Operand(8);
    /// As the table in the immediates is addressed: `i32` or `i64`.
    pub const INDEX: Operand = Operand(9);
    /// The type that the immediates name, or that of what they name: a local, a global, an element of a table, a field.
    pub const NAMED: Operand = Operand(10);
    /// Any type.
    pub const ANY: Operand = Operand(11);
    /// Some reference; which ones, this table does not say.
    pub const REF: Operand = Operand(12);
    /// Operands and results that this table does not describe.
    const VARIES: Operand = Operand(15);

    const I32: Operand = Operand(Ty::I32.0 as u8);
    const I64: Operand = Operand(Ty::I64.0 as u8);
    const F32: Operand = Operand(Ty::F32.0 as u8);
    const F64: Operand = Operand(Ty::F64.0 as u8);
    const V128: Operand = Operand(Ty::V128.0 as u8);

    /// The type, if it is the same whatever the immediates are.
    #[inline(always)]
    pub const fn fixed(self) -> Option<Ty> {
        if self.0 < 8 { Some(Ty(self.0 as u32)) } else { None }
    }
}

/// Operands and results of an operator: four bits for each operand from the topmost one on, then from bit 20 on for
/// each result.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Sig(u32);

const MOST_OPERANDS: u32 = 5;

impl Sig {
    const fn new(operands: &[Operand], results: &[Operand]) -> Sig {
        assert!(operands.len() <= MOST_OPERANDS as usize && results.len() <= 2);
        let (mut bits, mut i) = (0, 0);
        while i < operands.len() {
            bits = bits << 4 | operands[i].0 as u32;
            i += 1;
        }
        i = 0;
        while i < results.len() {
            bits |= (results[i].0 as u32) << (4 * (MOST_OPERANDS + i as u32));
            i += 1;
        }
        Sig(bits)
    }

    /// Whether the table describes it.
    pub const fn is_known(self) -> bool {
        self.0 != Operand::VARIES.0 as u32
    }

    /// How many operands and results there are.
    pub(crate) const fn counts(self) -> (u32, u32) {
        const fn codes(bits: u32) -> u32 {
            (32 - bits.leading_zeros()).div_ceil(4)
        }
        (codes(self.0 & ((1 << (4 * MOST_OPERANDS)) - 1)), codes(self.0 >> (4 * MOST_OPERANDS)))
    }

    /// Of a vector operator the type of the operand or result that is a number; unknown if there is none.
    pub(crate) const fn scalar(self) -> Ty {
        let mut bits = self.0;
        while bits != 0 {
            if let Some(ty) = Operand(bits as u8 & 15).fixed()
                && ty.0 != Ty::UNKNOWN.0
                && ty.0 < Ty::V128.0
            {
                return ty;
            }
            bits >>= 4;
        }
        Ty::UNKNOWN
    }

    /// The operands, topmost first.
    #[inline(always)]
    pub fn operands(self) -> impl Iterator<Item = Operand> + Clone {
        Codes(self.0 & ((1 << (4 * MOST_OPERANDS)) - 1))
    }

    /// The results, topmost last.
    #[inline(always)]
    pub fn results(self) -> impl Iterator<Item = Operand> + Clone {
        Codes(self.0 >> (4 * MOST_OPERANDS))
    }

    /// The type of the only result, or of the topmost operand if there is none.
    pub(crate) const fn value(self) -> Ty {
        let result = self.0 >> (4 * MOST_OPERANDS) & 15;
        let operand = Operand((if result != 0 { result } else { self.0 & 15 }) as u8);
        operand.fixed().expect("a numeric operator, a load or a store")
    }
}

#[derive(Clone)]
struct Codes(u32);

impl Iterator for Codes {
    type Item = Operand;

    #[inline(always)]
    fn next(&mut self) -> Option<Operand> {
        let code = self.0 & 15;
        self.0 >>= 4;
        (code != 0).then_some(Operand(code as u8))
    }
}

/// An operator.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Op {
    /// The code, after the prefix if there is one.
    pub code: u32,
    /// The byte before the code.
    pub prefix: Option<u8>,
    /// As the specification spells it.
    pub name: &'static str,
    /// What follows the code.
    pub imm: Imm,
    /// Operands and results.
    pub sig: Sig,
    /// What it belongs to.
    pub feature: Feature,
}

impl Op {
    /// Prefix and code as they are encoded.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.prefix.into_iter().collect();
        let mut code = self.code;
        while self.prefix.is_some() && code >= 0x80 {
            bytes.push(code as u8 | 0x80);
            code >>= 7;
        }
        bytes.push(code as u8);
        bytes
    }

    /// How many lanes the vector has that an operator works on, or loads or stores one lane of; 0 if it has none.
    pub const fn lanes(&self) -> u8 {
        if let Imm::MemArgLane(exponent) = self.imm {
            return 16 >> exponent;
        }
        // As the name says: "i8x16.…".
        let name = self.name.as_bytes();
        let (mut lanes, mut i) = (0, 0);
        while i < name.len() && name[i] != b'.' {
            match name[i] {
                b'x' => lanes = 0,
                digit @ b'0'..=b'9' => lanes = lanes * 10 + (digit - b'0'),
                _ => {}
            }
            i += 1;
        }
        if name[0] == b'v' || lanes > 16 { 0 } else { lanes }
    }

    /// The exponent of the natural alignment of a load, store or atomic operator.
    pub const fn alignment(&self) -> Option<u8> {
        match self.imm {
            Imm::MemArg(exponent) | Imm::MemArgLane(exponent) => Some(exponent),
            _ => None,
        }
    }
}

/// Codes of one byte that are no operator's, as a pattern: a match that names all codes needs no arm for others, and its
/// jump table no comparison. One by one, since ranges would be compared.
macro_rules! unassigned {
    () => {
        0x16 | 0x17
            | 0x1d
            | 0x1e
            | 0x27
            | 0xc5
            | 0xc6
            | 0xc7
            | 0xc8
            | 0xc9
            | 0xca
            | 0xcb
            | 0xcc
            | 0xcd
            | 0xce
            | 0xcf
            | 0xd7
            | 0xd8
            | 0xd9
            | 0xda
            | 0xdb
            | 0xdc
            | 0xdd
            | 0xde
            | 0xdf
            | 0xe0
            | 0xe1
            | 0xe2
            | 0xe3
            | 0xe4
            | 0xe5
            | 0xe6
            | 0xe7
            | 0xe8
            | 0xe9
            | 0xea
            | 0xeb
            | 0xec
            | 0xed
            | 0xee
            | 0xef
            | 0xf0
            | 0xf1
            | 0xf2
            | 0xf3
            | 0xf4
            | 0xf5
            | 0xf6
            | 0xf7
            | 0xf8
            | 0xf9
            | 0xfa
            | 0xff
    };
}
pub(crate) use unassigned;

/// Rows of the table: their constants, and [`Op`]s in a slice.
macro_rules! operators {
    (
        $code_ty:ty, $prefix:expr;
        $($feature:ident {
            $($code:literal $constant:ident $name:literal $imm:ident $(($align:literal))?
                [$($operand:ident)*] [$($result:ident)*];)*
        })*
    ) => {
        $($(
            #[doc = concat!("`", $name, "`")]
            pub const $constant: $code_ty = $code;
        )*)*

        /// By ascending code within each feature.
        pub(in crate::op) const ROWS: &[$crate::op::Op] = &[$($(
            $crate::op::Op {
                code: $code,
                prefix: $prefix,
                name: $name,
                imm: $crate::op::Imm::$imm $(($align))?,
                sig: $crate::op::Sig::new(
                    &[$($crate::op::Operand::$operand),*],
                    &[$($crate::op::Operand::$result),*],
                ),
                feature: $crate::op::Feature::$feature,
            },
        )*)*];
    };
}
use operators;

pub use single::*;

/// All operators.
pub fn all() -> impl Iterator<Item = &'static Op> {
    [single::ROWS, fb::ROWS, fc::ROWS, simd::ROWS, atomics::ROWS].into_iter().flatten()
}

/// A byte that stands before other codes.
#[inline(always)]
pub const fn is_prefix(byte: u8) -> bool {
    matches!(byte, PREFIX_FB..=PREFIX_FE)
}

/// Before the codes of [`fb`].
pub const PREFIX_FB: u8 = 0xfb;
/// Before the codes of [`fc`].
pub const PREFIX_FC: u8 = 0xfc;
/// Before the codes of [`simd`].
pub const PREFIX_FD: u8 = 0xfd;
/// Before the codes of [`atomics`].
pub const PREFIX_FE: u8 = 0xfe;

/// For each byte the row of its operator in `single`, plus one.
static SINGLE: [u8; 256] = {
    let mut rows = [0; 256];
    let mut i = 0;
    while i < single::ROWS.len() {
        rows[single::ROWS[i].code as usize] = (i + 1) as u8;
        i += 1;
    }
    rows
};

/// The operator whose code is `byte`.
#[inline]
pub fn single(byte: u8) -> Option<&'static Op> {
    single::ROWS.get(usize::from(SINGLE[usize::from(byte)]).wrapping_sub(1))
}

/// For each code behind [`PREFIX_FD`] the row of its operator in `simd`, plus one.
static SIMD: [u16; 0x114] = {
    let mut rows = [0; 0x114];
    let mut i = 0;
    while i < simd::ROWS.len() {
        rows[simd::ROWS[i].code as usize] = (i + 1) as u16;
        i += 1;
    }
    rows
};

/// The rows of vector operators, for tables that are made when this crate is compiled.
pub(crate) const fn simd_rows() -> &'static [Op] {
    simd::ROWS
}

/// The rows of atomic operators, for the same.
pub(crate) const fn atomic_rows() -> &'static [Op] {
    atomics::ROWS
}

/// The operator whose code is `code` after the prefix `prefix`.
pub fn prefixed(prefix: u8, code: u32) -> Option<&'static Op> {
    let rows = match prefix {
        PREFIX_FB => fb::ROWS,
        PREFIX_FC => fc::ROWS,
        PREFIX_FD => {
            let row = *SIMD.get(code as usize)?;
            return simd::ROWS.get(usize::from(row).wrapping_sub(1));
        }
        PREFIX_FE => atomics::ROWS,
        _ => return None,
    };
    rows.iter().find(|op| op.code == code)
}

/// The operator that `bytes` begin with.
pub fn decode(bytes: &[u8]) -> Option<&'static Op> {
    let (&first, rest) = bytes.split_first()?;
    if !is_prefix(first) {
        return single(first);
    }
    let mut code = 0;
    for (i, &byte) in rest.iter().take(5).enumerate() {
        code |= u32::from(byte & 0x7f).checked_shl(7 * i as u32)?;
        if byte & 0x80 == 0 {
            return prefixed(first, code);
        }
    }
    None
}

/// The row of a load, a store or a numeric operator, for tables that are made when this crate is compiled.
pub(crate) const fn row(code: u8) -> &'static Op {
    &single::ROWS[SINGLE[code as usize] as usize - 1]
}
