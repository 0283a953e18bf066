//! Constant expressions as they arrive. They are read here, rather than by wasmparser once more, which has validated
//! them: it would look for the end of each, and then read it.

use super::sections::{Sections, invalid, unsupported};
use crate::error::CompileError;
use crate::module::constants::{self, ConstExpr, ConstOp, Unreadable};
use wasmparser::BinaryReader;

impl Sections {
    /// Takes in a valid constant expression up to its end; the functions that it names are declared.
    ///
    /// # Errors
    /// If it has an operator that is not known here.
    pub fn constant(&mut self, reader: &mut BinaryReader<'_>) -> Result<ConstExpr, CompileError> {
        let mut whole = reader.clone();
        let mut len = 0;
        while let Some(op) = constants::read(reader).map_err(unreadable)? {
            if let ConstOp::RefFunc(func) = op {
                self.env.declare(func);
            }
            len = reader.current_position() - whole.current_position();
        }
        let bytes = whole.read_bytes(len).map_err(invalid)?;
        Ok(self.info.constants.add(bytes))
    }
}

fn unreadable(why: Unreadable) -> CompileError {
    match why {
        Unreadable::Invalid(error) => invalid(error),
        Unreadable::Unknown => unsupported("an operator of a constant expression"),
    }
}
