//! What a program does, on a plain graph: nothing moves and nothing is freed.

use super::program::{Callee, Expr, Label, OnCast, Program, Stmt, Tail, Try};
use super::types::{Heap, Ref, Storage, Ty};
use headwater::Trap;

#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Word {
    Null,
    I31(u32),
    Object(usize),
    Host(u32),
    Func(usize),
    Exception(usize),
}

#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Val {
    I32(i32),
    I64(i64),
    F32(u32),
    F64(u64),
    V128(u128),
    Ref(Word),
}

#[derive(Debug)]
pub struct Object {
    pub ty: usize,
    pub fields: Vec<Val>,
}

/// Why control goes elsewhere.
#[derive(Clone, PartialEq, Debug)]
pub enum Flow {
    Br(Label, Vec<Val>),
    Trap(Trap),
    /// The number of the exception.
    Throw(usize),
}

type Res<T> = Result<T, Flow>;

pub struct Model<'a> {
    program: &'a Program,
    pub objects: Vec<Object>,
    pub exceptions: Vec<(usize, Vec<Val>)>,
    pub globals: Vec<Val>,
    pub tables: Vec<Vec<Val>>,
    elems: Vec<Vec<Val>>,
    pub fuel: i32,
    pub notes: i32,
    locals: Vec<Val>,
}

fn trap<T>(trap: Trap) -> Res<T> {
    Err(Flow::Trap(trap))
}

/// What a new field or local has.
fn default(storage: Storage) -> Val {
    match storage.ty() {
        Ty::I32 => Val::I32(0),
        Ty::I64 => Val::I64(0),
        Ty::F32 => Val::F32(0),
        Ty::F64 => Val::F64(0),
        Ty::V128 => Val::V128(0),
        Ty::Ref(_) => Val::Ref(Word::Null),
    }
}

fn stored(storage: Storage, val: Val) -> Val {
    match (storage, val) {
        (Storage::I8, Val::I32(n)) => Val::I32(n & 0xff),
        (Storage::I16, Val::I32(n)) => Val::I32(n & 0xffff),
        (_, val) => val,
    }
}

fn loaded(storage: Storage, sign: &str, val: Val) -> Val {
    match (storage, sign, val) {
        (Storage::I8, "_s", Val::I32(n)) => Val::I32(i32::from(n as i8)),
        (Storage::I16, "_s", Val::I32(n)) => Val::I32(i32::from(n as i16)),
        (_, _, val) => val,
    }
}

fn i32_of(val: Val) -> i32 {
    let Val::I32(n) = val else { unreachable!("{val:?} is no i32") };
    n
}

fn word_of(val: Val) -> Word {
    let Val::Ref(word) = val else { unreachable!("{val:?} is no reference") };
    word
}

/// The range of `n` from `i`, if it ends at `len` or before.
fn range(i: Val, n: Val, len: usize, beyond: Trap) -> Res<std::ops::Range<usize>> {
    let (i, n) = (i32_of(i) as u32 as usize, i32_of(n) as u32 as usize);
    if i + n > len { trap(beyond) } else { Ok(i..i + n) }
}

