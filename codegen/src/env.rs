//! What surrounds a function body: the module's types, index spaces and run-time layout, filled once when
//! the code section's header has arrived and shared by all compiling threads.

use crate::ty::Ty;
use crate::vmctx::{VmLayout, gc};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A function type: ranges into [`ModuleEnv::tys`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FuncSig {
    /// Parameters.
    pub params: Range<u32>,
    /// Results.
    pub results: Range<u32>,
    /// Whether all parameters are integers or references.
    pub int_params: bool,
    /// Whether some are references.
    pub ref_params: bool,
    /// The first type of the module that is the same.
    pub first: u32,
}

/// What a type that the module defines is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum TypeKind {
    /// A function type.
    Func,
    /// A struct type.
    Struct,
    /// An array type.
    Array,
}

/// What is stored in a field or in the elements of an array.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Storage {
    /// The low 8 bits of an `i32`.
    I8,
    /// The low 16 bits of an `i32`.
    I16,
    /// A reference in the hierarchy of `any` or of `extern`, in 32 bits ([`crate::vmctx::gc`]).
    Ref(Ty),
    /// Any other value, as it is.
    Val(Ty),
}

impl Storage {
    /// The type of the value that is put in, and got out.
    #[inline]
    pub const fn unpacked(self) -> Ty {
        match self {
            Storage::Ref(ty) | Storage::Val(ty) => ty,
            Storage::I8 | Storage::I16 => Ty::I32,
        }
    }

    /// The logarithm of how many bytes it takes.
    #[inline]
    pub const fn log2(self) -> u32 {
        match self {
            Storage::I8 => 0,
            Storage::I16 => 1,
            Storage::Ref(_) | Storage::Val(Ty::I32 | Ty::F32) => 2,
            Storage::Val(Ty::V128) => 4,
            Storage::Val(_) => 3,
        }
    }

    /// What the runtime is told that the elements of an array are ([`crate::vmctx::gc::ELEMENTS`]).
    pub const fn code(self) -> u32 {
        match self {
            Storage::Ref(_) => crate::vmctx::gc::REF_ELEMENTS,
            Storage::Val(ty) if ty.is_ref() => crate::vmctx::gc::POINTER_ELEMENTS,
            _ => self.log2(),
        }
    }
}

/// A field of a struct, or the elements of an array.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// What is stored.
    pub storage: Storage,
    /// Whether it can be written to.
    pub mutable: bool,
    /// Where it is in the object, or the first element, in bytes from the object's start.
    pub offset: u32,
}

/// A type that the module defines, as far as it is not a function type without a supertype.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypeDef {
    /// What it is.
    pub kind: TypeKind,
    /// Whether no type may be declared to be a subtype.
    pub is_final: bool,
    /// The supertype, as the first of those that are the same; [`TypeDef::NONE`] if there is none.
    pub supertype: u32,
    /// How many supertypes it has, theirs included.
    pub depth: u32,
    /// Its fields, in [`ModuleEnv::fields`]; one for an array.
    pub fields: Range<u32>,
    /// The size of a struct in bytes.
    pub size: u32,
}

/// Gives each field of a struct its place: in order, so that a subtype has the fields of its supertypes where these have
/// them. Returns the size of the struct in bytes.
pub fn place_fields(fields: &mut [Field]) -> u32 {
    let mut end = gc::FIELDS;
    for field in fields {
        let size = 1 << field.storage.log2();
        field.offset = end.next_multiple_of(size.min(gc::ALIGN));
        end = field.offset + size;
    }
    end.next_multiple_of(gc::ALIGN)
}

impl TypeDef {
    /// No type.
    pub const NONE: u32 = u32::MAX;
}

/// A global, imported or defined.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct GlobalDesc {
    /// Type of its value.
    pub ty: Ty,
    /// Whether `global.set` is allowed.
    pub mutable: bool,
    /// Where it is, as [`VmLayout::global`] says.
    pub offset: i32,
    /// Whether a pointer to the value is there instead of the value.
    pub indirect: bool,
}

impl TableDesc {
    /// The type of indices.
    #[inline(always)]
    pub fn index_ty(&self) -> Ty {
        if self.is_64 { Ty::I64 } else { Ty::I32 }
    }
}

impl MemoryDesc {
    /// The type of addresses.
    #[inline(always)]
    pub fn address_ty(&self) -> Ty {
        if self.is_64 { Ty::I64 } else { Ty::I32 }
    }
}

/// A table, imported or defined.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct TableDesc {
    /// Type of the elements, a reference type.
    pub elem: Ty,
    /// Whether indices are `i64`.
    pub is_64: bool,
}

