//! The structures of `headwater_codegen::vmctx` as Rust sees them. Their layout is checked here, once.

use crate::engine::Trampolines;
use crate::vm::alloc::Zeroable;
use headwater_codegen::vmctx;
use std::cell::{Cell, UnsafeCell};
use std::mem::offset_of;
use std::sync::atomic::AtomicUsize;

/// A value as compiled code has it: 16 bytes, little-endian, from the first byte on.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug)]
#[repr(C, align(16))]
pub struct ValRaw {
    /// The first eight bytes: all of a scalar or reference. The bytes above an `i32` or `f32` may be anything.
    pub(crate) lo: u64,
    /// The upper half of a vector.
    pub(crate) hi: u64,
}

impl ValRaw {
    /// A value of eight bytes or less.
    pub(crate) const fn new(lo: u64) -> ValRaw {
        ValRaw { lo, hi: 0 }
    }
}

/// Where the innermost activation in a store was entered and left.
#[derive(Copy, Clone, Default, Debug)]
#[repr(C)]
pub(crate) struct VMCallState {
    pub stack_limit: usize,
    pub entry_sp: usize,
    pub entry_fp: usize,
    pub entry_pc: usize,
    pub exit_fp: usize,
    pub exit_pc: usize,
}

/// An entry of the table of builtins that compiled code calls through; not callable from Rust.
#[derive(Copy, Clone)]
#[repr(transparent)]
pub(crate) struct Thunk(pub unsafe extern "C" fn());

/// A store, of which only the address is known here; see [`VMStoreContext::store`].
#[derive(Debug)]
pub(crate) enum AnyStore {}

/// Likewise an instance; see [`VMContext::instance`].
#[derive(Debug)]
pub(crate) enum AnyInstance {}

/// A call from the host into compiled code, or a [`Border`], which is no call.
///
/// A call that waits may go on on another thread: `prev` and `current` are changed then.
pub(crate) struct Activation {
    /// Of the store that is called into; null in a border.
    pub vm: *mut VMStoreContext,
    /// The next outer activation on this thread, in whatever store.
    pub prev: Cell<*const Activation>,
    /// What `vm` held before, if the store was in a call already, on the same fiber or on none; null if not.
    pub outer: *const VMCallState,
    /// Lowest stack address for compiled code on this stack.
    pub stack_limit: usize,
    /// Where the thread that it runs on has its innermost activation.
    pub current: Cell<*const Cell<*const Activation>>,
}

/// Where the chain of activations goes from one stack to another: an activation whose `vm` is null, and what is on both
/// sides. The outermost activation on a fiber's stack, its *base*, is one; so is a *detour* (`vm/resumable.rs`), from
/// which the chain goes on on a fiber.
#[repr(C)]
pub(crate) struct Border {
    pub activation: Activation,
    /// Of the store whose code runs on the fiber.
    pub store: *mut VMStoreContext,
    /// What that held where the fiber was resumed, with which the chain goes on there; null in a detour, where it is the
    /// same on both sides, and in the base of a fiber that does not run.
    pub outer_call: Cell<*const VMCallState>,
    /// The end of the stack that the inner activations are on, or of their part of it.
    pub top: usize,
    /// Where the outer stack ended when it was left.
    pub outer_sp: Cell<usize>,
    /// Whether the host function that runs, called by compiled code beyond the border, may suspend that: in a detour
    /// only, and not in what the host function calls.
    pub suspends: Cell<bool>,
}

impl Activation {
    /// The border that this is; `None` if it is a call.
    pub fn border(&self) -> Option<&Border> {
        // SAFETY: only the activations of borders, which begin with them, have no store.
        self.vm.is_null().then(|| unsafe { &*std::ptr::from_ref(self).cast::<Border>() })
    }
}

/// The part of a store that compiled code knows, and the pointer from there to the rest.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct VMStoreContext {
    pub call: VMCallState,
    /// [`vmctx::store::INTERRUPT`]; see [`epoch`](crate::engine::epoch).
    pub interrupt: AtomicUsize,
    /// [`vmctx::store::FUEL`]
    pub fuel: i64,
    /// Where in the heap the next object is made.
    pub gc_next: u64,
    /// Up to where objects are made without asking the runtime; 0 without a heap.
    pub gc_limit: u64,
    /// The heap's base; null without one.
    pub gc_base: *mut u8,
    /// Not 0 once there was an instance with functions that pin floats: `FLOAT_PINS` (`headwater_codegen::vmctx`).
    pub float_pins: u64,
    /// The store, through the pointer that the innermost call into the store was made with; it reaches the
    /// whole `StoreInner<T>`.
    pub store: *mut AnyStore,
}

/// The head of every context, an instance's or a host function's.
#[derive(Debug)]
#[repr(C, align(16))]
pub(crate) struct VMContext {
    pub store: *mut VMStoreContext,
    pub builtins: *const Thunk,
    pub membase: *mut u8,
    /// Null in the context of a host function.
    pub instance: *mut AnyInstance,
}

/// A host function as the trampoline calls it: own context, context of the calling frame (null when the host itself
/// calls), arguments and results. Nonzero: failed, and the reason to unwind is parked in the store.
pub(crate) type HostFn = unsafe extern "C" fn(*mut VMContext, *mut VMContext, *mut ValRaw) -> u32;

/// The entry trampoline of a function type.
#[derive(Copy, Clone, Debug)]
pub(crate) struct EntryFn(unsafe extern "C" fn(*mut u8, *const u8, *mut u8, *mut u8) -> u32);

