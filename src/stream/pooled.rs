//! Compiling on several threads while the stream continues.
//!
//! The pushing thread cuts the code section into batches of whole bodies and numbers them. Batches wait in a bounded
//! queue; the engine's threads take them from there, and so does the pushing thread when the queue is full and at the
//! end. Each thread writes into a slab of the module's region that it has to itself.
//!
//! Bodies are copied into batches, unless they come in one large push: then batches refer to what was pushed, and the
//! push ends when they are compiled ([`Pooled::settle`]).
//!
//! **First error by byte order:** an error in batch *k* counts once no batch before *k* is queued or running. Batches
//! after *k* are abandoned as soon as the error is known.

use super::body::{BodyCompiler, BodyContext, BodyError};
use super::inline::machine_code_limit;
use super::progress::{WorkObserver, WorkSpan};
use super::space::{Space, room_for_body};
use crate::code::link::SharedLinker;
use crate::code::{Batch, Code, CodeMemory, Table};
use crate::engine::{Engine, Scratch, Work};
use crate::error::CompileError;
use crate::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use crate::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use headwater_codegen::{Body, PADDING};
use std::collections::VecDeque;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// Bytes of bodies in a batch; fewer towards the end of the code section.
const BATCH: usize = 64 << 10;
const BATCH_MIN: usize = 4 << 10;

/// About how many bytes of bodies may be queued for each thread: enough to keep the others busy while the pushing
/// thread waits for bytes. Fewer towards the end of the code section, so that little is left to do when the last byte
/// is there, however fast they came.
const QUEUE: usize = 1 << 20;

#[derive(Debug)]
struct JobBody {
    func: u32,
    /// In the job's bytes.
    bytes: Range<usize>,
    /// In the module.
    offset: u32,
}

/// Bodies to compile: a batch before it is compiled.
#[derive(Debug, Default)]
struct Job {
    /// From 1, in the order of the bytes.
    number: usize,
    /// The bodies, and [`PADDING`] once the job is queued; unused if they are lent.
    bytes: Vec<u8>,
    lent: Option<Lent>,
    bodies: Vec<JobBody>,
    /// Bytes of the bodies.
    len: usize,
}

/// Bytes borrowed from the pusher, until [`Pooled::settle`] returns.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
struct Lent {
    start: *const u8,
    len: usize,
}

// SAFETY: nothing changes the bytes, and they outlive every access to them.
unsafe impl Send for Lent {}

impl Job {
    /// What the bodies' ranges refer to.
    fn bytes(&self) -> &[u8] {
        match self.lent {
            // SAFETY: the bytes were lent for as long as the job is queued or running.
            Some(lent) => unsafe { std::slice::from_raw_parts(lent.start, lent.len) },
            None => &self.bytes,
        }
    }
}

#[derive(Debug)]
struct State {
    /// By ascending number.
    queue: VecDeque<Job>,
    /// Bytes of the bodies in the queue.
    queued: usize,
    /// Numbers of the jobs being compiled.
    running: Vec<usize>,
    /// The error in the job of the lowest number, of those known.
    fault: Option<(usize, CompileError)>,
    /// `None` once the code is sealed.
    space: Option<Space>,
    /// Slabs that no thread writes to.
    slabs: Vec<Range<usize>>,
    /// Of finished jobs, for reuse.
    buffers: Vec<(Vec<u8>, Vec<JobBody>)>,
}

/// What the threads share.
struct Shared {
    context: BodyContext,
    /// Start of the region, as long as the state has a space.
    base: usize,
    code_size: usize,
    state: Mutex<State>,
    /// Notified when a job is done.
    done: Condvar,
    linker: SharedLinker,
    batches: Mutex<Vec<Batch>>,
    /// Jobs with larger numbers need not be compiled.
    give_up_after: AtomicUsize,
    compiled: AtomicU64,
    functions: AtomicU32,
    busy_ns: AtomicU64,
    work: Option<WorkObserver>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("context", &self.context).field("state", &self.state).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// The error to report, if it is known.
    fn proven_fault(&self) -> Option<CompileError> {
        let (number, fault) = self.fault.as_ref()?;
        let earlier = self.queue.iter().map(|j| j.number).chain(self.running.iter().copied());
        earlier.min().is_none_or(|first| first > *number).then(|| fault.clone())
    }
}

