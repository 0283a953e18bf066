//! Modules that are designed to be expensive, at one size and at four times that size: their cost must not grow faster
//! than their size.
//!
//! Costs are counted, not timed: bytes of machine code, values that the compiler's scans visit (in debug builds), bytes
//! allocated in total and at the peak. Processor time is only a coarse second check, for what is not counted.

#[path = "support/heap.rs"]
mod heap;
mod support;

use headwater::{CompileErrorKind, Config, Engine, Limits, Module, StreamingCompiler};
use heap::allocated_by;
use support::{engine, leb};

/// What compiling a module cost.
#[derive(Copy, Clone, Debug)]
struct Cost {
    wasm: u64,
    code: u64,
    scanned: u64,
    allocated: u64,
    peak: u64,
    cpu_ns: u64,
}

fn cpu_ns() -> u64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `t` is writable.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut t) };
    t.tv_sec as u64 * 1_000_000_000 + t.tv_nsec as u64
}

/// Compiles on this thread, in chunks of `chunk` bytes, with an engine that has compiled nothing before.
fn cost(wasm: &[u8], chunk: usize) -> Cost {
    let engine = engine();
    let (scanned, cpu) = (headwater_codegen::work::scanned(), cpu_ns());
    let (module, allocated) = allocated_by(|| {
        let mut compiler = StreamingCompiler::new(&engine);
        wasm.chunks(chunk).for_each(|chunk| compiler.push(chunk).expect("the module is valid and within limits"));
        compiler.finish().expect("the module is valid and within limits")
    });
    Cost {
        wasm: wasm.len() as u64,
        code: module.compile_stats().machine_code_bytes,
        scanned: headwater_codegen::work::scanned() - scanned,
        allocated: allocated.total as u64,
        peak: allocated.peak as u64,
        cpu_ns: cpu_ns() - cpu,
    }
}

/// A module of functions.
#[derive(Default)]
struct Builder {
    types: Vec<u8>,
    type_count: u64,
    funcs: Vec<u8>,
    func_count: u64,
    bodies: Vec<u8>,
    /// Whole sections, in front of the code section and behind it.
    before: Vec<u8>,
    after: Vec<u8>,
}

const I32: u8 = 0x7f;
const I64: u8 = 0x7e;
const F64: u8 = 0x7c;

fn section(out: &mut Vec<u8>, id: u8, content: &[u8]) {
    out.push(id);
    leb(out, content.len() as u64);
    out.extend_from_slice(content);
}

impl Builder {
    fn ty(&mut self, params: &[u8], results: &[u8]) -> u64 {
        self.types.push(0x60);
        for types in [params, results] {
            leb(&mut self.types, types.len() as u64);
            self.types.extend_from_slice(types);
        }
        self.type_count += 1;
        self.type_count - 1
    }

    /// A function with these local declarations and this code, to which the last `end` is added.
    fn func(&mut self, ty: u64, locals: &[(u64, u8)], code: &[u8]) -> u64 {
        leb(&mut self.funcs, ty);
        let mut head = Vec::new();
        leb(&mut head, locals.len() as u64);
        for &(count, ty) in locals {
            leb(&mut head, count);
            head.push(ty);
        }
        leb(&mut self.bodies, (head.len() + code.len() + 1) as u64);
        self.bodies.extend(head);
        self.bodies.extend_from_slice(code);
        self.bodies.push(0x0b);
        self.func_count += 1;
        self.func_count - 1
    }

    fn wasm(&self) -> Vec<u8> {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        for (id, count, content) in [(1, self.type_count, &self.types), (3, self.func_count, &self.funcs)] {
            let mut whole = Vec::new();
            leb(&mut whole, count);
            whole.extend_from_slice(content);
            section(&mut wasm, id, &whole);
        }
        // A table, a memory and a global, for code that needs one.
        section(&mut wasm, 4, &[1, 0x70, 0, 1]);
        section(&mut wasm, 5, &[1, 0, 1]);
        section(&mut wasm, 6, &[1, I32, 1, 0x41, 0, 0x0b]);
        wasm.extend_from_slice(&self.before);
        let mut code = Vec::new();
        leb(&mut code, self.func_count);
        code.extend_from_slice(&self.bodies);
        section(&mut wasm, 10, &code);
        wasm.extend_from_slice(&self.after);
        wasm
    }
}

