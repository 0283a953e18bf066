//! Every numeric operator, with every form of operand on each side, before everything that it may be fused with.

use crate::addresses::USUAL;
use crate::choices::Choices;
use crate::engines::{Nans, Ty, Value};
use crate::module::{BITS64, Case, FRAMED, Frame, NOTHING, ZERO32, ZERO64, constant};
use crate::values::table;
use Ty::{F32, F64, I32, I64, V128};
use headwater_codegen::op::{self, Imm, Op};

/// An operator: its bytes, operands and result.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The row of the table.
    pub op: &'static Op,
    /// As it is encoded.
    pub bytes: Vec<u8>,
    /// One to three operands. The third is of the type of the second, whose local it has.
    pub takes: Vec<Ty>,
    /// The result.
    pub gives: Ty,
}

impl Operator {
    /// Which NaNs may differ: those that may be any NaN (specification section 4.3.3, "NaN propagation").
    pub fn nans(&self) -> Nans {
        let (shape, what) = self.op.name.split_once('.').expect("a type and what is done");
        match shape {
            "f32x4" | "f64x2" if self.gives == Ty::V128 => {
                let arithmetic =
                    ["add", "sub", "mul", "div", "min", "max", "sqrt", "ceil", "floor", "trunc", "nearest"];
                let arithmetic = arithmetic.contains(&what) || what.starts_with("relaxed_");
                match shape {
                    _ if !(arithmetic || what.starts_with("demote") || what.starts_with("promote")) => Nans::Exact,
                    "f32x4" => Nans::AnyF32x4,
                    _ => Nans::AnyF64x2,
                }
            }
            "f32" | "f64" if !(matches!(what, "abs" | "neg" | "copysign") || what.starts_with("reinterpret")) => {
                Nans::Any
            }
            _ => Nans::Exact,
        }
    }

    /// Whether it may round once or twice.
    pub fn is_fused(&self) -> bool {
        self.op.name.ends_with("madd")
    }
}

/// The numeric type of an operand or result.
pub(crate) fn number_type(operand: op::Operand) -> Option<Ty> {
    match operand.fixed()? {
        headwater_codegen::Ty::I32 => Some(I32),
        headwater_codegen::Ty::I64 => Some(I64),
        headwater_codegen::Ty::F32 => Some(F32),
        headwater_codegen::Ty::F64 => Some(F64),
        headwater_codegen::Ty::V128 => Some(V128),
        _ => None,
    }
}

/// All numeric operators of scalars that the compiler has.
pub fn all() -> Vec<Operator> {
    let numeric = |op: &'static Op| {
        let mut takes = op.sig.operands().map(number_type).collect::<Option<Vec<Ty>>>()?;
        takes.reverse();
        let gives = number_type(op.sig.results().next()?)?;
        let scalar = op.prefix != Some(op::PREFIX_FD);
        // Those of wide arithmetic, with up to four operands and two results, fit no frame; wasm-smith draws them.
        let fits = (1..=3).contains(&takes.len()) && op.sig.results().count() == 1;
        let wanted = scalar && op.imm == Imm::Nothing && fits && op.feature.switch().is_some();
        wanted.then(|| Operator { op, bytes: op.bytes(), takes, gives })
    };
    op::all().filter(|op| op.sig.is_known()).filter_map(numeric).collect()
}

/// Where an operand is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// In a local of the first three.
    Pinned,
    /// In a local after those.
    Framed,
    Constant,
    /// The result of another operator.
    Temporary,
    /// The same, in its home slot because of a call.
    Spilled,
    /// The same, just put into its local by `local.tee`.
    Teed,
}

pub(crate) const FORMS: [Form; 6] =
    [Form::Pinned, Form::Framed, Form::Constant, Form::Temporary, Form::Spilled, Form::Teed];

