//! The module of a program: imports the tags `m.0` … and the host's function `m.host`, exports `run` and the global
//! `notes`.

use super::{Clause, Form, Function, How, KEPT, Kind, Program, Statement};
use crate::support::{leb, sleb};

/// What a label belongs to.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Label {
    Other,
    /// The body or the handlers of an older `try`.
    Try(usize),
}

struct Emitter<'a> {
    program: &'a Program,
    function: &'a Function,
    out: Vec<u8>,
    labels: Vec<Label>,
    /// How many loops are around.
    loops: usize,
    most_loops: usize,
}

impl Kind {
    /// As it is encoded.
    pub fn byte(self) -> u8 {
        match self {
            Kind::I32 => 0x7f,
            Kind::I64 => 0x7e,
            Kind::F32 => 0x7d,
            Kind::F64 => 0x7c,
            Kind::V128 => 0x7b,
        }
    }
}

/// The numbers of types: of tag `t` it is `t`, then those of functions, then others.
fn block_type(program: &Program, tag: usize, with_ref: bool) -> u64 {
    (program.tags.len() + program.functions.len() + 1 + 2 * tag + usize::from(with_ref)) as u64
}

/// The module.
pub fn module(program: &Program) -> Vec<u8> {
    let (tags, functions) = (program.tags.len(), program.functions.len());
    let mut types: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    let bytes = |kinds: &[Kind]| kinds.iter().map(|kind| kind.byte()).collect::<Vec<u8>>();
    types.extend(program.tags.iter().map(|tag| (bytes(tag), Vec::new())));
    types.extend(program.functions.iter().map(|f| (bytes(&f.params), vec![0x7e])));
    types.push((vec![0x7f], Vec::new()));
    for tag in &program.tags {
        types.push((Vec::new(), bytes(tag)));
        types.push((Vec::new(), [bytes(tag), vec![0x69]].concat()));
    }
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    let list = |items: &mut dyn Iterator<Item = Vec<u8>>| {
        let items: Vec<Vec<u8>> = items.collect();
        let mut out = number(items.len() as u64);
        items.iter().for_each(|item| out.extend(item));
        out
    };
    let string = |text: &str| [number(text.len() as u64), text.as_bytes().to_vec()].concat();
    section(
        &mut wasm,
        1,
        list(&mut types.iter().map(|(params, results)| {
            let of = |types: &[u8]| [number(types.len() as u64), types.to_vec()].concat();
            [vec![0x60], of(params), of(results)].concat()
        })),
    );
    let imported = (0..tags).map(|t| [string("m"), string(&t.to_string()), vec![4, 0], number(t as u64)].concat());
    let host = [string("m"), string("host"), vec![0], number((tags + functions) as u64)].concat();
    section(&mut wasm, 2, list(&mut imported.chain([host])));
    section(&mut wasm, 3, list(&mut (0..functions).map(|f| number((tags + f) as u64))));
    section(&mut wasm, 4, [vec![1, 0x70, 0], number(functions as u64)].concat());
    section(&mut wasm, 6, vec![1, 0x7e, 1, 0x42, 0, 0x0b]);
    let exports = [[string("run"), vec![0], number(functions as u64)].concat(), [string("notes"), vec![3, 0]].concat()];
    section(&mut wasm, 7, list(&mut exports.into_iter()));
    let elements = list(&mut (0..functions).map(|f| number(f as u64 + 1)));
    section(&mut wasm, 9, [vec![1, 0, 0x41, 0, 0x0b], elements].concat());
    section(
        &mut wasm,
        10,
        list(&mut program.functions.iter().map(|function| {
            let body = body(program, function);
            [number(body.len() as u64), body].concat()
        })),
    );
    wasm
}

fn number(n: u64) -> Vec<u8> {
    let mut out = Vec::new();
    leb(&mut out, n);
    out
}

fn section(wasm: &mut Vec<u8>, id: u8, content: Vec<u8>) {
    wasm.push(id);
    leb(wasm, content.len() as u64);
    wasm.extend(content);
}

fn body(program: &Program, function: &Function) -> Vec<u8> {
    let (out, labels) = (Vec::new(), vec![Label::Other]);
    let mut emitter = Emitter { program, function, out, labels, loops: 0, most_loops: 0 };
    emitter.all(&function.body);
    emitter.result();
    let own = &function.locals[function.params.len()..];
    let mut code = number(own.len() as u64 + 2);
    own.iter().for_each(|kind| code.extend([1, kind.byte()]));
    code.extend([KEPT as u8, 0x69]);
    code.extend([number(emitter.most_loops as u64), vec![0x7f]].concat());
    code.extend(emitter.out);
    code.push(0x0b);
    code
}

