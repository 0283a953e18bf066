//! Moves between registers, and constants. All keep FLAGS but [`Moves::set_imm`].

use super::*;

/// A float constant that an instruction loads from the pool after the function's code.
#[derive(Copy, Clone, Debug)]
pub struct Constant {
    /// Where the instruction's reference to it is.
    pub site: u32,
    /// Its bits.
    pub bits: u64,
}

/// Moves between registers, and constants. All keep FLAGS but [`Moves::set_imm`].
pub trait Moves: super::Frame {
    /// Emits the constants that the function loads, after its code, and empties their lists.
    fn finish_pool(&mut self);
    /// Register to register, integers, 64 bits. Nothing if they are the same.
    fn mov(&mut self, dst: Gpr, src: Gpr);
    /// Register to register, i32: establishes `ZEXT` whatever the source's upper half.
    fn mov32(&mut self, dst: Gpr, src: Gpr);
    /// A constant.
    fn mov_imm(&mut self, dst: Gpr, value: i64);
    /// A constant, in the shortest form; the exception here: does not keep FLAGS.
    fn set_imm(&mut self, dst: Gpr, value: i64);
    /// Brings an integer or reference of type `ty` to a register.
    #[inline(always)]
    fn mov_from(&mut self, ty: Ty, dst: Gpr, src: Loc) {
        if src.is_frame() {
            self.load_frame(ty, dst, src.disp());
        } else if ty == Ty::I32 {
            self.mov32(dst, src.gpr());
        } else {
            self.mov(dst, src.gpr());
        }
    }
    /// Register to register, floats. Nothing if they are the same.
    fn fmov(&mut self, dst: Fpr, src: Fpr);
    /// A float constant given by its bits.
    fn fmov_imm(&mut self, w: Width, dst: Fpr, bits: u64);
}
