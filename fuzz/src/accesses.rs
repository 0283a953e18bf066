//! Every load and store, with every form of address and of stored value, in and out of bounds.

use crate::choices::Choices;
use crate::engines::{Ty, Value};
use crate::module::{Case, FRAMED, Frame, NOTHING};
use crate::operators::{FORMS, Form, number_type, operand};
use crate::support::leb;
use crate::values::table;
use Ty::{F32, F64, I32, I64};
use headwater_codegen::op::{self, Imm, Op};

/// A load or store.
#[derive(Clone, Debug)]
pub struct Access {
    op: &'static Op,
    ty: Ty,
    /// Whether it takes a value beside the address, and whether it gives one.
    takes: bool,
    gives: bool,
}

fn of(prefix: Option<u8>) -> Vec<Access> {
    let access = |op: &'static Op| {
        op.alignment().filter(|_| op.prefix == prefix && op.feature.switch().is_some())?;
        let result = op.sig.results().next();
        let ty = number_type(result.or_else(|| op.sig.operands().next())?)?;
        Some(Access { op, ty, takes: op.sig.operands().count() == 2, gives: result.is_some() })
    };
    op::all().filter_map(access).collect()
}

/// All of scalars.
pub fn all() -> Vec<Access> {
    of(None)
}

/// All of vectors and their lanes.
pub fn vectors() -> Vec<Access> {
    of(Some(op::PREFIX_FD))
}

/// Addresses around the ends of the first page and of all addresses.
const ADDRESSES: [u32; 18] = [
    0,
    1,
    4,
    8,
    0x7ff0,
    0x7ff3,
    0xfff0,
    0xfff1,
    0xfff7,
    0xfff8,
    0xfff9,
    0xfffc,
    0xffff,
    0x1_0000,
    0x1_0001,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
];

const OFFSETS: [u32; 9] = [0, 1, 8, 0x7f, 0x80, 0xfff0, 0xffff, 0x7fff_ffff, 0xffff_ffff];

/// How the address is made of the operand.
#[derive(Copy, Clone, Debug)]
enum Address {
    Operand,
    PlusConstant,
    /// Plus 8 times local 3, which is zero.
    Scaled,
}

const ADDRESS_FORMS: [Address; 3] = [Address::Operand, Address::PlusConstant, Address::Scaled];

/// What follows a load.
#[derive(Copy, Clone, Debug)]
enum After {
    Nothing,
    Set,
    SetAddress,
    Tee,
}

const AFTERS: [After; 4] = [After::Nothing, After::Set, After::SetAddress, After::Tee];

/// Everything that makes a case of an access.
struct Plan {
    form: Form,
    address: Address,
    memory: u8,
    offset: u32,
    /// Of a store, or a load to a lane.
    value: Option<Form>,
    after: After,
}

fn frame(access: &Access) -> Frame {
    Frame { params: [Ty::I32, access.ty], third: access.ty, arguments: false }
}

fn case(access: &Access, plan: &Plan, samples: usize, values: &[Value], rng: &mut Choices<'_>) -> Case {
    let Plan { form, address, memory, offset, value, after } = *plan;
    let at = Value::Bits(I32, u64::from(*rng.pick(&ADDRESSES)));
    let stored = *rng.pick(values);
    let mut code = vec![0x20, 0, 0x21, FRAMED, 0x20, 1, 0x21, FRAMED + 1];
    operand(&mut code, 0, form, at, I32);
    if form == Form::Spilled {
        code.extend([0x10, NOTHING as u8]);
    }
    match address {
        Address::Operand => {}
        Address::PlusConstant => code.extend([0x41, 5, 0x6a]),
        Address::Scaled => code.extend([0x20, 3, 0xa7, 0x41, 3, 0x74, 0x6a]),
    }
    let mut results = vec![access.ty];
    if let Some(value) = value {
        operand(&mut code, 1, value, stored, access.ty);
        if value == Form::Spilled {
            code.extend([0x10, NOTHING as u8]);
        }
    }
    code.extend(access.op.bytes());
    code.extend([0x40, memory]);
    leb(&mut code, u64::from(offset));
    if matches!(access.op.imm, Imm::MemArgLane(_)) {
        code.push(rng.below(access.op.lanes().into()) as u8);
    }
    match after {
        _ if !access.gives => results = vec![],
        After::Nothing => {}
        After::Set => code.extend([0x21, 2, 0x20, 2]),
        After::Tee => {
            code.extend([0x22, 2, 0x20, 2]);
            results.push(access.ty);
        }
        After::SetAddress if access.ty == I32 => {
            // Into the local that the address came from; and as an i64, for its upper half.
            code.extend([0x21, 0, 0x20, 0, 0xad]);
            results = vec![I64];
        }
        After::SetAddress => {}
    }
    if matches!(access.ty, F32 | F64) && access.gives {
        // As bits: a load must not touch a NaN.
        results.truncate(1);
        if matches!(after, After::Tee) {
            code.push(0x1a);
        }
    }
    let calls = (0..samples).map(|_| [Value::Bits(I32, u64::from(*rng.pick(&ADDRESSES))), *rng.pick(values)]).collect();
    let name = format!(
        "{} of memory {memory} at {form:?} ({at:?}) {address:?} + {offset:#x}, stored {value:?} ({stored:?}), {after:?}",
        access.op.name
    );
    Case { name, results, code, calls }
}

/// The cases of one access: all of them.
pub fn cases(access: &Access, samples: usize, rng: &mut Choices<'_>) -> (Frame, Vec<Case>) {
    let values = table(access.ty);
    let mut cases = Vec::new();
    for form in FORMS {
        for address in ADDRESS_FORMS {
            for memory in [0, 1] {
                for offset in OFFSETS {
                    let mut add = |value: Option<Form>, after: After| {
                        let plan = Plan { form, address, memory, offset, value, after };
                        cases.push(case(access, &plan, samples, &values, rng));
                    };
                    let afters = if access.gives { &AFTERS[..] } else { &[After::Nothing] };
                    let values = if access.takes { FORMS.map(Some).to_vec() } else { vec![None] };
                    for &after in afters {
                        values.iter().for_each(|&value| add(value, after));
                    }
                }
            }
        }
    }
    (frame(access), cases)
}

/// `n` cases of one access.
pub fn some_cases(access: &Access, n: usize, samples: usize, rng: &mut Choices<'_>) -> (Frame, Vec<Case>) {
    let values = table(access.ty);
    let some = |_| {
        let plan = Plan {
            form: *rng.pick(&FORMS),
            address: *rng.pick(&ADDRESS_FORMS),
            memory: rng.below(2) as u8,
            offset: if rng.one_in(4) { rng.word() as u32 >> rng.below(32) } else { *rng.pick(&OFFSETS) },
            value: access.takes.then(|| *rng.pick(&FORMS)),
            after: if access.gives { *rng.pick(&AFTERS) } else { After::Nothing },
        };
        case(access, &plan, samples, &values, rng)
    };
    (frame(access), (0..n).map(some).collect())
}
