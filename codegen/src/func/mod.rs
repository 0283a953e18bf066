//! The single pass over a function body: decode, validate and emit on the same stacks.
//!
//! One concept, one file:
//!
//! | file | concept |
//! | --- | --- |
//! | `compiler` | what compiles bodies, and keeps allocations between them |
//! | `value` | a value on the operand stack, eight bytes |
//! | `read` | immediates |
//! | `regs` | temporaries: allocate, spill, settle, materialise |
//! | `frame` | where everything in a frame is |
//! | `locals`, `pins` | pinned and framed locals, results put straight into a local; which locals are pinned |
//! | `control`, `branch` | control frames and merges; branches |
//! | `expect` | the types of the topmost values |
//! | `exception` | throwing and catching |
//! | `flags`, `select` | the outcome of a comparison: that it is kept; what it is for |
//! | `dead`, `types` | validation of code that is never reached; its operand stack |
//! | `abi`, `call`, `tail` | the convention; calls of functions and builtins; tail calls |
//! | `address` | locals whose address in memory is known |
//! | `memory`, `table` | loads, stores, bulk operators, globals, tables |
//! | `reference` | typed references to functions |
//! | `gc` | structs, arrays, casts; where frames hold references to objects |
//! | `numeric`, `float` | arithmetic, comparisons, conversions |
//! | `divide` | integer division |
//! | `vector` | vectors of 128 bits |
//! | `wide` | 128-bit integer arithmetic |
//! | `atomic` | atomic accesses, waiting and notifying |
//! | `check` | the state checker of debug builds |
//!
//! Handlers take the read pointer after the opcode and return it after the operator. A handler that finds
//! the body invalid returns `Func::fail`: a pointer past the end, which ends the main loop.
//!
//! # Invariants
//!
//! * `SETTLED`: every value below `floor` is a constant or in its home slot. `floor` is at or above the base of the
//!   current control frame, so a block never finds a register or a pending read of a local below its base, and merges
//!   need to look at the values they carry and at nothing else.
//! * `HOME_SLOT`: a value at depth *d* has the home slot `Layout::slot``(d)`; the frame has room for as many slots as
//!   were ever used.
//! * `CACHED`: a register in `cached` is free and holds what is in the frame slot of the local that `cache` names for
//!   it.
//! * `ADDRESS`: see `address`.
//! * `OWNED`: a temporary register is free, owned by exactly one value on the stack, or held by the running handler.
//! * `REFS_STORED_AT_CALLS`: at a call no reference is in a register: temporaries are spilled, and references are
//!   never pinned.
//! * `REF_SLOTS`: see `gc/sites`.
//! * `TRAP_SITE`: the first site at or behind the last byte of a trap in place ([`crate::masm::Jumps::TRAPS_IN_PLACE`]) is
//!   one of the same operator. That is how a trap's operator is found.
//! * `ENTRY_SITE`: the first site of a function is that of its body's first byte, so what is kept of a function need not
//!   say where its body is.
//! * `UNSET`: the type of a local that has no default says so as long as it may not be read (`Ty::is_unset`): in
//!   `Scratch::locals`, or by a bit for those that this does not have. So its first `local.set` is one of a value of
//!   another type, which is where setting is noted, and no other operator looks.
//! * `CAPACITY`: the memory of the operand stack and that of the sites have an entry to spare for each byte of the
//!   body that is left, so an operator pushes one value, and records at most as many sites as it has bytes, unchecked
//!   (calls by reference, of two bytes at least, record two; an indirect call of a type that has subtypes, of three,
//!   three). The site of the prologue is that of the byte that says how many locals follow. Code that pushes more calls
//!   `Func::ensure_space`.
//! * `ROOM`: see [`crate::buf`]. `ZEXT`, `FLAGS`: see [`crate::masm`]. `FIXED_FRAME`: see [`crate::vmctx`].

pub use compiler::{Body, Compiler, MAX_DEPTH, Stop};