/// Makes a temporary of the value of type `ty` on top.
fn temporary(out: &mut Vec<u8>, ty: Ty) {
    match ty {
        I32 => out.extend([0x23, ZERO32, 0x6a]),
        I64 => out.extend([0x23, ZERO64, 0x7c]),
        F32 => out.extend([0xbc, 0xbe]),
        V128 => out.extend([0xfd, 0x4d, 0xfd, 0x4d]),
        _ => out.extend([0xbd, 0xbf]),
    }
}

/// Pushes operand `side`, which is what parameter `side` has or, if it is constant, `value`.
pub(crate) fn operand(out: &mut Vec<u8>, side: u8, form: Form, value: Value, ty: Ty) {
    match form {
        Form::Pinned => out.extend([0x20, side]),
        Form::Framed => out.extend([0x20, FRAMED + side]),
        Form::Constant => constant(out, value),
        Form::Temporary | Form::Spilled | Form::Teed => {
            out.extend([0x20, side]);
            temporary(out, ty);
            if form == Form::Teed {
                out.extend([0x22, side]);
            }
        }
    }
}

/// What surrounds an operator.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Context {
    Plain,
    SetThird,
    TeeThird,
    SetFramed,
    /// Put into its own operand's local, the other operand still being needed.
    SetOperand(u8),
    TeeOperand(u8),
    /// The same while an earlier read of that local is pending.
    SetPending(u8),
    /// Above so many integers that are still needed.
    Ints(u8),
    /// Above so many floats that are still needed.
    Floats(u8),
    /// The upper half of an i32 must be zero.
    ExtendU,
    SetExtendU,
    BrIf,
    BrIfValue,
    BrIfBack,
    If,
    IfSet,
    BrTable,
    SelectConstants,
    SelectOperands,
    SelectFramed,
    SelectFloats,
    Eqz,
    EqzEqz,
    EqzBrIf,
    EqzIf,
    EqzSelect,
    Argument,
    /// The mask of a selection of bits.
    Mask,
    /// One of two that a condition selects.
    SelectResult,
    /// Carried by a branch over a value.
    BrResult,
}

/// All of them.
pub(crate) const CONTEXTS: [Context; 38] = {
    use Context::*;
    [
        Plain,
        SetThird,
        TeeThird,
        SetFramed,
        SetOperand(0),
        SetOperand(1),
        TeeOperand(0),
        TeeOperand(1),
        SetPending(0),
        SetPending(1),
        SetPending(2),
        Ints(1),
        Ints(2),
        Ints(3),
        Ints(4),
        Ints(5),
        Ints(6),
        Ints(7),
        Ints(9),
        Floats(2),
        Floats(13),
        Floats(14),
        Floats(20),
        ExtendU,
        SetExtendU,
        BrIf,
        BrIfValue,
        BrIfBack,
        If,
        IfSet,
        BrTable,
        SelectConstants,
        SelectOperands,
        SelectFramed,
        SelectFloats,
        Eqz,
        EqzEqz,
        EqzBrIf,
    ]
};

/// The rest of them.
pub(crate) const MORE_CONTEXTS: [Context; 3] = [Context::EqzIf, Context::EqzSelect, Context::Argument];

/// Those of operators that give a vector, beside those for all.
pub(crate) const VECTOR_CONTEXTS: [Context; 3] = [Context::Mask, Context::SelectResult, Context::BrResult];

