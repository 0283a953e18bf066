//! Exceptions: throwing, `try_table`, and the older `try` with `catch` and `delegate`.
//!
//! A call within a handler leaves a row in [`Records::handled`](crate::Records): its return address and the handler.
//! Nothing else is done where nothing is thrown. The runtime walks the frames, and lets the code go on at a *landing*,
//! with the frame pointer of the function, its pinned registers as they were at the call, and the exception in the
//! first integer result register; stack pointer, context and base of memory are the function's as well (`AT_LANDINGS`,
//! which `vm/exception.rs` checks). A landing brings back what vectors were pinned, and puts the arguments where the
//! label wants them. What is below the block that catches is `SETTLED` since it began, and locals are where they always
//! are: there is nothing else to be restored.
//!
//! Landings of `try_table` stand at the function's end, or are the label itself, if they have nothing to do. `catch` is
//! one itself, and keeps the exception for `rethrow` in the home slot below its base.

use super::control::{Ctl, Kind};
use super::read::{self, Ip};
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::{Disabled, ModuleEnv};
use crate::masm::{Addr, Load, Masm};
use crate::record::{Clause, HandledCall, Handler};
use crate::reg::{Gpr, Reg};
use crate::trap::TrapCode;
use crate::ty::Ty;
use crate::vmctx::{Builtin, VAL_RAW_SIZE, exception};

/// A landing that is to be emitted at the function's end.
#[derive(Copy, Clone, Debug)]
pub(super) struct Pad {
    /// The number of its clause.
    clause: u32,
    /// Whether the exception itself is the last value.
    with_ref: bool,
    target: Target,
    /// Depth of the values that the label takes.
    height: u32,
}

/// Where a landing goes to.
#[derive(Copy, Clone, Debug)]
enum Target {
    /// The start of a loop.
    Loop(u32),
    /// The label with this number among those that landings go to.
    Label(u32),
}

/// A clause of `try_table`.
#[derive(Copy, Clone)]
pub(super) struct Catch {
    /// [`Clause::ALL`] for all.
    tag: u32,
    with_ref: bool,
    /// The frame whose label it names.
    target: usize,
}

impl<'a, M: Masm> Func<'a, M> {
    /// The register that has the exception at a landing.
    const EXCEPTION: Gpr = M::GPR_ARGS[0];

    /// Records that a call that just returned here, if it throws, is within the current handler.
    #[inline(always)]
    pub(super) fn handled_call(&mut self) {
        if self.handler != 0 {
            self.record_handled_call();
        }
        self.ref_site();
    }

    #[cold]
    #[inline(never)]
    fn record_handled_call(&mut self) {
        self.records.handled.push(HandledCall { code: self.at + self.m.pos(), handler: self.handler - 1 });
    }

    #[inline(never)]
    pub(super) fn throw(&mut self, mut ip: Ip) -> Ip {
        let tag = imm!(self, leb_u32, ip);
        let params = tri!(self, self.throwable(tag));
        let n = params.len();
        if !self.check_top(params) {
            return self.fail();
        }
        self.force_top(n);
        self.m.room();
        let first = self.frame.slot(self.depth(self.sp) - n as u32);
        self.m.set_imm(M::BUILTIN_ARGS[0], i64::from(tag));
        self.m.frame_address(M::BUILTIN_ARGS[1], first);
        self.m.set_imm(M::BUILTIN_ARGS[2], i64::from(self.frame.slot_distance()));
        self.call_throwing(Builtin::Throw);
        self.dead_code(ip)
    }