/// A module of one function without parameters and results.
fn one(locals: &[(u64, u8)], code: &[u8]) -> Vec<u8> {
    let mut b = Builder::default();
    let ty = b.ty(&[], &[]);
    b.func(ty, locals, code);
    b.wasm()
}

fn op(out: &mut Vec<u8>, op: u8, immediate: u64) {
    out.push(op);
    leb(out, immediate);
}

/// Compiles `make(n)` and `make(4 n)` and compares.
fn grows_linearly(name: &str, n: usize, make: impl Fn(usize) -> Vec<u8>) {
    grows_linearly_in(name, n, usize::MAX, make);
}

fn grows_linearly_in(name: &str, n: usize, chunk: usize, make: impl Fn(usize) -> Vec<u8>) {
    let (small, large) = (make(n), make(4 * n));
    let chunk = |wasm: &[u8]| chunk.min(wasm.len());
    let (a, b) = (cost(&small, chunk(&small)), cost(&large, chunk(&large)));
    let shown = format!("{name}: {a:?}\n{b:?}");
    assert!(b.wasm <= 5 * a.wasm, "{shown}\nthe case itself does not grow linearly");
    // A quarter more than four times as much, and something for what begins late.
    let within = |what: &str, a: u64, b: u64, slack: u64| {
        assert!(b <= 5 * a + slack, "{shown}\n{what} grow faster than the module: {a} to {b}");
    };
    // On AArch64 it takes several instructions to reach what is far away in a large frame or function; and where code
    // is a dozen times as long as its body, the body is begun again a few times, each time with twice the room.
    let (far, again) = if cfg!(target_arch = "aarch64") { (a.code, 15 * a.scanned) } else { (0, 0) };
    within("bytes of machine code", a.code, b.code, 4096 + far);
    within("values looked at", a.scanned, b.scanned, 4096 + again);
    within("bytes allocated", a.allocated, b.allocated, 1 << 20);
    within("bytes allocated at the peak", a.peak, b.peak, 1 << 20);
    // A byte of a module makes at most a control frame, or a value, a local or a type, for each who validates
    // (wasmparser too in debug builds), and vectors double.
    let bound = 64 * b.wasm + 4 * b.code + (1 << 20);
    assert!(b.peak <= bound, "{shown}\nmore than {bound} bytes are allocated at the peak");
    assert!(b.scanned <= 64 * b.wasm, "{shown}\nmore than 64 values are looked at for each byte");
    // Quadratic cost would be sixteen times as much. The checks of debug builds visit more themselves.
    let generous = if cfg!(debug_assertions) { 40 } else { 10 };
    within("nanoseconds", a.cpu_ns * generous / 5, b.cpu_ns, 100_000_000);
}

#[test]
fn jump_tables_with_many_entries() {
    grows_linearly("few targets", 100_000, |n| {
        let mut code = vec![0x02, 0x40, 0x02, 0x40, 0x23, 0, 0x0e];
        leb(&mut code, n as u64);
        code.extend((0..=n).map(|i| (i % 3) as u8));
        code.extend([0x0b, 0x0b]);
        one(&[], &code)
    });
}

#[test]
fn jump_tables_with_many_targets() {
    grows_linearly("distinct targets", 2_000, |n| {
        let mut code = [0x02, 0x40].repeat(n);
        code.extend([0x23, 0, 0x0e]);
        leb(&mut code, n as u64);
        (0..=n).for_each(|i| leb(&mut code, i as u64));
        code.extend(vec![0x0b; n]);
        one(&[], &code)
    });
}

#[test]
fn jump_tables_whose_labels_take_a_thousand_values() {
    grows_linearly("thousand values", 10_000, |n| {
        let mut b = Builder::default();
        let thousand = b.ty(&[], &[I32; 1000]);
        let nothing = b.ty(&[], &[]);
        // Two blocks at different heights: the values have to move for the outer one.
        let mut code = vec![];
        op(&mut code, 0x02, thousand);
        code.extend([0x23, 0, 0x41, 1, 0x6a]);
        op(&mut code, 0x02, thousand);
        code.extend([0x41, 7].repeat(1000));
        code.extend([0x23, 0, 0x0e]);
        leb(&mut code, n as u64);
        code.extend((0..=n).map(|i| (i % 2) as u8));
        code.push(0x0b);
        code.extend([0x21, 0].repeat(1001));
        code.extend([0x20, 0].repeat(1000));
        code.push(0x0b);
        code.extend([0x1a].repeat(1000));
        b.func(nothing, &[(1, I32)], &code);
        b.wasm()
    });
}

