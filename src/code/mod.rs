//! Executable memory: reserve, write, seal, and find out which function an address belongs to.
//!
//! * [`region`] is the memory of one large module, written while the module streams in;
//! * [`shared`] holds the code of small modules and the trampolines, page by page;
//! * [`link`] patches calls between functions of a module as they are placed;
//! * [`cache`] makes code visible to instruction fetch;
//! * [`registry`] maps addresses back to modules, even in a signal handler; [`tables`] is what is known about their code,
//!   [`sites`] the largest of these, [`handlers`] those of exceptions.
//!
//! No memory is ever writable and executable at once. Code is written, then sealed, and only then is there a
//! [`Module`](crate::Module) that could run it.

pub(crate) mod budget;
mod cache;
#[cfg(feature = "debug")]
pub(crate) mod debugger;
pub(crate) mod handlers;
pub(crate) mod link;
pub(crate) mod region;
pub(crate) mod registry;
pub(crate) mod shared;
pub(crate) mod sites;
mod tables;

pub(crate) use tables::{Batch, FuncRow, Table};

use crate::os::{self, Access};
use headwater_codegen::record::Site;
use region::Region;
use shared::SharedPages;
use std::any::Any;
use std::io;
use std::ops::Range;
use std::sync::Arc;

/// The granularity of protection: a multiple of the page size. AArch64 kernels have pages of up to 64 KiB.
const PAGE: usize = if cfg!(target_arch = "aarch64") { 64 << 10 } else { 4 << 10 };

/// Code regions begin at multiples of this, and so does everything that [`registry`] distinguishes by upper address
/// bits alone. Also the size of a huge page.
const ALIGN: usize = 2 << 20;

/// Makes a range readable and executable, and its instructions visible to all cores. `landing_pads`: whether it has
/// some.
///
/// # Safety
/// The range must lie in a mapping of the caller, and must not be written to any more.
unsafe fn make_executable(at: *mut u8, len: usize, landing_pads: bool) -> io::Result<()> {
    if len == 0 {
        return Ok(());
    }
    // SAFETY: guaranteed by the caller.
    unsafe {
        os::protect(at, len, Access::ReadExecute { landing_pads })?;
        cache::publish(at, len)
    }
}

/// Where the sealed code of a module is.
#[derive(Debug)]
pub(crate) enum CodeMemory {
    /// Nowhere: the module defines no functions.
    None,
    Shared(SharedPages),
    Own(Region),
}

impl CodeMemory {
    fn base(&self) -> *const u8 {
        match self {
            CodeMemory::None => std::ptr::null(),
            CodeMemory::Shared(pages) => pages.base(),
            CodeMemory::Own(region) => region.base(),
        }
    }
}

/// A module's machine code, sealed and linked, and what is known about it. Offsets count from its start.
#[derive(Debug)]
pub(crate) struct Code {
    memory: CodeMemory,
    /// Bytes from the start to the end of the last function; gaps between slabs included.
    extent: u32,
    pins_floats: bool,
    /// Sorted by code.
    batches: Vec<Batch>,
    /// Entry of each defined function.
    entries: Table<u32>,
    /// What tables are in that are not the code's own.
    _backing: Option<Arc<dyn Any + Send + Sync>>,
}

impl Code {
    pub fn new(memory: CodeMemory, mut batches: Vec<Batch>, entries: Table<u32>) -> Code {
        batches.sort_unstable_by_key(|b| b.code.start);
        let extent = batches.last().map_or(0, |b| b.code.end);
        let pins_floats = batches.iter().any(|b| b.pins_floats);
        Code { memory, extent, pins_floats, batches, entries, _backing: None }
    }

    /// The same, with what its tables are in.
    pub fn kept_with(self, backing: Arc<dyn Any + Send + Sync>) -> Code {
        Code { _backing: Some(backing), ..self }
    }

    /// Entry of each defined function.
    pub fn entries(&self) -> &[u32] {
        &self.entries
    }

    /// The addresses that the code covers; gaps included.
    pub fn range(&self) -> Range<usize> {
        let base = self.memory.base() as usize;
        base..base + self.extent as usize
    }

