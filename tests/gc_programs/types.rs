//! The types of a generated module: hierarchies of structs, arrays and functions in groups, and what is a subtype of
//! what, from the specification and not from the engine.

use crate::support::Rng;
use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};
use std::ops::Range;

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Heap {
    Any,
    Eq,
    I31,
    Struct,
    Array,
    None,
    Extern,
    NoExtern,
    Func,
    NoFunc,
    Exn,
    Def(usize),
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Ref {
    pub null: bool,
    pub heap: Heap,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Ty {
    I32,
    I64,
    F32,
    F64,
    V128,
    Ref(Ref),
}

pub const fn nullable(heap: Heap) -> Ty {
    Ty::Ref(Ref { null: true, heap })
}

pub const fn non_null(heap: Heap) -> Ty {
    Ty::Ref(Ref { null: false, heap })
}

/// What a field or element takes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Storage {
    I8,
    I16,
    Val(Ty),
}

impl Storage {
    /// The type of the value on the stack.
    pub fn ty(self) -> Ty {
        match self {
            Storage::I8 | Storage::I16 => Ty::I32,
            Storage::Val(ty) => ty,
        }
    }

    /// Bytes in a data segment.
    pub fn size(self) -> usize {
        match self {
            Storage::I8 => 1,
            Storage::I16 => 2,
            Storage::Val(Ty::I32 | Ty::F32) => 4,
            Storage::Val(Ty::V128) => 16,
            Storage::Val(_) => 8,
        }
    }

    pub fn has_default(self) -> bool {
        !matches!(self, Storage::Val(Ty::Ref(Ref { null: false, .. })))
    }
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Field {
    pub storage: Storage,
    pub mutable: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    Struct(Vec<Field>),
    Array(Field),
    Func(Vec<Ty>, Vec<Ty>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Def {
    pub shape: Shape,
    pub supertype: Option<usize>,
    pub is_final: bool,
    /// The first type that is the same.
    canonical: usize,
    /// How many supertypes it has.
    depth: usize,
    /// How many objects it takes to make one.
    cost: usize,
}

/// All types of a module. The first three are an empty struct, an array of `i32` and a function of nothing.
#[derive(Default, Debug)]
pub struct Types {
    pub defs: Vec<Def>,
    groups: Vec<Range<usize>>,
    canonical: HashMap<String, usize>,
}

/// A struct without fields, a supertype of much.
pub const EMPTY: usize = 0;
/// An array of `i32`.
pub const INTS: usize = 1;
/// The deepest hierarchy that is allowed.
const DEEPEST: usize = 63;

impl Types {
    pub fn random(rng: &mut Rng, entry: &[Ty]) -> Types {
        let mut types = Types::default();
        let ints = Field { storage: Storage::Val(Ty::I32), mutable: true };
        for shape in [Shape::Struct(Vec::new()), Shape::Array(ints), Shape::Func(Vec::new(), Vec::new())] {
            types.push_group(vec![Def { shape, supertype: None, is_final: false, canonical: 0, depth: 0, cost: 1 }]);
        }
        for _ in 0..3 + rng.below(8) {
            types.random_group(rng);
        }
        if rng.below(4) == 0 {
            types.chain(rng);
        }
        // Types of functions that the host calls.
        for _ in 0..4 {
            let results = (0..1 + rng.below(4)).map(|_| types.random_ty(rng)).collect();
            let shape = Shape::Func(entry.to_vec(), results);
            types.push_group(vec![Def { shape, supertype: None, is_final: true, canonical: 0, depth: 0, cost: 1 }]);
        }
        types
    }

    fn push_group(&mut self, defs: Vec<Def>) {
        let base = self.defs.len();
        let len = defs.len();
        self.defs.extend(defs);
        self.groups.push(base..base + len);
        let text: String = (base..base + len).map(|i| self.key(i, base)).collect();
        let first = *self.canonical.entry(text).or_insert(base);
        for i in 0..len {
            self.defs[base + i].canonical = first + i;
        }
    }

    /// A type as its group has it: its own members by their place, others by what they are the same as.
    fn key(&self, i: usize, base: usize) -> String {
        let def = &self.defs[i];
        let heap = |heap| match heap {
            Heap::Def(i) if i >= base => format!("member {}", i - base),
            Heap::Def(i) => format!("type {}", self.defs[i].canonical),
            heap => format!("{heap:?}"),
        };
        let ty = |ty: &Ty| match ty {
            Ty::Ref(r) => format!("{} {}", r.null, heap(r.heap)),
            ty => format!("{ty:?}"),
        };
        let field = |field: &Field| match &field.storage {
            Storage::Val(val) => format!("{} {}, ", field.mutable, ty(val)),
            packed => format!("{} {packed:?}, ", field.mutable),
        };
        let shape = match &def.shape {
            Shape::Struct(fields) => format!("struct {}", fields.iter().map(field).collect::<String>()),
            Shape::Array(element) => format!("array {}", field(element)),
            Shape::Func(params, results) => {
                let list = |types: &[Ty]| types.iter().map(ty).collect::<Vec<_>>().join(" ");
                format!("func {} -> {}", list(params), list(results))
            }
        };
        format!("{} {:?} {shape};", def.is_final, def.supertype.map(|i| heap(Heap::Def(i))))
    }

    fn random_group(&mut self, rng: &mut Rng) {
        if rng.below(6) == 0 {
            return self.repeat(rng);
        }
        let (base, len) = (self.defs.len(), 1 + rng.below(5));
        let mut group: Vec<Def> = Vec::new();
        for i in 0..len {
            // What is before it, in this group or before.
            let before: Vec<&Def> = self.defs.iter().chain(&group).collect();
            let supertype = Some(rng.below(base + i))
                .filter(|&sup| rng.below(3) != 0 && !before[sup].is_final && before[sup].depth < DEEPEST);
            let depth = supertype.map_or(0, |sup| before[sup].depth + 1);
            let inherited = supertype.map(|sup| before[sup].shape.clone());
            let costs: Vec<usize> = before.iter().map(|def| def.cost).collect();
            let (shape, cost) = self.shape(rng, inherited, &costs, base + len);
            group.push(Def { shape, supertype, is_final: rng.below(3) == 0, canonical: 0, depth, cost });
        }
        self.push_group(group);
    }

    /// A group once more, which makes the same types.
    fn repeat(&mut self, rng: &mut Rng) {
        let group = rng.pick(&self.groups).clone();
        let shift = self.defs.len() - group.start;
        let moved = |i: usize| if group.contains(&i) { i + shift } else { i };
        let ty = |ty: &mut Ty| {
            if let Ty::Ref(Ref { heap: Heap::Def(i), .. }) = ty {
                *i = moved(*i);
            }
        };
        let mut defs = self.defs[group.clone()].to_vec();
        for def in &mut defs {
            def.supertype = def.supertype.map(moved);
            let field = |field: &mut Field| {
                if let Storage::Val(val) = &mut field.storage {
                    ty(val);
                }
            };
            match &mut def.shape {
                Shape::Struct(fields) => fields.iter_mut().for_each(field),
                Shape::Array(element) => field(element),
                Shape::Func(params, results) => params.iter_mut().chain(results).for_each(ty),
            }
        }
        self.push_group(defs);
    }

    /// As deep as it may be, each with another type of its own.
    fn chain(&mut self, rng: &mut Rng) {
        let (base, mut fields) = (self.defs.len(), Vec::new());
        let chain = (0..=DEEPEST).map(|depth| {
            if rng.below(4) == 0 {
                let storage = Storage::Val(nullable(Heap::Def(base + rng.below(DEEPEST))));
                fields.push(Field { storage, mutable: rng.below(2) == 0 });
            }
            let supertype = depth.checked_sub(1).map(|i| base + i);
            Def {
                shape: Shape::Struct(fields.clone()),
                supertype,
                is_final: depth == DEEPEST,
                canonical: 0,
                depth,
                cost: 1,
            }
        });
        let chain = chain.collect();
        self.push_group(chain);
    }

    /// The shape of a type whose supertype has `inherited`, and what one costs. What refers to types from `costs.len()`
    /// on can be null: they come later.
    fn shape(&self, rng: &mut Rng, inherited: Option<Shape>, costs: &[usize], end: usize) -> (Shape, usize) {
        let mut cost = 1;
        let mut any = |rng: &mut Rng, in_object: bool| {
            let mut ty = self.any_ty(rng, end);
            if let Ty::Ref(Ref { null: null @ false, heap: Heap::Def(i) }) = &mut ty {
                // Functions are always there.
                let is_func = self.defs.get(*i).is_some_and(|def| matches!(def.shape, Shape::Func(..)));
                match costs.get(*i) {
                    Some(_) if is_func || !in_object => {}
                    Some(more) if cost + more < 12 => cost += more,
                    _ => *null = true,
                }
                // A later type of the group may be no function.
                *null |= *i >= self.defs.len();
            }
            ty
        };
        let mut field = |rng: &mut Rng| {
            let storage = match rng.below(8) {
                0 => Storage::I8,
                1 => Storage::I16,
                _ => Storage::Val(any(rng, true)),
            };
            Field { storage, mutable: rng.below(3) != 0 }
        };
        let shape = match inherited {
            Some(Shape::Struct(mut fields)) => {
                fields.iter_mut().for_each(|field| self.narrow_field(rng, field));
                fields.extend((0..rng.below(4)).map(|_| field(rng)));
                Shape::Struct(fields)
            }
            Some(Shape::Array(mut element)) => {
                self.narrow_field(rng, &mut element);
                Shape::Array(element)
            }
            Some(Shape::Func(params, mut results)) => {
                results.iter_mut().for_each(|ty| self.narrow(rng, ty));
                Shape::Func(params, results)
            }
            None => match rng.below(6) {
                0..3 => Shape::Struct((0..rng.below(7)).map(|_| field(rng)).collect()),
                3..5 => Shape::Array(field(rng)),
                _ => {
                    let mut list = |n| (0..n).map(|_| any(rng, false)).collect::<Vec<_>>();
                    let (params, results) = (list(3), list(2));
                    return (Shape::Func(params, results), 1);
                }
            },
        };
        // What is inherited costs, too.
        let fields = match &shape {
            Shape::Struct(fields) => &fields[..],
            Shape::Array(element) => std::slice::from_ref(element),
            Shape::Func(..) => &[],
        };
        let needed = fields.iter().filter_map(|field| match field.storage {
            Storage::Val(Ty::Ref(Ref { null: false, heap: Heap::Def(i) })) => costs.get(i),
            _ => None,
        });
        cost = 1 + needed.sum::<usize>();
        (shape, cost)
    }

    fn narrow_field(&self, rng: &mut Rng, field: &mut Field) {
        if let (Storage::Val(ty), false) = (&mut field.storage, field.mutable) {
            self.narrow(rng, ty);
        }
    }

    /// Makes a type a subtype of what it is, sometimes.
    fn narrow(&self, rng: &mut Rng, ty: &mut Ty) {
        if let Ty::Ref(r) = ty {
            let other = Ref { null: r.null, heap: self.any_heap(rng, self.defs.len()) };
            let cheap = !matches!(other.heap, Heap::Def(i) if self.defs[i].cost > 2);
            // A type of the group at hand is not there yet.
            let known = !matches!(r.heap, Heap::Def(i) if i >= self.defs.len());
            if known && self.ref_fits(other, *r) && (r.null || cheap && self.is_inhabited(other.heap)) {
                *r = other;
            }
        }
    }

    fn any_heap(&self, rng: &mut Rng, end: usize) -> Heap {
        const ABSTRACT: [Heap; 10] = [
            Heap::Any,
            Heap::Eq,
            Heap::I31,
            Heap::Struct,
            Heap::Array,
            Heap::None,
            Heap::Extern,
            Heap::NoExtern,
            Heap::Func,
            Heap::NoFunc,
        ];
        if rng.below(5) < 3 { Heap::Def(rng.below(end)) } else { *rng.pick(&ABSTRACT) }
    }

    fn any_ty(&self, rng: &mut Rng, end: usize) -> Ty {
        match rng.below(12) {
            0 => Ty::I32,
            1 => Ty::I64,
            2 => Ty::F32,
            3 => Ty::F64,
            4 => Ty::V128,
            5 => nullable(Heap::Exn),
            _ => {
                let heap = self.any_heap(rng, end);
                Ty::Ref(Ref { null: rng.below(3) != 0 || !self.is_inhabited(heap), heap })
            }
        }
    }

    /// Any type that has a value.
    pub fn random_ty(&self, rng: &mut Rng) -> Ty {
        self.any_ty(rng, self.defs.len())
    }

    /// Any type to test for, of the hierarchy of `of`.
    pub fn random_target(&self, rng: &mut Rng, of: Heap) -> Ref {
        loop {
            let heap = self.any_heap(rng, self.defs.len());
            if self.top(heap) == self.top(of) {
                return Ref { null: rng.below(3) == 0, heap };
            }
        }
    }

    /// Whether there are references of it that are not null.
    fn is_inhabited(&self, heap: Heap) -> bool {
        !matches!(heap, Heap::None | Heap::NoExtern | Heap::NoFunc | Heap::Exn)
    }

    pub fn top(&self, heap: Heap) -> Heap {
        match heap {
            Heap::Extern | Heap::NoExtern => Heap::Extern,
            Heap::Func | Heap::NoFunc => Heap::Func,
            Heap::Exn => Heap::Exn,
            Heap::Def(i) if matches!(self.defs.get(i).map(|def| &def.shape), Some(Shape::Func(..))) => Heap::Func,
            _ => Heap::Any,
        }
    }

    /// Whether `a` is `b` or declared as a subtype of it.
    pub fn is_subtype(&self, a: usize, b: usize) -> bool {
        let mut next = Some(a);
        while let Some(i) = next {
            if self.defs[i].canonical == self.defs[b].canonical {
                return true;
            }
            next = self.defs[i].supertype;
        }
        false
    }

    pub fn heap_fits(&self, a: Heap, b: Heap) -> bool {
        use Heap::{Any, Array, Def, Eq, Func, I31, NoExtern, NoFunc, None, Struct};
        if a == b {
            return true;
        }
        match (a, b) {
            (Def(a), Def(b)) => self.is_subtype(a, b),
            (None, _) => self.top(b) == Any,
            (NoFunc, _) => self.top(b) == Func,
            (NoExtern, Heap::Extern) => true,
            (I31 | Struct | Array | Eq, Any) | (I31 | Struct | Array, Eq) => true,
            (Def(i), _) => match self.defs[i].shape {
                Shape::Struct(_) => matches!(b, Struct | Eq | Any),
                Shape::Array(_) => matches!(b, Array | Eq | Any),
                Shape::Func(..) => b == Func,
            },
            _ => false,
        }
    }

    pub fn ref_fits(&self, a: Ref, b: Ref) -> bool {
        (!a.null || b.null) && self.heap_fits(a.heap, b.heap)
    }

    pub fn fits(&self, a: Ty, b: Ty) -> bool {
        match (a, b) {
            (Ty::Ref(a), Ty::Ref(b)) => self.ref_fits(a, b),
            _ => a == b,
        }
    }

    /// The fields of a struct, or the element of an array.
    pub fn fields(&self, ty: usize) -> &[Field] {
        match &self.defs[ty].shape {
            Shape::Struct(fields) => fields,
            Shape::Array(element) => std::slice::from_ref(element),
            Shape::Func(..) => &[],
        }
    }

    pub fn signature(&self, ty: usize) -> (&[Ty], &[Ty]) {
        match &self.defs[ty].shape {
            Shape::Func(params, results) => (params, results),
            shape => unreachable!("{shape:?} is no function"),
        }
    }

    pub fn is_array(&self, ty: usize) -> bool {
        matches!(self.defs[ty].shape, Shape::Array(_))
    }
}

impl Display for Heap {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Heap::Any => "any",
            Heap::Eq => "eq",
            Heap::I31 => "i31",
            Heap::Struct => "struct",
            Heap::Array => "array",
            Heap::None => "none",
            Heap::Extern => "extern",
            Heap::NoExtern => "noextern",
            Heap::Func => "func",
            Heap::NoFunc => "nofunc",
            Heap::Exn => "exn",
            Heap::Def(i) => return write!(f, "$t{i}"),
        })
    }
}

impl Display for Ref {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "(ref {}{})", if self.null { "null " } else { "" }, self.heap)
    }
}

