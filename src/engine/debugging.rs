//! What debuggers, profilers and backtraces are told.

use super::{Config, WasmBacktraceDetails};
use crate::profiling::ProfilingStrategy;

impl Config {
    /// Which profiler is told about the machine code of this engine's modules. None, by default, which costs nothing.
    ///
    /// [`Engine::new`](crate::Engine::new) fails if the profiler's file cannot be written.
    pub fn profiler(&mut self, profiler: ProfilingStrategy) -> &mut Config {
        self.profiler = profiler;
        self
    }

    pub(crate) fn get_profiler(&self) -> ProfilingStrategy {
        self.profiler
    }

    /// Whether debuggers that know GDB's interface for code made at run time are told about the machine code of this
    /// engine's modules: the functions' names, how their frames are unwound, and, where a module has debug information
    /// (DWARF), which line each instruction comes from. Off by default. Takes as much time as compiling, and some
    /// memory; code is the same.
    ///
    /// Has no effect without the cargo feature `debug`.
    pub fn debug_info(&mut self, enable: bool) -> &mut Config {
        self.debug_info = enable;
        self.map_operators |= enable && cfg!(feature = "debug");
        self
    }

    /// Whether backtraces have files and lines, where a module has debug information (DWARF). Off by default; the
    /// module's sections are kept then. With `Environment`, the variable `WASMTIME_BACKTRACE_DETAILS` decides: 1 is on.
    ///
    /// Has no effect without the cargo feature `debug`.
    pub fn wasm_backtrace_details(&mut self, details: WasmBacktraceDetails) -> &mut Config {
        self.backtrace_details = match details {
            WasmBacktraceDetails::Enable => true,
            WasmBacktraceDetails::Disable => false,
            WasmBacktraceDetails::Environment => {
                std::env::var("WASMTIME_BACKTRACE_DETAILS").is_ok_and(|value| value == "1")
            }
        };
        self
    }

    #[cfg(feature = "debug")]
    pub(crate) fn tells_debuggers(&self) -> bool {
        self.debug_info
    }

    #[cfg(feature = "debug")]
    pub(crate) fn shows_lines(&self) -> bool {
        self.backtrace_details
    }

    pub(crate) fn keeps_debug_sections(&self) -> bool {
        cfg!(feature = "debug") && (self.debug_info || self.backtrace_details)
    }
}
