//! Compiling on the pushing thread: each body at once, straight from the bytes that were pushed where that is
//! possible. All code is adjacent and in the order of the bodies, however the bytes were split.

use super::body::{BodyContext, BodyError};
use super::space::{Space, room_for_body};
use crate::code::link::Linker;
use crate::code::shared::{self, SharedPages};
use crate::code::{Batch, Code, CodeMemory, Table};
use crate::engine::{Engine, Scratch};
use crate::error::{CompileError, CompileErrorKind};
use headwater_codegen::Body;
use std::ops::Range;

/// Records are stored in portions of about this many entries, so that no vector has to grow with the module: they are
/// collected in reused vectors, and copied to vectors of their exact size.
const RECORDS: usize = 64 << 10;

/// At most this many functions, or this many calls, are linked at once, while what they and the linker need is still in
/// the caches.
const LINKED: usize = 32;
const LINKED_CALLS: usize = 256;

/// Where code is written to.
enum Memory {
    /// Plain memory, for a small module; copied to shared pages at the end.
    Scratch,
    /// The module's own region and how much of it is ours to write.
    Own(Space, usize),
}

pub(super) struct Inline {
    engine: Engine,
    context: BodyContext,
    /// Given back to the engine at the end.
    scratch: Scratch,
    memory: Memory,
    /// Bytes of code so far.
    len: usize,
    /// The most bytes of code that there may be.
    limit: usize,
    linker: Linker,
    /// How large the code section is.
    code_size: usize,
    /// Where the code of the compiler's records begins.
    records_start: usize,
    /// How many of the records' functions are linked.
    linked: usize,
    batches: Vec<Batch>,
    pub compiled: u64,
    pub functions: u32,
}

impl Inline {
    /// For a code section of `code_size` bytes and at most `limit` bytes of code; it is small if there is no `space`.
    pub fn new(engine: &Engine, context: BodyContext, code_size: usize, limit: usize, space: Option<Space>) -> Inline {
        let mut scratch = engine.take_scratch();
        // An abandoned module may have left some.
        scratch.compiler().clear_records();
        Inline {
            linker: Linker::new(engine.target(), context.env.imported_funcs),
            engine: engine.clone(),
            context,
            scratch,
            memory: space.map_or(Memory::Scratch, |space| Memory::Own(space, 0)),
            len: 0,
            limit,
            code_size,
            records_start: 0,
            linked: 0,
            batches: Vec::new(),
            compiled: 0,
            functions: 0,
        }
    }

    /// Compiles the body of `func`.
    pub fn body(&mut self, func: u32, body: Body<'_>) -> Result<(), CompileError> {
        let wanted = room_for_body(body.len);
        if wanted > 0 && wanted > self.room() {
            // If there is less, the body may still fit.
            self.make_room(wanted, func, &body).ok();
        }
        loop {
            let at = self.len as u32;
            let (compiler, scratch) = self.scratch.parts();
            let code: &mut [u8] = match &mut self.memory {
                Memory::Scratch => {
                    let end = scratch.len().min(self.limit);
                    &mut scratch[self.len..end]
                }
                // SAFETY: the space handed out everything up to `end`, writable and exclusively to us.
                Memory::Own(space, end) => unsafe {
                    std::slice::from_raw_parts_mut(space.base().add(self.len), *end - self.len)
                },
            };
            let room = code.len();
            match compiler.compile(&self.context, func, body, code, at) {
                Ok(len) => {
                    self.len += len;
                    break;
                }
                Err(BodyError::Fault(e)) => return Err(e),
                Err(BodyError::OutOfRoom) => self.make_room((2 * room).max(4 * body.len + 4096), func, &body)?,
            }
        }
        self.compiled += body.len as u64;
        self.functions += 1;
        let records = &self.scratch.compiler().records;
        if records.funcs.len() - self.linked >= LINKED || records.calls.len() >= LINKED_CALLS {
            self.link();
        }
        Ok(())
    }

