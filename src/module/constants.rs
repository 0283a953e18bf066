//! Constant expressions, as they stand in the module: globals and segments may have a hundred thousand, which are read
//! when an instance is made.

use headwater_codegen::op::{self, fb, simd};
use serde::{Deserialize, Serialize};
use wasmparser::{BinaryReader, HeapType};

/// One instruction of a constant expression (specification section 3.4, "constant expressions"),
/// a small stack machine.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum ConstOp {
    I32Const(i32),
    I64Const(i64),
    F32Const(u32),
    F64Const(u64),
    V128Const([u8; 16]),
    GlobalGet(u32),
    RefNull,
    RefFunc(u32),
    I32Add,
    I32Sub,
    I32Mul,
    I64Add,
    I64Sub,
    I64Mul,
    /// Of the type with this index; the fields are the operands.
    StructNew(u32),
    StructNewDefault(u32),
    /// Of the type with this index; operands: element, length.
    ArrayNew(u32),
    /// Operand: length.
    ArrayNewDefault(u32),
    /// Type and number of elements, which are the operands.
    ArrayNewFixed(u32, u32),
    RefI31,
    AnyConvertExtern,
    ExternConvertAny,
}

impl ConstOp {
    /// Whether it needs what only garbage collection has.
    pub fn is_of_objects(&self) -> bool {
        matches!(
            self,
            ConstOp::StructNew(_)
                | ConstOp::StructNewDefault(_)
                | ConstOp::ArrayNew(_)
                | ConstOp::ArrayNewDefault(_)
                | ConstOp::ArrayNewFixed(..)
                | ConstOp::RefI31
                | ConstOp::AnyConvertExtern
                | ConstOp::ExternConvertAny
        )
    }
}

/// A constant expression: where in [`Constants`], or in the data section.
#[derive(Copy, Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ConstExpr {
    at: u32,
    /// With [`IN_DATA_SECTION`].
    len: u32,
}

/// No expression is so long.
const IN_DATA_SECTION: u32 = 1 << 31;

impl ConstExpr {
    /// In the data section, whose bytes are kept anyway.
    pub fn in_data_section(at: u32, len: u32) -> ConstExpr {
        debug_assert!(len < IN_DATA_SECTION);
        ConstExpr { at, len: len | IN_DATA_SECTION }
    }
}

/// The bytes of a module's constant expressions, each without its `end`.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub(crate) struct Constants(Vec<u8>);

impl Constants {
    /// Adds a valid expression, given without its `end`.
    pub fn add(&mut self, bytes: &[u8]) -> ConstExpr {
        let at = self.0.len() as u32;
        self.0.extend_from_slice(bytes);
        debug_assert!(u32::try_from(self.0.len()).is_ok(), "a module has less bytes");
        ConstExpr { at, len: bytes.len() as u32 }
    }

    /// The operators of `expr`, which may be in the data section, in order of evaluation.
    pub fn operators<'a>(&'a self, expr: ConstExpr, data_section: &'a [u8]) -> Operators<'a> {
        let bytes = if expr.len & IN_DATA_SECTION == 0 { &*self.0 } else { data_section };
        let len = (expr.len & !IN_DATA_SECTION) as usize;
        let bytes = bytes.get(expr.at as usize..).and_then(|bytes| bytes.get(..len));
        Operators(BinaryReader::new(bytes.unwrap_or(&[]), 0))
    }

    /// Gives memory back that is not needed.
    pub fn shrink_to_fit(&mut self) {
        self.0.shrink_to_fit();
    }

    /// Bytes of memory behind it.
    pub fn heap_size(&self) -> usize {
        self.0.capacity()
    }
}

/// The operators of a constant expression.
#[derive(Debug)]
pub(crate) struct Operators<'a>(BinaryReader<'a>);

impl Operators<'_> {
    /// How many bytes are left, which is as many as operators at least.
    pub fn bytes_left(&self) -> usize {
        self.0.bytes_remaining()
    }

    /// The one operator; `None` if there are several.
    pub fn only(mut self) -> Option<ConstOp> {
        self.next().filter(|_| self.0.eof())
    }
}

impl Iterator for Operators<'_> {
    type Item = ConstOp;

    fn next(&mut self) -> Option<ConstOp> {
        // They were read before.
        if self.0.eof() { None } else { read(&mut self.0).ok().flatten() }
    }
}

