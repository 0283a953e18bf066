//! No instance ever sees what another one wrote, whatever becomes of memories that are gone: their pages are used again
//! once they are what they were (`src/vm/reset.rs`). Memories of several sizes, with images and without, that grow and
//! are written to in few places or many, are made and freed at random on several threads, and each new one is compared
//! with what it has to be, byte for byte, before it is written to; beyond its end every access traps.
//!
//! `HEADWATER_REUSED_ROUNDS`: how many memories each thread makes.

mod api_common;

use headwater::{
    Config, Enabled, Engine, Instance, InstanceAllocationStrategy, Memory, MemoryType, Module, PoolingAllocationConfig,
    Store, Trap, TypedFunc,
};
use std::thread;

const PAGE: usize = 1 << 16;

/// Numbers that look random.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) as usize % n
    }
}

/// A module whose memory begins with so many pages, and with `data` at `at`.
struct Program {
    module: Module,
    pages: usize,
    at: usize,
    data: Vec<u8>,
}

impl Program {
    fn new(engine: &Engine, pages: usize, at: usize, len: usize, fill: u8) -> Program {
        let data: Vec<u8> = (0..len).map(|i| fill.wrapping_add((i / 4096) as u8) | 1).collect();
        let escaped: String = data.iter().map(|byte| format!("\\{byte:02x}")).collect();
        let text = format!(
            r#"(module (memory (export "m") {pages}) (data (i32.const {at}) "{escaped}")
                (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
                (func (export "store") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
                (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#
        );
        Program { module: api_common::module(engine, &text), pages, at, data }
    }
}

/// Some with images, some with too little data for one, one without data; pages of the system that an image shares with
/// zeros, images of one length with other contents.
fn programs(engine: &Engine) -> Vec<Program> {
    let shapes = [
        (2, 5000, 40_000),
        (2, 4096, 40_960),
        (2, 0, 65_536),
        (16, 1 << 19, 200_000),
        (2, 100, 50),
        (1, 0, 0),
        (40, 7, 1 << 20),
    ];
    let programs = shapes.into_iter().enumerate();
    programs
        .flat_map(|(i, (pages, at, len))| {
            [0x11, 0x55].map(|fill| Program::new(engine, pages, at, len, fill + i as u8 * 0x10))
        })
        .collect()
}

/// An instance of `program`, or nothing but a memory of as many pages.
struct Used {
    store: Store<()>,
    memory: Memory,
    functions: Option<Functions>,
}

/// What a [`Program`] exports.
struct Functions {
    load: TypedFunc<i32, i32>,
    store: TypedFunc<(i32, i32), ()>,
    grow: TypedFunc<i32, i32>,
}

impl Used {
    fn instance(engine: &Engine, program: &Program) -> Used {
        let mut store = Store::new(engine, ());
        let instance = Instance::new(&mut store, &program.module, &[]).expect("there is memory");
        let memory = instance.get_memory(&mut store, "m").expect("it is exported");
        let functions = Functions {
            load: instance.get_typed_func(&mut store, "load").expect("it is exported"),
            store: instance.get_typed_func(&mut store, "store").expect("it is exported"),
            grow: instance.get_typed_func(&mut store, "grow").expect("it is exported"),
        };
        let mut used = Used { store, memory, functions: Some(functions) };
        used.check(program.pages, program.at, &program.data);
        used
    }

    fn bare(engine: &Engine, pages: usize) -> Used {
        let mut store = Store::new(engine, ());
        let memory = Memory::new(&mut store, MemoryType::new(pages as u32, None)).expect("there is memory");
        let mut used = Used { store, memory, functions: None };
        used.check(pages, 0, &[]);
        used
    }

    /// It has so many pages, with `data` at `at` and zeros elsewhere, and nothing behind.
    fn check(&mut self, pages: usize, at: usize, data: &[u8]) {
        let bytes = self.memory.data(&self.store);
        assert_eq!(bytes.len(), pages * PAGE);
        let zero = |bytes: &[u8]| bytes.iter().all(|&byte| byte == 0);
        assert!(zero(&bytes[..at]), "there is something before the data");
        assert!(bytes[at..at + data.len()] == *data, "the data is not what it was");
        assert!(zero(&bytes[at + data.len()..]), "there is something behind the data");
        if let Some(functions) = &self.functions {
            let error = functions.load.call(&mut self.store, (pages * PAGE) as i32).unwrap_err();
            assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::MemoryOutOfBounds));
        }
    }

    /// Grows at times, reads at times, and writes to no places, few or many, from outside or by the program.
    fn use_up(&mut self, random: &mut Random) {
        for _ in 0..random.below(3) {
            let more = random.below(20);
            let before = self.memory.size(&self.store);
            let grown = match &self.functions {
                Some(functions) => functions.grow.call(&mut self.store, more as i32).expect("it does not trap") as u64,
                None => self.memory.grow(&mut self.store, more as u64).expect("there is memory"),
            };
            assert_eq!(grown, before);
            let bytes = self.memory.data(&self.store);
            assert!(bytes[before as usize * PAGE..].iter().all(|&byte| byte == 0), "new pages are not zero");
        }
        let len = self.memory.data_size(&self.store);
        if random.below(3) == 0 {
            let sum: u64 = self.memory.data(&self.store).iter().map(|&byte| u64::from(byte)).sum();
            assert!(sum < u64::MAX);
        }
        for _ in 0..[0, 1, 4, 60, 400][random.below(5)] {
            let at = random.below(len);
            match &self.functions {
                Some(functions) => functions.store.call(&mut self.store, (at as i32, 0xee)).expect("it is in bounds"),
                None => self.memory.data_mut(&mut self.store)[at] = 0xee,
            }
        }
        match random.below(6) {
            0 => self.memory.data_mut(&mut self.store).fill(0xdd),
            // Nor is what is zero here what it was in an image.
            1 => self.memory.data_mut(&mut self.store).fill(0),
            2 => self.memory.data_mut(&mut self.store)[len - 1] = 0xcc,
            _ => {}
        }
    }
}

/// Ways to treat memories that are gone.
fn engines() -> Vec<Engine> {
    let pool = |set: &dyn Fn(&mut PoolingAllocationConfig)| {
        let mut pool = PoolingAllocationConfig::new();
        set(&mut pool);
        Engine::new(Config::new().compile_threads(0).allocation_strategy(pool)).expect("the settings are implemented")
    };
    vec![
        Engine::new(Config::new().compile_threads(0)).expect("the settings are implemented"),
        // As on a system that cannot tell what was written to.
        pool(&|pool| _ = pool.pagemap_scan(Enabled::No)),
        pool(&|pool| _ = pool.linear_memory_keep_resident(0)),
        pool(&|pool| _ = pool.linear_memory_keep_resident(20 << 10)),
        pool(&|pool| _ = pool.linear_memory_keep_resident(usize::MAX)),
        Engine::new(Config::new().compile_threads(0).memory_reservation(0)).expect("the settings are implemented"),
    ]
}

#[test]
fn no_instance_sees_what_another_wrote() {
    let rounds = std::env::var("HEADWATER_REUSED_ROUNDS").ok().map_or(60, |rounds| rounds.parse().expect("a number"));
    for engine in engines() {
        let programs = programs(&engine);
        thread::scope(|scope| {
            for seed in 0..3 {
                let (engine, programs) = (&engine, &programs);
                scope.spawn(move || {
                    let mut random = Random(seed);
                    let mut live: Vec<Used> = Vec::new();
                    for _ in 0..rounds {
                        let mut used = match random.below(programs.len() + 4) {
                            i if i < programs.len() => Used::instance(engine, &programs[i]),
                            _ => Used::bare(engine, [1, 2, 16, 40][random.below(4)]),
                        };
                        used.use_up(&mut random);
                        live.push(used);
                        while live.len() > random.below(4) {
                            drop(live.swap_remove(random.below(live.len())));
                        }
                    }
                });
            }
        });
    }
}

#[test]
fn a_program_that_comes_back_finds_its_data_whoever_was_there_meanwhile() {
    let engine = Engine::new(Config::new().compile_threads(0)).expect("the settings are implemented");
    for _ in 0..3 {
        // Images are freed with their modules, and what was kept with them.
        let programs = programs(&engine);
        for round in 0..4 {
            for program in &programs {
                let mut used = Used::instance(&engine, program);
                let bytes = used.memory.data_mut(&mut used.store);
                bytes.iter_mut().step_by(4096 << round).for_each(|byte| *byte = !*byte);
            }
        }
    }
}

#[test]
fn a_forked_child_finds_memories_as_new() {
    let engine = Engine::new(Config::new().compile_threads(0)).expect("the settings are implemented");
    let program = Program::new(&engine, 2, 5000, 40_000, 0x11);
    let dirty = || {
        let mut used = Used::instance(&engine, &program);
        [6000, 100_000].into_iter().for_each(|at| used.memory.data_mut(&mut used.store)[at] = 0xee);
        used
    };
    drop((dirty(), dirty()));
    let open = dirty();
    // SAFETY: the child only uses what this thread made, and ends without what the test harness does at its end.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let ok = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            drop(open);
            // Each has what the one before it wrote to.
            (0..10).for_each(|_| drop(dirty()));
        }));
        // SAFETY: as above.
        unsafe { libc::_exit(ok.is_err().into()) };
    }
    let mut status = -1;
    // SAFETY: waits for the child just made.
    assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
    assert_eq!(status, 0, "the child");
    drop(open);
    (0..10).for_each(|_| drop(dirty()));
}

#[test]
fn whether_the_system_can_tell_decides_whether_it_must() {
    let mut pool = PoolingAllocationConfig::new();
    let result = Engine::new(Config::new().allocation_strategy(pool.pagemap_scan(Enabled::Yes).clone()));
    assert_eq!(result.is_ok(), PoolingAllocationConfig::is_pagemap_scan_available());
    assert!(Engine::new(Config::new().allocation_strategy(InstanceAllocationStrategy::pooling())).is_ok());
}
