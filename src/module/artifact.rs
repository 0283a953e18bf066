//! Modules as bytes: what compiling made, to be loaded without compiling.
//!
//! ```text
//!      0  MAGIC, lengths of the head and the body, place and length of the machine code, two checksums
//!     48  head: settings, sections, and where in the body everything else is (postcard)
//!         body: tables of functions and sites, data and name sections, each at a multiple of 8
//!  64 KiB·n  machine code, to the end
//! ```
//!
//! Machine code does not depend on where it is, nor on the process: it can be mapped from a file, and its pages are
//! shared between processes, as those of the tables and of the data section are. A file that is mapped has the checksum
//! of its head compared; reading the rest would take longer than everything else.

use super::Module;
use super::bytes::SectionBytes;
use super::info::{EntityIndex, ModuleInfo};
use crate::code::handlers::{ClauseRow, HandlerRow, Handlers};
use crate::code::region::Region;
use crate::code::shared::SharedPages;
use crate::code::sites::{Form, Mark, Sites};
use crate::code::{Batch, Code, CodeMemory, FuncRow, Table};
use crate::engine::{Compatibility, Engine};
use crate::types::forget_stored_types;
use crate::{Error, Result};
use anyhow::{Context, bail, ensure};
use headwater_codegen::ModuleEnv;
use headwater_codegen::record::{RefSite, RefSlots, Site};
use headwater_codegen::vmctx::VmLayout;
use memmap2::{Mmap, MmapMut};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Read, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const MAGIC: [u8; 8] = *b"\x89hwmod\r\n";

/// Bytes before the head.
const FIXED: usize = 48;

/// Where the checksums are.
const SUMS: usize = 40;

/// Machine code begins at a multiple of this: of the page size wherever it is loaded.
const PAGE: usize = 64 << 10;

/// Less code than this is copied, to pages that small modules share.
const COPIED: usize = 64 << 10;

/// Where something is in the body, in bytes.
#[derive(Copy, Clone, Serialize, Deserialize)]
struct Part {
    at: u64,
    len: u64,
}

#[derive(Serialize, Deserialize)]
struct Head {
    compatibility: Compatibility,
    info: ModuleInfo,
    /// [`ModuleEnv::funcs`]
    funcs: Part,
    imported_funcs: u32,
    compile_ns: u64,
    data: Part,
    names: Option<Part>,
    debug: Vec<(Box<str>, Part)>,
    entries: Part,
    batches: Vec<BatchHead>,
}

#[derive(Serialize, Deserialize)]
struct BatchHead {
    code: Range<u32>,
    first: u32,
    funcs: Part,
    gaps: Vec<(u32, u32)>,
    marks: Part,
    sites: Part,
    pins_floats: bool,
    operators: Part,
    handlers: Part,
    clauses: Part,
    handled_marks: Part,
    handled: Part,
    ref_slots: Part,
    ref_sites: Part,
}

/// Rows whose bytes are all that they are.
///
/// # Safety
/// Any bytes must be a value, there must be no padding, and the alignment 8 at most.
unsafe trait Row: Copy {}

// SAFETY: an integer.
unsafe impl Row for u8 {}
// SAFETY: an integer.
unsafe impl Row for u32 {}
// SAFETY: two integers of 8 bits, in the order of their declaration.
unsafe impl Row for FuncRow {}
// SAFETY: two integers of 32 bits, in the order of their declaration.
unsafe impl Row for Site {}
// SAFETY: two integers of 32 bits, in the order of their declaration.
unsafe impl Row for HandlerRow {}
// SAFETY: two integers of 32 bits, in the order of their declaration.
unsafe impl Row for ClauseRow {}
// SAFETY: three integers of 32 bits, in the order of their declaration, two of them in a `Site`.
unsafe impl Row for Mark {}
// SAFETY: three integers of 32 bits, in the order of their declaration.
unsafe impl Row for RefSlots {}
// SAFETY: two integers of 32 bits, in the order of their declaration.
unsafe impl Row for RefSite {}

fn bytes_of<T: Row>(rows: &[T]) -> &[u8] {
    // SAFETY: rows have no padding.
    unsafe { std::slice::from_raw_parts(rows.as_ptr().cast(), size_of_val(rows)) }
}

#[derive(Default)]
struct Body(Vec<u8>);

impl Body {
    fn add<T: Row>(&mut self, rows: &[T]) -> Part {
        self.0.resize(self.0.len().next_multiple_of(8), 0);
        let bytes = bytes_of(rows);
        let part = Part { at: self.0.len() as u64, len: bytes.len() as u64 };
        self.0.extend_from_slice(bytes);
        part
    }
}

