//! Programs that throw and catch: nests of `try_table`, `try`, `catch`, `delegate` and `rethrow` within loops, calls
//! and operands that wait, over locals in every place. A model ([`model`]) says what each comes to, [`emit`] makes the
//! module.
//!
//! Numbers are small integers in all types, so that every value is exact.

pub mod emit;
pub mod model;

use crate::choices::Choices;

/// The types of locals and of exceptions' fields.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "named as the specification names them")]
pub enum Kind {
    I32,
    I64,
    F32,
    F64,
    V128,
}

const KINDS: [Kind; 5] = [Kind::I32, Kind::I64, Kind::F32, Kind::F64, Kind::V128];

/// A local, by number.
pub type Local = usize;

/// How a function is called.
#[derive(Copy, Clone, Debug)]
pub enum How {
    /// By its number.
    Direct,
    /// Through the table.
    Indirect,
    /// In place of the caller.
    Tail,
    /// The same through the table.
    TailIndirect,
}

/// What a handler catches.
#[derive(Clone, Debug)]
pub struct Clause {
    /// All exceptions, if there is none.
    pub tag: Option<usize>,
    /// Where the reference to the exception goes, if it is caught.
    pub keeps: Option<usize>,
    /// Where the fields go.
    pub fields: Vec<Local>,
    /// What is done then.
    pub body: Vec<Statement>,
}

/// How a `try` is written.
#[derive(Clone, Debug)]
pub enum Form {
    /// `try_table`
    Table(Vec<Clause>),
    /// `try` with `catch`
    Legacy(Vec<Clause>),
    /// `try` with `delegate` to the `try` with this number, or to the caller.
    Delegate(Option<usize>),
}

/// A statement.
#[derive(Clone, Debug)]
pub enum Statement {
    /// Assigns a number.
    Set(Local, i64),
    /// Assigns another local's value, of the same type.
    Copy(Local, Local),
    /// Adds a number.
    Add(Local, i64),
    /// Makes a note of having been here.
    Note(i64),
    /// Pushes a local's value, does something else, and pops it into another.
    Carry(Local, Local, Box<Statement>),
    /// Does something so many times.
    Repeat(u32, Vec<Statement>),
    /// If the local is even, for which its type must be an integer one.
    If(Local, Vec<Statement>),
    /// Throws with the values of these locals.
    Throw(usize, Vec<Local>),
    /// Throws the exception that is caught in the `try` with this number.
    Rethrow(usize),
    /// Throws what was kept.
    ThrowKept(usize),
    /// Calls a function with the values of locals, and assigns its result to one.
    Call(How, usize, Vec<Local>, Local),
    /// Calls the host, which throws or not, with the value of a local of type i32.
    Host(Local),
    /// `try`, with a number in the function.
    Try(usize, Vec<Statement>, Form),
}

/// A function: its result is an i64, made of all of its locals.
#[derive(Clone, Debug, Default)]
pub struct Function {
    /// Types of parameters.
    pub params: Vec<Kind>,
    /// Types of all locals, parameters first.
    pub locals: Vec<Kind>,
    /// What it does.
    pub body: Vec<Statement>,
}

/// A program. Functions call those before them; the last one is the first to be called.
#[derive(Clone, Debug)]
pub struct Program {
    /// Types of the fields of each tag.
    pub tags: Vec<Vec<Kind>>,
    /// Functions.
    pub functions: Vec<Function>,
}

/// How many locals there are for references to exceptions, in each function.
pub const KEPT: usize = 3;

/// What the host throws for this number: a tag, and the number for all of its fields.
pub fn host_throws(n: i64, tags: usize) -> Option<(usize, i64)> {
    (n % 3 != 0).then(|| (n.unsigned_abs() as usize % tags, n.rem_euclid(50)))
}

struct Maker<'a, 'b> {
    c: &'a mut Choices<'b>,
    tags: &'a [Vec<Kind>],
    callees: &'a [Function],
    locals: Vec<Kind>,
    left: usize,
    tries: usize,
    /// Older `try`s whose bodies the place is in, and those in whose handlers it is.
    bodies: Vec<usize>,
    caught: Vec<usize>,
}

/// Draws a program.
pub fn program(c: &mut Choices<'_>) -> Program {
    let kinds = |c: &mut Choices<'_>, n: usize| (0..n).map(|_| *c.pick(&KINDS)).collect::<Vec<Kind>>();
    let tags: Vec<Vec<Kind>> = (0..2 + c.below(2))
        .map(|_| {
            let n = *c.pick(&[0, 1, 1, 2, 3, 7]);
            kinds(c, n)
        })
        .collect();
    let mut functions: Vec<Function> = Vec::new();
    for _ in 0..1 + c.below(5) {
        let n = *c.pick(&[0, 1, 2, 4, 12]);
        let params = kinds(c, n);
        // One of each type, so that there is always one to be found.
        let n = *c.pick(&[0, 2, 10, 40]);
        let locals = [params.clone(), KINDS.to_vec(), kinds(c, n)].concat();
        let left = 4 + c.below(60);
        let (tries, bodies, caught) = (0, Vec::new(), Vec::new());
        let mut maker =
            Maker { c, tags: &tags, callees: &functions, locals: locals.clone(), left, tries, bodies, caught };
        let body = maker.statements(5);
        functions.push(Function { params, locals, body });
    }
    Program { tags, functions }
}

