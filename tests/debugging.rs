//! What debuggers and backtraces are told about code (`Config::debug_info`, `Config::wasm_backtrace_details`).

mod api_common;

use api_common::module;
use headwater::{Config, Engine, Instance, Module, Store, Trap, WasmBacktrace, WasmBacktraceDetails};
use std::io::Write;
use std::process::{Command, Stdio};

/// Functions `outer`, `middle` and `inner` with lines, and a division that is inlined.
const LINES: &[u8] = include_bytes!("debugging/lines.wasm");

fn engine(change: impl FnOnce(&mut Config) -> &mut Config) -> Engine {
    Engine::new(change(&mut Config::new())).unwrap()
}

/// The error of a division by zero in three functions.
fn trapped(engine: &Engine, module: &Module) -> headwater::Error {
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, module, &[]).unwrap();
    let outer = instance.get_typed_func::<i32, i32>(&mut store, "outer").unwrap();
    assert_eq!(outer.call(&mut store, 5).unwrap(), 41);
    let error = outer.call(&mut store, 0).unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&Trap::IntegerDivisionByZero));
    error
}

#[test]
fn backtraces_have_files_and_lines_if_that_is_asked_for() {
    let engine_with = engine(|config| config.wasm_backtrace_details(WasmBacktraceDetails::Enable));
    let compiled = Module::new(&engine_with, LINES).unwrap();
    // Loaded, it has them, too.
    // SAFETY: the bytes are what `serialize` gave.
    let loaded = unsafe { Module::deserialize(&engine_with, compiled.serialize().unwrap()) }.unwrap();
    for module in [&compiled, &loaded] {
        let error = trapped(&engine_with, module);
        let backtrace = error.downcast_ref::<WasmBacktrace>().unwrap();
        let places: Vec<Vec<_>> = backtrace
            .frames()
            .iter()
            .map(|frame| {
                let symbols = frame.symbols();
                symbols.iter().map(|s| format!("{} {}", s.name().unwrap(), s.line().unwrap())).collect()
            })
            .collect();
        assert_eq!(places, [vec!["inlined 4", "inner 8"], vec!["middle 13"], vec!["outer 18"]]);
        let symbols = backtrace.frames()[1].symbols();
        assert!(symbols[0].file().unwrap().ends_with("lines.c") && symbols[0].column().unwrap() > 1);
        let text = backtrace.to_string();
        for part in
            ["inner\n", "at ./lines.c:4:16\n", "at ./lines.c:8:", "middle\n", "at ./lines.c:13:", "at ./lines.c:18:"]
        {
            assert!(text.contains(part), "{part:?} is missing: {text}");
        }
    }
    // Not asked for: nothing is kept.
    let plain = engine(|config| config);
    let without = Module::new(&plain, LINES).unwrap();
    let error = trapped(&plain, &without);
    let backtrace = error.downcast_ref::<WasmBacktrace>().unwrap();
    assert!(backtrace.frames().iter().all(|frame| frame.symbols().is_empty()));
    assert!(!backtrace.to_string().contains("lines.c"), "{backtrace}");
    assert!(without.compile_stats().metadata_bytes + 500 < compiled.compile_stats().metadata_bytes);
}

#[test]
fn debug_information_that_is_nonsense_is_left_out() {
    let engine = engine(|config| config.wasm_backtrace_details(WasmBacktraceDetails::Enable).debug_info(true));
    let at = LINES.windows(12).position(|w| w == b".debug_info\x0b" || w.starts_with(b".debug_info")).unwrap() + 11;
    for (start, value) in [(0, 0xff), (4, 0xff), (8, 0x7f), (20, 0), (40, 0xaa)] {
        let mut bytes = LINES.to_vec();
        bytes[at + start..at + start + 16].fill(value);
        let module = Module::new(&engine, &bytes).unwrap();
        trapped(&engine, &module);
    }
    // A module that has none.
    let module = module(
        &engine,
        r#"(module (func (export "outer") (param i32) (result i32)
        (i32.sub (i32.mul (i32.const 2) (i32.add (i32.div_s (i32.const 100) (local.get 0)) (i32.const 1))) (i32.const 1))))"#,
    );
    trapped(&engine, &module);
}

/// What GDB says of a process that runs the test of the name `debuggee`.
fn gdb(commands: &[&str]) -> Option<String> {
    let here = std::env::current_exe().unwrap();
    let mut gdb = Command::new("gdb");
    gdb.args(["-nx", "-batch", "-iex", "set debuginfod enabled off"]);
    for command in commands {
        gdb.args(["-ex", command]);
    }
    gdb.args(["--args"]).arg(here).args(["--exact", "debuggee", "--ignored", "--nocapture", "--test-threads=1"]);
    let output = match gdb.stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("note: there is no gdb, so it was not asked");
            return None;
        }
        Err(error) => panic!("{error}"),
    };
    Some(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

/// Not a test: what GDB looks at.
#[test]
#[ignore = "it is run by gdb"]
fn debuggee() {
    let engine = engine(|config| config.debug_info(true));
    let module = Module::new(&engine, LINES).unwrap();
    trapped(&engine, &module);
    let without = api_common::module(&engine, "(module $other (func $unused))");
    drop(without);
    std::io::stdout().flush().unwrap();
}

#[test]
#[cfg_attr(not(target_arch = "x86_64"), ignore = "gdb cannot look into the emulator")]
fn gdb_shows_functions_and_lines() {
    let wanted = ["run", "backtrace", "info symbol $pc", "info line *$pc"];
    let setup = ["set breakpoint pending on", "handle SIGILL stop nopass", "handle SIGSEGV nostop pass noprint"];
    let Some(said) = gdb(&[&setup[..], &wanted[..]].concat()) else { return };
    // The trap is in compiled code, whose callers are known up to the test itself.
    let frames: Vec<&str> = said.lines().filter(|line| line.starts_with('#')).collect();
    let text = frames.join("\n");
    for (i, name) in ["inner", "middle", "outer"].iter().enumerate() {
        assert!(frames.get(i).is_some_and(|frame| frame.contains(name)), "frame {i} is not {name}: {said}");
    }
    assert!(text.contains("lines.c:4") && text.contains("lines.c:13") && text.contains("lines.c:18"), "{said}");
    // Without debug information of this binary, frames have their names with paths.
    assert!(frames.iter().any(|frame| frame.contains("trapped")), "{said}");
    // By name and by line, before there is code.
    let Some(said) =
        gdb(&[setup[0], "break middle", "run", "backtrace 1", "delete", "break lines.c:13", "continue", "backtrace 1"])
    else {
        return;
    };
    assert!(said.contains("middle") && said.contains("lines.c:13"), "{said}");
}
