//! Control frames, branches and merges.
//!
//! # Merges
//!
//! At a label the values it carries are where every jump to it puts them, and the way from above does too:
//!
//! * one value of a forward label: in the *join register* of its class (the first result register);
//! * several values, or any of a loop's: in their home slots, at the depths they have after the label.
//!
//! What is below a label's values is `SETTLED` since the block began and has not changed; locals never move. A label
//! that no branch targets merges nothing: its values stay as they are.

use super::expect::MANY;
use super::frame::Layout;
use super::read::{self, Ip};
use super::value::Val;
use super::{Func, tri};
use crate::env::{Disabled, ModuleEnv};
use crate::masm::{Chain, Cond, Masm, Width};
use crate::reg::Reg;
use crate::trap::TrapCode;
use crate::ty::{Class, PerClass, Ty};

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Function,
    Block,
    Loop,
    If,
    Else,
    /// `try`, before its first `catch`
    Try,
    /// `catch`: the caught exception is in the home slot below the base.
    Catch,
    /// `catch_all`, likewise
    CatchAll,
    TryTable,
}

impl Kind {
    /// Whether a frame has a caught exception below its base.
    #[inline(always)]
    pub(super) fn catches(self) -> bool {
        matches!(self, Kind::Catch | Kind::CatchAll)
    }
}

/// Parameters and results of a block.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum BlockTy {
    Empty,
    One(Ty),
    /// A type index.
    Sig(u32),
    /// The body of a function of that type: only the results count.
    Body(u32),
}

impl BlockTy {
    #[inline(always)]
    pub(super) fn params(self, env: &ModuleEnv) -> &[Ty] {
        match self {
            BlockTy::Sig(i) => env.params(&env.types[i as usize]),
            _ => &[],
        }
    }

    /// A single type may be any, a reference to a type of the module too, so it is borrowed from the block
    /// type itself: callers work on a copy of that, and not of the frame, which then
    /// stays in registers.
    #[inline(always)]
    pub(super) fn results<'t>(&'t self, env: &'t ModuleEnv) -> &'t [Ty] {
        match self {
            BlockTy::Empty => &[],
            BlockTy::One(ty) => std::slice::from_ref(ty),
            BlockTy::Sig(i) | BlockTy::Body(i) => env.results(&env.types[*i as usize]),
        }
    }

    /// The types that a jump to the label of a frame of this kind carries.
    #[inline(always)]
    pub(super) fn label_types<'t>(&'t self, kind: Kind, env: &'t ModuleEnv) -> &'t [Ty] {
        if kind == Kind::Loop { self.params(env) } else { self.results(env) }
    }
}

/// A control frame.
#[derive(Copy, Clone, Debug)]
pub(super) struct Ctl {
    pub(super) kind: Kind,
    /// It began in code that is never reached: nothing in it is emitted.
    pub(super) dead: bool,
    /// Its operand stack is polymorphic: control does not get to this point of it.
    pub(super) polymorphic: bool,
    /// How many values are below the base that belong to the frame: the exception that it caught.
    pub(super) below: u8,
    pub(super) ty: BlockTy,
    /// Depth of its base.
    pub(super) height: u32,
    /// Jumps to its end (not of a loop).
    pub(super) label: Chain,
    /// Position of a loop's start; of a `try` that catches, the number of its own handler, plus one.
    pub(super) start: u32,
    /// The jump over the first branch of an `if`.
    pub(super) otherwise: Chain,
    /// Table entries that reach this frame's label through moves, while a `br_table` is compiled.
    pub(super) stub: Chain,
    /// The number of the handler around what is in the frame, plus one; 0: there is none.
    pub(super) handler: u32,
    /// The number of its label among those that landing pads go to, plus one; 0: none does.
    pub(super) pad_label: u32,
}

impl Ctl {
    /// Depth of what a jump to its label carries.
    #[inline(always)]
    pub(super) fn label_height(&self) -> u32 {
        self.height - u32::from(self.below)
    }

    /// Whether anything jumps to its end.
    #[inline(always)]
    pub(super) fn is_jumped_to(&self) -> bool {
        self.label.0 | self.otherwise.0 | self.pad_label != 0
    }

    /// The frame of a whole function.
    pub(super) fn function(ty: u32) -> Ctl {
        Ctl::new(Kind::Function, BlockTy::Body(ty), 0)
    }

