//! Where code and bytes lie in memory makes no difference, not even where the upper half of their addresses changes
//! in between.

use headwater_codegen::env::{FuncSig, MemoryDesc};
use headwater_codegen::{Body, Compiler, ModuleEnv, PADDING, Records, Target, Ty};

const TEXT: &str = r#"(module (memory 1) (func $f (param i32) (result i32) (local i64 f64)
    (block (block (block (br_table 0 1 2 (local.get 0)))
        (local.set 1 (i64.load offset=9 (local.get 0))))
        (local.set 2 (f64.add (f64.const 0x1.8p100) (f64.convert_i64_u (local.get 1)))))
    (loop (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (i32.store (local.get 0) (i32.div_s (i32.const 7777777) (local.get 0)))
        (br_if 0 (i32.gt_u (local.get 0) (i32.const 9))))
    (i32.add (call $f (local.get 0)) (i32.trunc_f64_s (local.get 2)))))"#;

/// The body of the only function, whose section is the last one.
fn body() -> Vec<u8> {
    let wasm = wat::parse_str(TEXT).expect("the text is right");
    let mut section = 8;
    while wasm[section] != 10 {
        section += 2 + usize::from(wasm[section + 1]);
    }
    let leb = |at: usize| {
        if wasm[at] < 0x80 {
            (usize::from(wasm[at]), 1)
        } else {
            (usize::from(wasm[at] & 0x7f) + (usize::from(wasm[at + 1]) << 7), 2)
        }
    };
    let (_, n) = leb(section + 1);
    let (len, m) = leb(section + 1 + n + 1);
    let start = section + 1 + n + 1 + m;
    wasm[start..start + len].to_vec()
}

fn env() -> ModuleEnv {
    let sig = FuncSig { params: 0..1, results: 0..1, int_params: true, ref_params: false, first: 0 };
    let memory = MemoryDesc { is_64: false, page_log2: 16, fixed_base: true, guarded: 1 << 33, minimum: 0 };
    ModuleEnv { tys: vec![Ty::I32], types: vec![sig], funcs: vec![0], memories: vec![memory], ..ModuleEnv::default() }
}

/// Readable and writable memory around an address whose lower half is zero.
struct Border {
    mapping: *mut u8,
    middle: *mut u8,
}

const GIB: usize = 1 << 30;
const AROUND: usize = 64 << 10;

impl Border {
    fn new() -> Border {
        // SAFETY: a new mapping at an address of the system's choice, of which a part is made accessible.
        unsafe {
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
            let mapping = libc::mmap(std::ptr::null_mut(), 5 * GIB, libc::PROT_NONE, flags, -1, 0);
            assert_ne!(mapping, libc::MAP_FAILED, "addresses are free");
            let first = mapping as usize + AROUND;
            let middle = mapping.byte_add(first.next_multiple_of(4 * GIB) - mapping as usize);
            let access = libc::PROT_READ | libc::PROT_WRITE;
            assert_eq!(libc::mprotect(middle.byte_sub(AROUND), 2 * AROUND, access), 0);
            Border { mapping: mapping.cast(), middle: middle.cast() }
        }
    }

    /// `len` bytes of which `before` lie before the border.
    fn across(&mut self, before: usize, len: usize) -> &mut [u8] {
        assert!(before < AROUND && len - before < AROUND);
        // SAFETY: accessible, and borrowed like `self`.
        unsafe { std::slice::from_raw_parts_mut(self.middle.sub(before), len) }
    }
}

impl Drop for Border {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours.
        unsafe { libc::munmap(self.mapping.cast(), 5 * GIB) };
    }
}

fn compile(target: Target, bytes: &[u8], len: usize, code: &mut [u8]) -> (Vec<u8>, String) {
    let mut records = Records::default();
    let mut compiler = Compiler::new(target);
    compiler.map_operators(true);
    let body = Body { bytes, len, offset: 0x100 };
    let written = compiler.compile(&env(), 0, body, code, 48, &mut records).expect("the body is valid and has room");
    (code[..written].to_vec(), format!("{records:?}"))
}

#[test]
fn code_and_bytes_may_lie_across_a_multiple_of_four_gibibytes() {
    let mut bytes = body();
    let len = bytes.len();
    bytes.resize(len + PADDING, 0);
    let (mut for_code, mut for_bytes) = (Border::new(), Border::new());
    for target in [Target::X64_BASELINE, Target::AARCH64] {
        let expected = compile(target, &bytes, len, &mut vec![0; 1 << 15]);
        for before in (0..expected.0.len() + 16).step_by(4) {
            assert_eq!(compile(target, &bytes, len, for_code.across(before, 1 << 15)), expected, "code, {before}");
        }
        for before in 0..=bytes.len() {
            let there = for_bytes.across(before, bytes.len());
            there.copy_from_slice(&bytes);
            assert_eq!(compile(target, there, len, &mut vec![0; 1 << 15]), expected, "bytes, {before}");
        }
    }
}
