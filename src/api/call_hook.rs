//! The transitions between the host and WebAssembly code, of which a hook can be told.

/// Where control passes between the host and WebAssembly code; see [`Store::call_hook`](crate::Store::call_hook).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum CallHook {
    /// The host calls a WebAssembly function.
    CallingWasm,
    /// A WebAssembly function returns to the host, or traps.
    ReturningFromWasm,
    /// A host function is called.
    CallingHost,
    /// A host function returns, or fails.
    ReturningFromHost,
}

impl CallHook {
    /// Whether the host runs from here on.
    pub fn entering_host(&self) -> bool {
        matches!(self, CallHook::ReturningFromWasm | CallHook::CallingHost)
    }

    /// Whether WebAssembly code runs from here on.
    pub fn exiting_host(&self) -> bool {
        !self.entering_host()
    }
}