impl Maker<'_, '_> {
    fn local(&mut self, kind: Kind) -> Local {
        let start = self.c.below(self.locals.len());
        let n = self.locals.len();
        (0..n).map(|i| (start + i) % n).find(|&l| self.locals[l] == kind).expect("there is one of each type")
    }

    fn any(&mut self) -> Local {
        self.c.below(self.locals.len())
    }

    fn locals_of(&mut self, kinds: &[Kind]) -> Vec<Local> {
        kinds.iter().map(|&kind| self.local(kind)).collect()
    }

    fn statements(&mut self, depth: usize) -> Vec<Statement> {
        let n = 1 + self.c.below(5);
        let mut list = Vec::new();
        for _ in 0..n {
            if self.left == 0 {
                break;
            }
            self.left -= 1;
            list.push(self.statement(depth));
        }
        list
    }

    fn statement(&mut self, depth: usize) -> Statement {
        let number = self.c.below(100) as i64;
        let choice = self.c.below(if depth == 0 { 10 } else { 20 });
        match choice {
            0 => Statement::Note(number),
            1 => Statement::Set(self.any(), number),
            2 => {
                let from = self.any();
                Statement::Copy(self.local(self.locals[from]), from)
            }
            3 => Statement::Add(self.any(), number),
            4 => {
                let tag = self.c.below(self.tags.len());
                let fields = self.locals_of(&self.tags[tag].clone());
                Statement::Throw(tag, fields)
            }
            5 => Statement::Host(self.local(Kind::I32)),
            6 if !self.caught.is_empty() => Statement::Rethrow(*self.c.pick(&self.caught.clone())),
            7 => Statement::ThrowKept(self.c.below(KEPT)),
            8..=10 if !self.callees.is_empty() => {
                let callee = self.c.below(self.callees.len());
                let args = self.locals_of(&self.callees[callee].params.clone());
                let how = *self.c.pick(&[
                    How::Direct,
                    How::Direct,
                    How::Indirect,
                    How::Indirect,
                    How::Tail,
                    How::TailIndirect,
                ]);
                Statement::Call(how, callee, args, self.local(Kind::I64))
            }
            11 => {
                let from = self.any();
                let to = self.local(self.locals[from]);
                Statement::Carry(from, to, Box::new(self.statement(depth - 1)))
            }
            12 => Statement::Repeat(1 + self.c.below(3) as u32, self.statements(depth - 1)),
            13 => {
                let local = *self.c.pick(&[Kind::I32, Kind::I64]);
                Statement::If(self.local(local), self.statements(depth - 1))
            }
            14..20 => self.try_(depth - 1),
            _ => Statement::Add(self.any(), number),
        }
    }

    fn try_(&mut self, depth: usize) -> Statement {
        let id = self.tries;
        self.tries += 1;
        let form = self.c.below(5);
        if form < 2 {
            let body = self.statements(depth);
            let clauses = self.clauses(depth, true);
            return Statement::Try(id, body, Form::Table(clauses));
        }
        self.bodies.push(id);
        let body = self.statements(depth);
        self.bodies.pop();
        if form == 4 {
            let to = match self.c.below(self.bodies.len() + 1) {
                0 => None,
                n => Some(self.bodies[n - 1]),
            };
            return Statement::Try(id, body, Form::Delegate(to));
        }
        self.caught.push(id);
        let clauses = self.clauses(depth, false);
        self.caught.pop();
        Statement::Try(id, body, Form::Legacy(clauses))
    }

    fn clauses(&mut self, depth: usize, table: bool) -> Vec<Clause> {
        let mut clauses = Vec::new();
        for i in 0..self.c.below(4) {
            let all = self.c.below(3) == 2;
            let tag = (!all).then(|| self.c.below(self.tags.len()));
            let kinds = tag.map_or(Vec::new(), |tag| self.tags[tag].clone());
            let keeps = (table && self.c.below(2) == 1).then(|| self.c.below(KEPT));
            let fields = self.locals_of(&kinds);
            let body = self.statements(depth);
            clauses.push(Clause { tag, keeps, fields, body });
            if all && (!table || i > 0) {
                // Nothing may follow, or comes to anything.
                break;
            }
        }
        clauses
    }
}

#[cfg(test)]
mod tests {
    use super::model::{End, run};
    use super::*;

    #[test]
    fn programs_end_in_all_ways_and_catch_a_lot() {
        let (mut values, mut uncaught, mut null, mut caught) = (0, 0, 0, 0);
        for seed in 0..3000 {
            let Some(run) = run(&program(&mut Choices::Seed(seed))) else { continue };
            match run.end {
                End::Value(_) => values += 1,
                End::Uncaught(_) => uncaught += 1,
                End::Null => null += 1,
            }
            caught += usize::from(run.caught > 0 && matches!(run.end, End::Value(_)));
        }
        assert!(values > 500 && uncaught > 300 && null > 100 && caught > 300, "{values} {uncaught} {null} {caught}");
    }
}