    /// Links what was compiled since the last time.
    fn link(&mut self) {
        let (compiler, scratch) = self.scratch.parts();
        let base = match &mut self.memory {
            Memory::Scratch => scratch.as_mut_ptr(),
            Memory::Own(space, _) => space.base(),
        };
        let records = &mut compiler.records;
        // SAFETY: `base` is the start of all code so far; it holds what earlier calls left, moved or not.
        unsafe { self.linker.add(base, &records.funcs[self.linked..], &records.calls) };
        records.calls.clear();
        self.linked = records.funcs.len();
        let entries = records.funcs.len() + records.sites.len() + records.operators.len();
        if entries >= RECORDS {
            self.put_away();
        }
    }

    /// How many bytes of code there is room for.
    fn room(&self) -> usize {
        match &self.memory {
            Memory::Scratch => self.scratch.code.len().min(self.limit) - self.len,
            Memory::Own(_, end) => end - self.len,
        }
    }

    /// Makes `want` bytes more room for a body.
    fn make_room(&mut self, want: usize, func: u32, body: &Body<'_>) -> Result<(), CompileError> {
        let full = match &mut self.memory {
            Memory::Scratch => {
                let before = self.scratch.code.len();
                let len = (self.len + want).max(2 * before).min(self.limit);
                if len > before {
                    // Zeroed memory, of which only what is written to costs anything.
                    let mut code = vec![0; len];
                    code[..self.len].copy_from_slice(&self.scratch.code[..self.len]);
                    self.scratch.code = code;
                }
                len <= before
            }
            Memory::Own(space, end) => match space.take(want, self.code_size.saturating_sub(self.compiled as usize))? {
                Some(slab) => {
                    debug_assert_eq!(slab.start, *end, "nobody else takes slabs");
                    *end = slab.end;
                    false
                }
                None => true,
            },
        };
        if full { Err(machine_code_limit(func, body)) } else { Ok(()) }
    }

    fn put_away(&mut self) {
        if self.records_start < self.len {
            let code = self.records_start as u32..self.len as u32;
            self.batches.push(self.scratch.compiler().take_batch(code, self.context.env.imported_funcs));
            self.records_start = self.len;
            self.linked = 0;
        }
    }

    /// Seals the code.
    pub fn finish(mut self) -> Result<Code, CompileError> {
        self.link();
        self.put_away();
        let env = &self.context.env;
        let entries = std::mem::replace(&mut self.linker, Linker::new(self.engine.target(), 0))
            .into_entries(env.funcs.len() - env.imported_funcs as usize)
            .ok_or_else(|| CompileError::internal("not every function was compiled"))?;
        let used: Range<usize> = 0..self.len;
        let memory = match std::mem::replace(&mut self.memory, Memory::Scratch) {
            _ if used.is_empty() => CodeMemory::None,
            Memory::Own(space, _) => CodeMemory::Own(space.seal(self.len)?),
            Memory::Scratch if self.len <= shared::MAX => CodeMemory::Shared(
                SharedPages::place(self.engine.shared_code(), &self.scratch.code[used], true)
                    .map_err(|e| CompileError::io("memory for machine code could not be allocated", &e))?,
            ),
            Memory::Scratch => {
                let mut space = Space::new(self.len, 0, 1, self.limit, &self.engine)?;
                if space.take(self.len, self.len / 2)?.is_none() {
                    return Err(CompileError::internal("a region is smaller than what was reserved"));
                }
                // SAFETY: this much was handed out to us.
                unsafe { space.base().copy_from_nonoverlapping(self.scratch.code.as_ptr(), self.len) };
                CodeMemory::Own(space.seal(self.len)?)
            }
        };
        Ok(Code::new(memory, std::mem::take(&mut self.batches), Table::Own(entries)))
    }
}

impl Drop for Inline {
    fn drop(&mut self) {
        self.engine.put_scratch(&mut self.scratch);
    }
}

/// The error for code that does not fit.
pub(super) fn machine_code_limit(func: u32, body: &Body<'_>) -> CompileError {
    CompileError::new(CompileErrorKind::Limit, "machine code exceeds its limit", Some(body.offset as usize), Some(func))
}

impl std::fmt::Debug for Inline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inline").field("functions", &self.functions).finish_non_exhaustive()
    }
}
