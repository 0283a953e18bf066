//! Constant expressions as they arrive: validated and delimited in one pass (specification section 3.4, "constant
//! expressions").

use super::reader::{Invalid, Reader, allows_ref};
use headwater_codegen::env::{Storage, TypeKind};
use headwater_codegen::op::{self, fb, simd};
use headwater_codegen::{ModuleEnv, Ty};
use std::ops::Range;
use wasmparser::WasmFeatures;

/// Reads constant expressions; reused from one to the next.
#[derive(Default, Debug)]
pub(super) struct ConstReader {
    /// The operand stack.
    stack: Vec<Ty>,
}

impl ConstReader {
    /// Reads an expression whose value is wanted as a `want`. Returns where it stands without its `end`, and calls
    /// `declare` for each function that it names.
    pub fn read(
        &mut self,
        reader: &mut Reader<'_>,
        env: &ModuleEnv,
        features: WasmFeatures,
        want: Ty,
        mut declare: impl FnMut(u32),
    ) -> Result<Range<usize>, Invalid> {
        let start = reader.position();
        self.stack.clear();
        loop {
            let at = reader.position();
            let code = reader.byte()?;
            if code == op::END {
                return match self.stack[..] {
                    [have] if env.fits(have, want) => Ok(start..at),
                    _ => Err(Invalid),
                };
            }
            let ty = self.operator(code, reader, env, features, &mut declare)?;
            self.stack.push(ty);
        }
    }

    /// Takes the operands of an operator, and returns the type of its result.
    #[inline]
    fn operator(
        &mut self,
        code: u8,
        reader: &mut Reader<'_>,
        env: &ModuleEnv,
        features: WasmFeatures,
        declare: &mut impl FnMut(u32),
    ) -> Result<Ty, Invalid> {
        let needs = |feature| if features.contains(feature) { Ok(()) } else { Err(Invalid) };
        Ok(match code {
            op::I32_CONST => {
                reader.signed::<32>()?;
                Ty::I32
            }
            op::I64_CONST => {
                reader.signed::<64>()?;
                Ty::I64
            }
            op::F32_CONST => {
                needs(WasmFeatures::FLOATS)?;
                reader.skip(4)?;
                Ty::F32
            }
            op::F64_CONST => {
                needs(WasmFeatures::FLOATS)?;
                reader.skip(8)?;
                Ty::F64
            }
            op::GLOBAL_GET => {
                let index = reader.u32()?;
                let global = env.globals.get(index as usize).ok_or(Invalid)?;
                if global.mutable || index >= env.imported_globals && !features.contains(WasmFeatures::GC) {
                    return Err(Invalid);
                }
                global.ty
            }
            op::REF_NULL => {
                let ty = reader.heap_type(|index| env.defined(index))?;
                if !allows_ref(ty, features) {
                    return Err(Invalid);
                }
                ty
            }
            op::REF_FUNC => {
                needs(WasmFeatures::REFERENCE_TYPES)?;
                let func = reader.u32()?;
                if func as usize >= env.funcs.len() {
                    return Err(Invalid);
                }
                declare(func);
                env.func_ref(func)
            }
            op::I32_ADD | op::I32_SUB | op::I32_MUL => {
                needs(WasmFeatures::EXTENDED_CONST)?;
                self.pop_all(&[Ty::I32, Ty::I32], env)?;
                Ty::I32
            }
            op::I64_ADD | op::I64_SUB | op::I64_MUL => {
                needs(WasmFeatures::EXTENDED_CONST)?;
                self.pop_all(&[Ty::I64, Ty::I64], env)?;
                Ty::I64
            }
            op::PREFIX_FB => {
                needs(WasmFeatures::GC)?;
                self.of_objects(reader, env)?
            }
            op::PREFIX_FD => {
                needs(WasmFeatures::SIMD)?;
                if reader.u32()? != simd::V128_CONST {
                    return Err(Invalid);
                }
                reader.skip(16)?;
                Ty::V128
            }
            _ => return Err(Invalid),
        })
    }

    /// The same for an operator of garbage collection.
    fn of_objects(&mut self, reader: &mut Reader<'_>, env: &ModuleEnv) -> Result<Ty, Invalid> {
        let code = reader.u32()?;
        Ok(match code {
            fb::STRUCT_NEW => {
                let (ty, fields) = defined(reader.u32()?, TypeKind::Struct, env)?;
                for field in env.fields[fields].iter().rev() {
                    self.pop(field.storage.unpacked(), env)?;
                }
                ty
            }
            fb::STRUCT_NEW_DEFAULT => {
                let (ty, fields) = defined(reader.u32()?, TypeKind::Struct, env)?;
                if !env.fields[fields].iter().all(|field| has_default(field.storage)) {
                    return Err(Invalid);
                }
                ty
            }
            fb::ARRAY_NEW | fb::ARRAY_NEW_DEFAULT | fb::ARRAY_NEW_FIXED => {
                let (ty, element) = defined(reader.u32()?, TypeKind::Array, env)?;
                let storage = env.fields[element.start].storage;
                match code {
                    fb::ARRAY_NEW => self.pop_all(&[storage.unpacked(), Ty::I32], env)?,
                    fb::ARRAY_NEW_DEFAULT if has_default(storage) => self.pop(Ty::I32, env)?,
                    fb::ARRAY_NEW_FIXED => {
                        for _ in 0..reader.u32()? {
                            self.pop(storage.unpacked(), env)?;
                        }
                    }
                    _ => return Err(Invalid),
                }
                ty
            }
            fb::REF_I31 => {
                self.pop(Ty::I32, env)?;
                Ty::I31REF.non_null()
            }
            fb::ANY_CONVERT_EXTERN => self.convert(Ty::EXTERNREF, Ty::ANYREF, env)?,
            fb::EXTERN_CONVERT_ANY => self.convert(Ty::ANYREF, Ty::EXTERNREF, env)?,
            _ => return Err(Invalid),
        })
    }

    fn pop(&mut self, want: Ty, env: &ModuleEnv) -> Result<(), Invalid> {
        let have = self.stack.pop().ok_or(Invalid)?;
        if env.fits_or_null(have, want) { Ok(()) } else { Err(Invalid) }
    }

    /// Pops operands of these types, the last one first.
    fn pop_all(&mut self, want: &[Ty], env: &ModuleEnv) -> Result<(), Invalid> {
        want.iter().rev().try_for_each(|&ty| self.pop(ty, env))
    }

    /// Pops a reference, and returns the type that it has in another hierarchy, where it is null if it is here.
    fn convert(&mut self, from: Ty, to: Ty, env: &ModuleEnv) -> Result<Ty, Invalid> {
        let non_null = self.stack.last().is_some_and(|have| have.is_non_null());
        self.pop(from, env)?;
        Ok(if non_null { to.non_null() } else { to })
    }
}

/// References to objects of the module's type `index`, which is to be of this kind, and where its fields are.
fn defined(index: u32, kind: TypeKind, env: &ModuleEnv) -> Result<(Ty, Range<usize>), Invalid> {
    let def = env.defs.get(index as usize).filter(|def| def.kind == kind).ok_or(Invalid)?;
    let ty = env.defined(index).ok_or(Invalid)?;
    Ok((ty.non_null(), def.fields.start as usize..def.fields.end as usize))
}

/// Whether a field has a value if none is given.
fn has_default(storage: Storage) -> bool {
    let ty = storage.unpacked();
    !ty.is_ref() || !ty.is_non_null()
}
