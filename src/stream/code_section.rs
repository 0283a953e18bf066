//! The code section, from its header on: the plan for compiling it, and its bodies as they arrive.
//!
//! wasmparser's parser has nothing to say about bodies except where they end, so they are delimited here. The parser is
//! set up again behind the last one, or at a body that it must word an error about.

use super::Stopper;
use super::body::BodyContext;
use super::inline::Inline;
use super::judge::SharedJudge;
use super::leb;
use super::pooled::Pooled;
use super::progress::{Progress, Reports, WorkObserver, WorkSpan};
use super::replay::Heads;
use super::sections::Sections;
use super::space::{Plan, Space};
use crate::code::Code;
use crate::engine::{Config, Engine, ModuleTypes};
use crate::error::CompileError;
use headwater_codegen::{Body, ModuleEnv, PADDING};
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;
use wasmparser::{Parser, WasmFeatures};

type Result<T, E = CompileError> = std::result::Result<T, E>;

/// Code sections smaller than this are compiled on the pushing thread into shared pages: waking another thread would
/// not pay.
const SMALL: u32 = 64 << 10;

/// As are code sections smaller than this if there is no other thread.
const SMALL_ALONE: u32 = 256 << 10;

enum Backend {
    Inline(Box<Inline>),
    Pooled(Box<Pooled>),
}

/// What the code section's header says.
pub(super) struct Header {
    /// How many bodies there are.
    pub count: u32,
    /// Size of the contents.
    pub size: u32,
    /// Offset of the first body's size in the module.
    pub at: u64,
    /// Offset of the section's end in the module.
    pub end: u64,
}

/// What bodies are taken in with.
pub(super) struct Context<'a> {
    pub config: &'a Config,
    pub reports: &'a mut Reports,
    /// Whether other threads may compile from the data.
    pub lend: bool,
}

/// Why no more bodies were taken in.
pub(super) enum Bodies {
    /// These were all.
    Done,
    /// At least this many bytes are missing.
    Missing(usize),
    /// What comes next is not a body.
    Faulty,
}

pub(super) struct CodeSection {
    env: Arc<ModuleEnv>,
    types: ModuleTypes,
    backend: Backend,
    /// Index of the next body's function.
    next: u32,
    /// How many bodies are to come.
    remaining: u32,
    /// Offset of the next body's size in the module.
    at: u64,
    /// Offset of the section's end in the module.
    end: u64,
    /// Time spent in the section, except for a span that began at `busy_since`.
    busy_ns: u64,
    busy_since: Option<Instant>,
    /// Is told when this thread compiled inline.
    work: Option<WorkObserver>,
    /// Bytes and functions that it was told of.
    told: (u64, u32),
}

impl CodeSection {
    /// Decides how the section is compiled.
    pub fn new(
        header: &Header,
        sections: &mut Sections,
        judge: &SharedJudge,
        engine: &Engine,
        stopper: &Stopper,
        work: Option<WorkObserver>,
    ) -> Result<CodeSection> {
        let &Header { count, size, at, end } = header;
        let config = engine.config();
        let threads = engine.pool().size();
        let small = match threads {
            _ if config.uses_slabs() => 0,
            0 => SMALL_ALONE,
            _ => SMALL,
        };
        let plan = Plan::new(size as usize, count as usize, size < small, engine.target().isa, config);
        let (env, types) = sections.finish_env(engine, plan.far_calls, stopper);
        let context = BodyContext::new(env.clone(), config, judge);
        let space = |writers| Space::new(size as usize, count as usize, writers, plan.limit, engine);
        let inline = |context, space| Box::new(Inline::new(engine, context, size as usize, plan.limit, space));
        let backend = if size < small {
            Backend::Inline(inline(context, None))
        } else if threads == 0 || count < 2 {
            Backend::Inline(inline(context, Some(space(1)?)))
        } else {
            let space = space(threads + 1)?;
            Backend::Pooled(Box::new(Pooled::new(engine, context, space, size as usize, work.clone())))
        };
        let next = env.imported_funcs;
        let busy_since = (count > 0).then(Instant::now);
        let (busy_ns, told) = (0, (0, 0));
        Ok(CodeSection { env, types, backend, next, remaining: count, at, end, busy_ns, busy_since, work, told })
    }

    /// Offset of the section's end in the module.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Whether bodies are to come.
    pub fn is_open(&self) -> bool {
        self.remaining > 0
    }

    pub fn is_pooled(&self) -> bool {
        matches!(self.backend, Backend::Pooled(_))
    }

    pub fn progress(&self, received: u64) -> Progress {
        let (compiled, functions) = match &self.backend {
            Backend::Inline(inline) => (inline.compiled, inline.functions),
            Backend::Pooled(pooled) => (pooled.compiled(), pooled.functions()),
        };
        Progress { received, compiled, functions }
    }

    /// Bytes are about to be parsed.
    pub fn start_clock(&mut self) {
        if self.is_open() {
            self.busy_since = Some(Instant::now());
        }
    }

    /// What was lent may be freed when this returns.
    pub fn settle(&mut self) {
        if let Backend::Pooled(pooled) = &mut self.backend {
            pooled.settle();
        }
        self.stop_clock();
    }

    fn stop_clock(&mut self) {
        if let Some(since) = self.busy_since.take() {
            let now = Instant::now();
            self.busy_ns += (now - since).as_nanos() as u64;
            self.tell_work(since, now);
        }
    }

