//! The single pass over a function body: decode, validate and emit on the same stacks.

use crate::env::ModuleEnv;
use crate::record::Records;
use crate::target::Target;

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
    /// The body is not valid; wasmparser can say why.
    Invalid,
    /// The lent range of memory is too short for the machine code.
    OutOfSpace,
    /// The body is valid but beyond what the machine-code format can hold (a frame over 1 GiB or so).
    TooLarge,
}

/// Compiles function bodies, one after another, and keeps its allocations between them. One for each thread.
#[derive(Debug)]
pub struct Compiler {
    target: Target,
    map: bool,
}

impl Compiler {
    /// A compiler that makes code for `target`.
    pub fn new(target: Target) -> Compiler {
        Compiler { target, map: false }
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
    /// (16 bytes; the padding is made of trap instructions).
    ///
    /// The same body, environment and target give the same machine code (except for the fields of call
    /// sites, which the linker owns).
    ///
    /// # Panics
    /// If `body.bytes` is shorter than `body.len` and [`crate::PADDING`] together, or `func` is no defined function.
    pub fn compile(
        &mut self,
        env: &ModuleEnv,
        func: u32,
        body: Body<'_>,
        code: &mut [u8],
        at: u32,
        records: &mut Records,
    ) -> Result<usize, Stop> {
        let _ = (env, func, body, code, at, records);
        Err(Stop::Invalid)
    }
}