impl EntryFn {
    /// Calls `callee` with `vmctx`, and `args` for arguments and results. Returns 0, or 1 if compiled code did not return.
    ///
    /// `ENTRY_SAVES` (`headwater_codegen::trampoline`): on x86-64 the trampoline takes its parameters where it needs
    /// them, and preserves fewer registers than a C function: whoever calls has saved most of them anyhow.
    ///
    /// # Safety
    /// The trampoline must be of the type of `callee`, a function of the context `vmctx`, whose store's context `vm` is;
    /// `args` must have room for parameters and results, and hold the parameters.
    #[inline(always)]
    pub unsafe fn call(
        self,
        vmctx: *mut VMContext,
        callee: *const u8,
        args: *mut ValRaw,
        vm: *mut VMStoreContext,
    ) -> u32 {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: `ENTRY_SAVES`: what is not preserved is declared; the rest is up to the caller.
        unsafe {
            let rc: u64;
            std::arch::asm!(
                "call rax",
                inlateout("rax") self.0 => rc,
                inlateout("r14") vmctx => _,
                in("r10") callee,
                in("r11") args,
                in("rcx") vm,
                lateout("r12") _,
                lateout("r13") _,
                lateout("r15") _,
                clobber_abi("C"),
            );
            rc as u32
        }
        #[cfg(not(target_arch = "x86_64"))]
        // SAFETY: the caller's duty.
        unsafe {
            (self.0)(vmctx.cast(), callee, args.cast(), vm.cast())
        }
    }
}

/// The entry trampoline among `trampolines`.
pub(crate) fn entry_fn(trampolines: Trampolines) -> EntryFn {
    EntryFn(trampolines.entry)
}

/// What a non-null function reference points to. There is one for each function to which references exist, so equal
/// pointers mean equal functions.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct VMFuncRef {
    /// Entry in the calling convention of compiled code.
    pub code: *const u8,
    /// The callee's context.
    pub vmctx: *mut VMContext,
    /// Canonical number of the type.
    pub sig: u32,
    /// Index in the instance's function index space, or [`VMFuncRef::HOST`].
    pub func: u32,
}

// SAFETY: its pointers may be null, its numbers anything.
unsafe impl Zeroable for UnsafeCell<VMFuncRef> {}

impl VMFuncRef {
    /// The value of [`VMFuncRef::func`] for a host function, whose `vmctx` is a [`VMHostFuncContext`].
    pub const HOST: u32 = u32::MAX;
}

/// What an instance keeps for each imported function.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct VMFuncImport {
    pub code: *const u8,
    pub vmctx: *mut VMContext,
}

/// A linear memory as compiled code sees it.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct VMMemory {
    pub base: *mut u8,
    /// In bytes. Atomic, since several threads may have the memory.
    pub len: AtomicUsize,
}

/// A table as compiled code sees it.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct VMTable {
    pub base: *mut u64,
    /// In elements.
    pub len: u64,
}

const _: () = {
    assert!(size_of::<ValRaw>() == vmctx::VAL_RAW_SIZE as usize);
    assert!(offset_of!(VMStoreContext, call.stack_limit) == vmctx::store::STACK_LIMIT as usize);
    assert!(offset_of!(VMStoreContext, call.entry_sp) == vmctx::store::ENTRY_SP as usize);
    assert!(offset_of!(VMStoreContext, call.entry_fp) == vmctx::store::ENTRY_FP as usize);
    assert!(offset_of!(VMStoreContext, call.entry_pc) == vmctx::store::ENTRY_PC as usize);
    assert!(offset_of!(VMStoreContext, call.exit_fp) == vmctx::store::EXIT_FP as usize);
    assert!(offset_of!(VMStoreContext, call.exit_pc) == vmctx::store::EXIT_PC as usize);
    assert!(offset_of!(VMStoreContext, interrupt) == vmctx::store::INTERRUPT as usize);
    assert!(offset_of!(VMStoreContext, fuel) == vmctx::store::FUEL as usize);
    assert!(offset_of!(VMStoreContext, gc_next) == vmctx::store::GC_NEXT as usize);
    assert!(offset_of!(VMStoreContext, gc_limit) == vmctx::store::GC_LIMIT as usize);
    assert!(offset_of!(VMStoreContext, gc_base) == vmctx::store::GC_BASE as usize);
    assert!(offset_of!(VMStoreContext, float_pins) == vmctx::store::FLOAT_PINS as usize);
    assert!(offset_of!(VMStoreContext, store) == vmctx::store::SIZE);
    assert!(offset_of!(VMContext, store) == vmctx::STORE as usize);
    assert!(offset_of!(VMContext, builtins) == vmctx::BUILTINS as usize);
    assert!(offset_of!(VMContext, membase) == vmctx::MEMBASE as usize);
    assert!(offset_of!(VMContext, instance) == vmctx::INSTANCE as usize);
    assert!(vmctx::ZERO == vmctx::HOST_DATA && vmctx::TYPES == vmctx::HOST_FN);
    assert!(offset_of!(VMFuncRef, code) == vmctx::func_ref::CODE as usize);
    assert!(offset_of!(VMFuncRef, vmctx) == vmctx::func_ref::VMCTX as usize);
    assert!(offset_of!(VMFuncRef, sig) == vmctx::func_ref::SIG as usize);
    assert!(offset_of!(VMFuncImport, code) == vmctx::func_import::CODE as usize);
    assert!(offset_of!(VMFuncImport, vmctx) == vmctx::func_import::VMCTX as usize);
    assert!(size_of::<VMFuncImport>() == 16);
    assert!(offset_of!(VMMemory, base) == vmctx::memory::BASE as usize);
    assert!(offset_of!(VMMemory, len) == vmctx::memory::LEN as usize);
    assert!(offset_of!(VMTable, base) == vmctx::table::BASE as usize);
    assert!(offset_of!(VMTable, len) == vmctx::table::LEN as usize);
};