fn checksum(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

impl Module {
    /// The module as bytes, which [`Module::deserialize`] and [`Module::deserialize_file`] load without compiling, in any
    /// process, with an engine of the same version, settings and target.
    ///
    /// ```
    /// use headwater::{Engine, Instance, Module, Store};
    /// let engine = Engine::default();
    /// let text = r#"(module (func (export "f") (result i32) (i32.const 7)))"#;
    /// let bytes = Module::new(&engine, wat::parse_str(text)?)?.serialize()?;
    /// // SAFETY: the bytes are what `serialize` gave.
    /// let module = unsafe { Module::deserialize(&Engine::default(), &bytes) };
    /// # let engine = Engine::default();
    /// # let module = unsafe { Module::deserialize(&engine, &bytes) };
    /// let mut store = Store::new(&engine, ());
    /// let instance = Instance::new(&mut store, &module?, &[])?;
    /// assert_eq!(instance.get_typed_func::<(), i32>(&mut store, "f")?.call(&mut store, ())?, 7);
    /// # Ok::<(), headwater::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn serialize(&self) -> Result<Vec<u8>> {
        let (inner, mut body) = (&*self.inner, Body::default());
        let (code, env) = (&inner.code, &inner.env);
        let batches = code.batches().iter().map(|batch| BatchHead {
            code: batch.code.clone(),
            first: batch.first,
            funcs: body.add(&batch.funcs),
            gaps: batch.gaps.clone(),
            marks: body.add(&batch.sites.marks),
            sites: body.add(&batch.sites.packed),
            pins_floats: batch.pins_floats,
            operators: body.add(&batch.operators),
            handlers: body.add(&batch.handlers.rows),
            clauses: body.add(&batch.handlers.clauses),
            handled_marks: body.add(&batch.handlers.calls.marks),
            handled: body.add(&batch.handlers.calls.packed),
            ref_slots: body.add(&batch.ref_slots),
            ref_sites: body.add(&batch.ref_sites),
        });
        let batches = batches.collect();
        let head = Head {
            compatibility: Compatibility::of(&inner.engine),
            batches,
            info: inner.info.without_contents(),
            funcs: body.add(&env.funcs),
            imported_funcs: env.imported_funcs,
            compile_ns: inner.stats.compile_ns,
            data: body.add(&inner.info.data_bytes),
            names: inner.info.name_section.as_ref().map(|names| body.add(names)),
            debug: inner.info.debug_sections.iter().map(|(name, bytes)| (name.clone(), body.add(bytes))).collect(),
            entries: body.add(code.entries()),
        };
        let head = postcard::to_allocvec(&head);
        forget_stored_types();
        let (head, body, code) = (head?, body.0, code.bytes());
        let fixed = Fixed::new(head.len(), body.len(), code.len());
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(fixed.len()).context("no memory for a serialised module")?;
        for (at, part) in [(FIXED, &*head), (fixed.body_at(), &*body), (fixed.code_at, code)] {
            bytes.resize(at, 0);
            bytes.extend_from_slice(part);
        }
        bytes.resize(fixed.len(), 0);
        fixed.write((0, 0), &mut bytes[..FIXED]);
        let sums = (fixed.head_sum(&bytes), checksum(&bytes[fixed.body_at()..]));
        fixed.write(sums, &mut bytes[..FIXED]);
        Ok(bytes)
    }

    /// Writes [`Module::serialize`]'s bytes to a file for [`Module::deserialize_file`]. The file is replaced as a whole:
    /// nobody sees half of it, and modules that were loaded from what had the name before keep that.
    ///
    /// # Errors
    /// As for [`Module::serialize`], and if the file cannot be written; what had the name before is left then.
    pub fn serialize_file(&self, path: impl AsRef<Path>) -> Result<()> {
        /// Tells apart what is being written at the same time.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let (path, bytes) = (path.as_ref(), self.serialize()?);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let beside = path.with_extension(format!("{}-{number}.tmp", std::process::id()));
        let written = File::create_new(&beside).and_then(|mut file| file.write_all(&bytes));
        written.and_then(|()| std::fs::rename(&beside, path)).inspect_err(|_| {
            // Nothing of it is left behind, if it was begun.
            let _ = std::fs::remove_file(&beside);
        })?;
        Ok(())
    }

    /// Loads what [`Module::serialize`] gave, or [`Engine::precompile_module`].
    ///
    /// # Errors
    /// If it was made by another version, with other settings or for a processor that has more than the engine's target,
    /// if it is damaged, or if there is no memory for it.
    ///
    /// # Safety
    /// The bytes must come from a source that is trusted as the program itself is: they contain machine code, which is
    /// run. The checksum finds accidents, not intent.
    pub unsafe fn deserialize(engine: &Engine, bytes: impl AsRef<[u8]>) -> Result<Module> {
        let bytes = bytes.as_ref();
        let fixed = Fixed::read(bytes)?;
        fixed.check_body(bytes)?;
        // Tables are where the alignment is known.
        let mut copy = MmapMut::map_anon(fixed.code_at).context("no memory for a serialised module")?;
        copy.copy_from_slice(&bytes[..fixed.code_at]);
        let code = &bytes[fixed.code_at..][..fixed.code_len];
        load(engine, &fixed, Backing::Copy(copy), |engine| place(engine, code))
    }

    /// Loads a file with what [`Module::serialize`] or [`Engine::precompile_module`] gave, as `headwater compile -o`
    /// writes it. The file is mapped: processes that load the same file share its memory, and what is not used is not
    /// read.
    ///
    /// # Errors
    /// As for [`Module::deserialize`], and if the file cannot be read or mapped.
    ///
    /// # Safety
    /// As for [`Module::deserialize`]; moreover nobody may change the file as long as the module lives. Replacing it by
    /// another one is no change.
    pub unsafe fn deserialize_file(engine: &Engine, path: impl AsRef<Path>) -> Result<Module> {
        let path = path.as_ref();
        let load = || {
            let file = File::open(path)?;
            // SAFETY: guaranteed by the caller.
            unsafe { Module::deserialize_open_file(engine, file) }
        };
        load().with_context(|| format!("{} could not be loaded", path.display()))
    }

    /// [`Module::deserialize_file`] for a file that is open.
    ///
    /// # Errors
    /// As described there.
    ///
    /// # Safety
    /// As described there.
    pub unsafe fn deserialize_open_file(engine: &Engine, file: File) -> Result<Module> {
        // SAFETY: the caller guarantees that nobody changes the file.
        let map = unsafe { Mmap::map(&file)? };
        let fixed = Fixed::read(&map)?;
        if fixed.code_len < COPIED {
            let code = fixed.code_at..fixed.code_at + fixed.code_len;
            let map = Arc::new(map);
            let bytes = map.clone();
            return load(engine, &fixed, Backing::Map(map), |engine| place(engine, &bytes[code]));
        }
        let map_code = |engine: &Engine| {
            let pads = engine.config().checks().landing_pads;
            // SAFETY: as above.
            let region =
                unsafe { Region::map(&file, fixed.code_at as u64, fixed.code_len, engine.code_budget(), pads) };
            Ok(CodeMemory::Own(region.context("machine code could not be mapped")?))
        };
        load(engine, &fixed, Backing::Map(Arc::new(map)), map_code)
    }
}

