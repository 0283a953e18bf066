//! Modules in the text format in which every way to make an i32 meets every operator that trusts one: addresses,
//! indices of tables, lengths, conditions. Memories and tables are imported and defined, several of each, so that no
//! index space is another by chance.

use crate::choices::Choices;
use crate::engines::Ty;
use std::fmt::Write as _;

/// What a module has.
struct Maker<'a, 'b> {
    c: &'a mut Choices<'b>,
    memories: usize,
    /// Their element types.
    tables: Vec<Ty>,
    /// Whether there are typed references to functions: a table of them, a global, and a local of each function.
    typed: bool,
    /// Whether there are structs, arrays and small integers: a global of them, and a local of each function.
    objects: bool,
}

/// The locals of each function: three i32 parameters, a function and a value of the host, then enough i64s that those
/// behind them have no registers.
const LOCALS: &str =
    "(param i32 i32 i32 externref funcref) (local i64 i64 i64 i64 i64 i64 i64 i64 i64) (local i32 i32)";
const FRAMED: [usize; 2] = [14, 15];
/// And the local that is a typed reference, where there are any.
const TYPED: usize = 16;
/// And the local that is an `anyref`, where there is any of those; in such modules the one before it is there, too.
const OBJECT: usize = 17;

/// What modules with objects have more.
const OBJECTS: &str = "(type $s (struct (field $i (mut i32)) (field $b (mut i8)) (field $h i16) (field $o (mut anyref))))
    (type $w (array (mut i32))) (type $h (array (mut i16)))
    (global $o (export \"o\") (mut anyref) (ref.null any)) (global $w (mut (ref $w)) (array.new $w (i32.const 9) (i32.const 7)))
    (func (export \"made\") (param i32) (result (ref null $s) arrayref i31ref)
      (struct.new $s (local.get 0) (local.get 0) (local.get 0) (global.get $o)) (global.get $w) (ref.i31 (local.get 0)))
";

/// Numbers that are something to somebody.
const EDGES: [i64; 21] = [
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    16,
    31,
    32,
    255,
    0x7fff,
    0xffff,
    0x1_0000,
    0x1_0001,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fff0,
    0xffff_ffff,
    0xffff_0000,
];

fn type_name(ty: Ty) -> &'static str {
    match ty {
        Ty::I32 => "i32",
        Ty::I64 => "i64",
        Ty::F32 => "f32",
        Ty::F64 => "f64",
        Ty::V128 => "v128",
        Ty::Func => "funcref",
        Ty::Extern => "externref",
        Ty::Any => "anyref",
        Ty::Heap => "structref",
    }
}

impl Maker<'_, '_> {
    fn edge(&mut self) -> i64 {
        *self.c.pick(&EDGES)
    }

    fn memory(&mut self) -> String {
        format!("$m{}", self.c.below(self.memories))
    }

    fn offset(&mut self) -> String {
        match self.c.below(3) {
            0 => String::new(),
            1 => format!("offset={}", self.c.below(300)),
            _ => format!("offset={}", self.edge()),
        }
    }

    /// Any of the tables, or one of type `ty`.
    fn table(&mut self, ty: Option<Ty>) -> Option<usize> {
        let fits: Vec<usize> = (0..self.tables.len()).filter(|&i| ty.is_none_or(|ty| self.tables[i] == ty)).collect();
        (!fits.is_empty()).then(|| *self.c.pick(&fits))
    }

    fn reference(&mut self, ty: Ty) -> String {
        let choices: &[&str] = match ty {
            Ty::Func => &["(ref.null func)", "(ref.func $id)", "(ref.func $two)", "(local.get 4)", "(global.get $f)"],
            _ => &["(ref.null extern)", "(local.get 3)", "(global.get $e)"],
        };
        (*self.c.pick(choices)).to_string()
    }

    /// A local, framed or not, or a constant.
    fn leaf(&mut self) -> String {
        match self.c.below(4) {
            0 => format!("(i32.const {})", self.edge()),
            1 => format!("(local.get {})", self.c.pick(&FRAMED)),
            _ => format!("(local.get {})", self.c.below(3)),
        }
    }

    /// A nullable reference to a function of type `$ii`.
    fn typed(&mut self) -> String {
        match self.c.below(7) {
            0 => "(ref.null $ii)".into(),
            1 | 2 => "(ref.func $id)".into(),
            3 => format!("(local.get {TYPED})"),
            4 => "(global.get $r)".into(),
            5 => format!("(table.get $typed (i32.and {} (i32.const 3)))", self.leaf()),
            _ => format!("(select (result (ref null $ii)) (ref.func $host) (local.get {TYPED}) {})", self.leaf()),
        }
    }

    /// An i32 that comes by way of a typed reference.
    fn through_reference(&mut self, x: &str) -> String {
        let r = self.typed();
        match self.c.below(8) {
            0 | 1 => format!("(call_ref $ii {x} {r})"),
            7 => format!("(call $tail {x} {r})"),
            2 => format!("(block (result i32) (br_on_null 0 {x} {r}) (ref.is_null) (i32.add))"),
            3 => format!(
                "(block (result i32) (block (result i32 (ref $ii)) (br_on_non_null 0 {x} {r}) (br 1)) (call_ref $ii))"
            ),
            4 => format!("(block (result i32) (block (drop (br_on_null 0 {r})) (br 1 {x})) {})", self.leaf()),
            5 => format!("(i32.add {x} (ref.is_null (local.tee {TYPED} {r})))"),
            _ => {
                format!("(block (result i32) (global.set $r {r}) (call_ref $ii {x} (ref.as_non_null (global.get $r))))")
            }
        }
    }

    /// Something that the collector has, or null, or what was made of a value of the host.
    fn object(&mut self) -> String {
        match self.c.below(9) {
            0 => "(ref.null any)".into(),
            1 => format!("(ref.i31 {})", self.leaf()),
            2 => "(any.convert_extern (local.get 3))".into(),
            3 => format!("(array.new $w {} (i32.and {} (i32.const 15)))", self.leaf(), self.leaf()),
            4 => format!("(local.get {OBJECT})"),
            5 => "(global.get $o)".into(),
            6 => format!("(struct.new $s {} {} (i32.const -1) (local.get {OBJECT}))", self.leaf(), self.leaf()),
            // Moves, perhaps, while it is in a slot.
            7 => "(block (result anyref) (global.get $o) (drop (struct.new_default $s)) (call $nothing))".into(),
            _ => format!("(select (result anyref) (global.get $w) (local.get {OBJECT}) {})", self.leaf()),
        }
    }

    /// An i32 that comes by way of an object.
    fn through_object(&mut self, x: &str) -> String {
        let sign = *self.c.pick(&["s", "u"]);
        let o = self.object();
        let kind = *self.c.pick(&["(ref $s)", "(ref null $w)", "i31ref", "(ref eq)", "structref", "(ref array)"]);
        match self.c.below(12) {
            0 => format!("(i31.get_{sign} (ref.i31 {x}))"),
            1 => format!("(struct.get $s $i (struct.new $s {x} {x} (i32.const 3) {o}))"),
            2 => format!("(struct.get_{sign} $s $b (struct.new $s (i32.const 7) {x} {} {o}))", self.leaf()),
            3 => format!("(struct.get_{sign} $s $h (struct.new $s (i32.const 7) (i32.const 0) {x} {o}))"),
            4 => format!(
                "(array.get_{sign} $h (array.new $h {x} (i32.const 5)) (i32.and {} (i32.const 3)))",
                self.leaf()
            ),
            5 => format!("(array.len (array.new_default $h (i32.and {x} (i32.const 0xff))))"),
            6 => format!("(i32.add {x} (ref.test {kind} {o}))"),
            7 => {
                let other = self.object();
                format!("(i32.xor {x} (ref.eq (ref.cast eqref {o}) (ref.cast eqref {other})))")
            }
            8 => format!(
                "(block (result i32) (block (result anyref) (br_on_cast 0 anyref {kind} {o}) (drop) (br 1 {x})) (ref.is_null))"
            ),
            9 => format!("(block (result i32) (local.set {OBJECT} {o}) {x} (global.set $o (local.get {OBJECT})))"),
            10 => format!("(array.get $w (global.get $w) (i32.and {x} (i32.const 7)))"),
            _ => format!("(i32.add {x} (struct.get $s $i (ref.cast (ref null $s) {o})))"),
        }
    }

    /// Something with objects that trusts an i32, and the types of what it leaves.
    fn object_consumer(&mut self, x: &str) -> (String, Vec<Ty>) {
        match self.c.below(8) {
            0 => (format!("(array.get $w (global.get $w) {x})"), vec![Ty::I32]),
            1 => (format!("(array.set $w (global.get $w) {x} {})", self.leaf()), vec![]),
            2 => (format!("(array.fill $w (global.get $w) {x} {} {})", self.leaf(), self.small()), vec![]),
            3 => {
                let code =
                    format!("(array.copy $w $w (global.get $w) {x} (global.get $w) {} {})", self.small(), self.small());
                (code, vec![])
            }
            4 => (format!("(array.new $w {x} {})", self.small()), vec![Ty::Any]),
            5 => (format!("(global.set $w (array.new $w {} (i32.and {x} (i32.const 31))))", self.leaf()), vec![]),
            6 => (format!("(struct.new $s {x} {x} {} {})", self.small(), self.object()), vec![Ty::Any]),
            _ => (self.object(), vec![Ty::Any]),
        }
    }

    /// An i32, made in some way.
    fn int(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.leaf();
        }
        let x = self.int(depth - 1);
        if self.typed && self.c.below(4) == 0 {
            return self.through_reference(&x);
        }
        if self.objects && self.c.below(3) == 0 {
            return self.through_object(&x);
        }
        match self.c.below(34) {
            0 => self.leaf(),
            1 => format!("(i32.add {x} (global.get $z))"),
            2 => format!("(i32.wrap_i64 (i64.or (i64.extend_i32_u {x}) (global.get $high)))"),
            3 => format!("(i32.wrap_i64 (i64.mul (i64.extend_i32_s {x}) (i64.const 0x100000003)))"),
            4 => {
                let op = *self.c.pick(&["load8_s", "load16_s", "load8_u", "load16_u", "load"]);
                format!("(i32.{op} {} {} (i32.and {x} (i32.const 63)))", self.memory(), self.offset())
            }
            5 => format!("(i32.{} {x})", self.c.pick(&["extend8_s", "extend16_s", "popcnt", "clz", "ctz", "eqz"])),
            6 | 7 => {
                let op = *self.c.pick(&["sub", "shl", "rotl", "rotr", "shr_s", "shr_u", "mul", "xor", "or"]);
                let y = self.leaf();
                format!("(i32.{op} {x} {y})")
            }
            8 => {
                let y = self.leaf();
                let op = *self.c.pick(&["lt_s", "lt_u", "ge_s", "gt_u", "eq", "ne"]);
                format!("(i32.{op} {x} {y})")
            }
            9 => format!("(select {x} {} {})", self.leaf(), self.leaf()),
            10 => format!("(call $id {x})"),
            11 => format!("(call $host {x})"),
            12 => format!("(block (result i32) (call $two {x}) (drop))"),
            13 | 14 => match self.table(None) {
                Some(t) if self.c.below(2) == 1 => {
                    let r = self.reference(self.tables[t]);
                    format!("(table.grow $t{t} {r} (i32.and {x} (i32.const {})))", self.c.pick(&[1, 3, -1]))
                }
                Some(t) => format!("(i32.add {x} (table.size $t{t}))"),
                None => x,
            },
            15 => {
                format!("(memory.grow {} (i32.and {x} (i32.const {})))", self.memory(), self.c.pick(&[1, -1, 0x1_0000]))
            }
            16 => format!("(i32.sub (memory.size {}) {x})", self.memory()),
            17 => format!("(block (result i32) {x})"),
            18 => format!("(block (result i32) (br_if 0 {x} {}) (drop) {})", self.leaf(), self.leaf()),
            19 => format!("(if (result i32) {} (then {x}) (else {}))", self.leaf(), self.leaf()),
            20 => format!("(loop (result i32) {x})"),
            21 => format!("(i32.trunc_sat_f64_s (f64.convert_i32_s {x}))"),
            22 => format!("(i32.trunc_sat_f32_u (f32.convert_i32_u {x}))"),
            23 => format!("(i32.reinterpret_f32 (f32.reinterpret_i32 {x}))"),
            24 => format!("(block (result i32) (global.set $g {x}) (global.get $g))"),
            25 => format!("(local.tee {} {x})", self.c.pick(&FRAMED)),
            26 => format!("(local.tee {} {x})", self.c.below(3)),
            // In its home slot over a call.
            27 | 28 => format!("(block (result i32) {x} (call $nothing))"),
            29 => format!("(i32.add (local.get 0) (local.tee 0 {x}))"),
            30 => format!("(i32.trunc_f64_u (f64.convert_i32_u {x}))"),
            31 => {
                let n = 1 + self.c.below(3);
                let labels: String = (0..n).map(|_| " 0").collect();
                format!("(block (result i32) (br_table{labels} {x} {}))", self.leaf())
            }
            32 => format!("(i32.div_u {x} (i32.or {} (i32.const 1)))", self.leaf()),
            _ => format!("(i32.and {x} (i32.const {}))", self.c.pick(&[7, 15, 0xff, 0xffff, -16])),
        }
    }

    /// An i32 that is rather small.
    fn small(&mut self) -> String {
        let depth = self.c.below(3);
        let x = self.int(depth);
        match self.c.below(4) {
            0 => x,
            1 => format!("(i32.and {x} (i32.const 7))"),
            2 => format!("(i32.and {x} (i32.const 31))"),
            _ => format!("(i32.rem_u {x} (i32.const 5))"),
        }
    }

    fn value(&mut self, ty: Ty) -> String {
        let depth = self.c.below(3);
        let x = self.int(depth);
        match ty {
            Ty::I32 => x,
            Ty::I64 => format!("(i64.{} {x})", self.c.pick(&["extend_i32_u", "extend_i32_s"])),
            Ty::F32 => format!("(f32.reinterpret_i32 {x})"),
            Ty::F64 => format!("(f64.convert_i32_s {x})"),
            ty => self.reference(ty),
        }
    }

    /// Something that trusts an i32, and the types of what it leaves.
    fn consumer(&mut self) -> (String, Vec<Ty>) {
        let depth = 1 + self.c.below(3);
        let x = self.int(depth);
        let memory = self.memory();
        if self.typed && self.c.below(8) == 0 {
            let r = self.typed();
            return (format!("(table.set $typed {x} {r})"), vec![]);
        }
        if self.objects && self.c.below(3) == 0 {
            return self.object_consumer(&x);
        }
        match self.c.below(24) {
            0..=3 => {
                let (ty, op) = *self.c.pick(&[
                    (Ty::I32, "load"),
                    (Ty::I32, "load8_s"),
                    (Ty::I32, "load8_u"),
                    (Ty::I32, "load16_s"),
                    (Ty::I32, "load16_u"),
                    (Ty::I64, "load"),
                    (Ty::I64, "load8_s"),
                    (Ty::I64, "load8_u"),
                    (Ty::I64, "load16_s"),
                    (Ty::I64, "load16_u"),
                    (Ty::I64, "load32_s"),
                    (Ty::I64, "load32_u"),
                    (Ty::F32, "load"),
                    (Ty::F64, "load"),
                ]);
                (format!("({}.{op} {memory} {} {x})", type_name(ty), self.offset()), vec![ty])
            }
            4..=6 => {
                let (ty, op) = *self.c.pick(&[
                    (Ty::I32, "store"),
                    (Ty::I32, "store8"),
                    (Ty::I32, "store16"),
                    (Ty::I64, "store"),
                    (Ty::I64, "store8"),
                    (Ty::I64, "store16"),
                    (Ty::I64, "store32"),
                    (Ty::F32, "store"),
                    (Ty::F64, "store"),
                ]);
                let value = self.value(ty);
                (format!("({}.{op} {memory} {} {x} {value})", type_name(ty), self.offset()), vec![])
            }
            7 => (format!("(memory.fill {memory} {x} {} {})", self.leaf(), self.small()), vec![]),
            8 => {
                let other = self.memory();
                (format!("(memory.copy {memory} {other} {x} {} {})", self.small(), self.small()), vec![])
            }
            9 => {
                let segment = self.c.below(2);
                (format!("(memory.init {memory} $d{segment} {x} {} {})", self.small(), self.small()), vec![])
            }
            10 if self.c.below(3) == 0 => (format!("(data.drop $d{})", self.c.below(2)), vec![]),
            11 if self.c.below(3) == 0 => (format!("(elem.drop $e{})", self.c.below(2)), vec![]),
            10..=18 => self.table_operator(x),
            19 => {
                let labels: String = (0..1 + self.c.below(6)).map(|_| format!(" {}", self.c.below(3))).collect();
                (
                    format!(
                        "(block (result i64) (block (result i64) (block (result i64)
                           (br_table{labels} (i64.const 5) {x})) (i64.const 100) (i64.add)) (i64.const 1000) (i64.add))"
                    ),
                    vec![Ty::I64],
                )
            }
            20 => (format!("(i64.extend_i32_u {x})"), vec![Ty::I64]),
            21 => {
                let ty = *self.c.pick(&[Ty::I32, Ty::I64, Ty::F32, Ty::F64, Ty::Func, Ty::Extern]);
                let (a, b) = (self.value(ty), self.value(ty));
                (format!("(select (result {}) {a} {b} {x})", type_name(ty)), vec![ty])
            }
            22 => {
                let args: String = (0..8).map(|_| self.leaf()).collect();
                (format!("(call $many {x} {args} {})", self.small()), vec![Ty::I64])
            }
            _ => (format!("{x} (call $two {})", self.small()), vec![Ty::I32, Ty::I32, Ty::I64]),
        }
    }

    fn table_operator(&mut self, x: String) -> (String, Vec<Ty>) {
        let Some(t) = self.table(None) else { return (x, vec![Ty::I32]) };
        let ty = self.tables[t];
        match self.c.below(9) {
            0 => (format!("(table.get $t{t} {x})"), vec![ty]),
            1 => (format!("(table.set $t{t} {x} {})", self.reference(ty)), vec![]),
            2 => (format!("(table.fill $t{t} {x} {} {})", self.reference(ty), self.small()), vec![]),
            3 => {
                let other = self.table(Some(ty)).expect("one has this type");
                (format!("(table.copy $t{t} $t{other} {x} {} {})", self.small(), self.small()), vec![])
            }
            4 => {
                let segment = if ty == Ty::Func { 0 } else { 1 };
                (format!("(table.init $t{t} $e{segment} {x} {} {})", self.small(), self.small()), vec![])
            }
            5 => (format!("(table.grow $t{t} {} {x})", self.reference(ty)), vec![Ty::I32]),
            6 => (format!("(table.size $t{t})"), vec![Ty::I32]),
            _ => match self.table(Some(Ty::Func)) {
                Some(t) => match self.c.below(3) {
                    0 => (format!("(call_indirect $t{t} (type $v) {x})"), vec![]),
                    1 => (format!("(call_indirect $t{t} (type $ii) {} {x})", self.small()), vec![Ty::I32]),
                    _ => (format!("(call_indirect $t{t} (type $two) {} {x})", self.small()), vec![Ty::I32, Ty::I64]),
                },
                None => (x, vec![Ty::I32]),
            },
        }
    }
}