impl Context {
    /// Code before and after the operands and the operator, and the results; `None` if it does not fit.
    fn around(self, takes: [Ty; 2], gives: Ty) -> Option<(Vec<u8>, Vec<u8>, Vec<Ty>)> {
        let flag = gives == I32;
        let local = |side: u8| [takes[0], takes[1], gives][usize::from(side)];
        let plain = |after: &[u8], results: &[Ty]| Some((Vec::new(), after.to_vec(), results.to_vec()));
        let int_eqz = match gives {
            I32 => Some(0x45),
            I64 => Some(0x50),
            _ => None,
        };
        match self {
            Context::Plain => plain(&[], &[gives]),
            Context::SetThird => plain(&[0x21, 2, 0x20, 2], &[gives]),
            Context::TeeThird => plain(&[0x22, 2, 0x20, 2], &[gives, gives]),
            Context::SetFramed => plain(&[0x21, FRAMED + 2, 0x20, FRAMED + 2], &[gives]),
            Context::SetOperand(side) if local(side) == gives => {
                plain(&[0x21, side, 0x20, 0, 0x20, 1], &[takes[0], takes[1]])
            }
            Context::TeeOperand(side) if local(side) == gives => {
                plain(&[0x22, side, 0x20, 0, 0x20, 1], &[gives, takes[0], takes[1]])
            }
            Context::SetPending(side) if local(side) == gives => {
                Some((vec![0x20, side, 0x20, 0], vec![0x21, side, 0x20, side], vec![gives, takes[0], gives]))
            }
            Context::Ints(n) => {
                let mut before = Vec::new();
                for i in 0..n {
                    before.extend([0x23, BITS64, 0x42, i + 1, 0x7c]);
                }
                let mut after = vec![0x21, FRAMED + 2];
                for i in 1..n {
                    // Subtraction, and a rotation that tells the places apart.
                    after.extend([0x7d, 0x42, i, 0x89]);
                }
                after.extend([0x20, FRAMED + 2]);
                Some((before, after, vec![I64, gives]))
            }
            Context::Floats(n) => {
                let mut before = Vec::new();
                for i in 0..n {
                    before.extend([0x41, i + 1, 0xb7]);
                }
                let mut after = vec![0x21, FRAMED + 2];
                after.extend(vec![0xa1; usize::from(n) - 1]);
                after.extend([0x20, FRAMED + 2]);
                Some((before, after, vec![F64, gives]))
            }
            Context::ExtendU if flag => plain(&[0xad], &[I64]),
            Context::SetExtendU if flag => plain(&[0x21, 2, 0x20, 2, 0xad], &[I64]),
            Context::BrIf if flag => Some((vec![0x02, 0x40], vec![0x0d, 0, 0x41, 1, 0x0f, 0x0b, 0x41, 2], vec![I32])),
            Context::BrIfValue if flag => {
                Some((vec![0x02, 0x7f, 0x41, 7], vec![0x0d, 0, 0x1a, 0x41, 9, 0x0b], vec![I32]))
            }
            Context::BrIfBack if flag => Some((
                // Counts in local 3 and leaves at the third time.
                vec![0x03, 0x40, 0x20, 3, 0x42, 1, 0x7c, 0x22, 3, 0x42, 3, 0x5a, 0x04, 0x40, 0x20, 3, 0x0f, 0x0b],
                vec![0x0d, 0, 0x0b, 0x20, 3],
                vec![I64],
            )),
            Context::If if flag => plain(&[0x04, 0x7f, 0x41, 1, 0x05, 0x41, 2, 0x0b], &[I32]),
            Context::IfSet if flag => plain(&[0x04, 0x40, 0x41, 5, 0x21, 2, 0x0b, 0x20, 2], &[I32]),
            Context::BrTable if flag => Some((
                vec![0x02, 0x40, 0x02, 0x40, 0x02, 0x40],
                vec![0x0e, 2, 0, 1, 2, 0x0b, 0x41, 1, 0x0f, 0x0b, 0x41, 2, 0x0f, 0x0b, 0x41, 3],
                vec![I32],
            )),
            Context::SelectConstants if flag => Some((vec![0x41, 5, 0x41, 6], vec![0x1b], vec![I32])),
            Context::SelectOperands if flag && takes[0] == takes[1] => {
                Some((vec![0x20, 0, 0x20, 1], vec![0x1b], vec![takes[0]]))
            }
            Context::SelectFramed if flag && takes[0] == takes[1] => {
                Some((vec![0x20, FRAMED, 0x20, FRAMED + 1], vec![0x1b], vec![takes[0]]))
            }
            Context::SelectFloats if flag => Some((vec![0x41, 5, 0xb7, 0x41, 6, 0xb7], vec![0x1b], vec![F64])),
            Context::Eqz => plain(&[int_eqz?], &[I32]),
            Context::EqzEqz => plain(&[int_eqz?, 0x45], &[I32]),
            Context::EqzBrIf => {
                Some((vec![0x02, 0x40], vec![int_eqz?, 0x0d, 0, 0x41, 1, 0x0f, 0x0b, 0x41, 2], vec![I32]))
            }
            Context::EqzIf => plain(&[int_eqz?, 0x04, 0x7f, 0x41, 1, 0x05, 0x41, 2, 0x0b], &[I32]),
            Context::EqzSelect => Some((vec![0x41, 5, 0x41, 6], vec![int_eqz?, 0x1b], vec![I32])),
            Context::Argument if flag => {
                // Through a conversion and memory back: what is stored must be all of the i32.
                Some((vec![0x41, 0x20], vec![0x36, 2, 0, 0x41, 0x20, 0x35, 2, 0], vec![I64]))
            }
            Context::Mask if gives == V128 && takes == [V128; 2] => {
                Some((vec![0x20, 0, 0x20, 1], vec![0xfd, 0x52], vec![V128]))
            }
            // wasmi 1.0.9 takes a vector shifted by an integer, or with a lane replaced, for an integer here.
            Context::SelectResult if takes == [gives; 2] => {
                plain(&[0x20, 0, 0x23, BITS64, 0xa7, 0x41, 1, 0x71, 0x1c, 1, gives.byte()], &[gives])
            }
            Context::BrResult => Some((
                vec![0x02, gives.byte(), 0x23, BITS64],
                vec![0x23, BITS64, 0xa7, 0x0d, 0, 0x21, 2, 0x1a, 0x20, 2, 0x0b],
                vec![gives],
            )),
            _ => None,
        }
    }
}

