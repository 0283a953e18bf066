//! wasmparser's validator, which is shown sections when it is asked for something.
//!
//! What is valid needs no words. Sections that were taken in wait here, as they came, until something must be judged: a
//! section or a body that was refused, or in debug builds any body and the module's end.
//!
//! `ACCEPTED`: what [`super::sections`] takes in is what wasmparser accepts, so that what waits is accepted when it is shown.

use super::elements;
use super::resources::Resources;
use super::widths::{Known, Widths};
use crate::error::CompileError;
use crate::features;
use headwater_codegen::ModuleEnv;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasmparser::{
    BinaryReader, FromReader, FunctionBody, Payload, SectionLimited, Validator, ValidatorResources, WasmFeatures,
};

type Result<T, E = CompileError> = std::result::Result<T, E>;

/// Shared by the stream and those who compile its bodies.
#[derive(Clone)]
pub(super) struct SharedJudge(Arc<Mutex<Judge>>);

impl SharedJudge {
    pub fn new(features: WasmFeatures) -> SharedJudge {
        SharedJudge(Arc::new(Mutex::new(Judge::new(features))))
    }

    pub fn lock(&self) -> MutexGuard<'_, Judge> {
        // A panic in wasmparser ends this stream, whatever it has left there.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for SharedJudge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedJudge").finish_non_exhaustive()
    }
}

/// A section that the validator has not seen.
struct Unseen {
    id: u8,
    /// Where its contents are in the module.
    range: Range<u64>,
    /// Its contents; of the code section none.
    contents: Box<[u8]>,
}

pub(super) struct Judge {
    validator: Validator,
    features: WasmFeatures,
    widths: Widths,
    /// Whether there are element segments that the validator has not seen, nor will.
    hidden_elements: bool,
    unseen: Vec<Unseen>,
    /// The number of bodies in the code section, if that was seen or waits.
    bodies: u32,
    /// What the validator knows once it has seen the start of a code section.
    resources: Option<ValidatorResources>,
}

fn invalid(error: wasmparser::Error) -> CompileError {
    CompileError::invalid(&error, None)
}

impl Judge {
    fn new(features: WasmFeatures) -> Judge {
        Judge {
            validator: Validator::new_with_features(features),
            features,
            widths: Widths::default(),
            hidden_elements: false,
            unseen: Vec::new(),
            bodies: 0,
            resources: None,
        }
    }

    /// Judges what was refused, or what `width` says is too wide for wasmparser: a section with these contents.
    pub fn see(&mut self, payload: &Payload<'_>, contents: &[u8], known: &Known<'_>, width: Option<u64>) -> Result<()> {
        self.catch_up()?;
        let elements = elements::judge(&mut self.validator, payload, contents, known)?;
        self.hidden_elements |= elements;
        if !elements && !self.widths.judge(&mut self.validator, payload, contents, known, width)? {
            self.validator.payload(payload).map_err(|error| refused(&error, payload, contents))?;
        }
        self.saw(payload)
    }

    /// Has `payload` wait, a valid section with these contents and of this width. Returns whether it does: it may be one
    /// that wasmparser must not see as it is.
    pub fn defer(&mut self, payload: &Payload<'_>, contents: &[u8], width: u64) -> bool {
        let Some((id, range)) = payload.as_section() else { return false };
        if let Payload::CustomSection(_) = payload {
            return true;
        }
        if elements::are_too_many(payload) || !self.widths.take(width) {
            return false;
        }
        let contents = match payload {
            Payload::CodeSectionStart { count, .. } => {
                self.bodies = *count;
                Box::default()
            }
            _ => contents.into(),
        };
        self.unseen.push(Unseen { id, range, contents });
        true
    }

    /// The validator, which has seen all sections so far.
    pub fn validator(&mut self) -> Result<&mut Validator> {
        self.catch_up()?;
        Ok(&mut self.validator)
    }

