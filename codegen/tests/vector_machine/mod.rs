//! Runs what the emitter of this machine's instruction set emits for vector operators.

use headwater_codegen::Target;
use headwater_codegen::TrapCode;
use headwater_codegen::masm::{Jumps, Lists, Masm, Moves};
use headwater_codegen::reg::{Fpr, Gpr};

pub use headwater_codegen::isa::aarch64::A64 as Emitter;

/// Registers of the arguments: pointers to operands and results.
pub const IN: u8 = 0;
pub const OUT: u8 = 1;
/// Temporaries, of which the first two follow each other.
pub const FPRS: [Fpr; 4] = [Fpr(3), Fpr(4), Fpr(21), Fpr(0)];
pub const GPRS: [Gpr; 3] = [Gpr(2), Gpr(9), Gpr(13)];
const RET: [u8; 4] = 0xd65f_03c0u32.to_le_bytes();

/// Memory that code is written to and run in.
pub struct Code {
    start: *mut u8,
}

const LEN: usize = 1 << 16;

impl Code {
    pub fn new() -> Code {
        let prot = libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC;
        // SAFETY: a new mapping changes none that there is.
        let start =
            unsafe { libc::mmap(std::ptr::null_mut(), LEN, prot, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0) };
        assert_ne!(start, libc::MAP_FAILED);
        Code { start: start.cast() }
    }

    /// Writes a function: what `emit` emits, and a return.
    pub fn write(&mut self, far: bool, emit: impl FnOnce(&mut Emitter)) {
        // SAFETY: the mapping is as long, and nothing else refers to it now.
        let code = unsafe { std::slice::from_raw_parts_mut(self.start, LEN) };
        let forms = Emitter::first_forms(if far { 1 << 30 } else { 0 }, far);
        let target = Target::host().expect("the tests run on this machine");
        // SAFETY: `code` outlives the emitter, and is not touched by others until it is done.
        let mut m = unsafe { Emitter::new(code, target, forms, Lists::default()) }.expect("there is room");
        emit(&mut m);
        let end = m.pos() as usize;
        // Something as long as a return, which takes its place.
        m.trap(TrapCode::Unreachable);
        m.finish_pool();
        assert!(!m.overflowed());
        let len = m.pos() as usize;
        drop(m);
        // SAFETY: as above, and the emitter is gone.
        unsafe {
            let ret = self.start.add(end);
            std::ptr::copy_nonoverlapping(RET.as_ptr(), ret, RET.len());
            flush(self.start, len);
        }
    }

    /// Calls the function that was written.
    pub fn call<const N: usize, const M: usize>(&self, operands: &[u128; N], results: &mut [u128; M]) {
        // SAFETY: a function of this type was written; it changes temporaries only and accesses what it is passed.
        unsafe {
            let function: extern "C" fn(*const u128, *mut u128) = std::mem::transmute(self.start);
            function(operands.as_ptr(), results.as_mut_ptr());
        }
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        // SAFETY: nobody runs it any more.
        unsafe { libc::munmap(self.start.cast(), LEN) };
    }
}

/// Has the processor see what was written.
///
/// # Safety
/// The range is code that this process wrote.
unsafe fn flush(start: *mut u8, len: usize) {
    unsafe extern "C" {
        fn __clear_cache(start: *mut u8, end: *mut u8);
    }
    // SAFETY: the caller's promise.
    unsafe { __clear_cache(start, start.add(len)) };
}
