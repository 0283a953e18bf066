//! How each engine runs a kernel: a module that imports nothing and exports `run`, from `i32` to `i32`.

use super::v8::{LIFTOFF, Node, V8};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// A kernel that is ready to run.
pub type Kernel = Box<dyn FnMut(i32) -> Result<i32>>;

type Load = Box<dyn Fn(&Path) -> Result<Kernel>>;

/// An engine that runs kernels.
pub struct Runner {
    pub name: String,
    /// What else its name stands for, where that is not always the same.
    pub version: Option<String>,
    load: Load,
}

impl Runner {
    fn new(name: &str, load: impl Fn(&Path) -> Result<Kernel> + 'static) -> Runner {
        Runner { name: name.to_string(), version: None, load: Box::new(load) }
    }

    /// V8 with options; a process per kernel.
    fn v8(name: &str, node: &Node, options: &'static [&'static str]) -> Runner {
        let started = node.clone();
        let load = move |wasm: &Path| v8(started.start(options, "run")?, wasm);
        Runner { version: Some(node.version()), ..Runner::new(&node.name(name), load) }
    }

    /// Compiles and instantiates.
    pub fn load(&self, wasm: &Path) -> Result<Kernel> {
        (self.load)(wasm).with_context(|| self.name.clone())
    }
}

/// All of them; the one that the others are compared with comes first.
pub fn all(nodes: &[Node]) -> Result<Vec<Runner>> {
    let mut runners = Vec::new();
    #[cfg(feature = "peers")]
    runners.push(peers::wasmtime("cranelift", wasmtime::Strategy::Cranelift)?);
    runners.push(headwater("headwater", |_| {})?);
    #[cfg(feature = "peers")]
    runners.extend([
        peers::sf_nano()?,
        peers::wasmtime("winch", wasmtime::Strategy::Winch)?,
        peers::singlepass(),
        peers::wasmi(),
    ]);
    // The cost of optional safety settings.
    runners.push(headwater("epochs", |c| _ = c.epoch_interruption(true))?);
    runners.push(headwater("fuel", |c| _ = c.consume_fuel(true))?);
    runners.push(headwater("protected", |c| _ = c.mask_indices(true).branch_protection(true))?);
    runners.push(headwater("checked", |c| _ = c.memory_reservation(0))?);
    runners.extend(nodes.iter().map(|node| Runner::v8("liftoff", node, &LIFTOFF)));
    Ok(runners)
}

/// Those with a garbage collector, likewise.
pub fn collectors(nodes: &[Node]) -> Result<Vec<Runner>> {
    let mut runners = Vec::new();
    runners.push(headwater("headwater", |_| {})?);
    #[cfg(feature = "peers")]
    runners.push(peers::wasmtime("wasmtime", wasmtime::Strategy::Cranelift)?);
    runners.extend(nodes.iter().map(|node| Runner::v8("v8", node, &[])));
    Ok(runners)
}

/// What wasmtime and wasmi have in common.
#[cfg(feature = "peers")]
macro_rules! load {
    ($engine:ident, $instantiate:ident, $of:expr, $wasm:expr) => {{
        let module = $engine::Module::new($of, std::fs::read($wasm)?).map_err(|e| anyhow!("{e:#}"))?;
        let mut store = $engine::Store::new($of, ());
        let instance = $engine::Linker::new($of).$instantiate(&mut store, &module).map_err(|e| anyhow!("{e:#}"))?;
        let run = instance.get_typed_func::<i32, i32>(&mut store, "run").map_err(|e| anyhow!("{e:#}"))?;
        Ok(Box::new(move |n| run.call(&mut store, n).map_err(|e| anyhow!("{e:#}"))) as Kernel)
    }};
}

fn headwater(name: &'static str, change: impl FnOnce(&mut headwater::Config)) -> Result<Runner> {
    let mut config = headwater::Config::new();
    change(&mut config);
    let engine = headwater::Engine::new(&config)?;
    let load = move |wasm: &Path| -> Result<Kernel> {
        let module = headwater::Module::new(&engine, std::fs::read(wasm)?)?;
        let mut store = headwater::Store::new(&engine, ());
        store.set_epoch_deadline(u64::MAX);
        // An error where it is not counted.
        let _ = store.set_fuel(u64::MAX);
        let instance = headwater::Linker::new(&engine).instantiate(&mut store, &module)?;
        let run = instance.get_typed_func::<i32, i32>(&mut store, "run")?;
        Ok(Box::new(move |n| run.call(&mut store, n)))
    };
    Ok(Runner::new(name, load))
}

fn v8(mut v8: V8, wasm: &Path) -> Result<Kernel> {
    let path = wasm.to_str().context("the path is not UTF-8")?.to_string();
    Ok(Box::new(move |n| {
        let answer = v8.ask(&format!("{n} {path}"))?;
        match answer.strip_prefix("error ") {
            Some(error) => bail!("{error}"),
            None => Ok(answer.parse()?),
        }
    }))
}

#[cfg(feature = "peers")]
mod peers {
    use super::*;
    use anyhow::anyhow;

    pub fn wasmtime(name: &'static str, strategy: wasmtime::Strategy) -> Result<Runner> {
        let mut config = wasmtime::Config::new();
        config.strategy(strategy);
        let engine = wasmtime::Engine::new(&config).map_err(|e| anyhow!("{e:#}"))?;
        Ok(Runner::new(name, move |wasm| load!(wasmtime, instantiate, &engine, wasm)))
    }

    pub fn sf_nano() -> Result<Runner> {
        use sf_nano_core::{Engine, Instance, Value};
        let engine = Engine::new(crate::engines::sf_nano::config()).map_err(|e| anyhow!("{e}"))?;
        let load = move |wasm: &Path| -> Result<Kernel> {
            let mut instance = Instance::new(&engine, &std::fs::read(wasm)?, &[]).map_err(|e| anyhow!("{e}"))?;
            let run = instance.get_func("run").context("there is no `run`")?;
            Ok(Box::new(move |n| {
                let mut results = [Value::I32(0)];
                instance.call(&run, &[Value::I32(n)], &mut results).map_err(|e| anyhow!("{e}"))?;
                let [Value::I32(result)] = results else { bail!("`run` gave {results:?}") };
                Ok(result)
            }))
        };
        Ok(Runner::new("sf-nano", load))
    }

    pub fn wasmi() -> Runner {
        let engine = wasmi::Engine::default();
        Runner::new("wasmi", move |wasm| load!(wasmi, instantiate_and_start, &engine, wasm))
    }

    pub fn singlepass() -> Runner {
        let config = wasmer::sys::Singlepass::new();
        let engine: wasmer::Engine = wasmer::sys::EngineBuilder::new(config).engine().into();
        let load = move |wasm: &Path| -> Result<Kernel> {
            let module = wasmer::Module::from_binary(&engine, &std::fs::read(wasm)?)?;
            let mut store = wasmer::Store::new(engine.clone());
            let instance = wasmer::Instance::new(&mut store, &module, &wasmer::Imports::new())?;
            let run = instance.exports.get_typed_function::<i32, i32>(&store, "run")?;
            Ok(Box::new(move |n| Ok(run.call(&mut store, n)?)))
        };
        Runner::new("singlepass", load)
    }
}
