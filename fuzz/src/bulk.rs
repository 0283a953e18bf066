//! The operators of memories beside loads and stores: copies, fills, sizes and growth, of memories of all kinds and
//! between them.

use crate::addresses::{self, Memory, address};
use crate::choices::Choices;
use crate::engines::{Ty, Value};
use crate::module::{Case, FRAMED, Frame, NOTHING, PASSIVE, PASSIVE_LEN, constant};
use crate::operators::{FORMS, Form, operand};
use Ty::{I32, I64};

const LENGTHS: [u64; 14] = [
    0,
    1,
    7,
    16,
    PASSIVE_LEN,
    0x100,
    0xfff0,
    0x1_0000,
    0x1_0001,
    0xffff_ffff,
    0x1_0000_0000,
    0x1_0000_0010,
    0x8000_0000_0000_0000,
    u64::MAX,
];

/// How many pages more.
const GROWTHS: [u64; 10] = [0, 0, 1, 3, 0xffff, 0x1_0000, 0xffff_ffff, 0x1_0000_0001, 1 << 48, u64::MAX];

/// Code that is written.
struct Maker<'a, 'b> {
    code: Vec<u8>,
    memories: [Memory; 2],
    /// The type of the parameters.
    ty: Ty,
    rng: &'a mut Choices<'b>,
}

impl Maker<'_, '_> {
    /// Pushes parameter `side`, or `value`, as a number of type `ty`.
    fn push(&mut self, side: u8, value: u64, ty: Ty) {
        let form = *self.rng.pick(&FORMS);
        operand(&mut self.code, side, form, Value::Bits(self.ty, value), self.ty);
        if self.ty != ty {
            self.code.push(0xa7);
        }
        if form == Form::Spilled {
            self.code.extend([0x10, NOTHING as u8]);
        }
    }

    /// Pushes a length or something else that is mostly constant.
    fn number(&mut self, ty: Ty) {
        if self.rng.one_in(6) {
            return self.push(1, 5, ty);
        }
        let value = if self.rng.one_in(2) { self.rng.below(64) as u64 } else { *self.rng.pick(&LENGTHS) };
        constant(&mut self.code, Value::Bits(ty, value));
    }

    /// One operator; gives its results.
    fn operator(&mut self) -> (&'static str, Vec<Ty>) {
        let [to, from] = [0, 1].map(|_| self.rng.below(2));
        let [dst, src] = [to, from].map(|memory| self.memories[memory].address());
        let Value::Bits(_, at) = address(self.ty, 0, 16, self.rng) else { unreachable!("addresses are numbers") };
        match self.rng.below(8) {
            0..=1 => {
                self.push(0, at, dst);
                constant(&mut self.code, Value::Bits(I32, self.rng.below(300) as u64));
                self.number(dst);
                self.code.extend([0xfc, 0x0b, to as u8]);
                ("fill", vec![])
            }
            2..=3 => {
                self.push(0, at, dst);
                let Value::Bits(_, at) = address(self.ty, 0, 16, self.rng) else { unreachable!("as above") };
                self.push(1, at, src);
                self.number(if dst == I64 && src == I64 { I64 } else { I32 });
                self.code.extend([0xfc, 0x0a, to as u8, from as u8]);
                ("copy", vec![])
            }
            4 => {
                self.push(0, at, dst);
                self.number(I32);
                self.number(I32);
                self.code.extend([0xfc, 0x08, PASSIVE, to as u8]);
                ("init", vec![])
            }
            5 if self.rng.one_in(8) => {
                self.code.extend([0xfc, 0x09, PASSIVE]);
                ("drop", vec![])
            }
            5..=6 => {
                let pages = *self.rng.pick(&GROWTHS);
                constant(&mut self.code, Value::Bits(dst, pages));
                self.code.extend([0x40, to as u8]);
                ("grow", vec![dst])
            }
            _ => {
                self.code.extend([0x3f, to as u8]);
                ("size", vec![dst])
            }
        }
    }
}

/// `n` cases.
pub fn some_cases(n: usize, samples: usize, rng: &mut Choices<'_>) -> (Frame, Vec<Case>) {
    let memories = addresses::memories(rng);
    let ty = if memories.iter().any(|memory| memory.is_64) { I64 } else { I32 };
    let case = |_| {
        let code = vec![0x20, 0, 0x21, FRAMED, 0x20, 1, 0x21, FRAMED + 1];
        let mut maker = Maker { code, memories, ty, rng };
        let (what, results) = maker.operator();
        let code = maker.code;
        let mut number = || if rng.one_in(3) { Value::Bits(ty, rng.below(64) as u64) } else { address(ty, 0, 16, rng) };
        let calls = (0..samples).map(|_| [number(), number()]).collect();
        Case { name: format!("memory.{what} in {memories:?}"), results, code, calls }
    };
    (Frame { params: [ty, ty], third: I64, arguments: false, memories }, (0..n).map(case).collect())
}
