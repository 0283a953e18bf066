//! Class B: bounds checks that compare the wrong sum.
//!
//! Accesses of every width around the ends of memories of several sizes, with offsets at the edges of every form, under
//! every way to check: guard pages, short guards with checks for large offsets, and explicit checks. The model is one
//! line of Rust. Forms of addresses and values are those of the tests `loads_and_stores_agree_…`
//! (fuzz/tests/differential.rs); offsets beyond the fields of AArch64's instructions are in tests/ranges.rs
//! (`offsets_at_the_edges_of_address_forms`).

use crate::harness::{MODES, Ours, Outcome, V, call, chosen, engine, percent, wasm};
use std::fmt::Write as _;

/// A load or store: type, name after the dot, width in bytes, whether the value is extended with its sign.
const LOADS: [(&str, &str, u64, bool); 14] = [
    ("i32", "load", 4, false),
    ("i64", "load", 8, false),
    ("f32", "load", 4, false),
    ("f64", "load", 8, false),
    ("i32", "load8_s", 1, true),
    ("i32", "load8_u", 1, false),
    ("i32", "load16_s", 2, true),
    ("i32", "load16_u", 2, false),
    ("i64", "load8_s", 1, true),
    ("i64", "load8_u", 1, false),
    ("i64", "load16_s", 2, true),
    ("i64", "load16_u", 2, false),
    ("i64", "load32_s", 4, true),
    ("i64", "load32_u", 4, false),
];

const STORES: [(&str, &str, u64); 9] = [
    ("i32", "store", 4),
    ("i64", "store", 8),
    ("f32", "store", 4),
    ("f64", "store", 8),
    ("i32", "store8", 1),
    ("i32", "store16", 2),
    ("i64", "store8", 1),
    ("i64", "store16", 2),
    ("i64", "store32", 4),
];

const OFFSETS: [u64; 13] = [
    0,
    1,
    7,
    0xfff,
    0xffff,
    0x1_0000,
    0x1_0001,
    0x3_0000,
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0001,
    0xffff_fff8,
    0xffff_ffff,
];

/// The initial byte at `at` in memory `memory`, never zero.
fn pattern(memory: usize, at: u64) -> u8 {
    (at.wrapping_mul(7).wrapping_add(at >> 8) as u8 ^ (memory as u8).wrapping_mul(0x55)) | 0x81
}

/// What is tested: which memory, and its size in pages.
struct Subject {
    ours: Ours,
    sizes: Vec<u64>,
    contents: Vec<Vec<u8>>,
}

const OUTSIDE: &str = r#"(module (memory (export "m") 1 4) (memory (export "empty") 0 4))"#;

/// Memories 0 and 1 are imported, the others are defined.
const MEMORIES: &str = r#"(module (import "outside" "m" (memory 1 4)) (import "outside" "empty" (memory 0 4))
    (memory 1 4) (memory 2 4) (memory 1 1) (memory 0)
    (export "m0" (memory 0)) (export "m1" (memory 1)) (export "m2" (memory 2)) (export "m3" (memory 3))
    (export "m4" (memory 4))
    (export "m5" (memory 5))
    (func (export "grow0") (param i32) (result i32) (memory.grow 0 (local.get 0)))
    (func (export "grow1") (param i32) (result i32) (memory.grow 1 (local.get 0)))
    (func (export "grow2") (param i32) (result i32) (memory.grow 2 (local.get 0)))
    (func (export "grow3") (param i32) (result i32) (memory.grow 3 (local.get 0)))
    (func (export "grow4") (param i32) (result i32) (memory.grow 4 (local.get 0)))
    (func (export "grow5") (param i32) (result i32) (memory.grow 5 (local.get 0)))
"#;

/// The same with the defined memory first, as in most modules.
const ALONE: &str = r#"(module (memory 1 4) (export "m0" (memory 0))
    (func (export "grow0") (param i32) (result i32) (memory.grow 0 (local.get 0)))
