//! Forward jumps with a displacement of one byte, on machines that have such ([`crate::masm::Jumps::SHORT_JUMPS`]).
//!
//! Where a label will be is not known when a jump to it is written. Most jumps over the branches of an `if` and out of
//! the innermost block are short, so these are written short. Where the label has not come when the reach of one of them
//! is about to end, there is an *island* between two operators: a long jump to the label, to which the short ones go, and
//! which is jumped over. The code of a single operator may be too long for that; then the jump does not reach, and the
//! body is compiled again with long jumps only ([`crate::masm::Masm::next_forms`]).
//!
//! `SHORT`: short jumps whose labels have not come are those of the chains `Ctl::short`, and of `Ctl::otherwise` where that
//! has the bit [`SHORT`]. The deeper a frame, the later they were made, and those of `otherwise` before the others.
//! `Func::short_first` is the first of them, 0 if there are none, and `Func::short_frame` is its frame; the emitter ends
//! the main loop ([`crate::masm::Jumps::stop_at`]) before that no longer reaches an island.

use super::Func;
use super::control::Ctl;
use crate::masm::{Chain, Cond, Masm};

/// In `Ctl::otherwise`: it is a chain of short jumps.
pub(super) const SHORT: u32 = 1 << 31;

impl<M: Masm> Func<'_, M> {
    /// Jumps to the second branch of the innermost frame, an `if`, if `cond` holds in FLAGS.
    #[inline(always)]
    pub(super) fn jump_if_otherwise(&mut self, cond: Cond) {
        let mut chain = Chain(0);
        if M::SHORT_JUMPS && self.m.jumps_short() {
            let first = self.m.short_jump_if(cond, &mut chain);
            chain.0 |= SHORT;
            self.note_short(first);
        } else {
            self.m.jump_if(cond, &mut chain);
        }
        self.s.ctls.last_mut().expect("the frame of the if").otherwise = chain;
    }

    /// Jumps to the end of the innermost frame if `cond` holds in FLAGS.
    #[inline(always)]
    pub(super) fn jump_if_innermost(&mut self, cond: Cond) {
        let ctl = self.s.ctls.last_mut().expect("a frame is jumped to");
        if M::SHORT_JUMPS && self.m.jumps_short() {
            let first = self.m.short_jump_if(cond, &mut ctl.short);
            self.note_short(first);
        } else {
            self.m.jump_if(cond, &mut ctl.label);
        }
    }

    /// Jumps to the end of the innermost frame.
    pub(super) fn jump_innermost(&mut self) {
        let ctl = self.s.ctls.last_mut().expect("a frame is jumped to");
        if M::SHORT_JUMPS && self.m.jumps_short() {
            let first = self.m.short_jump(&mut ctl.short);
            self.note_short(first);
        } else {
            self.m.jump(&mut ctl.label);
        }
    }

    /// The short jump `site` was made in the innermost frame.
    #[inline(always)]
    fn note_short(&mut self, site: u32) {
        if self.short_first == 0 {
            self.short_first = site;
            self.short_frame = self.s.ctls.len() as u32 - 1;
            self.m.stop_at(site);
        }
    }

    /// The short jumps of a chain, in the innermost frame, come here.
    #[inline(always)]
    pub(super) fn bind_short(&mut self, chain: Chain) {
        if M::SHORT_JUMPS && chain.0 != 0 {
            let first = self.m.bind_short(chain);
            if first == self.short_first {
                self.short_first = 0;
                self.m.do_not_stop();
            }
        }
    }

    /// The jumps to the second branch of a frame come here.
    #[inline(always)]
    pub(super) fn bind_otherwise(&mut self, chain: Chain) {
        if chain.0 & SHORT != 0 {
            self.bind_short(Chain(chain.0 & !SHORT));
        } else {
            self.m.bind(chain);
        }
    }

    /// The second branch of the innermost frame, an `if`, begins here.
    pub(super) fn begin_otherwise(&mut self, ctl: Ctl) {
        self.bind_otherwise(ctl.otherwise);
        if M::SHORT_JUMPS && self.short_first == 0 && ctl.short.0 != 0 {
            // Those over the second branch are what is left.
            let first = self.m.first_short(ctl.short);
            self.note_short(first);
        }
    }

    /// Where the main loop stopped, or `bytes` of code of one operator are about to follow: makes islands for the jumps that
    /// would not reach further. Whether there is room for code.
    #[cold]
    #[inline(never)]
    pub(super) fn make_islands(&mut self, bytes: u32) -> bool {
        self.m.room();
        if self.m.overflowed() {
            return false;
        }
        let mut over = Chain(0);
        self.m.short_jump(&mut over);
        let mut frame = self.short_frame as usize;
        self.short_first = 0;
        self.m.do_not_stop();
        // No frame is looked at twice that has none: what comes before the first is not made any more.
        while let Some(&ctl) = self.s.ctls.get(frame) {
            if ctl.otherwise.0 & SHORT != 0 {
                let chain = Chain(ctl.otherwise.0 & !SHORT);
                let first = self.m.first_short(chain);
                if self.m.short_reaches(first, bytes) {
                    self.set_first_short(first, frame);
                    break;
                }
                self.m.bind_short(chain);
                let otherwise = &mut self.s.ctls[frame].otherwise;
                *otherwise = Chain(0);
                self.m.jump(otherwise);
            }
            if ctl.short.0 != 0 {
                let first = self.m.first_short(ctl.short);
                if self.m.short_reaches(first, bytes) {
                    self.set_first_short(first, frame);
                    break;
                }
                self.m.bind_short(ctl.short);
                let ctl = &mut self.s.ctls[frame];
                ctl.short = Chain(0);
                self.m.jump(&mut ctl.label);
            }
            frame += 1;
        }
        self.m.bind_short(over);
        !self.m.overflowed()
    }

    fn set_first_short(&mut self, first: u32, frame: usize) {
        self.short_first = first;
        self.short_frame = frame as u32;
        self.m.stop_at(first);
    }

    /// About `bytes` of code of one operator follow.
    #[inline(always)]
    pub(super) fn expect_code(&mut self, bytes: u32) {
        if M::SHORT_JUMPS && self.m.stops_within(bytes) {
            self.make_islands(bytes);
        }
    }

    /// `SHORT`, of the innermost frames.
    #[cfg(debug_assertions)]
    pub(super) fn debug_assert_short(&self) {
        if !M::SHORT_JUMPS {
            return;
        }
        let first = self.short_first;
        for (i, ctl) in self.s.ctls.iter().enumerate().rev().take(16) {
            for chain in [if ctl.otherwise.0 & SHORT != 0 { ctl.otherwise.0 & !SHORT } else { 0 }, ctl.short.0] {
                assert!(
                    chain == 0
                        || first != 0 && self.short_frame as usize <= i && first <= self.m.first_short(Chain(chain)),
                    "SHORT: a jump of frame {i} before the first, {first:#x}"
                );
            }
        }
        let named = self.s.ctls.get(self.short_frame as usize);
        assert!(
            first == 0 || named.is_some_and(|ctl| ctl.otherwise.0 & SHORT | ctl.short.0 != 0),
            "SHORT: no jump in frame {}",
            self.short_frame
        );
    }
}