#[test]
fn tiny_functions_with_very_many_locals() {
    grows_linearly("50,000 locals", 1_000, |n| {
        let mut b = Builder::default();
        let ty = b.ty(&[], &[]);
        for _ in 0..n {
            b.func(ty, &[(25_000, I64), (25_000, F64)], &[0x20, 3, 0x1a]);
        }
        b.wasm()
    });
    grows_linearly("many declarations", 10_000, |n| one(&vec![(1, I32); n], &[]));
    grows_linearly("locals of many kinds named at random", 12_000, |n| {
        let locals: Vec<_> = (0..n).map(|i| (1, [I32, I64, F64][i % 3])).collect();
        let mut code = Vec::new();
        for i in 0..n {
            op(&mut code, 0x20, (i * 7919 % n) as u64);
            code.push(0x1a);
        }
        one(&locals, &code)
    });
}

#[test]
fn deep_nesting() {
    for (name, begin) in [
        ("blocks", &[0x02u8, 0x40][..]),
        ("loops", &[0x03, 0x40]),
        ("ifs", &[0x23, 0, 0x04, 0x40]),
        ("blocks with a result", &[0x41, 1, 0x02, 0x7f]),
        ("loops above a temporary", &[0x23, 0, 0x41, 1, 0x6a, 0x03, 0x7f]),
    ] {
        let result = *begin.last().expect("not empty") == 0x7f;
        grows_linearly(name, 5_000, |n| {
            let mut code = begin.repeat(n);
            if result {
                code.extend([0x41, 0]);
                code.extend([0x0b, 0x6a].repeat(n));
                code.push(0x1a);
            } else {
                code.extend(vec![0x0b; n]);
            }
            one(&[], &code)
        });
    }
    grows_linearly("ifs with else", 5_000, |n| {
        let mut code = [0x23, 0, 0x04, 0x40, 0x05].repeat(n);
        code.extend(vec![0x0b; n]);
        one(&[], &code)
    });
    grows_linearly("blocks in dead code", 5_000, |n| {
        let mut code = vec![0x00];
        code.extend([0x02, 0x40].repeat(n));
        code.extend(vec![0x0b; n]);
        one(&[], &code)
    });
    grows_linearly("branches to the outermost block", 5_000, |n| {
        let mut code = [0x02, 0x40].repeat(n);
        for _ in 0..n {
            code.extend([0x23, 0]);
            op(&mut code, 0x0d, n as u64 - 1);
        }
        code.extend(vec![0x0b; n]);
        one(&[], &code)
    });
}

#[test]
fn blocks_with_a_thousand_results() {
    grows_linearly("reached", 10, |n| {
        let mut b = Builder::default();
        let thousand = b.ty(&[], &[I64; 1000]);
        let nothing = b.ty(&[], &[]);
        let mut code = Vec::new();
        for _ in 0..n {
            op(&mut code, 0x02, thousand);
            code.extend([0x42, 1].repeat(1000));
            code.push(0x0b);
            code.extend(vec![0x1a; 1000]);
        }
        b.func(nothing, &[], &code);
        b.wasm()
    });
    grows_linearly("dead, parameters and results", 500, |n| {
        let mut b = Builder::default();
        let both = b.ty(&[I64; 1000], &[I64; 1000]);
        let nothing = b.ty(&[], &[]);
        let mut code = vec![0x00];
        for _ in 0..n {
            op(&mut code, 0x02, both);
            code.push(0x0b);
        }
        code.push(0x00);
        b.func(nothing, &[], &code);
        b.wasm()
    });
    grows_linearly("passed on", 200, |n| {
        let mut b = Builder::default();
        let both = b.ty(&[I64; 1000], &[I64; 1000]);
        let nothing = b.ty(&[], &[]);
        let mut code = [0x42, 1].repeat(1000);
        for _ in 0..n {
            op(&mut code, 0x02, both);
            code.push(0x0b);
        }
        code.extend(vec![0x1a; 1000]);
        b.func(nothing, &[], &code);
        b.wasm()
    });
}

/// Calls that pass and return a thousand values.
fn thousand_arguments(n: usize) -> Vec<u8> {
    let mut b = Builder::default();
    let both = b.ty(&[I64; 1000], &[I64; 1000]);
    let code = [0x42, 1].repeat(1000).into_iter().chain([0x10, 0].repeat(n)).collect::<Vec<u8>>();
    b.func(both, &[], &code);
    b.wasm()
}

