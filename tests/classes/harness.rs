//! Runs the same modules and calls in Headwater and in wasmi, and chooses how many cases to run.

use crate::api_common::{self, emulator};
use crate::support::setting;
use headwater::{Engine, ExternRef, Linker, Module, Store, Trap, Val};
use std::fmt;

/// Settings that modules must not be able to observe, as `Config::test_modes` takes them. The first two are the most
/// revealing ones.
pub const MODES: [&str; 7] =
    ["", "poison", "checked,masks", "offsets,poison", "spill,shuffle", "interrupts,fuel", "pads,slabs"];

/// An engine that compiles on the calling thread, with these modes and those of the environment.
pub fn engine(modes: &str) -> Engine {
    let mut config = api_common::config();
    config.test_modes(modes);
    Engine::new(&config).expect("the modes work everywhere")
}

/// How many cases are to be run, in percent. An emulator is slow.
pub fn percent() -> u64 {
    setting("HEADWATER_CLASSES_SCALE", if emulator::name().is_some() { 10 } else { 100 })
}

/// Whether case number `case` is run where `percent` of all are, always the same ones.
pub fn chosen(case: usize, percent: u64) -> bool {
    let mut z = (case as u64).wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 31).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ z >> 29) % 100 < percent
}

/// A number.
#[derive(Copy, Clone, PartialEq, Eq)]
pub enum V {
    I32(u32),
    I64(u64),
    F32(u32),
    F64(u64),
}

impl fmt::Debug for V {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            V::I32(v) => write!(f, "i32 {v:#x}"),
            V::I64(v) => write!(f, "i64 {v:#x}"),
            V::F32(v) => write!(f, "f32 {v:#x}"),
            V::F64(v) => write!(f, "f64 {v:#x}"),
        }
    }
}

impl V {
    /// The value, or one NaN in place of all.
    fn canonical(self) -> V {
        match self {
            V::F32(v) if f32::from_bits(v).is_nan() => V::F32(0x7fc0_0000),
            V::F64(v) if f64::from_bits(v).is_nan() => V::F64(0x7ff8 << 48),
            v => v,
        }
    }

    pub fn val(self) -> Val {
        match self {
            V::I32(v) => Val::I32(v as i32),
            V::I64(v) => Val::I64(v as i64),
            V::F32(v) => Val::F32(v),
            V::F64(v) => Val::F64(v),
        }
    }
}

/// Results, or what the call trapped with.
pub type Outcome = Result<Vec<V>, &'static str>;

/// One call of an exported function.
#[derive(Clone, Debug)]
pub struct Call {
    pub name: String,
    pub args: Vec<V>,
}

/// Shorthand for [`Call`].
pub fn call(name: impl Into<String>, args: &[V]) -> Call {
    Call { name: name.into(), args: args.to_vec() }
}

/// What modules can import from `host`: the identity on i32 (`id`) and i64 (`id64`), a reference made of a number
/// (`ref`) and back, −1 for null (`mark`), and nothing (`nothing`).
pub const HOST: &str = r#"
    (import "host" "id" (func $host_id (param i32) (result i32)))
    (import "host" "id64" (func $host_id64 (param i64) (result i64)))
    (import "host" "ref" (func $ref (param i32) (result externref)))
    (import "host" "mark" (func $mark (param externref) (result i32)))
    (import "host" "nothing" (func $nothing))"#;

/// Instances in Headwater.
pub struct Ours {
    pub store: Store<()>,
    pub instance: headwater::Instance,
}

fn our_value(v: &Val) -> V {
    match *v {
        Val::I32(v) => V::I32(v as u32),
        Val::I64(v) => V::I64(v as u64),
        Val::F32(v) => V::F32(v),
        Val::F64(v) => V::F64(v),
        _ => panic!("the functions that are called give numbers"),
    }
}

/// The trap in `error`, in the core suite's terms.
pub fn trap_name(error: &headwater::Error) -> &'static str {
    match error.downcast_ref::<Trap>().unwrap_or_else(|| panic!("not a trap: {error:?}")) {
        Trap::UnreachableCodeReached => "unreachable",
        Trap::MemoryOutOfBounds => "memory out of bounds",
        Trap::TableOutOfBounds => "table out of bounds",
        Trap::IndirectCallToNull => "call of null",
        Trap::IntegerDivisionByZero => "division by zero",
        Trap::IntegerOverflow => "integer overflow",
        Trap::BadConversionToInteger => "bad conversion",
        Trap::BadSignature => "bad signature",
        other => panic!("unexpected: {other}"),
    }
}

