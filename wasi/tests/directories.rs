//! A program uses the directories that it is given, as far as it may, and nothing outside of them.

mod support;

use headwater_wasi::{DirPerms, FilePerms, WasiCtxBuilder};
use std::fs;
use support::{Guest, NOENT, NOTCAPABLE, PERM, RESULT};
use tempfile::TempDir;

/// The first directory that a program is given.
const DIR: i64 = 3;
const CREATE: i64 = 1;
const TRUNCATE: i64 = 8;

/// A directory with a file, a directory and links that lead out of it, beside a secret.
fn tree() -> TempDir {
    let root = tempfile::tempdir().expect("a temporary directory");
    let given = root.path().join("given");
    fs::create_dir_all(given.join("inner")).expect("it is writable");
    fs::write(root.path().join("secret"), "secret").expect("it is writable");
    fs::write(given.join("file"), "contents").expect("it is writable");
    std::os::unix::fs::symlink("../secret", given.join("out")).expect("it is writable");
    std::os::unix::fs::symlink(root.path().join("secret"), given.join("absolute")).expect("it is writable");
    std::os::unix::fs::symlink("..", given.join("up")).expect("it is writable");
    root
}

fn guest(root: &TempDir, dir_perms: DirPerms, file_perms: FilePerms) -> Guest {
    let mut builder = WasiCtxBuilder::new();
    builder.preopened_dir(root.path().join("given"), "/data", dir_perms, file_perms).expect("it exists");
    Guest::new(builder.build_p1())
}

#[test]
fn a_directory_has_its_name_and_can_be_used() {
    let root = tree();
    let mut guest = guest(&root, DirPerms::all(), FilePerms::all());
    guest.ok("fd_prestat_get", &[DIR, RESULT as i64]);
    assert_eq!((guest.u32_at(RESULT), guest.u32_at(RESULT + 4)), (0, 5), "a directory, and the length of its name");
    guest.ok("fd_prestat_dir_name", &[DIR, 512, 5]);
    assert_eq!(guest.get(512, 5), b"/data");

    let file = guest.open(DIR, "file", 0, false).expect("it may be read");
    assert_eq!(guest.read(file, 100), Ok(b"contents".to_vec()));
    guest.ok("fd_seek", &[file, 3, 0, RESULT as i64]);
    assert_eq!(guest.read(file, 100), Ok(b"tents".to_vec()));
    guest.ok("fd_close", &[file]);
    let new = guest.open(DIR, "inner/new", CREATE, true).expect("it may be made");
    assert_eq!(guest.write(new, b"written"), Ok(7));
    assert_eq!(fs::read(root.path().join("given/inner/new")).expect("it exists"), b"written");
    assert_eq!(guest.at("path_create_directory", DIR, "made"), 0);
    assert_eq!(guest.at("path_unlink_file", DIR, "file"), 0);
    assert!(root.path().join("given/made").is_dir() && !root.path().join("given/file").exists());
}

#[test]
fn no_path_leads_out() {
    let root = tree();
    let mut guest = guest(&root, DirPerms::all(), FilePerms::all());
    for path in ["../secret", "inner/../../secret", "out", "absolute", "up/secret", "/etc/passwd", "/"] {
        for oflags in [0, CREATE, TRUNCATE] {
            let error = guest.open(DIR, path, oflags, oflags != 0).expect_err(path);
            assert!([PERM, NOTCAPABLE, NOENT].contains(&error), "{path}: {error}");
        }
        let error = guest.at("path_create_directory", DIR, &format!("{path}/made"));
        assert!([PERM, NOTCAPABLE, NOENT].contains(&error), "{path}: {error}");
    }
    assert_ne!(guest.at("path_unlink_file", DIR, "up/secret"), 0);
    let inner = guest.open(DIR, "inner", 2, false).expect("a directory");
    assert_ne!(guest.at("path_unlink_file", inner, "../../secret"), 0);
    assert_eq!(fs::read(root.path().join("secret")).expect("it is still there"), b"secret");
    assert_eq!(fs::read_dir(root.path()).expect("it exists").count(), 2, "nothing was made beside it");
}