/// A module, in the text format.
pub fn module(c: &mut Choices<'_>) -> String {
    let imported_memories = c.below(3);
    let memories = imported_memories.max(1) + c.below(3);
    let imported_tables = c.below(4);
    let tables: Vec<Ty> =
        (0..imported_tables + c.below(4)).map(|_| *c.pick(&[Ty::Func, Ty::Func, Ty::Extern])).collect();
    let mut text = String::from(
        "(module (type $v (func)) (type $ii (func (param i32) (result i32))) (type $two (func (param i32) (result i32 i64)))\n",
    );
    let mut imports = vec!["(import \"h\" \"f\" (func $host (type $ii)))\n".to_string()];
    let mut defined = String::new();
    for i in 0..memories {
        let (min, max) = (c.below(3), 2 + c.below(3));
        if i < imported_memories {
            imports.push(format!("(import \"m\" \"{i}\" (memory $m{i} {min} {max}))\n"));
        } else {
            defined += &format!("(memory $m{i} (export \"m{i}\") {min} {max})\n");
        }
    }
    for (i, ty) in tables.iter().enumerate() {
        let (min, max, ty) = (c.below(12), 12 + c.below(20), type_name(*ty));
        if i < imported_tables {
            imports.push(format!("(import \"t\" \"{i}\" (table $t{i} {min} {max} {ty}))\n"));
        } else {
            defined += &format!("(table $t{i} (export \"t{i}\") {min} {max} {ty})\n");
        }
    }
    let first = c.below(imports.len());
    imports.rotate_left(first);
    imports.into_iter().for_each(|import| text += &import);
    text += &defined;
    for i in 0..imported_memories {
        text += &format!("(export \"m{i}\" (memory $m{i}))\n");
    }
    for i in 0..imported_tables {
        text += &format!("(export \"t{i}\" (table $t{i}))\n");
    }
    text += r#"(global $z (mut i32) (i32.const 0)) (global $g (export "g") (mut i32) (i32.const 0))
        (global $high i64 (i64.const 0xabcdef1200000000))
        (global $f (mut funcref) (ref.func $many)) (global $e (mut externref) (ref.null extern))
        (data $d0 "some bytes\80\ff\7f") (data $d1 "")
        (elem $e0 func $id $two $nothing $many $host) (elem $e1 externref (ref.null extern) (ref.null extern))
        (elem declare func $id $two)
        (func $nothing (export "nothing") (type $v))
        (func $id (export "id") (type $ii) (local.get 0))
        (func $two (export "two") (type $two) (local.get 0) (i64.extend_i32_u (local.get 0)))
        (func $many (export "many") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i64)
          (i64.add (i64.mul (i64.extend_i32_u (local.get 0)) (i64.const 3)) (i64.add
            (i64.mul (i64.extend_i32_u (local.get 4)) (i64.const 5)) (i64.add
            (i64.mul (i64.extend_i32_u (local.get 8)) (i64.const 7)) (i64.extend_i32_u (local.get 9))))))
