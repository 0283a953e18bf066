//! Where in the source code things are: for backtraces, and for debuggers, which [`debugger`] tells about code. DWARF is
//! read by addr2line, and written by gimli.

mod lines;
mod source;

pub use source::FrameSymbol;
pub(crate) use source::Sources;

use crate::code::debugger::{self, Named, Registration};
use crate::module::Module;
use crate::profiling::name_of;

/// Tells debuggers about the module, as long as the result lives. `None` if that is not possible, or it has no code.
pub(crate) fn register(module: &Module) -> Option<Registration> {
    let bytes = module.machine_code();
    if bytes.is_empty() {
        return None;
    }
    let code = debugger::Code {
        isa: module.engine().target().isa,
        address: bytes.as_ptr().addr() as u64,
        len: bytes.len() as u64,
        landing_pads: module.engine().config().checks().landing_pads,
    };
    let functions: Vec<Named> = module
        .functions()
        .map(|f| (code.address + f.code.start as u64, f.code.len() as u64, name_of(module, f.index)))
        .collect();
    let lines = module.sources().and_then(|sources| lines::of(module, sources, code.address)).unwrap_or_default();
    debugger::register(&code, &functions, lines)
}
