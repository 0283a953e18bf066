//! Functions made at random that rarely trap: expressions over many locals, with assignments, branches, loops and calls
//! in the midst of them, so that reads of locals wait, values spill and registers hold copies while all this happens.
//! Some access memory atomically, too, which is shared or is not.

use crate::addresses::USUAL;
use crate::atomics::{self, Atomic, TIMEOUTS};
use crate::choices::Choices;
use crate::engines::{Ty, Value};
use crate::module::{BITS64, Case, FRAMED, Frame, constant};
use crate::operators::{Operator, all};
use crate::support::leb;
use crate::values::table;
use Ty::{F32, F64, I32, I64};

/// A function that was made before and may be called.
struct Callee {
    results: Vec<Ty>,
    cost: u32,
}

struct Maker<'a, 'b> {
    rng: &'a mut Choices<'b>,
    frame: &'a Frame,
    operators: &'a [Operator],
    /// None if the module has none.
    atomics: &'a [Atomic],
    callees: &'a [Callee],
    results: Vec<Ty>,
    code: Vec<u8>,
    /// How many loops are open; each counts in a local of its own, from 12 on.
    loops: u8,
    /// What is left of what the function may cost to run, and how often the current place runs.
    left: u32,
    times: u32,
}

/// The locals that count loops.
const COUNTERS: std::ops::Range<u8> = 12..15;

impl Maker<'_, '_> {
    fn emit(&mut self, bytes: &[u8]) {
        self.code.extend_from_slice(bytes);
    }

    fn local_ty(&self, local: u8) -> Ty {
        match local {
            0 | 1 => self.frame.params[usize::from(local)],
            2 => self.frame.third,
            3..15 => I64,
            15..27 => F64,
            _ => self.local_ty(local - FRAMED),
        }
    }

    fn local(&mut self, ty: Ty) -> Option<u8> {
        let start = self.rng.below(30) as u8;
        (0..30).map(|i| (start + i) % 30).find(|l| !COUNTERS.contains(l) && self.local_ty(*l) == ty)
    }

    fn pay(&mut self, cost: u32) -> bool {
        let cost = cost * self.times;
        let paid = cost <= self.left;
        self.left -= if paid { cost } else { 0 };
        paid
    }

    fn leaf(&mut self, ty: Ty) {
        match self.local(ty).filter(|_| self.rng.below(4) != 0) {
            Some(local) => self.emit(&[0x20, local]),
            None => {
                let mut bytes = Vec::new();
                constant(&mut bytes, *self.rng.pick(&table(ty)));
                self.emit(&bytes);
            }
        }
    }

    /// Pushes an i32 that is an address with room behind it.
    fn address(&mut self, depth: u32) {
        self.expr(I32, depth);
        self.emit(&[0x41, 0xf8, 0x07, 0x71]);
    }

    /// An atomic access that gives `ty`, if there is one.
    fn atomic(&mut self, ty: Option<Ty>, depth: u32) -> bool {
        let fits: Vec<Atomic> = self.atomics.iter().filter(|atomic| atomic.gives() == ty).copied().collect();
        if fits.is_empty() {
            return false;
        }
        let atomic = *self.rng.pick(&fits);
        self.address(depth);
        (0..atomic.operands).for_each(|_| self.expr(atomic.ty, depth));
        let mut code = Vec::new();
        if atomic.waits {
            constant(&mut code, Value::Bits(I64, *self.rng.pick(&TIMEOUTS)));
        }
        code.extend(atomic.op.bytes());
        code.push(atomic.op.alignment().expect("it accesses memory"));
        // Aligned, as the address is.
        code.push(8 * self.rng.below(12) as u8);
        self.emit(&code);
        true
    }

