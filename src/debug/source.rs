//! From offsets in a module to files and lines, by the DWARF sections that it has. Addresses there count from the start
//! of the code section's contents ("DWARF for WebAssembly").

use crate::module::info::ModuleInfo;
use addr2line::Context;
use gimli::{EndianArcSlice, LittleEndian};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// A place in source code that an operator was made from. Where functions were inlined, an operator has several.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FrameSymbol {
    name: Option<String>,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
}

impl FrameSymbol {
    /// The function, as its language writes it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The file.
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// The line, counted from 1.
    pub fn line(&self) -> Option<u32> {
        self.line
    }

    /// The column, counted from 1.
    pub fn column(&self) -> Option<u32> {
        self.column
    }
}

/// A module's debug information.
pub(crate) struct Sources {
    context: Mutex<Context<EndianArcSlice<LittleEndian>>>,
    /// Offset of the code section's contents in the module.
    code: u64,
}

impl Sources {
    /// `None` if the module has none, or it cannot be read.
    pub fn of(info: &ModuleInfo) -> Option<Sources> {
        if info.debug_sections.is_empty() {
            return None;
        }
        let load = |id: gimli::SectionId| -> Result<_, gimli::Error> {
            let found = info.debug_sections.iter().find(|(name, _)| **name == *id.name());
            let bytes = found.map_or(&[][..], |(_, bytes)| bytes);
            Ok(EndianArcSlice::new(Arc::from(bytes), LittleEndian))
        };
        let dwarf = gimli::Dwarf::load(load).ok()?;
        let context = Mutex::new(Context::from_dwarf(dwarf).ok()?);
        Some(Sources { context, code: info.code_section_at })
    }

    /// The places that the operator at `offset` in the module comes from, innermost first.
    pub fn symbols(&self, offset: u32) -> Vec<FrameSymbol> {
        let Some(address) = u64::from(offset).checked_sub(self.code) else { return Vec::new() };
        let context = self.context.lock().unwrap_or_else(PoisonError::into_inner);
        let mut symbols = Vec::new();
        let Ok(mut frames) = context.find_frames(address).skip_all_loads() else { return symbols };
        while let Ok(Some(frame)) = frames.next() {
            let name = frame.function.as_ref().and_then(|name| Some(name.demangle().ok()?.into_owned()));
            let (file, line, column) = frame.location.map_or((None, None, None), |location| {
                (location.file.map(str::to_owned), location.line, location.column)
            });
            symbols.push(FrameSymbol { name, file, line, column });
        }
        symbols
    }

    /// File and line of the operator at `offset` in the module.
    pub fn line(&self, offset: u32) -> Option<(String, u32)> {
        let address = u64::from(offset).checked_sub(self.code)?;
        let context = self.context.lock().unwrap_or_else(PoisonError::into_inner);
        let location = context.find_location(address).ok()??;
        Some((location.file?.to_owned(), location.line?))
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources").finish_non_exhaustive()
    }
}