#[test]
fn calls_that_pass_a_thousand_values() {
    grows_linearly("a thousand arguments and results", 50, thousand_arguments);
}

#[test]
fn dead_code() {
    grows_linearly("operators", 100_000, |n| {
        let mut code = vec![0x00];
        code.extend([0x20, 0, 0x6a, 0x21, 0].repeat(n / 5));
        one(&[(1, I32)], &code)
    });
    grows_linearly("values", 100_000, |n| {
        let mut code = vec![0x00];
        code.extend([0x41, 0].repeat(n / 2));
        code.push(0x0f);
        one(&[], &code)
    });
    grows_linearly("jump tables", 20_000, |n| {
        let mut code = vec![0x00];
        code.extend([0x0e, 0, 0].repeat(n / 3));
        one(&[], &code)
    });
}

/// A coarse bound on the time per byte: about twenty times that of ordinary code, and in debug builds what looking at a
/// thousand operands for each operator takes on a slow machine: they check all of them, which is most of their time.
const NS_PER_BYTE: u64 = if cfg!(debug_assertions) { 5_000 } else { 500 };

/// What ordinary code takes per byte, in nanoseconds, on this machine as it is now.
fn ordinary_ns_per_byte() -> u64 {
    static MEASURED: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    *MEASURED.get_or_init(|| {
        let wasm = one(&[(1, I32)], &[0x20, 0, 0x20, 0, 0x6a, 0x1a].repeat(30_000));
        let took = best_of_three(|| drop(Module::new(&engine(), &wasm)));
        took / wasm.len() as u64
    })
}

/// The processor time in nanoseconds that `work` takes. The best of three: the machine may have other load.
fn best_of_three(work: impl Fn()) -> u64 {
    let took = (0..3).map(|_| {
        let start = cpu_ns();
        work();
        cpu_ns() - start
    });
    took.min().expect("three")
}

/// Compiles `wasm`, in which few bytes stand for many operands, and compares what it takes with its length.
fn is_bounded(name: &str, wasm: &[u8]) {
    let valid = matches!(Module::validate(&engine(), wasm), Ok(()));
    assert!(valid, "{name} is valid");
    within_bound(name, wasm, || drop(Module::new(&engine(), wasm)));
}

fn within_bound(name: &str, wasm: &[u8], compile: impl Fn()) {
    let took = best_of_three(compile);
    // An emulator is many times slower, and not always alike.
    let slowness = if std::env::var_os("HEADWATER_TEST_RUNNER").is_some() { 20 } else { 1 };
    // As is a machine that others use.
    let bound = (slowness * NS_PER_BYTE).max(20 * ordinary_ns_per_byte()) * wasm.len() as u64;
    assert!(took <= bound, "{name}: {took} ns for {} bytes, more than {bound}", wasm.len());
}

/// A module of one function, after `before` many bytes of code once and then `unit` again and again, which may use
/// type 0, from a thousand `i64` to the same, type 1, which is equal, type 2, from nothing to a thousand `i64`, and
/// call functions of these types.
fn with_lists(before: &[u8], unit: &[u8], after: &[u8]) -> Vec<u8> {
    let mut b = Builder::default();
    let many = [I64; 1000];
    let types = [b.ty(&many, &many), b.ty(&many, &many), b.ty(&[], &many)];
    for ty in types {
        b.func(ty, &[], &[0x00]);
    }
    let nothing = b.ty(&[], &[]);
    let code = [before, &unit.repeat(400_000 / unit.len()), after].concat();
    b.func(nothing, &[], &code);
    b.wasm()
}

