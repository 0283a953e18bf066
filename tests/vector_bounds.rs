//! Vector accesses at a memory's end: no operator reads or writes a byte beyond it, whatever the index, the offset and
//! the ways in which memories are guarded, and what traps is told by its offset in the module.

mod api_common;

use api_common::{config, emulator, trap};
use headwater::{Config, Engine, Instance, Memory, Module, Store, Trap, TypedFunc, V128, WasmBacktrace};
use headwater_codegen::op::{self, Imm, Op};

/// The ways to guard memories.
const MODES: [&str; 8] = [
    "",
    "checked",
    "masks checked",
    "offsets",
    "masks offsets",
    "baseline",
    "baseline checked masks spill",
    "spill shuffle offsets",
];

const PAGE: u32 = 1 << 16;
const OFFSETS: [u32; 12] = [0, 1, 8, 15, 16, 127, 4096, PAGE - 16, PAGE - 1, 0x7fff_ffff, 0xffff_fff0, 0xffff_ffff];

fn engine(modes: &str) -> Engine {
    let mut config: Config = config();
    Engine::new(config.test_modes(modes)).expect("the modes are known")
}

/// All vector operators that access memory.
fn operators() -> Vec<&'static Op> {
    let all: Vec<_> = op::all().filter(|op| op.prefix == Some(op::PREFIX_FD) && op.alignment().is_some()).collect();
    assert_eq!(all.len(), 22);
    all
}

fn size(op: &Op) -> u32 {
    1 << op.alignment().expect("it accesses memory")
}

fn is_store(op: &Op) -> bool {
    op.sig.results().next().is_none()
}

/// Lanes to try, the first and the last one: those of operators without lanes are one.
fn lanes(op: &Op) -> Vec<u32> {
    if matches!(op.imm, Imm::MemArgLane(_)) { vec![0, 16 / size(op) - 1] } else { vec![0] }
}

/// An operator, its index and offset.
struct Access<'a> {
    op: &'a Op,
    lane: u32,
    offset: u32,
    index: &'a str,
}

impl Access<'_> {
    /// The function that does it, of type `(i32, v128) -> v128`: a store gives its operand.
    fn text(&self) -> String {
        let Access { op, lane, offset, index } = self;
        let lane = if matches!(op.imm, Imm::MemArgLane(_)) { lane.to_string() } else { String::new() };
        let operand = if is_store(op) || !lane.is_empty() { "(local.get 1)" } else { "" };
        let result = if is_store(op) { "(local.get 1)" } else { "" };
        format!("({} offset={offset} align=1 {lane} {index} {operand}) {result}", op.name)
    }

    /// What a load gives, or what memory has after a store: `memory` are the bytes at its address, `operand` those of
    /// the vector.
    fn result(&self, memory: &[u8], operand: [u8; 16]) -> Vec<u8> {
        let size = size(self.op) as usize;
        let (read, at) = (&memory[..size], self.lane as usize * size);
        let mut vector = [0; 16];
        match self.op.name.strip_prefix("v128.").expect("the shape of all of them") {
            "store" => return operand.to_vec(),
            name if name.starts_with("store") => return operand[at..at + size].to_vec(),
            "load" | "load32_zero" | "load64_zero" => vector[..size].copy_from_slice(read),
            name if name.ends_with("splat") => vector.chunks_mut(size).for_each(|part| part.copy_from_slice(read)),
            name if name.ends_with("lane") => {
                vector = operand;
                vector[at..at + size].copy_from_slice(read);
            }
            name => {
                let bits = name.trim_start_matches("load").split_once('x').expect("lanes by bits").0;
                let bytes = bits.parse::<usize>().expect("a number") / 8;
                for (part, wide) in read.chunks(bytes).zip(vector.chunks_mut(2 * bytes)) {
                    wide.fill(if name.ends_with('s') && part[bytes - 1] >= 0x80 { 0xff } else { 0 });
                    wide[..bytes].copy_from_slice(part);
                }
            }
        }
        vector.to_vec()
    }
}

/// A module with one function, `f`, and a memory of so many pages.
struct Running {
    bytes: Vec<u8>,
    store: Store<()>,
    memory: Memory,
    f: TypedFunc<(i32, V128), V128>,
}

