//! A program sees what its context was given, and nothing else.

mod support;

use headwater::{Engine, Linker, Module, Store};
use headwater_wasi::pipe::{MemoryInputPipe, MemoryOutputPipe, ReadPipe, WritePipe};
use headwater_wasi::{Deterministic, HostMonotonicClock, HostWallClock, I32Exit, WasiCtxBuilder, p1};
use std::io::{Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use support::{BADF, BUFFER, Guest, MONOTONIC, NOSPC, REALTIME, RESULT, clock, ready};

/// What `args_get` or `environ_get` tells.
fn strings(guest: &mut Guest, what: &str) -> Vec<String> {
    guest.ok(&format!("{what}_sizes_get"), &[RESULT as i64, RESULT as i64 + 4]);
    let (count, size) = (guest.u32_at(RESULT) as usize, guest.u32_at(RESULT + 4) as usize);
    guest.ok(&format!("{what}_get"), &[4096, BUFFER as i64]);
    let bytes = guest.get(BUFFER, size);
    let mut strings = Vec::new();
    for i in 0..count {
        let start = guest.u32_at(4096 + 4 * i) as usize - BUFFER;
        let len = bytes[start..].iter().position(|&byte| byte == 0).expect("each ends in a zero");
        strings.push(String::from_utf8(bytes[start..start + len].to_vec()).expect("text"));
    }
    strings
}

#[test]
fn arguments_and_variables_arrive_in_order() {
    let ctx = WasiCtxBuilder::new()
        .arg("program")
        .args(&["-v", ""])
        .env("HOME", "/data")
        .envs(&[("LANG", "C"), ("EMPTY", "")])
        .build_p1();
    let mut guest = Guest::new(ctx);
    assert_eq!(strings(&mut guest, "args"), ["program", "-v", ""]);
    assert_eq!(strings(&mut guest, "environ"), ["HOME=/data", "LANG=C", "EMPTY="]);
}

#[test]
fn those_of_this_process_are_inherited_if_asked_for() {
    let mut guest = Guest::new(WasiCtxBuilder::new().inherit_args().inherit_env().build_p1());
    assert_eq!(strings(&mut guest, "args"), std::env::args().collect::<Vec<_>>());
    let variables: Vec<String> = std::env::vars().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(strings(&mut guest, "environ"), variables);
}

#[test]
fn at_first_there_is_nothing() {
    let mut guest = Guest::new(WasiCtxBuilder::new().build_p1());
    assert_eq!(strings(&mut guest, "args"), [""; 0]);
    assert_eq!(strings(&mut guest, "environ"), [""; 0]);
    assert_eq!(guest.read(0, 10), Ok(vec![]));
    assert_eq!(guest.write(1, b"unheard"), Ok(7));
    assert_eq!(guest.write(2, b"unheard"), Ok(7));
    assert_eq!(guest.call("fd_prestat_get", &[3, RESULT as i64]), BADF);
}

#[test]
fn a_builder_is_as_new_after_it_has_built() {
    let mut builder = WasiCtxBuilder::new();
    builder.arg("first").build_p1();
    assert_eq!(strings(&mut Guest::new(builder.arg("second").build_p1()), "args"), ["second"]);
}

#[test]
fn memory_is_read_to_its_end_and_written_as_far_as_there_is_room() {
    let (stdin, stdout, stderr) =
        (MemoryInputPipe::new("two\nlines\n"), MemoryOutputPipe::new(5), MemoryOutputPipe::new(100));
    let ctx = WasiCtxBuilder::new().stdin(stdin).stdout(stdout.clone()).stderr(stderr.clone()).build_p1();
    let mut guest = Guest::new(ctx);
    let events = guest.poll(&[ready(1, 0, false)]);
    assert_eq!(events, [(1, 0, 10)], "poll_oneoff says how much there is");
    assert_eq!(guest.read(0, 4), Ok(b"two\n".to_vec()));
    assert_eq!(guest.read(0, 100), Ok(b"lines\n".to_vec()));
    assert_eq!(guest.read(0, 100), Ok(vec![]));

    assert_eq!(guest.write(1, b"abc"), Ok(3));
    assert_eq!(guest.write(1, b"def"), Ok(2));
    assert_eq!(guest.write(1, b"g"), Err(NOSPC));
    assert_eq!(guest.write(1, b""), Ok(0));
    assert_eq!(guest.write(2, b"error"), Ok(5));
    assert_eq!((stdout.contents(), stderr.contents()), (b"abcde".to_vec(), b"error".to_vec()));
    drop(guest);
    assert_eq!(stdout.try_into_inner(), Some(b"abcde".to_vec()));
}

#[test]
fn readers_and_writers_are_streams_and_their_errors_are_the_programs() {
    /// Delivers a byte at a time, with interruptions between them, and then an error.
    struct Odd(u8);
    impl Read for Odd {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1 | 3 => Err(std::io::ErrorKind::Interrupted.into()),
                2 | 4 => {
                    buffer[0] = self.0;
                    Ok(1)
                }
                _ => Err(rustix::io::Errno::IO.into()),
            }
        }
    }
    let (reader, writer) = (ReadPipe::new(Odd(0)), WritePipe::new(Vec::<u8>::new()));
    let mut guest = Guest::new(WasiCtxBuilder::new().stdin(reader).stdout(writer.clone()).build_p1());
    assert_eq!(guest.read(0, 8), Ok(vec![2]));
    assert_eq!(guest.read(0, 8), Ok(vec![4]));
    assert_eq!(guest.read(0, 8), Err(29), "EIO");
    assert_eq!(guest.write(1, b"kept"), Ok(4));
    drop(guest);
    assert_eq!(writer.try_into_inner().expect("the last one"), b"kept");
}