#[test]
fn lists_of_a_thousand_operands_in_dead_code_cost_what_bytes_cost() {
    let dead = |name: &str, before: &[u8], unit: &[u8], after: &[u8]| {
        is_bounded(name, &with_lists(&[&[0x00], before].concat(), unit, &[after, &[0x00]].concat()));
    };
    dead("calls that pass on what they get", &[], &[0x10, 0], &[]);
    dead("calls of functions of equal types", &[], &[0x10, 0, 0x10, 1], &[]);
    dead("calls whose results nobody takes", &[], &[0x10, 2], &[]);
    dead("calls that take what was shifted by one", &[], &[0x42, 0, 0x10, 0, 0x1a], &[]);
    dead("results that are dropped one by one", &[], &[0x10, 2, 0x1a, 0x10, 0], &[]);
    dead("indirect calls", &[], &[0x41, 0, 0x11, 0, 0], &[]);
    dead("blocks with parameters and results", &[], &[0x02, 0, 0x0b], &[]);
    dead("blocks of equal types", &[], &[0x02, 0, 0x02, 1, 0x0b, 0x0b], &[]);
    dead("loops", &[], &[0x03, 0, 0x0b], &[]);
    dead("ifs with else", &[], &[0x41, 0, 0x04, 0, 0x05, 0x0b], &[]);
    dead("conditional branches", &[0x02, 0], &[0x41, 0, 0x0d, 0], &[0x00, 0x0b]);
    dead("branches", &[0x02, 0], &[0x10, 2, 0x0c, 0], &[0x00, 0x0b]);
    dead("small jump tables", &[0x02, 0, 0x02, 1], &[0x10, 2, 0x41, 0, 0x0e, 1, 0, 1], &[0x00, 0x0b, 0x0b]);
    // Half of the operands are of any type.
    let mut table = [0x00, 0x1b].into_iter().chain([0x42, 0].repeat(500)).collect::<Vec<u8>>();
    table.extend([0x41, 0, 0x0e]);
    leb(&mut table, 400_000 / 2 * 2 - 1);
    dead("a large jump table", &[&[0x02, 0, 0x02, 1][..], &table].concat(), &[0, 1], &[0x00, 0x0b, 0x0b]);
}

#[test]
fn lists_of_a_thousand_operands_that_stay_in_place_cost_what_bytes_cost() {
    let thousand = [0x42, 1].repeat(1000);
    let drops = vec![0x1a; 1000];
    let live = |name: &str, before: &[u8], unit: &[u8], after: &[u8]| {
        is_bounded(name, &with_lists(&[&thousand, before].concat(), unit, &[after, &drops].concat()));
    };
    live("blocks", &[], &[0x02, 0, 0x0b], &[]);
    live("conditional branches", &[0x02, 0], &[0x23, 0, 0x0d, 0], &[0x0b]);
    let mut table = vec![0x02, 0, 0x02, 1, 0x41, 0, 0x0e];
    leb(&mut table, 400_000 - 1);
    live("a large jump table", &table, &[0, 1], &[0x0b, 0x0b]);
}

#[test]
fn bodies_with_many_long_lists_are_found_invalid_as_fast() {
    for (name, unit) in [("passed on", &[0x10u8, 0][..]), ("left", &[0x10, 2])] {
        // An i64 where an i32 must be, at the end.
        let wasm = with_lists(&[0x00], unit, &[0x42, 0, 0x45, 0x00]);
        let error = Module::new(&engine(), &wasm).expect_err("it is not valid");
        assert_eq!(error.kind(), CompileErrorKind::Invalid, "{name}: {error}");
        assert_eq!(error.func_index(), Some(3), "{name}: {error}");
        let at = error.offset().expect("there is a place");
        assert!(at + 8 >= wasm.len() || wasm[at] == 0x45, "{name}: {error}, of {:#x}", wasm.len());
        within_bound(name, &wasm, || drop(Module::new(&engine(), &wasm)));
    }
}

#[test]
fn prefixes_of_reference_types_do_not_nest() {
    // `(ref null (ref null …` is not a type, however long it continues.
    for code in [&[0x02u8][..], &[0x00, 0x02], &[0xd0], &[0x00, 0xd0]] {
        let wasm = one(&[], &[code, &vec![0x63; 1 << 20]].concat());
        let error = Module::new(&engine(), &wasm).expect_err("it is not valid");
        assert_eq!(error.kind(), CompileErrorKind::Invalid, "{error}");
    }
}

#[test]
fn one_body_as_long_as_bodies_may_be() {
    let limit = Limits::DEFAULT.function_size as usize;
    grows_linearly("a long body", limit / 4, |n| {
        // Locals take three bytes, the end takes one.
        let mut code = [0x20, 0, 0x28, 2, 0, 0x41, 1, 0x6a, 0x21, 0].repeat((n - 4) / 10);
        code.resize(n - 4, 0x01);
        one(&[(1, I32)], &code)
    });
}