impl Running {
    fn new(engine: &Engine, pages: u32, body: &str) -> Running {
        let text = format!(
            "(module (memory (export \"m\") {pages}) (func (export \"f\") (param i32 v128) (result v128) {body}))"
        );
        let bytes = wat::parse_str(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
        let module = Module::new(engine, &bytes).unwrap_or_else(|e| panic!("{text}: {e}"));
        let mut store = Store::new(engine, ());
        let instance = Instance::new(&mut store, &module, &[]).expect("nothing is imported");
        let memory = instance.get_memory(&mut store, "m").expect("it is exported");
        let f = instance.get_typed_func(&mut store, "f").expect("it is exported");
        Running { bytes, store, memory, f }
    }

    /// Checks an access that ends so many bytes beyond the memory's end, or before it if that is negative; `None` for
    /// addresses that there are not.
    fn check(&mut self, access: &Access<'_>, what: &str, index: u32, end: u64) {
        let size = u64::from(size(access.op));
        let address = u64::from(index) + u64::from(access.offset);
        let operand = V128::from(0xf0e1_d2c3_b4a5_9687_7869_5a4b_3c2d_1e0f);
        // Where a guard page catches a store that begins before it, AArch64 may have written what is before it, and QEMU
        // does so for sixteen bytes; x86-64 writes all or nothing.
        let tears = cfg!(target_arch = "aarch64") && !what.contains("checked");
        let what = format!("{what}: {} at {index:#x}", access.text());
        if address + size > end {
            let before = self.memory.data(&self.store).to_vec();
            let error = self.f.call(&mut self.store, (index as i32, operand)).expect_err(&what);
            assert_eq!(trap(&error), Trap::MemoryOutOfBounds, "{what}");
            let backtrace = error.downcast_ref::<WasmBacktrace>().expect("a backtrace");
            let at = backtrace.frames()[0].module_offset().expect("an offset");
            assert_eq!(self.bytes[at..at + 2], [op::PREFIX_FD, access.op.code as u8], "{what}: offset {at:#x}");
            let after = self.memory.data(&self.store);
            if tears && is_store(access.op) {
                let covered = (address as usize).min(before.len());
                assert!(after[..covered] == before[..covered], "{what}: memory has changed elsewhere");
            } else {
                assert!(after == before, "{what}: memory has changed");
            }
            return;
        }
        let at = address as usize;
        let memory = self.memory.data(&self.store)[at..at + size as usize].to_vec();
        let expected = access.result(&memory, operand.to_bytes());
        let result = self.f.call(&mut self.store, (index as i32, operand)).unwrap_or_else(|e| panic!("{what}: {e}"));
        if is_store(access.op) {
            assert_eq!(self.memory.data(&self.store)[at..at + size as usize], expected, "{what}");
            assert_eq!(result, operand);
            self.memory.data_mut(&mut self.store)[at..at + size as usize].copy_from_slice(&memory);
        } else {
            assert_eq!(result.to_bytes().to_vec(), expected, "{what}");
        }
    }

    fn fill(&mut self) {
        for (i, byte) in self.memory.data_mut(&mut self.store).iter_mut().enumerate() {
            *byte = (i as u8).wrapping_mul(37) ^ (i >> 8) as u8;
        }
    }
}

/// Indices with which an access at `offset` ends around `end`, and the greatest ones.
fn indices(offset: u32, size: u32, end: u64) -> Vec<u32> {
    let last = end as i64 - i64::from(size) - i64::from(offset);
    let near = (-1..=i64::from(size) + 1).map(|beyond| last + beyond);
    let far = [0, 1, i64::from(i32::MAX), i64::from(u32::MAX) - 16, i64::from(u32::MAX) - 1, i64::from(u32::MAX)];
    // Where the sum is no more than what 32 bits can say.
    let wrapping = [(1i64 << 32) - i64::from(offset), (1i64 << 32) - i64::from(offset) + i64::from(size)];
    near.chain(far).chain(wrapping).filter_map(|index| u32::try_from(index).ok()).collect()
}

#[test]
fn accesses_by_an_index_end_at_the_end() {
    for mode in emulator::some(&MODES) {
        let engine = engine(mode);
        for op in operators() {
            for lane in lanes(op) {
                for offset in OFFSETS {
                    let access = Access { op, lane, offset, index: "(local.get 0)" };
                    let mut running = Running::new(&engine, 1, &access.text());
                    running.fill();
                    for index in indices(offset, size(op), PAGE.into()) {
                        running.check(&access, mode, index, PAGE.into());
                    }
                }
            }
        }
    }
}

/// An index that is not in a register of its own: a sum, and what comes from memory.
#[test]
fn accesses_by_other_indices_end_at_the_end() {
    for mode in emulator::some(&MODES) {
        let engine = engine(mode);
        for op in operators() {
            for index in ["(i32.add (local.get 0) (i32.const 0))", "(i32.sub (local.get 0) (i32.const 0))"] {
                for offset in [0, 3, 0xffff_fff8] {
                    let access = Access { op, lane: 0, offset, index };
                    let mut running = Running::new(&engine, 1, &access.text());
                    running.fill();
                    for index in indices(offset, size(op), PAGE.into()) {
                        running.check(&access, mode, index, PAGE.into());
                    }
                }
            }
        }
    }
}

#[test]
fn accesses_by_constants_end_at_the_end() {
    for mode in emulator::some(&MODES) {
        let engine = engine(mode);
        for op in operators() {
            for offset in [0, 16, 0xffff_fff0] {
                for constant in indices(offset, size(op), PAGE.into()) {
                    let index = format!("(i32.const {constant})");
                    let access = Access { op, lane: 0, offset, index: &index };
                    let mut running = Running::new(&engine, 1, &access.text());
                    running.fill();
                    running.check(&access, mode, constant, PAGE.into());
                }
            }
        }
    }
}

/// What another memory of the module has is not reached by the first one's indices, nor are memories that are empty.
#[test]
fn empty_memories_and_second_ones_have_ends() {
    for mode in emulator::some(&MODES) {
        let engine = engine(mode);
        for op in operators() {
            let access = Access { op, lane: 0, offset: 0, index: "(local.get 0)" };
            let mut running = Running::new(&engine, 0, &access.text());
            for index in [0, 1, PAGE, u32::MAX] {
                running.check(&access, mode, index, 0);
            }
            // The second memory, of two pages, beside one.
            let second = access.text().replacen(&format!("({} ", op.name), &format!("({} $second ", op.name), 1);
            let text = format!(
                r#"(module (memory 1) (memory $second (export "m") 2)
                    (func (export "f") (param i32 v128) (result v128) {second}))"#
            );
            let bytes = wat::parse_str(text).expect("it is well-formed");
            let module = Module::new(&engine, &bytes).expect("it is valid");
            let mut store = Store::new(&engine, ());
            let instance = Instance::new(&mut store, &module, &[]).expect("nothing is imported");
            let memory = instance.get_memory(&mut store, "m").expect("it is exported");
            let f = instance.get_typed_func(&mut store, "f").expect("it is exported");
            let mut running = Running { bytes, store, memory, f };
            running.fill();
            for index in indices(0, size(op), (2 * PAGE).into()) {
                running.check(&access, mode, index, (2 * PAGE).into());
            }
        }
    }
}

