//! The WebAssembly frames that were on the stack when an error occurred.

use crate::Module;
use crate::module::lookup::lookup;
use crate::printable;
use crate::vm::frames::RawBacktrace;
use std::fmt;

/// The WebAssembly frames on the stack, innermost first. The error of a call that trapped or in which a host function
/// failed carries one: `error.downcast_ref::<WasmBacktrace>()`.
///
/// For very deep stacks only the innermost frames are kept.
#[derive(Clone)]
pub struct WasmBacktrace {
    frames: Vec<FrameInfo>,
    cut: bool,
}

impl WasmBacktrace {
    /// Finds out what the addresses mean. The modules must be alive, as they are while their store is.
    pub(crate) fn from_raw(raw: &RawBacktrace) -> WasmBacktrace {
        // SAFETY: the addresses come from a stack with frames of a store that is borrowed by the caller.
        let frames = raw.pcs.iter().filter_map(|&pc| unsafe { FrameInfo::at(pc) }).collect();
        WasmBacktrace { frames, cut: raw.cut }
    }

    /// The frames, innermost first.
    pub fn frames(&self) -> &[FrameInfo] {
        &self.frames
    }
}

impl fmt::Debug for WasmBacktrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WasmBacktrace").field("frames", &self.frames).finish_non_exhaustive()
    }
}

/// `error while executing at wasm backtrace:` and a line for each frame: its number, the offset of
/// the operator in the module, the names of module and function as [`printable`] shows them.
impl fmt::Display for WasmBacktrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("error while executing at wasm backtrace:")?;
        for (i, frame) in self.frames.iter().enumerate() {
            write!(f, "\n  {i:>3}: ")?;
            if let Some(offset) = frame.module_offset() {
                write!(f, "{offset:#6x} - ")?;
            }
            write!(f, "{}!", printable::name(frame.module().name().unwrap_or("<unknown>")))?;
            match frame.func_name() {
                Some(name) => write!(f, "{}", printable::name(name))?,
                None => write!(f, "<wasm function {}>", frame.func_index())?,
            }
            #[cfg(feature = "debug")]
            for symbol in frame.symbols() {
                let Some(file) = symbol.file() else { continue };
                write!(f, "\n{:>24} {}", "at", printable::name(file))?;
                for number in [symbol.line(), symbol.column()].into_iter().flatten() {
                    write!(f, ":{number}")?;
                }
            }
        }
        if self.cut {
            f.write_str("\n       ... and more frames")?;
        }
        Ok(())
    }
}

/// A WebAssembly function that was running.
#[derive(Clone)]
pub struct FrameInfo {
    module: Module,
    func: u32,
    body: u32,
    operator: Option<u32>,
}

impl FrameInfo {
    /// # Safety
    /// If `pc` is in a module's code, the module must be alive.
    unsafe fn at(pc: usize) -> Option<FrameInfo> {
        // SAFETY: guaranteed by the caller.
        let hit = unsafe { lookup(pc) }?;
        // SAFETY: guaranteed by the caller.
        let module = unsafe { hit.module() };
        Some(FrameInfo { module, func: hit.func, body: hit.body, operator: hit.wasm })
    }

    /// Index of the function in its module's function index space.
    pub fn func_index(&self) -> u32 {
        self.func
    }

    /// The module of the function.
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// The function's name in the module's name section, if it has one.
    pub fn func_name(&self) -> Option<&str> {
        self.module.func_name(self.func)
    }

    /// Offset of the operator in the module, in bytes: what was called or what trapped.
    pub fn module_offset(&self) -> Option<usize> {
        self.operator.map(|o| o as usize)
    }

    /// Where in the source code the operator comes from, innermost first: several places where functions were inlined,
    /// none without debug information in the module or if it is not asked for
    /// ([`Config::wasm_backtrace_details`](crate::Config::wasm_backtrace_details)).
    #[cfg(feature = "debug")]
    pub fn symbols(&self) -> Vec<crate::FrameSymbol> {
        let sources = self.module.engine().config().shows_lines().then(|| self.module.sources()).flatten();
        sources.zip(self.operator).map_or(Vec::new(), |(sources, operator)| sources.symbols(operator))
    }

    /// Offset of the operator from the start of the function's body, in bytes.
    pub fn func_offset(&self) -> Option<usize> {
        self.operator.map(|o| (o - self.body) as usize)
    }
}

impl fmt::Debug for FrameInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameInfo")
            .field("module", &self.module.name())
            .field("func_index", &self.func)
            .field("func_name", &self.func_name())
            .field("module_offset", &self.module_offset())
            .finish()
    }
}