    /// The code as it runs; zeros in gaps.
    pub fn bytes(&self) -> &[u8] {
        if self.extent == 0 {
            return &[];
        }
        // SAFETY: the memory is mapped readable and sealed; nothing writes to it as long as `self` lives.
        unsafe { std::slice::from_raw_parts(self.memory.base(), self.extent as usize) }
    }

    /// Whether any function has a local in a float register (`FLOAT_PINS`).
    pub fn pins_floats(&self) -> bool {
        self.pins_floats
    }

    /// Bytes of machine code, without gaps.
    pub fn size(&self) -> usize {
        self.batches.iter().map(|b| b.code.len()).sum()
    }

    /// The entry of the `i`-th defined function.
    pub fn entry(&self, i: usize) -> *const u8 {
        self.memory.base().wrapping_add(self.entries[i] as usize)
    }

    pub fn batches(&self) -> &[Batch] {
        &self.batches
    }

    /// Bytes of memory for what is known about the code.
    pub fn metadata_size(&self) -> usize {
        self.batches.iter().map(Batch::size).sum::<usize>() + self.entries.size()
    }

    /// What was compiled together with the function that a call returns to at offset `code`.
    pub fn returning_to(&self, code: u32) -> Option<&Batch> {
        // A call returns behind itself: the byte before is in the function.
        let i = self.batches.partition_point(|b| b.code.start < code).checked_sub(1)?;
        Some(&self.batches[i])
    }

    /// The same, the handler around the call, and how many integer and float registers the function saves.
    pub fn unwinding(&self, code: u32) -> Option<(&Batch, Option<u32>, (usize, usize))> {
        let batch = self.returning_to(code)?;
        let (i, _) = self.func_at(batch, code.checked_sub(1)?)?;
        Some((batch, batch.handlers.around(code), batch.pins(i)?))
    }

    /// Where the functions of `batch` begin; none where a damaged file says so.
    fn starts(&self, batch: &Batch) -> &[u32] {
        let first = batch.first as usize;
        self.entries.get(first..first + batch.funcs.len()).unwrap_or(&[])
    }

    /// The number in `batch` of the function at offset `code`, and where its code is.
    fn func_at(&self, batch: &Batch, code: u32) -> Option<(usize, Range<u32>)> {
        let starts = self.starts(batch);
        let i = starts.partition_point(|&start| start <= code).checked_sub(1)?;
        Some((i, batch.code_of(i, starts)?))
    }

    /// The function at offset `code`, and the operator, as in [`Batch::site`].
    pub fn lookup(&self, code: u32) -> Option<(FuncAt, Option<Site>)> {
        let i = self.batches.partition_point(|b| b.code.start <= code).checked_sub(1)?;
        let batch = &self.batches[i];
        let (i, range) = self.func_at(batch, code)?;
        if code > range.end {
            return None;
        }
        // `ENTRY_SITE`
        let wasm = batch.site(range.start)?.wasm;
        let site = batch.site(code).filter(|site| site.code <= range.end);
        Some((FuncAt { defined: batch.first + i as u32, code: range, wasm }, site))
    }

    /// The functions, by ascending places in the code.
    pub fn functions(&self) -> impl Iterator<Item = FuncAt> + '_ {
        self.batches.iter().flat_map(|batch| {
            let (starts, mut sites) = (self.starts(batch), batch.sites.iter());
            (0..starts.len()).filter_map(move |i| {
                let code = batch.code_of(i, starts)?;
                let wasm = sites.find(|site| site.code >= code.start)?.wasm;
                Some(FuncAt { defined: batch.first + i as u32, code, wasm })
            })
        })
    }
}

/// A function in a module's code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FuncAt {
    /// Its number among those that the module defines.
    pub defined: u32,
    /// Its machine code, without the constants after it.
    pub code: Range<u32>,
    /// Offset of its body in the module.
    pub wasm: u32,
}

#[cfg(test)]
mod tests {
    /// Machine code of a function that returns 42.
    #[cfg(target_arch = "x86_64")]
    pub const RETURN_42: [u8; 6] = [0xb8, 42, 0, 0, 0, 0xc3];
    #[cfg(target_arch = "aarch64")]
    pub const RETURN_42: [u8; 8] = [0x40, 0x05, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6];
}