/// A linear memory, imported or defined.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct MemoryDesc {
    /// Whether addresses are `i64`.
    pub is_64: bool,
    /// The logarithm of the size of a page in bytes.
    pub page_log2: u8,
    /// Whether the base never moves while an instance lives: the whole range of addresses was reserved.
    pub fixed_base: bool,
    /// How many bytes, counted from the base, fault when they are beyond the memory's current length
    /// instead of being something else: reservation plus guard. 0 means that every access is checked.
    ///
    /// Of a memory with 64-bit addresses: how many bytes fault that begin at the current length. An index that is not
    /// above the length then needs no further check where offset plus access size cannot pass that.
    ///
    /// Requires `fixed_base` if not 0, with 32-bit addresses. An access with a 32-bit index needs no check if index (at most
    /// 2³²−1) plus offset plus access size cannot pass `guarded`.
    pub guarded: u64,
    /// How many bytes there are from the beginning on: the declared minimum. A memory never becomes smaller.
    pub minimum: u64,
}

/// Proposals that function bodies may not use. A set of bits; the default allows everything that the compiler knows.
#[derive(Copy, Clone, Default, Debug, PartialEq, Eq)]
pub struct Disabled(pub u32);

impl Disabled {
    /// Sign-extension operators.
    pub const SIGN_EXTENSION: Disabled = Disabled(1);
    /// Saturating float-to-int conversions.
    pub const SATURATING: Disabled = Disabled(2);
    /// Bulk memory operators.
    pub const BULK_MEMORY: Disabled = Disabled(4);
    /// Reference types.
    pub const REFERENCE_TYPES: Disabled = Disabled(8);
    /// Block types with parameters or several results.
    pub const MULTI_VALUE: Disabled = Disabled(16);
    /// More than one memory: memory indices in operators.
    pub const MULTI_MEMORY: Disabled = Disabled(32);
    /// Vectors of 128 bits.
    pub const SIMD: Disabled = Disabled(64);
    /// Vector operators whose results differ from machine to machine.
    pub const RELAXED_SIMD: Disabled = Disabled(128);
    /// Tail calls.
    pub const TAIL_CALL: Disabled = Disabled(256);
    /// Exceptions with `exnref`.
    pub const EXCEPTIONS: Disabled = Disabled(512);
    /// Exceptions as they were first.
    pub const LEGACY_EXCEPTIONS: Disabled = Disabled(1024);
    /// 64-bit addresses: in immediates.
    pub const MEMORY64: Disabled = Disabled(4096);
    /// 128-bit integer arithmetic.
    pub const WIDE_ARITHMETIC: Disabled = Disabled(8192);
    /// Typed function references: types that the module defines, and references without null.
    pub const FUNCTION_REFERENCES: Disabled = Disabled(16384);
    /// Garbage collection: structs, arrays, casts.
    pub const GC: Disabled = Disabled(32768);
    /// Atomic operators.
    pub const THREADS: Disabled = Disabled(2048);

    /// Whether any of `other` is in the set.
    #[inline(always)]
    pub const fn has(self, other: Disabled) -> bool {
        self.0 & other.0 != 0
    }

    /// The union.
    #[must_use]
    pub const fn with(self, other: Disabled) -> Disabled {
        Disabled(self.0 | other.0)
    }
}

/// What compiled code does besides what the module says. The default is nothing.
#[derive(Copy, Clone, Default, Debug, PartialEq, Eq)]
pub struct Checks {
    /// Whether it looks for an interruption ([`crate::vmctx::store::INTERRUPT`]) at the start of each function and of
    /// each pass through a loop.
    pub interrupts: bool,
    /// Whether it pays at the same places ([`crate::vmctx::store::FUEL`]): for a function the length of its code in
    /// the module in bytes, for a loop that of the loop, so that no byte of code is ever executed that was not paid
    /// for.
    pub fuel: bool,
    /// Whether an index that was checked is also made 0 by data flow where the check fails, so that a processor that
    /// runs ahead of the check reads nothing beyond a table or memory. Branch tables always do.
    pub mask_indices: bool,
    /// Whether functions and targets of indirect jumps begin with the instruction by which processors that check
    /// indirect branches know them: `endbr64` on x86-64, `bti` on AArch64, which also signs return addresses then.
    pub landing_pads: bool,
    /// Whether relaxed vector operators give the results that are the same on all machines: what the specification
    /// calls the deterministic profile.
    pub deterministic_vectors: bool,
    /// For tests: no value stays in a register from one operator to the next.
    pub spill_everything: bool,
    /// For tests: temporaries are taken in an order that differs from function to function and operator to operator.
    /// Does nothing without debug assertions.
    pub shuffle_registers: bool,
}

