//! A program that waits in WASI is interrupted like one that computes: by the engine's epoch, and by whoever ends the
//! waits of its store. What it waited for is not lost if it goes on.

mod support;

use headwater::{Engine, UpdateDeadline};
use headwater_wasi::{DirPerms, FilePerms, WasiCtxBuilder};
use std::io::{PipeReader, PipeWriter, Read, Write};
use std::thread;
use std::time::{Duration, Instant};
use support::{Guest, MONOTONIC, REALTIME, clock, engine_with_epochs, is_interrupt, ready};
use tempfile::TempDir;

/// With an emulator, everything takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program and the other ends of what it waits for.
struct Waiting {
    guest: Guest,
    input: PipeWriter,
    output: PipeReader,
    dir: TempDir,
}

const WAYS: [&str; 9] =
    ["sleep", "until", "real time", "forever", "poll", "read", "write", "open to read", "open to write"];

impl Waiting {
    fn new(engine: &Engine) -> Waiting {
        let (stdin, input) = std::io::pipe().expect("a pipe");
        let (output, stdout) = std::io::pipe().expect("a pipe");
        let dir = tempfile::tempdir().expect("a temporary directory");
        let mode = rustix::fs::Mode::from(0o600);
        let fifo = dir.path().join("fifo");
        rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0).expect("a FIFO");
        let mut builder = WasiCtxBuilder::new();
        builder.stdin(stdin).stdout(stdout);
        builder.preopened_dir(dir.path(), "/", DirPerms::all(), FilePerms::all()).expect("it exists");
        Waiting { guest: Guest::of(engine, builder.build_p1()), input, output, dir }
    }

    fn wait(&mut self, how: &str) -> headwater::Result<()> {
        const HOUR: u64 = 3_600_000_000_000;
        let guest = &mut self.guest;
        match how {
            "sleep" => drop(guest.try_poll(&[clock(1, MONOTONIC, HOUR, false)])?),
            "until" => drop(guest.try_poll(&[clock(1, MONOTONIC, u64::MAX, true)])?),
            "real time" => drop(guest.try_poll(&[clock(1, REALTIME, u64::MAX, true)])?),
            "forever" => drop(guest.try_poll(&[ready(1, 0, false)])?),
            "poll" => drop(guest.try_poll(&[ready(1, 0, false), clock(2, MONOTONIC, HOUR, false)])?),
            "read" => drop(guest.try_read(0, 10)?),
            // More than any pipe holds.
            "write" => while guest.try_write(1, &[0; 65536])?.is_ok() {},
            "open to read" => drop(guest.try_open(3, "fifo", 0, false)?),
            "open to write" => {
                // Neither reads nor does anything else.
                let args = [3, 1, 64, 4, 0, 1 << 6, 0, 0, 8];
                guest.put(64, b"fifo");
                guest.try_call("path_open", &args)?;
            }
            _ => unreachable!("not a way to wait"),
        }
        Ok(())
    }
}

/// Ends a wait after a while by `end`, which must end it as an interruption.
fn is_ended(how: &str, waiting: &mut Waiting, end: impl FnOnce() + Send) {
    const WHILE: Duration = Duration::from_millis(30);
    let began = Instant::now();
    let outcome = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(WHILE);
            end();
        });
        waiting.wait(how)
    });
    let error = outcome.expect_err(how);
    assert!(is_interrupt(&error), "{how}: {error:#}");
    assert!(began.elapsed() >= WHILE, "{how}: ended early");
    assert!(began.elapsed() < PATIENCE, "{how}: took {:?}", began.elapsed());
}

#[test]
fn an_epoch_ends_every_wait_as_a_trap() {
    let engine = engine_with_epochs();
    for how in WAYS {
        let mut waiting = Waiting::new(&engine);
        waiting.guest.store.set_epoch_deadline(1);
        is_ended(how, &mut waiting, || engine.increment_epoch());
        // The store is as good as before.
        waiting.guest.store.set_epoch_deadline(1);
        assert_eq!(waiting.guest.call("sched_yield", &[]), 0, "{how}");
    }
}