/// The function in which `op` has operands of these forms in this context.
pub(crate) fn case(op: &Operator, forms: [Form; 3], constants: [Value; 3], context: Context) -> Option<Case> {
    let takes = sides(op);
    if context == Context::Mask && op.nans() != Nans::Exact {
        // What is selected would differ, too.
        return None;
    }
    let (before, after, results) = context.around(takes, op.gives)?;
    let mut code = vec![0x20, 0, 0x21, FRAMED, 0x20, 1, 0x21, FRAMED + 1];
    code.extend(before);
    for (i, &ty) in op.takes.iter().enumerate() {
        operand(&mut code, (i as u8).min(1), forms[i], constants[i], ty);
        if forms[i] == Form::Spilled {
            code.extend([0x10, NOTHING as u8]);
        }
    }
    code.extend(&op.bytes);
    code.extend(after);
    let mut name = format!("{} {:?}", op.op.name, forms[0]);
    for form in &forms[1..op.takes.len()] {
        name += &format!(", {form:?}");
    }
    for i in 0..op.takes.len() {
        if forms[i] == Form::Constant {
            name += &format!(", operand {i} is {:?}", constants[i]);
        }
    }
    Some(Case { name: format!("{name}, {context:?}"), results, code, calls: Vec::new() })
}

/// The types of the first two operands, or twice that of the only one.
pub(crate) fn sides(op: &Operator) -> [Ty; 2] {
    [op.takes[0], op.takes[op.takes.len().min(2) - 1]]
}

/// The frame of `op`'s cases.
pub fn frame(op: &Operator) -> Frame {
    Frame { params: sides(op), third: op.gives, arguments: false, memories: USUAL }
}

/// The same for an operator of at most two operands.
fn binary_case(op: &Operator, [a, b]: [Form; 2], [x, y]: [Value; 2], context: Context) -> Option<Case> {
    case(op, [a, b, b], [x, y, y], context)
}