#[test]
fn what_may_only_be_read_is_not_changed() {
    let root = tree();
    let mut guest = guest(&root, DirPerms::READ, FilePerms::READ);
    assert_eq!(guest.open(DIR, "new", CREATE, true), Err(PERM));
    assert_eq!(guest.open(DIR, "new", CREATE, false), Err(PERM));
    assert_eq!(guest.open(DIR, "file", TRUNCATE, false), Err(PERM));
    assert_eq!(guest.open(DIR, "file", 0, true), Err(PERM));
    assert_eq!(guest.at("path_create_directory", DIR, "made"), PERM);
    assert_eq!(guest.at("path_unlink_file", DIR, "file"), PERM);
    let file = guest.open(DIR, "file", 0, false).expect("it may be read");
    assert_eq!(guest.read(file, 100), Ok(b"contents".to_vec()));
    for (name, args) in [("fd_filestat_set_size", vec![file, 0]), ("fd_filestat_set_times", vec![file, 0, 0, 5])] {
        assert_ne!(guest.call(name, &args), 0, "{name}");
    }
    assert_ne!(guest.write(file, b"x"), Ok(1));
    // The same holds for the directories within.
    let inner = guest.open(DIR, "inner", 2, false).expect("it may be read");
    assert_eq!(guest.open(inner, "new", CREATE, true), Err(PERM));
    assert_eq!(fs::read(root.path().join("given/file")).expect("it is still there"), b"contents");
    assert_eq!(fs::read_dir(root.path().join("given/inner")).expect("it exists").count(), 0);
}

#[test]
fn files_may_be_changed_where_directories_may_not_and_the_other_way_round() {
    let root = tree();
    let mut files = guest(&root, DirPerms::READ, FilePerms::all());
    let file = files.open(DIR, "file", 0, true).expect("it may be written");
    assert_eq!(files.write(file, b"CON"), Ok(3));
    assert_eq!(files.at("path_unlink_file", DIR, "file"), PERM);
    assert_eq!(fs::read(root.path().join("given/file")).expect("it is still there"), b"CONtents");

    let mut names = guest(&root, DirPerms::all(), FilePerms::READ);
    assert_eq!(names.open(DIR, "file", 0, true), Err(PERM));
    assert_eq!(names.at("path_unlink_file", DIR, "file"), 0);
    assert!(!root.path().join("given/file").exists());
}

#[test]
fn nothing_gets_to_where_more_may_be_done_with_it() {
    for name in ["path_link", "path_rename"] {
        let root = tree();
        fs::create_dir(root.path().join("other")).expect("it is writable");
        let mut builder = WasiCtxBuilder::new();
        let (given, other) = (root.path().join("given"), root.path().join("other"));
        builder.preopened_dir(given, "/data", DirPerms::all(), FilePerms::READ).expect("it exists");
        builder.preopened_dir(other, "/other", DirPerms::all(), FilePerms::all()).expect("it exists");
        let mut guest = Guest::new(builder.build_p1());
        assert_eq!(guest.transfer(name, (DIR, "file"), (DIR + 1, "file")), PERM, "{name}");
        assert!(guest.open(DIR + 1, "file", 0, true).is_err(), "{name}");
        assert_eq!(guest.transfer(name, (DIR, "file"), (DIR, "inner/file")), 0, "{name}: within");
        let new = guest.open(DIR + 1, "new", CREATE, true).expect("it may be made");
        guest.ok("fd_close", &[new]);
        assert_eq!(guest.transfer(name, (DIR + 1, "new"), (DIR, "new")), 0, "{name}: to where less may be done");
    }
}

#[test]
fn a_directory_that_is_not_there_is_an_error_with_its_name() {
    let mut builder = WasiCtxBuilder::new();
    let error = builder.preopened_dir("/no/such/place", "/", DirPerms::all(), FilePerms::all()).expect_err("not there");
    assert!(error.to_string().contains("/no/such/place"), "{error}");
}