"#;

impl Subject {
    fn new(mode: &str, modules: &[(&str, Vec<u8>)], memories: usize) -> Subject {
        let mut ours = Ours::new(&engine(mode), modules);
        let sizes = (0..memories).map(|m| ours.memory(&format!("m{m}")).len() as u64).collect();
        let mut subject = Subject { ours, sizes, contents: vec![Vec::new(); memories] };
        subject.fill();
        subject
    }

    /// Fills all memories with the pattern.
    fn fill(&mut self) {
        for m in 0..self.sizes.len() {
            self.contents[m] = (0..self.sizes[m]).map(|at| pattern(m, at)).collect();
            self.write(m);
        }
    }

    fn write(&mut self, m: usize) {
        let memory = self.ours.instance.get_memory(&mut self.ours.store, &format!("m{m}")).expect("it is exported");
        memory.write(&mut self.ours.store, 0, &self.contents[m]).expect("it has this size");
    }

    fn grow(&mut self, m: usize, pages: u64) {
        let old = self.ours.call(&call(format!("grow{m}"), &[V::I32(pages as u32)]));
        assert_eq!(old, Ok(vec![V::I32((self.sizes[m] >> 16) as u32)]));
        let now = self.ours.memory(&format!("m{m}"));
        assert!(now[..self.contents[m].len()] == self.contents[m], "memory {m} lost something when it grew");
        self.sizes[m] += pages << 16;
        assert_eq!(now.len() as u64, self.sizes[m]);
        assert!(now[self.contents[m].len()..].iter().all(|&b| b == 0), "memory {m} grew by something else than zeros");
        self.fill();
    }

    /// The value of a load of `width` bytes at `at`.
    fn loaded(&self, m: usize, at: u64, ty: &str, width: u64, signed: bool) -> Outcome {
        if at + width > self.sizes[m] {
            return Err("memory out of bounds");
        }
        let bytes = &self.contents[m][at as usize..(at + width) as usize];
        let raw = bytes.iter().rev().fold(0u64, |v, &b| v << 8 | u64::from(b));
        let shift = 64 - 8 * width;
        let v = if signed { ((raw << shift) as i64 >> shift) as u64 } else { raw };
        Ok(vec![match ty {
            "i32" => V::I32(v as u32),
            "i64" => V::I64(v),
            "f32" => V::F32(v as u32),
            _ => V::F64(v),
        }])
    }
}