pub(crate) mod abi;
mod address;
mod atomic;
mod branch;
mod call;
#[cfg(debug_assertions)]
mod check;
mod compiler;
mod control;
mod dead;
mod divide;
mod exception;
mod expect;
mod flags;
mod float;
mod frame;
mod gc;
mod locals;
mod memory;
mod numeric;
mod pins;
mod read;
mod reference;
mod regs;
mod select;
mod table;
mod tail;
mod types;
mod value;
mod vector;
mod wide;

use crate::env::ModuleEnv;
use crate::masm::{Masm, StubKind};
use crate::record::{CallSite, FuncRecord, Records, Site};
use crate::ty::{Class, PerClass, Ty};
use crate::vmctx::Builtin;
use compiler::{STOP_INTERVAL, Scratch, Vectors};
use control::Ctl;
use frame::Layout;
use read::Ip;
use regs::Banks;
use std::sync::atomic::Ordering;
use value::Val;

/// The state while one function is compiled.
struct Func<'a, M: Masm> {
    m: M,
    /// The next free place of the operand stack.
    sp: *mut Val,
    /// The base of the current control frame: operators may not pop what is below.
    base: *mut Val,
    /// `SETTLED` below this.
    floor: *mut Val,
    /// The ready-made values of the first locals (`Scratch::locals`, which is only changed through this once it is
    /// filled).
    locals: *mut Val,
    locals_len: usize,
    /// How many of them may be read unasked.
    fast_locals: usize,
    /// The first local without a default, which may not be read before it is set.
    first_unset: u32,
    /// Whether the ends of frames have more to do than others: there are such locals, or fuel is paid.
    slow_ends: bool,
    /// Where the next site is recorded: room for one for each byte of the body is reserved (`CAPACITY`).
    sites: *mut Site,
    sites_end: *mut Site,
    /// `FLAGS`: up to where the outcome of the last comparison stands. Only debug builds see to it.
    flags: u32,
    /// The temporaries.
    regs: Banks,
    /// Past the last byte of the body.
    end: Ip,
    /// Not beyond `end`: where [`Func::go_on`] is asked next.
    until: Ip,
    /// Whether places of operators in the machine code are recorded.
    map: bool,
    /// Whether something is done before each operator, so that `until` stays at the beginning of the body.
    each: bool,
    /// Offset of address 0 in the module: add an `Ip` to get the offset of an operator (wrapping).
    wasm: u32,
    /// The whole body was rejected.
    failed: bool,
    /// … because its operand stack is too deep.
    too_large: bool,
    /// … because it is not wanted any more.
    stopped: bool,
    /// The bottom and the end of the operand stack's memory.
    stack: *mut Val,
    stack_end: *mut Val,
    frame: Layout,
    /// Whether the collector must know where frames hold references: the module has types of objects.
    tracks_refs: bool,
    /// The node of the locals that are such references, plus one; 0: there are none (`gc/sites`).
    local_refs: u32,
    /// The number of the handler around the current operator, plus one; 0: there is none.
    handler: u32,
    /// Accesses of memory 0 with offsets below this need no check and fit a displacement, whatever their size.
    fast_offsets: u32,
    /// Offsets less than this are behind 64-bit indices of memory 0 that are at most its length where the guard is.
    wide_offsets: u32,
    at: u32,
    env: &'a ModuleEnv,
    s: &'a mut Scratch,
    records: &'a mut Records,
}

