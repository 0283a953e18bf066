//! Every atomic access, with every form of address and of operands, aligned and not, in and out of bounds. The memories
//! are those of [`crate::module`], which are not shared, and there is one thread, so that results are the same in all
//! engines that have these operators.

use crate::choices::Choices;
use crate::engines::{Ty, Value};
use crate::module::{Case, FRAMED, Frame, NOTHING};
use crate::operators::{FORMS, Form, number_type, operand};
use crate::support::leb;
use crate::values::table;
use Ty::I32;
use headwater_codegen::op::{self, Op};

/// An atomic load, store or read-modify-write operator.
#[derive(Copy, Clone, Debug)]
pub struct Atomic {
    op: &'static Op,
    ty: Ty,
    /// Operands besides the address.
    operands: usize,
}

/// All of them.
pub fn all() -> Vec<Atomic> {
    let atomic = |op: &'static Op| {
        // Neither a fence nor those that wait.
        (op.prefix == Some(op::PREFIX_FE) && op.code >= op::atomics::I32_ATOMIC_LOAD).then_some(())?;
        let ty = number_type(op.sig.results().next().or_else(|| op.sig.operands().next())?)?;
        Some(Atomic { op, ty, operands: op.sig.operands().count() - 1 })
    };
    op::all().filter_map(atomic).collect()
}

/// Addresses around the ends of the first page and of all addresses, some of no alignment.
const ADDRESSES: [u32; 16] = [
    0,
    1,
    2,
    4,
    8,
    0x7ff0,
    0xfff0,
    0xfff7,
    0xfff8,
    0xfffc,
    0xfffe,
    0xffff,
    0x1_0000,
    0x8000_0000,
    0xffff_fff8,
    0xffff_ffff,
];

const OFFSETS: [u32; 9] = [0, 1, 4, 8, 0x7f, 0x80, 0xfff8, 0x7fff_fff8, 0xffff_ffff];

fn case(atomic: &Atomic, samples: usize, values: &[Value], rng: &mut Choices<'_>) -> Case {
    let Atomic { op, ty, operands } = *atomic;
    let forms: [Form; 3] = std::array::from_fn(|_| *rng.pick(&FORMS));
    let memory = rng.below(2) as u8;
    let offset = if rng.one_in(4) { (rng.word() as u32 >> rng.below(32)) & !7 } else { *rng.pick(&OFFSETS) };
    let at = Value::Bits(I32, u64::from(*rng.pick(&ADDRESSES)));
    let after = rng.below(4);
    let mut code = vec![0x20, 0, 0x21, FRAMED, 0x20, 1, 0x21, FRAMED + 1];
    operand(&mut code, 0, forms[0], at, I32);
    for &form in &forms[1..=operands] {
        if form == Form::Spilled {
            code.extend([0x10, NOTHING as u8]);
        }
        operand(&mut code, 1, form, *rng.pick(values), ty);
    }
    code.extend(op.bytes());
    code.extend([0x40 | op.alignment().expect("it accesses memory"), memory]);
    leb(&mut code, u64::from(offset));
    let mut results = vec![ty];
    match after {
        _ if op.sig.results().next().is_none() => results = vec![],
        0 => {}
        1 => code.extend([0x21, 2, 0x20, 2]),
        2 => {
            code.extend([0x22, 2, 0x20, 2]);
            results.push(ty);
        }
        _ => {
            // Dropped at once.
            code.push(0x1a);
            results = vec![];
        }
    }
    let calls = (0..samples).map(|_| [Value::Bits(I32, u64::from(*rng.pick(&ADDRESSES))), *rng.pick(values)]).collect();
    let name = format!("{} of memory {memory} at {forms:?} ({at:?}) + {offset:#x}, then {after}", op.name);
    Case { name, results, code, calls }
}

/// `n` cases of one operator.
pub fn some_cases(atomic: &Atomic, n: usize, samples: usize, rng: &mut Choices<'_>) -> (Frame, Vec<Case>) {
    let values = table(atomic.ty);
    let frame = Frame { params: [I32, atomic.ty], third: atomic.ty, arguments: false };
    (frame, (0..n).map(|_| case(atomic, samples, &values, rng)).collect())
}
