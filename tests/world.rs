//! What an engine's environment may lack or do: addresses, mappings, stack, signals, forks. Everything that is missing
//! is an error value. Each case runs in a separate process: this binary, started again with the case's name in the
//! environment.
//!
//! The heap of these processes is set aside beforehand, so that only what the engine requests from the system runs out.

mod api_common;

use api_common::{config, module, trap};
use headwater::{Caller, Config, Engine, Error, Instance, Linker, Memory, MemoryType, Module, Store, Trap};
use std::alloc::{GlobalAlloc, Layout};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

const CASE: &str = "HEADWATER_WORLD_CASE";

/// Memory from one area, mapped at the first use, in powers of two, and used again.
struct Arena;

const ARENA: usize = 1 << 30;

struct State {
    /// The rest of the area: where it begins and ends.
    next: usize,
    end: usize,
    /// A list of free blocks for each power of two, linked through their first words.
    free: [usize; 40],
}

static STATE: Mutex<State> = Mutex::new(State { next: 0, end: 0, free: [0; 40] });

// SAFETY: each call gets a block of its own, aligned to its size up to a page.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size().max(layout.align()).max(16).next_power_of_two();
        let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
        let State { next, end, free } = &mut *state;
        if *end == 0 {
            let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
            // SAFETY: a new mapping, wherever there is room.
            let area = unsafe { libc::mmap(ptr::null_mut(), ARENA, access, kind | libc::MAP_NORESERVE, -1, 0) };
            if area == libc::MAP_FAILED {
                return ptr::null_mut();
            }
            (*next, *end) = (area as usize, area as usize + ARENA);
        }
        let list = &mut free[size.trailing_zeros() as usize];
        if *list != 0 {
            let at = *list as *mut usize;
            // SAFETY: a free block, whose first word is the next one's address.
            *list = unsafe { *at };
            return at.cast();
        }
        let at = next.next_multiple_of(size.min(4096));
        if layout.align() > 4096 || at + size > *end {
            return ptr::null_mut();
        }
        *next = at + size;
        at as *mut u8
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        let size = layout.size().max(layout.align()).max(16).next_power_of_two();
        let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
        let list = &mut state.free[size.trailing_zeros() as usize];
        // SAFETY: the block is free now, and has room for a word.
        unsafe { *at.cast::<usize>() = *list };
        *list = at as usize;
    }
}

#[global_allocator]
static ALLOCATOR: Arena = Arena;

/// Runs `case` in a separate process, which must succeed.
#[track_caller]
fn in_child(name: &str, case: fn()) {
    if std::env::var_os(CASE).is_some() {
        // SAFETY: only sets a timer: what hangs must end.
        unsafe { libc::alarm(120) };
        case();
        return;
    }
    let output = api_common::emulator::this_binary()
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(CASE, name)
        .output()
        .expect("this binary can be started");
    let text = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&text));
}

const PROGRAM: &str = r#"(module
    (import "host" "twice" (func $twice (param i32) (result i32)))
    (memory (export "m") 1) (data (i32.const 8) "hello")
    (func (export "sum") (param i32) (result i32) (local i32)
        (loop (local.set 1 (i32.add (local.get 1) (call $twice (local.get 0))))
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (local.get 1))
    (func $deep (export "deep") (param i32) (result i32)
        (if (result i32) (local.get 0)
            (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1)))))
            (else (i32.const 0))))
    (func (export "fault") (drop (i32.load (i32.const 65536))))
    (func (export "divide") (drop (i32.div_s (i32.const 1) (i32.const 0))))
    (func (export "endless") (result i32) (i32.add (call $deep (i32.const 100000000)) (i32.const 1))))"#;

struct Running {
    store: Store<u32>,
    instance: Instance,
}

fn link(engine: &Engine) -> Result<Linker<u32>, Error> {
    let mut linker = Linker::new(engine);
    linker.func_wrap("host", "twice", |mut caller: Caller<'_, u32>, n: i32| {
        *caller.data_mut() += 1;
        2 * n
    })?;
    Ok(linker)
}