impl<'a, M: Masm> Func<'a, M> {
    #[allow(clippy::too_many_arguments)]
    #[inline(always)]
    fn compile(
        m: M,
        env: &'a ModuleEnv,
        func: u32,
        body: Body<'_>,
        at: u32,
        s: &'a mut Scratch,
        records: &'a mut Records,
        map: bool,
    ) -> Result<usize, Stop> {
        s.vals.clear();
        s.vals.reserve(body.len + 64);
        s.ctls.clear();
        s.charges.clear();
        s.pads.clear();
        s.pad_labels.clear();
        s.set.clear();
        s.far_set.clear();
        s.check_refs.clear();
        s.allocations.clear();
        records.sites.reserve(body.len + 1);
        let spare = records.sites.spare_capacity_mut().as_mut_ptr_range();
        let (sites, sites_end) = (spare.start.cast::<Site>(), spare.end.cast::<Site>());
        let start = body.bytes.as_ptr();
        let each = map | env.checks.spill_everything;
        let fast_offsets = memory::fast_offsets(env);
        let stack = s.vals.as_mut_ptr();
        let mut f = Func {
            m,
            sp: stack,
            base: stack,
            floor: stack,
            locals: std::ptr::null_mut(),
            locals_len: 0,
            fast_locals: 0,
            first_unset: u32::MAX,
            slow_ends: false,
            sites,
            sites_end,
            flags: 0,
            regs: Banks::new::<M>(),
            // SAFETY: both are in the body's slice.
            end: unsafe { start.add(body.len) },
            until: if each { start } else { start.wrapping_add(body.len.min(STOP_INTERVAL)) },
            map,
            each,
            wasm: body.offset.wrapping_sub(start as usize as u32),
            failed: false,
            too_large: false,
            stopped: false,
            stack,
            // SAFETY: the capacity was reserved.
            stack_end: unsafe { stack.add(s.vals.capacity()) },
            frame: Layout::new(s.vectors.wide),
            tracks_refs: gc::may_have_objects(env, &body),
            local_refs: 0,
            handler: 0,
            fast_offsets,
            wide_offsets: memory::wide_offsets(env),
            at,
            env,
            s,
            records,
        };
        f.m.set_operator(start);
        let result = f.function(func, start, body.offset);
        if result.is_ok() {
            // Empty now, and their memory is of use for the next body.
            f.s.lists = Some(f.m.into_lists());
        }
        result
    }

    fn function(&mut self, func: u32, start: Ip, offset: u32) -> Result<usize, Stop> {
        let sig = &self.env.types[self.env.funcs[func as usize] as usize];
        let Some(ip) = self.declare_locals(sig, start) else {
            return Err(Stop::Invalid(offset));
        };
        let frame = self.m.prologue(self.frame.pins[Class::Int], self.frame.pins[Class::Float], self.frame.size());
        // `ENTRY_SITE`; and the check of the stack traps in it.
        self.site_at(self.m.pos() - 1);
        self.receive_params(sig);
        if self.tracks_refs {
            self.begin_ref_slots(self.env.params(sig).len());
        }
        self.s.ctls.push(Ctl::function(self.env.funcs[func as usize]));
        if self.env.checks.at_starts() {
            self.m.set_operator(ip);
            self.check_start(ip);
        }
        let ip = self.run(ip);
        if self.stopped {
            return Err(Stop::Stopped);
        }
        if self.m.overflowed() {
            return Err(Stop::OutOfRoom);
        }
        if self.too_large || self.frame.slots() > MAX_DEPTH {
            return Err(Stop::TooLarge);
        }
        if self.failed || ip != self.end || !self.s.ctls.is_empty() {
            return Err(Stop::Invalid(self.here()));
        }
        self.finish(func, frame, offset)
    }

    /// The main loop.
    fn run(&mut self, mut ip: Ip) -> Ip {
        while ip < self.until || self.go_on_slowly(ip) {
            if !self.m.has_room() {
                self.m.room();
                return ip;
            }
            ip = self.local_gets(ip);
            self.m.set_operator(ip);
            self.regs.locked = PerClass([0; 2]);
            // SAFETY: `ip` is in the body or the first byte after it.
            ip = unsafe { self.operator(ip) };
            #[cfg(debug_assertions)]
            if ip <= self.end && !self.failed {
                self.check_state();
            }
        }
        ip
    }

    /// [`Func::go_on`], and what is to be done between operators where they are mapped or everything is spilled.
    #[cold]
    #[inline(never)]
    fn go_on_slowly(&mut self, ip: Ip) -> bool {
        if !self.go_on(ip) {
            return false;
        }
        if self.env.checks.spill_everything {
            self.settle(self.sp);
            self.regs.cached = PerClass([0; 2]);
        }
        if self.map {
            let site = Site { code: self.at + self.m.pos(), wasm: self.offset_of(ip) };
            self.records.operators.push(site);
        }
        true
    }