impl Shared {
    /// A slab of at least `min` bytes.
    fn take_slab(&self, min: usize) -> Result<Option<Range<usize>>, CompileError> {
        let to_come = self.code_size.saturating_sub(self.compiled.load(Ordering::Relaxed) as usize);
        let mut state = lock(&self.state);
        state.space.as_mut().expect("not sealed while jobs run").take(min, to_come)
    }

    /// Compiles `job` into `slab`, which is replaced if it is too small.
    fn compile(
        &self,
        job: &Job,
        slab: &mut Range<usize>,
        compiler: &mut BodyCompiler,
    ) -> Result<Vec<Batch>, CompileError> {
        let mut batches = Vec::new();
        let mut start = slab.start;
        let turn = job.number;
        let put_away = |batches: &mut Vec<Batch>, compiler: &mut BodyCompiler, code: Range<usize>| {
            if !code.is_empty() {
                self.link(compiler, turn);
                let code = code.start as u32..code.end as u32;
                batches.push(compiler.take_batch(code, self.context.env.imported_funcs));
            }
        };
        // Left over from a failed job.
        compiler.clear_records();
        let bytes = job.bytes();
        let (mut compiled, mut functions) = (0, 0);
        for b in &job.bodies {
            if job.number > self.give_up_after.load(Ordering::Relaxed) {
                break;
            }
            let len = b.bytes.len();
            let body = Body { bytes: &bytes[b.bytes.start..], len, offset: b.offset };
            // A long body is not started where it may not fit, unless there is no other place.
            let mut min = room_for_body(len);
            loop {
                if slab.len() < min {
                    match self.take_slab(min)? {
                        Some(new) if new.start == slab.end => slab.end = new.end,
                        Some(new) => {
                            put_away(&mut batches, compiler, start..slab.start);
                            *slab = new;
                            start = slab.start;
                        }
                        None if min == room_for_body(len) => {}
                        None => return Err(machine_code_limit(b.func, &body)),
                    }
                }
                // SAFETY: slabs are handed out writable and to one thread at a time.
                let code =
                    unsafe { std::slice::from_raw_parts_mut((self.base as *mut u8).add(slab.start), slab.len()) };
                match compiler.compile(&self.context, b.func, body, code, slab.start as u32) {
                    Ok(len) => {
                        slab.start += len;
                        break;
                    }
                    Err(BodyError::Fault(e)) => return Err(e),
                    Err(BodyError::OutOfRoom) => min = (2 * slab.len()).max(4 * len + 4096).max(min + 1),
                }
            }
            compiled += len as u64;
            functions += 1;
        }
        // Once for all bodies: the threads share these.
        self.compiled.fetch_add(compiled, Ordering::Relaxed);
        self.functions.fetch_add(functions, Ordering::Relaxed);
        put_away(&mut batches, compiler, start..slab.start);
        Ok(batches)
    }

    /// Links what the compiler's records are about.
    fn link(&self, compiler: &mut BodyCompiler, turn: usize) {
        let imported = self.context.env.imported_funcs;
        let BodyCompiler { records, by_part, .. } = compiler;
        // SAFETY: the code is complete, as is all that was linked before; all of it is in the region, and call sites of
        // complete code are only touched by the linker.
        unsafe { self.linker.add(self.base as *mut u8, imported, (&records.funcs, &records.calls), by_part, turn) };
    }
}

impl Work for Shared {
    fn run_one(&self, compiler: &mut BodyCompiler) -> bool {
        let (job, mut slab) = {
            let mut state = lock(&self.state);
            let Some(job) = state.queue.pop_front() else { return false };
            state.queued -= job.len;
            state.running.push(job.number);
            (job, state.slabs.pop().unwrap_or(0..0))
        };
        let start = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| {
            let batches = self.compile(&job, &mut slab, compiler)?;
            lock(&self.batches).extend(batches);
            if let Some(work) = &self.work {
                let (compiled, functions) = (job.len as u64, job.bodies.len() as u32);
                work(WorkSpan { start, end: Instant::now(), compiled, functions });
            }
            Ok(())
        }));
        // A thread that waits for this job must not wait for ever.
        let result = result.unwrap_or_else(|panic| Err(CompileError::panicked(&*panic, None, None)));
        self.busy_ns.fetch_add(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
        let mut state = lock(&self.state);
        state.running.retain(|&n| n != job.number);
        state.slabs.push(slab);
        state.buffers.push((job.bytes, job.bodies));
        if let Err(e) = result
            && state.fault.as_ref().is_none_or(|(number, _)| job.number < *number)
        {
            state.fault = Some((job.number, e));
            state.queue.retain(|j| j.number < job.number);
            state.queued = state.queue.iter().map(|j| j.len).sum();
            self.give_up_after.store(job.number, Ordering::Relaxed);
        }
        drop(state);
        self.done.notify_all();
        true
    }
}