    /// Tells what was compiled inline in a span.
    fn tell_work(&mut self, start: Instant, end: Instant) {
        let (Some(work), Backend::Inline(inline)) = (&self.work, &self.backend) else { return };
        let (compiled, functions) = std::mem::replace(&mut self.told, (inline.compiled, inline.functions));
        if inline.functions > functions {
            let (compiled, functions) = (inline.compiled - compiled, inline.functions - functions);
            work(WorkSpan { start, end, compiled, functions });
        }
    }

    /// At the end of a push.
    pub fn pause(&mut self) -> Result<()> {
        match &mut self.backend {
            Backend::Pooled(pooled) => pooled.pause(),
            Backend::Inline(_) => Ok(()),
        }
    }

    /// Waits until all bodies that are complete are compiled.
    pub fn drain(&mut self) -> Result<()> {
        match &mut self.backend {
            Backend::Pooled(pooled) => pooled.drain(),
            Backend::Inline(_) => Ok(()),
        }
    }

    /// Takes in the bodies that are complete from `at` in `data` on, which is where the next body's size is.
    pub fn bodies(&mut self, data: &[u8], at: &mut usize, context: &mut Context<'_>) -> Result<Bodies> {
        let limit = context.config.get_limits().function_size as usize;
        loop {
            if self.remaining == 0 {
                return Ok(Bodies::Done);
            }
            let Some((size, n)) = leb::read(&data[*at..]) else {
                let there = data.len() - *at;
                return Ok(if there < leb::MAX_LEN { Bodies::Missing(1) } else { Bodies::Faulty });
            };
            let size = size as usize;
            let start = self.at + n as u64;
            if start + size as u64 > self.end {
                return Ok(Bodies::Faulty);
            }
            if size > limit {
                return Err(body_too_large(limit, start, self.next));
            }
            let end = *at + n + size;
            if let Some(missing) = end.checked_sub(data.len())
                && missing > 0
            {
                return Ok(Bodies::Missing(missing));
            }
            self.at = start + size as u64;
            *at = end;
            self.body(data, end - size..end, start, context)?;
        }
    }

    /// Takes in the body at `range` in `data`, which begins at offset `start` in the module.
    fn body(&mut self, data: &[u8], range: Range<usize>, start: u64, outer: &mut Context<'_>) -> Result<()> {
        let len = range.len();
        let func = self.next;
        self.next += 1;
        self.remaining -= 1;
        let remaining = self.remaining;
        let offset = u32::try_from(start).expect("a module is smaller than 4 GiB");
        let bytes = &data[range.start..];
        match &mut self.backend {
            Backend::Pooled(pooled) => {
                if outer.lend {
                    // SAFETY: `Decoder::parse` borrows the data and calls `settle` before it returns.
                    unsafe { pooled.lent_body(func, data, range, offset) };
                } else {
                    pooled.body(func, Body { bytes, len, offset });
                }
                if remaining == 0 {
                    pooled.flush();
                }
            }
            Backend::Inline(inline) if bytes.len() >= len + PADDING => {
                inline.body(func, Body { bytes, len, offset })?;
            }
            Backend::Inline(inline) => {
                let mut padded = Vec::with_capacity(len + PADDING);
                padded.extend_from_slice(&bytes[..len]);
                padded.resize(len + PADDING, 0);
                inline.body(func, Body { bytes: &padded, len, offset })?;
            }
        }
        if remaining == 0 {
            self.stop_clock();
        }
        outer.reports.report_if_due(|| self.progress(start + len as u64));
        Ok(())
    }

    /// A parser behind the last body. Bytes that the section has left there are the parser's to complain about.
    pub fn parser(&self, heads: &Heads, features: WasmFeatures) -> Parser {
        if self.at == self.end {
            heads.parser(self.end, features)
        } else {
            heads.code_parser(self.at, self.end, 0, features)
        }
    }

    /// The error in the body whose size `data` begins with, or in that size; or that the bytes end too early.
    #[cold]
    pub fn faulty_body(&self, data: &[u8], eof: bool, heads: &Heads, features: WasmFeatures) -> CompileError {
        match heads.code_parser(self.at, self.end, self.remaining, features).parse(data, eof) {
            Err(e) => invalid(e),
            // The bytes of a body that is longer than what is left of the section are not waited for.
            Ok(_) => unexpected_end(self.at),
        }
    }

    /// What bodies are compiled in.
    pub fn env(&self) -> &Arc<ModuleEnv> {
        &self.env
    }

    /// All bodies are here. Returns the time spent on them with what they became.
    pub fn finish(self) -> Result<(Arc<ModuleEnv>, ModuleTypes, Code, u64)> {
        let (code, busy_ns) = match self.backend {
            Backend::Inline(inline) => (inline.finish()?, self.busy_ns),
            Backend::Pooled(pooled) => {
                // What was measured here was collecting, and helping, which the other measure has.
                let busy_ns = pooled.busy_ns();
                (pooled.finish()?, busy_ns)
            }
        };
        Ok((self.env, self.types, code, busy_ns))
    }
}

fn invalid(error: wasmparser::Error) -> CompileError {
    CompileError::invalid(&error, None)
}

/// What wasmparser says of bytes that end before what begins at `offset` does.
#[cold]
pub(super) fn unexpected_end(offset: u64) -> CompileError {
    CompileError::new(crate::CompileErrorKind::Invalid, "unexpected end-of-file", Some(offset as usize), None)
}

#[cold]
fn body_too_large(limit: usize, start: u64, func: u32) -> CompileError {
    let message = format!("function body size count exceeds limit of {limit}");
    CompileError::new(crate::CompileErrorKind::Limit, message, Some(start as usize), Some(func))
}
