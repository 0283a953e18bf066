//! Direct calls between the functions of a module: patched at once if the callee is placed, otherwise noted until it
//! is.
//!
//! The sites that wait for a function are listed in blocks of one cache line. A list through the sites themselves would
//! need no memory, but following it would mean waiting for the memory of one site before the next is known, and some
//! functions are called from a hundred thousand places all over the code.

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

/// The entries of a module's defined functions. Independent of memory: sites are offsets into code that is passed to
/// each call.
#[derive(Debug)]
pub(crate) struct Linker {
    target: Target,
    imported: u32,
    places: Vec<Place>,
    placed: usize,
    waiting: Blocks,
}

impl Linker {
    /// For a module with this many imported functions. Defined ones become known by being placed or called.
    pub fn new(target: Target, imported: u32) -> Linker {
        Linker { target, imported, places: Vec::new(), placed: 0, waiting: Blocks::default() }
    }

    fn place(&mut self, func: u32) -> &mut Place {
        let i = (func - self.imported) as usize;
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
    pub unsafe fn add(&mut self, code: *mut u8, funcs: &[FuncRecord], calls: &[CallSite]) {
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
    fn a_function_that_is_missing_is_noticed() {
        let mut code = vec![0u8; 64];
        let mut linker = Linker::new(Target::X64_BASELINE, 0);
        // SAFETY: all offsets are within `code`.
        unsafe { linker.add(code.as_mut_ptr(), &[func(1, 16)], &[]) };
        assert_eq!(linker.into_entries(2), None);
    }
}
