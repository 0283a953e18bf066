//! Direct calls between the functions of a module: patched at once if the callee is placed, chained until it is
//! if not.
//!
//! The sites that wait for a function form a list through their own displacement fields: the function's entry
//! in [`Linker`] has the latest, each site the one before.

use headwater_codegen::Target;
use headwater_codegen::record::{CallSite, FuncRecord};

/// Where a function is, or which sites wait for it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Place {
    /// Not placed; the latest waiting site, plus 1 (0: none).
    Waiting(u32),
    At(u32),
}

/// The entries of a module's defined functions. Knows nothing of memory: sites are offsets into code that each
/// call is given.
#[derive(Debug)]
pub(crate) struct Linker {
    target: Target,
    imported: u32,
    places: Vec<Place>,
    placed: usize,
}

impl Linker {
    /// For a module with so many imported functions. Defined ones become known by being placed or called.
    pub fn new(target: Target, imported: u32) -> Linker {
        Linker { target, imported, places: Vec::new(), placed: 0 }
    }

    fn place(&mut self, func: u32) -> &mut Place {
        let i = (func - self.imported) as usize;
        if i >= self.places.len() {
            self.places.resize(i + 1, Place::Waiting(0));
        }
        &mut self.places[i]
    }

    /// Takes in what was compiled: places `funcs`, patches the calls that waited for them, and patches or
    /// chains `calls`. No function may be placed twice.
    ///
    /// # Safety
    /// `code` must be the start of the code that all offsets of this and earlier calls are relative to; it must be writable
    /// there, hold what was there when this was last called, and nobody else may access those places now.
    pub unsafe fn add(&mut self, code: *mut u8, funcs: &[FuncRecord], calls: &[CallSite]) {
        let target = self.target;
        for f in funcs {
            let waiting = std::mem::replace(self.place(f.func), Place::At(f.start));
            let Place::Waiting(mut link) = waiting else { unreachable!("function {} is placed twice", f.func) };
            self.placed += 1;
            while let Some(site) = link.checked_sub(1) {
                // SAFETY: links lead to call sites that earlier calls were given and that were not patched.
                unsafe {
                    link = target.call_link(code, site);
                    target.patch_call(code, site, f.start);
                }
            }
        }
        for call in calls {
            match self.place(call.callee) {
                // SAFETY: the caller says that this is a call site.
                Place::At(entry) => unsafe { target.patch_call(code, call.site, *entry) },
                Place::Waiting(link) => {
                    // SAFETY: as above.
                    unsafe { target.set_call_link(code, call.site, *link) };
                    *link = call.site + 1;
                }
            }
        }
    }

    /// The entry of each defined function, in order; `None` if one of the first `defined` is not placed.
    pub fn into_entries(self, defined: usize) -> Option<Vec<u32>> {
        if self.placed != defined || self.places.len() != defined {
            return None;
        }
        self.places
            .into_iter()
            .map(|p| match p {
                Place::At(entry) => Some(entry),
                Place::Waiting(_) => None,
            })
            .collect()
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
        assert_eq!(linker.into_entries(4), Some(vec![0, 128, 64, 192]));
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
