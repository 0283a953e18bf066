//! What a program comes to.

use super::{Clause, Form, Function, How, KEPT, Kind, Program, Statement, host_throws};

/// An exception: its tag, its fields, and the `try` that it is delegated to: `None` inside is the caller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exception {
    /// Number of the tag.
    pub tag: usize,
    /// As the types have them.
    pub fields: Vec<i64>,
}

/// How the first function's call ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// With this result.
    Value(i64),
    /// With an exception.
    Uncaught(Exception),
    /// With a trap: what was to be thrown is null.
    Null,
}

/// Why a statement is not followed by the next one.
enum Stop {
    /// An exception, and where it is delegated to: a `try`, or the caller.
    Thrown(Exception, Option<Option<usize>>),
    Null,
    /// A tail call returned this.
    Returned(i64),
    /// It takes too long.
    Endless,
}

type Flow = Result<(), Stop>;

/// How many statements a program may take.
const STEPS: usize = 20_000;

struct Model<'a> {
    program: &'a Program,
    notes: i64,
    steps: usize,
    caught: usize,
}

struct Frame<'a> {
    function: &'a Function,
    locals: Vec<i64>,
    kept: [Option<Exception>; KEPT],
    /// What is caught in older `try`s, innermost last.
    caught: Vec<(usize, Exception)>,
}

/// What a program does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// How it ends.
    pub end: End,
    /// Its notes.
    pub notes: i64,
    /// How many exceptions it caught.
    pub caught: usize,
}

/// What the program does; `None` if it takes too long.
pub fn run(program: &Program) -> Option<Run> {
    let mut model = Model { program, notes: 0, steps: 0, caught: 0 };
    let last = program.functions.len() - 1;
    let args = vec![1; program.functions[last].params.len()];
    let end = match model.call(last, args) {
        Ok(value) => End::Value(value),
        Err(Stop::Thrown(exception, _)) => End::Uncaught(exception),
        Err(Stop::Null) => End::Null,
        Err(Stop::Endless) => return None,
        Err(Stop::Returned(_)) => unreachable!("calls return values"),
    };
    Some(Run { end, notes: model.notes, caught: model.caught })
}

/// The sum as the type has it. Floats are exact: no program adds that much.
fn add(kind: Kind, a: i64, b: i64) -> i64 {
    match kind {
        Kind::I32 => i64::from((a as i32).wrapping_add(b as i32)),
        _ => a.wrapping_add(b),
    }
}

/// An i64 as other types take it, within what they can have exactly.
pub fn fits(kind: Kind, value: i64) -> bool {
    match kind {
        Kind::F32 => value.unsigned_abs() < 1 << 24,
        _ => true,
    }
}

impl Model<'_> {
    fn call(&mut self, number: usize, args: Vec<i64>) -> Result<i64, Stop> {
        let program = self.program;
        let function = &program.functions[number];
        let mut locals = args;
        locals.resize(function.locals.len(), 0);
        let mut frame = Frame { function, locals, kept: Default::default(), caught: Vec::new() };
        match self.all(&mut frame, &function.body) {
            Ok(()) => Ok(frame.locals.iter().fold(0, |sum: i64, &v| sum.wrapping_mul(31).wrapping_add(v))),
            Err(Stop::Returned(value)) => Ok(value),
            // Whatever it was delegated to is the caller's now.
            Err(Stop::Thrown(exception, _)) => Err(Stop::Thrown(exception, None)),
            Err(other) => Err(other),
        }
    }

    fn all(&mut self, frame: &mut Frame<'_>, list: &[Statement]) -> Flow {
        list.iter().try_for_each(|statement| self.one(frame, statement))
    }

    fn one(&mut self, frame: &mut Frame<'_>, statement: &Statement) -> Flow {
        self.steps += 1;
        if self.steps > STEPS {
            return Err(Stop::Endless);
        }
        let thrown = |exception| Err(Stop::Thrown(exception, None));
        match statement {
            Statement::Set(local, value) => frame.locals[*local] = *value,
            Statement::Copy(to, from) => frame.locals[*to] = frame.locals[*from],
            Statement::Add(local, value) => {
                let sum = add(frame.function.locals[*local], frame.locals[*local], *value);
                if !fits(frame.function.locals[*local], sum) {
                    return Err(Stop::Endless);
                }
                frame.locals[*local] = sum;
            }
            Statement::Note(n) => self.notes = self.notes.wrapping_mul(31).wrapping_add(*n),
            Statement::Carry(from, to, inner) => {
                let value = frame.locals[*from];
                self.one(frame, inner)?;
                frame.locals[*to] = value;
            }
            Statement::Repeat(times, list) => {
                for _ in 0..*times {
                    self.all(frame, list)?;
                }
            }
            Statement::If(local, list) => {
                if frame.locals[*local] & 1 == 0 {
                    self.all(frame, list)?;
                }
            }
            Statement::Throw(tag, locals) => {
                return thrown(Exception { tag: *tag, fields: locals.iter().map(|&l| frame.locals[l]).collect() });
            }
            Statement::Rethrow(id) => {
                let found = frame.caught.iter().rev().find(|(caught, _)| caught == id);
                return thrown(found.expect("it is in the handler").1.clone());
            }
            Statement::ThrowKept(slot) => return frame.kept[*slot].clone().map_or(Err(Stop::Null), thrown),
            Statement::Call(how, callee, args, to) => {
                let args = args.iter().map(|&l| frame.locals[l]).collect();
                let value = self.call(*callee, args);
                match how {
                    How::Direct | How::Indirect => frame.locals[*to] = value?,
                    // The frame is gone: nothing in it catches.
                    How::Tail | How::TailIndirect => {
                        return Err(match value {
                            Ok(value) => Stop::Returned(value),
                            Err(Stop::Thrown(exception, _)) => Stop::Thrown(exception, Some(None)),
                            Err(other) => other,
                        });
                    }
                }
            }
            Statement::Host(local) => {
                if let Some((tag, n)) = host_throws(frame.locals[*local], self.program.tags.len()) {
                    return thrown(Exception { tag, fields: vec![n; self.program.tags[tag].len()] });
                }
            }
            Statement::Try(id, body, form) => return self.try_(frame, *id, body, form),
        }
        Ok(())
    }

    fn try_(&mut self, frame: &mut Frame<'_>, id: usize, body: &[Statement], form: &Form) -> Flow {
        let caught = frame.caught.len();
        let (exception, to) = match self.all(frame, body) {
            Err(Stop::Thrown(exception, to)) => (exception, to),
            other => return other,
        };
        frame.caught.truncate(caught);
        if to.is_some_and(|to| to != Some(id)) {
            return Err(Stop::Thrown(exception, to));
        }
        let (clauses, legacy) = match form {
            Form::Table(clauses) => (clauses, false),
            Form::Legacy(clauses) => (clauses, true),
            Form::Delegate(to) => return Err(Stop::Thrown(exception, Some(*to))),
        };
        let catches = |clause: &&Clause| clause.tag.is_none_or(|tag| tag == exception.tag);
        let Some(clause) = clauses.iter().find(catches) else { return Err(Stop::Thrown(exception, None)) };
        self.caught += 1;
        if clause.tag.is_some() {
            // The last one is assigned first.
            for (&local, &value) in clause.fields.iter().zip(&exception.fields).rev() {
                frame.locals[local] = value;
            }
        }
        if let Some(slot) = clause.keeps {
            frame.kept[slot] = Some(exception.clone());
        }
        if legacy {
            frame.caught.push((id, exception));
        }
        self.all(frame, &clause.body)?;
        frame.caught.truncate(caught);
        Ok(())
    }
}
