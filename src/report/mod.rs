//! Findings as text: for a person, for a line-oriented tool, for a program.
//!
//! A [`Format`] is written in parts, so that a file's findings leave memory as soon as the file is
//! done: [`Format::begin`], [`Format::text`] for each text with a [`Format::separator`] between two
//! that wrote something, [`Format::end`].
//!
//! No output of any format holds a control character of the input's, nor the bytes that a finding
//! of the same text marks as [secret](Finding::secret), told or not, nor a secret that is plain to see.

mod concise;
mod diff;
mod escape;
mod excerpt;
mod full;
mod json;
mod list;
mod secrets;

pub use diff::{unified, without_secrets};
pub use escape::escaped;
pub use list::Listed;
pub use secrets::Secrets;

use crate::diagnostic::{Finding, Wants};
use crate::json::Document;
use crate::text::Before;

/// Where the rules are described; a rule's id is the fragment.
pub const RULE_URL: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/src/rules/README.md");

/// What findings are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Each with its lines of the text, underlined.
    Full,
    /// `path:line:col: error[rule] message`, one line each.
    Concise,
    /// One object, described by `schemas/report.schema.json`.
    Json,
}

/// How a person reads [`Format::Full`]; the other formats are the same for everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour, by ANSI escape sequences.
    pub color: bool,
    /// Columns of the screen. Lines of the text are cut to it, sentences are wrapped.
    pub width: usize,
    /// Whether to draw with more than ASCII.
    pub unicode: bool,
    /// Whether to link a rule's name to its description, by OSC 8 escape sequences.
    pub links: bool,
}

/// A text with findings, ready to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Its file's path, as given or walked, with `/` between its parts. May hold anything.
    pub path: &'a str,
    /// What stands before this text in its file.
    pub before: Before,
    /// Its tree, and with it the text.
    pub document: &'a Document<'a>,
    /// What was found, sorted by primary span.
    pub findings: &'a [Finding],
    /// All that was found, whose secrets are not to be seen either; mostly the same.
    pub all: &'a [Finding],
}

/// What came of a whole run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files in which requests were checked.
    pub files: u64,
    /// Requests that were checked.
    pub requests: u64,
    /// Files that were passed over as none of ours.
    pub skipped: u64,
    /// Findings of each level.
    pub errors: u64,
    /// See [`Summary::errors`].
    pub warnings: u64,
    /// See [`Summary::errors`].
    pub infos: u64,
    /// Files that could not be read.
    pub unreadable: u64,
    /// Findings that were made to go away, or would be.
    pub fixed: u64,
    /// Files that were to be fixed and could not be written.
    pub unwritten: u64,
    /// Findings that a baseline lists; they are not among those above.
    pub known: u64,
}

impl Format {
    /// Writes what comes before all findings.
    pub fn begin(self, out: &mut Vec<u8>) {
        if self == Self::Json {
            json::begin(out);
        }
    }

    /// Writes a text's findings; nothing where there is none.
    pub fn text(self, shown: &Shown<'_>, style: &Style, out: &mut Vec<u8>) {
        self.text_in_parts(shown, style, out, &mut |_| {});
    }

    /// The same; where nothing stands between two findings, what is written is shown to `pass` after
    /// each of them, which may take it away.
    pub fn text_in_parts(
        self,
        shown: &Shown<'_>,
        style: &Style,
        out: &mut Vec<u8>,
        pass: &mut dyn FnMut(&mut Vec<u8>),
    ) {
        if shown.findings.is_empty() {
            return;
        }
        match self {
            Self::Full => full::text(shown, style, out),
            Self::Concise => concise::text(shown, out, pass),
            Self::Json => json::text(shown, out),
        }
    }

    /// What the caller puts between two non-empty pieces that [`Format::text`] wrote.
    #[must_use]
    pub const fn separator(self) -> &'static [u8] {
        match self {
            Self::Full => b"\n",
            Self::Concise => b"",
            Self::Json => json::SEPARATOR,
        }
    }

    /// Writes what comes after all findings.
    pub fn end(self, summary: &Summary, out: &mut Vec<u8>) {
        if self == Self::Json {
            json::end(summary, out);
        }
    }

    /// What this format shows of a finding besides its place and message.
    #[must_use]
    pub const fn wants(self) -> Wants {
        let all = matches!(self, Self::Full | Self::Json);
        Wants { help: all, fixes: all }
    }
}
