//! What a host's file system has besides plain files: every system error about it is returned to the program, and never
//! ends it.

mod support;

use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};
use support::{Run, command, headwater, program};
use tempfile::TempDir;

fn directory() -> TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

fn try_in(dir: &Path, what: &str, names: &[&str]) -> Run {
    let mapping = format!("{}::/d", dir.display());
    let (oddities, start) = (program("oddities"), ["run", "--dir", &*mapping]);
    headwater(start.iter().copied().chain([&*oddities, "/d", what]).chain(names.iter().copied()))
}

fn fifo(path: &Path) {
    let mode = rustix::fs::Mode::from(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0).expect("a FIFO");
}

#[test]
fn what_cannot_be_opened_has_its_reason() {
    let dir = directory();
    let _socket = UnixListener::bind(dir.path().join("socket")).expect("a socket");
    std::fs::create_dir(dir.path().join("directory")).expect("a directory");
    symlink("loop", dir.path().join("loop")).expect("a link");
    std::fs::copy("/bin/sleep", dir.path().join("busy")).expect("a program of the system");
    let mut busy = Command::new(dir.path().join("busy")).arg("100").spawn().expect("the copy runs");
    let run = try_in(dir.path(), "open", &["socket", "directory", "loop", "busy", "missing"]);
    busy.kill().and_then(|()| busy.wait()).expect("it runs until now");
    assert_eq!(
        run.success(),
        "open socket: No such device or address\nopen directory: Is a directory\nopen loop: Symbolic link loop\n\
         open busy: Text file busy\nopen missing: No such file or directory\n"
    );
}

#[test]
fn a_file_is_not_moved_to_another_file_system() {
    let (dir, other) = (directory(), Path::new("/dev/shm"));
    let device = |path: &Path| path.metadata().map(|m| m.dev()).ok();
    if device(other).is_none() || device(other) == device(dir.path()) {
        eprintln!("skipped: /dev/shm is no other file system");
        return;
    }
    std::fs::write(dir.path().join("file"), "x").expect("a temporary file");
    let mapping = format!("{}::/d", dir.path().display());
    let args = ["run", "--dir", &mapping, "--dir", "/dev/shm::/other", &program("oddities"), "/d", "move", "file"];
    let target = format!("/other/headwater-test-{}", std::process::id());
    let run = headwater(args.into_iter().chain([&*target]));
    assert_eq!(run.success(), "rename file: Cross-device link\nlink file: Cross-device link\n");
}

#[test]
fn nothing_is_created_where_the_system_refuses() {
    // A file system with errors of many kinds.
    let run = headwater([
        "run",
        "--dir",
        "/proc::/d",
        &program("oddities"),
        "/d",
        "create",
        "new",
        "self/new",
        "self/fd/new",
    ]);
    let text = run.success();
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(!text.contains("done"), "{text}");
}

#[test]
fn a_fifo_is_opened_without_waiting_if_the_program_wants_that() {
    let dir = directory();
    fifo(&dir.path().join("fifo"));
    let text = try_in(dir.path(), "open-now", &["fifo"]).success();
    assert_eq!(text, "write fifo: No such device or address\nread fifo: done\n");
}

#[test]
fn a_name_that_cannot_be_expressed_hides_no_other() {
    let dir = directory();
    for name in [&b"a"[..], b"b\xff", b"\xc3\x28", b"z"] {
        File::create(dir.path().join(std::ffi::OsStr::from_bytes(name))).expect("a temporary file");
    }
    symlink("nowhere", dir.path().join("dangling")).expect("a link");
    fifo(&dir.path().join("fifo"));
    assert_eq!(try_in(dir.path(), "list", &[]).success(), "listed, all: . .. a dangling fifo z\n");
}

#[test]
fn a_slash_at_the_end_names_what_a_link_leads_to() {
    let dir = directory();
    std::fs::create_dir(dir.path().join("directory")).expect("a directory");
    File::create(dir.path().join("file")).expect("a temporary file");
    symlink("directory", dir.path().join("link")).expect("a link");
    symlink("file", dir.path().join("file-link")).expect("a link");
    let names =
        ["directory", "directory/", "link", "link/", "link/.", "link//", "file/", "file-link", "file-link/", "none/"];
    let kinds = [
        "directory",
        "directory",
        "link",
        "directory",
        "directory",
        "directory",
        "Not a directory",
        "link",
        "Not a directory",
        "No such file or directory",
    ];
    let expected: String = names.iter().zip(kinds).map(|(name, kind)| format!("lstat {name}: {kind}\n")).collect();
    assert_eq!(try_in(dir.path(), "lstat", &names).success(), expected);
    assert_eq!(
        try_in(dir.path(), "rmdir", &["file/", "link/", "directory/"]).success(),
        "rmdir file/: Not a directory\nrmdir link/: Not a directory\nrmdir directory/: done\n"
    );
    assert_eq!(
        try_in(dir.path(), "move", &["file", "/d/new/"]).success().lines().next(),
        Some("rename file: Not a directory")
    );
}

#[test]
fn times_before_1970_are_shown_as_0() {
    let dir = directory();
    let file = File::create(dir.path().join("old")).expect("a temporary file");
    file.set_modified(SystemTime::UNIX_EPOCH - Duration::from_secs(1_000_000)).expect("files have times");
    file.sync_all().expect("a temporary file");
    assert_eq!(try_in(dir.path(), "time", &["old"]).success(), "time old: 0\n");
}

#[test]
fn absolute_times_of_the_real_time_clock_are_waited_for() {
    let text = headwater(["run", &program("oddities"), "/", "clocks"]).success();
    assert_eq!(text, "past: 0\nfuture: 0\nwaited: a second\n");
}

#[test]
fn standard_input_of_any_kind_can_be_polled() {
    let dir = directory();
    let file = dir.path().join("file");
    std::fs::write(&file, "text").expect("a temporary file");
    let empty = dir.path().join("empty");
    File::create(&empty).expect("a temporary file");
    let open = |path: &Path| Stdio::from(File::open(path).expect("it can be opened"));
    let inputs = [
        ("/dev/null", open(Path::new("/dev/null")), "the end"),
        ("/dev/zero", open(Path::new("/dev/zero")), "something"),
        ("a file", open(&file), "something"),
        ("an empty file", open(&empty), "the end"),
        ("a directory", open(dir.path()), "Is a directory"),
        ("a closed pipe", Stdio::from(std::io::pipe().expect("a pipe").0), "the end"),
    ];
    for (what, input, read) in inputs {
        let output = command().args(["run", &program("oddities"), "/", "input"]).stdin(input).output();
        let output = output.expect("the command was built with the tests");
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            text,
            format!("poll: 1 ready\nread: {read}\n"),
            "{what}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn a_standard_input_that_is_closed_can_be_polled() {
    let line = format!("exec \"$0\" run '{}' / input <&-", program("oddities"));
    let output =
        Command::new("sh").args(["-c", &line, env!("CARGO_BIN_EXE_headwater")]).output().expect("there is a shell");
    if std::env::var_os("HEADWATER_TEST_RUNNER").is_none() {
        assert_eq!(String::from_utf8_lossy(&output.stdout), "poll: 1 ready\nread: the end\n");
    }
}
