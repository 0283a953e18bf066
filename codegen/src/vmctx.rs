//! The layout of what compiled code touches at run time.
//!
//! Compiled code finds everything through one pointer, *vmctx*, which is pinned in a register:
//!
//! ```text
//!            vmctx ──► ┌───────────────────────────────┐
//!                  0   │ STORE     *mut VMStoreContext │
//!                  8   │ BUILTINS  *const [BuiltinFn]  │
//!                 16   │ MEMBASE   *mut u8             │  base of the heap, if there are types of objects; else of memory 0, if it is fixed
//!                 24   │ INSTANCE  opaque to code      │
//!                 32   │ TYPES     *const [u32]        │  numbers of types; HOST_FN in that of a host function
//!                 40   │ ZERO                          │  8 bytes of zeros; HOST_DATA likewise
//!        HEADER = 48   ├───────────────────────────────┤
//!                      │ HEAP_BASE, DISPLAYS, 8 each   │  of modules with types of objects only
//!                      │ memories, 8 each              │  *mut VMMemory { base, len }
//!                      │ tables, 8 each                │  *mut VMTable { base, len }
//!                      │ defined globals, 16 each      │  the value itself, 16-byte aligned
//!                      │ numbers of types, 4 each      │  u32, the canonical number; before the globals if those are many
//!                      │ imported globals, 8 each      │  *mut the value
//!                      │ imported functions, 16 each   │  VMFuncImport { code, vmctx }
//!                      │ tags, 8 each                  │  *const, the tag's identity
//!                      └───────────────────────────────┘
//! ```
//!
//! What code touches most stands first: on x86-64 a displacement of one byte reaches 128 bytes, which has the first
//! globals of nearly all modules.
//!
//! The callee of every call finds its own vmctx in the vmctx register and what `MEMBASE` holds there in the membase
//! register: a caller that calls into another instance sets both and restores both afterwards.
//!
//! # Frames (`FIXED_FRAME`)
//!
//! ```text
//!    fp + 16 + 8·i   stack argument i, and stack result i after the call
//!    fp + 8          return address
//!    fp              caller's fp
//!    fp − 8          vmctx of this function
//!    fp − 16 …       saved pinned registers, then local slots, then home slots, then outgoing arguments
//! ```
//!
//! Every frame that compiled code makes, trampolines included, has this shape, so that frames can be walked
//! from any trap or call site without tables, and the vmctx of each be found at fp − 8.

/// Offset in vmctx: `*mut VMStoreContext` of the store.
pub const STORE: i32 = 0;
/// Offset in vmctx: pointer to the table of builtins, [`Builtin`] many pointers.
pub const BUILTINS: i32 = 8;
/// Offset in vmctx: base of the heap, if the module has types of objects; else of memory 0, if that never moves.
pub const MEMBASE: i32 = 16;
/// Offset in vmctx: a pointer for the runtime's own use.
pub const INSTANCE: i32 = 24;
/// Offset in an instance's vmctx: pointer to the canonical number, a `u32`, of each of the module's types: types are
/// equal if their numbers are, across the modules of an engine. They are not part of the code, which is the same in all
/// processes. vmctx has a copy of the first ones ([`VmLayout::type_number`]).
pub const TYPES: i32 = 32;
/// Offset in a host function's vmctx: the `extern "C" fn(host: *mut VMContext, caller: *mut VMContext,
/// args: *mut ValRaw) -> u32` to call. `caller` is the vmctx of the calling frame. Parameters are at
/// `args[0..]`, results are expected at `args[0..]`. 0 is success, anything else unwinds to the entry
/// (see [`crate::trampoline`]).
pub const HOST_FN: i32 = 32;
/// Offset in a host function's vmctx: a pointer for the runtime's own use.
pub const HOST_DATA: i32 = 40;
/// Offset in an instance's vmctx: 8 bytes of zeros.
pub const ZERO: i32 = HOST_DATA;
/// Size of the fixed part of a vmctx.
pub const HEADER: u32 = 48;