    /// What `throw` of this tag takes.
    pub(super) fn throwable(&self, tag: u32) -> Option<&'a [Ty]> {
        let off = self.env.disabled;
        let allowed = !(off.has(Disabled::EXCEPTIONS) && off.has(Disabled::LEGACY_EXCEPTIONS));
        (allowed && (tag as usize) < self.env.tags.len()).then(|| tag_params(self.env, tag))
    }

    #[inline(never)]
    pub(super) fn throw_ref(&mut self, ip: Ip) -> Ip {
        if self.env.disabled.has(Disabled::EXCEPTIONS) {
            return self.fail();
        }
        let v = tri!(self, self.pop(Ty::EXNREF));
        self.load_into(M::BUILTIN_ARGS[0].into(), v);
        self.call_throwing(Builtin::ThrowRef);
        self.dead_code(ip)
    }

    #[inline(never)]
    pub(super) fn rethrow(&mut self, mut ip: Ip) -> Ip {
        let depth = imm!(self, leb_u32, ip);
        if self.env.disabled.has(Disabled::LEGACY_EXCEPTIONS) {
            return self.fail();
        }
        let ctl = self.s.ctls[tri!(self, self.label(depth))];
        if !ctl.kind.catches() {
            return self.fail();
        }
        self.m.load_frame(Ty::EXNREF, M::BUILTIN_ARGS[0], self.frame.slot(ctl.label_height()));
        self.call_throwing(Builtin::ThrowRef);
        self.dead_code(ip)
    }

    /// Calls a builtin that does not return, with its arguments in place.
    fn call_throwing(&mut self, builtin: Builtin) {
        // Nothing of a frame that catches nothing is needed again.
        if self.handler != 0 {
            self.save_vector_pins();
        }
        self.m.call_builtin(builtin as u32);
        self.called();
        self.handled_call();
        // So that the return address is in the function.
        self.m.trap(TrapCode::Unreachable);
    }

    /// Reads and checks the clauses of a `try_table`; `each` is told of one after another. Labels are those outside.
    pub(super) fn catches(&mut self, ip: &mut Ip, mut each: impl FnMut(&mut Self, Catch)) -> Option<()> {
        // SAFETY: `ip` is in the body or its padding, which is asked for before each clause; see `PADDING`.
        unsafe {
            let (count, next) = read::leb_u32(*ip)?;
            *ip = next;
            for i in 0..count {
                if *ip >= self.end || self.is_stopped_at(i) {
                    return None;
                }
                let (kind, next) = read::byte(*ip);
                *ip = next;
                let mut tag = Clause::ALL;
                if kind < 2 {
                    (tag, *ip) = read::leb_u32(*ip)?;
                    self.env.tags.get(tag as usize)?;
                }
                let (depth, next) = read::leb_u32(*ip)?;
                *ip = next;
                let target = self.label(depth)?;
                let catch = Catch { tag, with_ref: kind & 1 != 0, target };
                (kind < 4 && self.catch_fits(catch)).then_some(())?;
                each(self, catch);
            }
        }
        Some(())
    }

    /// Whether the label takes what the clause gives.
    fn catch_fits(&self, catch: Catch) -> bool {
        let Ctl { kind, ty, .. } = self.s.ctls[catch.target];
        let mut wanted = ty.label_types(kind, self.env);
        if catch.with_ref {
            let Some((&last, rest)) = wanted.split_last() else { return false };
            if !self.env.fits(Ty::EXNREF.non_null(), last) {
                return false;
            }
            wanted = rest;
        }
        self.env.all_fit(tag_params(self.env, catch.tag), wanted)
    }

    #[inline(never)]
    pub(super) fn try_table(&mut self, ip: Ip) -> Ip {
        if self.env.disabled.has(Disabled::EXCEPTIONS) {
            return self.fail();
        }
        let (ty, mut ip) = tri!(self, self.block_type(ip));
        let params = ty.params(self.env).len();
        if !self.take_types(ty.params(self.env)) {
            return self.fail();
        }
        // SAFETY: the parameters are on the stack.
        self.settle(unsafe { self.sp.sub(params) });
        let outer = self.handler;
        let (mut first, mut last) = (0, 0);
        tri!(
            self,
            self.catches(&mut ip, |f, catch| {
                let clause = f.add_clause(catch.tag, catch.with_ref, &mut first, &mut last);
                f.add_pad(clause, catch);
            })
        );
        if first != 0 {
            self.records.handlers.push(Handler { first, last, outer });
            self.handler = self.records.handlers.len() as u32;
        }
        self.enter(Kind::TryTable, ty, params);
        ip
    }

    /// Adds a clause to a list.
    fn add_clause(&mut self, tag: u32, keeps: bool, first: &mut u32, last: &mut u32) -> u32 {
        let clauses = &mut self.records.clauses;
        let number = clauses.len() as u32;
        clauses.push(Clause { tag, landing: 0, keeps, next: 0 });
        match last.checked_sub(1) {
            Some(last) => clauses[last as usize].next = number + 1,
            None => *first = number + 1,
        }
        *last = number + 1;
        number
    }

    fn add_pad(&mut self, clause: u32, catch: Catch) {
        let ctl = &mut self.s.ctls[catch.target];
        let target = if ctl.kind == Kind::Loop {
            Target::Loop(ctl.start)
        } else {
            if ctl.pad_label == 0 {
                self.s.pad_labels.push(0);
                ctl.pad_label = self.s.pad_labels.len() as u32;
            }
            Target::Label(ctl.pad_label - 1)
        };
        let height = ctl.label_height();
        let params = tag_params(self.env, catch.tag);
        for &ty in params {
            // The exception's vectors may be the only ones.
            self.expect_vectors(ty);
        }
        let n = params.len() as u32 + u32::from(catch.with_ref);
        self.frame.use_slots(height + n);
        self.s.pads.push(Pad { clause, with_ref: catch.with_ref, target, height });
    }

    /// Emits the landings of all `try_table`s.
    pub(super) fn finish_pads(&mut self) {
        let pads = std::mem::take(&mut self.s.pads);
        for pad in &pads {
            self.m.room();
            let tag = self.records.clauses[pad.clause as usize].tag;
            let env = self.env;
            let params = tag_params(env, tag);
            let (to, forward) = match pad.target {
                Target::Loop(start) => (start, false),
                Target::Label(label) => (self.s.pad_labels[label as usize], true),
            };
            let in_place = !pad.with_ref || forward && Self::join(Ty::EXNREF) == Self::EXCEPTION.into();
            if params.is_empty() && in_place && !self.has_vector_pins() && !self.env.checks.landing_pads {
                self.records.clauses[pad.clause as usize].landing = self.at + to;
                continue;
            }
            self.land(pad.clause);
            match (params, pad.with_ref) {
                (&[ty], false) if forward => self.load_argument(ty, 0, Self::join(ty)),
                ([], true) if forward => self.m.mov(Self::join(Ty::EXNREF).gpr(), Self::EXCEPTION),
                _ => {
                    for (i, &ty) in (0..).zip(params) {
                        self.m.room();
                        self.store_argument(ty, i, self.frame.slot(pad.height + i));
                    }
                    if pad.with_ref {
                        let disp = self.frame.slot(pad.height + params.len() as u32);
                        self.m.store_frame(Self::EXCEPTION, disp);
                    }
                }
            }
            self.m.room();
            self.m.jump_back(to);
        }
        self.s.pads = pads;
    }

    /// Begins the landing of a clause: after it the frame is as in the function's body.
    fn land(&mut self, clause: u32) {
        self.records.clauses[clause as usize].landing = self.at + self.m.pos();
        self.m.landing();
        self.restore_vector_pins();
    }

    /// Where argument `i` of the exception is.
    fn argument(i: u32) -> Addr {
        let disp = exception::PAYLOAD + (i * VAL_RAW_SIZE) as i32;
        Addr { base: Self::EXCEPTION, index: None, disp }
    }

    /// Brings argument `i` to a register of its class.
    fn load_argument(&mut self, ty: Ty, i: u32, dst: Reg) {
        self.m.load(ty.load(), dst, Self::argument(i));
    }

    /// The same to a frame slot.
    fn store_argument(&mut self, ty: Ty, i: u32, disp: i32) {
        match ty {
            Ty::V128 => {
                self.m.load(Load::V128, M::FPR_SCRATCH.into(), Self::argument(i));
                self.m.vstore_frame(M::FPR_SCRATCH, disp);
            }
            _ => {
                self.m.load(Load::I64, M::SCRATCH.into(), Self::argument(i));
                self.m.store_frame(M::SCRATCH, disp);
            }
        }
    }

    /// `try`
    #[inline(never)]
    pub(super) fn try_(&mut self, ip: Ip) -> Ip {
        if self.env.disabled.has(Disabled::LEGACY_EXCEPTIONS) {
            return self.fail();
        }
        let (ty, ip) = tri!(self, self.block_type(ip));
        let params = ty.params(self.env).len();
        if !self.take_types(ty.params(self.env)) {
            return self.fail();
        }
        // SAFETY: the parameters are on the stack.
        self.settle(unsafe { self.sp.sub(params) });
        self.records.handlers.push(Handler { first: 0, last: 0, outer: self.handler });
        self.handler = self.records.handlers.len() as u32;
        self.enter(Kind::Try, ty, params);
        ip
    }

    /// Reads what follows `catch`, or nothing for `catch_all`, and checks that it may stand here.
    pub(super) fn catch_tag(&mut self, all: bool, ip: &mut Ip) -> Option<u32> {
        let kind = self.s.ctls.last().expect("the function's frame is left at its end").kind;
        if !matches!(kind, Kind::Try | Kind::Catch) {
            return None;
        }
        if all {
            return Some(Clause::ALL);
        }
        // SAFETY: `ip` is in the body or its padding.
        let (tag, next) = unsafe { read::leb_u32(*ip) }?;
        *ip = next;
        self.env.tags.get(tag as usize)?;
        Some(tag)
    }

    /// `catch` and `catch_all`, reached from above.
    #[inline(never)]
    pub(super) fn catch(&mut self, all: bool, mut ip: Ip) -> Ip {
        let tag = tri!(self, self.catch_tag(all, &mut ip));
        let ctl = *self.s.ctls.last().expect("checked: it is a try");
        if !self.leaves(ctl) {
            return self.fail();
        }
        let ty = ctl.ty;
        let mut label = ctl.label;
        self.merge(ty.results(self.env), ctl.label_height(), ctl.kind);
        self.m.jump(&mut label);
        self.s.ctls.last_mut().expect("as above").label = label;
        self.begin_catch(tag, ip)
    }

    /// Begins what catches `tag` in the topmost frame, whose code before was left.
    pub(super) fn begin_catch(&mut self, tag: u32, ip: Ip) -> Ip {
        let env = self.env;
        let params = tag_params(env, tag);
        let ctl = self.s.ctls.last_mut().expect("the frame of the try");
        let height = ctl.label_height();
        if ctl.kind == Kind::Try {
            // What is caught here is not handled here once more.
            ctl.start = ctl.handler;
            let outer = self.records.handlers[ctl.start as usize - 1].outer;
            ctl.handler = outer;
            self.handler = outer;
        }
        ctl.kind = if tag == Clause::ALL { Kind::CatchAll } else { Kind::Catch };
        ctl.polymorphic = false;
        ctl.height = height + 1;
        ctl.below = 1;
        let own = ctl.start as usize - 1;
        let Handler { mut first, mut last, .. } = self.records.handlers[own];
        let clause = self.add_clause(tag, true, &mut first, &mut last);
        let handler = &mut self.records.handlers[own];
        (handler.first, handler.last) = (first, last);

        self.forget_set();
        self.reset_to(height);
        self.ensure_space(params.len() + 1, ip);
        self.m.room();
        self.land(clause);
        let disp = self.frame.slot(height);
        self.frame.use_slots(height + 1 + params.len() as u32);
        self.m.store_frame(Self::EXCEPTION, disp);
        self.push(Val::slot(Ty::EXNREF, disp));
        self.base = self.sp;
        if self.tracks_refs {
            self.note_settled(self.floor);
        }
        self.floor = self.sp;
        for (i, &ty) in (0..).zip(params) {
            self.m.room();
            let disp = self.frame.slot(height + 1 + i);
            self.store_argument(ty, i, disp);
            self.expect_vectors(ty);
            self.push(Val::slot(ty, disp));
        }
        self.m.room();
        ip
    }

    /// Reads the label of `delegate`, which is one outside of the `try`, and lets that frame's handler be the next.
    pub(super) fn delegate_to(&mut self, ip: &mut Ip) -> Option<()> {
        // SAFETY: `ip` is in the body or its padding.
        let (depth, next) = unsafe { read::leb_u32(*ip) }?;
        *ip = next;
        let ctl = *self.s.ctls.last().expect("the function's frame is left at its end");
        let target = self.label(depth.checked_add(1)?)?;
        (ctl.kind == Kind::Try).then_some(())?;
        if !ctl.dead {
            self.records.handlers[ctl.handler as usize - 1].outer = self.s.ctls[target].handler;
        }
        Some(())
    }

    #[inline(never)]
    pub(super) fn delegate(&mut self, mut ip: Ip) -> Ip {
        tri!(self, self.delegate_to(&mut ip));
        self.end(ip)
    }
}

/// The types of the arguments of exceptions with this tag, which exists; none where any exception is caught.
pub(super) fn tag_params(env: &ModuleEnv, tag: u32) -> &[Ty] {
    match env.tags.get(tag as usize) {
        Some(&ty) => env.params(&env.types[ty as usize]),
        None => &[],
    }
}
