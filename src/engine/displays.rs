//! The displays of types of objects ([`headwater_codegen::vmctx::displays`]), where compiled code reads them.
//!
//! They are at fixed addresses, one after another by number: addresses are reserved for more types than there will be, and
//! get memory as numbers are given out. A display is only read while its type is in use, and so is not written then.

use crate::os::{self, Access};
use anyhow::{Context, Result};
use headwater_codegen::vmctx::{displays, gc};

/// What is reserved: for eight million types at a time. An object of a type beyond cannot be made
/// ([`Displays::base`] fails then), so that none is looked up.
const RESERVED: usize = 1 << 28;

/// Memory comes in pieces of this many bytes.
const PIECE: usize = 64 << 10;

const BYTES: usize = 1 << displays::LOG2;

/// All displays of an engine.
#[derive(Debug, Default)]
pub(super) struct Displays {
    /// Once there is one.
    base: Option<*mut u32>,
    /// How many bytes have memory.
    accessible: usize,
    /// There was no memory for one of them: modules with types of objects cannot be used.
    failed: bool,
}

// SAFETY: it owns its memory.
unsafe impl Send for Displays {}
// SAFETY: nothing is written through a shared reference.
unsafe impl Sync for Displays {}

impl Displays {
    /// Where the first one is.
    ///
    /// # Errors
    /// If there was no memory for one of them.
    pub fn base(&self) -> Result<*const u32> {
        let base = self.base.filter(|_| !self.failed);
        base.map(<*mut u32>::cast_const).context("no memory for types of objects")
    }

    /// Type `number` comes into use: an object type that is a subtype of these, itself the last.
    pub fn set(&mut self, number: u32, types: impl Iterator<Item = u32>) {
        let Some(display) = self.display((number & !gc::ARRAY) as usize) else {
            self.failed = true;
            return;
        };
        let mut types = types.chain(std::iter::repeat(u32::MAX));
        display.fill_with(|| types.next().expect("there is no end"));
    }

    fn display(&mut self, number: usize) -> Option<&mut [u32]> {
        let end = (number + 1) * BYTES;
        if end > RESERVED {
            return None;
        }
        let base = match self.base {
            Some(base) => base,
            None => *self.base.insert(os::reserve(RESERVED).ok()?.cast()),
        };
        if end > self.accessible {
            let more = (end - self.accessible).next_multiple_of(PIECE);
            // SAFETY: within the reservation, and not in use yet.
            unsafe { os::protect(base.wrapping_byte_add(self.accessible).cast(), more, Access::ReadWrite) }.ok()?;
            self.accessible += more;
        }
        // SAFETY: accessible, and read by nobody: the type was not in use.
        Some(unsafe { std::slice::from_raw_parts_mut(base.wrapping_byte_add(number * BYTES), displays::LEN as usize) })
    }
}

impl Drop for Displays {
    fn drop(&mut self) {
        if let Some(base) = self.base {
            // SAFETY: reserved as a whole, and nobody runs code of an engine that is gone.
            unsafe { os::release(base.cast(), RESERVED) };
        }
    }
}