/// `VMStoreContext`, one for each store; compiled code reads and writes these fields.
pub mod store {
    /// `usize`: the lowest address the stack pointer may have after a prologue.
    pub const STACK_LIMIT: i32 = 0;
    /// `usize`: the stack pointer to restore when a trap or a failed host call unwinds.
    pub const ENTRY_SP: i32 = 8;
    /// `usize`: the frame pointer to restore then; also the frame where walks stop.
    pub const ENTRY_FP: i32 = 16;
    /// `usize`: where to continue then, with 1 in the integer result register.
    pub const ENTRY_PC: i32 = 24;
    /// `usize`: frame pointer of the last wasm frame that called a host function or a builtin.
    pub const EXIT_FP: i32 = 32;
    /// `usize`: return address into that frame.
    pub const EXIT_PC: i32 = 40;
    /// `usize`: 0 to have compiled code call [`Builtin::Check`](super::Builtin::Check) soon, all ones otherwise.
    /// Other threads write it.
    pub const INTERRUPT: i32 = 48;
    /// `i64`: the remaining fuel, in units of a byte of WebAssembly code. Below 0 compiled code calls
    /// [`Builtin::Check`](super::Builtin::Check).
    pub const FUEL: i32 = 56;
    /// `u64`: where in the heap the next object is made.
    pub const GC_NEXT: i32 = 64;
    /// `u64`: up to where objects are made without asking the runtime.
    pub const GC_LIMIT: i32 = 72;
    /// `*mut u8`: the base of the heap, null without one.
    pub const GC_BASE: i32 = 80;
    /// `u64`: 0 as long as no function of the store's instances pins a local to a float register.
    ///
    /// `FLOAT_PINS`: what a float register contains that compiled code preserves and C functions do not, somebody may
    /// need only if this is not 0. Who that could be is a function of the same activation, thus of an instance in the
    /// store: whatever is further out has a host function in between, which preserves no such register either. It is
    /// set before the first instance that matters has run, and stays. A host-call trampoline looks at it before the
    /// call: who was made during the call is in no frame that the call returns to.
    pub const FLOAT_PINS: i32 = 88;
    /// Size of the part that compiled code knows.
    pub const SIZE: usize = 96;
}

/// What the collector knows of references and objects.
///
/// A reference in the hierarchies of `any` and `extern` is a word below 2³²: 0 is null, an odd one is an `i31`, one whose
/// low two bits are [`HOST`](gc::HOST) stands for a value of the host, and any other is the distance of an object from
/// the base of the store's heap, a multiple of [`ALIGN`](gc::ALIGN). So whatever a reference is, it leads nowhere else.
///
/// ```text
///    0  u32  canonical number of the type ([`TYPES`]), with ARRAY
///    4  u32  the number of elements; 0 in structs
///    8       fields or elements
/// ```
pub mod gc {
    /// Offset of the word of the type. Compiled code reads that of null in casts only, which fail then.
    pub const TYPE: i32 = 0;
    /// Offset of the number of elements.
    pub const LEN: i32 = 4;
    /// Offset of the first field or element.
    pub const FIELDS: u32 = 8;
    /// Objects are at multiples of this.
    pub const ALIGN: u32 = 8;
    /// So many bytes before the base of a heap are its cards, one for each 512 bytes of addresses that a reference can
    /// have: 0 where a reference may have been stored since the last collection. A field of a struct counts as the
    /// struct's first byte, an element of an array as one that lies [`FIELDS`] before it.
    pub const CARDS: i32 = 8 << 20;
    /// The logarithm of the bytes that have one card.
    pub const CARD_SHIFT: u8 = 9;
    /// So many bytes at the base of a heap are never there: an access to a field of null is a fault. No struct is larger.
    pub const NULL_GUARD: u32 = 256 << 10;
    /// In the number of a type, of its objects and in [`TYPES`](super::TYPES): it is an array type.
    pub const ARRAY: u32 = 1 << 31;
    /// In a reference: it is an `i31`, which is above this bit.
    pub const I31: u32 = 1;
    /// The low two bits of a reference to a value of the host.
    pub const HOST: u32 = 2;
    /// In the first operand of builtins for arrays: above these bits, which are the module's number of the type, stands
    /// what the elements are: the logarithm of the size of a number, or one of the following. There are 1,000,000 types
    /// at most.
    pub const ELEMENTS: u32 = 24;
    /// References in 32 bits.
    pub const REF_ELEMENTS: u32 = 5;
    /// References to functions or exceptions, in 64 bits.
    pub const POINTER_ELEMENTS: u32 = 6;
}