#[test]
fn reads_of_locals_that_wait() {
    // The first locals are in registers, the last are not.
    for local in [0, 20] {
        grows_linearly("reads of one local before writes of it", 10_000, |n| {
            let mut code = [0x20, local].repeat(n);
            code.extend([0x41, 1, 0x21, local].repeat(n));
            code.extend(vec![0x1a; n]);
            one(&[(40, I32)], &code)
        });
        grows_linearly("reads between writes", 10_000, |n| {
            let mut code = [0x20, local, 0x41, 1, 0x21, local].repeat(n);
            code.extend(vec![0x1a; n]);
            one(&[(40, I32)], &code)
        });
        grows_linearly("reads of one local before writes of another", 10_000, |n| {
            let mut code = [0x20, local].repeat(n);
            code.extend([0x41, 1, 0x21, 21].repeat(n));
            code.extend(vec![0x1a; n]);
            one(&[(40, I32)], &code)
        });
    }
}

#[test]
fn values_that_do_not_fit_the_registers() {
    for (name, value, add) in [
        ("integers", &[0x23u8, 0, 0x41, 1, 0x6a][..], 0x6a),
        ("loads", &[0x23, 0, 0x28, 2, 0], 0x6a),
        ("floats", &[0x23, 0, 0xb7], 0xa0),
        ("constants", &[0x41, 1], 0x6a),
    ] {
        grows_linearly(name, 2_000, |n| {
            let mut code = value.repeat(n);
            code.extend(vec![add; n - 1]);
            code.push(0x1a);
            one(&[], &code)
        });
    }
    grows_linearly("divisions above many constants", 2_000, |n| {
        let mut code = [0x41, 1].repeat(n);
        code.extend([0x23, 0, 0x23, 0, 0x6d, 0x1a].repeat(n));
        code.extend(vec![0x1a; n]);
        one(&[], &code)
    });
    grows_linearly("calls above many values", 2_000, |n| {
        let mut code = [0x23, 0, 0x41, 1, 0x6a, 0x20, 0].repeat(n);
        code.extend([0x10, 0].repeat(n));
        code.extend(vec![0x1a; 2 * n]);
        one(&[(1, I32)], &code)
    });
    grows_linearly("blocks above many values", 2_000, |n| {
        let mut code = [0x41, 1, 0x20, 0].repeat(n);
        code.extend([0x23, 0, 0x04, 0x40, 0x0b, 0x02, 0x40, 0x0b].repeat(n));
        code.extend(vec![0x1a; 2 * n]);
        one(&[(1, I32)], &code)
    });
}

#[test]
fn branches_that_carry_values() {
    grows_linearly("one value", 10_000, |n| {
        let mut code = vec![0x02, 0x7f, 0x41, 1];
        code.extend([0x23, 0, 0x0d, 0].repeat(n));
        code.extend([0x0b, 0x1a]);
        one(&[], &code)
    });
    grows_linearly("several values above many", 5_000, |n| {
        let mut b = Builder::default();
        let three = b.ty(&[], &[I32, I64, F64]);
        let nothing = b.ty(&[], &[]);
        let mut code = Vec::new();
        op(&mut code, 0x02, three);
        code.extend([0x23, 0].repeat(n));
        code.extend([0x23, 0, 0x42, 1, 0x23, 0, 0xb7]);
        code.extend([0x23, 0, 0x0d, 0].repeat(n));
        code.extend([0x0c, 0, 0x0b, 0x1a, 0x1a, 0x1a]);
        b.func(nothing, &[], &code);
        b.wasm()
    });
}

#[test]
fn many_functions() {
    grows_linearly("tiny functions", 20_000, |n| {
        let mut b = Builder::default();
        let ty = b.ty(&[], &[]);
        for _ in 0..n {
            b.func(ty, &[], &[]);
        }
        b.wasm()
    });
    grows_linearly("calls of the last function from one body", 20_000, |n| {
        let mut b = Builder::default();
        let ty = b.ty(&[], &[]);
        b.func(ty, &[], &[0x10, 1].repeat(n));
        b.func(ty, &[], &[]);
        b.wasm()
    });
    grows_linearly("calls of the last function from all others", 10_000, |n| {
        let mut b = Builder::default();
        let ty = b.ty(&[], &[]);
        let mut call = Vec::new();
        op(&mut call, 0x10, n as u64);
        for _ in 0..n {
            b.func(ty, &[], &call);
        }
        b.func(ty, &[], &[]);
        b.wasm()
    });
    grows_linearly("each calls the next", 10_000, |n| {
        let mut b = Builder::default();
        let ty = b.ty(&[], &[]);
        for i in 0..n as u64 {
            let mut call = Vec::new();
            op(&mut call, 0x10, i + 1);
            b.func(ty, &[], &call);
        }
        b.func(ty, &[], &[]);
        b.wasm()
    });
    grows_linearly("types", 10_000, |n| {
        let mut b = Builder::default();
        for i in 0..n {
            let params: Vec<u8> = (0..14).map(|bit| if i >> bit & 1 == 0 { I32 } else { I64 }).collect();
            b.ty(&params, &[]);
        }
        b.func(0, &[], &[]);
        b.wasm()
    });
}