    /// Whether there is more to compile at `ip`. Asked at the end of the body and every [`STOP_INTERVAL`] bytes, or before
    /// each operator.
    #[cold]
    #[inline(never)]
    fn go_on(&mut self, ip: Ip) -> bool {
        if ip >= self.end || self.is_stopped() {
            return false;
        }
        if !self.each {
            self.until = ip.wrapping_add(STOP_INTERVAL).min(self.end);
        }
        true
    }

    /// Whether the code is not wanted any more; the body then fails.
    fn is_stopped(&mut self) -> bool {
        self.stopped |= self.env.stop.load(Ordering::Relaxed);
        self.stopped
    }

    /// The same, asked for each target of a `br_table`.
    #[inline(always)]
    fn is_stopped_at(&mut self, target: u32) -> bool {
        target as usize % STOP_INTERVAL == STOP_INTERVAL - 1 && self.is_stopped()
    }

    /// Trap stubs, frame size and record.
    fn finish(&mut self, func: u32, frame: u32, offset: u32) -> Result<usize, Stop> {
        self.finish_sites();
        self.finish_stubs();
        if !self.s.pads.is_empty() {
            self.finish_pads();
        }
        self.m.room();
        let pins = self.frame.pins;
        self.m.patch_frame(frame, pins[Class::Int], pins[Class::Float], self.frame.size());
        let len = self.m.pos();
        self.m.finish_pool();
        self.m.room();
        self.m.align_entry();
        if self.m.overflowed() {
            return Err(Stop::OutOfRoom);
        }
        self.records.pins.push(pins[Class::Int] as u8 | (pins[Class::Float] as u8) << 4);
        self.records.funcs.push(FuncRecord { func, start: self.at, len, wasm: offset });
        Ok(self.m.pos() as usize)
    }

    /// Emits what stands out of line, and empties the list of it.
    fn finish_stubs(&mut self) {
        let mut stubs = std::mem::take(&mut self.m.lists().stubs);
        let mut checks = 0;
        for stub in &stubs {
            self.m.room();
            self.m.bind_stub(stub.site);
            let wasm = self.wasm.wrapping_add(stub.operator);
            match stub.kind {
                StubKind::Trap(code) => {
                    self.records.sites.push(Site { code: self.at + self.m.pos(), wasm });
                    self.m.trap(code);
                }
                StubKind::Check => {
                    self.save_vector_pins();
                    self.m.call_builtin(Builtin::Check as u32);
                    self.records.sites.push(Site { code: self.at + self.m.pos() - 1, wasm });
                    if let Some(&refs) = self.s.check_refs.get(checks) {
                        self.ref_site_of(refs);
                    }
                    checks += 1;
                    self.restore_vector_pins();
                    self.m.jump_back(self.m.after_stub_jump(stub.site));
                }
                StubKind::Allocate(number) => self.finish_allocation(number, stub.site, wasm),
            }
        }
        stubs.clear();
        // An empty vector is replaced.
        std::mem::forget(std::mem::replace(&mut self.m.lists().stubs, stubs));
    }

    /// The depth of the value at `p`.
    #[inline(always)]
    fn depth(&self, p: *mut Val) -> u32 {
        // SAFETY: both are in the stack's memory.
        unsafe { p.offset_from(self.stack) as u32 }
    }

    /// The offset in the module of the byte at `ip`.
    #[inline(always)]
    fn offset_of(&self, ip: Ip) -> u32 {
        self.wasm.wrapping_add(ip as usize as u32)
    }

    /// The offset in the module of the operator that is being compiled.
    #[inline(always)]
    pub(crate) fn here(&self) -> u32 {
        self.offset_of(self.m.operator())
    }

    /// Records that the instruction emitted next may fault.
    #[inline(always)]
    fn site(&mut self) {
        self.site_at(self.m.pos());
    }

