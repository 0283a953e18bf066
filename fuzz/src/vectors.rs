//! Every vector operator, with every form of operand on each side, lanes of edge values, and before everything that it
//! may be fused with. Operators whose operands and results have the same types are tried together.

use crate::addresses::USUAL;
use crate::choices::Choices;
use crate::engines::{Nans, Ty, Value};
use crate::module::{Case, Frame};
use crate::operators::{
    CONTEXTS, Context, FORMS, Form, MORE_CONTEXTS, Operator, VECTOR_CONTEXTS, case, number, number_type, sides,
};
use crate::values::{exact_products, table};
use headwater_codegen::op::{self, Imm};

/// What operators of a module have in common.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// The types of the first two operands.
    pub sides: [Ty; 2],
    /// The type of the result.
    pub gives: Ty,
    /// Which NaNs may differ.
    pub nans: Nans,
    /// Whether results depend on how often a machine rounds, unless products are exact.
    pub fused: bool,
}

impl Group {
    /// The values of operand `side`.
    fn table(&self, side: usize) -> Vec<Value> {
        match self.nans {
            Nans::AnyF32x4 if self.fused => exact_products(Ty::F32),
            Nans::AnyF64x2 if self.fused => exact_products(Ty::F64),
            _ => table(self.sides[side]),
        }
    }

    /// One of them, or another.
    fn value(&self, side: usize, rng: &mut Choices<'_>) -> Value {
        let table = self.table(side);
        if self.fused { *rng.pick(&table) } else { number(&table, rng) }
    }
}

/// All vector operators without an address, by group. Those with an immediate lack it.
pub fn groups() -> Vec<(Group, Vec<Operator>)> {
    let mut groups: Vec<(Group, Vec<Operator>)> = Vec::new();
    for op in op::all().filter(|op| op.prefix == Some(op::PREFIX_FD) && op.feature.switch().is_some()) {
        if !matches!(op.imm, Imm::Nothing | Imm::Lane | Imm::Lanes) {
            continue;
        }
        let mut takes: Vec<Ty> = op.sig.operands().map(|ty| number_type(ty).expect("numbers and vectors")).collect();
        takes.reverse();
        let gives = op.sig.results().next().and_then(number_type).expect("a number or a vector");
        let op = Operator { op, bytes: op.bytes(), takes, gives };
        let group = Group { sides: sides(&op), gives, nans: op.nans(), fused: op.is_fused() };
        match groups.iter_mut().find(|(other, _)| *other == group) {
            Some((_, ops)) => ops.push(op),
            None => groups.push((group, vec![op])),
        }
    }
    groups
}

/// `op` with an immediate, if it has any.
fn complete(op: &Operator, rng: &mut Choices<'_>) -> Operator {
    let mut op = op.clone();
    match op.op.imm {
        Imm::Lane => op.bytes.push(rng.below(op.op.lanes().into()) as u8),
        Imm::Lanes => op.bytes.extend(lanes(rng)),
        _ => {}
    }
    op
}

/// Lanes for a shuffle: patterns that have instructions of their own, some of them spoilt, or any.
fn lanes(rng: &mut Choices<'_>) -> [u8; 16] {
    let size = 1 << rng.below(4);
    let [start, step, other] = [rng.below(32), *rng.pick(&[1, 1, 2, 0, 31]), rng.below(2) * 16];
    let pattern = rng.below(6);
    let any: Vec<usize> = (0..16).map(|_| rng.below(32)).collect();
    let mut lanes = [0; 16];
    for (i, lane) in lanes.iter_mut().enumerate() {
        let (unit, byte) = (i / size, i % size);
        *lane = match pattern {
            // Bytes in a row, or a lane for all.
            0 => start + i * step,
            // Units of one operand, in any order.
            1 => any[unit] % (16 / size) * size + byte + other,
            // Of both.
            2 => any[unit] % (32 / size) * size + byte,
            // Each in its place, from one or the other.
            3 => i + any[unit] % 2 * 16,
            // In turns from both.
            4 => (unit / 2 + other / 16 * (8 / size)) * size + byte + unit % 2 * 16,
            _ => any[i],
        } as u8
            % 32;
    }
    if rng.one_in(6) {
        lanes[rng.below(16)] = rng.below(32) as u8;
    }
    lanes
}

/// The contexts that an operator may be in.
fn contexts() -> Vec<Context> {
    CONTEXTS.into_iter().chain(MORE_CONTEXTS).chain(VECTOR_CONTEXTS).collect()
}

/// `n` cases of operators of a group, each called with `samples` pairs of values, and their frame.
pub fn cases(
    group: &Group,
    ops: &[Operator],
    n: usize,
    samples: usize,
    arguments: bool,
    rng: &mut Choices<'_>,
) -> (Frame, Vec<Case>) {
    let contexts = contexts();
    let mut cases = Vec::new();
    for i in 0..n {
        // Operators of the same number of operands, whose forms are all tried.
        let op = complete(if ops.len() <= n { &ops[i % ops.len()] } else { rng.pick(ops) }, rng);
        let forms: [Form; 3] = std::array::from_fn(|_| *rng.pick(&FORMS));
        let constants = [0, 1, 1].map(|side| group.value(side, rng));
        let Some(mut case) = case(&op, forms, constants, *rng.pick(&contexts)) else { continue };
        case.calls = (0..samples).map(|_| [group.value(0, rng), group.value(1, rng)]).collect();
        cases.push(case);
    }
    (Frame { params: group.sides, third: group.gives, arguments, memories: USUAL }, cases)
}
