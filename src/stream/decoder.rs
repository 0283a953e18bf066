//! The stream as a machine: bytes in, sections and bodies out, in their order.
//!
//! What is not complete waits in a buffer, which grows with the bytes received and never by what a header
//! declares. wasmparser says how many bytes are missing at least; nothing is parsed again before they are there.
//! While nothing waits, what is pushed is parsed where it is, without a copy.
//!
//! All outcomes depend on the bytes alone and not on how they are split, since errors are reported in the
//! order of their bytes: everything before the place of an error has been judged first.

use super::body::BodyContext;
use super::counts;
use super::custom::{self, CustomSection};
use super::data::{self, DataSection};
use super::inline::Inline;
use super::pooled::Pooled;
use super::replay::Heads;
use super::resources::Resources;
use super::sections::Sections;
use super::space::{Plan, Space};
use super::widths::{Known, Widths};
use super::{Observer, Progress, Stopper};
use crate::code::{Code, CodeMemory};
use crate::engine::{Engine, Limits, ModuleTypes};
use crate::error::CompileError;
use crate::features;
use crate::module::Module;
use headwater_codegen::{Body, ModuleEnv, PADDING};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::Instant;
use wasmparser::{BinaryReader, Chunk, FunctionBody, Parser, Payload, Validator};

type Result<T, E = CompileError> = std::result::Result<T, E>;

/// Code sections smaller than this are compiled on the pushing thread into shared pages: waking another thread would
/// not pay.
const SMALL: u32 = 64 << 10;

/// As are code sections smaller than this if there is no other thread.
const SMALL_ALONE: u32 = 256 << 10;

/// Where so many bytes are pushed at once, bodies are compiled where they are.
const LARGE_PUSH: usize = 1 << 20;
/// The same for tests with little of everything.
const LARGE_PUSH_TINY: usize = 1 << 10;

/// How many bytes of bodies at most are compiled inline between two reports to the observer.
const REPORT: u64 = 64 << 10;

/// A buffer larger than this is given back when it is empty.
const KEEP_BUFFER: usize = 1 << 20;

enum Backend {
    Inline(Box<Inline>),
    Pooled(Box<Pooled>),
}

/// The code section, from its header on.
struct CodeSection {
    env: Arc<ModuleEnv>,
    types: ModuleTypes,
    backend: Backend,
    /// Index of the next body's function.
    next: u32,
    /// How many bodies are to come.
    remaining: u32,
    /// Offset of the next body's size in the module.
    at: u64,
    /// Offset of the section's end.
    end: u64,
}

/// A section that is taken in as it arrives, instead of waiting for its end.
enum Open {
    Data(DataSection),
    Custom(CustomSection),
}

pub(super) struct Decoder {
    engine: Engine,
    stopper: Stopper,
    /// At the start of what is open, if something is; at the code section's header as long as bodies come.
    parser: Parser,
    heads: Heads,
    open: Option<Open>,
    validator: Validator,
    sections: Sections,
    widths: Widths,
    code: Option<CodeSection>,
    /// The start of something that is not complete.
    waiting: Vec<u8>,
    /// How many more bytes it takes at least; not 0 if bytes are waiting.
    missing: usize,
    received: u64,
    /// Whether other threads may compile from what is being parsed.
    lend: bool,
    observer: Option<Observer>,
    reported: Progress,
    finished: bool,
    /// Time spent in the code section, except for a span that began at `busy_since`.
    busy_ns: u64,
    busy_since: Option<Instant>,
}

fn invalid(error: wasmparser::Error) -> CompileError {
    CompileError::invalid(&error, None)
}

impl Decoder {
    pub fn new(engine: &Engine, stopper: Stopper) -> Decoder {
        let features = engine.config().features();
        let mut parser = Parser::new(0);
        parser.set_features(features);
        Decoder {
            engine: engine.clone(),
            stopper,
            parser,
            heads: Heads::default(),
            open: None,
            validator: Validator::new_with_features(features),
            sections: Sections::default(),
            widths: Widths::default(),
            code: None,
            waiting: Vec::new(),
            missing: 0,
            received: 0,
            lend: false,
            observer: None,
            reported: Progress::default(),
            finished: false,
            busy_ns: 0,
            busy_since: None,
        }
    }

