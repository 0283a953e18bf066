//! The stream as a machine: bytes in, sections and bodies out, in their order.
//!
//! What is not complete waits in a buffer, which grows with the bytes received and never by what a header declares.
//! wasmparser says how many bytes are missing at least; nothing is parsed again before they have arrived. While nothing
//! waits, what is pushed is parsed where it is, without a copy.
//!
//! All outcomes depend on the bytes alone and not on how they are split, since errors are reported in byte order:
//! everything before the offset of an error has been judged first.

use super::Stopper;
use super::code_section::{Bodies, CodeSection, Context, Header, unexpected_end};
use super::counts;
use super::custom::{self, CustomSection};
use super::data::{self, DataSection};
use super::judge::SharedJudge;
use super::leb;
use super::progress::{Observer, Progress, Reports, WorkObserver};
use super::reader::Refused;
use super::replay::Heads;
use super::sections::Sections;
use super::widths::Known;
use crate::code::{Code, CodeMemory, Table};
use crate::engine::{Engine, Limits};
use crate::error::CompileError;
use crate::module::Module;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use wasmparser::{Chunk, Parser, Payload, Validator};

type Result<T, E = CompileError> = std::result::Result<T, E>;

/// If this many bytes are pushed at once, bodies are compiled in place.
const LARGE_PUSH: usize = 1 << 20;
/// The same for tests in which every resource is small.
const LARGE_PUSH_TINY: usize = 1 << 10;

/// A buffer larger than this is freed when it is empty.
const KEEP_BUFFER: usize = 1 << 20;

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
    judge: SharedJudge,
    sections: Sections,
    code: Option<CodeSection>,
    /// The start of something that is not complete.
    waiting: Vec<u8>,
    /// The minimum number of bytes missing from it; not 0 if bytes are waiting.
    missing: usize,
    received: u64,
    /// Whether other threads may compile from what is being parsed.
    lend: bool,
    reports: Reports,
    finished: bool,
}