impl Engine {
    /// Compiles a module and serialises it ([`Module::serialize`]), for this machine or, with
    /// [`Config::compile_for`](crate::Config::compile_for), another one.
    ///
    /// # Errors
    /// As for [`Module::new`].
    pub fn precompile_module(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        Module::new(self, bytes)?.serialize()
    }

    /// Whether `bytes` begin as what [`Module::serialize`] gives.
    pub fn detect_precompiled(bytes: &[u8]) -> Option<Precompiled> {
        bytes.starts_with(&MAGIC).then_some(Precompiled::Module)
    }

    /// The same of a file.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn detect_precompiled_file(path: impl AsRef<Path>) -> Result<Option<Precompiled>> {
        let mut start = Vec::new();
        File::open(path)?.take(MAGIC.len() as u64).read_to_end(&mut start)?;
        Ok(Engine::detect_precompiled(&start))
    }
}

/// What [`Engine::detect_precompiled`] has found.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Precompiled {
    /// A module.
    Module,
}

/// What the first bytes say.
struct Fixed {
    head_len: usize,
    body_len: usize,
    code_at: usize,
    code_len: usize,
    /// Checksums of the head, and of all that follows.
    sums: (u32, u32),
}

impl Fixed {
    fn new(head_len: usize, body_len: usize, code_len: usize) -> Fixed {
        let mut fixed = Fixed { head_len, body_len, code_at: 0, code_len, sums: (0, 0) };
        fixed.code_at = (fixed.body_at() + body_len).next_multiple_of(PAGE);
        fixed
    }

