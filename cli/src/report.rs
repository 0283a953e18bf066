//! Reports of failures. Untrusted names go through [`printable`], here at the latest.

use crate::style::{ERROR, FAINT, HINT, NAME, paint};
use anstream::eprintln;
use headwater::{Trap, WasmBacktrace, printable};
use std::fmt;

/// Reports an error in one line, followed by a backtrace if WebAssembly code was running.
pub fn failure(error: &anyhow::Error) {
    headline(one_line(error));
    backtrace(error);
}

/// Reports that the program trapped, and where.
pub fn trap(trap: Trap, error: Option<&anyhow::Error>) {
    headline(trap);
    match trap {
        Trap::Interrupt => eprintln!("{}", paint(HINT, "the time that --timeout gives is over")),
        Trap::OutOfFuel => eprintln!("{}", paint(HINT, "the fuel that --fuel gives is used up")),
        _ => {}
    }
    if let Some(error) = error {
        backtrace(error);
    }
}

fn headline(message: impl fmt::Display) {
    eprintln!("{} {message}", paint(ERROR, "headwater:"));
}

fn backtrace(error: &anyhow::Error) {
    if let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() {
        for line in backtrace.to_string().lines() {
            eprintln!("{}", frame(line));
        }
    }
}

/// A line of a backtrace: `  0:   0x4a - module!function`, or `at file:line:column`. The name is what is looked for.
fn frame(line: &str) -> String {
    if line.trim_start().starts_with("at ") {
        return paint(FAINT, line).to_string();
    }
    // Names may contain anything, what is before them does not.
    match line.split_once('!') {
        Some((before, name)) => format!("{}{}", paint(FAINT, format_args!("{before}!")), paint(NAME, name)),
        None => line.to_owned(),
    }
}

/// An error and its causes, each once: some errors quote their cause. The backtrace is reported separately.
pub fn one_line(error: &anyhow::Error) -> String {
    let backtrace = error.downcast_ref::<WasmBacktrace>().map(ToString::to_string);
    let mut line = String::new();
    for cause in error.chain().map(ToString::to_string).filter(|cause| Some(cause) != backtrace.as_ref()) {
        let cause = in_one_line(&cause);
        if !line.ends_with(&cause) {
            let separator = if line.is_empty() { "" } else { ": " };
            line = format!("{line}{separator}{cause}");
        }
    }
    printable::message(&line).to_string()
}

/// A message of several lines on one line.
fn in_one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

/// A message of the parsers of text, which is followed by an excerpt of the text: the error, and `line:column` if
/// known.
pub fn in_text(error: &impl ToString) -> (String, Option<String>) {
    let message = error.to_string();
    let mut lines = message.lines();
    let first = lines.next().unwrap_or_default().to_string();
    let place = lines.find_map(|line| line.trim().strip_prefix("--> ")).map(|place| {
        let mut parts = place.rsplitn(3, ':');
        let (column, line) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        format!("{line}:{column}")
    });
    (first, place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn causes_are_told_once_and_in_one_line() {
        let error = anyhow!("no such\n  file").context("a.js: no such file").context("js");
        assert_eq!(one_line(&error), "js: a.js: no such file");
        assert_eq!(one_line(&anyhow!("denied").context("a")), "a: denied");
        assert_eq!(one_line(&anyhow!("bell\u{7} \u{1b}[2J")), "bell\\u{7} \\u{1b}[2J");
    }

    #[test]
    fn frames_are_painted_and_stay_the_same_text() {
        for line in ["error while executing at wasm backtrace:", "    0:   0x4a - a!b!c", "      at ./a!b.c:4:16"] {
            let painted = frame(line);
            assert_eq!(anstream::adapter::strip_str(&painted).to_string(), line);
            assert_eq!(painted == line, !line.starts_with(' '));
        }
        assert!(frame("    0:   0x4a - a!b").ends_with(&paint(NAME, "b").to_string()));
    }

    #[test]
    fn faults_in_text_are_located() {
        let error = wat::parse_str("(module\n  (func $f (i32.cons 1)))").expect_err("no operator");
        let (message, place) = in_text(&error);
        assert_eq!((message.lines().count(), place.as_deref()), (1, Some("2:13")), "{message}");
    }
}