/// `VMMemory { base: *mut u8, len: usize }`, `len` in bytes.
pub mod memory {
    /// Offset of the base.
    pub const BASE: i32 = 0;
    /// Offset of the length in bytes.
    pub const LEN: i32 = 8;
}

/// `VMTable { base: *mut u64, len: u64 }`: elements are 8 bytes, null is 0.
/// A funcref is a `*const VMFuncRef`; an externref is whatever non-zero word the runtime chose.
pub mod table {
    /// Offset of the base.
    pub const BASE: i32 = 0;
    /// Offset of the number of elements.
    pub const LEN: i32 = 8;
}

/// `VMFuncRef { code: *const u8, vmctx: *mut VMContext, sig: u32, .. }`, what a non-null funcref points to.
///
/// `NULL_FUNC`: null is address 0, where no process has memory, so an access to a field of null faults at the field's
/// offset. `call_indirect` reads [`SIG`](func_ref::SIG) first, `call_ref` one of the others: the address tells which
/// trap it is ([`null_trap`](func_ref::null_trap)), and correct code touches no other address so low.
pub mod func_ref {
    use crate::trap::TrapCode;

    /// Which trap the access to `address` is that a fault has stopped, if it is one to a field of null.
    pub fn null_trap(address: usize) -> Option<TrapCode> {
        const IN_TABLE: usize = SIG as usize;
        const CODE_OF_NULL: usize = CODE as usize;
        const VMCTX_OF_NULL: usize = VMCTX as usize;
        match address {
            IN_TABLE => Some(TrapCode::IndirectCallToNull),
            CODE_OF_NULL | VMCTX_OF_NULL => Some(TrapCode::NullReference),
            _ => None,
        }
    }

    /// Offset of the entry in compiled convention.
    pub const CODE: i32 = 0;
    /// Offset of the vmctx of the callee.
    pub const VMCTX: i32 = 8;
    /// Offset of the canonical number of its type (see [`TYPES`](super::TYPES)).
    pub const SIG: i32 = 16;
}

/// `VMFuncImport { code, vmctx }`.
pub mod func_import {
    /// Offset of the entry in compiled convention.
    pub const CODE: i32 = 0;
    /// Offset of the vmctx of the callee.
    pub const VMCTX: i32 = 8;
}

/// What types of objects are subtypes of, by their canonical numbers: for each number an array of [`LEN`](displays::LEN)
/// `u32`s, of which number *d* is the number of the supertype, or the type itself, that has *d* supertypes; all ones
/// beyond. With [`gc::ARRAY`] as everywhere.
pub mod displays {
    /// How many supertypes a display has, itself included.
    pub const LEN: u32 = 8;
    /// The logarithm of its size in bytes.
    pub const LOG2: u8 = 5;
}

/// `VMException { .., payload: [ValRaw] }`, what an exnref that is not null points to.
pub mod exception {
    /// Offset of the first argument; the others follow, [`VAL_RAW_SIZE`](super::VAL_RAW_SIZE) apart.
    pub const PAYLOAD: i32 = 16;
}

