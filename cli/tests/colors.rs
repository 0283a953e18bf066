//! Colours: on terminals and where they are asked for, nowhere else, and never in what a program prints.

mod support;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::OpenOptions;
use std::io::Read;
use std::process::Stdio;
use support::{command, program};

/// What `headwater divide 1 0`, which traps, says on standard error, piped or on a terminal.
fn said(args: &[&str], env: &[(&str, &str)], terminal: bool) -> String {
    let library = program("library");
    let mut command = command();
    command.args(args).args(["run", "--invoke", "divide", &library, "1", "0"]).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm").envs(env.iter().copied()).stdout(Stdio::null());
    if !terminal {
        return String::from_utf8_lossy(&command.output().expect("the command runs").stderr).into_owned();
    }
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("a terminal of this user");
    let name = ptsname(&ours, Vec::new()).expect("it has a name").into_string().expect("it is Unicode");
    command.stderr(OpenOptions::new().read(true).write(true).open(name).expect("a terminal can be opened"));
    let mut child = command.spawn().expect("the command runs");
    // So that reading ends when the command does.
    drop(command);
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    let mut ours = std::fs::File::from(ours);
    // The end is an error, on Linux.
    while let Ok(n @ 1..) = ours.read(&mut buffer) {
        text.extend_from_slice(&buffer[..n]);
    }
    child.wait().expect("the command ends");
    String::from_utf8_lossy(&text).replace("\r\n", "\n")
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[test]
fn errors_and_backtraces_are_coloured_where_that_is_wanted() {
    let expected = said(&[], &[], false);
    assert!(expected.starts_with("headwater: ") && expected.contains("!divide") && !expected.contains('\x1b'));
    // Options, variables, whether on a terminal, and whether in colour.
    type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], bool, bool);
    let cases: [Case<'_>; 11] = [
        (&[], &[], true, true),
        (&[], &[("NO_COLOR", "1")], true, false),
        (&[], &[("TERM", "dumb")], true, false),
        (&[], &[("CLICOLOR", "0")], true, false),
        (&["--color", "never"], &[], true, false),
        (&["--color=never"], &[("CLICOLOR_FORCE", "1")], true, false),
        (&["--color", "auto"], &[], false, false),
        (&["--color", "always"], &[], false, true),
        (&["--color=always"], &[("NO_COLOR", "1")], false, true),
        (&[], &[("CLICOLOR_FORCE", "1")], false, true),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false, false),
    ];
    for (args, env, terminal, coloured) in cases {
        let text = said(args, env, terminal);
        let what = format!("{args:?} {env:?}, {}: {text:?}", if terminal { "on a terminal" } else { "piped" });
        assert_eq!(text.contains("\x1b["), coloured, "{what}");
        assert_eq!(plain(&text), expected, "{what}");
        if coloured {
            // The word that says who complains, and the function that trapped.
            assert!(text.starts_with("\x1b[1m\x1b[31mheadwater:\x1b[0m "), "{what}");
            assert!(text.contains("\x1b[36mdivide\x1b[0m"), "{what}");
        }
    }
}

#[test]
fn what_a_program_prints_is_its_own() {
    for color in ["always", "never"] {
        let output = command().args(["--color", color, "run", &program("hello")]).output().expect("the command runs");
        assert!(output.status.success() && !output.stdout.contains(&0x1b), "{output:?}");
    }
    let mut cat = command();
    cat.args(["--color", "never", "run", &program("cat")]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = cat.spawn().expect("the command runs");
    let red = b"\x1b[31mred\x1b[0m\n";
    std::io::Write::write_all(&mut child.stdin.take().expect("it is piped"), red).expect("the program reads");
    assert_eq!(child.wait_with_output().expect("the command runs").stdout, red);
}

#[test]
fn scripts_show_failures_and_sums_in_colour() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let file = dir.path().join("a.wast");
    std::fs::write(
        &file,
        r#"(module (func (export "f") (result i32) i32.const 1))
           (assert_return (invoke "f") (i32.const 1))
           (assert_return (invoke "f") (i32.const 2))"#,
    )
    .expect("a temporary file");
    let run = |color: &str| {
        let output = command().args(["--color", color, "wast"]).arg(&file).output().expect("the command runs");
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stdout).expect("it is Unicode")
    };
    let (with, without) = (run("always"), run("never"));
    assert_eq!(plain(&with), without);
    assert!(without.contains("a.wast:3: ") && without.ends_with("2 passed, 1 failed\n"), "{without}");
    assert!(
        with.contains("a.wast:3:\x1b[0m ") && with.contains("\x1b[1m\x1b[32m2\x1b[0m passed, \x1b[1m\x1b[31m1"),
        "{with:?}"
    );
}