impl Emitter<'_> {
    fn op(&mut self, code: u8, immediate: u64) {
        self.out.push(code);
        leb(&mut self.out, immediate);
    }

    fn get(&mut self, local: usize) {
        self.op(0x20, local as u64);
    }

    fn set(&mut self, local: usize) {
        self.op(0x21, local as u64);
    }

    fn kept(&self, slot: usize) -> usize {
        self.function.locals.len() + slot
    }

    fn constant(&mut self, kind: Kind, value: i64) {
        match kind {
            Kind::I32 => {
                self.out.push(0x41);
                sleb(&mut self.out, i64::from(value as i32));
            }
            Kind::I64 => {
                self.out.push(0x42);
                sleb(&mut self.out, value);
            }
            Kind::F32 => {
                self.out.push(0x43);
                self.out.extend((value as f32).to_le_bytes());
            }
            Kind::F64 => {
                self.out.push(0x44);
                self.out.extend((value as f64).to_le_bytes());
            }
            Kind::V128 => {
                self.out.extend([0xfd, 0x0c]);
                self.out.extend(value.to_le_bytes());
                self.out.extend(value.to_le_bytes());
            }
        }
    }

    fn add(&mut self, kind: Kind) {
        match kind {
            Kind::I32 => self.out.push(0x6a),
            Kind::I64 => self.out.push(0x7c),
            Kind::F32 => self.out.push(0x92),
            Kind::F64 => self.out.push(0xa0),
            Kind::V128 => self.out.extend([0xfd, 0xce, 0x01]),
        }
    }

    /// Pushes a value as an i64; of a vector both halves must be the same.
    fn push_i64(&mut self, local: usize) {
        let kind = self.function.locals[local];
        self.get(local);
        match kind {
            Kind::I32 => self.out.push(0xac),
            Kind::I64 => {}
            Kind::F32 => self.out.push(0xae),
            Kind::F64 => self.out.push(0xb0),
            Kind::V128 => {
                self.out.extend([0xfd, 0x1d, 0]);
                self.get(local);
                self.out.extend([0xfd, 0x1d, 1]);
                self.get(local);
                self.out.extend([0xfd, 0x1d, 0]);
                // i64.eq, i64.extend_i32_u, i64.mul: nothing remains if they differ.
                self.out.extend([0x51, 0xad, 0x7e]);
            }
        }
    }

    fn result(&mut self) {
        self.constant(Kind::I64, 0);
        for local in 0..self.function.locals.len() {
            self.constant(Kind::I64, 31);
            self.out.push(0x7e);
            self.push_i64(local);
            self.out.push(0x7c);
        }
    }

    fn all(&mut self, list: &[Statement]) {
        list.iter().for_each(|statement| self.one(statement));
    }

    fn begin(&mut self, code: u8, ty: u64, label: Label) {
        self.op(code, ty);
        self.labels.push(label);
    }

    fn end(&mut self) {
        self.out.push(0x0b);
        self.labels.pop();
    }

    /// How far out the label at this place of the list is.
    fn depth(&self, at: usize) -> u64 {
        (self.labels.len() - 1 - at) as u64
    }

    fn depth_of(&self, id: usize) -> u64 {
        let at = self.labels.iter().rposition(|&label| label == Label::Try(id));
        self.depth(at.expect("the try is around it"))
    }

    fn one(&mut self, statement: &Statement) {
        match statement {
            Statement::Set(local, value) => {
                self.constant(self.function.locals[*local], *value);
                self.set(*local);
            }
            Statement::Copy(to, from) => {
                self.get(*from);
                self.set(*to);
            }
            Statement::Add(local, value) => {
                let kind = self.function.locals[*local];
                self.get(*local);
                self.constant(kind, *value);
                self.add(kind);
                self.set(*local);
            }
            Statement::Note(n) => {
                self.op(0x23, 0);
                self.constant(Kind::I64, 31);
                self.out.push(0x7e);
                self.constant(Kind::I64, *n);
                self.out.push(0x7c);
                self.op(0x24, 0);
            }
            Statement::Carry(from, to, inner) => {
                self.get(*from);
                self.one(inner);
                self.set(*to);
            }
            Statement::Repeat(times, list) => {
                let counter = self.function.locals.len() + KEPT + self.loops;
                self.loops += 1;
                self.most_loops = self.most_loops.max(self.loops);
                self.constant(Kind::I32, i64::from(*times));
                self.set(counter);
                self.begin(0x03, 0x40, Label::Other);
                self.all(list);
                self.get(counter);
                self.constant(Kind::I32, 1);
                self.out.push(0x6b);
                self.op(0x22, counter as u64);
                self.op(0x0d, 0);
                self.end();
                self.loops -= 1;
            }
            Statement::If(local, list) => {
                self.push_i64(*local);
                self.out.push(0xa7);
                self.constant(Kind::I32, 1);
                // i32.and, i32.eqz
                self.out.extend([0x71, 0x45]);
                self.begin(0x04, 0x40, Label::Other);
                self.all(list);
                self.end();
            }
            Statement::Throw(tag, locals) => {
                locals.iter().for_each(|&local| self.get(local));
                self.op(0x08, *tag as u64);
            }
            Statement::Rethrow(id) => {
                let depth = self.depth_of(*id);
                self.op(0x09, depth);
            }
            Statement::ThrowKept(slot) => {
                self.get(self.kept(*slot));
                self.out.push(0x0a);
            }
            Statement::Call(how, callee, args, to) => {
                args.iter().for_each(|&local| self.get(local));
                let ty = (self.program.tags.len() + callee) as u64;
                if matches!(how, How::Indirect | How::TailIndirect) {
                    self.constant(Kind::I32, *callee as i64);
                }
                match how {
                    How::Direct => self.op(0x10, *callee as u64 + 1),
                    How::Tail => self.op(0x12, *callee as u64 + 1),
                    How::Indirect => {
                        self.op(0x11, ty);
                        self.out.push(0);
                    }
                    How::TailIndirect => {
                        self.op(0x13, ty);
                        self.out.push(0);
                    }
                }
                self.set(*to);
            }
            Statement::Host(local) => {
                self.get(*local);
                self.op(0x10, 0);
            }
            Statement::Try(id, body, Form::Legacy(clauses)) => {
                self.begin(0x06, 0x40, Label::Try(*id));
                self.all(body);
                for clause in clauses {
                    match clause.tag {
                        Some(tag) => self.op(0x07, tag as u64),
                        None => self.out.push(0x19),
                    }
                    self.caught(clause);
                }
                self.end();
            }
            Statement::Try(id, body, Form::Delegate(to)) => {
                self.begin(0x06, 0x40, Label::Try(*id));
                self.all(body);
                self.labels.pop();
                let depth = to.map_or(self.labels.len() as u64 - 1, |to| self.depth_of(to));
                self.op(0x18, depth);
            }
            Statement::Try(_, body, Form::Table(clauses)) => self.try_table(body, clauses),
        }
    }

    fn try_table(&mut self, body: &[Statement], clauses: &[Clause]) {
        self.begin(0x02, 0x40, Label::Other);
        let done = self.labels.len() - 1;
        for clause in clauses.iter().rev() {
            let ty = match (clause.tag, clause.keeps) {
                (Some(tag), keeps) => block_type(self.program, tag, keeps.is_some()),
                (None, Some(_)) => 0x69,
                (None, None) => 0x40,
            };
            self.out.push(0x02);
            match clause.tag {
                // A type's number is signed.
                Some(_) => sleb(&mut self.out, ty as i64),
                None => self.out.push(ty as u8),
            }
            self.labels.push(Label::Other);
        }
        self.op(0x1f, 0x40);
        leb(&mut self.out, clauses.len() as u64);
        for (i, clause) in clauses.iter().enumerate() {
            self.out.push(2 * u8::from(clause.tag.is_none()) + u8::from(clause.keeps.is_some()));
            if let Some(tag) = clause.tag {
                leb(&mut self.out, tag as u64);
            }
            leb(&mut self.out, i as u64);
        }
        self.labels.push(Label::Other);
        self.all(body);
        self.end();
        let depth = self.depth(done);
        self.op(0x0c, depth);
        for clause in clauses {
            self.end();
            if let Some(slot) = clause.keeps {
                self.set(self.kept(slot));
            }
            self.caught(clause);
            let depth = self.depth(done);
            self.op(0x0c, depth);
        }
        self.end();
    }

    /// What a handler does with the fields on the stack.
    fn caught(&mut self, clause: &Clause) {
        clause.fields.iter().rev().for_each(|&local| self.set(local));
        self.all(&clause.body);
    }
}
