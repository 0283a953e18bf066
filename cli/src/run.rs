//! `headwater run`: a WASI program, or one exported function.

use crate::args::RunArgs;
use crate::host::{self, Environment, Host};
use crate::source::Source;
use crate::units::Amount;
use crate::{Outcome, deadline, feed, invoke, progress, report, ruby, target, threads};
use anyhow::{Context, Result, anyhow};
#[cfg(feature = "debug")]
use headwater::WasmBacktraceDetails;
use headwater::{
    Engine, Error, GcHeapOutOfMemory, Instance, Linker, Module, ProfilingStrategy, Store, Trap, Val, printable,
};
use headwater_wasi::I32Exit;
use headwater_wasi::p1::WasiP1Ctx;
use std::io::Write;
use std::time::Duration;

/// The exit status after a trap: that of a process ended by `abort`, as a shell reports it.
pub const TRAPPED: u8 = 134;

/// The stack that is needed for host functions, in addition to that of compiled code.
const HOST_STACK: usize = 4 << 20;

/// Bytes of a page of memory.
const PAGE: u64 = 1 << 16;

pub fn run(args: &RunArgs) -> Outcome {
    // Code runs on a separate thread, whose stack has the requested size.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("main".into())
            .stack_size(args.stack as usize + HOST_STACK)
            .spawn_scoped(scope, || compile_and_run(args))
            .context("--stack: cannot create a thread with a stack of this size")?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn compile_and_run(args: &RunArgs) -> Outcome {
    let target = target::target(None, args.cpu.as_ref())?;
    let engine = feed::engine(args.threads, |config| {
        if let Some(target) = target {
            config.compile_for(target);
        }
        config.max_wasm_stack(args.stack as usize);
        config.profiler(args.profile.map_or(ProfilingStrategy::None, Into::into));
        #[cfg(feature = "debug")]
        if args.debug_info {
            config.debug_info(true).wasm_backtrace_details(WasmBacktraceDetails::Enable);
        }
        if let Some(most) = args.max_heap {
            config.gc_heap_max_size(most.bytes);
        }
        config.epoch_interruption(args.timeout.is_some()).consume_fuel(args.fuel.is_some());
    })?;
    let (source_name, module) = load(&engine, args.module())?;

    let mut program_args = vec![Source::program_name(args.module())];
    if args.invoke.is_none() {
        program_args.extend_from_slice(args.args());
    }
    let env = Environment { inherit: args.inherit_env, set: args.env.clone() };
    let context = host::context(&program_args, &args.dirs, &env)?;
    let preloads = preloads(&engine, &args.preload)?;
    let bounds = Bounds { timeout: args.timeout, fuel: args.fuel, memory: args.max_memory };
    let run = || {
        check_memory(&module, args.max_memory)?;
        match &args.invoke {
            None if ruby::is_ruby(&module) => status_of(start_ruby(&engine, &module, context, bounds, &program_args)),
            None if args.threads_guest => {
                status_of(threads::run(&engine, &module, context, bounds, args.stack as usize + HOST_STACK))
            }
            None => start(&engine, &module, context, bounds, &preloads),
            Some(name) => status_of(call(&engine, &module, (context, &preloads), bounds, name, args.args())),
        }
    };
    run().context(source_name)
}

/// The module at `place`, compiled now or before, and its name in messages.
fn load(engine: &Engine, place: &str) -> Result<(String, Module)> {
    if let Some(module) = precompiled(engine, place)? {
        return Ok((printable::name(place).to_string(), module));
    }
    let source = Source::open(place)?;
    let name = source.name.clone();
    let line = progress::line(source.size);
    Ok((name, feed::compile(engine, source, feed::CHUNK, line)?.module))
}

/// The modules that --preload names.
fn preloads(engine: &Engine, named: &[(String, String)]) -> Result<Vec<(String, Module)>> {
    let load = |(name, place): &(String, String)| Ok((name.clone(), load(engine, place)?.1));
    named.iter().map(load).collect()
}

/// Makes instances of the modules that the program can import from.
fn preload(linker: &mut Linker<Host>, store: &mut Store<Host>, modules: &[(String, Module)]) -> Result<()> {
    for (name, module) in modules {
        linker.module(&mut *store, name, module).with_context(|| format!("--preload {}", printable::name(name)))?;
    }
    Ok(())
}

/// The module in the file that `compile -o` wrote, if it is one.
fn precompiled(engine: &Engine, place: &str) -> Result<Option<Module>> {
    if !matches!(Engine::detect_precompiled_file(place), Ok(Some(_))) {
        return Ok(None);
    }
    // SAFETY: whoever runs a file trusts it as they trust a program of their own, and leaves it alone meanwhile. What
    // comes from elsewhere, an address or standard input, is never loaded like this.
    let module = unsafe { Module::deserialize_file(engine, place) }
        .context("compile it again with `headwater compile -o`, for `run --timeout` with --for-timeout, for `run --fuel` with --for-fuel")?;
    Ok(Some(module))
}

/// Rejects what --max-memory would reject, with a message in the unit that it was given in.
fn check_memory(module: &Module, most: Option<Amount>) -> Result<()> {
    let needed = module.resources_required().max_initial_memory_size.unwrap_or(0).saturating_mul(PAGE);
    match most {
        Some(most) if needed > most.bytes => Err(anyhow!(
            "a memory starts with {}, which is over the limit of {} that --max-memory sets",
            most.show(needed),
            most.show(most.bytes)
        )),
        _ => Ok(()),
    }
}

/// How long the program may run, and how much memory it may have.
#[derive(Copy, Clone, Default)]
pub struct Bounds {
    timeout: Option<Duration>,
    fuel: Option<u64>,
    memory: Option<Amount>,
}

impl Bounds {
    /// The limit on memory.
    pub fn memory(&self) -> Option<Amount> {
        self.memory
    }

    /// The time of a further store of the program is over when that of the first one is.
    pub fn join<T>(&self, store: &mut Store<T>) {
        if self.timeout.is_some() {
            store.set_epoch_deadline(1);
            // If that was so before, no further epoch comes.
            if deadline::is_over() {
                store.set_epoch_deadline(0);
            }
        }
    }

    /// The time starts now.
    pub fn start<T>(self, store: &mut Store<T>) -> Result<()> {
        if let Some(fuel) = self.fuel {
            store.set_fuel(fuel)?;
        }
        if let Some(timeout) = self.timeout {
            store.set_epoch_deadline(1);
            deadline::arm(timeout, store.engine(), || trapped(Trap::Interrupt, None))?;
        }
        Ok(())
    }
}

/// Runs the program's `_start` and returns its exit status.
pub fn start(
    engine: &Engine,
    module: &Module,
    context: WasiP1Ctx,
    bounds: Bounds,
    preloads: &[(String, Module)],
) -> Outcome {
    if module.get_export("_start").is_none() {
        return Err(anyhow!("exports no `_start`; {}", functions_of(module)));
    }
    let run = || -> Result<()> {
        let (mut store, instance) = instantiate(engine, module, context, bounds, |l, s| preload(l, s, preloads))?;
        instance.get_typed_func::<(), ()>(&mut store, "_start")?.call(&mut store, ())
    };
    status_of(run())
}

/// Calls one export and prints its results, one per line.
fn call(
    engine: &Engine,
    module: &Module,
    (context, preloads): (WasiP1Ctx, &[(String, Module)]),
    bounds: Bounds,
    name: &str,
    args: &[String],
) -> Result<()> {
    let (mut store, instance) = instantiate(engine, module, context, bounds, |l, s| preload(l, s, preloads))?;
    let func = instance
        .get_func(&mut store, name)
        .ok_or_else(|| anyhow!("exports no function `{}`; {}", printable::name(name), functions_of(module)))?;
    let ty = func.ty(&store);
    let args = invoke::parse_args(&mut store, name, &ty, args)?;
    // Libraries built by compilers have to be initialised once.
    if let Some(initialize) = instance.get_func(&mut store, "_initialize").filter(|_| name != "_initialize") {
        initialize.call(&mut store, &[], &mut [])?;
    }
    let mut results = vec![Val::I32(0); ty.results().len()];
    func.call(&mut store, &args, &mut results)?;
    deadline::disarm();
    let mut out = std::io::stdout().lock();
    for result in &results {
        writeln!(out, "{}", invoke::show(&mut store, result)?)?;
    }
    Ok(())
}

fn start_ruby(engine: &Engine, module: &Module, context: WasiP1Ctx, bounds: Bounds, args: &[String]) -> Result<()> {
    let (mut store, instance) = instantiate(engine, module, context, bounds, |linker, _| ruby::link(linker, module))?;
    ruby::run(&mut store, instance, args)
}

/// An instance with WASI, and what `link` adds.
fn instantiate(
    engine: &Engine,
    module: &Module,
    context: WasiP1Ctx,
    bounds: Bounds,
    link: impl FnOnce(&mut Linker<Host>, &mut Store<Host>) -> Result<()>,
) -> Result<(Store<Host>, Instance)> {
    let mut linker = Linker::new(engine);
    host::link(&mut linker)?;
    let mut store = Store::new(engine, Host::new(context, bounds.memory));
    store.limiter(Host::limiter);
    bounds.start(&mut store)?;
    link(&mut linker, &mut store)?;
    let instance = linker.instantiate(&mut store, module)?;
    Ok((store, instance))
}

/// What can be called, as the end of an error message.
fn functions_of(module: &Module) -> String {
    const SHOWN: usize = 8;
    let names: Vec<String> = module
        .exports()
        .filter(|e| e.ty().func().is_some())
        .map(|e| format!("`{}`", printable::name(e.name())))
        .collect();
    match names.len() {
        0 => "it exports no functions at all".into(),
        1..=SHOWN => format!("call one of its functions with --invoke: {}", names.join(", ")),
        n => format!("call one of its {n} functions with --invoke: {}, …", names[..SHOWN].join(", ")),
    }
}

/// The exit status for the outcome of an execution. A trap is reported here.
fn status_of(outcome: Result<()>) -> Outcome {
    let trap = outcome.as_ref().err().and_then(|error| error.downcast_ref::<Trap>().copied());
    // Even the report about an interruption may have to wait.
    if trap != Some(Trap::Interrupt) {
        deadline::disarm();
    }
    let Err(error) = outcome else { return Ok(0) };
    if let Some(I32Exit(status)) = error.downcast_ref() {
        // As the system would truncate it.
        return Ok(*status as u8);
    }
    if let Some(full) = error.downcast_ref::<GcHeapOutOfMemory<()>>() {
        // Without the frames: whatever makes an object next fails.
        return Err(anyhow!("{full}; see --max-heap and --max-memory"));
    }
    let Some(trap) = trap else { return Err(error) };
    // The program's own output comes first.
    std::io::stdout().flush()?;
    Ok(trapped(trap, Some(&error)))
}

/// Reports a trap and returns the exit status for it.
fn trapped(trap: Trap, error: Option<&Error>) -> u8 {
    report::trap(trap, error);
    TRAPPED
}
