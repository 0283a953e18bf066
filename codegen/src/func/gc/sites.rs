//! Which slots of a frame hold references to objects of the collector, at each call.
//!
//! `REFS_STORED_AT_CALLS` says that they are in slots: locals in theirs, for the whole function, and values in their
//! home slots. What is below the floor does not change until the floor is lowered, so the references there are kept in
//! a list that grows where the floor is raised; a call adds those of the few values above. Records are a tree whose
//! nodes name what is further out: each value is looked at once, whatever the number of calls.
//!
//! `REF_SLOTS`: the entries of the list whose depth is below the floor are all values there that are references to
//! objects and in a slot. Entries above it are left over from before, and dropped when the floor is raised to them.

use super::super::Func;
use super::super::compiler::Body;
use super::super::value::Val;
use crate::env::ModuleEnv;
use crate::masm::Masm;
use crate::op;
use crate::record::{RefSite, RefSlots};

/// A value that is a reference: its depth, and the number of its node plus one.
#[derive(Copy, Clone, Debug)]
pub(in super::super) struct RefSlot {
    depth: u32,
    node: u32,
}

/// Whether the frame of a function may have references to objects. Where no type leads to them, they come by
/// `any.convert_extern` only, whose first byte is somewhere in the body then.
#[inline(always)]
pub(in super::super) fn may_have_objects(env: &ModuleEnv, body: &Body<'_>) -> bool {
    env.layout.heap_base().is_some()
        || env.has_externs && memchr::memchr(op::PREFIX_FB, &body.bytes[..body.len]).is_some()
}

impl<M: Masm> Func<'_, M> {
    /// Whether the collector must know of the value.
    fn is_ref_slot(&self, v: Val) -> bool {
        v.is_slot() && self.env.is_collected(v.ty())
    }

    /// Adds a node; gives its number plus one.
    fn add_ref_slots(&mut self, disp: i32, count: u32, outer: u32) -> u32 {
        self.records.ref_slots.push(RefSlots { disp, count, outer });
        self.records.ref_slots.len() as u32
    }

    /// Begins the list of a function, with its locals.
    #[cold]
    pub(in super::super) fn begin_ref_slots(&mut self, params: usize) {
        self.s.ref_list.clear();
        let mut node = 0;
        for i in 0..params {
            let local = self.s.locals[i];
            if local.is_local() && self.env.is_collected(local.ty()) {
                node = self.add_ref_slots(local.disp(), 1, node);
            }
        }
        for i in 0..self.s.runs.len() {
            let run = self.s.runs[i];
            if self.env.is_collected(run.ty) {
                node = self.add_ref_slots(run.disp, run.count(), node);
            }
        }
        self.local_refs = node;
    }

    /// `REF_SLOTS`, before the floor is raised past the value at `p`, which is where it is.
    #[cold]
    #[inline(never)]
    pub(in super::super) fn note_settled(&mut self, p: *mut Val) {
        let depth = self.depth(p);
        self.drop_refs_from(depth);
        // SAFETY: `p` is below `sp`.
        let v = unsafe { *p };
        if self.is_ref_slot(v) {
            let outer = self.ref_node();
            let node = self.add_ref_slots(v.disp(), 1, outer);
            self.s.ref_list.push(RefSlot { depth, node });
        }
    }

    /// The same of the `n` topmost values, which were constants, perhaps, and are in their home slots now.
    #[inline(always)]
    pub(in super::super) fn note_forced(&mut self, n: usize) {
        if self.tracks_refs {
            self.note_again(n);
        }
    }

    #[cold]
    #[inline(never)]
    fn note_again(&mut self, n: usize) {
        for i in (1..=n).rev() {
            // SAFETY: so many values are on the stack.
            let p = unsafe { self.sp.sub(i) };
            if p < self.floor {
                self.note_settled(p);
            }
        }
    }

    fn drop_refs_from(&mut self, depth: u32) {
        while self.s.ref_list.last().is_some_and(|slot| slot.depth >= depth) {
            self.s.ref_list.pop();
        }
    }

    /// The node of all references below those that are being looked at.
    fn ref_node(&self) -> u32 {
        self.s.ref_list.last().map_or(self.local_refs, |slot| slot.node)
    }

    /// The node of all references that the frame holds, plus one; 0: there are none. Temporaries are spilled.
    pub(in super::super) fn refs_here(&mut self) -> u32 {
        self.drop_refs_from(self.depth(self.floor));
        let mut node = self.ref_node();
        let mut p = self.floor;
        while p < self.sp {
            // SAFETY: `p` is below `sp`.
            let v = unsafe { *p };
            if self.is_ref_slot(v) {
                node = self.add_ref_slots(v.disp(), 1, node);
            }
            // SAFETY: as above.
            p = unsafe { p.add(1) };
        }
        #[cfg(debug_assertions)]
        self.debug_assert_ref_slots(node);
        node
    }

    /// Records the references at the call that returns here.
    #[inline(always)]
    pub(in super::super) fn ref_site(&mut self) {
        if self.tracks_refs {
            self.add_ref_site();
        }
    }

    #[cold]
    #[inline(never)]
    fn add_ref_site(&mut self) {
        let node = self.refs_here();
        self.ref_site_of(node);
    }

    /// The same, if it is known which they are.
    pub(in super::super) fn ref_site_of(&mut self, node: u32) {
        if let Some(slots) = node.checked_sub(1) {
            self.records.ref_sites.push(RefSite { code: self.at + self.m.pos(), slots });
        }
    }

    /// `REF_SLOTS`: the node names what is on the stack. Not of long stacks: it is asked at each call.
    #[cfg(debug_assertions)]
    fn debug_assert_ref_slots(&self, mut node: u32) {
        if self.depth(self.sp) > 64 {
            return;
        }
        // SAFETY: everything below `sp` is initialised.
        let vals = unsafe { std::slice::from_raw_parts(self.stack, self.depth(self.sp) as usize) };
        for &v in vals.iter().rev().filter(|&&v| self.is_ref_slot(v)) {
            let named = node.checked_sub(1).map(|i| self.records.ref_slots[i as usize]);
            assert_eq!(named.map(|slots| slots.disp), Some(v.disp()), "REF_SLOTS: {v:?}");
            node = named.map_or(0, |slots| slots.outer);
        }
        assert_eq!(node, self.local_refs, "REF_SLOTS: more slots than values");
    }
}