/// An operator that was not read: it is not complete, or not known here.
#[derive(Debug)]
struct Unreadable;

impl From<wasmparser::Error> for Unreadable {
    fn from(_: wasmparser::Error) -> Unreadable {
        Unreadable
    }
}

/// Reads an operator, or the `end`.
#[inline]
fn read(reader: &mut BinaryReader<'_>) -> Result<Option<ConstOp>, Unreadable> {
    Ok(Some(match reader.read_u8()? {
        op::END => return Ok(None),
        op::PREFIX_FB => return of_objects(reader).map(Some),
        op::I32_CONST => ConstOp::I32Const(reader.read_var_i32()?),
        op::I64_CONST => ConstOp::I64Const(reader.read_var_i64()?),
        op::F32_CONST => ConstOp::F32Const(reader.read_f32()?.bits()),
        op::F64_CONST => ConstOp::F64Const(reader.read_f64()?.bits()),
        op::GLOBAL_GET => ConstOp::GlobalGet(reader.read_var_u32()?),
        op::REF_NULL => {
            reader.read::<HeapType>()?;
            ConstOp::RefNull
        }
        op::REF_FUNC => ConstOp::RefFunc(reader.read_var_u32()?),
        op::I32_ADD => ConstOp::I32Add,
        op::I32_SUB => ConstOp::I32Sub,
        op::I32_MUL => ConstOp::I32Mul,
        op::I64_ADD => ConstOp::I64Add,
        op::I64_SUB => ConstOp::I64Sub,
        op::I64_MUL => ConstOp::I64Mul,
        op::PREFIX_FD if reader.read_var_u32()? == simd::V128_CONST => {
            ConstOp::V128Const(reader.read_bytes(16)?.try_into().expect("there are 16"))
        }
        _ => return Err(Unreadable),
    }))
}

fn of_objects(reader: &mut BinaryReader<'_>) -> Result<ConstOp, Unreadable> {
    Ok(match reader.read_var_u32()? {
        fb::STRUCT_NEW => ConstOp::StructNew(reader.read_var_u32()?),
        fb::STRUCT_NEW_DEFAULT => ConstOp::StructNewDefault(reader.read_var_u32()?),
        fb::ARRAY_NEW => ConstOp::ArrayNew(reader.read_var_u32()?),
        fb::ARRAY_NEW_DEFAULT => ConstOp::ArrayNewDefault(reader.read_var_u32()?),
        fb::ARRAY_NEW_FIXED => ConstOp::ArrayNewFixed(reader.read_var_u32()?, reader.read_var_u32()?),
        fb::REF_I31 => ConstOp::RefI31,
        fb::ANY_CONVERT_EXTERN => ConstOp::AnyConvertExtern,
        fb::EXTERN_CONVERT_ANY => ConstOp::ExternConvertAny,
        _ => return Err(Unreadable),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_those_that_were_added() {
        let mut constants = Constants::default();
        let one = constants.add(&[op::I32_CONST, 0x7f]);
        let none = constants.add(&[]);
        let v128 = [&[op::PREFIX_FD, simd::V128_CONST as u8][..], &[7; 16]].concat();
        let vector = constants.add(&v128);
        let three = constants.add(&[op::GLOBAL_GET, 3, op::I64_CONST, 2, op::I64_MUL]);
        let object = constants.add(&[op::REF_NULL, 0x6e, op::PREFIX_FB, fb::ARRAY_NEW_FIXED as u8, 4, 1]);
        let operators = |expr| constants.operators(expr, &[]).collect::<Vec<_>>();
        let only = |expr| constants.operators(expr, &[]).only();
        assert_eq!(operators(one), [ConstOp::I32Const(-1)]);
        assert_eq!(operators(none), []);
        assert_eq!(operators(vector), [ConstOp::V128Const([7; 16])]);
        assert_eq!(operators(three), [ConstOp::GlobalGet(3), ConstOp::I64Const(2), ConstOp::I64Mul]);
        assert_eq!(operators(object), [ConstOp::RefNull, ConstOp::ArrayNewFixed(4, 1)]);
        assert_eq!(only(one), Some(ConstOp::I32Const(-1)));
        assert_eq!([only(none), only(three)], [None; 2]);
        let beyond = ConstExpr { at: 20, len: 1000 };
        assert_eq!(operators(beyond), [], "of a damaged file");
    }
}