/// Functions of the runtime that compiled code calls.
///
/// Each takes vmctx and up to five words and returns a word, in a convention specific to the instruction set (x86-64:
/// vmctx in r14, arguments in rax, rdx, rcx, r8, r9, the result in rax; AArch64: vmctx in x28, arguments in x1 to
/// x5, the result in x0) that preserves all registers locals are pinned to. 32-bit operands arrive zero-extended.
/// Those marked *fallible* may not return: they unwind to the entry of the activation, as a host function that fails
/// does.
///
/// The commonest are among the first sixteen, which x86-64 reaches with a displacement of one byte.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Builtin {
    /// `(memory, delta pages)` → old size in pages, or −1 (all 64 bits); fallible.
    MemoryGrow,
    /// `(memory, dst, value, len)`, fallible.
    MemoryFill,
    /// `(dst memory, src memory, dst, src, len)`, fallible.
    MemoryCopy,
    /// `(memory, data segment, dst, src, len)`, fallible.
    MemoryInit,
    /// `(data segment)`
    DataDrop,
    /// `(table, init, delta)` → old size, or −1 (all 64 bits); fallible.
    TableGrow,
    /// `(table, dst, value, len)`, fallible.
    TableFill,
    /// `(dst table, src table, dst, src, len)`, fallible.
    TableCopy,
    /// `(table, element segment, dst, src, len)`, fallible.
    TableInit,
    /// `(element segment)`
    ElemDrop,
    /// `(func)` → `*const VMFuncRef`
    RefFunc,
    /// `()`, fallible: the execution was interrupted or is out of fuel ([`crate::env::Checks`]).
    Check,
    /// Not called but jumped to, by tail calls that need more than the function's own frame: see `func/tail.rs`.
    TailCall,
    /// `(tag, address of the first argument, distance of arguments in bytes)`: throws, with arguments in home slots that
    /// go downwards. Does not return.
    Throw,
    /// `(exnref)`: throws an exception again; traps if it is null. Does not return.
    ThrowRef,
    /// `(type, bytes)` → reference to a new struct, whose type is to be written, as all of it; fallible. Collects.
    GcAllocate,
    /// Not called but jumped to, by host-call trampolines, with the return address and frame pointer of who called the
    /// host function: throws the exception that is pending in the store.
    ThrowPending,
    /// `(memory, offset, address, count)` → how many threads were woken; fallible.
    AtomicNotify,
    /// `(memory, offset, address, expected, timeout)` → 0 woken, 1 another value, 2 timed out; fallible.
    AtomicWait32,
    /// The same for 64 bits.
    AtomicWait64,
    /// `(type)` → reference to a new struct of zeros and nulls; fallible. Collects.
    StructNewDefault,
    /// `(type, 0, first, distance)` → reference to a new array; operands: value, length. As with all that follow, the
    /// operands are in home slots, the first one at address `first`, each `distance` bytes below the one before, and
    /// `type` says what the elements are ([`ELEMENTS`](gc::ELEMENTS)).
    /// Fallible. Collects.
    ArrayNew,
    /// The same with zeros or nulls; operand: length.
    ArrayNewDefault,
    /// `(type, number of elements, first, distance)` → reference to a new array; operands: the elements. Fallible.
    /// Collects.
    ArrayNewFixed,
    /// `(type, data segment, first, distance)` → reference to a new array; operands: offset, length. Fallible. Collects.
    ArrayNewData,
    /// `(type, element segment, first, distance)` → reference to a new array; operands: offset, length. Fallible.
    /// Collects.
    ArrayNewElem,
    /// `(type, 0, first, distance)`; operands: array, index, value, length. Fallible. May collect in between.
    ArrayFill,
    /// `(type of the destination, that of the source, first, distance)`; operands: destination, index, source, index,
    /// length. Fallible. May collect in between.
    ArrayCopy,
    /// `(type, data segment, first, distance)`; operands: array, index, offset, length. Fallible. May collect in between.
    ArrayInitData,
    /// `(type, element segment, first, distance)`; operands: array, index, offset, length. Fallible. May collect in
    /// between.
    ArrayInitElem,
    /// In SCRATCH2 the canonical number of a type, and in its upper half that of another → in SCRATCH2 1 if the first is a
    /// subtype of the second, else 0. Everything but the scratch registers is preserved. Does not collect.
    IsSubtype,
    /// `(reference)` → the reference of the other hierarchy. Does not collect; fallible.
    ExternConvertAny,
    /// The same the other way.
    AnyConvertExtern,
}