    /// Pushes a value of type `ty`.
    fn expr(&mut self, ty: Ty, depth: u32) {
        if depth == 0 || !self.pay(1) {
            return self.leaf(ty);
        }
        let depth = depth - 1;
        match self.rng.below(20) {
            0 | 1 => self.leaf(ty),
            2 => {
                self.expr(ty, depth);
                self.expr(ty, depth);
                self.expr(I32, depth);
                self.emit(&[0x1b]);
            }
            3 => {
                self.expr(I32, depth);
                self.emit(&[0x04, ty.byte()]);
                self.expr(ty, depth);
                self.emit(&[0x05]);
                self.statements(depth);
                self.expr(ty, depth);
                self.emit(&[0x0b]);
            }
            4 => {
                self.emit(&[0x02, ty.byte()]);
                self.expr(ty, depth);
                self.expr(I32, depth);
                self.emit(&[0x0d, 0]);
                if self.rng.below(2) == 0 {
                    self.emit(&[0x1a]);
                    self.statements(depth);
                    self.expr(ty, depth);
                }
                self.emit(&[0x0b]);
            }
            5 if self.rng.one_in(2) && self.atomic(Some(ty), depth) => {}
            5 => {
                let load = [0x28, 0x29, 0x2a, 0x2b][ty as usize];
                let narrow = match ty {
                    I32 => Some(0x2c + self.rng.below(4) as u8),
                    I64 => Some(0x30 + self.rng.below(6) as u8),
                    _ => None,
                };
                self.address(depth);
                let offset = self.rng.below(100) as u8;
                let op = if self.rng.below(2) == 0 { narrow.unwrap_or(load) } else { load };
                self.emit(&[op, 0, offset]);
            }
            6 | 7 => {
                self.expr(ty, depth);
                if let Some(local) = self.local(ty) {
                    self.emit(&[0x22, local]);
                }
            }
            8 => {
                let callees = self.callees;
                let start = self.rng.below(callees.len().max(1));
                let fits = (0..callees.len())
                    .map(|i| (start + i) % callees.len())
                    .find(|&i| callees[i].results[0] == ty && callees[i].cost < 200);
                match fits {
                    Some(i) if self.pay(callees[i].cost) => {
                        self.expr(self.frame.params[0], depth);
                        self.expr(self.frame.params[1], depth);
                        let mut call = vec![0x10];
                        leb(&mut call, i as u64 + 1);
                        self.emit(&call);
                        self.emit(&vec![0x1a; callees[i].results.len() - 1]);
                    }
                    _ => self.leaf(ty),
                }
            }
            9 if ty == I64 => self.emit(&[0x23, BITS64]),
            10 => {
                self.expr(ty, depth);
                self.statements(depth);
            }
            _ => {
                let operators = self.operators;
                let start = self.rng.below(operators.len());
                let op =
                    (0..operators.len()).map(|i| &operators[(start + i) % operators.len()]).find(|op| op.gives == ty);
                let op = op.expect("there are operators for every type");
                self.expr(op.takes[0], depth);
                if op.takes.len() == 2 {
                    if self.rng.below(4) == 0 {
                        self.statements(depth);
                    }
                    self.expr(op.takes[1], depth);
                    if matches!(op.bytes[0], 0x6d..=0x70) {
                        self.emit(&[0x41, 1, 0x72]);
                    } else if matches!(op.bytes[0], 0x7f..=0x82) {
                        self.emit(&[0x42, 1, 0x84]);
                    }
                }
                self.emit(&op.bytes);
            }
        }
    }

    fn statements(&mut self, depth: u32) {
        for _ in 0..self.rng.below(3) {
            self.statement(depth);
        }
    }

