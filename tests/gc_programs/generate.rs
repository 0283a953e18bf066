//! Makes programs from a seed: valid ones, which end, and do not trap all the time.

use super::constants::{minimal, number, sub};
use super::program::{Callee, Expr, Func, Label, OnCast, Program, Stmt, Tail, Try};
use super::types::{Heap, Ref, Shape, Storage, Ty, Types, non_null, nullable};
use crate::support::Rng;

/// The parameters of what the host calls.
pub const ENTRY: [Ty; 3] = [nullable(Heap::Any), nullable(Heap::Extern), Ty::I32];

/// How often functions and loops may begin in a call by the host.
pub const FUEL: i32 = 150;

struct Gen<'a> {
    rng: &'a mut Rng,
    types: &'a Types,
    /// The type of each function.
    funcs: &'a [usize],
    globals: &'a [(Ty, bool, Expr)],
    tables: &'a [(Ref, usize)],
    tags: &'a [Vec<Ty>],
    /// Types of the elements of element segments.
    elems: &'a [Ref],
    datas: usize,
    /// Of the function at hand.
    func: usize,
    locals: Vec<Ty>,
    labels: Vec<(Label, Option<Ty>)>,
    next_label: Label,
    /// Nodes that may still be made.
    room: usize,
}

pub fn program(seed: u64) -> Program {
    let rng = &mut Rng(seed);
    let types = Types::random(rng, &ENTRY);
    let func_types = (0..types.defs.len()).filter(|&i| matches!(types.defs[i].shape, Shape::Func(..)));
    let mut funcs: Vec<usize> = func_types.collect();
    let entries = 4;
    for _ in 0..3 {
        let extra = funcs[rng.below(funcs.len() - entries)];
        funcs.insert(0, extra);
    }
    let mut tags: Vec<Vec<Ty>> = vec![Vec::new()];
    tags.extend((0..2).map(|_| (0..1 + rng.below(3)).map(|_| types.random_ty(rng)).collect::<Vec<_>>()));
    let globals: Vec<(Ty, bool, Expr)> = (0..6 + rng.below(6))
        .map(|_| {
            let ty = types.random_ty(rng);
            (ty, rng.below(4) != 0, minimal(rng, &types, &funcs, ty))
        })
        .collect();
    let mut tables =
        vec![(Ref { null: true, heap: Heap::Func }, funcs.len() + 3), (Ref { null: true, heap: Heap::Any }, 6)];
    tables.push((Ref { null: true, heap: Heap::Def(rng.below(types.defs.len())) }, 5));
    tables.push((Ref { null: true, heap: Heap::Extern }, 4));
    let datas = (0..2).map(|_| (0..160 + rng.below(60)).map(|_| rng.next() as u8).collect()).collect();
    let mut elems: Vec<(Ref, Vec<Expr>)> = Vec::new();
    for _ in 0..3 {
        if let Ty::Ref(r) = types.random_ty(rng) {
            let list = (0..8 + rng.below(4)).map(|_| minimal(rng, &types, &funcs, Ty::Ref(r))).collect();
            elems.push((r, list));
        }
    }
    let elem_types: Vec<Ref> = elems.iter().map(|&(r, _)| r).collect();
    let bodies = (0..funcs.len())
        .map(|func| {
            let (types, funcs, globals, tables, tags) = (&types, &funcs[..], &globals[..], &tables[..], &tags[..]);
            let locals = types.signature(funcs[func]).0.to_vec();
            let (elems, room) = (&elem_types[..], 150 + rng.below(200));
            let labels = Vec::new();
            let g = Gen {
                rng,
                types,
                funcs,
                globals,
                tables,
                tags,
                elems,
                datas: 2,
                func,
                locals,
                labels,
                next_label: 0,
                room,
            };
            g.func()
        })
        .collect();
    Program { types, funcs: bodies, globals, tables, datas, elems, tags, entries }
}