    fn body_at(&self) -> usize {
        (FIXED + self.head_len).next_multiple_of(8)
    }

    /// Of everything. A mapping of the code ends with a page.
    fn len(&self) -> usize {
        (self.code_at + self.code_len).next_multiple_of(PAGE)
    }

    fn write(&self, sums: (u32, u32), to: &mut [u8]) {
        let numbers = [self.head_len, self.body_len, self.code_at, self.code_len].map(|n| (n as u64).to_le_bytes());
        to.copy_from_slice(&[&MAGIC[..], &numbers.concat(), &sums.0.to_le_bytes(), &sums.1.to_le_bytes()].concat());
    }

    /// Reads them and checks the head.
    fn read(bytes: &[u8]) -> Result<Fixed> {
        let Some(rest) = bytes.strip_prefix(&MAGIC) else { bail!("this is not a serialised module") };
        let (numbers, rest) = rest.split_first_chunk::<32>().context(DAMAGED)?;
        let (sums, _) = rest.split_first_chunk::<8>().context(DAMAGED)?;
        let number = |i: usize| {
            let bytes = numbers[i * 8..][..8].try_into().expect("eight bytes");
            // Less than a quarter of the addresses, so that sums do not overflow.
            usize::try_from(u64::from_le_bytes(bytes)).ok().filter(|n| n >> 62 == 0).context(DAMAGED)
        };
        let sum = |i: usize| u32::from_le_bytes(sums[i * 4..][..4].try_into().expect("four bytes"));
        let fixed = Fixed {
            head_len: number(0)?,
            body_len: number(1)?,
            code_at: number(2)?,
            code_len: number(3)?,
            sums: (sum(0), sum(1)),
        };
        let ends = fixed.code_at.is_multiple_of(PAGE)
            && fixed.body_at() + fixed.body_len <= fixed.code_at
            && fixed.len() <= bytes.len();
        ensure!(ends, "the serialised module ends too early: {} of {} bytes are there", bytes.len(), fixed.len());
        ensure!(fixed.head_sum(bytes) == fixed.sums.0, DAMAGED);
        Ok(fixed)
    }

    /// The checksum of the head and of the numbers before it.
    fn head_sum(&self, bytes: &[u8]) -> u32 {
        let mut sum = crc32fast::Hasher::new();
        sum.update(&bytes[..SUMS]);
        sum.update(&bytes[FIXED..self.body_at()]);
        sum.finalize()
    }

    fn check_body(&self, bytes: &[u8]) -> Result<()> {
        ensure!(checksum(&bytes[self.body_at()..self.len()]) == self.sums.1, DAMAGED);
        Ok(())
    }
}

const DAMAGED: &str = "the serialised module is damaged";

/// What tables and sections are in.
#[derive(Debug)]
pub(super) enum Backing {
    Map(Arc<Mmap>),
    Copy(MmapMut),
}

impl Backing {
    fn bytes(&self) -> &[u8] {
        match self {
            Backing::Map(map) => map,
            Backing::Copy(copy) => copy,
        }
    }
}

/// The parts of the body.
struct Parts {
    body: Range<usize>,
    backing: Arc<Backing>,
}

impl Parts {
    /// The rows of `part`. To be kept together with the backing.
    fn rows<T: Row>(&self, part: Part) -> Result<&'static [T]> {
        let body = &self.backing.bytes()[self.body.clone()];
        let end = part.at.checked_add(part.len).context(DAMAGED)?;
        let bytes = body.get(usize::try_from(part.at)?..usize::try_from(end)?).context(DAMAGED)?;
        let fits = bytes.len().is_multiple_of(size_of::<T>()) && bytes.as_ptr().addr().is_multiple_of(align_of::<T>());
        ensure!(fits, DAMAGED);
        // SAFETY: rows may have any bytes. They are mapped as long as the backing, which whoever uses them keeps.
        Ok(unsafe { std::slice::from_raw_parts(bytes.as_ptr().cast(), bytes.len() / size_of::<T>()) })
    }

    fn section(&self, part: Part) -> Result<SectionBytes> {
        Ok(SectionBytes::lent(self.rows(part)?, self.backing.clone()))
    }
}

