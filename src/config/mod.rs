//! `paylint.toml`, pure: a text in, settings or what is wrong with them out.
//!
//! [`parse`] reads one text into a [`File`]. The texts that hold for a folder are [`Layer`]s; with the
//! [`Flags`] of the command they become a [`Config`], which is asked about files and findings.
//! Which texts those are is not decided here: the module of files looks for them.

mod file;
mod globs;
mod read;
mod resolve;
mod schema;
mod show;

pub use file::{Attributes, Bodies, FailOn, File, OperationName, Override};
pub use globs::Patterns;
pub use read::Entry;
pub use resolve::{Base, Config, Flags, Layer, Place, Seen};
pub use schema::schema;
pub(crate) use schema::schema_of;
pub use show::{Origin, Setting, settings};

use semver::Version;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::read::{Node, Read as _};
use crate::diagnostic::{Draft, Finding, Severity, Sink, Wants};
use crate::text::Span;

/// The name of the file.
pub const NAME: &str = "paylint.toml";
/// The file that may hold the same as a table.
pub const PYPROJECT: &str = "pyproject.toml";
/// What faults of a configuration are reported as.
pub const FAULT: &str = "invalid-config";

/// Where settings stand in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// The whole text is settings.
    Whole,
    /// They are the table `[tool.paylint]`, where there is one.
    Pyproject,
}

/// Reads settings; `None` where a `pyproject.toml` has none.
///
/// # Errors
///
/// What is wrong with them, in the order of the text; at least one finding. Settings that are for
/// other versions are not looked at any further.
pub fn parse(text: &str, home: Home) -> Result<Option<File>, Vec<Finding>> {
    if home == Home::Pyproject && !text.contains("paylint") {
        return Ok(None);
    }
    let mut found = Vec::new();
    let wants = Wants { help: true, fixes: false };
    let mut faults = Sink::new(FAULT, Severity::Error, Severity::Error, wants, &mut found);
    let (root, errors) = DeTable::parse_recoverable(text);
    let range = root.span();
    let root = Spanned::new(range, DeValue::Table(root.into_inner()));
    let node = match home {
        Home::Whole => Some(&root),
        Home::Pyproject => of_pyproject(&root),
    };
    let Some(node) = node else { return Ok(None) };
    // Those after the first may come of that one.
    if let Some(error) = errors.first() {
        let span = error.span().unwrap_or_default();
        faults.push(Draft::new(clamped(text, span.start, span.end), said(error.message())));
    }
    // After a fault of the text, what is read of it may be a guess.
    let file = if found.is_empty() { read(node, text, &mut found) } else { None };
    found.sort_by_key(|fault| fault.primary);
    match file {
        Some(file) if found.is_empty() => Ok(Some(file)),
        _ => Err(found),
    }
}

fn of_pyproject<'n, 't>(root: &'n Node<'t>) -> Option<&'n Node<'t>> {
    root.get_ref().as_table()?.get("tool")?.get_ref().as_table()?.get("paylint")
}

fn read(node: &Node<'_>, text: &str, found: &mut Vec<Finding>) -> Option<File> {
    let wants = Wants { help: true, fixes: false };
    let mut faults = Sink::new(FAULT, Severity::Error, Severity::Error, wants, found);
    let file = File::read(node, &mut faults);
    if let Some(wanted) = file.as_ref().and_then(|file| file.required_version.as_ref()) {
        let own = Version::parse(env!("CARGO_PKG_VERSION"));
        if own.is_ok_and(|own| !wanted.value.0.matches(&own)) {
            found.clear();
            let mut faults = Sink::new(FAULT, Severity::Error, Severity::Error, wants, found);
            let message = format!(
                "this is paylint {}, the settings are for `{}`",
                env!("CARGO_PKG_VERSION"),
                wanted.value.0
            );
            faults.push(
                Draft::new(wanted.place, message)
                    .help("install a version that fits, or change the requirement"),
            );
        }
    }
    for fault in found.iter_mut() {
        fault.primary = clamped(text, fault.primary.start as usize, fault.primary.end as usize);
    }
    file
}

/// A place that is in the text, and ends with its first line: a table may be long.
pub(crate) fn clamped(text: &str, start: usize, end: usize) -> Span {
    let floor = |at: usize| text.floor_char_boundary(at.min(text.len()));
    let (start, end) = (floor(start), floor(end.max(start)));
    let line = text[start..end].find('\n').map_or(end, |len| start + len);
    let line = if text[start..line].ends_with('\r') { line - 1 } else { line };
    Span::from_usize(start, line)
}

/// What the parser says, on one line.
fn said(message: &str) -> String {
    let mut text =
        message.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ");
    if let Some(first) = text.get(..1).map(str::to_lowercase) {
        text.replace_range(..1, &first);
    }
    text
}