/// All cases of one operator, each called with `samples` pairs of values.
pub fn cases(op: &Operator, samples: usize, rng: &mut Choices<'_>) -> Vec<Case> {
    let tables = frame(op).params.map(table);
    let mut cases = Vec::new();
    let seconds: &[Form] = if op.takes.len() == 2 { &FORMS } else { &FORMS[..1] };
    for a in FORMS {
        for &b in seconds {
            for context in CONTEXTS.into_iter().chain(MORE_CONTEXTS) {
                let constant = a == Form::Constant || op.takes.len() == 2 && b == Form::Constant;
                for _ in 0..if constant { 3 } else { 1 } {
                    let constants = [*rng.pick(&tables[0]), *rng.pick(&tables[1])];
                    let Some(mut case) = binary_case(op, [a, b], constants, context) else { continue };
                    case.calls = (0..samples).map(|_| [*rng.pick(&tables[0]), *rng.pick(&tables[1])]).collect();
                    cases.push(case);
                }
            }
        }
    }
    cases
}

/// `n` cases of one operator, as [`cases`] has them.
pub fn some_cases(op: &Operator, n: usize, samples: usize, rng: &mut Choices<'_>) -> Vec<Case> {
    let tables = frame(op).params.map(table);
    let contexts: Vec<Context> = CONTEXTS.into_iter().chain(MORE_CONTEXTS).collect();
    let mut cases = Vec::new();
    for _ in 0..n {
        let forms = [*rng.pick(&FORMS), *rng.pick(&FORMS)];
        let constants = [number(&tables[0], rng), number(&tables[1], rng)];
        let Some(mut case) = binary_case(op, forms, constants, *rng.pick(&contexts)) else { continue };
        case.calls = (0..samples).map(|_| [number(&tables[0], rng), number(&tables[1], rng)]).collect();
        cases.push(case);
    }
    cases
}

/// One of `table`, now and then any of its type, of any magnitude.
pub(crate) fn number(table: &[Value], rng: &mut Choices<'_>) -> Value {
    match table[0] {
        Value::Bits(ty, _) if rng.one_in(4) => {
            let wide = matches!(ty, I64 | F64);
            let bits = if wide { rng.word() } else { rng.word() as u32 as u64 };
            Value::Bits(ty, if matches!(ty, I32 | I64) { bits >> rng.below(if wide { 64 } else { 32 }) } else { bits })
        }
        Value::Vector(_) if rng.one_in(4) => Value::Vector(u128::from(rng.word()) << 64 | u128::from(rng.word())),
        _ => *rng.pick(table),
    }
}

/// `op` with every pair of values of the tables, as parameters and as constants.
pub fn all_values(op: &Operator) -> Vec<Case> {
    let tables = frame(op).params.map(table);
    let pairs = |a: &[Value], b: &[Value]| -> Vec<[Value; 2]> {
        a.iter().flat_map(|&a| b.iter().map(move |&b| [a, b])).collect()
    };
    let zero = [tables[0][0], tables[1][0]];
    let mut cases = Vec::new();
    let mut add = |forms, constants, context, calls: Vec<[Value; 2]>| {
        if let Some(case) = binary_case(op, forms, constants, context) {
            cases.push(Case { calls, ..case });
        }
    };
    let binary = op.takes.len() == 2;
    let b = if binary { &tables[1][..] } else { &tables[1][..1] };
    for context in [Context::Plain, Context::BrIf] {
        add([Form::Pinned, Form::Pinned], zero, context, pairs(&tables[0], b));
        add([Form::Framed, Form::Framed], zero, context, pairs(&tables[0], b));
        for &v in &tables[0] {
            add([Form::Constant, Form::Pinned], [v, zero[1]], context, pairs(&tables[0][..1], b));
        }
        if binary {
            for &v in &tables[1] {
                for form in [Form::Pinned, Form::Framed, Form::Temporary] {
                    add([form, Form::Constant], [zero[0], v], context, pairs(&tables[0], &tables[1][..1]));
                }
            }
        }
    }
    cases
}