"#;
    let typed = c.below(4) == 0;
    if typed {
        text += "(table $typed 3 9 (ref null $ii) (ref.func $id)) (global $r (mut (ref null $ii)) (ref.func $id))
            (elem declare func $host)
            (func $tail (param i32 (ref null $ii)) (result i32)
              (return_call_ref $ii (local.get 0) (local.get 1)))\n";
    }
    let objects = c.below(3) == 0;
    if objects {
        text += OBJECTS;
    }
    let n = 4 + c.below(16);
    let mut maker = Maker { c, memories, tables, typed, objects };
    for i in 0..n {
        let set = format!("(local.set {} {}) ", FRAMED[0], maker.leaf())
            + &format!("(local.set {} (local.get 1))", FRAMED[1]);
        let mut before = String::new();
        for _ in 0..maker.c.below(3) {
            let (code, results) = maker.consumer();
            before += &format!("{code} {}\n", "drop ".repeat(results.len()));
        }
        let (code, results) = maker.consumer();
        let types: Vec<&str> = results.iter().map(|&ty| type_name(ty)).collect();
        let locals = LOCALS.replacen(") (local", &format!(") (result {}) (local", types.join(" ")), 1);
        let locals = locals
            + if typed || objects { "(local (ref null $ii))" } else { "" }
            + if objects { "(local anyref)" } else { "" };
        write!(text, "(func (export \"f{i}\") {locals}\n {set} {before} {code})\n").expect("strings take everything");
    }
    text + ")"
}
