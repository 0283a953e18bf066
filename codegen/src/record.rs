//! What the compiler leaves behind besides machine code. All offsets are 32 bits.

/// One compiled function.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct FuncRecord {
    /// Index in the module's function index space.
    pub func: u32,
    /// Offset of the entry in the module's code region, in bytes.
    pub start: u32,
    /// Length of the machine code, in bytes, including stubs but not the constants after it.
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
/// the instruction, and one for each call, at its last byte: its return address may be that of an instruction that can
/// fault. Sorted by `code` within a function. A conditional jump that traps in place has none of its own: the first one
/// from its last byte on is its operator's.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Site {
    /// Offset in the code region.
    pub code: u32,
    /// Offset of the operator's first byte in the module.
    pub wasm: u32,
}

/// What catches an exception that passes a return address.
///
/// The clauses of a handler are tried in order; if none catches, those of the next handler are.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Handler {
    /// Its first clause, by number in [`Records::clauses`] plus one; 0: it has none.
    pub first: u32,
    /// Its last clause, likewise.
    pub last: u32,
    /// The handler around it, by number plus one; 0: the caller's.
    pub outer: u32,
}

/// Of a handler: which exceptions go where.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The tag, in the module's index space; [`Clause::ALL`]: any exception.
    pub tag: u32,
    /// Where the code goes on, an offset in the code region: with the frame pointer that of the function, the pinned
    /// registers as they were at the call, and the exception in the first integer result register.
    pub landing: u32,
    /// Whether the code keeps the exception, or only its arguments.
    pub keeps: bool,
    /// The next clause of the same handler, by number plus one; 0: it is the last.
    pub next: u32,
}

impl Clause {
    /// Any exception is caught.
    pub const ALL: u32 = u32::MAX;
}

/// A call within a handler.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct HandledCall {
    /// The return address, an offset in the code region.
    pub code: u32,
    /// The number of the handler.
    pub handler: u32,
}

/// Slots of a frame that hold references to objects of the collector ([`crate::vmctx::gc`]), or null.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct RefSlots {
    /// Displacement from the frame pointer of the first one.
    pub disp: i32,
    /// How many there are, 8 bytes apart, downwards.
    pub count: u32,
    /// More of them, by number in [`Records::ref_slots`] plus one; 0: that is all.
    pub outer: u32,
}

/// A call at which a frame holds references.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct RefSite {
    /// The return address, an offset in the code region.
    pub code: u32,
    /// Which slots, by number in [`Records::ref_slots`].
    pub slots: u32,
}

/// Everything that compiling a run of functions leaves behind. Compiling appends; nothing is cleared.
#[derive(Clone, Default, Debug)]
pub struct Records {
    /// One record for each function, in the order in which they were compiled.
    pub funcs: Vec<FuncRecord>,
    /// Calls to patch.
    pub calls: Vec<CallSite>,
    /// Fault and call sites.
    pub sites: Vec<Site>,
    /// How many registers each of `funcs` saves: integer registers in the lower four bits, float registers above.
    pub pins: Vec<u8>,
    /// Handlers of exceptions.
    pub handlers: Vec<Handler>,
    /// Their clauses.
    pub clauses: Vec<Clause>,
    /// Calls within handlers, by ascending return addresses.
    pub handled: Vec<HandledCall>,
    /// Where frames hold references.
    pub ref_slots: Vec<RefSlots>,
    /// Calls at which they do, by ascending return addresses.
    pub ref_sites: Vec<RefSite>,
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
        self.pins.clear();
        self.handlers.clear();
        self.clauses.clear();
        self.handled.clear();
        self.ref_slots.clear();
        self.ref_sites.clear();
    }

    /// How many there are of everything.
    pub(crate) fn mark(&self) -> [usize; 10] {
        [
            self.funcs.len(),
            self.calls.len(),
            self.sites.len(),
            self.operators.len(),
            self.pins.len(),
            self.handlers.len(),
            self.clauses.len(),
            self.handled.len(),
            self.ref_slots.len(),
            self.ref_sites.len(),
        ]
    }

    /// Forgets what was added since [`Records::mark`].
    pub(crate) fn reset(&mut self, mark: [usize; 10]) {
        let [funcs, calls, sites, operators, pins, handlers, clauses, handled, ref_slots, ref_sites] = mark;
        self.funcs.truncate(funcs);
        self.calls.truncate(calls);
        self.sites.truncate(sites);
        self.operators.truncate(operators);
        self.pins.truncate(pins);
        self.handlers.truncate(handlers);
        self.clauses.truncate(clauses);
        self.handled.truncate(handled);
        self.ref_slots.truncate(ref_slots);
        self.ref_sites.truncate(ref_sites);
    }
}
