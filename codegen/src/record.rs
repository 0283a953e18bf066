//! What the compiler leaves behind besides machine code. All offsets are 32 bits.

/// One compiled function.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct FuncRecord {
    /// Index in the module's function index space.
    pub func: u32,
    /// Offset of the entry in the module's code region, in bytes.
    pub start: u32,
    /// Length of the machine code, in bytes, including trap stubs but not the constants after it.
    pub len: u32,
    /// Offset of the body's first byte (after its size) in the module.
    pub wasm: u32,
}

/// A direct call to a function of the same module, to be patched when the callee's entry is known
/// ([`crate::Target::patch_call`]).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct CallSite {
    /// Offset of the site in the code region. On x86-64: of the 32-bit displacement field. On AArch64: of the `bl`,
    /// or of the `adrp` of the far form.
    pub site: u32,
    /// The callee, in the module's function index space; never an import.
    pub callee: u32,
}

/// Ties a place in the machine code to the operator it was made for.
///
/// There is one for each instruction that can fault (loads, stores, trap instructions), at the address of
/// the instruction, and one for each call, at its return address. Sorted by `code` within a function.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Offset in the code region.
    pub code: u32,
    /// Offset of the operator's first byte in the module.
    pub wasm: u32,
}

/// Everything that compiling a run of functions leaves behind. Compiling appends; nothing is cleared.
#[derive(Default, Debug)]
pub struct Records {
    /// One record for each function, in the order in which they were compiled.
    pub funcs: Vec<FuncRecord>,
    /// Calls to patch.
    pub calls: Vec<CallSite>,
    /// Fault and call sites.
    pub sites: Vec<Site>,
    /// Where each operator's code begins, only filled if [`crate::Compiler::map_operators`] is on.
    pub operators: Vec<Site>,
}

impl Records {
    /// Forgets everything, keeps the allocations.
    pub fn clear(&mut self) {
        self.funcs.clear();
        self.calls.clear();
        self.sites.clear();
        self.operators.clear();
    }

    /// The operator that the machine code at `code` belongs to, if `code` is a fault or call site.
    /// Requires that `sites` is sorted, as it is when the functions of one batch were compiled in order
    /// into ascending addresses.
    pub fn site(&self, code: u32) -> Option<Site> {
        let i = self.sites.binary_search_by_key(&code, |s| s.code).ok()?;
        Some(self.sites[i])
    }

    /// The function that the machine code at `code` belongs to, under the same condition.
    pub fn func(&self, code: u32) -> Option<FuncRecord> {
        let i = self.funcs.partition_point(|f| f.start <= code).checked_sub(1)?;
        let f = self.funcs[i];
        (code - f.start <= f.len).then_some(f)
    }
}