/// Addresses that, with the offset, are around the end of a memory of `size` bytes, and some others.
fn addresses(size: u64, offset: u64, width: u64) -> Vec<u32> {
    let mut all = vec![0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];
    for end in (size as i128 - width as i128 - 1)..=(size as i128 + 1) {
        // And 2³² more, in case the carry is lost.
        for sum in [end, end + (1 << 32)] {
            if let Ok(address) = u32::try_from(sum - offset as i128) {
                all.push(address);
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// The number of an access, by memory, operator and offset.
fn accesses(memories: usize) -> Vec<(usize, usize, u64)> {
    let ops = LOADS.len() + STORES.len();
    (0..memories)
        .flat_map(|m| (0..ops).flat_map(move |op| OFFSETS.into_iter().map(move |offset| (m, op, offset))))
        .collect()
}

/// With a function for each access, which takes the address, and for stores the value.
fn with_accesses(text: &str, memories: usize) -> Vec<u8> {
    let mut text = text.to_string();
    for (n, (m, op, offset)) in accesses(memories).into_iter().enumerate() {
        if let Some((ty, name, ..)) = LOADS.get(op) {
            write!(
                text,
                "(func (export \"{n}\") (param i32) (result {ty}) ({ty}.{name} {m} offset={offset} (local.get 0)))"
            )
        } else {
            let (ty, name, _) = STORES[op - LOADS.len()];
            write!(
                text,
                "(func (export \"{n}\") (param i32 {ty}) ({ty}.{name} {m} offset={offset} (local.get 0) (local.get 1)))"
            )
        }
        .expect("strings take everything");
    }
    wasm(&(text + ")"))
}

/// Makes every access to every memory at every address that matters, except those left out to save time.
fn check(subject: &mut Subject, mode: &str, percent: u64) {
    const VALUE: u64 = 0x1122_3344_5566_7788;
    for (n, (m, op, offset)) in accesses(subject.sizes.len()).into_iter().enumerate() {
        if !chosen(n, percent) {
            continue;
        }
        let size = subject.sizes[m];
        if let Some(&(ty, name, width, signed)) = LOADS.get(op) {
            for address in addresses(size, offset, width) {
                let found = subject.ours.call(&call(n.to_string(), &[V::I32(address)]));
                let expected = subject.loaded(m, u64::from(address) + offset, ty, width, signed);
                assert_eq!(
                    found, expected,
                    "{ty}.{name} {m} offset={offset:#x} at {address:#x} of {size:#x}, `{mode}`"
                );
            }
            continue;
        }
        let (ty, name, width) = STORES[op - LOADS.len()];
        let value = match ty {
            "i32" => V::I32(VALUE as u32),
            "i64" => V::I64(VALUE),
            "f32" => V::F32(VALUE as u32),
            _ => V::F64(VALUE),
        };
        for address in addresses(size, offset, width) {
            let found = subject.ours.call(&call(n.to_string(), &[V::I32(address), value]));
            let at = u64::from(address) + offset;
            let inside = at + width <= size;
            let expected = if inside { Ok(vec![]) } else { Err("memory out of bounds") };
            assert_eq!(found, expected, "{ty}.{name} {m} offset={offset:#x} at {address:#x} of {size:#x}, `{mode}`");
            if inside {
                let bytes = VALUE.to_le_bytes();
                subject.contents[m][at as usize..(at + width) as usize].copy_from_slice(&bytes[..width as usize]);
            }
        }
        // A store that traps writes nothing, not even what would be inside; and no other memory is written to.
        let memory =
            subject.ours.instance.get_memory(&mut subject.ours.store, &format!("m{m}")).expect("it is exported");
        assert!(
            memory.data(&subject.ours.store) == subject.contents[m],
            "{ty}.{name} {m} offset={offset:#x}, `{mode}`"
        );
    }
    for (m, contents) in subject.contents.iter().enumerate() {
        assert!(subject.ours.memory(&format!("m{m}")) == *contents, "memory {m}, `{mode}`");
    }
}

#[test]
fn b_accesses_around_the_ends_of_memories_of_any_kind() {
    let modules = [("outside", wasm(OUTSIDE)), ("main", with_accesses(MEMORIES, 6))];
    for mode in MODES {
        let percent = if mode.is_empty() || mode.contains("checked") || mode.contains("offsets") { 60 } else { 20 };
        let percent = self::percent() * percent / 100;
        let mut subject = Subject::new(mode, &modules, 6);
        check(&mut subject, mode, percent);
        for (m, pages) in [(0, 1), (1, 1), (2, 3), (3, 2), (5, 1)] {
            subject.grow(m, pages);
        }
        check(&mut subject, mode, percent);
    }
}

#[test]
fn b_accesses_around_the_ends_of_the_one_memory_most_modules_have() {
    let modules = [("main", with_accesses(ALONE, 1))];
    for mode in MODES {
        let mut subject = Subject::new(mode, &modules, 1);
        check(&mut subject, mode, percent());
        for pages in [1, 2] {
            subject.grow(0, pages);
            check(&mut subject, mode, percent() / 2);
        }
    }
}

/// The address is a constant, so that the sum is known when the code is made.
#[test]
fn b_constant_addresses() {
    let (mut text, mut cases) =
        ("(module (memory (export \"m0\") 1 4) (memory (export \"m1\") 1 4)".to_string(), Vec::new());
    for (m, (ty, name, width, signed)) in [0, 1].into_iter().flat_map(|m| LOADS.map(|load| (m, load))) {
        for offset in OFFSETS {
            for address in addresses(1 << 16, offset, width) {
                if !chosen(cases.len(), percent() / 2) {
                    continue;
                }
                let n = cases.len();
                write!(
                    text,
                    "(func (export \"{n}\") (result {ty}) ({ty}.{name} {m} offset={offset} (i32.const {address})))"
                )
                .expect("strings take everything");
                cases.push((m, ty, name, width, signed, u64::from(address) + offset));
            }
        }
    }
    let modules = [("main", wasm(&(text + ")")))];
    for mode in MODES {
        let mut subject = Subject::new(mode, &modules, 2);
        for (n, &(m, ty, name, width, signed, at)) in cases.iter().enumerate() {
            let found = subject.ours.call(&call(n.to_string(), &[]));
            assert_eq!(found, subject.loaded(m, at, ty, width, signed), "{ty}.{name} {m} at {at:#x}, `{mode}`");
        }
    }
}

#[test]
fn b_a_memory_of_four_gibibytes_has_65536_pages_and_an_end() {
    let text = r#"(module (memory 0 65536)
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "size") (result i32) (memory.size))
        (func (export "load8") (param i32) (result i32) (i32.load8_u (local.get 0)))
        (func (export "load8+1") (param i32) (result i32) (i32.load8_u offset=1 (local.get 0)))
        (func (export "load64") (param i32) (result i64) (i64.load (local.get 0)))
        (func (export "far") (param i32) (result i32) (i32.load8_u offset=0xffffffff (local.get 0)))
        (func (export "store64") (param i32 i64) (i64.store (local.get 0) (local.get 1)))
        (func (export "fill") (param i32 i32) (memory.fill (local.get 0) (i32.const 1) (local.get 1))))"#;
    for mode in MODES {
        let mut ours = Ours::new(&engine(mode), &[("main", wasm(text))]);
        let mut run = |name: &str, args: &[u64]| {
            let args = args
                .iter()
                .enumerate()
                .map(|(i, &v)| if (name, i) == ("store64", 1) { V::I64(v) } else { V::I32(v as u32) });
            ours.call(&call(name, &args.collect::<Vec<_>>()))
        };
        let trap = Err("memory out of bounds");
        assert_eq!(run("load8", &[0]), trap);
        if run("grow", &[65536]) == Ok(vec![V::I32(u32::MAX)]) {
            eprintln!("this system has no room for 4 GiB; `{mode}`");
            continue;
        }
        assert_eq!(run("size", &[]), Ok(vec![V::I32(65536)]));
        assert_eq!(run("grow", &[1]), Ok(vec![V::I32(u32::MAX)]));
        assert_eq!(run("store64", &[0xffff_fff8, 0x0102_0304_0506_0708]), Ok(vec![]));
        assert_eq!(run("load64", &[0xffff_fff8]), Ok(vec![V::I64(0x0102_0304_0506_0708)]));
        for beyond in 0xffff_fff9..=0xffff_ffffu64 {
            assert_eq!(run("load64", &[beyond]), trap, "{beyond:#x}, `{mode}`");
            assert_eq!(run("store64", &[beyond, 1]), trap, "{beyond:#x}, `{mode}`");
        }
        assert_eq!(run("load8", &[0xffff_ffff]), Ok(vec![V::I32(1)]));
        assert_eq!(run("load8+1", &[0xffff_fffe]), Ok(vec![V::I32(1)]));
        assert_eq!(run("load8+1", &[0xffff_ffff]), trap);
        assert_eq!(run("far", &[0]), Ok(vec![V::I32(1)]));
        assert_eq!(run("far", &[1]), trap);
        assert_eq!(run("fill", &[0xffff_ffff, 1]), Ok(vec![]));
        assert_eq!(run("fill", &[0xffff_ffff, 2]), trap);
    }
}