    /// Records the call that was just emitted: at its last byte, as the operator that it returns to may have a site of its
    /// own there.
    #[inline(always)]
    fn called(&mut self) {
        self.site_at(self.m.pos() - 1);
    }

    /// The same of the instruction at `pos` in the function.
    #[inline(always)]
    fn site_at(&mut self, pos: u32) {
        let site = Site { code: self.at + pos, wasm: self.here() };
        self.debug_assert_capacity(self.sites < self.sites_end);
        // SAFETY: CAPACITY, as for the operand stack: an operator records one site at most for each of its bytes.
        unsafe {
            self.sites.write(site);
            self.sites = self.sites.add(1);
        }
        #[cfg(debug_assertions)]
        {
            self.m.lists().trap_without_site = false;
        }
    }

    /// Records the operator for the traps in place before this (`TRAP_SITE`), where it has no other site behind them: at
    /// the last byte that was emitted, as the next operator may have a site of its own here.
    #[inline(always)]
    fn trap_site(&mut self) {
        if M::TRAPS_IN_PLACE {
            self.site_at(self.m.pos() - 1);
        }
    }

    /// `CAPACITY`
    #[inline(always)]
    fn debug_assert_capacity(&self, holds: bool) {
        debug_assert!(holds, "CAPACITY: more values or sites than bytes");
    }

    /// Takes over the sites recorded so far: nothing is recorded through `sites` any more.
    fn finish_sites(&mut self) {
        let sites = &mut self.records.sites;
        // SAFETY: `sites` points into the capacity reserved by `compile`, and everything below is written.
        unsafe { sites.set_len(self.sites.offset_from(sites.as_ptr()) as usize) };
    }

    /// Records a call site of a function of this module.
    fn call_site(&mut self, site: u32, callee: u32) {
        self.records.calls.push(CallSite { site: self.at + site, callee });
    }

    /// Rejects the body.
    #[cold]
    fn fail(&mut self) -> Ip {
        self.failed = true;
        self.end.wrapping_add(1)
    }

    /// There may be a value of type `ty` that did not come from the operand stack. Gives the body up where it is the
    /// first vector and the frame is too narrow for that.
    #[inline(always)]
    fn expect_vectors(&mut self, ty: Ty) {
        if ty == Ty::V128 {
            self.vectors_are_met();
        }
    }

    /// See [`Func::expect_vectors`].
    #[inline(always)]
    fn vectors_are_met(&mut self) {
        self.s.vectors.met = true;
        if !self.frame.has_vectors() {
            self.stop_narrow();
        }
    }

    /// Ends the main loop after this operator, for the body to be compiled with a wider frame.
    #[cold]
    #[inline(never)]
    fn stop_narrow(&mut self) {
        self.failed = true;
        self.end = self.m.operator();
        self.until = self.end;
    }

    /// Pushes a value. `CAPACITY`
    #[inline(always)]
    fn push(&mut self, v: Val) {
        self.debug_assert_capacity(self.sp < self.stack_end);
        debug_assert!(
            v.ty() != Ty::V128 || self.frame.has_vectors() || self.failed,
            "HOME_SLOT: a vector in a narrow frame"
        );
        self.debug_assert_set(v);
        // SAFETY: CAPACITY.
        unsafe {
            self.sp.write(v);
            self.sp = self.sp.add(1);
        }
    }

    /// `UNSET`
    #[inline(always)]
    fn debug_assert_set(&self, v: Val) {
        debug_assert!(!v.ty().is_unset(), "UNSET: a local that was not set is read");
    }

    /// Pops a value of type `ty`.
    #[inline(always)]
    fn pop(&mut self, ty: Ty) -> Option<Val> {
        let v = self.pop_any()?;
        if !self.env.fits(v.ty(), ty) {
            return None;
        }
        Some(self.resolve(v))
    }