    pub fn observe(&mut self, observer: Observer) {
        self.observer = Some(observer);
    }

    fn limits(&self) -> &Limits {
        self.engine.config().get_limits()
    }

    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let limit = self.limits().module_size;
        let room = usize::try_from(limit - self.received).unwrap_or(usize::MAX);
        let too_large = bytes.len() > room;
        self.take(&bytes[..bytes.len().min(room)]).map_err(|e| self.first_error(e))?;
        if too_large {
            let error = CompileError::limit(format!("module size exceeds limit of {limit} bytes"), limit as usize);
            return Err(self.first_error(error));
        }
        if let Some(CodeSection { backend: Backend::Pooled(pooled), .. }) = &mut self.code {
            pooled.pause()?;
        }
        self.report(self.received);
        Ok(())
    }

    /// An error was found at module level, or inline in a body: the error to report, which is that of an earlier body
    /// if there is one.
    fn first_error(&mut self, error: CompileError) -> CompileError {
        match &mut self.code {
            Some(CodeSection { backend: Backend::Pooled(pooled), .. }) => pooled.drain().err().unwrap_or(error),
            _ => error,
        }
    }

    /// Waits until all bodies that are complete are compiled.
    pub fn judge(&mut self) -> Result<()> {
        match &mut self.code {
            Some(CodeSection { backend: Backend::Pooled(pooled), .. }) => pooled.drain(),
            _ => Ok(()),
        }
    }

    pub fn is_pooled(&self) -> bool {
        matches!(self.code, Some(CodeSection { backend: Backend::Pooled(_), .. }))
    }

    fn take(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !self.waiting.is_empty() {
            let n = self.missing.min(bytes.len());
            self.waiting.extend_from_slice(&bytes[..n]);
            self.received += n as u64;
            bytes = &bytes[n..];
            self.missing -= n;
            if self.missing > 0 {
                return Ok(());
            }
            let mut waiting = std::mem::take(&mut self.waiting);
            let (consumed, missing) = self.parse(&waiting, false, false)?;
            waiting.drain(..consumed);
            if !waiting.is_empty() || waiting.capacity() <= KEEP_BUFFER {
                self.waiting = waiting;
            }
            self.missing = missing;
        }
        if bytes.is_empty() {
            return Ok(());
        }
        self.received += bytes.len() as u64;
        let large = if self.engine.config().uses_slabs() { LARGE_PUSH_TINY } else { LARGE_PUSH };
        let (consumed, missing) = self.parse(bytes, false, bytes.len() >= large)?;
        self.waiting.extend_from_slice(&bytes[consumed..]);
        self.missing = missing;
        Ok(())
    }

    /// Parses as much of `data` as there is. Returns how many bytes that was, and how many are
    /// missing at least to go on. `lend`: whether other threads may compile from `data` meanwhile.
    fn parse(&mut self, data: &[u8], eof: bool, lend: bool) -> Result<(usize, usize)> {
        if self.code.as_ref().is_some_and(|code| code.remaining > 0) {
            self.busy_since = Some(Instant::now());
        }
        self.lend = lend;
        // What was lent must not be looked at any more when this ends, however it ends.
        let result = catch_unwind(AssertUnwindSafe(|| self.parse_all(data, eof)));
        if let Some(CodeSection { backend: Backend::Pooled(pooled), .. }) = &mut self.code {
            pooled.settle();
        }
        self.stop_clock();
        result.unwrap_or_else(|panic| resume_unwind(panic))
    }

    fn stop_clock(&mut self) {
        if let Some(since) = self.busy_since.take() {
            self.busy_ns += since.elapsed().as_nanos() as u64;
        }
    }

    fn parse_all(&mut self, data: &[u8], eof: bool) -> Result<(usize, usize)> {
        let mut at = 0;
        loop {
            if self.code.as_ref().is_some_and(|code| code.remaining > 0) {
                match self.bodies(data, &mut at)? {
                    Bodies::Missing(n) if !eof => return Ok((at, n)),
                    Bodies::Done => {}
                    _ => return Err(self.faulty_body(&data[at..], eof)),
                }
            }
            if self.open.is_some() {
                at += self.take_open(&data[at..])?;
                if self.open.is_some() {
                    return if eof { Err(self.cut_off()) } else { Ok((at, 1)) };
                }
            }
            match self.open(&data[at..]) {
                Opened::At(n) => {
                    at += n;
                    continue;
                }
                Opened::Missing(n) if !eof => return Ok((at, n)),
                _ => {}
            }
            match self.parser.parse(&data[at..], eof).map_err(invalid)? {
                Chunk::NeedMoreData(hint) => {
                    self.check_header(&data[at..])?;
                    return Ok((at, hint.max(1)));
                }
                Chunk::Parsed { consumed, payload } => {
                    at += consumed;
                    self.check_count(&payload, &data[..at])?;
                    self.payload(payload, &data[..at])?;
                    if self.finished {
                        return Ok((at, 1));
                    }
                }
            }
        }
    }

    /// Takes in the bodies that are there as a whole from `at` in `data` on, which is where the next body's size is.
    ///
    /// A parser has nothing to say about them but where they end: that it is told again when all of them are there, or
    /// when something is wrong.
    fn bodies(&mut self, data: &[u8], at: &mut usize) -> Result<Bodies> {
        let limit = self.limits().function_size as usize;
        loop {
            let code = self.code.as_mut().expect("bodies follow the code section's header");
            if code.remaining == 0 {
                // Bytes behind the last body are the parser's to complain about.
                let (at, end) = (code.at, code.end);
                let features = self.engine.config().features();
                self.parser = if at == end {
                    self.heads.parser(end, features)
                } else {
                    self.heads.code_parser(at, end, 0, features)
                };
                return Ok(Bodies::Done);
            }
            let Some((size, n)) = leb_u32(&data[*at..]) else {
                let there = data.len() - *at;
                return Ok(if there < 5 { Bodies::Missing(1) } else { Bodies::Faulty });
            };
            let size = size as usize;
            let start = code.at + n as u64;
            if start + size as u64 > code.end {
                return Ok(Bodies::Faulty);
            }
            if size > limit {
                return Err(body_too_large(limit, start, code.next));
            }
            let end = *at + n + size;
            if let Some(missing) = end.checked_sub(data.len())
                && missing > 0
            {
                return Ok(Bodies::Missing(missing));
            }
            code.at = start + size as u64;
            *at = end;
            self.body(data, end - size..end, start)?;
        }
    }

    /// What is wrong with the body whose size `data` begins with, or with its size, or that the bytes end before it
    /// does.
    #[cold]
    fn faulty_body(&mut self, data: &[u8], eof: bool) -> CompileError {
        let code = self.code.as_ref().expect("bodies follow the code section's header");
        let features = self.engine.config().features();
        let mut parser = self.heads.code_parser(code.at, code.end, code.remaining, features);
        match parser.parse(data, eof) {
            Err(e) => invalid(e),
            // The bytes of a body that is longer than what is left of the section are not waited for.
            Ok(_) => eof_error(code.at),
        }
    }

    /// Opens the section that `data` begins with, if it is one of those.
    fn open(&mut self, data: &[u8]) -> Opened {
        let start = self.parser.offset();
        let in_code = self.code.as_ref().is_some_and(|code| start < code.end);
        let (open, n) = match data.first() {
            _ if in_code || start == 0 => return Opened::No,
            Some(&custom::ID) => match CustomSection::read(data, start, self.sections.info.name_section.is_none()) {
                custom::Head::Read(section, n) => (Open::Custom(section), n),
                custom::Head::Missing(n) => return Opened::Missing(n),
                custom::Head::Unknown => return Opened::No,
            },
            Some(&data::ID) => {
                let Some((size, len)) = leb_u32(&data[1..]) else { return Opened::No };
                // The section is kept from its first byte on.
                (Open::Data(DataSection::new(start, 1 + len, 1 + len + size as usize)), 0)
            }
            _ => return Opened::No,
        };
        self.open = Some(open);
        Opened::At(n)
    }

    /// Gives the open section what belongs to it from the start of `data`; returns how much that is.
    fn take_open(&mut self, data: &[u8]) -> Result<usize> {
        let features = self.engine.config().features();
        let (n, end) = match self.open.as_mut().expect("there is one") {
            Open::Custom(section) => {
                let n = section.push(data);
                if section.missing > 0 {
                    return Ok(n);
                }
                if let Some(name) = section.kept.take() {
                    self.sections.info.name_section = Some(name);
                }
                (n, section.end)
            }
            Open::Data(section) => {
                let limits = self.engine.config().get_limits();
                let (parser, validator, sections) = (&self.parser, &mut self.validator, &mut self.sections);
                let n = section.push(data, data::Context { parser, validator, sections, limits, features });
                if section.missing() > 0 {
                    return Ok(n);
                }
                let end = section.end();
                if cfg!(debug_assertions) {
                    let whole = self.parser.clone().parse(section.bytes(), false);
                    let valid = whole.is_ok_and(|whole| match whole {
                        Chunk::Parsed { payload, .. } => {
                            self.sections.check_limits(&payload, limits).is_ok()
                                && self.validator.payload(&payload).is_ok()
                        }
                        Chunk::NeedMoreData(_) => false,
                    });
                    debug_assert_eq!(section.is_sound(), valid, "of a data section, seen whole and by segments");
                }
                match section.finish() {
                    Some((segments, bytes)) => {
                        self.heads.push(data::ID, segments.len() as u32);
                        (self.sections.info.data, self.sections.info.data_bytes) = (segments, bytes);
                        (n, end)
                    }
                    None => return Err(self.faulty_data()),
                }
            }
        };
        self.parser = self.heads.parser(end, features);
        self.open = None;
        Ok(n)
    }

    /// What is wrong with the data section, which is here as a whole.
    #[cold]
    fn faulty_data(&mut self) -> CompileError {
        let Some(Open::Data(section)) = self.open.take() else { unreachable!("the data section is open") };
        match self.parser.parse(section.bytes(), false).map_err(invalid) {
            Ok(Chunk::Parsed { payload, .. }) => match self.payload(payload, section.bytes()) {
                Err(e) => e,
                Ok(()) => unreachable!("sections do not take in a data section"),
            },
            Ok(Chunk::NeedMoreData(_)) => CompileError::internal("a whole section is not whole"),
            Err(e) => e,
        }
    }

    /// The bytes end in the open section.
    #[cold]
    fn cut_off(&mut self) -> CompileError {
        match self.open.take() {
            Some(Open::Data(section)) => match self.parser.parse(section.bytes(), true) {
                Err(e) => invalid(e),
                Ok(_) => CompileError::internal("a section that is cut off was parsed"),
            },
            Some(Open::Custom(section)) => eof_error(section.contents),
            None => unreachable!("a section is open"),
        }
    }

    /// Reports errors in the header of something that is not complete, without waiting for the rest.
    #[cold]
    fn check_header(&mut self, data: &[u8]) -> Result<()> {
        let at = self.parser.offset();
        let Some((&id, rest)) = data.split_first() else { return Ok(()) };
        match leb_u32(rest) {
            Some((size, len)) if at > 0 && id > LAST_SECTION && id < 0x80 => {
                let start = at + 1 + len as u64;
                let range = start..start + u64::from(size);
                self.validator.unknown_section(id, &range).map_err(invalid)
            }
            _ => Ok(()),
        }
    }

    /// Refuses a section that announces more entries than it has bytes. It is what `data` ends with.
    fn check_count(&mut self, payload: &Payload<'_>, data: &[u8]) -> Result<()> {
        let before = match payload {
            Payload::FunctionSection(_) => self.sections.env.funcs.len(),
            Payload::GlobalSection(_) => self.sections.env.globals.len(),
            _ => 0,
        };
        let config = self.engine.config();
        let mut scratch = Vec::new();
        match counts::bounded(payload, contents_of(payload, data), before, config.features(), &mut scratch) {
            None => Ok(()),
            Some(bounded) => {
                self.sections.check_limits(payload, config.get_limits())?;
                self.validator.payload(&bounded).map_err(invalid)?;
                Err(CompileError::internal("a section has more entries than bytes"))
            }
        }
    }

    /// Takes in a payload that is no body, and is what `data` ends with.
    fn payload(&mut self, payload: Payload<'_>, data: &[u8]) -> Result<()> {
        let config = self.engine.config();
        self.sections.check_limits(&payload, config.get_limits())?;
        if let Payload::End(offset) = payload {
            self.validator.end(offset).map_err(invalid)?;
            self.finished = true;
            return Ok(());
        }
        let contents = contents_of(&payload, data);
        let known = Known { info: &self.sections.info, env: &self.sections.env, features: config.features() };
        if !self.widths.judge(&mut self.validator, &payload, contents, &known)? {
            self.validator.payload(&payload).map_err(|error| refused(&error, &payload, contents))?;
        }
        self.heads.note(&payload);
        match payload {
            Payload::CodeSectionStart { count, unchecked_range, size } => {
                self.sections.info.code_section_bytes = unchecked_range.end - unchecked_range.start;
                self.start_code(count, size, unchecked_range.end)
            }
            payload => self.sections.add(payload, config),
        }
    }

    /// Decides how the code section is compiled.
    fn start_code(&mut self, count: u32, size: u32, end: u64) -> Result<()> {
        let engine = &self.engine;
        let config = engine.config();
        let threads = engine.pool().size();
        let small = match threads {
            _ if config.uses_slabs() => 0,
            0 => SMALL_ALONE,
            _ => SMALL,
        };
        let plan = Plan::new(size as usize, count as usize, size < small, engine.target().isa, config);
        let (env, types) = self.sections.finish_env(engine, plan.far_calls, &self.stopper);
        let context = BodyContext::new(env.clone(), config);
        let space = |writers| Space::new(size as usize, count as usize, writers, plan.limit, engine);
        let inline = |context, space| Box::new(Inline::new(engine, context, size as usize, plan.limit, space));
        let backend = if size < small {
            Backend::Inline(inline(context, None))
        } else if threads == 0 || count < 2 {
            Backend::Inline(inline(context, Some(space(1)?)))
        } else {
            let space = space(threads + 1)?;
            Backend::Pooled(Box::new(Pooled::new(engine, context, space, size as usize)))
        };
        let next = env.imported_funcs;
        self.busy_since = (count > 0).then(Instant::now);
        let at = self.parser.offset();
        self.code = Some(CodeSection { env, types, backend, next, remaining: count, at, end });
        Ok(())
    }

    /// Takes in the body at `range` in `data`, which begins at offset `start` in the module.
    fn body(&mut self, data: &[u8], range: Range<usize>, start: u64) -> Result<()> {
        let len = range.len();
        let code = self.code.as_mut().expect("bodies follow the code section's header");
        let func = code.next;
        code.next += 1;
        code.remaining -= 1;
        let remaining = code.remaining;
        let context = match &code.backend {
            Backend::Inline(inline) => inline.context(),
            Backend::Pooled(pooled) => pooled.context(),
        };
        // The same for all bodies.
        if context.resources.get().is_none() {
            let reader = BinaryReader::new_features(&data[range.clone()], start, self.engine.config().features());
            let first = self.validator.code_section_entry(&FunctionBody::new(reader)).map_err(invalid)?;
            debug_assert_eq!(func, first.index + self.widths.moved_funcs);
            let env = self.widths.hidden_exports.then(|| code.env.clone());
            context.resources.get_or_init(|| Resources::new(first.resources, env));
        }
        let offset = u32::try_from(start).expect("a module is smaller than 4 GiB");
        let bytes = &data[range.start..];
        match &mut code.backend {
            Backend::Pooled(pooled) => {
                if self.lend {
                    // SAFETY: `parse` borrows the data and calls `settle` before it returns.
                    unsafe { pooled.lent_body(func, data, range.clone(), offset) };
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
        if self.observer.is_some() {
            let now = self.progress(0);
            if now.compiled - self.reported.compiled >= REPORT {
                self.report(start + len as u64);
            }
        }
        Ok(())
    }

    fn progress(&self, received: u64) -> Progress {
        let (compiled, functions) = match self.code.as_ref().map(|code| &code.backend) {
            None => (0, 0),
            Some(Backend::Inline(inline)) => (inline.compiled, inline.functions),
            Some(Backend::Pooled(pooled)) => (pooled.compiled(), pooled.functions()),
        };
        Progress { received, compiled, functions }
    }

    /// Tells the observer, if there is one and there is news; `received` bytes have arrived.
    fn report(&mut self, received: u64) {
        if let Some(observer) = &self.observer {
            let now = self.progress(received);
            if now != self.reported {
                self.reported = now;
                observer(now);
            }
        }
    }

    pub fn finish(mut self) -> Result<Module> {
        let waiting = std::mem::take(&mut self.waiting);
        if let Err(e) = self.parse(&waiting, true, false) {
            return Err(self.first_error(e));
        }
        debug_assert!(self.finished, "at the end of the bytes there is an error or the end of the module");
        drop(waiting);
        if let Some(CodeSection { backend: Backend::Pooled(pooled), .. }) = &mut self.code {
            pooled.drain()?;
        }
        self.report(self.received);
        let mut busy_ns = self.busy_ns;
        let (env, types, code) = match self.code.take() {
            None => {
                let (env, types) = self.sections.finish_env(&self.engine, false, &self.stopper);
                (env, types, Code::new(CodeMemory::None, Vec::new(), Vec::new()))
            }
            Some(CodeSection { env, types, backend, .. }) => {
                let code = match backend {
                    Backend::Inline(inline) => inline.finish()?,
                    Backend::Pooled(pooled) => {
                        // What was measured here was collecting, and helping, which the other measure has.
                        busy_ns = pooled.busy_ns();
                        pooled.finish()?
                    }
                };
                (env, types, code)
            }
        };
        let mut info = self.sections.info;
        info.wasm_bytes = self.received;
        Ok(Module::assemble(self.engine, info, env, types, code, busy_ns))
    }
}

/// The contents of `payload`, if it is a section, which `data` ends with.
fn contents_of<'a>(payload: &Payload<'_>, data: &'a [u8]) -> &'a [u8] {
    let len = payload.as_section().map_or(0, |(_, range)| (range.end - range.start) as usize);
    data.len().checked_sub(len).map_or(&[], |start| &data[start..])
}

/// What is wrong with `payload`, a section with these contents.
#[cold]
fn refused(error: &wasmparser::Error, payload: &Payload<'_>, contents: &[u8]) -> CompileError {
    if features::is_about_memory64(error, payload, contents) {
        return CompileError::unsupported("memory64", error, None);
    }
    CompileError::invalid(error, None)
}

#[cold]
fn body_too_large(limit: usize, start: u64, func: u32) -> CompileError {
    let message = format!("function body size count exceeds limit of {limit}");
    CompileError::new(crate::CompileErrorKind::Limit, message, Some(start as usize), Some(func))
}

/// Why no more bodies were taken in.
enum Bodies {
    /// These were all.
    Done,
    /// So many bytes are missing at least.
    Missing(usize),
    /// What comes next is no body.
    Faulty,
}

/// Whether a section was opened.
enum Opened {
    /// So many bytes of it were read.
    At(usize),
    /// So many bytes are missing to know.
    Missing(usize),
    /// wasmparser's parser reads on.
    No,
}

/// The largest number of a section (specification section 5.5.2), the tag section's.
const LAST_SECTION: u8 = 13;

/// The unsigned LEB128 number that `bytes` begin with, and its length; `None` if it is not complete or not valid.
#[inline]
pub(super) fn leb_u32(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut value = 0u64;
    for (i, &byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Some((u32::try_from(value).ok()?, i + 1));
        }
    }
    None
}

/// What wasmparser says of a body that reaches beyond its section.
fn eof_error(offset: u64) -> CompileError {
    CompileError::new(crate::CompileErrorKind::Invalid, "unexpected end-of-file", Some(offset as usize), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leb_numbers_are_read_as_wasmparser_reads_them() {
        for bytes in [&[0x00][..], &[0x7f], &[0x80, 0x01], &[0xff, 0xff, 0xff, 0xff, 0x0f], &[0xe5, 0x8e, 0x26, 9]] {
            let mut reader = wasmparser::BinaryReader::new(bytes, 0);
            let value = reader.read_var_u32().unwrap();
            assert_eq!(leb_u32(bytes), Some((value, reader.current_position())));
        }
        for bytes in [&[][..], &[0x80], &[0xff, 0xff, 0xff, 0xff, 0x1f], &[0x80, 0x80, 0x80, 0x80, 0x80, 0x00]] {
            assert_eq!(leb_u32(bytes), None);
        }
    }
}
