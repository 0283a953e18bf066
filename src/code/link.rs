//! Direct calls between the functions of a module: patched at once if the callee is placed, otherwise noted until it
//! is.
//!
//! The sites that wait for a function are listed in blocks of one cache line. A list through the sites themselves would
//! need no memory, but following it would mean waiting for the memory of one site before the next is known, and some
//! functions are called from a hundred thousand places all over the code.

use crate::sync::{Mutex, MutexGuard, PoisonError};
use headwater_codegen::Target;
use headwater_codegen::record::{CallSite, FuncRecord};

/// Where a function is, or which sites wait for it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Place {
    /// Not placed; the number of the latest block of waiting sites (0: none).
    Waiting(u32),
    At(u32),
}

const BLOCK_SITES: usize = 14;

/// Sites that wait for the same function, or a block that is free.
#[derive(Copy, Clone, Debug)]
#[repr(C, align(64))]
struct Block {
    /// The number of the block before (0: none).
    next: u32,
    len: u32,
    sites: [u32; BLOCK_SITES],
}

/// Blocks by number, which is the index plus 1.
#[derive(Default, Debug)]
struct Blocks {
    blocks: Vec<Block>,
    /// The first free block (0: none).
    free: u32,
}

impl Blocks {
    /// Adds `site` to the list that begins with block `first`; returns the list's first block now.
    fn push(&mut self, first: u32, site: u32) -> u32 {
        if let Some(i) = first.checked_sub(1)
            && let block = &mut self.blocks[i as usize]
            && let Some(free) = block.sites.get_mut(block.len as usize)
        {
            *free = site;
            block.len += 1;
            return first;
        }
        let mut block = Block { next: first, len: 1, sites: [0; BLOCK_SITES] };
        block.sites[0] = site;
        match self.free.checked_sub(1) {
            Some(i) => {
                let number = self.free;
                self.free = self.blocks[i as usize].next;
                self.blocks[i as usize] = block;
                number
            }
            None => {
                self.blocks.push(block);
                self.blocks.len() as u32
            }
        }
    }

    /// Frees block `number` and returns what was in it.
    fn take(&mut self, number: u32) -> Block {
        let block = &mut self.blocks[number as usize - 1];
        let taken = *block;
        block.next = self.free;
        self.free = number;
        taken
    }
}

/// The entries of a module's defined functions, or of every so many of them ([`SharedLinker`]). Independent of memory:
/// sites are offsets into code that is passed to each call.
#[derive(Debug)]
pub(crate) struct Linker {
    target: Target,
    /// The first of them.
    first: u32,
    /// How far they are apart: two to the power of this.
    step: u32,
    places: Vec<Place>,
    placed: usize,
    waiting: Blocks,
}

impl Linker {
    /// For a module with this many imported functions. Defined ones become known by being placed or called.
    pub fn new(target: Target, imported: u32) -> Linker {
        Linker { target, first: imported, step: 0, places: Vec::new(), placed: 0, waiting: Blocks::default() }
    }

    fn place(&mut self, func: u32) -> &mut Place {
        let i = ((func - self.first) >> self.step) as usize;
        if i >= self.places.len() {
            self.places.resize(i + 1, Place::Waiting(0));
        }
        &mut self.places[i]
    }

    /// Takes in what was compiled: places `funcs`, patches the calls that waited for them, and patches or
    /// notes `calls`. No function may be placed twice.
    ///
    /// # Safety
    /// `code` must be the start of the code that all offsets of this and earlier calls are relative to; it must be
    /// writable at the sites, and nothing else may access those places now.
    #[inline(never)]
    pub unsafe fn add<'a>(
        &mut self,
        code: *mut u8,
        funcs: impl IntoIterator<Item = &'a FuncRecord>,
        calls: &[CallSite],
    ) {
        let target = self.target;
        for f in funcs {
            let waiting = std::mem::replace(self.place(f.func), Place::At(f.start));
            let Place::Waiting(mut link) = waiting else { unreachable!("function {} is placed twice", f.func) };
            self.placed += 1;
            while link != 0 {
                let block = self.waiting.take(link);
                for &site in &block.sites[..block.len as usize] {
                    // SAFETY: blocks hold call sites that were passed to earlier calls.
                    unsafe { target.patch_call(code, site, f.start) };
                }
                link = block.next;
            }
        }
        for call in calls {
            match *self.place(call.callee) {
                // SAFETY: the caller guarantees that this is a call site.
                Place::At(entry) => unsafe { target.patch_call(code, call.site, entry) },
                Place::Waiting(link) => {
                    *self.place(call.callee) = Place::Waiting(self.waiting.push(link, call.site));
                }
            }
        }
    }

    /// The entry of each defined function, in order; `None` if one of the first `defined` is not placed.
    pub fn into_entries(self, defined: usize) -> Option<Vec<u32>> {
        if self.placed != defined || self.places.len() != defined {
            return None;
        }
        // In memory of its own: collected, they would keep that of the places, of which each takes more.
        let mut entries = Vec::with_capacity(defined);
        for place in &self.places {
            let Place::At(entry) = *place else { return None };
            entries.push(entry);
        }
        Some(entries)
    }
}

