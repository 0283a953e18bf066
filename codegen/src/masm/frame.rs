//! The frame: prologue and epilogue, and its slots.

use super::*;

/// The frame: prologue and epilogue, and its slots.
pub trait Frame: Sized {
    /// Emits everything up to the stack check; the frame size is patched later. Returns the position to patch. `locals`:
    /// how many bytes of the frame are known to be needed below the saved registers.
    fn prologue(&mut self, gpr_pins: usize, fpr_pins: usize, locals: u32) -> u32;
    /// Sets the size of the frame below the saved registers, in bytes.
    fn patch_frame(&mut self, prologue: u32, gpr_pins: usize, fpr_pins: usize, size: u32);
    /// `dst = fp + disp`
    fn frame_address(&mut self, dst: Gpr, disp: i32);
    /// Begins a landing, where the runtime lets the code go on.
    fn landing(&mut self);
    /// Restores and returns.
    fn epilogue(&mut self, gpr_pins: usize, fpr_pins: usize);
    /// Zeroes `count` 8-byte slots that begin at `disp` and go up. Overwrites temporaries if `count` is large.
    fn zero_slots(&mut self, disp: i32, count: u32);
    /// Functions begin at multiples of so many bytes.
    const ENTRY_ALIGNMENT: u32;
    /// Fills up to the entry alignment with trap instructions.
    fn align_entry(&mut self);
    /// Loads an integer or reference of type `ty` from a frame slot.
    fn load_frame(&mut self, ty: Ty, dst: Gpr, disp: i32);
    /// Stores 64 bits of an integer register to a frame slot.
    fn store_frame(&mut self, src: Gpr, disp: i32);
    /// Stores a constant (sign-extended) to all 8 bytes of a frame slot.
    fn store_frame_imm(&mut self, value: i32, disp: i32);
    /// Loads a float from a frame slot.
    fn fload_frame(&mut self, w: Width, dst: Fpr, disp: i32);
    /// Stores a float to a frame slot (8 bytes).
    fn fstore_frame(&mut self, src: Fpr, disp: i32);
}