    pub(super) fn new(kind: Kind, ty: BlockTy, height: u32) -> Ctl {
        Ctl {
            kind,
            dead: false,
            polymorphic: false,
            below: 0,
            ty,
            height,
            label: Chain(0),
            start: 0,
            otherwise: Chain(0),
            stub: Chain(0),
            handler: 0,
            pad_label: 0,
        }
    }
}

impl<M: Masm> Func<'_, M> {
    /// The register that carries the one value of a forward label.
    #[inline(always)]
    pub(super) fn join(ty: Ty) -> Reg {
        M::first_arg(ty.class())
    }

    /// Reads a block type.
    #[inline(always)]
    pub(super) fn block_type(&mut self, ip: Ip) -> Option<(BlockTy, Ip)> {
        // SAFETY: `ip` is in the body or its padding.
        let (byte, next) = unsafe { read::byte(ip) };
        if byte == 0x40 {
            return Some((BlockTy::Empty, next));
        }
        if let Some((ty, next)) = self.value_type(ip) {
            return Some((BlockTy::One(ty), next));
        }
        self.indexed_block_type(ip)
    }

    #[inline(never)]
    fn indexed_block_type(&mut self, ip: Ip) -> Option<(BlockTy, Ip)> {
        // SAFETY: `ip` is in the body or its padding.
        let (index, next) = unsafe { read::leb_i33(ip) }?;
        let index = u32::try_from(index).ok()?;
        self.env.func_type(index)?;
        if self.env.disabled.has(Disabled::MULTI_VALUE) {
            return None;
        }
        Some((BlockTy::Sig(index), next))
    }

    /// The value at depth `depth`.
    #[inline(always)]
    pub(super) fn at_depth(&self, depth: u32) -> *mut Val {
        // SAFETY: depths are within the stack.
        unsafe { self.stack.add(depth as usize) }
    }

    /// Begins a frame whose parameters are the `params` topmost values.
    #[inline(always)]
    pub(super) fn enter(&mut self, kind: Kind, ty: BlockTy, params: usize) -> &mut Ctl {
        let height = self.depth(self.sp) - params as u32;
        self.base = self.at_depth(height);
        let mut ctl = Ctl::new(kind, ty, height);
        ctl.handler = self.handler;
        self.s.ctls.push(ctl);
        self.s.ctls.last_mut().expect("just pushed")
    }

    #[inline(always)]
    pub(super) fn block(&mut self, ip: Ip) -> Ip {
        let (ty, ip) = tri!(self, self.block_type(ip));
        let params = ty.params(self.env);
        if !self.take_types(params) {
            return self.fail();
        }
        // SAFETY: the parameters are on the stack.
        self.settle(unsafe { self.sp.sub(params.len()) });
        self.enter(Kind::Block, ty, params.len());
        ip
    }

    #[inline(always)]
    pub(super) fn loop_(&mut self, ip: Ip) -> Ip {
        let (ty, ip) = tri!(self, self.block_type(ip));
        let params = ty.params(self.env);
        if !self.take_types(params) {
            return self.fail();
        }
        self.settle(self.sp);
        self.force_top(params.len());
        self.regs.cached = PerClass([0; 2]);
        let start = self.m.pos();
        self.enter(Kind::Loop, ty, params.len()).start = start;
        if self.env.checks.at_starts() {
            self.check_start(ip);
        }
        ip
    }

    /// Looks for an interruption and pays for what begins here: a function or a pass through a loop. No temporary is
    /// in use; a loop's amount becomes known at its end ([`Func::settle_charge`]).
    #[cold]
    #[inline(never)]
    pub(super) fn check_start(&mut self, ip: Ip) {
        debug_assert!(
            self.regs.free[Class::Int] == M::GPR_TEMPS && self.regs.free[Class::Float] == M::FPR_TEMPS,
            "OWNED"
        );
        self.m.room();
        let stubs = self.m.lists().stubs.len();
        if self.env.checks.fuel {
            let patch = self.m.charge_fuel();
            self.s.charges.push((patch, self.offset_of(ip)));
        }
        if self.env.checks.interrupts {
            self.m.check_interrupt();
        }
        if self.tracks_refs {
            let refs = self.refs_here();
            for _ in stubs..self.m.lists().stubs.len() {
                self.s.check_refs.push(refs);
            }
        }
        self.regs.cached = PerClass([0; 2]);
    }

    /// What begins at the last [`Func::check_start`] that is not settled ends at the current operator.
    #[cold]
    #[inline(never)]
    fn settle_charge(&mut self) {
        let (patch, from) = self.s.charges.pop().expect("each function and loop that was reached pays");
        let amount = self.here().wrapping_sub(from).wrapping_add(1);
        if !self.m.overflowed() {
            self.m.patch_fuel(patch, amount);
        }
    }

    /// Puts the `n` topmost values in their home slots, constants too. Keeps FLAGS.
    #[inline(always)]
    pub(super) fn force_top(&mut self, n: usize) {
        if n > 0 {
            self.force_values(n);
        }
    }

    #[inline(never)]
    fn force_values(&mut self, n: usize) {
        // SAFETY: `n` values are on the stack.
        if n > MANY && Val::all_in_slots(unsafe { std::slice::from_raw_parts(self.sp.sub(n), n) }) {
            return;
        }
        for i in (1..=n).rev() {
            // SAFETY: `n` values are on the stack.
            self.force_home(unsafe { self.sp.sub(i) });
        }
        self.note_forced(n);
    }

    #[inline(never)]
    pub(super) fn if_(&mut self, ip: Ip) -> Ip {
        let cond = tri!(self, self.pop(Ty::I32));
        self.test(cond);
        self.if_flags(Cond::Ne, ip)
    }

    /// Sets FLAGS by a popped condition, so that `Ne` holds if it is true.
    #[inline(always)]
    pub(super) fn test(&mut self, cond: Val) {
        let cond = self.not_const(cond);
        self.m.cmp_imm(Width::W32, cond.loc(), 0);
        self.flags_set();
        self.release(cond);
    }

    /// `if` whose condition is in FLAGS.
    #[inline(always)]
    pub(super) fn if_flags(&mut self, cond: Cond, ip: Ip) -> Ip {
        let (ty, ip) = tri!(self, self.block_type(ip));
        let params = ty.params(self.env);
        if !self.take_types(params) {
            return self.fail();
        }
        self.settle(self.sp);
        self.force_top(params.len());
        let mut otherwise = Chain(0);
        self.debug_assert_flags();
        self.m.jump_if(cond.negate(), &mut otherwise);
        self.enter(Kind::If, ty, params.len()).otherwise = otherwise;
        ip
    }

    pub(super) fn else_(&mut self, ip: Ip) -> Ip {
        let ctl = *self.s.ctls.last().expect("the function's frame is left at its end");
        if ctl.kind != Kind::If {
            return self.fail();
        }
        if !self.leaves(ctl) {
            return self.fail();
        }
        let mut label = ctl.label;
        self.merge(ctl.ty.results(self.env), ctl.height, Kind::If);
        self.m.jump(&mut label);
        self.s.ctls.last_mut().expect("as above").label = label;
        self.start_else();
        ip
    }

    /// Whether exactly the frame's results are above its base; they then have its types.
    #[inline(always)]
    pub(super) fn leaves(&mut self, ctl: Ctl) -> bool {
        let ty = ctl.ty;
        let results = ty.results(self.env);
        self.sp as usize == self.base as usize + 8 * results.len() && self.take_types(results)
    }

    /// Begins the second branch of the topmost frame, an `if` that was reached: binds the jump and puts the
    /// parameters back.
    pub(super) fn start_else(&mut self) {
        let ctl = self.s.ctls.last_mut().expect("the frame of the if");
        ctl.kind = Kind::Else;
        ctl.polymorphic = false;
        let ctl = *ctl;
        self.forget_set();
        self.s.ctls.last_mut().expect("as above").otherwise = Chain(0);
        self.m.bind(ctl.otherwise);
        self.reset_to(ctl.height);
        self.push_slots(ctl.ty.params(self.env));
    }

    /// Drops everything above `height`; no temporary is in use then.
    pub(super) fn reset_to(&mut self, height: u32) {
        self.sp = self.at_depth(height);
        self.floor = self.sp;
        self.free_all();
    }

    /// Pushes values that are in their home slots.
    fn push_slots(&mut self, tys: &[Ty]) {
        for &ty in tys {
            let depth = self.depth(self.sp);
            self.frame.use_slots(depth + 1);
            let disp = self.frame.slot(depth);
            self.push(Val::slot(ty, disp));
        }
    }

    /// Puts the topmost values, which have the types `tys`, where a jump to a label of `kind` with its base at
    /// `height` must have them. They stay on the stack as they were before; nothing may use them afterwards
    /// but another jump.
    pub(super) fn merge(&mut self, tys: &[Ty], height: u32, kind: Kind) {
        match tys {
            [] => {}
            [ty] if kind != Kind::Loop => {
                let v = self.pop_any().expect("checked: the label's value is on the stack");
                let v = self.move_to(v, Self::join(*ty));
                self.push(v);
            }
            _ => self.merge_slots(tys.len() as u32, height),
        }
    }

    /// Moves the `n` topmost values down to the home slots from depth `height` on. Keeps FLAGS.
    ///
    /// In ascending order no value is overwritten before it is read: each goes to a depth not above its own.
    pub(super) fn merge_slots(&mut self, n: u32, height: u32) {
        let from = self.depth(self.sp) - n;
        self.frame.use_slots(height + n);
        for i in 0..n {
            self.m.room();
            // SAFETY: `n` values are on the stack.
            let v = unsafe { *self.at_depth(from + i) };
            self.store_slot(v, self.frame.slot(height + i));
        }
    }

    #[inline(always)]
    pub(super) fn end(&mut self, ip: Ip) -> Ip {
        let ctl = *self.s.ctls.last().expect("the function's frame is left at its end");
        if !self.leaves(ctl) {
            return self.fail();
        }
        if ctl.kind == Kind::Function {
            return self.end_function(ctl, true, ip);
        }
        let ty = ctl.ty;
        let results = ty.results(self.env);
        if ctl.kind == Kind::If && !(results.is_empty() && ctl.ty.params(self.env).is_empty()) {
            // The branch that is not there passes its parameters on.
            return self.end_if_without_else(ctl, ip);
        }
        if ctl.label.0 | ctl.otherwise.0 | ctl.pad_label | u32::from(ctl.below) != 0 {
            self.merge(results, ctl.label_height(), ctl.kind);
            self.join_label(ctl);
        } else {
            self.floor = self.at_depth(ctl.height).min(self.floor);
            self.leave();
        }
        ip
    }

    /// Leaves the topmost frame and lets the one below be the current one.
    #[inline(always)]
    pub(super) fn leave(&mut self) {
        if self.slow_ends {
            self.end_slowly();
        }
        self.s.ctls.pop().expect("there is a frame to be left");
        if let Some(outer) = self.s.ctls.last() {
            self.base = self.at_depth(outer.height);
            self.handler = outer.handler;
        }
    }

    /// What the end of the topmost frame is for besides, in functions with locals without a default or that pay.
    #[cold]
    #[inline(never)]
    fn end_slowly(&mut self) {
        self.forget_set();
        let ctl = self.s.ctls.last().expect("there is a frame to be left");
        if self.env.checks.fuel && !ctl.dead && matches!(ctl.kind, Kind::Loop | Kind::Function) {
            self.settle_charge();
        }
    }

    /// [`Func::join_label`] as a call.
    #[inline(never)]
    pub(super) fn join_label_outlined(&mut self, ctl: Ctl) {
        self.join_label(ctl);
    }

    /// Binds a forward label here and pushes what it carries. Leaves the frame.
    #[inline(always)]
    fn join_label(&mut self, ctl: Ctl) {
        self.m.bind(ctl.label);
        self.m.bind(ctl.otherwise);
        if ctl.pad_label != 0 {
            self.m.come_here();
            self.s.pad_labels[ctl.pad_label as usize - 1] = self.m.pos();
        }
        self.reset_to(ctl.label_height());
        let ty = ctl.ty;
        match ty.results(self.env) {
            [] => {}
            [ty] => {
                let reg = Self::join(*ty);
                self.take(ty.class(), reg);
                self.push(Val::reg(*ty, reg));
            }
            tys => {
                self.ensure_space(tys.len(), self.m.operator());
                self.push_slots(tys);
            }
        }
        self.leave();
    }

    fn end_if_without_else(&mut self, ctl: Ctl, ip: Ip) -> Ip {
        if !self.env.all_fit(ctl.ty.params(self.env), ctl.ty.results(self.env)) {
            return self.fail();
        }
        let mut label = ctl.label;
        self.merge(ctl.ty.results(self.env), ctl.height, Kind::If);
        self.m.jump(&mut label);
        self.s.ctls.last_mut().expect("the frame of the if").label = label;
        self.pass_params_on(ip)
    }

    /// The missing second branch of the topmost frame, an `if` whose first branch is done.
    pub(super) fn pass_params_on(&mut self, ip: Ip) -> Ip {
        self.start_else();
        let ctl = *self.s.ctls.last().expect("the frame of the if");
        if !self.env.all_fit(ctl.ty.params(self.env), ctl.ty.results(self.env)) {
            return self.fail();
        }
        self.merge(ctl.ty.results(self.env), ctl.height, Kind::Else);
        self.join_label_outlined(ctl);
        ip
    }

    /// The end of the body; `reached` from above or only by jumps.
    pub(super) fn end_function(&mut self, ctl: Ctl, reached: bool, ip: Ip) -> Ip {
        let results = ctl.ty.results(self.env);
        if reached {
            self.merge(results, 0, Kind::Function);
        }
        if reached || ctl.is_jumped_to() {
            self.join_label_outlined(ctl);
            if results.len() > 1 {
                self.return_slots(results);
            }
            self.m.epilogue(self.frame.pins[Class::Int], self.frame.pins[Class::Float]);
        } else {
            self.leave();
        }
        if ip != self.end {
            return self.fail();
        }
        ip
    }

    /// Brings several results from their home slots to where the caller expects them.
    fn return_slots(&mut self, results: &[Ty]) {
        use super::abi::{Assign, Place};
        // The stack first: it needs the scratch register, which holds no result.
        let mut assign = Assign::<M>::new();
        for (i, &ty) in results.iter().enumerate() {
            self.m.room();
            if let Place::Stack(place) = assign.next(ty) {
                self.store_slot(Val::slot(ty, self.frame.slot(i as u32)), Layout::stack_arg(place));
            }
        }
        let mut assign = Assign::<M>::new();
        for (i, &ty) in results.iter().enumerate() {
            self.m.room();
            if let Place::Reg(reg) = assign.next(ty) {
                self.load_into(reg, Val::slot(ty, self.frame.slot(i as u32)));
            }
        }
    }

    /// The frame that label `depth` names.
    #[inline(always)]
    pub(super) fn label(&self, depth: u32) -> Option<usize> {
        self.s.ctls.len().checked_sub(1 + depth as usize)
    }

    pub(super) fn unreachable(&mut self, ip: Ip) -> Ip {
        self.site();
        self.m.trap(TrapCode::Unreachable);
        self.dead_code(ip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::FuncSig;

    /// `[i32] → [i64 f64]`
    fn env() -> ModuleEnv {
        let sig = FuncSig { params: 0..1, results: 1..3, int_params: true, ref_params: false, first: 0 };
        ModuleEnv { tys: vec![Ty::I32, Ty::I64, Ty::F64], types: vec![sig], ..ModuleEnv::default() }
    }

    #[test]
    fn a_block_type_may_be_any_single_type() {
        let env = env();
        // Codes beyond the fixed ones are for references to types of the module.
        for ty in [Ty::I32, Ty::V128, Ty::EXTERNREF, Ty(8), Ty(1000), Ty(0xff_ffff)] {
            let one = BlockTy::One(ty);
            assert_eq!((one.params(&env), one.results(&env)), (&[][..], &[ty][..]));
            for (kind, carried) in [(Kind::Block, &[ty][..]), (Kind::If, &[ty]), (Kind::Else, &[ty]), (Kind::Loop, &[])]
            {
                assert_eq!(one.label_types(kind, &env), carried, "{kind:?} {ty:?}");
            }
        }
    }

    #[test]
    fn labels_carry_results_and_those_of_loops_parameters() {
        let env = env();
        assert_eq!(BlockTy::Sig(0).label_types(Kind::Block, &env), [Ty::I64, Ty::F64]);
        assert_eq!(BlockTy::Sig(0).label_types(Kind::Loop, &env), [Ty::I32]);
        assert_eq!(BlockTy::Empty.label_types(Kind::Loop, &env), []);
        // The parameters of a function are its locals.
        assert_eq!(BlockTy::Body(0).params(&env), []);
        assert_eq!(BlockTy::Body(0).label_types(Kind::Function, &env), [Ty::I64, Ty::F64]);
    }
}