#[test]
fn files_and_pipes_of_the_system_are_streams() {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(b"from a file").expect("it is writable");
    std::io::Seek::rewind(&mut file).expect("a file has positions");
    let (mut out, stdout) = std::io::pipe().expect("a pipe");
    let mut guest = Guest::new(WasiCtxBuilder::new().stdin(file).stdout(stdout).build_p1());
    assert_eq!(guest.read(0, 100), Ok(b"from a file".to_vec()));
    assert_eq!(guest.write(1, b"to a pipe"), Ok(9));
    drop(guest);
    let mut received = String::new();
    out.read_to_string(&mut received).expect("the other end is closed");
    assert_eq!(received, "to a pipe");
}

#[test]
fn random_numbers_are_those_of_the_context() {
    let mut guest = Guest::new(WasiCtxBuilder::new().secure_random(Deterministic::new(vec![1, 2, 3])).build_p1());
    guest.ok("random_get", &[BUFFER as i64, 5]);
    guest.ok("random_get", &[BUFFER as i64 + 5, 2]);
    assert_eq!(guest.get(BUFFER, 7), [1, 2, 3, 1, 2, 3, 1]);

    let mut guest = Guest::new(WasiCtxBuilder::new().build_p1());
    guest.ok("random_get", &[BUFFER as i64, 32]);
    guest.ok("random_get", &[BUFFER as i64 + 32, 32]);
    assert_ne!(guest.get(BUFFER, 32), guest.get(BUFFER + 32, 32), "those of the system do not repeat");
}

struct Noon;

impl HostWallClock for Noon {
    fn resolution(&self) -> Duration {
        Duration::from_secs(60)
    }

    fn now(&self) -> Duration {
        Duration::from_secs(12 * 3600)
    }
}

struct Counter(AtomicU64);

impl HostMonotonicClock for Counter {
    fn resolution(&self) -> u64 {
        7
    }

    fn now(&self) -> u64 {
        self.0.fetch_add(1000, Ordering::Relaxed)
    }
}

fn time(guest: &mut Guest, id: u32) -> u64 {
    guest.ok("clock_time_get", &[id.into(), 1, RESULT as i64]);
    guest.u64_at(RESULT)
}

fn resolution(guest: &mut Guest, id: u32) -> u64 {
    guest.ok("clock_res_get", &[id.into(), RESULT as i64]);
    guest.u64_at(RESULT)
}

#[test]
fn clocks_are_those_of_the_context() {
    let ctx = WasiCtxBuilder::new().wall_clock(Noon).monotonic_clock(Counter(5000.into())).build_p1();
    let mut guest = Guest::new(ctx);
    assert_eq!(time(&mut guest, REALTIME), 12 * 3600 * 1_000_000_000);
    assert_eq!(resolution(&mut guest, REALTIME), 60_000_000_000);
    assert_eq!(time(&mut guest, MONOTONIC), 5000);
    assert_eq!(time(&mut guest, MONOTONIC), 6000);
    assert_eq!(resolution(&mut guest, MONOTONIC), 7);

    let mut guest = Guest::new(WasiCtxBuilder::new().build_p1());
    let real = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    let seen = Duration::from_nanos(time(&mut guest, REALTIME));
    assert!(seen >= real && seen - real < Duration::from_secs(60), "the system's: {seen:?}, {real:?}");
    let first = time(&mut guest, MONOTONIC);
    assert!(time(&mut guest, MONOTONIC) >= first);
}