impl Display for Ty {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ty::I32 => "i32",
            Ty::I64 => "i64",
            Ty::F32 => "f32",
            Ty::F64 => "f64",
            Ty::V128 => "v128",
            Ty::Ref(r) => return r.fmt(f),
        })
    }
}

impl Display for Field {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let storage = match self.storage {
            Storage::I8 => "i8".to_string(),
            Storage::I16 => "i16".to_string(),
            Storage::Val(ty) => ty.to_string(),
        };
        if self.mutable { write!(f, "(mut {storage})") } else { f.write_str(&storage) }
    }
}

impl Display for Types {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for group in &self.groups {
            write!(f, "(rec")?;
            for i in group.clone() {
                let def = &self.defs[i];
                let (is_final, sup) = (if def.is_final { "final " } else { "" }, def.supertype);
                write!(f, " (type $t{i} (sub {is_final}{}", sup.map_or(String::new(), |sup| format!("$t{sup} ")))?;
                match &def.shape {
                    Shape::Struct(fields) => {
                        write!(f, "(struct")?;
                        fields.iter().try_for_each(|field| write!(f, " (field {field})"))?;
                    }
                    Shape::Array(element) => write!(f, "(array {element}")?,
                    Shape::Func(params, results) => {
                        write!(f, "(func")?;
                        params.iter().try_for_each(|ty| write!(f, " (param {ty})"))?;
                        results.iter().try_for_each(|ty| write!(f, " (result {ty})"))?;
                    }
                }
                write!(f, ")))")?;
            }
            writeln!(f, ")")?;
        }
        Ok(())
    }
}
