//! Every load and store, with every form of address and of stored value, in and out of bounds.

use crate::addresses::{self, Memory, OFFSETS, accessed, address};
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
    offset: u64,
    /// Of a store, or a load to a lane.
    value: Option<Form>,
    after: After,
}

fn frame(access: &Access, ty: Ty, memories: [Memory; 2]) -> Frame {
    Frame { params: [ty, access.ty], third: access.ty, arguments: false, memories }
}

/// `ty` is that of addresses.
fn case(access: &Access, ty: Ty, plan: &Plan, samples: usize, values: &[Value], rng: &mut Choices<'_>) -> Case {
    let Plan { form, address: made, memory, offset, value, after } = *plan;
    let size = 1 << access.op.alignment().expect("it accesses memory");
    let at = address(ty, offset, size, rng);
    let stored = *rng.pick(values);
    let mut code = vec![0x20, 0, 0x21, FRAMED, 0x20, 1, 0x21, FRAMED + 1];
    operand(&mut code, 0, form, at, ty);
    if form == Form::Spilled {
        code.extend([0x10, NOTHING as u8]);
    }
    match (made, ty) {
        (Address::Operand, _) => {}
        (Address::PlusConstant, I64) => code.extend([0x42, 5, 0x7c]),
        (Address::PlusConstant, _) => code.extend([0x41, 5, 0x6a]),
        (Address::Scaled, I64) => code.extend([0x20, 3, 0x42, 3, 0x86, 0x7c]),
        (Address::Scaled, _) => code.extend([0x20, 3, 0xa7, 0x41, 3, 0x74, 0x6a]),
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
    leb(&mut code, offset);
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
        // Into the local that the address came from; and as an i64, for its upper half.
        After::SetAddress if access.ty == ty => {
            code.extend([0x21, 0, 0x20, 0]);
            if ty == I32 {
                code.push(0xad);
            }
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
    let calls = (0..samples).map(|_| [address(ty, offset, size, rng), *rng.pick(values)]).collect();
    let name = format!(
        "{} of memory {memory} at {form:?} ({at:?}) {made:?} + {offset:#x}, stored {value:?} ({stored:?}), {after:?}",
        access.op.name
    );
    Case { name, results, code, calls }
}

/// The cases of one access: all forms of operands, in two memories whose addresses are of the same type.
pub fn cases(access: &Access, memories: [Memory; 2], samples: usize, rng: &mut Choices<'_>) -> (Frame, Vec<Case>) {
    let values = table(access.ty);
    let ty = memories[0].address();
    // Those of 64-bit memories that others have, too, are drawn elsewhere.
    let offsets = if ty == I64 { &addresses::FAR_OFFSETS[..] } else { &OFFSETS };
    let mut cases = Vec::new();
    for form in FORMS {
        for address in ADDRESS_FORMS {
            for memory in [0, 1] {
                for &offset in offsets {
                    let mut add = |value: Option<Form>, after: After| {
                        let plan = Plan { form, address, memory, offset, value, after };
                        cases.push(case(access, ty, &plan, samples, &values, rng));
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
    (frame(access, ty, memories), cases)
}

/// `n` cases of one access.
pub fn some_cases(access: &Access, n: usize, samples: usize, rng: &mut Choices<'_>) -> (Frame, Vec<Case>) {
    let values = table(access.ty);
    let memories = addresses::memories(rng);
    let (ty, numbers) = accessed(&memories, rng);
    let some = |_| {
        let plan = Plan {
            form: *rng.pick(&FORMS),
            address: *rng.pick(&ADDRESS_FORMS),
            memory: *rng.pick(&numbers),
            offset: addresses::offset(ty, rng),
            value: access.takes.then(|| *rng.pick(&FORMS)),
            after: if access.gives { *rng.pick(&AFTERS) } else { After::Nothing },
        };
        case(access, ty, &plan, samples, &values, rng)
    };
    (frame(access, ty, memories), (0..n).map(some).collect())
}