/// The pushing thread's side.
pub(super) struct Pooled {
    engine: Engine,
    shared: Arc<Shared>,
    /// The job being collected.
    job: Job,
    /// About how many bytes of the code section have not been collected yet.
    left: usize,
    scratch: Scratch,
    /// Whether a job since the last [`Pooled::settle`] has lent bytes.
    borrows: bool,
}

impl Pooled {
    /// For a code section of `code_size` bytes.
    pub fn new(
        engine: &Engine,
        context: BodyContext,
        space: Space,
        code_size: usize,
        work: Option<WorkObserver>,
    ) -> Pooled {
        let linker = SharedLinker::new(engine.target(), context.env.imported_funcs);
        let shared = Shared {
            context,
            base: space.base() as usize,
            code_size,
            state: Mutex::new(State {
                queue: VecDeque::new(),
                queued: 0,
                running: Vec::new(),
                fault: None,
                space: Some(space),
                slabs: Vec::new(),
                buffers: Vec::new(),
            }),
            done: Condvar::new(),
            linker,
            batches: Mutex::new(Vec::new()),
            give_up_after: AtomicUsize::new(usize::MAX),
            compiled: AtomicU64::new(0),
            functions: AtomicU32::new(0),
            busy_ns: AtomicU64::new(0),
            work,
        };
        Pooled {
            engine: engine.clone(),
            shared: Arc::new(shared),
            job: Job { number: 1, ..Job::default() },
            left: code_size,
            scratch: engine.take_scratch(),
            borrows: false,
        }
    }

    pub fn compiled(&self) -> u64 {
        self.shared.compiled.load(Ordering::Relaxed)
    }

    pub fn functions(&self) -> u32 {
        self.shared.functions.load(Ordering::Relaxed)
    }

    pub fn busy_ns(&self) -> u64 {
        self.shared.busy_ns.load(Ordering::Relaxed)
    }

    /// Takes the body of `func`, to be compiled eventually.
    pub fn body(&mut self, func: u32, body: Body<'_>) {
        if self.job.lent.is_some() {
            self.submit();
        }
        let start = self.job.bytes.len();
        // All that the job will have unless its last body is large, so that nothing is moved.
        let most = self.left.min(BATCH + BATCH / 4) + PADDING;
        if start == 0 && self.job.bytes.capacity() < most {
            self.job.bytes = Vec::with_capacity(most);
        }
        self.job.bytes.extend_from_slice(&body.bytes[..body.len]);
        self.take(func, start..start + body.len, body.offset);
    }

    /// The same, for the body at `range` in `bytes`, which are not copied if it is followed by [`PADDING`].
    ///
    /// # Safety
    /// `bytes` must stay valid and unchanged until [`Pooled::settle`] returns, which must be called.
    pub unsafe fn lent_body(&mut self, func: u32, bytes: &[u8], range: Range<usize>, offset: u32) {
        if range.end + PADDING > bytes.len() {
            return self.body(func, Body { bytes: &bytes[range.start..], len: range.len(), offset });
        }
        let lent = Lent { start: bytes.as_ptr(), len: bytes.len() };
        if self.job.lent != Some(lent) {
            self.submit();
            self.job.lent = Some(lent);
        }
        self.borrows = true;
        self.take(func, range, offset);
    }

    fn take(&mut self, func: u32, bytes: Range<usize>, offset: u32) {
        self.job.len += bytes.len();
        self.left = self.left.saturating_sub(bytes.len());
        self.job.bodies.push(JobBody { func, bytes, offset });
        if self.job.len < BATCH_MIN {
            return;
        }
        // Towards the end, the last thread to finish should have little left to do.
        let size = (self.left / (2 * (self.engine.pool().size() + 1))).clamp(BATCH_MIN, BATCH);
        if self.job.len >= size {
            self.submit();
        }
    }