impl Running {
    fn start(engine: &Engine, module: &Module) -> Result<Running, Error> {
        let mut store = Store::new(engine, 0);
        let instance = link(engine)?.instantiate(&mut store, module)?;
        Ok(Running { store, instance })
    }

    fn call(&mut self, name: &str, arg: i32) -> Result<i32, Error> {
        self.instance.get_typed_func::<i32, i32>(&mut self.store, name)?.call(&mut self.store, arg)
    }

    fn trap(&mut self, name: &str) -> Trap {
        let func = self.instance.get_func(&mut self.store, name).expect("an export");
        let mut results = vec![headwater::Val::I32(0); func.ty(&self.store).results().len()];
        trap(&func.call(&mut self.store, &[], &mut results).unwrap_err())
    }

    /// Works and traps as it should.
    fn check(&mut self) {
        assert_eq!(self.call("sum", 10).expect("runs"), 110);
        assert_eq!(self.trap("fault"), Trap::MemoryOutOfBounds);
        assert_eq!(self.trap("divide"), Trap::IntegerDivisionByZero);
        assert_eq!(self.trap("endless"), Trap::StackOverflow);
        assert_eq!(self.call("deep", 100).expect("runs"), 100);
    }
}

/// A module whose code needs a region of its own.
fn large() -> Vec<u8> {
    let mut text = String::from("(module (memory 1)");
    for i in 0..40_000 {
        text +=
            &format!("(func (param i32) (result i32) (i32.add (i32.load offset={i} (local.get 0)) (i32.const {i})))");
    }
    wat::parse_str(text + ")").expect("a valid module")
}

/// Everything that asks the system for something, from the engine to a growing memory; every refusal is an error.
/// Returns how many of the steps succeeded.
fn all_steps(small: &[u8], large: &[u8], threads: usize) -> usize {
    let engine = Engine::new(Config::new().compile_threads(threads)).expect("engines ask for nothing");
    let mut good = 0;
    let mut step = |what: &str, result: Result<(), Error>| match result {
        Ok(()) => good += 1,
        Err(e) => {
            let text = format!("{e:#}");
            assert!(!text.is_empty() && !text.contains("internal error"), "{what}: {text}");
        }
    };
    step("a large module", Module::new(&engine, large).map(drop).map_err(Error::new));
    match Module::new(&engine, small) {
        Err(e) => step("a small module", Err(Error::new(e))),
        Ok(module) => {
            step("a small module", Ok(()));
            // Twice, so that the second has an image of the first's memory.
            for _ in 0..3 {
                match Running::start(&engine, &module) {
                    Err(e) => step("an instance", Err(e)),
                    Ok(mut running) => {
                        step("an instance", Ok(()));
                        step("a call", running.call("sum", 3).map(|n| assert_eq!(n, 12)));
                        let memory = running.instance.get_memory(&mut running.store, "m").expect("an export");
                        let mut hello = [0; 5];
                        memory.read(&running.store, 8, &mut hello).expect("inside");
                        assert_eq!(&hello, b"hello");
                        step("a memory that grows", memory.grow(&mut running.store, 100).map(drop));
                        let new = Memory::new(&mut running.store, MemoryType::new(1000, None));
                        step("a memory", new.map(drop));
                    }
                }
            }
        }
    }
    good
}

fn set_address_space(bytes: u64) {
    let limit = libc::rlimit { rlim_cur: bytes, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: only sets a limit.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_AS, &limit) }, 0);
}

fn address_space() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").expect("Linux has it");
    let pages: u64 = text.split(' ').next().and_then(|n| n.parse().ok()).expect("a number comes first");
    // SAFETY: asks for a constant of the system.
    pages * unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as u64
}

