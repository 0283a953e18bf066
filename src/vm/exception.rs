//! Exceptions: what is thrown, who catches it, and how long it lives.
//!
//! Throwing walks the frames of the innermost activation (`FIXED_FRAME`), once: for each frame the records of its
//! module say whether its call is within a handler, and how many registers its function saved, which are restored on
//! the way. Compiled code goes on at the landing of the clause that catches. Frames of the host are not walked: an
//! exception that nobody in the activation catches is left pending in the store and leaves compiled code as an error
//! does, and a host function that returns that error throws it on.
//!
//! # Lifetime
//!
//! An exception whose reference never left its landing, which is nearly every one, is freed when the next one is
//! thrown. The others are freed by a mark and sweep over all exceptions of a store, once they are twice as many, or
//! take twice as much, as what survived the last time, and so many that looking through the stack is worth it. What
//! they take counts as what a store holds ([`Held`](crate::vm::held::Held)). Roots are found conservatively: whatever
//! looks like a reference in the stack of the store's activations, and what is in tables, globals, in handles that the
//! host has, and in other exceptions. Exceptions never move.

use crate::Result;
use crate::module::lookup;
use crate::types::{FuncType, HeapType, ValType};
use crate::vm::context::{VMContext, VMStoreContext, ValRaw};
use crate::vm::frames::unsigned;
use crate::vm::gc::roots::Roots;
use headwater_codegen::vmctx::exception;
use std::alloc::{Layout, alloc, dealloc};
use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::mem::{offset_of, size_of};
use std::ptr::{self, NonNull};

/// A tag. Its address is its identity.
#[derive(Debug)]
pub(crate) struct VMTag {
    /// Parameters are the types of an exception's arguments; there are no results.
    pub ty: FuncType,
    /// Its number in the store.
    pub index: u32,
}

/// An exception, followed by its arguments. A reference to one is its address.
#[repr(C, align(16))]
pub(crate) struct VMException {
    tag: *const VMTag,
    len: u32,
    marked: bool,
    /// Somebody may have a reference besides the one who throws or catches it.
    escaped: bool,
}

const _: () = assert!(size_of::<VMException>() == exception::PAYLOAD as usize);
const _: () = assert!(offset_of!(VMException, tag) == 0);

impl VMException {
    /// What an exception with `len` arguments takes, with its entry in the table of all.
    pub fn bytes(len: usize) -> usize {
        size_of::<VMException>() + len.saturating_mul(size_of::<ValRaw>()) + 4 * size_of::<usize>()
    }

    fn layout(len: usize) -> Option<Layout> {
        Layout::from_size_align(size_of::<VMException>() + len * size_of::<ValRaw>(), 16).ok()
    }

    pub fn tag(&self) -> &VMTag {
        // SAFETY: tags live as long as their store, and exceptions no longer.
        unsafe { &*self.tag }
    }

    /// The arguments.
    pub fn payload(&self) -> &[ValRaw] {
        // SAFETY: `len` values follow.
        unsafe { std::slice::from_raw_parts(std::ptr::from_ref(self).add(1).cast(), self.len as usize) }
    }
}

/// The error of a call that an exception left: the exception is pending in the store.
///
/// A host function that returns this error throws what is pending on;
/// [`Store::take_pending_exception`](crate::Store::take_pending_exception) takes it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct ThrownException;

impl fmt::Display for ThrownException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("thrown Wasm exception")
    }
}

impl std::error::Error for ThrownException {}

/// So many exceptions are kept before it is looked whether they are needed, and so many bytes of them.
const AT_LEAST: usize = 256;
const BYTES_AT_LEAST: usize = 1 << 20;

/// For so many words of stack that are looked through, one exception more may be kept.
const WORDS_EACH: usize = 32;

/// What the host may attach to an exception.
pub(crate) type Attached = Box<dyn Any + Send + Sync>;