    /// Queues the job being collected.
    fn submit(&mut self) {
        if self.job.bodies.is_empty() {
            return;
        }
        let mut state = lock(&self.shared.state);
        let bound = (self.left / 4).clamp(BATCH, QUEUE * self.engine.pool().size().max(1));
        while state.queued >= bound {
            drop(state);
            self.shared.run_one(self.scratch.compiler());
            state = lock(&self.shared.state);
        }
        let mut next = Job { number: self.job.number + 1, ..Job::default() };
        if let Some((mut bytes, mut bodies)) = state.buffers.pop() {
            bodies.clear();
            next.bodies = bodies;
            bytes.clear();
            // One large body must not hold on to its memory.
            if bytes.capacity() <= 4 * BATCH {
                next.bytes = bytes;
            }
        }
        let mut job = std::mem::replace(&mut self.job, next);
        if job.lent.is_none() {
            job.bytes.resize(job.bytes.len() + PADDING, 0);
        }
        if state.fault.is_some() {
            // There is an error in an earlier job.
            return;
        }
        state.queued += job.len;
        state.queue.push_back(job);
        drop(state);
        self.engine.pool().submit(self.shared.clone());
    }

    /// Called after the last body.
    pub fn flush(&mut self) {
        self.submit();
    }

    /// Called when there are no more bytes for now. Reports an error if it is proven.
    pub fn pause(&mut self) -> Result<(), CompileError> {
        let state = lock(&self.shared.state);
        if let Some(e) = state.proven_fault() {
            return Err(e);
        }
        let idle = state.queue.is_empty();
        drop(state);
        if idle && self.job.len >= BATCH_MIN {
            self.submit();
        }
        Ok(())
    }

    /// Must be called before bytes that were lent are freed: waits until they are no longer needed, and helps.
    pub fn settle(&mut self) {
        if !std::mem::take(&mut self.borrows) {
            return;
        }
        self.submit();
        while self.shared.run_one(self.scratch.compiler()) {}
        let mut state = lock(&self.shared.state);
        while !(state.queue.is_empty() && state.running.is_empty()) {
            state = self.shared.done.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits until everything collected is compiled, and helps. Reports the first error.
    pub fn drain(&mut self) -> Result<(), CompileError> {
        self.submit();
        while self.shared.run_one(self.scratch.compiler()) {}
        let mut state = lock(&self.shared.state);
        loop {
            if let Some(e) = state.proven_fault() {
                return Err(e);
            }
            if state.queue.is_empty() && state.running.is_empty() {
                return Ok(());
            }
            state = self.shared.done.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Seals the code.
    pub fn finish(mut self) -> Result<Code, CompileError> {
        self.drain()?;
        let batches = std::mem::take(&mut *lock(&self.shared.batches));
        let space = lock(&self.shared.state).space.take().expect("sealed once");
        let env = &self.shared.context.env;
        let linker = &self.shared.linker;
        let entries = linker
            .entries(env.funcs.len() - env.imported_funcs as usize)
            .ok_or_else(|| CompileError::internal("not every function was compiled"))?;
        let used = batches.iter().map(|b| b.code.end).max().unwrap_or(0) as usize;
        let memory = CodeMemory::Own(space.seal(used)?);
        Ok(Code::new(memory, batches, Table::Own(entries)))
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        // Jobs that are running end soon, in the middle of a body if need be, and the last of them frees the memory.
        self.shared.give_up_after.store(0, Ordering::Relaxed);
        self.shared.context.env.stop.store(true, std::sync::atomic::Ordering::Relaxed);
        let mut state = lock(&self.shared.state);
        (state.queue, state.queued) = (VecDeque::new(), 0);
        drop(state);
        let work: Arc<dyn Work> = self.shared.clone();
        self.engine.pool().forget(&work);
        self.engine.put_scratch(&mut self.scratch);
    }
}

impl std::fmt::Debug for Pooled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pooled").field("shared", &self.shared).finish_non_exhaustive()
    }
}