#[test]
fn without_addresses_there_are_errors_and_afterwards_all_is_well() {
    // The emulator needs addresses of its own.
    if api_common::emulator::name().is_some() {
        return;
    }
    in_child("without_addresses_there_are_errors_and_afterwards_all_is_well", || {
        let (small, large) = (wat::parse_str(PROGRAM).expect("a valid module"), large());
        // Also makes what is made once in a process.
        let all = all_steps(&small, &large, 0);
        assert_eq!(all, 14);
        let (mut least, mut most) = (usize::MAX, 0);
        for shift in 12..36 {
            for threads in [0, 2] {
                // What was kept of memories would do for the next.
                set_address_space(address_space() + (1 << shift));
                let good = all_steps(&small, &large, threads);
                set_address_space(libc::RLIM_INFINITY);
                (least, most) = (least.min(good), most.max(good));
            }
        }
        assert!(least < all && most == all, "{least} to {most} of {all} steps");
        assert_eq!(all_steps(&small, &large, 2), all);
    });
}

#[test]
fn without_mappings_there_are_errors_and_afterwards_all_is_well() {
    if api_common::emulator::name().is_some() {
        return;
    }
    in_child("without_mappings_there_are_errors_and_afterwards_all_is_well", || {
        let (small, large) = (wat::parse_str(PROGRAM).expect("a valid module"), large());
        let all = all_steps(&small, &large, 0);
        // Pages with alternating protection are one mapping each, until the limit is reached.
        let limit = std::fs::read_to_string("/proc/sys/vm/max_map_count").expect("Linux has it");
        let pages = limit.trim().parse::<usize>().expect("a number") + 2;
        if pages > 8 << 20 {
            println!("skipped: the limit of {limit} mappings would take gigabytes to reach");
            return;
        }
        // SAFETY: a new mapping, whose pages nobody else touches.
        let base = unsafe {
            libc::mmap(ptr::null_mut(), pages << 12, libc::PROT_NONE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0)
        };
        assert_ne!(base, libc::MAP_FAILED);
        // SAFETY: the page is in the mapping.
        let protect = |page: usize, protection| unsafe {
            libc::mprotect(base.cast::<u8>().add(page << 12).cast(), 1 << 12, protection) == 0
        };
        let mut end = 1;
        while end < pages && protect(end, libc::PROT_READ) {
            end += 2;
        }
        assert!(end < pages, "the limit is {limit}");
        let (mut least, mut most) = (usize::MAX, 0);
        // Each page given back frees two mappings; the last page is one of them.
        let last = pages - 1;
        for free in 0..48 {
            assert!(protect(last, libc::PROT_NONE));
            if free % 2 == 1 {
                end -= 2;
                assert!(protect(end, libc::PROT_NONE) && protect(last, libc::PROT_READ));
            }
            // Threads start while others map.
            for threads in [0, 1, 2, 4] {
                let good = all_steps(&small, &large, threads);
                (least, most) = (least.min(good), most.max(good));
            }
        }
        assert!(least < all && most == all, "{least} to {most} of {all} steps");
        // SAFETY: the mapping is ours.
        unsafe { libc::munmap(base, pages << 12) };
        assert_eq!(all_steps(&small, &large, 2), all);
    });
}

#[test]
fn threads_with_tiny_stacks_trap() {
    let engine = Engine::new(&config()).expect("the settings are known");
    let module = module(&engine, PROGRAM);
    for kib in [64, 96, 128, 256, 1024] {
        let (engine, module) = (engine.clone(), module.clone());
        std::thread::Builder::new()
            .stack_size(kib << 10)
            .spawn(move || {
                let mut running = Running::start(&engine, &module).expect("starts");
                assert_eq!(running.trap("endless"), Trap::StackOverflow, "{kib} KiB");
                assert_eq!(running.trap("fault"), Trap::MemoryOutOfBounds, "{kib} KiB");
                assert_eq!(running.call("sum", 3).expect("runs"), 12, "{kib} KiB");
            })
            .expect("the system has threads")
            .join()
            .expect("the thread does not panic");
    }
}

static TICKS: AtomicUsize = AtomicUsize::new(0);

extern "C" fn tick(_: libc::c_int) {
    TICKS.fetch_add(1, Ordering::Relaxed);
}

