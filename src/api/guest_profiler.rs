//! A profiler that samples WebAssembly code from within, at epochs, for the Firefox profiler.

use crate::api::call_hook::CallHook;
use crate::api::context::AsContext;
use crate::profiling::name_in;
use crate::vm::backtrace::WasmBacktrace;
use crate::{Engine, Module, Result};
use anyhow::{Context, ensure};
use fxprof_processed_profile::{
    CategoryColor, CategoryPairHandle, CpuDelta, Frame, FrameFlags, FrameInfo, ProcessHandle, Profile,
    ReferenceTimestamp, SamplingInterval, StackHandle, ThreadHandle, Timestamp,
};
use std::fmt;
use std::io::Write;
use std::time::{Duration, Instant, SystemTime};

/// Collects stacks of WebAssembly code, and writes them down for the Firefox profiler (`profiler.firefox.com`).
///
/// A sample is taken whenever the embedder asks for one, which it does where the epoch's deadline is reached: so samples
/// are as far apart as epochs, and only of code that runs. The profiler is a part of the store's data, say, and taken out
/// meanwhile.
///
/// ```
/// use headwater::{Config, Engine, GuestProfiler, Instance, Module, Store, UpdateDeadline};
/// use std::time::Duration;
/// let engine = Engine::new(Config::new().epoch_interruption(true))?;
/// let module = Module::new(&engine, wat::parse_str(
///     r#"(module $m (func $f (export "f") (param i32)
///         (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"#)?)?;
/// let interval = Duration::from_millis(1);
/// let profiler = GuestProfiler::new(&engine, "example", interval, [("m".to_string(), module.clone())])?;
/// let mut store = Store::new(&engine, Some(profiler));
/// store.epoch_deadline_callback(move |mut store| {
///     let mut profiler = store.data_mut().take().expect("it is there");
///     profiler.sample(&store, interval);
///     *store.data_mut() = Some(profiler);
///     Ok(UpdateDeadline::Continue(1))
/// });
/// store.set_epoch_deadline(1);
/// let instance = Instance::new(&mut store, &module, &[])?;
/// let ticker = engine.clone();
/// let timer = std::thread::spawn(move || (0..5).for_each(|_| {
///     std::thread::sleep(interval);
///     ticker.increment_epoch();
/// }));
/// instance.get_typed_func::<i32, ()>(&mut store, "f")?.call(&mut store, 20_000_000)?;
/// # timer.join().unwrap();
/// let mut json = Vec::new();
/// store.data_mut().take().expect("it is there").finish(&mut json)?;
/// assert!(String::from_utf8(json)?.contains("example"));
/// # Ok::<(), headwater::Error>(())
/// ```
pub struct GuestProfiler {
    profile: Profile,
    process: ProcessHandle,
    thread: ThreadHandle,
    wasm: CategoryPairHandle,
    modules: Vec<(String, Module)>,
    start: Instant,
}

impl GuestProfiler {
    /// A profiler that is asked for a sample every `interval`. The modules have names here under which their functions
    /// appear; frames of other modules have those of their name sections.
    ///
    /// # Errors
    /// If a module belongs to another engine.
    pub fn new(
        engine: &Engine,
        name: &str,
        interval: Duration,
        modules: impl IntoIterator<Item = (String, Module)>,
    ) -> Result<GuestProfiler> {
        let modules: Vec<_> = modules.into_iter().collect();
        let ours = modules.iter().all(|(_, module)| Engine::same(module.engine(), engine));
        ensure!(ours, "a module to be profiled belongs to another engine");
        let zero = Timestamp::from_nanos_since_reference(0);
        let interval = SamplingInterval::from_nanos(nanos(interval).max(1));
        let mut profile = Profile::new(name, ReferenceTimestamp::from_system_time(SystemTime::now()), interval);
        profile.set_symbolicated(true);
        let process = profile.add_process(name, 0, zero);
        let thread = profile.add_thread(process, 0, zero, true);
        let wasm = profile.add_category("WebAssembly", CategoryColor::Purple).into();
        Ok(GuestProfiler { profile, process, thread, wasm, modules, start: Instant::now() })
    }

    /// Takes a sample of what the store's code is doing. `delta` is how much time of the processor it took since the
    /// last one.
    pub fn sample(&mut self, store: impl AsContext, delta: Duration) {
        let backtrace = WasmBacktrace::capture(store);
        let stack = self.stack(&backtrace);
        let cpu = CpuDelta::from_nanos(nanos(delta));
        self.profile.add_sample(self.thread, self.now(), stack, cpu, 1);
    }

    /// Marks where control passes between the host and WebAssembly code; to be called by
    /// [`Store::call_hook`](crate::Store::call_hook). Time in the host is then no time of the code.
    pub fn call_hook(&mut self, store: impl AsContext, _kind: CallHook) {
        // Where the outermost call begins and ends there are no frames.
        self.sample(store, Duration::ZERO);
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_nanos_since_reference(nanos(self.start.elapsed()))
    }

    fn stack(&mut self, backtrace: &WasmBacktrace) -> Option<StackHandle> {
        let frames: Vec<FrameInfo> = backtrace
            .frames()
            .iter()
            .rev()
            .map(|frame| {
                let known = self.modules.iter().find(|(_, module)| Module::same(module, frame.module()));
                let name = known.map_or(frame.module().name(), |(name, _)| Some(name));
                let label = name_in(name, frame.module(), frame.func_index());
                let frame = Frame::Label(self.profile.intern_string(&label));
                FrameInfo { frame, category_pair: self.wasm, flags: FrameFlags::empty() }
            })
            .collect();
        self.profile.intern_stack_frames(self.thread, frames.into_iter())
    }

    /// Writes the profile as JSON, as `profiler.firefox.com` loads it from a file.
    ///
    /// # Errors
    /// If `output` fails.
    pub fn finish(mut self, output: impl Write) -> Result<()> {
        let end = self.now();
        self.profile.set_thread_end_time(self.thread, end);
        self.profile.set_process_end_time(self.process, end);
        serde_json::to_writer(output, &self.profile).context("the profile could not be written")
    }
}

fn nanos(time: Duration) -> u64 {
    time.as_nanos().try_into().unwrap_or(u64::MAX)
}

impl fmt::Debug for GuestProfiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuestProfiler").finish_non_exhaustive()
    }
}
