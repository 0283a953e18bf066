//! Modules whose control flow has every shape: blocks with several parameters and results, branches that carry several
//! values over others that they leave behind, indirect calls that pass references through tables with empty places,
//! code that is never reached, and numbers with more bytes than they need, everywhere.
//!
//! Every function and loop takes one from a global, and traps when nothing is left, so that all ends.

use crate::choices::Choices;
use crate::engines::Ty;
use crate::support::{leb, sleb};

/// All types of values.
const TYPES: [Ty; 6] = [Ty::I32, Ty::I64, Ty::F32, Ty::F64, Ty::Func, Ty::Extern];
/// Entries of the table, of which the last is empty.
const TABLE: u32 = 8;
/// What the global has at first.
const FUEL: i64 = 300;

#[derive(Clone)]
struct Signature {
    params: Vec<Ty>,
    results: Vec<Ty>,
}

/// What a branch takes along, and whether it goes to the beginning of a loop.
struct Label {
    types: Vec<Ty>,
}

struct Body<'a, 'b, 'c> {
    c: &'a mut Choices<'b>,
    signatures: &'c [Signature],
    /// Signatures of functions, by number.
    funcs: &'c [usize],
    locals: Vec<Ty>,
    out: Vec<u8>,
    /// The operand stack, from the beginning of the function on.
    stack: Vec<Ty>,
    labels: Vec<Label>,
    /// Operators that may still be made.
    left: usize,
}

/// Draws a module, which is valid.
pub fn module(c: &mut Choices<'_>) -> Vec<u8> {
    let some = |c: &mut Choices<'_>| {
        let n = *c.pick(&[0, 1, 2, 2, 3, 4, 9]);
        (0..n).map(|_| *c.pick(&TYPES)).collect::<Vec<_>>()
    };
    let signatures: Vec<Signature> =
        (0..3 + c.below(8)).map(|_| Signature { params: some(c), results: some(c) }).collect();
    let funcs: Vec<usize> = (0..2 + c.below(4)).map(|_| c.below(signatures.len())).collect();
    let bodies: Vec<Vec<u8>> = funcs.iter().map(|&ty| body(c, &signatures, &funcs, ty)).collect();

    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    let mut s = Vec::new();
    leb(&mut s, signatures.len() as u64);
    for Signature { params, results } in &signatures {
        s.push(0x60);
        for types in [params, results] {
            leb(&mut s, types.len() as u64);
            s.extend(types.iter().map(|ty| ty.byte()));
        }
    }
    section(&mut wasm, 1, &s);
    s = Vec::new();
    leb(&mut s, funcs.len() as u64);
    funcs.iter().for_each(|&ty| leb(&mut s, ty as u64));
    section(&mut wasm, 3, &s);
    // Tables of functions and of the host's values.
    section(&mut wasm, 4, &[2, 0x70, 1, TABLE as u8, TABLE as u8, 0x6f, 1, TABLE as u8, TABLE as u8]);
    s = vec![1, 0x7f, 1, 0x41];
    sleb(&mut s, FUEL);
    s.push(0x0b);
    section(&mut wasm, 6, &s);
    s = Vec::new();
    leb(&mut s, funcs.len() as u64 + 3);
    for (i, _) in funcs.iter().enumerate() {
        s.extend([1, b'a' + i as u8, 0, i as u8]);
    }
    s.extend([1, b't', 1, 0, 1, b'u', 1, 1, 1, b'g', 3, 0]);
    section(&mut wasm, 7, &s);
    // Some places of the table stay empty.
    s = vec![1, 0, 0x41, 0, 0x0b];
    let filled = TABLE as usize - 1 - c.below(3);
    leb(&mut s, filled as u64);
    (0..filled).for_each(|_| s.push(c.below(funcs.len()) as u8));
    section(&mut wasm, 9, &s);
    s = Vec::new();
    leb(&mut s, bodies.len() as u64);
    for body in &bodies {
        leb(&mut s, body.len() as u64);
        s.extend(body);
    }
    section(&mut wasm, 10, &s);
    wasm
}

fn section(wasm: &mut Vec<u8>, id: u8, content: &[u8]) {
    wasm.push(id);
    leb(wasm, content.len() as u64);
    wasm.extend_from_slice(content);
}

fn body(c: &mut Choices<'_>, signatures: &[Signature], funcs: &[usize], ty: usize) -> Vec<u8> {
    let extra: Vec<Ty> = (0..c.below(8)).map(|_| *c.pick(&TYPES)).collect();
    let mut code = Vec::new();
    leb(&mut code, extra.len() as u64);
    extra.iter().for_each(|ty| code.extend([1, ty.byte()]));
    let Signature { params, results } = &signatures[ty];
    let left = 10 + c.below(150);
    let locals = [&params[..], &extra].concat();
    let labels = vec![Label { types: results.clone() }];
    let mut body = Body { c, signatures, funcs, locals, out: code, stack: Vec::new(), labels, left };
    body.burn();
    body.block(0, results);
    body.out
}

