//! Programs that would fail if atomic operators were not: each runs on two threads of the system, for as long as
//! `HEADWATER_LITMUS_SECONDS` says, in all modes and with and without optional features of the processor.
//! `scripts/test-litmus` runs them for minutes.

mod api_common;

use api_common::config;
use headwater::{Engine, Instance, MemoryType, Module, SharedMemory, Store};
use std::time::{Duration, Instant};

const MODES: [&str; 4] = ["", "checked", "baseline", "masks checked spill"];

/// How long each program runs, in all modes together.
fn time() -> Duration {
    let seconds = std::env::var("HEADWATER_LITMUS_SECONDS");
    Duration::from_secs_f64(seconds.map_or(0.8, |n| n.parse().expect("HEADWATER_LITMUS_SECONDS is a number")))
}

/// Functions that all programs have.
///
/// Address 0 is a barrier: `$meet` returns when both threads called it so often, and counts how often that was. Who has
/// waited long makes room for the other, which may have no core.
const COMMON: &str = r#"
    (import "" "" (memory 1 2 shared))
    (func $meet (param $round i32) (local $seen i32) (local $spins i32)
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (block $met
        (loop $again
          (local.set $seen (i32.atomic.load (i32.const 0)))
          (br_if $met (i32.ge_u (local.get $seen) (i32.mul (local.get $round) (i32.const 2))))
          (local.set $spins (i32.add (local.get $spins) (i32.const 1)))
          (br_if $again (i32.lt_u (local.get $spins) (i32.const 5000)))
          (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const 1000)))
          (br $again))))"#;

/// Runs `f(rounds so far, how many more)` of both modules on a thread each until the time is up; gives what memory holds
/// then. A program counts its failures at address 1024.
fn run(name: &str, left: &str, right: &str) -> Vec<SharedMemory> {
    let mut memories = Vec::new();
    for modes in MODES {
        let engine = Engine::new(config().test_modes(modes)).expect("the modes are known");
        let memory = SharedMemory::new(&engine, MemoryType::shared(1, 2)).expect("there is room for it");
        let start = Instant::now();
        let mut rounds = 0;
        while start.elapsed() < time() / MODES.len() as u32 || rounds == 0 {
            std::thread::scope(|scope| {
                for body in [left, right] {
                    let (engine, memory) = (&engine, memory.clone());
                    scope.spawn(move || {
                        let text = format!("(module {COMMON} {body})");
                        let bytes = wat::parse_str(&text).unwrap_or_else(|e| panic!("{e}"));
                        let module = Module::new(engine, bytes).expect("the programs are valid");
                        let mut store = Store::new(engine, ());
                        let instance = Instance::new(&mut store, &module, &[memory.into()]).expect("it fits");
                        let f = instance.get_typed_func::<(i32, i32), ()>(&mut store, "f").expect("it is exported");
                        f.call(&mut store, (rounds, ROUNDS)).expect("no program traps");
                    });
                }
            });
            rounds += ROUNDS;
        }
        assert_eq!(word(&memory, 1024), 0, "{name}: failures in mode {modes:?}");
        println!("{name}, mode {modes:?}: {rounds} rounds");
        memories.push(memory);
    }
    memories
}

/// How often a program does what it does at a time.
const ROUNDS: i32 = 500;

fn word(memory: &SharedMemory, at: usize) -> u32 {
    let mut bytes = [0; 4];
    memory.read(at, &mut bytes).expect("it is inside");
    u32::from_le_bytes(bytes)
}

