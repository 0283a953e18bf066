//! The operators of wide arithmetic, whose two or four operands are each in any place, and whose two results go to any.

use crate::addresses::USUAL;
use crate::choices::Choices;
use crate::engines::Ty::I64;
use crate::module::{BITS64, Case, FRAMED, Frame, NOTHING};
use crate::operators::{FORMS, Form, number, operand};
use crate::values::table;
use headwater_codegen::op::{self, Feature, Op};

/// All of them.
pub fn all() -> Vec<&'static Op> {
    op::all().filter(|op| op.feature == Feature::WideArithmetic).collect()
}

/// `n` cases of one operator.
pub fn some_cases(op: &Op, n: usize, samples: usize, rng: &mut Choices<'_>) -> (Frame, Vec<Case>) {
    let values = table(I64);
    let case = |_| {
        let mut code = vec![0x20, 0, 0x21, FRAMED, 0x20, 1, 0x21, FRAMED + 1];
        let below = *rng.pick(&[0, 0, 1, 3, 5, 9]);
        (0..below).for_each(|i| code.extend([0x23, BITS64, 0x42, i + 1, 0x7c]));
        let mut name = format!("{} above {below}", op.name);
        for _ in op.sig.operands() {
            let (form, side, value) = (*rng.pick(&FORMS), rng.below(2) as u8, number(&values, rng));
            operand(&mut code, side, form, value, I64);
            if form == Form::Spilled {
                code.extend([0x10, NOTHING as u8]);
            }
            name += &format!(", {form:?} {side} ({value:?})");
        }
        code.extend(op.bytes());
        let after = rng.below(8);
        let (after, results): (&[u8], usize) = match after {
            0 | 1 => (&[], 2),
            // The upper half, or the lower.
            2 => (&[0x21, 2, 0x1a, 0x20, 2], 1),
            3 => (&[0x1a], 1),
            4 => (&[0x21, 1, 0x21, 0, 0x20, 0, 0x20, 1], 2),
            5 => (&[0x21, 0, 0x22, 1, 0x20, 0], 2),
            6 => (&[0x21, FRAMED, 0x21, FRAMED + 1, 0x20, FRAMED, 0x20, FRAMED + 1, 0x20, 0, 0x20, 1], 4),
            // Those below are still right.
            _ => (&[0x85], 1),
        };
        code.extend(after);
        code.extend(vec![0x7d; below.into()]);
        let results = vec![I64; results];
        let calls = (0..samples).map(|_| [number(&values, rng), number(&values, rng)]).collect();
        Case { name, results, code, calls }
    };
    let frame = Frame { params: [I64; 2], third: I64, arguments: false, memories: USUAL };
    (frame, (0..n).map(case).collect())
}