impl Body<'_, '_, '_> {
    /// An index, perhaps with more bytes than it needs.
    fn index(&mut self, value: u64) {
        let mut number = Vec::new();
        leb(&mut number, value);
        self.padded(&number, 0);
    }

    fn padded(&mut self, number: &[u8], fill: u8) {
        let more = if self.c.one_in(3) { self.c.below(6 - number.len().min(5)) } else { 0 };
        let (&last, rest) = number.split_last().expect("a number has a byte");
        self.out.extend(rest);
        if more == 0 {
            self.out.push(last);
            return;
        }
        self.out.push(last | 0x80);
        self.out.extend(std::iter::repeat_n(fill | 0x80, more - 1));
        self.out.push(fill);
    }

    fn i32_const(&mut self, value: i64) {
        self.out.push(0x41);
        let mut number = Vec::new();
        sleb(&mut number, value);
        self.padded(&number, if value < 0 { 0x7f } else { 0 });
    }

    /// Takes one from the global, and traps if there is none left.
    fn burn(&mut self) {
        self.out.extend([0x23, 0, 0x45, 0x04, 0x40, 0x00, 0x0b, 0x23, 0, 0x41, 1, 0x6b, 0x24, 0]);
    }

    /// Pushes a value of a type.
    fn push(&mut self, ty: Ty) {
        let local = self.locals.iter().position(|&l| l == ty).filter(|_| self.c.below(3) != 0);
        match (local, ty) {
            (Some(local), _) => {
                self.out.push(0x20);
                self.index(local as u64);
            }
            (None, Ty::I32) => {
                let value = *self.c.pick(&[0, 1, 2, 7, -1, 63, 64, -64, -65, i64::from(i32::MIN)]);
                self.i32_const(value);
            }
            (None, Ty::I64) => {
                let mut number = Vec::new();
                let value = self.c.word() as i64 >> self.c.below(64);
                sleb(&mut number, value);
                self.out.push(0x42);
                self.out.extend(number);
            }
            (None, Ty::F32) => {
                let bits = (self.c.below(100) as f32).to_le_bytes();
                self.out.push(0x43);
                self.out.extend(bits);
            }
            (None, Ty::F64) => {
                let bits = (self.c.below(100) as f64 - 0.5).to_le_bytes();
                self.out.push(0x44);
                self.out.extend(bits);
            }
            (None, Ty::Func) if self.c.below(3) != 0 => {
                self.out.push(0xd2);
                let func = self.c.below(self.funcs.len());
                self.index(func as u64);
            }
            (None, ty) => self.out.extend([0xd0, ty.byte()]),
        }
        self.stack.push(ty);
    }

    fn push_all(&mut self, types: &[Ty]) {
        types.iter().for_each(|&ty| self.push(ty));
    }

    /// The values of a block that has begun at this height, and its end, which leaves its results.
    fn block(&mut self, height: usize, results: &[Ty]) {
        let mut dead = false;
        for _ in 0..1 + self.c.below(12) {
            if self.left == 0 {
                break;
            }
            self.left -= 1;
            dead |= self.operator(height, dead);
        }
        // What is there goes away one by one, or is left behind by a branch.
        if self.stack.len() > height && self.c.one_in(2) {
            // To the beginning, if it is a loop.
            let types = self.labels[self.labels.len() - 1].types.clone();
            self.push_all(&types);
            self.out.push(0x0c);
            self.index(0);
            self.stack.truncate(height);
            dead = true;
        }
        while self.stack.len() > height {
            self.out.push(0x1a);
            self.stack.pop();
        }
        // Where nothing is reached, any number of the last results may be missing.
        let first = if dead { self.c.below(results.len() + 1) } else { 0 };
        self.push_all(&results[first..]);
        self.stack.truncate(height);
        self.out.push(0x0b);
        self.stack.extend(results);
    }

    /// One operator, or a few that belong together. Whether what follows is not reached.
    fn operator(&mut self, height: usize, dead: bool) -> bool {
        match self.c.below(14) {
            0 | 1 => {
                let ty = *self.c.pick(&TYPES);
                self.push(ty);
            }
            2 if self.stack.len() > height => {
                self.out.push(0x1a);
                self.stack.pop();
            }
            3 if self.stack.len() > height => {
                let top = self.stack[self.stack.len() - 1];
                if let Some(local) = self.locals.iter().rposition(|&l| l == top) {
                    let tee = self.c.one_in(2);
                    self.out.push(if tee { 0x22 } else { 0x21 });
                    self.index(local as u64);
                    if !tee {
                        self.stack.pop();
                    }
                }
            }
            4..=6 => self.nested(),
            7 | 8 => self.branch_if(height, dead),
            9 => return self.leave(height),
            10 | 11 => self.call(),
            12 => {
                let ty = *self.c.pick(&TYPES);
                self.push_all(&[ty, ty, Ty::I32]);
                self.out.extend([0x1c, 1, ty.byte()]);
                self.stack.truncate(self.stack.len() - 2);
            }
            _ => self.table(),
        }
        false
    }

    fn nested(&mut self) {
        if self.labels.len() > 12 {
            return;
        }
        let ty = self.c.below(self.signatures.len());
        let Signature { params, results } = self.signatures[ty].clone();
        // Something below it that it leaves alone.
        let below: Vec<Ty> = (0..self.c.below(3)).map(|_| *self.c.pick(&TYPES)).collect();
        self.push_all(&below);
        self.push_all(&params);
        let height = self.stack.len() - params.len();
        let kind = self.c.below(3);
        if kind == 2 {
            self.push(Ty::I32);
            self.stack.pop();
        }
        self.out.push([0x02, 0x03, 0x04][kind]);
        let mut number = Vec::new();
        sleb(&mut number, ty as i64);
        self.padded(&number, 0);
        self.labels.push(Label { types: if kind == 1 { params.clone() } else { results.clone() } });
        if kind == 1 {
            self.burn();
        }
        self.block(height, &results);
        if kind == 2 {
            // The `end` becomes an `else`.
            let end = self.out.len() - 1;
            self.out[end] = 0x05;
            self.stack.truncate(height);
            self.stack.extend(&params);
            self.block(height, &results);
        }
        self.labels.pop();
    }

    /// A label, as `br` counts them.
    fn label(&mut self) -> (u64, Vec<Ty>) {
        let n = self.c.below(self.labels.len());
        (n as u64, self.labels[self.labels.len() - 1 - n].types.clone())
    }

    fn branch_if(&mut self, height: usize, dead: bool) {
        let (n, types) = self.label();
        // Where nothing is reached, the first of them may come from nowhere.
        let first = if dead && self.stack.len() == height { self.c.below(types.len() + 1) } else { 0 };
        self.push_all(&types[first..]);
        self.push(Ty::I32);
        self.out.push(0x0d);
        self.index(n);
        self.stack.truncate(self.stack.len() - 1 - (types.len() - first));
        self.stack.extend(types);
    }

    /// Leaves the block in one of the ways from which nothing returns.
    fn leave(&mut self, height: usize) -> bool {
        let (n, types) = self.label();
        match self.c.below(4) {
            0 => self.out.push(0x00),
            1 => {
                let results = self.labels[0].types.clone();
                self.push_all(&results);
                self.out.push(0x0f);
            }
            2 => {
                self.push_all(&types);
                self.out.push(0x0c);
                self.index(n);
            }
            _ => {
                // All targets take the same along.
                let same: Vec<u64> = (0..self.labels.len())
                    .filter(|&m| {
                        let other: Vec<u8> =
                            self.labels[self.labels.len() - 1 - m].types.iter().map(|ty| ty.byte()).collect();
                        other == types.iter().map(|ty| ty.byte()).collect::<Vec<_>>()
                    })
                    .map(|m| m as u64)
                    .collect();
                self.push_all(&types);
                self.push(Ty::I32);
                self.out.push(0x0e);
                let targets = self.c.below(5);
                self.index(targets as u64);
                for _ in 0..targets {
                    let target = *self.c.pick(&same);
                    self.index(target);
                }
                self.index(n);
            }
        }
        self.stack.truncate(height);
        true
    }

    fn call(&mut self) {
        let ty = if self.c.below(3) == 0 {
            let func = self.c.below(self.funcs.len());
            let ty = self.funcs[func];
            let params = self.signatures[ty].params.clone();
            self.push_all(&params);
            self.out.push(0x10);
            self.index(func as u64);
            ty
        } else {
            let ty = match self.c.below(4) {
                0 => self.c.below(self.signatures.len()),
                _ => self.funcs[self.c.below(self.funcs.len())],
            };
            let params = self.signatures[ty].params.clone();
            self.push_all(&params);
            let entry = self.c.below(TABLE as usize + 1);
            self.i32_const(entry as i64);
            self.out.push(0x11);
            self.index(ty as u64);
            self.index(0);
            ty
        };
        let Signature { params, results } = self.signatures[ty].clone();
        self.stack.truncate(self.stack.len() - params.len());
        self.stack.extend(results);
    }

    fn table(&mut self) {
        let (table, ty) = *self.c.pick(&[(0, Ty::Func), (1, Ty::Extern)]);
        let entry = self.c.below(TABLE as usize + 1);
        self.i32_const(entry as i64);
        if self.c.one_in(2) {
            self.out.push(0x25);
            self.index(table);
            if self.c.one_in(2) {
                self.out.push(0xd1);
                self.stack.push(Ty::I32);
            } else {
                self.stack.push(ty);
            }
        } else {
            self.push(ty);
            self.stack.pop();
            self.out.push(0x26);
            self.index(table);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::{FEATURES, hex, wasmparser_says};

    #[test]
    fn all_are_valid() {
        for seed in 0..3000 {
            let wasm = module(&mut Choices::Seed(seed));
            let verdict = wasmparser_says(FEATURES, &wasm);
            assert!(verdict.is_ok(), "{seed}: {verdict:?}: {}", hex(&wasm));
        }
    }
}
