//! Every atomic operator but fences, with every form of address and of operands, aligned and not, in and out of bounds,
//! in memories that are shared and that are not. There is one thread, so that results are the same in all engines that
//! have these operators: nobody is woken, and a wait ends by its timeout, which is short.

use crate::addresses::{self, accessed, address};
use crate::choices::Choices;
use crate::engines::{Ty, Value};
use crate::module::{Case, FRAMED, Frame, NOTHING, constant};
use crate::operators::{FORMS, Form, number_type, operand};
use crate::support::leb;
use crate::values::table;
use Ty::I64;
use headwater_codegen::op::{self, Op};

/// An atomic load, store or read-modify-write operator, or one that waits or notifies.
#[derive(Copy, Clone, Debug)]
pub struct Atomic {
    pub(crate) op: &'static Op,
    /// Of the operands after the address, but for a timeout.
    pub(crate) ty: Ty,
    /// How many these are.
    pub(crate) operands: usize,
    /// Whether there is a timeout after them.
    pub(crate) waits: bool,
}

/// Timeouts, which are short, in nanoseconds.
pub(crate) const TIMEOUTS: [u64; 3] = [0, 1, 1000];

impl Atomic {
    /// What it gives.
    pub(crate) fn gives(&self) -> Option<Ty> {
        self.op.sig.results().next().and_then(number_type)
    }
}

/// All of them.
pub fn all() -> Vec<Atomic> {
    let atomic = |op: &'static Op| {
        (op.prefix == Some(op::PREFIX_FE) && op.alignment().is_some()).then_some(())?;
        let waits = op.name.contains("wait");
        // Operands come last first.
        let ty = number_type(
            op.sig
                .operands()
                .nth(waits.into())
                .filter(|_| op.sig.operands().count() > 1)
                .or_else(|| op.sig.results().next())?,
        )?;
        Some(Atomic { op, ty, operands: op.sig.operands().count() - 1 - usize::from(waits), waits })
    };
    op::all().filter_map(atomic).collect()
}

/// `ty` is that of addresses, which `memories` have.
fn case(atomic: &Atomic, ty: Ty, memories: &[u8], samples: usize, values: &[Value], rng: &mut Choices<'_>) -> Case {
    let Atomic { op, operands, waits, .. } = *atomic;
    let forms: [Form; 3] = std::array::from_fn(|_| *rng.pick(&FORMS));
    let memory = *rng.pick(memories);
    let exponent = op.alignment().expect("it accesses memory");
    // Mostly aligned.
    let (unaligned, size) = (rng.one_in(6), 1 << exponent);
    let mut offset = addresses::offset(ty, rng);
    if !unaligned {
        offset &= !(size - 1);
    }
    // Where the address is both unaligned and beyond all addresses of the memory, wasmtime names the latter for these
    // operators, and the former for all others.
    let named = !(waits || op.name == "memory.atomic.notify");
    let limit = if ty == I64 { 1 << 64 } else { 1u128 << 32 };
    let at = |rng: &mut Choices<'_>| match address(ty, offset, size, rng) {
        Value::Bits(ty, at) if !named && u128::from(at) + u128::from(offset) >= limit => {
            Value::Bits(ty, at - (at.wrapping_add(offset) & (size - 1)))
        }
        Value::Bits(ty, at) if !rng.one_in(4) => Value::Bits(ty, at & !(size - 1)),
        at => at,
    };
    let fixed = at(rng);
    let after = rng.below(4);
    let mut code = vec![0x20, 0, 0x21, FRAMED, 0x20, 1, 0x21, FRAMED + 1];
    operand(&mut code, 0, forms[0], fixed, ty);
    for &form in &forms[1..=operands] {
        if form == Form::Spilled {
            code.extend([0x10, NOTHING as u8]);
        }
        operand(&mut code, 1, form, *rng.pick(values), atomic.ty);
    }
    if waits {
        constant(&mut code, Value::Bits(I64, *rng.pick(&TIMEOUTS)));
    }
    code.extend(op.bytes());
    code.extend([0x40 | exponent, memory]);
    leb(&mut code, offset);
    let result = atomic.gives();
    let mut results: Vec<Ty> = result.into_iter().collect();
    match after {
        _ if result.is_none() => {}
        // Local 2 may be of another type.
        1 if result == Some(atomic.ty) => code.extend([0x21, 2, 0x20, 2]),
        2 if result == Some(atomic.ty) => {
            code.extend([0x22, 2, 0x20, 2]);
            results.extend(result);
        }
        3 => {
            // Dropped at once.
            code.push(0x1a);
            results = vec![];
        }
        _ => {}
    }
    let calls = (0..samples).map(|_| [at(rng), *rng.pick(values)]).collect();
    let name = format!("{} of memory {memory} at {forms:?} ({fixed:?}) + {offset:#x}, then {after}", op.name);
    Case { name, results, code, calls }
}

/// `n` cases of one operator.
pub fn some_cases(atomic: &Atomic, n: usize, samples: usize, rng: &mut Choices<'_>) -> (Frame, Vec<Case>) {
    let values = table(atomic.ty);
    let mut memories = addresses::memories(rng);
    // Most are made for them.
    memories.iter_mut().for_each(|memory| memory.shared |= !memory.small_pages && rng.one_in(2));
    let (ty, numbers) = accessed(&memories, rng);
    let frame = Frame { params: [ty, atomic.ty], third: atomic.ty, arguments: false, memories };
    (frame, (0..n).map(|_| case(atomic, ty, &numbers, samples, &values, rng)).collect())
}