    /// Pops a value of type `ty`, which is none of references.
    #[inline(always)]
    fn pop_number(&mut self, ty: Ty) -> Option<Val> {
        debug_assert!(!ty.is_ref());
        let v = self.pop_any()?;
        (v.ty() == ty).then(|| self.resolve(v))
    }

    /// Pops a value of any type.
    #[inline(always)]
    fn pop_any(&mut self) -> Option<Val> {
        if self.sp <= self.base {
            return None;
        }
        // SAFETY: `base` is at or above the bottom.
        unsafe {
            self.sp = self.sp.sub(1);
            self.floor = self.floor.min(self.sp);
            Some(*self.sp)
        }
    }

    /// Pops two values of these types, which are none of references, the lower one first.
    #[inline(always)]
    fn pop_numbers(&mut self, first: Ty, second: Ty) -> Option<(Val, Val)> {
        debug_assert!(!first.is_ref() && !second.is_ref());
        if (self.sp as usize) < self.base as usize + 16 {
            return None;
        }
        // SAFETY: two values are above `base`.
        let (a, b) = unsafe {
            self.sp = self.sp.sub(2);
            self.floor = self.floor.min(self.sp);
            (*self.sp, *self.sp.add(1))
        };
        if a.ty() != first || b.ty() != second {
            return None;
        }
        if a.is_local() | b.is_local() {
            return Some((self.resolve(a), self.resolve(b)));
        }
        Some((a, b))
    }

    /// Pops two values of type `ty`, the lower one first.
    #[inline(always)]
    fn pop2(&mut self, ty: Ty) -> Option<(Val, Val)> {
        if (self.sp as usize) < self.base as usize + 16 {
            return None;
        }
        // SAFETY: two values are above `base`.
        unsafe {
            self.sp = self.sp.sub(2);
            self.floor = self.floor.min(self.sp);
            let (a, b) = (*self.sp, *self.sp.add(1));
            if !(self.env.fits(a.ty(), ty) && self.env.fits(b.ty(), ty)) {
                return None;
            }
            if a.is_local() | b.is_local() {
                return Some((self.resolve(a), self.resolve(b)));
            }
            Some((a, b))
        }
    }

    /// Makes sure that `n` values beyond `CAPACITY` can be pushed.
    fn ensure_space(&mut self, n: usize, ip: Ip) {
        if self.depth(self.sp) as usize + n > MAX_DEPTH as usize {
            // Ends the main loop after this operator; the values fit, since that many are always reserved below.
            self.too_large = true;
            self.end = self.m.operator();
            self.until = self.end;
        }
        let needed = self.depth(self.sp) as usize + n + (self.end as usize).saturating_sub(ip as usize) + 16;
        if self.stack as usize + 8 * needed <= self.stack_end as usize {
            return;
        }
        let (sp, base, floor) = (self.depth(self.sp), self.depth(self.base), self.depth(self.floor));
        // SAFETY: the first `sp` values are initialised and within the capacity.
        unsafe { self.s.vals.set_len(sp as usize) };
        self.s.vals.reserve(needed);
        self.stack = self.s.vals.as_mut_ptr();
        // SAFETY: depths are within the capacity.
        unsafe {
            self.stack_end = self.stack.add(self.s.vals.capacity());
            self.sp = self.stack.add(sp as usize);
            self.base = self.stack.add(base as usize);
            self.floor = self.stack.add(floor as usize);
        }
    }
}

/// Unwraps what a reader or a pop gave, or rejects the body.
macro_rules! tri {
    ($self:ident, $e:expr) => {
        match $e {
            Some(v) => v,
            None => return $self.fail(),
        }
    };
}
pub(crate) use tri;

/// Reads an immediate with a reader of [`read`] and moves the read pointer, or rejects the body.
macro_rules! imm {
    ($self:ident, $reader:ident, $ip:ident) => {{
        // SAFETY: `$ip` is in the body or less than PADDING bytes after it (checked after each operator).
        let (value, next) = $crate::func::tri!($self, unsafe { $crate::func::read::$reader($ip) });
        $ip = next;
        value
    }};
}
pub(crate) use imm;
