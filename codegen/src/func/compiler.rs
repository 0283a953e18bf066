//! What compiles function bodies, one after another: the forms a body is tried in, and what is kept between bodies.

use super::Func;
use super::address::MAX_KNOWN;
use super::control::Ctl;
use super::exception::Pad;
use super::gc::{Allocation, RefSlot};
use super::locals::Run;
use super::types::TypeStack;
use super::value::Val;
use crate::env::{Disabled, ModuleEnv};
use crate::isa;
use crate::masm::{Fpr, Lists, Masm};
use crate::op;
use crate::record::Records;
use crate::target::{Target, for_isa};
use crate::ty::Ty;

/// A function body: what follows its size in the code section.
#[derive(Copy, Clone, Debug)]
pub struct Body<'a> {
    /// The body's bytes followed by [`crate::PADDING`] bytes that are readable but not part of it.
    pub bytes: &'a [u8],
    /// Length of the body itself.
    pub len: usize,
    /// Offset of the body's first byte in the module.
    pub offset: u32,
}

/// Why a body was not compiled. Nothing was appended to the records then.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The body is invalid: the validation error was found at or shortly after the operator at this offset in the
    /// module; wasmparser can say why.
    Invalid(u32),
    /// The given range of memory is too short for the machine code.
    OutOfRoom,
    /// The body is valid as far as it was read, but its operand stack grows beyond [`MAX_DEPTH`].
    TooLarge,
    /// [`ModuleEnv::stop`] was set: the code is no longer wanted.
    Stopped,
}

/// The deepest operand stack that is compiled. Its home slots alone would take 32 MiB of stack; only a body made to be
/// hostile comes near.
pub const MAX_DEPTH: u32 = 1 << 22;

/// The most bytes of a body, or targets of a `br_table`, that are compiled between two looks at
/// [`ModuleEnv::stop`]: emitting them takes some milliseconds at worst.
pub(super) const STOP_INTERVAL: usize = 4096;

/// Compiles function bodies, one after another, and keeps its allocations between them. One for each thread.
#[derive(Debug)]
pub struct Compiler {
    target: Target,
    map: bool,
    /// Whether the last body that could have vectors had some.
    vectors_met: bool,
    scratch: Scratch,
}

/// What the compiler keeps from one function to the next: allocations.
#[derive(Default, Debug)]
pub(super) struct Scratch {
    pub(super) vals: Vec<Val>,
    pub(super) ctls: Vec<Ctl>,
    pub(super) locals: Vec<Val>,
    pub(super) runs: Vec<Run>,
    /// The registers that vectors are pinned to, and the frame slots where they are during calls.
    pub(super) vec_pins: Vec<(Fpr, i32)>,
    /// Frames whose labels need code of their own for a `br_table`.
    pub(super) table_targets: Vec<u32>,
    /// Where fuel is taken whose amount is not known yet, and the offset in the module of the code that it is for.
    pub(super) charges: Vec<(u32, u32)>,
    /// Landing pads of `try_table`s, to be emitted at the end.
    pub(super) pads: Vec<Pad>,
    /// Positions of labels that landing pads go to, by number.
    pub(super) pad_labels: Vec<u32>,
    /// There are some unless the last body was not compiled.
    pub(super) lists: Option<Box<Lists>>,
    pub(super) vectors: Vectors,
    /// The locals without a default that are set, in the order in which they were set, each with the number of frames
    /// around it then.
    pub(super) set: Vec<(u32, u32)>,
    /// A bit for each of those that `locals` does not have.
    pub(super) far_set: Vec<u64>,
    /// Values below the floor that are references to objects (`REF_SLOTS`).
    pub(super) ref_list: Vec<RefSlot>,
    /// The references that the frame holds at each check of an interruption, as a node plus one.
    pub(super) check_refs: Vec<u32>,
    /// What is made out of line.
    pub(super) allocations: Vec<Allocation>,
    /// The operand stack of dead code.
    pub(super) types: TypeStack,
    /// The topmost types of that, for a `br_table`.
    pub(super) top: Vec<Ty>,
    /// Displacement of the local's slot for each register in `Func::cached`, integer and float.
    pub(super) cache: [[i32; 32]; 2],
    /// Locals that were indices of memory 0 (`ADDRESS`), and which one was the latest.
    pub(super) addresses: [Val; MAX_KNOWN],
    pub(super) latest_address: usize,
}

