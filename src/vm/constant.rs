//! Constant expressions (specification section 4.4.9): what globals, tables and segments begin with.
//!
//! Nothing is collected while one is evaluated, since its operands are where no root is looked for: whoever evaluates
//! sees to it that there is room beforehand, and the heap grows.

use crate::Result;
use crate::module::constants::{ConstExpr, ConstOp};
use crate::types::object::FieldKind;
use crate::vm::alloc;
use crate::vm::context::ValRaw;
use crate::vm::gc::{heap::Heap, objects, too_large};
use crate::vm::instance::InstanceData;
use crate::vm::store::StoreOpaque;
use headwater_codegen::vmctx::gc;

/// The value of `expr`, of an instance of a module that is valid, so that the operands have the types that the operators
/// need.
///
/// # Errors
/// If there is no memory for its operands, or no room for objects.
///
/// # Safety
/// `store` must reach all of its store, which `instance` belongs to and nothing else may be using.
pub(crate) unsafe fn eval(store: *mut StoreOpaque, instance: *const InstanceData, expr: ConstExpr) -> Result<ValRaw> {
    // SAFETY: guaranteed by the caller; the module is kept by its instance.
    let module = unsafe { (*instance).module() };
    // SAFETY: as above.
    let leaf = |op| unsafe { (*instance).eval_leaf(op) };
    let info = module.info();
    if let Some(value) = info.only(expr).and_then(leaf) {
        return Ok(value);
    }
    let operators = info.operators(expr);
    // There are no more values than operators.
    let mut stack: Vec<ValRaw> = alloc::with_room("a constant expression", operators.bytes_left())?;
    for op in operators {
        let value = match leaf(op) {
            Some(value) => value,
            // SAFETY: guaranteed by the caller.
            None => unsafe { apply(store, instance, op, &mut stack) }?,
        };
        stack.push(value);
    }
    Ok(pop(&mut stack))
}

fn pop(stack: &mut Vec<ValRaw>) -> ValRaw {
    stack.pop().expect("valid constant expressions have their operands")
}

/// The result of an operator that has operands.
///
/// # Safety
/// As for [`eval`].
unsafe fn apply(
    store: *mut StoreOpaque,
    instance: *const InstanceData,
    op: ConstOp,
    stack: &mut Vec<ValRaw>,
) -> Result<ValRaw> {
    let mut binary = |f: fn(u64, u64) -> u64| {
        let (b, a) = (pop(stack).lo, pop(stack).lo);
        Ok(ValRaw::new(f(a, b)))
    };
    // SAFETY: guaranteed by the caller; operands are of the types of fields and elements.
    unsafe {
        let number = |ty: u32| (*instance).module().canonical_types()[ty as usize];
        match op {
            ConstOp::I32Add => binary(|a, b| (a as u32).wrapping_add(b as u32).into()),
            ConstOp::I32Sub => binary(|a, b| (a as u32).wrapping_sub(b as u32).into()),
            ConstOp::I32Mul => binary(|a, b| (a as u32).wrapping_mul(b as u32).into()),
            ConstOp::I64Add => binary(u64::wrapping_add),
            ConstOp::I64Sub => binary(u64::wrapping_sub),
            ConstOp::I64Mul => binary(u64::wrapping_mul),
            ConstOp::RefI31 => {
                let value = pop(stack).lo as u32;
                Ok(ValRaw::new((value << 1 | gc::I31).into()))
            }
            ConstOp::AnyConvertExtern => {
                let word = pop(stack).lo as u32;
                Ok(ValRaw::new((*store).gc().any_of_extern(word).into()))
            }
            ConstOp::ExternConvertAny => {
                let word = pop(stack).lo as u32;
                Ok(ValRaw::new((*store).extern_of_any(word)?.into()))
            }
            ConstOp::StructNewDefault(ty) => make(store, number(ty), 0),
            ConstOp::ArrayNewDefault(ty) => {
                let len = pop(stack).lo as u32;
                make(store, number(ty), len)
            }
            ConstOp::StructNew(ty) => {
                let object = make(store, number(ty), 0)?;
                let heap = (*store).gc();
                let fields = &heap.shape(object.lo as u32).layout.fields;
                for (field, value) in fields.iter().zip(stack.drain(stack.len() - fields.len()..)) {
                    heap.write(object.lo as u32, field.offset.into(), field.kind, value);
                }
                Ok(object)
            }
            ConstOp::ArrayNew(ty) => {
                let (len, value) = (pop(stack).lo as u32, pop(stack));
                let array = make(store, number(ty), len)?;
                let (kind, first) = elements(store, array);
                objects::fill((*store).gc().at(array.lo as u32, first), kind, value, len as usize);
                (*store).gc().dirty(array.lo as u32, first, len.into(), kind);
                Ok(array)
            }
            ConstOp::ArrayNewFixed(ty, len) => {
                let array = make(store, number(ty), len)?;
                let (kind, first) = elements(store, array);
                for (i, value) in (0..).zip(stack.drain(stack.len() - len as usize..)) {
                    let offset = first + i * u64::from(kind.size());
                    (*store).gc().write(array.lo as u32, offset, kind, value);
                }
                Ok(array)
            }
            _ => unreachable!("all others are leaves"),
        }
    }
}

/// What the elements of an array are, and the offset of the first one.
///
/// # Safety
/// As for [`eval`].
unsafe fn elements(store: *mut StoreOpaque, array: ValRaw) -> (FieldKind, u64) {
    // SAFETY: guaranteed by the caller.
    let elements = unsafe { (*store).gc().shape(array.lo as u32).elements() };
    let (kind, first) = elements.expect("it is an array");
    (kind, first.into())
}

/// An object of zeros and nulls.
///
/// # Safety
/// As for [`eval`].
unsafe fn make(store: *mut StoreOpaque, number: u32, len: u32) -> Result<ValRaw> {
    // SAFETY: guaranteed by the caller; the object is as large as its type says.
    unsafe {
        let (bytes, number) = (*store).gc().plan(number, len);
        if bytes > Heap::MOST {
            return Err(too_large());
        }
        let object = StoreOpaque::allocate_in_place(store, bytes)?;
        (*store).gc().clear(object, bytes, number, len);
        Ok(ValRaw::new(object.into()))
    }
}
