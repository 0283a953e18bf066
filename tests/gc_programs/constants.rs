//! What expressions end in: numbers, and the simplest value of each type.

use super::program::{Expr, Sub};
use super::types::{EMPTY, Heap, INTS, Shape, Ty, Types};
use crate::support::Rng;

pub fn sub(expr: Expr) -> Sub {
    Box::new(expr)
}

/// A value for `ty` that takes little and no local: a constant expression.
pub fn minimal(rng: &mut Rng, types: &Types, funcs: &[usize], ty: Ty) -> Expr {
    let r = match ty {
        Ty::I32 => return Expr::I32(number(rng)),
        Ty::I64 => return Expr::I64(rng.next() as i64),
        Ty::F32 => return Expr::F32(rng.next() as u32),
        Ty::F64 => return Expr::F64(rng.next()),
        Ty::V128 => return Expr::V128(u128::from(rng.next()) << 64 | u128::from(rng.next())),
        Ty::Ref(r) => r,
    };
    if r.null {
        return Expr::Null(r.heap);
    }
    match r.heap {
        Heap::Any | Heap::Eq | Heap::I31 => Expr::RefI31(sub(Expr::I32(number(rng)))),
        Heap::Struct => Expr::New(EMPTY, Vec::new()),
        Heap::Array => Expr::ArrayFixed(INTS, vec![Expr::I32(number(rng))]),
        Heap::Extern => Expr::ToExtern(sub(Expr::RefI31(sub(Expr::I32(number(rng)))))),
        Heap::Func => Expr::RefFunc(rng.below(funcs.len())),
        Heap::Def(i) => match &types.defs[i].shape {
            Shape::Struct(fields) => {
                Expr::New(i, fields.iter().map(|field| minimal(rng, types, funcs, field.storage.ty())).collect())
            }
            Shape::Array(element) => {
                // Long enough for most indices.
                let n = if rng.below(40) == 0 { 0 } else { 4 + rng.below(4) as i32 };
                let value = minimal(rng, types, funcs, element.storage.ty());
                if n == 4 { Expr::ArrayFixed(i, vec![value; 4]) } else { Expr::Array(i, sub(value), sub(Expr::I32(n))) }
            }
            Shape::Func(..) => {
                Expr::RefFunc(funcs.iter().position(|&func| func == i).expect("each type has a function"))
            }
        },
        heap => unreachable!("nothing is of type (ref {heap})"),
    }
}

/// Small ones mostly, which are good indices, and those at the borders.
pub fn number(rng: &mut Rng) -> i32 {
    match rng.below(8) {
        0..6 => rng.below(5) as i32,
        6 => *rng.pick(&[-1, i32::MIN, i32::MAX, 0x4000_0000, -0x4000_0001, 128, 255, 0x8000, 0xffff, 65536, 300]),
        _ => rng.next() as i32,
    }
}
