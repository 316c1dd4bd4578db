//! What was, or would be, changed, as a unified diff.

use std::borrow::Cow;
use std::io::Write as _;

use similar::{ChangeTag, TextDiff};

use crate::diagnostic::Finding;
use crate::report::secrets::Secrets;
use crate::report::{Style, escaped};

/// Lines around a change.
const CONTEXT: usize = 3;

/// Writes what is between two texts of one file, as `patch` reads it. On a screen, what a terminal
/// would obey is written as an escape.
pub fn unified(path: &str, old: &[u8], new: &[u8], style: &Style, on_screen: bool, out: &mut Vec<u8>) {
    let (old, new): (Vec<_>, Vec<_>) = (lines(old), lines(new));
    let diff = TextDiff::configure().newline_terminated(true).diff_slices(&old, &new);
    let name = escaped(path);
    paint(style, BOLD, format!("--- {name}\n+++ {name}\n").as_bytes(), out);
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        paint(style, CYAN, format!("{}\n", hunk.header()).as_bytes(), out);
        for change in hunk.iter_changes() {
            let (sign, color) = match change.tag() {
                ChangeTag::Delete => ('-', RED),
                ChangeTag::Insert => ('+', GREEN),
                ChangeTag::Equal => (' ', ""),
            };
            let mut line = vec![sign as u8];
            let text: &[u8] = change.value();
            let (text, end) = match text.strip_suffix(b"\n") {
                Some(text) => (text, "\n"),
                None => (text, "\n\\ No newline at end of file\n"),
            };
            if on_screen {
                let text = String::from_utf8_lossy(text.strip_suffix(b"\r").unwrap_or(text));
                line.extend(text.split('\t').map(escaped).collect::<Vec<_>>().join("\t").bytes());
            } else {
                line.extend_from_slice(text);
            }
            paint(style, color, &line, out);
            out.extend_from_slice(end.as_bytes());
        }
    }
}

/// The bytes of a text without the secrets that findings in it name. What has none is returned as it
/// is; in what has, bytes that are no UTF-8 are lost besides.
#[must_use]
pub fn without_secrets<'b>(bytes: &'b [u8], text: &str, findings: &[Finding]) -> Cow<'b, [u8]> {
    match Secrets::of(findings, text).masked(text) {
        Cow::Borrowed(_) => Cow::Borrowed(bytes),
        Cow::Owned(masked) => Cow::Owned(masked.into_bytes()),
    }
}

/// Lines with their ends. A lone carriage return ends none, as in `patch`.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

const BOLD: &str = "\u{1b}[1m";
const CYAN: &str = "\u{1b}[36m";
const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";

fn paint(style: &Style, color: &str, text: &[u8], out: &mut Vec<u8>) {
    let colored = style.color && !color.is_empty();
    let (begin, end) = if colored { (color, "\u{1b}[0m") } else { ("", "") };
    // Writing to a vector does not fail.
    let _ = out.write_all(begin.as_bytes()).and_then(|()| out.write_all(text));
    let _ = out.write_all(end.as_bytes());
}