/// What is known of vectors in a function ([`super::frame`]).
#[derive(Copy, Clone, Default, Debug)]
pub(super) struct Vectors {
    /// The frame has room for them.
    pub(super) wide: bool,
    /// There are some.
    pub(super) met: bool,
}

impl Compiler {
    /// A compiler that makes code for `target`.
    pub fn new(target: Target) -> Compiler {
        Compiler { target, map: false, vectors_met: false, scratch: Scratch::default() }
    }

    /// What code is made for.
    pub fn target(&self) -> Target {
        self.target
    }

    /// Whether to record where each operator's code begins ([`Records::operators`]); off at first.
    pub fn map_operators(&mut self, on: bool) {
        self.map = on;
    }

    /// Validates the body of function `func` and writes its machine code to the start of `code`.
    ///
    /// `code` lies `at` bytes after the start of the module's code region: offsets in `records` count from
    /// the start of the region. Returns the length of the machine code, a multiple of the entry alignment
    /// (16 bytes on x86-64, 8 on AArch64; the padding is made of trap instructions).
    ///
    /// The same body, environment and target give the same machine code (except for the fields of call
    /// sites, which the linker owns).
    ///
    /// # Panics
    /// If `body.bytes` is shorter than `body.len` and [`crate::PADDING`] together, or `func` is not a defined function.
    pub fn compile(
        &mut self,
        env: &ModuleEnv,
        func: u32,
        body: Body<'_>,
        code: &mut [u8],
        at: u32,
        records: &mut Records,
    ) -> Result<usize, Stop> {
        assert!(body.len + crate::PADDING <= body.bytes.len(), "a body needs padding");
        assert!(func >= env.imported_funcs, "imports have no body");
        for_isa!(
            self.target.isa,
            x64: self.compile_for::<isa::x64::X64>(env, func, body, code, at, records),
            aarch64: self.compile_for::<isa::aarch64::A64>(env, func, body, code, at, records),
        )
    }

    /// Whether a body is likely to have vectors. Where this is wrong the body is compiled twice.
    #[inline(always)]
    fn expects_vectors(&mut self, env: &ModuleEnv, body: Body<'_>) -> bool {
        self.vectors_met
            && !env.disabled.has(Disabled::SIMD)
            && memchr::memchr(op::PREFIX_FD, &body.bytes[..body.len]).is_some()
    }

    /// Compiles in the forms of jumps and calls that the body is likely to fit, and in others where it does not.
    fn compile_for<M: Masm>(
        &mut self,
        env: &ModuleEnv,
        func: u32,
        body: Body<'_>,
        code: &mut [u8],
        at: u32,
        records: &mut Records,
    ) -> Result<usize, Stop> {
        let mark = records.mark();
        let mut forms = M::first_forms(body.len, env.far_calls);
        let mut vectors = self.expects_vectors(env, body);
        loop {
            let lists = self.scratch.lists.take().unwrap_or_default();
            // SAFETY: `code` is borrowed until this function returns, the emitter ends with the round.
            let Some(mut m) = (unsafe { M::new(code, self.target, forms, lists) }) else {
                return Err(Stop::OutOfRoom);
            };
            m.set_checks(env.checks);
            self.scratch.vectors = Vectors { wide: vectors, met: false };
            let result = Func::compile(m, env, func, body, at, &mut self.scratch, records, self.map);
            // The frame is what the function needs, not what was expected of it.
            let Vectors { wide, met } = self.scratch.vectors;
            if wide == met && result.is_ok() {
                return result;
            }
            records.reset(mark);
            if wide != met && (met || result.is_ok()) {
                self.vectors_met = met;
                vectors = met;
                forms = M::first_forms(body.len, env.far_calls);
                continue;
            }
            match M::next_forms(forms, code.len()) {
                Some(next) if result == Err(Stop::OutOfRoom) => forms = next,
                _ => return result,
            }
        }
    }
}