/// A function that calls `$once` with each of `$count` numbers that follow `$from`.
fn each_round(once: &str) -> String {
    format!(
        r#"(func $once (param $round i32) (local $a i32) (local $b i32) {once})
        (func $fail (drop (i32.atomic.rmw.add (i32.const 1024) (i32.const 1))))
        (func (export "f") (param $from i32) (param $count i32)
          (loop $again
            (local.set $from (i32.add (local.get $from) (i32.const 1)))
            (call $once (local.get $from))
            (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))"#
    )
}

#[test]
fn message_passing() {
    let writer = each_round(
        "(call $meet (local.get $round))
         (i32.store (i32.const 64) (local.get $round))
         (i32.atomic.store (i32.const 128) (local.get $round))",
    );
    let reader = each_round(
        "(call $meet (local.get $round))
         (loop $again (br_if $again (i32.ne (i32.atomic.load (i32.const 128)) (local.get $round))))
         (if (i32.ne (i32.load (i32.const 64)) (local.get $round)) (then (call $fail)))",
    );
    run("message passing", &writer, &reader);
}

#[test]
fn store_buffering() {
    // QEMU lets a load overtake an earlier store where AArch64 does not, also in what C compilers make of this.
    let store = match api_common::emulator::name() {
        Some(_) => "i32.atomic.rmw.xchg",
        None => "i32.atomic.store",
    };
    let dropped = if store.ends_with("xchg") { "drop" } else { "" };
    // Both would read what was there before if a store could be delayed beyond the load that follows it. Who comes second
    // to the end of a round looks at both.
    let side = |mine: u32, other: u32, result: u32| {
        each_round(&format!(
            "(call $meet (i32.sub (i32.mul (local.get $round) (i32.const 2)) (i32.const 1)))
             ({store} (i32.const {mine}) (local.get $round)) {dropped}
             (local.set $a (i32.atomic.load (i32.const {other})))
             (i32.atomic.store (i32.const {result}) (local.get $a))
             (call $meet (i32.mul (local.get $round) (i32.const 2)))
             (if (i32.and (i32.ne (i32.atomic.load (i32.const 256)) (local.get $round))
                          (i32.ne (i32.atomic.load (i32.const 320)) (local.get $round)))
               (then (call $fail)))"
        ))
    };
    run("store buffering", &side(64, 128, 256), &side(128, 64, 320));
}

#[test]
fn load_buffering() {
    // No load may see what is stored after the other one's load.
    let side = |read: u32, write: u32, result: u32| {
        each_round(&format!(
            "(call $meet (i32.sub (i32.mul (local.get $round) (i32.const 2)) (i32.const 1)))
             (local.set $a (i32.atomic.load (i32.const {read})))
             (i32.atomic.store (i32.const {write}) (local.get $round))
             (i32.atomic.store (i32.const {result}) (local.get $a))
             (call $meet (i32.mul (local.get $round) (i32.const 2)))
             (if (i32.and (i32.eq (i32.atomic.load (i32.const 256)) (local.get $round))
                          (i32.eq (i32.atomic.load (i32.const 320)) (local.get $round)))
               (then (call $fail)))"
        ))
    };
    run("load buffering", &side(64, 128, 256), &side(128, 64, 320));
}

#[test]
fn a_spin_lock_protects_plain_accesses() {
    let both = each_round(
        "(loop $again (br_if $again (i32.atomic.rmw.cmpxchg (i32.const 64) (i32.const 0) (i32.const 1))))
         (i64.store (i32.const 128) (i64.add (i64.load (i32.const 128)) (i64.const 1)))
         (i64.store (i32.const 256) (i64.add (i64.load (i32.const 256)) (i64.const 3)))
         (if (i64.ne (i64.mul (i64.load (i32.const 128)) (i64.const 3)) (i64.load (i32.const 256)))
           (then (call $fail)))
         (i32.atomic.store (i32.const 64) (i32.const 0))",
    );
    for memory in run("spin lock", &both, &both) {
        assert!(word(&memory, 128) > 0 && word(&memory, 128).is_multiple_of(2 * ROUNDS as u32), "none was lost");
    }
}

#[test]
fn every_width_and_operation_counts_without_losses() {
    // 255 and 65535 are followed by 0; bits set by one side stay until it clears them.
    let side = |bit: u64| {
        each_round(&format!(
            "(drop (i32.atomic.rmw8.add_u (i32.const 64) (i32.const 1)))
             (drop (i32.atomic.rmw16.sub_u (i32.const 66) (i32.const 1)))
             (drop (i64.atomic.rmw32.add_u (i32.const 68) (i64.const 1)))
             (drop (i64.atomic.rmw.sub (i32.const 72) (i64.const 1)))
             (if (i64.ne (i64.and (i64.atomic.rmw.or (i32.const 80) (i64.const {bit})) (i64.const {bit})) (i64.const 0))
               (then (call $fail)))
             (if (i64.eqz (i64.and (i64.atomic.rmw.and (i32.const 80) (i64.const {not})) (i64.const {bit})))
               (then (call $fail)))
             (drop (i32.atomic.rmw16.xor_u (i32.const 88) (i32.const {low})))
             (if (i32.eq (i32.and (i32.atomic.load16_u (i32.const 88)) (i32.const {low})) (i32.const 0))
               (then (call $fail)))
             (drop (i32.atomic.rmw16.xor_u (i32.const 88) (i32.const {low})))",
            not = !bit as i64,
            low = bit & 0xffff,
        ))
    };
    for memory in run("counters", &side(0x0ff0_0000_0000_0001), &side(0x1000_0000_0000_0002)) {
        let count = word(&memory, 68);
        assert!(count > 0 && count.is_multiple_of(2 * ROUNDS as u32));
        assert_eq!(word(&memory, 64) & 0xff, count & 0xff);
        assert_eq!(word(&memory, 64) >> 16, count.wrapping_neg() & 0xffff);
        assert_eq!(word(&memory, 72), count.wrapping_neg());
        assert_eq!((word(&memory, 80), word(&memory, 84), word(&memory, 88) & 0xffff), (0, 0, 0));
    }
}

#[test]
fn a_seqlock_gives_consistent_pairs() {
    let writer = each_round(
        "(drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
         (i32.atomic.store (i32.const 128) (local.get $round))
         (i32.atomic.store (i32.const 192) (i32.xor (local.get $round) (i32.const -1)))
         (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))",
    );
    let reader = each_round(
        "(local $before i32)
         (loop $again
           (local.set $before (i32.atomic.load (i32.const 64)))
           (local.set $a (i32.atomic.load (i32.const 128)))
           (local.set $b (i32.atomic.load (i32.const 192)))
           (br_if $again (i32.or (i32.and (local.get $before) (i32.const 1))
                                 (i32.ne (i32.atomic.load (i32.const 64)) (local.get $before)))))
         (if (i32.and (i32.ne (local.get $before) (i32.const 0))
                      (i32.ne (local.get $a) (i32.xor (local.get $b) (i32.const -1))))
           (then (call $fail)))",
    );
    run("seqlock", &writer, &reader);
}