/// The custom section with the names of functions.
const NAMES: &str = "name";

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
            judge: SharedJudge::new(features),
            sections: Sections::new(features),
            code: None,
            waiting: Vec::new(),
            missing: 0,
            received: 0,
            lend: false,
            reports: Reports::default(),
            finished: false,
        }
    }

    pub fn observe(&mut self, observer: Observer) {
        self.reports.observer = Some(observer);
    }

    pub fn observe_work(&mut self, observer: WorkObserver) {
        self.reports.work_observer = Some(observer);
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
        if let Some(code) = &mut self.code {
            code.pause()?;
        }
        self.report();
        Ok(())
    }

    /// An error was found at module level, or inline in a body: the error to report, which is that of an earlier body
    /// if there is one.
    fn first_error(&mut self, error: CompileError) -> CompileError {
        self.judge().err().unwrap_or(error)
    }

    /// Waits until all bodies that are complete are compiled.
    pub fn judge(&mut self) -> Result<()> {
        match &mut self.code {
            Some(code) => code.drain(),
            None => Ok(()),
        }
    }

    pub fn is_pooled(&self) -> bool {
        self.code.as_ref().is_some_and(CodeSection::is_pooled)
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

    /// Parses as much of `data` as possible. Returns how many bytes that was, and at least how many more are needed.
    /// `lend`: whether other threads may compile from `data` meanwhile.
    fn parse(&mut self, data: &[u8], eof: bool, lend: bool) -> Result<(usize, usize)> {
        if let Some(code) = &mut self.code {
            code.start_clock();
        }
        self.lend = lend;
        // What was lent must not be accessed after this ends, however it ends.
        let result = catch_unwind(AssertUnwindSafe(|| self.parse_all(data, eof)));
        if let Some(code) = &mut self.code {
            code.settle();
        }
        result.unwrap_or_else(|panic| resume_unwind(panic))
    }

    fn parse_all(&mut self, data: &[u8], eof: bool) -> Result<(usize, usize)> {
        let mut at = 0;
        loop {
            if let Some(code) = self.code.as_mut().filter(|code| code.is_open()) {
                let (config, features) = (self.engine.config(), self.engine.config().features());
                let mut context = Context { config, reports: &mut self.reports, lend: self.lend };
                match code.bodies(data, &mut at, &mut context)? {
                    Bodies::Missing(n) if !eof => return Ok((at, n)),
                    Bodies::Done => self.parser = code.parser(&self.heads, features),
                    _ => return Err(code.faulty_body(&data[at..], eof, &self.heads, features)),
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

    /// Whether the contents of a custom section are kept: that of the names, and debug information if it was asked for;
    /// the first of each name.
    fn keeps(&self, name: &str) -> bool {
        let info = &self.sections.info;
        match name {
            NAMES => info.name_section.is_none(),
            _ => {
                self.engine.config().keeps_debug_sections()
                    && name.starts_with(".debug_")
                    && info.debug_sections.iter().all(|(known, _)| **known != *name)
            }
        }
    }

    /// Opens the section that `data` begins with, if it is one of those.
    fn open(&mut self, data: &[u8]) -> Opened {
        let start = self.parser.offset();
        let in_code = self.code.as_ref().is_some_and(|code| start < code.end());
        let (open, n) = match data.first() {
            _ if in_code || start == 0 => return Opened::No,
            Some(&custom::ID) => match CustomSection::read(data, start, |name| self.keeps(name)) {
                custom::Head::Read(section, n) => (Open::Custom(section), n),
                custom::Head::Missing(n) => return Opened::Missing(n),
                custom::Head::Unknown => return Opened::No,
            },
            Some(&data::ID) => {
                let Some((size, len)) = leb::read(&data[1..]) else { return Opened::No };
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
                match section.kept.take() {
                    Some((name, contents)) if &*name == NAMES => self.sections.info.name_section = Some(contents),
                    kept => self.sections.info.debug_sections.extend(kept),
                }
                (n, section.end)
            }
            Open::Data(section) => {
                let limits = self.engine.config().get_limits();
                let (parser, sections) = (&self.parser, &mut self.sections);
                let env = self.code.as_ref().map(CodeSection::env);
                let n = section.push(data, data::Context { parser, sections, env, limits, features });
                if section.missing() > 0 {
                    return Ok(n);
                }
                let end = section.end();
                if cfg!(debug_assertions) {
                    let whole = self.parser.clone().parse(section.bytes(), false);
                    let valid = whole.is_ok_and(|whole| match whole {
                        Chunk::Parsed { payload, .. } => {
                            let judges = |validator: &mut Validator| validator.payload(&payload).is_ok();
                            self.sections.check_limits(&payload, limits).is_ok()
                                && self.judge.lock().validator().is_ok_and(judges)
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

    /// The error in the data section, which is complete.
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
            Some(Open::Custom(section)) => unexpected_end(section.contents),
            None => unreachable!("a section is open"),
        }
    }

    /// Reports errors in the header of something that is not complete, without waiting for the rest.
    #[cold]
    fn check_header(&mut self, data: &[u8]) -> Result<()> {
        let at = self.parser.offset();
        let Some((&id, rest)) = data.split_first() else { return Ok(()) };
        match leb::read(rest) {
            Some((size, len)) if at > 0 && id > LAST_SECTION && id < 0x80 => {
                let start = at + 1 + len as u64;
                let range = start..start + u64::from(size);
                self.judge.lock().validator()?.unknown_section(id, &range).map_err(invalid)
            }
            _ => Ok(()),
        }
    }

    /// Refuses a section that announces more entries than it has bytes. It is what `data` ends with.
    fn check_count(&mut self, payload: &Payload<'_>, data: &[u8]) -> Result<()> {
        let before = match payload {
            Payload::FunctionSection(_) => self.sections.env.funcs.len(),
            Payload::TableSection(_) => self.sections.env.tables.len(),
            Payload::TagSection(_) => self.sections.env.tags.len(),
            Payload::GlobalSection(_) => self.sections.env.globals.len(),
            _ => 0,
        };
        let config = self.engine.config();
        let mut scratch = Vec::new();
        match counts::bounded(payload, contents_of(payload, data), before, config.features(), &mut scratch) {
            None => Ok(()),
            Some(bounded) => {
                self.sections.check_limits(payload, config.get_limits())?;
                self.judge.lock().validator()?.payload(&bounded).map_err(invalid)?;
                Err(CompileError::internal("a section has more entries than bytes"))
            }
        }
    }

    /// Takes in a payload that is not a body, and is what `data` ends with.
    fn payload(&mut self, payload: Payload<'_>, data: &[u8]) -> Result<()> {
        let config = self.engine.config();
        self.sections.check_limits(&payload, config.get_limits())?;
        let contents = contents_of(&payload, data);
        if let Payload::End(offset) = payload {
            if cfg!(debug_assertions) {
                self.judge.lock().validator()?.end(offset).map_err(invalid)?;
            }
            self.finished = true;
            return Ok(());
        }
        match self.sections.add(&payload, contents, config) {
            Ok(width) => {
                let waits = self.judge.lock().defer(&payload, contents, width);
                if !waits {
                    self.see(&payload, contents, Some(width))?;
                }
            }
            Err(refused) => return Err(self.refusal(&payload, contents, refused)),
        }
        self.heads.note(&payload);
        if let Payload::CodeSectionStart { count, unchecked_range, size } = payload {
            self.sections.info.code_section_bytes = unchecked_range.end - unchecked_range.start;
            self.sections.info.code_section_at = unchecked_range.start;
            let header = Header { count, size, at: self.parser.offset(), end: unchecked_range.end };
            let work = self.reports.work_observer.clone();
            let (sections, engine, stopper) = (&mut self.sections, &self.engine, &self.stopper);
            self.code = Some(CodeSection::new(&header, sections, &self.judge, engine, stopper, work)?);
        }
        Ok(())
    }

    /// Has wasmparser judge `payload`, a section with these contents.
    fn see(&self, payload: &Payload<'_>, contents: &[u8], width: Option<u64>) -> Result<()> {
        let features = self.engine.config().features();
        let env = self.code.as_ref().map_or(&self.sections.env, |code| code.env());
        let known = Known { info: &self.sections.info, env, features };
        self.judge.lock().see(payload, contents, &known, width)
    }

    /// The error in `payload`, a section with these contents that was not taken in.
    #[cold]
    fn refusal(&self, payload: &Payload<'_>, contents: &[u8], refused: Refused) -> CompileError {
        if let Err(error) = self.see(payload, contents, None) {
            return error;
        }
        match refused {
            Refused::Because(error) => *error,
            Refused::Invalid => {
                debug_assert!(false, "a section was refused that wasmparser accepts: {payload:?}");
                CompileError::internal("a valid section was not accepted")
            }
        }
    }

    /// Tells the observer, if there is one and there is news.
    fn report(&mut self) {
        let received = self.received;
        let nothing = Progress { received, ..Progress::default() };
        self.reports.report(self.code.as_ref().map_or(nothing, |code| code.progress(received)));
    }

    pub fn finish(mut self) -> Result<Module> {
        let waiting = std::mem::take(&mut self.waiting);
        if let Err(e) = self.parse(&waiting, true, false) {
            return Err(self.first_error(e));
        }
        debug_assert!(self.finished, "at the end of the bytes there is an error or the end of the module");
        drop(waiting);
        self.judge()?;
        self.report();
        let pooled = self.is_pooled();
        let (env, types, code, busy_ns) = match self.code.take() {
            Some(code) => code.finish()?,
            None => {
                let (env, types) = self.sections.finish_env(&self.engine, false, &self.stopper);
                (env, types, Code::new(CodeMemory::None, Vec::new(), Table::Own(Vec::new())), 0)
            }
        };
        let mut info = self.sections.info;
        info.wasm_bytes = self.received;
        #[cfg(test)]
        COMPILED_IN.set(Some(env.clone()));
        let module = Module::assemble(self.engine, info, env.compiled(), types, code, busy_ns);
        if pooled {
            // What wasmparser and bodies know of a large module's types, imports and exports takes milliseconds to free.
            module.engine().pool().dispose((self.judge, env));
        }
        Ok(module)
    }
}

#[cfg(test)]
use {headwater_codegen::ModuleEnv, std::sync::Arc};

#[cfg(test)]
thread_local! {
    /// What the bodies of the module that this thread finished last were compiled in.
    static COMPILED_IN: std::cell::RefCell<Option<Arc<ModuleEnv>>> = const { std::cell::RefCell::new(None) };
}

/// What the bodies of the module that was finished last, by this thread, were compiled in.
#[cfg(test)]
pub(crate) fn compiled_in() -> Arc<ModuleEnv> {
    COMPILED_IN.with_borrow(|env| env.clone()).expect("a module was compiled")
}

/// The contents of `payload`, if it is a section, which `data` ends with.
fn contents_of<'a>(payload: &Payload<'_>, data: &'a [u8]) -> &'a [u8] {
    let len = payload.as_section().map_or(0, |(_, range)| (range.end - range.start) as usize);
    data.len().checked_sub(len).map_or(&[], |start| &data[start..])
}

/// Whether a section was opened.
enum Opened {
    /// This many bytes of it were read.
    At(usize),
    /// At least this many bytes are missing to decide.
    Missing(usize),
    /// wasmparser's parser handles what comes next.
    No,
}

/// The largest number of a section (specification section 5.5.2), the tag section's.
const LAST_SECTION: u8 = 13;