impl Builtin {
    /// How many builtins there are.
    pub const COUNT: usize = Builtin::AnyConvertExtern as usize + 1;
}

/// A value in an array at the boundary to the host: 16 bytes, little-endian, from the first byte on.
/// `i32` and `f32` use 4 bytes (the rest is unspecified), `i64`, `f64` and references 8.
pub const VAL_RAW_SIZE: u32 = 16;

/// Offsets in vmctx that depend on the module.
#[derive(Copy, Clone, Default, Debug, PartialEq, Eq)]
pub struct VmLayout {
    funcs: u32,
    memories: u32,
    tables: u32,
    imported_globals: u32,
    tags: u32,
    defined_globals: u32,
    num_imported_globals: u32,
    types: u32,
    num_types: u32,
    heap_base: u32,
    size: u32,
}

/// Numbers of types lie below this offset: one instruction reaches them, on AArch64 too.
const TYPES_END: u32 = 0x4000;
/// So many defined globals lie before the numbers of types; more lie behind them.
const FEW_GLOBALS: u32 = 256;

impl VmLayout {
    /// The layout for these numbers of imported functions, memories, tables, imported and defined globals, tags, and
    /// types.
    pub fn new(
        funcs: u32,
        memories: u32,
        tables: u32,
        imported_globals: u32,
        defined_globals: u32,
        tags: u32,
        types: u32,
    ) -> VmLayout {
        let at_memories = HEADER;
        let at_tables = at_memories + memories * 8;
        let parts_end = (at_tables + tables * 8).next_multiple_of(16);
        let few = defined_globals <= FEW_GLOBALS;
        let at_types = if few { parts_end + defined_globals * 16 } else { parts_end };
        // 16 bytes less, for the heap.
        let num_types = types.min((TYPES_END - 16).saturating_sub(at_types) / 4);
        let types_end = (at_types + num_types * 4).next_multiple_of(16);
        let at_defined_globals = if few { parts_end } else { types_end };
        let at_imported_globals = if few { types_end } else { at_defined_globals + defined_globals * 16 };
        let at_funcs = at_imported_globals + imported_globals * 8;
        let at_tags = at_funcs + funcs * 16;
        VmLayout {
            funcs: at_funcs,
            memories: at_memories,
            tables: at_tables,
            imported_globals: at_imported_globals,
            tags: at_tags,
            defined_globals: at_defined_globals,
            num_imported_globals: imported_globals,
            types: at_types,
            num_types,
            heap_base: 0,
            size: (at_tags + tags * 8).next_multiple_of(16),
        }
    }

    /// The same with places for the base of the heap and the displays, for modules with types of structs or arrays.
    #[must_use]
    pub fn with_heap(self) -> VmLayout {
        // First of all, where a displacement of one byte reaches them.
        VmLayout {
            funcs: self.funcs + 16,
            memories: self.memories + 16,
            tables: self.tables + 16,
            imported_globals: self.imported_globals + 16,
            tags: self.tags + 16,
            defined_globals: self.defined_globals + 16,
            types: self.types + 16,
            heap_base: HEADER,
            size: self.size + 16,
            ..self
        }
    }

    /// Offset of the pointer to the engine's [`displays`], if there are types of objects.
    #[inline]
    pub fn displays(&self) -> Option<i32> {
        self.heap_base().map(|base| base + 8)
    }