/// All exceptions of a store.
pub(crate) struct Exceptions {
    /// By address.
    all: HashMap<usize, NonNull<VMException>>,
    /// What they take.
    bytes: usize,
    /// How many there may be before the next collection, and how many bytes.
    threshold: (usize, usize),
    /// One that nobody has but, perhaps, its landing.
    passing: Option<NonNull<VMException>>,
    /// What left compiled code and was not taken yet.
    pub pending: Option<NonNull<VMException>>,
    /// What the host attached to exceptions, by address; dropped with them.
    attached: HashMap<usize, Attached>,
    /// What the host has handles of.
    handles: Roots<NonNull<VMException>>,
}

impl Default for Exceptions {
    fn default() -> Exceptions {
        Exceptions {
            all: HashMap::new(),
            bytes: 0,
            threshold: (AT_LEAST, BYTES_AT_LEAST),
            passing: None,
            pending: None,
            attached: HashMap::new(),
            handles: Roots::default(),
        }
    }
}

impl Exceptions {
    /// A new exception with the tag `tag`.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn add(&mut self, tag: &VMTag, payload: impl ExactSizeIterator<Item = ValRaw>) -> Result<NonNull<VMException>> {
        let failed = || anyhow::anyhow!("there is no memory for an exception");
        self.all.try_reserve(1).map_err(|_| failed())?;
        let layout = VMException::layout(payload.len()).ok_or_else(failed)?;
        // SAFETY: the layout is not empty.
        let at = NonNull::new(unsafe { alloc(layout) }.cast::<VMException>()).ok_or_else(failed)?;
        let len = payload.len() as u32;
        // SAFETY: as large as the layout says.
        unsafe {
            at.write(VMException { tag, len, marked: false, escaped: false });
            let values = at.add(1).cast::<ValRaw>();
            for (i, value) in payload.enumerate() {
                values.add(i).write(value);
            }
        }
        self.all.insert(at.as_ptr() as usize, at);
        self.bytes += VMException::bytes(len as usize);
        Ok(at)
    }

    /// What all of them take, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Somebody else than its landing may have a reference to the exception from now on.
    pub fn escape(&mut self, at: NonNull<VMException>) {
        // SAFETY: exceptions that are referred to are alive, and the store is borrowed.
        unsafe { (*at.as_ptr()).escaped = true };
    }

    /// The exception was caught by who keeps its arguments only.
    fn pass(&mut self, at: NonNull<VMException>) {
        // SAFETY: as above.
        if !unsafe { at.as_ref() }.escaped {
            self.passing = Some(at);
        }
    }

    /// Frees the exception that was caught last, if nobody can have a reference to it. Its landing must be over.
    pub fn drop_passing(&mut self) {
        if let Some(at) = self.passing.take() {
            self.all.remove(&(at.as_ptr() as usize));
            debug_assert!(
                !self.attached.contains_key(&(at.as_ptr() as usize)),
                "only those with handles have something"
            );
            // SAFETY: nobody has a reference: it never escaped, and its landing is over.
            self.bytes -= unsafe { free(at) };
        }
    }

    /// A handle of an exception: its number and generation.
    pub fn handle(&mut self, at: NonNull<VMException>) -> (u32, u32) {
        self.escape(at);
        self.handles.root(at)
    }

    /// Attaches something to an exception, in place of what was.
    pub fn attach(&mut self, at: NonNull<VMException>, what: Attached) {
        self.attached.insert(at.as_ptr() as usize, what);
    }

    /// What is attached to an exception.
    pub fn attached(&self, at: NonNull<VMException>) -> Option<&Attached> {
        self.attached.get(&(at.as_ptr() as usize))
    }

    /// What a handle stands for, if it is still valid.
    pub fn at(&self, index: u32, generation: u32) -> Option<NonNull<VMException>> {
        self.handles.get(index, generation)
    }

    /// How many handles there are.
    #[inline]
    pub fn handles(&self) -> usize {
        self.handles.len()
    }

    /// Ends all handles but the first `n`.
    #[inline]
    pub fn end_handles(&mut self, n: usize) {
        self.handles.end(n);
    }

    /// Passes on where the arguments of all exceptions are, with their types.
    pub fn each_argument(&mut self, mut each: impl FnMut(*mut u64, &ValType)) {
        for at in self.all.values() {
            // SAFETY: all of them are alive, and the store is borrowed.
            unsafe {
                let first = at.add(1).cast::<ValRaw>();
                for (i, ty) in at.as_ref().tag().ty.params().enumerate() {
                    each(&raw mut (*first.add(i).as_ptr()).lo, &ty);
                }
            }
        }
    }

    /// Passes on all arguments, with their types.
    pub fn each_value(&self, mut each: impl FnMut(&ValRaw, &ValType)) {
        for at in self.all.values() {
            // SAFETY: all of them are alive, and the store is borrowed.
            let exception = unsafe { at.as_ref() };
            for (value, ty) in exception.payload().iter().zip(exception.tag().ty.params()) {
                each(value, &ty);
            }
        }
    }

    /// Passes on the numbers of the tags of all exceptions.
    pub fn each_tag(&self, mut each: impl FnMut(u32)) {
        // SAFETY: as above.
        self.all.values().for_each(|at| each(unsafe { at.as_ref() }.tag().index));
    }

    /// Whether it is time for a collection.
    pub fn is_full(&self) -> bool {
        self.all.len() >= self.threshold.0 || self.bytes >= self.threshold.1
    }

    /// How many exceptions there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Marks what `word` refers to, if it is a reference.
    pub fn mark(&mut self, word: u64, found: &mut Vec<NonNull<VMException>>) {
        if let Some(&at) = self.all.get(&(word as usize)) {
            // SAFETY: all of them are alive.
            let exception = unsafe { &mut *at.as_ptr() };
            if !exception.marked {
                exception.marked = true;
                found.push(at);
            }
        }
    }

    /// Frees what neither is marked nor is reachable from what is, and unmarks the rest. `words` of stack were looked
    /// through.
    pub fn sweep(&mut self, mut found: Vec<NonNull<VMException>>, words: usize) {
        self.handles.trim();
        let roots = self.handles.iter_mut().map(|at| *at).chain(self.pending).chain(self.passing);
        let roots: Vec<u64> = roots.map(|at| at.as_ptr() as u64).collect();
        for word in roots {
            self.mark(word, &mut found);
        }
        while let Some(at) = found.pop() {
            // SAFETY: all of them are alive.
            let exception = unsafe { at.as_ref() };
            for (value, ty) in exception.payload().iter().zip(exception.tag().ty.params()) {
                if is_exnref(&ty) {
                    self.mark(value.lo, &mut found);
                }
            }
        }
        let (bytes, attached) = (&mut self.bytes, &mut self.attached);
        self.all.retain(|_, at| {
            // SAFETY: alive until it is freed here, once.
            unsafe {
                let marked = std::mem::replace(&mut (*at.as_ptr()).marked, false);
                if !marked {
                    attached.remove(&(at.as_ptr() as usize));
                    *bytes -= free(*at);
                }
                marked
            }
        });
        let count = (2 * self.all.len()).max(AT_LEAST).max(words / WORDS_EACH);
        self.threshold = (count, (2 * self.bytes).max(BYTES_AT_LEAST));
    }
}