impl<'a> Model<'a> {
    pub fn new(program: &'a Program) -> Model<'a> {
        let mut model = Model {
            program,
            objects: Vec::new(),
            exceptions: Vec::new(),
            globals: Vec::new(),
            tables: Vec::new(),
            elems: Vec::new(),
            fuel: 0,
            notes: 0,
            locals: Vec::new(),
        };
        for (_, _, init) in &program.globals {
            let val = model.expr(init).expect("constant expressions do not trap");
            model.globals.push(val);
        }
        model.tables = program.tables.iter().map(|&(_, len)| vec![Val::Ref(Word::Null); len]).collect();
        let funcs = program.funcs.len();
        model.tables[0].iter_mut().enumerate().for_each(|(i, entry)| *entry = Val::Ref(Word::Func(i % funcs)));
        for (_, list) in &program.elems {
            let list = list.iter().map(|item| model.expr(item).expect("constant expressions do not trap"));
            let list = list.collect();
            model.elems.push(list);
        }
        model
    }

    fn storage(&self, ty: usize, field: usize) -> Storage {
        let fields = self.program.types.fields(ty);
        fields[if self.program.types.is_array(ty) { 0 } else { field }].storage
    }

    fn make(&mut self, ty: usize, fields: Vec<Val>) -> Val {
        let fields = fields.into_iter().enumerate().map(|(i, val)| stored(self.storage(ty, i), val)).collect();
        self.objects.push(Object { ty, fields });
        Val::Ref(Word::Object(self.objects.len() - 1))
    }

    fn object(val: Val) -> Res<usize> {
        match word_of(val) {
            Word::Object(object) => Ok(object),
            Word::Null => trap(Trap::NullReference),
            word => unreachable!("{word:?} is no object"),
        }
    }

    /// Whether a reference is of a type.
    fn is(&self, word: Word, ty: Ref) -> bool {
        let heap = match word {
            Word::Null => return ty.null,
            Word::I31(_) => Heap::I31,
            Word::Object(object) => Heap::Def(self.objects[object].ty),
            Word::Func(func) => Heap::Def(self.program.funcs[func].ty),
            // An external reference is nothing but that; as an `anyref`, nothing but that.
            Word::Host(_) => return matches!(ty.heap, Heap::Any | Heap::Extern),
            Word::Exception(_) => Heap::Exn,
        };
        // Whatever is an `externref` is of that type.
        ty.heap == Heap::Extern || self.program.types.heap_fits(heap, ty.heap)
    }

    fn exprs(&mut self, list: &[Expr]) -> Res<Vec<Val>> {
        list.iter().map(|expr| self.expr(expr)).collect()
    }

    fn int(&mut self, expr: &Expr) -> Res<i32> {
        self.expr(expr).map(i32_of)
    }

    fn pay(&mut self) -> Res<()> {
        if self.fuel == 0 {
            return trap(Trap::UnreachableCodeReached);
        }
        self.fuel -= 1;
        Ok(())
    }

    fn note(&mut self, n: i32) {
        self.notes = self.notes.wrapping_mul(31).wrapping_add(n);
    }

    pub fn call(&mut self, func: usize, mut args: Vec<Val>) -> Res<Vec<Val>> {
        let callee = &self.program.funcs[func];
        args.extend(callee.locals[args.len()..].iter().map(|&ty| default(Storage::Val(ty))));
        let outer = std::mem::replace(&mut self.locals, args);
        let mut body = || {
            self.pay()?;
            self.stmts(&callee.body)?;
            match &callee.tail {
                Tail::Values(values) => self.exprs(values),
                Tail::Call(callee, args) => self.invoke(callee, args),
            }
        };
        let result = body();
        self.locals = outer;
        result
    }

    fn invoke(&mut self, callee: &Callee, args: &[Expr]) -> Res<Vec<Val>> {
        let args = self.exprs(args)?;
        let func = match callee {
            Callee::Func(func) => *func,
            Callee::Ref(_, func) => match word_of(self.expr(func)?) {
                Word::Func(func) => func,
                _ => return trap(Trap::NullReference),
            },
            Callee::Indirect(table, ty, index) => {
                let index = self.int(index)? as u32 as usize;
                match self.tables[*table].get(index) {
                    None => return trap(Trap::TableOutOfBounds),
                    Some(&Val::Ref(Word::Func(func))) => {
                        if !self.program.types.is_subtype(self.program.funcs[func].ty, *ty) {
                            return trap(Trap::BadSignature);
                        }
                        func
                    }
                    Some(_) => return trap(Trap::IndirectCallToNull),
                }
            }
        };
        self.call(func, args)
    }

    /// What comes out of a block with this label.
    fn landed<T>(label: Label, result: Res<T>, take: impl FnOnce(Vec<Val>) -> T) -> Res<T> {
        match result {
            Err(Flow::Br(to, values)) if to == label => Ok(take(values)),
            result => result,
        }
    }

    fn expr(&mut self, expr: &Expr) -> Res<Val> {
        Ok(match expr {
            Expr::I32(n) => Val::I32(*n),
            Expr::I64(n) => Val::I64(*n),
            Expr::F32(bits) => Val::F32(*bits),
            Expr::F64(bits) => Val::F64(*bits),
            Expr::V128(n) => Val::V128(*n),
            Expr::Null(_) => Val::Ref(Word::Null),
            Expr::Local(i) => self.locals[*i],
            Expr::Tee(i, a) => {
                self.locals[*i] = self.expr(a)?;
                self.locals[*i]
            }
            Expr::Global(i) => self.globals[*i],
            Expr::Table(table, i) => {
                let i = self.int(i)? as u32 as usize;
                *self.tables[*table].get(i).ok_or(Flow::Trap(Trap::TableOutOfBounds))?
            }
            Expr::Unary(name, a) => unary(name, self.expr(a)?),
            Expr::Binary(name, a, b) => binary(name, self.expr(a)?, self.expr(b)?),
            Expr::RefI31(a) => Val::Ref(Word::I31(self.int(a)? as u32 & 0x7fff_ffff)),
            Expr::RefFunc(i) => Val::Ref(Word::Func(*i)),
            Expr::New(ty, fields) => {
                let fields = self.exprs(fields)?;
                self.make(*ty, fields)
            }
            Expr::NewDefault(ty) => {
                let fields = self.program.types.fields(*ty).iter().map(|field| default(field.storage)).collect();
                self.make(*ty, fields)
            }
            Expr::Field(ty, i, sign, a) => {
                let object = Model::object(self.expr(a)?)?;
                loaded(self.storage(*ty, *i), sign, self.objects[object].fields[*i])
            }
            Expr::Array(ty, a, n) => {
                let a = self.expr(a)?;
                let n = self.int(n)? as usize;
                self.make(*ty, vec![a; n])
            }
            Expr::ArrayDefault(ty, n) => {
                let n = self.int(n)? as usize;
                self.make(*ty, vec![default(self.storage(*ty, 0)); n])
            }
            Expr::ArrayFixed(ty, list) => {
                let list = self.exprs(list)?;
                self.make(*ty, list)
            }
            Expr::ArrayData(ty, segment, o, n) => {
                let (o, n) = (self.expr(o)?, self.expr(n)?);
                let list = self.data(*ty, *segment, o, n)?;
                self.make(*ty, list)
            }
            Expr::ArrayElem(ty, segment, o, n) => {
                let (o, n) = (self.expr(o)?, self.expr(n)?);
                let range = range(o, n, self.elems[*segment].len(), Trap::TableOutOfBounds)?;
                let list = self.elems[*segment][range].to_vec();
                self.make(*ty, list)
            }
            Expr::Element(ty, sign, a, i) => {
                let (a, i) = (self.expr(a)?, self.int(i)? as u32 as usize);
                let object = Model::object(a)?;
                let val = self.objects[object].fields.get(i).ok_or(Flow::Trap(Trap::ArrayOutOfBounds))?;
                loaded(self.storage(*ty, 0), sign, *val)
            }
            Expr::Len(a) => {
                let object = Model::object(self.expr(a)?)?;
                Val::I32(self.objects[object].fields.len() as i32)
            }
            Expr::Test(ty, a) => {
                let word = word_of(self.expr(a)?);
                Val::I32(self.is(word, *ty).into())
            }
            Expr::Cast(ty, a) => {
                let val = self.expr(a)?;
                if !self.is(word_of(val), *ty) {
                    return trap(Trap::CastFailure);
                }
                val
            }
            Expr::IsNull(a) => Val::I32((self.expr(a)? == Val::Ref(Word::Null)).into()),
            Expr::NonNull(a) => match self.expr(a)? {
                Val::Ref(Word::Null) => return trap(Trap::NullReference),
                val => val,
            },
            Expr::RefEq(a, b) => Val::I32((self.expr(a)? == self.expr(b)?).into()),
            Expr::ToExtern(a) | Expr::ToAny(a) | Expr::Identity(a) => self.expr(a)?,
            Expr::If(_, c, a, b) => {
                let chosen = if self.int(c)? == 0 { b } else { a };
                self.expr(chosen)?
            }
            Expr::Select(_, a, b, c) => {
                let (a, b) = (self.expr(a)?, self.expr(b)?);
                if self.int(c)? == 0 { b } else { a }
            }
            Expr::Block(label, _, stmts, a) => {
                let result = self.stmts(stmts).and_then(|()| self.expr(a));
                Model::landed(*label, result, |values| values[0])?
            }
            Expr::OnCast(on) => self.on_cast(on)?,
            Expr::OnNull(_, _, a, otherwise) | Expr::OnNonNull(_, _, a, otherwise) => match self.expr(a)? {
                Val::Ref(Word::Null) => self.expr(otherwise)?,
                val => val,
            },
            Expr::Call(callee, args) => self.invoke(callee, args)?[0],
        })
    }

    fn on_cast(&mut self, on: &OnCast) -> Res<Val> {
        let val = self.expr(&on.value)?;
        if self.is(word_of(val), on.to) != on.fail {
            return Ok(val);
        }
        self.note(on.mark);
        if on.fail { Ok(val) } else { self.expr(&on.otherwise) }
    }

    /// Elements as a data segment has them.
    fn data(&self, ty: usize, segment: usize, o: Val, n: Val) -> Res<Vec<Val>> {
        let storage = self.storage(ty, 0);
        let (o, n) = (i32_of(o) as u32 as usize, i32_of(n) as u32 as usize);
        let bytes = self.program.datas[segment].get(o..o + n * storage.size());
        let bytes = bytes.ok_or(Flow::Trap(Trap::MemoryOutOfBounds))?;
        let val = |bytes: &[u8]| {
            let n = bytes.iter().rev().fold(0, |n, &byte| n << 8 | u128::from(byte));
            match storage.ty() {
                Ty::I32 => Val::I32(n as i32),
                Ty::I64 => Val::I64(n as i64),
                Ty::F32 => Val::F32(n as u32),
                Ty::F64 => Val::F64(n as u64),
                _ => Val::V128(n),
            }
        };
        Ok(bytes.chunks_exact(storage.size()).map(val).collect())
    }

    fn stmts(&mut self, stmts: &[Stmt]) -> Res<()> {
        stmts.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn take(&mut self, locals: &[Option<usize>], values: &[Val]) {
        // The last one comes first, and the first one stays.
        for (local, &val) in locals.iter().zip(values).rev() {
            if let Some(local) = local {
                self.locals[*local] = val;
            }
        }
    }

    fn four<const N: usize>(&mut self, list: &[Expr; N]) -> Res<[Val; N]> {
        Ok(self.exprs(list)?.try_into().expect("as many values as expressions"))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Res<()> {
        match stmt {
            Stmt::Set(i, a) => self.locals[*i] = self.expr(a)?,
            Stmt::SetGlobal(i, a) => self.globals[*i] = self.expr(a)?,
            Stmt::SetTable(table, i, a) => {
                let (i, a) = (self.int(i)? as u32 as usize, self.expr(a)?);
                *self.tables[*table].get_mut(i).ok_or(Flow::Trap(Trap::TableOutOfBounds))? = a;
            }
            Stmt::SetField(ty, i, a, b) => {
                let (a, b) = (self.expr(a)?, self.expr(b)?);
                let object = Model::object(a)?;
                self.objects[object].fields[*i] = stored(self.storage(*ty, *i), b);
            }
            Stmt::SetElement(ty, list) => {
                let [a, i, b] = self.four(list)?;
                let (object, b) = (Model::object(a)?, stored(self.storage(*ty, 0), b));
                let place = self.objects[object].fields.get_mut(i32_of(i) as u32 as usize);
                *place.ok_or(Flow::Trap(Trap::ArrayOutOfBounds))? = b;
            }
            Stmt::Fill(ty, list) => {
                let [a, i, b, n] = self.four(list)?;
                let b = stored(self.storage(*ty, 0), b);
                self.places(a, i, n)?.fill(b);
            }
            Stmt::Copy(_, _, list) => {
                let [a, i, b, j, n] = self.four(list)?;
                let (to, from) = (Model::object(a)?, Model::object(b)?);
                let to_len = self.objects[to].fields.len();
                let from_len = self.objects[from].fields.len();
                range(i, n, to_len, Trap::ArrayOutOfBounds)?;
                let from_range = range(j, n, from_len, Trap::ArrayOutOfBounds)?;
                let values = self.objects[from].fields[from_range].to_vec();
                self.places(a, i, n)?.copy_from_slice(&values);
            }
            Stmt::InitData(ty, segment, list) => {
                let [a, i, o, n] = self.four(list)?;
                self.places(a, i, n)?;
                let values = self.data(*ty, *segment, o, n)?;
                self.places(a, i, n)?.copy_from_slice(&values);
            }
            Stmt::InitElem(_, segment, list) => {
                let [a, i, o, n] = self.four(list)?;
                self.places(a, i, n)?;
                let from = range(o, n, self.elems[*segment].len(), Trap::TableOutOfBounds)?;
                let values = self.elems[*segment][from].to_vec();
                self.places(a, i, n)?.copy_from_slice(&values);
            }
            Stmt::Drop(a) => drop(self.expr(a)?),
            Stmt::Note(a) => {
                let n = self.int(a)?;
                self.note(n);
            }
            Stmt::If(c, a, b) => {
                let chosen = if self.int(c)? == 0 { b } else { a };
                self.stmts(chosen)?;
            }
            Stmt::Loop(_, local, n, stmts) => {
                for left in (0..*n).rev() {
                    self.locals[*local] = Val::I32(left + 1);
                    self.pay()?;
                    self.stmts(stmts)?;
                    self.locals[*local] = Val::I32(left);
                }
            }
            Stmt::Block(label, stmts) => {
                let result = self.stmts(stmts);
                Model::landed(*label, result, drop)?;
            }
            Stmt::BrIf(label, c) => {
                if self.int(c)? != 0 {
                    return Err(Flow::Br(*label, Vec::new()));
                }
            }
            Stmt::BrIfValue(label, a, c) => {
                let a = self.expr(a)?;
                if self.int(c)? != 0 {
                    return Err(Flow::Br(*label, vec![a]));
                }
            }
            Stmt::Call(callee, args, locals) => {
                let results = self.invoke(callee, args)?;
                self.take(locals, &results);
            }
            Stmt::Many(list, stmts) => {
                let mut values = Vec::new();
                for (expr, _) in list {
                    values.push(self.expr(expr)?);
                }
                self.stmts(stmts)?;
                let locals: Vec<_> = list.iter().map(|&(_, local)| Some(local)).collect();
                self.take(&locals, &values);
            }
            Stmt::Throw(tag, args) => {
                let args = self.exprs(args)?;
                self.exceptions.push((*tag, args));
                return Err(Flow::Throw(self.exceptions.len() - 1));
            }
            Stmt::ThrowRef(a) => match word_of(self.expr(a)?) {
                Word::Exception(exception) => return Err(Flow::Throw(exception)),
                _ => return trap(Trap::NullReference),
            },
            Stmt::Try(Try { labels, body, tag, values, reference }) => {
                let result = self.stmts(body);
                match Model::landed(labels[0], result, drop) {
                    Err(Flow::Throw(exception)) if tag.is_none_or(|tag| self.exceptions[exception].0 == tag) => {
                        if let Some(local) = reference {
                            self.locals[*local] = Val::Ref(Word::Exception(exception));
                        }
                        let payload = self.exceptions[exception].1.clone();
                        self.take(values, if tag.is_some() { &payload } else { &[] });
                    }
                    result => result?,
                }
            }
            Stmt::Collect => {}
        }
        Ok(())
    }

    /// Elements of an array.
    fn places(&mut self, a: Val, i: Val, n: Val) -> Res<&mut [Val]> {
        let object = Model::object(a)?;
        let range = range(i, n, self.objects[object].fields.len(), Trap::ArrayOutOfBounds)?;
        Ok(&mut self.objects[object].fields[range])
    }
}

fn unary(name: &str, a: Val) -> Val {
    match (name, a) {
        ("i32.wrap_i64", Val::I64(a)) => Val::I32(a as i32),
        ("i64.extend_i32_u", Val::I32(a)) => Val::I64(i64::from(a as u32)),
        ("i32.reinterpret_f32", Val::F32(a)) => Val::I32(a as i32),
        ("i64.reinterpret_f64", Val::F64(a)) => Val::I64(a as i64),
        ("f32.reinterpret_i32", Val::I32(a)) => Val::F32(a as u32),
        ("f64.reinterpret_i64", Val::I64(a)) => Val::F64(a as u64),
        ("i64x2.splat", Val::I64(a)) => Val::V128(u128::from(a as u64) << 64 | u128::from(a as u64)),
        ("i64x2.extract_lane 1", Val::V128(a)) => Val::I64((a >> 64) as i64),
        ("i31.get_s", Val::Ref(Word::I31(a))) => Val::I32((a << 1) as i32 >> 1),
        ("i31.get_u", Val::Ref(Word::I31(a))) => Val::I32(a as i32),
        _ => unreachable!("{name} of {a:?}"),
    }
}

fn binary(name: &str, a: Val, b: Val) -> Val {
    match (name, a, b) {
        ("i32.add", Val::I32(a), Val::I32(b)) => Val::I32(a.wrapping_add(b)),
        ("i32.sub", Val::I32(a), Val::I32(b)) => Val::I32(a.wrapping_sub(b)),
        ("i32.xor", Val::I32(a), Val::I32(b)) => Val::I32(a ^ b),
        ("i32.and", Val::I32(a), Val::I32(b)) => Val::I32(a & b),
        ("i32.mul", Val::I32(a), Val::I32(b)) => Val::I32(a.wrapping_mul(b)),
        ("i32.lt_u", Val::I32(a), Val::I32(b)) => Val::I32(((a as u32) < b as u32).into()),
        ("i64.add", Val::I64(a), Val::I64(b)) => Val::I64(a.wrapping_add(b)),
        ("i64.xor", Val::I64(a), Val::I64(b)) => Val::I64(a ^ b),
        ("i64.eq", Val::I64(a), Val::I64(b)) => Val::I32((a == b).into()),
        ("v128.xor", Val::V128(a), Val::V128(b)) => Val::V128(a ^ b),
        _ => unreachable!("{name} of {a:?} and {b:?}"),
    }
}