impl Checks {
    /// Whether anything is done at the start of functions and loops.
    #[inline(always)]
    pub fn at_starts(self) -> bool {
        self.interrupts | self.fuel
    }
}

/// What a function body may refer to. Index spaces begin with the imports.
#[derive(Default, Debug)]
pub struct ModuleEnv {
    /// All parameter and result types of all function types, one after another.
    pub tys: Vec<Ty>,
    /// Function types, by type index. A type that is not a function type has an empty entry.
    pub types: Vec<FuncSig>,
    /// All types by index; empty if all are function types without supertypes.
    pub defs: Vec<TypeDef>,
    /// The fields of structs and arrays.
    pub fields: Vec<Field>,
    /// Whether there are types of structs or arrays. Objects of other modules may come even if not, where the layout has
    /// a heap.
    pub owns_objects: bool,
    /// Whether there are external references, which may stand for objects.
    pub has_externs: bool,
    /// Type index of each function.
    pub funcs: Vec<u32>,
    /// How many of `funcs` are imported.
    pub imported_funcs: u32,
    /// Globals.
    pub globals: Vec<GlobalDesc>,
    /// How many of `globals` are imported.
    pub imported_globals: u32,
    /// Tables.
    pub tables: Vec<TableDesc>,
    /// Memories.
    pub memories: Vec<MemoryDesc>,
    /// Type index of each tag; imported ones first.
    pub tags: Vec<u32>,
    /// Types of the element segments.
    pub elems: Vec<Ty>,
    /// The number of data segments, if a data count section said so.
    pub data_count: Option<u32>,
    /// One bit for each function that `ref.func` may name (specification section 3.4, "refs"), 64 to a word.
    pub declared_funcs: Vec<u64>,
    /// What bodies may not use.
    pub disabled: Disabled,
    /// AArch64: the module's code may be longer than 128 MiB, so direct calls take the form that reaches further. The
    /// code region must then begin at a multiple of 4,096, where it is written as where it runs.
    pub far_calls: bool,
    /// What compiled code does besides what the module says.
    pub checks: Checks,
    /// Where things are in the instance's context.
    pub layout: VmLayout,
    /// To be set, by any thread, once the code is no longer wanted: a body that is being compiled is soon abandoned.
    pub stop: Arc<AtomicBool>,
}

impl ModuleEnv {
    /// What is needed of it when all bodies are compiled.
    pub fn compiled(&self) -> ModuleEnv {
        let ModuleEnv { ref funcs, imported_funcs, layout, owns_objects, .. } = *self;
        ModuleEnv { funcs: funcs.clone(), imported_funcs, layout, owns_objects, ..ModuleEnv::default() }
    }

    /// The parameters of `sig`.
    #[inline]
    pub fn params(&self, sig: &FuncSig) -> &[Ty] {
        &self.tys[sig.params.start as usize..sig.params.end as usize]
    }

    /// The results of `sig`.
    #[inline]
    pub fn results(&self, sig: &FuncSig) -> &[Ty] {
        &self.tys[sig.results.start as usize..sig.results.end as usize]
    }

    /// Whether a value of type `have` may stand where one of type `want` is wanted (specification section 3.3,
    /// "matching"). The only place that knows of subtypes.
    ///
    /// A value on the operand stack keeps the type that it was pushed with. Where the specification gives it another
    /// one, [`Func::take_types`](crate::func) does: parameters at the start of a block, results at an `end` that no
    /// branch targets, a constant at a `local.tee`, operands that stay at a `br_if`.
    #[inline(always)]
    pub fn fits(&self, have: Ty, want: Ty) -> bool {
        // Numbers have no subtypes, which is often known when this is compiled.
        have == want || want.is_ref() && self.is_subtype(have, want)
    }

    /// The same where a value without null is commonly given for one with it.
    #[inline(always)]
    pub fn fits_or_null(&self, have: Ty, want: Ty) -> bool {
        have == want || want.is_ref() && (have.nullable() == want || self.is_subtype(have, want))
    }