impl Gen<'_> {
    fn one_in(&mut self, n: usize) -> bool {
        self.rng.below(n) == 0
    }

    fn func(mut self) -> Func {
        let ty = self.funcs[self.func];
        let params = self.locals.len();
        for _ in 0..4 + self.rng.below(14) {
            let ty = self.types.random_ty(self.rng);
            self.locals.push(ty);
        }
        let mut body = Vec::new();
        for local in params..self.locals.len() {
            if matches!(self.locals[local], Ty::Ref(Ref { null: false, .. })) {
                body.push(Stmt::Set(local, minimal(self.rng, self.types, self.funcs, self.locals[local])));
            }
        }
        body.extend(self.stmts(4, 3 + self.funcs.len() / 8));
        let results = self.types.signature(ty).1.to_vec();
        let tail = self.tail(&results);
        Func { ty, locals: self.locals, body, tail }
    }

    fn tail(&mut self, results: &[Ty]) -> Tail {
        if !self.one_in(3) {
            for _ in 0..6 {
                let ty = *self.rng.pick(self.funcs);
                let theirs = self.types.signature(ty).1;
                let fits = theirs.len() == results.len();
                if fits && theirs.iter().zip(results).all(|(&a, &b)| self.types.fits(a, b)) {
                    let (callee, args) = self.call(ty);
                    return Tail::Call(callee, args);
                }
            }
        }
        Tail::Values(results.iter().map(|&ty| self.expr(ty, 3)).collect())
    }

    /// A call of something of a type.
    fn call(&mut self, ty: usize) -> (Callee, Vec<Expr>) {
        let params = self.types.signature(ty).0.to_vec();
        let args = params.iter().map(|&ty| self.expr(ty, 2)).collect();
        let later = (self.func + 1..self.funcs.len()).find(|&i| self.funcs[i] == ty);
        let callee = match (self.rng.below(4), later) {
            (0..2, Some(func)) => Callee::Func(func),
            (2, _) if self.one_in(25) => Callee::Indirect(0, ty, sub(Expr::I32(number(self.rng)))),
            (2, _) if self.funcs.contains(&ty) => {
                let at = self.funcs.iter().position(|&func| func == ty).expect("it is there");
                Callee::Indirect(0, ty, sub(Expr::I32(at as i32)))
            }
            _ => {
                let null = self.one_in(150);
                Callee::Ref(ty, sub(self.expr(Ty::Ref(Ref { null, heap: Heap::Def(ty) }), 2)))
            }
        };
        (callee, args)
    }

    fn label(&mut self) -> Label {
        self.next_label += 1;
        self.next_label - 1
    }

    /// A local that takes a value of type `ty`.
    fn taker(&mut self, ty: Ty) -> Option<usize> {
        let all: Vec<usize> = (0..self.locals.len()).filter(|&i| self.types.fits(ty, self.locals[i])).collect();
        if all.is_empty() { None } else { Some(*self.rng.pick(&all)) }
    }

    fn stmts(&mut self, depth: usize, n: usize) -> Vec<Stmt> {
        (0..n).filter_map(|_| self.stmt(depth)).collect()
    }

    /// A statement, unless there is no room or what was chosen cannot be.
    fn stmt(&mut self, depth: usize) -> Option<Stmt> {
        if self.room == 0 {
            return None;
        }
        self.room -= 1;
        let inner = depth.saturating_sub(1);
        Some(match self.rng.below(if depth == 0 { 14 } else { 23 }) {
            0..3 => {
                let local = self.rng.below(self.locals.len());
                Stmt::Set(local, self.expr(self.locals[local], depth))
            }
            3 => {
                let i = self.rng.below(self.globals.len());
                let (ty, mutable, _) = self.globals[i];
                mutable.then(|| Stmt::SetGlobal(i, self.expr(ty, depth)))?
            }
            4 => {
                let table = 1 + self.rng.below(self.tables.len() - 1);
                Stmt::SetTable(table, self.index(), self.expr(Ty::Ref(self.tables[table].0), depth))
            }
            5..8 => return self.store(depth),
            8 => return self.bulk(depth),
            9 => {
                let ty = self.types.random_ty(self.rng);
                Stmt::Drop(self.expr(ty, depth))
            }
            10..12 => Stmt::Note(self.expr(Ty::I32, depth)),
            12 => Stmt::Collect,
            13 => {
                let i = self.rng.below(self.labels.len().max(1));
                let (label, ty) = *self.labels.get(i)?;
                match ty {
                    None => Stmt::BrIf(label, self.expr(Ty::I32, 1)),
                    Some(ty) => Stmt::BrIfValue(label, self.expr(ty, inner), self.expr(Ty::I32, 1)),
                }
            }
            14..16 => Stmt::If(self.expr(Ty::I32, inner), self.stmts(inner, 2), self.stmts(inner, 1)),
            16 => {
                let label = self.label();
                let n = 1 + self.rng.below(4) as i32;
                let body = self.stmts(inner, 3);
                // Added behind it, so that it does not change what counts.
                self.locals.push(Ty::I32);
                Stmt::Loop(label, self.locals.len() - 1, n, body)
            }
            17 => {
                let label = self.label();
                self.labels.push((label, None));
                let body = self.stmts(inner, 3);
                self.labels.pop();
                Stmt::Block(label, body)
            }
            18 => {
                let ty = *self.rng.pick(self.funcs);
                let (callee, args) = self.call(ty);
                let results = self.types.signature(ty).1.to_vec();
                Stmt::Call(callee, args, results.iter().map(|&ty| self.taker(ty)).collect())
            }
            19..21 => {
                let locals: Vec<usize> =
                    (0..2 + self.rng.below(20)).map(|_| self.rng.below(self.locals.len())).collect();
                let values = locals.into_iter().map(|local| (self.expr(self.locals[local], 1), local)).collect();
                Stmt::Many(values, self.stmts(inner, 2))
            }
            21 => {
                let tag = self.rng.below(self.tags.len());
                let thrown = if self.one_in(10) {
                    Stmt::ThrowRef(self.expr(nullable(Heap::Exn), 1))
                } else {
                    Stmt::Throw(tag, self.tags[tag].iter().map(|&ty| self.expr(ty, 1)).collect())
                };
                let c = Expr::Binary("i32.lt_u", sub(self.expr(Ty::I32, 1)), sub(Expr::I32(1)));
                Stmt::If(c, vec![thrown], self.stmts(inner, 1))
            }
            _ => {
                let labels = [self.label(), self.label()];
                let tag = Some(self.rng.below(self.tags.len())).filter(|_| !self.one_in(3));
                self.labels.push((labels[0], None));
                let body = self.stmts(inner, 4);
                self.labels.pop();
                let params = tag.map_or(Vec::new(), |tag| self.tags[tag].clone());
                let values = params.iter().map(|&ty| self.taker(ty)).collect();
                let reference = self.taker(non_null(Heap::Exn)).filter(|_| !self.one_in(3));
                Stmt::Try(Try { labels, body, tag, values, reference })
            }
        })
    }

    /// A reference to an object of a type, which is null only sometimes.
    fn object(&mut self, ty: usize, depth: usize) -> Expr {
        let null = self.one_in(150);
        self.expr(Ty::Ref(Ref { null, heap: Heap::Def(ty) }), depth)
    }

    fn index(&mut self) -> Expr {
        match self.rng.below(150) {
            0 => self.expr(Ty::I32, 1),
            1..20 => Expr::Binary("i32.and", sub(self.expr(Ty::I32, 1)), sub(Expr::I32(3))),
            _ => Expr::I32(self.rng.below(4) as i32),
        }
    }

    /// An offset in a segment.
    fn start(&mut self) -> Expr {
        if self.one_in(3) { self.index() } else { Expr::I32(0) }
    }

    fn len(&mut self) -> Expr {
        if self.one_in(80) {
            return Expr::Binary("i32.and", sub(self.expr(Ty::I32, 1)), sub(Expr::I32(7)));
        }
        Expr::I32(if self.one_in(30) { 100 } else { 4 + self.rng.below(6) as i32 })
    }

    /// A type of objects, an array or not.
    fn object_type(&mut self, array: bool) -> Option<usize> {
        (0..8).map(|_| self.rng.below(self.types.defs.len())).find(|&ty| match &self.types.defs[ty].shape {
            Shape::Struct(fields) => !array && !fields.is_empty(),
            Shape::Array(_) => array,
            Shape::Func(..) => false,
        })
    }

    fn store(&mut self, depth: usize) -> Option<Stmt> {
        let inner = depth.saturating_sub(1);
        let array = self.one_in(2);
        let ty = self.object_type(array)?;
        let i = self.rng.below(self.types.fields(ty).len());
        let field = self.types.fields(ty)[i];
        if !field.mutable {
            return None;
        }
        let object = self.object(ty, depth);
        if array {
            let i = self.index();
            return Some(Stmt::SetElement(ty, [object, i, self.expr(field.storage.ty(), inner)]));
        }
        Some(Stmt::SetField(ty, i, object, self.expr(field.storage.ty(), inner)))
    }

    fn bulk(&mut self, depth: usize) -> Option<Stmt> {
        let ty = self.object_type(true)?;
        let element = self.types.fields(ty)[0];
        if !element.mutable {
            return None;
        }
        let (object, i) = (self.object(ty, depth), self.index());
        let n = if self.one_in(30) { self.len() } else { Expr::I32(self.rng.below(3) as i32) };
        if self.one_in(3) {
            return Some(Stmt::Fill(ty, [object, i, self.expr(element.storage.ty(), 1), n]));
        }
        if self.one_in(2) {
            let from = self.object_type(true)?;
            let theirs = self.types.fields(from)[0].storage;
            let fits = match (theirs, element.storage) {
                (Storage::Val(a), Storage::Val(b)) => self.types.fits(a, b),
                (a, b) => a == b,
            };
            let from = if fits { from } else { ty };
            let (other, j) = (self.object(from, depth), self.index());
            return Some(Stmt::Copy(ty, from, [object, i, other, j, n]));
        }
        let o = self.index();
        match element.storage {
            Storage::Val(Ty::Ref(r)) => {
                let segment = self.elems.iter().position(|&theirs| self.types.ref_fits(theirs, r))?;
                Some(Stmt::InitElem(ty, segment, [object, i, o, n]))
            }
            _ => Some(Stmt::InitData(ty, self.rng.below(self.datas), [object, i, o, n])),
        }
    }

    /// A value of type `ty`.
    fn expr(&mut self, ty: Ty, depth: usize) -> Expr {
        if depth == 0 || self.room == 0 {
            return self.leaf(ty);
        }
        self.room -= 1;
        let inner = depth - 1;
        for _ in 0..3 {
            let made = match self.rng.below(16) {
                0 => {
                    let (c, a, b) = (self.expr(Ty::I32, inner), self.expr(ty, inner), self.expr(ty, inner));
                    Some(Expr::If(ty, sub(c), sub(a), sub(b)))
                }
                1 => {
                    let (a, b, c) = (self.expr(ty, inner), self.expr(ty, inner), self.expr(Ty::I32, inner));
                    Some(Expr::Select(ty, sub(a), sub(b), sub(c)))
                }
                2 => {
                    let label = self.label();
                    self.labels.push((label, Some(ty)));
                    let (body, last) = (self.stmts(inner, 2), self.expr(ty, inner));
                    self.labels.pop();
                    Some(Expr::Block(label, ty, body, sub(last)))
                }
                3 => {
                    let locals: Vec<usize> =
                        (0..self.locals.len()).filter(|&i| self.types.fits(self.locals[i], ty)).collect();
                    (!locals.is_empty()).then(|| {
                        let local = *self.rng.pick(&locals);
                        Expr::Tee(local, sub(self.expr(self.locals[local], inner)))
                    })
                }
                4 if self.one_in(3) => (0..4)
                    .map(|_| *self.rng.pick(self.funcs))
                    .find(|&func| matches!(self.types.signature(func).1, [result] if self.types.fits(*result, ty)))
                    .map(|func| {
                        let (callee, args) = self.call(func);
                        Expr::Call(callee, args)
                    }),
                5..8 => self.part(ty, inner),
                8 => Some(self.leaf(ty)),
                _ => match ty {
                    Ty::Ref(r) => self.reference(r, inner),
                    ty => Some(self.numeric(ty, inner)),
                },
            };
            if let Some(made) = made {
                return made;
            }
        }
        self.leaf(ty)
    }

    /// A local or a global, or something new.
    fn leaf(&mut self, ty: Ty) -> Expr {
        let locals = (0..self.locals.len()).filter(|&i| self.types.fits(self.locals[i], ty)).map(Expr::Local);
        let globals = (0..self.globals.len()).filter(|&i| self.types.fits(self.globals[i].0, ty)).map(Expr::Global);
        let all: Vec<Expr> = locals.chain(globals).collect();
        if all.is_empty() || self.one_in(4) {
            return minimal(self.rng, self.types, self.funcs, ty);
        }
        self.rng.pick(&all).clone()
    }

    /// What is in an object.
    fn part(&mut self, ty: Ty, depth: usize) -> Option<Expr> {
        for _ in 0..6 {
            let array = self.one_in(3);
            let Some(object) = self.object_type(array) else { continue };
            let fields = self.types.fields(object);
            let i = self.rng.below(fields.len());
            let storage = fields[i].storage;
            if self.types.fits(storage.ty(), ty) {
                let sign = match storage {
                    Storage::Val(_) => "",
                    _ => ["_s", "_u"][self.rng.below(2)],
                };
                let a = sub(self.object(object, depth));
                return Some(if array {
                    Expr::Element(object, sign, a, sub(self.index()))
                } else {
                    Expr::Field(object, i, sign, a)
                });
            }
        }
        None
    }

    fn numeric(&mut self, ty: Ty, depth: usize) -> Expr {
        let mut unary = |name, ty| Expr::Unary(name, sub(self.expr(ty, depth)));
        match ty {
            Ty::F32 => return unary("f32.reinterpret_i32", Ty::I32),
            Ty::F64 => return unary("f64.reinterpret_i64", Ty::I64),
            Ty::V128 if depth == 0 => return unary("i64x2.splat", Ty::I64),
            _ => {}
        }
        let (name, of) = match (ty, self.rng.below(5)) {
            (Ty::V128, _) => ("v128.xor", Ty::V128),
            (Ty::I64, 0) => return Expr::Unary("i64.extend_i32_u", sub(self.expr(Ty::I32, depth))),
            (Ty::I64, 1) => return Expr::Unary("i64.reinterpret_f64", sub(self.expr(Ty::F64, depth))),
            (Ty::I64, 2) => return Expr::Unary("i64x2.extract_lane 1", sub(self.expr(Ty::V128, depth))),
            (Ty::I64, 3) => ("i64.add", Ty::I64),
            (Ty::I64, _) => ("i64.xor", Ty::I64),
            (_, 0) => return self.question(depth),
            (_, 1) => return self.question(depth),
            (_, 2) => match self.rng.below(5) {
                0 => return Expr::Unary("i32.wrap_i64", sub(self.expr(Ty::I64, depth))),
                1 => return Expr::Unary("i32.reinterpret_f32", sub(self.expr(Ty::F32, depth))),
                2 => ("i64.eq", Ty::I64),
                3 => return Expr::Unary("i31.get_s", sub(self.expr(non_null(Heap::I31), depth))),
                _ => return Expr::Unary("i31.get_u", sub(self.expr(non_null(Heap::I31), depth))),
            },
            _ => (*self.rng.pick(&["i32.add", "i32.sub", "i32.xor", "i32.and", "i32.mul", "i32.lt_u"]), Ty::I32),
        };
        Expr::Binary(name, sub(self.expr(of, depth)), sub(self.expr(of, depth)))
    }

    /// Something about a reference.
    fn question(&mut self, depth: usize) -> Expr {
        let top = *self.rng.pick(&[Heap::Any, Heap::Any, Heap::Any, Heap::Func, Heap::Extern]);
        match self.rng.below(6) {
            0 => Expr::IsNull(sub(self.expr(nullable(top), depth))),
            1 => Expr::RefEq(sub(self.expr(nullable(Heap::Eq), depth)), sub(self.expr(nullable(Heap::Eq), depth))),
            2 => Expr::Len(sub(self.expr(non_null(Heap::Array), depth))),
            _ => {
                let target = self.types.random_target(self.rng, top);
                Expr::Test(target, sub(self.expr(nullable(top), depth)))
            }
        }
    }

    fn reference(&mut self, r: Ref, depth: usize) -> Option<Expr> {
        let (ty, top) = (Ty::Ref(r), self.types.top(r.heap));
        match self.rng.below(10) {
            0 => {
                let i = (0..self.tables.len()).find(|&i| self.types.ref_fits(self.tables[i].0, r))?;
                Some(Expr::Table(i, sub(self.index())))
            }
            // Most values are not of most types.
            1 if !matches!(top, Heap::Exn) && self.one_in(20) => {
                Some(Expr::Cast(r, sub(self.expr(nullable(top), depth))))
            }
            1..4 if !matches!(top, Heap::Exn) => Some(self.on_cast(r, top, depth)),
            4 if !r.null => {
                let value = self.expr(nullable(r.heap), depth);
                if self.one_in(15) {
                    return Some(Expr::NonNull(sub(value)));
                }
                let otherwise = self.expr(ty, depth);
                let (value, otherwise) = (sub(value), sub(otherwise));
                Some(if self.one_in(2) {
                    Expr::OnNull([self.label(), self.label()], ty, value, otherwise)
                } else {
                    Expr::OnNonNull(self.label(), ty, value, otherwise)
                })
            }
            5 if r.heap == Heap::Any => {
                let inner = Ty::Ref(Ref { null: r.null, heap: Heap::Extern });
                Some(Expr::ToAny(sub(self.expr(inner, depth))))
            }
            6 if r == (Ref { null: true, heap: Heap::Any }) => Some(Expr::Identity(sub(self.expr(ty, depth)))),
            _ if r.heap == Heap::Extern => {
                let inner = Ty::Ref(Ref { null: r.null, heap: Heap::Any });
                Some(Expr::ToExtern(sub(self.expr(inner, depth))))
            }
            _ => self.made(r, depth),
        }
    }

    fn on_cast(&mut self, r: Ref, top: Heap, depth: usize) -> Expr {
        let label = self.label();
        let mark = number(self.rng);
        let fail = self.one_in(2);
        // The type that is asked for is that of the block, or another that fits.
        let mut to = self.types.random_target(self.rng, top);
        let from = if fail { r } else { Ref { null: true, heap: top } };
        let wanted = if fail { from } else { r };
        for _ in 0..4 {
            if self.types.ref_fits(to, wanted) {
                break;
            }
            to = self.types.random_target(self.rng, top);
        }
        if !self.types.ref_fits(to, wanted) {
            to = wanted;
        }
        let (value, otherwise) = (self.expr(Ty::Ref(from), depth), self.expr(Ty::Ref(r), depth));
        Expr::OnCast(Box::new(OnCast { label, fail, ty: Ty::Ref(r), from, to, value, mark, otherwise }))
    }

    /// A new object.
    fn made(&mut self, r: Ref, depth: usize) -> Option<Expr> {
        let fitting: Vec<usize> = (0..self.types.defs.len())
            .filter(|&i| self.types.heap_fits(Heap::Def(i), r.heap) && self.types.top(Heap::Def(i)) == Heap::Any)
            .collect();
        if fitting.is_empty() {
            return None;
        }
        let ty = *self.rng.pick(&fitting);
        let fields = self.types.fields(ty).to_vec();
        let defaults = fields.iter().all(|field| field.storage.has_default());
        if !self.types.is_array(ty) {
            if defaults && self.one_in(4) {
                return Some(Expr::NewDefault(ty));
            }
            let depth = if fields.len() > 8 { 0 } else { depth };
            return Some(Expr::New(ty, fields.iter().map(|field| self.expr(field.storage.ty(), depth)).collect()));
        }
        let storage = fields[0].storage;
        Some(match self.rng.below(5) {
            0 if defaults => Expr::ArrayDefault(ty, sub(self.len())),
            1 => Expr::Array(ty, sub(self.expr(storage.ty(), depth)), sub(self.len())),
            2 => match storage {
                Storage::Val(Ty::Ref(r)) => {
                    let segment = self.elems.iter().position(|&theirs| self.types.ref_fits(theirs, r))?;
                    Expr::ArrayElem(ty, segment, sub(self.start()), sub(self.len()))
                }
                _ => Expr::ArrayData(ty, self.rng.below(self.datas), sub(self.start()), sub(self.len())),
            },
            _ => {
                let most = if self.one_in(10) { 30 } else { 4 };
                let n = if self.one_in(60) { 0 } else { 4 + self.rng.below(most) };
                Expr::ArrayFixed(ty, (0..n).map(|_| self.expr(storage.ty(), depth.min(1))).collect())
            }
        })
    }
}
