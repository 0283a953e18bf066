//! A generated program as a tree, and the tree as a module in text form.

use super::types::{Field, Heap, Ref, Ty, Types};
use std::fmt::{Display, Write as _};

pub type Label = usize;
/// An expression in an expression.
pub type Sub = Box<Expr>;

/// What gives one value.
#[derive(Clone, Debug)]
pub enum Expr {
    I32(i32),
    I64(i64),
    F32(u32),
    F64(u64),
    V128(u128),
    Null(Heap),
    Local(usize),
    Tee(usize, Sub),
    Global(usize),
    Table(usize, Sub),
    /// A numeric operator, by its name.
    Unary(&'static str, Sub),
    Binary(&'static str, Sub, Sub),
    RefI31(Sub),
    RefFunc(usize),
    New(usize, Vec<Expr>),
    NewDefault(usize),
    /// Type, field, what follows the operator's name, struct.
    Field(usize, usize, &'static str, Sub),
    /// Type, value, length.
    Array(usize, Sub, Sub),
    ArrayDefault(usize, Sub),
    ArrayFixed(usize, Vec<Expr>),
    /// Type, segment, offset in it, length.
    ArrayData(usize, usize, Sub, Sub),
    ArrayElem(usize, usize, Sub, Sub),
    /// Type, what follows the operator's name, array, index.
    Element(usize, &'static str, Sub, Sub),
    Len(Sub),
    Test(Ref, Sub),
    Cast(Ref, Sub),
    IsNull(Sub),
    NonNull(Sub),
    RefEq(Sub, Sub),
    ToExtern(Sub),
    ToAny(Sub),
    If(Ty, Sub, Sub, Sub),
    Select(Ty, Sub, Sub, Sub),
    Block(Label, Ty, Vec<Stmt>, Sub),
    OnCast(Box<OnCast>),
    /// Two labels, the type of the result, what may be null, the expression if it is.
    OnNull([Label; 2], Ty, Sub, Sub),
    /// The same for `br_on_non_null`.
    OnNonNull(Label, Ty, Sub, Sub),
    Call(Callee, Vec<Expr>),
    /// The host's function that collects and gives its argument back.
    Identity(Sub),
}

/// A branch by type: to the end of a block of type `ty` where the value is of type `to`, or (`fail`) where it is not.
#[derive(Clone, Debug)]
pub struct OnCast {
    pub label: Label,
    pub fail: bool,
    pub ty: Ty,
    pub from: Ref,
    pub to: Ref,
    pub value: Expr,
    /// What is noted where it does not branch.
    pub mark: i32,
    /// What it gives then, unless that is the value itself.
    pub otherwise: Expr,
}

#[derive(Clone, Debug)]
pub enum Callee {
    Func(usize),
    /// A reference to a function of a type.
    Ref(usize, Sub),
    /// A table, a type, an index.
    Indirect(usize, usize, Sub),
}

#[derive(Clone, Debug)]
pub enum Stmt {
    Set(usize, Expr),
    SetGlobal(usize, Expr),
    SetTable(usize, Expr, Expr),
    /// Type, field, struct, value.
    SetField(usize, usize, Expr, Expr),
    /// Type, array, index, value.
    SetElement(usize, [Expr; 3]),
    /// Type, array, index, value, length.
    Fill(usize, [Expr; 4]),
    /// Types, array, index, array, index, length.
    Copy(usize, usize, [Expr; 5]),
    /// Type, segment, array, index, offset, length.
    InitData(usize, usize, [Expr; 4]),
    InitElem(usize, usize, [Expr; 4]),
    Drop(Expr),
    /// Notes a number.
    Note(Expr),
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    /// A local that counts, how often, what.
    Loop(Label, usize, i32, Vec<Stmt>),
    Block(Label, Vec<Stmt>),
    BrIf(Label, Expr),
    /// A value for the block's end, and whether to go there.
    BrIfValue(Label, Expr, Expr),
    Call(Callee, Vec<Expr>, Vec<Option<usize>>),
    /// Values that are on the stack while statements run, and where they go then.
    Many(Vec<(Expr, usize)>, Vec<Stmt>),
    Throw(usize, Vec<Expr>),
    ThrowRef(Expr),
    Try(Try),
    /// The host collects.
    Collect,
}

/// Statements, whose exceptions of a tag (or all) are caught, with where their values go.
#[derive(Clone, Debug)]
pub struct Try {
    pub labels: [Label; 2],
    pub body: Vec<Stmt>,
    pub tag: Option<usize>,
    pub values: Vec<Option<usize>>,
    /// Where the reference to the exception goes.
    pub reference: Option<usize>,
}

#[derive(Clone, Debug)]
pub enum Tail {
    Values(Vec<Expr>),
    Call(Callee, Vec<Expr>),
}

#[derive(Debug)]
pub struct Func {
    pub ty: usize,
    /// Parameters first.
    pub locals: Vec<Ty>,
    pub body: Vec<Stmt>,
    pub tail: Tail,
}

#[derive(Debug)]
pub struct Program {
    pub types: Types,
    pub funcs: Vec<Func>,
    pub globals: Vec<(Ty, bool, Expr)>,
    /// The first one has functions, `funcs[i % len]` at `i`.
    pub tables: Vec<(Ref, usize)>,
    pub datas: Vec<Vec<u8>>,
    pub elems: Vec<(Ref, Vec<Expr>)>,
    pub tags: Vec<Vec<Ty>>,
    /// The functions that the host calls are the last ones, so many.
    pub entries: usize,
}

/// The module's text, written as operators with their operands in front of them.
struct Text<'a>(String, &'a Program);

impl Text<'_> {
    fn op(&mut self, op: impl Display, operands: &[&Expr]) {
        operands.iter().for_each(|operand| self.expr(operand));
        writeln!(self.0, "{op}").expect("a string takes everything");
    }

    fn list(&mut self, op: impl Display, operands: &[Expr]) {
        operands.iter().for_each(|operand| self.expr(operand));
        self.op(op, &[]);
    }

    fn note(&mut self) {
        self.op("global.get $notes i32.const 31 i32.mul i32.add global.set $notes", &[]);
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::I32(n) => self.op(format_args!("i32.const {n}"), &[]),
            Expr::I64(n) => self.op(format_args!("i64.const {n}"), &[]),
            Expr::F32(bits) => self.op(format_args!("f32.const {}", float(u64::from(*bits), 23, 8)), &[]),
            Expr::F64(bits) => self.op(format_args!("f64.const {}", float(*bits, 52, 11)), &[]),
            Expr::V128(n) => {
                self.op(format_args!("v128.const i64x2 {} {}", *n as u64 as i64, (*n >> 64) as u64 as i64), &[]);
            }
            Expr::Null(heap) => self.op(format_args!("ref.null {heap}"), &[]),
            Expr::Local(i) => self.op(format_args!("local.get {i}"), &[]),
            Expr::Tee(i, a) => self.op(format_args!("local.tee {i}"), &[a]),
            Expr::Global(i) => self.op(format_args!("global.get $g{i}"), &[]),
            Expr::Table(i, a) => self.op(format_args!("table.get $table{i}"), &[a]),
            Expr::Unary(name, a) => self.op(name, &[a]),
            Expr::Binary(name, a, b) => self.op(name, &[a, b]),
            Expr::RefI31(a) => self.op("ref.i31", &[a]),
            Expr::RefFunc(i) => self.op(format_args!("ref.func $f{i}"), &[]),
            Expr::New(t, fields) => self.list(format_args!("struct.new $t{t}"), fields),
            Expr::NewDefault(t) => self.op(format_args!("struct.new_default $t{t}"), &[]),
            Expr::Field(t, i, sign, a) => self.op(format_args!("struct.get{sign} $t{t} {i}"), &[a]),
            Expr::Array(t, a, n) => self.op(format_args!("array.new $t{t}"), &[a, n]),
            Expr::ArrayDefault(t, n) => self.op(format_args!("array.new_default $t{t}"), &[n]),
            Expr::ArrayFixed(t, list) => self.list(format_args!("array.new_fixed $t{t} {}", list.len()), list),
            Expr::ArrayData(t, segment, o, n) => self.op(format_args!("array.new_data $t{t} $d{segment}"), &[o, n]),
            Expr::ArrayElem(t, segment, o, n) => self.op(format_args!("array.new_elem $t{t} $e{segment}"), &[o, n]),
            Expr::Element(t, sign, a, i) => self.op(format_args!("array.get{sign} $t{t}"), &[a, i]),
            Expr::Len(a) => self.op("array.len", &[a]),
            Expr::Test(ty, a) => self.op(format_args!("ref.test {ty}"), &[a]),
            Expr::Cast(ty, a) => self.op(format_args!("ref.cast {ty}"), &[a]),
            Expr::IsNull(a) => self.op("ref.is_null", &[a]),
            Expr::NonNull(a) => self.op("ref.as_non_null", &[a]),
            Expr::RefEq(a, b) => self.op("ref.eq", &[a, b]),
            Expr::ToExtern(a) => self.op("extern.convert_any", &[a]),
            Expr::ToAny(a) => self.op("any.convert_extern", &[a]),
            Expr::If(ty, c, a, b) => {
                self.op(format_args!("if (result {ty})"), &[c]);
                self.op("else", &[a]);
                self.op("end", &[b]);
            }
            Expr::Select(ty, a, b, c) => self.op(format_args!("select (result {ty})"), &[a, b, c]),
            Expr::Block(label, ty, stmts, a) => {
                self.op(format_args!("block $l{label} (result {ty})"), &[]);
                self.stmts(stmts);
                self.op("end", &[a]);
            }
            Expr::OnCast(on) => {
                let OnCast { label, fail, ty, from, to, value, mark, otherwise } = &**on;
                self.op(format_args!("block $l{label} (result {ty})"), &[]);
                let name = if *fail { "br_on_cast_fail" } else { "br_on_cast" };
                self.op(format_args!("{name} $l{label} {from} {to}"), &[value]);
                self.op(format_args!("i32.const {mark}"), &[]);
                self.note();
                if !fail {
                    self.op("drop", &[]);
                    self.expr(otherwise);
                }
                self.op("end", &[]);
            }
            Expr::OnNull([out, null], ty, a, otherwise) => {
                self.op(format_args!("block $l{out} (result {ty}) block $l{null}"), &[]);
                self.op(format_args!("br_on_null $l{null} br $l{out} end"), &[a]);
                self.op("end", &[otherwise]);
            }
            Expr::OnNonNull(out, ty, a, otherwise) => {
                self.op(format_args!("block $l{out} (result {ty})"), &[]);
                self.op(format_args!("br_on_non_null $l{out}"), &[a]);
                self.op("end", &[otherwise]);
            }
            Expr::Call(callee, args) => self.call("", callee, args),
            Expr::Identity(a) => self.op("call $identity", &[a]),
        }
    }

    fn call(&mut self, prefix: &str, callee: &Callee, args: &[Expr]) {
        match callee {
            Callee::Func(i) => self.list(format_args!("{prefix}call $f{i}"), args),
            Callee::Ref(t, func) => {
                self.list("", args);
                self.op(format_args!("{prefix}call_ref $t{t}"), &[func]);
            }
            Callee::Indirect(table, t, index) => {
                self.list("", args);
                self.op(format_args!("{prefix}call_indirect $table{table} (type $t{t})"), &[index]);
            }
        }
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn take(&mut self, locals: &[Option<usize>]) {
        for local in locals.iter().rev() {
            match local {
                Some(local) => self.op(format_args!("local.set {local}"), &[]),
                None => self.op("drop", &[]),
            }
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Set(i, a) => self.op(format_args!("local.set {i}"), &[a]),
            Stmt::SetGlobal(i, a) => self.op(format_args!("global.set $g{i}"), &[a]),
            Stmt::SetTable(table, i, a) => self.op(format_args!("table.set $table{table}"), &[i, a]),
            Stmt::SetField(t, i, a, b) => self.op(format_args!("struct.set $t{t} {i}"), &[a, b]),
            Stmt::SetElement(t, list) => self.list(format_args!("array.set $t{t}"), list),
            Stmt::Fill(t, list) => self.list(format_args!("array.fill $t{t}"), list),
            Stmt::Copy(to, from, list) => self.list(format_args!("array.copy $t{to} $t{from}"), list),
            Stmt::InitData(t, segment, list) => self.list(format_args!("array.init_data $t{t} $d{segment}"), list),
            Stmt::InitElem(t, segment, list) => self.list(format_args!("array.init_elem $t{t} $e{segment}"), list),
            Stmt::Drop(a) => self.op("drop", &[a]),
            Stmt::Note(a) => {
                self.expr(a);
                self.note();
            }
            Stmt::If(c, a, b) => {
                self.op("if", &[c]);
                self.stmts(a);
                self.op("else", &[]);
                self.stmts(b);
                self.op("end", &[]);
            }
            Stmt::Loop(label, local, n, stmts) => {
                self.op(format_args!("i32.const {n} local.set {local} loop $l{label}"), &[]);
                self.op("call $pay", &[]);
                self.stmts(stmts);
                self.op(
                    format_args!("local.get {local} i32.const 1 i32.sub local.tee {local} br_if $l{label} end"),
                    &[],
                );
            }
            Stmt::Block(label, stmts) => {
                self.op(format_args!("block $l{label}"), &[]);
                self.stmts(stmts);
                self.op("end", &[]);
            }
            Stmt::BrIf(label, c) => self.op(format_args!("br_if $l{label}"), &[c]),
            Stmt::BrIfValue(label, a, c) => self.op(format_args!("br_if $l{label} drop"), &[a, c]),
            Stmt::Call(callee, args, locals) => {
                self.call("", callee, args);
                self.take(locals);
            }
            Stmt::Many(values, stmts) => {
                values.iter().for_each(|(value, _)| self.expr(value));
                self.stmts(stmts);
                self.take(&values.iter().map(|&(_, local)| Some(local)).collect::<Vec<_>>());
            }
            Stmt::Throw(tag, args) => self.list(format_args!("throw $tag{tag}"), args),
            Stmt::ThrowRef(a) => self.op("throw_ref", &[a]),
            Stmt::Try(Try { labels: [done, handler], body, tag, values, reference }) => {
                let (suffix, mut results) = match tag {
                    Some(tag) => (format!("$tag{tag} $l{handler}"), self.1.tags[*tag].clone()),
                    None => (format!("$l{handler}"), Vec::new()),
                };
                if reference.is_some() {
                    results.push(Ty::Ref(Ref { null: false, heap: Heap::Exn }));
                }
                let results: String = results.iter().map(|ty| format!(" (result {ty})")).collect();
                let clause = ["catch_all", "catch_all_ref", "catch", "catch_ref"]
                    [2 * usize::from(tag.is_some()) + usize::from(reference.is_some())];
                self.op(format_args!("block $l{done} block $l{handler}{results} try_table ({clause} {suffix})"), &[]);
                self.stmts(body);
                self.op(format_args!("end br $l{done} end"), &[]);
                if let Some(local) = reference {
                    self.op(format_args!("local.set {local}"), &[]);
                }
                self.take(values);
                self.op("end", &[]);
            }
            Stmt::Collect => self.op("call $collect", &[]),
        }
    }
}

/// A float of so many bits of fraction and exponent, exactly.
fn float(bits: u64, fraction: u32, exponent: u32) -> String {
    let sign = if bits >> (fraction + exponent) == 0 { "" } else { "-" };
    let (most, bias) = ((1 << exponent) - 1, (1 << (exponent - 1)) - 1);
    let (low, e) = (bits & ((1 << fraction) - 1), (bits >> fraction & most) as i64);
    // Hexadecimal digits are four bits.
    let digits = low << (fraction.next_multiple_of(4) - fraction);
    let width = fraction.div_ceil(4) as usize;
    match (e, low) {
        (0, _) => format!("{sign}0x0.{digits:0width$x}p{}", 1 - bias),
        (e, 0) if e as u64 == most => format!("{sign}inf"),
        (e, low) if e as u64 == most => format!("{sign}nan:{low:#x}"),
        (e, _) => format!("{sign}0x1.{digits:0width$x}p{}", e - bias),
    }
}

impl Program {
    /// The program as a module. The host gives it `collect`, which collects, and `identity`, which does so too.
    pub fn text(&self) -> String {
        let mut text = Text(String::new(), self);
        text.0 += "(module\n";
        text.op(&self.types, &[]);
        text.op("(import \"host\" \"collect\" (func $collect))", &[]);
        text.op("(import \"host\" \"identity\" (func $identity (param anyref) (result anyref)))", &[]);
        text.op("(global $fuel (export \"fuel\") (mut i32) (i32.const 0))", &[]);
        text.op("(global $notes (export \"notes\") (mut i32) (i32.const 0))", &[]);
        text.op(
            "(func $pay global.get $fuel i32.eqz if unreachable end
                global.get $fuel i32.const 1 i32.sub global.set $fuel)",
            &[],
        );
        for (i, (ty, mutable, init)) in self.globals.iter().enumerate() {
            let storage = Field { storage: super::types::Storage::Val(*ty), mutable: *mutable };
            text.op(format_args!("(global $g{i} (export \"g{i}\") {storage}"), &[]);
            text.op(")", &[init]);
        }
        for (i, (ty, len)) in self.tables.iter().enumerate() {
            text.op(format_args!("(table $table{i} (export \"table{i}\") {len} {ty})"), &[]);
        }
        for (i, params) in self.tags.iter().enumerate() {
            let params: String = params.iter().map(|ty| format!(" (param {ty})")).collect();
            text.op(format_args!("(tag $tag{i} (export \"tag{i}\"){params})"), &[]);
        }
        for (i, bytes) in self.datas.iter().enumerate() {
            let bytes: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
            text.op(format_args!("(data $d{i} \"{bytes}\")"), &[]);
        }
        let all: String = (0..self.tables[0].1).map(|i| format!(" $f{}", i % self.funcs.len())).collect();
        text.op(format_args!("(elem (table $table0) (i32.const 0) func{all})"), &[]);
        let all: String = (0..self.funcs.len()).map(|i| format!(" $f{i}")).collect();
        text.op(format_args!("(elem declare func{all})"), &[]);
        for (i, (ty, list)) in self.elems.iter().enumerate() {
            text.op(format_args!("(elem $e{i} {ty}"), &[]);
            for item in list {
                text.op("(item", &[]);
                text.op(")", &[item]);
            }
            text.op(")", &[]);
        }
        for (i, func) in self.funcs.iter().enumerate() {
            let params = self.types.signature(func.ty).0.len();
            text.op(format_args!("(func $f{i} (export \"f{i}\") (type $t{})", func.ty), &[]);
            for ty in &func.locals[params..] {
                text.op(format_args!("(local {ty})"), &[]);
            }
            text.op("call $pay", &[]);
            text.stmts(&func.body);
            match &func.tail {
                Tail::Values(values) => text.list("", values),
                Tail::Call(callee, args) => text.call("return_", callee, args),
            }
            text.op(")", &[]);
        }
        text.0 + ")"
    }
}
