//! What the tests of the API share.
#![allow(dead_code, reason = "each test binary uses a part of it")]

pub mod emulator;

use headwater::{Config, Engine, Instance, Linker, Module, Store, Trap, WasmBacktrace};

/// The settings of tests: one thread, and what `HEADWATER_TEST_MODES` names (`Config::test_modes`).
pub fn config() -> Config {
    let mut config = Config::new();
    config.compile_threads(0).test_modes(&std::env::var("HEADWATER_TEST_MODES").unwrap_or_default());
    config
}

/// An engine that compiles on the calling thread.
pub fn engine() -> Engine {
    Engine::new(&config()).expect("the default settings work here")
}

/// The module that `text` describes.
pub fn module(engine: &Engine, text: &str) -> Module {
    let bytes = wat::parse_str(text).expect("the tests' modules are well-formed");
    Module::new(engine, bytes).expect("the tests' modules are valid")
}

/// A store and an instance of the module that `text` describes, with what `link` defines.
pub fn instance<T>(data: T, text: &str, link: impl FnOnce(&mut Linker<T>)) -> (Store<T>, Instance) {
    let engine = engine();
    let module = module(&engine, text);
    let mut linker = Linker::new(&engine);
    link(&mut linker);
    let mut store = Store::new(&engine, data);
    let instance = linker.instantiate(&mut store, &module).expect("the tests' modules can be instantiated");
    (store, instance)
}

/// The trap in `error`.
#[track_caller]
pub fn trap(error: &headwater::Error) -> Trap {
    *error.downcast_ref::<Trap>().unwrap_or_else(|| panic!("not a trap: {error:?}"))
}

/// The names of the functions in the backtrace of `error`, innermost first.
#[track_caller]
pub fn frames(error: &headwater::Error) -> Vec<String> {
    let backtrace = error.downcast_ref::<WasmBacktrace>().unwrap_or_else(|| panic!("no backtrace: {error:?}"));
    let name = |f: &headwater::FrameInfo| match f.func_name() {
        Some(name) => name.to_string(),
        None => format!("#{}", f.func_index()),
    };
    backtrace.frames().iter().map(name).collect()
}

/// Fills with ones all vector registers of which C functions need not preserve all.
pub fn clobber() {
    macro_rules! fill {
        ($before:literal $after:literal: $($register:tt)*) => {
            // SAFETY: these registers, which are declared as outputs, are all that changes.
            unsafe { std::arch::asm!($(concat!($before, $register, $after)),*, $(out($register) _),*) }
        };
    }
    #[cfg(target_arch = "x86_64")]
    fill!("pcmpeqd xmm0, xmm0\nmovaps " ", xmm0":
        "xmm0" "xmm1" "xmm2" "xmm3" "xmm4" "xmm5" "xmm6" "xmm7" "xmm8" "xmm9" "xmm10" "xmm11" "xmm12" "xmm13"
        "xmm14" "xmm15");
    #[cfg(target_arch = "aarch64")]
    fill!("movi " ".16b, #255":
        "v0" "v1" "v2" "v3" "v4" "v5" "v6" "v7" "v8" "v9" "v10" "v11" "v12" "v13" "v14" "v15" "v16" "v17" "v18" "v19"
        "v20" "v21" "v22" "v23" "v24" "v25" "v26" "v27" "v28" "v29" "v30" "v31");
}