/// Calls `tick` every 200 µs of real time.
fn start_signals(flags: libc::c_int) {
    let interval = libc::timeval { tv_sec: 0, tv_usec: 200 };
    let timer = libc::itimerval { it_interval: interval, it_value: interval };
    // SAFETY: the handler only counts.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = tick as *const () as usize;
        action.sa_flags = libc::SA_RESTART | flags;
        assert_eq!(libc::sigaction(libc::SIGALRM, &action, ptr::null_mut()), 0);
        assert_eq!(libc::setitimer(libc::ITIMER_REAL, &timer, ptr::null_mut()), 0);
    }
}

#[test]
fn a_program_full_of_signals_computes_and_traps_as_ever() {
    in_child("a_program_full_of_signals_computes_and_traps_as_ever", || {
        let engine = Engine::new(&config()).expect("the settings are known");
        let module = module(&engine, PROGRAM);
        let mut running = Running::start(&engine, &module).expect("starts");
        for flags in [0, libc::SA_ONSTACK] {
            // On the stack of compiled code, then on the signal stack.
            start_signals(flags);
            TICKS.store(0, Ordering::Relaxed);
            let mut rounds = 0;
            while TICKS.load(Ordering::Relaxed) < 300 || rounds < 50 {
                running.check();
                rounds += 1;
            }
        }
    });
}

#[test]
fn a_signal_stack_that_is_there_already_is_used_if_it_is_large_enough() {
    in_child("a_signal_stack_that_is_there_already_is_used_if_it_is_large_enough", || {
        let engine = Engine::new(&config()).expect("the settings are known");
        let module = module(&engine, PROGRAM);
        for (size, kept) in [(256 << 10, true), (16 << 10, false)] {
            let (engine, module) = (engine.clone(), module.clone());
            let thread = std::thread::spawn(move || {
                let stack = vec![0xa5u8; size].leak();
                let own = libc::stack_t { ss_sp: stack.as_mut_ptr().cast(), ss_flags: 0, ss_size: size };
                // SAFETY: the stack is never freed.
                assert_eq!(unsafe { libc::sigaltstack(&own, ptr::null_mut()) }, 0);
                Running::start(&engine, &module).expect("starts").check();
                // SAFETY: with a null first argument the call only reports.
                let now = unsafe {
                    let mut now: libc::stack_t = std::mem::zeroed();
                    assert_eq!(libc::sigaltstack(ptr::null(), &mut now), 0);
                    now
                };
                assert_eq!(now.ss_sp == own.ss_sp, kept);
                let used = stack.iter().any(|&byte| byte != 0xa5);
                assert_eq!(used, kept, "where the handler ran");
            });
            thread.join().expect("the thread does not panic");
        }
    });
}

/// As a C library does, not while a thread is in the allocator.
///
/// # Safety
/// As for `libc::fork`.
unsafe fn fork() -> libc::pid_t {
    let _state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: up to the caller.
    unsafe { libc::fork() }
}

#[test]
fn a_forked_child_goes_on() {
    in_child("a_forked_child_goes_on", || {
        let engine = Engine::new(Config::new().compile_threads(2)).expect("the settings are known");
        let large = large();
        let before = Module::new(&engine, &large).expect("compiles, on threads");
        let module = module(&engine, PROGRAM);
        let mut running = Running::start(&engine, &module).expect("starts");
        running.check();
        for _ in 0..5 {
            // SAFETY: this process has no other threads but those that wait for something to compile, and free what is
            // left of what they compiled.
            let child = unsafe { fork() };
            assert!(child >= 0);
            if child == 0 {
                // SAFETY: only sets a timer, which children do not inherit.
                unsafe { libc::alarm(60) };
                let ok = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    running.check();
                    let again = Module::new(&engine, &large).expect("compiles, though the threads are gone");
                    assert_eq!(again.functions().count(), before.functions().count());
                    Running::start(&engine, &module).expect("starts").check();
                    drop(again);
                    // The last handles are dropped, and with them the pool.
                    drop((running, module, before, engine));
                }));
                // SAFETY: the child ends here, without what the test harness does at its end.
                unsafe { libc::_exit(if ok.is_ok() { 0 } else { 1 }) };
            }
            let mut status = 0;
            // SAFETY: waits for the child just made.
            assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
            assert_eq!(status, 0, "the child");
            running.check();
        }
    });
}