/// Puts code where it runs.
fn place(engine: &Engine, code: &[u8]) -> Result<CodeMemory> {
    const NO_MEMORY: &str = "memory for machine code could not be allocated";
    if code.is_empty() {
        return Ok(CodeMemory::None);
    }
    if code.len() < COPIED {
        let pages = SharedPages::place(engine.shared_code(), code, true).context(NO_MEMORY)?;
        return Ok(CodeMemory::Shared(pages));
    }
    let region = Region::copy(code, engine.code_budget(), engine.config().checks().landing_pads);
    Ok(CodeMemory::Own(region.context(NO_MEMORY)?))
}

fn load(
    engine: &Engine,
    fixed: &Fixed,
    backing: Backing,
    memory: impl FnOnce(&Engine) -> Result<CodeMemory>,
) -> Result<Module> {
    let head = postcard::from_bytes(&backing.bytes()[FIXED..][..fixed.head_len]);
    forget_stored_types();
    let head: Head = head.map_err(|_: postcard::Error| {
        // Of another version, most likely: what it was made with comes first.
        match postcard::take_from_bytes::<Compatibility>(&backing.bytes()[FIXED..][..fixed.head_len]) {
            Ok((compatibility, _)) => refused(&compatibility, engine).err().unwrap_or_else(|| Error::msg(DAMAGED)),
            Err(_) => Error::msg(DAMAGED),
        }
    })?;
    refused(&head.compatibility, engine)?;
    let body = fixed.body_at()..fixed.body_at() + fixed.body_len;
    let parts = Parts { body, backing: Arc::new(backing) };
    let mut info = head.info;
    info.data_bytes = parts.section(head.data)?;
    info.name_section = head.names.map(|part| parts.section(part)).transpose()?;
    let debug = head.debug.into_iter().map(|(name, part)| Ok((name, parts.section(part)?)));
    info.debug_sections = debug.collect::<Result<_>>()?;
    let sites = |marks: Part, packed: Part| -> Result<Sites> {
        let form = Form::of(engine.target().isa);
        Ok(Sites { form, marks: Table::Lent(parts.rows(marks)?), packed: Table::Lent(parts.rows(packed)?) })
    };
    let batches = head.batches.into_iter().map(|batch| {
        Ok(Batch {
            code: batch.code,
            first: batch.first,
            funcs: Table::Lent(parts.rows(batch.funcs)?),
            gaps: batch.gaps,
            sites: sites(batch.marks, batch.sites)?,
            pins_floats: batch.pins_floats,
            operators: Table::Lent(parts.rows(batch.operators)?),
            handlers: Handlers {
                rows: Table::Lent(parts.rows(batch.handlers)?),
                clauses: Table::Lent(parts.rows(batch.clauses)?),
                calls: sites(batch.handled_marks, batch.handled)?,
            },
            ref_slots: Table::Lent(parts.rows(batch.ref_slots)?),
            ref_sites: Table::Lent(parts.rows(batch.ref_sites)?),
        })
    });
    let batches = batches.collect::<Result<Vec<_>>>()?;
    ensure!(batches.iter().all(|batch| batch.code.end as usize <= fixed.code_len), DAMAGED);
    ensure!(info.globals.iter().all(|global| info.types.knows(global.ty())), DAMAGED);
    let types = engine.module_types(&info.types);
    let imported_globals =
        info.imports.indices().filter(|index| matches!(index, EntityIndex::Global(_))).count() as u32;
    let layout = VmLayout::new(
        head.imported_funcs,
        info.memories.len() as u32,
        info.tables.len() as u32,
        imported_globals,
        info.globals.len() as u32 - imported_globals,
        info.tags.len() as u32,
        info.types.len(),
    );
    let layout = if info.has_heap() { layout.with_heap() } else { layout };
    let funcs = parts.rows::<u32>(head.funcs)?.to_vec();
    let entries = parts.rows::<u32>(head.entries)?;
    ensure!(funcs.len() == head.imported_funcs as usize + entries.len(), DAMAGED);
    let owns_objects = info.types.have_objects();
    let env = ModuleEnv { funcs, imported_funcs: head.imported_funcs, layout, owns_objects, ..ModuleEnv::default() };
    let code = Code::new(memory(engine)?, batches, Table::Lent(entries)).kept_with(parts.backing);
    Ok(Module::assemble(engine.clone(), info, env, types, code, head.compile_ns))
}

/// # Errors
/// If the engine cannot run what was made with these settings.
fn refused(compatibility: &Compatibility, engine: &Engine) -> Result<()> {
    compatibility.check(engine).map_err(|why| Error::msg(format!("the serialised module does not fit: {why}")))
}