    /// Of two different types.
    #[cold]
    #[inline(never)]
    fn is_subtype(&self, have: Ty, want: Ty) -> bool {
        if want.is_non_null() && !have.is_non_null() {
            return false;
        }
        match (have.index(), want.index()) {
            (Some(have), Some(want)) => have == want || self.is_declared_subtype(have, want),
            _ if !have.is_ref() => false,
            _ if have == Ty::UNKNOWN_REF => true,
            (None, None) => have.nullable().is_abstract_subtype(want.nullable()),
            (Some(have), None) => self.abstract_supertype(have).is_abstract_subtype(want.nullable()),
            (None, Some(want)) => have.nullable() == self.abstract_supertype(want).bottom(),
        }
    }

    /// The nullable reference to the abstract heap type of the module's type `index`.
    pub fn abstract_supertype(&self, index: u32) -> Ty {
        match self.kind(index) {
            TypeKind::Func => Ty::FUNCREF,
            TypeKind::Struct => Ty::STRUCTREF,
            TypeKind::Array => Ty::ARRAYREF,
        }
    }

    /// Whether [`MEMBASE`](crate::masm::Masm::MEMBASE) has the base of the heap: the module has types of objects. Such
    /// modules hardly access memories, if they have any. Others may be instantiated, and run, before there is a heap.
    pub fn heap_in_membase(&self) -> bool {
        self.owns_objects
    }

    /// Whether [`MEMBASE`](crate::masm::Masm::MEMBASE) has the base of memory 0: there is one, which never moves, and no
    /// heap that needs the register more.
    pub fn memory_in_membase(&self) -> bool {
        !self.heap_in_membase() && self.memories.first().is_some_and(|memory| memory.fixed_base)
    }

    /// The nullable reference to the greatest type of the hierarchy that a reference type belongs to.
    pub fn top(&self, ty: Ty) -> Ty {
        let ty = ty.nullable();
        ty.index().map_or(ty, |index| self.abstract_supertype(index)).top()
    }

    /// Whether values of this type may be references to objects of the collector.
    pub fn is_collected(&self, ty: Ty) -> bool {
        match ty.index() {
            Some(index) => self.kind(index) != TypeKind::Func,
            None => (Ty::ANYREF.0..=Ty::NULLREF.0).contains(&ty.nullable().0),
        }
    }

    /// What type `index` is.
    #[inline]
    pub fn kind(&self, index: u32) -> TypeKind {
        self.defs.get(index as usize).map_or(TypeKind::Func, |def| def.kind)
    }

    /// Whether a type was declared to be a subtype of another, directly or by way of others, of which there are 63 at
    /// most. Both are the first of those that are the same.
    pub fn is_declared_subtype(&self, mut have: u32, want: u32) -> bool {
        while let Some(def) = self.defs.get(have as usize) {
            if def.supertype == want {
                return true;
            }
            have = def.supertype;
        }
        false
    }

    /// Function type `index`, if it is one.
    #[inline]
    pub fn func_type(&self, index: u32) -> Option<&FuncSig> {
        (self.kind(index) == TypeKind::Func).then(|| self.types.get(index as usize)).flatten()
    }

    /// The nullable reference to the module's type `index`.
    #[inline]
    pub fn defined(&self, index: u32) -> Option<Ty> {
        Some(Ty::defined(self.types.get(index as usize)?.first))
    }

    /// The type of references to function `func`, which exists.
    #[inline]
    pub fn func_ref(&self, func: u32) -> Ty {
        Ty::defined(self.types[self.funcs[func as usize] as usize].first).non_null()
    }

    /// Whether values of these types may stand where as many of the types `want` are wanted.
    #[inline]
    pub fn all_fit(&self, have: &[Ty], want: &[Ty]) -> bool {
        Ty::same(have, want)
            || have.len() == want.len() && have.iter().zip(want).all(|(&have, &want)| self.fits(have, want))
    }

    /// The same where some of `have` may be unknown, as in dead code.
    pub(crate) fn all_could_fit(&self, have: &[Ty], want: &[Ty]) -> bool {
        let could_fit = |(&have, &want): (&Ty, &Ty)| have == Ty::UNKNOWN || self.fits(have, want);
        Ty::same_where_known(have, want) || have.len() == want.len() && have.iter().zip(want).all(could_fit)
    }

    /// Whether `ref.func func` is allowed in a body.
    #[inline]
    pub fn is_declared(&self, func: u32) -> bool {
        self.declared_funcs.get(func as usize / 64).is_some_and(|w| w >> (func % 64) & 1 != 0)
    }

    /// Allows `ref.func func` in bodies.
    pub fn declare(&mut self, func: u32) {
        let word = func as usize / 64;
        if self.declared_funcs.len() <= word {
            self.declared_funcs.resize(word + 1, 0);
        }
        self.declared_funcs[word] |= 1 << (func % 64);
    }
}