#[test]
fn long_sections_byte_by_byte() {
    grows_linearly_in("one data segment", 200_000, 1, |n| {
        let mut b = Builder::default();
        let mut data = vec![1, 0, 0x41, 0, 0x0b];
        leb(&mut data, n as u64);
        data.extend(vec![0x5a; n]);
        section(&mut b.after, 11, &data);
        b.wasm()
    });
    grows_linearly_in("many data segments", 20_000, 1, |n| {
        let mut b = Builder::default();
        let mut data = Vec::new();
        leb(&mut data, n as u64);
        data.extend([0, 0x41, 0, 0x0b, 1, 7].repeat(n));
        section(&mut b.after, 11, &data);
        b.wasm()
    });
    grows_linearly_in("one element segment", 100_000, 1, |n| {
        let mut b = Builder::default();
        let ty = b.ty(&[], &[]);
        b.func(ty, &[], &[]);
        let mut elem = vec![1, 1, 0];
        leb(&mut elem, n as u64);
        elem.extend(vec![0; n]);
        section(&mut b.before, 9, &elem);
        b.wasm()
    });
    grows_linearly_in("names", 10_000, 1, |n| {
        let mut b = Builder::default();
        let ty = b.ty(&[], &[]);
        let (mut names, mut section_of_names) = (Vec::new(), b"\x04name".to_vec());
        leb(&mut names, n as u64);
        for i in 0..n as u64 {
            b.func(ty, &[], &[]);
            leb(&mut names, i);
            names.extend(b"\x08function");
        }
        section(&mut section_of_names, 1, &names);
        section(&mut b.after, 0, &section_of_names);
        b.wasm()
    });
    grows_linearly_in("one body", 100_000, 1, |n| one(&[], &vec![0x01; n]));
    grows_linearly_in("many bodies", 20_000, 1, |n| {
        let mut b = Builder::default();
        let ty = b.ty(&[], &[]);
        for _ in 0..n {
            b.func(ty, &[], &[0x01]);
        }
        b.wasm()
    });
}

#[test]
fn machine_code_is_limited_by_the_size_of_the_code_section() {
    let (engine, threaded) = (engine(), Engine::new(Config::new().compile_threads(1)).expect("supported"));
    // Some 28 KB of machine code for each call of two bytes.
    let wasm = thousand_arguments(2_000);
    for engine in [&engine, &threaded] {
        let error = Module::new(engine, &wasm).expect_err("the machine code would be more than 50 MB");
        assert_eq!(error.kind(), CompileErrorKind::Limit, "{error}");
        assert_eq!(error.func_index(), Some(0), "{error}");
        assert!(error.message().contains("machine code"), "{error}");
    }
    // The same limit, whatever this engine has compiled before.
    let mut config = Config::new();
    let mut limits = Limits::DEFAULT;
    limits.machine_code_ratio = 2;
    let strict = Engine::new(config.compile_threads(0).limits(limits)).expect("limits can be lowered");
    let fits = thousand_arguments(200);
    let verdict = |wasm: &[u8]| Module::new(&strict, wasm).map(drop).map_err(|e| e.to_string());
    let (first, beyond) = (verdict(&fits), verdict(&wasm));
    assert_eq!(first, Ok(()));
    assert!(beyond.is_err());
    assert_eq!((verdict(&fits), verdict(&wasm)), (first, beyond));
}

#[test]
fn the_ratio_cannot_be_raised() {
    let mut limits = Limits::DEFAULT;
    limits.machine_code_ratio += 1;
    let error = Engine::new(Config::new().limits(limits)).expect_err("limits can only be lowered");
    assert!(error.to_string().contains("machine_code_ratio"), "{error}");
}