#[test]
fn the_end_moves_when_memories_grow() {
    for mode in emulator::some(&MODES) {
        let engine = engine(mode);
        for op in operators() {
            let access = Access { op, lane: 0, offset: 5, index: "(local.get 0)" };
            let mut running = Running::new(&engine, 1, &access.text());
            for pages in 1..4u32 {
                running.fill();
                let end = u64::from(pages * PAGE);
                for index in indices(5, size(op), end) {
                    running.check(&access, mode, index, end);
                }
                running.memory.grow(&mut running.store, 1).expect("there is memory");
            }
        }
    }
}

/// Of the greatest memory there is, only offsets reach the end.
#[test]
fn the_greatest_memory_has_an_end() {
    let engine = engine("");
    for op in operators() {
        for offset in [0, 1, 16, 0xffff_ffff] {
            let access = Access { op, lane: 0, offset, index: "(local.get 0)" };
            let mut running = Running::new(&engine, 65536, &access.text());
            let operand = V128::from(0);
            for index in [0, 1, u32::MAX - 15, u32::MAX - 16, u32::MAX - 7, u32::MAX] {
                let fits = u64::from(index) + u64::from(offset) + u64::from(size(op)) <= 1 << 32;
                let result = running.f.call(&mut running.store, (index as i32, operand));
                assert_eq!(result.is_ok(), fits, "{} at {index:#x}", access.text());
            }
        }
    }
}