/// Defines what [`HOST`] imports.
pub fn link_host(linker: &mut Linker<()>) {
    fn id<T>(v: T) -> T {
        v
    }
    let defined = [
        linker.func_wrap("host", "id", id::<i32>).is_ok(),
        linker.func_wrap("host", "id64", id::<i64>).is_ok(),
        linker
            .func_wrap("host", "ref", |mut caller: headwater::Caller<'_, ()>, n: i32| -> headwater::Result<_> {
                Ok(Some(ExternRef::new(&mut caller, n)?))
            })
            .is_ok(),
        linker
            .func_wrap(
                "host",
                "mark",
                |caller: headwater::Caller<'_, ()>,
                 r: Option<headwater::Rooted<ExternRef>>|
                 -> headwater::Result<i32> {
                    let Some(r) = r else { return Ok(-1) };
                    let data = r.data(&caller)?.expect("references have values");
                    Ok(*data.downcast_ref::<i32>().expect("all are numbers"))
                },
            )
            .is_ok(),
        linker.func_wrap("host", "nothing", || {}).is_ok(),
    ];
    assert_eq!(defined, [true; 5]);
}

impl Ours {
    /// Instantiates each of `modules`, the exports of which the later ones can import by its name.
    pub fn new(engine: &Engine, modules: &[(&str, Vec<u8>)]) -> Ours {
        let mut linker = Linker::new(engine);
        link_host(&mut linker);
        let mut store = Store::new(engine, ());
        let mut last = None;
        for (name, wasm) in modules {
            let module = Module::new(engine, wasm).unwrap_or_else(|e| panic!("{name} is valid: {e}"));
            let instance = linker.instantiate(&mut store, &module).expect("the modules can be instantiated");
            linker.instance(&mut store, name, instance).expect("names are there once");
            last = Some(instance);
        }
        Ours { store, instance: last.expect("there is a module") }
    }

    pub fn call(&mut self, call: &Call) -> Outcome {
        let func = self.instance.get_func(&mut self.store, &call.name).unwrap_or_else(|| panic!("no {}", call.name));
        let args: Vec<_> = call.args.iter().map(|v| v.val()).collect();
        let mut results = vec![Val::I32(0); func.ty(&self.store).results().len()];
        match func.call(&mut self.store, &args, &mut results) {
            Ok(()) => Ok(results.iter().map(our_value).collect()),
            Err(e) => Err(trap_name(&e)),
        }
    }

    /// The contents of an exported memory.
    pub fn memory(&mut self, name: &str) -> Vec<u8> {
        let memory = self.instance.get_memory(&mut self.store, name).expect("the memory is exported");
        memory.data(&self.store).to_vec()
    }
}

/// The same in wasmi.
struct Theirs {
    store: wasmi::Store<()>,
    instance: wasmi::Instance,
}

fn their_value(v: &wasmi::Val) -> V {
    match v {
        wasmi::Val::I32(v) => V::I32(*v as u32),
        wasmi::Val::I64(v) => V::I64(*v as u64),
        wasmi::Val::F32(v) => V::F32(v.to_bits()),
        wasmi::Val::F64(v) => V::F64(v.to_bits()),
        _ => panic!("the functions that are called give numbers"),
    }
}

impl Theirs {
    fn new(modules: &[(&str, Vec<u8>)]) -> Theirs {
        use wasmi::{Caller, ExternRef, Ref};
        let engine = wasmi::Engine::default();
        let mut linker = wasmi::Linker::<()>::new(&engine);
        let defined = [
            linker.func_wrap("host", "id", |v: i32| v).is_ok(),
            linker.func_wrap("host", "id64", |v: i64| v).is_ok(),
            linker
                .func_wrap("host", "ref", |mut caller: Caller<'_, ()>, n: i32| Ref::Val(ExternRef::new(&mut caller, n)))
                .is_ok(),
            linker
                .func_wrap("host", "mark", |caller: Caller<'_, ()>, r: Ref<ExternRef>| match r.val() {
                    Some(r) => *r.data(&caller).downcast_ref::<i32>().expect("all are numbers"),
                    None => -1,
                })
                .is_ok(),
            linker.func_wrap("host", "nothing", || {}).is_ok(),
        ];
        assert_eq!(defined, [true; 5]);
        let mut store = wasmi::Store::new(&engine, ());
        let mut last = None;
        for (name, wasm) in modules {
            let module = wasmi::Module::new(&engine, wasm).unwrap_or_else(|e| panic!("{name} is valid: {e}"));
            let instance = linker.instantiate_and_start(&mut store, &module).expect("the modules can be instantiated");
            linker.instance(&mut store, name, instance).expect("names are there once");
            last = Some(instance);
        }
        Theirs { store, instance: last.expect("there is a module") }
    }

