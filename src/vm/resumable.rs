//! Resumable calls: calls on fibers that host functions suspend, and the host resumes when it pleases.
//!
//! Unlike a call that is awaited, one that is suspended does not keep its store: other code of the store may run
//! meanwhile, and suspend and resume other such calls, in any order.
//!
//! `DETOUR`: no host function that compiled code calls runs on the fiber of a resumable call. The fiber is left for a
//! *detour*: the host function runs on the stack that the fiber was resumed from, with a [`Border`] in between, so that
//! whoever walks the stack passes from there to the fiber and then on. Then the fiber goes on, or, if the host function
//! asks for it, is suspended: it leaves the chain of activations, and whoever resumed it goes on.
//!
//! So the stack of a suspended fiber has one activation, with frames of compiled code, of trampolines and of few
//! functions of the runtime, none of which owns anything: it can be dropped as it is, without its store, on any thread
//! (`MAY_WAIT`). The limiter and a deadline's callback do run there, as on any stack; nothing suspends the fiber
//! meanwhile. What looks for references finds these stacks in [`SuspendedStacks`].

use crate::Result;
use crate::vm::context::{Activation, AnyStore, Border, HostFn, VMCallState, VMContext, VMStoreContext, ValRaw};
use crate::vm::fiber::{Fiber, FiberContext};
use crate::vm::frames;
use crate::vm::host::VMHostFuncContext;
use crate::vm::thread::{self, ThreadState};
use corosensei::CoroutineResult;
use corosensei::stack::DefaultStack;
use std::cell::Cell;
use std::collections::HashMap;
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

/// What a host function in a detour returns to suspend the call.
pub(crate) const SUSPENDED: u32 = 3;

/// What the frames of the switch to another stack take at most: registers of compiled code may be saved there.
const SWITCH: usize = 1 << 10;

/// A call of a host function by compiled code.
#[derive(Copy, Clone)]
pub(crate) struct HostCall {
    pub host: *mut VMHostFuncContext,
    /// Null if the host itself calls.
    pub caller: *mut VMContext,
    /// Arguments, and room for results.
    pub args: *mut ValRaw,
}

impl HostCall {
    /// # Safety
    /// As compiled code would call it.
    unsafe fn run(self) -> u32 {
        // SAFETY: guaranteed by the caller.
        unsafe {
            let host_fn: HostFn = (*self.host).host_fn;
            host_fn(self.host.cast(), self.caller, self.args)
        }
    }
}

/// What a fiber has if its call is resumable.
pub(crate) struct Resumable {
    stacks: Arc<SuspendedStacks>,
    max_wasm_stack: usize,
    /// Of the host function that it was left for.
    call: Cell<Option<HostCall>>,
    /// What that returned.
    code: Cell<u32>,
    /// Above, the stack has all of compiled code.
    sp: Cell<usize>,
}

impl Resumable {
    pub fn new(stacks: &Arc<SuspendedStacks>, max_wasm_stack: usize) -> Resumable {
        let (call, code, sp) = (Cell::new(None), Cell::new(0), Cell::new(0));
        Resumable { stacks: stacks.clone(), max_wasm_stack, call, code, sp }
    }
}