/// Whether values of this type refer to exceptions.
pub(crate) fn is_exnref(ty: &ValType) -> bool {
    ty.as_ref().is_some_and(|r| *r.heap_type() == HeapType::Exn)
}

impl Drop for Exceptions {
    fn drop(&mut self) {
        for (_, at) in self.all.drain() {
            // SAFETY: freed once, and the store is gone.
            unsafe { free(at) };
        }
    }
}

/// Frees an exception, and says how many bytes it took.
///
/// # Safety
/// `at` was made by [`Exceptions::add`] and is not used any more.
unsafe fn free(at: NonNull<VMException>) -> usize {
    // SAFETY: guaranteed by the caller; the layout is that of its allocation.
    unsafe {
        let len = at.as_ref().len as usize;
        let layout = VMException::layout(len).expect("it was allocated with it");
        dealloc(at.as_ptr().cast(), layout);
        VMException::bytes(len)
    }
}

/// How many integer and float registers there are that locals are pinned to.
#[cfg(target_arch = "x86_64")]
const PINS: (usize, usize) = (5, 9);
/// The same on the other instruction set.
#[cfg(target_arch = "aarch64")]
const PINS: (usize, usize) = (8, 12);

/// The registers that a landing finds: what a thunk saves, and loads again.
#[repr(C)]
pub(crate) struct Landing {
    /// Pinned integer registers, in the order in which functions pin them.
    gprs: [u64; PINS.0],
    /// The lower halves of pinned float registers.
    fprs: [u64; PINS.1],
    fp: usize,
    pc: usize,
    exception: *mut VMException,
    /// The stack pointer of the frame of `fp`; the thunk's caller's at first.
    sp: usize,
}

