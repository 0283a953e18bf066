//! Constant expressions, of which a module may have a hundred thousand. They are read here, rather than by wasmparser once
//! more, which has validated them: it would look for the end of each, and then read it.

use super::sections::{invalid, unsupported};
use crate::error::CompileError;
use crate::module::info::{ConstExpr, ConstOp};
use headwater_codegen::ModuleEnv;
use headwater_codegen::op::{self, fb, simd};
use wasmparser::{BinaryReader, HeapType};

/// Reads a valid constant expression up to its end; the functions that it names are declared. `ops` is memory that is
/// used again.
///
/// # Errors
/// If it has an operator that is not known here.
pub(super) fn read(
    reader: &mut BinaryReader<'_>,
    env: &mut ModuleEnv,
    ops: &mut Vec<ConstOp>,
) -> Result<ConstExpr, CompileError> {
    ops.clear();
    while let Some(op) = operator(reader, env)? {
        ops.push(op);
    }
    Ok(ops.as_slice().into())
}

/// Reads an operator, or the end.
#[inline]
fn operator(reader: &mut BinaryReader<'_>, env: &mut ModuleEnv) -> Result<Option<ConstOp>, CompileError> {
    let code = reader.read_u8().map_err(invalid)?;
    let op = match code {
        op::END => return Ok(None),
        op::PREFIX_FB => return of_objects(reader).map(Some),
        op::I32_CONST => reader.read_var_i32().map(ConstOp::I32Const),
        op::I64_CONST => reader.read_var_i64().map(ConstOp::I64Const),
        op::F32_CONST => reader.read_f32().map(|value| ConstOp::F32Const(value.bits())),
        op::F64_CONST => reader.read_f64().map(|value| ConstOp::F64Const(value.bits())),
        op::GLOBAL_GET => reader.read_var_u32().map(ConstOp::GlobalGet),
        op::REF_NULL => reader.read::<HeapType>().map(|_| ConstOp::RefNull),
        op::REF_FUNC => {
            let func = reader.read_var_u32().map_err(invalid)?;
            env.declare(func);
            Ok(ConstOp::RefFunc(func))
        }
        op::I32_ADD => Ok(ConstOp::I32Add),
        op::I32_SUB => Ok(ConstOp::I32Sub),
        op::I32_MUL => Ok(ConstOp::I32Mul),
        op::I64_ADD => Ok(ConstOp::I64Add),
        op::I64_SUB => Ok(ConstOp::I64Sub),
        op::I64_MUL => Ok(ConstOp::I64Mul),
        op::PREFIX_FD if reader.read_var_u32().map_err(invalid)? == simd::V128_CONST => {
            let bytes = reader.read_bytes(16).map_err(invalid)?;
            Ok(ConstOp::V128Const(bytes.try_into().expect("there are 16")))
        }
        _ => return Err(unknown()),
    };
    op.map(Some).map_err(invalid)
}

fn of_objects(reader: &mut BinaryReader<'_>) -> Result<ConstOp, CompileError> {
    let op = match reader.read_var_u32().map_err(invalid)? {
        fb::STRUCT_NEW => reader.read_var_u32().map(ConstOp::StructNew),
        fb::STRUCT_NEW_DEFAULT => reader.read_var_u32().map(ConstOp::StructNewDefault),
        fb::ARRAY_NEW => reader.read_var_u32().map(ConstOp::ArrayNew),
        fb::ARRAY_NEW_DEFAULT => reader.read_var_u32().map(ConstOp::ArrayNewDefault),
        fb::ARRAY_NEW_FIXED => {
            let ty = reader.read_var_u32().map_err(invalid)?;
            reader.read_var_u32().map(|len| ConstOp::ArrayNewFixed(ty, len))
        }
        fb::REF_I31 => Ok(ConstOp::RefI31),
        fb::ANY_CONVERT_EXTERN => Ok(ConstOp::AnyConvertExtern),
        fb::EXTERN_CONVERT_ANY => Ok(ConstOp::ExternConvertAny),
        _ => return Err(unknown()),
    };
    op.map_err(invalid)
}

fn unknown() -> CompileError {
    unsupported("an operator of a constant expression")
}