#[test]
fn whoever_ends_the_waits_of_a_store_ends_these_too() {
    for how in WAYS {
        let mut waiting = Waiting::new(&Engine::default());
        let stopper = waiting.guest.store.wait_stopper();
        is_ended(how, &mut waiting, || stopper.stop());
    }
}

#[test]
fn a_deadline_that_is_past_when_the_call_begins_ends_it_at_once() {
    let engine = engine_with_epochs();
    let mut waiting = Waiting::new(&engine);
    waiting.guest.store.set_epoch_deadline(0);
    let error = waiting.wait("read").expect_err("nothing can be read");
    assert!(is_interrupt(&error), "{error:#}");
}

/// A store whose callback lets the program go on, with an epoch every two milliseconds.
fn goes_on(act: impl FnOnce(&mut Waiting)) {
    let engine = engine_with_epochs();
    let mut waiting = Waiting::new(&engine);
    waiting.guest.store.set_epoch_deadline(1);
    waiting.guest.store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Continue(1)));
    let (done, over) = std::sync::mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while over.recv_timeout(Duration::from_millis(2)) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                engine.increment_epoch();
            }
        });
        // Ends the thread even if this panics.
        let _done = done;
        act(&mut waiting);
    });
}

#[test]
fn a_read_goes_on_until_there_is_something() {
    goes_on(|waiting| {
        let mut input = waiting.input.try_clone().expect("a pipe can have two ends");
        let writer = thread::spawn(move || {
            thread::sleep(Duration::from_millis(60));
            input.write_all(b"late").expect("the program reads");
        });
        assert_eq!(waiting.guest.read(0, 10), Ok(b"late".to_vec()));
        writer.join().expect("it has written");
    });
}

#[test]
fn a_write_that_is_interrupted_writes_each_byte_once() {
    const SIZE: usize = 100_000;
    goes_on(|waiting| {
        let mut output = waiting.output.try_clone().expect("a pipe can have two ends");
        let reader = thread::spawn(move || {
            let mut received = Vec::new();
            while received.len() < 2 * SIZE {
                thread::sleep(Duration::from_millis(10));
                let mut some = vec![0; 20_000];
                let read = output.read(&mut some).expect("the program writes");
                received.extend_from_slice(&some[..read]);
            }
            received
        });
        let bytes: Vec<u8> = (0..2 * SIZE).map(|i| (i % 251) as u8).collect();
        let mut written = 0;
        while written < bytes.len() {
            written += waiting.guest.write(1, &bytes[written..bytes.len().min(written + SIZE)]).expect("it is read");
        }
        assert!(reader.join().expect("it has read") == bytes, "something was lost, or came twice");
    });
}

#[test]
fn a_sleep_goes_on_for_as_long_as_it_should() {
    for subscription in [clock(1, MONOTONIC, 80_000_000, false), clock(1, REALTIME, 80_000_000, false)] {
        goes_on(|waiting| {
            let began = Instant::now();
            assert_eq!(waiting.guest.poll(&[subscription]), [(1, 0, 0)]);
            let took = began.elapsed();
            assert!(took >= Duration::from_millis(79), "took {took:?}");
            assert!(took < PATIENCE, "took {took:?}");
        });
    }
}

#[test]
fn opening_a_fifo_goes_on_until_the_other_end_is_open() {
    goes_on(|waiting| {
        let path = waiting.dir.path().join("fifo");
        let writer = thread::spawn(move || {
            thread::sleep(Duration::from_millis(60));
            std::fs::write(path, "through").expect("the program opens it");
        });
        let fifo = waiting.guest.open(3, "fifo", 0, false).expect("there is a writer");
        let mut received = Vec::new();
        loop {
            match waiting.guest.read(fifo, 100).expect("it is open") {
                some if some.is_empty() => break,
                some => received.extend(some),
            }
        }
        assert_eq!(received, b"through");
        writer.join().expect("it has written");
    });
}
