//! Runs what the emitter of this machine's instruction set emits for vector operators.

use headwater_codegen::Target;
use headwater_codegen::TrapCode;
use headwater_codegen::masm::{Jumps, Masm, Moves};
use headwater_codegen::reg::{Fpr, Gpr};

pub use machine::{Emitter, FPRS, GPRS, IN, OUT};

/// Registers of the arguments, which are pointers to operands and results, and temporaries, of which two that are
/// vectors follow each other.
#[cfg(target_arch = "aarch64")]
mod machine {
    use super::{Fpr, Gpr, Target};

    pub use headwater_codegen::isa::aarch64::A64 as Emitter;

    pub const IN: Gpr = Gpr(0);
    pub const OUT: Gpr = Gpr(1);
    pub const FPRS: [Fpr; 4] = [Fpr(3), Fpr(4), Fpr(21), Fpr(0)];
    pub const GPRS: [Gpr; 3] = [Gpr(2), Gpr(9), Gpr(13)];
    pub const RETURN: &[u8] = &0xd65f_03c0u32.to_le_bytes();
    pub const TARGETS: [Target; 1] = [Target::AARCH64];
}

#[cfg(target_arch = "x86_64")]
mod machine {
    use super::{Fpr, Gpr, Target};

    pub use headwater_codegen::isa::x64::X64 as Emitter;

    pub const IN: Gpr = Gpr(7);
    pub const OUT: Gpr = Gpr(6);
    pub const FPRS: [Fpr; 4] = [Fpr(3), Fpr(4), Fpr(11), Fpr(0)];
    pub const GPRS: [Gpr; 3] = [Gpr(0), Gpr(1), Gpr(2)];
    pub const RETURN: &[u8] = &[0xc3];
    /// Features that change what is emitted. There are five, so that each meets each of four registers.
    pub const TARGETS: [Target; 5] = [
        Target::X64_ALL,
        Target { sse42: true, ..Target::X64_BASELINE },
        Target { fma: true, sse42: true, avx: true, ..Target::X64_BASELINE },
        Target { sse42: true, avx: true, ..Target::X64_BASELINE },
        Target { fma: false, ..Target::X64_ALL },
    ];
}

/// Memory that code is written to and run in.
pub struct Code {
    start: *mut u8,
    /// How many functions were written that are not plain.
    written: usize,
}

const LEN: usize = 1 << 16;

impl Code {
    pub fn new() -> Code {
        let prot = libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC;
        // SAFETY: a new mapping changes none that there is.
        let start =
            unsafe { libc::mmap(std::ptr::null_mut(), LEN, prot, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0) };
        assert_ne!(start, libc::MAP_FAILED);
        Code { start: start.cast(), written: 0 }
    }

    /// Writes a function: what `emit` emits, and a return. If it is to be plain, it uses none of the processor's
    /// optional features, and the forms that always reach; if not, the features of all targets take turns.
    pub fn write(&mut self, plain: bool, emit: impl FnOnce(&mut Emitter)) {
        // SAFETY: the mapping is as long, and nothing else refers to it now.
        let code = unsafe { std::slice::from_raw_parts_mut(self.start, LEN) };
        let host = Target::host().expect("the tests run on this machine");
        let (target, body) = if plain {
            (host.baseline(), 1 << 30)
        } else {
            self.written += 1;
            let target = machine::TARGETS[self.written % machine::TARGETS.len()];
            (if host.covers(target) { target } else { host }, 0)
        };
        // SAFETY: `code` outlives the emitter, and is not touched by others until it is done.
        let m: Option<Emitter> = unsafe { emitter(code, target, body, plain) };
        let mut m = m.expect("there is room");
        emit(&mut m);
        let end = m.pos() as usize;
        // Something at least as long as a return, which takes its place.
        m.trap(TrapCode::Unreachable);
        m.finish_pool();
        assert!(!m.overflowed());
        let len = m.pos() as usize;
        drop(m);
        // SAFETY: as above, and the emitter is gone.
        unsafe {
            let ret = self.start.add(end);
            std::ptr::copy_nonoverlapping(machine::RETURN.as_ptr(), ret, machine::RETURN.len());
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

/// An emitter over `code` with the forms for a body of `body` bytes.
///
/// # Safety
/// As for [`Masm::new`].
unsafe fn emitter<M: Masm>(code: &mut [u8], target: Target, body: usize, far_calls: bool) -> Option<M> {
    // SAFETY: the caller's promise.
    unsafe { M::new(code, target, M::first_forms(body, far_calls), Box::default()) }
}

impl Drop for Code {
    fn drop(&mut self) {
        // SAFETY: nobody runs it any more.
        unsafe { libc::munmap(self.start.cast(), LEN) };
    }
}

/// Has the processor see what was written; x86-64 does by itself.
///
/// # Safety
/// The range is code that this process wrote.
#[cfg(target_arch = "x86_64")]
unsafe fn flush(_start: *mut u8, _len: usize) {}

/// Has the processor see what was written.
///
/// # Safety
/// The range is code that this process wrote.
#[cfg(target_arch = "aarch64")]
unsafe fn flush(start: *mut u8, len: usize) {
    unsafe extern "C" {
        fn __clear_cache(start: *mut u8, end: *mut u8);
    }
    // SAFETY: the caller's promise.
    unsafe { __clear_cache(start, start.add(len)) };
}
