//! What went wrong with the check itself, as opposed to what it found.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use crate::report::escaped;

/// Why something could not be done, and what to do about it.
#[derive(Debug)]
pub struct Trouble {
    message: String,
    help: Option<String>,
}

impl Trouble {
    /// Says what is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Prints it on standard error.
    pub fn tell(&self, color: bool) {
        let (red, cyan, plain) =
            if color { ("\u{1b}[1;31m", "\u{1b}[36m", "\u{1b}[0m") } else { ("", "", "") };
        let mut text = format!("{red}error{plain}: {}\n", escaped(&self.message));
        if let Some(help) = &self.help {
            let _ = writeln!(text, "  {cyan}help{plain}: {}", escaped(help));
        }
        // Where standard error is gone, there is nowhere to say so.
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

/// `did you mean …?` for an unknown name, or where to find the names.
#[must_use]
pub fn suggest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>, otherwise: &str) -> String {
    crate::api::closest(word, names)
        .map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}
