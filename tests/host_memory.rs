//! Memories that the embedder allocates: they move, they run out, they are not what they should be, and nothing reaches
//! beyond them.

use headwater::{
    Config, Engine, Instance, LinearMemory, Memory, MemoryCreator, MemoryType, Module, Result, Store, Trap, TypedFunc,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const PAGE: usize = 65_536;

/// Memories that move whenever they grow, with a pattern behind their end that nobody may read or write.
#[derive(Default)]
struct Moving {
    made: AtomicUsize,
    alive: Arc<AtomicUsize>,
    reserved: AtomicUsize,
    /// How many bytes less there are than were asked for.
    short: usize,
    /// The most bytes that a memory can have.
    most: Option<usize>,
}

struct Bytes {
    bytes: Vec<u8>,
    len: usize,
    most: usize,
    alive: Arc<AtomicUsize>,
}

const BEHIND: usize = 4096;
const PATTERN: u8 = 0xee;

impl Bytes {
    fn allocate(len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        bytes.resize(len + BEHIND, PATTERN);
        bytes
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        assert!(self.bytes[self.len..].iter().all(|&byte| byte == PATTERN), "something was written behind the end");
        self.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

// SAFETY: a vector is one range of memory, which only `grow_to` moves.
unsafe impl LinearMemory for Bytes {
    fn byte_size(&self) -> usize {
        self.len
    }

    fn byte_capacity(&self) -> usize {
        self.len
    }

    fn grow_to(&mut self, new_size: usize) -> Result<()> {
        headwater::ensure!(new_size <= self.most, "no more than {} bytes", self.most);
        let mut bytes = Bytes::allocate(new_size);
        bytes[..self.len].copy_from_slice(&self.bytes[..self.len]);
        (self.bytes, self.len) = (bytes, new_size);
        Ok(())
    }

    fn as_ptr(&self) -> *mut u8 {
        self.bytes.as_ptr().cast_mut()
    }
}

// SAFETY: as above.
unsafe impl MemoryCreator for Moving {
    fn new_memory(
        &self,
        ty: MemoryType,
        minimum: usize,
        maximum: Option<usize>,
        reserved_size_in_bytes: Option<usize>,
        guard_size_in_bytes: usize,
    ) -> Result<Box<dyn LinearMemory>, String> {
        assert_eq!((minimum as u64, guard_size_in_bytes), (ty.minimum() * ty.page_size(), 0));
        let most = self.most.or(maximum).unwrap_or(usize::MAX);
        if minimum > most {
            return Err("there is none left".to_string());
        }
        self.made.fetch_add(1, Ordering::Relaxed);
        self.alive.fetch_add(1, Ordering::Relaxed);
        self.reserved.store(reserved_size_in_bytes.unwrap_or(0), Ordering::Relaxed);
        let len = minimum - self.short;
        Ok(Box::new(Bytes { bytes: Bytes::allocate(len), len, most, alive: self.alive.clone() }))
    }
}

fn engine(creator: &Arc<Moving>) -> Engine {
    Engine::new(Config::new().with_host_memory(creator.clone())).expect("a supported setting")
}

const PROGRAM: &str = r#"(module
    (memory (export "memory") 1 10)
    (data (i32.const 100) "data")
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
    (func (export "far") (param i32) (result i64) (i64.load offset=0xfffffff0 (local.get 0)))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "fill") (param i32 i32) (memory.fill (local.get 0) (i32.const 7) (local.get 1)))
    (func (export "copy") (param i32 i32) (memory.copy (local.get 0) (i32.const 100) (local.get 1)))
    ;; Grows in the middle, where the base is in a register.
    (func (export "between") (param $at i32) (result i32)
        (i32.store (local.get $at) (i32.const 41))
        (drop (memory.grow (i32.const 1)))
        (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
        (i32.load (local.get $at))))"#;

struct Program {
    store: Store<()>,
    instance: Instance,
}

impl Program {
    fn new(engine: &Engine) -> Program {
        let module = Module::new(engine, wat::parse_str(PROGRAM).expect("valid text")).expect("a valid module");
        let mut store = Store::new(engine, ());
        let instance = Instance::new(&mut store, &module, &[]).expect("there is memory");
        Program { store, instance }
    }

    fn call<P: headwater::WasmParams, R: headwater::WasmResults>(&mut self, name: &str, params: P) -> Result<R> {
        let func: TypedFunc<P, R> = self.instance.get_typed_func(&mut self.store, name).expect("its type");
        func.call(&mut self.store, params)
    }

    fn traps(&mut self, outcome: Result<impl Sized>) {
        let error = outcome.err().expect("out of bounds");
        assert_eq!(error.downcast_ref(), Some(&Trap::MemoryOutOfBounds), "{error:#}");
        // The store is as good as before.
        assert_eq!(self.call::<i32, i32>("load", 100).expect("in bounds"), i32::from_le_bytes(*b"data"));
    }
}

#[test]
fn programs_have_their_data_and_nothing_reaches_beyond_the_end() {
    let creator = Arc::new(Moving::default());
    let engine = engine(&creator);
    // From the second instance on there would be an image.
    for _ in 0..3 {
        let mut program = Program::new(&engine);
        for pages in [1, 2, 5] {
            let end = (pages * PAGE) as i32;
            program.call::<(i32, i32), ()>("store", (end - 4, 77)).expect("in bounds");
            assert_eq!(program.call::<i32, i32>("load", end - 4).expect("in bounds"), 77);
            for at in [end - 3, end, end + 8, i32::MAX, -4, -1] {
                let outcome = program.call::<(i32, i32), ()>("store", (at, -1));
                program.traps(outcome);
                let outcome = program.call::<i32, i32>("load", at);
                program.traps(outcome);
                let outcome = program.call::<i32, i64>("far", at);
                program.traps(outcome);
            }
            let outcome = program.call::<(i32, i32), ()>("fill", (end - 10, 11));
            program.traps(outcome);
            let outcome = program.call::<(i32, i32), ()>("copy", (end - 3, 4));
            program.traps(outcome);
            let more = if pages == 1 { 1 } else { 3 };
            assert_eq!(program.call::<i32, i32>("grow", more).expect("no trap"), pages as i32);
        }
    }
    assert_eq!(creator.made.load(Ordering::Relaxed), 3);
    assert_eq!(creator.alive.load(Ordering::Relaxed), 0, "memories go with their stores");
}

#[test]
fn a_memory_that_moves_keeps_its_contents() {
    let mut program = Program::new(&engine(&Arc::new(Moving::default())));
    let memory = program.instance.get_memory(&mut program.store, "memory").expect("it is exported");
    let before = memory.data_ptr(&program.store);
    assert_eq!(program.call::<i32, i32>("between", 2000).expect("in bounds"), 42);
    assert_ne!(memory.data_ptr(&program.store), before, "it has moved");
    assert_eq!(&memory.data(&program.store)[100..104], b"data");
    assert_eq!(memory.data_size(&program.store), 2 * PAGE);
    assert_eq!(memory.grow(&mut program.store, 1).expect("ten pages at most"), 2);
    assert_eq!(&memory.data(&program.store)[100..104], b"data");
}

#[test]
fn growth_fails_where_the_embedder_has_no_more() {
    let creator = Arc::new(Moving { most: Some(3 * PAGE), ..Moving::default() });
    let mut program = Program::new(&engine(&creator));
    assert_eq!(program.call::<i32, i32>("grow", 2).expect("no trap"), 1);
    assert_eq!(program.call::<i32, i32>("grow", 1).expect("no trap"), -1);
    assert_eq!(program.call::<i32, i32>("load", 100).expect("in bounds"), i32::from_le_bytes(*b"data"));
    let mut store = Store::new(program.store.engine(), ());
    let error = Memory::new(&mut store, MemoryType::new(4, None)).expect_err("three pages at most");
    assert!(error.to_string().contains("there is none left"), "{error}");
}

#[test]
fn a_memory_that_is_too_small_is_refused() {
    let creator = Arc::new(Moving { short: 1, ..Moving::default() });
    let mut store = Store::new(&engine(&creator), ());
    let error = Memory::new(&mut store, MemoryType::new(1, None)).expect_err("a byte is missing");
    assert!(error.to_string().contains("has 65535 bytes instead of 65536"), "{error}");
    assert_eq!(creator.alive.load(Ordering::Relaxed), 0);
}

#[test]
fn other_kinds_of_memories_are_made_as_they_should_be() {
    let creator = Arc::new(Moving::default());
    let mut store = Store::new(&engine(&creator), ());
    let large = Memory::new(&mut store, MemoryType::new64(1, Some(4))).expect("there is room");
    large.write(&mut store, PAGE - 1, &[1]).expect("in bounds");
    assert!(large.write(&mut store, PAGE, &[1]).is_err());
    assert_eq!(creator.made.load(Ordering::Relaxed), 1);
    headwater::SharedMemory::new(store.engine(), MemoryType::shared(1, 2)).expect("there is room");
    assert_eq!(creator.made.load(Ordering::Relaxed), 1, "shared memories are this library's");
    store.keep_memories_in_place();
    Memory::new(&mut store, MemoryType::new(1, Some(7))).expect("there is room");
    assert_eq!(creator.reserved.load(Ordering::Relaxed), 7 * PAGE);
}

/// Code that relies on guards has no checks, without which it would reach beyond such a memory.
#[test]
fn what_was_compiled_for_guarded_memories_is_refused() {
    let bytes = wat::parse_str("(module (memory 1) (func (param i32) (result i32) (i32.load (local.get 0))))").unwrap();
    let guarded = Engine::default().precompile_module(&bytes).unwrap();
    let hosted = Engine::new(Config::new().with_host_memory(Arc::new(Moving::default()))).unwrap();
    // SAFETY: the bytes are what `precompile_module` gave.
    let error = unsafe { Module::deserialize(&hosted, &guarded) }.unwrap_err().to_string();
    assert!(error.contains("compiled with with_host_memory = false, the engine has true"), "{error}");
    let own = hosted.precompile_module(&bytes).unwrap();
    // SAFETY: as above.
    assert!(unsafe { Module::deserialize(&hosted, &own) }.is_ok());
    // SAFETY: as above.
    assert!(unsafe { Module::deserialize(&Engine::default(), &own) }.is_err());
}