#[test]
fn a_queue_with_waits_passes_everything_on_in_order() {
    // A ring of 8 places from 128 on; 64: how many were written, 68: how many were read.
    let producer = each_round(
        "(block $room
           (loop $again
             (local.set $a (i32.atomic.load (i32.const 68)))
             (br_if $room (i32.lt_u (i32.sub (i32.load (i32.const 64)) (local.get $a)) (i32.const 8)))
             (drop (memory.atomic.wait32 (i32.const 68) (local.get $a) (i64.const -1)))
             (br $again)))
         (i32.store offset=128 (i32.shl (i32.and (i32.load (i32.const 64)) (i32.const 7)) (i32.const 2))
                               (local.get $round))
         (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1)))
         (drop (memory.atomic.notify (i32.const 64) (i32.const 1)))",
    );
    let consumer = each_round(
        "(block $some
           (loop $again
             (local.set $a (i32.atomic.load (i32.const 64)))
             (br_if $some (i32.ne (i32.load (i32.const 68)) (local.get $a)))
             (drop (memory.atomic.wait32 (i32.const 64) (local.get $a) (i64.const -1)))
             (br $again)))
         (if (i32.ne (i32.load offset=128 (i32.shl (i32.and (i32.load (i32.const 68)) (i32.const 7)) (i32.const 2)))
                     (local.get $round))
           (then (call $fail)))
         (drop (i32.atomic.rmw.add (i32.const 68) (i32.const 1)))
         (drop (memory.atomic.notify (i32.const 68) (i32.const 1)))",
    );
    run("queue", &producer, &consumer);
}