impl Landing {
    /// Size in bytes, and the offsets of what thunks use.
    pub const SIZE: usize = size_of::<Landing>();
    pub const FPRS: usize = offset_of!(Landing, fprs);
    pub const FP: usize = offset_of!(Landing, fp);
    pub const PC: usize = offset_of!(Landing, pc);
    pub const EXCEPTION: usize = offset_of!(Landing, exception);
    pub const SP: usize = offset_of!(Landing, sp);

    /// `AT_LANDINGS`: compiled code goes on with the stack pointer that its frame had at the call, and with its context and
    /// base of memory in their registers.
    fn debug_assert_at_landings(&self, fp: usize) {
        debug_assert!(self.sp < fp && self.sp.is_multiple_of(16), "AT_LANDINGS: sp {:#x}, fp {fp:#x}", self.sp);
    }

    /// Forgets what was caught in another one that was in the same place.
    pub fn clear(&mut self) {
        self.exception = ptr::null_mut();
    }

    /// Looks for who catches `thrown`, which was thrown where compiled code last left. With the pinned registers and the
    /// stack pointer as they are there, `self` becomes what the landing finds. Whether there is one.
    ///
    /// # Safety
    /// `vm` is the context of a store in whose innermost activation compiled code waits for a builtin.
    pub unsafe fn find(
        &mut self,
        vm: *const VMStoreContext,
        exceptions: &mut Exceptions,
        thrown: NonNull<VMException>,
    ) -> bool {
        // SAFETY: frames are walked as for a backtrace; modules whose code is on the stack are alive.
        unsafe {
            let call = (*vm).call;
            let (mut pc, mut fp) = (unsigned(call.exit_pc), call.exit_fp);
            loop {
                if let Some(frame) = lookup::unwinding(pc) {
                    let context = *((fp - 8) as *const *const VMContext);
                    if let Some((landing, keeps)) = clause_for(&frame, context, thrown) {
                        self.debug_assert_at_landings(fp);
                        (self.fp, self.pc, self.exception) = (fp, landing, thrown.as_ptr());
                        if keeps {
                            exceptions.escape(thrown);
                        } else {
                            exceptions.pass(thrown);
                        }
                        return true;
                    }
                    // Saved below vmctx, one after another: `Layout::saved_bytes` of the compiler.
                    let saved = |i: usize| *((fp - 16 - 8 * i) as *const u64);
                    let (gprs, fprs) = frame.pins;
                    for i in 0..gprs {
                        self.gprs[i] = saved(i);
                    }
                    for i in 0..fprs {
                        self.fprs[i] = saved(gprs + i);
                    }
                }
                let (caller, return_pc) = (*(fp as *const usize), *((fp + 8) as *const usize));
                if caller == call.entry_fp || caller <= fp {
                    return false;
                }
                // FIXED_FRAME: return address and frame pointer are all there is above what the caller's stack pointer was.
                self.sp = fp + 16;
                (pc, fp) = (unsigned(return_pc), caller);
            }
        }
    }
}

/// The landing of the clause that catches `thrown` at a call, and whether it keeps the exception.
///
/// # Safety
/// `context` is that of the frame.
unsafe fn clause_for(
    frame: &lookup::Unwinding<'_>,
    context: *const VMContext,
    thrown: NonNull<VMException>,
) -> Option<(usize, bool)> {
    let catches = |tag: u32| {
        let offset = frame.tag_offset(tag);
        // SAFETY: the context is that of an instance of the frame's module, which has a pointer there.
        unsafe { *context.byte_offset(offset as isize).cast::<*const VMTag>() == thrown.as_ref().tag }
    };
    let caught = frame.records.handlers.tried(frame.handler).find(|clause| clause.tag.is_none_or(catches))?;
    Some((frame.code + caught.landing as usize, caught.keeps))
}
