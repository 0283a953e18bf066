//! Programs that wait forever are ended by `--timeout` and by Ctrl-C, wherever they wait.

mod support;

use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use support::{command, program};
use tempfile::TempDir;

const WAYS: [&str; 11] = [
    "sleep",
    "until",
    "poll",
    "poll-long",
    "read",
    "write",
    "open-read",
    "open-write",
    "read-fifo",
    "write-fifo",
    "compute",
];

/// With an emulator, everything takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program that waits, with its standard streams: nothing is written to them, nothing is read from them.
struct Waiting {
    child: Child,
    _dir: TempDir,
}

impl Waiting {
    fn start(how: &str, options: &[&str], stderr: Stdio) -> Waiting {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let fifo = dir.path().join("fifo");
        let mode = rustix::fs::Mode::from(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0).expect("a FIFO");
        let mapping = format!("{}::/d", dir.path().display());
        let mut command = command();
        // What runs the tests may ignore interrupts, as what a shell runs in the background does.
        // SAFETY: changes how the new process takes a signal, which a child that was forked may do.
        unsafe {
            command.pre_exec(|| {
                libc::signal(libc::SIGINT, libc::SIG_DFL);
                Ok(())
            });
        }
        let child = command
            .arg("run")
            .args(options)
            .args(["--dir", &mapping, &program("waits"), how, "/d/fifo"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .expect("the command was built with the tests");
        Waiting { child, _dir: dir }
    }

    /// The status, if it ends in time.
    fn end(&mut self) -> Option<ExitStatus> {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().expect("the command can be waited for") {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }

    fn stderr(&mut self) -> String {
        let mut text = String::new();
        self.child.stderr.as_mut().expect("it is piped").read_to_string(&mut text).expect("it is text");
        text
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // It has ended, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_timeout_ends_every_wait_as_a_trap_with_a_backtrace() {
    for how in WAYS {
        // More of it where the program did not even begin to wait, as on a slow machine.
        let ended = |timeout: Duration| {
            let started = Instant::now();
            let option = format!("{}ms", timeout.as_millis());
            let mut waiting = Waiting::start(how, &["--timeout", &option], Stdio::piped());
            let status = waiting.end().unwrap_or_else(|| panic!("{how}: goes on"));
            assert!(started.elapsed() >= timeout, "{how}: ended early");
            let stderr = waiting.stderr();
            assert_eq!(status.code(), Some(134), "{how}: {stderr}");
            stderr
        };
        let timeouts = [300, 3000, 30_000].map(Duration::from_millis);
        let waited = |stderr: &String| stderr.contains(&format!("waiting: {how}"));
        let stderr = timeouts.into_iter().map(ended).find(waited).unwrap_or_else(|| panic!("{how}: never waited"));
        for part in [&*format!("waiting: {how}"), "interrupt", "the time that --timeout gives is over", "!main"] {
            assert!(stderr.contains(part), "{how}: no `{part}` in {stderr}");
        }
        assert!(!stderr.contains("went on"), "{how}: {stderr}");
    }
}

#[test]
fn an_interrupt_from_the_terminal_ends_every_wait_with_and_without_a_timeout() {
    for options in [&[][..], &["--timeout", "1h"]] {
        for how in WAYS {
            let mut waiting = Waiting::start(how, options, Stdio::piped());
            let mut first = vec![0; format!("waiting: {how}\n").len()];
            waiting.child.stderr.as_mut().expect("it is piped").read_exact(&mut first).expect("it says that it waits");
            std::thread::sleep(Duration::from_millis(20));
            let pid = waiting.child.id().to_string();
            let sent = std::process::Command::new("kill").args(["-INT", &pid]).status().expect("there is a `kill`");
            assert!(sent.success(), "{how}");
            let status = waiting.end().unwrap_or_else(|| panic!("{how}: goes on"));
            assert_eq!(status.signal(), Some(2), "{how}: shells must see that it was interrupted, not {status}");
        }
    }
}

#[test]
fn a_report_that_nobody_takes_does_not_keep_a_program_alive() {
    for how in ["compute", "read"] {
        let (reader, mut writer) = std::io::pipe().expect("a pipe");
        let full = rustix::pipe::fcntl_getpipe_size(&writer).expect("a pipe has a size");
        writer.write_all(&vec![b'.'; full]).expect("it takes as much as it has room for");
        let mut waiting = Waiting::start(how, &["--timeout", "200ms"], writer.into());
        let status = waiting.end().unwrap_or_else(|| panic!("{how}: goes on"));
        assert_eq!(status.code(), Some(134), "{how}");
        drop(reader);
    }
}

#[test]
fn a_program_that_ends_in_time_is_not_touched() {
    let output = command()
        .args(["run", "--timeout", "1h", &program("waits"), "none"])
        .stdin(Stdio::null())
        .output()
        .expect("the command was built with the tests");
    assert_eq!(output.status.code(), Some(3));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("went on"), "{stderr}");
}