impl Fiber {
    /// Lets it run until it is suspended or ends; its call is resumable. `answer` ends the host call that suspended it:
    /// it writes the results, or parks the reason to unwind, and returns what the host function would have. Returns the
    /// stack if the fiber ended.
    ///
    /// # Errors
    /// If the thread cannot be prepared for compiled code; the fiber has not run then.
    ///
    /// # Safety
    /// `store` must be a pointer to the fiber's store that reaches all of it, and that nothing else uses meanwhile.
    pub unsafe fn proceed(
        &mut self,
        store: *mut AnyStore,
        answer: impl FnOnce(HostCall) -> u32,
    ) -> Result<Poll<DefaultStack>> {
        let context = &*self.context;
        let resumable = context.resumable.as_ref().expect("only those of resumable calls are resumed in this way");
        let coroutine = self.coroutine.as_mut().expect("a fiber is not resumed after its end");
        resumable.stacks.set(context.base.top, None);
        context.store.set(store);
        let result = context.within(|thread| {
            if let Some(call) = resumable.call.take() {
                resumable.code.set(answer(call));
            }
            loop {
                let result = coroutine.resume(());
                let (CoroutineResult::Yield(()), Some(call)) = (&result, resumable.call.get()) else { return result };
                // SAFETY: compiled code waits for the host function.
                match unsafe { context.detour(resumable, thread, call) } {
                    SUSPENDED => return result,
                    code => resumable.code.set(code),
                }
                resumable.call.set(None);
            }
        });
        match result {
            Ok(CoroutineResult::Yield(())) => {
                let stack = SuspendedStack { from: resumable.sp.get(), call: context.call.get() };
                resumable.stacks.set(context.base.top, Some(stack));
            }
            Ok(CoroutineResult::Return(())) => resumable.stacks.end(context.base.top),
            Err(_) => {}
        }
        Ok(self.outcome(result?))
    }

    /// The host call that suspended it.
    pub fn suspended_by(&self) -> Option<HostCall> {
        self.context.resumable.as_ref()?.call.get()
    }

    /// Ends it where it is, if its call is resumable: nothing on its stack is dropped. Returns the stack.
    pub fn abandon(&mut self) -> Option<DefaultStack> {
        let resumable = self.context.resumable.as_ref()?;
        let mut coroutine = self.coroutine.take()?;
        resumable.stacks.end(self.context.base.top);
        // SAFETY: no frame owns anything: see the module's documentation.
        unsafe { coroutine.force_reset() };
        Some(coroutine.into_stack())
    }
}

impl FiberContext {
    /// Leaves the fiber for `call`. Returns what the host function does, or what was answered for it.
    ///
    /// # Safety
    /// It must be the fiber that runs, of a resumable call, and be that of its store.
    #[inline(never)]
    pub unsafe fn call_host(&self, call: HostCall) -> u32 {
        self.debug_assert_detour();
        let resumable = self.resumable.as_ref().expect("the call is resumable");
        let here = 0u8;
        resumable.sp.set((&raw const here as usize - SWITCH) & !7);
        resumable.call.set(Some(call));
        // SAFETY: guaranteed by the caller.
        unsafe { self.leave() };
        resumable.code.get()
    }

    /// `DETOUR`: there is one activation at most, which a host function on the fiber would not have left so.
    fn debug_assert_detour(&self) {
        // SAFETY: the chain is on the stacks that this thread runs on.
        let innermost = unsafe { &*thread::innermost() };
        let call = if innermost.border().is_some() { ptr::from_ref(innermost) } else { innermost.prev.get() };
        debug_assert!(
            ptr::eq(call, &raw const self.base.activation),
            "a host function runs on a resumable call's fiber"
        );
    }

    /// Runs `call` on the stack that the fiber was resumed from. The fiber is not the store's if it was suspended.
    ///
    /// # Safety
    /// The fiber must have been left for it, on this thread.
    unsafe fn detour(&self, resumable: &Resumable, thread: &ThreadState, call: HostCall) -> u32 {
        let here = 0u8;
        let sp = (&raw const here as usize) & !7;
        let outer = self.base.activation.prev.get();
        let stack_limit = if outer.is_null() {
            // Without space, what the host function calls does not begin.
            thread.stack_limit(sp, resumable.max_wasm_stack).unwrap_or(usize::MAX)
        } else {
            // SAFETY: activations in the chain are further out on this stack.
            unsafe { (*outer).stack_limit }
        };
        let innermost = thread.current.get();
        let border = Border {
            activation: Activation {
                vm: ptr::null_mut(),
                prev: Cell::new(innermost),
                outer: ptr::null(),
                stack_limit,
                current: Cell::new(&raw const thread.current),
            },
            store: self.base.store,
            outer_call: Cell::new(ptr::null()),
            top: sp,
            outer_sp: Cell::new(resumable.sp.get()),
            suspends: Cell::new(true),
        };
        // SAFETY: guaranteed by the caller. The host function does not unwind, and leaves the chain as it was.
        unsafe {
            *self.slot = ptr::null();
            thread.current.set(&border.activation);
            let code = call.run();
            thread.current.set(innermost);
            if code != SUSPENDED {
                *self.slot = self;
            }
            code
        }
    }
}

