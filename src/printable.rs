//! Untrusted text, made safe for a terminal or a log.
//!
//! Names in a module may be any Unicode text of any length: escape sequences that a terminal obeys, newlines that forge
//! lines of a log, marks that reverse the direction of writing, a hundred kilobytes of it. Every message of this crate,
//! of the command and of the shell prints such names through this module, and through nothing else.

use std::fmt;

/// Text as [`name`] and [`message`] show it.
#[derive(Copy, Clone, Debug)]
pub struct Printable<'a> {
    text: &'a str,
    /// Columns after which the text is truncated.
    limit: usize,
    /// Whether backslashes are doubled, so that what is shown has one meaning.
    exact: bool,
}

/// A name from a module, a server or a file system: what cannot be seen (control characters, line and paragraph
/// separators, marks of direction) is escaped as in Rust, as is the backslash, and text longer than 256 characters is
/// truncated.
///
/// ```
/// use headwater::printable;
/// assert_eq!(printable::name("env").to_string(), "env");
/// assert_eq!(printable::name("a\x1b[31m\nb").to_string(), r"a\u{1b}[31m\nb");
/// assert_eq!(printable::name(&"x".repeat(100_000)).to_string(), format!("{}… (100000 bytes)", "x".repeat(256)));
/// ```
pub fn name(text: &str) -> Printable<'_> {
    Printable { text, limit: 256, exact: true }
}

/// A message with untrusted parts, in which names may already be escaped: like [`name`], but backslashes stay as they
/// are and four thousand characters are shown.
///
/// ```
/// use headwater::printable;
/// assert_eq!(printable::message("`a\\nb` is missing\u{7}").to_string(), "`a\\nb` is missing\\u{7}");
/// ```
pub fn message(text: &str) -> Printable<'_> {
    Printable { text, limit: 4096, exact: false }
}

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = String::new();
        let mut columns = 0;
        for c in self.text.chars() {
            let before = shown.len();
            match c {
                '\\' if self.exact => shown.push_str(r"\\"),
                ' '..='~' => shown.push(c),
                // The standard library knows what is visible. A combining mark is, but only after another character.
                _ => shown.extend(format!("x{c}").escape_debug().skip(1)),
            }
            columns += shown[before..].chars().count();
            if columns > self.limit {
                shown.truncate(before);
                return write!(f, "{shown}… ({} bytes)", self.text.len());
            }
        }
        f.write_str(&shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_seen_stays_as_it_is() {
        for text in ["", "env", "a::b<'c, \"d\">", "größe", "函数", "हिन्दी", "e\u{301}", "🦀", "`x`"]
        {
            assert_eq!(name(text).to_string(), text);
            assert_eq!(message(text).to_string(), text);
        }
    }

    #[test]
    fn nothing_that_a_terminal_obeys_or_that_cannot_be_seen_gets_through() {
        let controls = (0..0x20).chain(0x7f..0xa0);
        let separators = [0x2028, 0x2029];
        let directions = [0x61c, 0x200e, 0x200f].into_iter().chain(0x202a..=0x202e).chain(0x2066..=0x2069);
        let unseen = [0xad, 0x200b, 0x200d, 0xfeff, 0xe0041, 0xe000, 0x10_ffff];
        for code in controls.chain(separators).chain(directions).chain(unseen) {
            let c = char::from_u32(code).expect("a character");
            for shown in [name(&format!("a{c}b")).to_string(), message(&format!("a{c}b")).to_string()] {
                assert!(shown.starts_with("a\\") && shown.ends_with('b'), "{code:#x}: {shown}");
                assert!(shown.is_ascii() && !shown.contains(|c: char| c.is_ascii_control()), "{code:#x}: {shown}");
            }
        }
    }

    #[test]
    fn names_that_differ_are_shown_differently() {
        assert_eq!(name("a\nb").to_string(), "a\\nb");
        assert_eq!(name("a\\nb").to_string(), "a\\\\nb");
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        assert_eq!(name(&"ü".repeat(256)).to_string(), "ü".repeat(256));
        assert_eq!(name(&"ü".repeat(257)).to_string(), format!("{}… (514 bytes)", "ü".repeat(256)));
        // What is shown counts, not what was given.
        assert!(name(&"\u{10ffff}".repeat(1000)).to_string().len() < 300);
        assert!(message(&"x\x1b".repeat(50_000)).to_string().len() < 4200);
    }
}
