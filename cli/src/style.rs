//! Colours of what the command says itself. `anstream` takes them out again where they are not wanted: by `--color`,
//! `NO_COLOR`, `CLICOLOR_FORCE` and `CLICOLOR`, by `TERM`, and where nobody sees them. What programs print is theirs.

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use std::fmt;

pub const ERROR: Style = AnsiColor::Red.on_default().bold();
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What to do about an error.
pub const HINT: Style = AnsiColor::Yellow.on_default();
pub const NAME: Style = AnsiColor::Cyan.on_default();
pub const FAINT: Style = Style::new().dimmed();
/// As in the pictures.
pub const RECEIVED: Style = AnsiColor::Blue.on_default();
pub const COMPILED: Style = AnsiColor::Magenta.on_default();

/// Text in a style.
pub fn paint(style: Style, text: impl fmt::Display) -> impl fmt::Display {
    struct Painted<T>(Style, T);
    impl<T: fmt::Display> fmt::Display for Painted<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let Painted(style, text) = self;
            write!(f, "{style}{text}{style:#}")
        }
    }
    Painted(style, text)
}

/// The text as `stream` is to have it, for writers that also move the cursor, which is no colour.
pub fn on(stream: &impl RawStream, text: &str) -> String {
    match AutoStream::choice(stream) {
        ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
        _ => text.to_owned(),
    }
}

/// When there are colours.
#[derive(Copy, Clone, Debug, Default, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless the environment says otherwise (NO_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM)
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    /// Makes this the choice for all that is written from now on.
    pub fn choose(self) {
        let choice = match self {
            // What is chosen already.
            Color::Auto => return,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        choice.write_global();
    }
}