/// The border that the innermost host function of this thread runs behind, if compiled code of the store with context
/// `vm` called that in a detour.
fn innermost_border<'a>(vm: *mut VMStoreContext) -> Option<&'a Border> {
    // SAFETY: activations in the chain are on stacks that this thread runs on, further out.
    let innermost = unsafe { thread::innermost().as_ref() };
    innermost.and_then(Activation::border).filter(|border| ptr::eq(border.store, vm))
}

/// Whether the host function that runs may suspend the call that it is in.
pub(crate) fn may_suspend(vm: *mut VMStoreContext) -> bool {
    innermost_border(vm).is_some_and(|border| border.suspends.get())
}

/// Calls `f`, which calls a host function without compiled code in between, so that this one may not suspend.
pub(crate) fn indirectly<R>(vm: *mut VMStoreContext, f: impl FnOnce() -> R) -> R {
    match innermost_border(vm) {
        None => f(),
        Some(border) => {
            let was = border.suspends.replace(false);
            let result = f();
            border.suspends.set(was);
            result
        }
    }
}

/// The stacks of a store's resumable calls: for each its end, and what is on it; `None` while it is in the chain of
/// activations, or has not begun.
#[derive(Debug, Default)]
pub(crate) struct SuspendedStacks(Mutex<HashMap<usize, Option<SuspendedStack>>>);

#[derive(Copy, Clone, Debug)]
struct SuspendedStack {
    /// Above, it is to be looked at.
    from: usize,
    /// Where its only activation was entered and left.
    call: VMCallState,
}

impl SuspendedStacks {
    fn lock(&self) -> MutexGuard<'_, HashMap<usize, Option<SuspendedStack>>> {
        // Nothing panics while the lock is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many resumable calls there are.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Another one has the stack that ends at `top`.
    ///
    /// # Errors
    /// If there is no memory to note it.
    pub fn begin(&self, top: usize) -> Result<()> {
        let mut stacks = self.lock();
        stacks.try_reserve(1).map_err(|_| anyhow::anyhow!("no memory for a resumable call"))?;
        stacks.insert(top, None);
        Ok(())
    }

    fn set(&self, top: usize, what: Option<SuspendedStack>) {
        if let Some(stack) = self.lock().get_mut(&top) {
            *stack = what;
        }
    }

    fn end(&self, top: usize) {
        self.lock().remove(&top);
    }

    /// Passes on every word of the stacks of suspended calls.
    pub fn each_word(&self, mut each: impl FnMut(u64)) {
        for (&top, stack) in self.lock().iter() {
            if let Some(stack) = stack {
                // SAFETY: whoever frees or resumes the stack takes it out first, which the lock delays.
                unsafe { frames::words(stack.from, top, &mut each) };
            }
        }
    }

    /// Passes on the frames of suspended calls: where each goes on, and its frame pointer.
    pub fn each_frame(&self, mut each: impl FnMut(usize, usize)) {
        for SuspendedStack { call, .. } in self.lock().values().flatten() {
            let pc = frames::unsigned(call.exit_pc);
            if call.exit_fp != 0 {
                // SAFETY: as above.
                unsafe {
                    frames::walk(pc, call.exit_fp, call.entry_fp, &mut |pc, fp| {
                        each(pc, fp);
                        true
                    });
                }
            }
        }
    }
}