/// How many parts a [`SharedLinker`] has, a power of two.
const PARTS: usize = 8;

/// What one thread sorts calls with.
pub(crate) type CallsByPart = [Vec<CallSite>; PARTS];

/// Room for so many calls is kept in each part.
const KEEP_CALLS: usize = 4 << 10;

/// A linker for several threads: function *i* of those that the module defines is in part *i* modulo [`PARTS`], and each
/// part has a lock, so that threads seldom wait for one another.
#[derive(Debug)]
pub(crate) struct SharedLinker([Mutex<Linker>; PARTS]);

impl SharedLinker {
    /// As [`Linker::new`].
    pub fn new(target: Target, imported: u32) -> SharedLinker {
        SharedLinker(std::array::from_fn(|part| {
            let linker = Linker::new(target, imported);
            Mutex::new(Linker { first: imported + part as u32, step: PARTS.trailing_zeros(), ..linker })
        }))
    }

    fn part(&self, i: usize) -> MutexGuard<'_, Linker> {
        self.0[i].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`Linker::add`], for functions whose numbers follow one another. `turn` is another one for each call, so that
    /// not all threads begin with the same part. `by_part` is empty before and after.
    ///
    /// # Safety
    /// As for [`Linker::add`], where what has a lock of its own here may be accessed at the same time: call sites of code
    /// that is complete are only touched by these functions.
    pub unsafe fn add(
        &self,
        code: *mut u8,
        imported: u32,
        (funcs, calls): (&[FuncRecord], &[CallSite]),
        by_part: &mut CallsByPart,
        turn: usize,
    ) {
        debug_assert!(funcs.windows(2).all(|pair| pair[1].func == pair[0].func + 1));
        let Some(first) = funcs.first() else { return };
        let part_of = |func: u32| (func - imported) as usize % PARTS;
        for call in calls {
            by_part[part_of(call.callee)].push(*call);
        }
        for i in 0..PARTS {
            let part = (i + turn) % PARTS;
            let own = funcs.iter().skip((part + PARTS - part_of(first.func)) % PARTS).step_by(PARTS);
            let calls = &mut by_part[part];
            // SAFETY: guaranteed by the caller; sites of calls to functions of this part are touched with its lock held.
            unsafe { self.part(part).add(code, own, calls) };
            calls.clear();
            // One huge function must not hold on to its memory.
            calls.shrink_to(KEEP_CALLS);
        }
    }

    /// As [`Linker::into_entries`].
    pub fn entries(&self, defined: usize) -> Option<Vec<u32>> {
        let mut entries = vec![0; defined];
        for i in 0..PARTS {
            let part = self.part(i);
            let own = entries.iter_mut().skip(i).step_by(PARTS);
            if part.placed != own.len() || part.places.len() != own.len() {
                return None;
            }
            for (entry, place) in own.zip(&part.places) {
                let Place::At(at) = *place else { return None };
                *entry = at;
            }
        }
        Some(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn func(func: u32, start: u32) -> FuncRecord {
        FuncRecord { func, start, len: 16, wasm: 0 }
    }

    fn call(site: u32, callee: u32) -> CallSite {
        CallSite { site, callee }
    }

    fn destination(code: &[u8], site: usize) -> i32 {
        i32::from_le_bytes(code[site..site + 4].try_into().unwrap()) + site as i32 + 4
    }

    #[test]
    fn calls_in_both_directions_reach_their_callee() {
        let mut code = vec![0u8; 256];
        let base = code.as_mut_ptr();
        let mut linker = Linker::new(Target::X64_BASELINE, 3);
        // SAFETY: all offsets are within `code`.
        unsafe {
            linker.add(base, &[func(3, 0), func(5, 64)], &[call(4, 4), call(8, 5), call(12, 6), call(68, 4)]);
            linker.add(base, &[func(4, 128)], &[call(130, 3), call(134, 6)]);
            assert_eq!(linker.placed, 3);
            linker.add(base, &[func(6, 192)], &[call(196, 6)]);
        }
        let to = |site| destination(&code, site);
        assert_eq!([to(4), to(68)], [128; 2]);
        assert_eq!(to(8), 64);
        assert_eq!(to(130), 0);
        assert_eq!([to(12), to(134), to(196)], [192; 3]);
        let entries = linker.into_entries(4).unwrap();
        assert_eq!(entries, [0, 128, 64, 192]);
        assert_eq!(entries.capacity(), 4, "they are kept as long as the module");
    }

    #[test]
    fn calls_of_aarch64_reach_their_callee_in_both_forms() {
        #[repr(align(4096))]
        struct Code([u32; 4096]);
        let mut code = Box::new(Code([0; 4096]));
        // bl; adrp x16; add x16, x16, #0; blr x16. Sites are at 0 and 4 in the first two pages.
        let sites = [0u32, 0x1000];
        for site in sites {
            code.0[site as usize / 4..][..4].copy_from_slice(&[0x9400_0000, 0x9000_0010, 0x9100_0210, 0xd63f_0200]);
        }
        let base = code.0.as_mut_ptr().cast::<u8>();
        let mut linker = Linker::new(Target::AARCH64, 0);
        let (before, after) = (0x40u32, 0x3ff0u32);
        // SAFETY: all offsets are within `code`.
        unsafe {
            linker.add(base, &[func(0, before)], &[call(sites[0], 1), call(sites[0] + 4, 1), call(sites[1], 0)]);
            linker.add(base, &[func(1, after)], &[call(sites[1] + 4, 0)]);
        }
        let near = |site: u32| {
            let word = code.0[site as usize / 4];
            assert_eq!(word >> 26, 0x25, "bl");
            site.wrapping_add_signed((word << 6) as i32 >> 6 << 2)
        };
        let far = |site: u32| {
            let (adrp, add) = (code.0[site as usize / 4], code.0[site as usize / 4 + 1]);
            assert_eq!((adrp & 0x9f00_001f, add & 0xffc0_03ff), (0x9000_0010, 0x9100_0210), "adrp, add");
            let pages = ((adrp >> 5 & 0x7ffff) << 2 | adrp >> 29 & 3) as i32;
            (site & !0xfff).wrapping_add_signed((pages << 11 >> 11) * 4096) + (add >> 10 & 0xfff)
        };
        assert_eq!([near(sites[0]), far(sites[0] + 4)], [after; 2]);
        assert_eq!([near(sites[1]), far(sites[1] + 4)], [before; 2]);
    }

    #[test]
    fn any_number_of_sites_can_wait_and_blocks_are_used_again() {
        const SITES: u32 = 100;
        let mut code = vec![0u8; 4 * 3 * SITES as usize];
        let base = code.as_mut_ptr();
        let mut linker = Linker::new(Target::X64_BASELINE, 0);
        let mut blocks = 0;
        for round in 0..3 {
            let (a, b) = (2 * round, 2 * round + 1);
            let calls: Vec<_> =
                (0..SITES).map(|i| call(4 * (round * SITES + i), if i % 3 == 0 { a } else { b })).collect();
            // SAFETY: all offsets are within `code`.
            unsafe {
                linker.add(base, &[], &calls);
                linker.add(base, &[func(a, 1000 + a), func(b, 1000 + b)], &[]);
            }
            for c in calls {
                assert_eq!(destination(&code, c.site as usize), 1000 + c.callee as i32);
            }
            if round > 0 {
                assert_eq!(linker.waiting.blocks.len(), blocks);
            }
            blocks = linker.waiting.blocks.len();
        }
    }

    #[test]
    fn a_shared_linker_links_as_another_does() {
        const IMPORTED: u32 = 3;
        let mut random = 5_u32;
        let mut next = |below: u32| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 8) % below
        };
        for functions in [1, 7, 8, 9, 100] {
            let mut codes = [vec![0_u8; 64 * functions as usize], vec![0_u8; 64 * functions as usize]];
            let shared = SharedLinker::new(Target::X64_BASELINE, IMPORTED);
            let mut one = Linker::new(Target::X64_BASELINE, IMPORTED);
            let (mut left, mut by_part) = ((0..functions).collect::<Vec<_>>(), CallsByPart::default());
            while !left.is_empty() {
                // Runs of functions, the last ones first now and then.
                let n = (1 + next(12) as usize).min(left.len());
                let run: Vec<_> =
                    if next(2) == 0 { left.drain(..n).collect() } else { left.drain(left.len() - n..).collect() };
                let funcs: Vec<_> = run.iter().map(|&i| func(IMPORTED + i, 64 * i)).collect();
                let mut calls = Vec::new();
                for f in &funcs {
                    calls.extend((0..next(6)).map(|i| call(f.start + 8 * i, IMPORTED + next(functions))));
                }
                let [a, b] = codes.each_mut().map(|code| code.as_mut_ptr());
                // SAFETY: all offsets are within the code.
                unsafe {
                    one.add(a, &funcs, &calls);
                    shared.add(b, IMPORTED, (&funcs, &calls), &mut by_part, next(9) as usize);
                }
                let entries = (0..functions).map(|i| 64 * i).collect();
                assert_eq!(shared.entries(functions as usize), left.is_empty().then_some(entries));
            }
            assert_eq!(shared.entries(functions as usize), one.into_entries(functions as usize));
            assert_eq!(codes[0], codes[1]);
        }
    }

    #[test]
    fn a_function_that_is_missing_is_noticed() {
        let mut code = vec![0u8; 64];
        let mut linker = Linker::new(Target::X64_BASELINE, 0);
        // SAFETY: all offsets are within `code`.
        unsafe { linker.add(code.as_mut_ptr(), &[func(1, 16)], &[]) };
        assert_eq!(linker.into_entries(2), None);
    }
}