/// A wait for a time in 30 ms takes as long, by whichever clock, and whether that goes on or not.
#[test]
fn waits_take_as_long_as_the_clocks_of_the_context_say_and_end_if_those_stand_still() {
    const WAIT: u64 = 30_000_000;
    let ctx = || WasiCtxBuilder::new().wall_clock(Noon).monotonic_clock(Counter(5000.into())).build_p1();
    let noon = 12 * 3600 * 1_000_000_000;
    let ways = [
        ("monotonic, from now on", clock(1, MONOTONIC, WAIT, false)),
        ("real time, from now on", clock(1, REALTIME, WAIT, false)),
        ("monotonic, absolute", clock(1, MONOTONIC, 5000 + WAIT, true)),
        ("real time, absolute", clock(1, REALTIME, noon + WAIT, true)),
    ];
    for (name, subscription) in ways {
        let mut guest = Guest::new(ctx());
        let began = Instant::now();
        assert_eq!(guest.poll(&[subscription]), [(1, 0, 0)], "{name}");
        let took = began.elapsed();
        assert!(took >= Duration::from_millis(29), "{name}: took {took:?}");
        assert!(took < Duration::from_secs(10), "{name}: took {took:?}");
        assert_eq!(guest.get(BUFFER, 48), subscription, "{name}: the program's memory is as before");
    }
    let mut guest = Guest::new(ctx());
    assert_eq!(guest.poll(&[clock(9, REALTIME, noon - 1, true)]), [(9, 0, 0)], "a time that is over");
}

#[test]
fn pointers_out_of_memory_end_the_program() {
    let mut guest = Guest::new(WasiCtxBuilder::new().stdin(MemoryInputPipe::new("input")).build_p1());
    let beyond = 4 * 65536;
    for (name, args) in [
        ("random_get", vec![beyond - 2, 4]),
        ("clock_time_get", vec![0, 1, beyond]),
        ("args_sizes_get", vec![-1, 0]),
        ("fd_read", vec![0, beyond, 1, RESULT as i64]),
        ("fd_write", vec![1, -8, 1, RESULT as i64]),
        ("poll_oneoff", vec![beyond - 8, 0, 1, RESULT as i64]),
    ] {
        let error = guest.try_call(name, &args).expect_err(name);
        assert!(format!("{error:#}").contains("ointer out of bounds"), "{name}: {error:#}");
    }
}

fn run(text: &str) -> headwater::Result<()> {
    let engine = Engine::default();
    let mut linker = Linker::new(&engine);
    p1::add_to_linker_sync(&mut linker, |ctx| ctx)?;
    let mut store = Store::new(&engine, WasiCtxBuilder::new().build_p1());
    let instance = linker.instantiate(&mut store, &Module::new(&engine, wat::parse_str(text)?)?)?;
    instance.get_typed_func::<(), ()>(&mut store, "_start")?.call(&mut store, ())
}

#[test]
fn any_status_can_be_that_of_a_program() {
    for status in [0, 1, 125, 126, 255, 256, -1] {
        let error = run(&format!(
            r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const {status}))))"#
        ))
        .expect_err("it exits");
        assert_eq!(error.downcast_ref::<I32Exit>(), Some(&I32Exit(status)));
        let said = error.root_cause().to_string();
        assert_eq!(said, format!("the program exited with status {status}"));
    }
}

#[test]
fn a_program_without_a_memory_is_told_what_it_lacks() {
    let error = run(r#"(module (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
        (func (export "_start") (drop (call $yield))))"#)
    .expect_err("no memory");
    assert!(format!("{error:#}").contains("must export its memory as `memory`"), "{error:#}");
}

#[test]
fn a_name_that_is_taken_is_an_error() {
    let mut linker = Linker::new(&Engine::default());
    p1::add_to_linker_sync(&mut linker, |ctx| ctx).expect("nothing is defined yet");
    let error = p1::add_to_linker_sync(&mut linker, |ctx| ctx).expect_err("everything is");
    assert!(error.to_string().contains("proc_exit"), "{error}");
}
