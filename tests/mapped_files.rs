//! Modules are read from mapped files. A file that is cut off meanwhile is an error, on any thread and in any page, and
//! never ends the process.

use headwater::{CompileErrorKind, Engine, Func, MappedFile, Module, Store};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The largest pages of the machines that there are.
const PAGE: usize = 64 << 10;

/// A file that is removed in the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, contents: &[u8]) -> Temporary {
        // Tests of one process may use the same name at the same time.
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("headwater-mapped-{}-{number}-{name}", std::process::id()));
        std::fs::write(&path, contents).expect("the directory for temporary files is writable");
        Temporary(path)
    }

    fn writer(&self) -> File {
        OpenOptions::new().write(true).open(&self.0).expect("it is ours")
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn bytes(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i / 251 + i) as u8).collect()
}

/// A module of about `size` bytes, most of them code.
fn module(size: usize) -> Vec<u8> {
    let body = "(drop (i32.add (local.get 0) (i32.const 1)))".repeat(50);
    let func = format!("(func (param i32) {body})");
    wat::parse_str(format!("(module {})", func.repeat(size / 350))).expect("it is valid")
}

#[test]
fn what_is_read_is_what_the_file_contains() {
    for len in [1, 7, 4095, 4096, 4097, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE + 5] {
        let contents = bytes(len);
        let file = Temporary::new("contents", &contents);
        for room in [1000, 4096, PAGE + 3, 10 * PAGE] {
            let mut mapped = MappedFile::open(&file.0).expect("it is there");
            assert_eq!(mapped.size(), Some(len as u64), "it is mapped");
            mapped.prefetch(u64::MAX);
            let (mut read, mut buffer) = (Vec::new(), vec![0; room]);
            while let n @ 1.. = mapped.read(&mut buffer).expect("nobody changes it") {
                read.extend_from_slice(&buffer[..n]);
            }
            assert!(read == contents, "{len} bytes in pieces of {room}");
        }
    }
}

#[test]
fn what_cannot_be_mapped_is_read() {
    let mut text = String::new();
    for path in ["/proc/version", "/dev/null"] {
        let mut file = MappedFile::open(path).expect("every Linux has it");
        assert_eq!(file.size(), None, "{path}");
        file.read_to_string(&mut text).expect("it can be read");
    }
    assert!(text.contains("Linux"), "{text}");
    let (reader, mut writer) = std::io::pipe().expect("a pipe");
    std::io::Write::write_all(&mut writer, b"through").expect("it has room");
    drop(writer);
    let mut through = Vec::new();
    MappedFile::new(File::from(std::os::fd::OwnedFd::from(reader)))
        .expect("it is open")
        .read_to_end(&mut through)
        .expect("it ends");
    assert_eq!(through, b"through");
    let empty = Temporary::new("empty", b"");
    assert_eq!(MappedFile::open(&empty.0).expect("it is there").read(&mut [0; 8]).expect("it ends"), 0);
}

/// Reads a file of four pages that is cut off after `before` bytes were read.
fn cut(before: usize, to: usize) {
    let len = 4 * PAGE;
    let file = Temporary::new(&format!("cut-{before}-{to}"), &bytes(len));
    let mut mapped = MappedFile::open(&file.0).expect("it is there");
    let mut read = vec![0; before];
    mapped.read_exact(&mut read).expect("it is still whole");
    file.writer().set_len(to as u64).expect("it is ours");
    let error = mapped.read(&mut vec![0; len]).expect_err("a piece is missing");
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    assert_eq!(error.to_string(), format!("the file shrank from {len} to {to} bytes while it was read"));
    // It does not become whole again: that could be another file.
    file.writer().set_len(len as u64).expect("it is ours");
    let error = mapped.read(&mut [0; 8]).expect_err("once is enough");
    assert!(error.to_string().contains("could not be read"), "{error}");
}

#[test]
fn a_file_that_shrinks_is_an_error_wherever_it_ends_then() {
    for before in [0, 10, PAGE, 2 * PAGE + 1] {
        for to in [0, 5, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE, 4 * PAGE - 1] {
            cut(before, to);
        }
    }
}

#[test]
fn a_file_may_shrink_behind_what_was_read() {
    let contents = bytes(4 * PAGE);
    let file = Temporary::new("behind", &contents);
    let mut mapped = MappedFile::open(&file.0).expect("it is there");
    let mut read = vec![0; contents.len()];
    mapped.read_exact(&mut read).expect("it is whole");
    file.writer().set_len(0).expect("it is ours");
    assert_eq!(mapped.read(&mut [0; 8]).expect("all of it was read"), 0);
    assert!(read == contents);
}

#[test]
fn a_host_function_can_read_one_that_shrinks() {
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let func = Func::wrap(&mut store, || cut(PAGE, PAGE + 1));
    let caller = wat::parse_str(r#"(module (import "" "" (func)) (export "f" (func $f)) (func $f (call 0)))"#);
    let module = Module::new(&engine, caller.expect("valid")).expect("valid");
    let instance = headwater::Instance::new(&mut store, &module, &[func.into()]).expect("it has its import");
    let f = instance.get_typed_func::<(), ()>(&mut store, "f").expect("its type");
    f.call(&mut store, ()).expect("no trap");
}

#[test]
fn a_module_whose_file_is_cut_off_and_restored_all_the_time_compiles_or_is_an_error() {
    const ROUNDS: usize = 200;
    let contents = module(300_000);
    let file = Temporary::new("race", &contents);
    let engine = Engine::default();
    let over = AtomicBool::new(false);
    let (mut compiled, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let writer = file.writer();
            for i in (0..contents.len()).step_by(7919).cycle() {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                writer.set_len(i as u64).expect("it is ours");
                std::thread::yield_now();
                writer.write_all_at(&contents, 0).expect("there is room");
                std::thread::sleep(std::time::Duration::from_micros(500));
            }
        });
        for _ in 0..ROUNDS {
            match Module::from_file(&engine, &file.0) {
                Ok(module) => {
                    assert_eq!(module.compile_stats().wasm_bytes, contents.len() as u64);
                    compiled += 1;
                }
                // Zeros that somebody is about to overwrite are no valid module; a short file is cut off.
                Err(error) => {
                    assert!(matches!(error.kind(), CompileErrorKind::Io | CompileErrorKind::Invalid), "{error}");
                    refused += 1;
                }
            }
        }
        over.store(true, Ordering::Relaxed);
    });
    assert_eq!(compiled + refused, ROUNDS);
    assert!(refused > 0, "nobody was disturbed");
}

#[test]
fn errors_of_files_name_what_is_wrong() {
    let engine = Engine::default();
    let error = Module::from_file(&engine, "/no/such.wasm").expect_err("it is not there");
    assert_eq!(error.kind(), CompileErrorKind::Io);
    assert!(error.to_string().contains("/no/such.wasm could not be opened"), "{error}");
    let error = Module::from_file(&engine, std::env::temp_dir()).expect_err("a directory");
    assert_eq!(error.kind(), CompileErrorKind::Io);
}
