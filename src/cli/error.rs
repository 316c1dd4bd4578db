//! What went wrong with the check itself, as opposed to what it found.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use crate::files::Told;
use crate::json::Document;
use crate::report::{Format, Shown, Style, escaped};
use crate::text::Before;

/// Why something could not be done, and what to do about it.
#[derive(Debug)]
pub struct Trouble {
    message: String,
    help: Option<String>,
    /// Faults of configurations, where those are the reason.
    told: Vec<Told>,
}

impl Trouble {
    /// Says what is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, told: Vec::new() }
    }

    /// Shows what is wrong with configurations.
    pub fn with(told: Vec<Told>) -> Self {
        Self { told, ..Self::new("the configuration cannot be used") }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Prints it on standard error.
    pub fn tell(&self, style: &Style) {
        let (red, cyan, plain) =
            if style.color { ("\u{1b}[1;31m", "\u{1b}[36m", "\u{1b}[0m") } else { ("", "", "") };
        let mut text = if self.told.is_empty() {
            format!("{red}error{plain}: {}\n", escaped(&self.message))
        } else {
            drawn(&self.told, style)
        };
        if let Some(help) = &self.help {
            let _ = writeln!(text, "  {cyan}help{plain}: {}", escaped(help));
        }
        // Where standard error is gone, there is nowhere to say so.
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

/// What is wrong with configurations, at its places.
#[must_use]
pub fn drawn(told: &[Told], style: &Style) -> String {
    let mut out = Vec::new();
    for Told { name, text, findings } in told {
        if text.is_empty() {
            // There is no line to show.
            for finding in findings {
                out.extend_from_slice(
                    format!("error: {}\n", escaped(&finding.message.read(text))).as_bytes(),
                );
            }
            continue;
        }
        if !out.is_empty() {
            out.extend_from_slice(Format::Full.separator());
        }
        let document = Document::unread(text);
        let shown =
            Shown { path: name, before: Before::default(), document: &document, findings, all: findings };
        Format::Full.text(&shown, style, &mut out);
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// `did you mean …?` for an unknown name, or where to find the names.
#[must_use]
pub fn suggest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>, otherwise: &str) -> String {
    crate::api::closest(word, names)
        .map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}