    /// What the validator knows of a module that has bodies, and what was hidden from it.
    pub fn resources(&mut self, env: &Arc<ModuleEnv>) -> Result<Resources> {
        self.catch_up()?;
        let seen = self.resources.clone().ok_or_else(|| CompileError::internal("bodies without a code section"))?;
        let hides = self.hidden_elements || self.widths.hidden_exports;
        Ok(Resources::new(seen, hides.then(|| env.clone())))
    }

    /// Shows the validator all sections that wait.
    fn catch_up(&mut self) -> Result<()> {
        for section in std::mem::take(&mut self.unseen) {
            let shown = section.show(self.features, &mut self.validator);
            debug_assert_accepted(section.id, &shown);
            shown.map_err(invalid)?;
            if section.id == CODE {
                self.enter_code(section.range.start)?;
            }
        }
        Ok(())
    }

    fn saw(&mut self, payload: &Payload<'_>) -> Result<()> {
        match payload {
            Payload::CodeSectionStart { count, unchecked_range, .. } => {
                self.bodies = *count;
                self.enter_code(unchecked_range.start)
            }
            _ => Ok(()),
        }
    }

    /// Takes what bodies are judged with, the same for all of them: later, data sections may have been seen.
    fn enter_code(&mut self, at: u64) -> Result<()> {
        if self.bodies > 0 {
            let body = FunctionBody::new(BinaryReader::new_features(&[], at, self.features));
            let first = self.validator.code_section_entry(&body).map_err(invalid)?;
            self.resources = Some(first.resources);
        }
        Ok(())
    }
}

/// The invariant `ACCEPTED`, of a section that was taken in.
fn debug_assert_accepted(id: u8, shown: &wasmparser::Result<()>) {
    debug_assert!(shown.is_ok(), "section {id} was taken in, but wasmparser rejects it: {shown:?}");
}

/// Numbers of sections (specification section 5.5.2).
const TYPE: u8 = 1;
const IMPORT: u8 = 2;
const FUNCTION: u8 = 3;
const TABLE: u8 = 4;
const MEMORY: u8 = 5;
const GLOBAL: u8 = 6;
const EXPORT: u8 = 7;
const START: u8 = 8;
const ELEMENT: u8 = 9;
const CODE: u8 = 10;
const DATA_COUNT: u8 = 12;
const TAG: u8 = 13;

impl Unseen {
    fn show(&self, features: WasmFeatures, validator: &mut Validator) -> wasmparser::Result<()> {
        fn section<'a, T: FromReader<'a>>(reader: BinaryReader<'a>) -> wasmparser::Result<SectionLimited<'a, T>> {
            SectionLimited::new(reader)
        }
        let mut reader = BinaryReader::new_features(&self.contents, self.range.start, features);
        match self.id {
            TYPE => validator.type_section(&section(reader)?),
            IMPORT => validator.import_section(&section(reader)?),
            FUNCTION => validator.function_section(&section(reader)?),
            TABLE => validator.table_section(&section(reader)?),
            MEMORY => validator.memory_section(&section(reader)?),
            TAG => validator.tag_section(&section(reader)?),
            GLOBAL => validator.global_section(&section(reader)?),
            EXPORT => validator.export_section(&section(reader)?),
            START => validator.start_section(reader.read_var_u32()?, &self.range),
            ELEMENT => validator.element_section(&section(reader)?),
            DATA_COUNT => validator.data_count_section(reader.read_var_u32()?, &self.range),
            CODE => validator.code_section_start(&self.range),
            id => validator.unknown_section(id, &self.range),
        }
    }
}

/// What is wrong with `payload`, a section with these contents.
#[cold]
fn refused(error: &wasmparser::Error, payload: &Payload<'_>, contents: &[u8]) -> CompileError {
    if features::is_about_memory64(error, payload, contents) {
        return CompileError::unsupported("memory64", error, None);
    }
    CompileError::invalid(error, None)
}