    fn statement(&mut self, depth: u32) {
        if depth == 0 || !self.pay(1) {
            return;
        }
        let depth = depth - 1;
        match self.rng.below(14) {
            0..=5 => {
                let ty = *self.rng.pick(&[I32, I64, F32, F64]);
                if let Some(local) = self.local(ty) {
                    self.expr(ty, depth);
                    self.emit(&[0x21, local]);
                }
            }
            6 if self.rng.one_in(2) && self.atomic(None, depth) => {}
            6 => {
                let (store, ty) =
                    *self.rng.pick(&[(0x36, I32), (0x37, I64), (0x3a, I32), (0x3b, I32), (0x3c, I64), (0x3e, I64)]);
                self.address(depth);
                self.expr(ty, depth);
                let offset = self.rng.below(100) as u8;
                self.emit(&[store, 0, offset]);
            }
            7 => {
                self.expr(I64, depth);
                self.emit(&[0x24, BITS64]);
            }
            8 => {
                self.expr(I32, depth);
                self.emit(&[0x04, 0x40]);
                self.statements(depth);
                if self.rng.below(2) == 0 {
                    self.emit(&[0x05]);
                    self.statements(depth);
                }
                self.emit(&[0x0b]);
            }
            9 => {
                self.emit(&[0x02, 0x40]);
                self.statements(depth);
                self.expr(I32, depth);
                self.emit(&[0x0d, 0]);
                self.statements(depth);
                self.emit(&[0x0b]);
            }
            10 => {
                self.emit(&[0x02, 0x40, 0x02, 0x40]);
                self.statements(depth);
                self.expr(I32, depth);
                self.emit(&[0x41, 3, 0x71, 0x0e, 2, 0, 1, 0, 0x0b]);
                self.statements(depth);
                self.emit(&[0x0b]);
            }
            11 if self.rng.below(4) == 0 => {
                self.expr(I32, depth);
                self.emit(&[0x04, 0x40]);
                self.results();
                self.emit(&[0x0f, 0x0b]);
            }
            _ if self.loops < 3 && self.times < 20 => {
                let counter = COUNTERS.start + self.loops;
                self.emit(&[0x42, 0, 0x21, counter, 0x03, 0x40]);
                self.loops += 1;
                self.times *= 3;
                self.statement(depth);
                self.statements(depth);
                self.times /= 3;
                self.loops -= 1;
                self.emit(&[0x20, counter, 0x42, 1, 0x7c, 0x22, counter, 0x42, 3, 0x54, 0x0d, 0, 0x0b]);
            }
            _ => {}
        }
    }

    fn results(&mut self) {
        for ty in self.results.clone() {
            self.expr(ty, 2);
        }
    }
}

/// Operators that do not trap and do not show the bits of a NaN.
fn harmless() -> Vec<Operator> {
    let shows = |op: u8| matches!(op, 0x98 | 0xa6 | 0xbc | 0xbd);
    let traps = |op: u8| matches!(op, 0xa8..=0xab | 0xae..=0xb1);
    all().into_iter().filter(|op| !shows(op.bytes[0]) && !traps(op.bytes[0])).collect()
}

/// `n` functions of one module, which may call those before them, each to be called a few times.
pub fn cases(n: usize, rng: &mut Choices<'_>) -> (Frame, Vec<Case>) {
    let types = [I32, I64, F32, F64];
    let [first, second, third] = std::array::from_fn(|_| *rng.pick(&types));
    let mut memories = USUAL;
    let mut accesses = Vec::new();
    if rng.one_in(4) {
        memories[0].shared = rng.one_in(2);
        accesses = atomics::all();
        // These trap where memory is not shared.
        accesses.retain(|atomic| memories[0].shared || !atomic.waits);
    }
    let frame = Frame { params: [first, second], third, arguments: false, memories };
    let operators = harmless();
    let (mut callees, mut cases) = (Vec::new(), Vec::new());
    let tables = frame.params.map(table);
    for i in 0..n {
        let results: Vec<Ty> = (0..1 + rng.below(3)).map(|_| *rng.pick(&types)).collect();
        let left = 3000;
        let mut maker = Maker {
            rng: &mut *rng,
            frame: &frame,
            operators: &operators,
            atomics: &accesses,
            callees: &callees,
            results: results.clone(),
            code: Vec::new(),
            loops: 0,
            left,
            times: 1,
        };
        for _ in 0..4 {
            maker.statement(5);
        }
        maker.results();
        let (code, cost) = (maker.code, left - maker.left);
        callees.push(Callee { results: results.clone(), cost });
        let calls = (0..4).map(|_| [*rng.pick(&tables[0]), *rng.pick(&tables[1])]).collect::<Vec<[Value; 2]>>();
        cases.push(Case { name: format!("program {i}"), results, code, calls });
    }
    (frame, cases)
}