    fn call(&mut self, call: &Call) -> Outcome {
        let func = self.instance.get_func(&self.store, &call.name).unwrap_or_else(|| panic!("no {}", call.name));
        let args: Vec<_> = call
            .args
            .iter()
            .map(|v| match *v {
                V::I32(v) => wasmi::Val::I32(v as i32),
                V::I64(v) => wasmi::Val::I64(v as i64),
                V::F32(v) => wasmi::Val::F32(wasmi::F32::from_bits(v)),
                V::F64(v) => wasmi::Val::F64(wasmi::F64::from_bits(v)),
            })
            .collect();
        let mut results = vec![wasmi::Val::I32(0); func.ty(&self.store).results().len()];
        let Err(error) = func.call(&mut self.store, &args, &mut results) else {
            return Ok(results.iter().map(their_value).collect());
        };
        Err(match error.as_trap_code() {
            Some(trap) => their_trap(trap),
            // Some of the operators on tables have errors of their own.
            None if error.to_string().contains("out of bounds table access") => "table out of bounds",
            None => panic!("not a trap: {error}"),
        })
    }

    fn memory(&mut self, name: &str) -> Vec<u8> {
        let memory = self.instance.get_memory(&self.store, name).expect("the memory is exported");
        memory.data(&self.store).to_vec()
    }
}

fn their_trap(trap: wasmi::TrapCode) -> &'static str {
    use wasmi::TrapCode;
    match trap {
        TrapCode::UnreachableCodeReached => "unreachable",
        TrapCode::MemoryOutOfBounds => "memory out of bounds",
        TrapCode::TableOutOfBounds => "table out of bounds",
        TrapCode::IndirectCallToNull => "call of null",
        TrapCode::IntegerDivisionByZero => "division by zero",
        TrapCode::IntegerOverflow => "integer overflow",
        TrapCode::BadConversionToInteger => "bad conversion",
        TrapCode::BadSignature => "bad signature",
        other => panic!("unexpected: {other}"),
    }
}

/// The module that `text` describes.
#[track_caller]
pub fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

/// What differs after the calls, made one after the other in one instance of `modules`, in Headwater with each of
/// `modes` and in wasmi; at the end the exported memories `memories` are compared. NaNs are one value.
pub fn differences(modules: &[(&str, Vec<u8>)], calls: &[Call], memories: &[&str], modes: &[&str]) -> Vec<String> {
    let mut theirs = Theirs::new(modules);
    let canonical = |outcome: Outcome| outcome.map(|vs| vs.into_iter().map(V::canonical).collect::<Vec<_>>());
    let expected: Vec<_> = calls.iter().map(|call| canonical(theirs.call(call))).collect();
    let mut found = Vec::new();
    for mode in modes {
        let mut ours = Ours::new(&engine(mode), modules);
        for (call, expected) in calls.iter().zip(&expected) {
            let outcome = canonical(ours.call(call));
            if outcome != *expected {
                let Call { name, args } = call;
                found.push(format!("{name}{args:?} with `{mode}`: {outcome:x?}, wasmi: {expected:x?}"));
                if found.len() > 20 {
                    return found;
                }
            }
        }
        for name in memories {
            if ours.memory(name) != theirs.memory(name) {
                found.push(format!("memory {name} with `{mode}`"));
            }
        }
    }
    found
}

/// There are no [`differences`].
#[track_caller]
pub fn compare(modules: &[(&str, Vec<u8>)], calls: &[Call], memories: &[&str], modes: &[&str]) {
    let found = differences(modules, calls, memories, modes);
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}
