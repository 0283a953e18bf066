//! The operand stack of dead code: types without values, in runs.
//!
//! A call in dead code may push a thousand types and the next one may pop them again, for two bytes each. So a list
//! of types is one entry, which refers to where the list stands in [`ModuleEnv::tys`], and lists are compared as the
//! blocks of memory that they are. An operator pushes one entry and pops what others pushed: its work is one
//! comparison for each entry it consumes, and one more.
//!
//! An operand of unknown type has [`Ty::UNKNOWN`], which stands for every type; such operands come in runs, too.

use crate::env::ModuleEnv;
use crate::ty::Ty;

/// A run of operands, never empty.
#[derive(Copy, Clone, Debug)]
struct Run {
    /// Where the types begin in [`ModuleEnv::tys`], or [`SAME`] and the one type that all of them have.
    what: u32,
    len: u32,
}

const SAME: u32 = 1 << 31;

impl Run {
    /// The type of all, if that is known without looking.
    fn same(self) -> Option<Ty> {
        (self.what & SAME != 0).then_some(Ty(self.what & !SAME))
    }

    /// The topmost `n` types of a run that is a list.
    fn last(self, env: &ModuleEnv, n: usize) -> &[Ty] {
        let end = (self.what + self.len) as usize;
        &env.tys[end - n..end]
    }

    /// Whether the topmost operands could have the types `tys`, which are not more than there are.
    fn fits(self, env: &ModuleEnv, tys: &[Ty]) -> bool {
        match self.same() {
            Some(Ty::UNKNOWN) => true,
            Some(ty) => tys.iter().all(|&want| env.fits(ty, want)),
            None => env.all_fit(self.last(env, tys.len()), tys),
        }
    }
}

/// The stack. Frames share it; the current one begins at `base`.
#[derive(Default, Debug)]
pub(super) struct TypeStack {
    runs: Vec<Run>,
    base: usize,
}

impl TypeStack {
    /// Nothing is on it, and a frame of reached code is the current one.
    pub(super) fn clear(&mut self) {
        self.runs.clear();
        self.base = 0;
    }

    /// Whether the current frame has no operands here.
    pub(super) fn is_empty(&self) -> bool {
        self.runs.len() == self.base
    }

    /// Drops the operands of the current frame.
    pub(super) fn drop_all(&mut self) {
        self.runs.truncate(self.base);
    }

    /// Begins a frame here and returns its height, for [`TypeStack::resume`].
    pub(super) fn enter(&mut self) -> u32 {
        self.base = self.runs.len();
        self.base as u32
    }

    /// Continues in the frame that began at `height`.
    pub(super) fn resume(&mut self, height: u32) {
        self.base = height as usize;
    }

    pub(super) fn push(&mut self, ty: Ty) {
        let what = SAME | ty.0;
        if !self.is_empty()
            && let Some(top) = self.runs.last_mut()
            && top.what == what
            && top.len < u32::MAX
        {
            top.len += 1;
        } else {
            self.runs.push(Run { what, len: 1 });
        }
    }

    /// Pushes a list of types, which is one in `env` if it is longer than one.
    pub(super) fn push_list(&mut self, env: &ModuleEnv, tys: &[Ty]) {
        match *tys {
            [] => {}
            [ty] => self.push(ty),
            _ => {
                let bytes = (tys.as_ptr() as usize).wrapping_sub(env.tys.as_ptr() as usize);
                let what = (bytes / size_of::<Ty>()) as u32;
                debug_assert!(std::ptr::eq(&raw const env.tys[what as usize], tys.as_ptr()), "a list of the module's");
                self.runs.push(Run { what, len: tys.len() as u32 });
            }
        }
    }

    /// Pops one operand; `None` if the frame has none here.
    pub(super) fn pop(&mut self, env: &ModuleEnv) -> Option<Ty> {
        if self.is_empty() {
            return None;
        }
        let top = self.runs.last_mut()?;
        let ty = top.same().unwrap_or_else(|| top.last(env, 1)[0]);
        top.len -= 1;
        if top.len == 0 {
            self.runs.pop();
        }
        Some(ty)
    }

    /// Pops operands of the types `tys` and returns those of them, the first ones, for which there are no operands
    /// here; `None` if an operand has another type.
    pub(super) fn pop_list<'t>(&mut self, env: &ModuleEnv, mut tys: &'t [Ty]) -> Option<&'t [Ty]> {
        while !tys.is_empty() && !self.is_empty() {
            let top = self.runs.last_mut().expect("the frame is not empty");
            let n = tys.len().min(top.len as usize);
            let (rest, last) = tys.split_at(tys.len() - n);
            if !top.fits(env, last) {
                return None;
            }
            top.len -= n as u32;
            if top.len == 0 {
                self.runs.pop();
            }
            tys = rest;
        }
        Some(tys)
    }

    /// Puts the types of the topmost `n` operands in `out`, topmost first, or of as many as there are.
    pub(super) fn top(&self, env: &ModuleEnv, n: usize, out: &mut Vec<Ty>) {
        for run in self.runs[self.base..].iter().rev() {
            let m = (n - out.len()).min(run.len as usize);
            match run.same() {
                Some(ty) => out.extend(std::iter::repeat_n(ty, m)),
                None => out.extend(run.last(env, m).iter().rev()),
            }
            if out.len() == n {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env() -> ModuleEnv {
        ModuleEnv { tys: vec![Ty::I32, Ty::I64, Ty::F32, Ty::I64, Ty::F32], ..ModuleEnv::default() }
    }

    #[test]
    fn lists_are_popped_in_any_portions() {
        let env = env();
        let mut stack = TypeStack::default();
        stack.push(Ty::F64);
        stack.push_list(&env, &env.tys[0..3]);
        assert_eq!(stack.pop(&env), Some(Ty::F32));
        assert_eq!(stack.pop_list(&env, &[Ty::F64, Ty::I32, Ty::I64]), Some(&[][..]));
        assert!(stack.is_empty());
        assert_eq!(stack.pop(&env), None);
        assert_eq!(stack.pop_list(&env, &[Ty::I32]), Some(&[Ty::I32][..]));
        // Another list with the same end, then one that differs.
        stack.push_list(&env, &env.tys[1..3]);
        assert_eq!(stack.pop_list(&env, &env.tys[3..5]), Some(&[][..]));
        stack.push_list(&env, &env.tys[1..3]);
        assert_eq!(stack.pop_list(&env, &env.tys[0..2]), None);
    }

    #[test]
    fn unknown_operands_have_every_type_and_frames_are_kept_apart() {
        let env = env();
        let mut stack = TypeStack::default();
        stack.push(Ty::UNKNOWN);
        stack.push(Ty::UNKNOWN);
        let outer = 0;
        let inner = stack.enter();
        assert_eq!(inner, 1);
        assert!(stack.is_empty());
        stack.push(Ty::UNKNOWN);
        stack.push(Ty::I32);
        assert_eq!(stack.pop_list(&env, &[Ty::I64, Ty::F32, Ty::I32]), Some(&[Ty::I64][..]));
        stack.push(Ty::I64);
        stack.drop_all();
        stack.resume(outer);
        let mut top = Vec::new();
        stack.push_list(&env, &env.tys[0..2]);
        stack.top(&env, 3, &mut top);
        assert_eq!(top, [Ty::I64, Ty::I32, Ty::UNKNOWN]);
        assert_eq!(stack.pop_list(&env, &[Ty::F64, Ty::I32, Ty::I64]), Some(&[][..]));
        assert_eq!(stack.pop(&env), Some(Ty::UNKNOWN));
        assert_eq!(stack.pop(&env), None);
    }
}
