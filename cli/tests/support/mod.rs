//! What the tests of the command share: running it, and a server to stream from.

#![allow(dead_code, reason = "each test file uses a part of this")]

pub mod browser;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The outcome of a run of the command.
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// The standard output of a run that must have succeeded.
    #[track_caller]
    pub fn success(self) -> String {
        assert_eq!(self.status, 0, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self.stdout
    }

    /// The one line on standard error of a run that must have failed with status 1.
    #[track_caller]
    pub fn failure(self) -> String {
        assert_eq!(self.status, 1, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        assert_eq!(self.stderr.lines().count(), 1, "errors are one line: {}", self.stderr);
        self.stderr
    }
}

/// Runs `headwater` with arguments.
pub fn headwater<I: IntoIterator<Item = S>, S: AsRef<std::ffi::OsStr>>(args: I) -> Run {
    headwater_with_input(args, b"")
}

/// The command, run by the emulator that `HEADWATER_TEST_RUNNER` names if the command is made for another machine.
pub fn command() -> Command {
    let program = env!("CARGO_BIN_EXE_headwater");
    match std::env::var_os("HEADWATER_TEST_RUNNER") {
        Some(runner) => {
            let mut command = Command::new(runner);
            command.arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// Runs `headwater` with arguments and standard input.
pub fn headwater_with_input<I: IntoIterator<Item = S>, S: AsRef<std::ffi::OsStr>>(args: I, input: &[u8]) -> Run {
    let mut child = command()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command was built with the tests");
    let mut stdin = child.stdin.take().expect("standard input is piped");
    let output = std::thread::scope(|scope| {
        // Beside waiting, or both sides could wait for each other. A command that does not read is fine.
        scope.spawn(move || {
            let _ = stdin.write_all(input);
        });
        child.wait_with_output().expect("the command can be waited for")
    });
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A test program.
pub fn program(name: &str) -> String {
    root().join("tests/programs").join(format!("{name}.wasm")).to_string_lossy().into_owned()
}

/// A module of the corpus, if the corpus has been fetched.
pub fn corpus(file: &str) -> Option<PathBuf> {
    let path = root().join("benches/corpus").join(file);
    if !path.is_file() {
        eprintln!("skipped: no {file}; benches/fetch-corpus fetches it");
        return None;
    }
    Some(path)
}

/// A module in the text format as a file in `dir`.
pub fn assemble(dir: &tempfile::TempDir, text: &str) -> String {
    let path = dir.path().join("module.wasm");
    std::fs::write(&path, wat::parse_str(text).expect("the text of a test parses")).expect("a temporary file");
    path.to_string_lossy().into_owned()
}

/// Serves `body` once, at `bytes_per_second`, and returns the address.
pub fn serve_once(body: Vec<u8>, bytes_per_second: usize) -> String {
    const STEPS_PER_SECOND: usize = 100;
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on the loopback interface");
    let address = listener.local_addr().expect("a bound socket has an address");
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the command connects");
        let mut request = BufReader::new(stream.try_clone().expect("a socket can be shared"));
        let mut line = String::new();
        while request.read_line(&mut line).is_ok_and(|n| n > 0) && line.trim() != "" {
            line.clear();
        }
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/wasm\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        // A client that hangs up early is what some tests want.
        let _ = stream.write_all(head.as_bytes());
        for piece in body.chunks(bytes_per_second.div_ceil(STEPS_PER_SECOND)) {
            std::thread::sleep(Duration::from_secs(1) / STEPS_PER_SECOND as u32);
            if stream.write_all(piece).is_err() {
                return;
            }
        }
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read(&mut [0]);
    });
    format!("http://{address}/module.wasm")
}
