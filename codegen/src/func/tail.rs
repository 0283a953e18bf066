//! Tail calls: `return_call` and its kin.
//!
//! # Who owns the stack arguments
//!
//! The caller reserves them and nobody else frees them, so a function that is called in place of another finds its
//! stack arguments where the other's were, and leaves its stack results there:
//!
//! ```text
//!    outgoing area of the caller     as many slots as the parameters, or the results, of the callee that was called
//!    return address                  stays
//!    frame of the function           gone: pinned registers restored, fp the caller's again
//! ```
//!
//! That is all where the callee is in the same instance and its stack arguments fit where the function's own are: moves
//! and a jump.
//!
//! # The adapter
//!
//! Otherwise the function's frame becomes an *adapter*: a frame as any other (`FIXED_FRAME`), with room below it for
//! the callee's stack arguments, and a return address into the runtime
//! ([`Builtin::TailCall`](crate::vmctx::Builtin::TailCall)). What returns there has its stack results copied to the
//! caller, the caller's context is restored, and so the caller never knows. A function that was called through an
//! adapter knows it by its return address and uses the same one, whose room is given out anew: any number of tail
//! calls have one adapter.
//!
//! ```text
//!    fp + 16 …    the caller's outgoing area
//!    fp + 8       return address into the caller
//!    fp           the caller's fp
//!    fp − 8       vmctx, of no importance
//!    fp − 16      how many stack results there will be
//!    …            stack arguments, then stack results, of who is called
//! ```

use super::Func;
use super::abi::Assign;
use super::call::Callee;
use super::control::BlockTy;
use super::read::Ip;
use super::value::Val;
use super::{imm, tri};
use crate::env::{Disabled, FuncSig};
use crate::masm::{Chain, Masm, TailCallee};
use crate::ty::Ty;

/// How many more slots the outgoing area has, so that the adapter's is never below it.
const SPARE: u32 = 2;

impl<M: Masm> Func<'_, M> {
    #[inline(never)]
    pub(super) fn return_call(&mut self, mut ip: Ip) -> Ip {
        let func = imm!(self, leb_u32, ip);
        let ty = *tri!(self, self.env.funcs.get(func as usize));
        if self.env.disabled.has(Disabled::TAIL_CALL) {
            return self.fail();
        }
        let callee = self.callee(func);
        self.emit_tail_call(ty, callee, ip)
    }

    #[inline(never)]
    pub(super) fn return_call_indirect(&mut self, ip: Ip) -> Ip {
        let (ty, table, ip) = tri!(self, self.indirect_target(ip));
        if self.env.disabled.has(Disabled::TAIL_CALL) {
            return self.fail();
        }
        tri!(self, self.load_callee(ty, table));
        self.trap_site();
        self.emit_tail_call(ty, Callee::Funcref, ip)
    }

    /// Whether a function of type `sig` returns what the function that is being compiled returns.
    pub(super) fn returns_what(&self, sig: &FuncSig) -> bool {
        let own = self.s.ctls[0].ty.results(self.env);
        self.env.all_fit(self.env.results(sig), own)
    }

    pub(super) fn emit_tail_call(&mut self, ty: u32, callee: Callee, ip: Ip) -> Ip {
        let env = self.env;
        let sig = &env.types[ty as usize];
        if !self.returns_what(sig) {
            return self.fail();
        }
        let params = env.params(sig);
        if (self.sp as usize) < self.base as usize + 8 * params.len() {
            return self.fail();
        }
        self.drop_below(params.len());
        if !self.move_args_outlined(sig) {
            return self.fail();
        }
        self.m.room();
        let BlockTy::Body(own) = self.s.ctls[0].ty else { unreachable!("the outermost frame is the function's") };
        let own = &env.types[own as usize];
        let results = Assign::<M>::slots_of(env.results(sig));
        let slots = Assign::<M>::slots_of(params);
        let fits = slots <= Assign::<M>::slots_of(env.params(own)).max(results);
        self.frame.use_outgoing(slots.max(results) + SPARE);
        let pins = self.frame.pins;
        let adapt = match callee {
            Callee::Direct(func) if fits => {
                let site = self.m.tail_call(pins, slots);
                self.call_site(site, func);
                None
            }
            Callee::Direct(func) => {
                let site = self.m.tail_call_adapted(pins, TailCallee::Direct, slots, results);
                self.call_site(site.expect("a function of this module"), func);
                None
            }
            Callee::Import(func) => Some(TailCallee::Import(env.layout.func_import(func))),
            Callee::NullableFuncref => unreachable!("null was checked for"),
            Callee::Funcref => {
                if fits {
                    let mut differs = Chain::default();
                    self.m.compare_context(&mut differs);
                    self.m.tail_call_funcref(pins, slots);
                    self.m.bind(differs);
                    self.m.room();
                }
                Some(TailCallee::Funcref)
            }
        };
        if let Some(callee) = adapt {
            self.m.tail_call_adapted(pins, callee, slots, results);
        }
        self.dead_code(ip)
    }

    /// Drops the values below the `n` topmost ones, which nobody will use: their registers are free.
    fn drop_below(&mut self, n: usize) {
        // SAFETY: `n` values are above the base, as was checked.
        let first = unsafe { self.sp.sub(n) };
        let mut p = self.floor;
        while p < first {
            // SAFETY: between `floor` and `sp`.
            unsafe {
                self.release(*p);
                // Of no consequence but for whoever looks at what is settled.
                *p = Val::constant(Ty::I32, 0);
                p = p.add(1);
            }
        }
        self.floor = self.floor.max(first);
    }
}