    /// Offset of the base of the store's heap, if there is one.
    #[inline]
    pub fn heap_base(&self) -> Option<i32> {
        (self.heap_base != 0).then_some(self.heap_base as i32)
    }

    /// Offset of the canonical number of type `i`, if vmctx has it: it has those of the first
    /// [`VmLayout::num_types`]. Of the others [`TYPES`] only knows.
    #[inline]
    pub fn type_number(&self, i: u32) -> Option<i32> {
        (i < self.num_types).then_some((self.types + i * 4) as i32)
    }

    /// How many types have their numbers in vmctx.
    pub fn num_types(&self) -> u32 {
        self.num_types
    }

    /// Size of the whole vmctx, in bytes. It must be 16-byte aligned.
    pub fn size(&self) -> u32 {
        self.size
    }

    /// Offset of the `VMFuncImport` of imported function `i`.
    #[inline]
    pub fn func_import(&self, i: u32) -> i32 {
        (self.funcs + i * 16) as i32
    }

    /// Offset of the `*mut VMMemory` of memory `i`.
    #[inline]
    pub fn memory(&self, i: u32) -> i32 {
        (self.memories + i * 8) as i32
    }

    /// Offset of the `*mut VMTable` of table `i`.
    #[inline]
    pub fn table(&self, i: u32) -> i32 {
        (self.tables + i * 8) as i32
    }

    /// Offset of the identity of tag `i`, a pointer that only the runtime follows.
    #[inline]
    pub fn tag(&self, i: u32) -> i32 {
        (self.tags + i * 8) as i32
    }

    /// Where global `i` (in the index space) is: the offset, and whether a pointer to the value is found
    /// there (imported) instead of the value itself (defined).
    #[inline]
    pub fn global(&self, i: u32) -> (i32, bool) {
        match i.checked_sub(self.num_imported_globals) {
            None => ((self.imported_globals + i * 8) as i32, true),
            Some(defined) => ((self.defined_globals + defined * 16) as i32, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_context_do_not_overlap() {
        for types in [0, 1, 7, 4000, 5000, 1_000_000] {
            for defined in [0, 1, FEW_GLOBALS, FEW_GLOBALS + 1, 100_000] {
                for (imported, others) in [(0, 0), (3, 2), (0, 3000)] {
                    for heap in [false, true] {
                        let layout = VmLayout::new(others, others, others, imported, defined, others, types);
                        let layout = if heap { layout.with_heap() } else { layout };
                        let near = layout.num_types();
                        assert!(
                            near == types || near < types && 4 * near + HEADER + 16 * (others + FEW_GLOBALS) > 0x3000
                        );
                        let global = |i| layout.global(i).0;
                        let mut parts = vec![
                            (HEADER as i32, if heap { 16 } else { 0 }),
                            (layout.memory(0), 8 * others),
                            (layout.table(0), 8 * others),
                            (global(0), 8 * imported),
                            (global(imported), 16 * defined),
                            (layout.func_import(0), 16 * others),
                            (layout.tag(0), 8 * others),
                        ];
                        if let Some(first) = layout.type_number(0) {
                            let last = layout.type_number(near - 1).unwrap();
                            assert_eq!((last - first, layout.type_number(near)), (4 * (near as i32 - 1), None));
                            assert!(last < TYPES_END as i32);
                            parts.push((first, 4 * near));
                        }
                        parts.retain(|part| part.1 > 0);
                        parts.sort_unstable();
                        assert!(parts.windows(2).all(|two| two[0].0 + two[0].1 as i32 <= two[1].0), "{parts:?}");
                        assert!(parts.last().is_none_or(|last| last.0 + last.1 as i32 <= layout.size() as i32));
                        assert_eq!((layout.size() % 16, global(imported) % 16), (0, 0));
                    }
                }
            }
        }
    }
}
