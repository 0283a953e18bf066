//! Ruby, as its npm packages ship it: not a program with a `_start`, but a library whose exports start the
//! interpreter and evaluate text, so that JavaScript can embed it. This makes it a program again.
//!
//! The library's interface passes strings as pairs of address and length, ended by a zero byte that counts, and Ruby's
//! values as handles that the host assigns. What it imports to reach JavaScript fails when called.

use crate::host::Host;
use anyhow::{Context, Result, anyhow};
use headwater::{AsContextMut, Instance, Linker, Memory, Module, Store, TypedFunc};
use std::sync::{Mutex, PoisonError};

const INIT: &str = "ruby-init: func(args: list<string>) -> ()";
const EVAL: &str = "rb-eval-string-protect: func(str: string) -> tuple<handle<rb-abi-value>, s32>";

/// What the `ruby` command does with its arguments: `-e CODE`, or a script's file name, or standard input. It ends by
/// calling `proc_exit`.
const MAIN: &str = r#"
status = 0
begin
  code = []
  code << ARGV.shift(2)[1].to_s while ARGV[0] == "-e"
  if code.empty?
    $0 = ARGV.shift || "-"
    text = $0 == "-" ? $stdin.read : File.read($0)
  else
    $0 = "-e"
    text = code.join("\n")
  end
  eval(text, TOPLEVEL_BINDING, $0, 1)
rescue SystemExit => e
  status = e.status
rescue Exception => e
  $stderr.puts e.full_message(highlight: false)
  status = 1
end
$stdout.flush
$stderr.flush
exit!(status)
"#;

/// Whether a module is Ruby as a library.
pub fn is_ruby(module: &Module) -> bool {
    module.get_export(INIT).is_some() && module.get_export(EVAL).is_some()
}

/// Defines what the library imports besides WASI.
pub fn link(linker: &mut Linker<Host>, module: &Module) -> Result<()> {
    let handles = std::sync::Arc::new(Mutex::new(Vec::<i32>::new()));
    let known = std::sync::Arc::clone(&handles);
    linker.func_wrap("canonical_abi", "resource_new_rb-abi-value", move |value: i32| -> i32 {
        let mut handles = handles.lock().unwrap_or_else(PoisonError::into_inner);
        handles.push(value);
        handles.len() as i32 - 1
    })?;
    linker.func_wrap("canonical_abi", "resource_get_rb-abi-value", move |handle: i32| -> Result<i32> {
        let handles = known.lock().unwrap_or_else(PoisonError::into_inner);
        handles.get(handle as usize).copied().ok_or_else(|| anyhow!("Ruby asks for an unknown value"))
    })?;
    linker.define_unknown_imports_as_traps(module)
}

/// Runs the interpreter with a program's arguments, the first of which is its name. Returns only if it fails to
/// start or, with an error, when the program exits.
pub fn run(store: &mut Store<Host>, instance: Instance, args: &[String]) -> Result<()> {
    instance.get_typed_func::<(), ()>(&mut *store, "_initialize")?.call(&mut *store, ())?;
    let memory = instance.get_memory(&mut *store, "memory").ok_or_else(|| anyhow!("exports no memory"))?;
    let allocate = instance.get_typed_func(&mut *store, "cabi_realloc")?;
    let guest = Guest { memory, allocate };

    let options = ["-EUTF-8", "-e_=0", "--"].map(String::from);
    let (name, rest) = args.split_first().context("a program has a name")?;
    let all: Vec<&String> = std::iter::once(name).chain(&options).chain(rest).collect();
    let list = guest.allocate(&mut *store, 4, 8 * all.len())?;
    for (i, arg) in all.iter().enumerate() {
        let (address, length) = guest.string(&mut *store, arg)?;
        let pair = [address.to_le_bytes(), length.to_le_bytes()].concat();
        guest.memory.write(&mut *store, list as usize + 8 * i, &pair)?;
    }
    let init = instance.get_typed_func::<(i32, i32), ()>(&mut *store, INIT)?;
    init.call(&mut *store, (list, all.len() as i32))?;

    let (address, length) = guest.string(&mut *store, MAIN)?;
    let eval = instance.get_typed_func::<(i32, i32), i32>(&mut *store, EVAL)?;
    eval.call(&mut *store, (address, length))?;
    Err(anyhow!("Ruby could not evaluate the program"))
}

/// The interpreter's memory and its allocator.
struct Guest {
    memory: Memory,
    /// Old address, old size, alignment, size.
    allocate: TypedFunc<(i32, i32, i32, i32), i32>,
}

impl Guest {
    fn allocate(&self, store: impl AsContextMut, align: i32, size: usize) -> Result<i32> {
        self.allocate.call(store, (0, 0, align, i32::try_from(size)?))
    }

    /// Copies a string into the memory. Returns its address and length.
    fn string(&self, mut store: impl AsContextMut, text: &str) -> Result<(i32, i32)> {
        let bytes = [text.as_bytes(), b"\0"].concat();
        let address = self.allocate(&mut store, 1, bytes.len())?;
        self.memory.write(&mut store, address as usize, &bytes)?;
        Ok((address, i32::try_from(bytes.len())?))
    }
}
